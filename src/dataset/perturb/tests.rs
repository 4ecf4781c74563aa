//! What each kind of change does to a text, and what it leaves alone.

mod coverage;

use proptest::prelude::*;

use super::*;

const DICE: Dice<'_> = Dice { seed: 7, id: "a" };

fn apply(kind: Kind, text: &str, polarity: Option<Polarity>) -> Result<String, &'static str> {
    kind.apply(text, polarity, &DICE)
}

/// What each kind makes of a text, written out by hand; a text in angle brackets is left alone for that reason.
#[test]
fn each_kind_does_what_its_name_says() {
    let (good, bad) = (Some(Polarity::Positive), Some(Polarity::Negative));
    let table: [(Kind, Option<Polarity>, &str, &str); 44] = [
        (Kind::Casing, None, "I LOVE Ghana!", "i love ghana!"),
        (Kind::Casing, None, "ÄRGER", "ärger"),
        (
            Kind::Casing,
            None,
            "我很高兴。",
            "<there is no capital letter>",
        ),
        (
            Kind::Punctuation,
            None,
            "Well, it costs 1,000.",
            "Well it costs 1,000",
        ),
        (Kind::Punctuation, None, "هذا جيد، شكراً.", "هذا جيد شكراً"),
        (Kind::Punctuation, None, "मैं खुश हूँ।", "मैं खुश हूँ"),
        (
            Kind::Punctuation,
            None,
            "So...",
            "<there is no full stop at the end and no comma>",
        ),
        (
            Kind::Punctuation,
            None,
            "What?",
            "<there is no full stop at the end and no comma>",
        ),
        (Kind::Punctuation, None, ".", "<nothing would change>"),
        (
            Kind::Typos,
            None,
            "a cat sat",
            "<no word has two letters that can change places>",
        ),
        (
            Kind::Typos,
            None,
            "我很高兴。",
            "<no word has two letters that can change places>",
        ),
        (
            Kind::Typos,
            None,
            "@friend never",
            "<no word has two letters that can change places>",
        ),
        (Kind::Typos, None, "on calm", "on clam"),
        (Kind::Contractions, None, "I don't know.", "I do not know."),
        (
            Kind::Contractions,
            None,
            "We’re late and I'm tired.",
            "We are late and I am tired.",
        ),
        (
            Kind::Contractions,
            None,
            "Can't you see it can't work?",
            "Can't you see it cannot work?",
        ),
        (
            Kind::Contractions,
            None,
            "It is not good.",
            "It isn't good.",
        ),
        (
            Kind::Contractions,
            None,
            "She cannot stay.",
            "She can't stay.",
        ),
        (Kind::Contractions, None, "Will not do.", "Won't do."),
        (
            Kind::Contractions,
            None,
            "He's gone, isn't he?",
            "<there is nothing to contract or to write out>",
        ),
        (
            Kind::Contractions,
            None,
            "I couldn't not look.",
            "<there is nothing to contract or to write out>",
        ),
        (
            Kind::IdentitySwap,
            None,
            "My sister lost her.",
            "My brother lost him.",
        ),
        (
            Kind::IdentitySwap,
            None,
            "He said it was his.",
            "She said it was hers.",
        ),
        (
            Kind::IdentitySwap,
            None,
            "His aunt’s car",
            "Her uncle’s car",
        ),
        (
            Kind::IdentitySwap,
            None,
            "She’d hurt herself, the WOMAN said.",
            "He’d hurt himself, the MAN said.",
        ),
        (
            Kind::IdentitySwap,
            None,
            "She found her own way.",
            "He found his own way.",
        ),
        (
            Kind::IdentitySwap,
            None,
            "She lost her keys.",
            "<her may stand for his or him>",
        ),
        (
            Kind::IdentitySwap,
            None,
            "Dave says he left.",
            "<it may name somebody>",
        ),
        (
            Kind::IdentitySwap,
            None,
            "My brother met Ana.",
            "<it may name somebody>",
        ),
        (
            Kind::IdentitySwap,
            None,
            "The bloke says he left.",
            "<a word says a gender and has no counterpart in the list>",
        ),
        (
            Kind::IdentitySwap,
            None,
            "It rained.",
            "<no word says a gender>",
        ),
        (
            Kind::Negation,
            good,
            "The food was good.",
            "The food was not good.",
        ),
        (
            Kind::Negation,
            bad,
            "They are angry!",
            "They are not angry!",
        ),
        (
            Kind::Negation,
            good,
            "The food was never good.",
            "<there is a negation already>",
        ),
        (
            Kind::Negation,
            good,
            "It was good when we came.",
            "<it is not one plain clause>",
        ),
        (
            Kind::Negation,
            good,
            "Is it good?",
            "<it is not one plain clause>",
        ),
        (
            Kind::Negation,
            good,
            "It is what was.",
            "<it is not one plain clause>",
        ),
        (
            Kind::Negation,
            None,
            "The food was good.",
            "<the label is neither positive nor negative>",
        ),
        (
            Kind::Intensifier,
            good,
            "I am happy today.",
            "I am very happy today.",
        ),
        (
            Kind::Intensifier,
            bad,
            "An angry man came.",
            "A very angry man came.",
        ),
        (
            Kind::Intensifier,
            good,
            "It was sad.",
            "<no adjective of the list points the way of the label>",
        ),
        (
            Kind::Intensifier,
            bad,
            "I am not sad.",
            "<there is a negation>",
        ),
        (
            Kind::Intensifier,
            good,
            "It was a kind of game.",
            "<no adjective of the list points the way of the label>",
        ),
        (
            Kind::Intensifier,
            good,
            "What a nice day!",
            "<no adjective of the list points the way of the label>",
        ),
    ];
    for (kind, polarity, text, expected) in table {
        let found = match apply(kind, text, polarity) {
            Ok(changed) => changed,
            Err(reason) => format!("<{reason}>"),
        };
        assert_eq!(found, expected, "{} of {text:?}", kind.name());
    }
}

#[test]
fn an_emoji_stands_at_the_end_once() {
    let once = apply(Kind::Emoji, "Fine. ", None).expect("it applies");
    assert!(
        once.starts_with("Fine. ") && once.chars().count() == 7,
        "{once}"
    );
    assert!(apply(Kind::Emoji, &once, None).is_err());
}

#[test]
fn the_seed_and_the_case_decide() {
    let text = "Somebody wandered through wonderful countryside yesterday afternoon.";
    let typo = |seed, id| Kind::Typos.apply(text, None, &Dice { seed, id });
    assert_eq!(typo(1, "a"), typo(1, "a"));
    let by_seed: std::collections::BTreeSet<_> = (0..20).map(|seed| typo(seed, "a")).collect();
    assert!(by_seed.len() > 5);
    assert_ne!(typo(1, "a"), typo(1, "b"));
}

fn sorted(text: &str) -> Vec<char> {
    let mut letters: Vec<char> = text.chars().collect();
    letters.sort_unstable();
    letters
}

fn texts() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "([A-Za-z]{1,7}('s|n't|’ll)?[ ,.!?]{1,2}){0,12}",
        proptest::collection::vec(
            prop_oneof![
                Just("she"),
                Just("her"),
                Just("his own"),
                Just("isn't"),
                Just("is"),
                Just("not"),
                Just("an"),
                Just("angry"),
                Just("brother's"),
                Just("Mr"),
                Just("."),
                Just("I'm"),
                Just("happy"),
                Just("cannot"),
            ],
            0..12
        )
        .prop_map(|words| words.join(" ")),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2000) })]

    /// A change changes something, leaves something, and comes out the same again.
    #[test]
    fn a_change_is_a_change(text in texts(), seed in any::<u64>(), positive in any::<bool>()) {
        let polarity = if positive { Polarity::Positive } else { Polarity::Negative };
        for (_, kind) in KINDS {
            let dice = Dice { seed, id: "case" };
            let changed = kind.apply(&text, Some(polarity), &dice);
            prop_assert_eq!(&changed, &kind.apply(&text, Some(polarity), &dice));
            if let Ok(changed) = changed {
                prop_assert!(!changed.trim().is_empty());
                prop_assert_ne!(changed, text.clone());
            }
        }
    }

    /// What is done already is not done twice.
    #[test]
    fn changes_of_the_surface_are_idempotent(text in texts()) {
        for kind in [Kind::Casing, Kind::Punctuation, Kind::Emoji] {
            if let Ok(once) = apply(kind, &text, None) {
                prop_assert!(apply(kind, &once, None).is_err(), "{} of {once:?}", kind.name());
            }
        }
    }

    /// A slip keeps every letter, and every word its place.
    #[test]
    fn a_slip_keeps_all_letters(text in texts()) {
        if let Ok(slip) = apply(Kind::Typos, &text, None) {
            prop_assert_eq!(sorted(&slip), sorted(&text));
            let differing = slip.split(' ').zip(text.split(' ')).filter(|(one, other)| one != other);
            prop_assert_eq!(differing.count(), 1);
        }
    }

    /// No rule but negation adds or takes away a denial, so the label may stay.
    #[test]
    fn only_negation_denies(text in texts()) {
        let denials = |text: &str| {
            let text = text.to_lowercase().replace('’', "'");
            text.matches("not").count() + text.matches("n't").count()
        };
        for (kind, more) in [(Kind::Contractions, 0), (Kind::Intensifier, 0), (Kind::Negation, 1)] {
            if let Ok(changed) = apply(kind, &text, Some(Polarity::Negative)) {
                prop_assert_eq!(denials(&changed), denials(&text) + more, "{} of {:?}", kind.name(), text);
            }
        }
    }

    /// A negation and an intensifier only add words.
    #[test]
    fn what_is_said_stays(text in texts()) {
        if let Ok(changed) = apply(Kind::Negation, &text, Some(Polarity::Negative)) {
            prop_assert_eq!(changed.replacen(" not", "", 1), text.clone());
        }
        if let Ok(changed) = apply(Kind::Intensifier, &text, Some(Polarity::Negative)) {
            let restored = changed.replacen("very ", "", 1);
            prop_assert!(restored == text || restored.len() + 1 == text.len(), "{changed:?}");
        }
    }
}
