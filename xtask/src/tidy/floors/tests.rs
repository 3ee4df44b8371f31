use super::check;
use crate::tidy::files::File;
use crate::tidy::source::code_only;

#[track_caller]
fn findings(path: &str, text: &str) -> Vec<String> {
    let file = File { path: path.to_owned(), text: text.to_owned() };
    check(&file, &code_only(text)).iter().map(ToString::to_string).collect()
}

#[test]
fn imports_may_go_down() {
    assert!(findings("core/src/graph.rs", "use crate::rule::Rule;\nuse crate::id::UserId;").is_empty());
    assert!(
        findings("core/src/graph/closure.rs", "use crate::graph::Graph; use crate::model::X;").is_empty()
    );
}

#[test]
fn an_import_that_goes_up_is_found() {
    assert_eq!(
        findings("core/src/rule/parse.rs", "\nuse crate::{id, graph::Graph};"),
        [
            "core/src/rule/parse.rs:2: `rule` (floor 3) imports `graph` (floor 5); expected only lower floors, or further left"
        ]
    );
}

#[test]
fn on_one_floor_imports_go_left() {
    assert!(findings("core/src/change.rs", "use crate::model::Group;").is_empty());
    assert_eq!(findings("core/src/model.rs", "use crate::change::Change;").len(), 1);
}

#[test]
fn super_counts_like_crate() {
    assert_eq!(findings("core/src/view.rs", "use super::graph::Graph;").len(), 1);
    assert_eq!(findings("core/src/view/open.rs", "use super::super::graph::Graph;").len(), 1);
    assert!(findings("core/src/view/open.rs", "use super::layout::Header;").is_empty());
}

#[test]
fn a_submodule_can_have_its_own_floor() {
    assert!(findings("scim/directory/src/store/sqlite/rows.rs", "use crate::store::Store;").is_empty());
    assert_eq!(findings("scim/directory/src/store.rs", "use crate::store::sqlite::Sqlite;").len(), 1);
}

#[test]
fn a_module_without_a_floor_is_found() {
    assert_eq!(
        findings("core/src/helpers.rs", ""),
        [
            "core/src/helpers.rs:1: module `helpers` has no floor; expected a line for it in the table of floors"
        ]
    );
}

#[test]
fn the_roof_tests_and_comments_may_name_anything() {
    assert!(findings("core/src/lib.rs", "use crate::graph::Graph;").is_empty());
    assert!(findings("core/src/view/tests.rs", "use crate::graph::Graph;").is_empty());
    assert!(
        findings("core/src/view.rs", "// crate::graph\n#[cfg(test)]\nmod t { use crate::graph::G; }")
            .is_empty()
    );
}

#[test]
fn the_server_never_names_the_graph() {
    assert_eq!(
        findings("scim/server/src/http/manage.rs", "use cohort_core::{decide::Query, graph::Graph};"),
        [
            "scim/server/src/http/manage.rs:1: `cohort_core::graph` in scim/server/src/; expected the use cases of cohort_directory"
        ]
    );
    assert!(findings("scim/server/src/http/manage.rs", "use cohort_core::decide::Query;").is_empty());
}
