//! Tail probabilities and quantiles of the normal, Student's t, chi-squared, beta and binomial distributions.
//! The incomplete beta function is our own because `statrs` stops its continued fraction after
//! 140 terms, too early for counts above some ten thousand.

use statrs::function::erf;
use statrs::function::gamma::{gamma_lr, ln_gamma};
use std::cell::Cell;
use std::f64::consts::{PI, SQRT_2};

/// P(Z <= z) of the standard normal distribution.
pub(super) fn normal_cdf(z: f64) -> f64 {
    0.5 * erf::erfc(-z / SQRT_2)
}

/// The two-sided p-value of a standard normal statistic.
pub(super) fn normal_two_sided(z: f64) -> f64 {
    erf::erfc(z.abs() / SQRT_2)
}

/// The z with P(Z <= z) = `probability`; infinite at 0 and 1.
pub(super) fn normal_quantile(probability: f64) -> f64 {
    -SQRT_2 * erf::erfc_inv(2.0 * probability)
}

/// The two-sided p-value of Student's t statistic.
pub(super) fn student_two_sided(t: f64, degrees_of_freedom: f64) -> f64 {
    if t.is_infinite() {
        return 0.0;
    }
    let square = t * t;
    let total = degrees_of_freedom + square;
    beta_split(
        0.5 * degrees_of_freedom,
        0.5,
        degrees_of_freedom / total,
        square / total,
    )
}

/// The positive t that Student's distribution exceeds in absolute value with probability
/// `two_sided`.
pub(super) fn student_quantile(two_sided: f64, degrees_of_freedom: f64) -> f64 {
    let (asked, value) = LAST_QUANTILE.get();
    if asked == (two_sided, degrees_of_freedom) {
        return value;
    }
    if degrees_of_freedom == f64::INFINITY {
        return normal_quantile(1.0 - 0.5 * two_sided);
    }
    // t² / (t² + d), and what is missing to 1, of which the smaller has all its digits.
    let (share, rest) = if two_sided < 1e-4 {
        let rest = beta_quantile(two_sided, 0.5 * degrees_of_freedom, 0.5);
        (1.0 - rest, rest)
    } else {
        let share = beta_quantile(1.0 - two_sided, 0.5, 0.5 * degrees_of_freedom);
        (share, 1.0 - share)
    };
    let value = (degrees_of_freedom * share / rest).sqrt();
    LAST_QUANTILE.set(((two_sided, degrees_of_freedom), value));
    value
}

/// Degrees of freedom from which on Student's distribution is the normal one to nine digits.
const NORMAL_FROM: f64 = 1e10;

/// How many standard errors an interval of a level reaches to either side: by Student's distribution where degrees of
/// freedom are given, by the normal one otherwise.
pub(super) fn two_sided_quantile(level: f64, degrees_of_freedom: Option<f64>) -> f64 {
    match degrees_of_freedom {
        Some(freedom) if freedom < NORMAL_FROM => student_quantile(1.0 - level, freedom),
        _ => normal_quantile(0.5 + 0.5 * level),
    }
}

/// The probability of a larger statistic than this one, which is not negative: Student's where degrees of freedom are
/// given, else the normal one's. Small ones keep their digits.
pub(super) fn upper_tail(statistic: f64, degrees_of_freedom: Option<f64>) -> f64 {
    let both = match degrees_of_freedom {
        Some(freedom) if freedom < NORMAL_FROM => student_two_sided(statistic, freedom),
        _ => normal_two_sided(statistic),
    };
    0.5 * both
}

/// The x that the chi-squared distribution stays below with `probability`, for 1e-6 to 1e6 degrees of freedom.
pub(super) fn chi_squared_quantile(probability: f64, degrees_of_freedom: f64) -> f64 {
    let shape = degrees_of_freedom.clamp(1e-6, 1e6) / 2.0;
    let (mut low, mut high) = (0.0, 4.0 * shape + 100.0);
    // Each step halves what is left, down to the last digit.
    for _ in 0..200 {
        let middle = f64::midpoint(low, high);
        if middle <= low || middle >= high {
            break;
        }
        if gamma_lr(shape, middle / 2.0) < probability {
            low = middle;
        } else {
            high = middle;
        }
    }
    high
}

thread_local! {
    // Tables of measures on the same clusters ask for one quantile hundreds of times.
    static LAST_QUANTILE: Cell<((f64, f64), f64)> = const { Cell::new(((f64::NAN, f64::NAN), f64::NAN)) };
}

/// P(X <= `successes`) of the binomial distribution with `probability` strictly between 0 and 1.
pub(super) fn binomial_cdf(successes: u64, trials: u64, probability: f64) -> f64 {
    if successes >= trials {
        return 1.0;
    }
    let above = successes as f64 + 1.0;
    beta_split(
        (trials - successes) as f64,
        above,
        1.0 - probability,
        probability,
    )
}

/// P(X <= k), or P(X >= k) where `upper`, of the binomial distribution with `probability` strictly between 0 and 1.
/// Between whole numbers it runs smoothly, as the incomplete beta function does. At most all can succeed, and none
/// at least.
pub(super) fn binomial_tail(successes: f64, trials: f64, probability: f64, upper: bool) -> f64 {
    let (k, rest) = (successes, trials - successes);
    match upper {
        true if k <= 0.0 => 1.0,
        true => beta_split(k, rest + 1.0, probability, 1.0 - probability),
        false if rest <= 0.0 => 1.0,
        false => beta_split(rest, k + 1.0, 1.0 - probability, probability),
    }
}

/// P(X = `successes`) of the binomial distribution with `probability` strictly between 0 and 1.
pub(super) fn binomial_probability(successes: u64, trials: u64, probability: f64) -> f64 {
    if successes > trials {
        return 0.0;
    }
    // C(n, k) p^k (1-p)^(n-k) is a beta density, whose parameters must be above zero.
    let (k, n) = (successes as f64, trials as f64);
    ln_beta_density(k + 1.0, n - k + 1.0, probability, 1.0 - probability).exp() / (n + 1.0)
}

/// The x at which the regularised incomplete beta function reaches `probability`; not a number where one of the three is
/// not, or where there is no such distribution.
pub(super) fn beta_quantile(probability: f64, a: f64, b: f64) -> f64 {
    let is_distribution = a > 0.0 && b > 0.0 && (a + b).is_finite();
    if !is_distribution || !(0.0..=1.0).contains(&probability) {
        return f64::NAN;
    }
    // Newton's steps, each of which doubles the digits, between bounds that are halved where a step would leave them or
    // is not half as long as the one before: slow at worst, and it cannot go wrong.
    let (mut low, mut high) = (0.0, 1.0);
    let (mut guess, mut last) = (a / (a + b), f64::INFINITY);
    loop {
        let missing = probability - beta_split(a, b, guess, 1.0 - guess);
        if missing > 0.0 {
            low = guess;
        } else {
            high = guess;
        }
        let step = missing / ln_beta_density(a, b, guess, 1.0 - guess).exp();
        let mut next = guess + step;
        if !(low..=high).contains(&next) || step.abs() > 0.5 * last {
            next = 0.5 * (low + high);
            if next <= low || next >= high {
                return next;
            }
        }
        last = (next - guess).abs();
        if last <= f64::EPSILON * guess {
            return next;
        }
        guess = next;
    }
}

/// The regularised incomplete beta function at `x`, with `y` = 1 - x given apart so that neither
/// loses digits (NIST DLMF 8.17.22, evaluated by the modified Lentz method).
fn beta_split(a: f64, b: f64, x: f64, y: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    if y <= 0.0 {
        return 1.0;
    }
    // The fraction converges fast below the mean; above it, the complement does.
    if x > (a + 1.0) / (a + b + 2.0) {
        return 1.0 - beta_fraction(b, a, y, x);
    }
    beta_fraction(a, b, x, y)
}

fn beta_fraction(a: f64, b: f64, x: f64, y: f64) -> f64 {
    // The number of terms needed grows with the square root of the larger parameter.
    const MOST_TERMS: u32 = 100_000;
    const TINY: f64 = 1e-300;
    let away_from_zero = |value: f64| if value.abs() < TINY { TINY } else { value };

    let mut c = 1.0;
    let mut d = 1.0 / away_from_zero(1.0 - (a + b) * x / (a + 1.0));
    let mut fraction = d;
    for term in 1..=MOST_TERMS {
        let m = f64::from(term);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        let mut factor = 1.0;
        for numerator in [even, odd] {
            d = 1.0 / away_from_zero(1.0 + numerator * d);
            c = away_from_zero(1.0 + numerator / c);
            factor = c * d;
            fraction *= factor;
        }
        if (factor - 1.0).abs() <= f64::EPSILON {
            break;
        }
    }
    (ln_beta_density(a, b, x, y) + x.ln() + y.ln()).exp() * fraction / a
}

/// ln of the density of the beta distribution, by deviations from the mean instead of differences
/// of large logarithms (Loader 2000, "Fast and accurate computation of binomial probabilities").
fn ln_beta_density(a: f64, b: f64, x: f64, y: f64) -> f64 {
    let n = a + b;
    let ratio = |part: f64, share: f64| part * (n * share / part).ln();
    ratio(a, x) + ratio(b, y) + 0.5 * (a * b / (2.0 * PI * n)).ln() - x.ln() - y.ln()
        + stirling_error(n)
        - stirling_error(a)
        - stirling_error(b)
}

/// ln Γ(x) minus Stirling's formula for it.
fn stirling_error(x: f64) -> f64 {
    if x < 16.0 {
        return ln_gamma(x) - (x - 0.5) * x.ln() + x - 0.5 * (2.0 * PI).ln();
    }
    let square = x * x;
    let series = 1.0 / 1680.0 - 1.0 / (1188.0 * square);
    let series = 1.0 / 1260.0 - series / square;
    let series = 1.0 / 360.0 - series / square;
    (1.0 / 12.0 - series / square) / x
}
