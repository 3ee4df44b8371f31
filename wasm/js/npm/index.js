// Browsers, bundlers, Deno and Bun: `await init()` fetches the module that lies beside this file.
import { verify } from "./verify.js";

export { default, initSync, Cohort } from "./cohort.js";

export const verified = (envelope, publicKey) => verify(globalThis.crypto.subtle, envelope, publicKey);
