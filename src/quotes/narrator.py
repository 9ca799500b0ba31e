"""Who tells the article: the "I" outside quotation marks, by its byline, a letter's signature, or the note on the author.

"By Dele Okello" above the text; "Dele Okello meets her in Velsen" under a headline; "Dele Okello, Upper Velsen" under a letter;
"Dele Okello is a lecturer in law." at the end.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence

import numpy as np

from quotes.lexicon import PARTICLES, titles
from quotes.linking import Range
from quotes.words import Words

# A byline is among so many paragraphs, a note on the author among so many last ones.
_HEAD, _TAIL = 5, 2
_NOTE = frozenset("is was writes teaches works lives leads runs serves has directs edits".split())
# What an author does in the line under the headline.
_STANDFIRST = frozenset("meets reports visits hears joins asks finds investigates explains".split())
_STANDFIRST_TO = frozenset("talks speaks listens travels goes".split())

Name = tuple[str, int, int]

_WORD = r"(?:[^\W\d_]\.?(?:['’-]?[^\W\d_])*\.?|[^\W\d_]['’][^\W\d_]+)"
# "By Dele Okello", "Words by Ruth de la Cruz-Bello and Jan Novak | Staff writer": the line, and the names in it.
_BYLINE = re.compile(
    r"^[ \t]*(?:(?:words|text|story|report|interview|review|reviewed|written|analysis|opinion|commentary)[ \t]+)?by[ \t]+"
    rf"(?P<names>{_WORD}(?:(?:[ \t]+|[ \t]*(?:,|&)[ \t]+)(?:and[ \t]+)?{_WORD}){{1,11}})"
    r"[ \t]*(?:$|[|•/–—(]|,[ \t]|[ \t]-[ \t])",
    re.IGNORECASE | re.MULTILINE,
)
_PARTED = re.compile(r"(?:\s+and|\s*[,&])\s+", re.IGNORECASE)
_PLACE = re.compile(r"\s+(?:in|at|for)\s+", re.IGNORECASE)
# Names of people have no such word, and so many words at most.
_NO_NAME_WORDS = """
our the a an staff reporter reporters correspondent correspondents editor editors writer desk agency agencies team bureau news
press media monday tuesday wednesday thursday friday saturday sunday january february march april june july august september
october november december in at for from of to
"""
_NO_NAME = frozenset(_NO_NAME_WORDS.split())
_LONGEST_NAME = 5
# Under a book's author stand its publisher and pages.
_BOOK = re.compile(r"\b(?:pages|pp)\b|[$£€₹]\s?\d")


def with_bylines(words: Words, names: Sequence[Name]) -> list[Name]:
    """The names, with those of a byline near the top whole: the entity tagger, trained on sentences, often misses them."""
    end = int(np.searchsorted(words.paragraphs, _HEAD))
    head = words.text[: int(words.ends[end - 1])] if end else ""
    found: list[Name] = []
    for line in _BYLINE.finditer(head):
        after = head[line.end() :].partition("\n\n")[0].partition("\n")[2].partition("\n")[0]
        at = line.start("names")
        for part in () if _BOOK.search(after) else _PARTED.split(_PLACE.split(line["names"])[0]):
            at = words.text.index(part, at)
            if not _is_name(part):
                break
            first, last = words.between(at, at + len(part))
            found.append(("PER", first, last - 1))
            at += len(part)
    if not found:
        return list(names)
    kept = [n for n in names if not any(n[1] <= last and first <= n[2] for _, first, last in found)]
    return sorted([*kept, *found], key=lambda name: name[1])


def _is_name(text: str) -> bool:
    forms = text.split()
    capitals = [f for f in forms if f[:1].isupper()]
    small = all(f in PARTICLES or len(f) < 3 for f in forms if not f[:1].isupper())  # Ama de la Cruz, Ana Puig i Sala
    return 1 < len(forms) <= _LONGEST_NAME and len(capitals) > 1 and small and _NO_NAME.isdisjoint(f.casefold() for f in forms)


class Narrators:
    """The people who tell an article or its letters; `names` as in `Analysis`, in order of text."""

    def __init__(self, words: Words, names: Sequence[Name]) -> None:
        people = [(i, name) for i, name in enumerate(names) if name[0] == "PER"]
        lines = [(i, name) for i, name in people if _is_line(words, name)]
        standing = (i for i, name in people if _stands_first(words, name))
        by = (i for i, name in people if _has_by(words, name))
        self._byline = next((i for i, name in lines if _heads(words, name)), next(by, next(standing, None)))
        self._signed = [(first, i) for i, (_, first, _) in lines]
        self._note = next((i for i, name in people if _is_noted(words, name)), None)

    @property
    def named(self) -> set[int]:
        """The numbers of all names in bylines, signatures and notes."""
        return {i for i in (self._byline, self._note, *(i for _, i in self._signed)) if i is not None}

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


def _has_by(words: Words, name: Name) -> bool:
    """Whether a name stands behind a byline's "By" near the top."""
    before = name[1] - 1
    return before >= 0 and words.paragraphs[before] < _HEAD and words.forms[before].lower() == "by" and _breaks(words, before)


def _heads(words: Words, name: Name) -> bool:
    """Whether a name's line stands near the top, above all that its bearer tells: under it, it is a letter's signature."""
    first = name[1]
    if words.paragraphs[first] >= _HEAD:
        return False
    return not any(form == "I" and not depth for form, depth in zip(words.forms[:first], words.depth[:first], strict=True))


def _stands_first(words: Words, name: Name) -> bool:
    """Whether a name is the author's in the line under the headline: "Dele Okello meets her in Velsen", without a full stop."""
    _, first, last = name
    paragraph = words.paragraphs[first]
    if paragraph >= _HEAD or last == first or last + 2 >= len(words) or words.depth[first]:
        return False
    if not (_breaks(words, first) or words.forms[first - 1] in (".", "?", "!", ":")):
        return False
    verb, to = (form.lower() for form in words.forms[last + 1 : last + 3])
    end = int(np.searchsorted(words.paragraphs, paragraph, side="right")) - 1
    told = verb in _STANDFIRST or (verb in _STANDFIRST_TO and to in ("to", "with"))
    return told and words.forms[end] not in (".", "!", "?", "”", "’")


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
