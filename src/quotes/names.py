"""Which names of an article are one person's or body's: clustering by tokens, no model.

Persons: full names first (initials, middle names, nicknames, misspellings, family-first order), then single names join the
full name that they are part of, the last one mentioned where several fit, so that two people of one surname stay two.
Bodies: equal, abbreviated, or one name the beginning or end of the other.
"""

import math
import re
from bisect import bisect_left, insort
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, field

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from quotes.lexicon import NAMING_TITLES, PARTICLES, fold, given_names, nicknames, person_nouns, titles

# "Gowan" and "Gowann": as similar as one letter of ten; with the first letters equal, too. Checked on training articles.
_MISSPELT = 92
# Word by word in a full name, where the other words agree: Neilsen and Nielsen, Erikson and Ericson.
_MISSPELT_WORD = 80
_SUFFIXES = frozenset("jr sr ii iii iv qc kc sc mp md phd esq obe mbe cbe ao oam frs".split())
# Suffixes that are part of the name as it is given: Amos Oduya Jr., not Ruth Tremlett KC.
_GENERATION = re.compile(r",?\s+(?:Jr|Sr|II|III|IV)\b\.?")
_PARTICLES = PARTICLES | frozenset("la le ben abu st".split())
_Key = tuple[str, str]
_TRIM = " \t\n\r\u00a0.,;:()[]\"'“”‘’«»„"


@dataclass(slots=True)
class Name:
    """One mention of a name: its words as written (titles, suffixes and possessives off), and folded for comparison.

    `gender` is what a title tells, `given` what the given name does: "m", "f" or "-". `nick`: nicknames in marks, folded.
    `capitals`: among words that all begin with a capital, where nobody can tell where a name ends. `quoted`: in quotation
    marks, where a speaker calls somebody what they like. `spoken_of`: the gender of "he" or "she" behind it in its sentence.
    """

    text: str
    label: str
    position: int
    gender: str = "-"
    given: str = "-"
    generation: str = ""
    words: list[str] = field(default_factory=list)
    folded: list[str] = field(default_factory=list)
    nick: list[str] = field(default_factory=list)
    capitals: bool = False
    quoted: bool = False
    spoken_of: str = "-"


@dataclass(slots=True)
class NameCluster:
    """The mentions of one person or body. `members` are indices into the list that was clustered, in order of text.

    `number` is its place among the article's clusters; `nick`: nicknames that stand in marks within its names.
    """

    label: str
    members: list[int] = field(default_factory=list)
    folded: list[list[str]] = field(default_factory=list)
    number: int = 0
    gender: str = "-"
    given: str = "-"
    generation: str = ""
    nick: set[str] = field(default_factory=set)
    spoken_of: int = 0

    @property
    def likely_gender(self) -> str:
        """By title, else by given name, else by the pronouns behind the name; "-" where none tells."""
        if self.gender != "-" or self.given != "-":
            return self.given if self.gender == "-" else self.gender
        return "-" if abs(self.spoken_of) < 2 else "m" if self.spoken_of > 0 else "f"


def read_name(text: str, label: str, position: int, before: str = "") -> Name:
    """Take a name mention apart. `before` is the word before it, which may be a title."""
    name = Name(text, label, position)
    words = [w for w in (w.strip(_TRIM) for w in re.split(r"[\s\u00a0]+", text)) if w]
    words = [re.sub(r"['’]s?$", "", w) for w in words]
    words = [w for w in words if w]
    if label == "PER":
        table = titles()
        # a title at the end is a surname: Ruth King is no king
        for word in (before, *words[:-1]):
            gender = table.get(word.strip(_TRIM).casefold(), "")
            if gender in ("m", "f"):
                name.gender = gender
        while len(words) > 1 and fold(words[-1]).strip(".") in _SUFFIXES:
            name.generation = fold(words[-1]).strip(".") if _GENERATION.match(" " + words[-1]) else name.generation
            words = words[:-1]
        words = words[_roles(words) :]
        # Maria “Lola” Reyes: the nickname is no part of the order of names
        nick = set(re.findall(r"[“\"‘'(«]([^\s”\"’')»]+)[”\"’')»]", text))
        if len(words) > 2:
            name.nick = [fold(w) for w in words if w in nick]
            words = [w for w in words if w not in nick] or words
    elif words and words[0].casefold() == "the" and len(words) > 1:
        words = words[1:]
    name.words = words
    if label == "PER":
        name.given = _given_gender(words)
    # U.N. is UN; a person's M.J. keeps its point inside, so that it is known for initials
    name.folded = [fold(w).strip(".") if label == "PER" else fold(w).replace(".", "") for w in words]
    return name


def _roles(words: Sequence[str]) -> int:
    """How many words at the start of a person's name are titles and roles that the tagger took for parts of it."""
    table = titles()

    def is_role(word: str) -> bool:
        low = word.casefold().strip(".")
        # "Colonel-Major Traoré", "neurosurgeon Amina Diop"
        return all(part in table for part in low.split("-")) or (word.islower() and word not in _PARTICLES)

    at = 0
    while at < len(words) - 1 and is_role(words[at]):
        rest = [w for w in words[at + 1 :] if w.casefold() not in _PARTICLES]
        if len(rest) == 1 and words[at].casefold() in NAMING_TITLES:
            break
        at += 1
    # with the capitals of a headline: "Harbour Icon Lim Dong"; but a noun behind a given name is a name
    for i in range(at, len(words) - 2):
        low = words[i].casefold()
        if fold(words[i]) in given_names() or _is_initials(low):
            break
        if low in person_nouns() or low in table:
            at = i + 1
    return at


def _given_gender(words: Sequence[str]) -> str:
    """Gender by given name: the first word, or the second behind initials or in a long name that begins with the family's."""
    table = given_names()
    folded = [fold(w) for w in words]
    if not folded:
        return "-"
    first = table.get(folded[0]) or table.get(folded[0].split("-")[0])
    if first is None and (len(folded) > 2 or (len(folded) > 1 and _is_initials(folded[0]))):
        first = table.get(folded[1])
    return first or "-"


def core_text(name: Name) -> str:
    """The stretch of the mention's text from its first to its last proper word (titles and degrees off)."""
    if not name.words:
        return name.text
    start = name.text.find(name.words[0])
    end = name.text.rfind(name.words[-1])
    if not 0 <= start <= end:
        return name.text
    end += len(name.words[-1])
    generation = _GENERATION.match(name.text, end)
    return name.text[start : generation.end() if generation else end]


def cluster_names(
    names: Sequence[Name], speaking: Container[int] = (), relatives: Container[int] = ()
) -> list[NameCluster]:
    """Cluster the names of one article, given in order of text; every name is in one cluster.

    `speaking`: which of them stand in the mention of a source; of two people a surname rather means who spoke before.
    `relatives`: which stand there only as somebody's kin ("her husband, Dele Okello"); the surname behind it is not theirs.
    """
    labels = _settle_labels(names)
    clusters: list[NameCluster] = []
    index = _Index()
    order = sorted(range(len(names)), key=lambda i: (-min(len(names[i].folded), 3), i))
    singles = []
    for i in order:
        if labels[i] == "PER" and len(_solid(names[i].folded)) < 2:
            singles.append(i)
            continue
        near = [clusters[k] for k in index.look_up(_match_keys(labels[i], names[i].folded))]
        name = names[i]
        near = [c for c in near if "" in (c.generation, name.generation) or c.generation == name.generation]
        fits = (c for c in near if any(_same(labels[i], f, name.folded) for f in c.folded) or _by_nickname(c, name))
        _join(clusters, next(fits, None), labels[i], i, name, index)
    for i in sorted(singles):
        near = [clusters[k] for k in index.look_up(_owner_keys(names[i]))]
        _join(clusters, _owner(near, names, i, speaking, relatives), "PER", i, names[i], index)
    return clusters


def _join(
    clusters: list[NameCluster], match: NameCluster | None, label: str, i: int, name: Name, index: "_Index"
) -> None:
    if match is None:
        match = NameCluster(label, number=len(clusters))
        clusters.append(match)
    insort(match.members, i)
    if name.folded not in match.folded:
        match.folded.append(name.folded)
        index.add(match.number, _match_keys(label, name.folded))
        if label == "PER":
            index.add(match.number, _part_keys(name.folded))
    if name.gender != "-":
        match.gender = name.gender
    # a single name may be a surname that is a given name elsewhere
    if name.given != "-" and (match.given == "-" or len(name.folded) > 1):
        match.given = name.given
    match.generation = name.generation or match.generation
    match.spoken_of += _GENDERS[name.spoken_of]
    match.nick.update(name.nick)
    index.add(match.number, [("part", nick) for nick in name.nick])


# --- an index of clusters, so that a book of names costs no more per name than an article


class _Index:
    """Numbers of the clusters that have a key: two names that can be one's have a key in common."""

    def __init__(self) -> None:
        self._having: dict[_Key, dict[int, None]] = {}

    def add(self, number: int, keys: Iterable[_Key]) -> None:
        for key in keys:
            self._having.setdefault(key, {})[number] = None

    def look_up(self, keys: Iterable[_Key]) -> list[int]:
        """In order of the clusters' making."""
        return sorted({number for key in keys for number in self._having.get(key, ())})


def _match_keys(label: str, folded: Sequence[str]) -> set[_Key]:
    """What `_same` asks for: two names for which it is true share a key."""
    if not folded:
        return {(label, "")}
    if label == "PER":
        parts = {part for word in folded for part in (word, *word.split("-"))} | {_bare(folded[-1])}
        misspelt = f"{len(folded)} {folded[0][:1]} {folded[-1][:1]}"
        return {(label, part) for part in parts} | {("like", misspelt)}
    keys = {(label + " begins", folded[0]), (label + " ends", folded[-1])}
    short = {_acronym(folded[0])} if len(folded) == 1 else acronyms(folded)
    return keys | {(label + " short", s) for s in short}


def _part_keys(full: Sequence[str]) -> set[_Key]:
    """What `_fit` asks for, from the side of the full name; `_owner_keys` is the single name's side."""
    if not full:
        return set()
    last = full[-1]
    parts = {last, _bare(last), *last.split("-"), *full[:-1]}
    given = {full[0][:1] + "."} if _is_initials(full[0]) else {full[0], *nicknames().get(full[0], ())}
    return {("part", p) for p in parts} | {("given", g) for g in given} | {("last", last[:1])}


def _owner_keys(name: Name) -> set[_Key]:
    word = _bare(name.folded[-1]) if name.folded else ""
    if not word:
        return set()
    given = {word, word[0] + ".", *nicknames().get(word, ())}
    return {("part", word), ("last", word[0])} | {("given", g) for g in given}


# of two labels given equally often the later one wins
_LABELS = ("OTHER", "ORG", "PER")


# Bodies with these nouns bear the name of a person whom the text may name without them.
_OF_PEOPLE = frozenset(
    "foundation campaign administration family team institute center centre prize trust office committee school library".split()
)


def _settle_labels(names: Sequence[Name]) -> list[str]:
    """One label for equal names: the most frequent; a single name that is part of a person's full name is a person's."""
    votes: dict[str, dict[str, int]] = {}
    person_words = {w for n in names if n.label == "PER" and len(n.folded) > 1 for w in (n.folded[0], n.folded[-1])}
    surnames = {n.folded[-1] for n in names if n.label == "PER" and n.folded}
    for name in names:
        count = votes.setdefault(" ".join(name.folded), {})
        count[name.label] = count.get(name.label, 0) + 1
    firms = (n.folded for n in names if n.label == "ORG" and n.folded and n.folded[-1] not in _OF_PEOPLE)
    bodies = {" ".join(folded[:k]) for folded in firms for k in range(1, len(folded))}
    labels = []
    for name in names:
        count = votes[" ".join(name.folded)]
        best = max(count, key=lambda label: (count[label], _LABELS.index(label)))
        if len(name.folded) == 1 and name.folded[0] in person_words and "PER" in count:
            best = "PER"
        if best != "PER" and 1 < len(name.folded) < 4 and name.folded[-1] in surnames and name.folded[0] in given_names():
            best = "PER"  # the tagger's body "Ruth Okello", where "Okello" is a person elsewhere
        begins = " ".join(name.folded) in bodies and (len(name.folded) > 1 or name.folded[0] not in person_words)
        if best == "PER" and begins and name.gender == name.given == "-":
            best = "ORG"  # the tagger's person "Okello", where there is an Okello Freight, and no Ruth Okello
        labels.append(best)
    return labels


def _solid(words: Sequence[str]) -> list[str]:
    """Words that are more than an initial."""
    return [w for w in words if not _is_initials(w)] or list(words)


def _bare(word: str) -> str:
    """Without an article joined by a hyphen: al-Durrani is Durrani too."""
    head, sep, rest = word.partition("-")
    return rest if sep and head in _PARTICLES else word


def _same(label: str, a: Sequence[str], b: Sequence[str]) -> bool:
    return same_person(a, b) if label == "PER" else same_body(a, b)


def same_person(a: Sequence[str], b: Sequence[str]) -> bool:
    """Whether two full names (folded words) can be one person's."""
    if list(a) == list(b) or sorted(a) == sorted(b):
        return True
    short, long = sorted((a, b), key=len)
    if len(short) > 1 and _ordered_subset(short, long):
        return True
    if _bare(a[-1]) == _bare(b[-1]) and _same_given(a[0], b[0]):
        return True
    # Imogen Farrant-Ellis is Imogen Ellis
    if a[0] == b[0] and len(a) == len(b) == 2 and (a[1] in b[1].split("-") or b[1] in a[1].split("-")):
        return True
    return len(a) == len(b) and all(_misspelt(x, y, given=x is a[0]) for x, y in zip(a, b, strict=True))


def _by_nickname(cluster: NameCluster, name: Name) -> bool:
    """Whether one of two names has the other's nickname for a given name: Maria “Lola” Reyes is Lola Reyes."""
    if cluster.label != "PER" or len(name.folded) < 2:
        return False
    return any(
        _bare(folded[-1]) == _bare(name.folded[-1]) and (name.folded[0] in cluster.nick or folded[0] in name.nick)
        for folded in cluster.folded
        if len(folded) > 1
    )


def _misspelt(a: str, b: str, *, given: bool) -> bool:
    """Whether two words may be one word misspelt. Given names that end otherwise are two: Jan and Jana, Paul and Paula."""
    if a == b:
        return True
    alike = min(len(a), len(b)) > 3 and a[0] == b[0] and fuzz.ratio(a, b) >= _MISSPELT_WORD
    return alike and not (given and a[-1] != b[-1])


def _same_given(a: str, b: str) -> bool:
    if a == b:
        return True
    if _is_initials(a) or _is_initials(b):
        return a[0] == b[0]
    table = nicknames()
    return b in table.get(a, ()) or a in table.get(b, ()) or bool(table.get(a, frozenset()) & table.get(b, frozenset()))


def _is_initials(word: str) -> bool:
    return len(word) == 1 or "." in word


def _ordered_subset(short: Sequence[str], long: Sequence[str]) -> bool:
    """Whether the words of `short` stand in `long` in the same order; a hyphenated part counts as its word."""
    rest = iter(long)
    return all(any(word == other or word in other.split("-") for other in rest) for word in short)


def same_body(a: Sequence[str], b: Sequence[str]) -> bool:
    """Whether two names of bodies (folded words) can be one's: equal, an acronym, or one the beginning or end of the other."""
    if list(a) == list(b):
        return True
    short, long = sorted((a, b), key=len)
    if len(short) == 1 and len(long) > 1 and _acronym(short[0]) in acronyms(long):
        return True
    n = len(short)
    # one common word ("Council", "Fox") at the edge of a longer name is enough within one article
    return n < len(long) and (list(long[-n:]) == list(short) or list(long[:n]) == list(short)) and sum(map(len, short)) > 2


def _acronym(word: str) -> str:
    return word.replace(".", "")


def acronyms(words: Sequence[str]) -> set[str]:
    """What initials may stand for a body: TAB, MoW, without what follows "and" (CDC), without its sort (HHS)."""
    large = [w for w in words if w and w not in _SMALL]
    found = {"".join(w[0] for w in large), "".join(w[0] for w in words if w)}
    if "and" in words:
        found.add("".join(w[0] for w in words[: words.index("and")] if w and w not in _SMALL))
    if large and large[0] in _SORTS:
        found.add("".join(w[0] for w in large[1:]))
    return {short for short in found if len(short) > 2} | {"".join(w[0] for w in large)}


_SMALL = frozenset("of the and for in on to &".split())
_SORTS = frozenset("department ministry office bureau agency".split())


def _owner(
    clusters: Sequence[NameCluster], names: Sequence[Name], i: int, speaking: Container[int], relatives: Container[int]
) -> NameCluster | None:
    """The person whose full name a single name is part of; where several fit, whom the text was about, then the last one."""
    word = _bare(names[i].folded[-1]) if names[i].folded else ""
    ranked: list[tuple[tuple[int, int, float, int], NameCluster]] = []
    for cluster in clusters:
        if cluster.label != "PER" or (
            "-" not in (cluster.likely_gender, names[i].gender) and cluster.likely_gender != names[i].gender
        ):
            continue
        fit = max((_fit(word, f) for f in cluster.folded if _initial_fits(names[i].folded, f)), default=0)
        fit = max(fit, 2 * (word in cluster.nick))  # Maria “Lola” Reyes is Lola
        if fit:
            at = bisect_left(cluster.members, i)
            place = names[cluster.members[at - 1]].position if at else -names[cluster.members[0]].position
            told = _GENDERS[cluster.likely_gender] * _GENDERS[names[i].spoken_of]
            ranked.append(((fit, told, _presence(cluster, at, names, i, speaking, relatives), place), cluster))
    return max(ranked, key=lambda x: x[0])[1] if ranked else None


_GENDERS = {"m": 1, "f": -1, "-": 0}
# After so many words the naming in full of a second Okello counts a third; right behind it, it counts as much as twenty
# times that the surname alone stood for the first one.
_FRESH, _NAMED = 40, 3.0
# So many of the latest mentions tell how present somebody is.
_LATEST = 20


def _presence(
    cluster: NameCluster, at: int, names: Sequence[Name], i: int, speaking: Container[int], relatives: Container[int]
) -> float:
    """How present somebody is where a surname stands that is another's, too.

    Whom the surname alone has meant keeps it ("Okello said" of the mayor), but for the words behind the full name of the
    other ("The treasurer, Ruth Okello, came in. Okello said ..."), and whoever spoke is rather the one who goes on.
    """
    before = cluster.members[max(0, at - _LATEST) : at]
    alone = [m for m in before if names[m].folded[-1:] == names[i].folded[-1:] and len(names[m].folded) == 1]
    full = next((names[m].position for m in reversed(before) if m not in alone and m not in relatives), None)
    fresh = _NAMED * math.exp((full - names[i].position) / _FRESH) if full is not None else 0.0
    return math.log1p(len(alone)) + any(m in speaking for m in before) + fresh


def _swapped(a: str, b: str) -> bool:
    """Whether two words differ by two neighbouring letters that changed places: Abiona and Aboina."""
    return sorted(a) == sorted(b) and OSA.distance(a, b) == 1


def _initial_fits(single: Sequence[str], full: Sequence[str]) -> bool:
    """"P. Okonjo" is not Maria Okonjo: an initial before a surname must begin the given name (Ó Dálaigh has none)."""
    if len(single) < 2 or len(full) < 2 or not _is_initials(single[0]):
        return True
    return single[0][0] == full[0][0] or single[0] in full[1:]


def _fit(word: str, full: Sequence[str]) -> int:
    """How well a single name fits a full one: 4 surname, 3 a half of it, 2 given name, 1 another part, 0 not at all."""
    if not word:
        return 0
    last = full[-1]
    if word in (last, _bare(last)):
        return 4
    if word in last.split("-"):
        return 3  # of Rosa Ibarra and Dele Ibarra-Cole, "Ibarra" is Rosa
    if len(full) > 1 and (word == full[0] or (_same_given(word, full[0]) and len(word) > 1)):
        return 2
    if word in full[1:-1] and word not in _PARTICLES:
        return 1
    if len(word) > 4 and word[0] == last[0] and (fuzz.ratio(word, last) >= _MISSPELT or _swapped(word, last)):
        return 1
    # who is never named in full is most likely somebody misspelt
    if len(word) == len(last) > 4 and word[0] == last[0] and OSA.distance(word, last) == 1 and word not in given_names():
        return 1
    return 0
