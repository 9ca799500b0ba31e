"""What a person puts right, in a table that a spreadsheet edits: kept apart from the results, and applied to every run anew.

One row a change. The columns article, quotation (its words), start, end, speaker, kind tell what was found; change, to,
to_kind, note, what is right. The quotation is found again by its words and place: a correction survives another run and a
better model.

| change | what it does |
|---|---|
| reassign | this quotation was said by `to`; an empty `to`: the article does not tell |
| rename | the speaker of this quotation is called `to` |
| merge | the speaker of this quotation is the same as the article's speaker `to` |
| kind | the speaker of this quotation is a `to_kind` |
| delete | this is no quotation |
| add | the words in `quotation` are one, said by `to` |

A speaker is split by reassigning some of its quotations. A cell that a spreadsheet would run as a formula has an apostrophe
before it.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import get_args

from quotes.aliases import name_key
from quotes.errors import InputError
from quotes.records import ArticleResult, Attribution, CharSpan, Evidence, Source, SpeakerKind
from quotes.table import Row, with_quotes

COLUMNS = ("article", "quotation", "start", "end", "speaker", "kind", "change", "to", "to_kind", "note")
CHANGES = ("reassign", "rename", "merge", "kind", "delete", "add")
RULE = "corrected by hand"
_KINDS = get_args(SpeakerKind)
# Two places are one quotation's where so much of their union is common.
_SAME_PLACE = 0.5
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_ESCAPED = re.compile(r"'+[=+\-@\t\r]")


def harmless(cell: str) -> str:
    """A cell that no spreadsheet runs; `as_written` gives it back."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def as_written(cell: str) -> str:
    """What `harmless` was given."""
    return cell[1:] if _ESCAPED.match(cell) else cell


def template_rows(result: ArticleResult) -> Iterator[list[str]]:
    """A row a quotation, with nothing changed."""
    for quote in result.quotes:
        source = result.speaker_of(quote)
        told = (source.label, source.kind) if source else ("", "")
        place = (str(quote.spans[0].start), str(quote.spans[-1].end)) if quote.spans else ("", "")
        yield [harmless(cell) for cell in (result.article.id, quote.text, *place, *told, "", "", "", "")]


@dataclass(frozen=True, slots=True)
class Correction:
    """One row of the table; `line`: of the file."""

    line: int
    article: str
    quotation: str
    start: int | None
    end: int | None
    change: str
    to: str
    to_kind: SpeakerKind | None
    note: str


@dataclass(frozen=True, slots=True)
class Stale:
    """A correction that could not be applied, and why."""

    correction: Correction
    reason: str


@dataclass(slots=True)
class Corrections:
    """The table. `stale` lists, as articles are corrected, what could not be applied; `unused` what no article came for."""

    rows: Mapping[str, list[Correction]] = field(default_factory=dict)
    digest: str = ""
    stale: list[Stale] = field(default_factory=list)
    _seen: set[str] = field(default_factory=set)

    def apply(self, result: ArticleResult) -> ArticleResult:
        """The result put right; quotations that were changed say so."""
        rows = self.rows.get(result.article.id, ())
        self._seen.add(result.article.id)
        work = _Work(result)
        for row in rows:
            reason = work.apply(row)
            if reason:
                self.stale.append(Stale(row, reason))
        return work.result() if rows else result

    def unused(self) -> Iterator[Stale]:
        """Corrections of articles that did not come."""
        for article, rows in self.rows.items():
            if article not in self._seen:
                yield from (Stale(row, f"there is no article {article!r}") for row in rows)


def read_corrections(path: Path) -> Corrections:
    """Read the table; rows without a change are left alone.

    Raises:
        InputError: It cannot be read, lacks a column, or a row says what cannot be.
    """
    try:
        data = path.read_bytes()
        text = data.decode("utf-8-sig")
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror or error})") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path} is not UTF-8 (byte {error.start}); save it as CSV UTF-8") from error
    found: dict[str, list[Correction]] = {}
    first = text.split("\n", 1)[0]
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=";" if first.count(";") > first.count(",") else ",")
    missing = [c for c in ("article", "quotation", "change", "to") if c not in (reader.fieldnames or ())]
    if missing:
        raise InputError(f"{path} has no column {missing[0]!r}; make one with quotes correct template")
    try:
        for row in reader:
            correction = _correction(row, f"{path}, line {reader.line_num}", reader.line_num)
            if correction is not None:
                found.setdefault(correction.article, []).append(correction)
    except csv.Error as error:
        raise InputError(f"{path}, line {reader.line_num}: {error}") from error
    return Corrections(found, sha256(data).hexdigest())


def _correction(row: Row, where: str, line: int) -> Correction | None:
    cells = {c: as_written((row.get(c) or "").strip()) for c in COLUMNS}
    change = cells["change"].casefold()
    if not change:
        return None
    if change not in CHANGES:
        raise InputError(f"{where}: there is no change {change!r}; there are {', '.join(CHANGES)}")
    kind = cells["to_kind"].casefold()
    if kind and kind not in _KINDS:
        raise InputError(f"{where}: there is no kind {kind!r}; there are {', '.join(_KINDS)}")
    if not cells["quotation"] or not cells["article"]:
        raise InputError(f"{where}: article and quotation must tell what is corrected")
    if change in ("rename", "merge", "add") and not cells["to"]:
        raise InputError(f"{where}: {change} needs a name in the column to")
    if change == "kind" and not kind:
        raise InputError(f"{where}: kind needs a kind in the column to_kind")
    start, end = (int(c) if c.isascii() and c.isdigit() else None for c in (cells["start"], cells["end"]))
    told = (cells["article"], cells["quotation"], start, end, change, cells["to"])
    return Correction(line, *told, next((k for k in _KINDS if k == kind), None), cells["note"])


class _Work:
    """One article while it is put right."""

    def __init__(self, result: ArticleResult) -> None:
        self._original = result
        self._quotes = list(result.quotes)
        self._sources = {s.id: s for s in result.speakers}
        self._gone: set[str] = set()

    def apply(self, row: Correction) -> str | None:
        """Apply a correction; why not, where it cannot be."""
        if row.change == "add":
            return self._add(row)
        at = self._find(row)
        if at is None:
            return "no quotation has these words, or stands where they stand"
        quote = self._quotes[at]
        if row.change == "delete":
            self._gone.add(quote.id)
        elif row.change == "reassign":
            self._quotes[at] = _told(quote, self._named(row.to, row.to_kind) if row.to else None)
        else:
            return self._of_speaker(row, quote)
        return None

    def _of_speaker(self, row: Correction, quote: Attribution) -> str | None:
        source = self._sources.get(quote.speaker or "")
        if source is None:
            return "the quotation has no speaker; reassign it"
        if row.change == "merge":
            other = self._known(row.to)
            if other is None:
                return f"the article has no speaker {row.to!r}"
            aliases = tuple(dict.fromkeys((*other.aliases, source.label, *source.aliases)))
            description = other.description or (source.description if other.name else None)
            self._sources[other.id] = replace(other, aliases=_without(aliases, other.label), description=description)
            self._reassign(source.id, other.id)
            return None
        kind = row.to_kind or source.kind
        label = row.to if row.change == "rename" else source.label
        self._sources[source.id] = _called(source, label, kind)
        self._reassign(source.id, source.id)
        return None

    def _reassign(self, old: str, new: str) -> None:
        self._quotes = [_told(q, new) if q.speaker == old else q for q in self._quotes]

    def _add(self, row: Correction) -> str | None:
        text = self._original.article.text
        place = _place(text, row.quotation, row.start)
        if place is None:
            return "the article has no such words"
        if any(_overlap(q, place) >= _SAME_PLACE for q in self._quotes):
            return "it is a quotation already; reassign it"
        inside = row.quotation[:1] in "\"“‘«„'`" and row.quotation[-1:] in "\"”’»“'`"
        number = 1 + max((int(q.id[1:]) for q in self._quotes if q.id[1:].isdigit()), default=0)
        quote = Attribution(
            id=f"q{number}",
            kind="direct" if inside else "indirect",
            spans=(place,),
            quoted=(place,) if inside else (),
            text=text[place.start : place.end],
            cue=None,
            mention=None,
            speaker=None,
            paragraph=len(re.findall(r"\n\s*\n", text[: place.start].strip())) + 1,
        )
        self._quotes.append(_told(quote, self._named(row.to, row.to_kind)))
        self._quotes.sort(key=lambda q: (q.spans[0].start, -q.spans[-1].end) if q.spans else (0, 0))
        return None

    def _known(self, name: str) -> Source | None:
        """The article's speaker of a name: by label, then by another form."""
        key = name_key(name)
        by_label = next((s for s in self._sources.values() if name_key(s.label) == key), None)
        return by_label or next((s for s in self._sources.values() if key in map(name_key, s.aliases)), None)

    def _named(self, name: str, kind: SpeakerKind | None) -> str:
        """The id of the article's speaker of a name, who is new where it has none."""
        known = self._known(name)
        if known is not None:
            if kind is not None and kind != known.kind:
                self._sources[known.id] = _called(known, known.label, kind)
            return known.id
        number = 1 + max((int(i[1:]) for i in self._sources if i[1:].isdigit()), default=0)
        self._sources[f"s{number}"] = _called(Source(f"s{number}", "person", name, None), name, kind or "person")
        return f"s{number}"

    def _find(self, row: Correction) -> int | None:
        """The quotation with a row's words, of several the nearest to its place; else the one that stands where they do."""
        wanted = _folded(row.quotation)
        found = [i for i, q in enumerate(self._quotes) if _folded(q.text) == wanted]
        if found:
            start = row.start
            return min(found, key=lambda i: abs(_start(self._quotes[i]) - start) if start is not None else i)
        text = self._original.article.text
        place = _place(text, row.quotation, row.start)
        if place is None and row.start is not None and row.end is not None:  # parts that a cue splits
            first = row.quotation.split()[:1]
            place = CharSpan(row.start, row.end) if first and text[row.start : row.end].startswith(first[0]) else None
        if place is None or not self._quotes:
            return None
        best = max(range(len(self._quotes)), key=lambda i: _overlap(self._quotes[i], place))
        return best if _overlap(self._quotes[best], place) >= _SAME_PLACE else None

    def result(self) -> ArticleResult:
        """The article put right, its speakers numbered anew in order of their first quotation."""
        kept = [q for q in self._quotes if q.id not in self._gone]
        result = with_quotes(replace(self._original, quotes=tuple(self._quotes), speakers=tuple(self._sources.values())), kept)
        order = list(dict.fromkeys(q.speaker for q in result.quotes if q.speaker is not None))
        number = {old: f"s{k}" for k, old in enumerate(order, 1)}
        speakers = tuple(replace(self._sources[old], id=new) for old, new in number.items())
        speaker_of = {q.id: q.speaker for q in result.quotes}
        quotes = tuple(
            replace(
                q,
                speaker=number.get(q.speaker or ""),
                continues=q.continues if q.continues and speaker_of[q.continues] == q.speaker else None,
            )
            for q in result.quotes
        )
        words = {span for q in self._quotes if q.id in self._gone for span in q.quoted}
        told = [span for q in quotes for span in q.spans]
        nobody = {span for span in words if not any(t.overlaps(span) for t in told)} | set(result.not_speech)
        silent = tuple(sorted(span for span in nobody if not any(t.overlaps(span) for q in quotes for t in q.quoted)))
        return replace(result, quotes=quotes, speakers=speakers, not_speech=silent)


def _told(quote: Attribution, speaker: str | None) -> Attribution:
    sure = 1.0 if speaker else 0.0
    return replace(quote, speaker=speaker, confidence=sure, evidence=Evidence(RULE, score=1.0), corrected=True)


def _called(source: Source, label: str, kind: SpeakerKind) -> Source:
    """The source under a name or, where it is unnamed, under words that stand for it."""
    named = kind not in ("anonymous", "group")
    aliases = _without((source.label, *source.aliases), label)
    role = source.description if source.name else None
    return replace(source, kind=kind, name=label if named else None, description=role if named else label, aliases=aliases)


def _without(forms: Iterable[str], label: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(f for f in forms if f and f != label))


def _folded(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def _start(quote: Attribution) -> int:
    return quote.spans[0].start if quote.spans else 0


def _place(text: str, words: str, start: int | None) -> CharSpan | None:
    """Where words stand in a text, blanks aside; of several places the nearest to `start`."""
    pattern = r"\s+".join(map(re.escape, words.split()))
    found = [CharSpan(*m.span()) for m in re.finditer(pattern, text)] if pattern else []
    return min(found, key=lambda span: abs(span.start - (start or 0)), default=None)


def _overlap(quote: Attribution, place: CharSpan) -> float:
    """What a quotation and a place have in common, as a part of both together."""
    if not quote.spans:
        return 0.0
    start, end = quote.spans[0].start, quote.spans[-1].end
    shared = min(end, place.end) - max(start, place.start)
    return max(0, shared) / max(1, max(end, place.end) - min(start, place.start))
