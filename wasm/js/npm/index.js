// Browsers, bundlers, Deno and Bun: `await init()` fetches the module that lies beside this file.
export { init as default, init, initSync } from "./load.js";
export { Cohort, Selection } from "./decide.js";
export { verified } from "./envelope.js";
export { CohortError } from "./error.js";
export { Live, connect } from "./connect.js";
export { askServer } from "./ask.js";
