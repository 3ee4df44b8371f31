//! A small organisation with something of everything, and every question about it: what handles and slices are
//! tried on.

use cohort_core::decide::{Decision, DenyReason, Outcome, Query};
use cohort_core::encode;
use cohort_core::id::{Instant, Revision};
use cohort_core::view::Snapshot;
use cohort_tests::build::Build;
use cohort_tests::world;

pub(crate) const TEXT: &str = "\
at 2026-03-01T09:00:00Z
user ada
user bob
user cyd
user dan inactive
user eve
user fay
user guy
user hal department=\"sales\"
user ida department=\"sales\"
person olga is fay
group team has ada, bob
group division has team
group contractors has bob
group resting has eve
group hidden has guy
group pushed from okta has hal, ida, bob
group sellers when department = sales
scope doc:1 under project:1
scope doc:2 under project:1 and project:2
scope doc:3 under vault:7
role reader grants doc:read
role writer grants doc:write includes reader
role chief grants doc:sign includes writer
role payer grants bill:pay
grant reader to team
grant writer to division on project:1
grant payer to everyone on invoice:* requires mfa
grant payer to user:ada on invoice:7 requires on_network
deny writer to contractors on doc:2
grant writer to user:cyd on project:2 exact
grant reader to everyone on project:2 until 2026-03-01T09:05:00Z
grant chief to user:eve
deny chief to user:eve on project:3
grant chief to person:olga on realm
grant chief to hidden on vault:7
grant writer to user:dan
deny reader to resting on vault:*
group late
member cyd of late from 2026-03-01T09:03:00Z until 2026-03-01T09:08:00Z
grant chief to late
deny reader to user:guy from 2026-03-01T09:02:00Z
";

pub(crate) const USERS: &[&str] = &["ada", "bob", "cyd", "dan", "eve", "fay", "guy", "hal", "ida"];

/// The last one is a slip of the pen.
pub(crate) const PERMISSIONS: &[&str] = &["doc:read", "doc:write", "doc:sign", "bill:pay", "doc:raed"];

/// Nobody ever heard of `doc:9` and `vault:8`.
pub(crate) const SCOPES: &[&str] = &[
    "org",
    "realm",
    "project:1",
    "project:2",
    "project:3",
    "doc:1",
    "doc:2",
    "doc:3",
    "doc:9",
    "vault:7",
    "vault:8",
    "invoice:7",
];

pub(crate) const CONDITIONS: &[&[&str]] = &[&[], &["mfa"], &["mfa", "on_network"]];

/// Minutes after the bytes were made: around all bounds, and past the last moment that may be asked about.
pub(crate) const MINUTES: &[i64] = &[0, 2, 3, 5, 8, 15];

/// The organisation as its directory knows it, and as an edge does.
pub(crate) struct Office {
    pub(crate) build: Build,
    pub(crate) edge: Snapshot,
}

impl Office {
    pub(crate) fn open() -> Self {
        Self::of(TEXT)
    }

    /// Another organisation, as a world tells it.
    pub(crate) fn of(text: &str) -> Self {
        let mut build = Build::default();
        for line in world::read(text).unwrap() {
            build.carry_out(&line.statement).unwrap();
        }
        let edge = Snapshot::open(&build.snapshot_bytes()).unwrap();
        Self { build, edge }
    }

    /// Carries `text` out; the edge is told by one delta for each line.
    pub(crate) fn tell(&mut self, text: &str) {
        for line in world::read(text).unwrap() {
            let from = self.build.revision;
            let applied = self.build.carry_out(&line.statement).unwrap();
            let facts = encode::merged(applied.into_iter().map(|one| one.facts));
            let (org, to) = (self.build.graph.org(), self.build.revision);
            self.edge.apply(&encode::delta(org, from, to, self.build.validity(), &facts)).unwrap();
        }
    }

    pub(crate) fn at(&self, minutes: i64) -> Instant {
        self.build.at.plus_millis(minutes * 60_000)
    }

    /// Every question about `user` and `permission`.
    pub(crate) fn questions<'a>(&self, user: &'a str, permission: &'a str) -> Vec<Query<'a>> {
        let mut all = Vec::new();
        for scope in SCOPES {
            for parent in
                [None, Some("project:1"), Some("vault:7"), Some("doc:3"), Some("vault:8"), Some("org")]
            {
                for conditions in CONDITIONS {
                    for minutes in MINUTES {
                        let (scope, at, at_least) = (Some(*scope), self.at(*minutes), Revision::default());
                        all.push(Query {
                            subject: user,
                            permission,
                            scope,
                            parent,
                            at,
                            conditions,
                            at_least,
                        });
                    }
                }
            }
        }
        all
    }
}

/// A decision in words that mean the same whatever bytes it was made on.
pub(crate) fn told(decision: &Decision, snapshot: &Snapshot) -> (String, Revision, Instant) {
    let outcome = match decision.outcome {
        Outcome::Deny(DenyReason::ConditionRequired(set)) => format!("requires {:?}", set.names(snapshot)),
        other => format!("{other:?}"),
    };
    (outcome, decision.revision, decision.valid_until)
}
