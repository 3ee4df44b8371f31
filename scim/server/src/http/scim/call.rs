//! What every request of an identity provider says beside its body.

use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::header::{CONTENT_LENGTH, IF_MATCH, TRANSFER_ENCODING};
use axum::http::request::Parts;
use cohort_directory::{Caller, Connection, Directory, ScimTurn, ScimView, Written};
use cohort_scim::{Dialect, Projection, ResourceType, ScimError};

use crate::app::{App, count};
use crate::auth::Provider;
use crate::config::SMALL_BODY_BYTES_MAX;
use crate::error::Refusal;
use crate::request::Query;

/// A request of a connection, which does not ask too fast: who calls, from where, with which parameters and headers.
pub(crate) struct Call {
    app: App,
    caller: Caller,
    /// The decoded query.
    pub(crate) query: Query,
    /// The headers.
    pub(crate) headers: HeaderMap,
    /// URL of the SCIM root, without slash at its end.
    pub(crate) base: String,
}

impl FromRequestParts<App> for Call {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        let Provider(caller) = Provider::from_request_parts(parts, app).await?;
        app.admit(&caller)?;
        let query = Query::parse(parts.uri.query().unwrap_or_default());
        let headers = parts.headers.clone();
        let base = format!("{}/orgs/{}/scim/v2", app.base_url(&headers), caller.org_slug());
        Ok(Self { app: app.clone(), caller, query, headers, base })
    }
}

impl Call {
    /// How the connection speaks SCIM.
    pub(crate) fn dialect(&self) -> &'static Dialect {
        self.caller.connection().map_or(&Dialect::TOLERANT, Connection::dialect)
    }

    /// Which attributes of a resource the client asks for.
    ///
    /// # Errors
    /// Those of [`Projection::parse`].
    pub(crate) fn projection(&self, kind: ResourceType) -> Result<Projection, ScimError> {
        let [only, without] = ["attributes", "excludedAttributes"].map(|name| self.query.value(name));
        Projection::parse(only, without, kind)
    }

    /// How a resource is to be answered that is shown by `projection`, or not at all.
    pub(crate) fn view(&self, projection: Option<Projection>) -> ScimView {
        ScimView { base: self.base.clone(), projection, members_max: usize::MAX }
    }

    /// `If-Match` as sent; the directory compares it in the transaction that writes.
    pub(crate) fn if_match(&self) -> Option<String> {
        self.headers.get(IF_MATCH).map(|tags| String::from_utf8_lossy(tags.as_bytes()).into_owned())
    }

    /// What the directory answers at once, without leaving this thread; none if it cannot.
    pub(crate) fn at_once<T>(&self, look: impl FnOnce(&Directory, &Caller) -> Option<T>) -> Option<T> {
        self.app.here(|directory| look(directory, &self.caller))
    }

    /// What a change gives that `begin` hands in, once it is on disk.
    ///
    /// # Errors
    /// What the directory refuses.
    pub(crate) async fn change<T: Send + 'static>(
        self,
        begin: impl FnOnce(&Directory, &Caller) -> Result<ScimTurn<T>, ScimError> + Send + 'static,
    ) -> Result<Written<T>, Refusal> {
        if !self.is_small() {
            return self.run(|directory, caller| begin(directory, caller)?.wait()).await;
        }
        let turn = self.app.here(|directory| begin(directory, &self.caller))?;
        let (outcome, rows) = turn.await;
        count(rows);
        outcome.map_err(Into::into)
    }

    /// Whether the body says that it takes no time worth mentioning to be read.
    fn is_small(&self) -> bool {
        match self
            .headers
            .get(CONTENT_LENGTH)
            .map(|bytes| bytes.to_str().unwrap_or_default().parse::<usize>())
        {
            Some(bytes) => bytes.is_ok_and(|bytes| bytes <= SMALL_BODY_BYTES_MAX),
            None => !self.headers.contains_key(TRANSFER_ENCODING),
        }
    }

    /// What the directory answers.
    ///
    /// # Errors
    /// What it refuses.
    pub(crate) async fn run<T: Send + 'static>(
        self,
        work: impl FnOnce(&Directory, &Caller) -> Result<T, ScimError> + Send + 'static,
    ) -> Result<T, Refusal> {
        let Self { app, caller, .. } = self;
        app.run(move |directory| work(directory, &caller)).await
    }
}
