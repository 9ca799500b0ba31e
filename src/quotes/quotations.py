"""Words in quotation marks, found from the characters alone.

Three steps, each linear in the length of the text:

1. `marks` reads every mark of a paragraph with its role: opens, closes, either, or only maybe a mark at all;
2. marks are paired: double and other clear marks first, then single marks within each level that those leave;
3. all pairs of the article tell whether it uses single marks as its outermost marks; then spans are laid out.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from quotes.marks import PUNCTUATION, Mark, Role, read_marks, style_of, uses_doubled_singles
from quotes.normalize import find_paragraphs
from quotes.records import CharSpan, MarkedSpan

# Deeper nesting than any writer's is garbage; the cap also bounds the search for the opening mark of a closing one.
MAX_DEPTH = 12
# A title is a first paragraph no longer than this and without a full stop: newspapers put single marks there.
_TITLE_LENGTH = 200
# Without other evidence single marks around more characters than this are two apostrophes far apart.
_LOOSE_LENGTH = 150
# A closing mark that may be a possessive ("the players' union") is believed for a phrase up to this long.
_PHRASE_LENGTH = 60


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two marks that belong together, by index; `sure` where neither was only maybe a mark."""

    opening: int
    closing: int
    sure: bool = True


@dataclass(slots=True)
class _Pairing:
    pairs: list[_Pair] = field(default_factory=list)
    unclosed: list[int] = field(default_factory=list)
    strays: list[int] = field(default_factory=list)


@dataclass(slots=True)
class _Paragraph:
    """A paragraph's marks, paired: `outer` and `inner` are single marks, outside and inside other pairs."""

    number: int
    span: CharSpan
    marks: list[Mark]
    wide: _Pairing
    outer: _Pairing
    inner: list[_Pair]
    unlike: list[_Pair]  # of a double and a single mark: “word'
    goes_on: int | None  # the mark left open because the next paragraph opens the quotation anew
    openings: set[int] = field(init=False)

    def __post_init__(self) -> None:
        pairs = self.wide.pairs + self.outer.pairs + self.inner + self.unlike
        self.openings = {pair.opening for pair in pairs} | set(self.wide.unclosed) | set(self.outer.unclosed)

# After a possessive stands a noun; before one of these, a mark after s closes: 'ghost horses' and, 'no ifs' said.
_AFTER_QUOTATION = """
    a about added after against also although among an and are as asked at because been before but by could did do does
    during for from had has have he her him his i if in into is it its may might more of off on or our over said say
    says she should since so than that the their them then they this those though through to told under until up was we
    were what when where which while who will with without would wrote you your
"""
_NOT_POSSESSED = frozenset(_AFTER_QUOTATION.split())
_NEXT_WORD = re.compile(r"[ \t\u00a0]*([^\W\d_]+)")


def _belong(opening: Mark, closing: Mark) -> bool:
    if opening.family == closing.family:
        return True
    return opening.family == "wire" and closing.glyph in '"”'


def _pair(text: str, marks: Sequence[Mark], indices: Sequence[int], may_go_on: bool = False) -> _Pairing:
    """Pair the marks at `indices` by a stack; then let the doubtful ones close what stays open.

    `may_go_on`: the next paragraph opens with such a mark, so staying open is likelier than closing at a possessive.
    """
    pairing = _pair_by_role(marks, indices)
    doubtful = [k for k in indices if marks[k].role is Role.MAYBE_CLOSES]
    if pairing.unclosed and doubtful:
        _close_with_doubtful(text, marks, indices, pairing, may_go_on)
    return pairing


def _pair_by_role(marks: Sequence[Mark], indices: Iterable[int]) -> _Pairing:
    result = _Pairing()
    stack: list[int] = []
    too_deep: Counter[str] = Counter()
    maybe_opening: int | None = None
    for k in indices:
        mark = marks[k]
        if mark.role is Role.MAYBE_CLOSES:
            continue
        if mark.role is Role.MAYBE_OPENS:
            if not stack and maybe_opening is None:
                maybe_opening = k
            continue
        place = next((i for i in range(len(stack) - 1, -1, -1) if _belong(marks[stack[i]], mark)), None)
        closes = mark.role is Role.CLOSES or (place is not None and _may_close(mark, marks[stack[place]]))
        if not closes:
            if len(stack) < MAX_DEPTH:
                stack.append(k)
            else:
                if not too_deep:
                    result.strays.append(k)
                too_deep[mark.family] += 1
            maybe_opening = None
        elif too_deep[mark.family]:
            too_deep[mark.family] -= 1
        elif place is not None:
            result.unclosed += stack[place + 1 :]
            result.pairs.append(_Pair(stack[place], k))
            del stack[place:]
        elif maybe_opening is not None:
            result.pairs.append(_Pair(maybe_opening, k, sure=False))
            maybe_opening = None
        else:
            result.strays.append(k)
    result.unclosed += stack
    return result


def _may_close(mark: Mark, opening: Mark) -> bool:
    # „ is closed by “, a glyph that elsewhere opens.
    return mark.role is Role.EITHER or (opening.glyph in "„‚" and mark.glyph in "“‘")


def _close_with_doubtful(
    text: str, marks: Sequence[Mark], indices: Sequence[int], pairing: _Pairing, may_go_on: bool
) -> None:
    place_of = {k: i for i, k in enumerate(indices)}
    partner = {pair.opening: pair.closing for pair in pairing.pairs}
    closings = set(partner.values())
    still_open = []
    for opening in pairing.unclosed:
        closing = None
        i = place_of[opening] + 1
        while i < len(indices):
            k = indices[i]
            mark = marks[k]
            if k in closings or (mark.role is Role.OPENS and _belong(marks[opening], mark)):
                break
            if mark.role is Role.MAYBE_CLOSES and _belong(marks[opening], mark):
                if closing is None and not (may_go_on and _begins_speech(text, marks[opening].start)):
                    closing = k
                if _follows_closing(text, mark.end):
                    closing = k
                    break
            i = place_of[partner[k]] + 1 if k in partner else i + 1
        if closing is None:
            still_open.append(opening)
        else:
            pairing.pairs.append(_Pair(opening, closing, sure=_follows_closing(text, marks[closing].end)))
    pairing.unclosed = still_open


def _begins_speech(text: str, start: int) -> bool:
    """Whether a mark opens after punctuation or at a start, as what goes on in the next paragraph does; not: the ‘rebels’."""
    before = text[max(0, start - 2) : start].rstrip()
    return not before or before[-1] in PUNCTUATION


def _follows_closing(text: str, end: int) -> bool:
    """Whether the text from `end` goes on as after a quotation rather than after a possessive."""
    word = _NEXT_WORD.match(text, end, end + 30)
    return word is None or word[1].lower() in _NOT_POSSESSED


def _pair_wide(text: str, marks: Sequence[Mark], indices: Sequence[int]) -> _Pairing:
    """Pair all marks but single ones; straight ones by turns where that explains a paragraph better than its spaces."""
    pairing = _pair(text, marks, indices)
    lost = len(pairing.unclosed) + len(pairing.strays)
    if lost < 2 or any(marks[k].glyph != '"' or marks[k].role is Role.MAYBE_CLOSES for k in indices):
        return pairing
    against = sum(marks[k].role is (Role.CLOSES, Role.OPENS)[i % 2] for i, k in enumerate(indices))
    if len(indices) % 2 or against >= lost:
        return pairing
    return _Pairing(pairs=[_Pair(a, b) for a, b in zip(indices[::2], indices[1::2], strict=True)])


def _levels(marks: Sequence[Mark], wide: _Pairing, goes_on: int | None) -> list[list[int]]:
    """Single marks grouped by the innermost wide pair around them; the first group is outside all."""
    closings = {pair.opening: pair.closing for pair in wide.pairs}
    if goes_on is not None:
        closings[goes_on] = len(marks)
    levels: list[list[int]] = [[]]
    stack: list[tuple[int, list[int]]] = [(len(marks), levels[0])]
    for k, mark in enumerate(marks):
        if k in closings:
            levels.append([])
            stack.append((closings[k], levels[-1]))
        elif mark.family == "single":
            stack[-1][1].append(k)
        elif k == stack[-1][0]:
            stack.pop()
    return levels



def find_quotations(text: str, paragraphs: list[CharSpan] | None = None) -> tuple[list[MarkedSpan], list[str]]:
    """Find the spans in quotation marks, paragraph by paragraph.

    Args:
        text: The article exactly as read; any Unicode string.
        paragraphs: Its paragraphs in order, without overlap; found by `find_paragraphs` when None.

    Returns:
        The spans in order of start, outer before inner, and warnings about marks that do not pair, at most two a
        paragraph. `span` has the marks, `content` has neither marks nor the white space inside them and is never empty.
        An unclosed quotation has `closed=False` and ends with its paragraph, or before the next mark that opens one of
        its kind. Where the next paragraph opens the quotation anew, that is the convention: no warning, and the span
        there has `continues`.

    Example: 'He said: “Yes.”' gives one span with content 'Yes.'
    """
    if paragraphs is None:
        paragraphs = find_paragraphs(text)
    read = _pair_paragraphs(text, paragraphs)
    single_style = _uses_single_marks(text, read)
    found: list[MarkedSpan] = []
    warnings: list[str] = []
    awaited: int | None = None  # index of the span that the next paragraph should go on with
    for paragraph in read:
        spans, unbalanced = _lay_out(text, paragraph, single_style)
        if len(read) > 1 and _is_title(text, paragraph):
            spans = [replace(span, headline=True) for span in spans]
        if awaited is not None and spans and _goes_on_with(found[awaited], spans[0], paragraph):
            spans[0] = replace(spans[0], continues=awaited)
        elif awaited is not None:  # the next paragraph's mark turned out to be none
            glyph = text[found[awaited].span.start]
            warnings.append(f"paragraph {paragraph.number}: unbalanced quotation mark {glyph}")
        if unbalanced is not None:
            warnings.append(f"paragraph {paragraph.number + 1}: unbalanced quotation mark {unbalanced.glyph}")
        awaited = _left_open(paragraph, spans, len(found))
        found += spans
    return found, warnings


def _pair_paragraphs(text: str, spans: Sequence[CharSpan]) -> list[_Paragraph]:
    doubled = uses_doubled_singles(text)
    marks = [read_marks(text, span, doubled) for span in spans]
    paragraphs = []
    for number, span in enumerate(spans):
        after = marks[number + 1] if number + 1 < len(spans) else []
        opens_next = after[0] if after and after[0].start == spans[number + 1].start else None
        if opens_next is not None and opens_next.role is Role.MAYBE_OPENS:
            opens_next = None
        paragraphs.append(_pair_paragraph(text, number, span, marks[number], opens_next))
    return paragraphs


def _pair_paragraph(text: str, number: int, span: CharSpan, marks: list[Mark], opens_next: Mark | None) -> _Paragraph:
    wide = _pair_wide(text, marks, [k for k, mark in enumerate(marks) if mark.family != "single"])
    goes_on = _find_going_on(marks, wide, span, opens_next)
    levels = _levels(marks, wide, goes_on)
    outer = _pair(text, marks, levels[0], opens_next is not None and opens_next.family == "single")
    inner = [pair for level in levels[1:] for pair in _pair(text, marks, level).pairs]
    if goes_on is None:
        goes_on = _find_going_on(marks, outer, span, opens_next)
    unlike = _pair_unlike(text, marks, wide, outer, goes_on)
    return _Paragraph(number, span, marks, wide, outer, inner, unlike, goes_on)


def _find_going_on(marks: Sequence[Mark], pairing: _Pairing, span: CharSpan, opens_next: Mark | None) -> int | None:
    """The mark that is left open because the next paragraph opens with one of its kind."""
    if opens_next is None or not pairing.unclosed:
        return None
    last_closing = max((pair.closing for pair in pairing.pairs), default=-1)
    if last_closing >= 0 and marks[last_closing].end == span.end and _belong(opens_next, marks[last_closing]):
        return None  # this paragraph ends closed: a mark was forgotten earlier
    enclosing_end = 0
    ends = {pair.opening: pair.closing for pair in pairing.pairs}
    unclosed = set(pairing.unclosed)
    going_on = None
    for k, mark in enumerate(marks):
        if k in ends:
            enclosing_end = max(enclosing_end, ends[k])
        elif k in unclosed and k >= enclosing_end and mark.family == opens_next.family:
            going_on = k
    return going_on


def _pair_unlike(
    text: str, marks: Sequence[Mark], wide: _Pairing, outer: _Pairing, goes_on: int | None
) -> list[_Pair]:
    """Pair what is left over of both kinds where a mark that opens is soon followed by one that closes: “We go.' """
    unclosed = {*wide.unclosed, *outer.unclosed} - {goes_on}
    strays = {k for k in (*wide.strays, *outer.strays) if text[marks[k].start - 1] in PUNCTUATION}
    if not unclosed or not strays:
        return []
    openings = {pair.opening for pair in (*wide.pairs, *outer.pairs)} | {goes_on}
    pairs = []
    opening = None
    for k in range(len(marks)):
        if k in unclosed:
            opening = k
        elif k in openings:
            opening = None
        elif k in strays and opening is not None:
            pairs.append(_Pair(opening, k, sure=False))
            opening = None
    return pairs


def _uses_single_marks(text: str, paragraphs: Sequence[_Paragraph]) -> bool:
    """Whether single marks are the article's outermost marks: more of them stand outside double ones than others."""
    singles = doubles = 0
    for paragraph in paragraphs:
        if len(paragraphs) > 1 and _is_title(text, paragraph):
            continue
        sure = [pair for pair in paragraph.outer.pairs if pair.sure]
        singles += len(sure)
        end = -1
        for pair in sorted(paragraph.wide.pairs + sure, key=lambda pair: pair.opening):
            if pair.opening > end:
                doubles += paragraph.marks[pair.opening].family != "single"
                end = pair.closing
    return singles > doubles


def _is_title(text: str, paragraph: _Paragraph) -> bool:
    if paragraph.number > 0 or paragraph.span.end - paragraph.span.start > _TITLE_LENGTH:
        return False
    return not text[paragraph.span.start : paragraph.span.end].rstrip("\"'’”»)").endswith(".")


def _lay_out(text: str, paragraph: _Paragraph, single_style: bool) -> tuple[list[MarkedSpan], Mark | None]:
    """The spans of one paragraph, and the first mark of it that does not pair."""
    marks, span = paragraph.marks, paragraph.span
    closed = {pair.opening: pair.closing for pair in paragraph.wide.pairs}
    closed |= {p.opening: p.closing for p in paragraph.outer.pairs if _is_quotation(text, paragraph, p, single_style)}
    closed |= {pair.opening: pair.closing for pair in paragraph.inner if _is_quotation(text, paragraph, pair, False)}
    closed |= {pair.opening: pair.closing for pair in paragraph.unlike}
    unclosed = set(paragraph.wide.unclosed)
    if single_style:
        unclosed |= {k for k in paragraph.outer.unclosed if k == paragraph.goes_on or _is_strong(text, marks[k])}
    spans: list[MarkedSpan] = []
    around: list[MarkedSpan] = []
    unclosed -= closed.keys()
    for k in sorted(closed.keys() | unclosed):
        while around and around[-1].span.end <= marks[k].start:
            around.pop()
        limit = around[-1].content.end if around else span.end
        found = _make_span(text, paragraph, k, closed.get(k), limit, len(around))
        if found is not None:
            spans.append(found)
            around.append(found)
    bad = unclosed - {paragraph.goes_on} | {pair.opening for pair in paragraph.unlike}
    bad.update(paragraph.wide.strays)
    if single_style:
        bad.update(k for k in paragraph.outer.strays if text[marks[k].start - 1] in PUNCTUATION)
    return spans, marks[min(bad)] if bad else None


def _is_quotation(text: str, paragraph: _Paragraph, pair: _Pair, single_style: bool) -> bool:
    """Whether a pair of single marks is a quotation rather than two apostrophes."""
    opening, closing = paragraph.marks[pair.opening], paragraph.marks[pair.closing]
    at_punctuation = text[closing.start - 1] in PUNCTUATION or text[closing.end : closing.end + 1] in PUNCTUATION
    if single_style:
        if opening.role is not Role.MAYBE_OPENS or at_punctuation or _is_strong(text, opening):
            return True
        # '54 times more' than last year: no word that loses its end stands before the closing mark
        return opening.glyph in "'‘" and closing.role is Role.CLOSES
    if opening.role is not Role.OPENS:
        return False
    length = closing.start - opening.end
    if pair.sure:
        return at_punctuation or length <= _LOOSE_LENGTH
    return length <= _PHRASE_LENGTH


def _is_strong(text: str, mark: Mark) -> bool:
    """Whether a single mark opens even if nothing closes it: turned so, or at a start, or after punctuation."""
    if mark.role is Role.OPENS and mark.glyph in "‘‚`":
        return True
    return mark.role is not Role.EITHER and _begins_speech(text, mark.start)


def _make_span(
    text: str, paragraph: _Paragraph, opening: int, closing: int | None, limit: int, depth: int
) -> MarkedSpan | None:
    """The span of a pair, or of an unclosed mark, within `limit`; None where it crosses another or holds no words."""
    marks = paragraph.marks
    start = marks[opening].start
    content_start = marks[opening].end
    if closing is not None:
        content_end, end = marks[closing].start, marks[closing].end
    else:
        content_end = end = min(limit, _next_opening(paragraph, opening))
    if end > limit:
        return None
    while content_start < content_end and text[content_start].isspace():
        content_start += 1
    while content_start < content_end and text[content_end - 1].isspace():
        content_end -= 1
    if content_start >= content_end:
        return None
    span = CharSpan(start, end if closing is not None else content_end)
    style = style_of(marks[opening])
    return MarkedSpan(span, CharSpan(content_start, content_end), paragraph.number, depth, style, closing is not None)


def _next_opening(paragraph: _Paragraph, opening: int) -> int:
    """Where an unclosed quotation ends at the latest: before the next that opens with its kind of mark."""
    marks = paragraph.marks
    if opening == paragraph.goes_on:
        return paragraph.span.end
    openings = (k for k in range(opening + 1, len(marks)) if k in paragraph.openings)
    return next((marks[k].start for k in openings if marks[k].family == marks[opening].family), paragraph.span.end)


def _goes_on_with(before: MarkedSpan, span: MarkedSpan, paragraph: _Paragraph) -> bool:
    return span.span.start == paragraph.span.start and span.style == before.style


def _left_open(paragraph: _Paragraph, spans: Sequence[MarkedSpan], offset: int) -> int | None:
    if paragraph.goes_on is None:
        return None
    start = paragraph.marks[paragraph.goes_on].start
    return next((offset + i for i, span in enumerate(spans) if span.span.start == start), None)


# Single marks are the article's own where they are more than one in so many of its outermost marks; fewer are a subhead's
# way of setting words off in an article that quotes in double marks, and no more reliable as quotations than italics.
_OWN_SHARE = 4


def keep_own_style(spans: Sequence[MarkedSpan]) -> list[MarkedSpan]:
    """Leave out outermost single marks of an article that quotes in other marks.

    The article decides its own style: single marks count only where it uses them so. A headline has a style of its own:
    ‘I lost my boots’, says climber, over a text that quotes in double marks. What stands inside a span left out moves one
    level outwards.
    """
    outer = [span for span in spans if span.depth == 0 and not span.headline]
    singles = sum(span.style == "single" for span in outer)
    if not singles or singles * _OWN_SHARE > len(outer):
        return list(spans)
    kept: list[MarkedSpan] = []
    index: dict[int, int] = {}
    left_out: MarkedSpan | None = None
    for i, span in enumerate(spans):
        if span.depth == 0:
            left_out = span if span.style == "single" and not span.headline else None
            if left_out is not None:
                continue
        continues = index.get(span.continues) if span.continues is not None else None
        index[i] = len(kept)
        kept.append(replace(span, depth=span.depth - (left_out is not None), continues=continues))
    return kept
