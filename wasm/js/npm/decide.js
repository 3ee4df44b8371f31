// The classes `Cohort` and `Selection`: what people write, as calls of the module. What the answer is comes from there.
import { State, has_room } from "./cohort.js";
import { limit, moment, names, options, revision, row, text } from "./arguments.js";
import { Keys, expectBytes } from "./envelope.js";
import { CohortError, expectUsable, refusal, wrongType } from "./error.js";
import { Conditions, Cursor, Permission, Scope, User, numberOf } from "./handles.js";
import { expectLoaded } from "./load.js";

/** The words for the module's numbers (docs/raw-abi.md, Answer). */
const REASONS = [
  "", "unknown_user", "unknown_permission", "malformed_scope", "org_disabled", "inactive_user", "denied_by",
  "condition_required", "no_path",
];
const UNCERTAIN_FROM = 32;
const UNCERTAINTIES = [
  "stale", "before_created", "revision_not_reached", "ambiguous_subject", "too_large", "outside_coverage",
];
const CONDITION_REQUIRED = 7;
/** Letters of a question that take less memory than there always is, and bytes of one letter. */
const LONG_LETTERS = 4096;
const UTF8_BYTES_MAX = 3;
/** Numbers that every state gives out first. */
const ORG = 0;
const NO_CONDITIONS = 0;
/** `moves` of a state that is closed or broken; equal to nothing, itself included. */
const ENDED = NaN;

/** One organisation's users, groups and grants at one revision, ready to be asked. */
export class Cohort {
  /** What selections and handles share with this object; `inner` is the module's own. */
  #core;
  #keys;

  static async open(envelope, keys) {
    const bytes = expectBytes(envelope, "the envelope");
    const pinned = await Keys.of(keys);
    const cohort = Cohort.openVerified(await pinned.verified(bytes));
    cohort.#keys = pinned;
    return cohort;
  }

  static openVerified(payload) {
    expectLoaded();
    const bytes = expectRoom(expectBytes(payload, "the payload"));
    const cohort = new Cohort();
    try {
      const inner = State.open(bytes);
      inner.place("org", "org");
      inner.conditions("", 0);
      // Permissions by name: all that were looked up, and those that a role has at this revision.
      const [users, permissions, current] = [new Map(), new Map(), new Map()];
      cohort.#core = { inner, moves: 0, users, permissions, current };
    } catch (cause) {
      throw refusal(cause);
    }
    return cohort;
  }

  async apply(envelope) {
    this.#open();
    if (this.#keys === undefined) {
      throw new CohortError("malformed_key", "this state was opened without keys; expected `applyVerified`");
    }
    this.applyVerified(await this.#keys.verified(envelope));
  }

  applyVerified(payload) {
    const core = this.#open();
    const bytes = expectRoom(expectBytes(payload, "the payload"));
    const before = [core.moves, core.inner.revision()];
    // A call that does not come back leaves nothing that still answers.
    core.moves = ENDED;
    try {
      core.inner.apply(bytes);
    } catch (cause) {
      const refused = refusal(cause);
      core.moves = refused.code === "unusable" ? ENDED : before[0];
      throw refused;
    }
    const isHeartbeat = core.inner.revision() === before[1];
    core.moves = isHeartbeat ? before[0] : before[0] + 1;
    if (!isHeartbeat) {
      core.current.clear();
    }
  }

  user(name) {
    const core = this.#open();
    return userOf(core, text(name, "the user"));
  }

  permission(name) {
    return permissionOf(this.#open(), text(name, "the permission"));
  }

  scope(name, parent = "org") {
    const core = this.#open();
    try {
      const number = core.inner.place(text(name, "the scope"), text(parent, "the parent"));
      return new Scope(core, number, name, parent);
    } catch (cause) {
      throw refusal(cause);
    }
  }

  conditions(asserted) {
    const core = this.#open();
    const told = names(asserted);
    try {
      return new Conditions(core, core.inner.conditions(...rowOf(told)), told);
    } catch (cause) {
      throw refusal(cause);
    }
  }

  can(user, permission, scope, told) {
    return decided(this.#open(), user, permission, scope, told) === 0;
  }

  check(user, permission, scope, told) {
    const core = this.#open();
    return decision(core, decided(core, user, permission, scope, told));
  }

  checkMany(questions, told) {
    if (!Array.isArray(questions)) {
      throw wrongType("the questions", "an array of { user, permission, scope, parent }", questions);
    }
    const core = this.#open();
    const shared = { ...options(told), at: moment(options(told).at) };
    return questions.map((question) => {
      if (typeof question !== "object" || question === null) {
        throw wrongType("a question", "{ user, permission, scope, parent }", question);
      }
      const { user, permission, scope, parent = shared.parent } = question;
      return decision(core, decided(core, user, permission, scope, { ...shared, parent }));
    });
  }

  explain(user, permission, scope, told) {
    const core = this.#open();
    const { at, atLeast } = options(told);
    const texts = named(core, user, permission, scope, options(told));
    try {
      return core.inner.explain(...rowOf(texts), moment(at), revision(atLeast));
    } catch (cause) {
      throw refusal(cause);
    }
  }

  hasRole(user, role, scope, told) {
    return this.checkRole(user, role, scope, told).outcome === "allow";
  }

  checkRole(user, role, scope, told) {
    const core = this.#open();
    const at = moment(options(told).at);
    const [name, what, ...where] = named(core, user, text(role, "the role"), scope, options(told));
    const who = userOf(core, name);
    try {
      if (who === undefined) {
        // Nobody has no role for the reason that nobody may do nothing.
        return decision(core, core.inner.decide(...rowOf([name, "", ...where]), at, 0));
      }
      const number = numberOf(who, core, User, "the user");
      return decision(core, expectFresh(core.inner.has_role(number, ...rowOf([what, ...where]), at)));
    } catch (cause) {
      throw refusal(cause);
    }
  }

  whoCan(permission, scope, told) {
    const core = this.#open();
    const { after, limit: most, ...rest } = options(told);
    const from = after === undefined ? undefined : numberOf(after, core, Cursor, "`after`");
    const page = limit(most);
    const [, name, ...where] = named(core, "", permission, scope, rest);
    const at = moment(rest.at);
    const known = permissionOf(core, name);
    if (known === undefined) {
      return { users: [] };
    }
    const number = numberOf(known, core, Permission, "the permission");
    try {
      const lines = core.inner.who_can(number, ...rowOf(where), at, from, page).split("\n");
      const next = lines.pop();
      return next === "" ? { users: lines } : { users: lines, next: new Cursor(core, Number(next)) };
    } catch (cause) {
      throw refusal(cause);
    }
  }

  select(user, told) {
    const core = this.#open();
    const { at, conditions } = options(told);
    const asserted = conditions instanceof Conditions ? conditions : conditions === undefined ? undefined : this.conditions(conditions);
    const who = typeof user === "string" ? this.user(user) : user;
    return selected(core, user, who, asserted, moment(at));
  }

  get revision() {
    return this.#open().inner.revision();
  }

  get validUntil() {
    return this.#open().inner.valid_until();
  }

  free() {
    const core = this.#core;
    if (core?.inner !== undefined) {
      const inner = core.inner;
      core.inner = undefined;
      core.moves = ENDED;
      inner.free();
    }
  }

  #open() {
    return expectOpen(this.#core);
  }
}

let selected;

/** One user at one moment, worked out once. */
export class Selection {
  #core;
  #inner;
  #moves;
  #who;
  #told;

  static {
    selected = (core, user, who, conditions, at) => {
      const selection = new Selection();
      const asserted = conditions === undefined ? NO_CONDITIONS : numberOf(conditions, core, Conditions, "`conditions`");
      selection.#core = core;
      selection.#moves = core.moves;
      selection.#who = who ?? user;
      selection.#told = { at, conditions };
      if (who !== undefined) {
        try {
          selection.#inner = core.inner.select(numberOf(who, core, User, "the user"), asserted, at);
        } catch (cause) {
          throw refusal(cause);
        }
      }
      return selection;
    };
  }

  can(permission, scope) {
    const core = this.#core;
    if (core?.moves !== this.#moves) {
      throw ended(core);
    }
    if (scope !== undefined) {
      return decided(core, this.#who, permission, scope, this.#told) === 0;
    }
    const known = typeof permission === "string" ? permissionOf(core, permission) : permission;
    if (known === undefined || this.#inner === undefined) {
      return false;
    }
    return this.#inner.can(numberOf(known, core, Permission, "the permission"));
  }

  check(permission, scope) {
    const core = this.#core;
    if (core?.moves !== this.#moves) {
      throw ended(core);
    }
    return decision(core, decided(core, this.#who, permission, scope, this.#told));
  }

  get at() {
    return this.#told?.at;
  }

  get validUntil() {
    if (this.#core?.moves !== this.#moves) {
      throw ended(this.#core);
    }
    return this.#inner === undefined ? this.#core.inner.valid_until() : this.#inner.until();
  }

  free() {
    const inner = this.#inner;
    this.#inner = undefined;
    this.#core = undefined;
    this.#moves = 0;
    inner?.free();
  }
}

for (const closed of [Cohort, Selection]) {
  if (Symbol.dispose !== undefined) {
    closed.prototype[Symbol.dispose] = closed.prototype.free;
  }
}

/** Something that there is memory for: the module cannot go on without, and then nothing would answer any more. */
function expectRoom(value, bytes = value.length) {
  if (!has_room(bytes)) {
    const message = `no memory for what ${bytes} bytes hold; expected fewer, or states to be freed`;
    throw new CohortError("out_of_memory", message);
  }
  return value;
}

/** Texts in a row; one that is long is looked at like bytes. */
function rowOf(texts) {
  const told = row(texts);
  const letters = told[0].length;
  return letters > LONG_LETTERS ? expectRoom(told, letters * UTF8_BYTES_MAX) : told;
}

function expectOpen(core) {
  expectUsable();
  if (core?.inner === undefined) {
    throw new CohortError("closed", "this state was freed, or never opened; expected one from `Cohort.open`");
  }
  return core;
}

function ended(core) {
  if (core?.inner === undefined) {
    return new CohortError("closed", "the selection or its state was freed; expected another `select`");
  }
  return new CohortError("stale_handle", "the state has moved on since the selection; expected another `select`");
}

/** The user of this name or id; a name may come to mean somebody else, so handles are kept by id. */
function userOf(core, name) {
  try {
    const id = core.inner.id(name);
    if (id === "") {
      return undefined;
    }
    if (!core.users.has(id)) {
      core.users.set(id, new User(core, core.inner.user(id), id));
    }
    return core.users.get(id);
  } catch (cause) {
    throw refusal(cause);
  }
}

/** The permission of this name, if a role has it at this revision. */
function permissionOf(core, name) {
  const current = core.current.get(name);
  if (current !== undefined) {
    return current;
  }
  try {
    if (!core.inner.has_permission(name)) {
      return undefined;
    }
    const known = core.permissions.get(name) ?? new Permission(core, core.inner.permission(name), name);
    core.permissions.set(name, known);
    core.current.set(name, known);
    return known;
  } catch (cause) {
    throw refusal(cause);
  }
}

/** The number of an answer: by numbers when everything was looked up before, else by names. */
function decided(core, user, permission, scope, told) {
  const chosen = options(told);
  const { at, conditions, parent, atLeast } = chosen;
  const isNamed = typeof user === "string" || typeof permission === "string" || typeof scope === "string";
  try {
    if (isNamed || Array.isArray(conditions) || parent !== undefined || atLeast !== undefined) {
      const [texts, between] = rowOf(named(core, user, permission, scope, chosen));
      return core.inner.decide(texts, between, moment(at), revision(atLeast));
    }
    const who = numberOf(user, core, User, "the user");
    const what = numberOf(permission, core, Permission, "the permission");
    const where = scope === undefined ? ORG : numberOf(scope, core, Scope, "the scope");
    const asserted = conditions === undefined ? NO_CONDITIONS : numberOf(conditions, core, Conditions, "`conditions`");
    return expectFresh(core.inner.check(who, what, where, asserted, moment(at)));
  } catch (cause) {
    throw refusal(cause);
  }
}

/** The texts of a question: user, permission, scope, parent, conditions. */
function named(core, user, permission, scope, { conditions, parent }) {
  let [who, what, where, within, asserted] = [user, permission, scope ?? "org", parent ?? "org", conditions];
  if (typeof user !== "string") {
    numberOf(user, core, User, "the user");
    who = user.id;
  }
  if (typeof permission !== "string") {
    numberOf(permission, core, Permission, "the permission");
    what = permission.name;
  }
  if (scope !== undefined && typeof scope !== "string") {
    numberOf(scope, core, Scope, "the scope");
    [where, within] = [scope.name, parent ?? scope.parent];
  }
  if (conditions instanceof Conditions) {
    numberOf(conditions, core, Conditions, "`conditions`");
    asserted = conditions.names;
  }
  const texts = [text(who, "the user"), text(what, "the permission"), text(where, "the scope"), text(within, "`parent`")];
  return asserted === undefined ? texts : texts.concat(names(asserted));
}

function expectFresh(code) {
  if (code < 0) {
    throw new CohortError("stale_handle", "a handle of another state; expected one that this state gave");
  }
  return code;
}

/** The answer of this number as a plain object. */
function decision(core, code) {
  const answer = { outcome: "allow", reason: "", revision: core.inner.revision(), validUntil: core.inner.until() };
  if (code >= UNCERTAIN_FROM) {
    answer.outcome = "indeterminate";
    answer.reason = UNCERTAINTIES[code - UNCERTAIN_FROM];
  } else if (code > 0) {
    answer.outcome = "deny";
    answer.reason = REASONS[code];
  }
  if (code === CONDITION_REQUIRED) {
    answer.conditions = core.inner.required().split("\n");
  }
  return answer;
}
