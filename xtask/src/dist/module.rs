//! What a WebAssembly module needs from its host, and what it gives: a reader of its imports and exports.
//!
//! Source: WebAssembly Core Specification 2.0, chapter 5 (binary format).

mod reader;

use crate::dist::module::reader::Reader;
use std::fmt;

/// First eight bytes of every module: magic and version 1.
const PREAMBLE: &[u8] = b"\0asm\x01\0\0\0";
const TYPE_SECTION: u8 = 1;
const IMPORT_SECTION: u8 = 2;
const FUNCTION_SECTION: u8 = 3;
const EXPORT_SECTION: u8 = 7;
const FUNCTION_TYPE: u8 = 0x60;

/// The border of a module.
#[derive(Debug, PartialEq, Eq, Default)]
pub(crate) struct Border {
    /// What a host has to provide, in the module's order.
    pub(crate) imports: Vec<Item>,
    /// What a host may use, in the module's order.
    pub(crate) exports: Vec<Item>,
}

/// One thing on the border.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Item {
    /// `module.name` of an import, the name of an export.
    name: String,
    /// `memory`, or a function with its types: `(i32, i64) -> i32`.
    what: String,
}

impl fmt::Display for Item {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.name, self.what)
    }
}

impl fmt::Display for Border {
    /// One line for each, in the order of their names, so that a changed line is a changed promise.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (word, items) in [("import", &self.imports), ("export", &self.exports)] {
            let mut lines: Vec<String> = items.iter().map(|item| format!("{word} {item}")).collect();
            lines.sort();
            lines.iter().try_for_each(|line| writeln!(f, "{line}"))?;
        }
        Ok(())
    }
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum ModuleError {
    NotAModule,
    Ended { byte: usize },
    UnknownKind { kind: u8, byte: usize },
    NoFunction { number: usize },
}

impl fmt::Display for ModuleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAModule => write!(f, "other first bytes than those of a module, version 1"),
            Self::Ended { byte } => write!(f, "it ends at byte {byte}, inside a section"),
            Self::UnknownKind { kind, byte } => {
                write!(f, "unknown kind of item or type {kind} at byte {byte}")
            }
            Self::NoFunction { number } => write!(f, "no function or type has the number {number}"),
        }
    }
}

/// The border of the module in `bytes`.
///
/// # Errors
/// [`ModuleError`] if the bytes are no module or end too early.
pub(crate) fn border(bytes: &[u8]) -> Result<Border, ModuleError> {
    if !bytes.starts_with(PREAMBLE) {
        return Err(ModuleError::NotAModule);
    }
    let mut reader = Reader { bytes, at: PREAMBLE.len() };
    let mut sections = Sections::default();
    while reader.at < bytes.len() {
        let section = reader.byte()?;
        let length = reader.number()?;
        let end = reader.at;
        reader.take(length)?;
        sections.read(section, &mut Reader { bytes, at: end })?;
    }
    Ok(sections.border)
}

/// What was read so far. Sections come in the order of their numbers, so what a later one names is known.
#[derive(Default)]
struct Sections {
    /// Function types as text.
    types: Vec<String>,
    /// The type of each function: imported ones first.
    functions: Vec<usize>,
    border: Border,
}

impl Sections {
    fn read(&mut self, section: u8, reader: &mut Reader<'_>) -> Result<(), ModuleError> {
        match section {
            TYPE_SECTION => self.types = reader.list(Reader::function_type)?,
            IMPORT_SECTION => self.border.imports = reader.list(|reader| self.import(reader))?,
            FUNCTION_SECTION => self.functions.extend(reader.list(Reader::number)?),
            EXPORT_SECTION => self.border.exports = reader.list(|reader| self.export(reader))?,
            _ => {}
        }
        Ok(())
    }

    fn import(&mut self, reader: &mut Reader<'_>) -> Result<Item, ModuleError> {
        let name = format!("{}.{}", reader.name()?, reader.name()?);
        let byte = reader.at;
        let what = match reader.byte()? {
            0 => {
                self.functions.push(reader.number()?);
                self.function(self.functions.len() - 1)?
            }
            // Type of its elements, limits.
            1 => reader.value_type().and_then(|_| reader.limits()).map(|()| "table".to_owned())?,
            2 => reader.limits().map(|()| "memory".to_owned())?,
            // Type, whether it changes.
            3 => reader.take(2).map(|_| "global".to_owned())?,
            // Attribute, type.
            4 => reader.byte().and_then(|_| reader.number()).map(|_| "tag".to_owned())?,
            kind => return Err(ModuleError::UnknownKind { kind, byte }),
        };
        Ok(Item { name, what })
    }

    fn export(&self, reader: &mut Reader<'_>) -> Result<Item, ModuleError> {
        let name = reader.name()?;
        let byte = reader.at;
        let kind = reader.byte()?;
        let number = reader.number()?;
        let what = match kind {
            0 => self.function(number)?,
            1 => "table".to_owned(),
            2 => "memory".to_owned(),
            3 => "global".to_owned(),
            4 => "tag".to_owned(),
            kind => return Err(ModuleError::UnknownKind { kind, byte }),
        };
        Ok(Item { name, what })
    }

    /// The type of the function with this number.
    fn function(&self, number: usize) -> Result<String, ModuleError> {
        let named = self.functions.get(number).and_then(|at| self.types.get(*at));
        named.cloned().ok_or(ModuleError::NoFunction { number })
    }
}

#[cfg(test)]
mod tests;
