"""Unnamed people that the text introduces before they speak: "A second official was more cautious. He described ..."

The tagger marks only who stands beside a quotation; without these a pronoun could mean nobody who was merely introduced.
"""

from collections.abc import Iterable

from quotes.bodies import is_body, is_people, is_text
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


# Words that open the description of a text, and of several people.
_TEXT_OPENERS = frozenset("a an another one the its".split())
# What somebody sends has a sender, where it is no subject: "the club said in an email", "she wrote a letter".
_SENT = frozenset("email emails e-mail e-mails letter letters message messages post posts tweet tweets".split())
_GROUP_WORDS = """
two three four five six seven eight nine ten dozen dozens hundreds thousands several some many most other few both
"""
_GROUP_OPENERS = frozenset(_GROUP_WORDS.split())


_BEFORE_SUBJECT = frozenset(". ! ? ” : ;".split())


def find_texts(
    words: Words, names: Iterable[tuple[str, int, int]], sources: Iterable[tuple[int, int]]
) -> list[tuple[int, int]]:
    """Texts that the article speaks of outside quotations and mentions: "An internal memo tells another story. It says ...".

    `names` as (label, first word, last word): a text of a named person or body speaks for its author.
    """
    authors = {i for label, a, b in names if label == "PER" for i in range(a, b + 1)}
    taken = {i for a, b in sources for i in range(a, b + 1)}
    found: list[tuple[int, int]] = []
    for i, form in enumerate(words.forms):
        if not is_text(form) or words.depth[i] or i in taken:
            continue
        if _are_minutes(words, i):
            found.append((i, phrase_end(words, i, taken)))
            continue
        if not form.islower():
            continue
        after = words.forms[i + 1].lower() if i + 1 < len(words) else ""
        if after in ("'s", "'", "-") or is_text(after) or is_body(after) or after in person_nouns():
            continue
        first = _opener(words, i, _TEXT_OPENERS)
        if first is None or taken.intersection(range(first, i + 1)) or (found and first <= found[-1][1]):
            continue
        if authors.intersection(range(first, i)) or (form in _SENT and first and words.forms[first - 1] not in _BEFORE_SUBJECT):
            continue  # a text of somebody's: "a Dong campaign memo"
        found.append((first, _dated(words, phrase_end(words, i, taken))))
    return found


def _dated(words: Words, last: int) -> int:
    """The last word of a text's date: "a memo | dated May 3, 2019"."""
    i = last + 1
    if i + 2 >= len(words) or words.forms[i] != "dated" or words.paragraphs[i + 2] != words.paragraphs[last]:
        return last
    i += 2
    if i + 2 < len(words) and words.forms[i + 1] == "," and words.forms[i + 2].isdigit():
        i += 2
    return i


def find_groups(words: Words, sources: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Several unnamed people outside quotations and mentions: "We met two riders from Velsen, who said ..."."""
    taken = {i for a, b in sources for i in range(a, b + 1)}
    found: list[tuple[int, int]] = []
    for i, form in enumerate(words.forms):
        if not is_people(form) or words.depth[i] or i in taken:
            continue
        first = _opener(words, i, _GROUP_OPENERS)
        if first is None and words.forms[i - 1].lower() not in _BEFORE_NO_GROUP:
            first = i  # "schoolchildren", "relatives of the captives"
        inside = bool(found) and i <= found[-1][1]
        if first is not None and not inside and not taken.intersection(range(first, i + 1)):
            found.append((first, phrase_end(words, i, taken)))
    return found


_BEFORE_NO_GROUP = frozenset("the of by for his her its their our my these those no other 's ' -".split())


def _are_minutes(words: Words, i: int) -> bool:
    """Whether "minutes" are a meeting's, not a time: "Minutes of the May meeting", not "within minutes of the end"."""
    if words.forms[i].lower() != "minutes" or i + 2 >= len(words) or words.forms[i + 1] != "of":
        return False
    before = words.forms[i - 1].lower() if i else "."
    return not (before.isdigit() or before in _BEFORE_TIME)


_BEFORE_TIME = frozenset("within few several two three five ten fifteen twenty thirty the more mere couple -".split())


def _opener(words: Words, noun: int, openers: frozenset[str]) -> int | None:
    """The word that opens the description with a noun as its head."""
    for i in range(noun - 1, max(-1, noun - 2 - _LONGEST), -1):
        form = words.forms[i].lower()
        if words.paragraphs[i] != words.paragraphs[noun] or words.depth[i]:
            return None
        if form in openers:
            return i
        if not (form[0].isalnum() or form in ("-", "'s", "'")) or form in _TELLS or form in ("of", "in", "to", "for"):
            return None
    return None
