"""Runs into a folder: parts, manifest, stopping, killing, going on; with a stand-in for the model."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

import fake_pipeline
from quotes.cli import app

TESTS = Path(__file__).parent
ENVIRONMENT = {**os.environ, "PYTHONPATH": os.pathsep.join([str(TESTS.parent / "src"), str(TESTS)])}


@pytest.fixture(autouse=True)
def fake(monkeypatch):
    monkeypatch.setitem(sys.modules, "quotes.pipeline", fake_pipeline)


@pytest.fixture
def archive(tmp_path, monkeypatch):
    """205 articles in two files, and two lines that are none."""
    monkeypatch.chdir(tmp_path)
    for name, first in (("a.jsonl", 0), ("b.jsonl", 100)):
        with open(name, "w", encoding="utf8") as file:
            for i in range(first, first + 100 + first // 20):
                text = f'"Word {i}," said Maria Okonjo. "No," said a diver. WAIT'
                file.write(json.dumps({"id": f"a{i}", "text": text, "desk": "harbour"}) + "\n")
            file.write("{broken\n")
    return tmp_path


def run(*args):
    return CliRunner().invoke(app, [*map(str, args)], prog_name="quotes")


def start(*args, seconds=0.0, **options):
    command = [sys.executable, str(TESTS / "fake_pipeline.py"), *map(str, args)]
    environment = {**ENVIRONMENT, "FAKE_SECONDS": str(seconds), **options}
    return subprocess.Popen(
        command, env=environment, start_new_session=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def contents(folder):
    return {p.name: p.read_bytes() for p in Path(folder).iterdir()}


def manifest(folder):
    return [json.loads(line) for line in (Path(folder) / "manifest.jsonl").read_text().splitlines()]


IN_PARTS = ("a.jsonl", "b.jsonl", "--part-size", "20", "-f", "jsonl")


def test_parts_hold_every_article_once(archive):
    done = run(*IN_PARTS, "-o", "out/")
    assert done.exit_code == 3, done.output
    lines = [json.loads(line) for p in sorted(Path("out").glob("part-*.jsonl")) for line in p.open(encoding="utf8")]
    assert [r["id"] for r in lines] == [f"a{i}" for i in range(205)]
    head, *parts, end = manifest("out")
    assert (head["model"], head["part_size"], head["options"]) == ("fake_2024", 20, {})
    assert [p["items"] for p in parts] == [20] * 10 + [7]
    assert end == {"finished": True, "parts": 11, "articles": 205, "failed": 2}
    errors = "".join(p.read_text() for p in sorted(Path("out").glob("errors-*.tsv")))
    assert [line.split("\t")[0] for line in errors.splitlines()] == ["a.jsonl:101", "b.jsonl:106"]


def test_parquet_parts_have_the_schema_and_tell_where_they_come_from(archive):
    parquet = pytest.importorskip("pyarrow.parquet")
    assert run("a.jsonl", "--part-size", "60", "-o", "out/").exit_code == 3
    table = parquet.read_table("out/quotations-00001.parquet")
    assert table.num_rows == 80
    first = table.slice(0, 1).to_pylist()[0]
    assert (first["article"], first["speaker"], first["fields"]) == ("a60", "Maria Okonjo", '{"desk": "harbour"}')
    assert table.schema.metadata[b"quotes.model_hash"] == b"0123456789ab"
    about = parquet.read_table("out/articles-00001.parquet").to_pylist()
    assert len(about) == 40
    assert (about[0]["quotations"], about[0]["sources"], about[0]["unnamed"]) == (2, 2, 1)


def test_same_outcome_from_workers_and_alone(archive):
    run(*IN_PARTS, "-o", "one/")
    assert start(*IN_PARTS, "-o", "two/", "--jobs", "2").wait(60) == 3
    assert contents("one") == contents("two")


def test_shards_are_the_whole_together(archive):
    for k in (1, 2, 3):
        assert run(*IN_PARTS, "-o", f"s{k}/", "--shard", f"{k}/3").exit_code in (0, 3)
    found = [json.loads(line)["id"] for p in Path().glob("s*/part-*.jsonl") for line in p.open(encoding="utf8")]
    assert sorted(found, key=lambda i: int(i[1:])) == [f"a{i}" for i in range(205)]


def test_whole_process_group_killed_at_any_moment_goes_on(archive):
    run(*IN_PARTS, "-o", "whole/")
    whole = contents("whole")
    rng = random.Random(4)
    for moment in range(20):
        jobs = ("--jobs", "2") if moment % 5 == 0 else ()
        process = start(*IN_PARTS, "-o", "out/", *jobs, "--resume" if Path("out").exists() else "--force", seconds=0.004)
        time.sleep(rng.uniform(0.1, 1.5 if not jobs else 2.5))
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        if moment % 7 == 6:  # begin anew now and then, so that early moments come up too
            run(*IN_PARTS, "-o", "out/", "--resume" if Path("out/manifest.jsonl").exists() else "--force")
            assert contents("out") == whole
            for path in Path("out").iterdir():
                path.unlink()
    assert run(*IN_PARTS, "-o", "out/", "--resume").exit_code == 3
    assert contents("out") == whole


def test_every_state_that_a_kill_can_leave_goes_on(archive):
    run(*IN_PARTS, "-o", "whole/")
    whole = contents("whole")
    lines = whole["manifest.jsonl"].splitlines(keepends=True)
    for told in range(1, len(lines)):
        for torn in (b"", lines[told][:7] if told < len(lines) else b""):
            out = Path(f"out-{told}-{len(torn)}")
            out.mkdir()
            for name, data in whole.items():  # one part more than the manifest tells, and one half written
                if name == "manifest.jsonl" or name.split("-")[1][:5] > f"{told:05}":
                    continue
                (out / name).write_bytes(data)
            (out / f".part-{told:05}.jsonl.part").write_bytes(b"half")
            (out / "manifest.jsonl").write_bytes(b"".join(lines[:told]) + torn)
            assert run(*IN_PARTS, "-o", out, "--resume").exit_code == 3
            assert contents(out) == whole


def test_ctrl_c_finishes_the_part_in_hand_and_says_how_to_go_on(archive):
    run(*IN_PARTS, "-o", "whole/")
    process = start(*IN_PARTS, "-o", "out/", seconds=0.02)
    while not Path("out/part-00001.jsonl").exists():
        time.sleep(0.01)
    os.kill(process.pid, signal.SIGINT)
    _, stderr = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "--resume goes on" in stderr
    done = [line for line in manifest("out") if "part" in line]
    assert 2 <= len(done) < 11
    assert {line["items"] for line in done} == {20}
    assert run(*IN_PARTS, "-o", "out/", "--resume").exit_code == 3
    assert contents("out") == contents("whole")


def test_second_ctrl_c_ends_at_once(archive):
    process = start(*IN_PARTS, "-o", "out/", seconds=2)  # a part takes 40 s
    while not Path("out/manifest.jsonl").exists():
        time.sleep(0.01)
    time.sleep(0.5)
    os.kill(process.pid, signal.SIGINT)
    assert process.stderr is not None
    # on a busy machine two signals right behind one another arrive as one: the second waits for the first's word
    while "again: at once" not in process.stderr.readline():
        assert process.poll() is None
    os.kill(process.pid, signal.SIGINT)
    _, stderr = process.communicate(timeout=15)
    assert process.returncode == 130
    assert "interrupted" in stderr
    assert "Traceback" not in stderr


def test_finished_run_is_not_done_again(archive):
    run(*IN_PARTS, "-o", "out/")
    before = {p: p.stat().st_mtime_ns for p in Path("out").iterdir()}
    done = run(*IN_PARTS, "-o", "out/", "--resume")
    assert (done.exit_code, "done already" in done.stderr) == (3, True)
    assert {p: p.stat().st_mtime_ns for p in Path("out").iterdir()} == before


def cut(folder, parts):
    """As if the run had been stopped after so many parts."""
    path = Path(folder) / "manifest.jsonl"
    path.write_text("".join(path.read_text().splitlines(keepends=True)[: parts + 1]))


def test_other_options_model_or_input_are_refused(archive, monkeypatch):
    run(*IN_PARTS, "-o", "out/")
    cut("out", 3)
    again = run(*IN_PARTS, "-o", "out/")
    assert (again.exit_code, "--resume goes on with it" in again.stderr) == (4, True)
    other = run(*IN_PARTS, "-o", "out/", "--resume", "--kinds", "direct")
    assert (other.exit_code, "other settings" in other.stderr) == (4, True)
    monkeypatch.setenv("FAKE_HASH", "ba9876543210")
    model = run(*IN_PARTS, "-o", "out/", "--resume")
    assert (model.exit_code, "model_hash was '0123456789ab', is 'ba9876543210'" in model.stderr) == (4, True)
    assert run(*IN_PARTS, "-o", "out/", "--resume", "--force").exit_code == 3
    monkeypatch.delenv("FAKE_HASH")
    cut("out", 3)
    text = Path("a.jsonl").read_text().replace("Word 7,", "Word 8,")
    Path("a.jsonl").write_text(text)
    changed = run(*IN_PARTS, "-o", "out/", "--resume")
    assert (changed.exit_code, "not what part 0" in changed.stderr) == (4, True)
    Path("a.jsonl").write_text("")
    shorter = run("a.jsonl", *IN_PARTS[2:], "-o", "out/", "--resume")
    assert (shorter.exit_code, "fewer articles" in shorter.stderr) == (4, True)


def test_damaged_manifest_is_told_and_written_over(archive):
    run(*IN_PARTS, "-o", "out/")
    whole = contents("out")
    Path("out/manifest.jsonl").write_bytes(b"rubbish\n")
    damaged = run(*IN_PARTS, "-o", "out/", "--resume")
    assert (damaged.exit_code, "begin anew with --force" in damaged.stderr) == (4, True)
    assert run(*IN_PARTS, "-o", "out/", "--force").exit_code == 3
    assert contents("out") == whole


def test_folder_of_something_else_is_not_touched(archive):
    Path("out").mkdir()
    Path("out/letter.txt").write_text("mine")
    for options in ((), ("--force",), ("--resume",)):
        done = run(*IN_PARTS, "-o", "out/", *options)
        assert (done.exit_code, "holds no run of ours" in done.stderr) == (4, True)
    assert contents("out") == {"letter.txt": b"mine"}


def test_force_writes_over_a_run(archive):
    run(*IN_PARTS, "-o", "out/")
    assert run("a.jsonl", "--part-size", "50", "-f", "jsonl", "-o", "out/", "--force").exit_code == 3
    assert sorted(p.name for p in Path("out").glob("part-*")) == [f"part-0000{i}.jsonl" for i in range(3)]


def test_output_within_the_input_is_not_read(archive):
    run(".", *IN_PARTS[2:], "-o", "out/")
    first = contents("out")
    cut("out", 2)
    assert run(".", *IN_PARTS[2:], "-o", "out/", "--resume").exit_code == 3
    assert contents("out") == first


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--resume",), "goes with -o DIR/"),
        (("--part-size", "5"), "goes with -o DIR/"),
        (("-f", "parquet"), "-o DIR/"),
        (("-f", "sqlite"), "-o FILE.db"),
        (("-o", "out/", "-f", "csv"), "parquet or jsonl"),
        (("-o", "out/", "--columns", "speaker"), "all columns"),
        (("--shard", "3/2"), "K/N"),
        (("--shard", "a"), "K/N"),
    ],
)
def test_options_that_do_not_go_together(archive, options, message):
    done = run("a.jsonl", *options)
    assert (done.exit_code, message in " ".join(done.stderr.split())) == (2, True)
    assert not Path("out").exists()


def test_article_that_takes_too_long_is_skipped(archive):
    texts = ['"Yes," said Lim.', "SLEEP", '"No," said Lim.']
    Path("c.jsonl").write_text("".join(json.dumps({"text": t}) + "\n" for t in texts))
    for jobs in ("1", "2"):
        process = start("c.jsonl", "-o", f"out{jobs}/", "-f", "jsonl", "--timeout", "0.5", "--jobs", jobs)
        _, stderr = process.communicate(timeout=60)
        assert (process.returncode, "not done within 0.5 seconds" in stderr) == (3, True)
        assert manifest(f"out{jobs}")[-1]["articles"] == 2


def test_worker_that_is_killed_costs_one_article(archive):
    texts = [f'"Yes {i}," said Lim.' for i in range(30)]
    texts[11] = "DIE"
    Path("c.jsonl").write_text("".join(json.dumps({"id": str(i), "text": t}) + "\n" for i, t in enumerate(texts)))
    process = start("c.jsonl", "-o", "out/", "-f", "jsonl", "--jobs", "2")
    _, stderr = process.communicate(timeout=120)
    assert (process.returncode, "the worker process died of it" in stderr) == (3, True)
    assert manifest("out")[-1] == {"finished": True, "parts": 1, "articles": 29, "failed": 1}


def test_dry_run_tells_what_would_be_read(archive):
    Path("c.txt").write_text("Yes.")
    done = run(".", "--dry-run")
    assert done.exit_code == 3
    assert done.stdout.splitlines() == ["JSON Lines\t205", "text\t1", "all\t206", "failed\t2"]
    assert done.stderr.count("not valid JSON") == 2


@pytest.mark.parametrize("format", ["jsonl", "parquet"])
def test_keys_and_aliases_go_on_where_a_run_was_stopped(archive, format):
    if format == "parquet":
        pytest.importorskip("pyarrow")
    for name in ("a.jsonl", "b.jsonl"):
        told = "ferries mayors tunnels cats rivers unions gardens".split()
        lines = [f'"{" of ".join([told[i % 7]] * 4)} in March," said Maria Okonjo.' for i in range(50)]
        Path(name).write_text("".join(json.dumps({"id": f"{name}{i}", "text": t}) + "\n" for i, t in enumerate(lines)))
    Path("names.csv").write_text("name,alias,id\nM Okonjo,Maria Okonjo,Q7\n")
    options = ("a.jsonl", "b.jsonl", "--part-size", "20", "-f", format, "--key-quotations", "--aliases", "names.csv")
    assert run(*options, "-o", "out/").exit_code == 0
    whole = contents("out")
    if format == "jsonl":
        keys = [q["key"] for p in sorted(Path("out").glob("part-*")) for r in map(json.loads, p.open()) for q in r["quotes"]]
        assert keys == [f"a.jsonl{i % 7}#q1" for _ in range(2) for i in range(50)]
    lines = (Path("out") / "manifest.jsonl").read_bytes().splitlines(keepends=True)
    (Path("out") / "manifest.jsonl").write_bytes(b"".join(lines[:3]))
    assert run(*options, "-o", "out/", "--resume").exit_code == 0
    assert contents("out") == whole
    Path("names.csv").write_text("name,alias,id\nM Okonjo,Maria Okonjo,Q8\n")
    refused = run(*options, "-o", "out/", "--resume")
    assert refused.exit_code == 4 and "aliases" in refused.output
    (Path("out") / "manifest.jsonl").write_bytes(b"".join(lines[:3]))
    Path("names.csv").write_text("name,alias,id\nM Okonjo,Maria Okonjo,Q7\n")
    next(Path("out").glob("part-*0.jsonl" if format == "jsonl" else "quotations-*0.parquet")).write_text("{")
    damaged = run(*options, "-o", "out/", "--resume")
    assert damaged.exit_code == 4 and "cannot be read again" in damaged.output
