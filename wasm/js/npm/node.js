// Node's fetch reads no files, so the module is read here; `await init()` then finds it loaded.
import { webcrypto } from "node:crypto";
import { readFileSync } from "node:fs";
import { initSync } from "./cohort.js";
import { verify } from "./verify.js";

initSync({ module: readFileSync(new URL("./cohort_bg.wasm", import.meta.url)) });

export { default, initSync, Cohort } from "./cohort.js";

export const verified = (envelope, publicKey) => verify(webcrypto.subtle, envelope, publicKey);
