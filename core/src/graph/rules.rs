//! When rules make somebody a member: which rules hear of a change, and what they say then.
//!
//! A rule hears of the fields that it compares (`by_field`), of the managers above (`by_manager`) and of the groups
//! that it names (`by_group`). Rules that name groups are worked out user by user as one least fixpoint, from
//! nothing: what a user is in depends on no other user, and rules are monotone in membership. So removing is right
//! too, where letting members fall away one by one would leave two rules holding each other up.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::Graph;
use crate::attribute::Text;
use crate::id::{GroupId, Instant, UserId};
use crate::limits::SPANS_MAX;
use crate::model::{EdgeKey, EdgeKind, Group};
use crate::rule::preview::Preview;
use crate::rule::{Manager, Rule, Subject, Surroundings};
use crate::times::Times;
use crate::view::{Fact, FactChange, FactKey, Member, Via};

/// The groups with a rule, found by what the rule looks at.
#[derive(Clone, Debug, Default)]
pub(super) struct RuleIndex {
    /// By the name of a compared field.
    by_field: BTreeMap<String, BTreeSet<GroupId>>,
    /// By a folded reference in `REPORTS TO`.
    by_manager: BTreeMap<String, BTreeSet<GroupId>>,
    /// By a folded reference in `MEMBER OF`.
    by_group: BTreeMap<String, BTreeSet<GroupId>>,
}

impl RuleIndex {
    pub(super) fn forget(&mut self, group: GroupId) {
        for index in [&mut self.by_field, &mut self.by_manager, &mut self.by_group] {
            index.retain(|_, groups| {
                groups.remove(&group);
                !groups.is_empty()
            });
        }
    }

    pub(super) fn learn(&mut self, group: GroupId, rule: &Rule) {
        let managers = rule.managers().map(|text| text.folded.as_str());
        let groups = rule.groups().map(|text| text.folded.as_str());
        note(&mut self.by_field, rule.fields(), group);
        note(&mut self.by_manager, managers, group);
        note(&mut self.by_group, groups, group);
    }

    /// All groups with a rule.
    pub(super) fn all(&self) -> impl Iterator<Item = GroupId> {
        [&self.by_field, &self.by_manager, &self.by_group]
            .into_iter()
            .flat_map(|index| index.values().flatten().copied())
    }

    /// The rules that compare `field`.
    pub(super) fn comparing(&self, field: &str) -> impl Iterator<Item = GroupId> {
        self.by_field.get(field).into_iter().flatten().copied()
    }

    /// The rules that may mean `reference` by `REPORTS TO`.
    pub(super) fn reporting_to(&self, reference: &str) -> impl Iterator<Item = GroupId> {
        self.by_manager.get(reference).into_iter().flatten().copied()
    }

    /// The rules that look at managers.
    pub(super) fn on_managers(&self) -> BTreeSet<GroupId> {
        self.by_manager.values().flatten().copied().collect()
    }

    /// The rules that look at groups.
    pub(super) fn on_groups(&self) -> BTreeSet<GroupId> {
        self.by_group.values().flatten().copied().collect()
    }
}

fn note<'a>(
    index: &mut BTreeMap<String, BTreeSet<GroupId>>,
    keys: impl Iterator<Item = &'a str>,
    group: GroupId,
) {
    for key in keys {
        index.entry(key.to_string()).or_default().insert(group);
    }
}

impl Graph {
    /// Replaces what the index knows of the rule of `group`.
    pub(super) fn index_rule(&mut self, group: &Group) {
        self.rules.forget(group.id);
        if let Some(rule) = &group.rule {
            self.rules.learn(group.id, rule);
        }
    }

    /// Works out when the rule of `group` makes `user` a member, or has it done by [`Graph::settle`] if the rule
    /// looks at groups.
    pub(super) fn derive_rule(&mut self, user: UserId, group: GroupId) {
        let rule = self.groups.get(&group).and_then(|group| group.rule.as_ref());
        if rule.is_some_and(|rule| rule.groups().next().is_some()) {
            self.unsettled.insert(user);
            return;
        }
        let times = self.rule_times(user, group, &*self);
        self.put_rule(user, group, &times);
    }

    /// Brings the rules that look at groups up to date with everything that changed.
    ///
    /// Cost: for each user whose membership may differ, the groups above times the rules that look at groups.
    pub(super) fn settle(&mut self) {
        let rules = self.rules.on_groups();
        let mut users = core::mem::take(&mut self.unsettled);
        if rules.is_empty() {
            return;
        }
        users.extend(self.users_with_changed_groups());
        for user in users {
            for (group, times) in self.least_fixpoint(user, &rules) {
                self.put_rule(user, group, &times);
            }
        }
    }

    /// Everybody who is, or was, in or below a group whose edges or state changed.
    fn users_with_changed_groups(&self) -> BTreeSet<UserId> {
        let changed = self.replaced.iter().filter(|(key, before)| self.facts.get(key) != before.as_ref());
        let mut users = BTreeSet::new();
        let mut groups = BTreeSet::new();
        for (key, _) in changed {
            match key {
                FactKey::Edge(Member::User(user), ..) => _ = users.insert(*user),
                FactKey::Edge(Member::Group(group), ..) | FactKey::Group(group) => _ = groups.insert(*group),
                _ => {}
            }
        }
        let below: BTreeSet<GroupId> =
            groups.into_iter().flat_map(|group| self.groups_below(group)).collect();
        users.extend(
            below
                .into_iter()
                .flat_map(|group| self.members(group))
                .filter_map(|(member, _)| if let Member::User(user) = member { Some(user) } else { None }),
        );
        users
    }

    /// When each of `rules` makes `user` a member, given what all of them say.
    fn least_fixpoint(&self, user: UserId, rules: &BTreeSet<GroupId>) -> BTreeMap<GroupId, Times> {
        let mut found: BTreeMap<GroupId, Times> =
            rules.iter().map(|group| (*group, Times::never())).collect();
        // At every moment each round adds a rule or is the last one.
        for _ in 0..=rules.len() {
            let inside = Inside { graph: self, times: self.times_in_groups(user, &found) };
            let next = rules.iter().map(|group| (*group, self.rule_times(user, *group, &inside))).collect();
            if next == found {
                break;
            }
            found = next;
        }
        found
    }

    /// When the rule of `group` makes `user` a member: while it is True and nothing excludes.
    fn rule_times(&self, user: UserId, group: GroupId, around: &dyn Surroundings) -> Times {
        let rule = self.groups.get(&group).and_then(|group| group.rule.as_ref());
        let (Some(rule), Some(record)) = (rule, self.users.get(&user)) else { return Times::never() };
        let times = rule.verdict(&Subject { user, profile: &record.profile, around }).times();
        let excluded = [Via::Manual, Via::Scim].into_iter().filter_map(|via| {
            let kind = EdgeKind::Exclude;
            self.edges.get(&EdgeKey { group, member: Member::User(user), kind, via }).copied()
        });
        times.intersection(&Times::of(excluded).complement())
    }

    /// Puts the spans in which a rule makes a member; what is too many is cut at a nearer horizon.
    fn put_rule(&mut self, user: UserId, group: GroupId, times: &Times) {
        let (spans, horizon) = times.cut(self.now, SPANS_MAX);
        let fact = (!spans.is_empty()).then(|| Fact::Edge { spans: spans.to_vec() });
        self.put(FactKey::Edge(Member::User(user), group, Via::Rule), fact);
        if times.spans().len() > SPANS_MAX {
            self.cut.insert((user, group), horizon);
        } else {
            self.cut.remove(&(user, group));
        }
    }

    /// Moves the moment from which memberships of many spans are kept, and says which facts that changed.
    ///
    /// What a rule says is worked out for all of time, so a graph in which nobody has more than
    /// [`SPANS_MAX`] spans in a group does not depend on `now`. Where somebody has more, the spans that end after
    /// `now` are kept as far as [`Graph::horizon`].
    ///
    /// Cost: the memberships that are cut.
    pub fn evaluate_at(&mut self, now: Instant) -> Vec<FactChange> {
        self.now = now;
        self.replaced.clear();
        for (user, group) in self.cut.keys().copied().collect::<Vec<_>>() {
            self.derive_rule(user, group);
        }
        self.settle();
        self.changed_facts().into_iter().map(|(change, _)| change).collect()
    }

    /// Up to when the facts tell the truth; [`Instant::MAX`] unless somebody has too many spans in a group.
    ///
    /// Bytes made of the facts must not be used beyond it, and [`Graph::evaluate_at`] is due before.
    #[must_use]
    pub fn horizon(&self) -> Instant {
        self.cut.values().copied().min().unwrap_or(Instant::MAX)
    }

    /// What saving `rule` for `group` would change about its members at `at`.
    ///
    /// Groups that the rule names count with the members they have now.
    #[must_use]
    pub fn preview(&self, group: GroupId, rule: &Rule, at: Instant) -> Preview {
        let mut preview = Preview::default();
        for (user, record) in &self.users {
            let subject = Subject { user: *user, profile: &record.profile, around: self };
            let is_member = self.edge_holds(Member::User(*user), group, Via::Rule, at);
            preview.consider(rule, &subject, is_member, at);
        }
        preview
    }

    /// The groups meant by an id or a slug, folded.
    fn groups_meant_by(&self, reference: &str) -> impl Iterator<Item = GroupId> {
        let by_id = reference.parse::<GroupId>().ok().filter(|id| self.groups.contains_key(id));
        let slugs = self.slugs.range((reference.to_string(), GroupId::from_u128(0))..);
        by_id.into_iter().chain(slugs.take_while(move |(slug, _)| slug == reference).map(|(_, id)| *id))
    }
}

/// The graph as one user's rules see it, with the groups that the user is in worked out.
struct Inside<'a> {
    graph: &'a Graph,
    times: BTreeMap<GroupId, Times>,
}

impl Inside<'_> {
    fn times_in(&self, group: &Text) -> Times {
        let groups = self.graph.groups_meant_by(&group.folded);
        Times::of(groups.filter_map(|group| self.times.get(&group)).flat_map(|times| times.spans().to_vec()))
    }
}

impl Surroundings for Inside<'_> {
    fn manager(&self, user: UserId) -> Manager {
        self.graph.manager(user)
    }

    fn names_anybody(&self, reference: &Text) -> bool {
        self.graph.names_anybody(reference)
    }

    fn is_named(&self, user: UserId, reference: &Text) -> bool {
        self.graph.is_named(user, reference)
    }

    fn times_in(&self, _: UserId, group: &Text) -> Times {
        self.times_in(group)
    }
}

impl Surroundings for Graph {
    fn manager(&self, user: UserId) -> Manager {
        self.manager_above(user)
    }

    fn names_anybody(&self, reference: &Text) -> bool {
        self.users_meant_by(&reference.folded).next().is_some()
    }

    fn is_named(&self, user: UserId, reference: &Text) -> bool {
        self.users_meant_by(&reference.folded).any(|meant| meant.id == user)
    }

    fn times_in(&self, user: UserId, group: &Text) -> Times {
        Inside { graph: self, times: self.times_in_groups(user, &BTreeMap::new()) }.times_in(group)
    }
}
