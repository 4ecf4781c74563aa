//! How far raters of a group agree with each other and with the others, where the data says who the raters are.

use std::collections::BTreeSet;

use super::columns::looks_like_a_name;
use super::finding::{Finding, Grade, Table, Value};
use super::page::Check;
use crate::case::{Cases, Ratings};
use crate::diagnostic::counted;
use crate::measure::rater_group::{OfRaters, agreement};
use crate::measure::{Measure, Rules};
use crate::stats::{Estimate, Reason, Undefined};

/// Most values that a sentence names; the table holds the others.
const NAMED: usize = 4;

/// Agreement within and between groups of raters, task by task.
pub fn rater_groups(cases: &Cases, rules: &Rules) -> Vec<Finding> {
    let known = cases.ratings.iter();
    let known = known.filter(|_| !cases.rater_attributes.is_empty());
    known
        .map(|ratings| of_task(cases, ratings, rules).about(ratings.scheme.task.as_str()))
        .collect()
}

fn of_task(cases: &Cases, ratings: &Ratings, rules: &Rules) -> Finding {
    let clusters = cases.dependence();
    let mut table = Table::new(&[
        ("attribute", "attribute"),
        ("group", "raters of the group"),
        ("with", "agree with"),
        ("cases", "cases"),
        ("agreement", "agreement"),
    ]);
    let (mut named, mut hidden) = (Vec::new(), BTreeSet::new());
    for one in agreement(ratings, &cases.rater_attributes, &clusters, rules) {
        let result = claimed(&one, rules);
        let is_suppressed =
            matches!(&result, Err(undefined) if undefined.reason == Reason::Suppressed);
        if is_suppressed || looks_like_a_name(&one.attribute) {
            hidden.insert((one.attribute, one.group));
            continue;
        }
        let with = match one.measured.measure {
            Measure::HumanAlpha => "each other",
            _ => "the others",
        };
        if let Ok(estimate) = &result {
            named.push(format!(
                "{} {} with {with} {:.2} ({:.2} to {:.2})",
                one.attribute,
                one.group,
                estimate.value,
                estimate.interval.low,
                estimate.interval.high
            ));
        }
        table.row(vec![
            Value::Text(one.attribute),
            Value::Text(one.group),
            with.into(),
            one.measured.n.into(),
            Value::Estimate(result),
        ]);
    }
    let more = match named.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!("; {more} more"),
    };
    named.truncate(NAMED);
    let said = match named.is_empty() {
        true => "how far groups of raters agree is not known".to_owned(),
        false => format!("raters agree by group: {}{more}", named.join(", ")),
    };
    let hidden = match hidden.len() {
        0 => String::new(),
        groups => format!("; not shown for {}", counted(groups, "group")),
    };
    Finding::new(Check::Agreement, Grade::Info, format!("{said}{hidden}")).table(table)
}

/// The value, where it rests on as many cases as the policy asks for.
fn claimed(of: &OfRaters, rules: &Rules) -> Result<Estimate, Undefined> {
    let (n, asked) = (of.measured.n, rules.min_n);
    let estimate = of.measured.result.clone()?.rounded();
    if n < asked {
        let detail = format!("{n} cases; the policy asks for {asked}");
        return Err(Undefined::new(Reason::TooFewCases, detail));
    }
    Ok(estimate)
}
