"""Faults of the graph come back to the file and line of the record they stand in."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from kg.errors import UsageError
from kg.graph.check import check_collection
from kg.model import Finding, Level
from kg.project import Project, find_project
from kg.records import load_collection
from kg.records.texts import held_texts, wanted_texts

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def ferry(tmp_path: Path) -> Project:
    """A copy of the shipped example that a test may damage."""
    shutil.copytree(ROOT / "examples" / "strait-ferry", tmp_path / "ferry")
    return find_project(tmp_path / "ferry")


def checked(project: Project, **options: object) -> list[Finding]:
    loaded = load_collection(project)
    held = held_texts(project, wanted_texts(loaded.collection))
    texts = {digest: item.text for digest, item in held.items()}
    return check_collection(loaded, project, texts=texts, **options)  # type: ignore[arg-type] # as given


def edit(project: Project, slug: str, old: str, new: str) -> int:
    """Change a record once and give the line of the attribution that the change stands in."""
    path = project.sources / slug / "record.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    before = text[: text.index(old)].splitlines()
    return max(n for n, line in enumerate(before, start=1) if line.lstrip().startswith("- id:"))


def test_the_example_has_no_error(ferry: Project) -> None:
    """What we ship is clean."""
    assert [finding for finding in checked(ferry) if finding.level is Level.ERROR] == []


def test_a_shape_is_led_back_to_the_line(ferry: Project) -> None:
    """A speaker kind that does not fit the form, which reading lets pass, is found by its shape."""
    line = edit(ferry, "cabotier-deux-rives", "form: authorial", "form: authorial\n    kind: state")

    errors = [finding for finding in checked(ferry) if finding.level is Level.ERROR]

    assert [(item.code, item.subject) for item in errors] == [
        ("authorial-kind", "cabotier-deux-rives#a1")
    ]
    assert errors[0].path == "sources/cabotier-deux-rives/record.yaml"
    assert errors[0].line == line
    assert "Found: kg:StateSpeaker" in errors[0].message


def test_both_engines_say_the_same(ferry: Project) -> None:
    """The engine is no matter of taste: the findings are one list."""
    edit(ferry, "cabotier-deux-rives", "form: authorial", "form: authorial\n    kind: state")

    assert checked(ferry, engine="pyshacl") == checked(ferry)


def test_one_record_alone_gives_its_own_findings(ferry: Project) -> None:
    """`only` finds what the whole check finds about these records."""
    edit(ferry, "cabotier-deux-rives", "form: authorial", "form: authorial\n    kind: state")

    expected = [
        finding
        for finding in checked(ferry)
        if finding.subject.partition("#")[0] == "cabotier-deux-rives"
    ]

    assert checked(ferry, only=["cabotier-deux-rives"]) == expected


def test_unknown_names_are_refused(ferry: Project) -> None:
    """An engine or a record that is not there is a fault of the call."""
    with pytest.raises(UsageError, match="no engine"):
        checked(ferry, engine="magic")
    with pytest.raises(UsageError, match="no record"):
        checked(ferry, only=["nowhere"])
