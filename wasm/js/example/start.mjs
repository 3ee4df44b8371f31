// Starts everything: a server on a folder of its own, a few people and groups, the backend.
//
//     cargo build && cargo xtask dist --only npm && node wasm/js/example/start.mjs
//
// `start.mjs [PROGRAM]`: PROGRAM is the server's, by default target/debug/cohort.
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { backend } from "./backend.mjs";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const ORG = "harbour-works";
const PEOPLE = ["ada", "bob", "eve"];
const GROUPS = [
  { slug: "staff", title: "Staff", roles: [["reader", "org"]] },
  { slug: "harbour-office", title: "Harbour office", roles: [["approver", "project:harbour"]] },
  { slug: "directors", title: "Directors", roles: [["approver", "org"], ["cleaner", "project:lighthouse"]] },
];
const ROLES = { reader: ["invoice:read"], approver: ["invoice:read", "invoice:approve"], cleaner: ["invoice:delete"] };
const PROJECTS = [
  {
    scope: "project:harbour",
    title: "Harbour wall",
    invoices: [
      { scope: "invoice:1041", title: "1041 – Granite, 60 t", sum: "€ 18,400" },
      { scope: "invoice:1042", title: "1042 – Divers, March", sum: "€ 7,250" },
    ],
  },
  {
    scope: "project:lighthouse",
    title: "Lighthouse",
    invoices: [{ scope: "invoice:2007", title: "2007 – Lens, repair", sum: "€ 31,900" }],
  },
];

/** The example, running; `pages` may be a build of it. Whoever deletes needs a second factor. */
export async function started({ program = here("../../../target/debug/cohort"), pages = here("./"), port = 0 } = {}) {
  const data = mkdtempSync(join(tmpdir(), "cohort-example-"));
  const cohort = (...words) => execFileSync(program, words, { encoding: "utf8" }).trim();
  cohort("init", "--data", data, "--org", ORG);
  const token = (purpose) => cohort("token", "--data", data, "--org", ORG, "--for", purpose);
  const server = { edge: token("edge"), admin: token("admin") };
  const child = spawn(program, ["serve", "--data", data, "--listen", "127.0.0.1:0"], { stdio: ["ignore", "pipe", "ignore"] });
  const [line] = await once(createInterface(child.stdout), "line");
  server.url = `${line.split("listening on ").at(-1)}/orgs/${ORG}`;
  await fill(server);

  const key = cohort("key", "--data", data);
  const session = async () => ({ key, people: PEOPLE, projects: PROJECTS, groups: await groups(server) });
  const library = here("../../../dist/npm");
  const site = await backend({ pages, library, session, server, port });
  const close = async () => {
    site.close();
    child.kill();
    await once(child, "exit");
    rmSync(data, { recursive: true, force: true });
  };
  return { url: site.url, close };
}

async function fill(server) {
  for (const userName of PEOPLE) await api(server, "POST", "/users", { userName });
  for (const [name, permissions] of Object.entries(ROLES)) await api(server, "POST", "/roles", { name, permissions });
  for (const { slug, title, roles } of GROUPS) {
    const group = await api(server, "POST", "/groups", { slug, name: title });
    for (const [role, scope] of roles) {
      const requires = role === "cleaner" ? ["mfa"] : [];
      await api(server, "POST", "/grants", { principal: `group:${group.id}`, role, scope, requires });
    }
  }
  for (const [slug, user] of [["staff", "ada"], ["staff", "bob"], ["harbour-office", "ada"], ["directors", "eve"]]) {
    await api(server, "POST", `/groups/${slug}/members`, { userId: user });
  }
}

async function groups(server) {
  const told = GROUPS.map(async ({ slug, title }) => {
    const { members } = await api(server, "GET", `/groups/${slug}/members`);
    return { slug, title, members: members.map(({ name }) => name) };
  });
  return Promise.all(told);
}

async function api(server, method, path, body) {
  const headers = { authorization: `Bearer ${server.admin}`, "content-type": "application/json" };
  const answer = await fetch(`${server.url}/api/v1${path}`, { method, headers, body: body && JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { url, close } = await started({ program: process.argv[2], port: 8090 });
  console.log(`the example is at ${url} (and without WebAssembly at ${url}/?blocked)`);
  process.once("SIGINT", close);
}
