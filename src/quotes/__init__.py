"""Who said what in news articles: quotations, their cues and their sources.

    import quotes
    analyzer = quotes.load()
    result = analyzer('"We told them in March," the inspector said.')
    result.quotes[0].text, result.speakers[0].label
    quotes.to_dicts(result)                                      # flat rows; to_dataframe(...) with pandas
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from quotes.errors import QuotesError

if TYPE_CHECKING:
    from quotes.pipeline import Analyzer, load
    from quotes.records import Article, ArticleResult, Attribution, CharSpan, Source, TextSpan
    from quotes.table import to_dataframe, to_dicts

__version__ = "0.1.0"

__all__ = [
    "Analyzer",
    "Article",
    "ArticleResult",
    "Attribution",
    "CharSpan",
    "QuotesError",
    "Source",
    "TextSpan",
    "__version__",
    "load",
    "to_dataframe",
    "to_dicts",
]

_LAZY = {"load": "pipeline", "Analyzer": "pipeline", "to_dicts": "table", "to_dataframe": "table"} | dict.fromkeys(
    ("Article", "ArticleResult", "Attribution", "CharSpan", "Source", "TextSpan"), "records"
)


def __getattr__(name: str) -> Any:
    # spaCy and onnxruntime load only where they are used: `quotes --help` is instant
    if name in _LAZY:
        return getattr(import_module(f"quotes.{_LAZY[name]}"), name)
    raise AttributeError(f"module 'quotes' has no attribute {name!r}")
