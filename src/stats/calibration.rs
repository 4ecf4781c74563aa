//! How far stated probabilities lie from what comes true, and what they tell apart, in bins of equal numbers of cases.

use super::bootstrap::Sample;
use super::interval::quantile;
use super::{Estimate, Interval, Method, Reason, Undefined};

/// The most bins.
const MOST_BINS: usize = 15;

/// The fewest cases in a bin.
const FEWEST_A_BIN: usize = 20;

/// The fewest cases of which a calibration error is told.
const FEWEST_CASES: f64 = 200.0;

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
/// What chance alone would show is taken off; where it explains all of a part, that part is 0. Intervals are the basic
/// bootstrap of the squared distances, around the uncorrected values, which are the truth of the bootstrap's world;
/// percentiles would count chance twice. They are too narrow under 200 cases, where there is none. Where cases come in
/// clusters or weigh differently, what the replicates add is the correction for chance. The interval of the
/// uncertainty follows from that of `share`.
///
/// # Errors
/// Fewer than two bins, or than 200 cases.
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
            format!(
                "{cases:.0} cases in {} bins; {FEWEST_CASES} cases whose scores differ are needed",
                bins.len()
            ),
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
    let replicated = sample.replicate(seed, replicates, 3, |counts, values| {
        for (value, part) in values.iter_mut().zip(parts(&recount(counts))) {
            *value = Some(part);
        }
    });
    let drawn = |part: usize| replicated.defined(part);
    let mean = |drawn: &[f64]| drawn.iter().sum::<f64>() / drawn.len() as f64;
    let mut within = over_bins(bins, |_, seen, n| seen * (1.0 - seen) / (n - 1.0));
    let mut overall = plain[2] / (cases - 1.0);
    if !matches!(sample, Sample::Independent(_)) {
        // What resampling adds is chance too, and counts what cases of a cluster have in common and weigh.
        within = within.max(mean(&drawn(0)?) - plain[0]);
        overall = overall.max(plain[2] - mean(&drawn(2)?));
    }
    let level = share.interval.level;
    let basic = |part: usize, chance: f64, most: f64| {
        basic(
            drawn(part)?,
            plain[part],
            chance,
            most,
            level,
            sample.method(),
        )
    };
    let reliability = basic(0, within, 1.0);
    Ok(Calibration {
        error: reliability.clone().map(root),
        reliability,
        // A variance of 0 and 1 is at most 1/4.
        resolution: basic(1, within - overall, 0.25),
        uncertainty: uncertainty(share, plain[2] + overall),
    })
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

/// A mean of squares less what chance adds to it, between 0 and `most`, with its basic bootstrap.
fn basic(
    mut drawn: Vec<f64>,
    uncorrected: f64,
    chance: f64,
    most: f64,
    level: f64,
    method: Method,
) -> Result<Estimate, Undefined> {
    drawn.sort_by(f64::total_cmp);
    if drawn.first() == drawn.last() {
        let detail = "all bootstrap replicates are the same";
        return Err(Undefined::new(Reason::NoVariation, detail));
    }
    let value = uncorrected - chance;
    let tail = (1.0 - level) / 2.0;
    let error = |share: f64| quantile(&drawn, share) - chance - uncorrected;
    let inside = |number: f64| number.clamp(0.0, most);
    Ok(Estimate {
        value: inside(value),
        interval: Interval {
            low: inside((value - error(1.0 - tail)).min(value)),
            high: inside((value - error(tail)).max(value)),
            level,
            method,
            degrees_of_freedom: None,
        },
        test: None,
    })
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
