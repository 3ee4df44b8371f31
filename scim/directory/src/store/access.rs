//! Roles, scopes and grants.

use cohort_core::id::{GrantId, Instant, RoleId, ScopeId};
use cohort_core::model::{Grant, Role};

use super::{OrgKey, StoreError};

/// A role with what people call it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RoleRow {
    pub(crate) role: Role,
    pub(crate) title: String,
}

/// A grant with where it came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct GrantRow {
    pub(crate) grant: Grant,
    pub(crate) reason: Option<String>,
    pub(crate) created_by: String,
    pub(crate) created_at: Instant,
}

/// What is given to whom, and where.
pub(crate) trait AccessRows {
    fn roles(&self, org: OrgKey) -> Result<Vec<RoleRow>, StoreError>;
    fn role_by_name(&self, org: OrgKey, name: &str) -> Result<Option<RoleRow>, StoreError>;
    /// The scopes in the order of their names, each with those directly above.
    fn scopes(&self, org: OrgKey) -> Result<Vec<(ScopeId, Vec<ScopeId>)>, StoreError>;
    fn grants(&self, org: OrgKey) -> Result<Vec<GrantRow>, StoreError>;

    /// Adds the role, or replaces the one of the same id.
    fn put_role(&mut self, org: OrgKey, role: &RoleRow) -> Result<(), StoreError>;
    fn remove_role(&mut self, id: RoleId) -> Result<(), StoreError>;
    fn put_scope(&mut self, org: OrgKey, scope: &ScopeId, parents: &[ScopeId]) -> Result<(), StoreError>;
    fn add_grant(&mut self, org: OrgKey, grant: &GrantRow) -> Result<(), StoreError>;
    fn remove_grant(&mut self, id: GrantId) -> Result<(), StoreError>;
}
