"""Run the trained encoder (ONNX, int8) over an article's windows."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from quotes.encoding import Pieces, Window, make_windows
from quotes.errors import ModelNotFoundError
from quotes.words import Words

FloatArray = npt.NDArray[np.float32]

# Windows run together, of like length: more at once gain nothing on a laptop's processor and cost memory.
BATCH_WINDOWS = 8


@dataclass(frozen=True, slots=True)
class Encoded:
    """What the network says of each word: role and entity scores, shape (words, tags), and vectors (words, hidden)."""

    roles: FloatArray
    entities: FloatArray
    vectors: FloatArray


class Encoder:
    """The ONNX session with its word pieces.

    Args:
        folder: Holds `encoder.onnx` and `tokenizer.json`.
        threads: Threads of one call; None leaves it to onnxruntime.

    Raises:
        ModelNotFoundError: A file is missing or broken.
    """

    def __init__(self, folder: Path, *, threads: int | None = None) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        if threads:
            options.intra_op_num_threads = threads
            options.inter_op_num_threads = 1
        try:
            self._session: Any = onnxruntime.InferenceSession(
                str(folder / "encoder.onnx"), options, providers=["CPUExecutionProvider"]
            )
            self.pieces = Pieces(folder / "tokenizer.json")
            self.config = json.loads((folder / "config.json").read_text(encoding="utf8"))
        except Exception as exc:
            reason = f"{folder}: the model's files are missing or broken ({exc}); reinstall newsquotes"
            raise ModelNotFoundError(reason) from exc

    def __call__(self, articles: Sequence[Words]) -> list[Encoded]:
        """Encode some articles together: their windows are sorted by length so that little is padded."""
        windows = [(k, w) for k, words in enumerate(articles) for w in make_windows(words, self.pieces)]
        order = sorted(range(len(windows)), key=lambda i: len(windows[i][1].ids))
        sizes = (self.config["roles"], self.config["entities"], self.config["hidden"])
        encoded = [Encoded(*(np.empty((len(words), n), dtype=np.float32) for n in sizes)) for words in articles]
        for at in range(0, len(order), BATCH_WINDOWS):
            group = order[at : at + BATCH_WINDOWS]
            for i, (vectors, roles, entities) in zip(group, self._run([windows[i][1] for i in group]), strict=True):
                k, window = windows[i]
                place = slice(window.first, window.last)
                encoded[k].roles[place], encoded[k].entities[place] = roles, entities
                encoded[k].vectors[place] = vectors
        return encoded

    def _run(self, group: Sequence[Window]) -> list[tuple[FloatArray, FloatArray, FloatArray]]:
        length = max(len(w.ids) for w in group)
        ids = np.zeros((len(group), length), dtype=np.int64)
        features = np.zeros_like(ids)
        mask = np.zeros((len(group), length), dtype=np.float32)
        for row, w in enumerate(group):
            ids[row, : len(w.ids)] = w.ids
            features[row, : len(w.ids)] = w.features
            mask[row, : len(w.ids)] = 1
        vectors, roles, entities = self._session.run(None, {"ids": ids, "features": features, "mask": mask})
        return [(vectors[r, w.heads], roles[r, w.heads], entities[r, w.heads]) for r, w in enumerate(group)]
