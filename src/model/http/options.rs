//! The file of a model that is a service, laid over the preset that it names.

// The edge: here files and environment are read.
#![allow(clippy::disallowed_methods)]

use std::cell::RefCell;
use std::path::Path;

use serde_json::{Value, json};
use ureq::http::Uri;

use super::address::address;
use super::answer::Shape;
use super::secret::{Secrets, headers, in_file, is_telling};
use super::sigv4::Credentials;
use super::template::{self, Values};
use crate::dataset::read::{beside, read_file};
use crate::diagnostic::{Place, Problem, Problems, quote};
use crate::document::{self, Fields};
use crate::model::callable::options::{Declared, Usual};

/// The presets with their files.
const PRESETS: [(&str, &str); 8] = [
    ("openai", include_str!("presets/openai.toml")),
    ("huggingface", include_str!("presets/huggingface.toml")),
    ("kserve", include_str!("presets/kserve.toml")),
    ("mlflow", include_str!("presets/mlflow.toml")),
    ("azure", include_str!("presets/azure.toml")),
    ("comprehend", include_str!("presets/comprehend.toml")),
    ("google", include_str!("presets/google.toml")),
    ("ibm", include_str!("presets/ibm.toml")),
];

/// Where a key may stand.
const HEADER: &str = "[headers] X-Api-Key = \"${API_KEY}\"";

const METHODS: [(&str, &str); 2] = [("POST", "POST"), ("PUT", "PUT")];

/// Everything that is known of how to ask.
pub struct Options {
    /// The preset, where one is named.
    pub preset: Option<&'static str>,
    /// The text of the preset.
    pub preset_text: &'static str,
    /// What the preset says of itself.
    pub about: String,
    /// `POST` or `PUT`.
    pub method: &'static str,
    /// Whom to ask.
    pub url: Uri,
    /// Headers with keys in them.
    pub headers: Vec<(String, String)>,
    /// Which header values and parts are keys.
    pub secrets: Secrets,
    /// The body.
    pub template: Value,
    /// What stands in it besides texts.
    pub values: Values,
    /// How many texts a request holds.
    pub batch: usize,
    /// How many requests may be under way.
    pub concurrency: usize,
    /// The most requests a second.
    pub rate: Option<f64>,
    /// How often a request is repeated.
    pub retries: u32,
    /// How long is waited before the first repetition, in seconds.
    pub backoff: f64,
    /// How long one request may take, in seconds.
    pub timeout: f64,
    /// The proxy, where the file names one.
    pub proxy: Option<String>,
    /// A certificate to trust, in PEM.
    pub certificate: Option<Vec<u8>>,
    /// Who signs requests to AWS, a token of a session, region and service.
    pub signer: Option<(Credentials, Option<String>, String, String)>,
    /// Where answers stand.
    pub shape: Shape,
}

impl Options {
    /// Reads the file.
    ///
    /// # Errors
    /// Every problem of the file. Keys that the environment lacks are told of when the service is to be asked.
    pub fn parse(file: &str, text: &str) -> Result<(Declared, Options), Problems> {
        let table = document::parse(file, text)?;
        let problems = RefCell::new(Problems::new());
        let fields = Fields::new(&table, &problems);
        let names = PRESETS.map(|preset| (preset.0, preset));
        let chosen = fields.choice("preset", &names);
        let (preset, preset_text) = chosen.unwrap_or(("", ""));
        let under = document::parse(preset, preset_text)?;
        let under = Fields::new(&under, &problems);
        let layers = [&fields, &under];
        let usual = Usual {
            scheme: under.text("scheme"),
            abstain: under.texts("abstain"),
        };
        let declared = Declared::read(&fields, file, &usual);
        let method = first(&layers, |layer| layer.choice("method", &METHODS));
        let url = first(&layers, |layer| layer.text("url"));
        let body = first(&layers, |layer| layer.text("body"));
        let mut values = Values::new();
        let mut secrets = Secrets::default();
        for layer in [&under, &fields] {
            let table = layer.table("values").map(|values| values.named_texts());
            for (name, value, place) in table.unwrap_or_default() {
                if is_telling(&name) && !value.is_empty() {
                    fields.problem(in_file(
                        &place,
                        &format!("the value {name} is a key"),
                        HEADER,
                    ));
                }
                no_variable(&fields, &value, &place);
                values.insert(name, json!(value));
            }
        }
        let headers = headers(&layers, &mut secrets);
        let proxy = fields.text("proxy").map(|proxy| {
            let place = fields.place_of("proxy");
            let user = proxy.rsplit_once('@').map_or("", |(user, _)| user);
            if !user.is_empty() && !user.contains("${") {
                let example = "http://user:${PROXY_KEY}@HOST:PORT";
                fields.problem(in_file(&place, "proxy holds a name or key", example));
            }
            secrets.fill(&proxy, &place)
        });
        let certificate = fields.text("certificate").and_then(|name| {
            let folder = Path::new(file).parent().unwrap_or(Path::new(""));
            let read = beside(folder, &name, &fields.place_of("certificate"))
                .and_then(|path| read_file(&path, "model/no-certificate"));
            read.map_err(|more| more.iter().for_each(|one| fields.problem(one.clone())))
                .ok()
        });
        let signer = first(&layers, |layer| layer.text("sign")).map(|service| {
            let place = fields.place_of("sign");
            let id = secrets.variable("AWS_ACCESS_KEY_ID", &place);
            let secret = secrets.variable("AWS_SECRET_ACCESS_KEY", &place);
            let token = std::env::var("AWS_SESSION_TOKEN")
                .ok()
                .filter(|token| !token.is_empty());
            secrets.keep(token.as_deref());
            let region = values.get("region").and_then(Value::as_str);
            if region.is_none() {
                lacks(&fields, "region");
            }
            (
                Credentials { id, secret },
                token,
                region.unwrap_or_default().to_owned(),
                service,
            )
        });
        let shape = fields.table("answer").or_else(|| under.table("answer"));
        if shape.is_none() {
            fields.missing("answer", "a table that says where labels or scores stand");
        }
        let shape = shape.map(Shape::read).unwrap_or_default();
        if let Some(declared) = &declared {
            describe(declared, &mut values);
        }
        let template = body.as_ref().and_then(|body| parsed(&fields, body));
        if let Some(template) = &template {
            let place = fields.place_of("body");
            for name in template::keys(template) {
                fields.problem(in_file(
                    &place,
                    &format!("{} in the body is a key", quote(&name)),
                    HEADER,
                ));
            }
        }
        if let Some(body) = &body {
            no_variable(&fields, body, &fields.place_of("body"));
        }
        if body.is_none() {
            fields.missing("body", "JSON with {{text}} where the text goes");
        }
        let several = template.as_ref().is_some_and(template::takes_several);
        let most = if several { 10_000.0 } else { 1.0 };
        let usual_batch = under.number("batch").unwrap_or(1.0).min(most);
        let number =
            |key, low, high, usual: f64| fields.number_within(key, low, high).unwrap_or(usual);
        let batch = number("batch", 1.0, most, usual_batch) as usize;
        if let Some(template) = template.as_ref().filter(|_| declared.is_some()) {
            fills(&fields, template, &values, batch);
        }
        if batch > 1 && shape.items.is_none() {
            fields.problem(
                Problem::new(
                    "model/no-items",
                    fields.place_of("answer"),
                    format!("{batch} texts are asked about at once, and nothing says where the items of the answer stand"),
                )
                .help("say items = \"/...\", the list with an item a text, or batch = 1"),
            );
        }
        let url = url.unwrap_or_else(|| {
            fields.missing("url", "the address of the service");
            String::new()
        });
        let url = template::text(&url, &values).unwrap_or_else(|name| {
            lacks(&fields, &name);
            String::new()
        });
        no_variable(&fields, &url, &fields.place_of("url"));
        let url = address(&fields, &url);
        let query = url.as_ref().and_then(Uri::query).unwrap_or_default();
        for (name, value) in query.split('&').filter_map(|part| part.split_once('=')) {
            if is_telling(name) && !value.is_empty() {
                let what = format!("{} in the address is a key", quote(name));
                fields.problem(in_file(&fields.place_of("url"), &what, HEADER));
            }
        }
        let options = Options {
            preset: chosen.map(|(name, _)| name),
            preset_text,
            about: under.text("about").unwrap_or_default(),
            method: method.unwrap_or("POST"),
            headers,
            secrets,
            values,
            batch,
            concurrency: number(
                "concurrency",
                1.0,
                64.0,
                under.number("concurrency").unwrap_or(2.0),
            ) as usize,
            rate: fields.number_within("rate", 0.001, 100_000.0),
            retries: number("retries", 0.0, 20.0, 5.0) as u32,
            backoff: number("backoff", 0.001, 60.0, 0.5),
            timeout: number("timeout", 0.1, 3600.0, 60.0),
            proxy,
            certificate,
            signer,
            shape,
            url: url.unwrap_or_default(),
            template: template.unwrap_or_default(),
        };
        fields.finish();
        let problems = problems.into_inner();
        match declared {
            Some(declared) => problems.or((declared, options)),
            None => Err(problems),
        }
    }
}

fn first<T>(layers: &[&Fields<'_>; 2], read: impl Fn(&Fields<'_>) -> Option<T>) -> Option<T> {
    let [own, preset] = layers.map(read);
    own.or(preset)
}

fn lacks(fields: &Fields<'_>, name: &str) {
    fields.problem(
        Problem::new(
            "model/no-value",
            fields.place_of("values"),
            format!("nothing says what {} is", quote(name)),
        )
        .help(format!(
            "say so under [values]: {} = \"...\"",
            name.escape_default()
        )),
    );
}

/// Places for variables of the environment are filled in headers, `basic` and `proxy` alone.
fn no_variable(fields: &Fields<'_>, text: &str, place: &Place) {
    if text.contains("${") {
        fields.problem(
            Problem::new(
                "model/variable",
                place.clone(),
                "a variable of the environment is not filled in here, and would be sent as it is written",
            )
            .help("keys go into headers, basic and proxy; what is no key is written out"),
        );
    }
}

/// Whether all places can be filled, for one text and for several.
fn fills(fields: &Fields<'_>, template: &Value, values: &Values, batch: usize) {
    if let Err(name) = template::fill(template, &["x"], values) {
        lacks(fields, &name);
    } else if let Err(name) = template::fill(template, &vec!["x"; batch.min(2)], values) {
        fields.problem(
            Problem::new(
                "model/body",
                fields.place_of("body"),
                format!("{} stands outside the element of each text", quote(&format!("{{{{{name}}}}}"))),
            )
            .help("with several texts in a request it is none of them: move it into {\"{{each}}\": ...}, or say batch = 1"),
        );
    }
}

fn parsed(fields: &Fields<'_>, body: &str) -> Option<Value> {
    let place = fields.place_of("body");
    match serde_json::from_str(body) {
        Ok(template) if template::takes_text(&template) => Some(template),
        Ok(_) => {
            fields.problem(
                Problem::new("model/no-text-place", place, "the body has no place for a text")
                    .help("write \"{{text}}\" where it goes; [{\"{{each}}\": \"{{text}}\"}] is a list of several"),
            );
            None
        }
        Err(error) => {
            fields.problem(
                Problem::new("model/body", place, format!("the body is no JSON: {error}"))
                    .help("places are strings: \"{{text}}\" and not {{text}}"),
            );
            None
        }
    }
}

/// What prompts may say of the labels.
fn describe(declared: &Declared, values: &mut Values) {
    let scheme = &declared.vocabulary.scheme;
    let names = scheme.names();
    let one = json!({"type": "string", "enum": names});
    let schema = if scheme.is_multi_label() {
        json!({"type": "array", "items": one})
    } else {
        one
    };
    values.insert("labels".to_owned(), json!(names.join(", ")));
    values.insert("schema".to_owned(), schema);
    values.insert("task".to_owned(), json!(scheme.task.as_str()));
}
