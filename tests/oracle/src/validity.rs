//! How long an answer stays what it is.

use std::collections::BTreeSet;

use crate::ask::{Question, Reason};
use crate::rule::Rule;
use crate::world::World;

impl World {
    /// The next instant after the question's at which any bound of the world lies, whether it matters or not.
    #[must_use]
    pub fn next_bound(&self, question: &Question) -> Option<i64> {
        self.bounds_after(question).first().copied()
    }

    /// The next instant at which the outcome really differs.
    #[must_use]
    pub fn outcome_changes_at(&self, question: &Question) -> Option<i64> {
        self.changes_at(question, |now, later| now.outcome() != later.outcome())
    }

    /// The next instant at which the outcome or its cause (not the names in it) really differs.
    #[must_use]
    pub fn answer_changes_at(&self, question: &Question) -> Option<i64> {
        self.changes_at(question, |now, later| !now.is_like(later))
    }

    fn changes_at(&self, question: &Question, differs: fn(&Reason, &Reason) -> bool) -> Option<i64> {
        let now = self.decide(question);
        let later = |at: &i64| self.decide(&Question { at: Some(*at), ..question.clone() });
        self.bounds_after(question).into_iter().find(|at| differs(&now, &later(at)))
    }

    /// Every instant after the question's at which an edge, a grant or a rule can change.
    fn bounds_after(&self, question: &Question) -> BTreeSet<i64> {
        let at = question.at.unwrap_or(self.now);
        let edges = self.edges.iter().map(|edge| edge.span);
        let grants = self.grants.iter().map(|grant| grant.span);
        let mut bounds: BTreeSet<i64> =
            edges.chain(grants).flat_map(|span| [span.from, span.until]).flatten().collect();
        for rule in self.groups.iter().filter_map(|group| group.rule.as_ref()) {
            bounds.extend(self.rule_bounds(rule));
        }
        bounds.split_off(&at.saturating_add(1))
    }

    /// The instants at which a comparison with `NOW` may turn for somebody: as the date is met, and just after.
    fn rule_bounds(&self, rule: &Rule) -> Vec<i64> {
        let mut bounds = Vec::new();
        for (field, offset) in rule.now_offsets() {
            let values = self.users.iter().flat_map(|user| self.values(user, &field));
            for date in values.filter_map(|value| crate::time::instant(&value)) {
                let met = date.saturating_sub(offset);
                bounds.extend([met, met.saturating_add(1)]);
            }
        }
        bounds
    }
}
