// The way around a page that may not run WebAssembly: the question goes to a server, which asks the same core.
import { moment, names, options, text } from "./arguments.js";
import { CohortError } from "./error.js";

const OUTCOMES = ["allow", "deny", "indeterminate"];

/** A function that puts questions to a server's management API; its token is an administrator's: keep it in a backend. */
export function askServer({ url, token }) {
  const address = `${text(url, "`url`").replace(/\/+$/, "")}/check`;
  return async (question, { signal } = {}) => {
    const told = typeof token === "function" ? await token() : token;
    const headers = { "content-type": "application/json", authorization: `Bearer ${told}` };
    const response = await fetch(address, { method: "POST", headers, body: JSON.stringify(body(question)), signal });
    if (!response.ok) {
      const code = response.status === 401 || response.status === 403 ? "unauthorized" : "refused";
      throw new CohortError(code, `the question is answered by ${response.status}; expected 200`);
    }
    return decision(await response.json());
  };
}

/** A question as plain values, which can be sent as JSON. */
export function question(user, permission, scope, told) {
  const { at, conditions, parent } = options(told);
  const asked = { user: text(user, "the user"), permission: text(permission, "the permission") };
  if (scope !== undefined) asked.scope = text(scope, "the scope");
  if (parent !== undefined) asked.parent = text(parent, "`parent`");
  if (conditions !== undefined) asked.conditions = [...names(conditions)];
  if (at !== undefined) asked.at = moment(at);
  return asked;
}

/** What was answered as a decision; whatever is none is no. */
export function decision(answer) {
  const { outcome, reason = "", revision = 0, requires, conditions = requires } = answer ?? {};
  const until = typeof answer?.validUntil === "string" ? Date.parse(answer.validUntil) : answer?.validUntil;
  if (!OUTCOMES.includes(outcome) || !Number.isFinite(until) || !Number.isSafeInteger(revision)) {
    throw new CohortError("malformed", "the answer is none; expected outcome, reason, revision and validUntil");
  }
  const told = { outcome, reason, revision, validUntil: until };
  return conditions === undefined || conditions.length === 0 ? told : { ...told, conditions };
}

function body({ user, permission, scope, parent, conditions, at }) {
  const asked = { subject: user, permission, conditions };
  const time = at === undefined ? undefined : new Date(at).toISOString();
  return { ...asked, scope, in: parent, at: time };
}
