//! Texts that are not there.

use super::duplicates::notable;
use super::finding::{Finding, Grade, Table, Value, share};
use super::page::Check;
use crate::case::Cases;

/// Cases without words.
pub fn blank(cases: &Cases) -> Finding {
    let check = Check::BlankTexts;
    let Some(texts) = &cases.texts else {
        return Finding::no_text(check);
    };
    let blank: Vec<usize> = (0..texts.len())
        .filter(|case| texts[*case].trim().is_empty())
        .collect();
    let grade = match blank.len() {
        0 => return Finding::new(check, Grade::Clear, "every case has a text"),
        n if n == texts.len() => Grade::Problem,
        n if notable(n, texts.len()) => Grade::Warning,
        _ => Grade::Info,
    };
    let mut table = Table::new(&[("places", "First of them in the file")]);
    table.row(vec![Value::places(blank.iter().copied())]);
    let sentence = format!(
        "{} have a blank text",
        share(blank.len(), texts.len(), "cases")
    );
    Finding::new(check, grade, sentence)
        .affects(blank.len(), texts.len())
        .table(table)
}
