//! Gaps between the best and the worst group, which are told of groups that can be compared: what is left out may be the
//! worst.

use super::{Finding, Outcome};
use crate::diagnostic::{counted, quote};
use crate::measure::{Comparison, Measure, Measurement};
use crate::policy::{Bound, Gate};
use crate::stats::Reason;

/// The most groups that are named.
const MOST_NAMED: usize = 3;

/// Leaves open what is decided as if a gap were small while groups are missing from it: those without a value of their own,
/// and those of fewer cases than count as evidence. With them a gap can only grow, so that one that is too large stays so.
pub(super) fn leave_open(
    finding: &mut Finding,
    gate: &Gate,
    gap: &Measurement,
    (measurements, min_n): (&[Measurement], u64),
) {
    let Some(Comparison::Gap(attribute)) = &gap.comparison else {
        return;
    };
    let says_small = match gate.bound {
        Bound::Min(_) => finding.outcome == Outcome::Fail,
        Bound::Max(_) | Bound::Within(_) => finding.outcome == Outcome::Pass,
    };
    if !says_small {
        return;
    }
    let parts = match gap.measure {
        Measure::EqualisedOdds => &[Measure::Recall, Measure::FalsePositiveRate][..],
        measure => &[measure],
    };
    let of_gap = |one: &&Measurement| {
        (&one.model, &one.dataset, one.task) == (&gap.model, &gap.dataset, gap.task)
            && one.comparison.is_none()
            && matches!(&one.slice[..], [(own, _)] if own == attribute)
    };
    let groups: Vec<&Measurement> = measurements.iter().filter(of_gap).collect();
    let has_cases = |own: &Measurement| {
        let mut of_group = groups.iter().filter(|one| one.slice == own.slice);
        let coverage = of_group.find(|one| one.measure == Measure::Coverage);
        coverage.is_none_or(|coverage| coverage.n > 0 || is_suppressed(coverage))
    };
    let mut left_out: Vec<&str> = Vec::new();
    for own in &groups {
        let is_part = parts.contains(&own.measure) && own.label == gap.label;
        let is_evidence = own.result.is_ok() && own.n >= min_n.max(gate.min_n);
        let (_, group) = &own.slice[0];
        if is_part && !is_evidence && has_cases(own) && !left_out.contains(&group.as_str()) {
            left_out.push(group);
        }
    }
    if left_out.is_empty() {
        return;
    }
    let named = left_out.iter().take(MOST_NAMED).map(|one| quote(one));
    let named: Vec<String> = named.collect();
    let more = match left_out.len().saturating_sub(MOST_NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    finding.outcome = Outcome::Insufficient;
    finding.needed_n = None;
    finding.detail.push_str(&format!(
        "; {} cannot be compared, and may be the worst: {}{more}",
        counted(left_out.len(), "group"),
        named.join(", ")
    ));
}

fn is_suppressed(measurement: &Measurement) -> bool {
    let undefined = measurement.result.as_ref().err();
    undefined.is_some_and(|undefined| undefined.reason == Reason::Suppressed)
}

#[cfg(test)]
mod tests {
    use crate::finding::{Background, Outcome, judge};
    use crate::measure::{Comparison, Measure, Measurement};
    use crate::policy::Policy;
    use crate::stats::{Estimate, Reason, Undefined};
    use crate::task::Task;

    fn of_group(measure: Measure, group: &str, n: u64, reason: Option<Reason>) -> Measurement {
        let estimate = Ok(Estimate::between(0.8, 0.9));
        Measurement {
            model: "m".to_owned(),
            dataset: "d".to_owned(),
            task: Task::Sentiment,
            measure,
            label: (measure != Measure::Accuracy && measure != Measure::Coverage)
                .then(|| "negative".to_owned()),
            slice: vec![("region".to_owned(), group.to_owned())],
            comparison: None,
            n,
            clusters: n,
            result: reason.map_or(estimate, |reason| Err(Undefined::new(reason, "none"))),
        }
    }

    fn gap(measure: Measure, high: f64) -> Measurement {
        Measurement {
            slice: Vec::new(),
            comparison: Some(Comparison::Gap("region".to_owned())),
            result: Ok(Estimate::between(high - 0.05, high)),
            ..of_group(measure, "", 600, None)
        }
    }

    fn outcome(
        by: &str,
        bound: &str,
        (measured, compared_from): (&[Measurement], u64),
    ) -> (Outcome, String) {
        let measure = measured[0].measure.id();
        let policy = format!(
            "[policy]\nname = \"p\"\nversion = \"1\"\n[[gate]]\nid = \"g\"\nmeasure = \"{measure}\"\n\
             by = \"{by}\"\nof = \"gap\"\n{bound}\n"
        );
        let policy = Policy::parse("p.toml", &policy).unwrap();
        let background = Background {
            answered: vec![("m".to_owned(), "d".to_owned(), Task::Sentiment)],
            compared_from,
            ..Background::default()
        };
        let finding = judge(&policy, measured, &background, "2026-01-01").remove(0);
        (finding.outcome, finding.detail)
    }

    #[test]
    fn a_gap_does_not_pass_while_a_group_cannot_be_compared() {
        let suppressed = Some(Reason::Suppressed);
        let nothing = Some(Reason::NoCases);
        for (n, reason, judged, from, expected) in [
            (300, None, 300, 30, Outcome::Pass),
            (29, None, 29, 30, Outcome::Insufficient),
            // Fewer than were compared when it was measured, though enough for this policy.
            (40, None, 40, 50, Outcome::Insufficient),
            (40, None, 40, 40, Outcome::Pass),
            (0, suppressed, 300, 30, Outcome::Insufficient),
            // All of its cases were declined, or it has none.
            (0, nothing, 300, 30, Outcome::Insufficient),
            (0, nothing, 0, 30, Outcome::Pass),
        ] {
            for (high, bound, expected) in [
                (0.1, "max = 0.1", expected),
                (0.3, "max = 0.1", Outcome::Fail),
            ] {
                let measured = [
                    gap(Measure::Accuracy, high),
                    of_group(Measure::Accuracy, "north", 300, None),
                    of_group(Measure::Accuracy, "south", 300, None),
                    of_group(Measure::Accuracy, "east", n, reason),
                    of_group(Measure::Coverage, "east", judged, None),
                ];
                let (found, detail) = outcome("group", bound, (&measured, from));
                assert_eq!(found, expected, "{n} of {judged}, {high}: {detail}");
                let names =
                    detail.contains("1 group cannot be compared, and may be the worst: \"east\"");
                assert_eq!(names, expected == Outcome::Insufficient, "{detail}");
            }
        }
    }

    #[test]
    fn both_halves_of_equalised_odds_are_asked_for() {
        for (reason, expected) in [
            (None, Outcome::Pass),
            (Some(Reason::NoCases), Outcome::Insufficient),
        ] {
            let measured = [
                gap(Measure::EqualisedOdds, 0.1),
                of_group(Measure::Recall, "east", 200, None),
                of_group(Measure::FalsePositiveRate, "east", 200, reason),
            ];
            let (found, detail) = outcome("label-and-group", "max = 0.2", (&measured, 30));
            assert_eq!(found, expected, "{detail}");
        }
    }
}
