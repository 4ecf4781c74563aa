//! Writes the card of a new dataset.

use super::frame::Frame;
use super::recipe::cells::Origin;
use super::recipe::reading::Form;
use super::recipe::{Recipe, Section};
use super::{CASES, RATINGS};

/// The card of the new dataset.
pub(super) fn card(recipe: &Recipe, frame: &Frame) -> String {
    let mut lines = recipe.card.clone();
    lines.push(format!("cases = \"{CASES}\""));
    if !(recipe.columns.is_empty() && matches!(recipe.reading.form, Form::Aligned(_))) {
        lines.push(String::new());
        lines.push("[columns]".to_owned());
        lines.push("id = \"id\"".to_owned());
        for (name, _) in recipe.columns.iter().filter(|(name, _)| *name != "id") {
            lines.push(format!("{name} = \"{name}\""));
        }
    }
    if let Some(ratings) = &recipe.ratings {
        lines.push(String::new());
        lines.push("[ratings]".to_owned());
        lines.push(format!("file = \"{RATINGS}\""));
        if ratings.form.numbers_raters() {
            lines.push("anonymous = true".to_owned());
        }
    }
    if !recipe.intensity.is_empty() {
        lines.push(String::new());
        lines.extend(recipe.intensity.iter().cloned());
    }
    for section in sections(recipe, frame) {
        lines.push(String::new());
        lines.push(section.heading());
        lines.extend(section.card.iter().cloned());
    }
    lines.push(String::new());
    lines.join("\n")
}

/// Tasks, attributes and features; a task of aligned files without labels has no gold, and stays out.
pub(super) fn sections<'a>(recipe: &'a Recipe, frame: &Frame) -> impl Iterator<Item = &'a Section> {
    let bare =
        matches!(recipe.reading.form, Form::Aligned(_)) && frame.table.column("labels").is_none();
    recipe.sections.iter().filter(move |section| {
        let labels =
            matches!(&section.from.origin, Origin::Columns(names, _) if names == &["labels"]);
        !(bare && section.table == "tasks" && labels && !section.majority)
    })
}
