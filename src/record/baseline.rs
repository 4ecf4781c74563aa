//! The baseline: the record of an earlier audit that changes are measured from, and whether it asked the same.

use std::collections::BTreeMap;

use super::answers::Origin;
use super::{parse, restore, v1};
use crate::diagnostic::{Place, Problem, Problems, quote};
use crate::measure::Measurement;
use crate::policy::{Gate, Of};

/// The code of answers that are not those of the baseline.
pub const PREDICTIONS: &str = "baseline/predictions";

/// The record of an earlier audit.
pub struct Baseline {
    file: String,
    record: v1::Record,
    /// What it measured.
    pub measurements: Vec<Measurement>,
}

/// What an audit is about: what a baseline must be about too.
pub struct Asked<'a> {
    /// The digest of the policy of the audit.
    pub policy: &'a str,
    /// Names and digests of the datasets.
    pub datasets: Vec<(&'a str, &'a str)>,
    /// Names of the models.
    pub models: Vec<&'a str>,
}

impl<'a> From<&'a v1::Record> for Asked<'a> {
    fn from(record: &'a v1::Record) -> Self {
        let datasets = record.datasets.iter();
        Asked {
            policy: &record.policy.digest,
            datasets: datasets
                .map(|dataset| (dataset.name.as_str(), dataset.digest.as_str()))
                .collect(),
            models: record
                .models
                .iter()
                .map(|model| model.name.as_str())
                .collect(),
        }
    }
}

impl Baseline {
    /// Reads the record.
    ///
    /// # Errors
    /// As for [`parse`] and [`restore::measurements`].
    pub fn parse(file: &str, text: &str) -> Result<Baseline, Problems> {
        let record = parse(file, text)?;
        Ok(Baseline {
            file: file.to_owned(),
            measurements: restore::measurements(file, &record)?,
            record,
        })
    }

    /// The digest of its record.
    pub fn digest(&self) -> &str {
        &self.record.digest
    }

    /// What a record says of its baseline, and of the answers of then that changes were paired with: names of models
    /// with digests.
    pub fn described(&self, predictions: BTreeMap<String, String>) -> v1::Baseline {
        let models = self.record.models.iter();
        v1::Baseline {
            predictions,
            digest: self.record.digest.clone(),
            tool: self.record.tool.version.clone(),
            models: models
                .map(|model| (model.name.clone(), model.digest.clone()))
                .collect(),
        }
    }

    /// Whether it is about the same policy, data and models, and any gate asks for it.
    ///
    /// # Errors
    /// Everything that it is not about.
    pub fn check(&self, asked: &Asked<'_>, gates: &[Gate]) -> Result<(), Problems> {
        let mut problems = Problems::new();
        if !gates.iter().any(|gate| gate.of == Of::Change) {
            problems.push(
                self.problem("baseline/no-gate", "no gate of the policy asks for a change")
                    .help("add a gate with of = \"change\", or leave --baseline out: without such a gate it decides nothing"),
            );
        }
        if self.record.policy.digest != asked.policy {
            problems.push(
                self.problem(
                    "baseline/policy",
                    format!(
                        "the baseline was audited by another policy: {} {} (digest {:.8} instead of {:.8})",
                        self.record.policy.name,
                        self.record.policy.version,
                        self.record.policy.digest,
                        asked.policy
                    ),
                )
                .help("audit the earlier release again with the policy of this audit"),
            );
        }
        for (name, digest) in &asked.datasets {
            let mut known = self.record.datasets.iter();
            let message = match known.find(|known| known.name == *name) {
                None => format!("the baseline is not about the dataset {}", quote(name)),
                Some(known) if known.digest != *digest => format!(
                    "the dataset {} was another then (digest {:.8} instead of {digest:.8})",
                    quote(name),
                    known.digest
                ),
                Some(_) => continue,
            };
            problems.push(
                self.problem("baseline/dataset", message)
                    .help("audit the earlier release again on the data of this audit"),
            );
        }
        for name in &asked.models {
            if self.record.models.iter().any(|model| model.name == *name) {
                continue;
            }
            let held: Vec<String> = self
                .record
                .models
                .iter()
                .map(|model| quote(&model.name))
                .collect();
            problems.push(
                self.problem(
                    "baseline/model",
                    format!("the baseline is not about the model {}", quote(name)),
                )
                .help(format!(
                    "it is about {}; releases of one model go by one name, so give their files or folders the same",
                    held.join(", ")
                )),
            );
        }
        problems.or(())
    }

    /// Whether each model was judged in the same labels then.
    ///
    /// # Errors
    /// Every model and dataset where it was not.
    pub fn check_labels(&self, record: &v1::Record) -> Result<(), Problems> {
        let mut problems = Problems::new();
        for now in &record.evaluations {
            let same = self.record.evaluations.iter().any(|then| {
                (&then.model, &then.dataset, &then.task) == (&now.model, &now.dataset, &now.task)
                    && (&then.scheme, &then.crosswalk) == (&now.scheme, &now.crosswalk)
                    && then.labels_outside_model == now.labels_outside_model
            });
            if !same {
                problems.push(
                    self.problem(
                        "baseline/labels",
                        format!(
                            "{} was not judged on {} at the same task and in the same labels",
                            quote(&now.model),
                            quote(&now.dataset)
                        ),
                    )
                    .help("audit the earlier release again with the labels of this audit"),
                );
            }
        }
        problems.or(())
    }

    /// What answers of then must belong to.
    pub fn origin(&self) -> Origin<'_> {
        Origin {
            file: &self.file,
            record: &self.record,
            measurements: &self.measurements,
            code: PREDICTIONS,
            option: "--baseline-predictions ",
        }
    }

    fn problem(&self, code: &'static str, message: impl Into<String>) -> Problem {
        Problem::new(code, Place::file(&self.file), message)
    }
}
