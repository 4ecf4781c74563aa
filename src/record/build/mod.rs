//! Builds a record from what an audit found.

mod describe;

use std::collections::BTreeMap;

use super::{comparison, digest, v1};
use crate::attribute::word;
use crate::audit::{Audit, Contrasted, Meeting, Scored};
use crate::dataset::Dataset;
use crate::finding::{Finding, OUTCOMES, exit_code};
use crate::measure::confusion::{self, Confused};
use crate::measure::curve::{Curve, Point};
use crate::measure::disparity::Request;
use crate::measure::error_slice::{ErrorSlice, Search};
use crate::measure::{Measurement, Rules};
use crate::model::ModelCard;
use crate::policy::{INSUFFICIENTS, Policy, SEVERITIES, Scope, ScopeDecision};
use crate::stats::{Estimate, TestResult, Undefined};
use crate::tally::Evaluation;
use crate::verdict::{RECOMMENDATIONS, Verdict};

/// The optional parts, and whether this program was built with them.
pub const FEATURES: [(&str, bool); 5] = [
    ("polars", cfg!(feature = "polars")),
    ("onnx", cfg!(feature = "onnx")),
    ("candle", cfg!(feature = "candle")),
    ("hub", cfg!(feature = "hub")),
    ("libtorch", cfg!(feature = "libtorch")),
];

/// What a record says besides the results.
pub struct Context<'a> {
    /// When and how it ran.
    pub run: v1::Run,
    /// The models.
    pub models: Vec<&'a ModelCard>,
    /// The datasets.
    pub datasets: &'a [Dataset],
    /// The policy.
    pub policy: &'a Policy,
    /// The declared use.
    pub scope: &'a Scope,
    /// What the policy makes of it.
    pub decision: &'a ScopeDecision,
    /// The rules of evidence.
    pub rules: &'a Rules,
    /// What changes were measured from.
    pub baseline: Option<v1::Baseline>,
    /// What was asked for besides comparisons with the pooled others.
    pub request: &'a Request,
}

/// Builds the record.
pub fn build(audit: &Audit, context: Context<'_>) -> v1::Record {
    let measurements: Vec<v1::Measurement> = audit.measurements.iter().map(measurement).collect();
    let mut record = v1::Record {
        schema: v1::SCHEMA.to_owned(),
        digest: String::new(),
        run: Some(context.run),
        tool: v1::Tool {
            name: env!("CARGO_PKG_NAME").to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            features: FEATURES
                .iter()
                .filter(|(_, built)| *built)
                .map(|(name, _)| (*name).to_owned())
                .collect(),
        },
        settings: v1::Settings {
            seed: context.rules.seed,
            replicates: context.rules.replicates as u64,
            level: context.rules.level,
            min_n: context.rules.min_n,
            suppress_below: context.rules.suppress_below,
            references: slice(&context.request.references),
            controls: context.request.controls.clone(),
            intersections: (context.request.intersections > 1)
                .then_some(context.request.intersections as u64),
        },
        scope: describe::scope(context.scope, context.decision),
        policy: describe::policy(context.policy),
        baseline: context.baseline,
        models: context.models.into_iter().map(describe::model).collect(),
        datasets: context
            .datasets
            .iter()
            .map(|dataset| describe::dataset(dataset, context.rules))
            .collect(),
        evaluations: audit.meetings.iter().map(evaluation).collect(),
        findings: audit
            .findings
            .iter()
            .map(|finding| self::finding(finding, &measurements))
            .collect(),
        measurements,
        contrasts: audit.contrasts.iter().map(contrast).collect(),
        controls: audit
            .controls
            .iter()
            .map(|control| v1::Control {
                name: control.name.to_owned(),
                subject: control.subject.clone(),
                holds: control.holds,
                detail: control.detail.clone(),
            })
            .collect(),
        verdicts: audit.verdicts.iter().map(verdict).collect(),
        exit_code: exit_code(&audit.findings),
    };
    record.digest = digest(&record);
    record
}

/// The policy as a record keeps it.
pub fn policy(policy: &Policy) -> v1::Policy {
    describe::policy(policy)
}

fn evaluation(meeting: &Meeting) -> v1::Evaluation {
    let mut record = v1::Evaluation {
        model: meeting.model.clone(),
        dataset: meeting.dataset.clone(),
        task: meeting.model_scheme.task.as_str().to_owned(),
        scheme: String::new(),
        multi_label: false,
        crosswalk: String::new(),
        labels_outside_model: Vec::new(),
        labels_outside_dataset: Vec::new(),
        judged: 0,
        no_gold: 0,
        outside_model: 0,
        abstained: 0,
        failed: 0,
        missing: 0,
        cut: meeting.cut,
        curves: meeting.curves.iter().map(curve).collect(),
        confusion: None,
        failing: meeting.failing.as_ref().map(failing),
    };
    if let Some(evaluation) = &meeting.evaluation {
        let owned = |labels: Vec<&str>| labels.into_iter().map(str::to_owned).collect();
        record.scheme = evaluation.scheme.name.clone();
        record.multi_label = evaluation.multi_label;
        record.crosswalk = evaluation.bridge.source.clone().unwrap_or_default();
        record.labels_outside_model =
            owned(evaluation.bridge.gold_left_out(&evaluation.gold_scheme));
        record.labels_outside_dataset =
            owned(evaluation.bridge.model_left_out(&meeting.model_scheme));
        record.judged =
            evaluation.outcomes.iter().flatten().count() as u64 - evaluation.gaps.outside_model;
        record.no_gold = evaluation.gaps.no_gold;
        record.outside_model = evaluation.gaps.outside_model;
        record.abstained = evaluation.gaps.abstained;
        record.failed = evaluation.gaps.failed;
        record.missing = evaluation.gaps.missing;
        record.confusion =
            (!evaluation.multi_label).then(|| confusion(evaluation, &meeting.confused));
    }
    if let Some(judged) = &meeting.numbers {
        record.scheme = judged.scheme.name.clone();
        let names = judged.scheme.names();
        let lacking = judged.not_answered.iter();
        record.labels_outside_model = lacking.map(|place| names[*place].to_owned()).collect();
        record.judged = judged.cases;
        record.no_gold = judged.gaps.no_gold;
        record.abstained = judged.gaps.abstained;
        record.failed = judged.gaps.failed;
        record.missing = judged.gaps.missing;
    }
    record
}

fn curve(scored: &Scored) -> v1::Curve {
    let kind = match scored.curve {
        Curve::Reliability => "reliability",
        Curve::Selective => "selective",
    };
    let point = |point: &Point| v1::Point {
        at: (point.at * 1e12).round() / 1e12,
        n: point.n,
        value: value(&point.result.clone().map(Estimate::rounded)),
    };
    v1::Curve {
        kind: kind.to_owned(),
        points: scored.points.iter().map(point).collect(),
    }
}

fn confusion(evaluation: &Evaluation, most: &[Confused]) -> v1::Confusion {
    let labels = &evaluation.scheme.labels;
    let confused = |confused: &Confused| {
        let (gold, answer) = (&labels[confused.gold], &labels[confused.answer]);
        let polarity = match (gold.polarity, answer.polarity) {
            (Some(one), Some(other)) if one == other => "kept",
            (Some(_), Some(_)) => "changed",
            _ => "ambiguous",
        };
        v1::Confused {
            gold: gold.name.clone(),
            answer: answer.name.clone(),
            polarity: polarity.to_owned(),
            n: confused.n,
            value: value(&confused.result.clone().map(Estimate::rounded)),
        }
    };
    v1::Confusion {
        labels: labels.iter().map(|label| label.name.clone()).collect(),
        counts: confusion::counts(evaluation),
        most: most.iter().map(confused).collect(),
    }
}

fn failing(search: &Result<Search, Undefined>) -> v1::Failing {
    let slice = |slice: &ErrorSlice| v1::ErrorSlice {
        conditions: slice.conditions.clone(),
        n: slice.n,
        clusters: slice.clusters,
        error: value(&Ok(slice.error.clone())),
        difference: value(&Ok(slice.difference.clone())),
    };
    match search {
        Ok(search) => v1::Failing::Searched {
            tried: search.tried as u64,
            slices: search.found.iter().map(slice).collect(),
        },
        Err(undefined) => v1::Failing::Missing {
            undefined: v1::Undefined {
                reason: undefined.reason.as_str().to_owned(),
                detail: undefined.detail.clone(),
            },
        },
    }
}

fn slice(slice: &[(String, String)]) -> BTreeMap<String, String> {
    slice.iter().cloned().collect()
}

pub(super) fn value(result: &Result<Estimate, Undefined>) -> v1::Value {
    match result {
        Ok(estimate) => v1::Value::Defined {
            estimate: estimate.value,
            interval: v1::Interval {
                low: estimate.interval.low,
                high: estimate.interval.high,
                level: estimate.interval.level,
                method: estimate.interval.method.as_str().to_owned(),
                // JSON knows no infinity, and as many degrees of freedom are those of the normal distribution.
                degrees_of_freedom: estimate
                    .interval
                    .degrees_of_freedom
                    .filter(|freedom| freedom.is_finite()),
            },
            test: estimate.test.as_ref().map(test),
        },
        Err(undefined) => v1::Value::Missing {
            undefined: v1::Undefined {
                reason: undefined.reason.as_str().to_owned(),
                detail: undefined.detail.clone(),
            },
        },
    }
}

fn test(test: &TestResult) -> v1::Test {
    // As many digits as values have, so that records agree between processors.
    let round = |number: f64| (number * 1e12).round() / 1e12;
    v1::Test {
        name: test.name.to_owned(),
        // JSON knows no infinity: a record that held one could not be read again.
        statistic: test.statistic.clamp(-f64::MAX, f64::MAX),
        degrees_of_freedom: test.degrees_of_freedom.map(round),
        p: test.p,
        effect_size: test.effect.map(round),
        others: test.others.iter().map(self::test).collect(),
    }
}

pub(super) fn measurement(measurement: &Measurement) -> v1::Measurement {
    v1::Measurement {
        model: measurement.model.clone(),
        dataset: measurement.dataset.clone(),
        task: measurement.task.as_str().to_owned(),
        measure: measurement.measure.id().to_owned(),
        label: measurement.label.clone(),
        slice: slice(&measurement.slice),
        comparison: measurement.comparison.as_ref().map(comparison::build),
        n: measurement.n,
        clusters: measurement.clusters,
        value: value(&measurement.result),
    }
}

fn contrast(contrasted: &Contrasted) -> v1::Contrast {
    let contrast = &contrasted.contrast;
    v1::Contrast {
        emotion_model: contrasted.emotion_model.clone(),
        sentiment_model: contrasted.sentiment_model.clone(),
        dataset: contrasted.dataset.clone(),
        label: contrast.label.clone(),
        slice: slice(&contrast.slice),
        n: contrast.n,
        clusters: contrast.clusters,
        polarity: if contrasted.polarity_is_labelled {
            "labelled"
        } else {
            "crosswalk"
        }
        .to_owned(),
        emotion: value(&contrast.emotion),
        sentiment: value(&contrast.sentiment),
        collapsed: value(&contrast.collapsed),
        sentiment_minus_emotion: value(&contrast.sentiment_minus_emotion),
        sentiment_minus_collapsed: value(&contrast.sentiment_minus_collapsed),
        collapsed_minus_emotion: value(&contrast.collapsed_minus_emotion),
        recommendation: word(&RECOMMENDATIONS, &contrasted.recommendation).to_owned(),
    }
}

/// A finding as a record keeps it.
pub fn finding(finding: &Finding, measurements: &[v1::Measurement]) -> v1::Finding {
    v1::Finding {
        id: finding.id.clone(),
        gate: finding.gate.clone(),
        asks: finding.asks.clone(),
        severity: word(&SEVERITIES, &finding.severity).to_owned(),
        insufficient: word(&INSUFFICIENTS, &finding.insufficient).to_owned(),
        outcome: word(&OUTCOMES, &finding.outcome).to_owned(),
        detail: finding.detail.clone(),
        measurement: finding
            .measurement
            .and_then(|place| measurements.get(place).cloned()),
        needed_n: finding.needed_n,
        waiver: finding.waiver.as_ref().map(|waiver| v1::Waiver {
            owner: waiver.owner.clone(),
            reason: waiver.reason.clone(),
            expires: waiver.expires.clone(),
        }),
        before_waiver: finding
            .before_waiver
            .map(|outcome| word(&OUTCOMES, &outcome).to_owned()),
    }
}

/// A verdict as a record keeps it.
pub fn verdict(verdict: &Verdict) -> v1::Verdict {
    v1::Verdict {
        model: verdict.model.clone(),
        dataset: verdict.dataset.clone(),
        task: verdict.task.as_str().to_owned(),
        label: verdict.label.clone(),
        slice: slice(&verdict.slice),
        verdict: verdict.verdict.as_str().to_owned(),
        reasons: verdict
            .reasons
            .iter()
            .map(|ground| v1::Ground {
                dimension: ground.dimension.to_owned(),
                verdict: ground.verdict.as_str().to_owned(),
                text: ground.text.clone(),
            })
            .collect(),
        not_measured: verdict
            .not_measured
            .iter()
            .map(|dimension| (*dimension).to_owned())
            .collect(),
    }
}
