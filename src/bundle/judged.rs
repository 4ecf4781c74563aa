//! Judges the record of a bundle anew, by the code that made it: findings, exit code, verdicts and advice.

use std::collections::BTreeMap;

use super::changes::{changes_hold, is_change};
use super::content::otherwise;
use super::{Fault, RECORD, inside_of};
use crate::attribute::word;
use crate::diagnostic::{Problem, quote};
use crate::finding::{exit_code, judge};
use crate::measure::Measurement;
use crate::policy::Policy;
use crate::record::{Record, build, restore, v1};
use crate::task::TASKS;
use crate::verdict::{RECOMMENDATIONS, RELIANCES, Said, Standing, advise, verdicts};

/// The findings and the exit code, judged as `gate` does, by the day of the audit; then the verdicts and the
/// advice.
pub(super) fn judged_anew(name: &str, record: &Record, policy: &Policy) -> Result<(), Fault> {
    let place = || inside_of(name, RECORD);
    let day = record.run.as_ref().and_then(|run| run.started.get(..10));
    let Some(day) = day else {
        return Err(Fault::Unreadable(
            Problem::new(
                "bundle/no-date",
                place().key("run"),
                "the record does not say when the audit ran",
            )
            .help("waivers are judged by that day; audit again")
            .into(),
        ));
    };
    let measurements = restore::measurements(&place().file, record).map_err(Fault::Unreadable)?;
    changes_hold(name, record, policy, &measurements)?;
    let findings = judge(policy, &measurements, &restore::background(record), day);
    let code = exit_code(&findings);
    let mut findings: Vec<v1::Finding> = findings
        .iter()
        .map(|finding| build::finding(finding, &record.measurements))
        .collect();
    // First versions did not keep what came out before a waiver.
    if record
        .findings
        .iter()
        .all(|theirs| theirs.before_waiver.is_none())
    {
        findings
            .iter_mut()
            .for_each(|ours| ours.before_waiver = None);
    }
    let ours = findings.iter().map(Some).chain(std::iter::repeat(None));
    let theirs = record
        .findings
        .iter()
        .map(Some)
        .chain(std::iter::repeat(None));
    let longest = findings.len().max(record.findings.len());
    let mut pairs = ours.zip(theirs).take(longest);
    if let Some((ours, theirs)) = pairs.find(|(ours, theirs)| ours != theirs) {
        let said = |finding: Option<&v1::Finding>| {
            finding.map_or("nothing".to_owned(), |finding| {
                let before = finding.before_waiver.iter();
                let before: String = before
                    .map(|before| format!(" (before: {before})"))
                    .collect();
                format!("{}{before}: {}", finding.outcome, finding.detail)
            })
        };
        let id = theirs.or(ours).map_or("", |finding| &finding.id);
        let message = format!(
            "{} was recorded as \"{}\", and judged again it is \"{}\"",
            quote(id),
            said(theirs),
            said(ours)
        );
        return Err(otherwise(
            record,
            "bundle/finding",
            place().key("findings"),
            message,
        ));
    }
    if code != record.exit_code {
        let message = format!(
            "the audit ended with exit code {}, and judged again it ends with {code}",
            record.exit_code
        );
        return Err(otherwise(
            record,
            "bundle/exit-code",
            place().key("exit_code"),
            message,
        ));
    }
    verdicts_anew(name, record, policy, &measurements)?;
    contrasts_anew(name, record, policy)
}

/// The verdicts, from the measurements. Where a crosswalk was used, the record does not tell whether gold labels were
/// carried over by it, so that either reading may come out.
fn verdicts_anew(
    name: &str,
    record: &Record,
    policy: &Policy,
    measurements: &[Measurement],
) -> Result<(), Fault> {
    // Changes from a baseline were added when the verdicts stood.
    let mut before = measurements.to_vec();
    before.retain(|one| !is_change(one));
    let background = restore::background(record);
    let mut carried = background.clone();
    let tasks = carried.sources.clone();
    for evaluation in record
        .evaluations
        .iter()
        .filter(|one| !one.crosswalk.is_empty())
    {
        for (dataset, task, _) in tasks
            .iter()
            .filter(|(name, ..)| *name == evaluation.dataset)
        {
            let carried_over = (evaluation.model.clone(), dataset.clone(), *task);
            carried.carried_over.push(carried_over);
        }
    }
    let read = |background| -> Vec<v1::Verdict> {
        let verdicts = verdicts(&before, &policy.reliability, background);
        verdicts.iter().map(build::verdict).collect()
    };
    let (plain, mapped) = (read(&background), read(&carried));
    let mut either = plain.iter().zip(&mapped).zip(&record.verdicts);
    let other = either.find(|((plain, mapped), told)| plain != told && mapped != told);
    if plain.len() == record.verdicts.len() && other.is_none() {
        return Ok(());
    }
    let message = match other {
        Some(((plain, _), told)) if plain.verdict == told.verdict => format!(
            "the grounds for {} of {} are recorded otherwise than they come out again",
            quote(told.label.as_deref().unwrap_or(&told.task)),
            quote(&told.model)
        ),
        Some(((plain, _), told)) => format!(
            "{} of {} is recorded as {}, and comes out as {} again",
            quote(told.label.as_deref().unwrap_or(&told.task)),
            quote(&told.model),
            quote(&told.verdict),
            quote(&plain.verdict)
        ),
        None => format!(
            "{} verdicts are recorded, and {} come out again",
            record.verdicts.len(),
            plain.len()
        ),
    };
    let place = inside_of(name, RECORD).key("verdicts");
    Err(otherwise(record, "bundle/verdict", place, message))
}

/// The advice of each contrast, from its skills; and its differences, which are those of the skills.
fn contrasts_anew(name: &str, record: &Record, policy: &Policy) -> Result<(), Fault> {
    let standing = Standing::new(record.verdicts.iter().filter_map(|verdict| {
        Some(Said {
            of: (&verdict.model, &verdict.dataset),
            task: *known(&TASKS, &verdict.task)?,
            label: verdict.label.as_deref(),
            slice: named(&verdict.slice),
            verdict: *known(&RELIANCES, &verdict.verdict)?,
        })
    }));
    for row in &record.contrasts {
        let (emotion, sentiment) = (restore::value(&row.emotion), restore::value(&row.sentiment));
        let (Some(emotion), Some(sentiment)) = (emotion, sentiment) else {
            let place = inside_of(name, RECORD).key("contrasts");
            let message = "an interval of a method, or with degrees of freedom, that this version does not know";
            return Err(otherwise(record, "bundle/contrast", place, message));
        };
        let at_best = standing.at_best(
            [&row.emotion_model, &row.sentiment_model],
            &row.dataset,
            (row.label.as_deref(), &named(&row.slice)),
            row.polarity == "labelled",
        );
        let advice = advise(row.n, [&emotion, &sentiment], at_best, &policy.reliability);
        let advice = word(&RECOMMENDATIONS, &advice);
        let about = row.label.as_deref().unwrap_or("all emotions together");
        let message = if advice != row.recommendation {
            format!(
                "the advice for {} of {} is recorded as {}, and comes out as {} again",
                quote(about),
                quote(&row.emotion_model),
                quote(&row.recommendation),
                quote(advice)
            )
        } else if differs(row) {
            format!(
                "the differences recorded for {} of {} are not those of its skills",
                quote(about),
                quote(&row.emotion_model)
            )
        } else {
            continue;
        };
        let place = inside_of(name, RECORD).key("contrasts");
        return Err(otherwise(record, "bundle/contrast", place, message));
    }
    Ok(())
}

fn named(slice: &BTreeMap<String, String>) -> Vec<(&str, &str)> {
    let pairs = slice.iter();
    pairs
        .map(|(attribute, group)| (attribute.as_str(), group.as_str()))
        .collect()
}

fn known<'a, T>(words: &'a [(&str, T)], name: &str) -> Option<&'a T> {
    let mut words = words.iter();
    words.find_map(|(word, one)| (*word == name).then_some(one))
}

/// Whether a difference of a contrast is not that of its skills, up to their rounding.
fn differs(row: &v1::Contrast) -> bool {
    let estimate = |value: &v1::Value| match value {
        v1::Value::Defined { estimate, .. } => Some(*estimate),
        v1::Value::Missing { .. } => None,
    };
    let differences = [
        (&row.sentiment_minus_emotion, &row.sentiment, &row.emotion),
        (
            &row.sentiment_minus_collapsed,
            &row.sentiment,
            &row.collapsed,
        ),
        (&row.collapsed_minus_emotion, &row.collapsed, &row.emotion),
    ];
    differences.into_iter().any(|(difference, one, other)| {
        let Some(difference) = estimate(difference) else {
            return false;
        };
        let (one, other) = (estimate(one), estimate(other));
        one.zip(other)
            .is_none_or(|(one, other)| (one - other - difference).abs() > 1e-9)
    })
}
