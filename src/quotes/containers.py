"""Files within files: what is compressed (.gz, .bz2, .xz, .zst) or packed (.zip, .tar, .wacz) comes out as streams.

Nothing is written under a member's name, so that it leads nowhere. What grows on unpacking beyond all text is a bomb: it is
refused, and costs no more time and memory than the bounds below.
"""

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any, BinaryIO

from quotes.errors import ArticleError, MissingExtraError

# Text shrinks to a fifth, lists and logs to a fiftieth: what unpacks to more than this many times its size, once past the
# first bytes, holds no articles.
LARGEST_RATIO, FREE_BYTES = 250, 1 << 25
# A stream within a stream: a .tar.gz in a .zip is as deep as it goes.
DEEPEST = 3
_PEEK, _STEP = 1 << 12, 1 << 20
# "ustar" stands here in the header of a tar file.
_TAR_MAGIC = slice(257, 262)
_MAGIC = (
    (b"\x1f\x8b", "gzip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"PAR1", "parquet"),
    (b"WARC/", "warc"),
)
_COMPRESSED = {"gzip": ".gz", "bzip2": ".bz2", "xz": ".xz", "zstd": ".zst"}
# The other names of compressed files, and what is left of them unpacked.
_SHORT_SUFFIXES = {".tgz": ".tar", ".tbz": ".tar", ".txz": ".tar", ".tzst": ".tar"}
_OFFICE = frozenset({".docx", ".xlsx", ".pptx", ".odt", ".ods", ".epub", ".jar"})
# What reading a damaged file may raise.
BROKEN = (OSError, EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, tarfile.TarError, NotImplementedError)


@dataclass
class Member:
    """A stream of bytes with the name it has in its file; to be read before the next one is asked for.

    Attributes:
        where: The file, and the place in it, for messages: "dump.zip/2019/a.txt".
        name: Its own name with the suffixes of compression taken off.
        format: "" for a plain file; "parquet", "warc" or "warc.gz" are for readers of their own.
        path: The file itself, where the stream is no more than its bytes.
    """

    where: str
    name: str
    stream: io.BufferedReader
    format: str = ""
    path: str | None = None
    depth: int = field(default=0, repr=False)

    @property
    def suffix(self) -> str:
        """Lower-case, with its dot."""
        return PurePosixPath(self.name).suffix.lower()


def members(
    stream: BinaryIO, name: str, where: str, path: str | None = None, depth: int = 0
) -> Iterator[Member | ArticleError]:
    """All plain streams in a stream, in order; one that cannot be read is an error in its place.

    Args:
        stream: Opened for reading bytes; a zip file must also be seekable.
        name: The file's name, by whose suffix a format without a mark of its own is known.
        where: The place for an error's message.
        path: The file that the stream reads, if it reads one from its beginning.
        depth: In how many other streams it stands.
    """
    buffered = stream if isinstance(stream, io.BufferedReader) else io.BufferedReader(_Raw(stream), 1 << 16)
    kind = _kind(buffered.peek(_PEEK), name)
    try:
        if kind in _COMPRESSED or kind in ("zip", "tar"):
            if depth == DEEPEST:
                yield ArticleError(where, "packed within packed files too many times; unpack it first")
            elif kind == "zip":
                yield from _zip(buffered, where, depth)
            elif kind == "tar":
                yield from _tar(buffered, where, depth)
            else:
                yield from _unpacked(buffered, kind, name, where, depth)
        else:
            yield Member(where, name, buffered, kind, path, depth)
    except BROKEN as error:
        yield ArticleError(where, broken(error))


def is_packed(file: str) -> bool:
    """Whether a file is compressed or packed, or of a format that holds many articles, by its first bytes."""
    with open(file, "rb") as stream:
        return bool(_kind(stream.read(_PEEK), file))


def broken(error: BaseException) -> str:
    """The reason of an error of unpacking, for a reader."""
    what = " ".join(str(error).split()) or type(error).__name__
    return f"damaged or cut off ({what}); what came before it is read"


def _kind(start: bytes, name: str) -> str:
    kind = next((kind for magic, kind in _MAGIC if start.startswith(magic)), "")
    if kind == "gzip" and name.lower().endswith(".warc.gz"):
        return "warc.gz"
    if kind == "zip" and PurePosixPath(name).suffix.lower() in _OFFICE:
        return ""  # what decoding says of it
    return "tar" if start[_TAR_MAGIC] == b"ustar" else kind


def _unpacked(stream: io.BufferedReader, kind: str, name: str, where: str, depth: int) -> Iterator[Member | ArticleError]:
    source = _Counted(stream)
    opened = _decompressor(source, kind, where)
    inner = io.BufferedReader(_Bounded(opened, lambda: source.count, where), 1 << 16)
    yield from members(inner, _inner_name(name, _COMPRESSED[kind]), where, None, depth + 1)


def _decompressor(source: Any, kind: str, where: str) -> Any:
    if kind == "gzip":
        return gzip.GzipFile(fileobj=source)
    if kind == "bzip2":
        return bz2.BZ2File(source)
    if kind == "xz":
        return lzma.LZMAFile(source)
    try:
        import zstandard
    except ImportError as error:
        raise ArticleError(where, str(MissingExtraError("zstandard", "archive", "reading .zst"))) from error
    return zstandard.ZstdDecompressor().stream_reader(source, read_across_frames=True)


def _inner_name(name: str, suffix: str) -> str:
    path = PurePosixPath(name)
    if path.suffix.lower() in _SHORT_SUFFIXES:
        return str(path.with_suffix(_SHORT_SUFFIXES[path.suffix.lower()]))
    return str(path.with_suffix("")) if path.suffix.lower() == suffix else name


def _zip(stream: io.BufferedReader, where: str, depth: int) -> Iterator[Member | ArticleError]:
    if not stream.seekable():
        yield ArticleError(where, "a zip file that can only be read from its start; unpack it first")
        return
    pages = where.lower().endswith(".wacz")  # beside its WARC files it holds indexes of them
    with zipfile.ZipFile(stream) as archive:
        for info in archive.infolist():
            place = f"{where}/{info.filename}"
            if info.is_dir() or _is_hidden(info.filename) or (pages and ".warc" not in info.filename):
                continue
            if _leads_out(info.filename):
                yield ArticleError(place, "its name leads out of the archive; it is not read")
            elif info.flag_bits & 1:
                yield ArticleError(place, "it is encrypted; unpack the archive first")
            else:
                yield from _zip_member(archive, info, place, depth)


def _zip_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, place: str, depth: int) -> Iterator[Member | ArticleError]:
    try:
        with archive.open(info) as opened:
            inner = io.BufferedReader(_Bounded(opened, lambda: info.compress_size, place), 1 << 16)
            yield from members(inner, info.filename, place, None, depth + 1)
    except (*BROKEN, RuntimeError) as error:
        yield ArticleError(place, broken(error))


def _tar(stream: io.BufferedReader, where: str, depth: int) -> Iterator[Member | ArticleError]:
    with tarfile.open(fileobj=stream, mode="r|") as archive:
        for info in archive:
            archive.members = []  # type: ignore[attr-defined]  # it would remember every member that went by
            place = f"{where}/{info.name}"
            if info.isdir() or _is_hidden(info.name):
                continue
            if not info.isreg():
                yield ArticleError(place, "a link or device in the archive; it is not read")
            elif _leads_out(info.name):
                yield ArticleError(place, "its name leads out of the archive; it is not read")
            else:
                opened = archive.extractfile(info)
                assert opened is not None  # it is a regular file
                yield from members(io.BufferedReader(_Raw(opened), 1 << 16), info.name, place, None, depth + 1)


def _is_hidden(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return any(p.startswith(".") and p not in (".", "..") for p in parts) or "__MACOSX" in parts


def _leads_out(name: str) -> bool:
    return name.startswith(("/", "\\")) or ".." in PurePosixPath(name.replace("\\", "/")).parts


class _Raw(io.RawIOBase):
    """Any stream of bytes as one that `io.BufferedReader` takes."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return bool(getattr(self._stream, "seekable", lambda: False)())

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return int(self._stream.seek(offset, whence))

    def tell(self) -> int:
        return int(self._stream.tell())

    def readinto(self, buffer: Any) -> int:
        data = self._stream.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


class _Counted:
    """A stream that counts the bytes read from it."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.count = 0

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(size)
        self.count += len(data)
        return data

    def seekable(self) -> bool:
        return False


class _Bounded(_Raw):
    """What is unpacked, up to `LARGEST_RATIO` times of what it was."""

    def __init__(self, stream: Any, packed: Callable[[], int], where: str) -> None:
        super().__init__(stream)
        self._packed, self._where = packed, where
        self._given = 0

    def seekable(self) -> bool:
        return False

    def readinto(self, buffer: Any) -> int:
        # a little at a time: whoever asks for a gigabyte at once shall not get it of a bomb
        size = super().readinto(memoryview(buffer)[:_STEP])
        self._given += size
        if self._given > FREE_BYTES and self._given > LARGEST_RATIO * self._packed():
            reason = f"it grows to more than {LARGEST_RATIO} times its size on unpacking, as no text does; the rest is not read"
            raise ArticleError(self._where, reason)
        return size
