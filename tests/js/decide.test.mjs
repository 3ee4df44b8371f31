// The class `Cohort` in Node: the same answers as the native core, and errors that programs can tell apart.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Cohort } from "../../dist/npm/node.js";
import { asks, delta, flipped, snapshot } from "./asks.mjs";

const WHILE_FRESH = Date.parse("2026-03-01T10:00:00Z");

test("explain, check and can agree with the native answers", () => {
  const cohort = Cohort.open(snapshot());
  let asked = 0;
  for (const { apply, line, user, permission, scope, at, expected } of asks()) {
    if (apply) {
      cohort.apply(delta());
      continue;
    }
    asked += 1;
    const [outcome, detail = ""] = expected.split(": ");
    const answer = cohort.check(user, permission, scope, at);
    assert.equal(cohort.explain(user, permission, scope, at), expected, line);
    assert.equal(answer.outcome, outcome, line);
    assert.equal(cohort.can(user, permission, scope, at), outcome === "allow", line);
    if (outcome !== "allow") {
      assert.ok(detail.startsWith(answer.reason.replaceAll("_", " ")), `${line}: ${answer.reason}`);
    }
  }
  assert.ok(asked > 10);
});

test("an answer says what answered and how long it holds", () => {
  const cohort = Cohort.open(snapshot());
  assert.deepEqual(JSON.parse(JSON.stringify(cohort.check("eve", "quote:read", "project:42", WHILE_FRESH))), {
    outcome: "allow",
    reason: "",
    revision: 7,
    validUntil: Date.parse("2026-03-01T12:00:00Z"),
  });
});

test("a delta moves revision and validUntil", () => {
  const cohort = Cohort.open(snapshot());
  assert.equal(cohort.revision, 7);
  assert.equal(cohort.validUntil, Date.parse("2026-03-01T17:00:00Z"));
  cohort.apply(delta());
  assert.equal(cohort.revision, 8);
  assert.equal(cohort.validUntil, Date.parse("2026-03-01T18:00:00Z"));
});

test("without a time the question is about now", (t) => {
  t.mock.method(Date, "now", () => WHILE_FRESH);
  const cohort = Cohort.open(snapshot());
  assert.equal(cohort.can("ada", "quote:create", "project:42"), true);
  assert.equal(cohort.can("ada", "quote:create", "project:42", null), true);
});

test("a time that is none is answered as out of date", () => {
  const cohort = Cohort.open(snapshot());
  for (const [at, reason] of [[NaN, "before_created"], [-Infinity, "before_created"], [Infinity, "stale"]]) {
    assert.equal(cohort.check("ada", "quote:create", "project:42", at).reason, reason);
  }
});

test("malformed bytes are refused with a code", () => {
  const good = snapshot();
  for (const bytes of [new Uint8Array(), flipped(good, 0), good.subarray(0, good.length - 1), delta()]) {
    assert.throws(() => Cohort.open(bytes), (error) => error instanceof Error && error.code === "malformed" && error.message !== "");
  }
});

test("no cut of a snapshot opens", () => {
  const good = snapshot();
  for (let length = 0; length < good.length; length += 1) {
    assert.throws(() => Cohort.open(good.subarray(0, length)), { code: "malformed" }, `${length} bytes`);
  }
});

test("a refused delta leaves the old state answering", () => {
  const cohort = Cohort.open(snapshot());
  assert.throws(() => cohort.apply(flipped(delta(), 0)), { code: "malformed" });
  assert.throws(() => cohort.apply(snapshot()), { code: "malformed" });
  assert.equal(cohort.revision, 7);
  assert.equal(cohort.can("ada", "quote:create", "project:42", WHILE_FRESH), true);
});

test("a delta from another revision asks for a snapshot", () => {
  const cohort = Cohort.open(snapshot());
  cohort.apply(delta());
  assert.throws(() => cohort.apply(delta()), { code: "wrong_base" });
  assert.equal(cohort.can("ada", "quote:create", "project:42", WHILE_FRESH), false);
});
