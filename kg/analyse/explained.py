"""Derived nodes explained: from an origin group, a loss, a conflict or a candidate to the words.

In: a store, its `Material`, the name of a node. Out: an `Explanation` as `kg.graph.explain` gives
it, or None where nothing is derived under that name. The store's own derived graph is asked;
where it has none, because there was too much to derive from, deriving is done here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from kg.analyse.derived import derived_graph, derived_quads
from kg.analyse.material import Material
from kg.analyse.origins import SharedIndex
from kg.graph.explain import Explained, Explanation, Fact
from kg.graph.explain import explain as explain_node
from kg.graph.store import MemoryStore, Store
from kg.graph.table import Term
from kg.graph.vocab import KG, RDF
from kg.project import data_folder

__all__ = ["explain_derived", "may_be_derived"]

_KINDS = ("origin", "alignment", "lost")
_NAME = re.compile(rf"(?:(.*/)?({'|'.join(_KINDS)})/)?([0-9a-f]{{16}})", re.ASCII)


def may_be_derived(name: str) -> bool:
    """Tell whether a name has the form of a derived node's; deriving for any other is idle.

    >>> may_be_derived("origin/aa49b6927c458075"), may_be_derived("sergei-lavrov")
    (True, False)
    """
    return _NAME.fullmatch(name) is not None


def explain_derived(
    store: Store,
    material: Material,
    name: str,
    *,
    queries: Path,
    texts: Mapping[str, str],
    shared: SharedIndex | None = None,
    limit: int = 20,
) -> Explanation | None:
    """Walk from a derived node to the attributions it rests on, and on to their words."""
    made = _made(name, material.base)
    graph = Term("iri", derived_graph(material.base))
    source: Store = store
    if not store.ask("ASK { GRAPH ?graph { ?s ?p ?o } }", {"graph": graph}):
        source = MemoryStore(derived_quads(material, shared=shared))
    told_of = ((iri, _facts(source, graph, iri)) for iri in made)
    iri, facts = next(((iri, facts) for iri, facts in told_of if facts), ("", []))
    if not facts:
        return None
    kind = next((value for key, value in facts if key == RDF.type), "")
    rests = [place for key, value in facts if key != KG.about for place in _rests(material, value)]
    attributions: list[Explained] = []
    for place in list(dict.fromkeys(rests))[:limit]:
        told = explain_node(
            store, place, base=material.base, queries=queries, texts=texts, limit=limit
        )
        attributions.extend(told.attributions)
    return Explanation(
        iri=iri,
        kind=f"{kind.removeprefix(KG.NS)} (derived)",
        label="",
        facts=tuple(
            Fact(key.rpartition("#")[2], material.label(value).removeprefix(KG.NS), value)
            for key, value in facts
            if key != RDF.type
        ),
        attributions=tuple(attributions),
        total=len(dict.fromkeys(rests)),
    )


def _made(name: str, base: str) -> list[str]:
    """Make the addresses that a name may stand for: it is one, or ends one, or is its last part."""
    found = _NAME.fullmatch(name)
    if found is None or found[1] not in (None, base):
        return []
    return [f"{base}{kind}/{found[3]}" for kind in _KINDS if found[2] in (None, kind)]


def _facts(store: Store, graph: Term, iri: str) -> list[tuple[str, str]]:
    """Read what the derived graph says of a node."""
    query = (data_folder("queries") / "readings" / "derived.rq").read_text(encoding="utf-8")
    rows = store.select(query, {"graph": graph, "node": Term("iri", iri)}).rows
    return sorted((_value(key), _value(value)) for key, value in rows)


def _value(term: Term | None) -> str:
    return term.value if term else ""


def _rests(material: Material, iri: str) -> list[str]:
    """Give the attributions a member stands for: itself, or those that convey it."""
    if material.row(iri) is not None:
        return [iri]
    return [row.iri for row in material.conveying(iri)]
