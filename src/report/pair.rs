//! What a comparison of two models comes to: which is better and how sure that is, or how large a difference could
//! still be. Said once, for the terminal and the page.

use crate::record::Record;
use crate::record::v1::{Measurement, TO_MODEL, Test, Value};

/// Two models on the same cases.
pub struct Pair<'a> {
    /// The measurement: `first` minus `second`.
    pub of: &'a Measurement,
    /// The model that the measurement is of.
    pub first: &'a str,
    /// The model it is compared with.
    pub second: &'a str,
    /// The p-value, corrected for all pairs; none where there is no value.
    pub p: Option<f64>,
    /// What it comes to.
    pub outcome: Outcome<'a>,
}

/// What a comparison of two models comes to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Outcome<'a> {
    /// One is better.
    Better {
        /// The better one.
        model: &'a str,
        /// By how much, with the limits of its interval.
        by: [f64; 3],
    },
    /// None is shown to be better; by equivalence testing (Schuirmann 1987) they differ by no more than this.
    Undecided {
        /// The larger of the sizes of both limits.
        at_most: f64,
    },
    /// There is no value.
    NotMeasured {
        /// Why.
        why: &'a str,
    },
}

/// All comparisons of two models, in the order of the record.
pub fn pairs(record: &Record) -> Vec<Pair<'_>> {
    let measurements = record.measurements.iter();
    measurements
        .filter_map(|of| {
            let to = of.comparison.as_ref().filter(|to| to.kind == TO_MODEL)?;
            Some(pair(of, to.model.as_deref()?, record.settings.level))
        })
        .collect()
}

fn pair<'a>(of: &'a Measurement, second: &'a str, level: f64) -> Pair<'a> {
    let first = of.model.as_str();
    let (p, outcome) = match &of.value {
        Value::Missing { undefined } => {
            let why = undefined.detail.as_str();
            (None, Outcome::NotMeasured { why })
        }
        Value::Defined {
            estimate,
            interval,
            test,
        } => {
            let p = test.as_ref().and_then(corrected);
            // McNemar's test and the interval can differ at the edge: nothing is claimed unless both say so.
            let outside = interval.low > 0.0 || interval.high < 0.0;
            let shown = outside && p.is_some_and(|p| p <= 1.0 - level);
            let outcome = match () {
                () if shown && *estimate > 0.0 => Outcome::Better {
                    model: first,
                    by: [*estimate, interval.low, interval.high],
                },
                () if shown => Outcome::Better {
                    model: second,
                    by: [-estimate, -interval.high, -interval.low],
                },
                () => Outcome::Undecided {
                    at_most: interval.low.abs().max(interval.high.abs()),
                },
            };
            (p, outcome)
        }
    };
    Pair {
        of,
        first,
        second,
        p,
        outcome,
    }
}

/// The p-value that stands for all looks.
fn corrected(test: &Test) -> Option<f64> {
    let holm = test.others.iter().find(|other| other.name == "holm");
    holm.map(|holm| holm.p)
}

/// "p = 0.03", "p < 0.001".
pub fn p_value(p: f64) -> String {
    if p < 0.001 {
        "p < 0.001".to_owned()
    } else {
        format!("p = {p:.3}")
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::record::v1::{Comparison, Interval};

    fn measured(estimate: f64, low: f64, high: f64, holm: Option<f64>) -> Measurement {
        let test = |name: &str, p: f64, others: Vec<Test>| Test {
            name: name.to_owned(),
            statistic: 1.0,
            degrees_of_freedom: None,
            p,
            effect_size: None,
            others,
        };
        let others = holm.map(|p| test("holm", p, Vec::new())).into_iter();
        Measurement {
            model: "a".to_owned(),
            dataset: "d".to_owned(),
            task: "sentiment".to_owned(),
            measure: "accuracy".to_owned(),
            label: None,
            slice: BTreeMap::new(),
            comparison: Some(Comparison {
                kind: TO_MODEL.to_owned(),
                attribute: None,
                group: None,
                controls: Vec::new(),
                model: Some("b".to_owned()),
            }),
            n: 100,
            clusters: 100,
            value: Value::Defined {
                estimate,
                interval: Interval {
                    low,
                    high,
                    level: 0.95,
                    method: "bonett-price".to_owned(),
                    degrees_of_freedom: None,
                },
                test: Some(test("mcnemar-mid-p", 0.001, others.collect())),
            },
        }
    }

    #[test]
    fn only_the_corrected_p_value_decides_which_is_better() {
        let at_most = |at_most| Outcome::Undecided { at_most };
        let better = |model, by| Outcome::Better { model, by };
        for (measurement, outcome) in [
            (
                measured(0.1, 0.04, 0.16, Some(0.01)),
                better("a", [0.1, 0.04, 0.16]),
            ),
            (
                measured(-0.1, -0.16, -0.04, Some(0.05)),
                better("b", [0.1, 0.04, 0.16]),
            ),
            (measured(0.1, 0.04, 0.16, Some(0.06)), at_most(0.16)),
            (measured(-0.02, -0.05, 0.01, Some(0.5)), at_most(0.05)),
            (measured(0.1, -0.01, 0.2, Some(0.04)), at_most(0.2)),
            // Without a corrected value nothing is claimed.
            (measured(0.1, 0.04, 0.16, None), at_most(0.16)),
        ] {
            assert_eq!(pair(&measurement, "b", 0.95).outcome, outcome);
        }
    }
}
