//! Gold labels that are blank, or that never vary.

use super::finding::{Finding, Grade, share};
use super::page::Check;
use crate::case::{Cases, Gold};
use crate::diagnostic::thousands;

/// Share of blank labels above which the rest is a selection.
const MANY_BLANK: f64 = 0.1;

fn each(cases: &Cases, check: Check, of: impl Fn(&Gold) -> Finding) -> Vec<Finding> {
    if cases.gold.is_empty() && cases.intensity.is_none() {
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

/// Cases without a label, or without a number on a dimension.
pub fn missing(cases: &Cases) -> Vec<Finding> {
    let check = Check::GoldMissing;
    let graded = |blank: usize, what: &str| {
        let total = cases.len();
        let grade = match blank {
            0 => return Finding::new(check, Grade::Clear, format!("every case has a {what}")),
            n if n == total => Grade::Problem,
            n if n as f64 > MANY_BLANK * total as f64 => Grade::Warning,
            _ => Grade::Info,
        };
        let sentence = format!("{} have no {what}", share(blank, total, "cases"));
        Finding::new(check, grade, sentence).affects(blank, total)
    };
    let mut findings = each(cases, check, |gold| {
        graded(
            gold.labels.iter().filter(|labels| labels.is_none()).count(),
            "label",
        )
    });
    findings.extend(of_dimensions(cases, |numbers| {
        graded(cases.len() - numbers.len(), "number")
    }));
    findings
}

/// A finding for each dimension, from the numbers that are there.
fn of_dimensions(cases: &Cases, of: impl Fn(&[f64]) -> Finding) -> Vec<Finding> {
    let Some(gold) = &cases.intensity else {
        return Vec::new();
    };
    let dimensions = gold.scheme.labels.iter().zip(&gold.dimensions);
    dimensions
        .map(|(label, dimension)| {
            let numbers: Vec<f64> = dimension.values.iter().copied().flatten().collect();
            of(&numbers).about(format!("{}: {}", gold.scheme.name, label.name))
        })
        .collect()
}

/// One label only, or one number.
pub fn constant(cases: &Cases) -> Vec<Finding> {
    let check = Check::GoldConstant;
    let mut findings = each(cases, check, |gold| {
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
    });
    findings.extend(of_dimensions(cases, |numbers| match numbers {
        [] => Finding::new(check, Grade::Unchecked, "no case has a number"),
        [first, rest @ ..] if rest.iter().any(|number| number != first) => {
            Finding::new(check, Grade::Clear, "numbers vary")
        }
        [first, ..] => {
            let n = thousands(numbers.len() as u64);
            let sentence = format!("every case with a number ({n}) has {first}");
            Finding::new(check, Grade::Warning, sentence)
        }
    }));
    findings
}
