"""One training run: batches of chunks, the losses of all tasks, checkpoints and the figures of the development part."""

import json
import logging
import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.utils.data import DataLoader, IterableDataset

from quotes.encoding import Pieces
from quotes.tagging import ENTITY_TAGS, ROLES, spans_of, viterbi
from training.augment import swap_names
from training.corpora import Labelled
from training.examples import IGNORE, UNSURE, Example, Step, chunks, example, step
from training.network import Heads, Network, Reader, mixed

log = logging.getLogger(__name__)


TASKS = ("roles", "entities", "speech", "kind", "pairs")
OWN = ("own", "original")


@dataclass(frozen=True)
class Recipe:
    """How one stage is trained.

    Attributes:
        head_rate: Learning rate of the heads; the encoder's is `encoder_rate`, both rise over `warmup` and fall to nothing.
        swap: Share of texts whose persons get other names, drawn anew each epoch.
        average: Decay of the moving average of the weights, which is what a run writes.
        freeze_words: Leave the word vectors as they are.
        own_weight: Weight of our own articles' roles in the main role head (they have a second one to themselves).
        hide: Share of the words that the encoder does not see ([MASK] in their place), so that it learns to go by the others.
        weights: Of each task's loss, in the order of `TASKS`.
        repeats: How often each corpus is read in an epoch; a fraction draws that share anew each epoch.
    """

    epochs: int
    repeats: tuple[tuple[str, float], ...]
    weights: tuple[float, ...]
    encoder_rate: float = 2e-4
    head_rate: float = 1e-3
    batch_pieces: int = 3000
    chunk_words: int = 800
    warmup: float = 0.1
    weight_decay: float = 0.01
    clip: float = 1.0
    swap: float = 0.4
    average: float = 0.996
    freeze_words: bool = False
    own_weight: float = 1.0
    hide: float = 0.0
    seed: int = 1


# The stages of the default model, each from the weights of the one before: first all tasks alike, with much of our own
# articles; last PolNeAR's own rules for the roles, the other tasks kept alive.
STAGES = (
    Recipe(
        epochs=2,
        repeats=(("polnear", 1), ("own", 3), ("original", 3), ("gum", 0.5), ("litbank", 0.12), ("gap", 0.1)),
        weights=(1.0, 0.5, 0.2, 0.2, 0.3),
        chunk_words=700,
        average=0.998,
        freeze_words=True,
        own_weight=0.5,
    ),
    Recipe(
        epochs=1,
        repeats=(("polnear", 1), ("own", 2), ("original", 3), ("gum", 0.3), ("litbank", 0.08), ("gap", 0.06)),
        weights=(1.0, 0.5, 0.2, 0.2, 0.3),
        encoder_rate=1.2e-4,
        head_rate=6e-4,
        warmup=0.04,
        freeze_words=True,
        own_weight=0.5,
        seed=7,
    ),
    Recipe(
        epochs=2,
        repeats=(("polnear", 1), ("own", 0.7), ("original", 1), ("gum", 0.1), ("litbank", 0.03), ("gap", 0.03)),
        weights=(1.0, 0.3, 0.2, 0.15, 0.25),
        own_weight=0.3,
        seed=21,
    ),
    # from the mean of stages 2 and 3
    Recipe(
        epochs=2,
        repeats=(("polnear", 1), ("own", 1.2), ("original", 2), ("gum", 0.15), ("litbank", 0.04), ("gap", 0.04)),
        weights=(1.0, 0.3, 0.25, 0.2, 0.3),
        encoder_rate=1.5e-4,
        head_rate=7e-4,
        warmup=0.06,
        average=0.998,
        own_weight=0.3,
        hide=0.1,
        seed=43,
    ),
)


class Steps(IterableDataset):
    """One epoch's batches: augmented, tokenised and cut in a worker process while the network trains."""

    def __init__(self, docs: list[Labelled], recipe: Recipe, tokenizer: Path, epoch: int) -> None:
        self.docs, self.recipe, self.tokenizer, self.epoch = docs, recipe, tokenizer, epoch

    def __iter__(self) -> Iterator[list[Step]]:
        rng = random.Random(f"{self.recipe.seed}-{self.epoch}")
        pieces = Pieces(self.tokenizer)
        repeats = dict(self.recipe.repeats)
        order: list[Labelled] = []
        for doc in self.docs:
            times = repeats.get(doc.corpus, 1)
            order += [doc] * (int(times) + (rng.random() < times % 1))
        rng.shuffle(order)
        batch: list[Step] = []
        size = 0
        pool: list[Step] = []
        for doc in order:
            if rng.random() < self.recipe.swap and doc.corpus != "gap":
                doc = swap_names(doc, rng)
            ex = example(doc)
            for a, b in chunks(ex, rng, self.recipe.chunk_words):
                pool.append(step(ex, a, b, pieces, rng))
                hide_words(pool[-1], self.recipe.hide, rng)
            while len(pool) > 48:  # a small pool parts the chunks of one article
                item = pool.pop(rng.randrange(len(pool)))
                batch.append(item)
                size += sum(len(w.ids) for w in item.windows)
                if size >= self.recipe.batch_pieces:
                    yield batch
                    batch, size = [], 0
        rng.shuffle(pool)
        for item in pool:
            batch.append(item)
            size += sum(len(w.ids) for w in item.windows)
            if size >= self.recipe.batch_pieces:
                yield batch
                batch, size = [], 0
        if batch:
            yield batch


# Ids of MiniLM's vocabulary.
SEPARATOR, MASK = 102, 103


def hide_words(item: Step, share: float, rng: random.Random) -> None:
    """Put [MASK] in place of all pieces of so large a share of a step's words."""
    if not share:
        return
    for window in item.windows:
        ends = np.append(window.heads[1:], len(window.ids) - 1)
        for head, end in zip(window.heads.tolist(), ends.tolist(), strict=True):
            if rng.random() < share:
                own = window.ids[head:end]
                own[own != SEPARATOR] = MASK


Run = Callable[[Tensor, Tensor, Tensor], Tensor]


def encode(run: Run, batch: Sequence[Step], together: int = 14) -> list[Tensor]:
    """What `run` gives for each step's words, shape (words, n), from ids, features and mask of batches of windows.

    About so many windows go `together`, those of like length: little padding.
    """
    windows = [w for s in batch for w in s.windows]
    order = sorted(range(len(windows)), key=lambda i: len(windows[i].ids))
    vectors: dict[int, Tensor] = {}
    for group in np.array_split(np.array(order), max(1, round(len(order) / together))):
        length = max(len(windows[i].ids) for i in group)
        ids = torch.zeros(len(group), length, dtype=torch.long)
        features = torch.zeros(len(group), length, dtype=torch.long)
        mask = torch.zeros(len(group), length)
        for row, i in enumerate(group):
            n = len(windows[i].ids)
            ids[row, :n] = torch.from_numpy(windows[i].ids)
            features[row, :n] = torch.from_numpy(windows[i].features)
            mask[row, :n] = 1
        out = run(ids, features, mask)
        for row, i in enumerate(group):
            vectors[int(i)] = out[row, torch.from_numpy(windows[i].heads)]
    result, at = [], 0
    for s in batch:
        result.append(torch.cat([vectors[at + k] for k in range(len(s.windows))]))
        at += len(s.windows)
    return result


def _ends(vectors: Tensor, ends: np.ndarray) -> Tensor:
    index = torch.from_numpy(ends)
    return torch.cat([vectors[index[:, 0]], vectors[index[:, 1]]], dim=-1)


def losses(network: Network, batch: list[Step], own_weight: float) -> dict[str, Tensor]:
    """Mean loss of each task over the batch; tasks without labels in the batch are missing."""
    heads = network.heads
    vectors = encode(network.encoder, batch)
    everything = torch.cat(vectors)
    tags = torch.from_numpy(np.concatenate([s.tags for s in batch]))
    entities = torch.from_numpy(np.concatenate([s.entities for s in batch]))
    out: dict[str, Tensor] = {}
    if (tags != IGNORE).any():
        own = torch.tensor([s.corpus in OWN for s in batch for _ in range(len(s.tags))])
        out["roles"] = _role_loss(heads, everything, tags, own, own_weight)
    out |= _entity_loss(heads.entities(everything), entities)
    pairs_of = list(zip(vectors, batch, strict=True))
    marks = [(v, s) for v, s in pairs_of if len(s.marks)]
    if marks:
        x = torch.cat([_ends(v, s.marks) for v, s in marks])
        y = torch.from_numpy(np.concatenate([s.speech for _, s in marks]))
        out["speech"] = F.binary_cross_entropy_with_logits(heads.speech(x)[:, 0], y)
    kinds = [(v, s) for v, s in pairs_of if len(s.kinds)]
    if kinds:
        x = torch.cat([_ends(v, s.kind_ends) for v, s in kinds])
        out["kind"] = F.cross_entropy(heads.kind(x), torch.from_numpy(np.concatenate([s.kinds for _, s in kinds])))
    pairs = [_pair_loss(network, v, s) for v, s in pairs_of if len(s.anaphor_ends)]
    if pairs:
        out["pairs"] = torch.cat(pairs).mean()
    return out


def _role_loss(heads: Heads, vectors: Tensor, tags: Tensor, own: Tensor, own_weight: float) -> Tensor:
    """The main head learns PolNeAR's rules in full and ours at `own_weight`; the second head learns ours."""
    main = F.cross_entropy(heads.roles(vectors), tags, ignore_index=IGNORE, reduction="none")
    weight = torch.where(own, own_weight, 1.0) * (tags != IGNORE)
    second = F.cross_entropy(heads.roles_own(vectors), tags, ignore_index=IGNORE, reduction="none")
    known = (tags != IGNORE).sum().clamp(min=1)
    return ((main * weight).sum() + (second * own).sum()) / known


def _entity_loss(logits: Tensor, labels: Tensor) -> dict[str, Tensor]:
    known, unsure = labels >= 0, labels == UNSURE
    if not known.any():
        return {}
    logp = F.log_softmax(logits, dim=-1)
    parts = [-logp[known].gather(1, labels[known][:, None])[:, 0]]
    if unsure.any():
        person = torch.tensor([tag.endswith("PER") for tag in ENTITY_TAGS])
        parts.append(-logp[unsure].masked_fill(person, -torch.inf).logsumexp(-1))
    return {"entities": torch.cat(parts).mean()}


def _pair_loss(network: Network, vectors: Tensor, s: Step) -> Tensor:
    heads = network.heads
    query = heads.query(_ends(vectors, s.anaphor_ends))
    key = heads.key(_ends(vectors, s.candidate_ends))
    x = torch.cat([query[:, None] * key[None], torch.from_numpy(s.features)], dim=-1)
    scores = heads.pair(x)[..., 0]
    hot = F.one_hot(torch.tensor([("name", "pronoun", "nominal", "quotation").index(k) for k in s.anaphor_kinds]), 4)
    new = heads.new(torch.cat([query, hot.float()], dim=-1))
    return missed(torch.cat([scores, new], dim=1), torch.from_numpy(s.targets))


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

    def __init__(self, network: Network, decay: float) -> None:
        self.decay = decay
        self.state = {k: v.detach().clone() for k, v in network.state_dict().items()}
        self.moving = [k for k, v in network.named_parameters() if v.requires_grad]

    def update(self, network: Network, done: int) -> None:
        decay = min(self.decay, (1 + done) / (10 + done))
        state = network.state_dict()
        for k in self.moving:
            self.state[k].lerp_(state[k], 1 - decay)


# How the second tagger is trained; `encoder_rate` is its rate.
READER = Recipe(
    epochs=4,
    repeats=(("polnear", 1), ("own", 1), ("original", 1), ("gum", 0.2), ("litbank", 0), ("gap", 0)),
    weights=(),
    encoder_rate=2e-3,
    own_weight=0.3,
    average=0.995,
    seed=31,
)
# So many batches of the encoder's size make one of the second tagger's: an LSTM is slow on few windows.
MERGED = 4
# Share of the teacher's tag probabilities in the second tagger's loss; the rest is the corpora's tags.
SOFT = 0.5
# How it goes on without the teacher: more and smaller batches, drawn anew each epoch, some words unseen.
PRACTICE = replace(READER, epochs=3, encoder_rate=1.2e-3, hide=0.05, seed=37)
PRACTICE_MERGED = 2


@torch.no_grad()
def _lessons(docs: list[Labelled], teacher: Network, tokenizer: Path) -> list[list[tuple[Step, Tensor]]]:
    """The batches of one epoch, each step with the teacher's role log-probabilities."""
    lessons = []
    loader = DataLoader(Steps(docs, READER, tokenizer, 0), batch_size=None, num_workers=1, prefetch_factor=8)
    for batch in loader:
        soft = [F.log_softmax(teacher.heads.roles(v), dim=-1) for v in encode(teacher.encoder, batch)]
        # what the roles need not is left out: the pairs' features would fill the memory
        light = [replace(s, features=s.features[:0], targets=s.targets[:0]) for s in batch]
        lessons.append(list(zip(light, soft, strict=True)))
    return lessons


def fit_reader(
    docs: list[Labelled], development: dict[str, list[Labelled]], tokenizer: Path, weights: dict[str, Tensor], out: Path
) -> None:
    """Train the second tagger beside a finished network and write `out/reader.pt`, with `out/log.jsonl`.

    It learns the corpora's tags and the network's own probabilities (distillation, Hinton et al. 2015), the latter also on
    texts that have no tags.
    """
    out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(READER.seed)
    network = Network()
    network.load_state_dict(weights)
    network.requires_grad_(False)
    rng = random.Random(READER.seed)
    lessons = _lessons(docs, network, tokenizer)
    log.info("%d batches for the second tagger", len(lessons))
    network.reader = Reader(network.cfg)
    reader = network.reader
    order = [k for _ in range(READER.epochs) for k in rng.sample(range(len(lessons)), len(lessons))]
    merged = [order[k : k + MERGED] for k in range(0, len(order), MERGED)]
    total = len(merged)
    optimizer = torch.optim.AdamW(reader.parameters(), lr=READER.encoder_rate, weight_decay=READER.weight_decay)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, READER.encoder_rate, total, pct_start=READER.warmup)
    average = Average(reader, READER.average)
    dev = {name: [example(d) for d in part] for name, part in development.items()}
    sums: list[float] = []
    begun = time.time()
    for done, numbers in enumerate(merged):
        steps, soft = zip(*(pair for k in numbers for pair in lessons[k]), strict=True)
        loss = _reader_loss(torch.cat(encode(network.read, steps, together=64)), torch.cat(soft), steps)
        descend(loss, reader, optimizer, READER.clip)
        schedule.step()
        average.update(reader, done)
        sums.append(float(loss.detach()))
        if (done + 1) % 25 == 0:
            log.info("%d/%d %.0fs %.4f", done + 1, total, time.time() - begun, np.mean(sums[-25:]))
    _write_reader(network, average, dev, tokenizer, out, begun)


def practise_reader(
    docs: list[Labelled],
    development: dict[str, list[Labelled]],
    tokenizer: Path,
    weights: dict[str, Tensor],
    start: Path,
    out: Path,
) -> None:
    """Train the second tagger on, from `start/reader.pt`, on the corpora's tags alone; writes as `fit_reader` does."""
    out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(PRACTICE.seed)
    network = Network()
    network.load_state_dict(weights)
    network.requires_grad_(False)
    network.reader = reader = Reader(network.cfg)
    reader.load_state_dict(torch.load(start / "reader.pt", weights_only=True))
    # what the roles need not is left out: the pairs' features take longer than the network
    tagged = [replace(d, mentions=[], quotations=[]) for d in docs if d.roles is not None]
    total = count_batches(tagged, PRACTICE) * PRACTICE.epochs // PRACTICE_MERGED
    optimizer = torch.optim.AdamW(reader.parameters(), lr=PRACTICE.encoder_rate, weight_decay=PRACTICE.weight_decay)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda i: min((i + 1) / 50, max(0.02, 1 - i / total)))
    average = Average(reader, PRACTICE.average)
    begun, done = time.time(), 0
    sums: list[float] = []
    for epoch in range(PRACTICE.epochs):
        loader = DataLoader(Steps(tagged, PRACTICE, tokenizer, epoch), batch_size=None, num_workers=1, prefetch_factor=8)
        batches = iter(loader)
        while together := list(islice(batches, PRACTICE_MERGED)):
            steps = [s for batch in together for s in batch]
            logits = torch.cat(encode(network.read, steps, together=64))
            loss = _tag_loss(logits, steps, PRACTICE.own_weight)
            descend(loss, reader, optimizer, PRACTICE.clip)
            schedule.step()
            average.update(reader, done)
            done += 1
            sums.append(float(loss.detach()))
            if done % 25 == 0:
                log.info("%d/%d %.0fs %.4f", done, total, time.time() - begun, np.mean(sums[-25:]))
        torch.save(average.state, out / f"reader-{epoch + 1}.pt")
    dev = {name: [example(d) for d in part] for name, part in development.items()}
    _write_reader(network, average, dev, tokenizer, out, begun)


def _write_reader(
    network: Network, average: "Average", dev: dict[str, list[Example]], tokenizer: Path, out: Path, begun: float
) -> None:
    """Write the averaged second tagger, and what both taggers reach together."""
    assert network.reader is not None
    network.reader.load_state_dict(average.state)
    network.reader.eval()
    torch.save(average.state, out / "reader.pt")
    figures = {name: evaluate(network, part, Pieces(tokenizer)) for name, part in dev.items()}
    (out / "log.jsonl").write_text(json.dumps({"seconds": round(time.time() - begun), "figures": figures}) + "\n")
    log.info("both taggers %s", figures)


def _reader_loss(logits: Tensor, soft: Tensor, steps: Sequence[Step]) -> Tensor:
    taught = F.kl_div(F.log_softmax(logits, dim=-1), soft, reduction="batchmean", log_target=True)
    return (1 - SOFT) * _tag_loss(logits, steps, READER.own_weight) + SOFT * taught


def _tag_loss(logits: Tensor, steps: Sequence[Step], own_weight: float) -> Tensor:
    """Mean loss of the corpora's tags, those of our own articles at `own_weight`."""
    tags = torch.from_numpy(np.concatenate([s.tags for s in steps]))
    own = torch.tensor([s.corpus in OWN for s in steps for _ in range(len(s.tags))])
    weight = torch.where(own, own_weight, 1.0) * (tags != IGNORE)
    hard = F.cross_entropy(logits, tags, ignore_index=IGNORE, reduction="none")
    return (hard * weight).sum() / weight.sum().clamp(min=1)


def count_batches(docs: list[Labelled], recipe: Recipe) -> int:
    """About how many batches an epoch has (for the learning-rate plan); characters per word piece are about 4.1."""
    repeats = dict(recipe.repeats)
    pieces = sum(len(d.text) * repeats.get(d.corpus, 1) for d in docs) / 4.1
    return max(1, round(pieces / (recipe.batch_pieces * 1.17)))


def fit(
    docs: list[Labelled],
    development: dict[str, list[Labelled]],
    recipe: Recipe,
    tokenizer: Path,
    weights: Path,
    out: Path,
    start: Path | None = None,
) -> None:
    """Train and write the averaged weights after every epoch (`out/network-1.pt` ..., the last also as `out/network.pt`).

    `out/log.jsonl` gets the figures of the development parts.

    `start`: an earlier run's `network.pt` to go on from.
    """
    out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(recipe.seed)
    network = Network()
    network.encoder.load_minilm(weights)
    if start is not None:
        state = network.state_dict() | torch.load(start, weights_only=True)
        network.load_state_dict(state)
    network.encoder.words.weight.requires_grad_(not recipe.freeze_words)
    weights_of = dict(zip(TASKS, recipe.weights, strict=True))
    total = count_batches(docs, recipe) * recipe.epochs
    groups = [
        {"params": [p for p in network.encoder.parameters() if p.requires_grad], "lr": recipe.encoder_rate},
        {"params": network.heads.parameters(), "lr": recipe.head_rate},
    ]
    optimizer = torch.optim.AdamW(groups, weight_decay=recipe.weight_decay)
    warm = max(1, int(total * recipe.warmup))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda i: min((i + 1) / warm, max(0.02, (total - i) / max(1, total - warm)))
    )
    average = Average(network, recipe.average)
    dev = {name: [example(d) for d in part] for name, part in development.items()}
    done, begun = 0, time.time()
    sums: dict[str, list[float]] = {}
    for epoch in range(recipe.epochs):
        loader = DataLoader(Steps(docs, recipe, tokenizer, epoch), batch_size=None, num_workers=1, prefetch_factor=8)
        for batch in loader:
            parts = losses(network, batch, recipe.own_weight)
            loss = sum(weights_of[k] * v for k, v in parts.items())
            descend(loss, network, optimizer, recipe.clip)
            schedule.step()
            average.update(network, done)
            done += 1
            for k, v in parts.items():
                sums.setdefault(k, []).append(float(v.detach()))
            if done % 50 == 0:
                means = {k: round(float(np.mean(v[-50:])), 4) for k, v in sums.items()}
                log.info("%d/%d %.0fs %s", done, total, time.time() - begun, means)
        for name in (f"network-{epoch + 1}.pt", "network.pt"):
            torch.save(average.state, out / name)
        current = {k: v.clone() for k, v in network.state_dict().items()}
        network.load_state_dict(average.state)
        figures = {name: evaluate(network, part, Pieces(tokenizer)) for name, part in dev.items()}
        network.load_state_dict(current)
        with (out / "log.jsonl").open("a", encoding="utf8") as f:
            f.write(json.dumps({"epoch": epoch, "seconds": round(time.time() - begun), "figures": figures}) + "\n")
        log.info("epoch %d %s", epoch, figures)


@torch.no_grad()
def evaluate(network: Network, examples: list[Example], pieces: Pieces) -> dict[str, float]:
    """Span F1 of each role (identical words) and pair accuracy; a quick look while training, not the published figures."""
    rng = random.Random(0)
    hits: dict[str, list[int]] = {r: [0, 0, 0] for r in ROLES}
    right = total = 0
    for ex in examples:
        for first, last in chunks(ex, rng, 700):
            s = step(ex, first, last, pieces, rng)
            vectors = encode(network.encoder, [s])[0]
            logits = network.heads.roles(vectors)
            if network.reader is not None:
                logits = mixed(logits, encode(network.read, [s])[0])
            scores = F.log_softmax(logits, dim=-1).numpy()
            numbers = ex.words.paragraphs[first:last]
            breaks = np.diff(numbers, prepend=-1) != 0
            if (s.tags != IGNORE).any():
                found = set(spans_of(viterbi(scores, breaks), ROLES))
                gold = set(spans_of(s.tags, ROLES))
                for role in ROLES:
                    f = {x for x in found if x[0] == role}
                    g = {x for x in gold if x[0] == role}
                    hits[role][0] += len(f & g)
                    hits[role][1] += len(f)
                    hits[role][2] += len(g)
            if len(s.anaphor_ends):
                loss = _pair_loss(network, vectors, s)
                right += int((loss < np.log(2)).sum())
                total += len(loss)
    out = {r: round(200 * h[0] / max(1, h[1] + h[2]), 2) for r, h in hits.items()}
    return out | ({"pairs": round(100 * right / total, 2)} if total else {})
