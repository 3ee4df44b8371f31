//! Many worlds, one after another.

use std::fmt;
use std::sync::Arc;

use cohort_host::module::Program;

use super::compare::Difference;
use super::crowd::Crowd;
use super::doors::module_failed;
use super::pair::{Depth, Pair, Told};
use super::prng::Prng;
use super::question::Question;
use super::shrink::{Case, shrink};
use super::tally::Tally;
use super::world::World;

/// Questions after each change of a world.
const QUESTIONS: usize = 48;

/// Questions after each change of a world that somebody else chose: the changes are what is chosen.
const QUESTIONS_OF_CHOICES: usize = 8;

/// Answers of a run between two visits to its crowd; shorter runs have none, because it takes seconds to gather.
const CROWD_EVERY: u64 = 100_000;

/// Questions of one visit: enough for the share of answers past the safety stop.
const CROWD_QUESTIONS: usize = 145;

/// How much a run does.
#[derive(Clone, Debug)]
pub struct Size {
    /// It ends with the first world after this many answers.
    pub answers: u64,
    /// One answer of this many is explained too, which takes the oracle as long as dozens of answers.
    pub explain_every: usize,
    /// A module that is asked everything too, kept up to date by the same deltas.
    pub program: Option<Arc<Program>>,
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

/// Which world of a seed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Place {
    /// The ordinary world of this number.
    World(u64),
    /// The one with users in ten thousand groups.
    Crowd,
}

/// A difference in the least world that shows it.
#[derive(Debug)]
pub struct Found {
    /// Where.
    pub place: Place,
    /// The least world, and the question in the form of a world file; of a crowd the question alone.
    pub text: String,
    /// How both sides differ.
    pub difference: Difference,
}

/// Plays the worlds of `seed` until enough is asked or both sides differ; `progress` is told after each world.
#[must_use]
pub fn run(seed: u64, size: &Size, mut progress: impl FnMut(&Tally)) -> Report {
    let mut tally = Tally::default();
    let mut visits = Visits { seed, crowd: None, due: CROWD_EVERY };
    let mut worlds = 0;
    while tally.answers < size.answers {
        let effort = Effort {
            questions: QUESTIONS,
            explain_every: size.explain_every,
            program: size.program.as_deref(),
        };
        let played = play(World::new(seed, worlds), worlds, effort, &mut tally);
        if let Err(found) = played.and_then(|()| visits.pay_if_due(&mut tally)) {
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
    let effort = Effort { questions: QUESTIONS_OF_CHOICES, explain_every: 4, program: None };
    play(World::told_by(Prng::of_choices(choices)), 0, effort, &mut Tally::default()).err()
}

/// Asks the crowd of a seed some questions.
///
/// # Errors
/// What both sides do not agree on.
pub fn crowd(seed: u64, questions: usize) -> Result<Tally, Found> {
    let mut tally = Tally::default();
    visit(&mut gather(seed)?, questions, &mut tally)?;
    Ok(tally)
}

/// The crowd of a run, and after how many answers it is asked again.
struct Visits {
    seed: u64,
    crowd: Option<Crowd>,
    due: u64,
}

impl Visits {
    fn pay_if_due(&mut self, tally: &mut Tally) -> Result<(), Found> {
        if tally.answers < self.due {
            return Ok(());
        }
        self.due += CROWD_EVERY;
        let crowd = match self.crowd.take() {
            Some(crowd) => crowd,
            None => gather(self.seed)?,
        };
        visit(self.crowd.insert(crowd), CROWD_QUESTIONS, tally)
    }
}

fn gather(seed: u64) -> Result<Crowd, Found> {
    let found = |difference| Found { place: Place::Crowd, text: String::new(), difference };
    Crowd::new(seed).map_err(found)
}

fn visit(crowd: &mut Crowd, questions: usize, tally: &mut Tally) -> Result<(), Found> {
    for _ in 0..questions {
        let question = crowd.question();
        let agreed = crowd.ask(&question).map_err(|difference| {
            let text = question.line(&difference.expected);
            Found { place: Place::Crowd, text, difference }
        })?;
        tally.count(&agreed);
    }
    Ok(())
}

/// How much one world is asked.
#[derive(Clone, Copy)]
struct Effort<'a> {
    /// After each change.
    questions: usize,
    explain_every: usize,
    program: Option<&'a Program>,
}

fn play(world: World, number: u64, effort: Effort<'_>, tally: &mut Tally) -> Result<(), Found> {
    let World { lines, setup, cast, mut prng } = world;
    let fault = |told: usize, question: Option<&Question>, difference: Difference| {
        let told: Vec<String> = lines.iter().take(told + 1).cloned().collect();
        Found::smallest(number, &told, question, difference)
    };
    let mut pair = Pair::new().map_err(|difference| fault(0, None, difference))?;
    let opened = effort.program.map(|program| program.open(&pair.snapshot_bytes())).transpose();
    let mut module = opened.map_err(|cause| fault(0, None, module_failed(&cause)))?;
    for (at, line) in lines.iter().enumerate() {
        let told = pair.tell(line).map_err(|difference| fault(at, None, difference))?;
        tally.told(&told);
        if let (Told::Taken, Some(module)) = (told, &mut module) {
            module.apply(pair.delta()).map_err(|cause| fault(at, None, module_failed(&cause)))?;
        }
        if at + 1 < setup {
            continue;
        }
        for _ in 0..effort.questions {
            let question = Question::random(&cast, &mut prng);
            let is_explained = prng.below(effort.explain_every) == 0;
            let depth = if is_explained { Depth::Explanation } else { Depth::Answer };
            let mut agreed = pair.ask(&question, depth);
            if let (Ok(_), Some(module)) = (&agreed, &mut module) {
                agreed = pair.ask_module(module, &question).and(agreed);
            }
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
        Self { place: Place::World(world), text: case.text(), difference }
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
        match self.place {
            Place::World(number) => write!(out, "world {number}")?,
            Place::Crowd => out.write_str("crowd")?,
        }
        writeln!(out, ": {}\n\n{}", self.difference, self.text)
    }
}
