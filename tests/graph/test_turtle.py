"""Turtle and TriG read well, sort the same, and mean the graph they came from."""

from __future__ import annotations

import io
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
import sample

from kg.errors import StoreError
from kg.graph.build import build_store
from kg.graph.files import file_written_whole, write_graph_files
from kg.graph.store import MemoryStore, open_store
from kg.graph.turtle import write_turtle
from kg.graph.vocab import KG
from kg.project import Project


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Project:
    project = sample.project(tmp_path_factory.mktemp("built"))
    build_store(sample.loaded(sample.sample()), project)
    write_graph_files(project)
    return project


def test_turtle_means_the_default_graph(built: Project) -> None:
    """Both rdflib and Oxigraph read the file as exactly the triples of the default graph."""
    text = built.graph_ttl.read_text("utf-8")
    again = MemoryStore()
    again.add(text, "turtle")
    with open_store(built.store) as store:
        wanted = {str(quad) for quad in store.quads()}

    assert {str(quad) for quad in again.raw} == wanted
    assert len(rdflib.Graph().parse(data=text, format="turtle")) == len(wanted)


@pytest.mark.filterwarnings("ignore:.*deprecated:DeprecationWarning")
def test_trig_means_the_dataset(built: Project) -> None:
    """The TriG file is the whole store, quoted triples in their graphs."""
    text = built.graph_trig.read_text("utf-8")
    again = MemoryStore()
    again.add(text, "trig")
    with open_store(built.store) as store:
        wanted = {str(quad) for quad in store.raw}
    dataset = rdflib.Dataset()
    dataset.parse(data=text, format="trig")

    assert {str(quad) for quad in again.raw} == wanted
    assert len(list(dataset.quads())) == len(wanted)


def test_turtle_reads_well(built: Project) -> None:
    """Blocks are sorted, one a subject, with the type first and IRIs short."""
    text = built.graph_ttl.read_text("utf-8")
    head, *blocks = text.rstrip("\n").split("\n\n")
    subjects = [block.split("\n")[0] for block in blocks]

    assert head.startswith(f"@base <{sample.BASE}> .\n@prefix dcterms:")
    ours = [subject.strip("<>") for subject in subjects if not subject.startswith("kgp:")]
    assert ours == sorted(set(ours))
    assert subjects[len(ours) :] == sorted({*subjects} - {f"<{subject}>" for subject in ours})
    assert all(block.split("\n")[1].startswith("    a ") for block in blocks if "_" not in block)
    assert '<agent/isle>\n    a kg:Agent , kg:State ;\n    rdfs:label "L’Île"@fr' in text
    assert "kg:confidence 0.9 ;" in text
    assert max(len(line) for line in text.splitlines() if '"' not in line) < 200


def test_files_are_left_alone_while_nothing_changed(built: Project) -> None:
    """A second writing does nothing; a missing or cut file is written again."""
    good = built.graph_trig.read_bytes()

    assert not write_graph_files(built)
    built.graph_trig.write_bytes(b"cut")
    assert write_graph_files(built)
    assert built.graph_trig.read_bytes() == good


def test_a_base_without_slash_is_spelled_in_full() -> None:
    """A base that relative references cannot stand for is not used as one."""
    store = MemoryStore([f"<urn:x:agent/a> <{KG.cue}> <urn:x:agent/b> ."])
    output = io.BytesIO()
    write_turtle(store.raw, "urn:x:", output)
    again = MemoryStore()
    again.add(output.getvalue().decode())

    assert {str(quad) for quad in again.raw} == {str(quad) for quad in store.raw}


@pytest.mark.parametrize(
    "value",
    [
        'say "hi"',
        "back\\slash",
        "two\nlines\r\ttab",
        "’ « » \u00a0 \u202f",
        "0",
        "true",
        "x\u0000y",
    ],
)
def test_any_text_survives(value: str) -> None:
    """Literals come back as they were, whatever is in them."""
    store = MemoryStore()
    quad = ox.Quad(ox.NamedNode("a:a"), ox.NamedNode(KG.cue), ox.Literal(value))
    store.raw.add(quad)
    output = io.BytesIO()
    write_turtle(store.raw, sample.BASE, output)
    again = MemoryStore()
    again.add(output.getvalue().decode())

    assert list(again.raw) == [quad]


def test_a_blank_node_is_refused() -> None:
    """What has no IRI is not written."""
    store = MemoryStore([f'_:b <{KG.cue}> "x" .'])
    with pytest.raises(StoreError, match="has no place"):
        write_turtle(store.raw, sample.BASE, io.BytesIO())


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    """A fault while writing leaves the old file, and nothing beside it."""
    path = tmp_path / "graph.ttl"
    path.write_text("old")
    with pytest.raises(TypeError), file_written_whole(path) as stream:  # noqa: PT012 - two writes
        stream.write(b"new")
        stream.write("not bytes")  # type: ignore[arg-type]

    assert path.read_text() == "old"
    assert [item.name for item in tmp_path.iterdir()] == ["graph.ttl"]


def test_a_missing_folder_is_told(tmp_path: Path) -> None:
    """Where nothing was built, the message says what to run."""
    with pytest.raises(StoreError, match="run  kg build"):
        write_graph_files(sample.project(tmp_path))
