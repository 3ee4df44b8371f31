//! Rule text to rule tree, without recursion: open parentheses wait on a stack.

mod condition;

use alloc::boxed::Box;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::token::{Token, TokenKind, Tokens};
use super::{Expected, Node, Rule, RuleError, RuleFault, Value};
use crate::attribute::{Fold, Registry};
use crate::limits::{RULE_CONDITIONS_MAX, RULE_DEPTH_MAX};

/// A value and where it stands.
pub(super) struct Placed {
    pub(super) at: usize,
    pub(super) value: Value,
}

/// A parenthesis that is still open, or the whole rule.
#[derive(Default)]
struct Frame {
    /// Finished terms of the `OR`.
    any: Vec<Node>,
    /// Finished terms of the `AND` that is being read.
    all: Vec<Node>,
    /// How many `NOT`s stand before the next term.
    nots: usize,
}

impl Frame {
    /// Adds a term, with the `NOT`s before it.
    fn push(&mut self, term: Node) {
        let negated = (0..core::mem::take(&mut self.nots)).fold(term, |term, _| Node::Not(Box::new(term)));
        self.all.push(negated);
    }

    fn end_and(&mut self) {
        let all = core::mem::take(&mut self.all);
        self.any.push(one_or(all, Node::All));
    }

    fn finish(mut self) -> Node {
        self.end_and();
        one_or(self.any, Node::Any)
    }
}

/// The only term itself, or all of them combined.
fn one_or(mut terms: Vec<Node>, combine: fn(Vec<Node>) -> Node) -> Node {
    match (terms.pop(), terms.is_empty()) {
        (Some(only), true) => only,
        (last, _) => {
            terms.extend(last);
            combine(terms)
        }
    }
}

impl Rule {
    /// Reads rule text without declared attributes; `fold` gives the form in which its values are compared.
    ///
    /// # Errors
    /// [`RuleError`] with the place and cause of the first mistake.
    ///
    /// ```
    /// use cohort_core::attribute::{Profile, Text};
    /// use cohort_core::id::{Instant, UserId};
    /// use cohort_core::rule::{Nobody, Rule, Subject, Truth};
    ///
    /// let fold = |text: &str| text.to_lowercase();
    /// let rule = Rule::parse(r#"department = sales AND country IN ("FR", "DE")"#, fold)?;
    /// let mut profile = Profile::new();
    /// profile.set("department", vec![Text::folded_by("Sales", fold)]);
    /// let ada = Subject { user: UserId::from_u128(1), profile: &profile, around: &Nobody };
    /// assert_eq!(rule.evaluate(&ada, Instant::from_millis(0)), Truth::Unknown);
    /// # Ok::<(), cohort_core::rule::RuleError>(())
    /// ```
    pub fn parse(text: &str, fold: Fold) -> Result<Self, RuleError> {
        Self::parse_with(text, &Registry::new(), fold)
    }

    /// Reads rule text whose custom attributes have the types that `registry` declares.
    ///
    /// Cost: linear in the text.
    ///
    /// # Errors
    /// [`RuleError`] with the place and cause of the first mistake.
    pub fn parse_with(text: &str, registry: &Registry, fold: Fold) -> Result<Self, RuleError> {
        let mut tokens = Tokens::new(text)?;
        let next = tokens.next()?;
        let root = Parser { tokens, next, registry, fold, conditions: 0 }.rule()?;
        Ok(Self { root })
    }
}

struct Parser<'a> {
    tokens: Tokens<'a>,
    next: Token,
    registry: &'a Registry,
    fold: Fold,
    conditions: usize,
}

impl Parser<'_> {
    /// The whole text: terms, and what may follow one.
    fn rule(mut self) -> Result<Node, RuleError> {
        let mut open = Vec::new();
        let mut frame = Frame::default();
        loop {
            self.open_term(&mut open, &mut frame)?;
            let below_not = open.iter().chain([&frame]).any(|frame| frame.nots > 0);
            let condition = self.counted_condition(below_not)?;
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

    fn counted_condition(&mut self, below_not: bool) -> Result<Node, RuleError> {
        self.conditions += 1;
        if self.conditions > RULE_CONDITIONS_MAX {
            return self.fault(RuleFault::TooManyConditions);
        }
        self.condition(below_not).map(Node::Condition)
    }

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

    fn expect_keyword(&mut self, keyword: &str, expected: Expected) -> Result<(), RuleError> {
        if self.take_keyword(keyword)? { Ok(()) } else { self.unexpected(expected) }
    }

    fn expect_symbol(&mut self, symbol: &str, expected: Expected) -> Result<(), RuleError> {
        if self.take_symbol(symbol)? { Ok(()) } else { self.unexpected(expected) }
    }

    fn fault<T>(&self, fault: RuleFault) -> Result<T, RuleError> {
        Err(RuleError { at: self.next.at, fault })
    }

    fn unexpected<T>(&self, expected: Expected) -> Result<T, RuleError> {
        let found = match &self.next.kind {
            TokenKind::Quoted(text) if text.is_empty() => String::from("\"\""),
            TokenKind::Word(text) | TokenKind::Quoted(text) | TokenKind::Date(text) => text.clone(),
            TokenKind::Symbol(symbol) => symbol.to_string(),
            TokenKind::End => String::new(),
        };
        self.fault(RuleFault::Unexpected { found, expected })
    }
}
