//! Questions in the module's form (`docs/raw-abi.md`, Question).

use cohort_core::decide::Query;

use super::error::ModuleError;

/// Replaces `to` by the bytes of `query`.
pub(super) fn encode(query: &Query<'_>, to: &mut Vec<u8>) -> Result<(), ModuleError> {
    to.clear();
    to.extend(query.at.as_millis().to_le_bytes());
    to.extend(query.at_least.number().to_le_bytes());
    let texts = [query.subject, query.permission, query.scope.unwrap_or(""), query.parent.unwrap_or("")];
    for text in texts {
        push_text(to, text)?;
    }
    push_count(to, query.conditions.len())?;
    query.conditions.iter().try_for_each(|condition| push_text(to, condition))
}

fn push_text(to: &mut Vec<u8>, text: &str) -> Result<(), ModuleError> {
    push_count(to, text.len())?;
    to.extend(text.as_bytes());
    Ok(())
}

fn push_count(to: &mut Vec<u8>, count: usize) -> Result<(), ModuleError> {
    let count = u16::try_from(count).map_err(|_| ModuleError::TooLong { bytes: count })?;
    to.extend(count.to_le_bytes());
    Ok(())
}

#[cfg(test)]
mod tests;
