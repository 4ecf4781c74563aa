//! A model card as the README.md of a repository of models: YAML front matter with a `model-index`, then prose on what
//! was measured, for whom, and what it does not show.

mod front;

use std::fmt::Write;

use super::html::about;
use super::html::lookup::Lookup;
use super::html::words::{self, Style};
use super::markdown::{all_findings, contrasts, footer, not_known};
use super::outcome::outcome;
use super::text::{code, head, prose, row};
use crate::measure::Measure;
use crate::record::Record;
use crate::record::v1::{Measurement, Model};

/// Renders a record as a model card.
///
/// # Errors
/// The message of the YAML library, should it refuse the front matter.
pub fn render(record: &Record) -> Result<String, String> {
    let front =
        serde_saphyr::to_string(&front::front(record)).map_err(|error| error.to_string())?;
    let mut out = format!("---\n{}\n---\n\n", front.trim_end());
    let lookup = Lookup::of(record);
    let titles: Vec<String> = record
        .models
        .iter()
        .map(|m| prose(lookup.model_title(&m.name)))
        .collect();
    let _ = writeln!(out, "# {}\n", words::list(&titles));
    let _ = writeln!(
        out,
        "{} What follows is what an audit measured, with {} intervals in brackets; it does not approve the use of a \
         model.\n",
        prose(&outcome(record)),
        words::percent(record.settings.level)
    );
    for model in &record.models {
        describe(&mut out, lookup, model);
    }
    uses(&mut out, record);
    contrasts(&mut out, record, 2);
    quality(&mut out, lookup);
    groups(&mut out, lookup);
    data(&mut out, record);
    not_known(&mut out, record, 2);
    out.push_str("## Limits of the audit\n\n");
    for limit in about::limits(lookup) {
        let _ = writeln!(out, "- {}", prose(&limit));
    }
    out.push_str("\n## Findings\n\n");
    all_findings(&mut out, record);
    footer(&mut out, record);
    Ok(out)
}

/// Whether a measurement is about all cases and all labels.
fn is_overall(measurement: &Measurement) -> bool {
    measurement.slice.is_empty() && measurement.label.is_none() && measurement.comparison.is_none()
}

/// The name of a measure for people.
fn title(measure: &str) -> String {
    Measure::parse(measure).map_or_else(
        || words::spaced(measure),
        |known| known.page().title.to_owned(),
    )
}

fn describe(out: &mut String, lookup: Lookup<'_>, model: &Model) {
    let _ = writeln!(out, "## {}\n", prose(lookup.model_title(&model.name)));
    for (lead, text) in [
        ("", &model.description),
        ("Training data: ", &model.training_data),
        ("Licence: ", &model.licence),
    ] {
        if !text.trim().is_empty() {
            let _ = writeln!(out, "{lead}{}\n", prose(text));
        }
    }
    if !model.limits.is_empty() {
        out.push_str("What it is not fit for:\n\n");
        for limit in &model.limits {
            let _ = writeln!(out, "- {}", prose(limit));
        }
        out.push('\n');
    }
}

fn uses(out: &mut String, record: &Record) {
    let scope = &record.scope;
    let _ = writeln!(
        out,
        "## Intended use\n\nDeclared for the audit: {} from {}, context {}, reported of {}.\n",
        prose(&words::list(&scope.target)),
        prose(&words::list(&scope.modality)),
        prose(&words::spaced(&scope.context)),
        if scope.unit == "individual" {
            "single persons"
        } else {
            "many together"
        }
    );
    for rule in &scope.rules {
        let _ = writeln!(
            out,
            "- {} ({})",
            prose(&rule.sentence),
            prose(&rule.reference)
        );
    }
    out.push_str("\nA label says how a text reads, to those who labelled it. It does not say what anyone felt.\n\n");
}

fn quality(out: &mut String, lookup: Lookup<'_>) {
    out.push_str("## Measured over all cases\n\n");
    out.push_str(&head(&[
        "Model", "Dataset", "Task", "Measure", "Value", "Cases",
    ]));
    for measurement in lookup.record.measurements.iter().filter(|m| is_overall(m)) {
        out.push_str(&row(&measured(
            measurement,
            prose(&title(&measurement.measure)),
        )));
    }
    out.push('\n');
}

fn measured(measurement: &Measurement, about: String) -> [String; 6] {
    [
        code(&measurement.model),
        code(&measurement.dataset),
        prose(&measurement.task),
        about,
        prose(&Style::Plain.value(&measurement.value)),
        words::cases(measurement),
    ]
}

/// Skill for each group: the rest is in the record.
fn groups(out: &mut String, lookup: Lookup<'_>) {
    let skill: Vec<&Measurement> = lookup
        .record
        .measurements
        .iter()
        .filter(|m| {
            m.measure == "skill"
                && m.label.is_none()
                && !m.slice.is_empty()
                && m.comparison.is_none()
        })
        .collect();
    if skill.is_empty() {
        return;
    }
    out.push_str(
        "## Skill by group\n\nGroups are declared by the data, never inferred from text.\n\n",
    );
    out.push_str(&head(&[
        "Model", "Dataset", "Task", "Group", "Skill", "Cases",
    ]));
    for measurement in skill {
        out.push_str(&row(&measured(
            measurement,
            prose(&words::slice(&measurement.slice)),
        )));
    }
    out.push('\n');
}

fn data(out: &mut String, record: &Record) {
    out.push_str("## Evaluation data\n\n");
    for dataset in &record.datasets {
        let labels: Vec<String> = dataset
            .labels
            .iter()
            .map(|labels| format!("{} labels {}", labels.task, labels.words))
            .collect();
        let _ = writeln!(
            out,
            "- {}, version {}: {}; {}. Licence: {}.",
            code(&dataset.name),
            prose(&dataset.version),
            words::counted(dataset.cases, "case", "cases"),
            prose(&words::list(&labels)),
            prose(&dataset.licence)
        );
        for limit in &dataset.limits {
            let _ = writeln!(out, "  - {}", prose(limit));
        }
    }
    out.push('\n');
}
