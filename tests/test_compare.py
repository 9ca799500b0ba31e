"""Two versions of an article, two sets of results: what changed."""

import csv
import io
import json
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

import fake_pipeline
from quotes.cli import app
from quotes.compare import compare, compare_stories, word_by_word
from quotes.stored import Story, StoryQuotation, StorySource

OKONJO = StorySource("Maria Okonjo", "Maria Okonjo", "person", None, ("Okonjo",))
SHORT = StorySource("Okonjo", "Okonjo", "person")
OFFICIAL = StorySource("an official", None, "anonymous")


def story(*quotations, ident="a"):
    """A story of (text, source or None) each."""
    sources = tuple(dict.fromkeys(s for _, s in quotations if s))
    told = tuple(StoryQuotation(sources.index(s) if s else None, "direct", len(t.split()), None, t) for t, s in quotations)
    return Story(ident, None, {}, False, sources, told)


def told(old, new):
    return [(d.change, d.old, d.new, d.old_speaker, d.new_speaker) for d in compare_stories(old, new)]


def test_added_dropped_reworded_and_attributed_anew():
    old = story(
        ("“We told them in March,”", OKONJO), ("“It leaked.”", OFFICIAL), ("“Nobody wrote back to us,”", OKONJO),
        ("“Why?”", None),
    )  # fmt: skip
    new = story(
        ("“We told them in May,”", OKONJO), ("“Nobody wrote back to us,”", OFFICIAL), ("“Ask the board of the harbour.”", None),
        ("“Why?”", None),
    )  # fmt: skip
    assert told(old, new) == [
        ("reworded", "“We told them in March,”", "“We told them in May,”", "Maria Okonjo", "Maria Okonjo"),
        ("dropped", "“It leaked.”", None, "an official", None),
        ("attributed anew", "“Nobody wrote back to us,”", "“Nobody wrote back to us,”", "Maria Okonjo", "an official"),
        ("added", None, "“Ask the board of the harbour.”", None, None),
    ]


def test_another_form_of_a_name_is_no_change_and_marks_alone_are_one_of_wording():
    assert told(story(("“No.”", OKONJO)), story(("“No.”", SHORT))) == []
    assert told(story(("“No.”", SHORT)), story(("“No.”", OKONJO))) == []
    assert [d[0] for d in told(story(("“No.”", OKONJO)), story(('"No."', OKONJO)))] == ["reworded"]
    assert [d[0] for d in told(story(("“No.”", OKONJO)), story(("“No.”", None)))] == ["attributed anew"]


def test_reworded_and_attributed_anew_are_two_changes():
    found = told(story(("“We told them in March,”", OKONJO)), story(("“We told them in May,”", OFFICIAL)))
    assert [d[0] for d in found] == ["reworded", "attributed anew"]


def test_articles_are_paired_by_id_but_two_alone_are_a_pair():
    one, other = story(("“No.”", OKONJO), ident="monday"), story(("“No.”", OKONJO), ident="tuesday")
    assert list(compare([one], [other])) == []
    third = story(("“Yes.”", OKONJO), ident="x")
    found = [(d.article, d.change, d.old, d.new) for d in compare([one, third], [other, third])]
    assert found == [
        ("tuesday", "article added", None, "1 quotation"),
        ("monday", "article dropped", "1 quotation", None),
    ]
    assert [d.change for d in compare([], [one])] == ["article added"]
    assert [d.change for d in compare([one], [])] == ["article dropped"]


TEXTS = st.lists(st.tuples(st.text("ab “”.,", min_size=1, max_size=12), st.sampled_from([OKONJO, OFFICIAL, None])), max_size=6)


@given(TEXTS, TEXTS)
def test_every_quotation_of_both_is_accounted_for(old, new):
    before, after = story(*old), story(*new)
    assert told(before, before) == []
    found = told(before, after)
    dropped, added = (sum(d[0] == change for d in found) for change in ("dropped", "added"))
    assert len(old) - dropped == len(new) - added


@given(st.text(max_size=60), st.text(max_size=60))
def test_pieces_give_either_text(old, new):
    pieces = word_by_word(old, new)
    assert "".join(t for tag, t in pieces if tag != "added") == old
    assert "".join(t for tag, t in pieces if tag != "dropped") == new


def test_many_changed_quotations_take_no_square_of_time():
    old = story(*((f"“{k} and {k * 7} of them came to the house,”", OKONJO) for k in range(3000)))
    new = story(*((f"“{k} and {k * 11} of us went from the house,”", OKONJO) for k in range(3000)))
    assert len(told(old, new)) >= 3000


# --- the command


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "quotes.pipeline", fake_pipeline)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "monday.txt").write_text('"We told them in March," said Maria Okonjo. "No," said an official.')
    (tmp_path / "tuesday.txt").write_text('"We told them in May," said Maria Okonjo. "No," said Amos Lim. "Why?"')
    return tmp_path


def run(*args):
    return CliRunner().invoke(app, [*map(str, args)], prog_name="quotes")


def test_two_articles_in_the_terminal(folder):
    done = run("diff", "monday.txt", "tuesday.txt")
    assert done.exit_code == 0, done.output
    assert done.stdout.splitlines() == [
        "tuesday",
        "  reworded: Maria Okonjo",
        '    "We told them in [-March-]{+May+},"',
        "  attributed anew: an official → Amos Lim",
        '    "No,"',
        "  added: not told",
        '    {+"Why?"+}',
    ]
    assert run("diff", "monday.txt", "monday.txt").stdout.strip() == "No differences."
    assert run("diff", "monday.txt", "tuesday.txt", "--exit-code").exit_code == 1
    assert run("diff", "monday.txt", "monday.txt", "--exit-code").exit_code == 0


def test_results_and_articles_in_every_format(folder):
    assert run("monday.txt", "-o", "old.jsonl").exit_code == 0
    rows = list(csv.DictReader(io.StringIO(run("diff", "old.jsonl", "tuesday.txt", "-f", "csv").stdout)))
    assert [r["change"] for r in rows] == ["reworded", "attributed anew", "added"]
    assert (rows[1]["old_speaker"], rows[1]["new_speaker"], rows[2]["old"]) == ("an official", "Amos Lim", "")
    lines = run("diff", "old.jsonl", "tuesday.txt", "-f", "jsonl").stdout.splitlines()
    assert [json.loads(line) for line in lines] == json.loads(run("diff", "old.jsonl", "tuesday.txt", "-f", "json").stdout)
    assert run("diff", "old.jsonl", "tuesday.txt", "-o", "d.csv").exit_code == 0
    assert (folder / "d.csv").read_text(encoding="utf-8").count("\n") == 4


def test_bad_input_is_told(folder):
    assert run("diff", "monday.txt", "missing.txt").exit_code == 4
    (folder / "bad.txt").write_bytes(b"a\0b")
    assert run("diff", "bad.txt", "bad.txt").exit_code == 4
    assert run("diff", "monday.txt", "bad.txt").exit_code == 3
