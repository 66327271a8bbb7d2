"""`/sparql`: the SPARQL 1.1 Protocol for queries, and the page where people write them.

In: GET with `query=`, POST of a form or of the query itself (https://www.w3.org/TR/sparql11-protocol/).
Out: results in the format asked for by Accept (or `format=`), a service description where no query
is given, or the console page for a browser. Updates are refused; so is reaching out of the graph.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from kg.errors import KgError, QueryError, StoreError
from kg.serve import console
from kg.serve.accept import accepted
from kg.serve.dataset import service_description
from kg.serve.engine import (
    QueryAbandonedError,
    QueryRefusedError,
    QueryWaitError,
    Reply,
    status_of,
)
from kg.serve.turns import Turns
from kg.serve.view import View

__all__ = ["sparql"]

_TABLE = {
    "json": ("application/sparql-results+json", "application/json"),
    "xml": ("application/sparql-results+xml", "application/xml"),
    "csv": ("text/csv",),
    "tsv": ("text/tab-separated-values",),
}
"""How rows are written → the media types that ask for it, its own first."""
_GRAPH = {
    "turtle": ("text/turtle", "application/turtle", "application/x-turtle", "text/n3"),
    "ntriples": ("application/n-triples",),
    "rdfxml": ("application/rdf+xml", "application/xml"),
    "jsonld": ("application/ld+json", "application/json"),
}
"""How triples are written → the media types that ask for it, its own first."""
_TEXTS = {"csv", "tsv", "turtle"}
"""Styles whose media type names the character set."""
_NAMES = {
    "ttl": "turtle",
    "n3": "turtle",
    "nt": "ntriples",
    "n-triples": "ntriples",
    "rdf": "rdfxml",
    "rdf+xml": "rdfxml",
    "rdf/xml": "rdfxml",
    "json-ld": "jsonld",
    "ld+json": "jsonld",
    "sparql-results+json": "json",
    "sparql-results+xml": "xml",
    "text/rdf+n3": "turtle",
    "application/n3": "turtle",
}
"""Other names that programs send as `format=` → how it is written."""
_BOTH = {"json": "jsonld", "xml": "rdfxml"}
"""How rows are written → how triples are where the same name asks for either."""
_ENDINGS = {"turtle": "ttl", "ntriples": "nt", "rdfxml": "rdf"}
_RETRY = "5"
"""Seconds after which a client may ask again where all processes were at work."""


class _Fault(Exception):  # noqa: N818 - an answer on its way out, within this module
    """A request that is not of the protocol."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class _Asked(NamedTuple):
    query: str | None
    format: str
    graphs: tuple[tuple[str, ...], tuple[str, ...]] | None
    parameters: Mapping[str, str]


async def sparql(view: View, turns: Turns) -> Response:
    """Answer one request of the protocol."""
    try:
        return await _answer(view, turns, await _read(view))
    except _Fault as fault:
        return _plain(fault.status, str(fault))
    except QueryAbandonedError:
        return Response(status_code=499)
    except (QueryError, StoreError) as error:
        refused = "the query is refused: " if isinstance(error, QueryRefusedError) else ""
        return _with_retry(_plain(status_of(error), f"{refused}{error}"), error)


async def _answer(view: View, turns: Turns, asked: _Asked) -> Response:
    accept = accepted(view.request.headers.get("accept", "*/*"))
    if not asked.format and _prefers_page(accept):
        return await _console(view, turns, asked)
    if asked.query is None:
        return await run_in_threadpool(service_description, view)
    table, graph = _styles(asked.format, accept)
    reply = await turns.ask(
        view.request,
        asked.query,
        table_style=table or "json",
        graph_style=graph or "turtle",
        rows=view.settings.query_rows,
        graphs=asked.graphs,
    )
    if not (graph if reply.kind == "graph" else table):
        raise _Fault(406, "the answer is not to be had in a format you accept")
    answer = Response(reply.body, media_type=_media(reply.style))
    answer.headers["vary"] = "accept"
    if asked.format:
        ending = _ENDINGS.get(reply.style, reply.style)
        answer.headers["content-disposition"] = f'attachment; filename="answer.{ending}"'
    return answer


async def _console(view: View, turns: Turns, asked: _Asked) -> Response:
    form = await run_in_threadpool(console.wanted, view, asked.parameters)
    reply: Reply | KgError | None = None
    if form.runs:
        try:
            reply = await turns.ask(
                view.request,
                form.text,
                table_style="json",
                graph_style="json",
                rows=console.SHOWN,
                cut=True,
                graphs=asked.graphs,
            )
        except QueryAbandonedError:
            raise
        except KgError as error:
            reply = error
    return _with_retry(await run_in_threadpool(console.page, view, form, reply), reply)


def _plain(status: int, message: str) -> Response:
    return Response(f"{message}\n", status, media_type="text/plain; charset=utf-8")


def _with_retry(answer: Response, error: object) -> Response:
    if isinstance(error, QueryWaitError):
        answer.headers["retry-after"] = _RETRY
    return answer


def _media(style: str) -> str:
    own = {**_TABLE, **_GRAPH}[style][0]
    return f"{own}; charset=utf-8" if style in _TEXTS else own


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
    found = dict(pairs)
    query = found.get("query")
    if request.method == "POST" and not (query or "").strip() and "name" not in found:
        raise _Fault(400, "there is no query in the request")
    return _Asked(query or None, _format(pairs), _graphs(pairs, view.project.base), found)


def _format(pairs: Sequence[tuple[str, str]]) -> str:
    """Give the first `format=` that names a style; "" leaves it to Accept."""
    known = {
        kind: style
        for styles in (_GRAPH, _TABLE)
        for style, kinds in styles.items()
        for kind in kinds
    }
    known |= _NAMES | {style: style for style in (*_TABLE, *_GRAPH)}
    given = [part for name, value in pairs if name == "format" for part in value.split(",")]
    names = (part.partition(";")[0].strip().lower() for part in given)
    return next((known[name] for name in names if name in known), "")


def _graphs(
    pairs: Sequence[tuple[str, str]], base: str
) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """Give the graphs chosen by address (SPARQL 1.1 Protocol, 2.1.4); None where none is."""
    default = tuple(value for name, value in pairs if name == "default-graph-uri")
    named = tuple(value for name, value in pairs if name == "named-graph-uri")
    outside = next((iri for iri in (*default, *named) if not iri.startswith(base)), "")
    if outside:
        raise _Fault(
            403,
            f"{outside[:200]!r} names something outside this graph; choose graphs that begin with "
            f"{base}, or ask the default graph",
        )
    return (default, named) if default or named else None


def _prefers_page(accept: list[tuple[str, float]]) -> bool:
    data = {kind for kinds in (*_TABLE.values(), *_GRAPH.values()) for kind in kinds}
    for kind, weight in accept:
        if weight > 0 and kind in {"text/html", "application/xhtml+xml"}:
            return True
        if weight > 0 and kind in data and kind != "application/xml":
            return False
    return False


def _styles(wanted: str, accept: list[tuple[str, float]]) -> tuple[str, str]:
    """Choose how rows and how triples are written; "" where no way is accepted."""
    table, graph = _best(accept, _TABLE), _best(accept, _GRAPH)
    if wanted in _GRAPH:
        return table, wanted
    if wanted:
        return wanted, _BOTH.get(wanted, wanted)
    if not table and not graph:
        kinds = sorted(kinds[0] for kinds in (*_TABLE.values(), *_GRAPH.values()))
        raise _Fault(406, f"results are to be had as {', '.join(kinds)}")
    return table, graph


def _best(accept: list[tuple[str, float]], styles: Mapping[str, tuple[str, ...]]) -> str:
    """Choose the style of the greatest weight, then the one named most exactly, then the first."""
    ranked = [(style, *_liking(accept, kinds)) for style, kinds in styles.items()]
    liked = [item for item in ranked if item[1] > 0]
    if not liked:
        return ""
    return min(liked, key=lambda item: (-item[1], -item[2], item[3]))[0]


def _liking(accept: list[tuple[str, float]], kinds: tuple[str, ...]) -> tuple[float, int, int]:
    """Weigh one style: what names it comes before `text/*`, and that before `*/*` (RFC 9110)."""
    ranges = (kinds, (f"{kinds[0].partition('/')[0]}/*",), ("*/*",))
    for exactness, names in zip((2, 1, 0), ranges, strict=True):
        found = [(weight, place) for place, (kind, weight) in enumerate(accept) if kind in names]
        if found:
            return found[0][0], exactness, found[0][1]
    return 0.0, 0, 0
