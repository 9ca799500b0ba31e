"""What the text says that its named people are: "the treasurer, Ama Owusu", "Jan Novak, 58, a pathologist", "coach Lim Dong".

A later description ("the pathologist", "the 58-year-old") means the person of whom the text told it; the scorer sees only the
names themselves.
"""

import re
from collections.abc import Iterator, Sequence

from quotes.lexicon import fold, person_nouns
from quotes.linking import Range
from quotes.words import Words

# A role of more words is a clause; so many words before a name may be one.
_LONGEST, _BEFORE = 12, 6
# Words at which the noun of a description ends: "the president | of the board", "a nurse | who".
_AFTER_NOUN = frozenset(
    "of at in for from with to who whose whom that which on by near and , - – — ( and familiar briefed knowledgeable".split()
)
# Words that stand in a description and tell nothing of it.
_EMPTY = frozenset("the a an his her their its our my this that one another".split())
# Words that make another office of one.
_OTHER = frozenset("former ex shadow vice deputy assistant acting interim would-be then onetime one-time late".split())
# Words with which what stands before a name is no longer a role of it.
_BREAKS = frozenset(
    "of for from with to by at in on and or but as that when while if than said says told is was had has".split()
)
# Short titles, and the noun that a description has for them.
_IN_FULL = {
    "sen": "senator", "rep": "representative", "gov": "governor", "prof": "professor", "dr": "doctor", "gen": "general",
    "capt": "captain", "col": "colonel", "lt": "lieutenant", "sgt": "sergeant", "cllr": "councillor", "adm": "admiral",
    "maj": "major", "rev": "reverend", "insp": "inspector", "det": "detective", "fr": "priest",
}  # fmt: skip
_COPULAS = frozenset("is was".split())
_AGE = re.compile(r"1?\d\d?")


def description_of(words: Words, first: int, last: int) -> tuple[str, frozenset[str]]:
    """The noun of a description, in small letters ("" where there is none), and the words that go with it.

    Ages are nouns: "the 58-year-old" has "58".
    """
    forms = [words.forms[i].lower() for i in range(first, last + 1)]
    if (
        len(forms) > 1
        and forms[0] in _EMPTY
        and (age := re.match(r"(1?\d\d?)(?:-|$)", forms[1]))
        and "old" in " ".join(forms[1:6])
    ):
        return age[1], frozenset()
    # "the town's archivist" is an archivist
    owned = max((k for k, form in enumerate(forms[:-1]) if form in ("'s", "’s")), default=-1)
    if owned >= 0 and not _AFTER_NOUN.intersection(forms[:owned]):
        forms = forms[owned + 1 :]
    end = next((k for k, form in enumerate(forms) if k and form in _AFTER_NOUN and forms[k - 1] != "vice"), len(forms))
    phrase = [fold(f) for f in forms[:end] if f not in _EMPTY and f[0].isalnum()]
    if not phrase:
        return "", frozenset()
    # a former governor or the shadow minister is another than the governor, the minister
    other = next((w for w in phrase[:-1] if w in _OTHER), "")
    return f"{other} {phrase[-1]}".strip(), frozenset(phrase[:-1])


def roles_of(words: Words, name: Range) -> Iterator[tuple[str, frozenset[str]]]:
    """What the text calls somebody right beside their name: noun and the words that go with it, of each description."""
    first, last = name
    i = last + 1
    if _at(words, i, last) == ",":
        i += 1
        if _AGE.fullmatch(_at(words, i, last)):
            yield words.forms[i], frozenset()
            i += 1 + (_at(words, i + 1, last) == ",")
        if _at(words, i, last):
            yield from _described(words, i)
    elif _at(words, i, last) == "(" and _AGE.fullmatch(_at(words, i + 1, last)) and _at(words, i + 2, last) == ")":
        yield words.forms[i + 1], frozenset()
        i += 3
    if _at(words, i, last) == ",":
        i += 1
    if _at(words, i, last).lower() in _COPULAS and _at(words, i + 1, last).lower() in _EMPTY:
        yield from _described(words, i + 1)
    yield from _before(words, first)


def _at(words: Words, i: int, beside: int) -> str:
    """The word at `i`, or "" where that is another paragraph's or none."""
    return words.forms[i] if 0 <= i < len(words) and words.paragraphs[i] == words.paragraphs[beside] else ""


def _described(words: Words, first: int) -> Iterator[tuple[str, frozenset[str]]]:
    """The description that begins with a word: up to the next comma or the end of the sentence."""
    opening = words.forms[first].lower()
    if opening in _AFTER_NOUN or opening in _COPULAS:
        return
    last = first
    while last - first < _LONGEST and _goes_on(_at(words, last + 1, first)):
        last += 1
    noun, others = description_of(words, first, last)
    # without an article only a noun that is known: "Ama Owusu, left" is no role
    if noun and (opening in _EMPTY or noun.rsplit(" ", 1)[-1] in person_nouns()):
        yield noun, others


def _goes_on(form: str) -> bool:
    return form[:1].isalnum() or form in ("'s", "’s", "'", "’")  # "the president's | envoy" is no president


def _before(words: Words, first: int) -> Iterator[tuple[str, frozenset[str]]]:
    """A role before a name: "board president | Karen Bell", "the treasurer, | Ama Owusu"."""
    end = first - 1
    comma = _at(words, end, first) == ","
    point = _at(words, end, first) == "." and _at(words, end - 1, first).lower() in _IN_FULL
    end -= comma or point
    start = end
    while end - start < _BEFORE and (form := _at(words, start, first)) and form[0].isalnum() and form.lower() not in _BREAKS:
        start -= 1
    if comma:
        # "the harbour master, Lim Dong, said": a list or a clause has no article right before so few words
        opened = next(
            (k for k in range(start + 1, end) if words.forms[k].lower() in ("the", "his", "her", "their", "its")), None
        )
        if opened is None and _at(words, start, first) in ("'s", "’s"):
            opened = start + 1  # "Velsen's harbour master, Lim Dong"
        if opened is None:
            return
        start = opened - 1
    elif start == end:
        return
    noun, others = description_of(words, start + 1, end)
    if noun.rsplit(" ", 1)[-1] == fold(words.forms[end]):
        yield _in_full(noun), others


def _in_full(noun: str) -> str:
    """ "sen." is "senator", "former gov." is "former governor"."""
    before, _, last = noun.rpartition(" ")
    return f"{before} {_IN_FULL.get(last.strip('.'), last)}".strip()


def other_office(one: str, other: str) -> bool:
    """Whether two nouns of descriptions tell two offices of one sort: "governor" and "former governor"."""
    return one != other and one.rsplit(" ", 1)[-1] == other.rsplit(" ", 1)[-1]


def best_fit(wanted: tuple[str, frozenset[str]], roles: Sequence[tuple[str, frozenset[str]]]) -> int:
    """How well a description fits what somebody was called: 0 not at all, 1 by its noun, 2 by a word more, ..."""
    noun, others = wanted
    return max((1 + len(others & more) for own, more in roles if own == noun), default=0)
