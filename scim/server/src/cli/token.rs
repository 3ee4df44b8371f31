//! `cohort token` and `cohort key`

use std::fmt::Write;
use std::process::ExitCode;
use std::sync::Arc;

use cohort_directory::{Directory, DirectoryError, Purpose, System};

use super::failure::Failure;
use super::{KeyArgs, TokenArgs, TokenPurpose, print};

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
    let token = directory.issue_token(Some(&args.org), purpose).map_err(|error| match error {
        DirectoryError::Unknown { reference: org, .. } => Failure::UnknownOrg { org },
        other => other.into(),
    })?;
    print(&format!("{token}\n"))?;
    Ok(ExitCode::SUCCESS)
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
