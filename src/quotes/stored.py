"""Results that were written before -> a stream of who said what, for what is told of an archive as a whole.

Read are our own files: a folder of parts, records (JSON Lines, JSON), CSV and TSV, Parquet, SQLite. A quotation that
repeats one of its article, or is told as not said, is left out.
"""

import csv
import json
import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from quotes.arrow import read_columns
from quotes.errors import InputError
from quotes.records import DUPLICATE_OF
from quotes.table import Row, unescape_tsv

_MANIFEST = "manifest.jsonl"
_DAY = re.compile(r"\d{4}-\d\d-\d\d|\d{4}-\d\d(?!\d)|\d{4}(?!\d)")
_COLUMNS = ("article", "speaker", "speaker_kind", "role", "quotation", "repeats", "denied", "published")
_NEEDED = ("article", "speaker", "speaker_kind", "quotation")
_OPTIONAL = ("entity", DUPLICATE_OF)
_QUERY = """
SELECT q.article, s.name, s.label AS speaker, s.kind AS speaker_kind, s.description AS role, s.aliases, s.entity, q.quotation,
       q.repeats, q.denied, a.published, a.duplicate_of
FROM quotations q JOIN articles a ON a.id = q.article LEFT JOIN speakers s ON s.article = q.article AND s.id = q.speaker
ORDER BY a.rowid, q.rowid
"""


@dataclass(frozen=True, slots=True)
class Spoken:
    """One quotation: of whom, where, when, and how long.

    Attributes:
        article: Its article's id.
        day: Date of the article as YYYY-MM-DD (or YYYY-MM, or YYYY), None where it has none that is written so.
        name: Of its speaker; None where the source is unnamed or not told.
        kind: Of its speaker, None where not told.
        role: What the article calls a named speaker.
        aliases: Other forms of the name in the article, where the file has them.
        entity: Id in the file of aliases that was given to the run.
        words: Words in it.
        copy: Whether its article says nearly the same as an earlier one.
    """

    article: str
    day: str | None
    name: str | None
    kind: str | None
    role: str | None
    aliases: tuple[str, ...]
    entity: str | None
    words: int
    copy: bool


def read_stored(paths: Sequence[str]) -> Iterator[Spoken]:
    """The quotations of result files and folders, in order, as they are asked for.

    Raises:
        InputError: One is no result of ours, or is damaged.
    """
    for name in paths:
        path = Path(name)
        try:
            yield from _read_folder(path) if path.is_dir() else _read_file(path)
        except OSError as error:
            raise InputError(f"{path} cannot be read ({error.strerror or error})") from error


def _read_folder(folder: Path) -> Iterator[Spoken]:
    manifest = folder / _MANIFEST
    if not manifest.is_file():
        raise InputError(f"{folder} holds no results (no {_MANIFEST}); give the folder of `quotes INPUT -o FOLDER/`")
    for _, line in _json_lines(manifest):
        for name in line.get("files", ()):
            if Path(name).name.startswith(("quotations-", "part-")):
                yield from _read_file(folder / Path(name).name)  # whatever folder the run was told to write into


def _read_file(path: Path) -> Iterator[Spoken]:
    suffix = path.suffix.lower()
    if suffix in (".jsonl", ".ndjson", ".json"):
        records = _json_lines(path) if suffix != ".json" else _json_file(path)
        for where, record in records:
            yield from _of_record(record, where)
    elif suffix in (".csv", ".tsv", ".tab"):
        yield from (_of_row(row) for row in _flat_rows(path, tabs=suffix != ".csv") if _counts(row))
    elif suffix == ".parquet":
        yield from (_of_row(row) for row in _parquet_rows(path) if _counts(row))
    elif suffix in (".db", ".sqlite", ".sqlite3"):
        yield from (_of_row(row) for row in _database_rows(path) if _counts(row))
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


def _of_record(record: Mapping[str, Any], where: str) -> Iterator[Spoken]:
    try:
        speakers = {s["id"]: s for s in record["speakers"]}
        day = _day(record.get("published"))
        for quote in record["quotes"]:
            if quote.get("repeats") is not None or quote.get("denied"):
                continue
            speaker = speakers.get(quote["speaker"]) or {}
            yield Spoken(
                article=str(record["id"]),
                day=day,
                name=speaker.get("name"),
                kind=speaker.get("kind"),
                role=speaker.get("description") if speaker.get("name") else None,
                aliases=tuple(speaker.get("aliases", ())),
                entity=speaker.get("entity"),
                words=_words(quote["text"]),
                copy=bool(record.get(DUPLICATE_OF)),
            )
    except (KeyError, TypeError, AttributeError) as error:
        raise InputError(f"{where} is no article record of quotes ({type(error).__name__}: {error})") from error


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
    return read_columns(path, [*_COLUMNS, *_OPTIONAL])


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


def _counts(row: Row) -> bool:
    return not row.get("repeats") and row.get("denied") in (None, "", 0, "0", "false", False)


def _of_row(row: Row) -> Spoken:
    kind = row["speaker_kind"]
    named = kind is not None and kind not in ("anonymous", "group")
    return Spoken(
        article=str(row["article"]),
        day=_day(row.get("published")),
        name=row["speaker"] if named else None,
        kind=kind,
        role=row.get("role") if named else None,
        aliases=tuple(row.get("aliases") or ()),
        entity=row.get("entity"),
        words=_words(row["quotation"] or ""),
        copy=bool(row.get(DUPLICATE_OF)),
    )


def _words(text: str) -> int:
    return len(re.findall(r"\w+(?:['’-]\w+)*", text))


def _day(published: object) -> str | None:
    found = _DAY.match(str(published).strip()) if published is not None else None
    return found[0] if found else None
