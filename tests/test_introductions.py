"""Unnamed people whom the text introduces before they speak."""

import pytest

from build import words_of
from quotes.introductions import find_groups, find_introductions, find_texts

INTRODUCED = [
    ("A second official was more cautious.", ["A second official"]),
    ("Outside stood a woman with two children, and another parent.", ["a woman with two children", "another parent"]),
    ("One former police officer watched.", ["One former police officer"]),
    ("They met a senior Ruritanian trade negotiator in Geneva.", ["a senior Ruritanian trade negotiator in Geneva"]),
    ("An aide to the minister waited.", ["An aide"]),
]
NOT_INTRODUCED = [
    "She is a farmer.",
    "He worked as an adviser to the bank.",
    "The official left.",
    "A decision followed.",
    "A man's voice was heard.",
    "He said: “A diplomat lies.”",
    "A\n\nwoman",
]


@pytest.mark.parametrize(("text", "expected"), INTRODUCED, ids=[t for t, _ in INTRODUCED])
def test_description_of_somebody_new_is_found(text, expected):
    words = words_of(text)
    assert [words.slice(a, b) for a, b in find_introductions(words, [], [])] == expected


@pytest.mark.parametrize("text", NOT_INTRODUCED)
def test_what_introduces_nobody_is_left_alone(text):
    assert find_introductions(words_of(text), [], []) == []


def test_description_beside_a_name_is_the_named_persons():
    words = words_of("Maria Okonjo, a harbour inspector, met a farmer, Lim Dong, and a nurse.")
    names = [("PER", 0, 1), ("PER", words.forms.index("Lim"), words.forms.index("Dong"))]
    assert [words.slice(a, b) for a, b in find_introductions(words, names, [])] == ["a nurse"]


def test_mention_beside_a_quotation_is_known_already():
    words = words_of("A harbour inspector said it was late.")
    assert find_introductions(words, [], [(0, 2)]) == []


TEXTS = [
    ("An internal memo dated May 3, 2019, tells another story.", ["An internal memo dated May 3, 2019"]),
    ("They signed a draft of the agreement on Monday.", ["a draft of the agreement"]),
    ("The ship's log has one line.", ["The ship's log"]),
    ("Minutes of the spring meeting were published.", ["Minutes of the spring meeting"]),
    ("They left within minutes of the meeting.", []),
    ("Ten minutes of the game were left.", []),
    ("A transcript of the recorder gives the time.", ["A transcript of the recorder"]),
    ("He said: “A memo is a memo.”", []),
    ("A petition committee left.", []),
    ("A memo's author left.", []),
    ("Memo followed memo.", []),
    ("The club said in an email that it would pay.", []),
    ("An email says more.", ["An email"]),
    ("His memo says more.", []),
]


@pytest.mark.parametrize(("text", "expected"), TEXTS, ids=[t for t, _ in TEXTS])
def test_text_that_is_spoken_of_is_found(text, expected):
    words = words_of(text)
    assert [words.slice(a, b) for a, b in find_texts(words, [], [])] == expected


def test_text_beside_a_quotation_is_known_already():
    assert find_texts(words_of("A memo said it was late."), [], [(0, 1)]) == []


def test_text_of_a_named_person_is_theirs():
    assert find_texts(words_of("A Dong campaign memo says more."), [("PER", 1, 1)], []) == []


GROUPS = [
    ("We met two riders from Velsen, who were cold.", ["two riders from Velsen"]),
    ("Several junior officials left.", ["Several junior officials"]),
    ("Villagers from the ridge waited.", ["Villagers from the ridge"]),
    ("The officials left.", []),
    ("The witness left.", []),
    ("He said: “Two officials lie.”", []),
]


@pytest.mark.parametrize(("text", "expected"), GROUPS, ids=[t for t, _ in GROUPS])
def test_group_that_is_spoken_of_is_found(text, expected):
    words = words_of(text)
    assert [words.slice(a, b) for a, b in find_groups(words, [])] == expected
