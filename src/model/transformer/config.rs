//! `config.json`: what a model says of its architecture, its labels and how its scores are meant.

use serde_json::{Map, Value};

use crate::diagnostic::{Place, Problem, Problems, expected_one_of, quote};
use crate::task::MOST_LABELS;

/// The name of the file.
pub const CONFIG: &str = "config.json";

/// The largest size that a part of a model may have: beyond it lie mistakes, and arithmetic that overflows.
const LARGEST: u64 = 1 << 24;

/// What `config.json` says.
pub struct Config {
    /// The file, for messages.
    pub file: String,
    /// The architecture: `bert`, `roberta` and so on.
    pub model_type: String,
    /// The labels in the order of the outputs.
    pub labels: Vec<String>,
    /// Whether each label is scored by itself (sigmoid), or all of them share one (softmax).
    pub several: bool,
    keys: Map<String, Value>,
}

impl Config {
    /// Reads the text of the file.
    ///
    /// # Errors
    /// Text that is no JSON object, labels that are missing or do not count from 0, a model that answers with numbers.
    pub fn parse(file: &str, text: &str) -> Result<Config, Problems> {
        let keys = match serde_json::from_str(text) {
            Ok(Value::Object(keys)) => keys,
            Ok(_) => return Err(not_json(Place::file(file))),
            Err(error) => {
                return Err(not_json(
                    Place::file(file).at(error.line() as u64, error.column() as u64),
                ));
            }
        };
        let mut problems = Problems::new();
        let labels = labels(file, &keys, &mut problems);
        let problem_type = keys.get("problem_type").and_then(Value::as_str);
        if !matches!(
            problem_type,
            None | Some("single_label_classification" | "multi_label_classification")
        ) {
            problems.push(
                Problem::new(
                    "model/problem-type",
                    Place::file(file).key("problem_type"),
                    format!(
                        "problem_type is {}",
                        quote(problem_type.unwrap_or_default())
                    ),
                )
                .help("expected single_label_classification or multi_label_classification: only models that answer with labels are audited"),
            );
        }
        problems.or(Config {
            file: file.to_owned(),
            model_type: keys
                .get("model_type")
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned(),
            labels,
            several: problem_type == Some("multi_label_classification"),
            keys,
        })
    }

    /// That an engine computes this architecture; `engine` is what the spec says, such as `hf:`.
    ///
    /// # Errors
    /// An architecture that is not among those that it knows.
    pub fn check_architecture(&self, engine: &str, known: &[&str]) -> Result<(), Problems> {
        if known.contains(&self.model_type.as_str()) {
            return Ok(());
        }
        let kind = quote(&self.model_type);
        Err(Problem::new(
            "model/architecture",
            Place::file(&self.file).key("model_type"),
            format!("the architecture {kind} is not among those that {engine} computes"),
        )
        .help(format!(
            "{}; any architecture runs through onnx:, exported with `optimum-cli export onnx --task text-classification --model DIR OUT`",
            expected_one_of(&self.model_type, known)
        ))
        .into())
    }

    /// A size; `default` is what the architecture takes where the key is missing or null.
    ///
    /// # Errors
    /// A value that is no whole number in the bounds of what can be.
    pub fn size(&self, key: &str, default: u64) -> Result<usize, Problems> {
        let value = match self.keys.get(key) {
            None | Some(Value::Null) => Some(default),
            Some(value) => value.as_u64().filter(|value| *value <= LARGEST),
        };
        value
            .map(|value| value as usize)
            .ok_or_else(|| self.unexpected(key, &format!("a whole number up to {LARGEST}")))
    }

    /// A size that must be at least one.
    ///
    /// # Errors
    /// As for [`Config::size`].
    pub fn positive(&self, key: &str, default: u64) -> Result<usize, Problems> {
        match self.size(key, default)? {
            0 => Err(self.unexpected(key, &format!("a whole number from 1 to {LARGEST}"))),
            size => Ok(size),
        }
    }

    /// A number.
    ///
    /// # Errors
    /// A value that is none.
    pub fn number(&self, key: &str, default: f64) -> Result<f64, Problems> {
        match self.keys.get(key) {
            None | Some(Value::Null) => Ok(default),
            Some(value) => value
                .as_f64()
                .filter(|number| number.is_finite())
                .ok_or_else(|| self.unexpected(key, "a number")),
        }
    }

    /// A word.
    ///
    /// # Errors
    /// A value that is none.
    pub fn word(&self, key: &str, default: &str) -> Result<String, Problems> {
        match self.keys.get(key) {
            None | Some(Value::Null) => Ok(default.to_owned()),
            Some(value) => value
                .as_str()
                .map(str::to_owned)
                .ok_or_else(|| self.unexpected(key, "a word")),
        }
    }

    /// The value of a key, where it has one.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.keys.get(key).filter(|value| !value.is_null())
    }

    /// A problem with the value of a key.
    pub fn unexpected(&self, key: &str, expected: &str) -> Problems {
        let value = self.keys.get(key).unwrap_or(&Value::Null).to_string();
        Problem::new(
            "model/config",
            Place::file(&self.file).key(key),
            format!("{key} is {}", quote(&value)),
        )
        .help(format!("expected {expected}"))
        .into()
    }

    /// How many positions the model has: no text can be longer, in tokens. `None` where the file does not say.
    pub fn positions(&self) -> Option<usize> {
        let positions = self.get("max_position_embeddings")?.as_u64()? as usize;
        // RoBERTa and its kin count positions from behind the place of padding.
        let first = if self.counts_behind_padding() {
            self.padding().unwrap_or(1) as usize + 1
        } else {
            0
        };
        Some(positions.saturating_sub(first))
    }

    /// Whether positions are counted from behind the place of padding.
    pub fn counts_behind_padding(&self) -> bool {
        matches!(
            self.model_type.as_str(),
            "roberta" | "xlm-roberta" | "camembert" | "mpnet" | "longformer"
        )
    }

    /// The token that fills the short rows of a batch.
    pub fn padding(&self) -> Option<u32> {
        u32::try_from(self.get("pad_token_id")?.as_u64()?).ok()
    }
}

fn not_json(place: Place) -> Problems {
    Problem::new("model/config", place, "this is no JSON object")
        .help("expected the config.json that a model is saved with")
        .into()
}

/// The labels of `id2label`, which must count from 0 without a gap.
fn labels(file: &str, keys: &Map<String, Value>, problems: &mut Problems) -> Vec<String> {
    let place = || Place::file(file).key("id2label");
    let Some(Value::Object(names)) = keys.get("id2label") else {
        problems.push(
            Problem::new("model/no-labels", place(), "the labels are missing").help(
                "add them in the order of the outputs: \"id2label\": { \"0\": \"negative\", \"1\": \"neutral\", \"2\": \"positive\" }",
            ),
        );
        return Vec::new();
    };
    let mut labels = Vec::new();
    for output in 0..names.len() {
        match names.get(&output.to_string()) {
            Some(Value::String(name)) if !name.trim().is_empty() => {
                labels.push(name.trim().to_owned());
            }
            _ => {
                problems.push(
                    Problem::new(
                        "model/no-labels",
                        place(),
                        format!("there is no name for output {output}"),
                    )
                    .help("expected a name for each output, counted from 0"),
                );
                return labels;
            }
        }
    }
    if !(2..=MOST_LABELS).contains(&labels.len()) {
        problems.push(
            Problem::new(
                "model/label-count",
                place(),
                format!("a model of {} labels", labels.len()),
            )
            .help(format!(
                "expected 2 to {MOST_LABELS} labels; a model with a single output gives a number, not a label"
            )),
        );
    }
    labels
}

#[cfg(test)]
mod tests {
    use super::*;

    const LABELS: &str =
        r#""id2label": {"0": "negative", "1": "neutral", "2": "positive", "3": "urgent"}"#;

    fn parse(more: &str) -> Result<Config, Problems> {
        Config::parse("config.json", &format!("{{{LABELS}{more}}}"))
    }

    #[test]
    fn how_scores_are_meant() {
        assert!(!parse("").expect("read").several);
        assert!(!parse(r#", "problem_type": null"#).expect("read").several);
        let several = parse(r#", "problem_type": "multi_label_classification""#).expect("read");
        assert!(several.several);
        assert_eq!(several.labels[3], "urgent");
        assert!(parse(r#", "problem_type": "regression""#).is_err());
    }

    #[test]
    fn positions_behind_padding_are_not_counted() {
        let with = |kind: &str| {
            let more = format!(
                r#", "model_type": "{kind}", "max_position_embeddings": 514, "pad_token_id": 1"#
            );
            parse(&more).expect("read").positions()
        };
        assert_eq!(with("roberta"), Some(512));
        assert_eq!(with("bert"), Some(514));
    }

    #[test]
    fn sizes_stay_within_what_can_be() {
        let config = parse(r#", "a": 99999999999, "b": -1, "c": "x", "d": 0"#).expect("read");
        assert!(config.size("a", 1).is_err());
        assert!(config.size("b", 1).is_err());
        assert!(config.size("c", 1).is_err());
        assert!(config.positive("d", 1).is_err());
        assert_eq!(config.size("d", 1).ok(), Some(0));
        assert_eq!(config.size("missing", 7).ok(), Some(7));
    }

    #[test]
    fn labels_count_from_zero() {
        for text in [
            "{}",
            "[]",
            "{",
            r#"{"id2label": {}}"#,
            r#"{"id2label": {"1": "a", "2": "b"}}"#,
            r#"{"id2label": {"0": "a", "1": ""}}"#,
            r#"{"id2label": {"0": "score"}}"#,
        ] {
            assert!(Config::parse("config.json", text).is_err(), "{text}");
        }
    }
}
