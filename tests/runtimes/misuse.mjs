// What callers do wrong: each call must end in an error with its code, and the state still answers as before.
import { bytesOf, same } from "./play.mjs";

const NINE = 1772355600000;

/** Counts each misuse as a case. */
export async function misuse(api, worlds, report) {
  const small = worlds.folders.find((folder) => folder.name === "small");
  const envelope = () => bytesOf(small, "small.snapshot");
  const state = await api.Cohort.open(envelope(), worlds.key);
  for (const [name, code, act] of cases(api, worlds.key, state, envelope, await other(api, worlds))) {
    report.cases += 1;
    const problem = (await refusedAs(api, code, act)) ?? answers(state);
    if (problem !== undefined) report.failures.push(`misuse: ${name}: ${problem}`);
  }
  state.free();
  await slices(api, worlds, report);
  await freed(api, worlds, envelope, report);
}

/** Another state of the same bytes, whose handles belong to nobody else. */
const other = (api, worlds) =>
  api.Cohort.open(bytesOf(worlds.folders.find((folder) => folder.name === "small"), "small.snapshot"), worlds.key);

async function refusedAs(api, code, act) {
  try {
    await act();
  } catch (cause) {
    if (cause instanceof api.CohortError && cause instanceof Error && cause.code === code && cause.message !== "") return undefined;
    return `found ${cause?.name} ${cause?.code} ${cause?.message}; expected ${code}`;
  }
  return `taken; expected ${code}`;
}

function answers(state) {
  try {
    same(true, state.can("ada", "quote:create", "project:42", { at: NINE }), "ada on her project");
    same(false, state.can("ada", "quote:create", "project:43", { at: NINE }), "ada on another");
    return undefined;
  } catch (cause) {
    return `afterwards: ${cause.message}`;
  }
}

function cases(api, key, state, envelope, stranger) {
  const { Cohort } = api;
  const flipped = (bytes, at) => bytes.map((byte, number) => (number === at ? byte ^ 1 : byte));
  const controls = String.fromCharCode(...Array(32).keys());
  const otherKey = key.slice(2) + key.slice(0, 2);
  const all = [
    ["open nothing", "wrong_type", () => Cohort.open(undefined, key)],
    ["open a string", "wrong_type", () => Cohort.open("COHE", key)],
    ["open an array", "wrong_type", () => Cohort.open([1, 2, 3], key)],
    ["open no bytes", "malformed", () => Cohort.open(new Uint8Array(), key)],
    ["open without key", "malformed_key", () => Cohort.open(envelope())],
    ["open with no keys", "malformed_key", () => Cohort.open(envelope(), [])],
    ["open with an empty key", "malformed_key", () => Cohort.open(envelope(), "")],
    ["open with half a key", "malformed_key", () => Cohort.open(envelope(), key.slice(1))],
    ["open with a key that is none", "malformed_key", () => Cohort.open(envelope(), [key, "x".repeat(64)])],
    ["open with another key", "unknown_key", () => Cohort.open(envelope(), otherKey)],
    ["open a flipped signature", "bad_signature", () => Cohort.open(flipped(envelope(), 20), key)],
    ["open an envelope as a payload", "malformed", () => Cohort.openVerified(envelope())],
    ["open the constructor's state", "closed", () => new Cohort().can("ada", "quote:create")],
    ["open the constructor's selection", "closed", () => new api.Selection().can("quote:create")],
    ["apply nothing", "wrong_type", () => state.apply(null)],
    ["apply without keys", "malformed_key", () => Cohort.openVerified(envelope().subarray(77)).apply(envelope())],
    ["apply a payload with a flipped bit", "malformed", () => state.applyVerified(flipped(envelope().subarray(77), 0))],
    ["a user that is a number", "wrong_type", () => state.can(1, "quote:create")],
    ["no permission", "wrong_type", () => state.can("ada")],
    ["a scope that is null", "wrong_type", () => state.check("ada", "quote:create", null)],
    ["a scope that is an object", "wrong_type", () => state.check("ada", "quote:create", {})],
    ["options that are a number", "wrong_type", () => state.check("ada", "quote:create", "org", NINE)],
    ["a moment that is a date", "wrong_type", () => state.check("ada", "quote:create", "org", { at: new Date(NINE) })],
    ["a moment that is no number", "wrong_type", () => state.check("ada", "quote:create", "org", { at: NaN })],
    ["a moment without end", "wrong_type", () => state.check("ada", "quote:create", "org", { at: Infinity })],
    ["a revision below 0", "wrong_type", () => state.check("ada", "quote:create", "org", { at: NINE, atLeast: -1 })],
    ["conditions in a string", "wrong_type", () => state.check("ada", "quote:create", "org", { conditions: "mfa" })],
    ["a condition that is none", "wrong_type", () => state.check("ada", "quote:create", "org", { conditions: [7] })],
    ["too many conditions", "too_large", () => state.check("ada", "quote:create", "org", { conditions: Array(65).fill("a") })],
    ["every control character", "wrong_type", () => state.can(controls, "quote:create")],
    ["a text without end", "too_large", () => state.can("x".repeat(70_000), "quote:create")],
    ["a role that is a number", "wrong_type", () => state.hasRole("ada", 1)],
    ["a role on no scope", "malformed_scope", () => state.hasRole("ada", "quoter", "project:")],
    ["a scope that is none", "malformed_scope", () => state.scope("project:")],
    ["who may on no scope", "malformed_scope", () => state.whoCan("quote:create", ":42")],
    ["no limit", "wrong_type", () => state.whoCan("quote:create", "org", { limit: 0 })],
    ["a limit without end", "wrong_type", () => state.whoCan("quote:create", "org", { limit: 1e9 })],
    ["a place in no list", "wrong_type", () => state.whoCan("quote:create", "org", { after: 1 })],
    ["questions that are none", "wrong_type", () => state.checkMany("ada")],
    ["a question that is null", "wrong_type", () => state.checkMany([null])],
    ["another's user", "stale_handle", () => state.check(stranger.user("ada"), state.permission("quote:create"))],
    ["another's permission", "stale_handle", () => state.select("ada").can(stranger.permission("quote:create"))],
    ["another's scope", "stale_handle", () => state.can("ada", "quote:create", stranger.scope("project:42"))],
    ["a handle of the wrong kind", "wrong_type", () => state.can(state.permission("quote:create"), "quote:create")],
    ["a selection of nobody in particular", "wrong_type", () => state.select(7)],
  ];
  return all;
}

/** A slice knows one user: it lists nobody, and takes no facts. */
async function slices(api, worlds, report) {
  const hostile = worlds.folders.find((folder) => folder.name === "hostile");
  if (hostile === undefined) return;
  const slice = await api.Cohort.open(bytesOf(hostile, "small.slice"), worlds.key);
  await count(api, ["who may, of a slice", "slice", () => slice.whoCan("quote:create")], report);
  await count(api, ["facts for a slice", "slice", () => slice.apply(bytesOf(hostile, "small.delta"))], report);
  slice.free();
}

/** What was freed answers nothing, and says so; freeing twice is nothing. */
async function freed(api, worlds, envelope, report) {
  const state = await api.Cohort.open(envelope(), worlds.key);
  const selection = state.select("ada", { at: NINE });
  const moved = state.select("ada", { at: NINE });
  const small = worlds.folders.find((folder) => folder.name === "small");
  await state.apply(bytesOf(small, "small.delta"));
  const fresh = state.select("ada", { at: NINE + 3_600_000 });
  const kept = fresh.can("quote:create");
  selection.free();
  selection.free();
  const gone = (name, code, act) => [name, code, act];
  const before = [
    gone("a selection of an earlier revision", "stale_handle", () => moved.can("quote:create")),
    gone("its end", "stale_handle", () => moved.validUntil),
    gone("a freed selection", "closed", () => selection.can("quote:create")),
  ];
  for (const one of before) await count(api, one, report);
  state.free();
  state[Symbol.dispose ?? "free"]();
  for (const name of ["can", "check", "explain", "hasRole", "whoCan", "select", "user", "permission", "scope", "checkMany"]) {
    const first = name === "checkMany" ? [] : "ada";
    await count(api, gone(`freed: ${name}`, "closed", () => state[name](first, "quote:create")), report);
  }
  await count(api, gone("freed: apply", "closed", () => state.apply(envelope())), report);
  await count(api, gone("freed: revision", "closed", () => state.revision), report);
  await count(api, gone("freed: validUntil", "closed", () => state.validUntil), report);
  await count(api, gone("a selection of a freed state", "closed", () => fresh.can("quote:create")), report);
  if (kept !== false) report.failures.push("misuse: a selection after the delta still allows");
}

async function count(api, [name, code, act], report) {
  report.cases += 1;
  const problem = await refusedAs(api, code, act);
  if (problem !== undefined) report.failures.push(`misuse: ${name}: ${problem}`);
}
