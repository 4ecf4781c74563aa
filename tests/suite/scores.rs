//! Measures of scores and of people against scikit-learn, statsmodels, scipy and `uncertainty-calibration`. The
//! reference values come from tests/oracles/scores.py.

use std::sync::Arc;

use affect_audit::case::{Cases, Gold, LabelSource, Rated, Ratings, Unit};
use affect_audit::measure::quality::Measured;
use affect_audit::measure::{Measure, Rules, calibration, curve, probability, ranking, rater};
use affect_audit::prediction::{Answer, Predictions, Scores, highest};
use affect_audit::stats::mean::{Values, sum_of_means};
use affect_audit::stats::ranking::{area, mean_area};
use affect_audit::stats::{Estimate, Reason};
use affect_audit::tally::{Evaluation, evaluate};
use affect_audit::task::scheme::SchemeKind;
use affect_audit::task::{Label, LabelSet, Scheme, Task};
use libtest_mimic::{Failed, Trial};
use serde_json::Value;

use crate::run::close;

const ORACLE: &str = include_str!("../oracles/scores.json");

const RULES: Rules = Rules {
    level: 0.95,
    min_n: 1,
    suppress_below: 0,
    seed: 1,
    replicates: 400,
};

/// A test on reference values of one kind.
type Test = fn(&Value) -> Result<(), Failed>;

/// One trial for each kind of reference value.
pub fn trials() -> Vec<Trial> {
    let tests: [(&str, Test); 7] = [
        ("auc", auc),
        ("probabilities", probabilities),
        ("calibration", calibration_error),
        ("welch", welch),
        ("rater_skill", rater_skill),
        ("auc", perfect_ranking_is_not_certain),
        ("probabilities", what_is_no_probability_is_not_judged_as_one),
    ];
    let oracle: Value = serde_json::from_str(ORACLE).unwrap_or_default();
    let trial = |(place, (key, test)): (usize, (&str, Test))| {
        let values = oracle[key].clone();
        Trial::test(format!("scores::{key}-{place}"), move || {
            if values.is_null() {
                return Err("the oracle holds no such values".into());
            }
            test(&values)
        })
    };
    tests.into_iter().enumerate().map(trial).collect()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn numbers(value: &Value) -> Vec<f64> {
    list(value).iter().filter_map(Value::as_f64).collect()
}

fn flags(value: &Value) -> Vec<bool> {
    list(value).iter().filter_map(Value::as_bool).collect()
}

fn places(value: &Value) -> Vec<usize> {
    list(value)
        .iter()
        .filter_map(|place| Some(place.as_u64()? as usize))
        .collect()
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or(f64::NAN)
}

/// Value and both limits.
fn same(what: &str, ours: &Estimate, theirs: [f64; 3]) -> Result<(), Failed> {
    let ours = [ours.value, ours.interval.low, ours.interval.high];
    for (ours, theirs) in ours.into_iter().zip(theirs) {
        close(what, ours, theirs, 1e-9)?;
    }
    Ok(())
}

fn auc(cases: &Value) -> Result<(), Failed> {
    for case in list(cases) {
        let (scores, positive) = (numbers(&case["scores"]), flags(&case["positive"]));
        let area = area(&scores, &positive, None).map_err(|undefined| undefined.to_string())?;
        let variance: f64 = area.influence.iter().map(|part| part * part).sum();
        close(
            "DeLong's variance",
            variance,
            number(&case["variance"]),
            1e-9,
        )?;
        let alone: Vec<u64> = (0..scores.len() as u64).collect();
        let ours = mean_area(&[&area], &alone, 0.95).map_err(|undefined| undefined.to_string())?;
        let limits = numbers(&case["interval"]);
        same(
            "area",
            &ours,
            [number(&case["value"]), limits[0], limits[1]],
        )?;
    }
    Ok(())
}

fn perfect_ranking_is_not_certain(_: &Value) -> Result<(), Failed> {
    let scores: Vec<f64> = (0..24).map(f64::from).collect();
    let positive: Vec<bool> = (0..24).map(|case| case >= 12).collect();
    let area = area(&scores, &positive, None).map_err(|undefined| undefined.to_string())?;
    let alone: Vec<u64> = (0..24).collect();
    let ours = mean_area(&[&area], &alone, 0.95).map_err(|undefined| undefined.to_string())?;
    if ours.value != 1.0 || ours.interval.low > 0.8 || ours.interval.high != 1.0 {
        return Err(format!("{ours:?}").into());
    }
    let one_kind = affect_audit::stats::ranking::area(&scores, &[true; 24], None);
    match one_kind {
        Err(undefined) if undefined.reason == Reason::SingleClass => Ok(()),
        other => Err(format!("{other:?}").into()),
    }
}

fn scheme(labels: usize) -> Arc<Scheme> {
    let label = |place: usize| Label {
        name: format!("label {place}"),
        polarity: None,
    };
    Arc::new(Scheme {
        name: "test".to_owned(),
        title: "test".to_owned(),
        task: Task::Emotion,
        kind: SchemeKind::Nominal,
        labels: (0..labels).map(label).collect(),
        neutral: None,
    })
}

/// Cases with these labels, and a model that answers with its highest score.
fn evaluation(gold: &[usize], rows: &[Vec<f64>]) -> Option<(Evaluation, Predictions)> {
    let scheme = scheme(rows[0].len());
    let cases = Cases {
        ids: (0..gold.len()).map(|case| case.to_string()).collect(),
        ..Cases::default()
    };
    let gold = Gold {
        scheme: scheme.clone(),
        source: LabelSource::Perceived,
        labels: gold
            .iter()
            .map(|label| Some(LabelSet::one(*label)))
            .collect(),
    };
    let answer = |row: &Vec<f64>| {
        highest(row).map_or(Answer::Missing, |label| {
            Answer::Labels(LabelSet::one(label))
        })
    };
    let predictions = Predictions {
        answers: rows.iter().map(answer).collect(),
        scores: Some(Scores {
            labels: (0..scheme.labels.len()).collect(),
            rows: rows.iter().cloned().map(Some).collect(),
        }),
        scheme,
        cut: 0,
        notes: Vec::new(),
    };
    Some((evaluate(&cases, &gold, &predictions)?, predictions))
}

fn find(measured: Vec<Measured>, measure: Measure) -> Result<Estimate, Failed> {
    measured
        .into_iter()
        .find(|measured| measured.measure == measure && measured.label.is_none())
        .ok_or_else(|| Failed::from(format!("{} was not measured", measure.id())))?
        .result
        .map_err(|undefined| undefined.to_string().into())
}

fn rows(case: &Value) -> Vec<Vec<f64>> {
    list(&case["rows"]).iter().map(numbers).collect()
}

fn probabilities(cases: &Value) -> Result<(), Failed> {
    for case in list(cases) {
        let (gold, rows) = (places(&case["gold"]), rows(case));
        let (evaluation, predictions) = evaluation(&gold, &rows).ok_or("nothing in common")?;
        let units: Vec<Unit> = match list(&case["clusters"]) {
            [] => vec![Unit::from(None); gold.len()],
            clusters => clusters
                .iter()
                .map(|cluster| cluster.as_u64().map(|one| one as u32).into())
                .collect(),
        };
        let probable = probability::probabilities(&evaluation, &predictions);
        for measure in calibration::MEANS {
            let measured = calibration::measure(&evaluation, &probable, &units, &RULES);
            let expected = numbers(&case[measure.id()]);
            same(
                measure.id(),
                &find(measured, measure)?,
                [expected[0], expected[1], expected[2]],
            )?;
        }
        let areas = ranking::areas(&evaluation, &probable, &units, &RULES);
        close(
            "auc",
            find(areas, Measure::Auc)?.value,
            number(&case["auc"]),
            1e-9,
        )?;
    }
    Ok(())
}

fn what_is_no_probability_is_not_judged_as_one(_: &Value) -> Result<(), Failed> {
    for (rows, reason) in [
        (vec![vec![2.0, -1.0]; 4], Reason::NotApplicable),
        (vec![vec![0.9, 0.9]; 4], Reason::NotApplicable),
        (vec![vec![f64::NAN, 0.5]; 4], Reason::NotApplicable),
    ] {
        let (evaluation, predictions) = evaluation(&[0, 1, 0, 1], &rows).ok_or("nothing")?;
        let probable = probability::probabilities(&evaluation, &predictions);
        let measured = calibration::measure(&evaluation, &probable, &[Unit::from(None); 4], &RULES);
        for measured in measured {
            match measured.result {
                Err(undefined) if undefined.reason == reason => {}
                other => return Err(format!("{rows:?}: {other:?}").into()),
            }
        }
    }
    Ok(())
}

fn calibration_error(cases: &Value) -> Result<(), Failed> {
    for case in list(cases) {
        let stated = numbers(&case["stated"]);
        let statement = |(case, right): (usize, bool)| curve::Statement {
            case,
            stated: stated[case],
            right,
        };
        let statements: Vec<curve::Statement> = flags(&case["right"])
            .into_iter()
            .enumerate()
            .map(statement)
            .collect();
        let alone = vec![Unit::from(None); statements.len()];
        let (_, found) = curve::calibrated(&statements, &alone, &RULES);
        let found = found.map_err(|undefined| undefined.to_string())?;
        let ours = found.error.map_err(|undefined| undefined.to_string())?;
        close(
            "calibration error",
            ours.value,
            number(&case["value"]),
            1e-9,
        )?;
        if ours.interval.low > ours.value || ours.interval.high < ours.value {
            return Err(format!("{ours:?}").into());
        }
        let few = curve::calibrated(&statements[..150], &alone, &RULES).1;
        if few.err().map(|undefined| undefined.reason) != Some(Reason::TooFewCases) {
            return Err("150 cases are too few for an interval that holds".into());
        }
    }
    Ok(())
}

fn welch(case: &Value) -> Result<(), Failed> {
    let mut unit = 0;
    let mut values = |values: &Value| {
        let mut filled = Values::default();
        for value in numbers(values) {
            unit += 1;
            filled.add(unit, value);
        }
        filled
    };
    let (first, second) = (values(&case["first"]), values(&case["second"]));
    let ours = sum_of_means(&[(1.0, &first), (-1.0, &second)], (-2.0, 2.0), 0.95)
        .map_err(|undefined| undefined.to_string())?;
    let limits = numbers(&case["interval"]);
    same(
        "difference",
        &ours,
        [number(&case["value"]), limits[0], limits[1]],
    )
}

fn rater_skill(cases: &Value) -> Result<(), Failed> {
    for case in list(cases) {
        let rated: Vec<Rated> = list(&case["counts"])
            .iter()
            .map(|counts| {
                let chosen: Vec<u64> = list(counts).iter().filter_map(Value::as_u64).collect();
                Rated {
                    raters: chosen.iter().sum(),
                    chosen,
                    sets: Vec::new(),
                }
            })
            .collect();
        let clusters = vec![None; rated.len()];
        let ratings = Ratings {
            scheme: scheme(rated[0].chosen.len()),
            rated,
            raters: Vec::new(),
        };
        let measured = rater::skill(&ratings, &clusters, &RULES);
        let n = measured.first().map(|measured| measured.n);
        if n != case["n"].as_u64() {
            return Err(format!("{n:?} ratings instead of {}", case["n"]).into());
        }
        let ours = find(measured, Measure::RaterSkill)?;
        close(
            "skill of one person",
            ours.value,
            number(&case["skill"]),
            1e-9,
        )?;
    }
    Ok(())
}
