"""`quotes extract` and `quotes schema`: articles in, quotations out."""

import re
import signal
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, TextIO, cast

import typer

from quotes import __version__
from quotes.cli_shared import (
    INTERRUPTED,
    NOTHING_DONE,
    SOME_FAILED,
    ColorChoice,
    Engine,
    Format,
    IdField,
    ModelName,
    Quiet,
    Run,
    TextField,
    Verbose,
    Width,
    app,
    engine_of,
    found_files,
    guarded,
    one_article,
    results_to,
    tell_stale,
)
from quotes.errors import ArticleError, OutputError

if TYPE_CHECKING:
    from quotes.aliases import Aliases
    from quotes.articles import InputFile, Shard
    from quotes.batch import ModelChoice, Outcome
    from quotes.corrections import Corrections
    from quotes.duplicates import Duplicates
    from quotes.messages import Messages
    from quotes.parts import Parts
    from quotes.records import Article, ArticleResult
    from quotes.table import Writer
    from quotes.wordings import Wordings

KINDS = ("direct", "mixed", "indirect")


@app.command()
def extract(
    inputs: Annotated[
        list[str],
        typer.Argument(metavar="INPUT", help="Files, folders, globs, or - for standard input.", show_default=False),
    ],
    format: Annotated[
        Format, typer.Option("--format", "-f", help="auto: table on a terminal, TSV in a pipe, by suffix with -o.")
    ] = "auto",
    output: Annotated[
        str | None,
        typer.Option("--output", "-o", metavar="FILE|DIR/", help="A file, whole or not at all; a folder of parts."),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over an existing FILE or DIR.")] = False,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with a run into DIR that was stopped.")] = False,
    part_size: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Articles of a part in DIR (1000).", show_default=False)
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only list what would be read, and what not.")] = False,
    columns: Annotated[
        str | None, typer.Option(metavar="A,B,...", help="Columns of table, tsv, csv and markdown, in this order.")
    ] = None,
    kinds: Annotated[
        str | None, typer.Option(metavar="KIND,...", help="Only these: direct, mixed, indirect.")
    ] = None,
    min_confidence: Annotated[
        float, typer.Option(min=0, max=1, metavar="0-1", help="Only quotations whose speaker is this sure.")
    ] = 0.0,
    model: ModelName = "default",
    jobs: Annotated[
        int | None,
        typer.Option(
            "--jobs", "-j", min=0, metavar="N", help="Worker processes (1); 0: one for each processor.", show_default=False
        ),
    ] = None,
    threads: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Threads of each process.", show_default=False)
    ] = None,
    engine: Annotated[
        Literal["local", "ray"], typer.Option(help="Where: processes of this machine, or a Ray cluster.")
    ] = "local",
    address: Annotated[
        str | None, typer.Option(metavar="HOST:PORT|auto", help="The Ray cluster; else one here.", show_default=False)
    ] = None,
    timeout: Annotated[
        float | None, typer.Option(min=0.01, metavar="SECONDS", help="Skip an article that takes longer.", show_default=False)
    ] = None,
    shard: Annotated[
        str | None, typer.Option(metavar="K/N", help="Only every Nth article, from the Kth on.", show_default=False)
    ] = None,
    mark_duplicates: Annotated[
        bool, typer.Option("--mark-duplicates", help="Tell which articles say nearly the same as an earlier one.")
    ] = False,
    collapse_duplicates: Annotated[
        bool, typer.Option("--collapse-duplicates", help="Leave such articles out.")
    ] = False,
    key_quotations: Annotated[
        bool, typer.Option("--key-quotations", help="Give quotations that say nearly the same one key.")
    ] = False,
    aliases: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="CSV of name,alias[,id]: who is the same across articles.", show_default=False),
    ] = None,
    corrections: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="What you put right: a CSV of quotes correct template.", show_default=False),
    ] = None,
    limit: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Stop after N articles.", show_default=False)
    ] = None,
    errors: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Also write what failed to FILE: place, tab, reason.")
    ] = None,
    text_field: TextField = None,
    id_field: IdField = None,
    extractor: Annotated[
        Literal["trafilatura", "resiliparse"], typer.Option(help="What finds the article in a web page.")
    ] = "trafilatura",
    quiet: Quiet = False,
    verbose: Verbose = 0,
    color: ColorChoice = "auto",
    width: Width = None,
) -> None:
    """Show who said what, for each article of the inputs.

    \b
    Examples:
      quotes article.txt page.html                 tables in the terminal
      quotes 'archive/**/*.txt' -o quotes.csv      a glob, into a CSV file
      quotes extract export.csv --text-field Body --columns article,speaker,quotation
      quotes news.jsonl -f jsonl --jobs 4 --errors failed.tsv > records.jsonl
      quotes - --kinds direct,mixed --min-confidence 0.8 < article.txt
      quotes archive/ crawl.warc.gz -o results/ --jobs 0       Parquet parts; --resume after any stop
      quotes export.parquet -o results.db                      SQLite, ready for Datasette

    Reads text, Markdown, HTML, JSON, JSON Lines, CSV, TSV, Parquet, WARC, WACZ, ninjs, NITF and DocBin, also in .gz, .bz2, .xz,
    .zst, .zip and .tar. An article that cannot be read is reported and skipped.
    Exit code: 0 done, 2 wrong usage, 3 some inputs failed, 4 nothing could be done, 130 interrupted.
    """
    from quotes.batch import ModelChoice
    from quotes.messages import Messages

    chosen_kinds, chosen_shard = _chosen_kinds(kinds), _chosen_shard(shard)
    with Messages(quiet=quiet, verbose=verbose) as messages, guarded(messages):
        from quotes.articles import read_files, survey
        from quotes.output import check_output, names_folder

        into_folder = output is not None and names_folder(output)
        path = Path(output) if output is not None else None
        files = found_files(inputs, path, errors)
        if dry_run:
            _survey(survey(files, text_field=text_field, id_field=id_field, extractor=extractor), messages)
            return
        if (resume or part_size) and not into_folder:
            raise typer.BadParameter("it goes with -o DIR/ only", param_hint="--resume" if resume else "--part-size")
        if timeout and not hasattr(signal, "SIGALRM"):
            raise typer.BadParameter("this system has no such timer", param_hint="--timeout")
        choice = ModelChoice(model, threads, timeout)
        duplicates = None
        if mark_duplicates or collapse_duplicates:
            from quotes.duplicates import Duplicates

            duplicates = Duplicates(collapse=collapse_duplicates)
        items = read_files(files, text_field=text_field, id_field=id_field, extractor=extractor, shard=chosen_shard)
        items = _limited(duplicates.mark(items) if duplicates else items, limit)
        finishing = _Finishing(chosen_kinds, min_confidence, aliases, corrections, key_quotations=key_quotations)
        if address is not None and engine != "ray":
            raise typer.BadParameter("it goes with --engine ray", param_hint="--address")
        job = _Job(messages, engine_of(engine, address, jobs, choice), finishing)
        known = not (limit or shard or duplicates) and all(one_article(f) for f in files)
        total = len(files) if known else None
        options = {
            "text_field": text_field,
            "id_field": id_field,
            "extractor": extractor if extractor != "trafilatura" else None,
            "shard": shard,
            "limit": limit,
            "timeout": timeout,
            "kinds": list(chosen_kinds or ()),
            "min_confidence": min_confidence,
            "mark_duplicates": mark_duplicates,
            "collapse_duplicates": collapse_duplicates,
            "key_quotations": key_quotations,
            "aliases": finishing.aliases_digest,
            "corrections": finishing.corrections_digest,
        }
        provenance = partial(_provenance, choice, options)
        if into_folder:
            assert path is not None
            parts = _parts(path, format, columns, provenance(), part_size, resume=resume, force=force)
            finishing.take_up(parts)
            resumed = bool(parts.done)
            with _error_file(errors) as error_file, _told(duplicates, messages):
                job.into_folder(items, parts, error_file, output, total)
            finishing.tell(messages, all_came=not (resumed or limit or shard))
            return
        chosen, chosen_columns = _chosen_format(format, path, width, columns)
        if chosen_columns:
            _check_columns(chosen_columns, files)
        if path:
            check_output(path, force=force)
        with _error_file(errors) as error_file, _told(duplicates, messages), results_to(path, chosen) as stream:
            writer = _make_writer(chosen, stream, chosen_columns, provenance, color=color, width=width, spool=path is not None)
            messages.begin(total, also_on_terminal=path is None and sys.stdout.isatty())
            run = Run(messages, error_file, chosen, chosen_columns)
            for result in job.results(items, run):
                _write(writer, result, path)
            if run.failed and not run.done:
                raise typer.Exit(NOTHING_DONE)  # within the block: no file appears
            writer.close()
            stream.flush()
        run.finish(writer)
        finishing.tell(messages, all_came=not (limit or shard))
        if run.failed:
            raise typer.Exit(SOME_FAILED)


@app.command()
def schema(
    format: Annotated[Literal["json", "arrow"], typer.Option("--format", "-f", help="JSON Schema, or Arrow's.")] = "json",
) -> None:
    """Print the columns of the tables that archives are written as.

    \b
    Examples:
      quotes schema                         JSON Schema, with the meaning of each column
      quotes schema -f arrow                types as Arrow and Parquet have them
    """
    from quotes.messages import Messages

    with Messages(quiet=False, verbose=0) as messages, guarded(messages):
        if format == "json":
            import json

            from quotes.schema import json_schema

            typer.echo(json.dumps(json_schema(), indent=2, ensure_ascii=False))
            return
        from quotes.arrow import arrow_schema
        from quotes.schema import TABLES

        for name, columns in TABLES.items():
            types = arrow_schema(columns).to_string(show_field_metadata=False, show_schema_metadata=False)
            typer.echo(f"{name}\n{types}\n")


class _Finishing:
    """What happens to each result: it is put right, quotations are selected, speakers renamed, keys given.

    Raises:
        InputError: The file of aliases or of corrections is no such file.
    """

    def __init__(
        self,
        kinds: Sequence[str] | None,
        min_confidence: float,
        aliases: Path | None,
        corrections: Path | None,
        *,
        key_quotations: bool,
    ) -> None:
        self._kinds, self._min_confidence = kinds, min_confidence
        self._aliases: Aliases | None = None
        self._wordings: Wordings | None = None
        self._corrections: Corrections | None = None
        self._correction_file = corrections
        if corrections is not None:
            from quotes.corrections import read_corrections

            self._corrections = read_corrections(corrections)
        if aliases is not None:
            from quotes.aliases import read_aliases

            self._aliases = read_aliases(aliases)
        if key_quotations:
            from quotes import wordings

            self._wordings = wordings.Wordings()

    @property
    def aliases_digest(self) -> str | None:
        """Which file of aliases it was."""
        return self._aliases.digest if self._aliases else None

    @property
    def corrections_digest(self) -> str | None:
        """Which file of corrections it was."""
        return self._corrections.digest if self._corrections else None

    def tell(self, messages: "Messages", *, all_came: bool) -> None:
        """Tell which corrections found nothing to correct; `all_came`: every article of the input was analysed."""
        if self._corrections is not None:
            tell_stale(self._corrections, self._correction_file, messages, all_came=all_came)

    def take_up(self, parts: "Parts") -> None:
        """Go on with the keys of what is done already."""
        if self._wordings is not None:
            self._wordings.learn(parts.wordings())

    def __call__(self, result: "ArticleResult") -> "ArticleResult":
        from quotes.table import select

        result = self._corrections.apply(result) if self._corrections else result
        result = select(result, kinds=self._kinds, min_confidence=self._min_confidence)
        result = self._aliases.apply(result) if self._aliases else result
        return self._wordings.mark(result) if self._wordings else result


class _Job:
    """How articles are analysed, and what is made of their results."""

    def __init__(self, messages: "Messages", engine: "Engine", finishing: _Finishing) -> None:
        self._messages, self._engine, self._finishing = messages, engine, finishing

    def results(self, items: Iterable["Article | ArticleError"], run: "Run") -> Iterator["ArticleResult"]:
        """What is kept of each article that did not fail; the rest is told."""
        for _, result in self._outcomes(items, run):
            if result is not None:
                yield result

    def into_folder(
        self,
        items: Iterable["Article | ArticleError"],
        parts: "Parts",
        error_file: TextIO | None,
        output: str | None,
        total: int | None,
    ) -> None:
        """Write the parts of a run; Ctrl-C lets the part in hand be the last, a second one ends it at once."""
        messages = self._messages
        if parts.done:
            messages.warn(f"all of {output} is done already" if parts.finished else f"going on behind {len(parts.done)} parts")
        done = parts.articles + parts.failed
        messages.begin(total - done if total else None, also_on_terminal=False)
        run = Run(messages, error_file, "parts", None)
        how = f"the same command with --resume goes on where the whole parts in {output} end"

        def stop() -> None:
            parts.stop()
            messages.warn("stopping when the part in hand is done; again: at once")

        try:
            with _stopping(stop):
                for outcome, result in self._outcomes(parts.feed(items), run):
                    parts.add(outcome, result)
            parts.close()
        except KeyboardInterrupt:
            messages.error(f"interrupted; {how}")
            raise typer.Exit(INTERRUPTED) from None
        messages.end()
        if not parts.finished:
            messages.error(f"stopped after {parts.articles + parts.failed} articles; {how}")
            raise typer.Exit(INTERRUPTED)
        messages.inform(f"{parts.articles} articles, {parts.failed} failed")
        if parts.failed:
            raise typer.Exit(SOME_FAILED if parts.articles else NOTHING_DONE)

    def _outcomes(
        self, items: Iterable["Article | ArticleError"], run: "Run"
    ) -> Iterator[tuple["Outcome", "ArticleResult | None"]]:
        for outcome in self._engine(items):
            result = run.result_of(outcome)
            yield outcome, self._finishing(result) if result is not None else None


@contextmanager
def _stopping(stop: Callable[[], None]) -> Iterator[None]:
    """In the block the first Ctrl-C calls `stop`; the second raises KeyboardInterrupt."""

    def first(number: int, frame: object) -> None:
        signal.signal(signal.SIGINT, before)
        stop()

    before = signal.signal(signal.SIGINT, first)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


# --- options


def _chosen_shard(shard: str | None) -> "Shard | None":
    if shard is None:
        return None
    found = re.fullmatch(r"(\d+)/(\d+)", shard.strip())
    if found is None or not 1 <= int(found[1]) <= int(found[2]):
        raise typer.BadParameter(f"{shard!r} is not K/N with K from 1 to N, as in 3/16", param_hint="--shard")
    from quotes.articles import Shard

    return Shard(int(found[1]), int(found[2]))


@contextmanager
def _told(duplicates: "Duplicates | None", messages: "Messages") -> Iterator[None]:
    """At the end of the block tell how many near-duplicates there were."""
    try:
        yield
    finally:
        if duplicates is not None and duplicates.found:
            messages.warn(f"articles that say nearly the same as an earlier one: {duplicates.found}")


def _survey(found: Iterable[tuple[str, "Article | ArticleError"]], messages: "Messages") -> None:
    """List what would be read, by format, and tell what would not."""
    counts: dict[str, int] = {}
    failed = 0
    for format, item in found:
        if isinstance(item, ArticleError):
            failed += 1
            messages.error(str(item))
        else:
            counts[format] = counts.get(format, 0) + 1
    for format, number in sorted(counts.items()):
        typer.echo(f"{format}\t{number}")
    typer.echo(f"all\t{sum(counts.values())}")
    typer.echo(f"failed\t{failed}")
    if failed:
        raise typer.Exit(SOME_FAILED if counts else NOTHING_DONE)


def _provenance(choice: "ModelChoice", options: Mapping[str, Any]) -> dict[str, Any]:
    """What an outcome depends on, beside its input."""
    return {"quotes": __version__, **choice.identity(), "options": {k: v for k, v in options.items() if v}}


def _parts(
    folder: Path,
    format: str,
    columns: str | None,
    about: Mapping[str, Any],
    size: int | None,
    *,
    resume: bool,
    force: bool,
) -> "Parts":
    from quotes.parts import PART_SIZE, Parts

    chosen = "parquet" if format == "auto" else format
    if chosen not in ("parquet", "jsonl"):
        raise typer.BadParameter(f"a folder takes parquet or jsonl, not {format}", param_hint="--format")
    if columns is not None:
        raise typer.BadParameter("parts have all columns", param_hint="--columns")
    if chosen == "parquet":
        from quotes.arrow import arrow

        arrow()
    return Parts(folder, cast(Any, chosen), about, size=size or PART_SIZE, resume=resume, force=force)


def _chosen_kinds(kinds: str | None) -> tuple[str, ...] | None:
    if kinds is None:
        return None
    chosen = tuple(k.strip().lower() for k in kinds.split(",") if k.strip())
    wrong = [k for k in chosen if k not in KINDS]
    if wrong or not chosen:
        raise typer.BadParameter(f"no kind {', '.join(wrong)!r}; there are {', '.join(KINDS)}", param_hint="--kinds")
    return chosen


def _chosen_format(
    format: str, output: Path | None, width: int | None, columns: str | None
) -> tuple[str, tuple[str, ...] | None]:
    """The format that auto stands for, and the columns; options that do not go with it are refused."""
    if format == "auto" and output is None:
        format = "table" if sys.stdout.isatty() else "tsv"
    elif format == "auto":
        from quotes.output import FORMATS_BY_SUFFIX

        found = FORMATS_BY_SUFFIX.get(output.suffix.lower()) if output else None
        if found is None:
            known = ", ".join(FORMATS_BY_SUFFIX)
            raise typer.BadParameter(
                f"no format goes with the name {str(output)!r} ({known}); give --format", param_hint="--output"
            )
        format = found
    if format == "parquet" or (format == "sqlite" and output is None):
        where = "-o DIR/" if format == "parquet" else "-o FILE.db"
        raise typer.BadParameter(f"{format} goes with {where}", param_hint="--format")
    if columns is None:
        return format, None
    if format in ("json", "jsonl", "sqlite"):
        raise typer.BadParameter(f"{format} has whole records; use csv, tsv, table, markdown", param_hint="--columns")
    chosen = tuple(dict.fromkeys(c.strip() for c in columns.split(",") if c.strip()))
    if not chosen:
        raise typer.BadParameter("no column is named", param_hint="--columns")
    return format, chosen


def _check_columns(columns: Sequence[str], files: Sequence["InputFile | ArticleError"]) -> None:
    from quotes.table import check_columns

    check_columns(columns, own=not all(one_article(f) for f in files))


def _limited(items: Iterable["Article | ArticleError"], limit: int | None) -> Iterator["Article | ArticleError"]:
    """Up to `limit` articles, with the errors before the last of them."""
    left = limit
    for item in items:
        yield item
        if left is not None and not isinstance(item, ArticleError):
            left -= 1
            if not left:
                return


# --- output


@contextmanager
def _error_file(path: Path | None) -> Iterator[TextIO | None]:
    if path is None:
        yield None
        return
    try:
        file = path.open("w", encoding="utf-8", newline="")
    except OSError as error:
        raise OutputError(f"{path} cannot be written ({error.strerror}); name another file for --errors") from error
    with file:
        yield file


def _make_writer(
    format: str,
    stream: TextIO,
    columns: Sequence[str] | None,
    provenance: Callable[[], Mapping[str, Any]],
    *,
    color: str,
    width: int | None,
    spool: bool,
) -> "Writer":
    from quotes import table

    if format == "sqlite":
        from quotes.database import DatabaseWriter

        return DatabaseWriter(Path(stream.name), provenance())

    if format == "table":
        from quotes.report import TableWriter, make_console

        return TableWriter(make_console(stream, color=color, width=width), columns=columns)
    if format in ("csv", "tsv"):
        return table.FlatWriter(stream, delimiter="\t" if format == "tsv" else ",", columns=columns, spool=spool)
    if format == "markdown":
        return table.MarkdownWriter(stream, columns=columns)
    return table.JsonWriter(stream) if format == "json" else table.JsonLinesWriter(stream)


def _write(writer: "Writer", result: "ArticleResult", output: Path | None) -> None:
    writer.write(result)
    if output is None:
        sys.stdout.flush()  # the reader of a pipe sees each article as it is done
