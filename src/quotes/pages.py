"""Where pages go: one file, or a folder with a page an article and an index."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from quotes.errors import InputError, OutputError
from quotes.output import whole_file
from quotes.page import article_page, index_page, index_row
from quotes.records import ArticleResult
from quotes.table import Totals, count, counted

_ARTICLES = "articles"
INDEX = "index.html"


class PageFile:
    """One article as one file; `number` tells how many there were.

    Raises:
        InputError: There is a second article.
    """

    def __init__(self, path: Path, generator: str) -> None:
        self._path, self._generator = path, generator
        self._page = ""
        self.number = 0

    def add(self, result: ArticleResult) -> None:
        """Take the article."""
        self.number += 1
        if self.number > 1:
            raise InputError(f"there are several articles; give a folder, -o {self._path.with_suffix('')}/")
        self._page = article_page(result, generator=self._generator)

    def close(self) -> None:
        """Write it."""
        with whole_file(self._path) as stream:
            stream.write(self._page)


class PageFolder:
    """A page an article, written as they come, and an index of them at the end.

    Raises:
        OutputError: The folder holds something else, or a report and `force` is not given, or cannot be written.
    """

    def __init__(self, folder: Path, generator: str, *, force: bool = False) -> None:
        self._folder, self._generator = folder, generator
        self._rows: list[dict[str, Any]] = []
        self._totals = Totals()
        self.number = 0
        try:
            folder.mkdir(parents=True, exist_ok=True)
            there = {p.name for p in folder.iterdir()}
            if there - {INDEX, _ARTICLES}:
                raise OutputError(f"{folder} holds something else; name another folder")
            if there and not force:
                raise OutputError(f"{folder} holds a report already; give --force to write over it, or another name")
            (folder / _ARTICLES).mkdir(exist_ok=True)
            for old in self._pages():
                old.unlink()
        except OSError as error:
            raise OutputError(f"{folder} cannot be written ({error.strerror or error})") from error

    def _pages(self) -> Iterator[Path]:
        yield from (self._folder / _ARTICLES).glob("[0-9]*.html")

    def add(self, result: ArticleResult) -> None:
        """Write the page of an article."""
        self.number += 1
        href = f"{_ARTICLES}/{self.number:06}.html"
        page = article_page(result, generator=self._generator, index=f"../{INDEX}")
        (self._folder / href).write_text(page, encoding="utf-8")
        self._rows.append(index_row(result, href))
        self._totals += count(result)

    def close(self) -> None:
        """Write the index."""
        totals = f"{counted(self.number, 'article')}: {self._totals.line()}"
        page = index_page(self._rows, title="Quotations", totals=totals, generator=self._generator)
        with whole_file(self._folder / INDEX) as stream:
            stream.write(page)
