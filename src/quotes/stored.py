"""Results that were written before -> their articles one by one, for what is told of an archive as a whole.

Read are our own files: a folder of parts, records (JSON Lines, JSON), CSV and TSV, Parquet, SQLite. A quotation that
repeats one of its article, or is told as not said, is left out. An article without quotations is known only where the file
has articles by themselves (all but CSV, TSV and a single Parquet file).
"""

import csv
import json
import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from itertools import groupby
from pathlib import Path
from typing import Any

from quotes.arrow import read_columns
from quotes.errors import InputError
from quotes.records import DUPLICATE_OF, ArticleResult
from quotes.table import COLUMNS, Row, unescape_tsv

_MANIFEST = "manifest.jsonl"
_DAY = re.compile(r"\d{4}-\d\d-\d\d|\d{4}-\d\d(?!\d)|\d{4}(?!\d)")
# Columns without which a table is none of ours, those that every one of ours had from the beginning, and later ones.
_NEEDED = ("article", "speaker", "speaker_kind", "kind", "quotation")
_QUOTATION = (*_NEEDED, "role", "repeats", "within", "denied", "quotation_key", "entity")
_ABOUT = ("title", "byline", "publisher", "published", DUPLICATE_OF, "fields")
_QUERY = """
SELECT a.id AS article, q.quote, q.kind, s.id AS source, s.name, s.label AS speaker, s.kind AS speaker_kind,
       s.description AS role, s.aliases, s.entity, q.quotation, q.mention, q.start, q.repeats, q.within, q.denied,
       a.title, a.byline, a.publisher, a.published, a.duplicate_of, a.fields, a.text
FROM articles a LEFT JOIN quotations q ON q.article = a.id LEFT JOIN speakers s ON s.article = q.article AND s.id = q.speaker
ORDER BY a.rowid, q.rowid
"""


@dataclass(frozen=True, slots=True)
class StorySource:
    """A source of one article.

    Attributes:
        label: Its name, or the words that stand for it.
        name: None where it is unnamed, or only described.
        kind: As in the record.
        role: What the article calls a named source.
        aliases: Other forms in the article, where the file has them.
        entity: Id in the file of aliases that was given to the run.
    """

    label: str
    name: str | None
    kind: str
    role: str | None = None
    aliases: tuple[str, ...] = ()
    entity: str | None = None

    @property
    def named(self) -> bool:
        """Whether it is a person, body or document, not somebody unnamed."""
        return self.kind not in ("anonymous", "group")


@dataclass(frozen=True, slots=True)
class StoryQuotation:
    """A quotation of one article.

    Attributes:
        source: Index in the story's sources, None where the article does not tell.
        kind: direct, mixed or indirect.
        words: Words in it; 0 where it stands within another quotation, which has counted them.
        mentioned: Where the words beside it that name its source begin, None where that is not known.
        text: The words, quotation marks included.
    """

    source: int | None
    kind: str
    words: int
    mentioned: int | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Story:
    """One article as its results tell of it.

    Attributes:
        id: Of the article.
        day: Its date as YYYY-MM-DD (or YYYY-MM, or YYYY), None where it has none that is written so.
        about: Title, byline, publisher, published and the input's own columns, those that are known.
        copy: Whether it says nearly the same as an earlier one.
        sources: In order of their first quotation.
        quotations: In order; those that repeat one, or are told as not said, left out.
        text: The article's, where the file has it.
    """

    id: str
    day: str | None = None
    about: Mapping[str, Any] = field(default_factory=dict)
    copy: bool = False
    sources: tuple[StorySource, ...] = ()
    quotations: tuple[StoryQuotation, ...] = ()
    text: str | None = None


def is_result(path: str) -> bool:
    """Whether a file or folder holds results of ours, by its name and how it begins; False for articles to analyse."""
    place = Path(path)
    suffix = place.suffix.lower()
    try:
        if place.is_dir():
            return (place / _MANIFEST).is_file()
        if suffix in _DATABASES:
            return place.is_file()
        if suffix == ".parquet":
            return place.is_file() and _is_table_of_ours(place)
        if suffix == ".json":
            return _is_record(json.loads(place.read_bytes()))
        with place.open("rb") as file:
            line = file.readline(_LONGEST_LINE)
        if suffix in _TABLES:
            header = line.decode("utf-8-sig", "replace").strip().split("," if suffix == ".csv" else "\t")
            return {"speaker_kind", "quotation"} <= set(header)
        return suffix in _RECORDS and _is_record(json.loads(line))
    except (OSError, ValueError, RecursionError):
        return False


# A record has its quotations behind its text.
_LONGEST_LINE = 32 << 20


def _is_record(found: Any) -> bool:
    one = found[0] if isinstance(found, list) and found else found
    return isinstance(one, dict) and {"text", "quotes", "speakers"} <= one.keys()


def _is_table_of_ours(path: Path) -> bool:
    try:
        return next(read_columns(path, _NEEDED), {}) is not None
    except InputError:
        return False


_RECORDS = frozenset({".jsonl", ".ndjson", ".json"})
_TABLES = frozenset({".csv", ".tsv", ".tab"})
_DATABASES = frozenset({".db", ".sqlite", ".sqlite3"})


def read_stories(paths: Sequence[str]) -> Iterator[Story]:
    """The articles of result files and folders, in order, as they are asked for.

    Raises:
        InputError: One is no result of ours, or is damaged.
    """
    for name in paths:
        path = Path(name)
        try:
            yield from _read_folder(path) if path.is_dir() else _read_file(path)
        except OSError as error:
            raise InputError(f"{path} cannot be read ({error.strerror or error})") from error


def read_results(name: str) -> Iterator[ArticleResult]:
    """The whole results of a file of records, or of a folder whose parts are records.

    Raises:
        InputError: It holds no records (tables and databases have no texts or no evidence), or is damaged.
    """
    path = Path(name)
    files = [path]
    if path.is_dir():
        lines = (line for _, line in _json_lines(path / _MANIFEST))
        files = [path / Path(file).name for line in lines for file in line.get("files", ()) if file.startswith("part-")]
    for file in files:
        if file.suffix.lower() not in _RECORDS:
            raise InputError(f"{file} has no whole records; make them with quotes INPUT -o records.jsonl")
        records = _json_lines(file) if file.suffix.lower() != ".json" else _json_file(file)
        for where, record in records:
            try:
                yield ArticleResult.from_dict(record)
            except (KeyError, TypeError, ValueError, AttributeError) as error:
                raise InputError(f"{where} is no article record of quotes ({type(error).__name__}: {error})") from error
    if not files:
        raise InputError(f"{path} has parts of tables, no records; make them with -f jsonl")


def story_of(result: ArticleResult) -> Story:
    """The story of a result that has just been made."""
    return _of_record(result.to_dict(), result.article.id)


def _read_folder(folder: Path) -> Iterator[Story]:
    manifest = folder / _MANIFEST
    if not manifest.is_file():
        raise InputError(f"{folder} holds no results (no {_MANIFEST}); give the folder of `quotes INPUT -o FOLDER/`")
    for _, line in _json_lines(manifest):
        files = [folder / Path(name).name for name in line.get("files", ())]  # whatever folder the run was told to write into
        for file in files:
            if file.name.startswith("part-"):
                yield from _read_file(file)
            elif file.name.startswith("quotations-"):
                articles = file.with_name(file.name.replace("quotations-", "articles-"))
                yield from _with_articles(read_columns(articles, ["article", *_ABOUT]), _parquet_rows(file))


def _read_file(path: Path) -> Iterator[Story]:
    suffix = path.suffix.lower()
    if suffix in _RECORDS:
        records = _json_lines(path) if suffix != ".json" else _json_file(path)
        yield from (_of_record(record, where) for where, record in records)
    elif suffix in _TABLES:
        yield from _grouped(_flat_rows(path, tabs=suffix != ".csv"))
    elif suffix == ".parquet":
        yield from _grouped(_parquet_rows(path))
    elif suffix in _DATABASES:
        yield from _grouped(_database_rows(path))
    else:
        raise InputError(
            f"{path} is no result of quotes (.jsonl, .json, .csv, .tsv, .parquet, .db, or a folder of parts); "
            f"make one first: quotes {path} -o results.jsonl"
        )


# --- records


def _json_lines(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            if line.strip():
                yield f"{path}, line {number}", _object(line, f"{path}, line {number}")


def _json_file(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    try:
        whole = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path} is no JSON ({error})") from error
    for number, record in enumerate(whole if isinstance(whole, list) else [whole], 1):
        if not isinstance(record, dict):
            raise InputError(f"{path}, item {number} is no article record")
        yield f"{path}, item {number}", record


def _object(line: bytes, where: str) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{where} is no JSON ({error}); was the file cut off?") from error
    if not isinstance(found, dict):
        raise InputError(f"{where} is no JSON object")
    return found


def _of_record(record: Mapping[str, Any], where: str) -> Story:
    try:
        sources: dict[str | None, int] = {}
        found = []
        for number, speaker in enumerate(record["speakers"]):
            sources[speaker["id"]] = number
            label = speaker["name"] or speaker["description"] or speaker["id"]
            role = speaker["description"] if speaker["name"] else None
            aliases = tuple(speaker["aliases"])
            found.append(StorySource(label, speaker["name"], speaker["kind"], role, aliases, speaker.get("entity")))
        quotations = tuple(
            StoryQuotation(
                sources.get(quote["speaker"]),
                quote["kind"],
                0 if quote.get("within") else words_in(quote["text"]),
                quote["mention"]["start"] if quote.get("mention") else None,
                quote["text"],
            )
            for quote in record["quotes"]
            if quote.get("repeats") is None and not quote.get("denied")
        )
        about = {k: record.get(k) for k in ("title", "byline", "publisher", "published")} | dict(record.get("fields") or {})
        day, copy = _day(record.get("published")), bool(record.get(DUPLICATE_OF))
        return _tidied(Story(str(record["id"]), day, about, copy, tuple(found), quotations, record["text"]))
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise InputError(f"{where} is no article record of quotes ({type(error).__name__}: {error})") from error


def _tidied(story: Story) -> Story:
    """The story with only the sources that a quotation of it has, in order of the first one."""
    used = list(dict.fromkeys(q.source for q in story.quotations if q.source is not None))
    place = {old: new for new, old in enumerate(used)}
    quotations = tuple(replace(q, source=place[q.source]) if q.source is not None else q for q in story.quotations)
    return replace(story, sources=tuple(story.sources[old] for old in used), quotations=quotations)


# --- flat rows


def _flat_rows(path: Path, *, tabs: bool) -> Iterator[Row]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        if tabs:
            lines = (line.rstrip("\n").split("\t") for line in file)
            header = next(lines, [])
            rows: Iterable[Row] = (dict(zip(header, map(unescape_tsv, cells), strict=False)) for cells in lines)
        else:
            reader = csv.DictReader(file)
            header, rows = list(reader.fieldnames or ()), reader
        _check(path, header)
        try:
            yield from ({k: v or None for k, v in row.items()} for row in rows)
        except (csv.Error, UnicodeDecodeError) as error:
            raise InputError(f"{path} is damaged ({error})") from error


def _parquet_rows(path: Path) -> Iterator[Row]:
    return read_columns(path, [*_QUOTATION, *_ABOUT])


def _database_rows(path: Path) -> Iterator[Row]:
    if not path.is_file():
        raise InputError(f"{path}: no such file")
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as database:
        database.row_factory = sqlite3.Row
        try:
            for row in database.execute(_QUERY):
                found = dict(row)
                yield {**found, "aliases": json.loads(found["aliases"] or "[]")}
        except (sqlite3.Error, ValueError) as error:
            raise InputError(f"{path} is no database of ours, or damaged ({error})") from error


def _check(path: Path, header: Sequence[str]) -> None:
    missing = [c for c in _NEEDED if c not in header]
    if missing:
        raise InputError(f"{path} has no column {missing[0]!r}: it is no result of quotes, or was written with other --columns")


def _grouped(rows: Iterable[Row]) -> Iterator[Story]:
    """The stories of rows, those of an article one after the other."""
    for article, found in groupby(rows, key=lambda row: row["article"]):
        yield _of_rows(str(article), list(found))


def _with_articles(articles: Iterable[Row], rows: Iterable[Row]) -> Iterator[Story]:
    """The stories of a part: its articles, each with the rows of its quotations, in the same order."""
    groups = groupby(rows, key=lambda row: row["article"])
    article, found = next(groups, (None, iter(())))
    for about in articles:
        if about["article"] != article:
            yield _of_rows(str(about["article"]), [about])
            continue
        yield _of_rows(str(article), list(found))
        article, found = next(groups, (None, iter(())))


def _of_rows(article: str, rows: Sequence[Row]) -> Story:
    """An article by its rows; one without a quotation tells only of the article."""
    about = rows[0]
    sources: dict[tuple[str, ...], int] = {}
    found: list[StorySource] = []
    quotations = []
    for row in rows:
        if row.get("quotation") is None or row.get("repeats") or row.get("denied") not in (None, "", 0, "0", "false", False):
            continue
        number = None
        if row["speaker_kind"]:
            # in the flat tables a source is known by what it is called
            key = (str(row.get("source") or ""), str(row["speaker_kind"]), str(row["speaker"]))
            number = sources.setdefault(key, len(sources))
            if number == len(found):
                found.append(_source_of(row))
        words = 0 if row.get("within") else words_in(row["quotation"] or "")
        quotations.append(StoryQuotation(number, row["kind"], words, _mentioned(row), row["quotation"] or ""))
    own = json.loads(about["fields"]) if isinstance(about.get("fields"), str) else {}
    known = {k: about.get(k) for k in ("title", "byline", "publisher", "published")}
    others = {k: v for k, v in about.items() if k not in _OURS} if "fields" not in about else {}
    copy = bool(about.get(DUPLICATE_OF))
    return Story(
        article, _day(about.get("published")), known | others | own, copy, tuple(found), tuple(quotations), about.get("text")
    )


_OURS = frozenset((*COLUMNS, DUPLICATE_OF))


def _source_of(row: Row) -> StorySource:
    kind = row["speaker_kind"]
    named = kind not in ("anonymous", "group")
    name = row["name"] if "name" in row else row["speaker"] if named else None
    role = row.get("role") if named else None
    return StorySource(row["speaker"], name, kind, role, tuple(row.get("aliases") or ()), row.get("entity"))


def _mentioned(row: Row) -> int | None:
    """Where the mention stands in the text, which the database has: the nearest place of its words to the quotation."""
    text, mention, start = row.get("text"), row.get("mention"), row.get("start")
    if not text or not mention or start is None:
        return None
    before, behind = text.rfind(mention, 0, start), text.find(mention, start)
    places = [p for p in (before, behind) if p >= 0]
    return min(places, key=lambda p: abs(p - start), default=None)


def words_in(text: str) -> int:
    """How many words a quotation has, as audits and indexes count them."""
    return len(re.findall(r"\w+(?:['’-]\w+)*", text))


def _day(published: object) -> str | None:
    found = _DAY.match(str(published).strip()) if published is not None else None
    return found[0] if found else None
