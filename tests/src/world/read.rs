//! Lines into statements, one function for each form.

use super::error::{Expected, WorldError};
use super::line::Cursor;
use super::statement::{
    Ask, Attribute, Edges, Effect, Grant, Group, GroupState, Line, Outcome, Principal, Role, Span, Statement,
    User,
};

/// The instant of questions before the first `at`: 2026-01-01T00:00:00Z in milliseconds since 1970.
pub const DEFAULT_AT: i64 = 1_767_225_600_000;

/// All statements of a world, in order.
///
/// # Errors
/// [`WorldError`] for the first line that is no statement.
pub fn read(text: &str) -> Result<Vec<Line>, WorldError> {
    let mut lines = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let number = at + 1;
        let statements = read_line(number, line)?;
        lines.extend(statements.into_iter().map(|statement| Line { number, statement }));
    }
    Ok(lines)
}

/// The statements of one line: none for a blank one, two for a group that `has` members.
///
/// # Errors
/// [`WorldError`] with `number` as its line.
pub fn read_line(number: usize, line: &str) -> Result<Vec<Statement>, WorldError> {
    let mut cursor = Cursor::new(number, line)?;
    if cursor.is_empty() {
        return Ok(Vec::new());
    }
    let before = cursor.clone();
    let word = cursor.value()?;
    let cursor = &mut cursor;
    let statement = match word.as_str() {
        "group" => return group(cursor),
        "at" => Statement::At(cursor.time()?),
        "org" => org(cursor)?,
        "scope" => scope(cursor)?,
        "user" => Statement::User(user(cursor)?),
        "person" => person(cursor)?,
        "role" => Statement::Role(role(cursor)?),
        "grant" => Statement::Grant(grant(cursor, Effect::Allow)?),
        "deny" => Statement::Grant(grant(cursor, Effect::Deny)?),
        "member" => member(cursor)?,
        "exclude" => Statement::Exclude(edges(cursor)?),
        "unmember" => Statement::Unmember(bare_edges(cursor)?),
        "ask" => Statement::Ask(ask(cursor)?),
        "count" => count(cursor)?,
        "owners" => owners(cursor)?,
        "set" => set(cursor)?,
        "enable" => Statement::State { group: cursor.name()?, state: GroupState::Enabled },
        "disable" => Statement::State { group: cursor.name()?, state: GroupState::Disabled },
        "archive" => Statement::State { group: cursor.name()?, state: GroupState::Archived },
        "revoke" => revoke(cursor)?,
        "remove" => Statement::Remove { user: cursor.name()? },
        "delete" => Statement::Delete { group: cursor.name()? },
        _ => return Err(before.wrong(Expected::Statement)),
    };
    cursor.finish()?;
    Ok(vec![statement])
}

fn org(cursor: &mut Cursor<'_>) -> Result<Statement, WorldError> {
    if cursor.takes("enabled") {
        return Ok(Statement::OrgState { enabled: true });
    }
    if cursor.takes("disabled") {
        return Ok(Statement::OrgState { enabled: false });
    }
    Ok(Statement::Org { slug: cursor.name()?, title: cursor.title()? })
}

fn scope(cursor: &mut Cursor<'_>) -> Result<Statement, WorldError> {
    let scope = cursor.scope()?;
    cursor.keyword("under")?;
    let mut parents = vec![cursor.scope()?];
    while cursor.takes("and") {
        parents.push(cursor.scope()?);
    }
    Ok(Statement::Scope { scope, parents })
}

fn user(cursor: &mut Cursor<'_>) -> Result<User, WorldError> {
    let name = cursor.name()?;
    let connection = connection(cursor)?;
    let (attributes, active) = profile(cursor)?;
    Ok(User { name, connection, attributes, active: active.unwrap_or(true) })
}

fn person(cursor: &mut Cursor<'_>) -> Result<Statement, WorldError> {
    let name = cursor.name()?;
    cursor.keyword("is")?;
    Ok(Statement::Person { name, users: cursor.names()? })
}

fn set(cursor: &mut Cursor<'_>) -> Result<Statement, WorldError> {
    let user = cursor.name()?;
    let (attributes, active) = profile(cursor)?;
    Ok(Statement::Set { user, attributes, active })
}

fn connection(cursor: &mut Cursor<'_>) -> Result<Option<String>, WorldError> {
    if cursor.takes("from") { cursor.name().map(Some) } else { Ok(None) }
}

/// Fields in the order of their first mention, and the activity if told.
fn profile(cursor: &mut Cursor<'_>) -> Result<(Vec<Attribute>, Option<bool>), WorldError> {
    let mut attributes: Vec<Attribute> = Vec::new();
    let mut active = None;
    while !cursor.is_empty() {
        if cursor.takes("active") {
            active = Some(true);
        } else if cursor.takes("inactive") {
            active = Some(false);
        } else {
            let before = cursor.clone();
            let field = cursor.name()?.to_lowercase();
            let field = field.strip_prefix("attr.").unwrap_or(&field).to_owned();
            if field == "status" {
                return Err(before.wrong(Expected::OneOf(&["`active`", "`inactive`"])));
            }
            cursor.keyword("=")?;
            let values: Vec<String> =
                Some(cursor.value()?).into_iter().filter(|value| !value.is_empty()).collect();
            match attributes.iter_mut().find(|attribute| attribute.field == field) {
                Some(attribute) => attribute.values.extend(values),
                None => attributes.push(Attribute { field, values }),
            }
        }
    }
    Ok((attributes, active))
}

fn group(cursor: &mut Cursor<'_>) -> Result<Vec<Statement>, WorldError> {
    let name = cursor.name()?;
    let connection = connection(cursor)?;
    let mut group = Group { name, connection, title: None, state: None, example: false, rule: None };
    let mut nested = None;
    while !cursor.is_empty() {
        if let Some(title) = cursor.title()? {
            group.title = Some(title);
        } else if let Some(state) = takes_state(cursor) {
            group.state = Some(state);
        } else if cursor.takes("example") {
            group.example = true;
        } else if cursor.takes("has") {
            let members = cursor.names()?;
            let span = span(cursor)?;
            nested = Some(Statement::Nest(Edges { group: group.name.clone(), members, span }));
        } else if cursor.takes("when") {
            if cursor.is_empty() {
                return Err(cursor.wrong(Expected::Rule));
            }
            group.rule = Some(cursor.take_rest().to_owned());
        } else {
            let words = &["`title`", "`enabled`", "`disabled`", "`archived`", "`example`", "`has`", "`when`"];
            return Err(cursor.wrong(Expected::OneOf(words)));
        }
    }
    Ok([Some(Statement::Group(group)), nested].into_iter().flatten().collect())
}

fn takes_state(cursor: &mut Cursor<'_>) -> Option<GroupState> {
    let states = [
        ("enabled", GroupState::Enabled),
        ("disabled", GroupState::Disabled),
        ("archived", GroupState::Archived),
    ];
    states.into_iter().find_map(|(word, state)| cursor.takes(word).then_some(state))
}

fn span(cursor: &mut Cursor<'_>) -> Result<Span, WorldError> {
    let mut span = Span::default();
    while cursor.takes_bound(&mut span)? {}
    Ok(span)
}

fn bare_edges(cursor: &mut Cursor<'_>) -> Result<Edges, WorldError> {
    let members = cursor.names()?;
    cursor.keyword("of")?;
    Ok(Edges { group: cursor.name()?, members, span: Span::default() })
}

fn edges(cursor: &mut Cursor<'_>) -> Result<Edges, WorldError> {
    let edges = bare_edges(cursor)?;
    Ok(Edges { span: span(cursor)?, ..edges })
}

fn member(cursor: &mut Cursor<'_>) -> Result<Statement, WorldError> {
    let mut edges = bare_edges(cursor)?;
    let mut owner = false;
    loop {
        if cursor.takes("owner") {
            owner = true;
        } else if !cursor.takes_bound(&mut edges.span)? {
            return Ok(Statement::Member { edges, owner });
        }
    }
}

fn role(cursor: &mut Cursor<'_>) -> Result<Role, WorldError> {
    let mut role = Role { name: cursor.name()?, permissions: Vec::new(), includes: Vec::new(), title: None };
    while !cursor.is_empty() {
        if cursor.takes("grants") {
            role.permissions = cursor.values()?;
        } else if cursor.takes("includes") {
            role.includes = cursor.names()?;
        } else if let Some(title) = cursor.title()? {
            role.title = Some(title);
        } else {
            return Err(cursor.wrong(Expected::OneOf(&["`grants`", "`includes`", "`title`"])));
        }
    }
    Ok(role)
}

fn grant(cursor: &mut Cursor<'_>, effect: Effect) -> Result<Grant, WorldError> {
    let role = cursor.name()?;
    cursor.keyword("to")?;
    let principal = principal(cursor)?;
    let mut grant = Grant {
        role,
        principal,
        scope: "org".to_owned(),
        exact: false,
        effect,
        requires: Vec::new(),
        span: Span::default(),
    };
    while !cursor.is_empty() {
        if cursor.takes("on") {
            grant.scope = cursor.scope()?;
        } else if cursor.takes("exact") {
            grant.exact = true;
        } else if effect == Effect::Allow && cursor.takes("requires") {
            grant.requires = cursor.names()?;
        } else if !cursor.takes_bound(&mut grant.span)? {
            let words: &[&str] = match effect {
                Effect::Allow => &["`on`", "`exact`", "`requires`", "`from`", "`until`"],
                Effect::Deny => &["`on`", "`exact`", "`from`", "`until`"],
            };
            return Err(cursor.wrong(Expected::OneOf(words)));
        }
    }
    Ok(grant)
}

fn principal(cursor: &mut Cursor<'_>) -> Result<Principal, WorldError> {
    if cursor.takes("everyone") {
        return Ok(Principal::Everyone);
    }
    // A name in quotes is a token of its own, so its prefix is one too.
    if cursor.takes("user:") {
        return cursor.name().map(Principal::User);
    }
    if cursor.takes("group:") {
        return cursor.name().map(Principal::Group);
    }
    if cursor.takes("person:") {
        return cursor.name().map(Principal::Person);
    }
    if let Ok(name) = cursor.name() {
        return Ok(Principal::Group(name));
    }
    let before = cursor.clone();
    let word = cursor.value()?;
    match word.split_once(':') {
        Some(("user", name)) => Ok(Principal::User(name.to_owned())),
        Some(("group", name)) => Ok(Principal::Group(name.to_owned())),
        Some(("person", name)) => Ok(Principal::Person(name.to_owned())),
        _ => Err(before.wrong(Expected::OneOf(&["a group", "`user:NAME`", "`person:NAME`", "`everyone`"]))),
    }
}

fn revoke(cursor: &mut Cursor<'_>) -> Result<Statement, WorldError> {
    let role = cursor.name()?;
    cursor.keyword("from")?;
    let principal = principal(cursor)?;
    let scope = if cursor.takes("on") { cursor.scope()? } else { "org".to_owned() };
    Ok(Statement::Revoke { role, principal, scope })
}

fn count(cursor: &mut Cursor<'_>) -> Result<Statement, WorldError> {
    let group = cursor.name()?;
    cursor.keyword("=")?;
    let number = cursor.value()?;
    let members = number.parse().map_err(|_| cursor.wrong_word(&number, Expected::Number))?;
    Ok(Statement::Count { group, members })
}

fn owners(cursor: &mut Cursor<'_>) -> Result<Statement, WorldError> {
    let group = cursor.name()?;
    cursor.keyword("=")?;
    let users = if cursor.takes("nobody") { Vec::new() } else { cursor.names()? };
    Ok(Statement::Owners { group, users })
}

fn ask(cursor: &mut Cursor<'_>) -> Result<Ask, WorldError> {
    let (user, permission) = (cursor.name()?, cursor.value()?);
    let mut ask = Ask {
        user,
        permission,
        scope: "org".to_owned(),
        within: None,
        at: None,
        conditions: Vec::new(),
        outcome: Outcome::Deny,
        detail: None,
    };
    while !cursor.takes("=") {
        if cursor.takes("on") {
            ask.scope = cursor.scope()?;
        } else if cursor.takes("in") {
            ask.within = Some(cursor.scope()?);
        } else if cursor.takes("at") {
            ask.at = Some(cursor.time()?);
        } else if cursor.takes("with") {
            ask.conditions = cursor.names()?;
        } else {
            return Err(cursor.wrong(Expected::OneOf(&["`on`", "`in`", "`at`", "`with`", "`=`"])));
        }
    }
    (ask.outcome, ask.detail) = answer(cursor)?;
    Ok(ask)
}

/// OUTCOME [: DETAIL] to the end of the line.
fn answer(cursor: &mut Cursor<'_>) -> Result<(Outcome, Option<String>), WorldError> {
    let answer = cursor.take_rest();
    let (outcome, detail) = match answer.split_once(':') {
        Some((outcome, detail)) => (outcome.trim(), Some(detail)),
        None => (answer, None),
    };
    let outcome = match outcome {
        "allow" => Outcome::Allow,
        "deny" => Outcome::Deny,
        "indeterminate" => Outcome::Indeterminate,
        _ => {
            return Err(
                cursor.wrong_word(outcome, Expected::OneOf(&["`allow`", "`deny`", "`indeterminate`"]))
            );
        }
    };
    Ok((outcome, detail.map(|words| words.split_whitespace().collect::<Vec<_>>().join(" "))))
}
