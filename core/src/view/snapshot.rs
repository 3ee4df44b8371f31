//! The opened state of one organisation at one revision.

use alloc::string::String;
use core::fmt;

use super::fact::{Facts, GroupState};
use super::format::{self, Header, Kind, UserNames};
use super::index;
use super::state::{Edited, State};
use super::told;
use super::wire::{Reader, WireError, WireFault, Writer};
use crate::id::{GrantId, GroupId, OrgId, Revision, RoleId, ScopeId, UserId};
use crate::limits::{ANCESTORS_MAX, CONDITIONS_MAX};
use crate::say::{Word, said, say};

/// Everything about an organisation at a revision, proven to fit together, ready for questions.
///
/// Opening and applying refuse bytes that are malformed or that contradict themselves; a refused delta leaves
/// the state as it was.
#[derive(Clone)]
pub struct Snapshot {
    header: Header,
    state: State,
}

/// What it is and how large, not what is in it: that may be a million people.
impl fmt::Debug for Snapshot {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (users, groups) = (self.state.users.len(), self.state.groups.len());
        let mut shown = out.debug_struct("Snapshot");
        shown.field("header", &self.header).field("users", &users).field("groups", &groups);
        shown.finish_non_exhaustive()
    }
}

/// Why a snapshot was not opened.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum OpenError {
    /// The bytes are malformed.
    Wire(WireError),
    /// The facts do not fit together.
    State {
        /// Bytes from the start of the input.
        offset: usize,
        /// What contradicts what.
        cause: StateError,
    },
}

/// Why a delta was not applied; the state is unchanged.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ApplyError {
    /// The bytes are malformed.
    Wire(WireError),
    /// The delta is about another organisation.
    Org {
        /// The organisation of the state.
        expected: OrgId,
        /// That of the delta.
        found: OrgId,
    },
    /// The delta builds on another revision: a delta from this one, or a snapshot, is needed.
    Base {
        /// The revision of the state.
        expected: Revision,
        /// The revision that the delta builds on.
        found: Revision,
    },
    /// The delta was made before the state's last one.
    Older,
    /// Users have names in one of the two, and none in the other.
    Names,
    /// Facts for a slice, which is replaced whole when it changes.
    Slice,
    /// The facts would no longer fit together.
    State(StateError),
}

/// How facts contradict each other.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum StateError {
    /// No fact says whether the organisation is enabled.
    NoOrg,
    /// An edge or grant names a group without a fact.
    UnknownGroup(GroupId),
    /// An edge, a grant or a person's account names a user without a fact.
    UnknownUser(UserId),
    /// A grant names a role without a fact.
    UnknownRole(RoleId),
    /// A scope lies above itself, or below more scopes than the format takes.
    ScopeCycle(ScopeId),
    /// A grant on the realm to somebody else than a person.
    RealmGrant(GrantId),
    /// Grants require more different conditions, since the snapshot was opened, than a state takes; a fresh snapshot
    /// is needed.
    TooManyConditions,
}

impl OpenError {
    /// Appends what was found, what was expected, and where.
    pub fn say(&self, to: &mut String) {
        match self {
            Self::Wire(cause) => {
                say(to, "malformed snapshot: ", &[]);
                cause.say(to);
            }
            Self::State { offset, cause } => {
                say(to, "contradictory snapshot: ", &[]);
                cause.say(to);
                say(to, ", at byte %", &[Word::Number(*offset as u64)]);
            }
        }
    }
}

impl ApplyError {
    /// Appends what was found and what was expected.
    pub fn say(&self, to: &mut String) {
        match self {
            Self::Wire(cause) => {
                say(to, "malformed delta: ", &[]);
                cause.say(to);
            }
            Self::Org { expected, found } => {
                say(to, "delta of organisation %; expected %", &[found.word(), expected.word()]);
            }
            Self::Base { expected, found } => {
                let revisions = [*found, *expected].map(|revision| Word::Number(revision.number()));
                say(to, "delta from revision %; expected %", &revisions);
            }
            Self::Slice => {
                say(to, "delta with facts for a slice; expected a heartbeat, or a new slice", &[]);
            }
            Self::Names => say(to, "delta with names for a state without, or the reverse", &[]),
            Self::Older => say(to, "delta made before the state that it is applied to", &[]),
            Self::State(cause) => {
                say(to, "contradictory delta: ", &[]);
                cause.say(to);
            }
        }
    }
}

impl StateError {
    fn say(&self, to: &mut String) {
        let (text, word) = match self {
            Self::NoOrg => ("nothing says whether the organisation is enabled", Word::Number(0)),
            Self::UnknownGroup(id) => ("group % is named but not there", id.word()),
            Self::UnknownUser(id) => ("user % is named but not there", id.word()),
            Self::UnknownRole(id) => ("role % is named but not there", id.word()),
            Self::ScopeCycle(scope) => {
                ("scope `%` lies above itself, or below more than % others", Word::Text(scope.as_str()))
            }
            Self::RealmGrant(id) => ("grant % is on the realm but not to a person", id.word()),
            Self::TooManyConditions => {
                ("more than % conditions since the snapshot was opened", Word::Number(CONDITIONS_MAX as u64))
            }
        };
        say(to, text, &[word, Word::Number(ANCESTORS_MAX as u64)]);
    }
}

said!(OpenError, ApplyError, StateError);

impl From<WireError> for OpenError {
    fn from(cause: WireError) -> Self {
        Self::Wire(cause)
    }
}

impl core::error::Error for OpenError {}
impl core::error::Error for ApplyError {}
impl core::error::Error for StateError {}

/// Whom a question's subject names.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Subject {
    /// One user.
    User(UserId),
    /// Nobody.
    Unknown,
    /// Several users of different sources.
    Ambiguous,
}

impl Snapshot {
    /// Opens the bytes of a snapshot or a slice (the payload of a verified envelope).
    ///
    /// Nothing of `bytes` is kept. Cost: proportional to the bytes.
    ///
    /// # Errors
    /// [`OpenError`] saying what is wrong and, for malformed bytes, where.
    pub fn open(bytes: &[u8]) -> Result<Self, OpenError> {
        let mut from = Reader::new(bytes);
        let header = format::read_header(&mut from)?;
        if header.kind == Kind::Delta {
            return Err(OpenError::Wire(WireError { offset: 6, fault: WireFault::Kind }));
        }
        // Of one organisation, revision and moment there is one snapshot, but there are many slices.
        let told = match header.kind {
            Kind::Slice => bytes,
            _ => bytes.get(..bytes.len() - from.remaining()).unwrap_or_default(),
        };
        let seed = index::hash(bytes.len() as u64, told);
        let state = State::read(&mut from, &header, seed)?;
        from.finish()?;
        Ok(Self { header, state })
    }

    /// Moves the state to the revision that `delta` (the payload of a verified envelope) leads to.
    ///
    /// A delta without facts from the current revision to itself is a heartbeat: it moves `valid_until`. A slice takes
    /// no other. Handles stay
    /// good. Cost: follows the facts of the delta; a group's or role's also the groups below, a scope's the scopes
    /// below.
    ///
    /// # Errors
    /// [`ApplyError`]; the state then answers as before.
    pub fn apply(&mut self, delta: &[u8]) -> Result<(), ApplyError> {
        let mut from = Reader::new(delta);
        let header = format::read_header(&mut from).map_err(ApplyError::Wire)?;
        self.expect_next(&header)?;
        let (changes, names) = (from, header.names);
        let mut count = 0;
        told::each(changes, names, &mut |_, _| count += 1).map_err(ApplyError::Wire)?;
        if self.header.kind == Kind::Slice && count > 0 {
            return Err(ApplyError::Slice);
        }
        if names != self.header.names && count > 0 {
            return Err(ApplyError::Names);
        }
        let applied = self.put_all(changes, count, names);
        applied.map_err(ApplyError::State)?;
        let Header { kind, names, .. } = self.header;
        self.header = Header { kind, names, from: Revision::default(), ..header };
        Ok(())
    }

    /// Puts so many changes, which are well-formed, into the state, or none if they do not fit together.
    fn put_all(&mut self, changes: Reader<'_>, count: usize, names: UserNames) -> Result<(), StateError> {
        let (mut undo, mut edited) = (Writer::default(), Edited::default());
        undo.count(count);
        // What was read before is read again: that it is well-formed is known.
        _ = told::each(changes, names, &mut |told, spans| {
            self.state.put(told, spans, &mut undo, &mut edited);
        });
        let mut checked = self.state.check_all(&edited);
        _ = told::each(changes, names, &mut |told, _| {
            if checked.is_ok() {
                checked = self.state.check(told);
            }
        });
        if checked.is_err() {
            _ = told::each(Reader::new(undo.as_bytes()), names, &mut |told, spans| {
                self.state.put(told, spans, &mut Writer::default(), &mut edited);
            });
        }
        self.state.settle(&edited);
        checked
    }

    fn expect_next(&self, header: &Header) -> Result<(), ApplyError> {
        if header.kind != Kind::Delta {
            return Err(ApplyError::Wire(WireError { offset: 6, fault: WireFault::Kind }));
        }
        if header.org != self.header.org {
            return Err(ApplyError::Org { expected: self.header.org, found: header.org });
        }
        if header.from != self.header.revision {
            return Err(ApplyError::Base { expected: self.header.revision, found: header.from });
        }
        if header.created < self.header.created {
            return Err(ApplyError::Older);
        }
        Ok(())
    }

    /// What stands before the facts; after deltas, that of the snapshot they would make together.
    #[must_use]
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// Everything that this state was told; users without their names if the snapshot withheld them.
    ///
    /// Cost: all of it; for looking at a state, not for deciding on it.
    #[must_use]
    pub fn facts(&self) -> Facts {
        self.state.facts()
    }

    pub(crate) const fn state(&self) -> &State {
        &self.state
    }

    pub(crate) const fn base(&self) -> u32 {
        self.state.base
    }

    /// Whether the organisation is enabled.
    #[must_use]
    pub fn org_enabled(&self) -> bool {
        self.state.org_enabled == Some(true)
    }

    /// Whom `subject` names: a user's id in uuid form, else a user's folded name.
    #[must_use]
    pub fn subject(&self, subject: &str) -> Subject {
        match self.user_number(subject) {
            Ok(Some(user)) => Subject::User(UserId::from_key(self.state.users.id(user))),
            Ok(None) => Subject::Unknown,
            Err(Ambiguous) => Subject::Ambiguous,
        }
    }

    /// The number of the user whom `subject` names.
    pub(crate) fn user_number(&self, subject: &str) -> Result<Option<u32>, Ambiguous> {
        let users = &self.state.users;
        if let Ok(id) = subject.parse::<UserId>()
            && let Some(user) = users.find(&id.key())
            && users.is_present(user)
        {
            return Ok(Some(user));
        }
        // Who once had the name, and who was given it twice, is found more than once.
        let (mut first, mut is_ambiguous) = (None, false);
        _ = users.names.find_by(subject, &mut |user| {
            if users.is_present(user) {
                is_ambiguous |= first.is_some_and(|first| first != user);
                first = Some(user);
            }
            is_ambiguous
        });
        if is_ambiguous { Err(Ambiguous) } else { Ok(first) }
    }

    /// The name of a user.
    #[must_use]
    pub fn user_name(&self, id: UserId) -> Option<&str> {
        let user = self.state.users.find(&id.key()).filter(|user| self.state.users.is_present(*user))?;
        Some(self.state.users.names.get(user))
    }

    /// Whether a user may be allowed anything.
    #[must_use]
    pub fn user_active(&self, id: UserId) -> bool {
        let row = self.state.users.find(&id.key()).map(|user| self.state.users.row(user));
        row.is_some_and(|row| row.is_present() && row.is_active())
    }

    /// The slug and state of a group.
    #[must_use]
    pub fn group(&self, id: GroupId) -> Option<(&str, GroupState)> {
        let group = self.state.groups.number_of(&id.key())?;
        Some((self.state.groups.slugs.get(group), self.state.groups.state(group)?))
    }

    /// The name of a role.
    #[must_use]
    pub fn role_name(&self, id: RoleId) -> Option<&str> {
        let roles = &self.state.roles;
        let role = roles.ids.find(&id.key()).filter(|role| roles.is_present(*role))?;
        Some(roles.names.get(role))
    }

    /// The role of this name; none when there is no such role, or several. Cost: all roles.
    #[must_use]
    pub fn role_named(&self, name: &str) -> Option<RoleId> {
        let roles = &self.state.roles;
        let all = 0..roles.rows.len() as u32;
        let mut named = all.filter(|role| roles.is_present(*role) && roles.names.get(*role) == name);
        let first = named.next().map(|role| roles.id(role));
        if named.next().is_some() { None } else { first }
    }

    /// Whether the directory has heard of `scope`: it has a parent, or a grant of its own.
    #[must_use]
    pub fn knows_scope(&self, scope: &ScopeId) -> bool {
        let number = self.state.scopes.names.find(scope.as_str());
        number.is_some_and(|number| self.state.scopes.is_known(number))
    }

    /// Whether any role has `permission`: asking for another is most likely a typo.
    #[must_use]
    pub fn knows_permission(&self, permission: &str) -> bool {
        let number = self.state.permissions.names.find(permission);
        number.is_some_and(|number| self.state.permissions.is_known(number))
    }
}

/// Several users have the name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Ambiguous;

#[cfg(test)]
mod tests;
