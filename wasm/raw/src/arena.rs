//! The parts of memory that the host may fill.
//!
//! A host passes ranges as numbers. Here a number becomes a slice by looking up the block that it lies in, so
//! a wrong one is an error and never a read or write somewhere else.

use alloc::vec::Vec;
use core::ops::Range;

use crate::error::AbiError;

/// Bytes of the largest block: above any snapshot, and below what would make memory grow for nothing.
pub const BLOCK_BYTES_MAX: usize = 256 << 20;

/// Blocks of memory handed out to the host.
///
/// Cost: a look-up follows the logarithm of the blocks; handing out and taking back also moves the entries of
/// those at higher addresses, which are few in a host that reuses its blocks.
#[derive(Debug, Default)]
pub struct Arena {
    // INVARIANT: sorted by address. A vector, since another kind of B-tree would add 10 kB to the module.
    blocks: Vec<Block>,
}

#[derive(Debug)]
struct Block {
    address: usize,
    // INVARIANT: lies at `address`, and neither grows nor moves.
    bytes: Vec<u8>,
}

impl Arena {
    /// An arena that has handed nothing out.
    #[must_use]
    pub const fn new() -> Self {
        Self { blocks: Vec::new() }
    }

    /// The address of a fresh block of `len` zero bytes; none when `len` is 0 or above [`BLOCK_BYTES_MAX`], or
    /// memory is short.
    pub fn alloc(&mut self, len: usize) -> Option<usize> {
        if len == 0 || len > BLOCK_BYTES_MAX {
            return None;
        }
        self.blocks.try_reserve(1).ok()?;
        let mut bytes = Vec::new();
        bytes.try_reserve_exact(len).ok()?;
        bytes.resize(len, 0);
        let address = bytes.as_mut_ptr().expose_provenance();
        let at = self.blocks.partition_point(|block| block.address < address);
        self.blocks.insert(at, Block { address, bytes });
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
        let at = self.blocks.partition_point(|block| block.address < address);
        match self.blocks.get(at) {
            Some(block) if block.address == address && block.bytes.len() == len => {
                self.blocks.remove(at);
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
        let block = self.begun(address).and_then(|at| self.blocks.get(at));
        let range = block.and_then(|block| block.bytes.get(block.range(address, len)?));
        range.ok_or(AbiError::Range { address, len })
    }

    /// Puts `bytes` where the host asked for them.
    ///
    /// # Errors
    /// [`AbiError::Range`] unless they fit into one block there; nothing is written then.
    pub fn write(&mut self, address: usize, bytes: &[u8]) -> Result<(), AbiError> {
        let block = self.begun(address).and_then(|at| self.blocks.get_mut(at));
        let range = block.and_then(|block| {
            let range = block.range(address, bytes.len())?;
            block.bytes.get_mut(range)
        });
        let range = range.ok_or(AbiError::Range { address, len: bytes.len() })?;
        range.copy_from_slice(bytes);
        Ok(())
    }

    /// The last block that begins at or before `address`: the only one that can hold it.
    fn begun(&self, address: usize) -> Option<usize> {
        self.blocks.partition_point(|block| block.address <= address).checked_sub(1)
    }
}

impl Block {
    /// Where a range that begins in or after this block would lie in it.
    fn range(&self, address: usize, len: usize) -> Option<Range<usize>> {
        let from = address.checked_sub(self.address)?;
        Some(from..from.checked_add(len)?)
    }
}

#[cfg(test)]
mod tests;
