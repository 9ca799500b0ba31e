"""HTML page -> the article's text and metadata, by trafilatura (extra `html`), or by resiliparse (extra `archive`).

trafilatura finds the article's text with more care; resiliparse is some ten times as fast, for the pages of a web archive. The
text is what the page shows a reader: paragraphs, headings and list items, parted by blank lines, every quotation mark kept.
Navigation, comments and tables of links are left out.
"""

import re
from collections.abc import Iterator
from typing import Any, Literal, NamedTuple

from quotes.errors import ArticleError, MissingExtraError

Extractor = Literal["trafilatura", "resiliparse"]

_BLOCKS = frozenset({"p", "head", "item", "quote", "row", "list", "table", "div", "body", "code", "main"})
_LOOKS_HTML = re.compile(r"\s*(?:<\?xml[^>]*\?>\s*|<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S)
_OPEN_Q = re.compile(r"<q(?:\s[^>]*)?>", re.IGNORECASE)
_CLOSE_Q = re.compile(r"</q\s*>", re.IGNORECASE)
_XML_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*\?>")


class Page(NamedTuple):
    """What a page holds; None where it does not say."""

    text: str
    title: str | None
    byline: str | None
    published: str | None
    publisher: str | None
    url: str | None
    warning: str | None


def looks_html(text: str) -> bool:
    """Whether text of unknown kind begins as an HTML page does."""
    return _LOOKS_HTML.match(text[:4096]) is not None


def read_page(html: str, where: str, extractor: Extractor = "trafilatura") -> Page:
    """The article of a page.

    Raises:
        ArticleError: The package is not installed, or finds no text.
    """
    page = _by_trafilatura(_prepare(html), where) if extractor == "trafilatura" else _by_resiliparse(_prepare(html), where)
    if not page.text:
        raise ArticleError(where, "no text found in the page (is it filled in by scripts?); save the page as text")
    return page


_ALL_OF_IT = "no article found in the page; all of its text is taken, menus included"


def _by_trafilatura(html: str, where: str) -> Page:
    try:
        import trafilatura
    except ImportError as error:
        reason = str(MissingExtraError("trafilatura", "html", "reading HTML"))
        raise ArticleError(where, reason) from error
    try:
        document: Any = trafilatura.bare_extraction(html, with_metadata=True, include_comments=False, deduplicate=False)
        text = _text_of(document.body) if document is not None and document.body is not None else ""
        whole = "" if text else str(trafilatura.html2txt(html) or "").strip()
    except Exception as error:  # lxml and date parsers meet every kind of broken page
        raise ArticleError(where, f"the page cannot be parsed ({type(error).__name__}: {error})") from error

    def known(name: str) -> str | None:
        value = getattr(document, name, None)
        return value.strip() or None if isinstance(value, str) else None

    about = (known("title"), known("author"), known("date"), known("sitename"), known("url"))
    return Page(text or whole, *about, None if text else _ALL_OF_IT)


# Where a page tells of itself, in the order in which it is believed.
_TITLE, _AUTHOR = ("og:title", "twitter:title"), ("author", "article:author", "parsely-author", "byl")
_DATE = ("article:published_time", "datePublished", "parsely-pub-date", "date", "dc.date")
_SITE, _URL = ("og:site_name", "application-name"), ("og:url",)


def _by_resiliparse(html: str, where: str) -> Page:
    try:
        from resiliparse.extract.html2text import extract_plain_text
        from resiliparse.parse.html import HTMLTree
    except ImportError as error:
        reason = str(MissingExtraError("resiliparse", "archive", "--extractor resiliparse"))
        raise ArticleError(where, reason) from error
    options: dict[str, Any] = {"preserve_formatting": True, "list_bullets": False, "alt_texts": False, "comments": False}
    try:
        tree: Any = HTMLTree.parse(html)
        text = str(extract_plain_text(tree, main_content=True, post_meta=False, **options)).strip()
        whole = "" if text else str(extract_plain_text(tree, **options)).strip()
        elements = tree.head.get_elements_by_tag_name("meta") if tree.head else ()
        metas = {(e.getattr("property") or e.getattr("name") or e.getattr("itemprop") or ""): e for e in elements}
        title = (tree.title or "").strip() or None
        link = tree.head.query_selector("link[rel=canonical]") if tree.head else None
        address = (link.getattr("href") if link else None) or None
    except Exception as error:  # the parser's own errors have no common class
        raise ArticleError(where, f"the page cannot be parsed ({type(error).__name__}: {error})") from error

    def known(names: tuple[str, ...]) -> str | None:
        told = (" ".join((metas[name].getattr("content") or "").split()) for name in names if name in metas)
        return next(filter(None, told), None)

    date = known(_DATE)
    date = date[:10] if date and _ISO_DAY.match(date) else date  # as trafilatura gives it
    about = (known(_TITLE) or title, known(_AUTHOR), date, known(_SITE), address or known(_URL))
    return Page(text or whole, *about, None if text else _ALL_OF_IT)


_ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def _prepare(html: str) -> str:
    """Write out the marks that a browser adds to <q>, and complete a bare fragment so that it counts as a page."""
    # lxml refuses a str that declares an encoding; it is decoded already.
    html = _CLOSE_Q.sub("”", _OPEN_Q.sub("“", _XML_DECLARATION.sub("", html)))
    return html if re.search(r"<body\b", html, re.IGNORECASE) else f"<html><body>{html}</body></html>"


def _text_of(body: Any) -> str:
    """The body's paragraphs, parted by blank lines; a single line break within one stays a line break."""
    text = "".join(_pieces(body))
    lines = [" ".join(line.split()) for line in text.split("\n")]
    return re.sub(r"\n{2,}", "\n\n", "\n".join(lines)).strip()


def _pieces(element: Any) -> Iterator[str]:
    # trafilatura turns <blockquote> into <quote>; all of its elements are blocks but hi, ref, del, graphic and lb.
    tag = element.tag if isinstance(element.tag, str) else None
    edge = "\n\n" if tag in _BLOCKS else " " if tag == "cell" else ""
    if tag == "lb":
        yield "\n"
    elif tag is not None:
        yield edge
        yield _one_line(element.text)
        for child in element:
            yield from _pieces(child)
            yield _one_line(child.tail)
        yield edge


def _one_line(text: str | None) -> str:
    # A newline inside an HTML paragraph is a blank; only <br> and new elements break lines.
    return re.sub(r"[ \t\r\n\f]+", " ", text) if text else ""
