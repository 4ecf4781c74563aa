//! The findings of a dataset's checks for a terminal: what needs care in full, the rest in a line each.

use std::fmt::Write;

use anstyle::{AnsiColor, Style};

use crate::diagnostic::plain;
use crate::record::dataset_check::{DatasetCheck, Finding};

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();
const RED: Style = AnsiColor::Red.on_default().bold();
const YELLOW: Style = AnsiColor::Yellow.on_default();
const CYAN: Style = AnsiColor::Cyan.on_default();

/// Columns of a line.
const WIDTH: usize = 100;

/// Everything that was found.
pub fn summary(check: &DatasetCheck) -> String {
    let mut out = head(check);
    for grade in ["problem", "warning"] {
        for finding in of(check, grade) {
            let _ = writeln!(
                out,
                "\n{} {BOLD}{}{BOLD:#} {DIM}[{}]{DIM:#}",
                word(grade),
                heading(finding),
                finding.check
            );
            paragraph(&mut out, &sentence(&finding.sentence));
            paragraph(&mut out, finding.advice);
        }
    }
    let lines = |out: &mut String, title: &str, grade: &str| {
        let mut findings = of(check, grade).peekable();
        if findings.peek().is_some() {
            let _ = writeln!(out, "\n{BOLD}{title}{BOLD:#}");
        }
        for finding in findings {
            let line = format!("{}: {}", heading(finding), plain(&finding.sentence));
            paragraph(out, &line);
        }
    };
    lines(&mut out, "Worth knowing", "info");
    let mut clear: Vec<&str> = of(check, "clear").map(|finding| finding.title).collect();
    clear.dedup();
    if !clear.is_empty() {
        let _ = writeln!(out, "\n{BOLD}Looked for and not found{BOLD:#}");
        paragraph(&mut out, &clear.join("; "));
    }
    let mut unchecked: Vec<(&str, Vec<String>)> = Vec::new();
    for finding in of(check, "unchecked") {
        match unchecked
            .iter_mut()
            .find(|(reason, _)| *reason == finding.sentence)
        {
            Some((_, titles)) => titles.push(heading(finding)),
            None => unchecked.push((&finding.sentence, vec![heading(finding)])),
        }
    }
    if !unchecked.is_empty() {
        let _ = writeln!(out, "\n{BOLD}Not checked{BOLD:#}");
    }
    for (reason, titles) in unchecked {
        paragraph(
            &mut out,
            &format!("{}: {}", titles.join("; "), plain(reason)),
        );
    }
    out
}

/// What needs care, a line each.
pub fn short(check: &DatasetCheck) -> String {
    let mut out = head(check);
    for grade in ["problem", "warning"] {
        for finding in of(check, grade) {
            let _ = writeln!(
                out,
                "  {} {}: {}",
                word(grade),
                heading(finding),
                plain(&finding.sentence)
            );
        }
    }
    out.trim_end().to_owned()
}

/// "reviews: 6 cases; 2 warnings".
fn head(check: &DatasetCheck) -> String {
    let counts = &check.counts;
    let several = |n: u64, word: &str| match n {
        0 => format!("no {word}"),
        1 => format!("1 {word}"),
        n => format!("{n} {word}s"),
    };
    format!(
        "{BOLD}{}{BOLD:#}: {}; {}, {}\n",
        plain(&check.dataset.name),
        several(check.dataset.cases, "case"),
        several(counts.problem, "problem"),
        several(counts.warning, "warning"),
    )
}

fn of<'a>(check: &'a DatasetCheck, grade: &'a str) -> impl Iterator<Item = &'a Finding> {
    check
        .findings
        .iter()
        .filter(move |finding| finding.grade == grade)
}

fn heading(finding: &Finding) -> String {
    match &finding.about {
        Some(about) => format!("{} ({})", finding.title, plain(about)),
        None => finding.title.to_owned(),
    }
}

/// The sentence with a capital and a full stop.
pub(super) fn sentence(text: &str) -> String {
    let text = plain(text);
    let mut characters = text.chars();
    match characters.next() {
        Some(first) => format!("{}{}.", first.to_uppercase(), characters.as_str()),
        None => String::new(),
    }
}

pub(super) fn word(grade: &str) -> String {
    let style = match grade {
        "problem" => RED,
        "warning" => YELLOW,
        _ => CYAN,
    };
    format!("{style}{grade}{style:#}")
}

/// Words in lines that a terminal does not cut.
pub(super) fn paragraph(out: &mut String, text: &str) {
    let mut line = String::new();
    for word in text.split(' ') {
        if !line.is_empty() && line.chars().count() + word.chars().count() + 3 > WIDTH {
            let _ = writeln!(out, "  {line}");
            line.clear();
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    let _ = writeln!(out, "  {line}");
}
