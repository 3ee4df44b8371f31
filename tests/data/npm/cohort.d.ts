/* tslint:disable */
/* eslint-disable */

/** The answer to one question. */
export interface Check {
    /** Whatever is not `"allow"` is no. */
    outcome: "allow" | "deny" | "indeterminate";
    /** Why not, such as `"no_path"` or `"stale"`; empty for `"allow"`. */
    reason: string;
    /** The revision that answered. */
    revision: number;
    /** The answer holds until then if no news arrives; milliseconds since 1970. */
    validUntil: number;
}



/**
 * One organisation's users, groups and grants at one revision, ready to be asked.
 *
 * Times are milliseconds since 1970, as `Date.now()` gives them. A `user` is an id or a user name; without a
 * `scope` the question is about the whole organisation; without `at` it is about now.
 */
export class Cohort {
    private constructor();
    free(): void;
    [Symbol.dispose](): void;
    /**
     * Moves to the revision that a delta leads to; when it throws, the old state still answers.
     *
     * # Errors
     * An `Error` with `code` `malformed`, `contradictory`, `wrong_org`, `wrong_base` (fetch a snapshot) or
     * `older`.
     */
    apply(delta: Uint8Array | number[]): void;
    /**
     * Whether the user may do this: `true` only for a plain yes.
     */
    can(user: string, permission: string, scope?: string | null, at?: number | null): boolean;
    /**
     * The whole answer: the outcome, its reason, and how long it holds.
     */
    check(user: string, permission: string, scope?: string | null, at?: number | null): Check;
    /**
     * The answer and the path or the near miss behind it, in one line.
     */
    explain(user: string, permission: string, scope?: string | null, at?: number | null): string;
    /**
     * Opens the bytes of a snapshot whose signature was verified.
     *
     * # Errors
     * An `Error` with `code` `malformed` or `contradictory`.
     */
    static open(bytes: Uint8Array | number[]): Cohort;
    /**
     * The revision that answers.
     */
    readonly revision: number;
    /**
     * When this state may no longer be used, in milliseconds since 1970; apply a delta before.
     */
    readonly validUntil: number;
}

