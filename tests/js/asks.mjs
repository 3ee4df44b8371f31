// The files of `tests/data/snapshots/`: a small organisation, a delta, and the answers that every face gives.
import { readFileSync } from "node:fs";

const folder = new URL("../data/snapshots/", import.meta.url);

export const snapshot = () => new Uint8Array(readFileSync(new URL("small.snapshot", folder)));
export const delta = () => new Uint8Array(readFileSync(new URL("small.delta", folder)));

/** A copy of `bytes` with one bit changed in the byte `at`. */
export function flipped(bytes, at) {
  const copy = bytes.slice();
  copy[at] ^= 1;
  return copy;
}

/** The lines in order: `{ apply: true }`, or a question with `expected`, what `explain` says. */
export function asks() {
  const steps = [];
  let at;
  for (const line of readFileSync(new URL("small.asks", folder), "utf8").split("\n")) {
    const [question, expected] = line.split(" = ");
    const [word, ...rest] = question.split(" ");
    if (word === "at") {
      at = Date.parse(rest[0]);
    } else if (word === "apply") {
      steps.push({ apply: true });
    } else if (word === "ask") {
      const [user, permission, on, scope] = rest;
      steps.push({ line, user, permission, scope: on && scope, at, expected });
    }
  }
  return steps;
}
