"""Which inputs are results of ours, and which are articles to read."""

import json

import pytest

from quotes.stored import is_result

RECORD = {"id": "a", "path": None, "text": "x" * 100_000, "quotes": [], "speakers": []}


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.jsonl", json.dumps(RECORD) + "\n", True),
        ("a.json", json.dumps([RECORD]), True),
        ("a.json", json.dumps(RECORD), True),
        ("a.jsonl", json.dumps({"id": "a", "path": "b", "text": "c"}) + "\n", False),
        ("a.json", "[]", False),
        ("a.json", "{", False),
        ("a.jsonl", "", False),
        ("a.csv", "article,n,speaker_kind,quotation\n", True),
        ("a.tsv", "article\tspeaker_kind\tquotation\n", True),
        ("a.csv", "id,text\n", False),
        ("a.txt", json.dumps(RECORD), False),
        ("a.html", "<p>", False),
    ],
)
def test_results_are_known_by_what_they_hold(tmp_path, name, content, expected):
    (tmp_path / name).write_text(content, encoding="utf-8")
    assert is_result(str(tmp_path / name)) is expected


def test_folders_and_what_is_missing(tmp_path):
    assert not is_result(str(tmp_path)) and not is_result(str(tmp_path / "missing.jsonl"))
    (tmp_path / "manifest.jsonl").write_text("{}\n")
    assert is_result(str(tmp_path))
