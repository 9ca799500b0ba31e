"""The text of an article in pieces, each with the quotations, cues and mentions it belongs to, for a page or a terminal."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from quotes.normalize import find_paragraphs
from quotes.records import ArticleResult, Attribution, CharSpan


@dataclass(slots=True)
class Piece:
    """A stretch of text with all that covers it; `quotes`: outermost first."""

    start: int
    end: int
    quotes: list[Attribution] = field(default_factory=list)
    cue_of: list[str] = field(default_factory=list)
    mention_of: list[str] = field(default_factory=list)


def pieces_of(result: ArticleResult) -> Iterator[list[Piece]]:
    """The text of each paragraph in pieces, at each of whose ends something begins or ends."""
    text = result.article.text
    marks: list[tuple[CharSpan, str, Attribution]] = []
    for quote in result.quotes:
        marks += [(span, "quotes", quote) for span in quote.spans]
        marks += [(span.span, kind, quote) for kind, span in (("cue", quote.cue), ("mention", quote.mention)) if span]
    marks.sort(key=lambda m: (m[0].start, -m[0].end))
    for paragraph in find_paragraphs(text):
        inside = [m for m in marks if m[0].start < paragraph.end and paragraph.start < m[0].end]
        cuts = {paragraph.start, paragraph.end}
        for span, _, _ in inside:
            cuts |= {c for c in (span.start, span.end) if paragraph.start < c < paragraph.end}
        places = sorted(cuts)
        pieces = [Piece(a, b) for a, b in pairwise(places)]
        at = {piece.start: k for k, piece in enumerate(pieces)}
        for span, kind, quote in inside:
            first = at[max(span.start, paragraph.start)]
            for piece in pieces[first:]:
                if piece.start >= span.end:
                    break
                if kind == "quotes":
                    piece.quotes.append(quote)
                else:
                    (piece.cue_of if kind == "cue" else piece.mention_of).append(quote.id)
        yield pieces


def ends_in(piece: Piece) -> Attribution | None:
    """The innermost quotation that ends with a piece, or None."""
    inner = piece.quotes[-1] if piece.quotes else None
    return inner if inner is not None and inner.spans[-1].end == piece.end else None
