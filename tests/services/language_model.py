"""Makes a tiny language model with random weights, the file that has it asked, and what it answers in Python.

Called with the folder to write to, the preset for interfaces as OpenAI's, the server's port, and a file of texts, a line
each. The answers mean nothing; that they come out the same through a server is what counts.
"""

import json
import sys
import tomllib
from pathlib import Path

import gguf
import numpy as np
from llama_cpp import Llama

WIDTH, HEADS, LAYERS, FEED, CONTEXT = 64, 4, 2, 128, 1024
LABELS = ["negative", "neutral", "positive"]


def vocabulary():
    """The characters that stand for bytes in byte-level tokens (GPT-2), one token that ends, one that is merged."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in plain]
    names = {byte: chr(byte) for byte in plain} | {byte: chr(256 + place) for place, byte in enumerate(others)}
    return [names[byte] for byte in range(256)] + ["<|end|>", "ab"]


def write(path):
    tokens = vocabulary()
    random = np.random.default_rng(7)
    writer = gguf.GGUFWriter(path, "qwen2")
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(LAYERS)
    writer.add_feed_forward_length(FEED)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(HEADS)
    writer.add_layer_norm_rms_eps(1e-6)
    writer.add_rope_freq_base(10000.0)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("default")
    writer.add_token_list(tokens)
    writer.add_token_types([gguf.TokenType.NORMAL] * 256 + [gguf.TokenType.CONTROL, gguf.TokenType.NORMAL])
    writer.add_token_merges(["a b"])
    writer.add_eos_token_id(256)
    writer.add_bos_token_id(256)
    writer.add_chat_template("{% for message in messages %}{{ message.role }}: {{ message.content }}\n{% endfor %}")

    def tensor(name, *shape, deviation):
        writer.add_tensor(name, random.normal(0, deviation, shape).astype(np.float32))

    def ones(name):
        writer.add_tensor(name, np.ones(WIDTH, np.float32))

    deep = 2.0 / WIDTH**0.5
    tensor("token_embd.weight", len(tokens), WIDTH, deviation=1.0)
    tensor("output.weight", len(tokens), WIDTH, deviation=deep)
    ones("output_norm.weight")
    for layer in range(LAYERS):
        for part in ("attn_q", "attn_k", "attn_v"):
            tensor(f"blk.{layer}.{part}.weight", WIDTH, WIDTH, deviation=deep)
            tensor(f"blk.{layer}.{part}.bias", WIDTH, deviation=deep)
        tensor(f"blk.{layer}.attn_output.weight", WIDTH, WIDTH, deviation=deep)
        tensor(f"blk.{layer}.ffn_gate.weight", FEED, WIDTH, deviation=deep)
        tensor(f"blk.{layer}.ffn_up.weight", FEED, WIDTH, deviation=deep)
        tensor(f"blk.{layer}.ffn_down.weight", WIDTH, FEED, deviation=deep)
        ones(f"blk.{layer}.attn_norm.weight")
        ones(f"blk.{layer}.ffn_norm.weight")
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def fill(part, places):
    """The template with its places filled, as the documentation says."""
    if isinstance(part, dict):
        return {key: fill(value, places) for key, value in part.items()}
    if isinstance(part, list):
        return [fill(value, places) for value in part]
    if not isinstance(part, str):
        return part
    for name, value in places.items():
        if part == "{{" + name + "}}":
            return value
        if isinstance(value, str):
            part = part.replace("{{" + name + "}}", value)
    return part


folder, preset, port, texts = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], Path(sys.argv[4])
model = str(folder / "model.gguf")
write(model)
# The server calls a schema that answers keep to otherwise than OpenAI does.
body = json.loads(tomllib.loads(preset.read_text())["body"])
schema = body["response_format"]["json_schema"]["schema"]
body["response_format"] = {"type": "json_object", "schema": schema}
(folder / "m.toml").write_text(
    f"""preset = "openai"
url = "http://127.0.0.1:{port}/v1/chat/completions"
body = '''{json.dumps(body)}'''
cache = false
sanity = false
concurrency = 1
[values]
model = "tiny"
[headers]
Authorization = ""
"""
)
llama = Llama(model, n_ctx=CONTEXT, n_threads=1, n_threads_batch=1, verbose=False)
answers = []
for text in texts.read_text().splitlines():
    places = {
        "model": "tiny",
        "text": text,
        "task": "sentiment",
        "labels": ", ".join(LABELS),
        "schema": {"type": "string", "enum": LABELS},
    }
    request = fill(body, places)
    request.pop("model")
    answer = llama.create_chat_completion(**request)["choices"][0]["message"]["content"]
    answers.append(json.loads(answer)["label"])
(folder / "answers.txt").write_text("\n".join(answers) + "\n")
