//! Prints how often intervals hold the truth and how often gates ring without cause, as the tables of
//! docs/coverage.md. Run with `cargo bench --bench coverage`; an argument says how many draws to take,
//! `groups` asks for the comparisons of groups alone, `sparse` for many labels and for clusters of unequal sizes, `scores`
//! for the measures of scores, `weights` for cases that weigh differently, and `raters` for groups of raters.

#![allow(clippy::disallowed_methods, clippy::disallowed_macros)]

use std::collections::{BTreeMap, BTreeSet};

mod gates;
mod groups;
mod numbers;
mod raters;
mod scores;
mod simulation;

use gates::alarms;
use groups::{Groups, count};
use numbers::{Numbers, Shape};
use raters::Raters;
use scores::{Scored, held};
use simulation::{Cases, Coverage, World, coverage, coverage_of_sums};

fn main() {
    let draws = std::env::args()
        .skip(1)
        .find_map(|argument| argument.parse().ok());
    let draws = draws.unwrap_or(1000);
    println!("{draws} draws a row; nominal 95 %.\n");
    if std::env::args().any(|argument| argument == "groups") {
        comparisons(draws);
        return;
    }
    if std::env::args().any(|argument| argument == "scores") {
        of_scores(draws);
        return;
    }
    if std::env::args().any(|argument| argument == "weights") {
        weighted(draws);
        return;
    }
    if std::env::args().any(|argument| argument == "numbers") {
        of_numbers(draws);
        return;
    }
    if std::env::args().any(|argument| argument == "raters") {
        of_raters(draws);
        return;
    }
    if std::env::args().any(|argument| argument == "sparse") {
        of_worlds(&sparse_worlds(), coverage_of_sums, draws);
        return;
    }
    of_worlds(&worlds(), coverage, draws);
    of_gates(draws);
    comparisons(draws);
}

fn of_worlds(
    worlds: &[World],
    coverage: fn(&World, u64, u64) -> BTreeMap<String, Coverage>,
    draws: u64,
) {
    println!(
        "| cases | n | labels | right | measure | held, % | above, % | below, % | no value, % | mean width |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|");
    for world in worlds {
        for (name, counted) in coverage(world, draws, 7) {
            let percent = |count: u64| 100.0 * count as f64 / counted.intervals.max(1) as f64;
            println!(
                "| {} | {} | {} | {} | {name} | {:.1} | {:.1} | {:.1} | {:.1} | {:.3} |",
                words(world.cases),
                world.n,
                world.labels,
                world.right,
                100.0 * counted.share(),
                percent(counted.above),
                percent(counted.intervals - counted.held - counted.above),
                100.0 * counted.undefined as f64 / draws as f64,
                counted.width / counted.intervals.max(1) as f64,
            );
        }
    }
}

fn of_gates(draws: u64) {
    println!("\nA gate that allows accuracies of 4 groups to differ by 0.10 from the others:\n");
    println!(
        "| cases | n a group | true difference | fails, % | passes, % | gap of best and worst above 0.10, % |"
    );
    println!("|---|---|---|---|---|---|");
    for cases in [
        Cases::Independent,
        Cases::Clustered {
            clusters: 20,
            one_label: false,
        },
    ] {
        for n in [40, 200, 1000, 4000] {
            for gap in [0.0, 0.05, 0.2] {
                let world = World {
                    n,
                    labels: 3,
                    right: 0.7,
                    cases,
                };
                let seen = alarms(&world, 4, gap, 0.1, draws, 11);
                let percent = |count: u64| 100.0 * count as f64 / seen.draws as f64;
                println!(
                    "| {} | {n} | {gap} | {:.1} | {:.1} | {:.1} |",
                    words(cases),
                    percent(seen.failed),
                    percent(seen.passed),
                    percent(seen.naive),
                );
            }
        }
    }
}

fn comparisons(draws: u64) {
    println!("\nComparisons of groups; alarms leave out \"no difference\":\n");
    println!("| groups | comparison | held, % | alarms, % |");
    println!("|---|---|---|---|");
    for (name, groups) in group_worlds() {
        for (comparison, counted) in count(&groups, draws, 13) {
            println!(
                "| {name} | {comparison} | {:.1} | {:.1} |",
                100.0 * counted.held_share(),
                100.0 * counted.alarm_share(),
            );
        }
    }
}

/// Groups without a disparity, with one, and with one that a control attribute explains.
fn group_worlds() -> Vec<(&'static str, Groups)> {
    let alike = Groups {
        sizes: &[60, 200, 40, 120, 30],
        right: [0.75, 0.75],
        called: [0.1, 0.1],
        hard: [0.3, 0.3],
        spread: 0.0,
        clusters: 0,
        strata: 0,
        weights: 0.0,
    };
    let few: &[u64] = &[12, 15, 20, 12];
    vec![
        ("5 alike", alike),
        (
            "4 alike of 12 to 20",
            Groups {
                sizes: few,
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

fn worlds() -> Vec<World> {
    let mut worlds = Vec::new();
    for (labels, right) in [(3, 0.8), (7, 0.5)] {
        for n in [20, 100, 500, 5000, 20_000] {
            worlds.push(World {
                n,
                labels,
                right,
                cases: Cases::Independent,
            });
        }
        // As many clusters of each label as of any other.
        for clusters in if labels == 3 {
            [15, 51, 201]
        } else {
            [14, 49, 203]
        } {
            for one_label in [false, true] {
                let cases = Cases::Clustered {
                    clusters,
                    one_label,
                };
                worlds.push(World {
                    n: clusters * 20,
                    labels,
                    right,
                    cases,
                });
            }
        }
    }
    for n in [100, 1000] {
        worlds.push(World {
            n,
            labels: 7,
            right: 0.6,
            cases: Cases::MultiLabel,
        });
    }
    worlds
}

/// Many labels, of which most have a few cases, and clusters of unequal sizes.
fn sparse_worlds() -> Vec<World> {
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

/// Lognormal weights, related to how well cases are read or not: measures of labels, then of numbers, then of both in
/// clusters.
fn weighted(draws: u64) {
    let spreads = [(0.5, false), (1.0, false), (0.5, true)];
    let sizes = [50, 200, 500, 2000];
    let named = |spread: f64, telling: bool, n: u64| {
        format!("{spread}{}, {n}", if telling { ", telling" } else { "" })
    };
    let columns = spreads.iter().flat_map(|of| sizes.map(|n| (*of, n)));
    let of_labels = columns.clone().map(|((spread, telling), n)| {
        let world = World {
            n,
            labels: 3,
            right: 0.8,
            cases: Cases::Weighted { spread, telling },
        };
        (named(spread, telling, n), coverage(&world, draws, 17))
    });
    table(&of_labels.collect::<Vec<_>>(), draws);
    let of_numbers = columns.map(|((spread, telling), n)| {
        let numbers = Numbers {
            shape: Shape::Normal,
            n,
            clusters: 0,
            spread,
            telling,
        };
        (
            named(spread, telling, n),
            numbers::count(numbers, draws, 19),
        )
    });
    println!("\nNumbers:\n");
    table(&of_numbers.collect::<Vec<_>>(), draws);
    let clustered = [15, 50, 200].into_iter().flat_map(|clusters| {
        [0.0, 0.5, 1.0].map(|spread| {
            let numbers = Numbers {
                shape: Shape::Normal,
                n: 20 * clusters,
                clusters,
                spread,
                telling: false,
            };
            let name = format!("{spread}, {clusters} clusters");
            (name, numbers::count(numbers, draws, 23))
        })
    });
    println!("\nNumbers in clusters of 20:\n");
    table(&clustered.collect::<Vec<_>>(), draws);
}

/// Numbers of equal weight, whatever they are distributed like.
fn of_numbers(draws: u64) {
    let shapes = [Shape::Normal, Shape::Neutral, Shape::Exponential];
    let columns = shapes.iter().flat_map(|shape| {
        [20, 50, 300, 2000].map(|n| {
            let numbers = Numbers {
                shape: *shape,
                n,
                clusters: 0,
                spread: 0.0,
                telling: false,
            };
            let name = format!("{shape:?}, {n}").to_lowercase();
            (name, numbers::count(numbers, draws, 29))
        })
    });
    table(&columns.collect::<Vec<_>>(), draws);
}

/// Agreement within and between groups of raters, who stay or are drawn anew.
fn of_raters(draws: u64) {
    let columns = [(30, false), (100, false), (400, false), (100, true)];
    let one = [(100, false)];
    for (anew, columns) in [(false, &columns[..]), (true, &one)] {
        let columns = columns.iter().flat_map(|(cases, ordinal)| {
            [[10, 10], [12, 40]].map(|people| {
                let world = Raters {
                    cases: *cases,
                    people,
                    rated: 0.3,
                    ordinal: *ordinal,
                    anew,
                };
                let kind = if *ordinal { ", in an order" } else { "" };
                let name = format!(
                    "{cases} cases, {} and {} raters{kind}",
                    people[0], people[1]
                );
                (name, raters::count(&world, draws, 37))
            })
        });
        let who = if anew {
            "drawn anew"
        } else {
            "the same in all draws"
        };
        println!("Raters {who}:\n");
        table(&columns.collect::<Vec<_>>(), draws);
        println!();
    }
}

/// A row a measure, a column a world: the share of draws held; in brackets the share without a value, if any.
fn table(columns: &[(String, BTreeMap<String, Coverage>)], draws: u64) {
    let names: Vec<&str> = columns.iter().map(|(name, _)| name.as_str()).collect();
    println!("| measure | {} |", names.join(" | "));
    println!("|---|{}", "---:|".repeat(columns.len()));
    for measure in columns
        .iter()
        .flat_map(|(_, of)| of.keys())
        .collect::<BTreeSet<_>>()
    {
        let cell = |(_, of): &(String, BTreeMap<String, Coverage>)| {
            let counted = of.get(measure).copied().unwrap_or_default();
            let held = format!("{:.1}", 100.0 * counted.share());
            match counted.undefined {
                0 => held,
                none => format!("{held} ({:.1})", 100.0 * none as f64 / draws as f64),
            }
        };
        let cells: Vec<String> = columns.iter().map(cell).collect();
        println!("| {measure} | {} |", cells.join(" | "));
    }
}

fn words(cases: Cases) -> String {
    match cases {
        Cases::Independent => "independent".to_owned(),
        Cases::MultiLabel => "independent, several labels".to_owned(),
        Cases::Weighted { spread, .. } => format!("weighted, spread {spread}"),
        Cases::Rare => "independent, frequencies of Zipf".to_owned(),
        Cases::Uneven { clusters, spread } => {
            format!("{clusters} clusters, sizes of spread {spread}")
        }
        Cases::Clustered {
            clusters,
            one_label: false,
        } => format!("{clusters} clusters"),
        Cases::Clustered {
            clusters,
            one_label: true,
        } => format!("{clusters} clusters of one label"),
    }
}

fn of_scores(draws: u64) {
    println!("| cases | clusters | spread of weights | auc | overconfidence | brier |");
    println!("|---|---|---|---|---|---|");
    for (n, clusters, shared, spread) in [
        (30, 30, 0.0, 0.0),
        (100, 100, 0.0, 0.0),
        (1000, 1000, 0.0, 0.0),
        (300, 15, 0.5, 0.0),
        (1000, 50, 0.5, 0.0),
        (4000, 200, 0.5, 0.0),
        (50, 50, 0.0, 0.5),
        (50, 50, 0.0, 1.0),
        (200, 200, 0.0, 1.0),
        (2000, 2000, 0.0, 1.0),
        (1000, 50, 0.5, 0.5),
    ] {
        let scored = Scored {
            n,
            clusters,
            shared,
            spread,
        };
        let held = held(scored, draws);
        let shares: Vec<String> = held
            .iter()
            .map(|(_, share)| format!("{:.1}", 100.0 * share))
            .collect();
        println!("| {n} | {clusters} | {spread} | {} |", shares.join(" | "));
    }
}
