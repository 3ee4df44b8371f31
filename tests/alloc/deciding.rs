//! A decision asks for no memory: not by name, not by handle, not of a selection.

use cohort_core::decide::{Check, DenyReason, Outcome, Query, check, decide};
use stats_alloc::Stats;

use crate::allocated;
use crate::office::{Office, PERMISSIONS, USERS};

/// Kinds of answers that have to be among those counted, or the silence of the allocator would prove little.
#[derive(Default, Debug, PartialEq, Eq)]
struct Kinds {
    asked: usize,
    allowed: usize,
    denied: usize,
    without_path: usize,
    conditional: usize,
    uncertain: usize,
}

impl Kinds {
    fn add(&mut self, outcome: Outcome) {
        self.asked += 1;
        match outcome {
            Outcome::Allow => self.allowed += 1,
            Outcome::Deny(DenyReason::DeniedBy(_)) => self.denied += 1,
            Outcome::Deny(DenyReason::NoPath) => self.without_path += 1,
            Outcome::Deny(DenyReason::ConditionRequired(_)) => self.conditional += 1,
            Outcome::Deny(_) => {}
            Outcome::Indeterminate(_) => self.uncertain += 1,
        }
    }

    #[track_caller]
    fn check(&self) {
        let Self { asked, allowed, denied, without_path, conditional, uncertain } = *self;
        assert!(asked > 10_000, "{self:?}");
        let each = [allowed, denied, without_path, conditional, uncertain];
        assert!(each.iter().all(|count| *count >= 20), "{self:?}");
    }
}

pub(crate) fn takes_no_memory() {
    let office = Office::open();
    let questions: Vec<Query<'_>> = USERS
        .iter()
        .flat_map(|user| PERMISSIONS.iter().flat_map(|permission| office.questions(user, permission)))
        .collect();
    let by_name = names(&office, &questions);
    let by_handle = handles(&office, &questions);
    by_name.check();
    by_handle.check();
    selections(&office);
}

fn names(office: &Office, questions: &[Query<'_>]) -> Kinds {
    let (kinds, counted) = allocated(|| {
        let mut kinds = Kinds::default();
        questions.iter().for_each(|query| kinds.add(decide(&office.edge, query).outcome));
        kinds
    });
    check_none("decide", &counted);
    kinds
}

fn handles(office: &Office, questions: &[Query<'_>]) -> Kinds {
    let edge = &office.edge;
    let checks: Vec<Check> = questions.iter().filter_map(|query| by_handle(office, query)).collect();
    let (kinds, counted) = allocated(|| {
        let mut kinds = Kinds::default();
        checks.iter().for_each(|question| kinds.add(check(edge, question).unwrap().outcome));
        kinds
    });
    check_none("check", &counted);
    kinds
}

fn by_handle(office: &Office, query: &Query<'_>) -> Option<Check> {
    let edge = &office.edge;
    let user = edge.user(query.subject).unwrap()?;
    let permission = edge.permission(query.permission)?;
    let place = edge.place_in(query.scope?, query.parent.unwrap_or("org")).unwrap();
    let conditions = Some(edge.conditions(query.conditions));
    Some(Check { conditions, ..Check::new(user, permission, place, query.at) })
}

fn selections(office: &Office) {
    let edge = &office.edge;
    let permissions: Vec<_> = PERMISSIONS.iter().filter_map(|name| edge.permission(name)).collect();
    let users = USERS.iter().map(|name| edge.user(name).unwrap().unwrap());
    let selected: Vec<_> = users.map(|user| edge.select(user, None, office.at(0)).unwrap()).collect();
    let (allowed, counted) = allocated(|| {
        let mut allowed = 0;
        for _ in 0..1_000 {
            for selection in &selected {
                allowed += permissions.iter().filter(|one| selection.can(**one).unwrap()).count();
            }
        }
        allowed
    });
    check_none("can", &counted);
    assert!(allowed > 1_000 && allowed < 1_000 * selected.len() * permissions.len(), "{allowed}");
}

#[track_caller]
fn check_none(what: &str, counted: &Stats) {
    let Stats { allocations, reallocations, .. } = *counted;
    assert_eq!((allocations, reallocations), (0, 0), "{what}: {counted:?}");
}
