//! Worlds as files for every face: bytes to open and apply, questions, and the answers that the core gives.
//!
//! [`record()`] plays every world through the core and writes a folder for each; [`play`] leads a [`Face`] through
//! them. Faces in other languages read the same files, so the form is kept plain.
//!
//! # The folder
//! `key` holds the public key (64 hexadecimal digits) whose signature every file has: all bytes to open or apply are
//! envelopes (`docs/snapshot-format.md`). A face whose host verifies hands over what lies behind the first
//! [`ENVELOPE_BYTES`]. `index` names the folders, one a line: those of worlds; `small`, what stands in
//! `tests/data/snapshots`; `hostile`, refused bytes and odd questions; `envelope`, only for faces that verify. In each,
//! `asks` is to be read from its first line to the last.
//!
//! # The file `asks`
//! One step a line; empty lines and those that begin with `#` say nothing.
//!
//! ```text
//! at TIME                          the moment of the questions from here on
//! open FILE [= CODE]               a state that takes the place of the one before, unless refused with CODE
//! apply FILE [= CODE]              a delta for the state, which is as before if refused with CODE
//! ask USER PERMISSION ... = ANSWER may the user do this?
//! role USER ROLE ... = ANSWER      has the user this role? It is named by its id
//! who PERMISSION ... = USER ...    the ids of all who may, in the state's own order
//! ```
//! TIME is milliseconds since 1970, or RFC 3339. For `...` may stand `on SCOPE`, `in PARENT`, `with CONDITION` (again for each),
//! `least REVISION` (the oldest that may answer) and `of FILE`: the question is put to a state that is opened from
//! FILE for it alone. ANSWER is `OUTCOME`, then perhaps `REASON REVISION UNTIL`, then perhaps `: DETAIL`. REASON is `-`
//! for an allow; UNTIL is in milliseconds; `OUTCOME: DETAIL` is what an explanation says.
//!
//! A word has no blanks: `%` and two digits stand for a byte, as in addresses, and `""` is the empty word. The order of
//! clauses is that above. A face that cannot express a step passes it over and counts it by its first word.

mod code;
mod face;
mod failure;
mod folder;
mod hostile;
mod native;
mod play;
mod record;
mod step;
mod word;

pub use code::{of_apply, of_open, of_raw, of_verify};
pub use face::{Face, Given};
pub use failure::AsksFailure;
pub use folder::{ENVELOPE_BYTES, Folder};
pub use native::Native;
pub use play::{Report, play};
pub use record::{Recorded, record};
pub use step::{Answer, Exact, Question, Step, read, read_line};
