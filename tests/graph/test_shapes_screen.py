"""The first look at shapes: it reads every query, keeps every violator, and spares the store."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.graph.build import project_lookup
from kg.graph.check import RecordGraph, graph_of
from kg.graph.shapes import Shape, SparqlTarget, load_shapes
from kg.graph.shapes_compile import compile_shape
from kg.graph.shapes_facts import facts_of_lines, facts_of_store
from kg.graph.shapes_screen import suspects
from kg.graph.shapes_select import read_select
from kg.graph.shapes_solve import candidates
from kg.graph.shapes_test import ERROR, UNSURE, make_test, regular
from kg.graph.validate import validate_named, validate_store
from kg.project import find_project
from kg.records import load_collection

ROOT = Path(__file__).resolve().parents[2]
SHAPES = ROOT / "ontology" / "shapes"
EXAMPLES = Path(__file__).parent / "shapes"
XSD = "http://www.w3.org/2001/XMLSchema#"


def queries_of_shapes() -> Iterator[str]:
    for shape in load_shapes(SHAPES):
        for target in shape.targets:
            if isinstance(target, SparqlTarget):
                yield f"{target.prologue}\n{target.select}"
    for path in (SHAPES / "named").glob("*.rq"):
        yield path.read_text(encoding="utf-8")


def violators(store: ox.Store, shape: Shape) -> set[str]:
    """Ask Oxigraph alone, about all nodes."""
    found: set[str] = set()
    for probe in compile_shape(shape, {}):
        prologue = "".join(t.prologue for t in shape.targets if isinstance(t, SparqlTarget))
        answers = store.query(f"{prologue}\n{probe.query}")
        assert isinstance(answers, ox.QuerySolutions)
        found.update(str(answer["this"]) for answer in answers)
    return found


def test_every_query_of_a_shape_is_read() -> None:
    """A query that the screen cannot read costs a look at all nodes: write it more simply."""
    assert [query for query in queries_of_shapes() if read_select(query) is None] == []


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?this WHERE { ?this ?p ?o OPTIONAL { ?o ?q ?r } }",
        "SELECT ?this WHERE { { SELECT ?this WHERE { ?this ?p ?o } } }",
        "SELECT ?this WHERE { ?this ?p ?o } LIMIT 3",
        "SELECT ?this WHERE { ?this ?p ?o MINUS { ?o ?q ?r } }",
        "SELECT ?this WHERE { ?this <a:b>/<a:c> ?o }",
        "SELECT ?this WHERE { ?this ?p ?o FILTER (LCASE(?o) = ?p) }",
        "SELECT (COUNT(?o) AS ?this) WHERE { ?s ?p ?o }",
        "ASK { ?this ?p ?o }",
    ],
)
def test_more_of_sparql_is_left_to_oxigraph(query: str) -> None:
    """What the reader does not know it never reads in part."""
    assert read_select(query) is None


@pytest.mark.parametrize("code", sorted(path.name for path in EXAMPLES.iterdir()))
def test_no_violator_escapes_and_no_passing_example_is_suspect(code: str) -> None:
    """On each shape's own examples the suspects are the violators, or hold them."""
    shape = next(shape for shape in load_shapes(SHAPES) if shape.code == code)
    for path in sorted((EXAMPLES / code).glob("*.ttl")):
        store = ox.Store()
        store.load(path=path, format=ox.RdfFormat.TURTLE)
        expected = violators(store, shape)

        found = suspects(shape, facts_of_store(store), {})

        assert found is not None
        assert bool(expected) == path.stem.startswith("fail")
        assert expected <= found
        if path.stem.startswith("pass"):
            assert not found


def test_a_clean_collection_is_checked_without_a_store() -> None:
    """Where nobody is suspect, no store is made of the records."""
    project = find_project(ROOT / "examples" / "strait-ferry")
    collection = load_collection(project).collection
    graph = graph_of(collection, project_lookup(collection, project))

    found = validate_store(graph, shapes_folder=SHAPES)
    found += validate_named(graph, shapes_folder=SHAPES)

    assert found or "raw" not in vars(graph)
    assert found == [
        *validate_store(graph.raw, shapes_folder=SHAPES),
        *validate_named(graph.raw, shapes_folder=SHAPES),
    ]


def test_lines_are_read_as_a_parser_reads_them() -> None:
    """Objects may hold spaces, marks and angle brackets; what follows them is the graph."""
    lines = [
        "<a:s> <a:p> <a:o> .",
        "<a:s> <a:p> <a:o> <a:g> .",
        '<a:s> <a:p> "a <b> \\" c" .',
        '<a:s> <a:p> "to <b>" <a:g> .',
        f'<a:s> <a:p> "1 2"^^<{XSD}string> .',
        f'<a:s> <a:p> "12"^^<{XSD}integer> <a:g> .',
        '<a:s> <a:p> "mot <x>"@fr .',
        "_:b <a:p> _:c .",
    ]
    graph = RecordGraph(lines)
    parsed = ox.parse("\n".join(lines).encode(), format=ox.RdfFormat.N_QUADS)

    assert sorted(graph.facts.lines()) == sorted(lines)
    assert len(graph.facts.named) == sum(quad.graph_name != ox.DefaultGraph() for quad in parsed)


GRAPH = f"""\
<a:one> <a:part> <a:two> .
<a:two> <a:part> <a:three> .
<a:three> <a:part> <a:one> .
<a:one> <a:size> "7"^^<{XSD}integer> .
<a:two> <a:size> "12"^^<{XSD}integer> .
<a:three> <a:size> "many"^^<{XSD}integer> .
<a:one> <a:name> "eins" .
<a:two> <a:name> "zwei"@de .
<a:four> <a:name> "vier" .
"""


@pytest.mark.parametrize(
    "where",
    [
        "?this <a:part> ?o",
        "?this <a:part>+ ?this",
        "?this <a:part>* <a:one>",
        "?this <a:name> ?n FILTER NOT EXISTS { ?this <a:part> ?o }",
        "?this <a:part> ?o . ?this <a:size> ?i . ?o <a:size> ?j FILTER (?i < ?j)",
        "?this <a:size> ?i FILTER (?i > 8)",
        "?this <a:size> ?i FILTER (ISNUMERIC(?i) && ?i - 7 = 0)",
        "?this <a:name> ?n FILTER (STRSTARTS(STR(?n), 'z'))".replace("'", '"'),
        '?this <a:name> ?n FILTER REGEX(STR(?n), "^[a-z]{4}$")',
        '?this <a:name> ?n FILTER (?n != "eins")',
        "{ ?this <a:size> ?i } UNION { ?this <a:name> ?n FILTER NOT EXISTS { ?this <a:size> ?i } }",
        "?this <a:name> ?n FILTER EXISTS { ?this <a:part> ?o FILTER EXISTS { ?o <a:name> ?m } }",
        "?this ?p ?o FILTER (?p IN (<a:part>, <a:name>)) FILTER (ISIRI(?o))",
        "?this <a:size> ?i FILTER (!(?i = 7))",
        "?this <a:size> ?i FILTER (IF(ISNUMERIC(?i), ?i != 7, true))",
        "?this <a:nothing> ?o",
        "?this <a:part> ?o FILTER NOT EXISTS { ?o <a:size> ?i FILTER (?i > 8) }",
        "?this <a:part> ?o FILTER NOT EXISTS { ?o <a:name> ?n . ?m <a:name> ?n FILTER (?m = ?o) }",
    ],
)
def test_candidates_hold_every_answer(where: str) -> None:
    """Compared with Oxigraph: never fewer, and here, where all is plain, hardly more."""
    store = ox.Store()
    store.load(GRAPH.encode(), format=ox.RdfFormat.N_TRIPLES)
    query = f"SELECT DISTINCT ?this WHERE {{ {where} }}"
    answers = store.query(query)
    assert isinstance(answers, ox.QuerySolutions)
    expected = {str(answer["this"]) for answer in answers}
    group = read_select(query)
    assert group is not None

    found = candidates(facts_of_lines(GRAPH.splitlines()), group, "?this")

    assert found is not None
    assert expected <= found
    assert found - expected <= {"<a:three>", "<a:two>"}


def test_an_expression_is_never_guessed() -> None:
    """A test of what the text does not show is unsure; an error is no falsehood."""

    def value(expression: str, term: str) -> object:
        group = read_select(f"SELECT ?this WHERE {{ ?this <a:p> ?x FILTER ({expression}) }}")
        assert group is not None
        (test,) = group.tests
        return make_test(test.expression, {"?x": 0})((term,))

    decimal = f'"1.5"^^<{XSD}decimal>'
    assert value("?x > 1", decimal) is UNSURE
    assert value("!(?x > 1)", decimal) is UNSURE
    assert value("?x > 1 || true", decimal) is True
    assert value('CONTAINS(?x, "a")', '"a"@fr') is UNSURE
    assert value("ISNUMERIC(?x)", decimal) is UNSURE
    assert value("ISNUMERIC(?x)", '"1"') is False
    assert value('REGEX(STR(?x), "\\\\w")', '"1"') is UNSURE
    assert make_test("?x", {"?x": 0})(("<a:b>",)) == "<a:b>"
    assert ERROR is not UNSURE


def test_a_line_end_is_part_of_the_text() -> None:
    """`$` stands for the end alone, as in SPARQL, and not for a line end before it."""
    pattern = regular("^[0-9]+$")

    assert pattern is not None
    assert pattern.search("12")
    assert not pattern.search("12\n")
    assert regular("\\d+") is None
    assert regular("(?i)a") is None
