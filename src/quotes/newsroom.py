"""What newsrooms send each other: ninjs (JSON) and NITF (XML) -> plain records, under the names that `readers` knows.

Both are standards of the IPTC: https://iptc.org/std/ninjs, https://iptc.org/std/NITF.
"""

import re
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree

from quotes.errors import ArticleError

Record = dict[str, Any]

_NITF = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:nitf\b|[?!].{0,4000}?<(?:nitf\b|!DOCTYPE\s+nitf\b))", re.DOTALL)
_BODIES = ("body_text", "body_xhtml", "body_html")
_BLOCKS = frozenset("p div h1 h2 h3 h4 h5 h6 li blockquote tr td section article ul ol table pre hl1 hl2".split())
_UNSEEN = frozenset("script style head title".split())


# --- ninjs


def ninjs_record(record: Mapping[str, Any]) -> Record | None:
    """A ninjs object (version 1, 2 or 3) with its text as `text`; None for any other object."""
    text = _ninjs_text(record)
    if text is None or not ("uri" in record and ("versioncreated" in record or "versionCreated" in record)):
        return None
    used = {*_BODIES, "bodies", "headlines", "headline", "uri", "versioncreated", "versionCreated", "byline", "by"}
    headline = record.get("headline") or _value(record.get("headlines"))
    return {
        "id": record["uri"],
        "text": text,
        "title": headline,
        "byline": record.get("byline") or record.get("by"),
        "published": record.get("versioncreated") or record.get("versionCreated"),
        **{k: v for k, v in record.items() if k not in used},
    }


def _ninjs_text(record: Mapping[str, Any]) -> str | None:
    bodies = record.get("bodies")
    if isinstance(bodies, list):  # version 2 on: one object for each form of the text
        parts = [b for b in bodies if isinstance(b, Mapping) and isinstance(b.get("value"), str)]
        plain = next((b["value"] for b in parts if "html" not in str(b.get("contenttype", b.get("contentType", "")))), None)
        return plain or next((text_of_html(b["value"]) for b in parts), None)
    for name in _BODIES:
        if isinstance(record.get(name), str):
            return record[name] if name == "body_text" else text_of_html(record[name])
    return None


def _value(headlines: Any) -> str | None:
    found = headlines if isinstance(headlines, list) else []
    return next((h["value"] for h in found if isinstance(h, Mapping) and isinstance(h.get("value"), str)), None)


# --- NITF


def looks_nitf(data: bytes) -> bool:
    """Whether bytes begin as a NITF document does."""
    return _NITF.match(data[:8192]) is not None


def nitf_record(data: bytes, where: str) -> Record:
    """The article of a NITF document.

    Raises:
        ArticleError: It is no well-formed XML.
    """
    try:
        root = ElementTree.fromstring(data)
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise ArticleError(where, f"not well-formed XML: {error}") from error
    content = root.find(".//body.content")
    paragraphs = _paragraphs(content) if content is not None else iter(())
    identifier, issued = root.find(".//doc-id"), root.find(".//date.issue")
    return {
        "id": identifier.get("id-string") if identifier is not None else None,
        "text": "\n\n".join(paragraphs),
        "title": _first(root, ".//hedline/hl1", ".//head/title"),
        "byline": _first(root, ".//byline"),
        "published": issued.get("norm") if issued is not None else None,
        "publisher": _first(root, ".//distributor"),
    }


def _paragraphs(element: ElementTree.Element) -> Iterator[str]:
    for child in element:
        if child.tag in ("p", "hl2", "li", "pre"):
            text = _plain(child)
            if text:
                yield text
        elif child.tag not in ("media", "table"):
            yield from _paragraphs(child)


def _first(root: ElementTree.Element, *paths: str) -> str | None:
    return next((text for path in paths if (e := root.find(path)) is not None and (text := _plain(e))), None)


def _plain(element: ElementTree.Element) -> str:
    return " ".join("".join(element.itertext()).split())


# --- HTML in a field


class _Text(HTMLParser):
    """The text of a fragment, its blocks parted by blank lines."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._unseen += tag in _UNSEEN
        self._edge(tag)
        if tag == "br":
            self.parts.append("\n")
        elif tag == "q":
            self.parts.append("“")

    def handle_endtag(self, tag: str) -> None:
        self._unseen -= tag in _UNSEEN and self._unseen > 0
        self._edge(tag)
        if tag == "q":
            self.parts.append("”")

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.parts.append(re.sub(r"\s+", " ", data))

    def _edge(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.parts.append("\n\n")


def text_of_html(fragment: str) -> str:
    """What a reader sees of a fragment of HTML that is all article, as ninjs has it; pages go through `web_pages`."""
    parser = _Text()
    parser.feed(fragment)
    parser.close()
    lines = [" ".join(line.split()) for line in "".join(parser.parts).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
