"""Whose words a text is that the article introduces: "an affidavit written by Lim Dong", "the union published a list".

A statement, letter or complaint of somebody named is that person or body speaking; only a text without an author speaks for
itself.
"""

from bisect import bisect_left
from collections.abc import Sequence

from quotes.bodies import head_at
from quotes.linking import Range
from quotes.own_names import BEFORE_OTHER, POSSESSIVE, is_role_word
from quotes.words import Words

# What an author does with a text; whoever obtained, leaked, cited or passed one on is not its author.
_WRITTEN_WORDS = """
written filed published released issued sent posted penned drafted submitted circulated signed authored prepared produced
provided distributed mailed e-mailed emailed
"""
_WRITTEN = frozenset(_WRITTEN_WORDS.split())
_WRITE_WORDS = "wrote writes files publishes issues sends posts"
_WRITE = _WRITTEN - {"written", "signed", "prepared", "produced"} | frozenset(_WRITE_WORDS.split())
_AUXILIARY = frozenset("has have had also then later recently just already".split())
_PARTICLES = frozenset("out up".split())
# Many make and sign these, and none of them speaks in them.
_NO_WORDS = "law bylaw statute contract treaty agreement constitution convention ordinance lease permit licence"
_NO_WORDS_OF = frozenset(_NO_WORDS.split())
# "by" stands so near behind the noun, whatever tells when it was released.
_WHEN = 6
# So many words of a role may stand between "by" and the name.
_ROLE = 5
# So many words of an apposition may stand between an author and the verb.
_APPOSITION = 12

Names = Sequence[tuple[str, int, int]]


def author_of(words: Words, names: Names, text: Range) -> int | None:
    """The name (by number) of whoever wrote a text: behind it, "filed by Lim Dong", or before, "Lim Dong filed a complaint".

    Args:
        words: The article's words.
        names: (label, first word, last word), in order.
        text: The description of the text, both ends included.
    """
    head = head_at(words, *text)
    if words.forms[head].lower() in _NO_WORDS_OF:
        return None
    behind = _author_behind(words, names, head)
    return behind if behind is not None else _author_before(words, names, text[0])


def _author_behind(words: Words, names: Names, head: int) -> int | None:
    forms = words.forms
    i = head + 1
    if i >= len(forms) or forms[i].lower() not in _WRITTEN:
        return None
    i += 1 + (forms[i + 1 : i + 2] == ["out"])
    if i < len(forms) and forms[i].lower() in ("on", "in", "last", "this", "earlier"):  # "released last week by"
        i += 1
        while i < len(forms) and forms[i] != "by" and i - head < _WHEN and forms[i][0].isalnum():
            i += 1
    if i + 1 >= len(forms) or forms[i].lower() != "by":
        return None
    at = bisect_left(names, i + 1, key=lambda name: name[1])
    i += 1
    # "by | state attorney | Dele Okello"
    while i - head < _WHEN + _ROLE and i + 1 < len(forms) and at < len(names) and i < names[at][1] and is_role_word(forms[i]):
        i += 1
    if at == len(names) or names[at][1] != i or names[at][0] == "OTHER":
        return None
    return None if forms[names[at][2] + 1 : names[at][2] + 2] == ["'s"] else at


def writer_end(words: Words, first: int) -> int | None:
    """The last word of the subject whose verb has the text that begins with a word for its object; None where none has."""
    forms = words.forms
    i = first - 1
    if i > 0 and forms[i].lower() in _PARTICLES:
        i -= 1
    if i < 1 or words.depth[i] or forms[i].lower() not in _WRITE:
        return None
    i -= 1
    while i > 0 and (forms[i].lower() in _AUXILIARY or forms[i].lower().endswith("ly")):
        i -= 1
    if forms[i] == ",":  # "Open Ledger, a watchdog, filed"
        start = next((k for k in range(i - 1, max(0, i - _APPOSITION), -1) if forms[k] == ","), None)
        if start is None:
            return None
        i = start - 1
    return i if words.paragraphs[i] == words.paragraphs[first] else None


def _author_before(words: Words, names: Names, first: int) -> int | None:
    """The name that is the subject of the verb that a text is the object of."""
    forms, i = words.forms, writer_end(words, first)
    at = bisect_left(names, i, key=lambda name: name[2]) if i is not None else len(names)
    if at == len(names) or names[at][2] != i or names[at][0] == "OTHER":
        return None
    begin = names[at][1] - (forms[names[at][1] - 1].lower() == "the" if names[at][1] else 0)
    before = forms[begin - 1].lower() if begin else "."
    return None if before in BEFORE_OTHER or before in POSSESSIVE or before == "and" else at

