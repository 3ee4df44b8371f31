//! The parts of memory that the host may fill.
//!
//! A host passes ranges as numbers. Here a number becomes a slice by looking up the block that it lies in, so
//! a wrong one is an error and never a read or write somewhere else.

use alloc::vec::Vec;

/// Bytes of the largest block: above any snapshot, and below what would make memory grow for nothing.
pub const BLOCK_BYTES_MAX: usize = 256 << 20;

/// Blocks of memory handed out to the host.
///
/// Cost: a look-up follows the logarithm of the blocks; handing out and taking back also moves the entries of
/// those at higher addresses, which are few in a host that reuses its blocks.
#[derive(Debug, Default)]
pub struct Arena {
    // INVARIANT: sorted by address; none is empty, grows or moves. A vector, since a B-tree would add 10 kB to the
    // module.
    blocks: Vec<Vec<u8>>,
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
        let mut block = Vec::new();
        block.try_reserve(len).ok()?;
        block.resize(len, 0);
        let address = block.as_mut_ptr().expose_provenance();
        self.blocks.insert(self.begun(address), block);
        Some(address)
    }

    /// Takes back the block of exactly `len` bytes at `address`; whether there was one.
    pub fn free(&mut self, address: usize, len: usize) -> bool {
        let is_whole = self.found(address).is_some_and(|(at, from)| {
            let whole = self.blocks.get(at).map_or(0, Vec::len);
            from == 0 && len == whole
        });
        if is_whole {
            self.blocks.remove(self.begun(address) - 1);
        }
        is_whole
    }

    /// What the host left in a range; none unless it lies inside one block, but an empty range may lie anywhere.
    #[must_use]
    pub fn read(&self, address: usize, len: usize) -> Option<&[u8]> {
        if len == 0 {
            return Some(&[]);
        }
        let (at, from) = self.found(address)?;
        self.blocks.get(at)?.get(from..)?.get(..len)
    }

    /// The bytes from `address` to the end of the block that holds it, to write to; none outside every block.
    pub fn room(&mut self, address: usize) -> Option<&mut [u8]> {
        let (at, from) = self.found(address)?;
        self.blocks.get_mut(at)?.get_mut(from..)
    }

    /// The last block that begins at or before `address`, which is the only one that can hold it, and how far behind
    /// its beginning that is.
    fn found(&self, address: usize) -> Option<(usize, usize)> {
        let at = self.begun(address).checked_sub(1)?;
        Some((at, address - self.blocks.get(at)?.as_ptr().addr()))
    }

    /// How many blocks begin at or before `address`.
    fn begun(&self, address: usize) -> usize {
        self.blocks.partition_point(|block| block.as_ptr().addr() <= address)
    }
}

#[cfg(test)]
mod tests;
