//! Krippendorff's alpha of model and gold where a case has several labels: on the scale of people's own agreement on sets.

use crate::stats::agreement::masi_distance;
use crate::stats::{Reason, Undefined};
use crate::tally::Outcome;
use crate::task::LabelSet;

/// The sets of labels of gold and answers, and how far they are apart by MASI (Passonneau 2006, as it is, not squared).
pub(super) struct Sets {
    /// For each outcome the places of its two sets; `None` where there is no answer.
    places: Vec<Option<[usize; 2]>>,
    /// The distances of all sets, row by row.
    table: Vec<Vec<f64>>,
}

/// Disagreement of gold and answers, and what chance would give.
struct Disagreement {
    observed: f64,
    by_chance: f64,
}

impl Sets {
    pub(super) fn new(outcomes: &[Outcome]) -> Self {
        let pair = |outcome: &Outcome| Some([outcome.gold, outcome.answer?]);
        let mut sets: Vec<LabelSet> = outcomes.iter().filter_map(pair).flatten().collect();
        sets.sort_unstable();
        sets.dedup();
        let place = |set: LabelSet| sets.partition_point(|known| *known < set);
        let row = |one: &LabelSet| {
            sets.iter()
                .map(|other| masi_distance(one.0, other.0))
                .collect()
        };
        Sets {
            places: outcomes
                .iter()
                .map(|outcome| Some(pair(outcome)?.map(place)))
                .collect(),
            table: sets.iter().map(row).collect(),
        }
    }

    /// The mean distances of the two sets of a case, and of two sets of different cases. `counts` is how many cases came to
    /// each outcome, or what they weigh; `case` is what one of them weighs.
    fn disagreement(&self, counts: &[u64], case: f64) -> Result<Disagreement, Undefined> {
        let mut given = vec![0.0; self.table.len()];
        let (mut apart, mut cases) = (0.0, 0.0);
        for (places, count) in self.places.iter().zip(counts) {
            if let (Some([gold, answer]), true) = (places, *count > 0) {
                let count = *count as f64;
                apart += count * self.table[*gold][*answer];
                given[*gold] += count;
                given[*answer] += count;
                cases += count;
            }
        }
        let shown: Vec<(usize, f64)> = given
            .into_iter()
            .enumerate()
            .filter(|(_, times)| *times > 0.0)
            .collect();
        let mut by_chance = 0.0;
        for (place, (one, times)) in shown.iter().enumerate() {
            // Each pair of sets stands for both of its orders.
            let others = shown[..place]
                .iter()
                .map(|(other, others)| self.table[*one][*other] * others);
            by_chance += 2.0 * times * others.sum::<f64>();
        }
        if by_chance == 0.0 {
            let detail = "only one set of labels was given, so chance alone agrees";
            return Err(Undefined::new(Reason::NoVariation, detail));
        }
        let total = 2.0 * cases;
        Ok(Disagreement {
            observed: apart / cases,
            by_chance: by_chance / (total * (total - case)),
        })
    }

    /// Alpha (Krippendorff 2011).
    ///
    /// # Errors
    /// Sets that do not vary.
    pub(super) fn alpha(&self, counts: &[u64], case: f64) -> Result<f64, Undefined> {
        let found = self.disagreement(counts, case)?;
        Ok(1.0 - found.observed / found.by_chance)
    }

    /// The lowest alpha where all answers are right and so many cases might be wrong and were not seen, as far off as sets
    /// can be.
    pub(super) fn faultless(
        &self,
        counts: &[u64],
        case: f64,
        unseen: f64,
    ) -> Result<f64, Undefined> {
        Ok((1.0 - unseen / self.disagreement(counts, case)?.by_chance).max(-1.0))
    }
}
