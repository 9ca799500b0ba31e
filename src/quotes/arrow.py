"""Results as Arrow tables and Parquet files (extra `parquet`), and one function that engines can map over batches.

docs/archives.md shows how `attribute_batches` is used.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from quotes.errors import ArticleError, InputError, MissingExtraError
from quotes.readers import ReadOptions, article_of
from quotes.records import Article
from quotes.schema import TABLES, VERSION, Column, quotation_rows
from quotes.table import Row

if TYPE_CHECKING:
    import pyarrow

# What `attribute_batches` has beside the columns of quotations: an article that fails is a row with the reason.
ERROR = Column("error", "string", "why the article has no quotations here; null for a quotation")


def arrow() -> Any:
    """The package pyarrow.

    Raises:
        MissingExtraError: It is not installed.
    """
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        raise MissingExtraError("pyarrow", "parquet", "writing Parquet") from error
    return pyarrow


def arrow_schema(columns: Sequence[Column], provenance: Mapping[str, str] | None = None) -> "pyarrow.Schema":
    """A table's schema; `provenance` becomes its metadata, beside the version of the schema."""
    pa = arrow()
    types = {"string": pa.string(), "integer": pa.int64(), "number": pa.float64(), "boolean": pa.bool_()}
    metadata = {"quotes.schema": str(VERSION)} | {f"quotes.{k}": v for k, v in (provenance or {}).items()}
    fields = [pa.field(c.name, types[c.type], nullable=not c.required, metadata={"meaning": c.meaning}) for c in columns]
    return pa.schema(fields, metadata=metadata)


def write_parquet(file: Path, rows: Sequence[Row], table: str, provenance: Mapping[str, str]) -> None:
    """Write rows of a table of `TABLES`."""
    pa = arrow()
    schema = arrow_schema(TABLES[table], provenance)
    pa.parquet.write_table(pa.Table.from_pylist(list(rows), schema=schema), file, compression="zstd")


def read_columns(file: Path, columns: Sequence[str]) -> Iterator[Row]:
    """Rows of a Parquet file that we wrote, with these columns; so many at a time that memory stays small.

    Raises:
        InputError: It is missing or damaged, or lacks a column.
    """
    pa = arrow()
    try:
        with pa.parquet.ParquetFile(file) as table:
            missing = [c for c in columns if c not in table.schema_arrow.names]
            if missing:
                raise InputError(f"{file} has no column {missing[0]!r}: it is no table of quotations of ours")
            for batch in table.iter_batches(1000, columns=list(columns)):
                yield from batch.to_pylist()
    except (OSError, pa.ArrowException) as error:
        raise InputError(f"{file} is missing or damaged ({error})") from error


@lru_cache(1)
def _analyzer(model: str, threads: int) -> Any:
    from quotes.pipeline import load

    return load(model, threads=threads)


def attribute_batches(
    batches: "Iterable[pyarrow.RecordBatch]",
    *,
    model: str = "default",
    threads: int = 1,
    text_field: str | None = None,
    id_field: str | None = None,
) -> "Iterator[pyarrow.RecordBatch]":
    """Quotations of articles: Arrow batches in, Arrow batches out; the model is loaded once in a process.

    Args:
        batches: Articles, one a row; text, id and metadata under the names that the command line knows.
        model: Name or folder.
        threads: Of the encoder; one, where the cluster gives a worker one core.
        text_field: The column of the text; None for the usual names.
        id_field: The column of the id; None for the usual names. An article without one has the beginning of its text's hash.

    Yields:
        One batch for each that came in: the columns of `quotes.schema.QUOTATIONS`, then `error`. An article that fails is
        one row with its id and the reason, and n = 0.
    """
    from quotes.batch import Failure, outcomes

    pa = arrow()
    schema = output_schema()
    names = ReadOptions(text_field, id_field)
    for batch in batches:
        found: list[Row] = []
        items = [_article(row, number, names) for number, row in enumerate(batch.to_pylist(), 1)]
        articles = [item for item in items if isinstance(item, Article)]
        done = iter(outcomes(_analyzer(model, threads), articles) if articles else [])
        for item in items:
            outcome = Failure(item) if isinstance(item, ArticleError) else next(done)
            if isinstance(outcome, Failure):
                failed = item.id if isinstance(item, Article) else item.where
                found.append(_failed(failed, outcome.error.reason))
            else:
                found += [{**row, "error": None} for row in quotation_rows(outcome)]
        yield pa.RecordBatch.from_pylist(found, schema=schema)


def output_schema() -> "pyarrow.Schema":
    """The schema of what `attribute_batches` yields."""
    return arrow_schema((*TABLES["quotations"], ERROR))


def _article(row: Row, number: int, names: ReadOptions) -> Article | ArticleError:
    try:
        article = article_of(row, f"row {number}", None, names)
    except ArticleError as error:
        return error
    return article if article.id else replace(article, id=sha256(article.text.encode()).hexdigest()[:16])


def _failed(article: str, reason: str) -> Row:
    empty = {"string": "", "integer": 0, "number": 0.0, "boolean": False}
    row: Row = {c.name: empty[c.type] if c.required else None for c in TABLES["quotations"]}
    return {**row, "article": article, "error": reason}
