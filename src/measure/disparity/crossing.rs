//! Groups of several attributes at once, such as older women, and what may be shown of them: their sums stand beside
//! them as groups of the single attributes.

use std::collections::BTreeMap;

use super::withheld::{Withheld, line};
use super::{Group, split_by};
use crate::case::Cases;
use crate::tally::Evaluation;

/// Where more combinations than this are too small to show, none is: what they give away takes too long to find out.
const MOST_HIDDEN: usize = 400;

/// How many combinations are tried, the smallest first, before one is hidden that covers nothing yet.
const MOST_TRIED: usize = 40;

/// The combinations of groups of several attributes that occur.
pub struct Crossing {
    /// The attributes, by their place in the cases.
    pub attributes: Vec<usize>,
    /// By combination: the group of each attribute, by its place among the attribute's names.
    pub cells: Vec<Vec<u32>>,
    /// By case: its combination; `None` where it lacks one of the groups.
    codes: Vec<Option<u32>>,
    names: Vec<String>,
}

impl Crossing {
    /// Crosses attributes.
    pub fn new(cases: &Cases, attributes: &[usize]) -> Self {
        let names_of = |place: &usize| &cases.attributes[*place].1;
        let cell = |case: usize| -> Option<Vec<u32>> {
            attributes
                .iter()
                .map(|place| names_of(place).codes()[case])
                .collect()
        };
        let mut numbers: BTreeMap<Vec<u32>, u32> = BTreeMap::new();
        for case in 0..cases.len() {
            if let Some(cell) = cell(case) {
                numbers.insert(cell, 0);
            }
        }
        for (number, (_, code)) in numbers.iter_mut().enumerate() {
            *code = number as u32;
        }
        let name = |cell: &Vec<u32>| {
            let groups = attributes.iter().zip(cell);
            let groups: Vec<&str> = groups
                .map(|(place, code)| names_of(place).names()[*code as usize].as_str())
                .collect();
            groups.join(" and ")
        };
        Crossing {
            attributes: attributes.to_vec(),
            codes: (0..cases.len())
                .map(|case| numbers.get(&cell(case)?).copied())
                .collect(),
            names: numbers.keys().map(name).collect(),
            cells: numbers.into_keys().collect(),
        }
    }

    /// Every way to cross `2..=most` attributes, the fewest first.
    pub fn all(cases: &Cases, most: usize) -> Vec<Crossing> {
        let attributes = cases.attributes.len();
        let mut chosen: Vec<Vec<usize>> = (0..attributes).map(|place| vec![place]).collect();
        let mut all = Vec::new();
        for _ in 2..=most.min(attributes) {
            let longer = chosen.iter().flat_map(|places| {
                let next = places.last().map_or(0, |last| last + 1);
                (next..attributes).map(move |place| [places.as_slice(), &[place]].concat())
            });
            chosen = longer.collect();
            all.extend(chosen.iter().map(|places| Crossing::new(cases, places)));
        }
        all
    }

    /// Splits the judged cases by combination.
    pub fn split(&self, evaluation: &Evaluation, cases: &Cases) -> Vec<Group> {
        split_by(evaluation, cases, &self.codes, &self.names)
    }
}

/// The groups of some attributes, and what is withheld of them.
pub struct Known {
    /// The attributes, by their place in the cases.
    pub attributes: Vec<usize>,
    /// By group: its place among the names of each attribute.
    pub cells: Vec<Vec<u32>>,
    /// What is withheld.
    pub withheld: Withheld,
}

/// What is shown of the sums of combinations.
pub struct Table {
    cells: Vec<Vec<u32>>,
    margins: Vec<Margin>,
}

/// The sums over all attributes but some.
struct Margin {
    /// The attributes that are left, by their place in a cell.
    places: Vec<usize>,
    /// The groups of these.
    cells: Vec<Vec<u32>>,
    withheld: Withheld,
}

impl Table {
    /// The table of a crossing, with what is known of fewer attributes.
    pub fn new(crossing: &Crossing, known: &[Known]) -> Self {
        let margin = |known: &Known| {
            let of_crossing = |attribute: &usize| {
                let mut places = crossing.attributes.iter();
                places.position(|own| own == attribute)
            };
            let places: Option<Vec<usize>> = known.attributes.iter().map(of_crossing).collect();
            let places = places.filter(|places| places.len() < crossing.attributes.len())?;
            Some(Margin {
                places,
                cells: known.cells.clone(),
                withheld: known.withheld.clone(),
            })
        };
        Table {
            cells: crossing.cells.clone(),
            margins: known.iter().filter_map(margin).collect(),
        }
    }

    /// The combinations to withhold: those of fewer than `below` cases, all of a group that is withheld itself, and as
    /// many more as it takes that no small one, and no small number of cases, follows from sums that are shown: neither
    /// within the line of a sum, nor by solving the equations of all sums together.
    pub(super) fn hide(
        &self,
        sizes: &[u64],
        already: &[bool],
        below: u64,
        margin_hidden: &dyn Fn(&Withheld) -> Vec<bool>,
    ) -> Vec<bool> {
        let mut hidden: Vec<bool> = already
            .iter()
            .zip(sizes)
            .map(|(hidden, size)| *hidden || (*size > 0 && *size < below))
            .collect();
        let mut lines: Vec<Vec<usize>> = vec![(0..self.cells.len()).collect()];
        for margin in &self.margins {
            let of_margin = margin_hidden(&margin.withheld);
            for (cell, is_hidden) in margin.cells.iter().zip(of_margin) {
                let holds = |place: &usize| {
                    let own = margin
                        .places
                        .iter()
                        .map(|place_of| self.cells[*place][*place_of]);
                    own.eq(cell.iter().copied())
                };
                let line: Vec<usize> = (0..self.cells.len()).filter(holds).collect();
                if is_hidden {
                    line.into_iter().for_each(|place| hidden[place] = true);
                } else {
                    lines.push(line);
                }
            }
        }
        while self.hide_more(&lines, sizes, below, &mut hidden) {}
        hidden
    }

    /// Hides one combination more, or those that one line asks for; false where nothing is left to protect.
    fn hide_more(
        &self,
        lines: &[Vec<usize>],
        sizes: &[u64],
        below: u64,
        hidden: &mut [bool],
    ) -> bool {
        let of = |line: &[usize], all: &[bool]| -> Vec<bool> {
            line.iter().map(|place| all[*place]).collect()
        };
        for members in lines {
            let sizes: Vec<u64> = members.iter().map(|place| sizes[*place]).collect();
            let before = of(members, hidden);
            let after = line(&sizes, &before, below);
            if after != before {
                for (place, is_hidden) in members.iter().zip(after) {
                    hidden[*place] = is_hidden;
                }
                return true;
            }
        }
        let unknown: Vec<usize> = (0..sizes.len())
            .filter(|place| hidden[*place] && sizes[*place] > 0)
            .collect();
        let shown = |place: &usize| !hidden[*place] && sizes[*place] > 0;
        if unknown.len() > MOST_HIDDEN && (0..sizes.len()).any(|place| shown(&place)) {
            hidden.fill(true);
            return true;
        }
        let exposed = solved(lines, &unknown).into_iter();
        let small: Vec<usize> = exposed.filter(|place| sizes[*place] < below).collect();
        let mut others: Vec<usize> = (0..sizes.len()).filter(shown).collect();
        others.sort_by_key(|other| sizes[*other]);
        let Some(first) = others.first().filter(|_| !small.is_empty()) else {
            return false;
        };
        // The smallest that covers one of them; where none does by itself, the smallest is a step on the way.
        let covers = |other: &&usize| {
            let more = [unknown.as_slice(), &[**other]].concat();
            let exposed = solved(lines, &more);
            small.iter().any(|place| !exposed.contains(place))
        };
        let next = others.iter().take(MOST_TRIED).find(covers);
        hidden[*next.unwrap_or(first)] = true;
        true
    }
}

/// The unknowns whose value follows from the sums of lines: those that stand alone in a row of the reduced echelon form.
fn solved(lines: &[Vec<usize>], unknown: &[usize]) -> Vec<usize> {
    let mut rows: Vec<Vec<f64>> = lines
        .iter()
        .map(|line| {
            unknown
                .iter()
                .map(|place| f64::from(line.contains(place)))
                .collect()
        })
        .collect();
    let mut done = 0;
    for column in 0..unknown.len() {
        let size = |row: &usize| rows[*row][column].abs();
        let largest = (done..rows.len()).max_by(|a, b| size(a).total_cmp(&size(b)));
        let Some(pivot) = largest.filter(|row| size(row) > 1e-9) else {
            continue;
        };
        rows.swap(done, pivot);
        let scale = rows[done][column];
        rows[done].iter_mut().for_each(|entry| *entry /= scale);
        let row = rows[done].clone();
        for (place, other) in rows.iter_mut().enumerate() {
            let factor = other[column];
            if place != done && factor != 0.0 {
                for (entry, of_row) in other.iter_mut().zip(&row) {
                    *entry -= factor * of_row;
                }
            }
        }
        done += 1;
    }
    let alone = rows.iter().filter_map(|row| {
        let mut entries = (0..row.len()).filter(|column| row[*column].abs() > 1e-9);
        entries.next().filter(|_| entries.next().is_none())
    });
    alone.map(|column| unknown[column]).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A table of rows and columns whose sums are all shown.
    fn table(rows: u32, columns: u32) -> Table {
        let margin = |place: usize, groups: u32| Margin {
            places: vec![place],
            cells: (0..groups).map(|group| vec![group]).collect(),
            withheld: Withheld {
                everything: vec![false; groups as usize],
                ..Withheld::default()
            },
        };
        Table {
            cells: (0..rows)
                .flat_map(|row| (0..columns).map(move |column| vec![row, column]))
                .collect(),
            margins: vec![margin(0, rows), margin(1, columns)],
        }
    }

    fn hide(rows: u32, columns: u32, sizes: &[u64]) -> Vec<bool> {
        let nothing = vec![false; sizes.len()];
        table(rows, columns).hide(sizes, &nothing, 10, &|margin| margin.everything.clone())
    }

    #[test]
    fn a_small_combination_takes_three_others_with_it() {
        // Its row and its column each need another, and these two a fourth, or they would be known.
        let hidden = hide(2, 3, &[4, 50, 60, 70, 80, 90]);
        assert_eq!(hidden, [true, true, false, true, true, false]);
        assert_eq!(hide(2, 2, &[10, 20, 30, 40]), [false; 4]);
        assert_eq!(hide(2, 2, &[0, 20, 30, 40]), [false; 4]);
    }

    #[test]
    fn two_hidden_in_every_line_may_still_give_one_away() {
        // Two squares of hidden combinations and one in between: each line holds at least two, yet what lies between
        // follows from the sums of the squares.
        let mut sizes = vec![50; 5 * 5];
        for (row, column) in [
            (0, 0),
            (0, 1),
            (1, 0),
            (1, 1),
            (3, 3),
            (3, 4),
            (4, 3),
            (4, 4),
        ] {
            sizes[row * 5 + column] = 7;
        }
        sizes[5 + 3] = 5;
        let lines: Vec<Vec<usize>> = (0..5)
            .flat_map(|n| {
                let row = (0..5).map(move |column| n * 5 + column).collect();
                [row, (0..5).map(move |row| row * 5 + n).collect()]
            })
            .collect();
        let small: Vec<usize> = (0..25).filter(|place| sizes[*place] < 10).collect();
        assert_eq!(solved(&lines, &small), [8]);
        let hidden = hide(5, 5, &sizes);
        let unknown: Vec<usize> = (0..25).filter(|place| hidden[*place]).collect();
        assert!(!solved(&lines, &unknown).contains(&8), "{hidden:?}");
        assert!(hidden.iter().any(|hidden| !hidden), "{hidden:?}");
    }

    #[test]
    fn all_of_a_withheld_group_is_withheld() {
        let mut table = table(2, 3);
        table.margins[0].withheld.everything = vec![true, true];
        let hidden = table.hide(&[50; 6], &[false; 6], 10, &|margin| {
            margin.everything.clone()
        });
        assert_eq!(hidden, [true; 6]);
    }

    proptest! {
        #[test]
        fn no_small_combination_follows_from_what_is_shown(
            rows in 1_u32..5,
            columns in 1_u32..5,
            sizes in proptest::collection::vec(prop_oneof![Just(0_u64), 1_u64..12, 10_u64..90], 16),
        ) {
            let sizes = &sizes[..(rows * columns) as usize];
            let hidden = hide(rows, columns, sizes);
            let place = |row: u32, column: u32| (row * columns + column) as usize;
            let mut lines: Vec<Vec<usize>> = vec![(0..sizes.len()).collect()];
            lines.extend((0..rows).map(|row| (0..columns).map(|column| place(row, column)).collect()));
            lines.extend((0..columns).map(|column| (0..rows).map(|row| place(row, column)).collect()));
            let unknown: Vec<usize> = (0..sizes.len()).filter(|cell| hidden[*cell] && sizes[*cell] > 0).collect();
            for (cell, size) in sizes.iter().enumerate() {
                prop_assert!(*size == 0 || *size >= 10 || hidden[cell]);
            }
            // Where something is still shown, nothing small follows.
            let shown = |cell: &usize| !hidden[*cell] && sizes[*cell] > 0;
            for line in &lines {
                let all: u64 = line.iter().filter(|cell| hidden[**cell]).map(|cell| sizes[*cell]).sum();
                prop_assert!(all == 0 || all >= 10 || !line.iter().any(shown), "{sizes:?} {hidden:?}");
            }
            for cell in solved(&lines, &unknown) {
                let open = lines.iter().filter(|line| line.contains(&cell)).flatten().any(shown);
                prop_assert!(sizes[cell] >= 10 || !open, "{sizes:?} {hidden:?}");
            }
        }
    }
}
