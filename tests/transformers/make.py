"""Makes the tiny models beside this script, and what Python makes of them: the oracle of the engines.

Random weights, not trained: they serve to compare arithmetic, tokenising and heads, and mean nothing. Every weight is
drawn, biases and norms too, so that one that is read into the wrong place shows. Weights come out the same each time;
the trainers of tokenizers leave ties to chance, so that a new run writes new vocabularies and the scores that go with
them. Run as

    python tests/transformers/make.py

or with `entailment` behind it to make only the models of entailment, whose vocabularies are those of others here,
with torch 2.4.0, transformers 4.57.6, tokenizers, safetensors, onnx and onnxruntime 1.31.1. The texts are written for this project.
"""

import copy
import json
import pathlib
import shutil
import sys

import torch
import tokenizers
import transformers
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

HERE = pathlib.Path(__file__).parent
EKMAN = ["anger", "disgust", "fear", "joy", "neutral", "sadness", "surprise"]
THREE = ["negative", "neutral", "positive"]

TEXTS = [
    "",
    "The parcel came late again.",
    "I am so glad that you called, truly!",
    "Nobody told us that the office had moved.",
    "Why would anyone do that to a neighbour?",
    "It rained.",
    "She kept the letter for years and never opened it.",
    "Ich freue mich auf morgen.",
    "Qu'est-ce qui s'est passé hier soir à l'école?",
    "今天的天气真好",
    "so happy \U0001f600 and then [SEP] </s> nothing",
    "We waited and waited, the train did not come, the board went dark, people sat down on their bags, somebody sang, "
    "a child slept, and when the morning came we were all a little kinder to each other than the evening before, "
    "which is a thing that I would not have thought of us while the platform was still full of noise and hurry.",
]


def train(kind):
    torch.manual_seed(1)
    if kind == "word-piece":
        tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
        tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
        tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
        special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
        tokenizer.train_from_iterator(TEXTS, trainers.WordPieceTrainer(vocab_size=220, special_tokens=special))
        marks = ("[CLS]", "[SEP]")
    elif kind == "byte-pairs":
        tokenizer = Tokenizer(models.BPE())
        tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
        tokenizer.decoder = decoders.ByteLevel()
        special = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
        trainer = trainers.BpeTrainer(
            vocab_size=320, special_tokens=special, initial_alphabet=pre_tokenizers.ByteLevel.alphabet()
        )
        tokenizer.train_from_iterator(TEXTS, trainer)
        marks = ("<s>", "</s>")
    else:
        special = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"] if kind == "unigram" else ["[PAD]", "[CLS]", "[SEP]", "[UNK]", "[MASK]"]
        tokenizer = Tokenizer(models.Unigram())
        tokenizer.normalizer = normalizers.NFKC()
        tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
        unknown = "<unk>" if kind == "unigram" else "[UNK]"
        trainer = trainers.UnigramTrainer(vocab_size=200, special_tokens=special, unk_token=unknown)
        tokenizer.train_from_iterator(TEXTS, trainer)
        marks = ("<s>", "</s>") if kind == "unigram" else ("[CLS]", "[SEP]")
    ends = [(mark, tokenizer.token_to_id(mark)) for mark in marks]
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{marks[0]} $A {marks[1]}", pair=f"{marks[0]} $A {marks[1]} $B {marks[1]}", special_tokens=ends
    )
    names = {
        "pad_token": "[PAD]" if "[PAD]" in special else "<pad>",
        "unk_token": "[UNK]" if "[UNK]" in special else "<unk>",
        "cls_token": marks[0],
        "sep_token": marks[1],
        "mask_token": "[MASK]" if "[MASK]" in special else "<mask>",
    }
    return tokenizer, names


SMALL = {"hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 24}
# name: tokenizer, configuration, labels, several at a time, positions
MODELS = {
    "bert": ("word-piece", transformers.BertConfig, dict(SMALL, max_position_embeddings=40), EKMAN, True),
    "distilbert": (
        "word-piece",
        transformers.DistilBertConfig,
        {"dim": 16, "n_layers": 2, "n_heads": 2, "hidden_dim": 24, "max_position_embeddings": 40},
        ["NEGATIVE", "POSITIVE"],
        False,
    ),
    "roberta": (
        "byte-pairs",
        transformers.RobertaConfig,
        dict(SMALL, max_position_embeddings=42, type_vocab_size=1, pad_token_id=1, layer_norm_eps=1e-5),
        ["LABEL_0", "LABEL_1", "LABEL_2"],
        False,
    ),
    "xlm-roberta": (
        "unigram",
        transformers.XLMRobertaConfig,
        dict(SMALL, max_position_embeddings=42, type_vocab_size=1, pad_token_id=1, layer_norm_eps=1e-5),
        ["positive", "neutral", "negative"],
        False,
    ),
    "deberta-v2": (
        "unigram-deberta",
        transformers.DebertaV2Config,
        dict(
            SMALL,
            max_position_embeddings=40,
            relative_attention=True,
            position_buckets=8,
            norm_rel_ebd="layer_norm",
            share_att_key=True,
            pos_att_type=["p2c", "c2p"],
            position_biased_input=False,
            type_vocab_size=0,
        ),
        THREE,
        False,
    ),
    "modernbert": (
        "byte-pairs",
        transformers.ModernBertConfig,
        dict(
            SMALL,
            num_hidden_layers=4,
            max_position_embeddings=60,
            local_attention=8,
            classifier_pooling="mean",
            pad_token_id=1,
            attn_implementation="eager",
            reference_compile=False,
        ),
        EKMAN,
        True,
    ),
}


def draw(model, seed):
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, weight in model.named_parameters():
            noise = torch.randn(weight.shape, generator=generator)
            if weight.dim() == 1 and "norm" in name.lower() and name.endswith("weight"):
                weight.copy_(1 + 0.2 * noise)
            else:
                weight.copy_((0.3 if weight.dim() == 1 else 0.25) * noise)
            weight.copy_(weight.half().float())


def readme(name):
    return f"""---
license: apache-2.0
language:
- en
- de
base_model: nobody/tiny-{name}
datasets:
- none
---
# A tiny {name} with random weights

Made by `tests/transformers/make.py` to compare engines. It answers nonsense.
"""


def make(name, seed):
    kind, configuration, settings, labels, several = MODELS[name]
    folder = HERE / name
    shutil.rmtree(folder, ignore_errors=True)
    tokenizer, names = train(kind)
    config = configuration(
        vocab_size=tokenizer.get_vocab_size(),
        id2label=dict(enumerate(labels)),
        label2id={label: output for output, label in enumerate(labels)},
        problem_type="multi_label_classification" if several else "single_label_classification",
        **settings,
    )
    model = transformers.AutoModelForSequenceClassification.from_config(config).eval()
    draw(model, seed)
    longest = 60 if name == "modernbert" else 40
    fast = transformers.PreTrainedTokenizerFast(tokenizer_object=tokenizer, model_max_length=longest, **names)
    # The files themselves are written plainly, so that they stay small and each way of giving a tokenizer has one.
    folder.mkdir()
    # A copy, since the tables of positions that ModernBERT computes would be rounded too.
    copy.deepcopy(model).half().save_pretrained(folder)
    settings = {"model_max_length": longest}
    if name == "bert":
        words = sorted(tokenizer.get_vocab(), key=tokenizer.get_vocab().get)
        (folder / "vocab.txt").write_text("\n".join(words) + "\n")
        fast = transformers.BertTokenizer(str(folder / "vocab.txt"), model_max_length=longest)
    elif name == "roberta":
        tokenizer.model.save(str(folder))
        fast = transformers.RobertaTokenizer(str(folder / "vocab.json"), str(folder / "merges.txt"), model_max_length=longest)
        means = "[labels]\n" + "".join(f'LABEL_{output} = "{label}"\n' for output, label in enumerate(THREE))
        (folder / "affect-audit.toml").write_text("# What the names in config.json mean.\n" + means)
        labels = THREE
    else:
        tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    (folder / "tokenizer_config.json").write_text(json.dumps(settings) + "\n")
    (folder / "README.md").write_text(readme(name))
    if name == "bert":
        export(model, folder)
    rows = []
    for text in TEXTS:
        tokens = fast(text, truncation=True, return_tensors="pt")
        with torch.no_grad():
            rows.append(model(tokens["input_ids"], attention_mask=tokens["attention_mask"]).logits[0].double())
    logits = torch.stack(rows)
    scores = torch.sigmoid(logits) if several else torch.softmax(logits, dim=1)
    full = [len(fast(text, truncation=False)["input_ids"]) for text in TEXTS]
    return {
        "labels": [label.lower() for label in labels],
        "scores": [[round(score, 9) for score in row] for row in scores.tolist()],
        "cut": [place for place, length in enumerate(full) if length > longest],
    }


def export(model, folder):
    width = torch.ones((2, 5), dtype=torch.long)
    names = ["input_ids", "attention_mask", "token_type_ids"]
    changing = {name: {0: "batch", 1: "sequence"} for name in names} | {"logits": {0: "batch"}}
    torch.onnx.export(
        model,
        (width, width, width * 0),
        str(folder / "model.onnx"),
        input_names=names,
        output_names=["logits"],
        dynamic_axes=changing,
        opset_version=14,
    )


def pickle():
    """The weights of the tiny BERT as PyTorch itself saves them."""
    model = transformers.AutoModelForSequenceClassification.from_pretrained(HERE / "bert", dtype=torch.float16)
    folder = HERE / "bert-pickled"
    shutil.rmtree(folder, ignore_errors=True)
    model.save_pretrained(folder, safe_serialization=False)
    (folder / "config.json").unlink()


def quantise(tokens_of):
    """The tiny BERT with its weights in 8 bits, and what Python's ONNX Runtime makes of each text by itself."""
    import onnxruntime
    from onnxruntime.quantization import QuantType, quantize_dynamic

    folder = HERE / "bert-int8"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name in ["README.md", "config.json", "tokenizer_config.json", "vocab.txt"]:
        shutil.copy(HERE / "bert" / name, folder)
    quantize_dynamic(HERE / "bert/model.onnx", folder / "model.onnx", weight_type=QuantType.QInt8)
    session = onnxruntime.InferenceSession(str(folder / "model.onnx"))
    rows = []
    for text in TEXTS:
        logits = session.run(["logits"], dict(tokens_of(text, truncation=True, return_tensors="np")))[0][0]
        rows.append([round(score, 9) for score in torch.sigmoid(torch.tensor(logits).double()).tolist()])
    return {"labels": EKMAN, "scores": rows}


# name: labels in the order of the outputs, so that the pipeline finds contradiction last and first
ENTAILMENT = {
    "bert-nli": ("bert", ["ENTAILMENT", "NEUTRAL", "CONTRADICTION"]),
    "roberta-nli": ("roberta", ["contradiction", "neutral", "entailment"]),
}
# What is asked: the sentence, the words for each label, whether each label is scored by itself.
ASKED = [
    ("This text expresses {}.", dict(zip(EKMAN, ["anger", "disgust", "fear", "joy", "no feeling", "sadness", "surprise"])), False),
    ("{} is what the writer tells of, and nothing else!", {label: label for label in EKMAN}, True),
    ("The tone is {}.", {"negative": "bad, even very bad", "neutral": "flat", "positive": "good"}, False),
]


def entail(name, seed):
    """A tiny model of entailment, and what Python's pipeline for labels without training makes of the texts."""
    like, labels = ENTAILMENT[name]
    kind, configuration, settings, _, _ = MODELS[like]
    folder = HERE / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for file in ["vocab.txt", "vocab.json", "merges.txt", "tokenizer_config.json"]:
        if (HERE / like / file).exists():
            shutil.copy(HERE / like / file, folder)
    words = [str(folder / file) for file in ["vocab.txt", "vocab.json", "merges.txt"] if (folder / file).exists()]
    fast = (transformers.BertTokenizer if like == "bert" else transformers.RobertaTokenizer)(*words, model_max_length=40)
    config = configuration(
        vocab_size=len(fast),
        id2label=dict(enumerate(labels)),
        label2id={label: output for output, label in enumerate(labels)},
        **settings,
    )
    model = transformers.AutoModelForSequenceClassification.from_config(config).eval()
    draw(model, seed)
    copy.deepcopy(model).half().save_pretrained(folder)
    (folder / "README.md").write_text(readme(name))
    if like == "bert":
        export(model, folder)
    pipeline = transformers.pipeline("zero-shot-classification", model=model, tokenizer=fast, framework="pt")
    asked = []
    # The pipeline takes no empty text.
    for hypothesis, wording, several in ASKED:
        rows, cut = [], []
        for place, text in enumerate(TEXTS[1:]):
            found = pipeline(
                text, list(wording.values()), hypothesis_template=hypothesis, multi_label=several, truncation="only_first"
            )
            scores = dict(zip(found["labels"], found["scores"]))
            rows.append([round(scores[words], 9) for words in wording.values()])
            pairs = [fast(text, hypothesis.format(words), truncation=False)["input_ids"] for words in wording.values()]
            if any(len(pair) > 40 for pair in pairs):
                cut.append(place)
        asked.append(
            {
                "hypothesis": hypothesis,
                "multi_label": several,
                "wording": wording,
                "labels": list(wording),
                "scores": rows,
                "cut": cut,
            }
        )
    return asked


def entailment():
    expected = {
        "made_with": f"transformers {transformers.__version__}, torch {torch.__version__}",
        "texts": TEXTS[1:],
        "models": {name: entail(name, 40 + seed) for seed, name in enumerate(ENTAILMENT)},
    }
    (HERE / "entailment.json").write_text(json.dumps(expected, ensure_ascii=False, indent=1) + "\n")


def main():
    if sys.argv[1:] == ["entailment"]:
        return entailment()
    expected = {
        "made_with": f"transformers {transformers.__version__}, torch {torch.__version__}, tokenizers {tokenizers.__version__}",
        "texts": TEXTS,
        "models": {name: make(name, seed) for seed, name in enumerate(MODELS)},
    }
    words = transformers.BertTokenizer(str(HERE / "bert/vocab.txt"), model_max_length=40)
    expected["models"]["bert-int8"] = quantise(words)
    pickle()
    (HERE / "expected.json").write_text(json.dumps(expected, ensure_ascii=False, indent=1) + "\n")
    entailment()


main()
