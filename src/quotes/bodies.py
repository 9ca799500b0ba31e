"""Bodies and texts that speak: the nouns for them, their whole names, and what in a mention of theirs is only their owner.

The entity tagger cuts the names of bodies at small letters and at prepositions: "Sarmavia's oil | ministry", "the Federation
of | Carters"; here they are put together.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import lru_cache

from quotes.lexicon import person_nouns
from quotes.linking import Range
from quotes.words import Words

_BODY_WORDS = """
academy administration agency airline airport alliance army assembly association authority bank board brand broadcaster brigade
bureau cabinet campaign canton chamber channel charity church club coalition college command commission committee company
confederation congress consortium consulate convention cooperative co-operative corporation council court delegation department
desk diocese directorate division embassy exchange executive federation firm force foundation fund government group guild
hospital inspectorate institute institution junta league legislature mayoralty military militia ministry mission movement museum
navy network newspaper office operator orchestra organization organisation panel parliament parliamentary party patriarchate
police prefecture presidency regulator secretariat senate service society squad station studio supplier team treasury
tribunal trust union university utility watchdog
"""
BODY_NOUNS = frozenset(_BODY_WORDS.split())
_TEXT_WORDS = """
affidavit agreement article audit banner billboard brief briefing brochure bulletin bylaw chronicle circular citation comment
commentary communique communiqué complaint constitution contract convention deck decree diary directive dispatch dissent
document dossier draft e-mail editorial email entry essay file filing flyer guidebook guideline handbook indictment
inscription inventory itinerary judgement judgment label law lawsuit leaflet lease letter licence license log logbook
manifesto manual map memo memorandum menu message minute newsletter note notice opinion ordinance pamphlet paper permit
petition placard playbook policy poll post poster presentation proclamation programme proposal prospectus protocol
questionnaire receipt regulation release report resolution review rulebook ruling schedule sheet sign slide statute study
subpoena suit summary summons survey text textbook transcript treaty verdict warrant whiteboard
"""
TEXT_NOUNS = frozenset(_TEXT_WORDS.split())
# Where the noun phrase of a mention ends and what tells more about it begins.
_STOPS = frozenset("of in for from by at on to with about against under that which who , ( — – : near inside outside".split())
# Words are looked up once: an article asks for each of its own.
_CACHED = 1 << 15


@lru_cache(maxsize=_CACHED)
def singular(form: str) -> str:
    """A noun in small letters without the plural's ending: "Minutes" is "minute", "agencies" is "agency"."""
    low = form.lower()
    if low.endswith("ies"):
        return low[:-3] + "y"
    return low[:-1] if low.endswith("s") and not low.endswith("ss") else low


@lru_cache(maxsize=_CACHED)
def is_text(form: str) -> bool:
    """Whether a word is a noun for a text, singular or plural."""
    return form.lower() in TEXT_NOUNS or singular(form) in TEXT_NOUNS


def is_body(form: str) -> bool:
    """Whether a word is a noun for a body, singular."""
    return form.lower() in BODY_NOUNS


@lru_cache(maxsize=_CACHED)
def is_people(form: str) -> bool:
    """Whether a word is a noun for several people: "officials", "women"."""
    several = singular(form) != form.lower() and singular(form) in person_nouns()
    return several or form.lower() in ("men", "women", "children", "people", "schoolchildren")


# Sorts of bodies: whose name has the noun of one sort is no body of another.
_SORTS = [
    frozenset(sort.split())
    for sort in (
        "company firm airline insurer bank manufacturer maker retailer carrier supplier operator corporation brand",
        "union guild",
        "newspaper paper magazine broadcaster network station channel tabloid daily weekly",
        "university college school academy",
        "court tribunal",
        "ministry department bureau",
        "club team",
        "hospital clinic",
        "museum gallery",
        "festival",
        "church diocese",
        "party",
        "police",
        "parliament senate council",
        "service",
        "orchestra",
    )
]


def other_sort(noun: str, name: Sequence[str]) -> bool:
    """Whether a named body is of another sort than a noun says: no "union" is called the Marsh University.

    Args:
        noun: The noun of a description, in small letters.
        name: The words of the name, in small letters.
    """
    sorts = [sort for sort in _SORTS if noun in sort]
    return bool(sorts) and noun not in name and any(not sort.isdisjoint(name) for sort in _SORTS if sort not in sorts)


# What newspapers are called.
_PAPERS_WORDS = """
advertiser bugle bulletin chronicle courier daily dispatch echo examiner express gazette globe guardian herald independent
inquirer journal ledger mail mirror monitor news observer post press record register reporter review sentinel standard star sun
telegraph times tribune weekly
"""
_PAPERS = frozenset(_PAPERS_WORDS.split())


def same_sort(noun: str, name: Sequence[str]) -> bool:
    """Whether a body's name tells the sort that a noun does: "the newspaper" of the Velsen Herald; arguments as above."""
    paper = noun in ("newspaper", "paper", "tabloid", "daily") and not _PAPERS.isdisjoint(name)
    return paper or (noun in name and is_body(noun))


def head_at(words: Words, first: int, last: int) -> int:
    """The noun of a mention: its last word before a preposition, a comma, or a participle behind a noun for a text.

    "the | log | of the Mirabel", "A memo | dated May 3", "the Fund's staff report | released on Monday".
    """
    head = first
    for i in range(first, last + 1):
        form = words.forms[i]
        if i > first and form.lower() in _STOPS:
            break
        if i > first and is_text(words.forms[i - 1]) and _is_participle(form):
            break
        if form[0].isalnum():
            head = i
    return head


_PARTICIPLES = frozenset("sent seen read made drawn written shown given known taken put held kept told found drafted".split())


def _is_participle(form: str) -> bool:
    return form.islower() and (form.endswith("ed") or form.endswith("ing") or form in _PARTICIPLES)


Named = tuple[str, int, int]

# With these words before "of" or "for" a name goes on behind "and" and commas: "the Ministry of Trade, Industry and Energy".
_OFFICES = frozenset(
    "ministry department office bureau board committee secretariat agency institute federation association union commission "
    "council directorate academy academies school college faculty".split()
)
# What people call a body of their own: "Friends of the Canal", "Drivers for Fair Fares".
_MEMBERS = frozenset(
    "friends citizens students mothers fathers parents doctors lawyers physicians women men veterans neighbors neighbours "
    "families teachers workers farmers scientists voters people "
    "artists writers reporters engineers drivers nurses residents".split()
)
_JOINS = frozenset("of for & and".split())
_DETERMINERS = frozenset("the a an this that".split())
_INDEFINITE = frozenset("a an another one some any every each its his her their my our your".split())
_DEMONYM = re.compile(r"(?:ian|ean|can|ish|ese|i|ch|sh|ss|an)$")


def with_bodies(words: Words, names: Sequence[Named], sources: Sequence[Range]) -> list[Named]:
    """The names with those of bodies whole, in the text and in the mentions of sources."""
    starts = {first: k for k, (_, first, _) in enumerate(names)}
    out: list[Named] = []
    for label, first, last in names:
        if out and first <= out[-1][2]:
            continue
        if label == "ORG":
            first = _without_noun(words, first, last)
            if not any(c.isupper() for form in words.forms[first : last + 1] for c in form):
                continue  # "the ministry" is no name
            last = _body_end(words, first, last, starts)
            first = _body_start(words, first, out[-1][2] if out else -1)
        out.append((label, first, last))
    return _of_mentions(words, _spelt_out(words, out), sources)


def _spelt_out(words: Words, names: list[Named]) -> list[Named]:
    """The names with those whole that an abbreviation in brackets spells: "Citizens for Roads in Velsen (CRV)"."""
    forms = words.forms
    found = []
    for i in range(2, len(words) - 2):
        if forms[i] != "(" or forms[i + 2] != ")":
            continue
        letters = forms[i + 1]
        if not (2 < len(letters) < 8 and letters.isalpha() and letters.isupper()):
            continue
        first, left = i, letters
        while left and _together(words, first - 1, i):
            small = forms[first - 1].lower() in _SMALL
            if not small and forms[first - 1][0] != left[-1]:
                break
            first -= 1
            left = left if small else left[:-1]
        if not left:
            found.append(("ORG", first, i - 1))
    inside = {i for _, a, b in found for i in range(a, b + 1)}
    if any(label == "PER" and a in inside for label, a, _ in names):
        return names
    kept = [name for name in names if not inside.intersection(range(name[1], name[2] + 1))]
    return sorted([*kept, *found], key=lambda name: name[1])


def _together(words: Words, i: int, j: int) -> bool:
    return 0 <= i <= j < len(words) and bool(words.paragraphs[i] == words.paragraphs[j])


def _without_noun(words: Words, first: int, last: int) -> int:
    """The first word of a body's name behind the noun for what it is: "union | FNT"."""
    while first < last and words.forms[first] in BODY_NOUNS and words.forms[first + 1][:1].isupper():
        first += 1
    return first


def _body_end(words: Words, first: int, last: int, starts: dict[int, int]) -> int:
    """The last word of a body's name that the tagger broke off: before a place, a list, a hyphen's other half, a number."""
    forms = words.forms
    n = len(words)
    if forms[last] == "-" and _together(words, first, last + 1) and words.ends[last] == words.starts[last + 1]:
        last += 1
    if forms[last] in _JOINS and last > first:
        end = last + (last + 1 < n and forms[last + 1] == "the")
        while _together(words, first, end + 1) and forms[end + 1][:1].isupper():
            end += 1
        last = end if forms[end][:1].isupper() else last - 1
    listed = {f.lower() for f in forms[first : last + 1]}
    if listed & _OFFICES and listed & {"of", "for"}:
        last = _list_end(words, last, starts)
    if _together(words, first, last + 2) and forms[last + 1] in ("Local", "Lodge", "Branch") and forms[last + 2].isdigit():
        last += 2
    return last


def _list_end(words: Words, last: int, starts: dict[int, int]) -> int:
    """Where the list ends that goes on behind a name: ", Industry and Energy", "and Human Services"; no name of its own."""
    i = last
    while _together(words, last, i + 2) and words.forms[i + 1] == "," and _is_item(words, i + 2, starts):
        i += 2
        while _together(words, last, i + 1) and _is_item(words, i + 1, starts):
            i += 1
    if not _together(words, last, i + 2) or words.forms[i + 1] not in ("and", "&") or not _is_item(words, i + 2, starts):
        return last
    i += 2
    while _together(words, last, i + 1) and _is_item(words, i + 1, starts):
        i += 1
    return i


def _is_item(words: Words, i: int, starts: dict[int, int]) -> bool:
    return i not in starts and words.forms[i][:1].isupper() and words.forms[i][1:].islower()


def _body_start(words: Words, first: int, floor: int) -> int:
    """The first word of a body's name with the noun for its members, and the saint, before it."""
    forms = words.forms
    if first - 1 > floor and forms[first - 1] in ("St", "St.", "Saint") and _together(words, first - 1, first):
        return first - 1
    at = first - 1 - (first > 0 and forms[first - 1] == "the")
    if at - 1 > floor and _together(words, at - 1, first) and forms[at] in ("of", "for", "of", "against", "without"):
        noun = forms[at - 1]
        if noun[:1].isupper() and noun.lower() in _MEMBERS and forms[first][:1].isupper() and at == first - 1:
            return at - 1
    return first


def _of_mentions(words: Words, names: list[Named], sources: Sequence[Range]) -> list[Named]:
    """The names with those of bodies that a mention of a source is as a whole."""
    found = []
    for mention in sources:
        whole = body_of(words, names, mention)
        if whole is not None:
            found.append(("ORG", *whole))
    if not found:
        return names
    inside = {i for _, a, b in found for i in range(a, b + 1)}
    kept = [name for name in names if not inside.intersection(range(name[1], name[2] + 1))]
    return sorted([*kept, *found], key=lambda name: name[1])


def body_of(words: Words, names: Sequence[Named], mention: Range) -> Range | None:
    """The words of a mention that name a body with a noun for it: "Sarmavia's oil ministry", "the Okello embassy in Velsen".

    None where no name stands in it, or a person's, or one that only tells the nation: "the Sarmavian company".
    """
    first, last = mention
    forms = words.forms
    while last > first and forms[last] == ",":
        last -= 1
    if forms[first].lower() in _INDEFINITE:
        return None
    while first < last and forms[first].lower() in _DETERMINERS:
        first += 1
    near = names[bisect_left(names, first, key=lambda name: name[1]) : bisect_right(names, last, key=lambda name: name[1])]
    inside = [name for name in near if name[2] <= last]
    if not inside or any(label == "PER" for label, _, _ in inside) or (inside[0][1], inside[0][2]) == (first, last):
        return None
    head = head_at(words, first, last)
    if not is_body(forms[head]) or not all(_in_name(f) for f in forms[first : last + 1]):
        return None
    if head == last:
        owned = "'s" in forms[first:last] or "'" in forms[first:last]
        nation = all(label == "OTHER" and _DEMONYM.search(forms[b]) for label, _, b in inside)
        return None if nation and not owned else (first, last)
    named = {i for _, a, b in inside for i in range(a, b + 1)}
    place = head + 2 + (head + 2 <= last and forms[head + 2] == "the")
    joined = forms[head + 1] == "of" or (forms[head + 1] == "in" and (forms[head][:1].isupper() or forms[head] == "embassy"))
    return (first, last) if joined and place <= last and named.issuperset(range(place, last + 1)) else None


def _in_name(form: str) -> bool:
    return form[0].isalnum() or form in ("'s", "'", "-", ".", "&")


_SMALL = frozenset("of the and for in on to at by de di del la le du des der & ’s 's".split())
_ROLE_BEHIND = re.compile(r"(?P<name>[^,]+),\s+(?P<role>(?:an?|the|one|its|his|her|their)\s+[^,].*)", re.DOTALL)
_ROLE_BEFORE = re.compile(r"(?P<role>(?:[Tt]he\s+|[Aa]n?\s+)?(?:[a-z][\w’'-]*\s+)+)(?P<name>[^a-z\s].*)", re.DOTALL)


def is_proper(phrase: str) -> bool:
    """Whether a phrase is a name by its capitals: "Harbour Safety Act", not "draft seen by Velsen"."""
    forms = phrase.split()
    return bool(forms) and forms[0][:1].isupper() and all(f[:1].isupper() or f[:1].isdigit() or f in _SMALL for f in forms)


def named_body(phrase: str) -> tuple[str | None, str | None]:
    """Name and role of a body whose name no tagger saw: "Clean Canals, a watchdog"; "the advocacy group Clean Canals"."""
    for pattern in (_ROLE_BEHIND, _ROLE_BEFORE):
        found = pattern.fullmatch(phrase)
        if found is None or not is_proper(re.sub(r"^[Tt]he\s+", "", found["name"])):
            continue
        role = found["role"].strip()
        if pattern is _ROLE_BEHIND or is_body(role.split()[-1]):
            return re.sub(r"^[Tt]he\s+", "", found["name"]), role
    return None, None
