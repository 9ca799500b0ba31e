"""What can go wrong, as a tree; the command line catches `QuotesError` in one place.

QuotesError
├── ArticleError         one input cannot be read or understood; a batch goes on without it
├── InputError           nothing can start: a path that does not exist, options that clash
├── ModelNotFoundError   no model of that name, or its files are broken
├── MissingExtraError    an optional dependency is not installed; says which extra to install
├── LexiconError         a word list of the package is broken
└── OutputError          results cannot be written

Every message says what happened, where, and what to do next.
"""


class QuotesError(Exception):
    """Base of all errors that quotes raises on purpose."""


class ArticleError(QuotesError):
    """One input cannot be read or understood.

    Attributes:
        where: The path, or the path with a line or row ("archive.jsonl:17").
        reason: What is wrong and what to do, without the place.
    """

    def __init__(self, where: str, reason: str) -> None:
        super().__init__(f"{where}: {reason}")
        self.where = where
        self.reason = reason

    def __reduce__(self) -> tuple[type["ArticleError"], tuple[str, str]]:
        # Exceptions pickle by their args; without this a worker process could not hand the error back.
        return type(self), (self.where, self.reason)


class InputError(QuotesError):
    """Nothing can start: a path that does not exist, options that clash."""


class ModelNotFoundError(QuotesError):
    """No model of that name, or its files are broken."""


class MissingExtraError(QuotesError):
    """An optional dependency is not installed."""

    def __init__(self, package: str, extra: str, purpose: str) -> None:
        super().__init__(f"{purpose} needs the package {package}: pip install 'newsquotes[{extra}]'")


class LexiconError(QuotesError):
    """A word list of the package is broken."""


class OutputError(QuotesError):
    """Results cannot be written."""
