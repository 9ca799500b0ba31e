"""Bodies and texts: whole names, heads of mentions, names that no tagger saw."""

import pytest

from build import range_of, words_of
from quotes.bodies import body_of, head_at, is_people, is_text, named_body, other_sort, same_sort, with_bodies


def tagged(words, names):
    """(label, first, last) of "ORG:..." strings, in order of text."""
    return sorted(((n.split(":")[0], *range_of(words, n.split(":", 1)[1])) for n in names), key=lambda n: n[1])


# text, names as tagged, names made whole
WHOLE = [
    ("The union ZNT struck.", ["ORG:union ZNT"], ["ZNT"]),
    ("The ministry struck.", ["ORG:ministry"], []),
    ("The Federation of Carters struck.", ["ORG:Federation of"], ["Federation of Carters"]),
    ("The Institute for the Blind struck.", ["ORG:Institute for"], ["Institute for the Blind"]),
    ("The Board of trade struck.", ["ORG:Board of"], ["Board"]),
    ("The Ministry of Trade, Crafts and Salt struck.", ["ORG:Ministry of Trade"], ["Ministry of Trade, Crafts and Salt"]),
    ("The Department of Health and Human Care struck.", ["ORG:Department of Health"], ["Department of Health and Human Care"]),
    ("The Board of Trade and Okonjo met.", ["ORG:Board of Trade", "PER:Okonjo"], ["Board of Trade", "Okonjo"]),
    ("Harbour Crews Local 12 struck.", ["ORG:Harbour Crews"], ["Harbour Crews Local 12"]),
    ("Citizens for Fair Fares struck.", ["ORG:Fair Fares"], ["Citizens for Fair Fares"]),
    ("They asked for Fair Fares.", ["ORG:Fair Fares"], ["Fair Fares"]),
    ("St Odile College struck.", ["ORG:Odile College"], ["St Odile College"]),
    (
        "Citizens for Roads in Velsen (CRV) struck.",
        ["ORG:Citizens for Roads", "OTHER:Velsen", "ORG:CRV"],
        ["Citizens for Roads in Velsen", "CRV"],
    ),
    ("The Roads of Velsen (CRV) struck.", ["ORG:Roads", "OTHER:Velsen"], ["Roads", "Velsen"]),
    ("The friends of Clara Rana Voss (CRV) left.", ["PER:Clara Rana Voss"], ["Clara Rana Voss"]),
    ("The Academies of Arts, Letters and Law met.", ["ORG:Academies of Arts"], ["Academies of Arts, Letters and Law"]),
    ("Lim Dong left Velsen.", ["PER:Lim Dong", "OTHER:Velsen"], ["Lim Dong", "Velsen"]),
]


@pytest.mark.parametrize(("text", "names", "expected"), WHOLE, ids=[row[0] for row in WHOLE])
def test_names_of_bodies_are_whole(text, names, expected):
    words = words_of(text)
    assert [words.slice(a, b) for _, a, b in with_bodies(words, tagged(words, names), [])] == expected


# the mention, names in it, the body that it is
MENTIONS = [
    ("Velmar's oil ministry", ["OTHER:Velmar"], "Velmar's oil ministry"),
    ("the Velmarian league's appeals committee", ["OTHER:Velmarian"], "Velmarian league's appeals committee"),
    ("The North's state news agency", ["OTHER:North"], "North's state news agency"),
    ("the canton of Haut-Lac", ["OTHER:Haut-Lac"], "canton of Haut-Lac"),
    ("The Velmarian Embassy in Tarsk", ["ORG:Velmarian Embassy", "OTHER:Tarsk"], "Velmarian Embassy in Tarsk"),
    ("the company in Tarsk", ["OTHER:Tarsk"], None),
    ("the Velmarian company", ["OTHER:Velmarian"], None),
    ("a Velmar court", ["OTHER:Velmar"], None),
    ("the Okonjo campaign", ["PER:Okonjo"], None),
    ("the ministry", [], None),
    ("the mayor of Tarsk", ["OTHER:Tarsk"], None),
    ("Velmar Steel, a company", ["ORG:Velmar Steel"], None),
]


@pytest.mark.parametrize(("mention", "names", "expected"), MENTIONS, ids=[row[0] for row in MENTIONS])
def test_body_that_a_mention_is(mention, names, expected):
    words = words_of(f"{mention} said so.")
    found = body_of(words, tagged(words, names), range_of(words, mention))
    assert (words.slice(*found) if found else None) == expected


def test_body_of_a_mention_takes_the_place_of_the_names_in_it():
    words = words_of("Velmar's oil ministry said so in Tarsk.")
    names = tagged(words, ["ORG:Velmar's oil", "OTHER:Tarsk"])
    found = with_bodies(words, names, [range_of(words, "Velmar's oil ministry")])
    assert [(label, words.slice(a, b)) for label, a, b in found] == [("ORG", "Velmar's oil ministry"), ("OTHER", "Tarsk")]


@pytest.mark.parametrize(
    ("mention", "head"),
    [
        ("the log of the Mirabel", "log"),
        ("A memo dated May 3", "memo"),
        ("the Fund's staff report released on Monday", "report"),
        ("a leaked draft", "draft"),
        ("the council, elected in May", "council"),
        ("it", "it"),
    ],
)
def test_head_of_a_mention(mention, head):
    words = words_of(f"{mention} said so.")
    assert words.forms[head_at(words, *range_of(words, mention))] == head


def test_nouns():
    assert is_text("Minutes") and is_text("memo") and not is_text("mayor")
    assert is_people("nurses") and is_people("women") and not is_people("witness") and not is_people("nurse")


@pytest.mark.parametrize(
    ("phrase", "name", "role"),
    [
        ("Clean Canals, a watchdog", "Clean Canals", "a watchdog"),
        ("The Tidal Trust, one of the oldest charities", "Tidal Trust", "one of the oldest charities"),
        ("the advocacy group Clean Canals", "Clean Canals", "the advocacy group"),
        ("the newspaper Il Faro di Sera", "Il Faro di Sera", "the newspaper"),
        ("the captain Lim Dong", None, None),
        ("the council, led by Okonjo", None, None),
        ("the board", None, None),
    ],
)
def test_name_and_role_of_a_body(phrase, name, role):
    assert named_body(phrase) == (name, role)


@pytest.mark.parametrize(
    ("noun", "name", "expected"),
    [
        ("union", "marsh university", True),
        ("airline", "velsen transport bureau", True),
        ("union", "dockers united", False),
        ("agency", "velsen transport bureau", False),
        ("university", "marsh university", False),
        ("", "marsh university", False),
    ],
)
def test_body_of_another_sort_than_a_noun(noun, name, expected):
    assert other_sort(noun, name.split()) is expected


@pytest.mark.parametrize(
    ("noun", "name", "expected"),
    [
        ("newspaper", "velsen herald", True),
        ("paper", "the daily tern", True),
        ("foundation", "okonjo foundation", True),
        ("newspaper", "velsen bank", False),
        ("company", "velsen herald", False),
        ("baker", "baker lines", False),  # no noun for a body
    ],
)
def test_body_whose_name_tells_its_sort(noun, name, expected):
    assert same_sort(noun, name.split()) is expected
