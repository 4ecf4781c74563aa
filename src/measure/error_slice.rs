//! Where a model fails: kinds of cases with more errors than the rest, found on one half of the cases and shown only if
//! they hold up on the other.

use linfa::Dataset;
use linfa::traits::Fit;
use linfa_trees::{DecisionTree, TreeNode};
use ndarray::Array2;

use super::disparity::suppression::suppressed_with;
use super::slice::Slice;
use super::sum::Sum;
use super::{Rules, unit};
use crate::case::{Cases, Unit};
use crate::stats::bootstrap::cluster_bits;
use crate::stats::{Estimate, Reason, Undefined};
use crate::tally::Evaluation;

/// Conditions on the way to a leaf.
const DEPTH: usize = 3;

/// The most cases that the tree is grown on.
const MOST: usize = 50_000;

/// A kind of cases that the model fails on more than on the rest.
#[derive(Clone, Debug)]
pub struct ErrorSlice {
    /// What the cases have in common, in words.
    pub conditions: Vec<String>,
    /// Held-out cases of this kind.
    pub n: u64,
    /// Clusters that they come from.
    pub clusters: u64,
    /// The share of them that is answered wrongly.
    pub error: Estimate,
    /// That share minus the share among all other held-out cases, at a level corrected for the leaves that were tried.
    pub difference: Estimate,
}

/// What a search for error slices came to.
#[derive(Clone, Debug)]
pub struct Search {
    /// Leaves that were tried on held-out cases.
    pub tried: usize,
    /// Those that hold up, the largest difference first.
    pub found: Vec<ErrorSlice>,
}

/// A property that a case has or lacks, or a length.
struct Feature {
    with: String,
    without: String,
    values: Vec<f64>,
}

/// One side of a split.
#[derive(Clone, Copy)]
struct Step {
    feature: usize,
    above: bool,
    threshold: f64,
}

/// Grows a shallow decision tree (Breiman et al. 1984) on a random half of the clusters, over groups, gold label and
/// length of the text, with errors as what it tells apart, and tries its leaves on the other half. A leaf holds up where
/// the whole interval of the difference lies above zero, at a level that Bonferroni's correction makes good for all
/// leaves together (as in slice discovery: Chung et al. 2019). The half that a leaf was found on has no part in what is
/// shown of it. The other half both decides whether it is shown and says by how much it is worse, so that the differences
/// that are shown lean upwards, the more the less sure they are; their corrected intervals are what to read.
///
/// # Errors
/// Too few cases, or no error at all on the half that it would learn from.
pub fn search(
    evaluation: &Evaluation,
    cases: &Cases,
    units: &[Unit],
    rules: &Rules,
) -> Result<Search, Undefined> {
    let answered: Vec<(usize, bool)> = evaluation
        .outcomes
        .iter()
        .enumerate()
        .filter_map(|(case, outcome)| {
            let outcome = (*outcome)?;
            Some((case, outcome.answer? != outcome.gold))
        })
        .collect();
    let held_out = |case: &usize| cluster_bits(rules.seed, unit(units, *case), u64::MAX) & 1 == 1;
    let (tried_on, mut grown_on): (Vec<_>, Vec<_>) =
        answered.into_iter().partition(|(case, _)| held_out(case));
    grown_on.truncate(MOST);
    let fewest = rules.min_n.max(rules.suppress_below);
    let half = grown_on.len().min(tried_on.len()) as u64;
    if half < 4 * fewest {
        let detail = format!(
            "{half} cases in the smaller half; {} are needed",
            4 * fewest
        );
        return Err(Undefined::new(Reason::TooFewCases, detail));
    }
    if grown_on.iter().all(|(_, wrong)| *wrong == grown_on[0].1) {
        let detail = "all cases to learn from were answered alike";
        return Err(Undefined::new(Reason::NoVariation, detail));
    }
    let features = features(evaluation, cases, &grown_on, fewest);
    let mut leaves = Vec::new();
    if !features.is_empty() {
        let records = Array2::from_shape_fn((grown_on.len(), features.len()), |(row, feature)| {
            features[feature].values[grown_on[row].0]
        });
        let targets = grown_on.iter().map(|(_, wrong)| *wrong).collect();
        // Errors weigh as much as right answers: the tree joins leaves with the same majority, and so keeps those apart
        // that fail more and less often than the whole.
        let all = grown_on.len() as f32;
        let errors = grown_on.iter().filter(|(_, wrong)| *wrong).count() as f32;
        let weight = |wrong: bool| all / 2.0 / if wrong { errors } else { all - errors };
        let weights = grown_on.iter().map(|(_, wrong)| weight(*wrong)).collect();
        let tree = DecisionTree::params()
            .max_depth(Some(DEPTH))
            .min_weight_leaf(fewest as f32)
            .fit(&Dataset::new(records, targets).with_weights(weights))
            .map_err(|error| Undefined::new(Reason::NotApplicable, error.to_string()))?;
        collect(tree.root_node(), &mut Vec::new(), &mut leaves);
    }
    let level = 1.0 - (1.0 - rules.level) / leaves.len().max(1) as f64;
    // Neither half of a kind of cases may be few, nor what all kinds that are shown leave of the held-out half.
    let members = |leaf: &[Step], half: &[(usize, bool)]| {
        let members = half
            .iter()
            .filter(|(case, _)| inside(leaf, &features, *case));
        members.count() as u64
    };
    let sizes: Vec<u64> = leaves.iter().map(|leaf| members(leaf, &tried_on)).collect();
    let found: Vec<Option<ErrorSlice>> = leaves
        .iter()
        .map(|leaf| {
            let enough = members(leaf, &grown_on) >= rules.suppress_below;
            let found = || slice(leaf, &features, &tried_on, units, level, rules);
            enough.then(found).flatten()
        })
        .collect();
    let left: Vec<bool> = found.iter().map(Option::is_none).collect();
    let hidden = suppressed_with(&sizes, &left, rules.suppress_below);
    let found = found.into_iter().zip(hidden).filter(|(_, hidden)| !hidden);
    let mut found: Vec<ErrorSlice> = found.filter_map(|(found, _)| found).collect();
    found.sort_by(|a, b| b.difference.value.total_cmp(&a.difference.value));
    Ok(Search {
        tried: leaves.len(),
        found,
    })
}

/// Groups and labels that enough cases have and enough lack, and the length of the text.
fn features(
    evaluation: &Evaluation,
    cases: &Cases,
    grown_on: &[(usize, bool)],
    fewest: u64,
) -> Vec<Feature> {
    let flag = |with: String, without: String, has: &dyn Fn(usize) -> bool| Feature {
        with,
        without,
        values: (0..cases.len()).map(|case| f64::from(has(case))).collect(),
    };
    let mut features = Vec::new();
    for (attribute, names) in &cases.attributes {
        for (code, name) in names.names().iter().enumerate() {
            let title = &attribute.title;
            features.push(flag(
                format!("{title}: {name}"),
                format!("{title} other than {name}"),
                &|case| names.codes()[case] == Some(code as u32),
            ));
        }
    }
    for (place, label) in evaluation.scheme.labels.iter().enumerate() {
        features.push(flag(
            format!("labelled {}", label.name),
            format!("not labelled {}", label.name),
            &|case| evaluation.outcomes[case].is_some_and(|outcome| outcome.gold.contains(place)),
        ));
    }
    features.retain(|feature| {
        let with = grown_on
            .iter()
            .filter(|(case, _)| feature.values[*case] > 0.5);
        let with = with.count() as u64;
        with >= fewest && grown_on.len() as u64 - with >= fewest
    });
    if let Some(texts) = &cases.texts {
        features.push(Feature {
            with: "more than {} characters".to_owned(),
            without: "at most {} characters".to_owned(),
            values: texts
                .iter()
                .map(|text| text.chars().count() as f64)
                .collect(),
        });
    }
    features
}

fn collect(node: &TreeNode<f64, bool>, path: &mut Vec<Step>, leaves: &mut Vec<Vec<Step>>) {
    if node.is_leaf() {
        // A tree without a split tells nothing apart.
        if !path.is_empty() {
            leaves.push(path.clone());
        }
        return;
    }
    let (feature, threshold, _) = node.split();
    for (child, above) in node.children().into_iter().zip([false, true]) {
        if let Some(child) = child {
            path.push(Step {
                feature,
                above,
                threshold,
            });
            collect(child, path, leaves);
            path.pop();
        }
    }
}

fn inside(leaf: &[Step], features: &[Feature], case: usize) -> bool {
    let holds = |step: &Step| (features[step.feature].values[case] > step.threshold) == step.above;
    leaf.iter().all(holds)
}

fn slice(
    leaf: &[Step],
    features: &[Feature],
    tried_on: &[(usize, bool)],
    units: &[Unit],
    level: f64,
    rules: &Rules,
) -> Option<ErrorSlice> {
    let outcomes = tried_on
        .iter()
        .map(|(case, wrong)| (units[*case], (inside(leaf, features, *case), *wrong)));
    let slice = Slice::new(outcomes);
    let of = |side: bool| {
        move |(inside, wrong): &(bool, bool)| (*inside == side).then(|| f64::from(*wrong))
    };
    let members = |side: bool| -> u64 {
        let cells = slice.cells.iter().zip(&slice.counts);
        cells
            .filter(|((inside, _), _)| *inside == side)
            .map(|(_, count)| count)
            .sum()
    };
    if members(true).min(members(false)) < rules.min_n.max(rules.suppress_below) {
        return None;
    }
    let mut error = Sum::new(0.0);
    error.add(1.0, &slice, of(true)).ok()?;
    let mut difference = Sum::new(0.0);
    difference.add(1.0, &slice, of(true)).ok()?;
    difference.add(-1.0, &slice, of(false)).ok()?;
    let difference = difference.estimate(level).ok()?;
    let inside_values: Vec<Option<f64>> = slice.cells.iter().map(of(true)).collect();
    let clusters = if slice.is_clustered() {
        slice.by_cluster(&inside_values).len() as u64
    } else {
        members(true)
    };
    (difference.interval.low > 0.0).then_some(ErrorSlice {
        conditions: leaf.iter().map(|step| words(*step, features)).collect(),
        n: members(true),
        clusters,
        error: error.estimate(rules.level).ok()?.rounded(),
        difference: difference.rounded(),
    })
}

fn words(step: Step, features: &[Feature]) -> String {
    let feature = &features[step.feature];
    let words = if step.above {
        &feature.with
    } else {
        &feature.without
    };
    words.replace("{}", &format!("{:.0}", step.threshold.floor()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attribute::{About, Attribute, AttributeKind, Blank};
    use crate::case::{Gold, LabelSource, Names};
    use crate::prediction::{Answer, Predictions};
    use crate::tally::evaluate;
    use crate::task::LabelSet;
    use crate::task::scheme::built_in;

    fn rules(seed: u64) -> Rules {
        Rules {
            level: 0.95,
            min_n: 30,
            suppress_below: 10,
            seed,
            replicates: 10,
        }
    }

    /// Cases of two regions and three labels; `wrong` says how often the model fails, out of 100.
    fn searched(
        cases: usize,
        seed: u64,
        wrong: impl Fn(bool, usize) -> u64,
    ) -> Result<Search, Undefined> {
        let scheme = built_in("three-way").expect("built in");
        let draw = |case: usize, what: u64| cluster_bits(seed, case as u64, what) % 100;
        let north = |case: usize| draw(case, 1) < 40;
        let gold = |case: usize| draw(case, 2) as usize % 3;
        let region = Attribute {
            name: "region".to_owned(),
            title: "Region".to_owned(),
            about: About::Author,
            kind: AttributeKind::Culture,
            blank: Blank::Missing,
        };
        let names = (0..cases).map(|case| if north(case) { "north" } else { "south" });
        let all = Cases {
            ids: (0..cases).map(|case| case.to_string()).collect(),
            texts: Some(
                (0..cases)
                    .map(|case| "x".repeat(10 + draw(case, 3) as usize))
                    .collect(),
            ),
            attributes: vec![(region, Names::from_cells(names))],
            gold: vec![Gold {
                scheme: scheme.clone(),
                source: LabelSource::Perceived,
                labels: (0..cases)
                    .map(|case| Some(LabelSet::one(gold(case))))
                    .collect(),
            }],
            ..Cases::default()
        };
        let answer = |case: usize| {
            let fails = draw(case, 4) < wrong(north(case), gold(case));
            Answer::Labels(LabelSet::one((gold(case) + usize::from(fails)) % 3))
        };
        let predictions = Predictions {
            scheme,
            answers: (0..cases).map(answer).collect(),
            scores: None,
            cut: 0,
            notes: Vec::new(),
        };
        let evaluation = evaluate(&all, &all.gold[0], &predictions).expect("the same labels");
        search(&evaluation, &all, &all.units(), &rules(seed))
    }

    #[test]
    fn a_kind_of_cases_that_fails_is_found() {
        let found = searched(
            2000,
            3,
            |north, gold| if north && gold == 2 { 70 } else { 15 },
        );
        let found = found.expect("enough cases").found;
        let first = found.first().expect("a slice");
        assert!(
            first.conditions.contains(&"Region: north".to_owned()),
            "{first:?}"
        );
        assert!(
            first.conditions.contains(&"labelled positive".to_owned()),
            "{first:?}"
        );
        assert!(
            first.error.interval.low < 0.7 && first.error.interval.high > 0.7,
            "{first:?}"
        );
    }

    #[test]
    fn chance_is_not_shown_as_a_kind_of_cases() {
        // At a level of 95 % five searches in a hundred may show something.
        let all = (0..100).map(|seed| searched(600, seed, |_, _| 30).expect("enough cases"));
        let all: Vec<Search> = all.collect();
        assert!(all.iter().filter(|searched| searched.tried > 0).count() > 50);
        let alarms = all.iter().filter(|searched| !searched.found.is_empty());
        let alarms = alarms.count();
        assert!(alarms <= 8, "{alarms} of 100");
    }

    #[test]
    fn too_few_cases_and_no_errors_are_told() {
        let few = searched(100, 1, |_, _| 30).expect_err("two halves of 50");
        assert_eq!(few.reason, Reason::TooFewCases);
        let faultless = searched(600, 1, |_, _| 0).expect_err("nothing to tell apart");
        assert_eq!(faultless.reason, Reason::NoVariation);
    }
}
