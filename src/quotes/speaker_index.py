"""Who speaks in an archive: one row a person or body over all articles, and which rows may be one.

A name means one person, but where their roles lie far apart (`lexicon.occupations`): the goalkeeper Amos Oduya is not the
senator. What the file of aliases names is one, whatever its roles. Rows are never merged on likeness alone: that is suggested,
with a score, in the form of a file of aliases.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from rapidfuzz import fuzz

from quotes.aliases import Aliases, name_key
from quotes.lexicon import fold, nicknames, occupations
from quotes.names import Name, acronyms, read_name, same_body, same_person
from quotes.stored import Story, StoryQuotation, StorySource
from quotes.table import Row

KINDS = ("person", "organization")
# A surname by itself, or a part of a body's name, is suggested for so many of that name at most.
_MOST_NAMESAKES = 3
# The score of two names is that of their letters, but for an acronym, a surname alone where it is one's, and where it may be
# several's; a word common to both roles adds to it; another spelling, and roles that lie far apart, take off.
_ACRONYM, _SURNAME, _NAMESAKES, _ROLE, _MISSPELT, _APART = 0.75, 0.6, 0.4, 0.1, 0.2, 0.4
SPELLING = "another spelling"
_ROLE_END = re.compile(r"\b(?:of|for|at|in|from|with|who|whose|and)\b|,")
_NO_CONTENT_WORDS = "a an the of for at in from with who whose and his her their its former late acting chief senior"
_NO_CONTENT = frozenset(_NO_CONTENT_WORDS.split())


@dataclass(slots=True)
class Role:
    """What somebody is called, in how many articles, and from when to when (None where no article has a date)."""

    text: str
    articles: int = 0
    first: str | None = None
    last: str | None = None


@dataclass(slots=True)
class Speaker:
    """A person or body over all articles.

    Attributes:
        name: The commonest form of the name, or that of the file of aliases.
        kind: "person" or "organization".
        entity: Id in the file of aliases, or None.
        articles, quotations, words: Where it speaks, how often, how much.
        share: Of all quoted words of the archive, those of unnamed sources included; 0 to 1.
        first, last: Dates of the earliest and latest article, None where none is known.
        roles: The commonest first.
        aliases: Other forms of the name, the commonest first.
    """

    name: str
    kind: str
    entity: str | None
    articles: int
    quotations: int
    words: int
    share: float
    first: str | None
    last: str | None
    roles: list[Role]
    aliases: list[str]

    def to_dict(self) -> dict[str, Any]:
        """Ready for JSON."""
        plain = ("name", "kind", "entity", "articles", "quotations", "words", "share", "first", "last", "aliases")
        roles = [{"role": r.text, "articles": r.articles, "first": r.first, "last": r.last} for r in self.roles]
        return {**{k: getattr(self, k) for k in plain}, "roles": roles}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Two speakers that may be one: `name` is the one with more articles; `score` 0 to 1."""

    name: str
    alias: str
    entity: str | None
    score: float
    reason: str


@dataclass(slots=True)
class _Entry:
    kind: str
    entity: str | None = None
    forms: Counter[str] = field(default_factory=Counter)
    others: Counter[str] = field(default_factory=Counter)
    roles: dict[str, Role] = field(default_factory=dict)
    articles: int = 0
    quotations: int = 0
    words: int = 0
    first: str | None = None
    last: str | None = None

    def join(self, other: "_Entry") -> None:
        self.entity = self.entity or other.entity
        self.forms += other.forms
        self.others += other.others
        self.articles += other.articles
        self.quotations += other.quotations
        self.words += other.words
        self.first, self.last = _between(self.first, self.last, other.first, other.last)
        for key, role in other.roles.items():
            ours = self.roles.setdefault(key, Role(role.text))
            ours.articles += role.articles
            ours.first, ours.last = _between(ours.first, ours.last, role.first, role.last)


class SpeakerIndex:
    """Takes articles and tells their speakers.

    `articles`, `quotations` and `words` are those of the whole archive; `copies` are articles that were left out since they say
    nearly the same as an earlier one. Memory grows with the number of different names and roles, not of articles.
    """

    def __init__(self, aliases: Aliases | None = None) -> None:
        self._aliases = aliases
        # by kind and name: an entry for each field of occupation, under "" what has none
        self._entries: dict[tuple[str, str], dict[str, _Entry]] = {}
        self.articles = self.quotations = self.words = self.copies = 0

    def add(self, story: Story) -> None:
        """Count an article."""
        if story.copy:
            self.copies += 1
            return
        self.articles += 1
        self.quotations += len(story.quotations)
        self.words += sum(q.words for q in story.quotations)
        told: list[_Entry] = []
        for number, source in enumerate(story.sources):
            if source.name is None or source.kind not in KINDS:
                continue
            entry, name = self._entry(source, source.name)
            again = any(entry is other for other in told)  # two sources of the article are one by the file of aliases
            told.append(entry)
            self._count(entry, name, source, [q for q in story.quotations if q.source == number])
            entry.articles += not again
            entry.first, entry.last = _between(entry.first, entry.last, story.day, story.day)
            if source.role and not again:
                role = entry.roles.setdefault(fold(source.role), Role(source.role))
                role.articles += 1
                role.first, role.last = _between(role.first, role.last, story.day, story.day)

    def _entry(self, source: StorySource, name: str) -> tuple[_Entry, str]:
        """Where a source is counted, and under which name."""
        entity = self._aliases.entity(name) if self._aliases else None
        name, ident = (entity.name, entity.id) if entity else (name, source.entity)
        known = entity is not None or ident is not None
        of_name = self._entries.setdefault((source.kind, f"#{ident}" if ident else name_key(name)), {})
        entry = of_name.setdefault("" if known else field_of(source.role), _Entry(source.kind))
        entry.entity = entry.entity or ident
        return entry, name

    def _count(self, entry: _Entry, name: str, source: StorySource, quotations: Sequence[StoryQuotation]) -> None:
        entry.forms[name] += len(quotations)
        entry.others.update(dict.fromkeys(_others(source, name), len(quotations)))
        entry.quotations += len(quotations)
        entry.words += sum(q.words for q in quotations)

    def speakers(self) -> list[Speaker]:
        """All of them, who says most first."""
        found = [self._speaker(entry) for of_name in self._entries.values() for entry in _settled(of_name)]
        return sorted(found, key=lambda s: (-s.words, -s.articles, s.name))

    def _speaker(self, entry: _Entry) -> Speaker:
        name = max(entry.forms, key=lambda form: (entry.forms[form], form))
        others = {**dict.fromkeys(entry.forms), **entry.others}
        aliases = sorted((o for o in others if o != name), key=lambda o: (-entry.forms[o] - entry.others[o], o))
        roles = sorted(entry.roles.values(), key=lambda r: (-r.articles, r.first or "", r.text))
        share = entry.words / self.words if self.words else 0.0
        return Speaker(
            name, entry.kind, entry.entity, entry.articles, entry.quotations, entry.words, round(share, 6),
            entry.first, entry.last, roles, aliases,
        )  # fmt: skip


def _settled(of_name: dict[str, _Entry]) -> list[_Entry]:
    """The entries of a name: what tells no occupation is of the one with most articles."""
    told = [entry for key, entry in of_name.items() if key]
    plain = of_name.get("")
    if plain is None:
        return told
    if not told:
        return [plain]
    most = max(told, key=lambda entry: entry.articles)
    joined = _Entry(most.kind)
    for entry in (most, plain):
        joined.join(entry)
    return [joined if entry is most else entry for entry in told]


COLUMNS = ("speaker", "kind", "entity", "articles", "quotations", "words", "share", "first", "last", "roles", "aliases")


def rows(speakers: Iterable[Speaker]) -> Iterator[Row]:
    """One flat row a speaker under the names of `COLUMNS`; roles and aliases are parted by "; "."""
    for s in speakers:
        roles = "; ".join(_dated(role) for role in s.roles)
        plain = {c: getattr(s, c) for c in COLUMNS if c not in ("speaker", "roles", "aliases")}
        yield {"speaker": s.name, **plain, "roles": roles, "aliases": "; ".join(s.aliases)}


def _dated(role: Role) -> str:
    """A role with the number of its articles and their dates: "mayor of Velsen (12, 2019-03-02 to 2021-05-01)"."""
    days = f", {role.first}" if role.first else ""
    days += f" to {role.last}" if role.last != role.first else ""
    return f"{role.text} ({role.articles}{days})"


def field_of(role: str | None) -> str:
    """The field of occupation that a role tells; "" where it tells none."""
    if not role:
        return ""
    head = _ROLE_END.split(fold(role), maxsplit=1)[0]
    known = occupations()
    return next((known[word] for word in reversed(re.findall(r"[\w-]+", head)) if word in known), "")


def _others(source: StorySource, name: str) -> list[str]:
    """Other forms of the name in the article: those that have a word of it, so that "the mayor" is none."""
    words = set(fold(name).split())
    forms = {a for a in source.aliases if a != name and a[:1].isupper() and not words.isdisjoint(fold(a).split())}
    return sorted(forms | ({source.name} if source.name and source.name != name else set()))


def _between(*days: str | None) -> tuple[str | None, str | None]:
    known = [day for day in days if day is not None]
    return (min(known), max(known)) if known else (None, None)


# --- suggestions


def suggest(speakers: Iterable[Speaker]) -> list[Suggestion]:
    """Pairs of speakers of one kind that may be one, the likeliest first; each pair once."""
    found: list[Suggestion] = []
    by_kind: dict[str, list[Speaker]] = {kind: [] for kind in KINDS}
    for speaker in sorted(speakers, key=lambda s: (-s.articles, -s.words, s.name)):
        by_kind[speaker.kind].append(speaker)
    for kind, of_kind in by_kind.items():
        pairs = _people(of_kind) if kind == "person" else _bodies(of_kind)
        seen: set[tuple[int, int]] = set()
        for one, other, score, reason in pairs:
            pair = (min(one, other), max(one, other))
            if one != other and pair not in seen:
                seen.add(pair)
                found.append(_suggestion(of_kind[pair[0]], of_kind[pair[1]], score, reason))
    return sorted(found, key=lambda s: (-s.score, s.name, s.alias))


_Pair = tuple[int, int, float | None, str]


def _suggestion(one: Speaker, other: Speaker, score: float | None, reason: str) -> Suggestion:
    if score is None:
        score = fuzz.token_sort_ratio(fold(one.name), fold(other.name)) / 100 - _MISSPELT * (reason == SPELLING)
    ours, theirs = _content(one), _content(other)
    score += _ROLE * (not ours.isdisjoint(theirs))
    fields = [{field_of(r.text) for r in s.roles} - {""} for s in (one, other)]
    score -= _APART * bool(fields[0] and fields[1] and fields[0].isdisjoint(fields[1]))
    if one.entity and other.entity and one.entity != other.entity:
        score, reason = 0.0, f"{reason}, other ids"
    return Suggestion(one.name, other.name, one.entity, round(min(0.99, max(0.0, score)), 2), reason)


def _content(speaker: Speaker) -> set[str]:
    return {word for role in speaker.roles for word in re.findall(r"\w+", fold(role.text))} - _NO_CONTENT


def _name(speaker: Speaker) -> Name:
    return read_name(speaker.name, "PER" if speaker.kind == "person" else "ORG", 0)


def _people(speakers: list[Speaker]) -> Iterator[_Pair]:
    names = [_name(s) for s in speakers]
    index: dict[tuple[str, ...], list[int]] = {}
    full = [i for i, name in enumerate(names) if len(name.folded) > 1]
    for i in full:
        folded = names[i].folded
        near = sorted({j for key in _person_keys(folded) for j in index.get(key, ())})
        for j in near:
            if same_person(folded, names[j].folded):
                yield j, i, None, _reason(folded, names[j].folded)
        for key in _person_keys(folded):
            index.setdefault(key, []).append(i)
    last: dict[str, list[int]] = {}
    for i in full:
        last.setdefault(names[i].folded[-1], []).append(i)
    for i, name in enumerate(names):
        owners = last.get(name.folded[0], []) if len(name.folded) == 1 else []
        if 0 < len(owners) <= _MOST_NAMESAKES:
            score = _SURNAME if len(owners) == 1 else _NAMESAKES
            yield from ((j, i, score, "surname alone") for j in owners)


def _person_keys(folded: list[str]) -> set[tuple[str, ...]]:
    """Two names that can be one person's share a key, and few others do."""
    given, last = folded[0], folded[-1]
    initials = {given[0], *(long[0] for long in nicknames().get(given, ()))}
    parts = {last, *last.split("-")}
    keys = {("last", part, initial) for part in parts for initial in initials}
    keys |= {("given", given, word[:3]) for word in folded[1:]}
    return keys | {("words", *sorted(folded))}


def _reason(one: list[str], other: list[str]) -> str:
    if one == other:
        return "the same name, other roles"
    if len(one) != len(other):
        return "one name within the other"
    if sorted(one) == sorted(other):
        return "the same words in another order"
    short = len(one[0].strip(".")) == 1 or len(other[0].strip(".")) == 1
    if short or not nicknames().get(one[0], frozenset()).isdisjoint({other[0], *nicknames().get(other[0], ())}):
        return "initial or short given name"
    return "initial or short given name" if one[0] in nicknames().get(other[0], ()) else SPELLING


def _bodies(speakers: list[Speaker]) -> Iterator[_Pair]:
    names = [_name(s).folded for s in speakers]
    whole: dict[tuple[str, ...], list[int]] = {}
    for i, folded in enumerate(names):
        whole.setdefault(tuple(folded), []).append(i)
    within: dict[tuple[str, ...], list[int]] = {}
    for i, folded in enumerate(names):
        for j in whole[tuple(folded)]:
            if j < i:
                yield j, i, None, "the same name, other roles"
        edges = {tuple(folded[:n]) for n in range(1, len(folded))} | {tuple(folded[-n:]) for n in range(1, len(folded))}
        for edge in edges & whole.keys():
            if same_body(edge, folded):
                within.setdefault(edge, []).append(i)
        if len(folded) > 1:
            for short in sorted(acronyms(folded)):
                yield from ((i, j, _ACRONYM, "acronym") for j in whole.get((short,), ()))
    for edge, longer in within.items():
        if len(longer) <= _MOST_NAMESAKES:
            yield from ((i, j, None, "one name within the other") for i in longer for j in whole[edge])
