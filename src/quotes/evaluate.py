"""Score article records against annotated articles.

What is counted, all in per cent:

detect
    Quoted segments that are speech. A predicted segment finds a gold one when, marks and punctuation taken off both
    ends, the characters they share are at least `SAME_SEGMENT` of those that either covers (intersection over union).
    One finds one. Quotations within quotations stay out on both sides.
speaker_strict, speaker_lenient
    Over the gold speech whose source the article tells. Strict: found, and called as gold calls its source. Lenient:
    the two agree in some form (`agreement`). Precision counts every predicted segment that names a speaker, save those
    on speech whose source the article does not tell: they are neither right nor wrong. `..._by_kind` is the recall by
    the gold source's kind.
kind_accuracy
    Of the lenient hits, those whose kind of source is right.
content, content_quoted, content_indirect, cue, source
    The spans of all attributions; content also by whether it holds a quotation mark. raw: identical offsets. exact:
    identical once marks and punctuation are off both ends. soft: a span counts as far as the other side covers it,
    precision over the predicted spans and recall over gold's, which are the intersection-based scores of Johansson &
    Moschitti (2010), "Syntactic and semantic structure for opinion expression detection", CoNLL.

Intervals are percentile bootstrap intervals (Efron & Tibshirani 1993, "An introduction to the bootstrap", ch. 13) over
articles, not spans: the quotations of one article share speakers and stand or fall together. Every figure is a quotient
of counts that add up over articles, so a resample adds counts and scores nothing anew.
"""

import random
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import mul
from pathlib import Path
from typing import Any

from quotes.annotations import (
    KINDS,
    Annotation,
    Party,
    Segment,
    Span,
    annotation_of,
    annotation_of_record,
    id_of,
    read_placed,
    read_records,
    trim,
)
from quotes.errors import ArticleError, InputError

__all__ = ["EvaluationReport", "WrongSpeaker", "read_records", "run"]

SAME_SEGMENT = 0.8
"""Least intersection over union of two segments that count as one; the project's scorer fixes it."""
SAME_DESCRIPTION = 0.7
"""Least token F1 of two descriptions of one unnamed source; fixed likewise."""
LEVEL = 95  # per cent of the resamples that an interval holds

ROLES = ("content", "content_quoted", "content_indirect", "cue", "source")

Key = tuple[str, ...]  # where a figure stands in the report's nesting: ("cue", "exact", "f1")
Interval = tuple[float, float]


# --- definitions


def intersection_over_union(one: Span, other: Span) -> float:
    """Characters shared, as a part of those from the first start to the last end."""
    shared = min(one[1], other[1]) - max(one[0], other[0])
    return max(0, shared) / max(1, max(one[1], other[1]) - min(one[0], other[0]))


def coverage(span: Span, others: Iterable[Span]) -> float:
    """The share of a span that is not empty which the others cover, at most 1."""
    start, end = span
    shared = sum(max(0, min(end, b) - max(start, a)) for a, b in others)
    return min(1.0, shared / (end - start))


def token_f1(one: str, other: str) -> float:
    """Words shared, as the harmonic mean of the two shares; word order does not count."""
    ours, theirs = Counter(one.split()), Counter(other.split())
    return 2 * (ours & theirs).total() / max(1, ours.total() + theirs.total())


def agreement(gold: Party, predicted: Party | None, others: Sequence[Party]) -> tuple[bool, bool]:
    """Whether the predicted source is gold's, strictly and leniently.

    Strict: the labels are equal. Lenient: that, or any form is common to both (unless the prediction's label is a form
    of another source only), or the prediction's label has most words of one of an unnamed source's forms and is nearer
    to it than to any other source, or it ends in the person's last name, which no other person of the article has.

    Args:
        gold: The true source.
        predicted: The source to judge, or None.
        others: The article's other gold sources.
    """
    if predicted is None or not predicted.label:
        return False, False
    if predicted.label == gold.label:
        return True, True
    return False, (
        _shares_form(gold, predicted, others)
        or (gold.source.kind in ("anonymous", "group") and _describes(gold, predicted, others))
        or (gold.source.kind == "person" and _shares_last_name(gold, predicted, others))
    )


def _shares_form(gold: Party, predicted: Party, others: Sequence[Party]) -> bool:
    foreign = any(predicted.label in other.forms for other in others) and predicted.label not in gold.forms
    return not foreign and not gold.forms.isdisjoint(predicted.forms)


def _describes(gold: Party, predicted: Party, others: Sequence[Party]) -> bool:
    best = max((token_f1(predicted.label, form) for form in gold.forms), default=0.0)
    rival = max((token_f1(predicted.label, form) for other in others for form in other.forms), default=0.0)
    return best >= SAME_DESCRIPTION and best > rival


def _shares_last_name(gold: Party, predicted: Party, others: Sequence[Party]) -> bool:
    shared = any(other.source.kind == "person" and other.last_name == gold.last_name for other in others)
    return bool(predicted.source.name) and not shared and predicted.last_name == gold.last_name


# --- counting


@dataclass(frozen=True, slots=True)
class WrongSpeaker:
    """Gold speech whose speaker is wrong even leniently; `got` is None where none was named, `found` False where no
    predicted segment is there at all."""

    article: str
    span: Span
    text: str
    gold: str
    got: str | None
    found: bool

    def __str__(self) -> str:
        outcome = f"got {self.got!r}" if self.got else "no speaker" if self.found else "not found"
        return f"{self.article} [{self.span[0]}:{self.span[1]}] {self.text!r}: {outcome}, should be {self.gold!r}"


Counts = dict[str, float]  # whole numbers, but for the parts of spans in the soft scores


def _count(gold: Annotation, predicted: Annotation) -> tuple[Counts, list[WrongSpeaker]]:
    """All counts of one article, and its wrong speakers in order of gold."""
    counts: Counts = defaultdict(float)
    wrong = list(_count_speech(gold, predicted, counts))
    if gold.spans is not None and predicted.spans is not None:
        for role in ROLES:
            _count_spans(gold.text, gold.spans[role], predicted.spans[role], role, counts)
    return counts, wrong


def _pair(gold: Sequence[Segment], predicted: Sequence[Segment]) -> list[Segment | None]:
    """For each gold segment the best predicted one that none before it took; of equals the last."""
    free = list(predicted)
    pairs: list[Segment | None] = []
    for segment in gold:
        at, best = -1, SAME_SEGMENT
        for index, candidate in enumerate(free):
            if (overlap := intersection_over_union(segment.span, candidate.span)) >= best:
                at, best = index, overlap
        pairs.append(free.pop(at) if at >= 0 else None)
    return pairs


def _count_speech(gold: Annotation, predicted: Annotation, counts: Counts) -> Iterator[WrongSpeaker]:
    pairs = _pair(gold.segments, predicted.segments)
    counts["detect predicted"] += len(predicted.segments)
    counts["detect gold"] += len(gold.segments)
    counts["detect hits"] += len(pairs) - pairs.count(None)
    counts["speaker predicted"] += sum(segment.source is not None for segment in predicted.segments)
    for segment, found in zip(gold.segments, pairs, strict=True):
        party = gold.parties.get(segment.source or "")
        if party is None:  # the article does not tell: a speaker named here is neither right nor wrong
            counts["speaker predicted"] -= found is not None and found.source is not None
            continue
        answer = predicted.parties.get(found.source or "") if found else None
        if not _count_speaker(party, answer, [p for p in gold.parties.values() if p is not party], counts):
            words = gold.text[slice(*segment.span)]
            label = answer.label if answer else None
            yield WrongSpeaker(gold.id, segment.span, words, party.label, label, found is not None)


def _count_speaker(gold: Party, answer: Party | None, others: Sequence[Party], counts: Counts) -> bool:
    """Count one answer; whether it is right, leniently."""
    strict, lenient = agreement(gold, answer, others)
    kind = gold.source.kind
    for name, amount in (("gold", 1), ("strict", strict), ("lenient", lenient)):
        counts[f"speaker {name}"] += amount
        counts[f"speaker {name} {kind}"] += amount
    counts["kind"] += lenient and answer is not None and answer.source.kind == kind
    return lenient


def _count_spans(text: str, gold: Sequence[Span], predicted: Sequence[Span], role: str, counts: Counts) -> None:
    raw_gold, raw_predicted = set(gold), set(predicted)
    ours, theirs = ({s for s in (trim(text, *span) for span in spans) if s[0] < s[1]} for spans in (gold, predicted))
    for name, amount in (
        ("raw hits", len(raw_gold & raw_predicted)),
        ("raw predicted", len(raw_predicted)),
        ("raw gold", len(raw_gold)),
        ("hits", len(ours & theirs)),
        ("predicted", len(theirs)),
        ("gold", len(ours)),
        ("predicted covered", sum(coverage(span, ours) for span in sorted(theirs))),
        ("gold covered", sum(coverage(span, theirs) for span in sorted(ours))),
    ):
        counts[f"{role} {name}"] += amount


# --- figures

# Hits among the predicted, predicted, hits among gold, gold: names of counts for precision, recall and F1.
_SCORES: dict[Key, tuple[str, str, str, str]] = {
    ("detect",): ("detect hits", "detect predicted", "detect hits", "detect gold"),
    ("speaker_strict",): ("speaker strict", "speaker predicted", "speaker strict", "speaker gold"),
    ("speaker_lenient",): ("speaker lenient", "speaker predicted", "speaker lenient", "speaker gold"),
}
for _role in ROLES:
    _whole = (f"{_role} predicted", f"{_role} gold")
    _SCORES[_role, "raw"] = (f"{_role} raw hits", f"{_role} raw predicted", f"{_role} raw hits", f"{_role} raw gold")
    _SCORES[_role, "exact"] = (f"{_role} hits", _whole[0], f"{_role} hits", _whole[1])
    _SCORES[_role, "soft"] = (f"{_role} predicted covered", _whole[0], f"{_role} gold covered", _whole[1])

_ALWAYS: dict[Key, float] = {
    **{(name, part): 0 for name in ("detect", "speaker_strict", "speaker_lenient") for part in ("p", "r", "f1", "n")},
    ("kind_accuracy",): 0.0,
}  # these stand in every report; others only where gold has something to find


def _figures(counts: Mapping[str, float]) -> dict[Key, float]:
    """Every figure that the counts define; one without anything in gold is left out."""
    figures: dict[Key, float] = {}
    for path, names in _SCORES.items():
        right, predicted, found, gold = (counts.get(name, 0) for name in names)
        if gold:
            precision, recall = right / predicted if predicted else 0.0, found / gold
            figures[*path, "p"], figures[*path, "r"] = 100 * precision, 100 * recall
            both = precision + recall
            figures[*path, "f1"] = 200 * precision * recall / both if both else 0.0
            figures[*path, "n"] = int(gold)
    for how in ("strict", "lenient"):
        for kind in KINDS:
            if gold := counts.get(f"speaker gold {kind}", 0):
                path = (f"speaker_{how}_by_kind", kind)
                figures[*path, "accuracy"] = 100 * counts[f"speaker {how} {kind}"] / gold
                figures[*path, "n"] = int(gold)
    if right := counts.get("speaker lenient", 0):
        figures[("kind_accuracy",)] = 100 * counts["kind"] / right
    return figures


def _intervals(articles: Sequence[Counts], resamples: int, seed: int) -> dict[Key, Interval]:
    """Percentile intervals of every figure; none for one article, nor for what fewer than two resamples define."""
    if len(articles) < 2:
        return {}
    columns = {name: [counts.get(name, 0) for counts in articles] for name in sorted(set().union(*articles))}
    drawn = random.Random(seed)
    values: dict[Key, list[float]] = defaultdict(list)
    for _ in range(resamples):
        times = [0] * len(articles)
        for index in drawn.choices(range(len(articles)), k=len(articles)):
            times[index] += 1
        for path, value in _figures({name: sum(map(mul, times, column)) for name, column in columns.items()}).items():
            if path[-1] != "n":
                values[path].append(value)
    return {path: _percentiles(given) for path, given in values.items() if len(given) > 1}


def _percentiles(values: Sequence[float]) -> Interval:
    cuts = statistics.quantiles(values, n=200, method="inclusive")
    return cuts[100 - LEVEL - 1], cuts[100 + LEVEL - 1]


# --- the report

_TITLES = {
    "detect": "quoted speech found",
    "speaker_strict": "speaker strict",
    "speaker_lenient": "speaker lenient",
}


@dataclass(frozen=True)
class EvaluationReport:
    """All figures of one evaluation, in per cent.

    Attributes:
        articles: How many were scored.
        figures: By path in the nesting of `to_dict`, such as ("cue", "exact", "f1"); "n" is what gold holds of it.
        intervals: Low and high end of the 95 % interval for those that have one; without "n".
        wrong_speakers: In order of gold.
        resamples, seed: Of the bootstrap.
    """

    articles: int
    figures: Mapping[Key, float]
    intervals: Mapping[Key, Interval]
    wrong_speakers: tuple[WrongSpeaker, ...]
    resamples: int
    seed: int

    @property
    def f1(self) -> dict[str, float]:
        """F1 by name: `detect`, `speaker_lenient`, `content_quoted_soft` and so on."""
        return {"_".join(path[:-1]): value for path, value in self.figures.items() if path[-1] == "f1"}

    def to_dict(self) -> dict[str, Any]:
        """Nested as scores are usually kept; `intervals` repeats the nesting with [low, high] for each figure."""
        figures = _nest(self.figures)
        intervals = _nest({path: list(interval) for path, interval in self.intervals.items()})
        return {"articles": self.articles, **figures, "intervals": intervals}

    def wrong(self, n: int) -> list[WrongSpeaker]:
        """The first n wrong speakers; `str` of one is a line to read."""
        return list(self.wrong_speakers[:n])

    def lines(self) -> list[str]:
        """For the terminal: one figure a line, with the interval of its F1 or share."""
        about = f"{self.articles} article{'s' * (self.articles != 1)}"
        lines = [f"{about:<26}{'P':>7}{'R':>7}{'F1':>7}{'n':>8}{f'   {LEVEL} % interval' if self.intervals else ''}"]
        for path in _SCORES:
            if (*path, "f1") in self.figures:
                lines.append(self._score_line(path))
                lines += [self._share_line(f"{path[0]}_by_kind", kind) for kind in KINDS if self._has(path, kind)]
        accuracy, interval = self.figures[("kind_accuracy",)], self._interval(("kind_accuracy",))
        lines.append(f"{'kind of source right':<26}{'':>14}{accuracy:>7.1f}{'':>8}{interval}")
        if self.intervals:
            lines.append(f"intervals: {self.resamples} resamples of the articles, seed {self.seed}")
        return [line.rstrip() for line in lines]

    def _has(self, path: Key, kind: str) -> bool:
        return (f"{path[0]}_by_kind", kind, "n") in self.figures

    def _score_line(self, path: Key) -> str:
        title = _TITLES.get(path[0]) or " ".join(path).replace("_", " ")
        p, r, f1, n = (self.figures[*path, part] for part in ("p", "r", "f1", "n"))
        return f"{title:<26}{p:>7.1f}{r:>7.1f}{f1:>7.1f}{n:>8}{self._interval((*path, 'f1'))}"

    def _share_line(self, group: str, kind: str) -> str:
        share, n = self.figures[group, kind, "accuracy"], self.figures[group, kind, "n"]
        return f"{'  ' + kind:<26}{'':>7}{share:>7.1f}{'':>7}{n:>8}{self._interval((group, kind, 'accuracy'))}"

    def _interval(self, path: Key) -> str:
        interval = self.intervals.get(path)
        return f"{interval[0]:>8.1f}–{interval[1]:.1f}" if interval else ""


def _nest(flat: Mapping[Key, Any]) -> dict[str, Any]:
    nested: dict[str, Any] = {}
    for path, value in flat.items():
        inner = nested
        for key in path[:-1]:
            inner = inner.setdefault(key, {})
        inner[path[-1]] = value
    return nested


# --- the run


def run(
    gold_path: str | Path, predicted: Iterable[Mapping[str, Any]], *, bootstrap: int = 1000, seed: int = 0
) -> EvaluationReport:
    """Score article records against the annotated articles of a file; the two are joined on `id`.

    Args:
        gold_path: Annotated articles as `annotation_of` takes them, JSON Lines or JSON.
        predicted: Article records in any order; articles that gold does not hold are passed over.
        bootstrap: How many resamples the intervals rest on; 0 gives none.
        seed: Of the resamples; the same seed gives the same intervals.

    Raises:
        InputError: Gold cannot be read, or articles of it are not among the predicted.
        ArticleError: An article of either side is broken, stands twice, or their texts differ.
    """
    gold = _gold(gold_path)
    counted: dict[str, tuple[Counts, list[WrongSpeaker]]] = {}
    for number, record in enumerate(predicted, 1):
        id = id_of(record, f"predicted record {number}")
        if id not in gold:
            continue
        where = f"predicted record {number} ({id})"
        if id in counted:
            raise ArticleError(where, "a second record with this id; ids must differ")
        counted[id] = _count(gold[id], _prediction(record, gold[id], where))
    return _report([counted[id] for id in _complete(gold, counted)], bootstrap, seed)


def _gold(path: str | Path) -> dict[str, Annotation]:
    """The annotated articles by id, in the file's order."""
    gold: dict[str, Annotation] = {}
    for where, record in read_placed(path):
        annotation = annotation_of(record, where)
        if annotation.id in gold:
            raise ArticleError(where, f"a second article with the id {annotation.id!r}; ids must differ")
        for segment in annotation.segments:
            if segment.source is not None and segment.source not in annotation.parties:
                raise ArticleError(where, f"a quotation's source is {segment.source!r}, which is not among the sources")
        gold[annotation.id] = annotation
    return gold


def _complete(gold: Iterable[str], counted: Mapping[str, Any]) -> list[str]:
    """Gold's ids; an error where one was not counted."""
    ids = list(gold)
    if missing := [id for id in ids if id not in counted]:
        raise InputError(
            f"{len(missing)} of {len(ids)} gold articles have no predicted record, the first: {missing[0]}; "
            "records are joined on `id`"
        )
    return ids


def _prediction(record: Mapping[str, Any], gold: Annotation, where: str) -> Annotation:
    """The predicted side, an article record with gold's very text."""
    if "speakers" not in record:
        raise ArticleError(where, "not an article record (no `speakers`); give the output of --format jsonl")
    predicted = annotation_of_record(record, where)
    if predicted.text != gold.text:
        pairs = enumerate(zip(predicted.text, gold.text, strict=False))
        at = next((at for at, (one, other) in pairs if one != other), min(len(predicted.text), len(gold.text)))
        raise ArticleError(where, f"its text is not gold's (from character {at} on), so the offsets would not fit")
    return predicted


def _report(counted: Sequence[tuple[Counts, list[WrongSpeaker]]], bootstrap: int, seed: int) -> EvaluationReport:
    articles = [counts for counts, _ in counted]
    totals = {name: sum(counts.get(name, 0) for counts in articles) for name in sorted(set().union(*articles))}
    return EvaluationReport(
        articles=len(articles),
        figures={**_ALWAYS, **_figures(totals)},
        intervals=_intervals(articles, bootstrap, seed),
        wrong_speakers=tuple(mistake for _, wrong in counted for mistake in wrong),
        resamples=bootstrap,
        seed=seed,
    )
