//! Who is read rightly and who is called something wrongly, in one number; and who is called it how often.

use super::super::Measure;
use super::super::proportion::{Event, Linear};
use super::{Comparing, Quantity, claimed};
use crate::measure::Comparison;
use crate::stats::simultaneous::{highest_ratio, larger_of_two};
use crate::stats::{Estimate, Interval, Reason, Undefined};

impl Comparing<'_> {
    /// Equalised odds of a label: the larger of the differences of recall and of false-positive rate to the others.
    pub(super) fn odds(&mut self, label: usize) {
        let group = &self.groups[self.place];
        let parts = [Event::Found(label), Event::Wrong(label)].map(Linear::of);
        let smaller = |slice| parts.iter().map(|part| part.trials(slice)).min();
        let n = smaller(&group.slice).unwrap_or(0);
        let others = smaller(&group.others).unwrap_or(0);
        let both = |level: f64| -> Result<[Estimate; 2], Undefined> {
            let [recall, wrong] = &parts;
            Ok([
                recall.difference(&group.slice, &group.others, level)?,
                wrong.difference(&group.slice, &group.others, level)?,
            ])
        };
        let result = larger_of_two(both, self.rules.level);
        let result = claimed(n.min(others), self.rules, result);
        let quantity = Quantity {
            measure: Measure::EqualisedOdds,
            label: Some(label),
        };
        self.add(quantity, n, Some(Comparison::DifferenceToOthers), result);
    }

    /// How often a label is given to the group, over the same of the group that it is given to most. Only groups that
    /// are shown and hold enough cases can be that group.
    pub(super) fn impact(&mut self, label: usize) {
        let quantity = Quantity {
            measure: Measure::ImpactRatio,
            label: Some(label),
        };
        let selected = Linear::of(Event::Selected(label));
        let group = &self.groups[self.place];
        let n = selected.trials(&group.slice);
        let of_others = self.groups.iter().enumerate().filter(|(place, other)| {
            *place != self.place
                && selected.trials(&other.slice) >= self.rules.min_n.max(1)
                && !self
                    .suppressed
                    .hides(Measure::SelectionRate, Some(label), *place)
        });
        let others: Vec<_> = of_others.map(|(_, other)| &other.slice).collect();
        let result = if others.is_empty() {
            let detail = "no other group with enough cases to be compared with";
            Err(Undefined::new(Reason::NoPairs, detail))
        } else {
            let ratios = |level: f64| -> Result<Vec<Estimate>, Undefined> {
                let mut ratios = Vec::new();
                for other in &others {
                    match selected.ratio(&group.slice, other, level) {
                        Ok(ratio) => ratios.push(ratio),
                        Err(undefined) if undefined.reason == Reason::ZeroDenominator => {
                            // No ratio to nothing is too large to be true, but some may be too small.
                            let turned = selected.ratio(other, &group.slice, level);
                            ratios.extend(turned.ok().map(endless));
                        }
                        Err(undefined) => return Err(undefined),
                    }
                }
                Ok(ratios)
            };
            let own = selected.estimate(&group.slice, self.rules.level);
            own.and_then(|own| {
                highest_ratio(own.value > 0.0, others.len(), ratios, self.rules.level)
            })
        };
        let result = claimed(n, self.rules, result);
        self.add(quantity, n, None, result);
    }
}

/// A ratio to nothing, from the ratio of nothing.
fn endless(turned: Estimate) -> Estimate {
    Estimate {
        value: f64::INFINITY,
        interval: Interval {
            low: 1.0 / turned.interval.high,
            high: f64::INFINITY,
            ..turned.interval
        },
        test: None,
    }
}
