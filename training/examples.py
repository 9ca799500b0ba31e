"""From a labelled text to the arrays that one training step reads."""

import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

import numpy as np

from quotes.encoding import Pieces, Window, make_windows
from quotes.normalize import find_paragraphs
from quotes.pairs import PairMention, classify, may_mean, pair_features
from quotes.quotations import find_quotations, keep_own_style
from quotes.records import MarkedSpan
from quotes.tagging import ENTITIES, ROLES
from quotes.words import Words, build_words
from training.corpora import Labelled
from training.markup import KINDS

IGNORE = -100
# a capitalised word that the corpus does not label: it may be a name of any kind but not a person's
UNSURE = -2
MAX_CANDIDATES = 70


@cache
def _tokenizer() -> Callable[[str], Any]:
    # spaCy is for making examples, not for training on them, which may be done on another machine
    import spacy

    nlp = spacy.blank("en")
    nlp.max_length = 10**9
    return nlp.make_doc


@dataclass
class Example:
    """Words with their labels, still before chunks and windows.

    `tags`, `entities`: one label a word. `marks`: (opening word, closing word, probability of speech). `mentions`: with
    cluster. `kinds`: (first word, last word, kind).
    """

    corpus: str
    words: Words
    tags: np.ndarray
    entities: np.ndarray
    marks: list[tuple[int, int, float]]
    mentions: list[tuple[PairMention, str, bool]]
    quotations: list[tuple[int, int, str]]
    kinds: list[tuple[int, int, int]]


@dataclass
class Step:
    """One chunk of an example, ready for the network; word numbers count from the chunk's first word."""

    windows: list[Window]
    tags: np.ndarray
    entities: np.ndarray
    marks: np.ndarray
    speech: np.ndarray
    kind_ends: np.ndarray
    kinds: np.ndarray
    anaphor_ends: np.ndarray
    anaphor_kinds: list[str]
    candidate_ends: np.ndarray
    features: np.ndarray
    # 1 right, 0 wrong, -1 not a candidate; the last column is "opens a new source"
    targets: np.ndarray
    corpus: str = ""
    extra: dict = field(default_factory=dict)


def example(doc: Labelled) -> Example:
    """Tokenise, scan the marks and lay the labels on the words."""
    text = doc.text
    paragraphs = find_paragraphs(text)
    marks = keep_own_style(find_quotations(text, paragraphs)[0])
    tokens = ((t.idx, t.idx + len(t)) for t in _tokenizer()(text) if not t.is_space)
    words = build_words(text, tokens, marks, paragraphs)
    return Example(
        doc.corpus,
        words,
        _role_tags(doc, words),
        _entity_tags(doc, words),
        list(_speech_labels(doc, words, marks)),
        _with_genders(words, list(_mentions(doc, words))),
        list(_quotations(doc, words, marks)),
        [(*ends, KINDS.index(kind)) for s, e, kind in doc.kinds for ends in _cover(words, s, e)],
    )


def _cover(words: Words, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The words of a span, without commas and blanks at its end; nothing where it has none."""
    first, last = words.between(start, end)
    while last - 1 > first and words.forms[last - 1] in (",", ";", "-"):
        last -= 1
    if first < last:
        yield first, last - 1


def _role_tags(doc: Labelled, words: Words) -> np.ndarray:
    if doc.roles is None:
        return np.full(len(words), IGNORE)
    # contents first: a cue or source that shares a word with one keeps it
    order = sorted(doc.roles, key=lambda r: (r[0] != "content", r[1]))
    return _lay(np.zeros(len(words), dtype=np.int64), words, ROLES, order)


def _entity_tags(doc: Labelled, words: Words) -> np.ndarray:
    if doc.names is None:
        return np.full(len(words), IGNORE)
    tags = np.zeros(len(words), dtype=np.int64)
    if doc.names_partial:
        tags[np.array([f[:1].isupper() for f in words.forms], dtype=bool)] = UNSURE
    return _lay(tags, words, ENTITIES, doc.names)


def _lay(
    tags: np.ndarray, words: Words, labels: Sequence[str], spans: Iterable[tuple[str, int, int]]
) -> np.ndarray:
    """Write each span's begin and inside tags over its words."""
    for label, start, end in spans:
        first, last = words.between(start, end)
        if first < last:
            begin = 1 + 2 * labels.index(label)
            tags[first:last] = begin + 1
            tags[first] = begin
    return tags


def _overlap(a: tuple[int, int], b: tuple[int, int]) -> float:
    inter = min(a[1], b[1]) - max(a[0], b[0])
    return max(0, inter) / max(1, max(a[1], b[1]) - min(a[0], b[0]))


def _speech_labels(doc: Labelled, words: Words, marks: list[MarkedSpan]) -> Iterator[tuple[int, int, float]]:
    if doc.marks is None:
        return
    for mark in marks:
        if mark.depth:
            continue
        span = (mark.span.start, mark.span.end)
        label = None
        near = max(doc.marks, key=lambda m: _overlap(span, (m[0], m[1])), default=None)
        if near and _overlap(span, (near[0], near[1])) >= 0.8:
            label = near[2]
        elif doc.corpus in ("own", "original") and any(
            s <= mark.content.start and mark.content.end <= e and speech for s, e, speech in doc.marks
        ):
            label = 1.0
        first, last = words.between(*span)
        if label is not None and first < last:
            yield first, last - 1, label


def _mentions(doc: Labelled, words: Words) -> Iterator[tuple[PairMention, str, bool]]:
    names = {span for m in doc.mentions if m.name for span in _cover(words, m.start, m.end)}
    sources = {span for role, a, b in doc.roles or [] if role == "source" for span in _cover(words, a, b)}
    seen: set[tuple[int, int, bool]] = set()
    for m in doc.mentions:
        for first, last in _cover(words, m.start, m.end):
            if m.cluster is None or (first, last, m.name) in seen:
                continue
            seen.add((first, last, m.name))
            bare = not m.name and (first, last) in names
            if bare and not m.is_source:
                continue  # the name itself is a mention already
            kind = "name" if m.name or bare else classify(words, first, last)
            yield PairMention(first, last, kind, m.entity, m.is_source or (first, last) in sources), m.cluster, m.anaphor


def _with_genders(
    words: Words, mentions: list[tuple[PairMention, str, bool]]
) -> list[tuple[PairMention, str, bool]]:
    """Names with the gender that a title or the given name anywhere in their cluster tells, as at run time."""
    from quotes.names import read_name

    votes: dict[str, Counter[str]] = {}
    for m, cluster, _ in mentions:
        if m.kind == "name" and m.entity == "PER":
            name = read_name(words.slice(m.first, m.last), "PER", m.first, words.forms[m.first - 1] if m.first else "")
            weighed = {name.gender: 5, name.given: 1 + len(name.folded)}
            votes.setdefault(cluster, Counter()).update(weighed)
    genders = {c: 1 if v["m"] > v["f"] else -1 if v["f"] > v["m"] else 0 for c, v in votes.items()}
    return [
        (replace(m, gender=genders.get(c, 0)) if m.kind == "name" and m.entity == "PER" else m, c, anaphor)
        for m, c, anaphor in mentions
    ]


def _quotations(doc: Labelled, words: Words, marks: list[MarkedSpan]) -> Iterator[tuple[int, int, str]]:
    """The outermost marked spans that the corpus gives a speaker."""
    for mark in marks:
        if mark.depth or not doc.quotations:
            continue
        span = (mark.span.start, mark.span.end)
        holders = [q for q in doc.quotations if q[0] <= mark.content.start and mark.content.end <= q[1]]
        inner = min(holders, key=lambda q: q[1] - q[0], default=None)
        exact = max(doc.quotations, key=lambda q: _overlap(span, (q[0], q[1])))
        best = exact if _overlap(span, (exact[0], exact[1])) >= 0.8 else inner
        first, last = words.between(*span)
        if best and first < last:
            yield first, last - 1, best[2]


def chunks(ex: Example, rng: random.Random, size: int) -> Iterator[tuple[int, int]]:
    """Cut an example into runs of whole paragraphs of about `size` words, at places drawn anew each time."""
    n, first = len(ex.words), 0
    limit = size if n <= size else rng.randint(size // 2, size)
    numbers = ex.words.paragraphs
    while first < n:
        last = min(n, first + limit)
        if last < n:
            start = int(np.searchsorted(numbers, numbers[last]))
            last = start if start > first else int(np.searchsorted(numbers, numbers[last], side="right"))
        yield first, min(last, first + 2 * size)
        first, limit = min(last, first + 2 * size), size


def step(ex: Example, first: int, last: int, pieces: Pieces, rng: random.Random, *, window: int = 224) -> Step:
    """One chunk as arrays."""
    w = ex.words
    words = Words(
        w.text, w.starts[first:last], w.ends[first:last], w.forms[first:last], w.features[first:last],
        w.paragraphs[first:last], w.depth[first:last],
    )
    size = rng.choice((window, window, window * 3 // 4, window // 2))
    windows = make_windows(words, pieces, size=size, first_size=rng.randint(size // 3, size))

    def inside(a: int, b: int) -> bool:
        return first <= a and b < last

    marks = [(a - first, b - first, s) for a, b, s in ex.marks if inside(a, b)]
    kinds = [(a - first, b - first, k) for a, b, k in ex.kinds if inside(a, b)]
    mentions = [
        (replace(m, first=m.first - first, last=m.last - first), c, anaphor)
        for m, c, anaphor in ex.mentions
        if inside(m.first, m.last)
    ]
    quotations = [(a - first, b - first, c) for a, b, c in ex.quotations if inside(a, b)]
    anaphors = [(m, c) for m, c, anaphor in mentions if anaphor]
    if len(anaphors) > 60:
        anaphors = rng.sample(anaphors, 60)
    anaphors += [(PairMention(a, b, "quotation"), c) for a, b, c in quotations]
    candidates = [(m, c) for m, c, anaphor in mentions if not (anaphor and m.kind == "name")]
    if len(candidates) > 3 * MAX_CANDIDATES:
        candidates = rng.sample(candidates, 3 * MAX_CANDIDATES)
    targets, keep = _targets(anaphors, candidates)
    anaphors = [anaphors[i] for i in keep]
    features = pair_features(words, [m for m, _ in anaphors], [m for m, _ in candidates])
    return Step(
        windows,
        ex.tags[first:last],
        ex.entities[first:last],
        np.array([(a, b) for a, b, _ in marks], dtype=np.int64).reshape(-1, 2),
        np.array([s for *_, s in marks], dtype=np.float32),
        np.array([(a, b) for a, b, _ in kinds], dtype=np.int64).reshape(-1, 2),
        np.array([k for *_, k in kinds], dtype=np.int64),
        np.array([(m.first, m.last) for m, _ in anaphors], dtype=np.int64).reshape(-1, 2),
        [m.kind for m, _ in anaphors],
        np.array([(m.first, m.last) for m, _ in candidates], dtype=np.int64).reshape(-1, 2),
        features,
        targets[keep] if len(keep) else targets[:0],
        ex.corpus,
    )


def _targets(
    anaphors: list[tuple[PairMention, str]], candidates: list[tuple[PairMention, str]]
) -> tuple[np.ndarray, list[int]]:
    """Which candidates are right for each anaphor, and which anaphors teach something."""
    targets = np.full((len(anaphors), len(candidates) + 1), -1, dtype=np.int64)
    keep = []
    for i, (a, cluster) in enumerate(anaphors):
        for j, (c, other) in enumerate(candidates):
            if may_mean(a, c):
                targets[i, j] = other == cluster
        # a quotation always has a source of the article: it opens none itself
        targets[i, -1] = -1 if a.kind == "quotation" else not (targets[i, :-1] == 1).any()
        if (targets[i] == 1).any() and (targets[i] == 0).any():
            keep.append(i)
    return targets, keep
