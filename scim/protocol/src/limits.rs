//! Bounds on what a client may send, each with its unit and its reason.
//!
//! The server reads its input from identity providers it does not control, so every loop of this crate over
//! input ends at one of these numbers. Crossing one is an error with a name, never a slow answer.

/// Bytes of a request body; announced as `bulk.maxPayloadSize`. A group of [`MEMBERS_MAX`] members, each written as
/// `{"value":"<uuid>","type":"User"}`, fits.
pub const BODY_BYTES_MAX: usize = 8 * 1024 * 1024;

/// Values in a request body, nested ones too: they bound the memory that a body takes once it is read. Three for
/// each of [`MEMBERS_MAX`] members fit.
pub const JSON_VALUES_MAX: usize = 500_000;

/// Levels of nesting in a JSON body. SCIM itself needs six: body, operations, operation, value, element, leaf.
pub const JSON_DEPTH_MAX: usize = 16;

/// Bytes of one filter. The longest real ones name an attribute by its URN and a value of 1 KiB.
pub const FILTER_BYTES_MAX: usize = 4 * 1024;

/// Levels of parentheses and brackets in one filter: parsing and evaluation recurse this deep and no deeper.
pub const FILTER_DEPTH_MAX: usize = 16;

/// Comparisons and connectives in one filter: each is evaluated once per resource that is looked at.
pub const FILTER_NODES_MAX: usize = 64;

/// Bytes of one PATCH path. Shorter than a filter, because it selects elements of one attribute.
pub const PATH_BYTES_MAX: usize = 1024;

/// Conditions in one PATCH path: each is evaluated once per element, for every operation of the request.
pub const PATH_NODES_MAX: usize = 8;

/// Operations in one PATCH body. Clients that write one operation per member send some hundreds.
pub const PATCH_OPERATIONS_MAX: usize = 1_000;

/// Operations in one bulk request; announced as `bulk.maxOperations`. They share one turn of the writer, for which
/// all other requests wait.
pub const BULK_OPERATIONS_MAX: usize = 1_000;

/// Values of one multi-valued attribute of one resource, other than the members of a group.
pub const VALUES_MAX: usize = 250;

/// Values of multi-valued attributes in one PATCH body, all operations together, other than members: each is
/// compared with every value that the resource has.
pub const PATCH_VALUES_MAX: usize = 5_000;

/// Member references in one request. Identity providers split larger groups over several requests.
pub const MEMBERS_MAX: usize = 100_000;

/// Bytes of one text value. Certificates need 4 KiB; a small photograph as a `data:` URI needs more.
pub const TEXT_BYTES_MAX: usize = 64 * 1024;

/// Bytes of all texts in one stored document. Bounds the work of one request together with
/// [`PATCH_OPERATIONS_MAX`]: each operation may look at every text of the document.
pub const DOCUMENT_BYTES_MAX: usize = 256 * 1024;

/// Bytes of a reference to a member: an id of ours, or the id that another directory gave it.
pub const MEMBER_VALUE_BYTES_MAX: usize = 256;

/// Names in one `attributes` or `excludedAttributes` parameter.
pub const PROJECTION_NAMES_MAX: usize = 100;

/// Resources on one page of a list; announced as `filter.maxResults`.
pub const PAGE_SIZE_MAX: usize = 200;

/// Resources on one page when the request does not say how many it wants.
pub const PAGE_SIZE_DEFAULT: usize = 100;

/// Bytes of a cursor that is looked at: those of this server carry at most the longest name of a resource.
pub const CURSOR_BYTES_MAX: usize = 16 * 1024;

/// Bytes of a value by which resources are sorted; beyond them the order in which they were made decides.
pub const SORT_BYTES_MAX: usize = 256;

/// Seconds for which a cursor can be used; announced as `pagination.cursorTimeout`.
pub const CURSOR_SECONDS_MAX: u32 = 3_600;

/// Characters of a client's text that an error message repeats.
pub const EXCERPT_CHARS_MAX: usize = 80;
