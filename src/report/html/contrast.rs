//! The contrast as a picture: emotion, polarity, and the polarity that the emotion answers imply, on one axis.

use serde::Serialize;

use super::lookup::{Lookup, numbers};
use super::table::{Cell, Table};
use super::words::{self, Style};
use crate::diagnostic::thousands;
use crate::record::v1::{Contrast, Value};
use crate::report::advice::Advice;
use crate::report::chart::{Axis, Chart, SERIES, Series};

/// One pair of models on one dataset.
#[derive(Serialize)]
pub struct ContrastView {
    heading: String,
    intro: String,
    chart: Chart,
    table: Table,
}

/// Where the advice for a group differs from the advice for all cases.
#[derive(Serialize)]
pub struct Deviations {
    heading: String,
    constructed: bool,
    intro: String,
    table: Table,
}

/// Why there is no picture: nothing was compared, or it stands on other pages of the audit.
pub fn absent(lookup: Lookup<'_>) -> String {
    if lookup.whole.contrasts.is_empty() {
        format!("{}: not measured.", words::sentence(&why_absent(lookup)))
    } else {
        "The comparison stands on the pages of the emotion models.".to_owned()
    }
}

/// Why no emotion model was compared with a sentiment model in all of the audit.
pub fn why_absent(lookup: Lookup<'_>) -> String {
    let judged = |task: &'static str| {
        let all = lookup.whole.evaluations.iter();
        all.filter(move |one| one.task == task && one.judged > 0)
    };
    let pairs = judged("emotion").flat_map(|emotion| {
        let partners = judged("sentiment").filter(|one| one.dataset == emotion.dataset);
        partners.map(|one| one.judged.min(emotion.judged))
    });
    let few = lookup.whole.settings.min_n;
    match pairs.max() {
        None => "no emotion model and sentiment model answered on the same cases".to_owned(),
        Some(n) if n < few => format!(
            "an emotion model and a sentiment model share {} at most, and nothing is claimed under {few}",
            words::counted(n, "case", "cases")
        ),
        Some(_) => format!(
            "an emotion model and a sentiment model share no {few} cases that both could be judged on"
        ),
    }
}

/// A picture for each pair of models and dataset.
pub fn views(lookup: Lookup<'_>) -> Vec<ContrastView> {
    let sets = lookup.contrast_sets();
    sets.iter()
        .zip(1..)
        .filter_map(|(set, number)| view(lookup, set, number))
        .collect()
}

fn view(lookup: Lookup<'_>, set: &[&Contrast], number: usize) -> Option<ContrastView> {
    let rows: Vec<&Contrast> = set
        .iter()
        .copied()
        .filter(|contrast| contrast.slice.is_empty())
        .collect();
    let first = *rows.first()?;
    let title = format!(
        "{} beside {} on {}",
        lookup.model_title(&first.emotion_model),
        lookup.model_title(&first.sentiment_model),
        lookup.dataset_title(&first.dataset)
    );
    Some(ContrastView {
        heading: title.clone(),
        intro: intro(lookup, first),
        chart: chart(lookup, &rows, number, &title),
        table: table(lookup, &rows),
    })
}

fn intro(lookup: Lookup<'_>, first: &Contrast) -> String {
    let source = |task: &str| {
        lookup
            .labels(&first.dataset, task)
            .map_or("of unknown source", |labels| &labels.words)
    };
    let polarity = if first.polarity == "labelled" {
        format!(
            "Polarity was labelled on its own ({}).",
            source("sentiment")
        )
    } else {
        "Polarity was not labelled on its own here: it follows from the emotion labels by the crosswalk, which favours \
         neither model by design but is no second opinion."
            .to_owned()
    };
    format!(
        "{} that all three answers could be judged on; emotion labels {}. {polarity}",
        words::counted(first.n, "case", "cases"),
        source("emotion")
    )
}

fn chart(lookup: Lookup<'_>, rows: &[&Contrast], number: usize, title: &str) -> Chart {
    let values = rows
        .iter()
        .flat_map(|row| [&row.emotion, &row.sentiment, &row.collapsed]);
    let axis = Axis::holding(-0.2, 1.0, 0.2, values);
    let legend = vec![
        Series {
            class: SERIES[0],
            label: "emotion".to_owned(),
        },
        Series {
            class: SERIES[1],
            label: "polarity, by the sentiment model".to_owned(),
        },
        Series {
            class: SERIES[2],
            label: "polarity, from the emotion answers".to_owned(),
        },
    ];
    let mut chart = Chart::new(format!("contrast-{number}"), format!("Skill with intervals: {title}"), axis, legend)
        .describe(format!(
            "For {} rows, three marks each on the axis of skill, where 0 is guessing and 1 is always right. {} The \
             table below holds the same numbers.",
            rows.len(),
            spoken(rows[0])
        ))
        .guide(0.0, "guessing", "zero", true);
    chart = thresholds(lookup, chart);
    for row in rows {
        let name = row.label.as_deref().unwrap_or("All emotions together");
        let advice = Advice::of(lookup, row);
        chart.row(
            name,
            &thousands(row.n),
            (&advice.short(), &advice.code),
            &[
                (SERIES[0], &row.emotion),
                (SERIES[1], &row.sentiment),
                (SERIES[2], &row.collapsed),
            ],
        );
    }
    chart
}

/// The policy's thresholds of reliability as lines.
pub fn thresholds(lookup: Lookup<'_>, mut chart: Chart) -> Chart {
    if let Some(limited) = lookup.reliability("limited") {
        chart = chart.guide(
            limited,
            &format!("limited {}", words::decimal(limited, 2)),
            "limit",
            true,
        );
    }
    if let Some(reliable) = lookup.reliability("reliable") {
        chart = chart.guide(
            reliable,
            &format!("reliable {}", words::decimal(reliable, 2)),
            "limit",
            false,
        );
    }
    chart
}

/// The three arms of a contrast as a sentence.
pub fn spoken(contrast: &Contrast) -> String {
    format!(
        "Skill at emotions {}, at polarity {}, at polarity implied by the emotion answers {}.",
        Style::Plain.value(&contrast.emotion),
        Style::Plain.value(&contrast.sentiment),
        Style::Plain.value(&contrast.collapsed)
    )
}

fn table(lookup: Lookup<'_>, rows: &[&Contrast]) -> Table {
    let mut table = Table::new(
        "Skill with intervals, and what to use",
        &[
            "Emotion",
            "#Cases",
            "#Emotion",
            "#Polarity, sentiment model",
            "#Polarity, from emotion",
            "#Polarity minus emotion",
            "Use",
        ],
    );
    for row in rows {
        table.row(vec![
            Cell::text(row.label.as_deref().unwrap_or("All emotions together")),
            Cell::count(row.n),
            Cell::value(&row.emotion, Style::Plain),
            Cell::value(&row.sentiment, Style::Plain),
            Cell::value(&row.collapsed, Style::Plain),
            Cell::value(&row.sentiment_minus_emotion, Style::Signed),
            advised(lookup, row),
        ]);
    }
    table
}

fn advised(lookup: Lookup<'_>, contrast: &Contrast) -> Cell {
    let advice = Advice::of(lookup, contrast);
    Cell::mark(&advice.code, advice.words())
}

/// Contrasts of groups whose recommendation is another than that of all cases, with the latter. Groups of which
/// nothing can be told are left out.
pub fn deviating<'a>(set: &[&'a Contrast]) -> Vec<(&'a Contrast, &'a Contrast)> {
    set.iter()
        .copied()
        .filter(|contrast| {
            !contrast.slice.is_empty() && contrast.recommendation != "not-enough-data"
        })
        .filter_map(|contrast| {
            let all = set
                .iter()
                .find(|other| other.slice.is_empty() && other.label == contrast.label)?;
            (all.recommendation != contrast.recommendation).then_some((contrast, *all))
        })
        .collect()
}

/// A table of deviating advice for each pair of models and dataset.
pub fn deviations(lookup: Lookup<'_>) -> Vec<Deviations> {
    lookup
        .contrast_sets()
        .iter()
        .filter_map(|set| {
            let grouped = set.iter().filter(|contrast| !contrast.slice.is_empty());
            let judged = grouped.clone().filter(|contrast| contrast.recommendation != "not-enough-data").count();
            let all = grouped.count();
            let differing = deviating(set);
            (all > 0).then(|| Deviations {
                constructed: lookup.is_constructed(&set[0].dataset),
                heading: format!(
                    "{} beside {} on {}",
                    lookup.model_title(&set[0].emotion_model),
                    lookup.model_title(&set[0].sentiment_model),
                    lookup.dataset_title(&set[0].dataset)
                ),
                intro: format!(
                    "Of {} of a group with one emotion or with all together, {} can be told, and {} the advice is \
                     another than for all cases.",
                    words::counted(all as u64, "combination", "combinations"),
                    thousands(judged as u64),
                    match differing.len() {
                        0 => "for none of them".to_owned(),
                        some => format!("for {some}"),
                    }
                ),
                table: deviation_table(lookup, &differing),
            })
        })
        .collect()
}

fn deviation_table(lookup: Lookup<'_>, differing: &[(&Contrast, &Contrast)]) -> Table {
    let mut table = Table::new(
        "Groups for which the advice is another than for all cases",
        &[
            "For",
            "Use",
            "All cases",
            "#Cases",
            "#Emotion",
            "#Polarity, sentiment model",
        ],
    );
    for (contrast, all) in differing {
        let emotion = contrast.label.as_deref().unwrap_or("all emotions together");
        table.row(vec![
            Cell::text(format!("{emotion}, {}", words::slice(&contrast.slice))),
            advised(lookup, contrast),
            advised(lookup, all),
            Cell::count(contrast.n),
            Cell::value(&contrast.emotion, Style::Plain),
            Cell::value(&contrast.sentiment, Style::Plain),
        ]);
    }
    table
}

/// What the difference between two arms says, where it is proven and its two decimals show that.
pub fn side(value: &Value) -> &'static str {
    match numbers(value) {
        Some((_, low, _)) if low >= 0.005 => "more",
        Some((_, _, high)) if high <= -0.005 => "less",
        _ => "",
    }
}
