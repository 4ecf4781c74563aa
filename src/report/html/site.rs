//! Large audits: whether each model gets a page of its own, what the pages are called, and what of the record stands on
//! each. The first page then holds what is about all of them.

use std::collections::BTreeMap;

use super::further::{Further, Place};
use crate::digest::sha256;
use crate::record::Record;
use crate::record::v1::{Finding, Measurement};

/// What stands for a model where people are measured.
pub const PEOPLE: &str = "raters";

/// Most bytes of a page that several models share, and of one with several datasets: about what opens at once, and can
/// be sent by mail.
pub const LARGEST: usize = 500_000;

/// Most models that share a page.
pub const SHARING: usize = 3;

/// Most characters of a model's name in that of its page.
const NAMED: usize = 48;

/// The pages of an audit besides the first.
pub struct Site {
    /// The file name of the first page.
    pub first: String,
    /// The folder of the others, beside the first.
    folder: String,
    /// The others.
    pub pages: Vec<Part>,
}

/// What a page of its own is about: a model, on one dataset where all of them are too many.
pub struct Part {
    /// The model.
    pub model: String,
    /// The dataset; all of them where there is none.
    pub dataset: Option<String>,
    /// The pages that its findings go on to.
    pub further: Further,
}

impl Part {
    /// Whether a model on a dataset stands on it.
    pub fn holds(&self, model: &str, dataset: &str) -> bool {
        self.model == model && self.dataset.as_deref().is_none_or(|only| only == dataset)
    }

    fn measures(&self, measurement: &Measurement) -> bool {
        self.holds(&measurement.model, &measurement.dataset)
    }

    /// Whether a finding is about this part alone.
    fn finds(&self, finding: &Finding) -> bool {
        match &finding.measurement {
            Some(measurement) => self.measures(measurement),
            // What was not measured names the gate and the model.
            None => {
                let named = format!("{}/{}", finding.gate, self.model);
                let rest = finding.id.strip_prefix(&named);
                let is_named = rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
                self.dataset.is_none() && is_named
            }
        }
    }

    /// What of the record is about this part, with what people reached on the same data. Settings, policy and outcome
    /// are those of the whole.
    pub fn of(&self, record: &Record) -> Record {
        let with = |model: &str| model == self.model;
        let evaluations = record.evaluations.iter();
        let met = |dataset: &str| {
            self.dataset.as_deref().is_none_or(|only| only == dataset)
                && record
                    .evaluations
                    .iter()
                    .any(|one| with(&one.model) && one.dataset == dataset)
        };
        let compared = |of: &Measurement| {
            let to = of.comparison.as_ref().and_then(|to| to.model.as_deref());
            to.is_some_and(with) && met(&of.dataset)
        };
        let subject = |subject: &str| {
            let known = record.models.iter().map(|model| &model.name);
            let named = |name: &&String| {
                let rest = subject.strip_prefix(name.as_str());
                rest.is_some_and(|rest| rest.starts_with(", "))
            };
            let whose = known.filter(named).max_by_key(|name| name.len());
            whose.is_some_and(|name| with(name))
                && self.dataset.as_deref().is_none_or(|only| {
                    let rest = subject.get(self.model.len() + 2..).unwrap_or_default();
                    rest == only || rest.starts_with(&format!("{only}, "))
                })
        };
        Record {
            models: kept(&record.models, |model| with(&model.name)),
            datasets: kept(&record.datasets, |dataset| met(&dataset.name)),
            evaluations: evaluations
                .filter(|one| self.holds(&one.model, &one.dataset))
                .cloned()
                .collect(),
            measurements: kept(&record.measurements, |one| {
                self.measures(one) || compared(one) || one.model == PEOPLE && met(&one.dataset)
            }),
            contrasts: kept(&record.contrasts, |one| {
                self.holds(&one.emotion_model, &one.dataset)
            }),
            controls: kept(&record.controls, |one| subject(&one.subject)),
            findings: kept(&record.findings, |one| self.finds(one)),
            verdicts: kept(&record.verdicts, |one| self.holds(&one.model, &one.dataset)),
            ..bare(record)
        }
    }
}

/// What of a record is about no model: how it was made, what was asked, and how it ended.
pub fn bare(record: &Record) -> Record {
    Record {
        schema: record.schema.clone(),
        digest: record.digest.clone(),
        run: record.run.clone(),
        tool: record.tool.clone(),
        settings: record.settings.clone(),
        scope: record.scope.clone(),
        policy: record.policy.clone(),
        baseline: record.baseline.clone(),
        models: Vec::new(),
        datasets: Vec::new(),
        evaluations: Vec::new(),
        measurements: Vec::new(),
        contrasts: Vec::new(),
        controls: Vec::new(),
        findings: Vec::new(),
        verdicts: Vec::new(),
        exit_code: record.exit_code,
    }
}

fn kept<T: Clone>(all: &[T], of: impl Fn(&T) -> bool) -> Vec<T> {
    all.iter().filter(|one| of(one)).cloned().collect()
}

impl Site {
    /// A page for each model, or for each model on each dataset, beside a first page of this file name.
    pub fn new(record: &Record, first: &str, by_dataset: bool) -> Site {
        let models = record.models.iter().map(|model| model.name.as_str());
        let met = |model: &str| -> Vec<Option<String>> {
            let mut met: Vec<Option<String>> = Vec::new();
            for one in record.evaluations.iter().filter(|one| one.model == model) {
                let dataset = Some(one.dataset.clone());
                if !met.contains(&dataset) {
                    met.push(dataset);
                }
            }
            met
        };
        let parts = models.flat_map(|model| {
            let datasets = if by_dataset { met(model) } else { vec![None] };
            let part = move |dataset| Part {
                model: model.to_owned(),
                dataset,
                further: Further::default(),
            };
            datasets.into_iter().map(part).collect::<Vec<Part>>()
        });
        let stem = first.rsplit_once('.').map_or(first, |(stem, _)| stem);
        Site {
            first: first.to_owned(),
            folder: folder(stem),
            pages: parts.collect(),
        }
    }

    /// Where the page of a part lies, from the folder of the first.
    pub fn path(&self, part: &Part) -> String {
        format!("{}/{}", self.folder, file_name(part))
    }

    /// The address of the page that is about a model on a dataset, from the first page.
    pub fn address(&self, model: &str, dataset: &str) -> Option<String> {
        let part = self.pages.iter().find(|part| part.holds(model, dataset))?;
        Some(self.page(part))
    }

    /// The address of a page, from the first.
    pub fn page(&self, part: &Part) -> String {
        format!("{}/{}", encoded(&self.folder), file_name(part))
    }

    /// The address of the page that a finding stands on, with its anchor, from the first page.
    pub fn finding(&self, finding: &Finding, anchor: &str) -> Option<String> {
        let part = self.pages.iter().find(|part| part.finds(finding))?;
        let folder = encoded(&self.folder);
        let own = file_name(part);
        let file = part.further.address(anchor).unwrap_or(&own);
        Some(format!("{folder}/{file}#{anchor}"))
    }

    /// Where the further pages of a part lie.
    pub fn beside(&self, part: &Part) -> Place {
        let file = file_name(part);
        let stem = file.trim_end_matches(".html");
        Place {
            stem: format!("{}/{stem}-", self.folder),
            near: format!("{stem}-"),
            back: file,
        }
    }

    /// The address of the first page, from any other.
    pub fn back(&self) -> String {
        format!("../{}", encoded(&self.first))
    }

    /// Where the further pages of the first page lie.
    pub fn below(&self) -> Place {
        Place {
            stem: format!("{}/", self.folder),
            near: format!("{}/", encoded(&self.folder)),
            back: self.back(),
        }
    }

    /// The record without the findings and controls that stand on other pages.
    pub fn rest(&self, record: &Record) -> Record {
        let apart: Vec<Record> = self.pages.iter().map(|part| part.of(record)).collect();
        let controls = apart.iter().flat_map(|part| &part.controls);
        let controls: Vec<_> = controls.collect();
        Record {
            findings: kept(&record.findings, |one| {
                !self.pages.iter().any(|part| part.finds(one))
            }),
            controls: kept(&record.controls, |one| !controls.contains(&one)),
            ..record.clone()
        }
    }

    /// How many pages there are of each model.
    pub fn by_model(&self) -> BTreeMap<&str, usize> {
        let mut counts = BTreeMap::new();
        for part in &self.pages {
            *counts.entry(part.model.as_str()).or_default() += 1;
        }
        counts
    }
}

/// The folder of the other pages, for a first page whose name without its ending is this.
pub fn folder(stem: &str) -> String {
    format!("{stem}-models")
}

/// The file name of a page: what a reader recognises of the names, and a digest of them, so that it is the same in
/// every audit, is no other's, and is safe on every system whatever the model is called.
fn file_name(part: &Part) -> String {
    let mut readable = slug(&part.model);
    let mut exact = vec![part.model.as_bytes()];
    if let Some(dataset) = &part.dataset {
        readable = format!("{readable}-{}", slug(dataset));
        exact.extend([&b"\0"[..], dataset.as_bytes()]);
    }
    let digest = sha256(exact);
    format!("{readable}-{digest:.8}.html")
}

/// Letters and digits of a name in lower case, with a hyphen for whatever is between them.
fn slug(name: &str) -> String {
    let plain = |character: char| {
        let character = character.to_ascii_lowercase();
        if character.is_ascii_alphanumeric() {
            character
        } else {
            ' '
        }
    };
    let plain: String = name.chars().map(plain).collect();
    let joined = plain.split_whitespace().collect::<Vec<&str>>().join("-");
    let short: String = joined.chars().take(NAMED).collect();
    if short.is_empty() {
        "model".to_owned()
    } else {
        short
    }
}

/// A name as a part of a relative address: everything but unreserved characters (RFC 3986, section 2.3) in percent.
fn encoded(name: &str) -> String {
    let mut address = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            address.push(char::from(byte));
        } else {
            address.push_str(&format!("%{byte:02X}"));
        }
    }
    address
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(model: &str) -> String {
        let part = Part {
            model: model.to_owned(),
            dataset: None,
            further: Further::default(),
        };
        file_name(&part)
    }

    #[test]
    fn names_of_pages_are_safe_and_no_other_models() {
        let names = [
            "reference:emotion",
            "reference-emotion",
            "../../etc/passwd",
            "con",
            "",
            "\u{202e}<script>",
            "感情",
            &"long ".repeat(100),
        ];
        let mut files: Vec<String> = names.iter().map(|name| named(name)).collect();
        // printf reference:emotion | sha256sum
        assert_eq!(files[0], "reference-emotion-66fa0da9.html");
        for file in &files {
            let stem = file.strip_suffix(".html").expect("a page");
            assert!(stem.len() < 64 && !stem.starts_with('-'), "{file}");
            let safe = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
            assert!(
                stem.bytes().all(|byte| safe(byte) || byte == b'-'),
                "{file}"
            );
        }
        files.sort_unstable();
        files.dedup();
        assert_eq!(files.len(), names.len());
    }

    #[test]
    fn addresses_hold_no_character_that_a_browser_reads_otherwise() {
        assert_eq!(encoded("a b#?%:/ü.html"), "a%20b%23%3F%25%3A%2F%C3%BC.html");
    }
}
