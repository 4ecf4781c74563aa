//! The check of a model for a terminal: label by label, how sure that is, and what is wrong.

use std::fmt::Write;

use super::dataset_check::{paragraph, sentence, word};
use crate::diagnostic::{counted, plain};
use crate::record::model_check::ModelCheck;

/// Everything that was found.
pub fn summary(check: &ModelCheck) -> String {
    let cases = match &check.dataset {
        Some(dataset) => format!(
            "{} of {}",
            counted(check.asked as usize, "case"),
            plain(dataset)
        ),
        None => counted(check.asked as usize, "plain sentence"),
    };
    let mut out = format!("{}, {cases}\n\n", plain(&check.model));
    let width = check.labels.iter().map(|label| label.label.chars().count());
    let width = width.max().unwrap_or(0).max("label".len());
    let _ = writeln!(out, "{:<width$}  right  of  otherwise", "label");
    for row in &check.labels {
        let mut others: Vec<(&String, &u64)> = row.others.iter().collect();
        others.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
        let others: Vec<String> = others
            .iter()
            .map(|(label, count)| format!("{} {count}", plain(label)))
            .collect();
        let line = format!(
            "{:<width$}  {:>5}  {:>2}  {}",
            plain(&row.label),
            row.right,
            row.asked,
            others.join(", ")
        );
        let _ = writeln!(out, "{}", line.trim_end());
    }
    let _ = write!(out, "\n{} of {} right", check.right, check.answered);
    if let Some([low, high]) = check.interval {
        let _ = write!(
            out,
            " (95 % interval {:.0} to {:.0} %)",
            100.0 * low,
            100.0 * high
        );
    }
    let chance = match check.p {
        p if p < 0.001 => "below 0.001".to_owned(),
        p => format!("{p:.3}"),
    };
    let _ = writeln!(
        out,
        "; guessing gets {:.0} %, and as many as this with probability {chance}.",
        100.0 * check.guessing
    );
    for finding in &check.findings {
        let _ = writeln!(
            out,
            "\n{} {} [{}]",
            word(finding.grade),
            finding.title,
            finding.check
        );
        paragraph(&mut out, &sentence(&finding.sentence));
        paragraph(&mut out, finding.advice);
    }
    if check.findings.is_empty() {
        out.push_str("No fault in how it is wired was found. How good it is, an audit says.\n");
    }
    out
}
