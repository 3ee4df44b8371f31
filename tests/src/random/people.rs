//! Random statements about users, groups, and who is in which.

use super::cast::{Account, Circle};
use super::question::{NOW, around};
use super::rule;
use super::world::World;

const SOURCES: &[(u32, Option<&str>)] = &[(5, None), (3, Some("okta")), (2, Some("entra"))];

impl World {
    pub(super) fn tell_people(&mut self) {
        for number in 1..=self.prng.between(2, 8) {
            self.tell_user(&format!("u{number}"));
        }
        // A user who differs in case alone is another user, whom a name does not tell from the first.
        if self.prng.chance(6) {
            self.tell_user("U1");
        }
        for _ in 0..self.prng.weighted(&[(70, 0), (20, 1), (10, 3)]).unwrap_or(0) {
            self.tell_person();
        }
        let groups = self.prng.between(2, 8);
        for number in 1..=groups {
            self.tell_group(&format!("g{number}"));
        }
        for _ in 0..self.prng.between(groups / 2, groups * 2) {
            self.tell_nesting();
        }
        for _ in 0..self.prng.between(2, groups * 3) {
            self.tell_member();
        }
    }

    /// A user, who may be one that was removed.
    pub(super) fn tell_user(&mut self, name: &str) {
        let source = self.prng.weighted(SOURCES).flatten();
        let from = source.map(|source| format!(" from {source}")).unwrap_or_default();
        let profile = rule::profile(&mut self.prng);
        let state = if self.prng.chance(4) { " inactive" } else { "" };
        self.lines.push(format!("user {name}{from}{profile}{state}"));
        if !self.cast.users.iter().any(|user| user.name == name) {
            self.cast.users.push(Account { name: name.to_owned(), source });
        }
    }

    /// Somebody of the realm has an account here, who may have been somebody else.
    pub(super) fn tell_person(&mut self) {
        let user = self.cast.user(&mut self.prng);
        let person = self.prng.word(&["p1", "p2"]);
        self.lines.push(format!("person {person} is {user}"));
        self.cast.persons.push((user, person.to_owned()));
    }

    fn tell_group(&mut self, name: &str) {
        let source = if self.prng.chance(60) { self.prng.weighted(SOURCES).flatten() } else { None };
        let from = source.map(|source| format!(" from {source}")).unwrap_or_default();
        let state = self.prng.weighted(&[(86, ""), (8, " disabled"), (6, " archived")]).unwrap_or_default();
        let has_rule = source.is_none() && self.prng.chance(45);
        let when = if has_rule { format!(" when {}", rule::rule(&mut self.prng)) } else { String::new() };
        self.lines.push(format!("group {name}{from}{state}{when}"));
        self.cast.groups.push(Circle { name: name.to_owned(), source, has_rule });
        if has_rule && self.prng.chance(40) {
            self.tell_exclusion();
        }
    }

    /// A group gets another rule, or its first.
    pub(super) fn tell_rule(&mut self) {
        let rule = rule::rule(&mut self.prng);
        let local: Vec<&mut Circle> =
            self.cast.groups.iter_mut().filter(|group| group.source.is_none()).collect();
        let at = self.prng.below(local.len());
        if let Some(group) = local.into_iter().nth(at) {
            group.has_rule = true;
            self.lines.push(format!("group {} when {rule}", group.name));
        }
    }

    pub(super) fn tell_exclusion(&mut self) {
        let ruled: Vec<String> =
            self.cast.groups.iter().filter(|group| group.has_rule).map(name_of).collect();
        let Some(group) = self.prng.pick(&ruled) else { return };
        let (user, span) = (self.cast.user(&mut self.prng), self.span());
        self.lines.push(format!("exclude {user} of {group}{span}"));
    }

    pub(super) fn tell_nesting(&mut self) {
        let Some(above) = self.prng.pick(&self.cast.groups).cloned() else { return };
        let fits = |below: &&Circle| above.source.is_none() || below.source == above.source;
        let fitting: Vec<String> = self.cast.groups.iter().filter(fits).map(name_of).collect();
        let Some(below) = self.prng.pick(&fitting).cloned() else { return };
        let span = self.span();
        self.lines.push(format!("group {} has {below}{span}", above.name));
        self.cast.edges.push((below, above.name));
    }

    pub(super) fn tell_member(&mut self) {
        let Some(group) = self.prng.pick(&self.cast.groups).cloned() else { return };
        let fits = |user: &&Account| group.source.is_none() || user.source == group.source;
        let fitting: Vec<String> =
            self.cast.users.iter().filter(fits).map(|user| user.name.clone()).collect();
        let Some(user) = self.prng.pick(&fitting).cloned() else { return };
        let span = self.span();
        let owner = if group.source.is_none() && self.prng.chance(8) { " owner" } else { "" };
        self.lines.push(format!("member {user} of {}{span}{owner}", group.name));
        self.cast.edges.push((user, group.name));
    }

    pub(super) fn tell_unmember(&mut self) {
        if let Some((member, group)) = self.prng.pick(&self.cast.edges) {
            self.lines.push(format!("unmember {member} of {group}"));
        }
    }

    pub(super) fn tell_news_of_a_user(&mut self) {
        let user = self.cast.user(&mut self.prng);
        let profile = if self.prng.chance(70) { rule::profile(&mut self.prng) } else { String::new() };
        let state = self.prng.weighted(&[(70, ""), (8, " inactive"), (22, " active")]).unwrap_or_default();
        self.lines.push(format!("set {user}{profile}{state}"));
    }

    pub(super) fn tell_state(&mut self) {
        let group = self.cast.group(&mut self.prng);
        let word = self.prng.weighted(&[(5, "enable"), (4, "disable"), (2, "archive")]).unwrap_or_default();
        self.lines.push(format!("{word} {group}"));
    }

    /// Nothing for most, else bounds around the instants that are asked about.
    pub(super) fn span(&mut self) -> String {
        if self.prng.chance(68) {
            return String::new();
        }
        let (from, until) = (around(&mut self.prng, NOW - 60_000), around(&mut self.prng, NOW + 120_000));
        let text = cohort_oracle::instant_text;
        match self.prng.below(3) {
            0 => format!(" from {}", text(from)),
            1 => format!(" until {}", text(until)),
            _ if from < until => format!(" from {} until {}", text(from), text(until)),
            _ => format!(" from {}", text(from)),
        }
    }

    /// Bounds between which [`NOW`] lies; one of them is open.
    pub(super) fn span_holding_now(&mut self) -> String {
        let mut text = |at| cohort_oracle::instant_text(around(&mut self.prng, at));
        let (from, until) = (text(NOW - 120_001), text(NOW + 120_002));
        if self.prng.chance(50) { format!(" from {from}") } else { format!(" until {until}") }
    }
}

fn name_of(group: &Circle) -> String {
    group.name.clone()
}
