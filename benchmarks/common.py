"""What the benchmarks share: sample articles, texts made from them, and how results are shown."""

import json
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from transform import NameSwap

from quotes.records import Article

ROOT = Path(__file__).resolve().parents[1]
_SYLLABLES = ("ba", "li", "mo", "nu", "ra", "se", "ti", "vo", "wa", "zi", "da", "fe", "gi", "jo", "ku", "la", "mi")


def samples() -> list[dict[str, Any]]:
    """The expected records of the sample articles, with text and speakers."""
    return [json.loads(p.read_text(encoding="utf8")) for p in sorted((ROOT / "tests" / "samples").glob("*.json"))]


def read_articles(files: Sequence[Path], jsonl: Sequence[Path]) -> list[Article]:
    """Plain text files, then the `text` of each line of JSON Lines files; the samples where none is given."""
    articles = [Article(path.stem, path.read_text(encoding="utf8")) for path in files]
    for path in jsonl:
        for number, line in enumerate(path.read_text(encoding="utf8").splitlines()):
            if line.strip():
                record = json.loads(line)
                articles.append(Article(str(record.get("id", number)), record["text"]))
    return articles or [Article(s["id"], s["text"]) for s in samples()]


def count_words(text: str) -> int:
    """Words as a reader counts them: parted by white space."""
    return len(text.split())


def repeat_to(articles: Sequence[Article], words: int) -> list[Article]:
    """The articles again and again until they hold so many words; at least once each."""
    size = sum(count_words(a.text) for a in articles)
    return list(articles) * max(1, round(words / size))


def paragraphs(seed: int) -> Iterator[str]:
    """Sample paragraphs without end: whole articles in turn, shuffled, their people renamed each time.

    Half of the new surnames are made up, so that the vocabulary grows as an archive's does.
    """
    rng = random.Random(seed)
    articles = samples()
    while True:
        rng.shuffle(articles)
        for article in articles:
            swap = NameSwap(article["text"], article["speakers"], rng, invent=lambda: _made_up(rng))
            yield from (p for p in swap.text.split("\n\n") if p.strip())


def _made_up(rng: random.Random) -> str | None:
    return "".join(rng.choices(_SYLLABLES, k=rng.randint(3, 4))).capitalize() if rng.random() < 0.5 else None


def cut(stream: Iterator[str], words: int) -> str:
    """A text of at least so many words from the stream's next paragraphs."""
    out: list[str] = []
    size = 0
    while size < words:
        out.append(next(stream))
        size += count_words(out[-1])
    return "\n\n".join(out)


def show(title: str, header: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Print a Markdown table; figures stand to the right."""
    cells = [[_cell(c) for c in row] for row in rows]
    widths = [max(len(r[k]) for r in [list(header), *cells]) for k in range(len(header))]
    print(f"\n**{title}**\n")
    for number, row in enumerate([list(header), *cells]):
        padded = [c.ljust(w) if k == 0 else c.rjust(w) for k, (c, w) in enumerate(zip(row, widths, strict=True))]
        print("| " + " | ".join(padded) + " |")
        if number == 0:
            print("|" + "|".join("-" * (w + 2) if k == 0 else "-" * (w + 1) + ":" for k, w in enumerate(widths)) + "|")


def _cell(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}" if abs(value) < 10 else f"{value:.1f}"
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)


def write_json(path: Path | None, results: dict[str, Any]) -> None:
    """Write the results where `--json` says; nothing without it."""
    if path is not None:
        path.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf8")
