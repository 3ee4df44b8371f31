// workerd, which compiles nothing: a Worker of the package's files, its module and all worlds. Started by Node.
import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { worldsIn } from "./worlds.mjs";

const COMPATIBILITY_DATE = "2026-11-01";
const here = fileURLToPath(new URL(".", import.meta.url));
const dist = fileURLToPath(new URL("../../dist/npm/", import.meta.url));
const [runtime, top, result, packages] = process.argv.slice(2);

const folder = join(packages, "worker");
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder);
const modules = [];

/** A file of the Worker, under the name that imports have for it. */
function module(name, kind, bytes) {
  const file = `${modules.length}.part`;
  writeFileSync(join(folder, file), bytes);
  modules.push(`(name = "${name}", ${kind} = embed "${file}")`);
}

module("worker.mjs", "esModule", readFileSync(join(here, "worker.mjs")));
for (const name of ["play.mjs", "steps.mjs", "misuse.mjs"]) module(name, "esModule", readFileSync(join(here, name)));
for (const name of readdirSync(dist).filter((name) => name.endsWith(".js") && name !== "node.js")) {
  module(`npm/${name}`, "esModule", readFileSync(join(dist, name)));
}
module("npm/cohort_bg.wasm", "wasm", readFileSync(join(dist, "cohort_bg.wasm")));
module("worlds.json", "json", JSON.stringify(worldsIn(top)));
writeFileSync(
  join(folder, "config.capnp"),
  `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = (
    modules = [${modules.join(",\n      ")}],
    compatibilityDate = "${COMPATIBILITY_DATE}",
  ))],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
`,
);

// The package's own command is a script around the program of this platform.
const scope = join(packages, "node_modules/@cloudflare");
const own = readdirSync(scope).find((name) => name.startsWith("workerd-"));
// It says on a fourth stream which port it was given.
const options = { cwd: folder, stdio: ["ignore", "inherit", "inherit", "pipe"] };
const workerd = spawn(join(scope, own, "bin/workerd"), ["serve", "config.capnp", "--control-fd", "3"], options);
try {
  const answer = await fetch(`http://127.0.0.1:${await listening(workerd)}/`);
  const text = await answer.text();
  if (!answer.ok) throw new Error(`workerd answered ${answer.status}: ${text.slice(0, 300)}`);
  const version = JSON.parse(readFileSync(join(packages, "node_modules/workerd/package.json"), "utf8")).version;
  writeFileSync(result, JSON.stringify({ runtime, version, face: "npm", ...JSON.parse(text) }, null, 2));
} finally {
  workerd.kill();
}

/** The port that it says it listens on. */
async function listening(child) {
  let said = "";
  for await (const chunk of child.stdio[3]) {
    said += chunk;
    const line = said.split("\n").find((text) => text.includes('"listen"') && text.endsWith("}"));
    if (line !== undefined) return JSON.parse(line).port;
  }
  throw new Error(`workerd does not listen: ${said}`);
}
