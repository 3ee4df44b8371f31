//! What single requests cost, one after the other on one connection, as an identity provider sends them.

use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::{Value, json};

use super::cpu::Meter;
use super::fill::{self, Filled};
use super::report::Row;
use super::{Measured, Place, patch, text, told};
use crate::failure::Failure;
use crate::organisation::Random;

/// Requests of one sample.
const SAMPLE: usize = 500;
/// CPU that a figure is made of at least, where that does not take too long.
const CPU_MICROS_LEAST: f64 = 400_000.0;
/// How long a row may take; a slow server sends what it has by then.
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

    /// The number of the next request of a sample of `most`; none after the last, or when the row has had its time.
    ///
    /// At least one request is sent, however slow.
    pub(super) fn requests(&self, most: usize) -> impl Iterator<Item = usize> + use<> {
        let until = self.started + TIME_MOST;
        (0..most).take_while(move |sent| *sent == 0 || Instant::now() < until)
    }

    /// Counts what `sample` takes, which says how many requests it has sent; gives that number.
    pub(super) async fn add(
        &mut self,
        meter: &Meter,
        sample: impl Future<Output = Result<usize, Failure>>,
    ) -> Result<usize, Failure> {
        let before = meter.settled().await?;
        let sent = sample.await?;
        self.micros += meter.settled().await?.micros_since(&before);
        self.requests += sent;
        Ok(sent)
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
        let requests = cost.requests(SAMPLE);
        let sample = async {
            let mut sent = 0;
            for _ in requests {
                place.client.get("/ServiceProviderConfig").await?;
                sent += 1;
            }
            Ok(sent)
        };
        cost.add(&place.meter, sample).await?;
    }
    Ok(told(place, filled, cost.row("GET /ServiceProviderConfig")))
}

/// Users beyond those that are there; they go again after each sample.
async fn created(place: &Place, filled: &Filled) -> Result<Row, Failure> {
    let from = filled.users.len() + filled.newcomers.len();
    let mut cost = Cost::new();
    while cost.is_rough() {
        let requests = cost.requests(SAMPLE);
        let mut made = Vec::with_capacity(SAMPLE);
        let sample = async {
            for number in requests {
                made.push(place.client.post("/Users", &fill::user(from + number, "Engineer")).await?);
            }
            Ok(made.len())
        };
        cost.add(&place.meter, sample).await?;
        for user in &made {
            place.client.delete(&format!("/Users/{}", text(user, "id"))).await?;
        }
    }
    Ok(told(place, filled, cost.row("create a user")))
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
        let requests = cost.requests(SAMPLE);
        let sample = async {
            let mut sent = 0;
            for _ in requests {
                let number = random.below(filled.users.len());
                let Some(id) = filled.users.get(number) else { continue };
                let (method, path, body, number) = request(number, id);
                let reply = place.client.send(method, &path, body.as_ref()).await?;
                let (said, status) = (reply.text.contains(&fill::name(number)), reply.status.as_u16());
                // The other server answers a PATCH by nothing.
                let is_silent = status == 204 && matches!(place.measured, Measured::Peer(_));
                if !is_silent && (status != 200 || !said) {
                    return Err(Failure::Answer { request: reply.request, status, body: reply.text });
                }
                sent += 1;
            }
            Ok(sent)
        };
        cost.add(&place.meter, sample).await?;
    }
    Ok(told(place, filled, cost.row(name)))
}

/// Newcomers come into the groups, one by one, and leave them again.
async fn members(
    place: &Place,
    filled: &Filled,
    size: usize,
    groups: &[String],
) -> Result<Vec<Row>, Failure> {
    let (mut adding, mut removing) = (Cost::new(), Cost::new());
    let pairs: Vec<(&String, &String)> = groups.iter().cycle().zip(&filled.newcomers).collect();
    let add = |id: &str| patch(&json!({"op": "add", "path": "members", "value": [{"value": id}]}));
    let remove = |id: &str| patch(&json!({"op": "remove", "path": format!("members[value eq \"{id}\"]")}));
    while adding.is_rough() || removing.is_rough() {
        let numbers = adding.requests(pairs.len());
        let added = adding.add(&place.meter, patched(place, &pairs, numbers, add)).await?;
        removing.add(&place.meter, patched(place, &pairs, 0..added, remove)).await?;
    }
    let mut reading = Cost::new();
    while reading.is_rough() {
        let numbers = reading.requests(SAMPLE);
        let sample = async {
            let mut sent = 0;
            for (_, group) in numbers.zip(groups.iter().cycle()) {
                place.client.get(&format!("/Groups/{group}?excludedAttributes=members")).await?;
                sent += 1;
            }
            Ok(sent)
        };
        reading.add(&place.meter, sample).await?;
    }
    let rows = [
        adding.row(format!("PATCH add one member, group of {size}")),
        removing.row(format!("PATCH remove one member, group of {size}")),
        reading.row(format!("GET group, excludedAttributes=members, group of {size}")),
    ];
    Ok(rows.into_iter().map(|row| told(place, filled, row)).collect())
}

/// Changes groups by what `body` says about the newcomers of these numbers; the answer names the members of none.
async fn patched(
    place: &Place,
    pairs: &[(&String, &String)],
    numbers: impl Iterator<Item = usize>,
    body: impl Fn(&str) -> Value,
) -> Result<usize, Failure> {
    let mut sent = 0;
    for (_, (group, newcomer)) in numbers.zip(pairs) {
        let path = format!("/Groups/{group}?excludedAttributes=members");
        place.client.patch(&path, &body(newcomer)).await?;
        sent += 1;
    }
    Ok(sent)
}
