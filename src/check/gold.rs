//! Gold labels that are blank, or that never vary.

use super::finding::{Finding, Grade, share};
use super::page::Check;
use crate::case::{Cases, Gold};
use crate::diagnostic::thousands;

/// Share of blank labels above which the rest is a selection.
const MANY_BLANK: f64 = 0.1;

fn each(cases: &Cases, check: Check, of: impl Fn(&Gold) -> Finding) -> Vec<Finding> {
    if cases.gold.is_empty() {
        return vec![Finding::new(
            check,
            Grade::Unchecked,
            "the card declares no task, so that nothing but counterfactual sets can be audited",
        )];
    }
    cases
        .gold
        .iter()
        .map(|gold| of(gold).about(gold.scheme.task.as_str()))
        .collect()
}

/// Cases without a label.
pub fn missing(cases: &Cases) -> Vec<Finding> {
    let check = Check::GoldMissing;
    each(cases, check, |gold| {
        let total = gold.labels.len();
        let blank = gold.labels.iter().filter(|labels| labels.is_none()).count();
        let grade = match blank {
            0 => return Finding::new(check, Grade::Clear, "every case has a label"),
            n if n == total => Grade::Problem,
            n if n as f64 > MANY_BLANK * total as f64 => Grade::Warning,
            _ => Grade::Info,
        };
        Finding::new(
            check,
            grade,
            format!("{} have no label", share(blank, total, "cases")),
        )
        .affects(blank, total)
    })
}

/// One label only.
pub fn constant(cases: &Cases) -> Vec<Finding> {
    let check = Check::GoldConstant;
    each(cases, check, |gold| {
        let mut labelled = gold.labels.iter().flatten();
        let Some(first) = labelled.next() else {
            return Finding::new(check, Grade::Unchecked, "no case has a label");
        };
        if labelled.any(|labels| labels != first) {
            return Finding::new(check, Grade::Clear, "labels vary");
        }
        let names: Vec<&str> = first
            .iter()
            .map(|label| gold.scheme.labels[label].name.as_str())
            .collect();
        let name = if names.is_empty() {
            "no label at all".to_owned()
        } else {
            names.join(" and ")
        };
        let n = gold.labels.iter().flatten().count();
        Finding::new(
            check,
            Grade::Warning,
            format!(
                "every labelled case ({}) carries {name}",
                thousands(n as u64)
            ),
        )
    })
}
