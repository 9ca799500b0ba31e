"""Which spans in quotation marks are speech, and which a title, a nickname, a scare quote, a slogan: a trained judge.

It sees the encoder's vectors of the marks and what `speech_features` tells of the words within and around them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from quotes.encoder import Encoded, FloatArray
from quotes.inscriptions import beside, is_nobodys, is_voiced
from quotes.linking import Range
from quotes.records import MarkedSpan
from quotes.tagging import ROLE_TAGS
from quotes.words import Words

# A span in marks is speech from this probability on; chosen on training articles (docs/decisions.md).
SPEECH = 0.65
# What the words beside the marks rule out is at most so likely, what they call a crowd's at least so.
_NOBODYS, _VOICED = 0.2, 0.6


@dataclass(slots=True)
class Marked:
    """An outermost span in marks: words `first` to `last` (marks included) and the probability that it is speech."""

    span: MarkedSpan
    first: int
    last: int
    speech: float


def two_layers(weights: Mapping[str, FloatArray], head: str, x: FloatArray) -> FloatArray:
    """A small head: linear, ReLU, linear."""
    hidden = np.maximum(x @ weights[f"{head}.0.weight"].T + weights[f"{head}.0.bias"], 0)
    out: FloatArray = hidden @ weights[f"{head}.2.weight"].T + weights[f"{head}.2.bias"]
    return out


def end_vectors(vectors: FloatArray, ranges: Sequence[Range]) -> FloatArray:
    """The vectors of first and last word of each range side by side, shape (n, 2 * hidden)."""
    index = np.array(ranges, dtype=np.int64).reshape(-1, 2)
    return np.concatenate([vectors[index[:, 0]], vectors[index[:, 1]]], axis=1)


def judge(words: Words, marks: Sequence[MarkedSpan], encoded: Encoded, heads: Mapping[str, FloatArray]) -> list[Marked]:
    """The outermost spans in marks that hold a word, each with its probability of being speech."""
    found = []
    for mark in marks:
        # marks around nothing that can be said: "..." or a run of marks
        if mark.depth or not any(c.isalnum() for c in words.text[mark.content.start : mark.content.end]):
            continue
        first, last = words.between(mark.span.start, mark.span.end)
        if first < last:
            found.append(Marked(mark, first, last - 1, 0.0))
    if found:
        ranges = [(m.first, m.last) for m in found]
        x = np.concatenate([end_vectors(encoded.vectors, ranges), speech_features(words, ranges, encoded.roles)], axis=1)
        logits = two_layers(heads, "speech", x)[:, 0]
        for m, logit in zip(found, logits, strict=True):
            m.speech = _overruled(words.text, m, float(1 / (1 + np.exp(-logit))))
    return found


def _overruled(text: str, marked: Marked, speech: float) -> float:
    """The judge's probability, unless the words right beside the marks tell more surely."""
    before, after = beside(text, marked.span.span.start, marked.span.span.end)
    if is_nobodys(before, after, marked.last - marked.first - 1):
        return min(speech, _NOBODYS)
    return max(speech, _VOICED) if is_voiced(before) else speech


_CONTENT = [ROLE_TAGS.index("B-content"), ROLE_TAGS.index("I-content")]
_CUE = [ROLE_TAGS.index("B-cue"), ROLE_TAGS.index("I-cue")]
_SOURCE = [ROLE_TAGS.index("B-source"), ROLE_TAGS.index("I-source")]
# Words within which a cue or a source beside the marks is looked for.
_NEAR = 6
_SMALL = frozenset("a an the of in on at for to and or with from by as is".split())
# Words before marks around a name, a word as a word, a title.
_NAMED_WORDS = "called dubbed named titled entitled nicknamed labeled labelled so-called word term phrase known book film song"
_NAMED = frozenset(_NAMED_WORDS.split())


def speech_features(words: Words, ranges: Sequence[Range], role_scores: FloatArray) -> FloatArray:
    """What words and tags tell about each span in marks, shape (spans, N_SPEECH_FEATURES).

    Args:
        words: The article's words.
        ranges: First and last word of each span, the marks themselves.
        role_scores: The tagger's scores, shape (words, tags).
    """
    out = np.zeros((len(ranges), N_SPEECH_FEATURES), dtype=np.float32)
    if not ranges:
        return out
    e = np.exp(role_scores - role_scores.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    content, cue, source = (p[:, tags].sum(axis=1) for tags in (_CONTENT, _CUE, _SOURCE))
    n = len(words)
    number = words.paragraphs
    longest = max(b - a for a, b in ranges)
    for row, (a, b) in enumerate(ranges):
        # a mark left open ends with a word
        end = b if words.forms[b] in ("”", "’") else b + 1
        inner = slice(a + 1, max(end, a + 2))
        forms = words.forms[inner]
        size = len(forms)
        left = range(max(0, a - _NEAR), a)
        right = range(b + 1, min(n, b + 1 + _NEAR))
        beside = [i for i in (*left, *right) if number[i] == number[a]]
        solid = [f for f in forms if f[0].isalnum() and f.lower() not in _SMALL]
        before = words.forms[a - 1].lower() if a and number[a - 1] == number[a] else ""
        after = words.forms[b + 1].lower() if b + 1 < n and number[b + 1] == number[a] else ""
        out[row] = (
            np.log(size) / 3,
            size == 1,
            size == 2,
            size == 3,
            4 <= size <= 5,
            size >= 12,
            forms[0][:1].isupper(),
            sum(f[:1].isupper() for f in solid) / max(1, len(solid)),
            bool(solid) and all(f[:1].isupper() for f in solid) and len(solid) > 1,
            forms[-1] in (".", "!", "?", ",", "...", "…"),
            forms[-1] == ",",
            forms[-1] in ("!", "?"),
            before in (",", ":"),
            before == "",
            before in _NAMED,
            after == "",
            after in (".", ",", ";"),
            after[:1].isalpha(),
            content[inner].mean(),
            content[inner].max(),
            content[a - 1] if before else 0,
            content[b + 1] if after else 0,
            max((cue[i] for i in beside), default=0),
            max((source[i] for i in beside), default=0),
            cue[inner].max(),
            number[a] == 0,
            (b - a) / (longest + 1),
        )
    return out


N_SPEECH_FEATURES = 27
