//! Interval plots as geometry in finished strings; the template draws them as inline SVG.
//!
//! Places along the axis are percentages, so that a chart takes any width and its text keeps its size.

use serde::Serialize;

use crate::diagnostic::decimal;
use crate::record::v1::Value;

/// Height of the line that labels a row, in pixels.
const LABEL: u32 = 20;

/// Height of one mark with its interval, in pixels.
const LANE: u32 = 12;

/// Space under each row, in pixels.
const GAP: u32 = 10;

/// Space above the first row, for the names of guides.
const TOP: u32 = 22;

/// Space left and right of the axis, in percent of the width.
const MARGIN: f64 = 2.0;

/// Most characters of a name in a row label, so that labels fit on a narrow screen: beside a remark, and alone.
const LABEL_CHARACTERS: (usize, usize) = (24, 40);

/// A linear axis.
#[derive(Clone, Copy, Debug)]
pub struct Axis {
    low: f64,
    high: f64,
    step: f64,
    percent: bool,
}

impl Axis {
    /// An axis over at least `low` to `high` that is widened in whole steps to hold all values and intervals.
    pub fn holding<'a>(
        low: f64,
        high: f64,
        step: f64,
        values: impl IntoIterator<Item = &'a Value>,
    ) -> Self {
        let mut axis = Axis {
            low,
            high,
            step,
            percent: false,
        };
        for value in values {
            if let Value::Defined { interval, .. } = value {
                axis.low = axis.low.min((interval.low / step).floor() * step);
                axis.high = axis.high.max((interval.high / step).ceil() * step);
            }
        }
        axis
    }

    /// The same axis with ticks in percent.
    pub fn in_percent(self) -> Self {
        Axis {
            percent: true,
            ..self
        }
    }

    /// The place of a value in percent of the width; values outside stand at the edge.
    fn place(self, value: f64) -> f64 {
        let share = (value.clamp(self.low, self.high) - self.low) / (self.high - self.low);
        MARGIN + (100.0 - 2.0 * MARGIN) * share
    }

    fn ticks(self) -> Vec<Tick> {
        let steps = ((self.high - self.low) / self.step).round() as u32;
        // Eight ticks fit on a narrow screen; beyond that only some steps are named.
        let every = steps.div_ceil(8).max(1);
        (0..=steps)
            .filter(|place| place % every == 0)
            .map(|place| {
                let value = self.low + f64::from(place) * self.step;
                let label = if self.percent {
                    format!("{}\u{a0}%", decimal(100.0 * value, 0)).replace('-', "−")
                } else {
                    let text = decimal(value, 2);
                    let text = text.trim_end_matches('0').trim_end_matches('.');
                    text.replace('-', "−")
                };
                Tick {
                    x: percent(self.place(value)),
                    label,
                }
            })
            .collect()
    }
}

#[derive(Clone, Debug, Serialize)]
struct Tick {
    x: String,
    label: String,
}

/// A vertical line at a threshold.
#[derive(Clone, Debug, Serialize)]
struct Guide {
    x: String,
    label: String,
    class: &'static str,
    /// Which end of its label stands at the line.
    anchor: &'static str,
}

/// A shaded stretch of the axis.
#[derive(Clone, Debug, Serialize)]
struct Band {
    x: String,
    width: String,
}

/// One kind of mark; kinds differ by shape as well as by colour.
#[derive(Clone, Debug, Serialize)]
pub struct Series {
    /// Its class and shape: `k1` circle, `k2` square, `k3` triangle, `k4` diamond.
    pub class: &'static str,
    /// What it stands for.
    pub label: String,
}

/// Classes of series, in order.
pub const SERIES: [&str; 4] = ["k1", "k2", "k3", "k4"];

#[derive(Clone, Debug, Serialize)]
struct Mark {
    class: &'static str,
    y: u32,
    x: String,
    low: String,
    high: String,
    /// Why there is no mark; empty where there is one.
    missing: String,
}

#[derive(Clone, Debug, Serialize)]
struct Row {
    y: u32,
    label: String,
    aside: String,
    aside_class: String,
    marks: Vec<Mark>,
}

/// An interval plot.
#[derive(Clone, Debug, Serialize)]
pub struct Chart {
    key: String,
    title: String,
    desc: String,
    height: u32,
    bottom: u32,
    ticks: Vec<Tick>,
    guides: Vec<Guide>,
    bands: Vec<Band>,
    rows: Vec<Row>,
    legend: Vec<Series>,
    #[serde(skip)]
    axis: Axis,
}

impl Chart {
    /// A chart without rows. `key` is unique on the page and made of letters, digits and hyphens.
    pub fn new(
        key: impl Into<String>,
        title: impl Into<String>,
        axis: Axis,
        legend: Vec<Series>,
    ) -> Self {
        Chart {
            key: key.into(),
            title: title.into(),
            desc: String::new(),
            height: TOP + 24,
            bottom: TOP,
            ticks: axis.ticks(),
            guides: Vec::new(),
            bands: Vec::new(),
            rows: Vec::new(),
            legend,
            axis,
        }
    }

    /// The chart with a longer description for those who cannot see it.
    pub fn describe(mut self, desc: impl Into<String>) -> Self {
        self.desc = desc.into();
        self
    }

    /// The chart with a line at `value`; `label` stands left of the line if `before`, else right of it.
    pub fn guide(mut self, value: f64, label: &str, class: &'static str, before: bool) -> Self {
        self.guides.push(Guide {
            x: percent(self.axis.place(value)),
            label: label.to_owned(),
            class,
            anchor: if before { "end" } else { "start" },
        });
        self
    }

    /// The chart with a shaded stretch.
    pub fn band(mut self, low: f64, high: f64) -> Self {
        let (low, high) = (self.axis.place(low), self.axis.place(high));
        self.bands.push(Band {
            x: percent(low),
            width: percent(high - low),
        });
        self
    }

    /// Adds a row: its name and cases, a remark at the right with its class, and its marks by series.
    pub fn row(
        &mut self,
        name: &str,
        cases: &str,
        (aside, aside_class): (&str, &str),
        marks: &[(&'static str, &Value)],
    ) {
        let y = self.bottom;
        let (beside, alone) = LABEL_CHARACTERS;
        let name = shortened(name, if aside.is_empty() { alone } else { beside });
        let marks: Vec<Mark> = marks
            .iter()
            .zip(0..)
            .map(|((class, value), lane)| {
                self.mark(class, value, y + LABEL + LANE * lane + LANE / 2)
            })
            .collect();
        self.bottom += LABEL + LANE * marks.len() as u32 + GAP;
        self.height = self.bottom + 24;
        self.rows.push(Row {
            y: y + LABEL - 6,
            label: if cases.is_empty() {
                name
            } else {
                format!("{name} · {cases}")
            },
            aside: aside.to_owned(),
            aside_class: aside_class.to_owned(),
            marks,
        });
    }

    fn mark(&self, class: &'static str, value: &Value, y: u32) -> Mark {
        match value {
            Value::Defined {
                estimate, interval, ..
            } => Mark {
                class,
                y,
                x: percent(self.axis.place(*estimate)),
                low: percent(self.axis.place(interval.low)),
                high: percent(self.axis.place(interval.high)),
                missing: String::new(),
            },
            Value::Missing { undefined } => Mark {
                class,
                y,
                x: String::new(),
                low: String::new(),
                high: String::new(),
                missing: format!("no value ({})", undefined.reason),
            },
        }
    }
}

fn percent(place: f64) -> String {
    format!("{place:.1}%")
}

fn shortened(label: &str, most: usize) -> String {
    if label.chars().count() <= most {
        return label.to_owned();
    }
    // Names of one kind often differ at the end alone, as versions do.
    let end = most / 3;
    let kept = label.chars().take(most - 1 - end);
    let last = label.chars().skip(label.chars().count() - end);
    kept.chain(['…']).chain(last).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::v1::Interval;

    fn value(estimate: f64, low: f64, high: f64) -> Value {
        Value::Defined {
            estimate,
            interval: Interval {
                low,
                high,
                level: 0.95,
                method: "wilson".to_owned(),
                degrees_of_freedom: None,
            },
            test: None,
        }
    }

    #[test]
    fn an_axis_widens_until_it_holds_every_interval() {
        let wide = value(0.0, -0.55, 0.2);
        let axis = Axis::holding(-0.2, 1.0, 0.2, [&wide]);
        assert!((axis.low + 0.6).abs() < 1e-12);
        assert!((axis.place(-0.6) - MARGIN).abs() < 1e-9);
        assert!((axis.place(1.0) - (100.0 - MARGIN)).abs() < 1e-9);
        assert!(axis.ticks().iter().any(|tick| tick.label == "0"));
    }

    #[test]
    fn a_value_that_is_missing_is_said_and_not_drawn() {
        let missing = Value::Missing {
            undefined: crate::record::v1::Undefined {
                reason: "too-few-cases".to_owned(),
                detail: "12 cases".to_owned(),
            },
        };
        let axis = Axis::holding(-0.2, 1.0, 0.2, []);
        let mut chart = Chart::new("c", "t", axis, Vec::new());
        chart.row(
            "fear",
            "",
            ("", ""),
            &[("k1", &missing), ("k2", &value(0.5, 0.4, 0.6))],
        );
        assert_eq!(chart.rows[0].marks[0].missing, "no value (too-few-cases)");
        assert_eq!(chart.rows[0].marks[0].x, "");
        assert_eq!(chart.rows[0].marks[1].missing, "");
    }
}
