//! The dataset card (`dataset.toml`): what the data is, where it comes from, and which column holds what.

#[cfg(test)]
mod tests;

use std::cell::RefCell;
use std::sync::Arc;

use super::behaviour::{BehaviourColumns, read_columns};
use super::coverage::Coverage;
use super::intensity::{self, IntensityColumns};
use super::sources::{SourceFiles, contradiction};
use crate::attribute::{ABOUTS, ATTRIBUTE_KINDS, About, Attribute, AttributeKind, BLANKS, Blank};
use crate::case::{LABEL_SOURCES, LabelSource};
use crate::diagnostic::{Place, Problem, Problems, expected_one_of, quote};
use crate::document::{self, Fields};
use crate::task::scheme::read_scheme;
use crate::task::{Scheme, TASKS, Task, built_in, built_in_schemes};

/// How the thing that is judged was captured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Modality {
    /// Written text.
    Text,
    /// Speech written down.
    Transcript,
    /// Sound of a voice.
    Voice,
    /// Pictures of a face or body.
    Face,
    /// Heart, skin, breath.
    Physiology,
    /// Rhythm of typing or moving a pointer.
    Keystroke,
}

/// Every modality with its name in files.
pub const MODALITIES: [(&str, Modality); 6] = [
    ("text", Modality::Text),
    ("transcript", Modality::Transcript),
    ("voice", Modality::Voice),
    ("face", Modality::Face),
    ("physiology", Modality::Physiology),
    ("keystroke", Modality::Keystroke),
];

/// Where the gold labels of a task stand.
#[derive(Clone, Debug, PartialEq)]
pub struct TaskColumn {
    /// The labels that may occur.
    pub scheme: Arc<Scheme>,
    /// The column.
    pub column: String,
    /// What parts several labels in one cell.
    pub separator: String,
    /// Where the labels come from.
    pub source: LabelSource,
    /// Where the card names the column.
    pub place: Place,
}

/// Where the groups of an attribute stand.
#[derive(Clone, Debug, PartialEq)]
pub struct AttributeColumn {
    /// The attribute.
    pub attribute: Attribute,
    /// The column.
    pub column: String,
    /// Where the card names the column.
    pub place: Place,
}

/// Where the numbers of a feature stand.
#[derive(Clone, Debug, PartialEq)]
pub struct FeatureColumn {
    /// Its name in files.
    pub name: String,
    /// Its name for people.
    pub title: String,
    /// The column.
    pub column: String,
    /// Where the card names the column.
    pub place: Place,
}

/// A column or file that the card names.
#[derive(Clone, Debug, PartialEq)]
pub struct ColumnName {
    /// Its name.
    pub name: String,
    /// Where the card names it, and whether it does so in words or by default.
    pub place: Place,
    /// Whether the card asks for it; a default name may be absent from the file.
    pub declared: bool,
}

/// What a dataset is.
#[derive(Clone, Debug, PartialEq)]
pub struct Card {
    /// Short name, used in records.
    pub name: String,
    /// Name for people.
    pub title: String,
    /// What it holds and how it was made.
    pub description: String,
    /// Version of the data.
    pub version: String,
    /// Licence as its owners state it.
    pub licence: String,
    /// Whom to cite.
    pub citation: String,
    /// BCP 47 language tags.
    pub language: Vec<String>,
    /// How it was captured.
    pub modality: Modality,
    /// File with the cases, beside the card.
    pub cases: Option<String>,
    /// What the cases are generated from, instead of a file with them.
    pub sources: Option<SourceFiles>,
    /// How much of it there is, by group, where the data was constructed.
    pub coverage: Option<Coverage>,
    /// What the data cannot show, in sentences.
    pub limits: Vec<String>,
    /// Column of unique names.
    pub id: ColumnName,
    /// Column of texts.
    pub text: ColumnName,
    /// Column that names cases which are not independent.
    pub cluster: Option<ColumnName>,
    /// Column that names counterfactual sets.
    pub set: Option<ColumnName>,
    /// Column that says which wording of its template a case is; the template is the cluster.
    pub wording: Option<ColumnName>,
    /// Column of weights: how many cases of the population each case stands for.
    pub weight: Option<ColumnName>,
    /// The tasks with gold labels.
    pub tasks: Vec<TaskColumn>,
    /// The task with gold numbers.
    pub intensity: Option<IntensityColumns>,
    /// The attributes.
    pub attributes: Vec<AttributeColumn>,
    /// The columns of functional tests.
    pub behaviour: Option<BehaviourColumns>,
    /// The columns of numbers.
    pub features: Vec<FeatureColumn>,
    /// File with the labels of single raters, beside the card.
    pub ratings: Option<ColumnName>,
    /// Whether raters are numbered within each case, so that one number in two cases need not be one person.
    pub anonymous_raters: bool,
    /// Whether reports may quote texts when asked to.
    pub examples: bool,
}

impl Card {
    /// Reads a card.
    ///
    /// # Errors
    /// Every problem of the card, with line and column.
    pub fn parse(file: &str, text: &str) -> Result<Card, Problems> {
        let table = document::parse(file, text)?;
        let problems = RefCell::new(Problems::new());
        let fields = Fields::new(&table, &problems);
        let card = read_card(&fields);
        fields.finish();
        problems.into_inner().or(card)
    }
}

fn read_card(fields: &Fields<'_>) -> Card {
    let name = fields.required_text("name");
    if name
        .chars()
        .any(|c| !(c.is_ascii_alphanumeric() || "-_.".contains(c)))
    {
        fields.problem(
            Problem::new(
                "card/name",
                fields.place_of("name"),
                format!("name is {}", quote(&name)),
            )
            .help("use letters, digits, '-', '_' and '.', as in \"support-desk-2026\""),
        );
    }
    let columns = fields.table("columns");
    let column = |key: &'static str| -> Option<ColumnName> {
        let columns = columns.as_ref()?;
        let name = columns.text(key)?;
        Some(ColumnName {
            name,
            place: columns.place_of(key),
            declared: true,
        })
    };
    let or_default = |found: Option<ColumnName>, name: &str| {
        found.unwrap_or_else(|| ColumnName {
            name: name.to_owned(),
            place: fields.place().clone(),
            declared: false,
        })
    };
    let id = or_default(column("id"), "id");
    let text = or_default(column("text"), "text");
    let cluster = column("cluster");
    let [set, wording, weight] = ["set", "wording", "weight"].map(column);
    if let (Some(wording), None) = (&wording, &cluster) {
        fields.problem(
            Problem::new(
                "card/wording-of-nothing",
                wording.place.clone(),
                "wordings are declared, and not what they are wordings of",
            )
            .help("name the column of templates as well, as in `cluster = \"template\"`"),
        );
    }
    if let Some(columns) = columns {
        columns.finish();
    }
    if fields.has("cases") && fields.has("generate") {
        fields.problem(contradiction(fields.place_of("generate")));
    }
    let mut anonymous_raters = false;
    let ratings = fields.table("ratings").map(|ratings| {
        anonymous_raters = ratings.boolean("anonymous").unwrap_or(false);
        let file = ColumnName {
            name: ratings.required_text("file"),
            place: ratings.place_of("file"),
            declared: true,
        };
        ratings.finish();
        file
    });
    let examples = fields.table("privacy").is_some_and(|privacy| {
        let examples = privacy.boolean("examples").unwrap_or(false);
        privacy.finish();
        examples
    });
    let mut intensity = None;
    Card {
        title: fields.text("title").unwrap_or_else(|| name.clone()),
        name,
        description: fields.text("description").unwrap_or_default(),
        version: fields.text("version").unwrap_or_default(),
        licence: fields.text("licence").unwrap_or_default(),
        citation: fields.text("citation").unwrap_or_default(),
        language: fields.texts("language"),
        modality: fields
            .choice("modality", &MODALITIES)
            .unwrap_or(Modality::Text),
        cases: fields.text("cases"),
        sources: fields.table("generate").map(SourceFiles::read),
        coverage: fields.table("coverage").map(Coverage::read),
        limits: fields.texts("limits"),
        id,
        text,
        cluster,
        set,
        wording,
        weight,
        tasks: read_tasks(fields, &mut intensity),
        intensity,
        attributes: read_attributes(fields),
        behaviour: read_columns(fields),
        features: read_features(fields),
        ratings,
        anonymous_raters,
        examples,
    }
}

/// The tasks that are answered with labels; the one that is answered with numbers is filled in.
fn read_tasks(fields: &Fields<'_>, intensity: &mut Option<IntensityColumns>) -> Vec<TaskColumn> {
    let Some(tables) = fields.table("tasks") else {
        return Vec::new();
    };
    let mut tasks: Vec<TaskColumn> = Vec::new();
    let mut numbers = None;
    for (name, table) in tables.named_tables() {
        let Some((_, task)) = TASKS.iter().find(|(known, _)| *known == name) else {
            let known = TASKS.map(|(known, _)| known);
            fields.problem(
                Problem::new(
                    "card/unknown-task",
                    table.place().clone(),
                    format!("unknown task {}", quote(&name)),
                )
                .help(expected_one_of(&name, &known)),
            );
            continue;
        };
        if *task == Task::Intensity {
            numbers = Some(table);
            continue;
        }
        let scheme = task_scheme(&table, *task);
        let column = table.text("column").unwrap_or_else(|| name.clone());
        let separator = table.text("separator").unwrap_or_else(|| "|".to_owned());
        let source = table.required_choice("source", &LABEL_SOURCES);
        let place = table.place_of("column");
        table.finish();
        if let (Some(scheme), Some(source)) = (scheme, source) {
            tasks.push(TaskColumn {
                scheme,
                column,
                separator,
                source,
                place,
            });
        }
    }
    let labels = tasks.iter().flat_map(|task| &task.scheme.labels);
    let labels: Vec<String> = labels.map(|label| label.name.clone()).collect();
    *intensity = numbers.and_then(|table| intensity::read_columns(table, &labels));
    tasks
}

/// A built-in scheme by name, or one written out in the card.
fn task_scheme(table: &Fields<'_>, task: Task) -> Option<Arc<Scheme>> {
    if !table.has("labels") {
        let Some(name) = table.text("scheme") else {
            table.missing("scheme", "the name of a built-in scheme, or `labels`");
            return None;
        };
        let known: Vec<&str> = built_in_schemes()
            .iter()
            .filter(|scheme| scheme.task == task)
            .map(|scheme| scheme.name.as_str())
            .collect();
        let scheme = built_in(&name).filter(|scheme| scheme.task == task);
        if scheme.is_none() {
            table.problem(
                Problem::new(
                    "card/unknown-scheme",
                    table.place_of("scheme"),
                    format!("no scheme {} for {}", quote(&name), task.as_str()),
                )
                .help(format!(
                    "{}; or write out `labels = [...]`",
                    expected_one_of(&name, &known)
                )),
            );
        }
        return scheme;
    }
    let name = table
        .text("scheme")
        .unwrap_or_else(|| "own labels".to_owned());
    read_scheme(table, name.clone(), name, task).map(Arc::new)
}

fn read_attributes(fields: &Fields<'_>) -> Vec<AttributeColumn> {
    let Some(tables) = fields.table("attributes") else {
        return Vec::new();
    };
    let mut attributes = Vec::new();
    for (name, table) in tables.named_tables() {
        if name.trim().is_empty() {
            table.problem(
                Problem::new(
                    "card/attribute-name",
                    table.place().clone(),
                    "an attribute has no name",
                )
                .help("write [attributes.NAME]"),
            );
        }
        let about = table.required_choice("about", &ABOUTS);
        let kind = table.required_choice("kind", &ATTRIBUTE_KINDS);
        attributes.push(AttributeColumn {
            column: table.text("column").unwrap_or_else(|| name.clone()),
            place: table.place_of("column"),
            attribute: Attribute {
                title: table.text("title").unwrap_or_else(|| name.clone()),
                name,
                about: about.unwrap_or(About::Context),
                kind: kind.unwrap_or(AttributeKind::Context),
                blank: table.choice("blank", &BLANKS).unwrap_or(Blank::Missing),
            },
        });
        table.finish();
    }
    attributes
}

fn read_features(fields: &Fields<'_>) -> Vec<FeatureColumn> {
    let Some(tables) = fields.table("features") else {
        return Vec::new();
    };
    let mut features = Vec::new();
    for (name, table) in tables.named_tables() {
        features.push(FeatureColumn {
            column: table.text("column").unwrap_or_else(|| name.clone()),
            title: table.text("title").unwrap_or_else(|| name.clone()),
            place: table.place_of("column"),
            name,
        });
        table.finish();
    }
    features
}
