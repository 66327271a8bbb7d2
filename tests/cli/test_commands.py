"""The command line keeps its contract: help, examples, exit codes, one clear line for a fault."""

from __future__ import annotations

import importlib
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

from kg import __version__
from kg.cli import COMMANDS, _run, cli

REFERENCE = Path(__file__).resolve().parents[2] / "docs" / "reference.md"


def command(name: str) -> click.Command:
    """Import one command as the command line does."""
    found = cli.get_command(click.Context(cli), name)
    assert found is not None
    return found


def reference() -> str:
    """The reference page as the program itself would write it."""
    parts = [
        "# Reference\n",
        "Every command and option, as `kg COMMAND --help` prints them.",
        "Exit codes: 0 fine, 1 findings, 2 misuse; data on stdout, progress and faults on stderr.",
        "`kg -C FOLDER COMMAND` names a project folder; otherwise the nearest `kg.toml` upward.\n",
    ]
    for name in COMMANDS:
        context = click.Context(
            command(name),
            info_name=f"kg {name}",
            terminal_width=90,
            max_content_width=90,
            help_option_names=["-h", "--help"],
        )
        parts.append(f"## kg {name}\n\n```text\n{command(name).get_help(context)}\n```\n")
    return "\n".join(parts)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(name: str) -> None:
    """Each command has a sentence, an example, and help for each of its options."""
    found = command(name)
    told = f"{found.help}\n{found.epilog}"

    assert re.search(r"Example:\s+.*\bkg ", told), f"kg {name} shows no example"
    for option in found.params:
        if isinstance(option, click.Option):
            assert option.help, f"kg {name} {option.opts}: no help"


def test_the_reference_page_is_what_the_program_says(update_golden: bool) -> None:
    """docs/reference.md is written from the commands; --update-golden rewrites it."""
    if update_golden:
        REFERENCE.write_text(reference(), encoding="utf-8")

    assert REFERENCE.read_text(encoding="utf-8") == reference()


def test_every_command_is_its_modules(capsys: pytest.CaptureFixture[str]) -> None:
    """The table names modules that hold the commands, and --help prints all of them."""
    assert _run(["--help"]) == 0
    printed = capsys.readouterr().out
    for name, (module, _) in COMMANDS.items():
        assert hasattr(importlib.import_module(f"kg.cli.{module}"), name)
        assert name in printed


def test_it_runs_as_a_module() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "kg", "--version"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0
    assert __version__ in done.stdout


def test_a_misspelt_command_is_misuse(capsys: pytest.CaptureFixture[str]) -> None:
    """Exit 2, one line, the nearest command offered."""
    assert _run(["biuld"]) == 2
    assert "did you mean `kg build`?" in capsys.readouterr().err


def test_no_project_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Outside any project a command says what to do."""
    monkeypatch.chdir(tmp_path)

    assert _run(["build"]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("kg: no kg.toml in ")


@pytest.mark.parametrize("name", ["build", "check", "query", "export", "draw", "explain", "doctor"])
def test_a_wrong_option_is_misuse(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit 2 and no traceback."""
    assert _run([name, "--no-such-option"]) == 2
    assert "Traceback" not in capsys.readouterr().err
