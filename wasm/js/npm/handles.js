// Names that were looked up once. A handle stays good while deltas are applied, and is good for its own state alone.
import { CohortError, wrongType } from "./error.js";

/** What there are handles of, in the words of refusals. */
export const USER = "the user";
export const PERMISSION = "the permission";
export const SCOPE = "the scope";
export const CONDITIONS = "`conditions`";
export const CURSOR = "`after`";

export class Handle {
  #core;
  #kind;
  #number;

  constructor(core, kind, number, told) {
    this.#core = core;
    this.#kind = kind;
    this.#number = number;
    Object.freeze(Object.assign(this, told));
  }

  /** What it is a handle of; nothing for whatever was not made here. */
  static kind(handle) {
    try {
      return handle.#kind;
    } catch {
      // A look costs less than asking first.
      return undefined;
    }
  }

  /** The number behind a handle of this kind, if it is of this state. */
  static number(handle, core, kind) {
    if (Handle.kind(handle) !== kind) {
      throw wrongType(kind, "a string or what this state gave for one", handle);
    }
    if (handle.#core !== core) {
      throw new CohortError("stale_handle", `${kind} is a handle of another state; expected one that this state gave`);
    }
    return handle.#number;
  }
}

export const numberOf = Handle.number;
