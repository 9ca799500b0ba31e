"""Unnamed people that the text introduces before they speak: "A second official was more cautious. He described ..."

The tagger marks only who stands beside a quotation; without these a pronoun could mean nobody who was merely introduced.
"""

import re
from collections.abc import Container, Iterable

from quotes.bodies import is_body, is_people, is_text
from quotes.lexicon import person_nouns, say_verbs
from quotes.phrases import phrase_end
from quotes.words import Words

_OPENERS = frozenset("a an another one my our".split())
# Words before which a description tells what somebody is, and introduces nobody: "is a farmer", "as an adviser".
_TELLS = frozenset("is was are were be been being as become became remains like than such then once formerly".split())
# So many words may stand between the article and the noun: "a senior U.N.-based Western diplomat".
_LONGEST = 5
# Words behind a description that go on with it: "involved in the talks", "who was there", "carrying a lamp".
_MORE_WORDS = """
who involved familiar briefed close identified known based working travelling traveling advising speaking representing
leading living standing sitting waiting watching carrying wearing holding hired assigned appointed employed trained
"""
_MORE = frozenset(_MORE_WORDS.split())
_HELPERS_WORDS = "is was are were has had have did does do not n't n’t never been be also still once 's ’s would could"
_HELPERS = frozenset(_HELPERS_WORDS.split())
_STOPS_WORDS = """
is was are were has had did does would could will can may might which whom whose where when because while although since
yesterday today if though who he she they it i we
"""
_STOPS = frozenset(_STOPS_WORDS.split())
# Finite verbs of the sentence that do not end in "-ed", beside those of saying.
_PAST_WORDS = """
went came took gave saw made got sat stood ran felt thought knew left put set let began spoke wrote heard held kept lost met
paid rose fell grew threw flew drew brought bought caught taught sought fought found sold led won told said says struck hit cut
shook broke chose drove hung laid lay read rang sent spent swore wore understood remembers says disputes denies agrees
"""
_PAST = frozenset(_PAST_WORDS.split())
# Words with which another phrase begins before any noun for a person, and words with which no description ends.
_NEXT_PHRASE = frozenset("of at in for from with on by a an the his her their and or who that which".split())
_DANGLING = frozenset("a an the his her their its my our of in at for from with on to by and or as that only".split())
# Words behind a comma that begin a clause of the description; `without_clause` takes off what tells nothing.
_APART = frozenset("who whose from in now still identified".split())
# Behind these no finite verb stands: "who asked not to be named", "the house she is said to own".
_NO_FINITE = frozenset("not to n't n’t be been being is was were".split())
_NAME_IS = frozenset("used printed published withheld disclosed revealed mentioned known".split())
_NOUNS_TOO = frozenset("claims posts answers promises orders shouts cries tweets emails texts remarks jokes replies".split())
# So many words of a clause may belong to a description.
_CLAUSE = 14


def find_introductions(
    words: Words,
    names: Iterable[tuple[str, int, int]],
    sources: Iterable[tuple[int, int]],
    taken_up: Container[str] = (),
) -> list[tuple[int, int]]:
    """Descriptions of one unnamed person outside quotations: article, noun, and what of-phrases go on with it.

    Args:
        words: The article's words.
        names: (label, first word, last word): a description beside a name is the named person's.
        sources: Mentions that stand beside a quotation: they are known already.
        taken_up: Nouns that people are told by later, for which they are introduced too, whatever the word lists say.

    Returns:
        (first word, last word), both included, in order.
    """
    people = [(a, b) for label, a, b in names if label == "PER"]
    starts, ends = {a for a, _ in people}, {b for _, b in people}
    named = {i for a, b in people for i in range(a, b + 1)}
    taken = named | {i for a, b in sources for i in range(a, b + 1)}
    found: list[tuple[int, int]] = []
    for first, form in enumerate(words.forms):
        if form.lower() in _OPENERS and first not in taken and words.depth[first] == 0:
            last = person_noun(words, first, taken_up)
            if last is None or taken.intersection(range(first, last + 1)) or _is_infant(words, first, last):
                continue
            if found and first <= found[-1][1]:
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
        last = i if form in _PRONOUNS else person_noun(words, i)
        if last is not None and not taken.intersection(range(i, last + 1)) and not _beside_name(words, i, last, starts, ends):
            found.append((i, last))
    return found


_PRONOUNS = frozenset("He She".split())
_SUBJECTS = frozenset("He She The His Her Their Its".split())


def _begins_sentence(words: Words, i: int) -> bool:
    return i == 0 or bool(words.paragraphs[i - 1] != words.paragraphs[i]) or words.forms[i - 1] in ".!?”’:"


def person_noun(words: Words, first: int, taken_up: Container[str] = ()) -> int | None:
    """The noun for a person that the description beginning at `first` has as its head."""
    nouns = person_nouns()
    room = _LONGEST
    for i in range(first + 1, min(first + 2 + 2 * _LONGEST, len(words))):
        form = words.forms[i].lower()
        if form == "-" and words.ends[i - 1] == words.starts[i]:  # "a 34-year-old farmer"
            room += 2
            continue
        if words.paragraphs[i] != words.paragraphs[first] or not form[0].isalnum() or i > first + 1 + room:
            return None
        if form in _NEXT_PHRASE:  # "a letter from an accountant" is no accountant
            return None
        after = words.forms[i + 1].lower() if i + 1 < len(words) else ""
        # "a police officer": the head is the last of several such nouns; "a man's voice" is no person
        if (form in nouns or form in taken_up) and after not in nouns:
            return i if after not in ("'s", "'", "-") else None
    return None


def _is_infant(words: Words, first: int, last: int) -> bool:
    """Whether a description is of a child too young to be quoted: "a two-year-old son", "a newborn girl"."""
    return _INFANT.search(words.slice(first, last)) is not None


_INFANT = re.compile(r"\b(?:(?:one|two|[12])-year-old|(?:week|month)s?-old|baby|infant|newborn|toddler)\b", re.IGNORECASE)


def _beside_name(words: Words, first: int, last: int, starts: set[int], ends: set[int]) -> bool:
    """Whether a person's name stands right before or behind: "Okonjo, a harbour inspector", "a farmer, Lim Dong"."""
    for gap in (1, 2):
        if first - gap in ends and all(f == "," for f in words.forms[first - gap + 1 : first]):
            return True
        if last + gap in starts and all(f in (",", "named", "called") for f in words.forms[last + 1 : last + gap]):
            return True
    return False


def whole_description(words: Words, span: tuple[int, int], taken: Container[int]) -> tuple[int, int]:
    """An introduction with the clause that tells who it is: "a director | who attended", "an official | briefed on it".

    `taken` are words where another's mention or a verb of saying stands.
    """
    first, last = span
    start = last + 1
    if start >= len(words) or words.paragraphs[start] != words.paragraphs[first]:
        return span
    if words.forms[start] == ",":
        return first, _comma_clause_end(words, last, taken)
    if words.forms[start].lower() not in _MORE:
        return span
    i = start + 1
    if words.forms[start].lower() == "who":
        while i < len(words) and words.forms[i].lower() in _HELPERS:
            i += 1
        if i < len(words) and i not in taken and words.paragraphs[i] == words.paragraphs[first]:
            i += 1  # the clause's own verb
    while i < len(words) and i - start < _CLAUSE and i not in taken and _belongs(words, i, first):
        i += 1
    if i + 1 < len(words) and words.forms[i] == "," and "only" in words.forms[start:i] and words.forms[i + 1][:1].isupper():
        return first, i + 1  # "a man who gave only his first name, Idrissa"
    if i + 1 < len(words) and words.forms[i - 1].lower() == "as" and words.forms[i] in ("“", '"', "‘", "``"):
        close = next((k for k in range(i + 2, min(i + 6, len(words))) if words.forms[k] in ("”", '"', "’", "''")), None)
        return (first, close) if close else span  # "a caller who gave his name only as “Mr. White”"
    end = i - 1
    while end > start and words.forms[end].lower() in _DANGLING:
        end -= 1
    return (first, end) if end > start else span


def _comma_clause_end(words: Words, last: int, taken: Container[int]) -> int:
    """Where the clause or apposition ends that stands between commas behind a description: "One patient, a plumber, left"."""
    start = last + 2
    if start >= len(words):
        return last
    opener = words.forms[start].lower()
    if opener in ("a", "an"):
        noun = person_noun(words, start)
        end = phrase_end(words, noun, taken) if noun is not None else start
    elif opener in _APART:
        end = start
        while end + 1 < len(words) and words.forms[end + 1][0] not in ",.;:!?“”()" and end - start < _CLAUSE:
            end += 1
    else:
        return last
    closed = end > start and end + 2 < len(words) and words.forms[end + 1] == ","
    whole = words.paragraphs[last] == words.paragraphs[min(end + 1, len(words) - 1)]
    # "a farmer, a nurse, and a cook" are three
    if not closed or not whole or words.forms[end + 2].lower() in ("a", "an", "and", "or", "another"):
        return last
    return end if not any(i in taken for i in range(start, end + 1)) else last


def _belongs(words: Words, i: int, first: int) -> bool:
    """Whether a word goes on with the clause of a description; the sentence's own verb ends it."""
    form, low = words.forms[i], words.forms[i].lower()
    if words.paragraphs[i] != words.paragraphs[first]:
        return False
    if not form[0].isalnum():
        return form in ("-", "$", "€", "£", "'s", "’s")
    after = words.forms[i + 1].lower() if i + 1 < len(words) else ""
    if low == "and":
        return not _is_finite(after) and after[:1].isalnum()
    before = words.forms[i - 1].lower()
    if before in _NO_FINITE or (before in ("name", "names", "identity") and low in _NAME_IS):
        return True
    return not _is_finite(low)


def _is_finite(low: str) -> bool:
    said = low in say_verbs() and low not in _NOUNS_TOO
    return said or low in _STOPS or low in _PAST or (low.endswith("ed") and len(low) > 4)
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
        found.append((first, _published(words, _dated(words, phrase_end(words, i, taken)), taken)))
    return found


def _published(words: Words, last: int, taken: Container[int]) -> int:
    """The last word of where or when a text came out: "a lawsuit | filed Monday in the county court"."""
    i = last + 1
    if i + 1 >= len(words) or words.forms[i] not in _OUT or words.paragraphs[i] != words.paragraphs[last] or i in taken:
        return last
    at = i + (words.forms[i + 1].lower() in _WEEKDAYS)
    end = phrase_end(words, at, taken)
    return end if end > i else last


_OUT = frozenset("filed published circulated released posted issued printed unsealed".split())
_WEEKDAYS = frozenset("monday tuesday wednesday thursday friday saturday sunday".split())


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


def find_bodies(
    words: Words, names: Iterable[tuple[str, int, int]], sources: Iterable[tuple[int, int]]
) -> list[tuple[int, int]]:
    """Bodies told by where they are, outside quotations and mentions: "the Sarmavian army", which "the army" takes up."""
    taken = {i for a, b in sources for i in range(a, b + 1)}
    labels = {i: label for label, a, b in names for i in range(a, b + 1)}
    found: list[tuple[int, int]] = []
    for i, form in enumerate(words.forms):
        if not form.islower() or not is_body(form) or form in person_nouns() or words.depth[i] or i in taken:
            continue
        after = words.forms[i + 1].lower() if i + 1 < len(words) else ""
        if after in ("'s", "'", "-") or is_text(after) or is_body(after) or is_people(after) or after in person_nouns():
            continue
        first = _opener(words, i, _THE)
        if first is None or taken.intersection(range(first, i + 1)) or (found and first <= found[-1][1]):
            continue
        within = {labels.get(k) for k in range(first + 1, i)}
        if within & {"PER", "ORG"} or "OTHER" not in within:
            continue
        found.append((first, phrase_end(words, i, taken)))
    return found


_THE = frozenset(["the"])


def last_people(words: Words, end: int) -> tuple[int, int] | None:
    """The description of several people that stands last before word `end` in its sentence, outside quotations."""
    for i in range(end - 1, -1, -1):
        if words.forms[i] in (".", "!", "?", "”") or words.paragraphs[i] != words.paragraphs[end]:
            return None
        if is_people(words.forms[i]) and words.forms[i].islower():
            first = i
            while first and ((low := words.forms[first - 1].lower()) in _GROUP_OPENERS or _COUNT.fullmatch(low)):
                first -= 1
            return first, i
    return None


_COUNT = re.compile(r"\d[\d,.]*|about|around|nearly|some|the|over|hundred|thousand|of")
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
