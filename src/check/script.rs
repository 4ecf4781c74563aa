//! Texts in another script than the language of the card is written in.

use std::collections::BTreeMap;

use unicode_script::{Script, UnicodeScript};

use super::duplicates::notable;
use super::finding::{Finding, Grade, Table, Value, percent, share};
use super::page::Check;
use crate::dataset::Dataset;

/// Scripts by language, after the likely subtags of CLDR. Languages written in two scripts have both.
const SCRIPTS: [(&str, &str); 27] = [
    (
        "Latn",
        "ace af ak als an ast ay az ban bbc bcl bjn br bs bug ca ceb co cs cy da de en eo es et eu fi fil fo fr fy ga gd gl gn gsw ha haw hmn hr ht hu id ig ilo is it jam jv kab ku la lb lg ln lt lv mad mg mi min ms mt nb nds nij nl nn no nr nso ny oc om pap pcm pl pt qu rm rn ro rw sc sco se sg sk sl sm sn so sq sr ss st su sv sw szl tet tk tl tn to tr ts uz vec vi vo wa war wo xh yo za zu",
    ),
    (
        "Cyrl",
        "ab az ba be bg bs ce chm cv kk kv ky mk mn myv os ru sah sr tg tt udm uk uz",
    ),
    (
        "Arab",
        "ar arq ary arz bal ckb dv fa ku ks pnb prs ps sd skr ug ur uz",
    ),
    ("Thaa", "dv"),
    ("Deva", "awa bho bh doi hi kok ks mai mr ne new sa sd"),
    ("Beng", "as bn mni bpy"),
    ("Guru", "pa"),
    ("Gujr", "gu"),
    ("Orya", "or"),
    ("Taml", "ta"),
    ("Telu", "te"),
    ("Knda", "kn tcy"),
    ("Mlym", "ml"),
    ("Sinh", "si"),
    ("Thai", "th"),
    ("Laoo", "lo"),
    ("Tibt", "bo dz"),
    ("Mymr", "my shn"),
    ("Geor", "ka xmf"),
    ("Hang", "ko"),
    ("Ethi", "am ti"),
    ("Khmr", "km"),
    ("Grek", "el grc"),
    ("Armn", "hy hyw"),
    ("Hebr", "he yi"),
    ("Hani", "zh yue wuu cmn lzh nan ja ko"),
    ("Kana", "ja"),
];

/// The first part of a BCP 47 tag.
pub fn primary(tag: &str) -> &str {
    tag.split(['-', '_']).next().unwrap_or(tag)
}

/// The scripts of a tag; empty where they are not known.
fn scripts(tag: &str) -> Vec<Script> {
    let named = tag
        .split(['-', '_'])
        .skip(1)
        .find(|part| part.len() == 4 && part.chars().all(|c| c.is_ascii_alphabetic()));
    let codes: Vec<&str> = match named {
        // Parts of the joint scripts of Chinese, Japanese and Korean.
        Some("Hans" | "Hant") => vec!["Hani"],
        Some("Jpan") => vec!["Hani", "Kana"],
        Some("Kore") => vec!["Hang", "Hani"],
        Some(code) => vec![code],
        None => {
            let language = primary(tag).to_ascii_lowercase();
            SCRIPTS
                .iter()
                .filter(|(_, languages)| languages.split(' ').any(|known| known == language))
                .map(|(code, _)| *code)
                .collect()
        }
    };
    let mut scripts: Vec<Script> = codes
        .into_iter()
        .filter_map(Script::from_short_name)
        .collect();
    if scripts.contains(&Script::Katakana) {
        scripts.push(Script::Hiragana);
    }
    if scripts.contains(&Script::Han) {
        scripts.push(Script::Bopomofo);
    }
    scripts
}

/// The script that most letters of a text belong to, if more than half of its letters are outside `declared`.
fn outside(text: &str, declared: &[Script]) -> (bool, Option<Script>) {
    let mut counts: BTreeMap<&'static str, (Script, usize)> = BTreeMap::new();
    let (mut letters, mut strange) = (0, 0);
    for character in text.chars().filter(|c| c.is_alphabetic()) {
        let script = if character.is_ascii() {
            Script::Latin
        } else {
            character.script()
        };
        if matches!(script, Script::Common | Script::Inherited | Script::Unknown) {
            continue;
        }
        letters += 1;
        if !declared.contains(&script) {
            strange += 1;
            counts.entry(script.full_name()).or_insert((script, 0)).1 += 1;
        }
    }
    let most = counts
        .into_values()
        .max_by_key(|(_, count)| *count)
        .map(|(script, _)| script);
    (letters > 0, most.filter(|_| strange * 2 > letters))
}

/// Texts outside the declared scripts.
pub fn script(dataset: &Dataset) -> Finding {
    let check = Check::Script;
    let Some(texts) = &dataset.cases.texts else {
        return Finding::no_text(check);
    };
    let tags = &dataset.card.language;
    if tags.is_empty() {
        return Finding::new(check, Grade::Unchecked, "the card declares no language");
    }
    let mut declared = Vec::new();
    for tag in tags {
        let scripts = scripts(tag);
        if scripts.is_empty() {
            return Finding::new(
                check,
                Grade::Unchecked,
                format!("the script of {tag} is not known here; name it in the tag, as in sr-Latn"),
            );
        }
        declared.extend(scripts);
    }
    let mut found: BTreeMap<&'static str, Vec<usize>> = BTreeMap::new();
    let (mut with_letters, mut n) = (0, 0);
    for (case, text) in texts.iter().enumerate() {
        let (has_letters, strange) = outside(text, &declared);
        with_letters += usize::from(has_letters);
        if let Some(script) = strange {
            n += 1;
            found.entry(script.full_name()).or_default().push(case);
        }
    }
    if with_letters == 0 {
        return Finding::new(check, Grade::Unchecked, "no text has a letter");
    }
    if n == 0 {
        return Finding::new(
            check,
            Grade::Clear,
            "every text is in the script of its language",
        );
    }
    let mut table = Table::new(&[
        ("script", "script"),
        ("cases", "cases"),
        ("share", "share"),
        ("places", "first of them in the file"),
    ]);
    for (name, cases) in &found {
        table.row(vec![
            Value::Text(name.replace('_', " ")),
            (cases.len() as u64).into(),
            Value::Text(percent(cases.len(), with_letters)),
            Value::places(cases.iter().copied()),
        ]);
    }
    let grade = if notable(n, with_letters) {
        Grade::Warning
    } else {
        Grade::Info
    };
    let sentence = format!(
        "{} are mostly in another script than {} is written in",
        share(n, with_letters, "texts with letters"),
        tags.join(", ")
    );
    Finding::new(check, grade, sentence)
        .affects(n, with_letters)
        .table(table)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_script_of_the_list_has_a_unicode_name() {
        for (code, languages) in SCRIPTS {
            assert!(Script::from_short_name(code).is_some(), "{code}");
            assert!(
                languages
                    .split(' ')
                    .all(|language| matches!(language.len(), 2 | 3)),
                "{code}"
            );
        }
    }

    #[test]
    fn a_text_is_outside_when_most_of_its_letters_are() {
        let english = scripts("en-GB");
        assert_eq!(outside("Привет, Tom", &english).1, Some(Script::Cyrillic));
        assert_eq!(outside("Tom said привет", &english).1, None);
        assert_eq!(outside("12 :-) 👍", &english), (false, None));
        assert_eq!(outside("彼はカメラが好き", &scripts("ja")).1, None);
        assert_eq!(
            outside("dobar dan", &scripts("sr-Cyrl")).1,
            Some(Script::Latin)
        );
        assert_eq!(outside("dobar dan", &scripts("sr")).1, None);
        assert_eq!(outside("您好", &scripts("zh-Hant-TW")).1, None);
        assert!(scripts("tlh").is_empty());
    }
}
