//! How far stated probabilities lie from what comes true, and what they tell apart, in bins of equal numbers of cases.

mod inverted;

use self::inverted::Distances;
use super::bootstrap::Sample;
use super::distribution::two_sided_quantile;
use super::interval::two_sided_z;
use super::recovered::Recovered;
use super::{Estimate, Interval, Method, Reason, Undefined};
use crate::diagnostic::counted;

/// The most bins.
const MOST_BINS: usize = 15;

/// The fewest cases in a bin.
const FEWEST_A_BIN: usize = 20;

/// The fewest cases of which a calibration error is told.
const FEWEST_CASES: f64 = 200.0;

/// The fewest statements that came out the rarer way of which it is told.
const FEWEST_RARER: f64 = 10.0;

/// The bin of each probability: bins hold equal numbers of cases, except that equal probabilities stay together. The
/// number of bins is 15, or fewer where a bin would hold under 20 cases.
pub fn bins(probabilities: &[f64]) -> Vec<usize> {
    let n = probabilities.len();
    let wanted = (n / FEWEST_A_BIN).clamp(1, MOST_BINS);
    let mut sorted = probabilities.to_vec();
    sorted.sort_by(f64::total_cmp);
    let mut cuts: Vec<f64> = (1..wanted).map(|bin| sorted[bin * n / wanted]).collect();
    cuts.dedup();
    // A cut at the smallest value would leave the first bin empty.
    cuts.retain(|cut| sorted.first().is_some_and(|first| cut > first));
    probabilities
        .iter()
        .map(|probability| cuts.partition_point(|cut| cut <= probability))
        .collect()
}

/// One bin: how many cases, what they were given on average, and how many came true; or what these cases weigh.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Bin {
    /// Cases.
    pub cases: u64,
    /// Mean probability that was stated.
    pub stated: f64,
    /// Cases in which it came true.
    pub right: u64,
    /// How many cases of equal weight they are worth (Kish 1965); as many as there are, where they weigh the same.
    pub worth: f64,
}

/// A sum over bins of a term of (stated, seen, what their cases are worth), weighted by their share of the cases.
fn over_bins(bins: &[Bin], term: impl Fn(f64, f64, f64) -> f64) -> f64 {
    let all: u64 = bins.iter().map(|bin| bin.cases).sum();
    bins.iter()
        .filter(|bin| bin.worth > 1.0)
        .map(|bin| {
            let n = bin.cases as f64;
            n / all as f64 * term(bin.stated, bin.right as f64 / n, bin.worth)
        })
        .sum()
}

/// What follows from stated probabilities and what came true, bin by bin. The last three are the parts of the Brier
/// score of binned statements: reliability - resolution + uncertainty (Murphy 1973), each corrected for chance so that
/// the sum stays as it is (Ferro & Fricker 2012).
pub struct Calibration {
    /// Root of the mean squared distance of what was stated from what came true (Kumar, Liang & Ma 2019).
    pub error: Result<Estimate, Undefined>,
    /// Its square.
    pub reliability: Result<Estimate, Undefined>,
    /// Mean squared distance of what came true in a bin from what came true in all.
    pub resolution: Result<Estimate, Undefined>,
    /// Variance of what came true.
    pub uncertainty: Estimate,
}

/// How well stated probabilities are calibrated. `sample` resamples `cells`: a bin, and whether what was stated came
/// true; `share` is the share that did.
///
/// What chance alone would show is taken off; where it explains all of a part, that part is 0. Where cases come in
/// clusters or weigh differently, what the replicates add is the correction for chance. The interval of the uncertainty
/// follows from that of `share`.
///
/// The limits of the others are those of a test that is turned around (Carpenter 1999): such distances t as would not make
/// the mean square that was seen a surprise, were bins to vary about t as replicates vary about what was seen. Quantiles of
/// replicates of the mean square itself, basic or not, are of the distance that was seen alone: where that is small by
/// chance they end below the truth. Three things that replicates cannot know are added. Bins in which nothing came out the
/// rarer way show no variance: that of their neighbours with them is taken, at the distance that is asked about, as in a
/// score test, with half of z² rarer outcomes more (Agresti & Coull 1998). Fewer differences than chance makes count as
/// many as it does. Few clusters spread too little: deviations are enlarged by the root of G / (G - 1), and by Student's
/// quantile over the normal one.
///
/// # Errors
/// Fewer than two bins, or than 200 cases. Of error, reliability and resolution: fewer than 10 cases, or as many as those
/// of clusters are worth, that came out the rarer way.
pub fn calibration(
    bins: &[Bin],
    sample: &Sample,
    cells: &[(usize, bool)],
    share: &Estimate,
    seed: u64,
    replicates: usize,
) -> Result<Calibration, Undefined> {
    let cases: f64 = bins.iter().map(|bin| bin.worth).sum();
    if bins.len() < 2 || cases < FEWEST_CASES {
        return Err(Undefined::new(
            Reason::TooFewCases,
            match cases < FEWEST_CASES {
                true => format!(
                    "scores of {}; {FEWEST_CASES} are needed",
                    counted(cases as usize, "case")
                ),
                false => format!("scores of {cases:.0} cases that do not differ enough"),
            },
        ));
    }
    let recount = |counts: &[u64]| -> Vec<Bin> {
        let empty = |bin: &Bin| Bin {
            cases: 0,
            right: 0,
            worth: 0.0,
            ..*bin
        };
        let mut recounted: Vec<Bin> = bins.iter().map(empty).collect();
        for ((bin, right), count) in cells.iter().zip(counts) {
            recounted[*bin].cases += count;
            recounted[*bin].right += if *right { *count } else { 0 };
        }
        for (recounted, bin) in recounted.iter_mut().zip(bins) {
            recounted.worth = bin.worth / bin.cases as f64 * recounted.cases as f64;
        }
        recounted
    };
    let plain = parts(bins);
    let level = share.interval.level;
    let z = two_sided_z(level)?;
    let trials = Recovered::new(share).map_or(cases, |share| share.trials.min(cases));
    let freedom = share.interval.degrees_of_freedom;
    let stretch = two_sided_quantile(level, freedom) / z
        * freedom.map_or(1.0, |freedom| (1.0 + 1.0 / freedom).sqrt());
    let added = z * z / 2.0 / trials;
    let all = |bins: &[Bin]| {
        let sum = |of: fn(&Bin) -> u64| bins.iter().map(of).sum::<u64>() as f64;
        sum(|bin| bin.right) / sum(|bin| bin.cases)
    };
    let in_all = all(bins);
    let from_stated = Distances::new(bins, |bin| bin.stated, added);
    let from_all = Distances::new(bins, |_| in_all, added);
    let replicated = sample.replicate(seed, replicates, 8, |counts, values| {
        let recounted = recount(counts);
        let [reliability, _, uncertainty] = parts(&recounted);
        let of_stated = from_stated.added(&recounted, 0.0);
        let of_all = from_all.added(&recounted, all(&recounted) - in_all);
        let found = of_stated
            .into_iter()
            .chain(of_all)
            .chain([reliability, uncertainty]);
        for (value, found) in values.iter_mut().zip(found) {
            *value = Some(found).filter(|found| found.is_finite());
        }
    });
    let drawn = |part: usize| replicated.defined(part);
    let mean = |drawn: &[f64]| drawn.iter().sum::<f64>() / drawn.len() as f64;
    let mut within = over_bins(bins, |_, seen, n| seen * (1.0 - seen) / (n - 1.0));
    let mut overall = plain[2] / (cases - 1.0);
    if !matches!(sample, Sample::Independent(_)) {
        // What resampling adds is chance too, and counts what cases of a cluster have in common and weigh.
        within = within.max(mean(&drawn(6)?) - plain[0]);
        overall = overall.max(plain[2] - mean(&drawn(7)?));
    }
    let part = |distances: &Distances, first: usize, chance: f64, most: f64| {
        enough(trials, share.value)?;
        let [linear, square, parts] = [drawn(first)?, drawn(first + 1)?, drawn(first + 2)?];
        let added_by_chance = linear.into_iter().zip(square).zip(parts);
        let added_by_chance: Vec<[f64; 3]> = added_by_chance.map(|((a, b), c)| [a, b, c]).collect();
        if added_by_chance.iter().all(|[_, square, _]| *square <= 0.0) {
            let detail = "all bootstrap replicates are the same";
            return Err(Undefined::new(Reason::NoVariation, detail));
        }
        let (low, high) = distances.limits(&added_by_chance, stretch, added, (1.0 - level) / 2.0);
        let value = (distances.seen - chance).clamp(0.0, most);
        Ok(Estimate {
            value,
            interval: Interval {
                low: low.min(value),
                high: high.min(most).max(value),
                level,
                method: sample.method(),
                degrees_of_freedom: freedom,
            },
            test: None,
        })
    };
    let reliability: Result<Estimate, Undefined> = part(&from_stated, 0, within, 1.0);
    Ok(Calibration {
        error: reliability.clone().map(root),
        reliability,
        // A variance of 0 and 1 is at most 1/4.
        resolution: part(&from_all, 3, within - overall, 0.25),
        uncertainty: uncertainty(share, plain[2] + overall),
    })
}

/// Whether enough statements came out the rarer way, of as many as they are worth.
fn enough(trials: f64, right: f64) -> Result<(), Undefined> {
    let rarer = trials * right.min(1.0 - right);
    if rarer >= FEWEST_RARER - 1e-6 {
        return Ok(());
    }
    let came = if right > 0.5 { "wrong" } else { "true" };
    let detail = format!(
        "what came {came} is worth {rarer:.0} independent cases; at least {FEWEST_RARER} that came true and as many that \
         did not are needed"
    );
    Err(Undefined::new(Reason::TooFewCases, detail))
}

/// Reliability, resolution and uncertainty, as they are.
fn parts(bins: &[Bin]) -> [f64; 3] {
    let sum = |of: &dyn Fn(&Bin) -> u64| bins.iter().map(of).sum::<u64>() as f64;
    let all = sum(&|bin| bin.right) / sum(&|bin| bin.cases);
    [
        over_bins(bins, |stated, seen, _| (stated - seen).powi(2)),
        over_bins(bins, |_, seen, _| (seen - all).powi(2)),
        all * (1.0 - all),
    ]
}

fn root(square: Estimate) -> Estimate {
    Estimate {
        value: square.value.sqrt(),
        interval: Interval {
            low: square.interval.low.sqrt(),
            high: square.interval.high.sqrt(),
            ..square.interval
        },
        test: None,
    }
}

/// The variance of what came true, with the interval that follows from that of the share which did.
fn uncertainty(share: &Estimate, corrected: f64) -> Estimate {
    let variance = |share: f64| share * (1.0 - share);
    let plain = variance(share.value);
    let scaled = |number: f64| match plain > 0.0 {
        true => (number * corrected / plain).min(0.25),
        false => number,
    };
    let Interval { low, high, .. } = share.interval;
    let ends = [low, high].map(variance);
    let highest = if low <= 0.5 && high >= 0.5 {
        0.25
    } else {
        ends[0].max(ends[1])
    };
    Estimate {
        value: scaled(plain),
        interval: Interval {
            low: scaled(ends[0].min(ends[1])),
            high: scaled(highest),
            method: Method::Mover,
            ..share.interval
        },
        test: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::interval::wilson;

    /// Ten bins of as many cases, stated to be right in 97 % to 99 %, so many of which are not.
    fn found(cases: u64, wrong: [u64; 10], trials: f64) -> Calibration {
        let bins: Vec<Bin> = wrong
            .iter()
            .zip(0..)
            .map(|(wrong, place)| Bin {
                cases,
                stated: 0.97 + f64::from(place) * 0.002,
                right: cases - wrong,
                worth: cases as f64,
            })
            .collect();
        let cells: Vec<(usize, bool)> = (0..20).map(|cell| (cell / 2, cell % 2 == 1)).collect();
        let counts = bins
            .iter()
            .flat_map(|bin| [bin.cases - bin.right, bin.right]);
        let value = 1.0 - wrong.iter().sum::<u64>() as f64 / (10 * cases) as f64;
        let share = Estimate {
            value,
            interval: wilson(value * trials, trials, 0.95).unwrap(),
            test: None,
        };
        let sample = Sample::Independent(counts.collect());
        calibration(&bins, &sample, &cells, &share, 1, 400).unwrap()
    }

    #[test]
    fn few_errors_tell_nothing_of_how_often_they_are_stated() {
        let nine = found(100, [1, 1, 1, 1, 1, 1, 1, 1, 1, 0], 1000.0);
        let missing = nine.error.unwrap_err();
        assert_eq!(missing.reason, Reason::TooFewCases);
        assert!(
            missing.detail.contains("what came wrong is worth 9 "),
            "{missing}"
        );
        assert!(nine.reliability.is_err() && nine.resolution.is_err());
        assert!(nine.uncertainty.value > 0.0);
        assert!(found(100, [1; 10], 1000.0).error.is_ok());
        // As many in clusters that are worth half as many cases.
        assert!(found(100, [1; 10], 500.0).error.is_err());
        assert!(found(100, [2; 10], 500.0).error.is_ok());
    }

    /// Five in a thousand are wrong, all bins alike, and the model states 1 to 3 %: bins without an error vary too.
    #[test]
    fn bins_without_an_error_vary_as_their_neighbours_do() {
        let wrong = [2, 0, 2, 0, 2, 0, 2, 0, 2, 0];
        let reliability = found(200, wrong, 2000.0).reliability.unwrap();
        let Interval { low, high, .. } = reliability.interval;
        // Of ten that are wrong, by Poisson's limits, 4.8 to 18.4 may be.
        let truth = |wrong: f64| {
            let squares =
                (0..10).map(|bin| (0.03 - 0.002 * f64::from(bin) - wrong / 2000.0).powi(2));
            squares.sum::<f64>() / 10.0
        };
        assert!(low <= truth(18.0) && high >= truth(5.0), "{low} {high}");
        assert!(high < 2.0 * truth(5.0));
    }
}
