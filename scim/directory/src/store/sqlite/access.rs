//! Roles, scopes and grants in SQLite.

use crate::error::StoreError;
use cohort_core::id::{GrantId, GroupId, RoleId, ScopeId, UserId};
use cohort_core::model::{Grant, Role};
use cohort_core::view::Principal;
use rusqlite::params;

use super::Sqlite;
use super::cells::{Cells, bounds, json, word};
use crate::store::OrgKey;
use crate::store::access::{AccessRows, GrantRow, RoleRow};

fn role(cells: &Cells<'_>) -> Result<RoleRow, StoreError> {
    Ok(RoleRow {
        role: Role {
            id: RoleId::from_u128(cells.uuid(0)?),
            name: cells.get(1)?,
            permissions: cells.json(3)?,
            includes: cells.json(4)?,
        },
        title: cells.get(2)?,
    })
}

fn scope(cells: &Cells<'_>) -> Result<(ScopeId, Vec<ScopeId>), StoreError> {
    Ok((cells.scope(0)?, cells.json(1)?))
}

fn grant(cells: &Cells<'_>) -> Result<GrantRow, StoreError> {
    let principal = match (cells.maybe_uuid(1)?, cells.maybe_uuid(2)?) {
        (Some(user), None) => Principal::User(UserId::from_u128(user)),
        (None, Some(group)) => Principal::Group(GroupId::from_u128(group)),
        (None, None) => Principal::Everyone,
        (Some(_), Some(_)) => return Err(cells.unreadable(1)),
    };
    let grant = Grant {
        id: GrantId::from_u128(cells.uuid(0)?),
        principal,
        role: RoleId::from_u128(cells.uuid(3)?),
        scope: cells.scope(4)?,
        reach: cells.word(5)?,
        effect: cells.word(6)?,
        requires: cells.json(7)?,
        span: cells.span(8, 9)?,
    };
    Ok(GrantRow { grant, reason: cells.get(10)?, created_by: cells.get(11)?, created_at: cells.instant(12)? })
}

impl AccessRows for Sqlite {
    fn roles(&self, org: OrgKey) -> Result<Vec<RoleRow>, StoreError> {
        let sql = "SELECT id, name, title, permissions, includes FROM roles WHERE org_key = ?1 ORDER BY key";
        self.all(sql, [org.0], role)
    }

    fn role_by_name(&self, org: OrgKey, name: &str) -> Result<Option<RoleRow>, StoreError> {
        let sql = "SELECT id, name, title, permissions, includes FROM roles WHERE org_key = ?1 AND name = ?2";
        self.first(sql, params![org.0, name], role)
    }

    fn scopes(&self, org: OrgKey) -> Result<Vec<(ScopeId, Vec<ScopeId>)>, StoreError> {
        self.all("SELECT scope, parents FROM scopes WHERE org_key = ?1 ORDER BY scope", [org.0], scope)
    }

    fn grants(&self, org: OrgKey) -> Result<Vec<GrantRow>, StoreError> {
        self.all(
            "SELECT grants.id, users.id, groups.id, roles.id, scope, reach, effect, requires, starts_at,
                 expires_at, reason, grants.created_by, grants.created_at
             FROM grants JOIN roles ON roles.key = grants.role_key
             LEFT JOIN users ON users.key = grants.user_key
             LEFT JOIN groups ON groups.key = grants.group_key
             WHERE grants.org_key = ?1 ORDER BY grants.key",
            [org.0],
            grant,
        )
    }

    fn put_role(&mut self, org: OrgKey, row: &RoleRow) -> Result<(), StoreError> {
        let RoleRow { role, title } = row;
        let id = role.id.as_u128().to_be_bytes();
        self.run(
            "INSERT INTO roles (org_key, id, name, title, permissions, includes)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (id) DO UPDATE SET name = excluded.name, title = excluded.title,
                 permissions = excluded.permissions, includes = excluded.includes",
            params![org.0, id, role.name, title, json(&role.permissions)?, json(&role.includes)?],
        )
        .map(drop)
    }

    fn remove_role(&mut self, id: RoleId) -> Result<(), StoreError> {
        self.run("DELETE FROM roles WHERE id = ?1", [id.as_u128().to_be_bytes()]).map(drop)
    }

    fn put_scope(&mut self, org: OrgKey, scope: &ScopeId, parents: &[ScopeId]) -> Result<(), StoreError> {
        let sql = "INSERT INTO scopes (org_key, scope, parents) VALUES (?1, ?2, ?3)
                   ON CONFLICT (org_key, scope) DO UPDATE SET parents = excluded.parents";
        self.run(sql, params![org.0, scope.as_str(), json(&parents)?]).map(drop)
    }

    fn add_grant(&mut self, org: OrgKey, row: &GrantRow) -> Result<(), StoreError> {
        let grant = &row.grant;
        let (user, group) = match grant.principal {
            Principal::User(id) => (Some(id.as_u128().to_be_bytes()), None),
            Principal::Group(id) => (None, Some(id.as_u128().to_be_bytes())),
            Principal::Everyone => (None, None),
            Principal::Person(_) => return Err(StoreError::RealmGrant),
        };
        let (starts_at, expires_at) = bounds(grant.span);
        let row = params![
            org.0,
            grant.id.as_u128().to_be_bytes(),
            user,
            group,
            grant.role.as_u128().to_be_bytes(),
            grant.scope.as_str(),
            word(&grant.reach)?,
            word(&grant.effect)?,
            json(&grant.requires)?,
            starts_at,
            expires_at,
            row.reason,
            row.created_by,
            row.created_at.as_millis(),
        ];
        self.run(
            "INSERT INTO grants (org_key, id, user_key, group_key, role_key, scope, reach, effect, requires,
                 starts_at, expires_at, reason, created_by, created_at)
             VALUES (?1, ?2, (SELECT key FROM users WHERE id = ?3), (SELECT key FROM groups WHERE id = ?4),
                 (SELECT key FROM roles WHERE id = ?5), ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
            row,
        )
        .map(drop)
    }

    fn remove_grant(&mut self, id: GrantId) -> Result<(), StoreError> {
        self.run("DELETE FROM grants WHERE id = ?1", [id.as_u128().to_be_bytes()]).map(drop)
    }
}
