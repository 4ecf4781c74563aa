//! Sums of shares of a slice's cases, or of two slices' cases: the form that most measures and their differences
//! have, with one interval for all (`stats::sum`).

use super::slice::Slice;
use crate::stats::exact::exact_share;
use crate::stats::kurtosis::degrees_of_freedom;
use crate::stats::paired::paired_sum;
use crate::stats::sum::{self, Clustering, Pairing, Share, weighted_sum};
use crate::stats::{Estimate, Reason, Undefined};

/// A sum of shares under construction.
pub struct Sum<'a, K> {
    constant: f64,
    terms: Vec<Term<'a, K>>,
    /// Shares that do not vary, since what the values are counted by was chosen so.
    fixed: Vec<Term<'a, K>>,
}

struct Term<'a, K> {
    slice: &'a Slice<K>,
    /// By cell of the slice: a value between 0 and 1; `None` where the cell has no say.
    values: Vec<Option<f64>>,
    share: Share,
}

impl<'a, K: Ord + Copy> Term<'a, K> {
    fn new(
        weight: f64,
        slice: &'a Slice<K>,
        value: impl Fn(&K) -> Option<f64>,
    ) -> Result<Self, Undefined> {
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
        Ok(Term {
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
        })
    }
}

impl<'a, K: Ord + Copy> Sum<'a, K> {
    /// A sum that begins with a constant.
    pub fn new(constant: f64) -> Self {
        Sum {
            constant,
            terms: Vec::new(),
            fixed: Vec::new(),
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
        self.terms.push(Term::new(weight, slice, value)?);
        Ok(())
    }

    /// Takes account of a share of the same slice that is what it is by choice, as that of the scores above their own
    /// median: where cases would move it, the median moves instead, and `weight` times as much leaves the sum. It adds
    /// nothing to the value, and joins the variance to first order.
    ///
    /// # Errors
    /// No case has a value.
    pub fn fix(
        &mut self,
        weight: f64,
        slice: &'a Slice<K>,
        value: impl Fn(&K) -> Option<f64>,
    ) -> Result<(), Undefined> {
        self.fixed.push(Term::new(-weight, slice, value)?);
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

    /// The one share that it consists of, with its exact interval.
    ///
    /// # Errors
    /// More shares than one, or none.
    pub fn exact(mut self, level: f64) -> Result<Estimate, Undefined> {
        let clustering = self.depends().then(|| self.clustering());
        let [only] = self.terms.as_slice() else {
            let detail = "exact limits are of one share";
            return Err(Undefined::new(Reason::NotApplicable, detail));
        };
        exact_share(&only.share, clustering, level)
    }

    /// The value with its interval, where the values are differences within cases, between -1 and 1.
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
        !self.fixed.is_empty()
            || terms.any(|(place, term)| {
                term.slice.is_clustered() || term.slice.is_weighted() || shared(place, term)
            })
    }

    /// What clusters contribute to the sum; a case without a cluster is one of its own.
    fn clustering(&mut self) -> Clustering {
        for term in self.terms.iter_mut().chain(&mut self.fixed) {
            if term.slice.is_clustered() {
                let one = |value: &Option<f64>| value.map(|_| 1.0);
                let ones: Vec<Option<f64>> = term.values.iter().map(one).collect();
                let clusters = term.slice.by_cluster(&ones);
                term.share.clusters = equal(clusters.iter().map(|(_, mass)| *mass));
                term.share.equal_clusters = term.share.clusters;
            }
        }
        let (mut clusters, mut squares) = (0.0, 0.0);
        let mut tails = Tails::default();
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
                let sums = slice.by_cluster(&influence);
                tails.add(sums.iter().map(|(_, sum)| *sum));
                let clusters = sums.into_iter().zip(masses);
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
            freedom: tails.freedom(),
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

    fn all(&self) -> impl Iterator<Item = &Term<'a, K>> {
        self.terms.iter().chain(&self.fixed)
    }

    /// By cell of a slice: what a case of weight 1 in it is of the sum.
    fn part(&self, slice: &Slice<K>) -> Vec<Option<f64>> {
        let mut parts = vec![None; slice.cells.len()];
        let here = |term: &&Term<K>| std::ptr::eq(term.slice, slice);
        for Term { values, share, .. } in self.all().filter(here) {
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
        for Term { values, share, .. } in self.all().filter(here) {
            for (influence, value) in influence.iter_mut().zip(values) {
                if let Some(value) = value {
                    *influence.get_or_insert(0.0) += share.influence() * (value - share.mean);
                }
            }
        }
        influence
    }
}

/// The degrees of freedom of a variance that slices add to, each with clusters of its own (Satterthwaite 1946).
#[derive(Default)]
struct Tails {
    variance: f64,
    squares: f64,
}

impl Tails {
    /// Adds what the clusters of a slice do to the sum.
    fn add(&mut self, clusters: impl Iterator<Item = f64> + Clone) {
        let variance: f64 = clusters.clone().map(|sum| sum * sum).sum();
        self.variance += variance;
        self.squares += variance * variance / degrees_of_freedom(clusters.map(|sum| (sum, 1.0)));
    }

    /// Infinite where nothing varies.
    fn freedom(&self) -> f64 {
        match self.squares > 0.0 {
            true => self.variance * self.variance / self.squares,
            false => f64::INFINITY,
        }
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
mod tests;
