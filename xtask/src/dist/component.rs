//! A module becomes a component: the types of its world, which its compiler left in it, are put around it.

use crate::command::Words;
use crate::dist::Fault;
use crate::failure::Failure;
use crate::project::Project;
use crate::shell;
use std::path::Path;

/// Writes the component of the module named first to the file named second, and prints its world.
pub(super) fn run(_: &Project, mut words: Words) -> Result<(), Failure> {
    let module = words.value("MODULE")?;
    let component = words.value("FILE")?;
    words.end()?;
    let (bytes, world) = encode(Path::new(&module))?;
    super::write(component.as_ref(), &bytes)?;
    shell::say(world.trim_end());
    Ok(())
}

/// The component of a module, and its world as text.
#[cfg(feature = "tools")]
fn encode(path: &Path) -> Result<(Vec<u8>, String), Failure> {
    use wit_component::{ComponentEncoder, OutputToString, WitPrinter, decode};
    let failed = |cause| Fault::Tool { module: path.to_owned(), cause };
    let mut encoder = ComponentEncoder::default();
    let bytes = encoder.validate(true).module(&super::read(path)?).and_then(ComponentEncoder::encode);
    let bytes = bytes.map_err(|cause| failed(format!("{cause:#}")))?;
    let mut printer = WitPrinter::<OutputToString>::default();
    let printed = decode(&bytes).and_then(|world| {
        let all = world.resolve().packages.iter().map(|(package, _)| package);
        let others: Vec<_> = all.filter(|package| *package != world.package()).collect();
        printer.print(world.resolve(), world.package(), &others)
    });
    printed.map_err(|cause| failed(format!("{cause:#}")))?;
    Ok((bytes, printer.output.to_string()))
}

#[cfg(not(feature = "tools"))]
fn encode(_: &Path) -> Result<(Vec<u8>, String), Failure> {
    Err(Fault::NoTools.into())
}
