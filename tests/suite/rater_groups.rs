//! Agreement within and between groups of raters: against krippendorff, nltk and a count of pairs, and what is told of few
//! people. The reference values come from tests/oracles/rater_groups.py.

use std::sync::Arc;

use affect_audit::attribute::{About, Attribute, AttributeKind, Blank};
use affect_audit::case::{Names, Rated, Rater, Ratings};
use affect_audit::measure::rater_group::{OfRaters, agreement};
use affect_audit::measure::{Measure, Rules};
use affect_audit::stats::Reason;
use affect_audit::task::{LabelSet, Scheme, SchemeKind, built_in};
use libtest_mimic::{Failed, Trial};
use serde_json::Value;

use crate::run::close;

const ORACLE: &str = include_str!("../oracles/rater_groups.json");

const RULES: Rules = Rules {
    level: 0.95,
    min_n: 30,
    suppress_below: 10,
    seed: 1,
    replicates: 200,
};

/// A test without input.
type Test = fn() -> Result<(), Failed>;

/// What one person gave to each case; `None` for no rating.
type Row = Vec<Option<LabelSet>>;

pub fn trials() -> Vec<Trial> {
    let tests: [(&str, Test); 3] = [
        ("agree_with_other_tools", agrees),
        ("nothing_is_told_of_few_people", few),
        ("what_has_no_value_says_why", undefined),
    ];
    let trial = |(name, test): (&str, Test)| Trial::test(format!("rater_groups::{name}"), test);
    tests.into_iter().map(trial).collect()
}

/// Labels of any number in an order, or in none.
fn scheme(labels: usize, kind: SchemeKind) -> Result<Arc<Scheme>, Failed> {
    let known = built_in("goemotions").ok_or("no such scheme")?;
    Ok(Arc::new(Scheme {
        kind,
        labels: known.labels[..labels].to_vec(),
        ..(*known).clone()
    }))
}

/// Ratings of people of one attribute's groups.
fn ratings(scheme: Arc<Scheme>, people: &[(Option<&str>, Row)]) -> (Ratings, (Attribute, Names)) {
    let cells = people.iter().map(|(group, _)| group.unwrap_or(""));
    let names = Names::from_cells(cells);
    let cases = people.first().map_or(0, |(_, row)| row.len());
    let one = |(place, (_, row)): (usize, &(Option<&str>, Row))| Rater {
        given: row
            .iter()
            .enumerate()
            .filter_map(|(case, said)| Some((case, (*said)?)))
            .collect(),
        groups: vec![names.codes()[place]],
        ..Rater::default()
    };
    let raters = people.iter().enumerate().map(one).collect();
    let attribute = Attribute {
        name: "shift".to_owned(),
        title: "Shift".to_owned(),
        about: About::Rater,
        kind: AttributeKind::Context,
        blank: Blank::Missing,
    };
    let ratings = Ratings {
        rated: vec![Rated::default(); cases],
        scheme,
        raters,
    };
    (ratings, (attribute, names))
}

fn measured(people: &[(Option<&str>, Row)], scheme: Arc<Scheme>) -> Vec<OfRaters> {
    let (ratings, attribute) = ratings(scheme, people);
    let clusters = vec![None; ratings.rated.len()];
    agreement(&ratings, &[attribute], &clusters, &RULES)
}

fn find<'a>(all: &'a [OfRaters], measure: Measure, group: &str) -> Result<&'a OfRaters, Failed> {
    let mut all = all.iter();
    let found = all.find(|one| one.measured.measure == measure && one.group == group);
    found.ok_or_else(|| format!("nothing of {group}").into())
}

fn agrees() -> Result<(), Failed> {
    let oracle: Value = serde_json::from_str(ORACLE)?;
    let sets = oracle.as_array().ok_or("no sets")?;
    assert_eq!(sets.len(), 4);
    for set in sets {
        let (kind, labels) = (set["kind"].as_str(), set["labels"].as_u64().unwrap_or(0));
        let (several, kind) = match kind {
            Some("nominal") => (false, SchemeKind::Nominal),
            Some("ordinal") => (false, SchemeKind::Ordinal),
            _ => (true, SchemeKind::MultiLabel),
        };
        let groups = set["groups"].as_array().ok_or("no groups")?;
        let table = set["ratings"].as_array().ok_or("no ratings")?;
        let said = |value: &Value| {
            let value = value.as_u64()?;
            Some(match several {
                true => LabelSet(value),
                false => LabelSet::one(value as usize),
            })
        };
        let people: Vec<(Option<&str>, Row)> = groups
            .iter()
            .enumerate()
            .map(|(place, group)| {
                let row = table.iter().map(|row| said(&row[place])).collect();
                (group.as_str(), row)
            })
            .collect();
        let ours = measured(&people, scheme(labels as usize, kind)?);
        let values = set["values"].as_array().ok_or("no values")?;
        assert_eq!(ours.len(), 2 * values.len());
        for value in values {
            let group = value["group"].as_str().unwrap_or_default();
            for (measure, key) in [
                (Measure::HumanAlpha, "alpha"),
                (Measure::HumanCrossKappa, "kappa"),
            ] {
                let one = find(&ours, measure, group)?;
                assert_eq!(Some(one.measured.n), value[format!("{key}_n")].as_u64());
                assert_eq!(one.clusters, one.measured.n);
                let estimate = one
                    .measured
                    .result
                    .as_ref()
                    .map_err(|why| why.to_string())?;
                let theirs = value[key].as_f64().unwrap_or(f64::NAN);
                close(&format!("{key} of {group}"), estimate.value, theirs, 1e-9)?;
                let interval = estimate.interval;
                assert!(interval.low < estimate.value && estimate.value < interval.high);
            }
        }
    }
    Ok(())
}

/// People who rated the first cases, of each group so many.
fn people(
    groups: &[(Option<&'static str>, usize, usize)],
    cases: usize,
) -> Vec<(Option<&'static str>, Row)> {
    let one = |group: Option<&'static str>, person: usize, rated: usize| {
        // Every third rating differs from most.
        let said = |case: usize| {
            LabelSet::one(if (case + person).is_multiple_of(3) {
                0
            } else {
                case % 3
            })
        };
        let row = (0..cases).map(|case| (case < rated).then(|| said(case)));
        (group, row.collect())
    };
    let groups = groups.iter();
    groups
        .flat_map(|(group, size, rated)| (0..*size).map(move |person| one(*group, person, *rated)))
        .collect()
}

fn reasons(all: &[OfRaters], measure: Measure) -> Vec<Option<Reason>> {
    let of = all.iter().filter(|one| one.measured.measure == measure);
    of.map(|one| one.measured.result.as_ref().err().map(|why| why.reason))
        .collect()
}

fn few() -> Result<(), Failed> {
    let hidden = Some(Reason::Suppressed);
    let scheme = scheme(3, SchemeKind::Nominal)?;
    let (within, between) = (Measure::HumanAlpha, Measure::HumanCrossKappa);
    // A group of nine goes, and the next larger one with it; a blank is no group.
    let three = [
        (Some("a"), 9, 40),
        (Some("b"), 12, 40),
        (Some("c"), 14, 40),
        (None, 30, 40),
    ];
    let all = measured(&people(&three, 40), scheme.clone());
    assert_eq!(reasons(&all, within), [hidden, hidden, None]);
    assert_eq!(reasons(&all, between), [hidden, hidden, None]);
    assert!(
        all.iter()
            .all(|one| one.measured.result.is_ok() || one.measured.n == 0)
    );
    let two = [(Some("a"), 9, 40), (Some("b"), 30, 40)];
    let all = measured(&people(&two, 40), scheme.clone());
    assert_eq!(reasons(&all, within), [hidden; 2]);
    assert_eq!(reasons(&all, between), [hidden; 2]);
    // Ten people, one of whom rated nothing that another of them rated, are nine; and so are the others of the other side.
    let mut ten = people(&[(Some("a"), 10, 40), (Some("b"), 20, 40)], 41);
    ten[0].1 = vec![None; 41];
    ten[0].1[40] = Some(LabelSet::one(0));
    let all = measured(&ten, scheme.clone());
    assert_eq!(reasons(&all, within), [hidden, None]);
    assert_eq!(reasons(&all, between), [hidden; 2]);
    // Nine cases are few as well; none is nobody's.
    let all = measured(
        &people(&[(Some("a"), 10, 9), (Some("b"), 10, 40)], 40),
        scheme.clone(),
    );
    assert_eq!(reasons(&all, within), [hidden, None]);
    assert_eq!(reasons(&all, between), [hidden; 2]);
    Ok(())
}

fn undefined() -> Result<(), Failed> {
    let scheme = scheme(3, SchemeKind::Nominal)?;
    let (within, between) = (Measure::HumanAlpha, Measure::HumanCrossKappa);
    // Each side rated cases of its own.
    let mut apart = people(&[(Some("a"), 10, 20), (Some("b"), 10, 0)], 40);
    for (group, row) in &mut apart {
        for case in (20..40).filter(|_| *group == Some("b")) {
            row[case] = Some(LabelSet::one(case % 3));
        }
    }
    let all = measured(&apart, scheme.clone());
    assert_eq!(reasons(&all, between), [Some(Reason::NoPairs); 2]);
    // One label alone, and full agreement.
    let same = |label: fn(usize) -> usize| {
        let mut people = people(&[(Some("a"), 10, 40), (Some("b"), 10, 40)], 40);
        for (_, row) in &mut people {
            *row = (0..40)
                .map(|case| Some(LabelSet::one(label(case))))
                .collect();
        }
        people
    };
    let no_variation = Some(Reason::NoVariation);
    let one_label = (|_| 1) as fn(usize) -> usize;
    // Full agreement within a group has limits all the same.
    for (label, within_is) in [(one_label, no_variation), (|case| case % 3, None)] {
        let all = measured(&same(label), scheme.clone());
        assert_eq!(reasons(&all, within), [within_is; 2]);
        assert_eq!(reasons(&all, between), [no_variation; 2]);
    }
    Ok(())
}
