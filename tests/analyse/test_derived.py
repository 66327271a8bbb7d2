"""What is derived stands in one named graph, sorted, the same each time, and leads to its words."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from kg.analyse.derived import BY, derived_graph, derived_quads
from kg.analyse.material import Material
from kg.analyse.origins import SharedWording
from kg.graph.store import MemoryStore
from kg.graph.validate import validate_store
from kg.graph.vocab import KG, PROV, RDFS
from kg.project import data_folder

SCRIPT = """
import hashlib, json, sys
from pathlib import Path
sys.path.insert(0, str(Path("tests/analyse")))
from conftest import project_material, texts_in
from kg.analyse.candidates import candidates
from kg.analyse.conflicts import conflicts
from kg.analyse.derived import derived_quads
from kg.analyse.drift import drifts
from kg.analyse.plain import plain
from kg.analyse.reuse import reuse
from kg.analyse.variants import variants
root = Path("examples/strait-ferry")
material = project_material(root)
whole = [
    derived_quads(material), plain(variants(material)), plain(candidates(material)),
    plain(drifts(material)), plain(conflicts(material)),
    plain(reuse(material, texts_in(root / "texts"))),
]
print(hashlib.sha256(json.dumps(whole).encode()).hexdigest())
"""


def test_everything_is_in_the_derived_graph(ferry: Material) -> None:
    """Each line is a quad of that one graph; lines are sorted and stand once."""
    lines = derived_quads(ferry)

    assert lines == sorted(set(lines))
    assert all(line.endswith(f" <{derived_graph(ferry.base)}> .") for line in lines)


def test_groups_have_members_a_claim_and_a_reason(ferry: Material) -> None:
    """Every member is an attribution of the collection; no group is without a reason."""
    store = MemoryStore(derived_quads(ferry))
    query = f"""SELECT ?group ?member ?basis ?claim WHERE {{ GRAPH ?any {{
        ?group a <{KG.OriginGroup}> ; <{PROV.hadMember}> ?member ;
          <{KG.basis}> ?basis ; <{KG.about}> ?claim }} }}"""
    rows = store.select(query).rows
    groups = store.select(
        f"SELECT ?group WHERE {{ GRAPH ?any {{ ?group a <{KG.OriginGroup}> }} }}"
    ).rows

    assert {row[0] for row in rows} == {row[0] for row in groups}
    assert {row[1].value for row in rows if row[1]} <= {row.iri for row in ferry.rows}
    assert {row[3].value for row in rows if row[3]} <= set(ferry.claim_iris)


def test_derived_links_are_signed_by_the_program(ferry: Material) -> None:
    """No derived alignment passes for a person's."""
    links = [line for line in derived_quads(ferry) if f"<{KG.judgedBy}>" in line]

    assert links
    assert all(f'"{BY}"' in line for line in links)


def test_the_default_graph_stays_as_it_was(ferry: Material) -> None:
    """A query that names no graph sees nothing of it."""
    store = MemoryStore(derived_quads(ferry))

    assert store.select("SELECT ?s WHERE { ?s ?p ?o }").rows == ()


def test_readings_do_not_depend_on_the_hash_seed(repository: Path) -> None:
    """Two runs with two seeds give the same bytes."""
    digests = set()
    for seed in ("1", "2"):
        outcome = subprocess.run(
            [sys.executable, "-c", SCRIPT],
            cwd=repository,
            env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": str(repository)},
            capture_output=True,
            text=True,
            check=True,
        )
        digests.add(outcome.stdout)

    assert len(digests) == 1


def test_the_graph_says_that_it_is_derived(ferry: Material) -> None:
    """It is a bundle that tells what it comes from; with shared wording it tells of the texts."""
    graph = derived_graph(ferry.base)
    query = f"""SELECT ?told WHERE {{ GRAPH <{graph}> {{
        <{graph}> a <{PROV.Bundle}> ; <{RDFS.comment}> ?told FILTER(LANG(?told) = "en") }} }}"""
    claim = next(iri for iri in ferry.claim_iris if len(ferry.conveying(iri)) > 1)
    left, right = sorted(row.iri for row in ferry.conveying(claim)[:2])
    shared = {left: [SharedWording(left, right, "they share words")]}
    told = [
        MemoryStore(lines).select(query).rows[0][0]
        for lines in (derived_quads(ferry), derived_quads(ferry, shared=shared))
    ]

    assert [term.value for term in told if term] == [
        "Derived by the readings from the records alone; made anew with them, never edited.",
        "Derived by the readings from the records and wording shared by texts held here.",
    ]
    assert derived_quads(Material(ferry.base, ())) == []


def test_every_group_has_the_reason_that_its_shape_asks_for(ferry: Material) -> None:
    """Checked as if they stood in the default graph, origin groups pass the shapes."""
    lines = [
        line.removesuffix(f" <{derived_graph(ferry.base)}> .") + " ."
        for line in derived_quads(ferry)
    ]
    groups = {line.split(">")[0][1:] for line in lines if f"<{KG.OriginGroup}>" in line}
    shapes = data_folder("ontology") / "shapes"

    assert groups
    assert validate_store(MemoryStore(lines), shapes_folder=shapes, focus=groups) == []
