"""How many texts a second Python scores with a transformer, in the ways that people do it.

usage: python transformers.py make DIR               a DistilBERT-base shape with random weights, as safetensors and ONNX
       python transformers.py texts CASES.csv OUT N  a dataset of N texts of mixed lengths, made from the texts of another
       python transformers.py table ROUNDS           medians of lines "round name texts-a-second", and of their ratios
       python transformers.py FOLDER CASES.csv WAY   WAY is one of onnx, torch, pipeline

onnx:     onnxruntime with tokenizers, batches of 32 sorted by length (at most 4,096 tokens)
torch:    the same batches through PyTorch
pipeline: transformers.pipeline (PyTorch) with batch_size=32, texts as they come

needs: torch 2.4.0, transformers 4.57.6, onnxruntime, tokenizers, onnx. Loading and a first batch are outside the timing.
"""

import csv
import json
import os
import pathlib
import random
import statistics
import sys
import time

# This file must not be taken for the package of the same name.
sys.path = [path for path in sys.path if pathlib.Path(path or ".").resolve() != pathlib.Path(__file__).parent.resolve()]


def make(folder):
    import torch
    import transformers

    tiny = pathlib.Path(__file__).parents[2] / "tests/transformers/distilbert"
    torch.manual_seed(1)
    config = transformers.DistilBertConfig(
        id2label={0: "negative", 1: "positive"},
        label2id={"negative": 0, "positive": 1},
        problem_type="single_label_classification",
    )
    model = transformers.AutoModelForSequenceClassification.from_config(config).eval()
    folder = pathlib.Path(folder)
    model.save_pretrained(folder)
    (folder / "tokenizer.json").write_bytes((tiny / "tokenizer.json").read_bytes())
    settings = {
        "model_max_length": 512,
        "tokenizer_class": "PreTrainedTokenizerFast",
        "pad_token": "[PAD]",
        "unk_token": "[UNK]",
        "cls_token": "[CLS]",
        "sep_token": "[SEP]",
        "mask_token": "[MASK]",
        "model_input_names": ["input_ids", "attention_mask"],
    }
    (folder / "tokenizer_config.json").write_text(json.dumps(settings))
    ones = torch.ones((2, 5), dtype=torch.long)
    names = ["input_ids", "attention_mask"]
    changing = {name: {0: "batch", 1: "sequence"} for name in names} | {"logits": {0: "batch"}}
    torch.onnx.export(
        model, (ones, ones), str(folder / "model.onnx"), input_names=names, output_names=["logits"], dynamic_axes=changing,
        opset_version=14,
    )


def texts(cases, out, count):
    """Of 3 to 120 words, most of them short, as posts and reviews are; no two alike."""
    random.seed(1)
    with open(cases, encoding="utf-8") as file:
        words = " ".join(row["text"] for row in csv.DictReader(file)).split()
    out = pathlib.Path(out)
    out.mkdir(parents=True, exist_ok=True)
    (out / "dataset.toml").write_text('name = "mixed"\n')
    with open(out / "cases.csv", "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "text"])
        for case in range(count):
            length = min(120, 3 + int(random.expovariate(1 / 25)))
            start = random.randrange(len(words) - length)
            writer.writerow([case, " ".join(words[start : start + length]) + f" {case}"])


def sorted_batches(folder, texts):
    """Tokens in batches of at most 32 texts and 4,096 tokens, longest first."""
    import numpy
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.enable_truncation(512)
    tokenizer.no_padding()
    encoded = sorted(tokenizer.encode_batch(texts), key=lambda text: -len(text.ids))
    while encoded:
        length = len(encoded[0].ids)
        rows = max(1, min(32, 4096 // length))
        now, encoded = encoded[:rows], encoded[rows:]
        ids = numpy.zeros((len(now), length), dtype=numpy.int64)
        mask = numpy.zeros_like(ids)
        for row, text in enumerate(now):
            ids[row, : len(text.ids)] = text.ids
            mask[row, : len(text.ids)] = 1
        yield {"input_ids": ids, "attention_mask": mask}


def way(folder, name):
    """A function that scores texts."""
    if name == "onnx":
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = len(os.sched_getaffinity(0))
        session = onnxruntime.InferenceSession(str(folder / "model.onnx"), options)
        wanted = {port.name for port in session.get_inputs()}

        def score(texts):
            for batch in sorted_batches(folder, texts):
                if "token_type_ids" in wanted:
                    batch["token_type_ids"] = batch["input_ids"] * 0
                session.run(None, batch)

        return score
    import torch
    import transformers

    torch.set_num_threads(len(os.sched_getaffinity(0)))
    model = transformers.AutoModelForSequenceClassification.from_pretrained(folder, torch_dtype=torch.float32).eval()
    if name == "torch":

        def score(texts):
            with torch.inference_mode():
                for batch in sorted_batches(folder, texts):
                    model(**{key: torch.from_numpy(value) for key, value in batch.items()})

        return score
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
    pipeline = transformers.pipeline("text-classification", model=model, tokenizer=tokenizer, top_k=None, device="cpu")
    return lambda texts: pipeline(texts, batch_size=32, truncation=True)


def table(path):
    rounds = {}
    for line in pathlib.Path(path).read_text().splitlines():
        number, name, speed = line.split()
        rounds.setdefault(number, {})[name] = float(speed)
    rounds = list(rounds.values())
    print("| | texts/s | of Python onnxruntime | of transformers.pipeline |\n|---|---|---|---|")
    for name in rounds[0]:
        median = statistics.median(speeds[name] for speeds in rounds)
        ratios = [
            statistics.median(speeds[name] / speeds[peer] for speeds in rounds)
            for peer in ("python-onnx", "python-pipeline")
        ]
        print(f"| {name} | {median:.0f} | {ratios[0]:.2f} | {ratios[1]:.2f} |")


def main(arguments):
    if len(arguments) == 2 and arguments[0] == "make":
        return make(arguments[1])
    if len(arguments) == 4 and arguments[0] == "texts":
        return texts(arguments[1], arguments[2], int(arguments[3]))
    if len(arguments) == 2 and arguments[0] == "table":
        return table(arguments[1])
    if len(arguments) != 3 or arguments[2] not in ("onnx", "torch", "pipeline"):
        sys.exit(__doc__)
    folder, cases, name = arguments
    with open(cases, encoding="utf-8") as file:
        lines = [row["text"] for row in csv.DictReader(file)]
    score = way(pathlib.Path(folder), name)
    score(lines[:32])
    start = time.perf_counter()
    score(lines)
    print(f"{len(lines) / (time.perf_counter() - start):.1f}")


if __name__ == "__main__":
    main(sys.argv[1:])
