"""Fit the calibration of the confidence on held-out articles, and measure it.

    python -m training.calibrate --data ../shared/data --model models/quotes_en

The held-out articles (`corpora.held_out`) trained neither the encoder nor the heads. Figures of the fit are by
cross-validation over articles; `--gold FILE` measures a model on other annotated articles without fitting.
"""

import argparse
import gzip
import json
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from quotes.annotations import Annotation, annotation_of, annotation_of_record, trim
from quotes.confidence import WEIGHTS, confidence_features
from quotes.evaluate import agreement, intersection_over_union
from quotes.pipeline import Analyzer, load
from quotes.records import Article
from quotes.sources import RULES
from training.corpora import held_out, original, own, polnear
from training.markup import read
from training.to_record import to_record

HERE = Path(__file__).parent
# Strength of the pull towards the scorer's own probability (coefficient 1 on its logit, 0 on the rest).
PULL = 3.0
BINS = 10


@dataclass
class Answer:
    """One span in marks that was given a speaker: its article, features, confidence, and whether the speaker is right."""

    article: str
    features: np.ndarray
    confidence: float
    right: bool


def gold_of_held_out(data: Path) -> Iterator[dict[str, Any]]:
    """Annotated records of the held-out articles."""
    wanted = {d.id for d in (*polnear(data), *original(data, HERE / "original_marks.jsonl")) if held_out(d)}
    for name in ("gold_train.jsonl.gz", "gold_original.jsonl.gz"):
        with gzip.open(data / name, "rt", encoding="utf8") as f:
            yield from (record for record in map(json.loads, f) if record["id"] in wanted)
    ids = {d.id for d in own(HERE / "articles") if held_out(d)}
    for path in sorted((HERE / "articles").glob("*.txt")):
        if path.stem in ids:
            yield to_record(read(path))


def answers(records: Iterable[dict[str, Any]], analyzer: Analyzer) -> Iterator[Answer]:
    """The speakers that the analyzer gives in annotated articles, right or wrong (leniently)."""
    for record in records:
        gold = annotation_of(record, record["id"])
        result = analyzer(Article(gold.id, gold.text))
        predicted = annotation_of_record(json.loads(json.dumps(result.to_dict())), gold.id)
        for quote in result.quotes:
            if quote.speaker is None or quote.evidence is None or quote.within is not None:
                continue
            for span in quote.quoted:
                right = _is_right(gold, predicted, trim(gold.text, span.start, span.end), quote.speaker)
                if right is not None:
                    yield Answer(gold.id, confidence_features(quote.evidence), quote.confidence, right)


def _is_right(gold: Annotation, predicted: Annotation, span: tuple[int, int], source: str) -> bool | None:
    """Whether a speaker is right; None where gold does not tell. A speaker for what is no speech is wrong."""
    best = max(gold.segments, key=lambda s: intersection_over_union(s.span, span), default=None)
    if best is None or intersection_over_union(best.span, span) < 0.8:
        return False
    party = gold.parties.get(best.source or "")
    if party is None:
        return None
    others = [p for p in gold.parties.values() if p is not party]
    return agreement(party, predicted.parties.get(source), others)[1]


def fit(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Weights of the logistic regression, by Newton's method."""
    prior = np.zeros(x.shape[1])
    prior[1] = 1.0
    w = prior.copy()
    pull = np.full(x.shape[1], PULL)

    def loss(v: np.ndarray) -> float:
        z = x @ v
        return float((np.logaddexp(0, z) - y * z).sum() + (pull * (v - prior) ** 2).sum() / 2)

    for _ in range(50):
        p = 1 / (1 + np.exp(-np.clip(x @ w, -30, 30)))
        gradient = x.T @ (p - y) + pull * (w - prior)
        hessian = (x * (p * (1 - p))[:, None]).T @ x + np.diag(pull)
        step = np.linalg.solve(hessian, gradient)
        size = 1.0
        while size > 1e-4 and loss(w - size * step) > loss(w):
            size /= 2
        w = w - size * step
        if np.abs(size * step).max() < 1e-6:
            break
    return w


def reliability(confidences: np.ndarray, right: np.ndarray) -> tuple[float, list[tuple[float, float, int]]]:
    """Expected calibration error in points, and (mean confidence, share right, n) of each filled tenth."""
    rows, error = [], 0.0
    places = np.minimum((confidences * BINS).astype(int), BINS - 1)
    for k in range(BINS):
        here = places == k
        if here.any():
            mean, share = float(confidences[here].mean()), float(right[here].mean())
            rows.append((mean, share, int(here.sum())))
            error += abs(mean - share) * here.sum()
    return 100 * error / max(1, len(right)), rows


def show(title: str, confidences: np.ndarray, right: np.ndarray) -> None:
    """Print the reliability table."""
    error, rows = reliability(confidences, right)
    print(f"{title}: {len(right)} speakers, {100 * right.mean():.1f} % right, expected calibration error {error:.1f} points")
    for mean, share, n in rows:
        print(f"  confidence {mean:.2f}  right {share:.2f}  n={n}")


def cross_validated(found: Sequence[Answer], folds: int = 10) -> np.ndarray:
    """Confidence of each answer by weights that its article did not help to fit."""
    articles = sorted({a.article for a in found})
    random.Random(1).shuffle(articles)
    fold = {name: k % folds for k, name in enumerate(articles)}
    x, y = np.array([a.features for a in found]), np.array([a.right for a in found], dtype=float)
    part = np.array([fold[a.article] for a in found])
    out = np.zeros(len(found))
    for k in range(folds):
        out[part == k] = 1 / (1 + np.exp(-x[part == k] @ fit(x[part != k], y[part != k])))
    return out


def calibrate(data: Path, model: Path) -> None:
    """Fit and write the calibration into the model's `heads.npz`, and print how good it is."""
    found = list(answers(gold_of_held_out(data), load(str(model))))
    right = np.array([a.right for a in found], dtype=float)
    score = np.array([1 / (1 + np.exp(-a.features[1])) for a in found])
    show("scorer alone", score, right)
    show("calibrated (cross-validated)", cross_validated(found), right)
    weights = fit(np.array([a.features for a in found]), right)
    path = model / "quotes" / "heads.npz"
    with np.load(path) as data_:
        heads = {k: data_[k] for k in data_.files}
    np.savez(path, **(heads | {WEIGHTS: weights.astype(np.float32)}))
    names = ("bias", "score", "rival", "speech", "indirect", *RULES)
    print("  ".join(f"{name} {w:+.2f}" for name, w in zip(names, weights, strict=True)))


def main() -> None:
    """The command line (see the module)."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="folder of the corpora: fit")
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--gold", type=Path, nargs="*", default=[], help="annotated articles: measure")
    args = parser.parse_args()
    if args.data:
        calibrate(args.data, args.model)
    for path in args.gold:
        records = [json.loads(line) for line in path.read_text(encoding="utf8").splitlines()]
        found = list(answers(records, load(str(args.model))))
        show(path.name, np.array([a.confidence for a in found]), np.array([a.right for a in found], dtype=float))


if __name__ == "__main__":
    main()
