// An empty project with the packed package installed, and the programs of the runtimes.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Where the runtimes are installed. */
export const packages = process.env.COHORT_PACKAGES;
const dist = fileURLToPath(new URL("../../dist/npm/", import.meta.url));

/** A folder of a test's own; `npm pack` and `npm install` from the tarball, without a network. */
export function projected() {
  const folder = mkdtempSync(join(tmpdir(), "cohort-project-"));
  const npm = (...words) => execFileSync("npm", [...words, "--offline", "--loglevel=error"], { cwd: folder, encoding: "utf8" });
  writeFileSync(join(folder, "package.json"), '{ "name": "empty", "private": true, "type": "module" }');
  const [packed] = JSON.parse(npm("pack", dist, "--json"));
  npm("install", "--no-audit", "--no-fund", `./${packed.filename}`);
  return { folder, packed, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** The path of a runtime's program; Bun's own package holds none until its install script has run. */
export function program(name) {
  const modules = join(packages, "node_modules");
  if (name !== "bun") return join(modules, ".bin", name);
  const own = readdirSync(join(modules, "@oven")).find((entry) => entry.startsWith("bun-"));
  return join(modules, "@oven", own, "bin/bun");
}
