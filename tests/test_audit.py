"""The audit's figures: by hand, by property, by every file that holds the same story, and as a gate."""

import csv
import io
import json
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

import fake_pipeline
from quotes.audit import NAMES, NO_GROUP, STORY_COLUMNS, Audit, audit_story, group_of, read_gates
from quotes.cli import app
from quotes.errors import InputError
from quotes.stored import Story, StoryQuotation, StorySource

OKONJO = StorySource("Maria Okonjo", "Maria Okonjo", "person", "mayor of Velsen")
BOARD = StorySource("Harbour Board", "Harbour Board", "organization")
AIDE = StorySource("an aide to the mayor", None, "anonymous")
OFFICIALS = StorySource("two officials", None, "group")
MEMO = StorySource("a leaked memo", None, "document")


def story(*quotations, sources=(OKONJO, AIDE, OFFICIALS, MEMO, BOARD), text=None, **about):
    """A story of (source or None, words, kind) each."""
    used = tuple(s for s in sources if any(q[0] is s for q in quotations))
    told = tuple(StoryQuotation(used.index(s) if s else None, kind, words, 0) for s, words, kind in quotations)
    return Story("a", about.pop("day", None), about, about.pop("copy", False), used, told, text)


def test_one_story_counted_by_hand():
    text = "An aide, who asked not to be named because talks go on, said no. Two officials said yes."
    found = audit_story(
        story(
            (OKONJO, 20, "direct"), (AIDE, 10, "mixed"), (OKONJO, 5, "indirect"), (OFFICIALS, 15, "indirect"),
            (None, 40, "direct"), (MEMO, 10, "direct"),
            text=text, title="Ferry",
        )
    )  # fmt: skip
    assert (found.sources, found.identified, found.unnamed) == (4, 2, 2)
    assert (found.quotations, found.direct, found.mixed, found.indirect, found.unattributed) == (6, 3, 1, 2, 1)
    assert (found.words, found.unnamed_quotations, found.unnamed_words) == (100, 2, 25)
    assert [(v.place, v.source.label, v.quotations, v.words, v.share) for v in found.voices] == [
        (1, "Maria Okonjo", 2, 25, 0.25),
        (2, "an aide to the mayor", 1, 10, 0.1),
        (3, "two officials", 1, 15, 0.15),
        (4, "a leaked memo", 1, 10, 0.1),
    ]
    assert (found.described, found.explained, found.asked) == (1, 2, 0)  # both mentions of this test begin at 0
    row = found.row()
    assert tuple(row) == STORY_COLUMNS
    assert (row["persons"], row["documents"], row["anonymous"], row["groups"]) == (1, 1, 1, 1)
    assert (row["first_voice"], row["organizations"]) == ("Maria Okonjo", 0)
    assert (row["single_source"], row["unnamed_only"], row["title"]) == (False, False, "Ferry")


def test_story_without_text_does_not_know_reasons():
    found = audit_story(story((AIDE, 10, "direct")))
    assert (found.explained, found.asked, found.row()["unnamed_only"], found.row()["single_source"]) == (None, None, True, True)


@pytest.mark.parametrize(
    ("label", "described"),
    [
        ("a source", False),
        ("officials", False),
        ("two U.S. officials", True),
        ("a senior diplomat", True),
        ("several others", False),
        ("a person familiar with the talks", True),
    ],
)
def test_unnamed_source_is_described_by_more_than_that_it_is_one(label, described):
    assert audit_story(story((s := StorySource(label, None, "anonymous"), 5, "direct"), sources=[s])).described == described


def test_archive_counted_by_hand():
    audit = Audit()
    for told in (
        story((OKONJO, 10, "direct"), (AIDE, 10, "direct")),
        story((AIDE, 30, "direct")),
        story((OKONJO, 20, "mixed"), (BOARD, 10, "indirect"), (MEMO, 10, "direct"), (None, 10, "direct")),
        story(),
        story((OKONJO, 999, "direct"), copy=True),
    ):
        audit.add(audit_story(told))
    assert (audit.stories, audit.copies, audit.quotations) == (4, 1, 7)
    found = {m.name: m for m in audit.measures()}
    assert tuple(found) == tuple(sorted(NAMES, key=list(found).index)) and set(found) == set(NAMES)
    numbers = {name: found[name].value for name in NAMES}
    assert numbers == {
        "stories": 4, "quotations": 7, "median_sources": 1.5, "median_identified": 0.5, "median_words": 25,
        "no_source": 1, "single_source": 1, "identified_0": 2, "identified_1": 1, "identified_2_3": 1, "identified_4": 0,
        "with_unnamed": 2, "unnamed_only": 1, "with_unattributed": 1,
        "unnamed_sources": 2, "unnamed_quotations": 2, "unnamed_words": 40, "unattributed": 1,
        "direct": 5, "mixed": 1, "indirect": 1, "described": 2, "explained": None, "asked": None,
    }  # fmt: skip
    assert found["unnamed_words"].of == 100 and found["unnamed_words"].share == 0.4
    assert found["unnamed_only"].share == 0.25


def test_intervals_are_those_of_the_books():
    audit = Audit()
    for k in range(20):
        audit.add(audit_story(story((AIDE if k < 5 else OKONJO, 10, "direct"))))
    found = {m.name: m for m in audit.measures()}
    # Wilson's for 5 of 20: 11.2 to 46.9 %; order statistics of twenty ones
    assert (round(found["unnamed_only"].low, 3), round(found["unnamed_only"].high, 3)) == (0.112, 0.469)
    assert (found["median_sources"].value, found["median_sources"].low, found["median_sources"].high) == (1, 1, 1)
    # all stories alike in size: a ratio's variance is that of a share of stories, n-1 for n
    half = 1.959964 * (0.25 * 0.75 / 19) ** 0.5
    words = found["unnamed_words"]
    assert (words.low, words.high) == (pytest.approx(0.25 - half), pytest.approx(0.25 + half))
    assert [m.value for m in Audit().measures()][:3] == [0, 0, None]


SOURCES = st.sampled_from([OKONJO, AIDE, OFFICIALS, MEMO, BOARD, None])
KINDS = st.sampled_from(["direct", "mixed", "indirect"])
STORIES = st.lists(st.lists(st.tuples(SOURCES, st.integers(0, 60), KINDS), max_size=6), max_size=8)


@given(STORIES)
def test_parts_add_up_and_a_story_more_lowers_no_count(drawn):
    audit, before = Audit(), {}
    for told in drawn:
        one = audit_story(story(*told))
        assert one.identified + one.unnamed == one.sources
        assert one.direct + one.mixed + one.indirect == one.quotations
        assert sum(v.words for v in one.voices) + sum(w for s, w, _ in told if s is None) == one.words
        assert sum(v.share for v in one.voices) <= 1 + 1e-9
        audit.add(one)
        found = {m.name: m for m in audit.measures()}
        for name, measure in found.items():
            if not name.startswith("median") and measure.value is not None:
                assert measure.value >= before.get(name, 0)
            if measure.share is not None and measure.low is not None:
                assert 0 <= measure.low <= measure.share + 1e-9 and measure.share - 1e-9 <= measure.high <= 1
        before = {name: m.value or 0 for name, m in found.items()}
    if drawn:
        classes = [found[f"identified_{n}"].value for n in ("0", "1", "2_3", "4")]
        assert sum(classes) == len(drawn)


def test_groups_by_outlet_author_month_and_any_column():
    told = story((OKONJO, 1, "direct"), day="2024-05-07", publisher="Quay Times", byline="Ann  Writer", desk="harbour")
    assert [group_of(told, c) for c in ("outlet", "author", "month", "year", "desk", "section")] == [
        "Quay Times", "Ann Writer", "2024-05", "2024", "harbour", NO_GROUP,
    ]  # fmt: skip
    assert group_of(story((OKONJO, 1, "direct"), day="2024"), "month") == NO_GROUP


@pytest.mark.parametrize(
    ("gate", "told"),
    [
        ("unnamed_only>0", "stories with unnamed sources only: 1 (unnamed_only>0)"),
        ("unnamed_only > 1", None),
        ("unnamed_words>=50%", "quoted words of unnamed sources: 50% (unnamed_words>=50%)"),
        ("unnamed_words>50%", None),
        ("median_sources<2", "sources a story, median: 1 (median_sources<2)"),
        ("explained<1", None),  # not known
        ("stories=2", "stories: 2 (stories=2)"),
    ],
)
def test_gates(gate, told):
    audit = Audit()
    for one in (story((OKONJO, 10, "direct")), story((AIDE, 10, "direct"))):
        audit.add(audit_story(one))
    assert read_gates([gate])[0].failed(audit.measures()) == told


@pytest.mark.parametrize("gate", ["unnamed_only", "unnamed>0", "unnamed_only>x", "", "unnamed_only>>1"])
def test_what_is_no_gate_is_told(gate):
    with pytest.raises(InputError, match=r"is no condition|there is no measure"):
        read_gates([gate])


# --- the command


@pytest.fixture
def archive(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "quotes.pipeline", fake_pipeline)
    monkeypatch.chdir(tmp_path)
    texts = [
        '"We told them," said Maria Okonjo. "Nothing of it," said a diver. "Why?"',
        '"They knew," said an official, who asked not to be named because talks go on.',
        "Nothing.",
    ]
    about = [{"publisher": "Quay Times", "desk": "harbour"}, {"publisher": "Gull"}, {"publisher": "Quay Times"}]
    told = [{"id": f"a{i}", "text": texts[i], "published": "2024-05-01", **about[i]} for i in range(3)]
    (tmp_path / "in.jsonl").write_text("".join(json.dumps(t) + "\n" for t in told), encoding="utf-8")
    return tmp_path


def run(*args):
    return CliRunner().invoke(app, [*map(str, args)], prog_name="quotes")


def figures(*args):
    done = run("audit", *args, "-f", "json")
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


@pytest.mark.parametrize("output", ["out.jsonl", "out.json", "out.db", "jsonl/", "parquet/", "out.csv", "out.tsv"])
def test_same_figures_from_articles_and_from_every_output_of_ours(archive, output):
    if output in ("parquet/", "out.db"):
        pytest.importorskip("pyarrow" if output == "parquet/" else "sqlite_utils")
    live = figures("in.jsonl", "--by", "outlet,desk")
    assert live["measures"]["stories"]["value"] == 3 and live["measures"]["explained"]["value"] == 1
    assert set(live["by"]["outlet"]) == {"Gull", "Quay Times"} and set(live["by"]["desk"]) == {"harbour", NO_GROUP}
    assert run("in.jsonl", "-o", output, *(["-f", "jsonl"] if output == "jsonl/" else [])).exit_code == 0
    stored = figures(output, "--by", "outlet,desk")
    if output.startswith("out.") and output[4:] in ("csv", "tsv"):  # they have no article without quotations
        assert stored["measures"]["stories"]["value"] == 2
        assert stored["measures"]["unnamed_words"]["value"] == live["measures"]["unnamed_words"]["value"]
        return
    if output == "parquet/":  # nor its text
        for found in (live, stored):
            for one in (found["measures"], *(g for by in found["by"].values() for g in by.values())):
                one.pop("explained"), one.pop("asked")
    assert stored == live


def test_row_a_story(archive):
    done = run("audit", "in.jsonl", "-f", "csv")
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert [(r["article"], r["sources"], r["unnamed"], r["unattributed"], r["unnamed_only"]) for r in rows] == [
        ("a0", "2", "1", "1", "false"),
        ("a1", "1", "1", "0", "true"),
        ("a2", "0", "0", "0", "false"),
    ]
    assert run("audit", "in.jsonl", "-o", "rows.jsonl").exit_code == 0
    assert [json.loads(line)["article"] for line in (archive / "rows.jsonl").open(encoding="utf-8")] == ["a0", "a1", "a2"]


def test_one_story_in_the_terminal(archive):
    (archive / "a.txt").write_text('"They knew," said an official. "They did not," said an official.', encoding="utf-8")
    lines = run("audit", "a.txt", "--width", "160").stdout.splitlines()
    assert lines[1].startswith("1 source: 0 identified, 1 unnamed (◦); 2 quotations: 2 direct, 0 mixed, 0 indirect")
    assert lines[4].split()[:5] == ["1", "◦", "an", "official", "anonymous"]
    assert [line.strip() for line in lines[5:]] == [
        "A single source.",
        "Rests on unnamed sources only.",
        "100 % of the quoted words are those of unnamed sources.",
        "1 unnamed source without a stated reason.",
    ]


def test_archive_in_the_terminal(archive):
    out = run("audit", "in.jsonl", "--by", "outlet,colour", "--width", "120")
    lines = {line.split("  ")[0].strip(): line.split() for line in out.stdout.splitlines()}
    assert lines["stories with unnamed sources only"][5:7] == ["1", "33.3%"]
    assert lines["Gull"][1:] == ["1", "1", "100.0%", "100.0%", "100.0%", "100.0%"]
    assert "no story has a colour" in out.output


def test_gate_bad_input_and_nothing_at_all(archive):
    failed = run("audit", "in.jsonl", "--fail-on", "unnamed_only>0")
    assert failed.exit_code == 1 and "stories with unnamed sources only: 1" in failed.output
    assert run("audit", "in.jsonl", "--fail-on", "unnamed_only>1").exit_code == 0
    assert run("audit", "in.jsonl", "--fail-on", "x>1").exit_code == 4
    (archive / "bad.txt").write_bytes(b"a\0b")
    some = run("audit", "in.jsonl", "bad.txt", "missing.txt")
    assert some.exit_code == 3 and "missing.txt" in some.output
    assert run("audit", "bad.txt").exit_code == 4
    assert run("audit", "missing.txt").exit_code == 4


def test_page_with_bars(archive):
    assert run("audit", "in.jsonl", "--by", "outlet", "-o", "audit.html").exit_code == 0
    page = (archive / "audit.html").read_text(encoding="utf-8")
    assert page.count("<table>") == 2 and "By outlet" in page and "Quay Times" in page
    assert 'aria-label="33.3 %"' in page and "style=" not in page and "<script" not in page
    assert run("audit", "in.jsonl", "-f", "html").stdout.startswith("<!doctype html>")


def test_none_of_all_quotations_is_not_certain_to_be_none():
    audit = Audit()
    for _ in range(20):
        audit.add(audit_story(story((OKONJO, 10, "direct"), (OKONJO, 10, "direct"))))
    found = {m.name: m for m in audit.measures()}
    assert (found["unattributed"].low, round(found["unattributed"].high, 3)) == (0.0, 0.161)  # Wilson's for 0 of 20
    assert (round(found["direct"].low, 3), found["direct"].high) == (0.839, 1.0)
