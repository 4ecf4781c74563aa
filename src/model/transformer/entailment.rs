//! Labels asked for by a sentence: models that judge whether a sentence follows from a text (natural language inference)
//! answer with any labels, without training for them (Yin, Hay and Roth 2019, arXiv:1909.00161).
//!
//! What is asked and what comes of the answers is here; pairs of text and sentence are made in `batches`.

use std::sync::Arc;

use super::config::Config;
use super::labels::{Meaning, in_kind, names};
use super::options::{OPTIONS, Options};
use crate::diagnostic::{Place, Problem, Problems, expected_one_of, quote, quote_label};
use crate::document::Fields;
use crate::task::Scheme;

/// Where in the sentence the words for a label go.
const GAP: &str = "{}";

/// The longest sentence, in characters: it is repeated for each label and stands in the report.
const LONGEST: usize = 200;

/// What the table `[zero_shot]` says.
pub struct Asking {
    /// The sentence, with a gap.
    hypothesis: String,
    place: Place,
    /// Whether each label is scored by itself; as the scheme has it where the file says nothing.
    several: Option<bool>,
    /// Words for labels, where they are not the names.
    wording: Vec<(String, String, Place)>,
}

/// The sentences that a text is paired with, and how their outputs are read.
pub struct Questions {
    /// For each label of the scheme the sentence that says it of a text.
    pub sentences: Vec<String>,
    /// The sentence with its gap.
    pub hypothesis: String,
    /// For each label its words.
    pub words: Vec<String>,
    /// How many outputs the model has.
    pub outputs: usize,
    /// The output for a sentence that follows from the text.
    entailment: usize,
    /// The output for one that the text rules out, where each label is scored by itself.
    contradiction: Option<usize>,
}

impl Questions {
    /// The logit of a label from the outputs for its sentence. The softmax of these over all labels is the score of each;
    /// where a label is scored by itself, `sigmoid(e - c)` is the softmax of entailment against contradiction.
    pub fn logit(&self, row: &[f32]) -> f32 {
        row[self.entailment] - self.contradiction.map_or(0.0, |output| row[output])
    }

    /// What was asked, for the model's card.
    pub fn account(&self, scheme: &Scheme) -> String {
        let wording: Vec<String> = scheme
            .names()
            .iter()
            .zip(&self.words)
            .filter(|(name, words)| **name != words.as_str())
            .map(|(name, words)| format!("{} for {name}", quote(words)))
            .collect();
        let wording = if wording.is_empty() {
            "each label in its own name".to_owned()
        } else {
            format!("{}, every other label in its own name", wording.join(", "))
        };
        format!(
            "It was not trained for these labels. They were asked for by the sentence “{}”, with {wording}: another sentence or other words give other scores.",
            crate::diagnostic::plain(&self.hypothesis)
        )
    }
}

impl Asking {
    /// Reads the table.
    pub fn read(table: &Fields<'_>) -> Asking {
        let hypothesis = table.required_text("hypothesis");
        let place = table.place_of("hypothesis");
        let gaps = hypothesis.matches(GAP).count();
        if !hypothesis.is_empty() && (gaps != 1 || hypothesis.chars().count() > LONGEST) {
            table.problem(
                Problem::new(
                    "model/hypothesis",
                    place.clone(),
                    match gaps {
                        0 => format!("the sentence has no {GAP} for the words of a label"),
                        1 => format!("the sentence is longer than {LONGEST} characters"),
                        _ => format!("the sentence has {gaps} places for the words of a label"),
                    },
                )
                .help("expected a short sentence with one {}, as in \"This text expresses {}.\""),
            );
        }
        let several = table.boolean("multi_label");
        let wording = table
            .table("wording")
            .map(|wording| wording.named_texts())
            .unwrap_or_default();
        Asking {
            hypothesis,
            place,
            several,
            wording,
        }
    }

    /// What the labels mean, and what is asked for each.
    ///
    /// # Errors
    /// A model that judges no entailment, no scheme, words for labels that it does not have, the same words twice.
    pub fn meaning(
        &self,
        config: &Config,
        options: &Options,
    ) -> Result<(Meaning, Questions), Problems> {
        let outputs = names(config, options)?;
        let mut problems = Problems::new();
        let Some((scheme, _)) = &options.scheme else {
            return Err(Problem::new(
                "model/no-scheme",
                self.place.clone(),
                "nothing says which labels are asked for",
            )
            .help("name a scheme, [scheme] name = \"three-way\", or write one out with task and labels")
            .into());
        };
        let place = Place::file(&config.file).key("id2label");
        let entailment = outputs.iter().position(|name| entails(name));
        if entailment.is_none() {
            problems.push(
                Problem::new(
                    "model/no-entailment",
                    place.clone(),
                    "the model has no label entailment, so it judges no sentences",
                )
                .help(format!(
                    "its labels: {}; [zero_shot] takes a model of natural language inference (NLI, MNLI, XNLI); where one of its labels means entailment under another name, say so in [labels]",
                    outputs.join(", ")
                )),
            );
        }
        let several = self.several.unwrap_or(scheme.is_multi_label());
        let contradiction = outputs
            .iter()
            .position(|name| name.to_lowercase().starts_with("contradict"))
            // Of two outputs the other one says that the sentence does not follow.
            .or_else(|| (outputs.len() == 2).then_some(1 - entailment?));
        if several && entailment.is_some() && contradiction.is_none() {
            problems.push(
                Problem::new(
                    "model/no-contradiction",
                    place,
                    "the model has no label contradiction, against which each label would be scored by itself",
                )
                .help(format!(
                    "its labels: {}; say in [labels] which of them means contradiction, or let the labels share one answer: multi_label = false",
                    outputs.join(", ")
                )),
            );
        }
        let words = self.words(scheme, &mut problems);
        let questions = Questions {
            sentences: words
                .iter()
                .map(|words| self.hypothesis.replacen(GAP, words, 1))
                .collect(),
            hypothesis: self.hypothesis.clone(),
            words,
            outputs: outputs.len(),
            entailment: entailment.unwrap_or_default(),
            contradiction: contradiction.filter(|_| several),
        };
        let meaning = Meaning {
            scheme: Arc::clone(scheme),
            output: (0..scheme.labels.len()).collect(),
        };
        problems.or((in_kind(meaning, several), questions))
    }

    /// For each label of the scheme its words.
    fn words(&self, scheme: &Scheme, problems: &mut Problems) -> Vec<String> {
        let mut words: Vec<String> = scheme.names().into_iter().map(str::to_owned).collect();
        let mut seen: Vec<usize> = Vec::new();
        let mut note = |code, place: &Place, what: String, help: String| {
            problems.push(Problem::new(code, place.clone().key("wording"), what).help(help));
        };
        for (name, said, place) in &self.wording {
            let Some(label) = scheme.index(name) else {
                let what = format!(
                    "label {} is not in the scheme {}",
                    quote_label(name),
                    scheme.name
                );
                let help = expected_one_of(name, &scheme.names());
                note("model/unknown-label", place, what, help);
                continue;
            };
            if said.trim().is_empty() || said.chars().count() > LONGEST {
                let what = format!(
                    "the words for {} are missing or too long",
                    quote_label(name)
                );
                let help = format!(
                    "write up to {LONGEST} characters, or leave the line out: then the label is asked for by its name"
                );
                note("model/wording", place, what, help);
            }
            if seen.contains(&label) {
                let what = format!("the label {} has words already", quote_label(name));
                note(
                    "model/label-twice",
                    place,
                    what,
                    "letter case does not tell labels apart; keep one line".to_owned(),
                );
            }
            seen.push(label);
            said.trim().clone_into(&mut words[label]);
        }
        for (label, said) in words.iter().enumerate() {
            let first = words[..label]
                .iter()
                .position(|other| other.to_lowercase() == said.to_lowercase());
            if let Some(first) = first.filter(|_| !said.is_empty()) {
                let names = scheme.names();
                let what = format!(
                    "{} and {} are asked for in the same words",
                    quote_label(names[first]),
                    quote_label(names[label])
                );
                let help = "scores could not tell them apart; give each label words of its own";
                note("model/label-twice", &self.place, what, help.to_owned());
            }
        }
        words
    }
}

/// Whether an output says that the sentence follows from the text.
pub fn entails(name: &str) -> bool {
    name.to_lowercase().starts_with("entail")
}

/// A model of entailment, and nothing says what to ask it.
pub fn unasked(place: Place) -> Problem {
    Problem::new(
        "model/entailment",
        place,
        "this model judges whether a sentence follows from a text, and nothing says what to ask it",
    )
    .help(format!(
        "write into {OPTIONS} in the folder:\n    [scheme]\n    name = \"ekman\"\n    [zero_shot]\n    hypothesis = \"This text expresses {{}}.\""
    ))
}

#[cfg(test)]
#[path = "tests/entailment.rs"]
mod tests;
