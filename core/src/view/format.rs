//! The header of all bytes, and the facts of a delta, in ascending order of their keys (`docs/snapshot-format.md`).
//!
//! ```text
//! magic      4 bytes  `COHO`
//! version    u16      1
//! kind       u8       1 snapshot, 2 delta, 3 slice; 128 more when users have no names
//! org        16 bytes uuid
//! from       u64      the revision that the facts build on; 0 in a snapshot
//! revision   u64      the revision that they lead to
//! created    i64      when the bytes were made, milliseconds since 1970
//! horizon    i64      up to where time-dependent facts were worked out
//! validUntil i64      up to when they may be used without news from the server
//! facts      count, then each: tag (+ 0x80 when dropped), key, value
//!
//! fact    tag  key                     value
//! org     0                            enabled
//! role    1    uuid                    name, permissions
//! scope   2    text                    parents
//! group   3    uuid                    slug, state
//! user    4    uuid                    name, active
//! edge    5    member, group, origin   spans
//! grant   6    principal, uuid         role, scope, exact + 2 * deny, conditions, span
//! person  7    user                    person
//! ```
//! A member is 0 and a user or 1 and a group; a principal also 2, which is everyone, or 3 and a person.
//!
//! Numbers are little-endian, counts LEB128 in their shortest form, texts a count and UTF-8, ids the 16 bytes of
//! the uuid. The same facts and header give the same bytes; anything else than those bytes is refused.

use alloc::string::String;
use alloc::vec::Vec;

use super::fact::{Effect, Fact, FactChange, FactKey, GrantFact, GroupState, Member, Principal, Reach, Via};
use super::state::Spans;
use super::told;
use super::wire::{Reader, Writer};
pub use super::wire::{WireError, WireFault};
use crate::id::{IdError, Instant, OrgId, Revision, ScopeId, Span, canonical_scope};
use crate::limits::SPANS_MAX;

/// The format version that this crate writes and reads.
pub const VERSION: u16 = 1;

const MAGIC: &[u8; 4] = b"COHO";
/// A grant that counts at its scope alone.
pub(crate) const EXACT: u8 = 1;
/// A grant that takes.
pub(crate) const DENY: u8 = 2;
/// Where the two bits of [`bounds_of`] begin in the flags of a numbered grant.
pub(crate) const SPAN_SHIFT: u8 = 2;
/// A numbered grant with conditions.
pub(crate) const REQUIRES: u8 = 16;

/// Beside the tag of a change: nothing holds any more.
pub(crate) const DROPPED: u8 = 0x80;
/// Beside the kind: users have no names.
const NAMELESS: u8 = 0x80;

/// What the facts are a part of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// Everything at a revision.
    Snapshot,
    /// What one user may do at a revision, as far as was asked for.
    Slice,
    /// What changed between two revisions.
    Delta,
}

/// Whether bytes tell what users are called.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum UserNames {
    /// Questions may name a user by id or by name.
    Told,
    /// Questions name users by id; the bytes hold no names.
    Withheld,
}

/// What stands before the facts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Header {
    /// Snapshot, slice or delta.
    pub kind: Kind,
    /// Whether users have names in it.
    pub names: UserNames,
    /// Whose facts.
    pub org: OrgId,
    /// The revision that a delta builds on; 0 in the others.
    pub from: Revision,
    /// The revision that they lead to.
    pub revision: Revision,
    /// When the bytes were made.
    pub created: Instant,
    /// Up to where time-dependent facts were worked out.
    pub horizon: Instant,
    /// Up to when they may be used without news from the server.
    pub valid_until: Instant,
}

/// Header and facts of a delta; `changes` must be in ascending order of their keys.
pub(crate) fn write(header: &Header, changes: &[FactChange]) -> Vec<u8> {
    let mut to = Writer::default();
    write_header(&mut to, header);
    write_changes(&mut to, changes, header.names);
    to.into_bytes()
}

/// Bytes of the header, which says when bytes were made and how long they are good; what holds stands behind it.
pub const HEADER_BYTES: usize = 63;

pub(crate) fn write_header(to: &mut Writer, header: &Header) {
    to.raw(MAGIC);
    to.u16(VERSION);
    let kind = match header.kind {
        Kind::Snapshot => 1,
        Kind::Delta => 2,
        Kind::Slice => 3,
    };
    to.u8(if header.names == UserNames::Told { kind } else { kind | NAMELESS });
    to.uuid(header.org.key());
    to.u64(header.from.number());
    to.u64(header.revision.number());
    to.i64(header.created.as_millis());
    to.i64(header.horizon.as_millis());
    to.i64(header.valid_until.as_millis());
}

/// Reads the header alone, without looking at the facts behind it.
///
/// # Errors
/// [`WireError`] with the offset of what is wrong.
pub fn header(bytes: &[u8]) -> Result<Header, WireError> {
    read_header(&mut Reader::new(bytes))
}

pub(crate) fn read_header(from: &mut Reader<'_>) -> Result<Header, WireError> {
    if from.peek().get(..MAGIC.len()) != Some(MAGIC) {
        from.refuse(from.offset(), WireFault::Magic);
    }
    from.skip(MAGIC.len());
    let at = from.offset();
    match from.u16() {
        VERSION => {}
        found => from.refuse(at, WireFault::Version { found }),
    }
    let number = from.u8();
    let kind = match number & !NAMELESS {
        1 => Kind::Snapshot,
        2 => Kind::Delta,
        3 => Kind::Slice,
        _ => {
            from.refuse_tag(number);
            Kind::Snapshot
        }
    };
    let names = if number & NAMELESS == 0 { UserNames::Told } else { UserNames::Withheld };
    let at = from.offset();
    let header = Header {
        kind,
        names,
        org: OrgId::from_key(from.uuid()),
        from: Revision::new(from.u64()),
        revision: Revision::new(from.u64()),
        created: Instant::from_millis(from.i64()),
        horizon: Instant::from_millis(from.i64()),
        valid_until: Instant::from_millis(from.i64()),
    };
    let moments_agree = header.created < header.valid_until && header.valid_until <= header.horizon;
    let revisions_agree = match kind {
        Kind::Snapshot | Kind::Slice => header.from == Revision::default(),
        Kind::Delta => header.from <= header.revision,
    };
    if !moments_agree || !revisions_agree {
        from.refuse(at, WireFault::Validity);
    }
    from.sound().map(|()| header)
}

/// The bytes of fact changes without a header: what a directory keeps per revision.
pub(crate) fn changes_to_bytes(changes: &[FactChange]) -> Vec<u8> {
    let mut to = Writer::default();
    write_changes(&mut to, changes, UserNames::Told);
    to.into_bytes()
}

/// The reverse of [`changes_to_bytes`].
pub(crate) fn changes_from_bytes(bytes: &[u8]) -> Result<Vec<FactChange>, WireError> {
    told::changes(Reader::new(bytes), UserNames::Told)
}

fn write_changes(to: &mut Writer, changes: &[FactChange], names: UserNames) {
    debug_assert!(changes.is_sorted_by(|one, next| one.key < next.key), "facts out of order");
    to.count(changes.len());
    for change in changes {
        let dropped = if change.fact.is_none() { DROPPED } else { 0 };
        to.u8(key_tag(&change.key) | dropped);
        write_key(to, &change.key);
        if let Some(fact) = &change.fact {
            write_fact(to, fact, names);
        }
    }
}

fn key_tag(key: &FactKey) -> u8 {
    match key {
        FactKey::Org => 0,
        FactKey::Role(_) => 1,
        FactKey::Scope(_) => 2,
        FactKey::Group(_) => 3,
        FactKey::User(_) => 4,
        FactKey::Edge(..) => 5,
        FactKey::Grant(..) => 6,
        FactKey::Person(_) => 7,
    }
}

fn write_key(to: &mut Writer, key: &FactKey) {
    match key {
        FactKey::Org => {}
        FactKey::Role(id) => to.uuid(id.key()),
        FactKey::Scope(scope) => to.text(scope.as_str()),
        FactKey::Group(id) => to.uuid(id.key()),
        FactKey::User(id) => to.uuid(id.key()),
        FactKey::Edge(member, group, via) => {
            match member {
                Member::User(id) => (to.u8(0), to.uuid(id.key())),
                Member::Group(id) => (to.u8(1), to.uuid(id.key())),
            };
            to.uuid(group.key());
            to.u8(match via {
                Via::Manual => 0,
                Via::Scim => 1,
                Via::Rule => 2,
            });
        }
        FactKey::Grant(principal, id) => {
            match principal {
                Principal::User(id) => (to.u8(0), to.uuid(id.key())),
                Principal::Group(id) => (to.u8(1), to.uuid(id.key())),
                Principal::Everyone => (to.u8(2), ()),
                Principal::Person(id) => (to.u8(3), to.uuid(id.key())),
            };
            to.uuid(id.key());
        }
        FactKey::Person(id) => to.uuid(id.key()),
    }
}

fn write_fact(to: &mut Writer, fact: &Fact, names: UserNames) {
    match fact {
        Fact::Org { enabled } => to.u8(u8::from(*enabled)),
        Fact::Role { name, permissions, includes } => {
            to.text(name);
            to.texts(permissions.iter().map(String::as_str));
            to.count(includes.len());
            includes.iter().for_each(|id| to.uuid(id.key()));
        }
        Fact::Scope { parents } => to.texts(parents.iter().map(ScopeId::as_str)),
        Fact::Group { slug, state } => {
            to.text(slug);
            to.u8(match state {
                GroupState::Enabled => 0,
                GroupState::Disabled => 1,
                GroupState::Archived => 2,
            });
        }
        Fact::User { name, active } => {
            if names == UserNames::Told {
                to.text(name);
            }
            to.u8(u8::from(*active));
        }
        Fact::Edge { spans } => write_spans(to, spans),
        Fact::Grant(grant) => write_grant(to, grant),
        Fact::Person { id } => to.uuid(id.key()),
    }
}

fn write_grant(to: &mut Writer, grant: &GrantFact) {
    to.uuid(grant.role.key());
    to.text(grant.scope.as_str());
    let exact = if grant.reach == Reach::Exact { EXACT } else { 0 };
    let deny = if grant.effect == Effect::Deny { DENY } else { 0 };
    to.u8(exact | deny);
    to.texts(grant.requires.iter().map(String::as_str));
    write_span(to, grant.span);
}

/// The text of a scope in its canonical spelling.
pub(crate) fn scope_text<'a>(from: &mut Reader<'a>) -> &'a str {
    let at = from.offset();
    let text = from.text();
    match canonical_scope(text) {
        Ok(canonical) if canonical.len() == text.len() => {}
        Ok(_) => from.refuse(at, WireFault::Order),
        Err(cause) => from.refuse(at, WireFault::Value(cause)),
    }
    text
}

pub(crate) fn write_spans(to: &mut Writer, spans: &[Span]) {
    to.count(spans.len());
    spans.iter().for_each(|span| write_span(to, *span));
}

/// Reads spans, and leaves their words behind `words`: none for "at all times", which it says.
pub(crate) fn read_spans(from: &mut Reader<'_>, words: &mut Vec<u32>) -> bool {
    let at = from.offset();
    let count = from.items(1, SPANS_MAX);
    if count == 0 {
        from.refuse(at, WireFault::Value(IdError::EmptySpan));
    }
    let mut until = Instant::MIN;
    let before = words.len();
    for number in 0..count {
        let at = from.offset();
        let span = read_span(from, words);
        if number > 0 && until >= span.from() {
            from.refuse(at, WireFault::Order);
        }
        until = span.until();
        if from.is_wrong() {
            break;
        }
    }
    words.len() == before
}

/// A byte that says which bounds follow, then those.
pub(crate) fn write_span(to: &mut Writer, span: Span) {
    to.u8(bounds_of(span));
    write_bounds(to, span);
}

/// Which bounds a span has: bit 0 a start, bit 1 an end.
pub(crate) fn bounds_of(span: Span) -> u8 {
    u8::from(span.from() != Instant::MIN) | u8::from(span.until() != Instant::MAX) << 1
}

pub(crate) fn write_bounds(to: &mut Writer, span: Span) {
    for bound in [span.from(), span.until()] {
        if bound != Instant::MIN && bound != Instant::MAX {
            to.i64(bound.as_millis());
        }
    }
}

/// Reads a span, and leaves its words behind `words`: none for "at all times".
pub(crate) fn read_span(from: &mut Reader<'_>, words: &mut Vec<u32>) -> Span {
    let at = from.offset();
    let bounds = from.tag(4);
    read_bounds(from, bounds, at, words)
}

/// The same with the bounds that `bounds` says there are, which lies at `at`.
#[inline(never)]
pub(crate) fn read_bounds(from: &mut Reader<'_>, bounds: u8, at: usize, words: &mut Vec<u32>) -> Span {
    let start = if bounds & 1 == 0 { Instant::MIN } else { bound(from) };
    let end = if bounds & 2 == 0 { Instant::MAX } else { bound(from) };
    match Span::new(Some(start), Some(end)) {
        Ok(span) if bounds != 0 => Spans::push(words, span),
        Ok(_) => {}
        Err(cause) => from.refuse(at, WireFault::Value(cause)),
    }
    Span::new(Some(start), Some(end)).unwrap_or(Span::ALWAYS)
}

/// A written bound; the two moments that stand for "open" are left out, never written.
fn bound(from: &mut Reader<'_>) -> Instant {
    let at = from.offset();
    let moment = Instant::from_millis(from.i64());
    if moment == Instant::MIN || moment == Instant::MAX {
        from.refuse(at, WireFault::Number);
    }
    moment
}

#[cfg(test)]
mod tests;
