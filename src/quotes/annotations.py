"""Annotated articles for scoring, read from either of two forms.

One has labelled `quotes` (start, end, label, source), `sources` and, where all attributions are annotated,
`attributions` with the spans of source, cue and content. The other is an article record, such as a corrected output of
`quotes extract --format jsonl`. Both become an `Annotation`: quoted speech, sources, spans by role.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar, get_args

from quotes.errors import ArticleError, InputError
from quotes.records import Source, SpeakerKind

KINDS: tuple[SpeakerKind, ...] = get_args(SpeakerKind)
SPEECH = ("speech", "continuation")
LABELS = (*SPEECH, "not_speech")

Span = tuple[int, int]
T = TypeVar("T")

_EDGE = "\"'“”‘’«»„‟‹›` \t\r\n\u00a0,.;:!?…—–-()[]"
_FOLDED = str.maketrans({"’": "'", "‘": "'", "“": None, "”": None, '"': None})


# --- strings and ranges as they are compared


def normalise(form: str) -> str:
    """A name or description as it is compared: case, double marks, spacing, first "the" and last possessive ignored.

    Example: "The  Mayor’s" gives "mayor".
    """
    form = " ".join(form.casefold().translate(_FOLDED).split()).strip(" ,.;:-")
    form = form[:-2] if form.endswith("'s") else form.removesuffix("'")
    return form.removeprefix("the ")


def trim(text: str, start: int, end: int) -> Span:
    """The range without marks, punctuation and white space at both ends; empty where nothing else is in it."""
    words = text[start:end]
    first = start + len(words) - len(words.lstrip(_EDGE))
    return first, first + len(words.strip(_EDGE))


# --- annotated articles


@dataclass(frozen=True)
class Party:
    """A source with its forms as they are compared."""

    source: Source

    @cached_property
    def label(self) -> str:
        """What tables call it: the name, else the description; empty where it has neither."""
        return normalise(self.source.name or self.source.description or "")

    @cached_property
    def forms(self) -> frozenset[str]:
        """Name, description and aliases."""
        forms = (self.source.name, self.source.description, *self.source.aliases)
        return frozenset(normalise(form) for form in forms if form) - {""}

    @property
    def last_name(self) -> str:
        """The last word of the label."""
        return (self.label.split() or [""])[-1]


@dataclass(frozen=True, slots=True)
class Segment:
    """Quoted speech: its trimmed range, and the id of its source or None."""

    span: Span
    source: str | None


@dataclass(frozen=True, slots=True)
class Annotation:
    """What is scored of one article, from either form; `spans` is None where gold has no attributions."""

    id: str
    text: str
    segments: tuple[Segment, ...]
    parties: Mapping[str, Party]
    spans: Mapping[str, Sequence[Span]] | None


# --- reading


def read_records(path: str | Path) -> list[dict[str, Any]]:
    """The objects of a JSON Lines file, or of a JSON file that holds one or an array of them.

    Raises:
        InputError: The file cannot be read, or holds none.
        ArticleError: A line is not a JSON object; `where` has its number.
    """
    return [record for _, record in read_placed(path)]


def read_placed(path: str | Path) -> list[tuple[str, dict[str, Any]]]:
    """As `read_records`, each object with its place for messages."""
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror})") from error
    records = list(_parse(data.removeprefix(b"\xef\xbb\xbf"), str(path)))
    if not records:
        raise InputError(f"{path} holds no articles; give annotated articles as JSON Lines")
    for where, record in records:
        if not isinstance(record, dict):
            raise ArticleError(where, "not an annotated article: a JSON object with its keys is needed")
    return records


def _parse(data: bytes, where: str) -> Iterator[tuple[str, Any]]:
    try:
        whole = json.loads(data)
    except (ValueError, RecursionError):  # most often JSON Lines; a broken document is told with its line all the same
        first = data.lstrip().split(b"\n", 1)[0].rstrip()
        if first.startswith(b"[") or first == b"{":
            yield where, _json(data, where, 1)
        for number, line in enumerate(data.split(b"\n"), 1):
            if line.strip():
                yield f"{where}:{number}", _json(line, where, number)
    else:
        if isinstance(whole, list):
            yield from ((f"{where} item {number}", record) for number, record in enumerate(whole, 1))
        else:
            yield f"{where}:1", whole


def _json(data: bytes, where: str, line: int) -> Any:
    try:
        return json.loads(data)
    except json.JSONDecodeError as error:
        reason = f"not valid JSON: {error.msg} (column {error.colno})"
        raise ArticleError(f"{where}:{line + error.lineno - 1}", reason) from error
    except UnicodeDecodeError as error:
        raise ArticleError(f"{where}:{line}", f"not UTF-8 ({error.reason}); save the file as UTF-8") from error
    except (ValueError, RecursionError) as error:
        raise ArticleError(f"{where}:{line}", f"not valid JSON: {error}") from error


def annotation_of(record: Mapping[str, Any], where: str) -> Annotation:
    """An annotated article from either form: that with `sources` and labelled `quotes`, or an article record.

    In an article record every quoted segment is speech of its quote's speaker, and its quotes are all the attributions.

    Raises:
        ArticleError: A key is missing or holds what it cannot.
    """
    if "sources" in record:
        return _annotation_of_gold(record, where)
    if "speakers" in record:
        return annotation_of_record(record, where)
    raise ArticleError(where, "neither an annotated article (`sources`) nor an article record (`speakers`)")


def _annotation_of_gold(record: Mapping[str, Any], where: str) -> Annotation:
    text = _get(record, "text", str, where)
    segments = []
    for quote in _objects(record, "quotes", where):
        label = _get(quote, "label", str, where)
        if label not in LABELS:
            raise ArticleError(where, f"`label` is {label!r}; it can be {', '.join(LABELS)}")
        if label in SPEECH and not quote.get("nested"):
            span = _span([quote.get("start"), quote.get("end")], text, where)
            segments.append(Segment(trim(text, *span), _source(quote, "source", where)))
    spans = None
    if "attributions" in record:
        given = _objects(record, "attributions", where)
        content, cue, source = (
            [span for attribution in given for span in _spans(attribution, key, text, where)]
            for key in ("content", "cue", "source")
        )
        spans = _by_role(text, content, cue, source)
    return Annotation(id_of(record, where), text, tuple(segments), _parties(record, "sources", where), spans)


def annotation_of_record(record: Mapping[str, Any], where: str) -> Annotation:
    """From an article record alone; see `annotation_of`."""
    text = _get(record, "text", str, where)
    quotes = _objects(record, "quotes", where)
    segments = [
        Segment(trim(text, *span), _source(quote, "speaker", where))
        for quote in quotes
        if not quote.get("within")
        for span in _spans(quote, "quoted", text, where)
    ]
    cue, source = (
        [_span([q[key].get("start"), q[key].get("end")], text, where) for q in quotes if isinstance(q.get(key), dict)]
        for key in ("cue", "mention")
    )
    content = [span for quote in quotes for span in _spans(quote, "spans", text, where)]
    spoken = tuple(segment for segment in segments if segment.span[0] < segment.span[1])
    parties = _parties(record, "speakers", where)
    return Annotation(id_of(record, where), text, spoken, parties, _by_role(text, content, cue, source))


def _by_role(text: str, content: list[Span], cue: list[Span], source: list[Span]) -> dict[str, list[Span]]:
    quoted = [any(mark in text[start:end] for mark in '"“”') for start, end in content]
    return {
        "content": content,
        "content_quoted": [span for span, marked in zip(content, quoted, strict=True) if marked],
        "content_indirect": [span for span, marked in zip(content, quoted, strict=True) if not marked],
        "cue": cue,
        "source": source,
    }


def _parties(record: Mapping[str, Any], key: str, where: str) -> dict[str, Party]:
    parties: dict[str, Party] = {}
    for given in _objects(record, key, where):
        id = _get(given, "id", str, where)
        if id in parties:
            raise ArticleError(where, f"`{key}` has two with the id {id!r}")
        kind = next((kind for kind in KINDS if kind == given.get("kind")), None)
        if kind is None:
            raise ArticleError(where, f"`kind` of {id} is {given.get('kind')!r}; it can be {', '.join(KINDS)}")
        aliases: list[Any] = _get(given, "aliases", list, where) if given.get("aliases") else []
        name, description = given.get("name"), given.get("description")
        if not all(form is None or isinstance(form, str) for form in (name, description, *aliases)):
            raise ArticleError(where, f"name, description and aliases of {id} must be strings")
        parties[id] = Party(Source(id, kind, name, description, tuple(filter(None, aliases))))
    return parties


def id_of(record: Mapping[str, Any], where: str) -> str:
    """What gold and predicted articles are joined on."""
    if not isinstance(record.get("id"), str | int):
        raise ArticleError(where, "no `id`, by which gold and predicted articles are joined")
    return str(record["id"])


def _source(quote: Mapping[str, Any], key: str, where: str) -> str | None:
    return None if quote.get(key) is None else _get(quote, key, str, where)


def _get(record: Mapping[str, Any], key: str, kind: type[T], where: str) -> T:
    if not isinstance(value := record.get(key), kind):
        problem = "is missing" if value is None else f"is a {type(value).__name__}, not a {kind.__name__}"
        raise ArticleError(where, f"`{key}` {problem}")
    return value


def _objects(record: Mapping[str, Any], key: str, where: str) -> list[dict[str, Any]]:
    values: list[Any] = _get(record, key, list, where)
    if not all(isinstance(value, dict) for value in values):
        raise ArticleError(where, f"`{key}` must hold objects only")
    return values


def _spans(record: Mapping[str, Any], key: str, text: str, where: str) -> list[Span]:
    values: list[Any] = _get(record, key, list, where)
    return [_span(value, text, where) for value in values]


def _span(value: Any, text: str, where: str) -> Span:
    match value:
        case [int(start), int(end)] if 0 <= start <= end <= len(text):
            return start, end
    raise ArticleError(where, f"{value!r} is not [start, end] within the text's {len(text)} characters")
