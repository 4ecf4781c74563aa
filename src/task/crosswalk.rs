//! Carrying labels of one scheme over to another: by a published crosswalk where there is one, else by name.

use std::cell::RefCell;
use std::sync::{Arc, LazyLock};

use super::scheme::{Scheme, built_in, built_in_text};
use super::{LabelSet, Polarity};
use crate::diagnostic::Problems;
use crate::document::{self, Fields};

/// A crosswalk that is built in.
struct Crosswalk {
    from: String,
    to: String,
    source: String,
    pairs: Vec<(String, String)>,
}

static CROSSWALKS: LazyLock<Vec<Crosswalk>> = LazyLock::new(|| {
    let Ok(table) = document::parse("schemes.toml", built_in_text()) else {
        return Vec::new();
    };
    let problems = RefCell::new(Problems::new());
    let fields = Fields::new(&table, &problems);
    fields
        .tables("crosswalks")
        .iter()
        .map(|crosswalk| Crosswalk {
            from: crosswalk.required_text("from"),
            to: crosswalk.required_text("to"),
            source: crosswalk.required_text("source"),
            pairs: crosswalk
                .table("map")
                .map(|map| map.named_texts())
                .unwrap_or_default()
                .into_iter()
                .map(|(from, to, _)| (from, to))
                .collect(),
        })
        .collect()
});

/// The common ground on which the answers of a model meet the labels of a dataset.
#[derive(Clone, Debug)]
pub struct Bridge {
    /// The scheme in which both are compared.
    pub scheme: Arc<Scheme>,
    /// For each label of the model its place in `scheme`; `None` where the dataset has no such label.
    pub from_model: Vec<Option<usize>>,
    /// For each label of the dataset its place in `scheme`; `None` where the model has no such label.
    pub from_gold: Vec<Option<usize>>,
    /// Where the mapping comes from, for the report; `None` where both use the same labels.
    pub source: Option<String>,
}

impl Bridge {
    /// The dataset's labels that the model cannot answer with.
    pub fn gold_left_out<'a>(&self, gold: &'a Scheme) -> Vec<&'a str> {
        left_out(gold, &self.from_gold)
    }

    /// Whether several labels of the dataset became one.
    pub fn merges(&self) -> bool {
        let mut images: Vec<usize> = self.from_gold.iter().flatten().copied().collect();
        images.sort_unstable();
        images.windows(2).any(|pair| pair[0] == pair[1])
    }

    /// The model's labels that the dataset does not have.
    pub fn model_left_out<'a>(&self, model: &'a Scheme) -> Vec<&'a str> {
        left_out(model, &self.from_model)
    }
}

fn left_out<'a>(scheme: &'a Scheme, map: &[Option<usize>]) -> Vec<&'a str> {
    scheme
        .labels
        .iter()
        .zip(map)
        .filter(|(_, image)| image.is_none())
        .map(|(label, _)| label.name.as_str())
        .collect()
}

/// Finds the common ground of a model's scheme and a dataset's; `None` where fewer than two labels are shared.
///
/// Tried in this order: the same labels; a crosswalk from the dataset's scheme to the model's; one from the
/// model's to the dataset's; labels of the same name.
pub fn bridge(model: &Arc<Scheme>, gold: &Arc<Scheme>) -> Option<Bridge> {
    if model.task != gold.task {
        return None;
    }
    let identity = |scheme: &Scheme| (0..scheme.labels.len()).map(Some).collect::<Vec<_>>();
    let by_name = |from: &Scheme, to: &Scheme| {
        from.labels
            .iter()
            .map(|label| to.index(&label.name))
            .collect::<Vec<_>>()
    };
    let same_labels =
        model.labels.len() == gold.labels.len() && by_name(model, gold).iter().all(Option::is_some);
    if same_labels {
        return Some(Bridge {
            scheme: gold.clone(),
            from_model: by_name(model, gold),
            from_gold: identity(gold),
            source: None,
        });
    }
    if let Some((map, source)) = crosswalk(gold, model) {
        return Some(Bridge {
            scheme: model.clone(),
            from_model: identity(model),
            from_gold: map,
            source: Some(source),
        });
    }
    if let Some((map, source)) = crosswalk(model, gold) {
        return Some(Bridge {
            scheme: gold.clone(),
            from_model: map,
            from_gold: identity(gold),
            source: Some(source),
        });
    }
    let shared: Vec<usize> = (0..gold.labels.len())
        .filter(|index| model.index(&gold.labels[*index].name).is_some())
        .collect();
    if shared.len() < 2 {
        return None;
    }
    let scheme = Arc::new(Scheme {
        name: format!("{} shared with {}", gold.name, model.name),
        title: format!("Labels that {} and {} share", gold.title, model.title),
        labels: shared
            .iter()
            .map(|index| gold.labels[*index].clone())
            .collect(),
        neutral: gold
            .neutral
            .and_then(|neutral| shared.iter().position(|index| *index == neutral)),
        ..(**gold).clone()
    });
    Some(Bridge {
        from_model: by_name(model, &scheme),
        from_gold: by_name(gold, &scheme),
        scheme,
        source: Some("labels of the same name".to_owned()),
    })
}

fn crosswalk(from: &Scheme, to: &Scheme) -> Option<(Vec<Option<usize>>, String)> {
    let found = CROSSWALKS
        .iter()
        .find(|crosswalk| crosswalk.from == from.name && crosswalk.to == to.name)?;
    let map = from
        .labels
        .iter()
        .map(|label| {
            let (_, image) = found.pairs.iter().find(|(name, _)| *name == label.name)?;
            to.index(image)
        })
        .collect();
    Some((map, found.source.clone()))
}

/// The labels of a set carried over. The second value says whether some label had no counterpart.
pub fn carry(set: LabelSet, map: &[Option<usize>]) -> (LabelSet, bool) {
    let mut image = LabelSet::EMPTY;
    let mut lost = false;
    for index in set.iter() {
        match map.get(index).copied().flatten() {
            Some(place) => image.insert(place),
            None => lost = true,
        }
    }
    (image, lost)
}

/// The three-way polarity scheme, in which collapsed emotions are compared with sentiment.
pub fn polarity_scheme() -> Arc<Scheme> {
    built_in("three-way").unwrap_or_else(|| unreachable!("the three-way scheme is built in"))
}

/// For each label of a scheme its place in the polarity scheme; `None` where the label is ambiguous.
pub fn polarity_map(scheme: &Scheme) -> Vec<Option<usize>> {
    scheme
        .labels
        .iter()
        .map(|label| label.polarity.map(Polarity::index))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scheme(name: &str) -> Arc<Scheme> {
        built_in(name).expect("a built-in scheme")
    }

    #[test]
    fn the_same_labels_need_no_crosswalk() {
        let bridge = bridge(&scheme("ekman"), &scheme("meld")).expect("a bridge");
        assert_eq!(bridge.source, None);
        assert!(bridge.from_gold.iter().all(Option::is_some));
    }

    #[test]
    fn fine_labels_meet_coarse_ones_on_the_coarse_side() {
        let fine_gold = bridge(&scheme("ekman"), &scheme("goemotions")).expect("a bridge");
        assert_eq!(fine_gold.scheme.name, "ekman");
        let fine_model = bridge(&scheme("goemotions"), &scheme("ekman")).expect("a bridge");
        assert_eq!(fine_model.scheme.name, "ekman");
        let remorse = scheme("goemotions").index("remorse").expect("a label");
        assert_eq!(
            fine_model.from_model[remorse],
            scheme("ekman").index("sadness")
        );
    }

    #[test]
    fn labels_without_a_counterpart_are_named() {
        let bridge = bridge(&scheme("ekman"), &scheme("isear")).expect("a bridge");
        assert_eq!(bridge.gold_left_out(&scheme("isear")), ["shame", "guilt"]);
        assert_eq!(
            bridge.model_left_out(&scheme("ekman")),
            ["neutral", "surprise"]
        );
        assert_eq!(bridge.scheme.labels.len(), 5);
    }

    #[test]
    fn tasks_never_meet() {
        assert!(bridge(&scheme("ekman"), &scheme("three-way")).is_none());
    }

    #[test]
    fn every_crosswalk_names_labels_that_exist() {
        for crosswalk in CROSSWALKS.iter() {
            let from = scheme(&crosswalk.from);
            let to = scheme(&crosswalk.to);
            for (label, image) in &crosswalk.pairs {
                assert!(from.index(label).is_some(), "{label} in {}", from.name);
                assert!(to.index(image).is_some(), "{image} in {}", to.name);
            }
        }
        assert_eq!(CROSSWALKS.len(), 2);
    }
}
