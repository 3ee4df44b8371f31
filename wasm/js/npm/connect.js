// `connect`: a state that follows a server. It keeps the last good one while the server is away, and answers nothing
// but `indeterminate` once that may no longer be used.
import { decision, question } from "./ask.js";
import { Cohort } from "./cohort.js";
import { pinned } from "./envelope.js";
import { CohortError, wrongType } from "./error.js";
import { Feed, fetching } from "./feed.js";
import { init } from "./load.js";

export { askServer } from "./ask.js";

/** Between attempts: doubled from the first to the last, with some chance in it so that clients do not come together. */
const PAUSE_FIRST_MILLIS = 250;
const PAUSE_MAX_MILLIS = 30_000;
/** The least time for a round of polling, in case a server answers without waiting for news. */
const ROUND_MILLIS_MIN = 1_000;
/** A connection that held for so long was a good one: what ends it is no reason to wait long. */
const GOOD_MILLIS = 10_000;
/** What timers can count to. */
const TIMER_MILLIS_MAX = 2 ** 31 - 1;
/** Between two looks for another slice, where the stream of revisions does not come through. */
const SLICE_EVERY_MILLIS = 5_000;
/** The least time between two heartbeats. */
const HEARTBEAT_MILLIS_MIN = 1_000;

/** Follows a server; the returned object answers at once, with `indeterminate` until there is a state. */
export function connect(options) {
  if (typeof options !== "object" || options === null) {
    throw wrongType("the options", "an object", options);
  }
  for (const name of ["onChange", "onError", "ask", "now"]) {
    if (options[name] !== undefined && typeof options[name] !== "function") {
      throw wrongType(`\`${name}\``, "a function", options[name]);
    }
  }
  return new Live(options, new Feed(fetching(options), options.slice), opening);
}

/** Known to this file alone, so that nobody else makes a `Live`. */
const opening = Symbol("opening");

export class Live {
  #verified;
  #feed;
  #cohort;
  #ask;
  #now;
  #status = "connecting";
  #error;
  #onChange;
  #onError;
  #pauses = 0;
  #wake = () => {};
  #turn = Promise.resolve();
  /** The earliest moment at which an answer that was given ends. */
  #given = Infinity;
  #ending;
  #heartbeat;

  constructor({ keys, onChange = () => {}, onError = () => {}, ask, now = Date.now, module }, feed, key) {
    if (key !== opening) {
      throw new CohortError("closed", "a connection of its own making; expected one from `connect`");
    }
    [this.#feed, this.#ask, this.#now] = [feed, ask, now];
    [this.#onChange, this.#onError] = [onChange, onError];
    this.ready = this.#start(keys, module);
  }

  /** `connecting`, `live`, `behind`, `stale`, `asking`, `failed` or `closed`. */
  get status() {
    const isOver = this.#cohort !== undefined && this.#now() >= this.#cohort.validUntil;
    return isOver && this.#status !== "closed" ? "stale" : this.#status;
  }

  /** What went wrong last, until it goes well again. */
  get error() {
    return this.#error;
  }

  /** The last good state; it ends with the next snapshot, so keep neither it nor its handles. */
  get cohort() {
    return this.#cohort;
  }

  can(user, permission, scope, told) {
    return this.check(user, permission, scope, told).outcome === "allow";
  }

  check(user, permission, scope, told) {
    if (this.#cohort === undefined) {
      question(user, permission, scope, told);
      return unanswered(this.#error?.code ?? (this.#status === "closed" ? "closed" : "not_connected"), this.#now());
    }
    const answer = this.#cohort.check(user, permission, scope, { at: this.#now(), ...told });
    this.#remember(answer);
    return answer;
  }

  explain(user, permission, scope, told) {
    if (this.#cohort === undefined) {
      const { outcome, reason } = this.check(user, permission, scope, told);
      return `${outcome}: ${reason.replaceAll("_", " ")}`;
    }
    return this.#cohort.explain(user, permission, scope, { at: this.#now(), ...told });
  }

  /** The answer of the module, or where it cannot run that of `ask`; `indeterminate` when there is neither. */
  async ask(user, permission, scope, told) {
    await this.ready;
    if (this.#status !== "asking") {
      return this.check(user, permission, scope, told);
    }
    const asked = question(user, permission, scope, told);
    try {
      const answer = decision(await this.#ask(asked));
      this.#remember(answer);
      this.#well();
      return answer;
    } catch (cause) {
      this.#fail(cause);
      return unanswered(cause?.code ?? "unreachable", this.#now());
    }
  }

  /** Follows no longer; every answer is `indeterminate` from here on. */
  close() {
    if (this.#status === "closed") {
      return;
    }
    this.#status = "closed";
    this.#feed.close();
    clearTimeout(this.#ending);
    clearTimeout(this.#heartbeat);
    this.#cohort?.free();
    this.#cohort = undefined;
    this.#wake();
  }

  async #start(keys, module) {
    try {
      this.#verified = await pinned(keys);
      await init(module);
    } catch (cause) {
      if (this.#status !== "closed") {
        this.#status = cause.code === "not_loaded" && this.#ask !== undefined ? "asking" : "failed";
        this.#fail(cause);
      }
      return this;
    }
    const first = new Promise((resolve) => (this.#announced = resolve));
    this.#follow();
    await first;
    return this;
  }

  /** Resolves `ready`: there is a state, or the first attempt has failed. */
  #announced = () => {};

  async #follow() {
    while (this.#status !== "closed") {
      const began = Date.now();
      try {
        await this.#inTurn(() => this.#catchUp());
        await this.#round();
        this.#pauses = 0;
        await this.#pause(ROUND_MILLIS_MIN - (Date.now() - began));
      } catch (cause) {
        if (this.#status === "closed") {
          break;
        }
        this.#fail(cause);
        this.#pauses = Date.now() - began > GOOD_MILLIS ? 0 : this.#pauses;
        await this.#pause(this.#nextPause());
      }
    }
    this.#announced();
  }

  /** Follows the stream of revisions; where that does not come, one long poll. */
  async #round() {
    let isStreaming = false;
    try {
      for await (const revision of this.#feed.watch()) {
        isStreaming = true;
        if (revision !== this.#cohort.revision) {
          await this.#inTurn(() => this.#catchUp());
        }
        this.#well();
      }
    } catch (cause) {
      if (isStreaming || this.#status === "closed" || cause.code === "unauthorized") {
        throw cause;
      }
    }
    if (!isStreaming && this.#feed.isSlice) {
      await this.#pause(SLICE_EVERY_MILLIS);
      return;
    }
    if (!isStreaming) {
      await this.#take(await this.#feed.nextDelta(this.#cohort.revision));
      this.#well();
      return;
    }
    throw new CohortError("unreachable", "the stream of revisions has ended");
  }

  /**
   * Brings the state to the server's revision, or further in time: by a delta, or by a snapshot where none fits. Deltas are
   * about everybody, so a slice is replaced as a whole when it is another one.
   */
  async #catchUp() {
    if (this.#cohort !== undefined && !this.#feed.isSlice) {
      try {
        await this.#take(await this.#feed.delta(this.#cohort.revision));
        return;
      } catch (cause) {
        if (cause.code === "unauthorized" || cause.code === "unreachable" || this.#status === "closed") {
          throw cause;
        }
        // A server that has no delta from here, or whose delta is refused, may have a snapshot that is good.
        this.#report(cause);
      }
    }
    const whole = await this.#feed.whole();
    if (whole === undefined) {
      this.#well();
      return;
    }
    await this.#replace(whole.envelope);
    this.#feed.keep(whole.tag);
  }

  /** One after the other: two deltas from one revision would each spoil the other's base. */
  #inTurn(act) {
    const turn = this.#turn.then(act);
    this.#turn = turn.catch(() => {});
    return turn;
  }

  async #take(envelope) {
    const cohort = this.#cohort;
    const before = cohort.revision;
    const payload = await this.#verified(envelope);
    // While the signature was looked at, the state may have been replaced, or have moved on by another way.
    if (cohort !== this.#cohort || cohort.revision !== before) {
      return;
    }
    cohort.applyVerified(payload);
    this.#well();
    this.#schedule();
    if (cohort.revision !== before) {
      this.#announce("delta");
    }
  }

  async #replace(envelope) {
    const payload = await this.#verified(envelope);
    if (this.#status === "closed") {
      return;
    }
    const next = Cohort.openVerified(payload);
    const before = this.#cohort;
    // Signed bytes of yesterday are still signed: they replace nothing that is good today.
    if (before !== undefined && next.revision < before.revision && this.#now() < before.validUntil) {
      const message = `snapshot of revision ${next.revision}; expected ${before.revision} or later`;
      next.free();
      throw new CohortError("older", message);
    }
    const isNews = before === undefined || before.revision !== next.revision;
    this.#cohort = next;
    before?.free();
    this.#well();
    this.#schedule();
    if (isNews) {
      this.#announce("snapshot");
    }
  }

  /** A heartbeat half-way to the end of the state, and word of that end. */
  #schedule() {
    const left = this.#cohort.validUntil - this.#now();
    clearTimeout(this.#heartbeat);
    const beat = () => {
      if (this.#status === "live") {
        this.#inTurn(() => this.#catchUp()).catch((cause) => this.#report(cause));
      }
    };
    this.#heartbeat = timer(beat, Math.max(left / 2, HEARTBEAT_MILLIS_MIN));
    this.#remember({ validUntil: this.#cohort.validUntil });
  }

  /** Sees to it that whoever got this answer hears when it is over. */
  #remember({ validUntil }) {
    if (validUntil <= this.#now() || validUntil >= this.#given) {
      return;
    }
    this.#given = validUntil;
    clearTimeout(this.#ending);
    const over = () => {
      if (this.#now() < this.#given) {
        this.#ending = timer(over, this.#given - this.#now());
        return;
      }
      this.#announce("time");
    };
    this.#ending = timer(over, validUntil - this.#now());
  }

  #announce(why) {
    if (this.#status === "closed") {
      return;
    }
    // Whoever is told asks again, and says by that which moments matter from here on.
    this.#given = Infinity;
    clearTimeout(this.#ending);
    if (this.#cohort !== undefined) {
      this.#remember({ validUntil: this.#cohort.validUntil });
    }
    this.#announced();
    call(this.#onChange, { why, live: this });
  }

  #well() {
    this.#error = undefined;
    if (this.#status === "connecting" || this.#status === "behind") {
      this.#status = "live";
    }
  }

  #report(cause) {
    if (this.#status === "closed") {
      return;
    }
    this.#error = cause instanceof CohortError ? cause : new CohortError("unreachable", String(cause?.message ?? cause), { cause });
    call(this.#onError, this.#error);
  }

  #fail(cause) {
    this.#report(cause);
    if (this.#status === "live") {
      this.#status = "behind";
    }
    this.#announced();
  }

  #nextPause() {
    const most = Math.min(PAUSE_FIRST_MILLIS * 2 ** this.#pauses, PAUSE_MAX_MILLIS);
    this.#pauses = Math.min(this.#pauses + 1, 16);
    return most / 2 + (Math.random() * most) / 2;
  }

  /** Waits for so long, or until the connection is closed. */
  #pause(millis) {
    if (millis <= 0 || this.#status === "closed") {
      return undefined;
    }
    return new Promise((resolve) => {
      const waiting = setTimeout(resolve, millis);
      this.#wake = () => {
        clearTimeout(waiting);
        resolve();
      };
    });
  }
}

if (Symbol.dispose !== undefined) {
  Live.prototype[Symbol.dispose] = Live.prototype.close;
}

function unanswered(reason, now) {
  return { outcome: "indeterminate", reason, revision: 0, validUntil: now };
}

function timer(act, millis) {
  return setTimeout(act, Math.min(Math.max(millis, 0), TIMER_MILLIS_MAX));
}

/** What a listener throws is its own affair: it shows as an uncaught error, and the state goes on following. */
function call(listener, word) {
  try {
    listener(word);
  } catch (cause) {
    queueMicrotask(() => {
      throw cause;
    });
  }
}
