"""Words in marks that somebody reports within other words, and speech that was denied or merely supposed."""

import pytest

from build import range_of, ranges_of, words_of
from quotes.reported import NamePlaces, find_report, is_denied, is_told


def report_of(text, span, names=(), bounds=None):
    """Cue and source as text; without bounds all words count."""
    words = words_of(text)
    found = find_report(
        words,
        range_of(words, span),
        range_of(words, bounds) if bounds else (0, len(words) - 1),
        NamePlaces.of([("PER", *place) for name in names for place in ranges_of(words, name)]),
    )
    return found and (words.slice(*found.cue), found.source and words.slice(*found.source))


# text, the words in marks, names, cue and source
BEHIND = [
    ("“‘Go home,’ I said, and left.”", "‘Go home,’", [], ("said", "I")),
    ("“‘Go home,’ she said, and left.”", "‘Go home,’", [], ("said", "she")),
    ("“‘Go home,’ she later told me.”", "‘Go home,’", [], ("told", "she")),
    ("“‘Go home,’ they had always said.”", "‘Go home,’", [], ("said", "they")),
    ("“‘Go home,’ Okonjo said.”", "‘Go home,’", ["Okonjo"], ("said", "Okonjo")),
    ("“‘Go home,’ Amos Oduya said.”", "‘Go home,’", ["Amos Oduya"], ("said", "Amos Oduya")),
    ("“‘Go home,’ the old doctor said.”", "‘Go home,’", [], ("said", "the old doctor")),
    ("“‘Go,’ the small old grey stone ferry boat said.”", "‘Go,’", [], ("said", "the small old grey stone ferry boat")),
    ("“‘Go home,’ my mother warned us.”", "‘Go home,’", [], ("warned", "my mother")),
    # inverted
    ("“‘Go home,’ said I to her.”", "‘Go home,’", [], ("said", "I")),
    ("“‘Go home,’ said Okonjo.”", "‘Go home,’", ["Okonjo"], ("said", "Okonjo")),
    ("“‘Go home,’ whispered the doctor in the hall.”", "‘Go home,’", [], ("whispered", "the doctor")),
    ("“‘Who pays?’ asked Lim Mei.”", "‘Who pays?’", ["Lim Mei"], ("asked", "Lim Mei")),
    ("“‘Go home,’ said Okonjo, the founder.”", "‘Go home,’", ["Okonjo"], ("said", "Okonjo")),
    # without marks around it all
    ("Lim said the sign was “old,” she told us.", "“old,”", ["Lim"], ("told", "she")),
]
BEFORE = [
    ("“He told me, ‘Go home.’”", "‘Go home.’", [], ("told", "He")),
    ("“I said: ‘Go home.’”", "‘Go home.’", [], ("said", "I")),
    ("“We said ‘no’ to it.”", "‘no’", [], ("said", "We")),
    ("“He sat down, gave me a grin and said: ‘Go home.’”", "‘Go home.’", [], ("said", "He")),
    ("“My father used to say, ‘Go home.’”", "‘Go home.’", [], ("say", "My father")),
    ("“It quoted the president as saying, ‘Go home.’”", "‘Go home.’", [], ("saying", "the president")),
    ("“They have often said that ‘no one’ came.”", "‘no one’", [], ("said", "They")),
    ("“It said, ‘Go home.’”", "‘Go home.’", [], ("said", "It")),
    ("“Then Okonjo said, ‘Go home.’”", "‘Go home.’", ["Okonjo"], ("said", "Okonjo")),
    ("“Then Okonjo told the whole class, ‘Go home.’”", "‘Go home.’", ["Okonjo"], ("told", "Okonjo")),
    ("“Then Okonjo told Lim, ‘Go home.’”", "‘Go home.’", ["Okonjo", "Lim"], ("told", "Okonjo")),
    ("“My late grandmother's doctor said, ‘Go home.’”", "‘Go home.’", [], ("said", "My late grandmother's doctor")),
    ("“A man from Velsen shouted ‘Go home.’”", "‘Go home.’", [], ("shouted", "A man from Velsen")),
    ("Lim said he had told her the cracks were “wide.”", "“wide.”", ["Lim"], ("told", "he")),
    ("Lim said her brother’s wife wrote that it was “wide.”", "“wide.”", ["Lim"], ("wrote", "her brother’s wife")),
    ("“The small old grey stone ferry boat said ‘no.’”", "‘no.’", [], ("said", "The small old grey stone ferry boat")),
    ("“She said one two three four five six seven eight nine ten eleven twelve ‘old’ things.”", "‘old’", [], ("said", "She")),
    # the name behind its role, between commas
    ("“The founder, Rex Allard, had warned, ‘Go home.’”", "‘Go home.’", ["Rex Allard"], ("warned", "Rex Allard")),
    # a participle needs no subject
    ("“She left, saying, ‘Go home.’”", "‘Go home.’", [], ("saying", None)),
    ("“She wrote to me saying ‘Go home.’”", "‘Go home.’", [], ("saying", None)),
    # the nearest verb, and what is behind goes before what is before
    ("“He said that she said, ‘Go home.’”", "‘Go home.’", [], ("said", "she")),
    ("“He asked, and ‘Go home,’ she said.”", "‘Go home,’", [], ("said", "she")),
]
NONE = [
    # no verb of saying
    ("“It has ‘Go home’ on it.”", "‘Go home’", []),
    ("“Okonjo likes ‘Go home’ best.”", "‘Go home’", ["Okonjo"]),
    ("“‘Go home’ she likes best.”", "‘Go home’", []),
    ("“‘Go home,’ Okonjo sang on, likes it.”", "‘Go home,’", []),
    ("“Velsen had this fine saying - ‘Go home.’”", "‘Go home.’", []),
    ("“It rated rival claims as ‘wrong’ there.”", "‘wrong’", []),
    # no subject
    ("“Half of her work is to say: ‘Go home.’”", "‘Go home.’", []),
    ("“Noise at the gate surprised the guards and said: ‘Go home.’”", "‘Go home.’", []),
    ("“Said, ‘Go home.’”", "‘Go home.’", []),
    ("“‘Go home,’ said in the hall.”", "‘Go home,’", []),
    ("“Velsen said, ‘Go home.’”", "‘Go home.’", []),
    ("“The small old grey stone house by Velsen said, ‘Go home.’”", "‘Go home.’", []),
    # a sentence of its own
    ("“She said so. ‘Go home’ is old.”", "‘Go home’", []),
    ("“She said so; ‘Go home’ is old.”", "‘Go home’", []),
    ("“I read ‘Go home.’ She said so.”", "‘Go home.’", []),
    # the verb tells no words
    ("“She had asked for more of it and ‘got a lecture’.”", "‘got a lecture’", []),
    ("“She would respond to all of them ‘in due course’.”", "‘in due course’", []),
    # too far
    ("“She said, on a day like that, long ago, ‘Go home.’”", "‘Go home.’", []),
    ("“She said one two three four five six seven eight nine ten eleven twelve more ‘old’ things.”", "‘old’", []),
]


@pytest.mark.parametrize(("text", "span", "names", "expected"), BEHIND)
def test_report_behind_the_words(text, span, names, expected):
    assert report_of(text, span, names) == expected


@pytest.mark.parametrize(("text", "span", "names", "expected"), BEFORE)
def test_report_before_the_words(text, span, names, expected):
    assert report_of(text, span, names) == expected


@pytest.mark.parametrize(("text", "span", "names"), NONE)
def test_nothing_reports_the_words(text, span, names):
    assert report_of(text, span, names) is None


@pytest.mark.parametrize(
    ("text", "span", "bounds", "expected"),
    [
        ("“She said, ‘Go home.’”", "‘Go home.’", "‘Go home.’", None),
        ("“She said, ‘Go home.’”", "‘Go home.’", "said, ‘Go home.’", None),
        ("“She said, ‘Go home.’”", "‘Go home.’", "She said, ‘Go home.’", ("said", "She")),
        ("“She left, saying, ‘Go home.’”", "‘Go home.’", "‘Go home.’", None),
        ("“‘Go home,’ she said.”", "‘Go home,’", "‘Go home,’ she", None),
        ("“‘Go home,’ she said.”", "‘Go home,’", "‘Go home,’ she said", ("said", "she")),
        ("“‘Go home,’ said the old doctor.”", "‘Go home,’", "‘Go home,’ said", None),
        ("“‘Go home,’ said the old doctor.”", "‘Go home,’", "‘Go home,’ said the old", ("said", "the old")),
        ("The mayor told her the road was “wide.”", "“wide.”", "her the road was “wide.”", None),
    ],
)
def test_only_words_within_the_bounds_count(text, span, bounds, expected):
    assert report_of(text, span, bounds=bounds) == expected


def test_name_that_goes_on_behind_the_bounds_is_cut():
    found = report_of("“‘Go home,’ said Rex Allard.”", "‘Go home,’", ["Rex Allard"], "‘Go home,’ said Rex")
    assert found == ("said", "Rex")


def test_name_that_begins_before_the_bounds_is_no_subject():
    text = "“Rex Allard said, ‘Go home.’”"
    assert report_of(text, "‘Go home.’", ["Rex Allard"], "Allard said, ‘Go home.’") is None


def test_comma_behind_the_marks():
    assert report_of("“‘Go home’, she said, and left.”", "‘Go home’") == ("said", "she")


@pytest.mark.parametrize(("mark", "verb"), [("?", "asked"), ("!", "shouted")])
def test_question_or_exclamation_before_its_subject(mark, verb):
    assert report_of(f"“‘You go{mark}’ she {verb}.”", f"‘You go{mark}’") == (verb, "she")


@pytest.mark.parametrize(
    ("text", "span"),
    [("“Okonjo, the founder, said, ‘Go home.’”", "‘Go home.’"), ("“‘Go home,’ Okonjo, the founder, said.”", "‘Go home,’")],
)
def test_apposition_between_name_and_verb(text, span):
    assert report_of(text, span, ["Okonjo"]) == ("said", "Okonjo")


def test_subject_without_its_relative_pronoun():
    assert report_of("“I met the man who said ‘Go home.’”", "‘Go home.’") == ("said", "the man")


@pytest.mark.parametrize("text", ["“She knew that the promises were ‘old.’”", "“The mayor knew his claims were ‘old.’”"])
def test_noun_in_the_form_of_a_verb_reports_nothing(text):
    assert report_of(text, "‘old.’") is None


# text, cue, source
DENIED = [
    ("She did not say it was safe.", "say", "She"),
    ("She did not say it was safe.", "did not say", "She"),
    ("She didn’t say it was safe.", "say", "She"),
    ("She never said it was safe.", "said", "She"),
    ("She has never once said it was safe.", "said", "She"),
    ("Okonjo might have said it was safe.", "said", "Okonjo"),
    ("Okonjo may say it is safe.", "say", "Okonjo"),
    ("Okonjo could have said it was safe.", "said", "Okonjo"),
    ("Okonjo should have said it was safe.", "said", "Okonjo"),
    ("Okonjo would have said it was safe.", "said", "Okonjo"),
    ("The board refused to call it “safe.”", "call", "The board"),
    ("The board declined to say it was safe.", "say", "The board"),
    ("The board stopped short of calling it safe.", "calling", "The board"),
    ("The board denied saying it was safe.", "saying", "The board"),
    ("The board has denied that it told them to go.", "told", "The board"),
    ("The board failed to tell us it was safe.", "tell", "The board"),
    ("The board avoided using the word “safe.”", "using", "The board"),
    ("The board hesitated to call it “safe.”", "call", "The board"),
    ("She left without saying it was safe.", "saying", "She"),
    ("She left instead of saying it was safe.", "saying", "She"),
    ("She is expected to say it is safe.", "say", "She"),
    ("She wished he had said it was safe.", "said", None),
    ("They did not at any time say it was safe.", "say", "They"),
    ("No one said it was safe.", "said", "No one"),
    ("Nobody said it was safe.", "said", "Nobody"),
    ("None of the divers said it was safe.", "said", "None of the divers"),
    ("No diver told them it was safe.", "told", "No diver"),
    ("Neither Okonjo nor Lim said it was safe.", "said", "Neither Okonjo nor Lim"),
    ("Neither Okonjo nor Lim said it was safe.", "said", "Okonjo"),
    ("They asked whether he had said it was safe.", "said", "he"),
    ("They asked if Lim had said it was safe.", "said", "Lim"),
    ("Unless she says it is safe, we stay.", "says", "she"),
    ("It was never said that it was safe.", "said", None),
    ("“Not safe,” no more and not said by Lim.", "said", "Lim"),
]
SAID = [
    ("She said it was not safe.", "said", "She"),
    ("She said he had never called it safe.", "said", "She"),
    ("She not only said it was safe.", "said", "She"),
    ("She did not just say it was safe.", "say", "She"),
    ("She did not merely say it was safe.", "say", "She"),
    ("She denied the charge, saying it was safe.", "saying", "She"),
    ("She denied it was safe.", "denied", "She"),
    ("She did not deny it was safe.", "deny", "She"),
    ("She did not dispute it was safe.", "dispute", "She"),
    ("She refused the offer; he said it was safe.", "said", None),
    ("She did not come. Okonjo said it was safe.", "said", "Okonjo"),
    ("Okonjo, who did not come, said it was safe.", "said", "Okonjo"),
    ("She would say it was safe.", "say", "She"),
    ("She had said it was safe.", "said", "She"),
    ("The refusal was right, said Okonjo.", "said", "Okonjo"),
    ("It might rain, Okonjo said.", "said", "Okonjo"),
    ("The Noble Bank said it was safe.", "said", "The Noble Bank"),
    ("The nonprofit said it was safe.", "said", "The nonprofit"),
    ("She refused and said it was safe.", "refused", "She"),
    ("He did not know what she then in the hall said.", "said", "she"),
    ("Not one, two, three of them, she told us.", "told", "she"),
    ("It is not known why, as he said.", "said", "he"),
    ("He never came\n\nSaid Okonjo now.", "Said", "Okonjo"),
    ("It may not hold for five or six more days said Okonjo.", "said", "Okonjo"),
    ("She announced it was safe.", "announced", "She"),
    ("Okonjo was reluctant to leave.", "was", "Okonjo"),
    ("If it rains she said it was safe.", "said", "she"),
    ("As she says, it is safe.", "says", "she"),
]


@pytest.mark.parametrize(("text", "cue", "source"), DENIED)
def test_denied_or_supposed(text, cue, source):
    words = words_of(text)
    assert is_denied(words, range_of(words, cue), source and range_of(words, source)) is True


@pytest.mark.parametrize(("text", "cue", "source"), SAID)
def test_said(text, cue, source):
    words = words_of(text)
    assert is_denied(words, range_of(words, cue), source and range_of(words, source)) is False


def test_without_a_cue_nothing_is_denied():
    assert is_denied(words_of("She never said so."), None, (0, 0)) is False


def test_words_of_quotations_deny_nothing():
    words = words_of("It will not hold said Okonjo.")
    cue, source = range_of(words, "said"), range_of(words, "Okonjo")
    assert is_denied(words, cue, source) is True
    assert is_denied(words, cue, source, range(*range_of(words, "It will not hold said"))) is False


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("She did not name him but said it was safe.", "She"),
        ("He left without notes and said it was safe.", "He"),
        ("A clerk who was not allowed to speak publicly said it was safe.", "A clerk"),
        ("A clerk who could not be named said it was safe.", "A clerk"),
    ],
)
def test_negation_of_another_verb_denies_nothing(text, source):
    words = words_of(text)
    assert is_denied(words, range_of(words, "said"), range_of(words, source)) is False


def test_month_of_may_supposes_nothing():
    words = words_of("Okonjo in May said it was safe.")
    assert is_denied(words, range_of(words, "said"), range_of(words, "Okonjo")) is False


@pytest.mark.parametrize(
    ("text", "cue"), [("She did not hesitate to say it was safe.", "say"), ("She never stopped saying it was safe.", "saying")]
)
def test_negated_hesitation_denies_nothing(text, cue):
    words = words_of(text)
    assert is_denied(words, range_of(words, cue), range_of(words, "She")) is False


def test_number_ten_is_somebody():
    words = words_of("No 10 said it was “safe”.")
    assert not is_denied(words, (2, 2), (0, 1))


@pytest.mark.parametrize(
    ("text", "mention", "expected"),
    [
        ("Driver ‘was asleep at the wheel’, jury told\n\nA coach left the road.", "jury", True),
        ("Inquest told of cracks ‘wide enough for a hand’", "Inquest", True),
        ("Ministers told that ferries ‘will sink’", "Ministers", True),
        ("MPs were told the ships ‘will sink’.", "MPs", True),
        ("The tribunal was told of ‘a bonfire of files’.", "The tribunal", True),
        ("The clerk told the tribunal of ‘a bonfire of files’.", "The clerk", False),
        ("Okonjo told ministers that ferries ‘will sink’.", "Okonjo", False),
        ("The jury laughed. Told of it, he said ‘no’.", "The jury", False),
        ("It was a matter for the jury", "the jury", False),
    ],
)
def test_who_only_hears_it_says_nothing(text, mention, expected):
    words = words_of(text)
    assert is_told(words, range_of(words, mention)) is expected
