//! Organisations, connections and tokens in SQLite.

use cohort_core::id::{Instant, OrgId, Revision};
use rusqlite::params;

use super::Sqlite;
use super::cells::{Cells, number};
use crate::error::StoreError;
use crate::store::realm::{
    ConnectionRow, Door, DoorOrg, NewOrgRow, OrgName, OrgRow, RealmRows, TokenAccess, TokenRow,
};
use crate::store::{ConnectionKey, OrgKey};

macro_rules! select_org {
    ($condition:literal) => {
        concat!("SELECT key, id, slug, title, enabled, revision FROM orgs WHERE ", $condition)
    };
}

macro_rules! select_connection {
    ($condition:literal) => {
        concat!(
            "SELECT key, org_key, name, dialect, is_primary, created_at FROM connections WHERE ",
            $condition
        )
    };
}

macro_rules! select_token {
    ($condition:literal) => {
        concat!(
            "SELECT hash, org_key, access, connection_key, created_at, ends_at FROM tokens WHERE ",
            $condition
        )
    };
}

/// The statement that finds a token with what it opens; parameter 1 is its hash, 2 names the organisation.
macro_rules! select_door {
    ($org:literal) => {
        concat!(
            "SELECT tokens.hash, tokens.org_key, access, connection_key, tokens.created_at, ends_at, name, dialect, \
             orgs.key, orgs.id, slug FROM tokens LEFT JOIN connections ON connections.key = connection_key \
             LEFT JOIN orgs ON ",
            $org,
            " WHERE hash = ?1"
        )
    };
}

pub(super) const DOOR_BY_ORG_ID: &str = select_door!("orgs.id = ?2");
pub(super) const DOOR_BY_ORG_SLUG: &str = select_door!("orgs.slug_folded = ?2");

fn org(cells: &Cells<'_>) -> Result<OrgRow, StoreError> {
    Ok(OrgRow {
        key: OrgKey(cells.get(0)?),
        id: OrgId::from_u128(cells.uuid(1)?),
        slug: cells.get(2)?,
        title: cells.get(3)?,
        enabled: cells.get(4)?,
        revision: cells.revision(5)?,
    })
}

fn connection(cells: &Cells<'_>) -> Result<ConnectionRow, StoreError> {
    Ok(ConnectionRow {
        key: ConnectionKey(cells.get(0)?),
        org: OrgKey(cells.get(1)?),
        name: cells.get(2)?,
        dialect: cells.get(3)?,
        primary: cells.get(4)?,
        created_at: cells.instant(5)?,
    })
}

fn token(cells: &Cells<'_>) -> Result<TokenRow, StoreError> {
    let access = match (cells.get::<String>(2)?.as_str(), cells.get::<Option<i64>>(3)?) {
        ("admin", None) => TokenAccess::Admin,
        ("edge", None) => TokenAccess::Edge,
        ("scim", Some(key)) => TokenAccess::Scim(ConnectionKey(key)),
        _ => return Err(cells.unreadable(2)),
    };
    Ok(TokenRow {
        hash: cells.get(0)?,
        org: cells.get::<Option<i64>>(1)?.map(OrgKey),
        access,
        created_at: cells.instant(4)?,
        ends_at: cells.get::<Option<i64>>(5)?.map(Instant::from_millis),
    })
}

fn door(cells: &Cells<'_>) -> Result<Door, StoreError> {
    let connection = match cells.get::<Option<String>>(6)? {
        Some(name) => Some((name, cells.get(7)?)),
        None => None,
    };
    let org = match cells.get::<Option<i64>>(8)?.map(OrgKey) {
        Some(key) => Some(DoorOrg { key, id: OrgId::from_u128(cells.uuid(9)?), slug: cells.get(10)? }),
        None => None,
    };
    Ok(Door { token: token(cells)?, connection, org })
}

impl RealmRows for Sqlite {
    fn org(&self, key: OrgKey) -> Result<Option<OrgRow>, StoreError> {
        self.first(select_org!("key = ?1"), [key.0], org)
    }

    fn org_by_slug(&self, slug_folded: &str) -> Result<Option<OrgRow>, StoreError> {
        self.first(select_org!("slug_folded = ?1"), [slug_folded], org)
    }

    fn org_by_id(&self, id: OrgId) -> Result<Option<OrgRow>, StoreError> {
        self.first(select_org!("id = ?1"), [id.as_u128().to_be_bytes()], org)
    }

    fn connection(&self, key: ConnectionKey) -> Result<Option<ConnectionRow>, StoreError> {
        self.first(select_connection!("key = ?1"), [key.0], connection)
    }

    fn connection_by_name(&self, org: OrgKey, name: &str) -> Result<Option<ConnectionRow>, StoreError> {
        self.first(select_connection!("org_key = ?1 AND name = ?2"), params![org.0, name], connection)
    }

    fn connections(&self, org: OrgKey) -> Result<Vec<ConnectionRow>, StoreError> {
        self.all(select_connection!("org_key = ?1 ORDER BY key"), [org.0], connection)
    }

    fn primary_connection(&self, org: OrgKey) -> Result<Option<ConnectionRow>, StoreError> {
        self.first(select_connection!("org_key = ?1 AND is_primary"), [org.0], connection)
    }

    fn token(&self, hash: &[u8; 32]) -> Result<Option<TokenRow>, StoreError> {
        self.first(select_token!("hash = ?1"), [hash.as_slice()], token)
    }

    fn door(&self, hash: &[u8; 32], org: OrgName<'_>) -> Result<Option<Door>, StoreError> {
        match org {
            OrgName::Id(id) => {
                let named = params![hash.as_slice(), id.as_u128().to_be_bytes()];
                self.first(DOOR_BY_ORG_ID, named, door)
            }
            OrgName::Slug(slug) => self.first(DOOR_BY_ORG_SLUG, params![hash.as_slice(), slug], door),
        }
    }

    fn tokens_of_org(&self, org: OrgKey) -> Result<Vec<TokenRow>, StoreError> {
        self.all(select_token!("org_key = ?1 ORDER BY created_at, hash"), [org.0], token)
    }

    fn tokens_of(&self, connection: ConnectionKey) -> Result<Vec<TokenRow>, StoreError> {
        self.all(select_token!("connection_key = ?1 ORDER BY created_at, hash"), [connection.0], token)
    }

    fn add_org(&mut self, org: &NewOrgRow<'_>) -> Result<OrgKey, StoreError> {
        let id = org.id.as_u128().to_be_bytes();
        let row = params![id, org.slug, org.slug_folded, org.title, org.created_at.as_millis()];
        self.run(
            "INSERT INTO orgs (id, slug, slug_folded, title, enabled, revision, groups_made, created_at)
             VALUES (?1, ?2, ?3, ?4, 1, 0, 0, ?5)",
            row,
        )?;
        Ok(OrgKey(self.connection.last_insert_rowid()))
    }

    fn set_org_enabled(&mut self, org: OrgKey, enabled: bool) -> Result<(), StoreError> {
        self.run("UPDATE orgs SET enabled = ?2 WHERE key = ?1", params![org.0, enabled]).map(drop)
    }

    fn set_org_revision(&mut self, org: OrgKey, revision: Revision) -> Result<(), StoreError> {
        let row = params![org.0, number(revision.number())];
        self.run("UPDATE orgs SET revision = ?2 WHERE key = ?1", row).map(drop)
    }

    fn next_group_seq(&mut self, org: OrgKey) -> Result<u64, StoreError> {
        let sql = "UPDATE orgs SET groups_made = groups_made + 1 WHERE key = ?1 RETURNING groups_made";
        self.number(sql, [org.0])
    }

    fn add_connection(
        &mut self,
        org: OrgKey,
        name: &str,
        dialect: &str,
        at: Instant,
    ) -> Result<ConnectionKey, StoreError> {
        let sql = "INSERT INTO connections (org_key, name, dialect, created_at) VALUES (?1, ?2, ?3, ?4)";
        self.run(sql, params![org.0, name, dialect, at.as_millis()])?;
        Ok(ConnectionKey(self.connection.last_insert_rowid()))
    }

    fn set_dialect(&mut self, connection: ConnectionKey, dialect: &str) -> Result<(), StoreError> {
        self.doors_changed += 1;
        let sql = "UPDATE connections SET dialect = ?2 WHERE key = ?1";
        self.run(sql, params![connection.0, dialect]).map(drop)
    }

    fn set_primary(&mut self, org: OrgKey, primary: Option<ConnectionKey>) -> Result<(), StoreError> {
        self.run("UPDATE connections SET is_primary = 0 WHERE org_key = ?1 AND is_primary", [org.0])?;
        let Some(key) = primary else { return Ok(()) };
        self.run("UPDATE connections SET is_primary = 1 WHERE key = ?1", [key.0]).map(drop)
    }

    fn remove_token(&mut self, hash: &[u8; 32]) -> Result<(), StoreError> {
        self.doors_changed += 1;
        self.run("DELETE FROM tokens WHERE hash = ?1", [hash.as_slice()]).map(drop)
    }

    fn set_token_end(&mut self, hash: &[u8; 32], ends_at: Instant) -> Result<(), StoreError> {
        self.doors_changed += 1;
        let row = params![hash.as_slice(), ends_at.as_millis()];
        self.run("UPDATE tokens SET ends_at = ?2 WHERE hash = ?1", row).map(drop)
    }

    fn add_token(&mut self, token: &TokenRow) -> Result<(), StoreError> {
        let (access, connection) = match token.access {
            TokenAccess::Admin => ("admin", None),
            TokenAccess::Edge => ("edge", None),
            TokenAccess::Scim(key) => ("scim", Some(key.0)),
        };
        let org = token.org.map(|org| org.0);
        let ends_at = token.ends_at.map(Instant::as_millis);
        let row =
            params![token.hash.as_slice(), org, access, connection, token.created_at.as_millis(), ends_at];
        self.run(
            "INSERT INTO tokens (hash, org_key, access, connection_key, created_at, ends_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            row,
        )
        .map(drop)
    }
}
