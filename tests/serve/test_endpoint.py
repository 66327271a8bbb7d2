"""`/sparql` keeps to the protocol, stays within its limits, and real clients understand it."""

from __future__ import annotations

import json
import socket
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest
import rdflib
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import (
    CSV,
    GET,
    JSON,
    JSONLD,
    N3,
    POST,
    POSTDIRECTLY,
    RDF,
    RDFXML,
    TSV,
    TURTLE,
    XML,
    SPARQLWrapper,
)
from SPARQLWrapper.SPARQLExceptions import QueryBadFormed
from starlette.testclient import TestClient

from kg.graph.query import load_queries
from kg.project import Project, data_folder
from tests.serve.conftest import Served, client_of

if TYPE_CHECKING:
    from collections.abc import Callable

KG = "https://w3id.org/claim-provenance/ns#"
COUNT = f"SELECT (COUNT(?a) AS ?n) {{ ?a a <{KG}Attribution> }}"
GRAPH = f"CONSTRUCT {{ ?a a ?t }} WHERE {{ ?a a ?t . ?a a <{KG}Agent> }}"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
JSON_RESULTS = "application/sparql-results+json"


def ask(client: TestClient, query: str, accept: str = JSON_RESULTS):
    """Ask by GET."""
    return client.get("/sparql", params={"query": query}, headers={"accept": accept})


def test_all_three_ways_of_the_protocol_give_the_same(client: TestClient) -> None:
    """GET, POST of a form and POST of the query itself."""
    headers = {"accept": JSON_RESULTS}
    direct = {**headers, "content-type": "application/sparql-query"}
    answers = [
        ask(client, COUNT),
        client.post("/sparql", data={"query": COUNT}, headers=headers),
        client.post("/sparql", content=COUNT, headers=direct),
    ]

    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert answers[0].json() == answers[1].json() == answers[2].json()
    assert answers[0].json()["results"]["bindings"][0]["n"]["value"] == "80"


@pytest.mark.parametrize(
    ("accept", "given", "start"),
    [
        (JSON_RESULTS, JSON_RESULTS, "{"),
        ("application/json", JSON_RESULTS, "{"),
        ("application/sparql-results+xml", "application/sparql-results+xml", "<?xml"),
        ("text/csv", "text/csv", "n\n"),
        ("text/tab-separated-values", "text/tab-separated-values", "?n\n"),
        ("*/*", JSON_RESULTS, "{"),
        ("text/csv;q=0.5, application/sparql-results+xml", "application/sparql-results+xml", "<"),
        ("text/csv, application/sparql-results+json;q=0.1", "text/csv", "n"),
        (
            "application/sparql-results+json;q=0, */*",
            "application/sparql-results+xml",
            "<",
        ),
        ("text/*;q=0.3, */*;q=0.2", "text/csv", "n"),
        ("*/*, text/csv;q=0.9", JSON_RESULTS, "{"),
    ],
)
def test_rows_come_as_accept_says(client: TestClient, accept: str, given: str, start: str) -> None:
    """Every result format of SPARQL 1.1, by weight."""
    answer = ask(client, COUNT, accept)

    assert answer.headers["content-type"].startswith(given)
    assert answer.text.startswith(start)
    assert answer.headers["vary"] == "accept"


@pytest.mark.parametrize(
    ("accept", "style"),
    [
        ("text/turtle", "turtle"),
        ("application/n-triples", "nt"),
        ("application/rdf+xml", "xml"),
        ("application/ld+json", "json-ld"),
        ("*/*", "turtle"),
    ],
)
@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")
def test_triples_come_as_accept_says(client: TestClient, accept: str, style: str) -> None:
    """A CONSTRUCT answer in every syntax holds the same triples."""
    plain = rdflib.Graph().parse(data=ask(client, GRAPH, "text/turtle").text, format="turtle")
    found = rdflib.Graph().parse(data=ask(client, GRAPH, accept).text, format=style)

    assert len(found) > 5
    assert set(found) == set(plain)


@pytest.mark.parametrize(
    ("query", "status", "reason"),
    [
        ("SELECT WHERE", 400, "wrong"),
        ("", 400, "no query"),
        ("INSERT DATA { <a:a> <a:b> <a:c> }", 403, "changes the graph"),
        ("LOAD <file:///etc/passwd>", 403, "LOAD"),
        ("SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }", 403, "SERVICE"),
        ("SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }", 403, "FROM"),
        ("SELECT * FROM NAMED <http://127.0.0.1:1/x> { GRAPH ?g { ?s ?p ?o } }", 403, "FROM"),
        ("SELECT * { \\u0053ERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }", 403, "SERVICE"),
    ],
)
def test_what_is_refused_says_why(client: TestClient, query: str, status: int, reason: str) -> None:
    """Nothing changes the graph or reaches out of it; the answer is one plain line."""
    answer = client.post("/sparql", data={"query": query}, headers={"accept": JSON_RESULTS})

    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("text/plain")
    assert reason in answer.text
    assert answer.text.count("\n") == 1


def test_the_rest_of_the_protocol_is_answered(client: TestClient) -> None:
    """Updates, graphs by address, two queries, odd types and odd accepts have their statuses."""
    headers = {"accept": JSON_RESULTS}
    update = {"content-type": "application/sparql-update"}
    assert client.post("/sparql", content="CLEAR ALL", headers=update).status_code == 403
    assert client.post("/sparql", data={"update": "CLEAR ALL"}, headers=headers).status_code == 403
    graphs = {"query": COUNT, "default-graph-uri": "file:///etc/passwd"}
    assert client.get("/sparql", params=graphs, headers=headers).status_code == 403
    twice = [("query", COUNT), ("query", COUNT)]
    named = {"query": COUNT, "named-graph-uri": "http://127.0.0.1:1/x"}
    assert client.get("/sparql", params=named, headers=headers).status_code == 403
    assert client.get("/sparql", params=twice, headers=headers).status_code == 400
    odd = {"content-type": "text/plain", **headers}
    assert client.post("/sparql", content=COUNT, headers=odd).status_code == 415
    broken = {"content-type": "application/sparql-query", **headers}
    assert client.post("/sparql", content=b"\xff\xfe", headers=broken).status_code == 400
    assert ask(client, COUNT, "image/png").status_code == 406
    assert ask(client, COUNT, "text/turtle").status_code == 406
    assert ask(client, GRAPH, "text/tab-separated-values").status_code == 406
    assert client.put("/sparql").status_code == 405
    assert ask(client, "ASK {}", JSON_RESULTS).json() == {"head": {}, "boolean": True}


def test_without_a_query_the_endpoint_describes_itself(client: TestClient) -> None:
    """A service description in RDF for a program, the console for a browser."""
    told = client.get("/sparql", headers={"accept": "text/turtle"})
    page = client.get("/sparql")
    sd = rdflib.Namespace("http://www.w3.org/ns/sparql-service-description#")
    graph = rdflib.Graph().parse(data=told.text, format="turtle")
    service = graph.value(predicate=rdflib.RDF.type, object=sd.Service)

    assert graph.value(service, sd.endpoint) == rdflib.URIRef("http://127.0.0.1/sparql")
    assert (service, sd.supportedLanguage, sd.SPARQL11Query) in graph
    assert "<textarea" in page.text


def test_too_many_rows_are_refused_not_cut(ferry: Project) -> None:
    """A program never takes the first rows for all of them."""
    everything = "SELECT * { ?s ?p ?o }"
    with client_of(ferry, query_rows=50) as client:
        refused = ask(client, everything)
        fine = ask(client, f"{everything} LIMIT 50")
        triples = ask(client, "CONSTRUCT WHERE { ?s ?p ?o }", "text/turtle")

    assert refused.status_code == 413
    assert "LIMIT" in refused.text
    assert len(fine.json()["results"]["bindings"]) == 50
    assert triples.status_code == 413


def test_a_million_rows_are_cut_on_the_page_and_said_so(client: TestClient) -> None:
    """The console shows the first rows of a cross product and says that there are more."""
    started = time.monotonic()
    page = client.get("/sparql", params={"query": "SELECT ?a ?d { ?a ?b ?c . ?d ?e ?f }"})

    assert page.status_code == 200
    assert "The first 500 rows" in page.text
    assert page.text.count("<tr>") == 501
    assert time.monotonic() - started < 10


def test_a_query_that_never_ends_is_ended(ferry: Project) -> None:
    """The time limit stops the work, pages go on meanwhile, the next query is answered."""
    with client_of(ferry, query_seconds=1.5, query_processes=1) as client:
        started = time.monotonic()
        with ThreadPoolExecutor(2) as pool:
            endless = pool.submit(ask, client, ENDLESS)
            page = pool.submit(client.get, "/list/speakers")
            quick = page.result().status_code, time.monotonic() - started
            answer = endless.result()
        after = ask(client, COUNT)

    assert quick[0] == 200
    assert quick[1] < 1.4
    assert answer.status_code == 503
    assert "1.5 s" in answer.text
    assert after.status_code == 200


def test_a_memory_bomb_ends_its_own_process_only(ferry: Project, monkeypatch) -> None:
    """A query that hoards is refused, and the server stands."""
    bomb = "SELECT DISTINCT ?a ?d ?g { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?a ?d ?g"
    with client_of(ferry, query_seconds=4.0, query_processes=1) as client:
        answer = ask(client, bomb)
        after = ask(client, COUNT)

    assert answer.status_code in {413, 503}
    assert after.status_code == 200


def test_the_console_shows_rows_with_links(client: TestClient) -> None:
    """Our nodes go by their names and lead to their pages; the query stands in the address."""
    query = f"SELECT ?s {{ ?a <{KG}speaker> ?s }} LIMIT 40"
    page = client.get("/sparql", params={"query": query}).text

    assert 'href="/speaker/' in page
    assert "LIMIT 40</textarea>" in page


def test_the_console_draws_triples(client: TestClient) -> None:
    """A CONSTRUCT answer is drawn and listed."""
    page = client.get("/sparql", params={"query": GRAPH}).text

    assert 'class="ledger triples"' in page
    assert "triples drawn of" in page


def test_the_console_tells_a_fault_with_its_status(client: TestClient) -> None:
    """A wrong query comes back with its text kept and the reason beside it."""
    page = client.get("/sparql", params={"query": "SELECT nonsense"})

    assert page.status_code == 400
    assert "SELECT nonsense</textarea>" in page.text
    assert 'role="alert"' in page.text


def test_our_prefixes_need_no_declaration(client: TestClient) -> None:
    """Endpoint and page take `kg:` as it is."""
    short = "SELECT (COUNT(?a) AS ?n) { ?a a kg:Attribution }"
    page = client.get("/sparql", params={"query": short})

    assert ask(client, short).json() == ask(client, COUNT).json()
    assert page.status_code == 200
    assert 'role="alert"' not in page.text


def test_every_named_query_runs_from_the_page(client: TestClient) -> None:
    """Each named query without a required parameter is answered; the others ask for it."""
    for query in load_queries(data_folder("queries")):
        page = client.get("/sparql", params={"name": query.name})
        assert page.status_code == 200, query.name
        needed = any(parameter.default is None for parameter in query.parameters)
        assert needed == ('id="answer"' not in page.text), query.name


def test_a_named_query_takes_its_parameters(client: TestClient) -> None:
    """Parameters of the form are bound, and the bound query is what the files are asked with."""
    page = client.get("/sparql", params={"name": "who-said", "p.words": "timetable"})
    wrong = client.get("/sparql", params={"name": "no-such-query"})

    assert '"timetable"' in page.text.replace("&#34;", '"')
    assert wrong.status_code == 400


def test_a_file_of_the_answer_is_a_download(client: TestClient) -> None:
    """`format=` gives the answer as a file whatever the browser accepts."""
    answer = client.get("/sparql", params={"query": COUNT, "format": "csv"})

    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.headers["content-disposition"] == 'attachment; filename="answer.csv"'
    assert answer.text in {"n\r\n80\r\n", "n\n80\n"}


@pytest.mark.parametrize(
    ("given", "rows", "triples"),
    [
        ("tsv", "text/tab-separated-values", "text/tab-separated-values"),
        ("text/tab-separated-values", "text/tab-separated-values", "text/tab-separated-values"),
        ("application/sparql-results+xml", "application/sparql-results+xml", "application/rdf+xml"),
        ("json", JSON_RESULTS, "application/ld+json"),
        ("rdf+xml", "text/csv", "application/rdf+xml"),
        ("application/rdf+xml", "text/csv", "application/rdf+xml"),
        ("rdf", "text/csv", "application/rdf+xml"),
        ("json-ld", "text/csv", "application/ld+json"),
        ("application/ld+json,application/x-json+ld", "text/csv", "application/ld+json"),
        ("n3", "text/csv", "text/turtle"),
        ("turtle", "text/csv", "text/turtle"),
        ("ttl", "text/csv", "text/turtle"),
        ("nt", "text/csv", "application/n-triples"),
        ("nothing-known", "text/csv", "text/turtle"),
    ],
)
def test_format_takes_the_names_programs_send(
    client: TestClient, given: str, rows: str, triples: str
) -> None:
    """A media type or a usual name; what is unknown or does not fit leaves it to Accept."""
    headers = {"accept": "text/csv, text/turtle"}

    def kind(query: str) -> str:
        params = {"query": query, "format": given}
        answer = client.get("/sparql", params=params, headers=headers)
        assert answer.status_code == 200, answer.text
        return answer.headers["content-type"].partition(";")[0]

    assert (kind(COUNT), kind(GRAPH)) == (rows, triples)


def test_a_claim_can_be_asked_as_the_default_graph(client: TestClient, ferry: Project) -> None:
    """A graph chosen by address answers what FROM answers; two are asked as one."""
    claims = "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g"
    found = ask(client, claims).json()["results"]["bindings"]
    names = [row["g"]["value"] for row in found if "/claim/" in row["g"]["value"]][:2]
    everything = "SELECT ?s ?p ?o { ?s ?p ?o } ORDER BY ?s ?p ?o"

    def chosen(query: str, *pairs: tuple[str, str]) -> list[object]:
        answer = client.get(
            "/sparql", params=[("query", query), *pairs], headers={"accept": JSON_RESULTS}
        )
        assert answer.status_code == 200, answer.text
        return answer.json()["results"]["bindings"]

    one = chosen(everything, ("default-graph-uri", names[0]))
    both = chosen(everything, *(("default-graph-uri", name) for name in names))
    named = chosen(claims, ("named-graph-uri", names[1]))
    asked = ask(client, everything.replace("{", f"FROM <{names[0]}> {{", 1)).json()

    assert all(name.startswith(ferry.base) for name in names)
    assert one == asked["results"]["bindings"] != []
    assert len(both) > len(one)
    assert [row["g"]["value"] for row in named] == [names[1]]


def test_queries_past_the_row_are_told_to_come_again(ferry: Project) -> None:
    """Where as many wait as may, the next is refused at once, with a time to come again."""
    with client_of(ferry, query_seconds=4.0, query_processes=1, query_waiting=1) as client:
        started = time.monotonic()

        def timed(_: int) -> tuple[int, str, float]:
            answer = ask(client, ENDLESS)
            return answer.status_code, answer.headers.get("retry-after", ""), time.monotonic()

        with ThreadPoolExecutor(4) as pool:
            found = sorted(pool.map(timed, range(4)), key=lambda item: item[2])

    assert {status for status, _, _ in found} == {503}
    assert [bool(retry) for _, retry, _ in found].count(True) >= 2
    assert found[1][1]
    assert found[1][2] - started < 2


def test_rdflib_speaks_with_it(running: Served) -> None:
    """Rdflib's SPARQLStore reads rows, yes and no, and triples from a running server."""
    store = SPARQLStore(f"{running.address}/sparql")
    graph = rdflib.Graph(store=store)
    rows = list(graph.query(COUNT))

    assert int(rows[0][0]) == 80
    assert bool(graph.query(f"ASK {{ ?a a <{KG}Claim> }}"))
    assert len(graph.query(GRAPH).graph) > 5


def test_sparqlwrapper_speaks_with_it(running: Served) -> None:
    """SPARQLWrapper gets every format it knows, by GET and POST, and its own error."""
    wrapper = SPARQLWrapper(f"{running.address}/sparql")
    wrapper.setQuery(COUNT)
    wrapper.setReturnFormat(JSON)
    assert wrapper.queryAndConvert()["results"]["bindings"][0]["n"]["value"] == "80"
    wrapper.setMethod(POST)
    wrapper.setReturnFormat(XML)
    assert "80" in wrapper.queryAndConvert().toxml()
    wrapper.setReturnFormat(CSV)
    assert b"80" in wrapper.queryAndConvert()
    wrapper.setQuery(GRAPH)
    wrapper.setReturnFormat(TURTLE)
    assert b"kg:Agent" in wrapper.queryAndConvert()
    wrapper.setReturnFormat(JSON)
    wrapper.setQuery("SELECT nonsense")
    with pytest.raises(QueryBadFormed):
        wrapper.queryAndConvert()


@pytest.mark.parametrize("method", [GET, POST, POSTDIRECTLY])
@pytest.mark.parametrize(
    ("style", "query", "kind"),
    [
        (JSON, COUNT, JSON_RESULTS),
        (XML, COUNT, "application/sparql-results+xml"),
        (CSV, COUNT, "text/csv"),
        (TSV, COUNT, "text/tab-separated-values"),
        (JSONLD, GRAPH, "application/ld+json"),
        (RDFXML, GRAPH, "application/rdf+xml"),
        (RDF, GRAPH, "application/rdf+xml"),
        (XML, GRAPH, "application/rdf+xml"),
        (TURTLE, GRAPH, "text/turtle"),
        (N3, GRAPH, "text/turtle"),
    ],
)
@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")
@pytest.mark.filterwarnings("ignore:Sending Accept header")
def test_sparqlwrapper_gets_each_format_it_names(
    running: Served, style: str, query: str, kind: str, method: str
) -> None:
    """SPARQLWrapper sends `format=` in ways of its own beside Accept; each is understood."""
    wrapper = SPARQLWrapper(f"{running.address}/sparql")
    wrapper.setQuery(query)
    wrapper.setMethod(GET if method == GET else POST)
    if method == POSTDIRECTLY:
        wrapper.setRequestMethod(POSTDIRECTLY)
    wrapper.setReturnFormat(style)
    answer = wrapper.query()

    assert answer.info()["content-type"].partition(";")[0] == kind
    assert answer.convert()


def test_a_claim_is_a_graph_for_rdflib(running: Served) -> None:
    """A Graph of rdflib named as a claim is asked within that claim."""
    store = SPARQLStore(f"{running.address}/sparql")
    claims = "SELECT ?g { GRAPH ?g { ?s ?p ?o } FILTER CONTAINS(STR(?g), '/claim/') } LIMIT 1"
    name = next(iter(rdflib.Graph(store=store).query(claims)))[0]
    graph = rdflib.Graph(store=store, identifier=name)

    assert 0 < len(list(graph.query("SELECT * { ?s ?p ?o }"))) < 20


def test_pages_go_on_while_queries_without_end_pile_up(running: Served) -> None:
    """Sixty endless queries: each is told so, and a search in between is answered soon."""
    address = f"{running.address}/sparql?{urlencode({'query': ENDLESS, 'format': 'json'})}"

    def status(_: int) -> int:
        try:
            with urllib.request.urlopen(address, timeout=60) as answer:  # noqa: S310 - our own server
                return answer.status
        except urllib.error.HTTPError as error:
            with error:
                return error.code

    with ThreadPoolExecutor(60) as pool:
        endless = [pool.submit(status, number) for number in range(60)]
        time.sleep(1)
        started = time.monotonic()
        with urllib.request.urlopen(f"{running.address}/search?q=ferry", timeout=60) as page:  # noqa: S310
            assert page.status == 200
        took = time.monotonic() - started
        at_work = sum(not query.done() for query in endless)
        found = [query.result() for query in endless]

    assert at_work >= 2
    assert took < 5
    assert set(found) == {503}


def test_a_query_nobody_waits_for_is_ended(start: Callable[..., Served]) -> None:
    """Clients that go away leave their processes to the next one, long before the time is up."""
    address = start("--timeout", "120").address
    host, _, port = address.removeprefix("http://").partition(":")
    path = f"/sparql?{urlencode({'query': ENDLESS, 'format': 'json'})}"
    request = f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode()
    sockets = [socket.create_connection((host, int(port))) for _ in range(6)]
    for connection in sockets:
        connection.sendall(request)
    time.sleep(3)
    for connection in sockets:
        connection.close()
    started = time.monotonic()
    count = f"{address}/sparql?{urlencode({'query': COUNT, 'format': 'csv'})}"
    with urllib.request.urlopen(count, timeout=100) as answer:  # noqa: S310 - our own server
        body = answer.read()

    assert b"80" in body
    assert time.monotonic() - started < 20


def test_a_running_server_refuses_the_forged_and_the_endless(running: Served) -> None:
    """What the tests above say of the application holds of the server in its own process."""

    def status(headers: dict[str, str], query: str) -> int:
        url = f"{running.address}/sparql?{urlencode({'query': query})}"
        asked = urllib.request.Request(url, headers=headers)  # noqa: S310 - our own server
        try:
            with urllib.request.urlopen(asked, timeout=30) as answer:  # noqa: S310
                return answer.status
        except urllib.error.HTTPError as error:
            with error:
                return error.code

    accept = {"accept": JSON_RESULTS}
    assert status(accept, COUNT) == 200
    assert status({**accept, "host": "evil.example"}, COUNT) == 421
    assert (
        status({**accept, "sec-fetch-site": "cross-site", "sec-fetch-mode": "cors"}, COUNT) == 403
    )
    assert status(accept, ENDLESS) == 503
    assert status(accept, COUNT) == 200


def test_fifty_readers_at_once_get_what_one_gets(running: Served) -> None:
    """Fifty parallel readers of pages, data and the endpoint, without an error."""
    addresses = (
        "/",
        "/list/claims",
        "/document/fanal-accord",
        "/speaker/ysaline-corvandre",
        "/search?q=ferry",
        "/overview.json",
        f"/sparql?{urlencode({'query': COUNT, 'format': 'json'})}",
    )

    def read(number: int) -> tuple[str, int, int]:
        address = addresses[number % len(addresses)]
        with urllib.request.urlopen(f"{running.address}{address}", timeout=60) as answer:  # noqa: S310
            return address, answer.status, len(answer.read())

    with ThreadPoolExecutor(50) as pool:
        found = list(pool.map(read, range(200)))
    lengths = {address: {length for a, _, length in found if a == address} for address in addresses}

    assert {status for _, status, _ in found} == {200}
    assert all(len(seen) == 1 for seen in lengths.values()), json.dumps(
        {address: sorted(seen) for address, seen in lengths.items()}
    )
