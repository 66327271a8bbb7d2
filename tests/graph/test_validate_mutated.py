"""Both engines find the same in graphs that chance has damaged."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.graph.validate import validate_store

ROOT = Path(__file__).resolve().parents[2]
SHAPES = ROOT / "ontology" / "shapes"
VALID = Path(__file__).parent / "valid.ttl"
BASE = "https://example.org/id/"
XSD = "http://www.w3.org/2001/XMLSchema#"
ODD = (
    '""',
    '"a"@fr',
    '"-1"^^<http://www.w3.org/2001/XMLSchema#integer>',
    '"many"^^<http://www.w3.org/2001/XMLSchema#integer>',
    '"1.5"^^<http://www.w3.org/2001/XMLSchema#decimal>',
    '"2031-02-30"^^<http://www.w3.org/2001/XMLSchema#date>',
    '"1999-01-01"^^<http://www.w3.org/2001/XMLSchema#date>',
    '"2031-05"^^<http://id.loc.gov/datatypes/edtf/EDTF>',
    '"true"^^<http://www.w3.org/2001/XMLSchema#boolean>',
    "_:somebody",
    f"<{BASE}nowhere>",
    "<http://schema.org/Person>",
)


class Damage(NamedTuple):
    """One change: what is done, to which triple, with which other term or triple."""

    act: str
    triple: int
    other: int


def lines_of_valid_graph() -> list[tuple[str, str, str]]:
    store = ox.Store()
    store.load(path=VALID, format=ox.RdfFormat.TURTLE)
    return sorted((str(q.subject), str(q.predicate), str(q.object)) for q in store)


TRIPLES = lines_of_valid_graph()
TERMS = (*ODD, *sorted({triple[2] for triple in TRIPLES}))
DAMAGE = st.builds(
    Damage,
    st.sampled_from(("drop", "object", "more", "predicate", "subject")),
    st.integers(0, len(TRIPLES) - 1),
    st.one_of(st.integers(0, len(ODD) - 1), st.integers(0, len(TERMS) - 1)),
)


def damaged(damages: Sequence[Damage]) -> list[tuple[str, str, str]]:
    triples = list(TRIPLES)
    for act, place, other in damages:
        s, p, o = triples[place]
        model = TRIPLES[other % len(TRIPLES)]
        match act:
            case "drop":
                triples[place] = model
            case "object":
                triples[place] = (s, p, TERMS[other])
            case "more":
                triples.append((s, p, TERMS[other]))
            case "predicate":
                triples[place] = (s, model[1], o)
            case _:
                triples[place] = (model[0], p, o)
    return triples


def loaded(copies: Sequence[Sequence[Damage]]) -> ox.Store:
    """Put several damaged copies beside each other, each under addresses of its own."""
    store = ox.Store()
    for number, damages in enumerate(copies):
        text = "".join(f"{s} {p} {o} .\n" for s, p, o in damaged(damages))
        own = text.replace(BASE, f"{BASE}{number}/").replace("_:somebody", f"_:somebody{number}")
        store.load(own.encode(), format=ox.RdfFormat.N_TRIPLES)
    return store


def test_the_valid_graph_is_valid() -> None:
    """The graph that the mutations start from has no finding at all."""
    assert validate_store(loaded([()]), shapes_folder=SHAPES) == []


@pytest.mark.slow
@settings(max_examples=4, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.lists(st.lists(DAMAGE, min_size=1, max_size=8), min_size=6, max_size=6))
def test_engines_agree_on_damaged_graphs(copies: list[list[Damage]]) -> None:
    """Two dozen damaged graphs, the same each run: equal focus, path, component, value, message."""
    store = loaded(copies)

    expected = validate_store(store, shapes_folder=SHAPES, engine="pyshacl")

    assert validate_store(store, shapes_folder=SHAPES) == expected


@settings(max_examples=12, deadline=None)
@given(st.lists(DAMAGE, min_size=1, max_size=4))
def test_a_focus_gives_the_findings_about_it(damages: list[Damage]) -> None:
    """Looking at some nodes alone finds what looking at all finds about them."""
    store = loaded([damages])
    everything = validate_store(store, shapes_folder=SHAPES)
    focus = sorted({s[1:-1] for s, _, _ in TRIPLES if s.startswith("<")})[::3]
    focus = [iri.replace(BASE, f"{BASE}0/") for iri in focus]

    expected = [result for result in everything if result.focus in set(focus)]

    assert validate_store(store, shapes_folder=SHAPES, focus=focus) == expected
