"""The quotation marks of a paragraph, each with what its glyph and its neighbours make of it.

Whether a mark opens or closes is decided here as far as the characters beside it tell; apostrophes within words, feet
and minutes are left out; what may be an apostrophe or an inch keeps that doubt. `quotations` pairs the marks.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from quotes.records import CharSpan


class Role(Enum):
    """What a mark does, as far as the characters beside it tell."""

    OPENS = "opens"
    CLOSES = "closes"
    EITHER = "either"  # what is open decides
    MAYBE_OPENS = "maybe opens"  # or an apostrophe: 'em, '90s
    MAYBE_CLOSES = "maybe closes"  # or an apostrophe or inch: the players' bus, a 12" record


@dataclass(slots=True)
class Mark:
    """One mark: its characters [start, end), its glyph as written, the family that it pairs within, and its role."""

    start: int
    end: int
    glyph: str
    family: str
    role: Role



_FAMILIES = {
    **dict.fromkeys('"“”„‟＂〝〞〟', "double"),
    **dict.fromkeys("«»", "guillemets"),
    **dict.fromkeys("‹›", "single-guillemets"),
    **dict.fromkeys("「」", "corner"),
    **dict.fromkeys("『』", "white-corner"),
    **dict.fromkeys("'‘’‚‛`´＇", "single"),
    **dict.fromkeys(("``", "''"), "wire"),
    **dict.fromkeys(("‘‘", "’’"), "double"),
}
_STYLES = {
    "„": "low-high",
    "‚": "single-low-high",
    "``": "backticks",
    "`": "backticks",
    "''": "primes",
    "corner": "brackets",
    "white-corner": "brackets",
}
_OPENING_GLYPHS = frozenset(("“", "„", "‟", "〝", "«", "‹", "「", "『", "‘", "‚", "‛", "`", "``", "‘‘"))
_CLOSING_GLYPHS = frozenset(("”", "〞", "〟", "»", "›", "」", "』", "’", "´", "’’"))
_BRACKETS = frozenset("「」『』")
_SINGLES = frozenset("'‘’‚‛`´＇")

_RUN = re.compile("[" + "".join(g for g in _FAMILIES if len(g) == 1) + "]+")
# Doubled single marks are one mark where the article uses them so. After a word the run is read from its end: '''
# closes a single mark and then a doubled one.
_UNITS_BEFORE_WORD = re.compile("``|''|‘‘|’’|.")
_UNITS_AFTER_WORD = re.compile("``|'(?=''(?!'))|''|‘‘|’(?=’’(?!’))|’’|.")
_TURNED_DOUBLED = re.compile("``|‘‘")
_OPENING_DOUBLED = re.compile(r"(?:^|[\s(\[—–])''(?=\w)", re.MULTILINE)
_CLOSING_DOUBLED = re.compile(r"\S''(?!')(?=[\s.,;:!?)\]—–]|$)", re.MULTILINE)
# `code` as in Markdown: a backtick whose partner is a backtick, not an apostrophe.
_CODE = re.compile(r"`[^`'’´]{0,200}`")

_FEET_AND_MINUTES = re.compile(
    r"""\d\s?['’]\s?\d{1,2}(?:[½¼¾]|\.\d+|\s?\d/\d)?\s?(?:"|”|''|’’)   # 5' 11", 40°26'46"
      | °\s?\d{1,2}(?:\.\d+)?\s?['’]""",
    re.VERBOSE,
)
# Words that lose their beginning, years, and endings that stand apart in tokenised text.
_CLIPPED_START = re.compile(
    r"(?:\d\ds?(?![.,]\d)|(?:tis|twas|twere|twill|tween|em|im|er|til|till|cause|cos|cuz|bout|round|n|neath|gainst|ere|cept|nuff|nother"
    r"|scuse|ave|ome|ouse|orse|ell|ad|ood|ol|ow|appen|ndrangheta))(?!\w)|(?:s|d|ll|re|ve|m|t)(?![\w'’])",
    re.IGNORECASE,
)
_ENDING = re.compile(r"(?:s|d|ll|re|ve|m|t)(?!\w)", re.IGNORECASE)
_CLIPPED_END = re.compile(r"(?<!\w)(?:n|o|an|th|wi|ol|lil|ha|mo|po|fo|sho|li|\w{2,}in)\Z", re.IGNORECASE)
_LONGEST_CLIPPED = 24

_SPACE_LIKE = frozenset("\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\ufeff")
_BEFORE_OPENING = frozenset("([{<—–―/*_=>|-")
_AFTER_CLOSING = frozenset(".,;:!?…)]}>—–―-/*_<|=。，、！？；：")
_NEVER_FIRST = frozenset(".,;:!?)]}。，、！？；：")
PUNCTUATION = frozenset(".,;:!?…)]}—–―。，、！？")
_FRACTIONS = frozenset("½¼¾⅓⅔⅛⅜⅝⅞")


def style_of(mark: Mark) -> str:
    """The name of the marks that `mark` opens, as in `MarkedSpan.style`."""
    return _STYLES.get(mark.glyph) or _STYLES.get(mark.family) or mark.family


def uses_doubled_singles(text: str) -> bool:
    """Whether the article writes double marks as two single ones: ``word'', ''word'', ‘‘word’’."""
    if _TURNED_DOUBLED.search(text):
        return True
    # Both are needed: ''Tis opens and the Joneses'' closes a single quotation beside an apostrophe.
    return _OPENING_DOUBLED.search(text) is not None and _CLOSING_DOUBLED.search(text) is not None


def _is_space(char: str) -> bool:
    return not char or char.isspace() or char in _SPACE_LIKE


def _is_word(char: str) -> bool:
    return char.isalnum() or (char > "\u02ff" and unicodedata.category(char)[0] == "M")


def _side(before: str, after: str, is_ellipsis: bool) -> Role:
    """What its neighbours make of a mark, whatever its glyph; empty strings are the paragraph's ends."""
    if _is_space(before):
        if _is_space(after) or (after in _NEVER_FIRST and not is_ellipsis):
            return Role.EITHER
        return Role.OPENS
    if _is_space(after):
        return Role.EITHER if before in "([{" else Role.CLOSES
    opens, closes = before in _BEFORE_OPENING, after in _AFTER_CLOSING
    if opens == closes:
        return Role.EITHER
    return Role.OPENS if opens else Role.CLOSES


def read_marks(text: str, paragraph: CharSpan, doubled: bool) -> list[Mark]:
    """Read the marks of one paragraph in order.

    Args:
        text: The whole article.
        paragraph: Where to read; what is outside counts as white space.
        doubled: Whether two single marks in a row are one mark, from `uses_doubled_singles`.
    """
    marks: list[Mark] = []
    feet: set[int] | None = None
    for run in _RUN.finditer(text, paragraph.start, paragraph.end):
        start, end = run.span()
        before = text[start - 1] if start > paragraph.start else ""
        after = text[end] if end < paragraph.end else ""
        joins_word = before and after and _is_word(before) and _is_word(after)
        if joins_word and end - start == 1 and text[start] in _SINGLES:
            continue  # don't, O'Brien, 6'2
        if feet is None and before and (before.isdigit() or before.isspace()):
            feet = _find_feet(text, paragraph)
        side = _side(before, after, after == "…" or text.startswith(("..", ". ."), end))
        units = _UNITS_AFTER_WORD if side is Role.CLOSES else _UNITS_BEFORE_WORD
        for start, end in _units(text, run.start(), run.end(), units, doubled):
            in_feet = feet is not None and start in feet
            if in_feet and text[start] in _SINGLES:
                continue
            role = Role.MAYBE_CLOSES if in_feet else _role(text, paragraph, start, end, side, before, after)
            if role is not None:
                glyph = text[start:end]
                marks.append(Mark(start, end, glyph, _FAMILIES[glyph], role))
    return marks


def _find_feet(text: str, paragraph: CharSpan) -> set[int]:
    return {
        place
        for match in _FEET_AND_MINUTES.finditer(text, paragraph.start, paragraph.end)
        for place in range(match.start(), match.end())
    }


def _units(text: str, start: int, end: int, pattern: re.Pattern[str], doubled: bool) -> Iterator[tuple[int, int]]:
    for match in pattern.finditer(text, start, end):
        if match.end() - match.start() == 2 and not doubled:
            yield match.start(), match.start() + 1
            yield match.start() + 1, match.end()
        else:
            yield match.span()


def _role(text: str, paragraph: CharSpan, start: int, end: int, side: Role, before: str, after: str) -> Role | None:
    glyph = text[start:end]
    if glyph in _SINGLES:
        return _single_role(text, paragraph, start, side, before, after)
    if glyph in _BRACKETS:
        return Role.OPENS if glyph in _OPENING_GLYPHS else Role.CLOSES
    if glyph in '"”＂' and side is not Role.OPENS and (before.isdigit() or before in _FRACTIONS):
        return Role.MAYBE_CLOSES  # 3/4", 12"x14"
    return _directed(glyph, side)


def _directed(glyph: str, side: Role) -> Role:
    """The glyph's own direction, unless its neighbours say the opposite: then what is open decides (”word“)."""
    if glyph in _OPENING_GLYPHS:
        return Role.EITHER if side is Role.CLOSES else Role.OPENS
    if glyph in _CLOSING_GLYPHS:
        return Role.EITHER if side is Role.OPENS else Role.CLOSES
    return side


def _single_role(text: str, paragraph: CharSpan, at: int, side: Role, before: str, after: str) -> Role | None:
    """The role of a single mark; None where it is surely an apostrophe."""
    glyph = text[at]
    if before == "-" and at - 2 >= paragraph.start and _is_word(text[at - 2]):
        return None  # al-'Abadi
    if not _is_space(before) and before not in _BEFORE_OPENING and _ENDING.match(text, at + 1, paragraph.end):
        return None  # U.S.'s, "Hamlet"'s
    if glyph == "`" and (side is not Role.OPENS or _CODE.match(text, at, paragraph.end)):
        return None
    if side is Role.OPENS:
        if _CLIPPED_START.match(text, at + 1, paragraph.end) or glyph in "’´":
            return Role.MAYBE_OPENS
        return Role.OPENS
    if side is Role.CLOSES:
        return _closing_single_role(text, paragraph, at, before)
    if _is_word(before) and _is_word(after):
        return None
    if _is_space(before) and _is_space(after) and glyph == "'":
        # 'He told us, "Go home," ' she said; but: the workers ' union, in tokenised text
        beside = text[max(paragraph.start, at - 3) : at].rstrip()[-1:]
        return Role.EITHER if beside and (beside in PUNCTUATION or beside in _FAMILIES) else None
    return _directed(glyph, side)


def _closing_single_role(text: str, paragraph: CharSpan, at: int, before: str) -> Role:
    if text[at] in "‘‛":
        return Role.EITHER if text[at] == "‘" and before in PUNCTUATION else Role.MAYBE_CLOSES
    beside = text[at - 1]
    if beside in _FAMILIES and beside not in _SINGLES:
        return Role.CLOSES
    if before in "sS" or before.isdigit():
        return Role.MAYBE_CLOSES
    if _is_word(before) and _CLIPPED_END.search(text, max(paragraph.start, at - _LONGEST_CLIPPED), at):
        return Role.MAYBE_CLOSES
    return Role.CLOSES


