//! Every further family of intervals, with few cases and draws, and gates on them: intervals hold as often as they say,
//! gates keep their level and see what is there.

use std::collections::BTreeMap;

use libtest_mimic::{Failed, Trial};

use super::contrasts::{self, Contrasted};
use super::functional::{self, Tests};
use super::held::Coverage;
use super::models::{self, Models};
use super::numbers::{Numbers, Shape};
use super::probabilities::{self, Stated};
use super::questions::{self, Judged, Question};
use super::raters::{self, People};
use super::sets::{self, Swapped};
use super::simulation::{Cases, World};
use super::sure::{self, Sure};
use super::{group_gates, slices};

const DRAWS: u64 = 100;

/// Cases and draws that truths come from: enough for so few cases and draws.
const LARGE: (u64, u64) = (8_000, 1);

/// The trials.
pub fn trials() -> Vec<Trial> {
    vec![
        Trial::test("coverage::models", of_models),
        Trial::test("coverage::contrasts", of_contrasts),
        Trial::test("coverage::counterfactual_sets", of_sets),
        Trial::test("coverage::functional_tests", of_tests),
        Trial::test("coverage::raters", of_raters),
        Trial::test("coverage::probabilities", of_probabilities),
        Trial::test("coverage::nearly_always_right", nearly_always_right),
        Trial::test("coverage::gates_on_values", gates_on_values),
        Trial::test("coverage::gates_on_groups", gates_on_groups),
        Trial::test("coverage::error_slices", error_slices),
    ]
}

/// As many rows as the family has, each held in about as many draws as it says. Two points and four standard errors of the
/// draws are allowed, of which an interval with half of its variance holds too few.
fn hold(rows: usize, draws: u64, counted: &BTreeMap<String, Coverage>) -> Result<(), Failed> {
    let least = 0.95 - 0.02 - 4.0 * (0.95 * 0.05 / draws as f64).sqrt();
    let wrong = counted
        .iter()
        .filter(|(_, counted)| counted.share() < least || counted.intervals < draws * 9 / 10);
    let mut wrong: Vec<String> = wrong
        .map(|(name, counted)| format!("{name}: {counted:?}"))
        .collect();
    if counted.len() != rows {
        wrong.push(format!("{} rows instead of {rows}", counted.len()));
    }
    if wrong.is_empty() {
        return Ok(());
    }
    Err(wrong.join("\n").into())
}

fn of_models() -> Result<(), Failed> {
    for (n, in_cluster) in [(60, 1), (300, 15)] {
        let models = Models { n, in_cluster };
        hold(9, DRAWS, &models::count(models, DRAWS, 31))?;
    }
    Ok(())
}

fn of_contrasts() -> Result<(), Failed> {
    const DRAWS: u64 = 40;
    let (n, in_cluster) = (350, 1);
    for right in [contrasts::RIGHT, contrasts::SURE] {
        let cases = Contrasted {
            n,
            in_cluster,
            right,
        };
        let truth = cases.truth((50_000, 1));
        hold(12, DRAWS, &contrasts::count(cases, &truth, (DRAWS, 37)))?;
    }
    Ok(())
}

fn of_sets() -> Result<(), Failed> {
    const DRAWS: u64 = 60;
    let (n, in_template) = (200, 20);
    let sets = Swapped { n, in_template };
    let truth = sets.truth((4_000, 1));
    hold(4, DRAWS, &sets::count(sets, &truth, (DRAWS, 41)))
}

fn of_tests() -> Result<(), Failed> {
    for (n, in_cluster) in [(60, 1), (200, 10)] {
        let tests = Tests { n, in_cluster };
        hold(6, DRAWS, &functional::count(tests, DRAWS, 43))?;
    }
    Ok(())
}

fn of_raters() -> Result<(), Failed> {
    const DRAWS: u64 = 40;
    let (n, in_cluster) = (60, 1);
    let people = People { n, in_cluster };
    let truth = people.truth(LARGE);
    hold(8, DRAWS, &raters::count(people, &truth, (DRAWS, 47)))
}

fn of_probabilities() -> Result<(), Failed> {
    const DRAWS: u64 = 40;
    let (n, in_cluster) = (400, 1);
    let stated = Stated { n, in_cluster };
    let truth = stated.truth((50_000, 1));
    let counted = probabilities::count(stated, &truth, (DRAWS, 53));
    hold(20, DRAWS, &counted)
}

/// Calibration of models that are wrong in a few dozen cases.
fn nearly_always_right() -> Result<(), Failed> {
    for (n, in_cluster, right) in [(3000, 1, 0.99), (2000, 20, 0.95)] {
        let sure = Sure {
            n,
            in_cluster,
            right,
            least: 0.9,
        };
        hold(3, DRAWS, &sure::count(sure, (DRAWS, 71)))?;
    }
    Ok(())
}

/// Of so many draws, more than this share is no chance where the share is a level or less.
fn most(level: f64, draws: u64) -> f64 {
    100.0 * (level + 4.0 * (level * (1.0 - level) / draws as f64).sqrt())
}

/// Just at the bound a gate fails and passes at its level at most; far inside it never fails, far outside never passes,
/// and it sees the most of what is there.
fn gates_on_values() -> Result<(), Failed> {
    const DRAWS: u64 = 12;
    let mut wrong = Vec::new();
    let mut keep = |asked: &[Question], judged: Vec<[Judged; 3]>| {
        for (question, judged) in asked.iter().zip(judged) {
            let [inside, at, outside] = judged.map(|judged| judged.percent());
            let level = most(0.025, DRAWS);
            let keeps = inside.0 == 0.0 && outside.1 == 0.0 && at.0 < level && at.1 < level;
            if !keeps || inside.1 < 10.0 || outside.0 < 10.0 {
                wrong.push(format!("{}: {judged:?}", question.words()));
            }
        }
    };
    let (n, seeds) = (400, (DRAWS, 61));
    let (in_cluster, in_template) = (1, 1);
    let world = World {
        n,
        labels: 3,
        right: 0.8,
        cases: Cases::Independent,
    };
    let asked = &questions::of_labels()[..1];
    let judged = questions::judged(asked, &world.truth(), seeds, |rules, random| {
        world.values(rules, random)
    });
    keep(asked, judged);
    let models = Models {
        n: 1500,
        in_cluster,
    };
    let asked = questions::of_changes();
    let judged = questions::judged(&asked, &models::truth(), seeds, |rules, random| {
        models.measured(rules, random)
    });
    keep(&asked, judged);
    let sets = Swapped {
        n: 5001,
        in_template,
    };
    let asked = &questions::of_sets()[..1];
    let judged = questions::judged(asked, &sets.truth((5_001, 1)), seeds, |rules, random| {
        sets.measured(rules, random)
    });
    keep(asked, judged);
    let stated = Stated { n, in_cluster };
    let asked = &questions::of_probabilities()[2..];
    let truth = stated.truth((10_000, 1));
    let judged = questions::judged(asked, &truth, seeds, |rules, random| {
        stated.measured(rules, random)
    });
    keep(asked, judged);
    let tests = Tests { n, in_cluster };
    let [of_people, asked] = questions::of_people_and_tests();
    let judged = questions::judged(&asked, &functional::truth(), seeds, |rules, random| {
        tests.measured(rules, random)
    });
    keep(&asked, judged);
    let people = People { n, in_cluster };
    let truth = people.truth_of_seven((10_000, 1));
    let judged = questions::judged(&of_people, &truth, seeds, |rules, random| {
        people.seven(rules, random)
    });
    keep(&of_people, judged);
    let numbers = Numbers {
        shape: Shape::Normal,
        n,
        clusters: 0,
        spread: 0.0,
        telling: false,
    };
    let asked = &questions::of_numbers()[..1];
    let judged = questions::judged(
        asked,
        &numbers.truth((10_000, 1)),
        seeds,
        |rules, random| numbers.values(rules, random),
    );
    keep(asked, judged);
    if wrong.is_empty() {
        return Ok(());
    }
    Err(wrong.join("\n").into())
}

/// Without a difference no comparison of groups fails, with as much as is allowed it fails and passes at its level at most,
/// and with twice as much it does not pass.
fn gates_on_groups() -> Result<(), Failed> {
    const DRAWS: u64 = 25;
    for (name, judged) in group_gates::judged(400, DRAWS, 67) {
        let [alike, allowed, twice] = judged.map(|judged| judged.percent());
        let level = most(0.05, DRAWS);
        let keeps = alike.0 < 5.0 && allowed.0 < level && allowed.1 < level && twice.1 == 0.0;
        if !keeps || twice.0 < 5.0 {
            return Err(format!("{name}: {judged:?}").into());
        }
    }
    Ok(())
}

/// Where no kind of cases fails more often, the search shows one at its level at most; where one does, it shows it.
fn error_slices() -> Result<(), Failed> {
    let none = 100.0 * slices::shown(500, 0.0, DRAWS, 59);
    let some = slices::shown(1500, 0.3, 20, 59);
    if none > most(0.05, DRAWS) || some < 0.8 {
        return Err(format!("shown without {none} %, and with {some}").into());
    }
    Ok(())
}
