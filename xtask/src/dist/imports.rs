//! What a WebAssembly module needs from its host: a reader of its import section.
//!
//! Source: WebAssembly Core Specification 2.0, chapter 5 (binary format).

use std::fmt;

/// First eight bytes of every module: magic and version 1.
const PREAMBLE: &[u8] = b"\0asm\x01\0\0\0";
const IMPORT_SECTION: u8 = 2;
/// Bytes of a 32-bit number in LEB128.
const LEB_BYTES_MAX: u32 = 5;

/// One thing a host would have to provide.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Import {
    module: String,
    name: String,
}

impl fmt::Display for Import {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.module, self.name)
    }
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum ModuleError {
    NotAModule,
    Ended { byte: usize },
    UnknownKind { kind: u8, byte: usize },
}

impl fmt::Display for ModuleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAModule => write!(f, "other first bytes than those of a module, version 1"),
            Self::Ended { byte } => write!(f, "it ends at byte {byte}, inside a section"),
            Self::UnknownKind { kind, byte } => write!(f, "unknown kind of import {kind} at byte {byte}"),
        }
    }
}

/// The imports of the module in `bytes`.
///
/// # Errors
/// [`ModuleError`] if the bytes are no module or end too early.
pub(crate) fn read(bytes: &[u8]) -> Result<Vec<Import>, ModuleError> {
    if !bytes.starts_with(PREAMBLE) {
        return Err(ModuleError::NotAModule);
    }
    let mut reader = Reader { bytes, at: PREAMBLE.len() };
    while reader.at < bytes.len() {
        let section = reader.byte()?;
        let length = reader.number()?;
        if section == IMPORT_SECTION {
            return reader.imports();
        }
        reader.take(length)?;
    }
    Ok(Vec::new())
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn imports(&mut self) -> Result<Vec<Import>, ModuleError> {
        let count = self.number()?;
        let mut imports = Vec::new();
        for _ in 0..count {
            imports.push(Import { module: self.name()?, name: self.name()? });
            self.skip_description()?;
        }
        Ok(imports)
    }

    fn skip_description(&mut self) -> Result<(), ModuleError> {
        let byte = self.at;
        match self.byte()? {
            // A function by the index of its type.
            0 => self.number().map(drop),
            // A table: type of its elements, limits.
            1 => self.byte().and_then(|_| self.skip_limits()),
            2 => self.skip_limits(),
            // A global: type, whether it changes.
            3 => self.take(2).map(drop),
            // A tag: attribute, type.
            4 => self.byte().and_then(|_| self.number()).map(drop),
            kind => Err(ModuleError::UnknownKind { kind, byte }),
        }
    }

    fn skip_limits(&mut self) -> Result<(), ModuleError> {
        let has_maximum = self.byte()? & 1 == 1;
        self.number()?;
        if has_maximum {
            self.number()?;
        }
        Ok(())
    }

    fn name(&mut self) -> Result<String, ModuleError> {
        let length = self.number()?;
        Ok(String::from_utf8_lossy(self.take(length)?).into_owned())
    }

    /// An unsigned number in LEB128.
    fn number(&mut self) -> Result<usize, ModuleError> {
        let mut number = 0_usize;
        for place in 0..LEB_BYTES_MAX {
            let byte = self.byte()?;
            number |= usize::from(byte & 0x7f) << (7 * place);
            if byte & 0x80 == 0 {
                return Ok(number);
            }
        }
        Err(ModuleError::Ended { byte: self.at })
    }

    fn byte(&mut self) -> Result<u8, ModuleError> {
        self.take(1)?.first().copied().ok_or(ModuleError::Ended { byte: self.at })
    }

    fn take(&mut self, count: usize) -> Result<&'a [u8], ModuleError> {
        let taken = self.at.checked_add(count).and_then(|end| self.bytes.get(self.at..end));
        let taken = taken.ok_or(ModuleError::Ended { byte: self.bytes.len() })?;
        self.at += count;
        Ok(taken)
    }
}

#[cfg(test)]
mod tests;
