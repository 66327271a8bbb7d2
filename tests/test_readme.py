"""The pages are true: the README's commands run, links lead somewhere, snippets can be pasted."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from kg.graph.predicates import ObjectKind, load_predicates

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]
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
    """Run shell commands as typed, with this environment's `kg`; the first that fails fails."""
    scripts = str(Path(sys.executable).parent)
    environment = os.environ | {
        "PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}",
        "COLUMNS": "100",
    }
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


def anchors(page: Path) -> set[str]:
    """The anchors a page offers, as code forges make them from its headings."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    """Relative links and pictures name files that are there, and headings that they have."""
    prose = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    dead = []
    for link in re.findall(r"\]\(([^)\s]+)", prose):
        name, _, anchor = link.partition("#")
        target = page.parent / name if name else page
        if "://" in link or link.startswith("mailto:"):
            continue
        if not target.exists() or (anchor and anchor not in anchors(target)):
            dead.append(link)

    assert dead == []


def test_what_the_tour_leaves_is_ignored() -> None:
    """Files and folders that the blocks of the README write do not show in `git status`."""
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").split()
    tour = "\n".join(TOUR)
    written = re.findall(r"-o (\S+)", tour)
    folders = re.findall(r"kg init (\S+)", tour)

    assert written
    assert folders
    assert [name for name in written if f"/{name}" not in ignored] == []
    assert [name for name in folders if f"/{name}/" not in ignored] == []


def test_the_predicate_of_the_how_to_is_read_as_pasted(tmp_path: Path) -> None:
    """The snippet is a whole `sources/predicates.ttl`, and what it says is taken up."""
    (snippet,) = re.findall(
        r"```turtle\n(.*?)```", (ROOT / "docs" / "how-to.md").read_text(encoding="utf-8"), re.DOTALL
    )
    (tmp_path / "predicates.ttl").write_text(snippet, encoding="utf-8")
    opens = load_predicates(ROOT / "ontology", tmp_path).by_name["opensOn"]

    assert (opens.kind, opens.functional) == (ObjectKind.DATE, True)
    assert (opens.label("fr"), opens.label("en")) == ("ouvre le", "opens on")
