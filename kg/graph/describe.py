"""Nodes as RDF: what the graph says of some nodes, of what belongs to them, and who points there.

In: a store and IRIs. Out: sorted N-Triples. What belongs to a node has an IRI below its own (the
spans of a text, the hops of an attribution) or is its evidence; nothing further is followed.
"""

from __future__ import annotations

from collections.abc import Iterable

from kg.graph.store import EmbeddedStore
from kg.graph.vocab import KG, OA

__all__ = ["describe"]

_OWNED = frozenset(
    {
        KG.hasEvidence,
        KG.hasCueSpan,
        KG.hasMentionSpan,
        KG.hasHop,
        KG.hasBoilerplate,
        OA.hasSelector,
    }
)
"""Properties whose value is part of the node that has it."""


def describe(store: EmbeddedStore, iris: Iterable[str], *, incoming: bool = False) -> str:
    """Give the triples of each node and of its parts; with `incoming` also those that point to it.

    The quoted triples in claims' named graphs are not among them.
    """
    lines: set[str] = set()
    seen: set[str] = set()
    queue = list(dict.fromkeys(iris))
    if incoming:
        for iri in queue:
            lines.update(f"{quad.triple} .\n" for quad in store.quads(target=iri))
    while queue:
        iri = queue.pop()
        if iri in seen:
            continue
        seen.add(iri)
        for quad in store.quads(iri):
            lines.add(f"{quad.triple} .\n")
            if quad.predicate.value in _OWNED:
                queue.append(str(getattr(quad.object, "value", "")))
    return "".join(sorted(lines))
