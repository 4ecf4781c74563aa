//! The picture of the first screen: few rows, so that it stands beside the answers. The charts below hold everything.

use super::contrast;
use super::lookup::{Lookup, numbers};
use super::words;
use crate::diagnostic::thousands;
use crate::record::v1::{Contrast, Measurement};
use crate::report::chart::{Axis, Chart, SERIES, Series};

/// Most rows of the picture.
const CHARTED: usize = 8;

/// What the picture leaves out.
pub fn note(rows: usize) -> String {
    if rows > CHARTED {
        format!("The {CHARTED} rows with the lowest skill of {rows}.")
    } else {
        String::new()
    }
}

/// Emotion and polarity only, the whole first, then the lowest skill at emotion.
pub fn contrast_chart(lookup: Lookup<'_>, rows: &[&Contrast]) -> Chart {
    let mut rows = rows.to_vec();
    rows.sort_by(|a, b| {
        let key = |row: &Contrast| numbers(&row.emotion).map_or(f64::NEG_INFINITY, |(x, ..)| x);
        (a.label.is_some().cmp(&b.label.is_some())).then(key(a).total_cmp(&key(b)))
    });
    rows.truncate(CHARTED);
    let values = rows.iter().flat_map(|row| [&row.emotion, &row.sentiment]);
    let axis = Axis::holding(0.0, 1.0, 0.2, values);
    let legend = vec![
        Series {
            class: SERIES[0],
            label: "skill at the emotion".to_owned(),
        },
        Series {
            class: SERIES[1],
            label: "skill at polarity".to_owned(),
        },
    ];
    let title = "Emotion beside polarity: skill with intervals, and what to use";
    let mut chart = contrast::thresholds(
        lookup,
        Chart::new("first", title, axis, legend).describe(
            "Two marks with intervals for each emotion, and the advice in words; the table under Emotion or polarity \
             holds the same numbers.",
        ),
    );
    for row in rows {
        chart.row(
            row.label.as_deref().unwrap_or("All emotions"),
            &thousands(row.n),
            (
                &words::recommendation(&row.recommendation),
                &row.recommendation,
            ),
            &[(SERIES[0], &row.emotion), (SERIES[1], &row.sentiment)],
        );
    }
    chart
}

/// The skill of each label with its verdict, the whole first, then the lowest.
pub fn skill_chart(lookup: Lookup<'_>, rows: &[(&str, &Measurement, &str)]) -> Chart {
    let mut rows = rows.to_vec();
    rows.sort_by(|(_, a, _), (_, b, _)| {
        let key = |m: &Measurement| numbers(&m.value).map_or(f64::NEG_INFINITY, |(x, ..)| x);
        (a.label.is_some().cmp(&b.label.is_some())).then(key(a).total_cmp(&key(b)))
    });
    rows.truncate(CHARTED);
    let axis = Axis::holding(0.0, 1.0, 0.2, rows.iter().map(|(_, m, _)| &m.value));
    let legend = vec![Series {
        class: SERIES[0],
        label: "skill".to_owned(),
    }];
    let mut chart = contrast::thresholds(
        lookup,
        Chart::new("first", "Skill of each label with intervals, and its verdict", axis, legend)
            .describe("One mark with its interval for each label; the table under Verdict on each label holds the same numbers."),
    );
    for (name, measurement, code) in rows {
        chart.row(
            name,
            &thousands(measurement.n),
            (words::verdict(code), code),
            &[(SERIES[0], &measurement.value)],
        );
    }
    chart
}
