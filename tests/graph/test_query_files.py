"""The shipped questions: complete headers, two engines that agree, and golden results."""

from __future__ import annotations

import re
import warnings
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib

from kg.graph import sparql
from kg.graph.derivation import derived_graph
from kg.graph.query import QueryFile, ask_query, load_queries, load_query, values_of
from kg.graph.store import MemoryStore
from kg.graph.table import render_csv, render_text
from kg.graph.vocab import CONCEPTS, DCTERMS, KG, PREFIXES

ROOT = Path(__file__).resolve().parents[2]
QUERIES = ROOT / "queries"
GOLDEN = ROOT / "tests" / "golden" / "queries"
NAMES = [path.stem for path in sorted(QUERIES.glob("*.rq"))]
BASE = "https://example.org/id/"
NEEDED = {
    "explain-facts": {"node": "agent/mara-quell"},
    "explain-links": {"node": "utterance/quell-signing"},
    "explain-node": {"id": "gazette-jetee#a1"},
    "why": {"attribution": "gazette-jetee#a1"},
}
"""Values for the parameters that have no default."""


def _query(name: str) -> QueryFile:
    return load_query(QUERIES, name)


def _bound(query: QueryFile) -> str:
    return sparql.bind(query.text, values_of(query, NEEDED.get(query.name, {}), base=BASE))


@pytest.fixture(scope="module")
def dataset(mini_derived: list[str]) -> rdflib.Dataset:
    """The mini-collection in rdflib, the second engine, with what is derived from it."""
    text = (ROOT / "tests" / "graph" / "data" / "mini.trig").read_text(encoding="utf-8")
    # One text for one parse: a second would leave rdflib with another default graph, an empty one.
    graph = f"<{derived_graph(BASE)}>"
    triples = (line.removesuffix(f" {graph} .") for line in mini_derived)
    block = f"{graph} {{\n" + "".join(f"{triple} .\n" for triple in triples) + "}\n"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # rdflib's parsers use what its Dataset deprecates
        found = rdflib.Dataset()
        found.parse(data=text + block, format="trig")
    return found


def test_there_are_many_questions() -> None:
    """The pack answers the competency questions that records alone can answer."""
    assert len(load_queries(QUERIES)) >= 40


@pytest.mark.parametrize("name", NAMES)
def test_header_is_complete(name: str) -> None:
    """A query says its purpose; its columns are exactly those it selects, in order."""
    query = _query(name)
    assert query.purpose.endswith((".", "?"))
    assert query.columns

    if query.form == "SELECT":
        variables = ox.Store().query(_bound(query)).variables
        assert [column.name for column in query.columns] == [
            variable.value for variable in variables
        ]


@pytest.mark.parametrize("name", NAMES)
def test_every_parameter_is_used(name: str) -> None:
    """A parameter of the header is a variable of the query, and its name is no column."""
    query = _query(name)
    body = "\n".join(line for line in query.text.splitlines() if not line.startswith("#"))

    for parameter in query.parameters:
        assert re.search(rf"\?{parameter.name}\b", body), parameter.name
        assert parameter.meaning


@pytest.mark.parametrize("name", NAMES)
def test_order_is_written(name: str) -> None:
    """A table has an ORDER BY: its rows come out the same on every engine."""
    query = _query(name)

    assert query.form == "CONSTRUCT" or "\nORDER BY " in query.text


@pytest.mark.parametrize("name", NAMES)
def test_only_known_terms_are_asked(name: str) -> None:
    """Every kg: term of a query is one that the vocabulary spells."""
    known = {value for key, value in vars(KG).items() if not key.startswith("_")}
    for concepts in CONCEPTS.values():
        known |= set(concepts.values())
    asked = set(re.findall(r"(?<![\w:])kg:(\w+)", _query(name).text))

    assert {KG.NS + term for term in asked} <= known


@pytest.mark.parametrize("name", NAMES)
def test_both_engines_agree(name: str, mini_store: MemoryStore, dataset: rdflib.Dataset) -> None:
    """Oxigraph and rdflib give the same rows in the same order on the mini-collection."""
    query = _query(name)
    text = _bound(query)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # rdflib warns of EDTF dates, which it does not know
        found = dataset.query(text)
        if query.form == "CONSTRUCT":
            theirs = sorted(f"{line} ." for line in _lines(found))
            assert theirs == mini_store.construct(text).splitlines()
            return
        theirs = [tuple("" if term is None else str(term) for term in row) for row in found]
    table = mini_store.select(text)
    ours = [tuple("" if term is None else term.value for term in row) for row in table.rows]

    assert theirs == ours


def _lines(result: rdflib.query.Result) -> list[str]:
    assert result.graph is not None
    parsed = ox.parse(result.graph.serialize(format="nt"), format=ox.RdfFormat.N_TRIPLES)
    return [str(quad.triple) for quad in parsed]


@pytest.mark.parametrize("name", NAMES)
def test_golden(name: str, mini_store: MemoryStore, update_golden: bool) -> None:
    """The answer on the mini-collection is the reviewed one."""
    query = _query(name)
    answer = ask_query(mini_store, query, values_of(query, NEEDED.get(name, {}), base=BASE))
    is_table = answer.table is not None
    golden = GOLDEN / f"{name}.{'csv' if is_table else 'nt'}"
    actual = render_csv(answer.table) if answer.table is not None else str(answer.triples)
    if update_golden:
        golden.parent.mkdir(parents=True, exist_ok=True)
        golden.write_text(actual, encoding="utf-8")

    assert not answer.is_empty
    assert golden.read_text(encoding="utf-8") == actual


@pytest.mark.parametrize("language", ["en", "fr", "xx"])
def test_why_names_people_and_relays(mini_store: MemoryStore, language: str) -> None:
    """A speaker, a relay and an outlet are told by a name in whatever language, not an address."""
    query = _query("why")
    told: set[str] = set()
    every = mini_store.select(
        f"SELECT ?id {{ ?a a <{KG.Attribution}> ; <{DCTERMS.identifier}> ?id }}"
    )
    for (identifier,) in every.rows:
        assert identifier is not None
        given = {"attribution": identifier.value, "language": language}
        table = mini_store.select(query.text, values_of(query, given, base=BASE))
        rows = [[term.value for term in row if term is not None] for row in table.rows]
        assert [value for _, _, value in rows if "://" in value] == []
        assert sum(fact == "outlet" for _, fact, _ in rows) == 1
        told |= {fact for _, fact, _ in rows}

    assert {"speaker", "relayed through"} <= told


def test_no_golden_without_a_query() -> None:
    """A golden result belongs to a query that is still there."""
    assert {path.stem for path in GOLDEN.iterdir()} == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_rejected_and_retracted_stay_hidden(name: str, mini_store: MemoryStore) -> None:
    """What was rejected or retracted shows only where a question is about it or about evidence."""
    if name in {"withdrawn", "known-ids", "passage", "evidence", "review-state", "why"}:
        return
    query = _query(name)
    answer = ask_query(mini_store, query, values_of(query, NEEDED.get(name, {}), base=BASE))
    text = render_csv(answer.table) if answer.table is not None else str(answer.triples)

    assert "Le port est en colère" not in text
    assert "La jetée coûtera 55 millions" not in text


_NARROWING = [
    (name, parameter.name)
    for name in NAMES
    for parameter in load_query(QUERIES, name).parameters
    if parameter.type not in {"language", "iri"}
]


@pytest.mark.parametrize(("name", "parameter"), _NARROWING)
def test_every_parameter_narrows(name: str, parameter: str, mini_store: MemoryStore) -> None:
    """A value that nothing in the graph has leaves no row: no parameter is without effect."""
    query = _query(name)
    given = {**NEEDED.get(name, {}), parameter: "nothing-has-this"}
    answer = ask_query(mini_store, query, values_of(query, given, base=BASE))

    assert answer.is_empty


@pytest.mark.parametrize("width", [40, 80, 120, 200])
@pytest.mark.parametrize("name", ["attributions", "documents", "support", "passage"])
def test_tables_fit(name: str, width: int, mini_store: MemoryStore) -> None:
    """No line is wider than the terminal, and no word is lost."""
    query = _query(name)
    table = ask_query(mini_store, query, values_of(query, {}, base=BASE)).table
    assert table is not None
    text = render_text(table, width=width, base=BASE, prefixes=PREFIXES)

    assert max(len(line) for line in text.splitlines()) <= width
    if name == "attributions" and width == 200:
        assert "Mara Quell" in text


def test_label_language_falls_back(mini_store: MemoryStore) -> None:
    """A label comes in the language asked for, else in another, never missing."""
    query = _query("support")
    french = ask_query(mini_store, query, values_of(query, {"language": "fr"}, base=BASE)).table
    german = ask_query(mini_store, query, values_of(query, {"language": "de"}, base=BASE)).table
    assert french is not None
    assert german is not None

    said = [row[0].value for row in french.rows if row[0]]
    assert "Norvale a été la première à construire jetée nord" in said
    assert "Norvale was the first to build North Pier" in [
        row[0].value for row in german.rows if row[0]
    ]
