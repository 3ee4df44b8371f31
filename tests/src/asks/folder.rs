//! The folder that the files go into, all of them signed.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use cohort_core::view::envelope::{Envelope, signed_message};
use cohort_verify::key_id;
use ed25519_dalek::{Signer, SigningKey};

use super::failure::AsksFailure;
use super::step::Step;

/// Bytes of an envelope before its payload.
pub const ENVELOPE_BYTES: usize = 4 + 1 + 8 + 64;

/// Everybody knows this key, and nothing but these tests trusts it.
const SECRET: [u8; 32] = *b"known to all: signs test data.\0\0";

/// The folder of all worlds.
#[derive(Debug)]
pub struct Folder {
    top: PathBuf,
    index: String,
}

/// The public key of what is written here.
pub(super) fn public_key() -> [u8; 32] {
    SigningKey::from_bytes(&SECRET).verifying_key().to_bytes()
}

/// `payload` in an envelope that the known key signed.
pub(super) fn sealed(payload: &[u8]) -> Vec<u8> {
    sealed_by(&SECRET, payload)
}

/// `payload` in an envelope that a key signed.
pub(super) fn sealed_by(secret: &[u8; 32], payload: &[u8]) -> Vec<u8> {
    let key = SigningKey::from_bytes(secret);
    let key_id = key_id(&key.verifying_key().to_bytes());
    let signature = key.sign(&signed_message(&key_id, payload)).to_bytes();
    Envelope { key_id, signature, payload }.to_bytes()
}

impl Folder {
    /// An empty folder at `top`, in place of what was there.
    ///
    /// # Errors
    /// [`AsksFailure::File`] when it cannot be made.
    pub fn emptied(top: &Path) -> Result<Self, AsksFailure> {
        if top.exists() {
            fs::remove_dir_all(top).map_err(AsksFailure::file(top))?;
        }
        fs::create_dir_all(top).map_err(AsksFailure::file(top))?;
        let mut hex = String::new();
        for byte in public_key() {
            // Writing to a `String` cannot fail.
            let _ = write!(hex, "{byte:02x}");
        }
        write(&top.join("key"), hex.as_bytes())?;
        Ok(Self { top: top.to_owned(), index: String::new() })
    }

    /// Adds the folder `name`: its files, which are envelopes, and its steps.
    ///
    /// # Errors
    /// [`AsksFailure::File`] when something cannot be written.
    pub(super) fn add(
        &mut self,
        name: &str,
        files: &[(String, Vec<u8>)],
        steps: &[Step],
    ) -> Result<(), AsksFailure> {
        let folder = self.top.join(name);
        fs::create_dir_all(&folder).map_err(AsksFailure::file(&folder))?;
        for (file, bytes) in files {
            write(&folder.join(file), bytes)?;
        }
        let lines: String = steps.iter().map(|step| format!("{step}\n")).collect();
        write(&folder.join("asks"), lines.as_bytes())?;
        self.index.push_str(name);
        self.index.push('\n');
        write(&self.top.join("index"), self.index.as_bytes())
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.top
    }
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), AsksFailure> {
    fs::write(path, bytes).map_err(AsksFailure::file(path))
}
