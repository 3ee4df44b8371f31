// The lines of a file `asks` (tests/src/asks.rs says what they mean), for every runtime that speaks JavaScript.

/** The steps of a file, in order. */
export function steps(text) {
  return text
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map(step);
}

function step(line) {
  const cut = line.indexOf(" = ");
  const [kind, ...words] = (cut < 0 ? line : line.slice(0, cut)).split(" ").map(word);
  const answer = cut < 0 ? undefined : line.slice(cut + 3);
  switch (kind) {
    case "at":
      return { line, kind, at: /^-?\d+$/.test(words[0]) ? Number(words[0]) : Date.parse(words[0]) };
    case "open":
    case "apply":
      return { line, kind, file: words[0], refused: answer };
    case "ask":
    case "role":
      return { line, kind, user: words[0], permission: words[1], ...clauses(line, words.slice(2)), expected: decision(answer) };
    case "who":
      return { line, kind, permission: words[0], ...clauses(line, words.slice(1)), expected: answer.split(" ").filter(Boolean) };
    default:
      throw new Error(`unknown step: ${line}`);
  }
}

/** `%` and two digits stand for a byte; `""` is the empty word. */
const word = (text) => (text === '""' ? "" : decodeURIComponent(text));

function clauses(line, words) {
  const told = { conditions: [] };
  for (let at = 0; at < words.length; at += 2) {
    const value = words[at + 1];
    if (words[at] === "on") told.scope = value;
    else if (words[at] === "in") told.parent = value;
    else if (words[at] === "with") told.conditions.push(value);
    else if (words[at] === "least") told.atLeast = Number(value);
    else if (words[at] === "of") told.of = value;
    else throw new Error(`unknown clause: ${line}`);
  }
  return told;
}

function decision(answer) {
  const cut = answer.indexOf(": ");
  const [outcome, reason, revision, until] = (cut < 0 ? answer : answer.slice(0, cut)).split(" ");
  const text = cut < 0 ? undefined : `${outcome}${answer.slice(cut)}`;
  const exact = reason !== undefined && { reason: reason === "-" ? "" : reason, revision: Number(revision), validUntil: Number(until) };
  return { text, decision: { outcome, ...exact } };
}
