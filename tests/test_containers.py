"""Packed and compressed inputs, archives in formats of their own, and what is built to do harm."""

import bz2
import gzip
import io
import json
import lzma
import os
import tarfile
import zipfile

import pytest

from quotes import articles, containers, readers
from quotes.articles import Shard, find_files, read_articles, read_files, survey
from quotes.errors import ArticleError

TEXT = "“No,” said Maria Okonjo.\n"
LINES = "".join(json.dumps({"id": f"a{i}", "text": f"{TEXT}{i}", "desk": "harbour"}) + "\n" for i in range(3))


def read(path, **options):
    return list(read_articles([str(path)], **options))


def ids(items):
    return [i.reason if isinstance(i, ArticleError) else i.id for i in items]


def tar(members, mode="w:gz"):
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode=mode) as archive:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return data.getvalue()


def zipped(members):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return data.getvalue()


def zstd(data):
    return pytest.importorskip("zstandard").ZstdCompressor().compress(data)


@pytest.mark.parametrize(
    ("name", "pack"),
    [
        ("a.jsonl.gz", gzip.compress),
        ("a.jsonl.bz2", bz2.compress),
        ("a.jsonl.xz", lzma.compress),
        ("a.jsonl.zst", zstd),
        ("a", gzip.compress),  # known by its first bytes
        ("two.gz", lambda data: gzip.compress(data[:50]) + gzip.compress(data[50:])),
    ],
)
def test_compressed_lines_are_read_as_they_are_plain(tmp_path, name, pack):
    (tmp_path / name).write_bytes(pack(LINES.encode()))
    found = read(tmp_path / name)
    assert ids(found) == ["a0", "a1", "a2"]
    assert {(a.path, a.fields["desk"]) for a in found} == {(str(tmp_path / name), "harbour")}


@pytest.mark.parametrize("name", ["d.zip", "d.tar.gz", "d.tgz", "d.tar"])
def test_members_of_an_archive_are_articles_with_their_place(tmp_path, name):
    members = {"2019/a.txt": TEXT.encode(), "2019/b.jsonl": LINES.encode(), "c.csv": b"text\nYes\n", ".hidden": b"x"}
    members["e.txt.gz"] = gzip.compress(TEXT.encode())
    packed = {"d.zip": zipped, "d.tar": lambda m: tar(m, "w:")}.get(name, tar)(members)
    (tmp_path / name).write_bytes(packed)
    found = read(tmp_path / name)
    assert ids(found) == ["a", "a0", "a1", "a2", "d", "e"]
    assert found[0].path == f"{tmp_path / name}/2019/a.txt"
    assert found[0].text == TEXT


def test_what_a_name_leads_to_is_never_written_or_read(tmp_path):
    evil = {"../../evil.txt": b"x", "/etc/passwd": b"x", "ok.txt": TEXT.encode()}
    for name, data in (("z.zip", zipped(evil)), ("t.tar", tar(evil, "w:"))):
        (tmp_path / name).write_bytes(data)
        found = read(tmp_path / name)
        assert [isinstance(i, ArticleError) for i in found] == [True, True, False]
        assert all("leads out" in i.reason for i in found[:2])
    assert sorted(p.name for p in tmp_path.iterdir()) == ["t.tar", "z.zip"]


def test_links_and_encrypted_members_are_told(tmp_path):
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w") as archive:
        link = tarfile.TarInfo("link.txt")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    (tmp_path / "l.tar").write_bytes(data.getvalue())
    assert ids(read(tmp_path / "l.tar")) == ["a link or device in the archive; it is not read"]
    secret = bytearray(zipped({"a.txt": b"x"}))
    secret[6] |= 1
    secret[secret.index(b"PK\x01\x02") + 8] |= 1
    (tmp_path / "s.zip").write_bytes(secret)
    assert ids(read(tmp_path / "s.zip")) == ["it is encrypted; unpack the archive first"]


def _watched(readinto, sizes):
    def watched(self, buffer):
        sizes.append(readinto(self, buffer))
        return sizes[-1]

    return watched


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress, zstd])
def test_bomb_is_refused_long_before_its_end(tmp_path, monkeypatch, pack):
    (tmp_path / "bomb.jsonl.gz").write_bytes(pack(b"a" * (1 << 28)))
    asked = []
    monkeypatch.setattr(containers._Raw, "readinto", _watched(containers._Raw.readinto, asked))
    (error,) = read(tmp_path / "bomb.jsonl.gz")
    assert isinstance(error, ArticleError)
    assert "250 times" in error.reason
    assert sum(asked) < 1 << 27  # of 256 MB that it would be


def test_bomb_in_a_zip_costs_only_itself(tmp_path):
    (tmp_path / "b.zip").write_bytes(zipped({"a.txt": TEXT, "b.txt": bytes(1 << 28), "c.txt": TEXT}))
    found = read(tmp_path / "b.zip")
    assert [getattr(i, "id", "error") for i in found] == ["a", "error", "c"]


def test_packed_too_deep_is_refused(tmp_path):
    data = TEXT.encode()
    for _ in range(5):
        data = gzip.compress(data)
    (tmp_path / "a.txt.gz").write_bytes(data)
    assert "too many times" in read(tmp_path / "a.txt.gz")[0].reason
    (tmp_path / "z.zip").write_bytes(zipped({"inner.zip": zipped({"a.txt": TEXT})}))
    assert "unpack it first" in read(tmp_path / "z.zip")[0].reason


@pytest.mark.parametrize("name", ["a.jsonl.gz", "a.zip", "a.tar.gz"])
def test_cut_off_file_gives_what_came_before_and_an_error(tmp_path, name):
    many = {f"{i}.txt": os.urandom(2000).hex().encode() for i in range(50)}
    lines = "".join(json.dumps({"text": text.decode()}) + "\n" for text in many.values())
    data = {"a.jsonl.gz": gzip.compress(lines.encode()), "a.zip": zipped(many), "a.tar.gz": tar(many)}[name]
    (tmp_path / name).write_bytes(data[: len(data) // 2])
    found = read(tmp_path / name)
    assert isinstance(found[-1], ArticleError)
    if name != "a.zip":  # whose list of members is at its end
        assert sum(not isinstance(i, ArticleError) for i in found) > 10


def test_line_of_a_gigabyte_costs_that_line(tmp_path, monkeypatch):
    monkeypatch.setattr(readers, "LARGEST_LINE", 1 << 12)
    (tmp_path / "a.jsonl").write_text('{"text": "a"}\n{"text": "' + "b" * 20_000 + '"}\n{"text": "c"}\n')
    found = read(tmp_path / "a.jsonl")
    assert [isinstance(i, ArticleError) for i in found] == [False, True, False]
    assert found[1].where.endswith("a.jsonl:2")
    (tmp_path / "a.csv").write_text("text\na\n" + "b" * 20_000 + "\n")
    assert "a line of more than" in read(tmp_path / "a.csv")[-1].reason


def test_text_beyond_all_articles_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(articles, "LARGEST_TEXT", 1 << 12)
    (tmp_path / "a.txt").write_text("a " * 4000)
    (error,) = read(tmp_path / "a.txt")
    assert "in one piece" in error.reason


@pytest.mark.parametrize("text", ['{"text": ' + "[" * 1_000_000, "[" * 1_000_000 + "]" * 1_000_000, "{" * 1_000_000])
def test_million_brackets_are_an_error(tmp_path, text):
    (tmp_path / "a.json").write_text(text)
    (tmp_path / "b.jsonl").write_text('{"text": "a"}\n' + text + "\n")
    assert isinstance(read(tmp_path / "a.json")[-1], ArticleError)
    assert [isinstance(i, ArticleError) for i in read(tmp_path / "b.jsonl")] == [False, True]


def test_survey_tells_formats(tmp_path):
    (tmp_path / "a.txt").write_text(TEXT)
    (tmp_path / "b.jsonl").write_text(LINES + "{\n")
    (tmp_path / "c.csv").write_text("text\nYes\n")
    counts: dict[str, int] = {}
    for format, item in survey(find_files([str(tmp_path)])):
        key = format + " failed" * isinstance(item, ArticleError)
        counts[key] = counts.get(key, 0) + 1
    assert counts == {"text": 1, "JSON Lines": 3, "JSON Lines failed": 1, "CSV/TSV": 1}


def test_shards_together_are_the_whole(tmp_path):
    for i in range(7):
        (tmp_path / f"{i}.txt").write_text(f"{TEXT}{i}")
    (tmp_path / "3b.jsonl").write_text(LINES + "{\n" + LINES)
    (tmp_path / "5z.txt").write_bytes(gzip.compress(TEXT.encode()))
    files = find_files([str(tmp_path)])
    whole = list(map(str, ids(read_files(files))))
    shards = [list(map(str, ids(read_files(files, shard=Shard(k, 3))))) for k in (1, 2, 3)]
    assert whole == [shards[i % 3][i // 3] for i in range(len(whole))]
    assert len(set(whole)) == len(whole)


def test_same_id_many_times_is_made_unique():
    given = articles._Ids()
    assert [given.unique(i) for i in ("a", "a", "b", "a-2", "a", "b")] == ["a", "a-2", "b", "a-2-2", "a-3", "b-2"]


# --- Parquet, WARC, DocBin


def test_parquet_rows_keep_their_columns(tmp_path):
    parquet = pytest.importorskip("pyarrow.parquet")
    import datetime

    import pyarrow as pa

    table = pa.table(
        {
            "body": [TEXT, None, "Yes"],
            "id": [7, 8, 9],
            "date": [datetime.date(2024, 3, 1)] * 3,
            "tags": [["a"], [], None],
        }
    )
    parquet.write_table(table, tmp_path / "a.parquet")
    found = read(tmp_path / "a.parquet")
    assert [getattr(a, "id", "error") for a in found] == ["7", "error", "9"]
    assert (found[0].text, found[0].published, found[0].fields) == (TEXT, "2024-03-01", {"tags": ["a"]})
    assert found[1].where.endswith("a.parquet row 2")
    assert "no column 'words'" in read(tmp_path / "a.parquet", text_field="words")[0].reason
    (tmp_path / "bad.parquet").write_bytes((tmp_path / "a.parquet").read_bytes()[:200])
    assert "not a readable Parquet file" in read(tmp_path / "bad.parquet")[0].reason


def _response(url, body, status="200 OK", kind="text/html; charset=utf-8"):
    http = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:0-{len(url)}>\r\nWARC-Date: 2024-03-01T10:00:00Z\r\n"
        f"WARC-Target-URI: {url}\r\nContent-Type: application/http; msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n"
    )
    return head.encode() + http + b"\r\n\r\n"


def test_pages_of_a_web_archive(tmp_path):
    pytest.importorskip("fastwarc")
    pytest.importorskip("trafilatura")
    said = "<p>“The pier is safe and will stay open all winter,” said Maria Okonjo, the mayor of Velsen, on Monday.</p>" * 3
    page = f"<html><body><article>{said}</article></body></html>".encode()
    records = [
        _response("https://a.example/1", page),
        _response("https://a.example/x.png", b"PNG", kind="image/png"),
        _response("https://a.example/404", page, status="404 Not Found"),
        _response("https://a.example/2", page),
    ]
    (tmp_path / "a.warc").write_bytes(b"".join(records))
    (tmp_path / "b.warc.gz").write_bytes(b"".join(map(gzip.compress, records)))
    packed = {"archive/data.warc.gz": b"".join(map(gzip.compress, records)), "datapackage.json": b"{}"}
    (tmp_path / "c.wacz").write_bytes(zipped(packed))
    for name in ("a.warc", "b.warc.gz", "c.wacz"):
        found = read(tmp_path / name)
        assert [a.url for a in found] == ["https://a.example/1", "https://a.example/2"]
        assert "“The pier is safe" in found[0].text
        assert found[0].published == "2024-03-01T10:00:00Z"
    (tmp_path / "bad.warc").write_bytes(b"WARC/1.0\r\nrubbish" + bytes(range(256)) * 20)
    assert "no response" in read(tmp_path / "bad.warc")[0].reason


def test_documents_of_a_doc_bin(tmp_path):
    import spacy
    from spacy.tokens import DocBin

    docs = [spacy.blank("en")(text) for text in (TEXT, "Yes.")]
    docs[0].user_data["id"] = "first"
    DocBin(docs=docs, store_user_data=True).to_disk(tmp_path / "a.spacy")
    found = read(tmp_path / "a.spacy")
    assert [(a.id, a.text) for a in found] == [("first", TEXT), ("a", "Yes.")]
    (tmp_path / "b.spacy").write_bytes(b"rubbish")
    assert "not a DocBin" in read(tmp_path / "b.spacy")[0].reason


def test_missing_extra_costs_the_file_and_says_which(tmp_path, monkeypatch):
    import sys

    for package in ("pyarrow", "fastwarc", "fastwarc.warc", "zstandard"):
        monkeypatch.setitem(sys.modules, package, None)
    (tmp_path / "a.parquet").write_bytes(b"PAR1....PAR1")
    (tmp_path / "a.warc").write_bytes(b"WARC/1.0\r\n")
    (tmp_path / "a.zst").write_bytes(b"\x28\xb5\x2f\xfd....")
    reasons = {i.where[-5:]: i.reason for i in read(tmp_path)}
    assert all("pip install 'newsquotes[" in reason for reason in reasons.values()), reasons
    assert len(reasons) == 3


def test_long_novel_is_read(tmp_path):
    text = "It was said and said again. " * 200_000  # a million words
    (tmp_path / "novel.txt.gz").write_bytes(gzip.compress(text.encode()))
    (article,) = read(tmp_path / "novel.txt.gz")
    assert len(article.text) == len(text)
