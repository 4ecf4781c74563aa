//! Gates on comparisons of groups: how often do they fail where groups do not differ, where they differ by just as much
//! as is allowed, and where they differ twice as much?
//!
//! Four groups of independent cases and three labels. The first group is read rightly in 75 % of cases less a difference,
//! the others in 75 %; where rates of selection are compared, the others are given the first label more often.

use affect_audit::finding::judge;
use affect_audit::measure::disparity::given::Strata;
use affect_audit::measure::disparity::suppression::{Layout, Suppressed};
use affect_audit::measure::disparity::{self, Beside, gap::gaps};
use affect_audit::measure::quality::Measured;
use affect_audit::measure::{Comparison, Measurement, Rules};
use affect_audit::task::Task;

use super::groups::{Groups, cases};
use super::held::{RULES, generator};
use super::questions::{Judged, background, policy};

/// The difference of accuracies that gates allow.
const ALLOWED: f64 = 0.1;

/// How often the best groups are read rightly.
const RIGHT: f64 = 0.75;

/// Gates by what they ask for, where accuracies may differ by 0.1.
fn of_accuracy() -> Vec<(&'static str, String)> {
    let ratio = (RIGHT - ALLOWED) / RIGHT;
    let of = |lines: &str| format!("measure = \"accuracy\"\nby = \"group\"\n{lines}");
    vec![
        (
            "difference to the others",
            of(&format!("of = \"difference\"\nwithin = {ALLOWED}")),
        ),
        (
            "difference to a reference",
            of(&format!(
                "of = \"difference-to-reference\"\nwithin = {ALLOWED}"
            )),
        ),
        (
            "difference given a control",
            of(&format!("of = \"difference-given\"\nwithin = {ALLOWED}")),
        ),
        (
            "ratio to the others",
            of(&format!("of = \"ratio\"\nmin = {ratio}")),
        ),
        (
            "ratio to a reference",
            of(&format!("of = \"ratio-to-reference\"\nmin = {ratio}")),
        ),
        ("gap", of(&format!("of = \"gap\"\nmax = {ALLOWED}"))),
        (
            "equalised odds",
            format!(
                "measure = \"equalised-odds\"\nby = \"label-and-group\"\nof = \"difference\"\nlabels = [\"negative\"]\nmax = {ALLOWED}"
            ),
        ),
    ]
}

/// The four-fifths rule on rates of selection.
fn of_selection() -> Vec<(&'static str, String)> {
    let of = |lines: &str| {
        format!("{lines}\nby = \"label-and-group\"\nlabels = [\"negative\"]\nmin = 0.8")
    };
    vec![
        (
            "ratio of selection rates",
            of("measure = \"selection-rate\"\nof = \"ratio\""),
        ),
        (
            "impact ratio",
            of("measure = \"impact-ratio\"\nof = \"value\""),
        ),
    ]
}

/// What each gate made of draws without a difference, with what it allows, and with twice as much.
pub fn judged(n: u64, draws: u64, seed: u64) -> Vec<(&'static str, [Judged; 3])> {
    let sizes: &'static [u64] = Vec::leak(vec![n; 4]);
    let groups = |right: [f64; 2], called: [f64; 2]| Groups {
        sizes,
        right,
        called,
        hard: [0.0, 0.0],
        spread: 0.0,
        clusters: 0,
        shared: false,
        strata: 0,
        weights: 0.0,
    };
    let apart = [0.0, ALLOWED, 2.0 * ALLOWED];
    let worlds = apart.map(|less| groups([RIGHT - less, RIGHT], [0.0; 2]));
    let mut all = of_gates(&of_accuracy(), worlds, draws, seed);
    // A rate of selection of 1 / (1 + 2 c) beside the others', who are given the label with a chance of c more.
    let called = [0.0, 0.125, 1.0 / 3.0];
    let worlds = called.map(|called| groups([RIGHT; 2], [0.0, called]));
    all.extend(of_gates(&of_selection(), worlds, draws, seed + 1));
    all
}

fn of_gates(
    gates: &[(&'static str, String)],
    worlds: [Groups; 3],
    draws: u64,
    seed: u64,
) -> Vec<(&'static str, [Judged; 3])> {
    let text = gates
        .iter()
        .map(|(id, lines)| format!("[[gate]]\nid = \"{id}\"\n{lines}\nmin_n = 1\n"));
    let policy = policy(&text.collect::<String>());
    let background = background();
    let named = gates
        .iter()
        .map(|(name, _)| (*name, [Judged::default(); 3]));
    let mut all: Vec<_> = named.collect();
    for (place, world) in worlds.iter().enumerate() {
        for draw in 0..draws {
            let measurements = measured(world, draw, seed);
            let findings = judge(&policy, &measurements, &background, "2026-01-01");
            for (name, judged) in &mut all {
                judged[place].count(&findings, name);
            }
        }
    }
    all
}

/// All comparisons of one draw.
fn measured(world: &Groups, draw: u64, seed: u64) -> Vec<Measurement> {
    let rules = Rules {
        seed: draw,
        replicates: 99,
        ..RULES
    };
    let right: Vec<f64> = (0..world.sizes.len())
        .map(|group| world.right[group.min(1)])
        .collect();
    let (cases, evaluation) = cases(world, &right, &mut generator(seed, draw));
    let names = &cases.attributes[0].1;
    let groups = disparity::split(&evaluation, &cases, names);
    let length = ("length", &cases.attributes[1].1);
    let beside = Beside {
        // The first group is compared with it, and it is as good as the others.
        reference: Some(1),
        strata: Some(Strata::new(
            &evaluation,
            &cases,
            (names.codes(), names.names()),
            &[length],
        )),
        ..Beside::default()
    };
    let measurement =
        |measured: Measured, slice: Vec<(String, String)>, comparison: Option<Comparison>| {
            let label = measured.label;
            Measurement {
                model: "m".to_owned(),
                dataset: "d".to_owned(),
                task: Task::Sentiment,
                measure: measured.measure,
                label: label.map(|label| evaluation.scheme.labels[label].name.clone()),
                slice,
                comparison,
                n: measured.n,
                clusters: measured.n,
                result: measured.result,
            }
        };
    let mut all = Vec::new();
    let compared = disparity::measure(&evaluation, &groups, &rules, &beside);
    for (group, compared) in groups.iter().zip(compared) {
        let slice = vec![("group".to_owned(), group.name.clone())];
        for one in compared {
            all.push(measurement(one.measured, slice.clone(), one.comparison));
        }
    }
    let suppressed = Suppressed::new(&evaluation, &groups, rules.suppress_below, &Layout::Line);
    for (measured, comparison) in gaps(&evaluation, &groups, "group", &suppressed, &rules) {
        all.push(measurement(measured, Vec::new(), Some(comparison)));
    }
    all
}
