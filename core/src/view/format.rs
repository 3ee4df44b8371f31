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
use super::wire::{Reader, Writer};
pub use super::wire::{WireError, WireFault};
use crate::id::{
    GrantId, GroupId, IdError, Instant, OrgId, PersonId, Revision, RoleId, ScopeId, Span, UserId,
    canonical_scope, check_name, check_permission,
};
use crate::limits::{ANCESTORS_MAX, CONDITIONS_MAX, ROLE_INCLUDES_MAX, ROLE_PERMISSIONS_MAX, SPANS_MAX};

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

const DROPPED: u8 = 0x80;
/// Beside the kind: users have no names.
const NAMELESS: u8 = 0x80;
/// Tag, and at least one byte of key.
const FACT_BYTES_MIN: usize = 1;

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
    to.uuid(header.org.as_u128());
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
        org: OrgId::from_u128(from.uuid()),
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
    let mut from = Reader::new(bytes);
    let changes = read_changes(&mut from, UserNames::Told)?;
    from.finish()?;
    Ok(changes)
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

pub(crate) fn read_changes(from: &mut Reader<'_>, names: UserNames) -> Result<Vec<FactChange>, WireError> {
    let count = from.items(FACT_BYTES_MIN, usize::MAX);
    let mut changes: Vec<FactChange> = Vec::new();
    for _ in 0..count {
        let at = from.offset();
        let tag = from.u8();
        let key = read_key(from, tag & !DROPPED, tag);
        if changes.last().is_some_and(|before| before.key >= key) {
            from.refuse(at, WireFault::Order);
        }
        let fact = if tag & DROPPED == 0 { Some(read_fact(from, &key, names)) } else { None };
        from.sound()?;
        changes.push(FactChange { key, fact });
    }
    from.sound().map(|()| changes)
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
        FactKey::Role(id) => to.uuid(id.as_u128()),
        FactKey::Scope(scope) => to.text(scope.as_str()),
        FactKey::Group(id) => to.uuid(id.as_u128()),
        FactKey::User(id) => to.uuid(id.as_u128()),
        FactKey::Edge(member, group, via) => {
            match member {
                Member::User(id) => (to.u8(0), to.uuid(id.as_u128())),
                Member::Group(id) => (to.u8(1), to.uuid(id.as_u128())),
            };
            to.uuid(group.as_u128());
            to.u8(match via {
                Via::Manual => 0,
                Via::Scim => 1,
                Via::Rule => 2,
            });
        }
        FactKey::Grant(principal, id) => {
            match principal {
                Principal::User(id) => (to.u8(0), to.uuid(id.as_u128())),
                Principal::Group(id) => (to.u8(1), to.uuid(id.as_u128())),
                Principal::Everyone => (to.u8(2), ()),
                Principal::Person(id) => (to.u8(3), to.uuid(id.as_u128())),
            };
            to.uuid(id.as_u128());
        }
        FactKey::Person(id) => to.uuid(id.as_u128()),
    }
}

fn read_key(from: &mut Reader<'_>, tag: u8, found: u8) -> FactKey {
    match tag {
        1 => FactKey::Role(RoleId::from_u128(from.uuid())),
        2 => FactKey::Scope(movable(from)),
        3 => FactKey::Group(GroupId::from_u128(from.uuid())),
        4 => FactKey::User(UserId::from_u128(from.uuid())),
        5 => FactKey::Edge(member(from), GroupId::from_u128(from.uuid()), via(from)),
        6 => FactKey::Grant(principal(from), GrantId::from_u128(from.uuid())),
        7 => FactKey::Person(UserId::from_u128(from.uuid())),
        _ => {
            if tag != 0 {
                from.refuse_tag(found);
            }
            FactKey::Org
        }
    }
}

fn member(from: &mut Reader<'_>) -> Member {
    match from.tag(2) {
        0 => Member::User(UserId::from_u128(from.uuid())),
        _ => Member::Group(GroupId::from_u128(from.uuid())),
    }
}

fn principal(from: &mut Reader<'_>) -> Principal {
    match from.tag(4) {
        0 => Principal::User(UserId::from_u128(from.uuid())),
        1 => Principal::Group(GroupId::from_u128(from.uuid())),
        2 => Principal::Everyone,
        _ => Principal::Person(PersonId::from_u128(from.uuid())),
    }
}

fn via(from: &mut Reader<'_>) -> Via {
    match from.tag(3) {
        0 => Via::Manual,
        1 => Via::Scim,
        _ => Via::Rule,
    }
}

fn write_fact(to: &mut Writer, fact: &Fact, names: UserNames) {
    match fact {
        Fact::Org { enabled } => to.u8(u8::from(*enabled)),
        Fact::Role { name, permissions, includes } => {
            to.text(name);
            to.texts(permissions.iter().map(String::as_str));
            to.count(includes.len());
            includes.iter().for_each(|id| to.uuid(id.as_u128()));
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
        Fact::Person { id } => to.uuid(id.as_u128()),
    }
}

fn write_grant(to: &mut Writer, grant: &GrantFact) {
    to.uuid(grant.role.as_u128());
    to.text(grant.scope.as_str());
    let exact = if grant.reach == Reach::Exact { EXACT } else { 0 };
    let deny = if grant.effect == Effect::Deny { DENY } else { 0 };
    to.u8(exact | deny);
    to.texts(grant.requires.iter().map(String::as_str));
    write_span(to, grant.span);
}

fn read_fact(from: &mut Reader<'_>, key: &FactKey, names: UserNames) -> Fact {
    match key {
        FactKey::Org => Fact::Org { enabled: boolean(from) },
        FactKey::Role(_) => Fact::Role {
            name: from.name(check_name),
            permissions: ascending(from, ROLE_PERMISSIONS_MAX, |from| from.name(check_permission)),
            includes: ascending(from, ROLE_INCLUDES_MAX, |from| RoleId::from_u128(from.uuid())),
        },
        FactKey::Scope(_) => Fact::Scope { parents: parents(from) },
        FactKey::Group(_) => Fact::Group { slug: from.name(check_name), state: state(from) },
        FactKey::User(_) if names == UserNames::Withheld => {
            Fact::User { name: String::new(), active: boolean(from) }
        }
        FactKey::User(_) => Fact::User { name: from.name(check_name), active: boolean(from) },
        FactKey::Edge(..) => Fact::Edge { spans: spans(from) },
        FactKey::Grant(..) => Fact::Grant(grant(from)),
        FactKey::Person(_) => Fact::Person { id: PersonId::from_u128(from.uuid()) },
    }
}

/// At least one scope: one without parents is no fact.
fn parents(from: &mut Reader<'_>) -> Vec<ScopeId> {
    let at = from.offset();
    let parents = ascending(from, ANCESTORS_MAX, movable);
    if parents.is_empty() {
        from.refuse(at, WireFault::Value(IdError::Empty));
    }
    parents
}

fn grant(from: &mut Reader<'_>) -> GrantFact {
    let role = RoleId::from_u128(from.uuid());
    let scope = scope(from);
    let flags = from.tag((EXACT | DENY) + 1);
    GrantFact {
        role,
        scope,
        reach: if flags & EXACT == 0 { Reach::Subtree } else { Reach::Exact },
        effect: if flags & DENY == 0 { Effect::Allow } else { Effect::Deny },
        requires: requires(from, flags & DENY != 0),
        span: span(from),
    }
}

pub(crate) fn boolean(from: &mut Reader<'_>) -> bool {
    from.tag(2) == 1
}

/// The conditions of a grant; a deny has none, so that it is always known whether it holds.
fn requires(from: &mut Reader<'_>, is_deny: bool) -> Vec<String> {
    let at = from.offset();
    let requires = ascending(from, CONDITIONS_MAX, |from| from.name(check_name));
    if is_deny && !requires.is_empty() {
        from.refuse(at, WireFault::TooMany);
    }
    requires
}

fn state(from: &mut Reader<'_>) -> GroupState {
    match from.tag(3) {
        0 => GroupState::Enabled,
        1 => GroupState::Disabled,
        _ => GroupState::Archived,
    }
}

/// A scope in its canonical spelling; another spelling would be another key for one scope.
fn scope(from: &mut Reader<'_>) -> ScopeId {
    ScopeId::parse(scope_text(from)).unwrap_or_else(|_| ScopeId::org())
}

/// A scope that may lie in others and have others in it: neither the organisation nor the realm.
fn movable(from: &mut Reader<'_>) -> ScopeId {
    let at = from.offset();
    let scope = scope(from);
    if scope.is_org() || scope.is_realm() {
        from.refuse(at, WireFault::Order);
    }
    scope
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

fn ascending<'a, T: Ord>(
    from: &mut Reader<'a>,
    max: usize,
    read_one: impl Fn(&mut Reader<'a>) -> T,
) -> Vec<T> {
    let count = from.items(1, max);
    let mut items: Vec<T> = Vec::with_capacity(count);
    for _ in 0..count {
        let at = from.offset();
        let item = read_one(from);
        if items.last().is_some_and(|before| *before >= item) {
            from.refuse(at, WireFault::Order);
        }
        if from.is_wrong() {
            break;
        }
        items.push(item);
    }
    items
}

pub(crate) fn write_spans(to: &mut Writer, spans: &[Span]) {
    to.count(spans.len());
    spans.iter().for_each(|span| write_span(to, *span));
}

pub(crate) fn spans(from: &mut Reader<'_>) -> Vec<Span> {
    let at = from.offset();
    let count = from.items(1, SPANS_MAX);
    if count == 0 {
        from.refuse(at, WireFault::Value(IdError::EmptySpan));
    }
    let mut spans: Vec<Span> = Vec::with_capacity(count);
    for _ in 0..count {
        let at = from.offset();
        let span = span(from);
        if spans.last().is_some_and(|before| before.until() >= span.from()) {
            from.refuse(at, WireFault::Order);
        }
        if from.is_wrong() {
            break;
        }
        spans.push(span);
    }
    spans
}

/// A byte that says which bounds follow, then those.
fn write_span(to: &mut Writer, span: Span) {
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

fn span(from: &mut Reader<'_>) -> Span {
    let at = from.offset();
    let bounds = from.tag(4);
    read_bounds(from, bounds, at)
}

/// The bounds that `bounds` says there are, which lies at `at`.
pub(crate) fn read_bounds(from: &mut Reader<'_>, bounds: u8, at: usize) -> Span {
    let start = if bounds & 1 == 0 { None } else { Some(bound(from)) };
    let end = if bounds & 2 == 0 { None } else { Some(bound(from)) };
    Span::new(start, end).unwrap_or_else(|cause| {
        from.refuse(at, WireFault::Value(cause));
        Span::ALWAYS
    })
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
