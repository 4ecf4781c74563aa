//! The scheme that a model's file declares in its table `[scheme]`: a built-in one by name, or one written out.

use std::sync::Arc;

use crate::diagnostic::{Problem, expected_one_of, quote};
use crate::document::Fields;
use crate::task::scheme::read_scheme;
use crate::task::{LABEL_TASKS, Scheme, built_in, built_in_schemes};

/// A built-in scheme by name, or one written out with its task; `None` with the problem noted where it is neither.
pub fn declared(table: &Fields<'_>) -> Option<Arc<Scheme>> {
    if table.has("labels") {
        let task = table.required_choice("task", &LABEL_TASKS)?;
        let name = table
            .text("name")
            .unwrap_or_else(|| "own labels".to_owned());
        return read_scheme(table, name.clone(), name, task).map(Arc::new);
    }
    let name = table.required_text("name");
    if name.is_empty() {
        return None;
    }
    let scheme = built_in(&name);
    if scheme.is_none() {
        let known: Vec<&str> = built_in_schemes()
            .iter()
            .map(|scheme| scheme.name.as_str())
            .collect();
        table.problem(
            Problem::new(
                "model/unknown-scheme",
                table.place_of("name"),
                format!("no scheme {}", quote(&name)),
            )
            .help(format!(
                "{}; or write out `task` and `labels = [...]`",
                expected_one_of(&name, &known)
            )),
        );
    }
    scheme
}
