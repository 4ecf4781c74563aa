//! How often each label occurs.

use super::finding::{Finding, Grade, Table, Value, listed, percent};
use super::page::Check;
use crate::case::{Cases, Gold};
use crate::diagnostic::thousands;
use crate::measure::Rules;

/// Share of one label or group above which the rest hardly counts.
pub const NEARLY_ALL: f64 = 0.9;

/// How many cases carry each label, in the order of the scheme.
pub fn label_sizes(gold: &Gold) -> Vec<u64> {
    let mut sizes = vec![0; gold.scheme.labels.len()];
    for label in gold
        .labels
        .iter()
        .flatten()
        .flat_map(|labels| labels.iter())
    {
        sizes[label] += 1;
    }
    sizes
}

/// How often each label occurs, task by task.
pub fn labels(cases: &Cases, rules: &Rules) -> Vec<Finding> {
    let check = Check::LabelBalance;
    let findings: Vec<Finding> = cases
        .gold
        .iter()
        .map(|gold| of_task(gold, rules).about(gold.scheme.task.as_str()))
        .collect();
    if findings.is_empty() {
        return vec![Finding::new(
            check,
            Grade::Unchecked,
            "the card declares no task with labels",
        )];
    }
    findings
}

fn of_task(gold: &Gold, rules: &Rules) -> Finding {
    let check = Check::LabelBalance;
    let labelled = gold.labels.iter().flatten().count();
    if labelled == 0 {
        return Finding::new(check, Grade::Unchecked, "no case has a label");
    }
    let sizes = label_sizes(gold);
    let mut table = Table::new(&[
        ("label", "label"),
        ("cases", "cases"),
        ("share", "share"),
        ("lacking", "lacking"),
    ]);
    let mut rare: Vec<(u64, String)> = Vec::new();
    let mut never: Vec<String> = Vec::new();
    for (label, &size) in gold.scheme.labels.iter().zip(&sizes) {
        let lacking = rules.min_n.saturating_sub(size);
        if size == 0 {
            never.push(label.name.clone());
        } else if lacking > 0 {
            rare.push((size, format!("{} ({})", label.name, thousands(size))));
        }
        table.row(vec![
            label.name.as_str().into(),
            size.into(),
            Value::Text(percent(size as usize, labelled)),
            lacking.into(),
        ]);
    }
    rare.sort();
    let most = (0..sizes.len()).max_by_key(|place| (sizes[*place], std::cmp::Reverse(*place)));
    let mut sentence = most.map_or(String::new(), |place| {
        format!(
            "the most frequent of {} labels is {} ({})",
            sizes.len(),
            gold.scheme.labels[place].name,
            percent(sizes[place] as usize, labelled)
        )
    });
    if !rare.is_empty() {
        let rare: Vec<String> = rare.into_iter().map(|(_, name)| name).collect();
        sentence.push_str(&format!(
            "; fewer than {} cases: {}",
            rules.min_n,
            listed(&rare)
        ));
    }
    if !never.is_empty() {
        sentence.push_str(&format!("; without a case: {}", listed(&never)));
    }
    let enough = sizes.iter().all(|size| *size >= rules.min_n);
    let one_sided = sizes
        .iter()
        .any(|size| *size as f64 > NEARLY_ALL * labelled as f64);
    let grade = if one_sided || !enough {
        Grade::Warning
    } else {
        Grade::Info
    };
    Finding::new(check, grade, sentence).table(table)
}
