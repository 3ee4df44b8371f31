//! Many worlds, one after another.

use std::fmt;

use super::compare::Difference;
use super::pair::{Depth, Pair};
use super::prng::Prng;
use super::question::Question;
use super::shrink::{Case, shrink};
use super::tally::Tally;
use super::world::World;

/// Questions after each change of a world.
const QUESTIONS: usize = 48;

/// Questions after each change of a world that somebody else chose: the changes are what is chosen.
const QUESTIONS_OF_CHOICES: usize = 8;

/// How much a run does.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// It ends with the first world after this many answers.
    pub answers: u64,
    /// One answer of this many is explained too, which takes the oracle as long as dozens of answers.
    pub explain_every: usize,
}

/// The outcome of a run.
#[derive(Debug)]
pub struct Report {
    /// The seed of all worlds.
    pub seed: u64,
    /// How many worlds were played.
    pub worlds: u64,
    /// What both sides agreed on.
    pub tally: Tally,
    /// What they did not agree on, if anything; the run ends there.
    pub found: Option<Found>,
}

/// A difference in the least world that shows it.
#[derive(Debug)]
pub struct Found {
    /// Which world of the seed it was found in.
    pub world: u64,
    /// The least world, and the question in the form of a world file.
    pub text: String,
    /// How both sides differ.
    pub difference: Difference,
}

/// Plays the worlds of `seed` until enough is asked or both sides differ; `progress` is told after each world.
#[must_use]
pub fn run(seed: u64, size: Size, mut progress: impl FnMut(&Tally)) -> Report {
    let mut tally = Tally::default();
    let mut worlds = 0;
    while tally.answers < size.answers {
        let effort = Effort { questions: QUESTIONS, explain_every: size.explain_every };
        if let Err(found) = play(World::new(seed, worlds), worlds, effort, &mut tally) {
            return Report { seed, worlds, tally, found: Some(found) };
        }
        worlds += 1;
        progress(&tally);
    }
    Report { seed, worlds, tally, found: None }
}

/// Plays the world that `choices` make, to the last byte of them and then on as seed 0 does.
///
/// The difference in the least world that shows it, if there is one.
#[must_use]
pub fn play_choices(choices: &[u8]) -> Option<Found> {
    let effort = Effort { questions: QUESTIONS_OF_CHOICES, explain_every: 4 };
    play(World::told_by(Prng::of_choices(choices)), 0, effort, &mut Tally::default()).err()
}

/// How much one world is asked.
#[derive(Clone, Copy)]
struct Effort {
    /// After each change.
    questions: usize,
    explain_every: usize,
}

fn play(world: World, number: u64, effort: Effort, tally: &mut Tally) -> Result<(), Found> {
    let World { lines, setup, cast, mut prng } = world;
    let fault = |told: usize, question: Option<&Question>, difference: Difference| {
        let told: Vec<String> = lines.iter().take(told + 1).cloned().collect();
        Found::smallest(number, &told, question, difference)
    };
    let mut pair = Pair::new().map_err(|difference| fault(0, None, difference))?;
    for (at, line) in lines.iter().enumerate() {
        tally.told(&pair.tell(line).map_err(|difference| fault(at, None, difference))?);
        if at + 1 < setup {
            continue;
        }
        for _ in 0..effort.questions {
            let question = Question::random(&cast, &mut prng);
            let is_explained = prng.below(effort.explain_every) == 0;
            let depth = if is_explained { Depth::Explanation } else { Depth::Answer };
            let agreed = pair.ask(&question, depth);
            tally.count(&agreed.map_err(|difference| fault(at, Some(&question), difference))?);
        }
    }
    Ok(())
}

impl Found {
    fn smallest(world: u64, lines: &[String], question: Option<&Question>, first: Difference) -> Self {
        let case = Case { lines: lines.to_vec(), question: question.cloned() };
        let case = shrink(case, |case| case.difference().is_some_and(|found| found.is_like(&first)));
        let difference = case.difference().unwrap_or(first);
        Self { world, text: case.text(), difference }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(out, "{}", self.tally)?;
        write!(out, "{:>10}  worlds of seed {}", self.worlds, self.seed)?;
        match &self.found {
            None => write!(out, ", 0 differences"),
            Some(found) => write!(out, "\n{found}"),
        }
    }
}

impl fmt::Display for Found {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(out, "world {}: {}\n\n{}", self.world, self.difference, self.text)
    }
}
