"""Talk by turns: quotations in paragraphs of their own, where each is another's than the one before.

“Nine years,” Lim said. ¶ “Eight,” said Okonjo. ¶ “And?” ¶ “And nothing.” Who speaks where nobody is told to follows from who
does before and behind: the speakers of a run of turns are looked for together.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from quotes.attribution import Analysis, Draft
from quotes.encoder import FloatArray
from quotes.linking import Range

# What it costs that one speaker has two turns in a row, and what it brings that the last but one speaks again.
TURN, RETURN = 6.0, 4.0
# What it brings somebody that a turn before or behind calls them by name, and what it costs not to be spoken of before.
CALLED, UNKNOWN = 2.0, 2.0
# What it costs "he" or "she" who answers that somebody asked.
ASKED = 3.0
# Words of a short turn. In news, longer words behind “...,” she said, in a paragraph of their own are often hers, too.
_SHORT = 15
_REPLIES = frozenset("replied replies answered answers responded responds retorted countered agreed agrees".split())
_ASKS = frozenset("asked asks wondered wonders inquired pressed".split())
# A run is cut after so many turns: the work grows with the number of people in it.
_LONGEST = 24


@dataclass(slots=True)
class Turn:
    """A paragraph with quotations, and those that go on with it.

    `first`, `last`: the numbers of its drafts that the turns before and behind meet, each the beginning of its quotation;
    `begin`, `end`: the numbers of its paragraphs; `bare`: nobody tells who speaks; `opens`, `ends`: a quotation stands at its
    beginning and end; `closed`, `asks`: how the last of them ends.
    """

    first: int
    begin: int
    bare: bool
    opens: bool
    last: int = -1
    end: int = -1
    words: int = 0
    ends: bool = False
    closed: bool = False
    asks: bool = False


@dataclass(frozen=True, slots=True)
class Run:
    """Drafts whose speakers depend on each other, in order; `costs`: of two in a row by one speaker, for each but the first."""

    drafts: tuple[int, ...]
    costs: tuple[float, ...]


def find_runs(analysis: Analysis) -> list[Run]:
    """The talk of an article, as far as it holds a quotation without a mention."""
    runs: list[Run] = []
    drafts: list[int] = []
    costs: list[float] = []

    def close() -> None:
        if len(drafts) > 1 and any(_is_open(analysis.drafts[k]) for k in drafts):
            runs.append(Run(tuple(drafts), tuple(costs)))
        drafts.clear()
        costs.clear()

    for before, turn in pairwise([None, *_turns(analysis)]):
        assert turn is not None
        cost = _cost(before, turn) if before is not None else 0.0
        if cost and len(drafts) < _LONGEST:
            drafts.append(turn.first)
            costs.append(cost)
        else:
            close()
            drafts.append(turn.first)
        if turn.last != turn.first:
            close()
            drafts.append(turn.last)
    close()
    return runs


def find_askers(analysis: Analysis) -> dict[Range, Range]:
    """The mention of who asked, by that of who answers in the next paragraph: “Why?” asked Lim. ¶ “Money,” he said.

    Whoever "replied" answers, too, what is no question.
    """
    found: dict[Range, Range] = {}
    for before, turn in pairwise(_turns(analysis)):
        draft = analysis.drafts[turn.first]
        asker, answerer = analysis.drafts[before.last].source, draft.source
        replies = draft.cue is not None and analysis.words.forms[draft.cue[1]].lower() in _REPLIES
        talk = before.closed and turn.opens and turn.begin == before.end + 1
        if talk and (before.asks or replies) and asker and answerer:
            found[answerer] = asker
    return found


def find_asked(analysis: Analysis) -> frozenset[Range]:
    """The mentions of who speaks behind a sentence that ends a paragraph and asks: Lim asked her why. ¶ “Money,” she said."""
    words, found = analysis.words, set()
    for draft in analysis.drafts:
        if draft.source is None or draft.within is not None or not draft.marked or not _opens(analysis, draft):
            continue
        i = draft.ranges[0][0] - 2
        while i > 0 and words.forms[i] not in (".", "!", "?", "”") and words.paragraphs[i] == words.paragraphs[i + 1]:
            if words.forms[i].lower() in _ASKS and not words.depth[i]:
                found.add(draft.source)
            i -= 1
    return frozenset(found)


def _is_open(draft: Draft) -> bool:
    """Whether a quotation is to get its source by itself."""
    return draft.source is None and draft.continues is None


def _cost(before: Turn, turn: Turn) -> float:
    """What it costs that two turns have one speaker; 0 where they are no talk."""
    talk = turn.begin == before.end + 1 and before.closed and turn.opens and (before.opens or before.ends or before.asks)
    if not talk or not (before.bare or turn.bare):
        return 0.0
    short = before.words < _SHORT and turn.words < _SHORT
    return TURN if before.asks or (before.bare and turn.bare) or short else 0.0


def _turns(analysis: Analysis) -> list[Turn]:
    turns: list[Turn] = []
    roots: dict[int, int] = {}
    paragraphs = analysis.words.paragraphs
    for k, draft in enumerate(analysis.drafts):
        roots[k] = root = roots.get(draft.continues, k) if draft.continues is not None else k
        if draft.within is not None or not draft.marked:
            continue
        number, opens, bare = int(paragraphs[draft.ranges[0][0]]), _opens(analysis, draft), draft.source is None
        before = turns[-1] if turns else None
        goes_on = before is not None and before.last == root and number == before.end + 1
        if before is not None and (number == before.end or goes_on):
            turn = before
            turn.bare = turn.bare and bare and turn.last == root
        else:
            turn = Turn(root, number, bare and opens, opens)
            turns.append(turn)
        last = analysis.marked[draft.marked[-1]]
        turn.last, turn.end, turn.ends, turn.closed = root, number, _ends(analysis, draft), last.span.closed
        turn.asks = "?" in analysis.words.forms[max(0, last.last - 1) : last.last + 1]
        turn.words += sum(b - a + 1 for a, b in draft.ranges)
    return turns


def _opens(analysis: Analysis, draft: Draft) -> bool:
    """Whether a quotation in marks begins its paragraph."""
    first, numbers = draft.ranges[0][0], analysis.words.paragraphs
    return first == 0 or bool(numbers[first - 1] != numbers[first])


def _ends(analysis: Analysis, draft: Draft) -> bool:
    """Whether a quotation in marks ends its paragraph."""
    last, numbers = draft.ranges[-1][1], analysis.words.paragraphs
    return last + 1 == len(numbers) or bool(numbers[last + 1] != numbers[last])


def decode(scores: FloatArray, costs: Sequence[float]) -> FloatArray:
    """What the best distribution of a run's turns scores in which somebody has one of them.

    Args:
        scores: Of each turn and each possible speaker, by itself.
        costs: Of two turns in a row by one speaker, for each turn but the first.

    Returns:
        In the shape of `scores`; the best speakers have the highest in each row.
    """
    n, people = scores.shape
    if n < 2:
        return scores
    same = np.eye(people, dtype=np.float32)
    # forward[t][i, j]: the best up to t with i in turn t - 1 and j in t; backward: the best behind t
    forward = [scores[0][:, None] + scores[1][None, :] - costs[0] * same]
    for t in range(2, n):
        step = (forward[-1][:, :, None] + RETURN * same[:, None, :]).max(axis=0)
        forward.append(step - costs[t - 1] * same + scores[t][None, :])
    backward = [np.zeros((people, people), dtype=np.float32)]
    for t in range(n - 1, 1, -1):
        behind = backward[0] - costs[t - 1] * same + scores[t][None, :]
        backward.insert(0, (behind[None, :, :] + RETURN * same[:, None, :]).max(axis=2))
    both = [f + b for f, b in zip(forward, backward, strict=True)]
    return np.stack([both[0].max(axis=1), *(x.max(axis=0) for x in both)])
