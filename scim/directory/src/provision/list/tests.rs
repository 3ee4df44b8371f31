//! Lists over more resources than are looked at for one answer.

use cohort_core::graph::Graph;
use cohort_core::id::{Instant, OrgId, Revision};
use cohort_scim::{Dialect, ListQuery, ResourceType, ScimError};
use serde_json::Value;

use super::list;
use crate::caller::Connection;
use crate::cursor::CursorKey;
use crate::limits::{SCANNED_MAX, SCANNED_PER_PAGE_MAX};
use crate::org::Org;
use crate::provision::{Look, Memberships};
use crate::store::sqlite::Sqlite;
use crate::store::{ConnectionKey, OrgKey};
use crate::trails::Trails;

/// A connection with this many users, the last of whom alone has a title.
struct Crowd {
    store: Sqlite,
    org: Org,
    connection: Connection,
}

impl Crowd {
    fn new(count: usize) -> Self {
        let store = Sqlite::in_memory();
        let rows = format!(
            "INSERT INTO orgs VALUES (1, zeroblob(16), 'acme', 'acme', 'Acme', 1, 0, 0, 0);
             INSERT INTO connections (key, org_key, name, dialect, created_at) VALUES (1, 1, 'okta', 'okta', 0);
             WITH RECURSIVE numbers (n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM numbers WHERE n < {count})
             INSERT INTO users (org_key, connection_key, id, user_name, user_name_folded, active, document,
                 created_at, changed_at, revision)
             SELECT 1, 1, unhex(printf('%032x', n)), 'u' || n, 'u' || n, 1,
                 json_object('userName', 'u' || n, 'title', iif(n = {count}, 'last', NULL)), 0, n, 1 FROM numbers;"
        );
        store.carry_out(&rows);
        let org = Org {
            key: OrgKey(1),
            id: OrgId::from_u128(0),
            graph: Graph::new(OrgId::from_u128(0)),
            revision: Revision::default(),
            last_audit: None,
        };
        let connection =
            Connection { key: ConnectionKey(1), name: "okta".to_owned(), dialect: &Dialect::OKTA };
        Self { store, org, connection }
    }

    fn list(&self, parameters: &[(&str, &str)]) -> Result<Value, ScimError> {
        let query =
            ListQuery::parse(parameters.iter().copied(), &[ResourceType::User], self.connection.dialect)?;
        let memberships = Memberships::Here(&self.org);
        let look = Look { store: &self.store, org: self.org.key, memberships, now: Instant::from_millis(0) };
        list(
            look,
            &self.connection,
            &query,
            (&CursorKey::derived(&[0; 32]), &Trails::default()),
            "https://c.example/v2",
        )
    }
}

fn names(page: &Value) -> Vec<&str> {
    let resources = page["Resources"].as_array().expect("resources");
    resources.iter().map(|user| user["userName"].as_str().expect("a name")).collect()
}

#[test]
fn a_page_by_cursor_ends_where_enough_was_looked_at() {
    let count = SCANNED_PER_PAGE_MAX + 10;
    let crowd = Crowd::new(count);
    let first = crowd.list(&[("filter", "title pr"), ("cursor", "")]).expect("a page");
    assert_eq!((names(&first), first.get("totalResults")), (vec![], None));
    let next = first["nextCursor"].as_str().expect("a cursor");
    let second = crowd.list(&[("filter", "title pr"), ("cursor", next)]).expect("a page");
    assert_eq!((names(&second), second.get("nextCursor")), (vec![format!("u{count}").as_str()], None));
    let counted = crowd.list(&[("filter", "title pr")]).expect("a page");
    assert_eq!((counted["totalResults"].as_u64(), names(&counted).len()), (Some(1), 1));
}

#[test]
fn an_answer_that_needs_all_resources_is_refused_if_there_are_too_many() {
    let crowd = Crowd::new(SCANNED_MAX + 1);
    for parameters in [[("filter", "title pr"), ("count", "1")], [("sortBy", "title"), ("cursor", "")]] {
        let error = crowd.list(&parameters).expect_err("too many");
        let refused = error.to_json();
        assert_eq!((&refused["status"], &refused["scimType"]), (&"400".into(), &"tooMany".into()));
    }
    let last = format!("u{}", SCANNED_MAX + 1);
    let found = crowd.list(&[("filter", &format!("userName eq \"{last}\" and title pr"))]).expect("a page");
    assert_eq!(names(&found), [last.as_str()]);
    let latest = [("sortBy", "meta.lastModified"), ("sortOrder", "descending"), ("count", "1")];
    let latest = crowd.list(&latest).expect("a page");
    assert_eq!(
        (names(&latest), latest["totalResults"].as_u64()),
        (vec![last.as_str()], Some(SCANNED_MAX as u64 + 1))
    );
}
