//! The picture of the first screen: few rows, so that it stands beside the answers. The charts below hold everything.

use super::contrast;
use super::lookup::{Lookup, numbers};
use super::words;
use crate::diagnostic::thousands;
use crate::record::v1::{Contrast, Measurement};
use crate::report::advice::Advice;
use crate::report::chart::{Axis, Chart, SERIES, Series};

/// Most rows of the picture.
pub const CHARTED: usize = 8;

/// What the picture leaves out.
pub fn note(rows: usize) -> String {
    if rows > CHARTED {
        format!("The {CHARTED} rows with the lowest skill of {rows}.")
    } else {
        String::new()
    }
}

/// Emotion and polarity only, the whole first, then the lowest skill at emotion. `key` is unique on the page.
pub fn contrast_chart(lookup: Lookup<'_>, key: &str, rows: &[&Contrast]) -> Chart {
    let mut rows = rows.to_vec();
    rows.sort_by(|a, b| {
        let key = |row: &Contrast| numbers(&row.emotion).map_or(f64::NEG_INFINITY, |(x, ..)| x);
        (a.label.is_some().cmp(&b.label.is_some())).then(key(a).total_cmp(&key(b)))
    });
    rows.truncate(CHARTED);
    let values = rows.iter().flat_map(|row| [&row.emotion, &row.sentiment]);
    let axis = Axis::holding(0.0, 1.0, 0.2, values);
    let title = "Emotion beside polarity: skill with intervals, and what to use";
    let mut chart = contrast::thresholds(
        lookup,
        Chart::new(key, title, axis, both()).describe(
            "Two marks with intervals for each emotion, and the advice in words; the table under Emotion or polarity \
             holds the same numbers.",
        ),
    );
    for row in rows {
        let advice = Advice::of(lookup, row);
        chart.row(
            row.label.as_deref().unwrap_or("All emotions"),
            &thousands(row.n),
            (&advice.short(), &advice.code),
            &[(SERIES[0], &row.emotion), (SERIES[1], &row.sentiment)],
        );
    }
    chart
}

/// Emotion and polarity of several models, a row for each: its name and its contrast over all emotions.
pub fn models_chart(lookup: Lookup<'_>, rows: &[(String, &Contrast)]) -> Chart {
    let mut rows = rows.to_vec();
    let key = |row: &Contrast| numbers(&row.emotion).map_or(f64::NEG_INFINITY, |(x, ..)| x);
    rows.sort_by(|(_, a), (_, b)| key(b).total_cmp(&key(a)));
    rows.truncate(CHARTED);
    let values = rows
        .iter()
        .flat_map(|(_, row)| [&row.emotion, &row.sentiment]);
    let axis = Axis::holding(0.0, 1.0, 0.2, values);
    let title = "All emotions together, by model: skill with intervals, and what to use";
    let mut chart = contrast::thresholds(
        lookup,
        Chart::new("first", title, axis, both()).describe(
            "Two marks with intervals for each emotion model: its skill at emotions, and the skill of the best sentiment \
             model at the polarity of the same cases; the tables below hold the same numbers.",
        ),
    );
    for (name, row) in rows {
        let advice = Advice::of(lookup, row);
        chart.row(
            &name,
            &thousands(row.n),
            (&advice.short(), &advice.code),
            &[(SERIES[0], &row.emotion), (SERIES[1], &row.sentiment)],
        );
    }
    chart
}

fn both() -> Vec<Series> {
    let named = [
        (SERIES[0], "skill at the emotion"),
        (SERIES[1], "skill at polarity"),
    ];
    let series = named.map(|(class, label)| Series {
        class,
        label: label.to_owned(),
    });
    series.into()
}

/// The title of a picture of the labels of one model.
pub const OF_LABELS: &str = "Skill of each label with intervals, and its verdict";

/// Skill with its verdict, the whole first, then the lowest.
pub fn skill_chart(
    lookup: Lookup<'_>,
    (key, title): (&str, &str),
    rows: &[(&str, &Measurement, &str)],
) -> Chart {
    let mut rows = rows.to_vec();
    rows.sort_by(|(_, a, _), (_, b, _)| {
        let skill = |m: &Measurement| numbers(&m.value).map_or(f64::NEG_INFINITY, |(x, ..)| x);
        (a.label.is_some().cmp(&b.label.is_some())).then(skill(a).total_cmp(&skill(b)))
    });
    rows.truncate(CHARTED);
    let axis = Axis::holding(0.0, 1.0, 0.2, rows.iter().map(|(_, m, _)| &m.value));
    let legend = vec![Series {
        class: SERIES[0],
        label: "skill".to_owned(),
    }];
    let mut chart = contrast::thresholds(
        lookup,
        Chart::new(key, title, axis, legend).describe(
            "One mark with its interval for each row; the tables below hold the same numbers.",
        ),
    );
    for (name, measurement, code) in rows {
        chart.row(
            name,
            &words::cases(measurement),
            (words::verdict(code), code),
            &[(SERIES[0], &measurement.value)],
        );
    }
    chart
}
