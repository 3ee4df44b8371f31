//! `cohort-host`: decides in the wasm module what a server's signed feed says.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{self, ExitCode};

use clap::Parser;
use cohort_host::ask::{Ask, AskError};
use cohort_host::clock;
use cohort_host::event::{Answered, Event};
use cohort_host::feed::{self, BackOff, Feed, FeedError, Token, TokenError};
use cohort_host::follow::Follower;
use cohort_host::module::{ModuleError, Program};
use cohort_host::table::Table;
use cohort_host::watch::{Told, Watch};
use cohort_verify::TrustedKey;

/// Answers access questions in the wasm module, from a server's signed feed.
///
/// Fetches the snapshot of an organisation, checks its signature against the pinned keys, opens it in the module
/// and answers the questions with their reasons. With --follow it stays: it applies changes as they happen, tells
/// every answer that turns, and goes on deciding by its own clock while the server is away.
#[derive(Parser, Debug)]
#[command(name = "cohort-host", version, after_help = EXAMPLES)]
struct Arguments {
    /// Address of the server, such as http://127.0.0.1:8080
    #[arg(long, value_name = "URL")]
    server: String,
    /// Slug or uuid of the organisation
    #[arg(long)]
    org: String,
    /// File with the token of the feed, as `cohort token --for edge` prints it
    #[arg(long, value_name = "FILE")]
    token_file: PathBuf,
    /// Public key to trust, 64 hexadecimal digits, as `cohort key` prints it; may be given several times
    #[arg(long = "key", value_name = "HEX", required = true, value_parser = feed::trusted_key)]
    keys: Vec<TrustedKey>,
    /// The wasm module
    #[arg(long, value_name = "FILE", default_value = "cohort.wasm")]
    module: PathBuf,
    /// Question: USER PERMISSION [on SCOPE] [in PARENT] [with CONDITION]...; USER is an id, or a user name in
    /// lower case; may be given several times
    #[arg(long = "ask", value_name = "QUESTION")]
    asks: Vec<Ask>,
    /// File with one question per line; lines that start with # do not count
    #[arg(long = "asks", value_name = "FILE")]
    asks_file: Option<PathBuf>,
    /// Stay, apply changes, and tell what happens
    #[arg(long)]
    follow: bool,
    /// Print one JSON object per line instead of text
    #[arg(long)]
    json: bool,
}

const EXAMPLES: &str = "\
Examples:
  cohort-host --server http://127.0.0.1:8080 --org acme --token-file edge.token --key $(cohort key --data DIR) \\
      --module cohort.wasm --ask 'ada quote:create on project:42' --ask 'bob invoice:approve with mfa'
  cohort-host ... --asks questions.txt --follow --json

Ends with 0 when the questions were answered, with 2 when they could not be.";

/// Why the host gave up.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error("cannot read `{}`: {cause}", path.display())]
    Read { path: PathBuf, cause: io::Error },
    #[error("`{}`: {cause}", path.display())]
    Token { path: PathBuf, cause: TokenError },
    #[error("`{}`, line {line}: {cause}", path.display())]
    Ask { path: PathBuf, line: usize, cause: AskError },
    #[error("no question\nhint: give one with --ask or --asks, or follow without questions by --follow")]
    NoQuestion,
    #[error(transparent)]
    Feed(#[from] FeedError),
    #[error(transparent)]
    Module(#[from] ModuleError),
    #[error("cannot print: {0}")]
    Print(#[from] io::Error),
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run(Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        // Nobody reads on, such as `head` after its last line: that is not a failure.
        Err(Failure::Print(cause)) if cause.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("error: {failure}");
            ExitCode::from(2)
        }
    }
}

async fn run(arguments: Arguments) -> Result<(), Failure> {
    let Arguments { server, org, token_file, keys, module, asks, asks_file, follow, json } = arguments;
    let token = read(&token_file)?.parse::<Token>();
    let token = token.map_err(|cause| Failure::Token { path: token_file, cause })?;
    let watch = Watch::new(questions(asks, asks_file)?);
    if !follow && watch.answers().next().is_none() {
        return Err(Failure::NoQuestion);
    }
    let feed = Feed::new(&server, &org, token, keys)?;
    let program = Program::from_file(&module)?;
    let print = if json { print_json } else { print_text };
    if !follow {
        return once(&feed, &program, watch, json).await;
    }
    let back_off = BackOff::new(u64::from(process::id()));
    Ok(Follower::new(feed, program, watch, back_off, clock::now, print).run().await?)
}

/// Answers the questions from one snapshot.
async fn once(feed: &Feed, program: &Program, mut watch: Watch, json: bool) -> Result<(), Failure> {
    let payload = feed.snapshot().await?;
    let mut state = program.open(payload.as_bytes())?;
    watch.ask_all(clock::now(), |query| Told::by(&mut state, query));
    let revision = payload.header().revision.number();
    let opened = Event::Opened { revision, bytes: payload.as_bytes().len() };
    if !json {
        writeln!(io::stdout(), "{opened}\n\n{}", Table(&watch))?;
        return Ok(());
    }
    print_json(&opened)?;
    for (ask, told) in watch.answers() {
        if let Some(told) = told {
            print_json(&Event::Answer(Answered::new(ask, told)))?;
        }
    }
    Ok(())
}

fn print_json(event: &Event) -> io::Result<()> {
    let mut line = serde_json::to_string(event)?;
    line.push('\n');
    print_all(&line)
}

/// Heartbeats are for programs: they would drown what happens.
fn print_text(event: &Event) -> io::Result<()> {
    if matches!(event, Event::Heartbeat { .. }) {
        return Ok(());
    }
    print_all(&format!("{event}\n"))
}

fn print_all(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()
}

fn questions(mut asks: Vec<Ask>, file: Option<PathBuf>) -> Result<Vec<Ask>, Failure> {
    if let Some(path) = file {
        let more = Ask::lines(&read(&path)?);
        asks.extend(more.map_err(|(line, cause)| Failure::Ask { path, line, cause })?);
    }
    Ok(asks)
}

fn read(path: &Path) -> Result<String, Failure> {
    fs::read_to_string(path).map_err(|cause| Failure::Read { path: path.to_owned(), cause })
}
