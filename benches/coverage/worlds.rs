//! Labels and groups to draw: what stands over the columns of their tables.

use super::groups::Groups;
use super::simulation::{Cases, World};

/// Labels, by the table that they stand in: independent, in clusters, several a case.
pub fn labels() -> Vec<(&'static str, Vec<World>)> {
    let of = |labels, right| {
        move |n, cases| World {
            n,
            labels,
            right,
            cases,
        }
    };
    let mut tables = Vec::new();
    for (labels, right, title, in_clusters) in [
        (
            3,
            0.8,
            "Three labels, 80 % right, independent cases",
            "Three labels, 80 % right, in clusters of 20 cases",
        ),
        (
            7,
            0.5,
            "Seven labels, 50 % right, independent cases",
            "Seven labels, 50 % right, in clusters of 20 cases",
        ),
    ] {
        let world = of(labels, right);
        let independent = SIZES.map(|n| world(n, Cases::Independent));
        let mut independent = independent.to_vec();
        if labels == 3 {
            independent.extend([50, 1000].map(|n| world(n, Cases::Unanswered)));
        }
        tables.push((title, independent));
        // As many clusters of each label as of any other.
        let clusters = if labels == 3 {
            [15, 51, 201]
        } else {
            [14, 49, 203]
        };
        let clustered = clusters.iter().flat_map(|clusters| {
            [false, true].map(|one_label| {
                let cases = Cases::Clustered {
                    clusters: *clusters,
                    between: 1.0 / 3.0,
                    one_label,
                };
                world(clusters * 20, cases)
            })
        });
        tables.push((in_clusters, clustered.collect()));
    }
    let several = [20, 100, 1000, 20_000].map(|n| of(7, 0.6)(n, Cases::MultiLabel));
    tables.push(("Several of seven labels a case", several.to_vec()));
    tables
}

/// Numbers of cases, from few to many.
pub const SIZES: [u64; 6] = [20, 50, 200, 1000, 5000, 20_000];

/// Many labels, of which most have a few cases, and clusters of unequal sizes.
pub fn sparse() -> Vec<World> {
    let mut worlds = Vec::new();
    for cases in [Cases::Independent, Cases::Rare] {
        for n in [60, 100, 300, 1000] {
            worlds.push(World {
                n,
                labels: 28,
                right: 0.5,
                cases,
            });
        }
    }
    for (clusters, spread) in [(10, 1.2), (15, 0.0), (15, 1.0), (50, 1.2), (200, 1.2)] {
        worlds.push(World {
            n: 0,
            labels: 3,
            right: 0.7,
            cases: Cases::Uneven { clusters, spread },
        });
    }
    worlds
}

/// Clusters of 20 cases that fail as wholes: by how much of the variance of being right lies between them, and of which a
/// share is read wholly wrong.
pub fn failing() -> Vec<(String, World)> {
    let world = |clusters, right, cases| World {
        n: clusters * 20,
        labels: 3,
        right,
        cases,
    };
    let mut worlds = Vec::new();
    for (right, between) in [(0.95, 0.2), (0.95, 0.5), (0.8, 0.9)] {
        for clusters in [5, 15, 60, 200] {
            let cases = Cases::Clustered {
                clusters,
                between,
                one_label: false,
            };
            let name = format!(
                "{:.0} % right, {between} between, {clusters}",
                100.0 * right
            );
            worlds.push((name, world(clusters, right, cases)));
        }
    }
    for (share, clusters) in [(0.1, 15), (0.1, 40), (0.1, 100), (0.03, 60), (0.03, 200)] {
        let cases = Cases::Wrong { clusters, share };
        let name = format!("{:.0} % wholly wrong, {clusters}", 100.0 * share);
        worlds.push((name, world(clusters, 0.99 * (1.0 - share), cases)));
    }
    worlds
}

/// Groups without a disparity, with one, and with one that a control attribute explains.
pub fn groups() -> Vec<(&'static str, Groups)> {
    let alike = Groups {
        sizes: &[60, 200, 40, 120, 30],
        right: [0.75, 0.75],
        called: [0.1, 0.1],
        hard: [0.3, 0.3],
        spread: 0.0,
        clusters: 0,
        shared: false,
        strata: 0,
        weights: 0.0,
    };
    let shared = Groups {
        sizes: &[51; 4],
        hard: [0.0, 0.0],
        clusters: 51,
        shared: true,
        strata: 2,
        ..alike
    };
    vec![
        ("5 alike of 30 to 200", alike),
        (
            "4 alike of 12 to 20",
            Groups {
                sizes: &[12, 15, 20, 12],
                ..alike
            },
        ),
        (
            "4 alike of 1,000",
            Groups {
                sizes: &[1000; 4],
                ..alike
            },
        ),
        (
            "4 alike of 20,000",
            Groups {
                sizes: &[20_000; 4],
                ..alike
            },
        ),
        (
            "20 alike of 50",
            Groups {
                sizes: &[50; 20],
                ..alike
            },
        ),
        (
            "5 alike in 12 clusters each",
            Groups {
                clusters: 12,
                sizes: &[120; 5],
                ..alike
            },
        ),
        ("4 alike in the same 51 clusters of 1 case each", shared),
        (
            "4 alike in the same 201 clusters of 1 case each",
            Groups {
                clusters: 201,
                sizes: &[201; 4],
                ..shared
            },
        ),
        (
            "5 alike in the same 15 clusters of 8 cases each",
            Groups {
                clusters: 15,
                sizes: &[120; 5],
                ..shared
            },
        ),
        (
            "5 alike, weights of spread 0.7",
            Groups {
                weights: 0.7,
                ..alike
            },
        ),
        (
            "5 alike in 12 clusters each, weights of spread 0.7",
            Groups {
                weights: 0.7,
                clusters: 12,
                sizes: &[120; 5],
                ..alike
            },
        ),
        (
            "2 alike in 40 strata of 1 and 5 cases",
            Groups {
                sizes: &[40, 200],
                strata: 40,
                ..alike
            },
        ),
        (
            "2 alike in 20 strata of 2 and 5 cases",
            Groups {
                sizes: &[40, 100],
                strata: 20,
                ..alike
            },
        ),
        (
            "first read worse, called more",
            Groups {
                right: [0.55, 0.75],
                called: [0.3, 0.1],
                ..alike
            },
        ),
        (
            "first with more hard cases",
            Groups {
                hard: [0.7, 0.2],
                ..alike
            },
        ),
        (
            "8 that differ by 0.05",
            Groups {
                sizes: &[60, 200, 40, 120, 30, 80, 25, 150],
                spread: 0.05,
                ..alike
            },
        ),
    ]
}

/// How cases come about, in words.
pub fn words(cases: Cases) -> String {
    match cases {
        Cases::Independent => "independent".to_owned(),
        Cases::Unanswered => "a tenth unanswered".to_owned(),
        Cases::MultiLabel => "independent, several labels".to_owned(),
        Cases::Weighted { spread, .. } => format!("weighted, spread {spread}"),
        Cases::Rare => "independent, frequencies of Zipf".to_owned(),
        Cases::Wrong { clusters, share } => format!("{clusters} clusters, {share} wholly wrong"),
        Cases::Uneven { clusters, spread } => {
            format!("{clusters} clusters, sizes of spread {spread}")
        }
        Cases::Clustered {
            clusters,
            one_label: false,
            ..
        } => format!("{clusters} clusters"),
        Cases::Clustered {
            clusters,
            one_label: true,
            ..
        } => format!("{clusters} clusters of one label"),
    }
}
