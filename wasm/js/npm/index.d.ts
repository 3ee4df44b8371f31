export { default, initSync, Cohort } from "./cohort.js";
export type { Check } from "./cohort.js";

/**
 * The payload of `envelope`, once its signature by the pinned key was verified: what `Cohort.open` and
 * `Cohort.apply` take.
 *
 * @param envelope what the server's edge feed sends
 * @param publicKey 64 hexadecimal digits, as `cohort key` prints them
 * @throws an `Error` with `code` `malformed`, `malformed_key`, `unknown_key` or `bad_signature`
 */
export function verified(envelope: Uint8Array, publicKey: string): Promise<Uint8Array>;
