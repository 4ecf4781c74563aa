#!/usr/bin/env bash
# Texts a second through the engines for transformers, beside the same model in Python, in turn and several times over.
# Usage: benches/transformers.sh PROGRAM [MODEL [ROUNDS]]
#   PROGRAM was built with `cargo build --release --no-default-features --features onnx,candle`.
#   MODEL is a folder with model.onnx and model.safetensors; without one, a DistilBERT-base shape with random weights is made.
# PYTHON names a Python with the packages that benches/peers/transformers.py needs; its ONNX Runtime is used by both sides.
# What counts is the ratio within a round: the machine may be busy.
set -euo pipefail
cd "$(dirname "$0")/.."
program="$1"
python="${PYTHON:-python3}"
rounds="${3:-3}"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
peer="benches/peers/transformers.py"
model="${2:-$work/model}"
[ -n "${2:-}" ] || "$python" "$peer" make "$model" 2> /dev/null
"$python" "$peer" texts datasets/everyday-english/cases.csv "$work/mixed"
mkdir "$work/one"
cp "$work/mixed/dataset.toml" "$work/one/"
head -n 2 "$work/mixed/cases.csv" > "$work/one/cases.csv"
export ORT_DYLIB_PATH="${ORT_DYLIB_PATH:-$("$python" -c 'import glob, onnxruntime, os; print(glob.glob(os.path.join(os.path.dirname(onnxruntime.__file__), "capi", "libonnxruntime.so*"))[0])')}"

seconds() {
  local start end
  start="$(date +%s.%N)"
  "$program" predict --quiet --force --model "$1:$model" --dataset "$2" -o "$work/p.csv"
  end="$(date +%s.%N)"
  echo "$end - $start" | bc
}

# Loading is outside the timing, as for Python: what a single text takes is taken off.
ours() {
  local all one
  all="$(seconds "$1" "$work/mixed")"
  one="$(seconds "$1" "$work/one")"
  echo "scale=1; 999 / ($all - $one)" | bc
}

for round in $(seq "$rounds"); do
  o="$(ours onnx)"; n="$("$python" "$peer" "$model" "$work/mixed/cases.csv" onnx 2> /dev/null)"
  c="$(ours hf)"; t="$("$python" "$peer" "$model" "$work/mixed/cases.csv" torch 2> /dev/null)"
  p="$("$python" "$peer" "$model" "$work/mixed/cases.csv" pipeline 2> /dev/null)"
  echo "round $round, texts/s: onnx: $o | hf: $c | Python onnxruntime $n | PyTorch sorted $t | transformers.pipeline $p" \
    "| onnx:/onnxruntime $(echo "scale=2; $o / $n" | bc) | onnx:/pipeline $(echo "scale=2; $o / $p" | bc)" \
    "| hf:/pipeline $(echo "scale=2; $c / $p" | bc)"
done
