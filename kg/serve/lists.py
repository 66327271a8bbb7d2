"""Lists of things with pages: documents, claims, speakers, outlets, utterances, sources, topics.

In: the kind in the address, a page number. Out: names with their counts, most attributed first.
"""

from __future__ import annotations

import csv
import io
import json

from starlette.responses import Response

from kg.export.tables import guarded
from kg.serve.view import DATA, NotHereError, View

__all__ = ["KINDS", "listing"]

KINDS = {
    "documents": "document",
    "claims": "claim",
    "speakers": "agent",
    "outlets": "outlet",
    "utterances": "utterance",
    "sources": "source",
    "topics": "topic",
}
"""Name of a list in its address → kind of thing."""

PER_PAGE = 200


def listing(view: View) -> Response:
    """List the things of one kind, or give the whole list as data."""
    name = view.path("name")
    kind = KINDS.get(name)
    if kind is None:
        raise NotHereError(view.t("error_no_page", path=f"/list/{name}"))
    index = view.shelf.index
    if view.suffix:
        return _data(view, kind)
    total = index.thing_count(kind)
    number = min(view.number("page"), max(total - 1, 0) // PER_PAGE)
    things = index.things(kind, view.language, limit=PER_PAGE, offset=number * PER_PAGE)
    return view.page(
        "list.html",
        title=view.t(f"nav_{name}"),
        data=DATA,
        things=things,
        kind=kind,
        total=total,
        number=number,
        first=number * PER_PAGE + 1,
        has_more=(number + 1) * PER_PAGE < total,
        lead=view.t(f"list_{name}"),
    )


def _data(view: View, kind: str) -> Response:
    things = view.shelf.index.things(kind, view.language)
    if view.suffix == "json":
        body = [thing._asdict() for thing in things]
        text = json.dumps(body, ensure_ascii=False, indent=1) + "\n"
        return Response(text, media_type="application/json")
    if view.suffix == "csv":
        stream = io.StringIO()
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(("iri", "kind", "id", "name", "note", "attributions"))
        writer.writerows(guarded(map(str, thing)) for thing in things)
        return Response(stream.getvalue(), media_type="text/csv; charset=utf-8")
    return view.data((), about=[thing.iri for thing in things])
