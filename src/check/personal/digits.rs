//! Check digits of cards, accounts and national ids.

fn digits(text: &str) -> Vec<u32> {
    text.chars().filter_map(|c| c.to_digit(10)).collect()
}

/// Luhn's check (ISO/IEC 7812-1, annex B): from the right every second digit doubled, digits summed, a multiple of 10.
pub fn luhn(text: &str) -> bool {
    let digits = digits(text);
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| match place % 2 {
            0 => *digit,
            _ => digit * 2 / 10 + digit * 2 % 10,
        })
        .sum();
    !digits.is_empty() && sum.is_multiple_of(10)
}

/// Whether the length and the first digits are those of a network that issues payment cards.
pub fn card(text: &str) -> bool {
    let digits = digits(text);
    let start = |n: usize| {
        digits
            .iter()
            .take(n)
            .fold(0, |number, digit| number * 10 + digit)
    };
    match digits.len() {
        13 | 19 if start(1) == 4 => true,
        14 => matches!(start(3), 300..=305 | 309) || matches!(start(2), 36 | 38 | 39),
        15 => matches!(start(2), 34 | 37),
        16 => {
            start(1) == 4
                || matches!(start(2), 51..=55 | 62 | 65)
                || matches!(start(4), 2221..=2720 | 3528..=3589 | 6011)
                || matches!(start(3), 644..=649)
        }
        17..=19 => start(2) == 62,
        _ => false,
    }
}

/// ISO 13616: the first four characters moved to the end, letters as 10 to 35, modulo 97 leaves 1.
pub fn iban(text: &str) -> bool {
    let plain: Vec<char> = text.chars().filter(|c| *c != ' ').collect();
    if !(15..=34).contains(&plain.len()) {
        return false;
    }
    let rest = plain[4..]
        .iter()
        .chain(&plain[..4])
        .fold(0_u32, |rest, character| match character.to_digit(36) {
            Some(value) if value > 9 => (rest * 100 + value) % 97,
            Some(value) => (rest * 10 + value) % 97,
            None => rest,
        });
    rest == 1
}

/// Social security number of the United States: no check digit, but areas, groups and serials that are never given.
pub fn ssn(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    match parts.as_slice() {
        [area, group, serial] => {
            !matches!(*area, "000" | "666")
                && !area.starts_with('9')
                && *group != "00"
                && *serial != "0000"
        }
        _ => false,
    }
}

/// National insurance number of the United Kingdom: prefixes that are never given.
pub fn nino(text: &str) -> bool {
    !["BG", "GB", "KN", "NK", "NT", "TN", "ZZ"]
        .iter()
        .any(|prefix| text.starts_with(prefix))
}

/// DNI and NIE of Spain: the letter is the number modulo 23.
pub fn dni(text: &str) -> bool {
    const LETTERS: &[u8; 23] = b"TRWAGMYFPDXBNJZSQVHLCKE";
    let mut number = String::new();
    for character in text.chars().take(text.len() - 1) {
        match character {
            'X' => number.push('0'),
            'Y' => number.push('1'),
            'Z' => number.push('2'),
            digit if digit.is_ascii_digit() => number.push(digit),
            _ => {}
        }
    }
    let letter = number
        .parse::<usize>()
        .ok()
        .map(|number| LETTERS[number % 23]);
    letter == text.bytes().last()
}

/// NIR of France: the last two digits are 97 less the first thirteen modulo 97.
pub fn nir(text: &str) -> bool {
    let digits = digits(text);
    let number = |part: &[u32]| {
        part.iter()
            .fold(0_u64, |number, digit| number * 10 + u64::from(*digit))
    };
    digits.len() == 15 && number(&digits[13..]) == 97 - number(&digits[..13]) % 97
}

/// Resident number of China (GB 11643-1999): ISO 7064 MOD 11-2.
pub fn china(text: &str) -> bool {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = digits(&text[..17])
        .iter()
        .zip(WEIGHTS)
        .map(|(digit, weight)| digit * weight)
        .sum();
    let check = text.chars().last().map(|c| {
        if matches!(c, 'X' | 'x') {
            10
        } else {
            c.to_digit(10).unwrap_or(11)
        }
    });
    check == Some((12 - sum % 11) % 11)
}

/// CPF of Brazil: two check digits modulo 11; numbers of one repeated digit are never given.
pub fn cpf(text: &str) -> bool {
    let digits = digits(text);
    let check = |n: usize| {
        let sum: u32 = digits
            .iter()
            .take(n)
            .enumerate()
            .map(|(place, digit)| digit * (n + 1 - place) as u32)
            .sum();
        sum * 10 % 11 % 10
    };
    digits.len() == 11
        && digits.iter().any(|digit| *digit != digits[0])
        && digits[9] == check(9)
        && digits[10] == check(10)
}

/// Aadhaar of India: Verhoeff's check over the group of the pentagon's symmetries (Verhoeff 1969).
pub fn aadhaar(text: &str) -> bool {
    /// The permutation that is applied once more at each place.
    const PERMUTATION: [usize; 10] = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];
    // The product of two symmetries: 0 to 4 turn the pentagon, 5 to 9 mirror it.
    let product = |a: usize, b: usize| match (a < 5, b < 5) {
        (true, true) => (a + b) % 5,
        (true, false) => 5 + (a + b - 5) % 5,
        (false, true) => 5 + (a - 5 + 5 - b) % 5,
        (false, false) => (a - 5 + 5 - (b - 5)) % 5,
    };
    let check = digits(text)
        .iter()
        .rev()
        .enumerate()
        .fold(0, |check, (place, digit)| {
            let turned = (0..place % 8).fold(*digit as usize, |digit, _| PERMUTATION[digit]);
            product(check, turned)
        });
    check == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Changing any one digit must break a check that has a check digit.
    fn guards(holds: fn(&str) -> bool, number: &str) {
        assert!(holds(number), "{number}");
        for (place, old) in number.char_indices().filter(|(_, c)| c.is_ascii_digit()) {
            for new in ('0'..='9').filter(|new| *new != old) {
                let mut other = number.to_owned();
                other.replace_range(place..=place, &new.to_string());
                assert!(!holds(&other), "{other}");
            }
        }
    }

    #[test]
    fn published_examples_hold_and_no_single_slip_passes() {
        // ISO/IEC 7812-1 and the test numbers that card networks publish.
        for number in [
            "79927398713",
            "4111111111111111",
            "378282246310005",
            "6011111111111117",
            "30569309025904",
        ] {
            guards(luhn, number);
        }
        guards(iban, "GB82WEST12345698765432");
        guards(dni, "12345678Z");
        guards(china, "11010519491231002X");
        guards(cpf, "111.444.777-35");
        // Verhoeff's own example, 236 with check digit 3.
        guards(aadhaar, "2363");
        guards(nir, "255081416802538");
    }

    #[test]
    fn cards_have_the_length_and_start_of_their_network() {
        for number in [
            "4222222222222",
            "4111111111111111",
            "5555555555554444",
            "2221000000000009",
            "2720990000000007",
            "378282246310005",
            "30569309025904",
            "6011111111111117",
            "3530111333300000",
        ] {
            assert!(card(number) && luhn(number), "{number}");
        }
        for number in [
            "2220990000000000",
            "2721000000000000",
            "5011111111111111",
            "5655555555555555",
            "411111111111111",
            "41111111111111111",
            "1234567890123456",
        ] {
            assert!(!card(number), "{number}");
        }
        assert!(luhn("0") && !luhn("") && !luhn("1"));
    }

    #[test]
    fn numbers_that_are_never_given_are_none() {
        assert!(ssn("078-05-1120"));
        for number in [
            "000-12-3456",
            "666-12-3456",
            "900-12-3456",
            "123-00-4567",
            "123-45-0000",
        ] {
            assert!(!ssn(number), "{number}");
        }
        assert!(!cpf("111.111.111-11"));
        assert!(nino("AB123456C") && !nino("GB123456C"));
    }
}
