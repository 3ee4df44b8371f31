//! Each way to list goes along an index, from the place where the page begins.

use cohort_core::id::{GroupId, Instant, UserId};
use cohort_core::view::Member;

use super::{GROUPS, USERS, find_groups_sql, find_users_sql};
use crate::store::listing::{FindGroups, FindUsers, Mark, Order, RowKey, UserValue, Walk};
use crate::store::sqlite::Sqlite;
use crate::store::sqlite::tests::plan;

#[test]
fn no_walk_scans_or_sorts() {
    let store = Sqlite::in_memory();
    let key = RowKey(1);
    let walks = [
        (Order::Made, Mark::Made(key)),
        (Order::Name, Mark::Name("ada".to_owned(), key)),
        (Order::Changed, Mark::Changed(Instant::from_millis(0), key)),
    ];
    for (table, (order, mark)) in
        [USERS, GROUPS].into_iter().flat_map(|table| walks.clone().map(|walk| (table, walk)))
    {
        for (descending, after) in [(false, None), (true, None), (false, Some(&mark)), (true, Some(&mark))] {
            let walk = Walk { order, descending, after: after.cloned(), offset: 0, limit: 1 };
            let sql = table.walk(&walk);
            let plan = plan(&store, &sql);
            assert!(plan.starts_with("SEARCH") && !plan.contains("SCAN"), "{sql}: {plan}");
            assert!(!plan.contains("TEMP B-TREE"), "{sql}: {plan}");
            // The place is looked up in the index too, not passed over row by row.
            let bounds = plan.matches(['<', '>']).count();
            assert_eq!(bounds > 0, after.is_some(), "{sql}: {plan}");
        }
    }
}

#[test]
fn no_lookup_of_a_filter_scans() {
    let store = Sqlite::in_memory();
    let users = [
        FindUsers::Id(UserId::from_u128(1)),
        FindUsers::Name("a"),
        FindUsers::ExternalId("a"),
        FindUsers::Value(UserValue::DisplayName, "a"),
        FindUsers::Value(UserValue::Email, "a"),
    ];
    let groups = [
        FindGroups::Id(GroupId::from_u128(1)),
        FindGroups::Name("a"),
        FindGroups::ExternalId("a"),
        FindGroups::Member(Member::User(UserId::from_u128(1))),
        FindGroups::Member(Member::Group(GroupId::from_u128(1))),
    ];
    let all = users.iter().map(find_users_sql).chain(groups.iter().map(find_groups_sql));
    for sql in all {
        let plan = plan(&store, &sql);
        assert!(plan.starts_with("SEARCH") && !plan.contains("SCAN"), "{sql}: {plan}");
    }
    for counted in ["users", "groups"] {
        let sql = format!("SELECT {counted} FROM resource_counts WHERE connection_key = ?1");
        assert!(plan(&store, &sql).starts_with("SEARCH"), "{sql}");
    }
}
