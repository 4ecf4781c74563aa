"""Writes bert-external: the ONNX file of bert with its weights in a file of any name. Run with onnx installed."""

import pathlib

import onnx

HERE = pathlib.Path(__file__).parent
model = onnx.load(HERE / "bert/model.onnx")
(HERE / "bert-external").mkdir(exist_ok=True)
(HERE / "bert-external/numbers.bin").unlink(missing_ok=True)
onnx.save(
    model,
    HERE / "bert-external/graph.onnx",
    save_as_external_data=True,
    all_tensors_to_one_file=True,
    location="numbers.bin",
    size_threshold=64,
)
