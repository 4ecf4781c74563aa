//! Krippendorff's alpha of model and gold where a case has several labels: on the scale of people's own agreement on sets.

use crate::stats::Undefined;
use crate::stats::agreement::sets::LabelSets;
use crate::tally::Outcome;
use crate::task::LabelSet;

/// The sets of labels of gold and answers.
pub(super) struct Sets {
    /// For each outcome the places of its two sets; `None` where there is no answer.
    places: Vec<Option<[usize; 2]>>,
    sets: LabelSets,
}

/// Disagreement of gold and answers, and what chance would give.
struct Disagreement {
    observed: f64,
    by_chance: f64,
}

impl Sets {
    pub(super) fn new(outcomes: &[Outcome]) -> Self {
        let pair = |outcome: &Outcome| Some([outcome.gold, outcome.answer?]);
        let sets = LabelSets::new(outcomes.iter().filter_map(pair).flatten().map(|set| set.0));
        let place = |set: LabelSet| sets.place(set.0);
        Sets {
            places: outcomes
                .iter()
                .map(|outcome| Some(pair(outcome)?.map(place)))
                .collect(),
            sets,
        }
    }

    /// The mean distances of the two sets of a case, and of two sets of different cases. `counts` is how many cases came to
    /// each outcome, or what they weigh; `case` is what one of them weighs.
    fn disagreement(&self, counts: &[u64], case: f64) -> Result<Disagreement, Undefined> {
        let mut given = vec![0.0; self.sets.count()];
        let (mut apart, mut cases) = (0.0, 0.0);
        for (places, count) in self.places.iter().zip(counts) {
            if let (Some([gold, answer]), true) = (places, *count > 0) {
                let count = *count as f64;
                apart += count * self.sets.distance(*gold, *answer);
                given[*gold] += count;
                given[*answer] += count;
                cases += count;
            }
        }
        let by_chance = self.sets.by_chance(&given)?;
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
