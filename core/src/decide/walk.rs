//! The exact answer: a walk over edges and grants, with times, conditions and denies.
//!
//! For each group the walk knows until when the user is in it, if so now, and else the first moment at which that
//! might be; once for what gives access and once for what a deny may be laid on. A grant is then a *candidate* for
//! the answer: the best one that holds is the answer, until it ends or a better one might begin.

use alloc::vec::Vec;
use core::cmp::Ordering;

use super::handle::ConditionSet;
use super::{Decision, DenyReason, Outcome, Uncertainty};
use crate::id::Instant;
use crate::limits::GROUPS_VISITED_MAX;
use crate::view::{
    ANY_LINE, Bits, EVERYONE, Edge, Effect, Grant, Grants, Having, Reach, Spans, State, Via, Where,
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

impl Asked {
    /// What is to be filled in.
    pub(crate) const NOTHING: Self =
        Self { user: 0, permission: 0, place: Where::ORG, asserted: 0, at: Instant::MIN };

    /// The conditions that a grant requires and the caller does not vouch for.
    pub(crate) fn lacking(&self, grant: &Grant<'_>) -> u64 {
        grant.requires() & !self.asserted
    }
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
        if spans.is_always() {
            return *self;
        }
        let mut left = Self::NEVER;
        for span in spans.iter() {
            if left.is_never() && self.first < span.until() {
                left.first = self.first.max(span.from());
            }
            if self.is_now() && span.contains(at) {
                left.until = self.until.min(span.until());
            }
        }
        left
    }

    /// Takes over what `other` adds; whether that was anything.
    fn join(&mut self, other: Self) -> bool {
        let before = *self;
        self.until = self.until.max(other.until);
        self.first = self.first.min(other.first);
        before != *self
    }

    /// The first moment at which it might begin or cease to be; none in a window that never is.
    fn bound(&self) -> Instant {
        if self.is_now() { self.until } else { self.first }
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
pub(crate) struct Walk<'a> {
    state: &'a State,
    at: Instant,
    /// The grants for the user alone, for the person, and for everyone.
    own: [Grants<'a>; 3],
    first: [Seen; SEEN_INLINE],
    /// How many of those there are.
    len: usize,
    /// All groups, those at first too, once they are too many.
    more: Vec<Seen>,
    /// By group, its place in `more` plus one; nothing as long as that is empty.
    places: Vec<u32>,
    /// Where to look for news: there is none before.
    next: usize,
}

impl<'a> Walk<'a> {
    pub(crate) fn new(state: &'a State, at: Instant) -> Self {
        let (first, more, places) = ([Seen::NONE; SEEN_INLINE], Vec::new(), Vec::new());
        Self { state, at, own: [Grants::NONE; 3], first, len: 0, more, places, next: 0 }
    }

    /// Goes up from a user; false when there are too many groups.
    pub(crate) fn rise(&mut self, user: u32) -> bool {
        let state = self.state;
        let here = Window::from(self.at);
        let below = Seen { allow: here, deny: here, ..Seen::NONE };
        state.each_edge(user, &mut |edge| self.step(&below, &edge));
        let row = state.users.row(user);
        self.own = [row.grants(), state.grants_of_person(row.person()), state.grants(EVERYONE)];
        self.run()
    }

    fn seen(&self) -> &[Seen] {
        if self.more.is_empty() { self.first.get(..self.len).unwrap_or_default() } else { &self.more }
    }

    fn seen_mut(&mut self, place: usize) -> Option<&mut Seen> {
        if self.more.is_empty() { self.first.get_mut(place) } else { self.more.get_mut(place) }
    }

    fn place_of(&self, group: u32) -> Option<usize> {
        if !self.more.is_empty() {
            return self.places.get(group as usize)?.checked_sub(1).map(|place| place as usize);
        }
        for (place, seen) in self.seen().iter().enumerate() {
            if seen.group == group {
                return Some(place);
            }
        }
        None
    }

    /// Goes over an edge from `below`.
    fn step(&mut self, below: &Seen, edge: &Edge<'_>) {
        let Edge { group, via, spans } = *edge;
        let mut next = Seen { group, is_news: true, ..Seen::NONE };
        if self.state.groups.is_enabled(group) {
            next.allow = below.allow.within(spans, self.at);
        }
        if via != Via::Rule {
            next.deny = below.deny.within(spans, self.at);
        }
        if next.allow.is_never() && next.deny.is_never() {
            return;
        }
        let Some(place) = self.place_of(group) else { return self.add(next) };
        let Some(seen) = self.seen_mut(place) else { return };
        if seen.allow.join(next.allow) | seen.deny.join(next.deny) {
            seen.is_news = true;
            self.next = self.next.min(place);
        }
    }

    fn add(&mut self, seen: Seen) {
        if self.more.is_empty() {
            if let Some(slot) = self.first.get_mut(self.len) {
                *slot = seen;
                self.len += 1;
                return;
            }
            self.places.resize(self.state.groups.len(), 0);
            self.len = 0;
            let first = self.first;
            for seen in &first {
                self.keep(*seen);
            }
        }
        self.keep(seen);
    }

    fn keep(&mut self, seen: Seen) {
        self.more.push(seen);
        self.len += 1;
        if let Some(place) = self.places.get_mut(seen.group as usize) {
            *place = self.len as u32;
        }
    }

    /// Goes up until there is no news; false when there are too many groups.
    fn run(&mut self) -> bool {
        while self.next < self.len && self.len <= SEEN_MAX {
            let place = self.next;
            self.next += 1;
            let Some(seen) = self.seen_mut(place) else { return false };
            if core::mem::take(&mut seen.is_news) {
                let below = *seen;
                for edge in self.state.groups.parents(below.group) {
                    self.step(&below, &edge);
                }
            }
        }
        let (mut allow, mut deny) = (0, 0);
        for seen in self.seen() {
            allow += usize::from(seen.allow.is_now());
            deny += usize::from(seen.deny.is_now());
        }
        self.len <= SEEN_MAX && allow <= GROUPS_VISITED_MAX && deny <= GROUPS_VISITED_MAX
    }

    /// The first moment at which the user may be in more groups or fewer.
    fn next_bound(&self) -> Instant {
        // A walk that was broken off has not seen all bounds.
        let mut bound = if self.len <= SEEN_MAX { Instant::MAX } else { self.at.plus_millis(1) };
        for seen in self.seen() {
            bound = bound.min(seen.allow.bound()).min(seen.deny.bound());
        }
        bound
    }

    /// All grants that `is_about` takes and that might count at some time: those of roles that have `permission`, if one is
    /// told.
    pub(crate) fn candidates<'w>(
        &'w self,
        permission: Option<u32>,
        is_about: &'w dyn Fn(&Grant<'a>) -> bool,
    ) -> Candidates<'w, 'a> {
        let State { lines, permissions, .. } = self.state;
        let bits = permission.map_or(ANY_LINE, |permission| lines.bits_of(permission));
        let having = permission.map(|permission| permissions.having(permission));
        let (allow, deny) = (Window::NEVER, Window::NEVER);
        Candidates { walk: self, bits, having, is_about, list: 0, grants: Grants::NONE, allow, deny }
    }
}

/// The grants to whatever the user is, or is a member of.
pub(crate) struct Candidates<'w, 'a> {
    walk: &'w Walk<'a>,
    /// What the line of a group has whose grants may be among them.
    bits: Bits,
    having: Option<Having<'a>>,
    is_about: &'w dyn Fn(&Grant<'a>) -> bool,
    /// The list that comes after `grants`.
    list: usize,
    grants: Grants<'a>,
    /// When an allow grant among them counts, if it holds itself.
    allow: Window,
    /// The same of a deny.
    deny: Window,
}

/// A grant that might count at some time.
pub(crate) struct Candidate<'a> {
    pub(crate) grant: Grant<'a>,
    /// When it counts.
    window: Window,
}

impl<'a> Candidates<'_, 'a> {
    /// Turns to the next list; none after the last.
    fn turn(&mut self) -> Option<()> {
        let walk = self.walk;
        let own = walk.own.get(self.list);
        let group = self.list.checked_sub(walk.own.len()).and_then(|place| walk.seen().get(place));
        self.list += 1;
        let here = Window::from(walk.at);
        (self.grants, self.allow, self.deny) = match own {
            Some(grants) => (*grants, here, here),
            None => group.map(|seen| (self.grants_of(seen.group), seen.allow, seen.deny))?,
        };
        Some(())
    }

    /// The grants of a group; none where its line says that none of them can be about it.
    fn grants_of(&self, group: u32) -> Grants<'a> {
        let state = self.walk.state;
        if state.lines.has(group, self.bits) { state.grants(group) } else { Grants::NONE }
    }

    /// Whether a grant is one of those asked for.
    fn takes(&self, grant: &Grant<'a>) -> bool {
        self.having.is_none_or(|having| having.has(grant.role())) && (self.is_about)(grant)
    }
}

impl<'a> Iterator for Candidates<'_, 'a> {
    type Item = Candidate<'a>;

    #[inline(never)]
    fn next(&mut self) -> Option<Candidate<'a>> {
        loop {
            let Some(grant) = self.grants.next() else {
                self.turn()?;
                continue;
            };
            if !self.takes(&grant) {
                continue;
            }
            let window = match grant.effect() {
                Effect::Deny => self.deny,
                Effect::Allow => self.allow,
            };
            let window = window.within(grant.spans(), self.walk.at);
            if !window.is_never() {
                return Some(Candidate { grant, window });
            }
        }
    }
}

impl Candidate<'_> {
    /// Whether it counts now.
    pub(crate) fn is_now(&self) -> bool {
        self.window.is_now()
    }

    /// The first moment at which it might begin or cease to count.
    pub(super) fn next_bound(&self) -> Instant {
        self.window.bound()
    }
}

/// Answers in `decision`, which is one for want of a path.
pub(super) fn answer(state: &State, asked: &Asked, decision: &mut Decision) {
    answer_about(state, asked, Some(asked.permission), &|grant| covers_grant(state, asked, grant), decision);
}

/// The same of the grants that `is_about` takes, of roles that have `permission` if one is told.
pub(super) fn answer_about(
    state: &State,
    asked: &Asked,
    permission: Option<u32>,
    is_about: &dyn Fn(&Grant<'_>) -> bool,
    decision: &mut Decision,
) {
    let mut walk = Walk::new(state, asked.at);
    if !walk.rise(asked.user) {
        decision.outcome = Outcome::Indeterminate(Uncertainty::TooLarge);
        return decision.end(walk.next_bound());
    }
    // What holds comes first: only then is it known what would be better.
    let (mut best, mut until, mut is_one_later) = (None, Instant::MAX, false);
    for is_now in &[true, false] {
        if !is_now && !is_one_later {
            break;
        }
        for one in walk.candidates(permission, is_about) {
            if one.is_now() != *is_now {
                is_one_later = true;
                continue;
            }
            let order = best.map_or(Ordering::Less, |best| rank(state, asked, &one.grant, &best));
            match (order, is_now) {
                (Ordering::Less, true) => (best, until) = (Some(one.grant), one.window.until),
                (Ordering::Equal, true) => until = until.max(one.window.until),
                (Ordering::Less, false) => until = until.min(one.window.first),
                _ => {}
            }
        }
    }
    if let Some(best) = best {
        decision.outcome = outcome(state, asked, &best);
    }
    decision.end(until);
}

/// Which of two grants answers: denies first, by name; then what lacks the fewest conditions, of those the first by
/// name.
fn rank(state: &State, asked: &Asked, one: &Grant<'_>, other: &Grant<'_>) -> Ordering {
    let (name, id) = (|role| state.roles.names.get(role), |role| state.roles.id(role));
    match (one.effect(), other.effect()) {
        (Effect::Deny, Effect::Deny) => {
            let (one, other) = (one.role(), other.role());
            name(one).cmp(name(other)).then_with(|| id(one).cmp(&id(other)))
        }
        (Effect::Deny, Effect::Allow) => Ordering::Less,
        (Effect::Allow, Effect::Deny) => Ordering::Greater,
        (Effect::Allow, Effect::Allow) => {
            let (one, other) = (asked.lacking(one), asked.lacking(other));
            let by_name = || match state.conditions.first(one ^ other) {
                None => Ordering::Equal,
                Some(first) if one >> first & 1 == 1 => Ordering::Less,
                Some(_) => Ordering::Greater,
            };
            one.count_ones().cmp(&other.count_ones()).then_with(by_name)
        }
    }
}

/// What a grant that holds answers when no other goes before it.
fn outcome(state: &State, asked: &Asked, grant: &Grant<'_>) -> Outcome {
    match (grant.effect(), asked.lacking(grant)) {
        (Effect::Deny, _) => Outcome::Deny(DenyReason::DeniedBy(state.roles.id(grant.role()))),
        (Effect::Allow, 0) => Outcome::Allow,
        (Effect::Allow, set) => {
            Outcome::Deny(DenyReason::ConditionRequired(ConditionSet { set, base: state.base }))
        }
    }
}

/// Whether a grant counts at the place of a question.
pub(crate) fn covers_grant(state: &State, asked: &Asked, grant: &Grant<'_>) -> bool {
    match grant.reach() {
        Reach::Exact => grant.scope() == asked.place.scope,
        Reach::Subtree => state.scopes.covers(&asked.place, grant.scope()),
    }
}

/// Whether a deny holds for whoever is in `group`.
pub(crate) fn is_denied_in(state: &State, asked: &Asked, group: u32) -> bool {
    let mut walk = Walk::new(state, asked.at);
    let edge = Edge { group, via: Via::Manual, spans: Spans::ALWAYS };
    walk.step(&Seen { deny: Window::from(asked.at), ..Seen::NONE }, &edge);
    let is_deny = |grant: &Grant<'_>| grant.effect() == Effect::Deny && covers_grant(state, asked, grant);
    !walk.run() || walk.candidates(Some(asked.permission), &is_deny).any(|one| one.is_now())
}
