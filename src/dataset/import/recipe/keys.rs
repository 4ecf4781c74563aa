//! The keys of recipes as one list: what each holds and is for. `schema` makes the JSON Schema of it; a test holds it
//! against the reader and against the page on recipes.

use super::STANDARD;
use super::reading::FORMS;
use crate::attribute::{ABOUTS, ATTRIBUTE_KINDS, BLANKS};
use crate::case::LABEL_SOURCES;
use crate::dataset::card::MODALITIES;
use crate::task::TASKS;
use crate::task::scheme::SCHEME_KINDS;

/// What a key holds.
pub(super) enum Kind {
    Text,
    Texts,
    Number,
    Numbers,
    Count,
    Flag,
    /// One of these words.
    Words(Vec<&'static str>),
    /// A table of texts whose keys the user chooses.
    Pairs,
    /// Tables of a recipe, laid over its own, under names that the user chooses.
    Over,
    /// A table with keys of its own.
    Table(&'static [&'static [Key]]),
    /// Tables of this kind, one after the other.
    Tables(&'static [&'static [Key]]),
    /// Tables of this kind, under names that the user chooses or that are given.
    Named(&'static [&'static [Key]], fn() -> Vec<&'static str>),
}

/// A key: its name, whether it must be there, what it holds, and what it is for.
pub(super) type Key = (&'static str, bool, fn() -> Kind, &'static str);

fn words<T>(list: &[(&'static str, T)]) -> Kind {
    Kind::Words(list.iter().map(|(word, _)| *word).collect())
}

const TEXT: fn() -> Kind = || Kind::Text;
const TEXTS: fn() -> Kind = || Kind::Texts;
const NUMBER: fn() -> Kind = || Kind::Number;
const COUNT: fn() -> Kind = || Kind::Count;
const FLAG: fn() -> Kind = || Kind::Flag;
const PAIRS: fn() -> Kind = || Kind::Pairs;
const ANY: fn() -> Vec<&'static str> = Vec::new;

pub(super) const RECIPE: &[Key] = &[
    ("dataset", true, || Kind::Table(&[DATASET]), "What the dataset is."),
    ("source", false, || Kind::Table(&[SOURCE]), "Where its owners publish it."),
    ("read", true, || Kind::Table(&[READ]), "How the source is written."),
    ("parts", false, || Kind::Over, "Parts that it can be read in, such as splits; their tables are laid over the recipe's."),
    ("extract", false, || Kind::Tables(&[EXTRACT]), "Columns out of a name or an id."),
    ("join", false, || Kind::Tables(&[JOIN]), "Columns of a second file."),
    ("drop", false, || Kind::Tables(&[DROP]), "Rows to leave out."),
    ("columns", false, || Kind::Named(&[CELLS], || STANDARD.to_vec()), "Ids, texts, clusters, sets, wordings and weights."),
    ("tasks", false, || Kind::Named(&[TASK, INTENSITY, CELLS], || { TASKS.iter().map(|(name, _)| *name).collect() }), "Labels, and numbers on dimensions."),
    ("attributes", false, || Kind::Named(&[ATTRIBUTE, CELLS], ANY), "Groups."),
    ("features", false, || Kind::Named(&[FEATURE, CELLS], ANY), "Columns of numbers."),
    ("ratings", false, || Kind::Table(&[RATINGS, CELLS]), "What single raters said."),
    ("predictions", false, || Kind::Table(&[PREDICTIONS, CELLS]), "What a model answered."),
];

pub(super) const DATASET: &[Key] = &[
    ("name", true, TEXT, "Short name: letters, digits, '-', '_' and '.'."),
    ("title", false, TEXT, "Name for people."),
    ("description", false, TEXT, "What it holds and how it was made."),
    ("version", false, TEXT, "Version of the data."),
    ("licence", false, TEXT, "Licence as its owners state it."),
    ("citation", false, TEXT, "Whom to cite."),
    ("modality", false, || words(&MODALITIES), "How it was captured."),
    ("language", false, TEXTS, "BCP 47 language tags."),
    ("limits", false, TEXTS, "What the data cannot show, in sentences."),
];

pub(super) const SOURCE: &[Key] = &[
    ("page", false, TEXT, "The owners' page."),
    ("access", false, TEXT, "How to come by the files, where that takes more than fetching them."),
    ("labels", false, TEXT, "Who gave the labels, and how."),
    ("faults", false, TEXTS, "What is known to be wrong with it, in sentences."),
    ("files", false, || Kind::Tables(&[PUBLISHED]), "The files as they publish them."),
];

pub(super) const PUBLISHED: &[Key] = &[
    ("path", true, TEXT, "Path inside the folder."),
    ("url", false, TEXT, "Where the file can be fetched."),
    ("sha256", false, TEXT, "SHA-256 in hexadecimal."),
    ("bytes", false, COUNT, "How many bytes it has."),
    ("parts", false, TEXTS, "The parts that need it; all where it is not said."),
];

pub(super) const READ: &[Key] = &[
    ("form", true, || words(&FORMS), "How it is written."),
    ("file", false, TEXT, "The file inside the folder."),
    ("files", false, TEXTS, "Several files; * within a name, ** for any folders."),
    ("encoding", false, TEXT, "Encoding of the text; UTF-8 where it is not said."),
    ("member", false, TEXT, "The file inside a zip archive."),
    ("most_unpacked_mb", false, COUNT, "The most MiB that may come out of an archive."),
    ("delimiter", false, TEXT, "What stands between the fields; several characters need quoting = false."),
    ("quoting", false, FLAG, "Whether double quotes enclose fields."),
    ("header", false, FLAG, "Whether the first row holds the names of the columns."),
    ("names", false, TEXTS, "The names of the columns, in place of the header."),
    ("skip", false, COUNT, "Lines before the first row."),
    ("comment", false, TEXT, "Lines that begin with this are no rows."),
    ("trailing_delimiter", false, FLAG, "Every row ends with one more delimiter."),
    ("overflow", false, TEXT, "The column that takes what a row has too much of."),
    ("ragged", false, || Kind::Words(vec!["refuse", "drop"]), "Rows of another width."),
    ("pointer", false, TEXT, "Where the array is, as a JSON Pointer."),
    ("sheet", false, TEXT, "Name of the sheet."),
    ("header_row", false, COUNT, "Number of the row with the names, from 1."),
    ("range", false, TEXT, "The cells to read, as in B3:F200."),
    ("values", false, || Kind::Words(vec!["labels", "codes"]), "What stands for an answer in an SPSS file."),
    ("text", false, TEXT, "File of texts, one a line."),
    ("labels", false, TEXT, "File of labels, one a line."),
    ("predictions", false, TEXT, "File of answers, one a line."),
    ("columns", false, PAIRS, "More files of one line a case, by column."),
    ("mapping", false, TEXT, "File of id, tab, name."),
];

fn unmatched() -> Kind {
    Kind::Words(vec!["refuse", "drop", "blank"])
}

pub(super) const EXTRACT: &[Key] = &[
    ("from", true, TEXT, "The column to look in."),
    ("pattern", true, TEXT, "A regular expression; named groups become columns."),
    ("unmatched", false, unmatched, "What becomes of rows that it does not match."),
    ("after_join", false, FLAG, "Whether it waits for the joins."),
];

pub(super) const JOIN: &[Key] = &[
    ("file", true, TEXT, "The file, beside the source."),
    ("on", true, TEXT, "The column of the rows so far."),
    ("key", false, TEXT, "The column of the file."),
    ("columns", false, TEXTS, "The columns to add."),
    ("prefix", false, TEXT, "What goes before their names."),
    ("unmatched", false, unmatched, "What becomes of rows without a match."),
    ("read", false, || Kind::Table(&[READ]), "How the file is written."),
];

pub(super) const DROP: &[Key] = &[
    ("column", true, TEXT, "The column."),
    ("values", false, TEXTS, "Leave out rows with one of these."),
    ("unless", false, TEXTS, "Leave out rows with none of these."),
    ("pattern", false, TEXT, "Leave out rows that match."),
    ("blank", false, FLAG, "Leave out rows with a blank cell."),
    ("repeated", false, FLAG, "Leave out rows whose cell stood in an earlier row."),
    ("reason", false, TEXT, "Why, in words."),
];

pub(super) const CELLS: &[Key] = &[
    ("from", false, TEXT, "The column."),
    ("from_all", false, TEXTS, "Several columns."),
    ("join", false, TEXT, "What is written between several columns."),
    ("value", false, TEXT, "The same cell in every row."),
    ("hot", false, PAIRS, "Multi-hot columns, by label."),
    ("at_least", false, NUMBER, "From which number on a label holds."),
    ("none", false, TEXT, "The label where no column holds."),
    ("missing", false, TEXTS, "Cells that stand for a missing value."),
    ("clean", false, FLAG, "Strip what stands around a word, and lower the case."),
    ("split", false, TEXT, "What parts several labels in one cell."),
    ("tie", false, TEXT, "What parts labels that tie."),
    ("ties", false, || Kind::Words(vec!["blank", "drop", "first", "keep"]), "What becomes of ties."),
    ("codebook", false, || Kind::Table(&[CODEBOOK]), "Meanings in a second file."),
    ("map", false, PAIRS, "What cells mean."),
    ("classes", false, TEXTS, "Names in order, of ids or between cuts."),
    ("classes_file", false, TEXT, "File of names in order, one a line."),
    ("base", false, COUNT, "The id of the first name: 0 or 1."),
    ("cuts", false, || Kind::Numbers, "Ascending cut points of numbers."),
    ("unmapped", false, || Kind::Words(vec!["keep", "refuse", "blank", "drop"]), "What becomes of cells without a known meaning."),
    ("find", false, FLAG, "Search the cell for one label."),
    ("private", false, FLAG, "Never show it in a dry run."),
];

pub(super) const CODEBOOK: &[Key] = &[
    ("file", true, TEXT, "The file, beside the source."),
    ("code", true, TEXT, "Its column of codes."),
    ("value", true, TEXT, "Its column of meanings."),
    ("where", false, PAIRS, "Which of its rows count."),
];

pub(super) const TASK: &[Key] = &[
    ("scheme", false, TEXT, "A built-in label scheme, or a name for one's own."),
    ("labels", false, TEXTS, "The labels, in order."),
    ("kind", false, || words(&SCHEME_KINDS), "How the labels relate."),
    ("neutral", false, TEXT, "The label that says that nothing is perceived."),
    ("polarity", false, PAIRS, "Which polarity a label carries."),
    ("separator", false, TEXT, "What parts several labels in the new column."),
    ("source", true, || words(&LABEL_SOURCES), "Where the labels come from."),
    ("gold", false, || Kind::Words(vec!["majority"]), "Take what most raters chose."),
];

pub(super) const INTENSITY: &[Key] = &[
    ("dimensions", false, || Kind::Named(&[DIMENSION, CELLS], ANY), "For the task intensity: what there are gold numbers of."),
];

pub(super) const DIMENSION: &[Key] = &[
    ("low", true, NUMBER, "The lowest number of its scale."),
    ("high", true, NUMBER, "The highest number of its scale."),
];

pub(super) const ATTRIBUTE: &[Key] = &[
    ("about", true, || words(&ABOUTS), "Whom it describes."),
    ("kind", true, || words(&ATTRIBUTE_KINDS), "What kind of difference it names."),
    ("title", false, TEXT, "Name for people."),
    ("blank", false, || words(&BLANKS), "What a blank cell means."),
];

pub(super) const FEATURE: &[Key] = &[("title", false, TEXT, "Name for people.")];

pub(super) const RATINGS: &[Key] = &[
    ("form", true, || Kind::Words(vec!["rows", "columns", "cells", "votes"]), "What one row is."),
    ("task", false, TEXT, "The task."),
    ("file", false, TEXT, "A file of their own."),
    ("read", false, || Kind::Table(&[READ]), "How that file is written."),
    ("id", false, TEXT, "The column of case ids."),
    ("rater", false, TEXT, "The column of raters."),
    ("attributes", false, PAIRS, "What is known of raters, by column."),
    ("raters", false, TEXTS, "A column for each rater."),
    ("raters_pattern", false, TEXT, "Or what the names of these columns match."),
    ("label", false, TEXT, "The column of labels."),
    ("value", false, TEXT, "The column that says whether a label was chosen."),
    ("votes", false, PAIRS, "Columns of counts, by label."),
    ("unknown_ids", false, || Kind::Words(vec!["refuse", "drop"]), "Ratings of ids that are no case."),
];

pub(super) const PREDICTIONS: &[Key] = &[
    ("task", false, TEXT, "The task."),
    ("scores", false, PAIRS, "Columns of scores, by label."),
    ("abstained", false, TEXTS, "Answers that decline."),
];
