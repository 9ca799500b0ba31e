"""Link contents to cues and cues to source mentions, paragraph by paragraph.

The nearest cue takes a content, the nearest source takes a cue; a sentence's end or another cue between them counts as many
words. With gold spans that gives the right source for 95.3 % of contents in marks, 97.9 % where it stands in the same
paragraph (PolNeAR, training part; benchmarks/linking.py).
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from quotes.words import IntArray, Words

# In words of distance; chosen on PolNeAR's training part (benchmarks/linking.py runs it again).
SENTENCE_COST = 12
CUE_COST = 6
CONTENT_COST = 4
# “A,” Ama Owusu said. “B.” Lim Dong said that ...: behind a full stop within marks begins another report.
STOP_COST = 10
# Farther than this a cue does not belong to a content, nor a source to a cue.
FARTHEST = 40

_END = frozenset((".", "!", "?", "…", "..."))


@dataclass(frozen=True, slots=True)
class Link:
    """One content with its cue and source: indices into the lists that `link` was given, None where there is none."""

    content: int
    cue: int | None
    source: int | None


Range = tuple[int, int]


def sentence_numbers(words: Words) -> IntArray:
    """Number of each word's sentence; closing marks belong to the sentence that they close. A paragraph ends one."""
    n = len(words)
    numbers = np.zeros(n, dtype=np.int64)
    current, ended = 0, False
    for i, form in enumerate(words.forms):
        if i and words.paragraphs[i] != words.paragraphs[i - 1]:
            current, ended = current + 1, False
        elif ended and form not in ("”", "’", ")", "]") and form not in _END:
            # "... Inc. said": a small letter goes on with the sentence
            current, ended = current + (not form[:1].islower()), False
        numbers[i] = current
        if form in _END:
            ended = True
    return numbers


def link(words: Words, contents: Sequence[Range], cues: Sequence[Range], sources: Sequence[Range]) -> list[Link]:
    """Find the cue and the source of each content.

    Args:
        words: The article's words.
        contents, cues, sources: (first word, last word), both included, in order.

    Returns:
        One link for each content, in order.
    """
    sentences = sentence_numbers(words)
    paragraph = words.paragraphs
    by_paragraph: dict[int, tuple[list[int], list[int]]] = {}
    for k, (first, _) in enumerate(cues):
        by_paragraph.setdefault(int(paragraph[first]), ([], []))[0].append(k)
    for k, (first, _) in enumerate(sources):
        by_paragraph.setdefault(int(paragraph[first]), ([], []))[1].append(k)
    content_sentences, cue_sentences = ([int(sentences[first]) for first, _ in spans] for spans in (contents, cues))
    links = []
    cue_source: dict[int, int | None] = {}
    for number, content in enumerate(contents):
        near_cues, near_sources = by_paragraph.get(int(paragraph[content[0]]), ([], []))
        others = _obstacles(contents, content_sentences, sentences, CONTENT_COST, content)
        if _is_ended(words, content):
            others.append((content[1] + 1, STOP_COST))
        cue = _nearest(content, cues, near_cues, sentences, others)
        if cue is not None and cue not in cue_source:
            cost = _obstacles(cues, cue_sentences, sentences, CUE_COST, cues[cue])
            cue_source[cue] = _nearest(cues[cue], sources, near_sources, sentences, cost)
        if cue is not None:
            source = cue_source[cue]
        else:
            source = _nearest(content, sources, near_sources, sentences, [])
            # without a cue only a label before ("Okonjo: ...") or a dash after names the source
            if source is not None and _gap(content, sources[source])[1] > 3:
                source = None
        links.append(Link(number, cue, source))
    return links


def _is_ended(words: Words, content: Range) -> bool:
    """Whether a full stop within marks ends a content: who is named behind it, says something else."""
    first, last = content
    return last - first > 1 and words.forms[last] == "”" and words.forms[last - 1] == "."


def _gap(a: Range, b: Range) -> tuple[int, int]:
    """(word at the end of the earlier, words between): the gap between two ranges; 0 words where they overlap."""
    if b[0] > a[1]:
        return a[1], b[0] - a[1] - 1
    if a[0] > b[1]:
        return b[1], a[0] - b[1] - 1
    return a[0], 0


def _obstacles(
    ranges: Sequence[Range], numbers: Sequence[int], sentences: IntArray, cost: int, own: Range
) -> list[tuple[int, int]]:
    """Places (first words of other ranges of about the same sentence) that cost when they lie between.

    `numbers` are the sentences in which the ranges begin.
    """
    # in a text without sentences these may be all: what stands too far off is never between
    begin = max(bisect_left(numbers, sentences[own[0]] - 1), bisect_left(ranges, (own[0] - FARTHEST, 0)))
    end = min(bisect_right(numbers, sentences[own[1]] + 1), bisect_left(ranges, (own[1] + FARTHEST, 0)))
    return [(first, cost) for first, last in ranges[begin:end] if (first, last) != own]


def _nearest(
    anchor: Range, ranges: Sequence[Range], among: Sequence[int], sentences: IntArray, obstacles: Sequence[tuple[int, int]]
) -> int | None:
    best, best_cost = None, float(FARTHEST)
    # ranges are in order and apart from each other: those before this one end farther off than any cost
    first = max(0, bisect_left(among, anchor[0] - FARTHEST, key=lambda k: ranges[k][0]) - 1)
    for k in among[first:]:
        if ranges[k][0] - anchor[1] > FARTHEST:
            break
        start, between = _gap(anchor, ranges[k])
        if between >= best_cost:
            continue
        end = start + between + 1
        cost = between + SENTENCE_COST * abs(int(sentences[min(end, len(sentences) - 1)] - sentences[start]))
        cost += sum(c for place, c in obstacles if start < place <= end)
        if cost < best_cost:
            best, best_cost = k, cost
    return best
