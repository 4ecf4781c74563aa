//! What the summary says of a model that answers with numbers: errors and concordance of each dimension.

use std::fmt::Write;

use super::number;
use crate::diagnostic::plain;
use crate::record::v1::{Evaluation, Record};

/// The measures that a summary shows of a dimension.
const SHOWN: [&str; 3] = ["mae", "bias", "concordance"];

/// A line a dimension and measure, over all cases; nothing for models that answer with labels.
pub(super) fn dimensions(out: &mut String, record: &Record, evaluation: &Evaluation) {
    for measurement in &record.measurements {
        let (Some(dimension), None) = (&measurement.label, &measurement.comparison) else {
            continue;
        };
        if measurement.model == evaluation.model
            && measurement.dataset == evaluation.dataset
            && measurement.slice.is_empty()
            && SHOWN.contains(&measurement.measure.as_str())
        {
            let name = format!("{}, {}", measurement.measure, plain(dimension));
            let _ = writeln!(out, "  {name:<23} {}", number(&measurement.value));
        }
    }
}
