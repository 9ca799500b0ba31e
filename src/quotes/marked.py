"""An article as annotation tools have it: labelled stretches of its text, links between them, and a note on each quotation.

| label | what |
|---|---|
| quotation | what is said; the parts of one that its cue splits are linked by `part` |
| cue, mention | linked to their quotation by `cue` and `mention`; one of several quotations is one stretch |
| nobody | words in marks that nobody says |

Other links lead from a quotation to another: `continues`, `repeats`, `within`. The note tells speaker, kind of speaker, and
whether it was said at all. Not carried are roles and other names of speakers, confidence, evidence, keys. What quotation marks
tell (`quoted`, direct or mixed or indirect) is read from the text again.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, get_args

from quotes.errors import InputError
from quotes.normalize import find_paragraphs
from quotes.quotations import find_quotations
from quotes.records import Article, ArticleResult, Attribution, CharSpan, Evidence, QuotationKind, Source, SpeakerKind, TextSpan

QUOTATION, CUE, MENTION, NOBODY = "quotation", "cue", "mention", "nobody"
LABELS = (QUOTATION, CUE, MENTION, NOBODY)
PART = "part"
LINKS = (PART, CUE, MENTION, "continues", "repeats", "within")
RULE = "by annotation"
_METADATA = ("path", "title", "byline", "published", "publisher", "url")


@dataclass(frozen=True, slots=True)
class Note:
    """What a quotation's note tells: its speaker, None where the article does not tell, of which kind, whether it is denied."""

    speaker: str | None = None
    kind: SpeakerKind = "person"
    denied: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """A labelled stretch; `note` of a quotation's first part alone."""

    id: str
    label: str
    start: int
    end: int
    note: Note | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """From one mark to another, by their ids."""

    head: str
    tail: str
    type: str


@dataclass(frozen=True, slots=True)
class Marked:
    """An article with its marks and links; `about`: metadata that is known."""

    id: str
    text: str
    about: Mapping[str, str] = field(default_factory=dict)
    marks: tuple[Mark, ...] = ()
    links: tuple[Link, ...] = ()


def marked_of(result: ArticleResult) -> Marked:
    """A result as tools have it."""
    marks: list[Mark] = []
    links: list[Link] = []
    places: dict[tuple[str, int, int], str] = {}
    for quote in result.quotes:
        source = result.speaker_of(quote)
        note = Note(source.label, source.kind, quote.denied) if source else Note(denied=quote.denied)
        for part, span in enumerate(quote.spans):
            ident = quote.id if part == 0 else f"{quote.id}.{part + 1}"
            marks.append(Mark(ident, QUOTATION, span.start, span.end, note if part == 0 else None))
            if part:
                links.append(Link(quote.id, ident, PART))
        for label, found in ((CUE, quote.cue), (MENTION, quote.mention)):
            if found is None:
                continue
            place = (label, found.start, found.end)
            if place not in places:
                places[place] = f"{label[0]}{len(places) + 1}"
                marks.append(Mark(places[place], *place))
            links.append(Link(quote.id, places[place], label))
        others = (("continues", quote.continues), ("repeats", quote.repeats), ("within", quote.within))
        links += [Link(quote.id, other, name) for name, other in others if other is not None]
    marks += [Mark(f"n{k}", NOBODY, s.start, s.end) for k, s in enumerate(result.not_speech, 1)]
    known = {name: getattr(result.article, name) for name in _METADATA}
    about = {name: value for name, value in known.items() if value is not None}
    return Marked(result.article.id, result.article.text, about, tuple(marks), tuple(links))


def result_of(marked: Marked, where: str) -> ArticleResult:
    """The result that marks and links tell; speakers are one where they are called alike.

    Raises:
        InputError: A mark lies outside the text, or a link leads to none.
    """
    text = marked.text
    marks = {m.id: m for m in marked.marks}
    for mark in marked.marks:
        if not 0 <= mark.start < mark.end <= len(text):
            raise InputError(f"{where}: {mark.label} {mark.id} at {mark.start}:{mark.end} lies outside the text")
    links: dict[str, list[Link]] = {}
    for link in marked.links:
        if link.head not in marks or link.tail not in marks:
            raise InputError(f"{where}: a link {link.type} leads from or to what is not there ({link.head}, {link.tail})")
        links.setdefault(link.head, []).append(link)
    parts = {link.tail for link in marked.links if link.type == PART}
    firsts = sorted((m for m in marked.marks if m.label == QUOTATION and m.id not in parts), key=lambda m: (m.start, -m.end))
    number = {m.id: f"q{k}" for k, m in enumerate(firsts, 1)}
    sources: dict[tuple[str, str], Source] = {}
    nobody = tuple(sorted(CharSpan(m.start, m.end) for m in marked.marks if m.label == NOBODY))
    outer = [m.span for m in find_quotations(text)[0] if m.depth == 0 and m.span not in nobody]
    paragraphs = [p.start for p in find_paragraphs(text)]
    quotes = []
    for mark in firsts:
        own = links.get(mark.id, ())
        spans = tuple(sorted(CharSpan(m.start, m.end) for m in (mark, *(marks[x.tail] for x in own if x.type == PART))))
        note = mark.note or Note()
        speaker = None
        if note.speaker is not None:
            named = note.kind not in ("anonymous", "group")
            told = (note.speaker, None) if named else (None, note.speaker)
            speaker = sources.setdefault((note.kind, note.speaker), Source(f"s{len(sources) + 1}", note.kind, *told)).id
        quoted = _quoted(text, spans, outer)
        to = {x.type: number.get(x.tail) for x in own if x.type in ("continues", "repeats", "within")}
        quotes.append(
            Attribution(
                id=number[mark.id],
                kind=_kind(text, spans, quoted),
                spans=spans,
                quoted=quoted,
                text=" ".join(text[s.start : s.end] for s in spans),
                cue=_linked(text, marks, own, CUE),
                mention=_linked(text, marks, own, MENTION),
                speaker=speaker,
                paragraph=max(1, sum(start <= mark.start for start in paragraphs)),
                continues=to.get("continues"),
                repeats=to.get("repeats"),
                within=to.get("within"),
                confidence=1.0 if speaker else 0.0,
                evidence=Evidence(RULE, score=1.0),
                denied=note.denied,
            )
        )
    about: dict[str, Any] = {name: marked.about.get(name) for name in _METADATA}
    return ArticleResult(Article(marked.id, text, **about), tuple(quotes), tuple(sources.values()), nobody)


def _linked(text: str, marks: Mapping[str, Mark], links: Iterable[Link], label: str) -> TextSpan | None:
    mark = next((marks[x.tail] for x in links if x.type == label), None)
    return TextSpan(text[mark.start : mark.end], mark.start, mark.end) if mark is not None else None


def _quoted(text: str, spans: Iterable[CharSpan], outer: Iterable[CharSpan]) -> tuple[CharSpan, ...]:
    """The parts of a content in quotation marks: the outermost ones within it, else all of it where it begins with a mark."""
    told = tuple(spans)
    inside = tuple(o for o in outer if any(s.contains(o) for s in told))
    if inside:
        return inside
    return tuple(s for s in told if not text[s.start].isalnum() and text[s.start] in "\"“‘«‹„'`")


def _kind(text: str, spans: Iterable[CharSpan], quoted: tuple[CharSpan, ...]) -> QuotationKind:
    if not quoted:
        return "indirect"
    outside = (i for s in spans for i in range(s.start, s.end) if not any(q.start <= i < q.end for q in quoted))
    return "mixed" if any(text[i].isalnum() for i in outside) else "direct"


# --- a note as one line, for tools that have only text


def note_line(note: Note) -> str:
    """ "Maria Okonjo | person", with "| denied" where it was not said; "" for a quotation without a speaker."""
    parts = [f"{note.speaker} | {note.kind}"] if note.speaker is not None else []
    return " | ".join([*parts, *(["denied"] if note.denied else [])])


def read_note(line: str, where: str) -> Note:
    """The inverse of `note_line`; a name alone is a person's.

    Raises:
        InputError: It tells a kind that there is none of.
    """
    cells = [c.strip() for c in " ".join(line.split()).rsplit("|")]
    denied = cells[-1] == "denied"
    cells = [c for c in cells[: len(cells) - denied] if c]
    if not cells:
        return Note(denied=denied)
    kinds: dict[str, SpeakerKind] = {k: k for k in get_args(SpeakerKind)}
    if len(cells) > 1 and cells[-1] not in kinds:
        raise InputError(f"{where}: there is no kind of speaker {cells[-1]!r}; there are {', '.join(kinds)}")
    kind = kinds[cells.pop()] if len(cells) > 1 else "person"
    return Note(" | ".join(cells), kind, denied)


def in_order(marks: Iterable[Mark]) -> Iterator[Mark]:
    """Marks as they stand in the text, longer ones first."""
    yield from sorted(marks, key=lambda m: (m.start, -m.end, m.id))
