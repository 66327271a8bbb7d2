"""What the readings derive, as quads of one named graph: rebuilt whole, never edited by hand.

In: `Material`. Out: sorted N-Quads lines in the graph `{base}derived`: origin groups with their
reasons, the interval of origins of each claim, conflicts and candidate variants as alignments that
a program judged. The default graph is never written to, so no export or check sees them by chance.
"""

from __future__ import annotations

from collections.abc import Iterator

from kg.analyse.candidates import Candidate, candidates
from kg.analyse.conflicts import Conflict, conflicts
from kg.analyse.material import Material
from kg.analyse.origins import OriginReading, SharedIndex, origins
from kg.graph.terms import iri_text, literal_text
from kg.graph.vocab import KG, PROV, RDF, XSD, concept
from kg.model import ConflictKind, Judgement, Relation, content_id

__all__ = ["BY", "derived_graph", "derived_quads"]

BY = "claim-provenance readings"
"""Who judges derived alignments: this program, so that any person overrides it."""

_ALONE = "no other attribution is known to share its origin"


def derived_graph(base: str) -> str:
    """Name the graph that holds all that is derived.

    >>> derived_graph("https://example.org/id/")
    'https://example.org/id/derived'
    """
    return f"{base}derived"


def derived_quads(
    material: Material,
    *,
    shared: SharedIndex | None = None,
    with_candidates: bool = True,
) -> list[str]:
    """Derive everything and write it as N-Quads lines, sorted, each once."""
    graph = iri_text(derived_graph(material.base))
    lines: set[str] = set()
    for claim in material.claim_iris:
        lines.update(_origins(material, origins(material, claim, shared=shared or {})))
    for conflict in conflicts(material):
        if conflict.judgement == "derived" and conflict.left_claim != conflict.right_claim:
            lines.update(_conflict(material, conflict))
    if with_candidates:
        for candidate in candidates(material):
            lines.update(_candidate(material, candidate))
    return [f"{line} {graph} ." for line in sorted(lines)]


def _origins(material: Material, reading: OriginReading) -> Iterator[str]:
    claim = iri_text(reading.claim_iri)
    names = material.once(_iris)
    for predicate, count in (
        (KG.originsAtLeast, reading.independent.low),
        (KG.originsAtMost, reading.independent.high),
    ):
        number = literal_text(str(count), datatype=XSD.integer)
        yield f"{claim} {iri_text(predicate)} {number}"
    for group in reading.groups:
        members = sorted(names[identifier] for identifier in group.identifiers)
        node = iri_text(group.iri)
        yield f"{node} {iri_text(RDF.type)} {iri_text(KG.OriginGroup)}"
        yield f"{node} {iri_text(KG.about)} {claim}"
        for member in members:
            yield f"{node} {iri_text(PROV.hadMember)} {iri_text(member)}"
        for text in sorted({reason.text for reason in group.merges}) or [_ALONE]:
            yield f"{node} {iri_text(KG.basis)} {literal_text(text)}"


def _iris(material: Material) -> dict[str, str]:
    return {row.identifier: row.iri for row in material.rows}


def _conflict(material: Material, item: Conflict) -> Iterator[str]:
    left, right = sorted((item.left_claim, item.right_claim))
    node = _node(material, "conflict", left, right, item.rule)
    yield from _alignment(node, left, right, item.note or f"{item.rule} predicate")
    yield f"{node} {iri_text(KG.relation)} {iri_text(concept(Relation.CONTRADICTS))}"
    yield f"{node} {iri_text(KG.judgement)} {iri_text(concept(Judgement.POSITIVE))}"
    yield f"{node} {iri_text(KG.conflictKind)} {iri_text(concept(ConflictKind(item.kind)))}"


def _candidate(material: Material, item: Candidate) -> Iterator[str]:
    node = _node(material, "candidate", item.left, item.right)
    yield from _alignment(node, item.left, item.right, "; ".join(item.reasons))
    yield f"{node} {iri_text(KG.relation)} {iri_text(concept(Relation.VARIANT))}"
    yield f"{node} {iri_text(KG.judgement)} {iri_text(concept(Judgement.UNSURE))}"
    score = literal_text(str(item.score), datatype=XSD.decimal)
    yield f"{node} {iri_text(KG.confidence)} {score}"


def _node(material: Material, *fields: str) -> str:
    return iri_text(f"{material.base}alignment/{content_id('derived', *fields)}")


def _alignment(node: str, left: str, right: str, basis: str) -> Iterator[str]:
    yield f"{node} {iri_text(RDF.type)} {iri_text(KG.Alignment)}"
    yield f"{node} {iri_text(KG.left)} {iri_text(left)}"
    yield f"{node} {iri_text(KG.right)} {iri_text(right)}"
    yield f"{node} {iri_text(KG.basis)} {literal_text(basis)}"
    yield f"{node} {iri_text(KG.judgedBy)} {literal_text(BY)}"
    yield f"{node} {iri_text(KG.judgeKind)} {literal_text('software')}"
