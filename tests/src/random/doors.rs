//! The other doors to an answer, each of which must lead to the one that names lead to: handles, a selection, slices,
//! and the module in wasm.

use cohort_core::decide::{Check, Decision, DenyReason, Outcome, Query, Uncertainty, check, decide};
use cohort_core::encode::{self, SliceRequest};
use cohort_core::id::ScopeId;
use cohort_core::view::{Snapshot, Subject};
use cohort_host::module::{self, Denial, State};

use super::compare::{Difference, Trouble};

/// A decision without what differs between two states that hold the same: outcome, names, revision and end.
fn told(snapshot: &Snapshot, decision: &Decision) -> String {
    let names = match decision.outcome {
        Outcome::Deny(DenyReason::ConditionRequired(conditions)) => conditions.names(snapshot).join(", "),
        Outcome::Deny(DenyReason::DeniedBy(role)) => role.to_string(),
        _ => String::new(),
    };
    let (word, code) = (decision.outcome.word(), decision.outcome.code());
    format!("{word} {code} {names} at {}, until {}", decision.revision, decision.valid_until.as_millis())
}

fn expect(trouble: Trouble, expected: String, found: String) -> Result<(), Difference> {
    if expected == found { Ok(()) } else { Err(Difference { trouble, expected, found }) }
}

/// Asks by handles, and of a selected user, what `query` asked by names.
pub(super) fn by_handle(snapshot: &Snapshot, query: &Query<'_>, found: &Decision) -> Result<(), Difference> {
    let scope = query.scope.unwrap_or("org");
    let handles = (
        snapshot.user(query.subject),
        snapshot.permission(query.permission),
        snapshot.place_in(scope, query.parent.unwrap_or("org")),
    );
    let (Ok(Some(user)), Some(permission), Ok(place)) = handles else { return Ok(()) };
    let later = matches!(found.outcome, Outcome::Indeterminate(Uncertainty::RevisionNotReached));
    if later {
        return Ok(());
    }
    let conditions = Some(snapshot.conditions(query.conditions));
    let question = Check { conditions, ..Check::new(user, permission, place, query.at) };
    let by_handle = check(snapshot, &question).map(|decision| told(snapshot, &decision));
    expect(Trouble::Handle, told(snapshot, found), by_handle.unwrap_or_else(|stale| stale.to_string()))?;
    if scope != "org" {
        return Ok(());
    }
    let selected = snapshot.select(user, conditions, query.at);
    let can = selected.and_then(|selection| selection.can(permission));
    expect(Trouble::Selection, format!("{:?}", Ok::<_, ()>(found.outcome.is_allow())), format!("{can:?}"))
}

/// Asks a slice that was made for the question, and one that was made for another.
pub(super) fn by_slice(snapshot: &Snapshot, query: &Query<'_>, found: &Decision) -> Result<(), Difference> {
    let Subject::User(user) = snapshot.subject(query.subject) else { return Ok(()) };
    let named = [query.scope, query.parent].into_iter().flatten();
    let scopes: Vec<ScopeId> = named.filter_map(|scope| ScopeId::parse(scope).ok()).collect();
    let asked = SliceRequest { user, permissions: &[query.permission], scopes: &scopes };
    let other =
        SliceRequest { user, permissions: &["doc:read"], scopes: scopes.get(1..).unwrap_or_default() };
    let (expected, outside) = (told(snapshot, found), Uncertainty::OutsideCoverage);
    for (request, may_be_outside) in [(asked, false), (other, true)] {
        let answer = sliced(snapshot, &request, query)?;
        let is_outside = answer.1.outcome == Outcome::Indeterminate(outside);
        if !(is_outside && may_be_outside) {
            expect(Trouble::Slice, expected.clone(), told(&answer.0, &answer.1))?;
        }
    }
    Ok(())
}

fn sliced(
    snapshot: &Snapshot,
    request: &SliceRequest<'_>,
    query: &Query<'_>,
) -> Result<(Snapshot, Decision), Difference> {
    let refused = |found: String| Difference {
        trouble: Trouble::Slice,
        expected: "a slice that opens".to_owned(),
        found,
    };
    let bytes = encode::slice(snapshot, request).ok_or_else(|| refused("no slice".to_owned()))?;
    let slice = Snapshot::open(&bytes).map_err(|cause| refused(cause.to_string()))?;
    let decision = decide(&slice, query);
    Ok((slice, decision))
}

/// Asks the module.
pub(super) fn in_wasm(state: &mut State, query: &Query<'_>, found: &Decision) -> Result<(), Difference> {
    let expected = (outcome(found.outcome), found.revision, found.valid_until);
    let answer = state.decide(query).map_err(|cause| module_failed(&cause))?;
    let answer = (answer.outcome, answer.revision, answer.valid_until);
    expect(Trouble::Module, format!("{expected:?}"), format!("{answer:?}"))
}

pub(super) fn module_failed(cause: &module::ModuleError) -> Difference {
    let expected = "a module that does what it is asked".to_owned();
    Difference { trouble: Trouble::Module, expected, found: cause.to_string() }
}

/// The outcome as the module's host reads it.
fn outcome(outcome: Outcome) -> module::Outcome {
    module::Outcome::Deny(match outcome {
        Outcome::Allow => return module::Outcome::Allow,
        Outcome::Indeterminate(why) => return module::Outcome::Indeterminate(why),
        Outcome::Deny(DenyReason::UnknownUser) => Denial::UnknownUser,
        Outcome::Deny(DenyReason::UnknownPermission) => Denial::UnknownPermission,
        Outcome::Deny(DenyReason::MalformedScope) => Denial::MalformedScope,
        Outcome::Deny(DenyReason::OrgDisabled) => Denial::OrgDisabled,
        Outcome::Deny(DenyReason::InactiveUser) => Denial::InactiveUser,
        Outcome::Deny(DenyReason::DeniedBy(_)) => Denial::Denied,
        Outcome::Deny(DenyReason::ConditionRequired(_)) => Denial::ConditionRequired,
        Outcome::Deny(DenyReason::NoPath) => Denial::NoPath,
    })
}
