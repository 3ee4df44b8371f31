//! Files of other versions.

use rusqlite::{Connection, params};

use super::{MigrateError, VERSION, is_current, migrate};
use crate::store::sqlite::Sqlite;

fn empty() -> Sqlite {
    Sqlite { connection: Connection::open_in_memory().expect("a database in memory") }
}

fn migrated() -> Sqlite {
    let mut store = empty();
    migrate(&mut store).expect("a first migration");
    store
}

#[test]
fn scripts_run_once() {
    let mut store = empty();
    assert!(!is_current(&store).expect("an answer"));
    migrate(&mut store).expect("a first migration");
    migrate(&mut store).expect("nothing to do");
    assert!(is_current(&store).expect("an answer"));
}

#[test]
fn a_later_version_is_left_alone() {
    let mut store = migrated();
    let row = params![VERSION + 1, [0_u8; 32]];
    let sql = "INSERT INTO schema_migrations (version, checksum) VALUES (?1, ?2)";
    store.connection.execute(sql, row).expect("a row");
    let found = migrate(&mut store).expect_err("a later version");
    assert!(matches!(found, MigrateError::Newer { found } if found == VERSION + 1), "{found:?}");
}

#[test]
fn a_script_of_other_words_is_noticed() {
    let mut store = migrated();
    let sql = "UPDATE schema_migrations SET checksum = ?1 WHERE version = 1";
    store.connection.execute(sql, [[0_u8; 32]]).expect("a row");
    let found = migrate(&mut store).expect_err("another script");
    assert!(matches!(found, MigrateError::Changed { version: 1 }), "{found:?}");
}
