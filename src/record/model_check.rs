//! `affect-audit/model-check/v1`: whether a model answers as its labels say, in a versioned form that its table is
//! rendered from. It holds counts, and no text that was asked about.

use std::collections::BTreeMap;

use serde::Serialize;

use super::dataset_check::Tool;
use crate::check::sanity::{ALPHA, Judgement};
use crate::model::ModelCard;

/// The value of `schema`.
pub const SCHEMA: &str = "affect-audit/model-check/v1";

/// What the check of a model found.
#[derive(Clone, Debug, Serialize)]
pub struct ModelCheck {
    /// Always [`SCHEMA`].
    pub schema: &'static str,
    /// The program.
    pub tool: Tool,
    /// The model's name.
    pub model: String,
    /// SHA-256 of all that its answers depend on, as far as known.
    pub digest: String,
    /// The dataset that the cases come from; none where they are sentences of ours.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dataset: Option<String>,
    /// How many cases were asked about.
    pub asked: u64,
    /// How many got an answer.
    pub answered: u64,
    /// How many got the right one.
    pub right: u64,
    /// The share of right answers among the answered: Clopper and Pearson's 95 % interval, low and high.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interval: Option<[f64; 2]>,
    /// The share that somebody gets who does not read.
    pub guessing: f64,
    /// The chance that guessing gets at least as many right.
    pub p: f64,
    /// The chance that is allowed for naming what is not there.
    pub alpha: f64,
    /// Label by label.
    pub labels: Vec<Label>,
    /// What is wrong, the worst first.
    pub findings: Vec<Finding>,
}

/// How the cases of a label were answered.
#[derive(Clone, Debug, Serialize)]
pub struct Label {
    /// The label.
    pub label: String,
    /// How many cases of it were asked about.
    pub asked: u64,
    /// How many were answered with it.
    pub right: u64,
    /// How often another was answered in its place.
    pub others: BTreeMap<String, u64>,
}

/// Something that is wrong.
#[derive(Clone, Debug, Serialize)]
pub struct Finding {
    /// What it is; `affect-audit explain` has a page for it.
    pub check: &'static str,
    /// Its name for people.
    pub title: &'static str,
    /// `problem` or `warning`.
    pub grade: &'static str,
    /// What was found.
    pub sentence: String,
    /// What to do about it.
    pub advice: &'static str,
}

/// Puts a judgement into the wire format.
pub fn build(card: &ModelCard, dataset: Option<&str>, judgement: &Judgement) -> ModelCheck {
    let round = |number: f64| (number * 1e12).round() / 1e12;
    ModelCheck {
        schema: SCHEMA,
        tool: Tool {
            name: env!("CARGO_PKG_NAME"),
            version: env!("CARGO_PKG_VERSION"),
        },
        model: card.name.clone(),
        digest: card.digest.clone(),
        dataset: dataset.map(str::to_owned),
        asked: judgement.asked,
        answered: judgement.answered,
        right: judgement.right,
        interval: judgement
            .interval
            .as_ref()
            .ok()
            .map(|interval| [round(interval.low), round(interval.high)]),
        guessing: round(judgement.guessing),
        p: round(judgement.p),
        alpha: ALPHA,
        labels: judgement
            .rows
            .iter()
            .map(|row| Label {
                label: row.class.clone(),
                asked: row.asked,
                right: row.right,
                others: row.others.iter().cloned().collect(),
            })
            .collect(),
        findings: judgement
            .findings
            .iter()
            .map(|finding| Finding {
                check: finding.check.page().id,
                title: finding.check.page().title,
                grade: finding.grade.as_str(),
                sentence: finding.sentence.clone(),
                advice: finding.check.page().advice,
            })
            .collect(),
    }
}

/// The check as JSON text, indented.
pub fn to_json(check: &ModelCheck) -> String {
    let mut text = serde_json::to_string_pretty(check)
        .unwrap_or_else(|_| unreachable!("a check holds only strings, finite numbers and lists"));
    text.push('\n');
    text
}
