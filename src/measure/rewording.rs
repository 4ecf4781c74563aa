//! Sensitivity to rewording: what a comparison within sets would have shown with one wording of each template instead
//! of all, as most published template sets have (Seshadri, Pezeshkpour & Singh 2022).

use std::collections::{BTreeMap, HashMap};

use super::Rules;
use crate::stats::bootstrap::cluster_bits;
use crate::stats::interval::{highest_variance, percentile, wilson};
use crate::stats::mean::{Values, sum_of_means};
use crate::stats::{Estimate, Interval, Method, Reason, Undefined};

/// How often one wording of each template is drawn.
const DRAWS: u64 = 200;

/// A score shift within one set.
#[derive(Clone, Copy, Debug)]
pub struct Shift {
    /// The template.
    pub template: u32,
    /// Which wording of it.
    pub wording: u32,
    /// The shift.
    pub value: f64,
}

/// The standard deviation of a shift between wordings of the same template, pooled over series (labels and groups)
/// and templates, each wording being the mean of its sets. The interval is that of the mean variance over templates:
/// Student's below, and above, where the long tail of variances makes that hold too seldom, that of a variance with its
/// standard error.
///
/// # Errors
/// No template with two wordings, or one only.
pub fn spread(series: &[Vec<Shift>], range: f64, level: f64) -> Result<Estimate, Undefined> {
    let mut by_template: BTreeMap<u32, (f64, f64)> = BTreeMap::new();
    // Shifts of several labels and groups are of the same wordings, so that these count once.
    let mut freedom: BTreeMap<u32, f64> = BTreeMap::new();
    for shifts in series {
        for (template, wordings) in means(shifts) {
            let k = wordings.len() as f64;
            if k < 2.0 {
                continue;
            }
            let mean = wordings.iter().sum::<f64>() / k;
            let squares: f64 = wordings.iter().map(|value| (value - mean).powi(2)).sum();
            let (sum, series) = by_template.entry(template).or_insert((0.0, 0.0));
            *sum += squares / (k - 1.0);
            *series += 1.0;
            let known = freedom.entry(template).or_insert(0.0);
            *known = known.max(k - 1.0);
        }
    }
    let mut variances = Values::default();
    for (template, (sum, series)) in by_template {
        variances.add(u64::from(template), sum / series);
    }
    if variances.count() == 0 {
        return Err(one_wording());
    }
    // Shifts lie within the range on either side of zero, and so does their deviation.
    let most = range * range;
    let variance = sum_of_means(&[(1.0, &variances)], (0.0, most), level)?;
    let high = match variances.standard_error() {
        Some(error) => {
            let freedom = freedom.values().sum();
            highest_variance(variance.value, error, freedom, level)?.min(most)
        }
        None => variance.interval.high,
    };
    Ok(Estimate {
        value: variance.value.sqrt(),
        interval: Interval {
            low: variance.interval.low.sqrt(),
            high: high.max(variance.value).sqrt(),
            ..variance.interval
        },
        test: None,
    })
}

/// The share of conclusions that turn when one wording of each template is drawn: a shift was shown to lie above or
/// below zero and no longer is, or the other way round. One conclusion for each series; the value is the mean over
/// draws, and the interval holds the share of a single draw as often as `level` says.
///
/// # Errors
/// No template with two wordings; no series with a conclusion.
pub fn turns(series: &[Vec<Shift>], range: f64, rules: &Rules) -> Result<Estimate, Undefined> {
    let mut wordings: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for shift in series.iter().flatten() {
        let known = wordings.entry(shift.template).or_default();
        if !known.contains(&shift.wording) {
            known.push(shift.wording);
        }
    }
    for known in wordings.values_mut() {
        known.sort_unstable();
    }
    if wordings.values().all(|known| known.len() < 2) {
        return Err(one_wording());
    }
    let concluded: Vec<(&Vec<Shift>, i8)> = series
        .iter()
        .filter_map(|shifts| Some((shifts, conclusion(shifts.iter(), range, rules.level)?)))
        .collect();
    if concluded.is_empty() {
        return Err(Undefined::new(
            Reason::TooFewCases,
            "no shift could be told with all wordings",
        ));
    }
    let share = |draw: u64| {
        let wording_of = |(template, known): (&u32, &Vec<u32>)| {
            let place = cluster_bits(rules.seed, u64::from(*template), draw) % known.len() as u64;
            (*template, known[place as usize])
        };
        let drawn: HashMap<u32, u32> = wordings.iter().map(wording_of).collect();
        let is_drawn = |shift: &&Shift| drawn.get(&shift.template) == Some(&shift.wording);
        let turned = concluded.iter().filter(|(shifts, with_all)| {
            conclusion(shifts.iter().filter(is_drawn), range, rules.level) != Some(*with_all)
        });
        turned.count() as f64 / concluded.len() as f64
    };
    let mut shares: Vec<f64> = (0..DRAWS).map(share).collect();
    let value = shares.iter().sum::<f64>() / DRAWS as f64;
    let interval = match percentile(&mut shares, rules.level, Method::WordingDraws) {
        // Where all draws agree, some draw that was not made might not.
        Err(undefined) if undefined.reason == Reason::NoVariation => {
            let unseen = wilson(0.0, DRAWS as f64, rules.level)?;
            Interval {
                low: (value - unseen.high).max(0.0),
                high: (value + unseen.high).min(1.0),
                ..unseen
            }
        }
        other => other?,
    };
    Ok(Estimate {
        value,
        interval: Interval {
            // The mean of skewed shares may lie outside most of them.
            low: interval.low.min(value),
            high: interval.high.max(value),
            ..interval
        },
        test: None,
    })
}

/// By template the mean shift of each of its wordings.
fn means(shifts: &[Shift]) -> BTreeMap<u32, Vec<f64>> {
    let mut by_wording: BTreeMap<(u32, u32), (f64, f64)> = BTreeMap::new();
    for shift in shifts {
        let (sum, sets) = by_wording
            .entry((shift.template, shift.wording))
            .or_insert((0.0, 0.0));
        *sum += shift.value;
        *sets += 1.0;
    }
    let mut by_template: BTreeMap<u32, Vec<f64>> = BTreeMap::new();
    for ((template, _), (sum, sets)) in by_wording {
        by_template.entry(template).or_default().push(sum / sets);
    }
    by_template
}

/// Whether a shift is shown to lie above zero (1), below (-1), or neither (0); `None` where it cannot be told.
fn conclusion<'a>(shifts: impl Iterator<Item = &'a Shift>, range: f64, level: f64) -> Option<i8> {
    let mut values = Values::default();
    for shift in shifts {
        values.add(u64::from(shift.template), shift.value);
    }
    let interval = sum_of_means(&[(1.0, &values)], (-range, range), level)
        .ok()?
        .interval;
    Some(i8::from(interval.low > 0.0) - i8::from(interval.high < 0.0))
}

fn one_wording() -> Undefined {
    Undefined::new(
        Reason::TooFewCases,
        "no template has two wordings that could be compared",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: Rules = Rules {
        level: 0.95,
        min_n: 1,
        suppress_below: 0,
        seed: 1,
        replicates: 10,
    };

    /// Twelve templates in four wordings: `effect` of the template, and what the wording adds.
    fn series(effect: f64, added: impl Fn(u32, u32) -> f64) -> Vec<Vec<Shift>> {
        let shift = |template: u32, wording: u32| Shift {
            template,
            wording,
            value: effect * (1.0 + 0.1 * f64::from(template % 3)) + added(template, wording),
        };
        let of_template = |template| (0..4).map(move |wording| (template, wording));
        let shifts = (0..12).flat_map(of_template);
        vec![
            shifts
                .map(|(template, wording)| shift(template, wording))
                .collect(),
        ]
    }

    #[test]
    fn wordings_that_agree_turn_nothing() {
        let agreeing = series(0.2, |_, _| 0.0);
        let spread = spread(&agreeing, 1.0, 0.95).expect("two wordings");
        assert!(spread.value < 1e-9, "{spread:?}");
        assert!(
            spread.interval.high > 0.0,
            "twelve templates do not prove that none differs"
        );
        assert_eq!(
            turns(&agreeing, 1.0, &RULES).expect("a conclusion").value,
            0.0
        );
    }

    #[test]
    fn wordings_that_disagree_turn_conclusions() {
        // Wordings swing by ±0.3 around a shift of 0.12, which all together show and few do not: variance 4 / 3 of 0.09.
        let swing = |template: u32, wording: u32| {
            if (template + wording).is_multiple_of(2) {
                0.3
            } else {
                -0.3
            }
        };
        let disagreeing = series(0.12, swing);
        let spread = spread(&disagreeing, 1.0, 0.95).expect("two wordings");
        assert!(
            (spread.value - 0.12_f64.sqrt()).abs() < 1e-9,
            "{}",
            spread.value
        );
        let turns = turns(&disagreeing, 1.0, &RULES).expect("a conclusion");
        assert!(turns.value > 0.5, "{turns:?}");
    }

    #[test]
    fn one_wording_is_no_rewording() {
        let mut single = series(0.2, |_, _| 0.0);
        single[0].retain(|shift| shift.wording == 0);
        assert_eq!(
            spread(&single, 1.0, 0.95).expect_err("one").reason,
            Reason::TooFewCases
        );
        assert_eq!(
            turns(&single, 1.0, &RULES).expect_err("one").reason,
            Reason::TooFewCases
        );
        assert!(spread(&[], 1.0, 0.95).is_err());
    }
}
