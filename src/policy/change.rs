//! Gates about the change since a baseline: what could never be measured, or would let a model get worse, is a mistake.

use super::{Bound, Gate, Of};
use crate::diagnostic::Problem;
use crate::document::Fields;
use crate::measure::Direction;

/// Notes what is wrong with a gate about a change.
pub(super) fn check(table: &Fields<'_>, gate: &Gate) {
    if gate.of != Of::Change {
        return;
    }
    let measure = gate.measure;
    if measure.is_of_people() {
        table.problem(
            Problem::new(
                "policy/gate",
                table.place_of("measure"),
                format!("{} is about people, whom no release changes", measure.id()),
            )
            .help("ask for the change of a measure of the model"),
        );
    }
    let (key, lets_worsen, way_out) = match (measure.page().direction, gate.bound) {
        (Direction::Higher, Bound::Max(_)) => ("max", "higher", "min = -0.05"),
        (Direction::Lower, Bound::Min(_)) => ("min", "lower", "max = 0.05"),
        (Direction::Zero, Bound::Min(_)) => ("min", "nearer to zero", "max = 0.05"),
        _ => return,
    };
    table.problem(
        Problem::new(
            "policy/bound",
            table.place_of(key),
            format!(
                "{key} bounds how much {} may improve, and {lets_worsen} is better",
                measure.id()
            ),
        )
        .help(format!("to bound how much worse it may get, say {way_out}")),
    );
}
