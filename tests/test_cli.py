"""The command line with a stand-in for the model: options, exit codes, what goes where, and how runs end."""

import csv
import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

import fake_pipeline
from quotes import evaluate
from quotes.cli import app

TESTS = Path(__file__).parent
ENVIRONMENT = {
    **os.environ,
    "PYTHONPATH": os.pathsep.join([str(TESTS.parent / "src"), str(TESTS)]),
    "PYTHONIOENCODING": "utf-8",
}
FERRY = '“We told them [the mayor] in March,” said a diver. "Nothing [/b] of it," said Maria Okonjo.\n\n"Why?"\n'


@pytest.fixture(autouse=True)
def fake(monkeypatch):
    monkeypatch.setitem(sys.modules, "quotes.pipeline", fake_pipeline)
    monkeypatch.delenv("NO_COLOR", raising=False)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "ferry.txt").write_text(FERRY, encoding="utf-8")
    return tmp_path


def run(*args, **options):
    """In this process: quick, standard output is no terminal."""
    return CliRunner().invoke(app, [str(a) for a in args], prog_name="quotes", **options)


def command(*args):
    return [sys.executable, str(TESTS / "fake_pipeline.py"), *map(str, args)]


def process(*args, **options):
    """In a process of its own."""
    options = {"capture_output": True, "env": ENVIRONMENT, "timeout": 120, **options}
    return subprocess.run(command(*args), check=False, **options)


def table_of(text):
    return list(csv.DictReader(io.StringIO(text, newline="")))


# --- the two forms, help and version


@pytest.mark.parametrize(
    "args", [["extract", "ferry.txt"], ["ferry.txt"], ["./ferry.txt"], ["--", "ferry.txt"], ["-q", "ferry.txt"]]
)
def test_short_form_is_extract(folder, args):
    done = run(*args, "--columns", "speaker,quotation") if args[0] != "--" else run(*args)
    assert done.exit_code == 0
    assert "“We told them [the mayor] in March,”" in done.stdout


def test_exact_tsv_in_a_pipe(folder):
    done = run("ferry.txt", "--columns", "article,n,paragraph,speaker,quotation")
    assert done.stdout == (
        "article\tn\tparagraph\tspeaker\tquotation\n"
        "ferry\t1\t1\ta diver\t“We told them [the mayor] in March,”\n"
        'ferry\t2\t1\tMaria Okonjo\t"Nothing [/b] of it,"\n'
        'ferry\t3\t2\t\t"Why?"\n'
    )
    assert done.stderr == ""


def test_exact_table(folder):
    done = run("ferry.txt", "--format", "table", "--width", 80)
    assert [line.rstrip() for line in done.stdout.split("\n")] == [
        "ferry",
        "ferry.txt",
        "#   ¶   source         quotation",
        "─" * 59,
        "1   1   ◦ a diver      “We told them [the mayor] in March,”",
        '2   1   Maria Okonjo   "Nothing [/b] of it,"',
        '3   2   — (not told)   "Why?"',
        "3 quotations, 2 sources, 1 unnamed (◦), 1 unattributed",
        "",
    ]


@pytest.mark.parametrize(
    "args", [["--help"], ["-h"], ["extract", "--help"], ["explain", "--help"], ["evaluate", "--help"]]
)
def test_help_opens_with_examples(args):
    done = run(*args)
    assert done.exit_code == 0
    assert "Examples:" in done.stdout.split("\n\n")[2]


def test_no_arguments_show_help_and_are_wrong_usage():
    done = run()
    assert done.exit_code == 2
    assert "Usage: quotes" in done.output


def test_version_names_the_model():
    done = run("--version")
    assert done.exit_code == 0
    assert done.stdout.split("\n")[1] == "model fake_2024 (sha256:0123456789ab)"


def test_version_without_a_model(monkeypatch):
    monkeypatch.setattr(fake_pipeline, "load", _no_model)
    done = run("--version")
    assert (done.exit_code, "model not available: no model" in done.stdout) == (0, True)


def _no_model():
    from quotes.errors import ModelNotFoundError

    raise ModelNotFoundError("no model")


@pytest.mark.parametrize("args", [["--help"], ["extract", "--help"], ["explain", "--help"], ["evaluate", "--help"]])
def test_help_imports_nothing_heavy(args):
    code = (
        "import sys; sys.argv = ['quotes', *sys.argv[1:]]\n"
        "from quotes.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "heavy = {'spacy', 'onnxruntime', 'pandas', 'numpy', 'tokenizers', 'trafilatura', 'pydantic', 'rich.table'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code, *args], env=ENVIRONMENT, capture_output=True, check=True)
    assert done.stderr.decode().strip() == "[]"


def test_python_m_quotes():
    done = subprocess.run([sys.executable, "-m", "quotes", "--help"], env=ENVIRONMENT, capture_output=True, check=True)
    assert b"quotes article.txt" in done.stdout


@pytest.mark.parametrize(
    ("words", "number", "found"), [("quotes ev", 1, "evaluate"), ("quotes a.txt --format j", 3, "jsonl")]
)
def test_shell_completion(words, number, found):
    environment = {**ENVIRONMENT, "_QUOTES_COMPLETE": "complete_bash", "COMP_WORDS": words, "COMP_CWORD": str(number)}
    done = process(env=environment)
    assert found in done.stdout.decode().split()


# --- wrong usage


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["extract"], "Missing argument"),
        (["ferry.txt", "--format", "xml"], "xml"),
        (["ferry.txt", "--kinds", "direct,spoken"], "no kind 'spoken'; there are direct, mixed, indirect"),
        (["ferry.txt", "--kinds", ","], "--kinds"),
        (["ferry.txt", "--min-confidence", "2"], "--min-confidence"),
        (["ferry.txt", "--jobs", "-1"], "--jobs"),
        (["ferry.txt", "--limit", "0"], "--limit"),
        (["ferry.txt", "--width", "10"], "--width"),
        (["ferry.txt", "-o", "out.xyz"], "no format goes with the name 'out.xyz'"),
        (["ferry.txt", "-f", "jsonl", "--columns", "n"], "jsonl has whole records"),
        (["ferry.txt", "--columns", "n,speeker"], "no column 'speeker'; there are article, n,"),
        (["ferry.txt", "--columns", ","], "no column is named"),
        (["ferry.txt", "--unknown"], "--unknown"),
        (["extrct", "ferry.txt"], "did you mean the command 'extract'?"),
        (["evaluate"], "Missing argument"),
        (["explain"], "Missing argument"),
        (["explian", "ferry.txt"], "did you mean the command 'explain'?"),
        (["explain", "ferry.txt", "--format", "csv"], "--format"),
        (["evaluate", "gold.jsonl", "--min-f1", "high"], "neither NAME=VALUE nor a number"),
    ],
)
def test_wrong_usage_exits_2(folder, args, message):
    done = run(*args)
    assert done.exit_code == 2
    assert message in " ".join(done.stderr.split())
    assert done.stdout == ""


# --- what fails, and how a run ends


def test_no_quotations_is_done(folder):
    (folder / "calm.txt").write_text("No one spoke.")
    done = run("calm.txt")
    assert (done.exit_code, done.stdout.count("\n"), done.stderr) == (0, 1, "")


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["missing.txt"], "error: missing.txt: no such file or folder"),
        (["*.xyz"], "error: *.xyz: no such file, and none matches it as a pattern"),
        (["missing.txt", "gone.txt"], "error: gone.txt: no such file or folder"),
        (["binary.txt"], "error: binary.txt: not text"),
        (["ferry.txt", "--model", "missing"], "error: no model 'missing'; there is 'default'"),
        (["ferry.txt", "--model", "missing", "--jobs", "2"], "error: no model 'missing'; there is 'default'"),
        (["ferry.txt", "-o", "none/out.csv"], "there is no folder"),
        (["ferry.txt", "-o", "old.csv"], "old.csv exists already; give --force"),
        (["ferry.txt", "-o", "ferry.txt", "--force"], "ferry.txt is an input and would be written over"),
        (["ferry.txt", "--errors", "none/e.tsv"], "error: none/e.tsv cannot be written"),
    ],
)
def test_nothing_could_be_done_exits_4(folder, args, message):
    (folder / "binary.txt").write_bytes(b"\0\1")
    (folder / "old.csv").write_text("old")
    done = process(*args, cwd=folder) if "--jobs" in args else run(*args)
    code, stderr = (done.returncode, done.stderr.decode()) if "--jobs" in args else (done.exit_code, done.stderr)
    assert code == 4
    assert message in stderr
    assert "Traceback" not in stderr
    assert not done.stdout
    assert (folder / "old.csv").read_text() == "old"


@pytest.fixture(scope="module")
def thousand(tmp_path_factory):
    folder = tmp_path_factory.mktemp("thousand")
    for i in range(1000):
        data = b"\0\1\2" if i % 100 == 7 else f'"Word {i}," said Li Wen.\n'.encode()
        (folder / f"a{i:04}.txt").write_bytes(data)
    return folder


@pytest.mark.parametrize("jobs", [1, 2])
def test_ten_bad_files_among_a_thousand(thousand, tmp_path, jobs):
    errors = tmp_path / "errors.tsv"
    done = process(thousand, "-f", "jsonl", "--errors", errors, "--jobs", jobs)
    assert done.returncode == 3
    ids = [json.loads(line)["id"] for line in done.stdout.decode().splitlines()]
    assert ids == [f"a{i:04}" for i in range(1000) if i % 100 != 7]
    told = done.stderr.decode().splitlines()
    assert len(told) == 10
    assert told[0].startswith(f"error: {thousand / 'a0007.txt'}: not text")
    listed = [line.split("\t") for line in errors.read_text().splitlines()]
    assert [Path(where).name for where, _ in listed] == [f"a{i:04}.txt" for i in range(7, 1000, 100)]


def test_internal_error_costs_one_article(folder):
    lines = [{"id": "a", "text": '"A," said Li Wen.'}, {"id": "b", "text": "EXPLODE"}, {"id": "c", "text": '"C"'}]
    (folder / "in.jsonl").write_text("\n".join(map(json.dumps, lines)))
    done = run("in.jsonl", "-f", "jsonl")
    assert done.exit_code == 3
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == ["a", "c"]
    assert done.stderr == (
        "error: in.jsonl [b]: internal error (ValueError: exploded as asked); "
        "-v shows the traceback, please report it\n"
    )
    assert "Traceback (most recent call last):" in run("in.jsonl", "-v").stderr


def test_worker_that_dies_costs_one_article(folder):
    texts = ["one", "two", "DIE", "four", "EXPLODE", "six"]
    (folder / "in.jsonl").write_text("\n".join(json.dumps({"id": t, "text": t}) for t in texts))
    done = process("in.jsonl", "-f", "jsonl", "--jobs", 2, cwd=folder)
    assert done.returncode == 3
    assert [json.loads(line)["id"] for line in done.stdout.decode().splitlines()] == ["one", "two", "four", "six"]
    dead, internal = done.stderr.decode().splitlines()
    assert "in.jsonl [DIE]: the worker process died of it" in dead
    assert "internal error" in internal


def test_jobs_give_the_same_as_one_process(thousand):
    one, two = (process(thousand, "-f", "csv", "--limit", 100, "--jobs", n) for n in (1, 2))
    assert one.stdout == two.stdout
    assert one.stdout.count(b"\n") == 101


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize("jobs", [1, 2])
def test_interrupt_exits_130_with_one_line_and_leaves_no_file(folder, jobs):
    (folder / "slow.txt").write_text("SLEEP")
    started = subprocess.Popen(
        command("ferry.txt", "slow.txt", "-o", "out.csv", "--jobs", jobs, "-v"),
        cwd=folder, env=ENVIRONMENT, stderr=subprocess.PIPE, start_new_session=True,
        # tests that run in the background inherit that interrupts are ignored
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )  # fmt: skip
    time.sleep(3 if jobs > 1 else 1.5)
    os.killpg(started.pid, signal.SIGINT)
    _, stderr = started.communicate(timeout=10)
    assert started.returncode == 130
    assert stderr.decode() == "error: interrupted\n"
    assert sorted(os.listdir(folder)) == ["ferry.txt", "slow.txt"]


@pytest.mark.skipif(sys.platform == "win32", reason="pipes")
@pytest.mark.parametrize("format", ["tsv", "jsonl", "table"])
def test_reader_of_the_pipe_goes_away(thousand, format):
    read_end, write_end = os.pipe()
    os.close(read_end)
    done = process(thousand, "-f", format, capture_output=False, stdout=write_end, stderr=subprocess.PIPE)
    os.close(write_end)
    assert done.returncode == 141
    assert b"Traceback" not in done.stderr and b"Exception" not in done.stderr and b"Broken" not in done.stderr


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
@pytest.mark.parametrize("args", [["ferry.txt"], ["-f", "table", "ferry.txt"], ["audit", "ferry.txt"], ["show", "ferry.txt"]])
@pytest.mark.parametrize("unbuffered", ["", "1"])  # at once, or at Python's end
def test_full_disk(folder, args, unbuffered):
    environment = {**ENVIRONMENT, "PYTHONUNBUFFERED": unbuffered}
    with open("/dev/full", "wb") as full:
        done = process(*args, cwd=folder, capture_output=False, stdout=full, stderr=subprocess.PIPE, env=environment)
    assert done.returncode == 4
    assert done.stderr.decode() == "error: the results cannot be written (No space left on device)\n"


# --- output files


@pytest.mark.parametrize(
    ("name", "beginning"),
    [
        ("out.csv", "article,n,"),
        ("out.TSV", "article\tn\t"),
        ("out.jsonl", '{"id": "ferry"'),
        ("out.json", '[\n{"id": "ferry"'),
        ("out.md", "## ferry"),
        ("out.txt", "ferry\n"),
    ],
)
def test_output_format_by_suffix(folder, name, beginning):
    done = run("ferry.txt", "-o", name)
    assert (done.exit_code, done.stdout, done.stderr) == (0, "", "")
    assert (folder / name).read_text(encoding="utf-8").startswith(beginning)
    assert sorted(os.listdir(folder)) == sorted(["ferry.txt", name])


def test_format_goes_before_suffix(folder):
    run("ferry.txt", "-o", "out.txt", "-f", "jsonl")
    assert json.loads((folder / "out.txt").read_text(encoding="utf-8"))["id"] == "ferry"


def test_force_writes_over_and_keeps_the_mode(folder):
    old = folder / "old.csv"
    old.write_text("old")
    old.chmod(0o640)
    assert run("ferry.txt", "-o", old, "--force").exit_code == 0
    assert old.read_text(encoding="utf-8").startswith("article,")
    assert old.stat().st_mode & 0o777 == 0o640


def test_output_that_fails_leaves_the_old_file(folder):
    (folder / "bad.txt").write_bytes(b"\0")
    (folder / "old.csv").write_text("old")
    assert run("bad.txt", "-o", "old.csv", "--force").exit_code == 4
    assert (folder / "old.csv").read_text() == "old"
    assert sorted(os.listdir(folder)) == ["bad.txt", "ferry.txt", "old.csv"]


def test_output_in_the_input_folder_is_not_read_the_next_time(folder):
    for _ in range(2):
        assert run(".", "-o", "out.jsonl", "--errors", "errors.csv", "--force").exit_code == 0
    assert len((folder / "out.jsonl").read_text(encoding="utf-8").splitlines()) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="devices")
def test_output_to_a_device(folder):
    assert run("ferry.txt", "-o", "/dev/null", "-f", "csv").exit_code == 0


def test_data_is_utf8_whatever_the_locale(folder):
    done = process(
        "ferry.txt", "-f", "jsonl", cwd=folder, env={**ENVIRONMENT, "PYTHONIOENCODING": "ascii", "LC_ALL": "C"}
    )
    assert "“We told" in done.stdout.decode("utf-8")


def test_table_on_an_ascii_terminal(folder):
    done = process("ferry.txt", "-f", "table", cwd=folder, env={**ENVIRONMENT, "PYTHONIOENCODING": "ascii"})
    assert done.returncode == 0
    assert '* a diver    | "We told them [the mayor] in March,"' in done.stdout.decode("ascii")


def test_color_is_asked_for_or_not(folder):
    assert "\x1b[" in run("ferry.txt", "-f", "table", "--color", "always", env={"TERM": "xterm"}).stdout
    assert "\x1b" not in run("ferry.txt", "-f", "table").stdout
    assert "\x1b" not in run("ferry.txt", "-f", "table", "--color", "never", env={"FORCE_COLOR": "1"}).stdout


# --- filters, limits, fields, messages


def test_filters(folder):
    rows = table_of(run("ferry.txt", "-f", "csv", "--min-confidence", 0.5).stdout)
    assert [r["speaker"] for r in rows] == ["a diver", "Maria Okonjo"]
    record = json.loads(run("ferry.txt", "-f", "jsonl", "--kinds", "mixed,indirect").stdout)
    assert (record["quotes"], record["speakers"]) == ([], [])


def test_limit_counts_articles(thousand):
    done = run(thousand, "-f", "jsonl", "--limit", 9)
    assert done.exit_code == 3  # a0007 failed on the way
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == [f"a{i:04}" for i in range(10) if i != 7]


def test_own_columns_come_out_again(folder):
    (folder / "in.csv").write_text('key,story,beat\n7,"""A,"" said Li Wen.",sea\n')
    done = run("in.csv", "--text-field", "story", "--id-field", "key", "--columns", "article,beat,quotation,section")
    assert done.stdout == 'article\tbeat\tquotation\tsection\n7\tsea\t"A,"\t\n'
    assert done.stderr == "warning: no article has a field for the column 'section'\n"


def test_fields_left_out_of_a_stream_are_told(folder):
    (folder / "in.jsonl").write_text('{"text": "\\"A\\"", "a": 1}\n{"text": "\\"B\\"", "b": 2}\n')
    assert "left out: 'b'; use -o FILE" in run("in.jsonl").stderr
    assert run("in.jsonl", "-o", "out.csv").stderr == ""
    assert table_of((folder / "out.csv").read_text())[1]["b"] == "2"


def test_reading_warnings_go_to_stderr_where_the_format_has_no_place(folder):
    (folder / "old.txt").write_bytes("“Yes,” said Li Wen.".encode("cp1252"))
    warning = "warning: old.txt: not UTF-8; read as cp1252, which is a guess\n"
    assert run("old.txt").stderr == warning
    assert run("old.txt", "-q").stderr == ""
    assert run("old.txt", "-f", "jsonl").stderr == ""
    assert "Warning: not UTF-8" in run("old.txt", "-f", "table").stdout


def test_quiet_still_tells_errors(folder):
    (folder / "photo.jpg").write_bytes(b"\0")
    (folder / "bad.txt").write_bytes(b"\0")
    assert len(run(".").stderr.splitlines()) == 2
    assert run(".", "-q").stderr.startswith("error: ./bad.txt: not text".replace("/", os.sep))
    assert len(run(".", "-q").stderr.splitlines()) == 1


def test_verbose_sums_up(folder):
    assert run("ferry.txt", "-v").stderr == "1 articles, 0 failed\n"


def test_messages_do_not_steer_the_terminal(folder):
    done = run("ferry.txt", "a\x1b[2Jb.txt")
    assert done.stderr == "error: a\\x1b[2Jb.txt: no such file, and none matches it as a pattern\n"


def test_errors_file_has_one_line_an_error(folder):
    run("ferry.txt", "a\tb\nc.txt", "--errors", "errors.tsv")
    assert (folder / "errors.tsv").read_text() == "a\\tb\\nc.txt\tno such file or folder\n"


def test_standard_input(folder):
    done = process("-", "-f", "jsonl", input=FERRY.encode())
    record = json.loads(done.stdout)
    assert (record["id"], record["path"], record["text"]) == ("stdin", None, FERRY)
    many = b"".join(json.dumps({"id": str(i), "text": '"A"'}).encode() + b"\n" for i in range(50))
    assert process("-", "-f", "jsonl", input=many).stdout.count(b"\n") == 50


def test_lone_surrogate_is_an_error_not_a_crash(folder):
    (folder / "in.jsonl").write_text('{"text": "a\\ud83d"}\n{"text": "b"}\n')
    done = process("in.jsonl", "-f", "jsonl", cwd=folder)
    assert done.returncode == 3
    assert b"in.jsonl:1: its text has half of a surrogate pair" in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="terminals")
def test_table_and_no_progress_on_a_terminal(folder):
    import pty

    leader, follower = pty.openpty()
    environment = {**ENVIRONMENT, "TERM": "xterm", "COLUMNS": "80"}
    started = subprocess.Popen(
        command("ferry.txt", "--color", "never"), cwd=folder, env=environment, stdout=follower, stderr=follower
    )
    assert started.wait(timeout=60) == 0
    shown = os.read(leader, 65536).decode()
    os.close(follower)
    os.close(leader)
    assert "◦ a diver" in shown
    assert "\x1b" not in shown


@pytest.mark.skipif(sys.platform == "win32", reason="terminals")
def test_progress_on_a_terminal_only(folder, monkeypatch):
    import pty

    (folder / "in.jsonl").write_text("\n".join(json.dumps({"text": "WAIT"}) for _ in range(4)))
    leader, follower = pty.openpty()
    environment = {**ENVIRONMENT, "TERM": "xterm", "FAKE_SECONDS": "0.6"}
    started = subprocess.Popen(
        command("in.jsonl", "-f", "jsonl"), cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=follower
    )
    out, _ = started.communicate(timeout=60)
    shown = os.read(leader, 65536).decode()
    os.close(follower)
    os.close(leader)
    assert out.count(b"\n") == 4
    assert "articles" in shown


# --- explain

EXPLAINED = {
    "q1": (
        "q1  ¶1  direct  “We told them [the mayor] in March,”\n"
        "    cue        said [37:41]\n"
        "    mention    a diver [42:49]\n"
        "    speaker    a diver, anonymous\n"
        "    confidence 0.90\n"
    ),
    "q2": (
        'q2  ¶1  direct  "Nothing [/b] of it,"\n'
        "    cue        said [73:77]\n"
        "    mention    Maria Okonjo [78:90]\n"
        "    speaker    Maria Okonjo, person\n"
        "    confidence 0.90\n"
    ),
    "q3": (
        'q3  ¶2  direct  "Why?"\n'
        "    cue        none\n"
        "    mention    none beside the quotation\n"
        "    speaker    the article does not tell\n"
        "    confidence 0.25\n"
    ),
}


@pytest.mark.parametrize(
    ("asked", "given"),
    [([], ["q1", "q2", "q3"]), (["q2"], ["q2"]), (["q3", "q1"], ["q1", "q3"]), (["q3", "q3"], ["q3"])],
)
def test_explain_exactly(folder, asked, given):
    done = run("explain", "ferry.txt", *asked)
    assert done.stdout == "\n".join(["ferry: 3 quotations\n", *(EXPLAINED[k] for k in given)])
    assert (done.exit_code, done.stderr) == (0, "")


def test_explain_without_quotations(folder):
    (folder / "calm.txt").write_text("No one spoke.")
    done = run("explain", "calm.txt")
    assert (done.exit_code, done.stdout, done.stderr) == (0, "calm: 0 quotations\n", "")


def test_explain_of_one_quotation(folder):
    (folder / "one.txt").write_text('"Why?"')
    assert run("explain", "one.txt").stdout.startswith("one: 1 quotation\n")


def test_explain_tells_the_quotations_that_there_are_not(folder):
    done = run("explain", "ferry.txt", "q9", "q3", "x")
    assert done.exit_code == 2
    assert "no quotation q9, x in ferry.txt" in " ".join(done.stderr.replace("│", " ").split())
    assert done.stdout == f"ferry: 3 quotations\n\n{EXPLAINED['q3']}"


def test_explain_of_an_unknown_quotation_alone_prints_nothing(folder):
    done = run("explain", "ferry.txt", "q9")
    assert (done.exit_code, done.stdout) == (2, "")


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["missing.txt"], "error: missing.txt: no such file or folder\n"),
        (["missing.txt", "q1"], "error: missing.txt: no such file or folder\n"),
        (["bad.txt"], "error: bad.txt: not text"),
        (["ferry.txt", "--model", "missing"], "error: no model 'missing'; there is 'default'\n"),
    ],
)
def test_explain_of_nothing_exits_4(folder, args, message):
    (folder / "bad.txt").write_bytes(b"\0\1")
    done = run("explain", *args)
    assert (done.exit_code, done.stdout) == (4, "")
    assert done.stderr.startswith(message)


def test_explain_of_several_articles(folder):
    lines = [{"id": "a", "story": '"A" "B"'}, {"id": "b", "story": "EXPLODE"}, {"id": "c", "story": '"C"'}]
    (folder / "in.jsonl").write_text("\n".join(map(json.dumps, lines)))
    done = run("explain", "in.jsonl", "q2", "--text-field", "story")
    assert done.exit_code == 3
    assert done.stdout.splitlines()[:3] == ["a: 2 quotations", "", 'q2  ¶1  direct  "B"']
    assert done.stdout.count("quotations") == 1
    assert done.stderr.startswith("error: in.jsonl [b]: internal error (ValueError: exploded as asked)")


def test_explain_from_standard_input(folder):
    done = run("explain", "-", "q2", input=FERRY)
    assert (done.exit_code, done.stdout) == (0, f"stdin: 3 quotations\n\n{EXPLAINED['q2']}")


# --- evaluate


class FakeReport:
    """What `quotes.evaluate.run` gives."""

    def __init__(self, gold, records, bootstrap, seed):
        self.f1 = {"detect": 95.0, "speaker_lenient": 50.0}
        self._arguments = [gold, [r["id"] for r in records], bootstrap, seed]

    def to_dict(self):
        return {"f1": self.f1, "arguments": self._arguments}

    def lines(self):
        return ["detect 95.0", json.dumps(self._arguments)]


@pytest.fixture
def scorer(monkeypatch):
    monkeypatch.setattr(
        evaluate, "run", lambda gold, records, *, bootstrap, seed: FakeReport(gold, records, bootstrap, seed)
    )


def test_evaluate_with_the_real_scorer(folder):
    records = run("ferry.txt", "-f", "jsonl").stdout
    (folder / "gold.jsonl").write_text(records, encoding="utf-8")
    for predicted in ([], ["gold.jsonl"]):
        done = run("evaluate", "gold.jsonl", *predicted, "--min-f1", "100", "--min-f1", "detect=100")
        assert (done.exit_code, done.stderr) == (0, "")


@pytest.fixture
def gold(folder):
    records = [{"id": i, "text": FERRY, "quotes": [], "speakers": []} for i in ("a", "b")]
    (folder / "gold.jsonl").write_text("\n".join(map(json.dumps, records)) + "\n")
    return "gold.jsonl"


def test_evaluate_runs_the_model_or_takes_records(scorer, gold):
    done = run("evaluate", gold, "--bootstrap", 5, "--seed", 3)
    assert done.exit_code == 0
    assert done.stdout.splitlines() == ["detect 95.0", '["gold.jsonl", ["a", "b"], 5, 3]']
    assert run("evaluate", gold, gold).stdout.splitlines()[1] == '["gold.jsonl", ["a", "b"], 1000, 0]'


@pytest.mark.parametrize(
    ("gates", "code"),
    [
        ([], 0),
        (["50"], 0),
        (["0.5"], 0),
        (["51"], 1),
        (["detect=95", "Speaker-Lenient=50"], 0),
        (["detect=96", "50"], 1),
        (["unknown=5"], 2),
    ],
)
def test_evaluate_gates(scorer, gold, gates, code):
    done = run("evaluate", gold, *[a for g in gates for a in ("--min-f1", g)])
    assert done.exit_code == code
    if code == 1:
        assert "below" in done.stderr


def test_evaluate_writes_json(scorer, gold, folder):
    assert run("evaluate", gold, "--json", "scores.json").exit_code == 0
    assert json.loads((folder / "scores.json").read_text())["f1"]["detect"] == 95


@pytest.mark.parametrize(
    ("content", "message"),
    [('{"id": 1}\nnot json\n', "records.jsonl:2: "), ("[1]\n", "records.jsonl"), ('{"id": "a"}\n', "speakers")],
)
def test_evaluate_with_broken_records(gold, folder, content, message):
    (folder / "records.jsonl").write_text(content)
    done = run("evaluate", gold, "records.jsonl")
    assert done.exit_code == 4
    assert message in done.stderr
    assert run("evaluate", gold, "missing.jsonl").exit_code == 4
    assert run("evaluate", "missing.jsonl").exit_code == 4
