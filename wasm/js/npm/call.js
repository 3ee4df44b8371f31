// Calls of the module: texts and bytes are written into its memory, numbers go in and come out, texts are read.
import { room, said, said_bytes } from "./cohort_bg.js";
import { CohortError, expectUsable, trapped } from "./error.js";

/** What the module says of a number that belongs to nothing, and of what it refuses. */
const STALE = -1;
const REFUSED = -2;
/** Stands between two texts: no UTF-8 has this byte. */
const BETWEEN = 255;
const UTF8_BYTES_MAX = 3;
const ASCII_LETTERS = 128;
const CONTROLS = 32;

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
let memory;
/** All of the memory; without a byte when it has grown, and is to be looked at anew. */
let bytes = new Uint8Array();

export function useMemory(own) {
  memory = own;
}

/**
 * What `act`, a function of the module, gives for these numbers, at most six: a number. They are told one by one, since to
 * collect them would cost a tenth of a question by handle.
 */
export function call(act, a, b, c, d, e, f) {
  expectUsable();
  let given;
  try {
    given = act(a, b, c, d, e, f);
  } catch (cause) {
    throw trapped(cause);
  }
  if (given === REFUSED) {
    const [code, message] = heard().split(/\n(.*)/s);
    throw new CohortError(code, message);
  }
  return given;
}

/** The same, of a number that is there. */
export function fresh(act, a, b, c, d, e, f) {
  const given = call(act, a, b, c, d, e, f);
  if (given === STALE) {
    throw new CohortError("stale_handle", "a handle of another state; expected one that this state gave");
  }
  return given;
}

/** The text that was said. */
export function heard() {
  const [from, count] = [said(), said_bytes()];
  return decoder.decode(seen().subarray(from, from + count));
}

/** The texts that were said, each with the end of its line. */
export function lines() {
  return heard().split("\n").slice(0, -1);
}

/** Writes a snapshot or delta; how many bytes that is. */
export function put(payload) {
  const from = roomFor(payload.length);
  seen().set(payload, from);
  return payload.length;
}

/** Writes texts in a row; how many bytes that is. */
export function row(texts) {
  const from = roomFor(texts.reduce((count, text) => count + text.length * UTF8_BYTES_MAX + 1, 0));
  const into = seen();
  let least = ASCII_LETTERS;
  let at = from;
  for (const text of texts) {
    if (at > from) {
      into[at++] = BETWEEN;
    }
    const { length } = text;
    let letter = 0;
    for (; letter < length; letter += 1) {
      const code = text.charCodeAt(letter);
      if (code >= ASCII_LETTERS) break;
      if (code < least) least = code;
      into[at++] = code;
    }
    if (letter < length) {
      least = 0;
      at += encoder.encodeInto(text.slice(letter), into.subarray(at)).written;
    }
  }
  if (least < CONTROLS && new Set(texts.join("").match(/[\0-\x1f]/g)).size === CONTROLS) {
    throw new CohortError("wrong_type", "texts with every control character in them; expected names");
  }
  return at - from;
}

/** Where to write; the module cannot go on without memory for what it reads, and then nothing would answer any more. */
function roomFor(count) {
  const from = call(room, count);
  if (from === 0) {
    const message = `no memory for what ${count} bytes hold; expected fewer, or states to be freed`;
    throw new CohortError("out_of_memory", message);
  }
  return from;
}

function seen() {
  if (bytes.length === 0) {
    bytes = new Uint8Array(memory.buffer);
  }
  return bytes;
}
