//! Whether a file of answers is what a record was made of: whose answers it holds, and what they come to. Reading and
//! judging them is left to others.

use super::v1;
use crate::diagnostic::{Place, Problem, Problems, decimal, quote};
use crate::measure::Measurement;

/// The kind of a model that is a file of answers.
const KIND: &str = "predictions";

/// A record that answers are said to belong to.
pub struct Origin<'a> {
    /// The file as it was named.
    pub file: &'a str,
    /// The record.
    pub record: &'a v1::Record,
    /// Its measurements.
    pub measurements: &'a [Measurement],
    /// The code of problems.
    pub code: &'static str,
    /// How to say whose answers a file holds, up to the name of the model.
    pub option: &'a str,
}

impl Origin<'_> {
    /// The model that a file of answers is of: the one that was named, else the one audited on this very file, else the
    /// one called as the file is.
    ///
    /// # Errors
    /// No such model, or one that was audited on other answers.
    pub fn whose(
        &self,
        (named, file): (Option<&str>, &str),
        stem: &str,
        digest: &str,
    ) -> Result<String, Problems> {
        let models = &self.record.models;
        let wanted = named.unwrap_or(stem);
        let called = |model: &&v1::Model| model.name == wanted;
        let same = |model: &&v1::Model| model.digest == digest;
        let found = match named {
            Some(_) => models.iter().find(called),
            None => models
                .iter()
                .find(|model| called(model) && same(model))
                .or_else(|| models.iter().find(same))
                .or_else(|| models.iter().find(called)),
        };
        let Some(model) = found else {
            return Err(Problem::new(
                self.code,
                Place::file(file),
                format!("{} has no model {}", self.file, quote(wanted)),
            )
            .help(format!(
                "it is about {}; say whose answers these are: {}NAME={file}",
                self.held(),
                self.option
            ))
            .into());
        };
        if model.kind == KIND && model.digest != digest {
            return Err(Problem::new(
                self.code,
                Place::file(file),
                format!(
                    "these are not the answers that {} of {} was audited on (digest {digest:.8} instead of {:.8})",
                    quote(&model.name),
                    self.file,
                    model.digest
                ),
            )
            .help("give the predictions file of that audit, unchanged; or leave it out, and changes are measured as if independent")
            .into());
        }
        Ok(model.name.clone())
    }

    /// The models that it is about.
    pub fn held(&self) -> String {
        let models = self.record.models.iter();
        models
            .map(|model| quote(&model.name))
            .collect::<Vec<String>>()
            .join(", ")
    }

    /// Whether answers come to what the record says of them: `values` are theirs.
    ///
    /// # Errors
    /// They are those of another model, or of another version of it.
    pub fn check_values(&self, file: &str, values: &[Measurement]) -> Result<(), Problems> {
        let mut problems = Problems::new();
        for value in values {
            let mut known = self.measurements.iter();
            let known = known.find(|known| {
                (&known.model, &known.dataset, known.task, known.measure)
                    == (&value.model, &value.dataset, value.task, value.measure)
                    && (&known.label, &known.slice, &known.comparison)
                        == (&value.label, &value.slice, &value.comparison)
            });
            let told = |of: &Measurement| match &of.result {
                Ok(estimate) => format!("{} of {} cases", decimal(estimate.value, 4), of.n),
                Err(undefined) => undefined.to_string(),
            };
            let same = |known: &&Measurement| match (&known.result, &value.result) {
                (Ok(known_to), Ok(value_to)) => {
                    known.n == value.n && (known_to.value - value_to.value).abs() < 1e-9
                }
                (Err(_), Err(_)) => true,
                _ => false,
            };
            if known.filter(same).is_some() {
                continue;
            }
            let then = known.map_or_else(|| "nothing".to_owned(), told);
            problems.push(
                Problem::new(
                    self.code,
                    Place::file(file),
                    format!(
                        "these are not the answers of {} on {} that {} was made of: {} comes to {} with them, and it says {then}",
                        quote(&value.model),
                        quote(&value.dataset),
                        self.file,
                        value.measure.id(),
                        told(value),
                    ),
                )
                .help("give the answers of that audit; or leave them out, and changes are measured as if independent"),
            );
        }
        problems.or(())
    }
}
