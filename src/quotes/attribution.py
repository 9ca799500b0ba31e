"""From the tagger's scores and the marks to quotations with cue and mention, before anybody knows who the mention is.

Surest first: words in marks that are speech keep their marks' bounds; the tagger's contents give mixed and indirect speech;
cues and mentions are linked by `linking`; parts of one sentence split by its cue are one quotation.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from quotes.encoder import Encoded, FloatArray
from quotes.linking import Range, link, sentence_numbers
from quotes.records import MarkedSpan
from quotes.tagging import ENTITIES, ROLES, spans_of, viterbi
from quotes.words import Words

# A span in marks is speech from this probability on; chosen on training articles (docs/decisions.md).
SPEECH = 0.5


@dataclass(slots=True)
class Marked:
    """An outermost span in marks: words `first` to `last` (marks included) and the probability that it is speech."""

    span: MarkedSpan
    first: int
    last: int
    speech: float


@dataclass(slots=True)
class Draft:
    """A quotation before its speaker is known; word ranges include both ends.

    `marked`: indices of the speech spans in it. `continues`: index of the draft that it goes on with, as marks or sentence
    show.
    """

    ranges: list[Range]
    marked: list[int] = field(default_factory=list)
    cue: Range | None = None
    source: Range | None = None
    continues: int | None = None


@dataclass(slots=True)
class Analysis:
    """What the tagger says of one article."""

    words: Words
    encoded: Encoded
    marked: list[Marked]
    drafts: list[Draft]
    names: list[tuple[str, int, int]]


def two_layers(weights: Mapping[str, FloatArray], head: str, x: FloatArray) -> FloatArray:
    """A small head: linear, ReLU, linear."""
    hidden = np.maximum(x @ weights[f"{head}.0.weight"].T + weights[f"{head}.0.bias"], 0)
    out: FloatArray = hidden @ weights[f"{head}.2.weight"].T + weights[f"{head}.2.bias"]
    return out


def end_vectors(vectors: FloatArray, ranges: Sequence[Range]) -> FloatArray:
    """The vectors of first and last word of each range side by side, shape (n, 2 * hidden)."""
    index = np.array(ranges, dtype=np.int64).reshape(-1, 2)
    return np.concatenate([vectors[index[:, 0]], vectors[index[:, 1]]], axis=1)


def analyze(
    words: Words, marks: Sequence[MarkedSpan], encoded: Encoded, heads: Mapping[str, FloatArray]
) -> Analysis:
    """Decode the tags, judge the marks, and join contents with cues and mentions."""
    breaks = np.diff(words.paragraphs, prepend=-1) != 0
    roles = spans_of(viterbi(_log_softmax(encoded.roles), breaks), ROLES)
    names = _whole_names(words, spans_of(viterbi(_log_softmax(encoded.entities), breaks), ENTITIES))
    marked = _judge(words, marks, encoded, heads)
    contents = _contents(words, [(a, b) for role, a, b in roles if role == "content"], marked)
    taken = np.zeros(len(words) + 1, dtype=bool)
    for first, last in contents:
        taken[first : last + 1] = True
    cues = [(a, b) for role, a, b in roles if role == "cue" and not taken[a : b + 1].any()]
    sources = [_trim(words, a, b) for role, a, b in roles if role == "source" and not taken[a : b + 1].any()]
    drafts = _join(words, contents, cues, sources, marked)
    return Analysis(words, encoded, marked, drafts, names)


def _log_softmax(scores: FloatArray) -> FloatArray:
    shifted = scores - scores.max(axis=-1, keepdims=True) if len(scores) else scores
    out: FloatArray = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return out


_PARTICLES = frozenset("de da do dos das del della di du van von der den ten ter bin binti ibn al el".split())


def _whole_names(words: Words, names: list[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
    """Names put together that the tagger cut: at particles (Teixeira | dos Anjos) and at a nickname in marks."""
    out: list[tuple[str, int, int]] = []
    for label, first, last in names:
        if out and first <= out[-1][2]:
            continue
        if label == "PER":
            if out and out[-1][0] == "PER" and _is_nickname(words, out[-1][2] + 1, first):
                out[-1] = (label, out[-1][1], last)
                continue
            i = last + 1
            same = words.paragraphs[last]
            while i < len(words) and words.forms[i] in _PARTICLES and words.paragraphs[i] == same:
                i += 1
            if last + 1 < i < len(words) and words.forms[i][:1].isupper() and words.paragraphs[i] == same:
                last = i
        out.append((label, first, last))
    return out


def _is_nickname(words: Words, first: int, end: int) -> bool:
    """Whether the words from `first` up to `end` are one or two words in marks: Maria “Lola” Reyes."""
    return (
        3 <= end - first <= 4
        and words.forms[first] in ("“", "‘", "(", "'", '"')
        and words.forms[end - 1] in ("”", "’", ")", "'", '"')
        and words.forms[first + 1][:1].isupper()
    )


def _trim(words: Words, first: int, last: int) -> Range:
    """A mention without marks and stray punctuation at its ends (its closing comma stays: an apposition's)."""
    while last > first and words.forms[last] in ("”", "’", ".", ";", ":"):
        last -= 1
    while first < last and words.forms[first] in (",", ".", ";", ":", "”", "’"):
        first += 1
    return first, last


def _judge(
    words: Words, marks: Sequence[MarkedSpan], encoded: Encoded, heads: Mapping[str, FloatArray]
) -> list[Marked]:
    found = []
    for mark in marks:
        # marks around nothing that can be said: "..." or a run of marks
        if mark.depth or not any(c.isalnum() for c in words.text[mark.content.start : mark.content.end]):
            continue
        first, last = words.between(mark.span.start, mark.span.end)
        if first < last:
            found.append(Marked(mark, first, last - 1, 0.0))
    if found:
        x = end_vectors(encoded.vectors, [(m.first, m.last) for m in found])
        logits = two_layers(heads, "speech", x)[:, 0]
        for m, logit in zip(found, logits, strict=True):
            m.speech = float(1 / (1 + np.exp(-logit)))
    return found


def _contents(words: Words, tagged: list[Range], marked: list[Marked]) -> list[Range]:
    """The tagger's contents, snapped to the marks that they touch; speech in marks that it missed is added."""
    done: list[Range] = []
    touching: list[Range] = []
    at = 0
    for m in marked:
        while at < len(tagged) and tagged[at][0] <= m.last:
            touching.append(tagged[at])
            at += 1
        done += [s for s in touching if s[1] < m.first]
        touching = [s for s in touching if s[1] >= m.first]
        if m.speech >= SPEECH:
            # the part of a content that only reaches into the marks is drawn out to the marks' ends
            first = min([m.first, *(s[0] for s in touching)])
            last = max([m.last, *(s[1] for s in touching)])
            touching = [(first, last)]
        else:
            # nobody's words: a content that is no more than the span in marks goes
            touching = [s for s in touching if s[0] < m.first or s[1] > m.last]
    return sorted({*done, *touching, *tagged[at:]})


def _join(
    words: Words, contents: list[Range], cues: list[Range], sources: list[Range], marked: list[Marked]
) -> list[Draft]:
    sentences = sentence_numbers(words)
    opened = [m.first for m in marked]
    drafts: list[Draft] = []
    for item in link(words, contents, cues, sources):
        content = contents[item.content]
        near = range(bisect_left(opened, content[0]), bisect_right(opened, content[1]))
        inside = [k for k in near if marked[k].speech >= SPEECH and marked[k].last <= content[1]]
        cue = cues[item.cue] if item.cue is not None else None
        source = sources[item.source] if item.source is not None else None
        if inside and cue and sentences[cue[0]] < sentences[content[0]]:
            # "A," he said, adding that x. "B.": the words in marks go on with those before, not with the nearest cue
            first = next((d for d in reversed(drafts) if d.marked), None)
            if first and first.cue and words.paragraphs[first.ranges[0][0]] == words.paragraphs[content[0]]:
                cue, source = first.cue, first.source
        before = drafts[-1] if drafts else None
        if before and cue and before.cue == cue and _one_sentence(words, before, content):
            before.ranges.append(content)
            before.marked += inside
            continue
        draft = Draft([content], inside, cue, source)
        if before:
            draft.continues = _goes_on(words, drafts, draft, marked)
        drafts.append(draft)
    return drafts


def _one_sentence(words: Words, before: Draft, content: Range) -> bool:
    """Whether the content goes on with the sentence that the cue split: "A," she said, "b." """
    last, first = before.ranges[-1][1], content[0]
    if words.paragraphs[last] != words.paragraphs[first]:
        return False
    between = words.forms[last + 1 : first]
    return not any(form in (".", "!", "?") for form in between)


def _goes_on(words: Words, drafts: list[Draft], draft: Draft, marked: list[Marked]) -> int | None:
    """The draft that this one goes on with: a re-opened mark, the same cue, or the next words in marks of its paragraph."""
    number = len(drafts) - 1
    before = drafts[number]
    if draft.marked and before.marked:
        ours, theirs = marked[draft.marked[0]].span, marked[before.marked[-1]].span
        if ours.continues is not None and not theirs.closed:
            return number
    same_paragraph = words.paragraphs[before.ranges[-1][1]] == words.paragraphs[draft.ranges[0][0]]
    if same_paragraph and draft.cue is not None and draft.cue == before.cue:
        return number
    if same_paragraph and draft.marked and draft.source is None and draft.cue is None:
        return number
    return None
