// Names that were looked up once. A handle stays good while deltas are applied, and is good for its own state alone.
import { CohortError, wrongType } from "./error.js";

class Handle {
  #core;
  #number;
  #kind;

  constructor(core, number) {
    this.#core = core;
    this.#number = number;
    this.#kind = new.target;
  }

  /** The number behind a handle of this kind, if it is of this state. */
  static number(handle, core, kind, what) {
    let owner;
    let found;
    try {
      owner = handle.#core;
      found = handle.#kind;
    } catch {
      // Whatever was not made here has neither; a look costs less than asking first.
    }
    if (found !== kind) {
      throw wrongType(what, "a string or what this state gave for one", handle);
    }
    if (owner !== core) {
      throw new CohortError("stale_handle", `${what} is a handle of another state; expected one that this state gave`);
    }
    return handle.#number;
  }
}

export class User extends Handle {
  constructor(core, number, id) {
    super(core, number);
    this.id = id;
    Object.freeze(this);
  }
}

export class Permission extends Handle {
  constructor(core, number, name) {
    super(core, number);
    this.name = name;
    Object.freeze(this);
  }
}

export class Scope extends Handle {
  constructor(core, number, name, parent) {
    super(core, number);
    this.name = name;
    this.parent = parent;
    Object.freeze(this);
  }
}

export class Conditions extends Handle {
  constructor(core, number, names) {
    super(core, number);
    this.names = Object.freeze([...names]);
    Object.freeze(this);
  }
}

export class Cursor extends Handle {
  constructor(core, number) {
    super(core, number);
    Object.freeze(this);
  }
}

export const numberOf = Handle.number;
