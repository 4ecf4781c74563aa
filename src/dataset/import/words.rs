//! Words in cells: what stands around them, where they stand in a text, and column names that name persons.

/// Whether a word stands in a text with no letter or digit beside it.
fn holds_word(text: &str, word: &str) -> bool {
    !word.is_empty()
        && text.match_indices(word).any(|(at, _)| {
            let letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
            !letter(text[..at].chars().next_back())
                && !letter(text[at + word.len()..].chars().next())
        })
}

/// The one meaning whose word stands in a text; none where words of several meanings do.
pub(super) fn only_meaning<'a>(
    text: &str,
    words: impl Iterator<Item = (&'a str, &'a str)>,
) -> Option<&'a str> {
    let text = text.to_lowercase();
    let mut found: Option<&str> = None;
    for (word, meaning) in words {
        if holds_word(&text, &word.to_lowercase()) {
            if found.is_some_and(|other| other != meaning) {
                return None;
            }
            found = Some(meaning);
        }
    }
    found
}

/// Lower case, without what people and models write around a word: quotes, emphasis, final punctuation.
pub(super) fn cleaned(text: &str) -> String {
    let around = |c: char| c.is_whitespace() || "\"'`*_.,;:!?()[]{}<>«»“”‘’„".contains(c);
    text.trim_matches(around).to_lowercase()
}

/// Whether a column's name says that it names persons.
pub(super) fn names_persons(column: &str) -> bool {
    const WORDS: [&str; 27] = [
        "name",
        "names",
        "fullname",
        "firstname",
        "lastname",
        "surname",
        "forename",
        "givenname",
        "username",
        "person",
        "author",
        "user",
        "handle",
        "screenname",
        "nickname",
        "speaker",
        "email",
        "mail",
        "phone",
        "telephone",
        "mobile",
        "address",
        "birthdate",
        "dob",
        "ssn",
        "vorname",
        "nachname",
    ];
    let lowered = column.to_lowercase();
    let joined: String = lowered.chars().filter(|c| c.is_alphanumeric()).collect();
    WORDS.contains(&joined.as_str())
        || lowered
            .split(|c: char| !c.is_alphanumeric())
            .any(|word| ["name", "surname", "email", "phone", "username"].contains(&word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_found_only_by_itself() {
        assert!(holds_word("it is positive.", "positive"));
        assert!(!holds_word("unhappy", "happy"));
        assert!(!holds_word("joyful", "joy"));
        assert!(holds_word("très triste!", "triste"));
    }

    #[test]
    fn columns_of_names_are_known_by_their_names() {
        for name in [
            "Name",
            "first_name",
            "E-Mail",
            "Person",
            "user name",
            "Speaker",
        ] {
            assert!(names_persons(name), "{name}");
        }
        for name in ["text", "country", "label", "username_hash_count", "renamed"] {
            assert_eq!(names_persons(name), name.starts_with("username"), "{name}");
        }
    }
}
