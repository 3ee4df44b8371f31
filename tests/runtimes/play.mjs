// Leads the npm package through all worlds, and says where it went wrong: the same in every runtime.
import { steps } from "./steps.mjs";
import { misuse } from "./misuse.mjs";

const PAGE_USERS = 7;

/**
 * Plays `worlds` (`{ key, folders: [{ name, asks, files }] }`, files in base64) on the package `api`.
 *
 * What comes back is a result file without runtime, version and face.
 */
export async function play(api, worlds) {
  const report = { worlds: 0, asks: 0, cases: 0, passedOver: {}, failures: [] };
  for (const folder of worlds.folders) {
    report.worlds += 1;
    await playFolder(api, worlds.key, folder, report);
  }
  await misuse(api, worlds, report);
  return report;
}

/** The bytes of a file of a folder. */
export function bytesOf(folder, file) {
  return Uint8Array.from(atob(folder.files[file]), (letter) => letter.charCodeAt(0));
}

async function playFolder(api, key, folder, report) {
  const open = (file) => api.Cohort.open(bytesOf(folder, file), key);
  let state;
  let at = 0;
  for (const step of steps(folder.asks)) {
    try {
      if (step.kind === "at") {
        at = step.at;
      } else if (step.kind === "open") {
        const opened = await taken(step, report, () => open(step.file), api);
        if (opened !== undefined) {
          state?.free();
          state = opened;
        }
      } else if (step.kind === "apply") {
        await taken(step, report, () => state.apply(bytesOf(folder, step.file)), api);
      } else {
        report.asks += 1;
        const asked = step.of === undefined ? state : await open(step.of);
        ask[step.kind](asked, step, at);
        if (step.of !== undefined) asked.free();
      }
    } catch (problem) {
      report.failures.push(`${folder.name}: ${step.line}: ${problem?.message ?? problem}`.slice(0, 400));
    }
  }
  state?.free();
}

/** What `act` gives; nothing if it is refused as it must be. */
async function taken({ refused }, report, act, api) {
  report.cases += refused === undefined ? 0 : 1;
  let given;
  try {
    given = await act();
  } catch (cause) {
    if (cause instanceof api.CohortError && cause.code === refused) return undefined;
    throw new Error(`refused: ${cause?.code} ${cause?.message}`);
  }
  if (refused !== undefined) throw new Error("taken");
  return given;
}

const ask = {
  ask(state, { user, permission, scope, parent, conditions, atLeast, expected }, at) {
    const told = { at, parent, conditions, atLeast };
    const found = state.check(user, permission, scope, told);
    same(expected.decision, asWritten(expected.decision, found), "check");
    if (expected.text !== undefined) same(expected.text, state.explain(user, permission, scope, told), "explain");
    same(expected.decision.outcome === "allow", state.can(user, permission, scope, told), "can");
    const [many] = state.checkMany([{ user, permission, scope, parent }], { at, conditions, atLeast });
    same(plain(found), plain(many), "checkMany");
    // A question about a revision to come has no other way.
    if (atLeast === undefined) handles(state, { user, permission, scope, parent, conditions }, at, found);
  },

  role(state, { user, permission, scope, parent, conditions, expected }, at) {
    const told = { at, parent, conditions };
    same(expected.decision, asWritten(expected.decision, state.checkRole(user, permission, scope, told)), "checkRole");
    same(expected.decision.outcome === "allow", state.hasRole(user, permission, scope, told), "hasRole");
  },

  who(state, { permission, scope, parent, conditions, expected }, at) {
    const users = [];
    let after;
    do {
      const page = state.whoCan(permission, scope, { at, parent, conditions, limit: PAGE_USERS, after });
      users.push(...page.users);
      after = page.next;
    } while (after !== undefined);
    same(expected, users, "whoCan");
  },
};

/** The ways by handle and by selection, which must lead to the same answer. */
function handles(state, { user, permission, scope, parent, conditions }, at, found) {
  if (found.reason === "ambiguous_subject" || found.reason === "malformed_scope") return;
  const [who, what] = [state.user(user), state.permission(permission)];
  const selection = state.select(user, { at, conditions });
  if (scope === undefined) same(found.outcome === "allow", selection.can(permission), "selection by name");
  if (who !== undefined && what !== undefined) {
    const where = scope === undefined ? undefined : state.scope(scope, parent);
    const by = state.check(who, what, where, { at, conditions: state.conditions(conditions) });
    same(plain(found), plain(by), "check by handle");
    same(found.conditions ?? [], by.conditions ?? [], "conditions");
    if (scope === undefined) same(found.outcome === "allow", selection.can(what), "selection by handle");
    same(plain(found), plain(selection.check(what, where)), "check of a selection");
  }
  selection.free();
}

/** As much of a decision as was written down. */
const asWritten = (expected, found) => Object.fromEntries(Object.keys(expected).map((key) => [key, found[key]]));

const plain = ({ outcome, reason, revision, validUntil }) => ({ outcome, reason, revision, validUntil });

export function same(expected, found, what) {
  const [wanted, got] = [JSON.stringify(expected), JSON.stringify(found)];
  if (wanted !== got) throw new Error(`${what}: found ${got}; expected ${wanted}`);
}
