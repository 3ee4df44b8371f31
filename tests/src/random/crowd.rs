//! A world at the safety stop: a few users in about as many groups as a question may visit.
//!
//! It takes long to tell and its groups take the oracle long to find, so one such world is told and then asked a
//! great deal. Bounded memberships carry its users from one side of the stop to the other as time passes.

use std::iter;

use super::cast::Given;
use super::compare::{Difference, Trouble};
use super::pair::{Agreed, Depth, Pair, Told};
use super::prng::Prng;
use super::question::{NOW, Question};
use super::world::World;

/// Groups that one question may visit; `docs/model.md`, Answers.
const STOP: usize = 10_000;

/// Groups into which one group leads, so that few memberships make many.
const COMMON: usize = STOP - 30;

/// Groups for those memberships that take each user to the stop exactly.
const OWN: usize = 45;

/// Which world of a seed the ordinary part is.
const NUMBER: u64 = u64::MAX;

/// The users with how often they are asked about, and how many groups each is in around [`NOW`].
const MEMBERS: &[(u32, (&str, usize))] =
    &[(1, ("m1", STOP - 1)), (1, ("m2", STOP)), (4, ("m3", STOP + 1)), (34, ("m4", STOP + 10))];

/// One question of this many is asked as closely as others are; the rest are answered once.
const CLOSE_EVERY: usize = 24;

/// Such a world on both sides, and the questions about it that come next.
pub(super) struct Crowd {
    pair: Pair,
    world: World,
}

impl Crowd {
    /// The crowd of a seed.
    ///
    /// # Errors
    /// [`Difference`] when a side does not take the world.
    pub(super) fn new(seed: u64) -> Result<Self, Difference> {
        let mut world = World::begun_by(Prng::of_world(seed, NUMBER));
        world.tell_members();
        let mut pair = Pair::of(&world.lines)?;
        let lines = world.tell_crowd(&pair);
        tell(&mut pair, &lines)?;
        Ok(Self { pair, world })
    }

    /// A question about it, another each time.
    pub(super) fn question(&mut self) -> Question {
        let World { cast, prng, .. } = &mut self.world;
        let mut question = Question::random(cast, prng);
        if let Some((name, _)) = prng.weighted(MEMBERS).filter(|_| prng.chance(98)) {
            name.clone_into(&mut question.user);
        }
        question
    }

    /// Asks both sides.
    ///
    /// # Errors
    /// [`Difference`] of the answers.
    pub(super) fn ask(&mut self, question: &Question) -> Result<Agreed, Difference> {
        let is_close = self.world.prng.below(CLOSE_EVERY) == 0;
        self.pair.ask(question, if is_close { Depth::Answer } else { Depth::Outcome })
    }
}

/// Tells lines that nobody may refuse.
fn tell(pair: &mut Pair, lines: &[String]) -> Result<(), Difference> {
    match pair.tell(&lines.join("\n"))? {
        Told::Taken => Ok(()),
        refused => Err(Difference {
            trouble: Trouble::Snapshot,
            expected: "a crowd that both sides take".to_owned(),
            found: format!("{refused:?}"),
        }),
    }
}

impl World {
    /// The users, who are in ordinary groups too.
    fn tell_members(&mut self) {
        for (_, (name, _)) in MEMBERS {
            self.tell_user(name);
            self.lines.push(format!("set {name} active"));
        }
        for _ in 0..6 {
            self.tell_member();
        }
        self.tell_person();
    }

    /// The groups that all of them are in, those that take each to the wanted number, and at last the members: rules
    /// that look at groups look at each change of a user's groups, which is ten thousand of them from then on.
    fn tell_crowd(&mut self, pair: &Pair) -> Vec<String> {
        // A few levels deep: the oracle goes over all groups once for each.
        let below = |group: usize| if group % 3 == 1 { 0 } else { group - 1 };
        let nested = (1..COMMON).map(|group| format!("group c{group} has c{}", below(group)));
        let mut lines: Vec<String> = iter::once("group c0".to_owned()).chain(nested).collect();
        self.tell_own(pair, &mut lines);
        for _ in 0..4 {
            let Some(role) = self.prng.pick(&pair.oracle().roles).map(|role| role.name.clone()) else {
                continue;
            };
            let (principal, scope) = (format!("c{}", self.prng.below(COMMON)), "org".to_owned());
            lines.push(format!("grant {role} to {principal}"));
            self.cast.grants.push(Given { role, principal, scope, requires: Vec::new() });
        }
        let names: Vec<&str> = MEMBERS.iter().map(|(_, (name, _))| *name).collect();
        lines.push(format!("group c0 has {}", names.join(", ")));
        lines
    }

    /// The memberships that are missing to each user's number, the last few of them not for ever.
    fn tell_own(&mut self, pair: &Pair, lines: &mut Vec<String>) {
        lines.extend((0..OWN).map(|group| format!("group o{group}")));
        for (_, (name, wanted)) in MEMBERS {
            let missing = wanted.saturating_sub(COMMON + pair.groups_counted(name, NOW)).min(OWN);
            for group in 0..missing {
                let span = if group + 3 < missing { String::new() } else { self.span_holding_now() };
                lines.push(format!("member {name} of o{group}{span}"));
            }
        }
        // One that takes access away and gives none, in every second crowd.
        lines.extend(self.prng.chance(50).then(|| "disable o0".to_owned()));
    }
}
