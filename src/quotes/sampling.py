"""Which quotations to look at: so many by chance, of all or of each band of confidence (reservoir sampling, Vitter 1985)."""

import random
from collections.abc import Iterator

from quotes.corrections import COLUMNS as CORRECTION_COLUMNS
from quotes.corrections import template_rows
from quotes.records import ArticleResult

# The rows can be filled in as corrections; the last column tells how sure the speaker was.
COLUMNS = (*CORRECTION_COLUMNS, "confidence")
BANDS = 10


class Sample:
    """Takes articles, keeps `number` of their quotations; memory does not grow with the archive.

    Args:
        number: How many quotations.
        by_confidence: The same number of each tenth of confidence, as far as there are, so that doubtful ones come up often
            enough to tell how good they are.
        seed: The same seed and input give the same sample.
    """

    def __init__(self, number: int, *, by_confidence: bool = False, seed: int = 0) -> None:
        self._bands = BANDS if by_confidence else 1
        share, rest = divmod(number, self._bands)
        # what does not divide goes to the least sure bands
        self._room = [share + (band < rest) for band in range(self._bands)]
        self._seen = [0] * self._bands
        self._kept: list[list[tuple[int, list[str]]]] = [[] for _ in range(self._bands)]
        self._random = random.Random(seed)
        self.quotations = 0

    def add(self, result: ArticleResult) -> None:
        """Let the quotations of an article take their chance."""
        for quote, row in zip(result.quotes, template_rows(result), strict=True):
            self.quotations += 1
            band = min(int(quote.confidence * self._bands), self._bands - 1)
            self._seen[band] += 1
            kept, room = self._kept[band], self._room[band]
            told = (self.quotations, [*row, f"{quote.confidence:.3f}"])
            if len(kept) < room:
                kept.append(told)
            elif (at := self._random.randrange(self._seen[band])) < room:
                kept[at] = told

    def rows(self) -> Iterator[list[str]]:
        """The rows kept, in order of the input."""
        yield from (row for _, row in sorted(told for kept in self._kept for told in kept))
