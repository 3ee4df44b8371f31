// Server-sent events from a fetched body: `EventSource` sends no token, and cannot be told from where to fetch.
import { CohortError } from "./error.js";

/** Letters of one event: above any that the server sends. */
const EVENT_LETTERS_MAX = 1 << 16;

/** The revisions that a stream of events tells; ends with the stream. `alive` is called for whatever arrives. */
export async function* revisions(body, alive) {
  for await (const data of events(body, alive)) {
    let told;
    try {
      told = JSON.parse(data)?.revision;
    } catch {
      told = undefined;
    }
    if (!Number.isSafeInteger(told)) {
      throw new CohortError("malformed", "malformed event; expected a revision");
    }
    yield told;
  }
}

/** The data of each event. Comments have none: they only say that the server is there. */
async function* events(body, alive) {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) {
        return;
      }
      alive();
      rest += decoder.decode(value, { stream: true });
      if (rest.length > EVENT_LETTERS_MAX) {
        throw new CohortError("too_large", "an event without end");
      }
      const parts = rest.split(/\r?\n\r?\n/);
      rest = parts.pop();
      for (const part of parts) {
        const data = part.split(/\r?\n/).filter((line) => line.startsWith("data:"));
        if (data.length > 0) {
          yield data.map((line) => line.slice(5).trimStart()).join("\n");
        }
      }
    }
  } finally {
    // Whoever stops reading wants the connection closed; one that is broken already has nothing to close.
    reader.cancel().catch(() => {});
  }
}
