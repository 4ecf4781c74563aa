//! Comparisons as records name them, there and back.

use super::v1;
use crate::measure::Comparison;

/// As a record keeps it.
pub(super) fn build(comparison: &Comparison) -> v1::Comparison {
    let plain = |kind: &str| v1::Comparison {
        kind: kind.to_owned(),
        attribute: None,
        group: None,
        controls: Vec::new(),
        model: None,
    };
    let of = |kind: &str, attribute: &str| v1::Comparison {
        attribute: Some(attribute.to_owned()),
        ..plain(kind)
    };
    let to = |kind: &str, group: &str| v1::Comparison {
        group: Some(group.to_owned()),
        ..plain(kind)
    };
    match comparison {
        Comparison::DifferenceToOthers => plain("difference-to-others"),
        Comparison::RatioToOthers => plain("ratio-to-others"),
        Comparison::DifferenceToGroup(group) => to("difference-to-group", group),
        Comparison::RatioToGroup(group) => to("ratio-to-group", group),
        Comparison::DifferenceGiven(controls) => v1::Comparison {
            controls: controls.clone(),
            ..plain("difference-given")
        },
        Comparison::WorstDifference => plain("worst-difference"),
        Comparison::Shrunken => plain("shrunken"),
        Comparison::Gap(attribute) => of("gap", attribute),
        Comparison::GapByChance(attribute) => of("gap-by-chance", attribute),
        Comparison::WithinSets(attribute) => of("within-sets", attribute),
        Comparison::WithinSetsToGroup(attribute, group) => v1::Comparison {
            group: Some(group.clone()),
            ..of(v1::WITHIN_SETS_TO_GROUP, attribute)
        },
        Comparison::Change(attribute) => v1::Comparison {
            attribute: attribute.clone(),
            ..plain(v1::CHANGE)
        },
        Comparison::PairedChange => plain(v1::PAIRED_CHANGE),
        Comparison::DifferenceToModel(model) => v1::Comparison {
            model: Some(model.clone()),
            ..plain(v1::TO_MODEL)
        },
    }
}

/// From a record; `None` for a kind that this version does not know, or one that lacks what it compares.
pub(super) fn restore(comparison: &v1::Comparison) -> Option<Comparison> {
    let attribute = || comparison.attribute.clone();
    let group = || comparison.group.clone();
    match comparison.kind.as_str() {
        "difference-to-others" => Some(Comparison::DifferenceToOthers),
        "ratio-to-others" => Some(Comparison::RatioToOthers),
        "difference-to-group" => group().map(Comparison::DifferenceToGroup),
        "ratio-to-group" => group().map(Comparison::RatioToGroup),
        "difference-given" => Some(Comparison::DifferenceGiven(comparison.controls.clone())),
        "worst-difference" => Some(Comparison::WorstDifference),
        "shrunken" => Some(Comparison::Shrunken),
        "gap" => attribute().map(Comparison::Gap),
        "gap-by-chance" => attribute().map(Comparison::GapByChance),
        "within-sets" => attribute().map(Comparison::WithinSets),
        v1::WITHIN_SETS_TO_GROUP => attribute()
            .zip(group())
            .map(|(attribute, group)| Comparison::WithinSetsToGroup(attribute, group)),
        v1::CHANGE => Some(Comparison::Change(attribute())),
        v1::PAIRED_CHANGE => Some(Comparison::PairedChange),
        v1::TO_MODEL => comparison.model.clone().map(Comparison::DifferenceToModel),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::comparison::COMPARISONS;

    #[test]
    fn every_comparison_comes_back_from_a_record() {
        let name = || "gender".to_owned();
        for comparison in [
            Comparison::DifferenceToOthers,
            Comparison::RatioToOthers,
            Comparison::DifferenceToGroup(name()),
            Comparison::RatioToGroup(name()),
            Comparison::DifferenceGiven(vec![name(), "length".to_owned()]),
            Comparison::WorstDifference,
            Comparison::Shrunken,
            Comparison::Gap(name()),
            Comparison::GapByChance(name()),
            Comparison::WithinSets(name()),
            Comparison::WithinSetsToGroup(name(), "woman".to_owned()),
            Comparison::Change(None),
            Comparison::Change(Some(name())),
            Comparison::PairedChange,
            Comparison::DifferenceToModel(name()),
        ] {
            let built = build(&comparison);
            let pages = COMPARISONS.iter().filter(|page| page.id == built.kind);
            assert_eq!(pages.count(), 1, "{}", built.kind);
            assert_eq!(restore(&built), Some(comparison));
        }
        let unknown = v1::Comparison {
            kind: "difference-to-nobody".to_owned(),
            ..build(&Comparison::Shrunken)
        };
        assert_eq!(restore(&unknown), None);
    }
}
