//! What changed since the release that the audit was measured from: the worst first, with what the gates make of it.

use serde::Serialize;

use super::lookup::{Lookup, numbers};
use super::point::{Item, Point};
use super::table::{Cell, Fact, Table, facts};
use super::words::{self, Style};
use crate::measure::{Direction, Measure};
use crate::record::v1::{CHANGE, Finding, Measurement, PAIRED_CHANGE};

/// Changes from the baseline.
#[derive(Serialize)]
pub struct BaselineView {
    facts: Vec<Fact>,
    sentence: String,
    table: Option<Table>,
    too_many: String,
}

/// A change with the finding that rests on it.
struct Change<'a> {
    of: &'a Measurement,
    finding: Option<&'a Finding>,
}

impl Change<'_> {
    fn is_paired(&self) -> bool {
        let to = self.of.comparison.as_ref();
        to.is_some_and(|to| to.kind == PAIRED_CHANGE)
    }

    fn outcome(&self) -> &str {
        self.finding
            .map_or("none", |finding| finding.outcome.as_str())
    }

    /// How much better it became; what neither end of is better changed by so much for the worse.
    fn gain(&self) -> f64 {
        let Some((estimate, ..)) = numbers(&self.of.value) else {
            return f64::INFINITY;
        };
        let measure = Measure::parse(&self.of.measure);
        match measure.map(|measure| measure.page().direction) {
            Some(Direction::Higher) => estimate,
            Some(Direction::Lower | Direction::Zero) => -estimate,
            _ => -estimate.abs(),
        }
    }

    /// The measure, the label and the group.
    fn about(&self) -> String {
        let measure = words::sentence(&words::spaced(&self.of.measure));
        let label = self.of.label.iter().cloned();
        let group = (!self.of.slice.is_empty()).then(|| words::slice(&self.of.slice));
        let within = self
            .of
            .comparison
            .as_ref()
            .and_then(|to| to.attribute.as_deref());
        let within = within.map(|attribute| format!("sets by {}", words::spaced(attribute)));
        let parts: Vec<String> = label.chain(group).chain(within).collect();
        if parts.is_empty() {
            format!("{measure}, all cases")
        } else {
            format!("{measure}, {}", parts.join(", "))
        }
    }
}

/// All changes, the worst first; those without a value stand last.
fn changes(lookup: Lookup<'_>) -> Vec<Change<'_>> {
    let is_change = |of: &&Measurement| {
        let to = of.comparison.as_ref();
        to.is_some_and(|to| [CHANGE, PAIRED_CHANGE].contains(&to.kind.as_str()))
    };
    let measurements = lookup.record.measurements.iter().filter(is_change);
    let change = |of| Change {
        of,
        finding: lookup.finding(of),
    };
    let mut changes: Vec<Change<'_>> = measurements.map(change).collect();
    changes.sort_by(|a, b| a.gain().total_cmp(&b.gain()));
    changes
}

/// Builds the section; none where no baseline was named.
pub fn view(lookup: Lookup<'_>) -> Option<BaselineView> {
    let record = lookup.record;
    let baseline = record.baseline.as_ref()?;
    let changes = changes(lookup);
    let paired = changes.iter().filter(|change| change.is_paired()).count();
    let sentence = match (changes.len(), paired) {
        (0, _) => "No gate asks for a change that could be measured.".to_owned(),
        (all, 0) => format!(
            "{} from the baseline, as if the answers of then and of now had nothing to do with each other: the record of then holds no answers. With them (--baseline-predictions) changes are paired by case and mostly far surer.",
            words::counted(all as u64, "change", "changes")
        ),
        (all, paired) if all == paired => format!(
            "{} from the baseline, paired by case: only cases that were answered otherwise then speak for a change.",
            words::counted(all as u64, "change", "changes")
        ),
        (all, paired) => format!(
            "{} from the baseline, {paired} of them paired by case; the others are taken as if independent.",
            words::counted(all as u64, "change", "changes")
        ),
    };
    let several = record.models.len() > 1;
    let mut heads = vec![
        "What changed",
        "#Now minus then",
        "#Cases",
        "Counted",
        "Gate",
    ];
    if several {
        heads.insert(1, "Model and data");
    }
    let mut table = Table::new("Changes since the baseline, the worst first", &heads);
    for change in &changes {
        let of = change.of;
        let mut cells = vec![
            match change.finding {
                // What passed stands in a list, where nothing leads to.
                Some(finding) if finding.outcome != "pass" => {
                    Cell::text(change.about()).leading_away(lookup.address(finding))
                }
                _ => Cell::text(change.about()),
            },
            Cell::value(&of.value, Style::Shift),
            Cell::cases(of),
            Cell::text(if change.is_paired() {
                "paired by case"
            } else {
                "as if independent"
            }),
            match change.finding {
                Some(finding) => Cell::mark(&finding.outcome, words::outcome(&finding.outcome)),
                None => Cell::absent("not asked"),
            },
        ];
        if several {
            let model = lookup.model_title(&of.model);
            cells.insert(1, Cell::text(model).note(lookup.dataset_title(&of.dataset)));
        }
        table.row(cells);
    }
    let models = baseline.models.iter();
    let models: Vec<String> = models
        .map(|(name, digest)| format!("{name} ({digest:.8})"))
        .collect();
    let answers: Vec<String> = baseline
        .predictions
        .iter()
        .map(|(name, digest)| format!("{name} ({digest:.8})"))
        .collect();
    let (table, too_many) = match table.bearable() {
        Ok(table) => ((!table.rows.is_empty()).then_some(table), String::new()),
        Err(more) => (None, more),
    };
    Some(BaselineView {
        facts: facts([
            ("Record of then", baseline.digest.clone()),
            ("Written by version", baseline.tool.clone()),
            ("Models of then", models.join(", ")),
            ("Answers of then", answers.join(", ")),
        ]),
        sentence,
        table,
        too_many,
    })
}

/// What the first screen says of it: what got worse by more than a gate allows, and what cannot be told.
pub fn points(lookup: Lookup<'_>) -> Vec<Point> {
    let changes = changes(lookup);
    let several = lookup.record.models.len() > 1;
    let of = |outcomes: &[&str]| -> Vec<&Change<'_>> {
        let changes = changes.iter();
        changes
            .filter(|change| outcomes.contains(&change.outcome()))
            .collect()
    };
    let item = |change: &&Change<'_>| {
        let item = Item::new(change.about(), &[Style::Shift.value(&change.of.value)]);
        if several {
            item.of(&change.of.model)
        } else {
            item
        }
    };
    let worse = of(&["fail"]).iter().map(item).collect();
    let mut points: Vec<Point> = Point::about("fail", "Worse than a gate allows", "", worse)
        .into_iter()
        .collect();
    for (mark, lead, outcomes) in [
        (
            "insufficient",
            "Cannot be told",
            &["insufficient", "unmeasured"][..],
        ),
        ("pass", "Shown to be within what gates allow", &["pass"][..]),
    ] {
        let n = of(outcomes).len() as u64;
        if n > 0 {
            points.push(Point::new(
                mark,
                lead,
                format!("{}.", words::counted(n, "change", "changes")),
            ));
        }
    }
    points
}
