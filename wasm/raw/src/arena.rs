//! The parts of memory that the host may fill.
//!
//! A host passes ranges as numbers. Here a number becomes a slice by looking up the block that it lies in, so
//! a wrong one is an error and never a read or write somewhere else.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use crate::error::AbiError;

/// Bytes of the largest block: above any snapshot, and below what would make memory grow for nothing.
pub const BLOCK_BYTES_MAX: usize = 256 << 20;

/// Blocks of memory handed out to the host.
#[derive(Debug, Default)]
pub struct Arena {
    // INVARIANT: each block lies at the address that is its key, and never grows or moves.
    blocks: BTreeMap<usize, Vec<u8>>,
}

impl Arena {
    /// The address of a fresh block of `len` zero bytes; none when `len` is 0 or above [`BLOCK_BYTES_MAX`], or
    /// memory is short.
    pub fn alloc(&mut self, len: usize) -> Option<usize> {
        if len == 0 || len > BLOCK_BYTES_MAX {
            return None;
        }
        let mut block = Vec::new();
        block.try_reserve_exact(len).ok()?;
        block.resize(len, 0);
        let address = block.as_mut_ptr().expose_provenance();
        self.blocks.insert(address, block);
        Some(address)
    }

    /// Takes a block back; 0 bytes at 0 are none.
    ///
    /// # Errors
    /// [`AbiError::Range`] unless a block of exactly `len` bytes was handed out at `address`.
    pub fn free(&mut self, address: usize, len: usize) -> Result<(), AbiError> {
        if (address, len) == (0, 0) {
            return Ok(());
        }
        match self.blocks.get(&address) {
            Some(block) if block.len() == len => {
                self.blocks.remove(&address);
                Ok(())
            }
            _ => Err(AbiError::Range { address, len }),
        }
    }

    /// What the host left in a range.
    ///
    /// # Errors
    /// [`AbiError::Range`] unless the range lies inside one block; an empty range may lie anywhere.
    pub fn read(&self, address: usize, len: usize) -> Result<&[u8], AbiError> {
        if len == 0 {
            return Ok(&[]);
        }
        let wrong = AbiError::Range { address, len };
        let Some((start, block)) = self.blocks.range(..=address).next_back() else { return Err(wrong) };
        let from = address - start;
        let range = from.checked_add(len).and_then(|to| block.get(from..to));
        range.ok_or(wrong)
    }

    /// Puts `bytes` where the host asked for them.
    ///
    /// # Errors
    /// [`AbiError::Range`] unless they fit into one block there; nothing is written then.
    pub fn write(&mut self, address: usize, bytes: &[u8]) -> Result<(), AbiError> {
        let wrong = AbiError::Range { address, len: bytes.len() };
        let Some((start, block)) = self.blocks.range_mut(..=address).next_back() else { return Err(wrong) };
        let from = address - start;
        let range = from.checked_add(bytes.len()).and_then(|to| block.get_mut(from..to));
        range.map(|range| range.copy_from_slice(bytes)).ok_or(wrong)
    }
}

#[cfg(test)]
mod tests;
