//! What a recipe says for the card of the new dataset: what it is, its tasks, attributes and features.

use super::cells::{has_origin, read_cells};
use super::{DIMENSIONS, Section, rater_column};
use crate::attribute::{ABOUTS, ATTRIBUTE_KINDS, About, BLANKS, word};
use crate::case::LABEL_SOURCES;
use crate::dataset::intensity::read_scale;
use crate::diagnostic::{Problem, quote};
use crate::document::Fields;
use crate::task::TASKS;

/// A TOML string.
pub(super) fn toml_text(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

fn toml_list(texts: &[String]) -> String {
    toml::Value::Array(texts.iter().cloned().map(toml::Value::String).collect()).to_string()
}

pub(super) fn read_card(fields: &Fields<'_>, part: Option<&str>) -> Vec<String> {
    let Some(dataset) = fields.table("dataset") else {
        fields.missing("dataset", "a table with at least `name`");
        return Vec::new();
    };
    let mut name = dataset.required_text("name");
    if let Some(part) = part {
        name = format!("{name}-{part}");
    }
    let mut lines = vec![format!("name = {}", toml_text(&name))];
    for key in [
        "title",
        "description",
        "version",
        "licence",
        "citation",
        "modality",
    ] {
        if let Some(text) = dataset.text(key) {
            lines.push(format!("{key} = {}", toml_text(&text)));
        }
    }
    for key in ["language", "limits"] {
        let texts = dataset.texts(key);
        if !texts.is_empty() {
            lines.push(format!("{key} = {}", toml_list(&texts)));
        }
    }
    dataset.finish();
    lines
}

pub(super) fn read_task(name: String, table: Fields<'_>, aligned: bool) -> Section {
    if !TASKS.iter().any(|(known, _)| *known == name) {
        table.problem(
            Problem::new(
                "recipe/unknown-task",
                table.place().clone(),
                format!("unknown task {}", quote(&name)),
            )
            .help("expected sentiment, emotion or intensity"),
        );
    }
    let mut card = vec![format!("column = {}", toml_text(&name))];
    for key in ["scheme", "kind", "separator", "neutral"] {
        if let Some(text) = table.text(key) {
            card.push(format!("{key} = {}", toml_text(&text)));
        }
    }
    let labels = table.texts("labels");
    if !labels.is_empty() {
        card.push(format!("labels = {}", toml_list(&labels)));
    }
    if let Some(polarity) = table.table("polarity") {
        let pairs: Vec<String> = polarity
            .named_texts()
            .into_iter()
            .map(|(label, polarity, _)| format!("{} = {}", toml_text(&label), toml_text(&polarity)))
            .collect();
        card.push(format!("polarity = {{ {} }}", pairs.join(", ")));
    }
    if let Some(source) = table.required_choice("source", &LABEL_SOURCES) {
        card.push(format!(
            "source = {}",
            toml_text(word(&LABEL_SOURCES, &source))
        ));
    }
    let majority = table.choice("gold", &[("majority", true)]).unwrap_or(false);
    // Aligned files have a column of labels; elsewhere a column may bear the name of the task.
    let fallback = if aligned { "labels" } else { name.as_str() };
    let from = read_cells(&table, Some(fallback));
    if majority && has_origin(&table) {
        table.problem(
            Problem::new(
                "recipe/two-origins",
                table.place_of("gold"),
                "labels come from a column and from the majority of the ratings",
            )
            .help("leave one of them out"),
        );
    }
    let separator = table.text("separator").unwrap_or_else(|| "|".to_owned());
    table.finish();
    Section {
        table: "tasks",
        name,
        card,
        from,
        majority,
        separator,
        of_raters: false,
    }
}

/// Reads the task `intensity`: the lines of its own table in the card, and a section for each dimension.
pub(super) fn read_intensity(table: Fields<'_>) -> (Vec<String>, Vec<Section>) {
    let source = table.required_choice("source", &LABEL_SOURCES);
    let tables = table
        .table("dimensions")
        .map(|tables| tables.named_tables());
    let sections = tables.into_iter().flatten().map(read_dimension).collect();
    table.finish();
    let source = source.map(|source| toml_text(word(&LABEL_SOURCES, &source)));
    let lines =
        source.map(|source| vec!["[tasks.intensity]".to_owned(), format!("source = {source}")]);
    (lines.unwrap_or_default(), sections)
}

fn read_dimension((name, table): (String, Fields<'_>)) -> Section {
    let mut card = vec![format!("column = {}", toml_text(&name))];
    if let Some(scale) = read_scale(&table) {
        card.push(format!("low = {}", scale.low));
        card.push(format!("high = {}", scale.high));
    }
    let from = read_cells(&table, Some(&name));
    table.finish();
    Section {
        table: DIMENSIONS,
        name,
        card,
        from,
        majority: false,
        separator: "|".to_owned(),
        of_raters: false,
    }
}

pub(super) fn read_attribute(name: String, table: Fields<'_>) -> Section {
    let about = table.required_choice("about", &ABOUTS);
    // What is about raters may be carried along with the ratings.
    let of_raters = about == Some(About::Rater) && !has_origin(&table);
    let column = if of_raters {
        rater_column(&name)
    } else {
        name.clone()
    };
    let mut card = vec![format!("column = {}", toml_text(&column))];
    if let Some(title) = table.text("title") {
        card.push(format!("title = {}", toml_text(&title)));
    }
    if let Some(about) = about {
        card.push(format!("about = {}", toml_text(word(&ABOUTS, &about))));
    }
    if let Some(kind) = table.required_choice("kind", &ATTRIBUTE_KINDS) {
        card.push(format!(
            "kind = {}",
            toml_text(word(&ATTRIBUTE_KINDS, &kind))
        ));
    }
    if let Some(blank) = table.choice("blank", &BLANKS) {
        card.push(format!("blank = {}", toml_text(word(&BLANKS, &blank))));
    }
    if of_raters {
        refuse_changes(&table);
    }
    let from = read_cells(&table, of_raters.then_some(column.as_str()));
    table.finish();
    Section {
        table: "attributes",
        name,
        card,
        from,
        majority: false,
        separator: "|".to_owned(),
        of_raters,
    }
}

/// Notes what would be done to the groups of raters, which are carried along as they stand.
fn refuse_changes(table: &Fields<'_>) {
    const CHANGES: [&str; 13] = [
        "missing",
        "clean",
        "split",
        "tie",
        "ties",
        "codebook",
        "map",
        "cuts",
        "classes",
        "classes_file",
        "base",
        "unmapped",
        "find",
    ];
    for key in CHANGES.into_iter().filter(|key| table.has(key)) {
        table.problem(
            Problem::new(
                "recipe/changed-raters",
                table.place_of(key),
                format!("{key} changes nothing here: this attribute has no `from`, so it is one of raters"),
            )
            .help("what `attributes` of [ratings] names is carried along as it stands; change it in the source, or take this key out"),
        );
    }
}

pub(super) fn read_feature(name: String, table: Fields<'_>) -> Section {
    let mut card = vec![format!("column = {}", toml_text(&name))];
    if let Some(title) = table.text("title") {
        card.push(format!("title = {}", toml_text(&title)));
    }
    let from = read_cells(&table, None);
    table.finish();
    Section {
        table: "features",
        name,
        card,
        from,
        majority: false,
        separator: "|".to_owned(),
        of_raters: false,
    }
}
