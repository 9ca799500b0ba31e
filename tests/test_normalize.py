"""Paragraphs: blank lines, one paragraph a line, wrapped lines, and every kind of line end."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotes.normalize import find_paragraphs
from quotes.records import CharSpan

LINE_ENDS = ["\n", "\r\n", "\r", "\v", "\f", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029"]

WRAPPED = (
    "The ferry to Skarholm was cancelled again on Monday,\n"
    "leaving some two hundred passengers on the quay with\n"
    "their bicycles. The operator blamed the wind. Nobody\n"
    "on the quay had noticed any.\n"
)


def paragraphs(text: str) -> list[str]:
    return [text[span.start : span.end] for span in find_paragraphs(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" \n\t\n\u00a0\n", []),
        ("\ufeff\n\u200b \n", []),
        ("One line.", ["One line."]),
        ("  One line.  ", ["One line."]),
        ("\ufeffOne line.", ["One line."]),
        ("One.\n\nTwo.", ["One.", "Two."]),
        ("One.\n \t \nTwo.\n", ["One.", "Two."]),
        ("One.\n\u200b\nTwo.", ["One.", "Two."]),
        ("\n\n\nOne.\n\n\n\nTwo.\n\n", ["One.", "Two."]),
        ("One.\nTwo.\nThree.", ["One.", "Two.", "Three."]),
        ("Headline\nBy Ann Orr\nOne sentence.\nTwo.", ["Headline", "By Ann Orr", "One sentence.", "Two."]),
        ("A headline\n\nOne sentence.\nTwo sentences.", ["A headline", "One sentence.", "Two sentences."]),
        ("  Indented.\n  Again.", ["Indented.", "Again."]),
        ("He left\nthe house.\n\nShe stayed.", ["He left\nthe house.", "She stayed."]),
        ("“We\nwent on,” he said.", ["“We\nwent on,” he said."]),
        (WRAPPED + "\n" + WRAPPED, [WRAPPED.strip(), WRAPPED.strip()]),
        (WRAPPED + "    " + WRAPPED, [WRAPPED.strip(), WRAPPED.strip()]),
        (WRAPPED + WRAPPED, [WRAPPED.strip(), WRAPPED.strip()]),
        ("- Apples\n- Pears\n- Plums", ["- Apples", "- Pears", "- Plums"]),
        ("They were\n“not amused”.", ["They were\n“not amused”."]),
        ("一行目。\n二行目。", ["一行目。", "二行目。"]),
        ("Soft\u00adhyphen stays.\n\nE\u0301tude.", ["Soft\u00adhyphen stays.", "E\u0301tude."]),
    ],
)
def test_paragraphs(text: str, expected: list[str]) -> None:
    assert paragraphs(text) == expected


@pytest.mark.parametrize("end", LINE_ENDS)
def test_every_line_end_parts_paragraphs(end: str) -> None:
    assert paragraphs(f"One.{end}{end}Two.{end}") == ["One.", "Two."]
    assert paragraphs(f"One.{end}Two.") == ["One.", "Two."]


@pytest.mark.parametrize("end", [e for e in LINE_ENDS if e != "\u2029"])
def test_every_line_end_may_wrap(end: str) -> None:
    assert paragraphs(f"He left{end}the house.") == [f"He left{end}the house."]


def test_paragraph_separator_always_parts() -> None:
    assert paragraphs("He left\nthe\nhouse\u2029at noon.") == ["He left\nthe\nhouse", "at noon."]


def test_crlf_is_one_line_end() -> None:
    assert paragraphs("He left\r\nthe house.\r\n\r\nShe stayed.") == ["He left\r\nthe house.", "She stayed."]


def test_one_stray_break_does_not_make_an_article_wrapped() -> None:
    text = "One.\nTwo.\nThree goes\non here.\nFour.\nFive."
    assert paragraphs(text) == ["One.", "Two.", "Three goes", "on here.", "Four.", "Five."]


@given(st.text(alphabet=st.one_of(st.sampled_from("aA. \t\u200b\ufeff" + "".join(LINE_ENDS)), st.characters())))
def test_any_text_is_covered_in_order(text: str) -> None:
    end = 0
    rest = []
    for span in find_paragraphs(text):
        assert end <= span.start < span.end <= len(text)
        paragraph = text[span.start : span.end]
        assert paragraph == paragraph.strip()
        rest.append(text[end : span.start])
        end = span.end
    rest.append(text[end:])
    invisible = "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\ufeff"
    assert all(char.isspace() or char in invisible for char in "".join(rest))


def test_spans_are_records() -> None:
    assert find_paragraphs(" a\n\nb") == [CharSpan(1, 2), CharSpan(4, 5)]
