//! A predictions file as a model: answers that some other program gave, matched to cases by id.

mod ids;
mod scheme;

use std::collections::HashMap;
use std::path::Path;

use super::card::{ModelCard, Provenance};
use super::spec::{Engine, Model};
use crate::dataset::Dataset;
use crate::dataset::read::read_file;
use crate::dataset::table::{LIST_SEPARATOR, Table};
use crate::diagnostic::{Place, Problem, Problems, list, quote};
use crate::digest::sha256;
use crate::prediction::{Answer, Predictions, Scores, highest};
use crate::task::{LabelSet, Scheme};

/// For how many problems the nearest id is looked up, which takes time: as many as are shown.
const SUGGESTED: usize = 20;

/// The largest score, either way: beyond it lie mistakes, not logits.
const LARGEST_SCORE: f64 = 1e6;

/// The score that a label of a multi-label scheme must reach where the file names no labels.
const HALF: f64 = 0.5;

/// A file with the column `id` and any of `label`, `score:<label>`, `abstained` and `error`.
pub struct PredictionsFile {
    table: Table,
    id: usize,
    label: Option<usize>,
    scores: Vec<(String, usize)>,
    abstained: Option<usize>,
    error: Option<usize>,
}

/// Loads a predictions file.
///
/// # Errors
/// A file that cannot be read, or lacks the columns that it needs.
pub fn load(path: &str) -> Result<Model, Problems> {
    let bytes = read_file(Path::new(path), "predictions/unreadable")?;
    let digest = sha256([bytes.as_slice()]);
    let file = PredictionsFile::from_table(Table::from_bytes(path, bytes)?)?;
    let stem = Path::new(path).file_stem().map_or_else(
        || path.to_owned(),
        |stem| stem.to_string_lossy().into_owned(),
    );
    Ok(Model {
        card: ModelCard {
            name: stem.clone(),
            spec: path.to_owned(),
            title: format!("Predictions from {stem}"),
            kind: "predictions",
            scheme: None,
            description: "Answers that were given before the audit; the model itself was not run.".to_owned(),
            licence: String::new(),
            training_data: String::new(),
            limits: vec![
                "The audit cannot tell how these answers were made, nor whether the same model would give them again.".to_owned(),
            ],
            digest,
            provenance: Provenance::default(),
        },
        engine: Engine::File(file),
    })
}

impl PredictionsFile {
    fn from_table(table: Table) -> Result<Self, Problems> {
        let mut problems = Problems::new();
        let columns = list(table.header());
        let id = table.column("id");
        if id.is_none() {
            problems.push(
                Problem::new(
                    "predictions/no-id",
                    Place::file(table.file()),
                    "there is no column id",
                )
                .help(format!(
                    "its columns: {columns}; answers are matched to cases by id, never by position"
                )),
            );
        }
        let scores: Vec<(String, usize)> = table
            .header()
            .iter()
            .enumerate()
            .filter_map(|(place, name)| {
                let label = name
                    .strip_prefix("score:")
                    .or_else(|| name.strip_prefix("scores."))?;
                Some((label.trim().to_owned(), place))
            })
            .collect();
        for (place, (label, column)) in scores.iter().enumerate() {
            let twin = scores[..place]
                .iter()
                .find(|(other, _)| other.eq_ignore_ascii_case(label));
            if let Some((other, _)) = twin {
                problems.push(
                    Problem::new(
                        "predictions/score-twice",
                        Place::file(table.file()).at(1, *column as u64 + 1),
                        format!("the label {} has two columns of scores", quote(other)),
                    )
                    .help("letter case does not tell labels apart; remove one column"),
                );
            }
        }
        let label = table.column("label");
        if label.is_none() && scores.is_empty() {
            problems.push(
                Problem::new(
                    "predictions/no-answers",
                    Place::file(table.file()),
                    "there is neither a column label nor a column score:<label>",
                )
                .help(format!("its columns: {columns}")),
            );
        }
        let file = PredictionsFile {
            id: id.unwrap_or_default(),
            label,
            scores,
            abstained: table.column("abstained"),
            error: table.column("error"),
            table,
        };
        problems.or(file)
    }

    /// The answers to the cases of a dataset, in their order.
    ///
    /// # Errors
    /// Labels that fit none of the dataset's tasks, ids that stand twice or belong to no case, scores that are
    /// no numbers: all of them.
    pub fn predictions(&self, dataset: &Dataset) -> Result<Predictions, Problems> {
        let scheme = self.scheme(dataset)?;
        let mut problems = Problems::new();
        let cases: HashMap<&str, usize> = dataset
            .cases
            .ids
            .iter()
            .enumerate()
            .map(|(case, id)| (id.as_str(), case))
            .collect();
        let score_labels: Vec<usize> = self
            .scores
            .iter()
            .filter_map(|(label, _)| scheme.index(label))
            .collect();
        let complete = scheme.is_continuous() || score_labels.len() == scheme.labels.len();
        let mut answers = vec![Answer::Missing; dataset.cases.len()];
        let mut rows: Vec<Option<Vec<f64>>> = vec![None; dataset.cases.len()];
        let mut seen: Vec<Option<usize>> = vec![None; dataset.cases.len()];
        let mut strangers = 0_usize;
        for row in 0..self.table.rows() {
            let id = self.table.cell(row, self.id);
            let Some(case) = cases.get(id).copied() else {
                strangers += 1;
                let problem = Problem::new(
                    "predictions/unknown-id",
                    self.table.place(row, self.id),
                    format!(
                        "id {} is not in the dataset {}",
                        quote(id),
                        dataset.card.name
                    ),
                );
                problems.push(
                    problem.help(
                        match (problems.len() < SUGGESTED)
                            .then(|| ids::alike(id, &dataset.cases.ids))
                            .flatten()
                        {
                            Some(near) => format!("did you mean {near}?"),
                            None => "ids must be those of the dataset's cases".to_owned(),
                        },
                    ),
                );
                continue;
            };
            if let Some(earlier) = seen[case].replace(row) {
                let line = self.table.place(earlier, self.id).line.unwrap_or_default();
                problems.push(
                    Problem::new(
                        "predictions/duplicate-id",
                        self.table.place(row, self.id),
                        format!("id {} was answered already in line {line}", quote(id)),
                    )
                    .help("one row a case"),
                );
                continue;
            }
            rows[case] = self.scores_of(row, &mut problems);
            let complete = rows[case].as_deref().filter(|_| complete);
            answers[case] = self.answer_of(row, &scheme, complete, &score_labels, &mut problems);
        }
        if self.table.rows() == 0 {
            return Err(Problem::new(
                "predictions/empty",
                Place::file(self.table.file()),
                "there is no row under the header",
            )
            .help("expected one row a case")
            .into());
        }
        if strangers == self.table.rows() {
            return Err(Problem::new(
                "predictions/no-overlap",
                Place::file(self.table.file()),
                format!(
                    "none of its {strangers} ids is in the dataset {}",
                    dataset.card.name
                ),
            )
            .help(format!(
                "{}; give each predictions file with the dataset that it belongs to",
                ids::contrasted(self.table.cells(self.id), &dataset.cases.ids)
            ))
            .into());
        }
        problems.or(Predictions {
            scheme,
            answers,
            scores: (!score_labels.is_empty()).then_some(Scores {
                labels: score_labels,
                rows,
            }),
            cut: 0,
            notes: Vec::new(),
        })
    }

    fn scores_of(&self, row: usize, problems: &mut Problems) -> Option<Vec<f64>> {
        let blank = |column: usize| self.table.cell(row, column).trim().is_empty();
        // A row without any score is an answer without scores; a hole in a row is a mistake.
        if self.scores.iter().all(|(_, column)| blank(*column)) {
            return None;
        }
        let mut scores = Vec::with_capacity(self.scores.len());
        for (_, column) in &self.scores {
            let cell = self.table.cell(row, *column).trim();
            match cell.parse::<f64>() {
                Ok(score) if score.abs() <= LARGEST_SCORE => scores.push(score),
                _ => {
                    problems.push(
                        Problem::new(
                            "predictions/bad-score",
                            self.table.place(row, *column),
                            format!("score {} is no number that a score can be", quote(cell)),
                        )
                        .help("expected a number such as 0.25, or blank scores for the whole row"),
                    );
                }
            }
        }
        (scores.len() == self.scores.len()).then_some(scores)
    }

    fn answer_of(
        &self,
        row: usize,
        scheme: &Scheme,
        scores: Option<&[f64]>,
        score_labels: &[usize],
        problems: &mut Problems,
    ) -> Answer {
        let said = |column: Option<usize>| column.map(|column| self.table.cell(row, column).trim());
        if said(self.error).is_some_and(|error| !error.is_empty()) {
            return Answer::Failed;
        }
        if let (Some(cell), Some(column)) = (said(self.abstained), self.abstained) {
            match truth(cell) {
                Some(true) => return Answer::Abstained,
                Some(false) => {}
                None => problems.push(
                    Problem::new(
                        "predictions/bad-abstained",
                        self.table.place(row, column),
                        format!("abstained is {}", quote(cell)),
                    )
                    .help("expected true or false (yes, no, 1, 0 and blank are read as well)"),
                ),
            }
        }
        match said(self.label) {
            Some("") | None => from_scores(scheme, scores, score_labels, self.label.is_some()),
            Some(cell) => {
                let mut labels = LabelSet::EMPTY;
                for label in cell
                    .split(['|', LIST_SEPARATOR])
                    .filter_map(|part| scheme.index(part))
                {
                    labels.insert(label);
                }
                if labels.len() > 1 && !scheme.is_multi_label() {
                    let place = self
                        .label
                        .map_or_else(Place::default, |column| self.table.place(row, column));
                    problems.push(
                        Problem::new(
                            "predictions/several-labels",
                            place,
                            format!(
                                "{} labels where the scheme {} allows one",
                                labels.len(),
                                scheme.name
                            ),
                        )
                        .help("give one label a case"),
                    );
                    return Answer::Failed;
                }
                Answer::Labels(labels)
            }
        }
    }
}

/// The answer where no label is written: on dimensions, those that have a number. In a multi-label scheme that is every label whose score reaches one half;
/// without scores, a blank label in a column of labels says that there is none.
fn from_scores(
    scheme: &Scheme,
    scores: Option<&[f64]>,
    score_labels: &[usize],
    has_labels: bool,
) -> Answer {
    match scores {
        Some(_) if scheme.is_continuous() => {
            let mut dimensions = LabelSet::EMPTY;
            score_labels
                .iter()
                .for_each(|place| dimensions.insert(*place));
            Answer::Labels(dimensions)
        }
        Some(scores) if scheme.is_multi_label() => {
            let mut labels = LabelSet::EMPTY;
            for (label, score) in score_labels.iter().zip(scores) {
                if *score >= HALF {
                    labels.insert(*label);
                }
            }
            Answer::Labels(labels)
        }
        Some(scores) => highest(scores).map_or(Answer::Missing, |column| {
            Answer::Labels(LabelSet::one(score_labels[column]))
        }),
        None if scheme.is_multi_label() && has_labels => Answer::Labels(LabelSet::EMPTY),
        None => Answer::Missing,
    }
}

/// What a cell says of yes or no; blank is no.
fn truth(cell: &str) -> Option<bool> {
    let is_one_of = |words: &[&str]| words.iter().any(|word| cell.eq_ignore_ascii_case(word));
    if is_one_of(&["true", "t", "yes", "y", "1", "1.0"]) {
        return Some(true);
    }
    is_one_of(&["", "false", "f", "no", "n", "0", "0.0"]).then_some(false)
}
