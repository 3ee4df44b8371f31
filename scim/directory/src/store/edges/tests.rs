//! What the graph is told of a row.

use cohort_core::change::Change;
use cohort_core::id::{GroupId, Instant, Span, UserId};
use cohort_core::model::EdgeKey;
use cohort_core::view::{Member, Via};

use super::EdgeRow;

#[test]
fn an_owners_row_makes_an_owner_and_another_a_member() {
    let (group, user) = (GroupId::from_u128(1), UserId::from_u128(2));
    let key = EdgeKey::include(group, Member::User(user), Via::Manual);
    let row = |owner| EdgeRow {
        key,
        span: Span::ALWAYS,
        connection: None,
        owner,
        reason: None,
        added_by: "admin".into(),
        added_at: Instant::from_millis(0),
    };
    assert_eq!(row(true).change(), Change::SetOwner { group, user, span: Span::ALWAYS });
    assert_eq!(row(false).change(), Change::SetEdge(key, Span::ALWAYS));
}
