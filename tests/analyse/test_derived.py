"""What is derived stands in one named graph, sorted, the same each time, and leads to its words."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from kg.analyse.derived import BY, derived_graph, derived_quads
from kg.analyse.material import Material
from kg.graph.store import MemoryStore
from kg.graph.vocab import KG, PROV

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
