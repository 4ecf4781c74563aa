//! How groups compare besides the difference to the others: all of an attribute together, against a reference, at equal
//! shares of controls, label by label, and several attributes at once.

use serde::Serialize;

use super::lookup::{Lookup, Meeting, numbers};
use super::table::{Cell, Table};
use super::words::{self, Style};
use crate::diagnostic::thousands;
use crate::record::v1::{Comparison, Measurement, Value};

/// Most rows of a table; the record holds all.
const MOST_ROWS: usize = 12;

/// The other comparisons of one attribute, for one model.
#[derive(Serialize)]
pub struct More {
    together: Vec<String>,
    beside: Option<Table>,
    unequal: Option<Table>,
    unequal_note: String,
}

/// Combinations of groups of several attributes, for one model.
#[derive(Serialize)]
pub struct CrossedView {
    heading: String,
    note: String,
    table: Table,
}

/// What an attribute shows besides each group's difference to the others.
pub fn more(meeting: Meeting<'_>, attribute: &str) -> More {
    let (unequal, unequal_note) = unequal(meeting, attribute);
    let mut together = together(meeting, attribute);
    let beside = beside(meeting, attribute).and_then(|table| {
        let bearable = table.bearable();
        bearable.map_err(|instead| together.push(instead)).ok()
    });
    More {
        together,
        beside,
        unequal,
        unequal_note,
    }
}

fn kind(measurement: &Measurement) -> &str {
    let comparison = measurement.comparison.as_ref();
    comparison.map_or("", |comparison| comparison.kind.as_str())
}

/// The group of an attribute that a measurement is about, where it is about that alone.
fn group<'a>(measurement: &'a Measurement, attribute: &str) -> Option<&'a str> {
    let of_one = measurement.slice.len() == 1;
    let group = measurement.slice.get(attribute).filter(|_| of_one)?;
    Some(group)
}

/// The gap between best and worst with what chance gives, and the worst group, in skill or in the measure in its place.
fn together(meeting: Meeting<'_>, attribute: &str) -> Vec<String> {
    let whole = |wanted: &str, measure: &str| {
        meeting.measurements().find(|m| {
            let of =
                |to: &Comparison| to.kind == wanted && to.attribute.as_deref() == Some(attribute);
            m.measure == measure && m.label.is_none() && m.comparison.as_ref().is_some_and(of)
        })
    };
    let measures = ["skill", "subset-accuracy", "accuracy"];
    let gap = measures.iter().find_map(|measure| {
        let (gap, chance) = (whole("gap", measure)?, whole("gap-by-chance", measure)?);
        let Value::Defined { test, .. } = &gap.value else {
            return None;
        };
        let p = test.as_ref().map(|test| test.p)?;
        let p = if p < 0.0015 {
            "p of 0.001 or less".to_owned()
        } else {
            format!("p = {}", words::decimal(p, 3))
        };
        Some(format!(
            "Between the groups with the highest and the lowest {} lie {}; were cases dealt out to these groups at random, it would be {} ({p}).",
            words::spaced(measure),
            Style::Plain.value(&gap.value),
            Style::Plain.value(&chance.value)
        ))
    });
    let worst = measures.iter().find_map(|measure| {
        let worst = meeting.measurements().find(|m| {
            m.measure == *measure && kind(m) == "worst-difference" && group(m, attribute).is_some()
        })?;
        Some(format!(
            "Furthest below the others in {}: {}, {}; this interval allows for its having been picked as the worst.",
            words::spaced(measure),
            group(worst, attribute)?,
            Style::Signed.value(&worst.value)
        ))
    });
    gap.into_iter().chain(worst).collect()
}

/// Skill drawn towards the other groups and, where they were asked for, the comparisons with a reference group and at
/// equal shares of control attributes.
fn beside(meeting: Meeting<'_>, attribute: &str) -> Option<Table> {
    let find = |name: &str, wanted: &str| {
        meeting.measurements().find(|m| {
            m.measure == "skill"
                && m.label.is_none()
                && kind(m) == wanted
                && group(m, attribute) == Some(name)
        })
    };
    let names: Vec<&str> = meeting
        .measurements()
        .filter(|m| m.measure == "skill" && m.label.is_none() && kind(m) == "shrunken")
        .filter_map(|m| group(m, attribute))
        .collect();
    let asked = |wanted: &str| {
        let mut of_groups = names.iter().filter_map(|name| find(name, wanted));
        of_groups.find_map(|m| m.comparison.as_ref())
    };
    let (reference, given) = (asked("difference-to-group"), asked("difference-given"));
    let shrunken =
        |name: &&str| find(name, "shrunken").is_some_and(|m| numbers(&m.value).is_some());
    if reference.is_none() && given.is_none() && !names.iter().any(shrunken) {
        return None;
    }
    let mut heads = vec![
        "Group".to_owned(),
        "#Skill".to_owned(),
        "#Skill drawn to the other groups".to_owned(),
    ];
    if let Some(group) = reference.and_then(|to| to.group.as_ref()) {
        heads.push(format!("#Difference to {group}"));
    }
    if let Some(given) = given {
        let controls: Vec<String> = given
            .controls
            .iter()
            .map(|one| words::spaced(one))
            .collect();
        heads.push(format!(
            "#Difference to the others at equal {}",
            words::list(&controls)
        ));
    }
    let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
    let mut table = Table::new("Skill of groups, otherwise compared", &heads);
    for name in names {
        let cell = |wanted: &str, style: Style| {
            Cell::optional(find(name, wanted).map(|m| &m.value), style)
        };
        let mut cells = vec![
            Cell::text(name),
            cell("", Style::Plain),
            cell("shrunken", Style::Plain),
        ];
        if let Some(to) = reference {
            cells.push(if to.group.as_deref() == Some(name) {
                Cell::absent("the reference group")
            } else {
                cell("difference-to-group", Style::Signed)
            });
        }
        if given.is_some() {
            cells.push(cell("difference-given", Style::Signed));
        }
        table.row(cells);
    }
    Some(table)
}

/// Labels that a group is given more or less often than the others, or with other odds of being right, by intervals that
/// leave out no difference; those furthest from it first.
fn unequal(meeting: Meeting<'_>, attribute: &str) -> (Option<Table>, String) {
    let of_label = |m: &&Measurement| m.label.is_some() && group(m, attribute).is_some();
    let find = |of: &Measurement, measure: &str, wanted: &str| {
        meeting.measurements().find(|m| {
            m.measure == measure && kind(m) == wanted && m.label == of.label && m.slice == of.slice
        })
    };
    let mut compared = 0;
    let mut unequal: Vec<(f64, &Measurement)> = Vec::new();
    let ratios = meeting.measurements().filter(of_label);
    for ratio in ratios.filter(|m| m.measure == "selection-rate" && kind(m) == "ratio-to-others") {
        let Some((_, low, high)) = numbers(&ratio.value) else {
            continue;
        };
        compared += 1;
        // On the scale on which half and double are as far from 1.
        let distance = low.ln().max(-high.ln());
        if distance > 0.0 {
            unequal.push((distance, ratio));
        }
    }
    if compared == 0 {
        return (None, String::new());
    }
    let by_chance = compared as f64 * (1.0 - meeting.level());
    let note = format!(
        "{} of {} ratios of how often a label is given have an interval without 1; about {} would by chance alone.",
        unequal.len(),
        thousands(compared),
        words::decimal(by_chance, 0)
    );
    if unequal.is_empty() {
        return (None, note);
    }
    unequal.sort_by(|a, b| b.0.total_cmp(&a.0));
    let left_out = unequal.len().saturating_sub(MOST_ROWS);
    let mut table = Table::new(
        "Labels given to a group more or less often than to the others",
        &[
            "Group",
            "Label",
            "#Given to",
            "#Ratio to the others",
            "#Impact ratio",
            "#Equalised odds",
        ],
    );
    for (_, ratio) in unequal.into_iter().take(MOST_ROWS) {
        let cell = |measure: &str, wanted: &str, style: Style| {
            Cell::optional(find(ratio, measure, wanted).map(|m| &m.value), style)
        };
        table.row(vec![
            Cell::text(group(ratio, attribute).unwrap_or_default()),
            Cell::text(ratio.label.as_deref().unwrap_or_default()),
            cell("selection-rate", "", Style::Share),
            Cell::value(&ratio.value, Style::Plain),
            cell("impact-ratio", "", Style::Plain),
            cell("equalised-odds", "difference-to-others", Style::Plain),
        ]);
    }
    let more = match left_out {
        0 => String::new(),
        more => format!(" {more} more stand in the record."),
    };
    (Some(table), format!("{note}{more}"))
}

/// Combinations of groups, the lowest skill first, for every model on every dataset that was asked for them.
pub fn crossed(lookup: Lookup<'_>) -> Vec<CrossedView> {
    let view = |meeting: &Meeting<'_>| {
        let mut cells: Vec<&Measurement> = meeting
            .measurements()
            .filter(|m| m.measure == "skill" && m.label.is_none())
            .filter(|m| m.slice.len() > 1 && m.comparison.is_none())
            .collect();
        let all = cells.len();
        if all == 0 {
            return None;
        }
        let key =
            |m: &Measurement| numbers(&m.value).map_or(f64::INFINITY, |(estimate, ..)| estimate);
        cells.sort_by(|a, b| key(a).total_cmp(&key(b)));
        let missing = cells.iter().filter(|m| key(m).is_infinite()).count();
        let mut table = Table::new(
            "Combinations of groups by skill, lowest first",
            &[
                "Groups",
                "#Cases",
                "#Skill",
                "#Skill drawn to the other combinations",
                "#Difference to the others",
            ],
        );
        for cell in cells.iter().take(MOST_ROWS) {
            let find = |wanted: &str| {
                let mut same = meeting.measurements().filter(|m| m.measure == "skill");
                let same =
                    same.find(|m| m.label.is_none() && m.slice == cell.slice && kind(m) == wanted);
                same.map(|m| &m.value)
            };
            table.row(vec![
                Cell::text(words::slice(&cell.slice)),
                Cell::cases(cell),
                Cell::value(&cell.value, Style::Plain),
                Cell::optional(find("shrunken"), Style::Plain),
                Cell::optional(find("difference-to-others"), Style::Signed),
            ]);
        }
        Some(CrossedView {
            heading: format!(
                "{} on {}: {}",
                lookup.model_title(&meeting.evaluation.model),
                lookup.dataset_title(&meeting.evaluation.dataset),
                meeting.evaluation.task
            ),
            note: format!(
                "{} combinations occur, {} of them without a value; {} are shown, the record holds all.",
                thousands(all as u64),
                thousands(missing as u64),
                thousands(all.min(MOST_ROWS) as u64)
            ),
            table,
        })
    };
    lookup.meetings().iter().filter_map(view).collect()
}
