"""Run the trained encoder (ONNX, int8) over an article's windows."""

import json
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from quotes.encoding import Pieces, Window, make_windows
from quotes.errors import ModelNotFoundError
from quotes.words import Words

FloatArray = npt.NDArray[np.float32]

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
        threads: How many windows are encoded at once; None for as many as there are processors.

    Raises:
        ModelNotFoundError: A file is missing or broken.
    """

    def __init__(self, folder: Path, *, threads: int | None = None) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        # one thread a run, several runs at once: faster on whole articles than several threads within a run
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        self._threads = threads or os.cpu_count() or 1
        try:
            self._session: Any = onnxruntime.InferenceSession(
                str(folder / "encoder.onnx"),
                options,
                providers=["CPUExecutionProvider"],
                # onnxruntime's fused kernel is several times slower here than the two that it stands for
                disabled_optimizers=["SkipLayerNormFusion"],
            )
            self.pieces = Pieces(folder / "tokenizer.json")
            self.config = json.loads((folder / "config.json").read_text(encoding="utf8"))
        except Exception as exc:
            reason = f"{folder}: the model's files are missing or broken ({exc}); reinstall newsquotes"
            raise ModelNotFoundError(reason) from exc

    def __call__(self, articles: Sequence[Words]) -> list[Encoded]:
        """Encode some articles; each window is a run of its own, so that no article's scores depend on its neighbours.

        (int8 activations have one scale a run.) The windows are shared out among the threads.
        """
        sizes = (self.config["roles"], self.config["entities"], self.config["hidden"])
        encoded = [Encoded(*(np.empty((len(words), n), dtype=np.float32) for n in sizes)) for words in articles]
        work = [(out, w) for words, out in zip(articles, encoded, strict=True) for w in make_windows(words, self.pieces)]
        if self._threads == 1 or len(work) < 2:
            for out, window in work:
                self._run(out, window)
        else:
            with ThreadPoolExecutor(self._threads) as pool:
                # list() so that an exception in a thread is raised here
                list(pool.map(lambda item: self._run(*item), work))
        return encoded

    def _run(self, out: Encoded, window: Window) -> None:
        """Encode one window into its words' places of `out`."""
        ids, features = window.ids[None], window.features[None]
        vectors, roles, entities = self._session.run(None, {"ids": ids, "features": features})
        place = slice(window.first, window.last)
        out.vectors[place], out.roles[place], out.entities[place] = (x[0, window.heads] for x in (vectors, roles, entities))
