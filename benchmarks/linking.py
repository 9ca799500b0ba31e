"""How often the linker finds the right cue and source when contents, cues and sources are PolNeAR's own.

    python benchmarks/linking.py --data ../shared/data

A cue or source is right when it shares a word with one that PolNeAR gives the content. `--try` runs other costs in
place of the constants in `quotes.linking`, to see what they are worth.
"""

import argparse
import gzip
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import spacy
from common import ROOT, show, write_json

from quotes import linking
from quotes.normalize import find_paragraphs
from quotes.pipeline import token_offsets
from quotes.quotations import find_quotations, keep_own_style
from quotes.words import Words, build_words

MARKS = frozenset("\"“”‘’«»„")
Range = tuple[int, int]


def read(path: Path, limit: int | None) -> Iterator[dict[str, Any]]:
    """The corpus's articles."""
    with gzip.open(path, "rt", encoding="utf8") as lines:
        for number, line in enumerate(lines):
            if limit is not None and number >= limit:
                return
            yield json.loads(line)


def words_of(nlp: Any, text: str) -> Words:
    """The model's words, as the pipeline makes them."""
    paragraphs = find_paragraphs(text)
    marks = keep_own_style(find_quotations(text, paragraphs)[0])
    return build_words(text, token_offsets(nlp, text), marks, paragraphs)


def judge(words: Words, attributions: list[dict[str, Any]], counts: Counter[str]) -> None:
    """Link one article's gold spans and count."""
    places: dict[str, dict[Range, set[int]]] = {"content": {}, "cue": {}, "source": {}}
    for number, attribution in enumerate(attributions):
        for role, spans in places.items():
            for start, end in attribution[role]:
                first, last = words.between(start, end)
                if first < last:
                    spans.setdefault((first, last - 1), set()).add(number)
    contents, cues, sources = (sorted(places[role]) for role in ("content", "cue", "source"))
    for item in linking.link(words, contents, cues, sources):
        content = contents[item.content]
        owners = places["content"][content]
        text = words.slice(*content)
        kind = "with marks" if text[0] in MARKS or '"' in text or "“" in text else "without marks"
        for role, given, found in (("cue", cues, item.cue), ("source", sources, item.source)):
            gold = [span for span, numbers in places[role].items() if numbers & owners]
            right = found is not None and any(s[0] <= given[found][1] and given[found][0] <= s[1] for s in gold)
            # the linker looks no farther than the paragraph; going on from one to the next is the resolver's part
            near = any(words.paragraphs[s[0]] == words.paragraphs[content[0]] for s in gold)
            for name in [role] * bool(gold) + [f"{role} in the same paragraph"] * near:
                counts[f"{kind} {name}"] += 1
                counts[f"{kind} {name} right"] += right


def main() -> None:
    """Read the options, run, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--part", default="train", choices=("train", "dev"))
    parser.add_argument("--limit", type=int, metavar="N", help="only the first N articles")
    parser.add_argument(
        "--try", dest="costs", nargs=3, type=int, metavar=("SENTENCE", "CUE", "CONTENT"), help="costs in words"
    )
    parser.add_argument("--json", type=Path, metavar="FILE")
    args = parser.parse_args()
    if args.costs:
        linking.SENTENCE_COST, linking.CUE_COST, linking.CONTENT_COST = args.costs
    nlp = spacy.blank("en")
    counts: Counter[str] = Counter()
    articles = 0
    for record in read(args.data / f"polnear_{args.part}.jsonl.gz", args.limit):
        judge(words_of(nlp, record["text"]), record["attributions"], counts)
        articles += 1
    rows = []
    for kind in ("with marks", "without marks"):
        for role in ("cue", "cue in the same paragraph", "source", "source in the same paragraph"):
            n = counts[f"{kind} {role}"]
            right = f"{100 * counts[f'{kind} {role} right'] / n:.1f} %" if n else None
            rows.append([f"content {kind}: {role}", n, right])
    costs = f"costs {linking.SENTENCE_COST}, {linking.CUE_COST}, {linking.CONTENT_COST}"
    show(f"Linking gold spans, PolNeAR {args.part}, {articles} articles, {costs}", ["link", "n", "right"], rows)
    write_json(args.json, {"articles": articles, **counts})


if __name__ == "__main__":
    main()
