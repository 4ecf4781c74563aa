//! Numbers on dimensions against scipy and scikit-learn: errors, correlations, their intervals and differences, and what
//! has no value. The reference values come from tests/oracles/intensity.py.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use affect_audit::attribute::{About, Attribute, AttributeKind, Blank};
use affect_audit::case::intensity::{Dimension, Intensity, Scale};
use affect_audit::case::{Cases, LabelSource, Names};
use affect_audit::measure::intensity::{MEASURES, judge, measure, of_group};
use affect_audit::measure::{Measure, Rules, counterfactual};
use affect_audit::prediction::{Answer, Predictions, Scores};
use affect_audit::stats::correlation::{Kind, Pairs, Resampling};
use affect_audit::stats::{Estimate, Reason, Undefined};
use affect_audit::task::{LabelSet, Scheme};
use libtest_mimic::{Failed, Trial};
use serde_json::Value;

use crate::run::{audit, close, measurements};

const ORACLE: &str = include_str!("../oracles/intensity.json");

const RULES: Rules = Rules {
    level: 0.95,
    min_n: 1,
    suppress_below: 0,
    seed: 1,
    replicates: 4000,
};

/// A test without input.
type Test = fn() -> Result<(), Failed>;

/// What is measured, gold, answers, and the reasons why means of errors and correlations have no value.
type Empty<'a> = (&'static str, &'a [f64], &'a [f64], Option<Reason>, Reason);

pub fn trials() -> Vec<Trial> {
    let tests: [(&str, Test); 8] = [
        ("agrees_with_scipy", agrees),
        ("differences_agree_with_scipy", differences),
        ("clusters_agree_with_a_bootstrap_of_clusters", clusters),
        ("groups_that_share_clusters_agree_with_numpy", shared),
        ("what_has_no_value_says_why", undefined),
        ("shifts_are_shares_of_the_scale", shifts),
        ("gates_judge_numbers_and_their_absence_is_told", gates),
        ("whom_numbers_are_denied_is_told", denied),
    ];
    let trial = |(name, test): (&str, Test)| Trial::test(format!("intensity::{name}"), test);
    tests.into_iter().map(trial).collect()
}

fn oracle(key: &str) -> Result<Value, Failed> {
    let oracle: Value = serde_json::from_str(ORACLE)?;
    Ok(oracle[key].clone())
}

fn numbers(value: &Value) -> Vec<f64> {
    let all = value.as_array().into_iter().flatten();
    all.filter_map(Value::as_f64).collect()
}

fn predictions(scheme: &Arc<Scheme>, answers: &[Option<f64>]) -> Predictions {
    let answer = |answer: &Option<f64>| match answer {
        Some(_) => Answer::Labels(LabelSet::one(0)),
        None => Answer::Missing,
    };
    Predictions {
        scheme: scheme.clone(),
        answers: answers.iter().map(answer).collect(),
        scores: Some(Scores {
            labels: vec![0],
            rows: answers
                .iter()
                .map(|answer| answer.map(|one| vec![one]))
                .collect(),
        }),
        cut: 0,
        notes: Vec::new(),
    }
}

/// Cases with these gold numbers on one dimension from 1 to 5.
fn gold(values: Vec<Option<f64>>) -> Cases {
    Cases {
        ids: (0..values.len()).map(|case| case.to_string()).collect(),
        intensity: Some(Intensity {
            scheme: Arc::new(Scheme::of_dimensions(vec!["valence".to_owned()])),
            source: LabelSource::Perceived,
            dimensions: vec![Dimension {
                scale: Scale {
                    low: 1.0,
                    high: 5.0,
                },
                values,
                ratings: Vec::new(),
            }],
        }),
        ..Cases::default()
    }
}

fn same(what: &str, ours: Result<Estimate, Undefined>, theirs: &[f64]) -> Result<(), Failed> {
    let ours = ours.map_err(|undefined| format!("{what}: {undefined}"))?;
    let limits = [ours.value, ours.interval.low, ours.interval.high];
    for (ours, theirs) in limits.into_iter().zip(theirs) {
        close(what, ours, *theirs, 1e-9)?;
    }
    if let (Some(test), Some([z, p])) = (&ours.test, theirs.get(3..5)) {
        close(what, test.statistic, *z, 1e-9)?;
        close(what, test.p, *p, 1e-9)?;
    }
    Ok(())
}

fn some(values: &Value) -> Vec<Option<f64>> {
    numbers(values).into_iter().map(Some).collect()
}

fn agrees() -> Result<(), Failed> {
    for case in oracle("cases")?.as_array().ok_or("no cases")? {
        let cases = gold(some(&case["one"][0]));
        let intensity = cases.intensity.as_ref().ok_or("gold")?;
        let answers = predictions(&intensity.scheme, &some(&case["one"][1]));
        let judged = judge(&cases, intensity, &answers);
        let alone = cases.units();
        let measured = measure(&judged, &alone, &RULES);
        for wanted in MEASURES {
            let (found, clusters) = measured
                .iter()
                .find(|(found, _)| found.measure == wanted)
                .ok_or("not measured")?;
            if found.n != cases.len() as u64 || *clusters != found.n {
                return Err(format!("{} cases, {clusters} clusters", found.n).into());
            }
            let theirs = numbers(&case["measures"][wanted.id()]);
            same(wanted.id(), found.result.clone(), &theirs)?;
        }
    }
    Ok(())
}

fn differences() -> Result<(), Failed> {
    for case in oracle("cases")?.as_array().ok_or("no cases")? {
        let both = |side: usize| [some(&case["one"][side]), some(&case["two"][side])].concat();
        let own = numbers(&case["one"][0]).len();
        let cases = gold(both(0));
        let intensity = cases.intensity.as_ref().ok_or("gold")?;
        let judged = judge(&cases, intensity, &predictions(&intensity.scheme, &both(1)));
        let alone = cases.units();
        for wanted in MEASURES {
            let member = |case: usize| Some(case < own);
            let group = of_group((wanted, 0), &judged, &alone, member, &RULES);
            let theirs = numbers(&case["differences"][wanted.id()]);
            same(wanted.id(), group.difference, &theirs)?;
            same(
                wanted.id(),
                group.value,
                &numbers(&case["measures"][wanted.id()]),
            )?;
        }
    }
    Ok(())
}

/// Both sides draw at random, so that limits may differ by a tenth of the width.
fn clusters() -> Result<(), Failed> {
    let all = oracle("clustered")?;
    let (gold, answers) = (numbers(&all["gold"]), numbers(&all["answers"]));
    let mut pairs = Pairs::default();
    for (place, cluster) in numbers(&all["clusters"]).into_iter().enumerate() {
        pairs.add(cluster as u64, gold[place], answers[place]);
    }
    let how = Resampling {
        level: 0.95,
        seed: 3,
        replicates: 4000,
    };
    for (kind, name) in [
        (Kind::Product, "pearson"),
        (Kind::Rank, "spearman"),
        (Kind::Concordance, "concordance"),
    ] {
        let ours = pairs.estimate(kind, how).map_err(|one| one.to_string())?;
        let theirs = numbers(&all["measures"][name]);
        let width = theirs[2] - theirs[1];
        close(name, ours.value, theirs[0], 1e-9)?;
        close(name, ours.interval.low, theirs[1], 0.1 * width)?;
        close(name, ours.interval.high, theirs[2], 0.1 * width)?;
        // The same pairs against themselves, cluster by cluster: nothing is left to differ.
        match pairs.difference(&pairs, kind, how) {
            Err(undefined) if undefined.reason == Reason::NoVariation => {}
            other => return Err(format!("{name}: {other:?}").into()),
        }
    }
    Ok(())
}

fn shared() -> Result<(), Failed> {
    let all = oracle("clustered")?;
    let clusters: Vec<String> = numbers(&all["clusters"])
        .iter()
        .map(f64::to_string)
        .collect();
    let cases = Cases {
        clusters: Some(Names::from_cells(clusters.iter().map(String::as_str))),
        ..gold(some(&all["gold"]))
    };
    let intensity = cases.intensity.as_ref().ok_or("gold")?;
    let answers = predictions(&intensity.scheme, &some(&all["answers"]));
    let judged = judge(&cases, intensity, &answers);
    let member = |case: usize| Some(case.is_multiple_of(3));
    let group = of_group((Measure::Rmse, 0), &judged, &cases.units(), member, &RULES);
    let theirs = numbers(&all["difference of rmse"]);
    same("difference of rmse", group.difference, &theirs)
}

fn undefined() -> Result<(), Failed> {
    use Reason::{ConstantScores, NoCases, NoVariation, TooFewCases};
    const VARY: [f64; 6] = [1.0, 2.0, 4.0, 3.0, 5.0, 2.5];
    let many = VARY.repeat(10);
    let inputs: [Empty; 7] = [
        ("empty", &[], &[], Some(NoCases), NoCases),
        ("one case", &[2.0], &[3.0], Some(TooFewCases), TooFewCases),
        ("constant gold", &[2.0; 60], &many, None, NoVariation),
        ("constant answers", &many, &[2.0; 60], None, ConstantScores),
        ("both constant", &[2.0; 60], &[2.0; 60], None, NoVariation),
        ("on a line", &many, &many, None, NoVariation),
        (
            "few on a line",
            &VARY,
            &VARY,
            Some(TooFewCases),
            NoVariation,
        ),
    ];
    for (what, values, answers, of_errors, of_correlations) in inputs {
        let option = |numbers: &[f64]| numbers.iter().copied().map(Some).collect::<Vec<_>>();
        let cases = gold(option(values));
        let intensity = cases.intensity.as_ref().ok_or("gold")?;
        let answers = predictions(&intensity.scheme, &option(answers));
        let judged = judge(&cases, intensity, &answers);
        for (found, _) in measure(&judged, &cases.units(), &RULES) {
            let correlation = matches!(
                found.measure,
                Measure::Pearson | Measure::Spearman | Measure::Concordance
            );
            let expected = match found.measure {
                Measure::Coverage => Some(NoCases).filter(|_| cases.is_empty()),
                _ if correlation => Some(of_correlations),
                // Signed errors of few cases lie on either side, and are told.
                Measure::Bias if what.starts_with("few") => None,
                _ => of_errors,
            };
            let reason = found
                .result
                .as_ref()
                .err()
                .map(|undefined| undefined.reason);
            if reason != expected {
                return Err(format!("{what}, {}: {:?}", found.measure.id(), found.result).into());
            }
            if let Ok(Estimate { interval, .. }) = found.result
                && (!interval.low.is_finite() || !interval.high.is_finite())
            {
                return Err(format!("{what}: {interval:?}").into());
            }
        }
    }
    Ok(())
}

/// One set of two persons, on a scale from 1 to 5: a shift of 2 is half of it.
fn shifts() -> Result<(), Failed> {
    let mut cases = gold(vec![None; 4]);
    let names = |cells: [&'static str; 4]| Names::from_cells(cells.into_iter());
    cases.sets = Some(names(["s", "s", "t", "t"]));
    let groups = names(["a", "b", "a", "b"]);
    let attribute = Attribute {
        name: "who".to_owned(),
        title: "who".to_owned(),
        about: About::Subject,
        kind: AttributeKind::Demographic,
        blank: Blank::Missing,
    };
    cases.attributes = vec![(attribute, groups)];
    let scheme = cases.intensity.as_ref().ok_or("gold")?.scheme.clone();
    let answers = predictions(&scheme, &[Some(4.0), Some(2.0), Some(3.5), Some(2.5)]);
    let measured = counterfactual::measure(&cases, 0, &answers, &RULES);
    if measured.iter().any(|one| one.measure == Measure::FlipRate) {
        return Err("numbers have no label that turns".into());
    }
    let shift = measured
        .iter()
        .find(|one| one.measure == Measure::ScoreShift && one.group.as_deref() == Some("a"))
        .ok_or("no shift")?;
    let value = shift.result.as_ref().map_err(|one| one.to_string())?.value;
    close("shift", value, (2.0 + 1.0) / 2.0 / 4.0, 1e-12)
}

fn gates() -> Result<(), Failed> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracles/measures/numbers");
    let folder = here.to_string_lossy();
    let predictions = format!("{folder}/predictions.csv");
    let place = tempfile::tempdir()?;
    let mut arguments = vec!["--dataset", &folder, "--predictions", &predictions];
    let (code, record) = audit(place.path(), &arguments)?;
    let told = |record: &Value| {
        let findings = record["findings"].as_array().cloned().unwrap_or_default();
        findings
            .into_iter()
            .find(|finding| finding["id"] == "policy/predictions/intensity")
    };
    if code != 3 || told(&record).is_none() || record["verdicts"] != Value::Array(Vec::new()) {
        return Err(format!("exit code {code}: {}", record["verdicts"]).into());
    }
    fs::write(
        place.path().join("policy.md"),
        "```toml\n[policy]\nname = \"numbers\"\nversion = \"1\"\n[evidence]\nlevel = 0.95\nmin_n = 30\nsuppress_below = 10\n\
         [reliability]\nmeasure = \"skill\"\nreliable = 0.4\nlimited = 0.2\nmin_n = 30\nceiling = 0.2\nflip_rate = 0.1\ndifference = 0.1\n\
         [[gate]]\nid = \"near\"\nmeasure = \"mae\"\ntask = \"intensity\"\nby = \"label\"\nmax = 0.65\n\
         [[gate]]\nid = \"follows\"\nmeasure = \"concordance\"\nby = \"label\"\nlabels = [\"arousal\"]\nmin = 0.7\n\
         [[gate]]\nid = \"alike\"\nmeasure = \"bias\"\nby = \"label-and-group\"\nof = \"difference\"\nwithin = 0.5\n```\n",
    )?;
    arguments.extend(["--policy", "policy.md"]);
    let (code, record) = audit(place.path(), &arguments)?;
    let outcomes: Vec<String> = record["findings"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|finding| {
            format!(
                "{} {}",
                finding["id"].as_str().unwrap_or(""),
                finding["outcome"]
            )
        })
        .collect();
    let expected = [
        "near/predictions/numbers/intensity/valence \"pass\"",
        "near/predictions/numbers/intensity/arousal \"pass\"",
        "follows/predictions/numbers/intensity/arousal \"fail\"",
    ];
    if code != 1 || outcomes.len() != 7 || expected.iter().zip(&outcomes).any(|(a, b)| a != b) {
        return Err(format!("exit code {code}: {outcomes:?}").into());
    }
    let group = measurements(&record, &[("measure", "bias"), ("slice", "region=south")]);
    if group.len() == 4 && told(&record).is_none() {
        Ok(())
    } else {
        Err(format!("{group:?}").into())
    }
}

/// A region all of whose cases are declined, beside two so small that nothing of them may be told.
fn denied() -> Result<(), Failed> {
    let place = tempfile::tempdir()?;
    let folder = place.path().join("data");
    fs::create_dir(&folder)?;
    fs::write(
        folder.join("dataset.toml"),
        "name = \"data\"\n[tasks.intensity]\nsource = \"perceived\"\n[tasks.intensity.dimensions]\n\
         valence = { low = 1, high = 5 }\n[attributes.region]\nabout = \"author\"\nkind = \"culture\"\n",
    )?;
    let mut cases = "id,valence,region\n".to_owned();
    let mut answers = "id,abstained,score:valence\n".to_owned();
    for case in 0..600 {
        let region = match case {
            0..50 => "south",
            50..56 => "skerry",
            56..62 => "islet",
            _ => "north",
        };
        let gold = 1 + case % 5;
        cases.push_str(&format!("{case},{gold},{region}\n"));
        let answer = match region {
            "south" => "true,".to_owned(),
            _ => format!("false,{}", f64::from(gold) + 0.1 * f64::from(case % 3)),
        };
        answers.push_str(&format!("{case},{answer}\n"));
    }
    fs::write(folder.join("cases.csv"), cases)?;
    fs::write(place.path().join("answers.csv"), answers)?;
    let arguments = ["--dataset", "data", "--predictions", "answers.csv"];
    let (code, record) = audit(place.path(), &arguments)?;
    for (region, known) in oracle("answered")?.as_object().ok_or("nothing known")? {
        let slice = format!("region={region}");
        let found = measurements(&record, &[("measure", "coverage"), ("slice", &slice)]);
        let [value, difference] = &found[..] else {
            return Err(format!("{region}: {found:?}").into());
        };
        for (what, ours) in [("value", value), ("difference-to-others", difference)] {
            let limits = &ours["interval"];
            let ours = [&ours["estimate"], &limits["low"], &limits["high"]];
            for (ours, theirs) in ours.into_iter().zip(numbers(&known[what])) {
                close(what, ours.as_f64().ok_or("no number")?, theirs, 1e-9)?;
            }
        }
    }
    let outcome = |group: &str| {
        let id = format!("coverage-group-difference/answers/data/intensity/region={group}");
        let mut findings = record["findings"].as_array().into_iter().flatten();
        let finding = findings.find(|finding| finding["id"] == *id)?;
        finding["outcome"].as_str()
    };
    let outcomes = ["south", "north", "islet", "skerry"].map(outcome);
    let [fail, open] = [Some("fail"), Some("insufficient")];
    if (code, outcomes) == (1, [fail, fail, open, open]) {
        Ok(())
    } else {
        Err(format!("exit code {code}: {outcomes:?}").into())
    }
}
