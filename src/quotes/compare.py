"""Two versions of an article, or two sets of results: which quotations came, went, were reworded or attributed anew.

Quotations are paired by their words: first those that are the same, in order (longest common subsequence), then each of the
rest with the one most like it.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Literal

from rapidfuzz import fuzz

from quotes.aliases import name_key
from quotes.stored import Story, StoryQuotation, StorySource
from quotes.table import counted

Change = Literal["added", "dropped", "reworded", "attributed anew", "article added", "article dropped"]
# Per cent of letters that two wordings of one quotation share at least; else one was dropped and one added.
REWORDED = 60
# ... which stands at most so many places off: the work grows with the length of an article, not with its square.
_NEAR = 200
_TOKEN = re.compile(r"\s+|\w+(?:['’-]\w+)*|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Difference:
    """One change. `old` and `new` are the quotation's words, `old_speaker` and `new_speaker` who said it, as far as there are.

    A quotation that was reworded and attributed anew gives two.
    """

    article: str
    change: Change
    old: str | None = None
    new: str | None = None
    old_speaker: str | None = None
    new_speaker: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """Ready for JSON."""
        return {name: getattr(self, name) for name in COLUMNS}


COLUMNS = ("article", "change", "old", "new", "old_speaker", "new_speaker")


def compare(old: Iterable[Story], new: Iterable[Story]) -> Iterator[Difference]:
    """The differences, articles in order of `new`, then those that are gone.

    Articles are paired by their ids; where there is one on either side, these are the pair. `old` is held in memory.
    """
    before = {story.id: story for story in old}
    stories = iter(new)
    first, second = next(stories, None), next(stories, None)
    if first is not None and second is None and len(before) == 1:
        yield from compare_stories(next(iter(before.values())), first)
        return
    for story in (s for s in (first, second) if s is not None):
        yield from _with(before, story)
    for story in stories:
        yield from _with(before, story)
    for story in before.values():
        yield Difference(story.id, "article dropped", old=_counted(story))


def _with(before: dict[str, Story], story: Story) -> Iterator[Difference]:
    old = before.pop(story.id, None)
    if old is None:
        yield Difference(story.id, "article added", new=_counted(story))
    else:
        yield from compare_stories(old, story)


def _counted(story: Story) -> str:
    return counted(len(story.quotations), "quotation")


def compare_stories(old: Story, new: Story) -> Iterator[Difference]:
    """The differences of two versions of an article, in order of the new one; what was dropped stands where it stood."""
    pairs = _pairs([q.text for q in old.quotations], [q.text for q in new.quotations])
    for i, j in pairs:
        one = old.quotations[i] if i is not None else None
        other = new.quotations[j] if j is not None else None
        yield from _of_pair(new.id, old, one, new, other)


def _of_pair(
    article: str, old: Story, one: StoryQuotation | None, new: Story, other: StoryQuotation | None
) -> Iterator[Difference]:
    before, after = _source(old, one), _source(new, other)
    told = (before.label if before else None, after.label if after else None)
    if one is None or other is None:
        change: Change = "added" if one is None else "dropped"
        yield Difference(article, change, one.text if one else None, other.text if other else None, *told)
        return
    if one.text != other.text:
        yield Difference(article, "reworded", one.text, other.text, *told)
    if not _is_same(before, after):
        yield Difference(article, "attributed anew", one.text, other.text, *told)


def _source(story: Story, quotation: StoryQuotation | None) -> StorySource | None:
    return story.sources[quotation.source] if quotation is not None and quotation.source is not None else None


def _is_same(one: StorySource | None, other: StorySource | None) -> bool:
    """Whether two sources are called alike, or one by another form that the other has, too."""
    if one is None or other is None:
        return one is other
    forms = [{name_key(form) for form in (s.label, *s.aliases)} for s in (one, other)]
    return name_key(one.label) in forms[1] or name_key(other.label) in forms[0]


def _pairs(old: Sequence[str], new: Sequence[str]) -> list[tuple[int | None, int | None]]:
    """Indices of quotations that are one, in order of the new version; what was dropped behind what stood before it."""
    one, other = [_normal(t) for t in old], [_normal(t) for t in new]
    partner: dict[int, int] = {}
    for block in SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks():
        partner.update((block.b + k, block.a + k) for k in range(block.size))
    paired = set(partner.values())
    left = [i for i in range(len(old)) if i not in paired]
    open_ones = [j for j in range(len(new)) if j not in partner]
    likely = [(-fuzz.ratio(one[i], other[j]), i, j) for j in open_ones for i in left if abs(i - j) < _NEAR]
    used: set[int] = set()
    for score, i, j in sorted(likely):
        if -score >= REWORDED and i not in used and j not in partner:
            used.add(i)
            partner[j] = i
    gone = [i for i in left if i not in used]
    out: list[tuple[int | None, int | None]] = []
    for j in range(len(new)):
        before = partner.get(j)
        while gone and before is not None and gone[0] < before:
            out.append((gone.pop(0), None))
        out.append((before, j))
    return out + [(i, None) for i in gone]


def _normal(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


Piece = tuple[Literal["same", "dropped", "added"], str]


def word_by_word(old: str, new: str) -> list[Piece]:
    """What became of the words: pieces that are the same, dropped and added, in order; together they give either text."""
    one, other = _TOKEN.findall(old), _TOKEN.findall(new)
    pieces: list[Piece] = []
    for tag, a, b, c, d in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(("same", "".join(one[a:b])))
            continue
        pieces += [("dropped", "".join(one[a:b]))] if b > a else []
        pieces += [("added", "".join(other[c:d]))] if d > c else []
    return pieces
