"""The sample articles and their expected records (`docs/samples.md`)."""

import copy
import json
import re
from pathlib import Path

import pytest

from contract import breaches
from quotes.quotations import find_quotations

ROOT = Path(__file__).parents[1]
SAMPLES, EXPECTED = ROOT / "samples", ROOT / "tests" / "samples"
ARTICLES = sorted([*SAMPLES.glob("*.txt"), *SAMPLES.glob("*.html")])
_README_LINE = re.compile(r"^\| \[(?P<file>[\w.-]+)\]\(\.\./samples/(?P=file)\) \| (?P<marks>\S+) \| .+ \|$", re.MULTILINE)


def expected(name: str) -> dict:
    return json.loads((EXPECTED / f"{name}.json").read_text(encoding="utf8"))


RECORDS = {path.stem: expected(path.stem) for path in ARTICLES}
each_article = pytest.mark.parametrize("path", ARTICLES, ids=lambda p: p.stem)
each_record = pytest.mark.parametrize("record", RECORDS.values(), ids=RECORDS)


def by_words(record: dict, words: str) -> dict:
    """The first quote whose text holds `words`, outermost before nested."""
    return next(quote for quote in record["quotes"] if words in quote["text"])


def speaker_of(record: dict, words: str) -> dict:
    quote = by_words(record, words)
    return next(speaker for speaker in record["speakers"] if speaker["id"] == quote["speaker"])


def test_every_sample_has_a_record_and_a_line_in_the_readme():
    names = {path.name for path in ARTICLES}
    assert {f"{path.stem}.json" for path in ARTICLES} == {path.name for path in EXPECTED.iterdir()}
    assert {m["file"] for m in _README_LINE.finditer((ROOT / "docs" / "samples.md").read_text(encoding="utf8"))} == names
    assert len(names) >= 8


@each_article
def test_record_has_the_text_and_path_of_its_file(path):
    record = RECORDS[path.stem]
    assert (record["id"], record["path"]) == (path.stem, f"samples/{path.name}")
    if path.suffix == ".txt":
        assert path.read_bytes().decode() == record["text"]
        return
    pytest.importorskip("trafilatura")
    from quotes.web_pages import read_page

    page = read_page(path.read_text(encoding="utf8"), str(path))
    assert page.text == record["text"]
    for key in ("title", "byline", "published", "publisher", "url"):
        assert getattr(page, key) == record[key] is not None


@each_record
def test_record_keeps_the_contract(record):
    assert breaches(record) == []


@each_record
def test_every_mark_of_a_record_is_speech_or_judged_not_to_be(record):
    text = record["text"]
    spans, warnings = find_quotations(text)
    assert warnings == record["warnings"] == []
    accounted = [span for quote in record["quotes"] for span in quote["quoted"]] + record["not_speech"]
    for mark in spans:
        inside = any(a <= mark.span.start and mark.span.end <= b for a, b in accounted)
        assert inside, text[mark.span.start : mark.span.end]


@each_article
def test_sample_uses_the_marks_that_the_readme_names(path):
    lines = _README_LINE.finditer((ROOT / "docs" / "samples.md").read_text(encoding="utf8"))
    glyph = next(line["marks"] for line in lines if line["file"] == path.name)
    text = RECORDS[path.stem]["text"]
    outer = [text[mark.span.start : mark.span.end] for mark in find_quotations(text)[0] if mark.depth == 0]
    if glyph == "none":
        assert len(outer) <= 3
    else:
        assert len(outer) >= 8
        assert all(words.startswith(glyph) for words in outer)


@each_article
def test_sample_is_short_enough_to_read(path):
    assert 250 <= len(RECORDS[path.stem]["text"].split()) <= 450


def test_headline_given_again_below_points_to_the_first():
    record = RECORDS["last-doctor"]
    first, second = [q for q in record["quotes"] if "a pharmacy and no prescriptions" in q["text"]]
    assert (first["mention"], second["repeats"]) == (None, first["id"])
    assert first["speaker"] == second["speaker"]


def test_lede_as_title_and_summary_points_to_the_first():
    quotes = [q for q in RECORDS["quiet-week"]["quotes"] if "karaoke" in q["text"]]
    assert [q["repeats"] for q in quotes] == [None, "q1", "q1"]


def test_quotation_over_three_paragraphs_has_one_speaker():
    record = RECORDS["herons-final"]
    chain = [by_words(record, words) for words in ("until the second set", "People will say", "So I asked her")]
    assert [q["continues"] for q in chain[1:]] == [q["id"] for q in chain[:-1]]
    assert {speaker_of(record, q["text"])["name"] for q in chain} == {"Zawadi Mwakio"}


def test_two_diplomats_and_an_official_are_three_sources():
    record = RECORDS["karsa-corridor"]
    found = [speaker_of(record, w) for w in ("Nobody wrote it down", "reopened in principle", "Ask me in a week")]
    assert len({speaker["id"] for speaker in found}) == 3
    assert {speaker["kind"] for speaker in found} == {"anonymous"}


@pytest.mark.parametrize(
    ("sample", "outer", "inner", "speaker"),
    [
        ("alpine-dam", "The company told me", "‹Madame, there are helicopters›", "Forces Motrices de l’Orsenne"),
        ("sand-creek-bridge", "She texted me", "‘Dad, get the tractor home,’", "Inez Quiroga"),
        ("herons-final", "So I asked her", "‘Which one?’", "Naliaka Barasa"),
    ],
)
def test_words_of_one_inside_words_of_another_have_their_own_speaker(sample, outer, inner, speaker):
    record = RECORDS[sample]
    nested = next(q for q in record["quotes"] if q["text"] == inner)
    assert nested["within"] == by_words(record, outer)["id"]
    assert next(s for s in record["speakers"] if s["id"] == nested["speaker"])["name"] == speaker


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (lambda r: r.pop("warnings"), "no key 'warnings'"),
        (lambda r: r["quotes"][0]["spans"][0].__setitem__(1, 10**6), "no span of the text"),
        (lambda r: r["quotes"][0].update(text="Other words"), "its text is not its spans'"),
        (lambda r: r["quotes"][0].update(kind="indirect"), "kind 'indirect' with 1 quoted parts"),
        (lambda r: r["quotes"][0].update(quoted=[[0, 1]]), "lies outside the content"),
        (lambda r: r["quotes"][0].update(speaker="s99"), "unknown speaker"),
        (lambda r: r["quotes"][0].update(continues="q1"), "continues 'q1'"),
        (lambda r: r["quotes"][0].update(confidence=1.5), "confidence 1.5"),
        (lambda r: r["quotes"][0]["cue"].update(start=0), "cue is not its slice"),
        (lambda r: r["quotes"].reverse(), "not in order"),
        (lambda r: r["speakers"].reverse(), "speakers are not in order"),
        (lambda r: r["speakers"][0].update(name=None), "a person without a name"),
        (lambda r: r["speakers"][0].update(kind="group"), "group with a name"),
        (lambda r: r["speakers"][0]["aliases"].append("Nobody Here"), "is not in the text"),
        (lambda r: r["speakers"].append({**r["speakers"][0], "id": "s50"}), "no quote points to it"),
        (lambda r: r["not_speech"].append([5, 5]), "no span of the text"),
    ],
)
def test_breach_of_the_contract_is_found(change, complaint):
    record = copy.deepcopy(RECORDS["alpine-dam"])
    change(record)
    assert any(complaint in breach for breach in breaches(record))
