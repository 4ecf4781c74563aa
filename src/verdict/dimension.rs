//! The dimensions of a verdict: what the evidence allows to say in each, and in which words.

use std::collections::{HashMap, HashSet};

use super::{Ground, Reliance, level_of};
use crate::diagnostic::{apart, counted, decimal, signed};
use crate::measure::{Comparison, Measure, Measurement};
use crate::policy::Reliability;
use crate::stats::evidence::p_beyond;
use crate::stats::multiplicity::holm;
use crate::stats::{Estimate, Interval};
use crate::task::Task;

/// The model, dataset, task and label that a measurement is about.
type About<'a> = (&'a str, &'a str, Task, Option<&'a str>);

/// What a measurement is about, and the groups it is of.
type OfSlice<'a> = (About<'a>, &'a [(String, String)]);

/// The dataset, task, label and groups that people agree on.
type Ceiling<'a> = (&'a str, Task, Option<&'a str>, &'a [(String, String)]);

/// Measurements by what verdicts ask of them, so that thousands of verdicts do not each go through all.
pub(super) struct Dimensions<'a> {
    all: &'a [Measurement],
    rules: &'a Reliability,
    /// People's agreement, by dataset, task, label and slice.
    ceilings: HashMap<Ceiling<'a>, usize>,
    /// How many cases a task was judged on, by what that is and the slice.
    cases: HashMap<OfSlice<'a>, u64>,
    /// How far probabilities are off, by what they are about and the slice.
    calibrations: HashMap<OfSlice<'a>, Vec<usize>>,
    /// Flip rates by model and task, on any dataset.
    flips: HashMap<(&'a str, Task), Vec<usize>>,
    /// Differences of groups to the others, by what they are about and the number of attributes that make a group.
    differences: HashMap<(About<'a>, usize), Vec<usize>>,
    /// Flip rates and differences beyond what the policy allows, as far as chance among so many does not explain them.
    proven: HashSet<usize>,
}

impl<'a> Dimensions<'a> {
    pub(super) fn new(all: &'a [Measurement], rules: &'a Reliability) -> Self {
        let mut dimensions = Dimensions {
            all,
            rules,
            ceilings: HashMap::new(),
            cases: HashMap::new(),
            calibrations: HashMap::new(),
            flips: HashMap::new(),
            differences: HashMap::new(),
            proven: HashSet::new(),
        };
        for (place, one) in all.iter().enumerate() {
            dimensions.file(place, one);
        }
        let families = dimensions.flips.values();
        let families = families.chain(dimensions.differences.values());
        let proven = families.flat_map(|family| dimensions.proven_among(family));
        dimensions.proven = proven.collect();
        dimensions
    }

    fn file(&mut self, place: usize, one: &'a Measurement) {
        match (one.measure, &one.comparison) {
            (Measure::HumanAlpha, None) => {
                let label = one.label.as_deref();
                let key = (one.dataset.as_str(), one.task, label, &one.slice[..]);
                self.ceilings.entry(key).or_insert(place);
            }
            (Measure::CalibrationError | Measure::Overconfidence, None) => {
                let key = (about(one), &one.slice[..]);
                self.calibrations.entry(key).or_default().push(place);
            }
            (measure, None) if measure == self.rules.measure && one.label.is_none() => {
                self.cases.insert((about(one), &one.slice[..]), one.n);
            }
            (Measure::FlipRate, _) => {
                let key = (one.model.as_str(), one.task);
                self.flips.entry(key).or_default().push(place);
            }
            (measure, Some(Comparison::DifferenceToOthers)) if measure == self.rules.measure => {
                let key = (about(one), one.slice.len());
                self.differences.entry(key).or_default().push(place);
            }
            _ => {}
        }
    }

    /// Every dimension with its ground, where there is evidence, of the value at `place`. Where several labels of the
    /// dataset became one, as where they were `carried_over`, they are not those that people agreed on.
    pub(super) fn grounds(
        &self,
        place: usize,
        carried_over: bool,
    ) -> [(&'static str, Option<Ground>); 5] {
        let of = &self.all[place];
        let ceiling = || self.ceiling(of);
        [
            ("skill", Some(self.skill(place))),
            ("ceiling", (!carried_over).then(ceiling).flatten()),
            ("calibration", self.calibration(of)),
            ("stability", self.stability(of)),
            ("disparity", self.disparity(of)),
        ]
    }

    fn skill(&self, place: usize) -> Ground {
        let (measurement, rules) = (&self.all[place], self.rules);
        let verdict = level_of(&measurement.result, measurement.n, rules);
        let name = measurement.measure.page().title.to_lowercase();
        let text = match (&measurement.result, verdict) {
            (Err(undefined), _) => format!("{name} has no value: {}", undefined.detail),
            (Ok(_), _) if measurement.n < rules.min_n => {
                format!(
                    "{}, and nothing is claimed under {}",
                    counted(measurement.n as usize, "case"),
                    rules.min_n
                )
            }
            (Ok(estimate), verdict) => {
                let side = match verdict {
                    Reliance::Reliable => format!("above {:.2}", rules.reliable),
                    Reliance::Limited => format!("above {:.2}", rules.limited),
                    Reliance::Unreliable => format!("wholly below {:.2}", rules.limited),
                    _ => format!("on both sides of {:.2}", rules.limited),
                };
                let Interval { low, high, .. } = estimate.interval;
                let line = match verdict {
                    Reliance::Reliable => rules.reliable,
                    _ => rules.limited,
                };
                format!(
                    "{name} {}, interval {} to {}, lies {side}",
                    decimal(estimate.value, 2),
                    apart(low, line, 2),
                    apart(high, line, 2)
                )
            }
        };
        ground("skill", verdict, text, place)
    }

    /// People's own agreement where the dataset holds their ratings: on the label, or on all labels together where the
    /// label's is not known. Of a group its own counts; where that on one of its labels is not known, the lower of that on
    /// the label in all cases and that on all labels in the group.
    fn ceiling(&self, of: &Measurement) -> Option<Ground> {
        let on = |label, slice| self.agreement((&of.dataset, of.task, label, slice));
        let own = on(of.label.as_deref(), &of.slice);
        let of_group = (!of.slice.is_empty())
            .then(|| on(None, &of.slice))
            .flatten();
        let of_label = of.label.as_deref().and_then(|label| on(Some(label), &[]));
        let highest = |known: &(usize, &Estimate)| known.1.interval.high;
        let known = of_label.into_iter().chain(of_group);
        let lower = known.min_by(|a, b| highest(a).total_cmp(&highest(b)));
        let (place, estimate) = own.or(lower).or_else(|| on(None, &[]))?;
        let Interval { low, high, .. } = estimate.interval;
        let least = self.rules.ceiling;
        let (verdict, side) = if high < least {
            (Reliance::NotAuditable, "wholly below")
        } else if low < least {
            (Reliance::Reliable, "on both sides of")
        } else {
            (Reliance::Reliable, "above")
        };
        let text = format!(
            "people agree among themselves{} at alpha {}, interval {} to {}, {side} {least:.2}",
            reach(&self.all[place], of),
            decimal(estimate.value, 2),
            apart(low, least, 2),
            apart(high, least, 2)
        );
        Some(ground("ceiling", verdict, text, place))
    }

    /// People's agreement on enough cases.
    fn agreement(&self, key: Ceiling<'_>) -> Option<(usize, &'a Estimate)> {
        let place = *self.ceilings.get(&key)?;
        let agreement = &self.all[place];
        let estimate = agreement.result.as_ref().ok();
        let estimate = estimate.filter(|_| agreement.n >= self.rules.min_n)?;
        Some((place, estimate))
    }

    /// Probabilities proven to be further off than the policy allows; where they cannot be told apart by how sure they are,
    /// as for groups, the mean of the errors with their signs, which is never more than that without. Nothing is said where
    /// several people labelled most cases: to be as sure as a majority is often right means little where people disagree
    /// (Baan et al. 2022).
    fn calibration(&self, of: &Measurement) -> Option<Ground> {
        let people = self
            .ceilings
            .get(&(of.dataset.as_str(), of.task, None, &of.slice[..]));
        let of_people = people.map_or(0, |place| self.all[*place].n);
        // The cases of a label are a few of those that people may have rated.
        let task = (&of.model[..], &of.dataset[..], of.task, None);
        let cases = self.cases.get(&(task, &of.slice[..])).unwrap_or(&of.n);
        if 2 * of_people > *cases {
            return None;
        }
        let measured = self.calibrations.get(&(about(of), &of.slice[..]))?;
        let enough = measured
            .iter()
            .map(|place| (*place, &self.all[*place]))
            .filter(|(_, measured)| measured.n >= self.rules.min_n && measured.result.is_ok());
        let (place, measured) =
            enough.min_by_key(|(_, measured)| measured.measure != Measure::CalibrationError)?;
        let estimate = measured.result.as_ref().ok()?;
        let Interval { low, high, .. } = estimate.interval;
        let text = if measured.measure == Measure::CalibrationError {
            format!(
                "probabilities are off by {} on average, interval {} to {}",
                decimal(estimate.value, 2),
                decimal(low, 2),
                decimal(high, 2)
            )
        } else {
            format!(
                "probabilities are {} by {}, interval {} to {}",
                if estimate.value < 0.0 {
                    "too low"
                } else {
                    "too high"
                },
                decimal(estimate.value.abs(), 2),
                signed(low, 2),
                signed(high, 2)
            )
        };
        let verdict = limited(proven_size(estimate) > self.rules.calibration);
        Some(ground("calibration", verdict, text, place))
    }

    /// A flip rate proven too high, on any dataset: answers of this model turn with the identity named.
    fn stability(&self, of: &Measurement) -> Option<Ground> {
        let flips = self.flips.get(&(of.model.as_str(), of.task))?;
        let (place, estimate) = self.known(flips).max_by(|a, b| {
            let rank = |place| self.proven.contains(&place);
            let order = rank(a.0).cmp(&rank(b.0));
            order.then(a.1.interval.low.total_cmp(&b.1.interval.low))
        })?;
        let flips = &self.all[place];
        let attribute = match &flips.comparison {
            Some(Comparison::WithinSets(attribute)) => attribute.as_str(),
            _ => "an attribute",
        };
        let text = format!(
            "the answer turns with {attribute} in {:.0} % of counterfactual sets, interval {:.0} to {:.0} % ({}){}",
            100.0 * estimate.value,
            100.0 * estimate.interval.low,
            100.0 * estimate.interval.high,
            flips.dataset,
            self.by_chance(place)
        );
        let verdict = limited(self.proven.contains(&place));
        Some(ground("stability", verdict, text, place))
    }

    /// A difference between groups proven too large: for a group its own; else, among those proven too large if there
    /// are any, that of the group read worst, or, where none is proven to be read worse, that of the group read best.
    fn disparity(&self, of: &Measurement) -> Option<Ground> {
        let groups = self.differences.get(&(about(of), of.slice.len().max(1)))?;
        let wanted = |place: &usize| of.slice.is_empty() || self.all[*place].slice == of.slice;
        let groups: Vec<usize> = groups.iter().copied().filter(wanted).collect();
        let (place, estimate) = self.known(&groups).max_by(|a, b| {
            let rank = |place| self.proven.contains(&place);
            let order = rank(a.0).cmp(&rank(b.0));
            let order = order.then(proven_worse(a.1).total_cmp(&proven_worse(b.1)));
            order.then(proven_size(a.1).total_cmp(&proven_size(b.1)))
        })?;
        let slice = self.all[place].slice.first();
        let group = slice.map_or_else(String::new, |(attribute, group)| {
            format!("{attribute} {group}")
        });
        let text = format!(
            "{group} differs from the others by {}, interval {} to {}{}",
            signed(estimate.value, 2),
            signed(estimate.interval.low, 2),
            signed(estimate.interval.high, 2),
            self.by_chance(place)
        );
        let verdict = limited(self.proven.contains(&place));
        Some(ground("disparity", verdict, text, place))
    }

    /// The measurements at these places that have a value.
    fn known(&self, places: &[usize]) -> impl Iterator<Item = (usize, &'a Estimate)> {
        let known = |place: &usize| Some((*place, self.all[*place].result.as_ref().ok()?));
        places.iter().filter_map(known)
    }

    /// What a flip rate or a difference may exceed before it lowers a verdict.
    fn most(&self, place: usize) -> f64 {
        match self.all[place].measure {
            Measure::FlipRate => self.rules.flip_rate,
            _ => self.rules.difference,
        }
    }

    /// Words on an interval that lies beyond what the policy allows and yet lowers nothing.
    fn by_chance(&self, place: usize) -> &'static str {
        let estimate = self.all[place].result.as_ref();
        let beyond = estimate.is_ok_and(|estimate| proven_size(estimate) > self.most(place));
        if beyond && !self.proven.contains(&place) {
            ", which among so many comparisons chance alone could bring about"
        } else {
            ""
        }
    }

    /// Those of a family that lie beyond what the policy allows, and would among so many hardly do so by chance
    /// (Holm 1979). The most telling is picked from all, so that each alone would ring more often than its interval says.
    fn proven_among(&self, family: &[usize]) -> Vec<usize> {
        let known: Vec<(usize, &Estimate)> = self.known(family).collect();
        let p_value = |(place, estimate): &(usize, &Estimate)| {
            let most = self.most(*place);
            if proven_size(estimate) > most {
                p_beyond(estimate, most.copysign(estimate.value))
            } else {
                1.0
            }
        };
        let p_values: Vec<f64> = known.iter().map(p_value).collect();
        let adjusted = known.iter().zip(holm(&p_values));
        let stands = |((place, estimate), p): (&(usize, &Estimate), f64)| {
            // A single one is as good as its interval says.
            let level = if known.len() < 2 {
                1.0
            } else {
                (1.0 - estimate.interval.level) / 2.0
            };
            (p < 1.0 && p <= level).then_some(*place)
        };
        adjusted.filter_map(stands).collect()
    }
}

/// On what people agree, as far as that is not just what a verdict is about.
fn reach(agreement: &Measurement, of: &Measurement) -> &'static str {
    let cases = match (agreement.slice.is_empty(), of.slice.is_empty()) {
        (true, true) => "",
        (true, false) => " on all cases together",
        (false, _) => " on these cases",
    };
    match (agreement.label == of.label, cases) {
        (true, cases) => cases,
        (false, "") => " on all labels together",
        (false, " on these cases") => " on these cases, all labels together,",
        (false, _) => " on all cases and labels together",
    }
}

fn about(one: &Measurement) -> About<'_> {
    (&one.model, &one.dataset, one.task, one.label.as_deref())
}

fn ground(dimension: &'static str, verdict: Reliance, text: String, place: usize) -> Ground {
    Ground {
        dimension,
        verdict,
        text,
        measurement: Some(place),
    }
}

/// What a proven fault leaves of a verdict.
fn limited(fault: bool) -> Reliance {
    if fault {
        Reliance::Limited
    } else {
        Reliance::Reliable
    }
}

/// How far below zero the whole interval lies; 0 where it does not.
fn proven_worse(estimate: &Estimate) -> f64 {
    (-estimate.interval.high).max(0.0)
}

/// How far from zero the whole interval lies; 0 where it holds zero.
fn proven_size(estimate: &Estimate) -> f64 {
    estimate.interval.low.max(-estimate.interval.high).max(0.0)
}
