//! Groups with a known difference, drawn again and again: how often does a gate ring without cause, and how often does it
//! see what is there?

use affect_audit::case::Unit;
use affect_audit::finding::{Background, Outcome as Found, judge};
use affect_audit::measure::slice::Slice;
use affect_audit::measure::{Measure, Measurement, disparity};
use affect_audit::policy::Policy;
use affect_audit::tally::{Outcome, Tally};
use affect_audit::task::Task;

use super::held::{RULES, generator};
use super::simulation::World;

/// What a gate on the differences of groups made of draws with a known difference.
#[derive(Clone, Copy, Debug, Default)]
pub struct Alarms {
    /// Draws.
    pub draws: u64,
    /// Draws in which some group failed.
    pub failed: u64,
    /// Draws in which all groups passed.
    pub passed: u64,
    /// Draws in which the gap between the best and the worst group, taken as it is, is larger than the gate allows.
    pub naive: u64,
}

/// Groups of equal size, of which the first is read worse by `gap`, judged by a gate that allows `within`.
pub fn alarms(world: &World, groups: u64, gap: f64, within: f64, draws: u64, seed: u64) -> Alarms {
    let policy = format!(
        "[policy]\nname = \"p\"\nversion = \"1\"\n[[gate]]\nid = \"g\"\nmeasure = \"accuracy\"\nof = \"difference\"\nby = \"group\"\nwithin = {within}\nmin_n = 1\n"
    );
    let policy = Policy::parse("p.toml", &policy).expect("a valid policy");
    let background = Background {
        answered: vec![("m".to_owned(), "d".to_owned(), Task::Emotion)],
        ..Background::default()
    };
    let evaluation = world.evaluation();
    let mut alarms = Alarms::default();
    for draw in 0..draws {
        let mut random = generator(seed, draw);
        let tallies: Vec<Tally<(Unit, Outcome)>> = (0..groups)
            .map(|group| {
                let right = world.right - if group == 0 { gap } else { 0.0 };
                World { right, ..*world }
                    .draw(&mut random)
                    .into_iter()
                    .collect()
            })
            .collect();
        let mut all = Tally::default();
        for tally in &tallies {
            all.merge(tally.clone());
        }
        let groups: Vec<disparity::Group> = tallies
            .iter()
            .enumerate()
            .map(|(place, tally)| disparity::Group {
                name: place.to_string(),
                slice: Slice::from_tally(tally),
                others: Slice::from_tally(&all.without(tally)),
            })
            .collect();
        let measured = disparity::measure(&evaluation, &groups, &RULES, &Default::default());
        let values = measured.iter().flatten().filter(|measured| {
            measured.measured.measure == Measure::Accuracy && measured.comparison.is_none()
        });
        let values: Vec<f64> = values
            .filter_map(|measured| {
                measured
                    .measured
                    .result
                    .as_ref()
                    .ok()
                    .map(|estimate| estimate.value)
            })
            .collect();
        let (least, most) = values
            .iter()
            .fold((1.0_f64, 0.0_f64), |(least, most), value| {
                (least.min(*value), most.max(*value))
            });
        let measurements: Vec<Measurement> = groups
            .iter()
            .zip(measured)
            .flat_map(|(group, measured)| {
                measured.into_iter().map(|measured| Measurement {
                    model: "m".to_owned(),
                    dataset: "d".to_owned(),
                    task: Task::Emotion,
                    measure: measured.measured.measure,
                    label: measured.measured.label.map(|label| label.to_string()),
                    slice: vec![("group".to_owned(), group.name.clone())],
                    comparison: measured.comparison,
                    n: measured.measured.n,
                    clusters: group.slice.clusters,
                    result: measured.measured.result,
                })
            })
            .collect();
        let findings = judge(&policy, &measurements, &background, "2026-01-01");
        alarms.draws += 1;
        alarms.naive += u64::from(most - least > within);
        alarms.failed += u64::from(
            findings
                .iter()
                .any(|finding| finding.outcome == Found::Fail),
        );
        alarms.passed += u64::from(
            findings
                .iter()
                .all(|finding| finding.outcome == Found::Pass),
        );
    }
    alarms
}
