"""The derived part of a store: one named graph, replaced by what a function from above gives.

In: a store of the new state, current for nobody yet, and a `Derivation`. Out: its graph
`{base}derived` as the function gives it now, by writing the difference alone.
Knows no reading: `kg.analyse` derives; this room counts, compares and writes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

import pyoxigraph as ox

from kg.errors import StoreError
from kg.graph.generations import DerivedPart
from kg.graph.owned import quads_of
from kg.graph.store import EmbeddedStore
from kg.graph.vocab import KG, RDF

__all__ = ["Derivation", "DerivedChange", "derived_graph", "update_derived"]


def derived_graph(base: str) -> str:
    """Name the graph that holds all that is derived.

    >>> derived_graph("https://example.org/id/")
    'https://example.org/id/derived'
    """
    return f"{base}derived"


@dataclass(frozen=True, slots=True)
class Derivation:
    """How the derived graph is made.

    `derive` gets the new state of the store, without a derived graph or with the old one, and
    gives N-Quads lines of that graph, each once. `rules` names all else that shapes them. Above
    `most` attributions it is not called, and the store has no derived graph.
    """

    rules: str
    most: int
    derive: Callable[[EmbeddedStore], Iterable[str]]

    @property
    def digest(self) -> str:
        """Sum up what shapes the derived graph beside the records."""
        return hashlib.sha256(f"{self.rules}\x1f{self.most}".encode()).hexdigest()


class DerivedChange(NamedTuple):
    """What the store holds derived now, and how many quads that added and removed."""

    part: DerivedPart
    added: int = 0
    removed: int = 0


def update_derived(store: ox.Store, base: str, derivation: Derivation | None) -> DerivedChange:
    """Bring the derived graph of an open store to what the rest of it gives now.

    Without a derivation there is to be none: what is there would be out of date.

    Raises:
        StoreError: the lines are not N-Quads of that graph.
    """
    graph = ox.NamedNode(derived_graph(base))
    old = set(store.quads_for_pattern(None, None, None, graph))
    lines: list[str] = []
    left_out = 0
    if derivation is not None:
        count = _attributions(store)
        if count > derivation.most:
            left_out = count
        else:
            lines = list(derivation.derive(EmbeddedStore(store, base=base)))
    if any(not line.endswith(f" {graph} .") for line in lines):
        raise StoreError(f"what is derived belongs in {graph}, and in no other graph")
    part = DerivedPart(derivation.digest if derivation else "", len(lines), left_out)
    new = quads_of(lines)
    gone, come = old - new, new - old
    for quad in gone:
        store.remove(quad)
    if old:
        store.extend(come)
    else:
        store.bulk_extend(come)
    return DerivedChange(part, len(come), len(gone))


def _attributions(store: ox.Store) -> int:
    kind, wanted = ox.NamedNode(RDF.type), ox.NamedNode(KG.Attribution)
    return sum(1 for _ in store.quads_for_pattern(None, kind, wanted, ox.DefaultGraph()))
