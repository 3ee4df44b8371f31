//! Faults of explanations.

use crate::mutants::fault::Fault;

const EXPLAIN: &str = "core/src/explain.rs";
const SEARCH: &str = "core/src/explain/search.rs";

pub(super) const FAULTS: &[Fault] = &[
    Fault {
        name: "miss-below-a-deny",
        file: SEARCH,
        text: " || is_denied_in(self.state, self.asked, group)",
        replacement: "",
        means: "a near miss is shown that a deny would void",
    },
    Fault {
        name: "miss-past-an-exclusion",
        file: SEARCH,
        text: "via == Via::Rule || ",
        replacement: "",
        means: "a rule that does not admit the user is shown as a near miss",
    },
    Fault {
        name: "explanation-walks-circles",
        file: SEARCH,
        text: "if one == group {",
        replacement: "if false {",
        means: "paths of an explanation run in circles",
    },
    Fault {
        name: "explanation-sorts-by-kind-first",
        file: SEARCH,
        text: "push_number(key, [0, groups.len() as u64]);\n        key.push(",
        replacement: "key.push(",
        means: "the path shown first is not the shortest",
    },
    Fault {
        name: "two-things-amiss",
        file: SEARCH,
        text: "if self.kind == Kind::Nothing { kind } else { Kind::Several };",
        replacement: "if self.kind == Kind::Nothing { kind } else { self.kind };",
        means: "a near miss is shown that would not be enough",
    },
    Fault {
        name: "grant-with-two-things-amiss",
        file: SEARCH,
        text: "            amiss.add(Kind::OtherScope, grant.scope());",
        replacement: "            return amiss.add(Kind::OtherScope, grant.scope());",
        means: "a grant elsewhere that has ended is shown as a near miss",
    },
    Fault {
        name: "ended-grant-yet-to-come",
        file: SEARCH,
        text: "if span.until() <= at {",
        replacement: "if span.until() < at {",
        means: "a grant that ends now is shown as one that will begin",
    },
    Fault {
        name: "asserted-condition-is-missed",
        file: SEARCH,
        text: "let mut lacking = self.asked.lacking(grant);",
        replacement: "let mut lacking = grant.requires();",
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
