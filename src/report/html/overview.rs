//! The first of several pages: what is about all models, and where the rest stands.

use serde::Serialize;

use super::first::one_model;
use super::lookup::{Lookup, Meeting};
use super::picture::{self, OF_LABELS};
use super::table::{Cell, Table};
use crate::record::v1::Contrast;
use crate::report::by_gate::{State, by_gate};
use crate::report::chart::Chart;

/// Most models that are columns of one table.
const COLUMNS: usize = 8;

/// Most pictures.
const PICTURES: usize = 24;

/// The labels of one model on one dataset as a picture.
#[derive(Serialize)]
pub struct Picture {
    heading: String,
    address: String,
    note: String,
    chart: Chart,
}

/// What a first page shows of each model.
#[derive(Serialize)]
pub struct Pictures {
    shown: Vec<Picture>,
    note: String,
}

/// A picture for each model on each dataset of real text, or of any text where there is nothing else: emotion beside
/// the polarity that some sentiment model reads best, or else skill by label.
pub fn pictures(lookup: Lookup<'_>) -> Pictures {
    let mut meetings = lookup.meetings();
    if meetings.iter().any(|one| !one.is_constructed()) {
        meetings.retain(|one| !one.is_constructed());
    }
    let drawn = meetings.iter().zip(1..);
    let drawn = drawn.filter_map(|(meeting, place)| picture(lookup, *meeting, place));
    let mut shown: Vec<Picture> = drawn.collect();
    let all = shown.len();
    shown.truncate(PICTURES);
    let note = match all > PICTURES {
        true => {
            format!("{PICTURES} of {all} pictures stand here; each model's own page has its own.")
        }
        false => String::new(),
    };
    Pictures { shown, note }
}

fn picture(lookup: Lookup<'_>, meeting: Meeting<'_>, place: usize) -> Option<Picture> {
    let evaluation = meeting.evaluation;
    let key = format!("picture-{place}");
    let (chart, note) = match contrast(lookup, meeting) {
        Some(rows) => {
            let polarity = lookup.model_title(&rows[0].sentiment_model);
            let note = format!("Polarity by {polarity}. {}", picture::note(rows.len()));
            (picture::contrast_chart(lookup, &key, &rows), note)
        }
        None => {
            let rows = one_model::rows(meeting);
            if rows.is_empty() {
                return None;
            }
            let chart = picture::skill_chart(lookup, (&key, OF_LABELS), &rows);
            (chart, picture::note(rows.len()))
        }
    };
    let model = lookup.model_title(&evaluation.model);
    let data = lookup.dataset_title(&evaluation.dataset);
    let address = |site: &super::site::Site| site.address(&evaluation.model, &evaluation.dataset);
    Some(Picture {
        heading: format!("{model} on {data}"),
        address: lookup.site.and_then(address).unwrap_or_default(),
        note,
        chart,
    })
}

/// The rows over all cases of an emotion model beside the sentiment model that reads the same cases best.
fn contrast<'a>(lookup: Lookup<'a>, meeting: Meeting<'a>) -> Option<Vec<&'a Contrast>> {
    let evaluation = meeting.evaluation;
    let mut rows = lookup.best_contrasts(&evaluation.model, &evaluation.dataset)?;
    rows.retain(|row| row.slice.is_empty());
    Some(rows)
}

/// What each model failed and lacks of each gate that any failed or lacks; none where they are too many for a table.
pub fn gates(lookup: Lookup<'_>) -> Option<Table> {
    let site = lookup.site?;
    let counts = site.by_model();
    let names: Vec<&str> = lookup
        .record
        .models
        .iter()
        .map(|model| model.name.as_str())
        .filter(|name| counts.contains_key(name))
        .collect();
    if names.len() > COLUMNS {
        return None;
    }
    let heads: Vec<&str> = std::iter::once("Gate")
        .chain(names.iter().copied())
        .collect();
    let mut table = Table::new(
        "Failed findings and missing evidence by gate and model",
        &heads,
    );
    for (gate, place) in by_gate(lookup.record).into_iter().zip(1..) {
        let held = [State::Failed, State::Missing].map(|state| gate.count(lookup.record, state));
        if held == [0, 0] {
            continue;
        }
        let cell = |name: &&str| {
            let of_model = gate.findings.iter().copied().filter(|finding| {
                let of = finding.measurement.as_ref();
                of.is_some_and(|of| of.model == **name)
            });
            let of_model: Vec<_> = of_model.collect();
            let count = |wanted: State| {
                let states = of_model.iter().map(|one| State::of(lookup.record, one));
                states.filter(|state| *state == wanted).count()
            };
            let (failed, missing) = (count(State::Failed), count(State::Missing));
            let text = match (failed, missing) {
                (0, 0) if of_model.is_empty() => return Cell::absent("not asked"),
                (0, 0) => return Cell::text("–"),
                (0, missing) => format!("{missing} open"),
                (failed, 0) => format!("{failed} failed"),
                (failed, missing) => format!("{failed} failed, {missing} open"),
            };
            let first = of_model.iter().find(|finding| {
                matches!(
                    State::of(lookup.record, finding),
                    State::Failed | State::Missing
                )
            });
            let address = first.and_then(|first| site.finding(first, &format!("gate-{place}")));
            Cell::text(text).leading_away(address.unwrap_or_default())
        };
        let cells = std::iter::once(Cell::text(gate.title)).chain(names.iter().map(cell));
        table.row(cells.collect());
    }
    (!table.rows.is_empty()).then_some(table)
}
