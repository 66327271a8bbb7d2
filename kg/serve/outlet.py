"""An outlet: what it reports, in which forms, from whom, and what it says in its own voice.

In: its id. Out: its texts, forms and speakers counted, its quotes, and how it was identified.
"""

from __future__ import annotations

from collections import Counter

from starlette.responses import Response

from kg.serve.index import Narrowing
from kg.serve.links import facts_of, links_to
from kg.serve.readings import MOST, rows_reading
from kg.serve.view import DATA, NotHereError, View

__all__ = ["outlet"]

SHOWN = 60


def outlet(view: View) -> Response:
    """Show one outlet."""
    name = view.path("name")
    iri = f"{view.project.base}outlet/{name}"
    index = view.shelf.index
    thing = index.thing(iri, view.language)
    if thing is None:
        raise NotHereError(view.t("error_no_outlet", name=name))
    narrowing = Narrowing(outlet=iri)
    if view.suffix:
        rows = index.rows(narrowing, view.language)
        return view.data(rows, about=[iri], facts={"name": thing.name})
    rows = index.rows(narrowing, view.language, limit=MOST)
    counts = index.counts(narrowing)
    speakers: Counter[str] = Counter()
    for item in counts:
        for voice in item.voice.split("\x1f"):
            if "/" in voice:
                speakers[voice] += item.number
    bare = view.shelf.material((), view.language)
    documents = sorted(
        (item for item in bare.documents.values() if item.outlet_iri == iri),
        key=lambda item: (item.published, item.slug),
        reverse=True,
    )
    told = facts_of(view, iri)
    return view.page(
        "outlet.html",
        title=thing.name,
        data=DATA,
        thing=thing,
        is_known="/unidentified-" not in iri,
        family=bare.families.get(iri, ""),
        basis=next((fact.value for fact in told if fact.name == "identificationBasis"), ""),
        url=next((fact.value for fact in told if fact.name == "url"), ""),
        rows=rows[:SHOWN],
        total=thing.live,
        forms=index.tally("form", narrowing),
        speakers=[(iri, number) for iri, number in speakers.most_common(40)],
        documents=documents[:100],
        document_total=len(documents),
        reading=rows_reading(view, iri, rows, with_conflicts=False),
        links=links_to(view, iri),
    )
