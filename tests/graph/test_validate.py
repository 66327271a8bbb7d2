"""Every shape passes its passing example, fails its failing ones, and both engines agree on all."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph
import pytest
import rdflib

from kg.errors import UsageError
from kg.graph.shapes import load_shapes
from kg.graph.validate import ShapeResult, validate_named, validate_store

ROOT = Path(__file__).resolve().parents[2]
SHAPES = ROOT / "ontology" / "shapes"
EXAMPLES = Path(__file__).parent / "shapes"
CODES = sorted(shape.code for shape in load_shapes(SHAPES))
FILES = sorted(EXAMPLES.glob("*/*.ttl"))


def loaded(path: Path) -> pyoxigraph.Store:
    store = pyoxigraph.Store()
    store.load(path=path, format=pyoxigraph.RdfFormat.TURTLE)
    return store


def compiled(store: pyoxigraph.Store) -> list[ShapeResult]:
    return validate_store(store, shapes_folder=SHAPES)


@pytest.mark.parametrize("code", CODES)
def test_shape_has_a_passing_and_a_failing_example(code: str) -> None:
    """Adding a shape without examples fails here."""
    assert (EXAMPLES / code / "pass.ttl").exists()
    assert list((EXAMPLES / code).glob("fail*.ttl"))


def test_no_example_is_left_over() -> None:
    """Each folder of examples belongs to a shape."""
    assert sorted(path.name for path in EXAMPLES.iterdir()) == CODES


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_example_fails_exactly_where_its_name_says(path: Path) -> None:
    """A `pass` file has no result of its shape, a `fail` file has one about its subject."""
    found = [result for result in compiled(loaded(path)) if result.code == path.parent.name]

    if path.stem.startswith("pass"):
        assert found == []
    else:
        assert found
        assert all(result.message for result in found)


def test_engines_agree_on_every_example() -> None:
    """The compiled engine gives pySHACL's findings: same focus, path, component, value, message."""
    store = pyoxigraph.Store()
    for path in FILES:
        own = f"https://example.org/{path.parent.name}/{path.stem}/"
        text = path.read_text(encoding="utf-8").replace("https://example.org/id/", own)
        store.load(text.encode(), format=pyoxigraph.RdfFormat.TURTLE)

    expected = validate_store(store, shapes_folder=SHAPES, engine="pyshacl")

    assert {result.code for result in expected} == set(CODES)
    assert compiled(store) == expected


def test_a_subclass_in_the_data_counts_as_its_class() -> None:
    """Both engines follow `rdfs:subClassOf` in the data, for targets and for values."""
    store = pyoxigraph.Store()
    store.load(
        b"""
        @prefix ex: <https://example.org/id/> .
        @prefix kg: <https://w3id.org/claim-provenance/ns#> .
        @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
        ex:Speech rdfs:subClassOf ex:Act . ex:Act rdfs:subClassOf kg:Utterance .
        ex:it a ex:Speech ; kg:utteredBy ex:mayor .
        ex:mayor a ex:Officer . ex:Officer rdfs:subClassOf kg:Agent .
        """,
        format=pyoxigraph.RdfFormat.TURTLE,
    )

    found = compiled(store)

    assert "utterance-reported" in {result.code for result in found}
    assert "utterance-speaker" not in {result.code for result in found}
    assert found == validate_store(store, shapes_folder=SHAPES, engine="pyshacl")


@pytest.mark.parametrize(
    ("construct", "told"),
    [
        ("sh:xone ( [ sh:minCount 1 ] )", "sh"),
        ("sh:maxLength 3", "maxLength"),
        ("sh:minCount 1 ; sh:severity sh:Debug", "severity"),
        ("sh:datatype xsd:gYear", "gYear"),
    ],
)
def test_an_unknown_construct_is_refused(tmp_path: Path, construct: str, told: str) -> None:
    """The compiled engine never skips what it does not know."""
    (tmp_path / "x.ttl").write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> .\n"
        "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n"
        "@prefix ex: <https://example.org/shape#> .\n"
        "ex:some a sh:PropertyShape ; sh:targetClass ex:Thing ; sh:path ex:part ;\n"
        f'  sh:message "no" ; {construct} .\n',
        encoding="utf-8",
    )

    with pytest.raises(UsageError, match=told):
        validate_store(pyoxigraph.Store(), shapes_folder=tmp_path)


def test_broken_shapes_are_told_in_one_line(tmp_path: Path) -> None:
    """Turtle that cannot be read names its file."""
    (tmp_path / "x.ttl").write_text("this is no Turtle", encoding="utf-8")

    with pytest.raises(UsageError, match=r"x\.ttl: not Turtle"):
        validate_store(pyoxigraph.Store(), shapes_folder=tmp_path)


def test_a_folder_without_shapes_is_refused(tmp_path: Path) -> None:
    """No shapes are not the same as no faults."""
    with pytest.raises(UsageError, match="no shapes"):
        validate_store(pyoxigraph.Store(), shapes_folder=tmp_path)


NAMED = """
@prefix kg: <https://w3id.org/claim-provenance/ns#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix ex: <https://example.org/id/> .
ex:claim a kg:Claim ; rdf:subject ex:a ; rdf:predicate ex:p ; rdf:object ex:b .
"""


@pytest.mark.parametrize(
    ("graphs", "codes"),
    [
        ("GRAPH ex:claim { ex:a ex:p ex:b } GRAPH ex:state { ex:x ex:y ex:z }", []),
        (
            "GRAPH ex:claim { ex:a ex:p ex:b } GRAPH ex:derived { ex:derived a prov:Bundle }",
            [],
        ),
        ("", ["claim-without-triple"]),
        (
            "GRAPH ex:claim { ex:a ex:p ex:c }",
            ["claim-graph-differs", "claim-without-triple"],
        ),
        ("GRAPH ex:claim { ex:a ex:p ex:b , ex:c }", ["claim-graph-differs"]),
        (
            "GRAPH ex:claim { ex:a ex:p ex:b } GRAPH ex:x { ex:a ex:p ex:b }",
            ["graph-without-claim"],
        ),
    ],
)
def test_claims_and_named_graphs_agree(graphs: str, codes: list[str]) -> None:
    """A claim's named graph holds its triple, all of it, and no graph lacks a claim."""
    store = pyoxigraph.Store()
    store.load((NAMED + graphs).encode(), format=pyoxigraph.RdfFormat.TRIG)

    assert [result.code for result in validate_named(store, shapes_folder=SHAPES)] == codes


def test_an_rdflib_graph_is_checked_too() -> None:
    """A graph from elsewhere gives the same findings as the store it is loaded into."""
    path = EXAMPLES / "speaker-missing" / "fail.ttl"
    graph = rdflib.Graph().parse(path)

    assert validate_store(graph, shapes_folder=SHAPES) == compiled(loaded(path))
