"""`quotes evaluate`: records, or the model, against annotations."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from quotes.cli_shared import (
    GATE_FAILED,
    ModelName,
    Quiet,
    Verbose,
    app,
    guarded,
)

if TYPE_CHECKING:
    from quotes.batch import ModelChoice
    from quotes.messages import Messages

PLAIN_GATE = "speaker lenient"


@app.command()
def evaluate(
    gold: Annotated[str, typer.Argument(metavar="GOLD", help="Annotated article records: JSON Lines or JSON.")],
    predicted: Annotated[
        str | None,
        typer.Argument(metavar="PREDICTED", help="Records to score; left out, the model reads GOLD's texts."),
    ] = None,
    json_file: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Also write the scores to FILE as JSON.")
    ] = None,
    min_f1: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=VALUE", help=f"Fail (exit 1) below it; a plain VALUE means {PLAIN_GATE}. Repeatable."
        ),
    ] = None,
    bootstrap: Annotated[int, typer.Option(min=0, metavar="N", help="Samples for the intervals; 0: none.")] = 1000,
    seed: Annotated[int, typer.Option(metavar="N", help="Seed of the samples.")] = 0,
    model: ModelName = "default",
    threads: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Threads of the model.", show_default=False)
    ] = None,
    quiet: Quiet = False,
    verbose: Verbose = 0,
) -> None:
    """Score records, or the model, against your annotations.

    \b
    Examples:
      quotes evaluate gold.jsonl                           the model on the texts of gold.jsonl
      quotes evaluate gold.jsonl records.jsonl             records made before
      quotes evaluate gold.jsonl --min-f1 80               exit 1 below 80
      quotes evaluate gold.jsonl --min-f1 detect=95 --json scores.json

    Exit code: 0 done, 1 a score is below its --min-f1, 2 wrong usage, 4 nothing could be done.
    """
    from quotes.batch import ModelChoice
    from quotes.messages import Messages

    gates = _gates(min_f1 or ())
    with Messages(quiet=quiet, verbose=verbose) as messages, guarded(messages):
        if json_file:
            from quotes.output import check_output

            check_output(json_file, force=True)
        from quotes.evaluate import read_records, run

        choice = ModelChoice(model, threads)
        records = read_records(predicted) if predicted else _predictions(gold, choice, messages)
        report = run(gold, records, bootstrap=bootstrap, seed=seed)
        messages.end()
        for line in report.lines():
            typer.echo(line)
        if json_file:
            import json

            from quotes.output import whole_file

            with whole_file(json_file) as stream:
                stream.write(json.dumps(report.to_dict(), indent=2, ensure_ascii=False) + "\n")
        passed = [_passes(name, least, report.f1, messages) for name, least in gates]
        if not all(passed):
            raise typer.Exit(GATE_FAILED)


def _gates(given: Sequence[str]) -> list[tuple[str, float]]:
    """Names and least scores of --min-f1."""
    gates = []
    for gate in given:
        name, equals, value = gate.rpartition("=")
        try:
            gates.append((name.strip() if equals else PLAIN_GATE, float(value)))
        except ValueError:
            raise typer.BadParameter(f"{gate!r} is neither NAME=VALUE nor a number", param_hint="--min-f1") from None
    return gates


def _passes(name: str, least: float, scores: Mapping[str, float], messages: "Messages") -> bool:
    """Whether the score `name`, however its words are joined, is at least `least`: per cent, or a share up to 1."""
    found = [k for k in scores if _words(k) == _words(name)]
    if not found:
        raise typer.BadParameter(f"no score {name!r}; there are {', '.join(scores)}", param_hint="--min-f1")
    score = scores[found[0]]
    least *= 100 if least <= 1 else 1
    if score < least:
        messages.error(f"{found[0]} is {score:.1f}, below {least:.1f}")
    return score >= least


def _words(name: str) -> str:
    return re.sub(r"[\W_]+", " ", name).strip().casefold()


def _predictions(gold: str, model: "ModelChoice", messages: "Messages") -> Iterator[dict[str, Any]]:
    """The model's records of the gold articles; an article without a result is told, and the scorer misses it."""
    from quotes.articles import read_articles
    from quotes.batch import Failure, analyse

    messages.begin(None, also_on_terminal=False)
    for outcome in analyse(read_articles([gold]), model):
        messages.advance()
        if isinstance(outcome, Failure):
            messages.error(str(outcome.error))
            messages.trace(outcome.trace)
        else:
            yield outcome.to_dict()
