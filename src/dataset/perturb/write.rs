//! A perturbed dataset as files: the cases with their sets, and the card.

use super::{Expectation, Pair, Perturbed, told};
use crate::attribute::word;
use crate::case::{Cases, Gold, LABEL_SOURCES, Names};
use crate::dataset::card::MODALITIES;
use crate::dataset::card_file::{AttributeTable, CardFile, TaskTable, columns};
use crate::dataset::generate::csv_text;
use crate::dataset::read::Dataset;
use crate::task::scheme::SCHEME_KINDS;
use crate::task::{LabelSet, POLARITIES, Scheme, built_in};

/// What the versions of a text are called.
const VERSIONS: [&str; 2] = ["original", "perturbed"];

/// The column of weights, where the cases have any.
const WEIGHT: &str = "weight";

/// Columns that are always there.
const COLUMNS: [&str; 10] = [
    "id",
    "text",
    "source",
    "set",
    "capability",
    "expectation",
    "partner",
    "task",
    "label",
    "margin",
];

/// The cases as CSV.
///
/// Pairs of which the same answer is expected are counterfactual sets. Pairs of which a direction is expected have no
/// set, so that an answer that rightly turns does not count against a model. Every changed text is a functional test
/// beside its partner, the original. All versions of a text have the weight of its case: they stand for as much of the
/// population.
pub fn to_csv(dataset: &Dataset, perturbed: &Perturbed) -> String {
    let gold = &dataset.cases.gold;
    let header: Vec<&str> = COLUMNS
        .into_iter()
        .chain(gold.iter().map(|gold| gold.scheme.task.as_str()))
        .chain(perturbed.kinds.iter().map(|kind| kind.name()))
        .chain(dataset.cases.weights.is_some().then_some(WEIGHT))
        .collect();
    let rows = perturbed
        .pairs
        .iter()
        .flat_map(|pair| pair_rows(dataset, perturbed, pair));
    csv_text(&header, rows)
}

/// The original and, where the change applied, the changed text.
fn pair_rows(dataset: &Dataset, perturbed: &Perturbed, pair: &Pair) -> Vec<Vec<String>> {
    let cases = &dataset.cases;
    let expectation = pair.kind.expectation();
    let pair_name = format!("{}:{}", pair.kind.name(), cases.ids[pair.case]);
    let original = format!("{pair_name}:{}", VERSIONS[0]);
    let set = if expectation == Expectation::Invariance {
        pair_name.as_str()
    } else {
        ""
    };
    let source = source(cases, pair.case);
    let texts = [
        cases.texts.as_ref().map(|texts| &texts[pair.case]),
        pair.changed.as_ref().ok(),
    ];
    let mut rows = Vec::new();
    for (text, version) in texts.into_iter().zip(VERSIONS) {
        let Some(text) = text else {
            continue;
        };
        let changed = version == VERSIONS[1];
        let mut row: Vec<String> = vec![
            format!("{pair_name}:{version}"),
            text.clone(),
            source.to_owned(),
            set.to_owned(),
        ];
        let told = match expectation {
            Expectation::Invariance => None,
            Expectation::Falls | Expectation::Rises => told(dataset, pair.case),
        };
        row.extend(if changed {
            [
                pair.kind.name().to_owned(),
                expectation.name().to_owned(),
                original.clone(),
                told.map_or_else(String::new, |(gold, ..)| {
                    gold.scheme.task.as_str().to_owned()
                }),
                told.map_or_else(String::new, |(gold, label, _)| {
                    gold.scheme.labels[label].name.clone()
                }),
                // No rise, or no fall, is enough.
                told.map_or_else(String::new, |_| "0".to_owned()),
            ]
        } else {
            Default::default()
        });
        // A denied sentence no longer has the label of the original.
        let keeps = !changed || expectation != Expectation::Falls;
        row.extend(cases.gold.iter().map(|gold| match gold.labels[pair.case] {
            Some(labels) if keeps => label_names(gold, labels),
            _ => String::new(),
        }));
        row.extend(
            perturbed
                .kinds
                .iter()
                .map(|kind| if *kind == pair.kind { version } else { "" }.to_owned()),
        );
        // Only ratios matter, and whole parts are read back as they are.
        let weights = cases.weights.iter();
        row.extend(weights.map(|weights| weights.parts()[pair.case].to_string()));
        rows.push(row);
    }
    rows
}

/// What versions of a text share: the cluster of the text, else its counterfactual set, else its id.
fn source(cases: &Cases, case: usize) -> &str {
    fn named(names: &Option<Names>, case: usize) -> Option<&str> {
        let names = names.as_ref()?;
        let code = names.codes()[case]?;
        Some(&names.names()[code as usize])
    }
    // Should an id be the name of a cluster too, the two count as one, which only widens intervals.
    named(&cases.clusters, case)
        .or_else(|| named(&cases.sets, case))
        .unwrap_or(&cases.ids[case])
}

fn label_names(gold: &Gold, labels: LabelSet) -> String {
    let names: Vec<&str> = labels
        .iter()
        .map(|label| gold.scheme.labels[label].name.as_str())
        .collect();
    names.join("|")
}

/// The card: that of the original, with an attribute for each kind that says which version a case is.
pub fn write_card(dataset: &Dataset, perturbed: &Perturbed, name: &str) -> String {
    let card = &dataset.card;
    let kinds: Vec<&str> = perturbed.kinds.iter().map(|kind| kind.name()).collect();
    let mut limits = card.limits.clone();
    limits.push(format!(
        "Made from {} by rules (seed {}). A rule may leave a text that nobody would write, or change what it says; read a \
         sample of each kind before use.",
        card.name, perturbed.seed
    ));
    limits.push(
        "A set holds a text and its changed version, or the text alone where the change does not apply: it was not \
         tested then, and not tested is not passed."
            .to_owned(),
    );
    if perturbed
        .kinds
        .iter()
        .any(|kind| kind.expectation() != Expectation::Invariance)
    {
        limits.push(
            "Of intensifier and negation a direction is expected: the score of the label does not fall, or does not rise. \
             These pairs are in no counterfactual set, so flip rates and shifts leave them out."
                .to_owned(),
        );
    }
    let mut named = vec![
        ("id", "id"),
        ("text", "text"),
        ("cluster", "source"),
        ("set", "set"),
    ];
    if dataset.cases.weights.is_some() {
        named.push(("weight", WEIGHT));
    }
    CardFile {
        name: name.to_owned(),
        title: format!("{}, perturbed", card.title),
        description: format!(
            "Texts of {} beside versions of them that were changed by rule: {}.",
            card.name,
            kinds.join(", ")
        ),
        version: card.version.clone(),
        licence: card.licence.clone(),
        citation: card.citation.clone(),
        language: card.language.clone(),
        modality: word(&MODALITIES, &card.modality).to_owned(),
        cases: "cases.csv".to_owned(),
        limits,
        columns: columns(&named),
        tasks: dataset
            .cases
            .gold
            .iter()
            .map(|gold| (gold.scheme.task.as_str().to_owned(), task_table(gold)))
            .collect(),
        attributes: perturbed
            .kinds
            .iter()
            .map(|kind| {
                let table = AttributeTable {
                    about: "context".to_owned(),
                    kind: "context".to_owned(),
                    title: kind.title().to_owned(),
                    column: kind.name().to_owned(),
                    blank: "by-design".to_owned(),
                };
                (kind.name().to_owned(), table)
            })
            .collect(),
        behaviour: columns(&[("capability", "capability"), ("expectation", "expectation")]),
        privacy: [("examples".to_owned(), card.examples)].into(),
        coverage: (&perturbed.coverage).into(),
    }
    .to_toml()
    .unwrap_or_default()
}

fn task_table(gold: &Gold) -> TaskTable {
    let scheme = &gold.scheme;
    let table = TaskTable {
        scheme: scheme.name.clone(),
        separator: "|".to_owned(),
        column: scheme.task.as_str().to_owned(),
        source: word(&LABEL_SOURCES, &gold.source).to_owned(),
        ..TaskTable::default()
    };
    if built_in(&scheme.name).is_some_and(|known| known == *scheme) {
        return table;
    }
    own_scheme(scheme, table)
}

/// A scheme that is not built in is written out.
fn own_scheme(scheme: &Scheme, table: TaskTable) -> TaskTable {
    let neutral = scheme
        .neutral
        .map(|place| scheme.labels[place].name.clone());
    TaskTable {
        labels: scheme
            .labels
            .iter()
            .map(|label| label.name.clone())
            .collect(),
        kind: word(&SCHEME_KINDS, &scheme.kind).to_owned(),
        neutral: neutral.unwrap_or_default(),
        polarity: scheme
            .labels
            .iter()
            .filter_map(|label| {
                let polarity = label.polarity.as_ref()?;
                Some((label.name.clone(), word(&POLARITIES, polarity).to_owned()))
            })
            .collect(),
        ..table
    }
}
