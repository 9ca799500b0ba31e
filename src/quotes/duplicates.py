"""Wire copy counts once: articles that say nearly the same are given a group (extra `duplicates`).

Near-duplicates by MinHash over runs of words, found with locality-sensitive hashing (Broder 1997; Leskovec et al., "Mining of
Massive Datasets", chapter 3). Of each group the first article takes about five kilobytes of memory; the others take nothing.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from quotes.errors import ArticleError, MissingExtraError
from quotes.records import DUPLICATE_OF, Article

Item = Article | ArticleError

# Two articles are one where at least this share of their runs of words is the same: a copy with another lede, other cuts of a
# fifth, a line on the agency.
SAME = 0.6
_RUN = 4
_PERMUTATIONS, _BANDS, _SEED = 128, 32, 7
_WORD = re.compile(r"\w+")


class Duplicates:
    """Gives articles their groups, in order; `found` counts those that repeat an earlier one.

    Args:
        collapse: Leave out all but the first of each group.

    Raises:
        MissingExtraError: rensa is not installed.
    """

    def __init__(self, *, collapse: bool = False) -> None:
        try:
            from rensa import RMinHash, RMinHashLSH
        except ImportError as error:
            raise MissingExtraError("rensa", "duplicates", "finding near-duplicates") from error
        self._new = RMinHash
        self._index = RMinHashLSH(threshold=SAME, num_perm=_PERMUTATIONS, num_bands=_BANDS)
        self._firsts: list[tuple[str, RMinHash]] = []
        self._collapse = collapse
        self.found = 0

    def mark(self, items: Iterable[Item]) -> Iterator[Item]:
        """The items; each article has the field `duplicate_of`: the id of the earlier one that it repeats, else None."""
        for item in items:
            if isinstance(item, ArticleError):
                yield item
                continue
            first = self._first(item)
            self.found += first is not None
            if first is None or not self._collapse:
                yield replace(item, fields={**item.fields, DUPLICATE_OF: first})

    def _first(self, article: Article) -> str | None:
        """The id of the first article of the group; None where that is the article itself."""
        words = _WORD.findall(article.text.casefold())
        runs = [" ".join(words[i : i + _RUN]) for i in range(len(words) - _RUN + 1)]
        if not runs:
            return None  # too short to tell
        hashed = self._new(num_perm=_PERMUTATIONS, seed=_SEED)
        hashed.update(runs)
        # of several groups the earliest, so that the outcome does not hang on the index's order
        for place in sorted(self._index.query(hashed)):
            name: str
            name, other = self._firsts[place]
            if hashed.jaccard(other) >= SAME:
                return name
        self._index.insert(len(self._firsts), hashed)
        self._firsts.append((article.id, hashed))
        return None
