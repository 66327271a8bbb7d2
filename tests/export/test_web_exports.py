"""Web Annotations and schema.org: read back as RDF without a network, verdicts absent."""

from __future__ import annotations

import json
import warnings

import pyoxigraph as ox
import rdflib

from kg.export import export
from kg.export.webannotation import CONTEXT
from kg.graph.rows import attribution_rows
from kg.graph.store import MemoryStore
from kg.graph.vocab import OA
from kg.project import Project

BASE = "https://example.org/id/"
SCHEMA = "https://schema.org/"
ANNO = {
    "oa": "http://www.w3.org/ns/oa#",
    "as": "http://www.w3.org/ns/activitystreams#",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "id": {"@type": "@id", "@id": "@id"},
    "type": {"@type": "@id", "@id": "@type"},
    "Annotation": "oa:Annotation",
    "SpecificResource": "oa:SpecificResource",
    "TextualBody": "oa:TextualBody",
    "TextQuoteSelector": "oa:TextQuoteSelector",
    "TextPositionSelector": "oa:TextPositionSelector",
    "AnnotationCollection": "as:OrderedCollection",
    "AnnotationPage": "as:OrderedCollectionPage",
    "describing": "oa:describing",
    "identifying": "oa:identifying",
    "linking": "oa:linking",
    "tagging": "oa:tagging",
    "body": {"@type": "@id", "@id": "oa:hasBody"},
    "target": {"@type": "@id", "@id": "oa:hasTarget"},
    "source": {"@type": "@id", "@id": "oa:hasSource"},
    "selector": {"@type": "@id", "@id": "oa:hasSelector"},
    "motivation": {"@type": "@vocab", "@id": "oa:motivatedBy"},
    "purpose": {"@type": "@vocab", "@id": "oa:hasPurpose"},
    "exact": "oa:exact",
    "prefix": "oa:prefix",
    "suffix": "oa:suffix",
    "start": {"@type": "xsd:nonNegativeInteger", "@id": "oa:start"},
    "end": {"@type": "xsd:nonNegativeInteger", "@id": "oa:end"},
    "value": "rdf:value",
    "format": "dc:format",
    "label": "rdfs:label",
    "items": {"@type": "@id", "@id": "as:items", "@container": "@list"},
    "partOf": {"@type": "@id", "@id": "as:partOf"},
    "startIndex": {"@type": "xsd:nonNegativeInteger", "@id": "as:startIndex"},
    "total": {"@type": "xsd:nonNegativeInteger", "@id": "as:totalItems"},
}
"""The terms of the standard's context that we use, as https://www.w3.org/TR/annotation-vocab/
defines them: the readers of this test fetch nothing."""


def _by_rdflib(data: str | bytes) -> rdflib.Graph:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # rdflib deprecates what its own parser calls
        return rdflib.Graph().parse(data=data, format="json-ld")


def test_annotations_have_the_shape_of_the_standard(
    mini_store: MemoryStore, mini_project: Project
) -> None:
    """A page names its context and collection; each item has bodies, targets, both selectors."""
    page = json.loads(export(mini_store, mini_project, "webannotation"))
    live = [row for row in attribution_rows(mini_store) if not row.is_withdrawn]

    assert page["@context"] == CONTEXT
    assert page["type"] == "AnnotationPage"
    assert page["partOf"]["total"] == len(page["items"]) == len(live) == 13
    for item in page["items"]:
        assert item["type"] == "Annotation"
        assert item["body"]
        for target in item["target"]:
            kinds = [selector["type"] for selector in target["selector"]]
            assert kinds == ["TextQuoteSelector", "TextPositionSelector"]


def test_annotations_carry_quote_and_place(mini_store: MemoryStore, mini_project: Project) -> None:
    """Words, offsets and hash are those of the attribution; the target is the address if known."""
    items = {
        item["dcterms:identifier"]: item
        for item in json.loads(export(mini_store, mini_project, "webannotation"))["items"]
    }
    rows = {row.identifier: row for row in attribution_rows(mini_store)}
    for name, item in items.items():
        (target,) = item["target"]
        quote, place = target["selector"]
        assert quote["exact"] == rows[name].quote
        assert (place["start"], place["end"]) == rows[name].spans[0]
        assert target["dcterms:identifier"] == f"sha256:{rows[name].sha256}"

    sources = {item["target"][0]["source"] for item in items.values()}
    assert "https://harbour-post.example/2030/pier" in sources
    assert rows["notes-jetee#a1"].document_iri in sources


def test_annotations_are_rdf_to_two_readers(mini_store: MemoryStore, mini_project: Project) -> None:
    """With the standard's terms at hand, rdflib and Oxigraph read the same selectors."""
    page = json.loads(export(mini_store, mini_project, "webannotation"))
    page["@context"] = ANNO
    text = json.dumps(page)
    exact = ox.NamedNode(OA.exact)
    ours = {
        quad.object.value
        for quad in ox.parse(text, format=ox.RdfFormat.JSON_LD)
        if quad.predicate == exact
    }
    graph = _by_rdflib(text)
    theirs = {str(value) for value in graph.objects(predicate=rdflib.URIRef(OA.exact))}

    assert ours == theirs
    assert len(ours) == 13


def test_schema_org_reads_without_a_network(mini_store: MemoryStore, mini_project: Project) -> None:
    """Both readers see the same claims and quotations, all under https."""
    data = export(mini_store, mini_project, "schemaorg")
    ours = list(ox.parse(data, format=ox.RdfFormat.JSON_LD))
    theirs = _by_rdflib(data)
    kind = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    kinds = [quad.object.value for quad in ours if quad.predicate == kind]

    assert len(theirs) == len(ours)
    assert kinds.count(f"{SCHEMA}Claim") == 10
    assert kinds.count(f"{SCHEMA}Quotation") == 13
    assert kinds.count(f"{SCHEMA}NewsArticle") == 3
    assert b"http://schema.org" not in data


def test_schema_org_gives_no_verdict(mini_store: MemoryStore, mini_project: Project) -> None:
    """There is no review and no rating, and a denial is no appearance of the claim."""
    document = json.loads(export(mini_store, mini_project, "schemaorg"))
    kinds = {node["@type"] for node in document["@graph"]}
    claims = [node for node in document["@graph"] if node["@type"] == "Claim"]
    denied = next(node for node in claims if "consulted" in node["name"][0]["@value"])

    assert kinds <= {
        "Claim",
        "Quotation",
        "NewsArticle",
        "NewsMediaOrganization",
        "Person",
        "Organization",
        "CreativeWork",
    }
    assert "rating" not in json.dumps(document).lower()
    assert "appearance" not in denied


def test_schema_org_names_no_unidentified_outlet(
    mini_store: MemoryStore, mini_project: Project
) -> None:
    """An outlet nobody identified has an address and no name."""
    document = json.loads(export(mini_store, mini_project, "schemaorg"))
    outlets = {
        node["@id"]: node.get("name")
        for node in document["@graph"]
        if node["@type"] == "NewsMediaOrganization"
    }

    assert sorted(name for name in outlets.values() if name) == [
        "Harbour Post",
        "La Gazette du quai",
    ]
    assert len(outlets) == 3
