"""The tag sets of the tagger, and the way from scores to spans.

Decoding is Viterbi with hard constraints (an inside tag follows only its own begin or inside), as usual for BIO taggers.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

ROLES = ("source", "cue", "content")
ROLE_TAGS = ("O", "B-source", "I-source", "B-cue", "I-cue", "B-content", "I-content")
ENTITIES = ("PER", "ORG", "OTHER")
ENTITY_TAGS = ("O", "B-PER", "I-PER", "B-ORG", "I-ORG", "B-OTHER", "I-OTHER")

_FORBIDDEN = -1e4


def _transitions(n_tags: int) -> npt.NDArray[np.float32]:
    """Scores from tag (row) to tag (column): 0 where allowed. Tags are O, then B and I of each role."""
    scores = np.zeros((n_tags, n_tags), dtype=np.float32)
    for inside in range(2, n_tags, 2):
        scores[:, inside] = _FORBIDDEN
        scores[inside - 1, inside] = scores[inside, inside] = 0
    return scores


def viterbi(scores: npt.NDArray[np.float32], breaks: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
    """The best allowed tag sequence.

    Each paragraph is by itself, and where its words' best tags are allowed as they stand, they are its best sequence.

    Args:
        scores: Tag scores of each word, shape (n, tags).
        breaks: True at each word that begins a paragraph, shape (n,): no span crosses there.

    Returns:
        Tag indices, shape (n,).
    """
    best: npt.NDArray[np.int64] = scores.argmax(axis=1) if len(scores) else np.zeros(0, dtype=np.int64)
    before = np.zeros_like(best)
    before[1:] = best[:-1]
    before[breaks] = 0
    inside = (best > 0) & (best % 2 == 0)
    wrong = np.flatnonzero(inside & (before != best) & (before != best - 1))
    bounds = np.append(np.flatnonzero(breaks), len(best))
    for number in np.unique(np.searchsorted(bounds, wrong, side="right")):
        first, end = (int(bounds[number - 1]) if number else 0), int(bounds[number])
        best[first:end] = _viterbi_paragraph(scores[first:end])
    return best


def _viterbi_paragraph(scores: npt.NDArray[np.float32]) -> npt.NDArray[np.int64]:
    n, n_tags = scores.shape
    best = np.zeros(n, dtype=np.int64)
    allowed = _transitions(n_tags)
    start = np.zeros(n_tags, dtype=np.float32)
    start[2::2] = _FORBIDDEN
    back = np.zeros((n, n_tags), dtype=np.int64)
    total = scores[0] + start
    columns = np.arange(n_tags)
    for i in range(1, n):
        step = total[:, None] + allowed
        back[i] = step.argmax(axis=0)
        total = step[back[i], columns] + scores[i]
    best[-1] = total.argmax()
    for i in range(n - 1, 0, -1):
        best[i - 1] = back[i, best[i]]
    return best


def spans_of(tags: npt.NDArray[np.int64], roles: Sequence[str]) -> list[tuple[str, int, int]]:
    """(role, first word, last word), both included, in order."""
    spans: list[tuple[str, int, int]] = []
    for i in np.flatnonzero(tags):
        tag = int(tags[i])
        role = roles[(tag - 1) // 2]
        if tag % 2 == 0 and spans and spans[-1][0] == role and spans[-1][2] == i - 1:
            spans[-1] = (role, spans[-1][1], int(i))
        else:
            spans.append((role, int(i), int(i)))
    return spans
