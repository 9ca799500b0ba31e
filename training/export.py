"""From a training run to the files that ship: int8 ONNX, the small heads as .npz, and the spaCy pipeline around them."""

import json
import shutil
import tempfile
from pathlib import Path

import numpy as np
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic

from training.network import Network


def export_encoder(run: Path, folder: Path, minilm: Path) -> None:
    """Write `encoder.onnx`, `heads.npz`, `tokenizer.json`, `config.json` into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    network = Network()
    network.load_state_dict(torch.load(run / "network.pt", weights_only=True))
    network.eval()
    example = (torch.ones(2, 9, dtype=torch.long), torch.zeros(2, 9, dtype=torch.long), torch.ones(2, 9))
    axes = {name: {0: "windows", 1: "pieces"} for name in ("ids", "features", "mask", "vectors", "roles", "entities")}
    with tempfile.TemporaryDirectory() as tmp:
        plain = Path(tmp) / "encoder.onnx"
        torch.onnx.export(
            network,
            example,
            str(plain),
            input_names=["ids", "features", "mask"],
            output_names=["vectors", "roles", "entities"],
            dynamic_axes=axes,
            opset_version=17,
            dynamo=False,
        )
        # per_channel: one scale for a whole matrix loses up to 2.5 F1
        quantize_dynamic(plain, folder / "encoder.onnx", per_channel=True, weight_type=QuantType.QInt8)
    keep = ("speech.", "kind.", "query.", "key.", "pair.", "new.")
    weights = {k: v.numpy().astype(np.float32) for k, v in network.heads.state_dict().items() if k.startswith(keep)}
    np.savez(folder / "heads.npz", **weights)
    shutil.copy(minilm / "tokenizer.json", folder / "tokenizer.json")
    sizes = {
        "hidden": network.cfg.hidden,
        "roles": network.heads.roles.out_features,
        "entities": network.heads.entities.out_features,
    }
    (folder / "config.json").write_text(json.dumps(sizes, indent=1) + "\n", encoding="utf8")


def export(run: Path, model: Path, minilm: Path) -> None:
    """Write the spaCy pipeline `model`: meta.json, config.cfg, tokenizer, vocab and the component's files.

    A card (README.md) that stands in the folder already is kept.
    """
    import spacy

    from quotes import __version__
    from quotes.spacy_component import QuotesComponent

    card = (model / "README.md").read_text(encoding="utf8") if (model / "README.md").is_file() else None
    with tempfile.TemporaryDirectory() as tmp:
        weights = Path(tmp) / "quotes"
        export_encoder(run, weights, minilm)
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
            sources=["all-MiniLM-L6-v2 (Apache-2.0)", "PolNeAR", "our own articles", "GUM", "LitBank", "GAP"],
        )
        if model.exists():
            shutil.rmtree(model)
        model.parent.mkdir(parents=True, exist_ok=True)
        nlp.to_disk(model)
    if card is not None:
        (model / "README.md").write_text(card, encoding="utf8")
