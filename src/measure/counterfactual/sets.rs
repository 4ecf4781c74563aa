//! Counterfactual sets as they are compared: like with like. Where sets swap several attributes, the sentences of a set
//! fall into strata that are alike in all attributes but the one that is measured.

use std::collections::{BTreeMap, BTreeSet};

use crate::case::{Cases, Names};
use crate::diagnostic::quote;
use crate::prediction::Predictions;

/// Cases that are alike in all but the attribute that is measured, by group of it.
type Stratum = BTreeMap<u32, Vec<usize>>;

/// The sets that hold a group of an attribute.
#[derive(Default)]
pub(super) struct Sets {
    /// The sets, in the order of their codes.
    pub(super) all: Vec<Set>,
    /// The other attributes that vary within sets, by name.
    others: Vec<String>,
}

/// The cases of one counterfactual set that have a group.
pub(super) struct Set {
    pub(super) cluster: Option<u32>,
    pub(super) wording: Option<u32>,
    strata: Vec<Stratum>,
}

impl Sets {
    /// Collects the sets. `own` are the places of the attributes that the groups come from; a case that has no group of
    /// another attribute is like other cases that have none.
    pub(super) fn collect(cases: &Cases, groups: &Names, own: &[usize]) -> Sets {
        let Some(sets) = &cases.sets else {
            return Sets::default();
        };
        let mut by_set: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        for case in 0..cases.len() {
            if let (Some(set), Some(_)) = (sets.codes()[case], groups.codes()[case]) {
                by_set.entry(set).or_default().push(case);
            }
        }
        let varies = |names: &Names| {
            let codes = names.codes();
            let differ = |pair: &[usize]| codes[pair[0]] != codes[pair[1]];
            by_set
                .values()
                .any(|members| members.windows(2).any(differ))
        };
        let attributes = cases.attributes.iter().enumerate();
        let (others, by): (Vec<String>, Vec<&Names>) = attributes
            .filter(|(place, (_, names))| !own.contains(place) && varies(names))
            .map(|(_, (attribute, names))| (attribute.name.clone(), names))
            .unzip();
        let sets = by_set.into_values();
        Sets {
            all: sets
                .map(|members| Set::new(cases, groups, &by, &members))
                .collect(),
            others,
        }
    }

    /// What the sentences that are compared have in common, to follow what is missing of them; empty where sets vary in
    /// nothing else.
    pub(super) fn alike(&self) -> String {
        let names: Vec<String> = self.others.iter().map(|name| quote(name)).collect();
        match &names[..] {
            [] => String::new(),
            [one] => format!(" in sentences alike in {one}"),
            [first @ .., last] => {
                format!(" in sentences alike in {} and {last}", first.join(", "))
            }
        }
    }
}

impl Set {
    fn new(cases: &Cases, groups: &Names, others: &[&Names], members: &[usize]) -> Set {
        let code = |names: &Option<Names>, case: usize| names.as_ref()?.codes()[case];
        let clusters = members.iter().map(|case| code(&cases.clusters, *case));
        let mut strata: BTreeMap<Vec<Option<u32>>, Stratum> = BTreeMap::new();
        for case in members {
            let like = others.iter().map(|names| names.codes()[*case]).collect();
            if let Some(group) = groups.codes()[*case] {
                let stratum = strata.entry(like).or_default();
                stratum.entry(group).or_default().push(*case);
            }
        }
        Set {
            // Where members name several clusters the first of the names counts, whatever the order of the rows.
            cluster: clusters.flatten().min(),
            wording: members
                .first()
                .and_then(|case| code(&cases.wordings, *case)),
            strata: strata.into_values().collect(),
        }
    }

    /// The groups that it holds, whether or not they can be compared.
    pub(super) fn groups(&self) -> BTreeSet<u32> {
        self.strata
            .iter()
            .flat_map(Stratum::keys)
            .copied()
            .collect()
    }

    /// The cases that have a group.
    pub(super) fn cases(&self) -> impl Iterator<Item = usize> {
        let groups = self.strata.iter().flat_map(Stratum::values);
        groups.flatten().copied()
    }

    /// The strata that hold something to compare.
    fn compared(&self) -> impl Iterator<Item = &Stratum> {
        self.strata.iter().filter(|stratum| stratum.len() > 1)
    }

    /// The groups that can be compared with another, stratum by stratum.
    pub(super) fn together(&self) -> impl Iterator<Item = BTreeSet<u32>> {
        self.compared()
            .map(|stratum| stratum.keys().copied().collect())
    }

    /// Whether an answer turns with the group alone; none where nothing can be compared, or where an answer to what
    /// can is missing: fewer answers have fewer chances to turn. A group with several cases counts once, with all its
    /// answers.
    pub(super) fn flips(&self, predictions: &Predictions) -> Option<bool> {
        let mut compared = self.compared().peekable();
        compared.peek()?;
        let labels = |case: &usize| predictions.answers[*case].labels().map(|labels| labels.0);
        let mut flips = false;
        for stratum in compared {
            let answers: Vec<BTreeSet<u64>> = stratum
                .values()
                .map(|cases| cases.iter().map(labels).collect())
                .collect::<Option<_>>()?;
            flips |= answers.windows(2).any(|pair| pair[0] != pair[1]);
        }
        Some(flips)
    }

    /// The score of one group minus the mean of the other groups.
    pub(super) fn shift(&self, group: u32, score: impl Fn(usize) -> Option<f64>) -> Option<f64> {
        self.pooled(|stratum| {
            let own = mean(stratum.get(&group)?, &score)?;
            let others: Vec<Mean> = stratum
                .iter()
                .filter(|(other, _)| **other != group)
                .filter_map(|(_, cases)| mean(cases, &score))
                .collect();
            let values = others.iter().map(|other| other.value);
            (!others.is_empty()).then(|| {
                let others = Mean {
                    value: values.sum::<f64>() / others.len() as f64,
                    cases: others.iter().map(|other| other.cases).sum(),
                };
                (own, others)
            })
        })
    }

    /// The score of one group minus that of another.
    pub(super) fn difference(
        &self,
        (group, other): (u32, u32),
        score: impl Fn(usize) -> Option<f64>,
    ) -> Option<f64> {
        self.pooled(|stratum| {
            let own = mean(stratum.get(&group)?, &score)?;
            Some((own, mean(stratum.get(&other)?, &score)?))
        })
    }

    /// The mean difference between two sides of each stratum. A stratum of n sentences on one side and m on the other
    /// weighs n m / (n + m) (Cochran 1954): what it tells grows with both, and where all strata are alike in how many
    /// sentences of each group they hold, the mean is the difference between all sentences of the two sides.
    fn pooled(&self, sides: impl Fn(&Stratum) -> Option<(Mean, Mean)>) -> Option<f64> {
        let differences: Vec<(f64, f64)> = self
            .compared()
            .filter_map(|stratum| {
                let (own, other) = sides(stratum)?;
                let weight = own.cases * other.cases / (own.cases + other.cases);
                Some((weight, own.value - other.value))
            })
            .collect();
        let weights: f64 = differences.iter().map(|(weight, _)| weight).sum();
        let shares = differences
            .iter()
            .map(|(weight, difference)| weight / weights * difference);
        (!differences.is_empty()).then(|| shares.sum())
    }
}

/// The mean score of cases, and how many they are.
struct Mean {
    value: f64,
    cases: f64,
}

/// None where one of the cases has no score.
fn mean(cases: &[usize], score: impl Fn(usize) -> Option<f64>) -> Option<Mean> {
    let scores = cases.iter().map(|case| score(*case));
    let sum = scores.sum::<Option<f64>>()?;
    let cases = cases.len() as f64;
    Some(Mean {
        value: sum / cases,
        cases,
    })
}
