"""Texts that are built to do harm, or that no reporter wrote: read in bounded time, or refused by name."""

import pytest

from quotes import pipeline
from quotes.errors import ArticleError
from quotes.pipeline import _stretches
from quotes.records import Article


@pytest.fixture(scope="module")
def analyzer():
    return pipeline.load()


# Each took minutes where the work grew with the square of its length.
HOSTILE = {
    "opening marks": "“" * 20_000,
    "straight marks": '"a" ' * 5_000,
    "apostrophes": "'" * 20_000,
    "brackets": "[" * 20_000,
    "no blanks": "“a”said" * 3_000,
    "no sentences": "“No,” said Lim.\0" * 2_000,
    "no paragraphs": "“No,” said Maria Okonjo. " * 2_000,
    "one word": "a" * 200_000,
    "half surrogates": "“No,\ud83d” said Lim. " * 200,
    "every character": "".join(map(chr, range(0x20, 0x3000))),
}


@pytest.mark.model
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_is_read(name, analyzer):
    text = HOSTILE[name]
    result = analyzer(Article(name, text))
    assert all(0 <= s.start < s.end <= len(text) for q in result.quotes for s in q.spans)


@pytest.mark.model
def test_too_many_words_are_refused(analyzer, monkeypatch):
    monkeypatch.setattr(pipeline, "LONGEST", 1000)
    with pytest.raises(ArticleError, match="1,200 words are more than 1,000"):
        analyzer(Article("a", "no " * 1200))


@pytest.mark.model
def test_words_are_not_remembered_for_ever(analyzer, monkeypatch):
    monkeypatch.setattr(pipeline, "_REMEMBERED", 1300)
    articles = [Article(str(i), f"“W{i}a W{i}b W{i}c,” said Maria Okonjo of W{i}d. " * 3) for i in range(40)]
    before, sizes = [r.to_dict() for r in pipeline.load().pipe(articles)], []
    for result, expected in zip(analyzer.pipe(articles), before, strict=True):
        sizes.append(len(analyzer._nlp.vocab.strings))
        assert result.to_dict() == expected
    assert max(sizes) < 1300 + 8 * 10


@pytest.mark.parametrize(
    "text", ["", "a", "two words", "x" * 499, "x" * 500, "a " + "x" * 1234 + " b " + "y" * 600, " " * 600, "x" * 700]
)
def test_stretches_are_the_text(text):
    found = list(_stretches(text))
    assert "".join(text[a:b] for a, b in found) == text
    if max(map(len, text.split()), default=0) < 500:
        assert len(found) == bool(text)
    else:
        assert max(len(text[a:b].split(" ")[-1]) for a, b in found) <= 100
