"""Whom a mention cannot mean, and who cannot say words, whatever the scorer holds likely: costs for its candidates.

Rules of English that a pair of mentions does not show: a pronoun's clause-mates are others, nobody is named in their own
words, a question is answered by somebody else, two people in talk take turns.
"""

from bisect import bisect_left
from collections.abc import Container, Sequence

import numpy as np

from quotes.attribution import Analysis, Draft
from quotes.lexicon import titles
from quotes.linking import Range, sentence_numbers
from quotes.pairs import PRONOUNS, PairMention

# What it costs a name that it stands in a later sentence than the pronoun: "... he said. ¶ Lim Dong, a teacher, ..." - and
# what where the text has named its bearer before, too.
LATER, AGAIN = 3.0, 1.0
# ... that it stands in the words whose speaker is looked for, and those whom it names; more where it addresses them.
NAMED, ADDRESSED = 1.0, 3.0
# ... that it stands behind the pronoun in its sentence: "she told Amina Diallo" - she is not Amina Diallo.
CLAUSE_MATE = 4.0
# So many words behind a pronoun may be its clause, up to a word that begins another one.
_CLAUSE = 10
_CLAUSE_STARTS = frozenset(
    "as when while after before because since until although though if but and or that who which".split()
)
_GLUE = ("-", "'s", "'", "’s", "’")
_PERSONAL = ("he", "she")
_THIRD = ("he", "she", "they", "it")


class Antecedents:
    """What one article's words tell about its candidates."""

    def __init__(self, analysis: Analysis) -> None:
        self._analysis, self._words = analysis, analysis.words
        self._sentences = sentence_numbers(analysis.words)
        self._starts = [first for _, first, _ in analysis.names]
        self._quoted: dict[Range, list[Range]] = {}
        for draft in analysis.drafts:
            if draft.source is not None:
                self._quoted.setdefault(draft.source, []).extend(quoted_ranges(analysis, draft))

    def is_later(self, anaphor: PairMention, candidate: PairMention) -> bool:
        """Whether a candidate stands in a later sentence than "he" or "she"."""
        if candidate.first < anaphor.first or not self._is_pronoun(anaphor, _PERSONAL):
            return False
        return bool(self._sentences[candidate.first] > self._sentences[anaphor.last])

    def others(self, anaphor: PairMention) -> dict[int, float]:
        """Names (by number) whose bearers a mention can hardly mean, each with what it costs them."""
        costs: dict[int, float] = {}
        for first, last in self._quoted.get((anaphor.first, anaphor.last), ()):
            self._add_named(costs, first, last)
        if self._is_pronoun(anaphor, _THIRD):
            for i in self._behind(anaphor.last):
                costs[i] = max(costs.get(i, 0.0), CLAUSE_MATE)
        return costs

    def sentence_before(self, anaphor: PairMention) -> int | None:
        """The first word of the last sentence outside marks before a mention's own, in its paragraph or the one before."""
        words, numbers = self._words, self._sentences
        i = anaphor.first
        while i > 0 and (words.depth[i - 1] or numbers[i - 1] == numbers[anaphor.first]):
            i -= 1
        if i == 0 or words.paragraphs[anaphor.first] - words.paragraphs[i - 1] > 1:
            return None
        number = numbers[i - 1]
        return int(np.searchsorted(numbers, number))

    def sentence_ending_at(self, i: int) -> int | None:
        """The first word of the sentence outside marks that holds a word; None within marks."""
        if i < 0 or self._words.depth[i]:
            return None
        return int(np.searchsorted(self._sentences, self._sentences[i]))

    def _is_pronoun(self, mention: PairMention, classes: Container[str]) -> bool:
        return mention.kind == "pronoun" and PRONOUNS.get(self._words.forms[mention.first].lower()) in classes

    def named(self, ranges: Sequence[Range]) -> dict[int, float]:
        """Names (by number) in some words, each with what it costs their bearers as speakers of these words."""
        costs: dict[int, float] = {}
        for first, last in ranges:
            self._add_named(costs, first, last)
        return costs

    def addressed(self, ranges: Sequence[Range]) -> list[int]:
        """Names (by number) by which somebody is addressed in some words."""
        return [
            i
            for first, last in ranges
            for i in self._names_between(first, last)
            if self._words.depth[self._analysis.names[i][1]] == 1 and self._is_addressed(i, first, last)
        ]

    def _add_named(self, costs: dict[int, float], first: int, last: int) -> None:
        for i in self._names_between(first, last):
            if self._words.depth[self._analysis.names[i][1]] > 1:
                continue  # words that the speaker quotes may well call the speaker by name
            cost = ADDRESSED if self._is_addressed(i, first, last) else NAMED
            costs[i] = max(costs.get(i, 0.0), cost)

    def _names_between(self, first: int, last: int) -> range:
        return range(bisect_left(self._starts, first), bisect_left(self._starts, last + 1))

    def _is_addressed(self, i: int, first: int, last: int) -> bool:
        """Whether a name in marks calls somebody: “Thank you, Mr. Dong,” · “Ama, sit down.”"""
        forms = self._words.forms
        _, a, b = self._analysis.names[i]
        while a - 1 > first and forms[a - 1].lower().strip(".") in titles():
            a -= 1
        before = "," if a - 1 <= first else forms[a - 1]
        after = "," if b + 1 >= last else forms[b + 1]
        inner = a - 1 <= first and b + 1 >= last
        return (
            not inner
            and before in (",", ".", "?", "!")
            and after in (",", ".", "?", "!", "”", "’")
            and (before == "," or after == ",")
        )

    def _behind(self, last: int) -> list[int]:
        """Names of people behind a word in its clause, outside marks."""
        words, end = self._words, last + 1
        while (
            end < len(words)
            and end - last <= _CLAUSE
            and self._sentences[end] == self._sentences[last]
            and (words.forms[end][0].isalnum() or words.forms[end] in _GLUE)
            and words.forms[end].lower() not in _CLAUSE_STARTS
        ):
            end += 1
        return [i for i in self._names_between(last + 1, end - 1) if self._analysis.names[i][0] == "PER"]


def quoted_ranges(analysis: Analysis, draft: Draft) -> list[Range]:
    """The words in marks of a quotation, marks included."""
    return [(analysis.marked[m].first, analysis.marked[m].last) for m in draft.marked]
