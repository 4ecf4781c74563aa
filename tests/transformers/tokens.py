"""Writes tokens.json beside it: what Python's transformers makes of settings that change the tokens of the tiny models.

Run as `python tests/transformers/tokens.py` with transformers 4.57.6 and its tokenizers.
"""

import json
import pathlib
import shutil
import tempfile

from transformers import AutoTokenizer

HERE = pathlib.Path(__file__).parent
TEXTS = [
    "@USER I am so GLAD that you called, truly! HTTPURL",
    "@user httpurl",
    "Qu'est-ce qui s'est passé hier soir à l'École?",
    "今天的天气真好",
    "It rained.@USER",
]


def token(content, **more):
    usual = {"lstrip": False, "normalized": False, "rstrip": False, "single_word": False, "special": True}
    return {"content": content, **usual, **more}


def cases():
    words = len((HERE / "bert/vocab.txt").read_text().splitlines())
    config = "tokenizer_config.json"
    added = {str(words): token("@USER"), str(words + 1): token("HTTPURL", special=False, normalized=True)}
    yield "bert", False, {config: {"tokenizer_class": "BertTokenizer", "added_tokens_decoder": added}}
    yield "bert", True, {config: {"tokenizer_class": "BertTokenizerFast", "added_tokens_decoder": added}}
    for whole in (False, True):
        yield "bert", whole, {config: None, "added_tokens.json": {"@USER": words, "HTTPURL": words + 1}}
        yield "bert", whole, {config: {}, "special_tokens_map.json": {"additional_special_tokens": ["@USER"]}}
        for flags in (
            {"do_lower_case": False},
            {"do_lower_case": True, "strip_accents": False},
            {"do_lower_case": False, "strip_accents": True},
            {"tokenize_chinese_chars": False},
        ):
            yield "bert", whole, {config: {"tokenizer_class": "BertTokenizer", **flags}}
        for prefix in (False, True):
            yield "roberta", whole, {config: {"tokenizer_class": "RobertaTokenizer", "add_prefix_space": prefix}}
    # A tokenizer without a class of its own takes no advice.
    yield "bert", True, {config: {"tokenizer_class": "PreTrainedTokenizerFast", "do_lower_case": False}}


def main():
    found = []
    for model, whole, files in cases():
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder) / model
            shutil.copytree(HERE / model, folder)
            if whole:
                AutoTokenizer.from_pretrained(folder).backend_tokenizer.save(str(folder / "tokenizer.json"))
            for name, content in files.items():
                (folder / name).unlink(missing_ok=True)
                if content is not None:
                    (folder / name).write_text(json.dumps(content))
            tokenizer = AutoTokenizer.from_pretrained(folder)
            case = {"model": model, "files": files, "ids": [tokenizer(text)["input_ids"] for text in TEXTS]}
            if whole:
                case["tokenizer"] = json.loads((folder / "tokenizer.json").read_text())
            found.append(case)
    for case in found:
        print(case["model"], "tokenizer" in case, case["files"], case["ids"][0][:8])
    text = json.dumps({"texts": TEXTS, "cases": found}, ensure_ascii=False, separators=(",", ":"))
    (HERE / "tokens.json").write_text(text + "\n")


main()
