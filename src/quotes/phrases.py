"""Names and mentions as whole phrases: what the taggers cut is put together, what trails is taken off.

No parser runs: the words' own forms tell, so that these rules are about the few shapes that news English gives to names and
descriptions.
"""

import re
from collections import Counter
from collections.abc import Container, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from quotes.bodies import is_body, is_people, is_text
from quotes.lexicon import NAMING_TITLES, PARTICLES, fold, given_names, person_nouns, titles
from quotes.linking import Range
from quotes.pairs import PRONOUNS
from quotes.words import Words

_INITIALS = re.compile(r"(?:[A-Z]\.)+(?:-[A-Z]\.)?")
_SUFFIX = re.compile(r"Jr\.?|Sr\.?|II|III|IV")
_OPENS, _CLOSES = ("“", "‘", "(", "'", '"'), ("”", "’", ")", "'", '"')


def whole_names(words: Words, names: list[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
    """Persons' names put together that the tagger cut: at initials, particles (Teixeira | dos Anjos), a nickname in marks."""
    out: list[tuple[str, int, int]] = []
    names = _sound(words, _as_persons(words, names))
    whole = {words.slice(first, last) for label, first, last in names if label == "PER" and last == first + 2}
    last_of = {first: last for label, first, last in names if label == "PER"}
    single = Counter(words.forms[last] for label, first, last in names if label == "PER" and first == last)
    surnames = {words.forms[last] for label, first, last in names if label == "PER" and first < last}
    for label, first, last in names:
        if out and first <= out[-1][2]:
            continue
        if label == "PER":
            last = _name_end(words, first, _cut(words, first, last), last_of)
            last = _doubled(words, first, last, whole, last_of)
            beside = out and out[-1][0] == "PER" and out[-1][2] == first - 1 and _together(words, first - 1, first)
            if beside and (
                all(_is_given(words.forms[i]) for i in range(out[-1][1], first))
                or _two_syllables(words, first - 1) == out[-1][1]
                or _is_first_part(words, out[-1][1], first - 1, single, surnames)
            ):
                first = out.pop()[1]  # "P. | Thangavelu", "Edwin | Mamani", "Jae-won | Hwang"
            floor = out[-1][2] if out else -1
            first = _glued_before(words, first, floor)
            while first - 1 > floor and _together(words, first - 1, first):
                syllables = _two_syllables(words, first - 1)
                if syllables is None and not _is_given(words.forms[first - 1]):
                    break
                first = syllables if syllables is not None and syllables > floor else first - 1
            before = first - 1
            if before > floor and _together(words, before, first) and words.forms[before] in single:
                # "Seo | Min-gyu", where the tagger knows Seo elsewhere
                first -= words.forms[before] not in surnames and _is_chunk(words, first, last)
            given = _before_nickname(words, first)
            if given is not None and out and given < out[-1][1] and (len(out) == 1 or given > out[-2][2]):
                out.pop()  # Maria “| Lola |” Reyes
                first = given
            elif given is not None and given > floor:
                first = given
        if words.forms[first].lower() in _DETERMINERS and first == last:
            continue
        out.append((label, first, last))
    return _in_full(words, _again(words, out))


# In a headline in title case at least this share of the longer words begins with a capital.
_CAPITALS = 0.8


def headline_end(words: Words) -> int:
    """One past the last word of a headline whose words begin with capitals; 0 where the text begins otherwise."""
    end = int(np.searchsorted(words.paragraphs, words.paragraphs[0], side="right")) if len(words) else 0
    longer = [form for form in words.forms[:end] if len(form) > 3 and form.isalpha()]
    capitals = sum(form[:1].isupper() for form in longer)
    return end if end < len(words) and len(longer) > 3 and capitals >= _CAPITALS * len(longer) else 0


def with_given_names(
    words: Words, names: list[tuple[str, int, int]], mentions: Sequence[Range]
) -> list[tuple[str, int, int]]:
    """Persons' names of one word with the given name that a mention has before it: "Turkish sculptor | Gift Halwindi"."""
    named = {i for _, first, last in names for i in range(first, last + 1)}
    starts = {i: a for a, b in mentions for i in range(a, b + 1)}
    out = []
    for label, first, last in names:
        before = first - 1
        if label == "PER" and first == last and starts.get(before) == starts.get(first, -1) and before not in named:
            form = words.forms[before]
            title = fold(form) in titles() and fold(form) not in given_names()
            role = title or form.lower() in person_nouns() or _DEMONYM.search(form) or form in _PEOPLES
            role = role or (_begins_sentence(words, before) and fold(form) not in given_names())
            if form[:1].isupper() and form[1:].islower() and form.lower() not in _DETERMINERS | _NEVER_FIRST and not role:
                first = before
        out.append((label, first, last))
    return out


def _as_persons(words: Words, names: list[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
    """The names with given names that the tagger took for bodies beside a surname: "Canon Ruth | Okello", "Ruth | Okello"."""
    singles = {words.forms[last] for label, first, last in names if label == "PER" and first == last}
    starts = {first for label, first, last in names if label != "PER"}
    out = []
    for label, first, last in names:
        surname = last + 1
        titled = first == last - 1 and fold(words.forms[first]).strip(".") in titles()
        given = words.forms[last][:1].isupper() and (
            titled or (first == last and fold(words.forms[last]) in given_names())
        )
        beside = surname not in starts and _together(words, last, surname) and words.forms[surname] in singles
        if label != "PER" and given and beside:
            label, first = "PER", last
        out.append((label, first, last))
    return out


def _doubled(words: Words, first: int, last: int, whole: Container[str], last_of: Mapping[int, int]) -> int:
    """The last word of a name with a double surname's other half: "Ruth Okello | -Cole", or where it is whole elsewhere."""
    end = last + 2
    if not _together(words, last, end) or words.forms[last + 1] != "-" or not _is_glued(words, last + 1):
        return last
    form = words.forms[end]
    if not (form[:1].isupper() and form[1:].islower() and last_of.get(end, end) == end):
        return last
    return end if first < last or words.slice(last, end) in whole else last


def _sound(words: Words, names: list[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
    """Names without what the tagger read into them: marks at the end, an opened nickname; titles and roles are none."""
    surnames = {words.forms[last] for label, first, last in names if label == "PER" and first < last}
    out = []
    for label, first, last in names:
        if label == "PER":
            first = _past_dateline(words, first, last)
            while first < last and words.forms[first].lower() in _NEVER_FIRST:
                first += 1  # "Chief | On Okello: ..."
            if first == last and first and words.forms[first - 1] in _LANDFORMS and _together(words, first - 1, first):
                continue
            if _is_dateline(words, first, last):
                continue
            # "Rodel “Doc | ” Catubig": the nickname is read again from its marks
            cut = next((i for i in range(first + 1, last + 1) if words.forms[i] in _OPENS and last - i < 2), last + 1)
            last = cut - 1
            if last > first and words.forms[last] == "-":
                last -= 1  # "Hsieh Wen- | chi"
            form = words.forms[first]
            low = fold(form).strip(".")
            role = (low in titles() and low not in NAMING_TITLES) or form.lower() in person_nouns()
            # "Mayor: “...”", "the Rabbi"; a Baker or Judge of that name is named in full somewhere
            if first == last and role and form not in surnames and (fold(form) not in given_names() or form.islower()):
                continue
        out.append((label, first, last))
    return out


# Words that begin no name, though the capitals of a headline join them to one; "Mount Okello" is no person.
_NEVER_FIRST = frozenset("on for with as after before if when why how what says said the at and but".split())
_LANDFORMS = frozenset("Mount Mt Mt. Lake Cape Fort River".split())


def _past_dateline(words: Words, first: int, last: int) -> int:
    """Where a name begins that the tagger began with what stands before it: "PORT OYA – | Ruth Okello"."""
    dash = next((i for i in range(first + 1, last) if words.forms[i] in _DASHES and not _is_glued(words, i)), None)
    opens = first == 0 or not _together(words, first - 1, first)
    if dash is None or (dash + 1 == last and not (opens and all(f.isupper() for f in words.forms[first:dash]))):
        return first
    return dash + 1


def _is_dateline(words: Words, first: int, last: int) -> bool:
    """Whether a name in capitals is the place where a story begins: "PORT OYA, 3 May — "."""
    if (first and _together(words, first - 1, first)) or not all(f.isupper() for f in words.forms[first : last + 1]):
        return False
    behind = words.forms[last + 1 : last + 2 + _DATE]
    return behind[:1] in ([","], ["("]) and any(
        f in _DASHES and not _is_glued(words, i) and _together(words, first, i) for i, f in enumerate(behind, last + 1)
    )


def _is_first_part(words: Words, first: int, last: int, single: Mapping[str, int], surnames: Container[str]) -> bool:
    """Whether a name right before another is its first part: "Ned | Okello", "Amara D. | Okonjo", "Jae-won | Hwang"."""
    form = words.forms[first]
    if not _is_chunk(words, first, last) and not all(_INITIALS.fullmatch(words.forms[i]) for i in range(first + 1, last + 1)):
        return False
    if fold(form).strip(".") in titles().keys() - NAMING_TITLES or form.lower() in person_nouns():
        return False
    return form not in surnames and single.get(form, 0) < 2 and form[:1].isupper() and not form.isupper()


def _glued_before(words: Words, first: int, floor: int) -> int:
    """Where a name begins with what a hyphen joins to it: "Jan- | Willem de Graaf"; not "Anti- | Okello"."""
    head = first - 2
    if head <= floor or words.forms[first - 1] != "-" or not _together(words, head, first) or not _is_glued(words, first - 1):
        return first
    form = words.forms[head]
    whole = form[:1].isupper() and form[1:].islower() and form.lower() not in _PREFIXES and not _DEMONYM.search(form)
    return head if whole and form not in _PEOPLES else first


def _is_chunk(words: Words, first: int, last: int) -> bool:
    """Whether a name is one word, or syllables joined by a hyphen: Min-gyu."""
    return last == first or (last == first + 2 and words.forms[first + 1] == "-")


_DASHES = ("-", "–", "—")
# So many words of a date or an agency stand between the place and the dash.
_DATE = 6
_PREFIXES = frozenset("anti pro ex non then post pre mid un neo pan inter trans afro anglo".split())
_PEOPLES_WORDS = """
Greek Dutch Thai Swiss French Czech Dane Finn Swede Pole Turk Serb Croat Slovak Slovene Iraqi Israeli Pakistani Saudi Afghan
Kurd Arab Somali Bengali Nepali Omani Qatari Emirati Yemeni Kuwaiti Maori Zulu Xhosa Filipino Cypriot Kazakh Uzbek Tajik
"""
_PEOPLES = frozenset(_PEOPLES_WORDS.split())
_DEMONYM = re.compile(r"(?:ian|ean|can|ish|ese|crat|ive|our)$")


def _is_given(form: str) -> bool:
    """Whether a word before a name is part of it: initials or a known given name."""
    return bool(_INITIALS.fullmatch(form)) or (form[:1].isupper() and (fold(form) in given_names() or form in _GIVEN_PARTS))


# Parts of given names: Abd al-Rahman, Abu Bakr; Md (Mohammad), Ma. (Maria).
_GIVEN_PARTS = frozenset("Abd Abdel Abdul Abu Umm Md Md. Mohd Mohd. Muhd Ma.".split())


def _begins_sentence(words: Words, i: int) -> bool:
    return i == 0 or not _together(words, i - 1, i) or words.forms[i - 1] in ".!?“‘:"


def _is_name_word(words: Words, i: int) -> bool:
    form = words.forms[i]
    return form[:1].isupper() and not _begins_sentence(words, i) and fold(form).strip(".") not in titles()


def _again(words: Words, names: list[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
    """With the places where the surname of a full name stands by itself, and the tagger passed it over."""
    surnames = set()
    for label, first, last in names:
        while last > first and (_SUFFIX.fullmatch(words.forms[last]) or words.forms[last] == ","):
            last -= 1
        if label == "PER" and last > first and len(words.forms[last]) > 2 and words.forms[last][:1].isupper():
            surnames.add(words.forms[last])
    named = {i for _, first, last in names for i in range(first, last + 1)}
    found = []
    for i, form in enumerate(words.forms):
        if form in surnames and i not in named:
            beside = [k for k in (i - 1, i + 1) if _together(words, min(k, i), max(k, i))]
            # "the Okonjo Bridge" is no person; a capital that begins a sentence says nothing
            if not any(_is_name_word(words, k) for k in beside):
                found.append(("PER", i, i))
    return sorted([*names, *found], key=lambda name: name[1])


def _in_full(words: Words, names: list[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
    """With the full names that the tagger passed over, of people whom it found by one name: "Adanna Obuya", "Lim Soo-ah"."""
    singles = {words.forms[first] for label, first, last in names if label == "PER" and first == last}
    longer = {words.forms[i] for label, first, last in names if label == "PER" and first < last for i in range(first, last + 1)}
    singles -= longer
    if not singles:
        return names
    named = {i for _, first, last in names for i in range(first, last + 1)}
    found = []
    for i, form in enumerate(words.forms):
        if form not in singles:
            continue
        if i not in named and i + 1 not in named and _together(words, i, i + 1):
            last = _name_end(words, i, i + 1, {}) if words.forms[i + 1][:1].isupper() else i
            if last > i + 1 or "-" in words.forms[last][1:]:  # a given name of two syllables behind the family's
                found.append(("PER", i, last))
                continue
        before = i - 1
        free = before >= 0 and (before not in named or ("PER", before, before) in names) and i not in named
        if free and _together(words, before, i) and _is_given(words.forms[before]):
            found.append(("PER", before, i))
    starts = {first for _, first, _ in found}
    return sorted([*(name for name in names if name[1] not in starts), *found], key=lambda name: name[1])


def _together(words: Words, i: int, j: int) -> bool:
    return 0 <= i < len(words) > j and words.paragraphs[i] == words.paragraphs[j]


# Small words between the parts of a surname, beside the particles: Ferrer i Vidal, Ortega y Luna, Molina de la Vega.
_JOINING = frozenset("la las los le i y e".split())


def _name_end(words: Words, first: int, last: int, last_of: Mapping[int, int]) -> int:
    """The last word of the name whose tagged part is word `first` to `last`; `last_of` tells where other parts end."""
    while _together(words, last, last + 1):
        i = last + 1
        while i < len(words) and (words.forms[i] in PARTICLES or words.forms[i] in _JOINING):
            i += 1
        if i > last + 1 and i + 1 < len(words) and words.forms[i] in ("'", "’") and words.forms[i + 1] == "t":
            i += 2  # van 't Hoff
        elif i == last + 1 and i + 1 < len(words) and words.forms[i] in ("'", "’") and words.forms[i + 1] == "t":
            i += 2  # Pieter ’t Hoff
        cut = last + 1 < i or words.forms[last] in PARTICLES or words.forms[last] in _JOINING
        if cut and _together(words, last, i) and words.forms[i][:1].isupper():
            last = last_of.get(i, i)
            continue
        i = last + 1
        if words.forms[i] == "-" and _together(words, last, i + 1) and _is_glued(words, i):
            form = words.forms[i + 1]
            if form.isalpha() and form.islower() and len(form) <= _SYLLABLE and form not in _AFTER_HYPHEN:
                last = last_of.get(i + 1, i + 1)  # "Kwok- | wai Cheung"
                continue
            if last > first and form.isalpha() and form[:1].isupper() and i + 1 not in last_of:
                last = i + 1  # "Odalys Quintero | -Boone"
                continue
        behind = _past_nickname(words, last + 1)
        if behind is not None and _together(words, last, behind):
            last = last_of.get(behind, behind)
            continue
        i = last + 1 + (words.forms[last + 1] == ",")
        if _together(words, last, i) and _SUFFIX.fullmatch(words.forms[i]):
            return i
        break
    return last


# What stands behind a hyphen and is no part of a name: "Park Geun-style", "Ruth Lim-backed".
_AFTER_HYPHEN = frozenset("era led like style based backed run held owned born bred type only free old".split())
# The syllables of a given name of two are no longer: Soo-ah, Chia-liang.
_SYLLABLE = 6


def _cut(words: Words, first: int, last: int) -> int:
    """The last word of a name before a dash or an "of" that the tagger read on over: "Lim Dong | - Okello's friend"."""
    for i in range(first + 2, last):
        dash = words.forms[i] in ("-", "–", "—") and not _is_glued(words, i)
        if dash or words.forms[i] == "of":
            return i - 1
    return last


def _is_glued(words: Words, i: int) -> bool:
    """Whether a hyphen joins two words: no space on either side."""
    return bool(words.ends[i - 1] == words.starts[i] and i + 1 < len(words) and words.ends[i] == words.starts[i + 1])


def _two_syllables(words: Words, last: int) -> int | None:
    """The first word of a given name of two syllables that ends with word `last`: Jae-won; None where there is none."""
    first = last - 2
    if first < 0 or words.forms[last - 1] != "-" or not _together(words, first, last) or not _is_glued(words, last - 1):
        return None
    head, tail = words.forms[first], words.forms[last]
    if fold(f"{head}-{tail}") in given_names() and head[:1].isupper():
        return first
    return None


def _past_nickname(words: Words, first: int) -> int | None:
    """The word of the name behind one or two words in marks: Maria “Lola” Reyes; None where there is no such thing."""
    for i in (first + 3, first + 4):
        if (
            i < len(words)
            and words.forms[first] in _OPENS
            and words.forms[first + 1][:1].isupper()
            and words.forms[i - 1] in _CLOSES
            and (words.forms[i][:1].isupper() or words.forms[i] in PARTICLES)
            and words.forms[first + 2][0].isalpha() == (i > first + 3)
        ):
            return i
    return None


def _before_nickname(words: Words, first: int) -> int | None:
    """The given name before a nickname that stands in marks before a surname: Rodel “Doc” | Catubig."""
    for i in (first - 4, first - 5):
        if i >= 0 and _together(words, i, first) and words.forms[i][:1].isupper() and _past_nickname(words, i + 1) == first:
            return i
    return None


# Words that begin a description, and words with which none ends.
_DETERMINERS = frozenset("a an the one another his her their its my our this".split())
_DANGLING = frozenset("a an the his their its my our of in at for from with on to by and or".split())
# Words behind a mention that the tagger read on over: "the man who", "one member was | told", "some Kovarians as".
_TRAILING = frozenset("who whom which that as was were is are has have had shall would".split())
# So many words more may complete a mention that ends with such a word.
_COMPLETION = 8


def whole_mentions(words: Words, tagged: Sequence[Range], taken: npt.NDArray[np.bool_]) -> list[Range]:
    """The tagger's sources as phrases: stray punctuation off, cut ones completed, each once.

    `taken` is True at words of contents and cues, which no source holds.
    """
    out: list[Range] = []
    for k, (first, last) in enumerate(tagged):
        if out and first <= out[-1][1]:
            continue
        first, last = _trim(words, first, last)
        last = first if words.forms[first].lower() == "who" else _before_verb(words, first, last)
        while last > first and words.forms[last].lower() in _TRAILING:
            last -= 1
        if last - 2 >= first and words.forms[last - 1] == "," and re.fullmatch(r"[a-z]{3,}(?:ed|ing)", words.forms[last]):
            last -= 2  # "The audit, ordered | in May, found"
        if words.forms[last].lower() in _DANGLING:
            end = last
            while (
                end - last < _COMPLETION
                and _together(words, last, end + 1)
                and not taken[end + 1]
                and _in_phrase(words.forms[end + 1])
            ):
                end += 1
            closed = not _together(words, last, end + 1) or taken[end + 1] or not _in_phrase(words.forms[end + 1])
            if closed and end > last:
                last = end
            elif k + 1 < len(tagged) and tagged[k + 1][0] == last + 1:
                last = _trim(words, *tagged[k + 1])[1]
            else:
                while last > first and words.forms[last].lower() in _DANGLING:
                    last -= 1
        if first == last and words.forms[last].lower() in ("a", "an", "the"):
            noun = _noun_behind(words, last, taken)
            if noun is None:
                continue
            last = noun
        before = first - 1
        if (
            before >= 0
            and _together(words, before, first)
            and not taken[before]
            and words.forms[before].lower() in _DETERMINERS
            and words.forms[first][0].islower()
            and words.forms[first].lower() not in _DETERMINERS
            and words.forms[first].lower() not in PRONOUNS
        ):
            first = before
        out.append((first, last))
    return out


def _noun_behind(words: Words, article: int, taken: npt.NDArray[np.bool_]) -> int | None:
    """The noun for somebody, a body or a text that an article belongs to: "the | Latin American bishop"."""
    for i in range(article + 1, min(len(words), article + 1 + _COMPLETION)):
        form = words.forms[i].lower()
        if not _together(words, article, i) or taken[i] or not _in_phrase(form) or form in _DANGLING:
            return None
        if form in person_nouns() or is_people(form) or is_body(form) or is_text(form):
            return i
    return None


def _before_verb(words: Words, first: int, last: int) -> int:
    """The last word of a description before its clause's own verb: "A federal lawsuit | was filed in 2012"."""
    if words.forms[first].lower() not in _DETERMINERS:
        return last
    for i in range(first + 2, last):
        form = words.forms[i].lower()
        if form in _RELATIVES:
            return last
        if form in ("was", "were", "is", "has", "had"):
            return i - 1
    return last


_RELATIVES = frozenset("who whom whose which that where when , “ ” (".split())


# "Okonjo and her backers", "75 percent of Kovarians".
_JOINT = re.compile(r"[A-Z]\S*(?: [A-Z]\S*)* and (?:other|his|her|their)\b.*|\S*\d\S* ?(?:percent|per cent|%).*", re.DOTALL)
_SHARE = frozenset("percent % cent".split())


# "A local official and several residents", "two diplomats and a person briefed on it".
_SEVERAL = re.compile(
    r"(?:(?:an?|one|another|two|three|four|five|six|several|some)\s(?:(?!\b(?:who|that|which|and)\b).)+\band\s)+"
    r"(?:an?|one|another|two|three|four|five|six|several|some)\s.*",
    re.IGNORECASE | re.DOTALL,
)


def is_several(words: Words, mention: Range) -> bool:
    """Whether a mention is several unnamed sources, one beside the other; each may speak again alone."""
    return mention[1] > mention[0] and _SEVERAL.fullmatch(words.slice(*mention)) is not None


def is_joint(words: Words, mention: Range) -> bool:
    """Whether a mention is somebody with others, several sources, or a share of many."""
    return mention[1] > mention[0] and (_JOINT.fullmatch(words.slice(*mention)) is not None or is_several(words, mention))


def with_share(words: Words, first: int) -> int:
    """The first word of a mention with the share that stands before it: "75 percent of | Kovarians"."""
    if first < 3 or words.forms[first - 1] != "of" or words.forms[first - 2].lower() not in _SHARE:
        return first
    at = first - 3 - (words.forms[first - 2] == "cent")
    return at if at >= 0 and _together(words, at, first) and words.forms[at][:1].isdigit() else first


def _in_phrase(form: str) -> bool:
    return form[0].isalnum() or form in ("'s", "’s", "'", "’", "-")


def _trim(words: Words, first: int, last: int) -> Range:
    """A mention without marks and stray punctuation at its ends (its closing comma stays: an apposition's)."""
    while last > first and words.forms[last] in ("”", "’", ".", ";", ":"):
        last -= 1
    while first < last and words.forms[first] in (",", ".", ";", ":", "”", "’"):
        first += 1
    return first, last


# Prepositions that go on with a description, and words at which what they bring in ends.
_PREPOSITIONS = frozenset("of at in for from with near inside outside on".split())
_AUXILIARY_WORDS = """
is are was were has have had does do did will would can could may might must should said says told tells asked asks
went came took gave saw made got sat stood ran felt thought knew left put set let began spoke wrote read heard held kept
lost met paid rose fell grew threw flew drew brought bought caught taught sought fought found sold led fed bled hit cut shut
who whom whose which that when while where as after before because since until although though if but and or then
not never also still just once yesterday today tomorrow now earlier later
i you he she it we they me him them us there here
monday tuesday wednesday thursday friday saturday sunday
january february march april may june july august september october november december
"""
_ENDS = frozenset(_AUXILIARY_WORDS.split())
# So many words of one prepositional phrase, and so many such phrases.
_PHRASE, _PHRASES = 6, 2
# What may stand behind "that": "an officer on duty that night".
_TIMES = frozenset("night day evening morning afternoon week weekend summer winter year".split())


def phrase_end(words: Words, last: int, taken: Container[int] = ()) -> int:
    """The last word of a description whose noun is word `last`: "a retired keeper | of the harbour's north light"."""
    for _ in range(_PHRASES):
        i = last + 1
        if not _together(words, last, i) or words.forms[i].lower() not in _PREPOSITIONS:
            break
        end = i
        while (
            end - i < _PHRASE
            and _together(words, last, end + 1)
            and end + 1 not in taken
            and _goes_on(words.forms[end + 1])
            and not _is_predicate(words, end + 1)
        ):
            end += 1
        while end > i and words.forms[end].lower() in _DANGLING:
            end -= 1
        if end == i or words.forms[end] == "-":
            break
        last = end
        night = words.forms[end + 1 : end + 3]
        if len(night) == 2 and night[0].lower() in ("that", "this") and night[1] in _TIMES and _together(words, end, end + 2):
            return end + 2  # "an officer on duty that night"
    return last


def _is_predicate(words: Words, i: int) -> bool:
    """Whether a verb in the present begins here: "a transcript of the recorder | gives the time"; no noun goes on so."""
    form = words.forms[i]
    verb = form.islower() and form.endswith("s") and not form.endswith("ss") and _together(words, i, i + 1)
    return verb and words.forms[i + 1].lower() in _BEHIND_VERB


_BEHIND_VERB = frozenset("the a an that his her its their this these those he she it they no some any how what".split())


def _goes_on(form: str) -> bool:
    """Whether a word can belong to the noun phrase behind a preposition; past tenses end it."""
    low = form.lower()
    if low in _ENDS or low in _PREPOSITIONS or (len(form) == 4 and form.isdigit()):
        return False
    if form in ("'s", "’s", "-"):
        return True
    return form[0].isalnum() and not (low.endswith("ed") and form[0].islower())


# ", who asked not to be named", ", speaking on condition of anonymity", ", from another party": no part of who it is.
# ", a lamp maker" is.
_CLAUSE = re.compile(
    r",\s+(?:his|her|their|its|who|whose|whom|which|that|where|when|in|on|at|from|with|of|for|by|under|after|before|as|"
    r"and who|and whose|also|not|like|unlike|including|both|all|known|given|then|long|less|more|"
    r"out|made|seen|sent|written|read|taken|drawn up|a copy of which|"
    r"[a-z]{3,}(?:ed|ing)(?P<participle>\s+[\w-]+)?)\b"
)
# When something was said, behind who said it: "the Okonjo campaign | on Tuesday". Not "a report released Tuesday".
_DAY = r"(?:on\s+)?(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day(?:\s+(?:morning|afternoon|evening|night))?"
_TIME = re.compile(
    rf"(?<!ed)(?<!\bon)(?<!public)\s+(?:{_DAY}|yesterday|today|tonight|"
    r"(?:last|this)\s+(?:week|month|year|night|morning|afternoon|evening|weekend))$"
)
# What a second one is told apart by: "a second trader, in Abeokuta", "another envoy, whose country pays for the talks".
_ANOTHER = re.compile(r"(?:another|(?:an?|the)\s+(?:second|third|fourth|fifth|other))\b", re.IGNORECASE)
_APART = re.compile(r",\s+(?:who|whose|from|in|at|now|still)\s+(?:(?!\band (?:was|is|who|had|has|asked|spoke)\b)[^,])+")
# ", identified only as Witness 9", ", who gave only his first name, Idrissa": what one is called by instead of a name.
_CALLED = re.compile(
    r",[^,]*\bonly\s+(?:as|by|(?:his|her|their|a|an|the)\b[^,]*,)\s*(?:[\w.’'-]+\s+)??[A-Z][\w.’'-]*(?:\s+\w+)?"
)
# Words of a clause about why there is no name.
_NAMELESS = re.compile(
    r"\b(?:named?|names|identif\w+|identity|anonym\w+|unnamed|authori[sz]ed|permitted|allowed|condition|reprisals?|"
    r"retaliation|publicly|insisted|background|quoted|speak\w*|spoke|like|also|keeping)\b"
)
# "a minister who sat through the meeting | at which it was decided", "an officer who was there | and who asked ..."
_FURTHER = re.compile(r"\s+(?:(?:at|in|on|from|to|with|by|of|for) which|when|where|and who|and whose)\b")


def without_clause(description: str) -> str:
    """A description without the clause behind a comma that tells more about somebody than who it is."""
    found = next((c for c in _CLAUSE.finditer(description) if (c["participle"] or "").strip() not in person_nouns()), None)
    if found and found.start() > 0:
        return description[: _clause_kept(description, found.start())].rstrip()
    if " who " in description:
        further = _FURTHER.search(description, description.index(" who ") + 5)
        return description[: further.start()] if further else description
    return description


def _clause_kept(description: str, comma: int) -> int:
    """Where a description ends that has a clause behind the `comma`: behind the clause where it tells who it is."""
    called = _CALLED.match(description, comma)
    if called:
        return called.end()
    apart = _APART.match(description, comma) if _ANOTHER.match(description) else None
    return apart.end() if apart and not _NAMELESS.search(apart[0]) else comma


def without_time(description: str) -> str:
    """A description without the time behind it, which tells when somebody spoke. "A pilot who left last year" tells another."""
    found = _TIME.search(description)
    return description[: found.start()] if found and found.start() > 0 and " who " not in description else description
