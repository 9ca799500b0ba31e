"""A shipped model's weights, read back from its int8 graph and heads: what further training starts from.

`training.export` goes the other way. What is lost are the roles' second head, which does not ship, and the bits beyond seven.
"""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import Tensor

from training.network import Network, Reader

Arrays = Mapping[str, np.ndarray]
_LINEAR = {
    **{f"attention.{name}": f"attention/{name}" for name in ("query", "key", "value", "out")},
    "up": "up/linear",
    "down": "down/linear",
}
# Gates in ONNX's LSTM are input, output, forget, cell; in PyTorch's input, forget, cell, output.
_GATES = (0, 2, 3, 1)


def restore(folder: Path) -> tuple[dict[str, Tensor], dict[str, Tensor]]:
    """Weights of the network (as in `network.pt`) and of the second tagger (as in `reader.pt`).

    Args:
        folder: `encoder.onnx` and `heads.npz`, as `training.export` writes them.
    """
    graph = onnx.load(folder / "encoder.onnx").graph
    stored = {i.name: numpy_helper.to_array(i) for i in graph.initializer}
    inputs = {node.name: list(node.input) for node in graph.node}
    network = _encoder(stored, inputs) | _tag_heads(stored, inputs)
    with np.load(folder / "heads.npz") as data:
        network |= _heads({name: data[name] for name in data.files}, Network().heads.speech)
    return _tensors(network), _tensors(_reader(stored, inputs))


def _tensors(arrays: Arrays) -> dict[str, Tensor]:
    return {name: torch.from_numpy(np.array(value, dtype=np.float32)) for name, value in arrays.items()}


def _product(stored: Arrays, inputs: Mapping[str, list[str]], node: str) -> np.ndarray:
    """The matrix of a product, as (out, in); the products that became int8 have another name."""
    if node in inputs:
        return stored[inputs[node][1]].T
    name = inputs[f"{node}_quant"][1].removesuffix("_quantized")
    return (stored[f"{name}_quantized"].astype(np.float32) * stored[f"{name}_scale"]).T


def _encoder(stored: Arrays, inputs: Mapping[str, list[str]]) -> dict[str, np.ndarray]:
    out = {"encoder.words.weight": stored["encoder.words.rows"].astype(np.float32) * stored["encoder.words.scales"]}
    kept = ("positions.weight", "features.weight", "norm.weight", "norm.bias")
    out |= {f"encoder.{name}": stored[f"encoder.{name}"] for name in kept}
    for i in range(Network().cfg.layers):
        layer = f"encoder.layers.{i}"
        for norm in ("norm1", "norm2"):
            out |= {f"{layer}.{norm}.{part}": stored[f"{layer}.{norm}.{part}"] for part in ("weight", "bias")}
        for ours, theirs in _LINEAR.items():
            weight = _product(stored, inputs, f"/encoder/layers.{i}/{theirs}/MatMul")
            out[f"{layer}.{ours}.weight"] = weight * stored.get(f"{layer}.{ours}.inverse", np.float32(1))
            out[f"{layer}.{ours}.bias"] = stored[f"{layer}.{theirs.replace('/', '.')}.bias"]
    return out


def _tag_heads(stored: Arrays, inputs: Mapping[str, list[str]]) -> dict[str, np.ndarray]:
    out = {}
    for name in ("roles", "entities"):
        out[f"heads.{name}.weight"] = _product(stored, inputs, f"/{name}/MatMul")
        out[f"heads.{name}.bias"] = stored[f"heads.{name}.bias"]
    # the roles of our own articles' rules begin as PolNeAR's
    return out | {f"heads.roles_own.{part}": out[f"heads.roles.{part}"] for part in ("weight", "bias")}


def _heads(stored: Arrays, speech: torch.nn.Sequential) -> dict[str, np.ndarray]:
    """The small heads; of the two judges of speech, which ship as one, that by vectors."""
    out = {f"heads.{name}": value for name, value in stored.items() if not name.startswith(("speech.", "confidence."))}
    inner, wide = speech[0].weight.shape
    out["heads.speech.0.weight"] = stored["speech.0.weight"][:inner, :wide]
    out["heads.speech.0.bias"] = stored["speech.0.bias"][:inner]
    out["heads.speech.2.weight"] = 2 * stored["speech.2.weight"][:, :inner]
    # both judges' biases have become one; half of it each changes nothing in their mean
    out["heads.speech.2.bias"] = stored["speech.2.bias"]
    return out


def features_judge(folder: Path) -> dict[str, Tensor]:
    """The judge of speech by features of a shipped model, as `training.refit` calls its weights."""
    inner, wide = Network().heads.speech[0].weight.shape
    with np.load(folder / "heads.npz") as data:
        judge = {
            "by_features.0.weight": data["speech.0.weight"][inner:, wide:],
            "by_features.0.bias": data["speech.0.bias"][inner:],
            "by_features.2.weight": 2 * data["speech.2.weight"][:, inner:],
            "by_features.2.bias": data["speech.2.bias"],
        }
    return _tensors(judge)


def _reader(stored: Arrays, inputs: Mapping[str, list[str]]) -> dict[str, np.ndarray]:
    out = {"features.weight": stored["reader.features.weight"], "roles.bias": stored["reader.roles.bias"]}
    out["roles.weight"] = _product(stored, inputs, "/reader/roles/MatMul")
    for way in ("onward", "back"):
        for i in range(len(Reader(Network().cfg).onward)):
            _, *weights, bias = inputs[f"/reader/{way}.{i}/LSTM_quant"][:4]
            for name, weight in zip(("ih", "hh"), weights, strict=True):
                name_ = weight.removesuffix("_quantized")
                matrix = (stored[weight].astype(np.float32) * stored[f"{name_}_scale"][:, None])[0].T
                out[f"{way}.{i}.weight_{name}_l0"] = _in_order(matrix)
            for name, half in zip(("ih", "hh"), np.split(stored[bias][0], 2), strict=True):
                out[f"{way}.{i}.bias_{name}_l0"] = _in_order(half)
    return out


def _in_order(gates: np.ndarray) -> np.ndarray:
    parts = np.split(gates, 4)
    return np.concatenate([parts[k] for k in _GATES])
