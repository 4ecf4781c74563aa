//! Texts that nearly say the same: an exact join of sets of character sequences by their Jaccard index.
//!
//! Prefix, length and positional filters (AllPairs, Bayardo, Ma & Srikant 2007; PPJoin, Xiao et al. 2008) leave out only
//! pairs that cannot reach the threshold, so that nothing is missed and nothing depends on chance.

use std::collections::HashMap;

use rayon::prelude::*;

/// The Jaccard index from which two texts count as near: 4 / 5.
pub const THRESHOLD: f64 = 0.8;

/// The threshold as a fraction, so that no rounding decides.
const NUMERATOR: usize = 4;
const DENOMINATOR: usize = 5;

/// Characters in a sequence.
const SEQUENCE: usize = 4;

/// Fewest characters of a text that is compared.
pub const SHORTEST: usize = 20;

/// The sets of sequences of several texts, with sequences numbered from the rarest.
pub struct Sequences {
    /// For each text its sequences in ascending order; empty where the text is too short.
    sets: Vec<Vec<u32>>,
}

/// What is compared: letters, digits, marks and symbols with single spaces between; punctuation does not count.
fn letters(normal: &str) -> Vec<char> {
    let mut out: Vec<char> = Vec::with_capacity(normal.len());
    for character in normal.chars() {
        let counts = character.is_alphanumeric()
            || (!character.is_ascii()
                && !character.is_whitespace()
                && !matches!(character, '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{205e}' | '\u{3000}'..='\u{303f}' | '\u{a1}' | '\u{ab}' | '\u{b7}' | '\u{bb}' | '\u{bf}'));
        if counts {
            out.push(character);
        } else if character == ' ' && out.last().is_some_and(|last| *last != ' ') {
            out.push(' ');
        }
    }
    if out.last() == Some(&' ') {
        out.pop();
    }
    out
}

/// The distinct sequences of a text, each packed into one number; none where it is too short.
fn sequences(normal: &str) -> Vec<u128> {
    let letters = letters(normal);
    if letters.len() < SHORTEST {
        return Vec::new();
    }
    // A character has 21 bits, so that four fit and no two sequences share a number.
    let mut set: Vec<u128> = letters
        .windows(SEQUENCE)
        .map(|window| {
            window.iter().fold(0, |packed, letter| {
                packed << 21 | u128::from(u32::from(*letter))
            })
        })
        .collect();
    set.sort_unstable();
    set.dedup();
    set
}

impl Sequences {
    /// The sets of texts in normal form.
    pub fn new<'a>(texts: impl Iterator<Item = &'a str>) -> Self {
        let texts: Vec<&str> = texts.collect();
        let packed: Vec<Vec<u128>> = texts.into_par_iter().map(sequences).collect();
        let mut frequency: HashMap<u128, u32> = HashMap::new();
        for sequence in packed.iter().flatten() {
            *frequency.entry(*sequence).or_insert(0) += 1;
        }
        let mut order: Vec<(u32, u128)> = frequency
            .iter()
            .map(|(sequence, count)| (*count, *sequence))
            .collect();
        order.sort_unstable();
        for (rank, (_, sequence)) in order.iter().enumerate() {
            frequency.insert(*sequence, rank as u32);
        }
        let sets = packed
            .into_iter()
            .map(|set| {
                let mut ranks: Vec<u32> = set.iter().map(|sequence| frequency[sequence]).collect();
                ranks.sort_unstable();
                ranks
            })
            .collect();
        Sequences { sets }
    }

    /// How many texts are long enough to be compared.
    pub fn compared(&self) -> usize {
        self.sets.iter().filter(|set| !set.is_empty()).count()
    }

    /// For each text another one that is near, if there is one.
    ///
    /// `wanted` says whether a pair is to be looked at, given which texts have found a neighbour; it must not say
    /// yes for pairs that do not count.
    pub fn neighbours(
        &self,
        wanted: impl Fn(usize, usize, &[Option<usize>]) -> bool,
    ) -> Vec<Option<usize>> {
        let sets = &self.sets;
        let mut order: Vec<usize> = (0..sets.len()).filter(|at| !sets[*at].is_empty()).collect();
        order.sort_by_key(|at| (sets[*at].len(), *at));
        let mut found: Vec<Option<usize>> = vec![None; sets.len()];
        let mut index: HashMap<u32, Postings> = HashMap::new();
        let mut shared: Vec<u32> = vec![0; sets.len()];
        let mut candidates: Vec<usize> = Vec::new();
        for &one in &order {
            let set = &sets[one];
            let size = set.len();
            let smallest = (size * NUMERATOR).div_ceil(DENOMINATOR);
            candidates.clear();
            // Two sets that reach the threshold share a sequence within these first ones of the larger.
            for (at, sequence) in set[..=size - smallest].iter().enumerate() {
                let Some(postings) = index.get_mut(sequence) else {
                    continue;
                };
                postings.forget_below(smallest, sets);
                for &(other, other_at) in postings.left() {
                    let other = other as usize;
                    if shared[other] == PRUNED {
                        continue;
                    }
                    if shared[other] == 0 {
                        candidates.push(other);
                        if !wanted(one, other, &found) {
                            shared[other] = PRUNED;
                            continue;
                        }
                    }
                    let other_size = sets[other].len();
                    let most = (size - at).min(other_size - other_at as usize);
                    if shared[other] as usize + most < needed(size, other_size) {
                        shared[other] = PRUNED;
                    } else {
                        shared[other] += 1;
                    }
                }
            }
            candidates.sort_unstable();
            for &other in &candidates {
                let looked_at = shared[other] != PRUNED && wanted(one, other, &found);
                shared[other] = 0;
                if looked_at && is_near(set, &sets[other]) {
                    found[one].get_or_insert(other);
                    found[other].get_or_insert(one);
                }
            }
            for (at, sequence) in set[..=size - smallest].iter().enumerate() {
                index
                    .entry(*sequence)
                    .or_default()
                    .all
                    .push((one as u32, at as u32));
            }
        }
        found
    }
}

/// Stands for a candidate that cannot reach the threshold any more.
const PRUNED: u32 = u32::MAX;

/// Texts that hold a sequence among their first, by size, with its place in them.
#[derive(Default)]
struct Postings {
    all: Vec<(u32, u32)>,
    start: usize,
}

impl Postings {
    /// Texts come in ascending order of size: those too small now stay too small.
    fn forget_below(&mut self, smallest: usize, sets: &[Vec<u32>]) {
        while self
            .all
            .get(self.start)
            .is_some_and(|(text, _)| sets[*text as usize].len() < smallest)
        {
            self.start += 1;
        }
    }

    fn left(&self) -> &[(u32, u32)] {
        &self.all[self.start..]
    }
}

/// How many sequences two sets of these sizes share at least when their Jaccard index reaches the threshold.
fn needed(one: usize, other: usize) -> usize {
    (NUMERATOR * (one + other)).div_ceil(NUMERATOR + DENOMINATOR)
}

fn is_near(one: &[u32], other: &[u32]) -> bool {
    let needed = needed(one.len(), other.len());
    let (mut left, mut right, mut shared) = (0, 0, 0);
    while left < one.len() && right < other.len() {
        if shared + (one.len() - left).min(other.len() - right) < needed {
            return false;
        }
        match one[left].cmp(&other[right]) {
            std::cmp::Ordering::Less => left += 1,
            std::cmp::Ordering::Greater => right += 1,
            std::cmp::Ordering::Equal => {
                shared += 1;
                left += 1;
                right += 1;
            }
        }
    }
    shared >= needed
}
