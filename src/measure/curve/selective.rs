//! How often a model is right among the cases that it is surest of.

use super::{Point, Statement, counted};
use crate::case::Unit;
use crate::case::weight::kish;
use crate::measure::Rules;
use crate::measure::scoring_rate::bandwidth;
use crate::measure::sum::Sum;
use crate::stats::{Estimate, Undefined};

/// For tenths of the statements, as shares of cases that together weigh `all`; those as sure as the last one are taken
/// with it.
pub(super) fn selective(
    statements: &[Statement],
    all: u64,
    units: &[Unit],
    rules: &Rules,
) -> Vec<Point> {
    let mut sorted: Vec<(f64, u64)> = statements
        .iter()
        .map(|one| (one.stated, u64::from(units[one.case].weight)))
        .collect();
    sorted.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut points: Vec<Point> = Vec::new();
    for tenth in 1..=10 {
        let Some(last) = (sorted.len() * tenth / 10).checked_sub(1) else {
            continue;
        };
        let line = sorted[last].0;
        let n = sorted.partition_point(|(stated, _)| *stated >= line);
        let (shown, left) = (points.last().map_or(0, |before| before.n), sorted.len() - n);
        let (n, left) = (n as u64, left as u64);
        let few = (n - shown).min(left) < rules.suppress_below;
        if n == shown || few && left > 0 {
            continue;
        }
        let mass: u64 = sorted[..n as usize].iter().map(|(_, weight)| weight).sum();
        points.push(Point {
            at: mass as f64 / all as f64,
            n,
            result: match n < rules.suppress_below {
                true => Err(Undefined::suppressed(rules.suppress_below)),
                false => above(statements, units, rules, line, &sorted),
            },
        });
    }
    points
}

/// The share right of the statements that are as sure as a line.
///
/// The line comes from the same cases: it is drawn where a certain share c of them is above it. One more case above it
/// moves it up, and out go cases at the line. To first order the share right A so changes by (A - a) / c times what the
/// share above would have gained, where a is the share right at the line: the influence of a case is
/// [above (right - a) - c (A - a)] / c. Clusters of cases that the model is sure of all together so make A less certain
/// than for a line that is known.
///
/// Of two score intervals, that for a known line and that with this influence, it is the wider: the share at the line is
/// itself estimated.
fn above(
    statements: &[Statement],
    units: &[Unit],
    rules: &Rules,
    line: f64,
    sorted: &[(f64, u64)],
) -> Result<Estimate, Undefined> {
    let outcomes = statements
        .iter()
        .map(|one| (one, (one.stated >= line, one.right)));
    let slice = counted(statements, units, outcomes);
    let right = |(above, right): &(bool, bool)| above.then_some(f64::from(*right));
    let of_known_line = || -> Result<Sum<_>, Undefined> {
        let mut sum = Sum::new(0.0);
        sum.add(1.0, &slice, right)?;
        Ok(sum)
    };
    let known = of_known_line()?.estimate(rules.level)?;
    let total: u64 = sorted.iter().map(|(_, weight)| weight).sum();
    let chosen = sorted.iter().filter(|(stated, _)| *stated >= line);
    let share = chosen.map(|(_, weight)| weight).sum::<u64>() as f64 / total as f64;
    if share >= 1.0 {
        return Ok(known);
    }
    let at_line = right_near(statements, units, rules, share, sorted)?;
    let mut estimated = of_known_line()?;
    estimated.fix((at_line - known.value) / share, &slice, |(above, _)| {
        Some(f64::from(*above))
    })?;
    let estimated = estimated.estimate(rules.level)?;
    let width = |estimate: &Estimate| estimate.interval.high - estimate.interval.low;
    // Both are score intervals of one share, which differ in what its cases are worth: the wider holds the other.
    if width(&estimated) > width(&known) {
        Ok(estimated)
    } else {
        Ok(known)
    }
}

/// The share right of the statements next to the line above which a share of them lies: as many on either side as
/// [`bandwidth`] says and there are, and those that are as sure as the outermost of these.
fn right_near(
    statements: &[Statement],
    units: &[Unit],
    rules: &Rules,
    share: f64,
    sorted: &[(f64, u64)],
) -> Result<f64, Undefined> {
    let total: u64 = sorted.iter().map(|(_, weight)| weight).sum();
    let worth = kish(sorted.iter().map(|(_, weight)| (u128::from(*weight), 1)));
    let reach = bandwidth(worth, rules.level)?.min(share).min(1.0 - share);
    // The statement up to which at least so much weight lies.
    let reaching = |share: f64| {
        let mut up_to = 0;
        let mut reached = sorted.iter().skip_while(|(_, weight)| {
            up_to += weight;
            (up_to as f64) < share * total as f64
        });
        reached
            .next()
            .or(sorted.last())
            .map_or(0.0, |(stated, _)| *stated)
    };
    let (high, low) = (reaching(share - reach), reaching(share + reach));
    let (mut near, mut right) = (0, 0);
    for one in statements
        .iter()
        .filter(|one| (low..=high).contains(&one.stated))
    {
        let weight = u64::from(units[one.case].weight);
        near += weight;
        right += if one.right { weight } else { 0 };
    }
    Ok(right as f64 / near.max(1) as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// tests/oracles/selective.py
    #[test]
    fn a_line_that_is_estimated_is_part_of_what_is_not_known() {
        let of_case = |case: usize| {
            let place = (case * 37 % 240 / 2) as f64 / 120.0;
            let stated = (place + (case / 12 % 5) as f64) / 5.0;
            Statement {
                case,
                stated: (stated * 1e12).round() / 1e12,
                right: ((case * 101 % 97) as f64 / 97.0) < 0.25 + 0.7 * stated,
            }
        };
        let statements: Vec<Statement> = (0..240).map(of_case).collect();
        let units: Vec<Unit> = (0..240).map(|case| Unit::from(Some(case / 12))).collect();
        let rules = Rules {
            level: 0.95,
            min_n: 1,
            suppress_below: 0,
            seed: 1,
            replicates: 100,
        };
        let points = selective(&statements, 240, &units, &rules);
        for (n, value, low, high) in [
            (
                48,
                0.8958333333333334,
                0.22812180455730757,
                0.9960199442276311,
            ),
            (
                120,
                0.7666666666666667,
                0.5792083355713128,
                0.8869184454360112,
            ),
            (
                192,
                0.6614583333333334,
                0.4643858930135746,
                0.8149193858110829,
            ),
            (
                240,
                0.5916666666666667,
                0.4257482867634587,
                0.7390310858328122,
            ),
        ] {
            let point = points.iter().find(|point| point.n == n).unwrap();
            let found = point.result.as_ref().unwrap();
            let ours = [found.value, found.interval.low, found.interval.high];
            for (ours, theirs) in ours.into_iter().zip([value, low, high]) {
                assert!((ours - theirs).abs() < 1e-9, "{n}: {ours} is not {theirs}");
            }
        }
    }

    #[test]
    fn what_is_right_in_all_cases_is_never_beyond_doubt() {
        let statements: Vec<Statement> = (0..24)
            .map(|case| Statement {
                case,
                stated: case as f64 / 24.0,
                right: case >= 8,
            })
            .collect();
        let rules = Rules {
            level: 0.95,
            min_n: 1,
            suppress_below: 0,
            seed: 1,
            replicates: 100,
        };
        let points = selective(&statements, 24, &[Unit::from(None); 24], &rules);
        let twelve = points.iter().find(|point| point.n == 12).unwrap();
        let found = twelve.result.as_ref().unwrap();
        assert_eq!((found.value, found.interval.high), (1.0, 1.0));
        // Wilson's of 12 of 12: 12 / (12 + z²).
        assert!(
            found.interval.low <= 12.0 / (12.0 + 3.841_458_820_694_124) && found.interval.low > 0.6
        );
    }
}
