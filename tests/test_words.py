"""Words as the model sees them: offsets, canonical marks, shapes, depth."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from build import range_of, tokens_of, words_of
from quotes.quotations import find_quotations
from quotes.words import MAX_DEPTH, N_FEATURES, SHAPES, build_words, shape_of

STYLES = {
    "curly": "“We go ‘now’,” she said.",
    "straight": "\"We go 'now',\" she said.",
    "single": "‘We go “now”,’ she said.",
    "straight single": "'We go \"now\",' she said.",
    "guillemets": "«We go ‹now›,» she said.",
    "low-high": "„We go ‚now‘,“ she said.",
    "backticks": "``We go `now','' she said.",
    "brackets": "「We go 『now』,」 she said.",
}


@pytest.mark.parametrize("text", STYLES.values(), ids=STYLES)
def test_marks_of_every_style_have_one_form(text):
    assert words_of(text).forms == ["“", "We", "go", "‘", "now", "’", ",", "”", "she", "said", "."]


@pytest.mark.parametrize("text", STYLES.values(), ids=STYLES)
def test_words_slice_the_text_unchanged(text):
    words = words_of(text)
    assert "".join(words.slice(i, i) for i in range(len(words))) == text.replace(" ", "")
    assert words.slice(0, len(words) - 1) == text
    assert [text[words.span(i, i).start : words.span(i, i).end] for i in (1, 2)] == ["We", "go"]


@pytest.mark.parametrize("text", STYLES.values(), ids=STYLES)
def test_depth_counts_open_marks(text):
    assert words_of(text).depth.tolist() == [1, 1, 1, 2, 2, 2, 1, 1, 0, 0, 0]


def test_two_characters_of_one_mark_are_one_word():
    words = words_of("``We go,'' she said.")
    assert words.slice(0, 0) == "``"
    assert words.slice(4, 4) == "''"


def test_token_is_split_at_the_marks_within():
    text = "He said:“Yes”-and left."
    marks = find_quotations(text)[0]
    words = build_words(text, [(0, 2), (3, 17), (18, 23)], marks, [marks[0].span])
    assert [words.slice(i, i) for i in range(len(words))] == ["He", "said:", "“", "Yes", "”", "-and", "left."]


def test_mark_over_the_end_of_a_token_is_taken_whole():
    text = "``Yes,'' he said."
    words = build_words(text, [(0, 1), (1, 5), (5, 7), (7, 8), (9, 11), (12, 17)], *_marks_and_paragraphs(text))
    assert [words.slice(i, i) for i in range(len(words))] == ["``", "Yes", ",", "''", "he", "said."]


def _marks_and_paragraphs(text):
    from quotes.normalize import find_paragraphs

    return find_quotations(text)[0], find_paragraphs(text)


def test_apostrophes_and_inches_are_no_marks():
    assert words_of('the dogs’ 12" bowl, rock ’n’ roll').depth.max() == 0
    assert words_of("“the dogs’ bowl,” she said").forms[2:5] == ["dogs", "'", "bowl"]


@pytest.mark.parametrize(
    ("text", "form"),
    [("O’Shea", "O'Shea"), ("1914–18", "1914-18"), ("re\u00adturn", "return"), ("Muñoz", "Muñoz"), ("—", "-")],
)
def test_typography_is_one_form_for_the_model(text, form):
    words = build_words(text, [(0, len(text))], [], [])
    assert words.forms == [form]
    assert words.slice(0, 0) == text


@pytest.mark.parametrize(
    ("form", "shape"),
    [
        ("said", "lower"),
        ("Maria", "title"),
        ("A", "title"),
        ("UN", "upper"),
        ("U.N", "upper"),
        ("McKee", "title"),
        ("2024", "digit"),
        ("12th", "lower"),
        ("$", "punct"),
        ("...", "punct"),
        ("部长", "other"),
        ("", "punct"),
        ("(a)", "lower"),
        ("#Go", "other"),
    ],
)
def test_shape(form, shape):
    assert SHAPES[shape_of(form)] == shape


def test_marks_have_the_shape_of_punctuation():
    words = words_of("“Go,” he said.")
    assert [SHAPES[f % len(SHAPES)] for f in words.features] == [
        "punct",
        "title",
        "punct",
        "punct",
        "lower",
        "lower",
        "punct",
    ]


def test_features_hold_shape_and_depth():
    words = words_of("“One ‘two “three ‘four’ five” six’ seven,” he said.")
    assert words.depth.max() > MAX_DEPTH
    assert words.features.max() < N_FEATURES
    assert words.features[range_of(words, "four")[0]] // len(SHAPES) == MAX_DEPTH


def test_paragraphs_are_numbered_from_0():
    words = words_of("One two.\n\n“Three,” she said.\n\nFour.")
    assert [words.forms[i] for i in range(1, len(words)) if words.paragraphs[i] != words.paragraphs[i - 1]] == [
        "“",
        "Four",
    ]
    assert (words.paragraphs[0], words.paragraphs[-1]) == (0, 2)


def test_between_gives_the_words_that_a_span_touches():
    words = words_of("One two three four")
    text = words.text
    assert words.between(text.index("two"), text.index("four")) == (1, 3)
    assert words.between(text.index("wo"), text.index("wo") + 1) == (1, 2)
    assert words.between(0, len(text)) == (0, 4)
    first, end = words.between(3, 4)
    assert first == end


def test_text_without_words():
    words = words_of(" \n ")
    assert (len(words), words.forms, words.between(0, 3)) == (0, [], (0, 0))


PIECES = st.sampled_from(
    [
        "“",
        "”",
        "‘",
        "’",
        '"',
        "'",
        "''",
        "``",
        "«",
        "»",
        " ",
        "\n\n",
        "a",
        "Ann",
        "said",
        ",",
        ".",
        "5'",
        "ß\u0301",
        "\ud800",
    ]
)


@given(st.lists(PIECES, max_size=40).map("".join), st.randoms(use_true_random=False))
def test_words_are_in_order_and_hold_every_token(text, rng):
    tokens = tokens_of(text)
    # coarser tokens too: a tokeniser may glue marks to words
    glued = [(a, b) for a, b in tokens if rng.random() < 0.7]
    for given_tokens in (tokens, glued):
        words = build_words(text, given_tokens, *_marks_and_paragraphs(text))
        starts, ends = words.starts.tolist(), words.ends.tolist()
        assert all(a < b for a, b in zip(starts, ends, strict=True))
        assert all(b <= a for b, a in zip(ends, starts[1:], strict=False))
        held = {i for a, b in zip(starts, ends, strict=True) for i in range(a, b)}
        assert held >= {i for a, b in given_tokens for i in range(a, b)}
        assert (words.depth >= 0).all()
