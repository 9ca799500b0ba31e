"""The terminal's tables: exact at fixed widths, every word there, nothing in an article steers the terminal."""

import io
import re

import pytest

from quotes.records import Article, ArticleResult, Attribution, CharSpan, Source, TextSpan
from quotes.report import NARROWEST, TableWriter, make_console, visible

TEXT = (
    "“The pumps [the new ones] were off for three nights, and nobody in the harbour office [/b] asked why until the "
    "water stood at the second step,” a harbour inspector said.\n\nNobody called [sic], Maria Okonjo, the company's "
    "chief executive, wrote. “Why?”"
)


def span(words):
    start = TEXT.index(words)
    return CharSpan(start, start + len(words))


def text_span(words):
    return TextSpan(words, span(words).start, span(words).end)


def make_result(**article):
    first, second, third = TEXT[: TEXT.index(",”") + 2], "Nobody called [sic]", "“Why?”"
    quotes = (
        Attribution("q1", "direct", (span(first),), (span(first),), first, text_span("said"),
                    text_span("a harbour inspector"), "s1", 1, confidence=0.97),
        Attribution("q2", "indirect", (span(second),), (), second, text_span("wrote"),
                    text_span("Maria Okonjo"), "s2", 2, confidence=0.9),
        Attribution("q3", "direct", (span(third),), (span(third),), third, None, None, None, 2, confidence=0.4),
    )  # fmt: skip
    speakers = (
        Source("s1", "anonymous", None, "a harbour inspector"),
        Source("s2", "person", "Maria Okonjo", "the company's chief executive"),
    )
    fields = {"id": "ferry", "text": TEXT, "path": "samples/ferry.txt", "title": "Pumps [draft]", **article}
    return ArticleResult(Article(**fields), quotes, speakers, warnings=("1 mark is not closed",))


def show(*results, width=80, color="never", encoding="utf-8", columns=None):
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding=encoding, newline="")
    writer = TableWriter(make_console(stream, color=color, width=width), columns=columns)
    for result in results:
        writer.write(result)
    writer.close()
    stream.flush()
    return raw.getvalue().decode(encoding)


def lines(*results, **options):
    return [line.rstrip() for line in show(*results, **options).split("\n")]


def words(text):
    return re.findall(r"\w+|[\[\]/“”?]", text)


def test_table_at_80_columns_exactly():
    result = make_result(publisher="The Quay", published="2024-03-05")
    assert lines(result) == [
        "Pumps [draft]",
        "The Quay · 2024-03-05 · samples/ferry.txt",
        "#   ¶   source                  quotation",
        "────────────────────────────────────────────────────────────────────────────────",
        "1   1   ◦ a harbour inspector   “The pumps [the new ones] were off for three",
        "                                nights, and nobody in the harbour office [/b]",
        "                                asked why until the water stood at the second",
        "                                step,”",
        "2   2   Maria Okonjo            Nobody called [sic]",
        "3   2   — (not told)            “Why?”",
        "3 quotations, 2 sources, 1 unnamed (◦), 1 unattributed",
        "Warning: 1 mark is not closed",
        "",
    ]


@pytest.mark.parametrize(
    ("width", "headings"),
    [
        (80, ["#", "¶", "source", "quotation"]),
        (120, ["#", "¶", "source", "quotation", "cue", "conf"]),
        (200, ["#", "¶", "source", "role", "mention", "quotation", "cue", "conf"]),
    ],
)
def test_columns_by_width(width, headings):
    assert lines(make_result(), width=width)[2].split() == headings


@pytest.mark.parametrize("width", [NARROWEST, 50, 60, 79, 80, 99, 100, 120, 159, 160, 200, 300])
def test_no_word_of_a_quotation_is_cut_and_no_line_too_long(width):
    found = lines(make_result(), width=width)
    assert max(map(len, found)) <= width
    column = re.search("quotation", found[2]).start()
    cells = " ".join(line[column:] for line in found[4:-4])
    missing = [w for w in words(TEXT[: TEXT.index(",”") + 2]) if w not in cells]
    assert missing == []
    assert "…" not in "".join(found)


def test_a_word_longer_than_its_column_is_folded_not_cut():
    long = "“" + "x" * 300 + "”"
    quote = Attribution("q1", "direct", (CharSpan(0, 302),), (CharSpan(0, 302),), long, None, None, None, 1)
    found = show(ArticleResult(Article("a", long), (quote,)), width=60)
    assert found.count("x") == 300


def test_title_falls_back_to_the_id_and_missing_metadata_to_nothing():
    assert lines(make_result(title=None, path=None))[:2] == ["ferry", "#   ¶   source                  quotation"]


def test_article_without_quotations():
    assert lines(ArticleResult(Article("calm", "No one spoke."))) == ["calm", "No quotations found.", ""]


def test_several_articles_have_totals_of_all():
    found = lines(make_result(), make_result(), width=100)
    assert found[-2] == "All 2 articles: 6 quotations, 4 sources, 2 unnamed (◦), 2 unattributed"


def test_chosen_columns():
    found = lines(make_result(fields={"beat": "sea [x]"}), columns=["speaker", "beat", "kind"])
    assert found[2].split() == ["source", "beat", "kind"]
    assert found[4].split("  ") == ["◦ a harbour inspector", " sea [x]", " direct"]


@pytest.mark.parametrize("color", ["auto", "never"])
def test_no_colour_in_a_file(color):
    assert "\x1b" not in show(make_result(), color=color)


def test_colour_when_asked_for(monkeypatch):
    monkeypatch.setenv("TERM", "xterm-256color")
    found = show(make_result(), color="always")
    assert "\x1b[33m" in found
    assert re.sub(r"\x1b\[[\d;]*m", "", found) == show(make_result())


def test_no_color_in_the_environment(monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    assert not re.search(r"\x1b\[3\d", show(make_result(), color="auto"))


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp437", "cp1252"])
def test_terminal_without_utf8(encoding):
    found = show(make_result(), encoding=encoding)
    assert "(not told)" in found
    assert "a harbour inspector" in found
    assert "[the new ones]" in found


def test_ascii_terminal_reads_as_quotations():
    found = lines(make_result(), encoding="ascii")
    assert '* a harbour inspector | "The pumps' in found[4]
    assert found[6].endswith("asked why until the water stood at the second") or "asked" in " ".join(found)
    assert "1 unnamed (*)" in found[-3]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x1b[31mb", "a\\x1b[31mb"),
        ("a\x07\x08b\x9b2J", "a\\x07\\x08b\\x9b2J"),
        ("abc\u202edef\u2066", "abc\\u202edef\\u2066"),
        ("a\n\tb\r\nc", "a b c"),
        ("cut \ud83d", "cut \\ud83d"),
        ("tag\U000e0041", "tag\\U000e0041"),
        ("naïve “é” 😀 [x] می‌خواهم", "naïve “é” 😀 [x] می‌خواهم"),
    ],
)
def test_what_steers_a_terminal_is_shown_as_an_escape(text, shown):
    assert visible(text) == shown


def test_nothing_of_an_article_reaches_the_terminal_raw():
    nasty = "\x1b]0;owned\x07\x1b[2J\u202e"
    text = f"“{nasty}yes”"
    end = len(text)
    quote = Attribution("q1", "direct", (CharSpan(0, end),), (CharSpan(0, end),), text, None, None, "s1", 1)
    result = ArticleResult(
        Article(nasty, text, path=nasty, title=nasty, publisher=nasty, warnings=(nasty,)),
        (quote,),
        (Source("s1", "person", nasty, nasty),),
    )
    found = show(result, width=200)
    assert not re.search("[\x00-\x09\x0b-\x1f\u202e]", found)
    assert "\\x1b]0;owned\\x07" in found


def test_wide_characters_do_not_break_the_table():
    text = "「三月に伝えました」" * 12
    quote = Attribution("q1", "direct", (CharSpan(0, len(text)),), (CharSpan(0, len(text)),), text, None, None, None, 1)
    found = show(ArticleResult(Article("a", text), (quote,)), width=60)
    assert found.count("「三月に伝") + found.count("「") > 12
