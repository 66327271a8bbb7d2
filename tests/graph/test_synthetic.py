"""Synthetic collections, as the benchmarks make them: without fault, and the same each time."""

from __future__ import annotations

import runpy
from pathlib import Path

from kg.graph.check import check_collection
from kg.model import Level
from kg.project import find_project
from kg.records import load_collection

ROOT = Path(__file__).resolve().parents[2]


def test_a_synthetic_collection_checks_clean(tmp_path: Path) -> None:
    """Neither an error nor a warning is found in a collection that a benchmark makes."""
    write_project = runpy.run_path(str(ROOT / "benchmarks" / "synthetic.py"))["write_project"]
    project = find_project(write_project(tmp_path, 300))
    loaded = load_collection(project)
    found = [*loaded.findings, *check_collection(loaded, project, texts={})]

    assert len(loaded.collection.records) == 30
    assert [finding for finding in found if finding.level is not Level.NOTE] == []


def test_a_synthetic_collection_is_the_same_each_time(tmp_path: Path) -> None:
    """The same size and seed give the same bytes, another seed others."""
    write_project = runpy.run_path(str(ROOT / "benchmarks" / "synthetic.py"))["write_project"]
    written = [
        (write_project(tmp_path / name, 100, seed) / "sources" / "bulk.records.jsonl").read_bytes()
        for name, seed in (("one", 7), ("two", 7), ("three", 8))
    ]

    assert written[0] == written[1]
    assert written[0] != written[2]
