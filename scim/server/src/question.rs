//! Questions about access, from a request's body or from the command line, and their answers as JSON.
//!
//! Nothing is decided here: the core decides, on the same state that edges get.

use std::sync::Arc;

use cohort_core::decide::{Decision, DenyReason, Outcome, Query, decide};
use cohort_core::explain::{Entry, Explanation, Miss, Path, explain};
use cohort_core::id::{GroupId, RoleId};
use cohort_core::view::{Snapshot, Via};
use cohort_directory::{Caller, Directory, DirectoryError, Moment, fold};
use serde::{Deserialize, Serialize};

/// May this user do this, there, then?
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Question {
    /// A user's uuid or name.
    pub(crate) subject: String,
    /// The permission's name.
    pub(crate) permission: String,
    /// Where; the organisation when absent.
    pub(crate) scope: Option<String>,
    /// What a scope that the directory never heard of lies in.
    pub(crate) r#in: Option<String>,
    /// When; now when absent.
    pub(crate) at: Option<Moment>,
    /// What the caller vouches for, such as `mfa`.
    #[serde(default)]
    pub(crate) conditions: Vec<String>,
}

/// A decision as JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Answer {
    /// `allow`, `deny` or `indeterminate`.
    pub(crate) outcome: &'static str,
    /// Why not, as a word; none for an allow.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
    /// The role whose deny grant decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    denied_by: Option<String>,
    /// What the caller would have to assert for an allow.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    requires: Vec<String>,
    /// The revision that answered.
    pub(crate) revision: u64,
    /// Up to when the answer holds if no news arrives.
    pub(crate) valid_until: Moment,
}

/// A decision and its reasons as JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Reasons {
    /// The decision.
    #[serde(flatten)]
    pub(crate) answer: Answer,
    /// The decision and its first reason in one line.
    pub(crate) text: String,
    /// The ways in which access is given, shortest first.
    pub(crate) paths: Vec<PathView>,
    /// Single changes that would each give access.
    pub(crate) misses: Vec<MissView>,
}

/// One way from a user to a role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PathView {
    /// The whole way in one line, from how it begins to the role.
    pub(crate) text: String,
    /// `direct`, `person`, `everyone`, or how the user is in the first group: `manual`, `scim`, `rule`.
    entry: &'static str,
    /// The groups from the user upward.
    groups: Vec<Named>,
    /// The role at its end.
    role: Named,
    /// Where the grant gives it.
    scope: String,
    /// The grant's uuid.
    grant_id: String,
}

/// One thing that stands between a user and access.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct MissView {
    /// What is amiss, as a word.
    pub(crate) kind: &'static str,
    /// The slug of the group, the name of the role, the scope or the condition.
    pub(crate) name: String,
    /// The uuid of the group or role.
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
}

/// Something with a uuid and a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Named {
    id: String,
    name: String,
}

impl Question {
    /// The decision alone.
    ///
    /// # Errors
    /// What the directory refuses; a denial is no error.
    pub(crate) fn check(&self, directory: &Directory, caller: &Caller) -> Result<Answer, DirectoryError> {
        let snapshot = self.state(directory, caller)?;
        self.query(directory, |query| Ok(answer(&snapshot, &decide(&snapshot, query))))
    }

    /// The decision with its reasons.
    ///
    /// # Errors
    /// What the directory refuses; a denial is no error.
    pub(crate) fn explain(&self, directory: &Directory, caller: &Caller) -> Result<Reasons, DirectoryError> {
        let snapshot = self.state(directory, caller)?;
        self.query(directory, |query| Ok(reasons(&snapshot, &explain(&snapshot, query))))
    }

    /// The state to ask: the present one, or the present one as of another moment.
    fn state(&self, directory: &Directory, caller: &Caller) -> Result<Arc<Snapshot>, DirectoryError> {
        match self.at {
            Some(Moment(at)) => directory.snapshot_state_at(caller, at),
            None => directory.snapshot_state(caller),
        }
    }

    fn query<T>(&self, directory: &Directory, ask: impl FnOnce(&Query<'_>) -> T) -> T {
        let at = self.at.map_or_else(|| directory.now(), |Moment(at)| at);
        let subject = fold(&self.subject);
        let conditions: Vec<&str> = self.conditions.iter().map(String::as_str).collect();
        ask(&Query {
            scope: self.scope.as_deref(),
            parent: self.r#in.as_deref(),
            conditions: &conditions,
            ..Query::new(&subject, &self.permission, at)
        })
    }
}

fn answer(snapshot: &Snapshot, decision: &Decision) -> Answer {
    let outcome = decision.outcome.word();
    let reason = Some(decision.outcome.code()).filter(|code| !code.is_empty());
    let denied_by = match decision.outcome {
        Outcome::Deny(DenyReason::DeniedBy(role)) => Some(named_role(snapshot, role).name),
        _ => None,
    };
    let requires = match &decision.outcome {
        Outcome::Deny(DenyReason::ConditionRequired(conditions)) => {
            conditions.names(snapshot).into_iter().map(str::to_owned).collect()
        }
        _ => Vec::new(),
    };
    let revision = decision.revision.number();
    Answer { outcome, reason, denied_by, requires, revision, valid_until: Moment(decision.valid_until) }
}

fn reasons(snapshot: &Snapshot, explanation: &Explanation) -> Reasons {
    Reasons {
        answer: answer(snapshot, &explanation.decision),
        text: explanation.to_text(snapshot),
        paths: explanation.paths.iter().map(|path| path_view(snapshot, path)).collect(),
        misses: explanation.misses.iter().map(|miss| miss_view(snapshot, miss)).collect(),
    }
}

fn path_view(snapshot: &Snapshot, path: &Path) -> PathView {
    let mut text = String::new();
    path.write(&mut text, snapshot);
    let entry = match path.entry {
        Entry::Direct => "direct",
        Entry::Person => "person",
        Entry::Everyone => "everyone",
        Entry::Edge(Via::Manual) => "manual",
        Entry::Edge(Via::Scim) => "scim",
        Entry::Edge(Via::Rule) => "rule",
    };
    PathView {
        text,
        entry,
        groups: path.groups.iter().map(|group| named_group(snapshot, *group)).collect(),
        role: named_role(snapshot, path.role),
        scope: path.scope.to_string(),
        grant_id: path.grant.to_string(),
    }
}

fn miss_view(snapshot: &Snapshot, miss: &Miss) -> MissView {
    let group = |kind, id| {
        let Named { id, name } = named_group(snapshot, id);
        MissView { kind, name, id: Some(id) }
    };
    let role = |kind, id| {
        let Named { id, name } = named_role(snapshot, id);
        MissView { kind, name, id: Some(id) }
    };
    match miss {
        Miss::Disabled(id) => group("group_disabled", *id),
        Miss::Archived(id) => group("group_archived", *id),
        Miss::ExpiredEdge(id) => group("membership_expired", *id),
        Miss::FutureEdge(id) => group("membership_not_begun", *id),
        Miss::ExpiredGrant(id) => role("grant_expired", *id),
        Miss::FutureGrant(id) => role("grant_not_begun", *id),
        Miss::OtherScope(scope) => MissView { kind: "other_scope", name: scope.to_string(), id: None },
        Miss::Condition(condition) => {
            MissView { kind: "condition_required", name: condition.clone(), id: None }
        }
    }
}

fn named_group(snapshot: &Snapshot, id: GroupId) -> Named {
    let slug = snapshot.group(id).map_or("", |(slug, _)| slug);
    Named { id: id.to_string(), name: slug.to_owned() }
}

fn named_role(snapshot: &Snapshot, id: RoleId) -> Named {
    Named { id: id.to_string(), name: snapshot.role_name(id).unwrap_or_default().to_owned() }
}
