"""Read our own marked articles (`training/articles/`, format in its README) and check them.

    python -m training.markup FILE...       checks; prints what is wrong and a closing count
"""

import re
import sys
from dataclasses import dataclass, field
from pathlib import Path

KINDS = ("person", "organization", "document", "anonymous", "group")
_OPEN = re.compile(r"\{(?:(?P<tag>[qSm]) (?P<id>\w+|\?)|(?P<bare>[nc])): ")


class MarkupError(ValueError):
    """A marked article breaks the format; the text says where and how."""


@dataclass
class Span:
    """One mark: `tag` is q, S, m, n or c; `id` a source's id or None; offsets into the plain text, end exclusive."""

    tag: str
    id: str | None
    start: int
    end: int
    depth: int = 0


@dataclass
class MarkedArticle:
    """A marked article: plain text, its sources (dicts as in the gold files), its marks in order of start."""

    id: str
    style: str
    text: str
    sources: list[dict]
    others: list[dict]
    spans: list[Span] = field(default_factory=list)


def parse(raw: str, article_id: str) -> MarkedArticle:
    """Parse one file's content. Raises MarkupError."""
    head, sep, body = raw.partition("\n---\n")
    if not sep:
        raise MarkupError("no line '---' between head and text")
    style, sources, others = "", [], []
    for line in head.splitlines():
        key, _, rest = line.strip().partition(" ")
        if not key:
            continue
        if key == "style:":
            style = rest.strip()
        elif key in ("source", "other"):
            (sources if key == "source" else others).append(_entity(key, rest))
        elif key not in ("id:",):
            raise MarkupError(f"head line not understood: {line!r}")
    text, spans = _strip_marks(body.strip("\n") + "\n")
    return MarkedArticle(article_id, style, text, sources, others, spans)


def _entity(key: str, rest: str) -> dict:
    fields = [f.strip() for f in rest.split("|")]
    try:
        eid, kind = fields[0].split()
    except ValueError:
        raise MarkupError(f"{key} line wants 'ID KIND | ...': {rest!r}") from None
    fields += ["-"] * (4 - len(fields))
    return {
        "id": eid,
        "kind": kind,
        "name": None if fields[1] in ("-", "") else fields[1],
        "description": None if fields[2] in ("-", "") else fields[2],
        "aliases": [a.strip() for a in fields[3].split(" ; ") if a.strip() not in ("-", "")],
    }


def _strip_marks(body: str) -> tuple[str, list[Span]]:
    out: list[str] = []
    length = pos = 0
    stack: list[Span] = []
    spans: list[Span] = []
    while pos < len(body):
        match = _OPEN.match(body, pos)
        if match:
            span = Span(match["tag"] or match["bare"], match["id"], length, -1, len(stack))
            stack.append(span)
            spans.append(span)
            pos = match.end()
        elif body[pos] == "}" and stack:
            stack.pop().end = length
            pos += 1
        elif body[pos] in "{}":
            raise MarkupError(f"stray brace near {body[max(0, pos - 30):pos + 30]!r}")
        else:
            out.append(body[pos])
            length += 1
            pos += 1
    if stack:
        raise MarkupError(f"mark not closed: {''.join(out)[stack[-1].start:][:60]!r}")
    return "".join(out), spans


def _fold(text: str) -> str:
    return " ".join(text.split()).casefold()


def problems(article: MarkedArticle) -> list[str]:
    """What is wrong with an article that parses: unknown ids, words that are not in the text, empty marks."""
    found: list[str] = []
    folded = _fold(article.text)
    known = {s["id"] for s in article.sources} | {o["id"] for o in article.others}
    speakers = {s["id"] for s in article.sources}
    for source in article.sources + article.others:
        who = f"{source['id']}"
        if source["kind"] not in KINDS:
            found.append(f"{who}: kind {source['kind']!r}")
        if source["kind"] == "person" and not source["name"]:
            found.append(f"{who}: a person without a name")
        if source["kind"] in ("anonymous", "group") and source["name"]:
            found.append(f"{who}: {source['kind']} with a name")
        if not (source["name"] or source["description"]):
            found.append(f"{who}: neither name nor description")
        for form in (source["name"], source["description"], *source["aliases"]):
            if form and _fold(form) not in folded:
                found.append(f"{who}: {form!r} is not in the text")
    used = {s.id for s in article.spans if s.tag == "q"}
    found += [f"{i}: says nothing" for i in sorted(speakers - used)]
    for span in article.spans:
        words = article.text[span.start:span.end]
        if not words.strip() or words != words.strip():
            found.append(f"mark {span.tag} {span.id}: empty, or blanks at its edge: {words[:50]!r}")
        if span.id not in (None, "?") and span.id not in (speakers if span.tag in "qS" else known):
            found.append(f"mark {span.tag} {span.id}: unknown id, or an 'other' that speaks: {words[:50]!r}")
    return found


def read(path: Path) -> MarkedArticle:
    """Read one marked file. Raises MarkupError or OSError."""
    return parse(path.read_text(encoding="utf8"), path.stem)


def main(paths: list[str]) -> int:
    bad = 0
    for name in paths:
        try:
            found = problems(read(Path(name)))
        except (MarkupError, OSError) as exc:
            found = [str(exc)]
        for what in found:
            print(f"{name}: {what}")
        bad += bool(found)
    print(f"{len(paths)} articles, {bad} with problems")
    return 1 if bad or not paths else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
