//! The directory: a data folder with everything that can be done with it.
//!
//! Use cases that change something run on the writing thread and answer after the commit; those that only look
//! run where they are called, on a connection of their own. The use cases themselves are in `groups`, `members`,
//! `access`, `users`, `connections` and `provision`; here they get their caller, their place and their answer.

mod connections;
mod feed;
mod journal;
mod manage;
mod realm;
mod scim;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use cohort_core::id::{Instant, OrgId};

use crate::ambient::Ambient;
use crate::caller::{Access, Caller};
use crate::doors::Doors;
use crate::error::{DirectoryError, OpenError, StoreError};
use crate::folder::Folder;
use crate::journal::{Journal, Retention};
use crate::org::{Org, Orgs, SharedOrg};
use crate::publish::News;
use crate::readers::Readers;
use crate::store::{Store, Stores};
use crate::trails::Trails;
use crate::turn::Turn;
use crate::work::{Mode, Request, Work, Written, carry_out};
use crate::writer::Writer;

pub use self::feed::{FeedBytes, SliceAsked, SliceBytes};
pub use self::scim::ScimTurn;

/// A handle to an open data folder; clones are handles to the same one.
///
/// The last handle that goes finishes what is in the queue and gives the folder free.
///
/// ```
/// use std::sync::Arc;
/// use cohort_directory::{Directory, Mode, Purpose, System};
///
/// let folder = std::env::temp_dir().join(format!("cohort-doc-{}", std::process::id()));
/// let directory = Directory::open(&folder, Arc::new(System))?;
/// directory.create_org("acme", "Acme")?;
/// let token = directory.issue_token(Some("acme"), Purpose::Admin)?;
/// let admin = directory.caller(&token, "acme")?;
/// let new = serde_json::from_str(r#"{"name": "Sales", "rule": "department = sales"}"#)?;
/// let group = directory.create_group(&admin, new, Mode::Commit)?;
/// assert_eq!(group.value.slug, "sales");
/// # drop(directory);
/// # std::fs::remove_dir_all(&folder)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Directory {
    shared: Arc<Shared>,
}

/// What all handles share. The writer comes first: it stops before the folder's lock is given up.
struct Shared {
    // Before the writer, because fields are dropped in order: the connection that is closed last tidies the
    // database file up, and only the writer's may write to it.
    readers: Readers,
    // Before the writer, which writes what is still noted.
    journal: Option<Journal>,
    writer: Arc<Writer>,
    orgs: Arc<Orgs>,
    doors: Arc<Doors>,
    news: Arc<News>,
    trails: Trails,
    ambient: Arc<dyn Ambient>,
    folder: Folder,
    fresh_admin_token: Option<PathBuf>,
    beside: bool,
}

/// How a folder is served.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Settings {
    /// How long after the first commit that they have not heard of watchers are woken: in a storm of small commits
    /// they then fetch one delta instead of many. At once by default.
    pub gather: Duration,
    /// How much of the provisioning log is kept.
    pub retention: Retention,
}

/// An organisation by its names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrgRef {
    /// The uuid.
    pub id: OrgId,
    /// The slug.
    pub slug: String,
    /// What people call it.
    pub title: String,
}

impl Directory {
    /// Opens the folder, made if there is none, as the one process that serves it.
    ///
    /// Watchers are woken by every commit at once.
    ///
    /// # Errors
    /// [`OpenError`], one variant per cause.
    pub fn open(folder: &Path, ambient: Arc<dyn Ambient>) -> Result<Self, OpenError> {
        Self::open_with(folder, ambient, Settings::default())
    }

    /// As [`Directory::open`], with settings.
    ///
    /// # Errors
    /// [`OpenError`], one variant per cause.
    pub fn open_with(
        folder: &Path,
        ambient: Arc<dyn Ambient>,
        settings: Settings,
    ) -> Result<Self, OpenError> {
        let opened = Folder::open(folder, &*ambient)?;
        let mut directory = Self::start(folder, opened, ambient, settings, false)?;
        let fresh = directory.ensure_admin_token()?;
        if let Some(shared) = Arc::get_mut(&mut directory.shared) {
            shared.fresh_admin_token = fresh;
        }
        Ok(directory)
    }

    /// Opens the folder beside the process that serves it: for looking, and for making tokens.
    ///
    /// # Errors
    /// [`OpenError::Missing`] if nobody ever served the folder; the other variants but [`OpenError::InUse`].
    pub fn open_beside(folder: &Path, ambient: Arc<dyn Ambient>) -> Result<Self, OpenError> {
        let opened = Folder::open_beside(folder)?;
        Self::start(folder, opened, ambient, Settings::default(), true)
    }

    fn start(
        path: &Path,
        folder: Folder,
        ambient: Arc<dyn Ambient>,
        settings: Settings,
        beside: bool,
    ) -> Result<Self, OpenError> {
        let (orgs, news) = (Arc::new(Orgs::default()), Arc::new(News::default()));
        let store = folder.stores.writer().map_err(|cause| folder.damaged(cause))?;
        let not_started = |cause| OpenError::NotWritable { path: path.to_owned(), cause };
        let doors = Arc::new(Doors::new(folder.doors_file()));
        let (known, told) = (Arc::clone(&orgs), Arc::clone(&news));
        let writer = Writer::start(store, known, told, Arc::clone(&doors), settings.gather);
        let writer = Arc::new(writer.map_err(not_started)?);
        let journal = match beside {
            true => None,
            false => {
                let journal = Journal::start(Arc::clone(&writer), Arc::clone(&ambient), settings.retention);
                Some(journal.map_err(not_started)?)
            }
        };
        let readers = Readers::new(Arc::new(folder.stores.clone()));
        let trails = Trails::default();
        let shared = Shared {
            journal,
            writer,
            orgs,
            doors,
            news,
            trails,
            readers,
            ambient,
            folder,
            fresh_admin_token: None,
            beside,
        };
        Ok(Self { shared: Arc::new(shared) })
    }

    /// The public half of the key that signs the feed.
    #[must_use]
    pub fn public_key(&self) -> [u8; 32] {
        self.shared.folder.seal.public_key()
    }

    /// Where this opening wrote an administrator's token for all organisations; none if there was one already.
    #[must_use]
    pub fn fresh_admin_token(&self) -> Option<&Path> {
        self.shared.fresh_admin_token.as_deref()
    }

    /// The present moment by the directory's clock.
    #[must_use]
    pub fn now(&self) -> Instant {
        self.shared.ambient.now()
    }

    /// Runs a use case that changes something, on the writing thread.
    fn write<T, E>(
        &self,
        caller: &Caller,
        action: &'static str,
        mode: Mode,
        use_case: impl FnOnce(&mut Work<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<Written<T>, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.turn(caller, action, mode, use_case)?.wait()
    }

    /// As [`Directory::write`], for whoever waits otherwise than by blocking.
    fn turn<T, E>(
        &self,
        caller: &Caller,
        action: &'static str,
        mode: Mode,
        use_case: impl FnOnce(&mut Work<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<Turn<Written<T>, E>, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let request = self.request(caller, action, mode)?;
        let run = move |store: &mut dyn Store, org: &mut Org| carry_out(store, org, &request, use_case);
        self.shared.writer.turn_on_org(caller.org_key, run)
    }

    /// What is the same for all use cases of a request that changes something.
    ///
    /// # Errors
    /// [`StoreError::Beside`] if another process serves the folder.
    fn request(&self, caller: &Caller, action: &'static str, mode: Mode) -> Result<Request, StoreError> {
        if self.shared.beside {
            return Err(StoreError::Beside);
        }
        let ambient = Arc::clone(&self.shared.ambient);
        let effort = caller.effort.clone();
        Ok(Request { actor: caller.actor(), action, mode, ambient, effort })
    }

    /// Runs a use case that only looks.
    fn look<T, E: From<StoreError>>(
        &self,
        caller: &Caller,
        use_case: impl FnOnce(&dyn Store, &Org) -> Result<T, E>,
    ) -> Result<T, E> {
        self.shared.readers.with(|store| {
            let shared = self.shared_org(store, caller)?;
            let org = shared.read();
            use_case(store, &org)
        })
    }

    fn shared_org(&self, store: &dyn Store, caller: &Caller) -> Result<Arc<SharedOrg>, StoreError> {
        self.shared.orgs.get(store, caller.org_key)?.ok_or(StoreError::Missing)
    }
}

/// Whether the caller may manage.
fn expect_admin(caller: &Caller) -> Result<(), DirectoryError> {
    match caller.access {
        Access::Admin => Ok(()),
        Access::Edge | Access::Scim(_) => Err(DirectoryError::Forbidden),
    }
}
