//! Shapes of addresses, numbers and account names in a text.

use std::sync::LazyLock;

use regex::Regex;

use super::digits::{aadhaar, card, china, cpf, dni, iban, luhn, nino, nir, ssn};

/// A kind of personal data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An e-mail address.
    Email,
    /// A phone number.
    Phone,
    /// The name of an account.
    Handle,
    /// The number of a payment card.
    Card,
    /// The number of a bank account.
    Account,
    /// A national id number.
    NationalId,
}

/// Every kind with its name for people.
pub const KINDS: [(Kind, &str); 6] = [
    (Kind::Email, "e-mail address"),
    (Kind::Phone, "phone number"),
    (Kind::Handle, "account name"),
    (Kind::Card, "payment card number"),
    (Kind::Account, "bank account (IBAN)"),
    (Kind::NationalId, "national id number"),
];

/// Names of accounts that stand for any account.
const PLACEHOLDERS: [&str; 9] = [
    "user",
    "username",
    "usermention",
    "mention",
    "handle",
    "name",
    "anonymous",
    "anon",
    "someone",
];

struct Shape {
    kind: Kind,
    pattern: Regex,
    holds: fn(&str) -> bool,
}

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).unwrap_or_else(|error| unreachable!("a pattern of ours: {error}"))
}

fn shape(kind: Kind, pattern: &str, holds: fn(&str) -> bool) -> Shape {
    Shape {
        kind,
        pattern: regex(pattern),
        holds,
    }
}

/// Numbers, the most specific first: what one has taken is not looked at by the next.
static NUMBERS: LazyLock<Vec<Shape>> = LazyLock::new(|| {
    let any = |_: &str| true;
    vec![
        shape(
            Kind::Account,
            r"[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?",
            iban,
        ),
        shape(Kind::Card, r"[0-9](?:[ -]?[0-9]){12,18}", |text| {
            card(text) && luhn(text)
        }),
        shape(
            Kind::NationalId,
            r"[1-9][0-9]{5}(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9Xx]",
            china,
        ),
        shape(
            Kind::NationalId,
            r"[12] ?[0-9]{2} ?(?:0[1-9]|1[0-2]) ?[0-9]{2} ?[0-9]{3} ?[0-9]{3} ?[0-9]{2}",
            nir,
        ),
        shape(
            Kind::NationalId,
            r"[0-9]{3}\.[0-9]{3}\.[0-9]{3}-[0-9]{2}",
            cpf,
        ),
        shape(
            Kind::NationalId,
            r"[2-9][0-9]{3} [0-9]{4} [0-9]{4}",
            aadhaar,
        ),
        shape(Kind::NationalId, r"[0-9]{3}-[0-9]{2}-[0-9]{4}", ssn),
        shape(
            Kind::NationalId,
            r"(?:[0-9]{8}|[XYZ]-?[0-9]{7})-?[A-Z]",
            dni,
        ),
        shape(
            Kind::NationalId,
            r"[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?[0-9]{2} ?[0-9]{2} ?[0-9]{2} ?[A-D]",
            nino,
        ),
        shape(
            Kind::NationalId,
            r"[A-Z]{6}[0-9]{2}[A-EHLMPRST][0-9]{2}[A-Z][0-9]{3}[A-Z]",
            any,
        ),
        shape(
            Kind::Phone,
            r"(?:\+|00)[1-9](?:[ ().-]{0,2}[0-9]){7,14}",
            any,
        ),
        shape(
            Kind::Phone,
            r"(?:1[-. ])?\(?[2-9][0-9]{2}\)?[-. ]{1,2}[2-9][0-9]{2}[-. ][0-9]{4}",
            any,
        ),
        shape(Kind::Phone, r"0[1-9](?:[ .-][0-9]{2}){4}", any),
        shape(
            Kind::Phone,
            r"\(?0[1-9][0-9]{1,4}\)?[ /-]{1,2}[0-9]{3,4}[ -]?[0-9]{3,5}",
            any,
        ),
        shape(Kind::Phone, r"07[0-9]{3}[ -]?[0-9]{6}", any),
    ]
});

static EMAIL: LazyLock<Regex> = LazyLock::new(|| {
    regex(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){0,4}\.[A-Za-z]{2,24}")
});

static HANDLE: LazyLock<Regex> =
    LazyLock::new(|| regex(r"@[A-Za-z0-9_][A-Za-z0-9_.]{1,29}|/?\bu/[A-Za-z0-9_-]{3,20}"));

/// The kinds that a text holds, in their order.
pub fn in_text(text: &str) -> Vec<Kind> {
    let mut kinds = in_name(text);
    let mut rest = text.to_owned();
    if text.bytes().filter(u8::is_ascii_digit).count() >= 7 {
        for shape in NUMBERS.iter() {
            let found: Vec<std::ops::Range<usize>> = shape
                .pattern
                .find_iter(&rest)
                .map(|found| found.range())
                .filter(|range| stands_alone(&rest, range) && (shape.holds)(&rest[range.clone()]))
                .collect();
            for range in found {
                rest.replace_range(range.clone(), &"~".repeat(range.len()));
                kinds.push(shape.kind);
            }
        }
    }
    kinds.sort_by_key(|kind| *kind as usize);
    kinds.dedup();
    kinds
}

/// The kinds that an id or a name of a group can hold: numbers there are mostly keys, and only addresses and accounts
/// are looked for.
pub fn in_name(text: &str) -> Vec<Kind> {
    let mut kinds = Vec::new();
    let has_at = text.contains('@');
    if has_at && EMAIL.is_match(text) {
        kinds.push(Kind::Email);
    }
    if (has_at || text.contains("u/"))
        && HANDLE
            .find_iter(text)
            .any(|found| is_handle(text, &found.range()))
    {
        kinds.push(Kind::Handle);
    }
    kinds
}

fn is_handle(text: &str, range: &std::ops::Range<usize>) -> bool {
    let before = text[..range.start].chars().next_back();
    if before.is_some_and(|c| {
        c.is_alphanumeric() || matches!(c, '.' | '_' | '%' | '+' | '-' | '/' | '@')
    }) {
        return false;
    }
    let name = text[range.clone()]
        .trim_start_matches(['/', '@'])
        .trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '_' | '.'))
        .to_lowercase();
    name.chars().any(char::is_alphabetic) && !PLACEHOLDERS.contains(&name.as_str())
}

/// Whether a number is no part of a longer word, number, path or price.
fn stands_alone(text: &str, range: &std::ops::Range<usize>) -> bool {
    let mut before = text[..range.start].chars().rev();
    let mut after = text[range.end..].chars();
    let joins = |character: char| matches!(character, ' ' | '-' | '.' | ',' | '/');
    let glued = |character: Option<char>| {
        character.is_some_and(|c| {
            c.is_alphanumeric() || matches!(c, '_' | '/' | '=' | '#' | '$' | '€' | '£' | '%' | '+')
        })
    };
    let continued = |first: Option<char>, second: Option<char>| {
        first.is_some_and(joins) && second.is_some_and(|c| c.is_ascii_digit())
    };
    let (first, second) = (before.next(), before.next());
    let (third, fourth) = (after.next(), after.next());
    !glued(first) && !glued(third) && !continued(first, second) && !continued(third, fourth)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_is_found() {
        for (text, kind) in [
            ("write to jo.b+x@mail.example.co.uk!", Kind::Email),
            ("thanks @jo_berg, see you", Kind::Handle),
            ("as u/some-body said", Kind::Handle),
            ("call +49 (0)30 1234567", Kind::Phone),
            ("(212) 555-0142 after six", Kind::Phone),
            ("Tel. 06 12 34 56 78", Kind::Phone),
            ("ring 020 7946 0958", Kind::Phone),
            ("4111-1111-1111-1111", Kind::Card),
            ("IBAN GB82 WEST 1234 5698 7654 32", Kind::Account),
            ("SSN 078-05-1120", Kind::NationalId),
            ("12345678Z", Kind::NationalId),
            ("RSSMRA85T10A562S", Kind::NationalId),
        ] {
            assert_eq!(in_text(text), [kind], "{text}");
        }
    }

    #[test]
    fn everyday_numbers_and_masks_are_left_alone() {
        for text in [
            "@user @USER @username @user_17 [NAME] <user>",
            "on 2020-01-31 and 01/02/2020 at 12:30:45",
            "it cost $1,234,567.89 in 1990-2000",
            "scores 21-19, 18-21, 21-17",
            "v1.2.3.4 and 192.168.100.200",
            "isbn 978-3-16-148410-0",
            "https://t.co/1234567890123 id=2125550142",
            "a@b, me @ home, 5@$3",
            "1234567890123456789",
            "4111 1111 1111 1112",
            "order 12345678A of 100000000 people",
            "w/u/s",
        ] {
            assert_eq!(in_text(text), [], "{text}");
        }
    }

    #[test]
    fn ids_are_searched_for_addresses_only() {
        assert_eq!(in_name("jo@example.org"), [Kind::Email]);
        assert_eq!(in_name("4111111111111111"), []);
    }
}
