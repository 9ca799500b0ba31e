"""Where contents end."""

import pytest

from build import range_of, ranges_of, words_of
from quotes.attribution import (
    Draft,
    _give_to_antecedents,
    _give_to_owners,
    _give_to_people,
    _give_to_who,
    _obey_labels,
    _told_behind,
    _with_accounts,
    _without_day,
)
from quotes.reported import NamePlaces


@pytest.mark.parametrize(
    ("text", "content", "kept"),
    [
        ("Ocampo called it “a disgrace” on Monday.", "it “a disgrace” on Monday", "it “a disgrace”"),
        ("Ocampo called it “a disgrace” late Tuesday night.", "it “a disgrace” late Tuesday night", "it “a disgrace”"),
        ("Ocampo called it “a disgrace” Friday.", "it “a disgrace” Friday", "it “a disgrace”"),
        ("Ocampo said it would be “ready” by Friday.", "it would be “ready” by Friday", "it would be “ready” by Friday"),
        ("Ocampo said “no” and left Friday.", "“no” and left Friday", "“no” and left Friday"),
        ("Ocampo said they meet Friday.", "they meet Friday", "they meet Friday"),
        ("Friday, Ocampo said.", "Friday", "Friday"),
    ],
)
def test_a_day_behind_the_last_marks_is_no_content(text: str, content: str, kept: str) -> None:
    words = words_of(text)
    closings = {i for i, form in enumerate(words.forms) if form == "”"}
    assert _without_day(words, range_of(words, content), closings) == range_of(words, kept)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("According to the Okello Herald, Ines Baptista said the pier was safe.", ["Ines Baptista said the pier was safe"]),
        ("Ines Baptista said the pier was safe, according to the Okello Herald.", ["Ines Baptista said the pier was safe"]),
        (
            "Ines Baptista, according to the Okello Herald, said the pier was safe.",
            ["Ines Baptista", "said the pier was safe"],
        ),
        ("According to the Okello Herald, Ines Baptista said “no” to the pier was safe.", None),
        ("It rained. According to the Okello Herald.", None),
    ],
)
def test_account_that_holds_anothers_speech_is_the_whole_sentence(text: str, expected: list[str] | None) -> None:
    words = words_of(text)
    cue, source = range_of(words, text[text.lower().index("according") :][:12]), range_of(words, "the Okello Herald")
    inner = [Draft([range_of(words, "the pier was safe")])] if "pier" in text else []
    drafts = _with_accounts(words, inner, [cue], [source])
    found = [[words.slice(a, b) for a, b in d.ranges] for d in drafts if d.cue == cue]
    assert found == ([expected] if expected else [])
    assert [d.ranges[0][0] for d in drafts] == sorted(d.ranges[0][0] for d in drafts)


def test_quotation_goes_on_with_the_same_one_behind_an_account() -> None:
    words = words_of("According to the Okello Herald, Ines Baptista said it was safe. It was dry, she said.")
    first, second = Draft([range_of(words, "it was safe")]), Draft([range_of(words, "It was dry")], continues=0)
    drafts = _with_accounts(words, [first, second], [range_of(words, "According to")], [range_of(words, "the Okello Herald")])
    assert drafts[second.continues] is first


@pytest.mark.parametrize(
    ("text", "cue", "expected"),
    [
        ("“Go,” Lim said. “Who, me?” Okonjo asked.", "said", ("asked", "Okonjo")),
        ("“Go,” Lim said. “You there,” said Okonjo.", "said", ("said", "Okonjo")),
        # a sentence of its own, and a cue of its own
        ("“Go,” Lim said. “Who, me?” He asked her.", "said", None),
        ("“Go,” Lim said. “Now is good.” Okonjo asked who.", "said", None),
        ("“Go,” Lim said, “or stay away,” Okonjo said.", "said", None),
    ],
)
def test_who_is_told_right_behind_the_marks_goes_before_another_sentences_cue(text, cue, expected) -> None:
    words = words_of(text)
    names = NamePlaces.of([("PER", *range_of(words, name)) for name in ("Lim", "Okonjo") if name in text])
    first = [i for i, form in enumerate(words.forms) if form == "“"][1]
    span = first, words.forms.index("”", first)
    found = _told_behind(words, Draft([span], [1], range_of(words, cue), range_of(words, "Lim")), span, names)
    assert (found and (words.slice(*found.cue), words.slice(*found.source))) == expected


def test_what_is_chanted_is_the_words_of_the_people_of_its_sentence() -> None:
    words = words_of("Outside some farmers sat, chanting “No”. Then they left, saying “Yes”.")
    drafts = [Draft([range_of(words, "“No”")], [0], range_of(words, "chanting"))]
    drafts.append(Draft([range_of(words, "“Yes”")], [1], range_of(words, "saying")))
    _give_to_people(words, drafts)
    assert [d.source and words.slice(*d.source) for d in drafts] == ["some farmers", None]


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("“LIM: Who asked?”", "LIM"),
        ("“MS. OKONJO LIM: Who asked?”", "MS. OKONJO LIM"),
        ("“Okonjo Lim: Who asked?”", "Okonjo Lim"),
        ("“Note: nobody asked.”", None),
        ("“I: I asked.”", None),
        ("“NOBODY ASKED, and I will tell you why: nobody cares.”", None),
    ],
)
def test_turn_in_marks_is_the_words_of_whom_its_label_tells(text: str, source: str | None) -> None:
    words = words_of(text)
    draft = Draft([(0, len(words) - 1)], [0], continues=3)
    _obey_labels(words, [draft], set(ranges_of(words, "Okonjo Lim")))
    assert (draft.source and words.slice(*draft.source), draft.continues) == (source, 3 if source is None else None)


@pytest.mark.parametrize(
    ("text", "source", "expected"),
    [
        ("The Courier asked the Velsen Police which reported “no thefts”.", "The Courier", "Velsen Police"),
        ("The Courier asked the Velsen Police, which reported “no thefts”.", None, "Velsen Police"),
        ("The Velsen Police, which reported “no thefts”, left.", "The Velsen Police, which", "The Velsen Police, which"),
        ("The Courier read the list which reported “no thefts”.", "The Courier", "The Courier"),
    ],
)
def test_which_means_the_name_before_it(text: str, source: str | None, expected: str) -> None:
    words = words_of(text)
    draft = Draft([range_of(words, "“no thefts”")], [0], range_of(words, "reported"))
    draft.source = range_of(words, source) if source else None
    _give_to_antecedents(words, [draft], {last: first for first, last in ranges_of(words, "Velsen Police")})
    assert draft.source is not None
    assert words.slice(*draft.source) == expected


@pytest.mark.parametrize(
    ("text", "cue", "expected"),
    [
        ("Okonjo, now the mayor, who in May said it was “old”, left.", "said", "who"),
        ("Okonjo, now the mayor, who in May knew it was “old”, left.", "knew", None),  # no verb of saying
        ("Okonjo, who left in May, said it was “old”.", "said", None),
        ("Nobody could tell who it was. Others said it was “old”.", "said", None),
    ],
)
def test_who_says_it_from_afar(text: str, cue: str, expected: str | None) -> None:
    words = words_of(text)
    draft = Draft([range_of(words, "“old”")], [0], range_of(words, cue))
    _give_to_who(words, [draft])
    assert (draft.source and words.slice(*draft.source)) == expected


@pytest.mark.parametrize(
    ("source", "expected"), [("The Herald", "Okonjo"), (None, "Okonjo"), ("Okonjo's promise", "Okonjo's promise")]
)
def test_noun_that_tells_is_its_owners_word(source: str | None, expected: str) -> None:
    words = words_of("The Herald laughed at Okonjo's promise that it was “old”.")
    draft = Draft([range_of(words, "“old”")], [0], range_of(words, "promise"))
    draft.source = range_of(words, source) if source else None
    names = NamePlaces.of([("PER", *place) for place in ranges_of(words, "Okonjo")])
    _give_to_owners(words, [draft], names)
    assert draft.source is not None
    assert words.slice(*draft.source) == expected
