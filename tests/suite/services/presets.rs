//! What vendors answer, as their documentation shows it.

use serde_json::{Value, json};

use super::server::{label, scores};

/// Answers in the forms of the services' documentation; none to a body in another form.
pub fn as_documented(preset: &str, body: &Value) -> Option<Value> {
    let each = |texts: &Value, answer: &dyn Fn(usize, &Value) -> Option<Value>| {
        let texts = texts.as_array()?.iter().enumerate();
        texts
            .map(|(place, text)| answer(place, text))
            .collect::<Option<Vec<Value>>>()
    };
    let upper = |text: &Value| label(text).to_uppercase();
    Some(match preset {
        "openai" => {
            let schema = &body["response_format"]["json_schema"]["schema"]["properties"]["label"];
            if schema["enum"] != json!(["negative", "neutral", "positive"])
                || body["temperature"] != 0
            {
                return None;
            }
            let content = json!({"label": label(&body["messages"][1]["content"])}).to_string();
            json!({"choices": [{"index": 0, "message": {"role": "assistant", "content": content, "refusal": null}}]})
        }
        "huggingface" => {
            // One text, as the schema of its task has it: a list of two is a pair to some of its servers.
            let [negative, neutral, positive] =
                scores(label(&Value::from(body["inputs"].as_str()?)));
            json!([[{"label": "negative", "score": negative}, {"label": "neutral", "score": neutral}, {"label": "positive", "score": positive}]])
        }
        "kserve" => {
            let input = &body["inputs"][0];
            let data = each(&input["data"], &|_, text| Some(json!(upper(text))))?;
            if input["shape"] != json!([data.len()]) || input["datatype"] != "BYTES" {
                return None;
            }
            json!({"model_name": "m", "outputs": [{"name": "predict", "shape": [data.len()], "datatype": "BYTES", "data": data}]})
        }
        "mlflow" => {
            json!({"predictions": each(&body["inputs"], &|_, text| Some(json!(label(text))))?})
        }
        "azure" => {
            let documents = each(&body["analysisInput"]["documents"], &|_, document| {
                let [negative, neutral, positive] = scores(label(&document["text"]));
                Some(
                    json!({"id": document["id"].as_str()?, "sentiment": label(&document["text"]), "sentences": [],
                    "confidenceScores": {"positive": positive, "neutral": neutral, "negative": negative}}),
                )
            })?;
            json!({"kind": "SentimentAnalysisResults", "results": {"documents": documents, "errors": [], "modelVersion": "x"}})
        }
        "comprehend" => {
            json!({"ErrorList": [], "ResultList": each(&body["TextList"], &|place, text| {
            let [negative, neutral, positive] = scores(label(text));
            Some(json!({"Index": place, "Sentiment": upper(text),
                "SentimentScore": {"Mixed": 0.0, "Negative": negative, "Neutral": neutral, "Positive": positive}}))
        })?})
        }
        "google" => {
            let score = match label(&body["document"]["content"]) {
                "positive" => 0.8,
                "negative" => -0.6,
                _ => 0.1,
            };
            json!({"documentSentiment": {"magnitude": 0.8, "score": score}, "languageCode": "en"})
        }
        "ibm" => {
            let [fear, sadness, joy] = scores(label(&body["text"]));
            body["features"]["emotion"].as_object()?;
            json!({"language": "en", "emotion": {"document": {"emotion":
                {"sadness": sadness, "joy": joy, "fear": fear, "disgust": 0.1, "anger": 0.1}}}})
        }
        _ => return None,
    })
}
