//! What holds of every measure whatever the answers: its interval holds its value, and lies where the measure can lie.

use proptest::prelude::*;

use super::*;
use crate::case::{LabelSource, Unit};
use crate::tally::Gaps;
use crate::task::built_in;
use crate::task::crosswalk::bridge;

const RULES: Rules = Rules {
    level: 0.95,
    min_n: 1,
    suppress_below: 0,
    seed: 1,
    replicates: 60,
};

/// A case: bits of its gold labels and of a wrong answer, the cluster, the weight, and whether it is answered.
type Drawn = (u64, u64, u32, u32, bool);

fn cases() -> impl Strategy<Value = Vec<Drawn>> {
    let one = (
        any::<u64>(),
        any::<u64>(),
        0..12_u32,
        1..4_u32,
        prop::bool::weighted(0.9),
    );
    prop::collection::vec(one, 1..60)
}

fn judged(
    scheme: &str,
    drawn: &[Drawn],
    faults: u64,
    clustered: bool,
    weighted: bool,
) -> (Evaluation, Slice<Outcome>) {
    let scheme = built_in(scheme).expect("built in");
    let several = scheme.is_multi_label();
    let count = scheme.labels.len() as u64;
    let labels = |bits: u64| match several {
        // Few labels a case, as people give them.
        true => LabelSet((bits & bits >> 7 & bits >> 13) % (1 << count)),
        false => LabelSet::one((bits % count) as usize),
    };
    let outcome = |(gold, other, cluster, weight, answered): &Drawn| {
        let gold = labels(*gold);
        let wrong = other >> 32 & 7 < faults;
        let answer = if wrong { labels(*other) } else { gold };
        let unit = Unit {
            cluster: clustered.then_some(*cluster),
            weight: if weighted { *weight } else { 1 },
        };
        let answer = answered.then_some(answer);
        (unit, Outcome { gold, answer })
    };
    let evaluation = Evaluation {
        gold_scheme: scheme.clone(),
        source: LabelSource::Perceived,
        bridge: bridge(&scheme, &scheme).expect("its own labels"),
        multi_label: several,
        outcomes: Vec::new(),
        gaps: Gaps::default(),
        scheme,
    };
    (evaluation, Slice::new(drawn.iter().map(outcome)))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn intervals_hold_their_values_within_the_range(
        scheme in prop::sample::select(vec!["five-way", "ekman", "plutchik", "goemotions"]),
        drawn in cases(),
        // None, few or all of the answers are wrong.
        faults in prop::sample::select(vec![0_u64, 1, 4, 8]),
        clustered in any::<bool>(),
        weighted in any::<bool>(),
    ) {
        let (evaluation, slice) = judged(scheme, &drawn, faults, clustered, weighted);
        let mut measured = overall(&evaluation, &slice, &RULES);
        measured.extend(by_label(&evaluation, &slice, &RULES));
        for one in measured {
            let Ok(Estimate { value, interval, .. }) = one.result.map(Estimate::rounded) else {
                continue;
            };
            let (least, most) = one.measure.page().range;
            let what = format!("{} {value} {interval:?}", one.measure.id());
            prop_assert!(interval.low <= value && value <= interval.high, "{}", what);
            prop_assert!(least <= interval.low && interval.high <= most, "{}", what);
        }
    }
}

/// Ten cases a cluster do not make up for clusters: each label takes three of them.
#[test]
fn macro_f1_takes_three_units_of_each_label() {
    let told = |clusters: [u64; 3], clustered: bool| {
        let of_label = |label: usize| {
            (0..10 * clusters[label]).map(move |case| (case % 3 == 0, label as u64, case))
        };
        let drawn: Vec<Drawn> = (0..3)
            .flat_map(of_label)
            .map(|(wrong, label, case)| {
                let cluster = label as u32 * 100 + (case % clusters[label as usize]) as u32;
                (label, u64::from(!wrong) << 34, cluster, 1, true)
            })
            .collect();
        let (evaluation, slice) = judged("three-way", &drawn, 4, clustered, false);
        let rules = Rules {
            replicates: 400,
            ..RULES
        };
        resampled(&evaluation, &slice, &[Measure::MacroF1], &rules).remove(0)
    };
    assert!(told([3, 4, 5], true).is_ok() && told([2, 4, 5], false).is_ok());
    let few = told([5, 2, 5], true).unwrap_err();
    assert_eq!(few.reason, Reason::TooFewCases);
    assert!(few.detail.contains("neutral occurs in 2 clusters"), "{few}");
}
