//! The program on a folder of its own, and a client that speaks for one connection.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use reqwest::header::{CONTENT_TYPE, RETRY_AFTER};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

const PROGRAM: &str = env!("CARGO_BIN_EXE_cohort");

/// The URN of a PATCH body.
pub(crate) const PATCH_OP: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

/// A served folder with the organisation `acme`; both go with the value.
pub(crate) struct Server {
    folder: PathBuf,
    process: Child,
    url: String,
    log: PathBuf,
}

impl Server {
    pub(crate) fn start() -> Self {
        Self::start_with(&[])
    }

    /// With more arguments for `cohort serve`.
    pub(crate) fn start_with(more: &[&str]) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("cohort-scim-{}-{number}", std::process::id()));
        cohort(&folder, &["init", "--org", "acme"]);
        let mut command = Command::new(PROGRAM);
        command.args(["serve", "--listen", "127.0.0.1:0", "--data"]).arg(&folder).args(more);
        let log = folder.with_extension("log");
        command.stdout(Stdio::piped()).stderr(File::create(&log).expect("a file"));
        let mut process = command.spawn().expect("the program starts");
        let mut line = String::new();
        let output = process.stdout.take().expect("a pipe");
        BufReader::new(output).read_line(&mut line).expect("a line");
        let url = line.trim().strip_prefix("listening on ").expect("an address").to_owned();
        Self { folder, process, url, log }
    }

    /// What the program has logged.
    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(&self.log).expect("a log")
    }

    /// A client for the connection of this name and dialect.
    pub(crate) fn client(&self, name: &str, dialect: &str) -> Client {
        let token = cohort(
            &self.folder,
            &["token", "--org", "acme", "--for", "scim", "--connection", name, "--dialect", dialect],
        );
        let base = format!("{}/orgs/acme/scim/v2", self.url);
        Client { http: reqwest::Client::new(), base, token }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let killed = self.process.kill().and_then(|()| self.process.wait());
        let removed = std::fs::remove_dir_all(&self.folder).and_then(|()| std::fs::remove_file(&self.log));
        // A second panic would hide why the test failed.
        if !std::thread::panicking() {
            killed.expect("the program was running");
            removed.expect("the folder was there");
        }
    }
}

/// What the command prints, without the end of the line.
fn cohort(folder: &Path, arguments: &[&str]) -> String {
    let output = Command::new(PROGRAM).args(arguments).arg("--data").arg(folder).output();
    let output = output.expect("the program starts");
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

/// SCIM requests of one connection.
#[derive(Clone)]
pub(crate) struct Client {
    pub(crate) http: reqwest::Client,
    pub(crate) base: String,
    pub(crate) token: String,
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) body: Value,
    pub(crate) text: String,
    pub(crate) retry_after: Option<String>,
}

impl Client {
    /// Sends a request with these headers beside the token.
    pub(crate) async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&'static str, &str)],
        body: Option<String>,
    ) -> Reply {
        let mut request = self.http.request(method, format!("{}{path}", self.base)).bearer_auth(&self.token);
        if let Some(body) = body {
            request = request.header(CONTENT_TYPE, "application/scim+json").body(body);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = request.send().await.expect("an answer");
        let status = response.status();
        let retry_after =
            response.headers().get(RETRY_AFTER).map(|seconds| seconds.to_str().expect("a text").to_owned());
        let text = response.text().await.expect("a body");
        let body = serde_json::from_str(&text).unwrap_or(Value::Null);
        Reply { status, body, text, retry_after }
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.send(Method::GET, path, &[], None).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Reply {
        self.send(Method::POST, path, &[], Some(body.to_string())).await
    }

    /// PATCH, of which only what a GET shows afterwards is given.
    pub(crate) async fn patched(&self, path: &str, operations: &Value) -> Value {
        let body = json!({"schemas": [PATCH_OP], "Operations": operations});
        let reply = self.send(Method::PATCH, path, &[], Some(body.to_string())).await;
        assert!(reply.status.is_success(), "{}", reply.text);
        self.get(path).await.body
    }

    /// The id of a resource that is made.
    pub(crate) async fn made(&self, endpoint: &str, body: &Value) -> String {
        let reply = self.post(endpoint, body).await;
        assert_eq!(reply.status, StatusCode::CREATED, "{}", reply.text);
        text(&reply.body, "id")
    }

    /// A user of this name.
    pub(crate) async fn user(&self, name: &str) -> String {
        let schemas = ["urn:ietf:params:scim:schemas:core:2.0:User"];
        self.made("/Users", &json!({"schemas": schemas, "userName": name})).await
    }
}

/// The text of an attribute.
pub(crate) fn text(resource: &Value, attribute: &str) -> String {
    resource[attribute].as_str().unwrap_or_else(|| panic!("no {attribute} in {resource}")).to_owned()
}

/// An attribute of each resource on a page.
pub(crate) fn texts(page: &Value, attribute: &str) -> Vec<String> {
    let resources = page["Resources"].as_array().unwrap_or_else(|| panic!("no resources in {page}"));
    resources.iter().map(|resource| text(resource, attribute)).collect()
}

/// The status, `scimType` and detail of a refusal.
pub(crate) fn refusal(reply: &Reply) -> (u16, &str, &str) {
    assert_eq!(reply.body["status"], reply.status.as_u16().to_string(), "{}", reply.text);
    let word = |name: &str| reply.body[name].as_str().unwrap_or_default();
    (reply.status.as_u16(), word("scimType"), word("detail"))
}
