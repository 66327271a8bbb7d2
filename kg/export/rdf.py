"""The graph in RDF syntaxes: Turtle, TriG, N-Quads, N-Triples and RDF 1.2 with triple terms.

In: a store. Out: bytes that are the same for the same graph, whatever order the store keeps it in:
sorted, prefixed, `a` first, one subject a block.
Turtle, N-Triples and RDF 1.2 hold the default graph, where claims are `rdf:Statement`s; TriG and
N-Quads also hold each quoted triple in the graph that its claim names, and the derived graph. The
store's own state is left out of all. JSON-LD has its own room, `kg.export.jsonld`.
"""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from kg.graph.store import EmbeddedStore
from kg.graph.turtle import write_trig, write_turtle
from kg.graph.vocab import KG, PREFIXES, RDF

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kg.graph.store import Store
    from kg.project import Project

__all__ = ["Lines", "nquads", "ntriples", "parsed", "rdf12", "sorted_lines", "trig", "turtle"]

_TYPE = f" <{RDF.type}> "
_SUBJECT = re.compile(rb"^(?=[<\w])", re.MULTILINE)


class Lines(NamedTuple):
    """A dataset as sorted N-Quads lines, the default graph apart from the named ones."""

    default: list[str]
    named: list[str]


def sorted_lines(store: Store, project: Project) -> Lines:
    """Read the whole graph, sorted: by graph, subject, `rdf:type` first, predicate and object."""
    default = _dumped(store, "ntriples")
    state = f"<{project.base}state>"
    named = [
        line
        for line in _dumped(store, "nquads") - default
        if line and line.rsplit(" ", 2)[1] != state
    ]
    default.discard("")
    return Lines(
        sorted(default, key=_key),
        sorted(named, key=lambda line: (line.rsplit(" ", 2)[1], *_key(line))),
    )


def _dumped(store: Store, style: str) -> set[str]:
    stream = io.BytesIO()
    store.dump(style, stream)
    return set(stream.getvalue().decode("utf-8").split("\n"))


def _key(line: str) -> tuple[str, bool, str]:
    # Without its bracket, a subject sorts before the subjects that its address begins.
    subject, _, rest = line.partition(">")
    return subject, not rest.startswith(_TYPE), rest


def ntriples(store: Store, project: Project) -> bytes:
    """Write the default graph as sorted N-Triples."""
    return _joined(sorted_lines(store, project).default)


def nquads(store: Store, project: Project) -> bytes:
    """Write the default graph, the quoted triples and what is derived as sorted N-Quads."""
    lines = sorted_lines(store, project)
    return _joined([*lines.default, *lines.named])


def _joined(lines: Iterable[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode("utf-8")


def turtle(store: Store, project: Project) -> bytes:
    """Write the default graph as Turtle, as `kg build` writes `graph.ttl`."""
    output = io.BytesIO()
    write_turtle(_dataset(store, project), project.base, output)
    return output.getvalue()


def trig(store: Store, project: Project) -> bytes:
    """Write the default graph, then the named ones, as `kg build` writes `graph.trig`."""
    dataset, output = _dataset(store, project), io.BytesIO()
    write_turtle(dataset, project.base, output)
    whole = io.BytesIO()
    output.seek(0)
    write_trig(dataset, project.base, output, whole)
    return whole.getvalue()


def _dataset(store: Store, project: Project) -> ox.Store:
    """Give the graph where the library can walk it, without the store's own state."""
    state = ox.NamedNode(f"{project.base}state")
    if isinstance(store, EmbeddedStore) and not store.raw.contains_named_graph(state):
        return store.raw
    found = ox.Store()
    lines = sorted_lines(store, project)
    found.bulk_extend(parsed([*lines.default, *lines.named]))
    return found


def rdf12(store: Store, project: Project) -> bytes:
    """Write the default graph as Turtle 1.2: `claim rdf:reifies <<( s p o )>>`.

    The triple term stands in the place of `rdf:subject`, `rdf:predicate`, `rdf:object` and the
    class `rdf:Statement` (https://www.w3.org/TR/rdf12-concepts/#section-reification); nothing
    else differs, and the triple itself is still not asserted.
    """
    triples = [quad.triple for quad in parsed(sorted_lines(store, project).default)]
    return _written(_reified(triples), project.base)


def _reified(triples: list[ox.Triple]) -> Iterator[ox.Triple]:
    parts: dict[str, dict[str, ox.NamedNode | ox.Literal]] = {}
    claims = {
        triple.subject
        for triple in triples
        if triple.predicate.value == RDF.type and triple.object == ox.NamedNode(KG.Claim)
    }
    places = (RDF.subject, RDF.predicate, RDF.object)
    for triple in triples:
        place = triple.predicate.value
        if triple.subject in claims and place in places:
            of_claim = parts.setdefault(str(triple.subject), {})
            assert isinstance(triple.object, ox.NamedNode | ox.Literal)
            of_claim[place] = triple.object
            if len(of_claim) == len(places):
                yield _reifying(triple.subject, of_claim)
        elif not (
            triple.subject in claims
            and place == RDF.type
            and triple.object == ox.NamedNode(RDF.Statement)
        ):
            yield triple


def _reifying(
    claim: ox.NamedNode | ox.BlankNode | ox.Triple,
    parts: dict[str, ox.NamedNode | ox.Literal],
) -> ox.Triple:
    subject, predicate = parts[RDF.subject], parts[RDF.predicate]
    assert isinstance(subject, ox.NamedNode)
    assert isinstance(predicate, ox.NamedNode)
    term = ox.Triple(subject, predicate, parts[RDF.object])
    return ox.Triple(claim, ox.NamedNode(f"{RDF.NS}reifies"), term)


def parsed(lines: Iterable[str]) -> Iterable[ox.Quad]:
    """Read N-Quads lines as quads of the library, in their order."""
    return ox.parse(io.BytesIO(_joined(lines)), format=ox.RdfFormat.N_QUADS)


def _written(triples: Iterable[ox.Triple], base: str) -> bytes:
    written = ox.serialize(triples, format=ox.RdfFormat.TURTLE, prefixes=PREFIXES, base_iri=base)
    # The library spells namespaces relative to the base where it can; whole they read better.
    blocks = (written or b"").split(b"\n", len(PREFIXES) + 1)[-1]
    head = [f"@base <{base}> .", *(f"@prefix {name}: <{iri}> ." for name, iri in PREFIXES.items())]
    return _joined(head) + _SUBJECT.sub(b"\n", blocks)
