//! Generated cases as files: the cases, the card, and the list of what could not be said.

use super::{FIXED_COLUMNS, Generation};
use crate::dataset::card_file::{AttributeTable, CardFile, TaskTable, columns};
use crate::task::{Task, built_in_schemes};

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
    let labels = |of: fn(&super::Generated) -> &String| -> Vec<String> {
        let mut labels: Vec<String> = generation
            .cases
            .iter()
            .map(|case| of(case).clone())
            .collect();
        labels.retain(|label| !label.is_empty());
        labels.sort_unstable();
        labels.dedup();
        labels
    };
    let tasks = [
        ("emotion", Task::Emotion, labels(|case| &case.emotion)),
        ("sentiment", Task::Sentiment, labels(|case| &case.sentiment)),
    ];
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
        tasks: tasks
            .into_iter()
            .filter(|(_, _, labels)| !labels.is_empty())
            .filter_map(|(name, task, labels)| {
                Some((name.to_owned(), task_table(name, task, labels)?))
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

/// A built-in scheme that holds all labels, else the labels themselves; nothing for a single label of no scheme.
fn task_table(name: &str, task: Task, labels: Vec<String>) -> Option<TaskTable> {
    let schemes = built_in_schemes();
    let scheme = schemes
        .iter()
        .filter(|scheme| PREFERRED.contains(&scheme.name.as_str()))
        .chain(schemes)
        .filter(|scheme| scheme.task == task)
        .find(|scheme| labels.iter().all(|label| scheme.index(label).is_some()));
    let table = TaskTable {
        column: name.to_owned(),
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
