"""The command `quotes`: options, exit codes and progress; no language logic.

Exit codes: 0 done, also where there are no quotations; 1 a quality gate failed; 2 wrong usage; 3 finished, but some
inputs failed; 4 nothing could be done; 130 interrupted; 141 the reader of the pipe went away.
"""

import os
import re
import signal
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, TextIO, cast

import typer
from typer.core import TyperGroup

from quotes import __version__
from quotes.errors import ArticleError, InputError, OutputError, QuotesError

# --help shall take no longer than typer itself: what reads, writes and analyses is imported where it is used.
if TYPE_CHECKING:
    from quotes.aliases import Aliases
    from quotes.articles import InputFile, Shard
    from quotes.audit import StoryAudit
    from quotes.batch import ModelChoice, Outcome
    from quotes.compare import Difference
    from quotes.corrections import Corrections
    from quotes.duplicates import Duplicates
    from quotes.messages import Messages
    from quotes.parts import Parts
    from quotes.records import Article, ArticleResult
    from quotes.speaker_index import Speaker
    from quotes.stored import Story
    from quotes.table import Writer
    from quotes.wordings import Wordings

Format = Literal["auto", "table", "tsv", "csv", "jsonl", "json", "markdown", "parquet", "sqlite"]
Color = Literal["auto", "always", "never"]
KINDS = ("direct", "mixed", "indirect")
PLAIN_GATE = "speaker lenient"

GATE_FAILED, USAGE, SOME_FAILED, NOTHING_DONE, INTERRUPTED, BROKEN_PIPE = 1, 2, 3, 4, 130, 141


class ShortFormGroup(TyperGroup):
    """Takes `quotes INPUT...` for `quotes extract INPUT...`; a file called extract is given as ./extract."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put `extract` before arguments that begin with no command and no option of our own."""
        own = {o for p in self.get_params(ctx) for o in (*p.opts, *p.secondary_opts)}
        if args and args[0] not in own and args[0].split("=")[0] not in own and args[0] not in self.commands:
            if not ctx.resilient_parsing:
                self._refuse_misspelt(args[0])
            args = ["extract", *args]
        return super().parse_args(ctx, args)

    def get_params(self, ctx: Any) -> list[Any]:
        """The options, where flags that are not given are False: about None typer asks pydantic, which takes 70 ms."""
        parameters = super().get_params(ctx)
        for parameter in parameters:
            if parameter.default is None and getattr(parameter, "is_flag", False):
                parameter.default = False
        return parameters

    def _refuse_misspelt(self, name: str) -> None:
        if name.isalpha() and not os.path.lexists(name):
            from difflib import get_close_matches

            if close := get_close_matches(name, self.commands, 1, 0.75):
                raise typer.BadParameter(f"no file {name!r}; did you mean the command {close[0]!r}?")


app = typer.Typer(
    cls=ShortFormGroup,
    no_args_is_help=True,
    # Plain help: rich's takes a tenth of a second to import, which is more than all the rest.
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


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
      quotes explain article.txt q3         how the speaker was found
      quotes speakers results/              who speaks in an archive, over all its articles
      quotes audit article.txt              how a story is sourced, or an archive
      quotes show article.txt               its text with the quotations marked
      quotes report article.txt -o a.html   ... as a page, with the evidence
      quotes diff monday.txt tuesday.txt    which quotations came, went, changed
      quotes evaluate gold.jsonl            score against your annotations

    `quotes INPUT...` is short for `quotes extract INPUT...`; `quotes extract --help` lists its options.
    """


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
    model: Annotated[str, typer.Option(metavar="NAME|FOLDER", help="The model to use.")] = "default",
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
    text_field: Annotated[
        str | None, typer.Option(metavar="NAME", help="Field or column that holds the text.", show_default=False)
    ] = None,
    id_field: Annotated[
        str | None, typer.Option(metavar="NAME", help="Field or column that holds the id.", show_default=False)
    ] = None,
    extractor: Annotated[
        Literal["trafilatura", "resiliparse"], typer.Option(help="What finds the article in a web page.")
    ] = "trafilatura",
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress, no warnings; errors only.")] = False,
    verbose: Annotated[
        int, typer.Option("--verbose", "-v", count=True, metavar="", help="Say more; -vv: much.", show_default=False)
    ] = 0,
    color: Annotated[Color, typer.Option(help="Colour in tables.")] = "auto",
    width: Annotated[
        int | None, typer.Option(min=40, metavar="N", help="Columns of the table.", show_default=False)
    ] = None,
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
    with Messages(quiet=quiet, verbose=verbose) as messages, _guarded(messages):
        from quotes.articles import read_files, survey
        from quotes.output import check_output, names_folder

        into_folder = output is not None and names_folder(output)
        path = Path(output) if output is not None else None
        files = _found_files(inputs, path, errors)
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
        job = _Job(messages, _engine(engine, address, jobs, choice), finishing)
        known = not (limit or shard or duplicates) and all(_one_article(f) for f in files)
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
        with _error_file(errors) as error_file, _told(duplicates, messages), _results_to(path, chosen) as stream:
            writer = _make_writer(chosen, stream, chosen_columns, provenance, color=color, width=width, spool=path is not None)
            messages.begin(total, also_on_terminal=path is None and sys.stdout.isatty())
            run = _Run(messages, error_file, chosen, chosen_columns)
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
def speakers(
    results: Annotated[
        list[str],
        typer.Argument(metavar="RESULTS", help="Result files, or the folder of a run's parts.", show_default=False),
    ],
    format: Annotated[
        Literal["auto", "table", "tsv", "csv", "jsonl", "json"],
        typer.Option("--format", "-f", help="auto: table on a terminal, TSV in a pipe, by suffix with -o."),
    ] = "auto",
    output: Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write into FILE, whole.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over existing files.")] = False,
    aliases: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="CSV of name,alias[,id]: who is the same across articles.", show_default=False),
    ] = None,
    suggest: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write who may be one, with scores, as CSV to edit.", show_default=False),
    ] = None,
    min_articles: Annotated[int, typer.Option(min=1, metavar="N", help="Only who speaks in so many articles.")] = 1,
    limit: Annotated[int | None, typer.Option(min=1, metavar="N", help="Only the first N.", show_default=False)] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress, no warnings; errors only.")] = False,
    color: Annotated[Color, typer.Option(help="Colour in tables.")] = "auto",
    width: Annotated[
        int | None, typer.Option(min=40, metavar="N", help="Columns of the table.", show_default=False)
    ] = None,
) -> None:
    """Show who speaks in an archive: a row a person or body, over all articles.

    \b
    Examples:
      quotes speakers results/                                 who says most, as a table
      quotes speakers all.csv -o speakers.csv                  articles, quotations, words, roles over time
      quotes speakers results/ --suggest names.csv             who may be one; delete what is wrong
      quotes speakers results/ --aliases names.csv             ... and they are

    Reads what `quotes extract` wrote: parts, JSON Lines, JSON, CSV, TSV, Parquet, SQLite.
    Exit code: 0 done, 2 wrong usage, 4 nothing could be done.
    """
    from quotes.messages import Messages

    with Messages(quiet=quiet, verbose=0) as messages, _guarded(messages):
        from quotes.aliases import read_aliases
        from quotes.output import check_output
        from quotes.speaker_index import SpeakerIndex
        from quotes.speaker_index import suggest as suggestions_of
        from quotes.stored import read_stories
        from quotes.table import counted

        chosen = _format_of_list(format, output)
        for path in filter(None, (output, suggest)):
            check_output(path, force=force)
        index = SpeakerIndex(read_aliases(aliases) if aliases else None)
        for story in read_stories(results):
            index.add(story)
        found = [s for s in index.speakers() if s.articles >= min_articles]
        if suggest:
            proposed = suggestions_of(found)
            cells = [[s.name, s.alias, s.entity or "", f"{s.score:.2f}", s.reason] for s in proposed]
            _write_list(suggest, "csv", ("name", "alias", "id", "score", "reason"), cells)
        _write_speakers(found[:limit], chosen, output, color=color, width=width)
        copies = f", near-copies of others left out: {index.copies}" if index.copies else ""
        messages.inform(f"{counted(len(found), 'speaker')} in {counted(index.articles, 'article')}{copies}")


@app.command()
def audit(
    inputs: Annotated[
        list[str],
        typer.Argument(metavar="RESULTS|INPUT", help="Results of quotes, or articles to read now.", show_default=False),
    ],
    by: Annotated[
        str | None,
        typer.Option(
            metavar="A,B,...", help="Also by outlet, author, month, year, or any column of the input.", show_default=False
        ),
    ] = None,
    fail_on: Annotated[
        list[str] | None,
        typer.Option(metavar="CONDITION", help="Exit 1 where it holds: unnamed_only>0, unnamed_words>20%. Repeatable."),
    ] = None,
    format: Annotated[
        Literal["auto", "table", "tsv", "csv", "jsonl", "json"],
        typer.Option("--format", "-f", help="table: of all; csv, tsv, jsonl: a row a story; json: of all, for programs."),
    ] = "auto",
    output: Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write into FILE, whole.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over an existing file.")] = False,
    model: Annotated[str, typer.Option(metavar="NAME|FOLDER", help="The model for articles to read now.")] = "default",
    jobs: Annotated[
        int, typer.Option("--jobs", "-j", min=0, metavar="N", help="Worker processes; 0: one for each processor.")
    ] = 1,
    text_field: Annotated[
        str | None, typer.Option(metavar="NAME", help="Field or column that holds the text.", show_default=False)
    ] = None,
    id_field: Annotated[
        str | None, typer.Option(metavar="NAME", help="Field or column that holds the id.", show_default=False)
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress, no warnings; errors only.")] = False,
    color: Annotated[Color, typer.Option(help="Colour in tables.")] = "auto",
    width: Annotated[
        int | None, typer.Option(min=40, metavar="N", help="Columns of the table.", show_default=False)
    ] = None,
) -> None:
    """Show how a story is sourced, or all stories of an archive: who speaks, how much, how much rests on unnamed sources.

    \b
    Examples:
      quotes audit article.txt                             one story: its voices in order, with their shares
      quotes audit results/ --by outlet,month              an archive, with intervals
      quotes audit all.jsonl -f csv -o stories.csv         a row a story
      quotes audit draft.txt --fail-on "unnamed_only>0"    a gate: exit 1

    docs/audit.md defines each measure.
    Exit code: 0 done, 1 a condition holds, 2 wrong usage, 3 some inputs failed, 4 nothing could be done.
    """
    from quotes.messages import Messages

    with Messages(quiet=quiet, verbose=0) as messages, _guarded(messages):
        from quotes.audit import Audit, audit_story, group_of, read_gates
        from quotes.batch import ModelChoice
        from quotes.output import check_output

        gates = read_gates(fail_on or ())
        columns = list(dict.fromkeys(c.strip() for c in (by or "").split(",") if c.strip()))
        chosen = _format_of_list(format, output)
        if format == "auto" and output is None:
            chosen = "table"  # a summary is short, in a pipe too
        if output:
            check_output(output, force=force)
        run = _Run(messages, None, "audit", None)
        engine = _engine("local", None, jobs, ModelChoice(model))
        whole, groups = Audit(), {column: cast("dict[str, Audit]", {}) for column in columns}
        last: StoryAudit | None = None
        with _story_rows(chosen, output) as write:
            for story in _stories(inputs, text_field, id_field, engine, run):
                last = audit_story(story)
                whole.add(last)
                for column, found in groups.items():
                    found.setdefault(group_of(story, column), Audit()).add(last)
                write(last)
        messages.end()
        if not whole.stories and run.failed:
            raise typer.Exit(NOTHING_DONE)
        for column, found in groups.items():
            if set(found) <= {"(none)"}:
                messages.warn(f"no story has a {column}")
        if chosen in ("table", "json"):
            from quotes.audit_report import print_audit, print_story, to_json

            with _results_to(output, chosen) as stream:
                if chosen == "json":
                    stream.write(to_json(whole, groups))
                else:
                    from quotes.report import make_console

                    console = make_console(stream, color=color, width=width)
                    if whole.stories == 1 and last is not None and not columns:
                        print_story(console, last)
                    else:
                        print_audit(console, whole, groups)
        measures = whole.measures()
        broken = [told for gate in gates if (told := gate.failed(measures)) is not None]
        for told in broken:
            messages.error(told)
        if broken:
            raise typer.Exit(GATE_FAILED)
        if run.failed:
            raise typer.Exit(SOME_FAILED)


def _stories(
    inputs: Sequence[str], text_field: str | None, id_field: str | None, engine: "Engine", run: "_Run"
) -> Iterator["Story"]:
    """The stories of results and of articles, in order of the inputs; what fails is told."""
    from quotes.stored import is_result, read_stories, story_of

    for name in inputs:
        if is_result(name):
            yield from read_stories([name])
        else:
            alone = len(inputs) == 1
            yield from map(story_of, _read_now(name, text_field, id_field, engine, run, alone=alone))


def _read_now(
    name: str, text_field: str | None, id_field: str | None, engine: "Engine", run: "_Run", *, alone: bool
) -> Iterator["ArticleResult"]:
    """The results of an input's articles; `alone`: no other input goes on where it has none."""
    from quotes.articles import read_files

    files = _found_files([name], None, None) if alone else _one_of_many(name)
    for outcome in engine(read_files(files, text_field=text_field, id_field=id_field)):
        result = run.result_of(outcome)
        if result is not None:
            yield result


def _one_of_many(name: str) -> Sequence["InputFile | ArticleError"]:
    """The files of one of several inputs: that it has none costs no other."""
    from quotes.articles import find_files

    try:
        return find_files([name])
    except InputError as error:
        return [ArticleError(name, str(error).removeprefix(f"{name}: "))]


@contextmanager
def _story_rows(format: str, output: Path | None) -> Iterator[Callable[["StoryAudit"], object]]:
    """What writes a row of each story; nothing where the format is of all stories."""
    if format not in ("csv", "tsv", "jsonl"):
        yield lambda story: None
        return
    import json

    from quotes.audit import STORY_COLUMNS
    from quotes.table import cell, flat_line

    delimiter = "," if format == "csv" else "\t"
    with _results_to(output, format) as stream:
        if format == "jsonl":
            yield lambda story: stream.write(json.dumps(story.row(), ensure_ascii=False) + "\n")
        else:
            stream.write(flat_line(STORY_COLUMNS, delimiter))
            yield lambda story: stream.write(flat_line((cell(story.row()[c]) for c in STORY_COLUMNS), delimiter))


@app.command()
def show(
    input: Annotated[
        str, typer.Argument(metavar="RESULTS|INPUT", help="Records of quotes, or articles; - for standard input.")
    ],
    article: Annotated[
        list[str] | None, typer.Argument(metavar="[ID]...", help="Only the articles with these ids.", show_default=False)
    ] = None,
    model: Annotated[str, typer.Option(metavar="NAME|FOLDER", help="The model for articles to read now.")] = "default",
    text_field: Annotated[
        str | None, typer.Option(metavar="NAME", help="Field or column that holds the text.", show_default=False)
    ] = None,
    id_field: Annotated[
        str | None, typer.Option(metavar="NAME", help="Field or column that holds the id.", show_default=False)
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress, no warnings; errors only.")] = False,
    color: Annotated[Color, typer.Option(help="Colour of the quotations.")] = "auto",
    width: Annotated[int | None, typer.Option(min=40, metavar="N", help="Columns.", show_default=False)] = None,
) -> None:
    """Show an article's text with its quotations marked, each with the number of its speaker.

    \b
    Examples:
      quotes show article.txt               the text, and its speakers below
      quotes show records.jsonl a17         one article of many

    Exit code: 0 done, 2 wrong usage or no such article, 3 some articles failed, 4 nothing could be done.
    """
    from quotes.messages import Messages

    with Messages(quiet=quiet, verbose=0) as messages, _guarded(messages):
        from quotes.batch import ModelChoice
        from quotes.report import make_console
        from quotes.show import print_article

        run = _Run(messages, None, "show", None)
        engine = _engine("local", None, 1, ModelChoice(model))
        asked = dict.fromkeys(article or ())
        shown = 0
        with _results_to(None, "table") as stream:
            console = make_console(stream, color=color, width=width)
            for result in _results([input], text_field, id_field, engine, run):
                if asked or not article:
                    if article and result.article.id not in asked:
                        continue
                    asked.pop(result.article.id, None)
                    if shown:
                        console.rule()
                    print_article(console, result)
                    shown += 1
        if run.failed and not run.done:
            raise typer.Exit(NOTHING_DONE)
        if asked:
            raise typer.BadParameter(f"no article {', '.join(asked)} in {input}", param_hint="ID")
        if run.failed:
            raise typer.Exit(SOME_FAILED)


@app.command()
def report(
    inputs: Annotated[
        list[str],
        typer.Argument(metavar="RESULTS|INPUT", help="Records of quotes (JSON Lines, JSON), or articles.", show_default=False),
    ],
    output: Annotated[
        str, typer.Option("--output", "-o", metavar="FILE|DIR/", help="A page for one article; a folder for many.")
    ],
    force: Annotated[bool, typer.Option("--force", help="Write over existing pages.")] = False,
    model: Annotated[str, typer.Option(metavar="NAME|FOLDER", help="The model for articles to read now.")] = "default",
    jobs: Annotated[
        int, typer.Option("--jobs", "-j", min=0, metavar="N", help="Worker processes; 0: one for each processor.")
    ] = 1,
    text_field: Annotated[
        str | None, typer.Option(metavar="NAME", help="Field or column that holds the text.", show_default=False)
    ] = None,
    id_field: Annotated[
        str | None, typer.Option(metavar="NAME", help="Field or column that holds the id.", show_default=False)
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress, no warnings; errors only.")] = False,
) -> None:
    """Write an article as a page that shows its quotations in the text, each with its speaker and evidence.

    \b
    Examples:
      quotes report article.txt -o article.html       one page, which needs nothing else
      quotes report records.jsonl -o report/          a page an article, and report/index.html

    Exit code: 0 done, 2 wrong usage, 3 some inputs failed, 4 nothing could be done.
    """
    from quotes.messages import Messages

    with Messages(quiet=quiet, verbose=0) as messages, _guarded(messages):
        from quotes.batch import ModelChoice
        from quotes.output import check_output, names_folder
        from quotes.pages import PageFile, PageFolder

        path = Path(output)
        folder = names_folder(output)
        if not folder:
            check_output(path, force=force)
        run = _Run(messages, None, "report", None)
        engine = _engine("local", None, jobs, ModelChoice(model))
        generator = f"quotes {__version__}"
        pages = PageFolder(path, generator, force=force) if folder else PageFile(path, generator)
        messages.begin(None, also_on_terminal=False)
        for result in _results(inputs, text_field, id_field, engine, run):
            pages.add(result)
        messages.end()
        if not pages.number:
            if not run.failed:
                messages.error("no article in the input")
            raise typer.Exit(NOTHING_DONE)
        pages.close()
        if run.failed:
            raise typer.Exit(SOME_FAILED)


def _results(
    inputs: Sequence[str], text_field: str | None, id_field: str | None, engine: "Engine", run: "_Run"
) -> Iterator["ArticleResult"]:
    """The results of records and of articles, in order of the inputs; what fails is told."""
    from quotes.stored import is_result, read_results

    for name in inputs:
        if is_result(name):
            yield from read_results(name)
        else:
            yield from _read_now(name, text_field, id_field, engine, run, alone=len(inputs) == 1)


@app.command()
def diff(
    old: Annotated[str, typer.Argument(metavar="OLD", help="Results of quotes, or articles to read now.")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="The same, later or made otherwise.")],
    format: Annotated[
        Literal["auto", "table", "tsv", "csv", "jsonl", "json"],
        typer.Option("--format", "-f", help="table: for reading; the others a row a change."),
    ] = "auto",
    output: Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write into FILE, whole.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over an existing file.")] = False,
    exit_code: Annotated[bool, typer.Option("--exit-code", help="Exit 1 where there is a difference.")] = False,
    model: Annotated[str, typer.Option(metavar="NAME|FOLDER", help="The model for articles to read now.")] = "default",
    text_field: Annotated[
        str | None, typer.Option(metavar="NAME", help="Field or column that holds the text.", show_default=False)
    ] = None,
    id_field: Annotated[
        str | None, typer.Option(metavar="NAME", help="Field or column that holds the id.", show_default=False)
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress, no warnings; errors only.")] = False,
    color: Annotated[Color, typer.Option(help="Colour in tables.")] = "auto",
    width: Annotated[
        int | None, typer.Option(min=40, metavar="N", help="Columns of the table.", show_default=False)
    ] = None,
) -> None:
    """Show which quotations came, went, were reworded or attributed anew: two versions of an article, or two sets of results.

    \b
    Examples:
      quotes diff monday.txt tuesday.txt              what an update changed, word by word
      quotes diff results-old/ results-new/ -f csv    two runs over an archive, paired by article id
      quotes diff old.jsonl new.jsonl --exit-code     exit 1 where they differ

    Exit code: 0 done, 1 there are differences (--exit-code), 2 wrong usage, 3 some inputs failed, 4 nothing could be done.
    """
    from quotes.messages import Messages

    with Messages(quiet=quiet, verbose=0) as messages, _guarded(messages):
        from quotes.batch import ModelChoice
        from quotes.compare import COLUMNS, compare
        from quotes.output import check_output
        from quotes.table import cell

        chosen = _format_of_list(format, output)
        if format == "auto" and output is None:
            chosen = "table"  # for reading, in a pipe too
        if output:
            check_output(output, force=force)
        run = _Run(messages, None, "diff", None)
        engine = _engine("local", None, 1, ModelChoice(model))
        sides = [_stories([name], text_field, id_field, engine, run) for name in (old, new)]
        found = list(compare(*sides))
        messages.end()
        if run.failed and not run.done:
            raise typer.Exit(NOTHING_DONE)
        if chosen in ("csv", "tsv"):
            _write_list(output, chosen, COLUMNS, ([cell(d.to_dict()[c]) for c in COLUMNS] for d in found))
        else:
            with _results_to(output, chosen) as stream:
                if chosen == "table":
                    _print_differences(found, stream, color=color, width=width)
                else:
                    _write_json(stream, [d.to_dict() for d in found], lines=chosen == "jsonl")
        if run.failed:
            raise typer.Exit(SOME_FAILED)
        if found and exit_code:
            raise typer.Exit(GATE_FAILED)


def _print_differences(found: Sequence["Difference"], stream: TextIO, *, color: str, width: int | None) -> None:
    from itertools import groupby

    from quotes.compare import word_by_word
    from quotes.report import make_console, print_lines, print_words

    console = make_console(stream, color=color, width=width)
    for article, changes in groupby(found, key=lambda d: d.article):
        print_lines(console, [article])
        for d in changes:
            if d.change == "attributed anew":
                print_lines(console, [f"{d.change}: {d.old_speaker or 'not told'} → {d.new_speaker or 'not told'}"], "  ")
                print_words(console, [("same", d.new or "")], "    ")
            elif d.change == "reworded":
                print_lines(console, [f"reworded: {d.new_speaker or 'not told'}"], "  ")
                print_words(console, word_by_word(d.old or "", d.new or ""), "    ")
            elif d.change in ("added", "dropped"):
                speaker = d.new_speaker if d.change == "added" else d.old_speaker
                print_lines(console, [f"{d.change}: {speaker or 'not told'}"], "  ")
                print_words(console, [(d.change, d.new or d.old or "")], "    ")
            else:
                print_lines(console, [f"{d.change} ({d.new or d.old})"], "  ")
    if not found:
        print_lines(console, ["No differences."])


def _write_json(stream: TextIO, found: Sequence[dict[str, Any]], *, lines: bool) -> None:
    import json

    if lines:
        stream.writelines(json.dumps(one, ensure_ascii=False) + "\n" for one in found)
    else:
        stream.write(json.dumps(found, indent=2, ensure_ascii=False) + "\n")


correct = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Put right what was found, in a table that lasts.")
app.add_typer(correct, name="correct")


@correct.command()
def template(
    inputs: Annotated[
        list[str],
        typer.Argument(metavar="RESULTS|INPUT", help="Records of quotes (JSON Lines, JSON), or articles.", show_default=False),
    ],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="The CSV file to make.")],
    force: Annotated[bool, typer.Option("--force", help="Write over an existing file.")] = False,
    model: Annotated[str, typer.Option(metavar="NAME|FOLDER", help="The model for articles to read now.")] = "default",
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress, no warnings; errors only.")] = False,
) -> None:
    """Make a table of all quotations, to fill in what is wrong.

    \b
    Examples:
      quotes correct template records.jsonl -o corrections.csv
      quotes extract archive/ --corrections corrections.csv -o results/

    In the column change write reassign, rename, merge, kind, delete or add; in to, the name; docs/corrections.md has more.
    Exit code: 0 done, 2 wrong usage, 3 some inputs failed, 4 nothing could be done.
    """
    from quotes.messages import Messages

    with Messages(quiet=quiet, verbose=0) as messages, _guarded(messages):
        from quotes.batch import ModelChoice
        from quotes.corrections import COLUMNS, template_rows
        from quotes.output import check_output

        check_output(output, force=force)
        run = _Run(messages, None, "template", None)
        results = _results(inputs, None, None, _engine("local", None, 1, ModelChoice(model)), run)
        _write_list(output, "csv", COLUMNS, (row for result in results for row in template_rows(result)))
        if run.failed:
            raise typer.Exit(SOME_FAILED if run.done else NOTHING_DONE)


@correct.command()
def apply(
    records: Annotated[str, typer.Argument(metavar="RECORDS", help="Records: JSON Lines, JSON, or a folder of parts.")],
    corrections: Annotated[Path, typer.Argument(metavar="FILE", help="The CSV file of corrections.")],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="JSON Lines or JSON, by suffix.")],
    force: Annotated[bool, typer.Option("--force", help="Write over an existing file.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress, no warnings; errors only.")] = False,
) -> None:
    """Apply corrections to records that are there, without reading the articles anew.

    \b
    Examples:
      quotes correct apply records.jsonl corrections.csv -o corrected.jsonl

    Exit code: 0 done, 2 wrong usage, 4 nothing could be done.
    """
    from quotes.messages import Messages

    with Messages(quiet=quiet, verbose=0) as messages, _guarded(messages):
        from quotes.corrections import read_corrections
        from quotes.output import check_output
        from quotes.stored import read_results
        from quotes.table import JsonLinesWriter, JsonWriter

        check_output(output, force=force)
        chosen = _format_of_list("auto", output)
        if chosen not in ("json", "jsonl"):
            raise typer.BadParameter("records are .jsonl or .json", param_hint="--output")
        found = read_corrections(corrections)
        with _results_to(output, chosen) as stream:
            writer = JsonWriter(stream) if chosen == "json" else JsonLinesWriter(stream)
            for result in read_results(records):
                writer.write(found.apply(result))
            writer.close()
        _tell_stale(found, corrections, messages, all_came=True)


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

    with Messages(quiet=False, verbose=0) as messages, _guarded(messages):
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


@app.command()
def explain(
    input: Annotated[str, typer.Argument(metavar="FILE", help="An article, or - for standard input.")],
    quote_id: Annotated[
        list[str] | None, typer.Argument(metavar="[QUOTE_ID]...", help="Only these, such as q3.", show_default=False)
    ] = None,
    model: Annotated[str, typer.Option(metavar="NAME|FOLDER", help="The model to use.")] = "default",
    text_field: Annotated[
        str | None, typer.Option(metavar="NAME", help="Field or column that holds the text.", show_default=False)
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress, no warnings; errors only.")] = False,
) -> None:
    """Show how the speaker of each quotation was found.

    \b
    Examples:
      quotes explain article.txt            every quotation of the article
      quotes explain article.txt q3         one of them

    Exit code: 0 done, 2 wrong usage or no such quotation, 3 some articles failed, 4 nothing could be done.
    """
    from quotes.batch import ModelChoice, analyse
    from quotes.messages import Messages

    with Messages(quiet=quiet, verbose=0) as messages, _guarded(messages):
        from quotes.articles import read_files
        from quotes.explain import explain as lines_of
        from quotes.table import counted

        items = read_files(_found_files([input], None, None), text_field=text_field, id_field=None)
        run = _Run(messages, None, "table", None)
        asked = dict.fromkeys(quote_id or ())
        for outcome in analyse(items, ModelChoice(model, None)):
            result = run.result_of(outcome)
            if result is None:
                continue
            chosen = [q for q in result.quotes if not quote_id or q.id in quote_id]
            if chosen or not quote_id:
                typer.echo(f"{result.article.id}: {counted(len(result.quotes), 'quotation')}")
            for quote in chosen:
                asked.pop(quote.id, None)
                typer.echo("\n" + "\n".join(lines_of(result, quote)))
        if run.failed and not run.done:
            raise typer.Exit(NOTHING_DONE)
        if asked:
            raise typer.BadParameter(f"no quotation {', '.join(asked)} in {input}", param_hint="QUOTE_ID")
        if run.failed:
            raise typer.Exit(SOME_FAILED)


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
    model: Annotated[str, typer.Option(metavar="NAME|FOLDER", help="The model to use.")] = "default",
    threads: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Threads of the model.", show_default=False)
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress, no warnings; errors only.")] = False,
    verbose: Annotated[
        int, typer.Option("--verbose", "-v", count=True, metavar="", help="Say more; -vv: much.", show_default=False)
    ] = 0,
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
    with Messages(quiet=quiet, verbose=verbose) as messages, _guarded(messages):
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
            _tell_stale(self._corrections, self._correction_file, messages, all_came=all_came)

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


def _tell_stale(corrections: "Corrections", file: Path | None, messages: "Messages", *, all_came: bool) -> None:
    """Tell each correction that could not be applied, with its line."""
    for stale in (*corrections.stale, *(corrections.unused() if all_came else ())):
        row = stale.correction
        messages.warn(f"{file}, line {row.line}: not applied ({row.change} in {row.article}): {stale.reason}")


class _Job:
    """How articles are analysed, and what is made of their results."""

    def __init__(self, messages: "Messages", engine: "Engine", finishing: _Finishing) -> None:
        self._messages, self._engine, self._finishing = messages, engine, finishing

    def results(self, items: Iterable["Article | ArticleError"], run: "_Run") -> Iterator["ArticleResult"]:
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
        run = _Run(messages, error_file, "parts", None)
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
        self, items: Iterable["Article | ArticleError"], run: "_Run"
    ) -> Iterator[tuple["Outcome", "ArticleResult | None"]]:
        for outcome in self._engine(items):
            result = run.result_of(outcome)
            yield outcome, self._finishing(result) if result is not None else None


Engine = Callable[[Iterable["Article | ArticleError"]], Iterator["Outcome"]]


def _engine(name: str, address: str | None, jobs: int | None, choice: "ModelChoice") -> Engine:
    """What analyses articles: processes of this machine, or a cluster; `jobs` 0: as many as there are processors."""
    if name == "ray":
        from quotes import ray_engine

        return partial(ray_engine.analyse, model=choice, actors=jobs or 0, address=address)
    from quotes.batch import analyse

    return partial(analyse, model=choice, jobs=jobs if jobs else 1 if jobs is None else os.cpu_count() or 1)


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


class _Run:
    """What happened so far, told as it happens."""

    def __init__(
        self, messages: "Messages", error_file: TextIO | None, format: str, columns: Sequence[str] | None
    ) -> None:
        self.done = self.failed = 0
        self._messages = messages
        self._error_file = error_file
        self._format = format
        self._unseen = dict.fromkeys(columns or ())

    def result_of(self, outcome: Any) -> "ArticleResult | None":
        """The result; None for a failure, which is told."""
        from quotes.batch import Failure, place
        from quotes.table import COLUMNS, own_columns

        self._messages.advance(failed=isinstance(outcome, Failure))
        if isinstance(outcome, Failure):
            self.failed += 1
            self._tell(outcome.error, outcome.trace)
            return None
        result: ArticleResult = outcome
        self.done += 1
        if self._unseen:
            for name in (*COLUMNS, *own_columns(result)):
                self._unseen.pop(name, None)
        if self._format in ("csv", "tsv"):  # the other formats hold the warnings themselves
            for warning in result.article.warnings:
                self._messages.warn(f"{place(result.article)}: {warning}")
            for warning in result.warnings:
                self._messages.inform(f"{place(result.article)}: {warning}")
        return result

    def _tell(self, error: ArticleError, trace: str) -> None:
        self._messages.error(str(error))
        if trace:
            self._messages.trace(trace)
        if self._error_file is not None:
            from quotes.table import escape_tsv

            self._error_file.write(f"{escape_tsv(error.where)}\t{escape_tsv(error.reason)}\n")
            self._error_file.flush()

    def finish(self, writer: "Writer") -> None:
        """Tell what the reader of the output should know."""
        if self._unseen and self.done:
            self._messages.warn(f"no article has a field for the column {', '.join(map(repr, self._unseen))}")
        if left_out := getattr(writer, "left_out", None):
            names = ", ".join(map(repr, left_out))
            self._messages.warn(f"fields that came up after the header was written are left out: {names}; use -o FILE")
        self._messages.inform(f"{self.done} articles, {self.failed} failed")


# --- evaluation


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

    check_columns(columns, own=not all(_one_article(f) for f in files))


def _one_article(file: "InputFile | ArticleError") -> bool:
    return isinstance(file, ArticleError) or file.one_article


def _found_files(
    inputs: Sequence[str], output: Path | None, errors: Path | None
) -> Sequence["InputFile | ArticleError"]:
    from quotes.articles import find_files

    written = [p for p in (output, errors) if p is not None]
    for path in written:
        if path.is_file() and any(os.path.realpath(i) == os.path.realpath(path) for i in inputs):
            raise InputError(f"{path} is an input and would be written over; give another name")
    return find_files(inputs, skip=[str(p) for p in written])


def _limited(items: Iterable["Article | ArticleError"], limit: int | None) -> Iterator["Article | ArticleError"]:
    """Up to `limit` articles, with the errors before the last of them."""
    left = limit
    for item in items:
        yield item
        if left is not None and not isinstance(item, ArticleError):
            left -= 1
            if not left:
                return


# --- lists


def _format_of_list(format: str, output: Path | None) -> str:
    """The format of a list that auto stands for."""
    if format != "auto":
        return format
    if output is None:
        return "table" if sys.stdout.isatty() else "tsv"
    from quotes.output import FORMATS_BY_SUFFIX

    found = FORMATS_BY_SUFFIX.get(output.suffix.lower())
    if found not in ("csv", "tsv", "jsonl", "json", "table"):
        raise typer.BadParameter(f"no format of a list goes with the name {str(output)!r}", param_hint="--output")
    return found


def _write_speakers(
    found: Sequence["Speaker"], format: str, output: Path | None, *, color: str, width: int | None
) -> None:
    from quotes.speaker_index import COLUMNS, rows
    from quotes.table import cell

    if format in ("csv", "tsv"):
        _write_list(output, format, COLUMNS, ([cell(row[c]) for c in COLUMNS] for row in rows(found)))
        return
    with _results_to(output, format) as stream:
        if format in ("json", "jsonl"):
            _write_json(stream, [s.to_dict() for s in found], lines=format == "jsonl")
        else:
            from quotes.report import make_console, print_table

            console = make_console(stream, color=color, width=width)
            headings = ("speaker", "kind", "articles", "quotations", "words", "from", "to", "role", "also")
            cells = [
                [
                    s.name,
                    s.kind,
                    str(s.articles),
                    str(s.quotations),
                    f"{100 * s.share:.1f}%",
                    s.first or "",
                    s.last or "",
                    s.roles[0].text if s.roles else "",
                    "; ".join(s.aliases[:2]),
                ]
                for s in found
            ]
            print_table(console, headings, cells, numbers=("articles", "quotations", "words", "from", "to"))


def _write_list(output: Path | None, format: str, columns: Sequence[str], cells: Iterable[Sequence[str]]) -> None:
    """Write CSV or TSV."""
    from quotes.table import flat_line

    delimiter = "," if format == "csv" else "\t"
    with _results_to(output, format) as stream:
        stream.write(flat_line(columns, delimiter))
        stream.writelines(flat_line(row, delimiter) for row in cells)


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


def _results_to(output: Path | None, format: str) -> AbstractContextManager[TextIO]:
    from quotes.output import standard_output, whole_file

    return whole_file(output) if output else standard_output(data=format != "table")


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


@contextmanager
def _guarded(messages: "Messages") -> Iterator[None]:
    """The one place where errors become messages and exit codes."""
    from quotes.table import UnknownColumnError

    try:
        yield
    except UnknownColumnError as error:
        raise typer.BadParameter(str(error), param_hint="--columns") from None
    except QuotesError as error:
        for line in str(error).splitlines():
            messages.error(line)
        raise typer.Exit(NOTHING_DONE) from None
    except BrokenPipeError:
        # What Python would still flush at its end goes nowhere, instead of into a second error.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(BROKEN_PIPE) from None
    except KeyboardInterrupt:
        messages.error("interrupted")
        raise typer.Exit(INTERRUPTED) from None
    except OSError as error:
        messages.error(f"the results cannot be written ({error.strerror or error})")
        raise typer.Exit(NOTHING_DONE) from None
