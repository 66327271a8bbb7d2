"""`/sparql`: the SPARQL 1.1 Protocol for queries, and the page where people write them.

In: GET with `query=`, POST of a form or of the query itself (https://www.w3.org/TR/sparql11-protocol/).
Out: results in the format asked for by Accept (or `format=`), a service description where no query
is given, or the console page for a browser. Updates are refused; so is reaching out of the graph.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from kg.errors import QueryError, StoreError
from kg.serve import console
from kg.serve.dataset import service_description
from kg.serve.engine import Engine, QueryRefusedError, status_of
from kg.serve.view import View

__all__ = ["sparql"]

_TABLE = {
    "application/sparql-results+json": "json",
    "application/json": "json",
    "application/sparql-results+xml": "xml",
    "application/xml": "xml",
    "text/csv": "csv",
    "text/tab-separated-values": "tsv",
}
_GRAPH = {
    "text/turtle": "turtle",
    "application/n-triples": "ntriples",
    "application/rdf+xml": "rdfxml",
    "application/xml": "rdfxml",
    "application/ld+json": "jsonld",
    "application/json": "jsonld",
}
_MEDIA = {
    "json": "application/sparql-results+json",
    "xml": "application/sparql-results+xml",
    "csv": "text/csv; charset=utf-8",
    "tsv": "text/tab-separated-values; charset=utf-8",
    "turtle": "text/turtle; charset=utf-8",
    "ntriples": "application/n-triples",
    "rdfxml": "application/rdf+xml",
    "jsonld": "application/ld+json",
}
_SHORT = {"ttl": "turtle", "nt": "ntriples"}
_ALLOWED = {"query", "default-graph-uri", "named-graph-uri", "format", "lang", "name"}


class _Fault(Exception):  # noqa: N818 - an answer on its way out, within this module
    """A request that is not of the protocol."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class _Asked(NamedTuple):
    query: str | None
    format: str
    parameters: Mapping[str, str]


async def sparql(view: View, engine: Engine) -> Response:
    """Answer one request of the protocol."""
    try:
        return await _answer(view, engine, await _read(view))
    except _Fault as fault:
        return _plain(fault.status, str(fault))
    except (QueryError, StoreError) as error:
        refused = "the query is refused: " if isinstance(error, QueryRefusedError) else ""
        return _plain(status_of(error), f"{refused}{error}")


async def _answer(view: View, engine: Engine, asked: _Asked) -> Response:
    accept = _ranges(view.request.headers.get("accept", "*/*"))
    if not asked.format and _prefers_page(accept):
        return await run_in_threadpool(console.page, view, engine, asked.parameters)
    if asked.query is None:
        return await run_in_threadpool(service_description, view)
    styles = _styles(asked.format, accept)
    reply = await run_in_threadpool(
        engine.ask,
        asked.query,
        table_style=styles[0] or "json",
        graph_style=styles[1] or "turtle",
        rows=view.settings.query_rows,
    )
    if not (styles[1] if reply.kind == "graph" else styles[0]):
        raise _Fault(406, "the answer is not to be had in a format you accept")
    answer = Response(reply.body, media_type=_MEDIA[reply.style])
    answer.headers["vary"] = "accept"
    if asked.format:
        ending = {"turtle": "ttl", "ntriples": "nt", "rdfxml": "rdf"}.get(reply.style, reply.style)
        answer.headers["content-disposition"] = f'attachment; filename="answer.{ending}"'
    return answer


def _plain(status: int, message: str) -> Response:
    return Response(f"{message}\n", status, media_type="text/plain; charset=utf-8")


async def _read(view: View) -> _Asked:
    request = view.request
    pairs = list(request.query_params.multi_items())
    if request.method == "POST":
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        body = await request.body()
        try:
            text = body.decode("utf-8")
        except UnicodeDecodeError as error:
            raise _Fault(400, "the request is not UTF-8") from error
        if kind == "application/sparql-query":
            pairs.append(("query", text))
        elif kind == "application/x-www-form-urlencoded":
            pairs += parse_qsl(text, keep_blank_values=True, max_num_fields=100)
        elif kind == "application/sparql-update":
            raise _Fault(403, "updates are refused: edit a record and run  kg build")
        else:
            raise _Fault(415, "send application/sparql-query or application/x-www-form-urlencoded")
    names = [name for name, _ in pairs]
    if "update" in names:
        raise _Fault(403, "updates are refused: edit a record and run  kg build")
    if names.count("query") > 1:
        raise _Fault(400, "`query` is given more than once")
    graphs = [value for name, value in pairs if name in {"default-graph-uri", "named-graph-uri"}]
    if graphs:
        raise _Fault(
            403,
            "graphs cannot be chosen by address: ask the default graph, or use GRAPH ?claim { … }",
        )
    found = dict(pairs)
    query = found.get("query")
    if request.method == "POST" and not (query or "").strip() and "name" not in found:
        raise _Fault(400, "there is no query in the request")
    return _Asked(query or None, found.get("format", ""), found)


def _ranges(header: str) -> list[tuple[str, float]]:
    """Read an Accept header (RFC 9110 §12.5.1): media ranges by weight, the heaviest first."""
    found: list[tuple[str, float]] = []
    for part in header.lower().split(","):
        kind, *parameters = (piece.strip() for piece in part.split(";"))
        weight = 1.0
        for parameter in parameters:
            if parameter.startswith("q="):
                try:
                    weight = float(parameter[2:])
                except ValueError:
                    weight = 0.0
        if kind:
            found.append((kind, weight))
    return sorted(found, key=lambda pair: -pair[1])


def _prefers_page(accept: list[tuple[str, float]]) -> bool:
    for kind, weight in accept:
        if weight > 0 and kind in {"text/html", "application/xhtml+xml"}:
            return True
        if weight > 0 and (kind in _TABLE or kind in _GRAPH) and kind != "application/xml":
            return False
    return False


def _styles(wanted: str, accept: list[tuple[str, float]]) -> tuple[str, str]:
    """Choose how rows and how triples are written; "" where no way is accepted."""
    if wanted:
        style = _SHORT.get(wanted, wanted)
        if style not in _MEDIA:
            raise _Fault(400, f"no format `{wanted}`; choose json, xml, csv, tsv, ttl or nt")
        if style in _TABLE.values():
            return style, {"json": "jsonld", "xml": "rdfxml"}.get(style, style)
        return "", style
    table, graph = _first(accept, _TABLE), _first(accept, _GRAPH)
    if not table and not graph:
        raise _Fault(406, f"results are to be had as {', '.join(sorted({*_TABLE, *_GRAPH}))}")
    return table, graph


def _first(accept: list[tuple[str, float]], known: Mapping[str, str]) -> str:
    refused = {kind for kind, weight in accept if weight <= 0}
    for kind, weight in accept:
        if weight <= 0:
            continue
        if kind in known:
            return known[kind]
        if kind == "*/*" or (kind.endswith("/*") and any(k.startswith(kind[:-1]) for k in known)):
            for name, style in known.items():
                if name not in refused and (kind == "*/*" or name.startswith(kind[:-1])):
                    return style
    return ""
