//! How often each answer was met, and whether that is often enough to prove anything.

use std::collections::BTreeMap;
use std::fmt;

use cohort_core::decide::Uncertainty;
use cohort_oracle::{Path, Reason, Start};

use super::compare::Expected;
use super::pair::{Agreed, Told};

/// The least share of each kind of answer, in thousandths.
const SHARE_MIN: f64 = 1.0;

/// Answers from which on a run is long enough to be judged by its shares.
const JUDGED_ANSWERS: u64 = 1_000_000;

/// The kinds of answers that a long run must meet that often: every kind of path, every reason of a denial, every
/// reason of uncertainty.
const KINDS: &[&str] = &[
    "allow: direct",
    "allow: person",
    "allow: everyone",
    "allow: manual",
    "allow: manual, nested",
    "allow: scim",
    "allow: scim, nested",
    "allow: rule",
    "allow: rule, nested",
    "deny: unknown user",
    "deny: inactive user",
    "deny: org disabled",
    "deny: unknown permission",
    "deny: malformed scope",
    "deny: denied by",
    "deny: condition required",
    "deny: no path",
    "indeterminate: stale",
    "indeterminate: before created",
    "indeterminate: revision not reached",
    "indeterminate: ambiguous subject",
    "indeterminate: too large",
];

/// The kinds of nearest misses that a long run must meet at least once.
const MISSES: &[&str] =
    &["disabled", "archived", "expired", "future", "expired grant", "future grant", "other scope"];

/// Counts of a run.
#[derive(Clone, Default, Debug)]
pub struct Tally {
    /// Questions on whose answer both sides agreed.
    pub answers: u64,
    /// Explanations on whose words both sides agreed.
    pub explanations: u64,
    /// Statements that both sides took.
    pub taken: u64,
    /// Statements that the oracle refused.
    pub refused_by_oracle: u64,
    /// Statements that the product refused.
    pub refused_by_product: u64,
    /// Answers that end before the bytes do.
    pub ending: u64,
    /// Those among them that are another answer from that moment on.
    pub tight: u64,
    kinds: BTreeMap<&'static str, u64>,
    misses: BTreeMap<&'static str, u64>,
}

impl Tally {
    pub(super) fn count(&mut self, agreed: &Agreed) {
        self.answers += 1;
        *self.kinds.entry(kind(&agreed.expected)).or_default() += 1;
        if let Some(words) = &agreed.words {
            self.explanations += 1;
            if let Some((_, miss)) = words.split_once(" near ") {
                // `expired grant` before `expired`, of which it would otherwise be one.
                let name = MISSES.iter().rev().find(|name| miss.starts_with(**name));
                *self.misses.entry(name.copied().unwrap_or("other")).or_default() += 1;
            }
        }
        if let Some(is_tight) = agreed.is_tight {
            self.ending += 1;
            self.tight += u64::from(is_tight);
        }
    }

    pub(super) fn told(&mut self, told: &Told) {
        match told {
            Told::Taken => self.taken += 1,
            Told::RefusedByOracle => self.refused_by_oracle += 1,
            Told::RefusedByProduct => self.refused_by_product += 1,
        }
    }

    /// What share of all answers is this kind, in thousandths.
    fn share(&self, count: u64) -> f64 {
        thousandths(count, self.answers)
    }

    fn of_kind(&self, kind: &str) -> u64 {
        self.kinds.get(kind).copied().unwrap_or_default()
    }

    /// What share of all answers is `allow`, in thousandths.
    #[must_use]
    pub fn allows(&self) -> f64 {
        let allows = self.kinds.iter().filter(|(kind, _)| kind.starts_with("allow"));
        self.share(allows.map(|(_, count)| count).sum())
    }

    /// The kinds of answers, and of nearest misses, that were not met at all.
    #[must_use]
    pub fn unmet(&self) -> Vec<&'static str> {
        let kinds = KINDS.iter().filter(|kind| self.of_kind(kind) == 0);
        kinds.chain(MISSES.iter().filter(|miss| !self.misses.contains_key(**miss))).copied().collect()
    }

    /// What is too rare or too frequent for the run to prove what it should; nothing while it is below a million
    /// answers.
    #[must_use]
    pub fn lacks(&self) -> Vec<String> {
        if self.answers < JUDGED_ANSWERS {
            return Vec::new();
        }
        let mut lacks: Vec<String> = self.unmet().iter().map(|kind| format!("never `{kind}`")).collect();
        let rare = KINDS.iter().filter(|kind| self.share(self.of_kind(kind)) < SHARE_MIN);
        lacks.extend(rare.map(|kind| format!("`{kind}` is below 0.1 % of the answers")));
        if !(400.0..=600.0).contains(&self.allows()) {
            lacks.push(format!("{:.1} % are allow; expected 40 to 60", self.allows() / 10.0));
        }
        lacks
    }
}

fn kind(expected: &Expected) -> &'static str {
    match expected {
        Expected::Resolved(Reason::Path(path)) => path_kind(path),
        Expected::Resolved(Reason::UnknownUser) => "deny: unknown user",
        Expected::Resolved(Reason::InactiveUser) => "deny: inactive user",
        Expected::Resolved(Reason::OrgDisabled) => "deny: org disabled",
        Expected::Resolved(Reason::UnknownPermission) => "deny: unknown permission",
        Expected::MalformedScope => "deny: malformed scope",
        Expected::Resolved(Reason::DeniedBy(_)) => "deny: denied by",
        Expected::Resolved(Reason::ConditionRequired(_)) => "deny: condition required",
        Expected::Resolved(Reason::NoPath) => "deny: no path",
        Expected::Uncertain(Uncertainty::Stale) => "indeterminate: stale",
        Expected::Uncertain(Uncertainty::BeforeCreated) => "indeterminate: before created",
        Expected::Uncertain(Uncertainty::RevisionNotReached) => "indeterminate: revision not reached",
        Expected::Uncertain(Uncertainty::AmbiguousSubject) => "indeterminate: ambiguous subject",
        Expected::Resolved(Reason::TooManyGroups) | Expected::Uncertain(Uncertainty::TooLarge) => {
            "indeterminate: too large"
        }
        Expected::Uncertain(Uncertainty::OutsideCoverage) => "indeterminate: outside coverage",
    }
}

fn path_kind(path: &Path) -> &'static str {
    match (path.start, path.length) {
        (Start::Direct, _) => "allow: direct",
        (Start::Person, _) => "allow: person",
        (Start::Everyone, _) => "allow: everyone",
        (Start::Manual, ..=1) => "allow: manual",
        (Start::Manual, _) => "allow: manual, nested",
        (Start::Scim, ..=1) => "allow: scim",
        (Start::Scim, _) => "allow: scim, nested",
        (Start::Rule, ..=1) => "allow: rule",
        (Start::Rule, _) => "allow: rule, nested",
    }
}

#[expect(clippy::cast_precision_loss, reason = "shares are shown with two digits")]
fn thousandths(count: u64, all: u64) -> f64 {
    count as f64 * 1000.0 / all.max(1) as f64
}

impl fmt::Display for Tally {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (kind, count) in &self.kinds {
            writeln!(out, "{count:>10}  {:>6.2} %  {kind}", self.share(*count) / 10.0)?;
        }
        writeln!(out, "{:>10}  of them {:.1} % allow", self.answers, self.allows() / 10.0)?;
        for (miss, count) in &self.misses {
            writeln!(out, "{count:>10}  near {miss}")?;
        }
        writeln!(out, "{:>10}  explanations compared", self.explanations)?;
        let tight = thousandths(self.tight, self.ending) / 10.0;
        writeln!(out, "{:>10}  answers end early, {tight:.1} % of them change then", self.ending)?;
        write!(
            out,
            "{:>10}  statements taken; refused by the oracle {}, by the product {}",
            self.taken, self.refused_by_oracle, self.refused_by_product
        )
    }
}
