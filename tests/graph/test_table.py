"""Tables as text, CSV, TSV, JSON and XML: they fit, and other readers read them back."""

from __future__ import annotations

import csv
import io

import pyoxigraph as ox
import pytest

from kg.graph.table import (
    Table,
    Term,
    compact,
    display_width,
    render_boolean,
    render_csv,
    render_json,
    render_text,
    render_tsv,
    render_xml,
    turtle_term,
)

XSD = "http://www.w3.org/2001/XMLSchema#"
TABLE = Table(
    ("who", "said", "n"),
    (
        (
            Term("iri", "https://example.org/id/agent/x"),
            Term("literal", 'a "b"\nc, <d> & é\t漢', "fr"),
            Term("literal", "3", datatype=f"{XSD}integer"),
        ),
        (None, Term("literal", ""), None),
    ),
)


def _text(table: Table, width: int) -> str:
    return render_text(table, width=width, base="https://example.org/id/", prefixes={"xsd": XSD})


def _values(solutions: ox.QuerySolutions) -> list[list[object]]:
    return [list(row) for row in solutions]


@pytest.mark.parametrize(
    ("render", "style"),
    [
        (render_json, ox.QueryResultsFormat.JSON),
        (render_xml, ox.QueryResultsFormat.XML),
        (render_tsv, ox.QueryResultsFormat.TSV),
    ],
)
def test_results_are_read_back(render, style) -> None:
    """Oxigraph's own readers give back every term with its language and datatype."""
    solutions = ox.parse_query_results(render(TABLE), format=style)

    assert [variable.value for variable in solutions.variables] == ["who", "said", "n"]
    first, second = _values(solutions)
    assert first == [
        ox.NamedNode("https://example.org/id/agent/x"),
        ox.Literal('a "b"\nc, <d> & é\t漢', language="fr"),
        ox.Literal(3),
    ]
    assert second == [None, ox.Literal(""), None]


def test_xml_is_xml_whatever_the_words() -> None:
    """A character that XML cannot hold is replaced, so that the answer can be read at all."""
    table = Table(("said",), ((Term("literal", "a\x0b\x1bb\ufffe"),),))
    solutions = ox.parse_query_results(render_xml(table), format=ox.QueryResultsFormat.XML)

    assert _values(solutions) == [[ox.Literal("a\ufffd\ufffdb\ufffd")]]


def test_csv_is_read_back() -> None:
    """The standard reader gives back the values, line breaks included."""
    rows = list(csv.reader(io.StringIO(render_csv(TABLE), newline="")))

    assert rows == [
        ["who", "said", "n"],
        ["https://example.org/id/agent/x", 'a "b"\nc, <d> & é\t漢', "3"],
        ["", "", ""],
    ]


@pytest.mark.parametrize(
    ("style", "said"),
    [
        ("text", "yes\n"),
        ("csv", "true\n"),
        ("tsv", "true\n"),
        ("json", '{"head": {}, "boolean": true}\n'),
    ],
)
def test_yes_is_said_in_each_style(style: str, said: str) -> None:
    """An ASK answer has its form in every style."""
    assert said == render_boolean(True, style)


def test_yes_in_xml_is_read_back() -> None:
    """The XML form is that of the standard."""
    answer = ox.parse_query_results(render_boolean(False, "xml"), format=ox.QueryResultsFormat.XML)

    assert bool(answer) is False


def test_text_is_aligned_by_display_width() -> None:
    """Wide characters take two cells, combining marks none, and columns stay in line."""
    table = Table(
        ("a", "b"),
        tuple(
            (Term("literal", text), Term("literal", "|"))
            for text in ("plain", "漢字漢字", "cafe\u0301", "Sergueï")
        ),
    )
    lines = _text(table, 80).splitlines()[2:]

    assert len({display_width(line.partition("|")[0]) for line in lines}) == 1


def test_words_wrap_and_none_is_lost() -> None:
    """A long cell wraps at spaces; joined again it is the whole text."""
    words = "one quite long sentence that must wrap in a narrow terminal and lose nothing"
    table = Table(("said", "n"), ((Term("literal", words), Term("literal", "1")),))
    text = _text(table, 30)
    body = [line[: len("─" * 27)] for line in text.splitlines()[2:]]

    assert max(display_width(line) for line in text.splitlines()) <= 30
    assert " ".join(" ".join(body).replace(" 1", "").split()) == words


def test_no_break_spaces_are_kept_together() -> None:
    """A line never breaks at a no-break space while the word fits."""
    table = Table(("said",), ((Term("literal", "il a dit «\u00a0oui\u00a0» hier"),),))

    assert "«\u00a0oui\u00a0»" in _text(table, 12)


def test_too_many_columns_become_a_list() -> None:
    """Where columns cannot stand side by side, each row is a list of its own."""
    names = tuple(f"column{number}" for number in range(12))
    table = Table(names, (tuple(Term("literal", f"value{n}") for n in range(12)),))
    lines = _text(table, 40).splitlines()

    assert lines[0].startswith("── 1 ")
    assert lines[1].split() == ["column0", "value0"]
    assert max(display_width(line) for line in lines) <= 40


def test_control_characters_do_not_reach_the_terminal() -> None:
    """Escape sequences in a quote are shown as spaces."""
    table = Table(("said",), ((Term("literal", "a\x1b[31mred\x07\nb"),),))

    assert "\x1b" not in _text(table, 80)
    assert "\x07" not in _text(table, 80)


@pytest.mark.parametrize(
    ("iri", "short"),
    [
        ("https://example.org/id/agent/x", "agent/x"),
        (f"{XSD}date", "xsd:date"),
        (f"{XSD}a/b", f"{XSD}a/b"),
        ("https://example.org/id/", "https://example.org/id/"),
    ],
)
def test_addresses_are_shortened(iri: str, short: str) -> None:
    """Ours lose the base, known vocabularies get their prefix, others stay whole."""
    assert short == compact(iri, base="https://example.org/id/", prefixes={"xsd": XSD})


def test_an_empty_table_has_its_header() -> None:
    """No rows still tell the columns."""
    assert _text(Table(("a", "b"), ()), 80).split() == ["a", "b", "─", "─"]
    assert render_csv(Table(("a", "b"), ())) == "a,b\n"


@pytest.mark.parametrize("value", ['"', "\\", "\n\r\t", "é漢", "a\\n", ""])
def test_terms_are_spelled_as_n_triples(value: str) -> None:
    """A spelled literal parses back to its value."""
    line = f"<http://e/s> <http://e/p> {turtle_term(Term('literal', value))} ."
    (quad,) = ox.parse(line, format=ox.RdfFormat.N_TRIPLES)

    assert quad.object.value == value
