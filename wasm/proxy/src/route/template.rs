//! Paths and scopes with names in them.

use std::fmt;

use crate::path::Path;

/// A path with names in it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Template {
    parts: Vec<Part>,
    takes_rest: bool,
}

#[derive(Clone, PartialEq, Eq, Debug)]
enum Part {
    Plain(String),
    Name(String),
}

/// A scope with names in it, such as `project:{project}`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Text {
    parts: Vec<Part>,
}

/// Why a text is no template.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum TemplateError {
    /// A path that does not begin with a slash.
    NotAbsolute,
    /// A segment that no request can have, or that is neither plain nor a name.
    Segment(String),
    /// A name that stands twice.
    Twice(String),
    /// `**` before the end.
    RestInside,
    /// A brace that is not closed, or never opened.
    Brace,
    /// A name that the path does not have.
    UnknownName(String),
    /// A name before the colon: a request must not choose the type.
    NameInType,
    /// Two names without `/` between them: different requests would ask about one scope.
    NamesTouch,
}

impl fmt::Display for TemplateError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAbsolute => out.write_str("a path template must begin with `/`"),
            Self::Segment(segment) => write!(
                out,
                "the segment `{segment}` can never be asked for; expected plain characters, `{{name}}`, or `**` at the end"
            ),
            Self::Twice(name) => write!(out, "the name `{name}` stands twice; expected each once"),
            Self::RestInside => out.write_str("`**` before the end; expected it as the last segment"),
            Self::Brace => out.write_str("a brace without its other half; expected `{name}`"),
            Self::UnknownName(name) => {
                write!(out, "the path has no name `{name}`; expected one that stands in it")
            }
            Self::NameInType => out.write_str("a name in the type of a scope; expected it behind the colon"),
            Self::NamesTouch => out.write_str("two names without `/` between them; expected `{a}/{b}`"),
        }
    }
}

impl Template {
    /// Reads a path template.
    ///
    /// # Errors
    /// [`TemplateError`].
    pub fn parse(text: &str) -> Result<Self, TemplateError> {
        let rest = text.strip_prefix('/').ok_or(TemplateError::NotAbsolute)?;
        let (rest, takes_rest) = match rest.strip_suffix("**") {
            Some("") => return Ok(Self { parts: Vec::new(), takes_rest: true }),
            Some(before) if before.ends_with('/') => (before.trim_end_matches('/'), true),
            _ => (rest, false),
        };
        let mut parts = Vec::new();
        for segment in rest.split('/') {
            let part = part(segment)?;
            if matches!(part, Part::Name(_)) && parts.contains(&part) {
                return Err(TemplateError::Twice(segment.to_owned()));
            }
            parts.push(part);
        }
        let plain: Vec<&str> =
            parts.iter().map(|part| if let Part::Plain(text) = part { text } else { "x" }).collect();
        // A template that the reader of paths refuses would never be found.
        if Path::parse(format!("/{}", plain.join("/")).as_bytes()).is_err() {
            return Err(TemplateError::Segment(rest.to_owned()));
        }
        Ok(Self { parts, takes_rest })
    }

    /// The names.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        names(&self.parts)
    }

    /// The names and what they stand for, if the template fits.
    #[must_use]
    pub fn matched<'a>(&'a self, path: &'a Path) -> Option<Vec<(&'a str, &'a str)>> {
        let segments = path.segments();
        let mut found = Vec::new();
        for (part, segment) in self.parts.iter().zip(segments) {
            match part {
                Part::Plain(text) if text == segment => {}
                Part::Name(name) if !segment.is_empty() => found.push((name.as_str(), segment.as_str())),
                _ => return None,
            }
        }
        let rest = segments.get(self.parts.len()..)?;
        let fits =
            if self.takes_rest { rest.first().is_some_and(|one| !one.is_empty()) } else { rest.is_empty() };
        fits.then_some(found)
    }

    /// Whether the template would fit if case did not matter, nor a slash at the end.
    #[must_use]
    pub fn almost_matches(&self, path: &Path) -> bool {
        let segments = trimmed(path.segments());
        let parts = match self.parts.split_last() {
            Some((Part::Plain(last), parts)) if last.is_empty() => parts,
            _ => &self.parts,
        };
        let is_alike = |(part, segment): (&Part, &String)| match part {
            Part::Plain(text) => text.eq_ignore_ascii_case(segment),
            Part::Name(_) => true,
        };
        let has_length =
            if self.takes_rest { segments.len() >= parts.len() } else { segments.len() == parts.len() };
        has_length && parts.iter().zip(segments).all(is_alike)
    }

    /// Whether this template, which fits `path`, says plainly what keeps `other` from fitting: each segment in its case,
    /// and whether there is a slash at the end.
    #[must_use]
    pub fn settles(&self, other: &Self, path: &Path) -> bool {
        let segments = path.segments();
        let is_plain = |at: usize| matches!(self.parts.get(at), Some(Part::Plain(_)));
        let pairs = other.parts.iter().zip(segments).enumerate();
        let is_settled = |(at, (part, segment)): (usize, (&Part, &String))| match part {
            Part::Plain(text) => text == segment || is_plain(at),
            Part::Name(_) => true,
        };
        let is_same_length = other.parts.len() == segments.len() && !other.takes_rest;
        let last_is_plain = !self.takes_rest && is_plain(segments.len() - 1);
        pairs.into_iter().all(is_settled) && (is_same_length || last_is_plain)
    }
}

/// Without the empty last segment that a slash at the end makes.
fn trimmed(segments: &[String]) -> &[String] {
    match segments.split_last() {
        Some((last, before)) if last.is_empty() => before,
        _ => segments,
    }
}

impl Text {
    /// Reads a scope in which names of `path` may stand.
    ///
    /// # Errors
    /// [`TemplateError`].
    pub fn parse(text: &str, path: &Template) -> Result<Self, TemplateError> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            let (name, behind) = after.split_once('}').ok_or(TemplateError::Brace)?;
            if before.contains('}') || name.contains('{') {
                return Err(TemplateError::Brace);
            }
            if !path.names().any(|one| one == name) {
                return Err(TemplateError::UnknownName(name.to_owned()));
            }
            match parts.last() {
                None if !before.contains(':') => return Err(TemplateError::NameInType),
                Some(_) if !before.contains('/') => return Err(TemplateError::NamesTouch),
                _ => parts.extend([Part::Plain(before.to_owned()), Part::Name(name.to_owned())]),
            }
            rest = behind;
        }
        if rest.contains('}') {
            return Err(TemplateError::Brace);
        }
        parts.push(Part::Plain(rest.to_owned()));
        Ok(Self { parts })
    }

    /// The scope with what the names stand for.
    #[must_use]
    pub fn filled(&self, names: &[(&str, &str)]) -> String {
        let value = |name: &str| names.iter().find(|(one, _)| *one == name).map_or("", |(_, value)| value);
        self.parts
            .iter()
            .map(|part| match part {
                Part::Plain(text) => text.as_str(),
                Part::Name(name) => value(name),
            })
            .collect()
    }
}

fn names(parts: &[Part]) -> impl Iterator<Item = &str> {
    parts.iter().filter_map(|part| if let Part::Name(name) = part { Some(name.as_str()) } else { None })
}

fn part(segment: &str) -> Result<Part, TemplateError> {
    let wrong = || TemplateError::Segment(segment.to_owned());
    if segment == "**" {
        return Err(TemplateError::RestInside);
    }
    if let Some(name) = segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
        let is_name =
            !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        return if is_name { Ok(Part::Name(name.to_owned())) } else { Err(wrong()) };
    }
    if segment.contains(['{', '}', '%', '?', '*']) {
        return Err(wrong());
    }
    Ok(Part::Plain(segment.to_owned()))
}

#[cfg(test)]
mod tests;
