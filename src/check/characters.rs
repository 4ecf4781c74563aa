//! Characters that nobody sees, that turn text, or that a wrong decoding left behind.

use super::duplicates::notable;
use super::finding::{Finding, Grade, Table, Value, listed, share};
use super::page::Check;
use crate::case::Cases;
use crate::diagnostic::thousands;

/// What is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Override,
    Direction,
    Control,
    Invisible,
    Replacement,
    Private,
    WronglyDecoded,
}

const KINDS: [(Kind, &str); 7] = [
    (Kind::Override, "override of direction"),
    (Kind::Direction, "mark of direction"),
    (Kind::Control, "control character"),
    (Kind::Invisible, "invisible character"),
    (Kind::Replacement, "replacement character"),
    (Kind::Private, "character for private use"),
    (Kind::WronglyDecoded, "UTF-8 read in another encoding"),
];

fn kind(character: char) -> Option<Kind> {
    Some(match character {
        '\t' | '\n' | '\r' => return None,
        '\u{202d}' | '\u{202e}' => Kind::Override,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202c}' | '\u{2066}'..='\u{2069}' => {
            Kind::Direction
        }
        // Joiners (200C, 200D) are part of emoji and of several scripts, soft hyphens of web text; a byte order mark
        // that begins a text is only left over.
        '\u{200b}'
        | '\u{2060}'..='\u{2064}'
        | '\u{feff}'
        | '\u{180e}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e001f}' => Kind::Invisible,
        '\u{fffd}' => Kind::Replacement,
        '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{ffffd}' | '\u{100000}'..='\u{10fffd}' => {
            Kind::Private
        }
        other if other.is_control() => Kind::Control,
        _ => return None,
    })
}

/// Whether a text holds what UTF-8 looks like when it is read as Windows-1252 or Latin-1: the first byte of a two-byte
/// letter shown as `Ã` or `Â` before a sign, or of a quotation mark as `â€`.
fn wrongly_decoded(text: &str) -> bool {
    let mut last = ' ';
    for character in text.chars() {
        let after = matches!(character, '\u{a1}'..='\u{bf}' | '\u{80}'..='\u{9f}');
        if (matches!(last, 'Ã' | 'Â') && after)
            || (last == 'â' && matches!(character, '€' | '\u{80}'))
            || (last == 'ð' && character == 'Ÿ')
        {
            return true;
        }
        last = character;
    }
    false
}

/// Counts texts with such characters.
pub fn hidden(cases: &Cases) -> Finding {
    let check = Check::HiddenCharacters;
    let Some(texts) = &cases.texts else {
        return Finding::no_text(check);
    };
    let mut found: Vec<Vec<usize>> = vec![Vec::new(); KINDS.len()];
    let mut any = 0;
    for (case, text) in texts.iter().enumerate() {
        if text.is_ascii() && !text.bytes().any(|byte| byte < 0x20 || byte == 0x7f) {
            continue;
        }
        let mut here = [false; KINDS.len()];
        for kind in text.chars().filter_map(kind) {
            here[kind as usize] = true;
        }
        here[Kind::WronglyDecoded as usize] = wrongly_decoded(text);
        any += usize::from(here.contains(&true));
        for (cases, here) in found.iter_mut().zip(here) {
            if here {
                cases.push(case);
            }
        }
    }
    if any == 0 {
        return Finding::new(check, Grade::Clear, "no text holds any");
    }
    let mut table = Table::new(&[
        ("kind", "kind"),
        ("cases", "cases"),
        ("places", "first of them in the file"),
    ]);
    let mut kinds = Vec::new();
    for ((_, name), cases) in KINDS.iter().zip(&found) {
        if !cases.is_empty() {
            kinds.push(format!("{name} in {}", thousands(cases.len() as u64)));
            table.row(vec![
                (*name).into(),
                (cases.len() as u64).into(),
                Value::places(cases.iter().copied()),
            ]);
        }
    }
    let grade = if notable(any, texts.len()) || !found[Kind::Override as usize].is_empty() {
        Grade::Warning
    } else {
        Grade::Info
    };
    let sentence = format!(
        "{} hold some: {}",
        share(any, texts.len(), "texts"),
        listed(&kinds)
    );
    Finding::new(check, grade, sentence)
        .affects(any, texts.len())
        .table(table)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn harmless_signs_are_not_reported() {
        for text in [
            "tab\tand\r\nline",
            "👩\u{200d}🚀",
            "می\u{200c}خواهم",
            "naïve château",
            "Â ton tour",
            "plan B – 2 €",
        ] {
            assert!(text.chars().all(|c| kind(c).is_none()), "{text}");
            assert!(!wrongly_decoded(text), "{text}");
        }
    }

    #[test]
    fn each_kind_is_known() {
        let kinds: Vec<Kind> = "\u{202e}\u{2066}\u{92}\u{200b}\u{fffd}\u{e000}"
            .chars()
            .filter_map(kind)
            .collect();
        let expected: Vec<Kind> = KINDS.iter().take(6).map(|(kind, _)| *kind).collect();
        assert_eq!(kinds, expected);
        for text in ["cafÃ©", "donâ€™t", "Â£5", "ðŸ˜€"] {
            assert!(wrongly_decoded(text), "{text}");
        }
    }
}
