//! The figures of a run, as data.

/// Everything that one run measured.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Report {
    /// Cores of the machine.
    pub cores: usize,
    /// Smallest first.
    pub sizes: Vec<SizeReport>,
    /// What must hold on any machine.
    pub rules: Vec<Rule>,
    /// Of the other server, smallest first; empty if it was not measured.
    pub peers: Vec<SizeReport>,
    /// Of the other server, what is asserted of ours.
    pub peer_rules: Vec<Rule>,
}

/// What was measured with so many users.
#[derive(Clone, PartialEq, Debug)]
pub struct SizeReport {
    /// Users.
    pub users: usize,
    /// Seconds that making users and groups took.
    pub filled_seconds: f64,
    /// One for each kind of request.
    pub rows: Vec<Row>,
    /// Creates over many connections, where that was measured.
    pub at_once: Option<AtOnce>,
    /// Of a server that keeps what it has.
    pub start: Option<Start>,
}

/// Users that were created over many connections at the same time.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct AtOnce {
    /// How many.
    pub created: usize,
    /// From the first request to the last answer.
    pub seconds: f64,
}

/// Memory of a server, and a start on its folder after it was killed.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Start {
    /// Resident bytes after all rows, where the system tells.
    pub before_bytes: Option<u64>,
    /// From the start of the process to its first answer about a user.
    pub seconds: f64,
    /// Resident bytes after that answer.
    pub after_bytes: Option<u64>,
}

/// What one kind of request costs.
#[derive(Clone, PartialEq, Debug)]
pub struct Row {
    /// Which.
    pub name: String,
    /// CPU microseconds of the server for one request.
    pub micros: f64,
    /// Requests that were sent for the figure.
    pub requests: usize,
}

/// What must hold however fast the machine is.
#[derive(Clone, PartialEq, Debug)]
pub struct Rule {
    /// Which.
    pub name: String,
    /// Whether it does.
    pub holds: bool,
    /// The figures that say so.
    pub figures: String,
}

impl SizeReport {
    /// Microseconds of the row of this name.
    pub(super) fn micros(&self, name: &str) -> Option<f64> {
        self.rows.iter().find(|row| row.name == name).map(|row| row.micros)
    }
}

/// The rules that compare rows of the report with each other.
pub(super) fn across(sizes: &[SizeReport]) -> Vec<Rule> {
    let mut rules = Vec::new();
    let (Some(small), Some(large)) = (sizes.first(), sizes.last()) else { return rules };
    for filter in ["filter userName eq", "filter externalId eq"] {
        if let (true, Some(few), Some(many)) =
            (small.users < large.users, small.micros(filter), large.micros(filter))
        {
            let name = format!("{filter}: at {} users <= 2 x at {}", large.users, small.users);
            rules.push(at_most(name, many, few, 2.0));
        }
    }
    for (what, factor) in [
        ("PATCH add one member", 2.0),
        ("PATCH remove one member", 2.0),
        ("GET group, excludedAttributes=members", 1.25),
    ] {
        let of = |members: usize| large.micros(&format!("{what}, group of {members}"));
        let largest = super::fill::GROUPS.iter().rev().find_map(|members| Some((*members, of(*members)?)));
        if let (Some((members, many)), Some(few)) = (largest.filter(|(members, _)| *members > 10), of(10)) {
            let name = format!("{what}: group of {members} <= {factor} x group of 10");
            rules.push(at_most(name, many, few, factor));
        }
    }
    if let Some(start) = large.micros("page of 100, start of the walk") {
        for part in ["middle", "end"] {
            let Some(later) = large.micros(&format!("page of 100, {part} of the walk")) else { continue };
            let name = format!("page of 100 at {} users: {part} of the walk <= 1.25 x start", large.users);
            rules.push(at_most(name, later, start, 1.25));
        }
    }
    rules
}

fn at_most(name: String, found: f64, base: f64, factor: f64) -> Rule {
    let figures = format!("{found:.0} us and {base:.0} us, x {:.2}", found / base);
    Rule { name, holds: found <= factor * base, figures }
}
