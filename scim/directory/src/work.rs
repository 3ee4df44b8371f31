//! One request at work: rows and graph changed together, or not at all.
//!
//! A use case is a function over [`Work`]. It reads and writes rows, applies changes to the graph, and says when
//! it really changed something. [`carry_out`] then adds what every request leaves behind, the revision with its
//! facts and the audit record, or takes everything back.

use std::sync::Arc;

use cohort_core::change::Change;
use cohort_core::encode;
use cohort_core::graph::{GraphError, Move};
use cohort_core::id::{Instant, Revision};
use cohort_core::view::FactChange;

use crate::ambient::Ambient;
use crate::audit::{AuditRecord, LastRecord};
use crate::effort::{Changed, Effort};
use crate::error::StoreError;
use crate::moment::Moment;
use crate::org::Org;
use crate::store::log::LogRow;
use crate::store::users::Stamp;
use crate::store::{OrgKey, Store};
use crate::token;

/// Whether a use case leaves a trace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// It does.
    Commit,
    /// It goes the same way to its answer, which is then all that is left of it.
    DryRun,
}

/// What a use case gives, and the revision at which that holds.
#[derive(Debug, Clone, PartialEq)]
pub struct Written<T> {
    /// The answer.
    pub value: T,
    /// The revision that the request made, or the present one if it changed nothing.
    pub revision: Revision,
}

/// Who asks for what: the part of a request that is the same for all use cases.
#[derive(Clone)]
pub(crate) struct Request {
    /// As the audit trail names the caller.
    pub(crate) actor: String,
    /// Such as `group.create`.
    pub(crate) action: &'static str,
    pub(crate) mode: Mode,
    pub(crate) ambient: Arc<dyn Ambient>,
    pub(crate) effort: Effort,
}

/// Moves that one audit record spells out; a rule over everybody would fill the disk.
const MOVES_TOLD_MAX: usize = 1_000;

/// A request under way.
pub(crate) struct Work<'a> {
    pub(crate) rows: &'a mut dyn Store,
    pub(crate) org: &'a mut Org,
    /// The moment at which the request happens, the same for all of it.
    pub(crate) now: Instant,
    request: &'a Request,
    facts: Vec<Vec<FactChange>>,
    /// For each change that was applied, the changes that take it back.
    undo: Vec<Vec<Change>>,
    moves: Vec<String>,
    untold_moves: usize,
    target: String,
    changed: bool,
}

impl Work<'_> {
    /// The organisation's row.
    pub(crate) fn org_key(&self) -> OrgKey {
        self.org.key
    }

    /// As the audit trail names the caller.
    pub(crate) fn actor(&self) -> &str {
        &self.request.actor
    }

    /// Whether nothing of the request will be left.
    pub(crate) fn is_dry_run(&self) -> bool {
        self.request.mode == Mode::DryRun
    }

    /// A token for `purpose`, which is nowhere else, and the hash by which it is kept; none without randomness.
    pub(crate) fn fresh_token(&self, purpose: &str) -> Option<(String, [u8; 32])> {
        let fresh = token::fresh(purpose, &*self.request.ambient)?;
        let hash = token::hash(&fresh)?;
        Some((fresh, hash))
    }

    /// Bits of an id that nothing has yet.
    pub(crate) fn new_id(&self) -> u128 {
        self.request.ambient.new_id()
    }

    /// The revision that the request will make.
    pub(crate) fn revision(&self) -> Revision {
        self.org.revision.next()
    }

    /// The stamp of a resource made now.
    pub(crate) fn stamp(&self) -> Stamp {
        Stamp::new(self.now, self.revision())
    }

    /// The stamp of a resource changed now.
    pub(crate) fn restamp(&self, stamp: Stamp) -> Stamp {
        stamp.changed(self.now, self.revision())
    }

    /// Says what the request is about, and that it changes something there.
    pub(crate) fn changes(&mut self, target: impl Into<String>) {
        self.changed = true;
        self.target = target.into();
    }

    /// Changes the graph.
    ///
    /// # Errors
    /// [`GraphError`] when the change breaks an invariant.
    pub(crate) fn apply(&mut self, change: &Change) -> Result<(), GraphError> {
        let cause = self.cause(change);
        // A removed group or user is gone when the moves are told.
        let names = self.names(change);
        let applied = self.org.graph.apply(change)?;
        for one in &applied.moves {
            self.tell(one, &cause, &names);
        }
        if !applied.facts.is_empty() {
            self.facts.push(applied.facts);
        }
        self.undo.push(applied.inverse);
        Ok(())
    }

    /// Why rules let users in or out when `change` is applied.
    fn cause(&self, change: &Change) -> String {
        match change {
            Change::SetUser(user) => match self.org.graph.user(user.id) {
                Some(before) => {
                    let fields: Vec<&str> = before.profile.changed_fields(&user.profile).collect();
                    let what = if fields.is_empty() { "user".to_owned() } else { fields.join(", ") };
                    format!("{what} changed")
                }
                None => "new user".to_owned(),
            },
            Change::SetGroup(_) => "rule changed".to_owned(),
            Change::RemoveUser(_) => "user removed".to_owned(),
            Change::RemoveGroup(_) => "group removed".to_owned(),
            _ => "exclusion changed".to_owned(),
        }
    }

    fn names(&self, change: &Change) -> (String, String) {
        let graph = &self.org.graph;
        let user = |id| graph.user(id).map(|user| user.name.clone()).unwrap_or_default();
        let group = |id| graph.group(id).map(|group| group.slug.clone()).unwrap_or_default();
        match change {
            Change::RemoveUser(id) => (user(*id), String::new()),
            Change::RemoveGroup(id) => (String::new(), group(*id)),
            _ => (String::new(), String::new()),
        }
    }

    fn tell(&mut self, one: &Move, cause: &str, (gone_user, gone_group): &(String, String)) {
        if self.moves.len() == MOVES_TOLD_MAX {
            self.untold_moves += 1;
            return;
        }
        let graph = &self.org.graph;
        let user = graph.user(one.user).map_or(gone_user.as_str(), |user| &user.name);
        let group = graph.group(one.group).map_or(gone_group.as_str(), |group| &group.slug);
        let verb = if one.joined { "joined" } else { "left" };
        self.moves.push(format!("{user} {verb} {group} by rule: {cause}"));
    }

    /// Writes what every request leaves behind.
    fn finish(&mut self) -> Result<(), StoreError> {
        if !self.changed {
            debug_assert!(self.facts.is_empty(), "a request that changes facts says so");
            return Ok(());
        }
        let revision = self.revision();
        let facts = encode::merged(std::mem::take(&mut self.facts));
        let fact_count = facts.len() as u64;
        let facts = encode::changes_to_bytes(&facts);
        let key = self.org.key;
        self.rows.add_revision(key, &LogRow { revision, at: self.now, facts })?;
        self.rows.set_org_revision(key, revision)?;
        let record = self.record(revision);
        self.request.effort.add_change(Changed {
            revision: revision.number(),
            action: record.action.clone(),
            target: record.target.clone(),
            facts: fact_count,
        });
        self.rows.add_audit(key, &record)?;
        self.org.last_audit = Some(LastRecord::from(&record));
        self.org.revision = revision;
        Ok(())
    }

    fn record(&mut self, revision: Revision) -> AuditRecord {
        let mut moves = std::mem::take(&mut self.moves);
        if self.untold_moves > 0 {
            moves.push(format!("and {} more", self.untold_moves));
        }
        let record = AuditRecord {
            seq: 0,
            revision: revision.number(),
            at: Moment(self.now),
            actor: self.request.actor.clone(),
            action: self.request.action.to_owned(),
            target: std::mem::take(&mut self.target),
            moves,
            previous: String::new(),
            hash: String::new(),
        };
        record.sealed(self.org.last_audit.as_ref())
    }

    /// Takes back what was done to the graph, the last change first.
    ///
    /// # Errors
    /// [`GraphError`] if an inverse does not fit the state that it was made for: a fault in the graph.
    fn undo(&mut self) -> Result<(), GraphError> {
        let mut changes = std::mem::take(&mut self.undo).into_iter().rev().flatten();
        changes.try_for_each(|change| self.org.graph.apply(&change).map(drop))
    }
}

/// Runs `use_case` inside a transaction that somebody else begins and commits.
///
/// # Errors
/// Those of the use case; rows and graph are then as they were.
pub(crate) fn carry_out<T, E: From<StoreError>>(
    rows: &mut dyn Store,
    org: &mut Org,
    request: &Request,
    use_case: impl FnOnce(&mut Work<'_>) -> Result<T, E>,
) -> Result<Written<T>, E> {
    rows.mark()?;
    let (before, last_audit) = (org.revision, org.last_audit.clone());
    let mut work = Work {
        rows,
        org,
        now: request.ambient.now(),
        request,
        facts: Vec::new(),
        undo: Vec::new(),
        moves: Vec::new(),
        untold_moves: 0,
        target: String::new(),
        changed: false,
    };
    let outcome = use_case(&mut work).and_then(|value| Ok(work.finish().map(|()| value)?));
    if outcome.is_ok() && request.mode == Mode::Commit {
        rows.keep_since_mark()?;
        return outcome.map(|value| Written { value, revision: org.revision });
    }
    let undone = work.undo();
    rows.undo_to_mark()?;
    (org.revision, org.last_audit) = (before, last_audit);
    if let Err(cause) = undone {
        tracing::error!(%cause, "a graph cannot be taken back; it is loaded again");
        *org = Org::load(rows, org.key)?.ok_or(StoreError::Missing)?;
    }
    outcome.map(|value| Written { value, revision: before })
}
