"""The shipped int8 model back as a float network: to train on from it, or to export it in another form.

What int8 rounded away stays lost, and so do the second role head and the optimizer's state, which are not shipped.
"""

from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import Tensor

from training.network import Network, Reader


def restore(model: Path) -> Network:
    """The network whose export is in the pipeline folder `model`, its second tagger included where there is one."""
    graph = onnx.load(model / "quotes" / "encoder.onnx").graph
    arrays = {i.name: numpy_helper.to_array(i) for i in graph.initializer}
    network = Network()
    if any(n.op_type in ("LSTM", "DynamicQuantizeLSTM") for n in graph.node):
        network.reader = Reader(network.cfg)
    state = {k: v.clone() for k, v in network.state_dict().items()}
    for name, array in arrays.items():
        if (key := name.replace(".linear.", ".")) in state:
            state[key] = _tensor(array)
    state["encoder.words.weight"] = _tensor(arrays["encoder.words.rows"].astype(np.float32) * arrays["encoder.words.scales"])
    inverse = {name.removesuffix(".inverse"): array for name, array in arrays.items() if name.endswith(".inverse")}
    for node in graph.node:
        if node.op_type in ("MatMul", "MatMulInteger") and (weight := _weight(arrays, node.input[1])) is not None:
            # "/encoder/layers.0/up/linear/MatMul_quant" multiplies by layers.0.up's weight
            key = ".".join(part for part in node.name.strip("/").split("/")[:-1] if part != "linear")
            key = f"heads.{key}" if key in ("roles", "entities") else key
            weight = weight * inverse.get(key, np.ones(1, dtype=np.float32))[:, None]
            state[f"{key}.weight"] = _tensor(weight.T)
        elif node.op_type in ("LSTM", "DynamicQuantizeLSTM"):
            _read_lstm(state, arrays, node.name.strip("/").rsplit("/", 1)[0].replace("/", "."), list(node.input))
    _read_heads(state, model / "quotes" / "heads.npz")
    network.load_state_dict(state)
    return network


def write_restored(model: Path, out: Path) -> None:
    """Write the restored weights as a run: `out/network.pt`. The second role head begins as the first."""
    state = {k: v for k, v in restore(model).state_dict().items() if not k.startswith("reader.")}
    for part in ("weight", "bias"):
        state[f"heads.roles_own.{part}"] = state[f"heads.roles.{part}"].clone()
    out.mkdir(parents=True, exist_ok=True)
    torch.save(state, out / "network.pt")


def _tensor(array: np.ndarray) -> Tensor:
    return torch.from_numpy(np.array(array, dtype=np.float32))


def _weight(arrays: dict[str, np.ndarray], name: str) -> np.ndarray | None:
    """A matrix of the graph in float; None where the product is of two activations."""
    if name not in arrays:
        return None
    scale = arrays.get(name.removesuffix("_quantized") + "_scale")
    return arrays[name] if scale is None else arrays[name].astype(np.float32) * scale


def _read_lstm(state: dict[str, Tensor], arrays: dict[str, np.ndarray], key: str, inputs: list[str]) -> None:
    """ONNX orders the gates input, output, forget, cell; torch input, forget, cell, output."""

    def gates(array: np.ndarray) -> np.ndarray:
        i, o, f, c = np.split(array, 4)
        return np.concatenate([i, f, c, o])

    for torch_name, name in (("weight_ih_l0", inputs[1]), ("weight_hh_l0", inputs[2])):
        weight = _weight(arrays, name)
        assert weight is not None
        if name.endswith("_quantized"):  # they lie turned, shape (1, inputs, 4 * size)
            weight = weight.transpose(0, 2, 1)
        state[f"{key}.{torch_name}"] = _tensor(gates(weight[0]))
    first, second = np.split(arrays[inputs[3]][0], 2)
    state[f"{key}.bias_ih_l0"], state[f"{key}.bias_hh_l0"] = _tensor(gates(first)), _tensor(gates(second))


def _read_heads(state: dict[str, Tensor], path: Path) -> None:
    with np.load(path) as data:
        heads = {k: data[k] for k in data.files}
    for name, array in heads.items():
        if f"heads.{name}" in state and state[f"heads.{name}"].shape == array.shape:
            state[f"heads.{name}"] = _tensor(array)
    # the judge of speech by vectors is the first part of the shipped one, at half its weight (`refit.save`)
    hidden, inner = (state["heads.speech.0.weight"].shape[k] for k in (1, 0))
    state["heads.speech.0.weight"] = _tensor(heads["speech.0.weight"][:inner, :hidden])
    state["heads.speech.0.bias"] = _tensor(heads["speech.0.bias"][:inner])
    state["heads.speech.2.weight"] = _tensor(heads["speech.2.weight"][:, :inner] * 2)
