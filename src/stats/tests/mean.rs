//! Means over clusters where these show no spread, or one that rounding made.

use super::super::distribution::{beta_quantile, student_quantile};
use super::super::mean::{Values, sum_of_long_tailed, sum_of_means};
use super::super::ranking::{area, mean_area};

/// Values by cluster.
fn values(clusters: &[&[f64]]) -> Values {
    let mut values = Values::default();
    for (cluster, own) in clusters.iter().enumerate() {
        for value in *own {
            values.add(cluster as u64, *value);
        }
    }
    values
}

#[test]
fn clusters_that_are_alike_by_chance_are_no_certainty() {
    let alike = values(&[&[0.25, -0.25], &[-0.25, 0.25]]);
    let mean = sum_of_means(&[(1.0, &alike)], (-10.0, 10.0), 0.95).unwrap();
    // As four independent values, with one degree of freedom: 12.7062047 x sqrt(0.25 / 3 / 4).
    assert_eq!(mean.value, 0.0);
    assert!((mean.interval.high - 1.833_983_0).abs() < 1e-6, "{mean:?}");
    assert_eq!(mean.interval.low, -mean.interval.high);
}

#[test]
fn differences_of_two_groups_without_residuals_have_an_end() {
    let one = values(&[&[0.5, -0.5], &[0.5, -0.5]]);
    let terms = [(1.0, &one), (-1.0, &one)];
    let difference = sum_of_means(&terms, (-8.0, 8.0), 0.95).unwrap();
    assert!(difference.interval.low < -0.5 && difference.interval.high > 0.5);
}

/// Sixty texts in two languages: the same errors on both sides say nothing of how the sides might differ, and sixty
/// clusters leave 59 degrees of freedom, however many values they hold.
#[test]
fn sides_that_share_all_clusters_are_as_many_as_the_clusters() {
    let errors = |move_one: f64| {
        let mut side = Values::default();
        for text in 0..60_u32 {
            let jump = if text == 7 { move_one } else { 0.0 };
            side.add(u64::from(text), f64::from(text % 5) - 2.0 + jump);
        }
        side
    };
    for estimate in [sum_of_means, sum_of_long_tailed] {
        let of = |move_one| {
            let (one, other) = (errors(move_one), errors(0.0));
            estimate(&[(1.0, &one), (-1.0, &other)], (-8.0, 8.0), 0.95).unwrap()
        };
        // Wilson's upper limit of 0 in 60 is 0.0602: as much of the range might lie on either side.
        let none = of(0.0).interval;
        assert!(
            (none.high - 8.0 * 0.060_172).abs() < 1e-4 && none.low == -none.high,
            "{none:?}"
        );
        let one = of(1.0).interval;
        let freedom = one.degrees_of_freedom.unwrap();
        assert!(
            freedom <= 59.0 && one.low < 0.0 && one.high > 0.03,
            "{one:?}"
        );
    }
}

#[test]
fn one_large_cluster_among_small_ones_leaves_little_to_go_by() {
    let large: Vec<f64> = (0..40).map(|case| f64::from(case % 4)).collect();
    let mut uneven: Vec<&[f64]> = vec![&large];
    uneven.extend([&[1.0_f64, 2.0][..]; 8]);
    let width = |clusters: &[&[f64]]| {
        let all = values(clusters);
        let interval = sum_of_means(&[(1.0, &all)], (-1e9, 1e9), 0.95)
            .unwrap()
            .interval;
        interval.high - interval.low
    };
    // Worth 1.9 clusters of equal size, so t with one degree of freedom: 2 x 12.7062047 x sqrt(54 / 56 / 55).
    assert!((width(&uneven) - 3.364_8).abs() < 1e-3);
    // Ten alike of four cases: 2 x 2.2621572 x sqrt(1.25 / 39).
    let even: Vec<&[f64]> = large.chunks(4).collect();
    assert!((width(&even) - 0.810_0).abs() < 1e-3);
}

#[test]
fn a_ranking_without_spread_is_not_beyond_doubt() {
    // Every case with the label is ranked above one of the others and below none, in thirds that floating point rounds.
    let (scores, positive) = (
        [1.0, 1.0, 1.0, 0.0, 1.0, 1.0],
        [true, true, true, false, false, false],
    );
    let area = area(&scores, &positive, None).unwrap();
    let mean = mean_area(&[&area], &[0, 1, 0, 1, 0, 1], 0.95).unwrap();
    assert!(mean.interval.high - mean.interval.low > 0.3, "{mean:?}");
}

#[test]
fn quantiles_of_no_distribution_are_not_numbers() {
    for freedom in [f64::NAN, 0.0, -1.0] {
        assert!(student_quantile(0.05, freedom).is_nan(), "{freedom}");
    }
    for (probability, a, b) in [
        (f64::NAN, 1.0, 1.0),
        (0.5, f64::NAN, 1.0),
        (0.5, 1.0, f64::INFINITY),
        (1.5, 1.0, 1.0),
    ] {
        assert!(beta_quantile(probability, a, b).is_nan());
    }
    assert!((student_quantile(0.05, f64::INFINITY) - 1.959_963_985).abs() < 1e-8);
}
