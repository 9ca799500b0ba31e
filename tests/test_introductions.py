"""Unnamed people whom the text introduces before they speak."""

import pytest

from build import words_of
from quotes.introductions import find_introductions, find_subjects

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


SUBJECTS = [
    ("He shrugged. “Why not?” he said.", ["He"]),
    ("It was late. She left.", ["She"]),
    ("The pilot shook her head.", ["The pilot"]),
    ("Her daughter remembers a stricter woman.", ["Her daughter"]),
    ("“Go.” The police officer went.", ["The police officer"]),
    ("As he left, the pilot laughed.", []),
    ("“He left. She stayed.”", []),
    ("The bridge fell.", []),
    ("The pilot, Lim Dong, laughed.", []),
]


@pytest.mark.parametrize(("text", "expected"), SUBJECTS, ids=[t for t, _ in SUBJECTS])
def test_who_begins_a_sentence(text, expected):
    words = words_of(text)
    names = [("PER", words.forms.index("Lim"), words.forms.index("Dong"))] if "Lim" in text else []
    assert [words.slice(a, b) for a, b in find_subjects(words, names, [])] == expected


def test_subject_that_is_a_source_is_known_already():
    assert find_subjects(words_of("The pilot said it was late."), [], [(0, 1)]) == []
