"""The evidence view: an article as one HTML page, its quotations, cues and sources marked, and an index of many articles.

A page needs nothing but itself: style and script are in it, and its Content-Security-Policy lets no other run or load. What
comes from an article is escaped wherever it stands.
"""

import base64
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from quotes.audit import Audit, Measure
from quotes.audit_report import GROUP_HEADINGS, figures, group_figures
from quotes.explain import explain
from quotes.pieces import Piece, ends_in, pieces_of
from quotes.records import ArticleResult, Attribution
from quotes.stored import words_in
from quotes.table import NOT_TOLD, UNNAMED_MARK, about, count, counted, heading

# So many hues, a golden angle apart, before they begin anew; the number beside each quotation tells sources apart beyond.
_HUES = 24
INDEX_COLUMNS = ("Article", "Publisher", "Date", "Quotations", "Sources", "Unnamed", "Unattributed", "Least sure")


@cache
def _asset(name: str) -> str:
    return (files("quotes") / "templates" / name).read_text(encoding="utf8")


@cache
def _template(name: str) -> Any:
    return Environment(autoescape=True, trim_blocks=False).from_string(_asset(name))


def _frame(script: str | None) -> dict[str, Any]:
    """What every page has: style and script as they are, and a policy that lets nothing else run or load."""
    code, style = _asset(script) if script else "", _style()
    allowed = (f"'sha256-{base64.b64encode(sha256(part.encode()).digest()).decode()}'" for part in (code, style))
    policy = "default-src 'none'; base-uri 'none'; form-action 'none'; script-src {}; style-src {}".format(*allowed)
    return {"style": Markup(style), "script": Markup(code), "policy": policy}


@cache
def _style() -> str:
    hues = "".join(f".c{k} {{ --h: {k * 137 % 360}; }}\n" for k in range(_HUES))
    return _asset("page.css") + hues


# --- an article


def article_page(result: ArticleResult, *, generator: str, index: str | None = None) -> str:
    """The page of an article.

    Args:
        result: The article with its quotations.
        generator: What made it, for the foot of the page.
        index: Address of the page of all articles, or None.
    """
    number = {s.id: k for k, s in enumerate(result.speakers, 1)}
    unnamed = {s.id for s in result.speakers if not s.named}
    paragraphs = [[s for p in pieces for s in _shown(result, p, number, unnamed)] for pieces in pieces_of(result)]
    return str(
        _template("article.html.j2").render(
            **_frame("article.js"),
            title=heading(result),
            about=about(result, " · "),
            totals=count(result).line(),
            warnings=(*result.article.warnings, *result.warnings),
            paragraphs=paragraphs,
            speakers=list(_speakers(result, number)),
            rows=[_row(result, quote, number) for quote in result.quotes],
            generator=generator,
            index=index,
        )
    )


def _shown(result: ArticleResult, piece: Piece, number: dict[str, int], unnamed: set[str]) -> Iterator[dict[str, Any]]:
    """A piece as the template has it; a quotation's first piece is a link to its row, which a keyboard reaches."""
    text = result.article.text[piece.start : piece.end]
    marked = [name for name, of in (("cue", piece.cue_of), ("mention", piece.mention_of)) if of]
    if not piece.quotes:
        yield {"text": text, "classes": " ".join(marked), "of": " ".join((*piece.cue_of, *piece.mention_of))}
        return
    ids = " ".join(q.id for q in piece.quotes)
    inner = piece.quotes[-1]
    speaker = inner.speaker or ""
    untold = "untold" if inner.speaker is None else "unnamed" if speaker in unnamed else ""
    classes = " ".join(filter(None, ("q", _color(number.get(speaker, 0)), untold, *marked)))
    begins = [q.id for q in piece.quotes if q.spans[0].start == piece.start]
    ends = ends_in(piece) is not None
    shared = {"tag": "a" if begins else "span", "classes": classes, "quotes": ids, "speaker": speaker}
    for ident in begins[1:]:  # an element has one id
        yield {**shared, "text": "", "id": ident, "quotes": ident, "number": None}
    yield {**shared, "text": text, "id": begins[0] if begins else None, "number": number.get(speaker, "?") if ends else None}


def _speakers(result: ArticleResult, number: dict[str, int]) -> Iterator[dict[str, Any]]:
    told = [q for q in result.quotes if q.repeats is None and not q.denied]
    words = sum(words_in(q.text) for q in told if q.within is None) or 1
    for source in result.speakers:
        own = [q for q in told if q.speaker == source.id]
        said = sum(words_in(q.text) for q in own if q.within is None)
        yield {
            "id": source.id,
            "number": number[source.id],
            "color": _color(number[source.id]),
            "label": source.label if source.named else f"{UNNAMED_MARK} {source.label}",
            "role": source.description if source.name else None,
            "kind": source.kind,
            "counted": counted(len(own), "quotation"),
            "share": f"{100 * said / words:.0f} %",
        }


def _row(result: ArticleResult, quote: Attribution, number: dict[str, int]) -> dict[str, Any]:
    source = result.speaker_of(quote)
    mark = "" if source is None or source.named else f"{UNNAMED_MARK} "
    return {
        "id": quote.id,
        "paragraph": quote.paragraph,
        "speaker": quote.speaker or "",
        "number": number.get(quote.speaker or ""),
        "color": _color(number.get(quote.speaker or "", 0)),
        "source": mark + source.label if source else NOT_TOLD,
        "text": quote.text,
        "kind": quote.kind,
        "cue": quote.cue.text if quote.cue else "",
        "sure": f"{quote.confidence:.2f}",
        "evidence": "\n".join(explain(result, quote)),
    }


def _color(number: int) -> str:
    return f"c{number % _HUES}"


# --- many articles


def index_row(result: ArticleResult, href: str) -> dict[str, Any]:
    """The row of an article in the index; `href` leads to its page."""
    totals = count(result)
    sure = min((q.confidence for q in result.quotes), default=None)
    cells = (
        heading(result), result.article.publisher or "", result.article.published or "", totals.quotations, totals.sources,
        totals.unnamed, totals.unattributed, "" if sure is None else f"{sure:.2f}",
    )  # fmt: skip
    return {"href": href, "cells": cells}


def index_page(rows: Iterable[dict[str, Any]], *, title: str, totals: str, generator: str) -> str:
    """The page of all articles, with a table to sort and filter."""
    frame = _frame("index.js")
    shown = {"columns": INDEX_COLUMNS, "rows": list(rows), "title": title, "totals": totals, "generator": generator}
    return str(_template("index.html.j2").render(**frame, **shown))


# --- an audit

_BAR = 200


def audit_page(audit: Audit, groups: Mapping[str, Mapping[str, Audit]], *, generator: str) -> str:
    """The measures of an audit with bars and intervals, then a table for each column to group by."""
    rows = [{"label": m.label, "cells": figures(m), "bar": _bar(m)} for m in audit.measures()]
    tables = [{"title": "All stories", "columns": ("Measure", "Number", "Share", "95 %", ""), "rows": rows}]
    for column, found in groups.items():
        heads = (column.capitalize(), *(h.capitalize() for h in GROUP_HEADINGS), "Words of unnamed sources")
        order = sorted(found, key=lambda g: (-found[g].stories, g))
        of_group = [{"label": g, "cells": group_figures(found[g]), "bar": _bar(_words(found[g]))} for g in order]
        tables.append({"title": f"By {column}", "columns": heads, "rows": of_group})
    told = {"title": "Sourcing audit", "tables": tables, "copies": audit.copies, "generator": generator}
    return str(_template("audit.html.j2").render(**_frame(None), **told))


def _words(audit: Audit) -> Measure:
    return next(m for m in audit.measures() if m.name == "unnamed_words")


def _bar(measure: Measure) -> dict[str, Any] | None:
    if measure.share is None:
        return None
    low, high = (None if v is None else round(v * _BAR, 1) for v in (measure.low, measure.high))
    return {"part": round(measure.share * _BAR, 1), "low": low, "high": high, "label": f"{100 * measure.share:.1f} %"}
