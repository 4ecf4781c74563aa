#!/usr/bin/env bash
# Texts a second through the engines for transformers, beside the same model in Python, in turn and several times over.
# Usage: benches/transformers.sh PROGRAM [MODEL [ROUNDS [TEXTS]]]
#   PROGRAM was built with `cargo build --release --no-default-features --features onnx,candle`, or with libtorch as well;
#   engines that it lacks are left out.
#   MODEL is a folder with model.onnx and model.safetensors; without one, a DistilBERT-base shape with random weights is made.
# PYTHON names a Python with the packages that benches/peers/transformers.py needs; its ONNX Runtime is used by both sides.
# What counts is the ratio within a round: the machine may be busy. The table at the end has the medians of the rounds.
set -euo pipefail
cd "$(dirname "$0")/.."
program="$1"
python="${PYTHON:-python3}"
rounds="${3:-3}"
count="${4:-1000}"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
peer="benches/peers/transformers.py"
model="${2:-}"
if [ -z "$model" ]; then
  model="$work/model"
  "$python" "$peer" make "$model" 2> /dev/null
fi
"$python" "$peer" texts datasets/everyday-english/cases.csv "$work/mixed" "$count"
mkdir "$work/one"
cp "$work/mixed/dataset.toml" "$work/one/"
head -n 2 "$work/mixed/cases.csv" > "$work/one/cases.csv"
export ORT_DYLIB_PATH="${ORT_DYLIB_PATH:-$("$python" -c 'import glob, onnxruntime, os; print(glob.glob(os.path.join(os.path.dirname(onnxruntime.__file__), "capi", "libonnxruntime.so*"))[0])')}"

seconds() {
  local start end
  start="$(date +%s.%N)"
  "$program" predict --quiet --no-cache --force --model "$1:$model" --dataset "$2" -o "$work/p.csv" 2> /dev/null
  end="$(date +%s.%N)"
  echo "$end - $start" | bc
}

# Loading is outside the timing, as for Python: what a single text takes is taken off.
ours() {
  local all one
  all="$(seconds "$1" "$work/mixed")"
  one="$(seconds "$1" "$work/one")"
  echo "scale=1; ($count - 1) / ($all - $one)" | bc
}

engines=()
for engine in onnx hf libtorch; do
  if "$program" doctor | grep -q "^$engine:DIR *works"; then engines+=("$engine"); fi
done
for round in $(seq "$rounds"); do
  for engine in "${engines[@]}"; do
    echo "$round $engine: $(ours "$engine")"
  done
  for way in onnx torch pipeline; do
    echo "$round python-$way $("$python" "$peer" "$model" "$work/mixed/cases.csv" "$way" 2> /dev/null)"
  done
done | tee "$work/rounds"
"$python" "$peer" table "$work/rounds"
