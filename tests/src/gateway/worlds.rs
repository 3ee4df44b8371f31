//! The worlds, asked through the gateway: each question as a request, each state told to the filter as a feed would.
//!
//! The gateway's clock cannot be set, so the facts are moved until the moment of a question is now. What cannot be asked
//! so is passed over: questions whose answer would change within the time that asking takes, or that a path cannot spell.

mod questions;
mod telling;

use cohort_core::decide::{Query, decide};
use cohort_core::id::{Instant, Revision};
use cohort_core::view::{Kind, Snapshot};
use tokio::runtime::Runtime;

use super::scenarios::Place;
use super::{Asker, Envoy, Identity, Setup, Upstream, cohort_filter};
use crate::asks::{ENVELOPE_BYTES, Face, Given, Question, of_apply, of_open};
use crate::failure::Failure;
use crate::program::Scratch;
use questions::Questions;
use telling::Telling;

/// Milliseconds for which an answer must hold to be asked for: longer than asking takes on a busy machine.
const HOLDS_MILLIS: i64 = 20_000;
/// Milliseconds after which the facts are told anew.
const TOLD_MILLIS: i64 = 5_000;

/// The filter in Envoy, as the player of the worlds asks it.
pub struct Gateway {
    runtime: Runtime,
    questions: Questions,
    telling: Telling,
    identity: Identity,
    envoy: Envoy,
    asker: Option<Asker>,
    opened: u64,
    told: Option<(u64, i64, i64)>,
    _scratch: Scratch,
}

/// A state that is to be told.
pub struct State {
    snapshot: Snapshot,
    /// Which one: every state that was opened or moved on has a number of its own.
    number: u64,
}

fn now() -> i64 {
    jiff::Timestamp::now().as_millisecond()
}

impl Gateway {
    /// Starts an Envoy that has a route for each question below `worlds`.
    ///
    /// # Errors
    /// [`Failure`] when something does not start, or a file cannot be read.
    pub fn start(place: Place<'_>, worlds: &std::path::Path) -> Result<Self, Failure> {
        let runtime = Runtime::new().map_err(crate::failure::io("starting threads"))?;
        let questions = Questions::below(worlds)?;
        let scratch = Scratch::new();
        let starting = async {
            let (telling, upstream) = (Telling::start().await?, Upstream::start().await?);
            let configuration = questions.configuration(&telling.public_key());
            let setup = Setup {
                program: place.envoy,
                filter: Some(&cohort_filter(place.filter, &configuration)),
                upstream: upstream.address,
                feed: telling.address,
                folder: scratch.path(),
            };
            Ok::<_, Failure>((telling, Envoy::start(&setup).await?))
        };
        let (telling, envoy) = runtime.block_on(starting)?;
        let identity = Identity::default();
        Ok(Self {
            runtime,
            questions,
            telling,
            identity,
            envoy,
            asker: None,
            opened: 0,
            told: None,
            _scratch: scratch,
        })
    }

    fn numbered(&mut self, snapshot: Snapshot) -> State {
        self.opened += 1;
        State { snapshot, number: self.opened }
    }

    /// Has the filter hold `state`, with `at` moved to now.
    fn tell(&mut self, state: &State, at: i64) -> Result<(), Failure> {
        let now = now();
        if self.told.is_some_and(|told| told.0 == state.number && told.1 == at && now - told.2 < TOLD_MILLIS)
        {
            return Ok(());
        }
        self.runtime.block_on(self.telling.tell(&state.snapshot, now, now - at))?;
        self.told = Some((state.number, at, now));
        Ok(())
    }

    /// The answer of the gateway: status and reason.
    fn answer(&mut self, target: &str, user: &str) -> Result<String, Failure> {
        let token = self.identity.token(user);
        let address = self.envoy.address;
        let kept = self.asker.take();
        let (asker, reply) = self.runtime.block_on(async {
            let mut asker = match kept {
                Some(asker) => asker,
                None => Asker::connect(address).await?,
            };
            let reply = asker.ask("GET", target, &token).await?;
            Ok::<_, Failure>((asker, reply))
        })?;
        self.asker = Some(asker);
        Ok(reply.told())
    }
}

impl Face for Gateway {
    type State = State;

    fn open(&mut self, envelope: &[u8]) -> Result<State, String> {
        let payload = envelope.get(ENVELOPE_BYTES..).unwrap_or_default();
        let snapshot = Snapshot::open(payload).map_err(|cause| of_open(&cause).to_owned())?;
        Ok(self.numbered(snapshot))
    }

    fn apply(&mut self, state: &mut State, envelope: &[u8]) -> Result<(), String> {
        let payload = envelope.get(ENVELOPE_BYTES..).unwrap_or_default();
        state.snapshot.apply(payload).map_err(|cause| of_apply(&cause).to_owned())?;
        self.opened += 1;
        state.number = self.opened;
        Ok(())
    }

    fn ask(&mut self, state: &mut State, question: &Question, at: i64) -> Option<Given> {
        let target = self.questions.target(question)?;
        let expected = expected(&state.snapshot, question, at)?;
        let found = match self.tell(state, at).and_then(|()| self.answer(&target, &question.user)) {
            Ok(found) => found,
            Err(failure) => failure.to_string(),
        };
        // The gateway tells a status and a reason: where both are the core's, so is the outcome.
        let outcome = if found == expected.0 { expected.1.to_owned() } else { found };
        Some(Given { outcome, exact: None })
    }

    fn explain(&mut self, _: &mut State, _: &Question, _: i64) -> Option<String> {
        None
    }

    fn verifies(&self) -> bool {
        false
    }
}

/// What the gateway must say, and the outcome that this stands for; none when the answer would not hold for long enough.
fn expected(state: &Snapshot, question: &Question, at: i64) -> Option<(String, &'static str)> {
    let conditions: Vec<&str> = question.conditions.iter().map(String::as_str).collect();
    let decision = decide(
        state,
        &Query {
            subject: &question.user,
            permission: &question.permission,
            scope: question.scope.as_deref(),
            parent: question.parent.as_deref(),
            at: Instant::from_millis(at),
            conditions: &conditions,
            at_least: Revision::new(0),
        },
    );
    let is_whole =
        state.header().kind == Kind::Snapshot && state.header().created <= Instant::from_millis(at);
    let holds = decision.valid_until >= Instant::from_millis(at).plus_millis(HOLDS_MILLIS);
    let status = if decision.outcome.is_allow() { "200" } else { "403" };
    let told = format!("{status} {}", decision.outcome.code()).trim_end().to_owned();
    (is_whole && holds).then_some((told, decision.outcome.word()))
}
