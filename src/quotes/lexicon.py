"""The word lists of `data/`, loaded once, as typed tables."""

from functools import cache
from importlib.resources import files

from quotes.errors import LexiconError


def _rows(name: str, columns: int) -> list[list[str]]:
    try:
        text = (files("quotes") / "data" / name).read_text(encoding="utf8")
    except OSError as exc:
        raise LexiconError(f"{name}: the word list is missing ({exc}); reinstall newsquotes") from exc
    rows = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
    for row in rows:
        if len(row) != columns:
            raise LexiconError(f"{name}: {row!r} has not {columns} columns")
    return rows


@cache
def titles() -> dict[str, str]:
    """Words before a person's name, lower case without point, to "m", "f" or "-" (tells no gender)."""
    return {row[0]: row[1] for row in _rows("titles.tsv", 2)}


@cache
def person_nouns() -> frozenset[str]:
    """Nouns for one person who may speak, lower case, singular."""
    return frozenset(row[0] for row in _rows("person_nouns.tsv", 1))


@cache
def nicknames() -> dict[str, frozenset[str]]:
    """Short given names to the long ones that they may stand for, lower case."""
    return {short: frozenset(long.split()) for short, long in _rows("nicknames.tsv", 2)}
