//! The one decision function: may this user do this, there, now?
//!
//! Server, command line, browser, gateway and host all call [`decide`]; it reads a [`Snapshot`] and nothing else.

use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;

use crate::id::{GroupId, Instant, PersonId, Revision, RoleId, ScopeId, Span, UserId};
use crate::limits::{ANCESTORS_MAX, CLOCK_SKEW_MILLIS, GROUPS_VISITED_MAX};
use crate::view::{Effect, GrantFact, GroupState, Header, Member, Principal, Reach, Snapshot, Subject, Via};

/// A question.
#[derive(Clone, Copy, Debug)]
pub struct Query<'a> {
    /// A user's id, or a folded user name.
    pub subject: &'a str,
    /// The permission's name.
    pub permission: &'a str,
    /// Where; the organisation when none.
    pub scope: Option<&'a str>,
    /// What a scope that the directory never heard of lies in; the organisation when none.
    pub parent: Option<&'a str>,
    /// The moment that is asked about.
    pub at: Instant,
    /// What the caller vouches for, such as `mfa`.
    pub conditions: &'a [&'a str],
    /// The oldest revision that may answer.
    pub at_least: Revision,
}

impl<'a> Query<'a> {
    /// May `subject` do `permission` anywhere in the organisation, at `at`?
    #[must_use]
    pub const fn new(subject: &'a str, permission: &'a str, at: Instant) -> Self {
        let at_least = Revision::new(0);
        Self { subject, permission, scope: None, parent: None, at, conditions: &[], at_least }
    }

    /// The same question at `scope`.
    #[must_use]
    pub const fn on(self, scope: &'a str) -> Self {
        Self { scope: Some(scope), ..self }
    }
}

/// An answer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Decision {
    /// Yes, no, or not known.
    pub outcome: Outcome,
    /// The revision that answered.
    pub revision: Revision,
    /// The answer holds up to this moment, as long as no news arrives.
    pub valid_until: Instant,
}

/// Yes, no, or not known; a caller treats whatever is not [`Outcome::Allow`] as no.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// Yes.
    Allow,
    /// No.
    Deny(DenyReason),
    /// This state cannot say.
    Indeterminate(Uncertainty),
}

impl Outcome {
    /// Whether the answer is yes.
    #[must_use]
    pub const fn is_allow(&self) -> bool {
        matches!(self, Self::Allow)
    }

    /// `allow`, `deny` or `indeterminate`.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Deny(_) => "deny",
            Self::Indeterminate(_) => "indeterminate",
        }
    }

    /// The stable name of the reason, such as `no_path`; empty for [`Outcome::Allow`].
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Allow => "",
            Self::Deny(reason) => reason.code(),
            Self::Indeterminate(why) => why.code(),
        }
    }
}

/// Why not.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum DenyReason {
    /// No user of this id or name.
    UnknownUser,
    /// No role has this permission; most likely a typo.
    UnknownPermission,
    /// The scope in the question is not one.
    MalformedScope,
    /// The organisation is disabled.
    OrgDisabled,
    /// The user is not active.
    InactiveUser,
    /// A deny grant of this role holds.
    DeniedBy(RoleId),
    /// Allowed if the caller could assert these: the fewest that do, and of those the first by name.
    ConditionRequired(Vec<String>),
    /// Nothing gives it.
    NoPath,
}

impl DenyReason {
    const fn code(&self) -> &'static str {
        match self {
            Self::UnknownUser => "unknown_user",
            Self::UnknownPermission => "unknown_permission",
            Self::MalformedScope => "malformed_scope",
            Self::OrgDisabled => "org_disabled",
            Self::InactiveUser => "inactive_user",
            Self::DeniedBy(_) => "denied_by",
            Self::ConditionRequired(_) => "condition_required",
            Self::NoPath => "no_path",
        }
    }
}

/// Why the state cannot say.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Uncertainty {
    /// The moment lies past what the state may be used for.
    Stale,
    /// The moment lies before the state was made.
    BeforeCreated,
    /// The state has not reached the revision that was asked for.
    RevisionNotReached,
    /// Several users have this name.
    AmbiguousSubject,
    /// More groups or scopes than one question may visit.
    TooLarge,
}

impl Uncertainty {
    const fn code(self) -> &'static str {
        match self {
            Self::Stale => "stale",
            Self::BeforeCreated => "before_created",
            Self::RevisionNotReached => "revision_not_reached",
            Self::AmbiguousSubject => "ambiguous_subject",
            Self::TooLarge => "too_large",
        }
    }
}

/// Decides `query` on `snapshot` (`docs/model.md`, Resolution).
///
/// Cost: the groups above the user and their grants. It allocates for the groups that it visits.
///
/// ```
/// # use cohort_core::{decide::*, encode::{self, Validity}, graph::Graph, id::*, view::Snapshot};
/// # let graph = Graph::new(OrgId::from_u128(1));
/// # let now = Instant::from_millis(0);
/// # let bytes = encode::snapshot(graph.org(), Revision::new(1), Validity::from_now(now, 1000), graph.facts());
/// let snapshot = Snapshot::open(&bytes)?;
/// let decision = decide(&snapshot, &Query::new("nobody", "doc:read", now));
/// assert_eq!(decision.outcome, Outcome::Deny(DenyReason::UnknownUser));
/// # Ok::<(), cohort_core::view::OpenError>(())
/// ```
#[must_use]
pub fn decide(snapshot: &Snapshot, query: &Query<'_>) -> Decision {
    let header = snapshot.header();
    let mut horizon = Horizon { at: query.at, next: header.valid_until };
    let earliest = earliest(header);
    if query.at < earliest {
        horizon.next = horizon.next.min(earliest);
    }
    let outcome = match question(snapshot, query) {
        Ok(question) => resolve(snapshot, &question, &mut horizon),
        Err(outcome) => outcome,
    };
    Decision { outcome, revision: header.revision, valid_until: horizon.next }
}

/// The first moment that a state may be asked about.
const fn earliest(header: &Header) -> Instant {
    header.created.plus_millis(-CLOCK_SKEW_MILLIS)
}

/// A question whose words have been looked up.
pub(crate) struct Question<'a> {
    pub(crate) user: UserId,
    /// Who the user is in the realm.
    pub(crate) person: Option<PersonId>,
    pub(crate) permission: &'a str,
    /// The scope asked about.
    pub(crate) scope: ScopeId,
    /// The scope asked about, all above it up to the realm, and their type-wide scopes.
    pub(crate) scopes: BTreeSet<ScopeId>,
    pub(crate) at: Instant,
    pub(crate) conditions: &'a [&'a str],
}

/// Looks the words of `query` up, or gives the answer that needs no resolution.
pub(crate) fn question<'a>(snapshot: &Snapshot, query: &Query<'a>) -> Result<Question<'a>, Outcome> {
    let header = snapshot.header();
    let uncertain = |why| Err(Outcome::Indeterminate(why));
    if header.revision < query.at_least {
        return uncertain(Uncertainty::RevisionNotReached);
    }
    if query.at >= header.valid_until {
        return uncertain(Uncertainty::Stale);
    }
    if query.at < earliest(header) {
        return uncertain(Uncertainty::BeforeCreated);
    }
    let user = match snapshot.subject(query.subject) {
        Subject::User(id) => id,
        Subject::Unknown => return Err(Outcome::Deny(DenyReason::UnknownUser)),
        Subject::Ambiguous => return uncertain(Uncertainty::AmbiguousSubject),
    };
    if !snapshot.user_active(user) {
        return Err(Outcome::Deny(DenyReason::InactiveUser));
    }
    if !snapshot.org_enabled() {
        return Err(Outcome::Deny(DenyReason::OrgDisabled));
    }
    if !snapshot.knows_permission(query.permission) {
        return Err(Outcome::Deny(DenyReason::UnknownPermission));
    }
    let malformed = |_| Outcome::Deny(DenyReason::MalformedScope);
    let scope = query.scope.map_or(Ok(ScopeId::org()), ScopeId::parse).map_err(malformed)?;
    let parent = query.parent.map(ScopeId::parse).transpose().map_err(malformed)?;
    let scopes = scopes_of(snapshot, &scope, parent).ok_or(Outcome::Indeterminate(Uncertainty::TooLarge))?;
    Ok(Question {
        user,
        person: snapshot.person(user),
        permission: query.permission,
        scope,
        scopes,
        at: query.at,
        conditions: query.conditions,
    })
}

/// The scopes whose grants count at `scope`; none when there are too many.
fn scopes_of(snapshot: &Snapshot, scope: &ScopeId, parent: Option<ScopeId>) -> Option<BTreeSet<ScopeId>> {
    if scope.is_realm() {
        return Some(BTreeSet::from([scope.clone()]));
    }
    let mut scopes = BTreeSet::new();
    let mut waiting = alloc::vec![scope.clone()];
    // The organisation lies in nothing, whether or not anything is granted on it.
    if !scope.is_org() && !snapshot.knows_scope(scope) {
        waiting.extend(parent);
    }
    while let Some(next) = waiting.pop() {
        if scopes.contains(&next) {
            continue;
        }
        waiting.extend(snapshot.scope_parents(&next).iter().cloned());
        scopes.insert(next);
        // The scope asked about and its parent in the question come to those that the directory lists.
        if scopes.len() > ANCESTORS_MAX + 2 {
            return None;
        }
    }
    let type_wide: Vec<ScopeId> = scopes.iter().filter_map(ScopeId::type_wide).collect();
    scopes.extend(type_wide);
    scopes.extend([ScopeId::org(), ScopeId::realm()]);
    Some(scopes)
}

impl Question<'_> {
    /// Whether the grant's place covers the scope asked about.
    pub(crate) fn covers(&self, grant: &GrantFact) -> bool {
        match grant.reach {
            Reach::Exact => grant.scope == self.scope,
            Reach::Subtree => self.scopes.contains(&grant.scope),
        }
    }

    /// The conditions of the grant that the caller did not assert, in order.
    pub(crate) fn missing_conditions<'g>(&self, grant: &'g GrantFact) -> Vec<&'g str> {
        let missing = |condition: &&str| !self.conditions.contains(condition);
        grant.requires.iter().map(String::as_str).filter(missing).collect()
    }
}

/// The nearest moment at which something that was looked at begins or ends.
struct Horizon {
    at: Instant,
    next: Instant,
}

impl Horizon {
    fn holds(&mut self, span: Span) -> bool {
        self.next = self.next.min(span.next_bound(self.at));
        span.contains(self.at)
    }

    fn any_holds(&mut self, spans: &[Span]) -> bool {
        spans.iter().fold(false, |any, span| self.holds(*span) | any)
    }
}

/// Which groups count: those that give access, or all that a deny may be laid on.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Purpose {
    Allow,
    Deny,
}

fn resolve(snapshot: &Snapshot, question: &Question<'_>, horizon: &mut Horizon) -> Outcome {
    let too_large = Outcome::Indeterminate(Uncertainty::TooLarge);
    let user = Member::User(question.user);
    let Some(deny_groups) = groups_of(snapshot, user, Purpose::Deny, horizon) else {
        return too_large;
    };
    let Some(allow_groups) = groups_of(snapshot, user, Purpose::Allow, horizon) else {
        return too_large;
    };

    let denies = holding(snapshot, question, &deny_groups, Effect::Deny, horizon);
    let denies = denies.into_iter().map(|grant| grant.role);
    if let Some(role) = denies.min_by_key(|role| (snapshot.role_name(*role), *role)) {
        return Outcome::Deny(DenyReason::DeniedBy(role));
    }
    let allows = holding(snapshot, question, &allow_groups, Effect::Allow, horizon);
    let missing = allows.into_iter().map(|grant| question.missing_conditions(grant));
    match missing.min_by_key(|missing| (missing.len(), missing.clone())) {
        None => Outcome::Deny(DenyReason::NoPath),
        Some(missing) if missing.is_empty() => Outcome::Allow,
        Some(missing) => {
            let missing = missing.into_iter().map(String::from).collect();
            Outcome::Deny(DenyReason::ConditionRequired(missing))
        }
    }
}

/// The grants of this effect for the user, the person, everyone, or one of `groups` that are about the permission
/// and the place, and hold now.
fn holding<'a>(
    snapshot: &'a Snapshot,
    question: &Question<'_>,
    groups: &BTreeSet<GroupId>,
    effect: Effect,
    horizon: &mut Horizon,
) -> Vec<&'a GrantFact> {
    let person = question.person.map(Principal::Person);
    let personal = [Principal::User(question.user), Principal::Everyone].into_iter().chain(person);
    let principals = personal.chain(groups.iter().copied().map(Principal::Group));
    let grants = principals.flat_map(|principal| snapshot.grants(principal)).map(|(_, grant)| grant);
    let about = |grant: &&GrantFact| {
        grant.effect == effect && question.covers(grant) && snapshot.role_has(grant.role, question.permission)
    };
    grants.filter(about).filter(|grant| horizon.holds(grant.span)).collect()
}

/// Whether a deny holds for whoever is in `group`.
pub(crate) fn is_denied_in(snapshot: &Snapshot, question: &Question<'_>, group: GroupId) -> bool {
    let mut horizon = Horizon { at: question.at, next: Instant::MAX };
    let Some(mut groups) = groups_of(snapshot, Member::Group(group), Purpose::Deny, &mut horizon) else {
        return true;
    };
    groups.insert(group);
    !holding(snapshot, question, &groups, Effect::Deny, &mut horizon).is_empty()
}

/// All groups that `member` is in now, directly or through other groups; none when there are too many.
fn groups_of(
    snapshot: &Snapshot,
    member: Member,
    purpose: Purpose,
    horizon: &mut Horizon,
) -> Option<BTreeSet<GroupId>> {
    let mut groups = BTreeSet::new();
    let mut waiting = alloc::vec![member];
    while let Some(member) = waiting.pop() {
        for (group, via, spans) in snapshot.edges(member) {
            if !counts(snapshot, group, via, purpose) || !horizon.any_holds(spans) || !groups.insert(group) {
                continue;
            }
            if groups.len() > GROUPS_VISITED_MAX {
                return None;
            }
            waiting.push(Member::Group(group));
        }
    }
    Some(groups)
}

/// Access comes through enabled groups only; a deny ignores states, and never comes by a rule.
fn counts(snapshot: &Snapshot, group: GroupId, via: Via, purpose: Purpose) -> bool {
    match purpose {
        Purpose::Allow => matches!(snapshot.group(group), Some((_, GroupState::Enabled))),
        Purpose::Deny => via != Via::Rule,
    }
}

#[cfg(test)]
mod tests;
