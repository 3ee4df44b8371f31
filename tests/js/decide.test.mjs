// The class `Cohort` in Node, where the worlds (tests/runtimes) do not look: what comes with an answer, and numbers.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { asks, delta, snapshot } from "./asks.mjs";

/** The memory of the module, which the package keeps to itself. */
let memory;
const { Instance } = WebAssembly;
WebAssembly.Instance = function (...of) {
  const instance = new Instance(...of);
  ({ memory } = instance.exports);
  return instance;
};
const { Cohort } = await import("../../dist/npm/node.js");

const WHILE_FRESH = Date.parse("2026-03-01T10:00:00Z");
const fresh = { at: WHILE_FRESH };
const open = () => Cohort.openVerified(snapshot());

test("the answers written by hand are given", () => {
  const cohort = open();
  let asked = 0;
  for (const { apply, line, user, permission, scope, at, expected } of asks()) {
    if (apply) {
      cohort.applyVerified(delta());
      continue;
    }
    asked += 1;
    assert.equal(cohort.explain(user, permission, scope, { at }), expected, line);
  }
  assert.ok(asked > 10);
});

test("an answer says what answered and how long it holds", () => {
  assert.deepEqual(open().check("eve", "quote:read", "project:42", fresh), {
    outcome: "allow",
    reason: "",
    revision: 7,
    validUntil: Date.parse("2026-03-01T12:00:00Z"),
  });
});

test("a delta moves revision and validUntil, and keeps handles", () => {
  const cohort = open();
  const [ada, create, project] = [cohort.user("ada"), cohort.permission("quote:create"), cohort.scope("project:42")];
  assert.deepEqual([cohort.revision, cohort.validUntil], [7, Date.parse("2026-03-01T17:00:00Z")]);
  assert.equal(cohort.can(ada, create, project, fresh), true);
  cohort.applyVerified(delta());
  assert.deepEqual([cohort.revision, cohort.validUntil], [8, Date.parse("2026-03-01T18:00:00Z")]);
  assert.equal(cohort.can(ada, create, project, fresh), false);
});

test("without a time the question is about now", (t) => {
  t.mock.method(Date, "now", () => WHILE_FRESH);
  const cohort = open();
  assert.equal(cohort.can("ada", "quote:create", "project:42"), true);
  assert.equal(cohort.select("ada").at, WHILE_FRESH);
});

test("a user is one handle by whatever name", () => {
  const cohort = open();
  assert.equal(cohort.user("ada"), cohort.user(cohort.user("ada").id));
  assert.equal(cohort.user("nobody"), undefined);
  assert.equal(cohort.permission("quote:destroy"), undefined);
});

// A backend asks for as long as it runs: what it asks by names must not stay.
test("asking by names keeps nothing", () => {
  const cohort = open();
  const ask = (count) => {
    for (let number = 0; number < count; number += 1) {
      const told = { at: WHILE_FRESH, conditions: [`c${number}`], parent: `project:${number}` };
      cohort.check("ada", `p${number}`, `invoice:${number}`, told);
      cohort.check("ada", "quote:create", "project:42", told);
      cohort.hasRole("ada", "quoter", `invoice:${number}`, told);
      cohort.whoCan("quote:create", `invoice:${number}`, { at: WHILE_FRESH });
      cohort.select("ada", { at: WHILE_FRESH, conditions: [`c${number}`] }).free();
      cohort.user("ada");
      cohort.permission("quote:create");
    }
  };
  ask(1_000);
  const before = memory.buffer.byteLength;
  ask(20_000);
  assert.equal(memory.buffer.byteLength, before);
});

test("a state that nobody holds any more is forgotten", () => {
  const script = `
    let memory;
    const { Instance } = WebAssembly;
    WebAssembly.Instance = function (...of) {
      const instance = new Instance(...of);
      ({ memory } = instance.exports);
      return instance;
    };
    const { readFileSync } = await import("node:fs");
    const { Cohort } = await import("./dist/npm/node.js");
    const bytes = readFileSync("tests/data/snapshots/small.snapshot");
    const rounds = async (count) => {
      for (let round = 0; round < count; round += 1) {
        for (let state = 0; state < 100; state += 1) Cohort.openVerified(bytes).user("ada");
        gc();
        await new Promise((resolve) => setImmediate(resolve));
      }
    };
    await rounds(5);
    const before = memory.buffer.byteLength;
    await rounds(50);
    console.log(memory.buffer.byteLength - before);`;
  const options = ["--expose-gc", "--input-type=module", "--eval", script];
  const cwd = new URL("../../", import.meta.url);
  assert.equal(execFileSync(process.execPath, options, { cwd, encoding: "utf8" }).trim(), "0");
});

test("texts arrive as they are, long ones too", () => {
  const cohort = open();
  const conditions = [...Array(62).fill("x".repeat(1_000)), "\0", "ü\u{1f600}"];
  assert.equal(cohort.can("ada", "quote:create", "project:42", { ...fresh, conditions }), true);
  for (const [name, found] of [["ü", "\\u{fc}"], ["a\u{1f600}", "\\u{1f600}"], ["a\0", "\\u{0}"]]) {
    assert.throws(() => cohort.scope(`${name}:42`), { code: "malformed_scope", message: `character \`${found}\` is not taken here` });
  }
});

test("a selection remembers what it answered, and nothing of another", () => {
  const cohort = open();
  const [ada, nobody] = [cohort.select("ada", fresh), cohort.select("nobody", fresh)];
  const permission = cohort.permission("quote:read");
  const whole = cohort.check("ada", permission, undefined, fresh).outcome === "allow";
  assert.deepEqual([ada.can(permission), ada.can(permission), ada.can("quote:read")], [whole, whole, whole]);
  assert.deepEqual([nobody.can(permission), nobody.can(permission)], [false, false]);
});

test("what is asserted for a selection is what it was at that time", () => {
  const asserted = ["mfa"];
  const selection = open().select("ada", { ...fresh, conditions: asserted });
  const before = selection.check("quote:create");
  asserted[0] = 7;
  assert.deepEqual(selection.check("quote:create"), before);
});

test("a selection of nobody allows nothing", () => {
  const selection = open().select("nobody", fresh);
  assert.equal(selection.can("quote:create"), false);
  assert.equal(selection.check("quote:create").reason, "unknown_user");
});

// With 128 KiB to spare, a snapshot that claims little and needs much is refused, and the state before still answers.
test("memory that is short is an error with a code", () => {
  const script = `
    import { readFileSync } from "node:fs";
    import { Cohort } from "./dist/npm/node.js";
    const bytes = readFileSync("tests/data/snapshots/small.snapshot");
    const states = [Cohort.openVerified(bytes)];
    const large = Buffer.concat([bytes, Buffer.alloc(3 << 20)]);
    let code;
    try { Cohort.openVerified(large); } catch (error) { code = error.code; }
    const can = states[0].can("ada", "quote:create", "project:42", { at: ${WHILE_FRESH} });
    console.log(code, can, Cohort.openVerified(bytes).revision);`;
  const options = ["--wasm-max-mem-pages=96", "--input-type=module", "--eval", script];
  const cwd = new URL("../../", import.meta.url);
  assert.equal(execFileSync(process.execPath, options, { cwd, encoding: "utf8" }).trim(), "out_of_memory true 7");
});

test("a question that there is no memory for is an error with a code", () => {
  const script = `
    import { readFileSync } from "node:fs";
    import { Cohort } from "./dist/npm/node.js";
    const cohort = Cohort.openVerified(readFileSync("tests/data/snapshots/small.snapshot"));
    const conditions = Array(64).fill("x".repeat(60000));
    const codes = [];
    for (const act of [() => cohort.can("ada", "x", "org", { conditions }), () => cohort.conditions(conditions)]) {
      try { act(); codes.push("answered"); } catch (error) { codes.push(error.code); }
    }
    console.log(codes.join(" "), cohort.can("ada", "quote:create", "project:42", { at: ${WHILE_FRESH} }));`;
  const options = ["--wasm-max-mem-pages=40", "--input-type=module", "--eval", script];
  const cwd = new URL("../../", import.meta.url);
  const said = execFileSync(process.execPath, options, { cwd, encoding: "utf8" }).trim();
  assert.equal(said, "out_of_memory out_of_memory true");
});
