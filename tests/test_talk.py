"""Who speaks in talk by turns: which turns depend on each other, and the best distribution of them."""

import numpy as np
import pytest

from build import range_of
from quotes.talk import RETURN, TURN, Run, decode, find_asked, find_askers, find_runs
from test_antecedents import analysis_of

LONG = "a very long answer, as long as an answer in a talk can be, and then some more of it"

# text, the mention of each quotation, the runs: drafts and costs
RUNS = {
    "a question is answered by somebody else": ("“Why?” asked Ann Lee.\n\n“Money.”", ["Ann Lee"], [((0, 1), (TURN,))]),
    "who answers did not ask": ("“Why?”\n\n“Money,” said Ann Lee.", [None, "Ann Lee"], [((0, 1), (TURN,))]),
    "a short turn behind a short one": ("“We go,” said Ann Lee.\n\n“We stay.”", ["Ann Lee"], [((0, 1), (TURN,))]),
    "a long statement with its speaker may go on": (f"“We go,” said Ann Lee.\n\n“It is {LONG}.”", ["Ann Lee"], []),
    "whole paragraphs by turns": (f"“We go.”\n\n“It is {LONG}.”\n\n“No.”", [], [((0, 1, 2), (TURN, TURN))]),
    "who speaks is told of each": ("“Why?” asked Ann Lee.\n\n“Money,” said Bo Dong.", ["Ann Lee", "Bo Dong"], []),
    "a paragraph that begins with other words": ("“Why?”\n\nNobody spoke. “Money.”", [], []),
    "a question behind other words": ("He sat. “Why?” asked Ann Lee.\n\n“Money.”", ["Ann Lee"], [((0, 1), (TURN,))]),
    "no question behind other words": ("He sat. “We go,” said Ann Lee.\n\n“Now.”", ["Ann Lee"], []),
    "words behind a turn": ("“Why?”\n\n“Money.” Nobody spoke.", [], [((0, 1), (TURN,))]),
    "a paragraph between": ("“Why?”\n\nNobody spoke.\n\n“Money.”", [], []),
    "the mark left open": ("“Why?\n\n“And for whom?”", [], []),
    "a few words in marks are no turn": ("They call it “luck” there.\n\n“No.”", [], []),
}


@pytest.mark.parametrize("name", RUNS)
def test_turns_that_depend_on_each_other(name):
    text, mentions, expected = RUNS[name]
    assert find_runs(analysis_of(text, mentions=mentions)) == [Run(*run) for run in expected]


def test_turn_that_goes_on_in_the_next_paragraph_is_one():
    analysis = analysis_of("“We go.”\n\n“Far.\n\n“Very far.”\n\n“When?”")
    analysis.drafts[2].continues = 1
    assert find_runs(analysis) == [Run((0, 1, 3), (TURN, TURN))]


@pytest.mark.parametrize(
    ("text", "answers"),
    [
        ("“Why?” asked Ann Lee.\n\n“Money,” he said.", True),
        ("“We go,” said Ann Lee.\n\n“Now,” he said.", False),
        ("“Why?” asked Ann Lee.\n\nNobody spoke.\n\n“Money,” he said.", False),
    ],
)
def test_who_asked_does_not_answer(text, answers):
    analysis = analysis_of(text, mentions=["Ann Lee", "he"])
    asker, answerer = (d.source for d in analysis.drafts)
    assert find_askers(analysis) == ({answerer: asker} if answers else {})


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        ([[0, -9, -9], [2, 0, -1]], [0, 1]),  # not the same one again
        ([[0, -99, -99], [2, 0, 1], [1, 0, 1]], [0, 2, 0]),  # the last but one again
        ([[0, -99, -99], [2, 0, 1], [1, 0, 0], [-99, 0, -99]], [0, 1, 0, 1]),  # a later turn tells who had an earlier one
        ([[-99, -99, 0], [5, 0, -9], [4, 0, 0]], [2, 0, 2]),  # by turns, though one seems likelier throughout
    ],
)
def test_turns_are_shared_out_together(scores, expected):
    found = decode(np.array(scores, dtype=np.float32), [TURN] * (len(scores) - 1))
    assert found.argmax(axis=1).tolist() == expected


def test_best_scores_are_those_of_whole_distributions():
    scores = np.array([[0, -1], [0, 1], [2, 0]], dtype=np.float32)
    best = scores[0, 0] + scores[1, 1] + scores[2, 0] + RETURN
    assert decode(scores, [TURN, TURN]).max(axis=1).tolist() == [best] * 3


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Lim Dong asked him why.\n\n“Why not?” he said.", True),
        ("Lim Dong asked for calm. “Please,” he said.", False),
        ("Lim Dong asked him why. He shrugged.\n\n“Why not?” he said.", False),
    ],
)
def test_quotation_behind_a_sentence_that_asks(text, expected):
    analysis = analysis_of(text, ["Lim Dong"], ["he"])
    assert (analysis.drafts[0].source in find_asked(analysis)) is expected


def test_who_replies_is_not_who_spoke_before():
    analysis = analysis_of("“It is late,” Lim Dong said.\n\n“It is early,” she replied.", ["Lim Dong"], ["Lim Dong", "she"])
    assert find_askers(analysis) == {}
    analysis.drafts[-1].cue = range_of(analysis.words, "replied")
    assert find_askers(analysis) == {analysis.drafts[1].source: analysis.drafts[0].source}
