//! Scopes: which lie above which, kept a tree with several parents and bounded in height.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

use super::{Graph, GraphError};
use crate::id::ScopeId;
use crate::limits::ANCESTORS_MAX;
use crate::view::{Fact, FactKey};

/// The scopes with parents, found from both sides.
#[derive(Clone, Debug, Default)]
pub(super) struct Scopes {
    parents: BTreeMap<ScopeId, Vec<ScopeId>>,
    // INVARIANT: `parents`, found from the parent.
    children: BTreeMap<ScopeId, BTreeSet<ScopeId>>,
}

impl Scopes {
    /// The scopes directly above `scope`, as they were told; none for one that was not.
    pub(super) fn parents(&self, scope: &ScopeId) -> Option<&Vec<ScopeId>> {
        self.parents.get(scope)
    }

    fn set(&mut self, scope: &ScopeId, parents: Option<&[ScopeId]>) {
        for before in self.parents.remove(scope).unwrap_or_default() {
            if let Some(children) = self.children.get_mut(&before) {
                children.remove(scope);
                if children.is_empty() {
                    self.children.remove(&before);
                }
            }
        }
        let Some(parents) = parents else { return };
        for parent in parents {
            self.children.entry(parent.clone()).or_default().insert(scope.clone());
        }
        self.parents.insert(scope.clone(), parents.to_vec());
    }

    /// `scope` and all scopes below it.
    fn below<'a>(&'a self, scope: &'a ScopeId) -> BTreeSet<&'a ScopeId> {
        let mut seen = BTreeSet::new();
        let mut waiting = alloc::vec![scope];
        while let Some(next) = waiting.pop() {
            if seen.insert(next) {
                waiting.extend(self.children.get(next).into_iter().flatten());
            }
        }
        seen
    }

    /// Whether `start` would have at most [`ANCESTORS_MAX`] scopes above it, none of them `scope` itself, if
    /// `parents` were above `scope`.
    fn check_above(
        &self,
        start: &ScopeId,
        (scope, parents): (&ScopeId, &[ScopeId]),
    ) -> Result<(), GraphError> {
        let above = |one: &ScopeId| {
            if one == scope { Some(parents) } else { self.parents.get(one).map(Vec::as_slice) }
        };
        let mut seen: BTreeSet<&ScopeId> = BTreeSet::new();
        let mut waiting: Vec<&ScopeId> = above(start).into_iter().flatten().collect();
        while let Some(next) = waiting.pop() {
            if next == start {
                return Err(GraphError::ScopeCycle(start.clone()));
            }
            if seen.insert(next) {
                waiting.extend(above(next).into_iter().flatten());
            }
            if seen.len() > ANCESTORS_MAX {
                return Err(GraphError::TooManyAncestors(start.clone()));
            }
        }
        Ok(())
    }
}

impl Graph {
    /// Whether `parents` may lie above `scope`; what lies below `scope` then lies below them too.
    ///
    /// Cost: the scopes below, times those above each.
    pub(super) fn check_scope(&self, scope: &ScopeId, parents: &[ScopeId]) -> Result<(), GraphError> {
        let is_fixed = |scope: &ScopeId| scope.is_org() || scope.is_realm();
        if is_fixed(scope) || parents.iter().any(is_fixed) {
            return Err(GraphError::FixedScope);
        }
        self.scopes.check_above(scope, (scope, parents))?;
        if parents.is_empty() {
            return Ok(());
        }
        self.scopes
            .below(scope)
            .into_iter()
            .try_for_each(|below| self.scopes.check_above(below, (scope, parents)))
    }

    pub(super) fn set_scope(&mut self, scope: &ScopeId, parents: Option<&[ScopeId]>) {
        self.scopes.set(scope, parents);
        let parents: BTreeSet<ScopeId> = parents.unwrap_or_default().iter().cloned().collect();
        // A scope directly below the organisation is what an unknown one is taken for.
        let known = !parents.is_empty();
        let fact = known.then(|| Fact::Scope { parents: parents.into_iter().collect() });
        self.put(FactKey::Scope(scope.clone()), fact);
    }
}
