"""How the speaker of each quotation was found, as a chain that a reader can follow in the text."""

from collections.abc import Iterator

from quotes.records import ArticleResult, Attribution, Source, TextSpan

_LABEL_WIDTH = 11
_EXCERPT = 70


def explain(result: ArticleResult, quote: Attribution) -> Iterator[str]:
    """Lines about one quotation: the words, what reports them, whom the mention means and why, how sure.

    Places are character offsets of the article's text, as `text[start:end]`.
    """
    speaker = result.speaker_of(quote)
    yield f"{quote.id}  ¶{quote.paragraph}  {quote.kind}  {_excerpt(quote.text)}"
    evidence = quote.evidence
    if evidence is not None and evidence.speech is not None:
        yield _line("speech", f"the words in marks are speech, not a title or scare quote: {evidence.speech:.2f}")
    if quote.within:
        yield _line("within", f"the words of {quote.within}")
    yield _line("cue", _place(quote.cue) if quote.cue else "none")
    if quote.denied:
        yield _line("", "told as not said, or merely supposed: not counted as said")
    yield _line("mention", _place(quote.mention) if quote.mention else "none beside the quotation")
    if evidence is not None:
        yield _line("found by", _found_by(quote, evidence.rule, evidence.score))
        if evidence.via is not None:
            yield _line("", f"which means {_place(evidence.via)}")
        if evidence.name is not None and evidence.name != evidence.via:
            yield _line("", f"who is named in full at {_place(evidence.name)}")
        for label, probability in evidence.rivals:
            yield _line("", f"rather than {label}: {probability:.2f}")
    yield _line("speaker", _speaker(speaker) if speaker else "the article does not tell")
    if quote.repeats:
        yield _line("repeats", quote.repeats)
    yield _line("confidence", f"{quote.confidence:.2f}")


def _found_by(quote: Attribution, rule: str, score: float) -> str:
    rule = rule.replace("the quotation before", quote.continues) if quote.continues else rule
    return f"{rule} ({score:.2f})"


def _line(label: str, text: str) -> str:
    return f"    {label:<{_LABEL_WIDTH}}{text}"


def _place(span: TextSpan) -> str:
    return f"{_excerpt(span.text)} [{span.start}:{span.end}]"


def _excerpt(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _EXCERPT else text[: _EXCERPT - 1].rstrip() + "…"


def _speaker(source: Source) -> str:
    parts = [source.label, source.kind]
    if source.name and source.description:
        parts.append(source.description)
    also = f"; also {', '.join(source.aliases)}" if source.aliases else ""
    return ", ".join(parts) + also
