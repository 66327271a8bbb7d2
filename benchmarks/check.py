"""How long the check takes: the compiled engine against plain pySHACL, on the same data and shapes.

In: numbers of attributions. Out: a table of seconds and ratios on stdout; ends with 1 where the
two engines do not find the same. Faults are planted, of every kind that chance brings about.

    python benchmarks/check.py 1000 10000
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

import pyoxigraph as ox
import rdflib

sys.path.insert(0, str(Path(__file__).resolve().parent))

from synthetic import write_project

from kg.graph.build import project_lookup
from kg.graph.check import check_collection, graph_of
from kg.graph.validate import validate_store
from kg.project import data_folder, find_project
from kg.records import load_collection

Answer = TypeVar("Answer")

_DEFAULT = ox.DefaultGraph()
_REPEATS = 5


def plant_faults(store: ox.Store, *, every: int, seed: int = 11) -> int:
    """Drop one triple in so many of the default graph, and give as many a strange object."""
    chance = random.Random(seed)
    triples = sorted(store.quads_for_pattern(None, None, None, _DEFAULT), key=str)
    chosen = chance.sample(triples, len(triples) // every)
    for number, quad in enumerate(chosen):
        store.remove(quad)
        if number % 2:
            store.add(ox.Quad(quad.subject, quad.predicate, ox.Literal("strange")))
    return len(chosen)


def timed(work: Callable[[], Answer]) -> tuple[float, Answer]:
    """Run once and give the seconds with the answer."""
    start = time.perf_counter()
    answer = work()
    return time.perf_counter() - start, answer


def measure(size: int, *, with_pyshacl: bool) -> bool:
    """Print one row; tell whether both engines found the same."""
    shapes = data_folder("ontology") / "shapes"
    with TemporaryDirectory() as folder:
        project = find_project(write_project(Path(folder), size))
        load, loaded = timed(lambda: load_collection(project))
        whole, _ = timed(lambda: check_collection(loaded, project, texts={}))
        slug = loaded.collection.records[len(loaded.collection.records) // 2].slug
        one = min(
            timed(lambda: check_collection(loaded, project, texts={}, only=[slug]))[0]
            for _ in range(_REPEATS)
        )
        store = graph_of(loaded.collection, project_lookup(loaded.collection, project))
    planted = plant_faults(store, every=500)
    compiled, found = timed(lambda: validate_store(store, shapes_folder=shapes))
    focus = sorted({result.focus for result in found})[:10]
    few = min(
        timed(lambda: validate_store(store, shapes_folder=shapes, focus=focus))[0]
        for _ in range(_REPEATS)
    )
    print(f"{size} attributions, {len(store)} quads, {planted} faults planted, {len(found)} found")
    print(f"  kg check from records: load {load:.2f} s + check {whole:.2f} s")
    print(f"  one changed record: {one * 1000:.0f} ms; ten nodes of all: {few * 1000:.0f} ms")
    print(f"  shapes, compiled: {compiled:.2f} s")
    if not with_pyshacl:
        return True
    text = store.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=_DEFAULT)
    reading, graph = timed(lambda: rdflib.Graph().parse(data=text, format="nt"))
    plain, expected = timed(lambda: validate_store(graph, shapes_folder=shapes, engine="pyshacl"))
    print(f"  shapes, pySHACL on rdflib: {plain:.1f} s (and {reading:.1f} s to load the graph)")
    print(f"  ratio {plain / compiled:.1f}; same findings: {expected == found}", flush=True)
    return expected == found


def main(arguments: Iterable[str] | None = None) -> int:
    """Measure every size asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sizes", type=int, nargs="*", default=[1000])
    parser.add_argument("--compiled-only", action="store_true", help="leave pySHACL out")
    options = parser.parse_args(None if arguments is None else list(arguments))
    agreed = [measure(size, with_pyshacl=not options.compiled_only) for size in options.sizes]
    return 0 if all(agreed) else 1


if __name__ == "__main__":
    sys.exit(main())
