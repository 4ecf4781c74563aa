//! Lays out what a model answered: labels, scores, and answers that decline or cannot be read.

use std::borrow::Cow;

use super::frame::{Column, Frame};
use super::maker::{Made, Maker, Notes};
use super::recipe::steps::PredictionsFrom;
use super::words::cleaned;
use crate::dataset::card::TaskColumn;
use crate::dataset::cases::parse_labels;
use crate::diagnostic::Problems;

/// What is written where an answer cannot be read as a label.
const UNREADABLE: &str = "the answer is no label of the scheme";

/// The answers of one model, ready to be written.
pub struct Answers<'a> {
    from: &'a PredictionsFrom,
    maker: Option<Maker<'a>>,
    scores: Vec<(&'a str, Column)>,
    task: Option<&'a TaskColumn>,
    rows: Vec<Answer>,
}

struct Answer {
    id: String,
    label: String,
    scores: Vec<String>,
    abstained: bool,
    failed: bool,
}

impl<'a> Answers<'a> {
    /// Finds the columns of the answers.
    ///
    /// # Errors
    /// Columns that are not there.
    pub fn new(
        from: &'a PredictionsFrom,
        maker: Option<Maker<'a>>,
        task: Option<&'a TaskColumn>,
        frame: &Frame,
    ) -> Result<Answers<'a>, Problems> {
        let mut problems = Problems::new();
        let scores = from
            .scores
            .iter()
            .map(|(label, name)| (label.as_str(), frame.column(name, &mut problems)))
            .collect();
        problems.or(Answers {
            from,
            maker,
            scores,
            task,
            rows: Vec::new(),
        })
    }

    /// Notes the answer of a row.
    pub fn add(&mut self, frame: &Frame, row: usize, id: &str, notes: &mut Notes) {
        let mut answer = Answer {
            id: id.to_owned(),
            label: String::new(),
            scores: self
                .scores
                .iter()
                .map(|(_, column)| frame.cell(row, column).into_owned())
                .collect(),
            abstained: false,
            failed: false,
        };
        if let Some(maker) = &self.maker {
            let given = maker.given(frame, row);
            let declined = cleaned(&given);
            answer.abstained = self
                .from
                .abstained
                .iter()
                .any(|words| cleaned(words) == declined);
            if answer.abstained {
                notes.telling.tell("answers that decline", 1);
            } else if let Made::Cell(label) = maker.make(frame, row, notes) {
                // A blank that the recipe makes of a tie or a missing value is no failure.
                answer.failed = self
                    .task
                    .is_some_and(|task| parse_labels(&label, task).is_err());
                if answer.failed {
                    notes
                        .telling
                        .tell("answers that are no label, written as failed", 1);
                } else {
                    answer.label = label.into_owned();
                }
            } else {
                // A row that an answer would leave out stays a case: only the answer is missing.
                answer.failed = true;
            }
        }
        self.rows.push(answer);
    }

    /// The header and rows of `predictions.csv`.
    pub fn table(&self) -> impl Iterator<Item = Vec<Cow<'_, str>>> {
        let abstained = self.rows.iter().any(|answer| answer.abstained);
        let failed = self.rows.iter().any(|answer| answer.failed);
        let mut header: Vec<Cow<'_, str>> = vec!["id".into()];
        if self.maker.is_some() {
            header.push("label".into());
        }
        let labels = self.scores.iter();
        header.extend(labels.map(|(label, _)| format!("score:{label}").into()));
        header.extend(abstained.then_some(Cow::Borrowed("abstained")));
        header.extend(failed.then_some(Cow::Borrowed("error")));
        let labelled = self.maker.is_some();
        let rows = self.rows.iter().map(move |answer| {
            let mut row: Vec<Cow<'_, str>> = vec![answer.id.as_str().into()];
            if labelled {
                row.push(answer.label.as_str().into());
            }
            row.extend(answer.scores.iter().map(|score| score.as_str().into()));
            row.extend(abstained.then(|| if answer.abstained { "true" } else { "" }.into()));
            row.extend(failed.then(|| if answer.failed { UNREADABLE } else { "" }.into()));
            row
        });
        std::iter::once(header).chain(rows)
    }
}
