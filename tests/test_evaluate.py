"""The scorer against tables of its definitions, properties of its figures, and the project's own script."""

import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quotes.annotations import Party, normalise, trim
from quotes.errors import ArticleError, InputError
from quotes.evaluate import agreement, coverage, intersection_over_union, read_records, run, token_f1
from quotes.records import Source

SHARED = Path(os.environ.get("QUOTES_SHARED", Path(__file__).parents[1].parent / "shared"))
SCORE = SHARED / "eval" / "score.py"


# --- articles by hand


def source(id, kind="person", name=None, description=None, aliases=()):
    return {"id": id, "kind": kind, "name": name, "description": description, "aliases": list(aliases)}


def party(*args, **kwargs):
    given = source("s", *args, **kwargs)
    return Party(Source(given["id"], given["kind"], given["name"], given["description"], tuple(given["aliases"])))


def quote(number, spans, *, quoted=None, speaker=None, cue=None, mention=None, within=None):
    places = {
        key: {"text": "", "start": place[0], "end": place[1]} if place else None
        for key, place in (("cue", cue), ("mention", mention))
    }
    quoted = [list(s) for s in (spans if quoted is None else quoted)]
    return {
        "id": f"q{number}", "kind": "direct", "spans": [list(s) for s in spans], "quoted": quoted, "text": "",
        "speaker": speaker, "within": within, **places,
    }  # fmt: skip


def record(text, quotes=(), speakers=(), id="a", not_speech=()):
    return {
        "id": id, "text": text, "quotes": list(quotes), "speakers": list(speakers),
        "not_speech": [list(s) for s in not_speech], "warnings": [],
    }  # fmt: skip


def gold(text, quotes=(), sources=(), id="a", **more):
    keys = ("start", "end", "label", "source")
    quotes = [q if isinstance(q, dict) else dict(zip(keys, q, strict=True)) for q in quotes]
    return {"id": id, "text": text, "quotes": quotes, "sources": list(sources), **more}


def write(path, records):
    path.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in records), encoding="utf-8")
    return path


@pytest.fixture
def evaluate(tmp_path):
    """Score one or more articles; no intervals unless asked for."""

    def evaluate(golds, predicted, **options):
        golds, predicted = ([x] if isinstance(x, dict) else x for x in (golds, predicted))
        return run(write(tmp_path / "gold.jsonl", golds), predicted, **{"bootstrap": 0, **options})

    return evaluate


TEXT = '"Yes, we will," Ann Lee said. He called it "a farce." Then "Titanic" sank, "no one knows," it was said.'
YES, FARCE, TITANIC, KNOWS = (0, 15), (43, 53), (59, 68), (75, 90)
ANN, DON = source("s1", name="Ann Lee", description="mayor"), source("s2", name="Don Roe")
GOLD = gold(
    TEXT,
    [(*YES, "speech", "s1"), (*FARCE, "speech", "s2"), (*TITANIC, "not_speech", None), (*KNOWS, "speech", None)],
    [ANN, DON],
)


def test_the_example_text_has_its_spans():
    assert [TEXT[a:b] for a, b in (YES, FARCE, TITANIC, KNOWS)] == [
        '"Yes, we will,"', '"a farce."', '"Titanic"', '"no one knows,"',
    ]  # fmt: skip


# --- definitions


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ("Ann Lee", "ann lee"),
        ("  Ann\u00a0\n Lee, ", "ann lee"),
        ("The Mayor’s", "mayor"),
        ("the officials'", "officials"),
        ("the", "the"),
        ("Theresa May", "theresa may"),
        ("“Big” Al", "big al"),
        ('Al "Scar"', "al scar"),
        ("‘Al’s", "'al"),
        ("O’Hara", "o'hara"),
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
        ("Zoë-Ann", "zoë-ann"),
        ("-the U.N.-", "u.n"),
        ("", ""),
        ("…", "…"),
        ("“”", ""),
    ],
)
def test_normalise(form, expected):
    assert normalise(form) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"Yes," ', "Yes"),
        ("“‘No!’”", "No"),
        ("said", "said"),
        ("—(well)…", "well"),
        ("“don’t”", "don’t"),
        ("``So''", "So"),
        ('"..."', ""),
        ("", ""),
        ("$5%", "$5%"),
    ],
)
def test_trim_takes_marks_and_punctuation_off_both_ends(text, expected):
    start, end = trim("xx" + text + "yy", 2, 2 + len(text))
    assert ("xx" + text + "yy")[start:end] == expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ((0, 10), (0, 10), 1),
        ((0, 10), (0, 8), 0.8),
        ((0, 10), (2, 12), 8 / 12),
        ((0, 10), (10, 20), 0),
        ((0, 10), (30, 40), 0),
        ((5, 5), (5, 5), 0),
    ],
)
def test_intersection_over_union(one, other, expected):
    assert intersection_over_union(one, other) == intersection_over_union(other, one) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("span", "others", "expected"),
    [
        ((0, 10), [], 0),
        ((0, 10), [(0, 10)], 1),
        ((0, 10), [(5, 20)], 0.5),
        ((0, 10), [(0, 2), (8, 10)], 0.4),
        ((0, 10), [(0, 10), (0, 10)], 1),
        ((0, 10), [(10, 20)], 0),
    ],
)
def test_coverage(span, others, expected):
    assert coverage(span, others) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("a council diplomat", "a council diplomat", 1),
        ("council diplomat", "diplomat council", 1),
        ("a council diplomat", "diplomat", 0.5),
        ("a a b", "a b b", 2 / 3),
        ("a", "b", 0),
        ("", "", 0),
    ],
)
def test_token_f1(one, other, expected):
    assert token_f1(one, other) == token_f1(other, one) == pytest.approx(expected)


PERSON = party(name="Ann Lee", description="the mayor", aliases=["Lee"])
BODY = party("organization", name="World Health Organization", aliases=["WHO"])
DIPLOMAT = party("anonymous", description="a senior council diplomat")


@pytest.mark.parametrize(
    ("gold_party", "predicted", "others", "expected"),
    [
        # strict
        (PERSON, party(name="the Ann LEE"), [], (True, True)),
        (DIPLOMAT, party("anonymous", description="A senior council diplomat,"), [], (True, True)),
        (PERSON, party("organization", name="Ann Lee"), [], (True, True)),
        # nothing to compare
        (PERSON, None, [], (False, False)),
        (PERSON, party(), [], (False, False)),
        (PERSON, party(name="“”"), [], (False, False)),
        # a form in common
        (PERSON, party(name="Lee"), [], (False, True)),
        (PERSON, party(name="Anna", description="mayor"), [], (False, True)),
        (BODY, party("organization", name="WHO"), [], (False, True)),
        (BODY, party("organization", name="W.H.O."), [], (False, False)),
        # ... but the label is another source's: a foreign name
        (PERSON, party(name="Don Roe", description="the mayor"), [party(name="Don Roe")], (False, False)),
        (BODY, party("organization", name="UN", aliases=["WHO"]), [party("organization", name="UN")], (False, False)),
        # a label that belongs to both is not foreign
        (PERSON, party(name="Lee"), [party(name="Bo Lee", aliases=["Lee"])], (False, True)),
        # most of the words of an unnamed source
        (DIPLOMAT, party("anonymous", description="senior council diplomat"), [], (False, True)),
        (DIPLOMAT, party("anonymous", description="the diplomat"), [], (False, False)),
        (
            DIPLOMAT,
            party("anonymous", description="senior council diplomat"),
            [party("anonymous", description="another senior council diplomat")],
            (False, False),
        ),
        (party("group", description="two officials"), party("group", description="officials two"), [], (False, True)),
        (party(name="Ann B. Lee Roe"), party(name="Ann B. Roe Lee"), [], (False, False)),  # named: words do not do
        # last names, unless shared
        (PERSON, party(name="Annie Lee"), [], (False, True)),
        (PERSON, party(name="Annie Lee"), [party(name="Bo Lee")], (False, False)),
        (PERSON, party(name="Annie Lee"), [party("organization", name="Sara Lee")], (False, True)),
        (PERSON, party(description="one Lee"), [], (False, False)),
        (BODY, party("organization", name="Health Organization"), [], (False, False)),
        # gold without any string
        (party(), party(name="Ann"), [], (False, False)),
        (party("anonymous"), party(name="Ann"), [], (False, False)),
    ],
)  # fmt: skip
def test_agreement(gold_party, predicted, others, expected):
    assert agreement(gold_party, predicted, others) == expected


# --- detection and speakers


def test_each_count_of_a_small_article(evaluate):
    predicted = record(
        TEXT,
        [quote(1, [YES], speaker="x"), quote(2, [TITANIC], speaker="x"), quote(3, [KNOWS], speaker="x")],
        [source("x", "organization", name="Lee")],
    )
    figures = evaluate(GOLD, predicted).to_dict()
    assert figures["articles"] == 1
    assert figures["detect"] == pytest.approx({"p": 200 / 3, "r": 200 / 3, "f1": 200 / 3, "n": 3})
    # Of three named speakers, that of KNOWS is neither right nor wrong: the article does not tell its source.
    assert figures["speaker_strict"] == {"p": 0, "r": 0, "f1": 0, "n": 2}
    assert figures["speaker_lenient"] == {"p": 50, "r": 50, "f1": 50, "n": 2}
    assert figures["speaker_lenient_by_kind"] == {"person": {"accuracy": 50, "n": 2}}
    assert figures["kind_accuracy"] == 0
    assert "cue" not in figures
    assert figures["intervals"] == {}


@pytest.mark.parametrize(("end", "found"), [(12, 1), (11, 1), (9, 1), (8, 0), (0, 0)])
def test_a_segment_is_found_from_four_fifths_of_its_characters(evaluate, end, found):
    text = '"abcdefghij" he said.'  # ten characters without the marks
    report = evaluate(gold(text, [(0, 12, "speech", None)]), record(text, [quote(1, [(0, end)])]))
    assert report.figures["detect", "r"] == 100 * found


def test_one_predicted_segment_finds_one_gold_segment(evaluate):
    twice = gold(TEXT, [(*YES, "speech", "s1"), (*YES, "continuation", "s1")], [ANN])
    assert evaluate(twice, record(TEXT, [quote(1, [YES])])).to_dict()["detect"]["r"] == 50


def test_the_nearer_of_two_candidates_is_taken(evaluate):
    rivals = [quote(1, [(0, 13)], speaker="s2"), quote(2, [YES], speaker="s1"), quote(3, [(3, 15)], speaker="s2")]
    report = evaluate(gold(TEXT, [(*YES, "speech", "s1")], [ANN, DON]), record(TEXT, rivals, [ANN, DON]))
    assert report.f1["speaker_strict"] == pytest.approx(50)  # found and right; two more named speakers
    assert report.figures["speaker_strict", "r"] == 100


def test_quotes_within_quotes_and_nested_gold_are_left_out(evaluate):
    nested = {"start": 43, "end": 53, "label": "speech", "source": "s2", "nested": True}
    given_gold = gold(TEXT, [(*YES, "speech", "s1"), nested], [ANN, DON])
    predicted = record(
        TEXT, [quote(1, [YES], speaker="s1"), quote(2, [TITANIC], speaker="s2", within="q1")], [ANN, DON]
    )
    report = evaluate(given_gold, predicted)
    assert report.f1 == {"detect": 100, "speaker_strict": 100, "speaker_lenient": 100}


def test_a_speaker_that_the_record_does_not_list_is_wrong_not_an_error(evaluate):
    report = evaluate(GOLD, record(TEXT, [quote(1, [YES], speaker="s9")]))
    assert report.figures["speaker_lenient", "p"] == 0
    assert report.figures["detect", "p"] == 100


def test_no_quotation_on_either_side(evaluate):
    figures = evaluate(gold("Rain."), record("Rain.")).to_dict()
    assert figures["detect"] == figures["speaker_strict"] == {"p": 0, "r": 0, "f1": 0, "n": 0}
    assert figures["kind_accuracy"] == 0


def test_wrong_speakers_are_listed_in_order(evaluate):
    report = evaluate(GOLD, record(TEXT, [quote(1, [YES], speaker="s2")], [DON]))
    first, second = report.wrong(5)
    assert (first.article, first.span, first.gold, first.got, first.found) == ("a", (1, 13), "ann lee", "don roe", True)
    assert str(first) == "a [1:13] 'Yes, we will': got 'don roe', should be 'ann lee'"
    assert str(second) == "a [44:51] 'a farce': not found, should be 'don roe'"
    assert report.wrong(1) == [first] and report.wrong(0) == []
    unnamed = evaluate(GOLD, record(TEXT, [quote(1, [YES])])).wrong(1)[0]
    assert str(unnamed) == "a [1:13] 'Yes, we will': no speaker, should be 'ann lee'"


# --- spans


def attributed(*content, cue=(), source=()):
    return gold(TEXT, attributions=[{"id": "A1", "content": list(content), "cue": list(cue), "source": list(source)}])


@pytest.mark.parametrize(
    ("predicted", "raw", "exact", "soft_p", "soft_r"),
    [
        ((0, 15), 100, 100, 100, 100),
        ((1, 13), 0, 100, 100, 100),  # without the marks
        ((1, 7), 0, 0, 100, 50),
        ((0, 23), 0, 0, 1200 / 22, 100),
        ((54, 58), 0, 0, 0, 0),
    ],
)
def test_raw_exact_and_soft(evaluate, predicted, raw, exact, soft_p, soft_r):
    content = evaluate(attributed(YES), record(TEXT, [quote(1, [predicted])])).to_dict()["content"]
    assert content["raw"]["f1"] == pytest.approx(raw)
    assert content["exact"]["f1"] == pytest.approx(exact)
    assert content["soft"]["p"] == pytest.approx(soft_p)
    assert content["soft"]["r"] == pytest.approx(soft_r)


def test_roles_and_marks_are_told_apart(evaluate):
    given_gold = attributed(YES, (54, 58), cue=[(24, 28)], source=[(16, 23)])
    predicted = record(TEXT, [quote(1, [YES], cue=(24, 28), mention=(16, 19)), quote(2, [(54, 58)], quoted=[])])
    report = evaluate(given_gold, predicted)
    assert report.f1["content_quoted_exact"] == report.f1["content_indirect_exact"] == report.f1["content_soft"] == 100
    assert report.f1["cue_raw"] == 100
    assert report.f1["source_exact"] == 0
    assert report.f1["source_soft"] == pytest.approx(60)  # precision 1, recall 3 of 7 characters


def test_a_role_without_gold_spans_is_left_out(evaluate):
    report = evaluate(attributed(YES), record(TEXT, [quote(1, [YES], cue=(24, 28))]))
    assert "cue" not in report.to_dict() and "cue_exact" not in report.f1
    assert "content_quoted_soft" in report.f1 and "content_indirect_soft" not in report.f1


# --- an article record as gold


def test_a_record_as_gold_is_scored_like_the_annotated_form(evaluate):
    as_record = record(
        TEXT,
        [
            quote(1, [YES], speaker="s1", cue=(24, 28), mention=(16, 23)),
            quote(2, [(40, 53)], quoted=[FARCE], speaker="s2"),
            quote(3, [KNOWS], within="q2"),
        ],
        [ANN, DON],
        not_speech=[TITANIC],
    )
    as_gold = gold(
        TEXT,
        [(*YES, "speech", "s1"), (*FARCE, "speech", "s2"), (*TITANIC, "not_speech", None)],
        [ANN, DON],
        attributions=[
            {"source": [[16, 23]], "cue": [[24, 28]], "content": [YES]},
            {"source": [], "cue": [], "content": [(40, 53)]},
            {"source": [], "cue": [], "content": [KNOWS]},
        ],
    )
    predicted = record(TEXT, [quote(1, [YES, TITANIC], speaker="s1"), quote(2, [(43, 55)], speaker="s1")], [ANN])
    assert evaluate(as_record, predicted).figures == evaluate(as_gold, predicted).figures


# --- what cannot be scored


def test_missing_articles_are_named(evaluate):
    golds = [gold("Rain.", id=id) for id in ("a", "b", "c")]
    with pytest.raises(InputError, match=r"2 of 3 gold articles .* the first: b"):
        evaluate(golds, [record("Rain.", id="a"), record("Sun.", id="elsewhere")])


@pytest.mark.parametrize(("text", "at"), [("Rain!", 4), ("Rain", 4), ("Rain.\n", 5), ("", 0)])
def test_another_text_is_refused(evaluate, text, at):
    with pytest.raises(ArticleError, match=rf"from character {at} on\), so the offsets would not fit"):
        evaluate(gold("Rain."), record(text))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"id": None}, "no `id`"),
        ({"text": None}, "`text` is missing"),
        ({"quotes": {}}, "`quotes` is a dict, not a list"),
        ({"quotes": [1]}, "`quotes` must hold objects"),
        ({"quotes": [{"start": 0, "end": 2, "label": "spech"}]}, "`label` is 'spech'"),
        ({"quotes": [{"start": 0, "end": 99, "label": "speech"}]}, r"\[0, 99\] is not .* the text's 5 characters"),
        ({"quotes": [{"start": 3, "end": 1, "label": "speech"}]}, "is not"),
        ({"quotes": [{"end": 1, "label": "speech"}]}, "is not"),
        ({"quotes": [{"start": 0, "end": 2, "label": "speech", "source": "s9"}]}, "'s9', which is not among"),
        ({"quotes": [{"start": 0, "end": 2, "label": "speech", "source": []}]}, "`source` is a list"),
        ({"sources": [{"id": "s1", "kind": "robot"}]}, "`kind` of s1 is 'robot'"),
        ({"sources": [source("s1", name=3)]}, "must be strings"),
        ({"sources": [{**source("s1"), "aliases": "Lee"}]}, "`aliases` is a str"),
        ({"sources": [source("s1"), source("s1")]}, "two with the id 's1'"),
        ({"attributions": [{}]}, "`content` is missing"),
        ({"attributions": [{"content": [[0]], "cue": [], "source": []}]}, "is not"),
    ],
)
def test_broken_gold_is_told_with_its_line(evaluate, change, reason):
    with pytest.raises(ArticleError, match=reason) as error:
        evaluate([gold("Sun.", id="b"), {**gold("Rain."), **change}], [])
    assert error.value.where.endswith("gold.jsonl:2")


def test_gold_of_neither_form(evaluate):
    with pytest.raises(ArticleError, match="neither an annotated article"):
        evaluate({"id": "a", "text": ""}, [])


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"quotes": [{"spans": []}]}, "`quoted` is missing"),
        ({"quotes": None}, "`quotes` is missing"),
        ({"quotes": [quote(1, [(0, 1)], cue=(0, 9))]}, r"\[0, 9\] is not"),
        ({"quotes": [quote(1, [(0, 1)], speaker=1)]}, "`speaker` is a int"),
        ({"speakers": 1}, "`speakers` is a int"),
    ],
)
def test_a_broken_prediction_is_told(evaluate, change, reason):
    with pytest.raises(ArticleError, match=reason) as error:
        evaluate(gold("Rain."), {**record("Rain."), **change})
    assert error.value.where == "predicted record 1 (a)"


def test_gold_given_as_predicted_is_told(evaluate):
    with pytest.raises(ArticleError, match="not an article record"):
        evaluate(GOLD, GOLD)


def test_ids_that_stand_twice(evaluate):
    with pytest.raises(ArticleError, match="second article with the id 'a'"):
        evaluate([GOLD, GOLD], [])
    with pytest.raises(ArticleError, match="second record with this id"):
        evaluate(gold("Rain."), [record("Rain."), record("Rain.")])


def test_ids_may_be_numbers(evaluate):
    assert evaluate(gold("Rain.", id=7), record("Rain.", id="7")).articles == 1


@pytest.mark.parametrize(
    ("content", "count"),
    [
        (b'{"id": 1}\n{"id": 2}\n', 2),
        (b'\n{"id": 1}\r\n\r\n{"id": 2}', 2),
        (b'\xef\xbb\xbf{"id": 1}', 1),
        (b'[{"id": 1}, {"id": 2}]', 2),
        (b'{\n "id": 1\n}\n', 1),
        ('{"id": "\u2028"}\n{"id": 2}'.encode(), 2),
    ],
)
def test_read_records(tmp_path, content, count):
    path = tmp_path / "gold.jsonl"
    path.write_bytes(content)
    assert len(read_records(path)) == count


@pytest.mark.parametrize(
    ("content", "where", "reason"),
    [
        (b'{"id": 1}\n{"id": 2\n', "gold.jsonl:2", "not valid JSON: .*column"),
        (b'{"id": 1\n{"id": 2}\n', "gold.jsonl:1", "not valid JSON"),
        (b'{\n "id": 1,\n}\n', "gold.jsonl:3", "not valid JSON"),
        (b'{\n "id": 1,,\n}\n', "gold.jsonl:2", "not valid JSON"),
        (b'[{"id": 1},\n 2 3]', "gold.jsonl:2", "not valid JSON"),
        (b'{"id": 1}\n[2]\n', "gold.jsonl:2", "not an annotated article"),
        (b"[1]", "gold.jsonl item 1", "not an annotated article"),
        (b'{"id": "a"}\n{"id": "\xff"}\n', "gold.jsonl:2", "not UTF-8"),
        (b"[" * 100_000, "gold.jsonl:1", "not valid JSON"),
    ],
)
def test_read_records_says_where_it_failed(tmp_path, content, where, reason):
    path = tmp_path / "gold.jsonl"
    path.write_bytes(content)
    with pytest.raises(ArticleError, match=reason) as error:
        read_records(path)
    assert error.value.where == str(tmp_path / where)


def test_read_records_without_a_file_or_articles(tmp_path):
    with pytest.raises(InputError, match="cannot be read"):
        read_records(tmp_path / "none.jsonl")
    (tmp_path / "empty.jsonl").write_text("\n\n")
    with pytest.raises(InputError, match="holds no articles"):
        read_records(tmp_path / "empty.jsonl")
    with pytest.raises(InputError, match="cannot be read"):
        read_records(tmp_path)


# --- intervals and the report


def many(right=(True, False, True, True)):
    """Articles of which some are right, with their predictions."""
    golds = [{**GOLD, "id": f"a{n}"} for n in range(len(right))]
    quotes = [quote(1, [YES], speaker="s1"), quote(2, [FARCE], speaker="s2")]
    return golds, [record(TEXT, quotes if ok else [], [ANN, DON], id=f"a{n}") for n, ok in enumerate(right)]


def test_the_same_seed_gives_the_same_intervals(evaluate):
    golds, predicted = many([True, False, True, True, False, True, True] * 3)
    first = evaluate(golds, predicted, bootstrap=25, seed=1)
    assert evaluate(golds, predicted[::-1], bootstrap=25, seed=1).to_dict() == first.to_dict()
    other = evaluate(golds, predicted, bootstrap=25, seed=2)
    assert other.figures == first.figures and other.intervals != first.intervals


def test_intervals_hold_their_figure_and_repeat_its_nesting(evaluate):
    report = evaluate(*many(), bootstrap=500)
    assert {path for path in report.figures if path[-1] != "n"} == set(report.intervals)
    for path, (low, high) in report.intervals.items():
        assert 0 <= low <= report.figures[path] <= high <= 100
    nested = report.to_dict()["intervals"]
    assert nested["detect"]["f1"] == list(report.intervals["detect", "f1"])
    assert nested["speaker_lenient_by_kind"]["person"]["accuracy"][0] < 75
    assert json.loads(json.dumps(report.to_dict())) == report.to_dict()


def test_the_interval_of_a_share_is_that_of_the_binomial(evaluate):
    # Forty articles, recall 0.5 each as a whole: the resampled recall is binomial, 95 % within 0.35 to 0.65.
    low, high = evaluate(*many([True, False] * 20), bootstrap=2000).intervals["speaker_strict", "r"]
    assert low == pytest.approx(35, abs=2.6) and high == pytest.approx(65, abs=2.6)


@pytest.mark.parametrize("options", [{"bootstrap": 0}, {"bootstrap": 1}])
def test_no_intervals_without_resamples(evaluate, options):
    report = evaluate(*many(), **options)
    assert report.intervals == {} and not any("interval" in line for line in report.lines())


def test_no_intervals_for_one_article(evaluate):
    assert evaluate(*many([True]), bootstrap=100).intervals == {}


def test_lines(evaluate):
    report = evaluate(*many([True, True]), bootstrap=100, seed=5)
    assert report.lines() == [
        "2 articles                      P      R     F1       n   95 % interval",
        "quoted speech found         100.0   66.7   80.0       6    80.0–80.0",
        "speaker strict              100.0  100.0  100.0       4   100.0–100.0",
        "  person                           100.0              4   100.0–100.0",
        "speaker lenient             100.0  100.0  100.0       4   100.0–100.0",
        "  person                           100.0              4   100.0–100.0",
        "kind of source right                      100.0           100.0–100.0",
        "intervals: 100 resamples of the articles, seed 5",
    ]
    spans = evaluate(attributed(YES), record(TEXT, [quote(1, [YES])])).lines()
    assert spans[0] == "1 article                       P      R     F1       n"
    assert "content quoted soft         100.0  100.0  100.0       1" in spans


# --- properties

POOL = [
    ANN, DON, source("s3", "organization", name="Port Authority", aliases=["the authority"]),
    source("s4", "anonymous", description="a harbour official"), source("s5", "group", description="two deckhands"),
    source("s6", "document", name="Harbour Report"),
]  # fmt: skip
utterances = st.tuples(
    st.lists(st.sampled_from(["ships", "sank", "no", "don’t", "47", "gut"]), min_size=1, max_size=6),
    st.sampled_from([*POOL, None]),
    st.sampled_from(["direct", "indirect"]),
)
articles = st.lists(st.lists(utterances, max_size=6), min_size=1, max_size=4)


def composed(number, spoken):
    """An article record in which each utterance has content, source and cue."""
    text, quotes, speakers = "", [], {}
    for words, who, kind in spoken:
        content = " ".join(words) + ","
        content = f"“{content}”" if kind == "direct" else content
        span = (len(text), len(text) + len(content))
        name = (who["name"] or who["description"]) if who else "it"
        mention = (span[1] + 1, span[1] + 1 + len(name))
        cue = (mention[1] + 1, mention[1] + 5)
        text += f"{content} {name} said. "
        speaker = who["id"] if who else None
        quoted = [span] if kind == "direct" else []
        quotes.append(quote(len(quotes) + 1, [span], quoted=quoted, speaker=speaker, cue=cue, mention=mention))
        speakers.update({who["id"]: who} if who else {})
    return record(text, quotes, speakers.values(), id=f"a{number}")


def composed_all(spoken):
    return [composed(number, article) for number, article in enumerate(spoken)]


def shrunk(records, chance):
    """Some quotes dropped, some segments and spans cut short, some speakers exchanged; segments stay apart."""
    changed = json.loads(json.dumps(records))
    for article in changed:
        article["quotes"] = [q for q in article["quotes"] if chance.random() < 0.8]
        for q in article["quotes"]:
            cut = chance.choice([0, 0, 1, 2, 5])
            for span in (*q["spans"], *q["quoted"]):
                span[1] = max(span[0] + 1, span[1] - cut)
            if article["speakers"] and chance.random() < 0.3:
                q["speaker"] = chance.choice([None, *(s["id"] for s in article["speakers"])])
    return changed


@settings(max_examples=60, deadline=None)
@given(spoken=articles)
def test_a_perfect_prediction_has_100_everywhere(tmp_path_factory, spoken):
    records = composed_all(spoken)
    path = write(tmp_path_factory.mktemp("gold") / "gold.jsonl", records)
    report = run(path, records, bootstrap=20)
    figures = report.figures
    for place, value in figures.items():
        if place[-1] in ("p", "r", "f1", "accuracy") and figures[*place[:-1], "n"]:
            assert value == pytest.approx(100), place
    assert not report.wrong_speakers
    assert figures[("kind_accuracy",)] == (100 if figures["speaker_lenient", "n"] else 0)


@settings(max_examples=60, deadline=None)
@given(spoken=articles, seed=st.integers(0, 2**32))
def test_bounds_and_order_of_figures(tmp_path_factory, spoken, seed):
    records = composed_all(spoken)
    path = write(tmp_path_factory.mktemp("gold") / "gold.jsonl", records)
    report = run(path, shrunk(records, random.Random(seed)), bootstrap=20)
    figures, slack = report.figures, 1e-9
    assert all(0 <= value <= 100 + slack for place, value in figures.items() if place[-1] != "n")
    assert all(0 <= low <= high <= 100 + slack for low, high in report.intervals.values())
    for part in ("p", "r", "f1"):
        assert figures["speaker_strict", part] <= figures["speaker_lenient", part]
        for role in ("content", "cue", "source"):
            if (role, "exact", part) in figures:
                assert figures[role, "exact", part] <= figures[role, "soft", part] + slack
                assert figures[role, "raw", part] <= figures[role, "exact", part] + slack


@settings(max_examples=60, deadline=None)
@given(spoken=articles, seed=st.integers(0, 2**32))
def test_exchanging_gold_and_predicted_exchanges_precision_and_recall(tmp_path_factory, spoken, seed):
    one = composed_all(spoken)
    other = shrunk(one, random.Random(seed))
    folder = tmp_path_factory.mktemp("gold")
    there = run(write(folder / "one.jsonl", one), other, bootstrap=0).figures
    back = run(write(folder / "other.jsonl", other), one, bootstrap=0).figures
    for place, value in there.items():
        if place[-1] in ("p", "f1") and not place[0].startswith("speaker") and (*place[:-1], "n") in back:
            turned = (*place[:-1], "r") if place[-1] == "p" else place
            assert back[turned] == pytest.approx(value), place


# --- the project's script


def perturbed(article, chance):
    """An article record made from an annotated article: quotes dropped, moved, invented, their speakers renamed."""
    text = article["text"]

    def moved(span):
        if chance.random() < 0.6:
            return list(span)
        start, end = (x + chance.choice([-9, -2, -1, 0, 1, 2, 9]) for x in span)
        start = min(max(0, start), len(text) - 1)
        return [start, min(len(text), max(start + 1, end))]

    speakers = [renamed(s, article["sources"], chance) for s in article["sources"]]
    ids = [s["id"] for s in speakers]
    quotes = []
    for q in article["quotes"]:
        if chance.random() < (0.85 if q["label"] != "not_speech" else 0.3):
            span = moved((q["start"], q["end"]))
            speaker = q["source"] if chance.random() < 0.7 else chance.choice([None, "s999", *ids])
            within = "q1" if chance.random() < 0.05 else None
            quotes.append(quote(len(quotes) + 1, [span], speaker=speaker, within=within))
    for a in article.get("attributions", ()):
        if chance.random() < 0.85:
            cue, mention = (moved(a[key][0]) if a[key] and chance.random() < 0.9 else None for key in ("cue", "source"))
            spans = [moved(span) for span in a["content"]]
            quotes.append(quote(len(quotes) + 1, spans, quoted=[], cue=cue, mention=mention))
    return record(text, quotes, speakers, id=article["id"])


def renamed(given_source, all_sources, chance):
    """The source, or with another label, other forms, another kind."""
    changed = dict(given_source)
    label = changed["name"] or changed["description"]
    words = label.split()
    key = "name" if changed["name"] else "description"
    changed[key] = chance.choice(
        [label, label, label.upper(), f"the {label}’s", words[-1], words[0], " ".join(words[1:]) or label,
         f"Xenia {words[-1]}", "nobody", chance.choice(all_sources)["name"] or label, *(changed["aliases"] or [label])]
    )  # fmt: skip
    if chance.random() < 0.3:
        changed["aliases"] = []
    if chance.random() < 0.2:
        changed["kind"] = chance.choice(["person", "organization", "document", "anonymous", "group"])
    return changed


def altered(article, chance):
    """The annotated article with a few marks nested and a few sources untold, which the files hold too rarely."""
    article = json.loads(json.dumps(article))
    for q in article["quotes"]:
        if chance.random() < 0.05:
            q["nested"] = True
        if chance.random() < 0.05:
            q["source"] = None
    return article


def leaves(nested, path=()):
    if isinstance(nested, dict):
        for key, value in nested.items():
            yield from leaves(value, (*path, key))
    else:
        yield path, nested


@pytest.mark.skipif(not SCORE.exists(), reason=f"no {SCORE}; set QUOTES_SHARED to the folder that holds eval/score.py")
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("name", ["gold_dev.jsonl", "gold_original_dev.jsonl"])
def test_every_figure_is_that_of_the_projects_script(tmp_path, name, seed):
    if not (SHARED / "eval" / name).exists():
        pytest.skip(f"no {name}")
    chance = random.Random(f"{name} {seed}")
    golds = read_records(SHARED / "eval" / name)
    golds = [altered(article, chance) for article in golds] if seed else golds
    predicted = [perturbed(article, chance) for article in golds]
    files = write(tmp_path / "gold.jsonl", golds), write(tmp_path / "predicted.jsonl", predicted)
    command = [sys.executable, str(SCORE), *map(str, files), "--json", str(tmp_path / "scores.json")]
    subprocess.run(command, check=True, capture_output=True)
    expected = dict(leaves(json.loads((tmp_path / "scores.json").read_text())))
    report = run(files[0], predicted, bootstrap=0).to_dict()
    del report["intervals"]
    assert dict(leaves(report)) == pytest.approx(expected, abs=1e-9)
    assert 0 < expected["speaker_strict", "f1"] < expected["speaker_lenient", "f1"] < expected["detect", "f1"] < 100
