// What people do first: install the packed package into an empty project, and run the script of wasm/README.md.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { packages, program, projected } from "./project.mjs";

const TYPED = `
import { Cohort, CohortError, askServer, connect, init, type Decision, type Live } from "cohort-wasm";
import { Cohort as Alone, type User } from "cohort-wasm/decide";
await init(new URL("cohort_bg.wasm", "https://example.test/"));
using cohort: Cohort = await Cohort.open(new Uint8Array(), ["key"]);
const answers: Decision[] = cohort.checkMany([{ user: "ada", permission: "doc:read" }], { conditions: ["mfa"], at: 0 });
const { users, next } = cohort.whoCan("doc:read", "project:42", { limit: 10 });
if (next) cohort.whoCan("doc:read", cohort.scope("project:42"), { after: next });
const alone: Promise<Alone> = Cohort.open(new Uint8Array(), "key");
const user: User | undefined = (await alone).user("ada");
using selection = cohort.select(cohort.user(users[0] ?? "") ?? "ada", { at: 0 });
const may: boolean = selection.can("doc:read");
const live: Live = connect({ keys: "key", url: "https://example.test", token: async () => "t", onChange: ({ why }) => console.log(why) });
const asked: Decision = await live.ask("ada", "doc:read");
const ask = askServer({ url: "https://example.test", token: "t" });
connect({ keys: ["a", "b"], fetch: (path, { signal }) => fetch(path, { signal }), ask });
try { await cohort.apply(new Uint8Array()); } catch (error) {
  if (error instanceof CohortError && error.code === "wrong_base") console.log(answers, asked.validUntil, may);
}`;
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

test("TypeScript takes the types, and what they forbid it refuses", () => {
  const [good, wrong] = [`${TYPED}\n`, `${TYPED}\nlive.can("ada", 1);\n`];
  const compile = (text) => {
    writeFileSync(join(project.folder, "typed.mts"), text);
    const options = ["--noEmit", "--strict", "--target", "esnext", "--module", "nodenext", "--lib", "esnext,dom"];
    return execFileSync(process.execPath, [join(packages, "node_modules/typescript/bin/tsc"), ...options, "typed.mts"], {
      cwd: project.folder,
      encoding: "utf8",
    });
  };
  assert.equal(compile(good), "");
  assert.throws(() => compile(wrong), (error) => /typed\.mts\(\d+,17\): error TS2345/.test(error.stdout));
});

test("a bundle follows a server only where `connect` is imported", () => {
  const follows = (words) => {
    writeFileSync(join(project.folder, "entry.mjs"), `export ${words}`);
    const bundled = execFileSync(program("esbuild"), ["entry.mjs", "--bundle", "--format=esm"], { cwd: project.folder, encoding: "utf8" });
    assert.match(bundled, /cohort_bg\.wasm/);
    return bundled.includes("/delta?from=");
  };
  assert.equal(follows('{ Cohort, connect } from "cohort-wasm"'), true);
  assert.equal(follows('{ Cohort, init } from "cohort-wasm"'), false);
  assert.equal(follows('{ Cohort, init } from "cohort-wasm/decide"'), false);
});

test("the package holds what it needs and nothing else", () => {
  const names = project.packed.files.map(({ path }) => path);
  assert.ok(names.every((name) => /^(package\.json|README\.md|[\w.-]+\.(js|wasm|d\.ts))$/.test(name)), `${names}`);
  assert.equal(names.filter((name) => name.endsWith(".wasm")).length, 1);
});
