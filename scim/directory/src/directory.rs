//! The directory: a data folder with everything that can be done with it.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use cohort_core::id::{Instant, OrgId, Revision};
use cohort_core::view::Snapshot;
use cohort_scim::{ListQuery, Projection, ResourceType, ScimError};
use serde_json::Value;

use crate::access::{GrantView, NewGrant, NewGroupRole, NewRole, RoleView, ScopePlace};
use crate::ambient::Ambient;
use crate::audit::AuditRecord;
use crate::caller::{Caller, Purpose};
use crate::error::{AuthError, DirectoryError, FeedError, OpenError};
use crate::groups::{GroupPatch, GroupView, NewGroup};
use crate::members::{MemberView, NewMembers};
use crate::users::{NewUser, UserPatch, UserView};

/// A handle to an open data folder; clones are handles to the same one.
#[derive(Clone)]
pub struct Directory {
    shared: Arc<()>,
}

/// An organisation by its names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrgRef {
    /// The uuid.
    pub id: OrgId,
    /// The slug.
    pub slug: String,
    /// What people call it.
    pub title: String,
}

/// Whether a use case leaves a trace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// It does.
    Commit,
    /// It goes the same way to its answer, which is then all that is left of it.
    DryRun,
}

/// What a use case gives, and the revision at which that holds.
#[derive(Debug, Clone, PartialEq)]
pub struct Written<T> {
    /// The answer.
    pub value: T,
    /// The revision that the request made, or the present one if it changed nothing.
    pub revision: Revision,
}

/// How a SCIM resource is to be answered.
#[derive(Debug, Clone, PartialEq)]
pub struct ScimView {
    /// URL of the SCIM root, without slash at its end.
    pub base: String,
    /// Which attributes; `None` when the answer has no body (204), so that nothing need be loaded for one.
    pub projection: Option<Projection>,
}

/// The answer about one SCIM resource.
#[derive(Debug, Clone, PartialEq)]
pub struct ScimAnswer {
    /// The resource; `Null` if the view wanted no body.
    pub body: Value,
    /// Its URL.
    pub location: String,
    /// Its ETag.
    pub version: String,
}

/// Bytes for edges.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedBytes {
    /// A signed envelope.
    pub envelope: Vec<u8>,
    /// The revision that it leads to.
    pub revision: Revision,
}

/// A hook that is told of each published revision; it must not block.
pub type Listener = Box<dyn Fn(OrgId, Revision) + Send + Sync>;

impl Directory {
    /// Opens or creates the folder for writing and starts the writer thread.
    pub fn open(folder: &Path, ambient: Arc<dyn Ambient>) -> Result<Self, OpenError> {
        todo!()
    }
    /// As `open`, gathering news for `gather` before the watchers are woken.
    pub fn open_gathering(folder: &Path, ambient: Arc<dyn Ambient>, gather: Duration) -> Result<Self, OpenError> {
        todo!()
    }
    /// Opens beside a running server.
    pub fn open_beside(folder: &Path, ambient: Arc<dyn Ambient>) -> Result<Self, OpenError> {
        todo!()
    }
    /// The public half of the signing key.
    pub fn public_key(&self) -> [u8; 32] {
        todo!()
    }
    /// Where this opening wrote a fresh administrator's token; none if there was one already.
    pub fn fresh_admin_token(&self) -> Option<&Path> {
        todo!()
    }
    /// The present moment by the directory's clock.
    pub fn now(&self) -> Instant {
        todo!()
    }

    pub fn create_org(&self, slug: &str, title: &str) -> Result<OrgRef, DirectoryError> {
        todo!()
    }
    pub fn org(&self, slug_or_uuid: &str) -> Result<OrgRef, DirectoryError> {
        todo!()
    }
    pub fn set_org_enabled(&self, caller: &Caller, enabled: bool, mode: Mode) -> Result<Written<()>, DirectoryError> {
        todo!()
    }
    pub fn issue_token(&self, org: Option<&str>, purpose: Purpose) -> Result<String, DirectoryError> {
        todo!()
    }
    pub fn caller(&self, token: &str, org_slug_or_uuid: &str) -> Result<Caller, AuthError> {
        todo!()
    }
    /// The caller that the command line is: an administrator by access to the folder.
    pub fn local_admin(&self, org_slug_or_uuid: &str) -> Result<Caller, AuthError> {
        todo!()
    }

    pub fn scim_create(&self, caller: &Caller, kind: ResourceType, body: Value, view: ScimView) -> Result<Written<ScimAnswer>, ScimError> {
        todo!()
    }
    pub fn scim_get(&self, caller: &Caller, kind: ResourceType, id: &str, view: &ScimView) -> Result<ScimAnswer, ScimError> {
        todo!()
    }
    pub fn scim_list(&self, caller: &Caller, kind: ResourceType, query: &ListQuery, base: &str) -> Result<Value, ScimError> {
        todo!()
    }
    pub fn scim_replace(&self, caller: &Caller, kind: ResourceType, id: &str, if_match: Option<&str>, body: Value, view: ScimView) -> Result<Written<ScimAnswer>, ScimError> {
        todo!()
    }
    pub fn scim_patch(&self, caller: &Caller, kind: ResourceType, id: &str, if_match: Option<&str>, body: &Value, view: ScimView) -> Result<Written<ScimAnswer>, ScimError> {
        todo!()
    }
    pub fn scim_delete(&self, caller: &Caller, kind: ResourceType, id: &str, if_match: Option<&str>) -> Result<Written<()>, ScimError> {
        todo!()
    }

    pub fn create_group(&self, caller: &Caller, group: NewGroup, mode: Mode) -> Result<Written<GroupView>, DirectoryError> {
        todo!()
    }
    pub fn groups(&self, caller: &Caller) -> Result<Vec<GroupView>, DirectoryError> {
        todo!()
    }
    pub fn group(&self, caller: &Caller, reference: &str) -> Result<GroupView, DirectoryError> {
        todo!()
    }
    pub fn change_group(&self, caller: &Caller, reference: &str, patch: GroupPatch, mode: Mode) -> Result<Written<GroupView>, DirectoryError> {
        todo!()
    }
    pub fn delete_group(&self, caller: &Caller, reference: &str, mode: Mode) -> Result<Written<()>, DirectoryError> {
        todo!()
    }
    pub fn add_members(&self, caller: &Caller, group: &str, members: NewMembers, mode: Mode) -> Result<Written<Vec<MemberView>>, DirectoryError> {
        todo!()
    }
    pub fn members(&self, caller: &Caller, group: &str) -> Result<Vec<MemberView>, DirectoryError> {
        todo!()
    }
    /// `member` is the id of an edge, or the uuid of a user or group, all of whose manual edges then go.
    pub fn remove_member(&self, caller: &Caller, group: &str, member: &str, mode: Mode) -> Result<Written<()>, DirectoryError> {
        todo!()
    }
    pub fn grant_group_role(&self, caller: &Caller, group: &str, role: NewGroupRole, mode: Mode) -> Result<Written<GrantView>, DirectoryError> {
        todo!()
    }
    pub fn create_role(&self, caller: &Caller, role: NewRole, mode: Mode) -> Result<Written<RoleView>, DirectoryError> {
        todo!()
    }
    pub fn roles(&self, caller: &Caller) -> Result<Vec<RoleView>, DirectoryError> {
        todo!()
    }
    pub fn delete_role(&self, caller: &Caller, role: &str, mode: Mode) -> Result<Written<()>, DirectoryError> {
        todo!()
    }
    pub fn create_grant(&self, caller: &Caller, grant: NewGrant, mode: Mode) -> Result<Written<GrantView>, DirectoryError> {
        todo!()
    }
    pub fn grants(&self, caller: &Caller) -> Result<Vec<GrantView>, DirectoryError> {
        todo!()
    }
    pub fn delete_grant(&self, caller: &Caller, id: &str, mode: Mode) -> Result<Written<()>, DirectoryError> {
        todo!()
    }
    pub fn set_scope(&self, caller: &Caller, place: ScopePlace, mode: Mode) -> Result<Written<ScopePlace>, DirectoryError> {
        todo!()
    }
    pub fn scopes(&self, caller: &Caller) -> Result<Vec<ScopePlace>, DirectoryError> {
        todo!()
    }
    pub fn create_user(&self, caller: &Caller, user: NewUser, mode: Mode) -> Result<Written<UserView>, DirectoryError> {
        todo!()
    }
    pub fn users(&self, caller: &Caller) -> Result<Vec<UserView>, DirectoryError> {
        todo!()
    }
    /// `reference` is a uuid, or a user name that only one user has.
    pub fn user(&self, caller: &Caller, reference: &str) -> Result<UserView, DirectoryError> {
        todo!()
    }
    pub fn change_user(&self, caller: &Caller, reference: &str, patch: UserPatch, mode: Mode) -> Result<Written<UserView>, DirectoryError> {
        todo!()
    }
    pub fn delete_user(&self, caller: &Caller, reference: &str, mode: Mode) -> Result<Written<()>, DirectoryError> {
        todo!()
    }
    pub fn audit(&self, caller: &Caller, after: u64, limit: usize) -> Result<Vec<AuditRecord>, DirectoryError> {
        todo!()
    }

    /// The present revision.
    pub fn revision(&self, caller: &Caller) -> Result<Revision, DirectoryError> {
        todo!()
    }
    /// The present state, for check and explain; made at most a minute ago.
    pub fn snapshot_state(&self, caller: &Caller) -> Result<Arc<Snapshot>, DirectoryError> {
        todo!()
    }
    /// The present state as if it had been made at `at`: for questions about another moment.
    pub fn snapshot_state_at(&self, caller: &Caller, at: Instant) -> Result<Arc<Snapshot>, DirectoryError> {
        todo!()
    }

    pub fn feed_snapshot(&self, caller: &Caller) -> Result<FeedBytes, FeedError> {
        todo!()
    }
    pub fn feed_delta(&self, caller: &Caller, from: Revision) -> Result<FeedBytes, FeedError> {
        todo!()
    }
    /// Blocks until a revision after `after` is published or `timeout` is over; the last published revision.
    pub fn wait_for(&self, caller: &Caller, after: Revision, timeout: Duration) -> Result<Revision, FeedError> {
        todo!()
    }
    /// The last published revision.
    pub fn published(&self, caller: &Caller) -> Result<Revision, FeedError> {
        todo!()
    }
    /// Has `listener` called with each revision that is published from now on.
    pub fn subscribe(&self, listener: Listener) {
        todo!()
    }
}
