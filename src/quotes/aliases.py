"""The user's file of aliases: who is the same person or body across articles, under which name and id.

A CSV file with the columns `name` and `alias`, and, if wanted, `id` (a Wikidata number, say); other columns are left alone, so
that the file of suggestions that `quotes speakers` writes can be edited and given back.
"""

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from quotes.errors import InputError
from quotes.lexicon import fold
from quotes.records import ArticleResult, Source

_POINTS = re.compile(r"[.\s]+")
_THE = re.compile(r"^the (?=.)")


def name_key(name: str) -> str:
    """A name for comparison: case, accents, points, blanks and a "the" before it left out."""
    return _THE.sub("", fold(_POINTS.sub(" ", name).strip()))


class Entity(NamedTuple):
    """Somebody in the file: the name to use, and the id or None."""

    name: str
    id: str | None


@dataclass(frozen=True, slots=True)
class Aliases:
    """What the file says; `digest` tells which file it was."""

    entities: Mapping[str, Entity] = field(default_factory=dict)
    digest: str = ""

    def entity(self, name: str) -> Entity | None:
        """Whom a name means; None where the file does not have it."""
        return self.entities.get(name_key(name))

    def apply(self, result: ArticleResult) -> ArticleResult:
        """The result with its named speakers under the names and ids of the file; those who become one are one.

        The name in the article stays as an alias. Unnamed speakers are left alone: "the mayor" is another in every town.
        """
        kept: dict[str, Source] = {}
        became: dict[str | None, str] = {}
        ours: dict[Entity, str] = {}
        for source in result.speakers:
            entity = self.entity(source.name) if source.name and source.named else None
            if entity is not None:
                others = (*source.aliases, source.name or "")
                aliases = tuple(dict.fromkeys(a for a in others if a != entity.name))
                source = replace(source, name=entity.name, entity=entity.id, aliases=aliases)
                first = ours.setdefault(entity, source.id)
                if first in kept:
                    kept[first], became[source.id] = _joined(kept[first], source), first
                    continue
            kept[source.id] = source
        if not ours:
            return result
        quotes = tuple(replace(q, speaker=became.get(q.speaker, q.speaker)) for q in result.quotes)
        return replace(result, quotes=quotes, speakers=tuple(kept.values()))


def _joined(one: Source, other: Source) -> Source:
    aliases = tuple(dict.fromkeys((*one.aliases, *other.aliases)))
    return replace(one, aliases=aliases, description=one.description or other.description)


def read_aliases(path: Path) -> Aliases:
    """Read the file.

    Raises:
        InputError: It cannot be read, lacks a column, gives one alias to two names, or leads round in a circle.
    """
    try:
        data = path.read_bytes()
        text = data.decode("utf-8-sig")
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror or error})") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path} is not UTF-8 (byte {error.start}); save it as CSV UTF-8") from error
    rows = csv.DictReader(io.StringIO(text, newline=""))
    try:
        missing = [c for c in ("name", "alias") if c not in (rows.fieldnames or ())]
        if missing:
            raise InputError(f"{path} has no column {missing[0]!r}; its first line must be name,alias or name,alias,id")
        return Aliases(_entities(path, rows), sha256(data).hexdigest())
    except csv.Error as error:
        raise InputError(f"{path}, line {rows.line_num}: {error}") from error


def _entities(path: Path, rows: "csv.DictReader[str]") -> dict[str, Entity]:
    names: dict[str, str] = {}  # what an alias stands for
    written: dict[str, str] = {}  # a name as the file writes it first
    ids: dict[str, tuple[str, int]] = {}
    for row in rows:
        name, alias, ident = ((row.get(c) or "").strip() for c in ("name", "alias", "id"))
        where = f"{path}, line {rows.line_num}"
        if not name:
            if alias or ident:
                raise InputError(f"{where}: the name is missing")
            continue
        key, other = name_key(name), name_key(alias)
        written.setdefault(key, name)
        if ident:
            before, line = ids.setdefault(key, (ident, rows.line_num))
            if before != ident:
                raise InputError(f"{where}: {name!r} has the id {ident!r} here and {before!r} in line {line}")
        if other and other != key and names.setdefault(other, key) != key:
            raise InputError(f"{where}: {alias!r} is an alias of {written[names[other]]!r} already")
    return {key: _resolved(path, key, names, written, ids) for key in {**names, **written}}


def _resolved(
    path: Path, key: str, names: Mapping[str, str], written: Mapping[str, str], ids: Mapping[str, tuple[str, int]]
) -> Entity:
    """Whom an alias means in the end: an alias of an alias is one, too."""
    passed = [key]
    while passed[-1] in names:
        passed.append(names[passed[-1]])
        if passed[-1] in passed[:-1]:
            raise InputError(f"{path}: the aliases of {written[passed[-1]]!r} lead back to it")
    ident = next((ids[k][0] for k in reversed(passed) if k in ids), None)
    return Entity(written[passed[-1]], ident)
