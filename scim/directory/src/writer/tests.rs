//! What happens when the disk refuses a commit.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::Writer;
use crate::Directory;
use crate::access::{NewRole, create_role};
use crate::ambient::{Ambient, System};
use crate::doors::Doors;
use crate::effort::Effort;
use crate::error::DirectoryError;
use crate::org::Orgs;
use crate::publish::News;
use crate::store::sqlite::SqliteStores;
use crate::store::{OrgKey, Stores};
use crate::work::{Mode, Request, Written, carry_out};

/// A folder with one organisation, that goes with the value.
struct Place(PathBuf);

impl Place {
    fn new() -> Self {
        let folder = std::env::temp_dir().join(format!("cohort-writer-{}", std::process::id()));
        let directory = Directory::open(&folder, Arc::new(System)).expect("a folder");
        directory.create_org("acme", "Acme").expect("an organisation");
        Self(folder)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).expect("the folder was there");
    }
}

fn add_role(writer: &Writer, name: &str) -> Result<Written<()>, DirectoryError> {
    let ambient: Arc<dyn Ambient> = Arc::new(System);
    let actor = "admin".to_owned();
    let effort = Effort::default();
    let request = Request { actor, action: "role.create", mode: Mode::Commit, ambient, effort };
    let role = NewRole { name: name.to_owned(), permissions: vec![name.to_owned()], ..NewRole::default() };
    writer.on_org(OrgKey(1), move |store, org| {
        carry_out(store, org, &request, |work| create_role(work, role).map(|_| ()))
    })
}

#[test]
fn a_refused_commit_fails_its_requests_and_leaves_no_trace() {
    let place = Place::new();
    let stores = SqliteStores::new(&place.0.join("cohort.db"));
    let full = Arc::new(AtomicBool::new(false));
    let mut store = stores.open_raw().expect("a connection");
    store.refuse_commits_while(Arc::clone(&full));
    let (orgs, news) = (Arc::new(Orgs::default()), Arc::new(News::default()));
    let doors = Arc::new(Doors::new(place.0.join("tokens.changed")));
    let writer = Writer::start(Box::new(store), Arc::clone(&orgs), Arc::clone(&news), doors, Duration::ZERO)
        .expect("a thread");

    let first = add_role(&writer, "first").expect("a commit").revision;
    full.store(true, Ordering::SeqCst);
    assert!(matches!(add_role(&writer, "lost"), Err(DirectoryError::Store(_))));
    full.store(false, Ordering::SeqCst);

    let reader = stores.reader().expect("a connection");
    let org = orgs.get(&*reader, OrgKey(1)).expect("rows").expect("an organisation");
    assert_eq!(org.read().revision, first);
    assert_eq!(news.published(org.read().id), Some(first));
    assert_eq!(add_role(&writer, "lost").expect("a commit").revision, first.next());
}
