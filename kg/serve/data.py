"""The data beside each page: the same attributions as Turtle, JSON-LD, JSON or CSV.

In: rows and the nodes a page is about. Out: one response in the format of the address's suffix;
in CSV, cells that a spreadsheet would run as a formula are guarded by an apostrophe.
What is given is what the page speaks of, whole; a page of too many attributions for RDF says so.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict

from starlette.responses import Response

from kg.errors import UsageError
from kg.export.jsonld import jsonld
from kg.export.tables import csv_of
from kg.graph.describe import describe
from kg.graph.rows import AttributionRow
from kg.graph.store import MemoryStore
from kg.graph.triples import triples_turtle
from kg.serve.view import DATA, NotHereError, View

__all__ = ["MOST_DESCRIBED", "data_of"]

MOST_DESCRIBED = 2000
"""Attributions given as RDF at once; the whole graph is for `kg export`."""


def data_of(
    view: View,
    rows: Sequence[AttributionRow],
    *,
    about: Iterable[str] = (),
    facts: object = None,
) -> Response:
    """Answer in the format of the suffix; `facts` is what else the page tells, for JSON alone."""
    if view.suffix == "json":
        body = {
            "address": str(view.request.url.path).rpartition(".")[0],
            "about": list(about),
            "facts": facts,
            "attributions": [asdict(row) for row in rows],
        }
        return _answer(json.dumps(body, ensure_ascii=False, indent=1) + "\n", "application/json")
    if view.suffix == "csv":
        return _answer(csv_of(rows, view.language, for_sheets=True), "text/csv; charset=utf-8")
    if view.suffix not in DATA:
        raise NotHereError(view.t("error_no_format", suffix=view.suffix))
    if len(rows) > MOST_DESCRIBED:
        raise UsageError(view.t("error_too_many", n=len(rows), most=MOST_DESCRIBED))
    nodes = [*about, *(row.iri for row in rows)]
    if len(nodes) - len(rows) > MOST_DESCRIBED:
        most = MOST_DESCRIBED
        raise UsageError(view.t("error_too_many_things", n=len(nodes) - len(rows), most=most))
    nodes += [claim.iri for row in rows for claim in row.claims]
    nodes += [row.document_iri for row in rows]
    triples = describe(view.shelf.store, nodes)
    if view.suffix == "ttl":
        return _answer(triples_turtle(triples), "text/turtle; charset=utf-8")
    store = MemoryStore(base=view.project.base)
    store.add(triples, "ntriples")
    return _answer(jsonld(store, view.project), "application/ld+json")


def _answer(content: str | bytes, media_type: str) -> Response:
    return Response(content, media_type=media_type)
