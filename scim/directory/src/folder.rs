//! The data folder: its lock, its keys, its database.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::Write;
use std::path::{Path, PathBuf};

use crate::ambient::Ambient;
use crate::audit::hex;
use crate::error::{Damage, OpenError, StoreError};
use crate::signing::{Seal, secret_from_hex};
use crate::store::sqlite::migrate::{self, MigrateError, VERSION};
use crate::store::sqlite::{Sqlite, SqliteStores, is_refused_write};

/// The largest database that is read through when it is opened; reading a larger one would delay every start.
const CHECKED_BYTES_MAX: u64 = 256 * 1024 * 1024;

/// A data folder that was found sound.
pub(crate) struct Folder {
    path: PathBuf,
    pub(crate) stores: SqliteStores,
    pub(crate) seal: Seal,
    /// Held as long as the folder is served; none beside another process.
    _lock: Option<File>,
}

impl Folder {
    /// Opens the folder as the one process that serves it, and makes what is missing.
    pub(crate) fn open(path: &Path, ambient: &dyn Ambient) -> Result<Self, OpenError> {
        let not_writable = |cause| OpenError::NotWritable { path: path.to_owned(), cause };
        create_private(path).map_err(not_writable)?;
        let lock = lock(path)?;
        // The key first: a folder with a database and no key has lost it, however its making was cut short.
        let seal = Seal::from_secret(&secret(path, ambient)?);
        let stores = SqliteStores::new(&database(path));
        let mut store = stores.open_raw().map_err(|cause| damaged(path, cause))?;
        check_soundness(path, &store)?;
        migrate::migrate(&mut store).map_err(|cause| unfit(path, cause))?;
        Ok(Self { path: path.to_owned(), stores, seal, _lock: Some(lock) })
    }

    /// Opens the folder while another process may be serving it; makes nothing.
    pub(crate) fn open_beside(path: &Path) -> Result<Self, OpenError> {
        if !database(path).is_file() || !key_file(path).is_file() {
            return Err(OpenError::Missing { folder: path.to_owned() });
        }
        let stores = SqliteStores::new(&database(path));
        let store = stores.open_raw().map_err(|cause| damaged(path, cause))?;
        match migrate::is_current(&store) {
            Ok(true) => {}
            Ok(false) => return Err(OpenError::Missing { folder: path.to_owned() }),
            Err(cause) => return Err(unfit(path, cause)),
        }
        let seal = Seal::from_secret(&stored_secret(path)?);
        Ok(Self { path: path.to_owned(), stores, seal, _lock: None })
    }

    /// The error for a store that failed while the folder was opened.
    pub(crate) fn damaged(&self, cause: StoreError) -> OpenError {
        damaged(&self.path, cause)
    }

    /// The file that is made longer when what a token opens is changed.
    pub(crate) fn doors_file(&self) -> PathBuf {
        self.path.join("tokens.changed")
    }

    /// Where the administrator's first token is.
    pub(crate) fn admin_token_file(&self) -> PathBuf {
        self.path.join("admin.token")
    }
}

fn database(folder: &Path) -> PathBuf {
    folder.join("cohort.db")
}

fn key_file(folder: &Path) -> PathBuf {
    folder.join("signing.key")
}

/// Makes the folder, if there is none, for nobody but its owner.
fn create_private(folder: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt;
        builder.mode(0o700);
    }
    builder.create(folder)
}

fn lock(folder: &Path) -> Result<File, OpenError> {
    let path = folder.join("lock");
    let opened = OpenOptions::new().create(true).truncate(false).write(true).open(&path);
    let file = opened.map_err(|cause| OpenError::NotWritable { path: path.clone(), cause })?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(OpenError::InUse { folder: folder.to_owned() }),
        Err(TryLockError::Error(cause)) => Err(OpenError::NotWritable { path, cause }),
    }
}

fn check_soundness(folder: &Path, store: &Sqlite) -> Result<(), OpenError> {
    let bytes = std::fs::metadata(database(folder)).map_or(0, |data| data.len());
    if bytes > CHECKED_BYTES_MAX {
        return Ok(());
    }
    match store.is_sound() {
        Ok(true) => Ok(()),
        Ok(false) => Err(OpenError::Damaged { folder: folder.to_owned(), damage: Damage::Database }),
        Err(cause) => Err(damaged(folder, cause)),
    }
}

fn damaged(folder: &Path, cause: StoreError) -> OpenError {
    if is_refused_write(&cause) {
        let cause = std::io::Error::other(cause);
        return OpenError::NotWritable { path: database(folder), cause };
    }
    OpenError::Damaged { folder: folder.to_owned(), damage: Damage::Store(cause) }
}

fn unfit(folder: &Path, cause: MigrateError) -> OpenError {
    let folder = folder.to_owned();
    match cause {
        MigrateError::Newer { found } => OpenError::Newer { folder, found, known: VERSION },
        MigrateError::Changed { version } => {
            OpenError::Damaged { folder, damage: Damage::Migration { version } }
        }
        MigrateError::Store(cause) => damaged(&folder, cause),
    }
}

/// The secret of the folder's signing key, made if the folder is new.
fn secret(folder: &Path, ambient: &dyn Ambient) -> Result<[u8; 32], OpenError> {
    if key_file(folder).exists() || database(folder).exists() {
        return stored_secret(folder);
    }
    let secret = ambient.random_32().ok_or(OpenError::NoRandomness)?;
    write_private(&key_file(folder), &hex(&secret))?;
    Ok(secret)
}

fn stored_secret(folder: &Path) -> Result<[u8; 32], OpenError> {
    let path = key_file(folder);
    let text = std::fs::read_to_string(&path).map_err(|cause| match cause.kind() {
        std::io::ErrorKind::InvalidData | std::io::ErrorKind::NotFound => {
            OpenError::Damaged { folder: folder.to_owned(), damage: Damage::SigningKey }
        }
        _ => OpenError::NotReadable { path, cause },
    })?;
    let damage = || OpenError::Damaged { folder: folder.to_owned(), damage: Damage::SigningKey };
    secret_from_hex(&text).ok_or_else(damage)
}

/// Writes a line that nobody else may read, complete or not at all.
pub(crate) fn write_private(path: &Path, line: &str) -> Result<(), OpenError> {
    let not_writable = |cause| OpenError::NotWritable { path: path.to_owned(), cause };
    let draft = path.with_extension("new");
    let mut options = OpenOptions::new();
    options.create(true).truncate(true).write(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let mut file = options.open(&draft).map_err(not_writable)?;
    writeln!(file, "{line}").and_then(|()| file.sync_all()).map_err(not_writable)?;
    std::fs::rename(&draft, path).map_err(not_writable)
}
