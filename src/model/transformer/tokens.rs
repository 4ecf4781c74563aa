//! The tokenizer of a model, as long as its texts may be: from tokenizer.json, else from the older vocabulary files.

use std::collections::HashMap;
use std::path::Path;

use serde_json::Value;
use tokenizers::models::bpe::{BPE, Vocab};
use tokenizers::models::wordpiece::WordPiece;
use tokenizers::normalizers::BertNormalizer;
use tokenizers::pre_tokenizers::bert::BertPreTokenizer;
use tokenizers::pre_tokenizers::byte_level::ByteLevel;
use tokenizers::processors::bert::BertProcessing;
use tokenizers::processors::roberta::RobertaProcessing;
use tokenizers::{
    AddedToken, EncodeInput, PostProcessor, Tokenizer, TruncationParams, TruncationStrategy,
};

use super::config::Config;
use super::folder::{bytes_of, text_of};
use super::options::Options;
use super::settings::{Settings, unreadable};
use crate::diagnostic::{Place, Problem, Problems};
use crate::model::card::FileDigest;

/// What a text is cut to where nothing says how long it may be.
const USUAL_LENGTH: usize = 512;

/// A limit above this is a way of saying that there is none.
const NO_LIMIT: u64 = 1_000_000;

/// Classes of tokenizers that are made from `vocab.txt`.
const WORD_PIECES: [&str; 8] = [
    "Bert",
    "ConvBert",
    "DistilBert",
    "Electra",
    "LayoutLM",
    "MobileBert",
    "RetriBert",
    "SqueezeBert",
];

/// Classes that are made from `vocab.json` and `merges.txt`.
const BYTE_PAIRS: [&str; 4] = ["Bart", "LED", "Longformer", "Roberta"];

/// Files of tokenizers that are read only after conversion.
const SENTENCE_PIECE: [&str; 3] = ["spiece.model", "sentencepiece.bpe.model", "spm.model"];

/// A tokenizer.
pub struct Tokens {
    tokenizer: Tokenizer,
    /// The most tokens of a text that are read, with the marks of beginning and end.
    pub most: usize,
    /// The token that fills short rows.
    pub padding: u32,
}

/// A text in tokens.
pub struct Encoded {
    /// The tokens.
    pub ids: Vec<u32>,
    /// For each token the part of the text it belongs to.
    pub types: Vec<u32>,
    /// Whether the text was longer than it may be.
    pub cut: bool,
}

impl Tokens {
    /// Loads the tokenizer of a folder.
    ///
    /// # Errors
    /// No tokenizer, or one that cannot be read.
    pub fn load(
        folder: &Path,
        config: &Config,
        options: &Options,
        files: &mut Vec<FileDigest>,
    ) -> Result<Tokens, Problems> {
        let settings = Settings::read(folder, config, files)?;
        let mut tokenizer = if let Some(bytes) = bytes_of(folder, "tokenizer.json", files)? {
            Tokenizer::from_bytes(bytes)
                .map_err(|error| unreadable(folder, "tokenizer.json", &error.to_string()))?
        } else if let Some(words) = text_of(folder, "vocab.txt", files)? {
            settings.expect_class(&WORD_PIECES)?;
            word_pieces(&words, &settings)
                .map_err(|error| unreadable(folder, "vocab.txt", &error))?
        } else if let (Some(words), Some(merges)) = (
            text_of(folder, "vocab.json", files)?,
            text_of(folder, "merges.txt", files)?,
        ) {
            settings.expect_class(&BYTE_PAIRS)?;
            byte_pairs(&words, &merges, &settings)
                .map_err(|error| unreadable(folder, "vocab.json", &error))?
        } else {
            return Err(missing(folder));
        };
        settings.apply(&mut tokenizer, files)?;
        let padding = config
            .padding()
            .or_else(|| tokenizer.get_padding().map(|padding| padding.pad_id))
            .unwrap_or(0);
        let most = [
            options.max_length,
            settings
                .get("model_max_length")
                .and_then(Value::as_u64)
                .filter(|length| *length <= NO_LIMIT)
                .map(|length| length as usize),
            config.positions(),
        ]
        .into_iter()
        .flatten()
        .min()
        .unwrap_or(USUAL_LENGTH);
        let marks = tokenizer
            .encode("", true)
            .map_or(0, |encoding| encoding.get_ids().len());
        if most <= marks {
            return Err(Problem::new(
                "model/max-length",
                Place::file(folder.display().to_string()),
                format!("texts of at most {most} tokens hold no word"),
            )
            .help("check max_position_embeddings in config.json and model_max_length in tokenizer_config.json")
            .into());
        }
        tokenizer.with_padding(None);
        tokenizer
            .with_truncation(Some(TruncationParams {
                max_length: most,
                // Of a text and a sentence about it the text is cut.
                strategy: TruncationStrategy::OnlyFirst,
                ..TruncationParams::default()
            }))
            .map_err(|error| unreadable(folder, "tokenizer.json", &error.to_string()))?;
        Ok(Tokens {
            tokenizer,
            most,
            padding,
        })
    }

    /// The same, if beside each of these sentences there is room for a text.
    ///
    /// # Errors
    /// A sentence that leaves none.
    pub fn beside(self, folder: &Path, sentences: &[String]) -> Result<Tokens, Problems> {
        let marks = self
            .tokenizer
            .get_post_processor()
            .map_or(0, |processor| processor.added_tokens(true));
        let longest = sentences
            .iter()
            .filter_map(|sentence| self.tokenizer.encode(sentence.as_str(), false).ok())
            .map(|encoding| encoding.get_ids().len())
            .max()
            .unwrap_or(0);
        if longest + marks < self.most {
            return Ok(self);
        }
        Err(Problem::new(
            "model/hypothesis",
            Place::file(folder.display().to_string()),
            format!(
                "the model reads {} tokens, and the longest sentence of [zero_shot] leaves none of them to a text",
                self.most
            ),
        )
        .help("ask with a shorter sentence and shorter words")
        .into())
    }

    /// A text in tokens, with a sentence about it where there is one; `None` where the tokenizer cannot read it.
    pub fn encode(&self, text: &str, sentence: Option<&str>) -> Option<Encoded> {
        let input: EncodeInput<'_> = match sentence {
            Some(sentence) => (text, sentence).into(),
            None => text.into(),
        };
        let encoding = self.tokenizer.encode_fast(input, true).ok()?;
        Some(Encoded {
            ids: encoding.get_ids().to_vec(),
            types: encoding.get_type_ids().to_vec(),
            cut: !encoding.get_overflowing().is_empty(),
        })
    }
}

fn missing(folder: &Path) -> Problems {
    let convert = SENTENCE_PIECE
        .iter()
        .any(|name| bytes_of(folder, name, &mut Vec::new()).is_ok_and(|found| found.is_some()));
    let help = if convert {
        "its SentencePiece file must be converted once: python -c \"from transformers import AutoTokenizer as T; T.from_pretrained('DIR').save_pretrained('DIR')\""
    } else {
        "expected tokenizer.json, or vocab.txt, or vocab.json with merges.txt, from where the model comes from: another model's tokenizer would give wrong answers in silence"
    };
    Problem::new(
        "model/no-tokenizer",
        Place::file(folder.display().to_string()),
        "the folder holds no tokenizer",
    )
    .help(help)
    .into()
}

/// BERT's tokenizer from a word a line.
fn word_pieces(words: &str, settings: &Settings) -> Result<Tokenizer, String> {
    let vocabulary: Vocab = words
        .lines()
        .enumerate()
        .map(|(id, word)| (word.to_owned(), id as u32))
        .collect();
    let lower = settings.flag("do_lower_case", true);
    let model = WordPiece::builder()
        .vocab(vocabulary)
        .unk_token("[UNK]".to_owned())
        .build()
        .map_err(|error| error.to_string())?;
    let mut tokenizer = Tokenizer::new(model);
    tokenizer
        .with_normalizer(Some(BertNormalizer::new(
            true,
            settings.flag("tokenize_chinese_chars", true),
            settings.get("strip_accents").and_then(Value::as_bool),
            lower,
        )))
        .map_err(|error| error.to_string())?;
    tokenizer.with_pre_tokenizer(Some(BertPreTokenizer));
    let end = mark(&tokenizer, "[SEP]")?;
    let begin = mark(&tokenizer, "[CLS]")?;
    tokenizer.with_post_processor(Some(BertProcessing::new(end, begin)));
    special(
        &mut tokenizer,
        &["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"],
    )?;
    Ok(tokenizer)
}

/// RoBERTa's tokenizer from its vocabulary and merges.
fn byte_pairs(words: &str, merges: &str, settings: &Settings) -> Result<Tokenizer, String> {
    let vocabulary: HashMap<String, u32> =
        serde_json::from_str(words).map_err(|error| error.to_string())?;
    let vocabulary: Vocab = vocabulary.into_iter().collect();
    let merges: Vec<(String, String)> = merges
        .lines()
        .filter(|line| !line.starts_with("#version"))
        .filter_map(|line| line.split_once(' '))
        .map(|(left, right)| (left.to_owned(), right.to_owned()))
        .collect();
    let model = BPE::builder()
        .vocab_and_merges(vocabulary, merges)
        .build()
        .map_err(|error| error.to_string())?;
    let mut tokenizer = Tokenizer::new(model);
    let prefix = settings.flag("add_prefix_space", false);
    tokenizer.with_pre_tokenizer(Some(ByteLevel::new(prefix, true, true)));
    let end = mark(&tokenizer, "</s>")?;
    let begin = mark(&tokenizer, "<s>")?;
    tokenizer.with_post_processor(Some(
        RobertaProcessing::new(end, begin).add_prefix_space(prefix),
    ));
    special(&mut tokenizer, &["<s>", "<pad>", "</s>", "<unk>"])?;
    tokenizer
        .add_special_tokens([AddedToken::from("<mask>", true).lstrip(true)])
        .map_err(|error| error.to_string())?;
    Ok(tokenizer)
}

fn mark(tokenizer: &Tokenizer, name: &str) -> Result<(String, u32), String> {
    tokenizer
        .token_to_id(name)
        .map(|id| (name.to_owned(), id))
        .ok_or_else(|| format!("the vocabulary lacks {name}"))
}

fn special(tokenizer: &mut Tokenizer, names: &[&str]) -> Result<(), String> {
    let known: Vec<AddedToken> = names
        .iter()
        .filter(|name| tokenizer.token_to_id(name).is_some())
        .map(|name| AddedToken::from(*name, true))
        .collect();
    tokenizer
        .add_special_tokens(known)
        .map(|_| ())
        .map_err(|error| error.to_string())
}
