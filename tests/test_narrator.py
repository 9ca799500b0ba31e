"""Who "I" is outside quotation marks: bylines, signatures, notes on the author."""

import pytest

from build import range_of, ranges_of, words_of
from quotes.narrator import Narrators

BODY = "I met the mayor. Maria Okonjo said no.\n\nI asked why."
NARRATORS = [
    ("Closed again\n\nBy Dele Lim\n\n" + BODY, "Dele Lim"),
    ("Closed again\n\nDele Lim\n\n" + BODY, "Dele Lim"),
    ("Closed again\n\n" + BODY + "\n\nDr Dele Lim is a lecturer in law.", "Dele Lim"),
    ("Sir, I agree with him.\n\n" + BODY + "\nDele Lim\nUpper Velsen\n\nMadam, I disagree.", "Dele Lim"),
    # nobody tells
    ("Closed again\n\n" + BODY, None),
    ("Closed again\n\nBy Dele Lim, the editor who left\n\n" + BODY, None),
    ("Closed again\n\n" + BODY + "\n\nDele Lim, too, said no.", None),
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
