"""A claim: who says it, in which words, in which outlets, and how many origins may stand behind it.

In: its id. Out: the quotes that convey it, their wordings side by side, origins with reasons,
conflicts, drift and chains. Says nowhere whether it holds.
"""

from __future__ import annotations

from starlette.responses import Response

from kg.serve.index import Narrowing
from kg.serve.links import links_to
from kg.serve.overview import board_of
from kg.serve.readings import claim_reading
from kg.serve.view import DATA, NotHereError, View

__all__ = ["claim"]

SHOWN = 100


def claim(view: View) -> Response:
    """Show one claim."""
    name = view.path("name")
    iri = f"{view.project.base}claim/{name}"
    index = view.shelf.index
    found = index.claim(iri)
    if found is None:
        raise NotHereError(view.t("error_no_claim", name=name))
    narrowing = Narrowing(claim=iri)
    if view.suffix:
        rows = index.rows(narrowing, view.language)
        return view.data(rows, about=[iri], facts={"label": found.label(view.language)})
    rows = index.rows(narrowing, view.language, limit=SHOWN)
    reading = claim_reading(view, iri)
    bare = view.shelf.material((), view.language)
    return view.page(
        "claim.html",
        title=found.label(view.language),
        data=DATA,
        claim=found,
        iri=iri,
        rows=rows,
        total=index.count(narrowing),
        reading=reading,
        board=board_of(view, rows) if rows else None,
        stronger=[other for other in sorted(bare.entailing(iri)) if other != iri],
        weaker=[
            item.right
            for item in bare.alignments
            if item.left == iri and item.relation == "entails" and item.judgement == "positive"
        ],
        links=links_to(view, iri),
    )
