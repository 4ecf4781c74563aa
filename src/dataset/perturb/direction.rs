//! Changes of which a direction is expected, in English: a negation, an intensifier.
//!
//! Where closed lists of words do not settle what is right, the text is left alone and counted as not applied.

use super::words::{Word, replaced, words};
use crate::task::Polarity;

/// Why nothing is expected of a change that strengthens or denies.
const NO_POLARITY: &str = "the label is neither positive nor negative";

/// The last place at which the verb of a plain sentence is looked for, from 0.
const LATEST_VERB: usize = 5;

const COPULAS: [&str; 5] = ["am", "is", "are", "was", "were"];

/// Words before which an adjective is said of somebody or something.
const LINKING: [&str; 17] = [
    "am", "is", "are", "was", "were", "be", "been", "feel", "feels", "felt", "feeling", "seem",
    "seems", "seemed", "a", "an", "becoming",
];

/// Words that deny, or nearly.
const NEGATIONS: [&str; 16] = [
    "not", "no", "never", "nothing", "nobody", "none", "neither", "nor", "nowhere", "without",
    "hardly", "barely", "scarcely", "cannot", "few", "little",
];

/// Words that join clauses: which of them a negation would deny is not for a list to say.
const JOINTS: [&str; 30] = [
    "and", "or", "but", "yet", "so", "because", "since", "when", "whenever", "while", "if",
    "unless", "until", "although", "though", "that", "which", "who", "whom", "whose", "what",
    "where", "why", "how", "than", "as", "after", "before", "whether", "like",
];

/// Adjectives of feeling or judgement that go with "very" and point to what is good.
const POSITIVE: [&str; 22] = [
    "beautiful",
    "calm",
    "cheerful",
    "excited",
    "exciting",
    "friendly",
    "funny",
    "glad",
    "good",
    "grateful",
    "happy",
    "helpful",
    "hopeful",
    "kind",
    "nice",
    "pleasant",
    "pleased",
    "proud",
    "relieved",
    "satisfied",
    "warm",
    "touching",
];

/// The same for what is bad.
const NEGATIVE: [&str; 32] = [
    "afraid",
    "angry",
    "annoyed",
    "anxious",
    "ashamed",
    "bad",
    "bitter",
    "bored",
    "boring",
    "disappointed",
    "disappointing",
    "disgusting",
    "embarrassed",
    "embarrassing",
    "frightened",
    "frustrated",
    "frustrating",
    "guilty",
    "irritated",
    "jealous",
    "lonely",
    "nasty",
    "nervous",
    "painful",
    "rude",
    "sad",
    "scared",
    "ugly",
    "unhappy",
    "unpleasant",
    "upset",
    "worried",
];

/// Words after which an adjective already is one of degree or is no adjective, as in "kind of" and "good enough".
const NOT_BEFORE: [&str; 5] = ["enough", "of", "half", "as", "while"];

fn denies(word: &Word<'_>) -> bool {
    NEGATIONS.contains(&word.plain.as_str()) || word.plain.ends_with("n't")
}

/// Writes "not" after the verb of a sentence that has one clause, and a form of "be" in it.
pub(super) fn negation(text: &str, polarity: Option<Polarity>) -> Result<String, &'static str> {
    if !matches!(polarity, Some(Polarity::Positive | Polarity::Negative)) {
        return Err(NO_POLARITY);
    }
    let words = words(text);
    if words.iter().any(denies) {
        return Err("there is a negation already");
    }
    let inside = text.trim().trim_end_matches(['.', '!']);
    let is_plain = inside
        .chars()
        .all(|letter| letter.is_alphanumeric() || letter == ' ' || letter == '-');
    if !is_plain
        || words
            .iter()
            .any(|word| JOINTS.contains(&word.plain.as_str()))
    {
        return Err("it is not one plain clause");
    }
    let verbs: Vec<&Word<'_>> = words
        .iter()
        .skip(1)
        .filter(|word| COPULAS.contains(&word.plain.as_str()))
        .collect();
    let [verb] = verbs.as_slice() else {
        return Err("there is not just one form of be");
    };
    // Further back it belongs to a clause inside another.
    if words.iter().position(|word| word.start == verb.start) > Some(LATEST_VERB) {
        return Err("it is not one plain clause");
    }
    if verb.end == words.last().map_or(0, |word| word.end) {
        return Err("there is nothing after the form of be");
    }
    Ok(replaced(text, &[(verb.end, verb.end, " not".to_owned())]))
}

/// Writes "very" before the first adjective of feeling that is said of somebody or something and points the way of
/// the label.
pub(super) fn intensifier(text: &str, polarity: Option<Polarity>) -> Result<String, &'static str> {
    let adjectives: &[&str] = match polarity {
        Some(Polarity::Positive) => &POSITIVE,
        Some(Polarity::Negative) => &NEGATIVE,
        Some(Polarity::Neutral) | None => return Err(NO_POLARITY),
    };
    let words = words(text);
    if words.iter().any(denies) {
        return Err("there is a negation");
    }
    let found = words.windows(2).enumerate().find(|(place, pair)| {
        let next = words.get(place + 2).map(|next| next.plain.as_str());
        let article = ["a", "an"].contains(&pair[0].plain.as_str());
        let exclaimed = article
            && place
                .checked_sub(1)
                .is_some_and(|before| ["what", "such"].contains(&words[before].plain.as_str()));
        LINKING.contains(&pair[0].plain.as_str())
            && adjectives.contains(&pair[1].text)
            && &text[pair[0].end..pair[1].start] == " "
            && !exclaimed
            && !next.is_some_and(|next| NOT_BEFORE.contains(&next))
    });
    let Some((_, [before, adjective])) = found else {
        return Err("no adjective of the list points the way of the label");
    };
    let mut changes = Vec::new();
    if before.plain == "an" {
        let article = if before.text.starts_with('A') {
            "A"
        } else {
            "a"
        };
        changes.push((before.start, before.end, article.to_owned()));
    }
    changes.push((adjective.start, adjective.start, "very ".to_owned()));
    Ok(replaced(text, &changes))
}
