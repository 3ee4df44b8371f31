//! Pages, all of them once, and three of them again and again: by cursor (RFC 9865), or by index where there are none.

use std::collections::BTreeSet;

use serde_json::Value;

use super::fill::Filled;
use super::report::{Row, Rule};
use super::rows::Cost;
use super::{Measured, Place, said, text, told};
use crate::failure::Failure;

/// Users on a page.
const PAGE: usize = 100;
/// Pages of one sample.
const SAMPLE: usize = 50;

/// What pages cost at three places of a walk over all users; the walk is complete and gives each of them once.
///
/// # Errors
/// [`Failure::Program`] naming a user that came twice, or how many came.
pub(super) async fn measure(place: &Place, filled: &Filled) -> Result<(Vec<Row>, Rule), Failure> {
    let pages = walk(place, filled).await?;
    let full: Vec<&String> = pages.iter().take(filled.users.len() / PAGE).collect();
    let at = |index: usize| full.get(index).copied();
    let mut places = vec![("start", at(0))];
    if full.len() >= 3 {
        places.extend([("middle", at(full.len() / 2)), ("end", at(full.len() - 1))]);
    }
    let mut rows = Vec::new();
    for (part, path) in places {
        let Some(path) = path else { continue };
        let mut cost = Cost::new();
        while cost.is_rough() {
            let requests = cost.requests(SAMPLE);
            let sample = async {
                let mut sent = 0;
                for _ in requests {
                    place.client.get(path).await?;
                    sent += 1;
                }
                Ok(sent)
            };
            cost.add(&place.meter, sample).await?;
        }
        rows.push(told(place, filled, cost.row(format!("page of {PAGE}, {part} of the walk"))));
    }
    let found = filled.users.len() + filled.newcomers.len();
    let rule = Rule {
        name: format!("a listing is complete with each id once, {} users", filled.users.len()),
        holds: true,
        figures: format!("{found} of {found} in {} pages", pages.len()),
    };
    Ok((rows, rule))
}

/// The path of the first page.
fn first(place: &Place) -> String {
    match place.measured {
        Measured::Ours(_) => format!("/Users?count={PAGE}&cursor="),
        Measured::Peer(_) => format!("/Users?count={PAGE}&startIndex=1"),
    }
}

/// The path of the page after this one, the `number`th.
fn next(place: &Place, number: usize, page: &Value) -> Option<String> {
    match place.measured {
        Measured::Ours(_) => {
            let cursor = Some(text(page, "nextCursor")).filter(|cursor| !cursor.is_empty())?;
            Some(format!("/Users?count={PAGE}&cursor={cursor}"))
        }
        Measured::Peer(_) => {
            let total = page.get("totalResults").and_then(Value::as_u64).unwrap_or_default();
            let seen = (number * PAGE) as u64;
            (seen < total).then(|| format!("/Users?count={PAGE}&startIndex={}", seen + 1))
        }
    }
}

/// The path of each page.
async fn walk(place: &Place, filled: &Filled) -> Result<Vec<String>, Failure> {
    let expected: BTreeSet<&String> = filled.users.iter().chain(&filled.newcomers).collect();
    let mut found = BTreeSet::new();
    let mut paths = vec![first(place)];
    while let Some(path) = paths.last() {
        let page = place.client.get(path).await?;
        for user in page.get("Resources").and_then(Value::as_array).into_iter().flatten() {
            if !found.insert(text(user, "id").to_owned()) {
                return Err(said(format!("listed twice: {user}")));
            }
        }
        match next(place, paths.len(), &page) {
            None => break,
            Some(path) => paths.push(path),
        }
    }
    if found.len() != expected.len() || !expected.iter().all(|id| found.contains(*id)) {
        return Err(said(format!("{} users listed; expected {}", found.len(), expected.len())));
    }
    Ok(paths)
}
