// The runner that all runtimes share finds a package that answers wrongly: a matrix that cannot turn red shows nothing.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import * as api from "../../dist/npm/node.js";
import { play } from "../runtimes/play.mjs";
import { delta, snapshot } from "./asks.mjs";
import { signer } from "./signer.mjs";

function small() {
  const { key, seal } = signer();
  const base64 = (bytes) => Buffer.from(seal(bytes)).toString("base64");
  const files = { "small.snapshot": base64(snapshot()), "small.delta": base64(delta()) };
  const asks = readFileSync(new URL("../data/snapshots/small.asks", import.meta.url), "utf8");
  return { key, folders: [{ name: "small", asks: `open small.snapshot\n${asks}apply small.snapshot = wrong_kind\n`, files }] };
}

/** The package with one method of `Cohort` replaced; `broken` is handed the real one. */
function packageWith(name, broken) {
  class Cohort extends api.Cohort {
    static open = async (envelope, keys) => Object.setPrototypeOf(await api.Cohort.open(envelope, keys), Cohort.prototype);
  }
  Cohort.prototype[name] = function replaced(...given) {
    return broken((...passed) => api.Cohort.prototype[name].apply(this, passed), ...given);
  };
  return { ...api, Cohort };
}

test("the package gets through", async () => {
  const report = await play(api, small());
  assert.deepEqual(report.failures, []);
  assert.ok(report.asks > 10 && report.cases > 40, `${report.asks} ${report.cases}`);
});

const FAULTS = [
  ["can", (real, ...asked) => (asked[0] === "eve" ? !real(...asked) : real(...asked))],
  ["check", (real, ...asked) => ({ ...real(...asked), outcome: "allow" })],
  ["check", (real, user, permission, scope) => real(user, permission, scope, { at: 0 })],
  ["explain", (real, ...asked) => real(...asked).replace("near", "far from")],
  ["checkMany", (real, ...asked) => real(...asked).map((answer) => ({ ...answer, validUntil: answer.validUntil + 1 }))],
  ["apply", async () => {}],
  ["whoCan", () => ({ users: [] })],
  ["select", (real) => real("nobody")],
];

for (const [name, broken] of FAULTS) {
  test(`a package whose ${name} is ${broken} does not`, async () => {
    const report = await play(packageWith(name, broken), small());
    assert.notDeepEqual(report.failures, []);
  });
}
