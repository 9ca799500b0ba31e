"""From tag scores to spans: the constraints hold, and within them the best sequence wins."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quotes.tagging import ENTITIES, ENTITY_TAGS, ROLE_TAGS, ROLES, spans_of, viterbi

OUT, B_SOURCE, I_SOURCE, B_CUE, I_CUE, B_CONTENT, I_CONTENT = range(7)


def scores_of(*tags, second=None):
    """One row a word: 2 for its tag, 1 for the tag in `second` at the same place, 0 for the rest."""
    scores = np.zeros((len(tags), len(ROLE_TAGS)), dtype=np.float32)
    for i, tag in enumerate(tags):
        scores[i, tag] = 2
    for i, tag in (second or {}).items():
        scores[i, tag] = 1
    return scores


def breaks_at(n, *places):
    breaks = np.zeros(n, dtype=bool)
    breaks[[0, *places] if n else []] = True
    return breaks


def is_allowed(tags, breaks):
    before = [0, *tags]
    return all(
        tag == 0 or tag % 2 == 1 or (not new and left in (tag - 1, tag))
        for tag, left, new in zip(tags, before, breaks, strict=False)
    )


def test_tags_are_outside_then_begin_and_inside_of_each_role():
    for tags, roles in ((ROLE_TAGS, ROLES), (ENTITY_TAGS, ENTITIES)):
        assert list(tags) == ["O"] + [f"{x}-{role}" for role in roles for x in "BI"]


@pytest.mark.parametrize(
    ("tags", "breaks", "spans"),
    [
        ([], [], []),
        ([OUT, OUT], [], []),
        ([B_SOURCE, I_SOURCE, OUT, B_CUE], [], [("source", 0, 1), ("cue", 3, 3)]),
        ([B_CONTENT, I_CONTENT, B_CONTENT, I_CONTENT], [], [("content", 0, 1), ("content", 2, 3)]),
        ([B_CONTENT, B_CONTENT], [1], [("content", 0, 0), ("content", 1, 1)]),
        ([B_SOURCE, B_CUE, B_CONTENT], [], [("source", 0, 0), ("cue", 1, 1), ("content", 2, 2)]),
    ],
)
def test_allowed_tags_stay_as_they_are(tags, breaks, spans):
    found = viterbi(scores_of(*tags), breaks_at(len(tags), *breaks))
    assert found.tolist() == tags
    assert spans_of(found, ROLES) == spans


@pytest.mark.parametrize(
    ("tags", "second", "breaks", "right"),
    [
        # an inside tag without its begin becomes what is next best
        ([OUT, I_CUE, OUT], {1: B_CUE}, [], [OUT, B_CUE, OUT]),
        ([I_SOURCE, I_SOURCE], {0: B_SOURCE}, [], [B_SOURCE, I_SOURCE]),
        ([B_SOURCE, I_CUE], {1: I_SOURCE}, [], [B_SOURCE, I_SOURCE]),
        # the whole sequence counts: one word gives way to two
        ([OUT, I_CONTENT, I_CONTENT], {0: B_CONTENT}, [], [B_CONTENT, I_CONTENT, I_CONTENT]),
        # no span goes over the end of a paragraph
        ([B_CONTENT, I_CONTENT], {1: B_CONTENT}, [1], [B_CONTENT, B_CONTENT]),
        ([B_CONTENT, I_CONTENT, I_CONTENT], {1: B_CONTENT}, [1], [B_CONTENT, B_CONTENT, I_CONTENT]),
    ],
)
def test_forbidden_tags_give_way(tags, second, breaks, right):
    assert viterbi(scores_of(*tags, second=second), breaks_at(len(tags), *breaks)).tolist() == right


@settings(max_examples=200)
@given(st.data())
def test_no_allowed_sequence_is_better(data):
    n = data.draw(st.integers(0, 4))
    n_tags = 5
    value = st.integers(-20, 20)
    scores = np.array(data.draw(st.lists(st.lists(value, min_size=n_tags, max_size=n_tags), min_size=n, max_size=n)))
    scores = scores.reshape(n, n_tags).astype(np.float32)
    breaks = np.array([i == 0 or data.draw(st.booleans()) for i in range(n)], dtype=bool)
    found = viterbi(scores, breaks).tolist()
    assert is_allowed(found, breaks)
    everything = [tags for tags in product(range(n_tags), repeat=n) if is_allowed(tags, breaks)]
    best = max(sum(scores[i, t] for i, t in enumerate(tags)) for tags in everything)
    assert sum(scores[i, t] for i, t in enumerate(found)) == best


@settings(max_examples=50)
@given(st.integers(0, 60), st.integers(0, 2**32 - 1))
def test_spans_are_in_order_and_within_paragraphs(n, seed):
    rng = np.random.default_rng(seed)
    scores = rng.normal(size=(n, len(ROLE_TAGS))).astype(np.float32)
    breaks = rng.random(n) < 0.2
    breaks[:1] = True
    number = np.cumsum(breaks)
    end = -1
    for role, first, last in spans_of(viterbi(scores, breaks), ROLES):
        assert role in ROLES
        assert end < first <= last < n
        assert number[first] == number[last]
        end = last


def test_scores_are_left_as_they_were():
    scores = scores_of(OUT, I_CUE, OUT)
    before = scores.copy()
    viterbi(scores, breaks_at(3))
    assert (scores == before).all()
