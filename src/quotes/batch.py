"""Articles -> results, in order, over one process or several; what goes wrong with one article costs that article."""

import logging
import multiprocessing
import signal
import traceback
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Protocol

from quotes.errors import ArticleError, QuotesError
from quotes.records import Article, ArticleResult

log = logging.getLogger(__name__)

# A batch grows from one article, so that the first result comes at once, to this many or this many characters: enough
# to fill the encoder's batches, little enough to hold for each worker.
_LARGEST_BATCH = 32
_LARGEST_BATCH_CHARACTERS = 400_000
# Batches under way for each worker: one at work, one waiting, one whose result waits for its turn.
_AHEAD = 3


class Analyzer(Protocol):
    """What `quotes.load` gives."""

    def __call__(self, text_or_article: str | Article, /) -> ArticleResult:
        """Analyse one article."""

    def pipe(self, articles: Iterable[Article], /) -> Iterator[ArticleResult]:
        """Analyse many, in order."""


@dataclass(frozen=True, slots=True)
class Failure:
    """An article without a result; `trace` is the traceback of an internal error."""

    error: ArticleError
    trace: str = ""


@dataclass(frozen=True, slots=True)
class ModelChoice:
    """What a process needs to load its analyzer; `threads` None leaves the number to the analyzer.

    `timeout`: seconds that an article may take.
    """

    name: str = "default"
    threads: int | None = None
    timeout: float | None = None

    def load(self) -> Analyzer:
        """Load it.

        Raises:
            ModelNotFoundError: There is no such model.
        """
        # Imported here: nothing that only reads or shows help shall wait for spaCy and onnxruntime.
        from quotes.pipeline import load

        return load(self.name, threads=self.threads)

    def identity(self) -> dict[str, str]:
        """Name and hash of the model, without loading it.

        Raises:
            ModelNotFoundError: There is no such model.
        """
        from quotes.pipeline import find_model, model_hash

        folder = find_model(self.name)
        return {"model": folder.name, "model_hash": model_hash(folder)}


Outcome = ArticleResult | Failure
_Batch = list[Article | Failure]


def analyse(items: Iterable[Article | ArticleError], model: ModelChoice, *, jobs: int = 1) -> Iterator[Outcome]:
    """Results of the articles and failures of the errors, in the order of `items`, which are read as needed.

    Args:
        items: Articles, and the errors of those that could not be read.
        model: Loaded when the first article comes, once in each process.
        jobs: Worker processes; 1 works in this process.

    Raises:
        QuotesError: The model cannot be loaded.
    """
    stream = batches(items)
    if jobs > 1:
        yield from _in_workers(stream, model, jobs)
        return
    analyzer: Analyzer | None = None
    for batch in stream:
        articles = [a for a in batch if isinstance(a, Article)]
        if articles and analyzer is None:
            analyzer = model.load()
        yield from _in_order(batch, outcomes(analyzer, articles, model.timeout) if analyzer else [])


def batches(items: Iterable[Article | ArticleError]) -> Iterator[_Batch]:
    """Items that go to a worker together, errors among them as failures: few at first, so that the first result comes soon."""
    batch: _Batch = []
    characters, largest = 0, 1
    for item in items:
        batch.append(item if isinstance(item, Article) else Failure(item))
        characters += len(item.text) if isinstance(item, Article) else 0
        if len(batch) >= largest or characters >= _LARGEST_BATCH_CHARACTERS:
            yield batch
            batch, characters, largest = [], 0, min(2 * largest, _LARGEST_BATCH)
    if batch:
        yield batch


def _in_order(batch: _Batch, outcomes: Iterable[Outcome]) -> Iterator[Outcome]:
    """The batch with each article replaced by its outcome."""
    found = iter(outcomes)
    for item in batch:
        yield next(found) if isinstance(item, Article) else item


def outcomes(analyzer: Analyzer, articles: Sequence[Article], timeout: float | None = None) -> list[Outcome]:
    """The outcome of each article; one that fails, or takes more than `timeout` seconds, costs no other."""
    if len(articles) > 1:
        try:
            with _alarm(timeout):
                results = list(analyzer.pipe(articles))
        except Exception:
            log.debug("a batch failed; its articles are analysed one by one", exc_info=True)
        else:
            if len(results) == len(articles):
                return list(results)
    return [_outcome(analyzer, article, timeout) for article in articles]


def _outcome(analyzer: Analyzer, article: Article, timeout: float | None) -> Outcome:
    try:
        with _alarm(timeout):
            return analyzer(article)
    except _OutOfTimeError:
        return Failure(ArticleError(place(article), f"not done within {timeout:g} seconds; give it more --timeout"))
    except ArticleError as error:
        return Failure(error)
    except Exception as error:
        what = " ".join(f"{type(error).__name__}: {error}".split())
        reason = f"internal error ({what[:300]}); -v shows the traceback, please report it"
        return Failure(ArticleError(place(article), reason), traceback.format_exc())


class _OutOfTimeError(Exception):
    """An article took too long."""


@contextmanager
def _alarm(seconds: float | None) -> Iterator[None]:
    """Raise `_OutOfTimeError` in the block after so many seconds; only in a process's main thread, and not on Windows."""
    if seconds is None:
        yield
        return

    def ring(number: int, frame: object) -> None:
        raise _OutOfTimeError

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def place(article: Article) -> str:
    """Where an article came from, for a message: its path, and its id where the path does not tell."""
    if not article.path:
        return article.id
    return article.path if PurePath(article.path).stem == article.id else f"{article.path} [{article.id}]"


# --- worker processes

_worker_analyzer: Analyzer | None = None


def _start_worker() -> None:
    # Ctrl-C reaches every process of the terminal; the parent ends the workers.
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _work(articles: Sequence[Article], model: ModelChoice) -> list[Outcome] | QuotesError:
    """In a worker: the outcomes, or as a value what keeps the model from loading."""
    global _worker_analyzer
    if _worker_analyzer is None:
        try:
            _worker_analyzer = model.load()
        except QuotesError as error:
            return error
    return outcomes(_worker_analyzer, articles, model.timeout)


class _Workers:
    """A pool that starts anew when a worker dies (killed for its memory, say)."""

    def __init__(self, model: ModelChoice, jobs: int) -> None:
        self._model = replace(model, threads=model.threads or 1)
        self._jobs = jobs
        self._pool = self._new_pool()

    def _new_pool(self) -> ProcessPoolExecutor:
        # spawn: a fork would copy the threads' locks of numpy and onnxruntime in whatever state they are.
        context = multiprocessing.get_context("spawn")
        return ProcessPoolExecutor(self._jobs, mp_context=context, initializer=_start_worker)

    def submit(self, articles: Sequence[Article]) -> "Future[list[Outcome] | QuotesError] | None":
        """Hand out work; None where the pool has just broken."""
        try:
            return self._pool.submit(_work, articles, self._model)
        except BrokenProcessPool:
            return None

    def wait(
        self, articles: Sequence[Article], future: "Future[list[Outcome] | QuotesError] | None"
    ) -> list[Outcome]:
        """Wait for the outcomes; after a worker's death find the article that it died of, one by one."""
        try:
            if future is None:
                raise BrokenProcessPool
            return _unwrap(future.result())
        except BrokenProcessPool:
            return [self._alone(article) for article in articles]

    def _alone(self, article: Article) -> Outcome:
        for _ in range(2):  # the pool may still be the one that broke before
            future = self.submit([article])
            if future is None:
                self._pool = self._new_pool()
                continue
            try:
                return _unwrap(future.result())[0]
            except BrokenProcessPool:
                self._pool = self._new_pool()
                break
        reason = "the worker process died of it (out of memory?); try it alone with --jobs 1"
        return Failure(ArticleError(place(article), reason))

    def stop(self, *, now: bool) -> None:
        """End the workers: after their work, or at once."""
        if now:
            for process in multiprocessing.active_children():
                process.terminate()
        # wait for the pool's own thread: it and the end of the program would else close its pipe at once, with a traceback
        self._pool.shutdown(wait=True, cancel_futures=True)


def _unwrap(value: list[Outcome] | QuotesError) -> list[Outcome]:
    if isinstance(value, QuotesError):
        raise value
    return value


def _in_workers(stream: Iterable[_Batch], model: ModelChoice, jobs: int) -> Iterator[Outcome]:
    workers = _Workers(model, jobs)
    under_way: deque[tuple[_Batch, list[Article], Future[list[Outcome] | QuotesError] | None]] = deque()
    finished = False
    try:
        for batch in stream:
            articles = [a for a in batch if isinstance(a, Article)]
            under_way.append((batch, articles, workers.submit(articles)))
            if len(under_way) >= _AHEAD * jobs:
                oldest, articles, future = under_way.popleft()
                yield from _in_order(oldest, workers.wait(articles, future))
        while under_way:
            oldest, articles, future = under_way.popleft()
            yield from _in_order(oldest, workers.wait(articles, future))
        finished = True
    finally:
        workers.stop(now=not finished)
