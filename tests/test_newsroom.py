"""ninjs and NITF, as newsrooms send them."""

import json

import pytest

from quotes.articles import read_articles
from quotes.errors import ArticleError
from quotes.newsroom import text_of_html

NINJS = {
    "uri": "urn:velsen:7",
    "type": "text",
    "versioncreated": "2024-03-01T10:00:00Z",
    "headline": "Pier closed",
    "byline": "Dele Lim",
    "body_xhtml": "<div><p>“No,” said <b>Maria</b> Okonjo.</p><p>She left.<br/>Then it rained.</p><script>x()</script></div>",
    "subject": [{"name": "harbours"}],
}
NITF = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE nitf SYSTEM "nitf-3-6.dtd">
<nitf><head><title>Pier</title><docdata><doc-id id-string="velsen-7"/><date.issue norm="20240301T100000Z"/></docdata></head>
<body><body.head><hedline><hl1>Pier closed</hl1></hedline><byline>By Dele Lim</byline></body.head>
<body.content><block><p>“No,” said <person>Maria Okonjo</person>.</p><media><p>A photo.</p></media><p>She left.</p></block>
</body.content></body></nitf>"""


def test_ninjs_is_an_article(tmp_path):
    (tmp_path / "a.json").write_text(json.dumps(NINJS), encoding="utf8")
    (article,) = read_articles([str(tmp_path / "a.json")])
    assert article.text == "“No,” said Maria Okonjo.\n\nShe left.\nThen it rained."
    assert (article.id, article.title, article.byline) == ("urn:velsen:7", "Pier closed", "Dele Lim")
    assert (article.published, article.fields["subject"]) == ("2024-03-01T10:00:00Z", [{"name": "harbours"}])


@pytest.mark.parametrize("kind", ["contenttype", "contentType"])
def test_later_ninjs_has_several_bodies(tmp_path, kind):
    bodies = [{kind: "text/html", "value": "<p>Marked.</p>"}, {kind: "text/plain", "value": "Plain."}]
    later = {"uri": "u", "versioncreated": "2024", "bodies": bodies, "headlines": [{"role": "main", "value": "Title"}]}
    lines = [later, {**later, "bodies": bodies[:1]}]
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, lines)))
    found = [(a.text, a.title) for a in read_articles([str(tmp_path / "a.jsonl")])]
    assert found == [("Plain.", "Title"), ("Marked.", "Title")]


def test_nitf_is_an_article(tmp_path):
    (tmp_path / "a.xml").write_text(NITF, encoding="utf8")
    (article,) = read_articles([str(tmp_path)])
    assert article.text == "“No,” said Maria Okonjo.\n\nShe left."
    assert (article.id, article.title, article.byline, article.published) == (
        "velsen-7",
        "Pier closed",
        "By Dele Lim",
        "20240301T100000Z",
    )


@pytest.mark.parametrize(
    "text",
    [
        NITF[:-20],
        "<?xml version='1.0'?><rss><p>x</p></rss>",
        '<!DOCTYPE nitf [<!ENTITY a "aaaaaaaaaa">' + "".join(
            f'<!ENTITY {chr(98 + i)} "{("&" + chr(97 + i) + ";") * 10}">' for i in range(12)
        ) + "]><nitf><body><body.content><p>&m;</p></body.content></body></nitf>",
    ],
)  # fmt: skip
def test_broken_and_exploding_xml_are_errors(tmp_path, text):
    (tmp_path / "a.xml").write_text(text, encoding="utf8")
    (error,) = read_articles([str(tmp_path / "a.xml")])
    assert isinstance(error, ArticleError)


def test_html_of_a_field_is_what_a_reader_sees():
    assert text_of_html("<p>a&amp;b <q>c</q></p>\n<ul><li>d</li><li>e</li></ul><style>f</style>") == "a&b “c”\n\nd\n\ne"
