"""The word lists of `data/`, loaded once, as typed tables."""

import unicodedata
from functools import cache, lru_cache
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


# Small words within a person's name.
PARTICLES = frozenset("de da do dos das del della di du van von der den ten ter bin binti ibn al el".split())
# Titles that a single name keeps: they are given names, too (Dean Okello), or make the name (Queen Adanna).
_NAMING_WORDS = """
don earl lance dean duke baron marine dom dona ato tuan kumari sultana pope king queen prince princess
lord lady baroness viscount viscountess countess marquess
"""
NAMING_TITLES = frozenset(_NAMING_WORDS.split())


@lru_cache(1 << 14)
def fold(word: str) -> str:
    """Lower case without accents, for comparison only: what we print is always the text's own."""
    decomposed = unicodedata.normalize("NFKD", word.casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c)).replace("’", "'")


@cache
def titles() -> dict[str, str]:
    """Words before a person's name, lower case without point, to "m", "f" or "-" (tells no gender)."""
    return {row[0]: row[1] for row in _rows("titles.tsv", 2)}


@cache
def person_nouns() -> frozenset[str]:
    """Nouns for one person who may speak, lower case, singular."""
    return frozenset(row[0] for row in _rows("person_nouns.tsv", 1))


@cache
def given_names() -> dict[str, str]:
    """Given names, lower case without accents, to "m" or "f"; names given to both are left out."""
    return {fold(row[0]): row[1] for row in _rows("given_names.tsv", 2)}


@cache
def say_verbs() -> frozenset[str]:
    """Forms of verbs that report speech, lower case."""
    return frozenset(row[0] for row in _rows("say_verbs.tsv", 1))


@cache
def nicknames() -> dict[str, frozenset[str]]:
    """Short given names to the long ones that they may stand for, lower case."""
    return {short: frozenset(long.split()) for short, long in _rows("nicknames.tsv", 2)}


@cache
def occupations() -> dict[str, str]:
    """Nouns for what people do, lower case, to the field that it is of: sport, arts, public, private."""
    return {row[0]: row[1] for row in _rows("occupations.tsv", 2)}
