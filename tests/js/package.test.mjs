// The folder that is published: what package.json names exists, and what people program against is golden.
import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { test } from "node:test";

const folder = new URL("../../dist/npm/", import.meta.url);
const manifest = JSON.parse(readFileSync(new URL("package.json", folder), "utf8"));

test("types come first and every export exists", () => {
  assert.equal(Object.keys(manifest.exports["."])[0], "types");
  assert.equal(Object.keys(manifest.exports["."]).at(-1), "default");
  const paths = Object.values(manifest.exports).flatMap((entry) => (typeof entry === "string" ? [entry] : Object.values(entry)));
  for (const path of [...paths, ...manifest.sideEffects, manifest.types]) {
    assert.ok(existsSync(new URL(path, folder)), path);
  }
});

test("there is one module and the version is filled in", () => {
  assert.deepEqual(readdirSync(folder).filter((name) => name.endsWith(".wasm")), ["cohort_bg.wasm"]);
  assert.match(manifest.version, /^\d+\.\d+\.\d+$/);
});

test("the web entry loads the module that it is given, once", async () => {
  const web = await import(new URL("index.js", folder));
  const bytes = readFileSync(new URL("cohort_bg.wasm", folder));
  const first = await web.default({ module_or_path: bytes });
  assert.equal(await web.default(), first);
  assert.throws(() => web.Cohort.open(new Uint8Array()), { code: "malformed" });
});

test("golden: the types of the public interface", () => {
  const golden = new URL("../data/npm/cohort.d.ts", import.meta.url);
  // What follows the class are the generator's own declarations; they change with its version only.
  const types = readFileSync(new URL("cohort.d.ts", folder), "utf8").split("export type InitInput")[0];
  if (process.env.COHORT_GOLDEN === "write") {
    writeFileSync(golden, types);
  }
  assert.equal(types, readFileSync(golden, "utf8"), "`cargo xtask golden` renews it if the change is meant");
});
