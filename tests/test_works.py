"""Whose words a text is that the article introduces."""

import pytest

from build import range_of, ranges_of, words_of
from quotes.works import author_of, writer_end

# text, the description in it, the names of bodies and people, the author
AUTHORS = [
    ("An affidavit written by Lim Dong tells why.", "An affidavit", ["PER:Lim Dong"], "Lim Dong"),
    ("A complaint filed last week by Velsen Watch tells why.", "A complaint", ["ORG:Velsen Watch"], "Velsen Watch"),
    ("A report released by the Velsen Trust says so.", "A report", ["ORG:Velsen Trust"], "Velsen Trust"),
    ("A plea filed by state attorney Lim Dong says so.", "A plea", ["PER:Lim Dong"], "Lim Dong"),
    ("Velsen Watch published a list of sites.", "a list", ["ORG:Velsen Watch"], "Velsen Watch"),
    ("Velsen Watch, a body of divers, has also filed a complaint.", "a complaint", ["ORG:Velsen Watch"], "Velsen Watch"),
    ("The Velsen Trust put out a report.", "a report", ["ORG:Velsen Trust"], None),  # "put" is not told
    ("Velsen Watch sent out a letter.", "a letter", ["ORG:Velsen Watch"], "Velsen Watch"),
    ("Velsen Watch obtained a letter.", "a letter", ["ORG:Velsen Watch"], None),
    ("An affidavit written by Lim Dong's clerk tells why.", "An affidavit", ["PER:Lim Dong"], None),
    ("An affidavit leaked by Lim Dong tells why.", "An affidavit", ["PER:Lim Dong"], None),
    ("A treaty signed by Lim Dong tells why.", "A treaty", ["PER:Lim Dong"], None),
    ("Allies of Lim Dong filed a complaint.", "a complaint", ["PER:Lim Dong"], None),
    ("A report released in Velsen says so.", "A report", ["OTHER:Velsen"], None),
    ("“Lim Dong filed” a complaint.", "a complaint", ["PER:Lim Dong"], None),
    ("A report by", "A report", [], None),
]


@pytest.mark.parametrize(("text", "description", "names", "author"), AUTHORS, ids=[t for t, *_ in AUTHORS])
def test_author_of_a_text(text, description, names, author):
    words = words_of(text)
    found = [(n.partition(":")[0], *place) for n in names for place in ranges_of(words, n.partition(":")[2])]
    at = author_of(words, found, range_of(words, description))
    assert (None if at is None else words.slice(*found[at][1:])) == author


@pytest.mark.parametrize(
    ("text", "description", "writer"),
    [
        ("A group of parents sent a letter.", "a letter", "A group of parents"),
        ("The divers, who are many, have also published a report.", "a report", "The divers"),
        ("The divers read a letter.", "a letter", None),
        ("The divers left.\n\nSent a letter.", "a letter", None),
    ],
)
def test_subject_that_writes_a_text(text, description, writer):
    words = words_of(text)
    end = writer_end(words, range_of(words, description)[0])
    assert end == (None if writer is None else range_of(words, writer)[1])
