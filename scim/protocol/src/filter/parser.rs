//! Text to tree.
//!
//! A descent over the grammar that goes one level deeper at each parenthesis or bracket only, at most
//! [`FILTER_DEPTH_MAX`] of them; `and` and `or` are lists, so long chains add no depth.

use serde_json::Value;

use crate::error::{SyntaxError, SyntaxFault};
use crate::filter::{Comparison, Filter, Operator};
use crate::limits::FILTER_DEPTH_MAX;
use crate::schema::AttributePath;

type Parsed<T> = Result<T, SyntaxError>;

/// A place in the text of a filter or of a PATCH path.
pub(crate) struct Parser<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
    nodes: usize,
    nodes_max: usize,
    in_element: bool,
}

impl<'a> Parser<'a> {
    /// The start of `text`, if it is not longer than `bytes_max`.
    pub(crate) fn new(text: &'a str, bytes_max: usize, nodes_max: usize) -> Parsed<Self> {
        if text.len() > bytes_max {
            return Err(SyntaxError { at: bytes_max, fault: SyntaxFault::TooLong { bytes_max } });
        }
        Ok(Self { text, at: 0, depth: 0, nodes: 0, nodes_max, in_element: false })
    }

    /// The text as one filter.
    pub(crate) fn whole_filter(mut self) -> Parsed<Filter> {
        let filter = self.alternatives()?;
        self.skip_blanks();
        self.end("and, or, or the end")?;
        Ok(filter)
    }

    /// Nothing follows.
    pub(crate) fn end(&self, expected: &'static str) -> Parsed<()> {
        if self.rest().is_empty() { Ok(()) } else { Err(self.unexpected(expected)) }
    }

    /// The attribute up to a blank or bracket; `expected` says what else could stand here.
    pub(crate) fn attribute(&mut self, expected: &'static str) -> Parsed<AttributePath> {
        let at = self.at;
        let word = self.word();
        if word.is_empty() {
            return Err(self.unexpected(expected));
        }
        let bad = || SyntaxError { at, fault: SyntaxFault::BadAttribute { found: word.into() } };
        AttributePath::parse(word).ok_or_else(bad)
    }

    /// `"[" filter "]"`, if it stands here.
    pub(crate) fn bracket(&mut self) -> Parsed<Option<Filter>> {
        if self.in_element || !self.rest().starts_with('[') {
            return Ok(None);
        }
        self.in_element = true;
        let condition = self.enclosed(']', "and, or, or ]")?;
        self.in_element = false;
        Ok(Some(condition))
    }

    /// `"." name`, if it stands here.
    pub(crate) fn sub_attribute(&mut self) -> Parsed<Option<String>> {
        if !self.rest().starts_with('.') {
            return Ok(None);
        }
        self.at += 1;
        let at = self.at;
        let name = self.attribute("a sub-attribute")?;
        if name.urn.is_some() || name.sub.is_some() {
            let found = name.to_string().into();
            return Err(SyntaxError { at, fault: SyntaxFault::BadAttribute { found } });
        }
        Ok(Some(name.name))
    }

    fn alternatives(&mut self) -> Parsed<Filter> {
        let mut parts = vec![self.conjunction()?];
        while self.take_keyword("or") {
            self.count_node()?;
            parts.push(self.conjunction()?);
        }
        Ok(only_or(parts, Filter::Or))
    }

    fn conjunction(&mut self) -> Parsed<Filter> {
        let mut parts = vec![self.term()?];
        while self.take_keyword("and") {
            self.count_node()?;
            parts.push(self.term()?);
        }
        Ok(only_or(parts, Filter::And))
    }

    fn term(&mut self) -> Parsed<Filter> {
        self.count_node()?;
        self.skip_blanks();
        if self.rest().starts_with('(') {
            return self.enclosed(')', "and, or, or )");
        }
        if self.take_not() {
            return Ok(Filter::Not(Box::new(self.enclosed(')', "and, or, or )")?)));
        }
        let attribute = self.attribute("an attribute, not or (")?;
        match self.bracket()? {
            Some(condition) => self.element(attribute, condition),
            None => self.comparison(attribute),
        }
    }

    /// What stands between the bracket here and its partner `close`.
    fn enclosed(&mut self, close: char, expected: &'static str) -> Parsed<Filter> {
        if self.depth == FILTER_DEPTH_MAX {
            let fault = SyntaxFault::TooDeep { depth_max: FILTER_DEPTH_MAX };
            return Err(SyntaxError { at: self.at, fault });
        }
        self.depth += 1;
        self.at += 1;
        let inner = self.alternatives()?;
        self.skip_blanks();
        if !self.rest().starts_with(close) {
            return Err(self.unexpected(expected));
        }
        self.at += 1;
        self.depth -= 1;
        Ok(inner)
    }

    /// After `attribute[condition]`: nothing, or a comparison of one more sub-attribute of the same element.
    fn element(&mut self, attribute: AttributePath, condition: Filter) -> Parsed<Filter> {
        let Some(sub) = self.sub_attribute()? else {
            return Ok(Filter::Element(attribute, Box::new(condition)));
        };
        self.count_node()?;
        let compared = self.comparison(AttributePath { urn: None, name: sub, sub: None })?;
        let mut all = match condition {
            Filter::And(parts) => parts,
            one => vec![one],
        };
        all.push(compared);
        Ok(Filter::Element(attribute, Box::new(Filter::And(all))))
    }

    fn comparison(&mut self, attribute: AttributePath) -> Parsed<Filter> {
        self.skip_blanks();
        let at = self.at;
        let word = self.word();
        if word.is_empty() {
            return Err(self.unexpected("an operator"));
        }
        if word.eq_ignore_ascii_case("pr") {
            return Ok(Filter::Present(attribute));
        }
        let unknown = || SyntaxError { at, fault: SyntaxFault::UnknownOperator { found: word.into() } };
        let operator = Operator::named(word).ok_or_else(unknown)?;
        let value = self.value()?;
        Ok(Filter::Compare(Comparison { attribute, operator, value }))
    }

    fn value(&mut self) -> Parsed<Value> {
        self.skip_blanks();
        let at = self.at;
        let literal = if self.rest().starts_with('"') { self.quoted()? } else { self.word() };
        if literal.is_empty() {
            return Err(self.unexpected("a value"));
        }
        let lowered = literal.to_ascii_lowercase();
        let json = if matches!(lowered.as_str(), "true" | "false" | "null") { &lowered } else { literal };
        let value =
            serde_json::from_str(json).ok().filter(|value: &Value| !value.is_array() && !value.is_object());
        value.ok_or_else(|| SyntaxError { at, fault: SyntaxFault::BadValue { found: literal.into() } })
    }

    /// A text with its quotes, ending at the first quote that no backslash precedes.
    fn quoted(&mut self) -> Parsed<&'a str> {
        let rest = self.rest();
        let mut escaped = false;
        for (offset, c) in rest.char_indices().skip(1) {
            match c {
                '"' if !escaped => return Ok(self.advance(offset + 1)),
                '\\' => escaped = !escaped,
                _ => escaped = false,
            }
        }
        self.at = self.text.len();
        Err(self.unexpected("a closing quote"))
    }

    fn take_not(&mut self) -> bool {
        let start = self.at;
        if self.word().eq_ignore_ascii_case("not") {
            self.skip_blanks();
            if self.rest().starts_with('(') {
                return true;
            }
        }
        self.at = start;
        false
    }

    fn take_keyword(&mut self, keyword: &str) -> bool {
        let start = self.at;
        self.skip_blanks();
        let found = self.word().eq_ignore_ascii_case(keyword);
        if !found {
            self.at = start;
        }
        found
    }

    /// The characters up to a blank, quote, parenthesis or bracket.
    fn word(&mut self) -> &'a str {
        let ends = |c: char| c.is_whitespace() || matches!(c, '(' | ')' | '[' | ']' | '"');
        let rest = self.rest();
        self.advance(rest.find(ends).unwrap_or(rest.len()))
    }

    fn skip_blanks(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
    }

    fn advance(&mut self, bytes: usize) -> &'a str {
        let passed = self.rest().get(..bytes).unwrap_or_default();
        self.at += passed.len();
        passed
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn count_node(&mut self) -> Parsed<()> {
        self.nodes += 1;
        if self.nodes > self.nodes_max {
            let fault = SyntaxFault::TooManyNodes { nodes_max: self.nodes_max };
            return Err(SyntaxError { at: self.at, fault });
        }
        Ok(())
    }

    fn unexpected(&self, expected: &'static str) -> SyntaxError {
        let rest = self.rest().trim_start();
        let fault = match rest.split_whitespace().next() {
            None => SyntaxFault::Ends { expected },
            Some(word) => SyntaxFault::Unexpected { found: word.into(), expected },
        };
        SyntaxError { at: self.text.len() - rest.len(), fault }
    }
}

/// A list of one is that one.
fn only_or(mut parts: Vec<Filter>, list: impl FnOnce(Vec<Filter>) -> Filter) -> Filter {
    match (parts.pop(), parts.is_empty()) {
        (Some(only), true) => only,
        (last, _) => {
            parts.extend(last);
            list(parts)
        }
    }
}
