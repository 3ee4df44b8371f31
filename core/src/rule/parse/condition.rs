//! One condition: what stands between `AND`, `OR`, `NOT` and parentheses.

use alloc::string::String;
use alloc::vec::Vec;

use super::{Parser, Placed};
use crate::attribute::{FieldType, Text};
use crate::limits::RULE_LIST_MAX;
use crate::rule::token::TokenKind;
use crate::rule::write::{duration_millis, is_number_word};
use crate::rule::{
    Comparison, Condition, Expected, Operator, Quantifier, RuleError, RuleFault, Value, check,
};

/// Words that end a field name.
const OPERATOR_WORDS: &[&str] = &["NOT", "IN", "LIKE", "STARTS", "ENDS", "IS", "AND", "OR"];

/// The comparisons written as symbols, and whether they negate.
const SYMBOLS: &[(&str, Operator, bool)] = &[
    ("=", Operator::Equal, false),
    ("!=", Operator::Equal, true),
    ("==", Operator::EqualExact, false),
    ("<", Operator::Less, false),
    ("<=", Operator::AtMost, false),
    (">", Operator::Greater, false),
    (">=", Operator::AtLeast, false),
];

/// An operator with where it stands, whether it is negated, and its values.
struct Operation {
    at: usize,
    operator: Operator,
    negated: bool,
    values: Vec<Placed>,
}

impl Parser<'_> {
    /// A condition; `below_not` says whether a `NOT` stands around it.
    pub(super) fn condition(&mut self, below_not: bool) -> Result<Condition, RuleError> {
        if self.keyword_is("MEMBER") {
            return if below_not { self.fault(RuleFault::MemberBelowNot) } else { self.member_of() };
        }
        if self.take_keyword("REPORTS")? {
            self.expect_keyword("TO", Expected::To)?;
            let manager = self.text()?;
            return Ok(Condition::ReportsTo { manager, deep: self.take_keyword("DEEP")? });
        }
        for (keyword, quantifier) in [("ANY", Quantifier::Any), ("ALL", Quantifier::All)] {
            if self.take_keyword(keyword)? {
                return self.quantified(quantifier);
            }
        }
        let (field, kind) = self.field()?;
        let operation = self.operation()?;
        compared(field, kind, Quantifier::implied(operation.negated), operation)
    }

    fn member_of(&mut self) -> Result<Condition, RuleError> {
        self.advance()?;
        self.expect_keyword("OF", Expected::Of)?;
        self.list(Self::text).map(Condition::MemberOf)
    }

    /// What follows `ANY` and `ALL`.
    fn quantified(&mut self, quantifier: Quantifier) -> Result<Condition, RuleError> {
        self.expect_symbol("(", Expected::Field)?;
        let (field, kind) = self.field()?;
        self.expect_symbol(")", Expected::Field)?;
        let at = self.next.at;
        let operation = if let Some(operation) = self.symbol_operation()? {
            operation
        } else if self.take_keyword("LIKE")? {
            Operation { at, operator: Operator::Contains, negated: false, values: alloc::vec![self.value()?] }
        } else if self.take_keyword("IN")? {
            Operation { at, operator: Operator::Equal, negated: false, values: self.list(Self::value)? }
        } else {
            return self.unexpected(Expected::Quantified);
        };
        compared(field, kind, quantifier, operation)
    }

    /// Words up to an operator, as one field name.
    fn field(&mut self) -> Result<(String, FieldType), RuleError> {
        let at = self.next.at;
        let mut name = String::new();
        while let TokenKind::Word(word) = &self.next.kind {
            if OPERATOR_WORDS.iter().any(|keyword| word.eq_ignore_ascii_case(keyword)) {
                break;
            }
            if !name.is_empty() {
                name.push(' ');
            }
            let lower = word.to_lowercase();
            // Some letters take more bytes in lower case, in which the field will be written.
            self.tokens.count(self.next.at, lower.len().saturating_sub(word.len()))?;
            name.push_str(&lower);
            self.advance()?;
        }
        if name.is_empty() {
            return self.unexpected(Expected::Condition);
        }
        match self.registry.find(&name) {
            Some((field, kind)) => Ok((field.into_owned(), kind)),
            None => Err(RuleError { at, fault: RuleFault::UnknownField { found: name } }),
        }
    }

    /// What follows a field.
    fn operation(&mut self) -> Result<Operation, RuleError> {
        if let Some(operation) = self.symbol_operation()? {
            return Ok(operation);
        }
        let at = self.next.at;
        if self.take_keyword("IS")? {
            let negated = self.take_keyword("NOT")?;
            self.expect_keyword("NULL", Expected::Null)?;
            return Ok(Operation { at, operator: Operator::IsNull, negated, values: Vec::new() });
        }
        let negated = self.take_keyword("NOT")?;
        let (operator, values) = if self.take_keyword("IN")? {
            (Operator::Equal, self.list(Self::value)?)
        } else if self.take_keyword("LIKE")? {
            let several = self.symbol_is("(");
            let values = if several { self.list(Self::value)? } else { alloc::vec![self.value()?] };
            (Operator::Contains, values)
        } else if self.take_keyword("STARTS")? {
            self.expect_keyword("WITH", Expected::With)?;
            (Operator::StartsWith, alloc::vec![self.value()?])
        } else if self.take_keyword("ENDS")? {
            self.expect_keyword("WITH", Expected::With)?;
            (Operator::EndsWith, alloc::vec![self.value()?])
        } else {
            return self.unexpected(Expected::Operator);
        };
        Ok(Operation { at, operator, negated, values })
    }

    /// A comparison by symbol with its value, if the next token is one.
    fn symbol_operation(&mut self) -> Result<Option<Operation>, RuleError> {
        let at = self.next.at;
        let Some((_, operator, negated)) = SYMBOLS.iter().find(|(symbol, ..)| self.symbol_is(symbol)) else {
            return Ok(None);
        };
        self.advance()?;
        let values = alloc::vec![self.value()?];
        Ok(Some(Operation { at, operator: *operator, negated: *negated, values }))
    }

    fn list<T>(&mut self, item: fn(&mut Self) -> Result<T, RuleError>) -> Result<Vec<T>, RuleError> {
        self.expect_symbol("(", Expected::List)?;
        let mut items = alloc::vec![item(self)?];
        while self.take_symbol(",")? {
            if items.len() == RULE_LIST_MAX {
                return self.fault(RuleFault::TooManyValues);
            }
            items.push(item(self)?);
        }
        self.expect_symbol(")", Expected::ListEnd)?;
        Ok(items)
    }

    fn value(&mut self) -> Result<Placed, RuleError> {
        let at = self.next.at;
        if self.keyword_is("NULL") {
            return self.fault(RuleFault::NullComparison);
        }
        if self.take_keyword("NOW")? {
            return Ok(Placed { at, value: Value::Now { offset_millis: self.offset()? } });
        }
        Ok(Placed { at, value: Value::Text(self.text()?) })
    }

    /// What may follow `NOW`, in milliseconds.
    fn offset(&mut self) -> Result<i64, RuleError> {
        let sign = match &self.next.kind {
            TokenKind::Symbol("+") => 1,
            TokenKind::Symbol("-") => -1,
            _ => return Ok(0),
        };
        self.advance()?;
        let millis = match &self.next.kind {
            TokenKind::Word(word) => duration_millis(word),
            _ => None,
        };
        let Some(millis) = millis else { return self.unexpected(Expected::Duration) };
        self.advance()?;
        Ok(sign * millis)
    }

    /// A word, a quoted text, a date or a number with its minus.
    fn text(&mut self) -> Result<Text, RuleError> {
        let negative = self.take_symbol("-")?;
        let text = match &self.next.kind {
            TokenKind::Word(word) if negative && is_number_word(word) => alloc::format!("-{word}"),
            _ if negative => return self.unexpected(Expected::Number),
            TokenKind::Word(text) | TokenKind::Quoted(text) | TokenKind::Date(text) => text.clone(),
            TokenKind::Symbol(_) | TokenKind::End => return self.unexpected(Expected::Value),
        };
        self.advance()?;
        Ok(Text::folded_by(&text, self.fold))
    }
}

/// The comparison of a field of type `kind`, if the type has it.
fn compared(
    field: String,
    kind: FieldType,
    quantifier: Quantifier,
    operation: Operation,
) -> Result<Condition, RuleError> {
    let Operation { at, operator, negated, values } = operation;
    check::comparison(kind, (at, operator), &values)?;
    let values = values.into_iter().map(|placed| placed.value).collect();
    Ok(Condition::Compare(Comparison { field, quantifier, operator, values, negated }))
}
