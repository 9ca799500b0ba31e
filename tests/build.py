"""Words and ranges of a text without spaCy: a helper for tests, not a test module."""

import re

from quotes.normalize import find_paragraphs
from quotes.quotations import find_quotations
from quotes.words import Words, build_words

# About what spaCy gives: words, 's and n't by themselves, every other character by itself; `` and '' are two tokens.
_TOKEN = re.compile(r"['’]s\b|\w+(?=n['’]t\b)|n['’]t\b|\w+(?:[-.&/]\w+)*(?:(?<=\b[A-Z])\.)?|[^\w\s]")


def tokens_of(text: str) -> list[tuple[int, int]]:
    """Offsets of tokens, white space left out."""
    return [m.span() for m in _TOKEN.finditer(text)]


def words_of(text: str) -> Words:
    """The words of a text, its marks found by the scanner."""
    paragraphs = find_paragraphs(text)
    return build_words(text, tokens_of(text), find_quotations(text, paragraphs)[0], paragraphs)


def ranges_of(words: Words, phrase: str) -> list[tuple[int, int]]:
    """First and last word of every place where a phrase stands, not as part of a word."""
    found = []
    for match in re.finditer(re.escape(phrase), words.text):
        first, end = words.between(*match.span())
        if words.slice(first, end - 1) == phrase:
            found.append((first, end - 1))
    return found


def range_of(words: Words, phrase: str, nth: int = 1) -> tuple[int, int]:
    """First and last word of the nth place where a phrase stands."""
    return ranges_of(words, phrase)[nth - 1]
