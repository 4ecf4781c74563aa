//! What lies in a bundle: whether record, policy, cards and reports belong together. The reports are rendered anew, by
//! the code that made them; judging anew is left to `judged`.

use super::judged::judged_anew;
use super::{DATASETS, Fault, File, MODELS, RECORD, REPORTS, find, inside_of, policy_name};
use crate::attribute::word;
use crate::dataset::card::Card;
use crate::diagnostic::{Place, Problem, Problems, quote};
use crate::digest::sha256;
use crate::policy::Policy;
use crate::policy::lock::{Locks, SUFFIX};
use crate::policy::scope::{SCOPE_OUTCOMES, decide};
use crate::record::{self, Record, build, restore, v1};

/// Renders a record as the report whose first file has this name, with all its files as a bundle holds them; `None`
/// where there is no such report.
pub type Render<'a> = &'a dyn Fn(&Record, &str) -> Option<Result<Vec<File>, Problems>>;

/// What lies in a bundle whose content holds together.
#[derive(Debug)]
pub struct Content {
    /// The record.
    pub record: Record,
    /// The names of the reports that were rendered anew.
    pub reports: Vec<String>,
}

/// What lies in the bundle, without the envelope: that record, policy, cards and reports belong together.
///
/// # Errors
/// The first thing that differs, or what cannot be read.
pub fn content(name: &str, files: &[File], render: Render<'_>) -> Result<Content, Fault> {
    let record = record(name, files)?;
    let policy = policy(name, files, &record)?;
    cards(name, files, &record)?;
    judged_anew(name, &record, &policy)?;
    let reports = rendered_anew(name, files, &record, render)?;
    let lock = format!("{}{SUFFIX}", policy_name(&record.policy.file));
    let expected = |path: &str| {
        path == RECORD
            || path == policy_name(&record.policy.file)
            || (path == lock && record.policy.locked.is_some())
            // Each of them was rendered again.
            || path.starts_with(REPORTS)
            || card_paths(&record).any(|card| card == path)
    };
    match files.iter().find(|file| !expected(&file.path)) {
        Some(file) => Err(Problem::new(
            "bundle/file",
            inside_of(name, &file.path),
            "no part of a bundle has this name",
        )
        .help("the bundle was put together by something else than affect-audit bundle, or by a newer version")
        .into()),
        None => Ok(Content { record, reports }),
    }
}

/// The names of the cards in the archive. Names of datasets are safe as names of files; those of models are not.
fn card_paths(record: &Record) -> impl Iterator<Item = String> {
    let datasets = record.datasets.iter();
    let datasets = datasets.map(|dataset| dataset_path(&dataset.name));
    datasets.chain((0..record.models.len()).map(model_path))
}

/// Where the card of a dataset lies.
pub fn dataset_path(name: &str) -> String {
    format!("{DATASETS}{name}.toml")
}

/// Where the card of a model lies, by its place in the record.
pub fn model_path(place: usize) -> String {
    format!("{MODELS}{}.json", place + 1)
}

/// The card of a model: what the record says of it.
pub fn model_card(model: &v1::Model) -> Vec<u8> {
    let mut text = serde_json::to_string_pretty(model)
        .unwrap_or_else(|_| unreachable!("a card holds only strings and lists"));
    text.push('\n');
    text.into_bytes()
}

fn text<'a>(name: &str, files: &'a [File], path: &str) -> Result<&'a str, Fault> {
    let place = inside_of(name, path);
    let Some(file) = find(files, path) else {
        return Err(
            Problem::new("bundle/file", place, "the file is not in the bundle")
                .help("bundle the audit again")
                .into(),
        );
    };
    std::str::from_utf8(&file.bytes).map_err(|_| {
        Fault::Unreadable(Problem::new("bundle/not-utf8", place, "the file is not UTF-8").into())
    })
}

fn record(name: &str, files: &[File]) -> Result<Record, Fault> {
    let place = format!("{name}/{RECORD}");
    record::parse(&place, text(name, files, RECORD)?).map_err(|problems| {
        let was_edited = problems
            .iter()
            .any(|problem| problem.code == record::EDITED);
        if was_edited {
            Fault::first(problems)
        } else {
            Fault::Unreadable(problems)
        }
    })
}

/// Something that comes out otherwise: perhaps for no other reason than that another version computes it.
pub(super) fn otherwise(
    record: &Record,
    code: &'static str,
    place: Place,
    message: impl Into<String>,
) -> Fault {
    let ours = env!("CARGO_PKG_VERSION");
    let help = if record.tool.version == ours {
        "whoever made the bundle changed one of the two; audit again".to_owned()
    } else {
        format!(
            "the audit was made by version {}, and this is {ours}: check with that version before you conclude anything",
            record.tool.version
        )
    };
    Problem::new(code, place, message).help(help).into()
}

fn policy(name: &str, files: &[File], record: &Record) -> Result<Policy, Fault> {
    let path = policy_name(&record.policy.file);
    let place = || inside_of(name, path);
    let text_of_it = text(name, files, path)?;
    let digest = sha256([text_of_it.as_bytes()]);
    if digest != record.policy.digest {
        return Err(Problem::new(
            "bundle/policy",
            place(),
            format!(
                "this is not the policy of the audit (digest {digest:.8} instead of {:.8})",
                record.policy.digest
            ),
        )
        .help("a policy that was changed after the run proves nothing; enclose the one of the audit, or audit again")
        .into());
    }
    let mut policy =
        Policy::parse(&format!("{name}/{path}"), text_of_it).map_err(Fault::Unreadable)?;
    if record.policy.locked.is_some() {
        let path = format!("{path}{SUFFIX}");
        let file = format!("{name}/{path}");
        let locks = Locks::parse(&file, text(name, files, &path)?).map_err(Fault::Unreadable)?;
        policy.locked = Some(locks.check(&file, &policy).map_err(Fault::first)?);
    }
    policy.file.clone_from(&record.policy.file);
    if build::policy(&policy) != record.policy {
        let message = "the record does not say of the policy what the policy says";
        return Err(otherwise(record, "bundle/policy", place(), message));
    }
    let outcome = decide(&policy.scopes, &restore::scope(record)).outcome;
    if word(&SCOPE_OUTCOMES, &outcome) != record.scope.outcome {
        let message = format!(
            "the policy makes {} of the declared use, and the record says {}",
            word(&SCOPE_OUTCOMES, &outcome),
            quote(&record.scope.outcome)
        );
        return Err(otherwise(record, "bundle/scope", place(), message));
    }
    Ok(policy)
}

fn cards(name: &str, files: &[File], record: &Record) -> Result<(), Fault> {
    for dataset in &record.datasets {
        let path = dataset_path(&dataset.name);
        let card = Card::parse(&format!("{name}/{path}"), text(name, files, &path)?)
            .map_err(Fault::Unreadable)?;
        let same = (&card.name, &card.title, &card.version, &card.licence)
            == (
                &dataset.name,
                &dataset.title,
                &dataset.version,
                &dataset.licence,
            )
            && (
                &card.description,
                &card.citation,
                &card.language,
                &card.limits,
            ) == (
                &dataset.description,
                &dataset.citation,
                &dataset.language,
                &dataset.limits,
            );
        if !same {
            let message = "the card does not say what the record says of the dataset";
            return Err(otherwise(
                record,
                "bundle/card",
                inside_of(name, &path),
                message,
            ));
        }
    }
    for (place, model) in record.models.iter().enumerate() {
        let path = model_path(place);
        let card = text(name, files, &path)?;
        if serde_json::from_str::<v1::Model>(card).ok().as_ref() != Some(model) {
            let message = "the card does not say what the record says of the model";
            return Err(otherwise(
                record,
                "bundle/card",
                inside_of(name, &path),
                message,
            ));
        }
    }
    Ok(())
}

/// The reports, rendered as `report` does. A report may have more files than the first, in a folder beside it.
fn rendered_anew(
    name: &str,
    files: &[File],
    record: &Record,
    render: Render<'_>,
) -> Result<Vec<String>, Fault> {
    let mut reports = Vec::new();
    let mut rendered: Vec<File> = Vec::new();
    let differs = |path: &str, message: &str| {
        otherwise(record, "bundle/report", inside_of(name, path), message)
    };
    let enclosed = || files.iter().filter(|file| file.path.starts_with(REPORTS));
    for file in enclosed() {
        let report = file.path.strip_prefix(REPORTS).unwrap_or_default();
        if report.contains('/') {
            continue;
        }
        match render(record, report) {
            Some(more) => rendered.extend(more.map_err(Fault::Unreadable)?),
            None => return Err(differs(&file.path, "no report has this name")),
        }
        reports.push(report.to_owned());
    }
    for file in enclosed() {
        match find(&rendered, &file.path) {
            None => return Err(differs(&file.path, "no report has this name")),
            Some(again) if again.bytes != file.bytes => {
                let message = "the record renders to another report than this";
                return Err(differs(&file.path, message));
            }
            Some(_) => {}
        }
    }
    let missing = rendered
        .iter()
        .find(|file| find(files, &file.path).is_none());
    match missing {
        Some(file) => Err(differs(&file.path, "this page of the report is lacking")),
        None => Ok(reports),
    }
}
