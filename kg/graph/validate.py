"""SHACL over the default graph: two engines, one list of results.

In: a store (or an rdflib graph) and the folder of shapes. Out: `ShapeResult` values, sorted.
`compiled` looks over the graph's columns for suspects (`kg.graph.shapes_screen`) and asks Oxigraph
about these, the shapes written as SPARQL; `pyshacl` is the reference, slower, with the same
results. `validate_named` checks what SHACL cannot see: that each claim's named graph holds its
triple and nothing else.
Knows no record and no file: `kg.graph.check` leads results back to file and line.
"""

from __future__ import annotations

import contextlib
import logging
import warnings
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final, Literal, Protocol, TypeAlias, TypeGuard, cast

import pyoxigraph

from kg.errors import QueryError, StoreError, UsageError
from kg.graph.shapes import SH, Shape, SparqlTarget, load_shapes
from kg.graph.shapes_compile import Hierarchy, Probe, compile_shape, subclasses
from kg.graph.shapes_facts import Facts, facts_of_store
from kg.graph.shapes_screen import query_is_quiet, suspects
from kg.graph.vocab import RDFS
from kg.model import Level

if TYPE_CHECKING:
    from pathlib import Path

    import rdflib

__all__ = ["BLANK", "Engine", "ShapeResult", "validate_named", "validate_store"]

Engine = Literal["compiled", "pyshacl"]

BLANK: Final = "_:blank"
"""What stands for any blank node in a result: their labels mean nothing outside one store."""

Data: TypeAlias = "pyoxigraph.Store | HasOxigraph | rdflib.Graph"

_SUBCLASS: Final = f"{RDFS.NS}subClassOf"
_FEW: Final = 2000
"""Above so many hits, looking at all nodes again is quicker than naming the hits."""


@dataclass(frozen=True, slots=True, order=True)
class ShapeResult:
    """One violation: the node, the shape, the constraint, where it looked and what it found.

    `path` is a property or a SPARQL path, "" for a node shape; `value` is the offending term's
    characters, "" where the fault is that something is missing or too many.
    """

    focus: str
    code: str
    component: str
    path: str
    value: str
    message: str
    shape: str
    level: Level


class HasOxigraph(Protocol):
    """Anything that can lend its Oxigraph store."""

    @property
    def raw(self) -> pyoxigraph.Store:
        """The store itself."""


class HasFacts(Protocol):
    """Anything that holds its graph as columns too, and makes a store of them when asked."""

    @property
    def facts(self) -> Facts:
        """The same quads by property."""


def validate_store(
    data: Data,
    *,
    shapes_folder: Path,
    engine: Engine = "compiled",
    focus: Collection[str] | None = None,
) -> list[ShapeResult]:
    """Check the default graph against every shape; sorted, each violation once.

    With `focus`, only results about these IRIs are looked for.

    Raises:
        UsageError: for shapes that cannot be read or hold an unknown construct.
        QueryError: where an engine cannot evaluate a shape.
    """
    shapes = load_shapes(shapes_folder)
    if focus is not None and not focus:
        return []
    if engine == "compiled":
        if not _lends_store(data):
            data = _oxigraph(data)
        results = _compiled(data, shapes, focus)
    elif engine == "pyshacl":
        results = _reference(_rdflib(data), shapes, shapes_folder)
        if focus is not None:
            wanted = frozenset(focus)
            results = (result for result in results if result.focus in wanted)
    else:
        raise UsageError(f"no engine `{engine}`; use compiled or pyshacl")
    return sorted(set(results))


def validate_named(
    store: pyoxigraph.Store | HasOxigraph, *, shapes_folder: Path
) -> list[ShapeResult]:
    """Check that named graphs and claims agree, by the queries in `named/` of the shapes folder.

    Raises:
        UsageError: for a query without its header or that cannot be parsed.
    """
    results: set[ShapeResult] = set()
    facts = _facts(store)
    for path in sorted((shapes_folder / "named").glob("*.rq")):
        results.update(_named(store, facts, path))
    return sorted(results)


def _compiled(
    data: Data, shapes: tuple[Shape, ...], focus: Collection[str] | None
) -> Iterator[ShapeResult]:
    facts = _facts(data) if focus is None or _has_facts(data) else None
    hierarchy = _hierarchy(data, facts)
    _require_templates(shapes)
    for shape in shapes:
        wanted = focus
        if facts is not None:
            found = suspects(shape, facts, hierarchy)
            if found is not None:
                wanted = _narrower(found, focus)
        if wanted is not None and not wanted:
            continue
        for probe in compile_shape(shape, hierarchy, wanted):
            yield from _run(_oxigraph(data), probe)


@lru_cache(maxsize=4)
def _require_templates(shapes: tuple[Shape, ...]) -> None:
    """Refuse shapes that could not be asked about, even where nobody is suspect yet."""
    for shape in shapes:
        compile_shape(shape, {})


def _narrower(found: Collection[str], focus: Collection[str] | None) -> Collection[str] | None:
    """Name the suspects to ask about; None where asking about all nodes is quicker or needed."""
    names = sorted(term[1:-1] for term in found if term.startswith("<"))
    if focus is not None:
        return sorted(set(focus).intersection(names))
    return names if len(names) == len(found) <= _FEW else None


def _hierarchy(data: Data, facts: Facts | None) -> Hierarchy:
    name = f"<{_SUBCLASS}>"
    if facts is not None:
        links: Iterable[tuple[str, str]] = zip(*facts.column(name), strict=True)
    else:
        quads = _oxigraph(data).quads_for_pattern(
            None, pyoxigraph.NamedNode(_SUBCLASS), None, pyoxigraph.DefaultGraph()
        )
        links = ((str(quad.subject), str(quad.object)) for quad in quads)
    return subclasses((lower[1:-1], upper[1:-1]) for lower, upper in links if upper.startswith("<"))


def _run(store: pyoxigraph.Store, probe: Probe) -> Iterator[ShapeResult]:
    shape = probe.shape
    prologue = "\n".join(
        sorted({target.prologue for target in shape.targets if isinstance(target, SparqlTarget)})
    )
    solutions = _ask(store, f"{prologue}\n{probe.query}", f"shape {shape.code}")
    names = {variable.value for variable in solutions.variables}
    for solution in solutions:
        yield ShapeResult(
            focus=_plain(solution["this"]),
            code=shape.code,
            component=probe.component,
            path=_plain(solution["path"]) if "path" in names else _bare(shape.path),
            value=_plain(solution["value"]) if "value" in names else "",
            message=shape.message,
            shape=shape.iri,
            level=shape.level,
        )


def _ask(store: pyoxigraph.Store, query: str, what: str) -> pyoxigraph.QuerySolutions:
    try:
        answer = store.query(query)
    except SyntaxError as error:
        raise UsageError(f"{what}: its query cannot be parsed: {error}") from error
    except (OSError, RuntimeError, ValueError) as error:
        raise QueryError(f"{what}: the store could not answer: {error}") from error
    if not isinstance(answer, pyoxigraph.QuerySolutions):
        raise UsageError(f"{what}: its query must be a SELECT")
    return answer


def _plain(term: object) -> str:
    if isinstance(term, pyoxigraph.BlankNode):
        return BLANK
    if isinstance(term, (pyoxigraph.NamedNode, pyoxigraph.Literal)):
        return term.value
    return ""


def _bare(path: str) -> str:
    """Take the angle brackets off a path that is one property."""
    inner = path[1:-1]
    return inner if path.startswith("<") and ">" not in inner else path


def _reference(
    graph: rdflib.Graph, shapes: tuple[Shape, ...], shapes_folder: Path
) -> Iterator[ShapeResult]:
    import pyshacl  # noqa: PLC0415 (half a second that the compiled engine does not pay)
    from pyshacl.errors import ReportableRuntimeError, ValidationFailure  # noqa: PLC0415
    from rdflib import Graph, URIRef  # noqa: PLC0415

    rules = Graph()
    for file in sorted(shapes_folder.glob("*.ttl")):
        rules.parse(file, format="turtle")
    try:
        with _quiet():
            _, report, _ = pyshacl.validate(
                graph, shacl_graph=rules, advanced=True, inference="none", do_owl_imports=False
            )
    except (ReportableRuntimeError, ValidationFailure, RecursionError) as error:
        raise QueryError(f"pyshacl could not check the graph: {error}") from error
    if not isinstance(report, Graph):
        raise QueryError(f"pyshacl could not check the graph: {report}")
    known = {shape.iri: shape for shape in shapes}
    value = report.value
    for node in report.objects(None, URIRef(SH + "result")):
        shape = known[str(value(node, URIRef(SH + "sourceShape")))]
        path = value(node, URIRef(SH + "resultPath"))
        yield ShapeResult(
            focus=_spelled(value(node, URIRef(SH + "focusNode"))),
            code=shape.code,
            component=str(value(node, URIRef(SH + "sourceConstraintComponent"))),
            path=str(path) if isinstance(path, URIRef) else _bare(shape.path),
            value=_spelled(value(node, URIRef(SH + "value"))),
            message=str(value(node, URIRef(SH + "resultMessage"))),
            shape=shape.iri,
            level=shape.level,
        )


def _spelled(term: rdflib.term.Node | None) -> str:
    from rdflib import BNode  # noqa: PLC0415 (see `_reference`)

    if term is None:
        return ""
    return BLANK if isinstance(term, BNode) else str(term)


def _oxigraph(data: Data) -> pyoxigraph.Store:
    if isinstance(data, pyoxigraph.Store):
        return data
    if _lends_store(data):
        return data.raw
    store = pyoxigraph.Store()
    graph = cast("rdflib.Graph", data)
    store.bulk_load(graph.serialize(format="nt", encoding="utf-8"), pyoxigraph.RdfFormat.N_TRIPLES)
    return store


def _lends_store(data: Data) -> TypeGuard[HasOxigraph]:
    """Ask the class: a store may be made only when its attribute is read."""
    return hasattr(type(data), "raw")


def _has_facts(data: Data) -> TypeGuard[HasFacts]:
    return hasattr(type(data), "facts")


def _facts(data: Data) -> Facts:
    return data.facts if _has_facts(data) else facts_of_store(_oxigraph(data))


def _rdflib(data: Data) -> rdflib.Graph:
    from rdflib import Graph  # noqa: PLC0415 (see `_reference`)

    if isinstance(data, Graph):
        return data
    raw = _oxigraph(data)
    try:
        text = raw.dump(format=pyoxigraph.RdfFormat.N_TRIPLES, from_graph=pyoxigraph.DefaultGraph())
    except OSError as error:
        raise StoreError(f"the store cannot be read: {error}") from error
    with _quiet():
        return Graph().parse(data=text, format="nt")


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keep rdflib from logging a traceback for each ill-typed literal: we make it a finding.

    It also keeps each literal as it is written, where rdflib would write ` 12 ` as `12`.
    """
    import rdflib  # noqa: PLC0415 (see `_reference`)

    log = logging.getLogger("rdflib.term")
    level, normal = log.level, rdflib.NORMALIZE_LITERALS
    log.setLevel(logging.CRITICAL)
    rdflib.NORMALIZE_LITERALS = False
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        log.setLevel(level)
        rdflib.NORMALIZE_LITERALS = normal


def _named(data: Data, facts: Facts, path: Path) -> Iterator[ShapeResult]:
    try:
        query = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: cannot be read: {error}") from error
    message = _header(query, "message", path)
    level = Level(_header(query, "level", path))
    if query_is_quiet(query, facts):
        return
    for solution in _ask(_oxigraph(data), query, str(path)):
        yield ShapeResult(
            focus=_plain(solution["this"]),
            code=path.stem,
            component="query",
            path="",
            value=_plain(solution["value"]),
            message=message,
            shape=path.stem,
            level=level,
        )


def _header(query: str, name: str, path: Path) -> str:
    mark = f"# {name}: "
    lines: Iterable[str] = (line for line in query.splitlines() if line.startswith(mark))
    for line in lines:
        return line.removeprefix(mark).strip()
    raise UsageError(f"{path}: the header line `{mark}…` is missing; add it")
