"""A cited source or a topic: what reaches us through the one, what is said of the other.

In: an id. Out: the attributions that pass through a source, and those with no way around it; or
the claims that have a topic as their subject or object.
"""

from __future__ import annotations

from typing import NamedTuple

from starlette.responses import Response

from kg.serve.index import Narrowing
from kg.serve.links import facts_of, links_to
from kg.serve.overview import board_of
from kg.serve.readings import MOST, rows_reading
from kg.serve.view import DATA, NotHereError, View

__all__ = ["source", "topic"]

SHOWN = 60


class Through(NamedTuple):
    """What passes through a source: how many attributions, and what has no other way."""

    relayed: int
    claims: list[tuple[str, str]]
    more_claims: int
    speakers: list[str]


def source(view: View) -> Response:
    """Show one cited source."""
    return _show(view, "source")


def topic(view: View) -> Response:
    """Show one topic."""
    return _show(view, "topic")


def _show(view: View, kind: str) -> Response:
    name = view.path("name")
    iri = f"{view.project.base}{kind}/{name}"
    index = view.shelf.index
    thing = index.thing(iri, view.language)
    if thing is None:
        raise NotHereError(view.t(f"error_no_{kind}", name=name))
    narrowing = Narrowing(source=iri) if kind == "source" else Narrowing(topic=iri)
    if view.suffix:
        rows = index.rows(narrowing, view.language)
        return view.data(rows, about=[iri], facts={"name": thing.name})
    rows = index.rows(narrowing, view.language, limit=MOST)
    told = facts_of(view, iri)
    return view.page(
        "source.html",
        title=thing.name,
        data=DATA,
        thing=thing,
        kind=kind,
        facts=told,
        rows=rows[:SHOWN],
        total=thing.live,
        board=board_of(view, rows) if rows else None,
        through=_through(view, iri) if kind == "source" else None,
        reading=rows_reading(view, iri, rows, with_conflicts=kind == "topic"),
        links=links_to(view, iri),
    )


def _through(view: View, iri: str) -> Through:
    def read() -> Through:
        relayed, only = view.shelf.index.only_through(iri)
        return Through(
            relayed,
            [(claim, view.name(claim)) for claim in only["claim"][:SHOWN]],
            max(len(only["claim"]) - SHOWN, 0),
            sorted(view.name(speaker) for speaker in only["speaker"][:SHOWN]),
        )

    return view.shelf.once(("through", iri, view.language), read)
