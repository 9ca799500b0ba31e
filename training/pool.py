"""What is trained on, made once: examples of all texts, some with other names, and the steps that runs draw from them.

A pool file needs neither the corpora nor spaCy to train from, so that the training can be done on another machine.
"""

import lzma
import pickle
import random
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain
from multiprocessing import get_context
from pathlib import Path
from zlib import crc32

from quotes.encoding import Pieces
from training.augment import swap_names
from training.batches import Packed, pack
from training.corpora import Labelled
from training.examples import Example, chunks, example, step

# How often a text with persons comes with other names beside its own; a pass over the pool takes either.
SWAPPED = {"polnear": 1, "own": 2, "original": 2, "gum": 1, "litbank": 1}
SWAP = 0.45
# Passes over all texts, each cut anew into chunks and windows; of the large corpora of other kinds a pass takes a share.
PASSES = 4
SHARE = {"litbank": 0.3, "gap": 0.3, "ewt": 0.5}
CHUNK_WORDS = 700
# An article's fold: the teachers of the others tell what they make of it.
FOLDS = 4


@dataclass
class Text:
    """One text in all its versions, its own names first."""

    id: str
    corpus: str
    fold: int
    versions: list[Example]


@dataclass
class Pool:
    """Texts to train on and texts with folds that only measure, by part."""

    texts: list[Text]
    development: dict[str, list[Text]]


@dataclass
class Steps:
    """All passes' steps; `of[doc][p]` has the numbers of a text's steps in pass `p`.

    `plain` has those of the texts with folds by themselves, with their own names, to be read by the teachers of other folds.
    """

    steps: list[Packed]
    of: list[list[list[int]]]
    plain: list[Packed] = field(default_factory=list)
    development: dict[str, list[Packed]] = field(default_factory=dict)


def _light(ex: Example) -> Example:
    """Without the text itself, which training does not read."""
    return replace(ex, words=replace(ex.words, text=""))


def _text(doc: Labelled, rng: random.Random | None = None) -> Text | None:
    versions = [example(doc)]
    if rng is not None and doc.names:
        versions += [example(swap_names(doc, rng)) for _ in range(SWAPPED.get(doc.corpus, 0))]
    versions = [_light(ex) for ex in versions if len(ex.words)]
    fold = crc32(f"fold {doc.id}".encode()) % FOLDS if doc.corpus in ("polnear", "own", "original") else -1
    return Text(doc.id, doc.corpus, fold, versions) if versions else None


def write_pool(docs: Iterable[Labelled], development: dict[str, list[Labelled]], path: Path) -> None:
    """Make the examples of all texts and write them, compressed."""
    rng = random.Random(11)
    texts = [t for d in docs if (t := _text(d, rng))]
    apart = {name: [t for d in part if (t := _text(d))] for name, part in development.items()}
    path.parent.mkdir(parents=True, exist_ok=True)
    with lzma.open(path, "wb", preset=6) as f:
        pickle.dump(Pool(texts, apart), f)


def read_pool(path: Path) -> Pool:
    """Only for files that `write_pool` made: a pickle can run anything."""
    with lzma.open(path) as f:
        pool: Pool = pickle.load(f)
    return pool


Job = tuple[int, Example, int]


def _packed(tokenizer: Path, jobs: Sequence[Job]) -> list[list[Packed]]:
    """The steps of each (number of the text, version, seed)."""
    pieces = Pieces(tokenizer)
    out = []
    for doc, ex, seed in jobs:
        rng = random.Random(seed)
        cuts = list(chunks(ex, rng, CHUNK_WORDS))
        out.append([pack(step(ex, a, b, pieces, rng), doc, ex.words.paragraphs[a:b]) for a, b in cuts])
    return out


def make_steps(pool: Pool, tokenizer: Path, workers: int) -> Steps:
    """Cut every text in every pass; with `workers` processes."""
    rng = random.Random(12)
    jobs: list[tuple[int, Job]] = []
    for p in range(PASSES):
        for doc, text in enumerate(pool.texts):
            if rng.random() < SHARE.get(text.corpus, 1.0):
                other = len(text.versions) > 1 and rng.random() < SWAP
                ex = rng.choice(text.versions[1:]) if other else text.versions[0]
                jobs.append((p, (doc, ex, rng.randrange(2**32))))
    measured = (pool.texts, *pool.development.values())
    apart = [[(k, text.versions[0], 0) for k, text in enumerate(part) if text.fold >= 0] for part in measured]
    parts = [[job for _, job in jobs[k : k + 40]] for k in range(0, len(jobs), 40)]
    with ProcessPoolExecutor(workers, mp_context=get_context("fork")) as executor:
        done = list(executor.map(partial(_packed, tokenizer), [*parts, *apart]))
    out = Steps([], [[[] for _ in range(PASSES)] for _ in pool.texts])
    for (p, (doc, *_)), packed in zip(jobs, chain.from_iterable(done[: len(parts)]), strict=True):
        out.of[doc][p] = list(range(len(out.steps), len(out.steps) + len(packed)))
        out.steps += packed
    out.plain, *others = (list(chain.from_iterable(packed)) for packed in done[len(parts) :])
    out.development = dict(zip(pool.development, others, strict=True))
    return out
