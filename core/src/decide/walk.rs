//! The exact answer: a walk over edges and grants, with times, conditions and denies.
//!
//! For each group the walk knows until when the user is in it, if so now, and else the first moment at which that
//! might be; once for what gives access and once for what a deny may be laid on. A grant is then a *candidate* for
//! the answer: the best one that holds is the answer, until it ends or a better one might begin.

use alloc::vec::Vec;
use core::cmp::Ordering;

use super::handle::ConditionSet;
use super::{DenyReason, Outcome, Uncertainty};
use crate::id::{Instant, RoleId};
use crate::limits::GROUPS_VISITED_MAX;
use crate::view::{
    Conditions, EVERYONE, Effect, Grant, Grants, Keys, Reach, Row, Spans, State, Via, Where, key_of,
};

/// Groups that a walk keeps without asking for memory.
const SEEN_INLINE: usize = 64;
/// Groups that a walk looks at, whether or not the user is in them now.
const SEEN_MAX: usize = 4 * GROUPS_VISITED_MAX;

/// A question whose words have been looked up.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asked {
    pub(crate) user: u32,
    pub(crate) permission: u32,
    pub(crate) place: Where,
    pub(crate) asserted: u64,
    pub(crate) at: Instant,
}

/// When somebody is in a group, or a grant holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Window {
    /// If now: until when at least. [`Instant::MIN`] if not now.
    until: Instant,
    /// The first moment from now on at which it might be. [`Instant::MAX`] for never.
    first: Instant,
}

impl Window {
    const NEVER: Self = Self { until: Instant::MIN, first: Instant::MAX };

    /// From `at` on.
    const fn from(at: Instant) -> Self {
        Self { until: Instant::MAX, first: at }
    }

    fn is_now(&self) -> bool {
        self.until != Instant::MIN
    }

    fn is_never(&self) -> bool {
        self.first == Instant::MAX
    }

    /// What is left of it within `spans`, which ascend.
    fn within(&self, spans: Spans<'_>, at: Instant) -> Self {
        if self.is_never() {
            return Self::NEVER;
        }
        let now = spans.iter().find(|span| span.contains(at)).filter(|_| self.is_now());
        let later = spans.iter().find(|span| self.first < span.until());
        Self {
            until: now.map_or(Instant::MIN, |span| self.until.min(span.until())),
            first: later.map_or(Instant::MAX, |span| self.first.max(span.from())),
        }
    }

    /// Takes over what `other` adds; whether that was anything.
    fn join(&mut self, other: Self) -> bool {
        let before = *self;
        self.until = self.until.max(other.until);
        self.first = self.first.min(other.first);
        before != *self
    }
}

/// A group on the walk.
#[derive(Clone, Copy, Debug)]
struct Seen {
    group: u32,
    /// Through enabled groups.
    allow: Window,
    /// Through any groups, but not by rules.
    deny: Window,
    /// What lies above has not been told yet.
    is_news: bool,
}

impl Seen {
    const NONE: Self = Self { group: 0, allow: Window::NEVER, deny: Window::NEVER, is_news: false };
}

/// The groups above a user, or above a group.
struct Walk<'a> {
    state: &'a State,
    at: Instant,
    first: [Seen; SEEN_INLINE],
    more: Vec<Seen>,
    /// Where the others are.
    places: Keys,
    len: usize,
    /// Where to look for news: there is none before.
    next: usize,
}

impl<'a> Walk<'a> {
    fn new(state: &'a State, at: Instant) -> Self {
        let (first, more, places) = ([Seen::NONE; SEEN_INLINE], Vec::new(), Keys::EMPTY);
        Self { state, at, first, more, places, len: 0, next: 0 }
    }

    fn get(&mut self, place: usize) -> Option<&mut Seen> {
        match place.checked_sub(SEEN_INLINE) {
            None => self.first.get_mut(place),
            Some(place) => self.more.get_mut(place),
        }
    }

    fn place_of(&self, group: u32) -> Option<usize> {
        let inline = self.first.get(..self.len.min(SEEN_INLINE)).unwrap_or_default();
        let found = inline.iter().position(|seen| seen.group == group);
        found.or_else(|| Some(self.places.find(&key_of(group))? as usize + SEEN_INLINE))
    }

    /// Goes over an edge from somebody who is in what lies below in these windows.
    fn step(&mut self, group: u32, via: Via, spans: Spans<'_>, (allow, deny): (Window, Window)) {
        let allow =
            if self.state.groups.is_enabled(group) { allow.within(spans, self.at) } else { Window::NEVER };
        let deny = if via == Via::Rule { Window::NEVER } else { deny.within(spans, self.at) };
        if allow.is_never() && deny.is_never() {
            return;
        }
        let place = match self.place_of(group) {
            Some(place) => place,
            None => self.add(group),
        };
        let Some(seen) = self.get(place) else { return };
        let is_news = seen.allow.join(allow) | seen.deny.join(deny);
        seen.is_news |= is_news;
        if is_news {
            self.next = self.next.min(place);
        }
    }

    fn add(&mut self, group: u32) -> usize {
        let place = self.len;
        let seen = Seen { group, ..Seen::NONE };
        match self.first.get_mut(place) {
            Some(slot) => *slot = seen,
            None => {
                self.more.push(seen);
                self.places.push(&key_of(group));
            }
        }
        self.len += 1;
        place
    }

    /// Goes up until there is no news; false when there are too many groups.
    fn run(&mut self) -> bool {
        while self.next < self.len && self.len <= SEEN_MAX {
            let place = self.next;
            self.next += 1;
            let Some(seen) = self.get(place) else { return false };
            if !core::mem::take(&mut seen.is_news) {
                continue;
            }
            let Seen { group, allow, deny, .. } = *seen;
            for edge in self.state.groups.parents(group) {
                self.step(edge.group, edge.via, edge.spans, (allow, deny));
            }
        }
        let now = |is_now: fn(&Seen) -> bool| self.seen().filter(|seen| is_now(seen)).count();
        self.len <= SEEN_MAX
            && now(|seen| seen.allow.is_now()) <= GROUPS_VISITED_MAX
            && now(|seen| seen.deny.is_now()) <= GROUPS_VISITED_MAX
    }

    /// The first moment at which the user may be in more groups or fewer.
    fn next_bound(&self) -> Instant {
        let windows =
            self.seen().flat_map(|seen| [seen.allow, seen.deny]).filter(|window| !window.is_never());
        let bounds = windows.map(|window| if window.is_now() { window.until } else { window.first });
        // A walk that was broken off has not seen all bounds.
        let whole = if self.len <= SEEN_MAX { Instant::MAX } else { self.at.plus_millis(1) };
        bounds.min().unwrap_or(Instant::MAX).min(whole)
    }

    fn seen(&self) -> impl Iterator<Item = &Seen> {
        (0..self.len).filter_map(|place| match place.checked_sub(SEEN_INLINE) {
            None => self.first.get(place),
            Some(place) => self.more.get(place),
        })
    }
}

/// How a candidate would answer: the least rank of those that hold is the answer.
#[derive(Clone, Copy, Debug)]
enum Rank<'a> {
    /// Deny, by a role of this name.
    Denied(&'a str, RoleId),
    /// Allow, if these conditions were asserted.
    Allowed(u64),
}

impl Rank<'_> {
    /// Denies first, by name; then what lacks the fewest conditions, of those the first by name.
    fn cmp(&self, other: &Self, conditions: &Conditions) -> Ordering {
        match (self, other) {
            (Self::Denied(one, id), Self::Denied(other, other_id)) => (one, id).cmp(&(other, other_id)),
            (Self::Denied(..), Self::Allowed(_)) => Ordering::Less,
            (Self::Allowed(_), Self::Denied(..)) => Ordering::Greater,
            (Self::Allowed(one), Self::Allowed(other)) => {
                one.count_ones().cmp(&other.count_ones()).then_with(|| conditions.cmp(*one, *other))
            }
        }
    }

    fn outcome(&self, base: u32) -> Outcome {
        match self {
            Self::Denied(_, role) => Outcome::Deny(DenyReason::DeniedBy(*role)),
            Self::Allowed(0) => Outcome::Allow,
            Self::Allowed(set) => {
                Outcome::Deny(DenyReason::ConditionRequired(ConditionSet { set: *set, base }))
            }
        }
    }
}

/// The outcome, and up to when it holds as far as edges and grants go.
pub(super) fn answer(state: &State, asked: &Asked) -> (Outcome, Instant) {
    answer_about(state, asked, &|grant| is_about(state, asked, grant))
}

/// The same of the grants that `is_about` takes.
pub(super) fn answer_about(
    state: &State,
    asked: &Asked,
    is_about: &dyn Fn(&Grant<'_>) -> bool,
) -> (Outcome, Instant) {
    let reached = match Reached::by(state, asked.user, asked.at) {
        Ok(reached) => reached,
        Err(answer) => return answer,
    };
    // Twice: the best that holds has to be known before it is known what would be better.
    let mut best: Option<(Rank<'_>, Instant)> = None;
    reached.each(&mut |one| {
        if !one.is_now() || !is_about(&one.grant) {
            return;
        }
        let (rank, window) = one.ranked(asked);
        let order = best.as_ref().map_or(Ordering::Less, |(best, _)| rank.cmp(best, &state.conditions));
        match (order, &mut best) {
            (Ordering::Equal, Some((_, until))) => *until = window.until.max(*until),
            (Ordering::Less, _) => best = Some((rank, window.until)),
            _ => {}
        }
    });
    let mut change = Instant::MAX;
    reached.each(&mut |one| {
        if one.is_now() || !is_about(&one.grant) {
            return;
        }
        let (rank, window) = one.ranked(asked);
        if best.as_ref().is_none_or(|(best, _)| rank.cmp(best, &state.conditions).is_lt()) {
            change = change.min(window.first);
        }
    });
    match &best {
        Some((rank, until)) => (rank.outcome(state.base), change.min(*until)),
        None => (Outcome::Deny(DenyReason::NoPath), change),
    }
}

/// What a user gets to, and by what.
pub(crate) struct Reached<'a> {
    walk: Walk<'a>,
    /// The grants for the user alone, for the person, and for everyone.
    own: [Grants<'a>; 3],
}

/// A grant to somebody that the user is, or is a member of.
pub(crate) struct Candidate<'a> {
    state: &'a State,
    pub(crate) grant: Grant<'a>,
    /// When it counts.
    window: Window,
}

impl<'a> Reached<'a> {
    /// Walks up from a user; else the answer to every question, and until when.
    pub(crate) fn by(state: &'a State, user: u32, at: Instant) -> Result<Self, (Outcome, Instant)> {
        let denied = |reason| Err((Outcome::Deny(reason), Instant::MAX));
        let personal = match state.users.row(user) {
            Some(Row::More(more)) if !more.present => return denied(DenyReason::UnknownUser),
            Some(Row::More(more)) if !more.active => return denied(DenyReason::InactiveUser),
            Some(Row::More(more)) => Some(more),
            _ => None,
        };
        let mut walk = Walk::new(state, at);
        let here = Window::from(at);
        state.each_edge(user, &mut |edge| walk.step(edge.group, edge.via, edge.spans, (here, here)));
        if !walk.run() {
            return Err((Outcome::Indeterminate(Uncertainty::TooLarge), walk.next_bound()));
        }
        let own = personal.map_or(Grants::NONE, |more| more.grants);
        let person = personal.and_then(|more| more.person);
        let person = person.map_or(Grants::NONE, |person| state.grants_of_person(person));
        Ok(Self { walk, own: [own, person, state.grants(EVERYONE)] })
    }

    /// Shows all grants that might count at some time.
    pub(crate) fn each(&self, see: &mut dyn FnMut(&Candidate<'a>)) {
        let Walk { state, at, .. } = self.walk;
        let here = Window::from(at);
        let mut see_all = |grants: Grants<'a>, allow: Window, deny: Window| {
            for grant in grants {
                let window = match grant.effect() {
                    Effect::Deny => deny,
                    Effect::Allow => allow,
                };
                let window = window.within(grant.spans(), at);
                if !window.is_never() {
                    see(&Candidate { state, grant, window });
                }
            }
        };
        for grants in self.own {
            see_all(grants, here, here);
        }
        for seen in self.walk.seen() {
            see_all(state.grants(seen.group), seen.allow, seen.deny);
        }
    }
}

impl<'a> Candidate<'a> {
    /// Whether it counts now.
    pub(crate) fn is_now(&self) -> bool {
        self.window.is_now()
    }

    /// The first moment at which it might begin or cease to count.
    pub(super) fn next_bound(&self) -> Instant {
        if self.is_now() { self.window.until } else { self.window.first }
    }

    fn ranked(&self, asked: &Asked) -> (Rank<'a>, Window) {
        let Self { state, grant, window } = *self;
        let rank = match grant.effect() {
            Effect::Deny => Rank::Denied(state.roles.names.get(grant.role()), state.roles.id(grant.role())),
            Effect::Allow => Rank::Allowed(grant.requires() & !asked.asserted),
        };
        (rank, window)
    }
}

/// Whether a grant is about the permission and the place of a question.
fn is_about(state: &State, asked: &Asked, grant: &Grant<'_>) -> bool {
    state.roles.has(grant.role(), asked.permission) && covers_grant(state, asked, grant)
}

/// Whether a grant counts at the place of a question.
pub(crate) fn covers_grant(state: &State, asked: &Asked, grant: &Grant<'_>) -> bool {
    match grant.reach() {
        Reach::Exact => grant.scope() == asked.place.scope,
        Reach::Subtree => covers(state, asked, grant.scope()),
    }
}

/// Whether what is granted on `scope` and below counts where the question is asked.
pub(super) fn covers(state: &State, asked: &Asked, scope: u32) -> bool {
    let places = state.scopes.places(&asked.place);
    places.is_some_and(|places| state.scopes.covers(&asked.place, places.as_slice(), scope))
}

/// Whether a deny holds for whoever is in `group`.
pub(crate) fn is_denied_in(state: &State, asked: &Asked, group: u32) -> bool {
    let mut walk = Walk::new(state, asked.at);
    let here = Window::from(asked.at);
    walk.step(group, Via::Manual, Spans::ALWAYS, (Window::NEVER, here));
    if !walk.run() {
        return true;
    }
    let denies = |seen: &Seen| {
        state.grants(seen.group).any(|grant| {
            grant.effect() == Effect::Deny
                && seen.deny.within(grant.spans(), asked.at).is_now()
                && is_about(state, asked, &grant)
        })
    };
    walk.seen().any(denies)
}
