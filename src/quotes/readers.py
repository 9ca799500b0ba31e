"""One file or stream -> its articles, by kind: text, HTML, JSON, JSON Lines, CSV and TSV.

Each reader yields articles and errors in the order of the input. An `Article.id` is the input's own, or empty: ids are
made unique in `articles`, which sees the whole run. JSON Lines and CSV are read as a stream, whatever their size.
"""

import csv
import io
import json
import logging
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from quotes.decoding import decode, find_file_encoding
from quotes.errors import ArticleError
from quotes.newsroom import ninjs_record, nitf_record
from quotes.records import Article
from quotes.web_pages import Extractor, looks_html, read_page

log = logging.getLogger(__name__)

TEXT_FIELDS = ("text", "maintext", "body", "content", "article", "full_text")
ID_FIELDS = ("id", "_id", "uuid", "guid", "uid", "article_id", "doc_id", "docid")
METADATA_FIELDS = {
    "title": ("title", "headline"),
    "byline": ("byline", "author", "authors", "creator"),
    "published": ("published", "date", "date_publish", "pubdate", "published_at", "publishedat", "publish_date"),
    "publisher": ("publisher", "source_domain", "outlet", "source", "newspaper", "sitename"),
    "url": ("url", "link"),
}
_WRAPPERS = ("articles", "items", "documents", "records", "results", "data")
# Keys of our own article records: read again, they are no columns of the input.
_RECORD_KEYS = frozenset({"quotes", "speakers", "not_speech", "warnings"})

_JSON_START = re.compile(r'\s*(?:\{\s*"|\[\s*[\{\]])')
# The limit of the csv module is 128 kB a cell, less than a long feature; C long bounds it on every platform.
_LARGEST_CELL = 2**31 - 1
_DELIMITERS = (",", "\t", ";", "|")
_HEADER_SAMPLE = 1 << 16
EMPTY = "the text is empty"
# Bytes of one article as a file, of one line, and of one JSON document: far beyond any that was written by people.
LARGEST_TEXT, LARGEST_LINE, LARGEST_JSON = 1 << 25, 1 << 25, 1 << 30

Items = Iterator[Article | ArticleError]


class ReadOptions(NamedTuple):
    """Which fields hold the text and the id, None for the usual names; by what package the text of a page is found."""

    text: str | None = None
    id: str | None = None
    extractor: Extractor = "trafilatura"


# --- bytes


def read_whole(stream: BinaryIO, where: str, limit: int) -> bytes:
    """All of a stream.

    Raises:
        ArticleError: It has more bytes than `limit`.
    """
    data = stream.read(limit + 1)
    if len(data) > limit:
        raise ArticleError(where, f"more than {limit >> 20} MB in one piece; part it, or make it JSON Lines")
    return data


def lines_of(stream: BinaryIO) -> Iterator[bytes | None]:
    """The lines of a stream; None for one of more than `LARGEST_LINE` bytes, which is passed over."""
    while line := stream.readline(LARGEST_LINE + 1):
        if len(line) <= LARGEST_LINE:
            yield line
            continue
        while line and not line.endswith(b"\n"):
            line = stream.readline(LARGEST_LINE)
        yield None


# --- text and HTML


def read_text(
    data: bytes, where: str, path: str | None, *, html: bool = False, extractor: Extractor = "trafilatura"
) -> Article:
    """A file that is one article: a page if it is named or looks like one, else its text unchanged.

    Raises:
        ArticleError: No text, or no article in the page.
    """
    text, warning = decode(data, where, html=html)
    if html or looks_html(text):
        if not html:
            text, warning = decode(data, where, html=True)
        return _page_article(text, warning, where, path, extractor)
    return _checked(Article("", text, path, warnings=(warning,) if warning else ()), where)


def page_article(
    data: bytes, where: str, path: str | None, *, url: str, date: str | None, extractor: Extractor
) -> Article:
    """A page of a web archive, which knows its address, and when it was fetched.

    Raises:
        ArticleError: No text, or no article in the page.
    """
    article = read_text(data, where, path, html=True, extractor=extractor)
    return replace(article, url=url or article.url, published=article.published or date)


def _page_article(html: str, warning: str | None, where: str, path: str | None, extractor: Extractor) -> Article:
    if not html.strip():
        return _checked(Article("", html, path), where)
    page = read_page(html, where, extractor)
    article = Article(
        id="",
        text=page.text,
        path=path,
        title=page.title,
        byline=page.byline,
        published=page.published,
        publisher=page.publisher,
        url=page.url,
        warnings=tuple(w for w in (warning, page.warning) if w),
    )
    return _checked(article, where)


def read_nitf(data: bytes, where: str, path: str | None) -> Article:
    """A NITF document.

    Raises:
        ArticleError: It is no well-formed XML.
    """
    return article_of(nitf_record(data, where), where, path, ReadOptions())


# --- JSON


def looks_json(text: str) -> bool:
    """Whether text of unknown kind begins as a JSON object or an array of objects; "[Editor's note:" does not."""
    return _JSON_START.match(text[:4096]) is not None


def read_json(data: bytes, where: str, path: str | None, names: ReadOptions) -> Items:
    """An object, an array of objects, or objects line by line under the wrong suffix."""
    text, warning = decode(data, where)
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        if error.msg == "Extra data" and is_json_line(text.lstrip().split("\n", 1)[0]):
            yield from read_json_lines(data.splitlines(keepends=True), where, path, names)
        else:
            yield _json_error(error, where)
        return
    except (ValueError, RecursionError) as error:
        yield ArticleError(where, f"not valid JSON: {error}")
        return
    many = _records(value)
    if not many:
        log.warning("%s: no articles in it", where)
    for number, record in enumerate(many, 1):
        place = f"{where} item {number}" if len(many) > 1 or isinstance(value, list) else where
        yield _record_or_error(record, place, path, names, warning)


def read_json_lines(lines: Iterable[bytes | None], where: str, path: str | None, names: ReadOptions) -> Items:
    """One object a line; a line that cannot be read, or is None for being too long, costs that line. Blank ones are skipped."""
    empty = True
    for number, line in enumerate(lines, 1):
        if line is None:
            empty = False
            yield ArticleError(f"{where}:{number}", f"a line of more than {LARGEST_LINE >> 20} MB; it is not read")
        elif line.strip():
            empty = False
            yield _json_line(line, f"{where}:{number}", path, names)
    if empty:
        log.warning("%s: no articles in it", where)


def _json_line(line: bytes, where: str, path: str | None, names: ReadOptions) -> Article | ArticleError:
    try:
        text, warning = decode(line, where)
        return _record_or_error(json.loads(text), where, path, names, warning)
    except ArticleError as error:
        return error
    except json.JSONDecodeError as error:
        return ArticleError(where, f"not valid JSON: {error.msg} (column {error.colno})")
    except (ValueError, RecursionError) as error:
        return ArticleError(where, f"not valid JSON: {error}")


def _json_error(error: json.JSONDecodeError, where: str) -> ArticleError:
    return ArticleError(f"{where}:{error.lineno}", f"not valid JSON: {error.msg} (column {error.colno})")


def is_json_line(line: str) -> bool:
    """Whether the line alone is a JSON object."""
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def _records(value: Any) -> Sequence[Any]:
    """The articles of a JSON document; an object around a list of articles, as news services send it, is opened."""
    if isinstance(value, list):
        return value
    if isinstance(value, dict) and not pick(value, TEXT_FIELDS):
        for name in _WRAPPERS:
            if isinstance(value.get(name), list) and all(isinstance(v, dict) for v in value[name]):
                return list(value[name])
    return [value]


def _record_or_error(
    record: Any, where: str, path: str | None, names: ReadOptions, warning: str | None
) -> Article | ArticleError:
    if not isinstance(record, dict):
        return ArticleError(where, f"a {_json_type(record)}, where an object with the article's fields should be")
    try:
        return article_of(ninjs_record(record) or record, where, path, names, (warning,) if warning else ())
    except ArticleError as error:
        return error


def _json_type(value: Any) -> str:
    names = {str: "string", bool: "boolean", int: "number", float: "number", list: "list", type(None): "null"}
    return names.get(type(value), type(value).__name__)


# --- CSV and TSV


def read_csv_file(file: Path, where: str, path: str | None, names: ReadOptions) -> Items:
    """A table with a text column; rows that cannot be read cost that row."""
    try:
        encoding = find_file_encoding(file, where)
    except ArticleError as error:
        yield error
        return
    csv.field_size_limit(_LARGEST_CELL)
    with file.open(encoding=encoding.name, errors=encoding.errors, newline="") as stream:
        sample = stream.read(_HEADER_SAMPLE)
        stream.seek(0)
        if not sample.strip():
            log.warning("%s: no articles in it", where)
            return
        tab = file.suffix.lower() in (".tsv", ".tab")
        yield from _read_table(stream, sample, where, path, names, encoding.warning, tab=tab)


def _read_table(
    stream: io.TextIOBase,
    sample: str,
    where: str,
    path: str | None,
    names: ReadOptions,
    warning: str | None,
    *,
    tab: bool,
) -> Items:
    delimiter = "\t" if tab else _find_delimiter(sample, names)
    # A TSV cell may begin with a quotation mark that is simply text; the csv rules would eat it and the cells after it.
    quoted = delimiter != "\t" or _has_csv_quoting(sample)
    reader = csv.reader(
        _text_lines(stream), delimiter=delimiter, quoting=csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE, strict=True
    )
    try:
        header = _unique_names(next(reader, []))
    except csv.Error as error:
        yield ArticleError(f"{where}:1", f"its header is not valid CSV: {error}")
        return
    if not _text_column(header, names):
        wanted = repr(names.text) if names.text else f"of the names {', '.join(TEXT_FIELDS)}"
        yield ArticleError(where, f"no column {wanted}; it has {_listed(header)}. Choose one with --text-field")
        return
    rows = 0
    while True:
        line = reader.line_num + 1
        try:
            row = next(reader)
        except StopIteration:
            break
        except csv.Error as error:
            yield ArticleError(f"{where}:{line}", f"not valid CSV: {error}; is a quotation mark not doubled or closed?")
            rows += 1
            continue
        if row and any(row):
            rows += 1
            yield _csv_row(header, row, f"{where}:{line}", path, names, warning)
    if not rows:
        log.warning("%s: no articles in it", where)


def _text_lines(stream: io.TextIOBase) -> Iterator[str]:
    while line := stream.readline(LARGEST_LINE + 1):
        if len(line) > LARGEST_LINE:
            raise csv.Error(f"a line of more than {LARGEST_LINE >> 20} MB; the rest is not read")
        yield line


def _csv_row(
    header: Sequence[str], row: Sequence[str], where: str, path: str | None, names: ReadOptions, warning: str | None
) -> Article | ArticleError:
    if len(row) > len(header):
        return ArticleError(
            where, f"{len(row)} cells under a header of {len(header)}; is a delimiter or mark in a cell not quoted?"
        )
    record = dict(zip(header, [*row, *[""] * (len(header) - len(row))], strict=True))
    return _record_or_error(record, where, path, names, warning)


def _find_delimiter(sample: str, names: ReadOptions) -> str:
    """The delimiter that makes a text column appear in the header, with most columns; a comma where none does."""

    def columns(delimiter: str) -> tuple[bool, int]:
        try:
            header = next(csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter), [])
        except csv.Error:
            return False, 0
        return _text_column(header, names), len(header)

    return max(_DELIMITERS, key=columns)


def _has_csv_quoting(sample: str) -> bool:
    """Whether tab-separated cells that begin with a mark are quoted as in CSV: closed at their end, marks doubled.

    '"Yes," he said.' as a cell breaks those rules, and shows that marks are text.
    """
    reader = csv.reader(io.StringIO(sample, newline=""), delimiter="\t", strict=True)
    lengths: list[int] = []
    try:
        lengths.extend(len(row) for row in reader if row)
    except csv.Error as error:
        cut_off = len(sample) == _HEADER_SAMPLE and "unexpected end" in str(error)
        return cut_off and len(lengths) > 1 and len(set(lengths)) == 1
    # The sample may end within the last row.
    return max(lengths[:-1] or lengths) == min(lengths[:-1] or lengths)


def _unique_names(header: Sequence[str]) -> list[str]:
    names: list[str] = []
    for number, cell in enumerate(header, 1):
        name = base = cell.strip() or f"column_{number}"
        again = 2
        while name in names:
            name, again = f"{base}_{again}", again + 1
        names.append(name)
    return names


def _text_column(header: Sequence[str], names: ReadOptions) -> bool:
    return pick(dict.fromkeys(header), (names.text,) if names.text else TEXT_FIELDS) is not None


# --- fields -> Article


def article_of(
    record: Mapping[str, Any], where: str, path: str | None, names: ReadOptions, warnings: tuple[str, ...] = ()
) -> Article:
    """The article of a JSON object or a table's row; keys that we do not know stay in `fields`.

    Raises:
        ArticleError: It has no text, or a string that cannot be written as UTF-8.
    """
    text_key, text = _text_of(record, where, names)
    id_key = pick(record, (names.id,) if names.id else ID_FIELDS)
    if names.id and id_key is None:
        raise ArticleError(where, f"no field {names.id!r} for the id; it has {_listed(record)}")
    own_id = _plain(record[id_key]) if id_key else None
    used = {text_key, id_key if own_id else None}
    metadata: dict[str, str | None] = {}
    for name, candidates in METADATA_FIELDS.items():
        key = next((k for c in candidates if (k := pick(record, (c,))) and k not in used and _plain(record[k])), None)
        metadata[name] = _plain(record[key]) if key else None
        used.add(key)
        # An empty title is no field of its own in the one row and a title in the next.
        used.update(k for c in candidates if (k := pick(record, (c,))) and record[k] in (None, "", []))
    ours = _RECORD_KEYS if "quotes" in record and "speakers" in record else frozenset()
    fields = {str(k): v for k, v in record.items() if k not in used and k not in ours}
    return _checked(Article(own_id or "", text, path, fields=fields, warnings=warnings, **metadata), where)


def _text_of(record: Mapping[str, Any], where: str, names: ReadOptions) -> tuple[str, str]:
    """The key of the text and the text: of the usual names the first that is not empty."""
    keys = [k for c in ((names.text,) if names.text else TEXT_FIELDS) if (k := pick(record, (c,))) is not None]
    found = [(k, t) for k in keys if (t := _joined(record[k])) is not None]
    if not found:
        wanted = repr(names.text) if names.text else "of the usual names"
        if keys:
            raise ArticleError(where, f"its field {keys[0]!r} holds a {_json_type(record[keys[0]])}, not a text")
        raise ArticleError(where, f"no text field {wanted}; it has {_listed(record)}. Choose one with --text-field")
    return next((pair for pair in found if pair[1].strip()), found[0])


def _joined(value: Any) -> str | None:
    """A text as it stands; a list of paragraphs joined by blank lines; None for what is no text."""
    if isinstance(value, list) and value and all(isinstance(v, str) for v in value):
        return "\n\n".join(value)
    return value if isinstance(value, str) else None


def pick(record: Mapping[str, Any], candidates: Iterable[str]) -> str | None:
    """The record's key for the first of the candidates it has: exactly, else whatever its case ("Full Text")."""
    for candidate in candidates:
        if candidate in record:
            return candidate
        for key in record:
            if isinstance(key, str) and _normal(key) == candidate.casefold():
                return key
    return None


@lru_cache(4096)
def _normal(key: str) -> str:
    # Kept: a table has the same keys in every row, and each is compared with every name we know.
    return re.sub(r"[\s-]+", "_", key.strip()).casefold()


def _plain(value: Any) -> str | None:
    """A metadata value as one string, None where there is none: authors come as lists, sources as objects."""
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, list):
        return ", ".join(p for v in value if (p := _plain(v))) or None
    if isinstance(value, dict):
        return next((p for k in ("name", "$oid", "value") if (p := _plain(value.get(k)))), None)
    return None


def _listed(keys: Iterable[str]) -> str:
    names = [str(k) for k in keys]
    shown = ", ".join(names[:12]) or "none"
    return f"{shown}, and {len(names) - 12} more" if len(names) > 12 else shown


def _checked(article: Article, where: str) -> Article:
    """The article, with a warning if it is empty.

    Raises:
        ArticleError: A string has half of a surrogate pair (JSON's "\\ud83d" alone), which no UTF-8 output can hold.
    """
    metadata = (article.id, article.title, article.byline, article.published, article.publisher, article.url)
    for name, value in (("text", article.text), ("metadata", metadata), ("fields", article.fields)):
        if not _writable(value):
            raise ArticleError(where, f"its {name} has half of a surrogate pair (\\ud800-\\udfff); repair the export")
    if article.text.strip():
        return article
    return replace(article, warnings=(*article.warnings, EMPTY))


def _writable(value: Any) -> bool:
    if isinstance(value, str):
        try:
            value.encode("utf-8")
        except UnicodeEncodeError:
            return False
        return True
    if isinstance(value, Mapping):
        return all(_writable(k) and _writable(v) for k, v in value.items())
    if isinstance(value, (list, tuple)):
        return all(_writable(v) for v in value)
    return True
