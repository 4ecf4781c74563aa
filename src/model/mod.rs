//! Models: the reference pair, a lexicon, transformers, models of numeric columns, and files of predictions that some
//! other program made.
//!
//! A text model turns texts into scores; repeated texts are left to `score`.

pub mod cache;
pub mod callable;
#[cfg(feature = "candle")]
pub mod candle;
pub mod card;
pub mod columns;
pub mod file;
pub mod http;
pub mod lexicon;
#[cfg(feature = "libtorch")]
pub mod libtorch;
#[cfg(feature = "onnx")]
pub mod onnx;
pub mod process;
pub(crate) mod python;
pub mod reference;
pub(crate) mod scheme;
pub mod sentences;
pub mod spec;
#[cfg(any(feature = "onnx", feature = "candle", feature = "libtorch"))]
pub mod transformer;

pub use card::{FileDigest, ModelCard, Provenance};
pub use spec::{Downloads, Model, load, load_with};

use rayon::prelude::*;

use callable::Callable;

use crate::diagnostic::Problems;
use crate::prediction::Answer;

/// How many texts are scored between two reports of progress.
const STEP: usize = 1024;

/// A model that reads texts: one at a time or many at once, whichever it can do better. Each method rests on the other,
/// so that one of them has to be written.
pub trait TextModel: Send + Sync {
    /// The answer to a text, and a score for each label of the model's scheme in its order; no scores where it broke.
    fn answer(&self, text: &str) -> (Answer, Vec<f64>) {
        self.answer_all(&[text], &|_| {})
            .ok()
            .and_then(|answered| answered.answers.into_iter().next())
            .unwrap_or((Answer::Failed, Vec::new()))
    }

    /// The model as one that is asked and may cost something; `None` for what computes here.
    fn called(&self) -> Option<&Callable> {
        None
    }

    /// Keeps scores for runs to come, and takes those that were kept, where that saves much time. By itself a model does
    /// neither.
    ///
    /// # Errors
    /// What stands in the way, in a sentence; the model answers all the same.
    fn keep(&mut self) -> Result<(), String> {
        Ok(())
    }

    /// The answers to many texts, in their order. `progress` gets the number of texts done. Models that read texts
    /// one at a time are run on all cores; those that read batches have a way of their own.
    ///
    /// # Errors
    /// Whatever keeps the model from answering at all.
    fn answer_all(
        &self,
        texts: &[&str],
        progress: &(dyn Fn(usize) + Sync),
    ) -> Result<Answered, Problems> {
        let mut answers = Vec::with_capacity(texts.len());
        for step in texts.chunks(STEP) {
            answers.par_extend(step.par_iter().map(|text| self.answer(text)));
            progress(answers.len());
        }
        Ok(Answered {
            answers,
            cut: Vec::new(),
            notes: Vec::new(),
        })
    }
}

/// What a model made of many texts.
pub struct Answered {
    /// For each text the answer and its scores.
    pub answers: Vec<(Answer, Vec<f64>)>,
    /// The places of the texts that were longer than the model reads, in order: it answered to their beginning.
    pub cut: Vec<usize>,
    /// What its user should know of how it answered, in sentences without anybody's words.
    pub notes: Vec<String>,
}
