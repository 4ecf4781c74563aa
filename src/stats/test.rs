//! Significance tests, all two-sided: paired differences, paired correctness, proportions.
//! Adjusting for many tests at once is for `multiplicity`.

use super::distribution::{
    binomial_cdf, binomial_probability, normal_two_sided, student_two_sided,
};
use super::{Reason, TestResult, Undefined};

/// Student's t for paired values, first minus second (Student 1908). The statistic is t.
pub fn paired_t(first: &[f64], second: &[f64]) -> Result<TestResult, Undefined> {
    if first.len() != second.len() {
        let detail = format!("{} values against {}", first.len(), second.len());
        return Err(Undefined::new(Reason::OutOfRange, detail));
    }
    let differences: Vec<f64> = first.iter().zip(second).map(|(a, b)| a - b).collect();
    let t = one_sample_t(&differences)?;
    Ok(TestResult {
        name: "paired-t",
        ..t
    })
}

/// Student's t for the mean of independent differences against zero (Student 1908). The statistic
/// is t.
pub fn one_sample_t(differences: &[f64]) -> Result<TestResult, Undefined> {
    let n = differences.len() as f64;
    if n == 0.0 {
        return Err(Undefined::new(Reason::NoCases, "no differences"));
    }
    let mean = differences.iter().sum::<f64>() / n;
    let squares: f64 = differences.iter().map(|value| (value - mean).powi(2)).sum();
    t_of_mean(mean, (squares / (n - 1.0).max(1.0)).sqrt(), n)
}

/// Student's t for a mean against zero, from the sample standard deviation of `n` values.
pub fn t_of_mean(mean: f64, standard_deviation: f64, n: f64) -> Result<TestResult, Undefined> {
    if !mean.is_finite() || !standard_deviation.is_finite() || standard_deviation < 0.0 {
        let detail = format!("mean {mean}, deviation {standard_deviation}");
        return Err(Undefined::new(Reason::OutOfRange, detail));
    }
    if n.is_nan() || n < 2.0 {
        let detail = format!("n = {n}: the spread of a mean takes two values");
        return Err(Undefined::new(Reason::TooFewCases, detail));
    }
    if standard_deviation == 0.0 {
        let detail = "all differences are the same";
        return Err(Undefined::new(Reason::NoVariation, detail));
    }
    let t = mean / (standard_deviation / n.sqrt());
    Ok(TestResult {
        name: "one-sample-t",
        statistic: t,
        degrees_of_freedom: Some(n - 1.0),
        p: student_two_sided(t, n - 1.0),
        effect: None,
        others: Vec::new(),
    })
}

/// How far numbers of about this size may lie apart that are equal on paper: sums and means of
/// scores differ in their last digits. Scores are of the size of 1 or larger, and a score of 0.1
/// carries rounding of its own into a difference near 0.
pub(super) fn rounding(size: f64) -> f64 {
    1e-12 * size.max(1.0)
}

/// Wilcoxon's signed-rank test of paired differences (Wilcoxon 1945); zeros are left out and tied
/// sizes share the mean of their ranks, where differences that only rounding tells apart are tied
/// and those that only rounding tells from 0 are zeros. Up to 50 differences the p-value is exact
/// for the ranks at hand, ties included; above, it is normal with the tie correction. The
/// statistic is the smaller of the two rank sums.
pub fn wilcoxon(differences: &[f64]) -> Result<TestResult, Undefined> {
    const MOST_EXACT: usize = 50;
    if let Some(value) = differences.iter().find(|value| !value.is_finite()) {
        return Err(Undefined::new(
            Reason::OutOfRange,
            format!("difference {value}"),
        ));
    }
    let largest = differences
        .iter()
        .fold(0.0, |most, value| value.abs().max(most));
    let alike = rounding(largest);
    let mut sorted: Vec<f64> = differences
        .iter()
        .copied()
        .filter(|&value| value.abs() > alike)
        .collect();
    sorted.sort_unstable_by(|a, b| a.abs().total_cmp(&b.abs()));
    if sorted.is_empty() {
        let detail = format!("no difference among {} pairs", differences.len());
        return Err(Undefined::new(Reason::NoVariation, detail));
    }

    // Mean ranks may end in a half, so all ranks are kept doubled, as integers.
    let mut doubled_ranks = Vec::with_capacity(sorted.len());
    let (mut positive, mut ties) = (0, 0.0);
    for tied in sorted.chunk_by(|a, b| b.abs() - a.abs() <= alike) {
        let rank = 2 * doubled_ranks.len() + tied.len() + 1;
        doubled_ranks.resize(doubled_ranks.len() + tied.len(), rank);
        positive += rank * tied.iter().filter(|&&value| value > 0.0).count();
        ties += (tied.len() as f64).powi(3) - tied.len() as f64;
    }
    let smaller = positive.min(doubled_ranks.iter().sum::<usize>() - positive);
    let statistic = smaller as f64 / 2.0;

    let n = sorted.len() as f64;
    let p = if sorted.len() <= MOST_EXACT {
        (2.0 * share_of_sign_flips(&doubled_ranks, smaller)).min(1.0)
    } else {
        let mean = n * (n + 1.0) / 4.0;
        let variance = (n * (n + 1.0) * (2.0 * n + 1.0) - ties / 2.0) / 24.0;
        normal_two_sided((statistic - mean) / variance.sqrt())
    };
    Ok(TestResult {
        name: "wilcoxon-signed-rank",
        statistic,
        degrees_of_freedom: None,
        p,
        effect: None,
        others: Vec::new(),
    })
}

/// The share of all ways to give the ranks a sign in which the positive ones sum up to `most` or
/// less.
fn share_of_sign_flips(ranks: &[usize], most: usize) -> f64 {
    let mut ways = vec![0.0; most + 1];
    ways[0] = 1.0;
    for &rank in ranks {
        for sum in (rank..=most).rev() {
            ways[sum] += ways[sum - rank];
        }
    }
    ways.iter().sum::<f64>() / 2_f64.powi(ranks.len() as i32)
}

/// McNemar's exact test: cases that only the first got right against cases that only the second
/// got right (McNemar 1947). The statistic is the smaller count; without any such case p is 1.
pub fn mcnemar_exact(only_first: u64, only_second: u64) -> TestResult {
    let smaller = only_first.min(only_second);
    TestResult {
        name: "mcnemar-exact",
        statistic: smaller as f64,
        degrees_of_freedom: None,
        p: (2.0 * binomial_cdf(smaller, only_first + only_second, 0.5)).min(1.0),
        effect: None,
        others: Vec::new(),
    }
}

/// McNemar's test with the mid-p value, which keeps its level and is less timid than the exact
/// test (Fagerland, Lydersen & Laake 2013). The statistic is the smaller count.
pub fn mcnemar_mid_p(only_first: u64, only_second: u64) -> TestResult {
    let exact = mcnemar_exact(only_first, only_second);
    let at_hand = binomial_probability(only_first.min(only_second), only_first + only_second, 0.5);
    // Outcomes as likely as this one count half: two of them, or the single middle one.
    let half = if only_first == only_second {
        at_hand / 2.0
    } else {
        at_hand
    };
    TestResult {
        name: "mcnemar-mid-p",
        p: if only_first + only_second == 0 {
            1.0
        } else {
            exact.p - half
        },
        ..exact
    }
}

/// The exact binomial test of a proportion against `probability`, which lies between 0 and 1: the
/// chance of an outcome at most as likely as the one at hand. The statistic is the successes.
pub fn binomial_exact(
    successes: u64,
    trials: u64,
    probability: f64,
) -> Result<TestResult, Undefined> {
    if trials == 0 {
        return Err(Undefined::new(Reason::NoCases, "no trials"));
    }
    let inside = probability > 0.0 && probability < 1.0;
    if successes > trials || !inside {
        let detail = format!("{successes} successes in {trials} trials against {probability}");
        return Err(Undefined::new(Reason::OutOfRange, detail));
    }
    // Count whatever came up less often than expected, so that the other tail is the upper one.
    let expected = probability * trials as f64;
    let (k, chance) = if successes as f64 <= expected {
        (successes, probability)
    } else {
        (trials - successes, 1.0 - probability)
    };
    // Rounding must not tell equally likely outcomes apart.
    let at_hand = binomial_probability(k, trials, chance) * (1.0 + 1e-7);
    let (mut low, mut high) = ((chance * trials as f64).ceil() as u64, trials + 1);
    while low < high {
        let middle = low + (high - low) / 2;
        if binomial_probability(middle, trials, chance) <= at_hand {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    let upper = if low > trials {
        0.0
    } else {
        binomial_cdf(trials - low, trials, 1.0 - chance)
    };
    Ok(TestResult {
        name: "binomial-exact",
        statistic: successes as f64,
        degrees_of_freedom: None,
        p: (binomial_cdf(k, trials, chance) + upper).min(1.0),
        effect: None,
        others: Vec::new(),
    })
}

/// The chance of at least so many successes, for a `probability` between 0 and 1, both excluded: the one-sided exact
/// binomial test. 1 where there are no trials.
pub fn binomial_at_least(successes: u64, trials: u64, probability: f64) -> f64 {
    match successes {
        0 => 1.0,
        more if more > trials => 0.0,
        more => binomial_cdf(trials - more, trials, 1.0 - probability),
    }
}

/// The z test of two independent proportions with pooled variance, each given as (successes,
/// trials), which may be effective numbers. The statistic is z, first minus second.
pub fn two_proportion_z(first: (f64, f64), second: (f64, f64)) -> Result<TestResult, Undefined> {
    for (successes, trials) in [first, second] {
        if trials == 0.0 {
            return Err(Undefined::new(Reason::NoCases, "no trials"));
        }
        if !trials.is_finite() || !(0.0..=trials).contains(&successes) {
            let detail = format!("{successes} successes in {trials} trials");
            return Err(Undefined::new(Reason::OutOfRange, detail));
        }
    }
    let pooled = (first.0 + second.0) / (first.1 + second.1);
    if pooled == 0.0 || pooled == 1.0 {
        return Err(Undefined::new(
            Reason::NoVariation,
            "none or all succeed in both",
        ));
    }
    let variance = pooled * (1.0 - pooled) * (1.0 / first.1 + 1.0 / second.1);
    let z = (first.0 / first.1 - second.0 / second.1) / variance.sqrt();
    Ok(TestResult {
        name: "two-proportion-z",
        statistic: z,
        degrees_of_freedom: None,
        p: normal_two_sided(z),
        effect: None,
        others: Vec::new(),
    })
}
