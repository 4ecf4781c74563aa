//! How far the people who labelled agree: overall, by label and by group. The formulas are those of `measure`.

use super::columns::looks_like_a_name;
use super::finding::{Finding, Grade, Table, Value, listed};
use super::page::Check;
use crate::case::{Cases, Rated, Ratings};
use crate::diagnostic::{counted, thousands};
use crate::measure::Rules;
use crate::measure::agreement::human_alpha;
use crate::stats::{Estimate, Reason, Undefined};
use crate::task::{Scheme, SchemeKind};

/// Krippendorff's alpha, task by task. `ceiling` is the agreement that the policy asks for.
pub fn agreement(cases: &Cases, ceiling: f64, rules: &Rules) -> Vec<Finding> {
    let check = Check::Agreement;
    if cases.ratings.is_empty() {
        return vec![Finding::new(
            check,
            Grade::Unchecked,
            "the card names no file of single ratings, so that nobody knows how far people agree",
        )];
    }
    cases
        .ratings
        .iter()
        .map(|ratings| of_task(cases, ratings, ceiling, rules).about(ratings.scheme.task.as_str()))
        .collect()
}

/// Alpha over some cases, if enough of them have two ratings.
fn alpha(
    scheme: &Scheme,
    rated: &[Rated],
    clusters: &[Option<u32>],
    label: Option<usize>,
    rules: &Rules,
) -> (u64, Result<Estimate, Undefined>) {
    let n = rated.iter().filter(|rated| rated.raters > 1).count() as u64;
    if n < rules.min_n {
        let detail = format!(
            "{} with two ratings; the policy asks for {}",
            counted(n as usize, "case"),
            rules.min_n
        );
        return (n, Err(Undefined::new(Reason::TooFewCases, detail)));
    }
    let estimate = human_alpha(scheme, rated, clusters, label, rules);
    (n, estimate.map(Estimate::rounded))
}

fn of_task(cases: &Cases, ratings: &Ratings, ceiling: f64, rules: &Rules) -> Finding {
    let scheme = &ratings.scheme;
    let clusters = cases.dependence();
    let word = match scheme.kind {
        SchemeKind::Ordinal => "by ranks",
        _ => "nominal",
    };
    let mut table = Table::new(&[
        ("label", "label"),
        ("attribute", "attribute"),
        ("group", "group"),
        ("cases", "cases with two ratings"),
        ("alpha", "alpha"),
    ]);
    let mut low = Vec::new();
    let mut overall = None;
    // Over sets of labels there is no single nominal alpha; each label has one.
    if !scheme.is_multi_label() {
        let (n, result) = alpha(scheme, &ratings.rated, &clusters, None, rules);
        overall = Some(result.clone());
        table.row(row("", "all", "all labels", n, result));
    }
    for (place, label) in scheme.labels.iter().enumerate() {
        let (n, result) = alpha(scheme, &ratings.rated, &clusters, Some(place), rules);
        if is_below(&result, ceiling) {
            low.push(label.name.clone());
        }
        table.row(row("", "all", &label.name, n, result));
    }
    for (attribute, names) in &cases.attributes {
        if looks_like_a_name(&attribute.name) || scheme.is_multi_label() {
            continue;
        }
        for (code, group) in names.names().iter().enumerate() {
            let members: Vec<usize> = (0..cases.len())
                .filter(|case| names.codes()[*case] == Some(code as u32))
                .collect();
            if (members.len() as u64) < rules.min_n {
                continue;
            }
            let rated: Vec<Rated> = members
                .iter()
                .map(|case| ratings.rated[*case].clone())
                .collect();
            let clusters: Vec<Option<u32>> = members.iter().map(|case| clusters[*case]).collect();
            let (n, result) = alpha(scheme, &rated, &clusters, None, rules);
            if is_below(&result, ceiling) {
                low.push(format!("{} {group}", attribute.name));
            }
            table.row(row(&attribute.name, group, "all labels", n, result));
        }
    }
    let all_low = overall
        .as_ref()
        .is_some_and(|result| is_below(result, ceiling));
    let said = match &overall {
        Some(Ok(estimate)) => format!(
            "alpha over all labels ({word}) is {:.2} ({:.2} to {:.2})",
            estimate.value, estimate.interval.low, estimate.interval.high
        ),
        Some(Err(undefined)) => format!("alpha over all labels is not known: {}", undefined.detail),
        None => "each label has an alpha of its own".to_owned(),
    };
    let below = if low.is_empty() {
        String::new()
    } else {
        format!(
            "; shown to lie under the {ceiling:.2} that the policy asks for: {}",
            listed(&low)
        )
    };
    let grade = if all_low || !low.is_empty() {
        Grade::Warning
    } else {
        Grade::Info
    };
    let raters = ratings.raters.len() as u64;
    let by = if raters > 0 {
        format!(", {} raters", thousands(raters))
    } else {
        String::new()
    };
    Finding::new(Check::Agreement, grade, format!("{said}{by}{below}")).table(table)
}

fn is_below(result: &Result<Estimate, Undefined>, ceiling: f64) -> bool {
    result
        .as_ref()
        .is_ok_and(|estimate| estimate.interval.high < ceiling)
}

fn row(
    attribute: &str,
    group: &str,
    label: &str,
    n: u64,
    result: Result<Estimate, Undefined>,
) -> Vec<Value> {
    vec![
        label.into(),
        attribute.into(),
        group.into(),
        n.into(),
        Value::Estimate(result),
    ]
}
