"""How a story is sourced, and how all stories of an archive are; docs/audit.md defines each measure and its origin.

A source is whoever a quotation of the story is of. It is identified where it is a person, body or text, unnamed where it is one
or several people without a name. Each figure of an archive has its 95 % interval: Wilson's for shares of stories (Wilson 1927),
that of a ratio of sums over stories for shares of quotations, words and sources (Cochran 1977, chapter 6), order statistics for
medians.
"""

import math
import operator
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from quotes.anonymity import Stated, stated
from quotes.errors import InputError
from quotes.stored import Story, StorySource
from quotes.table import Row

_Z = 1.959964
# Nouns that tell nothing of an unnamed source beside that it spoke.
_BARE_WORDS = """
a an the one two three four five six seven eight nine ten some several many other others another both more most few of and
source sources official officials insider insiders person people individual individuals someone somebody man men woman women
observer observers critic critics expert experts analyst analysts anonymous unnamed spokesman spokeswoman spokesperson
spokespeople authorities
"""
_BARE = frozenset(_BARE_WORDS.split())
# What a user calls a column of the input's metadata.
_COLUMNS = {"outlet": "publisher", "author": "byline"}
NO_GROUP = "(none)"


@dataclass(frozen=True, slots=True)
class Voice:
    """A source of a story: place among its sources, how often and how much it is quoted.

    `share`: of all quoted words, 0 to 1. `described`, `stated`: of an unnamed one, see `StoryAudit`.
    """

    place: int
    source: StorySource
    quotations: int
    words: int
    share: float
    described: bool
    stated: Stated | None


@dataclass(frozen=True, slots=True)
class StoryAudit:
    """The figures of one story; `voices` in order of their first quotation.

    `explained` and `asked` count unnamed sources for whom a reason is stated, or only that they asked not to be named; None
    where the story's text is not known.
    """

    story: Story
    voices: tuple[Voice, ...]
    quotations: int
    direct: int
    mixed: int
    indirect: int
    unattributed: int
    words: int
    unnamed_quotations: int
    unnamed_words: int

    def count(self, *kinds: str) -> int:
        """Sources of these kinds."""
        return sum(v.source.kind in kinds for v in self.voices)

    @property
    def sources(self) -> int:
        """All of them."""
        return len(self.voices)

    @property
    def unnamed(self) -> int:
        """People without a name."""
        return self.count("anonymous", "group")

    @property
    def identified(self) -> int:
        """Persons, bodies and texts."""
        return self.sources - self.unnamed

    @property
    def described(self) -> int:
        """Unnamed sources of whom more is told than that they are a source or an official."""
        return sum(v.described for v in self.voices if not v.source.named)

    @property
    def explained(self) -> int | None:
        """Unnamed sources for whom a reason is stated."""
        return self._stated("reason")

    @property
    def asked(self) -> int | None:
        """Unnamed sources of whom is told that they would not be named, without a reason."""
        return self._stated("asked")

    def _stated(self, what: Stated) -> int | None:
        if self.story.text is None:
            return None
        return sum(v.stated == what for v in self.voices if not v.source.named)

    def row(self) -> Row:
        """One flat row, under the names of `STORY_COLUMNS`."""
        about = self.story.about
        counts = {kind + ("s" if kind != "anonymous" else ""): self.count(kind) for kind in KINDS}
        plain = ("sources", "identified", "unnamed", "described", "explained", "asked", "quotations", "direct", "mixed")
        more = ("indirect", "unattributed", "words", "unnamed_quotations", "unnamed_words")
        first = self.voices[0].source.label if self.voices else None
        return {
            "article": self.story.id,
            **{k: about.get(k) for k in ("title", "publisher", "byline", "published")},
            **counts,
            **{k: getattr(self, k) for k in (*plain, *more)},
            "single_source": self.sources == 1,
            "unnamed_only": self.sources > 0 and not self.identified,
            "first_voice": first,
        }


KINDS = ("person", "organization", "document", "anonymous", "group")
STORY_COLUMNS = (
    "article", "title", "publisher", "byline", "published", "persons", "organizations", "documents", "anonymous", "groups",
    "sources", "identified", "unnamed", "described", "explained", "asked", "quotations", "direct", "mixed", "indirect",
    "unattributed", "words", "unnamed_quotations", "unnamed_words", "single_source", "unnamed_only", "first_voice",
)  # fmt: skip


def audit_story(story: Story) -> StoryAudit:
    """The figures of one story."""
    words = sum(q.words for q in story.quotations)
    voices = []
    for number, source in enumerate(story.sources):
        own = [q for q in story.quotations if q.source == number]
        said = sum(q.words for q in own)
        told = None
        if story.text is not None and not source.named:
            told = stated(story.text, (q.mentioned for q in own if q.mentioned is not None))
        voices.append(Voice(number + 1, source, len(own), said, said / words if words else 0.0, _is_described(source), told))
    unnamed = [v for v in voices if not v.source.named]
    kinds = Counter(q.kind for q in story.quotations)
    return StoryAudit(
        story,
        tuple(voices),
        len(story.quotations),
        kinds["direct"],
        kinds["mixed"],
        kinds["indirect"],
        sum(q.source is None for q in story.quotations),
        words,
        sum(v.quotations for v in unnamed),
        sum(v.words for v in unnamed),
    )


def _is_described(source: StorySource) -> bool:
    return bool(set(re.findall(r"[^\W\d_]+", source.label.lower())) - _BARE)


# --- an archive


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure of an archive.

    Attributes:
        name: For JSON and for gates.
        label: For a reader.
        value: A number, or for a median its value; None where nothing was counted.
        of: What it is a part of; None for a plain number.
        low, high: The 95 % interval of the share (0 to 1) or of the median; None where there is none.
    """

    name: str
    label: str
    value: float | None
    of: int | None = None
    low: float | None = None
    high: float | None = None

    @property
    def share(self) -> float | None:
        """As a part of `of`, 0 to 1."""
        return self.value / self.of if self.of and self.value is not None else None

    def to_dict(self) -> dict[str, Any]:
        """Ready for JSON."""
        return {"value": self.value, "of": self.of, "share": self.share, "low": self.low, "high": self.high}


@dataclass(slots=True)
class _Ratio:
    """A sum over stories as a part of another sum over stories, with what its interval needs."""

    part: int = 0
    whole: int = 0
    squares: tuple[int, int, int] = (0, 0, 0)
    stories: int = 0

    def add(self, part: int, whole: int) -> None:
        self.part, self.whole, self.stories = self.part + part, self.whole + whole, self.stories + (whole > 0)
        pp, pw, ww = self.squares
        self.squares = pp + part * part, pw + part * whole, ww + whole * whole

    def interval(self) -> tuple[float | None, float | None]:
        if self.stories < 2 or not self.whole:
            return None, None
        if self.part in (0, self.whole):  # none of them, or all: no spread to go by, and no certainty either
            return _wilson(self.stories * (self.part > 0), self.stories)
        share = self.part / self.whole
        pp, pw, ww = self.squares
        spread = max(0.0, pp - 2 * share * pw + share * share * ww) * self.stories / (self.stories - 1)
        half = _Z * math.sqrt(spread) / self.whole
        return max(0.0, share - half), min(1.0, share + half)


# Shares of stories: name, what a reader reads, which stories.
_STORIES: tuple[tuple[str, str, Callable[[StoryAudit], bool]], ...] = (
    ("no_source", "stories without any source", lambda s: s.sources == 0),
    ("single_source", "stories with a single source", lambda s: s.sources == 1),
    ("identified_0", "stories with 0 identified sources", lambda s: s.identified == 0),
    ("identified_1", "... 1", lambda s: s.identified == 1),
    ("identified_2_3", "... 2 to 3", lambda s: 2 <= s.identified <= 3),
    ("identified_4", "... 4 or more", lambda s: s.identified >= 4),
    ("with_unnamed", "stories with an unnamed source", lambda s: s.unnamed > 0),
    ("unnamed_only", "stories with unnamed sources only", lambda s: s.sources > 0 and s.identified == 0),
    ("with_unattributed", "stories with an unattributed quotation", lambda s: s.unattributed > 0),
)
# Shares of quotations, words and sources: name, what a reader reads, part and whole of a story (None: not known there).
_RATIOS: tuple[tuple[str, str, Callable[[StoryAudit], tuple[int | None, int]]], ...] = (
    ("unnamed_sources", "sources that are unnamed", lambda s: (s.unnamed, s.sources)),
    ("unnamed_quotations", "quotations of unnamed sources", lambda s: (s.unnamed_quotations, s.quotations)),
    ("unnamed_words", "quoted words of unnamed sources", lambda s: (s.unnamed_words, s.words)),
    ("unattributed", "quotations without a source", lambda s: (s.unattributed, s.quotations)),
    ("direct", "direct quotations", lambda s: (s.direct, s.quotations)),
    ("mixed", "mixed quotations", lambda s: (s.mixed, s.quotations)),
    ("indirect", "indirect quotations", lambda s: (s.indirect, s.quotations)),
    ("described", "unnamed sources that are described", lambda s: (s.described, s.unnamed)),
    ("explained", "unnamed sources with a stated reason", lambda s: (s.explained, s.unnamed)),
    ("asked", "unnamed sources who asked for it, no reason", lambda s: (s.asked, s.unnamed)),
)
_MEDIANS: tuple[tuple[str, str, Callable[[StoryAudit], int]], ...] = (
    ("median_sources", "sources a story, median", lambda s: s.sources),
    ("median_identified", "identified sources a story, median", lambda s: s.identified),
    ("median_words", "quoted words a story, median", lambda s: s.words),
)
NAMES = ("stories", "quotations", *(name for names in (_STORIES, _RATIOS, _MEDIANS) for name, *_ in names))


@dataclass(slots=True)
class Audit:
    """The figures of many stories; memory does not grow with their number.

    `copies`: stories left out since they say nearly the same as others.
    """

    stories: int = 0
    copies: int = 0
    quotations: int = 0
    _of_stories: Counter[str] = field(default_factory=Counter)
    _ratios: dict[str, _Ratio] = field(default_factory=dict)
    _values: dict[str, Counter[int]] = field(default_factory=dict)

    def add(self, story: StoryAudit) -> None:
        """Count a story."""
        if story.story.copy:
            self.copies += 1
            return
        self.stories += 1
        self.quotations += story.quotations
        self._of_stories.update(name for name, _, holds in _STORIES if holds(story))
        for name, _, sums in _RATIOS:
            part, whole = sums(story)
            if part is not None:
                self._ratios.setdefault(name, _Ratio()).add(part, whole)
        for name, _, value in _MEDIANS:
            self._values.setdefault(name, Counter())[value(story)] += 1

    def measures(self) -> list[Measure]:
        """All figures, in the order in which they are read."""
        found = [
            Measure("stories", "stories", self.stories),
            Measure("quotations", "quotations", self.quotations),
            *self._medians(),
        ]
        for name, label, _ in _STORIES:
            number = self._of_stories[name]
            found.append(Measure(name, label, number, self.stories, *_wilson(number, self.stories)))
        for name, label, _ in _RATIOS:
            ratio = self._ratios.get(name)
            if ratio is None:
                found.append(Measure(name, label, None))
            else:
                found.append(Measure(name, label, ratio.part, ratio.whole, *ratio.interval()))
        return found

    def _medians(self) -> Iterator[Measure]:
        for name, label, _ in _MEDIANS:
            values = self._values.get(name)
            yield Measure(name, label, *_median(values)) if values else Measure(name, label, None)


def _wilson(number: int, of: int) -> tuple[float | None, float | None]:
    if not of:
        return None, None
    share, zz = number / of, _Z * _Z
    middle = (share + zz / (2 * of)) / (1 + zz / of)
    half = _Z / (1 + zz / of) * math.sqrt(share * (1 - share) / of + zz / (4 * of * of))
    return max(0.0, middle - half), min(1.0, middle + half)


def _median(values: Counter[int]) -> tuple[float, None, float, float]:
    """The median, and its interval by order statistics (normal approximation of their places)."""
    n = values.total()
    half = _Z * math.sqrt(n) / 2
    low, high = max(1, math.floor(n / 2 - half)), min(n, math.ceil(n / 2 + 1 + half))
    middle = (_at(values, (n + 1) // 2) + _at(values, n // 2 + 1)) / 2
    return middle, None, _at(values, low), _at(values, high)


def _at(values: Counter[int], place: int) -> float:
    """The value at a place, counted from 1, of all values in order."""
    passed = 0
    for value in sorted(values):
        passed += values[value]
        if passed >= place:
            return float(value)
    raise IndexError(place)


# --- groups and gates


def group_of(story: Story, column: str) -> str:
    """What a story has in a column to group by: outlet, author, month, year, or a column of its metadata or input."""
    if column in ("month", "year"):
        day = story.day or ""
        length = 7 if column == "month" else 4
        return day[:length] if len(day) >= length else NO_GROUP
    value = story.about.get(_COLUMNS.get(column, column))
    return " ".join(str(value).split()) if value not in (None, "") else NO_GROUP


_OPERATORS: Mapping[str, Callable[[float, float], bool]] = {
    ">": operator.gt, "<": operator.lt, ">=": operator.ge, "<=": operator.le, "=": operator.eq, "==": operator.eq,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Gate:
    """A condition under which an audit fails, such as unnamed_only>0 or unnamed_words>20%."""

    text: str
    name: str
    sign: str
    bar: float
    percent: bool

    def failed(self, measures: Iterable[Measure]) -> str | None:
        """What is wrong, for a reader; None where nothing is."""
        found = next(m for m in measures if m.name == self.name)
        value = (100 * found.share if found.share is not None else None) if self.percent else found.value
        if value is None or not _OPERATORS[self.sign](value, self.bar):
            return None
        return f"{found.label}: {value:g}{'%' if self.percent else ''} ({self.text})"


def read_gates(texts: Sequence[str]) -> list[Gate]:
    """Gates as a user writes them.

    Raises:
        InputError: One names no measure, or is no condition.
    """
    gates = []
    for text in texts:
        found = re.fullmatch(r"\s*(\w+)\s*(>=|<=|==|=|>|<)\s*(\d+(?:\.\d+)?)\s*(%?)\s*", text)
        if found is None:
            raise InputError(f"{text!r} is no condition such as unnamed_only>0 or unnamed_words>20%")
        if found[1] not in NAMES:
            raise InputError(f"there is no measure {found[1]!r}; there are {', '.join(NAMES)}")
        gates.append(Gate(text, found[1], found[2], float(found[3]), bool(found[4])))
    return gates
