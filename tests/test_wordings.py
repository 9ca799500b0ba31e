"""Quotations that say nearly the same share a key."""

from hypothesis import given
from hypothesis import strategies as st

from quotes.records import Article, ArticleResult, Attribution, CharSpan
from quotes.wordings import Wordings

TOLD = "“We told the council in March that the ferry would sink before the summer was out,”"


def result_of(ident, *texts):
    quotes = tuple(
        Attribution(f"q{k}", "direct", (CharSpan(0, len(t)),), (CharSpan(0, len(t)),), t, None, None, None, 1)
        for k, t in enumerate(texts, 1)
    )
    return ArticleResult(Article(ident, " ".join(texts)), quotes)


def keys_of(wordings, ident, *texts):
    return [q.key for q in wordings.mark(result_of(ident, *texts)).quotes]


def test_same_words_share_the_first_ones_key():
    wordings = Wordings()
    assert keys_of(wordings, "a", TOLD, "“Nobody ever wrote back to any of us.”") == ["a#q1", "a#q2"]
    assert keys_of(wordings, "b", "“Nobody ever wrote back to any of us.”", TOLD) == ["a#q2", "a#q1"]
    assert wordings.found == 2


def test_other_marks_case_and_a_word_more_are_nearly_the_same():
    wordings = Wordings()
    keys_of(wordings, "a", TOLD)
    assert keys_of(wordings, "b", TOLD.upper().strip("“”")) == ["a#q1"]
    assert keys_of(wordings, "c", TOLD.replace("the council", "the town council")) == ["a#q1"]


def test_part_of_a_longer_one_is_that():
    wordings = Wordings()
    keys_of(wordings, "a", TOLD + " she said. “Nobody wrote back, and in June it did, with two men below.”")
    assert keys_of(wordings, "b", TOLD) == ["a#q1"]


def test_other_words_have_keys_of_their_own():
    wordings = Wordings()
    keys_of(wordings, "a", TOLD)
    other = "“We told the council in March that nobody had paid for the new roof of the school,”"
    assert keys_of(wordings, "b", other) == ["b#q1"]


def test_short_ones_have_none():
    wordings = Wordings()
    assert keys_of(wordings, "a", "“No comment, thank you”", "“”") == [None, None]
    assert keys_of(wordings, "b", "“No comment, thank you”") == [None]


def test_run_that_goes_on_gives_the_same_keys():
    texts = [TOLD, "“Nobody ever wrote back to any of us.”", TOLD.upper(), "“No.”"]
    whole = Wordings()
    expected = [keys_of(whole, ident, *texts) for ident in "abc"]
    stopped = Wordings()
    first = stopped.mark(result_of("a", *texts))
    resumed = Wordings()
    resumed.learn((q.key, q.text) for q in first.quotes)
    assert [[q.key for q in first.quotes], *(keys_of(resumed, ident, *texts) for ident in "bc")] == expected


@given(st.lists(st.text(max_size=60), max_size=6))
def test_any_text_has_a_key_of_an_earlier_one_or_its_own(texts):
    wordings = Wordings()
    first = keys_of(wordings, "a", *texts)
    assert all(key is None or int(key.removeprefix("a#q")) <= k for k, key in enumerate(first, 1))
    assert keys_of(wordings, "b", *texts) == first


def test_run_that_many_have_is_passed_over():
    wordings = Wordings()
    for k in range(400):
        own = " ".join(f"{k * 7919 + j * 104729:x}" for j in range(12))
        said = f"“At the end of the day {own}”"
        assert keys_of(wordings, f"a{k}", said) == [f"a{k}#q1"]
    assert max(map(len, wordings._having.values())) <= 50
    assert keys_of(wordings, "b", TOLD) == ["b#q1"] and keys_of(wordings, "c", TOLD) == ["b#q1"]
