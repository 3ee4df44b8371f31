//! Every bound of the core, each with its unit and its reason.
//!
//! Crossing one is an error with a name, never a truncation.

/// Bytes of a subject or resource id, a role name, a slug: long enough for any identity provider's id.
pub const NAME_BYTES_MAX: usize = 256;

/// Bytes of a permission name.
pub const PERMISSION_BYTES_MAX: usize = 128;

/// Bytes of a scope's type, the part before the colon.
pub const SCOPE_TYPE_BYTES_MAX: usize = 64;

/// Ancestors of one scope over all its parents: a safety stop for a question, far above real trees.
pub const ANCESTORS_MAX: usize = 64;

/// Groups that one question may visit for one user; beyond it the answer is `indeterminate`.
pub const GROUPS_VISITED_MAX: usize = 10_000;

/// Spans of one edge fact; more would have to be cut to a nearer horizon.
pub const SPANS_MAX: usize = 16;

/// Groups above one group whose grants are kept beside it; above that a question walks. Twice the depth and breadth of
/// real nesting.
pub const CLOSURE_MAX: usize = 64;

/// Names of conditions that the grants of one organisation may require together, and so one grant: as many as a
/// machine word has bits.
pub const CONDITIONS_MAX: usize = 64;

/// Permissions of one role after wildcards are expanded.
pub const ROLE_PERMISSIONS_MAX: usize = 10_000;

/// Roles that one role includes, directly or through others: far above real hierarchies, and what a change of a role
/// has to look at in each role above it.
pub const ROLE_INCLUDES_MAX: usize = 64;

/// Bytes of a rule's text, blanks between its words not counted: a rule is read and kept as one short text.
pub const RULE_BYTES_MAX: usize = 4 * 1024;

/// Parentheses and `NOT`s around one condition of a rule.
pub const RULE_DEPTH_MAX: usize = 8;

/// Nodes inside each other in the JSON form of a rule: each parenthesis holds an `any` of `all`s, the rule itself
/// does, and the innermost is a condition.
pub const RULE_FORM_LEVELS_MAX: usize = 2 * (RULE_DEPTH_MAX + 1) + 1;

/// Conditions of one rule.
pub const RULE_CONDITIONS_MAX: usize = 64;

/// Values in one list of a rule.
pub const RULE_LIST_MAX: usize = 256;

/// Users that a preview names for each thing it counts: what one page shows.
pub const PREVIEW_SAMPLE_MAX: usize = 20;

/// Managers above one user that `REPORTS TO` looks at: a safety stop, far above real hierarchies.
pub const MANAGERS_MAX: usize = 64;

/// Users that one page of those who may looks at: some milliseconds.
pub const WHO_CAN_LOOKED_AT_MAX: usize = 100_000;

/// Paths and nearest misses that an explanation lists.
pub const EXPLAIN_PATHS_MAX: usize = 16;

/// Steps that an explanation may search before it stops with what it has.
pub const EXPLAIN_STEPS_MAX: usize = 20_000;

/// Bounds of edges and grants that an explanation looks past to find where its answer really ends.
pub const EXPLAIN_BOUNDS_MAX: usize = 64;

/// Milliseconds by which a question may lie before the snapshot was made: clocks of two machines differ.
pub const CLOCK_SKEW_MILLIS: i64 = 60_000;
