//! Texts that stand in another dataset as well, or in two splits of one: what a model may know by heart.

use std::collections::HashMap;

use super::duplicates::notable;
use super::finding::{Finding, Grade, Table, Value, share};
use super::near::Sequences;
use super::page::Check;
use super::same::Wording;
use crate::case::Names;
use crate::dataset::Dataset;
use crate::diagnostic::thousands;

/// Names of attributes that part a dataset into splits.
const SPLITS: [&str; 4] = ["split", "fold", "subset", "partition"];

/// One finding for each other dataset, and for each attribute of splits.
pub fn overlaps(dataset: &Dataset, wording: Option<&Wording>, against: &[Dataset]) -> Vec<Finding> {
    let Some(wording) = wording else {
        return vec![Finding::no_text(Check::Overlap)];
    };
    let mut findings: Vec<Finding> = against
        .iter()
        .map(|other| overlap(dataset, wording, other).about(&other.card.name))
        .collect();
    for (attribute, names) in &dataset.cases.attributes {
        if SPLITS.contains(&attribute.name.to_lowercase().as_str()) && names.names().len() > 1 {
            findings
                .push(between_groups(wording, names, dataset.cases.len()).about(&attribute.name));
        }
    }
    if findings.is_empty() {
        findings.push(Finding::new(
            Check::Overlap,
            Grade::Unchecked,
            "no other dataset was named; say --against DATASET with what the model was trained on",
        ));
    }
    findings
}

fn overlap(dataset: &Dataset, wording: &Wording, other: &Dataset) -> Finding {
    let check = Check::Overlap;
    let Some(texts) = other.cases.texts.as_deref() else {
        return Finding::new(check, Grade::Unchecked, "the other dataset has no texts");
    };
    let theirs = Wording::new(texts);
    let places: HashMap<&str, usize> = theirs
        .texts
        .iter()
        .enumerate()
        .map(|(place, text)| (text.as_str(), place))
        .collect();
    let own = wording.texts.len();
    let same: Vec<Option<usize>> = wording
        .texts
        .iter()
        .map(|text| places.get(text.as_str()).copied())
        .collect();
    let sequences = Sequences::new(
        wording
            .texts
            .iter()
            .chain(&theirs.texts)
            .map(String::as_str),
    );
    // Only pairs across, and only for texts of ours that nothing was found for yet.
    let near = sequences.neighbours(|one, two, found| {
        let (ours, theirs) = (one.min(two), one.max(two));
        ours < own && theirs >= own && same[ours].is_none() && found[ours].is_none()
    });
    let mut kinds = [Shared::default(), Shared::default(), Shared::default()];
    for (place, group) in wording.cases.iter().enumerate() {
        let (kind, theirs) = match (same[place], near[place]) {
            (Some(at), _) if wording.is_long(place) => (0, &theirs.cases[at]),
            (Some(at), _) => (1, &theirs.cases[at]),
            (None, Some(at)) => (2, &theirs.cases[at - own]),
            (None, None) => continue,
        };
        kinds[kind].cases += group.len();
        kinds[kind].pairs.push((group[0], theirs[0]));
    }
    let [long, short, close] = &kinds;
    let mut table = Table::new(&[
        ("how", "how alike"),
        ("cases", "cases"),
        ("places", "first of them here"),
        ("other_places", "the same texts there"),
    ]);
    for (how, shared) in [
        ("the same, four words or more", long),
        ("the same, shorter", short),
        ("nearly the same", close),
    ] {
        if shared.cases > 0 {
            table.row(vec![
                how.into(),
                (shared.cases as u64).into(),
                Value::places(shared.pairs.iter().map(|(ours, _)| *ours)),
                Value::places(shared.pairs.iter().map(|(_, theirs)| *theirs)),
            ]);
        }
    }
    let (exact, long, close) = (long.cases + short.cases, long.cases, close.cases);
    let total = dataset.cases.len();
    if exact + close == 0 {
        return Finding::new(
            check,
            Grade::Clear,
            "no text stands in both, the same or nearly so",
        );
    }
    let grade = if notable(exact + close, total) {
        Grade::Warning
    } else {
        Grade::Info
    };
    let sentence = format!(
        "{} stand there in the same words, {} of them with four words or more; {} more in nearly the same words",
        share(exact, total, "cases"),
        thousands(long as u64),
        thousands(close as u64),
    );
    Finding::new(check, grade, sentence)
        .affects(exact + close, total)
        .table(table)
}

/// Cases that stand in both datasets in one way, and the first place of each text here and there.
#[derive(Default)]
struct Shared {
    cases: usize,
    pairs: Vec<(usize, usize)>,
}

/// Texts that stand in more than one group of an attribute.
fn between_groups(wording: &Wording, names: &Names, total: usize) -> Finding {
    let check = Check::Overlap;
    let (mut n, mut long) = (0, 0);
    let mut table = Table::new(&[("places", "Places of cases with the same words")]);
    for (place, group) in wording.cases.iter().enumerate() {
        let mut known = group.iter().filter_map(|case| names.codes()[*case]);
        let first = known.next();
        if !known.any(|code| Some(code) != first) {
            continue;
        }
        n += group.len();
        if wording.is_long(place) {
            long += group.len();
            if table.rows.len() < 10 {
                table.row(vec![Value::places(group.iter().copied())]);
            }
        }
    }
    if n == 0 {
        return Finding::new(check, Grade::Clear, "no text stands in two of its groups");
    }
    let grade = if notable(n, total) {
        Grade::Warning
    } else {
        Grade::Info
    };
    let sentence = format!(
        "{} stand in two or more of its groups in the same words, {} of them with four words or more",
        share(n, total, "cases"),
        thousands(long as u64)
    );
    Finding::new(check, grade, sentence)
        .affects(n, total)
        .table(table)
}
