//! Rule tree to rule text: one way of writing for each tree.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use super::{Comparison, Condition, Node, Operator, Quantifier, Rule, Value, date};
use crate::attribute::Text;
use crate::attribute::registry::is_word;

/// Milliseconds of the units of a duration, the largest first.
pub(super) const UNITS: [(char, i64); 3] = [('d', 86_400_000), ('h', 3_600_000), ('m', 60_000)];

impl Rule {
    /// The canonical text: read again, it gives the same tree.
    ///
    /// ```
    /// use cohort_core::rule::Rule;
    ///
    /// let rule = Rule::parse("job title in (Chef)and(status=\"Active\"  or attr.age>=21)", |text| text.to_lowercase())?;
    /// assert_eq!(rule.to_text(), "job = Chef AND (status = Active OR attr.age >= 21)");
    /// # Ok::<(), cohort_core::rule::RuleError>(())
    /// ```
    #[must_use]
    pub fn to_text(&self) -> String {
        self.to_string()
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&Written::of(&self.root).text)
    }
}

impl Node {
    /// Parentheses and `NOT`s that stand between `self` and its `part`.
    pub(super) const fn marks_around(&self, part: &Self) -> usize {
        let negated = matches!(self, Self::Not(_));
        let enclosed = match (self, part) {
            (_, Self::Condition(_) | Self::Not(_)) | (Self::Any(_), Self::All(_)) => false,
            (_, Self::All(_) | Self::Any(_)) => true,
        };
        negated as usize + enclosed as usize
    }
}

/// Rule text, and where each of its conditions begins.
#[derive(Default)]
pub(super) struct Written {
    pub(super) text: String,
    pub(super) conditions: Vec<usize>,
}

impl Written {
    /// The text of a tree; recursion goes as deep as the tree.
    pub(super) fn of(root: &Node) -> Self {
        let mut written = Self::default();
        written.node(root);
        written
    }

    fn node(&mut self, node: &Node) {
        match node {
            Node::All(parts) => self.joined(node, parts, " AND "),
            Node::Any(parts) => self.joined(node, parts, " OR "),
            Node::Not(part) => {
                self.text.push_str("NOT ");
                self.part(part, node.marks_around(part) > 1);
            }
            Node::Condition(condition) => {
                self.conditions.push(self.text.len());
                self.condition(condition);
            }
        }
    }

    fn joined(&mut self, node: &Node, parts: &[Node], separator: &str) {
        for (at, part) in parts.iter().enumerate() {
            if at > 0 {
                self.text.push_str(separator);
            }
            self.part(part, node.marks_around(part) > 0);
        }
    }

    fn part(&mut self, part: &Node, enclosed: bool) {
        if enclosed {
            self.text.push('(');
        }
        self.node(part);
        if enclosed {
            self.text.push(')');
        }
    }

    fn condition(&mut self, condition: &Condition) {
        match condition {
            Condition::Compare(comparison) => self.comparison(comparison),
            Condition::ReportsTo { manager, deep } => {
                self.text.push_str("REPORTS TO ");
                self.literal(manager);
                self.text.push_str(if *deep { " DEEP" } else { "" });
            }
            Condition::MemberOf(groups) => {
                self.text.push_str("MEMBER OF ");
                self.list(groups, Self::literal);
            }
        }
    }

    fn comparison(&mut self, comparison: &Comparison) {
        let Comparison { field, quantifier, operator, values, negated } = comparison;
        if *quantifier == Quantifier::implied(*negated) {
            self.text.push_str(field);
        } else {
            let word = if *quantifier == Quantifier::Any { "ANY(" } else { "ALL(" };
            self.text.extend([word, field, ")"]);
        }
        self.text.push(' ');
        match (operator, values.as_slice()) {
            (Operator::IsNull, _) => self.text.push_str(if *negated { "IS NOT NULL" } else { "IS NULL" }),
            (Operator::Equal, [only]) => {
                self.text.push_str(if *negated { "!= " } else { "= " });
                self.value(only);
            }
            (operator, values) => {
                self.text.push_str(if *negated { "NOT " } else { "" });
                self.text.push_str(if *operator == Operator::Equal { "IN" } else { operator.words() });
                self.text.push(' ');
                match values {
                    [only] => self.value(only),
                    several => self.list(several, Self::value),
                }
            }
        }
    }

    fn list<T>(&mut self, items: &[T], write: fn(&mut Self, &T)) {
        self.text.push('(');
        for (at, item) in items.iter().enumerate() {
            if at > 0 {
                self.text.push_str(", ");
            }
            write(self, item);
        }
        self.text.push(')');
    }

    fn value(&mut self, value: &Value) {
        match value {
            Value::Text(text) => self.literal(text),
            Value::Now { offset_millis: 0 } => self.text.push_str("NOW"),
            Value::Now { offset_millis } => {
                self.text.push_str("NOW");
                self.text.push_str(&duration(*offset_millis));
            }
        }
    }

    /// A value, in quotes unless it is one word, a number or a date.
    fn literal(&mut self, text: &Text) {
        let text = &text.original;
        let keyword = ["NOW", "NULL"].iter().any(|keyword| text.eq_ignore_ascii_case(keyword));
        let word = !text.is_empty() && text.chars().all(is_word) && !keyword;
        let number = text.strip_prefix('-').is_some_and(is_number_word);
        let date = date::begins_date(text) && date::instant(text).is_some();
        if word || number || date {
            self.text.push_str(text);
            return;
        }
        self.text.push('"');
        for letter in text.chars() {
            if matches!(letter, '"' | '\\') {
                self.text.push('\\');
            }
            self.text.push(letter);
        }
        self.text.push('"');
    }
}

/// Whether a word is a number to be read after a minus.
pub(super) fn is_number_word(word: &str) -> bool {
    word.starts_with(|first: char| first.is_ascii_digit())
        && word.chars().all(is_word)
        && date::number(word).is_some()
}

/// `-7d`, `+12h`, `+90m`: the largest unit that divides it.
pub(super) fn duration(millis: i64) -> String {
    let (sign, size) = (if millis < 0 { '-' } else { '+' }, millis.unsigned_abs());
    let divides = |(_, unit): &&(char, i64)| size.is_multiple_of(unit.unsigned_abs());
    // Durations are read in these units, so the smallest always divides.
    let (letter, unit) = UNITS.iter().find(divides).copied().unwrap_or(('m', 60_000));
    alloc::format!("{sign}{}{letter}", size / unit.unsigned_abs())
}

/// Milliseconds of `7d`, `12h` or `30m`.
pub(super) fn duration_millis(word: &str) -> Option<i64> {
    let (letter, unit) = UNITS.into_iter().find(|(letter, _)| word.ends_with(*letter))?;
    let count = word.strip_suffix(letter)?;
    let digits = !count.is_empty() && count.bytes().all(|byte| byte.is_ascii_digit());
    let count: u32 = count.parse().ok().filter(|_| digits)?;
    Some(i64::from(count) * unit)
}
