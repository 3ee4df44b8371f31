//! Changes as a delta tells them, read where they lie: nothing of the bytes is copied.

use alloc::string::String;
use alloc::vec::Vec;

use super::fact::{Effect, Fact, FactChange, FactKey, GrantFact, GroupState, Member, Principal, Reach, Via};
use super::format::{self, DENY, DROPPED, EXACT, UserNames};
use super::keys::{Key, key_in};
use super::state::Spans;
use super::wire::{Reader, WireError, WireFault};
use crate::id::{GrantId, GroupId, IdError, PersonId, RoleId, ScopeId, UserId, check_name, check_permission};
use crate::limits::{ANCESTORS_MAX, CONDITIONS_MAX, ROLE_INCLUDES_MAX, ROLE_PERMISSIONS_MAX};

/// What a change is about, in the order and by the numbers of the format.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) enum Tag {
    #[default]
    Org,
    Role,
    Scope,
    Group,
    User,
    Edge,
    Grant,
    Person,
}

const TAGS: [Tag; 8] =
    [Tag::Org, Tag::Role, Tag::Scope, Tag::Group, Tag::User, Tag::Edge, Tag::Grant, Tag::Person];

/// One change. What its tag does not have is empty, or 0.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Told<'a> {
    pub(crate) tag: Tag,
    /// Nothing holds any more; there is no value.
    pub(crate) is_dropped: bool,
    /// The bytes of the key.
    pub(crate) key: &'a [u8],
    /// Of an edge the member, of a grant the principal: its kind, as the format counts them, and its id.
    pub(crate) holder: (u8, Key),
    /// The role, group, user or grant; of an edge the group that it leads into.
    pub(crate) id: Key,
    /// The origin of an edge.
    pub(crate) via: u8,
    /// The scope; of a role, a group and a user what it is called.
    pub(crate) text: &'a str,
    /// Whether the organisation is enabled or the user active; the state of the group; how far the grant reaches, and
    /// whether it is a deny.
    pub(crate) flags: u8,
    /// The role of a grant, the person of a user.
    pub(crate) other: Key,
    /// Where a grant holds.
    pub(crate) scope: &'a str,
    /// The permissions of a role, the parents of a scope, the conditions of a grant.
    pub(crate) texts: TextList<'a>,
    /// The roles that a role includes.
    pub(crate) includes: &'a [[u8; 16]],
}

/// Texts that were looked at.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct TextList<'a> {
    from: Reader<'a>,
    pub(crate) count: usize,
}

impl<'a> TextList<'a> {
    /// Shows one after the other.
    pub(crate) fn each(mut self, see: &mut dyn FnMut(&'a str)) {
        for _ in 0..self.count {
            see(self.from.text());
        }
    }

    fn to_vec<T>(self, of: impl Fn(&'a str) -> T) -> Vec<T> {
        let mut all = Vec::with_capacity(self.count);
        self.each(&mut |text| all.push(of(text)));
        all
    }
}

/// Reads all changes, and leaves nothing behind them; shows each, with the words of its [`Spans`].
pub(crate) fn each<'a>(
    mut from: Reader<'a>,
    names: UserNames,
    see: &mut dyn FnMut(&Told<'a>, &[u32]),
) -> Result<(), WireError> {
    // Tag, and at least one byte of key.
    let count = from.items(1, usize::MAX);
    let (mut spans, mut last) = (Vec::new(), None);
    for _ in 0..count {
        let at = from.offset();
        let told = Told::read(&mut from, names, &mut spans, &mut last, at);
        from.sound()?;
        see(&told, &spans);
    }
    from.finish()
}

impl<'a> Told<'a> {
    fn read(
        from: &mut Reader<'a>,
        names: UserNames,
        spans: &mut Vec<u32>,
        last: &mut Option<(u8, &'a [u8])>,
        at: usize,
    ) -> Self {
        let mut told = Self::default();
        let tag = from.u8();
        told.is_dropped = tag & DROPPED != 0;
        match TAGS.get(usize::from(tag & !DROPPED)) {
            Some(known) => told.tag = *known,
            None => from.refuse_tag(tag),
        }
        let order = (tag & !DROPPED, told.read_key(from));
        if last.replace(order).is_some_and(|last| last >= order) {
            from.refuse(at, WireFault::Order);
        }
        spans.clear();
        if !told.is_dropped {
            told.read_value(from, names, spans);
        }
        told
    }

    /// Reads the key; its bytes as they ascend: a text without its length.
    fn read_key(&mut self, from: &mut Reader<'a>) -> &'a [u8] {
        let bytes = from.peek();
        match self.tag {
            Tag::Org => {}
            Tag::Scope => self.text = movable(from),
            Tag::Role | Tag::Group | Tag::User | Tag::Person => self.id = from.uuid(),
            Tag::Edge => {
                self.holder = (from.tag(2), from.uuid());
                self.id = from.uuid();
                self.via = from.tag(3);
            }
            Tag::Grant => {
                let kind = from.tag(4);
                self.holder = (kind, if kind == EVERYONE { Key::default() } else { from.uuid() });
                self.id = from.uuid();
            }
        }
        self.key = bytes.get(..bytes.len() - from.remaining()).unwrap_or_default();
        if self.tag == Tag::Scope { self.text.as_bytes() } else { self.key }
    }

    fn read_value(&mut self, from: &mut Reader<'a>, names: UserNames, spans: &mut Vec<u32>) {
        match self.tag {
            Tag::Org => self.flags = from.tag(2),
            Tag::Role => {
                self.text = from.checked(check_name);
                self.texts = texts(from, ROLE_PERMISSIONS_MAX, |from| from.checked(check_permission));
                self.includes = ids(from);
            }
            Tag::Scope => {
                let at = from.offset();
                self.texts = texts(from, ANCESTORS_MAX, movable);
                if self.texts.count == 0 {
                    // One without parents is no fact.
                    from.refuse(at, WireFault::Value(IdError::Empty));
                }
            }
            Tag::Group => {
                self.text = from.checked(check_name);
                self.flags = from.tag(3);
            }
            Tag::User => {
                if names == UserNames::Told {
                    self.text = from.checked(check_name);
                }
                self.flags = from.tag(2);
            }
            Tag::Edge => _ = format::read_spans(from, spans),
            Tag::Grant => {
                self.other = from.uuid();
                self.scope = format::scope_text(from);
                self.flags = from.tag((EXACT | DENY) + 1);
                let at = from.offset();
                self.texts = texts(from, CONDITIONS_MAX, |from| from.checked(check_name));
                if self.flags & DENY != 0 && self.texts.count > 0 {
                    // So that it is always known whether a deny holds.
                    from.refuse(at, WireFault::TooMany);
                }
                format::read_span(from, spans);
            }
            Tag::Person => self.other = from.uuid(),
        }
    }

    /// The same, to keep.
    fn to_change(self, spans: &[u32]) -> FactChange {
        let fact = if self.is_dropped { None } else { Some(self.to_fact(Spans::new(spans))) };
        FactChange { key: self.to_key(), fact }
    }

    fn to_key(self) -> FactKey {
        let (kind, holder) = self.holder;
        match self.tag {
            Tag::Org => FactKey::Org,
            Tag::Role => FactKey::Role(RoleId::from_key(self.id)),
            Tag::Scope => FactKey::Scope(to_scope(self.text)),
            Tag::Group => FactKey::Group(GroupId::from_key(self.id)),
            Tag::User => FactKey::User(UserId::from_key(self.id)),
            Tag::Edge => {
                let member = match kind {
                    USER => Member::User(UserId::from_key(holder)),
                    _ => Member::Group(GroupId::from_key(holder)),
                };
                FactKey::Edge(member, GroupId::from_key(self.id), Via::of(self.via))
            }
            Tag::Grant => {
                let principal = match kind {
                    USER => Principal::User(UserId::from_key(holder)),
                    GROUP => Principal::Group(GroupId::from_key(holder)),
                    EVERYONE => Principal::Everyone,
                    _ => Principal::Person(PersonId::from_key(holder)),
                };
                FactKey::Grant(principal, GrantId::from_key(self.id))
            }
            Tag::Person => FactKey::Person(UserId::from_key(self.id)),
        }
    }

    fn to_fact(self, spans: Spans<'_>) -> Fact {
        let flags = self.flags;
        match self.tag {
            Tag::Org => Fact::Org { enabled: flags == 1 },
            Tag::Role => Fact::Role {
                name: String::from(self.text),
                permissions: self.texts.to_vec(String::from),
                includes: self.includes.iter().map(|id| RoleId::from_key(key_in(id))).collect(),
            },
            Tag::Scope => Fact::Scope { parents: self.texts.to_vec(to_scope) },
            Tag::Group => Fact::Group { slug: String::from(self.text), state: GroupState::of(flags) },
            Tag::User => Fact::User { name: String::from(self.text), active: flags == 1 },
            Tag::Edge => Fact::Edge { spans: spans.iter().collect() },
            Tag::Grant => Fact::Grant(GrantFact {
                role: RoleId::from_key(self.other),
                scope: to_scope(self.scope),
                reach: if flags & EXACT == 0 { Reach::Subtree } else { Reach::Exact },
                effect: if flags & DENY == 0 { Effect::Allow } else { Effect::Deny },
                requires: self.texts.to_vec(String::from),
                span: spans.first(),
            }),
            Tag::Person => Fact::Person { id: PersonId::from_key(self.other) },
        }
    }
}

// Kinds of members and principals.
pub(crate) const USER: u8 = 0;
pub(crate) const GROUP: u8 = 1;
pub(crate) const EVERYONE: u8 = 2;
pub(crate) const PERSON: u8 = 3;

fn to_scope(text: &str) -> ScopeId {
    ScopeId::parse(text).unwrap_or_else(|_| ScopeId::org())
}

/// All changes in bytes without a header, to keep.
pub(crate) fn changes(from: Reader<'_>, names: UserNames) -> Result<Vec<FactChange>, WireError> {
    let mut changes = Vec::new();
    each(from, names, &mut |told, spans| changes.push(told.to_change(spans)))?;
    Ok(changes)
}

/// A scope that may lie in others and have others in it: neither the organisation nor the realm.
fn movable<'a>(from: &mut Reader<'a>) -> &'a str {
    let at = from.offset();
    let text = format::scope_text(from);
    if matches!(text, "org" | "realm") {
        from.refuse(at, WireFault::Order);
    }
    text
}

/// At most `max` texts in ascending order, each once.
fn texts<'a>(from: &mut Reader<'a>, max: usize, read_one: fn(&mut Reader<'a>) -> &'a str) -> TextList<'a> {
    let count = from.items(1, max);
    let list = TextList { from: *from, count };
    let mut last = None;
    for _ in 0..count {
        let at = from.offset();
        let text = read_one(from);
        if last.replace(text).is_some_and(|last| last >= text) {
            from.refuse(at, WireFault::Order);
        }
        if from.is_wrong() {
            break;
        }
    }
    list
}

/// The ids of included roles, ascending.
fn ids<'a>(from: &mut Reader<'a>) -> &'a [[u8; 16]] {
    let count = from.items(size_of::<[u8; 16]>(), ROLE_INCLUDES_MAX);
    let at = from.offset();
    let (ids, _) = from.take(count * size_of::<[u8; 16]>()).as_chunks();
    if let Some(pair) = ids.windows(2).position(|pair| pair.first() >= pair.last()) {
        from.refuse(at + (pair + 1) * size_of::<[u8; 16]>(), WireFault::Order);
    }
    ids
}
