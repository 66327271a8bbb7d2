"""How the time of questions grows: no question that people ask grows faster than the graph."""

from __future__ import annotations

import runpy
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from kg.graph.build import collection_quads, project_lookup
from kg.graph.query import ask_query, load_query, values_of
from kg.graph.store import MemoryStore
from kg.project import data_folder, find_project
from kg.records import load_collection

ROOT = Path(__file__).resolve().parents[2]
SMALL = 1_000
WHOLE = ["agents", "forms-by-outlet", "predicates", "review-state", "share-by-side", "summary"]
"""Questions that count over the whole graph."""
NARROW = {
    "attributions": ("document", "doc-3"),
    "chains": ("attribution", "doc-3#a1"),
    "evidence": ("document", "doc-3"),
    "explain-links": ("node", "utterance/utterance-3"),
    "own-voice": ("outlet", "outlet-3"),
    "passage": ("document", "doc-3"),
    "why": ("attribution", "doc-3#a1"),
}
"""Questions about one thing, with that thing."""
MEANWHILE = 0.005
"""Seconds that a question may take whatever the graph: below them a clock says little."""

Asking = Callable[[str, dict[str, str]], float]


def _asking(size: int, folder: Path) -> Asking:
    write_project = runpy.run_path(str(ROOT / "benchmarks" / "synthetic.py"))["write_project"]
    project = find_project(write_project(folder, size))
    collection = load_collection(project).collection
    store = MemoryStore(
        collection_quads(collection, project_lookup(collection, project)), base=project.base
    )

    def seconds(name: str, given: dict[str, str]) -> float:
        query = load_query(data_folder("queries"), name)
        values = values_of(query, given, base=project.base)
        times = []
        for _ in range(5):
            start = time.process_time()
            answer = ask_query(store, query, values)
            times.append(time.process_time() - start)
            assert answer.table is not None
        return min(times)

    return seconds


@pytest.fixture(scope="module")
def graphs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Asking, Asking]:
    """One graph, and one with twice as many attributions."""
    return (
        _asking(SMALL, tmp_path_factory.mktemp("small")),
        _asking(2 * SMALL, tmp_path_factory.mktemp("large")),
    )


@pytest.mark.slow
@pytest.mark.parametrize("name", WHOLE)
def test_counting_grows_with_the_graph(name: str, graphs: tuple[Asking, Asking]) -> None:
    """Twice the graph takes at most about twice the time, never the square."""
    small, large = (asking(name, {}) for asking in graphs)

    assert large <= 3 * small + MEANWHILE


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(NARROW))
def test_one_thing_is_found_in_any_graph(name: str, graphs: tuple[Asking, Asking]) -> None:
    """What is asked of one thing takes as long in twice the graph."""
    small, large = (asking(name, dict([NARROW[name]])) for asking in graphs)

    assert large <= 1.5 * small + MEANWHILE
