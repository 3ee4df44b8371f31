//! Files of other versions.

use rusqlite::{Connection, params};

use super::{MigrateError, VERSION, is_current, migrate};
use crate::store::sqlite::Sqlite;

fn empty() -> Sqlite {
    Sqlite::over(Connection::open_in_memory().expect("a database in memory"))
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

#[test]
fn a_file_from_before_the_lists_gets_their_rows() {
    let mut store = empty();
    store.connection.execute_batch(super::LEDGER).expect("a table");
    let base = &super::STEPS[0];
    store.connection.execute_batch(base.script).expect("the first script");
    let row = params![super::checksum(base.script)];
    store.connection.execute("INSERT INTO schema_migrations VALUES (1, ?1)", row).expect("a row");
    let rows = r#"
        INSERT INTO orgs VALUES (1, x'00', 'acme', 'acme', 'Acme', 1, 0, 0, 0);
        INSERT INTO connections VALUES (1, 1, 'okta', 'okta', 0);
        INSERT INTO users VALUES (1, 1, 1, x'000102030405060708090a0b0c0d0e0f', 'ada', 'ada', NULL, NULL, 1,
            '{"userName": "ada", "displayName": "ÉVE", "emails": [{"value": "A@x"}, {"type": "work"}]}', 0, 0, 1);
        INSERT INTO users VALUES (2, 1, NULL, x'010102030405060708090a0b0c0d0e0f', 'bob', 'bob', NULL, NULL, 1,
            '{"displayName": "Bob"}', 0, 0, 1);"#;
    store.connection.execute_batch(rows).expect("rows");
    migrate(&mut store).expect("the rest");
    let values =
        store.all("SELECT attribute || ' ' || value FROM user_values", [], |cells| cells.get::<String>(0));
    assert_eq!(values.expect("values"), ["1 éve", "2 a@x"]);
    let users = store.number("SELECT users FROM resource_counts WHERE connection_key = 1", []);
    assert_eq!(users.expect("a number"), 1);
}
