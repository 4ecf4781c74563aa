//! Records to render: small, with every kind of result in them, and with names that try to break out.

use std::collections::BTreeMap;

use crate::record::v1::*;

/// A name that would run a script, were it not escaped, and that hides a change of direction.
pub const HOSTILE: &str = "<script>alert(1)</script>\"'&\u{202e}";

/// A value with an interval.
pub fn value(estimate: f64, low: f64, high: f64) -> Value {
    Value::Defined {
        estimate,
        interval: Interval {
            low,
            high,
            level: 0.95,
            method: "wilson".to_owned(),
            degrees_of_freedom: None,
        },
        test: None,
    }
}

/// No value, and why.
pub fn missing(detail: &str) -> Value {
    Value::Missing {
        undefined: Undefined {
            reason: "too-few-cases".to_owned(),
            detail: detail.to_owned(),
        },
    }
}

/// Attribute and group as a slice; nothing for all cases.
pub fn slice(group: &str) -> BTreeMap<String, String> {
    let attribute = |group: &str| (HOSTILE.to_owned(), group.to_owned());
    (!group.is_empty())
        .then(|| attribute(group))
        .into_iter()
        .collect()
}

/// A measurement of the emotion model.
pub fn measurement(measure: &str, label: Option<&str>, group: &str, value: Value) -> Measurement {
    Measurement {
        model: "emo".to_owned(),
        dataset: "data".to_owned(),
        task: "emotion".to_owned(),
        measure: measure.to_owned(),
        label: label.map(str::to_owned),
        slice: slice(group),
        comparison: None,
        n: 120,
        clusters: 120,
        value,
    }
}

/// A finding that rests on a measurement.
pub fn finding(id: &str, outcome: &str, measurement: Option<Measurement>) -> Finding {
    Finding {
        id: id.to_owned(),
        gate: "emotion-label-skill".to_owned(),
        asks: "skill at least 0.40".to_owned(),
        severity: "error".to_owned(),
        insufficient: "block".to_owned(),
        outcome: outcome.to_owned(),
        detail: "-0.120, 95 % interval -0.200 to 0.050".to_owned(),
        measurement,
        needed_n: (outcome == "insufficient").then_some(1234),
        before_waiver: None,
        waiver: (outcome == "waived").then(|| Waiver {
            owner: "A. Person".to_owned(),
            reason: "not used for this".to_owned(),
            expires: "2027-03-31".to_owned(),
        }),
    }
}

/// A record without models, data or results.
pub fn empty() -> Record {
    Record {
        schema: SCHEMA.to_owned(),
        digest: "d".repeat(64),
        run: None,
        tool: Tool {
            name: "affect-audit".to_owned(),
            version: "0.1.0".to_owned(),
            features: Vec::new(),
        },
        settings: Settings {
            seed: 1,
            replicates: 1000,
            level: 0.95,
            min_n: 30,
            suppress_below: 10,
            references: BTreeMap::new(),
            controls: Vec::new(),
            intersections: None,
        },
        scope: Scope {
            modality: vec!["text".to_owned()],
            target: vec!["emotion".to_owned()],
            context: "research".to_owned(),
            unit: "aggregate".to_owned(),
            outcome: "warn".to_owned(),
            rules: vec![ScopeRule {
                id: "rule".to_owned(),
                reference: "Art. 1".to_owned(),
                sentence: "Have this use reviewed.".to_owned(),
            }],
        },
        baseline: None,
        policy: Policy {
            name: "policy".to_owned(),
            version: "1.0.0".to_owned(),
            file: "POLICY.md".to_owned(),
            digest: "e".repeat(64),
            locked: None,
            reliability: [
                ("limited", 0.4),
                ("reliable", 0.6),
                ("difference", 0.1),
                ("flip_rate", 0.1),
            ]
            .map(|(name, number)| (name.to_owned(), number))
            .into(),
            gates: vec![Gate {
                id: "emotion-label-skill".to_owned(),
                title: "Each emotion is read well above chance".to_owned(),
                asks: "skill at least 0.40".to_owned(),
                severity: "error".to_owned(),
                reference: vec!["Art. 15".to_owned()],
                line: 12,
            }],
            clauses: Vec::new(),
        },
        models: Vec::new(),
        datasets: Vec::new(),
        evaluations: Vec::new(),
        measurements: Vec::new(),
        contrasts: Vec::new(),
        controls: Vec::new(),
        findings: Vec::new(),
        verdicts: Vec::new(),
        exit_code: 0,
    }
}

/// A record with an emotion model and a sentiment model on one dataset, every name of which is hostile.
pub fn hostile() -> Record {
    let mut record = empty();
    record.exit_code = 1;
    record.models = ["emo", "sent"].map(model).into();
    record.datasets = vec![dataset()];
    record.evaluations = vec![evaluation()];
    let labels = [None, Some(HOSTILE), Some("joy")];
    for group in ["", HOSTILE, "small"] {
        for label in labels {
            let known = value(0.3, 0.2, 0.45);
            record
                .measurements
                .push(measurement("skill", label, group, known));
            record.verdicts.push(verdict(label, group));
            if !group.is_empty() {
                record.measurements.push(Measurement {
                    comparison: Some(Comparison {
                        kind: "difference-to-others".to_owned(),
                        attribute: None,
                        group: None,
                        controls: Vec::new(),
                        model: None,
                    }),
                    ..measurement("skill", label, group, missing("12 cases: too few"))
                });
            }
            record.contrasts.push(contrast(label, group));
        }
    }
    for (measure, value) in [
        ("failure-rate", value(0.6, 0.4, 0.8)),
        ("failure-rate", missing("no test could be applied")),
        ("test-coverage", value(0.9, 0.7, 0.97)),
    ] {
        let names = [("capability", HOSTILE), ("expectation", HOSTILE)];
        record.measurements.push(Measurement {
            slice: names
                .map(|(key, name)| (key.to_owned(), name.to_owned()))
                .into(),
            ..measurement(measure, None, "", value)
        });
    }
    let within = |measure, label, group, value| Measurement {
        comparison: Some(Comparison {
            kind: "within-sets".to_owned(),
            attribute: Some(HOSTILE.to_owned()),
            group: None,
            controls: Vec::new(),
            model: None,
        }),
        ..measurement(measure, label, group, value)
    };
    record
        .measurements
        .push(within("flip-rate", None, "", value(0.2, 0.15, 0.3)));
    record
        .measurements
        .push(within("set-coverage", None, "", value(1.0, 0.98, 1.0)));
    record.measurements.push(within(
        "score-shift",
        Some("joy"),
        HOSTILE,
        value(-0.1, -0.12, -0.08),
    ));
    for (number, outcome) in ["pass", "fail", "insufficient", "unmeasured", "waived"]
        .into_iter()
        .enumerate()
    {
        let rests_on = record
            .measurements
            .get(number)
            .filter(|_| outcome != "unmeasured");
        record.findings.push(finding(
            &format!("gate/{outcome}/{HOSTILE}"),
            outcome,
            rests_on.cloned(),
        ));
    }
    record.controls = [true, false]
        .map(|holds| Control {
            name: "shuffled-groups".to_owned(),
            subject: HOSTILE.to_owned(),
            holds,
            detail: HOSTILE.to_owned(),
        })
        .into();
    record
}

fn model(name: &str) -> Model {
    Model {
        name: name.to_owned(),
        spec: format!("reference:{name}"),
        title: format!("{name} {HOSTILE}"),
        kind: "reference".to_owned(),
        description: HOSTILE.to_owned(),
        licence: "Apache-2.0".to_owned(),
        training_data: String::new(),
        limits: vec![HOSTILE.to_owned()],
        digest: "a".repeat(64),
        engine: HOSTILE.to_owned(),
        eight_bits: true,
        revision: HOSTILE.to_owned(),
        base_models: vec![HOSTILE.to_owned()],
        languages: vec!["en".to_owned()],
        files: BTreeMap::from([(HOSTILE.to_owned(), "c".repeat(64))]),
    }
}

fn dataset() -> Dataset {
    Dataset {
        name: "data".to_owned(),
        title: HOSTILE.to_owned(),
        description: HOSTILE.to_owned(),
        version: "1.0.0".to_owned(),
        licence: "CC0-1.0".to_owned(),
        citation: HOSTILE.to_owned(),
        language: vec!["en".to_owned()],
        modality: "text".to_owned(),
        limits: Vec::new(),
        digest: "b".repeat(64),
        cases: 120,
        clusters: None,
        sets: Some(20),
        weights: None,
        labels: vec![Labels {
            task: "emotion".to_owned(),
            scheme: "ekman".to_owned(),
            source: "perceived".to_owned(),
            words: "perceived by annotators".to_owned(),
            counts: counts([HOSTILE, "joy"]),
            blank: 0,
        }],
        attributes: vec![attribute(HOSTILE, "subject")],
        rater_attributes: vec![attribute("raters", "rater")],
    }
}

fn counts(names: [&str; 2]) -> Vec<Count> {
    let names = names.map(str::to_owned);
    names.map(|name| Count { name, count: 60 }).into()
}

fn attribute(name: &str, about: &str) -> Attribute {
    Attribute {
        name: name.to_owned(),
        title: HOSTILE.to_owned(),
        about: about.to_owned(),
        kind: "demographic".to_owned(),
        blank: "not-stated".to_owned(),
        groups: counts([HOSTILE, "small"]),
        blanks: 0,
    }
}

fn evaluation() -> Evaluation {
    Evaluation {
        model: "emo".to_owned(),
        dataset: "data".to_owned(),
        task: "emotion".to_owned(),
        scheme: "ekman".to_owned(),
        multi_label: false,
        crosswalk: HOSTILE.to_owned(),
        labels_outside_model: vec![HOSTILE.to_owned()],
        labels_outside_dataset: Vec::new(),
        judged: 120,
        no_gold: 0,
        outside_model: 3,
        abstained: 1,
        failed: 0,
        missing: 0,
        cut: 2,
        curves: vec![Curve {
            kind: "reliability".to_owned(),
            points: vec![Point {
                at: 0.7,
                n: 120,
                value: value(0.6, 0.5, 0.7),
            }],
        }],
        confusion: Some(Confusion {
            labels: vec![HOSTILE.to_owned(), "joy".to_owned()],
            counts: vec![vec![50, 9, 1], vec![5, 55, 0]],
            most: vec![Confused {
                gold: HOSTILE.to_owned(),
                answer: "joy".to_owned(),
                polarity: "changed".to_owned(),
                n: 60,
                value: value(0.15, 0.1, 0.3),
            }],
        }),
        failing: Some(Failing::Searched {
            tried: 5,
            slices: vec![ErrorSlice {
                conditions: vec![HOSTILE.to_owned()],
                n: 60,
                clusters: 60,
                error: value(0.5, 0.4, 0.6),
                difference: value(0.3, 0.1, 0.5),
            }],
        }),
    }
}

/// A verdict of the emotion model.
pub fn verdict(label: Option<&str>, group: &str) -> Verdict {
    Verdict {
        model: "emo".to_owned(),
        dataset: "data".to_owned(),
        task: "emotion".to_owned(),
        label: label.map(str::to_owned),
        slice: slice(group),
        verdict: "unreliable".to_owned(),
        not_measured: Vec::new(),
        reasons: vec![Ground {
            dimension: "disparity".to_owned(),
            verdict: "limited".to_owned(),
            text: HOSTILE.to_owned(),
        }],
    }
}

/// A contrast of the two models.
pub fn contrast(label: Option<&str>, group: &str) -> Contrast {
    Contrast {
        emotion_model: "emo".to_owned(),
        sentiment_model: "sent".to_owned(),
        dataset: "data".to_owned(),
        label: label.map(str::to_owned),
        slice: slice(group),
        n: 120,
        clusters: 120,
        polarity: "crosswalk".to_owned(),
        emotion: value(-0.5, -0.7, -0.3),
        sentiment: value(0.7, 0.65, 0.75),
        collapsed: missing("gold holds too few classes"),
        sentiment_minus_emotion: value(1.2, 1.1, 1.3),
        sentiment_minus_collapsed: missing("gold holds too few classes"),
        collapsed_minus_emotion: missing("gold holds too few classes"),
        recommendation: if group.is_empty() {
            "polarity-only"
        } else {
            "neither"
        }
        .to_owned(),
    }
}
