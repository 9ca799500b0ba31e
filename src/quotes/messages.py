"""Everything a run says beside its results: errors, warnings and progress, on standard error only."""

import logging
import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING, Any

from quotes.report import visible

if TYPE_CHECKING:
    from rich.progress import Progress

# A run that is done sooner needs no bar.
_SECONDS_BEFORE_PROGRESS = 1.0


class Messages:
    """One line a message; used as a context manager, within which the library's log comes out as messages too.

    Args:
        quiet: Errors only.
        verbose: 1 adds information and tracebacks, 2 the library's debugging log.
    """

    def __init__(self, *, quiet: bool = False, verbose: int = 0) -> None:
        self._quiet = quiet
        self._verbose = verbose
        self._progress: Progress | None = None
        self._progress_wanted = False
        self._task: Any = None
        self._total: int | None = None
        self._count = self._failed = 0
        self._began = 0.0
        self._handler = _Handler(self)

    def __enter__(self) -> "Messages":
        level = logging.ERROR if self._quiet else (logging.WARNING, logging.INFO)[min(self._verbose, 1)]
        logger = logging.getLogger("quotes")
        logger.addHandler(self._handler)
        logger.setLevel(logging.DEBUG if self._verbose > 1 else level)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()
        logging.getLogger("quotes").removeHandler(self._handler)

    def error(self, text: str) -> None:
        """Say what failed."""
        self._say(f"error: {text}")

    def warn(self, text: str) -> None:
        """Say what the user should know, unless quiet."""
        if not self._quiet:
            self._say(f"warning: {text}")

    def inform(self, text: str) -> None:
        """Say what a verbose run says."""
        if self._verbose:
            self._say(text)

    def trace(self, text: str) -> None:
        """Say a traceback, if verbose."""
        if self._verbose:
            for line in text.rstrip().split("\n"):
                self._say(line)

    def begin(self, total: int | None, *, also_on_terminal: bool) -> None:
        """Work begins: `total` articles, None where unknown; no bar where the results come up on the same terminal."""
        self._began, self._total = time.monotonic(), total
        self._progress_wanted = sys.stderr.isatty() and not self._quiet and not also_on_terminal

    def advance(self, *, failed: bool = False) -> None:
        """One article more is done, or has failed."""
        self._count += 1
        self._failed += failed
        if self._progress is not None:
            self._progress.update(self._task, completed=self._count, told=self._told())
        elif self._progress_wanted and time.monotonic() - self._began > _SECONDS_BEFORE_PROGRESS and self._total != 1:
            self._show_progress()

    def end(self) -> None:
        """Work is over: the bar goes."""
        if self._progress is not None:
            self._progress.stop()
            self._progress = None

    def _show_progress(self) -> None:
        from rich.console import Console
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            Progress,
            ProgressColumn,
            TextColumn,
            TimeElapsedColumn,
            TimeRemainingColumn,
        )

        columns: list[ProgressColumn] = [TextColumn("articles"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()]
        if self._total is not None:
            columns += [TextColumn("left"), TimeRemainingColumn()]
        columns.append(TextColumn("{task.fields[told]}"))
        # What the run itself prints goes through this object; redirecting would catch the results as well.
        self._progress = Progress(
            *columns, console=Console(stderr=True), transient=True, redirect_stdout=False, redirect_stderr=False
        )
        self._task = self._progress.add_task("", total=self._total, completed=self._count, told=self._told())
        self._progress.start()

    def _told(self) -> str:
        """How fast it goes, and how many failed."""
        rate = self._count / max(time.monotonic() - self._began, 0.001)
        return f"{rate:.1f}/s" + (f", {self._failed} failed" if self._failed else "")

    def _say(self, text: str) -> None:
        indent = text[: len(text) - len(text.lstrip(" "))]
        line = indent + visible(text, sys.stderr.encoding or "utf-8")
        if self._progress is not None:
            from rich.text import Text

            self._progress.console.print(Text(line), soft_wrap=True)
        else:
            sys.stderr.write(line + "\n")
            sys.stderr.flush()


class _Handler(logging.Handler):
    """The library's log as messages; the level is set on the logger."""

    def __init__(self, messages: Messages) -> None:
        super().__init__()
        self._messages = messages

    def emit(self, record: logging.LogRecord) -> None:
        say = self._messages.warn if record.levelno >= logging.WARNING else self._messages.inform
        say(record.getMessage())
