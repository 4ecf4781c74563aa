//! The declared language against the one that a trigram model detects: a hint, never a verdict.

use std::collections::BTreeMap;

use whatlang::{Lang, detect};

use super::finding::{Finding, Grade, Table, Value, percent, share};
use super::page::Check;
use super::script::primary;
use crate::dataset::Dataset;

/// Fewest letters of a text whose language is guessed; signs of Chinese, Japanese and Korean count as three.
const FEWEST_LETTERS: usize = 60;

/// Fewest texts from which anything is said.
const FEWEST_TEXTS: usize = 20;

/// Most texts that are looked at; of more, every second, third and so on.
const MOST_TEXTS: usize = 20_000;

/// Share of texts in other languages above which it is a warning.
const MANY: f64 = 0.2;

/// Two-letter tags of ISO 639-1 with the three-letter codes of ISO 639-3 that the detector uses. A macrolanguage has
/// the code of its usual member.
const TWO_LETTERS: &str = "af afr ak aka am amh ar ara az aze be bel bg bul bn ben ca cat cs ces cy cym da dan de deu el ell en eng eo epo es spa et est fa pes fi fin fr fra gu guj he heb hi hin hr hrv hu hun hy hye id ind it ita ja jpn jv jav ka kat km khm kn kan ko kor la lat lt lit lv lav mk mkd ml mal mr mar my mya ne nep nb nob nl nld no nob or ori pa pan pl pol pt por ro ron ru rus si sin sk slk sl slv sn sna sr srp sv swe ta tam te tel th tha tk tuk tl tgl tr tur uk ukr ur urd uz uzb vi vie yi yid zh cmn zu zul";

/// The detector's language for a tag such as `pt-BR`.
fn known(tag: &str) -> Option<Lang> {
    let primary = primary(tag);
    let mut codes = TWO_LETTERS.split(' ');
    while let (Some(two), Some(three)) = (codes.next(), codes.next()) {
        if two == primary {
            return Lang::from_code(three);
        }
    }
    Lang::from_code(primary)
}

/// How much there is to tell a language from.
fn letters(text: &str) -> usize {
    text.chars()
        .filter(|character| character.is_alphabetic())
        .map(|character| if character > '\u{2e80}' { 3 } else { 1 })
        .sum()
}

/// Declared and detected languages.
pub fn language(dataset: &Dataset) -> Finding {
    let check = Check::Language;
    let Some(texts) = &dataset.cases.texts else {
        return Finding::no_text(check);
    };
    let declared = &dataset.card.language;
    let known: Vec<(Lang, &String)> = declared
        .iter()
        .filter_map(|tag| Some((known(tag)?, tag)))
        .collect();
    if known.len() < declared.len() {
        let unknown: Vec<&str> = declared
            .iter()
            .filter(|tag| !known.iter().any(|(_, known)| known == tag))
            .map(String::as_str)
            .collect();
        return Finding::new(
            check,
            Grade::Unchecked,
            format!(
                "the detector does not know the declared {}",
                unknown.join(", ")
            ),
        );
    }
    let mut counts: BTreeMap<&'static str, (Lang, Vec<usize>)> = BTreeMap::new();
    let mut told = 0;
    let every = texts.len().div_ceil(MOST_TEXTS).max(1);
    for (case, text) in texts.iter().enumerate().step_by(every) {
        if letters(text) < FEWEST_LETTERS {
            continue;
        }
        if let Some(info) = detect(text).filter(|info| info.is_reliable()) {
            told += 1;
            let entry = counts.entry(info.lang().code());
            entry.or_insert((info.lang(), Vec::new())).1.push(case);
        }
    }
    if told < FEWEST_TEXTS {
        return Finding::new(
            check,
            Grade::Unchecked,
            format!(
                "fewer than {FEWEST_TEXTS} texts are long enough ({FEWEST_LETTERS} letters) and plain enough to tell \
                 their language"
            ),
        );
    }
    let mut order: Vec<(Lang, Vec<usize>)> = counts.into_values().collect();
    order.sort_by_key(|(lang, cases)| (std::cmp::Reverse(cases.len()), lang.code()));
    let mut table = Table::new(&[
        ("language", "detected"),
        ("declared", "declared"),
        ("texts", "texts"),
        ("share", "share"),
        ("places", "first of them in the file"),
    ]);
    let mut other = 0;
    for (lang, cases) in &order {
        let is_declared = known.iter().any(|(known, _)| known == lang);
        other += if is_declared { 0 } else { cases.len() };
        if table.rows.len() < 8 {
            table.row(vec![
                lang.eng_name().into(),
                if is_declared { "yes" } else { "no" }.into(),
                (cases.len() as u64).into(),
                Value::Text(percent(cases.len(), told)),
                Value::places(cases.iter().copied()),
            ]);
        } else {
            table.left_out += 1;
        }
    }
    if declared.is_empty() {
        let sentence = format!(
            "the card declares no language; {} seem to be {}",
            share(order[0].1.len(), told, "texts that can be told"),
            order[0].0.eng_name()
        );
        return Finding::new(check, Grade::Info, sentence).table(table);
    }
    let (grade, sentence) = if other == 0 {
        (
            Grade::Clear,
            format!("all {told} texts that can be told seem to be in a declared language"),
        )
    } else {
        let grade = if other as f64 > MANY * told as f64 {
            Grade::Warning
        } else {
            Grade::Info
        };
        let sentence = format!(
            "{} seem to be in another language than {}; a hint, since close languages are confused",
            share(other, told, "texts that can be told"),
            declared.join(", ")
        );
        (grade, sentence)
    };
    Finding::new(check, grade, sentence)
        .affects(other, told)
        .table(table)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_tag_of_the_list_is_known_to_the_detector() {
        let tags: Vec<&str> = TWO_LETTERS.split(' ').step_by(2).collect();
        assert!(tags.is_sorted_by_key(|tag| tag.as_bytes()[0]));
        for tag in &tags {
            assert!(known(tag).is_some(), "{tag}");
        }
        assert_eq!(known("pt-BR"), Some(Lang::Por));
        assert_eq!(known("zh-Hant-TW"), Some(Lang::Cmn));
        assert_eq!(known("ace"), None);
        // Every language of the detector with a two-letter tag can be declared by it.
        let codes: Vec<&str> = TWO_LETTERS.split(' ').skip(1).step_by(2).collect();
        let missing: Vec<&str> = Lang::all()
            .iter()
            .map(|lang| lang.code())
            .filter(|code| !codes.contains(code))
            .collect();
        assert!(missing.is_empty(), "{missing:?}");
    }
}
