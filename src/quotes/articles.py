"""Inputs as a user names them -> articles: files, folders, globs and standard input, in order, with unique ids.

A bad article comes out as an `ArticleError` in its place; nothing is lost, and the next one is read.
"""

import glob
import io
import logging
import os
import shutil
import sqlite3
import stat
import sys
import tempfile
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from quotes.archives import read_doc_bin, read_parquet, read_warc
from quotes.containers import BROKEN, Member, broken, is_packed, members
from quotes.decoding import NOT_TEXT, decode
from quotes.errors import ArticleError, InputError
from quotes.newsroom import looks_nitf
from quotes.readers import (
    LARGEST_JSON,
    LARGEST_LINE,
    LARGEST_TEXT,
    Items,
    ReadOptions,
    is_json_line,
    lines_of,
    looks_json,
    read_csv_file,
    read_json,
    read_json_lines,
    read_nitf,
    read_text,
    read_whole,
)
from quotes.records import Article
from quotes.web_pages import Extractor, looks_html

log = logging.getLogger(__name__)

STDIN = "-"
PAGE_SUFFIXES = frozenset({".html", ".htm", ".xhtml"})
JSON_SUFFIXES = frozenset({".json", ".ninjs"})
JSON_LINES_SUFFIXES = frozenset({".jsonl", ".ndjson"})
TABLE_SUFFIXES = frozenset({".csv", ".tsv", ".tab"})
_ONLY_TEXT_SUFFIXES = frozenset({".txt", ".text", ".md", ".markdown", *PAGE_SUFFIXES})
DOC_SUFFIXES = frozenset({".spacy"})
_KNOWN_SUFFIXES = _ONLY_TEXT_SUFFIXES | JSON_SUFFIXES | DOC_SUFFIXES
_PACKED_SUFFIXES = frozenset(".gz .bz2 .xz .zst .tgz .tbz .txz .tzst .tar .zip .wacz".split())
# What a folder is searched for; a file of another kind is read if it is named itself.
READ_SUFFIXES = (
    _KNOWN_SUFFIXES | _PACKED_SUFFIXES | JSON_LINES_SUFFIXES | TABLE_SUFFIXES | {"", ".parquet", ".warc", ".xml"}
)


@dataclass(frozen=True, slots=True)
class Shard:
    """Every `of`th article, from the `number`th on (counted from 1)."""

    number: int
    of: int

    def takes(self, place: int) -> bool:
        """Whether the article at a place of the whole input, counted from 0, belongs to it."""
        return place % self.of == self.number - 1


@dataclass(frozen=True, slots=True)
class InputFile:
    """One file to read, or standard input (`-`)."""

    path: str

    @property
    def where(self) -> str:
        """The path in a form that any output can hold: bytes of a file name that are no UTF-8 as \\udc.. escapes."""
        return self.path.encode("utf-8", "backslashreplace").decode("utf-8")

    @property
    def suffix(self) -> str:
        """Lower-case, with its dot."""
        return Path(self.path).suffix.lower()

    @property
    def one_article(self) -> bool:
        """Whether it is known before reading to hold just one article."""
        return self.suffix in _ONLY_TEXT_SUFFIXES


def read_articles(
    inputs: Sequence[str],
    *,
    text_field: str | None = None,
    id_field: str | None = None,
    extractor: Extractor = "trafilatura",
    skip: Collection[str] = (),
) -> Items:
    """Read all articles of the inputs.

    Args:
        inputs: Paths of files and folders, globs, `-` for standard input.
        text_field: The field or column that holds the text; None for the usual names.
        id_field: The field or column that holds the id.
        extractor: By what package the text of a page is found.
        skip: Files and folders from which a folder or glob shall yield nothing (the output of the run).

    Returns:
        Articles and errors in order of the inputs, read as they are asked for. Ids are unique in the run.

    Raises:
        InputError: There is one input and it does not exist; raised at once.
    """
    return read_files(find_files(inputs, skip=skip), text_field=text_field, id_field=id_field, extractor=extractor)


def find_files(inputs: Sequence[str], *, skip: Collection[str] = ()) -> list[InputFile | ArticleError]:
    """The files that the inputs stand for; an input without any is an `ArticleError` in its place.

    Raises:
        InputError: There is one input and it has no file to read, or `-` is given twice.
    """
    if list(inputs).count(STDIN) > 1:
        raise InputError("- (standard input) is given twice; it can be read once")
    skipped = {os.path.realpath(s) for s in skip}
    files: list[InputFile | ArticleError] = []
    for name in inputs:
        found = [f for f in _expand(name) if not _is_skipped(f, name, skipped)]
        files += found or [ArticleError(InputFile(name).where, "no articles in this folder")]
    if len(inputs) == 1 and all(isinstance(f, ArticleError) for f in files):
        raise InputError("\n".join(str(f) for f in files))
    return files


def read_files(
    files: Sequence[InputFile | ArticleError],
    *,
    text_field: str | None = None,
    id_field: str | None = None,
    extractor: Extractor = "trafilatura",
    shard: Shard | None = None,
) -> Items:
    """The articles of the files, one file open at a time (see `read_articles`).

    `extractor`: by what package the text of a page is found. `shard`: only every Nth article, from the Kth on; each keeps the
    id that it has in a run over all.
    """
    names, ids, number = ReadOptions(text_field, id_field, extractor), _Ids(), 0
    for file in files:
        if shard and not shard.takes(number) and _is_one_article(file):
            # known without reading it; it counts, and its id is given, for those behind it
            if isinstance(file, InputFile):
                ids.unique(_stem(file.where))
            number += 1
            continue
        for _, item in _read_file(file, names):
            if isinstance(item, Article):
                item = _with_unique_id(item, ids)
            elif isinstance(file, InputFile) and _is_one_article(file):
                ids.unique(_stem(file.where))  # as in a shard that does not read it
            if shard is None or shard.takes(number):
                yield item
            number += 1


def survey(
    files: Sequence[InputFile | ArticleError],
    *,
    text_field: str | None = None,
    id_field: str | None = None,
    extractor: Extractor = "trafilatura",
) -> Iterator[tuple[str, Article | ArticleError]]:
    """All articles and errors of the files, each with the format it was read as; "" where none is known."""
    names = ReadOptions(text_field, id_field, extractor)
    for file in files:
        yield from _read_file(file, names)


def _is_one_article(file: InputFile | ArticleError) -> bool:
    if isinstance(file, ArticleError):
        return True
    try:
        return file.one_article and not is_packed(file.path)
    except OSError:
        return True  # the one error that reading it gives


# --- inputs -> files


def _expand(name: str) -> Iterator[InputFile | ArticleError]:
    # A name that exists is taken as it stands: "[1].txt" is also a valid glob.
    if name == STDIN:
        yield InputFile(STDIN)
    elif os.path.isdir(name):
        yield from _walk(name)
    elif os.path.lexists(name):
        yield InputFile(name) if os.path.exists(name) else ArticleError(InputFile(name).where, "a broken link")
    elif glob.has_magic(name):
        yield from _match(name)
    else:
        yield ArticleError(InputFile(name).where, "no such file or folder")


def _match(pattern: str) -> Iterator[InputFile | ArticleError]:
    paths = sorted(glob.glob(pattern, recursive=True))
    if not paths:
        yield ArticleError(InputFile(pattern).where, "no such file, and none matches it as a pattern")
    for path in paths:
        if not os.path.isdir(path):
            yield InputFile(path) if os.path.exists(path) else ArticleError(InputFile(path).where, "a broken link")
        elif "**" not in pattern:  # with ** the files below are matches themselves
            yield from _walk(path)


def _walk(folder: str) -> Iterator[InputFile | ArticleError]:
    """Files in order of their names, those of a folder before those of its subfolders; hidden ones are left out."""
    seen: set[tuple[int, int]] = set()
    failed: list[OSError] = []
    others: set[str] = set()
    for parent, folders, names in os.walk(folder, followlinks=True, onerror=failed.append):
        here = os.stat(parent)
        if (here.st_dev, here.st_ino) in seen:  # a link that leads back up
            folders.clear()
            continue
        seen.add((here.st_dev, here.st_ino))
        folders[:] = sorted(f for f in folders if not f.startswith("."))
        for name in sorted(n for n in names if not n.startswith(".")):
            path = os.path.join(parent, name)
            if not os.path.exists(path):
                yield ArticleError(InputFile(path).where, "a broken link")
            elif InputFile(path).suffix not in READ_SUFFIXES or not stat.S_ISREG(os.stat(path).st_mode):
                others.add(InputFile(path).suffix or name)
            else:
                yield InputFile(path)
    for error in failed:
        where = InputFile(os.fspath(error.filename or folder)).where
        yield ArticleError(where, f"cannot be opened ({error.strerror}); check its permissions")
    if others:
        log.warning("%s: files of other kinds are left out (%s)", InputFile(folder).where, ", ".join(sorted(others)))


def _is_skipped(file: InputFile | ArticleError, name: str, skipped: Collection[str]) -> bool:
    if not isinstance(file, InputFile) or file.path == name or not skipped:
        return False
    path = os.path.realpath(file.path)
    return any(path == s or path.startswith(s + os.sep) for s in skipped)


# --- file -> articles


_Found = Iterator[tuple[str, Article | ArticleError]]


def _read_file(file: InputFile | ArticleError, names: ReadOptions) -> _Found:
    """The articles and errors of a file, each with its format."""
    if isinstance(file, ArticleError):
        yield "", file
        return
    try:
        yield from _read_stdin(names) if file.path == STDIN else _read_named(file, names)
    except ArticleError as error:
        yield "", error
    except OSError as error:
        reason = error.strerror or str(error)
        yield "", ArticleError(file.where, f"cannot be read ({reason}); check that it is a file you may read")
    except Exception as error:
        log.info("%s", file.where, exc_info=True)
        yield "", ArticleError(file.where, f"cannot be read (internal error {type(error).__name__}: {error})")


def _read_named(file: InputFile, names: ReadOptions) -> _Found:
    with Path(file.path).open("rb") as stream:
        for member in members(stream, file.path, file.where, file.path):
            if isinstance(member, ArticleError):
                yield "", member
                continue
            format = ""
            try:
                format, items = _read_member(member, file.where, names)
                for item in items:
                    yield format, item
            except ArticleError as error:
                yield format, error
            except BROKEN as error:
                yield format, ArticleError(member.where, broken(error))


def _read_member(member: Member, path: str, names: ReadOptions) -> tuple[str, Items]:
    """The format and the articles of one plain stream; `path` is the file that it is or stands in."""
    where, stream, suffix = member.where, member.stream, member.suffix
    if member.format == "parquet":
        return "Parquet", read_parquet(member.path, where, path, names)
    if member.format in ("warc", "warc.gz"):
        return "WARC", read_warc(stream, where, path, names.extractor)
    if suffix in TABLE_SUFFIXES:
        return "CSV/TSV", _read_table(member, path, names)
    if suffix in JSON_LINES_SUFFIXES or (suffix not in _KNOWN_SUFFIXES and _starts_json_lines(stream)):
        return "JSON Lines", _read_lines(stream, where, path, names)
    if suffix in DOC_SUFFIXES:
        return "DocBin", read_doc_bin(read_whole(stream, where, LARGEST_JSON), where, path)
    if suffix in JSON_SUFFIXES:
        return "JSON", read_json(read_whole(stream, where, LARGEST_JSON), where, path, names)
    if suffix in PAGE_SUFFIXES:
        return "HTML", _one(read_text, read_whole(stream, where, LARGEST_TEXT), where, html=True, extractor=names.extractor)
    data = read_whole(stream, where, LARGEST_TEXT if suffix in _ONLY_TEXT_SUFFIXES else LARGEST_JSON)
    if suffix not in _ONLY_TEXT_SUFFIXES:
        if looks_nitf(data):
            return "NITF", _one(read_nitf, data, where)
        if looks_json(decode(data, where)[0]):
            return "JSON", read_json(data, where, path, names)
        if suffix == ".xml" and not looks_html(data[:4096].decode("utf-8", "replace")):
            raise ArticleError(where, "XML of a kind that is not read (NITF and XHTML are); export it as JSON or text")
        if len(data) > LARGEST_TEXT:
            raise ArticleError(where, f"a text of more than {LARGEST_TEXT >> 20} MB is no article; part it")
    return "text", _one(read_text, data, where, extractor=names.extractor)


def _one(read: Callable[..., Article], data: bytes, where: str, **options: bool | str) -> Items:
    yield read(data, where, where, **options)


def _read_table(member: Member, path: str, names: ReadOptions) -> Items:
    """A table is read twice, first for its encoding: one that is packed goes into a temporary file."""
    if member.path is not None:
        yield from read_csv_file(Path(member.path), member.where, path, names)
        return
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder, f"table{member.suffix}")
        with copy.open("wb") as file:
            shutil.copyfileobj(member.stream, file, 1 << 20)
        yield from read_csv_file(copy, member.where, path, names)


def _starts_json_lines(stream: io.BufferedReader) -> bool:
    """Whether a stream of unknown kind begins with a line that is an object, and goes on."""
    first, found, _ = stream.peek(1 << 16).partition(b"\n")
    return bool(found) and is_json_line(first.decode("utf-8", "replace").removeprefix("\ufeff"))


def _read_lines(stream: io.BufferedReader, where: str, path: str, names: ReadOptions) -> Items:
    """JSON Lines as they are named, or, under that name, UTF-16 or one JSON document over many lines."""
    start = stream.peek(1 << 16)
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = io.TextIOWrapper(stream, encoding="utf-16", newline="\n")
        yield from read_json_lines((line.encode("utf-8", "surrogatepass") for line in text), where, path, names)
        return
    if b"\0" in start[:4096]:
        raise ArticleError(where, NOT_TEXT)  # one error, not one for each of its "lines"
    first = start.removeprefix(b"\xef\xbb\xbf").lstrip().split(b"\n", 1)[0].strip()
    if first == b"{" or first.startswith(b"["):
        yield from read_json(read_whole(stream, where, LARGEST_JSON), where, path, names)
    else:
        yield from read_json_lines(lines_of(stream), where, path, names)


def _read_stdin(names: ReadOptions) -> _Found:
    """JSON Lines as a stream; else all of it: a JSON document, a page, or a text."""
    stream: BinaryIO = sys.stdin.buffer
    first = stream.readline(LARGEST_LINE)
    if is_json_line(first.decode("utf-8", "replace").removeprefix("\ufeff")):
        for item in read_json_lines(chain([first], lines_of(stream)), STDIN, None, names):
            yield "JSON Lines", item
        return
    data = first + read_whole(stream, STDIN, LARGEST_JSON)
    if looks_json(decode(data, STDIN)[0]):
        for item in read_json(data, STDIN, None, names):
            yield "JSON", item
    else:
        yield "text", read_text(data, STDIN, None, extractor=names.extractor)


# --- ids


def _stem(path: str | None) -> str:
    """A file's name without its suffix and those of compression: "a" for "a.txt" and "dump.zip/a.txt.gz"."""
    if path is None:
        return "stdin"
    name = PurePosixPath(path)
    return PurePosixPath(name.stem).stem if name.suffix.lower() in _PACKED_SUFFIXES else name.stem


class _Ids:
    """The ids of a run, each given once: a table on disk as soon as it grows, so that memory does not."""

    def __init__(self) -> None:
        self._table = sqlite3.connect("")  # a temporary database
        self._table.execute("PRAGMA journal_mode = OFF")
        self._table.execute(f"PRAGMA cache_size = -{_CACHED_KILOBYTES}")
        self._table.execute("CREATE TABLE given (id TEXT PRIMARY KEY, times INTEGER) WITHOUT ROWID")

    def unique(self, wanted: str) -> str:
        """The id itself, or with -2, -3 ... where it was given before."""
        if self._give(wanted):
            return wanted
        (times,) = self._table.execute("SELECT times FROM given WHERE id = ?", (wanted,)).fetchone()
        while not self._give(f"{wanted}-{times + 1}"):
            times += 1
        self._table.execute("UPDATE given SET times = ? WHERE id = ?", (times + 1, wanted))
        return f"{wanted}-{times + 1}"

    def _give(self, name: str) -> bool:
        return self._table.execute("INSERT OR IGNORE INTO given VALUES (?, 1)", (name,)).rowcount == 1


_CACHED_KILOBYTES = 16_000


def _with_unique_id(article: Article, ids: _Ids) -> Article:
    """The article under its own id or the file's stem, with -2, -3 ... where that is taken."""
    wanted = article.id or _stem(article.path)
    name = ids.unique(wanted)
    if name == article.id:
        return article
    warnings = article.warnings
    if article.id:
        warnings = (*warnings, f"the id {wanted!r} was given before; this article is {name!r}")
    return replace(article, id=name, warnings=warnings)
