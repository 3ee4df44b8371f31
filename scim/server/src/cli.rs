//! The command line: what a person or a script types, and what each command does with it.
//!
//! Results go to standard output and nothing else does; errors are one line, with a hint where there is a way
//! out, on standard error. Status 0 is done (or allowed), 1 is not allowed, 2 is an error.

mod failure;
mod init;
mod question;
mod serve;
mod token;

use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand, ValueEnum};

use self::failure::Failure;
use crate::config::SCIM_RATE_DEFAULT;

const EXAMPLES: &str = "\
Examples:
  cohort init  --data ./data --org acme --title \"Acme Inc\"
  cohort serve --data ./data --listen 127.0.0.1:8080
  cohort token --data ./data --org acme --for scim --connection okta --dialect okta
  cohort check --data ./data --org acme --user ada --permission invoice:approve --on project:42

Exit status: 0 done (check, explain: allowed), 1 not allowed, 2 error.
Set COHORT_LOG (error, warn, info, debug) to choose what `serve` logs to standard error.";

/// Turns the groups of an identity provider into decisions anywhere.
///
/// Identity providers push users and groups to the server by SCIM 2.0; administrators add rules, roles and
/// grants; edges follow a signed feed and answer `may this user do this here?` on their own.
#[derive(Debug, Parser)]
#[command(name = "cohort", version, after_help = EXAMPLES)]
pub(crate) struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Make a data folder and an organisation in it.
    ///
    /// Run it again with another --org to add an organisation. Can run beside a server on the same folder.
    Init(InitArgs),
    /// Run the server on a data folder.
    ///
    /// Prints `listening on http://HOST:PORT` on standard output when it accepts requests; logs go to standard
    /// error. SIGINT or SIGTERM stop it after the requests under way. The server speaks plain HTTP: put a
    /// proxy that terminates TLS in front of it before you listen on anything but loopback.
    Serve(ServeArgs),
    /// Print a new access token, and nothing else.
    ///
    /// The token is shown this once: the folder keeps only its hash. Can run beside a server on the same folder.
    Token(TokenArgs),
    /// List the tokens of an organisation: id, purpose, connection, when it was made, and its end if it has one.
    ///
    /// Can run beside a server on the same folder.
    Tokens(TokensArgs),
    /// Take a token back, by its id.
    ///
    /// Can run beside a server on the same folder: it takes the token no longer, and within seconds ends the streams
    /// that were opened with it. Over the API, which also leaves a record, it is `DELETE .../tokens/ID`.
    Revoke(RevokeArgs),
    /// Print the public key that edges verify the feed with: 64 hexadecimal digits (Ed25519).
    Key(KeyArgs),
    /// Decide whether a user may do something: prints allow, deny or indeterminate.
    ///
    /// Reads the data folder; a server may be running on it.
    Check(QuestionArgs),
    /// Decide like `check`, and say why: the paths that allow it, or the nearest changes that would.
    Explain(QuestionArgs),
}

#[derive(Debug, Args)]
struct Folder {
    /// The data folder.
    #[arg(long, value_name = "DIR", env = "COHORT_DATA")]
    data: PathBuf,
}

#[derive(Debug, Args)]
struct InitArgs {
    #[command(flatten)]
    folder: Folder,
    /// The organisation's name in URLs: letters, digits, `-` and `_`.
    #[arg(long, value_name = "SLUG")]
    org: String,
    /// The organisation's name for people; the slug if not given.
    #[arg(long)]
    title: Option<String>,
}

#[derive(Debug, Args)]
struct ServeArgs {
    #[command(flatten)]
    folder: Folder,
    /// Address and port to listen on; port 0 lets the system choose one.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8080", value_parser = listen_address)]
    listen: SocketAddr,
    /// Milliseconds to gather changes before edges are told; changes are durable before that.
    #[arg(long, value_name = "MS", default_value_t = 0)]
    gather: u64,
    /// Days for which the requests of connections are kept in the provisioning log.
    #[arg(long, value_name = "DAYS", default_value_t = 30, value_parser = clap::value_parser!(u32).range(..=36_500))]
    log_days: u32,
    /// Requests of each connection that are kept in the provisioning log at most.
    #[arg(long, value_name = "COUNT", default_value_t = 100_000)]
    log_count: u64,
    /// The URL under which clients reach the server, for the links in SCIM answers; default: the Host they name.
    #[arg(long, value_name = "URL", env = "COHORT_PUBLIC_URL")]
    public_url: Option<String>,
    /// Requests per second that one SCIM connection may send, averaged over ten seconds; beyond it, it is told to wait.
    #[arg(long, value_name = "N", default_value_t = SCIM_RATE_DEFAULT, value_parser = clap::value_parser!(u32).range(1..))]
    scim_rate: u32,
}

#[derive(Debug, Args)]
struct TokenArgs {
    #[command(flatten)]
    folder: Folder,
    /// The organisation, by slug or uuid.
    #[arg(long)]
    org: String,
    /// What the token is for.
    #[arg(long = "for", value_name = "PURPOSE")]
    purpose: TokenPurpose,
    /// The connection that a scim token stands for; made if it is new.
    #[arg(long, value_name = "NAME", default_value = "default")]
    connection: String,
    /// How that connection's identity provider speaks SCIM: default, entra, entra-062020, okta, onelogin, jumpcloud
    /// or strict.
    #[arg(long, value_name = "NAME")]
    dialect: Option<String>,
}

#[derive(Debug, Args)]
struct TokensArgs {
    #[command(flatten)]
    folder: Folder,
    /// The organisation, by slug or uuid.
    #[arg(long)]
    org: String,
}

#[derive(Debug, Args)]
struct RevokeArgs {
    #[command(flatten)]
    folder: Folder,
    /// The organisation, by slug or uuid.
    #[arg(long)]
    org: String,
    /// The token's id, as `cohort tokens` lists it.
    #[arg(long, value_name = "ID")]
    token: String,
}

/// What a token opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum TokenPurpose {
    /// An identity provider's connection: /orgs/ORG/scim/v2
    Scim,
    /// A gateway or host that follows the feed: /orgs/ORG/edge/v1
    Edge,
    /// An administrator or a script: /orgs/ORG/api/v1
    Admin,
}

#[derive(Debug, Args)]
struct KeyArgs {
    #[command(flatten)]
    folder: Folder,
}

#[derive(Debug, Args)]
struct QuestionArgs {
    #[command(flatten)]
    folder: Folder,
    /// The organisation, by slug or uuid.
    #[arg(long)]
    org: String,
    /// Who: a user name or a user's uuid.
    #[arg(long, value_name = "USER")]
    user: String,
    /// What, such as invoice:approve.
    #[arg(long)]
    permission: String,
    /// Where, such as project:42; the whole organisation if not given.
    #[arg(long, value_name = "SCOPE")]
    on: Option<String>,
    /// What the place lies in, if the directory never heard of it: --on invoice:7 --in project:42.
    #[arg(long = "in", value_name = "SCOPE")]
    parent: Option<String>,
    /// When, as RFC 3339 time or date; now if not given.
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
    /// A condition that holds, such as mfa; may be repeated.
    #[arg(long = "with", value_name = "CONDITION")]
    conditions: Vec<String>,
    /// Print the answer as JSON, as the HTTP interface gives it.
    #[arg(long)]
    json: bool,
}

impl Cli {
    /// Carries the command out and gives the status to end with.
    pub(crate) fn run(self) -> ExitCode {
        let done = match self.command {
            Command::Init(args) => init::run(&args),
            Command::Serve(args) => serve::run(args),
            Command::Token(args) => token::print_token(&args),
            Command::Tokens(args) => token::list(&args),
            Command::Revoke(args) => token::revoke(&args),
            Command::Key(args) => token::print_key(&args),
            Command::Check(args) => question::check(&args),
            Command::Explain(args) => question::explain(&args),
        };
        done.unwrap_or_else(|failure| {
            eprintln!("error: {failure}");
            ExitCode::from(failure::STATUS_ERROR)
        })
    }
}

/// The address of `--listen`; `localhost` is not looked up, because it may mean two addresses.
fn listen_address(text: &str) -> Result<SocketAddr, NoAddress> {
    let numeric = text.strip_prefix("localhost:").map(|port| format!("127.0.0.1:{port}"));
    numeric.as_deref().unwrap_or(text).parse().map_err(|_| NoAddress)
}

/// The text is no address with a port.
#[derive(Debug, thiserror::Error)]
#[error("expected an address and a port, such as 127.0.0.1:8080 or [::1]:8080")]
struct NoAddress;

/// Writes `text` to standard output at once.
///
/// # Errors
/// [`Failure::System`] if nobody reads there any more.
fn print(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    written.map_err(|cause| Failure::System { what: "write to standard output", cause })
}

#[cfg(test)]
mod tests;
