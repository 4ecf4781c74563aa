//! Agreement between two sets of raters: cross-replication reliability. Values are indices, as for alpha.

use super::{Metric, ratio_below_one, squared_distances};
use crate::stats::{Reason, Undefined};

/// How often values were given to a unit: places of values, each once, and times.
pub type Given = Vec<(usize, u64)>;

/// How far two values are apart.
#[derive(Clone, Debug, PartialEq)]
pub enum Distances {
    /// As far as a table of values by values says, row by row.
    Table(Vec<f64>),
    /// As alpha does it, from how often both sets of raters gave the values.
    Of(Metric),
}

/// Units that two sets of raters rated.
#[derive(Clone, Debug)]
pub struct Crossed {
    values: usize,
    distances: Distances,
    units: Vec<Unit>,
}

/// How one unit was rated by both sides.
#[derive(Clone, Debug)]
struct Unit {
    own: Given,
    others: Given,
    /// Ratings of both sides.
    weight: f64,
    /// The mean distance of the pairs of one rating of either side, where distances do not depend on other units.
    apart: Option<f64>,
}

impl Crossed {
    /// Units with what one side and the other side gave them, over so many values.
    ///
    /// # Errors
    /// Values, or a table of distances, of another size.
    pub fn new(
        values: usize,
        distances: Distances,
        units: Vec<(Given, Given)>,
    ) -> Result<Self, Undefined> {
        let known = |given: &Given| given.iter().all(|(value, _)| *value < values);
        let fits = match &distances {
            Distances::Table(table) => table.len() == values * values,
            Distances::Of(_) => true,
        };
        if !fits
            || !units
                .iter()
                .all(|(own, others)| known(own) && known(others))
        {
            let detail = format!("values or distances that are not those of {values} values");
            return Err(Undefined::new(Reason::OutOfRange, detail));
        }
        let unit = |(own, others): (Given, Given)| {
            let apart = match &distances {
                Distances::Table(table) => Some(mean_distance(values, table, &own, &others)),
                Distances::Of(_) => None,
            };
            Unit {
                weight: (ratings(&own) + ratings(&others)) as f64,
                own,
                others,
                apart,
            }
        };
        Ok(Crossed {
            values,
            units: units.into_iter().map(unit).collect(),
            distances,
        })
    }

    /// Cross-replication reliability, kappa with an x (Wong, Paritosh & Aroyo 2021, "Cross-replication Reliability - An
    /// Empirical Approach to Interpreting Inter-rater Reliability"), where each unit occurs a number of times: 1 less
    /// observed over expected disagreement of pairs of one rating by either side. 1 is full agreement, 0 what chance
    /// gives; there is no lowest value. With one rater a side it is Cohen's kappa.
    ///
    /// Where ratings are missing, observed disagreement is the mean over units of the mean over their pairs, a unit
    /// weighing the ratings that both sides gave it, and expected disagreement the mean over the pairs of any two
    /// ratings, as in the paper. Units that one side did not rate are left out.
    ///
    /// # Errors
    /// No unit that both sides rated; one value alone.
    pub fn kappa(&self, counts: &[u64]) -> Result<f64, Undefined> {
        let rated = || {
            let units = self.units.iter().zip(counts);
            units.filter(|(unit, times)| {
                **times > 0 && !unit.own.is_empty() && !unit.others.is_empty()
            })
        };
        let given = |side: fn(&Unit) -> &Given| {
            let mut given = vec![0.0; self.values];
            for (unit, times) in rated() {
                for (value, of_value) in side(unit) {
                    given[*value] += (times * of_value) as f64;
                }
            }
            given
        };
        let (own, others) = (given(|unit| &unit.own), given(|unit| &unit.others));
        let (all_own, all_others): (f64, f64) = (own.iter().sum(), others.iter().sum());
        if all_own == 0.0 {
            let detail = "no case was rated on both sides";
            return Err(Undefined::new(Reason::NoPairs, detail));
        }
        let computed;
        let table = match &self.distances {
            Distances::Table(table) => table,
            Distances::Of(metric) => {
                let both: Vec<f64> = own
                    .iter()
                    .zip(&others)
                    .map(|(one, two)| one + two)
                    .collect();
                computed = squared_distances(*metric, &both);
                &computed
            }
        };
        let observed: f64 = rated()
            .map(|(unit, times)| {
                let of_pairs = || mean_distance(self.values, table, &unit.own, &unit.others);
                *times as f64 * unit.weight * unit.apart.unwrap_or_else(of_pairs)
            })
            .sum();
        let expected: f64 = own
            .iter()
            .zip(table.chunks(self.values))
            .filter(|(times, _)| **times > 0.0)
            .map(|(times, row)| {
                let pairs = row.iter().zip(&others);
                times * pairs.map(|(distance, times)| distance * times).sum::<f64>()
            })
            .sum();
        ratio_below_one(
            observed * all_own * all_others,
            expected * (all_own + all_others),
        )
    }
}

fn ratings(given: &Given) -> u64 {
    given.iter().map(|(_, times)| times).sum()
}

/// The mean distance over all pairs of one rating of either side; 0 where one side has none.
fn mean_distance(values: usize, table: &[f64], own: &Given, others: &Given) -> f64 {
    let pairs = own
        .iter()
        .flat_map(|one| others.iter().map(move |two| (one, two)));
    let apart: f64 = pairs
        .map(|((one, times), (two, others))| table[one * values + two] * (times * others) as f64)
        .sum();
    match ratings(own) * ratings(others) {
        0 => 0.0,
        all => apart / all as f64,
    }
}

#[cfg(test)]
mod tests {
    use super::super::{kappa, quadratic_kappa};
    use super::*;

    const NOMINAL: [f64; 4] = [0.0, 1.0, 1.0, 0.0];

    fn counted(given: &[u64]) -> Given {
        let given = given.iter().copied().enumerate();
        given.filter(|(_, times)| *times > 0).collect()
    }

    fn units(units: &[([u64; 2], [u64; 2])]) -> Vec<(Given, Given)> {
        let units = units.iter();
        units
            .map(|(own, others)| (counted(own), counted(others)))
            .collect()
    }

    /// The example of the paper, as the implementation of its authors tests it: observed disagreement is 9 / 22, expected
    /// is one half, and what only one side rated counts for nothing.
    #[test]
    fn the_published_example_comes_out() {
        let rated = units(&[
            ([0, 2], [0, 2]),
            ([0, 3], [1, 1]),
            ([2, 0], [1, 1]),
            ([3, 0], [1, 1]),
            ([1, 1], [2, 0]),
            ([3, 0], [0, 0]),
            ([2, 1], [0, 0]),
        ]);
        let crossed = Crossed::new(2, Distances::Table(NOMINAL.to_vec()), rated).unwrap();
        let value = crossed.kappa(&[1; 7]).unwrap();
        assert!((value - (1.0 - 9.0 / 11.0)).abs() < 1e-12, "{value}");
        assert_eq!(crossed.kappa(&[1, 1, 1, 1, 1, 0, 0]).unwrap(), value);
    }

    #[test]
    fn with_one_rater_a_side_it_is_cohens_kappa() {
        let confusion = [20, 5, 3, 10, 15, 2, 1, 4, 7];
        let one = |value: usize| vec![(value, 1)];
        let rated = || (0..9).map(|cell| (one(cell / 3), one(cell % 3))).collect();
        let squared = |cell: usize| (cell / 3).abs_diff(cell % 3).pow(2) as f64;
        let squared = Distances::Table((0..9).map(squared).collect());
        for (distances, theirs) in [
            (Distances::Of(Metric::Nominal), kappa(&confusion, 3)),
            (
                Distances::Of(Metric::Interval),
                quadratic_kappa(&confusion, 3),
            ),
            (squared, quadratic_kappa(&confusion, 3)),
        ] {
            let crossed = Crossed::new(3, distances, rated()).unwrap();
            let ours = crossed.kappa(&confusion).unwrap();
            assert!((ours - theirs.unwrap()).abs() < 1e-12);
        }
    }

    #[test]
    fn what_nothing_can_be_said_of_has_no_value() {
        let reason = |rated: &[([u64; 2], [u64; 2])]| {
            let table = Distances::Table(NOMINAL.to_vec());
            let crossed = Crossed::new(2, table, units(rated)).unwrap();
            crossed.kappa(&vec![1; rated.len()]).unwrap_err().reason
        };
        assert_eq!(reason(&[]), Reason::NoPairs);
        assert_eq!(
            reason(&[([1, 0], [0, 0]), ([0, 0], [1, 0])]),
            Reason::NoPairs
        );
        assert_eq!(reason(&[([1, 0], [2, 0])]), Reason::NoVariation);
        let beyond = Crossed::new(
            2,
            Distances::Table(NOMINAL.to_vec()),
            vec![(vec![(2, 1)], vec![])],
        );
        assert_eq!(beyond.unwrap_err().reason, Reason::OutOfRange);
    }
}
