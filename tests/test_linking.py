"""Contents, cues and source mentions joined by nearness, from sentences in which all three are given."""

import pytest

from build import range_of, words_of
from quotes.linking import FARTHEST, link, sentence_numbers

# text, then each content with its cue and its source (None where it has none); a number picks the nth of equal words;
# last the cues and sources that are there too, to no content's good
CASES = {
    "content, cue, source": (
        "“We go,” said Ann Lee.",
        [("“We go,”", "said", "Ann Lee")],
    ),
    "source, cue, content": (
        "Ann Lee said the bridge would close.",
        [("the bridge would close", "said", "Ann Lee")],
    ),
    "split by its cue": (
        "“We go,” Ann Lee said, “and we stay away.”",
        [("“We go,”", "said", "Ann Lee"), ("“and we stay away.”", "said", "Ann Lee")],
    ),
    "next sentence of the same paragraph": (
        "“We go,” said Ann Lee. “It is late.”",
        [("“We go,”", "said", "Ann Lee"), ("“It is late.”", "said", "Ann Lee")],
    ),
    "two speakers in one sentence": (
        "Ann Lee said it was cold, and Bo Ek said it was warm.",
        [("it was cold", "said", "Ann Lee"), ("it was warm", ("said", 2), "Bo Ek")],
    ),
    "a full stop within marks before another speaker": (
        "“We go,” Ann Lee told reporters at the gate. “It is late.” Bo Ek said the gate was shut.",
        [("“We go,”", "told", "Ann Lee"), ("“It is late.”", "told", "Ann Lee"), ("the gate was shut", "said", "Bo Ek")],
    ),
    "two speakers in two sentences": (
        "“It is cold,” said Ann Lee. “It is warm,” said Bo Ek.",
        [("“It is cold,”", "said", "Ann Lee"), ("“It is warm,”", ("said", 2), "Bo Ek")],
    ),
    "according to": (
        "The dam will hold, according to the agency.",
        [("The dam will hold", "according to", "the agency")],
    ),
    "cue without source": (
        "It was said that the dam would hold.",
        [("that the dam would hold", "said", None)],
    ),
    "label before": (
        "Okonjo: We passed every test.",
        [("We passed every test.", None, "Okonjo")],
    ),
    "dash behind": (
        "“We passed every test.” — Maria Okonjo",
        [("“We passed every test.”", None, "Maria Okonjo")],
    ),
    "name somewhere in the sentence is no label": (
        "“We passed every test” stood on the wall beside the door of Okonjo.",
        [("“We passed every test”", None, None)],
        [],
        ["Okonjo"],
    ),
    "another paragraph's cue is none": (
        "Ann Lee said so.\n\n“It is late.”",
        [("“It is late.”", None, None)],
        ["said"],
        ["Ann Lee"],
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_link(case):
    text, expected, more_cues, more_sources = (*case, [], [])[:4]
    words = words_of(text)

    def place(phrase):
        return range_of(words, *phrase) if isinstance(phrase, tuple) else phrase and range_of(words, phrase)

    rows = [tuple(place(phrase) for phrase in row) for row in expected]
    contents = [content for content, _, _ in rows]
    cues = sorted({cue for _, cue, _ in rows if cue} | {place(p) for p in more_cues})
    sources = sorted({source for _, _, source in rows if source} | {place(p) for p in more_sources})
    found = link(words, contents, cues, sources)
    assert [
        (
            contents[item.content],
            None if item.cue is None else cues[item.cue],
            None if item.source is None else sources[item.source],
        )
        for item in found
    ] == rows


def test_cue_out_of_reach_is_none():
    words = words_of("“We go,” " + "and so on " * FARTHEST + "said Ann Lee.")
    contents, cues, sources = [range_of(words, "“We go,”")], [range_of(words, "said")], [range_of(words, "Ann Lee")]
    assert [(item.cue, item.source) for item in link(words, contents, cues, sources)] == [(None, None)]


def test_nothing_gives_nothing():
    assert link(words_of(""), [], [], []) == []
    words = words_of("“We go.”")
    assert [(item.cue, item.source) for item in link(words, [(0, 4)], [], [])] == [(None, None)]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("One. Two.", ["One .", "Two ."]),
        ("“One.” Two.", ["“ One . ”", "Two ."]),
        ("“One?” she said. Two.", ["“ One ? ” she said .", "Two ."]),
        ("“One!” Two.", ["“ One ! ”", "Two ."]),
        ("One... Two.", ["One . . .", "Two ."]),
        ("(One.) Two.", ["( One . )", "Two ."]),
        ("The firm Lee Inc. said no. Two.", ["The firm Lee Inc . said no .", "Two ."]),
        ("One\n\ntwo", ["One", "two"]),
        ("", []),
    ],
)
def test_sentences(text, sentences):
    words = words_of(text)
    found = {}
    for number, form in zip(sentence_numbers(words).tolist(), words.forms, strict=True):
        found.setdefault(number, []).append(form)
    assert [" ".join(forms) for forms in found.values()] == sentences
