//! Rules as text, as JSON and as trees.

use cohort_core::attribute::{FieldType, Profile, Registry, Text};
use cohort_core::id::Instant;
use cohort_core::limits::{RULE_BYTES_MAX, RULE_CONDITIONS_MAX};
use cohort_core::rule::form::RuleForm;
use cohort_core::rule::{Condition, Rule, Subject, Truth, Value};

use super::choices::Choices;
use super::form;
use super::plain::{self, LOWEST, Line};
use crate::build::fold;

/// Bytes of a message beyond those of the input that it repeats.
const MESSAGE_BYTES: usize = 512;

/// Moments that every rule is asked about, beside those around its own bounds: the epoch and 2026-03-01T09:00:00Z.
const MOMENTS: [i64; 4] = [-1, 0, 86_399_999, crate::random::NOW];

/// Bounds of a rule that are looked at closely.
const BOUNDS_MAX: usize = 24;

/// Custom attributes of every type; others are of any.
fn registry() -> Registry {
    let mut registry = Registry::new();
    for (name, kind) in [
        ("level", FieldType::Number),
        ("hired", FieldType::Date),
        ("remote", FieldType::Boolean),
        ("mentor", FieldType::Reference),
        ("color", FieldType::Choice(&["red", "green"])),
    ] {
        registry.declare(name, kind);
    }
    registry
}

/// The bytes as rule text.
pub(super) fn text(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let registry = registry();
    match Rule::parse_with(&text, &registry, fold) {
        Ok(rule) => check(&rule, &registry),
        Err(error) => {
            assert!(error.at <= text.len(), "error beyond the text: {error}");
            check_message(&error.to_string(), text.len());
        }
    }
}

/// The bytes as JSON when they begin like it, else as choices of a form that is nearly right.
pub(super) fn json(data: &[u8]) {
    let written;
    let json = match data.first() {
        Some(b'{' | b'[' | b'"' | b' ') => data,
        _ => {
            written = form::json(&mut Choices::new(data));
            written.as_bytes()
        }
    };
    read_form(json);
    read_tree(json);
}

fn read_form(json: &[u8]) {
    let registry = registry();
    let form: RuleForm = match serde_json::from_slice(json) {
        Ok(form) => form,
        Err(error) => return check_message(&error.to_string(), json.len()),
    };
    match form.rule(&registry, fold) {
        Ok(rule) => check(&rule, &registry),
        Err(error) => {
            assert!((1..=json.len()).contains(&error.condition), "condition {}", error.condition);
            check_message(&error.to_string(), json.len());
        }
    }
}

/// A tree as a directory keeps it may have been written by anybody; what is taken can be used and kept again.
fn read_tree(json: &[u8]) {
    let Ok(rule) = serde_json::from_slice::<Rule>(json) else { return };
    assert!(rule.conditions().count() <= RULE_CONDITIONS_MAX, "{rule:?}");
    let _ = (rule.to_text(), rule.fields().count(), rule.managers().count(), rule.groups().count());
    check_kept(&rule);
}

fn check_message(message: &str, input_bytes: usize) {
    assert!(!message.is_empty(), "an error without words");
    // A bad character is repeated in its escaped form.
    assert!(message.len() <= 2 * input_bytes + MESSAGE_BYTES, "{} bytes: {message}", message.len());
}

/// All forms of a rule lead back to it, and it holds when its tree says so.
fn check(rule: &Rule, registry: &Registry) {
    let text = rule.to_text();
    assert!(text.len() <= 2 * RULE_BYTES_MAX, "canonical text of {} bytes", text.len());
    let again = Rule::parse_with(&text, registry, fold);
    assert_eq!(again.as_ref(), Ok(rule), "{text}");
    assert_eq!(again.map(|rule| rule.to_text()), Ok(text), "canonical text is not its own");
    check_form(rule, registry);
    check_kept(rule);
    check_moments(rule, &Profile::new());
    check_moments(rule, &profile_of(rule));
}

fn check_form(rule: &Rule, registry: &Registry) {
    let json = serde_json::to_string(&RuleForm::from(rule)).unwrap_or_default();
    let form = serde_json::from_str::<RuleForm>(&json);
    assert!(form.is_ok(), "{form:?}: {json}");
    let again = form.ok().map(|form| form.rule(registry, fold));
    assert_eq!(again, Some(Ok(rule.clone())), "{json}");
}

fn check_kept(rule: &Rule) {
    let kept = serde_json::to_string(rule).unwrap_or_default();
    let again = serde_json::from_str::<Rule>(&kept).map_err(|error| error.to_string());
    assert_eq!(again.as_ref(), Ok(rule), "{kept}");
}

/// A profile in which about half of what the rule compares is met.
fn profile_of(rule: &Rule) -> Profile {
    let mut profile = Profile::new();
    for (at, condition) in rule.conditions().enumerate() {
        let Condition::Compare(comparison) = condition else { continue };
        let mut values = profile.values(&comparison.field).to_vec();
        match comparison.values.get(at % comparison.values.len().max(1)) {
            Some(Value::Text(wanted)) if at % 2 == 0 => values.push(wanted.clone()),
            Some(Value::Text(_)) | None => values.push(Text::folded_by("7", fold)),
            Some(Value::Now { .. }) => values.push(Text::folded_by("2026-03-01T09:00:00Z", fold)),
        }
        profile.set(&comparison.field, values);
    }
    profile
}

fn check_moments(rule: &Rule, profile: &Profile) {
    let subject = Subject { user: LOWEST, profile, around: &Line };
    let verdict = rule.verdict(&subject);
    let times = verdict.times();
    let bounds = times.spans().iter().flat_map(|span| [span.from(), span.until()]).take(BOUNDS_MAX);
    let bounds = bounds.filter(|bound| *bound != Instant::MIN && *bound != Instant::MAX);
    let near = bounds.flat_map(|bound| [-1, 0, 1].map(|millis| bound.plus_millis(millis).as_millis()));
    for at in near.chain(MOMENTS) {
        let moment = Instant::from_millis(at);
        let found = verdict.at(moment);
        assert_eq!(found, plain::truth(rule.root(), profile, at), "{rule} at {at} of {profile:?}");
        assert_eq!(found, rule.evaluate(&subject, moment), "{rule} at {at}");
        assert_eq!(found == Truth::True, times.contain(moment), "{rule} at {at}");
    }
}
