//! Every bound of the directory, each with its unit and its reason.

/// Bytes of a slug; it stands in URLs and explanations.
pub const SLUG_BYTES_MAX: usize = 64;

/// Bytes of a description, title or reason: a paragraph.
pub const TEXT_BYTES_MAX: usize = 4 * 1024;

/// Languages of one title.
pub const TITLES_MAX: usize = 32;

/// Bytes of the free data that an administrator hangs on a group, as JSON.
pub const METADATA_BYTES_MAX: usize = 16 * 1024;

/// Fields of one local user, and values of one field.
pub const ATTRIBUTES_MAX: usize = 128;

/// Members that one management request may add.
pub const MEMBERS_PER_REQUEST_MAX: usize = 1_000;

/// Connections of one organisation: one for each identity provider, with room for those that were given up.
pub const CONNECTIONS_MAX: usize = 1_000;

/// Tokens of one connection when another is made by rotation: two in the ordinary case.
pub const TOKENS_MAX: usize = 100;

/// Memberships of one connection that wait for their user: beyond it, a member has to be known.
pub const PENDING_MAX: u64 = 10_000;

/// Milliseconds for which a membership waits for its user: 30 days.
pub const PENDING_MILLIS_MAX: i64 = 30 * 24 * 3_600_000;

/// Milliseconds for which an edge may decide without news: 15 minutes.
pub const FRESH_MILLIS: i64 = 15 * 60 * 1_000;

/// Milliseconds after which the state for questions is made to begin anew: half of the skew that a question may
/// have, and far below the freshness bound.
pub const STATE_MILLIS_MAX: i64 = 30 * 1_000;

/// Revisions that one delta may span; an edge further behind takes a snapshot.
pub const DELTA_REVISIONS_MAX: u64 = 10_000;

/// Resources that a list may look at one by one when no index narrows its filter, or that it may sort.
pub const SCANNED_MAX: usize = 100_000;

/// Resources that one page by cursor looks at one by one; it may end before it is full, and the next goes on.
pub const SCANNED_PER_PAGE_MAX: usize = 10_000;

/// Members of a group that a PATCH is answered with unasked: a larger group is not read to answer a small change.
pub const ANSWERED_MEMBERS_MAX: usize = 100;

/// Pages by index whose end is remembered for the next page: more walks than go on at once.
pub const TRAILS_MAX: usize = 1_024;

/// Milliseconds for which the end of a page is remembered: 10 minutes.
pub const TRAIL_MILLIS_MAX: i64 = 10 * 60 * 1_000;

/// Requests that wait for the writer; the next one blocks until there is room. A server lets fewer requests in at once
/// than this, so that none of its threads ever does.
pub const QUEUE_MAX: usize = 8_192;

/// Requests that share one commit: enough to hide the disk's latency, few enough to answer soon.
pub const BATCH_MAX: usize = 64;

/// Reading connections that are kept open for the next reader.
pub const READERS_KEPT_MAX: usize = 8;

/// Callers that are remembered; then all are forgotten, and found again when they come.
pub const DOORS_KEPT_MAX: usize = 1_024;

/// Memberships that a request looks at where it came in; one that needs more does so where it holds up nobody.
pub const GLANCE_MAX: usize = 64;

/// Requests on one page of the provisioning log.
pub const REQUESTS_PAGE_MAX: usize = 1_000;

/// Requests that wait to be written into the provisioning log; more are counted and lost.
pub const NOTES_WAITING_MAX: usize = 10_000;

/// Requests that one writing of the provisioning log removes of each connection, at least.
pub const PRUNED_AT_ONCE: usize = 1_000;

/// Bytes of a failed request's body that the provisioning log keeps.
pub const NOTE_BODY_BYTES_MAX: usize = 16 * 1024;

/// Bytes of a path or an error that the provisioning log keeps.
pub const NOTE_TEXT_BYTES_MAX: usize = 2 * 1024;

/// Records of the audit trail on one page.
pub const AUDIT_PAGE_MAX: usize = 1_000;

/// Groups whose names a unique slug is sought beside, by a number at its end.
pub const SLUG_ATTEMPTS_MAX: u32 = 10_000;
