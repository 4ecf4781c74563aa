//! Values of many groups, each drawn towards what all have in common as far as it is uncertain itself.

use super::distribution::normal_cdf;
use super::interval::two_sided_z;
use super::{Estimate, Interval, Method, Reason, Undefined};
use crate::diagnostic::counted;

/// Intervals of Simpson's rule over the spread between groups.
const PANELS: usize = 256;

/// Most steps towards a limit; a handful is usual.
const MOST_STEPS: usize = 60;

/// How many standard deviations from its mean a limit may lie.
const FAR: f64 = 10.0;

/// A spread less likely than this has no say.
const LEAST: f64 = 1e-13;

/// The fewest groups that say how far groups differ.
const FEWEST: usize = 3;

/// Values with their standard errors, shrunken towards their common mean. Groups' true values are taken as normal
/// around a common mean (Efron & Morris 1975); what the spread between groups might be is not estimated and plugged in,
/// which makes intervals too short where groups are few, but averaged over with a flat prior, as is the common mean
/// (Deely & Lindley 1981; the formulas are (5.17), (5.20) and (5.21) of Gelman et al., Bayesian Data Analysis, 3rd ed.).
/// The value is the posterior mean; the limits are posterior quantiles.
///
/// # Errors
/// Fewer than three groups, a standard error that is not above 0, or a level that is not between 0 and 1.
pub fn shrink(groups: &[(f64, f64)], level: f64) -> Result<Vec<Estimate>, Undefined> {
    two_sided_z(level)?;
    if groups.len() < FEWEST {
        let detail = format!(
            "{}, and fewer than {FEWEST} do not show how far groups differ",
            counted(groups.len(), "group")
        );
        return Err(Undefined::new(Reason::TooFewCases, detail));
    }
    if groups
        .iter()
        .any(|(value, error)| !(value.is_finite() && *error > 0.0 && error.is_finite()))
    {
        let detail = "a value or its standard error is not a number above 0";
        return Err(Undefined::new(Reason::OutOfRange, detail));
    }
    let nodes = spreads(groups);
    let tail = (1.0 - level) / 2.0;
    Ok(groups
        .iter()
        .map(|group| {
            let parts = nodes.iter().map(|node| node.posterior(*group));
            let parts: Vec<(f64, f64, f64)> =
                parts.filter(|(weight, ..)| *weight > LEAST).collect();
            Estimate {
                value: parts.iter().map(|(weight, mean, _)| weight * mean).sum(),
                interval: Interval {
                    low: quantile(&parts, tail),
                    high: quantile(&parts, 1.0 - tail),
                    level,
                    method: Method::EmpiricalBayes,
                    degrees_of_freedom: None,
                },
                test: None,
            }
        })
        .collect())
}

/// A spread that groups might have, how likely it is, and the common mean that goes with it.
struct Node {
    weight: f64,
    between: f64,
    mean: f64,
    mean_variance: f64,
}

impl Node {
    fn new(groups: &[(f64, f64)], spread: f64) -> (Self, f64) {
        let between = spread * spread;
        let precision = |error: &f64| 1.0 / (error * error + between);
        let all: f64 = groups.iter().map(|(_, error)| precision(error)).sum();
        let sum: f64 = groups
            .iter()
            .map(|(value, error)| precision(error) * value)
            .sum();
        let mean = sum / all;
        let terms = groups.iter().map(|(value, error)| {
            0.5 * precision(error).ln() - 0.5 * precision(error) * (value - mean).powi(2)
        });
        let log_density = terms.sum::<f64>() - 0.5 * all.ln();
        let node = Node {
            weight: 0.0,
            between,
            mean,
            mean_variance: 1.0 / all,
        };
        (node, log_density)
    }

    /// Its weight, and mean and standard deviation of a group's true value under it.
    fn posterior(&self, (value, error): (f64, f64)) -> (f64, f64, f64) {
        let own = error * error;
        let pull = own / (own + self.between);
        let variance = own * (1.0 - pull) + pull * pull * self.mean_variance;
        (
            self.weight,
            value + pull * (self.mean - value),
            variance.sqrt(),
        )
    }
}

/// Spreads from 0 to far beyond what the values show, by Simpson's rule on u of spread = scale u / (1 - u).
fn spreads(groups: &[(f64, f64)]) -> Vec<Node> {
    let n = groups.len() as f64;
    let centre = groups.iter().map(|(value, _)| value).sum::<f64>() / n;
    let scale = groups
        .iter()
        .map(|(value, error)| ((value - centre).powi(2) + error * error) / n)
        .sum::<f64>()
        .sqrt();
    let mut nodes = Vec::with_capacity(PANELS);
    // The last place is an endless spread. With a flat prior it has a share only among three groups.
    for place in 0..=PANELS {
        let u = (place as f64 / PANELS as f64).min(1.0 - 1e-9);
        let (node, log_density) = Node::new(groups, scale * u / (1.0 - u));
        let simpson: f64 = match place {
            0 | PANELS => 1.0,
            odd if odd % 2 == 1 => 4.0,
            _ => 2.0,
        };
        nodes.push((node, log_density - 2.0 * (1.0 - u).ln() + simpson.ln()));
    }
    let highest = nodes
        .iter()
        .map(|(_, log)| *log)
        .fold(f64::NEG_INFINITY, f64::max);
    let total: f64 = nodes.iter().map(|(_, log)| (log - highest).exp()).sum();
    nodes
        .into_iter()
        .map(|(node, log)| Node {
            weight: (log - highest).exp() / total,
            ..node
        })
        .collect()
}

/// The quantile of a mixture of normal distributions of (weight, mean, standard deviation): Newton's steps within a
/// bracket that closes in, and its middle where a step would leave it.
fn quantile(parts: &[(f64, f64, f64)], probability: f64) -> f64 {
    let reach =
        |(_, mean, deviation): &(f64, f64, f64)| (mean - FAR * deviation, mean + FAR * deviation);
    let (mut low, mut high) = parts.iter().map(reach).fold(
        (f64::INFINITY, f64::NEG_INFINITY),
        |(low, high), (from, to)| (low.min(from), high.max(to)),
    );
    let width = high - low;
    let mut place = 0.5 * (low + high);
    for _ in 0..MOST_STEPS {
        let (mut below, mut density) = (0.0, 0.0);
        for (weight, mean, deviation) in parts {
            let z = (place - mean) / deviation;
            below += weight * normal_cdf(z);
            density += weight * (-0.5 * z * z).exp() / deviation;
        }
        if below < probability {
            low = place;
        } else {
            high = place;
        }
        let step = (probability - below) * (2.0 * std::f64::consts::PI).sqrt() / density;
        let next = place + step;
        let middle = 0.5 * (low + high);
        // A density of 0 gives a step that is no number.
        let next = if next > low && next < high {
            next
        } else {
            middle
        };
        let moved = (next - place).abs();
        place = next;
        if moved < 1e-13 * width {
            break;
        }
    }
    place
}
