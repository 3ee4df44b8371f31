//! Forms and errors of the world language, and both readers over every world file.

use std::collections::BTreeSet;

use super::{
    Ask, Edges, Effect, Grant, Group, GroupState, Line, Outcome, Principal, Role, Span, Statement, files,
    read,
};

fn count(lines: &[Line], is_it: fn(&Statement) -> bool) -> usize {
    lines.iter().filter(|line| is_it(&line.statement)).count()
}

#[test]
fn every_world_gets_the_answers_it_expects() {
    let files = files().unwrap();
    assert!(files.len() >= 13, "found {} files", files.len());
    let mut wrong = Vec::new();
    for (name, text) in &files {
        let world = cohort_oracle::World::read(text).unwrap_or_else(|error| panic!("{name}: {error}"));
        for answer in world.answers().iter().filter(|answer| !answer.holds) {
            wrong.push(format!(
                "{name}:{}: expected {}; found {}",
                answer.line, answer.expected, answer.found
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn both_readers_find_the_same_in_every_world() {
    for (name, text) in files().unwrap() {
        let lines = read(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        let world = cohort_oracle::World::read(&text).unwrap_or_else(|error| panic!("{name}: {error}"));

        let users = count(&lines, |statement| matches!(statement, Statement::User(_)));
        let removed = count(&lines, |statement| matches!(statement, Statement::Remove { .. }));
        assert_eq!(users - removed, world.users.len(), "users of {name}");

        let mut groups = BTreeSet::new();
        let mut roles = BTreeSet::new();
        let mut scopes = BTreeSet::new();
        for line in &lines {
            match &line.statement {
                Statement::Group(group) => drop(groups.insert(group.name.as_str())),
                Statement::Delete { group } => drop(groups.remove(group.as_str())),
                Statement::Role(role) => drop(roles.insert(role.name.as_str())),
                Statement::Scope { scope, .. } => drop(scopes.insert(scope.as_str())),
                _ => {}
            }
        }
        assert_eq!(groups.len(), world.groups.len(), "groups of {name}");
        assert_eq!(roles.len(), world.roles.len(), "roles of {name}");
        assert_eq!(scopes.len(), world.scopes.len(), "scopes of {name}");
        assert_eq!(grants_left(&lines).len(), world.grants.len(), "grants of {name}");
        check_expectations(&name, &lines, &world);
    }
}

/// The grants that are neither revoked nor gone with the person or group that held them.
fn grants_left(lines: &[Line]) -> Vec<&Grant> {
    let mut grants: Vec<&Grant> = Vec::new();
    for line in lines {
        match &line.statement {
            Statement::Grant(grant) => grants.push(grant),
            Statement::Revoke { role, principal, scope } => grants.retain(|grant| {
                grant.role != *role || grant.principal != *principal || grant.scope != *scope
            }),
            Statement::Delete { group } => {
                grants.retain(|grant| grant.principal != Principal::Group(group.clone()));
            }
            Statement::Remove { user } => {
                grants.retain(|grant| grant.principal != Principal::User(user.clone()));
            }
            _ => {}
        }
    }
    grants
}

/// Each question and count stands on the same line for both readers, with the same literal.
fn check_expectations(name: &str, lines: &[Line], world: &cohort_oracle::World) {
    let expectations: Vec<(usize, String)> = lines
        .iter()
        .filter_map(|line| match &line.statement {
            Statement::Ask(ask) => {
                let outcome = match ask.outcome {
                    Outcome::Allow => "allow",
                    Outcome::Deny => "deny",
                    Outcome::Indeterminate => "indeterminate",
                };
                let detail = ask.detail.as_ref().map(|detail| format!(": {detail}")).unwrap_or_default();
                Some((line.number, format!("{outcome}{detail}")))
            }
            Statement::Count { members, .. } => Some((line.number, members.to_string())),
            Statement::Owners { users, .. } if users.is_empty() => Some((line.number, "nobody".to_owned())),
            Statement::Owners { users, .. } => Some((line.number, users.join(", "))),
            _ => None,
        })
        .collect();
    let of_oracle: Vec<(usize, String)> =
        world.answers().iter().map(|answer| (answer.line, answer.expected.clone())).collect();
    assert_eq!(expectations, of_oracle, "questions of {name}");
}

#[test]
fn every_world_stands_in_the_table_of_features() {
    let table = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/features.md");
    let table = std::fs::read_to_string(table).unwrap();
    let told: BTreeSet<&str> = table.split('`').filter(|words| words.ends_with(".world")).collect();
    let names: Vec<String> = files().unwrap().into_iter().map(|(name, _)| name).collect();
    let there: BTreeSet<&str> = names.iter().map(String::as_str).collect();
    let on_one_side: Vec<&&str> = there.symmetric_difference(&told).collect();
    assert!(on_one_side.is_empty(), "{on_one_side:?}");
}

#[test]
fn acme_has_its_sixty_five_people_and_thirty_one_groups() {
    let (_, text) = files().unwrap().into_iter().find(|(name, _)| name == "acme.world").unwrap();
    let lines = read(&text).unwrap();
    let mut groups = Vec::new();
    let mut pushed = std::collections::BTreeMap::new();
    let mut counted = BTreeSet::new();
    for line in &lines {
        match &line.statement {
            Statement::Group(group) => groups.push(group),
            Statement::User(user) => *pushed.entry(user.connection.as_deref()).or_insert(0) += 1,
            Statement::Count { group, .. } => drop(counted.insert(group.as_str())),
            _ => {}
        }
    }
    assert_eq!(pushed.into_iter().collect::<Vec<_>>(), [(Some("entra"), 35), (Some("okta"), 30)]);
    assert_eq!(groups.len(), 31);
    assert_eq!(groups.iter().filter(|group| group.example).count(), 11);
    assert!(groups.iter().all(|group| counted.contains(group.name.as_str())), "a group is not counted");
    assert!(count(&lines, |statement| matches!(statement, Statement::Ask(_))) >= 25);
}

/// Reads one line and compares its first statement.
#[track_caller]
fn says(line: &str, expected: &Statement) {
    let lines = read(line).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(lines.first().map(|line| &line.statement), Some(expected), "{line}");
}

#[track_caller]
fn refuses(text: &str, message: &str) {
    match read(text) {
        Ok(lines) => panic!("read as {lines:?}"),
        Err(error) => assert_eq!(error.to_string(), message),
    }
}

fn edges(group: &str, members: &[&str], span: Span) -> Edges {
    Edges { group: group.to_owned(), members: members.iter().map(|name| (*name).to_owned()).collect(), span }
}

#[test]
fn ask_has_all_its_parts() {
    says(
        "ask ada quote:create on project:42 in app/project:7 at 1970-01-02 with mfa, vpn = deny:  no  path # why",
        &Statement::Ask(Ask {
            user: "ada".to_owned(),
            permission: "quote:create".to_owned(),
            scope: "project:42".to_owned(),
            within: Some("app/project:7".to_owned()),
            at: Some(86_400_000),
            conditions: vec!["mfa".to_owned(), "vpn".to_owned()],
            outcome: Outcome::Deny,
            detail: Some("no path".to_owned()),
        }),
    );
}

#[test]
fn detail_of_a_literal_binds_when_it_is_told() {
    let ask = |answer: &str| match &read(&format!("ask ada p:q = {answer}")).unwrap()[0].statement {
        Statement::Ask(ask) => ask.clone(),
        other => panic!("{other:?}"),
    };
    assert!(ask("allow").is_met_by(Outcome::Allow, "direct < r"));
    assert!(!ask("allow").is_met_by(Outcome::Deny, "no path"));
    assert!(ask("allow: direct < r").is_met_by(Outcome::Allow, "direct < r"));
    assert!(!ask("allow: direct < r").is_met_by(Outcome::Allow, "everyone < r"));
    assert!(ask("deny: no path").is_met_by(Outcome::Deny, "no path near disabled g"));
    assert!(!ask("deny: no path near disabled g").is_met_by(Outcome::Deny, "no path"));
    assert!(ask("deny: no path near nothing").is_met_by(Outcome::Deny, "no path"));
    assert!(!ask("deny: no path near nothing").is_met_by(Outcome::Deny, "no path near disabled g"));
}

#[test]
fn group_line_tells_group_and_members() {
    let lines = read("group \"all staff\" title=\"All: \\\"us\\\"\" example disabled has a, b until 1970-01-02 when x = \"#1\" # no").unwrap();
    let group = Group {
        name: "all staff".to_owned(),
        connection: None,
        title: Some("All: \"us\"".to_owned()),
        state: Some(GroupState::Disabled),
        example: true,
        rule: Some("x = \"#1\"".to_owned()),
    };
    let span = Span { from: None, until: Some(86_400_000) };
    let statements = [Statement::Group(group), Statement::Nest(edges("all staff", &["a", "b"], span))];
    assert_eq!(lines.iter().map(|line| line.number).collect::<Vec<_>>(), [1, 1]);
    assert_eq!(lines.into_iter().map(|line| line.statement).collect::<Vec<_>>(), statements);
}

#[test]
fn user_has_fields_of_one_or_several_values() {
    let lines = read("user ada from okta attr.Skill=rust Skill=go job=\"\" inactive").unwrap();
    let Statement::User(user) = &lines[0].statement else { panic!("{lines:?}") };
    assert_eq!((user.name.as_str(), user.connection.as_deref(), user.active), ("ada", Some("okta"), false));
    let fields: Vec<_> =
        user.attributes.iter().map(|one| (one.field.as_str(), one.values.join("|"))).collect();
    assert_eq!(fields, [("skill", "rust|go".to_owned()), ("job", String::new())]);
}

#[test]
fn grants_name_principal_scope_and_bounds() {
    let grant = Grant {
        role: "quoter".to_owned(),
        principal: Principal::Group("sales".to_owned()),
        scope: "project:42".to_owned(),
        exact: true,
        effect: Effect::Allow,
        requires: vec!["mfa".to_owned()],
        span: Span { from: Some(0), until: None },
    };
    says(
        "grant quoter to sales on project:42 exact requires mfa from 1970-01-01",
        &Statement::Grant(grant.clone()),
    );
    let everyone = Grant {
        principal: Principal::Everyone,
        scope: "org".to_owned(),
        exact: false,
        effect: Effect::Deny,
        requires: Vec::new(),
        span: Span::default(),
        ..grant
    };
    says("deny quoter to everyone", &Statement::Grant(everyone.clone()));
    let user = Grant { principal: Principal::User("a b".to_owned()), ..everyone.clone() };
    says("deny quoter to user:\"a b\"", &Statement::Grant(user));
    for (name, written) in [("ada-p", "person:ada-p"), ("a p", "person:\"a p\"")] {
        let principal = Principal::Person(name.to_owned());
        let grant = Grant { principal, scope: "realm".to_owned(), ..everyone.clone() };
        says(&format!("deny quoter to {written} on realm"), &Statement::Grant(grant));
    }
    says(
        "revoke quoter from group:sales on invoice:*",
        &Statement::Revoke {
            role: "quoter".to_owned(),
            principal: Principal::Group("sales".to_owned()),
            scope: "invoice:*".to_owned(),
        },
    );
}

#[test]
fn small_statements_have_their_forms() {
    let name = |text: &str| text.to_owned();
    says("at 1970-01-01T01:00:00+01:00", &Statement::At(0));
    says("org acme title=Acme", &Statement::Org { slug: name("acme"), title: Some(name("Acme")) });
    says("org disabled", &Statement::OrgState { enabled: false });
    says(
        "scope a:1 under b:2 and org",
        &Statement::Scope { scope: name("a:1"), parents: vec![name("b:2"), name("org")] },
    );
    says("exclude bob of g", &Statement::Exclude(edges("g", &["bob"], Span::default())));
    says("unmember bob, eve of g", &Statement::Unmember(edges("g", &["bob", "eve"], Span::default())));
    says("count g = 3", &Statement::Count { group: name("g"), members: 3 });
    says(
        "owners g = ada, bob",
        &Statement::Owners { group: name("g"), users: vec![name("ada"), name("bob")] },
    );
    says("owners g = nobody", &Statement::Owners { group: name("g"), users: Vec::new() });
    let users = vec![name("ada"), name("ada2")];
    says("person ada-p is ada, ada2", &Statement::Person { name: name("ada-p"), users });
    says("archive g", &Statement::State { group: name("g"), state: GroupState::Archived });
    says("delete g", &Statement::Delete { group: name("g") });
    says("remove bob", &Statement::Remove { user: name("bob") });
    says("set bob active", &Statement::Set { user: name("bob"), attributes: Vec::new(), active: Some(true) });
    let span = Span { from: Some(0), until: Some(1) };
    let member = "member bob of g owner from 1970-01-01 until 1970-01-01T00:00:00.001Z";
    says(member, &Statement::Member { edges: edges("g", &["bob"], span), owner: true });
    let role = Role {
        name: name("r"),
        permissions: vec![name("a:b"), name("c.*")],
        includes: vec![name("x")],
        title: Some(name("R")),
    };
    says("role r grants a:b, c.* includes x title=R", &Statement::Role(role));
}

#[test]
fn errors_name_line_found_and_expected() {
    refuses(
        "\n# x\nfly ada",
        "line 3: found `fly`; expected a statement such as `user`, `group`, `grant` or `ask`",
    );
    refuses("member bob g", "line 1: found `g`; expected `of`");
    refuses(
        "remove",
        "line 1: found the end of the line; expected a name; in quotes unless of letters, digits, `_`, `.`, `@` and `-`",
    );
    refuses("remove ada now", "line 1: found `now`; expected the end of the line");
    refuses("user \"ada", "line 1: found the end of the line; expected a closing `\"`");
    refuses(
        "at noon",
        "line 1: found `noon`; expected a time such as `2026-03-01` or `2026-03-01T09:00:00Z`",
    );
    refuses(
        "scope realms under org",
        "line 1: found `realms`; expected a scope such as `org`, `project:42` or `invoice:*`",
    );
    refuses("ask a p = maybe", "line 1: found `maybe`; expected one of `allow`, `deny`, `indeterminate`");
    refuses(
        "deny r to everyone requires mfa",
        "line 1: found `requires`; expected one of `on`, `exact`, `from`, `until`",
    );
    refuses(
        "member a of g from 2026-03-02 until 2026-03-02",
        "line 1: found `until`; expected an end after the start",
    );
    refuses(
        "group g when # x",
        "line 1: found the end of the line; expected a rule such as `department = \"sales\"`",
    );
    refuses("count g = many", "line 1: found `many`; expected a number of members");
    refuses("user a status=Active", "line 1: found `status`; expected one of `active`, `inactive`");
}

#[test]
fn paris_managers_are_five_with_three_titles_or_four() {
    let (_, text) = files().unwrap().into_iter().find(|(name, _)| name == "acme.world").unwrap();
    let world = cohort_oracle::World::read(&format!(
        "{text}\n\
         group three-titles when Location = \"Paris, France\" AND Status = Active AND Job LIKE (Manager, VP, Director)\n\
         count three-titles = 5\n\
         count paris-office-managers = 5\n",
    ))
    .unwrap();
    assert!(world.answers().iter().all(|answer| answer.holds), "{:?}", world.answers().last());
}
