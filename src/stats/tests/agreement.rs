use super::*;
use crate::stats::agreement::*;
use proptest::prelude::*;

const METRICS: [(&str, Metric); 3] = [
    ("nominal", Metric::Nominal),
    ("ordinal", Metric::Ordinal),
    ("interval", Metric::Interval),
];

fn tally(values: usize, units: &[Vec<Option<usize>>]) -> Coincidences {
    Coincidences::from_ratings(values, units.iter().map(Vec::as_slice)).unwrap()
}

#[test]
fn alpha_matches_the_krippendorff_package() {
    for case in oracles("alpha") {
        let values = count(&case["values"]) as usize;
        let rating = |value: &Value| value.as_u64().map(|value| value as usize);
        let unit = |unit: &Value| unit.as_array().unwrap().iter().map(rating).collect();
        let units: Vec<Vec<_>> = case["units"].as_array().unwrap().iter().map(unit).collect();
        let tally = tally(values, &units);
        for (name, metric) in METRICS {
            assert_close(tally.alpha(metric).unwrap(), number(&case[name]));
        }
    }
}

#[test]
fn alpha_of_scores_matches_the_krippendorff_package() {
    let case = oracle("alpha_of_scores");
    let units: Vec<Vec<f64>> = case["units"]
        .as_array()
        .unwrap()
        .iter()
        .map(numbers)
        .collect();
    let ours = alpha_of_scores(units.iter().map(Vec::as_slice)).unwrap();
    assert_close(ours, number(&case["alpha"]));
}

#[test]
fn confusion_matrices_match_scikit_learn_and_krippendorff() {
    for case in oracles("confusion") {
        let values = count(&case["values"]) as usize;
        let matrix = counts(&case["matrix"]);
        assert_close(kappa(&matrix, values).unwrap(), number(&case["kappa"]));
        assert_close(
            quadratic_kappa(&matrix, values).unwrap(),
            number(&case["quadratic"]),
        );
        for (name, metric) in METRICS {
            let ours = alpha_of_two(&matrix, values, metric).unwrap();
            assert_close(ours, number(&case[name]));
        }
    }
}

#[test]
fn perfect_agreement_is_one_and_systematic_disagreement_below_zero() {
    assert_eq!(alpha_of_two(&[5, 0, 0, 5], 2, Metric::Nominal), Ok(1.0));
    assert_eq!(kappa(&[5, 0, 0, 5], 2), Ok(1.0));
    assert_eq!(kappa(&[0, 5, 5, 0], 2), Ok(-1.0));
    assert!(alpha_of_two(&[0, 5, 5, 0], 2, Metric::Nominal).unwrap() < 0.0);
}

#[test]
fn ratings_without_information_have_a_reason() {
    let nominal = Metric::Nominal;
    assert_undefined(Coincidences::new(3).alpha(nominal), Reason::NoPairs);
    assert_undefined(Coincidences::new(0).alpha(nominal), Reason::NoPairs);
    let lone = tally(2, &[vec![Some(0), None], vec![None, Some(1)]]);
    assert_undefined(lone.alpha(nominal), Reason::NoPairs);
    let same = tally(2, &[vec![Some(0), Some(0)], vec![Some(0); 3]]);
    assert_undefined(same.alpha(nominal), Reason::NoVariation);
    let unit: &[Option<usize>] = &[Some(2)];
    assert_undefined(Coincidences::from_ratings(2, [unit]), Reason::OutOfRange);
    assert_undefined(alpha_of_two(&[1, 2, 3], 2, nominal), Reason::OutOfRange);
    assert_undefined(alpha_of_two(&[0; 4], 2, nominal), Reason::NoPairs);
    assert_undefined(kappa(&[], 0), Reason::OutOfRange);
    assert_undefined(kappa(&[0; 4], 2), Reason::NoCases);
    assert_undefined(kappa(&[9, 0, 0, 0], 2), Reason::NoVariation);
    let scores: [&[f64]; 2] = [&[0.5], &[]];
    assert_undefined(alpha_of_scores(scores), Reason::NoPairs);
    let scores: [&[f64]; 2] = [&[0.5, 0.5], &[0.5, 0.5]];
    assert_undefined(alpha_of_scores(scores), Reason::NoVariation);
}

proptest! {
    #[test]
    fn tallies_of_any_split_add_up(
        units in prop::collection::vec(prop::collection::vec(0..4_u64, 3), 0..20),
        split in 0..20_usize,
    ) {
        let count = |units: &[Vec<u64>]| {
            let mut tally = Coincidences::new(3);
            units.iter().for_each(|unit| tally.add(unit, 2));
            tally
        };
        let (first, second) = units.split_at(split.min(units.len()));
        let mut merged = count(second);
        merged.merge(&count(first));
        prop_assert_eq!(merged, count(&units));
    }

    #[test]
    fn two_raters_are_the_same_from_ratings_and_from_their_confusion(
        ratings in prop::collection::vec((0..3_usize, 0..3_usize), 0..20),
    ) {
        let mut confusion = vec![0; 9];
        ratings.iter().for_each(|(a, b)| confusion[a * 3 + b] += 1);
        let units: Vec<Vec<_>> = ratings.iter().map(|&(a, b)| vec![Some(a), Some(b)]).collect();
        for (_, metric) in METRICS {
            let direct = alpha_of_two(&confusion, 3, metric);
            prop_assert_eq!(tally(3, &units).alpha(metric), direct);
        }
    }
}
