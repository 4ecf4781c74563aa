//! What a line of a journal says. A line that says nothing known is passed over, so that a journal outlives changes.

use serde_json::{Value, json};

use super::Given;
use crate::prediction::Answer;
use crate::task::{LabelSet, Scheme};

/// The key of the first line, and the form that the others have.
const FORM: &str = "affect-audit/answers/v1";

/// A line.
pub enum Line {
    /// Whose answers these are, by the digest of all that they depend on.
    Begun(String),
    /// What came of a text, by its digest; `None` where the model failed on it.
    Outcome(String, Option<Given>),
    /// So many requests were about to be made.
    Requests(u64),
    /// What was answered to a sentence of ours at the beginning, by its digest.
    Canary(String, Given),
    /// So many of so many sentences were answered otherwise later.
    Changed(usize, usize),
}

impl Line {
    /// The line with its end.
    pub fn write(&self, scheme: &Scheme) -> Vec<u8> {
        let with = |key: &str, digest: &str, (answer, scores): &Given| {
            let names = answer.labels().map(|labels| {
                let names = labels.iter().map(|label| &*scheme.labels[label].name);
                names.collect::<Vec<_>>()
            });
            json!({key: digest, "labels": names, "scores": scores})
        };
        let line = match self {
            Line::Begun(model) => json!({"journal": FORM, "model": model}),
            Line::Outcome(text, Some(given)) => with("text", text, given),
            Line::Outcome(text, None) => json!({"text": text, "failed": true}),
            Line::Requests(requests) => json!({"requests": requests}),
            Line::Canary(sentence, given) => with("canary", sentence, given),
            Line::Changed(changed, of) => json!({"changed": changed, "of": of}),
        };
        let mut line = line.to_string().into_bytes();
        line.push(b'\n');
        line
    }

    /// The line that was written; `None` for anything else, such as one that was cut short or holds labels that the
    /// scheme does not know.
    pub fn read(line: &[u8], scheme: &Scheme) -> Option<Line> {
        let line: Value = serde_json::from_slice(line).ok()?;
        let digest = |key: &str| line[key].as_str().map(str::to_owned);
        if let Some(text) = digest("text") {
            return Some(Line::Outcome(text, given(&line, scheme)));
        }
        if let Some(sentence) = digest("canary") {
            return Some(Line::Canary(sentence, given(&line, scheme)?));
        }
        if line["journal"].is_string() {
            return Some(Line::Begun(digest("model")?));
        }
        if let Some(requests) = line["requests"].as_u64() {
            return Some(Line::Requests(requests));
        }
        let count = |key: &str| usize::try_from(line[key].as_u64()?).ok();
        Some(Line::Changed(count("changed")?, count("of")?))
    }
}

fn given(line: &Value, scheme: &Scheme) -> Option<Given> {
    let labels = line.get("labels")?;
    let scores = line["scores"].as_array()?.iter().map(Value::as_f64);
    let scores: Vec<f64> = scores.collect::<Option<_>>()?;
    if !scores.is_empty() && scores.len() != scheme.labels.len() {
        return None;
    }
    if labels.is_null() {
        return Some((Answer::Abstained, scores));
    }
    let mut set = LabelSet::EMPTY;
    for name in labels.as_array()? {
        set.insert(scheme.index(name.as_str()?)?);
    }
    Some((Answer::Labels(set), scores))
}
