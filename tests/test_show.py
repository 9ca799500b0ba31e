"""The evidence view in a terminal: exact output, with and without colour."""

import json
import sys

import pytest
from typer.testing import CliRunner

import fake_pipeline
from quotes.cli import app


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "quotes.pipeline", fake_pipeline)
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.chdir(tmp_path)
    text = "“We told [b]them[/b],” said Maria Okonjo. “No,” said a diver.\n\n“Why?” \x1b[31mx"
    (tmp_path / "ferry.txt").write_text(text, encoding="utf-8")
    return tmp_path


def run(*args):
    return CliRunner().invoke(app, [*map(str, args)], prog_name="quotes")


def test_text_with_numbers_and_speakers():
    done = run("show", "ferry.txt", "--width", "100")
    assert done.exit_code == 0, done.output
    assert done.stdout.splitlines() == [
        "ferry",
        "ferry.txt",
        "",
        "“We told [b]them[/b],”[1] said Maria Okonjo. “No,”[2] said a diver.",
        "",
        "“Why?”[?] \\x1b[31mx",
        "",
        "[1] Maria Okonjo: person, 1 quotation",
        "[2] ◦ a diver: anonymous, 1 quotation",
        "3 quotations, 2 sources, 1 unnamed (◦), 1 unattributed",
    ]


def test_colour_where_it_is_asked_for():
    out = run("show", "ferry.txt", "--color", "always").stdout
    assert "\x1b[36m“We told" in out and "\x1b[3msaid" in out and "\x1b[4mMaria Okonjo" in out


def test_one_article_of_many(folder):
    lines = [json.dumps({"id": f"a{i}", "text": f"“{i},” said Lim."}) for i in range(3)]
    (folder / "in.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert run("in.jsonl", "-o", "out.jsonl").exit_code == 0
    for source in ("in.jsonl", "out.jsonl"):
        out = run("show", source, "a1").stdout
        assert "“1,”[1]" in out and "“2,”" not in out
    assert run("show", "in.jsonl").stdout.count("1 quotation, 1 source") == 3
    assert run("show", "in.jsonl", "a9").exit_code == 2
    assert run("show", "missing.txt").exit_code == 4
