//! Texts that stand more than once, the same or nearly so, and what that does to their labels.

use super::NOTABLE;
use super::finding::{Finding, Grade, Table, Value, share};
use super::near::{SHORTEST, Sequences};
use super::page::Check;
use super::same::Wording;
use crate::case::Cases;
use crate::diagnostic::thousands;

/// Whether so many of all are more than a note.
pub fn notable(part: usize, whole: usize) -> bool {
    part as f64 > NOTABLE * whole as f64
}

/// The same words twice.
pub fn exact(cases: &Cases, wording: Option<&Wording>) -> Finding {
    let check = Check::ExactDuplicates;
    let Some(wording) = wording else {
        return Finding::no_text(check);
    };
    let dependence = cases.dependence();
    let (mut long, mut short, mut declared) = (0, 0, 0);
    let mut table = Table::new(&[
        ("places", "first of them in the file"),
        ("cases", "cases with the same words"),
    ]);
    let mut groups: Vec<&Vec<usize>> = Vec::new();
    for (place, group) in wording.cases.iter().enumerate() {
        if group.len() < 2 {
            continue;
        }
        let apart = units(&dependence, group);
        declared += group.len() - apart;
        if wording.is_long(place) {
            long += apart - 1;
            if apart > 1 {
                groups.push(group);
            }
        } else {
            short += apart - 1;
        }
    }
    groups.sort_by_key(|group| (std::cmp::Reverse(group.len()), group[0]));
    for group in groups.into_iter().take(10) {
        table.row(vec![
            Value::places(group.iter().copied()),
            (group.len() as u64).into(),
        ]);
    }
    let within = if declared == 0 {
        String::new()
    } else {
        format!(
            "; {} more repeat within a declared cluster or set",
            thousands(declared as u64)
        )
    };
    if long + short == 0 {
        return Finding::new(check, Grade::Clear, format!("no text stands twice{within}"));
    }
    let grade = if notable(long, cases.len()) {
        Grade::Warning
    } else {
        Grade::Info
    };
    let sentence = format!(
        "{} repeat the words of an earlier case, {} of them with four words or more{within}",
        share(long + short, cases.len(), "cases"),
        thousands(long as u64)
    );
    Finding::new(check, grade, sentence)
        .affects(long + short, cases.len())
        .table(table)
}

/// How many independent units cases belong to: clusters, or cases without one.
fn units(dependence: &[Option<u32>], group: &[usize]) -> usize {
    let mut known: Vec<u32> = group.iter().filter_map(|case| dependence[*case]).collect();
    let alone = group.len() - known.len();
    known.sort_unstable();
    known.dedup();
    alone + known.len()
}

/// The same words with different gold labels, task by task.
pub fn conflicting(cases: &Cases, wording: Option<&Wording>) -> Vec<Finding> {
    let check = Check::ConflictingLabels;
    let Some(wording) = wording else {
        return vec![Finding::no_text(check)];
    };
    if cases.gold.is_empty() {
        return vec![Finding::new(
            check,
            Grade::Unchecked,
            "the dataset has no gold labels",
        )];
    }
    cases
        .gold
        .iter()
        .map(|gold| {
            let mut table = Table::new(&[
                ("places", "first of them in the file"),
                ("cases", "cases with the same words"),
            ]);
            let mut groups: Vec<Vec<usize>> = Vec::new();
            for group in wording.cases.iter().filter(|group| group.len() > 1) {
                let labelled: Vec<usize> = group
                    .iter()
                    .copied()
                    .filter(|case| gold.labels[*case].is_some())
                    .collect();
                if labelled
                    .iter()
                    .any(|case| gold.labels[*case] != gold.labels[labelled[0]])
                {
                    groups.push(labelled);
                }
            }
            let n: usize = groups.iter().map(Vec::len).sum();
            groups.sort_by_key(|group| (std::cmp::Reverse(group.len()), group[0]));
            for group in groups.iter().take(10) {
                table.row(vec![
                    Value::places(group.iter().copied()),
                    (group.len() as u64).into(),
                ]);
            }
            let labelled = gold.labels.iter().flatten().count();
            let finding = if n == 0 {
                Finding::new(
                    check,
                    Grade::Clear,
                    "texts with the same words have the same labels",
                )
            } else {
                Finding::new(
                    check,
                    if notable(n, labelled) {
                        Grade::Warning
                    } else {
                        Grade::Info
                    },
                    format!(
                        "{} share their words with a case that is labelled otherwise",
                        share(n, labelled, "labelled cases")
                    ),
                )
            };
            finding
                .about(gold.scheme.task.as_str())
                .affects(n, labelled)
                .table(table)
        })
        .collect()
}

/// Nearly the same words, if there are not more distinct texts than `most`.
pub fn near(cases: &Cases, wording: Option<&Wording>, most: usize) -> Finding {
    let check = Check::NearDuplicates;
    let Some(wording) = wording else {
        return Finding::no_text(check);
    };
    if wording.texts.len() > most {
        let sentence = format!(
            "more than {} texts are not compared at import; `affect-audit dataset check` compares them",
            thousands(most as u64)
        );
        return Finding::new(check, Grade::Unchecked, sentence);
    }
    let sequences = Sequences::new(wording.texts.iter().map(String::as_str));
    if sequences.compared() == 0 {
        return Finding::new(
            check,
            Grade::Unchecked,
            format!("no text has {SHORTEST} letters, the fewest that are compared"),
        );
    }
    let dependence = cases.dependence();
    // The one cluster of all cases with these words, if there is just one.
    let cluster: Vec<Option<u32>> = wording
        .cases
        .iter()
        .map(|group| {
            let first = dependence[group[0]]?;
            group
                .iter()
                .all(|case| dependence[*case] == Some(first))
                .then_some(first)
        })
        .collect();
    let found = sequences.neighbours(|one, other, found| {
        let declared = cluster[one].is_some() && cluster[one] == cluster[other];
        !declared && (found[one].is_none() || found[other].is_none())
    });
    let mut n = 0;
    let mut table = Table::new(&[("places", "Examples of pairs, by place in the file")]);
    for (place, neighbour) in found.iter().enumerate() {
        let Some(neighbour) = neighbour else { continue };
        n += wording.cases[place].len();
        let back = found[*neighbour] == Some(place) && *neighbour < place;
        if table.rows.len() < 10 && !back {
            table.row(vec![Value::places([
                wording.cases[place][0],
                wording.cases[*neighbour][0],
            ])]);
        }
    }
    if n == 0 {
        return Finding::new(check, Grade::Clear, "no text is nearly the same as another");
    }
    let grade = if notable(n, cases.len()) {
        Grade::Warning
    } else {
        Grade::Info
    };
    let sentence = format!(
        "{} have a text that is nearly the same as another's",
        share(n, cases.len(), "cases")
    );
    Finding::new(check, grade, sentence)
        .affects(n, cases.len())
        .table(table)
}
