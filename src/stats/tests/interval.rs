use super::*;
use crate::stats::interval::*;
use crate::stats::{Estimate, Method};

#[test]
fn proportions_match_statsmodels() {
    for case in oracles("wilson") {
        let level = number(&case["level"]);
        let ours = wilson(number(&case["k"]), number(&case["n"]), level);
        assert_limits(ours, &case["interval"]);
    }
    for case in oracles("clopper_pearson") {
        let level = number(&case["level"]);
        let ours = clopper_pearson(number(&case["k"]), number(&case["n"]), level);
        assert_limits(ours, &case["interval"]);
    }
}

#[test]
fn limits_at_the_edge_are_exact_and_open_on_the_other_side() {
    for n in [1.0, 12.0, 1e6] {
        let none = wilson(0.0, n, 0.95).unwrap();
        let all = wilson(n, n, 0.95).unwrap();
        assert_eq!((none.low, all.high), (0.0, 1.0));
        assert!(none.high > 0.0 && all.low < 1.0);
    }
    let none = clopper_pearson(0.0, 3.0, 0.95).unwrap();
    let all = clopper_pearson(3.0, 3.0, 0.95).unwrap();
    assert_eq!((none.low, all.high), (0.0, 1.0));
    // The rule of three's exact form: 1 - (alpha / 2)^(1 / n).
    assert_close(none.high, 1.0 - 0.025_f64.cbrt());
}

#[test]
fn inputs_outside_the_domain_have_a_reason() {
    assert_undefined(wilson(0.0, 0.0, 0.95), Reason::NoCases);
    assert_undefined(wilson(2.0, 1.0, 0.95), Reason::OutOfRange);
    assert_undefined(wilson(f64::NAN, 1.0, 0.95), Reason::OutOfRange);
    assert_undefined(wilson(1.0, f64::NAN, 0.95), Reason::OutOfRange);
    assert_undefined(wilson(1.0, 2.0, 1.0), Reason::OutOfRange);
    assert_undefined(wilson(1.0, 2.0, f64::NAN), Reason::OutOfRange);
    assert_undefined(clopper_pearson(0.0, 0.0, 0.95), Reason::NoCases);
    assert_undefined(newcombe((1.0, 2.0), (0.0, 0.0), 0.95), Reason::NoCases);
    assert_undefined(student_t(0.0, 1.0, 1.0, 0.95), Reason::TooFewCases);
    assert_undefined(student_t(0.0, 0.0, 9.0, 0.95), Reason::NoVariation);
    assert_undefined(student_t(f64::NAN, 1.0, 9.0, 0.95), Reason::OutOfRange);
    assert_undefined(fisher_z(0.5, 3.0, 0.95), Reason::TooFewCases);
    assert_undefined(fisher_z(-1.0, 9.0, 0.95), Reason::NoVariation);
    assert_undefined(fisher_z(1.1, 9.0, 0.95), Reason::OutOfRange);
}

#[test]
fn differences_match_statsmodels_and_the_printed_table() {
    for case in oracles("newcombe") {
        let ours = newcombe(pair(&case["first"]), pair(&case["second"]), 0.95).unwrap();
        assert_limits(Ok(ours), &case["interval"]);
        let (low, high) = pair(&case["printed"]);
        assert!((ours.low - low).abs() < 6e-5 && (ours.high - high).abs() < 6e-5);
    }
}

#[test]
fn sums_of_terms_match_the_printed_formula() {
    let case = oracle("mover");
    let term = |value: &Value| {
        let term = numbers(value);
        (term[0], term[1], term[2], term[3])
    };
    let terms: Vec<_> = case["terms"].as_array().unwrap().iter().map(term).collect();
    let (value, low, high) = mover(&terms);
    assert_close(value, number(&case["value"]));
    assert_close(low, number(&case["low"]));
    assert_close(high, number(&case["high"]));
    assert_eq!(mover(&[]), (0.0, 0.0, 0.0));
}

#[test]
fn f1_holds_its_value_between_wilson_limits() {
    for case in oracles("f1") {
        let counts = numbers(&case["counts"]);
        let union = counts.iter().sum();
        let overlap = Estimate {
            value: counts[0] / union,
            interval: wilson(counts[0], union, 0.95).unwrap(),
            test: None,
        };
        let ours = f1_of_overlap(&overlap);
        assert_close(ours.value, number(&case["value"]));
        assert_limits(Ok(ours.interval), &case["interval"]);
    }
}

#[test]
fn effective_sample_sizes_match_cluster_robust_variances() {
    for case in oracles("effective_sample_size") {
        let mut clusters: Vec<(u64, u64)> = case["clusters"]
            .as_array()
            .unwrap()
            .iter()
            .map(|cluster| (count(&cluster[0]), count(&cluster[1])))
            .collect();
        let ours = effective_sample_size(clusters.iter().copied()).unwrap();
        assert_close(ours, number(&case["value"]));
        clusters.reverse();
        assert_eq!(ours, effective_sample_size(clusters).unwrap());
    }
}

#[test]
fn effective_sample_size_at_the_edges() {
    let size = |clusters: &[(u64, u64)]| effective_sample_size(clusters.iter().copied());
    // Twelve of twelve in three clusters is worth three of three, not [1, 1].
    assert_eq!(size(&[(4, 4), (4, 4), (4, 4)]), Ok(3.0));
    assert_eq!(size(&[(0, 9), (0, 1), (0, 0)]), Ok(2.0));
    assert_eq!(size(&[(3, 9)]), Ok(1.0));
    assert_eq!(size(&[(2, 4), (2, 4)]), Ok(8.0));
    assert_eq!(
        size(&[(0, 1), (1, 1), (1, 1)]),
        size(&[(0, 1), (1, 1), (1, 1), (0, 0)])
    );
    assert_eq!(size(&[(0, 500), (500, 500)]), Ok(1.0));
    assert_undefined(size(&[]), Reason::NoCases);
    assert_undefined(size(&[(0, 0)]), Reason::NoCases);
    assert_undefined(size(&[(2, 1)]), Reason::OutOfRange);
}

#[test]
fn means_and_correlations_match_scipy() {
    for case in oracles("student_t") {
        let (mean, deviation) = (number(&case["mean"]), number(&case["deviation"]));
        let ours = student_t(mean, deviation, number(&case["n"]), number(&case["level"]));
        assert_limits(ours, &case["interval"]);
    }
    for case in oracles("fisher_z") {
        let ours = fisher_z(
            number(&case["r"]),
            number(&case["n"]),
            number(&case["level"]),
        );
        assert_limits(ours, &case["interval"]);
    }
}

#[test]
fn percentiles_match_numpy() {
    let case = oracle("replicates");
    let mut replicates = numbers(&case["replicates"]);
    let ours = percentile(&mut replicates, 0.9, Method::CellBootstrap);
    assert_limits(ours, &case["percentile"]);
}

#[test]
fn replicates_without_information_have_a_reason() {
    let method = Method::CellBootstrap;
    assert_undefined(percentile(&mut [], 0.95, method), Reason::TooFewCases);
    assert_undefined(
        percentile(&mut [0.1; 39], 0.95, method),
        Reason::TooFewCases,
    );
    assert_undefined(
        percentile(&mut [0.1; 40], 0.95, method),
        Reason::NoVariation,
    );
}

/// tests/oracles/rare_errors.py, by scipy.
#[test]
fn upper_limits_of_variances_agree_with_scipy() {
    let oracles = include_str!("../../../tests/oracles/rare_errors.json");
    let oracles: serde_json::Value = serde_json::from_str(oracles).unwrap();
    let cases = oracles["variances"].as_array().unwrap();
    assert_eq!(cases.len(), 5);
    for case in cases {
        let number = |name: &str| case[name].as_f64().unwrap();
        let ours = super::super::interval::highest_variance(
            number("variance"),
            (number("error"), number("units")),
            number("most"),
            number("level"),
        );
        let (ours, theirs) = (ours.unwrap(), number("high"));
        assert!((ours / theirs - 1.0).abs() < 1e-8, "{ours} {theirs}");
    }
    assert!(super::super::interval::highest_variance(1.0, (0.0, 5.0), 0.0, 0.95).is_err());
}
