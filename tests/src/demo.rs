//! The demo: a world played against the real programs, with every answer compared.
//!
//! Up to its first question a world is set up; the host then starts and answers all questions. Every later
//! change is sent as a request, and the host must answer the questions after it as written, once the change
//! has reached it. An `at` less than a minute after the last lets time pass with the server switched off.

mod board;
mod report;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::client::Client;
use crate::failure::{Failure, io};
use crate::program::{Host, HostStart, Programs, Server};
use crate::provision::Tenant;
use crate::world::{self, Ask, Line, Statement};
use board::Board;
use report::Report;

/// Up to this many milliseconds between two `at`s pass for real.
const PASSING_MILLIS_MAX: i64 = 60_000;

/// What to play, with what, where.
#[derive(Clone, Debug)]
pub struct Options {
    /// The programs.
    pub programs: Programs,
    /// The world file.
    pub world: PathBuf,
    /// The folder for the server's data; emptied first.
    pub folder: PathBuf,
    /// Whether to end instead of leaving the server running.
    pub once: bool,
}

/// Plays a world and says how many of its expectations were not met.
///
/// # Errors
/// [`Failure`] when it cannot go on; an answer that is not as written is no failure, but counted.
pub async fn play(options: &Options) -> Result<usize, Failure> {
    options.programs.expect_present()?;
    let text = std::fs::read_to_string(&options.world).map_err(io("reading the world file"))?;
    let lines = world::read(&text)?;
    let first_ask = lines.iter().position(|line| matches!(line.statement, Statement::Ask(_)));
    let (setup, story) = lines.split_at(first_ask.unwrap_or(lines.len()));

    let mut demo = Demo::start(options, &lines).await?;
    demo.set_up(setup).await?;
    demo.follow(&lines).await?;
    demo.tell(story).await?;
    demo.report.end(&demo.server, &options.programs);
    let failed = demo.report.failed();
    if !options.once {
        demo.report.what_to_try(&demo.server, &options.programs, &demo.tenant);
        tokio::signal::ctrl_c().await.map_err(io("waiting for Ctrl-C"))?;
    }
    Ok(failed)
}

struct Demo<'a> {
    options: &'a Options,
    server: Server,
    tenant: Tenant,
    host: Option<Host>,
    board: Board,
    report: Report,
    /// The world's present instant, and when it was reached.
    at: (i64, Instant),
    /// When the last change was sent.
    sent: Instant,
    /// Whether the server was switched off to let time pass.
    off: bool,
}

impl<'a> Demo<'a> {
    async fn start(options: &'a Options, lines: &[Line]) -> Result<Self, Failure> {
        let mut report = Report::default();
        let data = options.folder.join("data");
        if options.folder.exists() {
            std::fs::remove_dir_all(&options.folder).map_err(io("emptying the demo folder"))?;
        }
        std::fs::create_dir_all(&options.folder).map_err(io("making the demo folder"))?;
        let org = lines.iter().find_map(|line| match &line.statement {
            Statement::Org { slug, .. } => Some(slug.as_str()),
            _ => None,
        });
        let org = org.unwrap_or("demo");
        report.step(&format!("starting `cohort serve` on a fresh folder, organisation `{org}`"));
        let server = Server::fresh(&options.programs, &data, org, &[]).await?;
        report.detail(&format!("listening on {}", server.url));
        let mut tenant = Tenant::new(&server, org)?;
        for connection in connections(lines) {
            tenant.connect(&server, connection)?;
            report.detail(&format!("connection `{connection}` has its own token and dialect"));
        }
        let (at, sent) = ((world::DEFAULT_AT, Instant::now()), Instant::now());
        Ok(Self {
            options,
            server,
            tenant,
            host: None,
            board: Board::default(),
            report,
            at,
            sent,
            off: false,
        })
    }

    /// Carries out everything before the first question.
    async fn set_up(&mut self, lines: &[Line]) -> Result<(), Failure> {
        let size = Size::of(lines);
        self.report.step(&format!(
            "provisioning {} people and {} groups: {} by SCIM requests, the rest by the management API",
            size.people, size.groups, size.pushed,
        ));
        let start = Instant::now();
        for (done, line) in lines.iter().enumerate() {
            self.report.progress(done, lines.len());
            match &line.statement {
                Statement::At(millis) => self.jump_to(*millis),
                Statement::Count { group, members } => self.count(line.number, group, *members).await?,
                _ => self.tenant.carry_out(line).await?,
            }
        }
        self.report.detail(&format!("{} statements in {:.1} s", lines.len(), start.elapsed().as_secs_f64()));
        Ok(())
    }

    /// Starts the host with all questions of the world.
    async fn follow(&mut self, lines: &[Line]) -> Result<(), Failure> {
        self.report.step("starting the wasmtime host: it fetches the signed snapshot and verifies it");
        let token_file = self.options.folder.join("edge.token");
        let token = self.server.token(&self.tenant.org, &["edge"])?;
        write_secret(&token_file, &token)?;
        let key = self.server.public_key()?;
        let mut asks: Vec<String> = Vec::new();
        for ask in lines.iter().filter_map(|line| match &line.statement {
            Statement::Ask(ask) => Some(question(ask)),
            _ => None,
        }) {
            if !asks.contains(&ask) {
                asks.push(ask);
            }
        }
        let start = HostStart {
            url: &self.server.url,
            org: &self.tenant.org,
            token_file: &token_file,
            key: &key,
            asks: &asks,
        };
        let mut host = Host::follow(&self.options.programs, &start)?;
        let opened = host.wait_for("opened").await?;
        let number = |field: &str| opened.get(field).and_then(Value::as_u64).unwrap_or_default();
        self.report.detail(&format!(
            "opened {} bytes at revision {} in the module",
            number("bytes"),
            number("revision")
        ));
        self.board.collect(&mut host, asks.len()).await?;
        self.host = Some(host);
        self.report.table_head();
        Ok(())
    }

    /// Asks and changes, in the order of the world.
    async fn tell(&mut self, lines: &[Line]) -> Result<(), Failure> {
        for line in lines {
            match &line.statement {
                Statement::Ask(ask) => self.ask(line.number, ask).await?,
                Statement::Count { group, members } => {
                    self.switch_on().await?;
                    self.count(line.number, group, *members).await?;
                }
                Statement::Owners { .. } => {}
                Statement::At(millis) if self.passes(*millis) => self.let_pass(*millis).await?,
                Statement::At(millis) => self.jump_to(*millis),
                statement => {
                    self.switch_on().await?;
                    self.report.change(statement);
                    self.sent = Instant::now();
                    self.tenant.carry_out(line).await?;
                }
            }
        }
        self.switch_on().await
    }

    async fn ask(&mut self, line: usize, ask: &Ask) -> Result<(), Failure> {
        let Some(host) = &mut self.host else { return Ok(()) };
        let answer = self.board.answer(host, ask).await?;
        self.report.answer(line, ask, answer.as_ref(), self.sent);
        Ok(())
    }

    async fn count(&mut self, line: usize, group: &str, expected: usize) -> Result<(), Failure> {
        let shown = self.tenant.management.get(&format!("/groups/{group}")).await?;
        let found = shown.get("memberCount").and_then(Value::as_u64);
        self.report.count(line, group, expected, found);
        Ok(())
    }

    /// Makes the world's instant `millis` the present.
    fn jump_to(&mut self, millis: i64) {
        self.at = (millis, Instant::now());
        self.tenant.shift_millis = now_millis() - millis;
    }

    fn passes(&self, millis: i64) -> bool {
        (1..=PASSING_MILLIS_MAX).contains(&(millis - self.at.0))
    }

    /// Switches the server off until the world's instant `millis`, so that the host is alone with its clock.
    async fn let_pass(&mut self, millis: i64) -> Result<(), Failure> {
        self.report.step("switching the server off; only time passes");
        let revision = self.served_revision().await?;
        if let Some(host) = &mut self.host {
            self.board.reach(host, revision).await?;
            self.server.kill().await?;
            self.off = true;
            self.board.disconnect(host).await?;
        }
        let reached = self.at.1 + Duration::from_millis((millis - self.at.0).unsigned_abs());
        self.sent = reached;
        self.at = (millis, reached);
        tokio::time::sleep_until(reached.into()).await;
        Ok(())
    }

    async fn switch_on(&mut self) -> Result<(), Failure> {
        if std::mem::take(&mut self.off) {
            self.report.step("switching the server on again, on the same folder");
            self.server.restart(None).await?;
            if let Some(host) = &mut self.host {
                self.board.reconnect(host).await?;
            }
        }
        Ok(())
    }

    /// The revision that the server would hand out now.
    async fn served_revision(&self) -> Result<u64, Failure> {
        let token = self.server.token(&self.tenant.org, &["edge"])?;
        let edge = Client::edge(&self.server.url, &self.tenant.org, &token);
        let reply = edge.send(reqwest::Method::HEAD, "/snapshot", None).await?;
        let revision = reply.headers.get("x-cohort-revision").and_then(|value| value.to_str().ok());
        let missing = || Failure::Program { said: "the feed told no revision".into() };
        revision.and_then(|revision| revision.parse().ok()).ok_or_else(missing)
    }
}

/// What a world sets up.
struct Size {
    people: usize,
    groups: usize,
    pushed: usize,
}

impl Size {
    fn of(lines: &[Line]) -> Self {
        let mut size = Self { people: 0, groups: 0, pushed: 0 };
        for line in lines {
            let pushed = match &line.statement {
                Statement::User(user) => {
                    size.people += 1;
                    user.connection.is_some()
                }
                Statement::Group(group) => {
                    size.groups += 1;
                    group.connection.is_some()
                }
                _ => false,
            };
            size.pushed += usize::from(pushed);
        }
        size
    }
}

/// The names of the connections of a world, in their order.
fn connections(lines: &[Line]) -> Vec<&str> {
    let mut names: Vec<&str> = Vec::new();
    for line in lines {
        let name = match &line.statement {
            Statement::User(user) => user.connection.as_deref(),
            Statement::Group(group) => group.connection.as_deref(),
            _ => None,
        };
        if let Some(name) = name
            && !names.contains(&name)
        {
            names.push(name);
        }
    }
    names
}

/// The words in which a host is asked.
fn question(ask: &Ask) -> String {
    let mut words = format!("{} {} on {}", ask.user, ask.permission, ask.scope);
    if let Some(within) = &ask.within {
        words.push_str(&format!(" in {within}"));
    }
    if !ask.conditions.is_empty() {
        words.push_str(&format!(" with {}", ask.conditions.join(", ")));
    }
    words
}

/// Writes a file that only its owner reads.
fn write_secret(path: &Path, secret: &str) -> Result<(), Failure> {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    let mut options = std::fs::OpenOptions::new();
    let file = options.write(true).create(true).truncate(true).mode(0o600).open(path);
    file.and_then(|mut file| file.write_all(secret.as_bytes())).map_err(io("writing a token file"))
}

fn now_millis() -> i64 {
    jiff::Timestamp::now().as_millisecond()
}
