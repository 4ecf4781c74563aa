//! Ids of answers beside ids of cases, where none is the same: a pair that shows the difference.

use std::collections::HashMap;

use crate::diagnostic::{nearest, quote};

/// How many ids of a file are looked at for one that differs in its writing alone.
const LOOKED_AT: usize = 1000;

/// One id of each side, in words. Ids that differ only in blanks, letter case or leading zeros are shown first, since
/// that is the commonest reason; else the first of each.
pub(super) fn contrasted<'a>(
    mut answered: impl Iterator<Item = &'a str> + Clone,
    cases: &[String],
) -> String {
    let bare: HashMap<String, &str> = cases
        .iter()
        .rev()
        .map(|id| (bare(id), id.as_str()))
        .collect();
    let alike = answered
        .clone()
        .take(LOOKED_AT)
        .find_map(|id| Some((id, *bare.get(&self::bare(id))?)));
    let (theirs, ours, alike) = match alike {
        Some((theirs, ours)) => (theirs, ours, true),
        None => (
            answered.next().unwrap_or_default(),
            cases.first().map_or("", String::as_str),
            false,
        ),
    };
    let pair = format!(
        "the file has {}, the dataset has {}",
        quote(theirs),
        quote(ours)
    );
    if alike {
        format!("{pair}: ids must agree in every character, blanks, letter case and zeros included")
    } else {
        pair
    }
}

/// The id of a case that an id of an answer was probably meant for.
pub(super) fn alike<'a>(answered: &str, cases: &'a [String]) -> Option<&'a str> {
    let wanted = bare(answered);
    let same = cases.iter().find(|id| bare(id) == wanted);
    same.map(String::as_str).or_else(|| {
        let first = cases.iter().take(LOOKED_AT).map(String::as_str);
        nearest(answered, first)
    })
}

fn bare(id: &str) -> String {
    let id = id.trim().to_lowercase();
    let bare = id.trim_start_matches('0');
    // Many tables write whole numbers with a decimal point.
    bare.strip_suffix(".0").unwrap_or(bare).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pair_shows_why_no_id_is_shared() {
        let cases = ["x", "007", "A1"].map(str::to_owned);
        let told = |answered: &[&'static str]| contrasted(answered.iter().copied(), &cases);
        assert!(told(&["9", "7"]).starts_with("the file has \"7\", the dataset has \"007\": "));
        assert!(told(&["a1 "]).starts_with("the file has \"a1 \", the dataset has \"A1\": "));
        assert!(told(&["7.0"]).starts_with("the file has \"7.0\", the dataset has \"007\": "));
        assert_eq!(
            told(&["n\u{1b}[2J"]),
            "the file has \"n\\u{1b}[2J\", the dataset has \"x\""
        );
        assert_eq!(alike("7", &cases), Some("007"));
        assert_eq!(alike("A2", &cases), Some("A1"));
        assert_eq!(alike("elsewhere", &cases), None);
        let long: &'static str = "y".repeat(500).leak();
        assert!(told(&[long]).chars().count() < 120);
    }
}
