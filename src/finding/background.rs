//! What gates need to know of the data behind the measurements.

use crate::attribute::AttributeKind;
use crate::case::LabelSource;
use crate::measure::Measurement;
use crate::task::Task;

/// What gates need to know of the data behind the measurements, by dataset.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Background {
    /// Every dataset of the audit, whether a model answered it or not.
    pub datasets: Vec<String>,
    /// The kind of each attribute: dataset, attribute, kind.
    pub kinds: Vec<(String, String, AttributeKind)>,
    /// Where gold labels come from: dataset, task, source.
    pub sources: Vec<(String, Task, LabelSource)>,
    /// What each model answered: model, dataset, task.
    pub answered: Vec<(String, String, Task)>,
    /// Where a model was judged in labels that several of those that people gave were merged into: model, dataset, task.
    pub carried_over: Vec<(String, String, Task)>,
    /// The attributes of the people who labelled: dataset, attribute.
    pub of_raters: Vec<(String, String)>,
    /// Groups of fewer cases were compared with no others; 0 where that is not known.
    pub compared_from: u64,
}

impl Background {
    /// The kind of an attribute.
    pub(super) fn kind(&self, dataset: &str, name: &str) -> Option<AttributeKind> {
        let mut kinds = self.kinds.iter();
        kinds
            .find(|(of, attribute, _)| of == dataset && attribute == name)
            .map(|(.., kind)| *kind)
    }

    /// Whether a measurement is about a group of the people who labelled.
    pub(super) fn is_of_raters(&self, measurement: &Measurement) -> bool {
        let mut slice = measurement.slice.iter();
        slice.any(|(name, _)| {
            let mut of_raters = self.of_raters.iter();
            of_raters.any(|(of, attribute)| *of == measurement.dataset && attribute == name)
        })
    }

    /// Where the gold labels of a task come from.
    pub fn source(&self, dataset: &str, task: Task) -> Option<LabelSource> {
        let mut sources = self.sources.iter();
        sources
            .find(|(of, known, _)| of == dataset && *known == task)
            .map(|(.., source)| *source)
    }
}
