"""What points to a node: every property with the things that have it, by name.

In: an IRI. Out: groups to list on the node's page; counts stop at what the query gives.
"""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

from kg.graph.query import ask_query, load_query, values_of
from kg.graph.table import compact
from kg.graph.vocab import PREFIXES
from kg.project import data_folder
from kg.serve.view import View

__all__ = ["Incoming", "Told", "facts_of", "links_to"]

SHOWN = 12
MOST = 400


class Incoming(NamedTuple):
    """One property by which things point here: the first of them, and how many in all."""

    name: str
    things: tuple[tuple[str, str], ...]
    number: int
    is_more: bool


class Told(NamedTuple):
    """One thing the graph says of a node: its name, what is said, and where that leads."""

    name: str
    value: str
    link: str


_HIDDEN = frozenset({"rdf:type", "rdfs:label", "skos:altLabel", "kg:inCollection"})


def facts_of(view: View, iri: str) -> list[Told]:
    """Say what the graph says of a node itself."""
    query = load_query(data_folder("queries"), "explain-facts")
    values = values_of(query, {"node": iri, "language": view.language}, base=view.project.base)
    table = ask_query(view.shelf.store, query, values).table
    assert table is not None
    told: dict[Told, None] = {}
    for prop, value, label in table.rows:
        assert prop is not None
        assert value is not None
        name = compact(prop.value, base=view.project.base, prefixes=PREFIXES)
        if name in _HIDDEN:
            continue
        is_node = value.kind == "iri"
        shown = (label.value if label else "") or (
            view.name(value.value) if is_node else value.value
        )
        told[Told(name.rpartition(":")[2], shown, view.link(value.value) if is_node else "")] = None
    return list(told)


def links_to(view: View, iri: str) -> list[Incoming]:
    """Group what points to a node."""

    def read() -> list[Incoming]:
        query = load_query(data_folder("queries") / "serve", "links")
        values = values_of(query, {"node": iri}, base=view.project.base)
        table = ask_query(view.shelf.store, query, values).table
        assert table is not None
        groups: defaultdict[str, list[str]] = defaultdict(list)
        for prop, thing in table.rows:
            assert prop is not None
            assert thing is not None
            groups[prop.value].append(thing.value)
        full = len(table.rows) >= MOST
        return [
            Incoming(
                compact(prop, base=view.project.base, prefixes=PREFIXES),
                tuple((view.link(thing), _named(view, thing)) for thing in sorted(things)[:SHOWN]),
                len(things),
                full,
            )
            for prop, things in sorted(groups.items())
        ]

    return view.shelf.once(("links", iri, view.language), read)


def _named(view: View, iri: str) -> str:
    if "/attribution/" in iri:
        return view.shelf.index.identifier(iri) or iri.removeprefix(view.project.base)
    return view.name(iri)
