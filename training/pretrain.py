"""Words hidden and guessed on the corpora's own texts, before any task is learned.

MiniLM was last trained to compare whole sentences; guessing words turns its vectors back to the words themselves, and to news.
Masked language modelling, Devlin et al. 2019; on the task's own texts, Gururangan et al. 2020 ("Don't Stop Pretraining").
"""

import logging
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from training.batches import MASK, SEPARATOR
from training.fit import ahead, descend, falling
from training.network import Encoder, Network
from training.pool import Steps

log = logging.getLogger(__name__)

STEPS, BATCH_WINDOWS = 2800, 96
RATE, WARMUP, DECAY, CLIP = 4e-4, 0.06, 0.01, 1.0
# Of the words; of those, shares that become [MASK] and another word's piece, the rest stay as they are.
HIDDEN, MASKED, OTHER = 0.18, 0.8, 0.1
SEED = 51


class Guesser(nn.Module):
    """From a vector to the piece that stands there, by its likeness to the word vectors, which stay as they are."""

    def __init__(self, encoder: Encoder) -> None:
        super().__init__()
        hidden = encoder.words.weight.shape[1]
        self.encoder = encoder
        self.turn = nn.Sequential(nn.Linear(hidden, hidden), nn.GELU(), nn.LayerNorm(hidden))
        self.bias = nn.Parameter(torch.zeros(encoder.words.weight.shape[0]))

    def forward(self, ids: Tensor, features: Tensor, mask: Tensor, hidden: Tensor) -> Tensor:
        vectors = self.encoder(ids, features, mask)[hidden]
        # the word vectors are short (1/18 a part)
        return F.linear(self.turn(vectors), self.encoder.words.weight, self.bias)


Window = tuple[np.ndarray, np.ndarray, np.ndarray]


def _windows(steps: Steps) -> list[Window]:
    """Pieces, features and each piece's word (-1: none) of every window."""
    out = []
    for s in steps.steps:
        owner = np.searchsorted(s.places, np.arange(len(s.ids)), side="right") - 1
        at = 0
        for n in s.lengths.tolist():
            own = owner[at : at + n].copy()
            own[[0, -1]] = -1
            out.append((s.ids[at : at + n], s.features[at : at + n], own))
            at += n
    return out


def _batches(windows: list[Window], rng: np.random.Generator, steps: int) -> Iterator[tuple[Tensor, ...]]:
    order = np.concatenate([rng.permutation(len(windows)) for _ in range(steps * BATCH_WINDOWS // len(windows) + 1)])
    for k in range(steps):
        some = [windows[i] for i in order[k * BATCH_WINDOWS : (k + 1) * BATCH_WINDOWS]]
        shape = (len(some), max(len(ids) for ids, *_ in some))
        ids, features = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
        mask, hidden = np.zeros(shape, dtype=np.float32), np.zeros(shape, dtype=bool)
        for row, (pieces, shapes, owner) in enumerate(some):
            n = len(pieces)
            ids[row, :n], features[row, :n], mask[row, :n] = pieces, shapes, 1
            # whole words are hidden
            chosen = rng.random(int(owner.max(initial=0)) + 1) < HIDDEN
            hidden[row, :n] = (owner >= 0) & chosen[np.maximum(owner, 0)] & (pieces != SEPARATOR)
        right = ids[hidden]
        fate = rng.random(len(right))
        other = rng.permutation(right)
        ids[hidden] = np.where(fate < MASKED, MASK, np.where(fate < MASKED + OTHER, other, right))
        yield tuple(map(torch.from_numpy, (ids, features, mask, hidden, right)))


def pretrain(steps: Steps, start: dict[str, Tensor], out: Path, device: torch.device, total: int = STEPS) -> None:
    """Train the encoder from the weights `start` and write `out/network.pt`; its word vectors stay."""
    torch.manual_seed(SEED)
    network = Network()
    network.load_state_dict(network.state_dict() | start)
    guesser = Guesser(network.encoder).to(device)
    guesser.encoder.words.weight.requires_grad_(False)
    parameters = [p for p in guesser.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(parameters, lr=RATE, weight_decay=DECAY, fused=device.type == "cuda")
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, falling(total, WARMUP))
    begun, sums = time.time(), []
    for done, batch in enumerate(ahead(_batches(_windows(steps), np.random.default_rng(SEED), total))):
        *inputs, right = (t.to(device, non_blocking=True) for t in batch)
        with torch.autocast(device.type, torch.bfloat16, enabled=device.type == "cuda"):
            logits = guesser(*inputs)
        loss = F.cross_entropy(logits.float(), right)
        descend(loss, guesser, optimizer, CLIP)
        schedule.step()
        sums.append(loss.detach())
        if (done + 1) % 250 == 0 or done + 1 == total:
            log.info("hidden words %d/%d %.0fs %.3f", done + 1, total, time.time() - begun, float(torch.stack(sums).mean()))
            sums = []
    out.mkdir(parents=True, exist_ok=True)
    torch.save({k: v.cpu() for k, v in network.state_dict().items()}, out / "network.pt")
