//! The statements about people, groups and who is in which.

use std::collections::BTreeMap;

use crate::error::{Kind, Problem};
use crate::reader::takes_bound;
use crate::rule::Rule;
use crate::time::Span;
use crate::words::Words;
use crate::world::{Edge, EdgeKind, Group, GroupState, Member, Principal, User, World};

impl World {
    /// org SLUG [title="..."] | org enabled | org disabled
    pub(super) fn tell_org(&mut self, words: &mut Words<'_>) -> Result<(), Problem> {
        match words.name("the organisation's slug, `enabled` or `disabled`")?.as_str() {
            "enabled" => self.org_enabled = true,
            "disabled" => self.org_enabled = false,
            _ => {
                takes_title(words)?;
            }
        }
        Ok(())
    }

    /// user NAME [from CONNECTION] [FIELD=VALUE ..] [active | inactive]
    pub(super) fn tell_user(&mut self, words: &mut Words<'_>) -> Result<(), Problem> {
        let name = words.name("a user")?;
        if self.user(&name).is_some() {
            return Err(Problem::Duplicate { kind: Kind::User, name });
        }
        let source = takes_connection(words)?;
        let mut user = User { name, source, person: None, active: true, attributes: BTreeMap::new() };
        read_profile(&mut user, words)?;
        self.users.push(user);
        Ok(())
    }

    /// person NAME is USER, ..
    pub(super) fn tell_person(&mut self, words: &mut Words<'_>) -> Result<(), Problem> {
        let person = words.name("a person")?;
        words.keyword("`is`")?;
        for name in words.list("a user", Words::name)? {
            let user = self.users.iter_mut().find(|user| user.name == name);
            user.ok_or(Problem::Unknown { kind: Kind::User, name })?.person = Some(person.clone());
        }
        self.persons.insert(person);
        Ok(())
    }

    /// set NAME [FIELD=VALUE ..] [active | inactive]
    pub(super) fn tell_set(&mut self, words: &mut Words<'_>) -> Result<(), Problem> {
        let name = self.known_user(words)?;
        self.users.iter_mut().filter(|user| user.name == name).try_for_each(|user| read_profile(user, words))
    }

    /// remove NAME
    pub(super) fn tell_remove(&mut self, words: &mut Words<'_>) -> Result<(), Problem> {
        let name = self.known_user(words)?;
        self.users.retain(|user| user.name != name);
        self.edges.retain(|edge| edge.member != Member::User(name.clone()));
        self.grants.retain(|grant| grant.principal != Principal::User(name.clone()));
        Ok(())
    }

    /// group NAME [from CONNECTION] [title=".."] [STATE] [example] [has NAME, .. [from T] [until T]] [when RULE]
    pub(super) fn tell_group(&mut self, words: &mut Words<'_>) -> Result<(), Problem> {
        let name = words.name("a group")?;
        let mut group = self.group(&name).cloned().unwrap_or(Group {
            name: name.clone(),
            title: None,
            source: None,
            state: GroupState::Enabled,
            rule: None,
            example: false,
        });
        let known = self.group(&name).is_some();
        if let Some(connection) = takes_connection(words)? {
            if known && group.source.as_ref() != Some(&connection) {
                return Err(Problem::Duplicate { kind: Kind::Group, name });
            }
            group.source = Some(connection);
        }
        let mut members = Vec::new();
        while !words.is_at_end() {
            if let Some(title) = takes_title(words)? {
                group.title = Some(title);
            } else if let Some(state) = takes_state(words) {
                group.state = state;
            } else if words.takes("example") {
                group.example = true;
            } else if words.takes("has") {
                members = self.nested(&name, words)?;
            } else if words.takes("when") {
                group.rule = Some(self.rule_of(&group, words.rest())?);
            } else {
                return Err(words.expected("`title`, a state, `example`, `has` or `when`"));
            }
        }
        match self.groups.iter_mut().find(|other| other.name == name) {
            Some(place) => *place = group,
            None => self.groups.push(group),
        }
        members.into_iter().try_for_each(|edge| self.put_edge(edge))
    }

    /// What follows `has`: groups, or users put in by hand.
    fn nested(&self, group: &str, words: &mut Words<'_>) -> Result<Vec<Edge>, Problem> {
        let names = words.list("a group", Words::name)?;
        let mut span = Span::default();
        while takes_bound(words, &mut span)? {}
        let edge = |name: String| {
            let member = if self.group(&name).is_some() || name == group {
                Member::Group(name)
            } else if self.user(&name).is_some() {
                Member::User(name)
            } else {
                return Err(Problem::Unknown { kind: Kind::Group, name });
            };
            Ok(Edge { group: group.to_owned(), member, kind: EdgeKind::Include, owner: false, span })
        };
        names.into_iter().map(edge).collect()
    }

    fn rule_of(&self, group: &Group, text: &str) -> Result<Rule, Problem> {
        if group.source.is_some() {
            return Err(Problem::PushedGroup { group: group.name.clone() });
        }
        let rule = Rule::read(text).map_err(Problem::Rule)?;
        match rule.groups().into_iter().find(|name| *name != group.name && self.group(name).is_none()) {
            Some(name) => Err(Problem::Unknown { kind: Kind::Group, name: name.to_owned() }),
            None => Ok(rule),
        }
    }

    /// member NAME, .. of GROUP [from T] [until T] [owner]
    pub(super) fn tell_member(&mut self, words: &mut Words<'_>) -> Result<(), Problem> {
        self.tell_edges(words, EdgeKind::Include)
    }

    /// exclude NAME, .. of GROUP [from T] [until T]
    pub(super) fn tell_exclude(&mut self, words: &mut Words<'_>) -> Result<(), Problem> {
        self.tell_edges(words, EdgeKind::Exclude)
    }

    fn tell_edges(&mut self, words: &mut Words<'_>, kind: EdgeKind) -> Result<(), Problem> {
        let names = words.list("a user", Words::name)?;
        words.keyword("`of`")?;
        let group = self.known_group(words)?;
        let (mut span, mut owner) = (Span::default(), false);
        loop {
            if kind == EdgeKind::Include && words.takes("owner") {
                owner = true;
            } else if !takes_bound(words, &mut span)? {
                break;
            }
        }
        for name in names {
            if self.user(&name).is_none() {
                return Err(Problem::Unknown { kind: Kind::User, name });
            }
            self.put_edge(Edge { group: group.clone(), member: Member::User(name), kind, owner, span })?;
        }
        Ok(())
    }

    /// Adds an edge; one between the same two of the same kind gives way to it.
    fn put_edge(&mut self, edge: Edge) -> Result<(), Problem> {
        let pushed_by = self.group(&edge.group).and_then(|group| group.source.clone());
        if pushed_by.is_some() {
            if edge.owner || edge.kind == EdgeKind::Exclude {
                return Err(Problem::PushedGroup { group: edge.group });
            }
            let (name, source) = match &edge.member {
                Member::User(name) => (name, self.user(name).and_then(|user| user.source.clone())),
                Member::Group(name) => (name, self.group(name).and_then(|group| group.source.clone())),
            };
            if source != pushed_by {
                return Err(Problem::OtherSource { user: name.clone(), group: edge.group });
            }
        }
        let same = |other: &Edge| {
            other.group == edge.group && other.member == edge.member && other.kind == edge.kind
        };
        self.edges.retain(|other| !same(other));
        self.edges.push(edge);
        Ok(())
    }

    /// unmember NAME, .. of GROUP; a name is a user's or a nested group's
    pub(super) fn tell_unmember(&mut self, words: &mut Words<'_>) -> Result<(), Problem> {
        let names = words.list("a member", Words::name)?;
        words.keyword("`of`")?;
        let group = self.known_group(words)?;
        for name in names {
            let members = [Member::User(name.clone()), Member::Group(name)];
            let is_it = |edge: &Edge| {
                edge.group == group && edge.kind == EdgeKind::Include && members.contains(&edge.member)
            };
            if !self.edges.iter().any(is_it) {
                return Err(Problem::Absent { kind: Kind::Member });
            }
            self.edges.retain(|edge| !is_it(edge));
        }
        Ok(())
    }

    /// enable GROUP | disable GROUP | archive GROUP
    pub(super) fn tell_state(&mut self, statement: &str, words: &mut Words<'_>) -> Result<(), Problem> {
        let name = self.known_group(words)?;
        let state = match statement {
            "enable" => GroupState::Enabled,
            "disable" => GroupState::Disabled,
            _ => GroupState::Archived,
        };
        self.groups.iter_mut().filter(|group| group.name == name).for_each(|group| group.state = state);
        Ok(())
    }

    /// delete GROUP
    pub(super) fn tell_delete(&mut self, words: &mut Words<'_>) -> Result<(), Problem> {
        let name = self.known_group(words)?;
        self.groups.retain(|group| group.name != name);
        self.edges.retain(|edge| edge.group != name && edge.member != Member::Group(name.clone()));
        self.grants.retain(|grant| grant.principal != Principal::Group(name.clone()));
        Ok(())
    }
}

fn takes_connection(words: &mut Words<'_>) -> Result<Option<String>, Problem> {
    if words.takes("from") { words.name("a connection").map(Some) } else { Ok(None) }
}

/// Takes `title="..."`, if it is next.
pub(super) fn takes_title(words: &mut Words<'_>) -> Result<Option<String>, Problem> {
    if !words.takes("title") {
        return Ok(None);
    }
    words.keyword("`=`")?;
    words.any("a title").map(Some)
}

fn takes_state(words: &mut Words<'_>) -> Option<GroupState> {
    let states = [
        ("enabled", GroupState::Enabled),
        ("disabled", GroupState::Disabled),
        ("archived", GroupState::Archived),
    ];
    states.into_iter().find(|(keyword, _)| words.takes(keyword)).map(|(_, state)| state)
}

/// Reads fields and the activity of a person; a field named twice has several values, an empty one none.
fn read_profile(user: &mut User, words: &mut Words<'_>) -> Result<(), Problem> {
    let mut told: BTreeMap<String, Vec<String>> = BTreeMap::new();
    while !words.is_at_end() {
        if words.takes("active") {
            user.active = true;
        } else if words.takes("inactive") {
            user.active = false;
        } else {
            let what = "a field such as `department=\"sales\"`, `active` or `inactive`";
            let field = words.name(what)?.to_lowercase();
            let field = field.strip_prefix("attr.").unwrap_or(&field).to_owned();
            if field == "status" {
                let found = Some(field);
                return Err(Problem::Expected { what: "`active` or `inactive` instead of a status", found });
            }
            words.keyword("`=`")?;
            told.entry(field).or_default().push(words.any("a value")?);
        }
    }
    user.attributes.extend(told);
    Ok(())
}
