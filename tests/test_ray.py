"""Runs on a local Ray cluster of two actors: pip install -e '.[test,ray]' && python -m pytest -m ray."""

import json
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

import fake_pipeline
from quotes import ray_engine
from quotes.batch import Failure, ModelChoice
from quotes.batch import analyse as analyse_here
from quotes.cli import app
from quotes.errors import ArticleError
from quotes.records import Article

ROOT = Path(__file__).parents[1]
TEXT = '"Word {}," said Maria Okonjo. "No," said a diver.'


class FakeChoice(ModelChoice):
    """Loads the stand-in for the model, whose articles can raise, take long, and kill."""

    def load(self):
        return fake_pipeline.FakeAnalyzer()

    def identity(self):
        return {"model": "fake", "model_hash": "0"}


def run(*args):
    return CliRunner().invoke(app, [*map(str, args)], prog_name="quotes")


@pytest.fixture(scope="module")
def ray():
    ray = pytest.importorskip("ray")
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, logging_level="ERROR")
    yield ray
    ray.shutdown()


def told(outcomes):
    return [o.error.where if isinstance(o, Failure) else (o.article.id, [q.text for q in o.quotes]) for o in outcomes]


@pytest.mark.ray
def test_same_outcomes_in_the_same_order_as_in_one_process(ray, monkeypatch):
    monkeypatch.setattr(ray_engine, "WINDOW", 3)  # several executions
    items = [Article(f"a{i}", "EXPLODE" if i == 7 else TEXT.format(i), fields={"n": i}) for i in range(200)]
    items[5:5] = [ArticleError("x:6", "broken")]
    expected = told(analyse_here(items, FakeChoice()))
    assert len(expected) == 201 and expected[5] == "x:6" and expected[8] == "a7"
    assert told(ray_engine.analyse(items, FakeChoice(), actors=2)) == expected


@pytest.mark.ray
def test_article_that_kills_its_actor_costs_that_article(ray):
    items = [Article(f"a{i}", "DIE" if i == 40 else TEXT.format(i)) for i in range(100)]
    found = list(ray_engine.analyse(items, FakeChoice(), actors=2))
    assert [i for i, o in enumerate(found) if isinstance(o, Failure)] == [40]
    assert "worker process died" in found[40].error.reason


@pytest.mark.ray
def test_article_that_takes_too_long_is_skipped(ray):
    items = [Article("a", TEXT), Article("b", "SLEEP"), Article("c", TEXT)]
    found = list(ray_engine.analyse(items, replace(FakeChoice(), timeout=0.5), actors=1))
    assert [isinstance(o, Failure) for o in found] == [False, True, False]


@pytest.mark.ray
@pytest.mark.model
def test_rows_of_the_samples_are_those_of_one_process(ray, tmp_path, monkeypatch):
    pytest.importorskip("pyarrow")
    monkeypatch.chdir(tmp_path)
    samples = sorted(p for p in (ROOT / "samples").glob("*.txt"))
    for engine in ("local", "ray"):
        done = run(*samples, "--engine", engine, "--jobs", "2", "-o", f"{engine}/", "--part-size", "4")
        assert done.exit_code == 0, done.output
    local, cluster = ({p.name: p.read_bytes() for p in Path(e).iterdir()} for e in ("local", "ray"))
    assert cluster == local and len(local) > 4


def test_address_where_nothing_listens_is_told_at_once(tmp_path, monkeypatch):
    ray = pytest.importorskip("ray")
    monkeypatch.setattr(ray, "is_initialized", lambda: False)
    monkeypatch.setitem(sys.modules, "quotes.pipeline", fake_pipeline)
    (tmp_path / "a.txt").write_text(TEXT)
    done = run(tmp_path / "a.txt", "--engine", "ray", "--address", "127.0.0.1:9")
    assert done.exit_code == 4 and "no Ray cluster at 127.0.0.1:9" in done.output


def test_missing_extra_and_a_lone_address_are_told(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    monkeypatch.setitem(sys.modules, "quotes.pipeline", fake_pipeline)
    (tmp_path / "a.jsonl").write_text(json.dumps({"id": "a", "text": TEXT}) + "\n")
    done = run(tmp_path / "a.jsonl", "--engine", "ray", "-f", "jsonl")
    assert done.exit_code == 4 and "pip install 'newsquotes[ray]'" in done.output
    assert run(tmp_path / "a.jsonl", "--address", "auto").exit_code == 2
