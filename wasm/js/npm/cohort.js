// The classes `Cohort` and `Selection`: what people write, as calls of the module. What the answer is comes from there.
import * as module from "./cohort_bg.js";
import { limit, moment, names, options, revision, text } from "./arguments.js";
import { call, fresh, heard, lines, put, row } from "./call.js";
import { expectBytes, pinned } from "./envelope.js";
import { CohortError, expectUsable, wrongType } from "./error.js";
import { CONDITIONS, CURSOR, Handle, PERMISSION, SCOPE, USER, numberOf } from "./handles.js";
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
const ALLOW = 0;
const CONDITION_REQUIRED = 7;
/** Numbers that every state gives out first. */
const ORG = 0;
const NO_CONDITIONS = 0;
/** For a list from its beginning. */
const FIRST = -1;
/** `moves` of a state that is closed or broken; equal to nothing, itself included. */
const ENDED = NaN;

/** Closes what nobody can ask any more. */
const forgotten = globalThis.FinalizationRegistry && new FinalizationRegistry(module.close);

/** One organisation's users, groups and grants at one revision, ready to be asked. */
export class Cohort {
  /** What selections and handles share with this object; `state` is the module's number. */
  #core;
  #verified;

  static async open(envelope, keys) {
    const bytes = expectBytes(envelope, "the envelope").slice();
    const verified = await pinned(keys);
    const cohort = Cohort.openVerified(await verified(bytes));
    cohort.#verified = verified;
    return cohort;
  }

  static openVerified(payload) {
    expectLoaded();
    const state = call(module.open, put(expectBytes(payload, "the payload")));
    // Permissions by name: all that were looked up, and those that a role has at this revision.
    const core = { state, moves: 0, users: new Map(), permissions: new Map(), current: new Map() };
    forgotten?.register(core, state, core);
    call(module.place, state, row(["org", "org"]));
    call(module.conditions, state, 0);
    const cohort = new Cohort();
    cohort.#core = core;
    return cohort;
  }

  async apply(envelope) {
    this.#open();
    if (this.#verified === undefined) {
      throw new CohortError("malformed_key", "this state was opened without keys; expected `applyVerified`");
    }
    this.applyVerified(await this.#verified(envelope));
  }

  applyVerified(payload) {
    const core = this.#open();
    const bytes = put(expectBytes(payload, "the payload"));
    const [moves, before] = [core.moves, this.revision];
    // A call that does not come back leaves nothing that still answers.
    core.moves = ENDED;
    try {
      call(module.apply, core.state, bytes);
    } catch (cause) {
      core.moves = cause.code === "unusable" ? ENDED : moves;
      throw cause;
    }
    const isHeartbeat = this.revision === before;
    core.moves = isHeartbeat ? moves : moves + 1;
    if (!isHeartbeat) {
      core.current.clear();
    }
  }

  user(name) {
    const core = this.#open();
    return userOf(core, text(name, USER));
  }

  permission(name) {
    return permissionOf(this.#open(), text(name, PERMISSION));
  }

  scope(name, parent = "org") {
    const core = this.#open();
    const texts = row([text(name, SCOPE), text(parent, "the parent")]);
    return new Handle(core, SCOPE, call(module.place, core.state, texts), { name, parent });
  }

  conditions(asserted) {
    const core = this.#open();
    const told = Object.freeze([...names(asserted)]);
    return new Handle(core, CONDITIONS, call(module.conditions, core.state, row(told)), { names: told });
  }

  can(user, permission, scope, told) {
    return decided(this.#open(), user, permission, scope, told) === ALLOW;
  }

  check(user, permission, scope, told) {
    const core = this.#open();
    return decision(core, decided(core, user, permission, scope, told));
  }

  checkMany(questions, told) {
    if (!Array.isArray(questions)) {
      throw wrongType("the questions", "an array of { user, permission, scope, parent }", questions);
    }
    this.#open();
    const shared = { ...options(told), at: moment(options(told).at) };
    return questions.map((question) => {
      if (typeof question !== "object" || question === null) {
        throw wrongType("a question", "{ user, permission, scope, parent }", question);
      }
      const { user, permission, scope, parent = shared.parent } = question;
      return this.check(user, permission, scope, { ...shared, parent });
    });
  }

  explain(user, permission, scope, told) {
    const core = this.#open();
    const { at, atLeast } = options(told);
    call(module.explain, core.state, row(named(core, user, permission, scope, options(told))), moment(at), revision(atLeast));
    return heard();
  }

  hasRole(user, role, scope, told) {
    return this.checkRole(user, role, scope, told).outcome === "allow";
  }

  checkRole(user, role, scope, told) {
    const core = this.#open();
    const at = moment(options(told).at);
    const [name, what, ...where] = named(core, user, text(role, "the role"), scope, options(told));
    const who = userOf(core, name);
    if (who === undefined) {
      // Nobody has no role for the reason that nobody may do nothing.
      return decision(core, fresh(module.decide, core.state, row([name, "", ...where]), at, 0));
    }
    return decision(core, fresh(module.has_role, core.state, numberOf(who, core, USER), row([what, ...where]), at));
  }

  whoCan(permission, scope, told) {
    const core = this.#open();
    const { after, limit: most, ...rest } = options(told);
    const from = after === undefined ? FIRST : numberOf(after, core, CURSOR);
    const page = limit(most);
    const [, name, ...where] = named(core, "", permission, scope, rest);
    const at = moment(rest.at);
    const known = permissionOf(core, name);
    if (known === undefined) {
      return { users: [] };
    }
    const next = call(module.who_can, core.state, numberOf(known, core, PERMISSION), row(where), at, from, page);
    const users = lines();
    return next < 0 ? { users } : { users, next: new Handle(core, CURSOR, next) };
  }

  select(user, told) {
    const core = this.#open();
    const { at, conditions } = options(told);
    const who = typeof user === "string" ? this.user(user) : user;
    const asserted = assertedNames(core, conditions);
    return selected(core, who ?? user, Array.isArray(conditions) ? [...asserted] : conditions, moment(at));
  }

  get revision() {
    return call(module.revision, this.#open().state);
  }

  get validUntil() {
    return call(module.valid_until, this.#open().state);
  }

  free() {
    const core = this.#core;
    if (core?.state !== undefined) {
      forgotten?.unregister(core);
      module.close(core.state);
      core.state = undefined;
      core.moves = ENDED;
    }
  }

  #open() {
    expectUsable();
    if (this.#core?.state === undefined) {
      throw new CohortError("closed", "this state was freed, or never opened; expected one from `Cohort.open`");
    }
    return this.#core;
  }
}

let selected;

/** One user at one moment: what was asked is answered once. */
export class Selection {
  #core;
  #moves = 0;
  #who;
  #told;
  /** Whether the user may do something in the whole organisation, by the number of the permission, and by its name. */
  #may;
  #mayNamed;
  #until;

  static {
    selected = (core, who, conditions, at) => {
      if (typeof who !== "string") {
        numberOf(who, core, USER);
      }
      const selection = new Selection();
      selection.#core = core;
      selection.#moves = core.moves;
      selection.#who = who;
      selection.#told = { at, conditions };
      selection.#may = [];
      selection.#mayNamed = new Map();
      return selection;
    };
  }

  can(permission, scope) {
    const core = this.#expectFresh();
    if (scope !== undefined) {
      return decided(core, this.#who, permission, scope, this.#told) === ALLOW;
    }
    if (typeof permission === "string") {
      return this.#mayNamed.get(permission) ?? this.#byName(core, permission);
    }
    return this.#byHandle(core, permission);
  }

  #byHandle(core, permission) {
    const number = numberOf(permission, core, PERMISSION);
    return (this.#may[number] ??= decided(core, this.#who, permission, undefined, this.#told) === ALLOW);
  }

  /** A name that no role has is not kept: there is no end to those. */
  #byName(core, name) {
    const known = permissionOf(core, name);
    if (known === undefined) {
      return false;
    }
    const may = this.#byHandle(core, known);
    this.#mayNamed.set(name, may);
    return may;
  }

  check(permission, scope) {
    const core = this.#expectFresh();
    return decision(core, decided(core, this.#who, permission, scope, this.#told));
  }

  get at() {
    return this.#told?.at;
  }

  get validUntil() {
    const core = this.#expectFresh();
    return (this.#until ??= this.#end(core));
  }

  /** Up to when holds whatever the user may do; for nobody, as long as the state. */
  #end(core) {
    const { at, conditions } = this.#told;
    if (typeof this.#who === "string") {
      return call(module.valid_until, core.state);
    }
    fresh(module.select, core.state, numberOf(this.#who, core, USER), row(assertedNames(core, conditions)), at);
    return call(module.until, core.state);
  }

  free() {
    this.#core = undefined;
  }

  #expectFresh() {
    const core = this.#core;
    if (core?.moves === this.#moves) {
      return core;
    }
    if (core?.state === undefined) {
      throw new CohortError("closed", "the selection or its state was freed; expected another `select`");
    }
    throw new CohortError("stale_handle", "the state has moved on since the selection; expected another `select`");
  }
}

for (const closed of [Cohort, Selection]) {
  if (Symbol.dispose !== undefined) {
    closed.prototype[Symbol.dispose] = closed.prototype.free;
  }
}

/** The user of this name or id; a name may come to mean somebody else, so handles are kept by id. */
function userOf(core, name) {
  const { state, users } = core;
  call(module.id, state, row([name]));
  const id = heard();
  if (id === "") {
    return undefined;
  }
  if (!users.has(id)) {
    users.set(id, new Handle(core, USER, call(module.user, state, row([id])), { id }));
  }
  return users.get(id);
}

/** The permission of this name, if a role has it at this revision. */
function permissionOf(core, name) {
  const { state, permissions, current } = core;
  let known = current.get(name);
  if (known === undefined && call(module.has_permission, state, row([name])) === 0) {
    known = permissions.get(name) ?? new Handle(core, PERMISSION, call(module.permission, state, row([name])), { name });
    permissions.set(name, known);
    current.set(name, known);
  }
  return known;
}

/** The number of an answer: by numbers when everything was looked up before, else by names. */
function decided(core, user, permission, scope, told) {
  const chosen = options(told);
  const { at, conditions, parent, atLeast } = chosen;
  const isNamed = typeof user === "string" || typeof permission === "string" || typeof scope === "string";
  if (isNamed || Array.isArray(conditions) || parent !== undefined || atLeast !== undefined) {
    return fresh(module.decide, core.state, row(named(core, user, permission, scope, chosen)), moment(at), revision(atLeast));
  }
  return fresh(
    module.check,
    core.state,
    numberOf(user, core, USER),
    numberOf(permission, core, PERMISSION),
    scope === undefined ? ORG : numberOf(scope, core, SCOPE),
    conditions === undefined ? NO_CONDITIONS : numberOf(conditions, core, CONDITIONS),
    moment(at),
  );
}

/** The texts of a question: user, permission, scope, parent, conditions. */
function named(core, user, permission, scope, { conditions, parent }) {
  return [
    nameOf(user, core, USER),
    nameOf(permission, core, PERMISSION),
    scope === undefined ? "org" : nameOf(scope, core, SCOPE),
    text(parent ?? scope?.parent ?? "org", "`parent`"),
    ...assertedNames(core, conditions),
  ];
}

/** The text that is told, or that a handle was looked up by. */
function nameOf(told, core, kind) {
  if (typeof told === "string") {
    return text(told, kind);
  }
  numberOf(told, core, kind);
  return told.id ?? told.name;
}

/** The names of conditions, told so or by handle. */
function assertedNames(core, conditions) {
  if (conditions === undefined || Handle.kind(conditions) !== CONDITIONS) {
    return names(conditions);
  }
  numberOf(conditions, core, CONDITIONS);
  return conditions.names;
}

/** The answer of this number as a plain object. */
function decision({ state }, code) {
  const isCertain = code < UNCERTAIN_FROM;
  const answer = {
    outcome: code === ALLOW ? "allow" : isCertain ? "deny" : "indeterminate",
    reason: isCertain ? REASONS[code] : UNCERTAINTIES[code - UNCERTAIN_FROM],
    revision: call(module.revision, state),
    validUntil: call(module.until, state),
  };
  if (code === CONDITION_REQUIRED) {
    call(module.required, state);
    answer.conditions = lines();
  }
  return answer;
}
