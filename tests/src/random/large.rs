//! A world beyond the safety stop: one user in more groups than a question may visit.

use super::compare::Difference;
use super::pair::{Depth, Pair};
use super::question::{NOW, Question};
use super::tally::Tally;

/// Groups that one question may visit; `docs/model.md`, Resolution, point 3.
const GROUPS: usize = 10_000;

/// Which side of the stop.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Large {
    /// As many groups as may be visited.
    AtTheStop,
    /// One more.
    BeyondTheStop,
}

/// Asks one question in such a world.
///
/// It takes the oracle seconds, so it is asked once and not often enough to be a share of a run.
///
/// # Errors
/// [`Difference`] of the answers.
pub fn large(side: Large, tally: &mut Tally) -> Result<(), Difference> {
    let groups = GROUPS + usize::from(side == Large::BeyondTheStop);
    let mut lines = vec!["user ada".to_owned(), "role reader grants doc:read".to_owned()];
    for group in 0..groups {
        lines.push(format!("group g{group} has ada"));
    }
    lines.push("grant reader to g0".to_owned());
    let pair = Pair::of_text(&lines.join("\n"))?;
    let question = Question {
        user: "ada".to_owned(),
        by_id: false,
        permission: "doc:read".to_owned(),
        scope: "org".to_owned(),
        within: None,
        at: NOW,
        conditions: Vec::new(),
        of_later_revision: false,
    };
    tally.count(&pair.ask(&question, Depth::Answer)?);
    Ok(())
}
