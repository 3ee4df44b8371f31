// All that decides, as one script: what people import, then what `connect.js` is built on.
export { init as default, init, initSync } from "./load.js";
export { Cohort, Selection } from "./cohort.js";
export { verified } from "./envelope.js";
export { CohortError } from "./error.js";

export { moment, names, options, text } from "./arguments.js";
export { BYTES_MAX, pinned, useSubtle } from "./envelope.js";
export { wrongType } from "./error.js";
