//! What a SCIM request costs the server, and whether that grows with the users and members that are there.
//!
//! Counted is the CPU time of the server's process, all its threads and what it does later included: unlike a duration it
//! hardly depends on what else the machine does, nor on who sends the requests. Each size has a fresh server with a folder
//! of its own on loopback. `cargo xtask bench --scim` builds the server in release, runs this, and writes the page
//! ([`page`]). That no member is lost, and that a walk gives each user once, is asserted; no figure passes or fails.

mod cpu;
mod fill;
mod growth;
mod rows;
mod walk;

pub mod page;
pub mod report;

use std::path::Path;

use serde_json::{Value, json};

use self::cpu::Meter;
use self::fill::Filled;
use self::report::{Report, Row, SizeReport};
use crate::client::Client;
use crate::failure::Failure;
use crate::program::{Programs, Scratch, Server};

const ORG: &str = "acme";
const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
const GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";
const PATCH_OP: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";
const BULK_REQUEST: &str = "urn:ietf:params:scim:api:messages:2.0:BulkRequest";

/// A running server, one connection of it, and the meter of its process.
struct Place {
    client: Client,
    meter: Meter,
    server: Server,
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
        let meter = Meter::of(&server)?;
        Ok(Self { client, meter, server, _folder: folder })
    }

    /// As many clients, each with a TCP connection of its own.
    fn clients(&self, count: usize) -> Result<Vec<Client>, Failure> {
        let mut clients = Vec::new();
        for _ in 0..count {
            let token = self.server.token(ORG, &["scim", "--connection", "okta"])?;
            clients.push(Client::scim(&self.server.url, ORG, &token));
        }
        Ok(clients)
    }
}

/// Measures a server of this program at each size, smallest first, and says on standard error what it does.
///
/// # Errors
/// [`Failure`] naming the first request that was not answered as it must be, the user that a walk missed, or the member
/// that was lost.
pub async fn measure(cohort: &Path, sizes: &[usize]) -> Result<Report, Failure> {
    let mut report = Report { cores: crate::bench::cores(), sizes: Vec::new(), rules: Vec::new() };
    for users in sizes {
        let (size, rules) = measured(cohort, *users).await?;
        report.sizes.push(size);
        report.rules.extend(rules);
    }
    report.rules.splice(0..0, report::across(&report.sizes));
    Ok(report)
}

async fn measured(cohort: &Path, users: usize) -> Result<(SizeReport, Vec<report::Rule>), Failure> {
    let place = Place::open(cohort).await?;
    let mut rules = Vec::new();
    let (filled, filling) = growth::filled(&place, users).await?;
    eprintln!("{users} users: filled in {:.1} s", filling.seconds);
    rules.extend(filling.rule(users));
    let mut rows = rows::measure(&place, &filled).await?;
    let (walked, rule) = walk::measure(&place, &filled).await?;
    rows.extend(walked);
    rules.push(rule);
    rules.push(growth::nobody_lost(&place, &filled).await?);
    Ok((SizeReport { users, filled_seconds: filling.seconds, rows }, rules))
}

/// Says a row as soon as it is there.
fn told(filled: &Filled, row: Row) -> Row {
    eprintln!(
        "{} users: {:<55} {:>8.1} us  ({} times)",
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
