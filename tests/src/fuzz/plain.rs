//! What a rule says of one user at one moment, found the plain way: node by node, without spans.

use cohort_core::attribute::{Profile, Text};
use cohort_core::id::{Instant, Span, UserId};
use cohort_core::rule::{
    Comparison, Condition, Manager, Node, Operator, Quantifier, Surroundings, Truth, Value,
};
use cohort_core::times::Times;

/// Who is asked about: the lowest of a line of managers.
pub(super) const LOWEST: UserId = UserId::from_u128(1);

/// Managers above [`LOWEST`]; the last has none.
const MANAGERS: u128 = 3;

/// Milliseconds that a membership lasts for each byte of the group's name.
const MEMBER_MILLIS: i64 = 86_400_000;

/// A line of managers `u1` below `u2` below `u3`, of whom everybody is in groups for as long as their names say.
pub(super) struct Line;

impl Surroundings for Line {
    fn manager(&self, user: UserId) -> Manager {
        let above = user.as_u128() + 1;
        if above > MANAGERS { Manager::None } else { Manager::User(UserId::from_u128(above)) }
    }

    fn names_anybody(&self, reference: &Text) -> bool {
        reference.folded.starts_with('u')
    }

    fn is_named(&self, user: UserId, reference: &Text) -> bool {
        reference.folded == format!("u{}", user.as_u128())
    }

    fn times_in(&self, _: UserId, group: &Text) -> Times {
        Times::of(member_span(group))
    }
}

/// When everybody is in `group`: never if its name is as long as an even number.
fn member_span(group: &Text) -> Option<Span> {
    let bytes = i64::try_from(group.folded.len()).unwrap_or_default();
    let until = Instant::from_millis(bytes * MEMBER_MILLIS);
    Span::new(Some(Instant::from_millis(0)), Some(until)).ok().filter(|_| bytes % 2 == 1)
}

/// What `node` says of [`LOWEST`] with this profile, among [`Line`], at `at`.
pub(super) fn truth(node: &Node, profile: &Profile, at: i64) -> Truth {
    match node {
        Node::All(parts) => parts.iter().map(|part| truth(part, profile, at)).min().unwrap_or(Truth::True),
        Node::Any(parts) => parts.iter().map(|part| truth(part, profile, at)).max().unwrap_or(Truth::False),
        Node::Not(part) => opposite(truth(part, profile, at)),
        Node::Condition(Condition::Compare(comparison)) => compared(comparison, profile, at),
        Node::Condition(Condition::ReportsTo { manager, deep }) => reports(manager, *deep),
        Node::Condition(Condition::MemberOf(groups)) => {
            let mut spans = groups.iter().filter_map(member_span);
            Truth::of(spans.any(|span| span.contains(Instant::from_millis(at))))
        }
    }
}

const fn opposite(truth: Truth) -> Truth {
    match truth {
        Truth::True => Truth::False,
        Truth::Unknown => Truth::Unknown,
        Truth::False => Truth::True,
    }
}

fn reports(manager: &Text, deep: bool) -> Truth {
    if !manager.folded.starts_with('u') {
        return Truth::Unknown;
    }
    let last = if deep { MANAGERS } else { 2 };
    Truth::of((2..=last).any(|above| manager.folded == format!("u{above}")))
}

fn compared(comparison: &Comparison, profile: &Profile, at: i64) -> Truth {
    let Comparison { field, quantifier, operator, values, negated } = comparison;
    let found = profile.values(field);
    if *operator == Operator::IsNull {
        return Truth::of(found.is_empty() != *negated);
    }
    let each = found.iter().map(|found| {
        let any = values.iter().map(|wanted| related(*operator, found, wanted, at)).max();
        let any = any.unwrap_or(Truth::False);
        if *negated { opposite(any) } else { any }
    });
    let combined = match quantifier {
        Quantifier::Any => each.max(),
        Quantifier::All => each.min(),
    };
    combined.unwrap_or(Truth::Unknown)
}

fn related(operator: Operator, found: &Text, wanted: &Value, at: i64) -> Truth {
    let wanted = match wanted {
        Value::Text(wanted) => wanted,
        Value::Now { offset_millis } => {
            return related_to_now(operator, found, at.saturating_add(*offset_millis));
        }
    };
    match operator {
        Operator::Equal => Truth::of(found.folded == wanted.folded),
        Operator::EqualExact => Truth::of(found.original == wanted.original),
        Operator::Contains => Truth::of(found.folded.contains(&wanted.folded)),
        Operator::StartsWith => Truth::of(found.folded.starts_with(&wanted.folded)),
        Operator::EndsWith => Truth::of(found.folded.ends_with(&wanted.folded)),
        Operator::IsNull => Truth::False,
        order => match (number(&found.original), number(&wanted.original)) {
            (Some(found), Some(wanted)) => ordered(order, found.partial_cmp(&wanted)),
            (None, None) => {
                let dates =
                    (cohort_oracle::instant(&found.original), cohort_oracle::instant(&wanted.original));
                ordered(order, dates.0.zip(dates.1).map(|(found, wanted)| found.cmp(&wanted)))
            }
            _ => Truth::Unknown,
        },
    }
}

fn related_to_now(operator: Operator, found: &Text, now: i64) -> Truth {
    let Some(found) = cohort_oracle::instant(&found.original) else { return Truth::Unknown };
    match operator {
        Operator::Equal | Operator::EqualExact => Truth::of(found == now),
        order => ordered(order, Some(found.cmp(&now))),
    }
}

fn number(text: &str) -> Option<f64> {
    text.parse().ok().filter(|number: &f64| number.is_finite())
}

fn ordered(operator: Operator, order: Option<std::cmp::Ordering>) -> Truth {
    let Some(order) = order else { return Truth::Unknown };
    Truth::of(match operator {
        Operator::Less => order.is_lt(),
        Operator::AtMost => order.is_le(),
        Operator::Greater => order.is_gt(),
        _ => order.is_ge(),
    })
}
