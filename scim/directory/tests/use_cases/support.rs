//! A data folder of its own per test, with a clock that stands still until it is moved.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

use cohort_core::decide::{Outcome, Query, decide};
use cohort_core::id::Instant;
use cohort_directory::{Ambient, Caller, Directory, Mode, Purpose, ScimAnswer, ScimView, Turn, fold};
use cohort_scim::{ListQuery, Projection, ResourceType, ScimError};
use serde::de::DeserializeOwned;
use serde_json::Value;

/// 2026-03-01T09:00:00Z.
pub(crate) const START: i64 = 1_772_355_600_000;

/// Time that a test moves; ids that count up, and secrets that differ.
pub(crate) struct Clock {
    millis: AtomicI64,
    drawn: AtomicU64,
}

impl Clock {
    pub(crate) fn pass(&self, time: Duration) {
        let millis = i64::try_from(time.as_millis()).expect("a short time");
        self.millis.fetch_add(millis, Ordering::SeqCst);
    }
}

impl Ambient for Clock {
    fn now(&self) -> Instant {
        Instant::from_millis(self.millis.load(Ordering::SeqCst))
    }

    fn new_id(&self) -> u128 {
        0x0190_a5c2_7b1e_7000_8000_0000_0000_0000 + u128::from(self.drawn.fetch_add(1, Ordering::SeqCst))
    }

    fn random_32(&self) -> Option<[u8; 32]> {
        let mut bytes = [7; 32];
        bytes[..8].copy_from_slice(&self.drawn.fetch_add(1, Ordering::SeqCst).to_be_bytes());
        Some(bytes)
    }
}

/// An open folder with the organisation `acme`; the folder goes with the value.
pub(crate) struct World {
    pub(crate) folder: PathBuf,
    pub(crate) clock: Arc<Clock>,
    directory: Option<Directory>,
}

impl World {
    pub(crate) fn new() -> Self {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let number = COUNT.fetch_add(1, Ordering::SeqCst);
        let folder = std::env::temp_dir().join(format!("cohort-directory-{}-{number}", std::process::id()));
        let clock = Clock { millis: AtomicI64::new(START), drawn: AtomicU64::new(1) };
        let mut world = Self { folder, clock: Arc::new(clock), directory: None };
        world.open();
        world.directory().create_org("acme", "Acme").expect("a new organisation");
        world
    }

    pub(crate) fn directory(&self) -> &Directory {
        self.directory.as_ref().expect("the folder is open")
    }

    pub(crate) fn close(&mut self) {
        self.directory = None;
    }

    pub(crate) fn open(&mut self) {
        self.close();
        let clock: Arc<dyn Ambient> = Arc::clone(&self.clock) as _;
        self.directory = Some(Directory::open(&self.folder, clock).expect("a folder that opens"));
    }

    fn caller(&self, purpose: Purpose) -> Caller {
        let token = self.directory().issue_token(Some("acme"), purpose).expect("a token");
        self.directory().caller(&token, "acme").expect("a known token")
    }

    pub(crate) fn admin(&self) -> Caller {
        self.caller(Purpose::Admin)
    }

    pub(crate) fn edge(&self) -> Caller {
        self.caller(Purpose::Edge)
    }

    pub(crate) fn connection(&self, name: &str, dialect: &str) -> Caller {
        let (connection, dialect) = (name.to_owned(), Some(dialect.to_owned()));
        self.caller(Purpose::Scim { connection, dialect })
    }

    /// Whether `user` may do `permission` in the organisation, now.
    pub(crate) fn allows(&self, user: &str, permission: &str) -> bool {
        let state = self.directory().snapshot_state(&self.admin()).expect("a state");
        let subject = fold(user);
        decide(&state, &Query::new(&subject, permission, self.clock.now())).outcome == Outcome::Allow
    }

    pub(crate) fn revision(&self) -> u64 {
        self.directory().revision(&self.admin()).expect("a revision").number()
    }
}

impl Drop for World {
    fn drop(&mut self) {
        self.close();
        std::fs::remove_dir_all(&self.folder).expect("the folder was there");
    }
}

/// A request body of the management side.
pub(crate) fn body<T: DeserializeOwned>(value: Value) -> T {
    serde_json::from_value(value).expect("a well-formed request")
}

/// What every write of a test does.
pub(crate) const COMMIT: Mode = Mode::Commit;

/// URL of the SCIM root.
const BASE: &str = "https://c.example/v2";

fn view() -> ScimView {
    let projection = Some(Projection::default());
    ScimView { base: BASE.to_owned(), projection, members_max: usize::MAX }
}

/// SCIM requests of one connection.
pub(crate) struct Client<'a> {
    pub(crate) world: &'a World,
    pub(crate) caller: Caller,
}

impl<'a> Client<'a> {
    pub(crate) fn new(world: &'a World, name: &str, dialect: &str) -> Self {
        Self { world, caller: world.connection(name, dialect) }
    }

    pub(crate) fn post(&self, kind: ResourceType, body: &Value) -> Result<Value, ScimError> {
        let made = self.world.directory().scim_create(&self.caller, kind, body, view()).and_then(Turn::wait);
        made.map(|written| written.value.body)
    }

    /// A new user's id.
    pub(crate) fn user(&self, body: &Value) -> String {
        id(&self.post(ResourceType::User, body).expect("a new user"))
    }

    /// A new group's id.
    pub(crate) fn group(&self, body: &Value) -> String {
        id(&self.post(ResourceType::Group, body).expect("a new group"))
    }

    pub(crate) fn get(&self, kind: ResourceType, id: &str) -> Result<Value, ScimError> {
        let answer = self.world.directory().scim_get(&self.caller, kind, id, &view());
        // Both ways to an answer give the same one, wherever a test asks.
        if let Some(at_once) = self.get_at_once(kind, id) {
            assert_eq!(at_once, answer, "{id} at once");
        }
        answer.map(|answer| answer.body)
    }

    /// What can be answered without waiting.
    pub(crate) fn get_at_once(&self, kind: ResourceType, id: &str) -> Option<Result<ScimAnswer, ScimError>> {
        self.world.directory().scim_get_at_once(&self.caller, kind, id, &view())
    }

    pub(crate) fn put(&self, kind: ResourceType, id: &str, body: Value) -> Result<Value, ScimError> {
        let written = self
            .world
            .directory()
            .scim_replace(&self.caller, kind, id, None, body, view())
            .and_then(Turn::wait);
        written.map(|written| written.value.body)
    }

    pub(crate) fn patch_if(
        &self,
        kind: ResourceType,
        id: &str,
        if_match: Option<&str>,
        operations: &Value,
    ) -> Result<ScimAnswer, ScimError> {
        let schemas = ["urn:ietf:params:scim:api:messages:2.0:PatchOp"];
        let body = serde_json::json!({"schemas": schemas, "Operations": operations});
        let directory = self.world.directory();
        let turn = directory.scim_patch(&self.caller, kind, id, if_match, &body, view())?;
        turn.wait().map(|written| written.value)
    }

    pub(crate) fn patch(&self, kind: ResourceType, id: &str, operations: &Value) -> Value {
        self.patch_if(kind, id, None, operations).expect("a patch that is taken").body
    }

    pub(crate) fn delete(&self, kind: ResourceType, id: &str) -> Result<(), ScimError> {
        self.world.directory().scim_delete(&self.caller, kind, id, None)?.wait().map(|_| ())
    }

    pub(crate) fn find(&self, kind: ResourceType, text: &str) -> Value {
        self.query(kind, &[("filter", text), ("count", "10")]).expect("a list")
    }

    /// The answer to a list with these parameters.
    pub(crate) fn query(&self, kind: ResourceType, parameters: &[(&str, &str)]) -> Result<Value, ScimError> {
        self.query_over(&[kind], parameters)
    }

    /// The answer to a list over several types.
    pub(crate) fn query_over(
        &self,
        kinds: &[ResourceType],
        parameters: &[(&str, &str)],
    ) -> Result<Value, ScimError> {
        let answer = self.world.directory().scim_list(&self.caller, &self.list(kinds, parameters)?, BASE);
        if let Some(at_once) = self.query_at_once(kinds, parameters) {
            assert_eq!(at_once, answer, "{parameters:?} at once");
        }
        answer
    }

    /// What can be answered without waiting.
    pub(crate) fn query_at_once(
        &self,
        kinds: &[ResourceType],
        parameters: &[(&str, &str)],
    ) -> Option<Result<Value, ScimError>> {
        let query = self.list(kinds, parameters).expect("a list that can be asked for");
        self.world.directory().scim_list_at_once(&self.caller, &query, BASE)
    }

    fn list(&self, kinds: &[ResourceType], parameters: &[(&str, &str)]) -> Result<ListQuery, ScimError> {
        let dialect = self.caller.connection().expect("a connection").dialect();
        ListQuery::parse(parameters.iter().copied(), kinds, dialect)
    }

    /// The ids of the members of a group, in the order of the answer.
    pub(crate) fn members(&self, group: &str) -> Vec<String> {
        let group = self.get(ResourceType::Group, group).expect("a group");
        let members = group.get("members").and_then(Value::as_array).cloned().unwrap_or_default();
        members.iter().map(|member| member["value"].as_str().expect("an id").to_owned()).collect()
    }
}

pub(crate) fn id(resource: &Value) -> String {
    resource["id"].as_str().expect("every resource has an id").to_owned()
}

/// The one key that tests trust: that of the world's folder.
pub(crate) fn payload(world: &World, envelope: &[u8]) -> Vec<u8> {
    let key = cohort_verify::TrustedKey::from_bytes(&world.directory().public_key()).expect("a key");
    cohort_verify::verify(envelope, &[key]).expect("a true signature").to_vec()
}
