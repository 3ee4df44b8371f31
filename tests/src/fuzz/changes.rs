//! Changes against each other: there and back, refused or not, told by delta or built anew.

use std::collections::{BTreeMap, BTreeSet};

use cohort_core::change::Change;
use cohort_core::decide::{Query, decide};
use cohort_core::encode;
use cohort_core::explain::explain;
use cohort_core::graph::{Applied, Graph};
use cohort_core::id::{GrantId, GroupId, Instant, OrgId, Revision, RoleId, ScopeId, UserId};
use cohort_core::model::{EdgeKey, EdgeKind, Role, wildcard_prefix};
use cohort_core::view::{FactChange, Facts, Member, Snapshot, Via};

use super::change::{self, GRANTS, GROUPS, ROLES, USERS};
use super::choices::Choices;
use crate::random::{NOW, validity};

/// Steps that one input makes.
const STEPS_MAX: usize = 150;

/// Plays the changes that the bytes choose.
pub(super) fn play(data: &[u8]) {
    let mut choices = Choices::new(data);
    let mut play = Play::new();
    while !choices.are_over() && play.steps < STEPS_MAX {
        match choices.below(96) {
            // No common byte: stairs cost as much as a hundred other steps.
            95 => play.step(&change::stairs(&mut choices)),
            1 => play.pass_time(Instant::from_millis(i64::from(choices.byte()) * 250)),
            2 => play.ask(&mut choices),
            _ => play.step(&[change::change(&mut choices)]),
        }
    }
    play.check_rebuilt();
    play.ask(&mut choices);
}

/// Three graphs that must stay the same, and an edge that follows them.
struct Play {
    /// Was asked for everything.
    graph: Graph,
    /// Was asked for what `graph` took, and each time went back and forth once.
    wavering: Graph,
    edge: Snapshot,
    revision: Revision,
    /// What `graph` was told of scopes, which it does not tell again.
    scopes: BTreeMap<ScopeId, Vec<ScopeId>>,
    now: Instant,
    steps: usize,
}

impl Play {
    fn new() -> Self {
        let graph = Graph::new(OrgId::from_u128(1));
        let edge = opened(&graph, Revision::default());
        Self {
            wavering: graph.clone(),
            graph,
            edge,
            revision: Revision::default(),
            scopes: BTreeMap::new(),
            now: Instant::MIN,
            steps: 0,
        }
    }

    /// Some changes that the edge is told of at once.
    fn step(&mut self, changes: &[Change]) {
        self.steps += 1;
        let news: Vec<Vec<FactChange>> = changes.iter().filter_map(|change| self.tried(change)).collect();
        if !news.is_empty() {
            self.follow(&encode::merged(news));
        }
    }

    /// The facts that a change puts and drops; none when it is refused.
    fn tried(&mut self, change: &Change) -> Option<Vec<FactChange>> {
        let before = self.graph.facts().clone();
        let applied = match self.graph.apply(change) {
            Ok(applied) => applied,
            Err(error) => {
                assert!(!error.to_string().is_empty());
                assert_eq!(*self.graph.facts(), before, "{error}: {change:?}");
                return None;
            }
        };
        match change {
            Change::SetScope { scope, parents } => _ = self.scopes.insert(scope.clone(), parents.clone()),
            Change::RemoveScope(scope) => _ = self.scopes.remove(scope),
            _ => {}
        }
        assert_eq!(self.graph.apply(change), Ok(Applied::default()), "applied twice: {change:?}");
        self.waver(change, &before, &applied);
        Some(applied.facts)
    }

    /// There, back, and there again.
    fn waver(&mut self, change: &Change, before: &Facts, applied: &Applied) {
        let there = self.wavering.apply(change);
        assert_eq!(there.as_ref(), Ok(applied), "refused changes left something behind: {change:?}");
        for inverse in &applied.inverse {
            let back = self.wavering.apply(inverse);
            assert!(back.is_ok(), "{back:?}: {inverse:?} after {change:?}");
        }
        assert_eq!(self.wavering.facts(), before, "back from {change:?}");
        let again = self.wavering.apply(change).map(|again| again.facts);
        assert_eq!(again.as_ref(), Ok(&applied.facts), "again {change:?}");
        assert_eq!(self.wavering.facts(), self.graph.facts(), "again {change:?}");
    }

    fn pass_time(&mut self, now: Instant) {
        self.now = now;
        let facts = self.graph.evaluate_at(now);
        assert_eq!(self.wavering.evaluate_at(now), facts, "at {now:?}");
        self.follow(&facts);
    }

    /// The edge is told the news and then is as one that is just opened.
    fn follow(&mut self, facts: &[FactChange]) {
        let next = self.revision.next();
        let delta = encode::delta(self.graph.org(), self.revision, next, validity(), facts);
        let told = self.edge.apply(&delta);
        assert!(told.is_ok(), "{told:?}: {facts:?}");
        self.revision = next;
        let fresh = opened(&self.graph, next);
        assert_eq!(self.edge.facts(), *self.graph.facts());
        assert_eq!((fresh.facts(), fresh.header()), (self.edge.facts(), self.edge.header()));
        let kept = encode::changes_from_bytes(&encode::changes_to_bytes(facts));
        assert_eq!(kept.as_deref(), Ok(facts));
    }

    /// Asks something; an explanation is of the answer.
    fn ask(&self, choices: &mut Choices<'_>) {
        let subject = change::user_id(choices).to_string();
        let (scope, parent) = (change::scope(choices), change::scope(choices));
        let query = Query {
            scope: Some(scope.as_str()),
            parent: choices.one_in(3).then(|| parent.as_str()),
            conditions: if choices.one_in(2) { &["mfa"] } else { &[] },
            ..Query::new(&subject, choices.word(&["doc:read", "bill.pay"]), Instant::from_millis(NOW))
        };
        let decision = decide(&self.edge, &query);
        let explanation = explain(&self.edge, &query);
        assert_eq!(explanation.decision.outcome, decision.outcome, "{query:?}");
        assert!(!explanation.to_text(&self.edge).is_empty());
    }

    /// A graph that is told the state in another order has the same facts.
    fn check_rebuilt(&self) {
        let mut other = Graph::new(self.graph.org());
        other.evaluate_at(self.now);
        // A wildcard needs a permission that it matches, in whichever role.
        for role in self.roles() {
            let literals = role.permissions.iter().filter(|pattern| wildcard_prefix(pattern).is_none());
            let permissions = literals.cloned().collect();
            let told = other.apply(&Change::SetRole(Role { permissions, includes: Vec::new(), ..role }));
            assert!(told.is_ok(), "{told:?}");
        }
        let mut waiting = self.state();
        while !waiting.is_empty() {
            let before = waiting.len();
            waiting.retain(|change| other.apply(change).is_err());
            assert!(waiting.len() < before, "cannot be told anew: {waiting:?}");
        }
        assert_eq!(other.facts(), self.graph.facts());
        assert_eq!(other.horizon(), self.graph.horizon());
    }

    fn roles(&self) -> Vec<Role> {
        ids(ROLES).filter_map(|id| self.graph.role(RoleId::from_u128(id)).cloned()).collect()
    }

    /// The changes that make up the state, what needs others before these.
    fn state(&self) -> Vec<Change> {
        let graph = &self.graph;
        let is_enabled = self.edge.org_enabled();
        let mut state = vec![Change::SetOrg { enabled: is_enabled }];
        let set_scope = |(scope, parents): (&ScopeId, &Vec<ScopeId>)| Change::SetScope {
            scope: scope.clone(),
            parents: parents.clone(),
        };
        let grants = ids(GRANTS).filter_map(|id| graph.grant(GrantId::from_u128(id)).cloned());
        state.extend(grants.map(Change::SetGrant));
        state.extend(self.scopes.iter().map(set_scope));
        state.extend(self.roles().into_iter().map(Change::SetRole));
        let edges = edge_keys().into_iter().filter_map(|key| Some(Change::SetEdge(key, graph.edge(&key)?)));
        state.extend(edges);
        let person = |user| Some(Change::SetPerson { user, person: Some(graph.person(user)?) });
        state.extend(ids(USERS).map(UserId::from_u128).filter_map(person));
        let groups = ids(GROUPS).filter_map(|id| graph.group(GroupId::from_u128(id)).cloned());
        state.extend(groups.map(Change::SetGroup));
        let users = ids(USERS).filter_map(|id| graph.user(UserId::from_u128(id)).cloned());
        state.extend(users.map(Change::SetUser));
        state
    }
}

/// All ids that a change may give, the one past the last too.
fn ids(count: usize) -> impl Iterator<Item = u128> {
    0..=u128::try_from(count).unwrap_or_default()
}

fn edge_keys() -> BTreeSet<EdgeKey> {
    let users = ids(USERS).map(|id| Member::User(UserId::from_u128(id)));
    let members: Vec<Member> =
        users.chain(ids(GROUPS).map(|id| Member::Group(GroupId::from_u128(id)))).collect();
    let mut keys = BTreeSet::new();
    for group in ids(GROUPS).map(GroupId::from_u128) {
        for &member in &members {
            for kind in [EdgeKind::Include, EdgeKind::Exclude] {
                keys.extend([Via::Manual, Via::Scim].map(|via| EdgeKey { group, member, kind, via }));
            }
        }
    }
    keys
}

/// An edge that is told everything at once.
fn opened(graph: &Graph, revision: Revision) -> Snapshot {
    let bytes = encode::snapshot(graph.org(), revision, validity(), graph.facts());
    Snapshot::open(&bytes).unwrap_or_else(|error| unreachable!("a graph's own facts are refused: {error}"))
}
