// Measures the raw module (docs/raw-abi.md) on a snapshot without names, and prints the figures as JSON.
// Arguments: the module, the snapshot, and the questions as `cohort-bench` writes them.
import { readFileSync } from "node:fs";
import { CHUNK, measure, measureChunks, rows } from "./measuring.mjs";

const [modulePath, snapshotPath, questionsPath] = process.argv.slice(2);
const module = new WebAssembly.Module(readFileSync(modulePath));
const snapshot = readFileSync(snapshotPath);
const questions = JSON.parse(readFileSync(questionsPath, "utf8"));
const at = BigInt(questions.at);
const encoder = new TextEncoder();
/** Copies the snapshot into an instance, and opens it. */
function openIn(exports) {
  const address = exports.cohort_alloc(snapshot.length);
  new Uint8Array(exports.memory.buffer, address, snapshot.length).set(snapshot);
  const state = exports.cohort_open(address, snapshot.length);
  exports.cohort_free(address, snapshot.length);
  if (state <= 0) throw new Error(`the snapshot was refused with ${state}`);
  return state;
}

measure("open snapshot in a fresh instance", 1, () => openIn(new WebAssembly.Instance(module, {}).exports));

const { exports } = new WebAssembly.Instance(module, {});
measure("open snapshot", 1, () => exports.cohort_close(openIn(exports)));

const state = openIn(exports);
const memory_bytes = exports.memory.buffer.byteLength;
const { cohort_abi_version, cohort_check, cohort_can, cohort_decide } = exports;
const room = exports.cohort_alloc(1024);

/** The handles of `texts`, which `look` looks up. */
function handles(texts, look) {
  return Int32Array.from(texts, (text) => {
    if (text === "") return 0;
    const { written } = encoder.encodeInto(text, new Uint8Array(exports.memory.buffer, room, 1024));
    const handle = look(state, room, written, 0, 0);
    if (handle <= 0) throw new Error(`no handle for ${text}: ${handle}`);
    return handle;
  });
}

const users = handles(questions.users, exports.cohort_user);
const permissions = handles(questions.permissions, exports.cohort_permission);
const places = handles(questions.scopes, exports.cohort_place);
const mixedUsers = Int32Array.from(questions.mixed, ([user]) => users[user]);
const mixedPermissions = Int32Array.from(questions.mixed, ([, asked]) => permissions[asked]);
const mixedPlaces = Int32Array.from(questions.mixed, ([, asked]) => places[asked]);

function empty(from) {
  let sum = 0;
  for (let index = from; index < from + CHUNK; index += 1) sum += cohort_abi_version();
  return sum;
}

function loop(from) {
  let sum = 0;
  for (let index = from; index < from + CHUNK; index += 1) sum += users[index];
  return sum;
}

function check(from) {
  let allowed = 0;
  for (let index = from; index < from + CHUNK; index += 1) {
    if (cohort_check(state, users[index], permissions[index], places[index], 0, at, 0) === 1) allowed += 1;
  }
  return allowed;
}

function checkMixed(from) {
  let allowed = 0;
  for (let index = from; index < from + CHUNK; index += 1) {
    const user = mixedUsers[index];
    if (cohort_check(state, user, mixedPermissions[index], mixedPlaces[index], 0, at, 0) === 1) allowed += 1;
  }
  return allowed;
}

const selection = exports.cohort_select(state, users[0], 0, at);

function can(from) {
  let allowed = 0;
  for (let index = from; index < from + CHUNK; index += 1) {
    if (cohort_can(selection, permissions[index]) === 1) allowed += 1;
  }
  return allowed;
}

const answer = exports.cohort_alloc(24);
let buffer = new Uint8Array(exports.memory.buffer);
let view = new DataView(exports.memory.buffer);

/** Writes `text` to the module, and gives its bytes: short ASCII texts, as nearly all are, a letter at a time. */
function put(text, at) {
  for (let index = 0; index < text.length; index += 1) {
    const letter = text.charCodeAt(index);
    if (letter > 0x7f) return encoder.encodeInto(text, buffer.subarray(at, room + 1024)).written;
    buffer[at + index] = letter;
  }
  return text.length;
}

/** A text behind its length; where it ends. */
function putText(text, at) {
  const written = put(text, at + 2);
  view.setUint16(at, written, true);
  return at + 2 + written;
}

// All questions are about one moment and any revision: what stands before their texts is written once.
view.setBigInt64(room, at, true);
view.setBigUint64(room + 8, 0n, true);

/** A question in the form of docs/raw-abi.md, and its outcome. */
function decide(user, permission, scope) {
  if (buffer.length === 0) {
    buffer = new Uint8Array(exports.memory.buffer);
    view = new DataView(exports.memory.buffer);
  }
  let end = putText(user, room + 16);
  end = putText(permission, end);
  end = putText(scope, end);
  end = putText("", end);
  view.setUint16(end, 0, true);
  const status = cohort_decide(state, room, end + 2 - room, answer);
  if (status !== 0) throw new Error(`a question was refused with ${status}`);
  return buffer[answer];
}

function decideChunk(from) {
  let allowed = 0;
  for (let index = from; index < from + CHUNK; index += 1) {
    const user = questions.users[index];
    if (decide(user, questions.permissions[index], questions.scopes[index]) === 1) allowed += 1;
  }
  return allowed;
}

measureChunks("the loop alone", users.length, loop);
measureChunks("empty call", users.length, empty);
measureChunks("can, of a selected user", users.length, can);
measureChunks("check by handle", users.length, check);
measureChunks("check by handle, random triples", mixedUsers.length, checkMixed);
measureChunks("decide, user by id", users.length, decideChunk);

let allowed = 0;
for (let from = 0; from + CHUNK <= users.length; from += CHUNK) allowed += check(from);
console.log(JSON.stringify({ rows, allowed, memory_bytes }));
