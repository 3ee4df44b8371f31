//! Following a feed for as long as the host runs: news is applied, answers are watched, and whatever fails is
//! tried again while the last good state goes on deciding.

use core::time::Duration;
use std::io;

use cohort_core::id::{Instant, Revision};
use cohort_core::view::Header;

use crate::event::{Answered, By, Event};
use crate::feed::{BackOff, Feed, FeedError, Payload};
use crate::module::{ModuleError, Program, State};
use crate::watch::{News, Told, Watch};

/// How far the clock is trusted to run on without being set: it is looked at this often.
const CLOCK_LOOK: Duration = Duration::from_secs(1);

/// The least time between two heartbeats, in case a server answers without waiting for news.
const HEARTBEAT_PACE: Duration = Duration::from_secs(1);

/// What to fetch next.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Want {
    Snapshot,
    Delta(Revision),
}

/// Whether the server answers, as far as was told.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Link {
    Untold,
    Up,
    Down { cause: String },
}

/// The opened state and what it was last told to be.
struct Held {
    state: State,
    header: Header,
}

/// A host at work.
pub struct Follower<C, S> {
    feed: Feed,
    program: Program,
    watch: Watch,
    clock: C,
    tell: S,
    back_off: BackOff,
    link: Link,
    held: Option<Held>,
}

impl<C: Fn() -> Instant, S: FnMut(&Event) -> io::Result<()>> Follower<C, S> {
    /// A host that decides by `clock` and tells what happens to `tell`.
    pub fn new(feed: Feed, program: Program, watch: Watch, back_off: BackOff, clock: C, tell: S) -> Self {
        Self { feed, program, watch, clock, tell, back_off, link: Link::Untold, held: None }
    }

    /// Follows the feed until nobody listens any more.
    ///
    /// # Errors
    /// What `tell` gave back; nothing else ends a host.
    pub async fn run(mut self) -> io::Result<()> {
        let mut fetching = Box::pin(fetched(self.feed.clone(), Want::Snapshot, Duration::ZERO));
        loop {
            tokio::select! {
                (want, answer, took) = &mut fetching => {
                    let (want, pause) = match answer {
                        Ok(payload) => self.take(want, &payload, took)?,
                        Err(error) => self.fail(want, &error)?,
                    };
                    fetching = Box::pin(fetched(self.feed.clone(), want, pause));
                }
                () = tokio::time::sleep(self.until_due()) => self.ask_due()?,
            }
        }
    }

    /// Takes a verified answer over; gives what to fetch next and how long to pause before.
    fn take(&mut self, want: Want, payload: &Payload, took: Duration) -> io::Result<(Want, Duration)> {
        if self.link != Link::Up {
            self.link = Link::Up;
            (self.tell)(&Event::Connected)?;
        }
        let taken = match want {
            Want::Snapshot => self.open(payload),
            Want::Delta(_) => self.apply(payload),
        };
        match taken {
            Ok((event, by)) => {
                (self.tell)(&event)?;
                self.ask_all(by)?;
                let next = Want::Delta(payload.header().revision);
                let early = HEARTBEAT_PACE.saturating_sub(took);
                Ok((next, if by == By::Delta && payload.is_heartbeat() { early } else { Duration::ZERO }))
            }
            Err(refusal) => {
                self.tell_refused(refusal.to_string())?;
                // A refused delta will not fit better the next time. The state may also be gone with a module
                // that failed: questions then answer `indeterminate` until the snapshot is there.
                self.ask_all(By::Delta)?;
                Ok((Want::Snapshot, self.back_off.next_wait()))
            }
        }
    }

    fn open(&mut self, payload: &Payload) -> Result<(Event, By), Refusal> {
        let header = *payload.header();
        if let Some(held) = &self.held {
            if header.org != held.header.org {
                return Err(Refusal::OtherOrg);
            }
            if header.created < held.header.created {
                return Err(Refusal::Older);
            }
        }
        let state = self.program.open(payload.as_bytes())?;
        self.held = Some(Held { state, header });
        let event = Event::Opened { revision: header.revision.number(), bytes: payload.as_bytes().len() };
        Ok((event, By::Snapshot))
    }

    fn apply(&mut self, payload: &Payload) -> Result<(Event, By), Refusal> {
        let header = *payload.header();
        let held = self.held.as_mut().ok_or(Refusal::NothingOpen)?;
        held.state.apply(payload.as_bytes())?;
        held.header = header;
        self.back_off.reset();
        let revision = header.revision.number();
        let event = if payload.is_heartbeat() {
            Event::Heartbeat { revision, valid_until: header.valid_until.as_millis() }
        } else {
            Event::Delta { from: header.from.number(), to: revision, bytes: payload.as_bytes().len() }
        };
        Ok((event, By::Delta))
    }

    fn tell_refused(&mut self, cause: String) -> io::Result<()> {
        let revision = self.held.as_ref().map(|held| held.header.revision.number());
        (self.tell)(&Event::Refused { revision, cause })
    }

    /// Tells of an answer that did not come or must not be used; gives what to fetch next and when.
    fn fail(&mut self, want: Want, error: &FeedError) -> io::Result<(Want, Duration)> {
        let pause = self.back_off.next_wait();
        if matches!(error, FeedError::Gone) {
            return Ok((Want::Snapshot, pause));
        }
        let cause = error.to_string();
        if error.is_refusal() {
            self.tell_refused(cause)?;
        } else if self.link != (Link::Down { cause: cause.clone() }) {
            (self.tell)(&Event::Disconnected { cause: cause.clone() })?;
            self.link = Link::Down { cause };
        }
        Ok((want, pause))
    }

    /// How long nothing can flip without news.
    fn until_due(&self) -> Duration {
        let Some(due) = self.watch.due() else { return CLOCK_LOOK };
        let millis = due.as_millis().saturating_sub((self.clock)().as_millis());
        Duration::from_millis(u64::try_from(millis).unwrap_or(0)).min(CLOCK_LOOK)
    }

    fn ask_all(&mut self, by: By) -> io::Result<()> {
        let Some(held) = &mut self.held else { return Ok(()) };
        let news = self.watch.ask_all((self.clock)(), |query| Told::by(&mut held.state, query));
        self.tell_news(&news, by)
    }

    fn ask_due(&mut self) -> io::Result<()> {
        let Some(held) = &mut self.held else { return Ok(()) };
        let news = self.watch.ask_due((self.clock)(), |query| Told::by(&mut held.state, query));
        self.tell_news(&news, By::Clock)
    }

    fn tell_news(&mut self, news: &[News], by: By) -> io::Result<()> {
        for one in news {
            let Some((ask, told)) = self.watch.answer(one.ask) else { continue };
            let answered = Answered::new(ask, told);
            (self.tell)(&match one.was {
                Some(was) => Event::Flip { was, by, answered },
                None => Event::Answer(answered),
            })?;
        }
        Ok(())
    }
}

/// Why a verified answer was not taken over.
#[derive(Debug, thiserror::Error)]
enum Refusal {
    #[error("snapshot of another organisation")]
    OtherOrg,
    #[error("snapshot made before the state that is open")]
    Older,
    #[error("delta without a state to apply it to")]
    NothingOpen,
    #[error(transparent)]
    Module(#[from] ModuleError),
}

/// Fetches what is wanted, after a pause; gives also how long the answer took.
async fn fetched(feed: Feed, want: Want, pause: Duration) -> (Want, Result<Payload, FeedError>, Duration) {
    tokio::time::sleep(pause).await;
    let asked = tokio::time::Instant::now();
    let answer = match want {
        Want::Snapshot => feed.snapshot().await,
        Want::Delta(from) => feed.delta(from).await,
    };
    (want, answer, asked.elapsed())
}
