//! What counting and measuring cost: against the number of cases, of groups and of bootstrap replicates, and for cases in
//! clusters. Run with `cargo bench --no-default-features --bench measuring`.

#![allow(clippy::disallowed_methods, clippy::disallowed_macros)]

use std::hint::black_box;
use std::time::Duration;

use affect_audit::attribute::{About, Attribute, AttributeKind, Blank};
use affect_audit::case::{Cases, LabelSource, Names};
use affect_audit::measure::disparity::{self, Beside, Group};
use affect_audit::measure::slice::Slice;
use affect_audit::measure::{Rules, quality};
use affect_audit::tally::{Evaluation, Gaps, Outcome};
use affect_audit::task::{LabelSet, bridge, built_in};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use rand::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

criterion_group! {
    name = measuring;
    config = Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(3));
    targets = counting, by_cases, by_groups, by_replicates, by_clusters
}
criterion_main!(measuring);

const CASES: [usize; 4] = [1_000, 10_000, 100_000, 1_000_000];

fn rules(replicates: usize) -> Rules {
    Rules {
        level: 0.95,
        min_n: 30,
        suppress_below: 10,
        seed: 1,
        replicates,
    }
}

/// Answers to seven labels of which 60 % are right, with one attribute and, where asked for, clusters.
fn data(cases: usize, groups: usize, clusters: usize) -> (Cases, Evaluation) {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(1);
    let scheme = built_in("ekman").expect("a built-in scheme");
    let labels = scheme.labels.len();
    let outcome = |random: &mut Xoshiro256PlusPlus| {
        let gold = random.random_range(0..labels);
        let right = random.random_bool(0.6);
        let answer = if right {
            gold
        } else {
            random.random_range(0..labels)
        };
        Some(Outcome {
            gold: LabelSet::one(gold),
            answer: Some(LabelSet::one(answer)),
        })
    };
    let outcomes = (0..cases).map(|_| outcome(&mut random)).collect();
    let mut names = |n: usize| {
        let cells: Vec<String> = (0..cases)
            .map(|_| random.random_range(0..n).to_string())
            .collect();
        Names::from_cells(cells.iter().map(String::as_str))
    };
    let attribute = Attribute {
        name: "group".to_owned(),
        title: String::new(),
        about: About::Author,
        kind: AttributeKind::Demographic,
        blank: Blank::Missing,
    };
    let cases = Cases {
        ids: (0..cases).map(|case| case.to_string()).collect(),
        attributes: vec![(attribute, names(groups))],
        clusters: (clusters > 0).then(|| names(clusters)),
        ..Cases::default()
    };
    let evaluation = Evaluation {
        gold_scheme: scheme.clone(),
        source: LabelSource::Perceived,
        bridge: bridge(&scheme, &scheme).expect("the same labels"),
        multi_label: false,
        outcomes,
        gaps: Gaps::default(),
        scheme,
    };
    (cases, evaluation)
}

fn split(cases: &Cases, evaluation: &Evaluation) -> Vec<Group> {
    disparity::split(evaluation, cases, &cases.attributes[0].1)
}

/// Everything that is measured of all cases and of groups.
fn measure(cases: &Cases, evaluation: &Evaluation, groups: &[Group], replicates: usize) {
    let rules = rules(replicates);
    let clusters = cases.units();
    let outcomes = evaluation.outcomes.iter().enumerate();
    let whole = Slice::new(outcomes.filter_map(|(case, one)| Some((clusters[case], (*one)?))));
    black_box(quality::overall(evaluation, &whole, &rules));
    black_box(quality::by_label(evaluation, &whole, &rules));
    black_box(disparity::measure(
        evaluation,
        groups,
        &rules,
        &Beside::default(),
    ));
}

/// Tallies of six groups: the one step whose cost grows with the cases.
fn counting(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("counting");
    for cases in CASES {
        let (table, evaluation) = data(cases, 6, 0);
        group.throughput(Throughput::Elements(cases as u64));
        group.bench_function(BenchmarkId::from_parameter(cases), |bench| {
            bench.iter(|| black_box(split(&table, &evaluation)));
        });
    }
    group.finish();
}

fn by_cases(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("measuring-by-cases");
    for cases in CASES {
        let (table, evaluation) = data(cases, 6, 0);
        let groups = split(&table, &evaluation);
        // Counting of the whole is left out: `counting` says what it costs.
        let rules = rules(1000);
        let outcomes = evaluation.outcomes.iter();
        let whole = Slice::new(outcomes.filter_map(|one| Some((None, (*one)?))));
        group.bench_function(BenchmarkId::from_parameter(cases), |bench| {
            bench.iter(|| {
                black_box(quality::overall(&evaluation, &whole, &rules));
                black_box(disparity::measure(
                    &evaluation,
                    &groups,
                    &rules,
                    &Beside::default(),
                ));
            });
        });
    }
    group.finish();
}

fn by_groups(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("measuring-by-groups");
    for number in [2, 6, 20, 60] {
        let (table, evaluation) = data(100_000, number, 0);
        let groups = split(&table, &evaluation);
        group.bench_function(BenchmarkId::from_parameter(number), |bench| {
            bench.iter(|| measure(&table, &evaluation, &groups, 1000));
        });
    }
    group.finish();
}

fn by_replicates(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("measuring-by-replicates");
    let (table, evaluation) = data(100_000, 6, 0);
    let groups = split(&table, &evaluation);
    for replicates in [100, 1_000, 10_000] {
        group.bench_function(BenchmarkId::from_parameter(replicates), |bench| {
            bench.iter(|| measure(&table, &evaluation, &groups, replicates));
        });
    }
    group.finish();
}

/// Cases in clusters, where whole clusters are drawn: the cost grows with the clusters.
fn by_clusters(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("measuring-by-clusters");
    for clusters in [100, 1_000, 10_000] {
        let (table, evaluation) = data(100_000, 6, clusters);
        let groups = split(&table, &evaluation);
        group.bench_function(BenchmarkId::from_parameter(clusters), |bench| {
            bench.iter(|| measure(&table, &evaluation, &groups, 1000));
        });
    }
    group.finish();
}
