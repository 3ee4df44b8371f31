//! World text, line by line, into the lists of a world.

mod access;
mod people;

use std::collections::BTreeSet;

use crate::ask::{Answered, Outcome, Question};
use crate::error::{Kind, Problem, ReadError};
use crate::scope::Scope;
use crate::time::{Span, instant};
use crate::words::Words;
use crate::world::World;

impl World {
    /// Reads a whole world and answers its questions.
    ///
    /// # Errors
    /// [`ReadError`] for the first line that cannot be read or says what the model forbids.
    pub fn read(text: &str) -> Result<Self, ReadError> {
        let mut world = Self::new();
        text.lines().try_for_each(|line| world.tell_line(line))?;
        Ok(world)
    }

    /// Reads one more line, or some; the world is unchanged when it cannot, but for the number of lines read.
    ///
    /// # Errors
    /// [`ReadError`] with the number of the first line that cannot be read.
    pub fn feed(&mut self, lines: &str) -> Result<(), ReadError> {
        let mut changed = self.clone();
        let told = lines.split('\n').try_for_each(|line| changed.tell_line(line));
        match told {
            Ok(()) => *self = changed,
            Err(_) => self.lines_read = changed.lines_read,
        }
        told
    }

    fn tell_line(&mut self, line: &str) -> Result<(), ReadError> {
        self.lines_read += 1;
        let told = Words::of(line).and_then(|mut words| self.tell(&mut words));
        told.map_err(|problem| ReadError { line: self.lines_read, problem })
    }

    fn tell(&mut self, words: &mut Words<'_>) -> Result<(), Problem> {
        if words.is_at_end() {
            return Ok(());
        }
        let statement = words.any("a statement")?;
        match statement.as_str() {
            "at" => self.now = time(words)?,
            "org" => self.tell_org(words)?,
            "scope" => self.tell_scope(words)?,
            "user" => self.tell_user(words)?,
            "person" => self.tell_person(words)?,
            "set" => self.tell_set(words)?,
            "remove" => self.tell_remove(words)?,
            "group" => self.tell_group(words)?,
            "member" => self.tell_member(words)?,
            "exclude" => self.tell_exclude(words)?,
            "unmember" => self.tell_unmember(words)?,
            "enable" | "disable" | "archive" => self.tell_state(&statement, words)?,
            "delete" => self.tell_delete(words)?,
            "role" => self.tell_role(words)?,
            "grant" | "deny" => self.tell_grant(&statement, words)?,
            "revoke" => self.tell_revoke(words)?,
            "ask" => self.tell_ask(words)?,
            "count" => self.tell_count(words)?,
            "owners" => self.tell_owners(words)?,
            _ => {
                return Err(Problem::Expected {
                    what: "a statement such as `user`, `group`, `grant` or `ask`",
                    found: Some(statement),
                });
            }
        }
        words.end()
    }

    /// ask USER PERMISSION [on SCOPE] [in SCOPE] [at T] [with CONDITION, ..] = OUTCOME [: DETAIL]
    fn tell_ask(&mut self, words: &mut Words<'_>) -> Result<(), Problem> {
        let mut question = Question::new(&words.name("a user")?, &words.any("a permission")?);
        loop {
            if words.takes("on") {
                question.scope = scope(words)?;
            } else if words.takes("in") {
                question.within = Some(scope(words)?);
            } else if words.takes("at") {
                question.at = Some(time(words)?);
            } else if words.takes("with") {
                question.conditions = words.list("a condition", Words::name)?;
            } else {
                break;
            }
        }
        words.keyword("`=`")?;
        let expected = words.rest();
        let outcome = expected.split(':').next().unwrap_or_default().trim();
        let outcomes = [Outcome::Allow, Outcome::Deny, Outcome::Indeterminate];
        if !outcomes.iter().any(|known| known.to_string() == outcome) {
            let what = "`allow`, `deny` or `indeterminate`";
            return Err(Problem::Expected { what, found: Some(outcome.to_owned()) });
        }
        let answer = self.ask(&question);
        self.answers.push(Self::answered(self.lines_read, expected, &answer));
        Ok(())
    }

    /// count GROUP = N
    fn tell_count(&mut self, words: &mut Words<'_>) -> Result<(), Problem> {
        let group = self.known_group(words)?;
        words.keyword("`=`")?;
        let number = words.any("a number of members")?;
        let expected: usize = number
            .parse()
            .map_err(|_| Problem::Expected { what: "a number of members", found: Some(number.clone()) })?;
        let found = self.member_count(&group);
        self.answers.push(Answered {
            line: self.lines_read,
            expected: expected.to_string(),
            found: found.to_string(),
            holds: found == expected,
        });
        Ok(())
    }

    /// owners GROUP = NAME, .. | nobody
    fn tell_owners(&mut self, words: &mut Words<'_>) -> Result<(), Problem> {
        let group = self.known_group(words)?;
        words.keyword("`=`")?;
        let expected =
            if words.takes("nobody") { Vec::new() } else { words.list("a user or `nobody`", Words::name)? };
        let found = self.owners(&group, self.now);
        let told = |names: Vec<String>| if names.is_empty() { "nobody".to_owned() } else { names.join(", ") };
        self.answers.push(Answered {
            line: self.lines_read,
            holds: expected.iter().cloned().collect::<BTreeSet<_>>() == found,
            expected: told(expected),
            found: told(found.into_iter().collect()),
        });
        Ok(())
    }

    /// Takes the name of a user told before.
    fn known_user(&self, words: &mut Words<'_>) -> Result<String, Problem> {
        let name = words.name("a user")?;
        if self.user(&name).is_some() { Ok(name) } else { Err(Problem::Unknown { kind: Kind::User, name }) }
    }

    /// Takes the name of a group told before.
    fn known_group(&self, words: &mut Words<'_>) -> Result<String, Problem> {
        let name = words.name("a group")?;
        if self.group(&name).is_some() { Ok(name) } else { Err(Problem::Unknown { kind: Kind::Group, name }) }
    }
}

/// Takes an instant.
fn time(words: &mut Words<'_>) -> Result<i64, Problem> {
    let what = "a time such as `2026-03-01` or `2026-03-01T09:00:00Z`";
    let text = words.any(what)?;
    instant(&text).ok_or(Problem::Expected { what, found: Some(text) })
}

/// Takes a scope.
fn scope(words: &mut Words<'_>) -> Result<Scope, Problem> {
    let what = "a scope such as `org`, `project:42` or `invoice:*`";
    let text = words.any(what)?;
    Scope::read(&text).ok_or(Problem::Expected { what, found: Some(text) })
}

/// Takes `from T` or `until T` into `span`, if one of them is next.
fn takes_bound(words: &mut Words<'_>, span: &mut Span) -> Result<bool, Problem> {
    if words.takes("from") {
        span.from = Some(time(words)?);
    } else if words.takes("until") {
        span.until = Some(time(words)?);
    } else {
        return Ok(false);
    }
    if span.is_empty() { Err(Problem::EmptySpan) } else { Ok(true) }
}
