"""What a text says that its named people are, and which description means whom."""

import pytest

from build import range_of, words_of
from quotes.roles import best_fit, description_of, other_office, roles_of

DESCRIPTIONS = [
    ("the mayor", ("mayor", set())),
    ("the board president", ("president", {"board"})),
    ("The retired nurse of the ward,", ("nurse", {"retired"})),
    ("the pilot, who was tired", ("pilot", set())),
    ("the town's archivist", ("archivist", set())),
    ("a former governor of the state", ("former governor", {"former"})),
    ("the vice president", ("vice president", {"vice"})),
    ("the 58-year-old", ("58", set())),
    ("the", ("", set())),
]


@pytest.mark.parametrize(("text", "expected"), DESCRIPTIONS, ids=[t for t, _ in DESCRIPTIONS])
def test_noun_of_a_description(text, expected):
    words = words_of(text)
    noun, others = description_of(words, 0, len(words) - 1)
    assert (noun, set(others)) == expected


ROLES = [
    ("Ama Owusu, the treasurer, left.", {"treasurer"}),
    ("Ama Owusu, 58, a nurse at the port, left.", {"58", "nurse"}),
    ("Ama Owusu (58) left.", {"58"}),
    ("Ama Owusu, 38, is a midwife.", {"38", "midwife"}),
    ("Ama Owusu, the president's former envoy, left.", {"former envoy"}),
    ("Ama Owusu is the harbour master of Tema.", {"master"}),
    ("It was board president Ama Owusu who left.", {"president"}),
    ("The treasurer, Ama Owusu, left.", {"treasurer"}),
    ("They met the former governor, Ama Owusu.", {"former governor"}),
    ("They met former Gov. Ama Owusu.", {"former governor"}),
    ("Sen. Ama Owusu left.", {"senator"}),
    ("Velsen's harbour master, Ama Owusu, left.", {"master"}),
    ("He left with Ama Owusu, and the mayor stayed.", set()),
    ("He saw the doctor of Ama Owusu.", set()),
    ("She was tired.\n\nAma Owusu left.", set()),
    ("Ama Owusu, who is tired, left.", set()),
]


@pytest.mark.parametrize(("text", "expected"), ROLES, ids=[t for t, _ in ROLES])
def test_roles_beside_a_name(text, expected):
    words = words_of(text)
    assert {noun for noun, _ in roles_of(words, range_of(words, "Ama Owusu"))} == expected


def test_noun_must_be_the_same_and_more_words_fit_better():
    roles = [("president", frozenset({"board"})), ("58", frozenset())]
    assert best_fit(("president", frozenset({"board"})), roles) == 2
    assert best_fit(("president", frozenset({"union"})), roles) == 1
    assert best_fit(("58", frozenset()), roles) == 1
    assert best_fit(("former president", frozenset({"former"})), roles) == 0
    assert best_fit(("mayor", frozenset({"board"})), roles) == 0


def test_offices_of_one_sort_are_two():
    assert other_office("governor", "former governor")
    assert not other_office("governor", "governor")
    assert not other_office("former governor", "mayor")
