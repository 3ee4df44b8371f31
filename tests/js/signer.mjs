// A key of a test's own, and envelopes that it signs.
import { createHash, generateKeyPairSync, sign } from "node:crypto";

export function signer() {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const raw = Buffer.from(publicKey.export({ format: "jwk" }).x, "base64url");
  const keyId = createHash("sha256").update(raw).digest().subarray(0, 8);
  const seal = (payload) => {
    const message = Buffer.concat([Buffer.from("cohort envelope v1\0"), keyId, payload]);
    const signature = sign(null, message, privateKey);
    return new Uint8Array(Buffer.concat([Buffer.from("COHE\x01"), keyId, signature, payload]));
  };
  return { key: raw.toString("hex"), seal };
}
