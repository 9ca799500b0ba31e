"""The evidence view in a terminal: the article with its quotations marked, and who its speakers are."""

from rich.console import Console
from rich.text import Text

from quotes.pieces import Piece, ends_in, pieces_of
from quotes.records import ArticleResult
from quotes.report import print_lines, visible
from quotes.table import UNNAMED_MARK, about, count, counted, heading

# Colours that are legible on dark and light terminals; beyond them the number beside each quotation tells sources apart.
_COLORS = ("cyan", "green", "magenta", "yellow", "blue", "red")
_UNTOLD = "?"


def print_article(console: Console, result: ArticleResult) -> None:
    """Print the text: quotations in their speaker's colour with its number behind, cues in italics, mentions underlined."""
    number = {s.id: k for k, s in enumerate(result.speakers, 1)}
    print_lines(console, [heading(result)])
    if subtitle := about(result, " | "):
        print_lines(console, [subtitle])
    for pieces in pieces_of(result):
        line = Text(overflow="fold")
        for piece in pieces:
            _append(line, result, piece, number, console.encoding)
        console.print()
        console.print(line)
    console.print()
    for source in result.speakers:
        own = sum(q.speaker == source.id for q in result.quotes)
        mark = "" if source.named else f"{UNNAMED_MARK} "
        role = f", {source.description}" if source.name and source.description else ""
        line = Text(overflow="fold")
        line.append(f"[{number[source.id]}] ", style=_color(number[source.id]))
        line.append(visible(f"{mark}{source.label}{role}: {source.kind}, {counted(own, 'quotation')}", console.encoding))
        console.print(line)
    print_lines(console, [count(result).line(), *(f"Warning: {w}" for w in (*result.article.warnings, *result.warnings))])


def _append(line: Text, result: ArticleResult, piece: Piece, number: dict[str, int], encoding: str) -> None:
    text = result.article.text[piece.start : piece.end]
    # blanks at its ends stay, breaks within a paragraph become blanks
    shown = visible(f"|{text}|", encoding)[1:-1]
    styles = []
    if piece.quotes:
        styles.append(_color(number.get(piece.quotes[-1].speaker or "", 0)))
    styles += ["italic"] * bool(piece.cue_of) + ["underline"] * bool(piece.mention_of)
    line.append(shown, style=" ".join(styles))
    ended = ends_in(piece)
    if ended is not None:
        told = number.get(ended.speaker or "")
        line.append(f"[{told or _UNTOLD}]", style=_color(told or 0))


def _color(number: int) -> str:
    """The colour of a speaker; bold where the article does not tell it."""
    return _COLORS[(number - 1) % len(_COLORS)] if number else "bold"
