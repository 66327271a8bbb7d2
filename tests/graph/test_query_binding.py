"""Binding values, refusing what reaches out, and saying what was searched."""

from __future__ import annotations

from pathlib import Path

import pytest
import sample

from kg.errors import QueryError, UsageError
from kg.graph import sparql
from kg.graph.bounded import Ceiling, ask_bounded
from kg.graph.build import collection_quads, project_lookup
from kg.graph.query import (
    ask_query,
    explain_empty,
    load_query,
    own_query,
    parse_query,
    values_of,
)
from kg.graph.store import MemoryStore
from kg.graph.table import Term

QUERIES = Path(__file__).resolve().parents[2] / "queries"
BASE = "https://example.org/id/"
A = Term("iri", "http://e/a")


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("SELECT ?x { ?x ?p ?o }", "SELECT (<http://e/a> AS ?x) { <http://e/a> ?p ?o }"),
        ("SELECT $x WHERE{$x ?p ?o}", "SELECT (<http://e/a> AS ?x) WHERE{<http://e/a> ?p ?o}"),
        ("ASK { ?x ?p ?xx }", "ASK { <http://e/a> ?p ?xx }"),
        ("ASK { ?s ?p '?x' } # ?x", "ASK { ?s ?p '?x' } # ?x"),
        ('ASK { ?s ?p """a " ?x""" }', 'ASK { ?s ?p """a " ?x""" }'),
        ("ASK { ?s <http://e/?x> ?x }", "ASK { ?s <http://e/?x> <http://e/a> }"),
        ("ASK { ?s ?p ?o FILTER(BOUND(?x)) }", "ASK { ?s ?p ?o FILTER(true) }"),
        (
            "ASK { ?s ?p ?o FILTER( !BOUND(?x) || EXISTS { ?s e:p ?x } ) }",
            "ASK { ?s ?p ?o ?s e:p <http://e/a> . }",
        ),
        (
            "ASK { ?s ?p ?o FILTER(!BOUND(?x) || EXISTS { ?s ?p ?x }) }",
            "ASK { ?s ?p ?o FILTER(!true || EXISTS { ?s ?p <http://e/a> }) }",
        ),
        (
            "SELECT (COUNT(?x) AS ?n) { ?x ?p ?o } GROUP BY ?x ORDER BY ?x LIMIT 3",
            (
                "SELECT (COUNT(<http://e/a>) AS ?n) { <http://e/a> ?p ?o } "
                "GROUP BY (<http://e/a>) ORDER BY (<http://e/a>) LIMIT 3"
            ),
        ),
        (
            "SELECT ?x { { SELECT ?x { ?x ?p ?o } } }",
            (
                "SELECT (<http://e/a> AS ?x) { { SELECT (<http://e/a> AS ?x_given) "
                "{ <http://e/a> ?p ?o } } }"
            ),
        ),
        (
            "CONSTRUCT { ?x ?p ?o } WHERE { ?x ?p ?o }",
            "CONSTRUCT { <http://e/a> ?p ?o } WHERE { <http://e/a> ?p ?o }",
        ),
    ],
)
def test_bind_replaces_tokens(text: str, bound: str) -> None:
    """A variable becomes its term; strings, comments and addresses stay as they are."""
    assert bound == sparql.bind(text, {"x": A})


@pytest.mark.parametrize(
    "text",
    ["SELECT ?x { BIND(1 AS ?x) }", "SELECT ?s { VALUES ?x { 1 } ?s ?p ?x }"],
)
def test_bind_refuses_a_variable_the_query_sets(text: str) -> None:
    """A variable that gets its value inside the query is no parameter."""
    with pytest.raises(QueryError, match="no parameter"):
        sparql.bind(text, {"x": A})


@pytest.mark.parametrize(
    "value",
    [
        '" } INSERT DATA { <http://e/x> <http://e/y> <http://e/z> } #',
        "a\\",
        "line\nbreak",
        "'; DROP",
        "{?s ?p ?o}",
        "",
    ],
)
def test_values_are_never_syntax(value: str, mini_store: MemoryStore) -> None:
    """Whatever is typed comes back as the same text and adds nothing to the query."""
    text = sparql.bind("SELECT ?x { }", {"x": Term("literal", value)})
    table = mini_store.select(text)

    assert [row[0].value for row in table.rows if row[0]] == [value]


@pytest.mark.parametrize("iri", ["http://e/a> } #", "no-scheme", "http://e/a b", "http://e/\n"])
def test_bad_iris_are_refused(iri: str) -> None:
    """A value that is no IRI does not reach the query."""
    with pytest.raises(QueryError, match="not an IRI"):
        sparql.bind("ASK { ?x ?p ?o }", {"x": Term("iri", iri)})


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("SELECT * { SERVICE <http://example.org/> { ?s ?p ?o } }", "another machine"),
        ("SELECT * { service silent ?x { ?s ?p ?o } }", "another machine"),
        ("SELECT * { \\u0053ERVICE <http://example.org/> { ?s ?p ?o } }", "another machine"),
        ("SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }", "outside this graph"),
        ("SELECT * FROM NAMED <http://example.org/g> { GRAPH ?g { ?s ?p ?o } }", "outside"),
        ("PREFIX e: <file:///etc/> SELECT * FROM e:passwd { ?s ?p ?o }", "outside this graph"),
        ("SELECT * FROM <passwd> { ?s ?p ?o }", "outside this graph"),
        ("LOAD <file:///etc/passwd>", "reads files"),
        ("INSERT DATA { <http://e/a> <http://e/b> <http://e/c> }", "only reads"),
        ("DELETE WHERE { ?s ?p ?o }", "only reads"),
        ("CLEAR ALL", "only reads"),
        ("hello", "not a SELECT"),
        ("", "not a SELECT"),
    ],
)
def test_reaching_out_is_refused(text: str, reason: str) -> None:
    """Updates, other machines and files are refused, with the reason."""
    with pytest.raises(QueryError, match=f"refused: .*{reason}"):
        own_query(text, name="own.rq", base=BASE)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { ?s ?p 'SERVICE <http://x/>' } # LOAD <file:///x>",
        "PREFIX load: <http://e/> SELECT ?service { ?service load:service load:from }",
        "SELECT * FROM <https://example.org/id/claim/0> { ?s ?p ?o }",
        "PREFIX b: <https://example.org/id/> SELECT * FROM NAMED b:claim { GRAPH ?g {?s ?p ?o} }",
        "ASK { ?s <http://e/LOAD> ?o FILTER(?o < 3 && ?o > 1) }",
    ],
)
def test_the_same_letters_elsewhere_are_fine(text: str, mini_store: MemoryStore) -> None:
    """Keywords in strings, comments, names and addresses refuse nothing."""
    query = own_query(text, name="own.rq", base=BASE)
    ask_query(mini_store, query, {})

    assert query.form in {"SELECT", "ASK"}


def test_broken_queries_are_one_line(mini_store: MemoryStore) -> None:
    """A query that does not parse is a QueryError of one line."""
    query = own_query("SELECT ?s { ?s ?p }", name="-", base=BASE)

    with pytest.raises(QueryError, match="the query is wrong") as caught:
        ask_query(mini_store, query, {})
    assert "\n" not in str(caught.value)


def test_our_prefixes_need_no_declaration(mini_store: MemoryStore) -> None:
    """An own query may use `kg:` at once; a declaration of its own goes before ours."""
    ours = own_query("SELECT ?a { ?a a kg:Attribution }", name="-", base=BASE)
    other = own_query(
        "PREFIX kg: <http://e/> SELECT ?a { ?a a kg:Attribution }", name="-", base=BASE
    )

    assert not ask_query(mini_store, ours, {}).is_empty
    assert ask_query(mini_store, other, {}).is_empty


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("SELECT ?s {\n  ?s a nope:Thing }", "at 2:18: the prefix `nope:` is not declared"),
        ("SELECT ?s { ?s ?p", "at 1:18, at its end"),
        ("SELECT ?s ?t (COUNT(?s) AS ?n) { ?s ?p ?t }", "variable that is unbound"),
        ("SELECT ?s { ?s a <a b> }", "IRI parsing failed"),
        ("SELECT ?s { ?s kg:form }", "at 1:24, near `}`"),
    ],
)
def test_a_parsers_complaint_is_short(text: str, told: str, mini_store: MemoryStore) -> None:
    """Line, column and what is wrong, within 200 characters; no dump of the parser's tables."""
    with pytest.raises(QueryError) as caught:
        ask_query(mini_store, own_query(text, name="-", base=BASE), {})
    with pytest.raises(QueryError) as bounded:
        ask_bounded(mini_store, text, Ceiling(), base=BASE)

    assert told in str(caught.value)
    assert len(str(caught.value)) <= 200
    assert str(bounded.value) == str(caught.value)


def test_unknown_names_offer_the_nearest() -> None:
    """A misspelt query name names the nearest ones."""
    with pytest.raises(UsageError, match="nearest: support"):
        load_query(QUERIES, "suport")
    with pytest.raises(UsageError, match="no query"):
        load_query(QUERIES, "../pyproject")


@pytest.mark.parametrize(
    ("name", "given", "message"),
    [
        ("support", {"wrods": "x"}, "no parameter `wrods`; its parameters: claim, words, language"),
        ("why", {}, "why needs  -p attribution="),
        ("promises", {"speaker": "Mara Quell"}, "give an agent's id, .* known-ids"),
        ("support", {"language": "x y"}, "language=x y is wrong"),
    ],
)
def test_wrong_parameters_are_told(name: str, given: dict[str, str], message: str) -> None:
    """Unknown, missing and malformed parameters each get their line."""
    with pytest.raises(UsageError, match=message):
        values_of(load_query(QUERIES, name), given, base=BASE)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("# parameter: words — missing its type", "own:1: write"),
        ("# parameter: words sentence — a type nobody knows", "no parameter type"),
        ("# column: said - with the wrong dash", "own:1: write"),
    ],
)
def test_broken_headers_are_told(line: str, message: str) -> None:
    """A header line that is not of its form is refused with its line number."""
    with pytest.raises(QueryError, match=message):
        parse_query("own", f"{line}\nASK {{}}")


@pytest.mark.parametrize(
    ("typed", "iri"),
    [
        ("mara-quell", f"{BASE}agent/mara-quell"),
        ("agent/mara-quell", f"{BASE}agent/mara-quell"),
        (f"{BASE}agent/mara-quell", f"{BASE}agent/mara-quell"),
        ("kg:Agent", "https://w3id.org/claim-provenance/ns#Agent"),
    ],
)
def test_ids_become_iris(typed: str, iri: str) -> None:
    """An id, a path, a full IRI and a prefixed name all reach the same node."""
    query = load_query(QUERIES, "promises")

    assert values_of(query, {"speaker": typed}, base=BASE)["speaker"] == Term("iri", iri)


def test_a_parameter_narrows_the_answer(mini_store: MemoryStore) -> None:
    """With a speaker given, only that speaker's rows remain, and the columns stay."""
    query = load_query(QUERIES, "share-of-voice")
    every = ask_query(mini_store, query, values_of(query, {}, base=BASE)).table
    some = ask_query(
        mini_store, query, values_of(query, {"outlet": "harbour-post"}, base=BASE)
    ).table
    assert every is not None
    assert some is not None

    assert every.columns == some.columns
    assert [row[1].value for row in every.rows if row[1]] == ["6", "3", "2"]
    assert [row[1].value for row in some.rows if row[1]] == ["2", "1", "1"]


def test_own_queries_take_parameters(mini_store: MemoryStore) -> None:
    """A query without a header takes any of its variables; addresses are IRIs, the rest text."""
    query = own_query(
        "SELECT ?o { ?s <http://purl.org/dc/terms/title> ?o ; "
        "<https://schema.org/publisher> ?outlet }",
        name="-",
        base=BASE,
    )
    values = values_of(query, {"outlet": f"{BASE}outlet/harbour-post"}, base=BASE)
    table = ask_query(mini_store, query, values).table
    assert table is not None

    assert [row[0].value for row in table.rows if row[0]] == ["Pier deal signed"]
    with pytest.raises(UsageError, match="no parameter `nobody`"):
        values_of(query, {"nobody": "1"}, base=BASE)


def test_empty_answers_explain_themselves(mini_store: MemoryStore) -> None:
    """An empty answer says what was searched and offers the nearest known id."""
    query = load_query(QUERIES, "promises")
    values = values_of(query, {"speaker": "mara-quel"}, base=BASE)
    said = explain_empty(mini_store, query, values, folder=QUERIES, base=BASE)

    assert said.splitlines() == [
        'no rows: `promises` searched with language="en", speaker=agent/mara-quel',
        "no agent has the id 'mara-quel'; nearest: mara-quell (Mara Quell)",
    ]


@pytest.mark.parametrize("typed", ["quell", "mara_quell", "Quel", "mara"])
def test_the_nearest_id_is_found_by_id_and_by_name(typed: str, mini_store: MemoryStore) -> None:
    """Part of an id or of a name is enough to be offered the right one."""
    query = load_query(QUERIES, "promises")
    values = values_of(query, {"speaker": typed}, base=BASE)
    said = explain_empty(mini_store, query, values, folder=QUERIES, base=BASE)

    assert "nearest: mara-quell (Mara Quell)" in said


def test_an_unknown_predicate_offers_the_nearest(mini_store: MemoryStore) -> None:
    """Predicates are ids too."""
    query = load_query(QUERIES, "claims")
    values = values_of(query, {"predicate": "firstToBuilt"}, base=BASE)
    said = explain_empty(mini_store, query, values, folder=QUERIES, base=BASE)

    assert "no predicate has the id 'firstToBuilt'; nearest: firstToBuild (was the first" in said


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (
            "norvale firstToBuilt north-pier",
            "no predicate has the id 'firstToBuilt'; nearest: firstToBuild (was the first",
        ),
        (
            "norval firstToBuild north-pier",
            "no agent or topic has the id 'norval'; nearest: norvale (Norvale)",
        ),
        (
            "north-pier firstToBuild norvale",
            "nobody here says exactly this; kg query claims  lists what is said",
        ),
    ],
)
def test_a_claims_line_is_explained_part_by_part(
    line: str, told: str, mini_store: MemoryStore
) -> None:
    """Nobody types a claim's hash: what is unknown is said of the words that were typed."""
    query = load_query(QUERIES, "who-said")
    given = {"claim": line}
    values = values_of(query, given, base=BASE)
    said = explain_empty(mini_store, query, values, folder=QUERIES, base=BASE, given=given)

    assert [told in line for line in said.splitlines()] == [False, True]


def test_an_answer_without_what_was_derived_says_so(tmp_path: Path) -> None:
    """A large collection has no derived graph: that nothing is found there proves nothing."""
    collection = sample.sample()
    lookup = project_lookup(collection, sample.project(tmp_path))
    store = MemoryStore(collection_quads(collection, lookup), base=sample.BASE)
    query = load_query(QUERIES, "attribution-lost")
    values = values_of(query, {}, base=sample.BASE)
    said = explain_empty(store, query, values, folder=QUERIES, base=sample.BASE)

    assert said.endswith("kg build --most-derived N  puts it there")


def test_an_empty_graph_says_so() -> None:
    """Where nothing was built, the answer says to build."""
    query = load_query(QUERIES, "documents")
    said = explain_empty(
        MemoryStore(), query, values_of(query, {}, base=BASE), folder=QUERIES, base=BASE
    )

    assert said.endswith("the graph holds no document; run  kg build  first")
