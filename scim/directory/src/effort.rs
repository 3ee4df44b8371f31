//! What one request changed.

use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};

/// The effort of one request so far; clones count together.
#[derive(Debug, Clone, Default)]
pub struct Effort {
    cells: Arc<Cells>,
}

#[derive(Debug, Default)]
struct Cells {
    changes: Mutex<Vec<Changed>>,
}

/// Something that a request changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Changed {
    /// The revision that it made; the audit trail tells it in full.
    pub revision: u64,
    /// What was done, such as `scim.group.patch`.
    pub action: String,
    /// About which resource.
    pub target: String,
    /// Facts that edges are told of.
    pub facts: u64,
}

impl Effort {
    /// What was changed so far, in order.
    #[must_use]
    pub fn changes(&self) -> Vec<Changed> {
        self.cells.changes.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn add_change(&self, change: Changed) {
        self.cells.changes.lock().unwrap_or_else(PoisonError::into_inner).push(change);
    }
}

impl PartialEq for Effort {
    /// What a request took is no part of who sent it.
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Effort {}
