//! What `tokenizer_config.json` and the older files beside it say of a tokenizer, put into it as Python's transformers
//! does, so that texts become the same tokens; what is not done here is refused by name.

use std::path::{Path, PathBuf};

use serde_json::{Map, Value};
use tokenizers::normalizers::NormalizerWrapper;
use tokenizers::pre_tokenizers::PreTokenizerWrapper;
use tokenizers::{AddedToken, Tokenizer, TruncationDirection};

use super::config::Config;
use super::folder::text_of;
use crate::diagnostic::{Place, Problem, Problems, quote};
use crate::model::card::FileDigest;

/// The name of the file.
pub const SETTINGS: &str = "tokenizer_config.json";

/// Tokenizers that are Python code and no file, without `Tokenizer` behind them.
const CODE: [&str; 5] = ["BertJapanese", "Bertweet", "Flaubert", "Phobert", "XLM"];

/// What each token is that a tokenizer calls special.
const SPECIAL: [&str; 7] = [
    "bos_token",
    "cls_token",
    "eos_token",
    "mask_token",
    "pad_token",
    "sep_token",
    "unk_token",
];

/// Lists of further special tokens.
const MORE_SPECIAL: [&str; 2] = ["additional_special_tokens", "extra_special_tokens"];

/// The settings of a folder.
pub struct Settings {
    folder: PathBuf,
    /// The class of the tokenizer without `Tokenizer` or `TokenizerFast`; empty where nothing says it.
    class: String,
    keys: Map<String, Value>,
}

impl Settings {
    /// Reads the settings of a folder; there are none where it has no such file.
    ///
    /// # Errors
    /// A file that is no JSON object, a tokenizer that is Python code.
    pub fn read(
        folder: &Path,
        config: &Config,
        files: &mut Vec<FileDigest>,
    ) -> Result<Settings, Problems> {
        let keys = object(folder, SETTINGS, files)?.unwrap_or_default();
        let class = keys
            .get("tokenizer_class")
            .or_else(|| config.get("tokenizer_class"))
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned();
        let settings = Settings {
            folder: folder.to_owned(),
            class: class
                .trim_end_matches("Fast")
                .trim_end_matches("Tokenizer")
                .to_owned(),
            keys,
        };
        if CODE.contains(&settings.class.as_str()) {
            return Err(settings.unfit(
                "tokenizer_class",
                &class,
                "this tokenizer is Python code and no file",
            ));
        }
        Ok(settings)
    }

    /// A value.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.keys.get(key).filter(|value| !value.is_null())
    }

    /// Whether something is so.
    pub fn flag(&self, key: &str, default: bool) -> bool {
        self.get(key).and_then(Value::as_bool).unwrap_or(default)
    }

    /// Makes sure that a vocabulary is meant for one of these classes, as far as anything says.
    ///
    /// # Errors
    /// Another class.
    pub fn expect_class(&self, classes: &[&str]) -> Result<(), Problems> {
        if self.class.is_empty() || classes.contains(&self.class.as_str()) {
            return Ok(());
        }
        Err(self.unfit(
            "tokenizer_class",
            &self.class,
            "a tokenizer of this class is not made from a vocabulary alone",
        ))
    }

    /// Puts all of it into a tokenizer.
    ///
    /// # Errors
    /// What cannot be put in.
    pub fn apply(
        &self,
        tokenizer: &mut Tokenizer,
        files: &mut Vec<FileDigest>,
    ) -> Result<(), Problems> {
        let left = match self.get("truncation_side") {
            Some(side) => side == "left",
            None => tokenizer
                .get_truncation()
                .is_some_and(|cut| cut.direction == TruncationDirection::Left),
        };
        if left {
            return Err(self.unfit(
                "truncation_side",
                "left",
                "long texts are read from their beginning here, and not to their end",
            ));
        }
        self.normalise(tokenizer)
            .and_then(|()| self.add(tokenizer, files))
    }

    /// Letter case, accents and blanks as the settings have them, where the tokenizer has places for them.
    fn normalise(&self, tokenizer: &mut Tokenizer) -> Result<(), Problems> {
        // A tokenizer of no class of its own is taken as it is.
        if self.class == "PreTrained" {
            return Ok(());
        }
        if let Some(NormalizerWrapper::BertNormalizer(bert)) = tokenizer.get_normalizer() {
            let mut bert = *bert;
            bert.lowercase = self.flag("do_lower_case", bert.lowercase);
            bert.handle_chinese_chars =
                self.flag("tokenize_chinese_chars", bert.handle_chinese_chars);
            if let Some(strip) = self.keys.get("strip_accents") {
                bert.strip_accents = strip.as_bool();
            }
            tokenizer
                .with_normalizer(Some(bert))
                .map_err(|error| self.unreadable(SETTINGS, &error.to_string()))?;
        }
        if let Some(PreTokenizerWrapper::ByteLevel(bytes)) = tokenizer.get_pre_tokenizer() {
            let mut bytes = *bytes;
            bytes.add_prefix_space = self.flag("add_prefix_space", bytes.add_prefix_space);
            tokenizer.with_pre_tokenizer(Some(bytes));
        }
        Ok(())
    }

    /// Adds the tokens that were added after training. Each keeps its number.
    fn add(&self, tokenizer: &mut Tokenizer, files: &mut Vec<FileDigest>) -> Result<(), Problems> {
        let mut tokens: Vec<(Option<u32>, AddedToken)> = Vec::new();
        let mut special = specials(&self.keys);
        let file = match self.get("added_tokens_decoder") {
            Some(told) => {
                let told = told.as_object().and_then(|told| {
                    let mut tokens = Vec::new();
                    for (id, token) in told {
                        tokens.push((Some(id.parse().ok()?), added(token)?));
                    }
                    Some(tokens)
                });
                tokens.extend(told.ok_or_else(|| {
                    self.unreadable(SETTINGS, "added_tokens_decoder is no table of tokens")
                })?);
                SETTINGS
            }
            None => {
                let map = object(&self.folder, "special_tokens_map.json", files)?;
                special.extend(specials(&map.unwrap_or_default()));
                let file = "added_tokens.json";
                for (content, id) in object(&self.folder, file, files)?.unwrap_or_default() {
                    let id = id.as_u64().and_then(|id| u32::try_from(id).ok());
                    let id = id.ok_or_else(|| self.unreadable(file, "a token without a number"))?;
                    let is_special = special.iter().any(|token| token.content == content);
                    tokens.push((Some(id), AddedToken::from(content, is_special)));
                }
                file
            }
        };
        tokens.sort_by_key(|(id, _)| *id);
        for token in special {
            let known = tokenizer
                .get_added_vocabulary()
                .get_vocab()
                .contains_key(&token.content)
                || tokens
                    .iter()
                    .any(|(_, other)| other.content == token.content);
            if !known {
                tokens.push((None, token));
            }
        }
        let failed = |error: tokenizers::Error| self.unreadable(file, &error.to_string());
        let all: Vec<AddedToken> = tokens.iter().map(|(_, token)| token.clone()).collect();
        tokenizer.add_tokens(all).map_err(failed)?;
        let strange = tokens
            .iter()
            .find(|(id, token)| id.is_some() && tokenizer.token_to_id(&token.content) != *id);
        match strange {
            None => Ok(()),
            Some((_, token)) => Err(self.unreadable(
                file,
                &format!(
                    "the number of the added token {} is taken or leaves a gap",
                    token.content
                ),
            )),
        }
    }

    fn unfit(&self, key: &str, value: &str, why: &str) -> Problems {
        Problem::new(
            "model/tokenizer",
            Place::file(self.folder.join(SETTINGS).display().to_string()).key(key),
            format!("{key} is {}: {why}", quote(value)),
        )
        .help("other tokens would give other scores than the model's own; wrap it in Python: process:FILE.toml")
        .into()
    }

    fn unreadable(&self, file: &str, error: &str) -> Problems {
        unreadable(&self.folder, file, error)
    }
}

/// A problem with a file of the tokenizer.
pub fn unreadable(folder: &Path, file: &str, error: &str) -> Problems {
    Problem::new(
        "model/tokenizer",
        Place::file(folder.join(file).display().to_string()),
        format!("the tokenizer cannot be read: {}", quote(error)),
    )
    .help("the file is damaged or newer than this program; write it again: AutoTokenizer.from_pretrained(DIR).save_pretrained(DIR)")
    .into()
}

/// A file as a JSON object; `None` where there is no such file.
fn object(
    folder: &Path,
    name: &str,
    files: &mut Vec<FileDigest>,
) -> Result<Option<Map<String, Value>>, Problems> {
    text_of(folder, name, files)?
        .map(|text| {
            serde_json::from_str(&text)
                .map_err(|error| unreadable(folder, name, &error.to_string()))
        })
        .transpose()
}

/// The special tokens that settings name, each a string or an object.
fn specials(keys: &Map<String, Value>) -> Vec<AddedToken> {
    let one = SPECIAL.iter().filter_map(|key| keys.get(*key));
    let more = MORE_SPECIAL
        .iter()
        .filter_map(|key| keys.get(*key)?.as_array())
        .flatten();
    one.chain(more)
        .filter_map(|token| match token {
            Value::String(content) => Some(AddedToken::from(content.clone(), true)),
            token => Some(AddedToken {
                special: true,
                ..added(token)?
            }),
        })
        .collect()
}

/// A token as an object; `None` where it is none.
fn added(token: &Value) -> Option<AddedToken> {
    let content = token.get("content")?.as_str()?;
    let flag = |key: &str, usual: bool| token.get(key).and_then(Value::as_bool).unwrap_or(usual);
    let special = flag("special", false);
    Some(
        AddedToken::from(content, special)
            .single_word(flag("single_word", false))
            .lstrip(flag("lstrip", false))
            .rstrip(flag("rstrip", false))
            .normalized(flag("normalized", !special)),
    )
}
