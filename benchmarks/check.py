"""How long the check takes: the compiled engine against plain pySHACL, on the same data and shapes.

In: numbers of attributions. Out: seconds of CPU and ratios on stdout; ends with 1 where the two
engines do not find the same. Faults are planted, of every kind that chance brings about.

    python benchmarks/check.py 1000 10000
    python benchmarks/check.py 100000 --compiled-only

pySHACL needs some 30 s a thousand attributions; above `--pyshacl-up-to` it is left out, which is
said.
"""

from __future__ import annotations

import argparse
import random
import resource
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
from kg.graph.check import RecordGraph, check_collection, graph_of
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
    """Run once and give the seconds of CPU, of all threads, with the answer."""
    start = time.process_time()
    answer = work()
    return time.process_time() - start, answer


def measure(size: int, *, with_pyshacl: bool) -> bool:
    """Print what one size takes; tell whether both engines found the same."""
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
        store = graph_of(loaded.collection, project_lookup(loaded.collection, project)).raw
        print(f"{size:,} attributions, {len(store):,} quads")
        print(f"  kg check, clean: load {load:.2f} s + check {whole:.2f} s, peak {peak()} MB")
        print(f"  one changed record: {one * 1000:.0f} ms")
    planted = plant_faults(store, every=500)
    dumped = store.dump(format=ox.RdfFormat.N_QUADS) or b""
    lines = dumped.decode().split("\n")[:-1]
    taking, graph = timed(lambda: RecordGraph(lines))
    compiled, found = timed(lambda: validate_store(graph, shapes_folder=shapes))
    print(f"  {planted:,} faults planted, {len(found):,} found")
    print(f"  shapes, compiled: {compiled:.2f} s (and {taking:.2f} s to take the graph in)")
    if not with_pyshacl:
        print("  shapes, pySHACL on rdflib: left out")
        return True
    text = store.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=_DEFAULT)
    del store
    reading, plain_graph = timed(lambda: rdflib.Graph().parse(data=text, format="nt"))
    plain, expected = timed(
        lambda: validate_store(plain_graph, shapes_folder=shapes, engine="pyshacl")
    )
    print(f"  shapes, pySHACL on rdflib: {plain:.1f} s (and {reading:.1f} s to take the graph in)")
    print(
        f"  ratio {plain / compiled:.1f}, {(plain + reading) / (compiled + taking):.1f} with the "
        f"graph taken in; same findings: {expected == found}",
        flush=True,
    )
    return expected == found


def peak() -> int:
    """Give the most memory this process has held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main(arguments: Iterable[str] | None = None) -> int:
    """Measure every size asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sizes", type=int, nargs="*", default=[1000])
    parser.add_argument("--compiled-only", action="store_true", help="leave pySHACL out")
    parser.add_argument("--pyshacl-up-to", type=int, default=10_000, metavar="ATTRIBUTIONS")
    options = parser.parse_args(None if arguments is None else list(arguments))
    most = 0 if options.compiled_only else options.pyshacl_up_to
    agreed = [measure(size, with_pyshacl=size <= most) for size in options.sizes]
    return 0 if all(agreed) else 1


if __name__ == "__main__":
    sys.exit(main())
