//! A random world: who exists at first, and what changes then.

use super::cast::Cast;
use super::prng::Prng;
use super::question::Question;

/// Statements of a world file in their order, and the names that questions about them use.
///
/// A few contradict what stands before them (a circle of scopes, a rule below a deny); both sides refuse those.
#[derive(Clone, Debug)]
pub struct World {
    /// The statements, one a line.
    pub lines: Vec<String>,
    /// How many of them say who exists at first; each of the others is a change.
    pub setup: usize,
    pub(super) cast: Cast,
    /// Goes on where the making of the world left off.
    pub prng: Prng,
}

#[derive(Clone, Copy)]
enum News {
    Organisation,
    OfUser,
    NewUser,
    RemovedUser,
    Person,
    Member,
    Unmember,
    State,
    DeletedGroup,
    Nesting,
    Rule,
    Exclusion,
    Grant,
    Deny,
    Revocation,
    Scope,
    Role,
}

/// How often each kind of change comes.
const NEWS: &[(u32, News)] = &[
    (3, News::Organisation),
    (18, News::OfUser),
    (3, News::NewUser),
    (3, News::RemovedUser),
    (2, News::Person),
    (14, News::Member),
    (7, News::Unmember),
    (18, News::State),
    (2, News::DeletedGroup),
    (8, News::Nesting),
    (6, News::Rule),
    (4, News::Exclusion),
    (9, News::Grant),
    (3, News::Deny),
    (6, News::Revocation),
    (5, News::Scope),
    (4, News::Role),
];

impl World {
    /// One of the worlds of a seed.
    #[must_use]
    pub fn new(seed: u64, number: u64) -> Self {
        Self::told_by(Prng::of_world(seed, number))
    }

    /// The world that `prng` chooses.
    #[must_use]
    pub fn told_by(prng: Prng) -> Self {
        let mut world = Self::begun_by(prng);
        for _ in 0..world.prng.between(4, 10) {
            world.tell_change();
        }
        world
    }

    /// The same without changes.
    pub(super) fn begun_by(prng: Prng) -> Self {
        let mut world = Self { lines: Vec::new(), setup: 0, cast: Cast::default(), prng };
        world.tell_people();
        world.tell_access();
        world.setup = world.lines.len();
        world
    }

    /// Some questions about it, others each time.
    pub fn questions(&mut self, count: usize) -> Vec<Question> {
        (0..count).map(|_| Question::random(&self.cast, &mut self.prng)).collect()
    }

    /// The statements that say who exists at first.
    #[must_use]
    pub fn beginning(&self) -> &[String] {
        self.lines.get(..self.setup).unwrap_or_default()
    }

    /// The statements that change it.
    #[must_use]
    pub fn changes(&self) -> &[String] {
        self.lines.get(self.setup..).unwrap_or_default()
    }

    fn tell_change(&mut self) {
        if self.cast.org_disabled && self.prng.chance(60) {
            return self.tell_organisation();
        }
        let Some(news) = self.prng.weighted(NEWS) else { return };
        match news {
            News::Organisation => self.tell_organisation(),
            News::OfUser => self.tell_news_of_a_user(),
            News::NewUser => {
                let name = self.cast.user(&mut self.prng);
                self.tell_user(&name);
            }
            News::RemovedUser => {
                let name = self.cast.user(&mut self.prng);
                self.lines.push(format!("remove {name}"));
            }
            News::Person => self.tell_person(),
            News::Member => self.tell_member(),
            News::Unmember => self.tell_unmember(),
            News::State => self.tell_state(),
            News::DeletedGroup => {
                let name = self.cast.group(&mut self.prng);
                self.lines.push(format!("delete {name}"));
            }
            News::Nesting => self.tell_nesting(),
            News::Rule => self.tell_rule(),
            News::Exclusion => self.tell_exclusion(),
            News::Grant => self.tell_grant(false),
            News::Deny => self.tell_grant(true),
            News::Revocation => self.tell_revocation(),
            News::Scope => self.tell_scope_anew(),
            News::Role => self.tell_role_anew(),
        }
    }

    fn tell_organisation(&mut self) {
        self.cast.org_disabled = !self.cast.org_disabled;
        let word = if self.cast.org_disabled { "disabled" } else { "enabled" };
        self.lines.push(format!("org {word}"));
    }
}
