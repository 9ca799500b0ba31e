"""To annotation tools and back: what each carries comes back the same, what is wrong is told with its place."""

import json
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

import fake_pipeline
from quotes.cli import app
from quotes.errors import InputError, OutputError
from quotes.exchange import TOOLS
from quotes.marked import Link, Mark, Marked, Note, marked_of, note_line, read_note, result_of
from quotes.records import Article, ArticleResult

SAMPLES = sorted((Path(__file__).parent / "samples").glob("*.json"))
PLACED = sorted(set(TOOLS) - {"spacy"})


def sample(path):
    return ArticleResult.from_dict(json.loads(path.read_text(encoding="utf8")))


def there_and_back(tool, results, folder):
    place = folder / ("out" if TOOLS[tool].into_folder else f"out{TOOLS[tool].suffix}")
    TOOLS[tool].write(place, results)
    return list(TOOLS[tool].read(place))


def carried(result, *, about=True):
    """What every tool but spaCy carries: words, places, links, who said it and of which kind."""
    speakers = {s.id: (s.label, s.kind) for s in result.speakers}
    quotes = [
        (q.id, q.spans, q.text, q.cue, q.mention, speakers.get(q.speaker), q.continues, q.repeats, q.within, q.denied)
        for q in result.quotes
    ]
    article = result.article
    known = (article.title, article.byline, article.published, article.publisher, article.url, article.path)
    return article.text, quotes, result.not_speech, (article.id, known) if about else None


@pytest.mark.parametrize("path", SAMPLES, ids=[p.stem for p in SAMPLES])
@pytest.mark.parametrize("tool", PLACED)
def test_samples_come_back_the_same(tool, path, tmp_path):
    result = sample(path)
    (found,) = there_and_back(tool, [result], tmp_path)
    assert carried(found, about=tool != "brat") == carried(result, about=tool != "brat")
    assert [(q.kind, q.quoted) for q in found.quotes] == [(q.kind, q.quoted) for q in result.quotes]
    again = there_and_back(tool, [found], tmp_path / "again") if (tmp_path / "again").mkdir() is None else []
    assert carried(again[0]) == carried(found)


def test_spacy_carries_the_whole_record(tmp_path):
    results = [sample(path) for path in SAMPLES]
    assert there_and_back("spacy", results, tmp_path) == results


TEXTS = st.text("aB “”\"'.,\n\r\t<&>é😀", min_size=1, max_size=40)


@given(st.lists(TEXTS, min_size=1, max_size=3), st.sampled_from(PLACED))
def test_any_text_comes_back_the_same(tmp_path_factory, texts, tool):
    results = [fake_pipeline.analyse(Article(f"a{k}", text + " said Maria Okonjo")) for k, text in enumerate(texts)]
    found = there_and_back(tool, results, tmp_path_factory.mktemp("x"))
    assert [carried(f, about=tool != "brat") for f in found] == [carried(r, about=tool != "brat") for r in results]


@given(st.text(max_size=20), st.sampled_from(["person", "anonymous", "group"]), st.booleans())
def test_notes_as_lines(name, kind, denied):
    name = " ".join(name.split())
    if not name.strip("| ") or "|" in name:
        name = "Okonjo"
    for note in (Note(name, kind, denied), Note(denied=denied)):
        assert read_note(note_line(note), "x") == note


def test_a_bare_name_is_a_persons_and_a_wrong_kind_is_told():
    assert read_note(" Maria  Okonjo ", "x") == Note("Maria Okonjo", "person")
    with pytest.raises(InputError, match="there is no kind of speaker 'human'"):
        read_note("Okonjo | human", "x")


def test_what_a_person_marked_becomes_a_record():
    text = "“No,” she said, “never.” The ferry sank, said Lim."
    marks = (
        Mark("b", "quotation", 25, 39, Note("Lim", "person")), Mark("a", "quotation", 0, 5, Note("Maria Okonjo")),
        Mark("a2", "quotation", 16, 24), Mark("c", "cue", 10, 14), Mark("m", "mention", 6, 9),
    )  # fmt: skip
    links = (Link("a", "a2", "part"), Link("a", "c", "cue"), Link("a", "m", "mention"))
    result = result_of(Marked("x", text, {}, marks, links), "x")
    assert [(q.id, q.text, q.kind, result.speaker_of(q).label) for q in result.quotes] == [
        ("q1", "“No,” “never.”", "direct", "Maria Okonjo"),
        ("q2", "The ferry sank", "indirect", "Lim"),
    ]
    assert (result.quotes[0].cue.text, result.quotes[0].mention.text, result.quotes[1].cue) == ("said", "she", None)
    assert result_of(marked_of(result), "x") == result


@pytest.mark.parametrize(
    ("marks", "links", "message"),
    [
        ((Mark("a", "quotation", 0, 99),), (), "lies outside the text"),
        ((Mark("a", "quotation", 3, 3),), (), "lies outside the text"),
        ((Mark("a", "quotation", 0, 2),), (Link("a", "b", "cue"),), "leads from or to what is not there"),
    ],
)
def test_marks_that_cannot_be_are_told(marks, links, message):
    with pytest.raises(InputError, match=message):
        result_of(Marked("x", "“No.”", {}, marks, links), "x")


@pytest.mark.parametrize(
    ("tool", "content", "message"),
    [
        ("label-studio", "{", "is no JSON"),
        ("label-studio", '[{"data": {"text": "x"}}]', "task 1 is not as the tool writes it"),
        ("doccano", '{"text": "x"}\n', "line 1 is not as the tool writes it"),
        ("doccano", '{"text": "x", "relations": [], "entities": [{"id": 1, "label": "Q", "start_offset": 0, "end_offset": 1}]}',
         "line 1: there is no label 'Q'"),
        ("prodigy", "[]\n", "line 1 is no JSON object"),
        ("tei", "<TEI", "is no XML"),
        ("spacy", "x", "is no DocBin"),
    ],
)  # fmt: skip
def test_what_a_tool_did_not_write_is_told(tmp_path, tool, content, message):
    (tmp_path / "in").write_text(content)
    with pytest.raises(InputError, match=message):
        list(TOOLS[tool].read(tmp_path / "in"))


def test_brat_takes_stretches_of_several_parts_and_needs_an_empty_folder(tmp_path):
    (tmp_path / "a.txt").write_text("“No,” she said, “never.”", encoding="utf-8")
    lines = "T1\tquotation 0 5;16 24\t“No,” “never.”\n#1\tAnnotatorNotes T1\tOkonjo\n"
    (tmp_path / "a.ann").write_text(lines, encoding="utf-8")
    (result,) = TOOLS["brat"].read(tmp_path)
    assert [(q.text, result.speaker_of(q).label) for q in result.quotes] == [("“No,” “never.”", "Okonjo")]
    with pytest.raises(OutputError, match="is not empty"):
        TOOLS["brat"].write(tmp_path, [result])
    with pytest.raises(InputError, match=r"has no \.ann files"):
        list(TOOLS["brat"].read(tmp_path / "none"))


def test_xml_says_what_it_cannot_hold(tmp_path):
    with pytest.raises(OutputError, match="XML cannot hold"):
        TOOLS["tei"].write(tmp_path / "x.xml", [ArticleResult(Article("a", "a\x07b"))])
    assert list(tmp_path.iterdir()) == []


def test_prodigy_leaves_out_what_was_not_accepted(tmp_path):
    lines = ['{"text": "x", "spans": [], "answer": "reject"}', '{"text": "y", "spans": [], "answer": "accept"}']
    (tmp_path / "in").write_text("\n".join(lines) + "\n")
    assert [r.article.text for r in TOOLS["prodigy"].read(tmp_path / "in")] == ["y"]


# --- the commands


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "quotes.pipeline", fake_pipeline)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.txt").write_text("“We told them,” said Maria Okonjo.", encoding="utf-8")
    return tmp_path


def run(*args):
    return CliRunner().invoke(app, [*map(str, args)], prog_name="quotes")


@pytest.mark.parametrize("tool", PLACED)
def test_export_and_import(folder, tool):
    place = "out/" if tool == "brat" else f"out{TOOLS[tool].suffix}"
    done = run("export", "a.txt", "--to", tool, "-o", place)
    assert done.exit_code == 0, done.output
    done = run("import", place, "--from", tool, "-o", "gold.jsonl")
    assert done.exit_code == 0, done.output
    record = json.loads((folder / "gold.jsonl").read_text(encoding="utf-8"))
    assert (record["id"], record["speakers"][0]["name"]) == ("a", "Maria Okonjo")
    assert run("evaluate", "gold.jsonl", "gold.jsonl", "--bootstrap", "0", "--min-f1", "100").exit_code == 0


def test_what_cannot_be_exchanged_is_told(folder):
    assert run("export", "missing.txt", "--to", "tei", "-o", "x.xml").exit_code == 4
    assert run("import", "missing", "--from", "tei", "-o", "x.jsonl").exit_code == 4
    assert run("import", "a.txt", "--from", "tei", "-o", "x.csv").exit_code == 2
    assert run("export", "a.txt", "--to", "word", "-o", "x").exit_code == 2
