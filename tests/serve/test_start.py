"""The start is quick: little is imported, the index is made beside, the first page is kept."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kg.graph.build import build_store
from kg.records import load_collection
from kg.serve.cache import FirstPages, cache_folder, current_mark, index_path, sweep
from kg.serve.index import Narrowing
from kg.serve.indexer import Indexer
from kg.serve.library import BeingReadError, Library
from tests.serve.conftest import client_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from kg.project import Project
    from kg.serve.cache import Mark
    from tests.serve.conftest import Served

HEAVY = {"rdflib", "networkx", "pyshacl", "ruamel", "trafilatura", "kg.records", "kg.intake"}


def loaded(code: str) -> set[str]:
    """Run code in an interpreter of its own and give the modules that are there afterwards."""
    told = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport json, sys; print(json.dumps(list(sys.modules)))"],
        capture_output=True,
        text=True,
        check=True,
    )
    found: list[str] = json.loads(told.stdout)
    return {*found, *(name.partition(".")[0] for name in found)}


def test_what_listens_imports_no_graph_and_no_templates() -> None:
    """Before the first request nothing that reads graphs, records or templates is imported."""
    modules = loaded("import kg.cli, kg.cli.serve, kg.serve.run")

    assert "uvicorn" in modules
    assert not modules & (HEAVY | {"pyoxigraph", "jinja2", "rapidfuzz", "kg.model"})


def test_what_draws_the_first_page_imports_no_records() -> None:
    """Drawing the first page needs the index and the templates, no store and no records."""
    modules = loaded("import kg.serve.app; kg.serve.app.make_ready()")

    assert "jinja2" in modules
    assert not modules & (HEAVY | {"pyoxigraph", "rapidfuzz"})


def test_what_makes_the_index_imports_no_records() -> None:
    """The process that reads the graph imports neither records nor rdflib."""
    assert not loaded("import kg.serve.indexing") & (HEAVY | {"jinja2", "starlette"})


@pytest.mark.skipif(not Path("/proc/self/stat").is_file(), reason="reads CPU time from /proc")
def test_the_first_page_is_there_soon(start: Callable[..., Served]) -> None:
    """From process start to the whole first page: under 1.5 s of CPU, indexed before or not."""
    for is_indexed in (False, True):
        served = start()
        if not is_indexed:
            shutil.rmtree(cache_folder(served.project), ignore_errors=True)
        with urllib.request.urlopen(served.address) as answer:  # noqa: S310 - our own server
            body = answer.read()
        told = Path(f"/proc/{served.process.pid}/stat").read_text().rpartition(")")[2].split()
        # utime, stime, and those of children it has waited for: the process that made the index.
        ticks = sum(int(told[place]) for place in (11, 12, 13, 14))

        assert b'<table class="claims"' in body
        assert body.rstrip().endswith(b"</html>")
        assert ticks / os.sysconf("SC_CLK_TCK") < 1.5


def test_the_kept_page_is_the_drawn_one(start: Callable[..., Served]) -> None:
    """The next start sends the same bytes, in each language, and other settings draw their own."""

    def page(served: Served, language: str = "en") -> str:
        asked = urllib.request.Request(  # noqa: S310 - our own server
            served.address, headers={"cookie": f"kg-language={language}"}
        )
        with urllib.request.urlopen(asked) as answer:  # noqa: S310
            assert answer.headers["content-language"] == language
            assert "default-src 'none'" in answer.headers["content-security-policy"]
            return answer.read().decode()

    first = start()
    drawn = {language: page(first, language) for language in ("en", "fr")}
    pages = FirstPages(first.project, False)
    deadline = time.monotonic() + 20
    while pages.read("fr") is None:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    second, reading = start(), start("--read-only")

    assert {language: page(second, language) for language in ("en", "fr")} == drawn
    assert drawn["en"] != drawn["fr"]
    assert 'href="/add"' in drawn["en"]
    assert 'href="/add"' not in page(reading)


def test_a_kept_page_is_not_shown_for_another_graph(fresh: Project) -> None:
    """After a build there is no kept page until one was drawn of the new graph."""
    shutil.rmtree(cache_folder(fresh), ignore_errors=True)
    pages = FirstPages(fresh, False)
    mark = current_mark(fresh)
    assert mark is not None
    pages.keep(mark, "en", b"drawn")
    assert pages.read("en") == b"drawn"
    assert FirstPages(fresh, True).read("en") is None
    record = fresh.sources / "fanal-accord" / "record.yaml"
    text = record.read_text(encoding="utf-8")
    record.write_text(re.sub("  title: .*", "  title: Another", text, count=1), encoding="utf-8")
    build_store(load_collection(fresh), fresh)

    assert pages.read("en") is None


def test_static_files_come_while_the_rest_is_imported(start: Callable[..., Served]) -> None:
    """Styles are answered at once, with the headers they have later."""
    served = start()
    with urllib.request.urlopen(served.address) as answer:  # noqa: S310 - our own server
        (link,) = re.findall(r'href="(/static/serve.css[^"]*)"', answer.read().decode())
    for _ in range(2):
        with urllib.request.urlopen(served.address + link) as answer:  # noqa: S310
            assert answer.headers["content-type"].startswith("text/css")
            assert "immutable" in answer.headers["cache-control"]
            assert answer.headers["x-content-type-options"] == "nosniff"


class Slow(Indexer):
    """Says of each graph but one that its index is not made yet."""

    only: str = ""

    def ready(self, mark: Mark) -> Path | None:
        """Give the index of the one graph."""
        return super().ready(mark) if mark.stem == self.only else None

    def begin(self, mark: Mark) -> None:
        """Do nothing."""


def test_the_graph_before_is_shown_while_a_new_one_is_read(fresh: Project) -> None:
    """Pages go on with what they had until the index of the new graph is made."""
    mark = current_mark(fresh)
    assert mark is not None
    Library(fresh).shelf()
    slow = Slow(fresh)
    slow.only = mark.stem
    library = Library(fresh, indexer=slow)
    before = library.shelf()
    record = fresh.sources / "fanal-accord" / "record.yaml"
    text = record.read_text(encoding="utf-8")
    record.write_text(re.sub("  title: .*", "  title: Another", text, count=1), encoding="utf-8")
    build_store(load_collection(fresh), fresh)

    assert library.shelf() is before
    assert before.index.count(Narrowing()) == 80


def test_a_page_that_must_wait_says_so(fresh: Project) -> None:
    """Where nothing is there to show, the page says what goes on and comes again."""
    shutil.rmtree(cache_folder(fresh), ignore_errors=True)
    with client_of(fresh, patience=0.0) as client:
        page = client.get("/")
        data = client.get("/overview.json", headers={"accept": "application/json"})
        deadline = time.monotonic() + 60
        while client.get("/").status_code == 503:
            assert time.monotonic() < deadline
            time.sleep(0.1)

    assert (page.status_code, data.status_code) == (503, 503)
    assert "is being read" in page.text
    assert page.headers["refresh"] == page.headers["retry-after"] == "2"
    assert "kg build" not in page.text
    assert "is being read" in data.text


def test_an_index_that_cannot_be_made_is_told(fresh: Project) -> None:
    """The reason comes back from the process that failed, in one line."""
    shutil.rmtree(cache_folder(fresh), ignore_errors=True)
    mark = current_mark(fresh)
    assert mark is not None
    for path in (mark.generation / "graph").iterdir():
        path.unlink()
    with client_of(fresh) as client:
        page = client.get("/list/claims")

    assert page.status_code == 503
    assert "index could not be made" in page.text
    assert "Traceback" not in page.text


def test_what_is_left_over_is_swept(fresh: Project) -> None:
    """Files of other graphs and old drafts go; the current ones, and a draft at work, stay."""
    shutil.rmtree(cache_folder(fresh), ignore_errors=True)
    mark = current_mark(fresh)
    assert mark is not None
    folder = cache_folder(fresh)
    folder.mkdir(parents=True)
    kept = [index_path(fresh, mark), folder / f"{mark.stem}-x-en.html", folder / "at-work.part"]
    gone = [folder / "0-0-0.sqlite", folder / "0-0-x-en.html", folder / "old.part"]
    for path in (*kept, *gone):
        path.write_bytes(b"")
    os.utime(folder / "old.part", (0, 0))
    sweep(fresh, mark)

    assert sorted(folder.iterdir()) == sorted(kept)


def test_waiting_ends_with_what_is_waited_for(fresh: Project) -> None:
    """A library without patience raises, and finds the index once it is made."""
    shutil.rmtree(cache_folder(fresh), ignore_errors=True)
    library = Library(fresh, patience=0.0)
    with pytest.raises(BeingReadError):
        library.shelf()
    mark = current_mark(fresh)
    assert mark is not None
    made = library._indexer.wait(mark, 60)
    library.close()

    assert made == index_path(fresh, mark)
