//! What every handler shares: the directory, news of its revisions, and whether the server is stopping.

use std::cell::Cell;
use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use axum::http::HeaderMap;
use axum::http::header::HOST;
use cohort_core::id::{OrgId, Revision};
use cohort_directory::{Caller, Directory, counted};
use tokio::sync::watch;
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use crate::config::TOKEN_CHECK_EVERY;
use crate::error::Refusal;
use crate::rate::{Rates, TooFast};
use crate::stopping::Stopping;

tokio::task_local! {
    /// Rows that the directory touched for the present request.
    static ROWS: Cell<u64>;
}

/// What the handling of a request gives, and the rows that were touched for it.
pub(crate) async fn counting_rows<T>(handling: impl Future<Output = T>) -> (T, u64) {
    let counted = async {
        let given = handling.await;
        (given, ROWS.with(Cell::get))
    };
    ROWS.scope(Cell::new(0), counted).await
}

/// Counts rows for the present request; work outside of one has nobody who counts.
pub(crate) fn count(rows: u64) {
    let _ = ROWS.try_with(|touched| touched.set(touched.get().saturating_add(rows)));
}

/// The server's state; clones are handles to the same one.
#[derive(Clone)]
pub(crate) struct App {
    shared: Arc<Shared>,
}

struct Shared {
    directory: Directory,
    public_url: Option<String>,
    news: Arc<News>,
    revocations: watch::Sender<()>,
    /// How fast each connection asks.
    rates: Rates<(OrgId, String)>,
    stopping: Stopping,
}

/// The last published revision of each organisation that anybody ever waited for.
#[derive(Default)]
struct News {
    by_org: Mutex<HashMap<OrgId, watch::Sender<Revision>>>,
}

impl App {
    /// A server on `directory` that stops on `stopping`, and lets a connection ask `scim_rate` times per second.
    pub(crate) fn new(
        directory: Directory,
        public_url: Option<String>,
        scim_rate: NonZeroU32,
        stopping: Stopping,
    ) -> Self {
        let news = Arc::new(News::default());
        let heard = news.clone();
        directory.subscribe(Box::new(move |org, revision| heard.tell(org, revision)));
        let revocations = watch::Sender::new(());
        let told = revocations.clone();
        directory.on_revocation(Box::new(move || told.send_replace(())));
        let rates = Rates::new(scim_rate);
        Self { shared: Arc::new(Shared { directory, public_url, news, revocations, rates, stopping }) }
    }

    /// What `work` gives; it runs on a thread of its own, because the directory blocks on the store.
    ///
    /// Work that has begun goes on to its end when the caller is no longer interested.
    ///
    /// # Errors
    /// What `work` refuses; [`Refusal::Internal`] if it panics.
    ///
    /// The rows that it touches are counted for the request that it is part of.
    pub(crate) async fn run<T, E>(
        &self,
        work: impl FnOnce(&Directory) -> Result<T, E> + Send + 'static,
    ) -> Result<T, Refusal>
    where
        T: Send + 'static,
        E: Into<Refusal> + Send + 'static,
    {
        let directory = self.shared.directory.clone();
        let done = spawn_blocking(move || counted(|| work(&directory))).await;
        let (outcome, rows) = done.map_err(|_| Refusal::Internal)?;
        count(rows);
        outcome.map_err(Into::into)
    }

    /// What `work` gives, which does not block and reads few rows; they are counted as by [`App::run`].
    pub(crate) fn here<T>(&self, work: impl FnOnce(&Directory) -> T) -> T {
        let (given, rows) = counted(|| work(&self.shared.directory));
        count(rows);
        given
    }

    /// Lets a request of the connection in that the caller is.
    ///
    /// # Errors
    /// [`Refusal::TooFast`] if it sends more than it may.
    pub(crate) fn admit(&self, caller: &Caller) -> Result<(), Refusal> {
        let Some(connection) = caller.connection() else { return Ok(()) };
        let rates = &self.shared.rates;
        let admitted = rates.admit((caller.org(), connection.name().to_owned()), Instant::now());
        admitted.map_err(|TooFast { retry_seconds }| {
            let per_second = rates.per_second();
            Refusal::TooFast { per_second, retry_seconds }
        })
    }

    /// The directory itself, for what does not block.
    pub(crate) fn directory(&self) -> &Directory {
        &self.shared.directory
    }

    /// The revisions of `org` that are published from now on; the first value is not one of them.
    pub(crate) fn news(&self, org: OrgId) -> watch::Receiver<Revision> {
        self.shared.news.of(org)
    }

    /// Returns when `caller` would no longer be let in.
    ///
    /// A token that this process takes back is noticed at once; one that another process took back, or whose
    /// time is over, when somebody next looks: every [`TOKEN_CHECK_EVERY`]. Without an answer of the store nobody
    /// is sent away.
    pub(crate) async fn shut_out(&self, caller: &Caller) {
        let mut revocations = self.shared.revocations.subscribe();
        loop {
            let asked = caller.clone();
            if let Ok(false) = self.run(move |directory| directory.still_holds(&asked)).await {
                return;
            }
            // Time over is as good a reason to look as news.
            let _ = timeout(TOKEN_CHECK_EVERY, revocations.changed()).await;
        }
    }

    /// The signal on which whoever only waits gives up.
    pub(crate) fn stopping(&self) -> Stopping {
        self.shared.stopping.clone()
    }

    /// The start of the URLs in an answer, without slash at its end.
    ///
    /// A host header that is no host and port is passed over: it would end up in links.
    pub(crate) fn base_url(&self, headers: &HeaderMap) -> String {
        if let Some(url) = &self.shared.public_url {
            return url.clone();
        }
        let is_part = |letter: char| letter.is_ascii_alphanumeric() || ".-_:[]".contains(letter);
        let host = headers.get(HOST).and_then(|host| host.to_str().ok());
        let host = host.filter(|host| !host.is_empty() && host.chars().all(is_part));
        format!("http://{}", host.unwrap_or("localhost"))
    }
}

impl News {
    fn of(&self, org: OrgId) -> watch::Receiver<Revision> {
        let mut by_org = self.by_org.lock().unwrap_or_else(PoisonError::into_inner);
        by_org.entry(org).or_insert_with(|| watch::Sender::new(Revision::default())).subscribe()
    }

    fn tell(&self, org: OrgId, revision: Revision) {
        let by_org = self.by_org.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(sender) = by_org.get(&org) {
            sender.send_replace(revision);
        }
    }
}
