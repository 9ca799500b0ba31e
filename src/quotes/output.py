"""Where results go: standard output, or a file that is written whole or not at all."""

import os
import stat
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

from quotes.errors import OutputError

FORMATS_BY_SUFFIX = {
    ".csv": "csv",
    ".tsv": "tsv",
    ".tab": "tsv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "json",
    ".md": "markdown",
    ".markdown": "markdown",
    ".txt": "table",
    ".db": "sqlite",
    ".sqlite": "sqlite",
    ".sqlite3": "sqlite",
}


def names_folder(path: str) -> bool:
    """Whether an output is a folder of parts: one that is there, or a name with a slash at its end."""
    return path.endswith(("/", os.sep)) or os.path.isdir(path)


def check_output(path: Path, *, force: bool = False) -> None:
    """Refuse, before any work, a file that cannot or must not be written.

    Raises:
        OutputError: It exists and `force` is not given, it is a folder, or its folder is missing or closed to us.
    """
    folder = path.resolve().parent
    if path.is_dir():
        raise OutputError(f"{path} is a folder; name a file in it")
    if not folder.is_dir():
        raise OutputError(f"{path}: there is no folder {folder}; make it first")
    if path.is_file() and not force:
        raise OutputError(f"{path} exists already; give --force to write over it, or another name")
    if not os.access(path if path.exists() and not path.is_file() else folder, os.W_OK):
        raise OutputError(f"{path} cannot be written; check the permissions of {folder}")


@contextmanager
def whole_file(path: Path) -> Iterator[TextIO]:
    """A UTF-8 stream that becomes `path` when the block ends well; else what stood there before stays.

    The stream is a hidden file in the same folder, put into place in one step. A device or named pipe is written
    directly.

    Raises:
        OutputError: The folder does not take the file.
    """
    target = path.resolve()
    try:
        if target.exists() and not target.is_file():
            with target.open("w", encoding="utf-8", newline="") as stream:
                yield stream
            return
        handle, name = tempfile.mkstemp(prefix=f".{target.name[:100]}.", suffix=".part", dir=target.parent)
        os.close(handle)
    except OSError as error:
        raise OutputError(f"{path} cannot be written ({error.strerror})") from error
    part = Path(name)
    try:
        with part.open("w", encoding="utf-8", newline="") as stream:  # a database is opened by the stream's name
            yield stream
        part.chmod(_mode(target))
        part.replace(target)
    except BaseException:
        with suppress(OSError):
            part.unlink()
        raise


def _mode(target: Path) -> int:
    """The rights of the file that is replaced, else those of any new file (a temporary one is closed to others)."""
    if target.exists():
        return stat.S_IMODE(target.stat().st_mode)
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


@contextmanager
def standard_output(*, data: bool) -> Iterator[TextIO]:
    """Standard output; for data as UTF-8 with unchanged newlines, whatever the locale.

    For a table the terminal's own encoding stays, and what it cannot show is escaped.
    """
    stream = sys.stdout
    # A stand-in without `reconfigure` (a notebook's, a test's) takes any text.
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(encoding="utf-8", newline="") if data else reconfigure(errors="backslashreplace")
    yield stream
    stream.flush()
