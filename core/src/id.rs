//! Names of things and of moments: the types that keep one id from being taken for another.

use alloc::string::String;
use core::fmt;
use core::str::FromStr;

use crate::limits::{NAME_BYTES_MAX, PERMISSION_BYTES_MAX, SCOPE_TYPE_BYTES_MAX};
use crate::say::{Word, said, say};

macro_rules! uuid_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        ///
        /// Written as a hyphenated lower-case uuid (RFC 9562 section 4).
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name {
            // Two words, in the order of the bytes: a `u128` would have whatever holds it padded to 16 bytes.
            high: u64,
            low: u64,
        }

        impl $name {
            /// The id whose uuid has these 128 bits, most significant first.
            #[must_use]
            pub const fn from_u128(bits: u128) -> Self {
                Self { high: (bits >> 64) as u64, low: bits as u64 }
            }

            /// The id of these two halves of a uuid's bits.
            #[must_use]
            pub const fn from_key([high, low]: [u64; 2]) -> Self {
                Self { high, low }
            }

            /// The halves of the uuid's bits, in the order in which ids ascend.
            #[must_use]
            pub const fn key(self) -> [u64; 2] {
                [self.high, self.low]
            }

            /// The 128 bits of the uuid, most significant first.
            #[must_use]
            pub const fn as_u128(self) -> u128 {
                (self.high as u128) << 64 | self.low as u128
            }

            /// How a text names it.
            pub(crate) const fn word(self) -> Word<'static> {
                Word::Uuid(self.high, self.low)
            }

            /// Appends the hyphenated uuid, in lower case.
            pub fn say(self, to: &mut String) {
                say(to, "%", &[self.word()]);
            }
        }

        said!($name);

        impl fmt::Debug for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, out)
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            /// Reads a hyphenated uuid, in either case.
            fn from_str(text: &str) -> Result<Self, IdError> {
                let [high, low] = uuid_halves(text).ok_or(IdError::NotUuid)?;
                Ok(Self { high, low })
            }
        }

        #[cfg(feature = "serde")]
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.collect_str(self)
            }
        }

        #[cfg(feature = "serde")]
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let text = <alloc::borrow::Cow<'de, str>>::deserialize(from)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

uuid_id! {
    /// An organisation: what one graph, one revision counter and one feed belong to.
    OrgId
}
uuid_id! {
    /// A user of one organisation and one source.
    UserId
}
uuid_id! {
    /// Who somebody is in the realm, across its organisations.
    PersonId
}
uuid_id! {
    /// Who pushes users: a connection of one organisation. Local users have none.
    SourceId
}
uuid_id! {
    /// A group of one organisation.
    GroupId
}
uuid_id! {
    /// A named set of permissions.
    RoleId
}
uuid_id! {
    /// One role given to, or kept from, one principal at one scope.
    GrantId
}

/// The two halves of the uuid that is written so.
fn uuid_halves(text: &str) -> Option<[u64; 2]> {
    let letters: &[u8; 36] = text.as_bytes().try_into().ok()?;
    if [letters[8], letters[13], letters[18], letters[23]] != [b'-'; 4] {
        return None;
    }
    Some([uuid_half(letters, [0, 4, 9, 14])?, uuid_half(letters, [19, 24, 28, 32])?])
}

/// The number of the sixteen digits of which four begin at each of `places`.
fn uuid_half(letters: &[u8; 36], places: [usize; 4]) -> Option<u64> {
    let mut half = 0;
    for at in &places {
        half = half << 16 | u64::from(hex(*letters.get(*at..)?.first_chunk()?)?);
    }
    Some(half)
}

/// The number that these hexadecimal digits write: all four at a time, for nobody could foresee a branch for each.
fn hex(letters: [u8; 4]) -> Option<u32> {
    const ONES: u32 = 0x0101_0101;
    const TOPS: u32 = ONES << 7;
    let letters = u32::from_be_bytes(letters);
    // The top bit of each byte that is below `most`; of bytes that have none.
    let below = |bytes: u32, most: u32| !(bytes + ONES * (0x80 - most)) & TOPS;
    let ascii = letters & !TOPS;
    let digits = below(ascii ^ (ONES * 0x30), 10);
    let letter = (ascii | (ONES * 0x20)) ^ (ONES * 0x60);
    let is_hex = digits | below(letter, 7) & !below(letter, 1);
    if letters & TOPS != 0 || is_hex != TOPS {
        return None;
    }
    let nibbles = (ascii & (ONES * 0xf)) + ((ascii >> 6) & ONES) * 9;
    let bytes = (nibbles | nibbles >> 4) & 0x00ff_00ff;
    Some((bytes | bytes >> 8) & 0xffff)
}

/// The number of one committed request of one organisation; counts up by one, from 1.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Revision(u64);

impl Revision {
    /// The revision with this number; 0 is the state before the first commit.
    #[must_use]
    pub const fn new(number: u64) -> Self {
        Self(number)
    }

    /// How many requests had been committed.
    #[must_use]
    pub const fn number(self) -> u64 {
        self.0
    }

    /// The revision after this one.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

impl fmt::Display for Revision {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, out)
    }
}

/// A moment: milliseconds since 1970-01-01T00:00:00Z, without leap seconds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Instant(i64);

impl Instant {
    /// Before every moment: the open start of a [`Span`].
    pub const MIN: Self = Self(i64::MIN);
    /// After every moment: the open end of a [`Span`].
    pub const MAX: Self = Self(i64::MAX);

    /// The moment this many milliseconds after the epoch.
    #[must_use]
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds since the epoch.
    #[must_use]
    pub const fn as_millis(self) -> i64 {
        self.0
    }

    /// The moment `millis` later (earlier when negative), or the nearest that can be written.
    #[must_use]
    pub const fn plus_millis(self, millis: i64) -> Self {
        Self(self.0.saturating_add(millis))
    }
}

/// The moments `from <= t < until`, never empty.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Span {
    // INVARIANT: from < until.
    from: Instant,
    until: Instant,
}

impl Span {
    /// All of time.
    pub const ALWAYS: Self = Self { from: Instant::MIN, until: Instant::MAX };

    /// The moments from `from` (included) to `until` (excluded); an absent bound is open.
    ///
    /// # Errors
    /// [`IdError::EmptySpan`] unless `from < until`.
    pub fn new(from: Option<Instant>, until: Option<Instant>) -> Result<Self, IdError> {
        let span = Self { from: from.unwrap_or(Instant::MIN), until: until.unwrap_or(Instant::MAX) };
        if span.from < span.until { Ok(span) } else { Err(IdError::EmptySpan) }
    }

    /// The first moment inside; [`Instant::MIN`] when open.
    #[must_use]
    pub const fn from(self) -> Instant {
        self.from
    }

    /// The first moment no longer inside; [`Instant::MAX`] when open.
    #[must_use]
    pub const fn until(self) -> Instant {
        self.until
    }

    /// The moments from the earlier start to the later end of both.
    #[must_use]
    pub fn joined(self, other: Self) -> Self {
        Self { from: self.from.min(other.from), until: self.until.max(other.until) }
    }

    /// Whether `at` lies inside.
    #[must_use]
    pub fn contains(self, at: Instant) -> bool {
        self.from <= at && at < self.until
    }

    /// The nearest bound after `at`, where [`Span::contains`] changes its answer.
    #[must_use]
    pub fn next_bound(self, at: Instant) -> Instant {
        if at < self.from {
            self.from
        } else if at < self.until {
            self.until
        } else {
            Instant::MAX
        }
    }
}

/// Why a name, an id or a span was refused.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum IdError {
    /// The text is not a hyphenated uuid.
    NotUuid,
    /// A span that would hold no moment.
    EmptySpan,
    /// A name of no bytes.
    Empty,
    /// More bytes than the limit given here.
    TooLong {
        /// The most bytes that are taken.
        max: usize,
    },
    /// A character that the name may not hold.
    Character {
        /// The character found.
        found: char,
    },
    /// A scope without the colon between type and id.
    NoScopeType,
    /// An id after `org` or `realm`, which are those of the question and of no other.
    ScopeWithoutId {
        /// Which of the two.
        kind: &'static str,
    },
}

impl IdError {
    /// Appends what was found and what was expected.
    pub fn say(&self, to: &mut String) {
        match *self {
            Self::NotUuid => say(to, "expected a uuid such as `0190a5c2-7b1e-7000-8000-000000000000`", &[]),
            Self::EmptySpan => say(to, "the end is not after the start", &[]),
            Self::Empty => say(to, "empty name; expected at least one character", &[]),
            Self::TooLong { max } => {
                say(to, "name too long; expected at most % bytes", &[Word::Number(max as u64)]);
            }
            Self::Character { found } => say(to, "character `%` is not taken here", &[Word::Letter(found)]),
            Self::NoScopeType => say(to, "expected a scope such as `org`, `project:42` or `invoice:*`", &[]),
            Self::ScopeWithoutId { kind } => {
                let kind = Word::Text(kind);
                say(to, "`%` takes no id; ", &[kind]);
                Self::NoScopeType.say(to);
                say(to, "\nhint: write `%`; who is asked knows which one", &[kind]);
            }
        }
    }
}

said!(IdError);
impl core::error::Error for IdError {}

/// Whether `text` is a permission name: `[A-Za-z0-9_.:/-]{1,128}`.
///
/// # Errors
/// [`IdError::Empty`], [`IdError::TooLong`] or [`IdError::Character`].
pub fn check_permission(text: &str) -> Result<(), IdError> {
    check_length(text, PERMISSION_BYTES_MAX)?;
    check_characters(text, |letter| {
        letter.is_ascii_alphanumeric() || matches!(letter, '_' | '.' | ':' | '/' | '-')
    })
}

/// Whether `text` can name a user, a role or a resource: 1 to 256 bytes without control characters.
///
/// # Errors
/// [`IdError::Empty`], [`IdError::TooLong`] or [`IdError::Character`].
pub fn check_name(text: &str) -> Result<(), IdError> {
    check_length(text, NAME_BYTES_MAX)?;
    for byte in text.bytes() {
        // Nearly every name is printable ASCII.
        if !matches!(byte, b' '..=b'~') {
            return check_characters(text, |letter| !letter.is_control());
        }
    }
    Ok(())
}

fn check_length(text: &str, max: usize) -> Result<(), IdError> {
    match text.len() {
        0 => Err(IdError::Empty),
        bytes if bytes > max => Err(IdError::TooLong { max }),
        _ => Ok(()),
    }
}

fn check_characters(text: &str, taken: fn(char) -> bool) -> Result<(), IdError> {
    for found in text.chars() {
        if !taken(found) {
            return Err(IdError::Character { found });
        }
    }
    Ok(())
}

/// A place where grants hold: `realm`, `org`, `project:42`, `invoice:7`, or every resource of a type, `invoice:*`.
///
/// `app/project:42` and `project:42` are one scope, as are `app/group:x` and `group:x`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "String", into = "String"))]
pub struct ScopeId(
    // INVARIANT: `realm`, `org`, or a type, a colon and an id, each within its limits.
    String,
);

impl ScopeId {
    /// The organisation itself, above every scope but the realm.
    #[must_use]
    pub fn org() -> Self {
        Self(String::from("org"))
    }

    /// All organisations of the realm, above every other scope.
    #[must_use]
    pub fn realm() -> Self {
        Self(String::from("realm"))
    }

    /// Reads `realm`, `org` or `type:id`.
    ///
    /// # Errors
    /// [`IdError::NoScopeType`] without a colon, [`IdError::ScopeWithoutId`] for `org:x` and `realm:x`; the other
    /// variants for a bad type or id.
    ///
    /// ```
    /// use cohort_core::id::ScopeId;
    /// assert_eq!(ScopeId::parse("app/project:42")?, ScopeId::parse("project:42")?);
    /// # Ok::<(), cohort_core::id::IdError>(())
    /// ```
    pub fn parse(text: &str) -> Result<Self, IdError> {
        canonical_scope(text).map(|text| Self(String::from(text)))
    }

    /// The text form, `realm`, `org` or `type:id`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether this is the organisation.
    #[must_use]
    pub fn is_org(&self) -> bool {
        self.0 == "org"
    }

    /// Whether this is the realm.
    #[must_use]
    pub fn is_realm(&self) -> bool {
        self.0 == "realm"
    }

    /// The scope of all resources of this one's type, `type:*`; none for the organisation and the realm.
    #[must_use]
    pub fn type_wide(&self) -> Option<Self> {
        let (kind, _) = scope_parts(&self.0)?;
        let mut scope = String::with_capacity(kind.len() + 2);
        scope.push_str(kind);
        scope.push_str(":*");
        Some(Self(scope))
    }
}

impl fmt::Display for ScopeId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl TryFrom<String> for ScopeId {
    type Error = IdError;

    fn try_from(text: String) -> Result<Self, IdError> {
        Self::parse(&text)
    }
}

impl From<ScopeId> for String {
    fn from(scope: ScopeId) -> Self {
        scope.0
    }
}

/// The text of a scope in its one spelling, without asking for memory.
///
/// # Errors
/// As [`ScopeId::parse`].
pub(crate) fn canonical_scope(text: &str) -> Result<&str, IdError> {
    if is_above_all(text) {
        return Ok(text);
    }
    let (kind, id) = scope_parts(text).ok_or(IdError::NoScopeType)?;
    if is_above_all(kind) {
        return Err(IdError::ScopeWithoutId { kind: if kind == "org" { "org" } else { "realm" } });
    }
    check_scope_type(kind)?;
    check_name(id)?;
    match kind.strip_prefix("app/") {
        // Another name of the type behind it.
        Some("project" | "group") => Ok(text.strip_prefix("app/").unwrap_or(text)),
        _ => Ok(text),
    }
}

/// Whether a scope in its one spelling is the organisation or the realm.
pub(crate) fn is_above_all(scope: &str) -> bool {
    matches!(scope, "org" | "realm")
}

/// The type of a scope and its id: what lies before the first colon and behind it.
pub(crate) fn scope_parts(text: &str) -> Option<(&str, &str)> {
    for (colon, letter) in text.bytes().enumerate() {
        if letter == b':' {
            return Some((text.get(..colon)?, text.get(colon + 1..)?));
        }
    }
    None
}

/// `[a-z][a-z0-9_]*(/[a-z][a-z0-9_]*)?`
fn check_scope_type(kind: &str) -> Result<(), IdError> {
    check_length(kind, SCOPE_TYPE_BYTES_MAX)?;
    let (mut is_start, mut slashes) = (true, 0);
    for letter in kind.chars() {
        match letter {
            'a'..='z' => is_start = false,
            '0'..='9' | '_' if !is_start => {}
            '/' if is_start => return Err(IdError::Empty),
            '/' if slashes == 0 => (is_start, slashes) = (true, 1),
            found => return Err(IdError::Character { found }),
        }
    }
    if is_start { Err(IdError::Empty) } else { Ok(()) }
}

#[cfg(test)]
mod tests;
