//! Comparisons of groups against fairlearn, pandas and scipy (tests/oracles/disparity.py).

mod edges;

use serde_json::Value;

use super::*;
use crate::attribute::{About, Attribute, AttributeKind, Blank};
use crate::case::LabelSource;
use crate::tally::Gaps;
use crate::task::{LabelSet, bridge, built_in};

const RULES: Rules = Rules {
    level: 0.95,
    min_n: 1,
    suppress_below: 0,
    seed: 1,
    replicates: 200,
};

/// Cases of (group, stratum, gold, answer) and the evaluation of the answers.
fn world(rows: &[(String, String, usize, usize)]) -> (Cases, Evaluation) {
    let scheme = built_in("three-way").unwrap();
    let attribute = |name: &str| Attribute {
        name: name.to_owned(),
        title: String::new(),
        about: About::Author,
        kind: AttributeKind::Demographic,
        blank: Blank::Missing,
    };
    let cases = Cases {
        ids: (0..rows.len()).map(|row| row.to_string()).collect(),
        attributes: vec![
            (
                attribute("group"),
                Names::from_cells(rows.iter().map(|row| row.0.as_str())),
            ),
            (
                attribute("length"),
                Names::from_cells(rows.iter().map(|row| row.1.as_str())),
            ),
        ],
        ..Cases::default()
    };
    let outcome = |row: &(String, String, usize, usize)| {
        Some(Outcome {
            gold: LabelSet::one(row.2),
            answer: Some(LabelSet::one(row.3)),
        })
    };
    let evaluation = Evaluation {
        gold_scheme: scheme.clone(),
        source: LabelSource::Perceived,
        bridge: bridge(&scheme, &scheme).unwrap(),
        multi_label: false,
        outcomes: rows.iter().map(outcome).collect(),
        gaps: Gaps::default(),
        scheme,
    };
    (cases, evaluation)
}

struct Oracle {
    all: Value,
    evaluation: Evaluation,
    groups: Vec<Group>,
    measured: Vec<Vec<GroupMeasured>>,
}

impl Oracle {
    fn new() -> Self {
        let all: Value =
            serde_json::from_str(include_str!("../../../../tests/oracles/disparity.json")).unwrap();
        let all = all["groups"].clone();
        let rows: Vec<(String, String, usize, usize)> =
            serde_json::from_value(all["rows"].clone()).unwrap();
        assert_eq!(rows.len(), 570);
        let (cases, evaluation) = world(&rows);
        let names = &cases.attributes[0].1;
        let groups = split(&evaluation, &cases, names);
        let length = ("length", &cases.attributes[1].1);
        let beside = Beside {
            reference: Some(1),
            strata: Some(Strata::new(
                &evaluation,
                &cases,
                (names.codes(), names.names()),
                &[length],
            )),
            suppressed: None,
        };
        let measured = measure(&evaluation, &groups, &RULES, &beside);
        Oracle {
            all,
            evaluation,
            groups,
            measured,
        }
    }

    fn suppressed(&self) -> Suppressed {
        let below = RULES.suppress_below;
        Suppressed::new(&self.evaluation, &self.groups, below, &Layout::Line)
    }

    fn list(&self, name: &str) -> Vec<Value> {
        let list = self.all[name].as_array().unwrap().clone();
        assert!(list.len() >= 12, "{name}");
        list
    }

    /// The estimate of a measure such as `recall 1` of a group.
    fn find(&self, name: &str, group: &str, comparison: Option<&Comparison>) -> &Estimate {
        let (measure, label) = match name.split_once(' ') {
            Some((measure, label)) => (measure, Some(label.parse().unwrap())),
            None => (name, None),
        };
        let place = self
            .groups
            .iter()
            .position(|own| own.name == group)
            .unwrap();
        let found = self.measured[place].iter().find(|one| {
            one.measured.measure.id() == measure
                && one.measured.label == label
                && one.comparison.as_ref() == comparison
        });
        let found = found.unwrap_or_else(|| panic!("{name} of {group} was not measured"));
        found.measured.result.as_ref().unwrap()
    }
}

#[track_caller]
fn assert_near(ours: &[f64], theirs: &[Value], tolerance: f64) {
    assert_eq!(ours.len(), theirs.len());
    for (ours, theirs) in ours.iter().zip(theirs) {
        let theirs = theirs.as_f64().unwrap();
        let error = (ours - theirs).abs() / theirs.abs().max(1.0);
        assert!(error < tolerance, "{ours} is not {theirs}");
    }
}

fn three(estimate: &Estimate) -> [f64; 3] {
    let interval = estimate.interval;
    [estimate.value, interval.low, interval.high]
}

fn texts(row: &Value) -> (&str, &str) {
    (row[0].as_str().unwrap(), row[1].as_str().unwrap())
}

#[test]
fn ratios_and_references_agree_with_the_reference_values() {
    let oracle = Oracle::new();
    let others = Comparison::RatioToOthers;
    for row in oracle.list("ratio_to_others") {
        let (name, group) = texts(&row);
        let ours = oracle.find(name, group, Some(&others));
        assert_near(&three(ours)[..1], &row.as_array().unwrap()[2..3], 1e-12);
        // Limits of the reference come from a search, which leaves them seven digits.
        assert_near(&three(ours), &row.as_array().unwrap()[2..], 1e-6);
    }
    let difference = Comparison::DifferenceToGroup("b".to_owned());
    let ratio = Comparison::RatioToGroup("b".to_owned());
    for row in oracle.list("to_reference") {
        let (name, group) = texts(&row);
        let ours = oracle.find(name, group, Some(&difference));
        assert_near(&three(ours), &row.as_array().unwrap()[2..5], 1e-9);
        let ours = oracle.find(name, group, Some(&ratio));
        assert_near(&three(ours), &row.as_array().unwrap()[5..], 1e-6);
    }
}

#[test]
fn impact_ratios_and_standardised_differences_agree_with_fairlearn_and_pandas() {
    let oracle = Oracle::new();
    for row in oracle.list("impact_ratio") {
        let name = format!("impact-ratio {}", row[0]);
        let ours = oracle.find(&name, row[1].as_str().unwrap(), None);
        assert_near(&[ours.value], &row.as_array().unwrap()[2..], 1e-12);
        assert!(
            ours.interval.low < ours.value && ours.interval.high <= 1.0,
            "{ours:?}"
        );
        assert!(ours.interval.low < ours.interval.high, "{ours:?}");
    }
    let given = Comparison::DifferenceGiven(vec!["length".to_owned()]);
    for row in oracle.list("given_length") {
        let (name, group) = texts(&row);
        let ours = oracle.find(name, group, Some(&given));
        assert_near(&[ours.value], &row.as_array().unwrap()[2..], 1e-12);
        assert!(ours.interval.low < ours.value && ours.value < ours.interval.high);
    }
}

#[test]
fn gaps_and_equalised_odds_agree_with_fairlearn() {
    let oracle = Oracle::new();
    let suppressed = oracle.suppressed();
    let gaps = gap::gaps(
        &oracle.evaluation,
        &oracle.groups,
        "group",
        &suppressed,
        &RULES,
    );
    let theirs = |name: &str| std::slice::from_ref(&oracle.all["gaps"][name]).to_vec();
    for pair in gaps.chunks(2) {
        let [(gap, of), (chance, by_chance)] = pair else {
            panic!("a gap without its null");
        };
        assert_eq!(*of, Comparison::Gap("group".to_owned()));
        assert_eq!(*by_chance, Comparison::GapByChance("group".to_owned()));
        let label = gap
            .label
            .map_or_else(String::new, |label| format!(" {label}"));
        let name = format!("{}{label}", gap.measure.id());
        let (gap, chance) = (
            gap.result.as_ref().unwrap(),
            chance.result.as_ref().unwrap(),
        );
        assert_near(&[gap.value], &theirs(&name), 1e-12);
        let p = gap.test.as_ref().unwrap().p;
        // A gap beyond what chance gives has a small p-value, and the other way round.
        assert_eq!(
            gap.value > chance.interval.high,
            p < 0.026,
            "{name}: {p} {gap:?} {chance:?}"
        );
    }
    assert_eq!(gaps.len(), 2 * (2 + 2 * 3));
    for label in 0..3 {
        for group in ["a", "b", "c", "d"] {
            let name = format!("equalised-odds {label}");
            let ours = oracle.find(&name, group, Some(&Comparison::DifferenceToOthers));
            assert_near(&[ours.value], &theirs(&format!("{name} {group}")), 1e-12);
        }
    }
}

#[test]
fn the_worst_group_is_picked_and_its_interval_made_wider_for_it() {
    let oracle = Oracle::new();
    let suppressed = oracle.suppressed();
    let worst = worst::worst(&oracle.evaluation, &oracle.groups, &suppressed, &RULES);
    assert_eq!(worst.len(), 2);
    for (place, measured) in worst {
        let to_others = Some(&Comparison::DifferenceToOthers);
        let plain = |group: &str| oracle.find(measured.measure.id(), group, to_others).clone();
        let lowest = oracle.groups.iter().map(|group| plain(&group.name).value);
        let ours = measured.result.unwrap();
        assert_eq!(ours.value, lowest.fold(f64::INFINITY, f64::min));
        let alone = plain(&oracle.groups[place].name);
        assert_eq!(ours.value, alone.value);
        assert!(ours.interval.low < alone.interval.low && ours.interval.high > alone.interval.high);
    }
}
