"""Who said what as a network for graph tools: GraphML and GEXF, with every claim a node.

In: a store. Out: a directed graph speaker → claim → outlet, with cited sources between claim and
outlet where words were relayed: claim → source → … → outlet. Nodes carry kind, label and what
tools filter by; an edge counts its attributions and holds the first quotes.
Withdrawn attributions are left out. Lays nothing out: Gephi and its like do that.
"""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Final

import networkx as nx

from kg.graph.rows import attribution_rows

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.graph.rows import AttributionRow, ClaimRow
    from kg.graph.store import Store
    from kg.project import Project

__all__ = ["gexf", "gexf_of", "graphml", "network", "network_of"]

_QUOTES: Final = 3
"""How many quotes an edge shows; its weight counts them all."""

_EDGE_SETS: Final = ("forms", "modalities", "polarities", "dates")
_NODE_SETS: Final = ("modality", "mode", "date", "polarity")


class _Builder:
    """Gathers nodes and edges as plain values; sets become sorted text at the end."""

    def __init__(self) -> None:
        """Start empty."""
        self._nodes: dict[str, dict[str, str]] = {}
        self._marks: dict[str, dict[str, set[str]]] = {}
        self._edges: dict[tuple[str, str], dict[str, set[str]]] = {}
        self._attributions: dict[tuple[str, str], dict[str, str]] = {}

    def node(self, iri: str, kind: str, label: str) -> str:
        """Add a node once; the first kind and label stand."""
        self._nodes.setdefault(iri, {"kind": kind, "label": label})
        return iri

    def mark(self, iri: str, **values: str) -> None:
        """Add to what a node's attributions have between them."""
        marks = self._marks.setdefault(iri, {})
        for name, value in values.items():
            if value:
                marks.setdefault(name, set()).add(value)

    def edge(self, start: str, end: str, row: AttributionRow) -> None:
        """Count an attribution on an edge."""
        sets = self._edges.setdefault((start, end), {name: set() for name in _EDGE_SETS})
        sets["forms"].add(row.form)
        sets["modalities"].add(row.modality)
        sets["polarities"].add(row.polarity)
        sets["dates"].add(row.published)
        self._attributions.setdefault((start, end), {})[row.identifier] = row.quote

    def graph(self) -> nx.DiGraph[str]:
        """Give the network, nodes and edges sorted."""
        found: nx.DiGraph[str] = nx.DiGraph()
        for iri in sorted(self._nodes):
            marks = self._marks.get(iri, {})
            found.add_node(
                iri,
                **self._nodes[iri],
                **{name: _joined(marks.get(name, ())) for name in _NODE_SETS},
            )
        for start, end in sorted(self._edges):
            quotes = self._attributions[start, end]
            found.add_edge(
                start,
                end,
                weight=len(quotes),
                attributions=", ".join(sorted(quotes)),
                quotes=" | ".join(quotes[name] for name in sorted(quotes)[:_QUOTES]),
                **{name: _joined(values) for name, values in self._edges[start, end].items()},
            )
        return found


def _joined(values: Iterable[str]) -> str:
    return ", ".join(sorted(value for value in values if value))


def network(store: Store, language: str) -> nx.DiGraph[str]:
    """Build the network; labels in a language, ids are the addresses in the graph."""
    return network_of(attribution_rows(store, language=language), language)


def network_of(rows: Iterable[AttributionRow], language: str) -> nx.DiGraph[str]:
    """Build the network of some rows; withdrawn ones are left out."""
    builder = _Builder()
    for row in rows:
        if not row.is_withdrawn:
            _add(builder, row, language)
    return builder.graph()


def _add(builder: _Builder, row: AttributionRow, language: str) -> None:
    outlet = builder.node(
        row.outlet_iri, "outlet", row.outlet or f"unidentified outlet of {row.slug}"
    )
    way = [builder.node(iri, *_link(iri, label)) for iri, label in _far_to_near(row)]
    for claim in row.claims:
        node = _claim_node(builder, claim, row, language)
        for speaker in _speakers(builder, row):
            builder.edge(speaker, node, row)
        for start, end in zip([node, *way], [*way, outlet], strict=True):
            if start != end:
                builder.edge(start, end, row)


def _claim_node(builder: _Builder, claim: ClaimRow, row: AttributionRow, language: str) -> str:
    node = builder.node(claim.iri, "claim", claim.label(language))
    date = row.utterance_date or row.published
    builder.mark(node, modality=row.modality, mode=row.form, date=date, polarity=row.polarity)
    return node


def _speakers(builder: _Builder, row: AttributionRow) -> list[str]:
    if row.form == "authorial":
        return []
    if row.speaker_iris:
        pairs = zip(row.speaker_iris, row.speakers, strict=True)
        return [builder.node(iri, "speaker", label) for iri, label in pairs]
    return [builder.node(f"{row.iri}/speaker", "unresolved speaker", row.unresolved)]


def _far_to_near(row: AttributionRow) -> list[tuple[str, str]]:
    return list(reversed(list(zip(row.chain_iris, row.chain, strict=True))))


def _link(iri: str, label: str) -> tuple[str, str]:
    if "/attribution/" in iri:
        return "attribution", label
    return ("outlet" if "/outlet/" in iri else "cited source"), label


def graphml(store: Store, project: Project) -> bytes:
    """Write the network as GraphML."""
    stream = io.BytesIO()
    nx.write_graphml_xml(
        _written(network(store, project.language)),
        stream,
        named_key_ids=True,
        infer_numeric_types=False,
    )
    return stream.getvalue()


def gexf(store: Store, project: Project) -> bytes:
    """Write the network as GEXF 1.2, without the day and the version that the library adds."""
    return gexf_of(network(store, project.language))


def gexf_of(graph: nx.DiGraph[str]) -> bytes:
    """Write one network, whole or part, as that GEXF."""
    stream = io.BytesIO()
    nx.write_gexf(_written(graph), stream, version="1.2draft")
    dateless = re.sub(rb' lastmodifieddate="[^"]*"', b"", stream.getvalue(), count=1)
    maker = b"<creator>claim-provenance</creator>"
    return re.sub(rb"<creator>[^<]*</creator>", maker, dateless, count=1)


_NO_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold (https://www.w3.org/TR/xml/#charsets)."""


def _written(graph: nx.DiGraph[str]) -> nx.DiGraph[str]:
    """Replace the characters that XML cannot hold."""
    for _, marks in graph.nodes(data=True):
        _clean(marks)
    for _, _, marks in graph.edges(data=True):
        _clean(marks)
    return graph


def _clean(marks: dict[str, object]) -> None:
    for name, value in marks.items():
        if isinstance(value, str):
            marks[name] = _NO_XML.sub("\ufffd", value)
