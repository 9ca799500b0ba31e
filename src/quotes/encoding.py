"""From words to the numbers that the encoder reads: word pieces in windows cut at paragraphs.

A window holds whole paragraphs, parted by [SEP], as far as they fit; a paragraph longer than a window is cut after a
sentence's end where there is one in its last third.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from quotes.words import IntArray, Words

# At run time windows of 128 to 256 pieces are fastest and lose nothing against 512 (docs/decisions.md).
WINDOW = 224
# A word of more pieces is a URL or junk: its first pieces say all that matters.
MAX_PIECES = 6
_CACHE_LIMIT = 200_000
_SENTENCE_END = frozenset(".!?”")


class Pieces:
    """Word-piece ids of words, from a `tokenizer.json`; remembers the words it has seen."""

    def __init__(self, path: Path) -> None:
        self._tokenizer = Tokenizer.from_file(str(path))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self._cache: dict[str, tuple[int, ...]] = {}

    @cached_property
    def specials(self) -> tuple[int, int, int]:
        """Ids of [CLS], [SEP] and [UNK]."""
        cls, sep, unknown = (self._tokenizer.token_to_id(t) or 0 for t in ("[CLS]", "[SEP]", "[UNK]"))
        return cls, sep, unknown

    def __call__(self, forms: Sequence[str]) -> list[tuple[int, ...]]:
        """One tuple of at least one id for each form."""
        cache = self._cache
        new = sorted({form for form in forms if form not in cache})
        if new:
            if len(cache) > _CACHE_LIMIT:
                cache.clear()
                new = sorted(set(forms))
            unknown = (self.specials[2],)
            # lone surrogates cannot be handed to the tokenizer; such a word is unknown
            clean = [re.sub("[\ud800-\udfff]", "\ufffd", form[:200]) for form in new]
            for form, encoded in zip(new, self._tokenizer.encode_batch(clean, add_special_tokens=False), strict=True):
                cache[form] = tuple(encoded.ids[:MAX_PIECES]) or unknown
        return [cache[form] for form in forms]


@dataclass(frozen=True, slots=True)
class Window:
    """One window: words [first, last) and the piece arrays, each of shape (pieces,).

    `heads[i]` is the place of word `first + i`'s first piece.
    """

    first: int
    last: int
    ids: IntArray
    features: IntArray
    heads: IntArray


def make_windows(words: Words, pieces: Pieces, *, size: int = WINDOW, first_size: int | None = None) -> list[Window]:
    """Cut an article into windows of at most `size` pieces ([CLS] and [SEP] included), in order.

    `first_size` makes the first window shorter: training draws it anew each epoch so that cuts fall elsewhere.
    """
    if not len(words):
        return []
    ids = pieces(words.forms)
    counts = np.array([len(i) for i in ids], dtype=np.int64)
    windows, first, limit = [], 0, (first_size or size)
    while first < len(words):
        last = _cut(words, counts, first, limit - 2)
        windows.append(_window(words, ids, counts, first, last, pieces.specials))
        first, limit = last, size
    return windows


def _cut(words: Words, counts: IntArray, first: int, room: int) -> int:
    """One past the last word of the window that begins at word `first`."""
    # each paragraph costs one more piece, its [SEP]
    stop = min(len(words), first + room)
    paragraphs = words.paragraphs[first:stop]
    used = np.cumsum(counts[first:stop] + np.diff(paragraphs, prepend=paragraphs[0]).clip(0, 1))
    fits = first + int(np.searchsorted(used, room, side="right"))
    fits = max(fits, first + 1)
    if fits >= len(words):
        return len(words)
    number = words.paragraphs[fits]
    if words.paragraphs[fits - 1] != number:
        return fits
    start = int(np.searchsorted(words.paragraphs, number))
    if start > first:
        return start
    for last in range(fits, first + (fits - first) * 2 // 3, -1):
        if words.forms[last - 1] in _SENTENCE_END and words.depth[last - 1] == 0:
            return last
    return fits


def _window(
    words: Words, ids: Sequence[tuple[int, ...]], counts: IntArray, first: int, last: int, specials: Sequence[int]
) -> Window:
    cls, sep, _ = specials
    sizes, paragraphs = counts[first:last], words.paragraphs[first:last]
    # a word's first piece comes after [CLS], the pieces before it and one [SEP] for each paragraph begun
    begins = np.diff(paragraphs, prepend=paragraphs[0]) != 0
    heads = 1 + np.cumsum(sizes + begins) - sizes
    pieces = np.fromiter(chain.from_iterable(ids[first:last]), dtype=np.int64)
    places = np.repeat(heads - np.cumsum(sizes) + sizes, sizes) + np.arange(len(pieces))
    out = np.full(places[-1] + 2, sep, dtype=np.int64)
    features = np.zeros_like(out)
    out[0], out[places] = cls, pieces
    features[places] = np.repeat(words.features[first:last], sizes)
    return Window(first, last, out, features, heads)
