"""End-to-end speed (text in, records out), where the time goes, and whether the work grows linearly with length.

    python benchmarks/speed.py
    python benchmarks/speed.py --articles ../shared/eval/gold_dev.jsonl

Every figure is the median of the repetitions. Each number of threads has a process of its own. Words are parted by
white space.
"""

import argparse
import json
import os
import statistics
import time
from collections.abc import Callable, Sequence
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from common import count_words, cut, paragraphs, read_articles, repeat_to, show, write_json

from quotes.records import Article

SHORT_WORDS = 500
# Of the short articles' side so many are run: enough for a median, and as many words as the long file's share.
SHORT_ARTICLES = 60


def seconds(work: Callable[[], object]) -> float:
    """Wall-clock time of one call."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def extract(analyzer: Any, articles: Sequence[Article]) -> None:
    """What `quotes extract --format jsonl` does behind the reader."""
    for result in analyzer.pipe(articles):
        json.dumps(result.to_dict(), ensure_ascii=False)


class StageClock:
    """Wraps the stage functions where the pipeline looks them up, and adds up the time spent in each."""

    def __init__(self) -> None:
        from quotes import encoder, pipeline, sources

        self.spent: dict[str, float] = {}
        self._undo: list[tuple[Any, str, Any]] = []
        for stage, owner, name in (
            ("tokeniser", pipeline, "token_offsets"),
            ("paragraphs and marks", pipeline, "find_paragraphs"),
            ("paragraphs and marks", pipeline, "find_quotations"),
            ("paragraphs and marks", pipeline, "keep_own_style"),
            ("words", pipeline, "build_words"),
            ("encoder", encoder.Encoder, "__call__"),
            ("decoding and linking", pipeline, "analyze"),
            ("resolution", sources.Resolver, "__call__"),
            ("records", pipeline, "build_sources"),
            ("records", pipeline, "_records"),
            ("records", pipeline, "_share_repeated"),
        ):
            self._wrap(stage, owner, name)

    def _wrap(self, stage: str, owner: Any, name: str) -> None:
        inner = getattr(owner, name, None)
        if inner is None:
            raise SystemExit(f"speed.py: {owner.__name__} has no {name} any more; bring StageClock's list up to date")
        self.spent.setdefault(stage, 0.0)

        def timed(*args: Any, **kwargs: Any) -> Any:
            start = time.perf_counter()
            try:
                return inner(*args, **kwargs)
            finally:
                self.spent[stage] += time.perf_counter() - start

        self._undo.append((owner, name, inner))
        setattr(owner, name, timed)

    def stop(self) -> None:
        """Put the functions back."""
        for owner, name, inner in self._undo:
            setattr(owner, name, inner)


def measure(model: str, threads: int, articles: Sequence[Article], repeat: int) -> dict[str, Any]:
    """Words a second, spaCy's tokeniser beside it in the same run, and the seconds of each stage."""
    import spacy

    from quotes.pipeline import load

    analyzer, blank = load(model, threads=threads), spacy.blank("en")
    extract(analyzer, articles[:2])
    ours, spacys, stages = [], [], []
    for _ in range(repeat):
        ours.append(seconds(lambda: extract(analyzer, articles)))
        spacys.append(seconds(lambda: [blank.make_doc(a.text) for a in articles]))
        clock = StageClock()
        whole = seconds(lambda: extract(analyzer, articles))
        clock.stop()
        stages.append({**clock.spent, "the rest": whole - sum(clock.spent.values())})
    words = sum(count_words(a.text) for a in articles)
    return {
        "threads": threads,
        "words": words,
        "words_per_second": words / statistics.median(ours),
        "all_words_per_second": [words / s for s in ours],
        "spacy_words_per_second": words / statistics.median(spacys),
        "ratio": statistics.median(a / b for a, b in zip(ours, spacys, strict=True)),
        "stages": {stage: statistics.median(s[stage] for s in stages) for stage in stages[0]},
    }


def measure_growth(model: str, threads: int, words: int, repeat: int) -> dict[str, Any]:
    """Seconds per word of one long text and of short articles made in the same way, in turn."""
    from quotes.pipeline import load

    analyzer = load(model, threads=threads)
    stream = paragraphs(seed=1)
    long = [Article("long", cut(stream, words))]
    short = [Article(f"short-{k}", cut(stream, SHORT_WORDS)) for k in range(SHORT_ARTICLES)]
    extract(analyzer, short[:2])
    cost: dict[str, list[float]] = {"long": [], "short": []}
    for _ in range(repeat):
        for name, articles in (("short", short), ("long", long)):
            size = sum(count_words(a.text) for a in articles)
            cost[name].append(seconds(lambda articles=articles: extract(analyzer, articles)) / size)
    return {
        "words": count_words(long[0].text),
        "threads": threads,
        "microseconds_per_word": {name: 1e6 * statistics.median(c) for name, c in cost.items()},
        "ratio": statistics.median(a / b for a, b in zip(cost["long"], cost["short"], strict=True)),
    }


def in_process(threads: int, work: Callable[..., Any], *args: Any) -> Any:
    """Run `work` in a fresh process whose matrix libraries take so many threads, too."""
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = str(threads)
    with get_context("spawn").Pool(1) as pool:
        return pool.apply(work, args)


def main() -> None:
    """Read the options, run, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("files", nargs="*", type=Path, help="plain text; the samples where nothing is given")
    parser.add_argument("--articles", type=Path, nargs="+", default=[], metavar="JSONL", help="articles with a `text`")
    parser.add_argument("--words", type=int, default=20_000, help="the articles are repeated until they have so many")
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--model", default="default")
    parser.add_argument("--long-words", type=int, default=200_000, help="words of the long text; 0: leave that out")
    parser.add_argument("--long-repeat", type=int, default=3)
    parser.add_argument("--json", type=Path, metavar="FILE")
    args = parser.parse_args()
    articles = repeat_to(read_articles(args.files, args.articles), args.words)
    load_before = os.getloadavg()[0]
    if load_before > 0.5:
        print(f"The machine is busy (load {load_before:.1f}): these figures are too low.")
    runs = [in_process(n, measure, args.model, n, articles, args.repeat) for n in args.threads]
    about = f"{runs[0]['words']:,} words, {len(articles)} articles, median of {args.repeat}, load {load_before:.1f}"
    rows = [[str(r["threads"]), r["words_per_second"], r["spacy_words_per_second"], r["ratio"]] for r in runs]
    show(f"End to end: {about}", ["threads", "words/s", "spaCy blank tokeniser, words/s", "times its time"], rows)
    stages = []
    for stage in runs[0]["stages"]:
        row: list[Any] = [stage]
        for r in runs:
            spent = r["stages"][stage]
            row += [1e6 * spent / r["words"], f"{100 * spent / sum(r['stages'].values()):.0f} %"]
        stages.append(row)
    header = [x for r in runs for x in (f"µs/word, {r['threads']} threads", "share")]
    show("Where the time goes", ["stage", *header], stages)
    growth = None
    if args.long_words:
        threads = max(args.threads)
        growth = in_process(threads, measure_growth, args.model, threads, args.long_words, args.long_repeat)
        cost = growth["microseconds_per_word"]
        lengths = f"{growth['words']:,} words against {SHORT_WORDS}"
        row = [[lengths, cost["long"], cost["short"], f"{growth['ratio']:.2f}"]]
        show(f"Growth with length, {threads} threads", ["one text", "µs/word, long", "µs/word, short", "ratio"], row)
    write_json(args.json, {"load": load_before, "runs": runs, "growth": growth})


if __name__ == "__main__":
    main()
