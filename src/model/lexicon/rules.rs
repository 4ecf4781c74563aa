//! How the words around a rated word change its valence: degree adverbs, negation, capitals,
//! idioms and "but". Constants are the empirical means of Hutto & Gilbert 2014; the windows, the
//! order and the oddities are those of vaderSentiment 3.3.2.

use super::token::Token;
use super::vocabulary::{Cue, DEGREE};
use std::collections::BTreeSet;

/// Mean change of intensity by a word in capitals among words that are not.
const CAPITALS: f64 = 0.733;
/// What negation multiplies a valence with.
const NEGATION: f64 = -0.74;
/// What "never so" and "never this" multiply a valence with.
const NEVER_SO: f64 = 1.25;
/// The share of a degree adverb's effect that is left one, two and three words away.
const FADING: [f64; 3] = [1.0, 0.95, 0.9];

/// Idioms whose words are rated but mean something else together.
const IDIOMS: &[(&[Cue], f64)] = &[
    (&[Cue::The, Cue::Shit], 3.0),
    (&[Cue::The, Cue::Bomb], 3.0),
    (&[Cue::Bad, Cue::Ass], 1.5),
    (&[Cue::Bus, Cue::Stop], 0.0),
    (&[Cue::Yeah, Cue::Right], -2.0),
    (&[Cue::Kiss, Cue::Of, Cue::Death], -1.5),
    (&[Cue::To, Cue::Die, Cue::For], 3.0),
    (&[Cue::Beating, Cue::Heart], 3.5),
];

/// Degree adverbs of two words.
const DAMPENING_PAIRS: &[[Cue; 2]] = &[
    [Cue::Just, Cue::Enough],
    [Cue::Kind, Cue::Of],
    [Cue::Sort, Cue::Of],
];

/// The valence of the token at `place`, changed by its neighbours; 0 for a word without rating.
///
/// `emphatic` says whether some but not all words of the text are in capitals.
pub(super) fn valence(tokens: &[Token], place: usize, emphatic: bool) -> f64 {
    let (before, token) = (&tokens[..place], &tokens[place]);
    let next = tokens.get(place + 1);
    let Some(rating) = token.word.valence else {
        return 0.0;
    };
    if token.word.degree.is_some()
        || token.is(Cue::Kind) && next.is_some_and(|next| next.is(Cue::Of))
    {
        return 0.0;
    }

    let mut valence = rating;
    // "No" before a rated word only negates it; alone it has a rating of its own.
    if token.is(Cue::No) && next.is_some_and(|next| next.word.valence.is_some()) {
        valence = 0.0;
    }
    if follows_no(before) {
        valence = rating * NEGATION;
    }
    if token.capitals && emphatic {
        valence += away_from_zero(CAPITALS, valence);
    }
    for (distance, fading) in (1..).zip(FADING) {
        let Some(index) = place.checked_sub(distance) else {
            break;
        };
        let modifier = &tokens[index];
        if modifier.word.valence.is_some() {
            continue;
        }
        valence += degree(modifier, valence, emphatic) * fading;
        valence *= negation(&before[index..]);
        if distance == FADING.len() {
            valence = dampened(idiom(tokens, place).unwrap_or(valence), &before[index..]);
        }
    }
    if follows_least(before) {
        valence * NEGATION
    } else {
        valence
    }
}

/// "But" halves what stands before it and raises what follows by half.
///
/// The reference looks each value up by itself and changes the *first* token that has it, so
/// that of two equal values the first may change twice and the second not at all. Users' scores
/// depend on it, hence it is kept.
pub(super) fn contrast(valences: &mut [f64], but: usize) {
    // Ordered by value, then by place; zeros are left out, since no factor moves them. Searching
    // the list itself would take quadratic time, which a text of a megabyte must not cost.
    let rated = valences
        .iter()
        .enumerate()
        .filter(|(_, value)| **value != 0.0);
    let mut places: BTreeSet<(u64, usize)> = rated
        .map(|(place, value)| (value.to_bits(), place))
        .collect();
    for place in 0..valences.len() {
        let bits = valences[place].to_bits();
        let Some(&(found, first)) = places.range((bits, 0)..).next() else {
            continue;
        };
        if found != bits || first == but {
            continue;
        }
        valences[first] *= if first < but { 0.5 } else { 1.5 };
        places.remove(&(bits, first));
        places.insert((valences[first].to_bits(), first));
    }
}

/// "No" up to two words before, or three where "or" or "nor" stands between ("no this or that").
fn follows_no(before: &[Token]) -> bool {
    match before {
        [.., third, _, last] if third.is(Cue::No) && (last.is(Cue::Or) || last.is(Cue::Nor)) => {
            true
        }
        [.., second, last] => second.is(Cue::No) || last.is(Cue::No),
        [last] => last.is(Cue::No),
        [] => false,
    }
}

/// "Least" just before, except in "at least" and "very least".
fn follows_least(before: &[Token]) -> bool {
    match before {
        [.., second, _] if second.is(Cue::At) || second.is(Cue::Very) => false,
        [.., least] => least.is(Cue::Least) && least.word.valence.is_none(),
        [] => false,
    }
}

/// What a degree adverb adds to a valence, before fading.
fn degree(adverb: &Token, valence: f64, emphatic: bool) -> f64 {
    let Some(change) = adverb.word.degree else {
        return 0.0;
    };
    let change = if valence < 0.0 { -change } else { change };
    if adverb.capitals && emphatic {
        change + away_from_zero(CAPITALS, valence)
    } else {
        change
    }
}

/// The factor of a possible negation, the first of the one to three words before a rated one.
fn negation(window: &[Token]) -> f64 {
    let (raised, kept) = match window {
        [first, last] => (
            first.is(Cue::Never) && so_or_this(last),
            first.is(Cue::Without) && last.is(Cue::Doubt),
        ),
        // In the reference "so" just before raises even where no "never" stands three words away.
        [first, middle, last] => (
            first.is(Cue::Never) && so_or_this(middle) || so_or_this(last),
            first.is(Cue::Without) && (middle.is(Cue::Doubt) || last.is(Cue::Doubt)),
        ),
        _ => (false, false),
    };
    match window {
        _ if raised => NEVER_SO,
        [first, ..] if first.word.negates && !kept => NEGATION,
        _ => 1.0,
    }
}

fn so_or_this(token: &Token) -> bool {
    token.is(Cue::So) || token.is(Cue::This)
}

/// The valence of an idiom around the token at `place`, which has three words before it.
fn idiom(tokens: &[Token], place: usize) -> Option<f64> {
    let ending_here_or_before = [
        place - 1..place + 1,
        place - 2..place + 1,
        place - 2..place,
        place - 3..place,
        place - 3..place - 1,
    ];
    let rating = |range| {
        let window: &[Token] = tokens.get(range)?;
        let same = |cues: &[Cue]| {
            cues.len() == window.len() && window.iter().zip(cues).all(|(token, &cue)| token.is(cue))
        };
        IDIOMS
            .iter()
            .find(|(cues, _)| same(cues))
            .map(|&(_, rating)| rating)
    };
    // One that starts here overrides one that ends here, and the longer one the shorter.
    rating(place..place + 3)
        .or_else(|| rating(place..place + 2))
        .or_else(|| ending_here_or_before.into_iter().find_map(rating))
}

/// A valence less what degree adverbs of two words among the three before it take away. The
/// reference takes it from negative valences too.
fn dampened(valence: f64, window: &[Token]) -> f64 {
    window.windows(2).fold(valence, |valence, pair| {
        let same = |cues: &[Cue; 2]| pair[0].is(cues[0]) && pair[1].is(cues[1]);
        if DAMPENING_PAIRS.iter().any(same) {
            valence - DEGREE
        } else {
            valence
        }
    })
}

/// The amount with the sign of the valence, negative at zero.
fn away_from_zero(amount: f64, valence: f64) -> f64 {
    if valence > 0.0 { amount } else { -amount }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn but_changes_the_first_of_equal_values() {
        let mut valences = [1.0, 2.0, 0.0, 3.0, 0.0];
        contrast(&mut valences, 2);
        assert_eq!(valences, [0.5, 1.0, 0.0, 4.5, 0.0]);

        // The 3 after "but" finds the 3 before it, already halved from 6; it stays as it is.
        let mut valences = [6.0, 0.0, 3.0];
        contrast(&mut valences, 1);
        assert_eq!(valences, [1.5, 0.0, 3.0]);
    }

    #[test]
    fn the_amount_takes_the_sign_of_the_valence() {
        assert_eq!(away_from_zero(CAPITALS, 1.0), CAPITALS);
        assert_eq!(away_from_zero(CAPITALS, 0.0), -CAPITALS);
    }
}
