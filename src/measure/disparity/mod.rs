//! Differences between groups: each against all others whose group is known and, on request, against a reference group
//! and at equal shares of control attributes. What only all groups together show stands in [`gap`] and [`worst`].

pub mod coverage;
pub mod crossing;
pub mod gap;
pub mod given;
mod odds;
pub mod overlap;
mod shrunken;
mod span;
mod sums;
pub mod suppression;
#[cfg(test)]
mod tests;
pub mod worst;

pub use suppression::suppressed;

use self::given::Strata;
use self::suppression::{Layout, Suppressed};
use super::proportion::{Event, Linear};
use super::quality::{
    Measured, answered, asked, label_estimate, label_linear, resampled, skill_over,
};
use super::slice::Slice;
use super::{Comparison, Measure, Rules};
use crate::case::{Cases, Names};
use crate::stats::{Estimate, Reason, Undefined};
use crate::tally::{Evaluation, Outcome};

/// The measures of one label that are compared between groups.
const LABEL_BY_GROUP: [Measure; 4] = [
    Measure::Skill,
    Measure::Recall,
    Measure::FalsePositiveRate,
    Measure::SelectionRate,
];

/// One group of an attribute, and everybody else.
pub struct Group {
    /// Its name.
    pub name: String,
    /// The outcomes of its cases.
    pub slice: Slice<Outcome>,
    /// The outcomes of all other cases whose group is known.
    pub others: Slice<Outcome>,
}

/// What was measured of a group: the value, or how it compares.
pub struct GroupMeasured {
    /// The value.
    pub measured: Measured,
    /// What it is compared with, if anything.
    pub comparison: Option<Comparison>,
}

/// What an audit asks for besides the comparison with the pooled others.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// Reference groups: attribute and group.
    pub references: Vec<(String, String)>,
    /// Attributes whose shares are held equal.
    pub controls: Vec<String>,
    /// How many attributes are crossed at most; up to 1 there are no intersections.
    pub intersections: usize,
}

/// What groups are compared with besides the pooled others, and what is suppressed of them.
#[derive(Default)]
pub struct Beside<'a> {
    /// The place of the reference group.
    pub reference: Option<usize>,
    /// The strata of the control attributes.
    pub strata: Option<Strata>,
    /// What is suppressed. Where nothing is said, what these groups tell by themselves.
    pub suppressed: Option<&'a Suppressed>,
}

/// A measure of a group as a sum of proportions: one label's, or over all labels.
#[derive(Clone, Copy)]
pub(super) struct Quantity {
    pub(super) measure: Measure,
    pub(super) label: Option<usize>,
}

impl Quantity {
    /// The sum that all these slices have a value of: skill is asked only about labels that all can be asked about.
    pub(super) fn linear(
        self,
        slices: &[&Slice<Outcome>],
        evaluation: &Evaluation,
    ) -> Result<Linear, Undefined> {
        match (self.label, self.measure) {
            (Some(label), measure) => label_linear(measure, label),
            (None, Measure::Skill) => {
                let mut slices = slices.iter().map(|slice| asked(slice, evaluation));
                let mut common = slices.next().unwrap_or_default();
                for labels in slices {
                    common.retain(|label| labels.contains(label));
                }
                skill_over(&common, evaluation)
            }
            (None, _) => Ok(Linear::of(Event::Correct)),
        }
    }

    /// How many cases decide about it.
    pub(super) fn trials(self, slice: &Slice<Outcome>) -> u64 {
        match self.label.map(|label| label_linear(self.measure, label)) {
            Some(Ok(linear)) => linear.trials(slice),
            _ => answered(slice),
        }
    }

    /// What these cases weigh, in parts that are the same for all slices of a dataset.
    pub(super) fn mass(self, slice: &Slice<Outcome>) -> f64 {
        match self.label.map(|label| label_linear(self.measure, label)) {
            Some(Ok(linear)) => linear.mass(slice),
            _ => Linear::of(Event::Correct).mass(slice),
        }
    }

    /// Whether a share of it in another says something: a skill of 0 is no base for a ratio.
    fn has_ratio(self) -> bool {
        self.measure != Measure::Skill
    }
}

/// How often answers are right.
pub(super) fn accuracy(evaluation: &Evaluation) -> Quantity {
    let measure = if evaluation.multi_label {
        Measure::SubsetAccuracy
    } else {
        Measure::Accuracy
    };
    Quantity {
        measure,
        label: None,
    }
}

/// Splits the judged cases by the groups of an attribute. Cases with a blank are left out.
pub fn split(evaluation: &Evaluation, cases: &Cases, groups: &Names) -> Vec<Group> {
    split_by(evaluation, cases, groups.codes(), groups.names())
}

/// Splits the judged cases by any codes, one a case.
fn split_by(
    evaluation: &Evaluation,
    cases: &Cases,
    codes: &[Option<u32>],
    names: &[String],
) -> Vec<Group> {
    let outcomes = evaluation.outcomes.iter().enumerate();
    let outcomes = outcomes.filter_map(|(case, outcome)| Some((case, (*outcome)?)));
    let split = coverage::split(outcomes, &cases.units(), codes, names.len());
    let groups = names.iter().zip(split);
    groups
        .map(|(name, (slice, others))| Group {
            name: name.clone(),
            slice,
            others,
        })
        .collect()
}

/// Values of all groups and how they compare, overall and by label; for each group the same list in the same order.
/// Nothing is told of too few cases.
pub fn measure(
    evaluation: &Evaluation,
    groups: &[Group],
    rules: &Rules,
    beside: &Beside<'_>,
) -> Vec<Vec<GroupMeasured>> {
    let alone;
    let suppressed = match beside.suppressed {
        Some(suppressed) => suppressed,
        None => {
            alone = Suppressed::new(evaluation, groups, rules.suppress_below, &Layout::Line);
            &alone
        }
    };
    let mut measured: Vec<Vec<GroupMeasured>> = (0..groups.len())
        .map(|place| {
            let mut comparing = Comparing {
                evaluation,
                groups,
                place,
                rules,
                beside,
                suppressed,
                measured: Vec::new(),
            };
            comparing.all();
            comparing.measured
        })
        .collect();
    suppressed.apply(&mut measured, beside.reference, rules.suppress_below);
    let accuracy = accuracy(evaluation).measure;
    shrunken::add(&mut measured, groups, accuracy, rules.level);
    measured
}

/// One group on its way through all measures.
struct Comparing<'a> {
    evaluation: &'a Evaluation,
    groups: &'a [Group],
    place: usize,
    rules: &'a Rules,
    beside: &'a Beside<'a>,
    suppressed: &'a Suppressed,
    measured: Vec<GroupMeasured>,
}

impl Comparing<'_> {
    fn all(&mut self) {
        let group = &self.groups[self.place];
        let n = answered(&group.slice);
        self.coverage();
        for quantity in [
            accuracy(self.evaluation),
            Quantity {
                measure: Measure::Skill,
                label: None,
            },
        ] {
            let value = quantity
                .linear(&[&group.slice], self.evaluation)
                .and_then(|linear| linear.estimate(&group.slice, self.rules.level));
            self.add(quantity, n, None, value);
            self.compare(quantity);
        }
        let table = resampled(
            self.evaluation,
            &group.slice,
            &[Measure::MacroF1],
            self.rules,
        );
        for result in table {
            let macro_f1 = Quantity {
                measure: Measure::MacroF1,
                label: None,
            };
            self.add(macro_f1, n, None, result);
        }
        for label in 0..self.evaluation.scheme.labels.len() {
            for measure in LABEL_BY_GROUP {
                let (n, value) = label_estimate(measure, label, &group.slice, self.rules.level);
                let quantity = Quantity {
                    measure,
                    label: Some(label),
                };
                self.add(quantity, n, None, value);
                self.compare(quantity);
            }
            self.odds(label);
            self.impact(label);
        }
    }

    fn coverage(&mut self) {
        let Group { slice, others, .. } = &self.groups[self.place];
        let is_answered = |outcome: &Outcome| outcome.answer.is_some();
        let values = coverage::coverage(slice, others, is_answered, self.rules.level);
        let quantity = Quantity {
            measure: Measure::Coverage,
            label: None,
        };
        let smaller = values.n.min(values.others);
        let difference = claimed(smaller, self.rules, values.difference);
        self.add(quantity, values.n, None, values.value);
        let comparison = Some(Comparison::DifferenceToOthers);
        self.add(quantity, values.n, comparison, difference);
    }

    fn add(
        &mut self,
        Quantity { measure, label }: Quantity,
        n: u64,
        comparison: Option<Comparison>,
        result: Result<Estimate, Undefined>,
    ) {
        self.measured.push(GroupMeasured {
            measured: Measured {
                measure,
                label,
                n,
                result,
            },
            comparison,
        });
    }

    /// Everything that one measure of the group is compared with.
    fn compare(&mut self, quantity: Quantity) {
        let groups = self.groups;
        let own = &groups[self.place].slice;
        let others = &groups[self.place].others;
        self.sides(
            quantity,
            own,
            others,
            [Comparison::DifferenceToOthers, Comparison::RatioToOthers],
        );
        if let Some(reference) = self.beside.reference.filter(|place| *place != self.place) {
            let name = &groups[reference].name;
            self.sides(
                quantity,
                own,
                &groups[reference].slice,
                [
                    Comparison::DifferenceToGroup(name.clone()),
                    Comparison::RatioToGroup(name.clone()),
                ],
            );
        }
        if let Some(strata) = &self.beside.strata {
            let (n, result) = if strata.hides(quantity, self.place) {
                (0, Err(Undefined::suppressed(self.rules.suppress_below)))
            } else {
                strata.difference(quantity, self.place, self.evaluation, self.rules)
            };
            let controls = Comparison::DifferenceGiven(strata.controls.clone());
            self.add(quantity, n, Some(controls), result);
        }
    }

    fn sides(
        &mut self,
        quantity: Quantity,
        own: &Slice<Outcome>,
        others: &Slice<Outcome>,
        [difference, ratio]: [Comparison; 2],
    ) {
        let level = self.rules.level;
        let n = quantity.trials(own);
        let smaller = n.min(quantity.trials(others));
        let linear = quantity.linear(&[own, others], self.evaluation);
        let result = linear
            .clone()
            .and_then(|linear| linear.difference(own, others, level));
        let result = claimed(smaller, self.rules, result);
        self.add(quantity, n, Some(difference), result);
        if quantity.has_ratio() {
            let result = linear.and_then(|linear| linear.ratio(own, others, level));
            let result = claimed(smaller, self.rules, result);
            self.add(quantity, n, Some(ratio), result);
        }
    }
}

/// A comparison that one side is too small for is not claimed.
pub fn claimed(
    smaller_side: u64,
    rules: &Rules,
    result: Result<Estimate, Undefined>,
) -> Result<Estimate, Undefined> {
    if smaller_side < rules.min_n {
        return Err(Undefined::new(
            Reason::TooFewCases,
            format!(
                "{smaller_side} cases on one side, and nothing is claimed under {}",
                rules.min_n
            ),
        ));
    }
    result
}
