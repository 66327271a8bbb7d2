"""Attributions as nanopublications (https://nanopub.net/guidelines/working_draft/), in TriG.

In: a store. Out: for each live attribution four graphs under its address: Head, assertion (what it
says and which claim it conveys, as an `rdf:Statement`), provenance (span, text, hash, chain, run)
and pubinfo (who made it). The claim's triple is not asserted here either.
Neither signed nor given trusty addresses: that is for the one who publishes them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from kg.export.rdf import parsed, sorted_lines
from kg.graph.rows import attribution_rows
from kg.graph.vocab import DCTERMS, KG, OA, PREFIXES, PROV, RDF, RDFS, SCHEMA

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.graph.store import Store
    from kg.project import Project

__all__ = ["NP", "nanopublications"]

NP: Final = "http://www.nanopub.org/nschema#"
DERIVED_FROM: Final = f"{PROV.NS}wasDerivedFrom"

_PROVENANCE: Final = frozenset(
    {
        KG.inText,
        KG.hasEvidence,
        KG.hasCueSpan,
        KG.hasMentionSpan,
        KG.relayedFrom,
        KG.hasHop,
        KG.resolutionBasis,
        KG.confidence,
        KG.reviewStatus,
        PROV.wasGeneratedBy,
    }
)
"""What is said of an attribution's origin rather than of its content."""

_OF_A_TEXT: Final = frozenset({RDF.type, DCTERMS.identifier, SCHEMA.sha256, SCHEMA.publisher})

_Index = dict[str, list[ox.Triple]]


def nanopublications(store: Store, project: Project) -> bytes:
    """Write one nanopublication for each live attribution."""
    index: _Index = {}
    for quad in parsed(sorted_lines(store, project).default):
        assert isinstance(quad.subject, ox.NamedNode)
        index.setdefault(quad.subject.value, []).append(quad.triple)
    rows = attribution_rows(store, language=project.language)
    quads = [
        quad
        for row in sorted(rows, key=lambda row: row.iri)
        if not row.is_withdrawn
        for quad in _nanopublication(row.iri, row.identifier, index)
    ]
    prefixes = {**PREFIXES, "np": NP}
    written = ox.serialize(quads, format=ox.RdfFormat.TRIG, prefixes=prefixes)
    return written or b""


def _nanopublication(iri: str, identifier: str, index: _Index) -> Iterator[ox.Quad]:
    name = f"{iri}/nanopub"
    here = ox.NamedNode(name)
    head, assertion, provenance, pubinfo = (
        ox.NamedNode(f"{name}#{part}") for part in ("Head", "assertion", "provenance", "pubinfo")
    )
    yield _quad(here, RDF.type, ox.NamedNode(f"{NP}Nanopublication"), head)
    yield _quad(here, f"{NP}hasAssertion", assertion, head)
    yield _quad(here, f"{NP}hasProvenance", provenance, head)
    yield _quad(here, f"{NP}hasPublicationInfo", pubinfo, head)
    own = index[iri]
    for triple in _content(own, index):
        yield ox.Quad(*_parts(triple), assertion)
    runs = _objects(own, PROV.wasGeneratedBy)
    for run in runs:
        yield _quad(assertion, PROV.wasGeneratedBy, run, provenance)
    for text in _objects(own, KG.inText):
        yield _quad(assertion, DERIVED_FROM, text, provenance)
    for triple in _origin(own, index):
        yield ox.Quad(*_parts(triple), provenance)
    label = ox.Literal(f"attribution {identifier}")
    yield _quad(here, RDFS.label, label, pubinfo)
    for run in runs:
        for maker in _objects(index.get(run.value, []), PROV.wasAssociatedWith):
            yield _quad(here, f"{DCTERMS.NS}creator", maker, pubinfo)
            for triple in index.get(maker.value, []):
                yield ox.Quad(*_parts(triple), pubinfo)


def _content(own: list[ox.Triple], index: _Index) -> Iterator[ox.Triple]:
    for triple in own:
        if triple.predicate.value not in _PROVENANCE:
            yield triple
    for claim in _objects(own, KG.conveys):
        yield from index.get(claim.value, [])


def _origin(own: list[ox.Triple], index: _Index) -> Iterator[ox.Triple]:
    for triple in own:
        if triple.predicate.value in _PROVENANCE:
            yield triple
    for text in _objects(own, KG.inText):
        for triple in index.get(text.value, []):
            if triple.predicate.value in _OF_A_TEXT:
                yield triple
    for link in (KG.hasEvidence, KG.hasCueSpan, KG.hasMentionSpan):
        for span in _objects(own, link):
            yield from index.get(span.value, [])
            for selector in _objects(index.get(span.value, []), OA.hasSelector):
                yield from index.get(selector.value, [])
    for hop in _objects(own, KG.hasHop):
        yield from index.get(hop.value, [])


def _objects(triples: list[ox.Triple], predicate: str) -> list[ox.NamedNode]:
    return [
        triple.object
        for triple in triples
        if triple.predicate.value == predicate and isinstance(triple.object, ox.NamedNode)
    ]


def _quad(
    subject: ox.NamedNode, predicate: str, target: ox.NamedNode | ox.Literal, graph: ox.NamedNode
) -> ox.Quad:
    return ox.Quad(subject, ox.NamedNode(predicate), target, graph)


def _parts(
    triple: ox.Triple,
) -> tuple[
    ox.NamedNode | ox.BlankNode | ox.Triple,
    ox.NamedNode,
    ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple,
]:
    return triple.subject, triple.predicate, triple.object
