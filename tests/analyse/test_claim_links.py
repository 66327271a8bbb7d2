"""A link between attributions speaks of claims only where it leaves no doubt which."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import BASE, claim_row, make_material, make_row

from kg.analyse.conflicts import conflicts
from kg.analyse.derived import derived_graph, derived_quads
from kg.analyse.drift import drifts
from kg.analyse.material import AlignmentFact, Material
from kg.analyse.origins import origins
from kg.graph.build import collection_quads, project_lookup
from kg.graph.query import ask_query, load_query, values_of
from kg.graph.store import MemoryStore
from kg.graph.vocab import KG
from kg.project import data_folder, find_project
from kg.records import load_collection

OPENS, CLOSES, COSTS = "port opensOn 2025", "port closesOn 2026", "port costs 42"
BEGINS = "port beginsOn 2025"


def link(left: str, right: str, relation: str = "same-claim", judged: str = "positive") -> object:
    return AlignmentFact(f"{BASE}{left}", f"{BASE}{right}", relation, judged, "read", "me")


def texts(material: Material, line: str) -> int:
    return origins(material, claim_row(line).iri).texts


def test_two_that_convey_one_claim_each_say_the_same() -> None:
    """Then the claims are one, also for those who say them elsewhere."""
    rows = [
        make_row("a#1", speakers=["mayor"], claims=[OPENS]),
        make_row("b#1", speakers=["captain"], claims=[BEGINS]),
        make_row("c#1", speakers=["clerk"], claims=[BEGINS]),
    ]
    material = make_material(*rows, alignments=(link("a#1", "b#1"),))

    assert (texts(material, OPENS), texts(material, BEGINS)) == (3, 3)
    assert texts(make_material(*rows), OPENS) == 1


@pytest.mark.parametrize("relation", ["same-claim", "entails"])
@pytest.mark.parametrize(
    ("left", "right"),
    [([OPENS, CLOSES], [COSTS]), ([COSTS], [OPENS, CLOSES]), ([OPENS], []), ([], [COSTS])],
)
def test_where_a_side_conveys_several_or_none_no_claim_is_merged(
    relation: str, left: list[str], right: list[str]
) -> None:
    """The link says that something is the same, not what: nobody is counted for anything more."""
    rows = [
        make_row("a#1", speakers=["mayor"], claims=left),
        make_row("b#1", form="authorial", claims=right, modality="planned"),
    ]
    material = make_material(*rows, alignments=(link("a#1", "b#1", relation),))

    assert [texts(material, line) for line in (*left, *right)] == [1] * (len(left) + len(right))
    assert drifts(material) == []


def test_a_claim_that_both_convey_is_what_the_link_speaks_of() -> None:
    """The other claims of both sides stay as they are."""
    rows = [
        make_row("a#1", speakers=["mayor"], claims=[OPENS, CLOSES]),
        make_row("b#1", speakers=["captain"], claims=[OPENS, COSTS]),
    ]
    material = make_material(*rows, alignments=(link("a#1", "b#1"),))

    assert [texts(material, line) for line in (OPENS, CLOSES, COSTS)] == [2, 1, 1]


def test_a_judgement_of_the_claims_overrides_what_attributions_suggest() -> None:
    """A person who refused the claims as one refused them for every pair of attributions."""
    rows = [
        make_row("a#1", speakers=["mayor"], claims=[OPENS]),
        make_row("b#1", speakers=["captain"], claims=[BEGINS]),
    ]
    iris = claim_row(OPENS).iri, claim_row(BEGINS).iri
    refused = AlignmentFact(*iris, "same-claim", "negative", "no", "me", "person")

    assert texts(make_material(*rows, alignments=(link("a#1", "b#1"), refused)), OPENS) == 1


def test_a_contradiction_of_attributions_names_claims_only_where_they_are_clear() -> None:
    """Of one claim each it is one of claims; of several it stays between the attributions."""
    one = make_row("a#1", speakers=["mayor"], claims=[OPENS])
    two = make_row("b#1", speakers=["captain"], claims=[CLOSES])
    many = make_row("c#1", speakers=["clerk"], claims=[CLOSES, COSTS])
    clear = make_material(one, two, many, alignments=(link("a#1", "b#1", "contradicts"),))
    unclear = make_material(one, two, many, alignments=(link("a#1", "c#1", "contradicts"),))
    (found,) = conflicts(clear)
    (tied,) = conflicts(unclear)

    assert {found.left_claim, found.right_claim} == {claim_row(OPENS).iri, claim_row(CLOSES).iri}
    assert set(found.identifiers) == {"a#1", "b#1", "c#1"}
    assert {tied.left_claim, tied.right_claim} == {one.iri, many.iri}


def test_what_follows_from_attributions_stands_in_the_derived_graph_alone() -> None:
    """There the questions find it; links between claims stand with the records already."""
    rows = [
        make_row("a#1", speakers=["mayor"], claims=[OPENS]),
        make_row("b#1", speakers=["captain"], claims=[BEGINS]),
    ]
    iris = claim_row(OPENS).iri, claim_row(BEGINS).iri
    of_claims = AlignmentFact(*iris, "same-claim", "positive", "read", "me")
    by_way = derived_quads(make_material(*rows, alignments=(link("a#1", "b#1"),)))
    named = derived_quads(make_material(*rows, alignments=(of_claims,)))

    assert {line for line in by_way if f"<{KG.entails}>" in line} == {
        f"<{left}> <{KG.entails}> <{right}> <{derived_graph(BASE)}> ."
        for left, right in (iris, iris[::-1])
    }
    assert [line for line in named if f"<{KG.entails}>" in line] == []


@pytest.mark.parametrize("folder", [".", "examples/strait-ferry"])
def test_the_question_and_the_reading_count_alike(
    folder: str, five: Material, ferry: Material, repository: Path
) -> None:
    """`kg query support` and `kg origins` give the same texts and own voices for every claim."""
    material = five if folder == "." else ferry
    project = find_project(repository / folder)
    collection = load_collection(project).collection
    store = MemoryStore(
        [
            *collection_quads(collection, project_lookup(collection, project)),
            *derived_quads(material),
        ],
        base=project.base,
    )
    query = load_query(data_folder("queries"), "support")
    said = load_query(data_folder("queries"), "who-said")
    for iri in material.claim_iris:
        reading = origins(material, iri)
        name = {"claim": iri.rpartition("/")[2]}
        table = ask_query(store, query, values_of(query, name, base=project.base)).table
        assert table is not None
        (row,) = table.rows
        counted = {name: term.value for name, term in zip(table.columns, row, strict=True)}
        assert counted["texts"] == str(reading.texts), reading.claim
        assert counted["own_voice"] == str(len(reading.own_voice)), reading.claim
        assert counted["denials"] == str(len(reading.denying)), reading.claim

        told = ask_query(store, said, values_of(said, name, base=project.base)).table
        assert told is not None
        identifier, polarity = (told.columns.index(name) for name in ("id", "polarity"))
        affirming = {
            row[identifier].value for row in told.rows if row[polarity].value == "Affirmed"
        }
        assert affirming == {one for group in reading.groups for one in group.identifiers}
