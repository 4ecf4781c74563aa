//! The steps of a recipe: extract, join, drop; and what else it writes: ratings and predictions.

use regex::Regex;

use super::cells::{Cells, has_origin, read_cells, read_pairs, read_pattern};
use super::filled;
use super::reading::{Reading, read_reading};
use crate::diagnostic::{Place, Problem};
use crate::document::Fields;

/// What becomes of rows that a pattern or key does not match.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Unmatched {
    /// They are refused.
    #[default]
    Refuse,
    /// They are left out.
    Drop,
    /// The new columns are blank there.
    Blank,
}

/// Columns that a regular expression finds.
#[derive(Clone, Debug)]
pub struct Extract {
    /// The column to look in.
    pub from: String,
    /// What to find; named groups become columns.
    pub pattern: Regex,
    /// What becomes of other rows.
    pub unmatched: Unmatched,
    /// Whether it waits for the joins.
    pub after_join: bool,
    /// Where the recipe says so.
    pub place: Place,
}

/// Columns of a second file.
#[derive(Clone, Debug)]
pub struct Join {
    /// The file.
    pub file: String,
    /// The column of the rows.
    pub on: String,
    /// The column of the file.
    pub key: String,
    /// What to add; everything but the key where empty.
    pub columns: Vec<String>,
    /// What goes before the names.
    pub prefix: String,
    /// What becomes of rows without a match.
    pub unmatched: Unmatched,
    /// How the file is written.
    pub reading: Reading,
    /// Where the recipe says so.
    pub place: Place,
}

/// Which rows to leave out.
#[derive(Clone, Debug)]
pub enum Condition {
    /// Rows with one of these cells.
    Values(Vec<String>),
    /// Rows with none of these cells.
    Unless(Vec<String>),
    /// Rows whose cell matches.
    Pattern(Regex),
    /// Rows with a blank cell.
    Blank,
    /// Rows whose cell stood in an earlier row.
    Repeated,
}

/// Rows to leave out.
#[derive(Clone, Debug)]
pub struct Leave {
    /// The column.
    pub column: String,
    /// Which.
    pub condition: Condition,
    /// Why.
    pub reason: String,
    /// Where the recipe says so.
    pub place: Place,
}

/// How ratings are laid out.
#[derive(Clone, Debug)]
pub enum RatingForm {
    /// One row a rating.
    Rows {
        /// The column of raters.
        rater: Option<String>,
        /// What is known of raters: names and columns.
        attributes: Vec<(String, String)>,
    },
    /// A column for each rater.
    Columns {
        /// The columns.
        raters: Vec<String>,
        /// Or what their names match.
        pattern: Option<Regex>,
    },
    /// One row a case, label and rater.
    Cells {
        /// The column of raters.
        rater: String,
        /// The column of labels.
        label: String,
        /// The column of values.
        value: String,
        /// From which value on a label holds.
        at_least: f64,
    },
    /// A column of counts for each label.
    Votes(Vec<(String, String)>),
}

impl RatingForm {
    /// Whether raters are only numbered within each case, because the source does not say who they are.
    pub fn numbers_raters(&self) -> bool {
        matches!(
            self,
            RatingForm::Rows { rater: None, .. } | RatingForm::Votes(_)
        )
    }
}

/// What single raters said.
#[derive(Clone, Debug)]
pub struct RatingsFrom {
    /// How they are laid out.
    pub form: RatingForm,
    /// The task; the only one where it is not named.
    pub task: Option<String>,
    /// The column of case ids.
    pub id: Option<String>,
    /// A file of their own, and how it is written.
    pub file: Option<(String, Reading)>,
    /// Whether ratings of ids that are no case are left out.
    pub drop_unknown: bool,
    /// What becomes of the label.
    pub cells: Cells,
    /// Where the recipe says so.
    pub place: Place,
}

/// What a model answered.
#[derive(Clone, Debug)]
pub struct PredictionsFrom {
    /// The task; the only one where it is not named.
    pub task: Option<String>,
    /// The answer.
    pub cells: Option<Cells>,
    /// Labels and the columns of their scores.
    pub scores: Vec<(String, String)>,
    /// Answers that decline.
    pub abstained: Vec<String>,
    /// Where the recipe says so.
    pub place: Place,
}

const UNMATCHED: [(&str, Unmatched); 3] = [
    ("refuse", Unmatched::Refuse),
    ("drop", Unmatched::Drop),
    ("blank", Unmatched::Blank),
];

pub(super) fn read_extract(table: Fields<'_>) -> Option<Extract> {
    let from = table.required_text("from");
    let pattern = read_pattern(&table, "pattern");
    let unmatched = table.choice("unmatched", &UNMATCHED).unwrap_or_default();
    let after_join = table.boolean("after_join").unwrap_or(false);
    let place = table.place().clone();
    if !table.has("pattern") {
        table.missing("pattern", "a regular expression with named groups");
    }
    if let Some(pattern) = &pattern
        && pattern.capture_names().flatten().next().is_none()
    {
        table.problem(
            Problem::new(
                "recipe/pattern",
                table.place_of("pattern"),
                "the pattern has no named group",
            )
            .help("each named group becomes a column, as in (?<actor>\\d+)"),
        );
    }
    table.finish();
    Some(Extract {
        from,
        pattern: pattern?,
        unmatched,
        after_join,
        place,
    })
}

pub(super) fn read_join(table: Fields<'_>) -> Join {
    let on = table.required_text("on");
    let (file, reading) = read_file(&table, "file");
    let file = file.unwrap_or_else(|| table.required_text("file"));
    let join = Join {
        key: filled(&table, "key").unwrap_or_else(|| on.clone()),
        file,
        on,
        columns: table.texts("columns"),
        prefix: table.text("prefix").unwrap_or_default(),
        unmatched: table.choice("unmatched", &UNMATCHED).unwrap_or_default(),
        reading,
        place: table.place().clone(),
    };
    table.finish();
    join
}

/// A file beside the source, and how it is written.
fn read_file(table: &Fields<'_>, key: &'static str) -> (Option<String>, Reading) {
    let file = filled(table, key);
    let reading = table.table("read").and_then(read_reading);
    let reading = reading.unwrap_or_else(|| {
        Reading::by_ending(file.as_deref().unwrap_or_default(), table.place().clone())
    });
    (file, reading)
}

pub(super) fn read_drop(table: Fields<'_>) -> Leave {
    let column = table.required_text("column");
    let given: Vec<&str> = ["values", "unless", "pattern", "blank", "repeated"]
        .into_iter()
        .filter(|key| table.has(key))
        .collect();
    let [values, unless] = ["values", "unless"].map(|key| table.texts(key));
    let pattern = read_pattern(&table, "pattern");
    let (blank, _repeated) = (table.boolean("blank"), table.boolean("repeated"));
    if given.len() != 1 || blank == Some(false) || _repeated == Some(false) {
        table.problem(
            Problem::new(
                "recipe/drop",
                table.place().clone(),
                "it is not said which rows to leave out",
            )
            .help("give one of values = [...], unless = [...], pattern = \"...\", blank = true and repeated = true"),
        );
    }
    let (condition, words) = match (given.first().copied(), pattern) {
        (Some("values"), _) => (
            Condition::Values(values),
            "has a value that the recipe leaves out",
        ),
        (Some("unless"), _) => (
            Condition::Unless(unless),
            "has none of the values that the recipe keeps",
        ),
        (Some("pattern"), Some(pattern)) => (Condition::Pattern(pattern), "matches the pattern"),
        (Some("repeated"), _) => (Condition::Repeated, "stood in an earlier row"),
        _ => (Condition::Blank, "is blank"),
    };
    let reason = filled(&table, "reason").unwrap_or_else(|| format!("{column} {words}"));
    let leave = Leave {
        column,
        condition,
        reason,
        place: table.place().clone(),
    };
    table.finish();
    leave
}

pub(super) fn read_ratings(table: Fields<'_>) -> Option<RatingsFrom> {
    let form = table.required_choice(
        "form",
        &[("rows", 0), ("columns", 1), ("cells", 2), ("votes", 3)],
    );
    let form = form.map(|form| match form {
        0 => RatingForm::Rows {
            rater: filled(&table, "rater"),
            attributes: read_pairs(&table, "attributes"),
        },
        1 => read_rater_columns(&table),
        2 => RatingForm::Cells {
            rater: table.required_text("rater"),
            label: table.required_text("label"),
            value: table.required_text("value"),
            at_least: table.number("at_least").unwrap_or(1.0),
        },
        _ => {
            if !table.has("votes") {
                table.missing("votes", "a table of label and column");
            }
            RatingForm::Votes(read_pairs(&table, "votes"))
        }
    });
    let rows = matches!(form, Some(RatingForm::Rows { .. }));
    let cells = read_cells(&table, (!rows).then_some(""));
    let (file, reading) = read_file(&table, "file");
    let ratings = RatingsFrom {
        task: filled(&table, "task"),
        id: filled(&table, "id"),
        file: file.map(|file| (file, reading)),
        drop_unknown: table
            .choice("unknown_ids", &[("refuse", false), ("drop", true)])
            .unwrap_or(false),
        cells,
        place: table.place().clone(),
        form: form?,
    };
    table.finish();
    Some(ratings)
}

fn read_rater_columns(table: &Fields<'_>) -> RatingForm {
    let raters = table.texts("raters");
    let pattern = read_pattern(table, "raters_pattern");
    if raters.is_empty() && pattern.is_none() {
        table.missing("raters", "the columns of the raters, or `raters_pattern`");
    }
    RatingForm::Columns { raters, pattern }
}

pub(super) fn read_predictions(table: Fields<'_>) -> PredictionsFrom {
    let scores = read_pairs(&table, "scores");
    let cells = (has_origin(&table) || scores.is_empty()).then(|| read_cells(&table, None));
    let predictions = PredictionsFrom {
        task: filled(&table, "task"),
        cells,
        scores,
        abstained: table.texts("abstained"),
        place: table.place().clone(),
    };
    table.finish();
    predictions
}
