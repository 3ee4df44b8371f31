//! What the demo prints, and what it counts.

use std::io::{IsTerminal, Write};
use std::time::Instant;

use super::board::Answer;
use super::question;
use crate::program::{Programs, Server};
use crate::provision::Tenant;
use crate::world::{Ask, Outcome, Statement};

/// Prints to standard output and counts expectations.
#[derive(Default)]
pub(super) struct Report {
    checked: usize,
    failed: usize,
    /// Whether a change was announced that no answer has followed yet.
    changed: bool,
    live: bool,
}

impl Report {
    pub(super) fn failed(&self) -> usize {
        self.failed
    }

    pub(super) fn step(&mut self, words: &str) {
        println!("\n==> {words}");
    }

    pub(super) fn detail(&mut self, words: &str) {
        println!("    {words}");
    }

    /// A line that counts up, where somebody watches.
    pub(super) fn progress(&mut self, done: usize, of: usize) {
        if std::io::stdout().is_terminal() {
            print!("\r    {} of {of}\r", done + 1);
            // Progress that cannot be shown is no reason to stop.
            let _ = std::io::stdout().flush();
        }
    }

    pub(super) fn table_head(&mut self) {
        println!("\n      {:<62} answer and explanation", "question");
    }

    pub(super) fn change(&mut self, statement: &Statement) {
        if !self.live {
            self.live = true;
            self.step("live: each change is sent, and the host flips when its delta arrives");
        }
        if !self.changed {
            println!();
        }
        self.changed = true;
        println!("  * {}", words_of(statement));
    }

    /// A row of the table: the question, the answer, and after a change the milliseconds that it took.
    pub(super) fn answer(&mut self, line: usize, ask: &Ask, answer: Option<&Answer>, sent: Instant) {
        self.checked += 1;
        self.changed = false;
        let met = answer.is_some_and(|answer| ask.is_met_by(answer.outcome, &answer.detail));
        let (mark, found) = match answer {
            Some(answer) => (if met { "ok" } else { "!!" }, shown(answer.outcome, &answer.detail)),
            None => ("!!", "no answer".into()),
        };
        let flipped = answer.filter(|answer| self.live && answer.arrived >= sent);
        let took = flipped.map(|answer| (answer.arrived - sent).as_secs_f64() * 1_000.0);
        let took = took.map(|millis| format!("  [{millis:.1} ms]")).unwrap_or_default();
        println!("  {mark}  {:<62} {found}{took}", question(ask));
        if !met {
            self.failed += 1;
            println!(
                "      line {line}: expected {}",
                shown(ask.outcome, ask.detail.as_deref().unwrap_or(""))
            );
        }
    }

    pub(super) fn count(&mut self, line: usize, group: &str, expected: usize, found: Option<u64>) {
        self.checked += 1;
        if found != u64::try_from(expected).ok() {
            self.failed += 1;
            let found = found.map_or("no count".to_string(), |found| found.to_string());
            println!("  !!  line {line}: group `{group}` has {found} members; expected {expected}");
        }
    }

    pub(super) fn end(&mut self, server: &Server, programs: &Programs) {
        let snapshot = std::fs::metadata(&programs.module).map(|file| file.len()).unwrap_or_default();
        println!();
        if self.failed == 0 {
            println!("all {} expectations of the world were met (module of {snapshot} bytes)", self.checked);
        } else {
            println!("{} of {} expectations were not met", self.failed, self.checked);
        }
        println!("the server's log is {}", server.folder().join("server.log").display());
    }

    pub(super) fn what_to_try(&mut self, server: &Server, programs: &Programs, tenant: &Tenant) {
        let (url, org) = (&server.url, &tenant.org);
        let (cohort, data) = (programs.cohort.display(), server.folder().display());
        println!(
            "\n==> the server keeps running; try (in another terminal)\n
TOKEN=$({cohort} token --data {data} --org {org} --for admin)
curl -H \"Authorization: Bearer $TOKEN\" {url}/orgs/{org}/api/v1/groups
curl -H \"Authorization: Bearer $TOKEN\" -H 'Content-Type: application/json' {url}/orgs/{org}/api/v1/explain \\
  -d '{{\"subject\":\"sophie.martin\",\"permission\":\"repo:write\"}}'
SCIM=$({cohort} token --data {data} --org {org} --for scim --connection okta)
curl -H \"Authorization: Bearer $SCIM\" '{url}/orgs/{org}/scim/v2/Users?filter=userName%20eq%20%22mia.russell%22'
{cohort} explain --data {data} --org {org} --user sophie.martin --permission repo:write\n
Ctrl-C ends it."
        );
    }
}

fn shown(outcome: Outcome, detail: &str) -> String {
    let word = match outcome {
        Outcome::Allow => "allow",
        Outcome::Deny => "deny",
        Outcome::Indeterminate => "indeterminate",
    };
    if detail.is_empty() { word.to_string() } else { format!("{word}: {detail}") }
}

/// A change in words, with the request that carries it.
fn words_of(statement: &Statement) -> String {
    match statement {
        Statement::Unmember(edges) => {
            format!("SCIM PATCH: {} leaves {}", edges.members.join(", "), edges.group)
        }
        Statement::Member { edges, .. } => format!("{} joins {}", edges.members.join(", "), edges.group),
        Statement::Set { user, attributes, active } => {
            let fields = attributes.iter().map(|one| format!("{} = {}", one.field, one.values.join(", ")));
            let activity = active.map(|active| if active { "active" } else { "inactive" }.to_string());
            format!("profile of {user}: {}", fields.chain(activity).collect::<Vec<_>>().join(", "))
        }
        Statement::State { group, state } => format!("group {group}: {state:?}").to_lowercase(),
        Statement::Revoke { role, scope, .. } => format!("the grant of {role} on {scope} is revoked"),
        Statement::Remove { user } => format!("SCIM DELETE: {user}"),
        Statement::Delete { group } => format!("group {group} is deleted"),
        other => format!("{other:?}"),
    }
}
