//! The families of intervals, each with its tables.

use std::collections::BTreeMap;

use super::contrasts::Contrasted;
use super::functional::Tests;
use super::groups::count;
use super::held::{self, Coverage};
use super::models::Models;
use super::numbers::{Numbers, Shape};
use super::probabilities::Stated;
use super::rater_groups::Raters;
use super::raters::People;
use super::scores::{self, Scored};
use super::sets::Swapped;
use super::simulation::{Cases, World, coverage, coverage_of_sums};
use super::sure::{self, Sure};
use super::tables::{self, Columns};
use super::worlds::{self, SIZES, words};
use super::{
    contrasts, functional, judged, models, numbers, probabilities, rater_groups, raters, sets,
    slices,
};

/// The same of counterfactual sets, where many draws of wordings are tried in each.
pub const LARGE_SETS: (u64, u64) = (10_000, 40);

/// Prints the tables of a family, from so many draws a column.
type Print = fn(u64);

/// Every family with its name on the command line.
pub const FAMILIES: [(&str, Print); 16] = [
    ("labels", of_labels),
    ("sparse", sparse),
    ("groups", of_groups),
    ("models", of_models),
    ("contrasts", of_contrasts),
    ("sets", of_sets),
    ("tests", of_tests),
    ("raters", of_raters),
    ("rater-groups", of_rater_groups),
    ("probabilities", of_probabilities),
    ("sure", of_sure),
    ("scores", of_scores),
    ("numbers", of_numbers),
    ("weights", weighted),
    ("slices", of_slices),
    ("gates", judged::of_gates),
];

/// How many cases a large draw has, and of how many draws a truth is the mean: together a thousand times as many as the
/// largest column has, so that the truth is off by a thirtieth of the standard error there. With a hundred times as many it
/// is a tenth, and where that comes to two tenths by chance, one gate passes in twice as many draws as it should.
pub const LARGE: (u64, u64) = (100_000, 200);

/// The same for columns of a few thousand cases at most, and for people, who take long to draw.
const LESS: (u64, u64) = (100_000, 20);

fn of_labels(draws: u64) {
    for (title, worlds) in worlds::labels() {
        let columns = worlds.iter().map(|world| {
            let n = match world.cases {
                Cases::Independent | Cases::MultiLabel => world.n.to_string(),
                cases => format!("{}, {}", words(cases), world.n),
            };
            (n, coverage(world, draws, 7 + world.n))
        });
        tables::held(title, &columns.collect(), draws);
    }
}

/// Many labels, and clusters of unequal sizes: sums of shares alone.
fn sparse(draws: u64) {
    let columns = worlds::sparse().into_iter().map(|world| {
        let name = format!("{}, {}", words(world.cases), world.n);
        (name, coverage_of_sums(&world, draws, 7 + world.n))
    });
    let title = "Many labels, and clusters of unequal sizes";
    tables::held(title, &columns.collect(), draws);
    let columns = worlds::failing().into_iter().map(|(name, world)| {
        let seed = 7 + world.n;
        (name, coverage_of_sums(&world, draws, seed))
    });
    tables::held("Clusters that fail as wholes", &columns.collect(), draws);
}

fn of_groups(draws: u64) {
    let worlds = worlds::groups();
    let names: Vec<&str> = worlds.iter().map(|(name, _)| *name).collect();
    let counted: Vec<_> = worlds
        .iter()
        .map(|(_, groups)| count(groups, draws, 13))
        .collect();
    tables::head("Comparisons of groups", "comparison", &names);
    for row in counted[0].keys() {
        let cells = counted.iter().map(|counted| {
            let Some(counted) = counted.get(row).filter(|counted| counted.intervals > 0) else {
                return "-".to_owned();
            };
            let held = tables::share(100.0 * counted.held_share());
            format!("{held} ({:.1})", 100.0 * counted.alarm_share())
        });
        println!("| {row} | {} |", cells.collect::<Vec<_>>().join(" | "));
    }
}

/// A family whose worlds have so many cases, in so many of a cluster: independent cases, then clusters. Truth is found
/// once for each of the two.
fn sizes<T>(
    title: &str,
    in_clusters: (u64, &str, &[u64]),
    draws: u64,
    truth: impl Fn(u64) -> T,
    count: impl Fn(u64, u64, &T) -> BTreeMap<String, Coverage>,
) {
    let (size, name, clustered) = in_clusters;
    let mut columns = Columns::new();
    let alone = truth(1);
    columns.extend(SIZES.map(|n| (n.to_string(), count(n, 1, &alone))));
    let together = truth(size);
    for n in clustered {
        let name = format!("{n} in {} {name}", n / size);
        columns.push((name, count(*n, size, &together)));
    }
    tables::held(title, &columns, draws);
}

/// Numbers of cases in clusters.
const CLUSTERED: (u64, &str, &[u64]) = (20, "clusters", &[300, 1000, 4000]);

fn of_rater_groups(draws: u64) {
    let columns = [(30, false), (100, false), (400, false), (100, true)];
    let one = [(100, false)];
    for (who, anew, columns) in [
        ("the same in all draws", false, &columns[..]),
        ("drawn anew", true, &one),
    ] {
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
                let [own, others] = people;
                let name = format!("{cases} cases, {own} and {others} raters{kind}");
                (name, rater_groups::count(&world, draws, 37))
            })
        });
        let title = format!("Groups of raters, {who}");
        tables::held(&title, &columns.collect(), draws);
    }
}

fn of_models(draws: u64) {
    sizes(
        "Two models on the same cases, and changes from a baseline",
        CLUSTERED,
        draws,
        |_| (),
        |n, in_cluster, ()| models::count(Models { n, in_cluster }, draws, 31),
    );
}

fn of_contrasts(draws: u64) {
    for (title, right) in [
        ("The contrast of emotion and sentiment", contrasts::RIGHT),
        (
            "The contrast where hardly any answer is wrong",
            contrasts::SURE,
        ),
    ] {
        let of = |n, in_cluster| Contrasted {
            n,
            in_cluster,
            right,
        };
        sizes(
            title,
            CLUSTERED,
            draws,
            |in_cluster| of(0, in_cluster).truth(LARGE),
            |n, in_cluster, truth| contrasts::count(of(n, in_cluster), truth, (draws, 37)),
        );
    }
}

/// One set more than 5,000, up to which a test that takes long stands beside the interval.
pub fn beyond_tests(n: u64) -> u64 {
    n + u64::from(n == 5000)
}

fn of_sets(draws: u64) {
    sizes(
        "Counterfactual sets",
        (20, "templates", &[200, 1000, 4000]),
        draws,
        |in_template| Swapped { n: 0, in_template }.truth(LARGE_SETS),
        |n, in_template, truth| {
            let n = beyond_tests(n);
            sets::count(Swapped { n, in_template }, truth, (draws, 41))
        },
    );
}

fn of_tests(draws: u64) {
    sizes(
        "Functional tests",
        (10, "clusters", CLUSTERED.2),
        draws,
        |_| (),
        |n, in_cluster, ()| functional::count(Tests { n, in_cluster }, draws, 43),
    );
}

fn of_raters(draws: u64) {
    sizes(
        "People who labelled",
        CLUSTERED,
        draws,
        |in_cluster| People { n: 0, in_cluster }.truth(LESS),
        |n, in_cluster, truth| raters::count(People { n, in_cluster }, truth, (draws, 47)),
    );
}

fn of_probabilities(draws: u64) {
    sizes(
        "Probabilities",
        CLUSTERED,
        draws,
        |in_cluster| Stated { n: 0, in_cluster }.truth(LARGE),
        |n, in_cluster, truth| probabilities::count(Stated { n, in_cluster }, truth, (draws, 53)),
    );
}

fn of_sure(draws: u64) {
    for (right, least) in [
        (0.995, 0.97),
        (0.99, 0.97),
        (0.98, 0.95),
        (0.95, 0.9),
        (0.99, 0.9),
    ] {
        let columns = [
            (200, 1),
            (500, 1),
            (2000, 1),
            (5000, 1),
            (1000, 20),
            (4000, 20),
        ];
        let columns = columns.map(|(n, in_cluster)| {
            let sure = Sure {
                n,
                in_cluster,
                right,
                least,
            };
            let clusters = format!("{n} in {} clusters", n / in_cluster);
            let name = if in_cluster > 1 {
                clusters
            } else {
                n.to_string()
            };
            (name, sure::count(sure, (draws, 71)))
        });
        let title = format!("{} % right, stated {least} to 1", 100.0 * right);
        tables::held(&title, &columns.to_vec(), draws);
    }
}

fn of_scores(draws: u64) {
    let head = [
        "clusters",
        "spread of weights",
        "auc",
        "overconfidence",
        "brier",
    ];
    tables::head("Measures of scores", "cases", &head);
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
        let shares = scores::held(scored, draws).into_iter();
        let shares: Vec<String> = shares
            .map(|(_, share)| tables::share(100.0 * share))
            .collect();
        println!("| {n} | {clusters} | {spread} | {} |", shares.join(" | "));
    }
}

/// Numbers of equal weight, whatever they are distributed like.
fn of_numbers(draws: u64) {
    for shape in [Shape::Normal, Shape::Neutral, Shape::Exponential] {
        let numbers = |n| Numbers {
            shape,
            n,
            clusters: 0,
            spread: 0.0,
            telling: false,
        };
        let truth = numbers(0).truth(LARGE);
        let columns = SIZES.map(|n| {
            let counted = held::count(&truth, (draws, 29), |rules, random| {
                numbers(n).values(rules, random)
            });
            (n.to_string(), counted)
        });
        let title = format!("Numbers on a dimension, {shape:?}").to_lowercase();
        tables::held(&title, &columns.to_vec(), draws);
    }
}

/// Lognormal weights, related to how well cases are read or not: measures of labels, then of numbers, then of both in
/// clusters.
fn weighted(draws: u64) {
    let spreads = [(0.5, false), (1.0, false), (0.5, true)];
    let named = |spread: f64, telling: bool, n: u64| {
        format!("{spread}{}, {n}", if telling { ", telling" } else { "" })
    };
    let columns = spreads
        .iter()
        .flat_map(|of| [50, 200, 500, 2000].map(|n| (*of, n)));
    let of_labels = columns.clone().map(|((spread, telling), n)| {
        let world = World {
            n,
            labels: 3,
            right: 0.8,
            cases: Cases::Weighted { spread, telling },
        };
        (named(spread, telling, n), coverage(&world, draws, 17))
    });
    tables::held("Labels of cases with weights", &of_labels.collect(), draws);
    let numbers = |n, clusters, spread, telling| Numbers {
        shape: Shape::Normal,
        n,
        clusters,
        spread,
        telling,
    };
    let of_numbers = columns.map(|((spread, telling), n)| {
        let numbers = numbers(n, 0, spread, telling);
        (
            named(spread, telling, n),
            numbers::count(numbers, LESS, (draws, 19)),
        )
    });
    tables::held("Numbers with weights", &of_numbers.collect(), draws);
    let clustered = [15, 50, 200].into_iter().flat_map(|clusters| {
        [0.0, 0.5, 1.0].map(|spread| {
            let numbers = numbers(20 * clusters, clusters, spread, false);
            let name = format!("{spread}, {clusters} clusters");
            (name, numbers::count(numbers, LESS, (draws, 23)))
        })
    });
    tables::held("Numbers in clusters of 20", &clustered.collect(), draws);
}

fn of_slices(draws: u64) {
    let sizes = [400, 1000, 5000, 20_000];
    let names = sizes.map(|n: u64| n.to_string());
    tables::head(
        "Kinds of cases that a model fails on: draws in which one is shown, %",
        "more errors in one group of five",
        &names.each_ref().map(String::as_str),
    );
    for more in [0.0, 0.1, 0.2] {
        let shown = sizes.map(|n| 100.0 * slices::shown(n, more, draws, 59));
        println!(
            "| {more} | {} |",
            shown.map(|one| format!("{one:.1}")).join(" | ")
        );
    }
}
