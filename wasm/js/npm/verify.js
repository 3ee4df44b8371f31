// The envelope around snapshots and deltas: `COHE`, version 1, 8 bytes of key id, 64 bytes of Ed25519 signature,
// payload. The signature is over the words below, the key id and the payload (docs/snapshot-format.md).
// The platform's WebCrypto verifies it, so the module stays small and the key never enters it.
const MAGIC = [0x43, 0x4f, 0x48, 0x45, 1];
const KEY_ID_AT = MAGIC.length;
const SIGNATURE_AT = KEY_ID_AT + 8;
const PAYLOAD_AT = SIGNATURE_AT + 64;
const SIGNED_WORDS = new TextEncoder().encode("cohort envelope v1\0");

export async function verify(subtle, envelope, publicKey) {
  if (envelope.length < PAYLOAD_AT || !MAGIC.every((byte, at) => envelope[at] === byte)) {
    throw refusal("malformed", "malformed envelope; expected `COHE`, version 1, key id, signature and payload");
  }
  const keyBytes = fromHex(publicKey);
  const keyId = envelope.subarray(KEY_ID_AT, SIGNATURE_AT);
  const expectedId = new Uint8Array(await subtle.digest("SHA-256", keyBytes)).subarray(0, keyId.length);
  if (!expectedId.every((byte, at) => keyId[at] === byte)) {
    throw refusal("unknown_key", "envelope signed with another key than the pinned one");
  }
  const key = await subtle.importKey("raw", keyBytes, { name: "Ed25519" }, false, ["verify"]);
  const payload = envelope.subarray(PAYLOAD_AT);
  const signed = joined(SIGNED_WORDS, keyId, payload);
  const signature = envelope.subarray(SIGNATURE_AT, PAYLOAD_AT);
  if (!(await subtle.verify({ name: "Ed25519" }, key, signature, signed))) {
    throw refusal("bad_signature", "signature does not match the envelope; it was changed or cut on the way");
  }
  return payload;
}

function joined(...parts) {
  const bytes = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function fromHex(publicKey) {
  if (!/^[0-9a-f]{64}$/i.test(publicKey)) {
    throw refusal("malformed_key", "malformed public key; expected 64 hexadecimal digits, as `cohort key` prints");
  }
  return Uint8Array.from(publicKey.match(/../g), (byte) => parseInt(byte, 16));
}

function refusal(code, message) {
  return Object.assign(new Error(message), { code });
}
