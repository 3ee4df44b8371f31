//! The one thread that writes: it takes requests from a queue, many into one commit, and answers them after it.
//!
//! A request is alone with the rows and the graph while it runs, so that reading, comparing and writing (an
//! `If-Match`) need no further lock. Sixty-four callers cost one flush of the disk instead of sixty-four.

use std::collections::BTreeMap;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, RwLockWriteGuard};
use std::thread::JoinHandle;
use std::time::Duration;

use cohort_core::id::{OrgId, Revision};

use crate::ambient::Stopwatch;
use crate::doors::Doors;
use crate::error::StoreError;
use crate::limits::{BATCH_MAX, QUEUE_MAX};
use crate::org::{Org, Orgs, SharedOrg};
use crate::publish::News;
use crate::store::{OrgKey, Store};
use crate::turn::{Turn, turn};

/// Where a request runs: the rows, and the organisation that it named.
type Place<'a> = Result<(&'a mut dyn Store, Option<&'a mut Org>), StoreError>;

/// Answers a request, once it is known whether the batch reached the disk.
type Reply = Box<dyn FnOnce(Result<(), StoreError>) + Send>;

/// A request in the queue.
struct Job {
    org: Option<OrgKey>,
    run: Box<dyn FnOnce(Place<'_>) -> Reply + Send>,
}

/// The way to the writing thread; the thread ends with it, after what is in the queue.
pub(crate) struct Writer {
    queue: Option<SyncSender<Job>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    /// Starts the thread over a writing connection. Watchers hear of revisions `gather` after the first of them.
    pub(crate) fn start(
        store: Box<dyn Store>,
        orgs: Arc<Orgs>,
        news: Arc<News>,
        doors: Arc<Doors>,
        gather: Duration,
    ) -> std::io::Result<Self> {
        let (queue, jobs) = sync_channel(QUEUE_MAX);
        let mut desk = Desk {
            store,
            orgs,
            news,
            doors,
            jobs,
            gather,
            unpublished: BTreeMap::new(),
            first_unpublished: None,
        };
        let thread = std::thread::Builder::new().name("writer".to_owned()).spawn(move || desk.serve())?;
        Ok(Self { queue: Some(queue), thread: Some(thread) })
    }

    /// Runs `work` on the rows and one organisation, and gives its answer after the commit.
    pub(crate) fn on_org<T, E>(
        &self,
        org: OrgKey,
        work: impl FnOnce(&mut dyn Store, &mut Org) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.turn_on_org(org, work)?.wait()
    }

    /// As [`Writer::on_org`], for whoever waits otherwise than by blocking.
    ///
    /// # Errors
    /// [`StoreError::Closed`] if the thread has ended.
    pub(crate) fn turn_on_org<T, E>(
        &self,
        org: OrgKey,
        work: impl FnOnce(&mut dyn Store, &mut Org) -> Result<T, E> + Send + 'static,
    ) -> Result<Turn<T, E>, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.submit(Some(org), |store, org| match org {
            Some(org) => work(store, org),
            None => Err(E::from(StoreError::Missing)),
        })
    }

    /// Runs `work` on rows that belong to no organisation's graph, and gives its answer after the commit.
    pub(crate) fn on_realm<T, E>(
        &self,
        work: impl FnOnce(&mut dyn Store) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.submit(None, |store, _| work(store))?.wait()
    }

    fn submit<T, E>(
        &self,
        org: Option<OrgKey>,
        work: impl FnOnce(&mut dyn Store, Option<&mut Org>) -> Result<T, E> + Send + 'static,
    ) -> Result<Turn<T, E>, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (answer, turn) = turn();
        let run = move |place: Place<'_>| -> Reply {
            let (outcome, rows) = match place {
                Ok((store, org)) => counted(store, |store| work(store, org)),
                Err(cause) => (Err(E::from(cause)), 0),
            };
            Box::new(move |committed| {
                let outcome = outcome.and_then(|value| Ok(committed.map(|()| value)?));
                answer.tell(outcome, rows);
            })
        };
        let closed = || E::from(StoreError::Closed);
        let queue = self.queue.as_ref().ok_or_else(closed)?;
        queue.send(Job { org, run: Box::new(run) }).map_err(|_| closed())?;
        Ok(turn)
    }
}

/// What `work` gives, and the rows that it touched.
fn counted<T>(store: &mut dyn Store, work: impl FnOnce(&mut dyn Store) -> T) -> (T, u64) {
    let before = store.touched();
    let given = work(&mut *store);
    (given, store.touched() - before)
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.queue = None;
        if let Some(thread) = self.thread.take() {
            // A panic of the thread was reported when it happened.
            let _ = thread.join();
        }
    }
}

/// What the writing thread works with.
struct Desk {
    store: Box<dyn Store>,
    orgs: Arc<Orgs>,
    news: Arc<News>,
    doors: Arc<Doors>,
    jobs: Receiver<Job>,
    gather: Duration,
    /// Committed revisions that watchers have not heard of.
    unpublished: BTreeMap<OrgId, Revision>,
    /// Since when there are any.
    first_unpublished: Option<Stopwatch>,
}

impl Desk {
    fn serve(&mut self) {
        loop {
            let job = match self.first_unpublished {
                None => self.jobs.recv().map_err(|_| RecvTimeoutError::Disconnected),
                Some(since) => self.jobs.recv_timeout(since.left_of(self.gather)),
            };
            match job {
                Ok(job) => self.batch(job),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
            if self.first_unpublished.is_some_and(|since| since.left_of(self.gather).is_zero()) {
                self.publish();
            }
        }
        self.publish();
    }

    fn publish(&mut self) {
        self.first_unpublished = None;
        for (org, revision) in std::mem::take(&mut self.unpublished) {
            self.news.publish(org, revision);
        }
    }

    /// Carries out `first` and what else is waiting, in one commit.
    fn batch(&mut self, first: Job) {
        let mut jobs = vec![first];
        jobs.extend(self.jobs.try_iter().take(BATCH_MAX - 1));
        let mut shared: BTreeMap<OrgKey, Arc<SharedOrg>> = BTreeMap::new();
        for key in jobs.iter().filter_map(|job| job.org) {
            match self.orgs.get(&*self.store, key) {
                Ok(Some(org)) => _ = shared.insert(key, org),
                Ok(None) => {}
                Err(cause) => tracing::error!(%cause, "an organisation cannot be loaded"),
            }
        }
        let mut orgs: BTreeMap<OrgKey, RwLockWriteGuard<'_, Org>> =
            shared.iter().map(|(key, org)| (*key, org.write())).collect();
        let before: Vec<Revision> = orgs.values().map(|org| org.revision).collect();

        let doors = self.store.doors_changed();
        let (replies, committed) = run(&mut *self.store, &mut orgs, jobs);
        if self.store.doors_changed() > doors {
            self.doors.changed();
        }
        for (org, before) in orgs.values().zip(before) {
            if org.revision > before {
                self.unpublished.insert(org.id, org.revision);
                self.first_unpublished.get_or_insert_with(Stopwatch::start);
            }
        }
        drop(orgs);
        for reply in replies {
            reply(committed.clone());
        }
    }
}

/// Runs the jobs in one transaction, and says whether it reached the disk.
fn run(
    store: &mut dyn Store,
    orgs: &mut BTreeMap<OrgKey, RwLockWriteGuard<'_, Org>>,
    jobs: Vec<Job>,
) -> (Vec<Reply>, Result<(), StoreError>) {
    if let Err(cause) = store.begin() {
        let replies = jobs.into_iter().map(|job| (job.run)(Err(cause.clone()))).collect();
        return (replies, Err(cause));
    }
    let mut replies = Vec::with_capacity(jobs.len());
    for Job { org, run } in jobs {
        let org = org.and_then(|key| orgs.get_mut(&key)).map(|guard| &mut **guard);
        replies.push(run(Ok((&mut *store, org))));
    }
    let committed = store.commit();
    if let Err(cause) = &committed {
        tracing::error!(%cause, requests = replies.len(), "a batch did not reach the disk");
        take_back(store, orgs);
    }
    (replies, committed)
}

/// Brings rows and graphs back to what is on disk.
fn take_back(store: &mut dyn Store, orgs: &mut BTreeMap<OrgKey, RwLockWriteGuard<'_, Org>>) {
    // SQLite may have rolled back by itself; a second time is then refused, and needless.
    let _ = store.roll_back();
    for (key, org) in orgs {
        match Org::load(store, *key) {
            Ok(Some(reloaded)) => **org = reloaded,
            Ok(None) => {}
            Err(cause) => tracing::error!(%cause, "an organisation cannot be reloaded"),
        }
    }
}

#[cfg(test)]
mod tests;
