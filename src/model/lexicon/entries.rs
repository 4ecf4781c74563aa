//! The two text files that VADER is published with, read into memory with every problem reported:
//! the word list (`token TAB mean TAB standard deviation TAB ratings`) and the emoji list
//! (`emoji TAB description`). What the entries do to a score is left to the rules.

use std::collections::HashMap;

/// The ends of the scale on which VADER's raters judged each token (Hutto & Gilbert 2014).
const STRONGEST: f64 = 4.0;

/// The sentiment-bearing tokens and the emoji that a scorer knows.
#[derive(Debug, Clone)]
pub struct Lexicon {
    /// Mean rating of each token, from -4 (extremely negative) to 4 (extremely positive). Text is
    /// looked up in lower case, so that an entry written with capitals or spaces never matches,
    /// as in the reference.
    pub(super) valences: HashMap<Box<str>, f64>,
    /// The words that stand in for an emoji before the text is scored.
    pub(super) emoji: HashMap<char, Box<str>>,
}

/// Which of the two files a problem was found in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LexiconFile {
    /// The word list, `vader_lexicon.txt` as published.
    Words,
    /// The emoji list, `emoji_utf8_lexicon.txt` as published.
    Emoji,
}

/// One thing that keeps a lexicon from being used, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LexiconProblem {
    /// The file it stands in.
    pub file: LexiconFile,
    /// The line, counted from 1.
    pub line: usize,
    /// The column in characters, counted from 1.
    pub column: usize,
    /// What is wrong and what was expected, as a lower-case fragment.
    pub message: String,
}

impl Lexicon {
    /// Reads the text of a word list and, where there is one, of an emoji list.
    ///
    /// Only the first two columns count. Blank lines are skipped. Of two entries for one token the
    /// later holds: the published list repeats fourteen tokens. An emoji of several code points
    /// never matches, because the reference replaces single code points, and is left out.
    ///
    /// # Errors
    /// All problems of both files together: a line without a tab, an empty token, a mean that is
    /// no number from -4 to 4, an ASCII character for an emoji, a word list without entries.
    pub fn parse(lexicon: &str, emoji: Option<&str>) -> Result<Self, Vec<LexiconProblem>> {
        let mut problems = Vec::new();
        let mut valences = HashMap::new();
        for row in rows(LexiconFile::Words, lexicon, &mut problems) {
            match row.second.parse::<f64>() {
                Ok(mean) if (-STRONGEST..=STRONGEST).contains(&mean) => {
                    valences.insert(Box::from(row.first), mean);
                }
                _ => problems.push(LexiconProblem {
                    file: LexiconFile::Words,
                    line: row.line,
                    column: row.second_column,
                    message: format!(
                        "expected the mean rating, a number from -4 to 4, found {:?}",
                        row.second
                    ),
                }),
            }
        }
        if valences.is_empty() && problems.is_empty() {
            problems.push(LexiconProblem {
                file: LexiconFile::Words,
                line: 1,
                column: 1,
                message: "the word list has no entries".to_owned(),
            });
        }

        let mut descriptions = HashMap::new();
        for row in rows(LexiconFile::Emoji, emoji.unwrap_or_default(), &mut problems) {
            let mut characters = row.first.chars();
            match (characters.next(), characters.next()) {
                (Some(character), None) if character.is_ascii() => problems.push(LexiconProblem {
                    file: LexiconFile::Emoji,
                    line: row.line,
                    column: 1,
                    message: format!("expected an emoji, found {character:?}"),
                }),
                (Some(character), None) => {
                    descriptions.insert(character, Box::from(row.second));
                }
                _ => {}
            }
        }

        if problems.is_empty() {
            Ok(Self {
                valences,
                emoji: descriptions,
            })
        } else {
            Err(problems)
        }
    }
}

/// The two columns of a line that count.
struct Row<'t> {
    line: usize,
    first: &'t str,
    second: &'t str,
    second_column: usize,
}

/// Cuts a file into its rows; lines that cannot be cut are added to `problems`.
fn rows<'t>(file: LexiconFile, text: &'t str, problems: &mut Vec<LexiconProblem>) -> Vec<Row<'t>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut rows = Vec::new();
    for (index, whole) in text.split('\n').enumerate() {
        let content = whole.trim_end();
        if content.is_empty() {
            continue;
        }
        let line = index + 1;
        match content.split_once('\t') {
            Some((first, rest)) if !first.trim().is_empty() => rows.push(Row {
                line,
                first: first.trim(),
                second: rest.split('\t').next().unwrap_or_default(),
                second_column: first.chars().count() + 2,
            }),
            Some(_) => problems.push(LexiconProblem {
                file,
                line,
                column: 1,
                message: "expected a token before the tab".to_owned(),
            }),
            None => problems.push(LexiconProblem {
                file,
                line,
                column: content.chars().count() + 1,
                message: match file {
                    LexiconFile::Words => "expected a tab and the mean rating".to_owned(),
                    LexiconFile::Emoji => "expected a tab and the description".to_owned(),
                },
            }),
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_columns_line_ends_and_repeats_are_read() {
        let words = "\u{feff}sunny\t2.5\t0.5\t[2, 3]\r\n\r\n:)\t2.0\r\nsunny\t1.5\n";
        let lexicon = Lexicon::parse(words, Some("☀\tsunny sky\r\n☀\u{fe0f}\tsun\r\n")).unwrap();
        assert_eq!(lexicon.valences.len(), 2);
        assert_eq!(lexicon.valences["sunny"], 1.5);
        assert_eq!(lexicon.valences[":)"], 2.0);
        assert_eq!(lexicon.emoji.len(), 1);
        assert_eq!(&*lexicon.emoji[&'☀'], "sunny sky");
    }

    #[test]
    fn all_problems_of_both_files_are_reported_with_their_place() {
        let words = "fine\t1.0\nalone\nwarm\tmuch\ncold\tNaN\nhuge\t5\n\t2.0\n";
        let problems = Lexicon::parse(words, Some("☀ sun\na\tletter")).unwrap_err();
        let places: Vec<_> = problems
            .iter()
            .map(|p| (p.file, p.line, p.column))
            .collect();
        assert_eq!(
            places,
            [
                (LexiconFile::Words, 2, 6),
                (LexiconFile::Words, 6, 1),
                (LexiconFile::Words, 3, 6),
                (LexiconFile::Words, 4, 6),
                (LexiconFile::Words, 5, 6),
                (LexiconFile::Emoji, 1, 6),
                (LexiconFile::Emoji, 2, 1),
            ]
        );
        assert_eq!(
            problems[2].message,
            "expected the mean rating, a number from -4 to 4, found \"much\""
        );
    }

    #[test]
    fn an_empty_word_list_is_a_problem() {
        let problems = Lexicon::parse("\n", None).unwrap_err();
        assert_eq!(problems[0].message, "the word list has no entries");
    }
}
