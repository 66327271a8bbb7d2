"""RDF exports, each read back by another reader: same graph, same bytes, nothing asserted."""

from __future__ import annotations

import io
import json
import os
import random
import subprocess
import sys
import warnings
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib

from kg.export import FORMATS, export
from kg.graph.store import MemoryStore
from kg.graph.vocab import KG, RDF
from kg.project import Project

ROOT = Path(__file__).resolve().parents[2]
BASE = "https://example.org/id/"
STATE = ox.NamedNode(f"{BASE}state")
DERIVED = ox.NamedNode(f"{BASE}derived")
TRIPLES = ("turtle", "ntriples")
QUADS = ("trig", "nquads", "jsonld")
OX = {
    "turtle": ox.RdfFormat.TURTLE,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "trig": ox.RdfFormat.TRIG,
    "nquads": ox.RdfFormat.N_QUADS,
    "jsonld": ox.RdfFormat.JSON_LD,
}
RDFLIB = {
    "turtle": "turtle",
    "ntriples": "nt",
    "trig": "trig",
    "nquads": "nquads",
    "jsonld": "json-ld",
}


def _expected(store: MemoryStore, *, graphs: bool) -> set[str]:
    return {
        str(quad)
        for quad in store.raw
        if quad.graph_name != STATE and (graphs or quad.graph_name == ox.DefaultGraph())
    }


def _by_rdflib(data: bytes, style: str) -> set[str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # rdflib deprecates what its own parsers call
        dataset = rdflib.Dataset()
        dataset.parse(data=data, format=RDFLIB[style])
        text = dataset.serialize(format="nquads")
    return {str(quad) for quad in ox.parse(text, format=ox.RdfFormat.N_QUADS)}


@pytest.mark.parametrize("name", [*TRIPLES, *QUADS])
def test_two_readers_read_the_same_graph(
    name: str, mini_store: MemoryStore, mini_project: Project
) -> None:
    """Oxigraph and rdflib both read back exactly the graph, without the store's state."""
    data = export(mini_store, mini_project, name)
    expected = _expected(mini_store, graphs=name in QUADS)

    assert expected == {str(quad) for quad in ox.parse(data, format=OX[name])}
    assert expected == _by_rdflib(data, name)


@pytest.mark.parametrize("name", FORMATS)
def test_order_in_the_store_is_no_matter(
    name: str, mini_store: MemoryStore, mini_project: Project
) -> None:
    """The same quads loaded in another order give the same bytes."""
    quads = list(mini_store.raw)
    random.Random(7).shuffle(quads)
    shuffled = MemoryStore((f"{quad} ." for quad in quads), base=BASE)

    assert export(mini_store, mini_project, name) == export(shuffled, mini_project, name)


def test_hash_seeds_are_no_matter(tmp_path: Path) -> None:
    """Every format gives the same bytes under different hash seeds."""
    program = (
        "import hashlib, pathlib\n"
        "from kg.export import FORMATS, export\n"
        "from kg.graph.store import MemoryStore\n"
        "from kg.project import Project\n"
        "here = pathlib.Path('.')\n"
        f"project = Project(here, {BASE!r}, 'The pier', 'en', here, here, ())\n"
        f"store = MemoryStore(base={BASE!r})\n"
        f"store.add(pathlib.Path({str(ROOT / 'tests/graph/data/mini.trig')!r})"
        ".read_text('utf-8'), 'trig')\n"
        "for name in FORMATS:\n"
        "    print(name, hashlib.sha256(export(store, project, name)).hexdigest())\n"
    )
    outputs = [
        subprocess.run(
            [sys.executable, "-c", program],
            cwd=tmp_path,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "4242")
    ]

    assert outputs[0].count("\n") == len(FORMATS)
    assert outputs[0] == outputs[1] == outputs[2]


def test_no_triple_of_a_claim_is_asserted(mini_store: MemoryStore, mini_project: Project) -> None:
    """In TriG and JSON-LD, a claim's triple stands in its own graph and nowhere else."""
    for name in QUADS:
        quads = list(ox.parse(export(mini_store, mini_project, name), format=OX[name]))
        quoted = {
            quad.triple for quad in quads if quad.graph_name not in {ox.DefaultGraph(), DERIVED}
        }
        default = {quad.triple for quad in quads if quad.graph_name == ox.DefaultGraph()}

        assert len(quoted) == 11
        assert not quoted & default


def test_jsonld_is_compact_and_needs_no_network(
    mini_store: MemoryStore, mini_project: Project
) -> None:
    """The context is inline, and attributions read by its short names."""
    document = json.loads(export(mini_store, mini_project, "jsonld"))
    nodes = {
        node["identifier"]: node for node in document["graph"] if node.get("type") == "Attribution"
    }

    assert isinstance(document["@context"], dict)
    assert "://" not in json.dumps(list(nodes.values()))
    assert nodes["gazette-jetee#a2"]["form"] == "Mixed"
    assert nodes["gazette-jetee#a2"]["speaker"] == "agent/mara-quell"


def test_rdf12_reifies_triple_terms(mini_store: MemoryStore, mini_project: Project) -> None:
    """Each claim reifies one triple term, equal to its quoted triple; nothing else is lost."""
    triples = list(ox.parse(export(mini_store, mini_project, "rdf12"), format=ox.RdfFormat.TURTLE))
    reifies = ox.NamedNode(f"{RDF.NS}reifies")
    terms = {quad.subject: quad.object for quad in triples if quad.predicate == reifies}
    quoted = {
        quad.graph_name: quad.triple
        for quad in mini_store.raw
        if quad.graph_name not in {ox.DefaultGraph(), STATE, DERIVED}
    }
    kept = {str(quad) for quad in triples if quad.predicate != reifies}
    gone = _expected(mini_store, graphs=False) - kept

    assert terms == quoted
    assert kept <= _expected(mini_store, graphs=False)
    assert len(gone) == 4 * len(terms)
    assert all(RDF.NS in line for line in gone)


def test_rdf12_is_not_asserted(mini_store: MemoryStore, mini_project: Project) -> None:
    """No triple term also stands as a triple."""
    quads = list(ox.parse(export(mini_store, mini_project, "rdf12"), format=ox.RdfFormat.TURTLE))
    terms = {quad.object for quad in quads if isinstance(quad.object, ox.Triple)}

    assert not terms & {quad.triple for quad in quads}


def test_nanopublications_are_whole(mini_store: MemoryStore, mini_project: Project) -> None:
    """Every live attribution has its four graphs, linked from its head, in rdflib too."""
    data = export(mini_store, mini_project, "nanopub")
    quads = list(ox.parse(data, format=ox.RdfFormat.TRIG))
    np = "http://www.nanopub.org/nschema#"
    heads = [quad.subject for quad in quads if quad.object == ox.NamedNode(f"{np}Nanopublication")]
    graphs = {quad.graph_name for quad in quads}

    assert len(heads) == 13
    assert len(graphs) == 4 * len(heads)
    for part in ("hasAssertion", "hasProvenance", "hasPublicationInfo"):
        linked = [quad for quad in quads if quad.predicate == ox.NamedNode(np + part)]
        assert {quad.object for quad in linked} <= graphs
        assert len(linked) == len(heads)
    assert _by_rdflib(data, "trig") == {str(quad) for quad in quads}


def test_nanopublications_assert_no_claim(mini_store: MemoryStore, mini_project: Project) -> None:
    """What is asserted is the attribution; its pubinfo speaks of the nanopublication."""
    quads = list(ox.parse(export(mini_store, mini_project, "nanopub"), format=ox.RdfFormat.TRIG))
    quoted = {
        quad.triple for quad in mini_store.raw if quad.graph_name not in {ox.DefaultGraph(), STATE}
    }
    asserted = {quad.triple for quad in quads}
    kinds = {quad.object for quad in quads if quad.predicate == ox.NamedNode(RDF.type)}
    spoken_of = {quad.subject for quad in quads if quad.graph_name.value.endswith("#pubinfo")}
    heads = {quad.subject for quad in quads if quad.graph_name.value.endswith("#Head")}

    assert not quoted & asserted
    assert ox.NamedNode(KG.Attribution) in kinds
    assert heads <= spoken_of


def test_exports_from_disk_and_memory_agree(
    mini_store: MemoryStore, mini_project: Project, tmp_path: Path
) -> None:
    """The graph gives the same bytes when it went through a store on disk."""
    disk = ox.Store(str(tmp_path / "graph"))
    disk.bulk_extend(mini_store.raw)
    copy = MemoryStore((f"{quad} ." for quad in disk), base=BASE)

    for name in ("turtle", "trig", "nquads", "jsonld", "csv"):
        assert export(mini_store, mini_project, name) == export(copy, mini_project, name)
    assert (
        io.BytesIO(export(copy, mini_project, "turtle")).readline()
        == b"@base <https://example.org/id/> .\n"
    )
