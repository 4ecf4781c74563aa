//! How a transformer answers: what is known from before, what its network makes of the rest, and the scores behind it.

use std::sync::PoisonError;

use super::Transformer;
use super::batches::{self, Done, Input, Known, Outputs, Reading};
use super::kept::{Kept, Name, Row};
use crate::diagnostic::{Place, Problem, Problems, counted};
use crate::digest::sha256;
use crate::model::{Answered, TextModel};
use crate::prediction::{Answer, highest};
use crate::task::LabelSet;

/// A sentence of ours, whose beginnings tell apart machines on which a model computes otherwise.
pub(super) const PROBE: &str = "The parcel arrived on Tuesday, much later than the shop had promised, and nobody was glad of it. ";

impl TextModel for Transformer {
    fn keep(&mut self) -> Result<(), String> {
        // Where the model breaks, texts will tell.
        if let Some((probe, is_independent)) = self.probe() {
            let model = sha256([self.identity.as_bytes(), &probe]);
            let outputs = self.reading().outputs();
            self.kept = Some(Kept::of(&model, outputs, !is_independent)?);
        }
        Ok(())
    }

    fn answer_all(
        &self,
        texts: &[&str],
        progress: &(dyn Fn(usize) + Sync),
    ) -> Result<Answered, Problems> {
        let mut notes = Vec::new();
        let mut rows: Vec<Option<Row>> = vec![None; texts.len()];
        let mut names: Vec<Name> = Vec::new();
        if let Some(kept) = &self.kept {
            let found = kept.read(texts);
            notes.extend(found.trouble);
            (rows, names) = (found.rows, found.names);
        }
        let known: Vec<bool> = rows.iter().map(Option::is_some).collect();
        let before = known.iter().filter(|known| **known).count();
        if before > 0 {
            let texts = counted(texts.len(), "text");
            notes.push(format!("{before} of {texts} scored before"));
            progress(before);
        }
        if before < texts.len() {
            // What cannot be kept once is not tried again.
            let mut keeping = self.kept.as_ref();
            let known = match keeping {
                Some(kept) if kept.together => Known::Batches(&known),
                _ => Known::Each(&known),
            };
            let outputs = self.outputs(
                texts,
                known,
                &mut |done| {
                    let lines = done
                        .iter()
                        .map(|(place, row, cut)| (&names[*place], *row, *cut));
                    if let Some(Err(trouble)) = keeping.map(|kept| kept.add(lines)) {
                        keeping = None;
                        if !notes.contains(&trouble) {
                            notes.push(trouble);
                        }
                    }
                },
                progress,
            )?;
            for (place, row) in outputs.rows.into_iter().enumerate() {
                if let Some(row) = row {
                    rows[place] = Some((row, outputs.cut.binary_search(&place).is_ok()));
                }
            }
        }
        let failed = rows.iter().filter(|row| row.is_none()).count();
        if failed > 0 {
            notes.push(format!(
                "{failed} of {} got no answer and count as failed: what came out is no number, or the tokenizer cannot read them",
                counted(texts.len(), "text")
            ));
        }
        Ok(Answered {
            cut: (0..texts.len())
                .filter(|place| matches!(rows[*place], Some((_, true))))
                .collect(),
            answers: rows
                .into_iter()
                .map(|row| row.map_or((Answer::Failed, Vec::new()), |(row, _)| self.read(&row)))
                .collect(),
            notes,
        })
    }
}

impl Transformer {
    /// The outputs for sentences of ours, to tell apart machines on which the model computes otherwise, and whether they
    /// are the same alone as together. `None` where the model breaks.
    fn probe(&self) -> Option<(Vec<u8>, bool)> {
        let lengths = PROBE.match_indices(' ').map(|(end, _)| end);
        let texts: Vec<&str> = lengths.map(|end| &PROBE[..end]).collect();
        let bytes = |texts: &[&str]| -> Option<Vec<u8>> {
            let known = vec![false; texts.len()];
            let outputs = self.outputs(texts, Known::Each(&known), &mut |_| {}, &|_| {});
            let rows = outputs.ok()?.rows.into_iter().flatten().flatten();
            Some(rows.flat_map(f32::to_le_bytes).collect())
        };
        let together = bytes(&texts)?;
        if !self.is_independent {
            return Some((together, false));
        }
        let mut alone = Vec::new();
        for text in texts {
            alone.extend(bytes(&[text])?);
        }
        let is_independent = alone == together;
        Some((together, is_independent))
    }

    /// What the network makes of texts. `done` gets what is complete, `progress` the number of it.
    fn outputs(
        &self,
        texts: &[&str],
        known: Known<'_>,
        done: &mut dyn FnMut(&[Done<'_>]),
        progress: &(dyn Fn(usize) + Sync),
    ) -> Result<Outputs, Problems> {
        let mut network = self.network.lock().unwrap_or_else(PoisonError::into_inner);
        batches::run(
            Input {
                tokens: &self.tokens,
                vocabulary: self.vocabulary,
                reading: self.reading(),
            },
            network.as_mut(),
            texts,
            known,
            done,
            progress,
        )
        .map_err(|error| {
            Problem::new(
                "model/inference",
                Place::file(&self.spec),
                format!("the model cannot be run: {error}"),
            )
            .help("check that config.json, tokenizer and weights belong together; where memory is short, set max_length in affect-audit.toml in the folder")
            .into()
        })
    }

    /// What it reads of a text.
    fn reading(&self) -> Reading<'_> {
        match &self.questions {
            Some(questions) => Reading::Pairs(questions),
            None => Reading::Texts(self.output.len()),
        }
    }

    /// The answer and the scores behind a row of outputs.
    fn read(&self, row: &[f32]) -> (Answer, Vec<f64>) {
        let ordered: Vec<f64> = self
            .output
            .iter()
            .map(|place| f64::from(row[*place]))
            .collect();
        if self.scheme.is_multi_label() {
            let scores: Vec<f64> = ordered.iter().map(|output| sigmoid(*output)).collect();
            let mut labels = LabelSet::EMPTY;
            for (label, score) in scores.iter().enumerate() {
                if *score >= self.threshold {
                    labels.insert(label);
                }
            }
            return (Answer::Labels(labels), scores);
        }
        let scores = softmax(&ordered);
        let answer =
            highest(&scores).map_or(Answer::Failed, |label| Answer::Labels(LabelSet::one(label)));
        (answer, scores)
    }
}

/// `1 / (1 + exp(-x))`.
fn sigmoid(output: f64) -> f64 {
    1.0 / (1.0 + (-output).exp())
}

/// `exp(x_i) / sum(exp(x_j))`, shifted by the largest output so that nothing overflows.
fn softmax(outputs: &[f64]) -> Vec<f64> {
    let largest = outputs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let powers: Vec<f64> = outputs
        .iter()
        .map(|output| (output - largest).exp())
        .collect();
    let sum: f64 = powers.iter().sum();
    powers.iter().map(|power| power / sum).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Values of `scipy.special.expit` and `scipy.special.softmax` (scipy 1.17.1).
    #[test]
    fn scores_are_those_of_scipy() {
        assert!((sigmoid(-2.5) - 0.075_858_180_021_243_55).abs() < 1e-15);
        assert_eq!(sigmoid(-800.0), 0.0);
        let expected = [
            0.090_030_573_170_380_46,
            0.244_728_471_054_797_64,
            0.665_240_955_774_821_9,
        ];
        for (ours, theirs) in softmax(&[1001.0, 1002.0, 1003.0]).iter().zip(expected) {
            assert!((ours - theirs).abs() < 1e-15, "{ours}");
        }
    }
}

#[cfg(test)]
#[path = "tests/keeping.rs"]
mod keeping;
