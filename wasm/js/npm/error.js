// Every refusal of this package: an `Error` with a `code` that programs compare and a message for people.

export class CohortError extends Error {
  constructor(code, message, options) {
    super(message, options);
    this.name = "CohortError";
    this.code = code;
  }
}

/** An argument that is not what it must be. */
export function wrongType(what, expected, found) {
  const shown = found === null ? "null" : Array.isArray(found) ? "an array" : `${typeof found}`;
  return new CohortError("wrong_type", `${what} is ${shown}; expected ${expected}`);
}

/** Whether a call ended in a trap: nothing that the module holds is to be trusted then. */
let isBroken = false;

/** Refuses to go on after a trap. */
export function expectUsable() {
  if (isBroken) {
    throw new CohortError("unusable", "the module has ended in a trap before; expected a fresh page or process");
  }
}

/** The trap that a call ended in. */
export function trapped(cause) {
  isBroken = true;
  return new CohortError("unusable", "the module has ended in a trap; expected a fresh page or process", { cause });
}
