//! What a Croissant file of others says about files and columns: as much of it as a card can take over, and the rest
//! as comments for whoever completes the card.

use super::json::Node;
use crate::diagnostic::{counted, quote};

/// Most fields that are listed in comments.
const LISTED: usize = 200;

/// What was found.
#[derive(Default)]
pub(super) struct Columns {
    id: Option<String>,
    text: Option<String>,
    fields: Vec<String>,
    labels: Vec<String>,
    files: Vec<String>,
}

/// Reads files and fields, and says what is left to do.
pub(super) fn columns(node: &Node<'_>, notices: &mut Vec<String>) -> Columns {
    let mut columns = Columns {
        files: node.nodes("distribution").iter().map(file).collect(),
        ..Columns::default()
    };
    // Sets without a source are lists of labels, not of cases.
    let sets: Vec<_> = node
        .nodes("recordSet")
        .into_iter()
        .map(|set| (set, fields(&set)))
        .filter(|(_, fields)| !fields.is_empty())
        .collect();
    match sets.as_slice() {
        [(set, fields)] => {
            let id = set.text("key");
            columns.id = fields
                .iter()
                .find(|field| field.id.is_some() && field.id == id)
                .map(|field| field.column.clone());
            columns.text = fields
                .iter()
                .find(|field| field.column == "text")
                .map(|field| field.column.clone());
            for field in fields {
                columns.fields.push(field.column.clone());
                if field.is_label {
                    columns.labels.push(field.column.clone());
                }
            }
        }
        [] => {}
        several => notices.push(format!(
            "{} hold columns; which one holds the cases is for you to say",
            counted(several.len(), "record set")
        )),
    }
    notices.push(
        "files are not fetched: put the cases beside the card as cases.csv, .jsonl or .parquet"
            .to_owned(),
    );
    if columns.labels.is_empty() {
        notices.push("no field is declared as a label: add the tasks to the card".to_owned());
    } else {
        notices.push(format!(
            "{} declared as labels: what task they are of, and where the labels come from, is for you to say",
            counted(columns.labels.len(), "field")
        ));
    }
    columns
}

/// A field that is read from a column.
struct Field {
    id: Option<String>,
    column: String,
    is_label: bool,
}

fn fields(set: &Node<'_>) -> Vec<Field> {
    let read = |field: &Node<'_>| {
        Some(Field {
            id: field.text("@id"),
            column: field.child("source")?.child("extract")?.text("column")?,
            is_label: field.is_a("dataType", "Label"),
        })
    };
    set.nodes("field").iter().filter_map(read).collect()
}

/// A file in a line of a comment.
fn file(node: &Node<'_>) -> String {
    let url = node.text("contentUrl").or_else(|| node.text("@id"));
    let mut line = quote(&url.unwrap_or_default());
    let is_digest = |text: &String| text.len() == 64 && text.chars().all(|c| c.is_ascii_hexdigit());
    if let Some(digest) = node.text("sha256").filter(is_digest) {
        line.push_str(&format!(", SHA-256 {digest}"));
    }
    line
}

impl Columns {
    /// The end of a card: the columns that are known, and comments on the rest.
    pub(super) fn text(&self) -> String {
        let mut lines = Vec::new();
        if self.id.is_some() || self.text.is_some() {
            lines.push("[columns]".to_owned());
            for (key, column) in [("id", &self.id), ("text", &self.text)] {
                if let Some(column) = column {
                    lines.push(format!("{key} = {}", toml::Value::from(column.as_str())));
                }
            }
            lines.push(String::new());
        }
        let mut comment = |heading: &str, names: &[String]| {
            if names.is_empty() {
                return;
            }
            lines.push(format!("# {heading}"));
            let shown = names.iter().take(LISTED);
            lines.extend(shown.map(|name| format!("#   {name}")));
            if names.len() > LISTED {
                lines.push(format!("#   and {} more", names.len() - LISTED));
            }
        };
        let quoted = |names: &[String]| -> Vec<String> {
            let names = names.iter();
            names.map(|name| quote(name)).collect()
        };
        comment(
            "The files of the owners, which are not fetched:",
            &self.files,
        );
        comment("The columns:", &quoted(&self.fields));
        comment(
            "Columns that are declared as labels:",
            &quoted(&self.labels),
        );
        lines.push("#".to_owned());
        lines.extend(TASKS.lines().map(str::to_owned));
        lines.push(String::new());
        lines.join("\n")
    }
}

const TASKS: &str = "\
# An audit needs to know which labels the cases have, and whose they are:
#   [tasks.emotion]                # or sentiment
#   scheme = \"ekman\"               # or labels = [...]
#   column = \"label\"
#   source = \"perceived\"           # felt, perceived, acted, template, model
#   [attributes.country]
#   column = \"country\"
#   about = \"author\"               # author, subject, rater, context
#   kind = \"culture\"               # demographic, culture, context";
