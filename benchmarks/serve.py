"""How fast the explorer starts and answers, beside the same store asked directly.

In: a project folder with a graph, or a number of attributions to make one of. Out: a table: time
from process start to the whole first page, never indexed and indexed, each kind of page the first
and the next time, the same question put to the store in this process, fifty readers at once.
Times are of this machine: seconds on the wall with what else runs on it. Where Python may not
keep what it compiled (PYTHONDONTWRITEBYTECODE), the server may here, as an installed one does.

    python benchmarks/serve.py .
    python benchmarks/serve.py 10000
"""

from __future__ import annotations

import argparse
import csv
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, urlencode

from benchmarks.synthetic import write_project
from kg.graph.build import build_store
from kg.graph.query import ask_query, load_query, values_of
from kg.graph.store import LocalStore, open_store
from kg.project import Project, data_folder, find_project
from kg.records import load_collection
from kg.serve.cache import cache_folder

READERS = 50
STARTS = 5
WARM = 3.0
"""Seconds after the first page, in which the server makes the other kinds ready."""
LONG = 20.0
"""Seconds after which starts are not repeated."""
ROUNDS = 5
KG = "https://w3id.org/claim-provenance/ns#"

COUNTS = f"""SELECT ?speaker ?outlet (COUNT(?a) AS ?n) {{
  {{ SELECT ?a ?speaker {{ ?a <{KG}speaker> ?speaker }} }}
  {{ SELECT ?a ?text {{ ?a <{KG}inText> ?text }} }}
  {{ SELECT ?text ?outlet {{ ?text <https://schema.org/publisher> ?outlet }} }}
}} GROUP BY ?speaker ?outlet ORDER BY DESC(?n) LIMIT 1000"""
CONTAINS = f"""SELECT ?a ?quote {{ ?a <{KG}quote> ?quote
  FILTER(CONTAINS(LCASE(?quote), "partenariat")) }} LIMIT 40"""


class Sample(NamedTuple):
    """One kind of page: its name, its address, and the same question for the store, if any."""

    name: str
    address: str
    direct: Callable[[LocalStore], object] | None = None


def installed() -> dict[str, str]:
    """The environment of a server that finds its modules compiled."""
    kept = dict(os.environ)
    if kept.pop("PYTHONDONTWRITEBYTECODE", ""):
        kept.setdefault("PYTHONPYCACHEPREFIX", f"{tempfile.gettempdir()}/kg-benchmark-compiled")
    return kept


@contextmanager
def served(project: Project) -> Iterator[tuple[str, float]]:
    """A running server: its address, and the seconds from start to that."""
    started = time.perf_counter()
    process = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "from kg.cli import main; main()",
            "-C",
            str(project.root),
            "serve",
            "-p",
            "0",
        ],
        stderr=subprocess.PIPE,
        text=True,
        env=installed(),
    )
    assert process.stderr is not None
    found = re.search(r"http://\S+/", process.stderr.readline())
    assert found is not None
    threading.Thread(target=process.stderr.read, daemon=True).start()
    try:
        yield found[0].rstrip("/"), started
    finally:
        process.terminate()
        process.wait()


def fetch(url: str) -> tuple[float, int]:
    """Milliseconds and bytes of one answer, asked for again while it says that it is not ready."""
    started = time.perf_counter()
    asked = urllib.request.Request(url, headers={"accept": "text/html,*/*;q=0.8"})  # noqa: S310 - ours
    while True:
        try:
            with urllib.request.urlopen(asked, timeout=3600) as answer:  # noqa: S310 - ours
                size = len(answer.read())
            return (time.perf_counter() - started) * 1000, size
        except urllib.error.HTTPError as error:
            with error:
                if error.code != 503 or not error.headers["retry-after"]:
                    raise
            time.sleep(0.1)


def samples(project: Project, address: str) -> list[Sample]:
    """Choose one of each kind: the most attributed, as its list names it first."""

    def first(name: str, kind: str) -> tuple[str, str]:
        with urllib.request.urlopen(f"{address}/list/{name}.csv") as answer:  # noqa: S310 - ours
            row = next(csv.DictReader(line.decode() for line in answer))
        return f"/{kind}/{quote(row['id'], safe='')}", row["iri"]

    def links(iri: str) -> Callable[[LocalStore], object]:
        return lambda store: asked(store, project, "explain-links", {"node": iri})

    chosen = [
        Sample("overview", "/", lambda store: store.select(COUNTS)),
        Sample("overview, one form", "/?form=direct"),
    ]
    for name, kind in (
        ("documents", "document"),
        ("claims", "claim"),
        ("speakers", "speaker"),
        ("outlets", "outlet"),
        ("utterances", "utterance"),
        ("sources", "source"),
        ("topics", "topic"),
    ):
        try:
            page, iri = first(name, kind)
        except StopIteration:
            continue
        chosen.append(Sample(kind, page, links(iri)))
        if kind in {"speaker", "outlet"}:
            chosen.append(Sample(f"graph of {kind}", f"/graph{page}"))
    chosen += [
        Sample("list of claims", "/list/claims"),
        Sample("search", "/search?q=partenariat", lambda store: store.select(CONTAINS)),
        Sample("search, three words", "/search?q=" + quote("accord signé port")),
        Sample("review desk", "/review"),
        Sample("add", "/add"),
        Sample("console", "/sparql"),
        Sample("VoID", "/dataset.ttl"),
        Sample(
            "endpoint, counts",
            "/sparql?" + urlencode({"query": COUNTS, "format": "csv"}),
            lambda store: store.select(COUNTS),
        ),
    ]
    return chosen


def asked(store: LocalStore, project: Project, name: str, given: dict[str, str]) -> object:
    """Ask one named query."""
    query = load_query(data_folder("queries"), name)
    return ask_query(store, query, values_of(query, given, base=project.base))


def timed(work: Callable[[], object]) -> float:
    """Milliseconds of the best of three."""
    best = float("inf")
    for _ in range(3):
        started = time.perf_counter()
        work()
        best = min(best, (time.perf_counter() - started) * 1000)
    return best


def starts(project: Project, label: str, *, is_indexed: bool) -> None:
    """Print the time from process start to listening and to the whole first page."""
    ready: list[float] = []
    page: list[float] = []
    while len(page) < STARTS and sum(page) < LONG:
        if not is_indexed:
            shutil.rmtree(cache_folder(project), ignore_errors=True)
        with served(project) as (address, started):
            ready.append(time.perf_counter() - started)
            fetch(address)
            page.append(time.perf_counter() - started)
    print(
        f"{label}: listening after {statistics.median(ready):.2f} s, first page whole after "
        f"{statistics.median(page):.2f} s (best of {len(page)}: {min(page):.2f} s)"
    )


def measure(project: Project) -> None:
    """Print the table."""
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    with served(project) as (address, _):
        # Not measured: Python compiles what an installation has compiled before.
        fetch(address)
    starts(project, "never indexed", is_indexed=False)
    starts(project, "indexed", is_indexed=True)
    with served(project) as (address, _), open_store(project.store, base=project.base) as store:
        fetch(address)
        time.sleep(WARM)
        print(f"\n{'page':<24}{'first ms':>10}{'next ms':>10}{'KB':>8}{'store directly ms':>20}")
        chosen = samples(project, address)
        for sample in chosen:
            url = address + sample.address
            first, size = fetch(url)
            later = statistics.median(fetch(url)[0] for _ in range(ROUNDS))
            direct = ""
            if sample.direct is not None:
                question = sample.direct
                direct = f"{timed(lambda: question(store)):.1f}"  # noqa: B023 - called at once
            print(f"{sample.name:<24}{first:>10.1f}{later:>10.1f}{size / 1000:>8.0f}{direct:>20}")
        parallel(address, [sample.address for sample in chosen])


def parallel(address: str, pages: list[str]) -> None:
    """Let fifty readers read four pages each."""

    def read(number: int) -> float | None:
        try:
            return fetch(address + pages[number % len(pages)])[0]
        except OSError:
            return None

    started = time.perf_counter()
    with ThreadPoolExecutor(READERS) as pool:
        times = list(pool.map(read, range(READERS * 4)))
    seconds = time.perf_counter() - started
    good = sorted(item for item in times if item is not None)
    print(
        f"\n{READERS} readers, {len(times)} pages: {len(times) - len(good)} errors, "
        f"{len(good) / seconds:.0f} pages/s, median {statistics.median(good):.0f} ms, "
        f"95 % within {good[int(len(good) * 0.95)]:.0f} ms"
    )


def main() -> None:
    """Take a project, or make one, and measure."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("project", help="a project folder, or a number of attributions to make")
    chosen = parser.parse_args().project
    if not chosen.isdigit():
        measure(find_project(Path(chosen)))
        return
    with tempfile.TemporaryDirectory() as folder:
        project = find_project(write_project(Path(folder), int(chosen)))
        build_store(load_collection(project), project)
        measure(project)


if __name__ == "__main__":
    main()
