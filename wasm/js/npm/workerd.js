// Workers compile no bytes: the module comes compiled with the script; `await init()` then finds it loaded.
import module from "./cohort_bg.wasm";
import { initSync } from "./load.js";

initSync(module);

export * from "./index.js";
export { init as default } from "./load.js";
