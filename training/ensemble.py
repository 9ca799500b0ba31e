"""From a pool to the default model's weights: hidden words, teachers, students, the second tagger.

Teachers are trained on three quarters of the articles each, and tell what they make of the last quarter, and of texts that
have no labels. Students learn the labels and what teachers make of articles that they have not read: it smooths over where
annotators differ. What ships is the mean of the students' weights.
Distillation of an ensemble: Hinton et al. 2015; by folds, as "born again" networks: Furlanello et al. 2018.
"""

import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from training.batches import Packed, Targets
from training.fit import Recipe, evaluate, fit, fit_reader, note, predict
from training.network import Network, Reader
from training.pool import FOLDS, Pool, Steps
from training.pretrain import pretrain

log = logging.getLogger(__name__)

REPEATS = (("polnear", 1), ("own", 1.5), ("original", 2), ("gum", 0.4), ("litbank", 0.3), ("gap", 0.3), ("ewt", 0.0))
TEACHER = Recipe(epochs=4, repeats=REPEATS, hide=0.03)
STUDENT = Recipe(epochs=4, repeats=(*REPEATS[:-1], ("ewt", 0.5)), hide=0.05)
# Teachers of each fold, and students.
TEACHERS, STUDENTS = 2, 6
# Corpora without roles, of which every teacher tells what it makes.
UNLABELLED = ("gum", "litbank", "gap", "ewt")

Job = Callable[[], None]


def _in_turn(jobs: Sequence[Job], together: int) -> None:
    """Run jobs in processes of their own, so many at a time."""
    context = get_context("fork")
    waiting, running = list(jobs), []
    while waiting or running:
        while waiting and len(running) < together:
            running.append(context.Process(target=waiting.pop(0)))
            running[-1].start()
        running[0].join()
        if running[0].exitcode:
            raise SystemExit(f"a training process ended with {running[0].exitcode}")
        running = [p for p in running if p.is_alive() or p.exitcode]


def device() -> torch.device:
    """The GPU where there is one; for processes that train."""
    torch.set_num_threads(2)
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def weights_of(run: Path) -> dict[str, Tensor]:
    """The weights that a run wrote."""
    state: dict[str, Tensor] = torch.load(run / "network.pt", weights_only=True)
    return state


def teach(pool: Pool, steps: Steps, fold: int, start: dict[str, Tensor], out: Path, recipe: Recipe) -> None:
    """Train one teacher on the other folds.

    Writes what it makes of its own fold's steps, and of texts without roles, as `out/targets.npz`, of its own fold's plain
    texts as `out/plain.npz`, and the figures of the latter as `out/unseen.json`.
    """
    leave = frozenset(doc for doc, text in enumerate(pool.texts) if text.fold == fold)
    network = fit(steps, recipe, start, out, device(), leave=leave)
    asked = [k for k, s in enumerate(steps.steps) if s.doc in leave or s.corpus in UNLABELLED]
    told = list(predict(network, [steps.steps[k] for k in asked], device()))
    names = ("roles", "entities", "speech", "kinds")
    np.savez(out / "targets.npz", asked=np.array(asked), **{n: np.concatenate([getattr(t, n) for t in told]) for n in names})
    plain = [s for s in steps.plain if s.doc in leave]
    told = list(predict(network, plain, device()))
    docs = np.repeat([s.doc for s in plain], [len(s.places) for s in plain])
    np.savez(out / "plain.npz", docs=docs, roles=np.concatenate([t.roles for t in told]))
    figures = evaluate(network, [s for s in plain if s.corpus == "polnear"], device())
    (out / "unseen.json").write_text(json.dumps(figures), encoding="utf8")
    log.info("%s on its own fold: %s", out.name, figures)


def gather(steps: Sequence[Packed], folders: Sequence[Path]) -> list[Targets | None]:
    """The mean of what the teachers tell of each step; None where none was asked.

    Of texts that all teachers read with other labels than roles, the roles alone are told.
    """
    sums: list[list[Any] | None] = [None] * len(steps)
    votes = [0] * len(steps)
    for folder in folders:
        with np.load(folder / "targets.npz") as data:
            roles, entities, speech, kinds = (data[n] for n in ("roles", "entities", "speech", "kinds"))
            at = [0, 0, 0]
            for k in data["asked"].tolist():
                s = steps[k]
                n = (len(s.places), len(s.marks), len(s.kinds))
                a, b, c = at
                told = [roles[a : a + n[0]], entities[a : a + n[0]], speech[b : b + n[1]], kinds[c : c + n[2]]]
                before = sums[k] or [np.float32(0)] * len(told)
                sums[k] = [x + y.astype(np.float32) for x, y in zip(before, told, strict=True)]
                votes[k] += 1
                at = [x + y for x, y in zip(at, n, strict=True)]
    out: list[Targets | None] = []
    for s, told, count in zip(steps, sums, votes, strict=True):
        if told is None:
            out.append(None)
            continue
        means = [(x / count).astype(np.float16) for x in told]
        if s.corpus in ("gum", "litbank", "gap"):
            means[1:] = [np.full_like(m, np.nan) for m in means[1:]]
        out.append(Targets(*means))
    return out


def write_unseen(pool: Pool, folders: Sequence[Path], out: Path) -> None:
    """Write the roles' mean probabilities of each article by teachers that have not read it, by the article's id."""
    sums: dict[str, Any] = {}
    for folder in folders:
        with np.load(folder / "plain.npz") as data:
            docs, roles = data["docs"], data["roles"].astype(np.float32)
        for doc in np.unique(docs).tolist():
            name = pool.texts[doc].id
            sums.setdefault(name, []).append(roles[docs == doc])
    np.savez_compressed(out, **{name: np.mean(parts, axis=0).round(3).astype(np.float16) for name, parts in sums.items()})


def mean(runs: Sequence[Path], out: Path) -> None:
    """Write the mean of the runs' weights (Wortsman et al. 2022, "Model soups") as a run of its own."""
    states = [weights_of(run) for run in runs]
    out.mkdir(parents=True, exist_ok=True)
    torch.save({k: torch.stack([s[k].float() for s in states]).mean(0) for k in states[0]}, out / "network.pt")


def train(pool: Pool, steps: Steps, minilm: Path, out: Path, together: int) -> None:
    """All runs, so many `together`: `out/mean/network.pt` and `out/reader/reader.pt` are what ships."""
    # one thread until all processes are forked: a forked child cannot use its parent's threads
    torch.set_num_threads(1)
    begin = Network()
    begin.encoder.load_minilm(minilm / "model.safetensors")
    out.mkdir(parents=True, exist_ok=True)
    hidden = out / "hidden"

    def first() -> None:
        pretrain(steps, begin.state_dict(), hidden, device())

    def teacher(number: int) -> None:
        recipe = replace(TEACHER, seed=100 + number)
        teach(pool, steps, number % FOLDS, weights_of(hidden), out / f"teacher-{number}", recipe)

    def student(number: int) -> None:
        recipe = replace(STUDENT, seed=200 + number)
        fit(steps, recipe, weights_of(hidden), out / f"student-{number}", device(), targets=targets)

    def reader() -> None:
        fit_reader(steps, weights_of(hidden), out / "reader", device(), targets)

    def last() -> None:
        network = Network()
        network.load_state_dict(weights_of(out / "mean"))
        network.to(device()).eval()
        note(network, out / "mean", steps, device(), 0)
        network.reader = Reader(network.cfg)
        network.reader.load_state_dict(torch.load(out / "reader" / "reader.pt", weights_only=True))
        network.to(device()).eval()
        note(network, out / "reader", steps, device(), 0)

    teachers, students = range(FOLDS * TEACHERS), range(STUDENTS)
    _in_turn([first], together)
    _in_turn([partial(teacher, k) for k in teachers], together)
    folders = [out / f"teacher-{k}" for k in teachers]
    write_unseen(pool, folders, out / "unseen.npz")
    targets = gather(steps.steps, folders)
    _in_turn([reader, *(partial(student, k) for k in students)], together)
    mean([out / f"student-{k}" for k in students], out / "mean")
    _in_turn([last], together)
