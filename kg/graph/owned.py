"""What an owner has in the store: a record's quads, the registries' quads, links into them.

In: an open generation. Out: sets of quads, found by walking from the document.
Changes nothing: `kg.graph.build` compares these sets with what the records give now.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import pyoxigraph as ox

from kg.errors import StoreError
from kg.graph.emit_registries import REGISTRY_CLASSES
from kg.graph.vocab import DCTERMS, KG, OA, PROV, RDF, SCHEMA

if TYPE_CHECKING:
    from pathlib import Path

__all__ = [
    "Graph",
    "moved_references",
    "names_of",
    "quads_of",
    "record_owned",
    "registry_owned",
]

_DEFAULT = ox.DefaultGraph()
_IDENTIFIER = ox.NamedNode(DCTERMS.identifier)
_TYPE = ox.NamedNode(RDF.type)
_OF_REGISTRIES = (ox.NamedNode(KG.entails), ox.NamedNode(KG.contradicts))
_LINKS = frozenset(ox.NamedNode(iri) for iri in (KG.relayedFrom, KG.through, KG.left, KG.right))
"""What may point at an attribution from outside its own record."""


@dataclass(frozen=True, slots=True)
class Graph:
    """An open generation, asked by patterns."""

    store: ox.Store

    @classmethod
    def open(cls, generation: Path) -> Self:
        """Open a generation for reading.

        Raises:
            StoreError: its files are damaged.
        """
        try:
            return cls(ox.Store.read_only(str(generation / "graph")))
        except (OSError, RuntimeError, ValueError) as error:
            raise StoreError(f"{generation}: the store is damaged ({error})") from error

    def of(self, subject: ox.NamedNode) -> Iterator[ox.Quad]:
        """Give what the default graph says of a subject."""
        return self.store.quads_for_pattern(subject, None, None, _DEFAULT)

    def subjects(self, predicate: str, target: ox.NamedNode) -> list[ox.NamedNode]:
        """Give the subjects that a property links to a node."""
        found = self.store.quads_for_pattern(None, ox.NamedNode(predicate), target, _DEFAULT)
        return [quad.subject for quad in found if isinstance(quad.subject, ox.NamedNode)]

    def objects(self, subject: ox.NamedNode, predicate: str) -> list[ox.NamedNode]:
        """Give the nodes that a property links a subject to."""
        found = self.store.quads_for_pattern(subject, ox.NamedNode(predicate), None, _DEFAULT)
        return [quad.object for quad in found if isinstance(quad.object, ox.NamedNode)]

    def only(self, predicate: str, target: ox.NamedNode, subjects: set[ox.NamedNode]) -> bool:
        """Whether a property links nothing but the given subjects to a node; stops at another."""
        found = self.store.quads_for_pattern(None, ox.NamedNode(predicate), target, _DEFAULT)
        return all(quad.subject in subjects for quad in found)

    def attribution(self, name: str) -> str:
        """Give the IRI of the attribution named `slug#id`, or ""."""
        found = self.store.quads_for_pattern(None, _IDENTIFIER, ox.Literal(name), _DEFAULT)
        return next(
            (quad.subject.value for quad in found if isinstance(quad.subject, ox.NamedNode)), ""
        )


def quads_of(lines: Iterable[str]) -> set[ox.Quad]:
    """Read N-Quads lines as the store would give them back.

    Raises:
        StoreError: a line is not N-Quads.
    """
    data = "\n".join(lines).encode("utf-8", "replace")
    # By way of a store: it spells numbers and times its own way, on disk as in memory.
    store = ox.Store()
    try:
        store.load(io.BytesIO(data), format=ox.RdfFormat.N_QUADS)
        return set(store)
    except SyntaxError as error:
        raise StoreError(f"the records make no valid quads: {error}") from error


def names_of(quads: Iterable[ox.Quad]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Name the subjects in the default graph, and the named graphs, of some quads."""
    subjects: set[str] = set()
    graphs: set[str] = set()
    for quad in quads:
        if isinstance(quad.graph_name, ox.NamedNode):
            graphs.add(quad.graph_name.value)
        elif isinstance(quad.subject, ox.NamedNode):
            subjects.add(quad.subject.value)
    return tuple(sorted(subjects)), tuple(sorted(graphs))


def record_owned(graph: Graph, documents: Iterable[str]) -> set[ox.Quad]:
    """Collect all quads of some documents, with claims and predicates that nothing else uses."""
    nodes = [ox.NamedNode(iri) for iri in documents]
    quads: set[ox.Quad] = set()
    attributions: set[ox.NamedNode] = set()
    for document in nodes:
        found = graph.subjects(KG.inText, document)
        attributions.update(found)
        for node in _parts(graph, document, found):
            quads.update(graph.of(node))
    claims = {claim for node in attributions for claim in graph.objects(node, KG.conveys)}
    own = {claim for claim in claims if graph.only(KG.conveys, claim, attributions)}
    for claim in own:
        quads.update(quad for quad in graph.of(claim) if quad.predicate not in _OF_REGISTRIES)
        quads.update(graph.store.quads_for_pattern(None, None, None, claim))
    used = {predicate for claim in own for predicate in graph.objects(claim, RDF.predicate)}
    for predicate in used:
        if graph.only(RDF.predicate, predicate, own):
            quads.update(graph.of(predicate))
    return quads


def _parts(
    graph: Graph, document: ox.NamedNode, attributions: list[ox.NamedNode]
) -> Iterator[ox.NamedNode]:
    yield document
    for outlet in graph.objects(document, SCHEMA.publisher):
        if ox.NamedNode(KG.UnidentifiedOutlet) in graph.objects(outlet, RDF.type):
            yield outlet
    for span in graph.subjects(OA.hasSource, document):
        yield span
        yield from graph.objects(span, OA.hasSelector)
    for run in graph.subjects(PROV.used, document):
        yield run
        yield from graph.objects(run, PROV.wasAssociatedWith)
    for attribution in attributions:
        yield attribution
        yield from graph.objects(attribution, KG.hasHop)
        yield from graph.subjects(KG.reviews, attribution)


def registry_owned(graph: Graph) -> set[ox.Quad]:
    """Collect all quads of the registries."""
    quads: set[ox.Quad] = set()
    for name in REGISTRY_CLASSES:
        for subject in graph.subjects(RDF.type, ox.NamedNode(name)):
            quads.update(graph.of(subject))
    for predicate in _OF_REGISTRIES:
        quads.update(graph.store.quads_for_pattern(None, predicate, None, _DEFAULT))
    return quads


def moved_references(
    old: set[ox.Quad], new: set[ox.Quad], graph: Graph
) -> tuple[set[ox.Quad], set[ox.Quad]] | None:
    """Turn links of unchanged owners from where an attribution was to where it is now.

    An attribution keeps its name `slug#id` when its words or speaker change, but not its IRI.
    None where something still points at an attribution that is gone.
    """
    before, after = _identified(old), _identified(new)
    gone: set[ox.Quad] = set()
    come: set[ox.Quad] = set()
    for name, node in before.items():
        moved = after.get(name)
        if moved == node:
            continue
        for quad in graph.store.quads_for_pattern(None, None, node, _DEFAULT):
            if quad.predicate not in _LINKS or quad in old:
                continue
            if moved is None:
                return None
            gone.add(quad)
            come.add(ox.Quad(quad.subject, quad.predicate, moved))
    return gone, come


def _identified(quads: set[ox.Quad]) -> dict[str, ox.NamedNode]:
    return {
        quad.object.value: quad.subject
        for quad in quads
        if quad.predicate == _IDENTIFIER
        and isinstance(quad.subject, ox.NamedNode)
        and isinstance(quad.object, ox.Literal)
        and "#" in quad.object.value
    }
