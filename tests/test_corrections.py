"""What a person puts right: each change, what survives, what is stale, cells that a spreadsheet would run."""

import csv
import io
import json
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

import fake_pipeline
from contract import breaches
from quotes.cli import app
from quotes.corrections import COLUMNS, RULE, as_written, harmless, read_corrections, template_rows
from quotes.errors import InputError
from quotes.records import Article

TEXT = "“We told them,” said Maria Okonjo. “No,” said a diver. “Why?” said Okonjo. The ferry sank in May, she said.\n\n“Go.”"


def result_of(text=TEXT):
    return fake_pipeline.analyse(Article("a", text))


def corrected(tmp_path, *rows, text=TEXT):
    """The result with changes (quotation, change, to, to_kind) applied, and what was stale."""
    path = tmp_path / "c.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        for quotation, change, *to in rows:
            told = dict(zip(("to", "to_kind"), to, strict=False))
            writer.writerow({"article": "a", "quotation": quotation, "change": change, **told})
    corrections = read_corrections(path)
    return corrections.apply(result_of(text)), [s.reason for s in corrections.stale]


def told(result):
    return [(q.text, s.label if (s := result.speaker_of(q)) else None) for q in result.quotes]


UNCHANGED = [("“We told them,”", "Maria Okonjo"), ("“No,”", "a diver"), ("“Why?”", "Okonjo"), ("“Go.”", None)]


def test_nothing_is_changed_where_nothing_is_told(tmp_path):
    result, stale = corrected(tmp_path, ("“No,”", ""))
    assert result == result_of() and stale == [] and told(result) == UNCHANGED


def test_reassign_to_a_known_a_new_and_to_nobody(tmp_path):
    result, stale = corrected(
        tmp_path, ("“Go.”", "reassign", "okonjo"), ("“No,”", "reassign", "Amos Lim"), ("“Why?”", "reassign", "")
    )
    assert stale == []
    assert told(result) == [("“We told them,”", "Maria Okonjo"), ("“No,”", "Amos Lim"), ("“Why?”", None), ("“Go.”", "Okonjo")]
    assert [q.corrected for q in result.quotes] == [False, True, True, True]
    assert [(q.confidence, q.evidence.rule) for q in result.quotes[1:3]] == [(1.0, RULE), (0.0, RULE)]
    assert [s.id for s in result.speakers] == ["s1", "s2", "s3"]  # in order of their first quotation


def test_rename_merge_and_kind_are_of_the_speaker(tmp_path):
    result, _ = corrected(tmp_path, ("“No,”", "rename", "Amos Lim", "person"))
    lim = result.speakers[1]
    assert (lim.name, lim.kind, lim.aliases) == ("Amos Lim", "person", ("a diver",))
    result, _ = corrected(tmp_path, ("“Why?”", "merge", "Maria Okonjo"))
    assert told(result)[2] == ("“Why?”", "Maria Okonjo") and len(result.speakers) == 2
    assert result.speakers[0].aliases == ("Okonjo",)
    result, _ = corrected(tmp_path, ("“We told them,”", "kind", "", "organization"))
    assert (result.speakers[0].kind, result.speakers[0].name) == ("organization", "Maria Okonjo")
    result, _ = corrected(tmp_path, ("“We told them,”", "rename", "an official", "anonymous"))
    assert (result.speakers[0].name, result.speakers[0].description) == (None, "an official")


def test_delete_and_add(tmp_path):
    added = ("The ferry sank in May", "add", "Okonjo"), ("“Why?”", "add", "Lim"), ("Nowhere", "add", "Lim")
    result, stale = corrected(tmp_path, ("“No,”", "delete"), *added)
    assert told(result) == [
        ("“We told them,”", "Maria Okonjo"), ("“Why?”", "Okonjo"), ("The ferry sank in May", "Okonjo"), ("“Go.”", None),
    ]  # fmt: skip
    assert [TEXT[s.start : s.end] for s in result.not_speech] == ["“No,”"]
    assert (result.quotes[2].kind, result.quotes[2].paragraph, result.quotes[2].id) == ("indirect", 1, "q5")
    assert stale == ["it is a quotation already; reassign it", "the article has no such words"]


def test_stale_ones_are_told(tmp_path):
    result, stale = corrected(
        tmp_path, ("“Gone.”", "delete"), ("“Go.”", "rename", "Lim"), ("“No,”", "merge", "Nobody Here"), ("“No,”", "delete")
    )
    assert [t for t, _ in told(result)] == ["“We told them,”", "“Why?”", "“Go.”"]
    assert stale == [
        "no quotation has these words, or stands where they stand",
        "the quotation has no speaker; reassign it",
        "the article has no speaker 'Nobody Here'",
    ]


def test_correction_finds_a_quotation_that_a_better_model_drew_otherwise(tmp_path):
    text = "“We told them in March,” said Maria Okonjo."
    result, stale = corrected(tmp_path, ("We told them in March", "reassign", "Amos Lim"), text=text)
    assert (told(result), stale) == ([("“We told them in March,”", "Amos Lim")], [])


CHANGES = st.lists(
    st.tuples(
        st.sampled_from(["“We told them,”", "“No,”", "“Why?”", "“Go.”", "The ferry sank in May", "“Gone.”"]),
        st.sampled_from(["reassign", "rename", "merge", "kind", "delete", "add"]),
        st.sampled_from(["Okonjo", "Maria Okonjo", "a diver", "Amos Lim"]),
        st.sampled_from(["person", "organization", "anonymous", "group", "document"]),
    ),
    max_size=6,
)


@given(CHANGES)
def test_any_corrections_leave_a_valid_record(tmp_path_factory, rows):
    result, _ = corrected(tmp_path_factory.mktemp("c"), *rows)
    found = breaches(json.loads(json.dumps(result.to_dict())))
    assert [b for b in found if not b.endswith("is not in the text")] == []  # names that a person gives need not be


@given(st.text(max_size=20) | st.from_regex(r"'*[=+@\-\t]\w*", fullmatch=True))
def test_harmless_cells_are_read_back_the_same(cell):
    assert as_written(harmless(cell)) == cell
    assert harmless(cell)[:1] not in ("=", "+", "-", "@", "\t", "\r")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("article,quotation,to\n", "has no column 'change'"),
        ("article,quotation,change,to\na,“No”,swap,x\n", "line 2: there is no change 'swap'"),
        ("article,quotation,change,to,to_kind\na,“No”,kind,,human\n", "line 2: there is no kind 'human'"),
        ("article,quotation,change,to\na,“No”,rename,\n", "line 2: rename needs a name"),
        ("article,quotation,change,to\na,“No”,kind,\n", "line 2: kind needs a kind"),
        ("article,quotation,change,to\na,,delete,\n", "line 2: article and quotation must tell"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path, text, message):
    (tmp_path / "c.csv").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=message):
        read_corrections(tmp_path / "c.csv")


def test_semicolons_of_a_spreadsheet_are_read(tmp_path):
    (tmp_path / "c.csv").write_bytes("\ufeffarticle;quotation;change;to\r\na;“No,”;DELETE;\r\n".encode())
    assert len(read_corrections(tmp_path / "c.csv").rows["a"]) == 1


# --- the command


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "quotes.pipeline", fake_pipeline)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.txt").write_text(TEXT + " “=1+1,” said a clerk.", encoding="utf-8")
    return tmp_path


def run(*args):
    return CliRunner().invoke(app, [*map(str, args)], prog_name="quotes")


def filled(folder, quotation, **cells):
    """The template with one row filled in, as a spreadsheet would write it, and a row of another article."""
    rows = list(csv.DictReader(io.StringIO((folder / "c.csv").read_text(encoding="utf-8"), newline="")))
    next(r for r in rows if r["quotation"] == quotation).update(cells)
    rows.append({**dict.fromkeys(COLUMNS, ""), "article": "z", "quotation": "“x”", "change": "delete"})
    with (folder / "c.csv").open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)


def test_template_edit_and_run_again(folder):
    assert run("correct", "template", "a.txt", "-o", "c.csv").exit_code == 0
    assert next(iter(template_rows(result_of("=x “=1,” said Lim."))))[1] == "“=1,”"
    filled(folder, "“No,”", change="reassign", to="Amos Lim", note="rang him")
    done = run("a.txt", "--corrections", "c.csv", "-f", "csv")
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert [(r["speaker"], r["corrected"]) for r in rows][:2] == [("Maria Okonjo", ""), ("Amos Lim", "true")]
    assert done.exit_code == 0 and "line 7: not applied (delete in z): there is no article 'z'" in done.output
    assert run("a.txt", "-o", "r.jsonl").exit_code == 0
    assert run("correct", "apply", "r.jsonl", "c.csv", "-o", "r2.jsonl").exit_code == 0
    record = json.loads((folder / "r2.jsonl").read_text(encoding="utf-8"))
    assert record["quotes"][1]["corrected"] is True and record["speakers"][1]["name"] == "Amos Lim"
    assert json.loads(run("a.txt", "--corrections", "c.csv", "-f", "jsonl").stdout) == record


def test_what_cannot_be_corrected_is_told(folder):
    assert run("a.txt", "--corrections", "missing.csv").exit_code == 4
    assert run("correct", "template", "missing.txt", "-o", "c.csv").exit_code == 4
    (folder / "c.csv").write_text("x")
    assert run("correct", "template", "a.txt", "-o", "c.csv").exit_code == 4
    assert run("correct", "apply", "a.txt", "c.csv", "-o", "x.csv").exit_code == 2
