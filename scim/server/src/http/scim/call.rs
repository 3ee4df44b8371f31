//! What every request of an identity provider says beside its body.

use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::header::IF_MATCH;
use axum::http::request::Parts;
use cohort_directory::{Caller, Connection, Directory, ScimView};
use cohort_scim::{Dialect, Projection, ResourceType, ScimError};

use crate::app::App;
use crate::auth::Provider;
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
