//! `affect-audit.toml` beside a model, or a file that names one: what its own files leave open, such as what LABEL_0
//! means.

use std::cell::RefCell;
use std::sync::Arc;

use super::entailment::Asking;
use crate::diagnostic::{Place, Problems};
use crate::document::{self, Fields};
use crate::model::scheme;
use crate::task::Scheme;

/// The name of the file.
pub const OPTIONS: &str = "affect-audit.toml";

/// The shortest text that a model must be let read, in tokens with the marks of beginning and end.
const SHORTEST: f64 = 8.0;

/// The longest, for which no model here has the memory.
const LONGEST: f64 = 131_072.0;

/// What the file says; nothing where there is none.
#[derive(Default)]
pub struct Options {
    /// The scheme that the labels belong to, with its place.
    pub scheme: Option<(Arc<Scheme>, Place)>,
    /// For labels of the model their names in the scheme.
    pub rename: Vec<(String, String, Place)>,
    /// The score from which a label of several is an answer.
    pub threshold: Option<f64>,
    /// The most tokens of a text that are read.
    pub max_length: Option<usize>,
    /// The folder or the model on the hub that the file is about, where it does not lie in the folder.
    pub model: Option<(String, Place)>,
    /// What is asked of a model of entailment.
    pub asking: Option<Asking>,
    /// The ONNX file, where the folder holds several.
    pub file: Option<(String, Place)>,
}

impl Options {
    /// Reads the text of the file.
    ///
    /// # Errors
    /// Every problem of the file, with line and column.
    pub fn parse(file: &str, text: &str) -> Result<Options, Problems> {
        let table = document::parse(file, text)?;
        let problems = RefCell::new(Problems::new());
        let fields = Fields::new(&table, &problems);
        let options = Options {
            scheme: fields.table("scheme").and_then(|table| {
                let place = table.place().clone();
                let scheme = scheme::declared(&table);
                table.finish();
                scheme.map(|scheme| (scheme, place))
            }),
            rename: fields
                .table("labels")
                .map(|labels| labels.named_texts())
                .unwrap_or_default(),
            model: fields
                .text("model")
                .map(|model| (model, fields.place_of("model"))),
            asking: fields.table("zero_shot").map(|table| {
                let asking = Asking::read(&table);
                table.finish();
                asking
            }),
            threshold: fields.number_within("threshold", 0.0, 1.0),
            max_length: fields
                .number_within("max_length", SHORTEST, LONGEST)
                .map(|length| length as usize),
            file: fields
                .text("file")
                .map(|name| (name, fields.place_of("file"))),
        };
        fields.finish();
        problems.into_inner().or(options)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scheme_is_named_or_written_out() {
        let named =
            Options::parse("o", "threshold = 0.2\n[scheme]\nname = \"ekman\"").expect("read");
        assert_eq!(named.scheme.map(|(scheme, _)| scheme.labels.len()), Some(7));
        assert_eq!(named.threshold, Some(0.2));
        let own = "[scheme]\ntask = \"emotion\"\nlabels = [\"calm\", \"tense\"]\npolarity = { tense = \"negative\" }";
        let own = Options::parse("o", own).expect("read");
        assert_eq!(own.scheme.map(|(scheme, _)| scheme.labels.len()), Some(2));
    }

    #[test]
    fn what_is_wrong_is_told_together() {
        let text = "threshold = 2\nmax_length = 3\nlables = 1\n[scheme]\nname = \"ekmann\"";
        let problems = Options::parse("o", text).err().expect("problems");
        assert_eq!(problems.len(), 4, "{problems}");
    }
}
