//! The other gender in every word that says one, in English. Where a word may stand for two others ("her" for "him"
//! or "his"), or where the text may name somebody, the text is left alone and counted as not applied.

use unicode_segmentation::UnicodeSegmentation;

use super::words::capitalised;

/// Words that stand for each other; both begin with a vowel or both do not, so that the article fits.
const PAIRS: [(&str, &str); 39] = [
    ("she", "he"),
    ("herself", "himself"),
    ("woman", "man"),
    ("women", "men"),
    ("girl", "boy"),
    ("girls", "boys"),
    ("lady", "gentleman"),
    ("ladies", "gentlemen"),
    ("female", "male"),
    ("mother", "father"),
    ("mothers", "fathers"),
    ("mom", "dad"),
    ("mum", "dad"),
    ("mama", "papa"),
    ("mummy", "daddy"),
    ("mommy", "daddy"),
    ("granny", "grandad"),
    ("sister", "brother"),
    ("sisters", "brothers"),
    ("daughter", "son"),
    ("daughters", "sons"),
    ("wife", "husband"),
    ("wives", "husbands"),
    ("aunt", "uncle"),
    ("aunts", "uncles"),
    ("niece", "nephew"),
    ("nieces", "nephews"),
    ("grandmother", "grandfather"),
    ("grandma", "grandpa"),
    ("granddaughter", "grandson"),
    ("girlfriend", "boyfriend"),
    ("girlfriends", "boyfriends"),
    ("bride", "groom"),
    ("widow", "widower"),
    ("actress", "actor"),
    ("waitress", "waiter"),
    ("stepmother", "stepfather"),
    ("stepdaughter", "stepson"),
    ("schoolgirl", "schoolboy"),
];

/// Words that cannot follow a possessive: before them "her" is "him" and "his" is "hers".
const NO_NOUN: [&str; 40] = [
    "a", "an", "the", "this", "that", "these", "those", "my", "your", "our", "their", "its", "is",
    "was", "are", "were", "has", "had", "will", "would", "and", "or", "but", "when", "because",
    "if", "while", "who", "to", "for", "at", "in", "on", "with", "from", "of", "by", "about",
    "again", "so",
];

/// Words that say a gender and have no counterpart here: the pronouns around them must stay.
const UNPAIRED: [&str; 39] = [
    "ma",
    "maw",
    "pa",
    "da",
    "lad",
    "lads",
    "lass",
    "lassie",
    "bloke",
    "blokes",
    "fella",
    "fellas",
    "fellow",
    "guy",
    "guys",
    "dude",
    "gran",
    "nan",
    "nana",
    "granddaddy",
    "granddad",
    "pop",
    "pops",
    "nonbinary",
    "sir",
    "madam",
    "mr",
    "mrs",
    "ms",
    "miss",
    "king",
    "queen",
    "prince",
    "princess",
    "pregnant",
    "beard",
    "chap",
    "host",
    "hostess",
];

/// Words that may begin a sentence and name nobody.
const STARTERS: [&str; 60] = [
    "a",
    "an",
    "the",
    "my",
    "our",
    "your",
    "this",
    "that",
    "these",
    "those",
    "some",
    "every",
    "i",
    "we",
    "you",
    "it",
    "they",
    "there",
    "and",
    "but",
    "or",
    "so",
    "when",
    "while",
    "since",
    "because",
    "after",
    "before",
    "if",
    "although",
    "as",
    "at",
    "in",
    "on",
    "for",
    "from",
    "with",
    "to",
    "by",
    "of",
    "is",
    "was",
    "are",
    "were",
    "do",
    "does",
    "did",
    "can",
    "could",
    "will",
    "would",
    "who",
    "what",
    "how",
    "why",
    "where",
    "one",
    "yesterday",
    "today",
    "tonight",
];

pub(super) fn swap(text: &str) -> Result<String, &'static str> {
    let words: Vec<(usize, &str)> = text.unicode_word_indices().collect();
    for (start, word) in &words {
        let stem = stem(word).to_lowercase();
        if UNPAIRED.contains(&stem.as_str()) {
            return Err("a word says a gender and has no counterpart in the list");
        }
        if word.starts_with(char::is_uppercase) && may_name(text, *start, &stem) {
            return Err("it may name somebody");
        }
    }
    let mut out = String::with_capacity(text.len() + 16);
    let mut done = 0;
    for (place, (start, word)) in words.iter().enumerate() {
        let end = start + word.len();
        let next = words
            .get(place + 1)
            .filter(|(next, _)| text[end..*next].chars().all(char::is_whitespace))
            .map(|(_, next)| next.to_lowercase());
        let Some(other) = other(word, next.as_deref())? else {
            continue;
        };
        out.push_str(&text[done..*start]);
        out.push_str(&other);
        done = end;
    }
    if done == 0 {
        return Err("no word says a gender");
    }
    out.push_str(&text[done..]);
    Ok(out)
}

/// A word up to its apostrophe.
fn stem(word: &str) -> &str {
    word.split(['\'', '’']).next().unwrap_or(word)
}

/// Whether a capitalised word may be a name: it says no gender by itself, and does not merely begin a sentence.
fn may_name(text: &str, start: usize, stem: &str) -> bool {
    let says_gender = ["he", "she", "him", "her", "his", "hers"].contains(&stem)
        || PAIRS
            .iter()
            .any(|(one, other)| stem == *one || stem == *other);
    let before = text[..start].trim_end();
    let begins = before.is_empty() || before.ends_with(['.', '!', '?', ':', '"', '“', '(']);
    !(says_gender || stem == "i" || (begins && STARTERS.contains(&stem)))
}

/// What stands for a word: `None` for a word that says no gender.
fn other(word: &str, next: Option<&str>) -> Result<Option<String>, &'static str> {
    // "she's" and "sister’s" are swapped before the apostrophe.
    let (stem, ending) = word.split_at(stem(word).len());
    let stem = stem.to_lowercase();
    let no_noun = next.is_none_or(|next| NO_NOUN.contains(&next));
    let other = match stem.as_str() {
        "her" if ending.is_empty() => match next {
            Some("own") => "his",
            _ if no_noun => "him",
            _ => return Err("her may stand for his or him"),
        },
        "his" if ending.is_empty() => {
            if no_noun {
                "hers"
            } else {
                "her"
            }
        }
        "him" => "her",
        "hers" => "his",
        stem => {
            let found = PAIRS.iter().find_map(|(one, other)| match stem {
                stem if stem == *one => Some(*other),
                stem if stem == *other => Some(*one),
                _ => None,
            });
            match found {
                Some(found) => found,
                None => return Ok(None),
            }
        }
    };
    let written = format!("{other}{ending}");
    let capitals = word.chars().filter(|letter| letter.is_uppercase()).count();
    Ok(Some(if capitals > 1 {
        written.to_uppercase()
    } else if word.starts_with(char::is_uppercase) {
        capitalised(&written)
    } else {
        written
    }))
}
