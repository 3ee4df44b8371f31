// What callers hand over, looked at before it reaches the module, which takes texts and numbers without a look.
import { CohortError, wrongType } from "./error.js";

/** UTF-16 units of one text: far above every name, far below what a copy of would hurt. */
const TEXT_UNITS_MAX = 1 << 16;
/** Users of one page of `whoCan`. */
const PAGE_USERS_MAX = 10_000;
const PAGE_USERS = 100;
/** Conditions that one question may assert. */
const CONDITIONS_MAX = 64;
const NONE = Object.freeze([]);
const NO_OPTIONS = {};

export function text(value, what) {
  if (typeof value !== "string") {
    throw wrongType(what, "a string", value);
  }
  if (value.length > TEXT_UNITS_MAX) {
    throw new CohortError("too_large", `${what} has ${value.length} letters; expected at most ${TEXT_UNITS_MAX}`);
  }
  return value;
}

export function optionalText(value, what) {
  return value === undefined ? undefined : text(value, what);
}

export function options(value) {
  if (value === undefined) {
    return NO_OPTIONS;
  }
  if (typeof value !== "object" || value === null) {
    throw wrongType("the options", "an object", value);
  }
  return value;
}

/** A moment in milliseconds since 1970; now if none is told. */
export function moment(value) {
  return value === undefined ? Date.now() : whole(value, "`at`");
}

export function revision(value) {
  const number = value === undefined ? 0 : whole(value, "`atLeast`");
  if (number < 0) {
    throw wrongType("`atLeast`", "a revision, 0 or more", value);
  }
  return number;
}

export function limit(value) {
  const number = value === undefined ? PAGE_USERS : whole(value, "`limit`");
  if (number < 1 || number > PAGE_USERS_MAX) {
    throw new CohortError("wrong_type", `\`limit\` is ${number}; expected 1 to ${PAGE_USERS_MAX}`);
  }
  return number;
}

function whole(value, what) {
  if (typeof value !== "number" || !Number.isFinite(value)) {
    throw wrongType(what, "a number", value);
  }
  return Math.trunc(value);
}

/** Names of conditions; none if absent. */
export function names(value) {
  if (value === undefined) {
    return NONE;
  }
  if (!Array.isArray(value)) {
    throw wrongType("`conditions`", "an array of strings", value);
  }
  if (value.length > CONDITIONS_MAX) {
    throw new CohortError("too_large", `${value.length} conditions; expected at most ${CONDITIONS_MAX}`);
  }
  for (const name of value) {
    text(name, "a condition");
  }
  return value;
}
