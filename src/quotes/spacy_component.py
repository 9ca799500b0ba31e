"""The spaCy component "quotes": `nlp.add_pipe("quotes")` puts the extraction into a pipeline of your own.

It sets `doc._.quotes` (an `ArticleResult`; None before) and the span groups "quotes", "cues" and "sources" of
`doc.spans`. spaCy finds the factory through the entry point `spacy_factories`; the shipped pipeline in `models/` is this
component alone.
"""

import os
import shutil
import sys
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import spacy
from spacy.language import Language
from spacy.tokens import Doc, DocBin, Span, SpanGroup

from quotes.errors import ModelNotFoundError
from quotes.pipeline import BATCH, Extractor, find_model
from quotes.records import Article, ArticleResult

FILES = ("encoder.onnx", "heads.npz", "tokenizer.json", "config.json")
# Where a document keeps its record: plain dicts and lists, which `doc.to_bytes` and `nlp.pipe(n_process=...)` carry.
_KEY = "quotes"


class QuotesComponent:
    """Finds quotations and their sources in a `Doc`; loads the model at first use.

    Args:
        name: Name in the pipeline.
        model: Name or folder of the model whose weights are used until `from_disk` gives others.
        threads: How many windows are encoded at once; None for as many as there are processors.
    """

    def __init__(self, name: str, model: str = "default", threads: int | None = None) -> None:
        self.name, self._model, self._threads = name, model, threads
        self._folder: Path | None = None
        self._loaded: tuple[int, Extractor] | None = None
        if not Doc.has_extension("quotes"):
            Doc.set_extension("quotes", getter=_read)

    @property
    def extractor(self) -> Extractor:
        """The model, loaded once in each process: the threads of onnxruntime do not live on in a forked one."""
        if self._loaded is None or self._loaded[0] != os.getpid():
            self._loaded = os.getpid(), Extractor(self.folder, threads=self._threads)
        return self._loaded[1]

    @property
    def folder(self) -> Path:
        """Where the model's files are."""
        return self._folder or find_model(self._model) / "quotes"

    def __getstate__(self) -> dict[str, Any]:
        # a process that gets the component handed over loads the model itself
        return {**self.__dict__, "_loaded": None}

    def __call__(self, doc: Doc) -> Doc:
        """Annotate one document."""
        return next(self.pipe([doc]))

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = BATCH) -> Iterator[Doc]:
        """Annotate a stream of documents in batches."""
        docs = iter(stream)
        while batch := list(islice(docs, batch_size)):
            articles = [Article("doc", doc.text) for doc in batch]
            tokens = [[(t.idx, t.idx + len(t)) for t in doc if not t.is_space] for doc in batch]
            for doc, result in zip(batch, self.extractor(articles, tokens), strict=True):
                _annotate(doc, result)
                yield doc

    def to_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> None:
        """Write the model's files into a folder."""
        folder = Path(path)
        folder.mkdir(parents=True, exist_ok=True)
        if folder.resolve() != self.folder.resolve():
            for file in FILES:
                shutil.copy(self.folder / file, folder / file)

    def from_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> "QuotesComponent":
        """Use the model's files of a folder."""
        folder = Path(path)
        if not (folder / FILES[0]).is_file():
            raise ModelNotFoundError(f"{folder}: no {FILES[0]}; reinstall newsquotes or the pipeline")
        self._folder, self._loaded = folder, None
        return self


@Language.factory("quotes", default_config={"model": "default", "threads": None}, assigns=["doc._.quotes"])
def make_quotes(nlp: Language, name: str, model: str, threads: int | None) -> QuotesComponent:
    """Factory of the component; see `QuotesComponent`."""
    return QuotesComponent(name, model, threads)


def _read(doc: Doc) -> ArticleResult | None:
    record = doc.user_data.get(_KEY)
    return None if record is None else ArticleResult.from_dict({**record, "text": doc.text})


def doc_bin(results: Iterable[ArticleResult]) -> bytes:
    """Results as a `DocBin`: a document an article, with the component's span groups, and its record in `user_data`."""
    nlp = spacy.blank("en")
    nlp.max_length = sys.maxsize
    docs = DocBin(store_user_data=True)
    for result in results:
        doc = nlp.make_doc(result.article.text)
        _annotate(doc, result)
        docs.add(doc)
    return bytes(docs.to_bytes())


def read_doc_bin(data: bytes) -> Iterator[dict[str, Any] | None]:
    """The record of each document of `doc_bin`; None for one of others."""
    for doc in DocBin().from_bytes(data).get_docs(spacy.blank("en").vocab):
        record = doc.user_data.get(_KEY)
        yield None if record is None else {**record, "text": doc.text}


def _annotate(doc: Doc, result: ArticleResult) -> None:
    # the text is the document's own
    doc.user_data[_KEY] = {key: value for key, value in result.to_dict().items() if key != "text"}
    labels = {s.id: s.label for s in result.speakers}

    def span(start: int, end: int, label: str) -> Span | None:
        return doc.char_span(start, end, label=label, alignment_mode="expand")

    groups: dict[str, list[Any]] = {"quotes": [], "cues": [], "sources": []}
    for quote in result.quotes:
        groups["quotes"] += [span(s.start, s.end, labels.get(quote.speaker or "", "")) for s in quote.spans]
        if quote.cue:
            groups["cues"].append(span(quote.cue.start, quote.cue.end, "cue"))
        if quote.mention:
            groups["sources"].append(span(quote.mention.start, quote.mention.end, labels.get(quote.speaker or "", "")))
    for key, spans in groups.items():
        doc.spans[key] = SpanGroup(doc, name=key, spans=[s for s in spans if s is not None])
