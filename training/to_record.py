"""Marked articles (`training/articles/README.md`) -> article records, the form that `quotes extract` prints.

    python -m training.to_record MARKED... -o FILE.jsonl [--samples FOLDER]
    python -m training.to_record MARKED... -o FOLDER     one pretty-printed FOLDER/<id>.json each

With `--samples` each record gets its path and metadata from FOLDER/<id>.txt or .html, whose text must be the marked
article's without the marks. Needs the package `quotes` (PYTHONPATH=src).
"""

import argparse
import json
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from quotes.normalize import find_paragraphs
from quotes.quotations import find_quotations
from quotes.records import MarkedSpan
from quotes.web_pages import read_page
from training.markup import MarkedArticle, MarkupError, Span, problems, read

# A cue in another sentence is farther than any in the same one.
_SENTENCE_COST = 1000
# Fewer words said twice are two utterances ("No."), not one given again.
_SHORTEST_REPEAT = 3
_SENTENCE_END = re.compile(r"(?P<before>\w*)[.!?…][.”’\"'»›)“]*\s+(?=[“‘\"'«‹„`(]*(?P<after>[^\W_]))")
_ABBREVIATIONS = frozenset("mr mrs ms dr capt st gen col sen rep gov lt rev".split())


@dataclass
class _Quote:
    """A quote of the record while it is built: its marks, and what they were joined with."""

    marks: list[Span]
    cue: Span | None
    mention: Span | None
    continues: "_Quote | None" = None
    parent: "_Quote | None" = None
    within: "_Quote | None" = None
    id: str = ""

    @property
    def source(self) -> str | None:
        return self.marks[0].id

    @property
    def start(self) -> int:
        return self.marks[0].start


@dataclass
class _Level:
    """What one {q} holds directly, or the article outside all of them."""

    contents: list[Span] = field(default_factory=list)
    cues: list[Span] = field(default_factory=list)
    sources: list[Span] = field(default_factory=list)


def to_record(article: MarkedArticle, **metadata: str | None) -> dict[str, Any]:
    """The article record of a marked article.

    Args:
        article: As read by `training.markup`; its text may have lost white space at its end.
        metadata: `path`, `title`, `byline`, `published`, `publisher`, `url`; None where not given.

    Example: '{q s1: “Yes,”} {S s1: he} {c: said}, {q s1: “but no.”}' gives one direct quote with two spans.
    """
    marked, warnings = find_quotations(article.text)
    quotes = _find_quotes(article, marked)
    speakers = _number_speakers(article, quotes)
    ids = {old: new["id"] for old, new in speakers.items()}
    keys = ("path", "title", "byline", "published", "publisher", "url")
    return {
        "id": article.id,
        **{key: metadata.get(key) for key in keys},
        "text": article.text,
        "quotes": [_quote_dict(article, quote, quotes, marked, ids) for quote in quotes],
        "speakers": list(speakers.values()),
        "not_speech": sorted([s.start, s.end] for s in article.spans if s.tag == "n"),
        "warnings": warnings,
    }


def _find_quotes(article: MarkedArticle, marked: Sequence[MarkedSpan]) -> list[_Quote]:
    quotes: list[_Quote] = []
    of_mark: dict[int, _Quote] = {}
    for parent, level in _levels(article).items():
        for quote in _join_level(article.text, level):
            quotes.append(quote)
            of_mark.update((id(mark), quote) for mark in quote.marks)
            quote.parent = of_mark.get(parent)
            if any(m.span.start < quote.start < m.span.end for m in marked if m.depth == 0):
                quote.within = quote.parent
    _continue_marks(quotes, marked)
    quotes.sort(key=lambda q: (q.start, -q.marks[0].end))
    for number, quote in enumerate(quotes, 1):
        quote.id = f"q{number}"
    return quotes


def _levels(article: MarkedArticle) -> dict[int, _Level]:
    """The marks by the innermost {q} around them (its `id()`; 0 for none), outer levels first."""
    levels = {0: _Level()}
    open_contents: list[Span] = []
    for span in article.spans:  # in order of start, outer first
        while open_contents and open_contents[-1].end <= span.start:
            open_contents.pop()
        level = levels.setdefault(id(open_contents[-1]) if open_contents else 0, _Level())
        kind = {"q": level.contents, "c": level.cues, "S": level.sources}.get(span.tag)
        # "described the plan as ...", "as she put it": the verb is the cue
        if kind is not None and not (span.tag == "c" and article.text[span.start : span.end].casefold() == "as"):
            kind.append(span)
        if span.tag == "q":
            open_contents.append(span)
    return levels


def _join_level(text: str, level: _Level) -> Iterator[_Quote]:
    """Join the {q}s of one level with their cues and mentions, and the parts of a split one with each other."""
    paragraphs = find_paragraphs(text)
    number = {id(s): _paragraph_of(paragraphs, s) for s in (*level.contents, *level.cues, *level.sources)}
    owners = {
        id(cue): _nearest(text, cue, [s for s in level.sources if number[id(s)] == number[id(cue)]])
        for cue in level.cues
    }
    owned = {id(owner) for owner in owners.values()}
    quotes: list[_Quote] = []
    for content in level.contents:
        here = number[id(content)]
        anchors = [c for c in level.cues if number[id(c)] == here and _says(owners[id(c)], content)]
        anchors += [s for s in level.sources if number[id(s)] == here and s.id == content.id and id(s) not in owned]
        anchor = _nearest(text, content, anchors)
        cue = anchor if anchor is not None and anchor.tag == "c" else None
        quote = _Quote([content], cue, owners[id(cue)] if cue is not None else anchor)
        before = next((q for q in reversed(quotes) if anchor is not None and anchor in (q.cue, q.mention)), None)
        if before is not None and before.source == content.id and not _sentence_ends(text, before.marks[-1], content):
            before.marks.append(content)
            continue
        if before is not None and before.source == content.id:
            quote.continues = before
        elif anchor is None and quotes and content.id not in (None, "?") and _follows(quotes[-1], content, number):
            quote.continues = quotes[-1]
        quotes.append(quote)
    yield from quotes


def _says(owner: Span | None, content: Span) -> bool:
    return content.id == "?" if owner is None else owner.id == content.id


def _follows(before: _Quote, content: Span, number: dict[int, int]) -> bool:
    return before.source == content.id and number[id(content)] - number[id(before.marks[-1])] <= 1


def _paragraph_of(paragraphs: Sequence[Any], span: Span) -> int:
    return next(i for i, p in enumerate(paragraphs) if span.start < p.end)


def _nearest(text: str, anchor: Span, among: Sequence[Span]) -> Span | None:
    def cost(span: Span) -> int:
        first, second = sorted((anchor, span), key=lambda s: s.start)
        between = _sentence_ends(text, first, second)
        # “A,” she said. “B.” C, he said: between two cues, B goes on with the one before
        later = between > 0 and span is second
        return max(0, second.start - first.end) + _SENTENCE_COST * (between + later)

    return min(among, key=cost, default=None)


def _sentence_ends(text: str, first: Span, second: Span) -> int:
    """How many sentences end between two spans, the last of the first one included."""
    start = max(first.start, first.end - 12)
    return sum(
        match.end() > first.end - 3
        and not match["after"].islower()
        and match["before"].casefold() not in _ABBREVIATIONS
        for match in _SENTENCE_END.finditer(text, start, second.start + 3)
        if match.end() <= second.start
    )


def _continue_marks(quotes: Sequence[_Quote], marked: Sequence[MarkedSpan]) -> None:
    """A mark opened anew in the next paragraph goes on with the quotation there, cue or not."""
    outer = [quote for quote in quotes if quote.within is None]

    def holder(span: MarkedSpan) -> _Quote | None:
        return next((q for q in outer for m in q.marks if m.start <= span.content.start < m.end), None)

    for span in marked:
        if span.continues is not None:
            quote, before = holder(span), holder(marked[span.continues])
            if quote and before and quote is not before and quote.source == before.source:
                quote.continues = before


def _number_speakers(article: MarkedArticle, quotes: Sequence[_Quote]) -> dict[str, dict[str, Any]]:
    sources = {source["id"]: source for source in article.sources}
    order = dict.fromkeys(q.source for q in quotes if q.source in sources)
    return {old: {**sources[old], "id": f"s{number}"} for number, old in enumerate(order, 1) if old is not None}


def _quote_dict(
    article: MarkedArticle, quote: _Quote, quotes: Sequence[_Quote], marked: Sequence[MarkedSpan], ids: dict[str, str]
) -> dict[str, Any]:
    text = article.text
    quoted = list(_quoted(article, quote, quotes, marked))
    repeated = _repeated(text, quote, quotes)
    return {
        "id": quote.id,
        "kind": _kind(text, quote, quoted),
        "spans": [[m.start, m.end] for m in quote.marks],
        "quoted": quoted,
        "text": _words(text, quote),
        "cue": _text_span(text, quote.cue),
        "mention": _text_span(text, quote.mention),
        "speaker": ids.get(quote.source or ""),
        "continues": quote.continues.id if quote.continues else None,
        "repeats": repeated.id if repeated else None,
        "within": quote.within.id if quote.within else None,
        "confidence": 1.0,
    }


def _quoted(
    article: MarkedArticle, quote: _Quote, quotes: Sequence[_Quote], marked: Sequence[MarkedSpan]
) -> Iterator[list[int]]:
    """The outermost marked parts of the content, without those that nobody says, and those that it reports somebody to say."""
    others = [s for s in article.spans if s.tag == "n"]
    others += [m for q in quotes if q.parent is quote and q.within is None for m in q.marks]
    for mark in quote.marks:
        end = mark.start
        for span in marked:
            if quote.within is not None and (span.span.start < mark.start or span.span.end > mark.end):
                continue  # the marks of the quotation around it
            first, last = max(span.span.start, mark.start), min(span.span.end, mark.end)
            if first < end or first >= last:
                continue
            end = last
            if not any(n.start <= first and last <= n.end for n in others):
                yield [first, last]


def _kind(text: str, quote: _Quote, quoted: Sequence[Sequence[int]]) -> str:
    if not quoted:
        return "indirect"
    bare = [i for m in quote.marks for i in range(m.start, m.end) if text[i].isalnum()]
    return "direct" if all(any(a <= i < b for a, b in quoted) for i in bare) else "mixed"


def _words(text: str, quote: _Quote) -> str:
    return " ".join(text[m.start : m.end] for m in quote.marks)


def _repeated(text: str, quote: _Quote, quotes: Sequence[_Quote]) -> _Quote | None:
    def key(q: _Quote) -> list[str]:
        return re.findall(r"\w+", _words(text, q).casefold())

    words = key(quote)
    if quote.within is not None or len(words) < _SHORTEST_REPEAT:
        return None
    same = (q for q in quotes if q.start < quote.start and q.within is None and q.source == quote.source)
    return next((q for q in same if key(q) == words), None)


def _text_span(text: str, span: Span | None) -> dict[str, Any] | None:
    if span is None:
        return None
    words = text[span.start : span.end].rstrip(",;")  # the comma that closes an apposition
    return {"text": words, "start": span.start, "end": span.start + len(words)}


def from_sample(article: MarkedArticle, folder: Path) -> dict[str, Any]:
    """The record of a marked article whose plain text or HTML page lies in `folder`. Raises MarkupError."""
    path = next((p for p in (folder / f"{article.id}.txt", folder / f"{article.id}.html") if p.exists()), None)
    if path is None:
        raise MarkupError(f"no {article.id}.txt or .html in {folder}")
    metadata: dict[str, str | None] = {"path": f"{folder.name}/{path.name}"}
    text = path.read_text(encoding="utf8")
    if path.suffix == ".html":
        page = read_page(text, str(path))
        text = page.text
        article.text = article.text.rstrip("\n")
        metadata |= {key: getattr(page, key) for key in ("title", "byline", "published", "publisher", "url")}
    if text != article.text:
        raise MarkupError(f"{path}: its text is not the marked article's")
    return to_record(article, **metadata)


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m training.to_record", description=__doc__.partition("\n")[0])
    parser.add_argument("marked", nargs="+", type=Path)
    parser.add_argument("-o", "--output", type=Path, required=True, help="FILE.jsonl, or a folder")
    parser.add_argument("--samples", type=Path, help="folder of the plain articles")
    args = parser.parse_args(argv)
    records = []
    for path in args.marked:
        try:
            article = read(path)
            if found := problems(article):
                raise MarkupError("; ".join(found))
            records.append(from_sample(article, args.samples) if args.samples else to_record(article))
        except (MarkupError, OSError) as error:
            print(f"{path}: {error}", file=sys.stderr)
            return 1
    if args.output.suffix == ".jsonl":
        lines = (json.dumps(record, ensure_ascii=False) + "\n" for record in records)
        args.output.write_text("".join(lines), encoding="utf8")
        return 0
    args.output.mkdir(parents=True, exist_ok=True)
    for record in records:
        pretty = json.dumps(record, ensure_ascii=False, indent=2) + "\n"
        (args.output / f"{record['id']}.json").write_text(pretty, encoding="utf8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
