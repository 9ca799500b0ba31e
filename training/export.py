"""From a training run to the files that ship: int8 ONNX, the small heads as .npz, and the spaCy pipeline around them."""

import json
import shutil
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn
from torch.nn import functional as F

from quotes.encoding import Pieces, make_windows
from training.corpora import Labelled, own
from training.ensemble import weights_of
from training.examples import example
from training.network import Network, Reader
from training.refit import refit

ARTICLES = Path(__file__).with_name("articles")


class RowQuantized(nn.Module):
    """An embedding with int8 rows and one scale a row: a quarter of the size, where one scale for all costs accuracy."""

    rows: Tensor
    scales: Tensor

    def __init__(self, embedding: nn.Embedding) -> None:
        super().__init__()
        weight = embedding.weight.detach()
        scales = weight.abs().amax(dim=1, keepdim=True).clamp(min=1e-8) / 127
        self.register_buffer("rows", (weight / scales).round().to(torch.int8))
        self.register_buffer("scales", scales)

    def forward(self, ids: Tensor) -> Tensor:
        return F.embedding(ids, self.rows).float() * F.embedding(ids, self.scales)


class Smoothed(nn.Module):
    """A linear layer whose inputs are evened out before they become int8, its weights taking up the difference.

    A few channels of the inner activations are far larger than the rest, so that one scale for all leaves the rest few of
    the 255 steps. SmoothQuant, Xiao et al. 2023; with the strength below int8 changes half as many tags as without.
    """

    STRENGTH = 0.7

    def __init__(self, linear: nn.Linear, largest: Tensor) -> None:
        super().__init__()
        weight = linear.weight.detach()
        scale = largest.clamp(min=1e-5) ** self.STRENGTH / weight.abs().amax(0).clamp(min=1e-5) ** (1 - self.STRENGTH)
        scale = scale / scale.mean()
        self.inverse = nn.Parameter(1 / scale)
        self.linear = nn.Linear(linear.in_features, linear.out_features)
        self.linear.weight = nn.Parameter(weight * scale)
        self.linear.bias = linear.bias

    def forward(self, x: Tensor) -> Tensor:
        return self.linear(x * self.inverse)


def smooth(network: Network, tokenizer: Path, texts: Sequence[Labelled]) -> None:
    """Put `Smoothed` in place of the inner layers, by what some texts make of their inputs."""
    layers = {f"{i}.{name}": getattr(layer, name) for i, layer in enumerate(network.encoder.layers) for name in ("up", "down")}
    largest: dict[str, Tensor] = {}

    def watch(name: str) -> Callable[[nn.Module, tuple[Tensor], Tensor], None]:
        def hook(_: nn.Module, inputs: tuple[Tensor], __: Tensor) -> None:
            here = inputs[0].detach().abs().flatten(0, -2).amax(0)
            largest[name] = torch.maximum(largest.get(name, here), here)

        return hook

    hooks = [layer.register_forward_hook(watch(name)) for name, layer in layers.items()]
    pieces = Pieces(tokenizer)
    with torch.no_grad():
        for doc in texts:
            for w in make_windows(example(doc).words, pieces):
                network(torch.from_numpy(w.ids)[None], torch.from_numpy(w.features)[None], torch.ones(1, len(w.ids)))
    for hook in hooks:
        hook.remove()
    for name, layer in layers.items():
        i, part = name.split(".")
        setattr(network.encoder.layers[int(i)], part, Smoothed(layer, largest[name]))


def _heads(model: Path) -> list[str]:
    """Names of the graph's matrix products behind the encoder."""
    names = (n.name for n in onnx.load(model).graph.node if n.op_type == "MatMul")
    return [name for name in names if name.startswith(("/roles", "/entities", "/reader/roles"))]


def export_encoder(run: Path, reader: Path, folder: Path, minilm: Path) -> None:
    """Write `encoder.onnx`, `tokenizer.json`, `config.json` into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    network = Network()
    network.load_state_dict(weights_of(run))
    network.reader = Reader(network.cfg)
    network.reader.load_state_dict(torch.load(reader / "reader.pt", weights_only=True))
    network.eval()
    smooth(network, minilm / "tokenizer.json", list(own(ARTICLES))[::4])
    network.encoder.words = RowQuantized(network.encoder.words)
    # the mask is no input of the graph: nothing reads it there
    example = (torch.ones(2, 9, dtype=torch.long), torch.zeros(2, 9, dtype=torch.long), torch.ones(2, 9))
    axes = {name: {0: "windows", 1: "pieces"} for name in ("ids", "features", "vectors", "roles", "entities")}
    with tempfile.TemporaryDirectory() as tmp:
        plain = Path(tmp) / "encoder.onnx"
        torch.onnx.export(
            network,
            example,
            str(plain),
            input_names=["ids", "features"],
            output_names=["vectors", "roles", "entities"],
            dynamic_axes=axes,
            opset_version=17,
            dynamo=False,
        )
        # per_channel: one scale for a whole matrix loses up to 2.5 F1; the heads are small and stay as they are.
        # reduce_range: with 8 bits the sums of two products overflow on processors without VNNI, so that the same text
        # would give other records there
        quantize_dynamic(
            plain,
            folder / "encoder.onnx",
            per_channel=True,
            weight_type=QuantType.QInt8,
            reduce_range=True,
            op_types_to_quantize=["MatMul", "LSTM"],
            nodes_to_exclude=_heads(plain),
        )
    shutil.copy(minilm / "tokenizer.json", folder / "tokenizer.json")
    sizes = {
        "hidden": network.cfg.hidden,
        "roles": network.heads.roles.out_features,
        "entities": network.heads.entities.out_features,
    }
    (folder / "config.json").write_text(json.dumps(sizes, indent=1) + "\n", encoding="utf8")


def export(runs: Path, model: Path, minilm: Path, docs: Sequence[Labelled], held: Sequence[Labelled]) -> None:
    """Write the spaCy pipeline `model` of the finished runs in the folder `runs`.

    The small heads are trained on the exported encoder's vectors of `docs`; `held` measures them. A card (README.md) that
    stands in the folder already is kept.
    """
    import spacy

    from quotes import __version__
    from quotes.spacy_component import QuotesComponent

    card = (model / "README.md").read_text(encoding="utf8") if (model / "README.md").is_file() else None
    with tempfile.TemporaryDirectory() as tmp:
        weights = Path(tmp) / "quotes"
        export_encoder(runs / "mean", runs / "reader", weights, minilm)
        with np.load(runs / "unseen.npz") as unseen:
            refit(docs, held, weights, weights_of(runs / "mean"), dict(unseen))
        nlp = spacy.blank("en")
        nlp.add_pipe("quotes")
        component = nlp.get_pipe("quotes")
        assert isinstance(component, QuotesComponent)
        component.from_disk(weights)
        nlp.meta.update(
            name=model.name.partition("_")[2] or model.name,
            version=__version__,
            description="Quotations in English news, their cues, and who said them",
            author="The newsquotes developers",
            license="MIT",
            sources=["all-MiniLM-L6-v2 (Apache-2.0)", "PolNeAR", "our own articles", "GUM", "LitBank", "GAP", "EWT"],
        )
        if model.exists():
            shutil.rmtree(model)
        model.parent.mkdir(parents=True, exist_ok=True)
        nlp.to_disk(model)
    if card is not None:
        (model / "README.md").write_text(card, encoding="utf8")
