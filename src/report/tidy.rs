//! Every measurement and every finding as a row of one table, for statistics programs. How it is written is left to
//! the formats.

use std::collections::BTreeMap;

use super::text::line;
use crate::record::Record;
use crate::record::v1::{Finding, Interval, Measurement, Test, Value};

/// A column and its values, one for each row.
pub struct Column {
    /// Its name.
    pub name: &'static str,
    /// Its values.
    pub values: Values,
}

/// The values of a column; where there is none, there is nothing to say.
pub enum Values {
    /// Words.
    Text(Vec<Option<String>>),
    /// Counts.
    Whole(Vec<Option<u64>>),
    /// Quantities.
    Number(Vec<Option<f64>>),
}

/// A measurement by itself, or a finding with the measurement it rests on.
#[derive(Clone, Copy)]
struct Row<'a> {
    measurement: Option<&'a Measurement>,
    finding: Option<&'a Finding>,
}

impl<'a> Row<'a> {
    fn defined(self) -> Option<(f64, &'a Interval, Option<&'a Test>)> {
        match &self.measurement?.value {
            Value::Defined {
                estimate,
                interval,
                test,
            } => Some((*estimate, interval, test.as_ref())),
            Value::Missing { .. } => None,
        }
    }
}

/// The columns of the table: first all measurements, then all findings, which the column `row` tells apart.
pub fn columns(record: &Record) -> Vec<Column> {
    let measurements = record.measurements.iter().map(|measurement| Row {
        measurement: Some(measurement),
        finding: None,
    });
    let findings = record.findings.iter().map(|finding| Row {
        measurement: finding.measurement.as_ref(),
        finding: Some(finding),
    });
    let rows: Vec<Row<'_>> = measurements.chain(findings).collect();
    let of = |row: Row<'_>, field: fn(&Measurement) -> &str| {
        row.measurement.map(|m| field(m).to_owned())
    };
    let judged =
        |row: Row<'_>, field: fn(&Finding) -> &str| row.finding.map(|f| field(f).to_owned());
    vec![
        text(&rows, "row", |row| {
            let kind = if row.finding.is_some() {
                "finding"
            } else {
                "measurement"
            };
            Some(kind.to_owned())
        }),
        text(&rows, "model", |row| of(row, |m| &m.model)),
        text(&rows, "dataset", |row| of(row, |m| &m.dataset)),
        text(&rows, "task", |row| of(row, |m| &m.task)),
        text(&rows, "measure", |row| of(row, |m| &m.measure)),
        text(&rows, "label", |row| row.measurement?.label.clone()),
        text(&rows, "slice", |row| Some(slice(&row.measurement?.slice))),
        text(&rows, "comparison", |row| {
            row.measurement?
                .comparison
                .as_ref()
                .map(|to| to.kind.clone())
        }),
        text(&rows, "compared_attribute", |row| {
            row.measurement?.comparison.as_ref()?.attribute.clone()
        }),
        text(&rows, "compared_group", |row| {
            row.measurement?.comparison.as_ref()?.group.clone()
        }),
        text(&rows, "compared_model", |row| {
            row.measurement?.comparison.as_ref()?.model.clone()
        }),
        text(&rows, "controls", |row| {
            let controls = &row.measurement?.comparison.as_ref()?.controls;
            (!controls.is_empty()).then(|| controls.join(", "))
        }),
        whole(&rows, "n", |row| row.measurement?.cases()),
        whole(&rows, "clusters", |row| {
            let measurement = row.measurement?;
            measurement.cases().map(|_| measurement.clusters)
        }),
        number(&rows, "estimate", |row| Some(row.defined()?.0)),
        number(&rows, "low", |row| Some(row.defined()?.1.low)),
        number(&rows, "high", |row| Some(row.defined()?.1.high)),
        number(&rows, "level", |row| Some(row.defined()?.1.level)),
        text(&rows, "method", |row| Some(row.defined()?.1.method.clone())),
        text(&rows, "test", |row| Some(row.defined()?.2?.name.clone())),
        number(&rows, "statistic", |row| Some(row.defined()?.2?.statistic)),
        number(&rows, "degrees_of_freedom", |row| {
            row.defined()?.2?.degrees_of_freedom
        }),
        number(&rows, "p", |row| Some(row.defined()?.2?.p)),
        text(&rows, "undefined", |row| match &row.measurement?.value {
            Value::Missing { undefined } => Some(undefined.reason.clone()),
            Value::Defined { .. } => None,
        }),
        text(&rows, "finding", |row| judged(row, |f| &f.id)),
        text(&rows, "gate", |row| judged(row, |f| &f.gate)),
        text(&rows, "severity", |row| judged(row, |f| &f.severity)),
        text(&rows, "outcome", |row| judged(row, |f| &f.outcome)),
        whole(&rows, "needed_n", |row| row.finding?.needed_n),
        text(&rows, "detail", |row| {
            match (row.finding, row.measurement.map(|m| &m.value)) {
                (Some(finding), _) => Some(finding.detail.clone()),
                (None, Some(Value::Missing { undefined })) => Some(undefined.detail.clone()),
                _ => None,
            }
        }),
        // Tables of several audits are bound together, and must still say which row is whose.
        text(&rows, "tool", |_| {
            Some(format!("{} {}", record.tool.name, record.tool.version))
        }),
        text(&rows, "record", |_| Some(record.digest.clone())),
    ]
}

fn text(rows: &[Row<'_>], name: &'static str, value: impl Fn(Row<'_>) -> Option<String>) -> Column {
    let values = rows.iter().map(|row| value(*row).map(|text| line(&text)));
    Column {
        name,
        values: Values::Text(values.collect()),
    }
}

fn whole(rows: &[Row<'_>], name: &'static str, value: impl Fn(Row<'_>) -> Option<u64>) -> Column {
    Column {
        name,
        values: Values::Whole(rows.iter().map(|row| value(*row)).collect()),
    }
}

fn number(rows: &[Row<'_>], name: &'static str, value: impl Fn(Row<'_>) -> Option<f64>) -> Column {
    Column {
        name,
        values: Values::Number(rows.iter().map(|row| value(*row)).collect()),
    }
}

/// "age=child; gender=woman"; empty for all cases.
pub fn slice(slice: &BTreeMap<String, String>) -> String {
    let parts: Vec<String> = slice
        .iter()
        .map(|(attribute, group)| format!("{attribute}={group}"))
        .collect();
    parts.join("; ")
}
