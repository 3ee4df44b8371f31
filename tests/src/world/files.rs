//! The world files of this crate.

use std::io;
use std::path::{Path, PathBuf};

/// The text of every file `*.world` under `data/worlds`, however deep, with its path from there, in order of paths.
///
/// # Errors
/// A folder or a file that cannot be read.
pub fn files() -> io::Result<Vec<(String, String)>> {
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/worlds");
    let mut waiting: Vec<PathBuf> = vec![top.clone()];
    let mut found = Vec::new();
    while let Some(folder) = waiting.pop() {
        for entry in folder.read_dir()? {
            let path = entry?.path();
            if path.is_dir() {
                waiting.push(path);
            } else if path.extension().is_some_and(|extension| extension == "world") {
                let name = path.strip_prefix(&top).unwrap_or(&path).to_string_lossy().into_owned();
                found.push((name, std::fs::read_to_string(path)?));
            }
        }
    }
    found.sort();
    Ok(found)
}
