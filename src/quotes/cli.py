"""The command `quotes`; importing this registers its commands. No language logic."""

from typing import Annotated

import typer

from quotes import __version__, cli_evaluate, cli_extract, cli_results  # noqa: F401
from quotes.cli_shared import (
    BROKEN_PIPE,
    GATE_FAILED,
    INTERRUPTED,
    NOTHING_DONE,
    SOME_FAILED,
    USAGE,
    app,
)
from quotes.errors import QuotesError

__all__ = ["BROKEN_PIPE", "GATE_FAILED", "INTERRUPTED", "NOTHING_DONE", "SOME_FAILED", "USAGE", "app", "main"]


def main() -> None:
    """The console script."""
    app(prog_name="quotes")


def _show_version(wanted: bool) -> None:
    if not wanted:
        return
    typer.echo(f"quotes {__version__}")
    try:
        from quotes.pipeline import load

        analyzer = load()
        typer.echo(f"model {analyzer.model_name} ({analyzer.model_hash})")
    except (QuotesError, ImportError) as error:
        typer.echo(f"model not available: {error}")
    raise typer.Exit()


@app.callback()
def quotes(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Show version, model and its hash."),
    ] = False,
) -> None:
    """Find the quotations in news articles and who said them.

    \b
    Examples:
      quotes article.txt                    a table in the terminal
      quotes extract archive/ -o all.csv    a folder, into one CSV file
      quotes archive.jsonl | head           TSV in a pipe
      curl -s URL | quotes -                from standard input
      quotes show article.txt               its text with the quotations marked
      quotes explain article.txt q3         how the speaker was found
      quotes report article.txt -o a.html   both as a page
      quotes audit article.txt              how a story is sourced, or an archive
      quotes diff monday.txt tuesday.txt    which quotations came, went, changed
      quotes speakers results/              who speaks in an archive, over all its articles
      quotes evaluate gold.jsonl            score against your annotations

    `quotes INPUT...` is short for `quotes extract INPUT...`; `quotes extract --help` lists its options.
    """
