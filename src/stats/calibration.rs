//! How far stated probabilities lie from what comes true, in bins of equal numbers of cases.

use super::bootstrap::Sample;
use super::interval::quantile;
use super::{Estimate, Interval, Reason, Undefined};

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

fn squared_error(bins: &[Bin]) -> f64 {
    over_bins(bins, |stated, seen, _| (stated - seen).powi(2))
}

/// The calibration error: the root of the mean squared distance of what was stated from what came true, corrected for
/// chance (Kumar, Liang & Ma 2019), 0 where chance explains all of it. `sample` resamples `cells`: a bin, and whether
/// what was stated came true.
///
/// The interval is the basic bootstrap of the squared error, around the uncorrected value, which is the truth of the
/// bootstrap's world; percentiles would count chance twice. It is too narrow under 200 cases, where there is none.
/// Where cases come in clusters or weigh differently, what the replicates add to the error is the correction for chance.
///
/// # Errors
/// Fewer than two bins, or than 200 cases.
pub fn calibration_error(
    bins: &[Bin],
    sample: &Sample,
    cells: &[(usize, bool)],
    seed: u64,
    replicates: usize,
    level: f64,
) -> Result<Estimate, Undefined> {
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
    let uncorrected = squared_error(bins);
    let drawn = sample.replicate(seed, replicates, 1, |counts, values| {
        values[0] = Some(squared_error(&recount(counts)));
    });
    let mut drawn = drawn.defined(0)?;
    drawn.sort_by(f64::total_cmp);
    let chance = over_bins(bins, |_, seen, n| seen * (1.0 - seen) / (n - 1.0));
    let chance = match sample {
        Sample::Independent(_) => chance,
        // What resampling adds is chance too, and counts what cases of a cluster have in common and weigh.
        Sample::Clustered(_) | Sample::Weighted { .. } => {
            chance.max(drawn.iter().sum::<f64>() / drawn.len() as f64 - uncorrected)
        }
    };
    let value = uncorrected - chance;
    let tail = (1.0 - level) / 2.0;
    let error = |share: f64| quantile(&drawn, share) - chance - uncorrected;
    let root = |square: f64| square.max(0.0).sqrt();
    Ok(Estimate {
        value: root(value),
        interval: Interval {
            low: root(value - error(1.0 - tail)),
            high: root((value - error(tail)).max(value)),
            level,
            method: sample.method(),
        },
        test: None,
    })
}
