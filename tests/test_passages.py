"""Short articles of our own, one file for each way in which news tells who speaks (format: `tests/passages/README.md`)."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

import quotes
from quotes.pipeline import Analyzer
from quotes.records import ArticleResult, Attribution, Source

PASSAGES = Path(__file__).with_name("passages")


@dataclass
class Expected:
    """What is expected of one quotation; `label` is "not speech", "unknown", "nothing" or a speaker's name or description."""

    words: str
    label: str
    kind: str | None = None
    also: list[str] = field(default_factory=list)
    denied: bool = False
    within: str | None = None


@dataclass
class Passage:
    """A text with its expectations; `xfail`: why it fails at present."""

    name: str
    text: str
    expected: list[Expected]
    xfail: str | None


def _expected(line: str) -> Expected:
    words, _, rest = line.partition(" => ")
    label, *flags = rest.split("; ")
    found = re.fullmatch(r"(.+) \((\w+)\)", label)
    out = Expected(words, found[1], found[2]) if found else Expected(words, label)
    for flag in flags:
        if flag == "denied":
            out.denied = True
        elif flag.startswith("also "):
            out.also.append(flag[5:])
        else:
            out.within = flag.removeprefix("within ")
    return out


def passages() -> Iterator[Passage]:
    for path in sorted(PASSAGES.glob("*.txt")):
        for number, block in enumerate(path.read_text(encoding="utf8").split("=== ")[1:], 1):
            _, _, rest = block.partition("\n")
            text, _, tail = rest.partition("\n---\n")
            lines = [line for line in tail.splitlines() if line]
            xfail = [line.removeprefix("xfail: ") for line in lines if line.startswith("xfail: ")]
            expected = [_expected(line) for line in lines if not line.startswith("xfail: ")]
            yield Passage(f"{path.stem}-{number}", text.strip("\n"), expected, xfail[0] if xfail else None)


def parameters() -> list:
    return [
        pytest.param(p, id=p.name, marks=[pytest.mark.xfail(strict=True, reason=p.xfail)] if p.xfail else [])
        for p in passages()
    ]


@pytest.fixture(scope="module")
def analyzer() -> Analyzer:
    return quotes.load(threads=1)


def _folded(form: str) -> str:
    low = re.sub(r"[’']s?$", "", re.sub(r"[“”\"«»]", "", form.casefold().replace("’", "'"))).strip(" ,.")
    return re.sub(r"^(?:the|a|an) ", "", low)


def _is(source: Source | None, expected: Expected) -> bool:
    """Whether a source is the expected one: by one of its forms, or, unnamed, by most of its words."""
    if source is None or source.kind != expected.kind:
        return False
    found = {_folded(f) for f in (source.name, source.description, *source.aliases) if f}
    wanted = {_folded(f) for f in (expected.label, *expected.also)}
    if found & wanted:
        return True
    if source.named:
        return False
    return any(_alike(a, b) >= 0.7 for a in found for b in wanted)


def _alike(a: str, b: str) -> float:
    x, y = Counter(a.split()), Counter(b.split())
    return 2 * sum((x & y).values()) / max(1, sum(x.values()) + sum(y.values()))


def _quote_at(result: ArticleResult, at: int) -> Attribution | None:
    """The innermost quotation whose marks open right before a place in the text, or that holds it."""
    opening = [q for q in result.quotes if any(at - 2 <= span.start <= at for span in q.quoted)]
    holding = [q for q in result.quotes if any(span.start <= at < span.end for span in (*q.quoted, *q.spans))]
    return min(opening or holding, key=lambda q: sum(s.end - s.start for s in q.spans), default=None)


def wrong(result: ArticleResult, text: str, expected: Expected) -> str | None:
    """What is wrong with one quotation, or None."""
    at = text.index(expected.words)
    quote = _quote_at(result, at)
    in_marks = quote is not None and any(span.start <= at < span.end for span in quote.quoted)
    if expected.label in ("not speech", "nothing"):
        return f"{expected.words!r} is taken for speech" if in_marks else None
    if quote is None:
        return f"{expected.words!r} is not found"
    source = result.speaker_of(quote)
    if expected.label == "unknown":
        return f"{expected.words!r} is given to {source.label!r}" if source else None
    if not _is(source, expected):
        found = f"{source.label} ({source.kind})" if source else "nobody"
        rule = quote.evidence.rule if quote.evidence else ""
        return f"{expected.words!r}: {found} instead of {expected.label} ({expected.kind}); {rule}"
    if quote.denied != expected.denied:
        return f"{expected.words!r}: denied is {quote.denied}"
    if expected.within is not None:
        outer = next((q for q in result.quotes if q.id == quote.within), None)
        if outer is None or text.index(expected.within) not in range(outer.spans[0].start, outer.spans[-1].end):
            return f"{expected.words!r} is not told to be within {expected.within!r}"
    return None


@pytest.mark.parametrize("passage", parameters())
def test_every_quotation_has_its_speaker(passage, analyzer):
    result = analyzer(passage.text)
    assert [w for e in passage.expected if (w := wrong(result, passage.text, e))] == []


def test_every_passage_is_well_formed():
    found = list(passages())
    assert len({p.name for p in found}) == len(found) >= 240
    for passage in found:
        assert passage.expected, passage.name
        for expected in passage.expected:
            assert passage.text.count(expected.words) == 1, (passage.name, expected.words)
