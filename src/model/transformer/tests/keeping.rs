//! A transformer that keeps scores: what its network is asked, counted.

// Tests write files.
#![allow(clippy::disallowed_methods)]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::super::{Batch, Folder, HALF, Network};
use super::*;
use std::sync::Mutex;

/// A network that answers by the number of tokens, and counts the texts.
struct Counting {
    asked: Arc<AtomicUsize>,
    outputs: usize,
    /// After so many texts it breaks.
    most: usize,
}

impl Network for Counting {
    fn logits(&mut self, batch: &Batch) -> Result<Vec<f32>, String> {
        let before = self.asked.fetch_add(batch.rows, Ordering::Relaxed);
        if before + batch.rows > self.most {
            return Err("it broke".to_owned());
        }
        let tokens = batch.mask.chunks(batch.length.max(1));
        Ok(tokens
            .flat_map(|mask| {
                let tokens = mask.iter().sum::<i64>() as f32;
                (0..self.outputs).map(move |output| tokens / (1.0 + output as f32))
            })
            .collect())
    }
}

/// The folder of one of the tiny models.
fn tiny(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/transformers")
        .join(name)
}

/// The tokenizer and labels of a folder with a network that counts, and the counter.
fn transformer(
    place: &Path,
    folder: &Path,
    model: &str,
    most: usize,
) -> (Transformer, Arc<AtomicUsize>) {
    let read = Folder::read("test", place, None).unwrap();
    let asked = Arc::new(AtomicUsize::new(0));
    let outputs = match &read.questions {
        Some(questions) => questions.outputs,
        None => read.meaning.output.len(),
    };
    let network = Box::new(Counting {
        asked: asked.clone(),
        outputs,
        most,
    });
    let mut transformer = Transformer {
        spec: "test".to_owned(),
        tokens: read.tokens,
        network: Mutex::new(network),
        vocabulary: None,
        scheme: read.meaning.scheme.clone(),
        output: read.meaning.output,
        questions: read.questions,
        threshold: HALF,
        identity: String::new(),
        is_independent: true,
        kept: None,
    };
    let outputs = transformer.reading().outputs();
    transformer.kept = Some(Kept::within(folder, &[7; 32], model, outputs));
    (transformer, asked)
}

fn texts(from: usize, to: usize) -> Vec<String> {
    (from..to)
        .map(|text| "good ".repeat(text % 90 + 1) + &text.to_string())
        .collect()
}

fn all(transformer: &Transformer, texts: &[String]) -> Result<Answered, Problems> {
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    transformer.answer_all(&texts, &|_| {})
}

#[test]
fn what_was_scored_is_asked_for_never_again() {
    let folder = tempfile::tempdir().unwrap();
    let (first, asked) = transformer(&tiny("bert"), folder.path(), "model", usize::MAX);
    let cold = all(&first, &texts(0, 200)).unwrap();
    assert_eq!(asked.load(Ordering::Relaxed), 200);
    assert!(!cold.cut.is_empty(), "some are to be cut");

    let (second, asked) = transformer(&tiny("bert"), folder.path(), "model", usize::MAX);
    let warm = all(&second, &texts(0, 200)).unwrap();
    assert_eq!(asked.load(Ordering::Relaxed), 0);
    assert_eq!((&warm.answers, &warm.cut), (&cold.answers, &cold.cut));
    assert_eq!(warm.notes, ["200 of 200 texts scored before"]);

    // Other data with some of the same texts.
    let more = all(&second, &texts(150, 260)).unwrap();
    assert_eq!(asked.load(Ordering::Relaxed), 60);
    assert_eq!(more.answers[..50], cold.answers[150..]);

    let (changed, asked) = transformer(&tiny("bert"), folder.path(), "changed", usize::MAX);
    all(&changed, &texts(0, 200)).unwrap();
    assert_eq!(asked.load(Ordering::Relaxed), 200);
}

#[test]
fn a_run_that_breaks_loses_only_its_last_batch() {
    let folder = tempfile::tempdir().unwrap();
    let (first, _) = transformer(&tiny("bert"), folder.path(), "model", 150);
    assert!(all(&first, &texts(0, 200)).is_err());
    let (second, asked) = transformer(&tiny("bert"), folder.path(), "model", usize::MAX);
    all(&second, &texts(0, 200)).unwrap();
    let again = asked.load(Ordering::Relaxed);
    assert!(
        (50..50 + 33).contains(&again),
        "{again} texts were scored again"
    );
}

#[test]
fn where_company_matters_whole_batches_are_known_or_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let together = |most| {
        let (mut transformer, asked) = transformer(&tiny("bert"), folder.path(), "model", most);
        if let Some(kept) = &mut transformer.kept {
            kept.together = true;
        }
        (transformer, asked)
    };
    let (first, _) = together(150);
    assert!(all(&first, &texts(0, 200)).is_err());
    let (second, asked) = together(usize::MAX);
    let cold = all(&second, &texts(0, 200)).unwrap();
    let again = asked.load(Ordering::Relaxed);
    assert!(
        (50..50 + 33).contains(&again),
        "{again} texts were scored again"
    );
    // Other texts, in whole or in part, are other company.
    for others in [texts(0, 199), texts(150, 260)] {
        let before = asked.load(Ordering::Relaxed);
        all(&second, &others).unwrap();
        assert_eq!(asked.load(Ordering::Relaxed) - before, others.len());
    }
    let (third, asked) = together(usize::MAX);
    let warm = all(&third, &texts(0, 200)).unwrap();
    assert_eq!(asked.load(Ordering::Relaxed), 0);
    assert_eq!((&warm.answers, &warm.cut), (&cold.answers, &cold.cut));
}

#[test]
fn of_sentences_asked_about_a_text_none_is_asked_again() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("model");
    fs::create_dir(&place).unwrap();
    for file in ["config.json", "tokenizer_config.json", "vocab.txt"] {
        fs::copy(tiny("bert-nli").join(file), place.join(file)).unwrap();
    }
    let asking = "[scheme]\nname = \"three-way\"\n[zero_shot]\nhypothesis = \"The tone is {}.\"\n";
    fs::write(place.join("affect-audit.toml"), asking).unwrap();
    let (first, asked) = transformer(&place, folder.path(), "model", usize::MAX);
    let sentences = first.reading().outputs();
    assert_eq!(sentences, 3);
    let cold = all(&first, &texts(0, 40)).unwrap();
    assert_eq!(asked.load(Ordering::Relaxed), 40 * sentences);
    let (second, asked) = transformer(&place, folder.path(), "model", usize::MAX);
    let warm = all(&second, &texts(0, 40)).unwrap();
    assert_eq!(asked.load(Ordering::Relaxed), 0);
    assert_eq!((&warm.answers, &warm.cut), (&cold.answers, &cold.cut));
}
