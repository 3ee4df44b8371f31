//! The npm package around the module: the generated glue and the hand-written files of `wasm/js/npm/`, made into few
//! scripts by the bundler of `wasm/js/bundle/`.

use crate::command::Words;
use crate::dist::Fault;
use crate::dist::tools::Tools;
use crate::failure::Failure;
use crate::project::Project;
use crate::shell;
use crate::toolchain::NpmPackages;
use std::fs;
use std::path::Path;

/// What bundles.
const BUNDLER: NpmPackages =
    NpmPackages { what: "esbuild", manifests: "wasm/js/bundle", folder: "bundle/npm" };
/// Where the scripts lie beside the glue before they are bundled, below cargo's output folder.
const SCRIPTS: &str = "bundle/scripts";
/// The module in the package.
pub(super) const MODULE: &str = "cohort_bg.wasm";

/// Stands for the version of the workspace in the hand-written package.json.
const VERSION: &str = "$VERSION";

/// Writes the glue of the module named first into the folder named second.
pub(super) fn run(_: &Project, mut words: Words) -> Result<(), Failure> {
    let module = words.value("MODULE")?;
    let folder = words.value("FOLDER")?;
    words.end()?;
    generate(Path::new(&module), Path::new(&folder))
}

/// The target for bundlers: functions around one .wasm, which `npm/load.js` loads everywhere.
#[cfg(feature = "tools")]
fn generate(module: &Path, folder: &Path) -> Result<(), Failure> {
    let mut bindgen = wasm_bindgen_cli_support::Bindgen::new();
    bindgen
        .input_path(module)
        .out_name("cohort")
        .typescript(false)
        .remove_name_section(true)
        .remove_producers_section(true)
        .bundler(true)
        .and_then(|bindgen| bindgen.generate(folder))
        .map_err(|cause| Fault::Tool { module: module.to_owned(), cause: format!("{cause:#}") }.into())
}

#[cfg(not(feature = "tools"))]
fn generate(_: &Path, _: &Path) -> Result<(), Failure> {
    Err(Fault::NoTools.into())
}

/// Writes the package of the module into `folder`, which is empty.
///
/// # Errors
/// What the generator or the bundler ended with, or a file that cannot be read or written.
pub(super) fn package(project: &Project, tools: &Tools, module: &Path, folder: &Path) -> Result<(), Failure> {
    let packages = BUNDLER.installed(project)?;
    let scripts = project.target().join(SCRIPTS);
    super::empty(&scripts)?;
    shell::run(tools.command(project, super::GLUE.name).arg(module).arg(&scripts))?;
    let shipped = folder.join(MODULE);
    super::write(&shipped, &super::read(&scripts.join(MODULE))?)?;
    for (name, text) in hand_written(project)? {
        let to = if name.ends_with(".js") { &scripts } else { folder };
        super::write(&to.join(name), text.as_bytes())?;
    }
    let bundle = project.root().join(BUNDLER.manifests).join("bundle.mjs");
    shell::run(project.command("node").arg(bundle).arg(&scripts).arg(folder).arg(packages))
}

/// The hand-written files, with names and texts.
fn hand_written(project: &Project) -> Result<Vec<(String, String)>, Failure> {
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
