use super::*;
use crate::stats::TestResult;
use crate::stats::sign_flip::sign_flip;
use crate::stats::test::*;

#[track_caller]
fn assert_test(ours: &TestResult, case: &Value) {
    assert_close(ours.statistic, number(&case["statistic"]));
    assert_close(ours.p, number(&case["p"]));
}

#[test]
fn t_tests_match_scipy() {
    for case in oracles("paired_t") {
        let (x, y) = (numbers(&case["x"]), numbers(&case["y"]));
        let ours = paired_t(&x, &y).unwrap();
        assert_test(&ours, &case);
        assert_eq!(ours.degrees_of_freedom, Some(number(&case["df"])));
        let differences: Vec<f64> = x.iter().zip(&y).map(|(x, y)| x - y).collect();
        assert_eq!(one_sample_t(&differences).unwrap().p, ours.p);
    }
}

#[test]
fn signed_ranks_match_scipy() {
    for case in oracles("wilcoxon") {
        assert_test(&wilcoxon(&numbers(&case["differences"])).unwrap(), &case);
    }
}

#[test]
fn discordant_pairs_match_statsmodels_and_the_paper() {
    for case in oracles("mcnemar") {
        let (b, c) = (count(&case["b"]), count(&case["c"]));
        assert_close(mcnemar_exact(b, c).p, number(&case["exact"]));
        assert_close(mcnemar_mid_p(b, c).p, number(&case["mid_p"]));
        assert_eq!(mcnemar_mid_p(b, c), mcnemar_mid_p(c, b));
    }
    // Printed by Fagerland, Lydersen & Laake (2013) for their first example.
    assert_eq!(format!("{:.4}", mcnemar_exact(1, 7).p), "0.0703");
    assert_eq!(format!("{:.4}", mcnemar_mid_p(1, 7).p), "0.0391");
}

#[test]
fn proportions_match_scipy_and_statsmodels() {
    for case in oracles("binomial_exact") {
        let (k, n) = (count(&case["k"]), count(&case["n"]));
        let ours = binomial_exact(k, n, number(&case["probability"])).unwrap();
        assert_close(ours.p, number(&case["p"]));
    }
    for case in oracles("two_proportion_z") {
        let ours = two_proportion_z(pair(&case["first"]), pair(&case["second"])).unwrap();
        assert_test(&ours, &case);
    }
}

#[test]
fn small_p_values_keep_their_digits() {
    // All of n by a fair coin: 2 / 2^n.
    let p = binomial_exact(200, 200, 0.5).unwrap().p;
    assert_close(p / 2_f64.powi(-199), 1.0);
    assert_close(mcnemar_exact(0, 200).p / 2_f64.powi(-199), 1.0);
}

#[test]
fn tests_without_information_have_a_reason() {
    assert_undefined(one_sample_t(&[]), Reason::NoCases);
    assert_undefined(one_sample_t(&[1.0]), Reason::TooFewCases);
    assert_undefined(one_sample_t(&[1.0, 1.0]), Reason::NoVariation);
    assert_undefined(one_sample_t(&[1.0, f64::NAN]), Reason::OutOfRange);
    assert_undefined(paired_t(&[1.0], &[]), Reason::OutOfRange);
    assert_undefined(wilcoxon(&[]), Reason::NoVariation);
    assert_undefined(wilcoxon(&[0.0, -0.0]), Reason::NoVariation);
    assert_undefined(wilcoxon(&[f64::INFINITY]), Reason::OutOfRange);
    assert_undefined(binomial_exact(0, 0, 0.5), Reason::NoCases);
    assert_undefined(binomial_exact(0, 1, 1.0), Reason::OutOfRange);
    assert_undefined(two_proportion_z((0.0, 0.0), (1.0, 2.0)), Reason::NoCases);
    assert_undefined(
        two_proportion_z((2.0, 2.0), (3.0, 3.0)),
        Reason::NoVariation,
    );
}

#[test]
fn sign_flips_match_scipy() {
    for case in oracles("sign_flip") {
        let differences = numbers(&case["differences"]);
        let ours = sign_flip(&differences, 1).unwrap();
        assert_close(ours.statistic, number(&case["statistic"]));
        // Four standard errors of 9,999 draws, where not all ways are tried.
        let p = number(&case["p"]);
        let error = if differences.len() > 16 {
            4.0 * (p * (1.0 - p) / 9_999.0).sqrt()
        } else {
            1e-9
        };
        assert!((ours.p - p).abs() <= error, "{} is not {p}", ours.p);
        let turned: Vec<f64> = differences.iter().rev().map(|value| -value).collect();
        if differences.len() <= 16 {
            assert_eq!(sign_flip(&turned, 2).unwrap().p, ours.p);
        }
    }
}

#[test]
fn sign_flips_at_the_edges() {
    assert_undefined(sign_flip(&[], 1), Reason::NoVariation);
    assert_undefined(sign_flip(&[0.0, 0.0], 1), Reason::NoVariation);
    assert_undefined(sign_flip(&[f64::NAN], 1), Reason::NotApplicable);
    assert_undefined(sign_flip(&vec![1.0; 5_001], 1), Reason::NotApplicable);
    // All of one sign: only these two ways are as large.
    assert_eq!(sign_flip(&[1.0; 10], 1).unwrap().p, 2.0 / 1024.0);
}
