//! Rule text to rule tree, without recursion: open parentheses wait on a stack.

use alloc::boxed::Box;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use super::token::{Token, TokenKind, Tokens};
use super::{Comparison, Condition, Operator, Rule};
use crate::attribute::{self, Fold, Text};
use crate::limits::{RULE_BYTES_MAX, RULE_CONDITIONS_MAX, RULE_DEPTH_MAX, RULE_LIST_MAX};

/// What is wrong with rule text, and where.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RuleError {
    /// Bytes from the start of the text.
    pub at: usize,
    /// The cause.
    pub fault: RuleFault,
}

/// What could have stood where something else was found.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Expected {
    /// A field, `NOT` or an opening parenthesis.
    Condition,
    /// A comparison.
    Operator,
    /// A quoted text or a bare word.
    Value,
    /// An opening parenthesis before a list.
    List,
    /// A comma or a closing parenthesis.
    ListEnd,
    /// `AND`, `OR`, a closing parenthesis or the end.
    Continuation,
    /// `NULL` or `NOT NULL`.
    Null,
    /// `WITH`.
    With,
    /// `TO`.
    To,
}

/// Why rule text was refused.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum RuleFault {
    /// More than [`RULE_BYTES_MAX`] bytes.
    TooLong,
    /// More than [`RULE_DEPTH_MAX`] parentheses and `NOT`s around each other.
    TooDeep,
    /// More than [`RULE_CONDITIONS_MAX`] conditions.
    TooManyConditions,
    /// More than [`RULE_LIST_MAX`] values in a list.
    TooManyValues,
    /// A character that begins nothing.
    Character {
        /// The character found.
        found: char,
    },
    /// A quote that is never closed.
    UnclosedQuote,
    /// A backslash before something else than a quote or a backslash.
    Escape,
    /// A word in the wrong place.
    Unexpected {
        /// The word found; empty at the end of the text.
        found: String,
        /// What could have stood there.
        expected: Expected,
    },
    /// A closing parenthesis without an opening one, or the reverse.
    Unbalanced,
    /// A field that no profile has.
    UnknownField {
        /// The field found.
        found: String,
    },
    /// A value that the field never takes.
    UnknownChoice {
        /// The value found.
        found: String,
        /// The values that it takes.
        choices: &'static [&'static str],
    },
    /// A comparison with `NULL` by `=` or `!=`.
    NullComparison,
    /// A bare value after `OR`, as in `job LIKE "A" OR "B"`.
    BareValue,
}

impl fmt::Display for RuleError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.fault.describe(out)?;
        write!(out, " at byte {}", self.at)?;
        match &self.fault {
            RuleFault::NullComparison => out.write_str("\nhint: write IS NULL or IS NOT NULL"),
            RuleFault::BareValue => out.write_str("\nhint: write FIELD LIKE (\"A\", \"B\")"),
            _ => Ok(()),
        }
    }
}

impl core::error::Error for RuleError {}

impl RuleFault {
    fn describe(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong => write!(out, "rule of more than {RULE_BYTES_MAX} bytes"),
            Self::TooDeep => write!(out, "more than {RULE_DEPTH_MAX} parentheses inside each other"),
            Self::TooManyConditions => write!(out, "more than {RULE_CONDITIONS_MAX} conditions"),
            Self::TooManyValues => write!(out, "more than {RULE_LIST_MAX} values in a list"),
            Self::Character { found } => write!(out, "unexpected character `{}`", found.escape_default()),
            Self::UnclosedQuote => out.write_str("quote without its end"),
            Self::Escape => out.write_str("unknown escape; expected `\\\"` or `\\\\`"),
            Self::Unexpected { found, expected } if found.is_empty() => {
                write!(out, "the rule ends too early; expected {}", expected.words())
            }
            Self::Unexpected { found, expected } => {
                write!(out, "unexpected `{found}`; expected {}", expected.words())
            }
            Self::Unbalanced => out.write_str("parenthesis without its partner"),
            Self::UnknownField { found } => {
                write!(out, "unknown field `{found}`; expected attr.NAME or one of")?;
                attribute::field_names().try_for_each(|name| write!(out, " {name}"))
            }
            Self::UnknownChoice { found, choices } => {
                write!(out, "the field never is `{found}`; expected one of")?;
                choices.iter().try_for_each(|choice| write!(out, " {choice}"))
            }
            Self::NullComparison => out.write_str("nothing equals NULL"),
            Self::BareValue => out.write_str("a value without a field"),
        }
    }
}

impl Expected {
    const fn words(self) -> &'static str {
        match self {
            Self::Condition => "a field, NOT or (",
            Self::Operator => "one of = != == IN LIKE STARTS ENDS IS NOT",
            Self::Value => "a value, quoted or a bare word",
            Self::List => "( before a list",
            Self::ListEnd => ", or )",
            Self::Continuation => "AND, OR, ) or the end",
            Self::Null => "NULL or NOT NULL",
            Self::With => "WITH",
            Self::To => "TO",
        }
    }
}

/// A parenthesis that is still open, or the whole rule.
#[derive(Default)]
struct Frame {
    /// Finished terms of the `OR`.
    any: Vec<Rule>,
    /// Finished terms of the `AND` that is being read.
    all: Vec<Rule>,
    /// Where the `NOT`s before the next term stand.
    nots: usize,
}

impl Frame {
    /// Adds a term, with the `NOT`s before it.
    fn push(&mut self, term: Rule) {
        let negated = (0..core::mem::take(&mut self.nots)).fold(term, |term, _| Rule::Not(Box::new(term)));
        self.all.push(negated);
    }

    fn end_and(&mut self) {
        let all = core::mem::take(&mut self.all);
        self.any.push(one_or(all, Rule::All));
    }

    fn finish(mut self) -> Rule {
        self.end_and();
        one_or(self.any, Rule::Any)
    }
}

/// The only term itself, or all of them combined.
fn one_or(mut terms: Vec<Rule>, combine: fn(Vec<Rule>) -> Rule) -> Rule {
    match (terms.pop(), terms.is_empty()) {
        (Some(only), true) => only,
        (last, _) => {
            terms.extend(last);
            combine(terms)
        }
    }
}

impl Rule {
    /// Reads rule text; `fold` gives the form in which its values are compared.
    ///
    /// Cost: linear in the text.
    ///
    /// # Errors
    /// [`RuleError`] with the place and cause of the first mistake.
    ///
    /// ```
    /// use cohort_core::attribute::{Profile, Text};
    /// use cohort_core::id::UserId;
    /// use cohort_core::rule::{Nobody, Rule, Subject, Truth};
    ///
    /// let fold = |text: &str| text.to_lowercase();
    /// let rule = Rule::parse(r#"department = sales AND country IN ("FR", "DE")"#, fold)?;
    /// let mut profile = Profile::new();
    /// profile.set("department", vec![Text::folded_by("Sales", fold)]);
    /// let ada = Subject { user: UserId::from_u128(1), profile: &profile, around: &Nobody };
    /// assert_eq!(rule.evaluate(&ada), Truth::Unknown);
    /// # Ok::<(), cohort_core::rule::RuleError>(())
    /// ```
    pub fn parse(text: &str, fold: Fold) -> Result<Self, RuleError> {
        if text.len() > RULE_BYTES_MAX {
            return Err(RuleError { at: RULE_BYTES_MAX, fault: RuleFault::TooLong });
        }
        let mut tokens = Tokens::new(text);
        let next = tokens.next()?;
        Parser { tokens, next, fold, conditions: 0 }.rule()
    }
}

/// A value and where it stands.
type Placed = (usize, Text);

/// An operator, whether it is negated, and its values.
type Compared = (Operator, bool, Vec<Placed>);

struct Parser<'a> {
    tokens: Tokens<'a>,
    next: Token,
    fold: Fold,
    conditions: usize,
}

impl Parser<'_> {
    fn advance(&mut self) -> Result<Token, RuleError> {
        let next = self.tokens.next()?;
        Ok(core::mem::replace(&mut self.next, next))
    }

    fn keyword_is(&self, keyword: &str) -> bool {
        matches!(&self.next.kind, TokenKind::Word(word) if word.eq_ignore_ascii_case(keyword))
    }

    fn symbol_is(&self, symbol: &str) -> bool {
        matches!(&self.next.kind, TokenKind::Symbol(found) if *found == symbol)
    }

    fn take_keyword(&mut self, keyword: &str) -> Result<bool, RuleError> {
        let found = self.keyword_is(keyword);
        if found {
            self.advance()?;
        }
        Ok(found)
    }

    fn take_symbol(&mut self, symbol: &str) -> Result<bool, RuleError> {
        let found = self.symbol_is(symbol);
        if found {
            self.advance()?;
        }
        Ok(found)
    }

    fn fault<T>(&self, fault: RuleFault) -> Result<T, RuleError> {
        Err(RuleError { at: self.next.at, fault })
    }

    fn unexpected<T>(&self, expected: Expected) -> Result<T, RuleError> {
        let found = match &self.next.kind {
            TokenKind::Word(word) | TokenKind::Quoted(word) => word.clone(),
            TokenKind::Symbol(symbol) => symbol.to_string(),
            TokenKind::End => String::new(),
        };
        self.fault(RuleFault::Unexpected { found, expected })
    }

    /// Alternates between the start of a term and what may follow one.
    fn rule(mut self) -> Result<Rule, RuleError> {
        let mut open = Vec::new();
        let mut frame = Frame::default();
        loop {
            self.open_term(&mut open, &mut frame)?;
            let condition = self.condition()?;
            frame.push(condition);
            while self.symbol_is(")") {
                let Some(mut outer) = open.pop() else { return self.fault(RuleFault::Unbalanced) };
                self.advance()?;
                core::mem::swap(&mut outer, &mut frame);
                frame.push(outer.finish());
            }
            if self.take_keyword("OR")? {
                frame.end_and();
                self.expect_field_after_or()?;
            } else if self.take_keyword("AND")? {
            } else if self.next.kind == TokenKind::End {
                return if open.is_empty() { Ok(frame.finish()) } else { self.fault(RuleFault::Unbalanced) };
            } else {
                return self.unexpected(Expected::Continuation);
            }
        }
    }

    /// Takes the `NOT`s and opening parentheses before a condition.
    fn open_term(&mut self, open: &mut Vec<Frame>, frame: &mut Frame) -> Result<(), RuleError> {
        loop {
            if self.take_keyword("NOT")? {
                frame.nots += 1;
            } else if self.take_symbol("(")? {
                open.push(core::mem::take(frame));
            } else {
                return Ok(());
            }
            let nots: usize = open.iter().map(|frame| frame.nots).sum();
            if open.len() + nots + frame.nots > RULE_DEPTH_MAX {
                return self.fault(RuleFault::TooDeep);
            }
        }
    }

    fn expect_field_after_or(&self) -> Result<(), RuleError> {
        match self.next.kind {
            TokenKind::Quoted(_) => self.fault(RuleFault::BareValue),
            _ => Ok(()),
        }
    }

    fn condition(&mut self) -> Result<Rule, RuleError> {
        self.conditions += 1;
        if self.conditions > RULE_CONDITIONS_MAX {
            return self.fault(RuleFault::TooManyConditions);
        }
        if self.take_keyword("REPORTS")? {
            return self.reports_to();
        }
        let (field, choices) = self.field()?;
        let negated = self.take_keyword("NOT")?;
        let (operator, negated, values) = self.comparison(negated)?;
        if matches!(operator, Operator::Equal | Operator::EqualExact) && !choices.is_empty() {
            self.expect_choices(&values, choices)?;
        }
        let values = values.into_iter().map(|(_, value)| value).collect();
        Ok(Rule::Condition(Condition::Compare(Comparison { field, operator, values, negated })))
    }

    /// What follows `REPORTS`.
    fn reports_to(&mut self) -> Result<Rule, RuleError> {
        if !self.take_keyword("TO")? {
            return self.unexpected(Expected::To);
        }
        let (_, manager) = self.value()?;
        let deep = self.take_keyword("DEEP")?;
        Ok(Rule::Condition(Condition::ReportsTo { manager, deep }))
    }

    /// Words up to an operator, as one field name.
    fn field(&mut self) -> Result<(String, &'static [&'static str]), RuleError> {
        let at = self.next.at;
        let mut name = String::new();
        while let TokenKind::Word(word) = &self.next.kind {
            if OPERATOR_WORDS.iter().any(|keyword| word.eq_ignore_ascii_case(keyword)) {
                break;
            }
            if !name.is_empty() {
                name.push(' ');
            }
            name.push_str(&word.to_lowercase());
            self.advance()?;
        }
        if name.is_empty() {
            return self.unexpected(Expected::Condition);
        }
        if name.strip_prefix("attr.").is_some_and(|rest| !rest.is_empty() && !rest.contains(' ')) {
            return Ok((name, &[]));
        }
        match attribute::field(&name) {
            Some(field) => Ok((field.name.to_string(), field.choices)),
            None => Err(RuleError { at, fault: RuleFault::UnknownField { found: name } }),
        }
    }

    /// Operator and values; `negated` says whether a `NOT` stood before.
    fn comparison(&mut self, negated: bool) -> Result<Compared, RuleError> {
        if !negated {
            for (symbol, operator, negated) in [
                ("==", Operator::EqualExact, false),
                ("=", Operator::Equal, false),
                ("!=", Operator::Equal, true),
            ] {
                if self.take_symbol(symbol)? {
                    if self.keyword_is("NULL") {
                        return self.fault(RuleFault::NullComparison);
                    }
                    return Ok((operator, negated, alloc::vec![self.value()?]));
                }
            }
            if self.take_keyword("IS")? {
                let negated = self.take_keyword("NOT")?;
                if !self.take_keyword("NULL")? {
                    return self.unexpected(Expected::Null);
                }
                return Ok((Operator::IsNull, negated, Vec::new()));
            }
        }
        if self.take_keyword("IN")? {
            return Ok((Operator::Equal, negated, self.list()?));
        }
        if self.take_keyword("LIKE")? {
            let values = if self.symbol_is("(") { self.list()? } else { alloc::vec![self.value()?] };
            return Ok((Operator::Contains, negated, values));
        }
        for (keyword, operator) in [("STARTS", Operator::StartsWith), ("ENDS", Operator::EndsWith)] {
            if self.take_keyword(keyword)? {
                if !self.take_keyword("WITH")? {
                    return self.unexpected(Expected::With);
                }
                return Ok((operator, negated, alloc::vec![self.value()?]));
            }
        }
        self.unexpected(Expected::Operator)
    }

    fn list(&mut self) -> Result<Vec<Placed>, RuleError> {
        if !self.take_symbol("(")? {
            return self.unexpected(Expected::List);
        }
        let mut values = alloc::vec![self.value()?];
        while self.take_symbol(",")? {
            if values.len() == RULE_LIST_MAX {
                return self.fault(RuleFault::TooManyValues);
            }
            values.push(self.value()?);
        }
        if self.take_symbol(")")? { Ok(values) } else { self.unexpected(Expected::ListEnd) }
    }

    fn value(&mut self) -> Result<Placed, RuleError> {
        match &self.next.kind {
            TokenKind::Word(text) | TokenKind::Quoted(text) => {
                let value = (self.next.at, Text::folded_by(text, self.fold));
                self.advance()?;
                Ok(value)
            }
            _ => self.unexpected(Expected::Value),
        }
    }

    fn expect_choices(&self, values: &[Placed], choices: &'static [&'static str]) -> Result<(), RuleError> {
        match values.iter().find(|(_, value)| !choices.contains(&value.folded.as_str())) {
            None => Ok(()),
            Some((at, value)) => {
                let fault = RuleFault::UnknownChoice { found: value.original.clone(), choices };
                Err(RuleError { at: *at, fault })
            }
        }
    }
}

/// Words that end a field name.
const OPERATOR_WORDS: &[&str] = &["NOT", "IN", "LIKE", "STARTS", "ENDS", "IS", "AND", "OR"];
