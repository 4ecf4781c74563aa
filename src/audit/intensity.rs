//! What an audit measures of numbers on dimensions: of each dimension, overall and by group.

use super::Measuring;
use crate::measure::intensity::{self, Judged, MEASURES};

impl Measuring<'_> {
    /// Measures every dimension that the dataset has gold numbers for.
    pub(super) fn intensity(&mut self, judged: &Judged) {
        let cases = &self.answer.dataset.cases;
        let clusters = cases.dependence().unwrap_or(vec![None; cases.len()]);
        for (measured, units) in intensity::measure(judged, &clusters, self.rules) {
            self.keep(&judged.scheme, measured, units, Vec::new(), None);
        }
        for (attribute, names) in &cases.attributes {
            for dimension in judged.answered() {
                for measure in MEASURES {
                    let of_group = |group: usize| {
                        let member =
                            |case: usize| names.codes()[case].map(|code| code as usize == group);
                        intensity::of_group(
                            (measure, dimension),
                            judged,
                            &clusters,
                            member,
                            self.rules,
                        )
                    };
                    let groups = (0..names.names().len()).map(of_group).collect();
                    let about = (measure, Some(dimension));
                    self.keep_groups(&judged.scheme, attribute, names, about, groups);
                }
            }
        }
    }
}
