// Workers compile no bytes: the module comes compiled with the script; `await init()` then finds it loaded.
import module from "./cohort_bg.wasm";
import { initSync } from "./decide.js";

initSync(module);

export * from "./index.js";
export { default } from "./index.js";
