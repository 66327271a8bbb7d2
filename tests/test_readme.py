"""The README is true: every block of commands runs, and the two set-up commands are the real ones."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"(<!-- [^>]+ -->\n)?```sh\n(.*?)```", README, re.DOTALL)
TOUR = [body for mark, body in BLOCKS if not mark and "activate" not in body]


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the collection and the examples, built, as a reader of the tour has it."""
    folder = tmp_path_factory.mktemp("checkout")
    for name in ("kg.toml", "README.md"):
        shutil.copy(ROOT / name, folder / name)
    for name in ("sources", "examples"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("build", ".kg"))
    run("kg build >/dev/null", folder)
    return folder


def run(commands: str, folder: Path) -> str:
    """Run shell commands as typed, with this environment's `kg`, and fail on the first that fails."""
    scripts = str(Path(sys.executable).parent)
    environment = os.environ | {"PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}", "COLUMNS": "100"}
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", commands],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{commands}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
    return done.stdout


@pytest.mark.slow
@pytest.mark.parametrize("number", range(len(TOUR)))
def test_the_tour_runs_as_written(checkout: Path, number: int) -> None:
    """Each block prints something and exits 0, in the order of the README."""
    if number == 0:
        assert (checkout / "build" / "who-said-what.html").is_file()
    assert run(TOUR[number], checkout).strip() or "-o " in TOUR[number]


def test_the_two_commands_are_there() -> None:
    """One command runs the main job, one passes the tests; both start from venv and pip alone."""
    marked = {mark.strip(): body for mark, body in BLOCKS if mark}

    assert marked.keys() == {"<!-- command: main -->", "<!-- command: test -->"}
    for body in marked.values():
        assert body.startswith("python3 -m venv .venv && .venv/bin/pip install ")


def test_every_link_of_the_readme_leads_somewhere() -> None:
    """Relative links and pictures name files that are there."""
    links = re.findall(r"\]\(([^)#]+)\)", README)

    assert [link for link in links if "://" not in link and not (ROOT / link).exists()] == []
