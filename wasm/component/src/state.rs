//! An open state as a resource, and every question to it.

use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::cell::{Cell, RefCell};
use core::sync::atomic::{AtomicU64, Ordering};

use cohort_core::decide::{self, AmbiguousName, ConditionSet, Query, RoleCheck, StaleHandle, has_role};
use cohort_core::explain::explain;
use cohort_core::id::{Instant, Revision, ScopeId};
use cohort_core::view::Snapshot;
use cohort_core::who_can::{WhoCan, scopes_where_can, users_who_can};

use crate::bindings::exports::cohort::decisions::access::{
    self, Answer, Check, ConditionsBorrow, CursorBorrow, Error, Moment, PlaceBorrow, Question, UserBorrow,
    UserPage,
};
use crate::convert;
use crate::looked_up::{Conditions, Cursor, Handle, Owner, Permission, Place, User};
use crate::selection::{Present, Selection};

/// How many states were opened.
static OPENED: AtomicU64 = AtomicU64::new(0);

/// An open state.
pub(crate) struct State {
    owner: Owner,
    snapshot: RefCell<Snapshot>,
    present: Present,
}

impl Drop for State {
    fn drop(&mut self) {
        self.present.set(None);
    }
}

impl access::GuestState for State {
    fn open(snapshot: Vec<u8>) -> Result<access::State, Error> {
        let snapshot = Snapshot::open(&snapshot).map_err(|cause| convert::open_error(&cause))?;
        let owner = Owner(OPENED.fetch_add(1, Ordering::Relaxed));
        let present = Rc::new(Cell::new(Some(snapshot.header().revision)));
        Ok(access::State::new(Self { owner, snapshot: RefCell::new(snapshot), present }))
    }

    fn apply(&self, delta: Vec<u8>) -> Result<(), Error> {
        let mut snapshot = self.snapshot.borrow_mut();
        snapshot.apply(&delta).map_err(|cause| convert::apply_error(&cause))?;
        self.present.set(Some(snapshot.header().revision));
        Ok(())
    }

    fn revision(&self) -> u64 {
        self.snapshot.borrow().header().revision.number()
    }

    fn valid_until(&self) -> Moment {
        self.snapshot.borrow().header().valid_until.as_millis()
    }

    fn decide(&self, question: Question) -> Result<Answer, Error> {
        asking(&question, |query| convert::answer(&decide::decide(&self.snapshot.borrow(), query)))
    }

    fn explain(&self, question: Question) -> Result<String, Error> {
        let snapshot = self.snapshot.borrow();
        asking(&question, |query| explain(&snapshot, query).to_text(&snapshot))
    }

    fn user(&self, subject: String) -> Result<Option<access::User>, Error> {
        let user = self.snapshot.borrow().user(&subject).map_err(|AmbiguousName| convert::ambiguous())?;
        Ok(user.map(|user| access::User::new(Handle::new(self.owner, user))))
    }

    fn permission(&self, name: String) -> Option<access::Permission> {
        let permission = self.snapshot.borrow().permission(&name)?;
        Some(access::Permission::new(Handle::new(self.owner, permission)))
    }

    fn place(&self, scope: String, parent: Option<String>) -> Result<access::Place, Error> {
        let parent = parent.as_deref().unwrap_or("org");
        let place = self.snapshot.borrow().place_in(&scope, parent);
        let place = place.map_err(|cause| convert::id_error(&cause))?;
        Ok(access::Place::new(Handle::new(self.owner, place)))
    }

    fn conditions(&self, names: Vec<String>) -> Result<access::Conditions, Error> {
        convert::expect_few(&names)?;
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let set = self.snapshot.borrow().conditions(&names);
        Ok(access::Conditions::new(Handle::new(self.owner, set)))
    }

    fn check(&self, check: Check<'_>) -> Result<Answer, Error> {
        self.answered(&check)
    }

    fn check_many(&self, checks: Vec<Check<'_>>) -> Result<Vec<Answer>, Error> {
        checks.iter().map(|check| self.answered(check)).collect()
    }

    fn has_role(&self, check: access::RoleCheck<'_>) -> Result<Answer, Error> {
        let snapshot = self.snapshot.borrow();
        let asked = RoleCheck {
            user: check.user.get::<User>().of(self.owner)?,
            role: check.role.parse().map_err(|cause| convert::id_error(&cause))?,
            place: self.placed(&snapshot, check.place.as_ref())?,
            conditions: self.asserted(check.conditions.as_ref())?,
            at: Instant::from_millis(check.at),
        };
        let decision = has_role(&snapshot, &asked).map_err(|StaleHandle| convert::stale())?;
        Ok(convert::answer(&decision))
    }

    fn select(
        &self,
        user: UserBorrow<'_>,
        conditions: Option<ConditionsBorrow<'_>>,
        at: Moment,
    ) -> Result<access::Selection, Error> {
        let user = user.get::<User>().of(self.owner)?;
        let conditions = self.asserted(conditions.as_ref())?;
        let selected = self.snapshot.borrow().select(user, conditions, Instant::from_millis(at));
        let selected = selected.map_err(|StaleHandle| convert::stale())?;
        let (owner, present) = (self.owner, Rc::clone(&self.present));
        Ok(access::Selection::new(Selection { owner, present, selected }))
    }

    fn who_can(
        &self,
        asked: access::WhoCan<'_>,
        after: Option<CursorBorrow<'_>>,
        limit: u32,
    ) -> Result<UserPage, Error> {
        let snapshot = self.snapshot.borrow();
        let question = WhoCan {
            permission: asked.permission.get::<Permission>().of(self.owner)?,
            place: self.placed(&snapshot, asked.place.as_ref())?,
            conditions: self.asserted(asked.conditions.as_ref())?,
            at: Instant::from_millis(asked.at),
        };
        let after = after.map(|cursor| cursor.get::<Cursor>().of(self.owner)).transpose()?;
        let page = users_who_can(&snapshot, &question, after, limit as usize).map_err(convert::list_error)?;
        let next = page.next.map(|cursor| access::Cursor::new(Handle::new(self.owner, cursor)));
        Ok(UserPage { users: page.users.iter().map(ToString::to_string).collect(), next })
    }

    fn where_can(&self, check: Check<'_>, after: Option<String>, limit: u32) -> Result<Vec<String>, Error> {
        let snapshot = self.snapshot.borrow();
        let question = self.looked_up(&snapshot, &check)?;
        let after = after.as_deref().map(ScopeId::parse).transpose();
        let after = after.map_err(|cause| convert::id_error(&cause))?;
        let scopes = scopes_where_can(&snapshot, &question, after.as_ref(), limit as usize);
        let scopes = scopes.map_err(convert::list_error)?;
        Ok(scopes.iter().map(ToString::to_string).collect())
    }
}

impl State {
    fn answered(&self, check: &Check<'_>) -> Result<Answer, Error> {
        let snapshot = self.snapshot.borrow();
        let check = self.looked_up(&snapshot, check)?;
        let decision = decide::check(&snapshot, &check).map_err(|StaleHandle| convert::stale())?;
        Ok(convert::answer(&decision))
    }

    /// The question in the words of the core.
    fn looked_up(&self, snapshot: &Snapshot, check: &Check<'_>) -> Result<decide::Check, Error> {
        Ok(decide::Check {
            user: check.user.get::<User>().of(self.owner)?,
            permission: check.permission.get::<Permission>().of(self.owner)?,
            place: self.placed(snapshot, check.place.as_ref())?,
            conditions: self.asserted(check.conditions.as_ref())?,
            at: Instant::from_millis(check.at),
        })
    }

    fn placed(&self, snapshot: &Snapshot, place: Option<&PlaceBorrow<'_>>) -> Result<decide::Place, Error> {
        place.map_or_else(|| Ok(snapshot.org_place()), |place| place.get::<Place>().of(self.owner))
    }

    fn asserted(&self, conditions: Option<&ConditionsBorrow<'_>>) -> Result<Option<ConditionSet>, Error> {
        conditions.map(|set| set.get::<Conditions>().of(self.owner)).transpose()
    }
}

/// Puts a question by name as the core takes it.
fn asking<T>(question: &Question, ask: impl FnOnce(&Query<'_>) -> T) -> Result<T, Error> {
    convert::expect_few(&question.conditions)?;
    let conditions: Vec<&str> = question.conditions.iter().map(String::as_str).collect();
    Ok(ask(&Query {
        subject: &question.subject,
        permission: &question.permission,
        scope: question.scope.as_deref(),
        parent: question.parent.as_deref(),
        at: Instant::from_millis(question.at),
        conditions: &conditions,
        at_least: Revision::new(question.at_least),
    }))
}
