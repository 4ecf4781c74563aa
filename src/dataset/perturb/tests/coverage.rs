//! What was not applied is counted, by kind and group: recounted here from the pairs, one row at a time.

use super::*;
use crate::dataset;

#[test]
fn every_row_of_the_coverage_is_the_count_of_its_cases() {
    let dataset = dataset::read("everyday-english").expect("bundled");
    assert!(
        dataset.cases.attributes.len() > 1,
        "one attribute shows too little"
    );
    let kinds = [Kind::Negation, Kind::IdentitySwap, Kind::Casing];
    let perturbed = perturb(&dataset, &kinds, 1).expect("it is English");
    let coverage = &perturbed.coverage;
    let groups: usize = dataset
        .cases
        .attributes
        .iter()
        .map(|(_, names)| names.names().len())
        .sum();
    assert_eq!(coverage.groups.len(), kinds.len() * (1 + groups));
    for row in &coverage.groups {
        let belongs = |case: usize| {
            row.attribute.is_empty()
                || dataset.cases.attributes.iter().any(|(attribute, names)| {
                    let code = names.codes()[case].map(|code| code as usize);
                    attribute.name == row.attribute
                        && code.is_some_and(|code| names.names()[code] == row.group)
                })
        };
        let pairs = perturbed
            .pairs
            .iter()
            .filter(|pair| pair.kind.name() == row.perturbation && belongs(pair.case));
        let (applied, left): (Vec<_>, Vec<_>) = pairs.partition(|pair| pair.changed.is_ok());
        assert_eq!(
            (row.filled, row.of),
            (applied.len() as u64, (applied.len() + left.len()) as u64),
            "{row:?}"
        );
    }
    assert_eq!(coverage.sets, 3 * dataset.cases.len() as u64);
    let reasons: u64 = kinds
        .iter()
        .flat_map(|kind| perturbed.reasons(*kind).into_values())
        .sum();
    assert_eq!(coverage.complete + reasons, coverage.sets);
}

/// What is not applied keeps its original alone, so that its set is one that was not covered.
#[test]
fn what_does_not_apply_stays_alone() {
    let dataset = dataset::read("everyday-english").expect("bundled");
    let perturbed = perturb(&dataset, &[Kind::IdentitySwap], 1).expect("it is English");
    let rows = to_csv(&dataset, &perturbed).lines().count() as u64 - 1;
    let coverage = &perturbed.coverage;
    assert!(coverage.complete > 0 && coverage.complete < coverage.sets);
    assert_eq!(rows, coverage.sets + coverage.complete);
}
