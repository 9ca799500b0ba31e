"""Time to the first answer: `quotes --help`, and the first table of one article, each beside bare imports.

    python benchmarks/startup.py

Whole processes, in turn (A B A B), so that a change of the machine's load meets both; medians.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from common import ROOT, show, write_json

# What --help has no use for.
HEAVY = (
    *("spacy", "thinc", "onnxruntime", "numpy", "tokenizers", "rapidfuzz"),
    *("trafilatura", "charset_normalizer", "pandas"),
)


def quotes_command() -> list[str]:
    """The installed command beside this Python, else the module."""
    found = shutil.which("quotes", path=str(Path(sys.executable).parent))
    return [found] if found else [sys.executable, "-m", "quotes"]


def seconds(command: Sequence[str]) -> float:
    """Wall-clock time of a process that must succeed."""
    start = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    took = time.perf_counter() - start
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {done.returncode}:\n{done.stderr[-1000:]}")
    return took


def imported(arguments: Sequence[str]) -> set[str]:
    """Top-level modules that `python -m quotes` imports with these arguments."""
    command = [sys.executable, "-X", "importtime", "-m", "quotes", *arguments]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stderr.splitlines()
    return {line.rsplit("|", 1)[1].strip().split(".")[0] for line in lines if line.startswith("import time:")}


def main() -> None:
    """Read the options, run, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--repeat", type=int, default=15)
    parser.add_argument("--article", type=Path, default=ROOT / "samples" / "sand-creek-bridge.txt")
    parser.add_argument("--json", type=Path, metavar="FILE")
    args = parser.parse_args()
    quotes, python = quotes_command(), sys.executable
    extract = [*quotes, "extract", str(args.article), "--format", "table"]
    pairs = [
        ("quotes --help", [*quotes, "--help"], "import typer, rich", 1.5),
        ("first table of one article", extract, "import spacy", 3.0),
    ]
    rows, results = [], {}
    for what, ours, imports, bar in pairs:
        theirs = [python, "-c", imports]
        seconds(ours), seconds(theirs)  # files into the cache, bytecode written
        times: list[tuple[float, float]] = [(seconds(ours), seconds(theirs)) for _ in range(args.repeat)]
        a, b = (statistics.median(column) for column in zip(*times, strict=True))
        beside = f"python -c '{imports}': {1000 * b:.0f} ms"
        rows.append([what, f"{1000 * a:.0f} ms", beside, f"{a / b:.2f}", f"{bar}"])
        results[what] = {"seconds": a, "beside": imports, "beside_seconds": b, "ratio": a / b, "all": times}
    load = os.getloadavg()[0]
    header = ["command", "median", "beside", "ratio", "bar"]
    show(f"Start-up, {args.repeat} runs each in turn, load {load:.1f}, {' '.join(quotes)}", header, rows)
    modules = imported(["--help"])
    heavy = sorted(modules.intersection(HEAVY))
    print(f"\n`quotes --help` imports {len(modules)} top-level modules, heavy ones: {', '.join(heavy) or 'none'}.")
    write_json(args.json, {"load": load, "pairs": results, "heavy_imports": heavy})


if __name__ == "__main__":
    main()
