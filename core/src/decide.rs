//! The one decision function: may this user do this, there, now?
//!
//! Server, command line, browser, gateway and host all call [`decide`], or [`check`] with names looked up before; it
//! reads a [`Snapshot`] and nothing else. Neither allocates, but for users in hundreds of groups.
//!
//! Most questions are answered by what lies beside the user's groups (`quick`); where a deny, a condition or a time
//! may matter, the edges and grants themselves are walked (`walk`). Both give the same answers.

mod handle;
mod quick;
mod role;
mod selection;
mod walk;

use alloc::vec::Vec;

use crate::id::{IdError, Instant, Revision, RoleId, canonical_scope, is_above_all};
use crate::limits::CLOCK_SKEW_MILLIS;
use crate::view::{Ambiguous, Coverage, Header, NONE, Row, Snapshot, Where};

pub use handle::{AmbiguousName, Check, ConditionSet, Permission, Place, StaleHandle, User};
pub use role::{RoleCheck, has_role};
pub use selection::Selection;
pub(crate) use walk::{Asked, Candidate, Walk, covers_grant, is_denied_in};

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
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Decision {
    /// Yes, no, or not known.
    pub outcome: Outcome,
    /// The revision that answered.
    pub revision: Revision,
    /// The answer holds up to this moment, as long as no news arrives.
    pub valid_until: Instant,
}

/// Yes, no, or not known; a caller treats whatever is not [`Outcome::Allow`] as no.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
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
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
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
    ConditionRequired(ConditionSet),
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
    /// A slice was not asked for this user, permission or scope.
    OutsideCoverage,
}

impl Uncertainty {
    const fn code(self) -> &'static str {
        match self {
            Self::Stale => "stale",
            Self::BeforeCreated => "before_created",
            Self::RevisionNotReached => "revision_not_reached",
            Self::AmbiguousSubject => "ambiguous_subject",
            Self::TooLarge => "too_large",
            Self::OutsideCoverage => "outside_coverage",
        }
    }
}

/// The answer to a question that needs no resolution; none when it does.
type Early = Option<&'static Outcome>;

const OUTSIDE: Early = Some(&Outcome::Indeterminate(Uncertainty::OutsideCoverage));

impl Decision {
    /// A denial for want of a path, which lasts as long as the state.
    fn without_path(snapshot: &Snapshot, at: Instant) -> Self {
        let header = snapshot.header();
        let earliest = earliest(header);
        let mut valid_until = header.valid_until;
        if at < earliest {
            valid_until = valid_until.min(earliest);
        }
        let outcome = Outcome::Deny(DenyReason::NoPath);
        Self { outcome, revision: header.revision, valid_until }
    }

    /// Has the answer hold no longer than up to `until`.
    fn end(&mut self, until: Instant) {
        self.valid_until = self.valid_until.min(until);
    }
}

/// Decides `query` on `snapshot` (`docs/model.md`, Resolution).
///
/// Cost: looking up the names, and [`check`].
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
    let mut asked = Asked::NOTHING;
    decide_asked(snapshot, query, &mut asked)
}

/// The same; for an answer that took resolution `asked` then is the question by number.
pub(crate) fn decide_asked(snapshot: &Snapshot, query: &Query<'_>, asked: &mut Asked) -> Decision {
    let mut decision = Decision::without_path(snapshot, query.at);
    let early = untimely(snapshot, query.at, query.at_least);
    match early.or_else(|| look_up(snapshot, query, asked)) {
        Some(outcome) => decision.outcome = *outcome,
        None => quick::answer(snapshot.state(), asked, &mut decision),
    }
    decision
}

/// Decides a question whose names were looked up before.
///
/// Cost: the user's groups, one word for each; where a deny, a condition or a time may matter, the groups above them
/// and their grants.
///
/// # Errors
/// [`StaleHandle`] when a handle was taken from other bytes.
///
/// ```
/// # use cohort_core::{decide::*, encode::{self, Validity}, graph::Graph, id::*, view::Snapshot};
/// # use cohort_core::{change::Change, model::User};
/// # let mut graph = Graph::new(OrgId::from_u128(1));
/// # graph.apply(&Change::SetUser(User::new(UserId::from_u128(1), "ada")))?;
/// # graph.apply(&Change::SetRole(cohort_core::model::Role::new(RoleId::from_u128(1), "r", &["doc:read"])?))?;
/// # let now = Instant::from_millis(0);
/// # let bytes = encode::snapshot(graph.org(), Revision::new(1), Validity::from_now(now, 1000), graph.facts());
/// let snapshot = Snapshot::open(&bytes)?;
/// let (Some(ada), Some(read)) = (snapshot.user("ada")?, snapshot.permission("doc:read")) else { return Ok(()) };
/// let question = Check::new(ada, read, snapshot.place("project:42")?, now);
/// assert_eq!(check(&snapshot, &question)?.outcome, Outcome::Deny(DenyReason::NoPath));
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
pub fn check(snapshot: &Snapshot, check: &Check) -> Result<Decision, StaleHandle> {
    let asked = check.asked(snapshot)?;
    let mut decision = Decision::without_path(snapshot, check.at);
    let is_open = snapshot.org_enabled() && snapshot.state().coverage.is_none();
    // The answer looks at the user itself; only before other reasons it has to be done here.
    let early =
        if is_open { untimely(snapshot, asked.at, Revision::default()) } else { gate(snapshot, &asked) };
    match early {
        Some(outcome) => decision.outcome = *outcome,
        None => quick::answer(snapshot.state(), &asked, &mut decision),
    }
    Ok(decision)
}

/// Decides several questions, an answer for each in the same order.
///
/// # Errors
/// [`StaleHandle`] when a handle was taken from other bytes.
pub fn check_many(snapshot: &Snapshot, checks: &[Check]) -> Result<Vec<Decision>, StaleHandle> {
    checks.iter().map(|question| check(snapshot, question)).collect()
}

/// What stands before resolution, whatever the permission: the first of these reasons is the answer.
fn gate(snapshot: &Snapshot, asked: &Asked) -> Early {
    untimely(snapshot, asked.at, Revision::default())
        .or_else(|| barred(snapshot, asked.user))
        .or_else(|| uncovered(snapshot, &asked.place))
}

/// The answer to a question about a moment or a revision that this state cannot speak for.
fn untimely(snapshot: &Snapshot, at: Instant, at_least: Revision) -> Early {
    let header = snapshot.header();
    if header.revision < at_least {
        Some(&Outcome::Indeterminate(Uncertainty::RevisionNotReached))
    } else if at >= header.valid_until {
        Some(&Outcome::Indeterminate(Uncertainty::Stale))
    } else if at < earliest(header) {
        Some(&Outcome::Indeterminate(Uncertainty::BeforeCreated))
    } else {
        None
    }
}

/// The first moment that a state may be asked about.
const fn earliest(header: &Header) -> Instant {
    header.created.plus_millis(-CLOCK_SKEW_MILLIS)
}

/// The answer for a user who is allowed nothing, or in an organisation where nobody is.
fn barred(snapshot: &Snapshot, user: u32) -> Early {
    let is_enabled = snapshot.org_enabled();
    let disabled = || (!is_enabled).then_some(&Outcome::Deny(DenyReason::OrgDisabled));
    ungated(&snapshot.state().users.row(user)).or_else(disabled)
}

/// The answer for a user who is allowed nothing, whatever the question.
fn ungated(row: &Row<'_>) -> Early {
    match (row.is_present(), row.is_active()) {
        (true, true) => None,
        (true, false) => Some(&Outcome::Deny(DenyReason::InactiveUser)),
        (false, _) => Some(&Outcome::Deny(DenyReason::UnknownUser)),
    }
}

/// The answer at a place that a slice was not asked for.
fn uncovered(snapshot: &Snapshot, place: &Where) -> Early {
    let coverage = snapshot.state().coverage.as_ref()?;
    if coverage.has_place(place) { None } else { OUTSIDE }
}

/// Looks the words of `query` up, or gives the answer that needs no resolution.
fn look_up(snapshot: &Snapshot, query: &Query<'_>, asked: &mut Asked) -> Early {
    let coverage = snapshot.state().coverage.as_ref();
    asked.user = match snapshot.user_number(query.subject) {
        Ok(Some(user)) => user,
        Ok(None) if coverage.is_some() => return OUTSIDE,
        Ok(None) => return Some(&Outcome::Deny(DenyReason::UnknownUser)),
        Err(Ambiguous) => return Some(&Outcome::Indeterminate(Uncertainty::AmbiguousSubject)),
    };
    let barred = barred(snapshot, asked.user);
    if barred.is_some() {
        return barred;
    }
    let is_asked = |coverage: &Coverage| coverage.is_unknown(query.permission);
    asked.permission = match permission(snapshot, query.permission) {
        Some(permission) => permission,
        None if coverage.is_none_or(is_asked) => return Some(&Outcome::Deny(DenyReason::UnknownPermission)),
        None => return OUTSIDE,
    };
    let Ok(place) = place(snapshot, query.scope.unwrap_or("org"), query.parent.unwrap_or("org")) else {
        return Some(&Outcome::Deny(DenyReason::MalformedScope));
    };
    asked.place = place;
    asked.asserted = snapshot.state().conditions.set_of(query.conditions);
    asked.at = query.at;
    uncovered(snapshot, &asked.place)
}

/// The number of a permission that some role has.
fn permission(snapshot: &Snapshot, name: &str) -> Option<u32> {
    let permissions = &snapshot.state().permissions;
    permissions.names.find(name).filter(|number| permissions.is_known(*number))
}

/// Where a scope lies: in `parent`, unless the directory knows better.
fn place(snapshot: &Snapshot, scope: &str, parent: &str) -> Result<Where, IdError> {
    let scopes = &snapshot.state().scopes;
    let scope = canonical_scope(scope)?;
    let parent = canonical_scope(parent)?;
    // What most questions are about needs no look-up.
    if scope == "org" {
        return Ok(Where::ORG);
    }
    if is_above_all(parent) {
        return Ok(scopes.place(scope));
    }
    let mut place = scopes.place_in(scope, parent);
    let is_known = place.scope != NONE && scopes.is_known(place.scope);
    // A slice can tell what follows from the place in the question only if it was asked for it.
    if snapshot.state().coverage.is_some() && !is_known && place.parent == NONE {
        place.scope = NONE;
    }
    Ok(place)
}

#[cfg(test)]
mod tests;
