"""Quotations that say nearly the same, across articles: what an agency sent out stands in many papers, cut here and there.

Candidates share some run of three words (of all runs a quarter is kept, always the same ones: Broder 1997, sampling modulo m);
rapidfuzz decides. Each different quotation takes about 1.6 kilobytes of memory.
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from zlib import crc32

from rapidfuzz import fuzz

from quotes.records import ArticleResult

# Shorter ones are said by many without being copied: "No comment", "I don't know".
FEWEST_WORDS = 5
# Per cent of characters that are the same: another tense, a word put in or left out.
SAME = 85
# A part of a longer one, of at least so many words, is nearly that; per cent within it.
PART_WORDS, SAME_PART = 8, 95
_RUN, _KEPT = 3, 4
# A run that so many different quotations have ("one of the") tells nothing, and would let time grow with their square.
_COMMON = 50
_WORD = re.compile(r"\w+")


class Wordings:
    """Gives quotations their keys, in order; `found` counts those that say again what an earlier one said."""

    def __init__(self) -> None:
        self._keys: set[str] = set()
        self._firsts: list[tuple[str, str]] = []
        self._having: dict[int, list[int]] = {}
        self.found = 0

    def mark(self, result: ArticleResult) -> ArticleResult:
        """The result with the key of each quotation: the first of its group, as article#quote; None for short ones."""
        return replace(
            result, quotes=tuple(replace(q, key=self._key(f"{result.article.id}#{q.id}", q.text)) for q in result.quotes)
        )

    def learn(self, known: Iterable[tuple[str | None, str]]) -> None:
        """Take up keys and texts of an earlier part of the run, in their order."""
        for key, text in known:
            if key is not None and key not in self._keys:
                self._add(key, *_normal(text))

    def _key(self, own: str, text: str) -> str | None:
        normal, runs = _normal(text)
        if not runs:
            return None
        having = (self._having.get(run, ()) for run in runs)
        places = sorted({place for found in having if len(found) < _COMMON for place in found})
        same = next((place for place in places if _is_same(normal, self._firsts[place][1])), None)
        if same is None:
            self._add(own, normal, runs)
            return own
        self.found += 1
        return self._firsts[same][0]

    def _add(self, key: str, normal: str, runs: Iterable[int]) -> None:
        self._keys.add(key)
        for run in runs:
            found = self._having.setdefault(run, [])
            if len(found) < _COMMON:
                found.append(len(self._firsts))
        self._firsts.append((key, normal))


def _normal(text: str) -> tuple[str, set[int]]:
    """Words in small letters, and the runs kept of them; none where there are too few words."""
    words = _WORD.findall(text.casefold())
    if len(words) < FEWEST_WORDS:
        return "", set()
    runs = {crc32(" ".join(words[i : i + _RUN]).encode("utf-8", "surrogatepass")) for i in range(len(words) - _RUN + 1)}
    return " ".join(words), {min(runs), *(run for run in runs if run % _KEPT == 0)}


def _is_same(one: str, other: str) -> bool:
    if fuzz.ratio(one, other, score_cutoff=SAME):
        return True
    short = min(one, other, key=len)
    return short.count(" ") + 1 >= PART_WORDS and bool(fuzz.partial_ratio(one, other, score_cutoff=SAME_PART))
