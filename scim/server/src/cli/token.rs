//! `cohort token`, `cohort tokens`, `cohort revoke` and `cohort key`

use std::fmt::Write;
use std::process::ExitCode;
use std::sync::Arc;

use cohort_directory::error::Noun;
use cohort_directory::{Directory, DirectoryError, Purpose, System};

use super::failure::Failure;
use super::{KeyArgs, RevokeArgs, TokenArgs, TokenPurpose, TokensArgs, print};

/// Prints a fresh token alone, so that a script can keep it in a variable.
pub(crate) fn print_token(args: &TokenArgs) -> Result<ExitCode, Failure> {
    if args.dialect.is_some() && args.purpose != TokenPurpose::Scim {
        return Err(Failure::DialectWithoutScim);
    }
    let purpose = match args.purpose {
        TokenPurpose::Admin => Purpose::Admin,
        TokenPurpose::Edge => Purpose::Edge,
        TokenPurpose::Scim => {
            Purpose::Scim { connection: args.connection.clone(), dialect: args.dialect.clone() }
        }
    };
    let directory = Directory::open_beside(&args.folder.data, Arc::new(System))?;
    let token = directory.issue_token(Some(&args.org), purpose).map_err(unknown_org)?;
    print(&format!("{token}\n"))?;
    Ok(ExitCode::SUCCESS)
}

/// Prints a line for each token that opens anything.
pub(crate) fn list(args: &TokensArgs) -> Result<ExitCode, Failure> {
    let directory = Directory::open_beside(&args.folder.data, Arc::new(System))?;
    let caller = directory.local_admin(&args.org)?;
    let mut lines = String::new();
    for token in directory.tokens(&caller)? {
        let connection = token.connection.as_deref().unwrap_or("-");
        let end = token.ends_at.map(|end| format!(" until {end}")).unwrap_or_default();
        // Writing to a string does not fail.
        let _ = writeln!(lines, "{} {} {connection} {}{end}", token.id, token.access, token.created_at);
    }
    print(&lines)?;
    Ok(ExitCode::SUCCESS)
}

/// Takes a token back and prints nothing.
pub(crate) fn revoke(args: &RevokeArgs) -> Result<ExitCode, Failure> {
    let directory = Directory::open_beside(&args.folder.data, Arc::new(System))?;
    directory.withdraw_token(&args.org, &args.token).map_err(unknown_org)?;
    Ok(ExitCode::SUCCESS)
}

fn unknown_org(error: DirectoryError) -> Failure {
    match error {
        DirectoryError::Unknown { noun: Noun::Org, reference: org } => Failure::UnknownOrg { org },
        other => other.into(),
    }
}

/// Prints the public key alone.
pub(crate) fn print_key(args: &KeyArgs) -> Result<ExitCode, Failure> {
    let directory = Directory::open_beside(&args.folder.data, Arc::new(System))?;
    let mut digits = String::with_capacity(65);
    for byte in directory.public_key() {
        // Writing to a string does not fail.
        let _ = write!(digits, "{byte:02x}");
    }
    digits.push('\n');
    print(&digits)?;
    Ok(ExitCode::SUCCESS)
}
