"""Bytes -> text: UTF-8 first, then what the bytes themselves say, then a guess that is always named in a warning.

No newline is translated and no character dropped; only a byte order mark at the very start, which marks the encoding
and is no part of the text, is taken off.
"""

import codecs
import re
from pathlib import Path
from typing import NamedTuple

from quotes.errors import ArticleError

# UTF-32 before UTF-16: the little-endian mark of the one begins with that of the other.
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BINARY_KINDS = (
    (b"%PDF-", "a PDF, not text; convert it first (pdftotext)"),
    (b"PK\x03\x04", "a ZIP or office file, not text; export it as text first"),
    (b"\x1f\x8b", "a gzip file, not text; unpack it first"),
    (b"\xd0\xcf\x11\xe0", "an old office file, not text; export it as text first"),
)
NOT_TEXT = "not text; name a text, HTML, JSON or CSV file"

# More control characters than this are no writing but some binary format (bytes of even distribution have 11 in 100).
# The escape character does not count: logs of a terminal are full of it.
_MOST_CONTROL_SHARE = 0.05
# Bytes that are not UTF-8 in a text whose other non-ASCII letters are: a damaged or cut-off UTF-8 file, which a
# single-byte guess would turn into "â€œ" from end to end.
_MOST_BAD_SHARE = 0.2
# charset-normalizer takes short Western text for cp1250, cp1125 or Japanese ("It cost £5"); Windows-1252 is right where
# its accented letters are few and stand where English, French, German or Spanish would put them.
_MOST_WESTERN_SHARE = 0.12
_SAMPLE = 1 << 20

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_WESTERN_MARKS = frozenset("“”‘’‚„‹›«»–—…•·€£¥¢§°©®™½¼¾ºª²³¹±×¿¡†‡\xa0\xad")
_META_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9_:.-]+)""", re.IGNORECASE)


class Encoding(NamedTuple):
    """How bytes are to be decoded.

    `errors` is Python's name of the error handler; `warning` is None where nothing had to be guessed.
    """

    name: str
    errors: str = "strict"
    warning: str | None = None


def decode(data: bytes, where: str, *, html: bool = False) -> tuple[str, str | None]:
    """The text of `data`, and a warning where its encoding had to be guessed.

    Args:
        data: The whole of a file, or one line of it.
        where: The place for an error's message.
        html: Also believe the page's own `<meta charset>`.

    Raises:
        ArticleError: The bytes are no text.
    """
    encoding = find_encoding(data, where, html=html)
    try:
        text = data.decode(encoding.name, encoding.errors)
    except UnicodeError as error:
        raise ArticleError(where, f"not {encoding.name} as its first bytes say ({error}); save it as UTF-8") from error
    if len(_CONTROL.findall(text[:_SAMPLE])) > _MOST_CONTROL_SHARE * len(text[:_SAMPLE]):
        raise ArticleError(where, NOT_TEXT)
    return text, encoding.warning


def find_encoding(data: bytes, where: str, *, html: bool = False) -> Encoding:
    """How to decode `data` (see `decode`)."""
    for mark, name in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return Encoding(name)
    for magic, reason in _BINARY_KINDS:
        if data.startswith(magic):
            raise ArticleError(where, reason)
    if b"\0" in data:
        raise ArticleError(where, "not text (it has NUL bytes); name a text, HTML, JSON or CSV file")
    if _is_utf8(data):
        return Encoding("utf-8")
    return (_declared(data) if html else None) or _damaged_utf8(data) or _guess(data[:_SAMPLE], where)


def find_file_encoding(path: Path, where: str) -> Encoding:
    """How to decode a file that is too big to hold: read through once, and guessed from a sample if not UTF-8."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        sample = file.read(_SAMPLE)
        first = find_encoding(_whole_characters(sample), where)
        if first != Encoding("utf-8"):
            return first._replace(errors="backslashreplace")
        chunk = sample
        try:
            while chunk:
                decoder.decode(chunk)
                chunk = file.read(_SAMPLE)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return find_encoding(sample[: _SAMPLE // 2] + chunk, where)._replace(errors="backslashreplace")
    return first


def _whole_characters(data: bytes) -> bytes:
    """`data` without the beginning of a UTF-8 character at its end, where a sample may cut it."""
    for back in range(1, min(4, len(data)) + 1):
        if data[-back] >= 0xC0:
            return data[:-back]
        if data[-back] < 0x80:
            break
    return data


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _declared(data: bytes) -> Encoding | None:
    found = _META_CHARSET.search(data[:4096])
    if not found:
        return None
    try:
        name = codecs.lookup(found[1].decode("ascii")).name
        # Browsers read what is declared as Latin-1 as Windows-1252, and pages count on it.
        name = "cp1252" if name in ("iso8859-1", "ascii") else name
        data.decode(name)
    except (LookupError, UnicodeError, ValueError):
        return None
    return None if name == "utf-8" else Encoding(name)


def _damaged_utf8(data: bytes) -> Encoding | None:
    text = data.decode("utf-8", "replace")
    bad = text.count("\ufffd") - data.count("\ufffd".encode())
    good = sum(1 for c in text if c > "\x7f") - bad
    if bad > _MOST_BAD_SHARE * good:
        return None
    return Encoding("utf-8", "replace", f"damaged UTF-8: {bad} unreadable place(s) stand as \ufffd")


def _guess(data: bytes, where: str) -> Encoding:
    if _looks_western(data):
        name = "cp1252"
    else:
        # Imported here: it takes longer than everything else of a one-file run but the model, and is seldom needed.
        from charset_normalizer import from_bytes

        best = from_bytes(data).best()
        if best is None:
            raise ArticleError(where, NOT_TEXT)
        name = best.encoding
    return Encoding(name, "strict", f"not UTF-8; read as {name}, which is a guess")


def _looks_western(data: bytes) -> bool:
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        return False
    foreign = [i for i, c in enumerate(text) if c > "\x7f"]
    letters = [i for i in foreign if text[i] not in _WESTERN_MARKS]
    if len(letters) > _MOST_WESTERN_SHARE * len(text) or 2 * len(foreign) > len(text):
        return False
    plain = sum(1 for i in foreign if text[i] in _WESTERN_MARKS or _stands_in_word(text, i))
    return plain >= 0.95 * len(foreign)


def _stands_in_word(text: str, at: int) -> bool:
    """Whether the letter at `at` stands where an accented one can: in a word, in its case ("März", "Évry", "ÉTÉ")."""
    letter, before, after = text[at], text[at - 1 : at] if at else "", text[at + 1 : at + 2]
    if not letter.isalpha():
        return False
    if letter.islower():
        alone = not before.isalpha() and not after.isalpha()  # French "à"
        return alone or before.islower() or after.islower() or (before.isupper() and not after.isupper())
    if before.isalpha():
        return before.isupper()
    # "ÒWe" is an opening mark in Mac Roman.
    return after.islower() or (after.isupper() and not text[at + 2 : at + 3].islower())
