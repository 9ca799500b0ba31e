"""An archive from end to end: mixed formats, broken articles, memory of the main process, workers, the writer alone.

    python benchmarks/archive.py make ARCHIVE --number 100000     folders, .jsonl.gz, .zip, .tar.gz, .csv, .parquet, 1 % broken
    python benchmarks/archive.py run ARCHIVE --jobs 2             `quotes ARCHIVE -o DIR/`, its memory sampled
    python benchmarks/archive.py workers ARCHIVE --number 2000    one worker and two, by turns
    python benchmarks/archive.py writer --number 1000000          parts and manifest alone, the model a stub
    python benchmarks/archive.py across --number 200000           keys of quotations and the index of speakers alone, the same

The articles are paragraphs of the samples with other names, as for `memory.py`. Linux only: memory is read from /proc.
"""

import argparse
import csv
import gzip
import io
import json
import os
import random
import resource
import shutil
import statistics
import subprocess
import sys
import tarfile
import tempfile
import time
import zipfile
from collections.abc import Iterator
from itertools import accumulate, islice
from pathlib import Path

from common import show
from memory import resident, short_articles

from quotes.records import Article, ArticleResult, Attribution, CharSpan, Source

WORDS = 60
# Every hundredth article is broken, in one of these ways.
SORTS = (
    "a line cut off", "no text", "half a surrogate", "a number for a text", "a file with NUL", "a PDF named .txt",
    "a cut-off gzip", "a row of too many cells", "an encrypted member", "a name that leads out of the archive",
)  # fmt: skip
BROKEN = 100


def broken_files(folder: Path, number: int) -> None:
    """So many broken articles, of all sorts by turns."""
    folder.mkdir()
    packed = gzip.compress(b'{"text": "' + os.urandom(4000).hex().encode() + b'"}\n')
    lines = {0: '{"text": "cut', 1: '{"name": "x"}', 2: '{"text": "\\ud83d alone"}', 3: '{"text": 7}'}
    with (folder / "lines.jsonl").open("w") as jsonl, (folder / "rows.csv").open("w") as rows:
        rows.write("id,text\n")
        with zipfile.ZipFile(folder / "members.zip", "w") as archive:
            for i in range(number):
                sort = i % len(SORTS)
                if sort in lines:
                    jsonl.write(lines[sort] + "\n")
                elif sort == 4:
                    (folder / f"nul-{i}.txt").write_bytes(b"text\0text")
                elif sort == 5:
                    (folder / f"page-{i}.txt").write_bytes(b"%PDF-1.7\n...")
                elif sort == 6:
                    (folder / f"cut-{i}.jsonl.gz").write_bytes(packed[: len(packed) // 2])
                elif sort == 7:
                    rows.write(f"{i},a,b,c\n")
                else:
                    archive.writestr(f"{'secret' if sort == 8 else '../out'}-{i}.txt", "x")
    _encrypt(folder / "members.zip")


def _encrypt(file: Path) -> None:
    """Say of the members called secret that they are encrypted."""
    data = bytearray(file.read_bytes())
    for magic, flags, name in ((b"PK\x03\x04", 6, 30), (b"PK\x01\x02", 8, 46)):
        at = data.find(magic)
        while at >= 0:
            if data[at + name : at + name + 6] == b"secret":
                data[at + flags] |= 1
            at = data.find(magic, at + 4)
    file.write_bytes(data)


def make(folder: Path, number: int, seed: int) -> None:
    """Write the archive: a sixth of the articles in each format."""
    import pyarrow as pa
    from pyarrow import parquet

    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    broken = number // BROKEN
    articles = short_articles(number - broken, WORDS, seed)
    share = (number - broken) // 6

    def some(n: int) -> Iterator[Article]:
        return islice(articles, n)

    texts = folder / "texts"
    for k, article in enumerate(some(share)):
        path = texts / f"{k // 1000:03}" / f"{article.id}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(article.text, encoding="utf8")
    with gzip.open(folder / "lines.jsonl.gz", "wt", encoding="utf8", compresslevel=3) as lines:
        lines.writelines(json.dumps({"id": a.id, "text": a.text, "desk": "harbour"}) + "\n" for a in some(share))
    with zipfile.ZipFile(folder / "members.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for article in some(share):
            archive.writestr(f"{article.id}.txt", article.text)
    with tarfile.open(folder / "members.tar.gz", "w:gz", compresslevel=3) as archive:
        for article in some(share):
            data = article.text.encode()
            info = tarfile.TarInfo(f"2019/{article.id}.txt")
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    with (folder / "rows.csv").open("w", encoding="utf8", newline="") as rows:
        writer = csv.writer(rows)
        writer.writerow(["id", "body", "section"])
        writer.writerows([a.id, a.text, "news"] for a in some(share))
    rest = [{"id": a.id, "text": a.text, "outlet": "Velsen Courier"} for a in articles]
    parquet.write_table(pa.Table.from_pylist(rest), folder / "rest.parquet", row_group_size=5000)
    broken_files(folder / "x-broken", broken)
    print(f"{number} articles, {broken} of them broken, in {folder}")


def run(folder: Path, jobs: int, output: Path, options: list[str]) -> None:
    """The whole command, its main process's memory sampled every half second."""
    command = [sys.executable, "-m", "quotes", str(folder), "-o", f"{output}/", "--force", "--jobs", str(jobs), "-q", *options]
    begun = time.monotonic()
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(command, stderr=errors)
        sizes: list[float] = []
        while process.poll() is None:
            with Path(f"/proc/{process.pid}/statm").open() as file:
                sizes.append(int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20)
            time.sleep(0.5)
        errors.seek(0)
        told = errors.read().decode().splitlines()
    seconds = time.monotonic() - begun
    lines = [json.loads(line) for line in (output / "manifest.jsonl").open(encoding="utf8")]
    end = lines[-1]
    listed = sum(len(p.read_text(encoding="utf8").splitlines()) for p in output.glob("errors-*.tsv"))
    tenth = max(1, len(sizes) // 10)
    second, last = max(sizes[tenth : 2 * tenth]), max(sizes[-tenth:])
    show(
        f"{folder}, {jobs} workers",
        ["exit", "articles", "failed", "listed", "told", "minutes", "articles/s", "second tenth MB", "last tenth MB", "ratio"],
        [[process.returncode, end["articles"], end["failed"], listed, len(told), f"{seconds / 60:.1f}",
          f"{(end['articles'] + end['failed']) / seconds:.0f}", f"{second:.0f}", f"{last:.0f}", f"{last / second:.3f}"]],
    )  # fmt: skip


def workers(folder: Path, number: int, repeat: int) -> None:
    """Articles a second with one worker and with two, by turns, in whole processes.

    The time of loading, which both need, is taken off: that of a run over very few articles.
    """
    rates: dict[int, list[float]] = {1: [], 2: []}
    for k in range(repeat):
        for jobs in (1, 2) if k % 2 == 0 else (2, 1):
            few, many = (_seconds(folder, n, jobs) for n in (40, number))
            rates[jobs].append((number - 40) / (many - few))
            print(f"{jobs}: {rates[jobs][-1]:.1f} articles/s", file=sys.stderr, flush=True)
    one, two = (statistics.median(rates[jobs]) for jobs in (1, 2))
    header = ["articles/s, 1 worker", "2 workers", "ratio"]
    show("one thread for each worker", header, [[f"{one:.1f}", f"{two:.1f}", f"{two / one:.2f}"]])


def _seconds(folder: Path, number: int, jobs: int) -> float:
    with tempfile.TemporaryDirectory() as output:
        # one thread each: --jobs 1 would else use all cores in its one process
        command = [sys.executable, "-m", "quotes", str(folder / "rows.csv"), "-o", f"{output}/", "--jobs", str(jobs)]
        begun = time.monotonic()
        subprocess.run([*command, "--threads", "1", "--limit", str(number), "-q"], check=True)
        return time.monotonic() - begun


def writer(number: int, output: Path) -> None:
    """A million short records through feed, parts and manifest; who analyses is a stub, and each result the same."""
    from quotes.parts import Parts

    text = "“Nobody wrote back,” a harbour inspector said."
    source = Source("s1", "anonymous", None, "a harbour inspector")
    spans = (CharSpan(0, 20),)
    quote = Attribution("q1", "direct", spans, spans, text[:20], None, None, "s1", 1)
    shutil.rmtree(output, ignore_errors=True)
    parts = Parts(output, "parquet", {"quotes": "benchmark"}, size=1000)
    rows: list[list[str]] = []
    begun = time.monotonic()
    for k, item in enumerate(parts.feed(Article(f"a{i}", f"{text} {i}") for i in range(number)), 1):
        result = ArticleResult(item, (quote,), (source,))  # type: ignore[arg-type]
        parts.add(result, result)
        if k % (number // 10) == 0:
            now = time.monotonic()
            rows.append([str(k), f"{now - begun:.1f}", f"{resident():.0f}"])
            begun = now
    parts.close()
    begun = time.monotonic()
    again = Parts(output, "parquet", {"quotes": "benchmark"}, size=1000, resume=True)
    again.finished = False
    skipped = sum(1 for _ in again.feed(Article(f"a{i}", f"{text} {i}") for i in range(number)))
    rows.append([f"skip all on --resume ({skipped} left)", f"{time.monotonic() - begun:.1f}", f"{resident():.0f}"])
    show("the writer alone", ["records", "seconds for this tenth", "resident MB"], rows)
    print(f"peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


def across(number: int) -> None:
    """Made-up quotations of 25 words, every tenth an earlier one again, of 50,000 names: keys, then the index of speakers."""
    from quotes.speaker_index import SpeakerIndex, suggest
    from quotes.stored import Spoken
    from quotes.wordings import Wordings

    rng = random.Random(5)
    letters = "abcdefghijklmnopqrstuvwxyz"
    vocabulary = ["".join(rng.choices(letters, k=rng.randint(2, 9))) for _ in range(20_000)]
    common = list(accumulate(1 / (k + 10) for k in range(len(vocabulary))))  # words are as frequent as Zipf has it
    names = [" ".join("".join(rng.choices(letters, k=6)).title() for _ in range(2)) for _ in range(50_000)]
    earlier: list[str] = []
    wordings, index = Wordings(), SpeakerIndex()
    rows: list[list[str]] = []
    before, begun = resident(), time.monotonic()
    for k in range(1, number + 1):
        if k % 10 == 0:
            text = rng.choice(earlier)
        else:
            text = "“" + " ".join(rng.choices(vocabulary, cum_weights=common, k=25)) + "”"
            if len(earlier) < 1000:
                earlier.append(text)
        quote = Attribution("q1", "direct", (CharSpan(0, len(text)),), (CharSpan(0, len(text)),), text, None, None, None, 1)
        wordings.mark(ArticleResult(Article(f"a{k}", text), (quote,)))
        if k % (number // 5) == 0:
            now = time.monotonic()
            rows.append([f"{k} keys, {wordings.found} found again", f"{now - begun:.1f}", f"{resident() - before:.0f}"])
            begun = now
    before, begun = resident(), time.monotonic()
    for k in range(1, number + 1):
        index.add(Spoken(f"a{k}", f"20{k % 25:02}-01-01", rng.choice(names), "person", "a diver", (), None, 25, False))
    found = index.speakers()
    told = f"{number} quotations, {len(found)} speakers"
    rows.append([told, f"{time.monotonic() - begun:.1f}", f"{resident() - before:.0f}"])
    begun = time.monotonic()
    told = f"{len(suggest(found))} suggestions"
    rows.append([told, f"{time.monotonic() - begun:.1f}", f"{resident() - before:.0f}"])
    show("across articles", ["", "seconds (making texts included)", "MB more"], rows)


_NUMBERS = {"make": 100_000, "workers": 2000, "writer": 1_000_000, "across": 200_000}


def main() -> None:
    """Read the options, run, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("make", "run", "workers", "writer", "across"):
        sub = commands.add_parser(name)
        if name not in ("writer", "across"):
            sub.add_argument("archive", type=Path)
        if name != "run":
            sub.add_argument("--number", type=int, default=_NUMBERS[name])
        if name in ("run", "writer"):
            sub.add_argument("--output", type=Path, default=Path(tempfile.gettempdir()) / f"quotes-{name}")
    commands.choices["make"].add_argument("--seed", type=int, default=1)
    commands.choices["run"].add_argument("--jobs", type=int, default=os.cpu_count())
    commands.choices["workers"].add_argument("--repeat", type=int, default=3)
    args, options = parser.parse_known_args()
    random.seed(1)
    if args.command == "make":
        make(args.archive, args.number, args.seed)
    elif args.command == "run":
        run(args.archive, args.jobs, args.output, options)
    elif args.command == "workers":
        workers(args.archive, args.number, args.repeat)
    elif args.command == "writer":
        writer(args.number, args.output)
    else:
        across(args.number)


if __name__ == "__main__":
    main()
