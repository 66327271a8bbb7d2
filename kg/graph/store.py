"""The store: one way to ask a graph, whether it lies on disk, in memory or behind a web address.

In: SPARQL text with bound parameters. Out: `Table` values, booleans, serialized graphs.
Asks and never changes: `kg.graph.build` makes what is asked here. `kg.graph.remote` holds the
third maker, for any SPARQL 1.1 endpoint.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import IO, TYPE_CHECKING, Protocol, Self, TypeVar

import pyoxigraph as ox

from kg.errors import QueryError, StoreError
from kg.graph.generations import current_generation, graph_folder
from kg.graph.sparql import bind, parse_fault, refusal
from kg.graph.table import Table, Term
from kg.graph.terms import term_of
from kg.graph.vocab import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = [
    "DUMP_FORMATS",
    "Bindings",
    "EmbeddedStore",
    "LocalStore",
    "MemoryStore",
    "Store",
    "Values",
    "open_store",
    "safe_query",
]

Bindings = Mapping[str, Term]
"""Parameter name → term. Each is put in as one token, so no value is ever read as syntax."""

Values = list[tuple[str, ...]]
"""Rows of an answer as plain strings, for those who know what each column holds."""

Result = TypeVar("Result")

DUMP_FORMATS: dict[str, ox.RdfFormat] = {
    "turtle": ox.RdfFormat.TURTLE,
    "trig": ox.RdfFormat.TRIG,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "nquads": ox.RdfFormat.N_QUADS,
    "jsonld": ox.RdfFormat.JSON_LD,
    "rdfxml": ox.RdfFormat.RDF_XML,
}
"""Format name → what writes it; those of triples hold the default graph alone."""


class Store(Protocol):
    """A graph that can be asked."""

    def select(self, query: str, bindings: Bindings | None = None) -> Table:
        """Answer a SELECT query."""
        ...

    def select_values(self, query: str, bindings: Bindings | None = None) -> Values:
        """Answer a SELECT query with the characters of each value alone, "" where there is none."""
        ...

    def construct(self, query: str, bindings: Bindings | None = None) -> str:
        """Answer a CONSTRUCT or DESCRIBE query with sorted N-Triples."""
        ...

    def ask(self, query: str, bindings: Bindings | None = None) -> bool:
        """Answer an ASK query."""
        ...

    def dump(self, style: str, output: IO[bytes]) -> None:
        """Write the whole graph in one of `DUMP_FORMATS`, as fast as can be and unsorted."""
        ...


def safe_query(query: str, bindings: Bindings | None = None, *, base: str = "") -> str:
    """Bind parameters in a query that may only read, and no graph but those under `base`.

    Raises:
        QueryError: the query would change the graph, or reach out of it; with the reason.
    """
    reason = refusal(query, base=base)
    if reason:
        raise QueryError(f"the query is refused: {reason}")
    return bind(query, bindings or {})


class EmbeddedStore:
    """A graph that Oxigraph answers for inside this process; what disk and memory share.

    `time_limit` in seconds ends the waiting for an answer, not the engine's work on it; `FROM`
    may name the graphs under `base` alone.
    """

    def __init__(
        self,
        graph: ox.Store,
        *,
        name: str = "the graph",
        time_limit: float | None = None,
        base: str = "",
    ) -> None:
        """Keep an open graph."""
        self._graph: ox.Store | None = graph
        self._base = base
        self._name = name
        self._time_limit = time_limit

    @property
    def raw(self) -> ox.Store:
        """The open Oxigraph store, for the rooms that may touch it: `kg.graph`, `kg.export`."""
        if self._graph is None:
            raise StoreError(f"{self._name}: the store is closed")
        return self._graph

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the graph; closing twice is fine."""
        self._graph = None

    def __len__(self) -> int:
        """Count the quads of all graphs."""
        return len(self.raw)

    def select(self, query: str, bindings: Bindings | None = None) -> Table:
        """Answer a SELECT query.

        Raises:
            QueryError: the query is wrong, refused, of another form, or takes too long.
        """
        return self._answer(query, bindings, _table)

    def select_values(self, query: str, bindings: Bindings | None = None) -> Values:
        """Answer a SELECT query with the characters of each value alone, "" where there is none.

        Raises:
            QueryError: the query is wrong, refused, of another form, or takes too long.
        """
        return self._answer(query, bindings, _values)

    def construct(self, query: str, bindings: Bindings | None = None) -> str:
        """Answer a CONSTRUCT or DESCRIBE query with N-Triples, sorted and without twins.

        Raises:
            QueryError: the query is wrong, refused, of another form, or takes too long.
        """
        return self._answer(query, bindings, _triples)

    def ask(self, query: str, bindings: Bindings | None = None) -> bool:
        """Answer an ASK query.

        Raises:
            QueryError: the query is wrong, refused, of another form, or takes too long.
        """
        return self._answer(query, bindings, _boolean)

    def dump(self, style: str, output: IO[bytes]) -> None:
        """Write the whole graph, as fast as can be and unsorted.

        Raises:
            StoreError: no such format, or the output cannot be written.
        """
        known = DUMP_FORMATS.get(style)
        if known is None:
            raise StoreError(f"no format '{style}'; choose one of {', '.join(DUMP_FORMATS)}")
        start = None if known.supports_datasets else ox.DefaultGraph()
        try:
            self.raw.dump(output, format=known, from_graph=start, prefixes=PREFIXES)
        except OSError as error:
            raise StoreError(f"the graph cannot be written: {error}") from error

    def quads(
        self,
        subject: str | None = None,
        predicate: str | None = None,
        target: str | None = None,
    ) -> Iterator[ox.Quad]:
        """Find quads of the default graph by IRIs; None stands for any."""
        return self.raw.quads_for_pattern(
            ox.NamedNode(subject) if subject else None,
            ox.NamedNode(predicate) if predicate else None,
            ox.NamedNode(target) if target else None,
            ox.DefaultGraph(),
        )

    def _answer(
        self,
        query: str,
        bindings: Bindings | None,
        read: Callable[[object], Result],
    ) -> Result:
        text = safe_query(query, bindings, base=self._base)
        graph = self.raw

        def work() -> Result:
            try:
                return read(graph.query(text, prefixes=PREFIXES))
            except SyntaxError as error:
                raise QueryError(parse_fault(text, str(error))) from error
            except ValueError as error:
                raise QueryError(f"the query cannot be answered: {_one_line(error)}") from error
            except (OSError, RuntimeError) as error:
                raise StoreError(
                    f"{self._name}: the store cannot be read ({_one_line(error)}); "
                    "delete its folder and run  kg build"
                ) from error

        if self._time_limit is None:
            return work()
        return _within(work, self._time_limit)


def _within(work: Callable[[], Result], seconds: float) -> Result:
    """Wait so long for work that a thread does; the thread dies with the process."""
    results: list[Result] = []
    faults: list[BaseException] = []

    def run() -> None:
        try:
            results.append(work())
        except (QueryError, StoreError) as error:
            faults.append(error)

    thread = threading.Thread(target=run, daemon=True, name="query")
    thread.start()
    thread.join(seconds)
    if faults:
        raise faults[0]
    if not results:
        raise QueryError(
            f"the query took longer than {seconds:g} s; ask for less (LIMIT, a narrower pattern) "
            "or allow more time"
        )
    return results[0]


class MemoryStore(EmbeddedStore):
    """A graph in memory, made of N-Quads lines or of a file; for tests, one record, examples."""

    def __init__(
        self, lines: Iterable[str] = (), *, time_limit: float | None = None, base: str = ""
    ) -> None:
        """Read the lines.

        Raises:
            StoreError: a line is not N-Quads.
        """
        graph = ox.Store()
        super().__init__(graph, name="the graph in memory", time_limit=time_limit, base=base)
        self.add("\n".join(lines), "nquads")

    def add(self, content: str, style: str = "turtle") -> None:
        """Add what a text in one of `DUMP_FORMATS` says.

        Raises:
            StoreError: the text is not in that format.
        """
        try:
            data = io.BytesIO(content.encode("utf-8", "replace"))
            self.raw.load(data, format=DUMP_FORMATS[style])
        except (SyntaxError, ValueError) as error:
            raise StoreError(f"this is not {style}: {_one_line(error)}") from error


class LocalStore(EmbeddedStore):
    """The graph on disk, as `kg build` left it: read-only, and there while another one builds."""

    def __init__(self, path: Path, *, time_limit: float | None = None, base: str = "") -> None:
        """Open the current generation of a store's folder.

        Raises:
            StoreError: nothing was built yet, or the files are damaged.
        """
        super().__init__(_open_current(path), name=str(path), time_limit=time_limit, base=base)


def _open_current(path: Path) -> ox.Store:
    for _ in range(5):
        folder = graph_folder(path)
        try:
            return ox.Store.read_only(str(folder))
        except (OSError, RuntimeError, ValueError) as error:
            generation = current_generation(path)
            if generation is None or generation / "graph" != folder:
                continue  # a build put a new generation in place between our two steps
            raise StoreError(
                f"{path}: the store is damaged ({_one_line(error)}); "
                "delete this folder and run  kg build"
            ) from error
    raise StoreError(f"{path}: the store is being rebuilt without end; try again")


def open_store(path: Path, *, time_limit: float | None = None, base: str = "") -> LocalStore:
    """Open the graph on disk for asking.

    Raises:
        StoreError: nothing was built yet, or the files are damaged.
    """
    return LocalStore(path, time_limit=time_limit, base=base)


def _values(answer: object) -> Values:
    solutions = _solutions(answer)
    return [
        tuple(["" if node is None else _characters(node) for node in solution])
        for solution in solutions
    ]


def _characters(node: object) -> str:
    try:
        return node.value  # type: ignore[attr-defined,no-any-return]
    except AttributeError:
        return str(node)


def _solutions(answer: object) -> ox.QuerySolutions:
    if not isinstance(answer, ox.QuerySolutions):
        raise QueryError("this is not a SELECT query; it has no columns")
    return answer


def _table(found: object) -> Table:
    answer = _solutions(found)
    columns = tuple(variable.value for variable in answer.variables)
    rows = tuple(tuple(term_of(node) for node in solution) for solution in answer)
    return Table(columns, rows)


def _triples(answer: object) -> str:
    if not isinstance(answer, ox.QueryTriples):
        raise QueryError("this is not a CONSTRUCT or DESCRIBE query; it gives no triples")
    return "".join(sorted({f"{triple} .\n" for triple in answer}))


def _boolean(answer: object) -> bool:
    if not isinstance(answer, ox.QueryBoolean):
        raise QueryError("this is not an ASK query; it gives no yes or no")
    return bool(answer)


def _one_line(error: BaseException) -> str:
    return " ".join(str(error).split())
