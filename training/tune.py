"""Further training of a shipped model, on what has been labelled since: `python -m training tune`.

It starts from the shipped weights (`training.restore`), so that neither hidden words nor teachers are needed again, and a CPU
is enough. What the shipped model makes of roles and names is learned beside the labels, so that it does not forget what it
has from its teachers (Li and Hoiem 2016, "Learning without Forgetting"). What ships is the mean of the runs' weights.
"""

import logging
import os
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import torch

from training.ensemble import device, gather, in_turn, mean, tell, weights_of
from training.fit import Recipe, fit, note
from training.network import Network
from training.pool import Steps
from training.restore import features_judge, restore

log = logging.getLogger(__name__)

REPEATS = (("polnear", 1), ("own", 1), ("original", 1.5), ("gum", 0.2), ("litbank", 0.1), ("gap", 0.2), ("ewt", 0.1))
TUNE = Recipe(
    epochs=3,
    repeats=REPEATS,
    weights=(1.0, 0.3, 0.4, 0.2, 0.8),
    encoder_rate=1e-4,
    head_rate=5e-4,
    hide=0.05,
    warmup=0.05,
    average=0.995,
)
RUNS = 2


def tune(steps: Steps, model: Path, out: Path, together: int) -> None:
    """Train from the weights of the pipeline `model`, so many runs `together`.

    `out/mean`, `out/reader` and `out/judge` are what ships; the latter two are the old model's.
    """
    torch.set_num_threads(1)
    threads = max(1, (os.cpu_count() or 1) // together)
    start, reader = restore(model / "quotes")
    states = {"start/network.pt": start, "reader/reader.pt": reader, "judge/judge.pt": features_judge(model / "quotes")}
    for name, state in states.items():
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        torch.save(state, out / name)

    def old() -> None:
        network = Network()
        network.load_state_dict(start)
        network.to(device()).eval()
        note(network, out / "start", steps, device(), 0)
        tell(network, steps, range(len(steps.steps)), out / "start")

    def run(number: int) -> None:
        fit(steps, replace(TUNE, seed=300 + number), start, out / f"tuned-{number}", device(threads), targets=targets)

    def last() -> None:
        network = Network()
        network.load_state_dict(weights_of(out / "mean"))
        note(network.to(device()).eval(), out / "mean", steps, device(), 0)

    in_turn([old], 1)
    targets = gather(steps.steps, [out / "start"])
    for target in targets:
        # of speech and kinds there are new labels, which the old model's word would water down
        if target is not None:
            target.speech = np.full_like(target.speech, np.nan)
            target.kinds = np.full_like(target.kinds, np.nan)
    in_turn([partial(run, k) for k in range(RUNS)], together)
    mean([out / f"tuned-{k}" for k in range(RUNS)], out / "mean")
    in_turn([last], 1)
