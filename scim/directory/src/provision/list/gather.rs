//! Pages of matches that no index has in their order: all are found, sorted, and the page cut out.

use cohort_scim::list::{Paging, SortOrder, Start};
use cohort_scim::{Projection, ResourceType, ScimError};

use super::walk::{Route, Scan};
use super::{PageRows, Request, Sieve, find, too_many};
use crate::cursor::Position;
use crate::limits::SCANNED_MAX;
use crate::provision::{Outcome, Row, Target, find as find_one};
use crate::store::listing::Listed;

/// Rows that are read at once while all are looked at.
const CHUNK: usize = 500;

/// A match. Of many, only what orders them is kept, and the rows of the page are read again.
struct Hit {
    position: Position,
    row: Result<Row, String>,
}

/// The rows of a page, behind `after` if it was asked for by a cursor.
pub(super) fn page(request: &Request<'_>, after: Option<Position>) -> Outcome<(Paging, PageRows)> {
    let mut hits = hits(request)?;
    let descending = request.query.sort.as_ref().is_some_and(|sort| sort.order == SortOrder::Descending);
    hits.sort_by(|a, b| a.position.cmp(&b.position));
    if descending {
        hits.reverse();
    }
    let total = hits.len() as u64;
    let begin = match (&request.query.start, after) {
        (Start::Index(start), _) => usize::try_from(start.saturating_sub(1)).unwrap_or(usize::MAX),
        (Start::Cursor(_), None) => 0,
        (Start::Cursor(_), Some(after)) => hits.partition_point(|hit| match descending {
            true => hit.position >= after,
            false => hit.position <= after,
        }),
    };
    let end = begin.saturating_add(request.query.count).min(hits.len());
    let paging = match request.query.start {
        Start::Index(start) => Paging::Index { start, total },
        Start::Cursor(_) => {
            let last = end.checked_sub(1).filter(|_| end < hits.len()).and_then(|last| hits.get(last));
            request.by_cursor(last.map(|hit| &hit.position), Some(total))
        }
    };
    let cut = hits.into_iter().skip(begin).take(request.query.count);
    Ok((paging, cut.map(|hit| read(request, hit)).collect::<Outcome<Vec<_>>>()?))
}

fn read(request: &Request<'_>, hit: Hit) -> Outcome<(usize, Row)> {
    let part = usize::from(hit.position.part);
    let row = match hit.row {
        Ok(row) => row,
        Err(id) => {
            let kind = request.query.parts.get(part).ok_or(ScimError::Internal)?.kind;
            let place = &request.place;
            find_one(place.store, place.org, place.connection, &Target { kind, id, if_match: None })?
        }
    };
    Ok((part, row))
}

/// All matches, in no order.
fn hits(request: &Request<'_>) -> Outcome<Vec<Hit>> {
    let (mut hits, mut looked) = (Vec::new(), 0);
    for (part, kind) in (0..).zip(request.query.parts.iter().map(|part| part.kind)) {
        let judge = Judge::new(request, part, kind)?;
        let candidates = match &request.query.filter {
            Some(filter) => find::candidates(&request.place, kind, filter)?,
            None => None,
        };
        if let Some(candidates) = candidates {
            for listed in candidates {
                let position = judge.position(&listed)?;
                hits.extend(position.map(|position| Hit { position, row: Ok(listed.row) }));
            }
            continue;
        }
        let route = Route::all(kind);
        let mut scan = Scan::new(&request.place, &route, CHUNK);
        while let Some(listed) = scan.next()? {
            looked += 1;
            if looked > SCANNED_MAX {
                return Err(too_many(kind));
            }
            let position = judge.position(&listed)?;
            hits.extend(position.map(|position| Hit { position, row: Err(listed.row.id()) }));
        }
    }
    Ok(hits)
}

/// Decides which resources of one type match, and where they stand.
struct Judge<'a> {
    request: &'a Request<'a>,
    part: u8,
    kind: ResourceType,
    sieve: Option<Sieve<'a>>,
    /// What of a resource the order has to see.
    plain: Projection,
}

impl<'a> Judge<'a> {
    fn new(request: &'a Request<'a>, part: u8, kind: ResourceType) -> Outcome<Self> {
        let filter = request.query.filter.as_ref();
        let sieve = filter.map(|filter| Sieve::new(filter, kind)).transpose()?;
        let plain = Projection::parse(None, Some("groups,members"), kind)?;
        Ok(Self { request, part, kind, sieve, plain })
    }

    /// Where the row stands; `None` if it does not match.
    fn position(&self, listed: &Listed<Row>) -> Outcome<Option<Position>> {
        let place = &self.request.place;
        let seen = match &self.sieve {
            Some(sieve) => sieve.passed(place, &listed.row)?,
            None => Some(place.row(&listed.row, &self.plain)?),
        };
        let Some(seen) = seen else { return Ok(None) };
        let value = self.request.query.sort.as_ref().map(|sort| sort.key(&seen, self.kind).into_bytes());
        Ok(Some(Position { value: value.unwrap_or_default(), part: self.part, key: listed.key }))
    }
}
