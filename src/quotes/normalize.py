"""Where the paragraphs of an article are. No character moves: paragraphs are spans of the text as read.

A quotation left open ends with its paragraph, so a wrong boundary costs quotations. Blank lines part paragraphs; what
a single line end means differs between articles (a paragraph on every line, or plain text wrapped at a fixed width)
and is decided once per article, from how its lines go on.
"""

import re
from dataclasses import dataclass

from quotes.records import CharSpan

# Unicode's mandatory line breaks and the separators that str.splitlines() also knows; \r\n is one break.
_BREAKS = r"\n\r\v\f\x1c-\x1e\x85\u2028\u2029"
_LINE = re.compile(rf"(?P<body>[^{_BREAKS}]*)(?P<end>\r\n|[{_BREAKS}]|\Z)")
_PARAGRAPH_SEPARATOR = "\u2029"
# Zero-width characters and byte-order marks are not white space to Python, yet a line of them is blank.
_VISIBLE = re.compile(r"[^\s\u200b-\u200f\u202a-\u202e\u2060\ufeff]")

# Of the single line ends, the share after which a small letter goes on. Wrapped prose has 0.7 or more; one paragraph a
# line has next to none (240 news articles: at most 0.1, from stray breaks within a sentence).
_WRAPPED_SHARE = 1 / 3
_FIRST_LETTER = re.compile(r"[^\w\s]{0,3}([^\W\d_])")
# In wrapped text a line this much shorter than the widest ends its paragraph, if a sentence ends there too.
_SHORT_LINE = 0.6
_SENTENCE_ENDS = frozenset(".!?…:\"'”’»“‘)]」』")


@dataclass(frozen=True, slots=True)
class _Line:
    """A line that is not blank; `start` and `end` leave white space out, `indent` counts what was left out before."""

    start: int
    end: int
    indent: int
    after_blank: bool

    @property
    def length(self) -> int:
        return self.end - self.start


def find_paragraphs(text: str) -> list[CharSpan]:
    r"""Find the paragraphs of an article.

    Args:
        text: The article exactly as read; any Unicode string.

    Returns:
        Spans of `text` in order, none empty, without white space at either end. Together they hold every character that
        is neither white space nor invisible.

    Example: 'He left.\nShe stayed.' has two paragraphs; 'He left\nthe house.\n\nShe stayed.' has two as well, since a
    small letter after the line end shows wrapped lines.
    """
    lines = _find_lines(text)
    wrapped = _is_wrapped(text, lines)
    # Without blank lines, indented first lines and short last lines are all that parts the paragraphs of wrapped text.
    width = 0 if any(line.after_blank for line in lines[1:]) else max((line.length for line in lines), default=0)
    spans: list[CharSpan] = []
    previous: _Line | None = None
    for line in lines:
        if previous is not None and wrapped and not _starts_paragraph(text, previous, line, width):
            spans[-1] = CharSpan(spans[-1].start, line.end)
        else:
            spans.append(CharSpan(line.start, line.end))
        previous = line
    return spans


def _find_lines(text: str) -> list[_Line]:
    lines: list[_Line] = []
    after_blank = True
    for match in _LINE.finditer(text):
        visible = _VISIBLE.search(text, match.start(), match.end("body"))
        if visible:
            end = match.start() + len(match["body"].rstrip())
            lines.append(_Line(visible.start(), end, visible.start() - match.start(), after_blank))
        after_blank = not visible or match["end"] == _PARAGRAPH_SEPARATOR
    return lines


def _is_wrapped(text: str, lines: list[_Line]) -> bool:
    """Whether single line ends of this article are mere wrapping."""
    continuing = [_goes_on(text, line) for line in lines[1:] if not line.after_blank]
    return bool(continuing) and sum(continuing) / len(continuing) >= _WRAPPED_SHARE


def _starts_paragraph(text: str, previous: _Line, line: _Line, width: int) -> bool:
    """Whether `line` begins a paragraph, in an article whose lines are wrapped."""
    if line.after_blank or (line.indent > 1 and previous.indent <= 1):
        return True
    is_short = previous.length < _SHORT_LINE * width
    return is_short and text[previous.end - 1] in _SENTENCE_ENDS and not _goes_on(text, line)


def _goes_on(text: str, line: _Line) -> bool:
    """Whether a line begins with a small letter, perhaps after a quotation mark: as within a sentence."""
    letter = _FIRST_LETTER.match(text, line.start, line.end)
    return letter is not None and letter[1].islower()
