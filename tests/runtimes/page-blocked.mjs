// A page whose policy forbids WebAssembly: loading says so, again and again; nothing answers without the module but the
// server, which the site asks.
import * as api from "/npm/index.js";

const failures = [];
let cases = 0;

async function refused(code, act) {
  cases += 1;
  try {
    await act();
    failures.push(`taken; expected ${code}`);
  } catch (cause) {
    if (!(cause instanceof api.CohortError) || cause.code !== code) failures.push(`${cause.code} ${cause.message}; expected ${code}`);
  }
}

function same(expected, found, what) {
  cases += 1;
  if (expected !== found) failures.push(`${what}: found ${found}; expected ${expected}`);
}

await refused("not_loaded", () => api.init());
await refused("not_loaded", () => api.init());
await refused("not_loaded", () => api.Cohort.openVerified(new Uint8Array(333)));

const { key } = await (await fetch("/stage.json")).json();
const feed = (path, init) => fetch(`/feed${path}`, init);
const question = ["ada", "invoice:approve", "project:42"];
const body = (asked) => ({ method: "POST", body: JSON.stringify(asked) });
const asking = api.connect({ keys: key, fetch: feed, ask: async (asked) => (await fetch("/ask", body(asked))).json() });
await asking.ready;
same("asking", asking.status, "where the module is blocked, the server is asked");
same("deny no_path", await told(asking), "before ada joins");
await fetch("/join", { method: "POST" });
same("allow ", await told(asking), "after it");
same(false, asking.can(...question), "what has to answer at once says no");
await fetch("/leave", { method: "POST" });
same("deny no_path", await told(asking), "after she has left");
asking.close();

const lost = api.connect({ keys: key, fetch: feed, ask: async () => (await fetch("/nowhere")).json() });
same("indeterminate unreachable", await told(lost), "an answer that is none");
const alone = api.connect({ keys: key, fetch: feed });
await alone.ready;
same("failed", alone.status, "without a server to ask");
same("indeterminate not_loaded", await told(alone), "without a server to ask");
await fetch("/result", { method: "POST", body: JSON.stringify({ cases, failures }) });

async function told(live) {
  const { outcome, reason } = await live.ask(...question);
  return `${outcome} ${reason}`;
}
