//! Roles, grants and scopes: what is given to whom, and where.

mod roles;
mod shape;

use cohort_core::change::Change;
use cohort_core::id::{GrantId, RoleId, ScopeId, check_name};
use cohort_core::model::Grant;
use cohort_core::view::{Effect, Principal, Reach};

pub(crate) use self::roles::{create as create_role, delete as delete_role, list as list_roles, seed};
pub use self::shape::{GrantView, NewGrant, NewGroupRole, NewRole, RoleView, ScopePlace};
use crate::error::{DirectoryError, Noun};
use crate::lookup::{self, unknown};
use crate::moment::Moment;
use crate::org::Org;
use crate::store::Store;
use crate::store::access::GrantRow;
use crate::work::Work;

/// Gives a role to a group.
pub(crate) fn grant_to_group(
    work: &mut Work<'_>,
    group: &str,
    new: NewGroupRole,
) -> Result<GrantView, DirectoryError> {
    let group = lookup::group(&*work.rows, work.org_key(), group)?;
    let NewGroupRole { role_id, scope, reach, starts_at, expires_at, requires, reason } = new;
    let grant = NewGrant {
        principal: format!("group:{}", group.id),
        role: role_id,
        scope,
        reach,
        effect: Some(Effect::Allow),
        requires,
        starts_at,
        expires_at,
        reason,
    };
    create_grant(work, grant)
}

/// Gives a role to a principal, or keeps it from one.
pub(crate) fn create_grant(work: &mut Work<'_>, new: NewGrant) -> Result<GrantView, DirectoryError> {
    let principal = principal(work, &new.principal)?;
    let role = roles::find(&*work.rows, work.org_key(), &new.role)?.role.id;
    if let Some(reason) = &new.reason {
        lookup::check_text("reason", reason)?;
    }
    for condition in &new.requires {
        let name = |cause| DirectoryError::Name { field: "requires", found: condition.clone(), cause };
        check_name(condition).map_err(name)?;
    }
    let mut requires = new.requires;
    requires.sort();
    requires.dedup();
    let grant = Grant {
        id: GrantId::from_u128(work.new_id()),
        principal,
        role,
        scope: new.scope.map_or(Ok(ScopeId::org()), |text| scope_named("scope", &text))?,
        reach: new.reach.unwrap_or(Reach::Subtree),
        effect: new.effect.unwrap_or(Effect::Allow),
        requires,
        span: lookup::span(new.starts_at, new.expires_at)?,
    };
    let row =
        GrantRow { grant, reason: new.reason, created_by: work.actor().to_owned(), created_at: work.now };
    work.apply(&Change::SetGrant(row.grant.clone()))?;
    work.changes(row.grant.id.to_string());
    work.rows.add_grant(work.org_key(), &row)?;
    Ok(grant_view(work.org, row))
}

/// Takes a grant back.
pub(crate) fn delete_grant(work: &mut Work<'_>, reference: &str) -> Result<(), DirectoryError> {
    let id = reference.parse::<GrantId>().ok().filter(|id| work.org.graph.grant(*id).is_some());
    let id = id.ok_or_else(|| unknown(Noun::Grant, reference))?;
    work.changes(reference);
    work.rows.remove_grant(id)?;
    Ok(work.apply(&Change::RemoveGrant(id))?)
}

/// All grants in the order in which they were made.
pub(crate) fn list_grants(store: &dyn Store, org: &Org) -> Result<Vec<GrantView>, DirectoryError> {
    Ok(store.grants(org.key)?.into_iter().map(|row| grant_view(org, row)).collect())
}

/// Says where a scope lies.
pub(crate) fn set_scope(work: &mut Work<'_>, place: &ScopePlace) -> Result<ScopePlace, DirectoryError> {
    let scope = scope_named("scope", &place.scope)?;
    let parents = place.parents.iter().map(|text| scope_named("parents", text));
    let mut parents = parents.collect::<Result<Vec<_>, _>>()?;
    // Everything lies below the organisation without saying so.
    parents.retain(|parent| !parent.is_org());
    parents.sort();
    parents.dedup();
    let known = work.rows.scopes(work.org_key())?.into_iter().find(|(known, _)| *known == scope);
    if known.is_none_or(|(_, before)| before != parents) {
        work.apply(&Change::SetScope { scope: scope.clone(), parents: parents.clone() })?;
        work.changes(scope.as_str());
        work.rows.put_scope(work.org_key(), &scope, &parents)?;
    }
    Ok(scope_view(&scope, &parents))
}

/// All scopes in the order of their names.
pub(crate) fn list_scopes(store: &dyn Store, org: &Org) -> Result<Vec<ScopePlace>, DirectoryError> {
    Ok(store.scopes(org.key)?.iter().map(|(scope, parents)| scope_view(scope, parents)).collect())
}

/// `user:ID`, `group:ID` or `everyone`.
fn principal(work: &Work<'_>, text: &str) -> Result<Principal, DirectoryError> {
    let (store, org) = (&*work.rows, work.org_key());
    match text.split_once(':') {
        None if text == "everyone" => Ok(Principal::Everyone),
        Some(("user", reference)) => Ok(Principal::User(lookup::user(store, org, reference)?.id)),
        Some(("group" | "app/group", reference)) => {
            Ok(Principal::Group(lookup::group(store, org, reference)?.id))
        }
        _ => Err(DirectoryError::Principal { found: text.to_owned() }),
    }
}

fn scope_named(field: &'static str, text: &str) -> Result<ScopeId, DirectoryError> {
    ScopeId::parse(text).map_err(|cause| DirectoryError::Name { field, found: text.to_owned(), cause })
}

fn scope_view(scope: &ScopeId, parents: &[ScopeId]) -> ScopePlace {
    let parents = parents.iter().map(ToString::to_string).collect();
    ScopePlace { scope: scope.to_string(), parents }
}

fn grant_view(org: &Org, row: GrantRow) -> GrantView {
    let grant = row.grant;
    let name = |role: RoleId| org.graph.role(role).map(|role| role.name.clone()).unwrap_or_default();
    let (starts_at, expires_at) = lookup::bounds(grant.span);
    GrantView {
        id: grant.id.to_string(),
        principal: match grant.principal {
            Principal::User(id) => format!("user:{id}"),
            Principal::Group(id) => format!("group:{id}"),
            Principal::Everyone => "everyone".to_owned(),
            Principal::Person(id) => format!("person:{id}"),
        },
        role_id: grant.role.to_string(),
        role: name(grant.role),
        scope: grant.scope.to_string(),
        reach: grant.reach,
        effect: grant.effect,
        requires: grant.requires,
        starts_at,
        expires_at,
        reason: row.reason,
        created_by: row.created_by,
        created_at: Moment(row.created_at),
    }
}
