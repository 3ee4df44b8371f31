//! Roles: the seeded ones, and those that an organisation makes.

use cohort_core::change::Change;
use cohort_core::graph::GraphError;
use cohort_core::id::{RoleId, check_name};
use cohort_core::model::{Role, check_pattern};

use super::shape::{NewRole, RoleView};
use crate::error::{DirectoryError, Noun};
use crate::lookup::{self, unknown};
use crate::org::Org;
use crate::store::access::RoleRow;
use crate::store::{OrgKey, Store};
use crate::work::Work;

/// A role that every organisation begins with.
struct Seed {
    name: &'static str,
    title: &'static str,
    permissions: &'static [&'static str],
    includes: &'static [&'static str],
}

/// In an order in which each includes only earlier ones.
const SEEDS: [Seed; 4] = [
    Seed {
        name: "app_project_viewer",
        title: "Project viewer",
        permissions: &["project:read"],
        includes: &[],
    },
    Seed {
        name: "app_project_manager",
        title: "Project manager",
        permissions: &["project:update", "project:members:manage"],
        includes: &["app_project_viewer"],
    },
    Seed {
        name: "app_project_owner",
        title: "Project owner",
        permissions: &["project:delete", "project:policies:manage"],
        includes: &["app_project_manager"],
    },
    Seed {
        name: "resource_owner",
        title: "Resource owner",
        permissions: &["resource:read", "resource:update", "resource:delete", "resource:policies:manage"],
        includes: &[],
    },
];

/// Makes the roles that every organisation begins with.
pub(crate) fn seed(work: &mut Work<'_>) -> Result<(), DirectoryError> {
    for seed in SEEDS {
        let texts = |names: &[&str]| names.iter().map(ToString::to_string).collect();
        let role = NewRole {
            name: seed.name.to_owned(),
            permissions: texts(seed.permissions),
            includes: texts(seed.includes),
            title: Some(seed.title.to_owned()),
        };
        create(work, role)?;
    }
    Ok(())
}

/// Makes a role.
pub(crate) fn create(work: &mut Work<'_>, new: NewRole) -> Result<RoleView, DirectoryError> {
    let org = work.org_key();
    let name_error = |cause| DirectoryError::Name { field: "name", found: new.name.clone(), cause };
    check_name(&new.name).map_err(name_error)?;
    for pattern in &new.permissions {
        let cause = |cause| DirectoryError::Name { field: "permissions", found: pattern.clone(), cause };
        check_pattern(pattern).map_err(cause)?;
    }
    if work.rows.role_by_name(org, &new.name)?.is_some() {
        return Err(DirectoryError::Taken { noun: Noun::Role, name: new.name });
    }
    let includes = new.includes.iter().map(|name| Ok(find(&*work.rows, org, name)?.role.id));
    let includes = includes.collect::<Result<Vec<_>, DirectoryError>>()?;
    let title = new.title.unwrap_or_else(|| new.name.clone());
    lookup::check_text("title", &title)?;
    let id = RoleId::from_u128(work.new_id());
    let role = Role { id, name: new.name, permissions: new.permissions, includes };
    work.apply(&Change::SetRole(role.clone()))?;
    work.changes(&role.name);
    let row = RoleRow { role, title };
    work.rows.put_role(org, &row)?;
    Ok(view(work.org, row))
}

/// Removes a role with its grants; roles that included it no longer do.
///
/// # Errors
/// [`DirectoryError::LastMatch`] while the wildcard of another role matches nothing but what this one names.
pub(crate) fn delete(work: &mut Work<'_>, reference: &str) -> Result<(), DirectoryError> {
    let org = work.org_key();
    let gone = find(&*work.rows, org, reference)?.role;
    work.changes(&gone.name);
    work.apply(&Change::RemoveRole(gone.id)).map_err(|cause| still_matched(work.org, cause))?;
    work.rows.remove_role(gone.id)?;
    for mut row in work.rows.roles(org)? {
        let included = row.role.includes.len();
        row.role.includes.retain(|id| *id != gone.id);
        if row.role.includes.len() < included {
            work.rows.put_role(org, &row)?;
        }
    }
    Ok(())
}

/// The refusal with the name of the other role instead of its id.
fn still_matched(org: &Org, cause: GraphError) -> DirectoryError {
    match cause {
        GraphError::LastMatch { role, pattern } => {
            let name = org.graph.role(role).map_or_else(|| role.to_string(), |role| role.name.clone());
            DirectoryError::LastMatch { role: name, pattern }
        }
        other => other.into(),
    }
}

/// All roles in the order in which they were made.
pub(crate) fn list(store: &dyn Store, org: &Org) -> Result<Vec<RoleView>, DirectoryError> {
    Ok(store.roles(org.key)?.into_iter().map(|row| view(org, row)).collect())
}

/// The role of this name or uuid.
pub(super) fn find(store: &dyn Store, org: OrgKey, reference: &str) -> Result<RoleRow, DirectoryError> {
    if let Some(row) = store.role_by_name(org, reference)? {
        return Ok(row);
    }
    let id = reference.parse::<RoleId>().map_err(|_| unknown(Noun::Role, reference))?;
    let found = store.roles(org)?.into_iter().find(|row| row.role.id == id);
    found.ok_or_else(|| unknown(Noun::Role, reference))
}

fn view(org: &Org, row: RoleRow) -> RoleView {
    let name = |id: &RoleId| org.graph.role(*id).map(|role| role.name.clone());
    RoleView {
        id: row.role.id.to_string(),
        includes: row.role.includes.iter().filter_map(name).collect(),
        name: row.role.name,
        title: row.title,
        permissions: row.role.permissions,
    }
}
