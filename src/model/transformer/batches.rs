//! Texts in batches of like length: tokenised on all cores while the network works on the batches before.
//!
//! Memory does not grow with the number of texts: a window is tokenised at a time, and few batches wait in line.

use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread;

use rayon::prelude::*;

use super::entailment::Questions;
use super::tokens::{Encoded, Tokens};

/// How many texts, or pairs of text and sentence, are tokenised together.
const WINDOW: usize = 1024;

/// The most texts of a batch.
const MOST_ROWS: usize = 32;

/// The most tokens of a batch, padding included, so that long texts do not take all memory.
const MOST_TOKENS: usize = 4096;

/// How many batches may wait for the network.
const WAITING: usize = 8;

/// Texts in tokens, filled up to one length, row after row.
#[derive(Debug, PartialEq, Eq)]
pub struct Batch {
    /// How many texts.
    pub rows: usize,
    /// How many tokens each has, with padding.
    pub length: usize,
    /// The tokens.
    pub ids: Vec<i64>,
    /// 1 for each token that is read, 0 for padding.
    pub mask: Vec<i64>,
    /// The part of the text that each token belongs to.
    pub types: Vec<i64>,
}

/// What computes outputs from tokens.
pub trait Network: Send {
    /// The outputs before sigmoid or softmax, a row for each text.
    ///
    /// # Errors
    /// Whatever the engine says.
    fn logits(&mut self, batch: &Batch) -> Result<Vec<f32>, String>;

    /// Whether the outputs for a text are the same to the last digit whatever texts are in the batch beside it.
    fn is_independent(&self) -> bool {
        false
    }
}

/// What came out for many texts, in their order.
pub struct Outputs {
    /// For each text its outputs; `None` where it could not be read or what came out is no number.
    pub rows: Vec<Option<Vec<f32>>>,
    /// The places of the texts that were cut.
    pub cut: Vec<usize>,
}

/// What a network reads of each text, and what becomes of its outputs.
#[derive(Clone, Copy)]
pub enum Reading<'a> {
    /// The text, for so many outputs.
    Texts(usize),
    /// The text with each of the sentences, for one output of each.
    Pairs(&'a Questions),
}

impl<'a> Reading<'a> {
    /// How many runs a text takes.
    fn runs(self) -> usize {
        match self {
            Reading::Texts(_) => 1,
            Reading::Pairs(questions) => questions.sentences.len(),
        }
    }

    fn sentence(self, run: usize) -> Option<&'a str> {
        match self {
            Reading::Texts(_) => None,
            Reading::Pairs(questions) => Some(&questions.sentences[run]),
        }
    }

    /// How many outputs the network has.
    fn width(self) -> usize {
        match self {
            Reading::Texts(outputs) => outputs,
            Reading::Pairs(questions) => questions.outputs,
        }
    }

    /// How many outputs a text has in the end.
    pub fn outputs(self) -> usize {
        match self {
            Reading::Texts(outputs) => outputs,
            Reading::Pairs(_) => self.runs(),
        }
    }

    /// Puts what came out of a run among the outputs of its text.
    fn keep(self, run: usize, row: &[f32], outputs: &mut Option<Vec<f32>>) {
        match self {
            Reading::Texts(_) => *outputs = Some(row.to_vec()),
            Reading::Pairs(questions) => {
                // A sentence that never gets an answer leaves the text without one.
                let outputs = outputs.get_or_insert_with(|| vec![f32::NAN; self.runs()]);
                outputs[run] = questions.logit(row);
            }
        }
    }
}

/// A batch with the places of its texts and which run of each it is.
struct Work {
    batch: Batch,
    places: Vec<(usize, usize)>,
    cut: Vec<usize>,
}

/// Texts whose outputs are known from before.
#[derive(Clone, Copy)]
pub enum Known<'a> {
    /// Each of these is passed over.
    Each(&'a [bool]),
    /// Batches are those of all texts, and one is passed over if it holds only these: outputs may depend on the batch.
    Batches(&'a [bool]),
}

impl Known<'_> {
    fn is_left_out(self, place: usize) -> bool {
        matches!(self, Known::Each(known) if known[place])
    }

    fn has(self, batch: &[(usize, usize)]) -> bool {
        matches!(self, Known::Batches(known) if batch.iter().all(|(place, _)| known[*place]))
    }
}

/// A text that is done, by its place: its outputs, and whether it was cut.
pub type Done<'a> = (usize, &'a [f32], bool);

/// How texts become what a network reads.
#[derive(Clone, Copy)]
pub struct Input<'a> {
    /// The tokenizer.
    pub tokens: &'a Tokens,
    /// How many tokens the network knows.
    pub vocabulary: Option<usize>,
    /// What it reads of each text.
    pub reading: Reading<'a>,
}

/// Runs texts through a network. `done` gets the texts that a batch
/// completed before `progress` gets the number of all. What is `known` has no outputs.
///
/// # Errors
/// What the network says, outputs of another shape, or a tokenizer of another model.
pub fn run(
    input: Input<'_>,
    network: &mut dyn Network,
    texts: &[&str],
    known: Known<'_>,
    done: &mut dyn FnMut(&[Done<'_>]),
    progress: &(dyn Fn(usize) + Sync),
) -> Result<Outputs, String> {
    let reading = input.reading;
    let mut rows: Vec<Option<Vec<f32>>> = vec![None; texts.len()];
    let mut is_cut = vec![false; texts.len()];
    let mut left = vec![reading.runs(); texts.len()];
    // Longest first: if memory runs out it does so at once. Bytes tell lengths well enough to sort by.
    let mut order: Vec<usize> = (0..texts.len())
        .filter(|place| !known.is_left_out(*place))
        .collect();
    let before = texts.len() - order.len();
    order.sort_by_key(|place| (std::cmp::Reverse(texts[*place].len()), *place));
    let (sender, receiver) = sync_channel(WAITING);
    thread::scope(|scope| {
        scope.spawn(move || prepare(input, texts, &order, &sender));
        let mut runs = 0;
        let width = reading.width();
        // Leaving the loop early drops the receiver, which ends the other thread.
        for work in receiver {
            let Work { batch, places, cut } = work?;
            runs += places.len();
            if known.has(&places) {
                progress(before + runs / reading.runs());
                continue;
            }
            let logits = network.logits(&batch)?;
            if logits.len() != batch.rows * width {
                return Err(format!(
                    "it gives {} outputs for {} texts, where {width} a text were expected",
                    logits.len(),
                    batch.rows
                ));
            }
            for place in cut {
                is_cut[place] = true;
            }
            for ((place, run), row) in places.iter().zip(logits.chunks(width)) {
                reading.keep(*run, row, &mut rows[*place]);
                left[*place] -= 1;
            }
            let mut whole: Vec<usize> = places.iter().map(|(place, _)| *place).collect();
            whole.retain(|place| left[*place] == 0);
            whole.sort_unstable();
            whole.dedup();
            let complete: Vec<Done<'_>> = whole
                .into_iter()
                .filter_map(|place| {
                    let row = rows[place].as_deref().filter(|row| is_usable(row))?;
                    Some((place, row, is_cut[place]))
                })
                .collect();
            done(&complete);
            progress(before + runs / reading.runs());
        }
        Ok(())
    })?;
    for row in &mut rows {
        row.take_if(|row| !is_usable(row));
    }
    Ok(Outputs {
        rows,
        cut: (0..texts.len()).filter(|place| is_cut[*place]).collect(),
    })
}

/// Whether all outputs are numbers.
fn is_usable(row: &[f32]) -> bool {
    row.iter().all(|output| output.is_finite())
}

/// Tokenises window after window and sends batches until nobody listens.
fn prepare(
    input: Input<'_>,
    texts: &[&str],
    order: &[usize],
    sender: &SyncSender<Result<Work, String>>,
) {
    let Input {
        tokens,
        vocabulary,
        reading,
    } = input;
    let runs = reading.runs();
    for window in order.chunks((WINDOW / runs).max(1)) {
        let mut encoded: Vec<((usize, usize), Encoded)> = window
            .par_iter()
            .flat_map_iter(|place| (0..runs).map(|run| (*place, run)))
            .filter_map(|(place, run)| {
                let text = tokens.encode(texts[place], reading.sentence(run))?;
                Some(((place, run), text))
            })
            .collect();
        encoded.sort_by_key(|(place, text)| (std::cmp::Reverse(text.ids.len()), *place));
        let mut rest = encoded.as_slice();
        while let Some((_, longest)) = rest.first() {
            let length = longest.ids.len().max(1);
            let rows = (MOST_TOKENS / length).clamp(1, MOST_ROWS).min(rest.len());
            let (now, later) = rest.split_at(rows);
            rest = later;
            let work = belong(now, vocabulary).map(|()| Work {
                batch: fill(now.iter().map(|(_, text)| text), length, tokens.padding),
                places: now.iter().map(|(place, _)| *place).collect(),
                cut: now
                    .iter()
                    .filter(|(_, text)| text.cut)
                    .map(|((place, _), _)| *place)
                    .collect(),
            });
            if sender.send(work).is_err() {
                return;
            }
        }
    }
}

/// Whether the network knows all tokens.
fn belong(texts: &[((usize, usize), Encoded)], vocabulary: Option<usize>) -> Result<(), String> {
    let highest = texts
        .iter()
        .flat_map(|(_, text)| &text.ids)
        .max()
        .map_or(0, |id| *id as usize);
    match vocabulary {
        Some(vocabulary) if highest >= vocabulary => Err(format!(
            "the tokenizer gives token {highest}, and the model knows {vocabulary}: it is the tokenizer of another model"
        )),
        _ => Ok(()),
    }
}

/// Fills texts up to one length.
fn fill<'a>(texts: impl Iterator<Item = &'a Encoded>, length: usize, padding: u32) -> Batch {
    let mut batch = Batch {
        rows: 0,
        length,
        ids: Vec::new(),
        mask: Vec::new(),
        types: Vec::new(),
    };
    for text in texts {
        batch.rows += 1;
        let end = batch.rows * length;
        batch.ids.extend(text.ids.iter().map(|id| i64::from(*id)));
        batch
            .types
            .extend(text.types.iter().map(|part| i64::from(*part)));
        batch.mask.resize(batch.ids.len(), 1);
        batch.ids.resize(end, i64::from(padding));
        batch.types.resize(end, 0);
        batch.mask.resize(end, 0);
    }
    batch
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_rows_are_filled_and_masked() {
        let text = |ids: &[u32]| Encoded {
            ids: ids.to_vec(),
            types: vec![0; ids.len()],
            cut: false,
        };
        let batch = fill([text(&[5, 6, 7]), text(&[5])].iter(), 3, 1);
        assert_eq!(batch.ids, [5, 6, 7, 5, 1, 1]);
        assert_eq!(batch.mask, [1, 1, 1, 1, 0, 0]);
        assert_eq!((batch.rows, batch.length), (2, 3));
    }

    #[test]
    fn tokens_beyond_the_vocabulary_belong_to_another_model() {
        let texts = [(
            (0, 0),
            Encoded {
                ids: vec![3, 9],
                types: vec![0, 0],
                cut: false,
            },
        )];
        assert!(belong(&texts, Some(10)).is_ok());
        assert!(belong(&texts, None).is_ok());
        assert!(belong(&texts, Some(9)).is_err());
    }
}
