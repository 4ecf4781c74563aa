//! A small simulation with a fixed seed: intervals hold the known truth about as often as they say, and gates do not
//! ring without cause. `cargo bench --bench coverage` runs the large one.

#[path = "../../benches/coverage/simulation.rs"]
mod simulation;

use libtest_mimic::{Failed, Trial};

use simulation::{Cases, World, alarms, coverage};

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
        one_label: true,
    };
    let mixed = Cases::Clustered {
        clusters: 20,
        one_label: false,
    };
    let worlds = [
        ("independent", world(60, 3, 0.8, Cases::Independent)),
        ("clusters", world(200, 3, 0.7, mixed)),
        ("clusters_of_one_label", world(150, 3, 0.7, by_label)),
        ("several_labels", world(80, 4, 0.6, Cases::MultiLabel)),
    ];
    let mut trials: Vec<Trial> = worlds
        .into_iter()
        .map(|(name, world)| {
            Trial::test(format!("coverage::{name}"), move || intervals_hold(&world))
        })
        .collect();
    trials.push(Trial::test("coverage::gates", gates_keep_their_level));
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
