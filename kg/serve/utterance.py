"""An utterance: one speech act as several texts tell it, wording against wording.

In: its id. Out: who, when, where, before whom; each telling; what each adds, drops or replaces.
"""

from __future__ import annotations

from starlette.responses import Response

from kg.serve.index import Narrowing
from kg.serve.links import links_to
from kg.serve.readings import utterance_reading
from kg.serve.view import DATA, NotHereError, View

__all__ = ["utterance"]

SHOWN = 100


def utterance(view: View) -> Response:
    """Show one utterance."""
    name = view.path("name")
    iri = f"{view.project.base}utterance/{name}"
    fact = view.shelf.material((), view.language).utterances.get(iri)
    if fact is None:
        raise NotHereError(view.t("error_no_utterance", name=name))
    index = view.shelf.index
    narrowing = Narrowing(utterance=iri)
    if view.suffix:
        rows = index.rows(narrowing, view.language)
        return view.data(rows, about=[iri], facts={"label": fact.label, "date": fact.date})
    return view.page(
        "utterance.html",
        title=fact.label or name,
        data=DATA,
        fact=fact,
        iri=iri,
        rows=index.rows(narrowing, view.language, limit=SHOWN),
        total=index.count(narrowing),
        reading=utterance_reading(view, iri),
        links=links_to(view, iri),
    )
