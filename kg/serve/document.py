"""A document: its text where held, every attribution marked in it, its voices and claims beside.

In: a slug. Out: the text in paragraphs with the attributions that begin in each at its side; or,
where the text is not on this machine, the quotes in order with their places.
"""

from __future__ import annotations

from starlette.responses import Response

from kg.analyse.material import DocumentFact
from kg.serve.index import Narrowing
from kg.serve.material import document_fact
from kg.serve.passages import paragraphs
from kg.serve.view import DATA, NotHereError, View

__all__ = ["document"]


def document(view: View) -> Response:
    """Show one document."""
    slug = view.path("name")
    fact = _fact(view, slug)
    rows = view.shelf.index.rows(Narrowing(slug=slug, withdrawn=True), view.language)
    if view.suffix:
        return view.data(rows, about=[fact.iri], facts={"slug": slug, "sha256": fact.sha256})
    live = [row for row in rows if not row.is_withdrawn]
    text = view.library.text(fact.sha256)
    spans = {number: row.spans for number, row in enumerate(live)}
    return view.page(
        "document.html",
        title=fact.title or slug,
        data=DATA,
        fact=fact,
        rows=live,
        withdrawn=[row for row in rows if row.is_withdrawn],
        is_held=text is not None,
        paragraphs=paragraphs(text, spans, fact.boilerplate) if text is not None else (),
        outlet_name=_outlet(view, fact),
    )


def _outlet(view: View, fact: DocumentFact) -> str:
    return view.name(fact.outlet_iri) if fact.outlet_iri else ""


def _fact(view: View, slug: str) -> DocumentFact:
    found = view.shelf.index.document(slug)
    if found is None:
        raise NotHereError(view.t("error_no_document", name=slug))
    return document_fact(found)
