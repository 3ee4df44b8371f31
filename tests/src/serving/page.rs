//! The page `docs/benchmarks-scim.md`: the figures of one run as tables.

use std::fmt::Write;

use super::report::{AtOnce, Report, Rule, SizeReport};

const HEAD: &str = "\
# SCIM benchmarks

Written by `cargo xtask bench --scim --peers`; all figures are of one run. ";

const HOW_TO_READ: &str = "\
CPU time of the server's process for one request, in milliseconds: all threads, and what is put off, such as the provisioning
log, included. The server is a release build on loopback, without TLS, with a folder of its own for each size. Requests come one
after the other on one connection, and every write is on disk before its answer, so none shares a commit with another. CPU time
shows less than a duration does that a machine is busy, but it does: compare rows of this page with each other and with
the first one, which looks at no resource.

A user has names, an `externalId`, an e-mail address and a title. Users and groups are filled in by bulk requests (RFC 7644 section
3.7); 400 users more are in no group and come and go in the rows about members, whose answers are without members
(`excludedAttributes=members`). Up to 500 users more are there while users are created. *Must* is what is promised, also
at a million users, beside the figure of the largest size here.";

const PEER: &str = "\
scim2-server 0.8.3 is another server, of PyPI: written in Python, it keeps everything in memory and nothing on disk. It was asked
the same in the same run, up to 10,000 users, because what it does grows with them; it speaks HTTP/1.0, so each request is a
connection, and it has no cursors, so its pages are by index. A row that was slow has as many requests as six seconds allow.";

const START: &str = "\
## Memory and start

After the rows above the server is killed and started on its folder; a start ends with the first answer about a user. A
million users are to be there in 15 s and 2 GiB. Memory is what is resident; these are durations, which a busy machine makes longer.";

const AT_ONCE: &str = "\
## Creates at once

Users created over 64 connections at the same time, each answered when it is on disk; 3000 a second are promised for two
cores. What sends the requests takes its share of the same cores. The other server resets connections when so many come.";

const RULES: &str = "\
## Scaling

What has to hold on any machine, with CPU microseconds of the server where nothing else is said. That a listing is complete and
that no member is lost is asserted as well: without it there is no page.";

/// What is promised: milliseconds at the largest size, or in words; the plans that the page is compared with.
const MUST: &[(&str, Must)] = &[
    ("create a user", Must::Millis(0.2)),
    ("GET by id", Must::Millis(0.08)),
    ("filter userName eq", Must::Millis(0.1)),
    ("PATCH add one member, group of 100000", Must::Millis(0.4)),
    ("page of 100, start of the walk", Must::Flat),
    ("page of 100, middle of the walk", Must::Flat),
    ("page of 100, end of the walk", Must::Flat),
];

/// What is promised of one request.
enum Must {
    /// At most so much, also at a million users.
    Millis(f64),
    /// The same wherever it is: see the rules.
    Flat,
}

impl Must {
    fn words(&self, micros: f64) -> String {
        match self {
            Self::Millis(most) if micros <= most * 1_000.0 => format!("{most}: reached"),
            Self::Millis(most) => format!("{most}: not reached"),
            Self::Flat => "flat".to_owned(),
        }
    }
}

/// The page of `report`.
#[must_use]
pub fn markdown(report: &Report) -> String {
    let cores = report.cores;
    // Writing to a string cannot fail.
    let mut page = String::from(HEAD);
    let _ = writeln!(page, "{cores} {}.", if cores == 1 { "core" } else { "cores" });
    let _ = writeln!(page, "\n{HOW_TO_READ}");
    if !report.peers.is_empty() {
        let _ = writeln!(page, "\n{PEER}");
    }
    let _ = writeln!(page, "\n## Requests\n\n{}", requests(&report.sizes, &report.peers));
    let _ = writeln!(page, "{AT_ONCE}\n\n{}", at_once(&report.sizes));
    let _ = writeln!(page, "{START}\n\n{}", starts(&report.sizes));
    let _ = writeln!(page, "{RULES}\n\n{}", rules(&report.rules));
    if !report.peers.is_empty() {
        let _ = writeln!(page, "The same of scim2-server:\n\n{}", rules(&report.peer_rules));
    }
    page
}

fn at_once(sizes: &[SizeReport]) -> String {
    let mut table = String::from("| users | creates a second |\n|--:|--:|\n");
    for size in sizes {
        let Some(AtOnce { created, seconds }) = size.at_once else { continue };
        let _ = writeln!(table, "| {} | {:.0} |", size.users, super::real(created as u64) / seconds);
    }
    table
}

fn starts(sizes: &[SizeReport]) -> String {
    let mebi = |bytes: Option<u64>| bytes.map(|bytes| (bytes >> 20).to_string()).unwrap_or_default();
    let mut table = String::from(
        "| users | filled in s | memory MiB | started in s | memory then MiB |\n|--:|--:|--:|--:|--:|\n",
    );
    for size in sizes {
        let Some(start) = &size.start else { continue };
        let (before, after) = (mebi(start.before_bytes), mebi(start.after_bytes));
        let (users, filled, seconds) = (size.users, size.filled_seconds, start.seconds);
        let _ = writeln!(table, "| {users} | {filled:.1} | {before} | {seconds:.1} | {after} |");
    }
    table
}

fn rules(rules: &[Rule]) -> String {
    let mut table = String::from("| rule | | figures |\n|---|---|---|\n");
    for rule in rules {
        let holds = if rule.holds { "holds" } else { "does not hold" };
        let _ = writeln!(table, "| {} | {holds} | {} |", rule.name, rule.figures);
    }
    table
}

fn requests(sizes: &[SizeReport], peers: &[SizeReport]) -> String {
    let mut table = String::from("| request |");
    for size in sizes {
        let _ = write!(table, " {} users |", size.users);
    }
    table.push_str(" must |");
    for peer in peers {
        let _ = write!(table, " scim2-server, {} users |", peer.users);
    }
    let _ = writeln!(table, "\n|---|{}---|{}", "--:|".repeat(sizes.len()), "--:|".repeat(peers.len()));
    // The largest size has every row.
    for row in sizes.last().map(|size| size.rows.as_slice()).unwrap_or_default() {
        let _ = write!(table, "| {} |", row.name);
        let cells = |sizes: &[SizeReport]| {
            let cell = |size: &SizeReport| {
                let millis = size.micros(&row.name).map(|micros| format!("{:.3}", micros / 1_000.0));
                format!(" {} |", millis.unwrap_or_default())
            };
            sizes.iter().map(cell).collect::<String>()
        };
        let must = MUST.iter().find(|(name, _)| *name == row.name);
        let must = must.map(|(_, must)| must.words(row.micros)).unwrap_or_default();
        let _ = writeln!(table, "{} {must} |{}", cells(sizes), cells(peers));
    }
    table
}
