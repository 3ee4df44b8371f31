//! One world on both sides: told line by line, and asked the same.

use std::collections::BTreeSet;

use cohort_core::decide::{Decision, decide};
use cohort_core::encode::{self, Validity};
use cohort_core::explain::{explain, line};
use cohort_core::graph::Applied;
use cohort_core::id::{Instant, UserId};
use cohort_core::limits::CLOCK_SKEW_MILLIS;
use cohort_core::view::Snapshot;
use cohort_host::module::State;
use cohort_oracle::{Reason, World};

use super::compare::{Difference, Expected, Trouble};
use super::doors;
use super::oracle::Oracle;
use super::question::{BORN, NOW, Question, STALE};
use crate::build::{Build, BuildError, group_id, user_id};
use crate::world;

/// The oracle, the product's graph, an edge that follows it by deltas, and an edge that was just opened.
#[derive(Clone)]
pub struct Pair {
    oracle: Oracle,
    build: Build,
    edge: Snapshot,
    fresh: Snapshot,
    /// What led to the last revision.
    delta: Vec<u8>,
    /// Changes that both sides took.
    told: usize,
}

/// Every so many changes the edge is opened anew.
const REOPENED_EVERY: usize = 5;

/// What became of a statement.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Told {
    /// Both sides took it.
    Taken,
    /// The oracle refused it, and the product was not told.
    RefusedByOracle,
    /// The product refused it, and the oracle was made to forget it.
    RefusedByProduct,
}

/// How closely an answer is looked at.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Depth {
    /// The answer of the edge that follows, and nothing else.
    Outcome,
    /// The answer, from both edges, and again just before the moment up to which it holds.
    Answer,
    /// Also its explanation: the words, and when the answer really ends.
    Explanation,
}

/// An answer that both sides agree on.
#[derive(Clone, Debug)]
pub(super) struct Agreed {
    pub(super) expected: Expected,
    /// The words of the explanation, when it was looked at.
    pub(super) words: Option<String>,
    /// For an answer that ends before the bytes do: whether it is another one from that moment on.
    pub(super) is_tight: Option<bool>,
}

/// The first instant that questions may be about: clocks of two machines differ.
const EARLIEST: i64 = BORN - CLOCK_SKEW_MILLIS;

/// For which moments the bytes of a random world may be used: from [`BORN`] to [`STALE`].
#[must_use]
pub const fn validity() -> Validity {
    Validity {
        created: Instant::from_millis(BORN),
        horizon: Instant::MAX,
        valid_until: Instant::from_millis(STALE),
    }
}

impl Pair {
    /// An empty world on both sides.
    ///
    /// # Errors
    /// [`Difference`] when not even that can be opened.
    pub fn new() -> Result<Self, Difference> {
        let build = Build::default();
        let fresh = open(&build)?;
        Ok(Self { oracle: Oracle::default(), build, edge: fresh.clone(), fresh, delta: Vec::new(), told: 0 })
    }

    /// A world in which all of `lines` were told; refused ones are left out.
    ///
    /// # Errors
    /// [`Difference`] of the first line after which the edges differ.
    pub fn of(lines: &[String]) -> Result<Self, Difference> {
        let mut pair = Self::new()?;
        for line in lines {
            pair.tell(line)?;
        }
        Ok(pair)
    }

    /// What the oracle knows.
    #[must_use]
    pub fn oracle(&self) -> &World {
        self.oracle.world()
    }

    /// What the product's directory knows.
    #[must_use]
    pub fn build(&self) -> &Build {
        &self.build
    }

    /// What an edge that followed every change knows.
    #[must_use]
    pub fn edge(&self) -> &Snapshot {
        &self.edge
    }

    /// How many groups of one user a question at an instant has to visit: to give access, or to take it.
    pub(super) fn groups_counted(&self, user: &str, at: i64) -> usize {
        let standing = self.oracle().user(user).map(|user| self.oracle.standing(user, at));
        standing.map_or(0, |standing| standing.groups.len().max(standing.for_denial.len()))
    }

    /// Tells both sides one more line, or several at once; or neither side any, when one is refused.
    ///
    /// # Errors
    /// [`Difference`] when deltas and a fresh snapshot lead to different states.
    pub fn tell(&mut self, lines: &str) -> Result<Told, Difference> {
        let before = self.oracle.clone();
        if self.oracle.feed(lines).is_err() {
            return Ok(Told::RefusedByOracle);
        }
        let mut build = self.build.clone();
        let applied: Result<Vec<_>, _> = lines.split('\n').map(|line| carry_out(&mut build, line)).collect();
        let Ok(applied) = applied else {
            self.oracle = before;
            return Ok(Told::RefusedByProduct);
        };
        self.follow(build, applied.into_iter().flatten())?;
        self.compare_owners().map(|()| Told::Taken)
    }

    /// Brings the edges to what the product's directory knows now.
    fn follow(&mut self, build: Build, applied: impl Iterator<Item = Applied>) -> Result<(), Difference> {
        let facts = encode::merged(applied.map(|one| one.facts));
        let delta = encode::delta(build.graph.org(), self.build.revision, build.revision, validity(), &facts);
        self.build = build;
        let expected = || "a delta that fits".to_owned();
        self.edge.apply(&delta).map_err(|cause| Difference {
            trouble: Trouble::Delta,
            expected: expected(),
            found: cause.to_string(),
        })?;
        self.delta = delta;
        self.told += 1;
        self.fresh = open(&self.build)?;
        self.compare_states()?;
        // What deltas brought lies otherwise in memory than what was opened: both are to be changed by deltas.
        if self.told.is_multiple_of(REOPENED_EVERY) {
            self.edge = self.fresh.clone();
        }
        Ok(())
    }

    /// Who owns what in the middle of the world's time, according to both sides.
    fn compare_owners(&self) -> Result<(), Difference> {
        let oracle = self.oracle();
        let owned: BTreeSet<&String> =
            oracle.edges.iter().filter(|edge| edge.owner).map(|edge| &edge.group).collect();
        for group in oracle.groups.iter().map(|group| &group.name) {
            let owners = if owned.contains(group) { oracle.owners(group, NOW) } else { BTreeSet::new() };
            let expected: BTreeSet<UserId> = owners.iter().map(|name| user_id(name)).collect();
            let owners = self.build.graph.owners(group_id(group), Instant::from_millis(NOW));
            let found: BTreeSet<UserId> = owners.collect();
            if found != expected {
                let told = |owners| format!("{group}: {owners:?}");
                return differs(Trouble::Owners, told(expected), told(found));
            }
        }
        Ok(())
    }

    fn compare_states(&self) -> Result<(), Difference> {
        let (fresh, edge) = (&self.fresh, &self.edge);
        if fresh.facts() == edge.facts() && fresh.header() == edge.header() {
            return Ok(());
        }
        let only = |one: &Snapshot, other: &Snapshot| {
            let (facts, others) = (one.facts(), other.facts());
            let missing = facts.iter().filter(|(key, fact)| others.get(*key) != Some(*fact));
            format!("{:?} {:?}", one.header(), missing.collect::<Vec<_>>())
        };
        Err(Difference { trouble: Trouble::Facts, expected: only(fresh, edge), found: only(edge, fresh) })
    }

    /// Asks both sides.
    ///
    /// # Errors
    /// [`Difference`] of the answers.
    pub(super) fn ask(&self, question: &Question, depth: Depth) -> Result<Agreed, Difference> {
        let expected = Expected::of(&self.oracle, question);
        let subject = question.subject();
        let query = question.query(&subject, self.build.revision);
        let found = decide(&self.edge, &query);
        if !expected.is_met_by(&found.outcome, &self.edge) {
            return differs(Trouble::Answer, expected.to_string(), format!("{:?}", found.outcome));
        }
        if depth == Depth::Outcome {
            return Ok(Agreed { expected, words: None, is_tight: None });
        }
        let fresh = decide(&self.fresh, &query);
        let is_same = expected.is_met_by(&fresh.outcome, &self.fresh)
            && (fresh.valid_until, fresh.revision) == (found.valid_until, found.revision);
        if !is_same {
            return differs(Trouble::Delayed, format!("{fresh:?}"), format!("{found:?}"));
        }
        doors::by_handle(&self.edge, &query, &found)?;
        if depth == Depth::Explanation {
            doors::by_slice(&self.edge, &query, &found)?;
        }
        let is_tight = self.check_until(question, &expected, &found)?;
        let words = match depth {
            Depth::Outcome | Depth::Answer => None,
            Depth::Explanation => self.check_words(question, &expected)?,
        };
        Ok(Agreed { expected, words, is_tight })
    }

    /// Asks the module what both sides agreed on.
    pub(super) fn ask_module(&self, state: &mut State, question: &Question) -> Result<(), Difference> {
        let subject = question.subject();
        let query = question.query(&subject, self.build.revision);
        doors::in_wasm(state, &query, &decide(&self.edge, &query))
    }

    /// The present state, as bytes to open.
    pub(super) fn snapshot_bytes(&self) -> Vec<u8> {
        snapshot_bytes(&self.build)
    }

    /// What led to the present state from the one before the last statement that was taken.
    pub(super) fn delta(&self) -> &[u8] {
        &self.delta
    }

    /// Asks again one millisecond before the answer may change, and at that moment.
    fn check_until(
        &self,
        question: &Question,
        expected: &Expected,
        found: &Decision,
    ) -> Result<Option<bool>, Difference> {
        let until = found.valid_until.as_millis();
        if until <= question.at {
            return Ok(None);
        }
        let subject = question.subject();
        let last = question.at(until.saturating_sub(1));
        let again = decide(&self.edge, &last.query(&subject, self.build.revision));
        if again.outcome != found.outcome {
            let expected = format!("{found:?}");
            return differs(Trouble::ValidUntil, expected, format!("{:?} before", again.outcome));
        }
        if until >= STALE {
            return Ok(None);
        }
        Ok(Some(!Expected::of(&self.oracle, &question.at(until)).is_same(expected)))
    }

    /// An explanation knows the very moment at which the answer becomes another one.
    fn check_ending(
        &self,
        question: &Question,
        expected: &Expected,
        found: &Decision,
    ) -> Result<(), Difference> {
        let ending = self.ending(question, expected);
        if question.at >= STALE || found.valid_until.as_millis() == ending {
            return Ok(());
        }
        let text = cohort_oracle::instant_text;
        differs(Trouble::ValidUntil, text(ending), text(found.valid_until.as_millis()))
    }

    /// The first instant at which the oracle answers otherwise, or nobody may ask any more.
    fn ending(&self, question: &Question, expected: &Expected) -> i64 {
        let mut later = question.at(question.at.max(EARLIEST - 1));
        loop {
            let bound = self.oracle().next_bound(&later.of_oracle("")).unwrap_or(STALE).min(STALE);
            // Where questions begin to be taken is a bound that the world does not tell.
            let bound = if later.at < EARLIEST { bound.min(EARLIEST) } else { bound };
            later.at = bound;
            if bound >= STALE || !Expected::of(&self.oracle, &later).is_same(expected) {
                return bound;
            }
        }
    }

    /// The explanation in words, which must be the oracle's to the letter.
    fn check_words(&self, question: &Question, expected: &Expected) -> Result<Option<String>, Difference> {
        let subject = question.subject();
        let query = question.query(&subject, self.build.revision);
        let explanation = explain(&self.edge, &query);
        self.check_ending(question, expected, &explanation.decision)?;
        let found = explanation.to_text(&self.edge);
        let alone = line(&self.edge, &query);
        if alone != found {
            return differs(Trouble::Explanation, found, alone);
        }
        let wanted = self.words(question, expected);
        let is_same = if self.has_rule_on_groups() {
            before_near(&found) == before_near(&wanted)
        } else {
            found == wanted
        };
        if is_same { Ok(Some(found)) } else { differs(Trouble::Explanation, wanted, found) }
    }

    /// Whether what helps may help by way of a rule that reads memberships: the oracle tries that, and an edge
    /// has no rules to try.
    fn has_rule_on_groups(&self) -> bool {
        let rules = self.oracle().groups.iter().filter_map(|group| group.rule.as_ref());
        rules.map(cohort_oracle::Rule::groups).any(|groups| !groups.is_empty())
    }

    /// What the oracle answers, with a path that was nearly there, in the words of a world file.
    pub(super) fn expected_words(&self, question: &Question) -> String {
        self.words(question, &Expected::of(&self.oracle, question))
    }

    fn words(&self, question: &Question, expected: &Expected) -> String {
        if !matches!(expected, Expected::Resolved(Reason::NoPath)) {
            return expected.to_string();
        }
        let user = question.user_in(self.oracle()).unwrap_or_default();
        let answer = self.oracle().ask(&question.of_oracle(user));
        format!("{}: {}", answer.outcome, answer.detail())
    }
}

/// The answer and its reason, without what nearly helped.
fn before_near(words: &str) -> &str {
    words.split(" near ").next().unwrap_or_default()
}

fn differs<T>(trouble: Trouble, expected: String, found: String) -> Result<T, Difference> {
    Err(Difference { trouble, expected, found })
}

/// Carries out all statements of a line.
fn carry_out(build: &mut Build, line: &str) -> Result<Vec<Applied>, Option<BuildError>> {
    let mut applied = Vec::new();
    for statement in world::read_line(1, line).map_err(|_| None)? {
        applied.extend(build.carry_out(&statement).map_err(Some)?);
    }
    Ok(applied)
}

fn snapshot_bytes(build: &Build) -> Vec<u8> {
    encode::snapshot(build.graph.org(), build.revision, validity(), build.graph.facts())
}

fn open(build: &Build) -> Result<Snapshot, Difference> {
    Snapshot::open(&snapshot_bytes(build)).map_err(|cause| Difference {
        trouble: Trouble::Snapshot,
        expected: "a snapshot that can be opened".to_owned(),
        found: cause.to_string(),
    })
}
