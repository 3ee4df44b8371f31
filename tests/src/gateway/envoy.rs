//! Envoy as a child process, with the filter in its chain.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::process::{Child, Command};
use tokio::time::{Instant, sleep};

use super::asker::Asker;
use super::identity::{ISSUER, Identity};
use crate::failure::{Failure, io};
use crate::program::PATIENCE;

/// Between two looks whether something has happened.
const PACE: Duration = Duration::from_millis(20);

/// What an Envoy is started with.
#[derive(Clone, Copy, Debug)]
pub struct Setup<'a> {
    /// The program.
    pub program: &'a Path,
    /// The entry of the filter; none for a gateway without it.
    pub filter: Option<&'a Value>,
    /// Where it forwards to.
    pub upstream: SocketAddr,
    /// Where the feed is.
    pub feed: SocketAddr,
    /// A folder of its own.
    pub folder: &'a Path,
}

/// A running Envoy; killed when dropped.
#[derive(Debug)]
pub struct Envoy {
    child: Child,
    admin: String,
    folder: PathBuf,
    /// Where it listens.
    pub address: SocketAddr,
}

impl Envoy {
    /// Starts an Envoy with one worker, and waits until it listens.
    ///
    /// # Errors
    /// [`Failure::Program`] with its log when it ends, [`Failure::Late`] when it does not listen in time.
    pub async fn start(setup: &Setup<'_>) -> Result<Self, Failure> {
        std::fs::create_dir_all(setup.folder).map_err(io("making the gateway's folder"))?;
        let (config, admin_file) = (setup.folder.join("envoy.json"), setup.folder.join("admin"));
        let _ = std::fs::remove_file(&admin_file);
        std::fs::write(&config, bootstrap(setup).to_string())
            .map_err(io("writing the gateway's configuration"))?;
        let log =
            std::fs::File::create(setup.folder.join("envoy.log")).map_err(io("opening the gateway's log"))?;
        let mut command = Command::new(setup.program);
        command.arg("-c").arg(&config).arg("--admin-address-path").arg(&admin_file);
        command.args(["--concurrency", "1", "--disable-hot-restart", "--log-level", "info"]);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log).kill_on_drop(true);
        let mut child = command.spawn().map_err(io("starting envoy"))?;
        let started = Instant::now();
        loop {
            if child.try_wait().map_err(io("waiting for envoy"))?.is_some() {
                return Err(Failure::Program { said: format!("envoy ended: {}", log_of(setup.folder)) });
            }
            if let Some((admin, address)) = listening(&admin_file).await {
                return Ok(Self { child, admin, folder: setup.folder.to_owned(), address });
            }
            if started.elapsed() > PATIENCE {
                return Err(Failure::Late {
                    waited_for: format!("envoy to listen: {}", log_of(setup.folder)),
                });
            }
            sleep(PACE).await;
        }
    }

    /// A counter or gauge of the filter; 0 before it was counted.
    ///
    /// # Errors
    /// [`Failure::Unanswered`].
    pub async fn metric(&self, name: &str) -> Result<u64, Failure> {
        let path = format!("{}/stats?filter=cohort_{name}$&format=text", self.admin);
        let text = text_of(&path).await.map_err(|cause| Failure::Unanswered { request: path, cause })?;
        Ok(text.trim().rsplit(' ').next().and_then(|number| number.parse().ok()).unwrap_or(0))
    }

    /// Waits until a metric is at least `least`.
    ///
    /// # Errors
    /// [`Failure::Late`] when it never is.
    pub async fn wait_for(&self, name: &str, least: u64) -> Result<(), Failure> {
        let started = Instant::now();
        while self.metric(name).await? < least {
            if started.elapsed() > PATIENCE {
                return Err(Failure::Late { waited_for: format!("cohort_{name} to reach {least}") });
            }
            sleep(PACE).await;
        }
        Ok(())
    }

    /// Waits until requests with these header lines are not answered by 503: each thread loads the state for itself.
    ///
    /// # Errors
    /// [`Failure::Late`] when they always are.
    pub async fn wait_until_loaded(&self, target: &str, more: &str) -> Result<(), Failure> {
        let (started, mut asker) = (Instant::now(), Asker::connect(self.address).await?);
        while asker.send("GET", target, more).await?.status == 503 {
            if started.elapsed() > PATIENCE {
                return Err(Failure::Late { waited_for: format!("a state at the gateway: {}", self.log()) });
            }
            sleep(PACE).await;
        }
        Ok(())
    }

    /// What it has logged.
    #[must_use]
    pub fn log(&self) -> String {
        log_of(&self.folder)
    }

    /// The number of the process, as long as it runs.
    #[must_use]
    pub fn process_id(&self) -> Option<u32> {
        self.child.id()
    }
}

fn log_of(folder: &Path) -> String {
    std::fs::read_to_string(folder.join("envoy.log")).unwrap_or_default()
}

async fn text_of(url: &str) -> Result<String, reqwest::Error> {
    reqwest::get(url).await?.text().await
}

/// The addresses of administration and listener, once both are there.
async fn listening(admin_file: &Path) -> Option<(String, SocketAddr)> {
    let admin =
        format!("http://{}", std::fs::read_to_string(admin_file).ok().filter(|text| !text.is_empty())?);
    let ready = text_of(&format!("{admin}/ready")).await.ok()?;
    let listeners = text_of(&format!("{admin}/listeners?format=json")).await.ok()?;
    let listeners: Value = serde_json::from_str(&listeners).ok()?;
    let socket = listeners.pointer("/listener_statuses/0/local_address/socket_address")?;
    let port = u16::try_from(socket.get("port_value")?.as_u64()?).ok().filter(|port| *port > 0)?;
    ready.starts_with("LIVE").then(|| (admin, SocketAddr::from(([127, 0, 0, 1], port))))
}

/// The whole configuration: the gateway's own JWT filter, ours, the router.
fn bootstrap(setup: &Setup<'_>) -> Value {
    let mut filters = vec![jwt_filter()];
    filters.extend(setup.filter.cloned());
    filters.push(json!({
        "name": "router",
        "typed_config": {"@type": "type.googleapis.com/envoy.extensions.filters.http.router.v3.Router"}
    }));
    let manager = json!({
        "@type": "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
        "stat_prefix": "app",
        "http_filters": filters,
        "route_config": {"virtual_hosts": [{
            "name": "app",
            "domains": ["*"],
            "routes": [{"match": {"prefix": "/"}, "route": {"cluster": "app"}}]
        }]}
    });
    json!({
        "admin": {"address": address(SocketAddr::from(([127, 0, 0, 1], 0)))},
        "static_resources": {
            "listeners": [{
                "name": "app",
                "address": address(SocketAddr::from(([127, 0, 0, 1], 0))),
                "filter_chains": [{"filters": [{"name": "http", "typed_config": manager}]}]
            }],
            "clusters": [cluster("app", setup.upstream), cluster("cohort", setup.feed)]
        }
    })
}

fn jwt_filter() -> Value {
    let key_set = Identity::default().key_set().to_string();
    json!({
        "name": "envoy.filters.http.jwt_authn",
        "typed_config": {
            "@type": "type.googleapis.com/envoy.extensions.filters.http.jwt_authn.v3.JwtAuthentication",
            "providers": {"idp": {
                "issuer": ISSUER,
                "local_jwks": {"inline_string": key_set},
                "payload_in_metadata": "payload"
            }},
            "rules": [{"match": {"prefix": "/"}, "requires": {"requires_any": {"requirements": [
                {"provider_name": "idp"},
                {"allow_missing": {}}
            ]}}}]
        }
    })
}

/// The entry of the filter with this configuration.
#[must_use]
pub fn cohort_filter(module: &Path, configuration: &Value) -> Value {
    json!({
        "name": "cohort",
        "typed_config": {
            "@type": "type.googleapis.com/envoy.extensions.filters.http.wasm.v3.Wasm",
            "config": {
                "name": "cohort",
                "root_id": "cohort",
                "vm_config": {
                    "runtime": "envoy.wasm.runtime.v8",
                    "code": {"local": {"filename": module}}
                },
                "configuration": {
                    "@type": "type.googleapis.com/google.protobuf.StringValue",
                    "value": configuration.to_string()
                }
            }
        }
    })
}

fn cluster(name: &str, to: SocketAddr) -> Value {
    json!({
        "name": name,
        "type": "STATIC",
        "connect_timeout": "5s",
        "load_assignment": {"cluster_name": name, "endpoints": [{"lb_endpoints": [
            {"endpoint": {"address": address(to)}}
        ]}]}
    })
}

fn address(socket: SocketAddr) -> Value {
    json!({"socket_address": {"address": socket.ip().to_string(), "port_value": socket.port()}})
}
