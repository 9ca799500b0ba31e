"""Pages: the text unchanged, everything marked, nothing of an article run; and the way back from a record."""

import base64
import json
import re
import sys
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

import fake_pipeline
from quotes.cli import app
from quotes.normalize import find_paragraphs
from quotes.page import article_page, index_page, index_row
from quotes.records import Article, ArticleResult, Attribution, CharSpan, Source, TextSpan

SAMPLES = sorted((Path(__file__).parent / "samples").glob("*.json"))
HOSTILE = (
    "<script>document.title='gone'</script> </script><img src=x onerror=\"document.title='gone'\"> "
    "{{ 7 * 7 }} {% raw %} “javascript:alert(1)” said Maria Okonjo. \"' onmouseover='x' \" said a diver.\n\n&amp; “é\ud800”"
)


class Reader(HTMLParser):
    """The text of the article's paragraphs, all elements, and the text of each script."""

    def __init__(self):
        super().__init__()
        self.stack, self.paragraphs, self.tags, self.scripts, self.ids = [], [], [], [], []

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        self.tags.append((tag, found))
        if "id" in found:
            self.ids.append(found["id"])
        if tag not in ("meta", "input", "br"):
            self.stack.append((tag, found))
        if tag == "p" and any(t == "main" for t, _ in self.stack):
            self.paragraphs.append("")

    def handle_endtag(self, tag):
        while self.stack and self.stack.pop()[0] != tag:
            pass

    def handle_data(self, data):
        tags = [t for t, _ in self.stack]
        if "script" in tags:
            self.scripts.append(data)
        elif "main" in tags and "p" in tags and "sup" not in tags:
            self.paragraphs[-1] += data


def read(page):
    reader = Reader()
    reader.feed(page)
    return reader


def result_of(text):
    return fake_pipeline.analyse(Article("a", text, title=text[:40]))


def paragraphs_of(text):
    return [text[p.start : p.end] for p in find_paragraphs(text)]


@pytest.mark.parametrize("path", SAMPLES, ids=[p.stem for p in SAMPLES])
def test_page_of_a_sample_has_its_text_and_every_quotation(path):
    record = json.loads(path.read_text(encoding="utf8"))
    result = ArticleResult.from_dict(record)
    found = read(article_page(result, generator="quotes"))
    assert found.paragraphs == paragraphs_of(record["text"])
    assert len(found.ids) == len(set(found.ids))
    quoted = [q["id"] for q in record["quotes"]]
    assert set(quoted) | {f"row-{q}" for q in quoted} <= set(found.ids)
    links = {a.get("href", "").removeprefix("#") for t, a in found.tags if t == "a"}
    assert links <= set(found.ids)
    for quote in record["quotes"]:  # the words that carry a quotation's id are the quotation
        held = [a for _, a in found.tags if quote["id"] in a.get("data-q", "").split()]
        assert held and all("q" in a["class"].split() for a in held)


@pytest.mark.parametrize("path", SAMPLES, ids=[p.stem for p in SAMPLES])
def test_record_and_back_is_the_same(path):
    record = json.loads(path.read_text(encoding="utf8"))
    result = ArticleResult.from_dict(record)
    again = json.loads(json.dumps(result.to_dict()))
    assert ArticleResult.from_dict(again) == result
    for key in ("id", "path", "title", "text", "speakers", "not_speech", "warnings"):
        assert again[key] == record[key]
    for ours, theirs in zip(again["quotes"], record["quotes"], strict=True):
        assert {k: ours[k] for k in theirs} == theirs


@given(st.text("ab “”\"'<>&{}%\n", max_size=80))
def test_any_text_stands_unchanged_and_runs_nothing(text):
    result = result_of(text)
    found = read(article_page(result, generator="quotes"))
    shown = [p.replace("\r", "") for p in found.paragraphs]
    assert shown == paragraphs_of(text)
    assert len(found.scripts) == 1 and sum(t == "script" for t, _ in found.tags) == 1
    assert ArticleResult.from_dict(result.to_dict()) == result


def test_hostile_article_is_text():
    result = result_of(HOSTILE.replace("\ud800", ""))
    page = article_page(result, generator="quotes")
    found = read(page)
    assert not [t for t, a in found.tags if t in ("img", "iframe", "object", "embed", "base", "form")]
    assert not [a for _, a in found.tags if any(name.startswith("on") or name == "style" for name in a)]
    assert {a["href"][0] for t, a in found.tags if t == "a"} == {"#"}
    assert "49" not in "".join(found.paragraphs) and "{{ 7 * 7 }}" in found.paragraphs[0]


def test_policy_allows_the_pages_own_script_and_style_alone():
    index = index_page([], title="t", totals="", generator="quotes")
    for page in (article_page(result_of("“No,” said Lim."), generator="quotes"), index):
        policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)[1].replace("&#39;", "'")
        for tag in ("script", "style"):
            (code,) = re.findall(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
            assert f"{tag}-src 'sha256-{base64.b64encode(sha256(code.encode()).digest()).decode()}'" in policy
        assert policy.startswith("default-src 'none'; base-uri 'none'; form-action 'none'")


def test_nested_and_split_quotations_are_marked_to_their_ends():
    text = "“He said, ‘Go home,’ twice,” Okonjo said, “and left.”"
    spans = (CharSpan(0, 28), CharSpan(43, 53))
    inner = CharSpan(10, 20)
    source = Source("s1", "person", "Okonjo", None)
    mention = TextSpan("Okonjo", 29, 35)
    outer = Attribution("q1", "direct", spans, spans, f"{text[:28]} {text[43:53]}", None, mention, "s1", 1)
    nested = Attribution("q2", "direct", (inner,), (inner,), text[10:20], None, None, None, 1, within="q1")
    found = read(article_page(ArticleResult(Article("a", text), (outer, nested), (source,)), generator="quotes"))
    assert found.paragraphs == [text]
    assert [(a["data-q"], a.get("id")) for _, a in found.tags if "data-q" in a] == [
        ("q1", "q1"), ("q1 q2", "q2"), ("q1", None), ("q1", None),
    ]  # fmt: skip
    assert [a["class"] for _, a in found.tags if "data-of" in a] == ["mention"]


def test_index_of_a_thousand_articles_is_small():
    result = result_of("“We told them in March,” said Maria Okonjo. “No,” said a diver. " * 20)
    rows = [index_row(result, f"articles/{k:06}.html") for k in range(1000)]
    page = index_page(rows, title="Quotations", totals="", generator="quotes")
    assert page.count("<tr>") == 1001 and len(page.encode()) < 1_000_000


# --- the command


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "quotes.pipeline", fake_pipeline)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.txt").write_text("“We told them in March,” said Maria Okonjo.", encoding="utf-8")
    (tmp_path / "b.txt").write_text("“No,” said a diver.", encoding="utf-8")
    return tmp_path


def run(*args):
    return CliRunner().invoke(app, [*map(str, args)], prog_name="quotes")


def test_one_article_as_a_file_and_many_as_a_folder(folder):
    assert run("report", "a.txt", "-o", "a.html").exit_code == 0
    assert "We told them in March" in (folder / "a.html").read_text(encoding="utf-8")
    assert run("report", "a.txt", "b.txt", "-o", "all/").exit_code == 0
    assert sorted(p.name for p in (folder / "all" / "articles").iterdir()) == ["000001.html", "000002.html"]
    index = (folder / "all" / "index.html").read_text(encoding="utf-8")
    assert 'href="articles/000002.html"' in index and "2 articles: 2 quotations" in index
    assert 'href="../index.html"' in (folder / "all" / "articles" / "000001.html").read_text(encoding="utf-8")
    again = run("report", "a.txt", "-o", "all/")
    assert again.exit_code == 4 and "holds a report already" in again.output
    assert run("report", "a.txt", "-o", "all/", "--force").exit_code == 0
    assert [p.name for p in (folder / "all" / "articles").iterdir()] == ["000001.html"]


@pytest.mark.parametrize("output", ["r.jsonl", "r.json", "parts/"])
def test_same_page_from_records_as_from_the_article(folder, output):
    assert run("report", "a.txt", "-o", "a.html").exit_code == 0
    assert run("a.txt", "-o", output, *(["-f", "jsonl"] if output == "parts/" else [])).exit_code == 0
    assert run("report", output, "-o", "r.html").exit_code == 0
    assert (folder / "r.html").read_text(encoding="utf-8") == (folder / "a.html").read_text(encoding="utf-8")


def test_what_cannot_be_a_page_is_told(folder):
    assert run("report", "a.txt", "b.txt", "-o", "x.html").exit_code == 4
    assert not (folder / "x.html").exists()
    assert run("a.txt", "-o", "r.csv").exit_code == 0
    tables = run("report", "r.csv", "-o", "x.html")
    assert tables.exit_code == 4 and "has no whole records" in tables.output
    (folder / "bad.jsonl").write_text('{"id": "a", "path": null, "text": "x", "quotes": [], "speakers": [1]}\n')
    broken = run("report", "bad.jsonl", "-o", "x.html")
    assert broken.exit_code == 4 and "line 1 is no article record" in broken.output
    (folder / "other").mkdir()
    (folder / "other" / "mine.txt").write_text("x")
    assert run("report", "a.txt", "-o", "other/").exit_code == 4
    assert run("report", "a.txt", "missing.txt", "-o", "some/").exit_code == 3


# --- in a browser


@pytest.fixture(scope="module")
def browser():
    sync_api = pytest.importorskip("playwright.sync_api")
    if not Path("/usr/bin/chromium").exists():
        pytest.skip("no /usr/bin/chromium")
    options = ["--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking"]
    with sync_api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=options)
        yield chromium
        chromium.close()


@pytest.fixture
def opened(browser, tmp_path):
    """Opens a page and watches it: nothing may be asked for but the page, nothing may fail."""
    watched = []

    def open_page(html, **options):
        file = tmp_path / f"{len(watched)}.html"
        file.write_text(html, encoding="utf-8")
        page = browser.new_page(**options)
        asked, failed = [], []
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: failed.append(str(error)))
        page.on("dialog", lambda dialog: failed.append(dialog.message))
        page.goto(file.as_uri())
        watched.append((page, file.as_uri(), asked, failed))
        return page

    yield open_page
    for page, address, asked, failed in watched:
        page.close()
        assert ({url.split("#")[0] for url in asked}, failed) == ({address}, [])


def sample(name):
    return ArticleResult.from_dict(json.loads((SAMPLES[0].parent / f"{name}.json").read_text(encoding="utf8")))


@pytest.mark.browser
def test_tab_goes_from_quotation_to_quotation_and_lights_cue_and_mention(opened):
    result = sample("karsa-corridor")
    page = opened(article_page(result, generator="quotes"))
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    first = result.quotes[0]
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == first.id
    assert page.locator("#detail pre").text_content().startswith(first.id)
    lit = " ".join(page.locator("main .lit").all_text_contents())
    assert first.mention.text.split()[0] in lit and first.text.split()[-1].strip("”") in lit
    assert page.locator(f"#row-{first.id}.lit").count() == 1
    page.keyboard.press("Enter")  # to its row
    assert page.url.endswith(f"#row-{first.id}")


@pytest.mark.browser
def test_filter_and_doubtful_first(opened):
    result = sample("karsa-corridor")
    page = opened(article_page(result, generator="quotes"))
    speaker = result.speakers[0].id
    page.locator(f"[data-filter={speaker}]").uncheck()
    own = sum(q.speaker == speaker for q in result.quotes)
    assert page.locator("tbody tr:visible").count() == len(result.quotes) - own
    assert page.locator("#shown").text_content() == f"{len(result.quotes) - own} of {len(result.quotes)} shown"
    assert page.locator(f".q.off[data-s={speaker}]").count() > 0
    page.locator(f"[data-filter={speaker}]").check()
    page.locator("#sort").click()
    sure = [float(t) for t in page.locator("tbody tr").evaluate_all("rows => rows.map(r => r.dataset.confidence)")]
    assert sure == sorted(sure) and page.locator("#sort").get_attribute("aria-pressed") == "true"
    page.locator("#sort").click()
    assert page.locator("tbody tr").first.get_attribute("id") == f"row-{result.quotes[0].id}"


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1024, 1600])
def test_page_fits_and_its_words_stand_out(opened, width, scheme):
    page = opened(
        article_page(sample("herons-final"), generator="quotes"), viewport={"width": width, "height": 900}, color_scheme=scheme
    )
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    worst = page.evaluate(CONTRAST)
    assert worst >= 4.5, worst


@pytest.mark.browser
def test_print_has_the_text_and_no_controls(opened):
    page = opened(article_page(sample("herons-final"), generator="quotes"))
    page.emulate_media(media="print")
    assert not page.locator("#detail").is_visible() and not page.locator("[data-filter]").first.is_visible()
    assert page.locator("main p").first.is_visible() and page.locator("tbody tr").first.is_visible()
    assert page.pdf()[:4] == b"%PDF"


@pytest.mark.browser
def test_hostile_article_runs_nothing(opened):
    result = result_of(HOSTILE.replace("\ud800", ""))
    page = opened(article_page(result, generator="quotes"))
    assert page.title() == " ".join(result.article.title.split())
    page.locator(".q", has_text="javascript").first.hover()
    assert "Okonjo" in page.locator("#detail").text_content()


@pytest.mark.browser
def test_index_sorts_and_filters(opened):
    rows = [index_row(result_of("“No,” said Lim. " * n + f"Ferry {n}"), f"{n}.html") for n in (2, 10, 1)]
    page = opened(index_page(rows, title="Quotations", totals="", generator="quotes"))
    numbers = "rows => rows.filter(r => !r.hidden).map(r => Number(r.cells[3].textContent))"
    before = page.locator("tbody tr").evaluate_all(numbers)
    page.locator("th button", has_text="Quotations").click()
    assert page.locator("tbody tr").evaluate_all(numbers) == sorted(before)
    page.locator("th button", has_text="Quotations").click()
    assert page.locator("tbody tr").evaluate_all(numbers) == sorted(before, reverse=True)
    assert page.locator("th[aria-sort=descending]").count() == 1
    page.locator("#filter").fill("no such article")
    assert page.locator("tbody tr:visible").count() == 0 and page.locator("#shown").text_content() == "0 of 3 shown"


# The least contrast (WCAG 2) of any text that is shown, against the background that is painted behind it.
CONTRAST = """() => {
  const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
  const rgba = (color) => { canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = color; canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data]; };
  const light = ([r, g, b]) => [r, g, b].map((v) => v / 255)
    .map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  let worst = 21;
  for (const e of document.querySelectorAll('body *')) {
    const own = [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
    if (!own || !e.checkVisibility() || ['SCRIPT', 'STYLE'].includes(e.tagName)) continue;
    const painted = (element) => rgba(getComputedStyle(element).backgroundColor);
    let behind = e;
    while (painted(behind)[3] === 0 && behind.parentElement) behind = behind.parentElement;
    const paint = painted(behind);
    const [a, b] = [light(rgba(getComputedStyle(e).color)), light(paint)].sort((x, y) => y - x);
    worst = Math.min(worst, (a + 0.05) / (b + 0.05));
  }
  return worst;
}"""
