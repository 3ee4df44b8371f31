// Node's fetch reads no files, so the module is read here; `await init()` then finds it loaded.
import { webcrypto } from "node:crypto";
import { readFileSync } from "node:fs";
import { initSync, useSubtle } from "./decide.js";

useSubtle(webcrypto.subtle);
initSync(readFileSync(new URL("./cohort_bg.wasm", import.meta.url)));

export * from "./index.js";
export { default } from "./index.js";
