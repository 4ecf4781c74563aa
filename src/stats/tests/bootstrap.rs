use super::*;
use crate::stats::Method;
use crate::stats::bootstrap::*;
use proptest::prelude::*;

fn share(counts: &[u64], out: &mut [Option<f64>]) {
    let total: u64 = counts.iter().sum();
    out[0] = (total > 0).then(|| counts[0] as f64 / total as f64);
}

fn mean_and_variance(values: impl Iterator<Item = f64> + Clone) -> (f64, f64) {
    let n = values.clone().count() as f64;
    let mean = values.clone().sum::<f64>() / n;
    (
        mean,
        values.map(|value| (value - mean).powi(2)).sum::<f64>() / n,
    )
}

proptest! {
    #[test]
    fn resampling_keeps_the_number_of_cases_and_empty_cells(
        counts in prop::collection::vec(prop_oneof![Just(0), 1..50_u64, 1..2_000_000_u64], 0..12),
        seed: u64,
        replicate: u64,
    ) {
        let mut out = vec![9; counts.len()];
        resample_cells(&counts, seed, replicate, &mut out);
        prop_assert_eq!(out.iter().sum::<u64>(), counts.iter().sum::<u64>());
        for (drawn, count) in out.iter().zip(&counts) {
            prop_assert!(*count > 0 || *drawn == 0);
        }
    }

    #[test]
    fn clusters_in_any_order_and_split_give_the_same_replicates(
        entries in prop::collection::vec((0..6_u64, 0..3_usize, 0..9_u64), 0..30),
        turn in 0..30_usize,
        seed: u64,
    ) {
        let values = |entries: Vec<(u64, usize, u64)>| {
            let sample = Sample::Clustered(Clusters::new(3, entries).unwrap());
            sample.replicate(seed, 20, 1, share).values(0).to_vec()
        };
        let mut turned = entries.clone();
        turned.rotate_left(turn.min(entries.len()));
        // Every entry is cut in two, as where shards meet.
        let cut = |&(cluster, cell, n): &(u64, usize, u64)| {
            [(cluster, cell, n / 3), (cluster, cell, n - n / 3)]
        };
        let split: Vec<_> = turned.iter().flat_map(cut).collect();
        prop_assert_eq!(values(entries), values(split));
    }
}

#[test]
fn cells_are_drawn_multinomially() {
    // Cells small and large enough for both of the generator's binomial algorithms.
    let counts = [3_u64, 40, 0, 257, 700];
    let replicates: Vec<[u64; 5]> = (0..4000)
        .map(|replicate| {
            let mut out = [0; 5];
            resample_cells(&counts, 7, replicate, &mut out);
            out
        })
        .collect();
    for (cell, &count) in counts.iter().enumerate() {
        let drawn = replicates.iter().map(|out| out[cell] as f64);
        let (mean, variance) = mean_and_variance(drawn);
        let expected = count as f64 * (1.0 - count as f64 / 1000.0);
        // Five standard errors.
        assert!(
            (mean - count as f64).abs() <= 5.0 * (expected / 4000.0).sqrt(),
            "{mean}"
        );
        assert!(
            (variance - expected).abs() <= 0.15 * expected,
            "{variance} for {expected}"
        );
    }
}

#[test]
fn weights_follow_the_poisson_distribution() {
    let mut seen = [0_u32; 8];
    for cluster in 0..500 {
        for replicate in 0..200 {
            seen[(cluster_weight(1, cluster, replicate) as usize).min(7)] += 1;
        }
    }
    let mut probability = (-1.0_f64).exp();
    let mut rest = 1.0;
    let mut chi_squared = 0.0;
    for (weight, &times) in seen.iter().enumerate() {
        let expected = 100_000.0 * if weight == 7 { rest } else { probability };
        chi_squared += (f64::from(times) - expected).powi(2) / expected;
        rest -= probability;
        probability /= (weight + 1) as f64;
    }
    // The .999 quantile with seven degrees of freedom.
    assert!(chi_squared < 24.32, "{chi_squared}");
}

#[test]
fn weights_of_neighbouring_arguments_are_uncorrelated() {
    type Step = fn(u64) -> (u32, u32);
    let steps: [Step; 3] = [
        |i| (cluster_weight(i, 5, 5), cluster_weight(i + 1, 5, 5)),
        |i| (cluster_weight(5, i, 5), cluster_weight(5, i + 1, 5)),
        |i| (cluster_weight(5, 5, i), cluster_weight(5, 5, i + 1)),
    ];
    for step in steps {
        let product = |i| {
            let (first, second) = step(i);
            (f64::from(first) - 1.0) * (f64::from(second) - 1.0)
        };
        let (covariance, _) = mean_and_variance((0..40_000).map(product));
        assert!(covariance.abs() < 5.0 / 200.0, "{covariance}");
    }
}

#[test]
fn weights_match_the_hash_written_in_another_language() {
    for case in oracles("cluster_weight") {
        let (seed, replicate) = (count(&case["seed"]), count(&case["replicate"]));
        for (cluster, weight) in (0..).zip(counts(&case["weights"])) {
            assert_eq!(u64::from(cluster_weight(seed, cluster, replicate)), weight);
        }
    }
}

#[test]
fn drawn_cells_are_pinned() {
    // A change here, by a new version of a generator, changes every record ever made.
    let mut out = [0; 4];
    resample_cells(&[10, 0, 200, 5000], 42, 3, &mut out);
    assert_eq!(out, [14, 0, 190, 5006]);
}

#[test]
fn statistics_of_one_run_share_their_samples() {
    let sample = Sample::Independent(vec![30, 50]);
    let replicates = sample.replicate(1, 100, 2, |counts, out| {
        out[0] = Some(counts[0] as f64);
        out[1] = Some(counts[1] as f64);
    });
    for (first, second) in replicates.values(0).iter().zip(replicates.values(1)) {
        assert_eq!(first.unwrap() + second.unwrap(), 80.0);
    }
}

#[test]
fn a_run_in_one_thread_gives_the_same_digits() {
    let sample = Sample::Independent(vec![30, 50, 7]);
    let values = || sample.replicate(1, 500, 1, share).values(0).to_vec();
    let one = rayon::ThreadPoolBuilder::new()
        .num_threads(1)
        .build()
        .unwrap();
    assert_eq!(values(), one.install(values));
}

#[test]
fn intervals_without_information_have_a_reason() {
    let interval = |sample: Sample| sample.bootstrap(3, 200, 1, share).interval(0, 0.95);
    // All twelve of twelve, or one cluster only: no interval instead of [1, 1].
    assert_undefined(
        interval(Sample::Independent(vec![12, 0])),
        Reason::NoVariation,
    );
    assert_undefined(interval(Sample::Independent(vec![0, 0])), Reason::Unstable);
    assert_undefined(interval(Sample::Independent(vec![])), Reason::Unstable);
    let clustered = |entries: &[(u64, usize, u64)]| Clusters::new(2, entries.to_vec());
    let one = clustered(&[(8, 0, 4), (8, 1, 2)]).unwrap();
    assert_undefined(interval(Sample::Clustered(one)), Reason::Unstable);
    assert_undefined(
        interval(Sample::Clustered(clustered(&[]).unwrap())),
        Reason::Unstable,
    );
    assert!(clustered(&[(8, 2, 1)]).is_err());
    let sample = Sample::Independent(vec![5, 5]);
    assert_undefined(
        sample.bootstrap(3, 30, 1, share).interval(0, 0.95),
        Reason::TooFewCases,
    );
}

#[test]
fn clustered_intervals_are_as_wide_as_the_clusters_demand() {
    // Forty clusters of ten that agree within themselves: forty cases, not four hundred.
    let entries = (0..40)
        .map(|cluster| (cluster, usize::from(cluster % 4 == 0), 10))
        .collect();
    let clustered = Sample::Clustered(Clusters::new(2, entries).unwrap());
    assert_eq!(clustered.method(), Method::ClusterBootstrap);
    let width = |sample: &Sample| {
        let interval = sample
            .bootstrap(11, 2000, 1, share)
            .interval(0, 0.95)
            .unwrap();
        interval.high - interval.low
    };
    let forty = width(&Sample::Independent(vec![30, 10]));
    let ratio = width(&clustered) / forty;
    assert!((0.9..1.15).contains(&ratio), "{ratio}");
}

#[test]
fn intervals_cover_at_about_their_level() {
    // Samples of 200 with a true share of .3, drawn by the same generator under other seeds.
    let covered = (0..300)
        .filter(|&draw| {
            let mut counts = vec![0; 2];
            resample_cells(&[60, 140], 1_000 + draw, 0, &mut counts);
            let bootstrap = Sample::Independent(counts).bootstrap(draw, 200, 1, share);
            let interval = bootstrap.interval(0, 0.9).unwrap();
            (interval.low..=interval.high).contains(&0.3)
        })
        .count();
    // 270 expected, with a standard error of 5.2.
    assert!((250..=290).contains(&covered), "{covered} of 300");
}

/// Equal weights give the interval of no weights; of clusters too, and heavier ones are worth fewer.
#[test]
fn limits_know_how_many_units_weights_leave() {
    let interval = |sample: Sample| {
        sample
            .bootstrap(5, 2000, 1, share)
            .interval(0, 0.95)
            .unwrap()
    };
    let weighted = |weight: fn(u64) -> u32| Sample::Weighted {
        cells: 2,
        strata: (0..40)
            .map(|case| Stratum {
                cell: usize::from(case % 4 == 0),
                weight: weight(case),
                cases: 1,
            })
            .collect(),
    };
    let plain = interval(Sample::Independent(vec![30, 10]));
    assert_eq!(interval(weighted(|_| 7)), plain);
    let clusters = |size: fn(u64) -> u64| {
        let of = |cluster: u64| {
            (
                cluster,
                usize::from(cluster.is_multiple_of(4)),
                size(cluster),
            )
        };
        Clusters::new(2, (0..40).map(of).collect()).unwrap()
    };
    let alike = interval(Sample::Clustered(clusters(|_| 7)));
    assert_eq!(
        interval(Sample::Clustered(clusters(|_| 7).weighted())),
        alike
    );
    // Every second is three times as heavy, so that 40 are worth (20 + 60)^2 / (20 + 180) = 32.
    let of_heavy = interval(Sample::Clustered(clusters(|of| 1 + of % 2 * 2)));
    let told = clusters(|of| 1 + of % 2 * 2).weighted();
    let of_told = interval(Sample::Clustered(told));
    let freedom = |interval: Interval| interval.degrees_of_freedom.unwrap();
    assert!(freedom(of_told) <= 31.0 && freedom(of_told) < freedom(of_heavy));
}

/// Few cases to a weight are drawn one by one, many by weight: both as often as there are.
#[test]
fn weighted_cases_are_drawn_as_often_as_there_are() {
    let stratum = |cell, weight, cases| Stratum {
        cell,
        weight,
        cases,
    };
    let scattered = vec![stratum(0, 5, 1), stratum(0, 9, 1), stratum(1, 7, 2)];
    let gathered = vec![stratum(0, 5, 30), stratum(0, 9, 10), stratum(1, 7, 60)];
    for strata in [scattered, gathered] {
        let mass = |cell: usize| -> f64 {
            let own = strata.iter().filter(|stratum| stratum.cell == cell);
            own.map(|stratum| stratum.mass() as f64).sum()
        };
        let expected = [mass(0), mass(1)];
        let cases: u64 = strata.iter().map(|stratum| stratum.cases).sum();
        let sample = Sample::Weighted { cells: 2, strata };
        let replicates = sample.replicate(3, 20_000, 2, |counts, values| {
            assert_eq!(counts.len(), 2);
            values[0] = Some(counts[0] as f64);
            values[1] = Some(counts[1] as f64);
        });
        for (place, expected) in expected.into_iter().enumerate() {
            let values = replicates.values(place);
            let mean = values.iter().flatten().sum::<f64>() / values.len() as f64;
            let slack = 0.05 * (cases as f64).sqrt() * 9.0 / 2.0;
            assert!((mean - expected).abs() < slack, "{mean} is not {expected}");
        }
    }
}
