"""`kg serve` from the command line: pages printed, ports taken, misuse told in one line."""

from __future__ import annotations

import importlib
import socket
import time
import urllib.request
from typing import TYPE_CHECKING

import pytest

from kg.cli import _run
from kg.serve.app import PAGES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from kg.project import Project
    from tests.serve.conftest import Served


def kg(project: Project, *arguments: str) -> int:
    """Run `kg -C project serve …`."""
    return _run(["-C", str(project.root), "serve", *arguments])


def test_get_prints_one_page(ferry: Project, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    """`--get PATH` prints a page, or its data, and stops."""
    assert kg(ferry, "--get", "/list/speakers") == 0
    assert b"Ysaline Corvandre" in capfdbinary.readouterr().out
    assert kg(ferry, "--get", "/speaker/ysaline-corvandre.csv") == 0
    assert capfdbinary.readouterr().out.startswith(b"attribution,")
    assert kg(ferry, "--get", "/none") == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--host", "0.0.0.0"), "--public"),  # noqa: S104
        (("--host", "0.0.0.0", "--public"), "--token"),  # noqa: S104
        (("--token", "short"), "16 characters"),
        (("--language", "de"), "fr, en"),
        (("-p", "99999999"), "cannot listen"),
        (("--host", "192.0.2.1", "--public", "--token", "a" * 20), "cannot listen"),
    ],
)
def test_misuse_is_one_line(
    ferry: Project, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], said: str
) -> None:
    """What is wrong and what to do, exit code 2, nothing served."""
    assert kg(ferry, *arguments) == 2
    told = capsys.readouterr().err
    assert said in told
    assert told.count("\n") == 1


def test_a_taken_port_is_told(ferry: Project, capsys: pytest.CaptureFixture[str]) -> None:
    """A port in use names the way out."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        assert kg(ferry, "-p", str(taken.getsockname()[1])) == 2
    assert "--port" in capsys.readouterr().err


def test_a_running_server_shows_what_a_build_changed(
    start: Callable[..., Served],
) -> None:
    """A build beside a running server is seen at the next page, without a restart."""
    served = start()
    record = served.project.sources / "fanal-accord" / "record.yaml"

    def page() -> str:
        with urllib.request.urlopen(f"{served.address}/list/documents") as answer:  # noqa: S310
            return answer.read().decode()

    before = page()
    text = record.read_text(encoding="utf-8")
    title = next(line for line in text.splitlines() if line.startswith("  title:"))
    record.write_text(text.replace(title, "  title: Another title", 1), encoding="utf-8")
    assert _run(["-C", str(served.project.root), "build"]) == 0
    deadline = time.monotonic() + 20
    while "Another title" not in page():
        assert time.monotonic() < deadline

    assert "Another title" not in before


def test_every_page_has_its_function(repository: Path) -> None:
    """The table of addresses names functions that exist, each address once."""
    paths = [page.path for page in PAGES]
    for page in PAGES:
        module = importlib.import_module(f"kg.serve.{page.module}")
        assert callable(getattr(module, page.function))
    assert len(paths) == len(set(paths))
    assert not (repository / "kg" / "serve" / "static" / "vendor").exists(), (
        "vendored scripts need vendor.toml with their hashes, and a test that compares them"
    )
