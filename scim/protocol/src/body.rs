//! JSON text to a JSON value, refusing what two readers could read in two ways.
//!
//! Whoever gives a body to this crate should read it here: a plain JSON reader keeps the last of two equal keys
//! and so hides what another reader on the way may have seen.

use serde_json::Value;

use crate::error::ScimError;

/// The JSON value that `bytes` hold.
///
/// # Errors
/// [`ScimError::BodyTooLarge`], [`ScimError::MalformedJson`]; [`ScimError::DuplicateKey`] if an object names
/// one member twice, whatever the case; [`ScimError::NestedTooDeep`].
pub fn read(bytes: &[u8]) -> Result<Value, ScimError> {
    todo!()
}
