//! Requests as an administrator's script or an identity provider sends them.

use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Method, StatusCode};
use serde_json::Value;

use crate::failure::Failure;

/// Whom a request speaks for, and in which dialect of JSON.
#[derive(Clone, Debug)]
pub struct Client {
    http: reqwest::Client,
    base: String,
    token: String,
    content_type: &'static str,
    headers: HeaderMap,
}

/// An answer, its body read.
#[derive(Clone, Debug)]
pub struct Reply {
    /// Method and path, for messages.
    pub request: String,
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body as text.
    pub text: String,
}

impl Client {
    /// Speaks to the management API of `org`.
    #[must_use]
    pub fn management(server: &str, org: &str, token: &str) -> Self {
        Self::new(format!("{server}/orgs/{org}/api/v1"), token, "application/json")
    }

    /// Speaks SCIM to `org` for the connection of the token.
    #[must_use]
    pub fn scim(server: &str, org: &str, token: &str) -> Self {
        Self::scim_below(format!("{server}/orgs/{org}/scim/v2"), token)
    }

    /// Speaks SCIM to whatever has its root at the URL `base`.
    #[must_use]
    pub fn scim_below(base: String, token: &str) -> Self {
        Self::new(base, token, "application/scim+json")
    }

    /// Asks for the feed of `org`.
    #[must_use]
    pub fn edge(server: &str, org: &str, token: &str) -> Self {
        Self::new(format!("{server}/orgs/{org}/edge/v1"), token, "application/json")
    }

    fn new(base: String, token: &str, content_type: &'static str) -> Self {
        let (http, headers) = (reqwest::Client::new(), HeaderMap::new());
        Self { http, base, token: token.to_string(), content_type, headers }
    }

    /// The same, with these headers beside its own and another media type of bodies.
    #[must_use]
    pub fn speaking(mut self, content_type: &'static str, headers: &[(&'static str, &'static str)]) -> Self {
        let header = |&(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value));
        self.headers = headers.iter().map(header).collect();
        self.content_type = content_type;
        self
    }

    /// Sends a request and reads its answer, whatever the status.
    ///
    /// # Errors
    /// [`Failure::Unanswered`].
    pub async fn send(&self, method: Method, path: &str, body: Option<&Value>) -> Result<Reply, Failure> {
        let request = format!("{method} {path}");
        let mut builder = self.http.request(method, format!("{}{path}", self.base)).bearer_auth(&self.token);
        builder = builder.headers(self.headers.clone());
        if let Some(body) = body {
            builder = builder.header(CONTENT_TYPE, self.content_type).body(body.to_string());
        }
        let unanswered = |cause| Failure::Unanswered { request: request.clone(), cause };
        let response = builder.send().await.map_err(unanswered)?;
        let (status, headers) = (response.status(), response.headers().clone());
        let text = response.text().await.map_err(unanswered)?;
        Ok(Reply { request, status, headers, text })
    }

    /// Sends a request that must succeed and gives the body, null when empty.
    ///
    /// # Errors
    /// [`Failure::Unanswered`], or [`Failure::Answer`] for a status of 300 and above.
    pub async fn expect(&self, method: Method, path: &str, body: Option<&Value>) -> Result<Value, Failure> {
        self.send(method, path, body).await?.expect_success()
    }

    /// `GET path`, which must succeed.
    ///
    /// # Errors
    /// As [`Client::expect`].
    pub async fn get(&self, path: &str) -> Result<Value, Failure> {
        self.expect(Method::GET, path, None).await
    }

    /// `POST path`, which must succeed.
    ///
    /// # Errors
    /// As [`Client::expect`].
    pub async fn post(&self, path: &str, body: &Value) -> Result<Value, Failure> {
        self.expect(Method::POST, path, Some(body)).await
    }

    /// `PATCH path`, which must succeed.
    ///
    /// # Errors
    /// As [`Client::expect`].
    pub async fn patch(&self, path: &str, body: &Value) -> Result<Value, Failure> {
        self.expect(Method::PATCH, path, Some(body)).await
    }

    /// `DELETE path`, which must succeed.
    ///
    /// # Errors
    /// As [`Client::expect`].
    pub async fn delete(&self, path: &str) -> Result<Value, Failure> {
        self.expect(Method::DELETE, path, None).await
    }
}

impl Reply {
    /// The body as JSON; null when it is empty or none.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or(Value::Null)
    }

    /// The body, if the request succeeded.
    ///
    /// # Errors
    /// [`Failure::Answer`] for a status of 300 and above.
    pub fn expect_success(self) -> Result<Value, Failure> {
        if self.status.is_success() {
            return Ok(self.json());
        }
        Err(Failure::Answer { request: self.request, status: self.status.as_u16(), body: self.text })
    }
}
