//! Quality measures against scikit-learn and `krippendorff`, along the whole path: cases and answers are tallied by
//! `evaluate` and measured as in an audit. The reference values come from tests/oracles/quality.py.

use std::sync::Arc;

use affect_audit::attribute::{About, Attribute, AttributeKind, Blank};
use affect_audit::case::{Cases, Gold, LabelSource, Names};
use affect_audit::measure::quality::{Measured, by_label, overall};
use affect_audit::measure::slice::Slice;
use affect_audit::measure::{Measure, Rules, disparity};
use affect_audit::prediction::{Answer, Predictions};
use affect_audit::stats::Reason;
use affect_audit::tally::{Evaluation, evaluate};
use affect_audit::task::scheme::SCHEME_KINDS;
use affect_audit::task::{Label, LabelSet, Scheme, Task};
use libtest_mimic::{Failed, Trial};
use serde_json::Value;

use crate::run::close;

const ORACLE: &str = include_str!("../oracles/quality.json");

/// Sums of a few hundred rounded terms: nothing but the order of additions may differ.
const TOLERANCE: f64 = 1e-12;

const RULES: Rules = Rules {
    level: 0.95,
    min_n: 1,
    suppress_below: 0,
    seed: 1,
    replicates: 1000,
};

/// How the cases of a set depend on each other and how the model lists its labels: no value may change with either.
#[derive(Clone, Copy)]
struct Layout {
    name: &'static str,
    clustered: bool,
    labels_reversed: bool,
}

const LAYOUTS: [Layout; 3] = [
    Layout {
        name: "as it is",
        clustered: false,
        labels_reversed: false,
    },
    Layout {
        name: "in clusters",
        clustered: true,
        labels_reversed: false,
    },
    Layout {
        name: "with the model's labels in reverse",
        clustered: false,
        labels_reversed: true,
    },
];

/// One trial for each labelled set.
pub fn trials() -> Vec<Trial> {
    let oracle: Value = serde_json::from_str(ORACLE).unwrap_or_default();
    let sets = oracle["sets"].as_array().cloned().unwrap_or_default();
    let mut trials = vec![Trial::test(
        "quality::the_oracle_holds_every_kind_of_set",
        {
            let kinds: Vec<String> = sets.iter().map(|set| text(&set["kind"])).collect();
            move || every_kind(&kinds)
        },
    )];
    trials.extend(sets.into_iter().map(|set| {
        Trial::test(format!("quality::{}", text(&set["name"])), move || {
            check(&set)
        })
    }));
    trials
}

fn every_kind(kinds: &[String]) -> Result<(), Failed> {
    for (kind, _) in SCHEME_KINDS {
        if !kinds.iter().any(|known| known == kind) {
            return Err(format!("no set of the kind {kind} in {kinds:?}").into());
        }
    }
    Ok(())
}

fn check(set: &Value) -> Result<(), Failed> {
    for layout in LAYOUTS {
        let wrong: Vec<String> =
            faults(set, layout).map_err(|error| format!("{}: {error:?}", layout.name))?;
        if !wrong.is_empty() {
            return Err(format!("{}:\n{}", layout.name, wrong.join("\n")).into());
        }
    }
    Ok(())
}

fn faults(set: &Value, layout: Layout) -> Result<Vec<String>, Failed> {
    let scheme = scheme(set)?;
    let cases = cases(set, &scheme, layout);
    let predictions = predictions(set, &scheme, layout);
    let gold = cases.gold(Task::Emotion).ok_or("the set has gold")?;
    let evaluation =
        evaluate(&cases, gold, &predictions).ok_or("model and gold share their labels")?;
    let clusters = cases.dependence();
    let slice = Slice::new(
        evaluation
            .outcomes
            .iter()
            .enumerate()
            .filter_map(|(case, outcome)| Some((clusters[case], (*outcome)?))),
    );
    let mut faults = Vec::new();
    let mut note = |fault: Result<(), Failed>| {
        faults.extend(
            fault
                .err()
                .map(|fault| fault.message().unwrap_or("").to_owned()),
        )
    };
    let measured = overall(&evaluation, &slice, &RULES);
    for (id, value) in set["overall"].as_object().into_iter().flatten() {
        note(one(&measured, id, None, value, set));
    }
    let labels = by_label(&evaluation, &slice, &RULES);
    for (label, expected) in set["by_label"].as_array().into_iter().flatten().enumerate() {
        for measure in affect_audit::measure::quality::LABEL {
            note(one_of_label(&labels, measure, label, expected));
        }
    }
    note(one_group(&evaluation, &cases, &measured));
    Ok(faults)
}

/// A measure over all labels: its value, and the number of cases that it rests on.
fn one(
    measured: &[Measured],
    id: &str,
    label: Option<usize>,
    value: &Value,
    set: &Value,
) -> Result<(), Failed> {
    let found = find(measured, id, label)?;
    let n = if id == "coverage" {
        "judged"
    } else {
        "answered"
    };
    if Some(found.n) != set[n].as_u64() {
        return Err(format!("{id} rests on {} cases, and {} are {n}", found.n, set[n]).into());
    }
    // Macro F1 is not told where a label occurs once or twice.
    let by_label = set["by_label"].as_array().into_iter().flatten();
    let rare = by_label
        .filter_map(|label| label["gold"].as_u64())
        .any(|gold| gold == 1 || gold == 2);
    match &found.result {
        Err(undefined) if id == "macro-f1" && rare && undefined.reason == Reason::TooFewCases => {
            Ok(())
        }
        Ok(_) if id == "macro-f1" && rare => Err("macro F1 is told of a rare label".into()),
        _ => close(id, value_of(found)?, number(value)?, TOLERANCE),
    }
}

/// A measure of one label. Where nothing could be counted scikit-learn gives 0 (`zero_division=0`), which would
/// read as "always wrong"; here there is no value, and the reason is `no-cases`.
fn one_of_label(
    measured: &[Measured],
    measure: Measure,
    label: usize,
    expected: &Value,
) -> Result<(), Failed> {
    let found = find(measured, measure.id(), Some(label))?;
    let (gold, answers) = (number(&expected["gold"])?, number(&expected["answers"])?);
    let countable = match measure {
        Measure::Recall => gold > 0.0,
        Measure::Precision => answers > 0.0,
        Measure::F1 => gold + answers > 0.0,
        // Both recall and false-positive rate must exist.
        Measure::Skill => expected.get("skill").is_some(),
        _ => true,
    };
    let what = format!("{} of label {label}", measure.id());
    match (&found.result, countable) {
        (Ok(estimate), true) => close(
            &what,
            estimate.value,
            number(&expected[measure.id()])?,
            TOLERANCE,
        ),
        (Err(undefined), false) if undefined.reason == Reason::NoCases => Ok(()),
        (Ok(estimate), false) => Err(format!("{what} is {} of nothing", estimate.value).into()),
        (Err(undefined), _) => Err(format!("{what} is undefined: {undefined}").into()),
    }
}

/// All cases as one group: the measures that groups share with the whole must agree with it.
fn one_group(evaluation: &Evaluation, cases: &Cases, whole: &[Measured]) -> Result<(), Failed> {
    let (_, names) = cases.attributes.first().ok_or("the set has a group")?;
    let groups = disparity::split(evaluation, cases, names);
    if groups.len() != 1 {
        return Err(format!("{} groups", groups.len()).into());
    }
    for measured in disparity::measure(evaluation, &groups, &RULES, &Default::default()).remove(0) {
        if measured.comparison.is_some() || measured.measured.label.is_some() {
            continue;
        }
        let id = measured.measured.measure.id();
        let same = find(whole, id, None)?;
        if let (Err(one), Err(other)) = (&measured.measured.result, &same.result)
            && one.reason == other.reason
        {
            continue;
        }
        close(
            &format!("{id} of the group of all"),
            value_of(&measured.measured)?,
            value_of(same)?,
            0.0,
        )?;
    }
    Ok(())
}

fn find<'a>(
    measured: &'a [Measured],
    id: &str,
    label: Option<usize>,
) -> Result<&'a Measured, Failed> {
    measured
        .iter()
        .find(|measured| measured.measure.id() == id && measured.label == label)
        .ok_or_else(|| format!("{id} was not measured").into())
}

fn value_of(measured: &Measured) -> Result<f64, Failed> {
    match &measured.result {
        Ok(estimate) => Ok(estimate.value),
        Err(undefined) => {
            Err(format!("{} is undefined: {undefined}", measured.measure.id()).into())
        }
    }
}

fn scheme(set: &Value) -> Result<Arc<Scheme>, Failed> {
    let kind = SCHEME_KINDS
        .iter()
        .find(|(name, _)| *name == set["kind"])
        .ok_or("a kind of scheme")?;
    let label = |name: &Value| Label {
        name: text(name),
        polarity: None,
    };
    Ok(Arc::new(Scheme {
        name: "oracle".to_owned(),
        title: "Oracle".to_owned(),
        task: Task::Emotion,
        kind: kind.1,
        labels: set["labels"]
            .as_array()
            .into_iter()
            .flatten()
            .map(label)
            .collect(),
        neutral: None,
    }))
}

fn cases(set: &Value, scheme: &Arc<Scheme>, layout: Layout) -> Cases {
    let labels = label_sets(&set["gold"]);
    let clusters: Vec<String> = (0..labels.len())
        .map(|case| (case / 2).to_string())
        .collect();
    let everybody = vec!["everybody"; labels.len()];
    let group = Attribute {
        name: "group".to_owned(),
        title: "Group".to_owned(),
        about: About::Author,
        kind: AttributeKind::Demographic,
        blank: Blank::Missing,
    };
    Cases {
        ids: (0..labels.len()).map(|case| case.to_string()).collect(),
        clusters: layout
            .clustered
            .then(|| Names::from_cells(clusters.iter().map(String::as_str))),
        attributes: vec![(group, Names::from_cells(everybody.iter().copied()))],
        gold: vec![Gold {
            scheme: scheme.clone(),
            source: LabelSource::Perceived,
            labels,
        }],
        ..Cases::default()
    }
}

fn predictions(set: &Value, scheme: &Arc<Scheme>, layout: Layout) -> Predictions {
    let last = scheme.labels.len() - 1;
    let mut own = Scheme::clone(scheme);
    if layout.labels_reversed {
        own.labels.reverse();
    }
    let in_own_order = |labels: LabelSet| {
        let mut turned = LabelSet::EMPTY;
        for label in labels.iter() {
            turned.insert(if layout.labels_reversed {
                last - label
            } else {
                label
            });
        }
        Answer::Labels(turned)
    };
    // The ways of not answering are all alike to a measure of quality.
    let silence = [Answer::Abstained, Answer::Failed, Answer::Missing];
    let answers = label_sets(&set["answers"])
        .into_iter()
        .enumerate()
        .map(|(case, labels)| labels.map_or(silence[case % 3], in_own_order))
        .collect();
    Predictions {
        scheme: Arc::new(own),
        answers,
        scores: None,
        cut: 0,
        notes: Vec::new(),
    }
}

/// A number is one label, a list is a set of them, null is nothing.
fn label_sets(cases: &Value) -> Vec<Option<LabelSet>> {
    let place = |label: &Value| label.as_u64().map_or(0, |label| label as usize);
    let set = |case: &Value| match case {
        Value::Null => None,
        Value::Array(labels) => {
            let mut set = LabelSet::EMPTY;
            for label in labels {
                set.insert(place(label));
            }
            Some(set)
        }
        label => Some(LabelSet::one(place(label))),
    };
    cases.as_array().into_iter().flatten().map(set).collect()
}

fn number(value: &Value) -> Result<f64, Failed> {
    value
        .as_f64()
        .ok_or_else(|| format!("{value} is no number").into())
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
