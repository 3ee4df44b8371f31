//! The real server with an organisation, a wire that can flip bits, an upstream, and a gateway before it.

use std::net::SocketAddr;
use std::path::Path;

use serde_json::{Value, json};

use super::{Place, Problem};
use crate::failure::Failure;
use crate::gateway::{Asker, Envoy, Identity, Reply, Setup, Upstream, cohort_filter};
use crate::program::{Programs, Scratch, Server};
use crate::provision::Tenant;
use crate::proxy::Proxy;
use crate::world;

pub(super) const ORG: &str = "acme";

/// What the server is told at first.
pub(super) const WORLD: &str = "
user ada
user bob
user dan
group approvers
group readers has bob
role approver grants invoice:approve
role reader grants doc:read
role chief grants doc:drop
grant approver to approvers on project:42
grant reader to readers
grant chief to user:bob requires mfa
";

/// Everything but the gateway.
pub(super) struct Stage {
    pub(super) server: Server,
    pub(super) tenant: Tenant,
    pub(super) wire: Proxy,
    pub(super) upstream: Upstream,
    pub(super) folder: Scratch,
    pub(super) identity: Identity,
}

impl Stage {
    pub(super) async fn new() -> Result<Self, Failure> {
        let folder = Scratch::new();
        let server = Server::fresh(Programs::built(), &folder.path().join("data"), ORG, &[]).await?;
        let mut stage = Self {
            tenant: Tenant::new(&server, ORG)?,
            wire: Proxy::before(&server.url).await?,
            upstream: Upstream::start().await?,
            identity: Identity::default(),
            server,
            folder,
        };
        stage.tell(WORLD).await?;
        Ok(stage)
    }

    pub(super) async fn tell(&mut self, words: &str) -> Result<(), Failure> {
        for line in world::read(words)? {
            self.tenant.carry_out(&line).await?;
        }
        Ok(())
    }

    /// A configuration that is right for this server.
    pub(super) fn configuration(&self) -> Result<Value, Failure> {
        let (token, key) = (self.server.token(ORG, &["edge"])?, self.server.public_key()?);
        Ok(configuration(&token, &key))
    }

    /// A gateway with this configuration, behind the wire.
    pub(super) async fn gateway(&self, place: Place<'_>, configuration: &Value) -> Result<Envoy, Problem> {
        let feed = address_of(&self.wire.url)?;
        Ok(start(place, configuration, self.upstream.address, feed, &self.folder.path().join("envoy"))
            .await?)
    }

    /// Asks the gateway as `user`, until it answers as expected: news takes its time.
    pub(super) async fn until(
        &self,
        envoy: &Envoy,
        (user, request): (&str, &str),
        expected: &str,
    ) -> Result<(), Problem> {
        let started = tokio::time::Instant::now();
        loop {
            let found = self.ask(envoy, user, request).await?.told();
            if found == expected {
                return Ok(());
            }
            if started.elapsed() > crate::program::PATIENCE {
                return Err(Problem(format!("{user} {request}: {found}; waited in vain for {expected}")));
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    }

    /// Asks the gateway as `user`: `GET /path`.
    pub(super) async fn ask(&self, envoy: &Envoy, user: &str, request: &str) -> Result<Reply, Failure> {
        let (method, target) = request.split_once(' ').unwrap_or(("GET", request));
        Asker::connect(envoy.address).await?.ask(method, target, &self.identity.token(user)).await
    }
}

pub(super) async fn start(
    place: Place<'_>,
    configuration: &Value,
    upstream: SocketAddr,
    feed: SocketAddr,
    folder: &Path,
) -> Result<Envoy, Failure> {
    let filter = cohort_filter(place.filter, configuration);
    Envoy::start(&Setup { program: place.envoy, filter: Some(&filter), upstream, feed, folder }).await
}

/// The configuration of the scenarios.
pub(super) fn configuration(token: &str, key: &str) -> Value {
    json!({
        "server": {"cluster": "cohort", "authority": "cohort.internal", "org": ORG, "token": token},
        "keys": [key],
        "subject": {"claim": ["envoy.filters.http.jwt_authn", "payload", "sub"]},
        "revisionHeader": true,
        "routes": [
            {"methods": ["GET"], "path": "/health", "public": true},
            {"methods": ["POST"], "path": "/projects/{id}/approvals", "permission": "invoice:approve", "scope": "project:{id}"},
            {"methods": ["GET"], "path": "/docs/{id}", "permission": "doc:read", "scope": "doc:{id}"},
            {"methods": ["DELETE"], "path": "/docs/{id}", "permission": "doc:drop", "scope": "doc:{id}"},
            {"methods": ["DELETE"], "path": "/vouched/docs/{id}", "permission": "doc:drop", "scope": "doc:{id}",
             "conditions": ["mfa"]}
        ]
    })
}

/// The address in `http://127.0.0.1:4321`.
pub(super) fn address_of(url: &str) -> Result<SocketAddr, Problem> {
    let address = url.trim_start_matches("http://").parse();
    address.map_err(|_| Problem(format!("`{url}` is no address of loopback")))
}
