"""Lines that tell how a speaker was found, exactly."""

from dataclasses import replace

import pytest

from quotes.explain import explain
from quotes.records import Article, ArticleResult, Attribution, Evidence, Source, TextSpan
from quotes.sources import CONTINUED, LIKELIEST, PRONOUN

TEXT = "Amina Oduya, a diver, came. “We told Lim,\nand he left,” she said. A clerk came."


def place(words):
    start = TEXT.index(words)
    return TextSpan(words, start, start + len(words))


WORDS = place("“We told Lim,\nand he left,”")
SOURCES = (
    Source("s1", "person", "Amina Oduya", "a diver", ("Oduya", "Ms. Oduya")),
    Source("s2", "anonymous", None, "a clerk"),
)
EVIDENCE = Evidence(PRONOUN, 0.987, 0.8125, place("a diver"), place("Amina Oduya"), (("a clerk", 0.1), ("Lim", 0.046)))
QUOTE = Attribution(
    "q3", "direct", (WORDS.span,), (WORDS.span,), WORDS.text, place("said"), place("she"), "s1", 2,
    confidence=0.934, evidence=EVIDENCE,
)  # fmt: skip


def lines(**changes):
    return list(explain(ArticleResult(Article("ferry", TEXT), (QUOTE,), SOURCES), replace(QUOTE, **changes)))


def test_whole_chain_exactly():
    assert lines() == [
        "q3  ¶2  direct  “We told Lim, and he left,”",
        "    speech     the words in marks are speech, not a title or scare quote: 0.99",
        "    cue        said [60:64]",
        "    mention    she [56:59]",
        "    found by   a pronoun (0.81)",
        "               which means a diver [13:20]",
        "               who is named in full at Amina Oduya [0:11]",
        "               rather than a clerk: 0.10",
        "               rather than Lim: 0.05",
        "    speaker    Amina Oduya, person, a diver; also Oduya, Ms. Oduya",
        "    confidence 0.93",
    ]
    assert (TEXT[60:64], TEXT[56:59], TEXT[13:20], TEXT[0:11]) == ("said", "she", "a diver", "Amina Oduya")


def test_least_that_there_is_exactly():
    assert lines(cue=None, mention=None, speaker=None, confidence=0.0, evidence=None) == [
        "q3  ¶2  direct  “We told Lim, and he left,”",
        "    cue        none",
        "    mention    none beside the quotation",
        "    speaker    the article does not tell",
        "    confidence 0.00",
    ]


DENIED = "               told as not said, or merely supposed: not counted as said"


@pytest.mark.parametrize(
    ("changes", "line", "before"),
    [
        ({"within": "q2"}, "    within     the words of q2", "    cue        said [60:64]"),
        ({"denied": True}, DENIED, "    mention    she [56:59]"),
        ({"repeats": "q1"}, "    repeats    q1", "    confidence 0.93"),
    ],
)
def test_lines_for_what_is_rare(changes, line, before):
    usual, found = lines(), lines(**changes)
    assert found == [*usual[: usual.index(before)], line, *usual[usual.index(before) :]]


def test_indirect_speech_has_no_marks_to_judge():
    assert lines(evidence=replace(EVIDENCE, speech=None)) == [line for line in lines() if "speech" not in line]


def test_mention_that_is_the_name_is_told_once():
    found = lines(evidence=replace(EVIDENCE, via=EVIDENCE.name, rivals=()))
    assert [line for line in found if "[0:11]" in line] == ["               which means Amina Oduya [0:11]"]


@pytest.mark.parametrize(
    ("rule", "continues", "line"),
    [
        (CONTINUED, "q2", "goes on with q2 (0.81)"),
        (CONTINUED, None, "goes on with the quotation before (0.81)"),
        (LIKELIEST, "q2", "the likeliest source near the quotation (0.81)"),
    ],
)
def test_rule_names_the_quotation_that_it_goes_on_with(rule, continues, line):
    assert f"    found by   {line}" in lines(evidence=replace(EVIDENCE, rule=rule), continues=continues)


@pytest.mark.parametrize(
    ("source", "line"),
    [
        (SOURCES[1], "a clerk, anonymous"),
        (Source("s2", "person", "Lim", None), "Lim, person"),
        (Source("s2", "organization", "Nordvik", None, ("the line",)), "Nordvik, organization; also the line"),
        (Source("s2", "group", None, "divers", ("they",)), "divers, group; also they"),
        (Source("s2", "document", None, None), "s2, document"),
    ],
)
def test_speaker(source, line):
    result = ArticleResult(Article("ferry", TEXT), (QUOTE,), (SOURCES[0], source))
    assert f"    speaker    {line}" in list(explain(result, replace(QUOTE, speaker="s2")))


@pytest.mark.parametrize(
    ("text", "excerpt"),
    [
        ("x" * 70, "x" * 70),
        ("x" * 71, "x" * 69 + "…"),
        ("x" * 68 + " yyy", "x" * 68 + "…"),
        (" a \n\n b ", "a b"),
    ],
)
def test_long_words_are_cut(text, excerpt):
    assert lines(text=text)[0] == f"q3  ¶2  direct  {excerpt}"


# --- the evidence in the record


def test_evidence_as_in_the_record():
    assert EVIDENCE.to_dict() == {
        "rule": "a pronoun",
        "speech": 0.987,
        "score": 0.8125,
        "via": {"text": "a diver", "start": 13, "end": 20},
        "name": {"text": "Amina Oduya", "start": 0, "end": 11},
        "rivals": [["a clerk", 0.1], ["Lim", 0.046]],
    }
    assert Evidence("a new source").to_dict() == {
        "rule": "a new source", "speech": None, "score": 0.0, "via": None, "name": None, "rivals": [],
    }  # fmt: skip


def test_quotation_holds_its_evidence():
    assert QUOTE.to_dict()["evidence"] == EVIDENCE.to_dict()
    assert QUOTE.to_dict()["denied"] is False
    assert replace(QUOTE, evidence=None, denied=True).to_dict().items() >= {"evidence": None, "denied": True}.items()
