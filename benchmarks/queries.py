"""How long the ten most used questions take: asked through us, of Oxigraph directly, of rdflib.

In: sizes in attributions. Out: one table a size on standard output: CPU time of each engine, their
ratios, and whether all gave the same rows; below it what else people wait for.
Each engine works in a process of its own, one after the other, on the same quads and questions.

    python benchmarks/queries.py                 # 1,000 and 10,000 attributions
    python benchmarks/queries.py --large         # 100,000 as well; some twenty minutes
    python benchmarks/queries.py --large --rdflib 10000   # rdflib up to that size only
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import resource
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
from synthetic import write_project

from kg.errors import KgError
from kg.graph import sparql
from kg.graph.build import build_store
from kg.graph.explain import find_node
from kg.graph.query import QueryFile, ask_query, load_query, values_of
from kg.graph.rows import attribution_rows
from kg.graph.store import EmbeddedStore, MemoryStore, open_store
from kg.graph.table import Term
from kg.project import Project, data_folder, find_project
from kg.records.load import load_collection

if TYPE_CHECKING:
    import rdflib
    from rdflib.plugins.sparql.sparql import Query

TEN = {
    "attributions": "document",
    "passage": "document",
    "why": "attribution",
    "chains": "attribution",
    "who-said": "claim",
    "support": "claim",
    "wordings": "utterance",
    "timeline": "speaker",
    "forms-by-outlet": "",
    "share-of-voice": "",
}
"""The ten questions, with the parameter that each is asked with: eight look one thing up, as a
reader, `kg explain` and the pages do; two count over the whole graph."""

RUNS = 5
ENOUGH = 10.0
"""Seconds after which a question is not asked again."""

MEGABYTE = 1024 if sys.platform != "darwin" else 1024 * 1024
"""`ru_maxrss` counts kilobytes on Linux and bytes on macOS."""

_SAMPLE = """
PREFIX dcterms: <http://purl.org/dc/terms/> PREFIX kg: <https://w3id.org/claim-provenance/ns#>
SELECT ?attribution ?document ?claim ?utterance ?speaker {
  ?token kg:hasHop ?hop ; dcterms:identifier ?attribution ; kg:conveys ?claim ; kg:inText ?text ;
    kg:reportsUtterance ?utterance ; kg:speaker ?speaker .
  ?text dcterms:identifier ?document
} ORDER BY ?attribution ?claim LIMIT 1 OFFSET 20
"""
"""One attribution that came through a chain, and what it is linked to: the parameters' values."""

Numbers = dict[str, dict[str, Any]]


def questions(project: Project) -> list[tuple[QueryFile, Mapping[str, Term], str]]:
    """Give the ten with their values and as bound text; the values come from the graph."""
    with open_store(project.store, base=project.base) as store:
        table = store.select(_SAMPLE)
    given = {
        column: term.value.rpartition("/")[2] if term.kind == "iri" else term.value
        for column, term in zip(table.columns, table.rows[0], strict=True)
        if term is not None
    }
    found = []
    for name, parameter in TEN.items():
        query = load_query(data_folder("queries"), name)
        chosen = {parameter: given[parameter]} if parameter else {}
        values = values_of(query, chosen, base=project.base)
        found.append((query, values, sparql.bind(query.text, values)))
    return found


def plain(text: str) -> str:
    """Write a question as suits rdflib: the same answers, without what is there for Oxigraph.

    Subqueries round one pattern (hash joins) and MINUS become plain patterns and FILTER NOT EXISTS,
    which rdflib joins faster; a constant in GROUP BY, which it cannot evaluate, is left out, and so
    is the branch that asks the derived graph, which is empty here and needs a dataset.
    """
    text = re.sub(r"OPTIONAL \{ SELECT [?\w ]+ WHERE (\{ [^{}]* \}) \}", r"OPTIONAL \1", text)
    text = re.sub(r"\{ SELECT (?!DISTINCT)[?\w ]+ WHERE \{ ([^{}]*) \} \}", r"\1 .", text)
    text = re.sub(r"UNION\s*\{\s*GRAPH \?derived \{[^{}]*\}[^{}]*\}", "", text)
    text = re.sub(r"MINUS (\{ [^{}]* \})", r"FILTER NOT EXISTS \1", text)
    return re.sub(r"(GROUP BY.*?) \(<[^>]*>\)", r"\1", text)


class TooLongError(BaseException):
    """The time for one question is over; no library may catch this."""


def timed(work: Callable[[], list[list[str]]], limit: float) -> dict[str, Any]:
    """Work a few times; give the median CPU and wall time in ms, and a digest of the rows."""

    def stop(*_: object) -> None:
        raise TooLongError

    signal.signal(signal.SIGALRM, stop)
    cpu, wall, rows = [], [], None
    began = time.perf_counter()
    try:
        for _ in range(RUNS):
            signal.setitimer(signal.ITIMER_REAL, limit)
            start, start_cpu = time.perf_counter(), time.process_time()
            rows = work()
            cpu.append(time.process_time() - start_cpu)
            wall.append(time.perf_counter() - start)
            signal.setitimer(signal.ITIMER_REAL, 0)
            if time.perf_counter() - began > ENOUGH:
                break
    except TooLongError:
        if rows is None:
            return {
                "cpu": limit * 1000,
                "wall": limit * 1000,
                "rows": None,
                "digest": "",
                "over": True,
            }
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    assert rows is not None
    packed = json.dumps(sorted(rows)).encode()
    return {
        "cpu": statistics.median(cpu) * 1000,
        "wall": statistics.median(wall) * 1000,
        "rows": len(rows),
        "digest": hashlib.sha256(packed).hexdigest(),
        "over": False,
    }


def through_us(
    store: EmbeddedStore, query: QueryFile, values: Mapping[str, Term]
) -> list[list[str]]:
    """Ask as `kg query` does: values bound, text vetted, rows of plain terms."""
    table = ask_query(store, query, values).table
    assert table is not None
    return [["" if term is None else term.value for term in row] for row in table.rows]


def directly(graph: ox.Store, text: str) -> list[list[str]]:
    """Ask Oxigraph the bound text and read each value."""
    return [["" if term is None else term.value for term in row] for row in graph.query(text)]


def embedded(store: EmbeddedStore, project: Project) -> dict[str, Numbers]:
    """Ask the ten through us and directly, turn by turn, on one open store."""
    found: dict[str, Numbers] = {"ours": {}, "direct": {}}
    for query, values, text in questions(project):
        found["direct"][query.name] = timed(partial(directly, store.raw, text), 120)
        found["ours"][query.name] = timed(partial(through_us, store, query, values), 120)
    return found


def disk(project: Project, _: float) -> dict[str, Any]:
    """Oxigraph on disk."""
    start = time.process_time()
    with open_store(project.store, base=project.base) as store:
        opened = time.process_time() - start
        return {"open": opened, "engines": embedded(store, project)}


def others(project: Project, _: float) -> dict[str, Any]:
    """Time what else people wait for on disk: all rows, a misspelt name, what a build sums up."""
    summary = load_query(data_folder("queries"), "summary")
    with open_store(project.store, base=project.base) as store:
        works: dict[str, Callable[[], list[list[str]]]] = {
            "summary": lambda: through_us(store, summary, {}),
            "find_node, misspelt": lambda: _misspelt(store, project),
            "attribution_rows": lambda: [[row.iri] for row in attribution_rows(store)],
        }
        return {"others": {name: timed(work, 300) for name, work in works.items()}}


def _misspelt(store: EmbeddedStore, project: Project) -> list[list[str]]:
    try:
        return [[find_node(store, "agnet-3", base=project.base, queries=data_folder("queries"))]]
    except KgError as error:
        return [[str(error)]]


def memory(project: Project, _: float) -> dict[str, Any]:
    """Oxigraph in memory, filled from the store on disk."""
    start = time.process_time()
    store = MemoryStore(base=project.base)
    with (project.root / "all.nq").open("rb") as stream:
        store.raw.bulk_load(stream, format=ox.RdfFormat.N_QUADS)
    return {"open": time.process_time() - start, "engines": embedded(store, project)}


def rdflib_memory(project: Project, limit: float) -> dict[str, Any]:
    """Rdflib's memory store, fed by Oxigraph's parser, which is quicker than rdflib's own."""
    import gc  # noqa: PLC0415 - rdflib's process alone pays for these
    import warnings  # noqa: PLC0415

    import rdflib  # noqa: PLC0415
    from rdflib.plugins.sparql import prepareQuery  # noqa: PLC0415

    warnings.simplefilter("ignore")  # rdflib warns of EDTF dates, which it does not know
    gc.disable()
    start = time.process_time()
    graph = rdflib.Graph()
    known: dict[Any, Any] = {}

    def term(node: ox.NamedNode | ox.Literal) -> rdflib.URIRef | rdflib.Literal:
        made = known.get(node)
        if made is None:
            if isinstance(node, ox.NamedNode):
                made = known[node] = rdflib.URIRef(node.value)
            elif node.language:
                made = rdflib.Literal(node.value, lang=node.language)
            else:
                plain = node.datatype.value.endswith("#string")
                made = rdflib.Literal(
                    node.value, datatype=None if plain else rdflib.URIRef(node.datatype.value)
                )
        return made

    with (project.root / "all.nq").open("rb") as stream:
        for quad in ox.parse(stream, format=ox.RdfFormat.N_QUADS):
            if isinstance(quad.graph_name, ox.DefaultGraph):
                graph.add((term(quad.subject), term(quad.predicate), term(quad.object)))
    known.clear()
    gc.enable()
    gc.freeze()
    found: dict[str, Any] = {
        "open": time.process_time() - start,
        "engines": {"rdflib": {}, "prepared": {}},
    }
    for query, _values, bound in questions(project):
        text = plain(bound)
        prepared = prepareQuery(text)
        for name, asked in (("rdflib", text), ("prepared", prepared)):
            if name == "prepared" and found["engines"]["rdflib"][query.name]["over"]:
                found["engines"][name][query.name] = found["engines"]["rdflib"][query.name]
                continue
            found["engines"][name][query.name] = timed(
                lambda asked=asked: [
                    ["" if term is None else str(term) for term in row]
                    for row in graph.query(asked)
                ],
                limit,
            )
    return found


def _rows(graph: rdflib.Graph, asked: Query | str) -> list[list[str]]:
    return [["" if term is None else str(term) for term in row] for row in graph.query(asked)]


STEPS = {"disk": disk, "memory": memory, "rdflib": rdflib_memory, "others": others}


def step(name: str, root: Path, limit: float) -> None:
    """Measure one engine and print its numbers as JSON."""
    found = STEPS[name](find_project(root), limit)
    found["memory"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MEGABYTE
    print(json.dumps(found))


def run_step(name: str, root: Path, limit: float) -> dict[str, Any] | None:
    """Run one step in a process of its own; None where that process died of it."""
    command = [sys.executable, __file__, "--limit", str(limit), "--step", name, str(root)]
    done = subprocess.run(command, check=False, stdout=subprocess.PIPE, text=True)
    if done.returncode:
        return None
    numbers: dict[str, Any] = json.loads(done.stdout)
    return numbers


def prepare(root: Path, size: int) -> None:
    """Make the project, its store and the quads as a file; what stands there already is used."""
    if (root / "all.nq").is_file():
        return
    project = find_project(write_project(root, size))
    build_store(load_collection(project), project)
    with (
        open_store(project.store, base=project.base) as store,
        (root / "all.nq").open("wb") as stream,
    ):
        store.dump("nquads", stream)


def measure(size: int, root: Path, *, with_rdflib: bool, limit: float) -> None:
    """Measure all engines, one after the other, and print the table."""
    prepare(root, size)
    steps = {name: run_step(name, root, limit) for name in STEPS if name != "rdflib" or with_rdflib}
    print(f"\n{size:,} attributions")
    engines: dict[str, Numbers] = {}
    waits = steps.pop("others") or {"others": {}}
    for name, found in steps.items():
        if found is None:
            print(f"  {name}: out of reach (the process ended)")
            continue
        print(f"  {name:7} {found['open']:7.1f} s of CPU to load, {found['memory']:7,.0f} MB peak")
        for engine, numbers in found["engines"].items():
            engines[engine if name == "rdflib" else f"{name} {engine}"] = numbers
    report(engines, limit)
    for name, numbers in waits["others"].items():
        print(f"  {name:22} {numbers['cpu']:9.0f} ms of CPU, {numbers['wall']:9.0f} ms wall")


COLUMNS = ("disk ours", "disk direct", "memory ours", "memory direct", "rdflib", "prepared")


def report(engines: Mapping[str, Numbers], limit: float) -> None:
    """Print CPU milliseconds of each question and engine, and the ratios."""
    heads = ("rows", *COLUMNS, "ours/direct", "rdflib/disk", "rdflib/memory", "same rows")
    print("\n  " + f"{'ms of CPU':16}" + "".join(f"{head:>14}" for head in heads))
    ratios: dict[str, list[float]] = {head: [] for head in heads[-4:-1]}
    for name in TEN:
        of = {column: engines[column][name] for column in COLUMNS if column in engines}
        cells = [str(of["disk ours"]["rows"])]
        for column in COLUMNS:
            numbers = of.get(column)
            cells.append(
                "-"
                if numbers is None
                else ("> " if numbers["over"] else "") + f"{numbers['cpu']:.2f}"
            )
        pairs = (("disk ours", "disk direct"), ("rdflib", "disk ours"), ("rdflib", "memory ours"))
        for head, (above, below) in zip(ratios, pairs, strict=True):
            if above in of and below in of:
                ratio = of[above]["cpu"] / of[below]["cpu"]
                ratios[head].append(ratio)
                cells.append(("> " if of[above]["over"] else "") + f"{ratio:.2f}")
            else:
                cells.append("-")
        digests = {numbers["digest"] for numbers in of.values() if not numbers["over"]}
        cells.append("yes" if len(digests) == 1 else "NO")
        print("  " + f"{name:16}" + "".join(f"{cell:>14}" for cell in cells))
    for head, values in ratios.items():
        if values:
            print(f"  median {head}: {statistics.median(values):.2f}")
    print(f"  (`>`: not answered within {limit:g} s, counted as that)", flush=True)


def main() -> None:
    """Measure, or run one step."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--large", action="store_true", help="100,000 attributions as well")
    parser.add_argument("--sizes", type=int, nargs="+", help="these sizes instead")
    parser.add_argument("--rdflib", type=int, default=100_000, help="the largest size for rdflib")
    parser.add_argument("--limit", type=float, default=30.0, help="seconds a question, for rdflib")
    parser.add_argument("--keep", type=Path, help="make the projects here and keep them")
    parser.add_argument("--step", nargs=2, metavar=("NAME", "FOLDER"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.step:
        step(options.step[0], Path(options.step[1]), options.limit)
        return
    sizes = options.sizes or [1_000, 10_000, *([100_000] if options.large else [])]
    with tempfile.TemporaryDirectory(prefix="kg-benchmark-") as folder:
        for size in sizes:
            measure(
                size,
                (options.keep or Path(folder)) / str(size),
                with_rdflib=size <= options.rdflib,
                limit=options.limit,
            )


if __name__ == "__main__":
    main()
