//! What a record says of the declared use, the policy, the models and the data.

use std::collections::BTreeMap;
use std::path::Path;

use crate::attribute::{ABOUTS, ATTRIBUTE_KINDS, Attribute, BLANKS, word};
use crate::case::intensity::{Dimension, Intensity};
use crate::case::{Cases, LABEL_SOURCES, Names};
use crate::dataset::Dataset;
use crate::dataset::card::MODALITIES;
use crate::diagnostic::counted;
use crate::finding::asks_words;
use crate::measure::Rules;
use crate::measure::disparity::overlap::Overlap;
use crate::model::ModelCard;
use crate::policy::scope::{CONTEXTS, SCOPE_OUTCOMES, TARGETS, UNITS};
use crate::policy::{Policy, SEVERITIES, Scope, ScopeDecision};
use crate::record::v1;
use crate::task::Label;

pub(super) fn scope(scope: &Scope, decision: &ScopeDecision) -> v1::Scope {
    v1::Scope {
        modality: scope
            .modalities
            .iter()
            .map(|modality| word(&MODALITIES, modality).to_owned())
            .collect(),
        target: scope
            .targets
            .iter()
            .map(|target| word(&TARGETS, target).to_owned())
            .collect(),
        context: word(&CONTEXTS, &scope.context).to_owned(),
        unit: word(&UNITS, &scope.unit).to_owned(),
        outcome: word(&SCOPE_OUTCOMES, &decision.outcome).to_owned(),
        rules: decision
            .rules
            .iter()
            .map(|rule| v1::ScopeRule {
                id: rule.id.clone(),
                reference: rule.reference.clone(),
                sentence: rule.sentence.clone(),
            })
            .collect(),
    }
}

/// The policy as a record keeps it.
pub(super) fn policy(policy: &Policy) -> v1::Policy {
    let reliability = &policy.reliability;
    v1::Policy {
        name: policy.name.clone(),
        version: policy.version.clone(),
        file: file_name(&policy.file),
        digest: policy.digest.clone(),
        locked: policy.locked.as_ref().map(|locked| v1::Lock {
            date: locked.date.clone(),
            earlier: locked.earlier,
        }),
        reliability: BTreeMap::from([
            ("reliable".to_owned(), reliability.reliable),
            ("limited".to_owned(), reliability.limited),
            ("min_n".to_owned(), reliability.min_n as f64),
            ("ceiling".to_owned(), reliability.ceiling),
            ("calibration".to_owned(), reliability.calibration),
            ("flip_rate".to_owned(), reliability.flip_rate),
            ("difference".to_owned(), reliability.difference),
        ]),
        gates: policy
            .gates
            .iter()
            .map(|gate| v1::Gate {
                id: gate.id.clone(),
                title: gate.title.clone(),
                asks: asks_words(gate),
                severity: word(&SEVERITIES, &gate.severity).to_owned(),
                reference: gate.reference.clone(),
                line: gate.line,
            })
            .collect(),
        clauses: policy
            .clauses
            .iter()
            .map(|clause| v1::Clause {
                id: clause.id.clone(),
                title: clause.title.clone(),
                applies_from: clause.applies_from.clone(),
                note: clause.note.clone(),
                evidence: clause.evidence.clone(),
            })
            .collect(),
    }
}

/// The name of a file without its folders.
fn file_name(path: &str) -> String {
    Path::new(path).file_name().map_or_else(
        || path.to_owned(),
        |name| name.to_string_lossy().into_owned(),
    )
}

pub(super) fn model(card: &ModelCard) -> v1::Model {
    v1::Model {
        name: card.name.clone(),
        // Where a file lies is no part of the result, and names people's folders.
        spec: match (card.kind, card.spec.split_once(':')) {
            ("predictions", _) => file_name(&card.spec),
            ("transformer", Some((engine, path)))
                if card.provenance.revision.is_empty() || path.ends_with(".toml") =>
            {
                format!("{engine}:{}", file_name(path))
            }
            _ => card.spec.clone(),
        },
        title: card.title.clone(),
        kind: card.kind.to_owned(),
        description: card.description.clone(),
        licence: card.licence.clone(),
        training_data: card.training_data.clone(),
        limits: card.limits.clone(),
        digest: card.digest.clone(),
        engine: card.provenance.engine.clone(),
        eight_bits: card.provenance.eight_bits,
        revision: card.provenance.revision.clone(),
        base_models: card.provenance.base_models.clone(),
        languages: card.provenance.languages.clone(),
        files: card
            .provenance
            .files
            .iter()
            .map(|file| (file.name.clone(), file.digest.clone()))
            .collect(),
    }
}

fn thousandths(number: f64) -> f64 {
    (number * 1e3).round() / 1e3
}

pub(super) fn dataset(dataset: &Dataset, rules: &Rules) -> v1::Dataset {
    let card = &dataset.card;
    let cases = &dataset.cases;
    let number = |names: &Names| names.names().len() as u64;
    v1::Dataset {
        name: card.name.clone(),
        title: card.title.clone(),
        description: card.description.clone(),
        version: card.version.clone(),
        licence: card.licence.clone(),
        citation: card.citation.clone(),
        language: card.language.clone(),
        modality: word(&MODALITIES, &card.modality).to_owned(),
        limits: card.limits.clone(),
        digest: dataset.digest.clone(),
        cases: cases.len() as u64,
        clusters: cases.clusters.as_ref().map(number),
        sets: cases.sets.as_ref().map(number),
        weights: cases.weights.as_ref().map(|weights| v1::Weights {
            effective: thousandths(weights.effective()),
            ratio: thousandths(weights.ratio()),
        }),
        labels: cases
            .gold
            .iter()
            .map(|gold| v1::Labels {
                task: gold.scheme.task.as_str().to_owned(),
                scheme: gold.scheme.name.clone(),
                source: word(&LABEL_SOURCES, &gold.source).to_owned(),
                words: gold.source.words().to_owned(),
                counts: gold
                    .scheme
                    .labels
                    .iter()
                    .enumerate()
                    .map(|(place, label)| v1::Count {
                        name: label.name.clone(),
                        count: gold
                            .labels
                            .iter()
                            .filter(|labels| labels.is_some_and(|labels| labels.contains(place)))
                            .count() as u64,
                    })
                    .collect(),
                blank: gold.labels.iter().filter(|labels| labels.is_none()).count() as u64,
            })
            .chain(cases.intensity.as_ref().map(|gold| numbers(gold, cases)))
            .collect(),
        attributes: attributes(&cases.attributes, rules),
        rater_attributes: attributes(&cases.rater_attributes, rules),
    }
}

/// Attributes with the sizes of their groups.
fn attributes(attributes: &[(Attribute, Names)], rules: &Rules) -> Vec<v1::Attribute> {
    let overlap = Overlap::new(attributes);
    let hidden = overlap.by_size(attributes, rules.suppress_below, |_| true);
    let attributes = attributes.iter().zip(hidden);
    attributes
        .map(|((attribute, names), hidden)| v1::Attribute {
            name: attribute.name.clone(),
            title: attribute.title.clone(),
            about: word(&ABOUTS, &attribute.about).to_owned(),
            kind: word(&ATTRIBUTE_KINDS, &attribute.kind).to_owned(),
            blank: word(&BLANKS, &attribute.blank).to_owned(),
            groups: group_counts(names, &hidden),
            blanks: names.codes().iter().filter(|code| code.is_none()).count() as u64,
        })
        .collect()
}

/// How many cases have a gold number on each dimension.
fn numbers(gold: &Intensity, cases: &Cases) -> v1::Labels {
    let dimensions = gold.scheme.labels.iter().zip(&gold.dimensions);
    let count = |(label, dimension): (&Label, &Dimension)| v1::Count {
        name: format!(
            "{} ({} to {})",
            label.name, dimension.scale.low, dimension.scale.high
        ),
        count: dimension.values.iter().flatten().count() as u64,
    };
    v1::Labels {
        task: gold.scheme.task.as_str().to_owned(),
        scheme: gold.scheme.name.clone(),
        source: word(&LABEL_SOURCES, &gold.source).to_owned(),
        words: gold.source.words().to_owned(),
        counts: dimensions.map(count).collect(),
        blank: (0..cases.len())
            .filter(|case| !gold.is_known(*case))
            .count() as u64,
    }
}

/// Group sizes; those of groups that are suppressed are counted together.
fn group_counts(names: &Names, hidden: &[bool]) -> Vec<v1::Count> {
    let sizes = names.sizes();
    let mut counts = Vec::new();
    let (mut groups, mut cases) = (0, 0);
    for ((name, count), hidden) in names.names().iter().zip(sizes).zip(hidden) {
        if *hidden {
            groups += 1;
            cases += count;
        } else {
            counts.push(v1::Count {
                name: name.clone(),
                count,
            });
        }
    }
    if groups > 0 {
        counts.push(v1::Count {
            name: format!("({} not shown)", counted(groups, "group")),
            count: cases,
        });
    }
    counts
}
