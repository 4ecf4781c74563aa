//! The front matter of a model's README: licence, base model, languages and data, as its authors give them.
//!
//! Only the plain part of YAML is read that such cards are written in: a key with a word, or with a list of words.
//! Anything else is passed over: a card that cannot be read is no reason not to audit.

/// What a model's authors say of it. Their words, unchecked.
#[derive(Debug, Default, PartialEq)]
pub struct FrontMatter {
    /// The licence.
    pub licence: Vec<String>,
    /// What it was made from.
    pub base_models: Vec<String>,
    /// The languages that it is meant for.
    pub languages: Vec<String>,
    /// What it was trained on.
    pub datasets: Vec<String>,
}

/// The longest front matter and the most words of a list that are read.
const MOST_LINES: usize = 2000;
const MOST_WORDS: usize = 100;

impl FrontMatter {
    /// Reads the front matter; empty where there is none.
    pub fn parse(text: &str) -> FrontMatter {
        let mut matter = FrontMatter::default();
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut lines = text.lines().map(str::trim_end);
        if lines.next() != Some("---") {
            return matter;
        }
        let lines: Vec<&str> = lines
            .take(MOST_LINES)
            .take_while(|line| *line != "---" && *line != "...")
            .collect();
        for (number, line) in lines.iter().enumerate() {
            let Some((key, value)) = line.split_once(':') else {
                continue;
            };
            let words = match value.trim() {
                "" => block(&lines[number + 1..]),
                value => inline(value),
            };
            match key {
                "license" => matter.licence = words,
                // The name of a licence that is not in the list of the hub stands for its `other`.
                "license_name" if !words.is_empty() => matter.licence = words,
                "base_model" => matter.base_models = words,
                "language" | "languages" => matter.languages = words,
                "datasets" => matter.datasets = words,
                _ => {}
            }
        }
        matter
    }
}

/// The items of a list written one a line.
fn block(lines: &[&str]) -> Vec<String> {
    lines
        .iter()
        .filter(|line| !line.trim().is_empty())
        .map_while(|line| line.trim_start().strip_prefix('-'))
        .filter_map(word)
        .take(MOST_WORDS)
        .collect()
}

/// A word, or a list in brackets.
fn inline(value: &str) -> Vec<String> {
    match value.strip_prefix('[') {
        Some(list) => list
            .split(']')
            .next()
            .unwrap_or_default()
            .split(',')
            .filter_map(word)
            .take(MOST_WORDS)
            .collect(),
        None => word(value).into_iter().collect(),
    }
}

/// A word without quotation marks and comment; none where it is blank or begins something that is not plain.
fn word(text: &str) -> Option<String> {
    let text = text.trim();
    let bare = match text.chars().next()? {
        mark @ ('"' | '\'') => text[1..].split(mark).next().unwrap_or_default(),
        '{' | '[' | '&' | '*' | '|' | '>' | '!' | '#' => return None,
        _ => text.split(" #").next().unwrap_or_default().trim_end(),
    };
    let short: String = bare.chars().take(200).collect();
    (!short.is_empty()).then_some(short)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_lists_are_read() {
        let text = "---\nlanguage:\n- en\n- de # and more\nlicense: apache-2.0\nbase_model: \"org/base\"\ndatasets: [go_emotions, 'meld']\ntags:\n- x\nmodel-index:\n- name: y\n  results: {}\n---\n# Title\nlicense: mit\n";
        assert_eq!(
            FrontMatter::parse(text),
            FrontMatter {
                licence: vec!["apache-2.0".into()],
                base_models: vec!["org/base".into()],
                languages: vec!["en".into(), "de".into()],
                datasets: vec!["go_emotions".into(), "meld".into()],
            }
        );
    }

    #[test]
    fn what_is_not_plain_is_passed_over() {
        for text in [
            "",
            "# no front matter\nlicense: mit",
            "---\nlicense: {a: b}\n---",
            "---\nlicense:\n---\n",
            "---\nlicense: \"\n",
            "---\nlicense:\n  nested: yes\n---",
        ] {
            assert_eq!(FrontMatter::parse(text), FrontMatter::default(), "{text}");
        }
        let named = FrontMatter::parse("---\nlicense: other\nlicense_name: own\n---\n");
        assert_eq!(named.licence, ["own"]);
    }
}
