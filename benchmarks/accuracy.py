"""The default model on annotated articles: the figures that the project has set itself, beside their bars.

    python benchmarks/accuracy.py ../shared/eval/gold_dev.jsonl
    python benchmarks/accuracy.py ../shared/eval/gold_dev.jsonl --swap-names 1
    python benchmarks/accuracy.py ../shared/eval/gold_dev.jsonl --single-marks curly

With a change of names or marks the articles as they are run too, and the last column is the loss.
"""

import argparse
import json
import random
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from common import show, write_json
from transform import MARKS, single_marks, swap_names

from quotes.evaluate import EvaluationReport, read_records, run
from quotes.pipeline import Analyzer, load
from quotes.records import Article

Key = tuple[str, ...]

# (what, path of the figure, bar of issue 2, bar of issue 3); issue 3's are the higher ones and come later.
DEV: list[tuple[str, Key, float | None, float | None]] = [
    ("detect F1", ("detect", "f1"), 97.5, 98.5),
    ("content in marks, soft F1", ("content_quoted", "soft", "f1"), 96.5, None),
    ("source, exact F1", ("source", "exact", "f1"), 82, None),
    ("cue, exact F1", ("cue", "exact", "f1"), 75, None),
    ("content, exact F1", ("content", "exact", "f1"), 68, None),
    ("source, raw F1", ("source", "raw", "f1"), 81, None),
    ("cue, raw F1", ("cue", "raw", "f1"), 75, None),
    ("content, raw F1", ("content", "raw", "f1"), 67, None),
    ("speaker strict F1", ("speaker_strict", "f1"), 70, 88),
    ("speaker lenient F1", ("speaker_lenient", "f1"), 80, 93),
    ("strict recall, person", ("speaker_strict_by_kind", "person", "accuracy"), None, 88),
    ("strict recall, organization", ("speaker_strict_by_kind", "organization", "accuracy"), None, 75),
    ("strict recall, anonymous", ("speaker_strict_by_kind", "anonymous", "accuracy"), None, 75),
    ("strict recall, group", ("speaker_strict_by_kind", "group", "accuracy"), None, 60),
    ("kind right", ("kind_accuracy",), None, 97),
]
ORIGINAL: list[tuple[str, Key, float | None, float | None]] = [
    ("detect F1", ("detect", "f1"), 95, 97.5),
    ("speaker strict F1", ("speaker_strict", "f1"), None, 82),
    ("speaker lenient F1", ("speaker_lenient", "f1"), 70, 88),
    ("strict recall, anonymous", ("speaker_strict_by_kind", "anonymous", "accuracy"), None, 75),
    ("kind right", ("kind_accuracy",), None, None),
]
SWAP_LOSS, MARKS_LOSS = 1.5, 2.0


def score(analyzer: Analyzer, gold: Sequence[dict[str, Any]]) -> EvaluationReport:
    """Run the model over gold articles and score its records."""
    results = analyzer.pipe(Article(str(g["id"]), g["text"]) for g in gold)
    records = [without_unlabelled(result.to_dict(), g.get("unlabelled", ())) for result, g in zip(results, gold, strict=True)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "gold.jsonl"
        path.write_text("".join(json.dumps(g) + "\n" for g in gold), encoding="utf8")
        return run(path, records, bootstrap=0)


def without_unlabelled(record: dict[str, Any], spans: Sequence[Sequence[int]]) -> dict[str, Any]:
    """The record without the quotations in marks of which gold does not say whether they are any."""
    known = [q for q in record["quotes"] if not q["quoted"] or not all(list(span) in spans for span in q["quoted"])]
    return {**record, "quotes": known}


def changed(gold: Sequence[dict[str, Any]], seed: int | None, style: str | None) -> list[dict[str, Any]]:
    """The gold with other names, other marks or both; an article whose marks are not double keeps its marks."""
    out = list(gold)
    if seed is not None:
        rng = random.Random(seed)
        out = [swap_names(g, rng) for g in out]
    if style is not None:
        turned = [single_marks(g, style) for g in out]
        print(f"{sum(t is not None for t in turned)} of {len(out)} articles turned into {style} single marks")
        out = [t or g for t, g in zip(turned, out, strict=True)]
    return out


def main() -> None:
    """Read the options, run, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("gold", type=Path)
    parser.add_argument("--swap-names", type=int, metavar="SEED", help="rename every person (seed of the names)")
    parser.add_argument("--single-marks", choices=sorted(MARKS), help="turn double marks into British single ones")
    parser.add_argument("--model", default="default")
    parser.add_argument("--errors", type=int, default=0, metavar="N", help="list the first N wrong speakers")
    parser.add_argument("--keep", type=Path, metavar="FILE", help="write the changed gold there, to look at")
    parser.add_argument("--json", type=Path, metavar="FILE")
    args = parser.parse_args()
    gold = read_records(args.gold)
    analyzer = load(args.model)
    is_changed = args.swap_names is not None or args.single_marks is not None
    articles = changed(gold, args.swap_names, args.single_marks)
    if args.keep:
        args.keep.write_text("".join(json.dumps(g, ensure_ascii=False) + "\n" for g in articles), encoding="utf8")
    report = score(analyzer, articles)
    before = score(analyzer, gold) if is_changed else None
    bars = DEV if any("attributions" in g for g in gold) else ORIGINAL
    rows = []
    for what, path, second, third in bars:
        value = report.figures.get(path)
        old = before.figures.get(path) if before else None
        loss = round(old - value, 1) + 0.0 if old is not None and value is not None else None
        rows.append([what, value, second, third, *([old, loss] if before else [])])
    title = f"{args.gold.name}, {report.articles} articles, model {analyzer.model_name} {analyzer.model_hash}"
    header = ["figure", "measured", "bar of issue 2", "bar of issue 3"]
    if before:
        allowed = MARKS_LOSS if args.single_marks else SWAP_LOSS
        header += ["unchanged", f"loss (at most {allowed})"]
        title += "".join(
            [f", names swapped (seed {args.swap_names})"] * (args.swap_names is not None)
            + [f", {args.single_marks} single marks"] * (args.single_marks is not None)
        )
    show(title, header, [[row[0], *(c if c is None else f"{c:.1f}" for c in row[1:])] for row in rows])
    for mistake in report.wrong(args.errors):
        print(mistake)
    write_json(args.json, {"title": title, "header": header, "rows": rows, "figures": report.to_dict()})


if __name__ == "__main__":
    main()
