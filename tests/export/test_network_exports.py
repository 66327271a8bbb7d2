"""GraphML and GEXF: read back by networkx, and checked against what Gephi's GEXF asks."""

from __future__ import annotations

import io
from xml.etree import ElementTree as ET

import networkx as nx
import pyoxigraph as ox

from kg.export import export
from kg.export.network import network
from kg.graph.store import MemoryStore
from kg.graph.vocab import KG
from kg.project import Project

BASE = "https://example.org/id/"
GEXF = "{http://www.gexf.net/1.2draft}"
CLAIM = f"{BASE}claim/"


def _facts(graph: nx.DiGraph) -> tuple[dict, dict]:
    nodes = {name: (marks["kind"], marks["label"]) for name, marks in graph.nodes(data=True)}
    edges = {
        (start, end): (int(marks["weight"]), marks["forms"], marks["quotes"])
        for start, end, marks in graph.edges(data=True)
    }
    return nodes, edges


def test_networkx_reads_both_back(mini_store: MemoryStore, mini_project: Project) -> None:
    """Nodes, kinds, labels, edges, weights and quotes survive either file."""
    expected = _facts(network(mini_store, "en"))
    graphml = nx.read_graphml(io.BytesIO(export(mini_store, mini_project, "graphml")))
    gexf = nx.read_gexf(io.BytesIO(export(mini_store, mini_project, "gexf")))

    assert expected == _facts(graphml)
    assert expected == _facts(gexf)


def test_claims_are_nodes_between_speakers_and_outlets(mini_store: MemoryStore) -> None:
    """A speaker points to claims, a claim to outlets, a relayed claim through its sources."""
    graph = network(mini_store, "en")
    kinds = dict(graph.nodes(data="kind"))
    denied = next(name for name in graph if graph.nodes[name]["label"].startswith("Norvale cons"))
    radio, post = f"{BASE}source/radio-cap", f"{BASE}outlet/harbour-post"

    assert {kinds[start] for start, end in graph.edges if kinds[end] == "claim"} == {
        "speaker",
        "unresolved speaker",
    }
    assert isinstance(graph, nx.DiGraph)
    assert not graph.is_multigraph()
    assert graph.nodes[denied]["polarity"] == "denied"
    assert graph.nodes[denied]["date"] == "../2030-05-02"
    assert list(graph.successors(denied)) == [radio]
    assert graph.edges[denied, radio]["weight"] == 2
    assert graph.has_edge(radio, post)


def test_withdrawn_and_own_voice(mini_store: MemoryStore) -> None:
    """Withdrawn words are absent; an outlet's own voice has no speaker."""
    graph = network(mini_store, "en")
    labels = {label for _, label in graph.nodes(data="label")}
    price = next(name for name in graph if graph.nodes[name]["label"].endswith("40 million crowns"))

    assert not any("55 million" in label for label in labels)
    assert list(graph.predecessors(price)) == []
    assert list(graph.successors(price)) == [f"{BASE}outlet/harbour-post"]


def test_gexf_is_what_gephi_reads(mini_store: MemoryStore, mini_project: Project) -> None:
    """The structure of GEXF 1.2: one directed static graph, unique string ids, declared values."""
    root = ET.fromstring(export(mini_store, mini_project, "gexf"))  # noqa: S314 - our own output
    assert root.tag == f"{GEXF}gexf"
    assert root.get("version") == "1.2"
    assert [child.tag for child in root] == [f"{GEXF}meta", f"{GEXF}graph"]
    graph = root[1]
    assert (graph.get("defaultedgetype"), graph.get("mode")) == ("directed", "static")
    parts = [child.tag.removeprefix(GEXF) for child in graph]
    assert parts == ["attributes", "attributes", "nodes", "edges"]
    declared = {
        block.get("class"): {item.get("id"): item for item in block}
        for block in graph.findall(f"{GEXF}attributes")
    }
    assert set(declared) == {"node", "edge"}
    titles = {item.get("title") for item in declared["node"].values()}
    assert {"kind", "modality", "mode", "date"} <= titles
    for items in declared.values():
        for item in items.values():
            assert item.get("type") in {"string", "integer", "long", "float", "double", "boolean"}

    nodes = graph.findall(f"{GEXF}nodes/{GEXF}node")
    ids = [node.get("id") for node in nodes]
    assert len(ids) == len(set(ids)) > 0
    assert all(node.get("label") for node in nodes)
    edges = graph.findall(f"{GEXF}edges/{GEXF}edge")
    pairs = [(edge.get("source"), edge.get("target")) for edge in edges]
    assert len(pairs) == len(set(pairs)) > 0
    assert len({edge.get("id") for edge in edges}) == len(edges)
    assert {name for pair in pairs for name in pair} <= set(ids)
    assert all(float(str(edge.get("weight"))) >= 1 for edge in edges)
    for kind, elements in (("node", nodes), ("edge", edges)):
        for element in elements:
            used = [value.get("for") for value in element.iter(f"{GEXF}attvalue")]
            assert len(used) == len(set(used))
            assert set(used) <= set(declared[kind])


def test_words_that_xml_cannot_hold(mini_store: MemoryStore, mini_project: Project) -> None:
    """A control character in a quote does not break the files."""
    token = next(
        quad.subject for quad in mini_store.raw if quad.object == ox.Literal("gazette-jetee#a2")
    )
    quote = ox.NamedNode(KG.quote)
    for quad in list(mini_store.raw.quads_for_pattern(token, quote, None, None)):
        mini_store.raw.remove(quad)
    mini_store.raw.add(ox.Quad(token, quote, ox.Literal("a\x0bb <&> \x1b")))
    graphml = nx.read_graphml(io.BytesIO(export(mini_store, mini_project, "graphml")))
    gexf = nx.read_gexf(io.BytesIO(export(mini_store, mini_project, "gexf")))

    for graph in (graphml, gexf):
        quotes = {quotes for _, _, quotes in graph.edges(data="quotes")}
        assert "a\ufffdb <&> \ufffd" in quotes


def test_gexf_tells_no_day_and_no_version(mini_store: MemoryStore, mini_project: Project) -> None:
    """The file is the same tomorrow and with another networkx."""
    text = export(mini_store, mini_project, "gexf")

    assert b"lastmodifieddate" not in text
    assert b"NetworkX" not in text
