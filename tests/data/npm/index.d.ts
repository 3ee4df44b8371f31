/** What the module is loaded from: its address, its bytes, a response with them, or the module itself. */
export type ModuleSource = string | URL | Request | Response | BufferSource | WebAssembly.Module | Promise<Response>;

/**
 * Loads the module, once, whoever asks how often. Without `input` it is the file beside this package's own.
 *
 * @throws {CohortError} `not_loaded`, such as where a page's policy forbids WebAssembly; another call tries again.
 */
export function init(input?: ModuleSource): Promise<void>;
export default init;

/**
 * The same at once, from bytes or a compiled module.
 *
 * @throws {CohortError} `not_loaded`
 */
export function initSync(module: BufferSource | WebAssembly.Module): void;

/** One public key, 64 hexadecimal digits as `cohort key` prints them, or several while keys are rotated. */
export type PinnedKeys = string | readonly string[];

/**
 * The payload of `envelope`, once one of the pinned keys is known to have signed it.
 *
 * @throws {CohortError} `malformed`, `malformed_key`, `unknown_key`, `bad_signature`, `no_crypto`
 */
export function verified(envelope: Uint8Array | ArrayBuffer, keys: PinnedKeys): Promise<Uint8Array>;

/** Names of refusals, the same in every runtime and every later version; versions may add to them. */
export type ErrorCode =
  | "not_loaded"
  | "no_crypto"
  | "wrong_type"
  | "too_large"
  | "malformed"
  | "unknown_version"
  | "wrong_kind"
  | "contradictory"
  | "wrong_org"
  | "wrong_base"
  | "older"
  | "wrong_names"
  | "slice"
  | "malformed_key"
  | "unknown_key"
  | "bad_signature"
  | "malformed_scope"
  | "ambiguous_user"
  | "stale_handle"
  | "too_many_handles"
  | "closed"
  | "unreachable"
  | "unauthorized"
  | "refused"
  | "out_of_memory"
  | "unusable";

/** Whatever this package refuses. */
export class CohortError extends Error {
  readonly name: "CohortError";
  readonly code: ErrorCode;
}

/** The answer to one question. */
export interface Decision {
  /** Whatever is not `"allow"` is no. */
  outcome: "allow" | "deny" | "indeterminate";
  /** Why not, such as `"no_path"` or `"stale"`; empty for `"allow"`. */
  reason: string;
  /** The revision that answered. */
  revision: number;
  /** The answer holds until then if no news arrives; milliseconds since 1970. */
  validUntil: number;
  /** For `"condition_required"`: what would have to be asserted. */
  conditions?: string[];
}

/** A user, looked up once. Good for the state that gave it, whatever deltas it follows. */
export interface User {
  readonly id: string;
}

/** A permission, looked up once. */
export interface Permission {
  readonly name: string;
}

/** A scope, looked up once; one that the directory hears of later needs a new look. */
export interface Scope {
  readonly name: string;
  readonly parent: string;
}

/** Conditions, looked up once. */
export interface Conditions {
  readonly names: readonly string[];
}

/** A place in the list of those who may. */
export interface Cursor {}

/** What a question may say besides who, what and where. */
export interface Circumstances {
  /** The moment that is asked about, in milliseconds since 1970; now if absent. */
  at?: number;
  /** What the caller vouches for, such as `["mfa"]`. */
  conditions?: readonly string[] | Conditions;
  /** What a scope that the directory never heard of lies in; the organisation if absent. */
  parent?: string;
  /** The oldest revision that may answer. */
  atLeast?: number;
}

/** One of many questions. */
export interface Question {
  user: string | User;
  permission: string | Permission;
  scope?: string | Scope;
  parent?: string;
}

/**
 * One organisation's users, groups and grants at one revision (or, in a slice, what one user may do), ready to be
 * asked.
 *
 * A user is an id or a user name, or what `user` gave for it; without a scope the question is about the whole
 * organisation. Every call throws a `CohortError` with `wrong_type` or `too_large` for arguments that are none, with
 * `stale_handle` for handles of another state, with `closed` after `free`.
 */
export class Cohort {
  private constructor();

  /**
   * Opens a snapshot or a slice that one of the pinned keys has signed.
   *
   * @throws {CohortError} as `verified`, and `unknown_version`, `wrong_kind`, `contradictory`, `not_loaded`,
   * `out_of_memory`
   */
  static open(envelope: Uint8Array | ArrayBuffer, keys: PinnedKeys): Promise<Cohort>;

  /** Opens the payload of an envelope that somebody else has verified. */
  static openVerified(payload: Uint8Array | ArrayBuffer): Cohort;

  /**
   * Moves to the revision that a delta leads to, with the keys of `open`. When it throws, the old state still answers.
   *
   * @throws {CohortError} as `open`, and `wrong_base` (fetch a snapshot), `wrong_org`, `older`, `wrong_names`, `slice`
   */
  apply(envelope: Uint8Array | ArrayBuffer): Promise<void>;

  /** Applies the payload of an envelope that somebody else has verified. */
  applyVerified(payload: Uint8Array | ArrayBuffer): void;

  /** @throws {CohortError} `ambiguous_user` when several users have the name */
  user(name: string): User | undefined;
  /** Nothing for a permission that no role has: most likely a typo. */
  permission(name: string): Permission | undefined;
  /**
   * Each look-up keeps some bytes until `free`: for scopes that are asked about often.
   *
   * @throws {CohortError} `malformed_scope`, `too_many_handles`
   */
  scope(name: string, parent?: string): Scope;
  /** As `scope`: for conditions that are asserted often. */
  conditions(names: readonly string[]): Conditions;

  /** Whether the user may do this: `true` only for a plain yes. */
  can(user: string | User, permission: string | Permission, scope?: string | Scope, told?: Circumstances): boolean;
  /** The whole answer: the outcome, its reason, and how long it holds. */
  check(user: string | User, permission: string | Permission, scope?: string | Scope, told?: Circumstances): Decision;
  /** An answer for each question, in the same order, all about one moment. */
  checkMany(questions: readonly Question[], told?: Circumstances): Decision[];
  /** The answer and the path or the near miss behind it, in one line. */
  explain(user: string | User, permission: string | Permission, scope?: string | Scope, told?: Circumstances): string;

  /** Whether the user has a role, by its id or name. */
  hasRole(user: string | User, role: string, scope?: string | Scope, told?: Circumstances): boolean;
  /** The whole answer to that. */
  checkRole(user: string | User, role: string, scope?: string | Scope, told?: Circumstances): Decision;

  /**
   * Ids of users who may, at most `limit` (100, and 10,000 at most). A page may hold fewer, even none, and still have a
   * `next`, which goes on as `after`.
   *
   * @throws {CohortError} `slice`: a slice knows one user
   */
  whoCan(
    permission: string | Permission,
    scope?: string | Scope,
    told?: Circumstances & { limit?: number; after?: Cursor },
  ): { users: string[]; next?: Cursor };

  /** Works out what one user may do at one moment, for asking often. */
  select(user: string | User, told?: { at?: number; conditions?: readonly string[] | Conditions }): Selection;

  /** The revision that answers. */
  readonly revision: number;
  /** From when on this state may not be used, in milliseconds since 1970; apply a delta before. */
  readonly validUntil: number;

  /** Gives the memory back; a `Cohort` that is not freed is collected some time later. */
  free(): void;
  [Symbol.dispose](): void;
}

/** One user at one moment. It ends with the next revision of its state: every call then throws `stale_handle`. */
export class Selection {
  private constructor();
  can(permission: string | Permission, scope?: string | Scope): boolean;
  check(permission: string | Permission, scope?: string | Scope): Decision;
  /** The moment that was selected at. */
  readonly at: number;
  /** Up to when the selection holds: select again then. */
  readonly validUntil: number;
  free(): void;
  [Symbol.dispose](): void;
}

/**
 * A path of the feed: `/snapshot`, `/delta?from=N`, `/delta?from=N&wait=SECONDS`, `/watch`; with `slice` only `/watch` and
 * `/slice`, with whose and what for if that was said.
 */
export type FeedPath = string;

/** How `connect` gets at the feed, and what it tells. */
export interface ConnectOptions {
  /** The keys whose signatures count. */
  keys: PinnedKeys;
  /** Fetches a path of the feed: from the page's own backend, with a session; this, or `url`. */
  fetch?: (path: FeedPath, init: { signal: AbortSignal; headers: Record<string, string> }) => Promise<Response>;
  /** The feed's address, `https://SERVER/orgs/ORG/edge/v1`. */
  url?: string;
  /** An edge token for it, or what gives one for each request. */
  token?: string | (() => string | Promise<string>);
  /**
   * Follows what one user may do, and is told nothing about anybody else: for pages. `true` where the page's backend knows
   * whose slice and what it shall answer about; it must not take the page's word for whose.
   */
  slice?: true | { user: string; permissions: readonly string[]; scopes?: readonly string[] };
  /** Called when the state is another one, or when an answer that was given is over: ask again. */
  onChange?: (news: { why: "snapshot" | "delta" | "time"; live: Live }) => void;
  /** Called for whatever goes wrong; the last good state goes on answering as long as it may. */
  onError?: (error: CohortError) => void;
  /** Where WebAssembly is forbidden: asks a server, which must answer as `Decision` or as the management API does. */
  ask?: (question: PlainQuestion) => Promise<unknown>;
  /** What the module is loaded from, as for `init`. */
  module?: ModuleSource;
  /** The clock, in milliseconds since 1970; `Date.now` if absent. */
  now?: () => number;
}

/** A question that can be sent as JSON. */
export interface PlainQuestion {
  user: string;
  permission: string;
  scope?: string;
  parent?: string;
  conditions?: string[];
  at?: number;
}

/**
 * Follows a server's feed: by its stream of revisions, else by long polling. The last good state answers while the
 * server is away; past its freshness bound every answer is `indeterminate`.
 *
 * @throws {CohortError} `wrong_type` for options that are none; all else is told by `status`, `error` and `onError`
 */
export function connect(options: ConnectOptions): Live;

/** A state that follows a server. */
export class Live {
  private constructor();
  /** Resolves when there is a state, or when the first attempt has failed; never rejects. */
  readonly ready: Promise<Live>;
  /**
   * `live`: follows. `behind`: the last attempt failed, the last state answers. `stale`: it may no longer answer.
   * `asking`: WebAssembly is forbidden here, and `ask` asks a server. `failed`: no keys, or neither module nor server.
   */
  readonly status: "connecting" | "live" | "behind" | "stale" | "asking" | "failed" | "closed";
  readonly error: CohortError | undefined;
  /** The last good state. It is freed when a snapshot replaces it: keep neither it nor its handles. */
  readonly cohort: Cohort | undefined;

  /** As of `Cohort`; `indeterminate` while there is no state. */
  can(user: string, permission: string, scope?: string, told?: Circumstances): boolean;
  check(user: string, permission: string, scope?: string, told?: Circumstances): Decision;
  explain(user: string, permission: string, scope?: string, told?: Circumstances): string;
  /** The same where the module runs; else the answer of `ask`, or `indeterminate`. */
  ask(user: string, permission: string, scope?: string, told?: Circumstances): Promise<Decision>;
  /** Follows no longer; every answer is `indeterminate` from here on. */
  close(): void;
  [Symbol.dispose](): void;
}

/**
 * What `connect` takes as `ask`: questions to `url`, a server's management API (`https://SERVER/orgs/ORG/api/v1`).
 * Its token is an administrator's: for a backend, never for a page.
 */
export function askServer(options: {
  url: string;
  token: string | (() => string | Promise<string>);
}): (question: PlainQuestion, init?: { signal?: AbortSignal }) => Promise<Decision>;
