//! The bytes of a section: numbers, names, types.

use super::{FUNCTION_TYPE, ModuleError};

/// Bytes of a 32-bit number in LEB128.
const LEB_BYTES_MAX: u32 = 5;

/// A place in the bytes of a module.
pub(super) struct Reader<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) at: usize,
}

impl<'a> Reader<'a> {
    /// As many as the number in front says.
    pub(super) fn list<T>(
        &mut self,
        mut one: impl FnMut(&mut Self) -> Result<T, ModuleError>,
    ) -> Result<Vec<T>, ModuleError> {
        let count = self.number()?;
        let mut all = Vec::new();
        for _ in 0..count {
            all.push(one(self)?);
        }
        Ok(all)
    }

    /// `(i32, i64) -> i32`
    pub(super) fn function_type(&mut self) -> Result<String, ModuleError> {
        let byte = self.at;
        match self.byte()? {
            FUNCTION_TYPE => {}
            kind => return Err(ModuleError::UnknownKind { kind, byte }),
        }
        let parameters = self.list(Self::value_type)?.join(", ");
        let results = self.list(Self::value_type)?.join(", ");
        Ok(match results.as_str() {
            "" => format!("({parameters})"),
            results => format!("({parameters}) -> {results}"),
        })
    }

    pub(super) fn value_type(&mut self) -> Result<&'static str, ModuleError> {
        let byte = self.at;
        Ok(match self.byte()? {
            0x7f => "i32",
            0x7e => "i64",
            0x7d => "f32",
            0x7c => "f64",
            0x7b => "v128",
            0x70 => "funcref",
            0x6f => "externref",
            kind => return Err(ModuleError::UnknownKind { kind, byte }),
        })
    }

    pub(super) fn limits(&mut self) -> Result<(), ModuleError> {
        let has_maximum = self.byte()? & 1 == 1;
        self.number()?;
        if has_maximum {
            self.number()?;
        }
        Ok(())
    }

    pub(super) fn name(&mut self) -> Result<String, ModuleError> {
        let length = self.number()?;
        Ok(String::from_utf8_lossy(self.take(length)?).into_owned())
    }

    /// An unsigned number in LEB128.
    pub(super) fn number(&mut self) -> Result<usize, ModuleError> {
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

    pub(super) fn byte(&mut self) -> Result<u8, ModuleError> {
        self.take(1)?.first().copied().ok_or(ModuleError::Ended { byte: self.at })
    }

    pub(super) fn take(&mut self, count: usize) -> Result<&'a [u8], ModuleError> {
        let taken = self.at.checked_add(count).and_then(|end| self.bytes.get(self.at..end));
        let taken = taken.ok_or(ModuleError::Ended { byte: self.bytes.len() })?;
        self.at += count;
        Ok(taken)
    }
}
