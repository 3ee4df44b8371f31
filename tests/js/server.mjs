// The real server on a folder of a test's own, and a wire to it that can be cut.
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect as dial, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const PROGRAM = process.env.COHORT_PROGRAM ?? fileURLToPath(new URL("../../target/debug/cohort", import.meta.url));
const ORG = "acme";

/** A served organisation; `stop` ends it and removes its folder. */
export async function served() {
  const data = mkdtempSync(join(tmpdir(), "cohort-js-"));
  const cohort = (...words) => execFileSync(PROGRAM, words, { encoding: "utf8" }).trim();
  cohort("init", "--data", data, "--org", ORG);
  const token = (purpose) => cohort("token", "--data", data, "--org", ORG, "--for", purpose);
  const server = { key: cohort("key", "--data", data), edge: token("edge"), admin: token("admin"), token };
  let child;
  server.start = async (port = 0) => {
    const words = ["serve", "--data", data, "--listen", `127.0.0.1:${port}`];
    child = spawn(PROGRAM, words, { stdio: ["ignore", "pipe", "ignore"] });
    const [line] = await once(createInterface(child.stdout), "line");
    server.port = Number(line.split(":").at(-1));
    server.url = `http://127.0.0.1:${server.port}/orgs/${ORG}`;
  };
  server.kill = async () => {
    child.kill("SIGKILL");
    await once(child, "exit");
  };
  server.stop = async () => {
    if (child.exitCode === null && child.signalCode === null) await server.kill();
    rmSync(data, { recursive: true, force: true });
  };
  server.api = async (method, path, body) => {
    const headers = { authorization: `Bearer ${server.admin}`, "content-type": "application/json" };
    const response = await fetch(`${server.url}/api/v1${path}`, { method, headers, body: body && JSON.stringify(body) });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === "" ? undefined : JSON.parse(text);
  };
  await server.start();
  return server;
}

/** Ada, who is in no group; a group whose members may approve invoices in project 42. */
export async function peopled(server) {
  const ada = await server.api("POST", "/users", { userName: "ada" });
  server.ada = ada.id;
  await server.api("POST", "/groups", { name: "Approvers", slug: "approvers" });
  await server.api("POST", "/roles", { name: "approver", permissions: ["invoice:approve"] });
  await server.api("POST", "/groups/approvers/roles", { roleId: "approver", scope: "project:42" });
}

/** A wire to a port of loopback: `cut` ends all connections and refuses new ones until `mend`. */
export async function wire(port) {
  const open = new Set();
  let isCut = false;
  const server = createServer((from) => {
    if (isCut) {
      from.destroy();
      return;
    }
    const to = dial(port, "127.0.0.1");
    for (const [one, other] of [[from, to], [to, from]]) {
      open.add(one);
      one.on("error", () => other.destroy()).on("close", () => open.delete(one) && other.destroy());
      one.pipe(other);
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: server.address().port,
    cut() {
      isCut = true;
      for (const socket of open) socket.destroy();
    },
    mend() {
      isCut = false;
    },
    close() {
      this.cut();
      server.close();
    },
  };
}
