"""What the readings derive, as quads of one named graph: rebuilt whole, never edited by hand.

In: `Material`. Out: sorted N-Quads lines in the graph `{base}derived`: origin groups with their
reasons, the interval of origins of each claim, entailments that follow from links between
attributions, lost attributions, conflicts and candidate variants as alignments that a program
judged.
Without `shared` they follow from the records alone: no text held here changes them. The default
graph is never written to, so no count and no check sees them by chance.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kg.analyse.candidates import Candidate, candidates
from kg.analyse.conflicts import Conflict, conflicts
from kg.analyse.lost import OwnVoice, lost_attributions
from kg.analyse.material import Material
from kg.analyse.origins import OriginReading, SharedIndex, origins
from kg.analyse.projection import load_material
from kg.analyse.reasons import reason_in
from kg.graph.derivation import Derivation, derived_graph
from kg.graph.predicates import load_predicates
from kg.graph.store import Store
from kg.graph.terms import iri_text, literal_text
from kg.graph.vocab import KG, PROV, RDF, RDFS, XSD, concept
from kg.model import ConflictKind, Judgement, Relation, content_id
from kg.project import Project, data_folder

__all__ = ["BY", "MOST_DERIVED", "derivation", "derived_graph", "derived_quads"]

BY = "claim-provenance readings"
"""Who judges derived alignments: this program, so that any person overrides it."""

MOST_DERIVED = 5_000
"""Attributions above which a build derives nothing; docs/readings.md says what deriving costs."""

RULES = "4"
"""The version of how all this is derived; with a new one the next build derives it again."""

_TOLD = {
    False: {
        "en": "Derived by the readings from the records alone; made anew with them, never edited.",
        "fr": "Dérivé par les lectures, des seuls relevés ; refait avec eux, jamais modifié.",
    },
    True: {
        "en": "Derived by the readings from the records and wording shared by texts held here.",
        "fr": "Dérivé par les lectures, des relevés et des passages communs aux textes tenus ici.",
    },
}
"""What the graph says of itself: from the records alone, or from texts too."""


def derivation(project: Project, *, most: int = MOST_DERIVED) -> Derivation:
    """Say how a build makes the derived graph of a project: from the records, in its language."""
    language = project.language

    def derive(store: Store) -> list[str]:
        predicates = load_predicates(data_folder("ontology"), project.sources)
        material = load_material(store, base=project.base, predicates=predicates, language=language)
        return derived_quads(material)

    return Derivation(rules=f"{RULES} {language}", most=most, derive=derive)


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
        for other in material.entailing_by_attributions(claim):
            lines.add(f"{iri_text(other)} {iri_text(KG.entails)} {iri_text(claim)}")
    for item in lost_attributions(material):
        lines.update(_lost(material, item))
    for conflict in conflicts(material):
        if conflict.judgement == "derived" and conflict.left_claim != conflict.right_claim:
            lines.update(_conflict(material, conflict))
    if with_candidates:
        for candidate in candidates(material):
            lines.update(_candidate(material, candidate))
    if lines:
        lines.update(_marks(graph, _TOLD[bool(shared)]))
    return [f"{line} {graph} ." for line in sorted(lines)]


def _marks(graph: str, texts: Mapping[str, str]) -> Iterator[str]:
    """Say of the graph, inside it, that it is derived."""
    yield f"{graph} {iri_text(RDF.type)} {iri_text(PROV.Bundle)}"
    for language, told in texts.items():
        yield f"{graph} {iri_text(RDFS.comment)} {literal_text(told, language=language)}"


def _origins(material: Material, reading: OriginReading) -> Iterator[str]:
    claim = iri_text(reading.claim_iri)
    alone = reason_in(material.language, "alone")
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
        for text in sorted({reason.text for reason in group.merges}) or [alone]:
            yield f"{node} {iri_text(KG.basis)} {literal_text(text)}"


def _iris(material: Material) -> dict[str, str]:
    return {row.identifier: row.iri for row in material.rows}


def _lost(material: Material, item: OwnVoice) -> Iterator[str]:
    name = content_id("lost", item.claim, item.named.iri, item.own.iri)
    node = iri_text(f"{material.base}lost/{name}")
    yield f"{node} {iri_text(RDF.type)} {iri_text(KG.LostAttribution)}"
    yield f"{node} {iri_text(KG.about)} {iri_text(item.claim)}"
    yield f"{node} {iri_text(KG.attributed)} {iri_text(item.named.iri)}"
    yield f"{node} {iri_text(KG.ownVoice)} {iri_text(item.own.iri)}"


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
