"""The article record's contract, checked: a helper for tests, not a test module."""

from itertools import pairwise

QUOTE_KINDS = ("direct", "mixed", "indirect")
SPEAKER_KINDS = ("person", "organization", "document", "anonymous", "group")
_TEXT = (str,)
_MAYBE = (str, type(None))
_RECORD = {
    "id": _TEXT, "path": _MAYBE, "title": _MAYBE, "byline": _MAYBE, "published": _MAYBE, "publisher": _MAYBE,
    "url": _MAYBE, "text": _TEXT, "quotes": (list,), "speakers": (list,), "not_speech": (list,), "warnings": (list,),
}  # fmt: skip
_QUOTE = {
    "id": _TEXT, "kind": _TEXT, "spans": (list,), "quoted": (list,), "text": _TEXT, "cue": (dict, type(None)),
    "mention": (dict, type(None)), "speaker": _MAYBE, "continues": _MAYBE, "repeats": _MAYBE, "within": _MAYBE,
    "confidence": (int, float),
}  # fmt: skip
_SPEAKER = {"id": _TEXT, "kind": _TEXT, "name": _MAYBE, "description": _MAYBE, "aliases": (list,)}


def breaches(record: dict) -> list[str]:
    """What is wrong with an article record; empty where it keeps the contract."""
    found = _wrong_types("record", record, _RECORD)
    if found:
        return found
    found += [x for i, s in enumerate(record["speakers"]) for x in _wrong_types(f"speaker {i}", s, _SPEAKER)]
    found += [x for i, q in enumerate(record["quotes"]) for x in _wrong_types(f"quote {i}", q, _QUOTE)]
    if found:
        return found
    for key in ("quotes", "speakers"):
        ids = [x["id"] for x in record[key]]
        if len(set(ids)) < len(ids):
            found.append(f"{key}: ids are not unique")
    found += [x for speaker in record["speakers"] for x in _speaker_breaches(record, speaker)]
    found += [x for quote in record["quotes"] for x in _quote_breaches(record, quote)]
    found += _order_breaches(record)
    found += [f"not_speech {s}: no span of the text" for s in record["not_speech"] if not _is_span(s, record["text"])]
    found += [f"warning {w!r}: not a string" for w in record["warnings"] if not isinstance(w, str)]
    return found


def _wrong_types(who: str, given: dict, expected: dict) -> list[str]:
    missing = [f"{who}: no key {key!r}" for key in expected if key not in given]
    return missing + [
        f"{who}: {key!r} is a {type(given[key]).__name__}"
        for key, types in expected.items()
        if key in given and (not isinstance(given[key], types) or isinstance(given[key], bool))
    ]


def _is_span(span: object, text: str) -> bool:
    if not (isinstance(span, list) and len(span) == 2 and all(type(x) is int for x in span)):
        return False
    return 0 <= span[0] < span[1] <= len(text)


def _fold(text: str) -> str:
    return " ".join(text.split()).casefold()


def _speaker_breaches(record: dict, speaker: dict) -> list[str]:
    found, kind, name = [], speaker["kind"], speaker["name"]
    if kind not in SPEAKER_KINDS:
        found.append(f"kind {kind!r}")
    if kind == "person" and not name:
        found.append("a person without a name")
    if kind in ("anonymous", "group") and name:
        found.append(f"{kind} with a name")
    if not name and not speaker["description"]:
        found.append("neither name nor description")
    if all(quote["speaker"] != speaker["id"] for quote in record["quotes"]):
        found.append("no quote points to it")
    text = _fold(record["text"])
    forms = (name, speaker["description"], *speaker["aliases"])
    found += [f"{form!r} is not in the text" for form in forms if form and _fold(form) not in text]
    return [f"speaker {speaker['id']}: {what}" for what in found]


def _quote_breaches(record: dict, quote: dict) -> list[str]:
    text, spans, quoted, found = record["text"], quote["spans"], quote["quoted"], []
    if not spans or not all(_is_span(s, text) for s in spans + quoted):
        return [f"quote {quote['id']}: no spans, or one that is no span of the text"]
    if quote["text"] != " ".join(text[a:b] for a, b in spans):
        found.append("its text is not its spans'")
    if any(first[1] > second[0] for first, second in pairwise(spans)):
        found.append("spans overlap or are out of order")
    if any(not any(a <= s and e <= b for a, b in spans) for s, e in quoted):
        found.append("a quoted part lies outside the content")
    if quote["kind"] not in QUOTE_KINDS or (quote["kind"] == "indirect") != (not quoted):
        found.append(f"kind {quote['kind']!r} with {len(quoted)} quoted parts")
    for key in ("cue", "mention"):
        words = quote[key]
        if words is not None and not (
            _is_span([words.get("start"), words.get("end")], text)
            and text[words["start"] : words["end"]] == words.get("text")
        ):
            found.append(f"{key} is not its slice")
    if quote["speaker"] is not None and all(s["id"] != quote["speaker"] for s in record["speakers"]):
        found.append(f"unknown speaker {quote['speaker']!r}")
    others = {q["id"] for q in record["quotes"]} - {quote["id"]}
    found += [
        f"{key} {quote[key]!r}"
        for key in ("continues", "repeats", "within")
        if quote[key] is not None and quote[key] not in others
    ]
    if not 0 <= quote["confidence"] <= 1:
        found.append(f"confidence {quote['confidence']}")
    return [f"quote {quote['id']}: {what}" for what in found]


def _order_breaches(record: dict) -> list[str]:
    found = []
    starts = [quote["spans"][0][0] for quote in record["quotes"] if quote["spans"] and len(quote["spans"][0]) == 2]
    if starts != sorted(starts):
        found.append("quotes are not in order of their first span")
    first_quotes = list(dict.fromkeys(quote["speaker"] for quote in record["quotes"] if quote["speaker"] is not None))
    if [speaker["id"] for speaker in record["speakers"] if speaker["id"] in first_quotes] != first_quotes:
        found.append("speakers are not in order of their first quote")
    return found
