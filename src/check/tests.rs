//! Known answers, and an oracle for texts that are nearly the same: every pair compared.

use std::collections::HashSet;

use proptest::prelude::*;

use super::near::{SHORTEST, Sequences};
use super::same::normal;
use super::*;

#[test]
fn every_check_has_a_page_of_its_own() {
    let ids: HashSet<&str> = PAGES.iter().map(|(_, page)| page.id).collect();
    assert_eq!(ids.len(), PAGES.len());
    for (check, page) in &PAGES {
        assert_eq!(Check::parse(page.id), Some(*check));
        assert_eq!(check.page().id, page.id);
        for text in [page.why, page.how, page.advice] {
            assert!(text.ends_with('.'), "{}", page.id);
        }
    }
}

/// The Jaccard index of two texts of letters and single spaces, as a fraction.
fn jaccard(one: &str, other: &str) -> (usize, usize) {
    let set = |text: &str| -> HashSet<String> {
        let letters: Vec<char> = text.chars().collect();
        (0..letters.len().saturating_sub(3))
            .map(|at| letters[at..at + 4].iter().collect())
            .collect()
    };
    let (one, other) = (set(one), set(other));
    (one.intersection(&other).count(), one.union(&other).count())
}

fn near(one: &str, other: &str) -> bool {
    let (shared, all) = jaccard(one, other);
    let long = one.chars().count() >= SHORTEST && other.chars().count() >= SHORTEST;
    long && shared * 5 >= all * 4
}

/// Families of texts that differ in a few letters, with the cluster of each.
fn families() -> impl Strategy<Value = Vec<(String, u8)>> {
    let change = (0..80_usize, "[a-d]{0,3}", 0..4_usize);
    let family = (
        "[a-d]{15,60}",
        prop::collection::vec((change, 0..3_u8), 1..8),
    );
    prop::collection::vec(family, 1..8).prop_map(|families| {
        let mut texts: Vec<(String, u8)> = Vec::new();
        for (base, changes) in families {
            for ((at, new, cut), cluster) in changes {
                let at = at.min(base.len());
                let end = (at + cut).min(base.len());
                let text = format!("{}{new}{}", &base[..at], &base[end..]);
                if texts.iter().all(|(known, _)| *known != text) {
                    texts.push((text, cluster));
                }
            }
        }
        texts
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn no_neighbour_is_missed_and_none_invented(texts in families()) {
        let sequences = Sequences::new(texts.iter().map(|(text, _)| text.as_str()));
        for clustered in [false, true] {
            let apart = |one: usize, other: usize| !clustered || texts[one].1 != texts[other].1;
            let found = sequences.neighbours(|one, other, found| {
                apart(one, other) && (found[one].is_none() || found[other].is_none())
            });
            for (one, (text, _)) in texts.iter().enumerate() {
                let has_one = (0..texts.len())
                    .any(|other| other != one && apart(one, other) && near(text, &texts[other].0));
                prop_assert_eq!(found[one].is_some(), has_one, "{:?}", text);
                if let Some(other) = found[one] {
                    prop_assert!(apart(one, other) && near(text, &texts[other].0));
                }
            }
        }
    }

    #[test]
    fn normalising_twice_changes_nothing(text in "\\PC{0,40}") {
        prop_assert_eq!(normal(&normal(&text)), normal(&text));
    }

    #[test]
    fn no_text_breaks_a_check(text in "\\PC{0,60}|[@0-9A-Z .+()-]{0,60}") {
        let cases = crate::case::Cases {
            ids: vec![text.clone()],
            texts: Some(vec![text]),
            ..crate::case::Cases::default()
        };
        let wording = cases.texts.as_deref().map(Wording::new);
        personal::personal(&cases);
        characters::hidden(&cases);
        duplicates::near(&cases, wording.as_ref(), usize::MAX);
    }
}

#[test]
fn punctuation_does_not_make_texts_differ_and_the_threshold_holds() {
    // 40 letters in a row give 37 sequences; one changed in the middle leaves 33 of 41: just above four fifths.
    let base: String = ('a'..='z').chain('A'..='N').collect();
    assert_eq!(base.len(), 40);
    let changed = base.replacen('t', "é", 1);
    assert_eq!(jaccard(&base, &changed), (33, 41));
    let both = |one: &str, other: &str| {
        let texts = [normal(one), normal(other)];
        let sequences = Sequences::new(texts.iter().map(String::as_str));
        sequences.neighbours(|_, _, _| true)[0].is_some()
    };
    let letters: String = (0x4e00..0x4e28).filter_map(char::from_u32).collect();
    let one_changed = letters.replacen('\u{4e14}', "x", 1);
    assert_eq!(jaccard(&letters, &one_changed), (33, 41));
    assert!(both(&letters, &one_changed));
    // One letter fewer, and the same change is below it: 32 of 40 is at it, 31 of 39 below.
    let cut = |text: &str, n: usize| text.chars().take(n).collect::<String>();
    assert!(both(&cut(&letters, 39), &cut(&one_changed, 39)));
    assert!(!both(&cut(&letters, 38), &cut(&one_changed, 38)));
    assert!(both(
        "Well, I never thought of that!",
        "well i never thought of that..."
    ));
    assert!(!both(
        "I was so happy about my new job today",
        "I was so sad about my new job today"
    ));
}
