"""One way to ask a graph: on disk, in memory, behind a web address."""

from __future__ import annotations

import io
import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
import sample

from kg.errors import QueryError, StoreError
from kg.graph.build import build_store, collection_quads, project_lookup
from kg.graph.remote import Endpoint, RemoteStore
from kg.graph.store import EmbeddedStore, LocalStore, MemoryStore, Store, open_store
from kg.graph.table import Term
from kg.graph.vocab import KG, RDFS

BY_SPEAKER = (
    f"SELECT ?quote WHERE {{ ?a <{KG.speaker}> ?who ; <{KG.quote}> ?quote }} ORDER BY ?quote"
)
ADA = Term("iri", f"{sample.BASE}agent/ada")


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    project = sample.project(tmp_path_factory.mktemp("lines"))
    collection = sample.sample()
    return list(collection_quads(collection, project_lookup(collection, project)))


@pytest.fixture(scope="module")
def memory(lines: list[str]) -> MemoryStore:
    return MemoryStore(lines)


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStore]:
    project = sample.project(tmp_path_factory.mktemp("local"))
    build_store(sample.loaded(sample.sample()), project)
    with open_store(project.store) as store:
        yield store


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start a real Oxigraph server on loopback, and stop it."""
    program = Path(sys.executable).with_name("oxigraph.exe" if os.name == "nt" else "oxigraph")
    if not program.exists():
        pytest.skip("no oxigraph server beside this Python: pip install 'claim-provenance[test]'")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    folder = tmp_path_factory.mktemp("server")
    address = f"http://127.0.0.1:{port}"
    child = subprocess.Popen(
        [str(program), "serve", "--location", str(folder), "--bind", f"127.0.0.1:{port}"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(200):
            try:
                with urllib.request.urlopen(address, timeout=1):
                    break
            except OSError:
                time.sleep(0.05)
        yield address
    finally:
        child.terminate()
        child.wait(10)


@pytest.fixture(scope="module")
def remote(server: str, memory: MemoryStore) -> RemoteStore:
    store = RemoteStore(Endpoint.oxigraph(server))
    store.replace_all(memory)
    return store


@pytest.fixture(params=["memory", "local", "remote"])
def store(request: pytest.FixtureRequest) -> Store:
    found: Store = request.getfixturevalue(request.param)
    return found


def test_a_table_has_plain_terms(store: Store) -> None:
    """Languages, datatypes, IRIs and unbound variables come back the same from every store."""
    table = store.select(
        f"SELECT ?label ?n ?nothing WHERE {{ ?s <{RDFS.label}> ?label . "
        f'FILTER(?label = "L’Île"@fr) ?d <{KG.charCount}> ?n }} LIMIT 1'
    )

    integer = "http://www.w3.org/2001/XMLSchema#integer"
    assert table.columns == ("label", "n", "nothing")
    assert table.rows == (
        (Term("literal", "L’Île", "fr"), Term("literal", "900", "", integer), None),
    )


def test_values_are_the_characters_of_a_table(store: Store) -> None:
    """Asked for values alone, a store gives the table's characters, "" where nothing is bound."""
    query = (
        "PREFIX dcterms: <http://purl.org/dc/terms/> PREFIX kg: <https://w3id.org/claim-provenance/ns#>"
        " SELECT ?one ?id ?none { ?one a kg:Attribution ; dcterms:identifier ?id } ORDER BY ?id"
    )
    rows = store.select(query).rows
    expected = [tuple(term.value if term else "" for term in row) for row in rows]

    assert expected
    assert expected[0][2] == ""
    assert store.select_values(query) == expected


def test_parameters_are_bound(store: Store) -> None:
    """A bound speaker narrows the answer to what that speaker said."""
    everyone = store.select(BY_SPEAKER)
    ada = store.select(BY_SPEAKER, {"who": ADA})

    assert len(everyone.rows) == 5
    assert len(ada.rows) == 3


def test_a_value_is_never_syntax(store: Store) -> None:
    """A value full of quotes and braces is compared, not read."""
    sly = Term("literal", '" } UNION { ?s ?p ?o } #\\')
    found = store.select(f"SELECT ?a WHERE {{ ?a <{KG.quote}> ?words }}", {"words": sly})

    assert found.rows == ()


def test_yes_or_no(store: Store) -> None:
    """ASK gives a boolean."""
    assert store.ask(f"ASK {{ ?a a <{KG.Attribution}> }}")
    assert not store.ask("ASK { ?s <https://example.org/never> ?o }")


def test_construct_gives_sorted_triples(store: Store) -> None:
    """CONSTRUCT answers are sorted N-Triples that another reader reads."""
    text = store.construct(
        f"CONSTRUCT {{ ?w <{KG.conveys}> ?c }} WHERE {{ ?a <{KG.speaker}> ?w ; <{KG.conveys}> ?c }}"
    )

    assert text.splitlines() == sorted(set(text.splitlines()))
    assert len(rdflib.Graph().parse(data=text, format="nt")) == len(text.splitlines()) == 11


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }", "SERVICE"),
        ("INSERT DATA { <a:a> <a:b> <a:c> }", "changes the graph"),
        ("LOAD <http://127.0.0.1:1/x>", "LOAD"),
        ("DROP ALL", "changes the graph"),
        ("SELECT ?x WHERE {", "wrong|refuses"),
        ("", "not a SELECT"),
    ],
)
def test_what_is_no_question_is_refused(store: Store, query: str, message: str) -> None:
    """Updates, foreign services and broken text are refused in one line."""
    with pytest.raises(QueryError, match=message) as caught:
        store.select(query)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("word", ["SERVICE", "insert", "LOAD"])
def test_a_word_in_a_string_is_no_fault(store: Store, word: str) -> None:
    """Refused words may be asked about."""
    assert store.select(f'SELECT ?s {{ ?s ?p "{word} {{" }} # {word}').rows == ()


def test_the_wrong_method_is_told(store: Store) -> None:
    """Each method takes its own form of query."""
    with pytest.raises(QueryError, match="not a SELECT"):
        store.select("ASK {}")
    with pytest.raises(QueryError, match="not an ASK"):
        store.ask("SELECT * {}")
    with pytest.raises(QueryError, match="not a CONSTRUCT"):
        store.construct("ASK {}")


@pytest.mark.parametrize("style", ["nquads", "trig"])
def test_a_dump_holds_everything(store: Store, lines: list[str], style: str) -> None:
    """What is dumped and read again is the same dataset."""
    output = io.BytesIO()
    store.dump(style, output)
    again = MemoryStore()
    again.add(output.getvalue().decode(), style)

    assert {str(quad) for quad in again.raw} == {str(quad) for quad in MemoryStore(lines).raw}


def test_a_dump_of_triples_leaves_quoted_ones_out(store: Store) -> None:
    """Turtle holds the default graph alone: no claim becomes an assertion."""
    output = io.BytesIO()
    store.dump("turtle", output)
    again = MemoryStore()
    again.add(output.getvalue().decode(), "turtle")

    assert again.ask(f"ASK {{ ?c a <{KG.Claim}> }}")
    assert not again.ask("ASK { ?s <https://w3id.org/claim-provenance/predicate#metWith> ?o }")


def test_an_unknown_format_is_told(store: Store) -> None:
    """The message names the formats there are."""
    with pytest.raises(StoreError, match="turtle"):
        store.dump("word", io.BytesIO())


def test_a_missing_store_is_told(tmp_path: Path) -> None:
    """Where nothing was built, the message says what to run."""
    with pytest.raises(StoreError, match="run  kg build"):
        open_store(tmp_path / "nothing")


def test_a_long_question_ends(lines: list[str]) -> None:
    """Past its time limit a query is given up, in one line."""
    slow = MemoryStore(lines, time_limit=0.2)
    began = time.monotonic()
    with pytest.raises(QueryError, match=r"longer than 0\.2 s"):
        slow.select("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }")
    assert time.monotonic() - began < 5


def test_a_closed_store_is_told(lines: list[str]) -> None:
    """After its block a store answers no more."""
    with MemoryStore(lines) as store:
        pass
    with pytest.raises(StoreError, match="closed"):
        store.select("SELECT * {}")


def test_a_store_holds_no_library_term(memory: MemoryStore) -> None:
    """No class of the RDF library crosses the wall in an answer."""
    rows = memory.select("SELECT * { ?s ?p ?o }").rows

    assert {type(term) for row in rows for term in row} == {Term}


def test_a_remote_graph_is_changed_by_update(server: str, lines: list[str]) -> None:
    """Triples go out and in by one SPARQL update; the whole graph goes by the graph store."""
    endpoint = RemoteStore(Endpoint.oxigraph(server))
    endpoint.change((), ['<a:a> <a:b> "c\\"d" .'])
    assert endpoint.ask('ASK { <a:a> <a:b> "c\\"d" }')
    endpoint.change(['<a:a> <a:b> "c\\"d" .'], ())
    assert not endpoint.ask("ASK { <a:a> ?p ?o }")
    endpoint.change((), ["<a:x> <a:b> <a:c> ."])
    endpoint.replace_all(MemoryStore(lines))
    assert not endpoint.ask("ASK { <a:x> ?p ?o }")


def test_a_silent_endpoint_is_told() -> None:
    """Where nobody listens, the message names the address and what to look at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    nobody = RemoteStore(Endpoint.oxigraph(f"http://127.0.0.1:{port}"), time_limit=2)
    with pytest.raises(StoreError, match="is the server running"):
        nobody.ask("ASK {}")


def test_a_slow_endpoint_is_given_up() -> None:
    """An endpoint that takes the question and says nothing is given up after the time limit."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        slow = RemoteStore(Endpoint(f"http://127.0.0.1:{port}/query"), time_limit=0.3)
        with pytest.raises(QueryError, match=r"longer than 0\.3 s"):
            slow.ask("ASK {}")


def test_only_web_addresses_are_asked() -> None:
    """A file or other address is refused before anything is opened."""
    with pytest.raises(StoreError, match="not a web address"):
        RemoteStore(Endpoint("file:///etc/passwd"))


def test_a_missing_address_is_told(server: str) -> None:
    """An endpoint that was given no update address says so when asked to change."""
    with pytest.raises(StoreError, match="no address for update"):
        RemoteStore(Endpoint(f"{server}/query")).change((), ["<a:a> <a:b> <a:c> ."])


def test_the_stores_on_disk_and_in_memory_agree(
    local: EmbeddedStore, memory: EmbeddedStore
) -> None:
    """Disk and memory hold the same quads."""
    assert {str(quad) for quad in local.raw} == {str(quad) for quad in memory.raw}


def test_jsonld_is_json(memory: MemoryStore) -> None:
    """The JSON-LD dump parses as JSON."""
    output = io.BytesIO()
    memory.dump("jsonld", output)

    assert isinstance(json.loads(output.getvalue()), list | dict)
    assert ox.__version__
