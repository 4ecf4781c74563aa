//! Reads a policy and notes every problem with its place.

use std::cell::RefCell;

use super::gate::{check_gate, read_gate};
use super::scope::{CONTEXTS, read_rule};
use super::waiver::{read_budget, read_waivers};
use super::{Clause, Evidence, Gate, Policy, RESERVED, Reliability};
use crate::diagnostic::{Place, Problem, Problems, expected_one_of, quote};
use crate::digest::sha256;
use crate::document::{self, Fields};
use crate::measure::{Measure, pages};

impl Policy {
    /// Reads a policy: Markdown with `toml` blocks, or plain TOML where the file is named so.
    ///
    /// # Errors
    /// Every problem of the policy, with line and column.
    pub fn parse(file: &str, text: &str) -> Result<Policy, Problems> {
        let table = if file.ends_with(".toml") {
            document::parse(file, text)?
        } else {
            document::parse_markdown(file, text)?
        };
        let problems = RefCell::new(Problems::new());
        let fields = Fields::new(&table, &problems);
        let policy = read_policy(&fields, file, text);
        fields.finish();
        problems.into_inner().or(policy)
    }
}

fn read_policy(fields: &Fields<'_>, file: &str, text: &str) -> Policy {
    let (name, version, context) = match fields.table("policy") {
        Some(about) => {
            let (name, version) = (about.required_text("name"), about.required_text("version"));
            let context = about.choice("context", &CONTEXTS);
            about.finish();
            (name, version, context)
        }
        None => {
            fields.missing("policy", "a block with name and version");
            (String::new(), String::new(), None)
        }
    };
    let evidence = read_evidence(fields);
    let mut gates: Vec<Gate> = Vec::new();
    for table in fields.tables("gate") {
        let gate = read_gate(&table, &evidence);
        check_gate(&table, &gate);
        if gates.iter().any(|known| known.id == gate.id) {
            table.problem(
                Problem::new(
                    "policy/duplicate-gate",
                    table.place_of("id"),
                    format!("two gates are named {}", quote(&gate.id)),
                )
                .help("give each gate an id of its own"),
            );
        }
        if RESERVED.contains(&gate.id.as_str()) {
            table.problem(
                Problem::new(
                    "policy/reserved-gate",
                    table.place_of("id"),
                    format!(
                        "findings of the program itself are named {}",
                        quote(&gate.id)
                    ),
                )
                .help("give the gate another id"),
            );
        }
        table.finish();
        gates.push(gate);
    }
    if gates.is_empty() {
        fields.problem(
            Problem::new(
                "policy/no-gate",
                Place::file(file),
                "the policy has no gate",
            )
            .help("write at least one [[gate]] in a fenced toml block"),
        );
    }
    Policy {
        name,
        version,
        file: file.to_owned(),
        digest: sha256([text.as_bytes()]),
        context,
        locked: None,
        scopes: fields.tables("scope").into_iter().map(read_rule).collect(),
        reliability: read_reliability(fields, &evidence),
        clauses: fields
            .tables("clause")
            .into_iter()
            .map(|clause| read_clause(clause, &gates))
            .collect(),
        waivers: read_waivers(fields),
        most_waivers: read_budget(fields),
        evidence,
        gates,
    }
}

fn read_evidence(fields: &Fields<'_>) -> Evidence {
    let mut evidence = Evidence {
        level: 0.95,
        min_n: 30,
        suppress_below: 10,
    };
    if let Some(table) = fields.table("evidence") {
        evidence.level = table
            .number_within("level", 0.5, 0.9999)
            .unwrap_or(evidence.level);
        evidence.min_n = table.count("min_n").unwrap_or(evidence.min_n);
        evidence.suppress_below = table
            .count("suppress_below")
            .unwrap_or(evidence.suppress_below);
        table.finish();
    }
    evidence
}

fn read_reliability(fields: &Fields<'_>, evidence: &Evidence) -> Reliability {
    let mut reliability = Reliability {
        measure: Measure::Skill,
        reliable: 0.6,
        limited: 0.4,
        min_n: evidence.min_n,
        ceiling: 0.4,
        calibration: 0.1,
        flip_rate: 0.1,
        difference: 0.1,
    };
    let Some(table) = fields.table("reliability") else {
        return reliability;
    };
    // Only what is measured of labels and of groups alike can carry a verdict.
    let labelled: Vec<(&'static str, Measure)> = [Measure::Skill, Measure::Recall]
        .into_iter()
        .map(|measure| (measure.id(), measure))
        .collect();
    reliability.measure = table
        .choice("measure", &labelled)
        .unwrap_or(reliability.measure);
    // Below 0 lies what is worse than guessing, and what no share can be: everything would be reliable.
    let (_, most) = reliability.measure.page().range;
    reliability.reliable = table
        .number_within("reliable", 0.0, most)
        .unwrap_or(reliability.reliable);
    reliability.limited = table
        .number_within("limited", 0.0, most)
        .unwrap_or(reliability.limited);
    reliability.min_n = table.count("min_n").unwrap_or(reliability.min_n);
    reliability.ceiling = table
        .number_within("ceiling", -1.0, 1.0)
        .unwrap_or(reliability.ceiling);
    reliability.calibration = table
        .number_within("calibration", 0.0, 1.0)
        .unwrap_or(reliability.calibration);
    reliability.flip_rate = table
        .number_within("flip_rate", 0.0, 1.0)
        .unwrap_or(reliability.flip_rate);
    reliability.difference = table
        .number_within("difference", 0.0, 2.0)
        .unwrap_or(reliability.difference);
    if reliability.limited > reliability.reliable {
        let message = format!(
            "limited is {} and reliable is {}",
            reliability.limited, reliability.reliable
        );
        table.problem(
            Problem::new("policy/reliability", table.place_of("limited"), message)
                .help("reliable must ask at least as much as limited"),
        );
    }
    table.finish();
    reliability
}

fn read_clause(table: Fields<'_>, gates: &[Gate]) -> Clause {
    let evidence = table.placed_texts("evidence");
    for (name, place) in &evidence {
        if Measure::parse(name).is_none() && !gates.iter().any(|gate| gate.id == *name) {
            let mut known: Vec<&str> = gates.iter().map(|gate| gate.id.as_str()).collect();
            known.extend(pages().map(|(_, page)| page.id));
            known.sort_unstable();
            known.dedup();
            table.problem(
                Problem::new(
                    "policy/unknown-evidence",
                    place.clone(),
                    format!("{} is neither a gate nor a measure", quote(name)),
                )
                .help(expected_one_of(name, &known)),
            );
        }
    }
    let clause = Clause {
        id: table.required_text("id"),
        title: table.required_text("title"),
        applies_from: date(&table, "applies_from"),
        note: table.text("note").unwrap_or_default(),
        evidence: evidence.into_iter().map(|(name, _)| name).collect(),
    };
    table.finish();
    clause
}

/// A date as `YYYY-MM-DD`, or nothing.
pub(super) fn date(table: &Fields<'_>, key: &'static str) -> String {
    let text = table.text(key).unwrap_or_default();
    // Dates are compared as text, so they must all be written alike.
    let written = text.len() == 10 && text.parse::<jiff::civil::Date>().is_ok();
    if !text.is_empty() && !written {
        table.problem(
            Problem::new(
                "policy/date",
                table.place_of(key),
                format!("{key} is {}", quote(&text)),
            )
            .help("expected a date such as \"2027-03-31\""),
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::super::{DEFAULT, DEFAULT_NAME};
    use super::*;

    #[test]
    fn the_default_policy_is_valid() {
        let policy =
            Policy::parse(DEFAULT_NAME, DEFAULT).unwrap_or_else(|problems| panic!("{problems}"));
        assert!(policy.gates.len() >= 8);
        assert!(policy.clauses.len() >= 15);
    }

    #[test]
    fn every_problem_has_its_line_and_a_way_out() {
        let text = "# P\n```toml\n[policy]\nname = \"x\"\nversion = \"1\"\n[[gate]]\nid = \"a\"\nmeasure = \"skil\"\nby = \"overall\"\nmin = 0.4\nmax = 0.5\nmin_m = 3\n```\n";
        let problems = Policy::parse("p.md", text).expect_err("three problems");
        let shown: Vec<String> = problems
            .iter()
            .map(|problem| format!("{} {}", problem.code, problem.place))
            .collect();
        assert_eq!(
            shown,
            [
                "toml/unknown-value p.md:8:11 (measure)",
                "policy/bound p.md:6:1 (min, max, within)",
                "toml/unknown-key p.md:12:1 (min_m)",
            ]
        );
        assert!(problems.to_string().contains("did you mean skill?"));
        assert!(problems.to_string().contains("did you mean min_n?"));
    }
}
