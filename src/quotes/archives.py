"""Archives in formats of their own -> articles: Parquet, web archives (WARC, WACZ), spaCy's DocBin.

The packages that read them come with the extras `parquet` and `archive`; a missing one costs the file, and says so.
"""

import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from quotes.errors import ArticleError, MissingExtraError
from quotes.readers import TEXT_FIELDS, Items, ReadOptions, article_of, page_article, pick
from quotes.records import Article
from quotes.web_pages import Extractor

log = logging.getLogger(__name__)

# Rows of a Parquet file that are held at a time.
_ROWS = 256
# A page of more bytes is no page of an article.
_LARGEST_PAGE = 1 << 24


@contextmanager
def _extra(package: str, extra: str, purpose: str, where: str) -> Iterator[None]:
    """An import that fails is the input's error: it says which extra to install."""
    try:
        yield
    except ImportError as error:
        raise ArticleError(where, str(MissingExtraError(package, extra, purpose))) from error


# --- Parquet


def read_parquet(file: str | None, where: str, path: str | None, names: ReadOptions) -> Items:
    """The rows of a Parquet file, a few at a time; all columns but the text are kept.

    Args:
        file: The file; None where it stands in another, in which it cannot be sought.
        where: The place for an error's message.
        path: What the articles tell as their path.
        names: The columns of text and id.
    """
    if file is None:
        raise ArticleError(where, "a Parquet file within another; unpack it first")
    with _extra("pyarrow", "parquet", "reading Parquet", where):
        from pyarrow import ArrowException, default_memory_pool, parquet
    try:
        table = parquet.ParquetFile(file)
    except (ArrowException, OSError, ValueError) as error:
        raise ArticleError(where, f"not a readable Parquet file ({_line(error)})") from error
    with table:
        columns = dict.fromkeys(table.schema_arrow.names)
        if pick(columns, (names.text,) if names.text else TEXT_FIELDS) is None:
            wanted = repr(names.text) if names.text else f"of the names {', '.join(TEXT_FIELDS)}"
            raise ArticleError(where, f"no column {wanted}; it has {', '.join(columns)}. Choose one with --text-field")
        number = 0
        try:
            for batch in table.iter_batches(batch_size=_ROWS, use_threads=False):
                for row in batch.to_pylist():
                    number += 1
                    yield _row(row, f"{where} row {number}", path, names)
        except (ArrowException, OSError, ValueError) as error:
            yield ArticleError(where, f"damaged after row {number} ({_line(error)}); what came before it is read")
    default_memory_pool().release_unused()


def _row(row: dict[str, Any], where: str, path: str | None, names: ReadOptions) -> Article | ArticleError:
    try:
        return article_of({k: _simple(v) for k, v in row.items()}, where, path, names)
    except ArticleError as error:
        return error


def _simple(value: Any) -> Any:
    """A cell as JSON could hold it: dates as ISO 8601, the rest that JSON does not know as text."""
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    if isinstance(value, list):
        return [_simple(v) for v in value]
    if isinstance(value, dict):
        return {str(k): _simple(v) for k, v in value.items()}
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _line(error: BaseException) -> str:
    return " ".join(str(error).split())[:200]


# --- web archives


def read_warc(stream: io.BufferedIOBase, where: str, path: str | None, extractor: Extractor) -> Items:
    """The HTML pages of a web archive that a server sent with success; other records are passed over."""
    with _extra("fastwarc", "archive", "reading WARC", where):
        from fastwarc.warc import ArchiveIterator, WarcRecordType
    passed = read = 0
    try:
        for record in ArchiveIterator(stream, record_types=WarcRecordType.response, parse_http=True):
            url = str(record.headers.get("WARC-Target-URI") or "").strip("<>")
            kind = (record.http_content_type or "").lower()
            if "html" not in kind or record.http_headers is None or record.http_headers.status_code != 200:
                passed += 1
                continue
            read += 1
            place = f"{where} {url or record.record_id}"
            data = record.reader.read(_LARGEST_PAGE + 1)
            if len(data) > _LARGEST_PAGE:
                yield ArticleError(place, f"a page of more than {_LARGEST_PAGE >> 20} MB is no article")
                continue
            yield _page(data, place, path, url, record.headers.get("WARC-Date"), extractor)
    except (OSError, RuntimeError, ValueError, EOFError) as error:
        yield ArticleError(where, f"damaged or cut off ({_line(error)}); what came before it is read")
    if not read and not passed:
        yield ArticleError(where, "no response of a server in it, or damaged at its start")
    if passed:
        log.info("%s: %d records are no HTML pages, or errors of the server, and are passed over", where, passed)


def _page(
    data: bytes, where: str, path: str | None, url: str, date: str | None, extractor: Extractor
) -> Article | ArticleError:
    try:
        return page_article(data, where, path, url=url, date=date, extractor=extractor)
    except ArticleError as error:
        return error


# --- spaCy


def read_doc_bin(data: bytes, where: str, path: str | None) -> Items:
    """The documents of a `DocBin`, as text; what else they hold is not taken over, but `user_data["id"]` is their id."""
    from spacy import blank
    from spacy.tokens import DocBin

    vocab = blank("en").vocab
    try:
        docs = list(DocBin().from_bytes(data).get_docs(vocab))
    except Exception as error:  # zlib, msgpack, numpy and spaCy each have errors of their own
        raise ArticleError(where, f"not a DocBin of spaCy ({type(error).__name__}: {_line(error)})") from error
    for number, doc in enumerate(docs, 1):
        record = {"id": doc.user_data.get("id"), "text": doc.text}
        try:
            yield article_of(record, f"{where} doc {number}", path, ReadOptions())
        except ArticleError as error:
            yield error
