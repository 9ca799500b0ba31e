"""Who speaks over many articles: counts, roles over time, namesakes kept apart, suggestions."""

import csv
import io
import json
import sys
from itertools import groupby

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

import fake_pipeline
from quotes.aliases import Aliases, Entity
from quotes.cli import app
from quotes.speaker_index import SpeakerIndex, field_of, rows, suggest
from quotes.stored import Story, StoryQuotation, StorySource


def said(article, name, role=None, day=None, kind="person", words=10, aliases=(), entity=None, copy=False):
    """One quotation: article, day, copy, source, words."""
    source = StorySource(name or "a diver", name, kind, role, tuple(aliases), entity) if kind else None
    return article, day, copy, source, words


def index_of(*spoken, aliases=None):
    """The index of quotations; those of an article stand one after the other."""
    index = SpeakerIndex(aliases)
    for (article, copy), quotations in groupby(spoken, key=lambda s: (s[0], s[2])):
        told = list(quotations)
        day = next((s[1] for s in told if s[1]), None)
        sources = tuple(dict.fromkeys(s[3] for s in told if s[3]))
        found = tuple(StoryQuotation(sources.index(s[3]) if s[3] else None, "direct", s[4]) for s in told)
        index.add(Story(article, day, {}, copy, sources, found))
    return index


def test_counts_over_articles_by_hand():
    index = index_of(
        said("a1", "Amara Diop", "mayor of Velsen", "2019-03-02", words=30, aliases=["Diop", "the mayor", "Mayor Diop"]),
        said("a1", "Amara Diop", "mayor of Velsen", "2019-03-02", words=10),
        said("a1", None, kind="anonymous", words=20),
        said("a2", "AMARA DIOP", "minister", "2021-05-01", words=20),
        said("a2", None, kind=None, words=10),
        said("a3", "Harbour Board", kind="organization", words=10),
        said("a4", "Amara Diop", copy=True, words=500),
        said("a4", "Amara Diop", copy=True, words=500),
    )
    assert (index.articles, index.quotations, index.words, index.copies) == (3, 6, 100, 1)
    diop, board = index.speakers()
    assert (diop.name, diop.articles, diop.quotations, diop.words, diop.share) == ("Amara Diop", 2, 3, 60, 0.6)
    assert (diop.first, diop.last) == ("2019-03-02", "2021-05-01")
    assert [(r.text, r.articles, r.first, r.last) for r in diop.roles] == [
        ("mayor of Velsen", 1, "2019-03-02", "2019-03-02"),
        ("minister", 1, "2021-05-01", "2021-05-01"),
    ]
    assert diop.aliases == ["AMARA DIOP", "Diop", "Mayor Diop"]
    assert (board.kind, board.share, board.first, board.roles) == ("organization", 0.1, None, [])
    row = next(rows([diop]))
    assert row["roles"] == "mayor of Velsen (1, 2019-03-02); minister (1, 2021-05-01)"
    assert row["aliases"] == "AMARA DIOP; Diop; Mayor Diop"


def test_two_of_one_name_are_kept_apart_where_roles_tell():
    index = index_of(
        said("a1", "Amos Oduya", "a goalkeeper for Velsen", words=30),
        said("a2", "Amos Oduya", "the senator", words=20),
        said("a3", "Amos Oduya", "a lawyer and senator", words=20),
        said("a4", "Amos Oduya", words=5),
        said("a5", "Amos Oduya", "a member of the finance committee", words=5),
    )
    assert [(s.articles, s.words) for s in index.speakers()] == [(4, 50), (1, 30)]
    (suggestion,) = suggest(index.speakers())
    assert (suggestion.reason, suggestion.score < 0.7) == ("the same name, other roles", True)


def test_file_of_aliases_makes_one_of_them():
    aliases = Aliases({"amos oduya": Entity("Amos Oduya", "Q1"), "a oduya": Entity("Amos Oduya", "Q1")})
    spoken = said("a1", "Amos Oduya", "a goalkeeper"), said("a2", "A. Oduya", "the senator"), said("a3", "Lim", entity="Q1")
    index = index_of(*spoken, aliases=aliases)
    (speaker,) = index.speakers()
    assert (speaker.name, speaker.entity, speaker.articles, speaker.aliases) == ("Amos Oduya", "Q1", 3, ["A. Oduya", "Lim"])
    assert suggest(index.speakers()) == []


@pytest.mark.parametrize(
    ("role", "field"),
    [
        ("a Velsen goalkeeper", "sport"),
        ("the mayor", "public"),
        ("a spokesman for the singers' union", "public"),
        ("a novelist and former senator", "arts"),
        ("a film director", ""),
        ("Sen.", ""),
        ("", ""),
        (None, ""),
    ],
)
def test_field_of_a_role(role, field):
    assert field_of(role) == field


PAIRS = [
    (("Ruth Okello", "R. Okello"), "initial or short given name"),
    (("Robert Okello", "Bob Okello"), "initial or short given name"),
    (("Ruth Okello", "Ruth Amina Okello"), "one name within the other"),
    (("Ruth Okello", "Ruth Okello-Lim"), "another spelling"),
    (("Nguyen Van Minh", "Minh Van Nguyen"), "the same words in another order"),
    (("Ruth Okelo", "Ruth Okello"), "another spelling"),
    (("Ruth Okello", "Okello"), "surname alone"),
    (("Ruth Okello", "Amos Okello"), None),
    (("Ruth Okello", "Ruth Diop"), None),
    (("Jan Okello", "Jana Okello"), None),
]


@pytest.mark.parametrize(("names", "reason"), PAIRS, ids=[" · ".join(n) for n, _ in PAIRS])
def test_people_who_may_be_one(names, reason):
    found = suggest(index_of(*(said(f"a{k}", name) for k, name in enumerate(names))).speakers())
    assert [s.reason for s in found] == ([reason] if reason else [])
    assert all({s.name, s.alias} == set(names) and 0 <= s.score < 1 for s in found)


@pytest.mark.parametrize(
    ("names", "reason"),
    [
        (("World Ferry Council", "WFC"), "acronym"),
        (("Velsen Harbour Board", "Harbour Board"), "one name within the other"),
        (("Velsen Harbour Board", "Velsen Ferry Board"), None),
    ],
)
def test_bodies_that_may_be_one(names, reason):
    spoken = (said(f"a{k}", name, kind="organization") for k, name in enumerate(names))
    assert [s.reason for s in suggest(index_of(*spoken).speakers())] == ([reason] if reason else [])


def test_word_that_many_bodies_have_suggests_none():
    names = ["Board", *(f"{place} Board" for place in ("Velsen", "Coombe", "Marsh", "Harbour"))]
    spoken = (said(f"a{k}", name, kind="organization") for k, name in enumerate(names))
    assert suggest(index_of(*spoken).speakers()) == []


def test_roles_and_ids_tell_for_and_against():
    alike = index_of(said("a", "Ruth Okello", "mayor of Velsen"), said("b", "R. Okello", "Velsen’s mayor"))
    apart = index_of(said("a", "Ruth Okello", "mayor of Velsen"), said("b", "R. Okello", "a goalkeeper"))
    neither = index_of(said("a", "Ruth Okello"), said("b", "R. Okello"))
    scores = [suggest(i.speakers())[0].score for i in (apart, neither, alike)]
    assert scores == sorted(scores) and len(set(scores)) == 3
    ids = index_of(said("a", "Ruth Okello", entity="Q1"), said("b", "R. Okello", entity="Q2"))
    assert [(s.score, s.reason) for s in suggest(ids.speakers())] == [(0.0, "initial or short given name, other ids")]


NAMES = st.sampled_from(["Ruth Okello", "R. Okello", "Okello", "Amos Diop", None])
QUOTATIONS = st.lists(st.tuples(st.integers(0, 4), NAMES, st.integers(0, 50), st.booleans()), max_size=30)


@given(QUOTATIONS)
def test_shares_add_up_and_an_article_more_lowers_no_count(drawn):
    spoken = [said(f"a{a}{copy}", name, words=words, copy=copy) for a, name, words, copy in sorted(drawn, key=lambda d: d[0])]
    index = index_of(*spoken)
    found = {s.name: s for s in index.speakers()}
    named = sum(words for _, _, copy, source, words in spoken if source.name and not copy)
    assert sum(s.words for s in found.values()) == named <= index.words
    assert sum(s.share for s in found.values()) == pytest.approx(named / index.words if index.words else 0, abs=1e-5)
    more = {s.name: s for s in index_of(*spoken, said("b", "Ruth Okello")).speakers()}
    assert all(more[n].articles >= s.articles and more[n].quotations >= s.quotations for n, s in found.items())


# --- from files


@pytest.fixture
def archive(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "quotes.pipeline", fake_pipeline)
    monkeypatch.chdir(tmp_path)
    texts = [
        '"We told them in March," said Maria Okonjo.',
        '"No\tone\\two," said Okonjo. "Why?" said a diver. "Yes, they did," said Maria Okonjo. "Yes, they did,"',
        "Nothing.",
    ]
    articles = [{"id": f"a{i}", "text": t, "published": f"2024-0{i + 1}-11T08:00:00Z"} for i, t in enumerate(texts)]
    (tmp_path / "in.jsonl").write_text("".join(json.dumps(a) + "\n" for a in articles), encoding="utf-8")
    return tmp_path


def run(*args):
    return CliRunner().invoke(app, [*map(str, args)], prog_name="quotes")


@pytest.mark.parametrize("output", ["out.jsonl", "out.json", "out.csv", "out.tsv", "out.db", "jsonl/", "parquet/"])
def test_every_output_of_ours_is_read(archive, output):
    if output in ("parquet/", "out.db"):
        pytest.importorskip("pyarrow" if output == "parquet/" else "sqlite_utils")
    options = ["-f", "jsonl"] if output == "jsonl/" else []
    assert run("in.jsonl", "-o", output, *options).exit_code == 0
    done = run("speakers", output, "-f", "csv")
    assert done.exit_code == 0, done.output
    found = list(csv.DictReader(io.StringIO(done.stdout)))
    told = [(r["speaker"], r["articles"], r["quotations"], r["words"], r["first"], r["last"]) for r in found]
    assert told == [
        ("Maria Okonjo", "2", "2", "8", "2024-01-11", "2024-02-11"),
        ("Okonjo", "1", "1", "3", "2024-02-11", "2024-02-11"),
    ]
    assert float(found[0]["share"]) == pytest.approx(8 / 12, abs=1e-5)


def test_suggestions_are_a_file_of_aliases(archive):
    assert run("in.jsonl", "-o", "out.jsonl").exit_code == 0
    assert run("speakers", "out.jsonl", "--suggest", "names.csv", "-o", "all.json").exit_code == 0
    assert (archive / "names.csv").read_text(encoding="utf-8").splitlines()[1].startswith("Maria Okonjo,Okonjo,,0.")
    done = run("speakers", "out.jsonl", "--aliases", "names.csv", "-f", "jsonl")
    (record,) = map(json.loads, done.stdout.splitlines())
    assert (record["name"], record["articles"], record["aliases"]) == ("Maria Okonjo", 2, ["Okonjo"])
    refused = run("speakers", "out.jsonl", "--suggest", "names.csv")
    assert refused.exit_code == 4 and "exists already" in refused.output


def test_table_for_a_terminal(archive):
    assert run("in.jsonl", "-o", "out.jsonl").exit_code == 0
    lines = run("speakers", "out.jsonl", "-f", "table", "--width", "100").stdout.splitlines()
    assert lines[0].split() == ["speaker", "kind", "articles", "quotations", "words", "from", "to"]
    assert lines[2].split() == ["Maria", "Okonjo", "person", "2", "2", "66.7%", "2024-01-11", "2024-02-11"]
    limited = run("speakers", "out.jsonl", "--min-articles", "2", "--limit", "5").stdout.splitlines()
    assert [line.split("\t")[0] for line in limited] == ["speaker", "Maria Okonjo"]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.txt", "text", "is no result of quotes"),
        ("missing.jsonl", None, "cannot be read"),
        ("missing.db", None, "no such file"),
        ("a.jsonl", "{", "line 1 is no JSON"),
        ("a.jsonl", "[1]\n", "line 1 is no JSON object"),
        ("a.jsonl", '{"id": 1}\n', "line 1 is no article record"),
        ("a.jsonl", '{"id": 1, "speakers": [], "quotes": [1]}\n', "line 1 is no article record"),
        ("a.json", "{", "is no JSON"),
        ("a.json", "[1]", "item 1 is no article record"),
        ("a.csv", "article,speaker\n", "has no column 'speaker_kind'"),
        ("a.tsv", "", "has no column 'article'"),
        ("a.db", "no database", "is no database of ours"),
        ("a.parquet", "PAR1", "is missing or damaged"),
    ],
)
def test_what_is_no_result_is_told(tmp_path, monkeypatch, name, content, message):
    if name == "a.parquet":
        pytest.importorskip("pyarrow")
    monkeypatch.chdir(tmp_path)
    if content is not None:
        (tmp_path / name).write_text(content)
    done = run("speakers", name)
    assert done.exit_code == 4 and message in done.output, done.output


def test_folder_without_results_and_a_name_without_format_are_told(tmp_path):
    done = run("speakers", tmp_path)
    assert done.exit_code == 4 and "holds no results" in done.output
    assert run("speakers", tmp_path, "-o", "x.parquet").exit_code == 2
