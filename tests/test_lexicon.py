"""The word lists as tables."""

import pytest

from quotes import lexicon
from quotes.errors import LexiconError
from quotes.lexicon import fold, given_names, say_verbs


@pytest.mark.parametrize(
    ("word", "folded"),
    [
        ("Okonjo", "okonjo"),
        ("O’SHEA", "o'shea"),
        ("O'Shea", "o'shea"),
        ("Şéà", "sea"),
        ("Müller", "muller"),
        ("Strauß", "strauss"),
        ("Nguyễn", "nguyen"),
        ("Zo\u0065\u0301", "zoe"),
        ("李文", "李文"),
        ("Αλέξης", "αλεξησ"),
        ("", ""),
    ],
)
def test_fold(word, folded):
    assert fold(word) == folded
    assert fold(folded) == folded


@pytest.mark.parametrize(
    ("name", "gender"),
    [
        ("amina", "f"), ("rodel", "m"), ("joao", "m"), ("siobhan", "f"), ("wiremu", "m"), ("mereana", "f"),
        ("tesfaye", "m"), ("thandiwe", "f"), ("hiroshi", "m"), ("linh", "f"), ("anders", "m"), ("olga", "f"),
        # given to both, or no given name
        ("vivian", None), ("jordan", None), ("will", None), ("may", None), ("João", None), ("harbour", None),
    ],
)  # fmt: skip
def test_gender_of_a_given_name(name, gender):
    assert given_names().get(name) == gender


def test_given_names_are_folded_and_tell_one_gender():
    assert len(given_names()) > 5000
    assert set(given_names().values()) == {"m", "f"}
    assert [name for name in given_names() if fold(name) != name] == []


@pytest.mark.parametrize("stem", ["warn", "remind", "advise", "whisper", "insist"])
def test_verbs_of_saying_have_all_their_forms(stem):
    root = stem.removesuffix("e")
    assert {stem, f"{stem}s", f"{root}ed", f"{root}ing"} <= say_verbs()


@pytest.mark.parametrize("word", ["said", "says", "told", "wrote", "thought", "cried"])
def test_irregular_verbs_of_saying(word):
    assert word in say_verbs()


@pytest.mark.parametrize("word", ["Said", "went", "was", "of", "speaker", ""])
def test_no_verbs_of_saying(word):
    assert word not in say_verbs()


def test_list_that_is_missing_or_broken_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(lexicon, "files", lambda package: tmp_path)
    with pytest.raises(LexiconError, match=r"given_names\.tsv: the word list is missing"):
        given_names.__wrapped__()
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "given_names.tsv").write_text("# name\tgender\nAmína\tf\n\n", encoding="utf8")
    assert given_names.__wrapped__() == {"amina": "f"}
    (tmp_path / "data" / "given_names.tsv").write_text("amina\n", encoding="utf8")
    with pytest.raises(LexiconError, match="has not 2 columns"):
        given_names.__wrapped__()
