"""Memory of one process over many short articles: the peak, and whether it keeps growing.

    python benchmarks/memory.py
    python benchmarks/memory.py --number 500

The articles are paragraphs of the samples with other names, half of the surnames made up, so that the vocabulary grows
as in a real archive. Linux only: resident memory is read from /proc.
"""

import argparse
import json
import os
import random
import statistics
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from common import count_words, paragraphs, show, write_json

from quotes.pipeline import load
from quotes.records import Article

SAMPLES = 200
# Paragraphs among which an article's are drawn; renewed all the time, so that new names keep coming.
POOL = 200


def resident() -> float:
    """Resident memory now, in MB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def peak() -> float:
    """The highest resident memory so far, in MB."""
    status = Path("/proc/self/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]) / 1024


def short_articles(number: int, words: int, seed: int) -> Iterator[Article]:
    """Articles of shuffled paragraphs, one after another."""
    rng = random.Random(seed)
    stream = paragraphs(seed)
    pool = list(islice(stream, POOL))
    for k in range(number):
        parts: list[str] = []
        while sum(map(count_words, parts)) < words:
            place = rng.randrange(POOL)
            parts.append(pool[place])
            pool[place] = next(stream)
        yield Article(f"a{k}", "\n\n".join(parts))


def main() -> None:
    """Read the options, run, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--number", type=int, default=10_000, help="articles")
    parser.add_argument("--words", type=int, default=120, help="least words of an article")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--model", default="default")
    parser.add_argument("--json", type=Path, metavar="FILE")
    args = parser.parse_args()
    analyzer = load(args.model, threads=args.threads)
    loaded, start = resident(), time.perf_counter()
    every = max(1, args.number // SAMPLES)
    sizes: list[float] = []
    words = 0
    with open(os.devnull, "w", encoding="utf8") as sink:
        for k, result in enumerate(analyzer.pipe(short_articles(args.number, args.words, args.seed))):
            sink.write(json.dumps(result.to_dict(), ensure_ascii=False) + "\n")
            words += count_words(result.article.text)
            if k % every == 0:
                sizes.append(resident())
    tenth = max(1, len(sizes) // 10)
    # the first tenth holds the warming up: caches fill, the allocator takes its arenas
    second, last = statistics.mean(sizes[tenth : 2 * tenth]), statistics.mean(sizes[-tenth:])
    rows = [
        ["after loading the model", f"{loaded:.0f} MB"],
        ["second tenth of the articles, mean", f"{second:.0f} MB"],
        ["last tenth, mean", f"{last:.0f} MB"],
        ["growth from second to last tenth", f"{last - second:+.0f} MB ({100 * (last / second - 1):+.1f} %)"],
        ["peak of the process", f"{peak():.0f} MB"],
    ]
    took = time.perf_counter() - start
    show(f"Memory over {args.number:,} articles, {words:,} words, {took:.0f} s", ["when", "resident"], rows)
    results = {"articles": args.number, "words": words, "loaded": loaded, "second_tenth": second, "last_tenth": last}
    write_json(args.json, {**results, "peak": peak(), "samples": sizes})


if __name__ == "__main__":
    main()
