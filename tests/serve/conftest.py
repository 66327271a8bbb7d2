"""What the tests of the explorer share: the ferry collection built, a client, a running server."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("starlette", reason="the extra [serve] is not installed")
pytest.importorskip("httpx2", reason="httpx2, which Starlette's test client asks for, is missing")

from starlette.testclient import TestClient

from kg.graph.build import build_store
from kg.project import Project, find_project
from kg.records import load_collection
from kg.serve.app import make_app
from kg.serve.settings import Door, Settings
from tests.browser_support import chromium

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["chromium"]

FORM_KEY = "a key for the forms of these tests"
HTML = {"accept": "text/html"}


def built(folder: Path, example: Path) -> Project:
    """A copy of an example collection, with its graph."""
    shutil.copytree(example, folder, ignore=shutil.ignore_patterns("build", ".kg"))
    project = find_project(folder)
    build_store(load_collection(project), project)
    return project


@pytest.fixture(scope="session")
def example(repository: Path) -> Path:
    """The ferry collection: eight fictional texts, held with their records."""
    return repository / "examples" / "strait-ferry"


@pytest.fixture(scope="session")
def ferry(example: Path, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The ferry collection, built once and only read."""
    return built(tmp_path_factory.mktemp("ferry") / "project", example)


@pytest.fixture
def fresh(ferry: Project, tmp_path: Path) -> Project:
    """The ferry collection, built, for one test to write in."""
    shutil.copytree(ferry.root, tmp_path / "project")
    return find_project(tmp_path / "project")


def client_of(project: Project, **settings: object) -> TestClient:
    """A client of an explorer with these settings, as a browser on this machine."""
    made = Settings(language="en", form_key=FORM_KEY, **settings)
    app = make_app(project, made, Door("127.0.0.1", 0))
    return TestClient(app, base_url="http://127.0.0.1", headers=HTML)


@pytest.fixture(scope="session")
def client(ferry: Project) -> Iterator[TestClient]:
    """A client of the ferry collection that only reads."""
    with client_of(ferry) as made:
        yield made


@dataclass
class Served:
    """A running `kg serve`: its address and its project."""

    address: str
    project: Project
    process: subprocess.Popen[str]


def serve(project: Project, *options: str) -> Served:
    """Start `kg serve` on a free port and wait until it says where it is."""
    code = "from kg.cli import main; main()"
    process = subprocess.Popen(
        [sys.executable, "-c", code, "-C", str(project.root), "serve", "-p", "0", *options],
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    line = process.stderr.readline()
    found = re.search(r"http://\S+/", line)
    assert found, line + process.stderr.read()
    threading.Thread(target=process.stderr.read, daemon=True).start()
    return Served(found[0].rstrip("/"), project, process)


def until_read(served: Served) -> None:
    """Wait until the server has read records and graph; until then its pages say so, by 503."""
    for address in ("/", "/review"):
        deadline = time.monotonic() + 120
        while _status(served.address + address) == 503:
            assert time.monotonic() < deadline
            time.sleep(0.2)


def _status(url: str) -> int:
    try:
        with urllib.request.urlopen(url) as answer:  # noqa: S310 - our own server
            return answer.status
    except urllib.error.HTTPError as error:
        error.close()
        return error.code


@pytest.fixture(scope="session")
def running(ferry: Project) -> Iterator[Served]:
    """A server of the ferry collection in a process of its own."""
    served = serve(ferry, "--timeout", "3")
    yield served
    stop(served)


@pytest.fixture
def start(fresh: Project) -> Iterator[Callable[..., Served]]:
    """Start a server that may write; it ends with the test."""
    started: list[Served] = []

    def begin(*options: str) -> Served:
        started.append(serve(fresh, *options))
        return started[-1]

    yield begin
    for served in started:
        stop(served)


def stop(served: Served) -> None:
    """End a server this test started."""
    served.process.terminate()
    try:
        served.process.wait(10)
    except subprocess.TimeoutExpired:
        served.process.kill()
        served.process.wait()
    if served.process.stderr is not None:
        served.process.stderr.close()
