use super::*;
use crate::stats::Method;
use crate::stats::bca::*;

const METHOD: Method = Method::CellBootstrapBca;

fn jackknife(whole: f64, without: &[(f64, u64)]) -> Jackknife {
    let units: u64 = without.iter().map(|(_, times)| times).sum();
    let one = |&(value, times): &(f64, u64)| Without {
        value,
        times,
        mass: 1.0,
    };
    Jackknife {
        whole,
        without: without.iter().map(one).collect(),
        worth: units as f64,
        mass: units as f64,
    }
}

#[test]
fn limits_match_scipy() {
    let case = oracle("replicates");
    let mut replicates = numbers(&case["replicates"]);
    let whole = number(&case["estimate"]);
    let without: Vec<(f64, u64)> = numbers(&case["jackknife"])
        .into_iter()
        .map(|value| (value, 1))
        .collect();
    replicates.sort_by(f64::total_cmp);
    let (low, high) = limits(&replicates, &jackknife(whole, &without), 0.05).unwrap();
    let theirs = numbers(&case["bca"]);
    assert_close(low, theirs[0]);
    assert_close(high, theirs[1]);

    // Cases that count for several are the same as so many cases.
    let doubled: Vec<(f64, u64)> = without.iter().flat_map(|&one| [one, one]).collect();
    let counted: Vec<(f64, u64)> = without.iter().map(|&(value, _)| (value, 2)).collect();
    let mut limits = |without: &[(f64, u64)]| {
        bca(&mut replicates, &jackknife(whole, without), 0.9, METHOD).unwrap()
    };
    let (doubled, counted) = (limits(&doubled), limits(&counted));
    assert_close(doubled.low, counted.low);
    assert_close(doubled.high, counted.high);
}

#[test]
fn tails_shrink_for_few_units_as_in_scipy() {
    for case in oracles("expanded_tail") {
        let n = number(&case["n"]);
        assert_close(
            expanded_tail(number(&case["level"]), n - 1.0, n / (n - 1.0)).unwrap(),
            number(&case["tail"]),
        );
    }
    assert_undefined(expanded_tail(0.95, 0.0, 2.0), Reason::TooFewCases);
}

/// The weighted mean with each case left out, against the variances of weighted least squares: tests/oracles/weights.py.
#[test]
fn tails_shrink_more_for_weighted_units() {
    let oracles = include_str!("../../../tests/oracles/weights.json");
    let oracles: Value = serde_json::from_str(oracles).unwrap();
    let cases = oracles["expanded_tails"].as_array().unwrap();
    assert_eq!(cases.len(), 4);
    for case in cases {
        let (values, weights) = (numbers(&case["values"]), numbers(&case["weights"]));
        let sum = |of: &dyn Fn(usize) -> f64| (0..values.len()).map(of).sum::<f64>();
        let (mass, squares) = (sum(&|i| weights[i]), sum(&|i| weights[i] * weights[i]));
        let all = sum(&|i| weights[i] * values[i]);
        let without = |i: usize| Without {
            value: (all - weights[i] * values[i]) / (mass - weights[i]),
            times: 1,
            mass: weights[i],
        };
        let jackknife = Jackknife {
            whole: all / mass,
            without: (0..values.len()).map(without).collect(),
            worth: mass * mass / squares,
            mass,
        };
        assert_close(jackknife.worth, number(&case["worth"]));
        assert_close(jackknife.shortfall(), number(&case["shortfall"]));
        let level = number(&case["level"]);
        let tail = expanded_tail(level, jackknife.worth - 1.0, jackknife.shortfall()).unwrap();
        assert_close(tail, number(&case["tail"]));
    }
}

#[test]
fn replicates_without_information_have_a_reason() {
    let mut spread: Vec<f64> = (0..1000).map(f64::from).collect();
    let mut limits =
        |whole, without: &[(f64, u64)]| bca(&mut spread, &jackknife(whole, without), 0.95, METHOD);
    let without = [(1.0, 30), (2.0, 10)];
    assert!(limits(500.0, &without).is_ok());
    // A thousand replicates reach as far into the tails as six units ask for, not as five do.
    assert!(limits(500.0, &[(1.0, 3), (2.0, 3)]).is_ok());
    assert_undefined(limits(500.0, &[(1.0, 3), (2.0, 2)]), Reason::TooFewCases);
    assert_undefined(limits(-1.0, &without), Reason::Unstable);
    assert_undefined(limits(2000.0, &without), Reason::Unstable);
    assert_undefined(limits(500.0, &[(1.0, 40)]), Reason::NoVariation);
    assert_undefined(limits(500.0, &[]), Reason::TooFewCases);
    let same = bca(&mut [0.1; 1000], &jackknife(0.1, &without), 0.95, METHOD);
    assert_undefined(same, Reason::NoVariation);
}
