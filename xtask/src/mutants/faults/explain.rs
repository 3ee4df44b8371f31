//! Faults of explanations.

use crate::mutants::fault::Fault;

const EXPLAIN: &str = "core/src/explain.rs";

pub(super) const FAULTS: &[Fault] = &[
    Fault {
        name: "miss-below-a-deny",
        file: EXPLAIN,
        text: " || is_denied_in(self.state, self.asked, group)",
        replacement: "",
        means: "a near miss is shown that a deny would void",
    },
    Fault {
        name: "miss-past-an-exclusion",
        file: EXPLAIN,
        text: "via == Via::Rule || ",
        replacement: "",
        means: "a rule that does not admit the user is shown as a near miss",
    },
    Fault {
        name: "explanation-walks-circles",
        file: EXPLAIN,
        text: "if trail.groups.contains(&group) {",
        replacement: "if false {",
        means: "paths of an explanation run in circles",
    },
    Fault {
        name: "explanation-sorts-by-kind-first",
        file: EXPLAIN,
        text: "(path.groups.len(), path.entry, path_names",
        replacement: "(path.entry, path.groups.len(), path_names",
        means: "the path shown first is not the shortest",
    },
    Fault {
        name: "two-things-amiss",
        file: EXPLAIN,
        text: "(Some(_), Some(_)) => None,",
        replacement: "(Some(before), Some(_)) => Some(Some(before.clone())),",
        means: "a near miss is shown that would not be enough",
    },
    Fault {
        name: "grant-with-two-things-amiss",
        file: EXPLAIN,
        text: "(_, Some(_)) => None,",
        replacement: "(first, Some(_)) => Some(first),",
        means: "a grant elsewhere that has ended is shown as a near miss",
    },
    Fault {
        name: "ended-grant-yet-to-come",
        file: EXPLAIN,
        text: "span if span.until() <= at => Some(Miss::ExpiredGrant(role)),",
        replacement: "span if span.until() < at => Some(Miss::ExpiredGrant(role)),",
        means: "a grant that ends now is shown as one that will begin",
    },
    Fault {
        name: "asserted-condition-is-missed",
        file: EXPLAIN,
        text: "names(grant.requires() & !self.asked.asserted)",
        replacement: "names(grant.requires())",
        means: "a condition that the caller asserted is shown as missing",
    },
    Fault {
        name: "explanation-ends-early",
        file: EXPLAIN,
        text: "if later.outcome != decision.outcome {",
        replacement: "if true {",
        means: "an explanation ends at a bound that changes nothing",
    },
];
