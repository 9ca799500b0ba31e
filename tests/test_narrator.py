"""Who "I" is outside quotation marks: bylines, signatures, notes on the author."""

import pytest

from build import range_of, ranges_of, words_of
from quotes.narrator import Narrators, with_bylines

BODY = "I met the mayor. Maria Okonjo said no.\n\nI asked why."
NARRATORS = [
    ("Closed again\n\nBy Dele Lim\n\n" + BODY, "Dele Lim"),
    ("Closed again\n\nDele Lim\n\n" + BODY, "Dele Lim"),
    ("Closed again\n\n" + BODY + "\n\nDr Dele Lim is a lecturer in law.", "Dele Lim"),
    ("Sir, I agree with him.\n\n" + BODY + "\nDele Lim\nUpper Velsen\n\nMadam, I disagree.", "Dele Lim"),
    ("Closed again\n\nBy Dele Lim, arts editor\n\n" + BODY, "Dele Lim"),
    ("Closed again\n\nShe ran the mill for years. Dele Lim meets her in Velsen\n\n" + BODY, "Dele Lim"),
    ("Closed again\n\nDele Lim talks to the miller\n\n" + BODY, "Dele Lim"),
    # nobody tells
    ("Closed again\n\nDele Lim meets the miller today.\n\n" + BODY, None),
    ("Closed again\n\n" + BODY, None),
    ("Closed again\n\n" + BODY + "\n\nDele Lim, too, said no.", None),
    ("Closed again\n\nBy the time Dele Lim left\n\n" + BODY, None),
    ("Dele\n\n" + BODY, None),
]


@pytest.mark.parametrize(("text", "expected"), NARRATORS)
def test_narrator_is_whom_byline_signature_or_note_names(text: str, expected: str | None) -> None:
    words = words_of(text)
    spoken = [name for name in ("Dele Lim", "Dele", "Maria Okonjo") if name in text]
    names = sorted(("PER", *range_of(words, name)) for name in spoken if ranges_of(words, name))
    names = [n for n in names if not any(o[1] <= n[1] and n[2] < o[2] for o in names)]
    found = Narrators(words, names).at(range_of(words, "I", 1)[0])
    assert (None if found is None else words.slice(*names[found][1:])) == expected


def test_letters_have_a_narrator_each() -> None:
    words = words_of("Sir,\nI agree.\nDele Lim\n\nMadam,\nI do not.\nMaria Okonjo\n\nI end here.\n\nThe editor\n\nreplies.")
    names = [("PER", *range_of(words, name)) for name in ("Dele Lim", "Maria Okonjo")]
    narrators = Narrators(words, names)
    assert [narrators.at(first) for first, _ in ranges_of(words, "I")] == [0, 1, None]


BYLINES = [
    ("By Dele Lim", ["Dele Lim"]),
    ("BY DELE LIM", ["DELE LIM"]),
    ("by Ama de la Cruz-Bello and Jan O'Rourke", ["Ama de la Cruz-Bello", "Jan O'Rourke"]),
    ("By T. K. Lim | The Velsen Quarterly", ["T. K. Lim"]),
    ("By Dele Lim, arts editor", ["Dele Lim"]),
    ("By Dele Lim in Velsen", ["Dele Lim"]),
    ("Words by Dele Lim", ["Dele Lim"]),
    ("By our own reporter", []),
    ("By Our Staff Correspondent", []),
    ("By Monday Evening, they had left", []),
    ("By Lim", []),
    ("By Dele Lim\nHarbour Books. 320 pages. $28.", []),
    ("Signed by Dele Lim", []),
]


@pytest.mark.parametrize(("line", "expected"), BYLINES, ids=[line for line, _ in BYLINES])
def test_names_of_a_byline_are_read_from_its_line(line: str, expected: list[str]) -> None:
    words = words_of(f"Closed again\n\n{line}\n\nI met the mayor. She said no.")
    assert [words.slice(a, b) for _, a, b in with_bylines(words, [])] == expected


def test_byline_replaces_what_the_tagger_found_of_it() -> None:
    words = words_of("Closed again\n\nBy Dele Lim-Okonjo\n\nI met Ama Bello.")
    tagged = [(label, *range_of(words, name)) for label, name in (("PER", "Dele"), ("ORG", "Lim-Okonjo"), ("PER", "Ama Bello"))]
    assert [words.slice(a, b) for _, a, b in with_bylines(words, tagged)] == ["Dele Lim-Okonjo", "Ama Bello"]


def test_byline_far_down_is_text() -> None:
    words = words_of("\n\n".join([*(f"Paragraph {i}." for i in range(6)), "By Dele Lim"]))
    assert with_bylines(words, []) == []


def test_names_that_only_tell_the_author_are_told() -> None:
    words = words_of("Closed again\n\nBy Dele Lim\n\nI met Ama Bello.\n\nDele Lim is a lecturer.")
    names = [("PER", *place) for name in ("Dele Lim", "Ama Bello") for place in ranges_of(words, name)]
    names.sort(key=lambda name: name[1])
    assert Narrators(words, names).named == {0, 2}
