"""Whom a mention cannot mean and who cannot say words, from texts whose names, drafts and mentions are given."""

import pytest

from build import range_of, ranges_of, words_of
from quotes.antecedents import ADDRESSED, CLAUSE_MATE, NAMED, Antecedents
from quotes.attribution import Analysis, Draft
from quotes.normalize import find_paragraphs
from quotes.pairs import PairMention, classify
from quotes.quotations import find_quotations
from quotes.speech import Marked


def analysis_of(text, people=(), mentions=()):
    """An analysis in which every span in marks is a quotation of its own; `mentions`: its source, or None, in order."""
    words = words_of(text)
    marks = [m for m in find_quotations(text, find_paragraphs(text))[0] if m.depth == 0]
    places = [words.between(m.span.start, m.span.end) for m in marks]
    marked = [Marked(m, a, b - 1, 1.0) for m, (a, b) in zip(marks, places, strict=True)]
    drafts = [Draft([(m.first, m.last)], [k]) for k, m in enumerate(marked)]
    for draft, mention in zip(drafts, mentions, strict=False):
        draft.source = range_of(words, mention) if mention else None
    names = sorted((("PER", a, b) for name in people for a, b in ranges_of(words, name)), key=lambda n: n[1])
    return Analysis(words, None, marked, drafts, names)


def mention_of(analysis, phrase):
    first, last = range_of(analysis.words, phrase)
    return PairMention(first, last, classify(analysis.words, first, last), "", True)


def costs_of(analysis, phrase):
    found = Antecedents(analysis).others(mention_of(analysis, phrase))
    return {analysis.words.slice(*analysis.names[i][1:]): cost for i, cost in found.items()}


OTHERS = [
    ("She told Amina Diallo that it was late.", "She", {"Amina Diallo": CLAUSE_MATE}),
    ("“Go,” he said to Lim Dong.", "he", {"Lim Dong": CLAUSE_MATE}),
    ("“Go,” he said, and Lim Dong went.", "he", {}),
    ("“Go,” he said. Lim Dong went.", "he", {}),
    ("When she had signed, Amina Diallo said no.", "she", {}),
    ("The mayor told Amina Diallo that it was late.", "The mayor", {}),
    ("“Lim Dong has won nothing,” he said.", "he", {"Lim Dong": NAMED}),
    ("“Lim Dong has won nothing,” the mayor said.", "the mayor", {"Lim Dong": NAMED}),
    ("“Thank you, Mr. Dong,” he said.", "he", {"Dong": ADDRESSED}),
    ("“Dong, sit down,” she said.", "she", {"Dong": ADDRESSED}),
    ("“They called me ‘Dong’ at school,” he said.", "he", {}),
]


@pytest.mark.parametrize(("text", "mention", "expected"), OTHERS, ids=[t for t, _, _ in OTHERS])
def test_clause_mates_and_people_named_in_ones_words_are_others(text, mention, expected):
    analysis = analysis_of(text, ["Amina Diallo", "Lim Dong"] if "Lim" in text or "Amina" in text else ["Dong"])
    for draft in analysis.drafts:
        draft.source = range_of(analysis.words, mention)
    assert costs_of(analysis, mention) == expected


@pytest.mark.parametrize(
    ("text", "mention", "expected"),
    [
        ("“Go,” he said.\n\nLim Dong, a teacher, went.", "he", True),
        ("When he came, Lim Dong said no.", "he", False),
        ("Lim Dong came. “Go,” he said.", "he", False),
        ("“Go,” it said. Lim Dong went.", "it", False),
        ("“Go,” the mayor said. Lim Dong went.", "the mayor", False),
    ],
)
def test_name_of_a_later_sentence(text, mention, expected):
    analysis = analysis_of(text, ["Lim Dong"])
    candidate = PairMention(*range_of(analysis.words, "Lim Dong"), "name", "PER")
    assert Antecedents(analysis).is_later(mention_of(analysis, mention), candidate) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“Thank you, Dong.”", ["Dong"]),
        ("“Neither were you, Dong.”", ["Dong"]),
        ("“Dong was late, too.”", []),
        ("“She said: ‘Sit down, Dong.’”", []),  # whom she addressed
    ],
)
def test_people_addressed_in_words(text, expected):
    analysis = analysis_of(text, ["Dong"])
    found = Antecedents(analysis).addressed([(0, len(analysis.words) - 1)])
    assert [analysis.words.slice(*analysis.names[i][1:]) for i in found] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Lim left early. “No,” he said.", "Lim left early."),
        ("Okonjo spoke. Lim left early.\n\n“No. Never,” he said.", "Lim left early."),
        ("Lim left early.\n\nIt rained.\n\n“No,” he said.", "It rained."),
        ("“No,” he said.", None),
        ("Lim left early.\n\n“Yes.”\n\n“No,” he said.", None),
    ],
)
def test_sentence_before_a_pronouns_own(text, expected):
    analysis = analysis_of(text)
    first = Antecedents(analysis).sentence_before(mention_of(analysis, "he"))
    assert first == (None if expected is None else range_of(analysis.words, expected)[0])


@pytest.mark.parametrize(
    ("text", "before", "expected"),
    [
        ("It rained. The clerk paused. “I read it.”", "“", "The clerk"),
        ("It rained. The sign is plain: “No dogs.”", "“", "The sign"),
        ("“Go.” “I read it.”", "“I", None),  # words in marks before
        ("“I read it.”", "“", None),
    ],
)
def test_sentence_that_leads_up_to_words(text, before, expected):
    analysis = analysis_of(text)
    start = Antecedents(analysis).sentence_ending_at(analysis.words.between(text.index(before), len(text))[0] - 1)
    assert start == (None if expected is None else range_of(analysis.words, expected)[0])
