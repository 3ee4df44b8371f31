//! The oracle with a memory: many questions are about few users and few instants.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use cohort_oracle::{Question, ReadError, Reason, Standing, User, World};

/// A world, and who was found in which of its groups since it was told something last.
///
/// The groups are what takes the oracle long, ten thousand of them above all; the rest of each question is worked
/// out each time.
#[derive(Clone, Default)]
pub(super) struct Oracle {
    world: World,
    standings: RefCell<BTreeMap<(String, i64), Rc<Standing>>>,
}

impl Oracle {
    /// What was told.
    pub(super) fn world(&self) -> &World {
        &self.world
    }

    /// Takes one more line, or some; when one is refused, nothing changes.
    pub(super) fn feed(&mut self, lines: &str) -> Result<(), ReadError> {
        self.standings.take();
        self.world.feed(lines)
    }

    /// What [`World::decide`] says.
    pub(super) fn decide(&self, question: &Question) -> Reason {
        match self.world.gate(question) {
            Ok(user) => {
                let standing = self.standing(user, question.at.unwrap_or(self.world.now));
                self.world.decide_for(user, &standing, question)
            }
            Err(reason) => reason,
        }
    }

    /// What [`World::standing`] says.
    pub(super) fn standing(&self, user: &User, at: i64) -> Rc<Standing> {
        let mut standings = self.standings.borrow_mut();
        let found = standings.entry((user.name.clone(), at));
        Rc::clone(found.or_insert_with(|| Rc::new(self.world.standing(user, at))))
    }
}
