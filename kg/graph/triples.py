"""Triples that a CONSTRUCT or DESCRIBE query gave, as Turtle or as a table of three columns.

In: N-Triples, sorted, as a store gives them. Out: Turtle with our prefixes, one subject a block;
or a `Table`. Asks no store.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kg.graph.table import Table
from kg.graph.terms import term_of
from kg.graph.vocab import PREFIXES, RDF

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["sort_key", "triples_table", "triples_turtle"]


def triples_turtle(text: str) -> str:
    """Write N-Triples as Turtle: sorted, with our prefixes, `a` first in every block."""
    triples = sorted(_parse(text), key=sort_key)
    written = ox.serialize(triples, format=ox.RdfFormat.TURTLE, prefixes=PREFIXES) or b""
    return written.decode("utf-8")


def triples_table(text: str) -> Table:
    """Lay N-Triples out in the columns subject, predicate and object."""
    rows = tuple(
        (term_of(triple.subject), term_of(triple.predicate), term_of(triple.object))
        for triple in sorted(_parse(text), key=sort_key)
    )
    return Table(("subject", "predicate", "object"), rows)


def sort_key(triple: ox.Triple) -> tuple[str, bool, str, str]:
    """Order triples by subject, then `rdf:type` before all else, predicate and object."""
    predicate = triple.predicate.value
    return (str(triple.subject), predicate != RDF.type, predicate, str(triple.object))


def _parse(text: str) -> Iterable[ox.Triple]:
    quads = ox.parse(io.BytesIO(text.encode("utf-8")), format=ox.RdfFormat.N_TRIPLES)
    return (quad.triple for quad in quads)
