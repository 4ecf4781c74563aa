//! Numbers as people read them.

/// A number with thousands set apart: "12,345".
pub fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A number with so many decimals, and no sign on what rounds to zero.
pub fn decimal(number: f64, places: usize) -> String {
    let text = format!("{number:.places$}");
    match text.strip_prefix('-') {
        Some(digits) if is_zero(digits) => digits.to_owned(),
        _ => text,
    }
}

/// A limit of an interval: with as many more decimals, up to six, as tell it from zero, since an interval without zero must
/// not look like one that holds it.
pub fn limit(number: f64, places: usize) -> String {
    apart(number, 0.0, places)
}

/// A limit of an interval with as many more decimals, up to six, as tell it from a line that it may lie just beside.
pub fn apart(number: f64, line: f64, places: usize) -> String {
    let mut all = (places..=6).filter_map(|places| {
        let text = decimal(number, places);
        (text != decimal(line, places)).then_some(text)
    });
    all.next().unwrap_or_else(|| decimal(number, places))
}

/// The same with a sign on all but zero: for differences.
pub fn signed_limit(number: f64, places: usize) -> String {
    with_sign(limit(number, places))
}

/// A number with so many decimals, and a sign on all but zero: for differences.
pub fn signed(number: f64, places: usize) -> String {
    with_sign(decimal(number, places))
}

fn with_sign(text: String) -> String {
    if text.starts_with('-') || is_zero(&text) {
        text
    } else {
        format!("+{text}")
    }
}

fn is_zero(digits: &str) -> bool {
    digits.chars().all(|digit| matches!(digit, '0' | '.'))
}

/// A number with its noun, in the plural unless it is one: `1 case`, `2 cases`.
pub fn counted(number: usize, noun: &str) -> String {
    let ending = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{ending}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_rounds_to_zero_has_no_sign() {
        for (number, places, plain, with_sign) in [
            (-0.0004, 3, "0.000", "0.000"),
            (0.0004, 3, "0.000", "0.000"),
            (-0.0, 2, "0.00", "0.00"),
            (-0.4, 0, "0", "0"),
            (-0.0006, 3, "-0.001", "-0.001"),
            (0.25, 2, "0.25", "+0.25"),
            (-12.5, 1, "-12.5", "-12.5"),
        ] {
            assert_eq!(decimal(number, places), plain);
            assert_eq!(signed(number, places), with_sign);
        }
    }

    #[test]
    fn a_limit_that_is_not_zero_does_not_look_like_it() {
        for (number, places, plain, with_sign) in [
            (-0.0047, 2, "-0.005", "-0.005"),
            (0.0047, 2, "0.005", "+0.005"),
            (0.0051, 2, "0.01", "+0.01"),
            (-0.00004, 3, "-0.00004", "-0.00004"),
            (0.0, 2, "0.00", "0.00"),
            (-4e-7, 2, "0.00", "0.00"),
            (-0.3, 2, "-0.30", "-0.30"),
            (12.0, 1, "12.0", "+12.0"),
        ] {
            assert_eq!(limit(number, places), plain);
            assert_eq!(signed_limit(number, places), with_sign);
        }
        assert_eq!(apart(0.3981, 0.4, 2), "0.398");
        assert_eq!(apart(0.39999, 0.4, 2), "0.39999");
        assert_eq!(apart(0.4, 0.4, 2), "0.40");
        assert_eq!(apart(0.41, 0.4, 2), "0.41");
    }
}
