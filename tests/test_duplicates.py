"""Near-duplicate articles: marked, collapsed, the same whatever the rest of the run."""

import csv
import io
import json
import random
import sys

import pytest
from typer.testing import CliRunner

import fake_pipeline
from quotes.cli import app
from quotes.records import Article

pytest.importorskip("rensa")

from quotes.duplicates import Duplicates

RNG = random.Random(3)
WORDS = [f"word{RNG.randrange(3000)}" for _ in range(400)]


def article(name, words):
    return Article(name, " ".join(words))


def mark(*articles, **options):
    return [(a.id, a.fields.get("duplicate_of")) for a in Duplicates(**options).mark(articles)]


COPIES = [
    ("the same", WORDS, True),
    ("another lede", ["lede"] * 30 + WORDS, True),
    ("cut at the end", WORDS[:330], True),
    ("a word in thirty changed", [w if i % 30 else "other" for i, w in enumerate(WORDS)], True),
    ("half of it", WORDS[:180], False),
    ("the same words in another order", sorted(WORDS), False),
    ("another article", [f"term{i}" for i in range(400)], False),
]


@pytest.mark.parametrize(("name", "words", "same"), COPIES, ids=[c[0] for c in COPIES])
def test_copies_are_given_the_first_ones_id(name, words, same):
    between = [article(f"x{i}", [f"{i}-{k}" for k in range(200)]) for i in range(20)]
    found = mark(article("first", WORDS), *between, article("copy", words))
    assert found[-1] == ("copy", "first" if same else None)
    assert {d for _, d in found[:-1]} == {None}


def test_group_is_the_first_ones_also_for_a_copy_of_a_copy():
    found = mark(article("a", WORDS), article("b", WORDS[20:]), article("c", WORDS[20:380]))
    assert found == [("a", None), ("b", "a"), ("c", "a")]


def test_short_texts_and_errors_pass():
    from quotes.errors import ArticleError

    error = ArticleError("a.txt", "broken")
    items = [Article("a", "No."), error, Article("b", "No.")]
    found = list(Duplicates(collapse=True).mark(items))
    assert (found[0].id, found[1], found[2].id) == ("a", error, "b")


@pytest.fixture
def copies(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "quotes.pipeline", fake_pipeline)
    monkeypatch.chdir(tmp_path)
    text = '"Yes," said Lim. ' + " ".join(WORDS)
    texts = [text, '"No," said Lim. ' + " ".join(reversed(WORDS)), text + " more"]
    lines = [json.dumps({"id": str(i), "text": t}) + "\n" for i, t in enumerate(texts)]
    (tmp_path / "a.jsonl").write_text("".join(lines))


def run(*args):
    return CliRunner().invoke(app, ["a.jsonl", *args])


def test_marked_in_every_output(copies):
    rows = list(csv.DictReader(io.StringIO(run("-f", "csv", "--mark-duplicates").stdout)))
    assert [(r["article"], r["duplicate_of"]) for r in rows[-1:]] == [("2", "0")]
    parquet = pytest.importorskip("pyarrow.parquet")
    assert run("-o", "out/", "--mark-duplicates").exit_code == 0
    for table in ("quotations", "articles"):
        found = parquet.read_table(f"out/{table}-00000.parquet").to_pylist()
        assert [(r["duplicate_of"], r["fields"]) for r in found] == [(None, None), (None, None), ("0", None)]


def test_collapsed_ones_are_left_out_and_counted(copies):
    done = run("-f", "jsonl", "--collapse-duplicates")
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == ["0", "1"]
    assert "nearly the same as an earlier one: 1" in done.stderr
