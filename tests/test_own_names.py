"""What a name is to the mention that it stands in."""

import pytest

from build import range_of, words_of
from quotes.own_names import (
    is_apposed,
    is_author,
    is_own,
    is_relative,
    is_text_mention,
    number_told,
    pronoun_behind,
    tells_more,
)

# mention, name in it: own, author, tells more
MENTIONS = [
    ("another critic, Adaeze Mbanefo", "Adaeze Mbanefo", "own"),
    ("campaigner Ingrid Solheim", "Ingrid Solheim", "own"),
    ("Tomasz Wilk, who chairs the board", "Tomasz Wilk", "own"),
    ("a spokesman for Adaeze Mbanefo", "Adaeze Mbanefo", "more"),
    ("the doctor of Ingrid Solheim", "Ingrid Solheim", "more"),
    ("the trial of Governor Ingrid Solheim", "Ingrid Solheim", "more"),
    ("the Courier news service, Tomasz Wilk, the bank's chief,", "Tomasz Wilk", "own"),
    ("Ingrid Solheim's doctor", "Ingrid Solheim", "more"),
    ("the Wilk inquiry chairman", "Wilk", "more"),
    ("the Wilk campaign", "Wilk", "more"),
    ("the Vesterholm woman", "Vesterholm", "more"),
    ("one engineer who left Wilk in the spring", "Wilk", "more"),
    ("a man who is called Wilk", "Wilk", "own"),
    ("One of those who left, and whom the mayor, a friend of Tomasz Wilk", "Tomasz Wilk", "more"),
    ("a study by the consulting firm Wilk Economics", "Wilk Economics", "author"),
    ("an editorial in the Wilk Gazette", "Wilk Gazette", "author"),
    ("a letter from the Wilk Trust obtained by the Gazette", "Wilk Trust", "author"),
    ("Ingrid Solheim's statement", "Ingrid Solheim", "author"),
    ("a letter from Tomasz Wilk", "Tomasz Wilk", "author"),
    ("a report in the Vesterholm Courier", "Vesterholm Courier", "author"),
]


@pytest.mark.parametrize(("text", "name", "expected"), MENTIONS, ids=[t for t, _, _ in MENTIONS])
def test_name_is_the_mentions_own_or_its_authors_or_tells_more(text: str, name: str, expected: str) -> None:
    words = words_of(text)
    place = ((0, len(words) - 1), *range_of(words, name))
    assert is_own(words, *place) == (expected == "own")
    assert is_author(words, *place, is_body_name=False) == (expected == "author")
    if expected != "author":
        assert tells_more(words, *place) == (expected == "more")


@pytest.mark.parametrize(
    ("text", "is_body_name", "expected"),
    [
        ("a Vesterholm report", True, True),
        ("the Vesterholm ad", True, False),
        ("the Vesterholm report", False, False),
        ("an engineer in the Vesterholm report", True, False),
    ],
)
def test_body_may_stand_bare_before_its_work(text: str, is_body_name: bool, expected: bool) -> None:
    words = words_of(text)
    place = ((0, len(words) - 1), *range_of(words, "Vesterholm"))
    assert is_author(words, *place, is_body_name=is_body_name) == expected


@pytest.mark.parametrize(
    ("text", "is_text"),
    [("the log of the Mirabel", True), ("the bureau's staff report", True), ("the mayor", False), ("the Report", False)],
)
def test_text_is_a_text_whatever_names_it_has(text: str, is_text: bool) -> None:
    words = words_of(text)
    assert is_text_mention(words, (0, len(words) - 1)) == is_text


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("She came with her husband, Dele Okello.", "Dele Okello", True),
        ("She came with his younger brother Dele.", "Dele", True),
        ("She came with the mayor, Dele Okello.", "Dele Okello", False),
        ("Dele Okello came.", "Dele Okello", False),
    ],
)
def test_relative_stands_behind_what_somebody_is_to_another(text: str, name: str, expected: bool) -> None:
    words = words_of(text)
    assert is_relative(words, range_of(words, name)[0]) == expected


@pytest.mark.parametrize(
    ("text", "number"), [("the first official", 1), ("a second official", 2), ("another clerk", 2), ("the clerk", 0)]
)
def test_number_that_one_of_several_is_told_by(text: str, number: int) -> None:
    words = words_of(text)
    assert number_told(words, (0, len(words) - 1)) == number


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("Vesterholm, the group's largest donor", "Vesterholm", True),
        ("the Vesterholm Fund, its largest donor", "Vesterholm Fund", True),
        ("an envoy of Vesterholm, the largest donor", "Vesterholm", False),
        ("Vesterholm officials, all of them clerks", "Vesterholm", False),
        ("Vesterholm,", "Vesterholm", False),
    ],
)
def test_name_may_open_a_mention_that_tells_more_about_it(text: str, name: str, expected: bool) -> None:
    words = words_of(text)
    assert is_apposed(words, (0, len(words) - 1), *range_of(words, name)) == expected


@pytest.mark.parametrize(
    ("text", "gender"),
    [
        ("Wilk, who works there, said she had left.", "f"),
        ("Wilk said no. He left.", "m"),
        ("Wilk said no. Then he left.", "-"),
        ("Wilk met Ingrid Solheim before she left.", "-"),
        ("Wilk said: “She left.”", "-"),
        ("Wilk left.\n\nShe stayed.", "-"),
        ("Wilk left", "-"),
    ],
)
def test_pronoun_behind_a_name_tells_gender(text: str, gender: str) -> None:
    words = words_of(text)
    people = {range_of(words, name)[0] for name in ("Wilk", "Ingrid Solheim") if name in text}
    assert pronoun_behind(words, 0, people - {0}) == gender


def test_name_behind_a_clause_and_a_role_is_the_mentions_own() -> None:
    words = words_of("One of those who left the board, former Velsen councillor Tomasz Wilk,")
    assert is_own(words, (0, len(words) - 1), *range_of(words, "Tomasz Wilk"))
    assert not is_own(words, (0, len(words) - 1), *range_of(words, "Velsen"))
