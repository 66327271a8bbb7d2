"""The data beside each page is what the page speaks of, in formats that others read."""

from __future__ import annotations

import csv
import html
import io
import json
import xml.etree.ElementTree as ET

import pytest
import rdflib
from starlette.testclient import TestClient

from kg.export.tables import guarded
from kg.graph.files import write_graph_files
from kg.project import Project
from tests.serve.conftest import client_of
from tests.serve.test_pages import CLAIM

# rdflib warns of itself when it reads JSON-LD.
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")

PAGES = (
    "/overview",
    f"/claim/{CLAIM}",
    "/speaker/ysaline-corvandre",
    "/outlet/le-fanal-brevanais",
    "/document/fanal-accord",
    "/topic/ferry-line",
    "/attribution/fanal-accord%23a2",
)


@pytest.mark.parametrize("page", PAGES)
def test_every_page_has_its_rows_as_csv_and_json(client: TestClient, page: str) -> None:
    """CSV and JSON hold the same attributions."""
    table = list(csv.DictReader(io.StringIO(client.get(f"{page}.csv").text)))
    found = json.loads(client.get(f"{page}.json").text)

    assert table
    assert [row["attribution"] for row in table] == [
        row["identifier"] for row in found["attributions"]
    ]


@pytest.mark.parametrize("page", PAGES[1:])
def test_every_page_has_its_node_as_rdf(client: TestClient, page: str) -> None:
    """Turtle and JSON-LD say the same, and it is about the node."""
    turtle = rdflib.Graph().parse(data=client.get(f"{page}.ttl").text, format="turtle")
    found = rdflib.Graph().parse(data=client.get(f"{page}.jsonld").text, format="json-ld")

    assert len(turtle) > 10
    assert set(turtle) == set(found)


def test_filters_hold_for_the_data_too(client: TestClient) -> None:
    """What narrows the page narrows its files."""
    table = list(
        csv.DictReader(io.StringIO(client.get("/overview.csv?speaker=mevenn-tardouel").text))
    )

    assert {row["speaker"] for row in table} == {"Mévenn Tardouël"}


def test_a_drawing_is_given_as_four_files_of_what_is_drawn(client: TestClient) -> None:
    """SVG, PNG, GEXF and JSON hold what the page draws."""
    page = "/graph/speaker/mevenn-tardouel"
    svg, png = client.get(f"{page}.svg"), client.get(f"{page}.png")
    gexf, rows = client.get(f"{page}.gexf"), client.get(f"{page}.json").json()

    assert svg.headers["content-type"] == "image/svg+xml"
    assert "script-src" not in svg.headers["content-security-policy"]
    assert svg.headers["content-security-policy"].startswith("default-src 'none'")
    assert ET.fromstring(svg.text).tag.endswith("svg")  # noqa: S314 - our own
    assert png.content.startswith(b"\x89PNG")
    assert ET.fromstring(gexf.text).tag.endswith("gexf")  # noqa: S314 - our own
    assert rows["shown"] == rows["of"] == len(rows["attributions"]) == 7


def test_a_format_that_is_none_is_told(client: TestClient) -> None:
    """An unknown suffix is part of the name; a known one that does not fit is refused."""
    assert client.get("/speaker/ysaline-corvandre.doc").status_code == 404
    assert client.get("/speaker/ysaline-corvandre.png").status_code == 404


def test_too_many_attributions_are_not_written_as_rdf(
    ferry: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """RDF of more than can be read at once is refused with what to do instead."""
    monkeypatch.setattr("kg.serve.data.MOST_DESCRIBED", 10)
    with client_of(ferry) as client:
        answer = client.get("/overview.ttl")

    assert answer.status_code == 400
    assert "kg export" in answer.text


@pytest.mark.parametrize("address", ["/dataset", "/.well-known/void"])
def test_the_dataset_describes_itself(client: TestClient, address: str) -> None:
    """VoID and DCAT: where the endpoint is, how many triples, which classes."""
    graph = rdflib.Graph().parse(
        data=client.get(address, headers={"accept": "text/turtle"}).text, format="turtle"
    )
    void = rdflib.Namespace("http://rdfs.org/ns/void#")
    dcat = rdflib.Namespace("http://www.w3.org/ns/dcat#")
    node = graph.value(predicate=rdflib.RDF.type, object=void.Dataset)

    assert graph.value(node, void.sparqlEndpoint) == rdflib.URIRef("http://127.0.0.1/sparql")
    assert int(graph.value(node, void.triples)) > 1000
    assert (node, rdflib.RDF.type, dcat.Dataset) in graph
    assert len(list(graph.objects(node, void.classPartition))) > 10


def test_the_description_comes_in_other_syntaxes(client: TestClient) -> None:
    """Accept chooses the syntax of the description."""
    for media, style in (("application/ld+json", "json-ld"), ("application/rdf+xml", "xml")):
        answer = client.get("/dataset", headers={"accept": media})
        assert answer.headers["content-type"].startswith(media)
        assert len(rdflib.Graph().parse(data=answer.text, format=style)) > 10


FURTHER = ("/search", "/list/speakers", "/list/claims", "/graph/speaker/mevenn-tardouel")


@pytest.mark.parametrize("page", [*FURTHER, "/graph/document/fanal-accord"])
def test_searches_lists_and_graphs_have_their_data_beside_them(
    client: TestClient, page: str
) -> None:
    """All four formats, linked on the page, and the two of RDF say the same."""
    query = "?q=ferry" if page == "/search" else ""
    shown = client.get(f"{page}{query}").text
    given = {}
    for suffix in ("ttl", "jsonld", "json", "csv"):
        assert f'href="{page}.{suffix}{query}"' in shown
        given[suffix] = client.get(f"{page}.{suffix}{query}")
        assert given[suffix].status_code == 200
    turtle = rdflib.Graph().parse(data=given["ttl"].text, format="turtle")

    assert len(turtle) > 5
    assert set(turtle) == set(rdflib.Graph().parse(data=given["jsonld"].text, format="json-ld"))
    assert json.loads(given["json"].text)
    assert len(list(csv.reader(io.StringIO(given["csv"].text)))) > 1


@pytest.mark.parametrize(
    ("accept", "given"),
    [
        ("text/turtle", "text/turtle"),
        ("text/html;q=0.2, application/ld+json", "application/ld+json"),
        ("application/json;q=0.2, text/html", "text/html"),
        ("*/*", "text/html"),
        ("image/png", "text/html"),
    ],
)
def test_the_address_of_a_thing_gives_what_is_accepted(
    client: TestClient, accept: str, given: str
) -> None:
    """A thing's own address gives its data to a program that asks for data."""
    answer = client.get("/speaker/ysaline-corvandre", headers={"accept": accept})

    assert answer.headers["content-type"].startswith(given)
    assert answer.headers["vary"] == "accept"


def test_the_graph_of_a_document_has_its_title(client: TestClient) -> None:
    """The title, not the slug; no such document is told."""
    rows = client.get("/document/fanal-accord.json").json()["attributions"]
    page = html.unescape(client.get("/graph/document/fanal-accord").text)

    assert rows[0]["title"] != "fanal-accord"
    assert rows[0]["title"] in page
    assert client.get("/graph/document/nope").status_code == 404


def test_the_dataset_counts_its_default_graph_and_names_a_whole_dump(fresh: Project) -> None:
    """The number is that of the default graph; the dump is whole, or it is not named."""
    void = rdflib.Namespace("http://rdfs.org/ns/void#")
    with client_of(fresh) as client:
        count = client.get(
            "/sparql", params={"query": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", "format": "csv"}
        )
        bare = rdflib.Graph().parse(data=client.get("/dataset.ttl").text, format="turtle")
        assert client.get("/dump.trig").status_code == 404
        assert client.get("/dataset.csv").status_code == 404
        assert write_graph_files(fresh)
        told = rdflib.Graph().parse(data=client.get("/dataset.ttl").text, format="turtle")
        whole = client.get("/dump.trig")
    node = told.value(predicate=rdflib.RDF.type, object=void.Dataset)

    assert int(told.value(node, void.triples)) == int(count.text.split()[1])
    assert bare.value(node, void.dataDump) is None
    assert told.value(node, void.dataDump) == rdflib.URIRef("http://127.0.0.1/dump.trig")
    assert whole.content == fresh.graph_trig.read_bytes()


def test_cells_of_a_page_are_no_formulas() -> None:
    """What a spreadsheet would run has an apostrophe before it; `kg export` gives it as it is."""
    cells = ["=1+1", "+33", "-5", "@x", "\t=1", "a=b", ""]

    assert guarded(cells) == ["'=1+1", "'+33", "'-5", "'@x", "'\t=1", "a=b", ""]
