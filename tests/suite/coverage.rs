//! A small simulation with a fixed seed: intervals hold the known truth about as often as they say, and gates do not
//! ring without cause. `cargo bench --bench coverage` runs the large one.

mod families;

#[path = "../../benches/coverage/contrasts.rs"]
mod contrasts;

#[path = "../../benches/coverage/functional.rs"]
mod functional;

#[path = "../../benches/coverage/gates.rs"]
mod gates;

#[path = "../../benches/coverage/group_gates.rs"]
mod group_gates;

#[path = "../../benches/coverage/groups.rs"]
mod groups;

#[path = "../../benches/coverage/held.rs"]
mod held;

#[path = "../../benches/coverage/models.rs"]
mod models;

#[path = "../../benches/coverage/numbers.rs"]
mod numbers;

#[path = "../../benches/coverage/probabilities.rs"]
mod probabilities;

#[path = "../../benches/coverage/questions.rs"]
mod questions;

#[path = "../../benches/coverage/raters.rs"]
mod raters;

#[path = "../../benches/coverage/scores.rs"]
mod scores;

#[path = "../../benches/coverage/sets.rs"]
mod sets;

#[path = "../../benches/coverage/simulation.rs"]
mod simulation;

#[path = "../../benches/coverage/slices.rs"]
mod slices;

#[path = "../../benches/coverage/sure.rs"]
mod sure;

#[path = "../../benches/coverage/rater_groups.rs"]
mod rater_groups;

use libtest_mimic::{Failed, Trial};

use gates::alarms;
use groups::{Groups, count};
use numbers::Shape;
use simulation::{Cases, World, coverage, coverage_of_sums};

const DRAWS: u64 = 100;

/// The trials.
pub fn trials() -> Vec<Trial> {
    let world = |n, labels, right, cases| World {
        n,
        labels,
        right,
        cases,
    };
    let by_label = Cases::Clustered {
        clusters: 15,
        between: 1.0 / 3.0,
        one_label: true,
    };
    let mixed = Cases::Clustered {
        clusters: 20,
        between: 1.0 / 3.0,
        one_label: false,
    };
    let wrong = Cases::Wrong {
        clusters: 60,
        share: 0.1,
    };
    let failing = Cases::Clustered {
        clusters: 60,
        between: 0.5,
        one_label: false,
    };
    let worlds = [
        ("independent", world(60, 3, 0.8, Cases::Independent)),
        ("unanswered", world(80, 3, 0.8, Cases::Unanswered)),
        ("clusters", world(200, 3, 0.7, mixed)),
        ("clusters_of_one_label", world(150, 3, 0.7, by_label)),
        (
            "weights",
            world(
                80,
                3,
                0.8,
                Cases::Weighted {
                    spread: 0.5,
                    telling: true,
                },
            ),
        ),
        ("several_labels", world(80, 4, 0.6, Cases::MultiLabel)),
    ];
    let mut trials: Vec<Trial> = worlds
        .into_iter()
        .map(|(name, world)| {
            Trial::test(format!("coverage::{name}"), move || intervals_hold(&world))
        })
        .collect();
    let uneven = Cases::Uneven {
        clusters: 15,
        spread: 1.2,
    };
    for (name, world) in [
        ("many_labels", world(60, 28, 0.5, Cases::Independent)),
        ("rare_labels", world(80, 28, 0.5, Cases::Rare)),
        ("clusters_of_unequal_sizes", world(0, 3, 0.7, uneven)),
        ("clusters_that_fail", world(1200, 3, 0.99, failing)),
        ("clusters_wholly_wrong", world(1200, 3, 0.891, wrong)),
    ] {
        trials.push(Trial::test(format!("coverage::{name}"), move || {
            sums_hold(&world)
        }));
    }
    trials.push(Trial::test("coverage::scores", scores_hold));
    trials.push(Trial::test("coverage::numbers", numbers_hold));
    trials.push(Trial::test("coverage::many_strata", many_strata));
    trials.push(Trial::test("coverage::groups_of_raters", raters_hold));
    trials.push(Trial::test("coverage::gates", gates_keep_their_level));
    trials.push(Trial::test("coverage::groups_alike", groups_alike));
    trials.push(Trial::test(
        "coverage::groups_that_differ",
        groups_that_differ,
    ));
    trials.extend(families::trials());
    trials
}

/// Four standard errors of the draws below the level that intervals state, and the two points that the resampled
/// ones are known to miss where cases are few.
fn intervals_hold(world: &World) -> Result<(), Failed> {
    let least = 0.95 - 0.02 - 4.0 * (0.95 * 0.05 / DRAWS as f64).sqrt();
    let counted = coverage(world, DRAWS, 3);
    if counted.len() < 10 {
        return Err(format!("only {} measures were drawn", counted.len()).into());
    }
    let short: Vec<String> = counted
        .iter()
        .filter(|(_, counted)| counted.share() < least)
        .map(|(name, counted)| format!("{name} {:.2} of {}", counted.share(), counted.intervals))
        .collect();
    if short.is_empty() {
        return Ok(());
    }
    Err(format!("held too rarely: {}", short.join(", ")).into())
}

/// Sums of shares hold as often as they say, however few cases a share is counted on.
fn sums_hold(world: &World) -> Result<(), Failed> {
    let least = 0.95 - 4.0 * (0.95 * 0.05 / DRAWS as f64).sqrt();
    let counted = coverage_of_sums(world, DRAWS, 3);
    for name in ["accuracy", "balanced-accuracy", "skill"] {
        let counted = counted.get(name).ok_or("not counted")?;
        if counted.share() < least || counted.intervals < DRAWS {
            return Err(format!("{name} held in {:.2}: {counted:?}", counted.share()).into());
        }
    }
    Ok(())
}

/// A difference at equal shares of forty strata, in which the group has one case each.
fn many_strata() -> Result<(), Failed> {
    let strata = Groups {
        sizes: &[40, 200],
        strata: 40,
        ..ALIKE
    };
    let slack = 4.0 * (0.95 * 0.05 / DRAWS as f64).sqrt();
    let counted = count(&strata, DRAWS, 17);
    let given = counted
        .get("difference given a control")
        .ok_or("not counted")?;
    if given.alarm_share() > 0.05 + slack {
        return Err(format!("held too rarely: {given:?}").into());
    }
    Ok(())
}

fn scores_hold() -> Result<(), Failed> {
    const DRAWS: u64 = 400;
    let least = 0.95 - 0.02 - 4.0 * (0.95 * 0.05 / DRAWS as f64).sqrt();
    for (n, clusters, shared, spread) in [
        (100, 100, 0.0, 0.0),
        (300, 30, 0.5, 0.0),
        (100, 100, 0.0, 0.7),
    ] {
        let scored = scores::Scored {
            n,
            clusters,
            shared,
            spread,
        };
        for (measure, share) in scores::held(scored, DRAWS) {
            // Far above the level would be as wrong: an interval as wide as the scale holds everything.
            if !(least..=0.99).contains(&share) {
                return Err(format!("{measure} of {n} cases held in {share} of draws").into());
            }
        }
    }
    Ok(())
}

/// Agreement within and between groups of raters, who are the same in all draws.
fn raters_hold() -> Result<(), Failed> {
    let least = 0.95 - 0.02 - 4.0 * (0.95 * 0.05 / DRAWS as f64).sqrt();
    for (people, ordinal) in [([10, 10], false), ([10, 16], true)] {
        let world = rater_groups::Raters {
            cases: 60,
            people,
            rated: 0.3,
            ordinal,
            anew: false,
        };
        let counted = rater_groups::count(&world, DRAWS, 7);
        if counted.len() != 2 {
            return Err(format!("{} measures were drawn", counted.len()).into());
        }
        for (measure, counted) in counted {
            if counted.share() < least || counted.intervals < DRAWS * 9 / 10 {
                return Err(format!("{measure} of {people:?} raters: {counted:?}").into());
            }
        }
    }
    Ok(())
}

/// Errors and correlations of numbers: weighted, by themselves and in clusters; and of numbers that are far from normal.
fn numbers_hold() -> Result<(), Failed> {
    const DRAWS: u64 = 200;
    let least = 0.95 - 0.02 - 4.0 * (0.95 * 0.05 / DRAWS as f64).sqrt();
    for (shape, n, clusters, spread, telling) in [
        (Shape::Normal, 450, 0, 0.7, true),
        (Shape::Normal, 300, 20, 0.5, false),
        (Shape::Neutral, 400, 0, 0.0, false),
        (Shape::Exponential, 400, 0, 0.0, false),
    ] {
        let drawn = numbers::Numbers {
            shape,
            n,
            clusters,
            spread,
            telling,
        };
        let counted = numbers::count(drawn, (100_000, 1), (DRAWS, 5));
        if counted.len() != 12 {
            return Err(format!("{} measures were drawn", counted.len()).into());
        }
        for (measure, counted) in counted {
            if counted.share() < least || counted.intervals < DRAWS * 9 / 10 {
                return Err(format!("{measure} of {n} cases: {counted:?}").into());
            }
        }
    }
    Ok(())
}

fn gates_keep_their_level() -> Result<(), Failed> {
    let world = World {
        n: 200,
        labels: 3,
        right: 0.7,
        cases: Cases::Independent,
    };
    // The differences of four groups lie just at what the gate allows, or far beyond.
    let (none, large) = (
        alarms(&world, 4, 0.0, 0.05, DRAWS, 5),
        alarms(&world, 4, 0.4, 0.05, DRAWS, 5),
    );
    if none.failed > 9 || none.naive < 50 {
        return Err(format!("without a difference: {none:?}").into());
    }
    if large.failed < 99 || large.passed > 0 {
        return Err(format!("with a large difference: {large:?}").into());
    }
    Ok(())
}

/// Five groups that do not differ, of which the first has other shares of hard cases where it is said so.
const ALIKE: Groups = Groups {
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

/// What speaks for all groups rings at its level at most, for independent cases and for clusters, and holds the truth
/// as often as it says; four standard errors of the draws are allowed.
fn groups_alike() -> Result<(), Failed> {
    const GROUPED: u64 = 100;
    let clustered = Groups {
        sizes: &[96; 4],
        clusters: 12,
        ..ALIKE
    };
    let shared = Groups {
        hard: [0.0, 0.0],
        clusters: 15,
        shared: true,
        strata: 2,
        ..clustered
    };
    let slack = 4.0 * (0.95 * 0.05 / GROUPED as f64).sqrt();
    let mut wrong = Vec::new();
    let weighted = Groups {
        weights: 0.7,
        ..ALIKE
    };
    for (world, groups) in [
        ("independent", ALIKE),
        ("clusters", clustered),
        ("the same clusters", shared),
        ("weights", weighted),
    ] {
        let counted = count(&groups, GROUPED, 17);
        for name in [
            "gap",
            "gap, permutation test",
            "worst group",
            "ratio of accuracies",
        ] {
            let Some(counted) = counted.get(name) else {
                return Err(format!("{world}: {name} was not counted").into());
            };
            if counted.alarm_share() > 0.05 + slack || counted.held_share() < 0.95 - slack {
                wrong.push(format!("{world}, {name}: {counted:?}"));
            }
        }
    }
    if wrong.is_empty() {
        return Ok(());
    }
    Err(wrong.join("\n").into())
}

/// Where the first group differs, intervals hold by how much; where only hard cases are unevenly dealt, the comparison
/// at equal shares shows no difference though the plain one does.
fn groups_that_differ() -> Result<(), Failed> {
    const GROUPED: u64 = 60;
    let slack = 4.0 * (0.95 * 0.05 / GROUPED as f64).sqrt();
    let worse = Groups {
        right: [0.55, 0.75],
        called: [0.3, 0.1],
        ..ALIKE
    };
    let confounded = Groups {
        sizes: &[150, 300, 150],
        hard: [0.8, 0.1],
        ..ALIKE
    };
    let apart = Groups {
        sizes: &[60, 200, 40, 120, 30, 80, 25, 150],
        spread: 0.05,
        ..ALIKE
    };
    let mut wrong = Vec::new();
    for (world, groups) in [
        ("worse", worse),
        ("confounded", confounded),
        ("apart", apart),
    ] {
        for (name, counted) in count(&groups, GROUPED, 19) {
            if counted.held_share() < 0.95 - slack {
                wrong.push(format!("{world}, {name}: {counted:?}"));
            }
            let explained = world == "confounded" && name == "difference given a control";
            if explained && counted.alarm_share() > 0.05 + slack {
                wrong.push(format!("{world}, {name}: {counted:?}"));
            }
            let seen = world == "confounded" && name == "ratio of accuracies";
            if seen && counted.alarm_share() < 0.8 {
                wrong.push(format!("{world}, {name} misses what is there: {counted:?}"));
            }
        }
    }
    if wrong.is_empty() {
        return Ok(());
    }
    Err(wrong.join("\n").into())
}
