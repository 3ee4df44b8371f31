// What becomes of the package when a call ends in a trap, which no input leads to: here the module is made to.
import assert from "node:assert/strict";
import { test } from "node:test";
import { delta, snapshot } from "./asks.mjs";

let trapping;
const { Instance } = WebAssembly;
WebAssembly.Instance = function (...of) {
  const { exports } = new Instance(...of);
  const trapped = (name) => (...numbers) => {
    if (name === trapping) throw new WebAssembly.RuntimeError("unreachable");
    return exports[name](...numbers);
  };
  const functions = Object.keys(exports).filter((name) => typeof exports[name] === "function");
  return { exports: { ...exports, ...Object.fromEntries(functions.map((name) => [name, trapped(name)])) } };
};
const { Cohort } = await import("../../dist/npm/node.js");

test("after a trap nothing answers any more, and says so", () => {
  const [cohort, other] = [Cohort.openVerified(snapshot()), Cohort.openVerified(snapshot())];
  const selection = cohort.select("ada", { at: 0 });
  assert.equal(selection.can("quote:create"), false);
  trapping = "apply";
  assert.throws(() => cohort.applyVerified(delta()), { name: "CohortError", code: "unusable" });
  trapping = undefined;
  const unusable = { name: "CohortError", code: "unusable" };
  assert.throws(() => cohort.can("ada", "quote:create"), unusable);
  assert.throws(() => other.check("ada", "quote:create"), unusable);
  assert.throws(() => other.select("ada"), unusable);
  assert.throws(() => Cohort.openVerified(snapshot()), unusable);
  assert.throws(() => selection.can("quote:create"), { name: "CohortError", code: "stale_handle" });
  other.free();
});
