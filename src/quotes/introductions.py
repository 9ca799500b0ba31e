"""Unnamed people that the text introduces before they speak: "A second official was more cautious. He described ..."

The tagger marks only who stands beside a quotation; without these a pronoun could mean nobody who was merely introduced.
"""

from collections.abc import Iterable

from quotes.lexicon import person_nouns
from quotes.phrases import phrase_end
from quotes.words import Words

_OPENERS = frozenset("a an another one".split())
# Words before which a description tells what somebody is, and introduces nobody: "is a farmer", "as an adviser".
_TELLS = frozenset("is was are were be been being as become became remains like than such".split())
# So many words may stand between the article and the noun: "a senior U.N.-based Western diplomat".
_LONGEST = 5


def find_introductions(
    words: Words, names: Iterable[tuple[str, int, int]], sources: Iterable[tuple[int, int]]
) -> list[tuple[int, int]]:
    """Descriptions of one unnamed person outside quotations: article, noun, and what of-phrases go on with it.

    Args:
        words: The article's words.
        names: (label, first word, last word): a description beside a name is the named person's.
        sources: Mentions that stand beside a quotation: they are known already.

    Returns:
        (first word, last word), both included, in order.
    """
    people = [(a, b) for label, a, b in names if label == "PER"]
    starts, ends = {a for a, _ in people}, {b for _, b in people}
    named = {i for a, b in people for i in range(a, b + 1)}
    taken = named | {i for a, b in sources for i in range(a, b + 1)}
    found = []
    for first, form in enumerate(words.forms):
        if form.lower() in _OPENERS and first not in taken and words.depth[first] == 0:
            last = _noun(words, first)
            if last is None or taken.intersection(range(first, last + 1)):
                continue
            before = words.forms[first - 1].lower() if first else ""
            if before in _TELLS or _beside_name(words, first, last, starts, ends):
                continue
            found.append((first, phrase_end(words, last, taken - named)))
    return found


def find_subjects(
    words: Words, names: Iterable[tuple[str, int, int]], sources: Iterable[tuple[int, int]]
) -> list[tuple[int, int]]:
    """Who begins a sentence outside quotations, and is no source: "He shrugged. “Why not?” he said."

    A pronoun for one person, or a description: "The pilot shook her head. “Never,” she said." They hand on whom the text is
    about.
    """
    people = [(a, b) for label, a, b in names if label == "PER"]
    starts, ends = {a for a, _ in people}, {b for _, b in people}
    taken = {i for a, b in sources for i in range(a, b + 1)}
    found = []
    for i, form in enumerate(words.forms):
        if form not in _SUBJECTS or i in taken or words.depth[i] or not _begins_sentence(words, i):
            continue
        last = i if form in _PRONOUNS else _noun(words, i)
        if last is not None and not taken.intersection(range(i, last + 1)) and not _beside_name(words, i, last, starts, ends):
            found.append((i, last))
    return found


_PRONOUNS = frozenset("He She".split())
_SUBJECTS = frozenset("He She The His Her Their Its".split())


def _begins_sentence(words: Words, i: int) -> bool:
    return i == 0 or bool(words.paragraphs[i - 1] != words.paragraphs[i]) or words.forms[i - 1] in ".!?”’:"


def _noun(words: Words, first: int) -> int | None:
    """The noun for a person that the description beginning at `first` has as its head."""
    nouns = person_nouns()
    for i in range(first + 1, min(first + 2 + _LONGEST, len(words))):
        form = words.forms[i].lower()
        if words.paragraphs[i] != words.paragraphs[first] or not form[0].isalnum():
            return None
        after = words.forms[i + 1].lower() if i + 1 < len(words) else ""
        # "a police officer": the head is the last of several such nouns; "a man's voice" is no person
        if form in nouns and after not in nouns:
            return i if after not in ("'s", "'", "-") else None
    return None


def _beside_name(words: Words, first: int, last: int, starts: set[int], ends: set[int]) -> bool:
    """Whether a person's name stands right before or behind: "Okonjo, a harbour inspector", "a farmer, Lim Dong"."""
    for gap in (1, 2):
        if first - gap in ends and all(f == "," for f in words.forms[first - gap + 1 : first]):
            return True
        if last + gap in starts and all(f in (",", "named", "called") for f in words.forms[last + 1 : last + gap]):
            return True
    return False
