//! Many changes in one turn of the writer (RFC 7644 section 3.7): each all or nothing, all on disk together.

use std::collections::BTreeMap;

use cohort_scim::bulk::{Action, Bulk, Entry, Head, Operation, Outcome};
use cohort_scim::{Resource, ScimError, resource};

use super::command::{CircleError, Command, Edits, Target, create_circle};
use super::{ScimAnswer, ScimView};
use crate::ambient::Ambient;
use crate::caller::Connection;
use crate::org::Org;
use crate::store::Store;
use crate::work::{Request, carry_out};

/// A bulk request, read as far as it can be before its turn.
pub(crate) struct Plan {
    connection: Connection,
    view: ScimView,
    fail_on_errors: Option<u64>,
    units: Vec<Vec<usize>>,
    steps: Vec<Step>,
}

/// One operation.
struct Step {
    /// What it wants; taken when its turn comes.
    command: Option<Result<Command, ScimError>>,
    bulk_id: Option<String>,
    /// The operations whose resources it refers to.
    needs: Vec<usize>,
    /// The URL of the resource, where it follows from the request.
    location: Option<String>,
}

impl Plan {
    /// Gives every resource that will be made its id, puts the ids in the place of references, and reads all bodies;
    /// the heads of the operations are for the answer.
    pub(crate) fn new(
        bulk: Bulk,
        connection: Connection,
        base: &str,
        ambient: &dyn Ambient,
    ) -> (Self, Vec<Head>) {
        let units = bulk.units();
        let made: Vec<u128> = bulk.entries.iter().map(|_| ambient.new_id()).collect();
        let mut makers: BTreeMap<String, usize> = BTreeMap::new();
        let mut ids: BTreeMap<String, String> = BTreeMap::new();
        for ((index, entry), id) in bulk.entries.iter().enumerate().zip(&made) {
            let Some(bulk_id) = entry.head.bulk_id.as_ref().filter(|_| entry.makes()) else { continue };
            makers.insert(bulk_id.clone(), index);
            if let Ok(operation) = &entry.operation {
                ids.insert(bulk_id.clone(), super::id_text(operation.kind, *id));
            }
        }
        let (mut steps, mut heads) = (Vec::with_capacity(made.len()), Vec::with_capacity(made.len()));
        for (Entry { head, operation }, id) in bulk.entries.into_iter().zip(made) {
            let needs = operation.iter().flat_map(|operation| &operation.refers_to);
            let needs = needs.filter_map(|bulk_id| makers.get(bulk_id).copied()).collect();
            let operation = operation.map(|mut operation| {
                operation.resolve(&ids);
                operation
            });
            let location = operation.as_ref().ok().and_then(|operation| location(base, operation));
            let command = operation.and_then(|operation| read(operation, id, &connection));
            steps.push(Step { command: Some(command), bulk_id: head.bulk_id.clone(), needs, location });
            heads.push(head);
        }
        let view = ScimView { base: base.to_owned(), projection: None, members_max: usize::MAX };
        (Self { connection, view, fail_on_errors: bulk.fail_on_errors, units, steps }, heads)
    }

    /// Carries the operations out; an operation that was not tried has no outcome.
    pub(crate) fn run(
        mut self,
        store: &mut dyn Store,
        org: &mut Org,
        request: &Request,
    ) -> Vec<Option<Outcome>> {
        let mut outcomes: Vec<Option<Outcome>> = self.steps.iter().map(|_| None).collect();
        let mut failures = 0;
        for unit in std::mem::take(&mut self.units) {
            if self.fail_on_errors.is_some_and(|most| failures >= most) {
                break;
            }
            for (index, outcome) in self.unit(&unit, &outcomes, store, org, request) {
                failures += u64::from(outcome.error.is_some());
                if let Some(slot) = outcomes.get_mut(index) {
                    *slot = Some(outcome);
                }
            }
        }
        outcomes
    }

    fn unit(
        &mut self,
        unit: &[usize],
        outcomes: &[Option<Outcome>],
        store: &mut dyn Store,
        org: &mut Org,
        request: &Request,
    ) -> Vec<(usize, Outcome)> {
        let failed = unit.iter().find_map(|index| self.failed_need(*index, unit, outcomes));
        if let Some(bulk_id) = failed {
            let error = ScimError::FailedBulkId { bulk_id: bulk_id.as_str().into() };
            return unit.iter().map(|index| (*index, self.failure(*index, error.clone()))).collect();
        }
        match unit {
            [index] if !self.needs_itself(*index) => {
                vec![(*index, self.single(*index, store, org, request))]
            }
            circle => self.circle(circle, store, org, request),
        }
    }

    /// The `bulkId` of an operation outside of the unit that this one needs and that was not carried out.
    fn failed_need(&self, index: usize, unit: &[usize], outcomes: &[Option<Outcome>]) -> Option<String> {
        let needs = &self.steps.get(index)?.needs;
        let failed = needs.iter().filter(|needed| !unit.contains(needed)).find(|needed| {
            let outcome = outcomes.get(**needed).and_then(Option::as_ref);
            outcome.is_none_or(|outcome| outcome.error.is_some())
        });
        self.steps.get(*failed?)?.bulk_id.clone()
    }

    fn needs_itself(&self, index: usize) -> bool {
        self.steps.get(index).is_some_and(|step| step.needs.contains(&index))
    }

    fn single(&mut self, index: usize, store: &mut dyn Store, org: &mut Org, request: &Request) -> Outcome {
        let command = match self.take(index) {
            Ok(command) => command,
            Err(error) => return self.failure(index, error),
        };
        let made = matches!(command, Command::Create(..));
        let request = Request { action: command.action(), ..request.clone() };
        let (connection, view) = (&self.connection, &self.view);
        let done = carry_out(store, org, &request, |work| command.carry_out(work, connection, view));
        match done.map(|written| written.value) {
            Ok(answer) => success(self.steps.get(index), made, answer),
            Err(error) => self.failure(index, error),
        }
    }

    /// Resources that refer to each other: all of them, or none.
    fn circle(
        &mut self,
        circle: &[usize],
        store: &mut dyn Store,
        org: &mut Org,
        request: &Request,
    ) -> Vec<(usize, Outcome)> {
        let made = self.resources(circle).and_then(|resources| {
            let (connection, view) = (&self.connection, &self.view);
            let request = Request { action: "scim.bulk.create", ..request.clone() };
            carry_out(store, org, &request, |work| create_circle(work, connection, resources, view))
        });
        match made {
            Ok(written) => {
                let answers = circle.iter().zip(written.value);
                answers.map(|(index, answer)| (*index, success(None, true, Some(answer)))).collect()
            }
            Err(CircleError { at, error }) => {
                let culprit = circle.get(at).and_then(|index| self.steps.get(*index));
                let bulk_id = culprit.and_then(|step| step.bulk_id.clone()).unwrap_or_default();
                let consequence = ScimError::FailedBulkId { bulk_id: bulk_id.as_str().into() };
                let errors = circle.iter().enumerate().map(|(place, index)| {
                    let error = if place == at { error.clone() } else { consequence.clone() };
                    (*index, self.failure(*index, error))
                });
                errors.collect()
            }
        }
    }

    /// The resources that a circle makes; only a POST can be part of one.
    fn resources(&mut self, circle: &[usize]) -> Result<Vec<(u128, Resource)>, CircleError> {
        let resources = circle.iter().enumerate().map(|(at, index)| match self.take(*index) {
            Ok(Command::Create(id, resource)) => Ok((id, resource)),
            Ok(_) => Err(CircleError { at, error: ScimError::Internal }),
            Err(error) => Err(CircleError { at, error }),
        });
        resources.collect()
    }

    fn take(&mut self, index: usize) -> Result<Command, ScimError> {
        let command = self.steps.get_mut(index).and_then(|step| step.command.take());
        command.unwrap_or(Err(ScimError::Internal))
    }

    fn failure(&self, index: usize, error: ScimError) -> Outcome {
        let location = self.steps.get(index).and_then(|step| step.location.clone());
        Outcome { status: error.status(), location, version: None, error: Some(error) }
    }
}

fn success(step: Option<&Step>, made: bool, answer: Option<ScimAnswer>) -> Outcome {
    match answer {
        Some(answer) => Outcome {
            status: if made { 201 } else { 200 },
            location: Some(answer.location),
            version: Some(answer.version),
            error: None,
        },
        None => {
            let location = step.and_then(|step| step.location.clone());
            Outcome { status: 204, location, version: None, error: None }
        }
    }
}

/// The URL of the resource that an operation changes; one that is to be made has none before.
fn location(base: &str, operation: &Operation) -> Option<String> {
    let Operation { action, kind, id, .. } = operation;
    (*action != Action::Create).then(|| format!("{base}/{}/{id}", kind.endpoint()))
}

fn read(operation: Operation, id: u128, connection: &Connection) -> Result<Command, ScimError> {
    let Operation { action, kind, version, data, .. } = operation;
    let target = Target { kind, id: operation.id, if_match: version };
    Ok(match action {
        Action::Create => Command::Create(id, resource::for_create(&data, kind, connection.dialect())?),
        Action::Replace => Command::Replace(target, data),
        Action::Patch => Command::Patch(target, Edits::read(&data, kind, connection)?),
        Action::Delete => Command::Delete(target),
    })
}

/// The answer: what became of each operation that was tried, in the order sent.
pub(crate) fn answer(heads: &[Head], outcomes: &[Option<Outcome>]) -> serde_json::Value {
    let tried = heads.iter().zip(outcomes);
    let tried = tried.filter_map(|(head, outcome)| Some(head.answer(outcome.as_ref()?)));
    cohort_scim::bulk::response(tried)
}
