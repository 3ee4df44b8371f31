//! One worker of a provider: what it sends, what it remembers, and what it expects to hear.

use std::collections::{BTreeMap, BTreeSet};

use reqwest::Method;
use serde_json::{Value, json};

use super::habit::{ENTERPRISE, GROUP, Habit, USER, patch};
use super::{said, text};
use crate::client::{Client, Reply};
use crate::failure::Failure;
use crate::random::Prng;

/// People of one worker: few enough that the server's memory has nothing to grow with.
const PEOPLE_MAX: usize = 40;

/// Somebody whom the worker told of.
#[derive(Debug, Clone)]
pub(super) struct Person {
    pub(super) name: String,
    pub(super) id: String,
    pub(super) title: String,
    pub(super) department: String,
    pub(super) active: bool,
    /// The shared groups, by place.
    groups: BTreeSet<usize>,
}

/// A group that no other worker touches.
#[derive(Debug, Clone, Default)]
struct Own {
    id: String,
    members: BTreeSet<String>,
}

/// One worker.
#[derive(Debug, Clone)]
pub(super) struct Worker {
    habit: &'static Habit,
    client: Client,
    shared: Vec<String>,
    place: usize,
    prng: Prng,
    people: Vec<Person>,
    own: Option<Own>,
    made: usize,
    sent: usize,
    pub(super) statuses: BTreeMap<u16, usize>,
}

/// What a worker does next.
#[derive(Debug, Clone, Copy)]
enum Step {
    Hire,
    Leave,
    Match,
    Read,
    Change,
    Suspend,
    Join,
    Part,
    OwnGroup,
    Page,
    Mistake,
}

const STEPS: [(u32, Step); 11] = [
    (14, Step::Hire),
    (6, Step::Leave),
    (14, Step::Match),
    (10, Step::Read),
    (16, Step::Change),
    (6, Step::Suspend),
    (14, Step::Join),
    (8, Step::Part),
    (5, Step::OwnGroup),
    (3, Step::Page),
    (4, Step::Mistake),
];

impl Person {
    /// Whether `user` is what was told of them.
    pub(super) fn check(&self, user: &Value) -> Result<(), Failure> {
        let department = user.get(ENTERPRISE).map(|one| text(one, "department")).unwrap_or_default();
        let found = (text(user, "id"), text(user, "title"), department, user.get("active"));
        let expected =
            (self.id.as_str(), self.title.as_str(), self.department.as_str(), Some(&json!(self.active)));
        if found == expected { Ok(()) } else { Err(said(format!("found {found:?}; expected {expected:?}"))) }
    }
}

impl Worker {
    pub(super) fn new(
        habit: &'static Habit,
        client: Client,
        shared: Vec<String>,
        place: usize,
        seed: u64,
    ) -> Self {
        Self {
            habit,
            client,
            shared,
            place,
            prng: Prng::new(seed),
            people: Vec::new(),
            own: None,
            made: 0,
            sent: 0,
            statuses: BTreeMap::new(),
        }
    }

    /// Those whom it told of and who are still there.
    pub(super) fn people(&self) -> impl Iterator<Item = &Person> {
        self.people.iter()
    }

    /// Adds the memberships that it made, by group.
    pub(super) fn add_memberships<'a>(&'a self, members: &mut BTreeMap<&'a str, BTreeSet<&'a str>>) {
        for group in &self.shared {
            members.entry(group).or_default();
        }
        for person in &self.people {
            for group in person.groups.iter().filter_map(|place| self.shared.get(*place)) {
                members.entry(group).or_default().insert(&person.id);
            }
        }
        if let Some(own) = &self.own {
            members.entry(&own.id).or_default().extend(own.members.iter().map(String::as_str));
        }
    }

    /// Goes on until so many requests were sent.
    pub(super) async fn work_until(&mut self, requests: usize) -> Result<(), Failure> {
        while self.sent < requests {
            let step = self.prng.weighted(&STEPS).unwrap_or(Step::Hire);
            self.step(step).await?;
        }
        Ok(())
    }

    async fn step(&mut self, step: Step) -> Result<(), Failure> {
        match step {
            Step::Hire if self.people.len() < PEOPLE_MAX => return self.hire().await,
            Step::Page => return self.page().await,
            Step::Mistake => return self.mistake().await,
            Step::OwnGroup => return self.own_group().await,
            _ => {}
        }
        let at = self.prng.below(self.people.len());
        let Some(person) = self.people.get(at).cloned() else { return self.hire().await };
        match step {
            Step::Match => self.find(&person).await,
            Step::Read => self.read(&person).await,
            Step::Change => {
                let title = format!("title {}", self.prng.below(5));
                let department = format!("department {}", self.prng.below(5));
                self.change(at, Person { title, department, ..person }).await
            }
            Step::Suspend => self.change(at, Person { active: !person.active, ..person }).await,
            Step::Join => self.join(at, &person, true).await,
            Step::Part => self.join(at, &person, false).await,
            _ => self.leave(at, &person).await,
        }
    }

    /// Sends a request that has to be answered with `status`.
    async fn send(
        &mut self,
        method: Method,
        path: &str,
        body: Option<&Value>,
        status: &[u16],
    ) -> Result<Reply, Failure> {
        self.sent += 1;
        let reply = self.client.send(method, path, body).await?;
        let found = reply.status.as_u16();
        *self.statuses.entry(found).or_default() += 1;
        if status.contains(&found) {
            return Ok(reply);
        }
        Err(Failure::Answer { request: reply.request, status: found, body: reply.text })
    }

    async fn hire(&mut self) -> Result<(), Failure> {
        self.made += 1;
        let mut person = Person {
            name: format!("w{}-{}", self.place, self.made),
            id: String::new(),
            title: "new".to_owned(),
            department: "none".to_owned(),
            active: true,
            groups: BTreeSet::new(),
        };
        let query = self.habit.query(&person.name);
        let nobody = self.send(Method::GET, &query, None, &[200]).await?.json();
        if nobody.get("totalResults") != Some(&json!(0)) {
            return Err(said(format!("{query}: {nobody}")));
        }
        let made = self.send(Method::POST, "/Users", Some(&Habit::user(&person)), &[201]).await?.json();
        text(&made, "id").clone_into(&mut person.id);
        person.check(&made)?;
        self.people.push(person);
        Ok(())
    }

    async fn leave(&mut self, at: usize, person: &Person) -> Result<(), Failure> {
        let path = format!("/Users/{}", person.id);
        self.send(Method::DELETE, &path, None, &[204]).await?;
        self.send(Method::GET, &path, None, &[404]).await?;
        self.people.swap_remove(at);
        if let Some(own) = &mut self.own {
            own.members.remove(&person.id);
        }
        Ok(())
    }

    async fn find(&mut self, person: &Person) -> Result<(), Failure> {
        let list = self.send(Method::GET, &self.habit.query(&person.name), None, &[200]).await?.json();
        let found = list.get("Resources").and_then(Value::as_array).and_then(|all| all.first());
        person.check(found.ok_or_else(|| said(format!("{} is not found: {list}", person.name)))?)
    }

    async fn read(&mut self, person: &Person) -> Result<(), Failure> {
        let found = self.send(Method::GET, &format!("/Users/{}", person.id), None, &[200]).await?.json();
        person.check(&found)?;
        let groups = found.get("groups").and_then(Value::as_array).cloned().unwrap_or_default();
        let told: BTreeSet<&str> = groups.iter().map(|group| text(group, "value")).collect();
        let shared = person.groups.iter().filter_map(|place| self.shared.get(*place)).map(String::as_str);
        let own = self.own.iter().filter(|own| own.members.contains(&person.id)).map(|own| own.id.as_str());
        let expected: BTreeSet<&str> =
            if person.active { shared.chain(own).collect() } else { return Ok(()) };
        if told == expected { Ok(()) } else { Err(said(format!("groups {told:?}; expected {expected:?}"))) }
    }

    async fn change(&mut self, at: usize, person: Person) -> Result<(), Failure> {
        let path = format!("/Users/{}", person.id);
        let (put, body) = self.habit.update(&person);
        let method = if put { Method::PUT } else { Method::PATCH };
        let told = self.send(method, &path, Some(&body), &[200]).await?.json();
        person.check(&told)?;
        if let Some(before) = self.people.get_mut(at) {
            *before = person;
        }
        Ok(())
    }

    async fn join(&mut self, at: usize, person: &Person, joins: bool) -> Result<(), Failure> {
        let place = self.prng.below(self.shared.len());
        let Some(group) = self.shared.get(place).cloned() else { return Ok(()) };
        let body =
            if joins { self.habit.add_member(&person.id) } else { self.habit.remove_member(&person.id) };
        self.send(Method::PATCH, &format!("/Groups/{group}"), Some(&body), &[200, 204]).await?;
        if let Some(person) = self.people.get_mut(at) {
            if joins {
                person.groups.insert(place)
            } else {
                person.groups.remove(&place)
            };
        }
        Ok(())
    }

    /// Makes, replaces or deletes the group that is the worker's own.
    async fn own_group(&mut self) -> Result<(), Failure> {
        let few = self.people.iter().filter(|_| self.prng.chance(30));
        let members: BTreeSet<String> = few.map(|person| person.id.clone()).collect();
        let listed: Vec<Value> = members.iter().map(|id| json!({"value": id})).collect();
        let name = format!("own {}", self.place);
        let whole = json!({"schemas": [GROUP], "displayName": name, "members": listed});
        let Some(own) = self.own.clone() else {
            let made = self.send(Method::POST, "/Groups", Some(&whole), &[201]).await?.json();
            self.own = Some(Own { id: text(&made, "id").to_owned(), members });
            return Ok(());
        };
        let path = format!("/Groups/{}", own.id);
        match self.prng.below(4) {
            0 => {
                self.send(Method::DELETE, &path, None, &[204]).await?;
                self.own = None;
            }
            1 => {
                self.send(Method::PUT, &path, Some(&whole), &[200]).await?;
                self.own = Some(Own { members, ..own });
            }
            _ => {
                let body = patch(&json!([{"op": "replace", "path": "members", "value": listed}]));
                self.send(Method::PATCH, &path, Some(&body), &[200, 204]).await?;
                self.own = Some(Own { members, ..own });
            }
        }
        Ok(())
    }

    async fn page(&mut self) -> Result<(), Failure> {
        let from = self.prng.between(1, 60);
        let kind = self.prng.word(&["Users", "Groups"]);
        let path = format!("/{kind}?startIndex={from}&count=20&excludedAttributes=members");
        self.send(Method::GET, &path, None, &[200]).await.map(drop)
    }

    async fn mistake(&mut self) -> Result<(), Failure> {
        let absent = "/Users/01a20159-d608-7b20-8be9-fe62e6fe6b94";
        match self.prng.below(4) {
            0 => self.send(Method::GET, absent, None, &[404]).await,
            1 => self.send(Method::POST, "/Users", Some(&json!({"schemas": [USER]})), &[400]).await,
            2 => self.send(Method::GET, "/Users?filter=userName%20is%20%22x%22", None, &[400]).await,
            _ => match self.people.first().map(Habit::user) {
                Some(twin) => self.send(Method::POST, "/Users", Some(&twin), &[409]).await,
                None => return Ok(()),
            },
        }
        .map(drop)
    }
}
