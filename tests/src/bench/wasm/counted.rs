//! WebAssembly instructions of the raw module: wasmtime counts them as fuel, the same on every machine and in every run.

use wasmtime::{Config, Engine, Module};

use super::Told;
use super::instance::Opened;
use crate::bench::report::Unit;
use crate::bench::{Failure, Rows};

/// What is counted here, for `--only`.
pub(in crate::bench) const WHAT: &str = "instructions";

/// The module, compiled so that it counts.
pub(in crate::bench) struct Counted {
    engine: Engine,
    module: Module,
}

impl Counted {
    /// Compiles the raw module in `code`.
    ///
    /// # Errors
    /// [`Failure::Module`] when it is none.
    pub(in crate::bench) fn new(code: &[u8]) -> Result<Self, Failure> {
        let mut config = Config::new();
        config.consume_fuel(true);
        let engine = Engine::new(&config)?;
        let module = Module::from_binary(&engine, code)?;
        Ok(Self { engine, module })
    }

    /// Counts what opening takes, each question, and each of the deltas that follow.
    ///
    /// # Errors
    /// [`Failure`] if the module does not run, or refuses what it is given.
    pub(super) fn measure(
        &self,
        (snapshot, deltas): (&[u8], &[Vec<u8>]),
        told: &Told,
        rows: &mut Rows<'_>,
    ) -> Result<(), Failure> {
        let mut opened = Opened::new(&self.engine, &self.module, snapshot)?;
        let mut add = |name: &str, count| rows.add_amount(name, Some(count), Unit::Instructions);
        add("open snapshot", opened.instructions() as f64);
        let asked = opened.asked(told)?;
        let user = asked.first().map_or(0, |(user, ..)| *user);
        add("select one user", each(&mut opened, 1, |opened| opened.select(user, told.at).map(drop))?);
        let selection = opened.select(user, told.at)?;
        let count = asked.len();
        let can = each(&mut opened, count, |opened| opened.can(selection, &asked).map(drop))?;
        add("can, of a selected user", can);
        let check = each(&mut opened, count, |opened| opened.check(&asked, told.at).map(drop))?;
        add("check by handle", check);
        add("apply delta: add membership", each(&mut opened, deltas.len(), |opened| opened.follow(deltas))?);
        Ok(())
    }

    /// Counts what a check by handle takes once `deltas` were applied.
    ///
    /// # Errors
    /// [`Failure`] if the module does not run, or refuses what it is given.
    pub(in crate::bench) fn check(
        &self,
        (snapshot, deltas): (&[u8], &[Vec<u8>]),
        told: &Told,
    ) -> Result<f64, Failure> {
        let mut opened = Opened::new(&self.engine, &self.module, snapshot)?;
        opened.follow(deltas)?;
        let asked = opened.asked(told)?;
        each(&mut opened, asked.len(), |opened| opened.check(&asked, told.at).map(drop))
    }
}

/// What each of `count` things takes that `act` does.
fn each(
    opened: &mut Opened,
    count: usize,
    act: impl FnOnce(&mut Opened) -> Result<(), Failure>,
) -> Result<f64, Failure> {
    let before = opened.instructions();
    act(opened)?;
    Ok((opened.instructions() - before) as f64 / count as f64)
}
