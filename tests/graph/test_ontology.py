"""Ontology, vocabulary in code, JSON-LD context and graph say the same."""

from __future__ import annotations

import json
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
import sample
from rdflib.namespace import OWL, RDF, RDFS, SKOS

from kg.graph import vocab
from kg.graph.build import collection_quads, project_lookup
from kg.graph.predicates import load_predicates
from kg.graph.vocab import CONCEPTS, KG, KGP, PREFIXES, RESERVED
from kg.project import data_folder

ONTOLOGY = data_folder("ontology")


@pytest.fixture(scope="module")
def ontology() -> rdflib.Graph:
    return rdflib.Graph().parse(ONTOLOGY / "claim-provenance.ttl")


def terms(holder: type) -> set[str]:
    return {
        value
        for name, value in vars(holder).items()
        if isinstance(value, str) and name != "NS" and not name.startswith("__")
    }


def test_code_and_ontology_name_the_same_terms(ontology: rdflib.Graph) -> None:
    """Each IRI of our namespace in code is defined in the ontology, and the other way round."""
    defined = {str(subject) for subject in ontology.subjects() if str(subject).startswith(KG.NS)}

    assert terms(KG) == defined


def test_every_term_is_labelled_and_explained(ontology: rdflib.Graph) -> None:
    """Each term has a comment, a label in English and French, and says what defines it."""
    for term in terms(KG):
        node = rdflib.URIRef(term)
        languages = {label.language for label in ontology.objects(node, RDFS.label)}
        comments = [str(text) for text in ontology.objects(node, RDFS.comment)]
        assert languages == {"en", "fr"}, term
        assert len(comments) == 1, term
        assert comments[0].endswith("."), term
        assert (node, RDFS.isDefinedBy, None) in ontology, term


def test_every_term_is_one_kind_of_thing(ontology: rdflib.Graph) -> None:
    """Each term is a class, an object or datatype property, a scheme, or a concept of a scheme."""
    kinds = {OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, SKOS.ConceptScheme, SKOS.Concept}
    for term in terms(KG):
        found = set(ontology.objects(rdflib.URIRef(term), RDF.type))
        assert len(found & kinds) == 1, term
        if SKOS.Concept in found:
            assert (rdflib.URIRef(term), SKOS.inScheme, None) in ontology, term


def test_every_value_of_a_closed_vocabulary_is_a_concept(ontology: rdflib.Graph) -> None:
    """Each enum member has a concept of its own, and all those of one enum share a scheme."""
    for kind, concepts in CONCEPTS.items():
        assert len(set(concepts.values())) == len(list(kind)), kind
        schemes = {
            scheme
            for iri in concepts.values()
            for scheme in ontology.objects(rdflib.URIRef(iri), SKOS.inScheme)
        }
        assert len(schemes) == 1, kind


def test_every_term_is_used_or_reserved(tmp_path: Path) -> None:
    """The sample brings about every class and property, but for those reserved."""
    collection = sample.sample()
    project = sample.project(tmp_path)
    text = "\n".join(collection_quads(collection, project_lookup(collection, project)))
    predicates = (ONTOLOGY / "predicates.ttl").read_text("utf-8")
    concepts = {iri for found in CONCEPTS.values() for iri in found.values()}
    schemes = {term for term in terms(KG) if term.endswith("Scheme")}
    status = {KG.MachineOnly, KG.Unreviewed}
    unused = {
        term
        for term in terms(KG) - concepts - schemes - status
        if f"<{term}>" not in text and f"kg:{term.removeprefix(KG.NS)} " not in predicates
    }

    assert unused == RESERVED


def test_no_triple_uses_a_term_nobody_defined(tmp_path: Path) -> None:
    """Each IRI of our namespace in the graph is in the code's vocabulary."""
    collection = sample.sample()
    project = sample.project(tmp_path)
    text = "\n".join(collection_quads(collection, project_lookup(collection, project)))
    quads = ox.parse(text, format=ox.RdfFormat.N_QUADS)
    found = {
        node.value
        for quad in quads
        for node in (quad.predicate, quad.object)
        if isinstance(node, ox.NamedNode) and node.value.startswith(KG.NS)
    }

    assert found <= terms(KG)


def test_schema_org_is_https(ontology: rdflib.Graph) -> None:
    """No `http://schema.org/` anywhere: https is the form we keep."""
    for path in [*ONTOLOGY.glob("*.ttl"), ONTOLOGY / "context.jsonld"]:
        assert "http://schema.org" not in path.read_text("utf-8"), path
    assert vocab.SCHEMA.NS == "https://schema.org/"


def test_every_claim_predicate_is_described() -> None:
    """Each shipped predicate has labels in English and French, a comment, and known relatives."""
    predicates = load_predicates(ONTOLOGY).by_name
    assert predicates
    for name, predicate in predicates.items():
        assert predicate.iri == KGP + name
        assert {"en", "fr"} <= {language for language, _ in predicate.labels}, name
        assert predicate.comments, name
        assert {predicate.inverse, *predicate.disjoint} - {""} <= predicates.keys(), name


def test_the_context_names_every_property(ontology: rdflib.Graph) -> None:
    """The JSON-LD context shortens every class and property, and expands back to its IRI."""
    context = json.loads((ONTOLOGY / "context.jsonld").read_text("utf-8"))["@context"]
    expanded = set()
    for value in context.values():
        iri = value.get("@id") if isinstance(value, dict) else value
        if isinstance(iri, str):
            prefix, _, local = iri.partition(":")
            expanded.add(PREFIXES.get(prefix, prefix + ":") + local)
    kinds = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty)
    wanted = {str(term) for kind in kinds for term in ontology.subjects(RDF.type, kind)}

    assert wanted - expanded == {KG.ordered, KG.lexicalPattern}
    assert {name: context[name] for name in PREFIXES} == PREFIXES


@pytest.mark.filterwarnings("ignore:.*deprecated:DeprecationWarning")
def test_the_context_gives_the_same_graph(tmp_path: Path) -> None:
    """A node written with the context's short names reads as the triples it stands for."""
    context = json.loads((ONTOLOGY / "context.jsonld").read_text("utf-8"))
    node = context | {
        "id": "https://example.org/a",
        "type": "Attribution",
        "form": "FreeIndirect",
        "conveys": "https://example.org/c",
        "cue": "a dit",
        "confidence": "0.9",
    }
    graph = rdflib.Graph().parse(data=json.dumps(node), format="json-ld")
    subject = rdflib.URIRef("https://example.org/a")

    assert (subject, rdflib.URIRef(KG.form), rdflib.URIRef(KG.FreeIndirect)) in graph
    assert (subject, rdflib.URIRef(KG.conveys), rdflib.URIRef("https://example.org/c")) in graph
    assert (subject, rdflib.URIRef(KG.cue), rdflib.Literal("a dit")) in graph
    assert (
        subject,
        rdflib.URIRef(KG.confidence),
        rdflib.Literal("0.9", datatype=rdflib.XSD.decimal),
    ) in graph
