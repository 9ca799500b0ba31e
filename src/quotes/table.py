"""Results -> rows and files: CSV, TSV, JSON Lines, JSON and Markdown, written as results come.

A row is one quotation. Its columns, in this order (`COLUMNS`), and after them the input's own fields:

| column | meaning |
|---|---|
| article | id of the article |
| n | number of the row within the article, from 1 |
| quote | id of the quotation, to which `repeats`, `continues` and `within` point |
| paragraph | number of the paragraph in which it begins, from 1 |
| kind | direct, mixed or indirect |
| speaker | fullest name; for an unnamed source the words that stand for it; empty where the article does not tell |
| speaker_kind | person, organization, document, anonymous or group |
| role | description of a named source |
| mention, cue | the words beside the quotation that name its source, and that report |
| quotation | the words of the article, its quotation marks included |
| start, end | characters of the text, from the first part's beginning to the last part's end |
| spans | every part as start:end, parted by blanks |
| confidence | 0 to 1, that the speaker is right |
| repeats, continues, within | ids of other quotations of the article |
| denied | true where the quotation is told as not said, or merely supposed |
| quotation_key | shared by quotations of the run that say nearly the same (--key-quotations) |
| entity | the speaker's id in the file of aliases (--aliases) |
| corrected | true where a person put the row right (--corrections) |
| title, byline, publisher, published, url, path | metadata |

An input field whose name is a column already comes out as `input_<name>`. In TSV a backslash, tab, line feed and
carriage return within a cell are written \\\\, \\t, \\n and \\r. Empty cells are None in `rows`.
"""

import csv
import io
import json
import re
import tempfile
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Protocol, TextIO

from quotes.errors import InputError, MissingExtraError
from quotes.records import ArticleResult, Attribution, Source

if TYPE_CHECKING:
    import pandas

Row = dict[str, Any]

COLUMNS = (
    "article",
    "n",
    "quote",
    "paragraph",
    "kind",
    "speaker",
    "speaker_kind",
    "role",
    "mention",
    "cue",
    "quotation",
    "start",
    "end",
    "spans",
    "confidence",
    "repeats",
    "continues",
    "within",
    "denied",
    "quotation_key",
    "entity",
    "corrected",
    "title",
    "byline",
    "publisher",
    "published",
    "url",
    "path",
)
MARKDOWN_COLUMNS = ("n", "paragraph", "speaker", "quotation", "cue", "confidence")
HEADINGS = {"n": "#", "paragraph": "¶", "speaker": "source", "confidence": "conf"}
UNNAMED_MARK = "◦"
NOT_TOLD = "— (not told)"

_TSV_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
_MARKDOWN_SPECIAL = re.compile(r"([\\`*_\[\]<>|&~$#])")


class UnknownColumnError(InputError):
    """A column was asked for that neither we nor the input has."""


class Writer(Protocol):
    """Writes results in the order given; `close` completes the output but leaves its stream open."""

    def write(self, result: ArticleResult) -> None:
        """Write one article."""

    def close(self) -> None:
        """Write what comes after the last one."""


@dataclass(frozen=True, slots=True)
class Totals:
    """What was found, a quotation that stands again (`repeats`) counted once, one told as not said (`denied`) apart.

    `sources` includes the unnamed ones; `unattributed` are quotations whose source the article does not tell.
    """

    articles: int = 0
    quotations: int = 0
    sources: int = 0
    unnamed: int = 0
    unattributed: int = 0
    repeated: int = 0
    denied: int = 0

    def __add__(self, other: "Totals") -> "Totals":
        return Totals(
            self.articles + other.articles,
            self.quotations + other.quotations,
            self.sources + other.sources,
            self.unnamed + other.unnamed,
            self.unattributed + other.unattributed,
            self.repeated + other.repeated,
            self.denied + other.denied,
        )

    def line(self) -> str:
        """As one line for a reader."""
        again = f" (and {self.repeated} repeated)" if self.repeated else ""
        return (
            f"{counted(self.quotations, 'quotation')}{again}, {counted(self.sources, 'source')}, "
            f"{self.unnamed} unnamed ({UNNAMED_MARK}), {self.unattributed} unattributed"
            + (f", {self.denied} not said or supposed" if self.denied else "")
        )


def count(result: ArticleResult) -> Totals:
    """The totals of one article."""
    once = [q for q in result.quotes if q.repeats is None]
    said = [q for q in once if not q.denied]
    return Totals(
        articles=1,
        quotations=len(said),
        sources=len(result.speakers),
        unnamed=sum(1 for s in result.speakers if not s.named),
        unattributed=sum(1 for q in said if q.speaker is None),
        repeated=len(result.quotes) - len(once),
        denied=len(once) - len(said),
    )


def select(
    result: ArticleResult, *, kinds: Collection[str] | None = None, min_confidence: float = 0.0
) -> ArticleResult:
    """The result with only the quotations asked for, still a valid record.

    Speakers to whom none points any more go, and pointers to quotations that went are None; of several that repeat one
    that went, the first stands for it and the others repeat that.
    """
    kept = [q for q in result.quotes if (kinds is None or q.kind in kinds) and q.confidence >= min_confidence]
    return with_quotes(result, kept)


def with_quotes(result: ArticleResult, kept: Sequence[Attribution]) -> ArticleResult:
    """The result with some of its quotations, see `select`."""
    if len(kept) == len(result.quotes):
        return result
    ids = {q.id for q in kept}
    first_of: dict[str, str] = {}

    def repaired(quote: Attribution) -> Attribution:
        repeats = quote.repeats
        if repeats is not None and repeats not in ids:
            first = first_of.setdefault(repeats, quote.id)
            repeats = None if first == quote.id else first
        return replace(
            quote,
            repeats=repeats,
            continues=quote.continues if quote.continues in ids else None,
            within=quote.within if quote.within in ids else None,
        )

    quotes = tuple(repaired(q) for q in kept)
    speakers = {q.speaker for q in quotes}
    return replace(result, quotes=quotes, speakers=tuple(s for s in result.speakers if s.id in speakers))


# --- rows


def rows(result: ArticleResult) -> list[Row]:
    """One flat row a quotation, in order, under the names of `COLUMNS` and then the input's own (see the module)."""
    article = result.article
    speakers = {s.id: s for s in result.speakers}
    metadata = {
        "title": article.title,
        "byline": article.byline,
        "publisher": article.publisher,
        "published": article.published,
        "url": article.url,
        "path": article.path,
    }
    own = dict(zip(own_columns(result), article.fields.values(), strict=True))
    return [
        {"article": article.id, "n": n, **_quote_cells(q, speakers.get(q.speaker or "")), **metadata, **own}
        for n, q in enumerate(result.quotes, 1)
    ]


def to_dicts(results: ArticleResult | Iterable[ArticleResult]) -> list[Row]:
    """The rows of one result or of many, all with the same keys in the same order; None where an article lacks a field.

    `ArticleResult.to_dict()` gives the nested record instead.
    """
    return _table_of(results)[1]


def to_dataframe(results: ArticleResult | Iterable[ArticleResult]) -> "pandas.DataFrame":
    """The rows of one result or of many as a pandas table, one quotation a row.

    Raises:
        MissingExtraError: pandas is not installed.
    """
    try:
        import pandas
    except ImportError as error:
        raise MissingExtraError("pandas", "pandas", "a DataFrame") from error
    columns, found = _table_of(results)
    return pandas.DataFrame(found, columns=columns)


def _table_of(results: ArticleResult | Iterable[ArticleResult]) -> tuple[list[str], list[Row]]:
    many = [results] if isinstance(results, ArticleResult) else list(results)
    columns = list(dict.fromkeys([*COLUMNS, *(name for result in many for name in own_columns(result))]))
    empty: Row = dict.fromkeys(columns)
    return columns, [{**empty, **row} for result in many for row in rows(result)]


def own_columns(result: ArticleResult) -> list[str]:
    """The names under which the input's own fields stand in a row, in their order."""
    return [f"input_{k}" if k in COLUMNS else k for k in result.article.fields]


def _quote_cells(quote: Attribution, speaker: Source | None) -> Row:
    return {
        "quote": quote.id,
        "paragraph": quote.paragraph,
        "kind": quote.kind,
        "speaker": speaker.label if speaker else None,
        "speaker_kind": speaker.kind if speaker else None,
        "role": speaker.description if speaker and speaker.name else None,
        "mention": quote.mention.text if quote.mention else None,
        "cue": quote.cue.text if quote.cue else None,
        "quotation": quote.text,
        "start": quote.spans[0].start if quote.spans else None,
        "end": quote.spans[-1].end if quote.spans else None,
        "spans": " ".join(f"{s.start}:{s.end}" for s in quote.spans),
        "confidence": round(quote.confidence, 3),
        "repeats": quote.repeats,
        "continues": quote.continues,
        "within": quote.within,
        "denied": quote.denied or None,
        "quotation_key": quote.key,
        "entity": speaker.entity if speaker else None,
        "corrected": quote.corrected or None,
    }


def cell(value: Any) -> str:
    """A row's value as it stands in a file: nothing for None, JSON for lists, objects and truth values."""
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def escape_tsv(text: str) -> str:
    """A cell's text on one line without tabs (see the module)."""
    return text.translate(_TSV_ESCAPES)


def unescape_tsv(text: str) -> str:
    """The cell that `escape_tsv` wrote so."""
    return re.sub(r"\\(.)", lambda m: {"t": "\t", "n": "\n", "r": "\r"}.get(m[1], m[1]), text)


def check_columns(columns: Iterable[str], *, own: bool) -> None:
    """Refuse columns that we do not have.

    Args:
        columns: The names asked for.
        own: Whether the input may have fields of its own; then only what looks like a slip of ours is refused.

    Raises:
        UnknownColumnError: Names the first one.
    """
    for column in columns:
        if column not in COLUMNS and (not own or (close := get_close_matches(column, COLUMNS, 1, 0.8))):
            hint = f"did you mean {close[0]!r}?" if own and close else f"there are {', '.join(COLUMNS)}"
            raise UnknownColumnError(f"no column {column!r}; {hint}")


# --- writers


class FlatWriter:
    """CSV or TSV with one header.

    Args:
        stream: Opened with newline="".
        delimiter: "," or a tab.
        columns: Which columns, in this order; None for all of ours and the input's own.
        spool: Keep the rows in a temporary file until `close`, when the own fields of every article are known. Without
            it the fields of the first article decide, and those that come up later are listed in `left_out`.
    """

    def __init__(
        self, stream: TextIO, *, delimiter: str = ",", columns: Sequence[str] | None = None, spool: bool = False
    ) -> None:
        self._stream = stream
        self._delimiter = delimiter
        self._columns = tuple(columns) if columns else None
        self._header: tuple[str, ...] | None = None
        self._own: dict[str, None] = {}
        self._spool = tempfile.TemporaryFile("w+", encoding="utf-8") if spool and not columns else None  # noqa: SIM115
        self.left_out: dict[str, None] = {}

    def write(self, result: ArticleResult) -> None:
        """Add the article's rows."""
        found = rows(result)
        self._own.update(dict.fromkeys(own_columns(result)))
        if self._spool is not None:
            self._spool.writelines(json.dumps(row) + "\n" for row in found)
            return
        if self._header is None:
            self._begin()
        header = self._header or ()
        if not self._columns:
            self.left_out.update(dict.fromkeys(k for k in self._own if k not in header))
        for row in found:
            self._put([cell(row.get(c)) for c in header])

    def close(self) -> None:
        """Write the rows held back; a run without articles gives the header."""
        if self._header is None:
            self._begin()
        if self._spool is None:
            return
        self._spool.seek(0)
        for line in self._spool:
            row = json.loads(line)
            self._put([cell(row.get(c)) for c in self._header or ()])
        self._spool.close()

    def _begin(self) -> None:
        self._header = self._columns or (*COLUMNS, *self._own)
        self._put(self._header)

    def _put(self, cells: Iterable[str]) -> None:
        self._stream.write(flat_line(cells, self._delimiter))


def flat_line(cells: Iterable[str], delimiter: str) -> str:
    """A line of CSV, or of TSV where the delimiter is a tab."""
    if delimiter == "\t":
        return "\t".join(map(escape_tsv, cells)) + "\n"
    # Written with \r\n, so that Python 3.11 quotes a cell with a lone \r too; lines then end as everywhere here.
    line = io.StringIO(newline="")
    csv.writer(line, lineterminator="\r\n").writerow(cells)
    return line.getvalue()[:-2] + "\n"


class JsonLinesWriter:
    """The article record, one a line."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, result: ArticleResult) -> None:
        """Add the record."""
        self._stream.write(json.dumps(result.to_dict(), ensure_ascii=False) + "\n")

    def close(self) -> None:
        """Nothing follows the last line."""


class JsonWriter:
    """One JSON array of article records."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._empty = True

    def write(self, result: ArticleResult) -> None:
        """Add the record."""
        self._stream.write(("[\n" if self._empty else ",\n") + json.dumps(result.to_dict(), ensure_ascii=False))
        self._empty = False

    def close(self) -> None:
        """End the array."""
        self._stream.write("[]\n" if self._empty else "\n]\n")


class MarkdownWriter:
    """A heading, a table, the totals and the warnings of each article; characters that Markdown reads are escaped."""

    def __init__(self, stream: TextIO, *, columns: Sequence[str] | None = None) -> None:
        self._stream = stream
        self._columns = tuple(columns or MARKDOWN_COLUMNS)
        self._first = True

    def write(self, result: ArticleResult) -> None:
        """Add the article."""
        lines = [] if self._first else [""]
        self._first = False
        lines += [f"## {escape_markdown(heading(result))}", ""]
        if subtitle := about(result):
            lines += [escape_markdown(subtitle), ""]
        if found := rows(result):
            lines.append(_markdown_row(HEADINGS.get(c, c) for c in self._columns))
            lines.append(_markdown_row("---" for _ in self._columns))
            lines += [_markdown_row(escape_markdown(shown(row, c)) for c in self._columns) for row in found]
            lines += ["", escape_markdown(count(result).line())]
        else:
            lines += ["No quotations found."]
        for warning in (*result.article.warnings, *result.warnings):
            lines += ["", f"Warning: {escape_markdown(warning)}"]
        self._stream.write("\n".join(lines) + "\n")

    def close(self) -> None:
        """Nothing follows the last article."""


def escape_markdown(text: str) -> str:
    """One line of text that Markdown shows as it stands."""
    return _MARKDOWN_SPECIAL.sub(r"\\\1", " ".join(text.split()))


def _markdown_row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


# --- what a reader sees of a result, in Markdown and on the terminal


def heading(result: ArticleResult) -> str:
    """The article's title, else its id."""
    return result.article.title or result.article.id


def about(result: ArticleResult, separator: str = " · ") -> str:
    """Publisher, date and path, those that are known."""
    article = result.article
    return separator.join(p for p in (article.publisher, article.published, article.path) if p)


def shown(row: Mapping[str, Any], column: str) -> str:
    """A cell for a reader: unnamed sources marked, missing ones said to be, repeated and nested quotations noted."""
    value = cell(row.get(column))
    if column == "speaker":
        if not value:
            return NOT_TOLD
        return f"{UNNAMED_MARK} {value}" if row.get("speaker_kind") in ("anonymous", "group") else value
    if column == "confidence":
        return f"{row['confidence']:.2f}"
    if column == "quotation":
        notes = [f"{word} {row[key]}" for key, word in (("repeats", "repeats"), ("within", "within")) if row.get(key)]
        notes += ["not said"] if row.get("denied") else []
        return f"{value} ({', '.join(notes)})" if notes else value
    return value


def counted(number: int, noun: str) -> str:
    """ "1 source", "2 sources"."""
    return f"{number} {noun}{'' if number == 1 else 's'}"
