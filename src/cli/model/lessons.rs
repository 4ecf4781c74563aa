//! What a reference model learns from, and how it is examined.

use std::fmt::Write;

use super::Asked;
use crate::dataset::Dataset;
use crate::diagnostic::{Place, Problem, Problems};
use crate::digest::sha256;
use crate::measure::Measure;
use crate::measure::calibration::LEAST;
use crate::measure::matrix::Matrix;
use crate::model::reference::features::Extractor;
use crate::model::reference::train::{Learner, Trained};
use crate::prediction::highest;
use crate::tally::{Outcome, Tally};
use crate::task::crosswalk::{bridge, carry, polarity_scheme};
use crate::task::{LabelSet, Polarity, Scheme, Task, built_in};

/// Texts with one right answer each.
pub(super) struct Lessons {
    scheme: std::sync::Arc<Scheme>,
    pub(super) texts: Vec<String>,
    pub(super) targets: Vec<usize>,
}

impl Lessons {
    pub(super) fn labels(&self) -> Vec<String> {
        self.scheme.names().into_iter().map(str::to_owned).collect()
    }
}

/// The cases that carry exactly one label. Where sentiment follows from emotion labels the cases are those of the
/// emotion task, so that a pair of models learns from the same texts; an emotion that may go with any polarity
/// counts as neutral, since nobody said which.
pub(super) fn lessons(dataset: &Dataset, asked: Asked) -> Result<Lessons, Problems> {
    let refused = |message: String, help: &str| -> Problems {
        Problem::new("model/lessons", Place::file(&dataset.origin), message)
            .help(help)
            .into()
    };
    let cases = &dataset.cases;
    let texts = cases.texts.as_ref().ok_or_else(|| {
        refused(
            "the dataset has no texts".to_owned(),
            "name the column of texts in the card",
        )
    })?;
    let own = match asked {
        Asked::Sentiment => cases.gold(Task::Sentiment),
        Asked::Emotion => None,
    };
    let (gold, target) = match (own, cases.gold(Task::Emotion)) {
        (Some(gold), _) => (gold, Some(polarity_scheme())),
        (None, Some(gold)) => (gold, built_in("ekman")),
        (None, None) => {
            return Err(refused(
                "the dataset has no labels for this task".to_owned(),
                "describe them in the card under [tasks.emotion] or [tasks.sentiment]",
            ));
        }
    };
    let bridge = target
        .and_then(|target| {
            bridge(&target, &gold.scheme).filter(|bridge| bridge.scheme.names() == target.names())
        })
        .ok_or_else(|| {
            refused(
                format!(
                    "labels of the scheme {} do not carry over",
                    gold.scheme.name
                ),
                "reference models learn from ekman, meld, goemotions, three-way or five-way labels",
            )
        })?;
    let collapse = matches!(asked, Asked::Sentiment) && bridge.scheme.task == Task::Emotion;
    let mut lessons = Lessons {
        scheme: if collapse {
            polarity_scheme()
        } else {
            bridge.scheme.clone()
        },
        texts: Vec::new(),
        targets: Vec::new(),
    };
    for (text, labels) in texts.iter().zip(&gold.labels) {
        let Some(label) = labels.and_then(|labels| carry(labels, &bridge.from_gold).0.single())
        else {
            continue;
        };
        let target = if collapse {
            bridge.scheme.labels[label]
                .polarity
                .unwrap_or(Polarity::Neutral)
                .index()
        } else {
            label
        };
        lessons.texts.push(text.clone());
        lessons.targets.push(target);
    }
    Ok(lessons)
}

/// What a model earned on cases that it did not learn from.
#[derive(Clone, Copy)]
pub(super) struct Marks {
    pub(super) macro_f1: f64,
    pub(super) accuracy: f64,
    pub(super) log_loss: f64,
    pub(super) brier: f64,
}

pub(super) fn examine(trained: &Trained, exam: &Lessons) -> Marks {
    let mut extractor = Extractor::new();
    let mut tally: Tally<Outcome> = Tally::default();
    let (mut log_loss, mut brier) = (0.0, 0.0);
    for (text, target) in exam.texts.iter().zip(&exam.targets) {
        let scores = trained.model.scores(text, &mut extractor);
        log_loss -= scores[*target].max(LEAST).ln();
        for (label, score) in scores.iter().enumerate() {
            let truth = if label == *target { 1.0 } else { 0.0 };
            brier += (score - truth).powi(2);
        }
        tally.count(Outcome {
            gold: LabelSet::one(*target),
            answer: highest(&scores).map(LabelSet::one),
        });
    }
    let cells: Vec<Outcome> = tally.iter().map(|(outcome, _)| *outcome).collect();
    let counts: Vec<u64> = tally.iter().map(|(_, count)| count).collect();
    let cases = exam.texts.len().max(1) as f64;
    let matrix = Matrix::new(exam.scheme.labels.len(), &cells, &counts);
    Marks {
        macro_f1: matrix.value(Measure::MacroF1).unwrap_or(0.0),
        accuracy: matrix.value(Measure::MicroF1).unwrap_or(0.0),
        log_loss: log_loss / cases,
        brier: brier / cases,
    }
}

pub(super) fn card(
    data: &Dataset,
    lessons: &Lessons,
    (learner, trained): (Learner, &Trained),
    comparison: &[(Learner, usize, Option<Marks>)],
    out: &str,
    weights: &[u8],
) -> String {
    let text = |text: &str| toml::Value::String(text.to_owned()).to_string();
    let mut card = format!("name = {}\n", text(&format!("reference:{out}")));
    let _ = writeln!(
        card,
        "title = {}",
        text(&format!(
            "Linear model of {} trained on {}",
            lessons.scheme.task.as_str(),
            data.card.name
        ))
    );
    let _ = writeln!(card, "task = {}", text(lessons.scheme.task.as_str()));
    let _ = writeln!(card, "scheme = {}", text(&lessons.scheme.name));
    let _ = writeln!(
        card,
        "description = {}",
        text("A linear model on hashed word and character features.")
    );
    let _ = writeln!(
        card,
        "licence = {}",
        text(&format!("not stated; the data: {}", data.card.licence))
    );
    let _ = writeln!(
        card,
        "limits = [{}]",
        text(
            "Answers as the annotators of its training data labelled, and knows nothing of who writes or why."
        )
    );
    let _ = writeln!(card, "learner = {}", text(learner.name()));
    let digest = sha256([weights]);
    let _ = writeln!(card, "sha256 = {}", text(&digest));
    let _ = writeln!(
        card,
        "\n[training_data]\nname = {}\nsplit = \"all cases with one label\"\nlicence = {}\ncases = {}\ndigest = {}",
        text(&data.card.title),
        text(&data.card.licence),
        lessons.texts.len(),
        text(&data.digest)
    );
    let calibration = &trained.calibration;
    let loss = calibration.log_loss;
    let scale = calibration.scale;
    let _ = writeln!(
        card,
        "\n[calibration]\nmethod = {}\nheld_out_cases = {}\nscale = {scale:.6}\nprior_correction = {:.2}\ntemperature = {:.6}\nheld_out_log_loss = {{ learner = {:.4}, calibrated = {:.4}, with_prior_correction = {:.4} }}",
        text(
            "on cases that the learner did not see: one factor for all scores and a summand for each label by log loss, prior correction by macro F1, temperature by log loss; then trained again on all cases"
        ),
        loss.cases,
        calibration.prior_correction,
        calibration.temperature,
        loss.raw,
        loss.calibrated,
        loss.corrected
    );
    for (learner, cases, marks) in comparison {
        let _ = writeln!(
            card,
            "\n[[learner_comparison]]\nlearner = {}\ncases = {cases}",
            text(learner.name())
        );
        if let Some(marks) = marks {
            let _ = writeln!(
                card,
                "macro_f1 = {:.4}\naccuracy = {:.4}\nlog_loss = {:.4}\nbrier = {:.4}",
                marks.macro_f1, marks.accuracy, marks.log_loss, marks.brier
            );
        }
    }
    card
}
