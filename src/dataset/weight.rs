//! Reads the column of case weights.

use super::table::Table;
use crate::case::Weights;
use crate::case::weight::WIDEST;
use crate::diagnostic::{Problem, Problems};

/// Numbers beyond this, or below one over it, are slips rather than weights.
const LARGEST: f64 = 1e15;

/// Reads the weights, of which every case needs one; `None` where all are the same, or some cannot be used.
pub(super) fn read_weights(
    table: &Table,
    column: usize,
    problems: &mut Problems,
) -> Option<Weights> {
    let mut numbers = Vec::with_capacity(table.rows());
    for (row, cell) in table.cells(column).enumerate() {
        match parse(cell) {
            Ok(number) => numbers.push(number),
            Err(fault) => problems.push(
                Problem::new("dataset/bad-weight", table.place(row, column), fault).help(
                    "a weight says how many cases of the population a case stands for, as 0.8 or 1250: every case needs one, and a case that stands for none is left out of the file",
                ),
            ),
        }
    }
    let row_of = |extreme: fn(f64, f64) -> f64| {
        let rows = numbers.iter().copied().enumerate();
        rows.reduce(|a, b| if extreme(a.1, b.1) == a.1 { a } else { b })
    };
    // With a cell left out, rows are others.
    if numbers.len() < table.rows() {
        return None;
    }
    let (smallest, largest) = (row_of(f64::min)?, row_of(f64::max)?);
    if largest.1 / smallest.1 > WIDEST {
        let line = table.place(smallest.0, column).line.unwrap_or_default();
        problems.push(
            Problem::new(
                "dataset/weights-too-far-apart",
                table.place(largest.0, column),
                format!(
                    "this weight is more than a million times that of line {line}, so that one case would stand for all"
                ),
            )
            .help("check the column; survey weights are commonly trimmed to a few times their median"),
        );
        return None;
    }
    Weights::new(&numbers)
}

fn parse(cell: &str) -> Result<f64, &'static str> {
    let cell = cell.trim();
    if cell.is_empty() {
        return Err("the weight is blank");
    }
    match cell.parse::<f64>() {
        Ok(number) if !number.is_finite() => Err("this weight is not a finite number"),
        Ok(number) if number <= 0.0 => Err("this weight is not above 0"),
        Ok(number) if !(1.0 / LARGEST..=LARGEST).contains(&number) => {
            Err("this weight does not lie between 1e-15 and 1e15")
        }
        Ok(number) => Ok(number),
        Err(_) => Err("this weight is not a number"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::card::Card;
    use super::super::cases::read_cases;
    use super::super::table::Dialect;
    use super::*;
    use crate::case::Cases;

    fn cases(rows: &str) -> Result<Cases, Problems> {
        let card = "name = \"small\"\n[columns]\nweight = \"stands_for\"\n";
        let card = Card::parse("dataset.toml", card).expect("a valid card");
        let text = format!("id,stands_for\n{rows}");
        let table = Table::from_delimited("cases.csv", text.as_bytes(), Dialect::default())?;
        read_cases(&card, &table)
    }

    #[test]
    fn weights_are_read() {
        let weights = cases("a,1.5\nb, 3 \nc,1e0\n").expect("valid").weights;
        let weights = weights.expect("they differ");
        assert_eq!(weights.parts(), [150_000_000, 300_000_000, 100_000_000]);
        assert_eq!(cases("a,2\nb,2.0\n").expect("valid").weights, None);
    }

    #[test]
    fn all_bad_weights_come_together() {
        let problems = cases("a,-1\nb,0\nc,NaN\nd,heavy\ne,\nf,inf\ng,1e-16\nh,2\n");
        let problems = problems.expect_err("seven problems");
        let found: Vec<String> = problems
            .iter()
            .map(|problem| format!("{} {}", problem.place, problem.message))
            .collect();
        assert_eq!(
            found,
            [
                "cases.csv:2:2 (stands_for) this weight is not above 0",
                "cases.csv:3:2 (stands_for) this weight is not above 0",
                "cases.csv:4:2 (stands_for) this weight is not a finite number",
                "cases.csv:5:2 (stands_for) this weight is not a number",
                "cases.csv:6:2 (stands_for) the weight is blank",
                "cases.csv:7:2 (stands_for) this weight is not a finite number",
                "cases.csv:8:2 (stands_for) this weight does not lie between 1e-15 and 1e15",
            ]
        );
    }

    #[test]
    fn weights_that_are_too_far_apart_are_refused() {
        let problems = cases("a,5\nb,1000001\nc,1\n").expect_err("one problem");
        let text = problems.to_string();
        assert!(
            text.contains("cases.csv:3:2") && text.contains("line 4"),
            "{text}"
        );
    }
}
