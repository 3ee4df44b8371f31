// Node's fetch reads no files, so the module is read here; `await init()` then finds it loaded.
import { webcrypto } from "node:crypto";
import { readFileSync } from "node:fs";
import { useSubtle } from "./envelope.js";
import { initSync } from "./load.js";

useSubtle(webcrypto.subtle);
initSync(readFileSync(new URL("./cohort_bg.wasm", import.meta.url)));

export * from "./index.js";
export { init as default } from "./load.js";
