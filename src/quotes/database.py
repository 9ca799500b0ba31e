"""Results as an SQLite database, ready for Datasette (extra `sqlite`): articles, speakers and quotations, with views.

    articles     one row an article, its text included
    speakers     one row a source of an article; what they are called otherwise is in `aliases`, as a JSON array
    quotations   one row a quotation, with the article and the speaker that it belongs to; its words are indexed for search
    provenance   version, model and its hash, options

Views: `by_speaker` (names over all articles, with their quotations and articles), `unnamed` (quotations of sources without a
name), `unattributed`, and `audit` (sources of each article by kind).
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from quotes.errors import MissingExtraError, OutputError
from quotes.records import ArticleResult
from quotes.schema import ARTICLES, QUOTATIONS, VERSION, article_row, quotation_rows
from quotes.table import Row, cell

# Rows are written so many articles at a time.
_TOGETHER = 200
_VIEWS = {
    "by_speaker": """
        SELECT s.kind, s.label AS speaker, count(*) AS quotations, count(DISTINCT q.article) AS articles,
               sum(length(q.quotation)) AS characters
        FROM quotations q JOIN speakers s ON s.article = q.article AND s.id = q.speaker
        WHERE q.repeats IS NULL AND NOT q.denied
        GROUP BY s.kind, s.label ORDER BY quotations DESC""",
    "unnamed": """
        SELECT q.article, q.quote, s.kind, s.label AS speaker, q.quotation, q.confidence
        FROM quotations q JOIN speakers s ON s.article = q.article AND s.id = q.speaker
        WHERE s.name IS NULL""",
    "unattributed": "SELECT article, quote, quotation FROM quotations WHERE speaker IS NULL AND repeats IS NULL",
    "audit": """
        SELECT a.id AS article, a.title, count(s.id) AS sources, coalesce(sum(s.kind = 'person'), 0) AS persons,
               coalesce(sum(s.kind = 'organization'), 0) AS organizations, coalesce(sum(s.kind = 'document'), 0) AS documents,
               coalesce(sum(s.kind = 'anonymous'), 0) AS anonymous, coalesce(sum(s.kind = 'group'), 0) AS groups
        FROM articles a LEFT JOIN speakers s ON s.article = a.id GROUP BY a.id""",
}


class DatabaseWriter:
    """Writes results into a database; `file` is new or empty.

    Raises:
        MissingExtraError: sqlite-utils is not installed.
        OutputError: The file cannot be a database.
    """

    def __init__(self, file: Path, provenance: Mapping[str, Any]) -> None:
        try:
            import sqlite_utils
        except ImportError as error:
            raise MissingExtraError("sqlite-utils", "sqlite", "writing SQLite") from error
        if file.exists() and not file.is_file():
            raise OutputError(f"{file} is no plain file; a database needs one")
        self._db = sqlite_utils.Database(file)
        self._rows: dict[str, list[Row]] = {"articles": [], "speakers": [], "quotations": []}
        self._make_tables(provenance)

    def write(self, result: ArticleResult) -> None:
        """Add the article with its speakers and quotations."""
        about = article_row(result)
        article = about.pop("article")
        self._rows["articles"].append({"id": article, **about, "text": result.article.text})
        self._rows["speakers"] += [
            {
                "article": article,
                "id": s.id,
                "kind": s.kind,
                "label": s.label,
                "name": s.name,
                "description": s.description,
                "aliases": cell(list(s.aliases)),
                "entity": s.entity,
            }
            for s in result.speakers
        ]
        for quote, row in zip(result.quotes, quotation_rows(result), strict=True):
            kept = {k: v for k, v in row.items() if k in _QUOTATION}
            self._rows["quotations"].append({**kept, "speaker": quote.speaker})
        if len(self._rows["articles"]) >= _TOGETHER:
            self._flush()

    def close(self) -> None:
        """Write what is held back, then the index of words and the views."""
        self._flush()
        self._db.table("quotations").enable_fts(["quotation"], tokenize="porter")
        for name, query in _VIEWS.items():
            self._db.create_view(name, query)
        self._db.close()

    def _flush(self) -> None:
        for table, rows in self._rows.items():
            if rows:
                self._db.table(table).insert_all(rows)
                rows.clear()

    def _make_tables(self, provenance: Mapping[str, Any]) -> None:
        self._db.conn.execute("PRAGMA synchronous = OFF")  # it gets its name when it is whole
        for table, (columns, key, foreign) in _TABLES.items():
            self._db.conn.execute(
                f"CREATE TABLE {table} ({', '.join(f'[{n}] {t}' for n, t in columns.items())}, PRIMARY KEY ({key}){foreign})"
            )
        about = {**provenance, "schema": str(VERSION)}
        self._db.table("provenance").insert_all([{"key": k, "value": cell(v)} for k, v in about.items()])


_SQL = {"string": "TEXT", "integer": "INTEGER", "number": "REAL", "boolean": "INTEGER"}
_ARTICLE = {"id": "TEXT", **{c.name: _SQL[c.type] for c in ARTICLES if c.name != "article"}, "text": "TEXT"}
_SPEAKER = dict.fromkeys(("article", "id", "kind", "label", "name", "description", "aliases", "entity"), "TEXT")
# what the tables of articles and speakers tell stands there alone
_QUOTATION = {
    c.name: _SQL[c.type]
    for c in QUOTATIONS
    if c.name == "article" or (c.name not in _ARTICLE and c.name not in ("speaker_kind", "role", "entity"))
}
_OF_ARTICLE = ", FOREIGN KEY (article) REFERENCES articles (id)"
_TABLES: dict[str, tuple[dict[str, str], str, str]] = {
    "articles": (_ARTICLE, "id", ""),
    "speakers": (_SPEAKER, "article, id", _OF_ARTICLE),
    "quotations": (
        _QUOTATION,
        "article, quote",
        f"{_OF_ARTICLE}, FOREIGN KEY (article, speaker) REFERENCES speakers (article, id)",
    ),
}
