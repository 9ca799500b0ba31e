"""Which quotations to look at: how many, of which confidence, and the same ones again."""

import csv
import sys
from collections import Counter

import pytest
from typer.testing import CliRunner

import fake_pipeline
from quotes.cli import app
from quotes.corrections import read_corrections
from quotes.records import Article, ArticleResult, Attribution, CharSpan
from quotes.sampling import COLUMNS, Sample


def results(*confidences):
    """An article of ten quotations each."""
    for k in range(0, len(confidences), 10):
        spans = (CharSpan(0, 4),)
        quotes = tuple(
            Attribution(f"q{i}", "direct", spans, spans, f"“{k + i}”", None, None, None, 1, confidence=c)
            for i, c in enumerate(confidences[k : k + 10])
        )
        yield ArticleResult(Article(f"a{k}", "“x” "), quotes)


def drawn(number, confidences, **options):
    chosen = Sample(number, **options)
    for result in results(*confidences):
        chosen.add(result)
    return [dict(zip(COLUMNS, row, strict=True)) for row in chosen.rows()]


def test_every_quotation_has_the_same_chance():
    often = Counter(r["quotation"] for seed in range(400) for r in drawn(10, [0.5] * 40, seed=seed))
    assert sum(often.values()) == 4000 and len(often) == 40
    assert min(often.values()) > 60 and max(often.values()) < 140  # 100 each; 4 standard deviations are 35


def test_order_is_that_of_the_input_and_a_seed_gives_the_same_again():
    rows = drawn(7, [0.5] * 100, seed=3)
    places = [int(r["quotation"].strip("“”")) for r in rows]
    assert places == sorted(places) and len(places) == 7
    assert rows == drawn(7, [0.5] * 100, seed=3) != drawn(7, [0.5] * 100, seed=4)
    assert len(drawn(50, [0.5] * 20)) == 20


def test_bands_of_confidence_share_the_sample():
    confidences = [0.95] * 900 + [0.35] * 90 + [0.05] * 3 + [1.0] * 7
    rows = drawn(25, confidences, by_confidence=True)
    bands = Counter(min(int(float(r["confidence"]) * 10), 9) for r in rows)
    assert bands == {9: 2, 3: 3, 0: 3}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "quotes.pipeline", fake_pipeline)
    monkeypatch.chdir(tmp_path)
    for k in range(5):
        (tmp_path / f"{k}.txt").write_text(f"“{k} of them,” said Maria Okonjo. “No,” said a diver.", encoding="utf-8")
    return tmp_path


def test_sample_is_a_table_of_corrections(folder):
    run = CliRunner().invoke
    done = run(app, ["sample", *(f"{k}.txt" for k in range(5)), "--n", "4", "-o", "look.csv"])
    assert done.exit_code == 0, done.output
    with (folder / "look.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 4 and tuple(rows[0]) == COLUMNS
    assert read_corrections(folder / "look.csv").rows == {}
    assert run(app, ["sample", "missing.txt", "-o", "x.csv"]).exit_code == 4
    assert run(app, ["sample", "1.txt", "-o", "look.csv"]).exit_code == 4
    assert run(app, ["sample", "1.txt", "missing.txt", "-o", "x.csv"]).exit_code == 3
