// `connect` against the real server: news, a cut feed, a tampered delta, a restart, a token taken back, time.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { askServer, connect } from "../../dist/npm/node.js";
import { peopled, served, wire } from "./server.mjs";

const PATIENCE_MILLIS = 60_000;
const FRESH_MILLIS = 15 * 60_000;
const ASKED = ["ada", "invoice:approve", "project:42"];

let server;
before(async () => {
  server = await served();
  await peopled(server);
});
after(() => server.stop());

const join = () => server.api("POST", "/groups/approvers/members", { userId: "ada" });
const leave = () => server.api("DELETE", `/groups/approvers/members/${server.ada}`);

/** A connection that keeps what it is told, and can be waited on. */
function following(t, options = {}) {
  const told = { changes: [], errors: [], waiting: [] };
  const look = () => told.waiting.splice(0).forEach((one) => one());
  const live = connect({
    keys: server.key,
    url: `${server.url}/edge/v1`,
    token: server.edge,
    onChange: ({ why }) => (told.changes.push(why), look()),
    onError: (error) => (told.errors.push(error.code), look()),
    ...options,
  });
  t.after(() => live.close());
  told.until = async (holds, what) => {
    const late = AbortSignal.timeout(PATIENCE_MILLIS);
    while (!holds()) {
      await new Promise((resolve, reject) => {
        told.waiting.push(resolve);
        late.addEventListener("abort", () => reject(new Error(`${what}: ${JSON.stringify(told)} ${live.status}`)));
      });
    }
  };
  return { live, told };
}

const flips = (live, told, expected) => told.until(() => live.can(...ASKED) === expected, `ada may: ${expected}`);

test("news flip an answer", async (t) => {
  const { live, told } = following(t);
  await live.ready;
  assert.deepEqual([live.status, live.can(...ASKED)], ["live", false]);
  await join();
  await flips(live, told, true);
  assert.equal(live.explain(...ASKED), "allow: manual approvers < approver");
  await leave();
  await flips(live, told, false);
  assert.deepEqual([told.changes[0], told.errors], ["snapshot", []]);
  assert.ok(told.changes.slice(1).every((why) => why === "delta"), `${told.changes}`);
});

const SLICE = { user: "ada", permissions: ["invoice:approve"], scopes: ["project:42"] };

/** The server's feed, and which of its paths were asked for; `/watch` only where streams come through. */
function listened(paths, isStreaming) {
  return (path, { signal, headers }) => {
    paths.push(path.split("?")[0]);
    if (path === "/watch" && !isStreaming) return Promise.resolve(new Response(null, { status: 502 }));
    return fetch(`${server.url}/edge/v1${path}`, { signal, headers: { ...headers, authorization: `Bearer ${server.edge}` } });
  };
}

for (const isStreaming of [true, false]) {
  test(`a slice is followed ${isStreaming ? "by the stream" : "by looking again"}, and no delta is asked for`, async (t) => {
    const paths = [];
    const { live, told } = following(t, { url: undefined, fetch: listened(paths, isStreaming), slice: SLICE });
    await live.ready;
    assert.deepEqual([live.status, live.check(...ASKED).reason], ["live", "no_path"]);
    assert.equal(live.check("bob", "invoice:approve", "project:42").reason, "outside_coverage");
    assert.equal(live.check("ada", "invoice:read", "project:42").reason, "outside_coverage");
    await server.api("POST", "/groups", { name: `nothing to her ${isStreaming}` });
    await join();
    await flips(live, told, true);
    await leave();
    await flips(live, told, false);
    assert.ok(told.changes.every((why) => why === "snapshot"), `${told.changes}`);
    assert.deepEqual([told.errors, [...new Set(paths)].sort()], [[], ["/slice", "/watch"]]);
  });
}

test("what a slice is about is looked at before anything is fetched", () => {
  for (const slice of ["ada", null, {}, { user: "ada" }, { user: "ada", permissions: "a:b" }, { user: "ada", permissions: ["a,b"] }]) {
    assert.throws(() => connect({ keys: server.key, fetch: () => assert.fail("fetched"), slice }), { code: "wrong_type" });
  }
});

test("where streams do not come through, polling does", async (t) => {
  const own = (path, { signal, headers }) => {
    if (path === "/watch") return Promise.resolve(new Response(null, { status: 502 }));
    return fetch(`${server.url}/edge/v1${path}`, { signal, headers: { ...headers, authorization: `Bearer ${server.edge}` } });
  };
  const { live, told } = following(t, { url: undefined, fetch: own });
  await live.ready;
  await join();
  await flips(live, told, true);
  await leave();
  await flips(live, told, false);
  assert.deepEqual(told.errors, []);
});

test("a server that does not wait is not asked without end", async (t) => {
  const polls = [];
  const own = (path, { signal, headers }) => {
    if (path === "/watch") return Promise.resolve(new Response(null, { status: 502 }));
    if (path.includes("wait")) polls.push(performance.now());
    const all = { ...headers, authorization: `Bearer ${server.edge}` };
    return fetch(`${server.url}/edge/v1${path.replace(/wait=\d+/, "wait=0")}`, { signal, headers: all });
  };
  // Time is what is tested: three rounds take two pauses, however slow the machine.
  const third = new Promise((resolve) => {
    const look = setInterval(() => polls.length >= 3 && (clearInterval(look), resolve()), 50);
  });
  following(t, { url: undefined, fetch: own });
  await third;
  assert.ok(polls[2] - polls[0] > 1_500, `${polls}`);
});

test("a cut feed leaves the last good state, until its time is over; then news come again", async (t) => {
  const cable = await wire(server.port);
  t.after(() => cable.close());
  let ahead = 0;
  const url = server.url.replace(String(server.port), String(cable.port));
  const { live, told } = following(t, { url: `${url}/edge/v1`, now: () => Date.now() + ahead });
  await join();
  await live.ready;
  await flips(live, told, true);

  cable.cut();
  await told.until(() => live.status === "behind", "the cut is noticed");
  await leave();
  assert.equal(live.can(...ASKED), true, "the last good state answers");
  assert.equal(live.error.code, "unreachable");
  ahead = FRESH_MILLIS;
  assert.deepEqual([live.status, live.check(...ASKED).reason], ["stale", "stale"]);

  ahead = 0;
  cable.mend();
  await flips(live, told, false);
  await told.until(() => live.status === "live", "it follows again");
});

test("a tampered delta is refused and a snapshot replaces the state", async (t) => {
  let spoilt = 0;
  const own = async (path, { signal, headers }) => {
    const all = { ...headers, authorization: `Bearer ${server.edge}` };
    const response = await fetch(`${server.url}/edge/v1${path}`, { signal, headers: all });
    if (!path.startsWith("/delta")) return response;
    const bytes = new Uint8Array(await response.arrayBuffer());
    bytes[bytes.length - 1] ^= 1;
    spoilt += 1;
    return new Response(bytes);
  };
  const { live, told } = following(t, { url: undefined, fetch: own });
  await live.ready;
  await join();
  await flips(live, told, true);
  assert.ok(spoilt > 0 && told.errors.includes("bad_signature"), JSON.stringify(told));
  assert.ok(told.changes.every((why) => why === "snapshot"), `${told.changes}`);
  await leave();
  await flips(live, told, false);
});

test("a feed of somebody else's key is never believed", async (t) => {
  const other = await served();
  t.after(() => other.stop());
  const { live, told } = following(t, { keys: other.key });
  await live.ready;
  assert.deepEqual([live.cohort, live.check(...ASKED).outcome, told.errors[0]], [undefined, "indeterminate", "unknown_key"]);
});

test("snapshots of yesterday replace nothing", async (t) => {
  const get = async (path, init) => {
    const headers = { ...init.headers, authorization: `Bearer ${server.edge}` };
    return fetch(`${server.url}/edge/v1${path}`, { ...init, headers });
  };
  await join();
  const yesterday = new Uint8Array(await (await get("/snapshot", {})).arrayBuffer());
  await leave();
  let isReplayed = false;
  const own = async (path, init) => {
    if (!isReplayed || path === "/watch") return get(path, init);
    return path === "/snapshot" ? new Response(yesterday) : new Response(null, { status: 404 });
  };
  const { live, told } = following(t, { url: undefined, fetch: own });
  await live.ready;
  isReplayed = true;
  await server.api("POST", "/groups", { name: "Others" });
  await told.until(() => told.errors.includes("older"), "the replay is refused");
  assert.equal(live.can(...ASKED), false);
});

test("a server that starts again is followed again", async (t) => {
  const { live, told } = following(t);
  await live.ready;
  await server.kill();
  await told.until(() => live.status === "behind", "the end is noticed");
  assert.equal(live.check(...ASKED).outcome, "deny");
  await server.start(server.port);
  await join();
  await flips(live, told, true);
  await leave();
  await flips(live, told, false);
});

test("a token that is taken back brings no more news, and says so", async (t) => {
  const { live, told } = following(t, { token: server.token("edge") });
  await live.ready;
  const { tokens } = await server.api("GET", "/tokens");
  const newest = tokens.filter(({ access }) => access === "edge").at(-1);
  await server.api("DELETE", `/tokens/${newest.id}`);
  await told.until(() => told.errors.includes("unauthorized"), "the refusal");
  await join();
  assert.deepEqual([live.status, live.can(...ASKED)], ["behind", false]);
  await leave();
});

test("whoever asked hears when the answer is over", async (t) => {
  let ahead = 0;
  const { live, told } = following(t, { now: () => Date.now() + ahead });
  await live.ready;
  const until = live.check(...ASKED).validUntil;
  assert.ok(until > Date.now());
  // The clock jumps to just before that moment, and the next answer makes the connection look at it.
  const soon = new Date(Date.now() + 1_500).toISOString();
  await server.api("POST", "/grants", { role: "approver", scope: "project:42", principal: `user:${server.ada}`, expiresAt: soon });
  await flips(live, told, true);
  assert.equal(live.check(...ASKED).validUntil, Date.parse(soon));
  await told.until(() => told.changes.includes("time"), "the end of the grant");
  assert.equal(live.can(...ASKED), false);
});

test("an answer without end is given up", async (t) => {
  let sent = 0;
  const endless = new ReadableStream({
    pull(controller) {
      sent += 1 << 24;
      controller.enqueue(new Uint8Array(1 << 24));
    },
  });
  const { live, told } = following(t, { url: undefined, fetch: async () => new Response(endless) });
  await live.ready;
  assert.deepEqual([told.errors[0], live.status, live.can(...ASKED)], ["too_large", "connecting", false]);
  assert.ok(sent < 2 ** 29, `${sent}`);
});

test("a closed connection answers nothing and is silent", async (t) => {
  const { live, told } = following(t);
  await live.ready;
  const before = told.changes.length;
  live.close();
  live.close();
  assert.deepEqual([live.status, live.check(...ASKED).reason, live.cohort], ["closed", "closed", undefined]);
  await join();
  await leave();
  assert.deepEqual([told.changes.length, told.errors], [before, []]);
});

test("no connection without a way, keys or listeners that can be called", async (t) => {
  for (const options of [undefined, {}, { fetch: 1 }, { url: 5 }, { url: "http://127.0.0.1:1", token: 5 }, { url: "x", onChange: 1 }]) {
    assert.throws(() => connect(options), { name: "CohortError", code: "wrong_type" }, JSON.stringify(options));
  }
  const { live, told } = following(t, { keys: "nonsense" });
  await live.ready;
  assert.deepEqual([live.status, told.errors, live.check(...ASKED).reason], ["failed", ["malformed_key"], "malformed_key"]);
});

test("a server's management API answers what the module would", async (t) => {
  const ask = askServer({ url: `${server.url}/api/v1`, token: server.admin });
  const { live } = following(t);
  await live.ready;
  const [told, own] = [await ask({ user: "ada", permission: "invoice:approve", scope: "project:42" }), live.check(...ASKED)];
  assert.deepEqual([told.outcome, told.reason, told.revision], [own.outcome, own.reason, own.revision]);
  const refused = askServer({ url: `${server.url}/api/v1`, token: "wrong" });
  await assert.rejects(refused({ user: "ada", permission: "x" }), { name: "CohortError", code: "unauthorized" });
});
