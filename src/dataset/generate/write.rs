//! Generated cases as files: the cases, the card, and the list of what could not be said.

use std::collections::BTreeSet;

use super::{FIXED_COLUMNS, Generation};
use crate::dataset::card_file::{AttributeTable, CardFile, TaskTable, columns};
use crate::task::{Scheme, Task, built_in_schemes};

/// Schemes to prefer where several hold all labels of the templates.
const PREFERRED: [&str; 2] = ["ekman", "three-way"];

/// The cases as CSV. Each case has a group for the attribute that its set varies and blanks for the others.
pub fn to_csv(generation: &Generation) -> String {
    let header: Vec<&str> = FIXED_COLUMNS
        .into_iter()
        .chain(generation.attributes.iter().map(String::as_str))
        .collect();
    let rows = generation.cases.iter().map(|case| {
        let mut row = vec![
            case.id.clone(),
            case.text.clone(),
            case.template.clone(),
            case.wording.to_string(),
            case.set.clone(),
            case.emotion.clone(),
            case.sentiment.clone(),
        ];
        row.extend(generation.attributes.iter().map(|attribute| {
            if *attribute == case.attribute {
                case.group.clone()
            } else {
                String::new()
            }
        }));
        row
    });
    csv_text(&header, rows)
}

/// The list of what could not be said, as CSV.
pub fn unfilled_csv(generation: &Generation) -> String {
    let rows = generation.unfilled.iter().map(|unfilled| {
        vec![
            unfilled.set.clone(),
            unfilled.template.clone(),
            unfilled.wording.to_string(),
            unfilled.attribute.clone(),
            unfilled.group.clone(),
            unfilled.reason.clone(),
        ]
    });
    csv_text(
        &["set", "template", "wording", "attribute", "group", "reason"],
        rows,
    )
}

/// Rows under a header as CSV, to the letter, also where a spreadsheet would take a cell for a formula: a model must
/// read the text as it is.
pub(in crate::dataset) fn csv_text(
    header: &[&str],
    rows: impl Iterator<Item = Vec<String>>,
) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    // Writing to memory cannot fail, and every row has one cell a column.
    let _ = writer.write_record(header);
    for row in rows {
        let _ = writer.write_record(&row);
    }
    String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default()
}

/// The card of a folder with generated cases.
pub fn write_card(generation: &Generation, name: &str) -> String {
    CardFile {
        name: name.to_owned(),
        title: format!("Generated sentences ({})", generation.language),
        description: "Sentences in counterfactual sets, generated from templates and terms. The sentences of a set \
            differ in who they are about."
            .to_owned(),
        language: vec![generation.language.clone()],
        modality: "text".to_owned(),
        cases: "cases.csv".to_owned(),
        limits: vec![
            "Labels are by construction; nobody was asked how the sentences read.".to_owned(),
            "Not reviewed: have native speakers, and people of the groups, read every wording with every term before \
             anything is concluded."
                .to_owned(),
        ],
        columns: columns(&[("id", "id"), ("text", "text"), ("cluster", "template"), ("set", "set"), ("wording", "wording")]),
        tasks: labels(generation)
            .into_iter()
            .filter_map(|(task, labels)| {
                Some((task.as_str().to_owned(), task_table(task, labels)?))
            })
            .collect(),
        attributes: generation
            .attributes
            .iter()
            .map(|attribute| {
                let table = AttributeTable {
                    about: "subject".to_owned(),
                    kind: "demographic".to_owned(),
                    title: attribute.clone(),
                    column: attribute.clone(),
                    blank: "by-design".to_owned(),
                };
                (attribute.clone(), table)
            })
            .collect(),
        privacy: [("examples".to_owned(), false)].into(),
        coverage: (&generation.coverage).into(),
        ..CardFile::default()
    }
    .to_toml()
    .unwrap_or_default()
}

/// The labels that stand in no built-in scheme together with the others of their task: slips of the pen, or labels
/// of one's own.
pub fn own_labels(generation: &Generation) -> Vec<(Task, Vec<String>)> {
    labels(generation)
        .into_iter()
        .filter(|(task, labels)| scheme_of(*task, labels).is_none())
        .collect()
}

/// The labels that occur, by task; a task without any is left out.
fn labels(generation: &Generation) -> Vec<(Task, Vec<String>)> {
    let of = |label: fn(&super::Generated) -> &str| -> Vec<String> {
        let found: BTreeSet<&str> = generation.cases.iter().map(label).collect();
        let named = found.into_iter().filter(|label| !label.is_empty());
        named.map(str::to_owned).collect()
    };
    let mut tasks = vec![
        (Task::Emotion, of(|case| &case.emotion)),
        (Task::Sentiment, of(|case| &case.sentiment)),
    ];
    tasks.retain(|(_, labels)| !labels.is_empty());
    tasks
}

/// The first built-in scheme that holds all labels.
fn scheme_of(task: Task, labels: &[String]) -> Option<&'static Scheme> {
    let schemes = built_in_schemes();
    schemes
        .iter()
        .filter(|scheme| PREFERRED.contains(&scheme.name.as_str()))
        .chain(schemes)
        .filter(|scheme| scheme.task == task)
        .find(|scheme| labels.iter().all(|label| scheme.index(label).is_some()))
        .map(AsRef::as_ref)
}

/// A built-in scheme that holds all labels, else the labels themselves; nothing for a single label of no scheme.
fn task_table(task: Task, labels: Vec<String>) -> Option<TaskTable> {
    let scheme = scheme_of(task, &labels);
    let table = TaskTable {
        column: task.as_str().to_owned(),
        source: "template".to_owned(),
        ..TaskTable::default()
    };
    match scheme {
        Some(scheme) => Some(TaskTable {
            scheme: scheme.name.clone(),
            ..table
        }),
        None => (labels.len() > 1).then(|| TaskTable {
            scheme: "own labels".to_owned(),
            labels,
            kind: "nominal".to_owned(),
            ..table
        }),
    }
}
