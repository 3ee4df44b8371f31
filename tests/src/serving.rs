//! What a SCIM request costs the server, and whether that grows with the users and members that are there.
//!
//! Counted is the CPU time of the server's process, all its threads and what it does later included: unlike a duration it
//! hardly depends on what else the machine does, nor on who sends the requests. Each size has a fresh server with a folder
//! of its own on loopback; another SCIM server may be measured beside it by the same requests. `cargo xtask bench --scim` builds the server in release, runs this, and writes the page
//! ([`page`]). That no member is lost, and that a walk gives each user once, is asserted; no figure passes or fails.

mod at_once;
mod cpu;
mod fill;
mod growth;
mod peer;
mod rows;
mod walk;

pub mod page;
pub mod report;

use std::path::Path;
use std::time::Instant;

use serde_json::{Value, json};

use self::cpu::Meter;
use self::fill::Filled;
use self::peer::Peer;
use self::report::{Report, Row, Rule, SizeReport, Start};
use crate::client::Client;
use crate::failure::Failure;
use crate::program::{Programs, Scratch, Server};

/// Behind the row of creates one by one.
const AT_ONCE_PLACE: usize = 2;

const ORG: &str = "acme";
const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
const GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";
const PATCH_OP: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";
const BULK_REQUEST: &str = "urn:ietf:params:scim:api:messages:2.0:BulkRequest";

/// A running server, one connection of it, and the meter of its process.
struct Place {
    client: Client,
    meter: Meter,
    measured: Measured,
}

/// Whose requests are measured.
enum Measured {
    Ours(Box<Ours>),
    Peer(Box<Peer>),
}

/// A server of this project, on a folder that goes with it.
struct Ours {
    server: Server,
    token: String,
    _folder: Scratch,
}

impl Place {
    async fn open(cohort: &Path) -> Result<Self, Failure> {
        let programs =
            Programs { cohort: cohort.to_owned(), host: cohort.to_owned(), module: cohort.to_owned() };
        programs.expect_present()?;
        let folder = Scratch::new();
        let server = Server::fresh(&programs, &folder.path().join("data"), ORG, &[]).await?;
        let token = server.token(ORG, &["scim", "--connection", "okta", "--dialect", "okta"])?;
        let client = Client::scim(&server.url, ORG, &token);
        let meter = Meter::of_threads(server.process_id())?;
        Ok(Self {
            client,
            meter,
            measured: Measured::Ours(Box::new(Ours { server, token, _folder: folder })),
        })
    }

    async fn open_peer(program: &Path) -> Result<Self, Failure> {
        let peer = Peer::start(program).await?;
        let meter = Meter::of_process(peer.process_id())?;
        Ok(Self { client: peer.client(), meter, measured: Measured::Peer(Box::new(peer)) })
    }

    /// As many clients, each with a TCP connection of its own.
    fn clients(&self, count: usize) -> Result<Vec<Client>, Failure> {
        let mut clients = Vec::new();
        for _ in 0..count {
            clients.push(match &self.measured {
                Measured::Ours(ours) => {
                    let token = ours.server.token(ORG, &["scim", "--connection", "okta"])?;
                    Client::scim(&ours.server.url, ORG, &token)
                }
                Measured::Peer(peer) => peer.client(),
            });
        }
        Ok(clients)
    }

    /// What the server holds in memory now, and what a start on its folder takes, up to the first answer about a user;
    /// nothing of the other server, which keeps nothing.
    async fn start_anew(&mut self, user: &str) -> Result<Option<Start>, Failure> {
        let Measured::Ours(ours) = &mut self.measured else { return Ok(None) };
        let before_bytes = ours.server.resident_bytes();
        ours.server.kill().await?;
        let begun = Instant::now();
        ours.server.restart(None).await?;
        Client::scim(&ours.server.url, ORG, &ours.token).get(&format!("/Users/{user}")).await?;
        let seconds = begun.elapsed().as_secs_f64();
        Ok(Some(Start { before_bytes, seconds, after_bytes: ours.server.resident_bytes() }))
    }

    /// What is said before the name of a figure.
    const fn prefix(&self) -> &'static str {
        match self.measured {
            Measured::Ours(_) => "",
            Measured::Peer(_) => "scim2-server: ",
        }
    }
}

/// Measures a server of this program at each size, smallest first, and says on standard error what it does; beside it
/// the program `peer`, a scim2-server, which is slow, at the smaller sizes alone.
///
/// # Errors
/// [`Failure`] naming the first request that was not answered as it must be, the user that a walk missed, or the member
/// that was lost.
pub async fn measure(cohort: &Path, sizes: &[usize], peer: Option<&Path>) -> Result<Report, Failure> {
    let mut report = Report { cores: crate::bench::cores(), ..Report::default() };
    for users in sizes {
        let (size, rules) = measured(Place::open(cohort).await?, *users).await?;
        report.sizes.push(size);
        report.rules.extend(rules);
        if let Some(program) = peer.filter(|_| *users <= peer::USERS_MAX) {
            let (size, rules) = measured(Place::open_peer(program).await?, *users).await?;
            report.peers.push(size);
            report.peer_rules.extend(rules);
        }
    }
    report.rules.splice(0..0, report::across(&report.sizes));
    Ok(report)
}

async fn measured(mut place: Place, users: usize) -> Result<(SizeReport, Vec<Rule>), Failure> {
    let mut rules = Vec::new();
    let (filled, filling) = growth::filled(&place, users).await?;
    eprintln!("{}{users} users: filled in {:.1} s", place.prefix(), filling.seconds);
    rules.extend(filling.rule(users));
    let mut rows = rows::measure(&place, &filled).await?;
    // The other server resets connections when so many come at once.
    let at_once = match place.measured {
        Measured::Ours(_) => {
            let (row, at_once) = at_once::measure(&place, &filled).await?;
            rows.insert(AT_ONCE_PLACE, row);
            Some(at_once)
        }
        Measured::Peer(_) => None,
    };
    let (walked, rule) = walk::measure(&place, &filled).await?;
    rows.extend(walked);
    rules.push(rule);
    rules.push(growth::nobody_lost(&place, &filled).await?);
    let first = filled.users.first().map_or("", String::as_str);
    let start = place.start_anew(first).await?;
    Ok((SizeReport { users, filled_seconds: filling.seconds, rows, at_once, start }, rules))
}

/// Says a row as soon as it is there.
fn told(place: &Place, filled: &Filled, row: Row) -> Row {
    eprintln!(
        "{}{} users: {:<55} {:>8.1} us  ({} times)",
        place.prefix(),
        filled.users.len(),
        row.name,
        row.micros,
        row.requests
    );
    row
}

fn patch(operation: &Value) -> Value {
    json!({"schemas": [PATCH_OP], "Operations": [operation]})
}

fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value.get(field).and_then(Value::as_str).unwrap_or_default()
}

fn said(said: impl Into<String>) -> Failure {
    Failure::Program { said: said.into() }
}

#[expect(clippy::cast_precision_loss, reason = "figures are for people")]
const fn real(number: u64) -> f64 {
    number as f64
}
