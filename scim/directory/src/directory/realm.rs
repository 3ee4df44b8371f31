//! Organisations, connections, tokens, and who calls.

use std::path::PathBuf;
use std::sync::Arc;

use cohort_core::id::{Instant, OrgId};
use cohort_scim::Dialect;

use super::{Directory, OrgRef};
use crate::ambient::Ambient;
use crate::caller::{Access, Caller, Connection, Purpose};
use crate::effort::Effort;
use crate::error::{AuthError, DirectoryError, Noun, OpenError, StoreError};
use crate::fold::fold;
use crate::folder::write_private;
use crate::lookup::{check_text, unknown};
use crate::org::Org;
use crate::store::realm::{Door, NewOrgRow, OrgName, OrgRow, TokenAccess, TokenRow};
use crate::store::{OrgKey, Store};
use crate::work::{Mode, Request, carry_out};
use crate::{access, connections};
use crate::{slug, token};

impl Directory {
    /// Makes an organisation with the roles that every one begins with.
    ///
    /// Works beside a running server, which finds the organisation when it is first asked about it.
    ///
    /// # Errors
    /// [`DirectoryError::Slug`]; [`DirectoryError::Taken`] if there is one of this slug.
    pub fn create_org(&self, slug: &str, title: &str) -> Result<OrgRef, DirectoryError> {
        slug::check(slug)?;
        check_text("title", title)?;
        let (slug, title) = (slug.to_owned(), title.to_owned());
        let ambient = Arc::clone(&self.shared.ambient);
        self.shared.writer.on_realm(move |store| add_org(store, ambient, slug, title))
    }

    /// The organisation of this slug or uuid.
    ///
    /// # Errors
    /// [`DirectoryError::Unknown`].
    pub fn org(&self, slug_or_uuid: &str) -> Result<OrgRef, DirectoryError> {
        self.shared.readers.with(|store| {
            let found = find_org(store, slug_or_uuid)?;
            found.map(org_ref).ok_or_else(|| unknown(Noun::Org, slug_or_uuid))
        })
    }

    /// Makes a token and gives its text, which is nowhere else.
    ///
    /// Works beside a running server, which takes the token from then on.
    ///
    /// # Errors
    /// [`DirectoryError::Unknown`] without such an organisation; [`DirectoryError::Missing`] if only an
    /// administrator's token may be without one; [`DirectoryError::Dialect`]; [`DirectoryError::NoRandomness`].
    pub fn issue_token(&self, org: Option<&str>, purpose: Purpose) -> Result<String, DirectoryError> {
        let word = match &purpose {
            Purpose::Admin => "admin",
            Purpose::Edge => "edge",
            Purpose::Scim { connection, dialect } => {
                check_connection(connection, dialect.as_deref())?;
                "scim"
            }
        };
        let ambient = Arc::clone(&self.shared.ambient);
        let fresh = token::fresh(word, &*ambient).ok_or(DirectoryError::NoRandomness)?;
        let hash = token::hash(&fresh).ok_or(DirectoryError::NoRandomness)?;
        let org = org.map(str::to_owned);
        self.shared
            .writer
            .on_realm(move |store| {
                let org = match org {
                    Some(name) => Some(find_org(store, &name)?.ok_or_else(|| unknown(Noun::Org, &name))?.key),
                    None => None,
                };
                let access = access(store, org, &purpose, &*ambient)?;
                let row = TokenRow { hash, org, access, created_at: ambient.now(), ends_at: None };
                Ok(store.add_token(&row)?)
            })
            .map(|()| fresh)
    }

    /// Takes a token of this organisation back, by its id, without a trace in the audit trail: for whoever has the
    /// folder itself.
    ///
    /// Works beside a running server, which no longer takes the token from then on.
    ///
    /// # Errors
    /// [`DirectoryError::Unknown`] without such an organisation or token.
    pub fn withdraw_token(&self, org: &str, id: &str) -> Result<(), DirectoryError> {
        let (org, id) = (org.to_owned(), id.to_owned());
        self.shared.writer.on_realm(move |store| {
            let row = find_org(store, &org)?.ok_or_else(|| unknown(Noun::Org, &org))?;
            connections::withdraw(store, row.key, &id)
        })?;
        self.shared.news.revoked();
        Ok(())
    }

    /// Who holds `token`, in the organisation of this slug or uuid.
    ///
    /// At most one row is read, and no commit waited for: an asynchronous caller need not leave its thread for it.
    ///
    /// # Errors
    /// [`AuthError::Unauthenticated`] for an unknown token; [`AuthError::UnknownOrg`] if there is no such
    /// organisation for it.
    pub fn caller(&self, token: &str, org_slug_or_uuid: &str) -> Result<Caller, AuthError> {
        let hash = token::hash(token).ok_or(AuthError::Unauthenticated)?;
        let doors = &self.shared.doors;
        let sign = doors.sign();
        if let Some(known) = sign.and_then(|sign| doors.known(&hash, org_slug_or_uuid, sign, self.now())) {
            return Ok(known);
        }
        let (caller, ends_at) = self.find_caller(hash, org_slug_or_uuid)?;
        if let Some(sign) = sign {
            doors.remember(org_slug_or_uuid, &caller, ends_at, sign);
        }
        Ok(caller)
    }

    /// Who holds the token of this hash, and its end.
    fn find_caller(
        &self,
        hash: [u8; 32],
        org_slug_or_uuid: &str,
    ) -> Result<(Caller, Option<Instant>), AuthError> {
        let door = self.shared.readers.with(|store| match org_slug_or_uuid.parse() {
            Ok(id) => store.door(&hash, OrgName::Id(id)),
            Err(_) => store.door(&hash, OrgName::Slug(&fold(org_slug_or_uuid))),
        })?;
        let is_open = |door: &Door| token::is_of(&door.token, &hash) && door.token.holds(self.now());
        let Door { token, connection, org } = door.filter(is_open).ok_or(AuthError::Unauthenticated)?;
        let org = org.filter(|org| token.org.is_none_or(|own| own == org.key));
        let org = org.ok_or_else(|| unknown_org(org_slug_or_uuid))?;
        let access = match token.access {
            TokenAccess::Admin => Access::Admin,
            TokenAccess::Edge => Access::Edge,
            TokenAccess::Scim(key) => {
                let (name, dialect) = connection.ok_or(StoreError::Missing)?;
                let dialect = Dialect::named(&dialect).unwrap_or(&Dialect::TOLERANT);
                Access::Scim(Connection { key, name, dialect })
            }
        };
        let (slug, effort) = (org.slug, Effort::default());
        let caller = Caller { org_key: org.key, org: org.id, slug, access, token: Some(hash), effort };
        Ok((caller, token.ends_at))
    }

    /// Whether `caller` would be let in again: the token was neither taken back nor is its time over.
    ///
    /// For whoever stays on for longer than one request.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn still_holds(&self, caller: &Caller) -> Result<bool, StoreError> {
        let Some(hash) = caller.token else { return Ok(true) };
        let row = self.shared.readers.with(|store| store.token(&hash))?;
        Ok(row.is_some_and(|row| row.holds(self.now())))
    }

    /// The caller that has the folder itself, as the command line does: an administrator.
    ///
    /// # Errors
    /// [`AuthError::UnknownOrg`].
    pub fn local_admin(&self, org_slug_or_uuid: &str) -> Result<Caller, AuthError> {
        self.shared.readers.with(|store| {
            let org = find_org(store, org_slug_or_uuid)?.ok_or_else(|| unknown_org(org_slug_or_uuid))?;
            Ok(Caller {
                org_key: org.key,
                org: org.id,
                slug: org.slug,
                access: Access::Admin,
                token: None,
                effort: Effort::default(),
            })
        })
    }

    /// Makes the administrator's token of the folder if its file is not there, and gives the file then.
    pub(super) fn ensure_admin_token(&self) -> Result<Option<PathBuf>, OpenError> {
        let file = self.shared.folder.admin_token_file();
        if file.exists() {
            return Ok(None);
        }
        let issued = self.issue_token(None, Purpose::Admin);
        let token = issued.map_err(|cause| match cause {
            DirectoryError::Store(cause) => self.shared.folder.damaged(cause),
            _ => OpenError::NoRandomness,
        })?;
        write_private(&file, &token)?;
        Ok(Some(file))
    }
}

fn unknown_org(org: &str) -> AuthError {
    AuthError::UnknownOrg { org: org.to_owned() }
}

fn org_ref(row: OrgRow) -> OrgRef {
    OrgRef { id: row.id, slug: row.slug, title: row.title }
}

fn find_org(store: &dyn Store, slug_or_uuid: &str) -> Result<Option<OrgRow>, StoreError> {
    match slug_or_uuid.parse::<OrgId>() {
        Ok(id) => store.org_by_id(id),
        Err(_) => store.org_by_slug(&fold(slug_or_uuid)),
    }
}

/// Adds the rows of an organisation and of its first roles; its graph is loaded when somebody first needs it.
fn add_org(
    store: &mut dyn Store,
    ambient: Arc<dyn Ambient>,
    slug: String,
    title: String,
) -> Result<OrgRef, DirectoryError> {
    let slug_folded = fold(&slug);
    if store.org_by_slug(&slug_folded)?.is_some() {
        return Err(DirectoryError::Taken { noun: Noun::Org, name: slug });
    }
    let id = OrgId::from_u128(ambient.new_id());
    let created_at = ambient.now();
    let new = NewOrgRow { id, slug: &slug, slug_folded: &slug_folded, title: &title, created_at };
    let key = store.add_org(&new)?;
    let mut org = Org::load(store, key)?.ok_or(StoreError::Missing)?;
    let actor = "admin".to_owned();
    let effort = Effort::default();
    let request = Request { actor, action: "org.create", mode: Mode::Commit, ambient, effort };
    carry_out(store, &mut org, &request, |work| {
        access::seed(work)?;
        work.changes(&slug);
        Ok::<_, DirectoryError>(())
    })?;
    Ok(OrgRef { id, slug, title })
}

fn check_connection(name: &str, dialect: Option<&str>) -> Result<(), DirectoryError> {
    connections::check_name(name)?;
    dialect.map_or(Ok(()), |dialect| connections::dialect(dialect).map(drop))
}

/// What a token opens; the connection is made if there is none of the name.
fn access(
    store: &mut dyn Store,
    org: Option<OrgKey>,
    purpose: &Purpose,
    ambient: &dyn Ambient,
) -> Result<TokenAccess, DirectoryError> {
    let expected = "an organisation for this token";
    let org = || org.ok_or(DirectoryError::Missing { field: "org", expected });
    let (name, dialect) = match purpose {
        Purpose::Admin => return Ok(TokenAccess::Admin),
        Purpose::Edge => return org().map(|_| TokenAccess::Edge),
        Purpose::Scim { connection, dialect } => (connection, dialect.as_deref()),
    };
    let org = org()?;
    let dialect = dialect.and_then(Dialect::named);
    let key = match store.connection_by_name(org, name)? {
        Some(known) => {
            if let Some(dialect) = dialect {
                store.set_dialect(known.key, dialect.name)?;
            }
            known.key
        }
        None => {
            let dialect = dialect.unwrap_or(&Dialect::TOLERANT);
            store.add_connection(org, name, dialect.name, ambient.now())?
        }
    };
    Ok(TokenAccess::Scim(key))
}
