"""What the judge of marks sees, and which marks it is asked about."""

import numpy as np
import pytest

from build import range_of, words_of
from quotes.encoder import Encoded
from quotes.normalize import find_paragraphs
from quotes.quotations import find_quotations
from quotes.speech import N_SPEECH_FEATURES, end_vectors, judge, speech_features, two_layers
from quotes.tagging import ROLE_TAGS

HIDDEN = 2
# Places of the features that the tests name.
(
    SIZE, ONE, TWO, THREE, SOME, MANY, CAPITAL, SHARE, TITLE, STOP, COMMA, EXCLAIMED, COLON_BEFORE, NONE_BEFORE, NAMED,
    NONE_AFTER, STOP_AFTER, WORD_AFTER, CONTENT, CONTENT_MOST, CONTENT_BEFORE, CONTENT_AFTER, CUE_NEAR, SOURCE_NEAR, CUE_IN,
    FIRST_PARAGRAPH, LENGTH,
) = range(N_SPEECH_FEATURES)  # fmt: skip


def roles_of(words, **sure):
    """Scores of a tagger that is sure of no role, but for the words given: cue="said"."""
    scores = np.zeros((len(words), len(ROLE_TAGS)), dtype=np.float32)
    scores[:, 0] = 20
    for role, phrase in sure.items():
        first, last = range_of(words, phrase)
        scores[first : last + 1, ROLE_TAGS.index(f"B-{role}")] = 40
    return scores


def features_of(text, *spans, **sure):
    words = words_of(text)
    return speech_features(words, [range_of(words, s) for s in spans], roles_of(words, **sure))


def test_one_row_a_span():
    found = features_of("“We go,” he said, in “The Rest” hall.", "“We go,”", "“The Rest”")
    assert (found.shape, found.dtype) == ((2, N_SPEECH_FEATURES), np.float32)
    assert np.isfinite(found).all()


def test_no_spans_give_no_rows():
    words = words_of("Nothing.")
    assert speech_features(words, [], roles_of(words)).shape == (0, N_SPEECH_FEATURES)


# text, span, the features that it has, and some that it has not
SHAPES = [
    ("He said “no” twice.", "“no”", {ONE, WORD_AFTER}, {TWO, CAPITAL, STOP, NONE_BEFORE, NONE_AFTER}),
    ("He saw “Last Rites” twice.", "“Last Rites”", {TWO, CAPITAL, TITLE}, {ONE, THREE}),
    ("He saw “The Last of the Crows” twice.", "“The Last of the Crows”", {SOME, TITLE}, {MANY}),
    ("He saw “the last day” twice.", "“the last day”", {THREE}, {TITLE, CAPITAL}),
    ("He saw “Rites” twice.", "“Rites”", {ONE, CAPITAL}, {TITLE}),
    ("He said, “We go.”", "“We go.”", {COLON_BEFORE, STOP, NONE_AFTER}, {COMMA, EXCLAIMED, STOP_AFTER, NAMED}),
    ("He said: “Go!”", "“Go!”", {COLON_BEFORE, STOP, EXCLAIMED}, {COMMA}),
    ("“We go,” he said.", "“We go,”", {NONE_BEFORE, STOP, COMMA, WORD_AFTER}, {EXCLAIMED, COLON_BEFORE, NONE_AFTER}),
    ("A film called “Rites”, from Velsen.", "“Rites”", {NAMED, STOP_AFTER}, {STOP, WORD_AFTER, NONE_AFTER}),
    ("A so-called “Rites” day.", "“Rites”", {NAMED}, {NONE_BEFORE}),
    ("He left.\n\n“We go”\n\nShe left.", "“We go”", {NONE_BEFORE, NONE_AFTER}, {STOP, STOP_AFTER, FIRST_PARAGRAPH}),
    ("“We go.”\n\nShe left.", "“We go.”", {FIRST_PARAGRAPH, NONE_AFTER}, {MANY}),
    ("“We go and go and go and go and go and go on.”", "“We go and go and go and go and go and go on.”", {MANY}, {SOME}),
]


@pytest.mark.parametrize(("text", "span", "has", "lacks"), SHAPES)
def test_shape_and_surroundings(text, span, has, lacks):
    row = features_of(text, span)[0]
    assert {k for k in has | lacks if row[k]} == has
    assert {row[k] for k in has} == {1}


def test_sizes_and_shares():
    found = features_of("“We go,” he said of the “Last old Rites of” hall.", "“We go,”", "“Last old Rites of”")
    assert found[:, SIZE] == pytest.approx([np.log(3) / 3, np.log(4) / 3])
    assert found[:, SHARE] == pytest.approx([1 / 2, 2 / 3])
    assert found[:, LENGTH] == pytest.approx([4 / 6, 5 / 6])


def test_tags_within_and_beside():
    text = "“We go,” she said of “it.”"
    ours, theirs = features_of(text, "“We go,”", "“it.”", content="go,", cue="said", source="she")
    assert ours[CONTENT] == pytest.approx(2 / 3)
    assert (ours[CONTENT_MOST], theirs[CONTENT_MOST]) == pytest.approx((1, 0), abs=1e-6)
    assert (ours[CUE_NEAR], theirs[CUE_NEAR], ours[SOURCE_NEAR], theirs[SOURCE_NEAR]) == pytest.approx((1, 1, 1, 1))
    assert ours[CUE_IN] == pytest.approx(0, abs=1e-6)


def test_content_right_beside_the_marks():
    row = features_of("The hall is “old” and grey.", "“old”", content="is")[0]
    assert (row[CONTENT_BEFORE], row[CONTENT_AFTER]) == pytest.approx((1, 0), abs=1e-6)
    row = features_of("The hall is “old” and grey.", "“old”", content="and")[0]
    assert (row[CONTENT_BEFORE], row[CONTENT_AFTER]) == pytest.approx((0, 1), abs=1e-6)


@pytest.mark.parametrize("text", ["“We go.”\n\nShe said so.", "“We go” and one two three four five six said so."])
def test_cue_of_another_paragraph_or_far_away_is_not_beside(text):
    assert features_of(text, text[: text.index("”") + 1], cue="said")[0, CUE_NEAR] == pytest.approx(0, abs=1e-6)


def test_cue_within_the_marks():
    assert features_of("“We said no.”", "“We said no.”", cue="said")[0, CUE_IN] == pytest.approx(1)


def test_mark_left_open_has_all_its_words():
    words = words_of("“We go")
    assert speech_features(words, [(0, 2)], roles_of(words))[0, TWO] == 1


# --- the judge


def heads_of(weights):
    """A head that adds up features, weighted, less 1: {place: weight}."""
    n = 2 * HIDDEN + N_SPEECH_FEATURES
    first = np.zeros((1, n), dtype=np.float32)
    for place, weight in weights.items():
        first[0, 2 * HIDDEN + place] = weight
    return {
        "speech.0.weight": first,
        "speech.0.bias": np.zeros(1, dtype=np.float32),
        "speech.2.weight": np.ones((1, 1), dtype=np.float32),
        "speech.2.bias": np.full(1, -1, dtype=np.float32),
    }


def judged(text, heads):
    words = words_of(text)
    marks = find_quotations(text, find_paragraphs(text))[0]
    encoded = Encoded(roles_of(words), np.zeros((len(words), 1)), np.zeros((len(words), HIDDEN), dtype=np.float32))
    return [(words.slice(m.first, m.last), m.speech) for m in judge(words, marks, encoded, heads)]


@pytest.mark.parametrize("nothing", ["“...”", "“?!”", "“ — ”"])
def test_marks_around_nothing_are_no_speech(nothing):
    assert [text for text, _ in judged(f"He said {nothing} and “no” twice.", heads_of({}))] == ["“no”"]


def test_marks_within_marks_are_not_judged():
    assert [text for text, _ in judged("“He said ‘no’ twice,” she said.", heads_of({}))] == ["“He said ‘no’ twice,”"]


def test_no_marks():
    assert judged("No one spoke.", {}) == []


def test_probability_is_the_head_s():
    head = heads_of({ONE: 3})
    one, two = judged("He said “no” and “not now” twice.", head)
    assert one == ("“no”", pytest.approx(1 / (1 + np.exp(-2))))
    assert two == ("“not now”", pytest.approx(1 / (1 + np.exp(1))))


def test_two_layers():
    weights = {
        "x.0.weight": np.array([[1, 0], [0, 1]]), "x.0.bias": np.array([0, -1]),
        "x.2.weight": np.array([[1, 2]]), "x.2.bias": np.array([5]),
    }  # fmt: skip
    assert two_layers(weights, "x", np.array([[3, 4], [-3, 0], [1, 1]])).tolist() == [[14], [5], [6]]


def test_end_vectors_stand_side_by_side():
    vectors = np.array([[1, 2], [3, 4], [5, 6]])
    assert end_vectors(vectors, [(0, 2), (1, 1)]).tolist() == [[1, 2, 5, 6], [3, 4, 3, 4]]
    assert end_vectors(vectors, []).shape == (0, 4)
