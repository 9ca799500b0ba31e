"""Inputs as a user names them -> articles: files, folders, globs and standard input, in order, with unique ids.

A bad article comes out as an `ArticleError` in its place; nothing is lost, and the next one is read.
"""

import glob
import io
import logging
import os
import stat
import sys
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from quotes.decoding import NOT_TEXT, decode
from quotes.errors import ArticleError, InputError
from quotes.readers import (
    FieldNames,
    Items,
    is_json_line,
    looks_json,
    read_csv_file,
    read_json,
    read_json_lines,
    read_text,
)
from quotes.records import Article

log = logging.getLogger(__name__)

STDIN = "-"
PAGE_SUFFIXES = frozenset({".html", ".htm", ".xhtml"})
JSON_SUFFIXES = frozenset({".json"})
JSON_LINES_SUFFIXES = frozenset({".jsonl", ".ndjson"})
TABLE_SUFFIXES = frozenset({".csv", ".tsv", ".tab"})
_ONLY_TEXT_SUFFIXES = frozenset({".txt", ".text", ".md", ".markdown", *PAGE_SUFFIXES})
# What a folder is searched for; a file of another kind is read if it is named itself.
READ_SUFFIXES = _ONLY_TEXT_SUFFIXES | {""} | JSON_SUFFIXES | JSON_LINES_SUFFIXES | TABLE_SUFFIXES


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
        many = JSON_SUFFIXES | JSON_LINES_SUFFIXES | TABLE_SUFFIXES
        return self.path != STDIN and self.suffix not in many


def read_articles(
    inputs: Sequence[str],
    *,
    text_field: str | None = None,
    id_field: str | None = None,
    skip: Collection[str] = (),
) -> Items:
    """Read all articles of the inputs.

    Args:
        inputs: Paths of files and folders, globs, `-` for standard input.
        text_field: The field or column that holds the text; None for the usual names.
        id_field: The field or column that holds the id.
        skip: Files that a folder or glob shall not yield (the output of the run).

    Returns:
        Articles and errors in order of the inputs, read as they are asked for. Ids are unique in the run.

    Raises:
        InputError: There is one input and it does not exist; raised at once.
    """
    return read_files(find_files(inputs, skip=skip), text_field=text_field, id_field=id_field)


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
    files: Sequence[InputFile | ArticleError], *, text_field: str | None = None, id_field: str | None = None
) -> Items:
    """The articles of the files, one file open at a time (see `read_articles`)."""
    names = FieldNames(text_field, id_field)
    given: dict[str, int] = {}
    for file in files:
        if isinstance(file, ArticleError):
            yield file
            continue
        stem = "stdin" if file.path == STDIN else Path(InputFile(file.path).where).stem
        for item in _read_file(file, names):
            yield _with_unique_id(item, stem, given) if isinstance(item, Article) else item


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
    return isinstance(file, InputFile) and file.path != name and os.path.realpath(file.path) in skipped


# --- file -> articles


def _read_file(file: InputFile, names: FieldNames) -> Items:
    try:
        yield from _read_stdin(names) if file.path == STDIN else _read_by_kind(file, names)
    except ArticleError as error:
        yield error
    except OSError as error:
        reason = error.strerror or str(error)
        yield ArticleError(file.where, f"cannot be read ({reason}); check that it is a file you may read")
    except Exception as error:
        log.info("%s", file.where, exc_info=True)
        yield ArticleError(file.where, f"cannot be read (internal error {type(error).__name__}: {error})")


def _read_by_kind(file: InputFile, names: FieldNames) -> Items:
    path, where = Path(file.path), file.where
    if file.suffix in TABLE_SUFFIXES:
        yield from read_csv_file(path, where, where, names)
    elif file.suffix in JSON_LINES_SUFFIXES:
        with path.open("rb") as stream:
            yield from _read_lines(stream, where, names)
    elif file.suffix in JSON_SUFFIXES:
        yield from read_json(path.read_bytes(), where, where, names)
    else:
        data = path.read_bytes()
        if file.suffix not in _ONLY_TEXT_SUFFIXES and looks_json(decode(data, where)[0]):
            yield from read_json(data, where, where, names)
        else:
            yield read_text(data, where, where, html=file.suffix in PAGE_SUFFIXES)


def _read_lines(stream: BinaryIO, where: str, names: FieldNames) -> Items:
    """JSON Lines as they are named, or, under that name, UTF-16 or one JSON document over many lines."""
    start = stream.read(4096)
    if b"\0" in start and not start.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise ArticleError(where, NOT_TEXT)  # one error, not one for each of its "lines"
    stream.seek(0)
    first = stream.readline()
    while first and not first.strip():
        first = stream.readline()
    stream.seek(0)
    if first.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = io.TextIOWrapper(stream, encoding="utf-16", newline="\n")
        yield from read_json_lines((line.encode("utf-8", "surrogatepass") for line in text), where, where, names)
    elif first.lstrip(b"\xef\xbb\xbf").strip() in (b"{", b"[") or first.lstrip(b"\xef\xbb\xbf \t").startswith(b"["):
        yield from read_json(stream.read(), where, where, names)
    else:
        yield from read_json_lines(stream, where, where, names)


def _read_stdin(names: FieldNames) -> Items:
    """JSON Lines as a stream; else all of it: a JSON document, a page, or a text."""
    stream: BinaryIO = sys.stdin.buffer
    first = stream.readline()
    if is_json_line(first.decode("utf-8", "replace").removeprefix("\ufeff")):
        yield from read_json_lines(chain([first], stream), STDIN, None, names)
        return
    data = first + stream.read()
    if looks_json(decode(data, STDIN)[0]):
        yield from read_json(data, STDIN, None, names)
    else:
        yield read_text(data, STDIN, None)


# --- ids


def _with_unique_id(article: Article, stem: str, given: dict[str, int]) -> Article:
    """The article under its own id or the file's stem, with -2, -3 ... where that is taken."""
    wanted = name = article.id or stem
    while name in given:
        given[wanted] = given.get(wanted, 1) + 1
        name = f"{wanted}-{given[wanted]}"
    given[name] = 1
    if name == article.id:
        return article
    warnings = article.warnings
    if article.id:
        warnings = (*warnings, f"the id {wanted!r} was given before; this article is {name!r}")
    return replace(article, id=name, warnings=warnings)
