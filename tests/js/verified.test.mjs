// `verified`: only the payload of an envelope that the pinned key signed comes out.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Cohort, verified } from "../../dist/npm/node.js";
import { delta, flipped, snapshot } from "./asks.mjs";
import { signer } from "./signer.mjs";

const PAYLOAD_AT = 4 + 1 + 8 + 64;

test("the payload of a signed envelope opens", async () => {
  const { key, seal } = signer();
  const payload = await verified(seal(snapshot()), key);
  assert.deepEqual(payload, snapshot());
  assert.equal(Cohort.openVerified(payload).revision, 7);
  assert.equal((await Cohort.open(seal(snapshot()), key)).revision, 7);
  assert.deepEqual(await verified(seal(new Uint8Array()), key.toUpperCase()), new Uint8Array());
});

test("one flipped bit anywhere is refused", async () => {
  const { key, seal } = signer();
  const envelope = seal(snapshot());
  for (let at = 0; at < envelope.length; at += 1) {
    const code = at < 5 ? "malformed" : at < 13 ? "unknown_key" : "bad_signature";
    await assert.rejects(verified(flipped(envelope, at), key), { code }, `byte ${at}`);
  }
});

test("a cut envelope is refused", async () => {
  const { key, seal } = signer();
  const envelope = seal(snapshot());
  for (const [length, code] of [[0, "malformed"], [PAYLOAD_AT - 1, "malformed"], [PAYLOAD_AT, "bad_signature"]]) {
    await assert.rejects(verified(envelope.subarray(0, length), key), { code });
  }
});

test("while keys are rotated, either of them opens", async () => {
  const [before, after] = [signer(), signer()];
  for (const { seal } of [before, after]) {
    const cohort = await Cohort.open(seal(snapshot()), [before.key, after.key]);
    await cohort.apply(after.seal(delta()));
    assert.equal(cohort.revision, 8);
  }
  await assert.rejects(Cohort.open(after.seal(snapshot()), [before.key]), { code: "unknown_key" });
});

test("bytes that change while they are verified change nothing", async () => {
  const { key, seal } = signer();
  const envelope = seal(snapshot());
  const opening = Cohort.open(envelope, key);
  envelope.fill(0);
  assert.equal((await opening).revision, 7);
});

test("another key is refused, and so is no key", async () => {
  const envelope = signer().seal(snapshot());
  await assert.rejects(verified(envelope, signer().key), { code: "unknown_key" });
  for (const key of ["", "ab", "x".repeat(64), undefined]) {
    await assert.rejects(verified(envelope, key), { code: "malformed_key" });
  }
});
