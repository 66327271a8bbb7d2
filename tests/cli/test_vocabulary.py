"""`kg vocabulary` lists what a claim may say, and an unknown predicate leads to it."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from kg.cli import _run

OWN = """
@prefix kg: <https://w3id.org/claim-provenance/ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix edtf: <http://id.loc.gov/datatypes/edtf/> .
@prefix my: <https://example.org/terms#> .
my:closesOn a owl:DatatypeProperty , owl:FunctionalProperty , kg:ClaimPredicate ;
    rdfs:range edtf:EDTF ; rdfs:label "closes on"@en , "ferme le"@fr .
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A collection with one predicate of its own and no record."""
    (tmp_path / "kg.toml").write_text('title = "The pier"\n', "utf-8")
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "predicates.ttl").write_text(OWN, "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    return tmp_path


def test_shipped_and_own_predicates_are_listed(project: Path, capfdbinary) -> None:
    """Each style holds the same names, with labels, kind of object and what follows."""
    assert _run(["vocabulary", "--format", "csv"]) == 0
    rows = list(csv.DictReader(io.StringIO(capfdbinary.readouterr().out.decode())))
    assert _run(["vocabulary", "--format", "json"]) == 0
    told = {item["name"]: item for item in json.loads(capfdbinary.readouterr().out)}
    assert _run(["vocabulary"]) == 0
    table = capfdbinary.readouterr().out.decode()

    assert [row["predicate"] for row in rows] == sorted(told)
    assert {"closesOn", "firstToRecognise", "metWith"} <= told.keys()
    assert next(row for row in rows if row["predicate"] == "closesOn") == {
        "predicate": "closesOn",
        "object": "date",
        "fr": "ferme le",
        "en": "closes on",
        "marks": "functional",
    }
    assert told["closesOn"]["functional"] is True
    assert told["closesOn"]["iri"] == "https://example.org/terms#closesOn"
    assert all(name in table for name in ("firstToRecognise", "closes on"))
