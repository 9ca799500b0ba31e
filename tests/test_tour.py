"""docs/tour.md: its commands are run as they stand there, and print what stands there, confidences aside."""

import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from quotes.cli import app

ROOT = Path(__file__).parents[1]
TOUR = (ROOT / "docs" / "tour.md").read_text(encoding="utf8")
BLOCKS = [block.splitlines() for block in re.findall(r"^```console\n(.*?)^```$", TOUR, re.MULTILINE | re.DOTALL)]


def test_tour_goes_through_the_commands():
    commands = " ".join(block[0] for block in BLOCKS)
    assert len(BLOCKS) >= 8
    assert all(f"quotes {name}" in commands for name in ("show", "explain", "audit", "correct template", "correct apply"))


@pytest.mark.model
def test_every_picture_is_what_its_command_prints(tmp_path, monkeypatch):
    (tmp_path / "samples").symlink_to(ROOT / "samples")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    for command, *picture in BLOCKS:
        words = shlex.split(command.removeprefix("$ "))
        if words[0] == "echo":  # echo LINE >> FILE
            assert words[2] == ">>"
            with (tmp_path / words[3]).open("a", encoding="utf-8") as file:
                file.write(words[1] + "\n")
            continue
        done = CliRunner().invoke(app, words[1:], prog_name="quotes")
        assert done.exit_code == 0, done.output
        printed = [line.rstrip() for line in done.stdout.splitlines()]
        if picture[-1:] == ["..."]:
            printed, picture = printed[: len(picture) - 1], picture[:-1]
        assert without_figures(printed) == without_figures(picture), command


def without_figures(lines):
    """Lines without confidences: processors differ in their last digit."""
    return [re.sub(r"\b[01]\.\d\d\b", "#.##", line) for line in lines]
