"""The store behind a web address: any endpoint that speaks the SPARQL 1.1 protocols.

In: an endpoint's addresses. Out: the same answers as the store on disk; and the graph sent there.
Queries go by https://www.w3.org/TR/sparql11-protocol/, updates too, whole graphs by
https://www.w3.org/TR/sparql11-http-rdf-update/. Sends to the addresses it was given, nowhere else.
"""

# ruff: noqa: S310 (every address is seen to be http or https when the store is made)

from __future__ import annotations

import http.client
import io
import json
import shutil
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any

import pyoxigraph as ox

from kg.errors import QueryError, StoreError
from kg.graph.sparql import form
from kg.graph.store import DUMP_FORMATS, Bindings, Values, safe_query
from kg.graph.table import Table, Term

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kg.graph.store import EmbeddedStore

__all__ = ["Endpoint", "RemoteStore"]

_RESULTS = "application/sparql-results+json"
_TRIPLES = "application/n-triples"
_QUADS = "application/n-quads"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where an endpoint takes queries, updates and whole graphs; "" where it does not."""

    query: str
    update: str = ""
    graphs: str = ""

    @classmethod
    def oxigraph(cls, address: str) -> Endpoint:
        """Name the addresses of an Oxigraph server."""
        root = address.rstrip("/")
        return cls(f"{root}/query", f"{root}/update", f"{root}/store")


class RemoteStore:
    """A graph behind a web address; `time_limit` in seconds for each request."""

    def __init__(self, endpoint: Endpoint, *, time_limit: float = 60.0, base: str = "") -> None:
        """Keep the addresses; nothing is sent yet.

        Raises:
            StoreError: an address is neither http nor https.
        """
        for address in (endpoint.query, endpoint.update, endpoint.graphs):
            if address and urllib.parse.urlsplit(address).scheme not in {"http", "https"}:
                raise StoreError(f"{address}: not a web address; it must start with https://")
        self._endpoint = endpoint
        self._time_limit = time_limit
        self._base = base

    def select(self, query: str, bindings: Bindings | None = None) -> Table:
        """Answer a SELECT query.

        Raises:
            QueryError: the query is refused, wrong, or not a SELECT query.
            StoreError: the endpoint does not answer.
        """
        _want(query, ("SELECT",), "this is not a SELECT query; it has no columns")
        answer = self._json(query, bindings)
        columns = tuple(answer["head"]["vars"])
        rows = tuple(
            tuple(_term(row.get(name)) for name in columns) for row in answer["results"]["bindings"]
        )
        return Table(columns, rows)

    def select_values(self, query: str, bindings: Bindings | None = None) -> Values:
        """Answer a SELECT query with the characters of each value alone, "" where there is none.

        Raises:
            QueryError: the query is refused, wrong, or not a SELECT query.
            StoreError: the endpoint does not answer.
        """
        rows = self.select(query, bindings).rows
        return [tuple("" if term is None else term.value for term in row) for row in rows]

    def ask(self, query: str, bindings: Bindings | None = None) -> bool:
        """Answer an ASK query.

        Raises:
            QueryError: the query is refused, wrong, or not an ASK query.
            StoreError: the endpoint does not answer.
        """
        _want(query, ("ASK",), "this is not an ASK query; it gives no yes or no")
        return bool(self._json(query, bindings)["boolean"])

    def construct(self, query: str, bindings: Bindings | None = None) -> str:
        """Answer a CONSTRUCT or DESCRIBE query with N-Triples, sorted and without twins.

        Raises:
            QueryError: the query is refused, wrong, or of another form.
            StoreError: the endpoint does not answer.
        """
        _want(
            query,
            ("CONSTRUCT", "DESCRIBE"),
            "this is not a CONSTRUCT or DESCRIBE query; it gives no triples",
        )
        body = self._query(query, bindings, _TRIPLES)
        try:
            parsed = ox.parse(body, format=ox.RdfFormat.N_TRIPLES)
            return "".join(sorted({f"{quad.triple} .\n" for quad in parsed}))
        except SyntaxError as error:
            raise StoreError(f"{self._endpoint.query}: the answer is no N-Triples") from error

    def dump(self, style: str, output: IO[bytes]) -> None:
        """Write the whole graph, unsorted, in one of `DUMP_FORMATS`.

        Raises:
            StoreError: the endpoint keeps no whole graphs, or does not answer.
        """
        known = DUMP_FORMATS.get(style)
        if known is None:
            raise StoreError(f"no format '{style}'; choose one of {', '.join(DUMP_FORMATS)}")
        address = self._address("graphs", self._endpoint.graphs)
        if not known.supports_datasets:
            address += "?default"
        request = urllib.request.Request(address, headers={"Accept": known.media_type})
        self._receive(request, output)

    def update(self, text: str) -> None:
        """Run a SPARQL update of our own making; never one that a person typed.

        Raises:
            StoreError: the endpoint takes no updates, refuses this one, or does not answer.
        """
        request = urllib.request.Request(
            self._address("update", self._endpoint.update),
            data=text.encode(),
            headers={"Content-Type": "application/sparql-update"},
        )
        self._send(request)

    def replace_all(self, store: EmbeddedStore) -> None:
        """Put a whole graph, quoted triples included, in place of all the endpoint holds.

        Raises:
            StoreError: the endpoint keeps no whole graphs, or does not answer.
        """
        spool = io.BytesIO()
        store.dump("nquads", spool)
        request = urllib.request.Request(
            self._address("graphs", self._endpoint.graphs),
            data=spool.getvalue(),
            headers={"Content-Type": _QUADS},
            method="PUT",
        )
        self._send(request)

    def change(self, removed: Iterable[str], added: Iterable[str]) -> None:
        """Remove and add triples of the default graph, given as N-Triples lines, in one update.

        Raises:
            StoreError: the endpoint takes no updates, refuses this one, or does not answer.
        """
        gone, come = "\n".join(removed), "\n".join(added)
        self.update(f"DELETE DATA {{ {gone} }} ;\nINSERT DATA {{ {come} }}")

    def _address(self, what: str, address: str) -> str:
        if not address:
            raise StoreError(f"{self._endpoint.query}: no address for {what} was given")
        return address

    def _json(self, query: str, bindings: Bindings | None) -> dict[str, Any]:
        """Ask for SPARQL 1.1 Query Results JSON, and see that this is what came."""
        body = self._query(query, bindings, _RESULTS)
        try:
            answer = json.loads(body)
        except ValueError as error:
            raise StoreError(f"{self._endpoint.query}: the answer is no JSON") from error
        if not isinstance(answer, dict) or not {"boolean", "results"} & answer.keys():
            raise StoreError(f"{self._endpoint.query}: the answer is no SPARQL result")
        return answer

    def _query(self, query: str, bindings: Bindings | None, accept: str) -> bytes:
        text = safe_query(query, bindings, base=self._base)
        request = urllib.request.Request(
            self._address("queries", self._endpoint.query),
            data=text.encode(),
            headers={"Content-Type": "application/sparql-query", "Accept": accept},
        )
        return self._send(request)

    def _send(self, request: urllib.request.Request) -> bytes:
        output = io.BytesIO()
        self._receive(request, output)
        return output.getvalue()

    def _receive(self, request: urllib.request.Request, output: IO[bytes]) -> None:
        address = request.full_url
        try:
            with urllib.request.urlopen(request, timeout=self._time_limit) as answer:
                shutil.copyfileobj(answer, output)
        except urllib.error.HTTPError as error:
            with error:
                reason = " ".join(error.read(2000).decode("utf-8", "replace").split())[:300]
            if error.code == 400:
                raise QueryError(f"the endpoint refuses the query: {reason}") from error
            raise StoreError(f"{address}: the endpoint says {error.code}: {reason}") from error
        except (OSError, http.client.HTTPException) as error:
            # A timeout comes bare while reading, wrapped while connecting.
            if isinstance(getattr(error, "reason", error), TimeoutError):
                raise QueryError(
                    f"the endpoint took longer than {self._time_limit:g} s; ask for less"
                ) from error
            raise StoreError(
                f"{address}: no answer ({error}); is the server running, is the address right?"
            ) from error


def _want(query: str, forms: tuple[str, ...], message: str) -> None:
    found = form(query)
    if found and found not in forms:
        raise QueryError(message)


def _term(found: Mapping[str, str] | None) -> Term | None:
    if found is None:
        return None
    if found["type"] == "uri":
        return Term("iri", found["value"])
    if found["type"] in {"literal", "typed-literal"}:
        return Term("literal", found["value"], found.get("xml:lang", ""), found.get("datatype", ""))
    return Term("literal", json.dumps(found, sort_keys=True))
