//! The text files of the checkout, read once.

use crate::failure::Failure;
use std::fs;
use std::path::Path;

/// What is read; everything else is data or a picture.
const EXTENSIONS: &[&str] = &[
    "rs", "toml", "md", "sh", "yml", "js", "mjs", "ts", "py", "sql", "html", "css", "json", "world", "wit",
    "run",
];
/// Folders that hold what tools wrote.
const GENERATED: &[&str] = &["target", "dist", "node_modules"];
/// Folders with a leading dot that are ours.
const DOTTED: &[&str] = &[".ci", ".cargo", ".github"];

/// One text file.
pub(crate) struct File {
    /// Path below the root, with `/` on every system.
    pub(crate) path: String,
    pub(crate) text: String,
}

impl File {
    /// What follows the last dot of the name, or the name itself.
    pub(crate) fn extension(&self) -> &str {
        self.path.rsplit(['.', '/']).next().unwrap_or_default()
    }

    /// Whether the file is test data, which may be as long and as strange as the test needs.
    pub(crate) fn is_data(&self) -> bool {
        self.path.starts_with("tests/data/")
    }

    /// Whether the file holds tests only.
    pub(crate) fn is_test(&self) -> bool {
        self.path.starts_with("tests/") || self.path.contains("/tests/") || self.path.ends_with("/tests.rs")
    }
}

/// All text files below `root`, by path.
///
/// # Errors
/// [`Failure::Read`] if a folder or file cannot be read, or is not UTF-8.
pub(crate) fn read(root: &Path) -> Result<Vec<File>, Failure> {
    let mut files = Vec::new();
    below(root, "", &mut files)?;
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

fn below(folder: &Path, prefix: &str, files: &mut Vec<File>) -> Result<(), Failure> {
    let unreadable = |cause| Failure::Read { path: folder.to_owned(), cause };
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = format!("{prefix}{name}");
        let kind = entry.file_type().map_err(unreadable)?;
        if kind.is_dir() && !is_foreign(&name) {
            below(&entry.path(), &format!("{path}/"), files)?;
        } else if kind.is_file() && is_ours(&name) {
            let text = fs::read_to_string(entry.path())
                .map_err(|cause| Failure::Read { path: entry.path(), cause })?;
            files.push(File { path, text });
        }
    }
    Ok(())
}

fn is_foreign(folder: &str) -> bool {
    GENERATED.contains(&folder) || (folder.starts_with('.') && !DOTTED.contains(&folder))
}

fn is_ours(name: &str) -> bool {
    let extension = name.rsplit('.').next().unwrap_or_default();
    EXTENSIONS.contains(&extension) && name != "package-lock.json"
}
