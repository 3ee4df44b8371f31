//! Our reading of filters and paths beside that of the `scim_v2` crate, which has another parser.
//!
//! Filters made up by the grammar of RFC 7644 section 3.4.2.2 are read alike. Of texts bent at random both refuse
//! most; where only one of them reads a text, the reason is one of [`OURS`] or [`THEIRS`], and nothing else.

#![expect(clippy::expect_used, clippy::panic, reason = "a failed expectation is how a test fails")]

use std::collections::BTreeMap;

use cohort_scim::error::SyntaxFault;
use cohort_scim::filter::{Comparison, Operator};
use cohort_scim::path::Path;
use cohort_scim::schema::AttributePath;
use cohort_scim::{Filter, ScimError, filter, path};
use scim_v2::filter as other;
use serde_json::Value;

mod bending;

use bending::{FILTERS, Random};

const SEED: u64 = 0x5eed_d1ff_2026_1122;
const CASES: usize = 10_000;

/// What we read and the other parser does not, because clients send it.
const OURS: [&str; 4] = [
    // `emails[type eq "work"].value eq "x"` of Entra ID, which means the same as a condition inside the bracket;
    // `True` and `NULL`; no blank between a keyword and a quote or bracket, as in `not(title pr)`.
    "spelling",
    // `$ref`, which RFC 7643 section 2.4 defines and the grammar of RFC 7644 cannot name.
    "$ref",
    // `http://schemas.microsoft.com/2006/11/...`: schemas with characters that the other lexer does not know.
    "schema",
    // An attribute called `null`, `true`, `false` or `not`: the grammar has no reserved names.
    "keyword",
];

/// What the other parser reads and we do not.
const THEIRS: [&str; 3] = [
    // Ours are lower: 16 levels, 64 conditions, 4 KiB; a path has fewer.
    "limits",
    // `name.part[value pr]`: no sub-attribute has elements (RFC 7643 section 2.3.8), so as a path it names nothing.
    "part with elements",
    // Blanks beside brackets and dots, which the grammar does not allow and no client sends.
    "blanks",
];

/// A filter, flattened as the other crate does it: no list stands directly in a list of its kind.
fn flat(filter: Filter) -> Filter {
    let all = |parts: Vec<Filter>| parts.into_iter().map(flat);
    match filter {
        Filter::And(parts) => Filter::And(all(parts).fold(Vec::new(), |mut flat, part| {
            match part {
                Filter::And(inner) => flat.extend(inner),
                other => flat.push(other),
            }
            flat
        })),
        Filter::Or(parts) => Filter::Or(all(parts).fold(Vec::new(), |mut flat, part| {
            match part {
                Filter::Or(inner) => flat.extend(inner),
                other => flat.push(other),
            }
            flat
        })),
        Filter::Not(inner) => Filter::Not(Box::new(flat(*inner))),
        Filter::Element(path, condition) => Filter::Element(path, Box::new(flat(*condition))),
        leaf @ (Filter::Present(_) | Filter::Compare(_)) => leaf,
    }
}

fn their_path(path: &other::AttrPath) -> AttributePath {
    AttributePath { urn: path.uri.clone(), name: path.name.clone(), sub: path.sub_attr.clone() }
}

fn their_expression(expression: &other::AttrExp) -> Filter {
    let (path, operator, value) = match expression {
        other::AttrExp::Present(path) => return Filter::Present(their_path(path)),
        other::AttrExp::Comparison(path, operator, value) => (path, operator, value),
    };
    let operator = match operator {
        other::CompareOp::Eq => Operator::Equal,
        other::CompareOp::Ne => Operator::NotEqual,
        other::CompareOp::Co => Operator::Contains,
        other::CompareOp::Sw => Operator::StartsWith,
        other::CompareOp::Ew => Operator::EndsWith,
        other::CompareOp::Gt => Operator::Greater,
        other::CompareOp::Ge => Operator::GreaterOrEqual,
        other::CompareOp::Lt => Operator::Less,
        other::CompareOp::Le => Operator::LessOrEqual,
    };
    let value = match value {
        other::CompValue::False => Value::Bool(false),
        other::CompValue::True => Value::Bool(true),
        other::CompValue::Null => Value::Null,
        other::CompValue::Number(number) => Value::Number(number.clone()),
        other::CompValue::Str(text) => Value::String(text.clone()),
    };
    Filter::Compare(Comparison { attribute: their_path(path), operator, value })
}

fn their_condition(condition: &other::ValFilter) -> Filter {
    match condition {
        other::ValFilter::Attr(expression) => their_expression(expression),
        other::ValFilter::Not(inner) => Filter::Not(Box::new(their_condition(inner))),
        other::ValFilter::And(parts) => Filter::And(parts.iter().map(their_condition).collect()),
        other::ValFilter::Or(parts) => Filter::Or(parts.iter().map(their_condition).collect()),
    }
}

fn their_tree(filter: &other::Filter) -> Filter {
    match filter {
        other::Filter::Attr(expression) => their_expression(expression),
        other::Filter::ValuePath(path) => {
            Filter::Element(their_path(&path.attr), Box::new(their_condition(&path.filter)))
        }
        other::Filter::Not(inner) => Filter::Not(Box::new(their_tree(inner))),
        other::Filter::And(parts) => Filter::And(parts.iter().map(their_tree).collect()),
        other::Filter::Or(parts) => Filter::Or(parts.iter().map(their_tree).collect()),
    }
}

/// The filter as they read it; none if they do not.
fn theirs(text: &str) -> Option<Filter> {
    text.parse().ok().map(|filter: other::Filter| flat(their_tree(&filter)))
}

/// The path as they read it; none if they do not.
fn their_patch_path(text: &str) -> Option<Path> {
    Some(match text.parse().ok()? {
        other::PatchPath::Attr(path) => Path { attribute: their_path(&path), condition: None },
        other::PatchPath::Value(path) => {
            let mut attribute = their_path(&path.attr);
            attribute.sub = path.sub_attr.or(attribute.sub);
            Path { attribute, condition: Some(flat(their_condition(&path.filter))) }
        }
    })
}

/// The paths of all conditions.
fn names<'a>(filter: &'a Filter, found: &mut Vec<&'a AttributePath>) {
    match filter {
        Filter::And(parts) | Filter::Or(parts) => parts.iter().for_each(|part| names(part, found)),
        Filter::Not(inner) => names(inner, found),
        Filter::Present(path) => found.push(path),
        Filter::Compare(comparison) => found.push(&comparison.attribute),
        Filter::Element(path, condition) => {
            found.push(path);
            names(condition, found);
        }
    }
}

/// Why the other parser cannot read a name of ours; none if it can.
fn unusual(name: &AttributePath) -> Option<&'static str> {
    let has_dollar = |text: &String| text.starts_with('$');
    if has_dollar(&name.name) || name.sub.as_ref().is_some_and(has_dollar) {
        return Some("$ref");
    }
    if ["null", "true", "false"].contains(&name.name.as_str()) || name.name.eq_ignore_ascii_case("not") {
        return Some("keyword");
    }
    let known = |c: char| c.is_ascii_alphanumeric() || "-_.:".contains(c);
    // The other lexer takes a name that begins with a letter, and only a scheme can stand before the first colon.
    let is_plain = |urn: &String| {
        let scheme = urn.split(':').next().unwrap_or_default();
        let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "-.".contains(c));
        is_scheme && urn.chars().all(known)
    };
    name.urn.as_ref().is_some_and(|urn| !is_plain(urn)).then_some("schema")
}

/// The text without the blanks beside its brackets and dots; what stands in quotes stays.
fn tight(text: &str) -> String {
    let is_edge = |c: char| matches!(c, '[' | ']' | '.');
    let (mut tight, mut quoted) = (String::new(), false);
    for (at, c) in text.char_indices() {
        quoted ^= c == '"';
        let next = text.get(at..).and_then(|rest| rest.trim_start().chars().next());
        let beside = tight.ends_with(is_edge) || next.is_some_and(is_edge);
        if quoted || !c.is_whitespace() || !beside {
            tight.push(c);
        }
    }
    tight
}

/// Counts the reasons for differences, and finds those that never occurred.
#[derive(Default)]
struct Seen(BTreeMap<&'static str, usize>);

impl Seen {
    fn add(&mut self, reason: &'static str) {
        *self.0.entry(reason).or_default() += 1;
    }

    fn expect_all(&self, reasons: &[&str]) {
        let missing: Vec<_> = reasons.iter().filter(|reason| !self.0.contains_key(**reason)).collect();
        assert!(missing.is_empty(), "no case shows {missing:?}; {:?} were seen", self.0);
    }
}

fn is_limit(error: &ScimError) -> bool {
    let (ScimError::FilterSyntax(error) | ScimError::PathSyntax(error)) = error else { return false };
    matches!(
        error.fault,
        SyntaxFault::TooLong { .. } | SyntaxFault::TooDeep { .. } | SyntaxFault::TooManyNodes { .. }
    )
}

/// The reason for which only we read a text that means `tree`.
///
/// Spelled by the letter of the grammar, the other parser has to read it as the same tree.
fn reason_of_ours(text: &str, tree: &Filter) -> &'static str {
    let mut found = Vec::new();
    names(tree, &mut found);
    if let Some(reason) = found.into_iter().find_map(unusual) {
        return reason;
    }
    assert_eq!(theirs(&tree.to_string()).as_ref(), Some(tree), "{text} means {tree}");
    "spelling"
}

#[test]
fn bent_filters_are_read_alike_or_for_a_reason() {
    println!("seed {SEED:#x}");
    let (mut random, mut seen) = (Random(SEED), Seen::default());
    let more = [
        r#"members.$ref pr and members[$ref ew "7"]"#,
        r#"http://schemas.example.com/2006/11/Group:name eq "x""#,
        r#"not(active eq True) and(title pr)or name eq NULL"#,
        "null pr and not (not pr)",
        "emails [type pr]",
    ];
    let samples: Vec<&str> = FILTERS.into_iter().chain(more).collect();
    let deep = format!("{}title pr{}", "(".repeat(20), ")".repeat(20));
    let bent = (0..CASES).map(|_| {
        let sample = random.pick(&samples);
        random.bent(sample)
    });
    for text in bent.chain([deep]) {
        match (filter::parse(&text).map(flat), theirs(&text)) {
            (Ok(ours), Some(theirs)) => {
                seen.add("both");
                assert_eq!(ours, theirs, "{text}");
            }
            (Ok(ours), None) => seen.add(reason_of_ours(&text, &ours)),
            (Err(error), Some(_)) if is_limit(&error) => seen.add("limits"),
            (Err(error), Some(theirs)) => {
                assert_eq!(filter::parse(&tight(&text)).map(flat).ok(), Some(theirs), "{text}: {error}");
                seen.add("blanks");
            }
            (Err(_), None) => seen.add("neither"),
        }
    }
    seen.expect_all(&["both", "neither", "limits", "blanks"]);
    seen.expect_all(&OURS);
}

fn flat_path(text: &str) -> Result<Path, ScimError> {
    let Path { attribute, condition } = path::parse(text)?;
    Ok(Path { attribute, condition: condition.map(flat) })
}

#[test]
fn bent_paths_are_read_alike_or_for_a_reason() {
    println!("seed {SEED:#x}");
    let samples = [
        "members",
        "name.familyName",
        r#"addresses[type eq "work"]"#,
        r#"members[value eq "2819c223"].displayName"#,
        r#"emails[type eq "work" and primary eq true].value"#,
        r#"emails[not(type eq "work")]"#,
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value",
        "http://schemas.example.com/2006/11/Group:name",
        "manager.$ref",
        "null",
        r#"name.part[value pr]"#,
        r#"emails [type pr] . value"#,
    ];
    let (mut random, mut seen) = (Random(SEED), Seen::default());
    for _ in 0..CASES {
        let sample = random.pick(&samples);
        let text = random.bent(sample);
        let ours = path::parse(&text)
            .map(|Path { attribute, condition }| Path { attribute, condition: condition.map(flat) });
        match (ours, their_patch_path(&text)) {
            (Ok(ours), Some(theirs)) => {
                seen.add("both");
                assert_eq!(ours, theirs, "{text}");
            }
            (Ok(Path { attribute, condition }), None) => seen.add(match (unusual(&attribute), condition) {
                (Some(reason), _) => reason,
                (None, Some(condition)) => reason_of_ours(&text, &condition),
                (None, None) => panic!("{text} is an attribute for us alone"),
            }),
            (Err(error), Some(_)) if is_limit(&error) => seen.add("limits"),
            (Err(error), Some(theirs)) => {
                let has_part = text.split('[').next().is_some_and(|before| before.contains('.'));
                if has_part && theirs.condition.is_some() {
                    seen.add("part with elements");
                    continue;
                }
                assert_eq!(flat_path(&tight(&text)).ok(), Some(theirs), "{text}: {error}");
                seen.add("blanks");
            }
            (Err(_), None) => seen.add("neither"),
        }
    }
    seen.expect_all(&["both", "neither"]);
    seen.expect_all(&OURS);
    seen.expect_all(&THEIRS);
}

/// A filter by the grammar, and one of the many ways to write it.
struct Maker(Random);

impl Maker {
    fn name(&mut self) -> AttributePath {
        let names = ["userName", "x509Certificates", "my-attr", "a_b", "and", "pr", "nullish", "t", "urn"];
        let urns = ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:a:b", "x:y.z-1"];
        let rarely = |random: &mut Random, text: String| (random.below(4) == 0).then_some(text);
        let name = self.0.pick(&names).to_owned();
        let urn = self.0.pick(&urns).to_owned();
        let sub = self.0.pick(&names).to_owned();
        AttributePath { urn: rarely(&mut self.0, urn), name, sub: rarely(&mut self.0, sub) }
    }

    fn value(&mut self) -> Value {
        let texts = ["", "ada", "\"quoted\" \\ and )](", "é\u{1F600}\n\t", "2026-03-01T09:00:00Z"];
        match self.0.below(7) {
            0 => Value::Null,
            1 => Value::Bool(self.0.below(2) == 0),
            2 => Value::from(self.0.next() as i64),
            3 => {
                serde_json::from_str(self.0.pick(&["1.5", "-0.25", "1e3", "1.5e-3", "0"])).expect("a number")
            }
            _ => Value::String(self.0.pick(&texts).to_owned()),
        }
    }

    fn filter(&mut self, depth: usize, in_element: bool) -> Filter {
        let choices = if depth == 0 { 2 } else { 6 };
        match self.0.below(choices) {
            0 => Filter::Present(self.name()),
            1 => {
                let keywords = ["eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le"];
                let word = self.0.pick(&keywords);
                let text = format!("a {word} 1");
                let Ok(Filter::Compare(Comparison { operator, .. })) = filter::parse(&text) else {
                    panic!("{text} is a comparison");
                };
                Filter::Compare(Comparison { attribute: self.name(), operator, value: self.value() })
            }
            2 => Filter::Not(Box::new(self.filter(depth - 1, in_element))),
            3 if !in_element => Filter::Element(self.name(), Box::new(self.filter(depth - 1, true))),
            4 => Filter::And(self.filters(depth - 1, in_element)),
            _ => Filter::Or(self.filters(depth - 1, in_element)),
        }
    }

    fn filters(&mut self, depth: usize, in_element: bool) -> Vec<Filter> {
        (0..2 + self.0.below(2)).map(|_| self.filter(depth, in_element)).collect()
    }

    fn blank(&mut self) -> &'static str {
        self.0.pick(&[" ", " ", "  ", "\t"])
    }

    fn cased(&mut self, word: &str) -> String {
        word.chars().map(|c| if self.0.below(3) == 0 { c.to_ascii_uppercase() } else { c }).collect()
    }

    /// One way to write the filter; `or` inside `and` needs parentheses, everything else may have some.
    fn written(&mut self, filter: &Filter, inside_and: bool) -> String {
        let plain = match filter {
            Filter::And(parts) => self.joined(parts, "and"),
            Filter::Or(parts) => self.joined(parts, "or"),
            Filter::Not(inner) => {
                let (word, blank) = (self.cased("not"), self.blank());
                format!("{word}{blank}({})", self.written(inner, false))
            }
            Filter::Present(path) => format!("{path}{}{}", self.blank(), self.cased("pr")),
            Filter::Compare(Comparison { attribute, operator, value }) => {
                let (before, after) = (self.blank(), self.blank());
                format!("{attribute}{before}{}{after}{}", self.cased(operator.keyword()), self.literal(value))
            }
            Filter::Element(path, condition) => format!("{path}[{}]", self.written(condition, false)),
        };
        let needed = inside_and && matches!(filter, Filter::Or(_));
        if needed || self.0.below(8) == 0 { format!("({plain})") } else { plain }
    }

    fn joined(&mut self, parts: &[Filter], word: &str) -> String {
        let mut text = String::new();
        for (index, part) in parts.iter().enumerate() {
            if index > 0 {
                let (before, word, after) = (self.blank(), self.cased(word), self.blank());
                text.extend([before, &word, after]);
            }
            text.push_str(&self.written(part, word == "and"));
        }
        text
    }

    /// JSON, some letters of a text as escapes.
    fn literal(&mut self, value: &Value) -> String {
        let json = value.to_string();
        if value.is_string() && self.0.below(2) == 0 { json.replace('a', "\\u0061") } else { json }
    }
}

#[test]
fn filters_of_the_grammar_are_read_as_they_were_meant() {
    println!("seed {SEED:#x}");
    let mut maker = Maker(Random(SEED));
    let mut read = 0;
    for _ in 0..CASES / 4 {
        let meant = maker.filter(4, false);
        let text = maker.written(&meant, false);
        let ours = match filter::parse(&text) {
            Ok(ours) => flat(ours),
            Err(error) => {
                assert!(is_limit(&error), "{text}: {error}");
                continue;
            }
        };
        read += 1;
        let meant = flat(meant);
        assert_eq!(ours, meant, "{text}");
        assert_eq!(theirs(&text).as_ref(), Some(&meant), "{text}");
    }
    assert!(read > CASES / 5, "only {read} were small enough");
}
