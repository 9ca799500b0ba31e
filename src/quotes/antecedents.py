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
# ... that somebody asked what the words answer, or spoke right before, where two people talk by turns.
ASKED, TURN = 3.0, 3.0
# ... and what it brings somebody that they spoke before the last one in such talk.
RETURN = 1.5
# So many words behind a pronoun may be its clause, up to a word that begins another one.
_CLAUSE = 10
_CLAUSE_STARTS = frozenset(
    "as when while after before because since until although though if but and or that who which".split()
)
_GLUE = ("-", "'s", "'", "’s", "’")
_REPLIES = frozenset("replied replies answered answers responded responds retorted countered agreed agrees".split())
_ASKS = frozenset("asked asks wondered wonders inquired pressed".split())
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

    def _is_pronoun(self, mention: PairMention, classes: Container[str]) -> bool:
        return mention.kind == "pronoun" and PRONOUNS.get(self._words.forms[mention.first].lower()) in classes

    def named(self, ranges: Sequence[Range]) -> dict[int, float]:
        """Names (by number) in some words, each with what it costs their bearers as speakers of these words."""
        costs: dict[int, float] = {}
        for first, last in ranges:
            self._add_named(costs, first, last)
        return costs

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


class Talk:
    """Quotations that are whole paragraphs by themselves, where people talk by turns."""

    def __init__(self, analysis: Analysis) -> None:
        self._analysis, self._words, self._drafts = analysis, analysis.words, analysis.drafts
        self._in_paragraph: dict[int, list[int]] = {}
        for k, draft in enumerate(analysis.drafts):
            if draft.within is None:
                self._in_paragraph.setdefault(self._paragraph(draft), []).append(k)

    def _paragraph(self, draft: Draft) -> int:
        return int(self._words.paragraphs[draft.ranges[0][0]])

    def weights(self, draft: Draft) -> dict[int, float]:
        """Numbers of drafts whose speakers rather do (above 0) or do not (below 0) say this one."""
        found: dict[int, float] = {}
        if not self._is_whole(draft):
            return found
        number = self._paragraph(draft)
        before, after = self._last(number - 1), self._first(number + 1)
        if before is not None:
            asked, turn = self._asks(self._drafts[before]), self._is_whole(self._drafts[before])
            if self._is_closed(self._drafts[before]) and (asked or turn):
                found[before] = -ASKED if asked else -TURN
                other = self._last(number - 2)
                if turn and other is not None and self._is_closed(self._drafts[other]):
                    found[other] = RETURN
        if after is not None and self._asks(draft) and self._begins(self._drafts[after]):
            found[after] = -ASKED
        return found

    def answered(self, mention: Range) -> list[int]:
        """Numbers of drafts that what is quoted beside a mention answers: "“Why?” Dong asked. ¶ “Why not?” she said."

        A question that ends the paragraph before, or what stands before a verb of answering.
        """
        number = next((k for k, draft in enumerate(self._drafts) if draft.source == mention and draft.within is None), None)
        if number is None:
            return []
        draft = self._drafts[number]
        if not draft.marked or not self._begins(draft):
            return []
        before = self._last(self._paragraph(draft) - 1)
        if before is None or not self._is_closed(self._drafts[before]):
            return []
        replies = draft.cue is not None and self._words.forms[draft.cue[1]].lower() in _REPLIES
        return [before] if replies or self._asks(self._drafts[before]) else []

    def is_asked(self, mention: Range) -> bool:
        """Whether what is quoted beside a mention opens a paragraph behind a sentence that asks: "Dong asked her why. ¶ "."""
        draft = next((d for d in self._drafts if d.source == mention and d.within is None), None)
        if draft is None or not draft.marked or not self._begins(draft):
            return False
        words, i = self._words, draft.ranges[0][0] - 2
        while i > 0 and words.forms[i] not in (".", "!", "?", "”") and words.paragraphs[i] == words.paragraphs[i + 1]:
            if words.forms[i].lower() in _ASKS and not words.depth[i]:
                return True
            i -= 1
        return False

    def _last(self, number: int) -> int | None:
        return self._in_paragraph[number][-1] if number in self._in_paragraph else None

    def _first(self, number: int) -> int | None:
        return self._in_paragraph[number][0] if number in self._in_paragraph else None

    def _is_closed(self, draft: Draft) -> bool:
        return bool(draft.marked) and self._analysis.marked[draft.marked[-1]].span.closed

    def _is_whole(self, draft: Draft) -> bool:
        """Whether a quotation is all that its paragraph holds."""
        if not draft.marked:
            return False
        first, last = draft.ranges[0][0], draft.ranges[-1][1]
        numbers = self._words.paragraphs
        opens = first == 0 or numbers[first - 1] != numbers[first]
        closes = last + 1 == len(numbers) or numbers[last + 1] != numbers[last]
        return len(draft.ranges) == 1 and opens and closes

    def _begins(self, draft: Draft) -> bool:
        first = draft.ranges[0][0]
        return bool(draft.marked) and (first == 0 or bool(self._words.paragraphs[first - 1] != self._words.paragraphs[first]))

    def _asks(self, draft: Draft) -> bool:
        """Whether a quotation's last words in marks are a question."""
        if not draft.marked:
            return False
        last = self._analysis.marked[draft.marked[-1]].last
        return "?" in self._words.forms[max(0, last - 1) : last + 1]
