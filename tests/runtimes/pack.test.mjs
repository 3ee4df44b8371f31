// What people do first: install the packed package into an empty project, and run the script of wasm/README.md.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { program, projected } from "./project.mjs";

const EXPECTED = "true\nallow: scim emea-sales < sales < quoter\n";
const readme = readFileSync(new URL("../../wasm/README.md", import.meta.url), "utf8");
const worlds = process.env.COHORT_WORLDS;

let project;
before(() => {
  project = projected();
  const [, script] = readme.match(/```js\n([\s\S]*?)```/);
  assert.ok(script.trim().split("\n").length <= 10, "the example is short");
  writeFileSync(join(project.folder, "decide.mjs"), script);
});
after(() => project.remove());

const words = () => ["decide.mjs", readFileSync(join(worlds, "key"), "utf8").trim(), join(worlds, "small/small.snapshot")];
const run = (file, ...more) => execFileSync(file, [...more, ...words()], { cwd: project.folder, encoding: "utf8" });

test("it decides in Node", () => assert.equal(run(process.execPath), EXPECTED));
test("it decides in Deno", () => assert.equal(run(program("deno"), "run", "--no-remote", "--allow-read", "--allow-env"), EXPECTED));
test("it decides in Bun", () => assert.equal(run(program("bun")), EXPECTED));

test("the package holds what it needs and nothing else", () => {
  const names = project.packed.files.map(({ path }) => path);
  assert.ok(names.every((name) => /^(package\.json|README\.md|[\w.-]+\.(js|wasm|d\.ts))$/.test(name)), `${names}`);
  assert.equal(names.filter((name) => name.endsWith(".wasm")).length, 1);
});
