//! The use cases of administrators.
//!
//! All of them refuse other callers by [`DirectoryError::Forbidden`], and all that change something take a
//! [`Mode`]: a dry run answers as the real one would, and leaves nothing behind.

use cohort_core::change::Change;
use cohort_core::id::Revision;

use super::{Directory, expect_admin};
use crate::access::{self, GrantView, NewGrant, NewGroupRole, NewRole, RoleView, ScopePlace};
use crate::audit::AuditRecord;
use crate::caller::Caller;
use crate::error::DirectoryError;
use crate::groups::{self, GroupPatch, GroupView, NewGroup};
use crate::limits::AUDIT_PAGE_MAX;
use crate::lookup;
use crate::members::{self, MemberView, NewMembers};
use crate::org::Org;
use crate::store::Store;
use crate::users::{self, NewUser, UserPatch, UserView};
use crate::work::{Mode, Work, Written};

type Answer<T> = Result<Written<T>, DirectoryError>;

impl Directory {
    /// Enables or disables the whole organisation: disabled, it allows nobody anything.
    ///
    /// # Errors
    /// [`DirectoryError::Forbidden`].
    pub fn set_org_enabled(&self, caller: &Caller, enabled: bool, mode: Mode) -> Answer<()> {
        let slug = caller.slug.clone();
        self.manage(caller, "org.state", mode, move |work| {
            let before = work.rows.org(work.org_key())?.is_some_and(|org| org.enabled);
            if before == enabled {
                return Ok(());
            }
            work.changes(slug);
            work.rows.set_org_enabled(work.org_key(), enabled)?;
            Ok(work.apply(&Change::SetOrg { enabled })?)
        })
    }

    /// Makes a local group.
    ///
    /// # Errors
    /// [`DirectoryError::Taken`] if a group has the slug; [`DirectoryError::Rule`] with the place in its text.
    pub fn create_group(&self, caller: &Caller, group: NewGroup, mode: Mode) -> Answer<GroupView> {
        self.manage(caller, "group.create", mode, |work| groups::create(work, group))
    }

    /// All groups in the order in which they were made. Cost: the edges below each.
    ///
    /// # Errors
    /// [`DirectoryError::Forbidden`].
    pub fn groups(&self, caller: &Caller) -> Result<Vec<GroupView>, DirectoryError> {
        let now = self.now();
        self.survey(caller, |store, org| {
            let rows = store.groups(org.key)?;
            Ok(rows.iter().map(|row| groups::view(store, org, row, now)).collect::<Result<_, _>>()?)
        })
    }

    /// The group of this uuid, slug or `seq:N`.
    ///
    /// # Errors
    /// [`DirectoryError::Unknown`].
    pub fn group(&self, caller: &Caller, reference: &str) -> Result<GroupView, DirectoryError> {
        let now = self.now();
        self.survey(caller, |store, org| {
            let row = lookup::group(store, org.key, reference)?;
            Ok(groups::view(store, org, &row, now)?)
        })
    }

    /// Changes what `patch` names about a group.
    ///
    /// # Errors
    /// [`DirectoryError::Unknown`]; as [`Directory::create_group`]; [`DirectoryError::RuleOnPushedGroup`];
    /// [`DirectoryError::Graph`] if a deny would reach the rule.
    pub fn change_group(
        &self,
        caller: &Caller,
        reference: &str,
        patch: GroupPatch,
        mode: Mode,
    ) -> Answer<GroupView> {
        let reference = reference.to_owned();
        self.manage(caller, "group.change", mode, move |work| groups::change(work, &reference, patch))
    }

    /// Removes a local group with its edges and grants.
    ///
    /// # Errors
    /// [`DirectoryError::Unknown`]; [`DirectoryError::Pushed`] for a connection's group.
    pub fn delete_group(&self, caller: &Caller, reference: &str, mode: Mode) -> Answer<()> {
        let reference = reference.to_owned();
        self.manage(caller, "group.delete", mode, move |work| groups::delete(work, &reference))
    }

    /// Puts users or a group into a group, or keeps users out of its rule.
    ///
    /// # Errors
    /// [`DirectoryError::Unknown`]; [`DirectoryError::Member`]; [`DirectoryError::EmptySpan`];
    /// [`DirectoryError::NestingCycle`] with the cycle; [`DirectoryError::Graph`] if a deny would reach a rule.
    pub fn add_members(
        &self,
        caller: &Caller,
        group: &str,
        members: NewMembers,
        mode: Mode,
    ) -> Answer<Vec<MemberView>> {
        let group = group.to_owned();
        self.manage(caller, "member.add", mode, move |work| members::add(work, &group, &members))
    }

    /// All edges into a group, then the users whom its rule lets in.
    ///
    /// # Errors
    /// [`DirectoryError::Unknown`].
    pub fn members(&self, caller: &Caller, group: &str) -> Result<Vec<MemberView>, DirectoryError> {
        self.survey(caller, |store, org| members::list(store, org, group))
    }

    /// Removes an edge made by hand: by its id, or all that a user or group (uuid, name, slug) has into the group.
    ///
    /// # Errors
    /// [`DirectoryError::Unknown`]; [`DirectoryError::Pushed`]; [`DirectoryError::Member`] for one by rule.
    pub fn remove_member(&self, caller: &Caller, group: &str, member: &str, mode: Mode) -> Answer<()> {
        let (group, member) = (group.to_owned(), member.to_owned());
        self.manage(caller, "member.remove", mode, move |work| members::remove(work, &group, &member))
    }

    /// Gives a role to a group.
    ///
    /// # Errors
    /// As [`Directory::create_grant`].
    pub fn grant_group_role(
        &self,
        caller: &Caller,
        group: &str,
        role: NewGroupRole,
        mode: Mode,
    ) -> Answer<GrantView> {
        let group = group.to_owned();
        self.manage(caller, "grant.create", mode, move |work| access::grant_to_group(work, &group, role))
    }

    /// Makes a role.
    ///
    /// # Errors
    /// [`DirectoryError::Taken`]; [`DirectoryError::Name`] for what is no permission; [`DirectoryError::Graph`]
    /// for a wildcard that nothing matches, or a cycle of includes.
    pub fn create_role(&self, caller: &Caller, role: NewRole, mode: Mode) -> Answer<RoleView> {
        self.manage(caller, "role.create", mode, |work| access::create_role(work, role))
    }

    /// All roles in the order in which they were made.
    ///
    /// # Errors
    /// [`DirectoryError::Forbidden`].
    pub fn roles(&self, caller: &Caller) -> Result<Vec<RoleView>, DirectoryError> {
        self.survey(caller, access::list_roles)
    }

    /// Removes a role, by uuid or name, with its grants.
    ///
    /// # Errors
    /// [`DirectoryError::Unknown`]; [`DirectoryError::Graph`] if another role's wildcard then matches nothing.
    pub fn delete_role(&self, caller: &Caller, role: &str, mode: Mode) -> Answer<()> {
        let role = role.to_owned();
        self.manage(caller, "role.delete", mode, move |work| access::delete_role(work, &role))
    }

    /// Gives a role to a principal, or keeps it from one.
    ///
    /// # Errors
    /// [`DirectoryError::Unknown`]; [`DirectoryError::Principal`]; [`DirectoryError::Name`];
    /// [`DirectoryError::EmptySpan`]; [`DirectoryError::Graph`] for a deny with conditions or above a rule.
    pub fn create_grant(&self, caller: &Caller, grant: NewGrant, mode: Mode) -> Answer<GrantView> {
        self.manage(caller, "grant.create", mode, |work| access::create_grant(work, grant))
    }

    /// All grants in the order in which they were made.
    ///
    /// # Errors
    /// [`DirectoryError::Forbidden`].
    pub fn grants(&self, caller: &Caller) -> Result<Vec<GrantView>, DirectoryError> {
        self.survey(caller, access::list_grants)
    }

    /// Takes a grant back.
    ///
    /// # Errors
    /// [`DirectoryError::Unknown`].
    pub fn delete_grant(&self, caller: &Caller, id: &str, mode: Mode) -> Answer<()> {
        let id = id.to_owned();
        self.manage(caller, "grant.delete", mode, move |work| access::delete_grant(work, &id))
    }

    /// Says where a scope lies.
    ///
    /// # Errors
    /// [`DirectoryError::Name`] for what is no scope; [`DirectoryError::Graph`] for a cycle, or too many above.
    pub fn set_scope(&self, caller: &Caller, place: ScopePlace, mode: Mode) -> Answer<ScopePlace> {
        self.manage(caller, "scope.set", mode, move |work| access::set_scope(work, &place))
    }

    /// All scopes in the order of their names.
    ///
    /// # Errors
    /// [`DirectoryError::Forbidden`].
    pub fn scopes(&self, caller: &Caller) -> Result<Vec<ScopePlace>, DirectoryError> {
        self.survey(caller, access::list_scopes)
    }

    /// Makes a local user.
    ///
    /// # Errors
    /// [`DirectoryError::Taken`]; [`DirectoryError::Name`]; [`DirectoryError::Attribute`].
    pub fn create_user(&self, caller: &Caller, user: NewUser, mode: Mode) -> Answer<UserView> {
        self.manage(caller, "user.create", mode, |work| users::create(work, user))
    }

    /// All users in the order in which they were made.
    ///
    /// # Errors
    /// [`DirectoryError::Forbidden`].
    pub fn users(&self, caller: &Caller) -> Result<Vec<UserView>, DirectoryError> {
        self.survey(caller, users::list)
    }

    /// The user of this uuid, or of this name if only one source has it.
    ///
    /// # Errors
    /// [`DirectoryError::Unknown`], [`DirectoryError::Ambiguous`].
    pub fn user(&self, caller: &Caller, reference: &str) -> Result<UserView, DirectoryError> {
        self.survey(caller, |store, org| users::one(store, org, reference))
    }

    /// Changes what `patch` names about a local user.
    ///
    /// # Errors
    /// As [`Directory::create_user`]; [`DirectoryError::Unknown`]; [`DirectoryError::Pushed`].
    pub fn change_user(
        &self,
        caller: &Caller,
        reference: &str,
        patch: UserPatch,
        mode: Mode,
    ) -> Answer<UserView> {
        let reference = reference.to_owned();
        self.manage(caller, "user.change", mode, move |work| users::change(work, &reference, patch))
    }

    /// Removes a local user with all edges and grants.
    ///
    /// # Errors
    /// [`DirectoryError::Unknown`]; [`DirectoryError::Pushed`].
    pub fn delete_user(&self, caller: &Caller, reference: &str, mode: Mode) -> Answer<()> {
        let reference = reference.to_owned();
        self.manage(caller, "user.delete", mode, move |work| users::delete(work, &reference))
    }

    /// The records after number `after` in order, at most `limit` of them and at most a page.
    ///
    /// # Errors
    /// [`DirectoryError::Forbidden`].
    pub fn audit(
        &self,
        caller: &Caller,
        after: u64,
        limit: usize,
    ) -> Result<Vec<AuditRecord>, DirectoryError> {
        self.survey(caller, |store, org| Ok(store.audit(org.key, after, limit.min(AUDIT_PAGE_MAX))?))
    }

    /// The present revision.
    ///
    /// # Errors
    /// [`DirectoryError::Store`].
    pub fn revision(&self, caller: &Caller) -> Result<Revision, DirectoryError> {
        self.look(caller, |_, org| Ok(org.revision))
    }

    pub(super) fn manage<T: Send + 'static>(
        &self,
        caller: &Caller,
        action: &'static str,
        mode: Mode,
        use_case: impl FnOnce(&mut Work<'_>) -> Result<T, DirectoryError> + Send + 'static,
    ) -> Answer<T> {
        expect_admin(caller)?;
        self.write(caller, action, mode, use_case)
    }

    pub(super) fn survey<T>(
        &self,
        caller: &Caller,
        use_case: impl FnOnce(&dyn Store, &Org) -> Result<T, DirectoryError>,
    ) -> Result<T, DirectoryError> {
        expect_admin(caller)?;
        self.look(caller, use_case)
    }
}
