"""One training run: batches of steps, the losses of all tasks, and the figures of the development parts."""

import json
import logging
import queue
import random
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from quotes.pairs import ANAPHORS
from quotes.tagging import ENTITY_TAGS, ROLES, spans_of, viterbi
from training.batches import Batch, Packed, Targets, collate
from training.examples import IGNORE, UNSURE
from training.network import Heads, Network, Reader, mixed
from training.pool import PASSES, Steps

log = logging.getLogger(__name__)


TASKS = ("roles", "entities", "speech", "kind", "pairs")
# On a processor without AMX units bfloat16 costs more than it saves (docs/decisions.md).
FAST_BF16 = "amx_bf16" in Path("/proc/cpuinfo").read_text() if Path("/proc/cpuinfo").is_file() else False
# Share of other networks' probabilities in a loss that has labels too (distillation, Hinton et al. 2015).
SOFT = 0.5


@dataclass(frozen=True)
class Recipe:
    """How one run is trained.

    Attributes:
        head_rate: Learning rate of the heads; the encoder's is `encoder_rate`, both rise over `warmup` and fall to nothing.
        average: Decay of the moving average of the weights, which is what a run writes.
        own_weight: Weight of our own articles' roles in the main role head (they have a second one to themselves).
        hide: Share of the words that the encoder does not see ([MASK] in their place), so that it learns to go by the others.
        weights: Of each task's loss, in the order of `TASKS`.
        repeats: How often each corpus is read in an epoch; a fraction draws that share anew each epoch.
    """

    epochs: int
    repeats: tuple[tuple[str, float], ...]
    weights: tuple[float, ...] = (1.0, 0.4, 0.3, 0.2, 0.45)
    encoder_rate: float = 2e-4
    head_rate: float = 1e-3
    batch_pieces: int = 3000
    warmup: float = 0.1
    weight_decay: float = 0.01
    clip: float = 1.0
    average: float = 0.998
    own_weight: float = 0.4
    hide: float = 0.0
    seed: int = 1


Order = list[int]


def epoch_order(steps: Steps, recipe: Recipe, epoch: int, leave: frozenset[int] = frozenset()) -> Order:
    """The numbers of one epoch's steps, in a random order; texts in `leave` are left out."""
    rng = random.Random(f"{recipe.seed}-{epoch}")
    repeats = dict(recipe.repeats)
    order: Order = []
    for doc, passes in enumerate(steps.of):
        here = [p for p in passes if p]
        if doc in leave or not here:
            continue
        share = repeats.get(steps.steps[here[0][0]].corpus, 1.0)
        for k in range(int(share) + (rng.random() < share % 1)):
            order += passes[(epoch + recipe.seed + k) % PASSES] or rng.choice(here)
    rng.shuffle(order)
    return order


def batches(steps: Steps, order: Order, size: int) -> Iterator[Order]:
    """The order cut into batches of about `size` pieces."""
    batch: Order = []
    pieces = 0
    for number in order:
        batch.append(number)
        pieces += len(steps.steps[number].ids)
        if pieces >= size:
            yield batch
            batch, pieces = [], 0
    if batch:
        yield batch


T = TypeVar("T")


def ahead(make: Iterator[T], depth: int = 6) -> Iterator[T]:
    """What an iterator gives, made by a thread beside."""
    line: queue.Queue[T | BaseException | None] = queue.Queue(depth)

    def run() -> None:
        try:
            for item in make:
                line.put(item)
            line.put(None)
        except BaseException as error:
            line.put(error)

    threading.Thread(target=run, daemon=True).start()
    while (item := line.get()) is not None:
        if isinstance(item, BaseException):
            raise item
        yield item


Run = Callable[[Tensor, Tensor, Tensor], Tensor]


def encode(run: Run, batch: Batch) -> Tensor:
    """What `run` gives for each word of a batch, shape (words, n), from ids, features and mask of windows."""
    kind = batch.places.device.type
    with torch.autocast(kind, torch.bfloat16, enabled=kind == "cuda" or FAST_BF16):
        flat = torch.cat([run(*group).flatten(0, 1) for group in batch.groups])
    return flat[batch.places].float()


def _ends(vectors: Tensor, ends: Tensor) -> Tensor:
    return torch.cat([vectors[ends[:, 0]], vectors[ends[:, 1]]], dim=-1)


def losses(network: Network, batch: Batch, own_weight: float) -> dict[str, Tensor]:
    """Mean loss of each task over the batch; tasks without labels in the batch are missing."""
    heads = network.heads
    vectors = encode(network.encoder, batch)
    out = {"roles": role_loss(heads.roles(vectors), batch, own_weight) + _own_loss(heads, vectors, batch)}
    out["entities"] = _entity_loss(heads.entities(vectors), batch)
    if len(batch.marks):
        logits = heads.speech(_ends(vectors, batch.marks))[:, 0]
        target = torch.where(batch.soft_speech.isnan(), batch.speech, torch.lerp(batch.speech, batch.soft_speech, SOFT))
        out["speech"] = F.binary_cross_entropy_with_logits(logits, target)
    if len(batch.kinds):
        logits = heads.kind(_ends(vectors, batch.kind_ends))
        hot = F.one_hot(batch.kinds, logits.shape[-1]).float()
        target = torch.where(batch.soft_kinds.isnan(), hot, torch.lerp(hot, batch.soft_kinds, SOFT))
        out["kind"] = F.cross_entropy(logits, target)
    if len(batch.anaphors):
        out["pairs"] = pair_losses(heads, vectors, batch).mean()
    return out


def role_loss(logits: Tensor, batch: Batch, own_weight: float) -> Tensor:
    """Of PolNeAR's rules for the roles: its tags in full, ours at `own_weight`, and other networks' probabilities."""
    known, taught = batch.tags != IGNORE, ~batch.soft_roles[:, 0].isnan()
    hard = F.cross_entropy(logits, batch.tags, ignore_index=IGNORE, reduction="none")
    weight = known * torch.where(batch.own, own_weight, 1.0) * torch.where(taught, 1 - SOFT, 1.0)
    soft = -(batch.soft_roles.nan_to_num() * F.log_softmax(logits, dim=-1)).sum(-1)
    return ((hard * weight).sum() + SOFT * (soft * taught).sum()) / (known | taught).sum().clamp(min=1)


def _own_loss(heads: Heads, vectors: Tensor, batch: Batch) -> Tensor:
    """Our own articles mark contents by slightly other rules: a head of their own learns them."""
    loss = F.cross_entropy(heads.roles_own(vectors), batch.tags, ignore_index=IGNORE, reduction="none")
    return (loss * batch.own).sum() / (batch.tags != IGNORE).sum().clamp(min=1)


def _entity_loss(logits: Tensor, batch: Batch) -> Tensor:
    logp = F.log_softmax(logits, dim=-1)
    known, unsure, taught = batch.entities >= 0, batch.entities == UNSURE, ~batch.soft_entities[:, 0].isnan()
    person = torch.tensor([tag.endswith("PER") for tag in ENTITY_TAGS], device=logits.device)
    hard = -logp.gather(1, batch.entities.clamp(min=0)[:, None])[:, 0]
    hard = torch.where(unsure, -logp.masked_fill(person, -torch.inf).logsumexp(-1), hard)
    soft = -(batch.soft_entities.nan_to_num() * logp).sum(-1)
    weight = (known | unsure) * torch.where(taught, 1 - SOFT, 1.0)
    return ((hard * weight).sum() + SOFT * (soft * taught).sum()) / (known | unsure | taught).sum().clamp(min=1)


def pair_losses(heads: Heads, vectors: Tensor, batch: Batch) -> Tensor:
    """Of each anaphor: minus the log of the probability that falls on right candidates, or on its opening a new source."""
    query = heads.query(_ends(vectors, batch.anaphors))
    key = heads.key(_ends(vectors, batch.candidates))
    of, which = batch.pairs.t().contiguous()
    scores = heads.pair(torch.cat([query[of] * key[which], batch.pair_features], dim=-1))[:, 0]
    hot = F.one_hot(batch.anaphor_kinds, len(ANAPHORS)).float()
    new = heads.new(torch.cat([query, hot], dim=-1))[:, 0]
    n, first = len(query), torch.searchsorted(of, torch.arange(len(query), device=of.device))
    column = torch.arange(len(of), device=of.device) - first[of]
    width = int(column.max()) + 2 if len(of) else 1
    table = scores.new_full((n, width), -torch.inf)
    right = table.clone()
    table[of, column] = scores
    right[of, column] = scores.masked_fill(~batch.right, -torch.inf)
    table[:, -1] = new.masked_fill(batch.new < 0, -torch.inf)
    right[:, -1] = new.masked_fill(batch.new != 1, -torch.inf)
    return table.logsumexp(-1) - right.logsumexp(-1)


def missed(scores: Tensor, targets: Tensor) -> Tensor:
    """Of each anaphor: minus the log of the probability that falls on right candidates (targets as in `Step`)."""
    every = scores.masked_fill(targets < 0, -torch.inf).logsumexp(-1)
    return every - scores.masked_fill(targets != 1, -torch.inf).logsumexp(-1)


def descend(loss: Tensor, module: nn.Module, optimizer: torch.optim.Optimizer, clip: float) -> None:
    """One step of the optimizer down the loss's gradient, which is clipped."""
    optimizer.zero_grad(set_to_none=True)
    loss.backward()
    torch.nn.utils.clip_grad_norm_(module.parameters(), clip)
    optimizer.step()


class Average:
    """Exponential moving average of the weights: better and steadier than the last step's."""

    def __init__(self, module: nn.Module, decay: float) -> None:
        self.decay = decay
        self.state = {k: v.detach().clone() for k, v in module.state_dict().items()}
        moving = [k for k, v in module.named_parameters() if v.requires_grad]
        parameters = dict(module.named_parameters())
        self.mine, self.theirs = [self.state[k] for k in moving], [parameters[k] for k in moving]

    @torch.no_grad()
    def update(self, done: int) -> None:
        decay = min(self.decay, (1 + done) / (10 + done))
        torch._foreach_lerp_(self.mine, self.theirs, 1 - decay)


def falling(total: int, warmup: float) -> Callable[[int], float]:
    """The share of the learning rate at each step: up over the warm-up, then down in a line."""
    warm = max(1, int(total * warmup))
    return lambda i: min((i + 1) / warm, max(0.02, (total - i) / max(1, total - warm)))


def fit(
    steps: Steps,
    recipe: Recipe,
    start: dict[str, Tensor],
    out: Path,
    device: torch.device,
    *,
    leave: frozenset[int] = frozenset(),
    targets: Sequence[Targets | None] | None = None,
) -> Network:
    """Train from the weights `start`, the word vectors as they are; writes the averaged ones as `out/network.pt`, and a log.

    `leave`: texts that are not read. `targets`: what other networks make of each step.
    """
    torch.manual_seed(recipe.seed)
    network = Network()
    network.load_state_dict(network.state_dict() | start)
    network.to(device)
    network.encoder.words.requires_grad_(False)
    groups = [
        {"params": [p for p in network.encoder.parameters() if p.requires_grad], "lr": recipe.encoder_rate},
        {"params": network.heads.parameters(), "lr": recipe.head_rate},
    ]
    weights = dict(zip(TASKS, recipe.weights, strict=True))

    def loss_of(batch: Batch) -> Tensor:
        parts = losses(network, batch, recipe.own_weight)
        return torch.stack([weights[k] * v for k, v in parts.items()]).sum()

    begun = time.time()
    network.load_state_dict(_run(network, loss_of, steps, recipe, groups, device, leave, targets))
    network.eval()
    out.mkdir(parents=True, exist_ok=True)
    save(network, out / "network.pt")
    note(network, out, steps, device, time.time() - begun)
    return network


def _run(
    module: nn.Module,
    loss_of: Callable[[Batch], Tensor],
    steps: Steps,
    recipe: Recipe,
    groups: list[dict],
    device: torch.device,
    leave: frozenset[int],
    targets: Sequence[Targets | None] | None,
) -> dict[str, Tensor]:
    """The averaged weights after all epochs."""
    plan = [list(batches(steps, epoch_order(steps, recipe, e, leave), recipe.batch_pieces)) for e in range(recipe.epochs)]
    total = sum(map(len, plan))
    optimizer = torch.optim.AdamW(groups, weight_decay=recipe.weight_decay, fused=device.type == "cuda")
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, falling(total, recipe.warmup))
    average = Average(module, recipe.average)
    rng = random.Random(recipe.seed)
    together = 10**6 if device.type == "cuda" else 14

    def made() -> Iterator[Batch]:
        for numbers in (numbers for epoch in plan for numbers in epoch):
            soft = [targets[k] for k in numbers] if targets is not None else None
            yield collate([steps.steps[k] for k in numbers], soft, hide=recipe.hide, rng=rng, together=together)

    begun, sums = time.time(), []
    for done, batch in enumerate(ahead(made())):
        loss = loss_of(batch.to(device))
        descend(loss, module, optimizer, recipe.clip)
        schedule.step()
        average.update(done)
        sums.append(loss.detach())
        if (done + 1) % 200 == 0 or done + 1 == total:
            log.info("%d/%d %.0fs %.4f", done + 1, total, time.time() - begun, float(torch.stack(sums).mean()))
            sums = []
    return average.state


def save(module: nn.Module, path: Path) -> None:
    """Write a module's weights."""
    torch.save({k: v.cpu() for k, v in module.state_dict().items()}, path)


def note(network: Network, out: Path, steps: Steps, device: torch.device, seconds: float) -> None:
    """Write to `out/log.jsonl` what a network reaches on the development parts."""
    figures = {name: evaluate(network, part, device) for name, part in steps.development.items()}
    with (out / "log.jsonl").open("a", encoding="utf8") as f:
        f.write(json.dumps({"seconds": round(seconds), "figures": figures}) + "\n")
    log.info("%s after %.0f s: %s", out.name, seconds, figures)


# How the second tagger is trained; `encoder_rate` is its rate.
READER = Recipe(
    epochs=10,
    repeats=(("polnear", 1), ("own", 1), ("original", 1), ("gum", 0.2), ("litbank", 0), ("gap", 0), ("ewt", 0.2)),
    encoder_rate=2e-3,
    batch_pieces=8000,
    own_weight=0.4,
    average=0.995,
    hide=0.05,
    seed=31,
)


def fit_reader(
    steps: Steps, start: dict[str, Tensor], out: Path, device: torch.device, targets: Sequence[Targets | None] | None
) -> None:
    """Train the second tagger on the word vectors of the weights `start`; writes `out/reader.pt`.

    It learns the corpora's tags and other networks' probabilities, the latter also on texts that have no tags.
    """
    torch.manual_seed(READER.seed)
    network = Network()
    network.load_state_dict(network.state_dict() | start)
    network.to(device).requires_grad_(False)
    network.reader = reader = Reader(network.cfg).to(device)

    def loss_of(batch: Batch) -> Tensor:
        return role_loss(encode(network.read, batch), batch, READER.own_weight)

    groups = [{"params": list(reader.parameters()), "lr": READER.encoder_rate}]
    reader.load_state_dict(_run(reader, loss_of, steps, READER, groups, device, frozenset(), targets))
    out.mkdir(parents=True, exist_ok=True)
    save(reader, out / "reader.pt")


@torch.no_grad()
def predict(network: Network, part: Sequence[Packed], device: torch.device, size: int = 30000) -> Iterator[Targets]:
    """What a network makes of each step."""
    heads = network.heads
    at, ends = 0, []
    for k, s in enumerate(part):
        at += len(s.ids)
        if at >= size or k + 1 == len(part):
            ends.append(k + 1)
            at = 0
    begin = 0
    for end in ends:
        some = part[begin:end]
        batch = collate(some).to(device)
        vectors = encode(network.encoder, batch)
        roles = F.softmax(heads.roles(vectors), dim=-1)
        entities = F.softmax(heads.entities(vectors), dim=-1)
        speech = torch.sigmoid(heads.speech(_ends(vectors, batch.marks))[:, 0])
        kinds = F.softmax(heads.kind(_ends(vectors, batch.kind_ends)), dim=-1)
        of = [len(s.places) for s in some]
        rows = (
            _split(roles, of),
            _split(entities, of),
            _split(speech, [len(s.marks) for s in some]),
            _split(kinds, [len(s.kinds) for s in some]),
        )
        yield from (Targets(*arrays) for arrays in zip(*rows, strict=True))
        begin = end


def _split(values: Tensor, lengths: Sequence[int]) -> list[np.ndarray]:
    return np.split(values.cpu().numpy().astype(np.float16), np.cumsum(lengths)[:-1])


@torch.no_grad()
def evaluate(network: Network, part: Sequence[Packed], device: torch.device) -> dict[str, float]:
    """Span F1 of each role (identical words), speech and pair accuracy; a quick look, not the published figures."""
    hits: dict[str, list[int]] = {r: [0, 0, 0] for r in ROLES}
    speech: list[Tensor] = []
    pairs: list[Tensor] = []
    for k in range(0, len(part), 16):
        some = part[k : k + 16]
        batch = collate(some).to(device)
        vectors = encode(network.encoder, batch)
        logits = network.heads.roles(vectors)
        if network.reader is not None:
            logits = mixed(logits, encode(network.read, batch))
        scores = F.log_softmax(logits, dim=-1).cpu().numpy()
        tags, breaks = batch.tags.cpu().numpy(), np.concatenate([s.breaks for s in some])
        tags = np.where(tags == IGNORE, 0, tags)
        found, gold = set(spans_of(viterbi(scores, breaks), ROLES)), set(spans_of(tags, ROLES))
        for role in ROLES:
            f, g = ({x for x in spans if x[0] == role} for spans in (found, gold))
            hits[role] = [a + b for a, b in zip(hits[role], (len(f & g), len(f), len(g)), strict=True)]
        if len(batch.marks):
            speech.append((network.heads.speech(_ends(vectors, batch.marks))[:, 0] > 0) == (batch.speech > 0.5))
        if len(batch.anaphors):
            pairs.append(pair_losses(network.heads, vectors, batch) < np.log(2))
    out = {r: round(200 * h[0] / max(1, h[1] + h[2]), 2) for r, h in hits.items()}
    for name, right in (("speech", speech), ("pairs", pairs)):
        if right:
            out[name] = round(100 * float(torch.cat(right).float().mean()), 2)
    return out
