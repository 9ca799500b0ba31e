"""Whose words a clause retells, and whom a credit tells."""

import pytest

from build import range_of, ranges_of, words_of
from quotes.reported import NamePlaces
from quotes.retold import find_credit, find_teller, owner_of_cue


def teller_of(text, span, names=(), behind=None):
    """Cue and source as text; `behind` is the last phrase that belongs to whoever speaks around the marks."""
    words = words_of(text)
    found = find_teller(
        words,
        range_of(words, span),
        range_of(words, behind)[1] + 1 if behind else 0,
        NamePlaces.of([("PER", *place) for name in names for place in ranges_of(words, name)]),
    )
    return found and (words.slice(*found.cue), words.slice(*found.source))


# text, the words in marks, names, what belongs to whoever speaks around them, cue and source
TOLD = [
    # who puts it so
    ("It needs a “lawful source,” as a Velsen memo put it.", "“lawful source,”", [], None, ("put it", "a Velsen memo")),
    # who is recalled as saying it
    ("“Never mind,” a deckhand, Lim, recalled him saying.", "“Never mind,”", ["Lim"], None, ("saying", "him")),
    ("“Try it,” Lim recalled the president telling her.", "“Try it,”", ["Lim"], None, ("telling", "the president")),
    ("“Try it,” Lim quoted Okonjo as saying.", "“Try it,”", ["Lim", "Okonjo"], None, ("saying", "Okonjo")),
    # a noun for what was said, with its owner
    ("Lim defended Okonjo's claim that it “leaked”.", "“leaked”", ["Lim", "Okonjo"], "Lim defended", ("claim", "Okonjo")),
    ("Lim mocked Okonjo’s loud promise to be “fair”.", "“fair”", ["Lim", "Okonjo"], "Lim mocked", ("promise", "Okonjo")),
    ("There are gaps between her claim that she “never knew” and it.", "“never knew”", [], None, ("claim", "her")),
    ("Lim shook off the mayor's remark that it “leaked”.", "“leaked”", ["Lim"], "Lim shook off", ("remark", "the mayor")),
    (
        "Lim likes Okonjo's description of himself as a “farmer”.",
        "“farmer”",
        ["Lim", "Okonjo"],
        "Lim likes",
        ("description", "Okonjo"),
    ),
    ("Lim shook off Okonjo's “old boat” remark.", "“old boat”", ["Lim", "Okonjo"], "Lim shook off", ("remark", "Okonjo")),
    (
        "Lim scorned a statement by keeper Rex Allard that it “leaked”.",
        "“leaked”",
        ["Lim", "Rex Allard"],
        "Lim scorned",
        ("statement", "keeper Rex Allard"),
    ),
    # what is called so, by whom
    (
        "They resent what the town's critics have called “a toy”.",
        "“a toy”",
        [],
        "They resent",
        ("called", "the town's critics"),
    ),
    ("Lim said Okonjo has described it as a “toy”.", "“toy”", ["Lim", "Okonjo"], "Lim said", ("described", "Okonjo")),
    ("Lim said that Okonjo called the pier “unsafe”.", "“unsafe”", ["Lim", "Okonjo"], "Lim said", ("called", "Okonjo")),
    (
        "Lim said that Okonjo had left early and called the pier “unsafe”.",
        "“unsafe”",
        ["Lim", "Okonjo"],
        "Lim said",
        ("called", "Okonjo"),
    ),
    ("It is known by some keepers as a “toy”.", "“toy”", [], None, ("known", "some keepers")),
    (
        "The inquiry, often labelled a “witch hunt” by keepers, went on.",
        "“witch hunt”",
        [],
        "often labelled",
        ("labelled", "keepers"),
    ),
    # a verb of saying within another's report
    ("Lim said Rex Allard saying “go” was wrong.", "“go”", ["Lim", "Rex Allard"], "Lim said", ("saying", "Rex Allard")),
    ("Lim quoted Rex Allard as saying “go”.", "“go”", ["Lim", "Rex Allard"], "Lim quoted", ("saying", "Rex Allard")),
    (
        "Lim scolded Okonjo for suggesting that all should “go”.",
        "“go”",
        ["Lim", "Okonjo"],
        "Lim scolded",
        ("suggesting", "Okonjo"),
    ),
    ("According to the Herald, a sign read, “Mind the gap.”", "“Mind the gap.”", [], "the Herald", ("read", "a sign")),
    ("It was replaced by a message that said “gone”.", "“gone”", [], None, ("said", "a message")),
    ("Okonjo accused the bank of “theft,” the Herald wrote.", "“theft,”", ["Okonjo"], None, ("accused", "Okonjo")),
    (
        "On Monday, Okonjo met the pilots and pledged to “dredge it all,” the Herald wrote.",
        "“dredge it all,”",
        ["Okonjo"],
        None,
        ("pledged", "Okonjo"),
    ),
    # a crowd
    ("There were cries of “Shame!” from objectors as she left.", "“Shame!”", [], None, ("cries", "objectors")),
]
UNTOLD = [
    ("“Try it,” Lim recalled Okonjo", "“Try it,”", ["Lim", "Okonjo"], None),
    ("“Try it,” Lim recalled the old boat", "“Try it,”", ["Lim"], None),
    ("“Try it,” Lim recalled him", "“Try it,”", ["Lim"], None),
    # the noun is the subject, or what the outer speaker calls so
    ("Lim said Okonjo's claim that it leaks is “wrong”.", "“wrong”", ["Lim", "Okonjo"], "Lim said"),
    ("Lim said Okonjo's words “hurt”.", "“hurt”", ["Lim", "Okonjo"], "Lim said"),
    ("Lim called Okonjo's remarks “wrong”.", "“wrong”", ["Lim", "Okonjo"], "Lim"),
    ("Lim decried Okonjo's remarks as “wrong”.", "“wrong”", ["Lim", "Okonjo"], "Lim decried"),
    ("Lim said demand from keepers had been “soft”.", "“soft”", ["Lim"], "Lim said"),
    # the verb tells no words
    ("Lim said Okonjo had asked for more and “got a lecture”.", "“got a lecture”", ["Lim", "Okonjo"], "Lim said"),
    ("Lim said Okonjo would respond “in due course”.", "“in due course”", ["Lim", "Okonjo"], "Lim said"),
    # only named; a text is read out by the speaker
    ("Now a keeper called Okonjo “stole it”.", "“stole it”", ["Okonjo"], None),
    ("Lim cited what the minutes called “delay”.", "“delay”", ["Lim"], "Lim cited"),
    ("They shut the loophole called a “bridge”.", "“bridge”", [], "They shut"),
    ("It will be dubbed the “bridge”.", "“bridge”", [], None),
    ("Lim met some keepers to describe it as “old”.", "“old”", ["Lim"], "Lim met"),
    ("Lim pointed to a keeper to say it was “old”.", "“old”", ["Lim"], "Lim pointed"),
    ("Lim, calling Okonjo's charge “silly”, left.", "“silly”", ["Okonjo"], None),
    ("Lim shrugged off talk of Okonjo's claim that it sank as “silly”.", "“silly”", ["Okonjo"], "Lim shrugged off"),
    ("Lim said that the comment by Rex Allard “was rude”.", "“was rude”", ["Rex Allard"], "Lim said"),
    ("Okonjo was accused of “theft,” the Herald wrote.", "“theft,”", ["Okonjo"], None),
    ("Few came, and pledged to “dredge it all,” the Herald wrote.", "“dredge it all,”", ["Okonjo"], None),
    # a noun, not a verb
    ("Lim said that Okonjo's emails “leaked”.", "“leaked”", ["Lim", "Okonjo"], "Lim said"),
    ("Lim talked of the phone call “all day”.", "“all day”", ["Lim"], "Lim"),
    # nobody is told, or in another clause
    ("There were cries of “Shame!” in the hall.", "“Shame!”", [], None),
    ("Okonjo made a claim, and “so what” is all.", "“so what”", ["Okonjo"], None),
    ("“No” it is.", "“No”", [], None),
]


@pytest.mark.parametrize(("text", "span", "names", "behind", "expected"), TOLD, ids=[row[0] for row in TOLD])
def test_clause_tells_whose_words_they_are(text, span, names, behind, expected):
    assert teller_of(text, span, names, behind) == expected


@pytest.mark.parametrize(("text", "span", "names", "behind"), UNTOLD, ids=[row[0] for row in UNTOLD])
def test_words_stay_with_whoever_speaks_around_them(text, span, names, behind):
    assert teller_of(text, span, names, behind) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("FERRY SINKS “It was old.” [Okello Times.]", "Okello Times"),
        ("“It was old”. (Okello Times)\n\nNext.", "Okello Times"),
        ("“It was old.”\n\n— Rex Allard, Velsen.", "Rex Allard"),
        ("“It was old.”\n\n- Mayor Rex Allard", "Mayor Rex Allard"),
        # no credit: in the middle of the paragraph, in small letters, too long, no name
        ("“It was old.” [Okello Times.] It sank.", None),
        ("“It was old” (and slow).", None),
        ("“It was old.”\n\n— so they say, in Velsen.", None),
        ("He said “it was old.”\n\n— Rex Allard, Velsen.", None),
        ("“It was old.”\n\nRex Allard left.", None),
        ("“It was old.”", None),
    ],
)
def test_credit_tells_the_source(text, expected):
    words = words_of(text)
    last = words.forms.index("”")
    found = find_credit(words, (words.forms.index("“"), last))
    assert (words.slice(*found) if found else None) == expected


@pytest.mark.parametrize(
    ("text", "cue", "expected"),
    [
        ("The Herald laughed at Okonjo's promise that it was “old”.", "promise", "Okonjo"),
        ("The Herald laughed at the mayor's promise that it was “old”.", "promise", "the mayor"),
        ("The Herald laughed at her promise that it was “old”.", "promise", None),
        ("The Herald laughed at a promise that it was “old”.", "promise", None),
        ("The Herald read Okonjo's mind: it was “old”.", "read", None),
    ],
)
def test_owner_of_the_noun_that_is_the_cue(text, cue, expected):
    words = words_of(text)
    names = [("PER", *place) for place in ranges_of(words, "Okonjo")]
    found = owner_of_cue(words, range_of(words, cue), NamePlaces.of(names))
    assert (found and words.slice(*found)) == expected
