//! The real programs as child processes: started on fresh folders, asked for tokens, killed without warning.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout};
use tokio::time::timeout;

use crate::failure::{Failure, io};

/// How long a program may take to say that it is ready, and an event to arrive: generous, because a failure here
/// must mean a fault and not a busy machine.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// Where the programs are.
#[derive(Clone, Debug)]
pub struct Programs {
    /// The server and command line.
    pub cohort: PathBuf,
    /// The wasmtime host.
    pub host: PathBuf,
    /// The raw module.
    pub module: PathBuf,
}

impl Programs {
    /// The programs of this workspace, built first so that no test runs against an old one.
    #[must_use]
    pub fn built() -> &'static Self {
        static BUILT: OnceLock<Programs> = OnceLock::new();
        BUILT.get_or_init(|| {
            let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
            let cargo = |arguments: &[&str]| {
                let status = Command::new(env!("CARGO")).args(arguments).current_dir(&root).status();
                assert!(status.is_ok_and(|status| status.success()), "cargo {} failed", arguments.join(" "));
            };
            cargo(&[
                "build",
                "--quiet",
                "--locked",
                "--package",
                "cohort-server",
                "--package",
                "cohort-host",
            ]);
            cargo(&["xtask", "dist", "--only", "raw"]);
            let debug = target_folder(&root).join("debug");
            Self {
                cohort: debug.join("cohort"),
                host: debug.join("cohort-host"),
                module: root.join("dist/cohort.wasm"),
            }
        })
    }

    /// Whether all of them are there.
    ///
    /// # Errors
    /// [`Failure::Missing`] naming the first that is not.
    pub fn expect_present(&self) -> Result<(), Failure> {
        match [&self.cohort, &self.host, &self.module].into_iter().find(|program| !program.is_file()) {
            Some(program) => Err(Failure::Missing { program: program.clone() }),
            None => Ok(()),
        }
    }

    /// Runs `cohort` with these arguments to its end and gives its standard output without the last line end.
    ///
    /// # Errors
    /// [`Failure::Program`] with what it said when it does not end with 0.
    pub fn cohort(&self, arguments: &[&str]) -> Result<String, Failure> {
        let output = Command::new(&self.cohort).args(arguments).stdin(Stdio::null()).output();
        let output = output.map_err(io("starting cohort"))?;
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout).trim_end().to_string());
        }
        let said =
            format!("cohort {}: {}", arguments.join(" "), String::from_utf8_lossy(&output.stderr).trim());
        Err(Failure::Program { said })
    }
}

fn target_folder(root: &Path) -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), |folder| root.join(folder))
}

/// A folder of a test's own, removed with it.
#[derive(Debug)]
pub struct Scratch(PathBuf);

impl Scratch {
    /// A folder that no other test uses, not yet made.
    #[must_use]
    pub fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        Self(std::env::temp_dir().join(format!("cohort-test-{}-{number}", std::process::id())))
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Default for Scratch {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // A folder that stays behind is no reason to fail.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A running `cohort serve`; killed when dropped.
#[derive(Debug)]
pub struct Server {
    programs: Programs,
    folder: PathBuf,
    arguments: Vec<String>,
    child: Child,
    // Held open: a program that cannot write its log any more would end.
    _stdout: Lines<BufReader<ChildStdout>>,
    /// Where it listens, such as `http://127.0.0.1:4321`.
    pub url: String,
}

impl Server {
    /// Makes an organisation in a fresh `folder` and serves it on a free port of loopback.
    ///
    /// # Errors
    /// [`Failure`] when a program is missing, ends early, or does not listen in time.
    pub async fn fresh(
        programs: &Programs,
        folder: &Path,
        org: &str,
        more: &[&str],
    ) -> Result<Self, Failure> {
        let data = folder.to_string_lossy();
        programs.cohort(&["init", "--data", &data, "--org", org])?;
        Self::start(programs, folder, "127.0.0.1:0", more).await
    }

    /// Serves `folder` on `address`, with more arguments.
    ///
    /// # Errors
    /// As [`Server::fresh`].
    pub async fn start(
        programs: &Programs,
        folder: &Path,
        address: &str,
        more: &[&str],
    ) -> Result<Self, Failure> {
        let mut command = tokio::process::Command::new(&programs.cohort);
        command.args(["serve", "--data"]).arg(folder).args(["--listen", address]).args(more);
        let log = folder.join("server.log");
        let log =
            std::fs::OpenOptions::new().create(true).append(true).open(log).map_err(io("opening the log"))?;
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log).kill_on_drop(true);
        let mut child = command.spawn().map_err(io("starting cohort serve"))?;
        let mut stdout = lines_of(&mut child)?;
        let line = next_line(&mut stdout, "cohort serve to listen").await?;
        let url =
            line.as_deref().and_then(|line| line.split_once("listening on ")).map(|(_, url)| url.to_string());
        let Some(url) = url else {
            let log = std::fs::read_to_string(folder.join("server.log")).unwrap_or_default();
            let said = format!("cohort serve ended: {}", log.lines().last().unwrap_or_default());
            return Err(Failure::Program { said });
        };
        let arguments = more.iter().map(ToString::to_string).collect();
        let (programs, folder) = (programs.clone(), folder.to_path_buf());
        Ok(Self { programs, folder, arguments, child, _stdout: stdout, url })
    }

    /// Kills the process as a power cut would, and waits until it is gone.
    ///
    /// # Errors
    /// [`Failure::Io`] when it cannot be killed.
    pub async fn kill(&mut self) -> Result<(), Failure> {
        self.child.kill().await.map_err(io("killing cohort serve"))
    }

    /// Starts again on the same folder and port, with the arguments of before or others.
    ///
    /// # Errors
    /// As [`Server::fresh`].
    pub async fn restart(&mut self, more: Option<&[&str]>) -> Result<(), Failure> {
        let before: Vec<&str> = self.arguments.iter().map(String::as_str).collect();
        let address = self.url.trim_start_matches("http://").to_string();
        *self = Self::start(&self.programs, &self.folder, &address, more.unwrap_or(&before)).await?;
        Ok(())
    }

    /// A fresh token for `org`: `purpose` and what else the command takes.
    ///
    /// # Errors
    /// [`Failure::Program`] with what the command said.
    pub fn token(&self, org: &str, purpose: &[&str]) -> Result<String, Failure> {
        let data = self.folder.to_string_lossy();
        let arguments: Vec<&str> =
            ["token", "--data", &data, "--org", org, "--for"].iter().chain(purpose).copied().collect();
        self.programs.cohort(&arguments)
    }

    /// The public key of the feed, in hexadecimal.
    ///
    /// # Errors
    /// [`Failure::Program`] with what the command said.
    pub fn public_key(&self) -> Result<String, Failure> {
        self.programs.cohort(&["key", "--data", &self.folder.to_string_lossy()])
    }

    /// The number of the process, as long as it runs.
    #[must_use]
    pub fn process_id(&self) -> Option<u32> {
        self.child.id()
    }

    /// The memory that the process has in use, in bytes, where the system tells.
    #[must_use]
    pub fn resident_bytes(&self) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()?)).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
        let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
        Some(kib * 1024)
    }

    /// The folder that is served.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }
}

/// A running `cohort-host --follow --json`; killed when dropped.
#[derive(Debug)]
pub struct Host {
    _child: Child,
    events: Lines<BufReader<ChildStdout>>,
}

/// What a host is started with.
#[derive(Clone, Copy, Debug)]
pub struct HostStart<'a> {
    /// The server, or whatever stands before it.
    pub url: &'a str,
    /// Whose feed.
    pub org: &'a str,
    /// A file with an edge token.
    pub token_file: &'a Path,
    /// The pinned public key, in hexadecimal.
    pub key: &'a str,
    /// The questions.
    pub asks: &'a [String],
}

impl Host {
    /// Starts a host that follows the feed.
    ///
    /// # Errors
    /// [`Failure::Io`] when the program cannot be started.
    pub fn follow(programs: &Programs, start: &HostStart<'_>) -> Result<Self, Failure> {
        let mut command = tokio::process::Command::new(&programs.host);
        command.args(["--server", start.url, "--org", start.org, "--key", start.key, "--follow", "--json"]);
        command.arg("--token-file").arg(start.token_file).arg("--module").arg(&programs.module);
        for ask in start.asks {
            command.args(["--ask", ask]);
        }
        command.stdin(Stdio::null()).stdout(Stdio::piped()).kill_on_drop(true);
        let mut child = command.spawn().map_err(io("starting cohort-host"))?;
        let events = lines_of(&mut child)?;
        Ok(Self { _child: child, events })
    }

    /// The next event of the host.
    ///
    /// # Errors
    /// [`Failure::Late`] when none comes in time, [`Failure::Program`] when the host ended.
    pub async fn next(&mut self) -> Result<Value, Failure> {
        let ended = || Failure::Program { said: "cohort-host ended".into() };
        let line = next_line(&mut self.events, "an event of the host").await?.ok_or_else(ended)?;
        let malformed = |_| Failure::Program { said: format!("cohort-host said `{line}`; expected JSON") };
        serde_json::from_str(&line).map_err(malformed)
    }

    /// The next event named `name`; others before it are dropped.
    ///
    /// # Errors
    /// As [`Host::next`].
    pub async fn wait_for(&mut self, name: &str) -> Result<Value, Failure> {
        self.wait_for_any(&[name]).await
    }

    /// The next event of one of these names; others are passed over.
    ///
    /// # Errors
    /// As [`Host::wait_for`].
    pub async fn wait_for_any(&mut self, names: &[&str]) -> Result<Value, Failure> {
        loop {
            let event = self.next().await?;
            let name = event.get("event").and_then(Value::as_str);
            if name.is_some_and(|name| names.contains(&name)) {
                return Ok(event);
            }
        }
    }
}

fn lines_of(child: &mut Child) -> Result<Lines<BufReader<ChildStdout>>, Failure> {
    let stdout = child.stdout.take().ok_or(Failure::Program { said: "a program without output".into() })?;
    Ok(BufReader::new(stdout).lines())
}

async fn next_line(
    lines: &mut Lines<BufReader<ChildStdout>>,
    waited_for: &'static str,
) -> Result<Option<String>, Failure> {
    let late = |_| Failure::Late { waited_for: waited_for.into() };
    timeout(PATIENCE, lines.next_line()).await.map_err(late)?.map_err(io("reading a program's output"))
}
