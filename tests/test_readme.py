"""What the documents say is so: commands run, examples work, links lead somewhere, keys and options are described."""

import json
import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from quotes.cli import app
from quotes.records import Article, ArticleResult, Attribution, Source
from quotes.table import COLUMNS

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf8")
RECORD = (ROOT / "docs" / "record.md").read_text(encoding="utf8")
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("models/*/README.md")])
PICTURE = "quotes samples/herons-final.txt"


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


COMMANDS = [
    line.removeprefix("$ ")
    for block in blocks(README, "(?:console|sh)")
    for line in block.splitlines()
    if line.removeprefix("$ ").startswith("quotes ")
]


@pytest.fixture
def workplace(tmp_path, monkeypatch):
    """A folder with the files that README's commands name; its inputs are small."""
    for folder in ("samples", "tests"):
        (tmp_path / folder).symlink_to(ROOT / folder)
    record = json.loads((ROOT / "tests/samples/herons-final.json").read_text(encoding="utf8"))
    for name in ("gold.jsonl", "records.jsonl"):
        (tmp_path / name).write_text(json.dumps(record) + "\n", encoding="utf8")
    texts = {"a1": "“No,” said the mayor, Maria Okonjo.", "a2": "Nobody spoke."}
    lines = [json.dumps({"id": id, "text": text}) for id, text in texts.items()]
    (tmp_path / "archive.jsonl").write_text("\n".join(lines) + "\n", encoding="utf8")
    rows = ["number,story", *(f'{id},"{text}"' for id, text in texts.items())]
    (tmp_path / "export.csv").write_text("\n".join(rows) + "\n", encoding="utf8")
    (tmp_path / "archive" / "may").mkdir(parents=True)
    (tmp_path / "archive" / "may" / "a1.txt").write_text(texts["a1"], encoding="utf8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(command: str) -> str:
    """Standard output of one command, in this process and in one job: redirections are read, not left to a shell."""
    words = shlex.split(command.replace("--jobs 4", "--jobs 1"))[1:]
    stdin = Path(words[words.index("<") + 1]).read_bytes() if "<" in words else None
    ends = [words.index(sign) for sign in "<>" if sign in words]
    done = CliRunner().invoke(app, words[: min(ends, default=len(words))], prog_name="quotes", input=stdin)
    assert done.exit_code == 0, done.output
    return done.stdout


def test_readme_has_commands_to_run():
    assert len(COMMANDS) >= 8
    assert COMMANDS[0] == PICTURE


@pytest.mark.model
@pytest.mark.parametrize("command", COMMANDS)
def test_command_works(workplace, command):
    before = set(workplace.iterdir())
    out = run(command)
    written = {path for path in workplace.iterdir() if path.stat().st_size} - before
    if "-o " in command or "--output" in command:
        assert written
    else:
        assert out.strip()


@pytest.mark.model
def test_picture_is_what_the_command_prints(workplace):
    block = next(b for b in blocks(README, "console") if b.startswith(f"$ {PICTURE}\n"))
    out = run(f"{PICTURE} --format table --width 80")
    assert [line.rstrip() for line in out.splitlines()] == block.splitlines()[1:]


@pytest.mark.model
@pytest.mark.parametrize("code", blocks(README, "python"), ids=["api", "spacy"])
def test_python_example_works(code, capsys):
    exec(compile(code, "README.md", "exec"), {})
    assert "March" in capsys.readouterr().out


def test_two_commands_for_a_fresh_machine():
    # .ci/run takes them from README by these very words
    lines = [line for line in README.splitlines() if line.startswith("python3 -m venv .venv && ")]
    assert len(lines) == 2
    assert "pip install '.[html]'" in lines[0] and lines[0].endswith("bin/quotes samples/*.txt samples/*.html")
    assert "pip install -e '.[test]'" in lines[1] and lines[1].endswith(".venv/bin/python -m pytest")
    script = (ROOT / ".ci" / "run").read_text(encoding="utf8")
    assert "readme 'bin/quotes samples'" in script and "readme 'python -m pytest$'" in script


@pytest.mark.parametrize("document", DOCUMENTS, ids=[str(d.relative_to(ROOT)) for d in DOCUMENTS])
def test_links_lead_somewhere(document):
    text = document.read_text(encoding="utf8")
    targets = [t for t in re.findall(r"\]\(([^)\s]+)\)", text) if not re.match(r"\w+:|#", t)]
    assert [t for t in targets if not (document.parent / t.partition("#")[0]).exists()] == []


@pytest.mark.parametrize("command", ["extract", "evaluate"])
def test_every_option_is_in_readme(command):
    options = set(re.findall(r"--[a-z][a-z0-9-]+", CliRunner().invoke(app, [command, "--help"]).stdout))
    if command == "evaluate":
        options &= {"--min-f1", "--json", "--bootstrap"}
    assert sorted(o for o in options - {"--help", "--verbose", "--quiet"} if o not in README) == []


def test_exit_codes_are_in_readme():
    from quotes import cli

    codes = (cli.GATE_FAILED, cli.USAGE, cli.SOME_FAILED, cli.NOTHING_DONE, cli.INTERRUPTED, cli.BROKEN_PIPE)
    assert [code for code in (0, *codes) if f"\n| {code} | " not in README] == []


def test_every_key_of_the_record_is_described():
    article = ArticleResult(Article("a", "")).to_dict()
    quote = Attribution("q1", "direct", (), (), "", None, None, None, 1).to_dict()
    speaker = Source("s1", "person", "A", None).to_dict()
    assert [key for key in (*article, *quote, *speaker) if f"`{key}`" not in RECORD] == []
    assert [column for column in COLUMNS if f"`{column}`" not in RECORD] == []


def test_example_of_the_record_keeps_the_contract():
    from contract import breaches

    (example,) = blocks(RECORD, "json")
    assert breaches(json.loads(example)) == []
