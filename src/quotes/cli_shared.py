"""What the commands of `quotes` share: the group they stand in, exit codes, options, what is told on the way.

Exit codes: 0 done, also where there are no quotations; 1 a quality gate failed; 2 wrong usage; 3 finished, but some
inputs failed; 4 nothing could be done; 130 interrupted; 141 the reader of the pipe went away.
"""

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, TextIO

import typer
from typer.core import TyperGroup

from quotes.errors import ArticleError, InputError, QuotesError

# --help shall take no longer than typer itself: what reads, writes and analyses is imported where it is used.
if TYPE_CHECKING:
    from quotes.articles import InputFile
    from quotes.batch import ModelChoice, Outcome
    from quotes.corrections import Corrections
    from quotes.messages import Messages
    from quotes.records import Article, ArticleResult
    from quotes.table import Writer

Format = Literal["auto", "table", "tsv", "csv", "jsonl", "json", "markdown", "parquet", "sqlite"]
ListFormat = Literal["auto", "table", "tsv", "csv", "jsonl", "json"]
Color = Literal["auto", "always", "never"]

GATE_FAILED, USAGE, SOME_FAILED, NOTHING_DONE, INTERRUPTED, BROKEN_PIPE = 1, 2, 3, 4, 130, 141

# Options that several commands have.
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress, no warnings; errors only.")]
Verbose = Annotated[
    int, typer.Option("--verbose", "-v", count=True, metavar="", help="Say more; -vv: much.", show_default=False)
]
ColorChoice = Annotated[Color, typer.Option(help="Colour in what is printed.")]
Width = Annotated[int | None, typer.Option(min=40, metavar="N", help="Columns of the table.", show_default=False)]
ModelName = Annotated[str, typer.Option(metavar="NAME|FOLDER", help="The model to use.")]
Jobs = Annotated[int, typer.Option("--jobs", "-j", min=0, metavar="N", help="Worker processes; 0: one for each processor.")]
TextField = Annotated[str | None, typer.Option(metavar="NAME", help="Field or column that holds the text.", show_default=False)]
IdField = Annotated[str | None, typer.Option(metavar="NAME", help="Field or column that holds the id.", show_default=False)]
Force = Annotated[bool, typer.Option("--force", help="Write over what is there.")]
OutputFile = Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write into FILE, whole.")]


_ORDER = "extract show explain report correct sample export import audit diff speakers schema evaluate".split()


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

    def list_commands(self, ctx: Any) -> list[str]:
        """The commands in the order in which somebody new needs them."""
        return sorted(super().list_commands(ctx), key=_ORDER.index)

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


# --- inputs


def found_files(
    inputs: Sequence[str], output: Path | None, errors: Path | None
) -> Sequence["InputFile | ArticleError"]:
    """The files of the inputs; what the run writes is not read."""
    from quotes.articles import find_files

    written = [p for p in (output, errors) if p is not None]
    for path in written:
        if path.is_file() and any(os.path.realpath(i) == os.path.realpath(path) for i in inputs):
            raise InputError(f"{path} is an input and would be written over; give another name")
    return find_files(inputs, skip=[str(p) for p in written])


def one_article(file: "InputFile | ArticleError") -> bool:
    """Whether an input is known before reading to be one article, or an error."""
    return isinstance(file, ArticleError) or file.one_article


Engine = Callable[[Iterable["Article | ArticleError"]], Iterator["Outcome"]]


def engine_of(name: str, address: str | None, jobs: int | None, choice: "ModelChoice") -> Engine:
    """What analyses articles: processes of this machine, or a cluster; `jobs` 0: as many as there are processors."""
    if name == "ray":
        from quotes import ray_engine

        return partial(ray_engine.analyse, model=choice, actors=jobs or 0, address=address)
    from quotes.batch import analyse

    return partial(analyse, model=choice, jobs=jobs if jobs else 1 if jobs is None else os.cpu_count() or 1)


def results_of(
    inputs: Sequence[str], text_field: str | None, id_field: str | None, engine: "Engine", run: "Run"
) -> Iterator["ArticleResult"]:
    """The results of records and of articles, in order of the inputs; what fails is told."""
    from quotes.stored import is_result, read_results

    for name in inputs:
        if is_result(name):
            yield from read_results(name)
        else:
            yield from read_now(name, text_field, id_field, engine, run, alone=len(inputs) == 1)


def read_now(
    name: str, text_field: str | None, id_field: str | None, engine: "Engine", run: "Run", *, alone: bool
) -> Iterator["ArticleResult"]:
    """The results of an input's articles; `alone`: no other input goes on where it has none."""
    from quotes.articles import read_files

    files = found_files([name], None, None) if alone else one_of_many(name)
    for outcome in engine(read_files(files, text_field=text_field, id_field=id_field)):
        result = run.result_of(outcome)
        if result is not None:
            yield result


def one_of_many(name: str) -> Sequence["InputFile | ArticleError"]:
    """The files of one of several inputs: that it has none costs no other."""
    from quotes.articles import find_files

    try:
        return find_files([name])
    except InputError as error:
        return [ArticleError(name, str(error).removeprefix(f"{name}: "))]


# --- what is told on the way


class Run:
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


def tell_stale(corrections: "Corrections", file: Path | None, messages: "Messages", *, all_came: bool) -> None:
    """Tell each correction that could not be applied, with its line."""
    for stale in (*corrections.stale, *(corrections.unused() if all_came else ())):
        row = stale.correction
        messages.warn(f"{file}, line {row.line}: not applied ({row.change} in {row.article}): {stale.reason}")


@contextmanager
def guarded(messages: "Messages") -> Iterator[None]:
    """The one place where errors become messages and exit codes."""
    from quotes.table import UnknownColumnError

    try:
        try:
            yield
        finally:
            # here, not at Python's end, where a full disk would be no message of ours
            sys.stdout.flush()
    except UnknownColumnError as error:
        raise typer.BadParameter(str(error), param_hint="--columns") from None
    except QuotesError as error:
        for line in str(error).splitlines():
            messages.error(line)
        raise typer.Exit(NOTHING_DONE) from None
    except BrokenPipeError:
        _drop_unwritten()
        raise typer.Exit(BROKEN_PIPE) from None
    except KeyboardInterrupt:
        messages.error("interrupted")
        raise typer.Exit(INTERRUPTED) from None
    except OSError as error:
        messages.error(f"the results cannot be written ({error.strerror or error})")
        try:
            sys.stdout.flush()
        except OSError:
            _drop_unwritten()
        raise typer.Exit(NOTHING_DONE) from None


def _drop_unwritten() -> None:
    """Let what Python would still flush at its end go nowhere, instead of into a second error."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


# --- output


def format_of_list(format: str, output: Path | None) -> str:
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


def results_to(output: Path | None, format: str) -> AbstractContextManager[TextIO]:
    """Where results go: a file that appears whole or not at all, or standard output."""
    from quotes.output import standard_output, whole_file

    return whole_file(output) if output else standard_output(data=format != "table")


def write_list(output: Path | None, format: str, columns: Sequence[str], cells: Iterable[Sequence[str]]) -> None:
    """Write CSV or TSV."""
    from quotes.table import flat_line

    delimiter = "," if format == "csv" else "\t"
    with results_to(output, format) as stream:
        stream.write(flat_line(columns, delimiter))
        stream.writelines(flat_line(row, delimiter) for row in cells)


def write_json(stream: TextIO, found: Sequence[dict[str, Any]], *, lines: bool) -> None:
    """Write objects as JSON, or one a line."""
    import json

    if lines:
        stream.writelines(json.dumps(one, ensure_ascii=False) + "\n" for one in found)
    else:
        stream.write(json.dumps(found, indent=2, ensure_ascii=False) + "\n")
