"""Rows and flat formats: exact output, escapes, and filters that keep the record valid."""

import csv
import io
import json
from dataclasses import replace

import pytest

from quotes.records import Article, ArticleResult, Attribution, CharSpan, Source, TextSpan
from quotes.table import (
    COLUMNS,
    FlatWriter,
    JsonLinesWriter,
    JsonWriter,
    MarkdownWriter,
    Totals,
    UnknownColumnError,
    check_columns,
    count,
    escape_markdown,
    escape_tsv,
    rows,
    select,
    shown,
)

TEXT = (
    'It failed, a diver said. "We [the crew] told them," he said, "twice." "Who?" "We [the crew] told them," he said.'
)


def place(words, after=0):
    start = TEXT.index(words, after)
    return TextSpan(words, start, start + len(words))


def quote(number, kind, *parts, after=0, **more):
    spans = tuple(place(p, after).span for p in parts)
    quoted = () if kind == "indirect" else spans
    more = {"cue": None, "mention": None, "speaker": None, "paragraph": 1, **more}
    return Attribution(f"q{number}", kind, spans, quoted, " ".join(parts), **more)


def make_result(**article):
    again = TEXT.rindex('"We')
    quotes = (
        quote(1, "indirect", "It failed", cue=place("said"), mention=place("a diver"), speaker="s1", confidence=0.9124),
        quote(2, "direct", '"We [the crew] told them,"', '"twice."', cue=place("said", 30), mention=place("he"),
              speaker="s2", paragraph=2, continues="q1", confidence=0.8),
        quote(3, "mixed", '"Who?"', confidence=0.3, within="q2"),
        quote(4, "direct", '"We [the crew] told them,"', after=again, speaker="s2", repeats="q2", confidence=0.7),
    )  # fmt: skip
    speakers = (
        Source("s1", "anonymous", None, "a diver"),
        Source("s2", "person", "Li Wen", "the captain"),
    )
    fields = {"id": "ferry", "text": TEXT, "path": "in/ferry.txt", **article}
    return ArticleResult(Article(**fields), quotes, speakers)


def write(writer_class, *results, **options):
    stream = io.StringIO(newline="")
    writer = writer_class(stream, **options)
    for result in results:
        writer.write(result)
    writer.close()
    return stream.getvalue()


def test_rows_have_the_documented_columns():
    first, second, third, fourth = rows(make_result(title="T", fields={"beat": "sea", "path": "own"}))
    assert tuple(first) == (*COLUMNS, "beat", "input_path")
    assert first == {
        "article": "ferry", "n": 1, "quote": "q1", "paragraph": 1, "kind": "indirect",
        "speaker": "a diver", "speaker_kind": "anonymous", "role": None, "mention": "a diver", "cue": "said",
        "quotation": "It failed", "start": 0, "end": 9, "spans": "0:9", "confidence": 0.912,
        "repeats": None, "continues": None, "within": None, "denied": None,
            "quotation_key": None, "entity": None, "corrected": None,
        "title": "T", "byline": None, "publisher": None, "published": None, "url": None, "path": "in/ferry.txt",
        "beat": "sea", "input_path": "own",
    }  # fmt: skip
    assert (second["speaker"], second["role"], second["spans"]) == ("Li Wen", "the captain", "25:51 61:69")
    assert (second["start"], second["end"]) == (25, 69)
    assert (third["speaker"], third["speaker_kind"], third["within"]) == (None, None, "q2")
    assert (fourth["n"], fourth["repeats"]) == (4, "q2")


def test_counts_take_a_repeated_quotation_once():
    totals = count(make_result())
    assert totals == Totals(articles=1, quotations=3, sources=2, unnamed=1, unattributed=1, repeated=1)
    assert totals.line() == "3 quotations (and 1 repeated), 2 sources, 1 unnamed (◦), 1 unattributed"
    assert (totals + totals).quotations == 6
    assert Totals().line() == "0 quotations, 0 sources, 0 unnamed (◦), 0 unattributed"


# --- what was not said


def denied_result():
    """q2 and its repetition q4 not said, q3 supposed of nobody."""
    result = make_result()
    return replace(result, quotes=tuple(replace(q, denied=q.id != "q1") for q in result.quotes))


def test_denied_is_a_column():
    assert [row["denied"] for row in rows(denied_result())] == [None, True, True, True]
    assert write(FlatWriter, denied_result(), columns=["quote", "denied"]) == "quote,denied\nq1,\nq2,true\nq3,true\nq4,true\n"


def test_counts_leave_out_what_was_not_said():
    totals = count(denied_result())
    assert totals == Totals(articles=1, quotations=1, sources=2, unnamed=1, unattributed=0, repeated=1, denied=2)
    assert totals.line() == (
        "1 quotation (and 1 repeated), 2 sources, 1 unnamed (◦), 0 unattributed, 2 not said or supposed"
    )
    assert (totals + totals + Totals(denied=1)).denied == 5


def test_note_of_what_was_not_said():
    found = [shown(row, "quotation") for row in rows(denied_result())]
    assert found == [
        "It failed",
        '"We [the crew] told them," "twice." (not said)',
        '"Who?" (within q2, not said)',
        '"We [the crew] told them," (repeats q2, not said)',
    ]
    assert '| "Who?" (within q2, not said) |' in write(MarkdownWriter, denied_result())
    assert [shown(row, "cue") for row in rows(denied_result())] == ["said", "said", "", ""]


def test_select_keeps_what_was_not_said():
    assert [q.denied for q in select(denied_result(), kinds=["direct"]).quotes] == [True, True]


# --- filters


def ids(result):
    return [q.id for q in result.quotes]


def test_select_by_kind_keeps_the_record_valid():
    result = select(make_result(), kinds=["direct"])
    assert ids(result) == ["q2", "q4"]
    assert [s.id for s in result.speakers] == ["s2"]
    assert result.quotes[0].continues is None
    assert result.quotes[1].repeats == "q2"


def test_select_by_confidence_lets_a_repetition_stand_for_what_went():
    result = make_result()
    again = quote(5, "direct", '"We [the crew] told them,"', after=TEXT.rindex('"We'), repeats="q2", confidence=0.95)
    low = ArticleResult(
        result.article,
        (result.quotes[0], quote(2, "direct", '"Who?"', confidence=0.1), *result.quotes[3:], again),
        result.speakers,
    )
    selected = select(low, min_confidence=0.5)
    assert ids(selected) == ["q1", "q4", "q5"]
    assert [q.repeats for q in selected.quotes] == [None, None, "q4"]
    assert count(selected).quotations == 2


def test_select_of_everything_changes_nothing():
    result = make_result()
    assert select(result) is result
    assert select(result, kinds=[], min_confidence=0).quotes == ()
    assert select(result, kinds=[]).speakers == ()


# --- CSV and TSV


def test_csv_exactly():
    found = write(FlatWriter, make_result(), columns=["article", "n", "speaker", "quotation", "repeats"])
    assert found == (
        "article,n,speaker,quotation,repeats\n"
        "ferry,1,a diver,It failed,\n"
        'ferry,2,Li Wen,"""We [the crew] told them,"" ""twice.""",\n'
        'ferry,3,,"""Who?""",\n'
        'ferry,4,Li Wen,"""We [the crew] told them,""",q2\n'
    )


def test_csv_comes_back_whole_whatever_is_in_the_cells():
    nasty = 'a,"b"\r\nc\rd\n\te;\\ \x1b[31m[/b] “é” 😀'
    found = write(FlatWriter, make_result(title=nasty, fields={"x": nasty}))
    back = list(csv.DictReader(io.StringIO(found, newline="")))
    assert [r["title"] for r in back] == [nasty] * 4
    assert [r["x"] for r in back] == [nasty] * 4


def test_tsv_is_one_line_a_row_with_backslash_escapes():
    found = write(FlatWriter, make_result(title="a\tb\nc\\d\re"), delimiter="\t", columns=["title", "quotation"])
    assert found.split("\n")[1] == "a\\tb\\nc\\\\d\\re\tIt failed"
    assert found.split("\n")[2].endswith('\t"We [the crew] told them," "twice."')
    assert found.count("\n") == 5
    assert escape_tsv("plain") == "plain"


def test_own_fields_come_out_again_as_json_where_they_are_no_text():
    fields = {"beat": "sea", "tags": ["é", 1], "n_words": 12, "paid": True, "none": None}
    found = write(FlatWriter, make_result(fields=fields), columns=list(fields))
    assert found.split("\n")[:2] == ["beat,tags,n_words,paid,none", 'sea,"[""é"", 1]",12,true,']


def test_fields_that_come_up_later_are_told_in_a_stream_and_kept_in_a_file():
    results = make_result(fields={"a": 1}), make_result(fields={"b": 2, "a": 3})
    stream = io.StringIO()
    writer = FlatWriter(stream)
    for result in results:
        writer.write(result)
    writer.close()
    assert stream.getvalue().split("\n")[0] == ",".join((*COLUMNS, "a"))
    assert list(writer.left_out) == ["b"]

    found = write(FlatWriter, *results, spool=True)
    back = list(csv.DictReader(io.StringIO(found)))
    assert [(r["a"], r["b"]) for r in back] == [("1", "")] * 4 + [("3", "2")] * 4


@pytest.mark.parametrize("spool", [False, True])
def test_no_articles_give_a_header(spool):
    assert write(FlatWriter, spool=spool) == ",".join(COLUMNS) + "\n"


def test_unknown_columns_are_refused_where_the_input_cannot_have_them():
    check_columns(COLUMNS, own=False)
    check_columns(["section"], own=True)
    with pytest.raises(UnknownColumnError, match="no column 'section'; there are article, n"):
        check_columns(["section"], own=False)
    with pytest.raises(UnknownColumnError, match="no column 'speeker'; did you mean 'speaker'"):
        check_columns(["speeker"], own=True)


# --- JSON


def test_json_lines_are_the_records():
    results = make_result(title="a\u2028b é"), make_result(id="two")
    lines = write(JsonLinesWriter, *results).split("\n")
    assert [json.loads(line) for line in lines[:2]] == [r.to_dict() for r in results]
    assert lines[2:] == [""]
    assert "é" in lines[0]


def test_json_is_one_array():
    results = make_result(), make_result(id="two")
    assert json.loads(write(JsonWriter, *results)) == [r.to_dict() for r in results]
    assert json.loads(write(JsonWriter, make_result())) == [make_result().to_dict()]
    assert write(JsonWriter) == "[]\n"


# --- Markdown


def test_markdown_exactly():
    result = make_result(title="A | title", publisher="Quay *Times*", warnings=("odd <mark>",))
    empty = ArticleResult(Article("calm_day", "No one spoke."))
    assert write(MarkdownWriter, result, empty) == (
        "## A \\| title\n"
        "\n"
        "Quay \\*Times\\* · in/ferry.txt\n"
        "\n"
        "| # | ¶ | source | quotation | cue | conf |\n"
        "| --- | --- | --- | --- | --- | --- |\n"
        "| 1 | 1 | ◦ a diver | It failed | said | 0.91 |\n"
        '| 2 | 2 | Li Wen | "We \\[the crew\\] told them," "twice." | said | 0.80 |\n'
        '| 3 | 1 | — (not told) | "Who?" (within q2) |  | 0.30 |\n'
        '| 4 | 1 | Li Wen | "We \\[the crew\\] told them," (repeats q2) |  | 0.70 |\n'
        "\n"
        "3 quotations (and 1 repeated), 2 sources, 1 unnamed (◦), 1 unattributed\n"
        "\n"
        "Warning: odd \\<mark\\>\n"
        "\n"
        "## calm\\_day\n"
        "\n"
        "No quotations found.\n"
    )


def test_markdown_columns():
    found = write(MarkdownWriter, make_result(fields={"beat": "sea"}), columns=["speaker", "beat"])
    assert "| source | beat |\n| --- | --- |\n| ◦ a diver | sea |\n" in found


def test_markdown_escapes_what_markdown_reads():
    assert escape_markdown("a\n|b|  <i>*c*</i> `d` \\e [f](g) &amp; ~~h~~ $i$ #j") == (
        "a \\|b\\| \\<i\\>\\*c\\*\\</i\\> \\`d\\` \\\\e \\[f\\](g) \\&amp; \\~\\~h\\~\\~ \\$i\\$ \\#j"
    )


def test_spans_slice_to_their_text():
    for q in make_result().quotes:
        assert q.text == " ".join(TEXT[s.start : s.end] for s in q.spans)
        assert all(isinstance(s, CharSpan) for s in q.spans)
