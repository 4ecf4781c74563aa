//! Weighted sums of mean differences within cases: two answers to the same cases, set against each other.

use super::difference::p_of_none;
use super::evidence::statistic_beyond;
use super::interval::two_sided_z;
use super::sum::{Added, Clustering, Share, moderated};
use super::worth::effective_trials;
use super::{Estimate, Interval, Method, Reason, TestResult, Undefined};

/// A weighted sum of means of differences between -1 and 1 with its interval.
///
/// One mean gets the adjusted Wald interval of Bonett & Price (2012): one case in which only the first is right and one
/// in which only the second is right are added, so that 20 cases without any difference still do not show that there is
/// none. Sums of several means divide the two added cases among them, as Price & Bonett (2004) do for unpaired shares,
/// and draw their variances together as `moderated` does.
/// Where cases depend on each other, numbers of cases are divided by the design effect of the whole sum, as in
/// [`super::sum::weighted_sum`].
///
/// # Errors
/// A mean of nothing, or a level that is not between 0 and 1.
pub fn paired_sum(
    shares: &[Share],
    clustering: Option<Clustering>,
    level: f64,
) -> Result<Estimate, Undefined> {
    let z = two_sided_z(level)?;
    if shares.is_empty() || shares.iter().any(|share| share.trials <= 0.0) {
        return Err(Undefined::new(
            Reason::NoCases,
            "no case that both answered",
        ));
    }
    let worth = effective_trials(shares, clustering, level, z);
    let added = Added {
        values: 2.0 / shares.len() as f64,
        mean: 0.0,
        mean_square: 1.0,
    };
    let (centre, variance) = moderated(shares, &worth.trials, added, z);
    let value: f64 = shares.iter().map(|share| share.weight * share.mean).sum();
    let most: f64 = shares.iter().map(|share| share.weight.abs()).sum();
    let half = z * variance.sqrt();
    Ok(Estimate {
        value,
        interval: Interval {
            low: (centre - half).max(-most).min(value),
            high: (centre + half).min(most).max(value),
            level,
            method: Method::BonettPrice,
            degrees_of_freedom: worth.degrees_of_freedom,
        },
        test: None,
    })
}

/// The test that a paired interval is the inverse of: p is 1 - level where the interval touches 0. The statistic is z,
/// or Student's t where few clusters set the interval.
pub fn paired_test(difference: &Estimate) -> TestResult {
    let degrees_of_freedom = difference.interval.degrees_of_freedom;
    TestResult {
        name: match degrees_of_freedom {
            Some(_) => "paired-t",
            None => "paired-z",
        },
        // Not from p, which is 0 in floating point long before a difference is infinitely far from none.
        statistic: difference.value.signum() * statistic_beyond(difference, 0.0),
        degrees_of_freedom,
        p: p_of_none(difference),
        effect: None,
        others: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mean(only_first: f64, only_second: f64, n: f64) -> Share {
        Share {
            weight: 1.0,
            trials: n,
            total: n,
            mean: (only_first - only_second) / n,
            mean_square: (only_first + only_second) / n,
            clusters: n,
            equal_clusters: n,
        }
    }

    #[test]
    fn no_difference_in_few_cases_is_not_proven() {
        let same = paired_sum(&[mean(0.0, 0.0, 20.0)], None, 0.95).unwrap();
        // 0 -+ 1.959964 sqrt(2 / 22 / 22)
        assert!((same.interval.high - 0.125_991_3).abs() < 1e-6, "{same:?}");
        assert_eq!(same.interval.low, -same.interval.high);
        assert!(paired_test(&same).p > 0.99);
    }

    #[test]
    fn the_test_says_what_the_interval_says() {
        for (only_first, only_second) in [(12.0, 3.0), (3.0, 12.0), (9.0, 7.0), (20.0, 0.0)] {
            let shares = [mean(only_first, only_second, 60.0)];
            let estimate = paired_sum(&shares, None, 0.95).unwrap();
            let outside = estimate.interval.low > 0.0 || estimate.interval.high < 0.0;
            let test = paired_test(&estimate);
            assert_eq!(test.p < 0.05, outside, "{only_first} {only_second}");
            assert!(test.statistic * estimate.value > 0.0);
        }
    }

    #[test]
    fn a_difference_beyond_doubt_has_a_finite_statistic() {
        let shares = [mean(1300.0, 20.0, 1382.0)];
        let estimate = paired_sum(&shares, None, 0.95).unwrap();
        let test = paired_test(&estimate);
        // (1280 / 1382) / ((1280 / 1382 - low) / 1.959964), low from the interval of Bonett & Price by hand:
        // 1280 / 1384 - 1.959964 sqrt((1322 / 1384 - (1280 / 1384)^2) / 1384)
        assert!((test.statistic - 100.930_7).abs() < 1e-3, "{test:?}");
        assert!(test.p < 1e-12);
    }

    #[test]
    fn nothing_has_no_difference() {
        assert!(paired_sum(&[], None, 0.95).is_err());
        assert!(paired_sum(&[mean(0.0, 0.0, 0.0)], None, 0.95).is_err());
        assert!(paired_sum(&[mean(1.0, 0.0, 9.0)], None, 1.0).is_err());
    }
}
