"""Unnamed people whom the text introduces before they speak."""

import pytest

from build import range_of, ranges_of, words_of
from quotes.introductions import (
    find_bodies,
    find_groups,
    find_introductions,
    find_subjects,
    find_texts,
    last_people,
    whole_description,
)

INTRODUCED = [
    ("A second official was more cautious.", ["A second official"]),
    ("Outside stood a woman with two children, and another parent.", ["a woman with two children", "another parent"]),
    ("One former police officer watched.", ["One former police officer"]),
    ("They met a senior Ruritanian trade negotiator in Geneva.", ["a senior Ruritanian trade negotiator in Geneva"]),
    ("An aide to the minister waited.", ["An aide"]),
    ("A letter came from a former parish accountant.", ["a former parish accountant"]),
    ("My editor rang.", ["My editor"]),
    ("A 34-year-old farmer waited.", ["A 34-year-old farmer"]),
    ("An officer on duty that night waited.", ["An officer on duty that night"]),
    ("A nurse at a doctor’s surgery waited.", ["A nurse at a doctor’s surgery"]),
]
NOT_INTRODUCED = [
    "She is a farmer.",
    "He worked as an adviser to the bank.",
    "The official left.",
    "A decision followed.",
    "They have a two-year-old boy.",
    "A newborn girl slept.",
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


def test_noun_that_no_list_holds_introduces_somebody_who_is_taken_up_by_it():
    words = words_of("A street money changer shrugged.")
    assert find_introductions(words, [], []) == []
    found = find_introductions(words, [], [], {"changer"})
    assert [words.slice(a, b) for a, b in found] == ["A street money changer"]


# text, its introduction, what goes on with it
CLAUSES = [
    ("A director who attended described the meeting.", "A director", "who attended"),
    ("A keeper who lives on the pier said no.", "A keeper", "who lives on the pier"),
    ("A baker who did not want his name printed pointed at the door.", "A baker", "who did not want his name printed"),
    ("A diver who declined to give her name had a complaint.", "A diver", "who declined to give her name"),
    ("A lawyer who handled claims from the flood left.", "A lawyer", "who handled claims from the flood"),
    ("A neighbour who asked to be identified only as Oma waved.", "A neighbour", "who asked to be identified only as Oma"),
    ("A man who gave only his first name, Idrissa, waved.", "A man", "who gave only his first name, Idrissa"),
    ("A caller who gave his name only as “Mr. White” rang.", "A caller", "who gave his name only as “Mr. White”"),
    ("An envoy involved in the talks was calm.", "An envoy", "involved in the talks"),
    ("A clerk who sat through the session at which it passed was calm.", "A clerk", "who sat through the session"),
    ("A widow who lost her home and garden was calm.", "A widow", "who lost her home and garden"),
    ("One patient, a retired plumber with a gash, went home.", "One patient", ", a retired plumber with a gash"),
    ("Another envoy, whose country pays for the talks, was kinder.", "Another envoy", ", whose country pays for the talks"),
    ("A farmer, a nurse, and a cook were hurt.", "A farmer", ""),
    ("A farmer, tired, went home.", "A farmer", ""),
    ("A farmer went home.", "A farmer", ""),
    ("A farmer who", "A farmer", ""),
    ("A farmer,", "A farmer", ""),
    ("A farmer\n\nwho waited", "A farmer", ""),
]


@pytest.mark.parametrize(("text", "noun", "more"), CLAUSES, ids=[t for t, _, _ in CLAUSES])
def test_introduction_with_the_clause_that_tells_who_it_is(text, noun, more):
    words = words_of(text)
    first, last = whole_description(words, range_of(words, noun), ())
    assert words.slice(first, last).removeprefix(noun).strip() == more


def test_clause_ends_before_what_is_taken():
    words = words_of("A keeper who lives nearby agrees heartily.")
    taken, _ = range_of(words, "agrees")
    first, last = whole_description(words, (0, 1), {taken})
    assert words.slice(first, last) == "A keeper who lives nearby"
TEXTS = [
    ("An internal memo dated May 3, 2019, tells another story.", ["An internal memo dated May 3, 2019"]),
    ("A lawsuit filed Tuesday in the county court tells another story.", ["A lawsuit filed Tuesday in the county court"]),
    ("A lawsuit filed by him tells another story.", ["A lawsuit"]),
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


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Outside about 200 farmers had gathered, chanting “No”.", "about 200 farmers"),
        ("Outside hundreds of women sat in the road, chanting “No”.", "hundreds of women"),
        ("Farmers from Velsen, chanting “No”, came.", None),
        ("The farmers left. Then came chanting “No”.", None),
        ("The ferry left, chanting “No”.", None),
    ],
)
def test_people_of_the_sentence(text, expected):
    words = words_of(text)
    found = last_people(words, words.forms.index("chanting"))
    assert (words.slice(*found) if found else None) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He blamed the Sarmavian army on Monday.", ["the Sarmavian army"]),
        ("The Sarmavian government of the day fell.", ["The Sarmavian government of the day"]),
        ("He blamed the army.", []),
        ("He blamed a Sarmavian army.", []),
        ("He blamed the Sarmavian army's chief.", []),
        ("He blamed the Sarmavian government officials.", []),
        ("“The Sarmavian army came.”", []),
    ],
)
def test_body_is_told_by_where_it_is(text, expected):
    words = words_of(text)
    names = [("OTHER", *place) for place in ranges_of(words, "Sarmavian")]
    assert [words.slice(a, b) for a, b in find_bodies(words, names, [])] == expected
    assert find_bodies(words, names, [(0, len(words) - 1)]) == []
