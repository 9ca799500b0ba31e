"""Results -> tables for the terminal, as wide as it is.

Article text never passes through rich's markup ("[the mayor]" would vanish), and characters that steer a terminal are
shown as escapes: an article cannot colour, move or reverse what the reader sees.
"""

import re
from collections.abc import Collection, Iterable, Sequence

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from quotes.records import ArticleResult
from quotes.table import HEADINGS, NOT_TOLD, UNNAMED_MARK, Row, Totals, about, count, heading, rows, shown

# Narrower than this the quotation column has no room for words; a narrower terminal breaks the lines itself.
NARROWEST = 40
# What is shown from which width on; 80, 120 and 200 columns are the common terminals.
_BY_WIDTH = (
    (0, ("n", "paragraph", "speaker", "quotation")),
    (100, ("n", "paragraph", "speaker", "quotation", "cue", "confidence")),
    (160, ("n", "paragraph", "speaker", "role", "mention", "quotation", "cue", "confidence")),
)
# The share of the width that a column may take at most; the quotation has what is left.
_SHARES = {"speaker": 0.27, "role": 0.18, "mention": 0.14, "cue": 0.14, "title": 0.2, "path": 0.2, "url": 0.2}
_NUMBERS = frozenset({"n", "paragraph", "start", "end", "confidence"})
_STYLES = {"n": "dim", "paragraph": "dim", "confidence": "dim", "cue": "italic"}

# C0 and C1 controls, marks and overrides of writing direction, tags, and lone surrogates (of file names).
_UNSAFE = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
# For a terminal that has no UTF-8, so that a quotation still reads as one.
_ASCII_FORMS = str.maketrans(
    {
        **dict.fromkeys("“”„‟«»″", '"'),
        **dict.fromkeys("‘’‚‛‹›′", "'"),
        **dict.fromkeys("–—―", "-"),
        **dict.fromkeys("·•", "-"),
        "…": "...",
        "\xa0": " ",
        "◦": "*",
        "¶": "par",
    }
)


def visible(text: str, encoding: str = "utf-8") -> str:
    """One line of text that is harmless on a terminal of this encoding; what it cannot show becomes an escape.

    Example: "a\\x1b[31mb" gives the eight characters a \\ x 1 b [ 3 1 ... as plain text.
    """
    line = _UNSAFE.sub(lambda m: m[0].encode("unicode_escape").decode("ascii"), " ".join(text.split()))
    if not encoding.lower().startswith("utf"):
        line = "".join(c if _fits(c, encoding) else c.translate(_ASCII_FORMS) for c in line)
        line = line.encode(encoding, "backslashreplace").decode(encoding)
    return line


def _fits(character: str, encoding: str) -> bool:
    try:
        character.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


class _Console(Console):
    def on_broken_pipe(self) -> None:
        """Leave it to the command line; rich would end the program with status 1."""
        raise BrokenPipeError


def make_console(stream: object, *, color: str = "auto", width: int | None = None) -> Console:
    """A console for article text: no markup, no emoji codes, no highlighting.

    Args:
        stream: Where to write.
        color: "auto" colours a terminal unless NO_COLOR is set; "always" also files and pipes; "never" nothing.
        width: Columns; None for the terminal's own, 80 elsewhere.
    """
    console = _Console(
        file=stream,  # type: ignore[arg-type]
        force_terminal={"always": True, "never": False}.get(color),
        no_color={"always": False, "never": True}.get(color),
        width=width,
        markup=False,
        emoji=False,
        highlight=False,
        soft_wrap=False,
    )
    if console.width < NARROWEST:
        console.width = NARROWEST
    return console


class TableWriter:
    """A table an article, and the totals of all where there are several (see `table.Writer`)."""

    def __init__(self, console: Console, *, columns: Sequence[str] | None = None) -> None:
        self._console = console
        self._columns = tuple(columns) if columns else None
        self._totals = Totals()

    def write(self, result: ArticleResult) -> None:
        """Print the article."""
        if self._totals.articles:
            self._console.print()
        totals = count(result)
        self._totals += totals
        self._line(heading(result), style="bold")
        if subtitle := about(result, f" {self._text('·')} "):
            self._line(subtitle, style="dim")
        if result.quotes:
            self._console.print(self._table(rows(result)))
            self._line(totals.line())
        else:
            self._line("No quotations found.")
        for warning in (*result.article.warnings, *result.warnings):
            self._line(f"Warning: {warning}", style="yellow")

    def close(self) -> None:
        """Print the totals, if there was more than one article."""
        if self._totals.articles > 1:
            self._console.print()
            self._line(f"All {self._totals.articles} articles: {self._totals.line()}", style="bold")

    def _text(self, text: str, style: str = "") -> Text:
        return Text(visible(text, self._console.encoding), style=style, overflow="fold")

    def _line(self, text: str, style: str = "") -> None:
        self._console.print(self._text(text, style))

    def _table(self, found: Sequence[Row]) -> Table:
        width = self._console.width
        names = self._columns or [names for least, names in _BY_WIDTH if width >= least][-1]
        table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, safe_box=True)
        for name in names:
            cells = [cell_len(visible(shown(row, name))) for row in found]
            share = _SHARES.get(name)
            table.add_column(
                self._text(HEADINGS.get(name, name)),
                justify="right" if name in _NUMBERS else "left",
                no_wrap=name in _NUMBERS,
                overflow="fold",
                max_width=max(8, int(width * share)) if share else None,
                min_width=min(max(cells), 8) if name not in _NUMBERS else max(cells),
            )
        for row in found:
            table.add_row(*(self._text(shown(row, name), _style(row, name)) for name in names))
        return table


_MARKS = {"same": ("", "", ""), "dropped": ("[-", "-]", "red"), "added": ("{+", "+}", "green")}


def print_words(console: Console, pieces: Iterable[tuple[str, str]], indent: str) -> None:
    """Print what became of some words: [-dropped-] and {+added+}, in colour where there is any."""
    line = Text(indent, overflow="fold")
    for tag, text in pieces:
        opening, closing, style = _MARKS[tag]
        words = visible(f"|{text}|", console.encoding)[1:-1]  # a blank at an end stays
        line.append(f"{opening}{words}{closing}", style=style)
    console.print(line)


def print_lines(console: Console, lines: Iterable[str], indent: str = "") -> None:
    """Print lines of text, wrapped."""
    for line in lines:
        console.print(Text(indent + visible(line, console.encoding), overflow="fold"))


def print_table(console: Console, headings: Sequence[str], cells: Sequence[Sequence[str]], numbers: Collection[str]) -> None:
    """Print a plain table; columns with a heading of `numbers` are never broken, those without any content left out."""
    kept = [i for i in range(len(headings)) if not cells or any(row[i] for row in cells)]
    headings, cells = [headings[i] for i in kept], [[row[i] for i in kept] for row in cells]
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, safe_box=True)
    for name in headings:
        right = name in numbers
        table.add_column(name, justify="right" if right else "left", no_wrap=right, overflow="fold")
    for row in cells:
        table.add_row(*(Text(visible(cell, console.encoding), overflow="fold") for cell in row))
    console.print(table)


def _style(row: Row, column: str) -> str:
    if column == "speaker":
        value = shown(row, column)
        return "red" if value == NOT_TOLD else "yellow" if value.startswith(UNNAMED_MARK) else "cyan"
    return _STYLES.get(column, "")
