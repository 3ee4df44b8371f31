//! The format read by somebody else: `tests/python/read_snapshot.py`, written from its description alone, and the
//! core must say the same about who is in which group.

use cohort_core::id::{GroupId, Instant, Span, UserId};
use cohort_core::view::{Fact, FactKey, Facts, Member, Snapshot, Via};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const MISSING: &str = "no `python3`; expected Python 3: the tests read snapshots with it
hint: install it with your package manager (apt-get install python3, dnf install python3)";
/// Every one of so many bytes is flipped in turn.
const FLIP_STEP: usize = 13;

#[test]
fn python_reads_every_kept_snapshot_and_slice_as_the_core_does() {
    for path in golden_snapshots() {
        let opened = Snapshot::open(&fs::read(&path).unwrap()).unwrap();
        assert_eq!(told(&path), lines(&opened.facts()), "{}", path.display());
    }
}

#[test]
fn python_reads_a_snapshot_in_its_envelope() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/snapshots/small.snapshot");
    let payload = fs::read(&path).unwrap();
    let envelope =
        cohort_core::view::envelope::Envelope { key_id: [7; 8], signature: [9; 64], payload: &payload };
    let wrapped = Scratch::new("wrapped", &envelope.to_bytes());
    assert_eq!(told(&wrapped.0), told(&path));
}

#[test]
fn python_refuses_cut_bytes() {
    for path in golden_snapshots() {
        let bytes = fs::read(&path).unwrap();
        for end in [0, 3, 6, 62, 63, bytes.len() / 3, bytes.len() / 2, bytes.len() - 1] {
            check_refused(&format!("first {end} bytes of {}", path.display()), &bytes[..end]);
        }
    }
}

#[test]
fn python_refuses_flipped_bits() {
    let bytes = fs::read(golden_snapshots().remove(0)).unwrap();
    // Magic, version; names told where the header says withheld; the organisation; what was a count of one.
    for at in [0, 4, 6, 63, 64] {
        let mut flipped = bytes.clone();
        flipped[at] ^= 0x80;
        check_refused(&format!("bit of byte {at}"), &flipped);
    }
}

/// With a row and with a record she could be active and not.
#[test]
fn nobody_is_there_twice() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/snapshots/example.snapshot");
    let bytes = fs::read(path).unwrap();
    // Where `docs/snapshot-format.md` shows how many users there are, ada's id, and her row.
    let (before, rest) = bytes.split_at(143);
    let (count, rest) = rest.split_at(1);
    let (id, rest) = rest.split_at(16);
    let (row, after) = rest.split_at(2);
    assert_eq!((count, row), (&[1][..], &[1, 0][..]));
    let row_and_record = [1, 255, 0, 0, 0, 0];
    let twice = [before, &[2], id, id, &row_and_record, after, b"\x03eve"].concat();
    let refusal = Snapshot::open(&twice).unwrap_err().to_string();
    assert_eq!(refusal, "malformed snapshot: rows are not in ascending order, at byte 144");
    check_refused("ada twice", &twice);
}

/// Some flips give another snapshot, which both must read alike; what Python refuses, it refuses in words.
#[test]
fn python_and_the_core_agree_on_flipped_bytes() {
    for name in ["small.snapshot", "small.slice"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/snapshots").join(name);
        let bytes = fs::read(path).unwrap();
        for at in (0..bytes.len()).step_by(FLIP_STEP) {
            let mut flipped = bytes.clone();
            flipped[at] ^= 1 << (at % 8);
            let what = format!("{name} with a flip in byte {at}");
            let file = Scratch::new(&what, &flipped);
            match Snapshot::open(&flipped) {
                Ok(opened) => assert_eq!(told(&file.0), lines(&opened.facts()), "{what}"),
                Err(_) => expect_words(&what, &read(&file.0)),
            }
        }
    }
}

#[track_caller]
fn check_refused(what: &str, bytes: &[u8]) {
    let file = Scratch::new(&what.replace('/', "-"), bytes);
    let output = read(&file.0);
    assert_eq!(output.status.code(), Some(1), "{what}");
    expect_words(what, &output);
}

/// A reader that does not check names may take what the core refuses; it never breaks.
#[track_caller]
fn expect_words(what: &str, output: &Output) {
    let words = String::from_utf8_lossy(&output.stderr);
    let is_refusal =
        output.status.code() == Some(1) && words.lines().count() == 1 && words.contains(", at byte ");
    assert!(output.status.success() || is_refusal, "{what}: {words}");
}

/// The lines that the reader prints.
#[track_caller]
fn told(path: &Path) -> Vec<String> {
    let output = read(path);
    let words = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{}: {words}", path.display());
    String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect()
}

fn read(path: &Path) -> Output {
    let reader = Path::new(env!("CARGO_MANIFEST_DIR")).join("python/read_snapshot.py");
    Command::new("python3").arg(reader).arg(path).output().expect(MISSING)
}

fn golden_snapshots() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/snapshots");
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let is_opened = |path: &PathBuf| {
        path.extension().is_some_and(|extension| extension == "snapshot" || extension == "slice")
    };
    let mut snapshots: Vec<PathBuf> = files.filter(is_opened).collect();
    snapshots.sort();
    assert!(snapshots.len() > 1, "no golden snapshots");
    snapshots
}

/// A file for as long as the test needs it.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str, bytes: &[u8]) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("python-reader");
        fs::create_dir_all(&folder).unwrap();
        let path = folder.join(name);
        fs::write(&path, bytes).unwrap();
        Self(path)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        drop(fs::remove_file(&self.0));
    }
}

/// The lines that the reader should print.
fn lines(facts: &Facts) -> Vec<String> {
    let names = Names::of(facts);
    let mut lines: Vec<String> = facts.iter().filter_map(|(key, fact)| names.line(key, fact)).collect();
    lines.sort();
    lines
}

/// What users and groups are called; users without a name by their id.
#[derive(Default)]
struct Names {
    users: BTreeMap<UserId, String>,
    groups: BTreeMap<GroupId, String>,
}

impl Names {
    fn of(facts: &Facts) -> Self {
        let mut names = Self::default();
        for (key, fact) in facts {
            match (key, fact) {
                (FactKey::User(id), Fact::User { name, .. }) => {
                    let name = if name.is_empty() { id.to_string() } else { name.clone() };
                    names.users.insert(*id, name);
                }
                (FactKey::Group(id), Fact::Group { slug, .. }) => {
                    names.groups.insert(*id, slug.clone());
                }
                _ => {}
            }
        }
        names
    }

    fn line(&self, key: &FactKey, fact: &Fact) -> Option<String> {
        match (key, fact) {
            (FactKey::User(id), Fact::User { active: false, .. }) => {
                Some(format!("user {} inactive", self.users[id]))
            }
            (FactKey::Edge(member, group, via), Fact::Edge { spans }) => {
                let member = match member {
                    Member::User(id) => format!("user {}", self.users[id]),
                    Member::Group(id) => format!("group {}", self.groups[id]),
                };
                let via = match via {
                    Via::Manual => "manual",
                    Via::Scim => "scim",
                    Via::Rule => "rule",
                };
                Some(format!("{member} in {} via {via}{}", self.groups[group], times(spans)))
            }
            _ => None,
        }
    }
}

fn times(spans: &[Span]) -> String {
    if spans == [Span::ALWAYS] {
        return String::new();
    }
    let bound = |at: Instant| match at {
        Instant::MIN | Instant::MAX => String::new(),
        _ => at.as_millis().to_string(),
    };
    let spans: Vec<String> =
        spans.iter().map(|span| format!("{}..{}", bound(span.from()), bound(span.until()))).collect();
    format!(" [{}]", spans.join(","))
}
