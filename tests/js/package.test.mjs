// The folder that is published: what package.json names exists, and what people program against is golden.
import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { test } from "node:test";

const folder = new URL("../../dist/npm/", import.meta.url);
const manifest = JSON.parse(readFileSync(new URL("package.json", folder), "utf8"));

test("types come first and every export exists", () => {
  for (const name of [".", "./decide"]) {
    assert.equal(Object.keys(manifest.exports[name])[0], "types", name);
    assert.equal(Object.keys(manifest.exports[name]).at(-1), "default", name);
  }
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
  assert.throws(() => web.Cohort.openVerified(new Uint8Array()), { name: "CohortError", code: "not_loaded" });
  await assert.rejects(web.init(new Uint8Array(8)), { name: "CohortError", code: "not_loaded" });
  const bytes = readFileSync(new URL("cohort_bg.wasm", folder));
  await Promise.all([web.default(bytes), web.init(bytes)]);
  await web.init();
  await web.init(new Uint8Array(8));
  web.initSync(bytes);
  assert.throws(() => web.Cohort.openVerified(new Uint8Array()), { name: "CohortError", code: "malformed" });
});

test("the other entries export what the types declare", async () => {
  const declared = [...types().matchAll(/^export (?:declare )?(?:function|class) (\w+)/gm)].map(([, name]) => name);
  assert.ok(declared.length >= 6, `${declared}`);
  const entry = await import(new URL("node.js", folder));
  assert.deepEqual(Object.keys(entry).sort(), [...new Set(declared), "default"].sort());
});

test("the script that decides has all but what follows a server", async () => {
  const [decide, all] = [await import(new URL("decide.js", folder)), await import(new URL("index.js", folder))];
  const shared = Object.keys(all).filter((name) => all[name] === decide[name]);
  const following = ["Live", "askServer", "connect"];
  assert.deepEqual([...shared, ...following].sort(), Object.keys(all).sort());
  const [, values] = readFileSync(new URL("decide.d.ts", folder), "utf8").match(/^export \{(.*)\} from/m);
  const declared = values.split(",").map((name) => name.trim().split(" as ").at(-1));
  assert.deepEqual(declared.sort(), shared.sort());
});

test("the module asks its host for nothing", () => {
  const module = new WebAssembly.Module(readFileSync(new URL("cohort_bg.wasm", folder)));
  assert.deepEqual(WebAssembly.Module.imports(module), []);
});

test("the classes have what the types declare", async () => {
  const entry = await import(new URL("node.js", folder));
  for (const name of ["Cohort", "Selection", "Live"]) {
    const body = types().split(`export class ${name} {`)[1].split("\n}\n")[0];
    const declared = [...body.matchAll(/^  (?:readonly )?(\w+)[(:]/gm)].map(([, member]) => member);
    // `ready` is a value of each connection.
    const found = name === "Live" ? ["ready"] : [];
    found.push(...Object.getOwnPropertyNames(entry[name].prototype).filter((member) => member !== "constructor"));
    assert.deepEqual(declared.sort(), found.sort(), name);
  }
});

test("golden: the types of the public interface", () => {
  const golden = new URL("../data/npm/index.d.ts", import.meta.url);
  if (process.env.COHORT_GOLDEN === "write") {
    writeFileSync(golden, types());
  }
  assert.equal(types(), readFileSync(golden, "utf8"), "`cargo xtask golden` renews it if the change is meant");
});

const types = () => readFileSync(new URL("index.d.ts", folder), "utf8");
