//! What is found by name is not searched for; and marks inside a transaction.

use cohort_core::id::{Instant, OrgId};

use super::Sqlite;
use super::realm::{DOOR_BY_ORG_ID, DOOR_BY_ORG_SLUG};
use crate::store::Transactions;
use crate::store::realm::{NewOrgRow, RealmRows};

/// How SQLite goes about a statement with these many parameters.
pub(super) fn plan(store: &Sqlite, sql: &str) -> String {
    let mut statement = store.connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).expect("a statement");
    let nulls = vec![rusqlite::types::Null; statement.parameter_count()];
    let rows = statement.query_map(rusqlite::params_from_iter(nulls), |row| row.get::<_, String>(3));
    rows.expect("a plan").collect::<Result<Vec<_>, _>>().expect("steps").join("; ")
}

#[test]
fn no_lookup_scans_a_table() {
    let store = Sqlite::in_memory();
    for condition in [
        "FROM users WHERE org_key = ?1 AND id = ?2",
        "FROM users WHERE org_key = ?1 AND user_name_folded = ?2 AND ifnull(connection_key, 0) = ?3",
        "FROM users WHERE org_key = ?1 AND user_name_folded = ?2 LIMIT 2",
        "FROM users WHERE connection_key = ?1 AND external_id = ?2",
        "FROM groups WHERE id = ?2 AND connection_key = ?1",
        "FROM groups WHERE org_key = ?1 AND slug_folded = ?2",
        "FROM groups WHERE org_key = ?1 AND seq = ?2",
        "FROM groups WHERE connection_key = ?1 AND name_folded = ?2",
        "FROM groups WHERE connection_key = ?1 AND external_id = ?2",
        "FROM edges WHERE group_key = ?1 AND user_key = ?2 AND kind = ?3 AND via = ?4",
        "FROM edges WHERE group_key = ?1 AND member_key = ?2 AND kind = ?3 AND via = ?4",
        "FROM edges WHERE group_key = ?1 ORDER BY key",
        "FROM edges WHERE user_key = ?1 AND connection_key = ?2",
        "FROM edges WHERE member_key = ?1",
        "FROM user_values WHERE user_key = ?1",
        "FROM pending WHERE connection_key = ?1 AND value = ?2",
        "FROM connections WHERE org_key = ?1 AND name = ?2",
        "FROM connections WHERE org_key = ?1 AND is_primary",
        "FROM tokens WHERE hash = ?1",
        "FROM requests WHERE connection_key = ?1 AND seq < ?2 AND at >= ?3 ORDER BY seq DESC LIMIT ?4",
        "FROM requests WHERE connection_key = ?1 AND seq < ?2 AND status >= 400 ORDER BY seq DESC LIMIT ?3",
        "FROM connections WHERE key > ?1 ORDER BY key LIMIT 1",
        "FROM revisions WHERE org_key = ?1 AND revision > ?2 ORDER BY revision",
        "FROM audit WHERE org_key = ?1 ORDER BY seq DESC LIMIT 1",
    ] {
        let plan = plan(&store, &format!("SELECT * {condition}"));
        assert!(plan.starts_with("SEARCH") && !plan.contains("TEMP B-TREE"), "{condition}: {plan}");
    }
    for sql in [DOOR_BY_ORG_ID, DOOR_BY_ORG_SLUG] {
        let plan = plan(&store, sql);
        assert_eq!(plan.matches("SEARCH").count(), 3, "{plan}");
        assert!(!plan.contains("SCAN"), "{plan}");
    }
}

#[test]
fn what_came_after_a_mark_is_taken_back_alone() {
    let mut store = Sqlite::in_memory();
    let add = |store: &mut Sqlite, slug: &str| {
        let id = OrgId::from_u128(slug.len() as u128);
        let new = NewOrgRow { id, slug, slug_folded: slug, title: slug, created_at: Instant::from_millis(0) };
        store.add_org(&new).expect("a row");
    };
    let is_there = |store: &Sqlite, slug: &str| store.org_by_slug(slug).expect("a look").is_some();
    store.begin().expect("a transaction");
    // The first mark is the beginning of the transaction, the others are not.
    for (slug, is_kept) in [("a", false), ("bb", true), ("ccc", false), ("dddd", true)] {
        store.mark().expect("a mark");
        add(&mut store, slug);
        match is_kept {
            true => store.keep_since_mark().expect("kept"),
            false => store.undo_to_mark().expect("taken back"),
        }
        assert_eq!(is_there(&store, slug), is_kept, "{slug}");
    }
    store.commit().expect("a commit");
    assert_eq!(["a", "bb", "ccc", "dddd"].map(|slug| is_there(&store, slug)), [false, true, false, true]);
}
