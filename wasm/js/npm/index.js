// Browsers, bundlers, Deno and Bun: `await init()` fetches the module that lies beside this file.
export { default, init, initSync, Cohort, Selection, verified, CohortError } from "./decide.js";
export { Live, askServer, connect } from "./connect.js";
