"""A real but tiny voice for Piper: 25 ms of a hum for each letter, its pitch by the letter."""

import json
import string
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

RATE, SAMPLES = 16_000, 400
MARKS = (
    "\u0300",
    "\u0301",
    "\u0302",
    "\u0303",
    "\u0306",
    "\u0309",
    "\u031b",
    "\u0323",
    "đ",
    " ",
    ",",
    ".",
)


def make(folder: Path, name: str = "vi_VN-tiny") -> Path:
    """Writes NAME.onnx and NAME.onnx.json."""
    turns = np.arange(SAMPLES, dtype=np.float32)[None] * (2 * np.pi / RATE)
    constants: dict[str, np.ndarray] = {
        "column": np.array([-1, 1], dtype=np.int64),
        "flat": np.array([1, 1, -1], dtype=np.int64),
        "turns": turns.astype(np.float32),
        "lowest": np.array([200], dtype=np.float32),
        "step": np.array([7], dtype=np.float32),
        "level": np.array([0.3], dtype=np.float32),
    }
    nodes = [
        helper.make_node("Cast", ["input"], ["letters"], to=TensorProto.FLOAT),
        helper.make_node("Reshape", ["letters", "column"], ["rows"]),
        helper.make_node("Mul", ["rows", "step"], ["steps"]),
        helper.make_node("Add", ["steps", "lowest"], ["pitch"]),
        helper.make_node("MatMul", ["pitch", "turns"], ["phase"]),
        helper.make_node("Sin", ["phase"], ["wave"]),
        helper.make_node("Mul", ["wave", "level"], ["soft"]),
        helper.make_node("Reshape", ["soft", "flat"], ["output"]),
    ]
    inputs = [
        helper.make_tensor_value_info("input", TensorProto.INT64, [1, "n"]),
        helper.make_tensor_value_info("input_lengths", TensorProto.INT64, [1]),
        helper.make_tensor_value_info("scales", TensorProto.FLOAT, [3]),
    ]
    outputs = [helper.make_tensor_value_info("output", TensorProto.FLOAT, [1, 1, "t"])]
    kept = [numpy_helper.from_array(value, key) for key, value in constants.items()]
    graph = helper.make_graph(nodes, "tiny", inputs, outputs, kept)
    model = helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8
    )
    path = folder / f"{name}.onnx"
    onnx.save(model, str(path))
    symbols = ["_", "^", "$", *string.ascii_lowercase, *MARKS]
    config = {
        "audio": {"sample_rate": RATE},
        "espeak": {"voice": "vi"},
        "phoneme_type": "text",
        "inference": {"noise_scale": 0.667, "length_scale": 1.0, "noise_w": 0.8},
        "num_symbols": len(symbols),
        "num_speakers": 1,
        "phoneme_id_map": {symbol: [number] for number, symbol in enumerate(symbols)},
    }
    Path(f"{path}.json").write_text(json.dumps(config), encoding="utf-8")
    return path
