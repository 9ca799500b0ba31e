"""The records that pass between the stages: frozen, plain strings and offsets, never a spaCy object.

All offsets are Unicode code points of `Article.text`, end exclusive: `text[start:end]` is exactly the words meant.
`ArticleResult.to_dict()` is the article record that `quotes extract --format jsonl` prints.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, cast

SpeakerKind = Literal["person", "organization", "document", "anonymous", "group"]
QuotationKind = Literal["direct", "mixed", "indirect"]


# The field of an article that says nearly the same as an earlier one of the run, whose id it holds (`duplicates`).
DUPLICATE_OF = "duplicate_of"


@dataclass(frozen=True, slots=True, order=True)
class CharSpan:
    """A half-open range of characters of the article's text."""

    start: int
    end: int

    def contains(self, other: "CharSpan") -> bool:
        """Whether `other` lies wholly inside this span."""
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: "CharSpan") -> bool:
        """Whether the two share at least one character."""
        return self.start < other.end and other.start < self.end

    def to_list(self) -> list[int]:
        """[start, end], as in the article record."""
        return [self.start, self.end]


@dataclass(frozen=True, slots=True)
class Article:
    """One article as read; `text` is exactly as decoded or extracted.

    `fields` holds the input's columns or keys that we do not know; they come out again in the flat formats.
    `warnings` says what the reader of the record should know about the reading (a guessed encoding).
    """

    id: str
    text: str
    path: str | None = None
    title: str | None = None
    byline: str | None = None
    published: str | None = None
    publisher: str | None = None
    url: str | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MarkedSpan:
    """Words in quotation marks, found from the characters alone.

    Attributes:
        span: With its marks.
        content: Without its marks.
        paragraph: Number of the paragraph it begins in, from 0.
        depth: 0 for outermost, 1 for a quotation within a quotation, and so on.
        style: Name of the marks: "double", "single", "guillemets", "single-guillemets", "low-high", "single-low-high",
            "backticks", "primes", "brackets".
        closed: False where no closing mark was found; it then ends with its paragraph.
        continues: Index, in the list that the scanner gives, of the span this one goes on with (a mark opened anew
            in the next paragraph while the one before was left open), else None.
        headline: Whether it stands in the article's title, which has marks of its own style.
    """

    span: CharSpan
    content: CharSpan
    paragraph: int
    depth: int = 0
    style: str = "double"
    closed: bool = True
    continues: int | None = None
    headline: bool = False


@dataclass(frozen=True, slots=True)
class TextSpan:
    """Words of the article with their place: a cue or a mention."""

    text: str
    start: int
    end: int

    @property
    def span(self) -> CharSpan:
        """The place alone."""
        return CharSpan(self.start, self.end)

    @classmethod
    def from_dict(cls, found: Mapping[str, Any] | None) -> "TextSpan | None":
        """The inverse of `to_dict`; None for None."""
        return cls(found["text"], found["start"], found["end"]) if found is not None else None

    def to_dict(self) -> dict[str, Any]:
        """As in the article record."""
        return {"text": self.text, "start": self.start, "end": self.end}


@dataclass(frozen=True, slots=True)
class Source:
    """One real source of the article (the record's `speaker`).

    `name` is the fullest name without titles, None for anonymous and group; `description` the fullest role, or for an
    unnamed source the words that stand for it; `aliases` every other form that denotes it as speaker, no pronouns.
    `entity` is its id in the user's file of aliases, if one was given and has it.
    """

    id: str
    kind: SpeakerKind
    name: str | None
    description: str | None
    aliases: tuple[str, ...] = ()
    entity: str | None = None

    @property
    def label(self) -> str:
        """The one string by which tables call this source."""
        return self.name or self.description or self.id

    @property
    def named(self) -> bool:
        """Whether the article names it: False for anonymous individuals and groups."""
        return self.kind not in ("anonymous", "group")

    @classmethod
    def from_dict(cls, found: Mapping[str, Any]) -> "Source":
        """The inverse of `to_dict`."""
        plain = (found["id"], found["kind"], found["name"], found["description"])
        return cls(*plain, tuple(found["aliases"]), found.get("entity"))

    def to_dict(self) -> dict[str, Any]:
        """As in the article record."""
        return {
            "id": self.id,
            "kind": self.kind,
            "name": self.name,
            "description": self.description,
            "aliases": list(self.aliases),
            **({"entity": self.entity} if self.entity is not None else {}),
        }


@dataclass(frozen=True, slots=True)
class Evidence:
    """How the speaker of a quotation was found.

    Attributes:
        rule: What decided, for a reader: "a pronoun", "the name itself", ...
        speech: Probability that the words in marks are speech at all; None for indirect speech.
        score: The scorer's own probability of this speaker, before calibration.
        via: The words that the mention (or the quotation, where it has none) was held to mean; None where none were needed.
        name: Where the source is first called by its fullest name; None for unnamed sources.
        rivals: Other sources that were weighed, by name or description, with their probabilities, the likeliest first.
    """

    rule: str
    speech: float | None = None
    score: float = 0.0
    via: TextSpan | None = None
    name: TextSpan | None = None
    rivals: tuple[tuple[str, float], ...] = ()

    @classmethod
    def from_dict(cls, found: Mapping[str, Any]) -> "Evidence":
        """The inverse of `to_dict`."""
        via, name = TextSpan.from_dict(found["via"]), TextSpan.from_dict(found["name"])
        rivals = tuple((label, probability) for label, probability in found["rivals"])
        return cls(found["rule"], found["speech"], found["score"], via, name, rivals)

    def to_dict(self) -> dict[str, Any]:
        """As in the article record."""
        return {
            "rule": self.rule,
            "speech": self.speech,
            "score": self.score,
            "via": self.via.to_dict() if self.via else None,
            "name": self.name.to_dict() if self.name else None,
            "rivals": [[label, probability] for label, probability in self.rivals],
        }


@dataclass(frozen=True, slots=True)
class Attribution:
    """One quotation with who said it (the record's `quote`).

    Attributes:
        spans: The content, marks included, without cue and source; several when split.
        quoted: The parts of the content inside quotation marks, marks included; empty for indirect.
        text: The spans' text, joined by one space.
        cue: The words that report, or None.
        mention: The words beside the quotation that name its source, or None.
        speaker: Id of a `Source` of the same article; None where the article does not tell.
        paragraph: Number of the paragraph in which it begins, from 1.
        denied: Told as not said, or merely supposed: "she never said", "he might say".
        continues, repeats, within: Ids of other quotations of the article, or None (see the record's description).
        confidence: 0 to 1, that the speaker is right.
        evidence: How the speaker was found, or None.
        corrected: Whether a person put it right.
        key: What it shares with all quotations of the run that say nearly the same; None where none were compared.
    """

    id: str
    kind: QuotationKind
    spans: tuple[CharSpan, ...]
    quoted: tuple[CharSpan, ...]
    text: str
    cue: TextSpan | None
    mention: TextSpan | None
    speaker: str | None
    paragraph: int
    continues: str | None = None
    repeats: str | None = None
    within: str | None = None
    confidence: float = 0.0
    evidence: Evidence | None = None
    denied: bool = False
    key: str | None = None
    corrected: bool = False

    @classmethod
    def from_dict(cls, found: Mapping[str, Any]) -> "Attribution":
        """The inverse of `to_dict`; of a record by others only the keys of the contract are needed."""
        evidence = found.get("evidence")
        return cls(
            id=found["id"],
            kind=found["kind"],
            spans=tuple(CharSpan(*span) for span in found["spans"]),
            quoted=tuple(CharSpan(*span) for span in found["quoted"]),
            text=found["text"],
            cue=TextSpan.from_dict(found["cue"]),
            mention=TextSpan.from_dict(found["mention"]),
            speaker=found["speaker"],
            paragraph=found.get("paragraph", 0),
            continues=found["continues"],
            repeats=found["repeats"],
            within=found["within"],
            confidence=found["confidence"],
            evidence=Evidence.from_dict(evidence) if evidence is not None else None,
            denied=found.get("denied", False),
            key=found.get("key"),
            corrected=found.get("corrected", False),
        )

    def to_dict(self) -> dict[str, Any]:
        """As in the article record."""
        return {
            "id": self.id,
            "kind": self.kind,
            "spans": [s.to_list() for s in self.spans],
            "quoted": [s.to_list() for s in self.quoted],
            "text": self.text,
            "cue": self.cue.to_dict() if self.cue else None,
            "mention": self.mention.to_dict() if self.mention else None,
            "speaker": self.speaker,
            "continues": self.continues,
            "repeats": self.repeats,
            "within": self.within,
            "denied": self.denied,
            "confidence": self.confidence,
            "paragraph": self.paragraph,
            "evidence": self.evidence.to_dict() if self.evidence else None,
            **({"key": self.key} if self.key is not None else {}),
            **({"corrected": True} if self.corrected else {}),
        }


@dataclass(frozen=True, slots=True)
class ArticleResult:
    """An article with all that was found in it: the one thing tables, files and reports read."""

    article: Article
    quotes: tuple[Attribution, ...] = ()
    speakers: tuple[Source, ...] = ()
    not_speech: tuple[CharSpan, ...] = ()
    warnings: tuple[str, ...] = ()

    def speaker_of(self, quote: Attribution) -> Source | None:
        """The source that said it, or None."""
        return next((s for s in self.speakers if s.id == quote.speaker), None)

    @classmethod
    def from_dict(cls, record: Mapping[str, Any]) -> "ArticleResult":
        """The inverse of `to_dict`: what a record of JSON tells. All warnings become the result's own.

        Raises:
            KeyError, TypeError, ValueError: It is no article record.
        """
        own = dict(record.get("fields") or {})
        if DUPLICATE_OF in record:
            own[DUPLICATE_OF] = record[DUPLICATE_OF]
        about = {k: record.get(k) for k in ("path", "title", "byline", "published", "publisher", "url")}
        return cls(
            Article(str(record["id"]), record["text"], fields=own, **cast(Any, about)),
            tuple(Attribution.from_dict(quote) for quote in record["quotes"]),
            tuple(Source.from_dict(speaker) for speaker in record["speakers"]),
            tuple(CharSpan(*span) for span in record["not_speech"]),
            tuple(record["warnings"]),
        )

    def to_dict(self) -> dict[str, Any]:
        """The article record, ready for JSON."""
        article = self.article
        return {
            "id": article.id,
            "path": article.path,
            "title": article.title,
            "byline": article.byline,
            "published": article.published,
            "publisher": article.publisher,
            "url": article.url,
            "text": article.text,
            "quotes": [q.to_dict() for q in self.quotes],
            "speakers": [s.to_dict() for s in self.speakers],
            "not_speech": [s.to_list() for s in self.not_speech],
            "warnings": list(article.warnings + self.warnings),
            **({DUPLICATE_OF: article.fields[DUPLICATE_OF]} if DUPLICATE_OF in article.fields else {}),
            **({"fields": own} if (own := {k: v for k, v in article.fields.items() if k != DUPLICATE_OF}) else {}),
        }
