//! The nearest miss: the one change that would turn a denial into an allow.
//!
//! Each candidate is tried on a copy of the world, so a miss that is named is known to help.

use crate::ask::{Outcome, Question};
use crate::time::Span;
use crate::words::{written, written_scope};
use crate::world::{EdgeKind, Effect, GroupState, Principal, World};

impl World {
    /// The first miss by kind, then by name, in the words of the world language.
    pub(crate) fn nearest_miss(&self, question: &Question) -> Option<String> {
        let at = question.at.unwrap_or(self.now);
        let kinds = [
            self.misses_of_state(question, GroupState::Disabled),
            self.misses_of_state(question, GroupState::Archived),
            self.misses_of_edges(question, "expired", |span| span.is_expired(at)),
            self.misses_of_edges(question, "future", |span| span.is_future(at)),
            self.misses_of_grants(question, "expired", |span| span.is_expired(at)),
            self.misses_of_grants(question, "future", |span| span.is_future(at)),
            self.misses_of_scope(question),
        ];
        kinds.into_iter().find_map(|misses| misses.into_iter().min())
    }

    fn misses_of_state(&self, question: &Question, state: GroupState) -> Vec<String> {
        let word = if state == GroupState::Disabled { "disabled" } else { "archived" };
        let helps = |at: &usize| {
            self.allows_after(question, |world| {
                world.groups.get_mut(*at).into_iter().for_each(|group| group.state = GroupState::Enabled);
            })
        };
        let of_state = |(at, group): (usize, &crate::world::Group)| (group.state == state).then_some(at);
        let places = self.groups.iter().enumerate().filter_map(of_state).filter(helps);
        places.filter_map(|at| Some(format!("{word} {}", written(&self.groups.get(at)?.name)))).collect()
    }

    fn misses_of_edges(&self, question: &Question, word: &str, missed: impl Fn(Span) -> bool) -> Vec<String> {
        let mut misses = Vec::new();
        for (at, edge) in self.edges.iter().enumerate() {
            let helps = edge.kind == EdgeKind::Include
                && missed(edge.span)
                && self.allows_after(question, |world| {
                    world.edges.get_mut(at).into_iter().for_each(|edge| edge.span = Span::default());
                });
            if helps {
                misses.push(format!("{word} {}", written(&edge.group)));
            }
        }
        misses
    }

    fn misses_of_grants(
        &self,
        question: &Question,
        word: &str,
        missed: impl Fn(Span) -> bool,
    ) -> Vec<String> {
        let mut misses = Vec::new();
        for (at, grant) in self.grants.iter().enumerate() {
            let helps = grant.effect == Effect::Allow
                && missed(grant.span)
                && self.allows_after(question, |world| {
                    world.grants.get_mut(at).into_iter().for_each(|grant| grant.span = Span::default());
                });
            if helps {
                misses.push(format!("{word} grant {}", written(&grant.role)));
            }
        }
        misses
    }

    fn misses_of_scope(&self, question: &Question) -> Vec<String> {
        let mut misses = Vec::new();
        for (at, grant) in self.grants.iter().enumerate() {
            let helps = grant.effect == Effect::Allow
                && grant.scope != question.scope
                // Only a grant to a person can be moved to the realm.
                && (!question.scope.is_realm() || matches!(grant.principal, Principal::Person(_)))
                && self.allows_after(question, |world| {
                    let scope = question.scope.clone();
                    world.grants.get_mut(at).into_iter().for_each(|grant| grant.scope = scope.clone());
                });
            if helps {
                misses.push(format!("other scope {}", written_scope(&grant.scope.to_string())));
            }
        }
        misses
    }

    fn allows_after(&self, question: &Question, change: impl FnOnce(&mut Self)) -> bool {
        let mut changed = self.clone();
        change(&mut changed);
        changed.decide(question).outcome() == Outcome::Allow
    }
}
