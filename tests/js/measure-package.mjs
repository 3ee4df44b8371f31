// Measures the npm package on a snapshot without names, and prints the figures as JSON.
// Arguments: the package's entry for Node, the snapshot, and the questions as `cohort-bench` writes them.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { CHUNK, measure, measureChunks, rows } from "./measuring.mjs";

const [entry, snapshotPath, questionsPath] = process.argv.slice(2);
const { Cohort, init } = await import(pathToFileURL(entry).href);
const snapshot = readFileSync(snapshotPath);
const questions = JSON.parse(readFileSync(questionsPath, "utf8"));
const told = { at: questions.at };
await init();

measure("open snapshot", 1, () => Cohort.openVerified(snapshot).free());

const cohort = Cohort.openVerified(snapshot);
const kept = (look) => {
  const known = new Map();
  return (text) => known.get(text) ?? known.set(text, look(text)).get(text);
};
const users = questions.users.map(kept((id) => cohort.user(id)));
const permissions = questions.permissions.map(kept((name) => cohort.permission(name)));
const scopeNames = questions.scopes.map((name) => (name === "" ? undefined : name));
const scopes = scopeNames.map(kept((name) => (name === undefined ? undefined : cohort.scope(name))));
const selection = cohort.select(users[0], told);

/** How many of a chunk are allowed, of which `may` says one by its place. */
const allowed = (may) => (from) => {
  let count = 0;
  for (let index = from; index < from + CHUNK; index += 1) if (may(index)) count += 1;
  return count;
};
const byHandle = allowed((index) => cohort.can(users[index], permissions[index], scopes[index], told));
const byId = allowed((index) => cohort.can(questions.users[index], questions.permissions[index], scopeNames[index], told));

const count = users.length;
measureChunks("empty call", count, allowed(() => cohort.revision > 0));
measureChunks("can, of a selected user", count, allowed((index) => selection.can(permissions[index])));
measureChunks("can, of a selected user, by name", count, allowed((index) => selection.can(questions.permissions[index])));
measureChunks("check by handle", count, byHandle);
measureChunks("decide, user by id", count, byId);

let [sum, sumById] = [0, 0];
for (let from = 0; from + CHUNK <= count; from += CHUNK) {
  sum += byHandle(from);
  sumById += byId(from);
}
if (sumById !== sum) throw new Error(`${sumById} are allowed by id; expected ${sum}, as by handle`);
console.log(JSON.stringify({ rows, allowed: sum }));
