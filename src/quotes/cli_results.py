"""Commands that read results, or articles as if they were: show, explain, report, correct, audit, diff, speakers."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, TextIO, cast

import typer

from quotes import __version__
from quotes.cli_shared import (
    GATE_FAILED,
    NOTHING_DONE,
    SOME_FAILED,
    ColorChoice,
    Engine,
    Force,
    IdField,
    Jobs,
    ListFormat,
    ModelName,
    OutputFile,
    Quiet,
    Run,
    TextField,
    Width,
    app,
    engine_of,
    format_of_list,
    found_files,
    guarded,
    read_now,
    results_of,
    results_to,
    tell_stale,
    write_json,
    write_list,
)

if TYPE_CHECKING:
    from quotes.audit import StoryAudit
    from quotes.compare import Difference
    from quotes.speaker_index import Speaker
    from quotes.stored import Story


@app.command()
def show(
    input: Annotated[
        str, typer.Argument(metavar="RESULTS|INPUT", help="Records of quotes, or articles; - for standard input.")
    ],
    article: Annotated[
        list[str] | None, typer.Argument(metavar="[ID]...", help="Only the articles with these ids.", show_default=False)
    ] = None,
    model: ModelName = "default",
    text_field: TextField = None,
    id_field: IdField = None,
    quiet: Quiet = False,
    color: ColorChoice = "auto",
    width: Width = None,
) -> None:
    """Show an article's text with its quotations marked, each with the number of its speaker.

    \b
    Examples:
      quotes show article.txt               the text, and its speakers below
      quotes show records.jsonl a17         one article of many

    Exit code: 0 done, 2 wrong usage or no such article, 3 some articles failed, 4 nothing could be done.
    """
    from quotes.messages import Messages

    with Messages(quiet=quiet, verbose=0) as messages, guarded(messages):
        from quotes.batch import ModelChoice
        from quotes.report import make_console
        from quotes.show import print_article

        run = Run(messages, None, "show", None)
        engine = engine_of("local", None, 1, ModelChoice(model))
        asked = dict.fromkeys(article or ())
        shown = 0
        with results_to(None, "table") as stream:
            console = make_console(stream, color=color, width=width)
            for result in results_of([input], text_field, id_field, engine, run):
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
def explain(
    input: Annotated[str, typer.Argument(metavar="FILE", help="An article, or - for standard input.")],
    quote_id: Annotated[
        list[str] | None, typer.Argument(metavar="[QUOTE_ID]...", help="Only these, such as q3.", show_default=False)
    ] = None,
    model: ModelName = "default",
    text_field: TextField = None,
    quiet: Quiet = False,
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

    with Messages(quiet=quiet, verbose=0) as messages, guarded(messages):
        from quotes.articles import read_files
        from quotes.explain import explain as lines_of
        from quotes.table import counted

        items = read_files(found_files([input], None, None), text_field=text_field, id_field=None)
        run = Run(messages, None, "table", None)
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
def report(
    inputs: Annotated[
        list[str],
        typer.Argument(metavar="RESULTS|INPUT", help="Records of quotes (JSON Lines, JSON), or articles.", show_default=False),
    ],
    output: Annotated[
        str, typer.Option("--output", "-o", metavar="FILE|DIR/", help="A page for one article; a folder for many.")
    ],
    force: Force = False,
    model: ModelName = "default",
    jobs: Jobs = 1,
    text_field: TextField = None,
    id_field: IdField = None,
    quiet: Quiet = False,
) -> None:
    """Write an article as a page that shows its quotations in the text, each with its speaker and evidence.

    \b
    Examples:
      quotes report article.txt -o article.html       one page, which needs nothing else
      quotes report records.jsonl -o report/          a page an article, and report/index.html

    Exit code: 0 done, 2 wrong usage, 3 some inputs failed, 4 nothing could be done.
    """
    from quotes.messages import Messages

    with Messages(quiet=quiet, verbose=0) as messages, guarded(messages):
        from quotes.batch import ModelChoice
        from quotes.output import check_output, names_folder
        from quotes.pages import PageFile, PageFolder

        path = Path(output)
        folder = names_folder(output)
        if not folder:
            check_output(path, force=force)
        run = Run(messages, None, "report", None)
        engine = engine_of("local", None, jobs, ModelChoice(model))
        generator = f"quotes {__version__}"
        pages = PageFolder(path, generator, force=force) if folder else PageFile(path, generator)
        messages.begin(None, also_on_terminal=False)
        for result in results_of(inputs, text_field, id_field, engine, run):
            pages.add(result)
        messages.end()
        if not pages.number:
            if not run.failed:
                messages.error("no article in the input")
            raise typer.Exit(NOTHING_DONE)
        pages.close()
        if run.failed:
            raise typer.Exit(SOME_FAILED)


_CORRECT = """Put right what was found, in a table that lasts.

\b
Examples:
  quotes correct template records.jsonl -o corrections.csv     fill in what is wrong
  quotes archive/ --corrections corrections.csv -o results/    every run applies it
  quotes correct apply records.jsonl corrections.csv -o corrected.jsonl
"""
correct = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help=_CORRECT)
app.add_typer(correct, name="correct")


@correct.command()
def template(
    inputs: Annotated[
        list[str],
        typer.Argument(metavar="RESULTS|INPUT", help="Records of quotes (JSON Lines, JSON), or articles.", show_default=False),
    ],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="The CSV file to make.")],
    force: Force = False,
    model: ModelName = "default",
    quiet: Quiet = False,
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

    with Messages(quiet=quiet, verbose=0) as messages, guarded(messages):
        from quotes.batch import ModelChoice
        from quotes.corrections import COLUMNS, template_rows
        from quotes.output import check_output

        check_output(output, force=force)
        run = Run(messages, None, "template", None)
        results = results_of(inputs, None, None, engine_of("local", None, 1, ModelChoice(model)), run)
        write_list(output, "csv", COLUMNS, (row for result in results for row in template_rows(result)))
        if run.failed:
            raise typer.Exit(SOME_FAILED if run.done else NOTHING_DONE)


@correct.command()
def apply(
    records: Annotated[str, typer.Argument(metavar="RECORDS", help="Records: JSON Lines, JSON, or a folder of parts.")],
    corrections: Annotated[Path, typer.Argument(metavar="FILE", help="The CSV file of corrections.")],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="JSON Lines or JSON, by suffix.")],
    force: Force = False,
    quiet: Quiet = False,
) -> None:
    """Apply corrections to records that are there, without reading the articles anew.

    \b
    Examples:
      quotes correct apply records.jsonl corrections.csv -o corrected.jsonl

    Exit code: 0 done, 2 wrong usage, 4 nothing could be done.
    """
    from quotes.messages import Messages

    with Messages(quiet=quiet, verbose=0) as messages, guarded(messages):
        from quotes.corrections import read_corrections
        from quotes.output import check_output
        from quotes.stored import read_results
        from quotes.table import JsonLinesWriter, JsonWriter

        check_output(output, force=force)
        chosen = format_of_list("auto", output)
        if chosen not in ("json", "jsonl"):
            raise typer.BadParameter("records are .jsonl or .json", param_hint="--output")
        found = read_corrections(corrections)
        with results_to(output, chosen) as stream:
            writer = JsonWriter(stream) if chosen == "json" else JsonLinesWriter(stream)
            for result in read_results(records):
                writer.write(found.apply(result))
            writer.close()
        tell_stale(found, corrections, messages, all_came=True)


@app.command()
def sample(
    inputs: Annotated[
        list[str],
        typer.Argument(metavar="RESULTS|INPUT", help="Records of quotes (JSON Lines, JSON), or articles.", show_default=False),
    ],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="The CSV file to make.")],
    number: Annotated[int, typer.Option("--n", min=1, metavar="N", help="How many quotations.")] = 200,
    by_confidence: Annotated[bool, typer.Option("--by-confidence", help="As many of each tenth of confidence.")] = False,
    seed: Annotated[int, typer.Option(metavar="N", help="The same seed gives the same sample.")] = 0,
    force: Force = False,
    model: ModelName = "default",
    jobs: Jobs = 1,
    text_field: TextField = None,
    id_field: IdField = None,
    quiet: Quiet = False,
) -> None:
    """Pick quotations to look at, by chance, as a table of corrections to fill in.

    \b
    Examples:
      quotes sample records.jsonl --n 200 -o look.csv              how good is it on my articles?
      quotes sample results/ --by-confidence -o look.csv           doubtful ones as often as sure ones

    Exit code: 0 done, 2 wrong usage, 3 some inputs failed, 4 nothing could be done.
    """
    from quotes.messages import Messages

    with Messages(quiet=quiet, verbose=0) as messages, guarded(messages):
        from quotes.batch import ModelChoice
        from quotes.output import check_output
        from quotes.sampling import COLUMNS, Sample
        from quotes.table import counted

        check_output(output, force=force)
        run = Run(messages, None, "sample", None)
        engine = engine_of("local", None, jobs, ModelChoice(model))
        chosen = Sample(number, by_confidence=by_confidence, seed=seed)
        messages.begin(None, also_on_terminal=False)
        for result in results_of(inputs, text_field, id_field, engine, run):
            chosen.add(result)
        messages.end()
        if run.failed and not run.done:
            raise typer.Exit(NOTHING_DONE)
        rows = list(chosen.rows())
        write_list(output, "csv", COLUMNS, rows)
        messages.inform(f"{len(rows)} of {counted(chosen.quotations, 'quotation')}")
        if run.failed:
            raise typer.Exit(SOME_FAILED)


@app.command(name="export")
def export_to(
    inputs: Annotated[
        list[str],
        typer.Argument(metavar="RESULTS|INPUT", help="Records of quotes (JSON Lines, JSON), or articles.", show_default=False),
    ],
    to: Annotated[
        Literal["label-studio", "doccano", "prodigy", "brat", "tei", "spacy"], typer.Option("--to", help="The tool.")
    ],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE|FOLDER", help="A new file; for brat a folder.")],
    force: Force = False,
    model: ModelName = "default",
    jobs: Jobs = 1,
    text_field: TextField = None,
    id_field: IdField = None,
    quiet: Quiet = False,
) -> None:
    """Hand results to an annotation tool; `quotes import` reads what comes back.

    \b
    Examples:
      quotes export records.jsonl --to label-studio -o tasks.json
      quotes export records.jsonl --to brat -o brat/
      quotes import tasks-done.json --from label-studio -o gold.jsonl

    docs/annotation.md tells what each tool carries.
    Exit code: 0 done, 2 wrong usage, 3 some inputs failed, 4 nothing could be done.
    """
    from quotes.messages import Messages

    with Messages(quiet=quiet, verbose=0) as messages, guarded(messages):
        from quotes.batch import ModelChoice
        from quotes.exchange import TOOLS
        from quotes.output import check_output

        tool = TOOLS[to]
        if not tool.into_folder:
            check_output(output, force=force)
        run = Run(messages, None, "export", None)
        engine = engine_of("local", None, jobs, ModelChoice(model))
        messages.begin(None, also_on_terminal=False)
        tool.write(output, results_of(inputs, text_field, id_field, engine, run))
        messages.end()
        if run.failed:
            raise typer.Exit(SOME_FAILED if run.done else NOTHING_DONE)


@app.command(name="import")
def import_from(
    input: Annotated[str, typer.Argument(metavar="FILE|FOLDER", help="What the tool wrote.")],
    source: Annotated[
        Literal["label-studio", "doccano", "prodigy", "brat", "tei", "spacy"], typer.Option("--from", help="The tool.")
    ],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="Records: JSON Lines or JSON, by suffix.")],
    force: Force = False,
    quiet: Quiet = False,
) -> None:
    """Read what an annotation tool wrote, as records: gold data for `quotes evaluate`, or results for every other command.

    \b
    Examples:
      quotes import tasks-done.json --from label-studio -o gold.jsonl
      quotes evaluate gold.jsonl

    Exit code: 0 done, 2 wrong usage, 4 nothing could be done.
    """
    from quotes.messages import Messages

    with Messages(quiet=quiet, verbose=0) as messages, guarded(messages):
        from quotes.exchange import TOOLS
        from quotes.output import check_output
        from quotes.table import JsonLinesWriter, JsonWriter, counted

        check_output(output, force=force)
        chosen = format_of_list("auto", output)
        if chosen not in ("json", "jsonl"):
            raise typer.BadParameter("records are .jsonl or .json", param_hint="--output")
        number = 0
        with results_to(output, chosen) as stream:
            writer = JsonWriter(stream) if chosen == "json" else JsonLinesWriter(stream)
            for result in TOOLS[source].read(Path(input)):
                writer.write(result)
                number += 1
            writer.close()
        messages.inform(counted(number, "article"))


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
        Literal["auto", "table", "html", "tsv", "csv", "jsonl", "json"],
        typer.Option("--format", "-f", help="table, html, json: of all; csv, tsv, jsonl: a row a story."),
    ] = "auto",
    output: OutputFile = None,
    force: Force = False,
    model: ModelName = "default",
    jobs: Jobs = 1,
    text_field: TextField = None,
    id_field: IdField = None,
    quiet: Quiet = False,
    color: ColorChoice = "auto",
    width: Width = None,
) -> None:
    """Show how a story is sourced, or all stories of an archive: who speaks, how much, how much rests on unnamed sources.

    \b
    Examples:
      quotes audit article.txt                             one story: its voices in order, with their shares
      quotes audit results/ --by outlet,month              an archive, with intervals
      quotes audit results/ -o audit.html                  ... as a page with bars
      quotes audit all.jsonl -f csv -o stories.csv         a row a story
      quotes audit draft.txt --fail-on "unnamed_only>0"    a gate: exit 1

    docs/audit.md defines each measure.
    Exit code: 0 done, 1 a condition holds, 2 wrong usage, 3 some inputs failed, 4 nothing could be done.
    """
    from quotes.messages import Messages

    with Messages(quiet=quiet, verbose=0) as messages, guarded(messages):
        from quotes.audit import Audit, audit_story, group_of, read_gates
        from quotes.batch import ModelChoice
        from quotes.output import check_output

        gates = read_gates(fail_on or ())
        columns = list(dict.fromkeys(c.strip() for c in (by or "").split(",") if c.strip()))
        page = format == "html" or (format == "auto" and output is not None and output.suffix.lower() in (".html", ".htm"))
        chosen = "html" if page else format_of_list(format, output)
        if format == "auto" and output is None:
            chosen = "table"  # a summary is short, in a pipe too
        if output:
            check_output(output, force=force)
        run = Run(messages, None, "audit", None)
        engine = engine_of("local", None, jobs, ModelChoice(model))
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
        if page:
            from quotes.page import audit_page

            with results_to(output, chosen) as stream:
                stream.write(audit_page(whole, groups, generator=f"quotes {__version__}"))
        elif chosen in ("table", "json"):
            from quotes.audit_report import print_audit, print_story, to_json

            with results_to(output, chosen) as stream:
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
    inputs: Sequence[str], text_field: str | None, id_field: str | None, engine: "Engine", run: "Run"
) -> Iterator["Story"]:
    """The stories of results and of articles, in order of the inputs; what fails is told."""
    from quotes.stored import is_result, read_stories, story_of

    for name in inputs:
        if is_result(name):
            yield from read_stories([name])
        else:
            alone = len(inputs) == 1
            yield from map(story_of, read_now(name, text_field, id_field, engine, run, alone=alone))


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
    with results_to(output, format) as stream:
        if format == "jsonl":
            yield lambda story: stream.write(json.dumps(story.row(), ensure_ascii=False) + "\n")
        else:
            stream.write(flat_line(STORY_COLUMNS, delimiter))
            yield lambda story: stream.write(flat_line((cell(story.row()[c]) for c in STORY_COLUMNS), delimiter))


@app.command()
def diff(
    old: Annotated[str, typer.Argument(metavar="OLD", help="Results of quotes, or articles to read now.")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="The same, later or made otherwise.")],
    format: Annotated[
        ListFormat,
        typer.Option("--format", "-f", help="table: for reading; the others a row a change."),
    ] = "auto",
    output: OutputFile = None,
    force: Force = False,
    exit_code: Annotated[bool, typer.Option("--exit-code", help="Exit 1 where there is a difference.")] = False,
    model: ModelName = "default",
    text_field: TextField = None,
    id_field: IdField = None,
    quiet: Quiet = False,
    color: ColorChoice = "auto",
    width: Width = None,
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

    with Messages(quiet=quiet, verbose=0) as messages, guarded(messages):
        from quotes.batch import ModelChoice
        from quotes.compare import COLUMNS, compare
        from quotes.output import check_output
        from quotes.table import cell

        chosen = format_of_list(format, output)
        if format == "auto" and output is None:
            chosen = "table"  # for reading, in a pipe too
        if output:
            check_output(output, force=force)
        run = Run(messages, None, "diff", None)
        engine = engine_of("local", None, 1, ModelChoice(model))
        sides = [_stories([name], text_field, id_field, engine, run) for name in (old, new)]
        found = list(compare(*sides))
        messages.end()
        if run.failed and not run.done:
            raise typer.Exit(NOTHING_DONE)
        if chosen in ("csv", "tsv"):
            write_list(output, chosen, COLUMNS, ([cell(d.to_dict()[c]) for c in COLUMNS] for d in found))
        else:
            with results_to(output, chosen) as stream:
                if chosen == "table":
                    _print_differences(found, stream, color=color, width=width)
                else:
                    write_json(stream, [d.to_dict() for d in found], lines=chosen == "jsonl")
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


@app.command()
def speakers(
    results: Annotated[
        list[str],
        typer.Argument(metavar="RESULTS", help="Result files, or the folder of a run's parts.", show_default=False),
    ],
    format: Annotated[
        ListFormat,
        typer.Option("--format", "-f", help="auto: table on a terminal, TSV in a pipe, by suffix with -o."),
    ] = "auto",
    output: OutputFile = None,
    force: Force = False,
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
    quiet: Quiet = False,
    color: ColorChoice = "auto",
    width: Width = None,
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

    with Messages(quiet=quiet, verbose=0) as messages, guarded(messages):
        from quotes.aliases import read_aliases
        from quotes.output import check_output
        from quotes.speaker_index import SpeakerIndex
        from quotes.speaker_index import suggest as suggestions_of
        from quotes.stored import read_stories
        from quotes.table import counted

        chosen = format_of_list(format, output)
        for path in filter(None, (output, suggest)):
            check_output(path, force=force)
        index = SpeakerIndex(read_aliases(aliases) if aliases else None)
        for story in read_stories(results):
            index.add(story)
        found = [s for s in index.speakers() if s.articles >= min_articles]
        if suggest:
            proposed = suggestions_of(found)
            cells = [[s.name, s.alias, s.entity or "", f"{s.score:.2f}", s.reason] for s in proposed]
            write_list(suggest, "csv", ("name", "alias", "id", "score", "reason"), cells)
        _write_speakers(found[:limit], chosen, output, color=color, width=width)
        copies = f", near-copies of others left out: {index.copies}" if index.copies else ""
        messages.inform(f"{counted(len(found), 'speaker')} in {counted(index.articles, 'article')}{copies}")


def _write_speakers(
    found: Sequence["Speaker"], format: str, output: Path | None, *, color: str, width: int | None
) -> None:
    from quotes.speaker_index import COLUMNS, rows
    from quotes.table import cell

    if format in ("csv", "tsv"):
        write_list(output, format, COLUMNS, ([cell(row[c]) for c in COLUMNS] for row in rows(found)))
        return
    with results_to(output, format) as stream:
        if format in ("json", "jsonl"):
            write_json(stream, [s.to_dict() for s in found], lines=format == "jsonl")
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
