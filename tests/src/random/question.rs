//! Random questions, most of them near what the world grants: others would nearly all find no path.

use cohort_core::decide::Query;
use cohort_core::id::{Instant, Revision, UserId};
use cohort_oracle::Scope;

use super::cast::{CONDITIONS, Cast, Given};
use super::prng::Prng;
use crate::build::{fold, id_of};

/// The instant in the middle of a random world, in milliseconds since 1970: 2026-03-01T09:00:00Z.
pub const NOW: i64 = 1_772_355_600_000;

/// When the snapshots of a random world are made: ten minutes before.
pub const BORN: i64 = NOW - 600_000;

/// Up to when they may be used: ten minutes after.
pub const STALE: i64 = NOW + 600_000;

/// Texts that are no scopes.
const NO_SCOPES: &[&str] =
    &["project", "Doc:1", "a/b/c:1", ":7", "doc:", "1doc:1", "a b:1", "org:1", "realm:*"];

/// A question that both sides can be asked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Question {
    /// The name of the user.
    pub user: String,
    /// Whether the product is given the user's id instead of the name.
    pub by_id: bool,
    /// What the user wants to do.
    pub permission: String,
    /// Where, as written; perhaps not a scope at all.
    pub scope: String,
    /// What a scope that nobody told of lies in.
    pub within: Option<String>,
    /// When, in milliseconds since 1970.
    pub at: i64,
    /// What the asker vouches for.
    pub conditions: Vec<&'static str>,
    /// Whether a revision is asked for that does not exist yet.
    pub of_later_revision: bool,
}

impl Question {
    /// A question about a world of this cast.
    pub(super) fn random(cast: &Cast, prng: &mut Prng) -> Self {
        let mut question = match prng.pick(&cast.grants) {
            Some(given) if prng.chance(88) => Self::about(given, cast, prng),
            _ => Self::anything(cast, prng),
        };
        question.spoil(prng);
        question
    }

    fn anything(cast: &Cast, prng: &mut Prng) -> Self {
        let scope = match prng.below(4) {
            0 => "org".to_owned(),
            1 => "doc:9".to_owned(),
            _ => prng.pick(&cast.scopes).cloned().unwrap_or_else(|| "org".to_owned()),
        };
        Self {
            user: cast.user(prng),
            by_id: prng.chance(50),
            permission: registered(cast, prng).to_owned(),
            within: prng.pick(&cast.scopes).cloned().filter(|_| prng.chance(30)),
            scope,
            at: instant(prng),
            conditions: CONDITIONS.iter().copied().filter(|_| prng.chance(30)).collect(),
            of_later_revision: false,
        }
    }

    /// A question that the grant is likely to decide.
    fn about(given: &Given, cast: &Cast, prng: &mut Prng) -> Self {
        let reached = if prng.chance(88) { cast.somebody_of(&given.principal, prng) } else { None };
        let user = reached.unwrap_or_else(|| cast.user(prng));
        let role = cast.roles.iter().find(|role| role.name == given.role);
        let named = role.and_then(|role| prng.pick(&role.permissions).copied());
        let permission = named.filter(|_| prng.chance(90)).unwrap_or_else(|| registered(cast, prng));
        let (scope, within) = place_within(&given.scope, cast, prng);
        let asserts_all = prng.chance(85);
        let asserted = |name: &&str| asserts_all && given.requires.contains(name);
        Self {
            user,
            by_id: prng.chance(50),
            permission: permission.to_owned(),
            scope,
            within,
            at: instant(prng),
            conditions: CONDITIONS.iter().copied().filter(|name| asserted(name) || prng.chance(5)).collect(),
            of_later_revision: false,
        }
    }

    /// Makes a few questions ones that have no ordinary answer.
    fn spoil(&mut self, prng: &mut Prng) {
        match prng.below(200) {
            0 | 1 => self.user = "nobody".to_owned(),
            2 | 3 => self.permission = "doc:raed".to_owned(),
            4 | 5 => self.scope = prng.word(NO_SCOPES).to_owned(),
            6 => self.within = Some(prng.word(NO_SCOPES).to_owned()),
            7 => self.at = STALE + [-1, 0, 1, 90_000].get(prng.below(4)).copied().unwrap_or(0),
            8 => self.at = BORN - 60_000 + [-1, 0, -90_000, 1].get(prng.below(4)).copied().unwrap_or(0),
            9 => self.of_later_revision = true,
            10 | 11 => {
                self.user = prng.word(&["u1", "U1"]).to_owned();
                self.by_id = false;
            }
            _ => {}
        }
    }

    /// What names the user to the product.
    #[must_use]
    pub fn subject(&self) -> String {
        if self.by_id { UserId::from_u128(id_of("user", &self.user)).to_string() } else { fold(&self.user) }
    }

    /// The question to the product, whose state is at `revision`.
    #[must_use]
    pub fn query<'a>(&'a self, subject: &'a str, revision: Revision) -> Query<'a> {
        Query {
            subject,
            permission: &self.permission,
            scope: Some(&self.scope),
            parent: self.within.as_deref(),
            at: Instant::from_millis(self.at),
            conditions: &self.conditions,
            at_least: if self.of_later_revision { revision.next() } else { revision },
        }
    }

    /// The one user of `world` whom the question names; none when the name is that of several.
    ///
    /// The product folds names, so case tells nobody apart; an id is of one user only.
    pub(super) fn user_in<'a>(&'a self, world: &'a cohort_oracle::World) -> Option<&'a str> {
        if self.by_id {
            return Some(&self.user);
        }
        let mut namesakes = world.users.iter().filter(|user| user.name.eq_ignore_ascii_case(&self.user));
        match (namesakes.next(), namesakes.next()) {
            (Some(_), Some(_)) => None,
            (Some(only), None) => Some(&only.name),
            (None, _) => Some(&self.user),
        }
    }

    /// The question to the oracle, about this user; it has no words for what is no scope.
    pub(super) fn of_oracle(&self, user: &str) -> cohort_oracle::Question {
        cohort_oracle::Question {
            scope: Scope::read(&self.scope).unwrap_or_else(Scope::org),
            within: self.within.as_deref().and_then(Scope::read),
            at: Some(self.at),
            conditions: self.conditions.iter().map(ToString::to_string).collect(),
            ..cohort_oracle::Question::new(user, &self.permission)
        }
    }

    /// Whether a scope of the question is none.
    pub(super) fn has_malformed_scope(&self) -> bool {
        [Some(&self.scope), self.within.as_ref()]
            .into_iter()
            .flatten()
            .any(|text| Scope::read(text).is_none())
    }

    /// The same question at another instant.
    #[must_use]
    pub fn at(&self, millis: i64) -> Self {
        Self { at: millis, ..self.clone() }
    }

    /// The question and its answer as a line of a world file.
    #[must_use]
    pub fn line(&self, answer: &str) -> String {
        let within = self.within.as_ref().map(|within| format!(" in {within}")).unwrap_or_default();
        let with = match self.conditions.as_slice() {
            [] => String::new(),
            some => format!(" with {}", some.join(", ")),
        };
        let (user, permission, scope) = (&self.user, &self.permission, &self.scope);
        let at = cohort_oracle::instant_text(self.at);
        format!("ask {user} {permission} on {scope}{within} at {at}{with} = {answer}")
    }
}

/// A permission that some role names.
fn registered(cast: &Cast, prng: &mut Prng) -> &'static str {
    let named: Vec<&'static str> = cast.roles.iter().flat_map(|role| &role.permissions).copied().collect();
    prng.word(&named)
}

/// An instant that bounds may lie at, or next to it.
pub(super) fn around(prng: &mut Prng, middle: i64) -> i64 {
    let minutes = [-120_000, -60_000, 0, 60_000, 120_000];
    let minute = prng.pick(&minutes).copied().unwrap_or_default();
    let near = prng.weighted(&[(8, 0), (1, -1), (1, 1)]).unwrap_or_default();
    middle + minute + near
}

fn instant(prng: &mut Prng) -> i64 {
    if prng.chance(55) { NOW } else { around(prng, NOW) }
}

/// A scope that a grant at `scope` reaches, most of the time, and what it is said to lie in.
fn place_within(scope: &str, cast: &Cast, prng: &mut Prng) -> (String, Option<String>) {
    if let Some(kind) = scope.strip_suffix('*') {
        return (format!("{kind}{}", prng.word(&["1", "2", "77"])), None);
    }
    let below: Vec<&String> =
        cast.under.iter().filter(|(_, parent)| parent == scope).map(|(below, _)| below).collect();
    match prng.below(10) {
        0 | 1 => ("doc:88".to_owned(), Some(scope.to_owned())),
        2..6 => (prng.pick(&below).map_or_else(|| scope.to_owned(), |below| (*below).clone()), None),
        6 if matches!(scope, "org" | "realm") => {
            (prng.pick(&cast.scopes).cloned().unwrap_or_else(|| scope.to_owned()), None)
        }
        7 => (scope.to_owned(), prng.pick(&cast.scopes).cloned()),
        _ => (scope.to_owned(), None),
    }
}
