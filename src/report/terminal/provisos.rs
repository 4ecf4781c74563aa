//! Where cases are weighted, people do not agree, or a model did not answer as its makers would have it, for the summary.

use std::fmt::Write;

use super::YELLOW;
use crate::diagnostic::{counted, plain};
use crate::record::v1::Record;
use crate::report::{not_auditable, weights};

/// Where cases are weighted, people do not agree, or a model did not answer as its makers would have it.
pub(super) fn provisos(out: &mut String, record: &Record) {
    for dataset in &record.datasets {
        if let Some(sentence) = weights::sentence(record, dataset) {
            let _ = writeln!(out, "{YELLOW}weighted{YELLOW:#} {}", plain(&sentence));
        }
    }
    for sentence in not_auditable::sentences(record) {
        let _ = writeln!(out, "{YELLOW}not auditable{YELLOW:#} {}", plain(&sentence));
    }
    for model in record.models.iter().filter(|model| model.eight_bits) {
        let _ = writeln!(
            out,
            "{YELLOW}8 bits{YELLOW:#} {}: its weights are rounded, so scores differ from those of the model it was made from",
            plain(&model.name)
        );
    }
    for evaluation in record.evaluations.iter().filter(|one| one.cut > 0) {
        let _ = writeln!(
            out,
            "{YELLOW}cut{YELLOW:#} {} on {}: {} longer than it reads, answered by the beginning",
            plain(&evaluation.model),
            plain(&evaluation.dataset),
            counted(evaluation.cut as usize, "text")
        );
    }
}
