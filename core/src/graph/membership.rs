//! Who is in which group, as the directory shows it.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

use super::Graph;
use crate::id::{GroupId, Instant, Span, UserId};
use crate::times::Times;
use crate::view::{Fact, FactKey, GroupState, Member, Via};

impl Graph {
    /// The groups that `member` has edges into, with how and when.
    pub fn memberships(&self, member: Member) -> impl Iterator<Item = (GroupId, Via, &[Span])> {
        let first = FactKey::Edge(member, GroupId::from_u128(0), Via::Manual);
        self.facts.range(first..).map_while(move |(key, fact)| match (key, fact) {
            (FactKey::Edge(from, group, via), Fact::Edge { spans }) if *from == member => {
                Some((*group, *via, spans.as_slice()))
            }
            _ => None,
        })
    }

    /// Whoever has an edge into `group`, with how.
    pub fn members(&self, group: GroupId) -> impl Iterator<Item = (Member, Via)> {
        let first = (group, Member::User(UserId::from_u128(0)), Via::Manual);
        let edges = self.facts_by_group.range(first..);
        edges.take_while(move |(into, ..)| *into == group).map(|(_, member, via)| (*member, *via))
    }

    /// The groups that `user` is in at `at` through enabled groups, each with whether directly.
    ///
    /// Cost: the edges of the user and of the groups above.
    #[must_use]
    pub fn groups_of(&self, user: UserId, at: Instant) -> Vec<(GroupId, bool)> {
        let mut seen = BTreeSet::new();
        let mut groups = Vec::new();
        let mut waiting = alloc::collections::VecDeque::from([Member::User(user)]);
        while let Some(member) = waiting.pop_front() {
            let direct = member == Member::User(user);
            for (group, _, spans) in self.memberships(member) {
                if self.lets_through(group, spans, at) && seen.insert(group) {
                    groups.push((group, direct));
                    waiting.push_back(Member::Group(group));
                }
            }
        }
        groups
    }

    /// The users who are in `group` at `at`, directly or through enabled groups; nobody is in a group that is
    /// not enabled.
    ///
    /// Cost: the edges below the group.
    #[must_use]
    pub fn users_in(&self, group: GroupId, at: Instant) -> BTreeSet<UserId> {
        let mut users = BTreeSet::new();
        let mut seen = BTreeSet::from([group]);
        let mut waiting: Vec<GroupId> = seen.iter().copied().filter(|group| self.enabled(*group)).collect();
        while let Some(group) = waiting.pop() {
            for (member, via) in self.members(group) {
                if !self.edge_holds(member, group, via, at) {
                    continue;
                }
                match member {
                    Member::User(user) => _ = users.insert(user),
                    Member::Group(below) if self.enabled(below) && seen.insert(below) => waiting.push(below),
                    Member::Group(_) => {}
                }
            }
        }
        users
    }

    /// When `user` is in which group through enabled groups, if the rules of the groups in `by_rule` make a member
    /// at the times given there.
    ///
    /// Cost: the edges of the user and of the groups above, times the moments at which they begin and end.
    pub(super) fn times_in_groups(
        &self,
        user: UserId,
        by_rule: &BTreeMap<GroupId, Times>,
    ) -> BTreeMap<GroupId, Times> {
        let told = self
            .memberships(Member::User(user))
            .filter(|(group, via, _)| *via != Via::Rule || !by_rule.contains_key(group));
        let told = told.map(|(group, _, spans)| (group, Times::of(spans.iter().copied())));
        let mut news: Vec<(GroupId, Times)> =
            told.chain(by_rule.iter().map(|(group, times)| (*group, times.clone()))).collect();
        let mut inside: BTreeMap<GroupId, Times> = BTreeMap::new();
        while let Some((group, times)) = news.pop() {
            let known = inside.get(&group).cloned().unwrap_or_default();
            let all = known.union(&times);
            if all == known || !self.enabled(group) {
                continue;
            }
            let above = self.memberships(Member::Group(group));
            news.extend(
                above.map(|(group, _, spans)| (group, Times::of(spans.iter().copied()).intersection(&all))),
            );
            inside.insert(group, all);
        }
        inside
    }

    /// `group` and all groups inside it, whatever their state and time.
    #[must_use]
    pub fn groups_below(&self, group: GroupId) -> BTreeSet<GroupId> {
        closure(group, |group| self.groups_in(group))
    }

    /// The groups that have an edge into `group`; they stand behind the users, who are skipped.
    fn groups_in(&self, group: GroupId) -> impl Iterator<Item = GroupId> {
        let first = (group, Member::Group(GroupId::from_u128(0)), Via::Manual);
        self.facts_by_group.range(first..).map_while(move |(into, member, _)| match member {
            Member::Group(id) if *into == group => Some(*id),
            _ => None,
        })
    }

    /// `group` and all groups that it is inside of, whatever their state and time.
    #[must_use]
    pub fn groups_above(&self, group: GroupId) -> BTreeSet<GroupId> {
        closure(group, |group| self.memberships(Member::Group(group)).map(|(above, ..)| above))
    }

    fn enabled(&self, group: GroupId) -> bool {
        self.groups.get(&group).is_some_and(|group| group.state == GroupState::Enabled)
    }

    fn lets_through(&self, group: GroupId, spans: &[Span], at: Instant) -> bool {
        self.enabled(group) && spans.iter().any(|span| span.contains(at))
    }

    pub(super) fn edge_holds(&self, member: Member, group: GroupId, via: Via, at: Instant) -> bool {
        match self.facts.get(&FactKey::Edge(member, group, via)) {
            Some(Fact::Edge { spans }) => spans.iter().any(|span| span.contains(at)),
            _ => false,
        }
    }
}

fn closure<I: Iterator<Item = GroupId>>(start: GroupId, next: impl Fn(GroupId) -> I) -> BTreeSet<GroupId> {
    let mut seen = BTreeSet::from([start]);
    let mut waiting = alloc::vec![start];
    while let Some(group) = waiting.pop() {
        waiting.extend(next(group).filter(|group| seen.insert(*group)).collect::<Vec<_>>());
    }
    seen
}
