// The envelope around snapshots and deltas: `COHE`, version 1, 8 bytes of key id, 64 bytes of Ed25519 signature,
// payload. The signature is over the words below, the key id and the payload (docs/snapshot-format.md).
// The platform's WebCrypto verifies it, so the module stays small and no key enters it.
import { CohortError, wrongType } from "./error.js";

/** `COHE` and the version, as bytes are written in a text. */
const MAGIC = "67,79,72,69,1";
const KEY_ID_AT = 5;
const SIGNATURE_AT = KEY_ID_AT + 8;
const PAYLOAD_AT = SIGNATURE_AT + 64;
/** Bytes of one envelope: above any snapshot, and as much as the raw module takes. */
export const BYTES_MAX = 256 * 1024 * 1024;
const SIGNED_WORDS = new TextEncoder().encode("cohort envelope v1\0");
const ED25519 = "Ed25519";

let platform = globalThis.crypto?.subtle;

/** For platforms that keep WebCrypto elsewhere. */
export function useSubtle(subtle) {
  platform ??= subtle;
}

/** A function that gives the payload of an envelope, once one of these public keys, in hexadecimal, has signed it. */
export async function pinned(keys) {
  const all = Array.isArray(keys) ? keys : [keys];
  if (all.length === 0) {
    throw new CohortError("malformed_key", "no public key; expected at least one, as `cohort key` prints it");
  }
  const byId = new Map(await Promise.all(all.map(imported)));
  return async (envelope) => {
    const bytes = expectBytes(envelope, "the envelope");
    if (bytes.length < PAYLOAD_AT || `${bytes.subarray(0, KEY_ID_AT)}` !== MAGIC) {
      throw new CohortError("malformed", "malformed envelope; expected `COHE`, version 1, key id, signature and payload");
    }
    const keyId = bytes.subarray(KEY_ID_AT, SIGNATURE_AT);
    const key = byId.get(`${keyId}`);
    if (key === undefined) {
      throw new CohortError("unknown_key", "the envelope is signed with another key than the pinned ones");
    }
    // A copy, so that nobody changes meanwhile what is verified.
    const head = SIGNED_WORDS.length + keyId.length;
    const signed = new Uint8Array(head + bytes.length - PAYLOAD_AT);
    signed.set(SIGNED_WORDS);
    signed.set(keyId, SIGNED_WORDS.length);
    signed.set(bytes.subarray(PAYLOAD_AT), head);
    if (!(await subtle().verify(ED25519, key, bytes.slice(SIGNATURE_AT, PAYLOAD_AT), signed))) {
      throw new CohortError("bad_signature", "the signature does not fit the envelope; it was changed or cut on the way");
    }
    return signed.subarray(head);
  };
}

/** The payload of `envelope`, once one of the pinned keys has signed it. */
export async function verified(envelope, keys) {
  return (await pinned(keys))(envelope);
}

/** Bytes that may be looked at, of a bounded number; they still belong to whoever handed them over. */
export function expectBytes(value, what) {
  const isView = ArrayBuffer.isView(value);
  if (!isView && !(value instanceof ArrayBuffer)) {
    throw wrongType(what, "a Uint8Array", value);
  }
  if (value.byteLength > BYTES_MAX) {
    throw new CohortError("too_large", `${what} has ${value.byteLength} bytes; expected at most ${BYTES_MAX}`);
  }
  return isView ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength) : new Uint8Array(value);
}

async function imported(key) {
  if (typeof key !== "string" || !/^[0-9a-f]{64}$/i.test(key)) {
    throw new CohortError("malformed_key", "malformed public key; expected 64 hexadecimal digits, as `cohort key` prints");
  }
  const bytes = Uint8Array.from(key.match(/../g), (byte) => parseInt(byte, 16));
  const digest = new Uint8Array(await subtle().digest("SHA-256", bytes));
  try {
    return [`${digest.subarray(0, SIGNATURE_AT - KEY_ID_AT)}`, await subtle().importKey("raw", bytes, ED25519, false, ["verify"])];
  } catch (cause) {
    throw new CohortError("malformed_key", "not an Ed25519 public key", { cause });
  }
}

function subtle() {
  if (platform === undefined) {
    const message = "no WebCrypto here; expected a secure context (https or localhost) with Ed25519";
    throw new CohortError("no_crypto", message);
  }
  return platform;
}
