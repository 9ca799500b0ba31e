"""Words of an article as the model sees them: offsets, canonical forms, shapes, quotation depth.

spaCy's tokens are the start; a token that holds a quotation mark of the scanner is split at the mark, and the characters of
one mark (``, '') are one word. Every mark is shown to the model in one canonical form, whatever its style, so that a model
trained on one newsroom's marks reads another's.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from quotes.records import CharSpan, MarkedSpan

IntArray = npt.NDArray[np.int64]

OPENING, CLOSING = ("“", "‘"), ("”", "’")
SHAPES = ("other", "lower", "title", "upper", "digit", "punct")
MAX_DEPTH = 2
N_FEATURES = len(SHAPES) * (MAX_DEPTH + 1)

_FOLD = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "\u00a0": " ", "–": "-", "—": "-", "\u00ad": None})


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one article, in order.

    Attributes:
        text: The article's text.
        starts, ends: Character offsets, shape (n,).
        forms: What the model reads, one string a word.
        features: Shape and quotation depth as one number below `N_FEATURES`, shape (n,).
        paragraphs: Number of each word's paragraph from 0, shape (n,).
        depth: How many quotation marks are open at the word, shape (n,); a mark counts as inside its own quotation.
    """

    text: str
    starts: IntArray
    ends: IntArray
    forms: list[str]
    features: IntArray
    paragraphs: IntArray
    depth: IntArray

    def __len__(self) -> int:
        return len(self.forms)

    def between(self, start: int, end: int) -> tuple[int, int]:
        """First word and one past the last word that overlap the characters [start, end); equal where none does."""
        first = int(np.searchsorted(self.ends, start, side="right"))
        last = int(np.searchsorted(self.starts, end, side="left"))
        return first, max(first, last)

    def span(self, first: int, last: int) -> CharSpan:
        """Characters from word `first` to word `last`, both included."""
        return CharSpan(int(self.starts[first]), int(self.ends[last]))

    def slice(self, first: int, last: int) -> str:
        """The text of words `first` to `last`, both included."""
        return self.text[int(self.starts[first]) : int(self.ends[last])]


def build_words(
    text: str,
    tokens: Iterable[tuple[int, int]],
    marks: Sequence[MarkedSpan],
    paragraphs: Sequence[CharSpan],
) -> Words:
    """Make the model's words from token offsets (white space left out), the scanner's spans and the paragraphs."""
    forms_at = _mark_forms(marks)
    starts: list[int] = []
    ends: list[int] = []
    for start, end in _split_at_marks(tokens, forms_at):
        starts.append(start)
        ends.append(end)
    n = len(starts)
    start_array, end_array = np.array(starts, dtype=np.int64), np.array(ends, dtype=np.int64)
    opened = np.zeros(len(text) + 1, dtype=np.int64)
    for mark in marks:
        opened[mark.span.start] += 1
        opened[mark.span.end] -= 1
    depth = np.cumsum(opened)[start_array] if n else start_array
    forms: list[str] = []
    shapes = np.zeros(n, dtype=np.int64)
    for i, (start, end) in enumerate(zip(starts, ends, strict=True)):
        form = forms_at.get((start, end))
        if form is None:
            form = text[start:end]
            if not form.isascii():
                form = form.translate(_FOLD)
            shapes[i] = shape_of(form)
        else:
            shapes[i] = 5
        forms.append(form)
    bounds = np.array([p.start for p in paragraphs], dtype=np.int64)
    number = np.maximum(np.searchsorted(bounds, start_array, side="right") - 1, 0)
    features = shapes + len(SHAPES) * np.minimum(depth, MAX_DEPTH)
    return Words(text, start_array, end_array, forms, features, number, depth)


@lru_cache(1 << 16)
def shape_of(form: str) -> int:
    """Index into `SHAPES`."""
    if form.islower():
        return 1
    if not form[:1].isalnum():
        return 5 if not any(c.isalnum() for c in form) else 0
    if form[:1].isdigit():
        return 4
    if form.isupper():
        return 3 if len(form) > 1 else 2
    return 2 if form[:1].isupper() else 0


def _mark_forms(marks: Sequence[MarkedSpan]) -> dict[tuple[int, int], str]:
    """The canonical form of each mark, by its own character range."""
    forms: dict[tuple[int, int], str] = {}
    for mark in marks:
        nested = mark.depth % 2
        if mark.content.start > mark.span.start:
            forms[mark.span.start, mark.content.start] = OPENING[nested]
        if mark.span.end > mark.content.end:
            forms[mark.content.end, mark.span.end] = CLOSING[nested]
    return forms


def _split_at_marks(
    tokens: Iterable[tuple[int, int]], forms_at: dict[tuple[int, int], str]
) -> Iterable[tuple[int, int]]:
    """Tokens, cut where a mark begins or ends; the characters of one mark come out once."""
    ranges = sorted(forms_at)
    k = 0
    emitted = -1
    for start, end in tokens:
        start = max(start, emitted)
        while start < end:
            while k < len(ranges) and ranges[k][1] <= start:
                k += 1
            if k == len(ranges) or ranges[k][0] >= end:
                yield start, end
                start = end
            elif ranges[k][0] > start:
                yield start, ranges[k][0]
                start = ranges[k][0]
            else:
                # a mark may reach over a token's end ('' as two tokens): take it whole
                yield ranges[k]
                start = emitted = ranges[k][1]
