"""Articles -> results on a Ray cluster (extra `ray`): an actor for each loaded model, fed with Arrow batches by Ray Data.

The articles are read, and the results written, by the process that was started: order, ids, parts and `--resume` are those of
a run on one machine. Each node needs this package at the same version.
"""

import logging
import os
import pickle
import re
import socket
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import chain, islice
from typing import Any

from quotes.arrow import arrow
from quotes.batch import Failure, ModelChoice, Outcome, batches, outcomes
from quotes.batch import analyse as analyse_here
from quotes.errors import ArticleError, InputError, MissingExtraError
from quotes.records import Article

log = logging.getLogger(__name__)

# Batches of one execution: some 10,000 articles, a few minutes of an actor. They and their results wait in the object store.
WINDOW = 320
_COLUMN = "pickled"


class _Actor:
    """Loads the model once; takes a table whose one row is a batch, gives one with its outcomes."""

    def __init__(self, model: ModelChoice) -> None:
        self._analyzer = model.load()
        self._timeout = model.timeout

    def __call__(self, table: Any) -> Any:
        done = [outcomes(self._analyzer, pickle.loads(row), self._timeout) for row in table[_COLUMN].to_pylist()]
        return _table(done)


def _table(values: Iterable[Any]) -> Any:
    pa = arrow()
    return pa.table({_COLUMN: pa.array([pickle.dumps(v) for v in values], pa.large_binary())})


def analyse(
    items: Iterable[Article | ArticleError], model: ModelChoice, *, actors: int = 0, address: str | None = None
) -> Iterator[Outcome]:
    """As `batch.analyse`, on a Ray cluster.

    Args:
        items: Articles, and the errors of those that could not be read.
        model: Loaded once by each actor.
        actors: How many, each with a processor of its own; 0 for one for each processor of the cluster.
        address: Of the cluster; None starts one on this machine, or joins the one that RAY_ADDRESS names.

    Raises:
        MissingExtraError: Ray is not installed.
        InputError: There is no cluster at the address.
        QuotesError: The model cannot be loaded.
    """
    model.identity()  # a missing model is told here, not by each actor
    with _cluster(address) as ray:
        size = actors or max(1, int(ray.cluster_resources().get("CPU", 1)))
        stream = batches(items)
        while window := list(islice(stream, WINDOW)):
            yield from _in_order(window, _run(ray, window, model, size), model)


def _in_order(
    window: list[list[Article | Failure]], done: Iterator[list[Outcome]], model: ModelChoice
) -> Iterator[Outcome]:
    """The outcomes of a window; what a broken actor leaves is done by a worker here, which finds out what broke it."""
    for number, batch in enumerate(window):
        try:
            found = iter(next(done))
        except Exception as error:  # Ray wraps whatever happened in many classes of its own
            log.warning("an actor failed (%s); what it left is done on this machine", " ".join(str(error).split())[:300])
            rest = chain.from_iterable(window[number:])
            yield from analyse_here((i.error if isinstance(i, Failure) else i for i in rest), model, jobs=2)
            return
        for item in batch:
            yield next(found) if isinstance(item, Article) else item


def _run(ray: Any, window: list[list[Article | Failure]], model: ModelChoice, size: int) -> Iterator[list[Outcome]]:
    """The outcomes of each batch, in order."""
    tables = [_table([[a for a in batch if isinstance(a, Article)]]) for batch in window]
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*ray_remote_args")  # until 2.64, which the extra leaves out
        found = ray.data.from_arrow(tables).map_batches(
            _Actor,
            fn_constructor_args=(model,),
            batch_format="pyarrow",
            batch_size=None,
            compute=ray.data.ActorPoolStrategy(size=min(size, len(window))),
            num_cpus=1,
            max_restarts=0,  # an article that kills an actor would kill the next one, too
            max_task_retries=0,
        )
    for table in found.iter_batches(batch_format="pyarrow", batch_size=None):
        for row in table[_COLUMN].to_pylist():
            yield pickle.loads(row)


@contextmanager
def _cluster(address: str | None) -> Iterator[Any]:
    """Ray, connected; disconnected at the end, if it was not before."""
    os.environ.setdefault("RAY_DATA_DISABLE_PROGRESS_BARS", "1")
    try:
        import ray
        import ray.data
    except ImportError as error:
        raise MissingExtraError("ray", "ray", "--engine ray") from error
    ours = not ray.is_initialized()
    for name in ("ray", "ray.data"):
        logging.getLogger(name).setLevel(logging.ERROR)
    if ours:
        _check(address)
        try:
            ray.init(address=address, include_dashboard=False, log_to_driver=False, logging_level=logging.ERROR)
        except (ConnectionError, ValueError, RuntimeError) as error:
            where = address or "this machine"
            raise InputError(f"no Ray cluster at {where} ({error}); start one with `ray start --head`") from error
    context = ray.data.DataContext.get_current()
    context.execution_options.preserve_order = True
    context.enable_progress_bars = False
    try:
        yield ray
    finally:
        if ours:
            ray.shutdown()


def _check(address: str | None) -> None:
    """Refuse the address of a cluster where nothing listens: Ray itself tries for minutes."""
    host, _, port = re.sub(r"^ray://", "", address or "").rpartition(":")
    if not host or not port.isdigit():
        return
    try:
        socket.create_connection((host.strip("[]"), int(port)), timeout=_PATIENCE).close()
    except (OSError, OverflowError) as error:
        raise InputError(f"no Ray cluster at {address} ({error}); start one with `ray start --head`") from error


_PATIENCE = 10.0
