"""The flat tables that archives are written as: their columns, types and meaning; `quotes schema` prints them.

Version 1. Later versions may add columns at the end; those below keep their name, type and meaning within a version.
"""

from hashlib import sha256
from typing import Any, Literal, NamedTuple

from quotes.records import DUPLICATE_OF, ArticleResult
from quotes.table import Row, cell, count, rows

VERSION = 1
Type = Literal["string", "integer", "number", "boolean"]


class Column(NamedTuple):
    """A column; `required`: never null."""

    name: str
    type: Type
    meaning: str
    required: bool = False


_METADATA = (
    Column("title", "string", "the article's title"),
    Column("byline", "string", "its author as printed"),
    Column("publisher", "string", "its publisher"),
    Column("published", "string", "its date as the input has it"),
    Column("url", "string", "its address"),
    Column("path", "string", "the file it came from, and the place in an archive"),
)
_DUPLICATE = Column(DUPLICATE_OF, "string", "the earlier article that says nearly the same; with --mark-duplicates")
_FIELDS = Column("fields", "string", "the input's own columns or keys, as a JSON object; null where there are none")

QUOTATIONS = (
    Column("article", "string", "id of the article", True),
    Column("n", "integer", "number of the row within the article, from 1", True),
    Column("quote", "string", "id of the quotation, to which repeats, continues and within point", True),
    Column("paragraph", "integer", "number of the paragraph in which it begins, from 1", True),
    Column("kind", "string", "direct, mixed or indirect", True),
    Column("speaker", "string", "fullest name, or the words that stand for an unnamed source; null where not told"),
    Column("speaker_kind", "string", "person, organization, document, anonymous or group"),
    Column("role", "string", "description of a named source"),
    Column("mention", "string", "the words beside the quotation that name its source"),
    Column("cue", "string", "the words that report it"),
    Column("quotation", "string", "the words of the article, quotation marks included", True),
    Column("start", "integer", "first character in the text, from 0", True),
    Column("end", "integer", "the character behind its last one", True),
    Column("spans", "string", "every part as start:end, parted by blanks", True),
    Column("confidence", "number", "0 to 1, that the speaker is right", True),
    Column("repeats", "string", "the earlier quotation whose words stand here again"),
    Column("continues", "string", "the quotation that this one goes on with"),
    Column("within", "string", "the quotation in which this one is quoted"),
    Column("denied", "boolean", "told as not said, or merely supposed", True),
    Column("quotation_key", "string", "shared by quotations that say nearly the same; with --key-quotations"),
    Column("entity", "string", "the speaker's id in the file of aliases; with --aliases"),
    Column("corrected", "boolean", "put right by a person; with --corrections", True),
    *_METADATA,
    _DUPLICATE,
    _FIELDS,
)
ARTICLES = (
    Column("article", "string", "id of the article", True),
    *_METADATA,
    Column("characters", "integer", "length of the text", True),
    Column("sha256", "string", "SHA-256 of the text as UTF-8, hexadecimal", True),
    Column("quotations", "integer", "quotations, those told as not said and those that repeat one left out", True),
    Column("sources", "integer", "sources of its quotations", True),
    Column("unnamed", "integer", "sources without a name", True),
    Column("unattributed", "integer", "quotations whose source the article does not tell", True),
    Column("warnings", "string", "what to know before trusting it, as a JSON array; null where there is none"),
    _DUPLICATE,
    _FIELDS,
)
TABLES = {"quotations": QUOTATIONS, "articles": ARTICLES}


def quotation_rows(result: ArticleResult) -> list[Row]:
    """The rows of `QUOTATIONS` of one article."""
    ours = [c.name for c in QUOTATIONS if c not in (_DUPLICATE, _FIELDS)]
    own = _own(result)
    told = ("denied", "corrected")  # null in the flat files, never here
    return [{**{k: row[k] for k in ours}, **{k: bool(row[k]) for k in told}, **own} for row in rows(result)]


def article_row(result: ArticleResult) -> Row:
    """The row of `ARTICLES` of one article."""
    article, totals = result.article, count(result)
    warnings = (*article.warnings, *result.warnings)
    return {
        "article": article.id,
        **{c.name: getattr(article, c.name) for c in _METADATA},
        "characters": len(article.text),
        "sha256": sha256(article.text.encode("utf-8", "surrogatepass")).hexdigest(),
        "quotations": totals.quotations,
        "sources": totals.sources,
        "unnamed": totals.unnamed,
        "unattributed": totals.unattributed,
        "warnings": cell(list(warnings)) if warnings else None,
        **_own(result),
    }


def _own(result: ArticleResult) -> Row:
    """What the input tells beside the metadata, and what the run found of the article as a whole."""
    fields = {k: v for k, v in result.article.fields.items() if k != DUPLICATE_OF}
    return {DUPLICATE_OF: result.article.fields.get(DUPLICATE_OF), "fields": cell(fields) if fields else None}


def json_schema() -> dict[str, Any]:
    """The rows of each table as JSON Schema (draft 2020-12)."""

    def table(columns: tuple[Column, ...]) -> dict[str, Any]:
        return {
            "type": "object",
            "properties": {
                c.name: {"type": c.type if c.required else [c.type, "null"], "description": c.meaning} for c in columns
            },
            "required": [c.name for c in columns],
            "additionalProperties": False,
        }

    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"quotes, tables of version {VERSION}",
        "$defs": {name: table(columns) for name, columns in TABLES.items()},
    }
