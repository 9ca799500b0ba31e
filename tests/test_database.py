"""SQLite output: keys that hold, search, views, provenance."""

import json
import sqlite3
import sys

import pytest
from typer.testing import CliRunner

import fake_pipeline
from quotes.cli import app

pytest.importorskip("sqlite_utils")

TEXT = '“We told them in March,” said a diver. "Nothing of it," said Maria Okonjo.\n\n"Why?"\n\n"Why?"\n'


@pytest.fixture
def database(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "quotes.pipeline", fake_pipeline)
    articles = [{"id": i, "text": TEXT, "title": f"Ferry {i}", "desk": "harbour"} for i in range(3)]
    (tmp_path / "a.json").write_text(json.dumps([*articles, {"id": 3, "text": "Nothing."}]), encoding="utf8")
    done = CliRunner().invoke(app, [str(tmp_path / "a.json"), "-o", str(tmp_path / "a.db")])
    assert done.exit_code == 0, done.output
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.db", "a.json"]
    connection = sqlite3.connect(tmp_path / "a.db")
    yield connection
    connection.close()


def rows(database, query):
    return database.execute(query).fetchall()


def test_tables_hold_everything_and_their_keys_hold(database):
    counts = [rows(database, f"SELECT count(*) FROM {t}")[0][0] for t in ("articles", "speakers", "quotations")]
    assert counts == [4, 6, 12]
    assert rows(database, "PRAGMA foreign_key_check") == []
    assert {r[2] for r in rows(database, "PRAGMA foreign_key_list(quotations)")} == {"articles", "speakers"}
    (text, fields, title) = rows(database, "SELECT text, fields, title FROM articles WHERE id = '1'")[0]
    assert (text, json.loads(fields), title) == (TEXT, {"desk": "harbour"}, "Ferry 1")
    start, end, words = rows(database, "SELECT start, end, quotation FROM quotations WHERE quote = 'q2'")[0]
    assert TEXT[start:end] == words == '"Nothing of it,"'


def test_words_are_found(database):
    query = "SELECT q.speaker FROM quotations q JOIN quotations_fts f ON f.rowid = q.rowid WHERE quotations_fts MATCH 'march'"
    assert rows(database, query) == [("s1",)] * 3


def test_views_tell_who_speaks(database):
    assert rows(database, "SELECT kind, speaker, quotations, articles FROM by_speaker ORDER BY kind") == [
        ("anonymous", "a diver", 3, 3),
        ("person", "Maria Okonjo", 3, 3),
    ]
    assert rows(database, "SELECT count(*) FROM unnamed") == [(3,)]
    assert rows(database, "SELECT count(*) FROM unattributed") == [(3,)]  # what repeats it is counted once
    assert rows(database, "SELECT sources, persons, anonymous FROM audit") == [(2, 1, 1)] * 3 + [(0, 0, 0)]


def test_provenance_is_told(database):
    about = dict(rows(database, "SELECT key, value FROM provenance"))
    assert (about["model"], about["model_hash"], about["schema"]) == ("fake_2024", "0123456789ab", "1")
