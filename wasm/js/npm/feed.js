// What a server's edge feed is asked for, each request with a bound of time. Who fetches, and with what token, is the
// caller's choice.
import { BYTES_MAX } from "./envelope.js";
import { CohortError, wrongType } from "./error.js";
import { revisions } from "./watch.js";

/** For an answer to arrive whole, waiting not counted. */
const ANSWER_MILLIS = 30_000;
/** For which a long poll waits; servers and proxies cut longer ones. */
const WAIT_SECONDS = 25;
/** A stream says something every 15 seconds; one that is silent for so long has gone without a word. */
const SILENCE_MILLIS = 45_000;

/** The function that fetches a path of the feed: the caller's own, or one made of an address and a token. */
export function fetching({ fetch: own, url, token }) {
  if (typeof own === "function") {
    return own;
  }
  if (typeof url !== "string" || (token !== undefined && typeof token !== "string" && typeof token !== "function")) {
    throw wrongType("where to fetch", "`fetch`, or `url` with `token`", own ?? url);
  }
  const base = url.replace(/\/+$/, "");
  return async (path, { signal, headers }) => {
    const told = typeof token === "function" ? await token() : token;
    const all = told === undefined ? headers : { ...headers, authorization: `Bearer ${told}` };
    // Without a word about caches, which not every runtime has: the server's answers say that they are to be asked for.
    return fetch(base + path, { signal, headers: all });
  };
}

/** Where the slice of one user is: the caller's backend knows whose, or the question says it. */
function sliceAt(slice) {
  if (slice === undefined || slice === true) {
    return slice && "/slice";
  }
  const expected = "true, or { user, permissions, scopes }";
  const isRow = (row) => Array.isArray(row) && row.every((one) => typeof one === "string" && !one.includes(","));
  if (typeof slice !== "object" || slice === null || typeof slice.user !== "string") {
    throw wrongType("`slice`", expected, slice);
  }
  const { user, permissions, scopes = [] } = slice;
  if (!isRow(permissions) || !isRow(scopes)) {
    throw wrongType("what `slice` is about", "arrays of names without commas", isRow(permissions) ? scopes : permissions);
  }
  const row = (names) => names.map(encodeURIComponent).join(",");
  return `/slice?user=${encodeURIComponent(user)}&permissions=${row(permissions)}&scopes=${row(scopes)}`;
}

export class Feed {
  #fetch;
  #slice;
  #tag;
  #closed = new AbortController();

  constructor(fetch, slice) {
    this.#fetch = fetch;
    this.#slice = sliceAt(slice);
  }

  /** Whether it tells about one user alone, always as a whole. */
  get isSlice() {
    return this.#slice !== undefined;
  }

  /** The envelope of a snapshot or slice, and the tag of a slice; nothing when the slice that is kept is still that one. */
  async whole() {
    const path = this.#slice ?? "/snapshot";
    const headers = this.#tag === undefined ? {} : { "if-none-match": this.#tag };
    return this.#read(path, headers, ANSWER_MILLIS, async (response) => {
      if (response.status === 304) {
        return undefined;
      }
      const tag = this.isSlice ? (response.headers.get("etag") ?? undefined) : undefined;
      return { envelope: await wholeOf(response, path), tag };
    });
  }

  /** Remembers the tag of the slice that is now kept. */
  keep(tag) {
    this.#tag = tag;
  }

  /** The envelope of what changed since a revision; a heartbeat when nothing did. */
  delta(from) {
    return this.#bytes(`/delta?from=${from}`, ANSWER_MILLIS);
  }

  /** The same, once something has changed or the wait is over. */
  nextDelta(from) {
    return this.#bytes(`/delta?from=${from}&wait=${WAIT_SECONDS}`, ANSWER_MILLIS + WAIT_SECONDS * 1000);
  }

  /** Revisions as they are published, until the stream ends. */
  async *watch() {
    const bound = this.#bound(ANSWER_MILLIS);
    try {
      const response = await this.#answered("/watch", { accept: "text/event-stream" }, bound);
      if (response.body === null || response.body === undefined) {
        throw new CohortError("unreachable", "an answer that cannot be read while it arrives");
      }
      bound.extend(SILENCE_MILLIS);
      yield* revisions(response.body, () => bound.extend(SILENCE_MILLIS));
    } catch (cause) {
      throw unreachable(cause, "/watch");
    } finally {
      bound.abort();
    }
  }

  close() {
    this.#closed.abort();
  }

  #bytes(path, millis) {
    return this.#read(path, {}, millis, (response) => wholeOf(response, path));
  }

  async #read(path, headers, millis, read) {
    const bound = this.#bound(millis);
    try {
      return await read(await this.#answered(path, headers, bound));
    } catch (cause) {
      throw unreachable(cause, path);
    } finally {
      bound.abort();
    }
  }

  async #answered(path, headers, { signal }) {
    const response = await this.#fetch(path, { signal, headers });
    if (response.ok || (response.status === 304 && headers["if-none-match"] !== undefined)) {
      return response;
    }
    const code = response.status === 401 || response.status === 403 ? "unauthorized" : "refused";
    throw new CohortError(code, `${path.split("?")[0]} is answered by ${response.status}; expected 200`);
  }

  /** Ends a request after its time, or when the feed is closed. */
  #bound(millis) {
    const controller = new AbortController();
    const abort = () => controller.abort();
    let timer = setTimeout(abort, millis);
    const closed = this.#closed.signal;
    closed.addEventListener("abort", abort);
    if (closed.aborted) {
      abort();
    }
    return {
      signal: controller.signal,
      extend(more) {
        clearTimeout(timer);
        timer = setTimeout(abort, more);
      },
      abort() {
        clearTimeout(timer);
        closed.removeEventListener("abort", abort);
        abort();
      },
    };
  }
}

/** All bytes of an answer, unless they are more than any snapshot has. */
async function wholeOf(response, path) {
  if (!response.body?.getReader) {
    return new Uint8Array(await response.arrayBuffer());
  }
  const reader = response.body.getReader();
  const chunks = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) {
      break;
    }
    length += value.length;
    if (length > BYTES_MAX) {
      reader.cancel().catch(() => {});
      throw new CohortError("too_large", `the answer to ${path.split("?")[0]} has more than ${BYTES_MAX} bytes`);
    }
    chunks.push(value);
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

function unreachable(cause, path) {
  if (cause instanceof CohortError) {
    return cause;
  }
  return new CohortError("unreachable", `no answer to ${path.split("?")[0]}: ${cause?.message ?? cause}`, { cause });
}
