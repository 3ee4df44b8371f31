//! The page `docs/benchmarks.md`: the figures of one run as tables.

mod growth;
mod must;

use std::fmt::Write;
use std::iter;

use super::report::{Amount, Part, Report, Row, SizeReport, Unit};
use growth::Growth;
use must::must;

const HEAD: &str = "\
# Benchmarks

Written by `cargo xtask bench`; all figures are of one run. ";

const HOW_TO_READ: &str = "\
The machine may have been busy: compare rows of this page with each other and with the floor, not with figures of
another day. A benchmark is no test; nothing fails on a slow machine.

Durations are medians; *p99* is what all but one repetition in a hundred stayed below, disturbances included.
Organisations are made from a fixed seed: 8 direct groups a user in Zipf-like sizes, groups up to 6 deep, 3 grants a
group of roles of 10 permissions, a tenth of them on projects and resources, 12 rules over department, location and
job in every size.

*Growth* is the median at the largest size by that at the smallest. Up to 3 the cost follows the change. In a larger
organisation every step goes through deeper trees and colder memory; so does a growth that stays within 1.5 times that
of finding one fact by its key (see the floor), for each fact changed.";

const CHANGES: &str = "\
## What a change costs

One change of a graph that holds the whole organisation: checked, carried out, its facts and its inverse worked out.
Every change is drawn at random and taken back afterwards; where only *group* is said, it is any of the many small
ones.";

const BYTES: &str = "\
## Bytes and decisions

Decisions are asked by name or by handle, each of another user than the one before and half of them allowed; *random
triples* are mostly denied. Their p99 is that of 200 in a row. A slice is asked for 50 permissions. *Must* is what is
promised, at size M where no other is named.";

const WASM: &str = "\
## In wasm

The faces on the snapshot without names, with the same questions: the raw module (`docs/raw-abi.md`) where nothing else is
said, the component, and the npm package with its checks of what it is given. Opening copies the bytes
into the module and checks them all; in a *fresh instance* the system also has to find memory for it. wasmtime runs
without fuel and epochs, so without the bounds that a careful host sets; a question to Node includes the loop that
asks. *By id* is a question as text, with the user's id. The *empty call* of component and package asks for the revision.";

const AMOUNTS: &str = "\
## Sizes

A delta or a slice is without its envelope, which adds 77 bytes; of several the median is shown. What a membership takes
is what a snapshot has more than one in which nobody is in a group. brotli is at its best quality. Linear memory holds the
bytes of the snapshot too, while it is opened.";

const INSTRUCTIONS: &str = "\
## Instructions

WebAssembly instructions of the raw module, as wasmtime counts them: the same in every run, whatever else the machine does.
A copy of bytes counts as one. Of what is done often the mean is shown; memory of the larger sizes is colder, which is not
in these figures.";

const SHAPES: &str = "\
## Small organisations

Decisions by name on the worlds of `tests/data/worlds/shapes` that published benchmarks of policy engines also have, with
5 to 50 users, groups and resources.";

const GROWTH: &str = "\
## More of one thing

Checks by handle in an organisation of 20000 users, 1000 groups, 200 roles and 2000 permissions, and in others that have
more of one thing. A group's line holds the permissions of all its grants and of the groups above, so with more of them
more groups speak about a permission, on some scope or other, and more of memory is looked at. Instructions are those of the
raw module; *x* compares with the organisation as it is.";

const AIMS: &str = "\
## What stands between figures and aims

The aims lie below what must be reached: half of it, and less.

- *Check by handle* (60 ns, L 200 ns; in Node 110 ns, L 350 ns; in wasmtime 1.25 x native): at L a user's row is one miss
  of all caches, which alone is the floor's figure when nothing else is done meanwhile; at S and M it is the branches
  behind each filter that says \"perhaps\". Exact bits for each permission and group would do without them, and take more
  memory than all else together. WebAssembly adds the look-ups of four handles and the passing of seven arguments.
- *Can, of a selected user* (6 ns in Node): an empty call is half of that; the other half looks up two handles in their
  tables, so that one kept too long is refused.
- *By id* (400 ns in Node): a sixth is writing three texts into the module; then a miss for the id, one for the row, and
  the names of permission and scope.
- *Opening* (M 6 ms, L 60 ms): all of it is decoding and checking; a third to a half is the rows of users. In a fresh instance
  the system takes about as long again to find memory.
- *Memory* (M 3.5 MB, L 35 MB): ids of 16 bytes are a quarter, rows of two bytes a membership another, scopes, grants and
  what is derived for each group the rest.
- *A membership on the wire* (8.4 and 11.3 bits): gaps of whole bytes; codes of single bits would save a tenth and double
  the time to open.
- *Slice* (1 kB): names and ids of the groups and grants on the way, so that an explanation can tell them.
- *The npm package* (16 kB must, 8 kB aim): not reached, though its module is compiled for size. Left out one after the other, opening is two fifths of it (reading
  and refusing what the format says, the tables, what is derived), applying deltas and taking them back a fifth, a check
  by handle a sixth, questions by name and explanations a tenth. No formatting, sorting or trees of the library are left.
- *The raw module* is compiled for speed, as hosts and gateways load it once: compiled for size it would take two thirds of
  the bytes, open in two thirds as long again, and answer questions by id in half as long again.
- *The component* passes resources and records where the raw module passes numbers: wasmtime looks each handle up and lends
  it for the call, which is most of its empty call too.
- *The npm package* looks at everything that it is given before it calls, and its module is compiled for size; a selection
  keeps its answers, so that a page asks the module once for each permission.";

/// The page of `report`.
#[must_use]
pub fn markdown(report: &Report) -> String {
    let mut page = String::from(HEAD);
    let cores = report.cores;
    // Writing to a string cannot fail.
    let _ = writeln!(page, "{cores} {}, release build.", if cores == 1 { "core" } else { "cores" });
    let _ = writeln!(page, "{HOW_TO_READ}\n\n{}", organisations(report));
    let _ = writeln!(page, "## Floor\n\nWhat the machine takes for almost nothing.\n");
    let _ = writeln!(page, "{}", floor(report));
    let _ = writeln!(page, "{CHANGES}\n\n{}", changes(report));
    let _ = writeln!(page, "{BYTES}\n\n{}", durations(report, Part::Bytes));
    let _ = writeln!(page, "{WASM}\n\n{}", durations(report, Part::Wasm));
    let _ = writeln!(page, "{AMOUNTS}\n\n{}", amounts(report));
    let _ = writeln!(page, "{INSTRUCTIONS}\n\n{}", instructions(report));
    let _ = writeln!(page, "{GROWTH}\n\n{}", growths(report));
    let _ = writeln!(page, "{SHAPES}\n\n{}", shapes(report));
    let _ = writeln!(page, "{AIMS}");
    page
}

/// A duration in the unit that fits it, with three digits.
#[must_use]
pub fn duration(nanos: f64) -> String {
    let units = [(1e9, "s"), (1e6, "ms"), (1e3, "us"), (1.0, "ns")];
    let (unit, name) = units.into_iter().find(|(unit, _)| nanos >= *unit).unwrap_or((1.0, "ns"));
    format!("{} {name}", digits(nanos / unit))
}

/// About three significant digits.
fn digits(number: f64) -> String {
    let decimals = if number >= 100.0 { 0 } else { usize::from(number < 10.0) + 1 };
    format!("{number:.decimals$}")
}

/// An amount in the unit that fits it, with three digits.
#[must_use]
pub fn amount(amount: &Amount) -> String {
    let count = amount.count;
    match amount.unit {
        Unit::Bits => format!("{} bits", digits(count)),
        Unit::Instructions => digits(count),
        Unit::Bytes if count >= 1e6 => format!("{} MB", digits(count / 1e6)),
        Unit::Bytes if count >= 1e4 => format!("{} kB", digits(count / 1e3)),
        Unit::Bytes => format!("{count} B"),
    }
}

fn organisations(report: &Report) -> String {
    let mut columns = vec!["size".to_string()];
    let heads = ["users", "groups", "roles", "permissions", "facts", "graph", "built in"];
    columns.extend(heads.map(str::to_string));
    columns.push("allowed".to_string());
    let rows = report.sizes.iter().map(|size| {
        let mut cells = vec![size.name.clone()];
        cells.extend(
            [size.users, size.groups, size.roles, size.permissions, size.facts].map(|n| n.to_string()),
        );
        cells.push(megabytes(size.graph_bytes));
        cells.push(duration(size.build_seconds * 1e9));
        cells.push(format!("{} %", size.allowed_percent));
        cells
    });
    table(&columns, rows)
}

fn floor(report: &Report) -> String {
    let mut columns = vec!["what".to_string()];
    columns.extend(heads(report, ""));
    let rows = names(report, Part::Floor).map(|name| {
        let mut cells = vec![name.to_string()];
        cells.extend(report.sizes.iter().flat_map(|size| durations_of(row(size, name))));
        cells
    });
    let lookup = iter::once("finding one fact by its key".to_string());
    let lookups = report.sizes.iter().flat_map(|size| [duration(size.lookup_ns), String::new()]);
    table(&columns, rows.chain(iter::once(lookup.chain(lookups).collect())))
}

fn durations(report: &Report, part: Part) -> String {
    let mut columns = vec!["what".to_string()];
    columns.extend(heads(report, ""));
    columns.extend(["must", "growth", "follows the change"].map(str::to_string));
    let rows = names(report, part).map(|name| {
        let mut cells = vec![name.to_string()];
        cells.extend(report.sizes.iter().flat_map(|size| durations_of(row(size, name))));
        cells.push(must(name));
        cells.extend(growth_of(report, name));
        cells
    });
    table(&columns, rows)
}

fn amounts(report: &Report) -> String {
    let is_size = |amount: &&Amount| amount.unit != Unit::Instructions;
    let first = report.sizes.first().into_iter().flat_map(|size| &size.amounts).filter(is_size);
    let rows = first.map(|Amount { name, unit, .. }| {
        let mut cells = vec![name.clone()];
        cells.extend(report.sizes.iter().map(|size| shown(size, name, *unit)));
        cells.push(must(name));
        cells
    });
    table(&of_each_size(report, "must"), rows)
}

fn of_each_size(report: &Report, last: &str) -> Vec<String> {
    let sizes = report.sizes.iter().map(|size| size.name.clone());
    iter::once("what".to_string()).chain(sizes).chain(iter::once(last.to_string())).collect()
}

fn find(size: &SizeReport, name: &str, unit: Unit) -> Option<f64> {
    let found = size.amounts.iter().find(|one| one.name == name && one.unit == unit);
    found.map(|amount| amount.count)
}

fn shown(size: &SizeReport, name: &str, unit: Unit) -> String {
    let count = find(size, name, unit);
    count.map(|count| amount(&Amount { name: String::new(), count, unit })).unwrap_or_default()
}

/// What is counted at each size; of more of one thing the next table tells.
fn instructions(report: &Report) -> String {
    let unit = Unit::Instructions;
    let first = report.sizes.first().into_iter().flat_map(|size| &size.amounts);
    let rows = first.filter(|one| one.unit == unit && !is_growth(report, &one.name)).map(
        |Amount { name, .. }| {
            let mut cells = vec![name.clone()];
            cells.extend(report.sizes.iter().map(|size| shown(size, name, unit)));
            let ends = report.sizes.first().zip(report.sizes.last());
            cells.push(times(
                ends.and_then(|(small, large)| Some(find(large, name, unit)? / find(small, name, unit)?)),
            ));
            cells
        },
    );
    table(&of_each_size(report, "growth"), rows)
}

fn is_growth(report: &Report, name: &str) -> bool {
    names(report, Part::Growth).any(|one| one == name)
}

/// More of one thing, compared with the first row. This does not depend on the size, so those of the first one will do.
fn growths(report: &Report) -> String {
    let columns = ["what", "a decision", "p99", "x", "instructions", "x", "must"].map(str::to_string);
    let Some(size) = report.sizes.first() else { return table(&columns, iter::empty()) };
    let duration_of = |name: &str| row(size, name).map(|row| row.median_ns);
    let count_of = |name: &str| find(size, name, Unit::Instructions);
    let usual = names(report, Part::Growth).next().unwrap_or_default();
    let by_usual = |of: &dyn Fn(&str) -> Option<f64>, name: &str| {
        times(of(name).zip(of(usual)).map(|(one, usual)| one / usual))
    };
    let rows = names(report, Part::Growth).map(|name| {
        let mut cells = vec![name.to_string()];
        cells.extend(durations_of(row(size, name)));
        cells.push(by_usual(&duration_of, name));
        cells.push(shown(size, name, Unit::Instructions));
        cells.push(by_usual(&count_of, name));
        cells.push(must(name));
        cells
    });
    table(&columns, rows)
}

fn times(ratio: Option<f64>) -> String {
    ratio.map(|ratio| format!("x {}", digits(ratio))).unwrap_or_default()
}

/// These do not depend on the size either.
fn shapes(report: &Report) -> String {
    let columns = ["what", "a decision", "p99", "must"].map(str::to_string);
    let rows = names(report, Part::Shape).map(|name| {
        let mut cells = vec![name.to_string()];
        cells.extend(durations_of(report.sizes.first().and_then(|size| row(size, name))));
        cells.push(must(name));
        cells
    });
    table(&columns, rows)
}

fn heads(report: &Report, unit: &str) -> impl Iterator<Item = String> {
    report.sizes.iter().flat_map(move |size| [format!("{}{unit}", size.name), "p99".to_string()])
}

fn changes(report: &Report) -> String {
    let mut columns = vec!["change".to_string(), "facts".to_string()];
    columns.extend(heads(report, ", us"));
    columns.extend(["growth", "follows the change"].map(str::to_string));
    let rows = names(report, Part::Change).map(|name| {
        let facts = report.sizes.iter().filter_map(|size| row(size, name)?.facts);
        let facts: Vec<String> = facts.map(|facts| facts.to_string()).collect();
        let same = facts.windows(2).all(|pair| pair.first() == pair.last());
        let facts = if same { facts.first().cloned().unwrap_or_default() } else { facts.join(", ") };
        let mut cells = vec![name.to_string(), facts];
        cells.extend(report.sizes.iter().flat_map(|size| micros_of(row(size, name))));
        cells.extend(growth_of(report, name));
        cells
    });
    table(&columns, rows)
}

fn names(report: &Report, part: Part) -> impl Iterator<Item = &str> {
    let rows = report.sizes.first().into_iter().flat_map(|size| &size.rows);
    rows.filter(move |row| row.part == part).map(|row| row.name.as_str())
}

fn row<'a>(size: &'a SizeReport, name: &str) -> Option<&'a Row> {
    size.rows.iter().find(|row| row.name == name)
}

fn durations_of(row: Option<&Row>) -> [String; 2] {
    row.map(|row| [duration(row.median_ns), duration(row.p99_ns)]).unwrap_or_default()
}

fn micros_of(row: Option<&Row>) -> [String; 2] {
    row.map(|row| [digits(row.median_ns / 1e3), digits(row.p99_ns / 1e3)]).unwrap_or_default()
}

/// The growth from the smallest to the largest size, and what to say about it.
fn growth_of(report: &Report, name: &str) -> [String; 2] {
    let ends = report.sizes.first().zip(report.sizes.last()).filter(|_| report.sizes.len() > 1);
    let growth = ends.and_then(|(smallest, largest)| Growth::between(smallest, largest, name));
    growth.map(|growth| [times(Some(growth.cost)), growth.words()]).unwrap_or_default()
}

fn megabytes(bytes: Option<u64>) -> String {
    bytes.map(|bytes| format!("{} MB", digits(bytes as f64 / 1e6))).unwrap_or_default()
}

/// A table whose first column is text and whose others are numbers.
fn table(columns: &[String], rows: impl Iterator<Item = Vec<String>>) -> String {
    let mut lines = vec![line(columns), format!("|---|{}", "--:|".repeat(columns.len().saturating_sub(1)))];
    lines.extend(rows.map(|cells| line(&cells)));
    lines.join("\n") + "\n"
}

fn line(cells: &[String]) -> String {
    format!("| {} |", cells.join(" | "))
}

#[cfg(test)]
mod tests;
