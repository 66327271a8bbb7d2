"""An echo ties an attribution to a cited source that its text does not credit."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from kg.graph.build import collection_quads, project_lookup
from kg.graph.vocab import KG
from kg.model import Relation
from kg.project import Project
from kg.records import load_collection
from kg.records.settled import Settled, outline_of, plain_items

Make = Callable[..., Project]


def aligned(left: str, right: str, relation: str = "echoes") -> str:
    return (
        "alignments:\n"
        f'  - {{left: "{left}", right: "{right}", relation: {relation}, judgement: positive, '
        "basis: its third sentence, by: me}\n"
    )


def test_an_echo_is_read_and_stands_in_the_graph(make_project: Make) -> None:
    """On its left the attribution, on its right the source, which thereby has a link to it."""
    project = make_project(**{"sources/alignments.yaml": aligned("pont#a1", "avis")})
    loaded = load_collection(project)
    (echo,) = loaded.collection.alignments
    quads = set(collection_quads(loaded.collection, project_lookup(loaded.collection, project)))
    node = f"<{project.base}alignment/{echo.id}>"

    assert {finding.code for finding in loaded.findings} == {"not-anchored"}
    assert echo.relation is Relation.ECHOES
    assert f"{node} <{KG.relation}> <{KG.Echoes}> ." in quads
    assert f"{node} <{KG.right}> <{project.base}source/avis> ." in quads


@pytest.mark.parametrize(
    ("left", "right", "relation", "code"),
    [
        ("pont#a1", "avi", "echoes", "unknown-side"),
        ("pont#a1", "gazette", "echoes", "unknown-side"),
        ("pont#a9", "avis", "echoes", "unknown-side"),
        ("pont#a1", "pont#a2", "echoes", "mixed-echo"),
        ("avis", "pont#a1", "echoes", "mixed-echo"),
        ("pont#a1", "avis", "same-claim", "mixed-alignment"),
    ],
)
def test_an_echo_of_what_is_no_source_is_told(
    make_project: Make, left: str, right: str, relation: str, code: str
) -> None:
    """With the line of the alignment; a misspelt source with the nearest."""
    project = make_project(**{"sources/alignments.yaml": aligned(left, right, relation)})
    found = {item.code: item for item in load_collection(project).findings}

    assert (found[code].path, found[code].line) == ("sources/alignments.yaml", 2)
    if right == "avi":
        assert "did you mean `avis`" in found[code].message


def test_an_edited_record_is_read_with_the_source_it_echoes(make_project: Make) -> None:
    """What did not change is not read again, and the echo still finds its source."""
    project = make_project(**{"sources/alignments.yaml": aligned("pont#a1", "avis")})
    first = load_collection(project)
    outlines = {
        f"record:{record.slug}": outline_of(record, first.digests[f"record:{record.slug}"])
        for record in first.collection.records
    }
    settled = Settled(outlines, plain_items(first.collection, first.locations))
    near, places = settled.near(first.collection.records)

    assert [source.id for source in near.sources] == ["avis"]
    assert near.alignments == first.collection.alignments
    assert "sources/avis" in places
