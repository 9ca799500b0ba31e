"""The small heads, trained anew on what the exported encoder gives: is it speech, what kind of source, who means whom.

They learn from the int8 vectors of whole articles, just as they meet them at run time, and from features that are cheap to
change. `refit` rewrites `heads.npz` of an exported folder.
"""

import logging
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from quotes.encoder import Encoder
from quotes.encoding import Pieces
from quotes.pairs import ANAPHORS
from quotes.speech import N_SPEECH_FEATURES, end_vectors, speech_features
from training.augment import swap_names
from training.corpora import Labelled
from training.examples import chunks, example, step
from training.fit import descend, missed
from training.network import Heads

log = logging.getLogger(__name__)

# Words of a stretch whose mentions are candidates for each other.
STRETCH = 1500
# Corpora whose articles are read again with other names, so often; and how much of the large ones is read.
VARIANTS = {"own": 2, "original": 2, "polnear": 1, "gap": 0, "gum": 0, "litbank": 0}
SHARE = {"gap": 0.5, "litbank": 0.3}
# Our own articles count more often: there are few of them, and they hold what the rest does not.
REPEATS = {"own": 2, "original": 2}
EPOCHS, RATE, DECAY = 3, 1e-3, 0.02
DROPOUT = 0.3
# How far the heads go from the weights of the encoder's training to those of their own.
WAY = 0.75


@dataclass
class Item:
    """One stretch of a text as the heads see it; vectors are those of first and last words, side by side."""

    corpus: str
    marks: Tensor
    speech: Tensor
    kind_vectors: Tensor
    kinds: Tensor
    anaphors: Tensor
    anaphor_kinds: Tensor
    candidates: Tensor
    features: Tensor
    targets: Tensor


def items(docs: Iterable[Labelled], folder: Path, *, variants: bool, unseen: Mapping[str, np.ndarray]) -> Iterator[Item]:
    """Encode texts with the exported encoder and gather what the heads read.

    `unseen`: roles' probabilities by networks that have not read the article, by its id, shape (words, tags). The judge of
    speech by features learns from them: the shipped network's roles are too good where it has read the article. Where other
    names change the number of words there are none, and nothing is learned of the marks.
    """
    encoder = Encoder(folder)
    pieces = Pieces(folder / "tokenizer.json")
    rng = random.Random(5)
    for doc in docs:
        if not (doc.marks or doc.quotations or doc.kinds or any(m.anaphor for m in doc.mentions)):
            continue
        if variants and rng.random() > SHARE.get(doc.corpus, 1.0):
            continue
        again = VARIANTS.get(doc.corpus, 0) if variants and doc.quotations else 0
        for text in (doc, *(swap_names(doc, rng) for _ in range(again))):
            ex = example(text)
            if not len(ex.words):
                continue
            encoded = encoder([ex.words])[0]
            told = unseen.get(doc.id)
            roles = encoded.roles if told is None else np.log(np.maximum(told.astype(np.float32), 1e-4))
            known = len(roles) == len(ex.words)
            for first, last in chunks(ex, rng, STRETCH):
                s = step(ex, first, last, pieces, rng)
                v = encoded.vectors[first:last]
                if not known:
                    s.marks, s.speech = s.marks[:0], s.speech[:0]
                whole = [(a + first, b + first) for a, b in s.marks.tolist()]
                marks = np.concatenate([end_vectors(v, s.marks), speech_features(ex.words, whole, roles)], axis=1)
                yield Item(
                    doc.corpus,
                    torch.from_numpy(marks).half(),
                    torch.from_numpy(s.speech),
                    torch.from_numpy(end_vectors(v, s.kind_ends)).half(),
                    torch.from_numpy(s.kinds),
                    torch.from_numpy(end_vectors(v, s.anaphor_ends)).half(),
                    torch.tensor([ANAPHORS.index(k) for k in s.anaphor_kinds], dtype=torch.long),
                    torch.from_numpy(end_vectors(v, s.candidate_ends)).half(),
                    torch.from_numpy(s.features).half(),
                    torch.from_numpy(s.targets),
                )


class Judges(nn.Module):
    """The heads that run in numpy. Their inputs from the encoder are dropped at random, those from features are not."""

    def __init__(self, hidden: int, inner: int = 64) -> None:
        super().__init__()
        plain = Heads(hidden)
        self.hidden = hidden
        self.drop = nn.Dropout(DROPOUT)
        # two judges of speech, whose mean errs less than one that reads vectors and features alike; the first stays as the
        # encoder's training left it
        self.by_vectors = nn.Sequential(nn.Linear(2 * hidden, inner), nn.ReLU(), nn.Linear(inner, 1))
        self.by_features = nn.Sequential(nn.Linear(N_SPEECH_FEATURES, inner // 2), nn.ReLU(), nn.Linear(inner // 2, 1))
        self.kind, self.query, self.key, self.pair, self.new = plain.kind, plain.query, plain.key, plain.pair, plain.new

    def speech_logits(self, marks: Tensor) -> Tensor:
        """Of spans in marks, by vectors and by features, shape (n, 2)."""
        vectors, features = marks.float().split([2 * self.hidden, N_SPEECH_FEATURES], dim=1)
        return torch.cat([self.by_vectors(vectors), self.by_features(features)], dim=1)

    def kind_logits(self, vectors: Tensor) -> Tensor:
        """Of source mentions, shape (n, kinds)."""
        out: Tensor = self.kind(self.drop(vectors.float()))
        return out

    def pair_scores(self, item: Item) -> Tensor:
        """Of each anaphor: its candidates' scores, the last that it opens a source of its own."""
        query, key = self.query(self.drop(item.anaphors.float())), self.key(self.drop(item.candidates.float()))
        scores = self.pair(torch.cat([query[:, None] * key[None], item.features.float()], dim=-1))[..., 0]
        new = self.new(torch.cat([query, F.one_hot(item.anaphor_kinds, len(ANAPHORS)).float()], dim=-1))
        return torch.cat([scores, new], dim=1)

    def losses(self, batch: Sequence[Item]) -> list[Tensor]:
        """Mean loss of each task that the batch has labels for."""
        out = []
        marks = [i for i in batch if len(i.speech)]
        if marks:
            logits = self.speech_logits(torch.cat([i.marks for i in marks]))
            speech = torch.cat([i.speech for i in marks])[:, None].expand(-1, 2)
            out.append(F.binary_cross_entropy_with_logits(logits, speech))
        kinds = [i for i in batch if len(i.kinds)]
        if kinds:
            logits = self.kind_logits(torch.cat([i.kind_vectors for i in kinds]))
            out.append(F.cross_entropy(logits, torch.cat([i.kinds for i in kinds]), label_smoothing=0.05))
        pairs = [missed(self.pair_scores(i), i.targets) for i in batch if len(i.anaphors)]
        if pairs:
            out.append(torch.cat(pairs).mean())
        return out


@torch.no_grad()
def measure(judges: Judges, held: Sequence[Item]) -> dict[str, float]:
    """Shares that are right, in per cent: speech or not (and of not-speech alone), kinds, antecedents by anaphor."""
    judges.eval()
    figures: dict[str, list[bool]] = {}
    for item in held:
        if len(item.speech):
            right = (judges.speech_logits(item.marks).mean(1) > 0) == (item.speech > 0.5)
            figures.setdefault("speech", []).extend(right.tolist())
            figures.setdefault("not speech", []).extend(right[item.speech < 0.5].tolist())
        if len(item.kinds):
            figures.setdefault("kind", []).extend((judges.kind_logits(item.kind_vectors).argmax(1) == item.kinds).tolist())
        if len(item.anaphors):
            right = missed(judges.pair_scores(item), item.targets) < np.log(2)
            for kind, name in enumerate(ANAPHORS):
                figures.setdefault(name, []).extend(right[item.anaphor_kinds == kind].tolist())
    judges.train()
    return {name: round(100 * float(np.mean(values)), 2) for name, values in figures.items() if values}


def train(judges: Judges, data: Sequence[Item], held: Sequence[Item], *, epochs: int = EPOCHS, seed: int = 3) -> None:
    """Fit the heads; figures of the held-out articles are logged after each epoch."""
    rng = random.Random(seed)
    torch.manual_seed(seed)
    order = [k for k, item in enumerate(data) for _ in range(REPEATS.get(item.corpus, 1))]
    size = 8
    total = epochs * (len(order) // size + 1)
    optimizer = torch.optim.AdamW(judges.parameters(), lr=RATE, weight_decay=DECAY)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, total, pct_start=0.1)
    for epoch in range(epochs):
        rng.shuffle(order)
        for at in range(0, len(order), size):
            loss = sum(judges.losses([data[k] for k in order[at : at + size]]))
            if isinstance(loss, Tensor):
                descend(loss, judges, optimizer, 1.0)
            schedule.step()
        log.info("heads, epoch %d: %s", epoch, measure(judges, held))
    judges.eval()


def save(judges: Judges, folder: Path) -> None:
    """Write `heads.npz`; both judges of speech become one network of two layers that gives their mean."""
    state = {k: v.numpy().astype(np.float32) for k, v in judges.state_dict().items()}
    one, two = ({k[len(name) + 1 :]: state.pop(k) for k in list(state) if k.startswith(name + ".")} for name in _JUDGES)
    wide = np.zeros((len(one["0.bias"]) + len(two["0.bias"]), one["0.weight"].shape[1] + two["0.weight"].shape[1]))
    wide[: len(one["0.bias"]), : one["0.weight"].shape[1]] = one["0.weight"]
    wide[len(one["0.bias"]) :, one["0.weight"].shape[1] :] = two["0.weight"]
    state["speech.0.weight"] = wide.astype(np.float32)
    state["speech.0.bias"] = np.concatenate([one["0.bias"], two["0.bias"]])
    state["speech.2.weight"] = np.concatenate([one["2.weight"], two["2.weight"]], axis=1) / 2
    state["speech.2.bias"] = (one["2.bias"] + two["2.bias"]) / 2
    np.savez(folder / "heads.npz", **state)


_JUDGES = ("by_vectors", "by_features")


def refit(
    docs: Iterable[Labelled],
    held: Iterable[Labelled],
    folder: Path,
    start: dict[str, Tensor],
    unseen: Mapping[str, np.ndarray],
) -> None:
    """Train the heads on the exported encoder in `folder` and write them there.

    `start`: the network's own weights, from which the heads go on. `unseen`: as for `items`.
    """
    judges = Judges(start["heads.roles.weight"].shape[1])
    known = {k.removeprefix("heads.").replace("speech.", "by_vectors."): v for k, v in start.items() if k.startswith("heads.")}
    state = judges.state_dict()
    begun = {k: known.get(k, v).clone() for k, v in state.items()}
    judges.load_state_dict(begun)
    judges.by_vectors.requires_grad_(False)
    data = list(items(docs, folder, variants=True, unseen=unseen))
    apart = list(items(held, folder, variants=False, unseen={}))
    log.info("%d stretches for the heads, %d held out", len(data), len(apart))
    train(judges, data, apart)
    # part of the way from the old weights to the new (Wortsman et al. 2022, "Robust fine-tuning"): docs/decisions.md
    done = judges.state_dict()
    judges.load_state_dict({k: v if k.startswith("by_") else torch.lerp(begun[k], v, WAY) for k, v in done.items()})
    log.info("heads, as shipped: %s", measure(judges, apart))
    save(judges, folder)
