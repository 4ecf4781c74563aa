//! Sums of shares of a slice's cases, or of two slices' cases: the form that most measures and their differences
//! have, with one interval for all (`stats::sum`).

use super::slice::Slice;
use crate::stats::paired::paired_sum;
use crate::stats::sum::{self, Clustering, Pairing, Share, weighted_sum};
use crate::stats::{Estimate, Reason, Undefined};

/// A sum of shares under construction.
pub struct Sum<'a, K> {
    constant: f64,
    terms: Vec<Term<'a, K>>,
}

struct Term<'a, K> {
    slice: &'a Slice<K>,
    /// By cell of the slice: a value between 0 and 1; `None` where the cell has no say.
    values: Vec<Option<f64>>,
    share: Share,
}

impl<'a, K: Ord + Copy> Sum<'a, K> {
    /// A sum that begins with a constant.
    pub fn new(constant: f64) -> Self {
        Sum {
            constant,
            terms: Vec::new(),
        }
    }

    /// Adds the mean of values between 0 and 1 over the cases of a slice that have one.
    ///
    /// # Errors
    /// No case has one.
    pub fn add(
        &mut self,
        weight: f64,
        slice: &'a Slice<K>,
        value: impl Fn(&K) -> Option<f64>,
    ) -> Result<(), Undefined> {
        let values: Vec<Option<f64>> = slice.cells.iter().map(value).collect();
        let (mut total, mut sum, mut squares) = (0, 0.0, 0.0);
        for (value, mass) in values.iter().zip(slice.masses()) {
            if let Some(value) = value {
                total += mass;
                sum += value * *mass as f64;
                squares += value * value * *mass as f64;
            }
        }
        if total == 0 {
            return Err(Undefined::new(
                Reason::NoCases,
                "no case that it could be counted on",
            ));
        }
        let (total, trials) = (total as f64, slice.effective(&values));
        let cases = values.iter().zip(&slice.counts);
        let cases = cases.filter(|(value, _)| value.is_some());
        let cases: u64 = cases.map(|(_, count)| count).sum();
        self.terms.push(Term {
            slice,
            values,
            share: Share {
                weight,
                trials,
                total,
                mean: sum / total,
                mean_square: squares / total,
                clusters: cases as f64,
                equal_clusters: trials,
            },
        });
        Ok(())
    }

    /// The value with its interval.
    ///
    /// # Errors
    /// A sum without terms.
    pub fn estimate(mut self, level: f64) -> Result<Estimate, Undefined> {
        let clustering = self.depends().then(|| self.clustering());
        let shares: Vec<Share> = self.terms.iter().map(|term| term.share).collect();
        weighted_sum(self.constant, &shares, clustering, level)
    }

    /// The same where the values are differences within cases, between -1 and 1.
    ///
    /// # Errors
    /// A sum without terms.
    pub fn paired(mut self, level: f64) -> Result<Estimate, Undefined> {
        let clustering = self.depends().then(|| self.clustering());
        let shares: Vec<Share> = self.terms.iter().map(|term| term.share).collect();
        paired_sum(&shares, clustering, level)
    }

    /// Its first share over its second, with its interval; weights do not matter.
    ///
    /// # Errors
    /// Not two shares, or a second share of 0.
    pub fn ratio(mut self, level: f64) -> Result<Estimate, Undefined> {
        let [first, second] = self.terms.as_mut_slice() else {
            let detail = "a ratio is of two shares";
            return Err(Undefined::new(Reason::NotApplicable, detail));
        };
        let ratio = first.share.mean / second.share.mean;
        first.share.weight = 1.0;
        // Of nothing and nothing the difference is as good.
        second.share.weight = if ratio > 0.0 && ratio.is_finite() {
            -ratio
        } else {
            -1.0
        };
        let clustering = self.depends().then(|| self.clustering());
        sum::ratio(
            &[self.terms[0].share, self.terms[1].share],
            clustering,
            level,
        )
    }

    /// Whether cases come in clusters, weigh differently, or have a say in several terms.
    fn depends(&self) -> bool {
        let shared = |place: usize, term: &Term<K>| {
            self.terms[..place].iter().any(|other| {
                let mut cells = other.values.iter().zip(&term.values);
                std::ptr::eq(other.slice, term.slice)
                    && cells.any(|(a, b)| a.is_some() && b.is_some())
            })
        };
        let mut terms = self.terms.iter().enumerate();
        terms.any(|(place, term)| {
            term.slice.is_clustered() || term.slice.is_weighted() || shared(place, term)
        })
    }

    /// What clusters contribute to the sum; a case without a cluster is one of its own.
    fn clustering(&mut self) -> Clustering {
        for term in &mut self.terms {
            if term.slice.is_clustered() {
                let one = |value: &Option<f64>| value.map(|_| 1.0);
                let ones: Vec<Option<f64>> = term.values.iter().map(one).collect();
                let clusters = term.slice.by_cluster(&ones);
                term.share.clusters = equal(clusters.iter().map(|(_, mass)| *mass));
                term.share.equal_clusters = term.share.clusters;
            }
        }
        let (mut clusters, mut squares) = (0.0, 0.0);
        let mut shared: Vec<(u64, f64, f64)> = Vec::new();
        for (place, Term { slice, .. }) in self.terms.iter().enumerate() {
            let earlier = &self.terms[..place];
            if earlier
                .iter()
                .any(|other| std::ptr::eq(other.slice, *slice))
            {
                continue;
            }
            let influence = self.influence(slice);
            if slice.is_clustered() {
                let masses = slice.by_cluster(&self.part(slice));
                let clusters = slice.by_cluster(&influence).into_iter().zip(masses);
                shared.extend(clusters.map(|((number, sum), (_, mass))| (number, sum, mass)));
                continue;
            }
            for stratum in slice.strata() {
                if let Some(influence) = influence[stratum.cell] {
                    let weighed = influence * f64::from(stratum.weight);
                    clusters += stratum.cases as f64;
                    squares += weighed * weighed * stratum.cases as f64;
                }
            }
        }
        // Cases without a cluster are numbered anew in each slice, and are not the same in two.
        let alone = |number: u64| number > u64::from(u32::MAX);
        shared.sort_by_key(|(number, ..)| *number);
        let shared = || shared.chunk_by(|a, b| a.0 == b.0 && !alone(a.0));
        for same in shared() {
            squares += same.iter().map(|(_, sum, _)| sum).sum::<f64>().powi(2);
        }
        let masses = shared().map(|same| same.iter().map(|(.., mass)| mass).sum());
        Clustering {
            clusters: clusters + equal(masses),
            squares,
            pairing: self.pairing(),
        }
    }

    /// Two shares of different slices that have clusters in common.
    fn pairing(&self) -> Option<Pairing> {
        let [first, second] = self.terms.as_slice() else {
            return None;
        };
        if std::ptr::eq(first.slice, second.slice)
            || !(first.slice.is_clustered() && second.slice.is_clustered())
        {
            return None;
        }
        let of = |term: &Term<'a, K>| {
            let mut sums = term.slice.by_cluster(&self.influence(term.slice));
            sums.sort_by_key(|(number, _)| *number);
            sums
        };
        let (ours, theirs) = (of(first), of(second));
        let square = |sums: &[(u64, f64)]| sums.iter().map(|(_, sum)| sum * sum).sum::<f64>();
        let product = ours
            .iter()
            .filter(|(number, _)| *number <= u64::from(u32::MAX))
            .filter_map(|(number, sum)| {
                let at = theirs.binary_search_by_key(number, |(number, _)| *number);
                Some(sum * theirs[at.ok()?].1)
            })
            .sum::<f64>();
        Some(Pairing {
            squares: [square(&ours), square(&theirs)],
            product,
        })
    }

    /// By cell of a slice: what a case of weight 1 in it is of the sum.
    fn part(&self, slice: &Slice<K>) -> Vec<Option<f64>> {
        let mut parts = vec![None; slice.cells.len()];
        let here = |term: &&Term<K>| std::ptr::eq(term.slice, slice);
        for Term { values, share, .. } in self.terms.iter().filter(here) {
            for (part, value) in parts.iter_mut().zip(values) {
                if value.is_some() {
                    *part.get_or_insert(0.0) += share.weight.abs() / share.total;
                }
            }
        }
        parts
    }

    /// By cell of a slice: what one more case of weight 1 in it does to the sum.
    fn influence(&self, slice: &Slice<K>) -> Vec<Option<f64>> {
        let mut influence = vec![None; slice.cells.len()];
        let here = |term: &&Term<K>| std::ptr::eq(term.slice, slice);
        for Term { values, share, .. } in self.terms.iter().filter(here) {
            for (influence, value) in influence.iter_mut().zip(values) {
                if let Some(value) = value {
                    *influence.get_or_insert(0.0) += share.influence() * (value - share.mean);
                }
            }
        }
        influence
    }
}

/// How many clusters of equal size those of these sizes are worth (Kish 1965); 0 without clusters.
fn equal(sizes: impl Iterator<Item = f64>) -> f64 {
    let (mut sum, mut squares) = (0.0, 0.0);
    for size in sizes {
        sum += size;
        squares += size * size;
    }
    if squares > 0.0 {
        sum * sum / squares
    } else {
        0.0
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn sums_agree_with_cluster_robust_least_squares() {
        let oracles = include_str!("../../tests/oracles/stats.json");
        let oracles: Value = serde_json::from_str(oracles).unwrap();
        let cases = oracles["sum_of_shares"].as_array().unwrap();
        assert_eq!(cases.len(), 19);
        for (place, case) in cases.iter().enumerate() {
            let number = |value: &Value| value.as_f64().unwrap();
            let rows = case["rows"].as_array().unwrap();
            let cluster = |row: &Value| row[0].as_u64().map(|cluster| cluster as u32);
            let slice = Slice::new(rows.iter().enumerate().map(|(n, row)| (cluster(row), n)));
            let mut sum = Sum::new(number(&case["constant"]));
            for (term, weight) in case["weights"].as_array().unwrap().iter().enumerate() {
                let value = |row: &usize| rows[*row][1][term].as_f64();
                sum.add(number(weight), &slice, value).unwrap();
            }
            let ours = sum.estimate(number(&case["level"])).unwrap();
            let theirs = [&case["value"], &case["interval"][0], &case["interval"][1]].map(number);
            let ours = [ours.value, ours.interval.low, ours.interval.high];
            for (ours, theirs) in ours.iter().zip(theirs) {
                assert!(
                    (ours - theirs).abs() < 1e-9,
                    "{place}: {ours} is not {theirs}"
                );
            }
        }
    }

    #[test]
    fn two_slices_of_the_same_clusters_are_taken_together() {
        // Whole clusters answer alike, so the difference rests on how clusters differ, not on 40 cases.
        let cases = |right: [bool; 4]| {
            let of = move |n: u32| (Some(n % 4), right[(n % 4) as usize]);
            Slice::new((0..40).map(of))
        };
        let (first, second) = (
            cases([true, true, true, false]),
            cases([true, false, false, false]),
        );
        let difference = |sign: f64| {
            let mut sum = Sum::new(0.0);
            sum.add(sign, &first, |right| Some(f64::from(*right)))
                .unwrap();
            sum.add(-sign, &second, |right| Some(f64::from(*right)))
                .unwrap();
            sum.estimate(0.95).unwrap()
        };
        let (ours, turned) = (difference(1.0), difference(-1.0));
        assert_eq!(ours.value, 0.5);
        assert!(
            ours.interval.low < -0.1 && ours.interval.high > 0.7,
            "{ours:?}"
        );
        assert!((ours.interval.low + turned.interval.high).abs() < 1e-12);
    }

    /// Two answers to each of 400 sentences, mostly right or wrong together: tests/oracles/paired_groups.py.
    #[test]
    fn differences_on_the_same_clusters_are_as_wide_as_a_cluster_bootstrap_makes_them() {
        // How many sentences were answered rightly in both languages, in the first, the second, and neither.
        for ([both, first, second, neither], [low, high]) in [
            ([220, 60, 30, 90], [0.03, 0.1225]),
            ([300, 20, 20, 60], [-0.03, 0.03]),
            ([100, 120, 100, 80], [-0.0225, 0.1225]),
        ] {
            let mut right = Vec::new();
            for (count, pair) in [
                (both, (true, true)),
                (first, (true, false)),
                (second, (false, true)),
                (neither, (false, false)),
            ] {
                right.extend(std::iter::repeat_n(pair, count));
            }
            let slice = |of: fn(&(bool, bool)) -> bool| {
                Slice::new(
                    right
                        .iter()
                        .enumerate()
                        .map(move |(n, pair)| (Some(n as u32), of(pair))),
                )
            };
            let (one, other) = (slice(|pair| pair.0), slice(|pair| pair.1));
            let mut sum = Sum::new(0.0);
            sum.add(1.0, &one, |right| Some(f64::from(*right))).unwrap();
            sum.add(-1.0, &other, |right| Some(f64::from(*right)))
                .unwrap();
            let ours = sum.estimate(0.95).unwrap().interval;
            for (ours, theirs) in [(ours.low, low), (ours.high, high)] {
                assert!(
                    (ours - theirs).abs() < 0.004,
                    "{both} {first}: {ours} is not {theirs}"
                );
            }
        }
    }

    #[test]
    fn without_a_trial_there_is_no_term() {
        let slice: Slice<bool> = Slice::new([(None, true)].into_iter());
        let mut sum = Sum::new(0.0);
        assert_eq!(
            sum.add(1.0, &slice, |_| None).unwrap_err().reason,
            Reason::NoCases
        );
        assert!(sum.estimate(0.95).is_err());
    }
}
