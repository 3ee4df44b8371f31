//! More than yes or no: who may, why, and the part of one user.

use cohort_core::decide::Check;
use cohort_core::encode::{self, SliceRequest};
use cohort_core::explain::explain;
use cohort_core::view::{Snapshot, Subject};
use cohort_core::who_can::{WhoCan, users_who_can};

use super::question::Workload;
use super::{NOW, row};
use crate::bench::Rows;
use crate::bench::sample::{Budget, Samples};

/// Users on one page.
const PAGE: usize = 100;
/// Permissions that a slice is asked for: what one application knows.
const SLICE_PERMISSIONS: usize = 50;

/// Measures lists, explanations and slices on the questions of the workload in turn.
pub(super) fn measure(workload: &Workload, snapshot: &Snapshot, rows: &mut Rows<'_>) {
    who_can(&workload.checks(snapshot), snapshot, rows);
    let name = "explain";
    if rows.wants(name) {
        let mut questions = workload.questions().iter().cycle();
        let mut next = || questions.next().map(|question| explain(snapshot, &question.query(NOW)));
        rows.add(row(name, &Samples::of(Budget::SHORT, &mut next), None));
    }
    slices(workload, snapshot, rows);
}

fn who_can(checks: &[Check], snapshot: &Snapshot, rows: &mut Rows<'_>) {
    let name = "who can: a page of 100";
    if rows.wants(name) {
        let mut checks = checks.iter().cycle();
        let mut next = || {
            let Check { permission, place, conditions, at, .. } = *checks.next()?;
            users_who_can(snapshot, &WhoCan { permission, place, conditions, at }, None, PAGE).ok()
        };
        rows.add(row(name, &Samples::of(Budget::SHORT, &mut next), Some("the users looked at")));
    }
}

fn slices(workload: &Workload, snapshot: &Snapshot, rows: &mut Rows<'_>) {
    let name = "slice of one user, 50 permissions";
    if !rows.wants(name) {
        return;
    }
    let asked = workload.questions().iter().map(|question| question.permission.as_str());
    let permissions: Vec<&str> = asked.take(SLICE_PERMISSIONS).collect();
    let mut questions = workload.questions().iter().cycle();
    let mut lengths = Vec::new();
    let samples = Samples::of(Budget::SHORT, || {
        let Subject::User(user) = snapshot.subject(&questions.next()?.subject) else { return None };
        let request = SliceRequest { user, permissions: &permissions, scopes: &[] };
        let slice = encode::slice(snapshot, &request)?;
        lengths.push(slice.len());
        Some(slice)
    });
    rows.add(row(name, &samples, None));
    lengths.sort_unstable();
    rows.add_bytes(&format!("{name}: bytes"), lengths.get(lengths.len() / 2).copied());
}
