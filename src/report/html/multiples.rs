//! Small multiples: the three answers of the contrast in one small chart for each group, on one axis.
//!
//! Only for attributes with so many groups that a reader wants to compare shapes; tables hold the numbers.

use serde::Serialize;

use super::contrast;
use super::lookup::{Lookup, numbers};
use super::words::{self, Style};
use crate::diagnostic::thousands;
use crate::record::v1::{Attribute, Contrast, Value};
use crate::report::advice::Advice;
use crate::report::chart::{Axis, Chart, SERIES, Series};

/// Fewest groups that are worth a grid: of cultures, and of anything else.
const FEWEST: (usize, usize) = (3, 6);

/// Most groups of a grid.
const MOST: usize = 24;

/// The groups of one attribute, for one pair of models.
#[derive(Serialize)]
pub struct MultiplesView {
    heading: String,
    legend: Vec<Series>,
    cells: Vec<Cell>,
    note: String,
}

/// One group.
#[derive(Serialize)]
struct Cell {
    chart: Chart,
    /// The code of the symbol: a recommendation or verdict.
    mark: String,
    advice: String,
}

/// A grid for each pair of models that answered on the same cases of a dataset. `key` is unique on the page.
pub fn views(
    lookup: Lookup<'_>,
    dataset: &str,
    attribute: &Attribute,
    key: &str,
) -> Vec<MultiplesView> {
    let (cultures, others) = FEWEST;
    let fewest = if attribute.kind == "culture" {
        cultures
    } else {
        others
    };
    lookup
        .contrast_sets()
        .into_iter()
        .filter(|set| set[0].dataset == dataset)
        .zip(1..)
        .filter_map(|(set, place)| {
            let whole = |contrast: &&Contrast| contrast.label.is_none();
            let mut groups: Vec<&Contrast> = set
                .iter()
                .copied()
                .filter(whole)
                .filter(|one| one.slice.len() == 1 && one.slice.contains_key(&attribute.name))
                .collect();
            if groups.len() < fewest {
                return None;
            }
            groups.sort_by(|a, b| skill(&a.emotion).total_cmp(&skill(&b.emotion)));
            let all = set.iter().copied().filter(whole);
            let all = all.into_iter().find(|one| one.slice.is_empty());
            Some(view(
                lookup,
                attribute,
                all,
                &groups,
                &format!("{key}-{place}"),
            ))
        })
        .collect()
}

/// The estimate by which groups are ordered; those without one stand last.
fn skill(value: &Value) -> f64 {
    numbers(value).map_or(f64::INFINITY, |(estimate, ..)| estimate)
}

fn view(
    lookup: Lookup<'_>,
    attribute: &Attribute,
    all: Option<&Contrast>,
    groups: &[&Contrast],
    key: &str,
) -> MultiplesView {
    let shown = &groups[..groups.len().min(MOST)];
    let values = shown
        .iter()
        .copied()
        .chain(all)
        .flat_map(|one| [&one.emotion, &one.sentiment, &one.collapsed]);
    let axis = Axis::holding(-0.2, 1.0, 0.2, values);
    let whole = all.and_then(|all| numbers(&all.emotion));
    let [emotion, sentiment, collapsed, _] = SERIES;
    let mut legend: Vec<Series> = [
        (emotion, "emotion"),
        (sentiment, "polarity, by the sentiment model"),
        (collapsed, "polarity, from the emotion answers"),
    ]
    .into_iter()
    .map(|(class, label)| Series {
        class,
        label: label.to_owned(),
    })
    .collect();
    if let Some((estimate, ..)) = whole {
        legend.push(Series {
            class: "rule",
            label: format!("emotion, all cases: {}", Style::Plain.number(estimate)),
        });
    }
    let named = |one: &Contrast| {
        let group = one.slice.get(&attribute.name);
        group.map_or_else(|| "all cases".to_owned(), Clone::clone)
    };
    let cells = all
        .into_iter()
        .chain(shown.iter().copied())
        .zip(0..)
        .map(|(one, place): (&Contrast, u32)| {
            let name = named(one);
            let mut chart = Chart::new(
                format!("{key}-{place}"),
                format!("{name}: skill at emotion and at polarity"),
                axis,
                Vec::new(),
            )
            .describe(contrast::spoken(one));
            if let Some((estimate, ..)) = whole {
                chart = chart.guide(estimate, "", "whole", true);
            }
            chart.row(
                &name,
                &thousands(one.n),
                ("", ""),
                &[
                    (emotion, &one.emotion),
                    (sentiment, &one.sentiment),
                    (collapsed, &one.collapsed),
                ],
            );
            let advice = Advice::of(lookup, one);
            Cell {
                chart,
                advice: advice.short(),
                mark: advice.code,
            }
        })
        .collect();
    MultiplesView {
        heading: format!(
            "Emotion or polarity by group: {} beside {}",
            lookup.model_title(&groups[0].emotion_model),
            lookup.model_title(&groups[0].sentiment_model)
        ),
        legend,
        cells,
        note: left_out(attribute, groups, shown.len()),
    }
}

/// What has no chart of its own, so that a gap in the grid is not taken for a group that does not exist.
fn left_out(attribute: &Attribute, groups: &[&Contrast], shown: usize) -> String {
    let mut sentences = Vec::new();
    if shown < groups.len() {
        sentences.push(format!(
            "The {shown} groups with the lowest skill at emotion are shown, of {}.",
            groups.len()
        ));
    }
    let absent: Vec<String> = attribute
        .groups
        .iter()
        .filter(|group| {
            groups
                .iter()
                .all(|one| one.slice.get(&attribute.name) != Some(&group.name))
        })
        .map(|group| format!("{} ({})", group.name, thousands(group.count)))
        .collect();
    if !absent.is_empty() {
        sentences.push(format!(
            "Without a chart, because too few of its cases had all three answers or its values are not shown: {}.",
            words::list_up_to(&absent, 8)
        ));
    }
    sentences.join(" ")
}
