//! `cohort init`

use std::process::ExitCode;
use std::sync::Arc;

use cohort_directory::{Directory, OpenError, System};

use super::failure::Failure;
use super::{InitArgs, print};

/// Makes the folder if there is none, and the organisation in it.
pub(crate) fn run(args: &InitArgs) -> Result<ExitCode, Failure> {
    let folder = &args.folder.data;
    let directory = match Directory::open(folder, Arc::new(System)) {
        Err(OpenError::InUse { .. }) => Directory::open_beside(folder, Arc::new(System))?,
        opened => opened?,
    };
    let title = args.title.as_deref().unwrap_or(&args.org);
    let org = directory.create_org(&args.org, title)?;
    print(&format!("organisation {} ({}) in {}\n", org.slug, org.id, folder.display()))?;
    if let Some(path) = directory.fresh_admin_token() {
        print(&format!(
            "administrator's token in {} (for all organisations of this folder)\n",
            path.display()
        ))?;
    }
    Ok(ExitCode::SUCCESS)
}
