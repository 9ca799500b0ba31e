"""Results of an archive as a folder of parts, each written whole or not at all, so that a run can stop and go on.

    quotations-00000.parquet, articles-00000.parquet     or part-00000.jsonl: the records
    errors-00000.tsv                                     what failed in the part, where anything did
    manifest.jsonl                                       the run, then a line for each part that is done

A part holds so many items of the input, in its order, so that the outcome is the same, byte for byte, whether or not the run
was stopped. What is written goes to a file beside, is synced to disk, then gets its name; last of all the manifest tells of it.
"""

import json
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import Any, Literal

from quotes.batch import Failure, Outcome
from quotes.errors import ArticleError, InputError, OutputError
from quotes.records import Article, ArticleResult
from quotes.schema import article_row, quotation_rows
from quotes.table import Row, escape_tsv

Format = Literal["parquet", "jsonl"]
MANIFEST = "manifest.jsonl"
# Articles of a part: a laptop does them in a minute or two, which is what a stop costs at most.
PART_SIZE = 1000
_OURS = ("quotations-*.parquet", "articles-*.parquet", "part-*.jsonl", "errors-*.tsv", ".*.part", MANIFEST)

Item = Article | ArticleError


@dataclass(slots=True)
class _Part:
    """A part in the making."""

    number: int
    items: int = 0
    articles: int = 0
    failed: int = 0
    quotations: list[Row] = field(default_factory=list)
    about: list[Row] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    digest: Any = field(default_factory=lambda: blake2b(digest_size=16))


class Parts:
    """The folder of a run.

    Args:
        folder: Made where it is missing.
        format: Of the parts.
        settings: What the outcome depends on: version, model, options; kept in the manifest and in each Parquet file.
        size: Items of a part.
        resume: Go on where whole parts end.
        force: With `resume`, go on in spite of other settings; else write over an earlier run.

    Raises:
        OutputError: The folder holds another run, or cannot be written.
    """

    def __init__(
        self,
        folder: Path,
        format: Format,
        settings: Mapping[str, Any],
        *,
        size: int = PART_SIZE,
        resume: bool = False,
        force: bool = False,
    ) -> None:
        self._folder, self._format, self._size = folder, format, size
        self._settings = {"format": format, "part_size": size, **settings}
        self.done: list[dict[str, Any]] = []
        self.finished = False
        self._digests: deque[bytes] = deque()
        self._fed = 0
        self._stopped = self._read_all = False
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._begin(resume, force)
        except OSError as error:
            raise OutputError(f"{folder} cannot be written ({error.strerror or error})") from error
        self._part = _Part(len(self.done))

    @property
    def articles(self) -> int:
        """Articles with a result in whole parts."""
        return sum(part["articles"] for part in self.done)

    @property
    def failed(self) -> int:
        """Items without one."""
        return sum(part["failed"] for part in self.done)

    # --- the folder

    def _begin(self, resume: bool, force: bool) -> None:
        path = self._folder / MANIFEST
        over = force and not resume  # whatever its manifest says, damaged or not
        lines = _whole_lines(path) if path.is_file() and not over else []
        if lines and not resume:
            raise OutputError(f"{self._folder} holds a run already; --resume goes on with it, --force writes over it")
        if lines and resume:
            self._take_up(lines, force)
            self._tidy({Path(name).name for part in self.done for name in part["files"]} | {MANIFEST})
            return
        self._tidy(set())
        if any(self._folder.iterdir()):
            raise OutputError(f"{self._folder} is not empty and holds no run of ours; name another folder")
        self._tell(self._settings)

    def _take_up(self, lines: list[dict[str, Any]], force: bool) -> None:
        changed = [k for k in {**lines[0], **self._settings} if lines[0].get(k) != self._settings.get(k)]
        if changed and not force:
            was = ", ".join(f"{k} was {lines[0].get(k)!r}, is {self._settings.get(k)!r}" for k in changed)
            raise OutputError(f"{self._folder} holds a run with other settings ({was}); --force goes on all the same")
        self.done = [line for line in lines[1:] if "part" in line]
        self.finished = any(line.get("finished") for line in lines)

    def _tidy(self, kept: set[str]) -> None:
        """Remove what a run that was stopped, or is written over, left behind."""
        for pattern in _OURS:
            for path in self._folder.glob(pattern):
                if path.name not in kept:
                    path.unlink()

    def _tell(self, line: Mapping[str, Any]) -> None:
        """Add a line to the manifest, behind its last whole one."""
        path = self._folder / MANIFEST
        with path.open("r+b" if path.exists() else "w+b") as file:
            data = file.read()
            file.seek(data.rfind(b"\n") + 1)
            file.truncate()
            file.write(json.dumps(line, ensure_ascii=False).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
        _sync_folder(self._folder)

    def wordings(self) -> Iterator[tuple[str | None, str]]:
        """Key and words of each quotation in the whole parts, in order."""
        for part in self.done:
            file = self._folder / part["files"][0]
            try:
                if self._format == "jsonl":
                    with file.open(encoding="utf-8") as lines:
                        for line in lines:
                            yield from ((q.get("key"), q["text"]) for q in json.loads(line)["quotes"])
                else:
                    from quotes.arrow import read_columns

                    rows = read_columns(file, ["quotation_key", "quotation"])
                    yield from ((row["quotation_key"], row["quotation"]) for row in rows)
            except (OSError, ValueError, KeyError, InputError) as error:
                raise OutputError(f"what is done cannot be read again ({error}); begin anew with --force") from error

    # --- what goes in

    def feed(self, items: Iterable[Item]) -> Iterator[Item]:
        """The items that are still to be done; those of whole parts are compared with what they were, and left out.

        After `stop` no more come than the part in hand still needs.

        Raises:
            InputError: The input is not the one that the run began with.
        """
        if self.finished:
            return
        stream = iter(items)
        for part in self.done:
            digest = blake2b(digest_size=16)
            for _ in range(part["items"]):
                item = next(stream, None)
                if item is None:
                    raise InputError(f"the input has fewer articles than part {part['part']} of {self._folder} read from it")
                digest.update(_digest(item))
            if digest.hexdigest() != part["input"]:
                raise InputError(
                    f"the input is not what part {part['part']} of {self._folder} was made of; "
                    "give the same files in the same order, or begin anew in another folder"
                )
        while not self._stopped or self._fed % self._size:
            item = next(stream, None)
            if item is None:
                self._read_all = True
                return
            self._fed += 1
            self._digests.append(_digest(item))
            yield item

    def stop(self) -> None:
        """Let the part in hand be the last one for now."""
        self._stopped = True

    # --- what comes out

    def add(self, outcome: Outcome, result: ArticleResult | None) -> None:
        """Take the outcome of the next item that was fed; `result` is what shall be kept of it, None for a failure."""
        part = self._part
        part.items += 1
        part.digest.update(self._digests.popleft())
        if isinstance(outcome, Failure) or result is None:
            assert isinstance(outcome, Failure)
            part.failed += 1
            part.errors.append(f"{escape_tsv(outcome.error.where)}\t{escape_tsv(outcome.error.reason)}\n")
        else:
            part.articles += 1
            if self._format == "jsonl":
                part.lines.append(json.dumps(result.to_dict(), ensure_ascii=False) + "\n")
            else:
                part.quotations += quotation_rows(result)
                part.about.append(article_row(result))
        if part.items == self._size:
            self._write()

    def close(self) -> None:
        """Write the last part, which may be smaller, and tell that the run is over; nothing of both after `stop`."""
        if not self._read_all:
            return
        if self._part.items:
            self._write()
        self._tell({"finished": True, "parts": len(self.done), "articles": self.articles, "failed": self.failed})
        self.finished = True

    def _write(self) -> None:
        part = self._part
        files = list(self._files(part))
        for name, write in files:
            _durably(self._folder / name, write)
        _sync_folder(self._folder)
        line = {
            "part": part.number,
            "items": part.items,
            "articles": part.articles,
            "failed": part.failed,
            "input": part.digest.hexdigest(),
            "files": [name for name, _ in files],
        }
        self._tell(line)
        self.done.append(line)
        self._part = _Part(len(self.done))

    def _files(self, part: _Part) -> Iterator[tuple[str, Callable[[Path], None]]]:
        number = f"{part.number:05}"
        if self._format == "jsonl":
            yield f"part-{number}.jsonl", _text(part.lines)
        else:
            from quotes.arrow import write_parquet

            provenance = {k: v if isinstance(v, str) else json.dumps(v) for k, v in self._settings.items()}
            yield f"quotations-{number}.parquet", lambda file: write_parquet(file, part.quotations, "quotations", provenance)
            yield f"articles-{number}.parquet", lambda file: write_parquet(file, part.about, "articles", provenance)
        if part.errors:
            yield f"errors-{number}.tsv", _text(part.errors)


def _text(lines: Sequence[str]) -> Callable[[Path], None]:
    def write(file: Path) -> None:
        file.write_bytes("".join(lines).encode("utf-8"))

    return write


def _digest(item: Item) -> bytes:
    """What an item of the input is, in sixteen bytes."""
    if isinstance(item, ArticleError):
        told = ["error", item.where]
    else:
        told = [item.id, item.text, json.dumps(dict(item.fields), ensure_ascii=False, sort_keys=True, default=str)]
    return blake2b("\0".join(told).encode("utf-8", "surrogatepass"), digest_size=16).digest()


def _whole_lines(path: Path) -> list[dict[str, Any]]:
    """The lines of a manifest, but for a last one that was cut off."""
    data = path.read_bytes()
    lines = data[: data.rfind(b"\n") + 1].splitlines()
    try:
        return [json.loads(line) for line in lines]
    except ValueError as error:
        raise OutputError(f"{path} is damaged ({error}); begin anew with --force") from error


def _durably(path: Path, write: Callable[[Path], None]) -> None:
    """Write a file beside, sync it to disk, and give it its name."""
    part = path.with_name(f".{path.name}.part")
    try:
        write(part)
        with part.open("rb") as file:
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        with suppress(OSError):
            part.unlink()
        raise OutputError(f"{path} cannot be written ({error.strerror or error})") from error


def _sync_folder(folder: Path) -> None:
    """Make the names of new files durable; where the system has no such thing, they are as durable as it makes them."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
