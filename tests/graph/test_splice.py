"""Graph files brought up to date are the bytes that writing them whole would give."""

from __future__ import annotations

import io
import random
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import pyoxigraph as ox
import pytest
import sample

from kg.graph.build import build_store
from kg.graph.files import write_graph_files
from kg.graph.splice import splice_graphs, splice_turtle
from kg.graph.turtle import Speller, write_trig, write_turtle
from kg.project import Project

BASE = "https://example.org/id/"
SUBJECTS = [
    "https://example.org/id/text/1",
    "https://example.org/id/text/1/span/1-2",
    "https://example.org/id/text/12",
    "https://example.org/id/agent/é",
    "https://example.org/id/9",
    "https://example.org/id/a:b",
    "https://schema.org/Thing",
    "http://www.w3.org/ns/prov#Agent",
    "https://elsewhere.example/x",
    "urn:x:y",
]
"""Names that are spelled in every way: relative, prefixed, whole."""


def random_quads(chance: random.Random, names: list[str]) -> set[ox.Quad]:
    """Say something of some subjects, in the default graph and in named ones."""
    quads = set()
    for name in chance.sample(names, chance.randrange(len(names) + 1)):
        subject = ox.NamedNode(name)
        for _ in range(chance.randrange(1, 4)):
            verb = ox.NamedNode(f"https://schema.org/p{chance.randrange(3)}")
            words = chance.choice(["a", "b\n\nc", "« d »\u2028", '"', "x" * 400])
            graph = ox.DefaultGraph() if chance.random() < 0.6 else subject
            quads.add(ox.Quad(subject, verb, ox.Literal(words), graph))
    return quads


def whole(folder: Path, quads: set[ox.Quad]) -> tuple[ox.Store, bytes, bytes]:
    """Give a store of the quads, and both its files."""
    store = ox.Store(str(folder))
    store.extend(quads)
    turtle, trig = io.BytesIO(), io.BytesIO()
    write_turtle(store, BASE, turtle)
    write_trig(store, BASE, io.BytesIO(turtle.getvalue()), trig)
    return store, turtle.getvalue(), trig.getvalue()


@pytest.mark.parametrize("seed", range(40))
def test_splicing_equals_writing_whole(tmp_path: Path, seed: int) -> None:
    """Whatever came, went or changed, and whatever the block that is looked for stands beside."""
    chance = random.Random(seed)
    names = SUBJECTS + [f"{BASE}claim/{number}" for number in range(chance.randrange(30))]
    before, after = random_quads(chance, names), random_quads(chance, names)
    _, old_turtle, old_trig = whole(tmp_path / "before", before)
    store, turtle, trig = whole(tmp_path / "after", after)
    (tmp_path / "old.ttl").write_bytes(old_turtle)
    (tmp_path / "old.trig").write_bytes(old_trig)
    moved = before ^ after
    subjects = {q.subject.value for q in moved if q.graph_name == ox.DefaultGraph()}
    graphs = {q.graph_name.value for q in moved if q.graph_name != ox.DefaultGraph()}
    made, rest = io.BytesIO(), io.BytesIO()
    with (tmp_path / "old.ttl").open("rb") as old:
        splice_turtle(old, store, BASE, subjects, made)
    with (tmp_path / "old.trig").open("rb") as old:
        splice_graphs(old, len(old_turtle), store, BASE, graphs, rest)

    assert made.getvalue() == turtle
    assert made.getvalue() + rest.getvalue() == trig


@pytest.mark.parametrize("base", [BASE, "urn:no-slash:"])
def test_a_spelled_iri_is_read_back(base: str) -> None:
    """What `term` shortens, `iri` gives whole."""
    speller = Speller(base)
    assert [speller.iri(speller.term(f"<{iri}>")) for iri in SUBJECTS] == SUBJECTS


def test_an_edit_writes_no_file_from_nothing(tmp_path: Path) -> None:
    """After an edit the files are spliced; where one is not as it was left, both are whole."""
    project, fresh = sample.project(tmp_path / "kept"), sample.project(tmp_path / "fresh")
    build_store(sample.loaded(sample.sample()), project)
    write_graph_files(project)
    first, *others = sample.sample().records
    retitled = replace(first, document=replace(first.document, title="Autre titre"))
    edited = replace(sample.sample(), records=(retitled, *others))
    build_store(sample.loaded(edited), fresh)
    write_graph_files(fresh)
    build_store(sample.loaded(edited), project)
    with patch("kg.graph.files.write_turtle", side_effect=AssertionError):
        assert write_graph_files(project)
        assert not write_graph_files(project)
    assert both(project) == both(fresh)

    project.graph_trig.write_bytes(b"mine")
    build_store(sample.loaded(sample.sample()), project)
    write_graph_files(project)
    build_store(sample.loaded(sample.sample()), fresh)
    write_graph_files(fresh)
    assert both(project) == both(fresh)


def both(project: Project) -> tuple[bytes, bytes]:
    """Give both files."""
    return project.graph_ttl.read_bytes(), project.graph_trig.read_bytes()
