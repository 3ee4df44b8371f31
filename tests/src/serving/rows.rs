//! What single requests cost, one after the other on one connection, as an identity provider sends them.

use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::{Value, json};

use super::cpu::Meter;
use super::fill::{self, Filled};
use super::report::Row;
use super::{Place, patch, text, told};
use crate::failure::Failure;
use crate::organisation::Random;

/// Requests of one sample.
const SAMPLE: usize = 500;
/// CPU that a figure is made of at least, where that does not take too long.
const CPU_MICROS_LEAST: f64 = 400_000.0;
const TIME_MOST: Duration = Duration::from_secs(6);

/// Requests and the CPU that they took, so far.
pub(super) struct Cost {
    micros: f64,
    requests: usize,
    started: Instant,
}

impl Cost {
    pub(super) fn new() -> Self {
        Self { micros: 0.0, requests: 0, started: Instant::now() }
    }

    /// Whether another sample would make the figure better for a fair price.
    pub(super) fn is_rough(&self) -> bool {
        self.requests == 0 || (self.micros < CPU_MICROS_LEAST && self.started.elapsed() < TIME_MOST)
    }

    /// Counts what `sample` takes, which sends so many requests.
    pub(super) async fn add(
        &mut self,
        meter: &Meter,
        requests: usize,
        sample: impl Future<Output = Result<(), Failure>>,
    ) -> Result<(), Failure> {
        let before = meter.settled().await?;
        sample.await?;
        self.micros += meter.settled().await?.micros_since(&before);
        self.requests += requests;
        Ok(())
    }

    pub(super) fn row(&self, name: impl Into<String>) -> Row {
        let requests = self.requests.max(1);
        Row { name: name.into(), micros: self.micros / super::real(requests as u64), requests }
    }
}

/// All rows but those of walks.
pub(super) async fn measure(place: &Place, filled: &Filled) -> Result<Vec<Row>, Failure> {
    let mut rows = vec![floor(place, filled).await?, created(place, filled).await?];
    rows.extend(read(place, filled).await?);
    rows.extend(changed(place, filled).await?);
    for (size, groups) in &filled.groups {
        rows.extend(members(place, filled, *size, groups).await?);
    }
    Ok(rows)
}

/// A request that looks at no resource: below this, no figure of the run can be.
async fn floor(place: &Place, filled: &Filled) -> Result<Row, Failure> {
    let mut cost = Cost::new();
    while cost.is_rough() {
        let sample = async {
            for _ in 0..SAMPLE {
                place.client.get("/ServiceProviderConfig").await?;
            }
            Ok(())
        };
        cost.add(&place.meter, SAMPLE, sample).await?;
    }
    Ok(told(filled, cost.row("GET /ServiceProviderConfig")))
}

/// Users beyond those that are there; they go again after each sample.
async fn created(place: &Place, filled: &Filled) -> Result<Row, Failure> {
    let from = filled.users.len() + filled.newcomers.len();
    let mut cost = Cost::new();
    while cost.is_rough() {
        let mut made = Vec::with_capacity(SAMPLE);
        let sample = async {
            for number in from..from + SAMPLE {
                made.push(place.client.post("/Users", &fill::user(number, "Engineer")).await?);
            }
            Ok(())
        };
        cost.add(&place.meter, SAMPLE, sample).await?;
        for user in &made {
            place.client.delete(&format!("/Users/{}", text(user, "id"))).await?;
        }
    }
    Ok(told(filled, cost.row("create a user")))
}

async fn read(place: &Place, filled: &Filled) -> Result<Vec<Row>, Failure> {
    let by_id = |number: usize, id: &str| (Method::GET, format!("/Users/{id}"), None, number);
    let by_name = |number: usize, _: &str| {
        (Method::GET, format!("/Users?filter=userName%20eq%20%22{}%22", fill::name(number)), None, number)
    };
    let by_external_id = |number: usize, _: &str| {
        let id = fill::external_id(number);
        (Method::GET, format!("/Users?filter=externalId%20eq%20%22{id}%22"), None, number)
    };
    Ok(vec![
        drawn(place, filled, "GET by id", by_id).await?,
        drawn(place, filled, "filter userName eq", by_name).await?,
        drawn(place, filled, "filter externalId eq", by_external_id).await?,
    ])
}

async fn changed(place: &Place, filled: &Filled) -> Result<Vec<Row>, Failure> {
    let title = std::cell::Cell::new(0);
    let next_title = || {
        title.set(title.get() + 1);
        format!("Title {}", title.get())
    };
    let put = |number: usize, id: &str| {
        (Method::PUT, format!("/Users/{id}"), Some(fill::user(number, &next_title())), number)
    };
    let patched = |number: usize, id: &str| {
        let body = patch(&json!({"op": "replace", "path": "title", "value": next_title()}));
        (Method::PATCH, format!("/Users/{id}"), Some(body), number)
    };
    Ok(vec![
        drawn(place, filled, "PUT of a user", put).await?,
        drawn(place, filled, "PATCH of a user", patched).await?,
    ])
}

/// A request, and the number of the user that its answer has to be about.
type Request = (Method, String, Option<Value>, usize);

/// Sends requests about users drawn at random.
async fn drawn(
    place: &Place,
    filled: &Filled,
    name: &str,
    request: impl Fn(usize, &str) -> Request,
) -> Result<Row, Failure> {
    let mut random = Random::new(7);
    let mut cost = Cost::new();
    while cost.is_rough() {
        let sample = async {
            for _ in 0..SAMPLE {
                let number = random.below(filled.users.len());
                let Some(id) = filled.users.get(number) else { continue };
                let (method, path, body, number) = request(number, id);
                let reply = place.client.send(method, &path, body.as_ref()).await?;
                let (said, status) = (reply.text.contains(&fill::name(number)), reply.status.as_u16());
                if status != 200 || !said {
                    return Err(Failure::Answer { request: reply.request, status, body: reply.text });
                }
            }
            Ok(())
        };
        cost.add(&place.meter, SAMPLE, sample).await?;
    }
    Ok(told(filled, cost.row(name)))
}

/// Newcomers come into the groups, one by one, and leave them again.
async fn members(
    place: &Place,
    filled: &Filled,
    size: usize,
    groups: &[String],
) -> Result<Vec<Row>, Failure> {
    let (mut adding, mut removing, mut reading) = (Cost::new(), Cost::new(), Cost::new());
    let pairs: Vec<(&String, &String)> = groups.iter().cycle().zip(&filled.newcomers).collect();
    let add = |id: &str| patch(&json!({"op": "add", "path": "members", "value": [{"value": id}]}));
    let remove = |id: &str| patch(&json!({"op": "remove", "path": format!("members[value eq \"{id}\"]")}));
    while adding.is_rough() || removing.is_rough() {
        adding.add(&place.meter, pairs.len(), patched(place, &pairs, add)).await?;
        removing.add(&place.meter, pairs.len(), patched(place, &pairs, remove)).await?;
    }
    while reading.is_rough() {
        let sample = async {
            for group in groups.iter().cycle().take(SAMPLE) {
                place.client.get(&format!("/Groups/{group}?excludedAttributes=members")).await?;
            }
            Ok(())
        };
        reading.add(&place.meter, SAMPLE, sample).await?;
    }
    let rows = [
        adding.row(format!("PATCH add one member, group of {size}")),
        removing.row(format!("PATCH remove one member, group of {size}")),
        reading.row(format!("GET group, excludedAttributes=members, group of {size}")),
    ];
    Ok(rows.into_iter().map(|row| told(filled, row)).collect())
}

/// Changes groups by what `body` says about each newcomer; the answer names the members of none.
async fn patched(
    place: &Place,
    pairs: &[(&String, &String)],
    body: impl Fn(&str) -> Value,
) -> Result<(), Failure> {
    for (group, newcomer) in pairs {
        let path = format!("/Groups/{group}?excludedAttributes=members");
        place.client.patch(&path, &body(newcomer)).await?;
    }
    Ok(())
}
