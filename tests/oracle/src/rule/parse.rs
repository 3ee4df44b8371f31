//! Rule text as a tree, by the grammar of model part 3, one function a line of it.

use crate::rule::lex::{Lexeme, RuleError, Token, attribute_name, tokens};
use crate::rule::{Order, Rule, Test, Value, Which};

/// Parentheses and `NOT`s around a condition. Above the product's own limit, so that the oracle is never the one
/// that refuses; the tree is read recursively.
const DEPTH_MAX: usize = 32;

const LIKE_LIST: &str = "write `Job LIKE (\"A\", \"B\")`";

impl Rule {
    /// Reads a rule.
    ///
    /// # Errors
    /// [`RuleError`] with the place and what belongs there.
    pub fn read(text: &str) -> Result<Self, RuleError> {
        let mut parser = Parser { tokens: tokens(text)?, next: 0, end: text.len(), depth: 0, negated: false };
        let rule = parser.rule()?;
        if parser.next < parser.tokens.len() {
            return Err(parser.expected("`AND`, `OR` or the end of the rule"));
        }
        Ok(rule)
    }

    /// The groups whose members the rule looks at.
    #[must_use]
    pub fn groups(&self) -> Vec<&str> {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().flat_map(Self::groups).collect(),
            Self::Not(part) => part.groups(),
            Self::MemberOf(groups) => groups.iter().map(String::as_str).collect(),
            Self::Compare { .. } | Self::IsNull(_) | Self::ReportsTo { .. } => Vec::new(),
        }
    }
}

struct Parser {
    tokens: Vec<Token>,
    next: usize,
    /// The length of the text, where its end is reported.
    end: usize,
    depth: usize,
    /// Whether a `NOT` stands around this place.
    negated: bool,
}

impl Parser {
    /// rule = and { "OR" and }
    fn rule(&mut self) -> Result<Rule, RuleError> {
        self.joined("OR", Self::and, Rule::Any)
    }

    /// and = unary { "AND" unary }
    fn and(&mut self) -> Result<Rule, RuleError> {
        self.joined("AND", Self::unary, Rule::All)
    }

    fn joined(
        &mut self,
        keyword: &str,
        part: fn(&mut Self) -> Result<Rule, RuleError>,
        join: fn(Vec<Rule>) -> Rule,
    ) -> Result<Rule, RuleError> {
        let first = part(self)?;
        let mut parts = vec![first];
        while self.takes(keyword) {
            parts.push(part(self)?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { join(parts) })
    }

    /// unary = "NOT" unary | "(" rule ")" | cond
    fn unary(&mut self) -> Result<Rule, RuleError> {
        if self.depth == DEPTH_MAX {
            return Err(self.expected("fewer parentheses and `NOT`s around one condition"));
        }
        self.depth += 1;
        let rule = if self.takes("NOT") {
            let outside = std::mem::replace(&mut self.negated, true);
            let part = self.unary()?;
            self.negated = outside;
            Rule::Not(Box::new(part))
        } else if self.sign("(") {
            let inside = self.rule()?;
            self.sign_or_fail(")", "`)`")?;
            inside
        } else {
            self.condition()?
        };
        self.depth -= 1;
        Ok(rule)
    }

    fn condition(&mut self) -> Result<Rule, RuleError> {
        for (keyword, which) in [("ANY", Which::Any), ("ALL", Which::All)] {
            if self.is(0, keyword) && self.is_sign(1, "(") {
                self.next += 2;
                return self.quantified(which);
            }
        }
        if self.is(0, "REPORTS") && self.is(1, "TO") {
            self.next += 2;
            let manager = self.text("the name of a manager")?;
            return Ok(Rule::ReportsTo { manager, deep: self.takes("DEEP") });
        }
        if self.is(0, "MEMBER") && self.is(1, "OF") {
            return self.member_of();
        }
        let field = self.field()?;
        self.comparison(field)
    }

    /// "MEMBER" "OF" list, never under NOT
    fn member_of(&mut self) -> Result<Rule, RuleError> {
        if self.negated {
            let mut error = self.expected("no `MEMBER OF` under `NOT`");
            error.hint = Some("keep people out by an exclude edge");
            return Err(error);
        }
        self.next += 2;
        self.sign_or_fail("(", "`(`")?;
        let mut groups = vec![self.text("the name of a group")?];
        while self.sign(",") {
            groups.push(self.text("the name of a group")?);
        }
        self.sign_or_fail(")", "`,` or `)`")?;
        Ok(Rule::MemberOf(groups))
    }

    /// ( "ANY" | "ALL" ) "(" field ")" ( cmp value | "LIKE" value | "IN" list )
    fn quantified(&mut self, which: Which) -> Result<Rule, RuleError> {
        let field = self.field()?;
        self.sign_or_fail(")", "`)`")?;
        let test = if self.takes("LIKE") {
            Test::Like(vec![self.value(&field)?])
        } else if self.takes("IN") {
            Test::In(self.list(&field)?)
        } else {
            self.compared(&field)?
        };
        Ok(Rule::Compare { field, which, test })
    }

    /// What follows a field.
    fn comparison(&mut self, field: String) -> Result<Rule, RuleError> {
        if self.takes("IS") {
            let negated = self.takes("NOT");
            self.takes_or_fail("NULL", "`NULL`")?;
            let null = Rule::IsNull(field);
            return Ok(if negated { Rule::Not(Box::new(null)) } else { null });
        }
        let negated = self.takes("NOT");
        let test = if self.takes("IN") {
            Test::In(self.list(&field)?)
        } else if self.takes("LIKE") {
            Test::Like(if self.is_sign(0, "(") { self.list(&field)? } else { vec![self.value(&field)?] })
        } else if self.takes("STARTS") {
            self.takes_or_fail("WITH", "`WITH`")?;
            Test::Starts(self.value(&field)?)
        } else if self.takes("ENDS") {
            self.takes_or_fail("WITH", "`WITH`")?;
            Test::Ends(self.value(&field)?)
        } else if negated {
            return Err(self.expected("`IN`, `LIKE`, `STARTS WITH` or `ENDS WITH`"));
        } else {
            self.compared(&field)?
        };
        let test = if negated { Test::Not(Box::new(test)) } else { test };
        // A negation that meets several values must hold for each of them.
        let which = if matches!(test, Test::Not(_)) { Which::All } else { Which::Any };
        Ok(Rule::Compare { field, which, test })
    }

    /// cmp value
    fn compared(&mut self, field: &str) -> Result<Test, RuleError> {
        let orders =
            [("<=", Order::AtMost), ("<", Order::Less), (">=", Order::AtLeast), (">", Order::Greater)];
        if self.sign("==") {
            return Ok(Test::Exactly(self.value(field)?));
        }
        if self.sign("=") {
            return Ok(Test::In(vec![self.value(field)?]));
        }
        if self.sign("!=") {
            return Ok(Test::Not(Box::new(Test::In(vec![self.value(field)?]))));
        }
        for (sign, order) in orders {
            if self.sign(sign) {
                let place = self.next;
                let value = self.value(field)?;
                if let Value::Text(_) = value {
                    self.next = place;
                    return Err(self.expected("a number, a date or `NOW`"));
                }
                return Ok(Test::Order(order, value));
            }
        }
        let mut error = self.expected("an operator such as `=`, `IN`, `LIKE` or `IS`");
        error.hint = self.after_or().then_some(LIKE_LIST);
        Err(error)
    }

    /// field = name { name } | "attr." name
    fn field(&mut self) -> Result<String, RuleError> {
        let Some(Lexeme::Word(first)) = self.peek(0).cloned() else {
            let mut error = self.expected("a field");
            error.hint =
                (self.after_or() && matches!(self.peek(0), Some(Lexeme::Quoted(_)))).then_some(LIKE_LIST);
            return Err(error);
        };
        self.next += 1;
        if let Some(name) = attribute_name(&first) {
            return Ok(name.to_lowercase());
        }
        let mut name = first.to_lowercase();
        while let Some(Lexeme::Word(more)) = self.peek(0) {
            if ["IN", "LIKE", "NOT", "STARTS", "ENDS", "IS"]
                .iter()
                .any(|keyword| more.eq_ignore_ascii_case(keyword))
            {
                break;
            }
            name.push_str(&more.to_lowercase());
            self.next += 1;
        }
        Ok(if name == "jobtitle" { "job".to_owned() } else { name })
    }

    /// list = "(" value { "," value } ")"
    fn list(&mut self, field: &str) -> Result<Vec<Value>, RuleError> {
        self.sign_or_fail("(", "`(`")?;
        let mut values = vec![self.value(field)?];
        while self.sign(",") {
            values.push(self.value(field)?);
        }
        self.sign_or_fail(")", "`,` or `)`")?;
        Ok(values)
    }

    /// value = string | number | date | "TRUE" | "FALSE" | "NOW" [ ("+" | "-") duration ] | bareword
    fn value(&mut self, field: &str) -> Result<Value, RuleError> {
        let place = self.next;
        let value = self.literal()?;
        let allowed: &[&str] = match field {
            "status" => &["active", "inactive"],
            "gender" => &["male", "female", "other"],
            _ => return Ok(value),
        };
        match &value {
            Value::Text(text) if allowed.contains(&text.to_lowercase().as_str()) => Ok(value),
            _ => {
                self.next = place;
                Err(self.expected(if field == "status" {
                    "`Active` or `Inactive`"
                } else {
                    "`Male`, `Female` or `Other`"
                }))
            }
        }
    }

    fn literal(&mut self) -> Result<Value, RuleError> {
        let negative = matches!(self.peek(1), Some(Lexeme::Word(_))) && self.sign("-");
        let value = match self.peek(0).cloned() {
            Some(Lexeme::Quoted(text)) if !negative => Value::Text(text),
            Some(Lexeme::Date(date, text)) if !negative => Value::Date(date, text),
            Some(Lexeme::Word(word)) => match word.parse::<f64>() {
                Ok(number) if negative && starts_with_digit(&word) => {
                    Value::Number(-number, format!("-{word}"))
                }
                Ok(number) if starts_with_digit(&word) => Value::Number(number, word),
                _ if negative => return Err(self.expected("a number")),
                _ if word.eq_ignore_ascii_case("now") => {
                    self.next += 1;
                    return Ok(Value::Now(self.offset()?));
                }
                _ if word.eq_ignore_ascii_case("null") => {
                    let mut error = self.expected("a value");
                    error.hint = Some("write `IS NULL` or `IS NOT NULL`");
                    return Err(error);
                }
                _ => Value::Text(word),
            },
            _ => return Err(self.expected("a value")),
        };
        self.next += 1;
        Ok(value)
    }

    /// [ ("+" | "-") duration ], in milliseconds
    fn offset(&mut self) -> Result<i64, RuleError> {
        let sign = if self.sign("-") {
            -1
        } else if self.sign("+") {
            1
        } else {
            return Ok(0);
        };
        let duration = match self.peek(0) {
            Some(Lexeme::Word(word)) => duration(word),
            _ => None,
        };
        let millis = duration.ok_or_else(|| self.expected("a duration such as `7d`, `12h` or `30m`"))?;
        self.next += 1;
        Ok(sign * millis)
    }

    fn text(&mut self, what: &'static str) -> Result<String, RuleError> {
        let (Some(Lexeme::Quoted(text)) | Some(Lexeme::Word(text))) = self.peek(0).cloned() else {
            return Err(self.expected(what));
        };
        self.next += 1;
        Ok(text)
    }

    fn peek(&self, ahead: usize) -> Option<&Lexeme> {
        self.tokens.get(self.next + ahead).map(|token| &token.text)
    }

    fn is(&self, ahead: usize, keyword: &str) -> bool {
        matches!(self.peek(ahead), Some(Lexeme::Word(word)) if word.eq_ignore_ascii_case(keyword))
    }

    fn is_sign(&self, ahead: usize, sign: &str) -> bool {
        matches!(self.peek(ahead), Some(Lexeme::Sign(found)) if *found == sign)
    }

    fn takes(&mut self, keyword: &str) -> bool {
        let found = self.is(0, keyword);
        self.next += usize::from(found);
        found
    }

    fn sign(&mut self, sign: &str) -> bool {
        let found = self.is_sign(0, sign);
        self.next += usize::from(found);
        found
    }

    fn takes_or_fail(&mut self, keyword: &str, what: &'static str) -> Result<(), RuleError> {
        if self.takes(keyword) { Ok(()) } else { Err(self.expected(what)) }
    }

    fn sign_or_fail(&mut self, sign: &str, what: &'static str) -> Result<(), RuleError> {
        if self.sign(sign) { Ok(()) } else { Err(self.expected(what)) }
    }

    /// Whether an `OR` stood just before, or one word before: the shorthand `LIKE "A" OR "B"`.
    fn after_or(&self) -> bool {
        let before = |back: usize| self.next.checked_sub(back).and_then(|at| self.tokens.get(at));
        let is_or =
            |token: &Token| matches!(&token.text, Lexeme::Word(word) if word.eq_ignore_ascii_case("OR"));
        before(1).is_some_and(is_or) || before(2).is_some_and(is_or)
    }

    fn expected(&self, what: &'static str) -> RuleError {
        let token = self.tokens.get(self.next);
        RuleError {
            byte: token.map_or(self.end, |token| token.byte),
            found: token.map_or_else(|| "the end".to_owned(), |token| token.text.to_string()),
            expected: what,
            hint: None,
        }
    }
}

fn starts_with_digit(word: &str) -> bool {
    word.starts_with(|first: char| first.is_ascii_digit())
}

/// Milliseconds of `7d`, `12h` or `30m`.
fn duration(word: &str) -> Option<i64> {
    let (unit, millis) = [('d', 86_400_000), ('h', 3_600_000), ('m', 60_000)]
        .into_iter()
        .find(|(unit, _)| word.ends_with(*unit))?;
    word.strip_suffix(unit)?.parse::<u32>().ok().map(|count| i64::from(count) * millis)
}
