//! Draws scores with a known truth and counts how often the intervals of measures of scores hold it.
//!
//! A label holds for 30 % of cases. The score is normal, one standard deviation higher where the label holds, plus what
//! the cases of a cluster share; so the area under the curve is known, and so is the probability that makes the model
//! perfectly calibrated. The model states a tenth of the rest more than that.

use affect_audit::stats::bootstrap::cluster_bits;
use affect_audit::stats::mean::{Values, sum_of_means};
use affect_audit::stats::ranking::{area, mean_area};
use affect_audit::stats::{Estimate, Undefined};

const PREVALENCE: f64 = 0.3;

/// What is drawn.
#[derive(Clone, Copy)]
pub struct Scored {
    /// Cases.
    pub n: u64,
    /// Clusters of equal size; as many as cases where these are independent.
    pub clusters: u64,
    /// Standard deviation of what a cluster's cases share.
    pub shared: f64,
    /// Standard deviation of the logarithm of weights; 0 for cases that weigh the same.
    pub spread: f64,
}

/// A case: whether the label holds, its score, the probability that the model states, its cluster and its weight.
struct Case {
    holds: bool,
    score: f64,
    stated: f64,
    cluster: u64,
    weight: u32,
}

/// For each measure the share of draws whose interval held the truth.
pub fn held(scored: Scored, draws: u64) -> Vec<(&'static str, f64)> {
    let spread = 1.0 + scored.shared * scored.shared;
    let truths = [
        ("auc", normal_cdf((1.0 / (2.0 * spread)).sqrt())),
        // The calibrated probabilities average to the prevalence, and a tenth of the rest is added.
        ("overconfidence", 0.1 * (1.0 - PREVALENCE)),
        ("brier", brier(scored)),
    ];
    let mut held = [0_u64; 3];
    for draw in 0..draws {
        let cases = cases(scored, draw);
        for ((place, (_, truth)), estimate) in truths.iter().enumerate().zip(estimates(&cases)) {
            let inside = estimate.is_ok_and(|estimate| {
                estimate.interval.low <= *truth && *truth <= estimate.interval.high
            });
            held[place] += u64::from(inside);
        }
    }
    let share = |(held, (name, _)): (u64, (&'static str, f64))| (name, held as f64 / draws as f64);
    held.into_iter().zip(truths).map(share).collect()
}

fn estimates(cases: &[Case]) -> [Result<Estimate, Undefined>; 3] {
    let scores: Vec<f64> = cases.iter().map(|case| case.score).collect();
    let positive: Vec<bool> = cases.iter().map(|case| case.holds).collect();
    let clusters: Vec<u64> = cases.iter().map(|case| case.cluster).collect();
    let (mut over, mut squares) = (Values::default(), Values::default());
    for case in cases {
        let excess = case.stated - f64::from(case.holds);
        for (values, power) in [(&mut over, 1), (&mut squares, 2)] {
            values.weigh(case.cluster, case.weight, excess.powi(power));
            let weight = f64::from(case.weight);
            values.suppose(true, weight * case.stated, (case.stated - 1.0).powi(power));
            let open = 1.0 - case.stated;
            values.suppose(false, weight * open, case.stated.powi(power));
            values.saw(case.holds);
        }
    }
    let weights: Vec<f64> = cases.iter().map(|case| f64::from(case.weight)).collect();
    let uneven = weights.iter().any(|weight| *weight != weights[0]);
    let weights = uneven.then_some(weights.as_slice());
    [
        area(&scores, &positive, weights).and_then(|area| mean_area(&[&area], &clusters, 0.95)),
        sum_of_means(&[(1.0, &over)], (-1.0, 1.0), 0.95),
        sum_of_means(&[(1.0, &squares)], (0.0, 1.0), 0.95),
    ]
}

fn cases(scored: Scored, draw: u64) -> Vec<Case> {
    let spread = 1.0 + scored.shared * scored.shared;
    let of_case = |case: u64| {
        let cluster = case % scored.clusters;
        let holds = uniform(draw, case, 0) < PREVALENCE;
        let score =
            f64::from(holds) + normal(draw, case, 1) + scored.shared * normal(draw, cluster, 3);
        let odds = (PREVALENCE / (1.0 - PREVALENCE)).ln() + (score - 0.5) / spread;
        let calibrated = 1.0 / (1.0 + (-odds).exp());
        Case {
            holds,
            score,
            stated: calibrated + 0.1 * (1.0 - calibrated),
            cluster,
            weight: (1e6 * (scored.spread * normal(draw, case, 5)).exp()).min(4e9) as u32,
        }
    };
    (0..scored.n).map(of_case).collect()
}

/// The expected squared error, from as many independent cases as make it sure to three digits.
fn brier(scored: Scored) -> f64 {
    let many = Scored {
        n: 200_000,
        clusters: 200_000,
        ..scored
    };
    let cases = cases(many, u64::MAX);
    let squares = cases
        .iter()
        .map(|case| (case.stated - f64::from(case.holds)).powi(2));
    squares.sum::<f64>() / cases.len() as f64
}

fn uniform(draw: u64, case: u64, what: u64) -> f64 {
    // Half a step up, so that the logarithm below is finite.
    ((cluster_bits(what, case, draw) >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
}

/// Box & Muller (1958).
fn normal(draw: u64, case: u64, what: u64) -> f64 {
    let angle = std::f64::consts::TAU * uniform(draw, case, what + 1);
    (-2.0 * uniform(draw, case, what).ln()).sqrt() * angle.cos()
}

/// P(Z <= z), by integrating the density.
fn normal_cdf(z: f64) -> f64 {
    const STEPS: u32 = 10_000;
    let step = z / f64::from(STEPS);
    let density = |x: f64| (-x * x / 2.0).exp() / std::f64::consts::TAU.sqrt();
    let middles = (0..STEPS).map(|place| density((f64::from(place) + 0.5) * step));
    0.5 + step * middles.sum::<f64>()
}
