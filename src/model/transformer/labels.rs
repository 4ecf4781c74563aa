//! What a model's labels mean: to which scheme they belong, and where in it each output stands.

use std::sync::Arc;

use super::config::Config;
use super::entailment::{entails, unasked};
use super::options::{OPTIONS, Options};
use crate::diagnostic::{Place, Problem, Problems, quote_label};
use crate::task::scheme::{Label, SchemeKind};
use crate::task::{Scheme, built_in_schemes};

/// A model's scheme, and for each of its labels the output that scores it.
#[derive(Debug)]
pub struct Meaning {
    /// The scheme.
    pub scheme: Arc<Scheme>,
    /// For each label of the scheme its place among the outputs.
    pub output: Vec<usize>,
}

/// The labels of a model in the order of its outputs, by the names that the options give them.
///
/// # Errors
/// Labels without meaning (LABEL_0), two of one name, names in the options that the model does not have.
pub fn names<'a>(config: &'a Config, options: &'a Options) -> Result<Vec<&'a str>, Problems> {
    let mut problems = Problems::new();
    let place = Place::file(&config.file).key("id2label");
    for (name, _, place) in &options.rename {
        if !config.labels.contains(name) {
            problems.push(
                Problem::new(
                    "model/unknown-label",
                    place.clone().key("labels"),
                    format!("the model has no label {}", quote_label(name)),
                )
                .help(format!("its labels: {}", config.labels.join(", "))),
            );
        }
    }
    let names: Vec<&str> = config
        .labels
        .iter()
        .map(|label| {
            let new = options.rename.iter().find(|(old, ..)| old == label);
            new.map_or(label.as_str(), |(_, new, _)| new)
        })
        .collect();
    if let Some(nameless) = names.iter().find(|name| says_nothing(name)) {
        problems.push(
            Problem::new(
                "model/nameless-labels",
                place.clone(),
                format!("a label named {nameless} says nothing of what it means"),
            )
            .help(format!(
                "look its meaning up where the model comes from, and write it into {OPTIONS} in the folder:\n    [labels]\n    {nameless} = \"negative\""
            )),
        );
    }
    for (output, name) in names.iter().enumerate() {
        if names[..output].iter().any(|other| same(other, name)) {
            problems.push(
                Problem::new(
                    "model/label-twice",
                    place.clone(),
                    format!("two outputs have the label {}", quote_label(name)),
                )
                .help(
                    "letter case does not tell labels apart; give each output a label of its own",
                ),
            );
        }
    }
    problems.or(names)
}

/// Finds the scheme of a model.
///
/// # Errors
/// As for [`names`]; labels that no scheme holds, or those of a model of entailment.
pub fn meaning(config: &Config, options: &Options) -> Result<Meaning, Problems> {
    let names = names(config, options)?;
    let place = Place::file(&config.file).key("id2label");
    if names.iter().any(|name| entails(name)) {
        return Err(unasked(place).into());
    }
    let found = match &options.scheme {
        Some((scheme, _)) => fit(scheme, &names),
        None => built_in_schemes()
            .iter()
            .find_map(|scheme| exact(scheme, &names))
            .or_else(|| {
                built_in_schemes()
                    .iter()
                    .find_map(|scheme| fit(scheme, &names))
            }),
    };
    found
        .map(|meaning| in_kind(meaning, config.several))
        .ok_or_else(|| strangers(options, &names, place))
}

/// Names that training scripts give where nobody named the labels.
fn says_nothing(name: &str) -> bool {
    let bare = name
        .strip_prefix("LABEL_")
        .or_else(|| name.strip_prefix("label_"))
        .unwrap_or(name);
    !bare.is_empty() && bare.chars().all(|c| c.is_ascii_digit())
}

fn same(one: &str, other: &str) -> bool {
    one.trim().to_lowercase() == other.trim().to_lowercase()
}

/// The scheme as it is, where the model has all of its labels and no other.
fn exact(scheme: &Arc<Scheme>, names: &[&str]) -> Option<Meaning> {
    let output: Option<Vec<usize>> = scheme
        .labels
        .iter()
        .map(|label| names.iter().position(|name| same(name, &label.name)))
        .collect();
    output
        .filter(|output| output.len() == names.len())
        .map(|output| Meaning {
            scheme: scheme.clone(),
            output,
        })
}

/// The scheme, or the part of it that the model has labels for.
fn fit(scheme: &Arc<Scheme>, names: &[&str]) -> Option<Meaning> {
    if names.iter().any(|name| scheme.index(name).is_none()) {
        return None;
    }
    if let Some(meaning) = exact(scheme, names) {
        return Some(meaning);
    }
    let mut labels: Vec<Label> = Vec::new();
    let mut output = Vec::new();
    let mut neutral = None;
    for (index, label) in scheme.labels.iter().enumerate() {
        if let Some(place) = names.iter().position(|name| same(name, &label.name)) {
            if scheme.neutral == Some(index) {
                neutral = Some(labels.len());
            }
            labels.push(label.clone());
            output.push(place);
        }
    }
    Some(Meaning {
        scheme: Arc::new(Scheme {
            name: format!("{} labels of {}", labels.len(), scheme.name),
            title: format!("{} labels of: {}", labels.len(), scheme.title),
            task: scheme.task,
            kind: scheme.kind,
            labels,
            neutral,
        }),
        output,
    })
}

/// The same labels, answered one at a time or several at a time as the model does.
pub fn in_kind(meaning: Meaning, several: bool) -> Meaning {
    if meaning.scheme.is_multi_label() == several {
        return meaning;
    }
    let kind = if several {
        SchemeKind::MultiLabel
    } else {
        SchemeKind::Nominal
    };
    Meaning {
        scheme: Arc::new(Scheme {
            kind,
            ..(*meaning.scheme).clone()
        }),
        output: meaning.output,
    }
}

/// No scheme holds all labels: each that is strange to the scheme that knows most of them is a problem.
fn strangers(options: &Options, names: &[&str], place: Place) -> Problems {
    let known = |scheme: &Scheme| {
        names
            .iter()
            .filter(|name| scheme.index(name).is_some())
            .count()
    };
    let declared = options.scheme.as_ref().map(|(scheme, _)| scheme);
    let closest = declared.or_else(|| {
        built_in_schemes()
            .iter()
            .rev()
            .max_by_key(|scheme| known(scheme))
    });
    let mut problems = Problems::new();
    let Some(scheme) = closest else {
        return problems;
    };
    for name in names.iter().filter(|name| scheme.index(name).is_none()) {
        let place = options
            .rename
            .iter()
            .find(|(_, new, _)| new == name)
            .map_or_else(|| place.clone(), |(_, _, place)| place.clone());
        problems.push(
            Problem::new(
                "model/unknown-label",
                place,
                format!("label {} is not in the scheme {}", quote_label(name), scheme.name),
            )
            .help(format!(
                "{}\n    or say in {OPTIONS} in the folder what it is called there, [labels] \"{}\" = ..., or write out a scheme of its own, [scheme] with task, labels and polarity",
                scheme.help(name),
                name.escape_default()
            )),
        );
    }
    problems
}

#[cfg(test)]
#[path = "tests/labels.rs"]
mod tests;
