//! The npm package around the module: the generated glue and the hand-written files of `wasm/js/npm/`.

use crate::command::Words;
use crate::dist::Fault;
use crate::failure::Failure;
use crate::project::Project;
use std::fs;
use std::path::Path;

/// Stands for the version of the workspace in the hand-written package.json.
const VERSION: &str = "$VERSION";

/// Writes the glue of the module named first into the folder named second.
pub(super) fn run(_: &Project, mut words: Words) -> Result<(), Failure> {
    let module = words.value("MODULE")?;
    let folder = words.value("FOLDER")?;
    words.end()?;
    generate(Path::new(&module), Path::new(&folder))
}

/// Web target: one .wasm beside one ES module, which loads everywhere (shared `init`, no bundler needed).
#[cfg(feature = "tools")]
fn generate(module: &Path, folder: &Path) -> Result<(), Failure> {
    let mut bindgen = wasm_bindgen_cli_support::Bindgen::new();
    bindgen
        .input_path(module)
        .out_name("cohort")
        .typescript(true)
        .remove_name_section(true)
        .remove_producers_section(true)
        // As a library the generator leaves the path out, and `init()` without an argument would fail.
        .omit_default_module_path(false)
        .web(true)
        .and_then(|bindgen| bindgen.generate(folder))
        .map_err(|cause| Fault::Tool { module: module.to_owned(), cause: format!("{cause:#}") }.into())
}

#[cfg(not(feature = "tools"))]
fn generate(_: &Path, _: &Path) -> Result<(), Failure> {
    Err(Fault::NoTools.into())
}

/// The hand-written files, with names and texts.
///
/// # Errors
/// [`Failure::Read`] if the folder or a file cannot be read.
pub(super) fn package(project: &Project) -> Result<Vec<(String, String)>, Failure> {
    let folder = project.root().join("wasm/js/npm");
    let unreadable = |cause| Failure::Read { path: folder.clone(), cause };
    let mut files = Vec::new();
    for entry in fs::read_dir(&folder).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let text =
            fs::read_to_string(entry.path()).map_err(|cause| Failure::Read { path: entry.path(), cause })?;
        let text = text.replace(VERSION, env!("CARGO_PKG_VERSION"));
        files.push((entry.file_name().to_string_lossy().into_owned(), text));
    }
    Ok(files)
}
