"""How long a build takes beside Oxigraph's own bulk load of the same quads, and one edit after it.

In: sizes in attributions. Out: a table of medians, ratios and peak memory on standard output.
Each step runs in a process of its own, so that memory is that step's alone.

The goals are for the graph of the records; what deriving adds is told apart.

    python benchmarks/build.py              # 1,000 and 10,000 attributions
    python benchmarks/build.py --large      # 100,000 as well
    python benchmarks/build.py --derived    # with the derived graph, which takes minutes
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
from synthetic import write_project

from kg.analyse.derived import derivation
from kg.graph.build import build_store, collection_quads, last_build, project_lookup
from kg.graph.derivation import Derivation
from kg.graph.files import write_graph_files
from kg.project import Project, find_project
from kg.records.load import load_collection

BULK = "bulk.records.jsonl"
EDITS = 3
"""Edits in a run, one after the other."""

MEGABYTE = 1024 if sys.platform != "darwin" else 1024 * 1024
"""`ru_maxrss` counts kilobytes on Linux and bytes on macOS."""


def load(project: Project) -> dict[str, float]:
    """Read all records, and nothing else."""
    loaded = load_collection(project)
    return {"records": float(len(loaded.collection.records))}


def full(project: Project) -> dict[str, float]:
    """JSON Lines → store on disk, from nothing."""
    shutil.rmtree(project.output, ignore_errors=True)
    report = build_store(load_collection(project), project)
    return {"quads": float(report.added)}


def bulk_load(project: Project) -> dict[str, float]:
    """N-Quads file → store on disk, by Oxigraph alone."""
    folder = project.root / "bulk"
    shutil.rmtree(folder, ignore_errors=True)
    store = ox.Store(str(folder))
    store.bulk_load(path=str(project.root / "all.nq"), format=ox.RdfFormat.N_QUADS)
    return {}


def edit(project: Project) -> dict[str, float]:
    """One changed record → the store as it should be."""
    report = build_store(load_collection(project, settled=last_build(project)), project)
    assert not report.full
    return {"changed": float(report.added + report.removed)}


def derived(project: Project) -> dict[str, float]:
    """JSON Lines → store on disk, from nothing, with the derived graph whatever the size."""
    shutil.rmtree(project.output, ignore_errors=True)
    found = build_store(load_collection(project), project, derivation=_derivation(project))
    return {"quads": float(found.added), "derived": float(found.derived.quads)}


def derived_edit(project: Project) -> dict[str, float]:
    """One changed record → the store as it should be, the derived graph too."""
    loaded = load_collection(project, settled=last_build(project))
    found = build_store(loaded, project, derivation=_derivation(project))
    assert not found.full
    return {"changed": float(found.added + found.removed)}


def _derivation(project: Project) -> Derivation:
    return derivation(project, most=sys.maxsize)


def files(project: Project) -> dict[str, float]:
    """Store → graph.ttl and graph.trig, sorted."""
    project.graph_ttl.unlink(missing_ok=True)
    write_graph_files(project)
    return {"megabytes": project.graph_ttl.stat().st_size / 1e6}


STEPS: dict[str, Callable[[Project], dict[str, float]]] = {
    "load": load,
    "full": full,
    "bulk_load": bulk_load,
    "edit": edit,
    "files": files,
    "derived": derived,
    "derived_edit": derived_edit,
}


def run_step(name: str, root: Path) -> dict[str, float]:
    """Run one step in a process of its own and give its numbers."""
    done = subprocess.run(
        [sys.executable, __file__, "--step", name, str(root)],
        check=True,
        capture_output=True,
        text=True,
    )
    numbers: dict[str, float] = json.loads(done.stdout)
    return numbers


def step(name: str, root: Path) -> None:
    """Print the numbers of one step as JSON."""
    project = find_project(root)
    began, worked = time.perf_counter(), time.process_time()
    numbers = STEPS[name](project)
    numbers["seconds"] = time.perf_counter() - began
    numbers["processor"] = time.process_time() - worked
    numbers["memory"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MEGABYTE
    print(json.dumps(numbers))


def touch_one_record(project: Project, number: str) -> None:
    """Give one record another title each time."""
    path = project.sources / BULK
    lines = path.read_text("utf-8").splitlines(keepends=True)
    plain = json.loads(lines[len(lines) // 2])
    plain["document"]["title"] = f"Titre changé {number}"
    lines[len(lines) // 2] = json.dumps(plain, ensure_ascii=False) + "\n"
    path.write_text("".join(lines), "utf-8")


def measure(size: int, runs: int, root: Path, *, deriving: bool) -> dict[str, dict[str, float]]:
    """Run all steps on a synthetic collection, side by side, and take medians."""
    project = find_project(write_project(root, size))
    collection = load_collection(project).collection
    with (root / "all.nq").open("w", encoding="utf-8") as stream:
        for line in collection_quads(collection, project_lookup(collection, project)):
            stream.write(line + "\n")
    del collection
    steps = [name for name in STEPS if deriving or not name.startswith("derived")]
    found: dict[str, list[dict[str, float]]] = {name: [] for name in steps}
    for number in range(runs):
        for name in steps:
            for again in range(EDITS if name == "edit" else 1):
                if name.endswith("edit"):
                    touch_one_record(project, f"{name} {number} {again}")
                found[name].append(run_step(name, root))
    return {
        name: {key: statistics.median(item[key] for item in items) for key in items[0]}
        for name, items in found.items()
    }


def report(size: int, found: dict[str, dict[str, float]]) -> None:
    """Print the numbers of one size."""
    quads = int(found["full"]["quads"])
    print(f"\n{size:,} attributions, {quads:,} quads")
    for name, numbers in found.items():
        print(
            f"  {name:12} {numbers['seconds']:8.2f} s  {numbers['processor']:8.2f} s of processor"
            f"  {numbers['memory']:7.0f} MB peak"
        )
    whole, bulk, change = found["full"], found["bulk_load"], found["edit"]
    for key, told in (("seconds", "by the clock"), ("processor", "of processor")):
        print(
            f"  {told}: full build : Oxigraph's bulk load = {whole[key] / bulk[key]:.2f} (goal 2);"
            f" one edit : full build = {change[key] / whole[key]:.2%} (goal 1 % at 100,000)"
        )
    if "derived" in found:
        print(f"  derived graph: {int(found['derived']['derived']):,} quads, not part of these")


def main() -> None:
    """Measure, or run one step."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--large", action="store_true", help="100,000 attributions as well")
    parser.add_argument("--derived", action="store_true", help="the derived graph too: slow")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--step", nargs=2, metavar=("NAME", "FOLDER"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.step:
        step(options.step[0], Path(options.step[1]))
        return
    for size in (1_000, 10_000, 100_000) if options.large else (1_000, 10_000):
        runs = 1 if size == 100_000 else options.runs
        with tempfile.TemporaryDirectory(prefix="kg-benchmark-") as folder:
            found = measure(size, runs, Path(folder), deriving=options.derived)
            report(size, found)


if __name__ == "__main__":
    main()
