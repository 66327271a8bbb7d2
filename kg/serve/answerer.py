"""The process that answers SPARQL for the explorer, one query after another, until it is ended.

In: a project folder as argument; on stdin one JSON line a query. Out: on stdout "ready" once, then
for each query a JSON line and, after it, as many bytes as the line says. It only reads the graph.
A query that never ends holds this process alone: its parent kills it, and a timer of its own does
where the parent is gone.
Run as  python -m kg.serve.answerer FOLDER  by `kg.serve.engine`; not meant for people.
"""

from __future__ import annotations

import io
import json
import signal
import sys
from contextlib import suppress
from pathlib import Path

from kg.errors import KgError
from kg.graph.bounded import AnswerTooLargeError, Ceiling, Graphs, ask_bounded
from kg.graph.generations import current_generation
from kg.graph.query import Answer
from kg.graph.sparql import refusal
from kg.graph.store import LocalStore, MemoryStore, open_store
from kg.graph.table import render_boolean, render_csv, render_json, render_tsv, render_xml
from kg.graph.triples import triples_table, triples_turtle
from kg.project import Project, find_project

__all__ = ["GRAPH_STYLES", "TABLE_STYLES", "main", "rendered"]

TABLE_STYLES = ("json", "xml", "csv", "tsv")
"""How rows and a yes or no can be written."""

GRAPH_STYLES = ("turtle", "ntriples", "rdfxml", "jsonld")
"""How triples can be written."""

_MEMORY = 4_000_000_000
"""Bytes of address space; a query that wants more ends this process, and no other."""


def rendered(answer: Answer, style: str) -> bytes:
    """Write an answer in one of the styles that fit its kind; triples as rows where asked so."""
    if answer.boolean is not None:
        return render_boolean(answer.boolean, style).encode()
    if answer.triples is not None and style in GRAPH_STYLES:
        return _graph(answer.triples, style)
    table = answer.table if answer.triples is None else triples_table(answer.triples)
    assert table is not None
    writers = {"csv": render_csv, "json": render_json, "tsv": render_tsv, "xml": render_xml}
    return writers[style](table).encode("utf-8", "replace")


def _graph(triples: str, style: str) -> bytes:
    if style == "turtle":
        return triples_turtle(triples).encode()
    if style == "ntriples":
        return triples.encode()
    store = MemoryStore()
    store.add(triples, "ntriples")
    stream = io.BytesIO()
    store.dump(style, stream)
    return stream.getvalue()


def main() -> None:
    """Answer until stdin ends."""
    project = find_project(Path(sys.argv[1]))
    _limit_memory()
    opened: tuple[str, LocalStore] | None = None
    sys.stdout.buffer.write(b"ready\n")
    sys.stdout.buffer.flush()
    for line in sys.stdin.buffer:
        asked = json.loads(line)
        _arm(float(asked["seconds"]) + 5)
        try:
            opened = _current(project, opened)
            head, body = _answer(asked, opened[1], project)
        except KgError as error:
            head, body = {"fault": _kind(error), "message": str(error)}, b""
        _arm(0)
        head["length"] = len(body)
        sys.stdout.buffer.write(json.dumps(head).encode() + b"\n" + body)
        sys.stdout.buffer.flush()


def _answer(
    asked: dict[str, object], store: LocalStore, project: Project
) -> tuple[dict[str, object], bytes]:
    query = str(asked["query"])
    reason = refusal(query, base=project.base)
    if reason:
        return {"fault": "refused", "message": reason}, b""
    ceiling = Ceiling(rows=int(str(asked["rows"])), cut=bool(asked["cut"]))
    chosen = asked.get("graphs")
    graphs = Graphs(*map(tuple, chosen)) if isinstance(chosen, list) else None
    answer, cut = ask_bounded(store, query, ceiling, base=project.base, graphs=graphs)
    is_graph = answer.triples is not None
    style = str(asked["graph_style"] if is_graph else asked["table_style"])
    kind = "graph" if is_graph else "boolean" if answer.boolean is not None else "table"
    return {"kind": kind, "style": style, "cut": cut}, rendered(answer, style)


def _current(project: Project, opened: tuple[str, LocalStore] | None) -> tuple[str, LocalStore]:
    generation = current_generation(project.store)
    name = generation.name if generation else ""
    if opened is not None and opened[0] == name and name:
        return opened
    return name, open_store(project.store, base=project.base)


def _kind(error: KgError) -> str:
    if isinstance(error, AnswerTooLargeError):
        return "large"
    return "wrong" if error.__class__.__name__ == "QueryError" else "store"


def _limit_memory() -> None:
    with suppress(ImportError, OSError, ValueError):
        import resource  # noqa: PLC0415 - not on every system

        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))


def _arm(seconds: float) -> None:
    """Let the system end this process, whatever it is doing, when the time is up."""
    with suppress(AttributeError):
        signal.setitimer(signal.ITIMER_REAL, seconds)


if __name__ == "__main__":
    main()
