//! The bound of a gate: read, and noted where no value could miss or meet it.

use super::{Bound, Gate, Of};
use crate::diagnostic::Problem;
use crate::document::Fields;
use crate::measure::Measure;

/// Reads a bound: one of min, max and within.
pub(super) fn read(table: &Fields<'_>) -> Bound {
    let bounds = [
        table.number("min").map(Bound::Min),
        table.number("max").map(Bound::Max),
        table.number("within").map(Bound::Within),
    ];
    let given: Vec<Bound> = bounds.into_iter().flatten().collect();
    match given.as_slice() {
        [Bound::Within(within)] if *within <= 0.0 => {
            table.problem(
                Problem::new(
                    "policy/bound",
                    table.place_of("within"),
                    format!("within is {within}"),
                )
                .help("expected a number above 0: no interval lies within nothing"),
            );
        }
        [_] => {}
        _ => {
            let message = format!("{} of min, max and within are given", given.len());
            table.problem(
                Problem::new(
                    "policy/bound",
                    table.place().clone().key("min, max, within"),
                    message,
                )
                .help("a gate needs exactly one of them, a number"),
            );
        }
    }
    given.first().copied().unwrap_or(Bound::Min(0.0))
}

/// Notes a bound that every value of the measure meets, which would pass whatever was measured, and one that none does.
pub(super) fn check(table: &Fields<'_>, gate: &Gate) {
    let (key, number) = match gate.bound {
        Bound::Min(bound) => ("min", bound),
        Bound::Max(bound) => ("max", bound),
        Bound::Within(bound) => ("within", bound),
    };
    // Where not exactly one bound stands, that has been told of, and what is missing was filled in.
    if !table.has(key) {
        return;
    }
    let problem = |message: String, help: String| {
        table.problem(Problem::new("policy/bound", table.place_of(key), message).help(help));
    };
    if gate.of.is_ratio() {
        // Ratios are judged by a side: 1 is no difference, and within so much of zero means nothing.
        if key == "within" || number <= 0.0 {
            problem(
                format!("{key} is {number}"),
                "a ratio needs min or max, a number above 0: 1 is no difference, and min = 0.8 asks for four fifths".to_owned(),
            );
        }
        return;
    }
    let (low, high) = gate.range();
    let (all_meet, none_meets) = match gate.bound {
        Bound::Min(bound) => (bound <= low, bound > high),
        Bound::Max(bound) => (bound >= high, bound < low),
        Bound::Within(bound) => (bound >= high.max(-low), false),
    };
    let how = match (all_meet, none_meets) {
        (true, _) => "every value meets",
        (_, true) => "no value meets",
        _ => return,
    };
    problem(
        format!("{key} is {number}, which {how}"),
        format!(
            "{}{} lies between {low} and {high}",
            gate.measure.id(),
            gate.of.words()
        ),
    );
}

impl Gate {
    /// The lowest and the highest value that what it asks about can have.
    pub fn range(&self) -> (f64, f64) {
        let (low, high) = self.measure.page().range;
        match self.of {
            of if of.is_ratio() => (0.0, f64::INFINITY),
            Of::Value => (low, high),
            // A comparison of groups by itself.
            _ if self.measure == Measure::EqualisedOdds => (low, high),
            Of::Gap => (0.0, high - low),
            _ => (low - high, high - low),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Policy;

    /// The keys that are told of, in a gate of these lines.
    fn told(lines: &str) -> Vec<String> {
        let text =
            format!("[policy]\nname = \"p\"\nversion = \"1\"\n[[gate]]\nid = \"g\"\n{lines}\n");
        let problems = Policy::parse("p.toml", &text).err().unwrap_or_default();
        assert!(problems.iter().all(|problem| problem.place.line.is_some()));
        let places = problems.iter().map(|problem| problem.place.to_string());
        let key = |place: String| place.split(['(', ')']).nth(1).unwrap_or("").to_owned();
        places.map(key).collect()
    }

    /// Ranges as the manual pages of the measures give them.
    #[test]
    fn a_bound_that_every_value_meets_is_told() {
        let value = "by = \"overall\"";
        let difference = "by = \"group\"\nof = \"difference\"";
        let gap = "by = \"group\"\nof = \"gap\"";
        let ratio = "by = \"group\"\nof = \"ratio\"";
        for (measure, of, fine, vain) in [
            ("skill", value, "min = -0.99", "min = -1"),
            ("skill", value, "min = 1", "min = 1.01"),
            ("skill", value, "max = 0.99", "max = 1"),
            ("skill", value, "within = 0.99", "within = 1"),
            ("accuracy", value, "min = 0.01", "min = 0"),
            ("accuracy", value, "max = 0", "max = -0.1"),
            ("log-loss", value, "max = 13.9", "max = 14"),
            ("skill", difference, "within = 1.99", "within = 2"),
            ("skill", difference, "min = -1.99", "min = -2"),
            ("accuracy", difference, "max = 0.99", "max = 1"),
            ("skill", gap, "max = 1.99", "max = 2"),
            ("skill", gap, "min = 0.01", "min = 0"),
            ("accuracy", ratio, "min = 0.8", "min = 0"),
            ("accuracy", ratio, "max = 1.25", "within = 0.5"),
            ("mae", "by = \"label\"", "max = 1000000", "min = 0"),
            ("bias", "by = \"label\"", "within = 1000000", "within = 0"),
        ] {
            let gate = |bound: &str| format!("measure = \"{measure}\"\n{of}\n{bound}");
            assert_eq!(told(&gate(fine)), [""; 0], "{measure} {of} {fine}");
            let key = vain.split(' ').next().unwrap_or("");
            assert_eq!(told(&gate(vain)), [key], "{measure} {of} {vain}");
        }
    }

    #[test]
    fn names_that_would_count_for_nothing_are_told() {
        for (lines, keys) in [
            (
                "measure = \"skill\"\nby = \"overall\"\nattributes = [\"sex\"]",
                &["attributes"][..],
            ),
            (
                "measure = \"skill\"\nby = \"label\"\nattribute_kind = [\"culture\"]",
                &["attribute_kind"],
            ),
            (
                "measure = \"skill\"\nby = \"overall\"\nlabels = [\"joy\"]",
                &["labels"],
            ),
            (
                "measure = \"skill\"\nby = \"group\"\nlabels = [\"joy\"]",
                &["labels"],
            ),
            (
                "measure = \"skill\"\nby = \"group\"\nattributes = [\"sex\"]",
                &[],
            ),
            (
                "measure = \"skill\"\nby = \"label\"\nlabels = [\"joy\"]",
                &[],
            ),
            (
                "measure = \"skill\"\nby = \"intersection\"\nattributes = [\"sex\", \"age\"]",
                &[],
            ),
            // What is measured within sets names their attribute, and a shift is always of a label.
            (
                "measure = \"flip-rate\"\nby = \"overall\"\nattributes = [\"sex\"]",
                &[],
            ),
            (
                "measure = \"score-shift\"\nby = \"group\"\nlabels = [\"joy\"]",
                &[],
            ),
        ] {
            assert_eq!(told(&format!("{lines}\nmin = 0.1")), keys, "{lines}");
        }
    }
}
