//! How large the groups are, which are too small for any claim, and which labels are rare within them.

use super::balance::{NEARLY_ALL, label_sizes};
use super::columns::looks_like_a_name;
use super::finding::{Finding, Grade, Table, Value, listed, percent};
use super::page::Check;
use crate::attribute::Blank;
use crate::case::{Cases, Gold, Names};
use crate::diagnostic::thousands;
use crate::measure::Rules;

/// What is said of groups that are not named.
fn unnamed(attribute: &str, groups: usize, rules: &Rules) -> String {
    if looks_like_a_name(attribute) {
        format!("({groups} not named: they may be people)")
    } else {
        format!("({groups} under {} cases, not named)", rules.suppress_below)
    }
}

fn counted(cases: u64) -> String {
    let plural = if cases == 1 { "" } else { "s" };
    format!("{} case{plural}", thousands(cases))
}

fn none(check: Check, cases: &Cases) -> Finding {
    let sentence = match cases.rater_attributes.is_empty() {
        true => "the card declares no attribute",
        false => "the card declares no attribute of cases",
    };
    Finding::new(check, Grade::Unchecked, sentence)
}

/// How large the groups of each attribute are.
pub fn balance(cases: &Cases, rules: &Rules) -> Vec<Finding> {
    let check = Check::GroupBalance;
    if cases.attributes.is_empty() {
        return vec![none(check, cases)];
    }
    cases
        .attributes
        .iter()
        .map(|(attribute, names)| {
            let sizes = names.sizes();
            let known: u64 = sizes.iter().sum();
            let blank = names.codes().len() as u64 - known;
            let largest = sizes.iter().copied().max().unwrap_or(0);
            let mut table = Table::new(&[
                ("group", "group"),
                ("cases", "cases"),
                ("share", "share of known"),
            ]);
            let mut order: Vec<usize> = (0..sizes.len()).collect();
            order.sort_by_key(|place| (std::cmp::Reverse(sizes[*place]), *place));
            let (mut hidden, mut hidden_cases) = (0, 0);
            for place in order {
                let size = sizes[place];
                if size < rules.suppress_below || looks_like_a_name(&attribute.name) {
                    hidden += 1;
                    hidden_cases += size;
                    continue;
                }
                table.row(vec![
                    names.names()[place].as_str().into(),
                    size.into(),
                    Value::Text(percent(size as usize, known as usize)),
                ]);
            }
            if hidden > 0 {
                table.row(vec![
                    Value::Text(unnamed(&attribute.name, hidden, rules)),
                    hidden_cases.into(),
                    Value::Text(percent(hidden_cases as usize, known as usize)),
                ]);
            }
            let missing = blank > 0 && attribute.blank == Blank::Missing;
            let warn = sizes.len() > 1 && largest as f64 > NEARLY_ALL * known as f64
                || missing && blank * 2 > names.codes().len() as u64;
            let blanks = match (blank, attribute.blank) {
                (0, _) => String::new(),
                (n, Blank::Missing) => format!("; not recorded in {}", counted(n)),
                (n, Blank::NotStated) => format!("; not stated in {}", counted(n)),
                (n, Blank::ByDesign) => {
                    format!("; does not apply, on purpose, to {}", counted(n))
                }
            };
            Finding::new(
                check,
                if warn { Grade::Warning } else { Grade::Info },
                format!(
                    "{} group{}, the largest with {} of {} known cases ({}){blanks}",
                    thousands(sizes.len() as u64),
                    if sizes.len() == 1 { "" } else { "s" },
                    thousands(largest),
                    thousands(known),
                    percent(largest as usize, known as usize),
                ),
            )
            .about(&attribute.name)
            .table(table)
        })
        .collect()
}

/// Groups that no claim can rest on, and what they lack.
pub fn small(cases: &Cases, rules: &Rules) -> Finding {
    let check = Check::SmallGroups;
    if cases.attributes.is_empty() {
        return none(check, cases);
    }
    let mut table = Table::new(&[
        ("attribute", "attribute"),
        ("group", "group"),
        ("cases", "cases"),
        ("lacking", "lacking"),
    ]);
    let (mut all, mut small, mut lacking) = (0, 0, 0);
    let mut named = Vec::new();
    for (attribute, names) in &cases.attributes {
        let (mut hidden, mut hidden_cases, mut hidden_lacking) = (0, 0, 0);
        for (name, size) in names.names().iter().zip(names.sizes()) {
            all += 1;
            if size >= rules.min_n {
                continue;
            }
            small += 1;
            lacking += rules.min_n - size;
            if size < rules.suppress_below || looks_like_a_name(&attribute.name) {
                hidden += 1;
                hidden_cases += size;
                hidden_lacking += rules.min_n - size;
                continue;
            }
            named.push(format!(
                "{} {name} (lacks {})",
                attribute.name,
                thousands(rules.min_n - size)
            ));
            table.row(vec![
                attribute.name.as_str().into(),
                name.as_str().into(),
                size.into(),
                (rules.min_n - size).into(),
            ]);
        }
        if hidden > 0 {
            table.row(vec![
                attribute.name.as_str().into(),
                Value::Text(unnamed(&attribute.name, hidden, rules)),
                Value::Count(hidden_cases),
                Value::Count(hidden_lacking),
            ]);
        }
    }
    if small == 0 {
        return Finding::new(
            check,
            Grade::Clear,
            format!("all {all} groups have at least {} cases", rules.min_n),
        );
    }
    let among = if named.is_empty() {
        String::new()
    } else {
        format!(", among them {}", listed(&named))
    };
    let sentence = format!(
        "{} of {} groups have fewer than {} cases; together they lack {}{among}",
        thousands(small),
        thousands(all),
        rules.min_n,
        thousands(lacking)
    );
    Finding::new(check, Grade::Warning, sentence)
        .affects(small as usize, all as usize)
        .table(table)
}

/// Pairs of a label and a group that are too rare to compare.
pub fn labels_by_group(cases: &Cases, rules: &Rules) -> Finding {
    let check = Check::LabelByGroup;
    if cases.attributes.is_empty() {
        return none(check, cases);
    }
    if cases.gold.is_empty() {
        return Finding::new(
            check,
            Grade::Unchecked,
            "the card declares no task with labels",
        );
    }
    let mut table = Table::new(&[
        ("task", "task"),
        ("attribute", "attribute"),
        ("pairs", "pairs"),
        ("small", "under min_n"),
        ("absent", "of these without a case"),
    ]);
    let (mut all, mut short) = (0, 0);
    for gold in &cases.gold {
        for (attribute, names) in &cases.attributes {
            let pairs = pair_sizes(gold, names, rules);
            let small = pairs.iter().filter(|size| **size < rules.min_n).count() as u64;
            let absent = pairs.iter().filter(|size| **size == 0).count() as u64;
            all += pairs.len() as u64;
            short += small;
            if !pairs.is_empty() {
                table.row(vec![
                    gold.scheme.task.as_str().into(),
                    attribute.name.as_str().into(),
                    (pairs.len() as u64).into(),
                    small.into(),
                    absent.into(),
                ]);
            }
        }
    }
    if all == 0 {
        return Finding::new(
            check,
            Grade::Unchecked,
            "no group is large enough to look at",
        );
    }
    let grade = if short == 0 {
        Grade::Clear
    } else {
        Grade::Info
    };
    let sentence = format!(
        "{} of {} pairs of a label and a large enough group have fewer than {} cases",
        thousands(short),
        thousands(all),
        rules.min_n
    );
    Finding::new(check, grade, sentence)
        .affects(short as usize, all as usize)
        .table(table)
}

/// Cases of every pair of a label that occurs and a group of at least `min_n` cases.
fn pair_sizes(gold: &Gold, names: &Names, rules: &Rules) -> Vec<u64> {
    let occurs = label_sizes(gold);
    let sizes = names.sizes();
    let mut counts = vec![vec![0_u64; occurs.len()]; sizes.len()];
    for (labels, code) in gold.labels.iter().zip(names.codes()) {
        if let (Some(labels), Some(code)) = (labels, code) {
            for label in labels.iter() {
                counts[*code as usize][label] += 1;
            }
        }
    }
    let mut pairs = Vec::new();
    for (row, _) in counts
        .iter()
        .zip(&sizes)
        .filter(|(_, size)| **size >= rules.min_n)
    {
        pairs.extend(
            row.iter()
                .zip(&occurs)
                .filter(|(_, n)| **n > 0)
                .map(|(count, _)| *count),
        );
    }
    pairs
}
