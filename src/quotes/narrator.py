"""Who tells the article: the "I" outside quotation marks, by its byline, a letter's signature, or the note on the author.

"By Dele Okello" above the text; "Dele Okello, Upper Velsen" under a letter; "Dele Okello is a lecturer in law." at the end.
"""

from bisect import bisect_left
from collections.abc import Sequence

from quotes.lexicon import titles
from quotes.linking import Range
from quotes.words import Words

# A byline is among so many paragraphs, a note on the author among so many last ones.
_HEAD, _TAIL = 5, 2
_NOTE = frozenset("is was writes teaches works lives leads runs serves has directs edits".split())

Name = tuple[str, int, int]


class Narrators:
    """The people who tell an article or its letters; `names` as in `Analysis`, in order of text."""

    def __init__(self, words: Words, names: Sequence[Name]) -> None:
        people = [(i, name) for i, name in enumerate(names) if name[0] == "PER"]
        lines = [(i, name) for i, name in people if _is_line(words, name)]
        self._byline = next((i for i, name in lines if _heads(words, name)), None)
        self._signed = [(first, i) for i, (_, first, _) in lines]
        self._note = next((i for i, name in people if _is_noted(words, name)), None)

    def at(self, word: int) -> int | None:
        """The number of the name of whoever says "I" at a word; None where nothing tells it."""
        if self._byline is not None:
            return self._byline
        behind = bisect_left(self._signed, (word, 0))
        return self._signed[behind][1] if behind < len(self._signed) else self._note


def _is_line(words: Words, name: Name) -> bool:
    """Whether a name, with "By" or a title before it, is all of a line."""
    first, last = _with_title(words, name)
    if first and words.forms[first - 1].lower() == "by" and not _breaks(words, first):
        first -= 1
    return last > name[1] and _breaks(words, first) and (last + 1 == len(words) or _breaks(words, last + 1))


def _heads(words: Words, name: Name) -> bool:
    """Whether a name's line stands near the top, above all that its bearer tells: under it, it is a letter's signature."""
    first = name[1]
    if words.paragraphs[first] >= _HEAD:
        return False
    return not any(form == "I" and not depth for form, depth in zip(words.forms[:first], words.depth[:first], strict=True))


def _is_noted(words: Words, name: Name) -> bool:
    """Whether a name begins a note on the author at the end of the text: "Dele Okello is a lecturer in law."."""
    first, last = _with_title(words, name)
    if words.paragraphs[first] <= words.paragraphs[-1] - _TAIL or not _breaks(words, first) or last + 1 >= len(words):
        return False
    return words.forms[last + 1].lower() in _NOTE


def _with_title(words: Words, name: Name) -> Range:
    _, first, last = name
    while first and words.forms[first - 1].casefold().strip(".") in titles() and not _breaks(words, first):
        first -= 1
    return first, last


def _breaks(words: Words, at: int) -> bool:
    """Whether a line begins at a word."""
    return at == 0 or "\n" in words.text[int(words.ends[at - 1]) : int(words.starts[at])]
