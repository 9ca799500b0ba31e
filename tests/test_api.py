"""What `import quotes` offers beside the pipeline: results as flat rows and as a pandas table."""

import sys

import pytest

import quotes
from fake_pipeline import analyse
from quotes.errors import MissingExtraError
from quotes.records import Article, ArticleResult
from quotes.table import COLUMNS, rows

FERRY = analyse(Article("ferry", '"We told them [the mayor]," said Maria Okonjo. "Why?"', title="Ferry"))
DIVER = analyse(Article("diver", '"It sank," said a diver.', fields={"desk": "harbour", "kind": "x", "tags": ["a"]}))
NOTHING = ArticleResult(Article("nothing", "No one spoke.", fields={"page": 4}))


def test_rows_of_one_result_are_its_rows():
    assert quotes.to_dicts(DIVER) == rows(DIVER)
    assert list(quotes.to_dicts(FERRY)[0]) == list(COLUMNS)


def test_rows_of_many_have_the_same_keys_in_the_same_order():
    found = quotes.to_dicts(iter([FERRY, DIVER, NOTHING]))
    keys = [*COLUMNS, "desk", "input_kind", "tags", "page"]
    assert [list(row) for row in found] == [keys] * 3
    assert [row["article"] for row in found] == ["ferry", "ferry", "diver"]
    assert [row["desk"] for row in found] == [None, None, "harbour"]
    assert [row["speaker"] for row in found] == ["Maria Okonjo", None, "a diver"]
    assert found[2]["tags"] == ["a"]


def test_no_results_give_no_rows():
    assert quotes.to_dicts([]) == quotes.to_dicts(NOTHING) == []


def test_dataframe_holds_the_rows():
    pandas = pytest.importorskip("pandas")
    frame = quotes.to_dataframe([FERRY, DIVER])
    assert list(frame.columns) == list(quotes.to_dicts([FERRY, DIVER])[0])
    assert list(frame["quotation"]) == ['"We told them [the mayor],"', '"Why?"', '"It sank,"']
    assert frame["speaker"].isna().tolist() == [False, True, False]
    assert pandas.api.types.is_float_dtype(frame["confidence"])
    assert pandas.api.types.is_integer_dtype(frame["start"])
    assert frame.groupby("speaker_kind").size().to_dict() == {"anonymous": 1, "person": 1}


def test_dataframe_without_rows_has_the_columns():
    pytest.importorskip("pandas")
    assert list(quotes.to_dataframe([]).columns) == list(COLUMNS)
    frame = quotes.to_dataframe(NOTHING)
    assert (len(frame), list(frame.columns)) == (0, [*COLUMNS, "page"])


def test_dataframe_without_pandas_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'newsquotes\[pandas\]'"):
        quotes.to_dataframe(FERRY)


def test_exported_lazily_under_their_own_names():
    from quotes import table

    assert quotes.to_dicts is table.to_dicts
    assert quotes.to_dataframe is table.to_dataframe
    assert {"to_dicts", "to_dataframe"} <= set(quotes.__all__)
