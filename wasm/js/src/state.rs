//! An opened snapshot or slice, and everything that it can be asked.

use alloc::string::String;
use alloc::vec::Vec;

use cohort_core::decide::{
    AmbiguousName, Check, ConditionSet, Decision, DenyReason, Outcome, Permission, Place, Query, RoleCheck,
    User, check, decide, has_role,
};
use cohort_core::explain::explain;
use cohort_core::id::{Instant, RoleId};
use cohort_core::view::{Snapshot, Subject};
use cohort_core::who_can::{Cursor, WhoCan, WhoCanError, users_who_can};

use crate::answer::{self, STALE};
use crate::fault::Fault;
use crate::room::Texts;

/// Entries of one list: a bound for a caller who looks up again and again.
const ENTRIES_MAX: usize = 1 << 22;
/// What no role has as its id.
const NO_ROLE: RoleId = RoleId::from_u128(0);
/// Places in lists that are remembered for going on.
const CURSORS_MAX: u32 = 64;

/// One organisation at one revision, and what was looked up in it: handles by number, in the order of the look-ups.
pub(crate) struct State {
    snapshot: Snapshot,
    users: Vec<User>,
    permissions: Vec<Permission>,
    places: Vec<Place>,
    conditions: Vec<ConditionSet>,
    /// How many there have been, and the last of them: each at the remainder of its number.
    cursors: (u32, Vec<Cursor>),
    /// Up to when the last answer holds, and what it would have taken to allow.
    until: Instant,
    required: ConditionSet,
}

impl State {
    pub(crate) fn open(payload: &[u8]) -> Result<Self, Fault> {
        let snapshot = Snapshot::open(payload)?;
        Ok(Self {
            snapshot,
            users: Vec::new(),
            permissions: Vec::new(),
            places: Vec::new(),
            conditions: Vec::new(),
            cursors: (0, Vec::new()),
            until: Instant::MIN,
            required: ConditionSet::default(),
        })
    }

    pub(crate) fn apply(&mut self, payload: &[u8]) -> Result<i32, Fault> {
        self.snapshot.apply(payload)?;
        Ok(0)
    }

    pub(crate) fn user(&mut self, name: &str) -> Result<i32, Fault> {
        let user = self.snapshot.user(name)?;
        keep(&mut self.users, user)
    }

    pub(crate) fn id(&self, name: &str, said: &mut String) -> Result<i32, Fault> {
        said.clear();
        match self.snapshot.subject(name) {
            Subject::User(id) => id.say(said),
            Subject::Unknown => {}
            Subject::Ambiguous => return Err(AmbiguousName.into()),
        }
        Ok(0)
    }

    pub(crate) fn permission(&mut self, name: &str) -> Result<i32, Fault> {
        let permission = self.snapshot.permission(name);
        keep(&mut self.permissions, permission)
    }

    pub(crate) fn has_permission(&self, name: &str) -> i32 {
        if self.snapshot.knows_permission(name) { 0 } else { STALE }
    }

    pub(crate) fn place(&mut self, texts: &mut Texts<'_>) -> Result<i32, Fault> {
        let place = self.place_of(texts)?;
        keep(&mut self.places, Some(place))
    }

    pub(crate) fn conditions(&mut self, texts: &mut Texts<'_>) -> Result<i32, Fault> {
        let conditions = self.rest_of(texts);
        keep(&mut self.conditions, conditions)
    }

    pub(crate) fn check(&mut self, user: u32, permission: u32, place: u32, conditions: u32, at: f64) -> i32 {
        let decision = self.checked(user, permission, place, conditions, at);
        self.told(decision)
    }

    pub(crate) fn decide(&mut self, texts: &mut Texts<'_>, at: f64, at_least: f64) -> i32 {
        let decision = self.asked(texts, at, at_least, decide);
        self.told(Some(decision))
    }

    pub(crate) fn explain(&self, texts: &mut Texts<'_>, at: f64, at_least: f64) -> String {
        self.asked(texts, at, at_least, |snapshot, query| explain(snapshot, query).to_text(snapshot))
    }

    pub(crate) fn has_role(&mut self, user: u32, texts: &mut Texts<'_>, at: f64) -> Result<i32, Fault> {
        let role = texts.text();
        let role = role.parse().ok().or_else(|| self.snapshot.role_named(role)).unwrap_or(NO_ROLE);
        let place = self.place_of(texts)?;
        let conditions = self.rest_of(texts);
        let at = answer::instant(at);
        let asked =
            self.users.get(user as usize).map(|user| RoleCheck { user: *user, role, place, conditions, at });
        let decision = asked.and_then(|asked| has_role(&self.snapshot, &asked).ok());
        Ok(self.told(decision))
    }

    pub(crate) fn who_can(
        &mut self,
        permission: u32,
        texts: &mut Texts<'_>,
        at: f64,
        (from, limit): (i32, u32),
        said: &mut String,
    ) -> Result<i32, Fault> {
        let from = u32::try_from(from).ok();
        let from = from.map(|number| self.cursor(number).ok_or(WhoCanError::Stale)).transpose()?;
        let permission = *self.permissions.get(permission as usize).ok_or(WhoCanError::Stale)?;
        let place = self.place_of(texts)?;
        let conditions = self.rest_of(texts);
        let asked = WhoCan { permission, place, conditions, at: answer::instant(at) };
        let page = users_who_can(&self.snapshot, &asked, from, limit as usize)?;
        said.clear();
        for user in page.users {
            user.say(said);
            said.push('\n');
        }
        Ok(page.next.map_or(STALE, |next| self.remember(next)))
    }

    pub(crate) fn select(&mut self, user: u32, texts: &mut Texts<'_>, at: f64) -> i32 {
        let conditions = self.rest_of(texts);
        let user = self.users.get(user as usize);
        let selection =
            user.and_then(|user| self.snapshot.select(*user, conditions, answer::instant(at)).ok());
        selection.map_or(STALE, |selection| {
            self.until = selection.valid_until();
            0
        })
    }

    pub(crate) fn until(&self) -> f64 {
        answer::millis(self.until)
    }

    pub(crate) fn required(&self, said: &mut String) {
        said.clear();
        for name in self.required.names(&self.snapshot) {
            said.push_str(name);
            said.push('\n');
        }
    }

    pub(crate) fn revision(&self) -> f64 {
        answer::number(self.snapshot.header().revision)
    }

    pub(crate) fn valid_until(&self) -> f64 {
        answer::millis(self.snapshot.header().valid_until)
    }

    /// The number of a decision, whose rest can be asked for until the next.
    fn told(&mut self, decision: Option<Decision>) -> i32 {
        let Some(decision) = decision else { return STALE };
        self.until = decision.valid_until;
        if let Outcome::Deny(DenyReason::ConditionRequired(conditions)) = decision.outcome {
            self.required = conditions;
        }
        answer::code(&decision)
    }

    fn checked(&self, user: u32, permission: u32, place: u32, conditions: u32, at: f64) -> Option<Decision> {
        let user = *self.users.get(user as usize)?;
        let permission = *self.permissions.get(permission as usize)?;
        let place = *self.places.get(place as usize)?;
        let conditions = Some(*self.conditions.get(conditions as usize)?);
        check(&self.snapshot, &Check { user, permission, place, conditions, at: answer::instant(at) }).ok()
    }

    /// What `answer` says to a question by names: user, permission, scope, parent, conditions.
    fn asked<T>(
        &self,
        texts: &mut Texts<'_>,
        at: f64,
        at_least: f64,
        answer: fn(&Snapshot, &Query<'_>) -> T,
    ) -> T {
        let (subject, permission, scope, parent) = (texts.text(), texts.text(), texts.text(), texts.text());
        let (scope, parent, conditions) = (Some(scope), Some(parent), &*texts.rest());
        let (at, at_least) = (answer::instant(at), answer::revision(at_least));
        answer(&self.snapshot, &Query { subject, permission, scope, parent, at, conditions, at_least })
    }

    /// The place that the next two texts name: scope, parent.
    fn place_of(&self, texts: &mut Texts<'_>) -> Result<Place, Fault> {
        Ok(self.snapshot.place_in(texts.text(), texts.text())?)
    }

    /// The conditions that the last texts name.
    fn rest_of(&self, texts: &mut Texts<'_>) -> Option<ConditionSet> {
        Some(self.snapshot.conditions(&texts.rest()))
    }

    fn cursor(&self, number: u32) -> Option<Cursor> {
        let (count, cursors) = &self.cursors;
        let is_kept = number < *count && count - number <= CURSORS_MAX;
        cursors.get((number % CURSORS_MAX) as usize).copied().filter(|_| is_kept)
    }

    /// The number of a place in a list; the oldest is forgotten for it.
    fn remember(&mut self, cursor: Cursor) -> i32 {
        let (count, cursors) = &mut self.cursors;
        let number = *count;
        match cursors.get_mut((number % CURSORS_MAX) as usize) {
            Some(oldest) => *oldest = cursor,
            None => cursors.push(cursor),
        }
        *count += 1;
        number as i32
    }
}

/// The number of a handle that is kept from now on; below 0 for none.
fn keep<T>(kept: &mut Vec<T>, handle: Option<T>) -> Result<i32, Fault> {
    let Some(handle) = handle else { return Ok(STALE) };
    if kept.len() >= ENTRIES_MAX {
        return Err(Fault::handles());
    }
    kept.push(handle);
    Ok(kept.len() as i32 - 1)
}
