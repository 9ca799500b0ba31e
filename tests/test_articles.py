"""Reading: every kind of input, every way it can be broken; no character of a text is moved."""

import json
import os
import sys
import textwrap

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quotes.articles import read_articles
from quotes.errors import ArticleError, InputError
from quotes.readers import EMPTY
from quotes.records import Article

ENGLISH = "“We told them in March,” the inspector said. The café’s owner, José, called it “simply false” – twice.\n"


def read(*inputs, **options):
    return list(read_articles([str(i) for i in inputs], **options))


def read_one(*inputs, **options):
    items = read(*inputs, **options)
    assert len(items) == 1, items
    return items[0]


def put(folder, name, content):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(content, str):
        content = content.encode()
    path.write_bytes(content)
    return path


# --- text and encodings


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a", "a.unknown"])
def test_text_is_exactly_the_files_content(tmp_path, name):
    text = "\tFirst\r\nsecond\rthird\n\n  “fourth”\x0c \u2028 e\u0301 end \n\n"
    article = read_one(put(tmp_path, name, text))
    assert article.text == text
    assert article.id == "a"
    assert article.path == str(tmp_path / name)
    assert article.warnings == ()


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("utf-8-sig", ENGLISH),
        ("utf-16", ENGLISH),
        ("utf-32", ENGLISH),
    ],
)
def test_byte_order_mark_tells_the_encoding_and_is_no_text(tmp_path, encoding, text):
    article = read_one(put(tmp_path, "a.txt", text.encode(encoding)))
    assert article.text == text
    assert article.warnings == ()


@pytest.mark.parametrize("mark", [b"\xff\xfe", b"\xfe\xff"])
def test_utf16_of_both_byte_orders(tmp_path, mark):
    encoding = "utf-16-le" if mark == b"\xff\xfe" else "utf-16-be"
    assert read_one(put(tmp_path, "a.txt", mark + ENGLISH.encode(encoding))).text == ENGLISH


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1252", ENGLISH),
        ("cp1252", 'It cost £5, "too much", he said.\n'),
        ("cp1252", "He said ‘no’."),
        ("latin-1", 'Der Bürgermeister sagte: "Wir haben ihnen im März geschrieben." Größe!\n'),
        ("latin-1", "L'élève a dit: «Ça va», selon M. Lefèvre, à Évry.\n"),
        ("cp1252", "“Yes.”"),
    ],
)
def test_western_text_is_guessed_right_and_the_guess_named(tmp_path, encoding, text):
    article = read_one(put(tmp_path, "a.txt", text.encode(encoding)))
    assert article.text == text
    assert article.warnings == ("not UTF-8; read as cp1252, which is a guess",)


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1251", "«Мы говорили им об этом в марте», — сказал инспектор. «И снова в мае».\n"),
        ("shift_jis", "「三月に伝えました」と検査官は述べた。「五月にも伝えました」\n"),
        ("mac_roman", "“We told them in March,” the inspector said, “and again in May.” The café’s owner.\n"),
    ],
)
def test_other_encodings_are_left_to_charset_normalizer(tmp_path, encoding, text):
    article = read_one(put(tmp_path, "a.txt", text.encode(encoding)))
    assert article.text == text
    assert "which is a guess" in article.warnings[0]


def test_damaged_utf8_stays_utf8_with_a_warning(tmp_path):
    data = ENGLISH.encode() * 3 + b"cut off \xe2\x80"
    article = read_one(put(tmp_path, "a.txt", data))
    assert article.text == ENGLISH * 3 + "cut off \ufffd"
    assert article.warnings == ("damaged UTF-8: 1 unreadable place(s) stand as \ufffd",)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"text\0text", "NUL bytes"),
        (b"%PDF-1.7\n...", "a PDF"),
        (b"PK\x03\x04rest", "damaged or cut off"),
        (b"\x1f\x8b\x08rest", "damaged or cut off"),
        (bytes(range(1, 32)) * 20, "not text"),
        (b"\xff\xfea", "not utf-16"),
    ],
)
def test_binary_files_are_errors(tmp_path, data, reason):
    error = read_one(put(tmp_path, "a.txt", data))
    assert isinstance(error, ArticleError)
    assert error.where == str(tmp_path / "a.txt")
    assert reason in error.reason


@pytest.mark.parametrize("content", ["", " \n\n"])
def test_empty_file_is_an_empty_article_with_a_warning(tmp_path, content):
    article = read_one(put(tmp_path, "a.txt", content))
    assert (article.text, article.warnings) == (content, (EMPTY,))


def test_terminal_escapes_stay_in_the_text(tmp_path):
    assert read_one(put(tmp_path, "a.txt", "He \x1b[31msaid\x1b[0m so.")).text == "He \x1b[31msaid\x1b[0m so."


def test_one_very_large_text(tmp_path):
    text = '"Line," said Li.\n' * 200_000
    assert read_one(put(tmp_path, "a.txt", text)).text == text


# --- paths


def test_folders_are_read_in_order_without_hidden_files(tmp_path):
    for name in ("b.txt", "a.md", "sub/c.txt", "sub/deep/d.txt", "sub.txt", ".hidden.txt", ".git/x.txt", "noend"):
        put(tmp_path, name, "text " + name)
    names = [os.path.relpath(a.path, tmp_path) for a in read(tmp_path)]
    assert names == ["a.md", "b.txt", "noend", "sub.txt", "sub/c.txt", "sub/deep/d.txt"]


def test_files_of_other_kinds_in_a_folder_are_left_out_and_told(tmp_path, caplog):
    put(tmp_path, "a.txt", "text")
    put(tmp_path, "photo.jpg", b"\xff\xd8\xff\0")
    assert [a.id for a in read(tmp_path)] == ["a"]
    assert "left out (.jpg)" in caplog.text


@pytest.mark.skipif(sys.platform == "win32", reason="symbolic links")
def test_link_loops_and_broken_links(tmp_path):
    put(tmp_path, "sub/a.txt", "text")
    (tmp_path / "sub" / "up").symlink_to(tmp_path)
    (tmp_path / "broken.txt").symlink_to(tmp_path / "nowhere")
    error, article = read(tmp_path)
    assert error.reason == "a broken link"
    assert article.id == "a"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="named pipes")
def test_named_pipe_in_a_folder_does_not_block(tmp_path):
    put(tmp_path, "a.txt", "text")
    os.mkfifo(tmp_path / "pipe")
    assert [a.id for a in read(tmp_path)] == ["a"]


def test_globs_that_the_shell_did_not_expand(tmp_path, monkeypatch):
    for name in ("x/a.txt", "x/y/b.txt", "x/.hidden.txt", "x/c.html.bak"):
        put(tmp_path, name, "text")
    monkeypatch.chdir(tmp_path)
    assert [a.id for a in read("x/*.txt")] == ["a"]
    assert [a.path for a in read("**/*.txt")] == [os.path.join("x", "a.txt"), os.path.join("x", "y", "b.txt")]
    assert [a.id for a in read("x/**")] == ["a", "c.html", "b"]
    assert [a.id for a in read("x*")] == ["a", "b"]


def test_a_file_named_like_a_glob_is_that_file(tmp_path):
    put(tmp_path, "a.txt", "wrong")
    assert read_one(put(tmp_path, "[a].txt", "right")).text == "right"


def test_the_only_input_missing_raises_at_once(tmp_path):
    with pytest.raises(InputError, match="no such file"):
        read_articles([str(tmp_path / "missing.txt")])
    with pytest.raises(InputError, match="none matches it as a pattern"):
        read_articles([str(tmp_path / "*.txt")])
    with pytest.raises(InputError, match="no articles"):
        read_articles([str(tmp_path)])


def test_one_missing_among_several_is_an_error_in_its_place(tmp_path):
    first, last = put(tmp_path, "a.txt", "text"), put(tmp_path, "b.txt", "text")
    items = read(first, tmp_path / "missing.txt", last)
    assert [type(i) for i in items] == [Article, ArticleError, Article]
    assert items[1].reason == "no such file or folder"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root reads everything")
def test_unreadable_file(tmp_path):
    path = put(tmp_path, "a.txt", "text")
    path.chmod(0)
    assert "Permission denied" in read_one(path).reason


@pytest.mark.skipif(sys.platform != "linux", reason="file names are bytes only on Linux")
def test_file_name_that_is_no_utf8(tmp_path):
    path = os.path.join(os.fsencode(tmp_path), b"caf\xe9.txt")
    with open(path, "wb") as file:
        file.write(b"text")
    article = read_one(tmp_path)
    assert article.id == "caf\\udce9"
    assert json.dumps(article.path, ensure_ascii=False).encode()


def test_output_of_the_run_is_no_input_of_a_folder(tmp_path):
    put(tmp_path, "a.txt", "text")
    out = put(tmp_path, "out.jsonl", '{"text": "x"}')
    assert [a.id for a in read(tmp_path, skip=[str(out)])] == ["a"]


# --- ids


def test_ids_are_unique_in_the_run_and_in_order(tmp_path):
    paths = [put(tmp_path, name, "text") for name in ("x/a.txt", "y/a.md", "z/a", "a-2.txt")]
    assert [a.id for a in read(*paths)] == ["a", "a-2", "a-3", "a-2-2"]


def test_own_id_that_stands_twice_is_told(tmp_path):
    path = put(tmp_path, "a.jsonl", '{"id": 7, "text": "x"}\n{"id": "7", "text": "y"}\n')
    one, two = read(path)
    assert (one.id, two.id) == ("7", "7-2")
    assert two.warnings == ("the id '7' was given before; this article is '7-2'",)


def test_records_without_an_id_take_the_stem(tmp_path):
    path = put(
        tmp_path, "arch.jsonl", '{"text": "x"}\n{"text": "y", "id": null}\n{"text": "z", "_id": {"$oid": "q"}}\n'
    )
    assert [a.id for a in read(path)] == ["arch", "arch-2", "q"]


# --- JSON and JSON Lines


def test_json_object_with_metadata_and_own_fields(tmp_path):
    record = {
        "uuid": "u1",
        "headline": " A title ",
        "authors": ["Ann Lee", {"name": "Bo Li"}],
        "date_publish": "2024-03-05",
        "source": {"id": None, "name": "The Quay"},
        "link": "https://quay.example/1",
        "maintext": "“Yes,” he said.\n",
        "section": "news",
        "tags": ["a", 1],
    }
    article = read_one(put(tmp_path, "a.json", json.dumps(record)))
    assert article == Article(
        id="u1",
        text="“Yes,” he said.\n",
        path=str(tmp_path / "a.json"),
        title="A title",
        byline="Ann Lee, Bo Li",
        published="2024-03-05",
        publisher="The Quay",
        url="https://quay.example/1",
        fields={"section": "news", "tags": ["a", 1]},
    )


@pytest.mark.parametrize(
    ("record", "text"),
    [
        ({"text": "a", "body": "b"}, "a"),
        ({"text": "", "body": "b"}, "b"),
        ({"text": None, "content": "c"}, "c"),
        ({"full_text": "f"}, "f"),
        ({"Full Text": "f"}, "f"),
        ({"body": ["p1", "p2"]}, "p1\n\np2"),
        ({"article": {"x": 1}, "full_text": "f"}, "f"),
    ],
)
def test_text_is_found_under_the_usual_names(tmp_path, record, text):
    assert read_one(put(tmp_path, "a.json", json.dumps(record))).text == text


def test_text_field_and_id_field_are_obeyed(tmp_path):
    path = put(tmp_path, "a.json", '{"text": "no", "story": "yes", "key": 5, "id": 1}')
    article = read_one(path, text_field="story", id_field="key")
    assert (article.text, article.id, article.fields) == ("yes", "5", {"text": "no", "id": 1})
    assert "no text field 'x'; it has text, story, key, id" in read_one(path, text_field="x").reason
    assert "no field 'x' for the id" in read_one(path, id_field="x").reason


def test_arrays_and_wrappers(tmp_path):
    many = [{"id": "1", "text": "a"}, "no object", {"id": "2"}, {"id": "3", "text": "c"}]
    items = read(put(tmp_path, "a.json", json.dumps(many, indent=1)))
    assert [getattr(i, "id", None) for i in items] == ["1", None, None, "3"]
    assert items[1].where.endswith("a.json item 2")
    assert items[1].reason.startswith("a string, where an object")
    assert "it has id. Choose one with --text-field" in items[2].reason
    wrapped = {"status": "ok", "articles": [{"content": "a"}, {"content": "b"}]}
    assert [a.text for a in read(put(tmp_path, "b.json", json.dumps(wrapped)))] == ["a", "b"]


@pytest.mark.parametrize("name", ["a.jsonl", "a.ndjson", "a.json"])
def test_json_lines_under_any_json_suffix(tmp_path, name):
    path = put(tmp_path, name, '{"text": "a\u2028b"}\n{"text": "c"}\n')
    assert [a.text for a in read(path)] == ["a\u2028b", "c"]


def test_bad_json_lines_name_the_line_and_cost_only_it(tmp_path):
    lines = [b'{"text": "a"}', b"", b'{"text": "b"', b'{"text": 5}', b"[1]", b'{"text": "caf\xe9"}', b'{"text": "z"}']
    items = read(put(tmp_path, "a.jsonl", b"\r\n".join(lines)))
    where = [i.where.rpartition(":")[2] if isinstance(i, ArticleError) else i.text for i in items]
    assert where == ["a", "3", "4", "5", "café", "z"]
    assert items[1].reason.startswith("not valid JSON: ") and "(column " in items[1].reason
    assert items[2].reason == "its field 'text' holds a number, not a text"
    assert "a list, where an object" in items[3].reason
    assert items[4].warnings == ("not UTF-8; read as cp1252, which is a guess",)


def test_broken_json_document_names_the_line(tmp_path):
    error = read_one(put(tmp_path, "a.json", '{"text": "a",\n "b": }'))
    assert error.where.endswith("a.json:2")
    assert error.reason == "not valid JSON: Expecting value (column 7)"


@pytest.mark.parametrize("content", ["[" * 100_000, '{"text": "a", "n": ' + "9" * 5000 + "}"])
def test_json_that_breaks_the_parser(tmp_path, content):
    items = read(put(tmp_path, "a.json", content))
    assert len(items) == 1


def test_one_document_under_the_name_of_json_lines(tmp_path):
    path = put(tmp_path, "a.jsonl", json.dumps([{"text": "a"}, {"text": "b"}], indent=2))
    assert [a.text for a in read(path)] == ["a", "b"]
    assert read_one(put(tmp_path, "b.jsonl", '{\n"text": "a"\n}')).text == "a"


def test_json_lines_in_utf16_and_with_byte_order_mark(tmp_path):
    lines = '{"text": "“a”"}\n{"text": "b"}\n'
    assert [a.text for a in read(put(tmp_path, "a.jsonl", lines.encode("utf-16")))] == ["“a”", "b"]
    assert [a.text for a in read(put(tmp_path, "b.jsonl", lines.encode("utf-8-sig")))] == ["“a”", "b"]


def test_binary_json_lines_are_one_error(tmp_path):
    assert "not text" in read_one(put(tmp_path, "a.jsonl", b"\0\n\1\n" * 50)).reason


@pytest.mark.parametrize(
    "record", [r'{"text": "a\ud83d"}', r'{"text": "a", "title": "\udc00"}', r'{"text": "a", "x": ["\ud800"]}']
)
def test_lone_surrogates_are_errors(tmp_path, record):
    error = read_one(put(tmp_path, "a.jsonl", record))
    assert error.where.endswith("a.jsonl:1")
    assert "surrogate" in error.reason


def test_surrogate_pairs_are_characters(tmp_path):
    assert read_one(put(tmp_path, "a.jsonl", r'{"text": "a\ud83d\ude00"}')).text == "a😀"


@pytest.mark.parametrize("name", ["a.json", "a.jsonl", "a.csv"])
def test_containers_without_articles_give_none_and_say_so(tmp_path, name, caplog):
    assert read(put(tmp_path, name, "[]" if name == "a.json" else "\n")) == []
    assert "no articles in it" in caplog.text


def test_own_records_are_articles_again(tmp_path):
    record = {"id": "a", "text": "x", "title": "T", "quotes": [], "speakers": [], "not_speech": [], "warnings": ["w"]}
    article = read_one(put(tmp_path, "a.jsonl", json.dumps(record)))
    assert (article.id, article.title, article.fields) == ("a", "T", {})


# --- CSV and TSV


def test_csv_keeps_unknown_columns_and_newlines_in_cells(tmp_path):
    path = put(tmp_path, "a.csv", 'id,Text,Title,beat\r\n1,"“A,”\r\nhe said.\n\nB ""c""",T,sport\r\n\r\n2,plain,,\r\n')
    one, two = read(path)
    assert one.text == '“A,”\r\nhe said.\n\nB "c"'
    assert (one.id, one.title, one.fields) == ("1", "T", {"beat": "sport"})
    assert (two.id, two.text, two.title, two.fields) == ("2", "plain", None, {"beat": ""})


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_csv_delimiter_is_found(tmp_path, delimiter):
    path = put(tmp_path, "a.csv", f'id{delimiter}text\n1{delimiter}"a,b;c|d"\n')
    assert read_one(path).text == "a,b;c|d"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_csv_encodings(tmp_path, encoding):
    article = read_one(put(tmp_path, "a.csv", ("text,note\n" + ENGLISH.replace(",", "") * 1).encode(encoding)))
    assert article.text == ENGLISH.replace(",", "").rstrip("\n")
    assert bool(article.warnings) == (encoding == "cp1252")


def test_csv_that_stops_being_utf8_after_the_sample(tmp_path):
    body = b"text\n" + (b"plain words here " * 80 + b"\n") * 1000 + "“He said so.”\n".encode("cp1252")
    items = read(put(tmp_path, "a.csv", body))
    assert len(items) == 1001
    assert items[-1].text == "“He said so.”"


def test_csv_with_one_column_and_a_huge_cell(tmp_path):
    text = "word " * 200_000
    assert read_one(put(tmp_path, "a.csv", f'text\n"{text}"\n')).text == text


def test_bad_csv_rows_cost_only_themselves_and_name_the_line(tmp_path):
    path = put(tmp_path, "a.csv", 'id,text\n1,"a\nb"\n2,"Yes," he said.\n3,c,d\n4,e\n5\n')
    items = read(path)
    assert [i.where.rpartition(":")[2] if isinstance(i, ArticleError) else i.text for i in items] == [
        "a\nb",
        "4",
        "5",
        "e",
        "",
    ]
    assert "not doubled" in items[1].reason
    assert "3 cells under a header of 2" in items[2].reason
    assert items[4].warnings == (EMPTY,)


def test_csv_mark_that_is_never_closed(tmp_path):
    items = read(put(tmp_path, "a.csv", 'id,text\n1,a\n2,"never closed\n3,c\n'))
    assert items[0].text == "a"
    assert items[1].where.endswith(":3")


def test_csv_without_text_column_lists_what_it_has(tmp_path):
    error = read_one(put(tmp_path, "a.csv", "id,story\n1,x\n"))
    assert error.reason == (
        "no column of the names text, maintext, body, content, article, full_text; it has id, story. "
        "Choose one with --text-field"
    )
    assert read_one(tmp_path / "a.csv", text_field="story").text == "x"


def test_csv_names_of_columns_that_are_missing_or_double(tmp_path):
    article = read_one(put(tmp_path, "a.csv", "text,note,note,\nx,1,2,3\n"))
    assert article.fields == {"note": "1", "note_2": "2", "column_4": "3"}


def test_tsv_cells_that_begin_with_a_quotation_keep_their_marks(tmp_path):
    path = put(tmp_path, "a.tsv", 'id\ttext\n1\t"Yes," he said. "No."\n2\t"Well\n3\tthird\n')
    assert [a.text for a in read(path)] == ['"Yes," he said. "No."', '"Well', "third"]


def test_tsv_quoted_as_csv(tmp_path):
    path = put(tmp_path, "a.tsv", 'id\ttext\n1\t"""Yes,"" he said.\n\nNext\tone."\n2\tb\n')
    assert [a.text for a in read(path)] == ['"Yes," he said.\n\nNext\tone.', "b"]


# --- HTML

PAGE = textwrap.dedent("""\
    <!doctype html><html lang="en"><head><meta charset="utf-8"><title>Ferry row deepens | The Quay Times</title>
    <meta name="author" content="Ann Writer"><meta property="article:published_time" content="2024-03-05T08:00:00Z">
    <meta property="og:site_name" content="The Quay Times"><meta property="og:title" content="Ferry row deepens">
    <link rel="canonical" href="https://quay.example/news/ferry-row"></head><body>
    <nav><a href="/">Home</a> <a href="/n">News</a></nav>
    <article><h1>Ferry row deepens</h1>
    <p>The ferry company ignored two warnings, a harbour inspector said on Tuesday, after the vessel
    ran aground again.</p>
    <p>&ldquo;We told them in <em>March</em>,&rdquo; the inspector said, &ldquo;again in
    <a href="/may">May</a>.&rdquo;</p>
    <blockquote><p>"This is a block quotation," the mayor wrote.<br>"It goes on."</p></blockquote>
    <p>Maria Okonjo called the account <b>"simply false."</b>
    She said &lsquo;the vessel&rsquo; had passed every test.</p>
    <ul><li>"One item," said Li.</li></ul>
    <p>&laquo;Non,&raquo; said M. Dupont. <q>An inline element,</q> he added. ``Backticks,'' said Bob [the mayor].</p>
    <p>"We told them," he said.</p><p>"We told them," he said.</p>
    </article><footer>Copyright</footer></body></html>
    """)
PAGE_TEXT = textwrap.dedent("""\
    Ferry row deepens

    The ferry company ignored two warnings, a harbour inspector said on Tuesday, after the vessel ran aground again.

    “We told them in March,” the inspector said, “again in May.”

    "This is a block quotation," the mayor wrote.
    "It goes on."

    Maria Okonjo called the account "simply false." She said ‘the vessel’ had passed every test.

    "One item," said Li.

    «Non,» said M. Dupont. “An inline element,” he added. ``Backticks,'' said Bob [the mayor].

    "We told them," he said.

    "We told them," he said.""")


@pytest.mark.parametrize("name", ["ferry.html", "ferry.htm", "ferry", "ferry.txt"])
def test_page_keeps_marks_paragraphs_and_metadata(tmp_path, name):
    pytest.importorskip("trafilatura")
    article = read_one(put(tmp_path, name, PAGE))
    assert article.text == PAGE_TEXT
    assert (article.title, article.byline, article.published) == ("Ferry row deepens", "Ann Writer", "2024-03-05")
    assert (article.publisher, article.url) == ("The Quay Times", "https://quay.example/news/ferry-row")
    assert article.warnings == ()


def test_page_by_resiliparse_keeps_marks_paragraphs_and_metadata(tmp_path):
    pytest.importorskip("resiliparse")
    article = read_one(put(tmp_path, "a.html", PAGE), extractor="resiliparse")
    assert article.text == PAGE_TEXT.replace('"One item," said Li.\n\n', "")  # it takes short lists for navigation
    assert (article.title, article.byline, article.published) == ("Ferry row deepens", "Ann Writer", "2024-03-05")
    assert (article.publisher, article.url) == ("The Quay Times", "https://quay.example/news/ferry-row")


def test_page_with_nothing_but_a_menu_is_taken_whole_and_says_so(tmp_path):
    pytest.importorskip("resiliparse")
    page = put(tmp_path, "a.html", "<html><body><nav>“Go home,” he said.</nav></body></html>")
    article = read_one(page, extractor="resiliparse")
    assert (article.text, len(article.warnings)) == ("“Go home,” he said.", 1)


@pytest.mark.parametrize("extractor", ["trafilatura", "resiliparse"])
@pytest.mark.parametrize(
    "html",
    [
        '<p>"Hi," said Bob.</p>',
        '<?xml version="1.0" encoding="utf-8"?>\n<html><body><p>"Hi," said Bob.</p></body></html>',
    ],
)
def test_fragments_and_xhtml(tmp_path, html, extractor):
    pytest.importorskip(extractor)
    assert read_one(put(tmp_path, "a.html", html), extractor=extractor).text == '"Hi," said Bob.'


@pytest.mark.parametrize("charset", ["iso-8859-1", "windows-1252"])
def test_page_declares_its_encoding(tmp_path, charset):
    pytest.importorskip("trafilatura")
    page = f'<html><head><meta charset="{charset}"></head><body><p>“Oui,” said José at the café.</p></body></html>'
    article = read_one(put(tmp_path, "a.html", page.encode("cp1252")))
    assert article.text == "“Oui,” said José at the café."
    assert article.warnings == ()


@pytest.mark.parametrize("extractor", ["trafilatura", "resiliparse"])
def test_page_without_text_is_an_error(tmp_path, extractor):
    pytest.importorskip(extractor)
    error = read_one(put(tmp_path, "a.html", "<html><body><script>x()</script></body></html>"), extractor=extractor)
    assert "no text found in the page" in error.reason


@pytest.mark.parametrize(
    ("extractor", "package", "extra"),
    [("trafilatura", "trafilatura", "html"), ("resiliparse", "resiliparse.extract.html2text", "archive")],
)
def test_missing_extra_is_an_error_of_each_page(tmp_path, monkeypatch, extractor, package, extra):
    monkeypatch.setitem(sys.modules, package, None)
    paths = [put(tmp_path, name, PAGE) for name in ("a.html", "b.html")]
    for item in read(*paths, extractor=extractor):
        assert isinstance(item, ArticleError)
        assert item.reason.endswith(f"pip install 'newsquotes[{extra}]'")


# --- anything


@pytest.mark.parametrize("suffix", [".txt", ".json", ".jsonl", ".csv", ".tsv", ".html", ""])
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    data=st.one_of(
        st.binary(), st.text(alphabet='{}[]"“”\\,:\t\n\ré<>/apu0d8 ').map(str.encode), st.text().map(str.encode)
    )
)
def test_any_bytes_give_articles_or_errors_that_can_be_written(tmp_path, suffix, data):
    prefix = {".csv": b"text,x\n", ".tsv": b"text\tx\n", ".html": b"<p>"}.get(suffix, b"")
    for content in (data, prefix + data):
        for item in read(put(tmp_path, "a" + suffix, content)):
            assert isinstance(item, Article | ArticleError)
            if isinstance(item, Article):
                item.text.encode()
            else:
                assert "internal error" not in item.reason, item.reason


# --- standard input


class _Stdin:
    def __init__(self, path):
        self.buffer = path.open("rb")


@pytest.mark.parametrize(
    ("data", "texts"),
    [
        ("“Plain,” he said.\r\n", ["“Plain,” he said.\r\n"]),
        ('{"text": "a"}\n{"text": "b"}\n', ["a", "b"]),
        ('[{"text": "a"},\n{"text": "b"}]', ["a", "b"]),
        ('{\n "text": "a"\n}', ["a"]),
        ("[Editor's note: corrected.]\nText.", ["[Editor's note: corrected.]\nText."]),
        ("{curly} text", ["{curly} text"]),
        ("", [""]),
    ],
)
def test_standard_input_is_text_or_json(tmp_path, monkeypatch, data, texts):
    monkeypatch.setattr(sys, "stdin", _Stdin(put(tmp_path, "in", data)))
    items = read("-")
    assert [a.text for a in items] == texts
    assert items[0].id == "stdin" and items[0].path is None


def test_standard_input_is_taken_once():
    with pytest.raises(InputError, match="given twice"):
        read("-", "-")


def test_ids_in_shards_are_those_of_the_whole_where_a_file_cannot_be_read(tmp_path):
    from quotes.articles import Shard, find_files, read_files

    for name in ("a/x.txt", "b/x.txt", "c/x.txt", "d/x.txt"):
        put(tmp_path, name, b"a\0b" if name == "b/x.txt" else "“No,” he said.")
    files = find_files([str(tmp_path)])

    def told(items):
        return [i.where if isinstance(i, ArticleError) else i.id for i in items]

    whole = told(read_files(files))
    assert whole == ["x", str(tmp_path / "b/x.txt"), "x-3", "x-4"]
    assert [told(read_files(files, shard=Shard(k, 2))) for k in (1, 2)] == [whole[::2], whole[1::2]]
