"""The Arrow schema, and the function that clusters map over batches."""

import json
import re
import shutil
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

import fake_pipeline
from quotes.cli import app
from quotes.schema import ARTICLES, QUOTATIONS, TABLES

pa = pytest.importorskip("pyarrow")

from quotes import arrow  # noqa: E402


@pytest.fixture(autouse=True)
def fake(monkeypatch):
    monkeypatch.setitem(sys.modules, "quotes.pipeline", fake_pipeline)
    arrow._analyzer.cache_clear()
    yield
    arrow._analyzer.cache_clear()


def batches(*tables):
    return [pa.RecordBatch.from_pylist(rows) for rows in tables]


def test_batches_of_articles_become_batches_of_quotations():
    texts = ['"Yes," said Lim.', "EXPLODE", None, "Nothing."]
    first = [{"id": str(i), "text": t, "desk": "harbour"} for i, t in enumerate(texts)]
    second = [{"id": "4", "text": '"No," said a diver.', "desk": None}]
    one, two = arrow.attribute_batches(batches(first, second))
    assert one.schema.equals(arrow.output_schema())
    found = [(r["article"], r["speaker"], (r["error"] or "")[:14]) for r in one.to_pylist()]
    assert found == [("0", "Lim", ""), ("1", None, "internal error"), ("row 3", None, "its field 'tex")]
    assert two.to_pylist()[0]["speaker"] == "a diver"


def test_article_without_an_id_is_known_by_its_text():
    rows = [{"body": '"Yes," said Lim.'}, {"body": '"No," said Lim.'}]
    ids = [r["article"] for b in arrow.attribute_batches(batches(rows, rows)) for r in b.to_pylist()]
    assert ids[:2] == ids[2:]
    assert len(set(ids)) == 2


DOCUMENT = (Path(__file__).parents[1] / "docs" / "archives.md").read_text(encoding="utf8")
EXAMPLES = {code.split()[1].split(".")[0]: code for code in re.findall(r"```python\n(.*?)```", DOCUMENT, re.DOTALL)}


def test_every_example_is_tried():
    assert set(EXAMPLES) == {"pyarrow", "duckdb", "pandas", "pyspark"}


@pytest.mark.parametrize("package", ["pyarrow", "duckdb", "pandas"])
def test_documented_example_works(package, capsys):
    pytest.importorskip(package)
    exec(compile(EXAMPLES[package], "archives.md", "exec"), {})
    assert "Maria Okonjo" in capsys.readouterr().out


@pytest.mark.spark
@pytest.mark.model
def test_documented_example_for_spark_works(monkeypatch, capsys):
    pytest.importorskip("pyspark")
    if shutil.which("java") is None:
        pytest.skip("no Java")
    monkeypatch.setenv("PYSPARK_PYTHON", sys.executable)
    found = {}
    exec(compile(EXAMPLES["pyspark"], "archives.md", "exec"), found)
    found["spark"].stop()
    assert "Maria Okonjo" in capsys.readouterr().out


def test_empty_batch_stays_one():
    empty = pa.RecordBatch.from_pylist([], schema=pa.schema([("text", pa.string())]))
    assert [b.num_rows for b in arrow.attribute_batches([empty])] == [0]


def test_schemas_agree():
    done = CliRunner().invoke(app, ["schema"])
    schema = json.loads(done.stdout)
    for name, columns in TABLES.items():
        fields = arrow.arrow_schema(columns)
        assert list(schema["$defs"][name]["properties"]) == [c.name for c in columns] == fields.names
        assert [not f.nullable for f in fields] == [c.required for c in columns]
    told = CliRunner().invoke(app, ["schema", "-f", "arrow"]).stdout
    assert "speaker_kind: string" in told
    assert len({c.name for c in QUOTATIONS}) == len(QUOTATIONS)
    assert len({c.name for c in ARTICLES}) == len(ARTICLES)
