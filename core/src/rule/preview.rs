//! What saving a rule would do, before it is saved.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::{Condition, Rule, Subject, Truth};
use crate::attribute::MANAGER;
use crate::id::{Instant, UserId};
use crate::limits::PREVIEW_SAMPLE_MAX;

/// How many users something is true of, and the first of them.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Sample {
    /// All of them.
    pub count: usize,
    /// At most [`PREVIEW_SAMPLE_MAX`], in the order in which they were considered.
    pub users: Vec<UserId>,
}

impl Sample {
    fn add(&mut self, user: UserId) {
        self.count += 1;
        if self.users.len() < PREVIEW_SAMPLE_MAX {
            self.users.push(user);
        }
    }
}

/// What a rule would change about a group's members.
///
/// Users are considered one by one, so that a large organisation can be worked through in pieces.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Preview {
    /// Whom the rule would let in.
    pub added: Sample,
    /// Whom it would let out.
    pub removed: Sample,
    /// Who is in and would stay.
    pub kept: Sample,
    /// Of whom the rule cannot say; they are not members.
    pub unknown: Sample,
    /// The same users by the field that their profile lacks; once for each such field.
    pub unknown_by_field: BTreeMap<String, Sample>,
}

impl Preview {
    /// Counts `subject`, whom a rule of the group lets in at present or not.
    ///
    /// Cost: that of evaluating the rule, twice when it is Unknown.
    pub fn consider(&mut self, rule: &Rule, subject: &Subject<'_>, is_member: bool, at: Instant) {
        let truth = rule.evaluate(subject, at);
        match (truth == Truth::True, is_member) {
            (true, false) => self.added.add(subject.user),
            (false, true) => self.removed.add(subject.user),
            (true, true) => self.kept.add(subject.user),
            (false, false) => {}
        }
        if truth == Truth::Unknown {
            self.unknown.add(subject.user);
            for field in unknown_fields(rule, subject, at) {
                self.unknown_by_field.entry(field.to_string()).or_default().add(subject.user);
            }
        }
    }
}

/// What `rule` would change about a group whose rule lets in those `subjects` that come with `true`.
///
/// ```
/// use cohort_core::attribute::{Profile, Text};
/// use cohort_core::id::{Instant, UserId};
/// use cohort_core::rule::{Nobody, Rule, Subject, preview::preview};
///
/// let fold = |text: &str| text.to_lowercase();
/// let rule = Rule::parse("department = sales", fold)?;
/// let profile = Profile::new();
/// let bob = Subject { user: UserId::from_u128(1), profile: &profile, around: &Nobody };
/// let preview = preview(&rule, Instant::from_millis(0), [(bob, true)]);
/// assert_eq!((preview.removed.count, preview.unknown_by_field["department"].count), (1, 1));
/// # Ok::<(), cohort_core::rule::RuleError>(())
/// ```
pub fn preview<'a>(
    rule: &Rule,
    at: Instant,
    subjects: impl IntoIterator<Item = (Subject<'a>, bool)>,
) -> Preview {
    let mut preview = Preview::default();
    for (subject, is_member) in subjects {
        preview.consider(rule, &subject, is_member, at);
    }
    preview
}

/// The fields of the conditions that cannot be said to hold or not.
fn unknown_fields<'a>(rule: &'a Rule, subject: &Subject<'_>, at: Instant) -> BTreeSet<&'a str> {
    let unknown = rule.conditions().filter(|one| one.verdict(subject).at(at) == Truth::Unknown);
    unknown
        .map(|condition| match condition {
            Condition::Compare(comparison) => comparison.field.as_str(),
            Condition::ReportsTo { .. } | Condition::MemberOf(_) => MANAGER,
        })
        .collect()
}
