//! The same sources in another folder must give the same bytes.

use crate::copy::Copy;
use crate::dist::Fault;
use crate::dist::border::Lists;
use crate::dist::flags;
use crate::dist::tools::Tools;
use crate::failure::Failure;
use crate::project::Project;
use crate::shell;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// Below cargo's output folder: a copy of the sources, and what is built from it.
const SOURCES: &str = "twice/sources of another length";
const OUTPUT: &str = "twice/output";

/// Builds everything again from a copy and compares it with `dist/`, which was just built.
///
/// # Errors
/// [`Fault::NotReproducible`] naming the files that differ, [`Fault::MachinePath`]; what the build ended with.
pub(super) fn compare(project: &Project, tools: &Tools) -> Result<(), Failure> {
    shell::say("\nbuilding everything once more, from a copy in another folder ...");
    let copy = Copy::of(project, SOURCES)?;
    let other = Project::at(copy.root().to_owned(), project.target().join(OUTPUT));
    super::empty(&other.dist())?;
    super::all(&other, tools, Lists::Compare)?;
    let (here, there) = (files(&project.dist())?, files(&other.dist())?);
    let names: Vec<String> = differing(&here, &there).map(str::to_owned).collect();
    if !names.is_empty() {
        return Err(Fault::NotReproducible { names, other: other.dist() }.into());
    }
    let folders =
        [project.root().to_owned(), project.target().to_owned()].into_iter().chain(flags::cargo_home());
    for folder in folders {
        if let Some(name) = naming(&here, folder.as_os_str().as_encoded_bytes()) {
            return Err(Fault::MachinePath { name: name.to_owned(), folder }.into());
        }
    }
    shell::say(format!("{} files, the same bytes in both folders", here.len()));
    Ok(())
}

/// The names of the files that are not the same in both.
fn differing<'a>(
    here: &'a BTreeMap<String, Vec<u8>>,
    there: &'a BTreeMap<String, Vec<u8>>,
) -> impl Iterator<Item = &'a str> {
    let all = here.keys().chain(there.keys().filter(|name| !here.contains_key(*name)));
    all.filter(|name| here.get(*name) != there.get(*name)).map(String::as_str)
}

/// The first file with `words` in it.
fn naming<'a>(files: &'a BTreeMap<String, Vec<u8>>, words: &[u8]) -> Option<&'a str> {
    let names = |bytes: &[u8]| bytes.windows(words.len()).any(|window| window == words);
    files.iter().find(|(_, bytes)| names(bytes)).map(|(name, _)| name.as_str())
}

/// All files below `folder`, by name.
fn files(folder: &Path) -> Result<BTreeMap<String, Vec<u8>>, Failure> {
    let unreadable = |cause| Failure::Read { path: folder.to_owned(), cause };
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.path().is_dir() {
            let below = files(&entry.path())?;
            found.extend(below.into_iter().map(|(below, bytes)| (format!("{name}/{below}"), bytes)));
        } else {
            found.insert(name, super::read(&entry.path())?);
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests;
