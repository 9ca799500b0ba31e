"""Compose the stages for one article and for a stream; no rule of its own beyond what holds for the whole record."""

import logging
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import BadZipFile

import numpy as np

from quotes.attribution import Analysis, Draft, analyze
from quotes.boilerplate import boilerplate_start
from quotes.confidence import confidence
from quotes.encoder import Encoder, FloatArray
from quotes.errors import ArticleError, ModelNotFoundError
from quotes.normalize import find_paragraphs
from quotes.quotations import find_quotations, keep_own_style
from quotes.records import Article, ArticleResult, Attribution, CharSpan, Evidence, QuotationKind, TextSpan
from quotes.sources import REPEATED, ArticleResolver, Cluster, Resolved, Resolver
from quotes.speakers import build_sources, cluster_label, fullest_at
from quotes.speech import SPEECH
from quotes.words import Words, build_words

if TYPE_CHECKING:
    from spacy.language import Language

log = logging.getLogger(__name__)

# Articles whose windows are encoded together; more gain nothing, fewer leave the batches of windows half empty.
BATCH = 8
# So many words make a repetition of a quotation in title or summary more than chance.
REPEATED_WORDS = 4
# So many words of one that has a source make a quotation without one a part of it.
REPEATED_PART = 3


class Extractor:
    """The model's files and the stages behind the tokeniser.

    Args:
        folder: `encoder.onnx`, `heads.npz`, `tokenizer.json`, `config.json`.
        threads: How many windows are encoded at once; None for as many as there are processors.

    Raises:
        ModelNotFoundError: A file is missing or broken.
    """

    def __init__(self, folder: Path, *, threads: int | None = None) -> None:
        self.folder = folder
        self._encoder = Encoder(folder, threads=threads)
        try:
            with np.load(folder / "heads.npz") as data:
                self._heads: Mapping[str, FloatArray] = {k: data[k] for k in data.files}
        except (OSError, ValueError, EOFError, BadZipFile) as exc:
            raise ModelNotFoundError(f"{folder}: heads.npz is missing or broken ({exc}); reinstall newsquotes") from exc
        self._resolver = Resolver(self._heads)

    def __call__(self, articles: Sequence[Article], tokens: Sequence[Sequence[tuple[int, int]]]) -> list[ArticleResult]:
        """Find the quotations and their sources.

        Args:
            articles: Some articles.
            tokens: Of each, the character offsets of its tokens, white space left out.
        """
        prepared = []
        for article, offsets in zip(articles, tokens, strict=True):
            paragraphs = find_paragraphs(article.text)
            marks, warnings = find_quotations(article.text, paragraphs)
            marks = keep_own_style(marks)
            words = build_words(article.text, offsets, marks, paragraphs)
            prepared.append((article, words, marks, tuple(warnings)))
        encoded = self._encoder([words for _, words, _, _ in prepared])
        return [
            self._result(article, analyze(words, marks, e, self._heads), warnings)
            for (article, words, marks, warnings), e in zip(prepared, encoded, strict=True)
        ]

    def _result(self, article: Article, analysis: Analysis, warnings: tuple[str, ...]) -> ArticleResult:
        tail = boilerplate_start(article.text)
        analysis.drafts = _without_tail(analysis, tail)
        resolved = self._resolver(analysis)
        _share_repeated(analysis, resolved)
        sources, ids = build_sources(resolved)
        quotes = _records(analysis, resolved, ids, self._heads)
        not_speech = tuple(m.span.span for m in analysis.marked if m.speech < SPEECH)
        return ArticleResult(article, tuple(quotes), tuple(sources), not_speech, warnings)


def _without_tail(analysis: Analysis, tail: int) -> list[Draft]:
    """Drafts before the boilerplate tail."""
    return [d for d in analysis.drafts if analysis.words.starts[d.ranges[0][0]] < tail]


def _fold(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def _draft_text(words: Words, draft: Draft) -> str:
    return _fold(" ".join(words.slice(a, b) for a, b in draft.ranges))


def _share_repeated(analysis: Analysis, article: ArticleResolver) -> None:
    """A quotation without mention whose words stand again in one that has a mention (headline and body) has its source."""
    sourced: dict[str, int] = {}
    # where runs of so many words stand: a text of many quotations is not to be compared with itself throughout
    having: dict[tuple[str, ...], dict[str, int]] = {}
    for k, draft in enumerate(analysis.drafts):
        if draft.source is not None and draft.marked:
            text = _draft_text(analysis.words, draft)
            sourced.setdefault(text, k)
            for run in _runs(text):
                having.setdefault(run, {}).setdefault(text, k)
    for k, draft in enumerate(analysis.drafts):
        if draft.source is None and draft.marked:
            other = sourced.get(_draft_text(analysis.words, draft))
            if other is None:
                spans = (analysis.marked[m] for m in draft.marked)
                said = _fold(" ".join(analysis.words.slice(m.first, m.last) for m in spans))
                near = having.get(next(_runs(said), ()), {})
                holders = [number for text, number in near.items() if f" {said} " in f" {text} "]
                clusters = {id(article.results[number].cluster) for number in holders}
                other = holders[0] if len(clusters) == 1 else None
            if other is not None:
                twin = article.results[other]
                article.results[k] = Resolved(twin.cluster, twin.confidence, REPEATED)


def _runs(text: str) -> Iterator[tuple[str, ...]]:
    """Every `REPEATED_PART` words in a row."""
    words = text.split()
    return zip(*(words[k:] for k in range(REPEATED_PART)), strict=False)


def _records(
    analysis: Analysis, article: ArticleResolver, ids: Mapping[int, str], heads: Mapping[str, FloatArray]
) -> list[Attribution]:
    words = analysis.words
    quotes: list[Attribution] = []
    first_with: dict[str, str] = {}
    names = [f"q{k + 1}" for k in range(len(analysis.drafts))]
    witness = _Witness(article)
    for k, (draft, result) in enumerate(zip(analysis.drafts, article.results, strict=True)):
        spans = tuple(words.span(a, b) for a, b in draft.ranges)
        quoted = tuple(sorted(analysis.marked[m].span.span for m in draft.marked))
        if draft.inner is not None:
            quoted = (draft.inner.span,)
        text = " ".join(words.text[s.start : s.end] for s in spans)
        folded = _fold(text)
        repeats = first_with.get(folded) if len(folded.split()) >= REPEATED_WORDS else None
        first_with.setdefault(folded, names[k])
        continues = draft.continues
        evidence = witness(draft, result)
        speaker = ids.get(id(result.cluster)) if result.cluster is not None else None
        quotes.append(
            Attribution(
                id=names[k],
                kind=_kind(words, draft, quoted),
                spans=spans,
                quoted=quoted,
                text=text,
                cue=_text_span(words, draft.cue),
                mention=_text_span(words, draft.source),
                speaker=speaker,
                paragraph=int(words.paragraphs[draft.ranges[0][0]]) + 1,
                continues=names[continues] if continues is not None and speaker == quotes[continues].speaker else None,
                repeats=repeats,
                confidence=round(confidence(heads, evidence), 3) if result.cluster is not None else 0.0,
                within=names[draft.within] if draft.within is not None else None,
                evidence=evidence,
                denied=draft.denied,
            )
        )
    return quotes


class _Witness:
    """Tells the evidence of an article's quotations; what it says of a cluster it looks up once."""

    def __init__(self, article: ArticleResolver) -> None:
        self._article, self._analysis = article, article.analysis
        self._labels: dict[int, str | None] = {}
        self._names: dict[int, TextSpan | None] = {}

    def __call__(self, draft: Draft, result: Resolved) -> Evidence:
        speech = min((self._analysis.marked[m].speech for m in draft.marked), default=None)
        return Evidence(
            result.rule,
            None if speech is None else round(speech, 3),
            round(result.confidence, 3),
            _text_span(self._analysis.words, result.via),
            self._name(result.cluster),
            tuple((label, round(p, 3)) for cluster, p in result.rivals if (label := self._label(cluster))),
        )

    def _name(self, cluster: Cluster | None) -> TextSpan | None:
        """Where a source is first called by its fullest name."""
        if cluster is None or cluster.names is None:
            return None
        if id(cluster) not in self._names:
            members = cluster.names.members
            best = members[fullest_at([self._article.names[i] for i in members])]
            self._names[id(cluster)] = _text_span(self._analysis.words, self._analysis.names[best][1:])
        return self._names[id(cluster)]

    def _label(self, cluster: Cluster) -> str | None:
        if id(cluster) not in self._labels:
            self._labels[id(cluster)] = cluster_label(self._article, cluster)
        return self._labels[id(cluster)]


def _text_span(words: Words, span: tuple[int, int] | None) -> TextSpan | None:
    if span is None:
        return None
    place = words.span(*span)
    return TextSpan(words.text[place.start : place.end], place.start, place.end)


def _kind(words: Words, draft: Draft, quoted: Sequence[CharSpan]) -> QuotationKind:
    if not quoted:
        return "indirect"
    outside = 0
    for a, b in draft.ranges:
        for i in range(a, b + 1):
            if words.forms[i][:1].isalnum() and not any(q.start <= words.starts[i] < q.end for q in quoted):
                outside += 1
    return "mixed" if outside else "direct"


# So many words spaCy may know before it begins anew: minutes of work lie between, and they take some 50 MB.
_REMEMBERED = 100_000
# Words of an article, at two kilobytes each while it is at work; three times a long novel.
LONGEST = 500_000


class Analyzer:
    """What `quotes.load()` gives: call it on a text, an `Article`, or stream articles through `pipe`."""

    def __init__(self, nlp: "Language", extractor: Extractor, name: str, model_hash: str) -> None:
        self._nlp, self._extractor = nlp, extractor
        self.model_name, self.model_hash = name, model_hash

    def __call__(self, article: str | Article) -> ArticleResult:
        """The record of one article."""
        return next(self.pipe([article if isinstance(article, Article) else Article("text", article)]))

    def pipe(self, articles: Iterable[Article], *, batch_size: int = BATCH) -> Iterator[ArticleResult]:
        """The records of many articles, in order; memory does not grow with their number.

        Raises:
            ArticleError: One has more words than `LONGEST`.
        """
        stream = iter(articles)
        while batch := list(islice(stream, batch_size)):
            if len(self._nlp.vocab.strings) > _REMEMBERED:
                self._nlp = _tokeniser()  # what spaCy remembers of words would grow with an archive
            tokens = [token_offsets(self._nlp, article.text) for article in batch]
            for article, found in zip(batch, tokens, strict=True):
                if len(found) > LONGEST:
                    reason = f"{len(found):,} words are more than {LONGEST:,}, the most of one article; part it"
                    raise ArticleError(article.path or article.id, reason)
            yield from self._extractor(batch, tokens)


def token_offsets(nlp: "Language", text: str) -> list[tuple[int, int]]:
    """Offsets of spaCy's tokens, white space left out."""
    # lone surrogates cannot enter spaCy's string store; one stand-in character each keeps every offset
    clean = re.sub("[\ud800-\udfff]", "\ufffd", text)
    offsets: list[tuple[int, int]] = []
    for start, end in _stretches(clean):
        doc = nlp.tokenizer(clean[start:end])
        offsets += [(start + t.idx, start + t.idx + len(t)) for t in doc if not t.is_space]
    return offsets


def _stretches(text: str) -> Iterator[tuple[int, int]]:
    """The text in stretches for the tokeniser: all of it, but for a run of characters that no blank parts.

    spaCy takes marks off such a run one by one: its time grows with the square of their number.
    """
    begin = 0
    for run in _UNBROKEN.finditer(text):
        for cut in range(run.start(), run.end(), _PIECE):
            if cut > begin:
                yield begin, cut
                begin = cut
    if begin < len(text):
        yield begin, len(text)


# No word or address is as long as that.
_UNBROKEN, _PIECE = re.compile(r"\S{500,}"), 100


def find_model(name: str) -> Path:
    """Folder of a model: a path, or a name among the package's models, then among a checkout's.

    Raises:
        ModelNotFoundError: Neither holds it.
    """
    here = Path(__file__).parent
    folders = [here / "models", here.parents[1] / "models"]
    wanted = MODELS.get(name, name)
    for candidate in (Path(name), *(f / wanted for f in folders)):
        if (candidate / "meta.json").is_file():
            return candidate
    known = ", ".join(MODELS)
    raise ModelNotFoundError(f"no model {name!r}: give {known}, or a folder with a meta.json; else reinstall newsquotes")


MODELS = {"default": "quotes_en"}


def load(model: str = "default", *, threads: int | None = None) -> Analyzer:
    """Load a model; nothing is ever downloaded.

    Args:
        model: Name ("default") or folder.
        threads: How many windows are encoded at once; None for as many as there are processors.

    Raises:
        ModelNotFoundError: No such model, or its files are broken.
    """
    folder = find_model(model)
    extractor = Extractor(folder / "quotes", threads=threads)
    return Analyzer(_tokeniser(), extractor, folder.name, model_hash(folder))


def _tokeniser() -> "Language":
    import spacy

    return spacy.blank("en")


def model_hash(folder: Path) -> str:
    """First twelve hex digits of the SHA-256 over the model's weights."""
    digest = sha256()
    for name in ("encoder.onnx", "heads.npz"):
        digest.update((folder / "quotes" / name).read_bytes())
    return digest.hexdigest()[:12]
