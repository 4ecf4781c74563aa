//! The sign-flip permutation test: were there no effect, each difference might as well have had the other sign.

use rand::{RngCore, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

use super::test::rounding;
use super::{Reason, TestResult, Undefined};

/// Up to this many differences all ways to give them signs are tried.
const MOST_EXACT: usize = 16;

/// Random ways to give signs, where there are more.
const DRAWS: u64 = 9_999;

/// With more differences the t test tells the same, at no cost.
const MOST: usize = 5_000;

/// The sign-flip test of the sum of independent differences against zero (Fisher 1935, section 21). The statistic is
/// the sum. Up to 16 differences the p-value is exact; above, it comes from 9,999 draws, the sums at hand counted as
/// one more (Davison & Hinkley 1997, chapter 4).
///
/// # Errors
/// No difference, none but zeros, or more than 5,000.
pub fn sign_flip(differences: &[f64], seed: u64) -> Result<TestResult, Undefined> {
    if differences.len() > MOST || differences.iter().any(|value| !value.is_finite()) {
        let detail = format!(
            "{} differences: up to {MOST} finite ones are flipped",
            differences.len()
        );
        return Err(Undefined::new(Reason::NotApplicable, detail));
    }
    let sizes: f64 = differences.iter().map(|value| value.abs()).sum();
    let alike = rounding(sizes);
    if sizes <= alike {
        let detail = format!("no difference among {} pairs", differences.len());
        return Err(Undefined::new(Reason::NoVariation, detail));
    }
    let sum: f64 = differences.iter().sum();
    // Sums that are equal on paper may differ in the last digits.
    let bound = sum.abs() - alike;
    let p = if differences.len() <= MOST_EXACT {
        exact(differences, bound)
    } else {
        drawn(differences, bound, seed)
    };
    Ok(TestResult {
        name: "sign-flip",
        statistic: sum,
        degrees_of_freedom: None,
        p,
        effect: None,
        others: Vec::new(),
    })
}

/// The share of all ways to give signs in which the sum is as large, either way. A Gray code changes one sign a step.
fn exact(differences: &[f64], bound: f64) -> f64 {
    let ways = 1_u64 << differences.len();
    let mut signs = vec![1.0; differences.len()];
    let mut as_large = 0_u64;
    for way in 1..=ways {
        // Summed anew each time: differences of sums would gather rounding errors.
        let sum: f64 = differences
            .iter()
            .zip(&signs)
            .map(|(value, sign)| value * sign)
            .sum();
        as_large += u64::from(sum.abs() >= bound);
        if let Some(sign) = signs.get_mut(way.trailing_zeros() as usize) {
            *sign = -*sign;
        }
    }
    as_large as f64 / ways as f64
}

fn drawn(differences: &[f64], bound: f64, seed: u64) -> f64 {
    let mut generator = Xoshiro256PlusPlus::seed_from_u64(seed);
    let mut as_large = 1;
    for _ in 0..DRAWS {
        let sum: f64 = differences
            .chunks(64)
            .map(|chunk| {
                let signs = generator.next_u64();
                let signed = |(place, value): (usize, &f64)| match signs >> place & 1 {
                    0 => *value,
                    _ => -*value,
                };
                chunk.iter().enumerate().map(signed).sum::<f64>()
            })
            .sum();
        as_large += u64::from(sum.abs() >= bound);
    }
    as_large as f64 / (DRAWS + 1) as f64
}
