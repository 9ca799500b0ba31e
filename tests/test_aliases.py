"""The file of aliases: what it says, what is wrong with it, and what becomes of an article's speakers."""

import csv
import json
import sys

import pytest
from typer.testing import CliRunner

import fake_pipeline
from quotes.aliases import Entity, name_key, read_aliases
from quotes.cli import app
from quotes.errors import InputError
from quotes.records import Article, ArticleResult, Attribution, CharSpan, Source


def read(tmp_path, text, encoding="utf-8"):
    path = tmp_path / "aliases.csv"
    path.write_bytes(text.encode(encoding))
    return read_aliases(path)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Jürgen Köhler", "JURGEN KOHLER"),
        ("J. R. Mbanefo", "j.r. mbanefo"),
        ("The Harbour  Board", "harbour board"),
        ("The", "the"),
    ],
)
def test_names_are_compared_without_case_accents_and_points(one, other):
    assert name_key(one) == name_key(other)


def test_alias_has_the_name_and_id_of_its_row(tmp_path):
    rows = ["\ufeffname,alias,id,note", "Ruth Okello,R. Okello,Q1,sure", "Ruth Okello,Ruthie Okello,,", "Board,,Q2,"]
    found = read(tmp_path, "\r\n".join(rows))
    assert found.entity("R Okello") == found.entity("ruthie okello") == found.entity("Ruth Okello") == ("Ruth Okello", "Q1")
    assert found.entity("the board") == Entity("Board", "Q2")
    assert found.entity("Okello") is None


def test_alias_of_an_alias_is_one_too(tmp_path):
    found = read(tmp_path, "name,alias,id\nB,A\nC,B,Q3\n")
    assert found.entity("a") == found.entity("c") == Entity("C", "Q3")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name;alias\nA;B\n", "has no column 'name'"),
        ("", "has no column 'name'"),
        ("name,id\nA,1\n", "has no column 'alias'"),
        ("name,alias\n,B\n", "line 2: the name is missing"),
        ("name,alias\nA,B\nC,b\n", "line 3: 'b' is an alias of 'A' already"),
        ("name,alias,id\nA,B,Q1\na,C,Q2\n", "line 3: 'a' has the id 'Q2' here and 'Q1' in line 2"),
        ("name,alias\nA,B\nB,A\n", "lead back to it"),
        ('name,alias\nA,"' + "B" * 200_000 + '"\n', "field larger"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path, text, message):
    with pytest.raises(InputError, match=message):
        read(tmp_path, text)


def test_file_that_cannot_be_read_is_told(tmp_path):
    with pytest.raises(InputError, match="is not UTF-8"):
        read(tmp_path, "name,alias\nJosé,Jose\n", "latin-1")
    with pytest.raises(InputError, match="cannot be read"):
        read_aliases(tmp_path / "missing.csv")


def test_speakers_get_name_and_id_and_become_one(tmp_path):
    spans = (CharSpan(0, 4),)
    speakers = (
        Source("s1", "person", "R. Okello", None, ("the mayor",)),
        Source("s2", "anonymous", None, "Ruth Okello", ()),
        Source("s3", "person", "Ruth Okello", "mayor of Velsen", ("Okello",)),
        Source("s4", "person", "Ama Bello", None),
    )
    quotes = tuple(Attribution(f"q{k}", "direct", spans, spans, "“x”", None, None, f"s{k}", 1) for k in (1, 2, 3, 4))
    result = ArticleResult(Article("a", "“x” "), quotes, speakers)
    aliases = read(tmp_path, "name,alias,id\nRuth Okello,R. Okello,Q1\n")
    found = aliases.apply(result)
    assert [q.speaker for q in found.quotes] == ["s1", "s2", "s1", "s4"]
    others = ("the mayor", "R. Okello", "Okello")
    assert found.speakers[0] == Source("s1", "person", "Ruth Okello", "mayor of Velsen", others, "Q1")
    assert found.speakers[1:] == (speakers[1], speakers[3])  # who is unnamed is another in every article
    assert read(tmp_path, "name,alias\nX,Y\n").apply(result) is result


def test_command_line_applies_them(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "quotes.pipeline", fake_pipeline)
    monkeypatch.chdir(tmp_path)
    text = "“We told the council in March,” said Maria Okonjo. “No,” said Marie Okonjo."
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    (tmp_path / "b.csv").write_text("name,alias,id\nMaria Okonjo,Marie Okonjo,Q7\n", encoding="utf-8")
    out = tmp_path / "out.csv"
    done = CliRunner().invoke(app, ["a.txt", "--aliases", "b.csv", "--key-quotations", "-o", str(out)])
    assert done.exit_code == 0, done.output
    with out.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(r["speaker"], r["entity"], r["quotation_key"]) for r in rows] == [
        ("Maria Okonjo", "Q7", "a#q1"),
        ("Maria Okonjo", "Q7", ""),
    ]
    record = json.loads(CliRunner().invoke(app, ["a.txt", "--aliases", "b.csv", "-f", "jsonl"]).stdout)
    assert record["speakers"] == [
        {"id": "s1", "kind": "person", "name": "Maria Okonjo", "description": None, "aliases": ["Marie Okonjo"], "entity": "Q7"}
    ]
    (tmp_path / "b.csv").write_text("name\nMaria Okonjo\n", encoding="utf-8")
    done = CliRunner().invoke(app, ["a.txt", "--aliases", "b.csv"])
    assert done.exit_code == 4 and "has no column 'alias'" in done.output
